// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>

#include <emptor/core/status.hpp>

namespace emptor::test {

/// The status with which a call is refused, `ok` where it is not. \param text what the refusal says
template <class Call>
status code_of(const Call& call, std::string* text = nullptr) {
  try {
    static_cast<void>(call());
  } catch (const error& refused) {
    if (text != nullptr)
      *text = refused.what();
    return refused.code();
  }
  return status::ok;
}

} // namespace emptor::test
