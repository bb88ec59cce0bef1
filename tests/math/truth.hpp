// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>

#include <boost/multiprecision/cpp_bin_float.hpp>

/// Numbers with many digits, for what the tests of formulas take for the truth.
namespace emptor::testing {

using wide = boost::multiprecision::cpp_bin_float_100;
using half = boost::multiprecision::cpp_bin_float_50;

/// Relative.
template <class Wide>
[[nodiscard]] double error_of(double found, const Wide& truth) {
  return std::fabs(static_cast<double>(Wide(found / truth - 1)));
}

} // namespace emptor::testing
