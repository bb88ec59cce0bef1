// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/math/iteration.hpp>
#include <emptor/math/real.hpp>

namespace emptor::math::detail {

/// The continued fraction of A. R. DiDonato and A. H. Morris (ACM Transactions on Mathematical Software 18,
/// 1992, BFRAC) for x <= a / (a + b): B(a, b) I_x(a, b) / (x^a (1 - x)^b), given 1 + a - (a + b) x.
template <class T>
[[nodiscard]] EMPTOR_INLINE T incomplete_beta_fraction(const T& a, const T& b, const T& x,
                                                       const T& off_mode) noexcept {
  T c(1e300);
  T d = (a + 1.0) / (a * off_mode);
  T h = d;
  iteration<T> steps;
  for (int n = 1; n < 100000 && any(steps.live); ++n) {
    const double k = n;
    const T at = a + 2.0 * k;
    const T numerator =
        ((a + (k - 1.0)) / (at - 1.0)) * ((((a + b) + (k - 1.0)) * x) / (at - 1.0)) * ((b - k) * x * k);
    const T denominator =
        ((b - k) * x * k) / (at - 1.0) + k + ((a + k) / (at + 1.0)) * (off_mode + (2.0 - x) * k);
    d = 1.0 / (denominator + numerator * d);
    c = denominator + numerator / c;
    const T factor = c * d;
    h = select(steps.live, h * factor, h);
    steps.next(n, abs(factor - 1.0) <= 1e-15);
  }
  return h;
}

} // namespace emptor::math::detail
