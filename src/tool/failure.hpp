// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <stdexcept>
#include <string>

namespace emptor::tool {

/// Wrong usage: the tool ends with exit status 2 and this message.
class usage_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

/// The data, a file or the model says no: exit status 1.
class failure : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

} // namespace emptor::tool
