// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>

#include <emptor/math/dual.hpp>
#include <emptor/math/iteration.hpp>
#include <emptor/math/real.hpp>

namespace emptor::math {

namespace detail {

template <plain_scalar T>
[[nodiscard]] EMPTOR_INLINE T plain(const T& x) noexcept {
  return x;
}
template <class T, std::size_t N, int Order>
[[nodiscard]] EMPTOR_INLINE T plain(const dual<T, N, Order>& x) noexcept {
  return x.v;
}

/// What numerator and denominator of a fraction are scaled with: the power of two that brings |x| to [1, 2), for a
/// normal x below 2^1023, so that nothing is rounded; for a dual 1/x, because the derivatives of both, if they
/// grew with them, would cancel in the quotient.
template <plain_scalar T>
[[nodiscard]] EMPTOR_INLINE T scale_of(const T& x) noexcept {
  constexpr std::uint64_t exponent = 0x7ff0000000000000;
  return T::of_bits(std::uint64_t{0x7fe0000000000000} - (to_bits(x) & exponent));
}
template <class T, std::size_t N, int Order>
[[nodiscard]] EMPTOR_INLINE dual<T, N, Order> scale_of(const dual<T, N, Order>& x) noexcept {
  return 1.0 / x;
}

/// A continued fraction by the recurrence of its convergents, whose terms are not negative.
template <class T>
struct fraction {
  T low_top; ///< numerators and denominators of the last two convergents, which bracket the value
  T low_bottom;
  T high_top;
  T high_bottom;
  T top = T(1.0); ///< of the convergent that a row ended with
  T bottom = T(1.0);
  iteration<T> steps;

  EMPTOR_INLINE void two_steps(int m, const T& even, const T& even_weight, const T& odd,
                               const T& odd_weight) noexcept {
    low_top = even_weight * high_top + even * low_top;
    low_bottom = even_weight * high_bottom + even * low_bottom;
    high_top = odd_weight * low_top + odd * high_top;
    high_bottom = odd_weight * low_bottom + odd * high_bottom;
    top = select(steps.live, high_top, top);
    bottom = select(steps.live, high_bottom, bottom);
    const T upper = low_top * high_bottom;
    const T lower = high_top * low_bottom;
    steps.next(m, abs(upper - lower) <= 4e-16 * upper);
    if (m % 2 == 0) {
      const T scale = scale_of(high_bottom);
      low_top = low_top * scale;
      low_bottom = low_bottom * scale;
      high_top = high_top * scale;
      high_bottom = high_bottom * scale;
    }
  }
};

/// A continued fraction from its head on, as a product of ratios c d that come to 1 (W. J. Lentz, Applied Optics
/// 15, 1976): `value` is that of the convergent before the first step, `d` the inverse of its last denominator.
template <class T>
struct forward_fraction {
  T value;
  T d;
  T c = T(1e300);
  iteration<T> steps = {};

  EMPTOR_INLINE void step(int n, const T& numerator, const T& denominator) noexcept {
    d = 1.0 / (denominator + numerator * d);
    c = denominator + numerator / c;
    const T ratio = c * d;
    value = select(steps.live, value * ratio, value);
    auto converged = abs(ratio - 1.0) <= 1e-15;
    if constexpr (scalar_traits<T>::differentiates) {
      // Where a numerator is 0, the value ends and its derivatives go on.
      for (std::size_t i = 0; i < T::variables; ++i)
        converged = mask_and(converged, abs(ratio.g[i]) <= 1e-10 * (abs(c.g[i] * d.v) + abs(c.v * d.g[i])));
    }
    steps.next(n, converged);
  }
};

} // namespace detail
} // namespace emptor::math
