// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/math/dual.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>

/// Rising factorials (x)_n = Gamma(x + n) / Gamma(x), for any real n >= 0, and their ratios, as logs that do
/// not suffer from the cancellation of two large log Gammas.
namespace emptor::math {

namespace detail {

/// log(1 + w) / w for w > -1, regular at w = 0, also for its derivatives.
template <class T>
[[nodiscard]] T log1p_over(const T& w) noexcept {
  T series(0.1);
  for (int k = 9; k >= 1; --k)
    series = 1.0 / k - w * series;
  return select(abs(w) < T(0.02), series, log1p(w) / w);
}

/// Smaller arguments are moved up by this many steps of the recurrence before Stirling's series.
inline constexpr int rising_steps = 16;
inline constexpr double rising_coefficients[] = {1.0 / 12.0,    -1.0 / 360.0, 1.0 / 1260.0,
                                                 -1.0 / 1680.0, 1.0 / 1188.0, -691.0 / 360360.0};

/// log Gamma(z) - (z - 1/2) log z + z - log(2 pi) / 2 for z >= 16.
template <class T>
[[nodiscard]] T rising_tail(const T& z) noexcept {
  const T u = 1.0 / z;
  const T w = u * u;
  T sum(rising_coefficients[5]);
  for (int i = 4; i >= 0; --i)
    sum = rising_coefficients[i] + w * sum;
  return u * sum;
}

/// (rising_tail(z) - rising_tail(z + s)) / s, regular at s = 0, for z, z + s >= 16.
template <class T>
[[nodiscard]] T rising_tail_slope(const T& z, const T& s) noexcept {
  const T u = 1.0 / z;
  const T v = 1.0 / (z + s);
  const T uu = u * u;
  const T uv = u * v;
  const T vv = v * v;
  const T both = uu + uv;
  T even(1.0);  // u^(k - 1)
  T slope(1.0); // (u^k - v^k) / (u - v) for k = 1, 3, 5, ...
  T sum(rising_coefficients[0]);
  for (int i = 1; i < 6; ++i) {
    slope = even * both + vv * slope;
    even = even * uu;
    sum = sum + rising_coefficients[i] * slope;
  }
  return uv * sum;
}

} // namespace detail

/// log (x)_n = log Gamma(x + n) / Gamma(x), for x > 0 and n >= 0 (not whole in general).
/// \tparam N  T, or base_t<T> where n is data
template <class T, class N>
[[nodiscard]] T log_gamma_ratio(const T& x, const N& n) noexcept {
  const auto low = x < T(detail::rising_steps);
  T factor(1.0);
  if (any(low)) {
    T top(1.0);
    T bottom(1.0);
    for (int k = 0; k < detail::rising_steps; ++k) {
      top = top * (x + static_cast<double>(k));
      bottom = bottom * (x + n + static_cast<double>(k));
    }
    factor = select(low, top / bottom, factor);
  }
  const T z = select(low, x + static_cast<double>(detail::rising_steps), x);
  const T end = z + n;
  return (z - 0.5) * log1p(n / z) + (log(end) - 1.0) * n +
         (detail::rising_tail(end) - detail::rising_tail(z)) + log(factor);
}

/// log[(x + shift)_n / (x)_n] / shift, regular at shift = 0: there it is digamma(x + n) - digamma(x).
///
/// For x > 0, shift > -x and n >= 0. Relative error about 1e-15 unless shift is near -x.
template <class T>
[[nodiscard]] T log_rising_ratio_over(const T& x, const T& shift, base_t<T> n) noexcept {
  // (x + s)_n / (x)_n loses the factor 1 + s n / (x (x + s + n)) when x moves up by one.
  const auto low = x < T(detail::rising_steps);
  T lost(0.0); // (product of the factors - 1) / shift
  if (any(low)) {
    for (int k = 0; k < detail::rising_steps; ++k) {
      const T at = x + static_cast<double>(k);
      const T step = n / (at * (at + shift + n));
      lost = lost + step * (1.0 + shift * lost);
    }
    lost = select(low, lost, T(0.0));
  }
  const T z = select(low, x + static_cast<double>(detail::rising_steps), x);
  const T shifted = z + shift;
  const T end = z + n;
  const T step = n / (z * (shifted + n));
  const T powers = log1p(n / shifted) + (n / end) * detail::log1p_over(shift / end) -
                   (z - 0.5) * (step * detail::log1p_over(shift * step));
  const T rest = detail::rising_tail_slope(z, shift) - detail::rising_tail_slope(end, shift);
  return (powers + rest) + lost * detail::log1p_over(shift * lost);
}

/// log[(x + shift)_n / (x)_n]: small where shift or n / x is. Same domain.
template <class T>
[[nodiscard]] T log_rising_ratio(const T& x, const T& shift, base_t<T> n) noexcept {
  return shift * log_rising_ratio_over(x, shift, n);
}

} // namespace emptor::math
