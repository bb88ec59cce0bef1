// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/math/exponential.hpp>
#include <emptor/math/real.hpp>
#include <emptor/math/two_parts.hpp>

namespace emptor::math {

namespace detail {

/// x to the power y for finite x > 0 and y that is not NaN.
template <class T>
[[nodiscard]] EMPTOR_INLINE T pow_of_positive(T x, T y) noexcept {
  const T limited = min(max(y, T(-0x1p70)), T(0x1p70)); // beyond it all is 0, 1 or infinite
  return exp_of_two_parts(log_in_two_parts(x) * limited);
}

/// The other powers as IEEE 754 has them. `of_size` is that of |x| where x is finite and not 0.
template <class T>
[[nodiscard]] EMPTOR_INLINE T pow_at_edge(T x, T y, T of_size) noexcept {
  const T size = abs(x);
  const mask_t<T> grows = mask_or(mask_and(size == 0.0, y < 0.0), mask_and(size == infinity, y > 0.0));
  const mask_t<T> regular = mask_and(size > 0.0, size < infinity);
  const T even = select(regular, of_size, select(grows, T(infinity), T(0.0)));
  const T half = y * 0.5;
  const mask_t<T> y_is_whole = floor(y) == y;
  const mask_t<T> y_is_odd = mask_and(y_is_whole, floor(half) != half);
  const mask_t<T> negative = T::of_bits((to_bits(x) & sign_bit) | one_bits) < 0.0; // also -0
  const T with_sign = select(mask_and(negative, y_is_odd), -even, even);
  const mask_t<T> undefined =
      mask_or(mask_and(mask_and(negative, regular), mask_not(y_is_whole)), mask_or(x != x, y != y));
  return select(mask_or(x == 1.0, y == 0.0), T(1.0), select(undefined, T(not_a_number), with_sign));
}

} // namespace detail

/// x to the power y, with the special cases of IEEE 754.
template <class X, class Y>
[[nodiscard]] EMPTOR_INLINE detail::common_t<X, Y> pow(X x, Y y) noexcept {
  using T = detail::common_t<X, Y>;
  const T base(x);
  const T exponent(y);
  const T of_size = detail::pow_of_positive(abs(base), exponent);
  const mask_t<T> usual =
      mask_and(mask_and(base > 0.0, base <= detail::largest_finite), exponent == exponent);
  return all(usual) ? of_size : select(usual, of_size, detail::pow_at_edge(base, exponent, of_size));
}
[[nodiscard]] EMPTOR_INLINE double pow(double x, double y) noexcept {
  return value_of(pow(real(x), real(y)));
}

} // namespace emptor::math
