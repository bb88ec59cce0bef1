// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstdlib>

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

/// Of a grid whose every point takes long, one point of `of`: choose it prime to the sizes of the grid. All of them where the
/// environment has EMPTOR_WHOLE_GRIDS.
class part_of_grid {
public:
  explicit part_of_grid(int of)
      : of_(std::getenv("EMPTOR_WHOLE_GRIDS") != nullptr ? 1 : of) {}
  [[nodiscard]] bool has_next() { return at_++ % of_ == 0; }

private:
  int of_;
  int at_ = 0;
};

} // namespace emptor::testing
