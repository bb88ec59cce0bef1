// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/math/continued_fraction.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/negative_binomial.hpp>
#include <emptor/math/real.hpp>

/// Means over p ~ Beta(a, b) by a quadrature of positive terms, whatever the arguments, at the price of some hundred
/// nodes.
///
/// One integration by parts gives E_{Beta(a,b)} g = E_{Beta(a+1,b)} f with f(p) = g(p) + (1 - p) (-g'(p)) / (a + b), and
/// where g is convex and falls, f falls to f(1) = g(1). The mean of f - f(1) then has an integrand that decays in
/// log(p / (1 - p)) on both sides however small a and b are, and the trapezoid rule is exponentially exact. E(1 - p) is
/// known and normalises the weights, so that no Beta function is needed.
namespace emptor::math::detail {

/// 1 - (1 + u)^-(shape + 1) (1 + (shape + 1) u) for u >= 0: of the order u^2 near 0.
template <class T>
[[nodiscard]] EMPTOR_INLINE T second_order_share(const T& shape, const T& u) noexcept {
  const T rest = 1.0 / (1.0 + u);
  const T share = u * rest;
  const T first = shape * share;
  return -expm1(-(log1p_gap(first, T(1.0 + first)) + shape * log1p_gap(T(-share), rest)));
}

/// f, as said above, for g(p) = (1 - (1 + p w)^-shape) / p.
template <class T>
struct stopped_events {
  /// With an a above this the weighted f falls from the mode of the weight to the left; else only from 1 / w on.
  static constexpr double falls_above = 2.0;
  T c;
  T shape;
  T w;
  [[nodiscard]] EMPTOR_INLINE T at_one() const noexcept { return -expm1(-(shape * log1p(w))); }
  [[nodiscard]] EMPTOR_INLINE T operator()(const T& p, const T& q) const noexcept {
    const T u = p * w;
    const T g = -expm1(-(shape * log1p(u))) / p;
    return g + (q / c) * (second_order_share(shape, u) / p / p);
  }
};

/// The same for g(p) = (1 + p w)^-shape.
template <class T>
struct not_stopped {
  static constexpr double falls_above = infinity;
  T c;
  T shape;
  T w;
  [[nodiscard]] EMPTOR_INLINE T at_one() const noexcept { return exp(-(shape * log1p(w))); }
  [[nodiscard]] EMPTOR_INLINE T operator()(const T& p, const T& q) const noexcept {
    const T u = p * w;
    const T g = exp(-(shape * log1p(u)));
    return g * (1.0 + (q / c) * (shape * (w / (1.0 + u))));
  }
};

/// E_{Beta(a,b)} g for one of these.
template <class T, class F>
[[nodiscard]] EMPTOR_INLINE T beta_mean(const T& a, const T& b, const F& f) noexcept {
  using base = base_t<T>;
  const T a1 = a + 1.0;
  const T c1 = a1 + b;
  const base shape = plain(f.shape);
  // The curvature of the log of the integrand in log(p / (1 - p)) is nowhere larger.
  const base curvature = plain(a1) * ((plain(b) + shape) / (plain(c1) + shape));
  const base step = min(0.45 / sqrt(curvature), base(0.16));
  // To the left of it f is constant.
  const base edge = -log(plain(f.w) * max(shape, base(1.0))) - 2.0;

  // The mode of the weight, but not where 1 - p has no digits left.
  const base mode = log(plain(a1) / plain(b));
  const auto at_end = mask_not(mode < 40.0);
  const base centre = select(at_end, base(40.0), mode);
  const T p0 = select(at_end, T(1.0), a1 / c1);
  const T q0 = select(at_end, T(4.248354255291589e-18), b / c1);

  const T at_one = f.at_one();
  T numerator(0.0);
  T denominator(0.0);
  constexpr double directions[] = {1.0, -1.0};
  for (const double direction : directions) {
    auto live = mask_true<T>();
    for (int k = direction < 0.0 ? 1 : 0; k < 4000 && any(live); ++k) {
      const base shift = step * (k * direction);
      const base e = exp(shift);
      const T d = q0 + p0 * e;
      const T change = p0 * expm1(shift);
      const T log_d = select(change > -0.5, log1p(max(change, T(-0.75))), log(d));
      const T weight = exp(a1 * shift - c1 * log_d);
      const T p = p0 * e / d;
      const T q = q0 / d;
      const T top = weight * max(f(p, q) - at_one, T(0.0));
      const T below = weight * q;
      numerator = select(live, numerator + top, numerator);
      denominator = select(live, denominator + below, denominator);
      auto goes_on = mask_or(top > 1e-19 * numerator, below > 1e-19 * denominator);
      if (direction < 0.0)
        goes_on =
            mask_or(goes_on, mask_not(mask_or(plain(a) > F::falls_above, mask_not(centre + shift >= edge))));
      live = mask_and(live, goes_on);
    }
  }
  return at_one + (b / c1) * (numerator / denominator);
}

} // namespace emptor::math::detail
