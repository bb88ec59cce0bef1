// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>

namespace emptor::math {

namespace detail {

/// (1 - exp(s)) / s, regular at s = 0 also for its derivatives.
template <class T>
[[nodiscard]] T minus_expm1_over(const T& s) noexcept {
  if (value_of(s) < 0.02 && value_of(s) > -0.02)
    return -(1.0 +
             s / 2.0 *
                 (1.0 + s / 3.0 * (1.0 + s / 4.0 * (1.0 + s / 5.0 * (1.0 + s / 6.0 * (1.0 + s / 7.0))))));
  return -expm1(s) / s;
}

/// 1 - (1 + u)^-(shape + 1) (1 + (shape + 1) u) for u >= 0: of the order u^2 near 0.
template <class T>
[[nodiscard]] T second_order_share(const T& shape, const T& u, const T& log1p_u) noexcept {
  if (value_of(shape + 2.0) * value_of(u) < 0.25) {
    T term(1.0);
    T sum(0.5);
    for (int k = 1; k < 40; ++k) {
      term = term * (-u * (shape + (k + 1.0))) / static_cast<double>(k);
      sum = sum + term / (k + 2.0);
      if (!(value_of(abs(term)) > 1e-19))
        break;
    }
    return shape * (shape + 1.0) * u * u * sum;
  }
  return -expm1(log1p(shape * (u / (1.0 + u))) - shape * log1p_u);
}

/// The same as stop_at_beta_rate by quadrature: a positive integrand only, whatever the arguments, at the
/// price of some hundred nodes.
///
/// With g(p) = (1 - (1 + p w)^-shape) / p, one integration by parts gives
/// E_{Beta(a,B)} g = E_{Beta(a+1,B)} f, f(p) = g(p) + (1 - p) (-g'(p)) / (a + B), and f falls to f(1) = g(1).
/// The mean of f - f(1) then has an integrand that decays in log(p / (1 - p)) on both sides however small a
/// and B are, and the trapezoid rule is exponentially exact. E(1 - p) is known and normalises the weights, so
/// that no Beta function is needed.
template <class T>
[[nodiscard]] T stop_by_quadrature(const T& a, const T& b, const T& shape, const T& w) noexcept {
  const T a1 = a + 1.0;
  const T c = a + b;
  const T c1 = a1 + b;
  const double curvature = value_of(a1) * (value_of(b) / value_of(c1));
  const double width = 0.45 / value_of(sqrt(base_t<T>(curvature)));
  const double step = width < 0.16 ? width : 0.16;
  const double edge =
      -value_of(log(base_t<T>(value_of(w) * (value_of(shape) > 1.0 ? value_of(shape) : 1.0)))) - 2.0;

  // The mode of the weight in log(p / (1 - p)), but not where 1 - p has no digits left.
  double centre = value_of(log(base_t<T>(value_of(a1) / value_of(b))));
  T p0 = a1 / c1;
  T q0 = b / c1;
  if (!(centre < 40.0)) {
    centre = 40.0;
    q0 = T(4.248354255291589e-18);
    p0 = T(1.0);
  }

  const T at_one = -expm1(-shape * log1p(w));
  T numerator(0.0);
  T denominator(0.0);
  const auto add = [&](double s) noexcept {
    const base_t<T> shift(s);
    const base_t<T> e = exp(shift);
    const T d = q0 + p0 * e;
    const T change = p0 * expm1(shift);
    const T log_d = value_of(change) > -0.5 ? T(log1p(change)) : T(log(d));
    const T weight = exp(a1 * shift - c1 * log_d);
    const T p = p0 * e / d;
    const T q = q0 / d;
    const T u = p * w;
    const T log1p_u = log1p(u);
    const T g = -expm1(-shape * log1p_u) / p;
    const T slope = second_order_share(shape, u, log1p_u) / p / p;
    const T excess = g + q * slope / c - at_one;
    const T top = weight * (value_of(excess) > 0.0 ? excess : T(0.0));
    const T bottom = weight * q;
    numerator = numerator + top;
    denominator = denominator + bottom;
    return !(value_of(top) > 1e-19 * value_of(numerator)) &&
           !(value_of(bottom) > 1e-19 * value_of(denominator));
  };
  add(0.0);
  for (int k = 1; k < 4000; ++k)
    if (add(k * step))
      break;
  for (int k = 1; k < 4000; ++k)
    if (add(-k * step) && (value_of(a) > 2.0 || !(centre - k * step >= edge)))
      break;
  return at_one + (b / c1) * (numerator / denominator);
}

} // namespace detail

/// E[(1 - (1 + p w)^-shape) / p] for p ~ Beta(a, b): the expected number of events of a gamma-mixed Poisson
/// process when each event is the last one with the probability p. With z = w / (1 + w) it is
///
///     (a + b - 1) / (a - 1) * [1 - (1 - z)^shape 2F1(shape, b; a + b - 1; z)]
///
/// (equation 10 of Fader, Hardie and Lee 2005), which overflows for large shapes, is 0/0 at a = 1 and loses
/// all digits for small w. Euler's transformation takes the factor a - 1 out; the series left does not grow
/// with shape and b. Where that series is slow or cancels, a quadrature takes over.
///
/// \param a,b,shape,w  all positive (w also 0)
/// \param excess       a + b - 1 - shape, given apart because the caller can often form it without
/// cancellation Relative error about 1e-13 over the tested grid; the work is bounded for any bits.
template <class T>
[[nodiscard]] T stop_at_beta_rate(const T& a, const T& b, const T& shape, const T& excess,
                                  const T& w) noexcept {
  const T c = a + b;
  const T c_minus_1 = excess + shape;
  const T z = w / (1.0 + w);
  const T log_rho = -log1p(w);
  if (value_of(z) <= 0.95) {
    const T s = (a - 1.0) * log_rho;
    const T rho = exp(s);
    const T head = c_minus_1 * (-log_rho) * -detail::minus_expm1_over(s);
    T term = excess * z;
    T sum = term;
    double absolute = value_of(abs(term));
    int steps = 1;
    int last = 500;
    for (; steps < last; ++steps) {
      const double n = steps;
      term = term * ((a + (n - 1.0)) * (excess + n) * z / ((c + (n - 1.0)) * (n + 1.0)));
      sum = sum + term;
      absolute += value_of(abs(term));
      if (last == 500 && value_of(abs(term)) <= 1e-18 * value_of(abs(sum))) {
        if constexpr (!scalar_traits<T>::differentiates)
          break;
        // Derivatives converge later than the value and never to a relative epsilon of their own.
        last = steps + steps / 2 + 4;
      }
    }
    const T result = head - rho * sum;
    const double size = value_of(abs(head)) + value_of(rho) * absolute;
    if (last != 500 || steps < 500) {
      if (size <= 64.0 * value_of(result) && size <= std::numeric_limits<double>::max())
        return result;
    }
  }
  return detail::stop_by_quadrature(a, b, shape, w);
}

} // namespace emptor::math
