// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/math/exponential.hpp>
#include <emptor/math/polynomial.hpp>
#include <emptor/math/real.hpp>

/// The error function, as templates over real and packs with the same bits.
namespace emptor::math {

namespace detail {

inline constexpr double two_over_root_pi = 0x1.20dd750429b6dp+0;

/// erf(x) / x as a function of x^2 for |x| <= 1.
inline constexpr double erf_coefficients[] = {
    1.1283791670955126,     -0.3761263890318375,     0.11283791670954879,    -0.026866170645076792,
    0.0052239776248180145,  -0.000854832698083379,   0.0001205533111164271,  -1.4925595266831182e-05,
    1.6461000484121368e-06, -1.6350312701054695e-07, 1.4659775274047436e-08, -1.1372848856791674e-09,
    5.957176147748911e-11};

/// (1 + 2 x) exp(x^2) erfc(x) as a function of (x - 3) / (x + 3) for x >= 1: one polynomial to infinity, after
/// M. M. Shepherd and J. G. Laframboise, Mathematics of Computation 36 (1981).
inline constexpr double erfc_coefficients[] = {
    1.2530080582697296,    -0.13562110612458111,   -0.04756229435345069,    0.1296451587027457,
    -0.11927366341526784,  0.0683080273449022,     -0.023770514921552247,   0.0025293917936656156,
    0.0018886904367616043, -0.0007798320215481393, -0.0001051608456435926,  0.0001250981640724874,
    4.957208622870267e-06, -2.010098568573293e-05, -7.621548574406344e-07,  3.4993019532879996e-06,
    4.112434498812321e-07, -7.144620295722057e-07, -1.4247477511728202e-07, 2.1159864593666886e-07,
    -4.520964519539401e-08};

/// erf(x) for |x| <= 1.
template <class T>
[[nodiscard]] EMPTOR_INLINE T erf_near_zero(T x) noexcept {
  return x * polynomial(x * x, erf_coefficients);
}

/// exp(x^2) erfc(x) for 1 <= x < infinity.
template <class T>
[[nodiscard]] EMPTOR_INLINE T scaled_erfc(T x) noexcept {
  return polynomial((x - 3.0) / (x + 3.0), erfc_coefficients) / (1.0 + 2.0 * x);
}

/// erfc(x) for x >= 1.
template <class T>
[[nodiscard]] EMPTOR_INLINE T erfc_tail(T x) noexcept {
  const T at = min(x, T(28.0)); // where it is 0
  // exp(-at^2): the square of the first 26 bits is exact, and what is left of at^2 is below 1e-4.
  const T high = T::of_bits(to_bits(at) & 0xfffffffff8000000);
  const T rest = (high - at) * (high + at);
  const T e = exp(-(high * high));
  const T gauss = e + e * (rest + (rest * rest) * (0.5 + rest * (1.0 / 6.0)));
  return gauss * scaled_erfc(at);
}

} // namespace detail

/// The error function 2 / sqrt(pi) times the integral of exp(-t^2) from 0 to x.
template <plain_scalar T>
[[nodiscard]] EMPTOR_INLINE T erf(T x) noexcept {
  const T size = abs(x);
  const mask_t<T> near = size < 1.0;
  T y = detail::erf_near_zero(x);
  if (!all(near)) {
    const T far = 1.0 - detail::erfc_tail(size);
    y = select(near, y, select(x < 0.0, -far, far));
  }
  return select(x == x, y, T(detail::not_a_number));
}
[[nodiscard]] EMPTOR_INLINE double erf(double x) noexcept {
  return value_of(erf(real(x)));
}

/// 1 - erf(x); keeps the digits of large x.
template <plain_scalar T>
[[nodiscard]] EMPTOR_INLINE T erfc(T x) noexcept {
  const T size = abs(x);
  const mask_t<T> near = size < 1.0;
  T y = 1.0 - detail::erf_near_zero(x);
  if (!all(near)) {
    const T tail = detail::erfc_tail(size);
    y = select(near, y, select(x < 0.0, 2.0 - tail, tail));
  }
  return select(x == x, y, T(detail::not_a_number));
}
[[nodiscard]] EMPTOR_INLINE double erfc(double x) noexcept {
  return value_of(erfc(real(x)));
}

} // namespace emptor::math
