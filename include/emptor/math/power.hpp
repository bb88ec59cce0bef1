// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>

#include <emptor/math/exponential.hpp>
#include <emptor/math/polynomial.hpp>
#include <emptor/math/real.hpp>

namespace emptor::math {

namespace detail {

inline constexpr double two_thirds_high = 0x1.5555550000000p-1;
inline constexpr double two_thirds_low = 0x1.5555555555555p-27;

/// (log((1 + s) / (1 - s)) - 2 s - 2/3 s^3) / s^5 as a function of s^2 for |s| <= 3 - sqrt(8).
inline constexpr double log_tail_coefficients[] = {0.4,
                                                   0.28571428571429364,
                                                   0.22222222221655885,
                                                   0.18181818335392802,
                                                   0.1538459496251843,
                                                   0.1333480469384731,
                                                   0.11706236339491206,
                                                   0.11723178623876518};

/// The first 26 bits of x: the product of two such numbers is exact.
template <class T>
[[nodiscard]] EMPTOR_INLINE T first_half(T x) noexcept {
  return T::of_bits(to_bits(x) & 0xfffffffff8000000);
}

/// A sum of two numbers of which the second is below the last bit of the first.
template <class T>
struct in_two_parts {
  T high;
  T low;
};

/// log(x) to about 64 bits for finite x > 0 (J. T. Dekker's exact products, Numerische Mathematik 18, 1971).
template <class T>
[[nodiscard]] EMPTOR_INLINE in_two_parts<T> log_in_two_parts(T x) noexcept {
  const mask_t<T> tiny = x < smallest_normal;
  const log_reduced<T> reduced = reduce_log(select(tiny, x * 0x1p54, x));
  const T k = select(tiny, reduced.k - 54.0, reduced.k);
  const T f = reduced.f;

  // s = f / (2 + f)
  const T g = f + 2.0;
  const T g_lost = f - (g - 2.0);
  const T g_high = first_half(g);
  const T inverse = 1.0 / g;
  const T s = first_half(f * inverse);
  const T s_low = (((f - s * g_high) - s * (g - g_high)) - s * g_lost) * inverse;

  // w = (log((1 + s) / (1 - s)) - 2 s) / s = 2/3 z + ... with z = s^2
  const T z = s * s;
  const T z_low = s_low * (2.0 * s + s_low);
  const T z_sum = z + z_low;
  const T z_high = first_half(z);
  const T tail = (z_sum * z_sum) * polynomial(z_sum, log_tail_coefficients);
  const T w_exact = z_high * two_thirds_high;
  const T w_rest = ((z - z_high) * two_thirds_high + z * two_thirds_low) +
                   (z_low * (two_thirds_high + two_thirds_low) + tail);
  const T w = w_exact + w_rest;
  const T w_high = first_half(w);
  const T w_low = (w_exact - w_high) + w_rest;

  // k log 2 + 2 s + s w, the largest term first
  const T a = k * ln2_high;
  const T b = 2.0 * s;
  const T c = s * w_high;
  const T ab = a + b;
  const T abc = ab + c;
  const T lost = (b - (ab - a)) + (c - (abc - ab));
  const T low = lost + (2.0 * s_low + ((s * w_low + s_low * w) + k * ln2_low));
  const T high = abc + low;
  return {high, low - (high - abc)};
}

/// x to the power y for finite x > 0 and y that is not NaN.
template <class T>
[[nodiscard]] EMPTOR_INLINE T pow_of_positive(T x, T y) noexcept {
  const in_two_parts<T> l = log_in_two_parts(x);
  const T limited = min(max(y, T(-0x1p70)), T(0x1p70)); // beyond it all is 0, 1 or infinite
  const T y_high = first_half(limited);
  const T y_low = limited - y_high;
  const T l_high = first_half(l.high);
  const T l_low = (l.high - l_high) + l.low;
  const T exact = y_high * l_high;
  const T rest = (y_high * l_low + y_low * l_high) + y_low * l_low;
  const T sum = exact + rest;
  const exp_reduced<T> reduced = reduce_exp(min(max(sum, T(-746.0)), T(710.0)));
  const T tail = reduced.tail + select(abs(sum) < 800.0, rest - (sum - exact), T(0.0));
  const T r = reduced.r;
  const T series = (r * r) * polynomial(r, exp_coefficients);
  return times_power_of_two(sum_exp(T(1.0), r, series + (tail + tail * (r + series))), reduced.n);
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
