// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/math/continued_fraction.hpp>
#include <emptor/math/real.hpp>

namespace emptor::math::detail {

/// The continued fraction of A. R. DiDonato and A. H. Morris (ACM Transactions on Mathematical Software 18,
/// 1992, BFRAC) for x <= a / (a + b): B(a, b) I_x(a, b) / (x^a (1 - x)^b), given 1 + a - (a + b) x.
/// \tparam X  T, or base_t<T> where x is data
template <class T, class X>
[[nodiscard]] EMPTOR_INLINE T incomplete_beta_fraction(const T& a, const T& b, const X& x,
                                                       const T& off_mode) noexcept {
  const T first = (a + 1.0) / (a * off_mode);
  forward_fraction<T> fraction{first, first};
  for (int n = 1; n < 100000 && any(fraction.steps.live); ++n) {
    const double k = n;
    const T at = a + 2.0 * k;
    const T numerator =
        ((a + (k - 1.0)) / (at - 1.0)) * ((((a + b) + (k - 1.0)) * x) / (at - 1.0)) * ((b - k) * x * k);
    const T denominator =
        ((b - k) * x * k) / (at - 1.0) + k + ((a + k) / (at + 1.0)) * (off_mode + (2.0 - x) * k);
    fraction.step(n, numerator, denominator);
  }
  return fraction.value;
}

} // namespace emptor::math::detail
