// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/math/beta_mixture.hpp>
#include <emptor/math/continued_fraction.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/gauss_legendre.hpp>
#include <emptor/math/hypergeometric.hpp>
#include <emptor/math/negative_binomial.hpp>
#include <emptor/math/real.hpp>

namespace emptor::math {

/// Mean discounted number of all events (see beta_mixture.hpp), one at the time y counted e^(-rate y):
/// int_0^inf e^(-rate y) shape 2F1(shape + 1, a; a + b; -y) dy.
///
/// For a known rate of the events g it is E_p[g / (rate + g p)] = (g / rate) 2F1(1, a; a + b; -g / rate); the mean over
/// g ~ Gamma(shape) is taken by the trapezoid rule in log g, which is exponentially exact: with the step h its error is
/// |Gamma(s + 2 pi i / h)| / Gamma(s), below 4e-16 here. The factor g raises the shape by one, s = shape + 1.
/// \param a,b,shape  > 0; \param rate  > 0, per unit of the scale
template <class T>
[[nodiscard]] EMPTOR_INLINE T discounted_stop_at_beta_rate(const T& a, const T& b, const T& shape,
                                                           const T& rate) noexcept {
  using base = base_t<T>;
  const base mode = detail::plain(shape) + 1.0;
  const T shape_change = shape - detail::plain(shape); // 0, with the derivatives
  const base step = min(base(0.18), 0.5 / sqrt(mode));
  T top(0.0);
  T bottom(0.0);
  constexpr double directions[] = {1.0, -1.0};
  for (const double direction : directions) {
    auto live = mask_true<T>();
    for (int k = direction < 0.0 ? 1 : 0; k < 400 && any(live); ++k) {
      const base t = step * (k * direction);
      const base e = exp(t);
      const base g = mode * e;
      const T weight = exp(shape_change * t - mode * detail::log1p_gap(expm1(t), e));
      const T inverse = 1.0 / (rate + g);
      const T w = rate * inverse;
      const T part = weight * (w * hypergeometric_1b(b, a, T(g * inverse), w));
      top = select(live, top + part, top);
      bottom = select(live, bottom + weight, bottom);
      live = mask_and(live, mask_or(part > 1e-18 * top, weight > 1e-18 * bottom));
    }
  }
  return (shape / rate) * (top / bottom);
}

/// The same up to the time w: int_0^w e^(-rate y) shape 2F1(shape + 1, a; a + b; -y) dy, by Gauss and Legendre's rule on
/// parts of equal length in log(1 + scale y).
/// \param excess  a + b - 1 - shape, as in beta_stopping; \param rate  >= 0; \param w  >= 0, infinity allowed
template <class T>
[[nodiscard]] EMPTOR_INLINE T discounted_stop_at_beta_rate(const T& a, const T& b, const T& shape,
                                                           const T& excess, const T& rate,
                                                           const T& w) noexcept {
  using base = base_t<T>;
  // What comes later is discounted to nothing.
  const T end = min(w, T(45.0 / rate));
  // Nothing happens faster than at this rate.
  const base scale = detail::plain(shape) + 1.0 + detail::plain(rate);
  const T length = min(T(log1p(end * scale)), T(100.0));
  const base parts = floor(detail::plain(length) * (1.0 / 1.6)) + 1.0;
  const T part = length / parts;
  const T next_shape = shape + 1.0;
  const T next_excess = excess - 1.0;
  T sum(0.0);
  for (int i = 0; i < 64 && any(base(i) < parts); ++i) {
    const T added = gauss_legendre<T>(part * static_cast<double>(i), part, [&](const T& u) noexcept {
      const T y = expm1(u) / scale;
      return exp(u - rate * y) * survive_beta_rate(a, b, next_shape, next_excess, y);
    });
    sum = select(base(i) < parts, sum + added, sum);
  }
  return sum * (shape / scale);
}

} // namespace emptor::math
