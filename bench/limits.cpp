// SPDX-License-Identifier: BSL-1.0
#include "limits.hpp"

BENCHMARK_MAIN();
