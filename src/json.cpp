// SPDX-License-Identifier: BSL-1.0
// Boost.JSON is used without its compiled library: this is the one source that holds its code.
#include <boost/json/src.hpp>
