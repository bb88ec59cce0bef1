// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <emptor/math/real.hpp>

/// The largest eigenvalue of a matrix of numbers above 0 and its eigenvector (Perron root and vector), with the proof that
/// it is the one: for any x above 0 the root lies between the least and the greatest of (A x)_i / x_i.
/// Source: L. Collatz 1942, H. Wielandt 1950.
namespace emptor::stats {

/// The largest eigenvalue of a positive matrix, and its vector, which adds up to 1.
struct principal_eigenvector {
  std::vector<double> vector; ///< above 0, its sum is 1
  double low = 0.0;           ///< the root is not below this
  double high = 0.0;          ///< and not above this
};

namespace detail {

/// One step of the power iteration: x becomes A x / sum(A x). \return the bounds that x gave
struct power_bounds {
  double low = std::numeric_limits<double>::infinity();
  double high = 0.0;
};
[[nodiscard]] inline power_bounds power_step(std::span<const double> matrix, std::vector<double>& x) {
  const std::size_t n = x.size();
  power_bounds made;
  std::vector<double> next(n);
  math::real all(0.0);
  for (std::size_t i = 0; i < n; ++i) {
    math::real sum(0.0);
    for (std::size_t j = 0; j < n; ++j)
      sum += math::real(matrix[i * n + j]) * x[j];
    next[i] = math::value_of(sum);
    all += sum;
    const double ratio = next[i] / x[i];
    made.low = std::min(made.low, ratio);
    made.high = std::max(made.high, ratio);
  }
  for (std::size_t i = 0; i < n; ++i)
    x[i] = math::value_of(next[i] / all);
  return made;
}

/// The matrix times itself, divided by its greatest entry. Nothing is subtracted, so that no digits are lost in one squaring.
inline void square(std::vector<double>& matrix, std::size_t n) {
  std::vector<double> made(n * n);
  double greatest = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      math::real sum(0.0);
      for (std::size_t k = 0; k < n; ++k)
        sum += math::real(matrix[i * n + k]) * matrix[k * n + j];
      made[i * n + j] = math::value_of(sum);
      greatest = std::max(greatest, made[i * n + j]);
    }
  }
  for (double& one : made)
    one = std::max(one / greatest, std::numeric_limits<double>::min());
  matrix = std::move(made);
}

} // namespace detail

/// Power iteration until the bounds meet to rounding; where the second eigenvalue is so near that this takes long, the
/// powers are made by squaring, which doubles their number each time. Both are bounded: 200 steps and 50 squarings, after
/// which bounds stand as far apart as rounding leaves them.
/// \param matrix  n x n, row by row, each entry above 0 and some powers of ten from 1 at most
[[nodiscard]] inline principal_eigenvector principal_eigenvector_of(std::span<const double> matrix,
                                                                    std::size_t n) {
  constexpr int most_steps = 200;
  constexpr int most_squarings = 50;
  const double rounding = std::numeric_limits<double>::epsilon() * (4.0 + static_cast<double>(n));
  principal_eigenvector best{.vector = std::vector<double>(n, 1.0 / static_cast<double>(n)),
                             .low = 0.0,
                             .high = std::numeric_limits<double>::infinity()};
  std::vector<double> x = best.vector;
  const auto met = [&] { return best.high - best.low <= rounding * best.high; };
  // Some steps more once the bounds have met: they say less of the vector than of the root.
  const auto iterate = [&](int steps) {
    for (int more = 6; steps > 0 && more > 0; --steps) {
      std::vector<double> at = x;
      const detail::power_bounds found = detail::power_step(matrix, x);
      if (found.high - found.low <= best.high - best.low || met())
        best = {std::move(at), std::max(found.low, best.low), std::min(found.high, best.high)};
      more -= met() ? 1 : 0;
    }
    return met();
  };
  if (iterate(most_steps))
    return best;
  std::vector<double> powers(matrix.begin(), matrix.end());
  for (int squaring = 0; squaring < most_squarings; ++squaring) {
    detail::square(powers, n);
    x.assign(n, 1.0 / static_cast<double>(n));
    static_cast<void>(detail::power_step(powers, x));
    if (iterate(12))
      break;
  }
  return best;
}

} // namespace emptor::stats
