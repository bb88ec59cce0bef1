// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/math/exponential.hpp>
#include <emptor/math/polynomial.hpp>
#include <emptor/math/real.hpp>

/// Numbers of about 100 bits as sums of two, for the few places where a result would otherwise lose its last
/// digits: the exponents of powers, and tails of distributions.
namespace emptor::math::detail {

/// The first 26 bits of x: the product of two such numbers is exact.
template <class T>
[[nodiscard]] EMPTOR_INLINE T first_half(T x) noexcept {
  return T::of_bits(to_bits(x) & 0xfffffffff8000000);
}

/// A sum of two numbers of which the second is below the last bit of the first.
template <class T>
struct two_parts {
  T high;
  T low;

  /// x + y for |x| >= |y| or x = 0; exact (J. T. Dekker, Numerische Mathematik 18, 1971).
  [[nodiscard]] static EMPTOR_INLINE two_parts of_ordered(T x, T y) noexcept {
    const T sum = x + y;
    return {sum, y - (sum - x)};
  }
  /// x + y; exact (D. E. Knuth, The Art of Computer Programming 2, 4.2.2).
  [[nodiscard]] static EMPTOR_INLINE two_parts of_sum(T x, T y) noexcept {
    const T sum = x + y;
    const T part = sum - x;
    return {sum, (x - (sum - part)) + (y - part)};
  }

  friend EMPTOR_INLINE two_parts operator-(two_parts x) noexcept { return {-x.high, -x.low}; }
  friend EMPTOR_INLINE two_parts operator+(two_parts x, two_parts y) noexcept {
    const two_parts sum = of_sum(x.high, y.high);
    return of_ordered(sum.high, sum.low + (x.low + y.low));
  }
  friend EMPTOR_INLINE two_parts operator*(two_parts x, T y) noexcept {
    const T x_high = first_half(x.high);
    const T x_low = x.high - x_high;
    const T y_high = first_half(y);
    const T y_low = y - y_high;
    const T size = x.high * y;
    const T lost = (((x_high * y_high - size) + x_high * y_low) + x_low * y_high) + x_low * y_low;
    return of_ordered(size, lost + x.low * y);
  }
  friend EMPTOR_INLINE two_parts operator/(two_parts x, T y) noexcept {
    const T ratio = x.high / y;
    const two_parts back = two_parts{y, T(0.0)} * ratio;
    return of_ordered(ratio, (((x.high - back.high) - back.low) + x.low) / y);
  }
};

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

/// log(x) to about 64 bits for finite x > 0.
template <class T>
[[nodiscard]] EMPTOR_INLINE two_parts<T> log_in_two_parts(T x) noexcept {
  const mask_t<T> tiny = x < smallest_normal;
  const log_reduced<T> reduced = reduce_log(select(tiny, x * 0x1p54, x));
  const T k = select(tiny, reduced.k - 54.0, reduced.k);
  const T f = reduced.f;

  // s = f / (2 + f)
  const two_parts<T> g = two_parts<T>::of_ordered(T(2.0), f);
  const T g_high = first_half(g.high);
  const T inverse = 1.0 / g.high;
  const T s = first_half(f * inverse);
  const T s_low = (((f - s * g_high) - s * (g.high - g_high)) - s * g.low) * inverse;

  // w = (log((1 + s) / (1 - s)) - 2 s) / s = 2/3 z + ... with z = s^2
  const T z = s * s;
  const T z_low = s_low * (2.0 * s + s_low);
  const T z_sum = z + z_low;
  const T z_high = first_half(z);
  const T tail = (z_sum * z_sum) * polynomial(z_sum, log_tail_coefficients);
  const two_parts<T> w = two_parts<T>::of_ordered(z_high * two_thirds_high,
                                                  ((z - z_high) * two_thirds_high + z * two_thirds_low) +
                                                      (z_low * (two_thirds_high + two_thirds_low) + tail));
  const T w_high = first_half(w.high);
  const T w_low = (w.high - w_high) + w.low;

  // k log 2 + 2 s + s w, the largest term first
  const two_parts<T> first = two_parts<T>::of_ordered(k * ln2_high, 2.0 * s);
  const two_parts<T> second = two_parts<T>::of_ordered(first.high, s * w_high);
  const T low = (first.low + second.low) + (2.0 * s_low + ((s * w_low + s_low * w.high) + k * ln2_low));
  return two_parts<T>::of_ordered(second.high, low);
}
template <class T>
[[nodiscard]] EMPTOR_INLINE two_parts<T> log_in_two_parts(two_parts<T> x) noexcept {
  const two_parts<T> l = log_in_two_parts(x.high);
  return two_parts<T>::of_ordered(l.high, l.low + x.low / x.high);
}

template <class T>
[[nodiscard]] EMPTOR_INLINE T exp_of_two_parts(two_parts<T> x) noexcept {
  const exp_reduced<T> reduced = reduce_exp(min(max(x.high, T(-746.0)), T(710.0)));
  const T tail = reduced.tail + select(abs(x.high) < 800.0, x.low, T(0.0));
  const T r = reduced.r;
  const T series = (r * r) * polynomial(r, exp_coefficients);
  return times_power_of_two(sum_exp(T(1.0), r, series + (tail + tail * (r + series))), reduced.n);
}

} // namespace emptor::math::detail
