// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <type_traits>

#include <emptor/math/polynomial.hpp>
#include <emptor/math/real.hpp>

/// exp, log and what is made of them, as templates over real and packs with the same bits: additions and
/// multiplications in a fixed order and integer steps that every instruction set has. NaN is always the same
/// one. README.md has the accuracy; tests/oracle/math_coefficients.py makes the coefficients.
namespace emptor::math {

namespace detail {

/// The scalar of a function of two plain scalars, one of which may be a number.
template <class X, class Y>
struct common {};
template <class X, class Y>
requires(plain_scalar<X>&& std::is_convertible_v<Y, X>) struct common<X, Y> {
  using type = X;
};
template <class X, class Y>
requires(plain_scalar<Y>&& std::is_convertible_v<X, Y> && !std::is_convertible_v<Y, X>) struct common<X, Y> {
  using type = Y;
};
template <class X, class Y>
using common_t = typename common<X, Y>::type;

inline constexpr std::uint64_t one_bits = 0x3ff0000000000000;
inline constexpr std::uint64_t fraction_bits = 0x000fffffffffffff;
inline constexpr std::uint64_t two_52_bits = 0x4330000000000000;
inline constexpr double smallest_normal = 0x1p-1022;
inline constexpr double largest_finite = 0x1.fffffffffffffp+1023;

// log 2 in two parts: the first has so few bits that its product with an exponent is exact.
inline constexpr double ln2_high = 0x1.62e42fefa3800p-1;
inline constexpr double ln2_low = 0x1.ef35793c76730p-45;
inline constexpr double log2_e = 0x1.71547652b82fep+0;

/// Adding it leaves the nearest whole number in the low bits (up to 2^51).
inline constexpr double nearest_whole = 0x1.8p52;

/// (exp(r) - 1 - r) / r^2 for |r| <= log(2) / 2.
inline constexpr double exp_coefficients[] = {
    0.5000000000000001,     0.16666666666666669,    0.04166666666662411,    0.00833333333333006,
    0.001388888891722439,   0.00019841269863061825, 2.4801521279371626e-05, 2.755726844724471e-06,
    2.7620096332624374e-07, 2.5100391560863576e-08};

/// (log((1 + s) / (1 - s)) - 2 s) / s^3 as a function of s^2 for |s| <= 3 - sqrt(8).
inline constexpr double log_coefficients[] = {0.666666666666667,   0.39999999999899444, 0.2857142862600327,
                                              0.22222211130259878, 0.18182889455674947, 0.15331710618210773,
                                              0.14616585424888623};

/// The same for |s| <= 1 / 5.
inline constexpr double wide_log_coefficients[] = {
    0.6666666666666693,  0.39999999999344643, 0.2857142883301474, 0.2222218314042365,
    0.18184590762814787, 0.15284179835332135, 0.15114161430264436};

/// y times 2^n for |n| <= 2000, rounded once; y is 0 or such that y 2^(n/2) is normal.
template <class T>
[[nodiscard]] EMPTOR_INLINE T times_power_of_two(T y, T n) noexcept {
  if constexpr (requires { y.times_power_of_two(n); }) {
    return y.times_power_of_two(n);
  } else {
    const T half = n * 0.5 + nearest_whole;
    const T rest = (n - (half - nearest_whole)) + nearest_whole;
    const T second = T::of_bits((to_bits(rest) << 52) + one_bits);
    return T::of_bits(to_bits(y) + (to_bits(half) << 52)) * second;
  }
}

/// x = n log(2) + r + tail, with n whole, |r| <= log(2) / 2 and a tail below the last bit of r; |x| <= 800.
template <class T>
struct exp_reduced {
  T n;
  T r;
  T tail;
};
template <class T>
[[nodiscard]] EMPTOR_INLINE exp_reduced<T> reduce_exp(T x) noexcept {
  const T n = (x * log2_e + nearest_whole) - nearest_whole;
  const T high = x - n * ln2_high;
  const T low = n * ln2_low;
  const T r = high - low;
  return {n, r, (high - r) - low};
}

/// x = 2^k (1 + f) with 1 + f in [sqrt(1/2), sqrt(2)), for a normal x > 0.
template <class T>
struct log_reduced {
  T k;
  T f;
  T inverse_power; ///< 2^(1-k), or 0 where that is too small for a normal number
};
template <class T>
[[nodiscard]] EMPTOR_INLINE log_reduced<T> reduce_log(T x) noexcept {
  constexpr std::uint64_t sqrt_half = 0x3fe6a09e667f3bcd;
  const bits_t<T> shifted = to_bits(x) + (one_bits - sqrt_half);
  const bits_t<T> exponent = shifted >> 52;
  const T k = T::of_bits(exponent | two_52_bits) - (two_52 + 1023.0);
  const T m = T::of_bits((shifted & fraction_bits) + sqrt_half);
  return {k, m - 1.0, T::of_bits((std::uint64_t{2047} - exponent) << 52)};
}

/// c + r + rest, rounded nearly once, where c is 0 or |c| >= |r|.
template <class T>
[[nodiscard]] EMPTOR_INLINE T sum_exp(T c, T r, T rest) noexcept {
  const T sum = c + r;
  return sum + ((r - (sum - c)) + rest);
}

/// k log(2) + log(1 + f) + low, where `low` is a small correction and s = f / (2 + f). The order of the sum is that of
/// W. J. Cody and W. Waite, Software Manual for the Elementary Functions (1980): small terms first.
template <class T>
[[nodiscard]] EMPTOR_INLINE T sum_log(T k, T f, T s, T low) noexcept {
  const T z = s * s;
  const T half_square = (f * 0.5) * f;
  const T series = z * polynomial(z, log_coefficients);
  return k * ln2_high - ((half_square - (s * (half_square + series) + (k * ln2_low + low))) - f);
}

} // namespace detail

/// e to the power x.
template <plain_scalar T>
[[nodiscard]] EMPTOR_INLINE T exp(T x) noexcept {
  const detail::exp_reduced<T> reduced = detail::reduce_exp(min(max(x, T(-746.0)), T(710.0)));
  const T r = reduced.r;
  const T rest = (r * r) * detail::polynomial(r, detail::exp_coefficients) + reduced.tail;
  const T y = detail::sum_exp(T(1.0), r, rest);
  return select(x == x, detail::times_power_of_two(y, reduced.n), T(detail::not_a_number));
}
[[nodiscard]] EMPTOR_INLINE double exp(double x) noexcept {
  return value_of(exp(real(x)));
}

/// e to the power x, minus 1; keeps the digits of small x.
template <plain_scalar T>
[[nodiscard]] EMPTOR_INLINE T expm1(T x) noexcept {
  const detail::exp_reduced<T> reduced = detail::reduce_exp(min(max(x, T(-50.0)), T(710.0)));
  const T r = reduced.r;
  const T rest = (r * r) * detail::polynomial(r, detail::exp_coefficients) + reduced.tail;
  // 2^n ((1 - 2^-n) + exp(r) - 1); the 1 hides all of 2^-n long before that underflows.
  const T inverse =
      T::of_bits((to_bits(detail::nearest_whole - min(reduced.n, T(64.0))) << 52) + detail::one_bits);
  const T y = detail::times_power_of_two(detail::sum_exp(1.0 - inverse, r, rest), reduced.n);
  return select(x == x, select(abs(x) < 0x1p-54, x, y), T(detail::not_a_number));
}
[[nodiscard]] EMPTOR_INLINE double expm1(double x) noexcept {
  return value_of(expm1(real(x)));
}

/// Natural logarithm; minus infinity at 0, NaN below.
template <plain_scalar T>
[[nodiscard]] EMPTOR_INLINE T log(T x) noexcept {
  const bool usual = all(mask_and(x >= detail::smallest_normal, x <= detail::largest_finite));
  T scaled = x;
  T shift(0.0);
  if (!usual) {
    const mask_t<T> tiny = x < detail::smallest_normal;
    scaled = select(tiny, x * 0x1p54, x);
    shift = select(tiny, T(54.0), T(0.0));
  }
  const detail::log_reduced<T> reduced = detail::reduce_log(scaled);
  const T s = reduced.f / (reduced.f + 2.0);
  const T y = detail::sum_log(reduced.k - shift, reduced.f, s, T(0.0));
  if (usual)
    return y;
  const T at_edge = select(x > 0.0, x, select(x == 0.0, T(-detail::infinity), T(detail::not_a_number)));
  return select(mask_and(x > 0.0, x <= detail::largest_finite), y, at_edge);
}
[[nodiscard]] EMPTOR_INLINE double log(double x) noexcept {
  return value_of(log(real(x)));
}

/// log(1 + x); keeps the digits of small x. Minus infinity at -1, NaN below.
template <plain_scalar T>
[[nodiscard]] EMPTOR_INLINE T log1p(T x) noexcept {
  const T u = 1.0 + x;
  const detail::log_reduced<T> reduced = detail::reduce_log(u);
  const mask_t<T> near = reduced.k == 0.0;
  const T lost = select(x >= 1.0, 1.0 - (u - x), x - (u - 1.0)); // by the rounding of u
  const T f = select(near, x, reduced.f);
  const T s = f / (f + 2.0);
  // lost / u, of which three digits are enough: 1 / (1 + f) = (1 - s) / (1 + s) has them without a division.
  const T low = (lost * reduced.inverse_power) * (0.5 - s * (1.0 - s * (1.0 - s)));
  const T y = detail::sum_log(reduced.k, f, s, select(near, T(0.0), low));
  const mask_t<T> usual = mask_and(mask_and(x > -1.0, x <= detail::largest_finite), x != 0.0);
  if (all(usual))
    return y;
  const T at_edge =
      select(mask_or(x == 0.0, x > 0.0), x, select(x == -1.0, T(-detail::infinity), T(detail::not_a_number)));
  return select(usual, y, at_edge);
}
[[nodiscard]] EMPTOR_INLINE double log1p(double x) noexcept {
  return value_of(log1p(real(x)));
}

/// log(1 + n / d) with one division where log1p(n / d) has two, for n >= 0 and d > 0; else log1p(n / d).
template <plain_scalar T>
[[nodiscard]] EMPTOR_INLINE T log1p_quotient(T n, T d) noexcept {
  const T sum = d + n;
  // The bits of a number are nearly its logarithm: sum = 2^k m with m / d in [2/3, 3/2].
  const bits_t<T> k = (to_bits(sum) - to_bits(d) + (std::uint64_t{1} << 51)) >> 52;
  const T exponent = T::of_bits(k | detail::two_52_bits) - detail::two_52;
  const T m = sum * T::of_bits((std::uint64_t{1023} - k) << 52);
  const T f = select(exponent == 0.0, n, m - d);
  const T s = f / (f + 2.0 * d);
  const T z = s * s;
  const T series = s * (z * detail::polynomial(z, detail::wide_log_coefficients));
  const T y = exponent * detail::ln2_high + (2.0 * s + (series + exponent * detail::ln2_low));
  // So that 2^-k is a normal number.
  const mask_t<T> usual = mask_and(mask_and(n >= 0.0, d >= 0x1p-400), sum <= 0x1p400);
  return all(usual) ? y : select(usual, y, log1p(n / d));
}
[[nodiscard]] EMPTOR_INLINE double log1p_quotient(double n, double d) noexcept {
  return value_of(log1p_quotient(real(n), real(d)));
}

/// log(exp(x) + exp(y)) without overflow or underflow; minus infinity stands for a probability of zero.
template <class X, class Y>
[[nodiscard]] EMPTOR_INLINE detail::common_t<X, Y> log_add_exp(X x, Y y) noexcept {
  using T = detail::common_t<X, Y>;
  const T first(x);
  const T second(y);
  const T high = max(first, second);
  const T low = select(first > second, second, first);
  // Equal infinities would give infinity minus infinity.
  const T sum = high + log1p(exp(select(high == low, T(0.0), low - high)));
  return select(sum == sum, sum, T(detail::not_a_number));
}
[[nodiscard]] EMPTOR_INLINE double log_add_exp(double x, double y) noexcept {
  return value_of(log_add_exp(real(x), real(y)));
}

} // namespace emptor::math
