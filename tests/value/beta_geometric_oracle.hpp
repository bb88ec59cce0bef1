// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>

#include <boost/math/quadrature/sinh_sinh.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>

/// BG/NBD and MBG/NBD with fifty digits, by integrating over the drop-out probability what a customer with this
/// probability does: none of the closed forms.
namespace emptor::test {

using wide = boost::multiprecision::cpp_bin_float_50;

/// log of Gamma(x + n) / Gamma(x).
[[nodiscard]] inline wide log_gamma_ratio(const wide& x, const wide& n) {
  return boost::math::lgamma(wide(x + n)) - boost::math::lgamma(x);
}

/// E f(p) for p ~ Beta(a, b), by double exponential quadrature in log(p / (1 - p)).
/// \param f  of p and 1 - p
template <class F>
[[nodiscard]] wide beta_expectation(const wide& a, const wide& b, const F& f) {
  static boost::math::quadrature::sinh_sinh<wide> rule(12);
  const wide log_beta = boost::math::lgamma(a) + boost::math::lgamma(b) - boost::math::lgamma(wide(a + b));
  const wide centre = log(wide(a / b));
  return rule.integrate(
      [&](const wide& s) -> wide {
        const wide y = centre + s;
        if (abs(y) > 100000)
          return 0;
        const wide small = log1p(exp(wide(-abs(y))));
        const wide log_p = y < 0 ? wide(y - small) : wide(-small);
        const wide log_q = y < 0 ? wide(-small) : wide(-y - small);
        const wide log_weight = a * log_p + b * log_q - log_beta;
        return log_weight < -1200 ? wide(0) : wide(exp(log_weight) * f(exp(log_p)));
      },
      wide("1e-20"));
}

/// e^z E_s(z) for s > 1: its power series (DLMF 8.19.10) or its continued fraction (8.19.17).
[[nodiscard]] inline wide scaled_exponential_integral(const wide& at, const wide& z) {
  const wide s = floor(at) == at ? wide(at + wide("1e-18")) : at; // the series has poles at whole s
  if (z > 1) {
    const int terms = static_cast<int>(1500 / sqrt(static_cast<double>(z))) + 20;
    wide f = 0;
    for (int n = terms; n > 0; --n)
      f = n / (z + (s + n) / (1 + f));
    return 1 / (z + s / (1 + f));
  }
  wide sum = 0;
  wide term = 1;
  for (int n = 0; abs(term) > wide("1e-60"); ++n) {
    sum += term / (n - s + 1);
    term *= -z / (n + 1);
  }
  // For a large s the pole is far out in the series, and what it leaves next to nothing.
  const wide pole = s > 150 ? wide(0) : wide(tgamma(wide(1 - s)) * pow(z, wide(s - 1)));
  return exp(z) * (pole - sum);
}

struct beta_geometric_oracle {
  int first; ///< 0: BG/NBD, 1: MBG/NBD
  wide r, alpha, a, b;

  /// P(gone) / P(alive).
  [[nodiscard]] wide odds_gone(double x, double t_x, double age) const {
    const wide n = wide(x) + first;
    if (n == 0)
      return 0;
    return a / (b + n - 1) * exp(wide((r + x) * log(wide((alpha + age) / (alpha + t_x)))));
  }
  [[nodiscard]] wide alive(double x, double t_x, double age) const {
    return 1 / (1 + odds_gone(x, t_x, age));
  }
  [[nodiscard]] wide gone(double x, double t_x, double age) const {
    const wide odds = odds_gone(x, t_x, age);
    return odds / (1 + odds);
  }
  [[nodiscard]] wide log_likelihood(double x, double t_x, double age) const {
    const wide n = wide(x) + first;
    return log_gamma_ratio(r, x) - x * log(alpha) + log_gamma_ratio(b, n) - log_gamma_ratio(wide(a + b), n) -
           (r + x) * log(wide((alpha + age) / alpha)) + log(wide(1 + odds_gone(x, t_x, age)));
  }
  /// Expected orders in `horizon` of a customer who is alive.
  [[nodiscard]] wide orders(double x, double age, double horizon) const {
    const wide w = horizon / (alpha + age);
    return beta_expectation(a, b + x + first, [&](const wide& p) -> wide {
      const wide u = p * w;
      return u * (r + x) < wide("1e-40") ? wide((r + x) * w) : wide(-expm1(wide(-(r + x) * log1p(u))) / p);
    });
  }
  /// P(alive after `horizon`) of a customer who is alive.
  [[nodiscard]] wide stays(double x, double age, double horizon) const {
    const wide w = horizon / (alpha + age);
    return beta_expectation(a, b + x + first,
                            [&](const wide& p) -> wide { return exp(wide(-(r + x) * log1p(wide(p * w)))); });
  }
  /// Expected orders of a customer who is alive, discounted, within `horizon` (infinite: for ever): for a known drop-out
  /// probability p an integral of e^(-rate t) shape / scale (1 + p t / scale)^-(shape + 1).
  [[nodiscard]] wide discounted(double x, double age, double rate, double horizon) const {
    const wide shape = r + x;
    const wide scale = alpha + age;
    return beta_expectation(a, b + x + first, [&](const wide& p) -> wide {
      const wide z = rate * scale / p;
      if (p == 0 || z > wide("1e60")) // no second order
        return shape / scale / rate *
               (std::isinf(horizon) ? wide(1) : wide(-expm1(wide(-wide(rate) * horizon))));
      wide found = scaled_exponential_integral(wide(shape + 1), z);
      if (!std::isinf(horizon))
        found -= exp(wide(-wide(rate) * horizon - shape * log1p(wide(p * horizon / scale)))) *
                 scaled_exponential_integral(wide(shape + 1), wide(z + wide(rate) * horizon));
      return shape / p * found;
    });
  }
  [[nodiscard]] wide active(double x, double age, double horizon) const {
    return -expm1(wide(-(r + x) * log1p(wide(horizon / (alpha + age)))));
  }
  /// P(n orders in `horizon`) of a customer who is alive: n without a drop-out, or a drop-out with the n-th.
  [[nodiscard]] wide count(double x, double age, int n, double horizon) const {
    const wide w = horizon / (alpha + age);
    const auto weight = [&](int k) -> wide {
      return exp(wide(log_gamma_ratio(r + x, k) - boost::math::lgamma(wide(k + 1)) + k * log(w) -
                      (r + x + k) * log1p(w)));
    };
    if (n == 0)
      return weight(0);
    // From the side of the mean on which little is.
    const bool upper = n > (r + x) * w;
    wide sum = 0;
    wide term = upper ? weight(n) : weight(0);
    for (int k = upper ? n : 0; upper ? term > sum * wide("1e-35") : k < n; ++k) {
      sum += term;
      term *= (r + x + k) / (k + 1) * (w / (1 + w));
    }
    const wide at_least = upper ? sum : wide(1 - sum);
    const wide B = b + x + first;
    const auto log_moment = [&](const wide& up, const wide& down) { // E p^up (1 - p)^down
      return wide(log_gamma_ratio(a, up) + log_gamma_ratio(B, down) -
                  log_gamma_ratio(wide(a + B), wide(up + down)));
    };
    return exp(log_moment(0, n)) * weight(n) + exp(log_moment(1, n - 1)) * at_least;
  }
};

} // namespace emptor::test
