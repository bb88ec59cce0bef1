// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>

namespace emptor::math {

namespace detail {
/// (exp(x) - 1) / x by its series, for |x| < 1/2.
template <class T>
[[nodiscard]] EMPTOR_INLINE T expm1_over_series(const T& x) noexcept {
  T sum(1.0);
  for (int k = 16; k >= 2; --k)
    sum = 1.0 + (1.0 / k) * (x * sum);
  return sum;
}
} // namespace detail

/// (exp(x) - 1) / x, regular at x = 0, also for its derivatives.
template <class T>
[[nodiscard]] EMPTOR_INLINE T expm1_over(const T& x) noexcept {
  return select(abs(x) < 0.5, detail::expm1_over_series(x), T(expm1(x) / x));
}

} // namespace emptor::math
