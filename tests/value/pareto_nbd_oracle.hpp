// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

#include <boost/math/special_functions/gamma.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <gtest/gtest.h>

#include <emptor/value/pareto_nbd.hpp>

/// Pareto/NBD in 50 digits, from the integrals over the time of the drop-out in which the model is defined (the
/// gamma-distributed rates are integrated by hand, which takes a page and no special function).
namespace emptor::test {

using wide = boost::multiprecision::cpp_bin_float_50;

/// The integral of exp(log_f(u)) over u in (0, end); 0 for `end` means infinity. With u = end e^v / (1 + e^v), or
/// u = e^v, the integrand decays on both sides, and the trapezoid rule is exponentially exact. The integrand has
/// one peak, which is looked for in double precision.
template <class LogF>
wide integral(const LogF& log_f, const wide& end) {
  const auto log_term = [&](auto v) {
    using number = decltype(v);
    using std::exp;
    using std::log;
    using std::log1p;
    if (end == 0)
      return number(log_f(number(exp(v))) + v);
    const number small = exp(v > 0 ? number(-v) : v);
    const number log_share = (v > 0 ? number(0) : v) - log1p(small); // of u in end
    const number log_rest = (v > 0 ? number(-v) : number(0)) - log1p(small);
    const number length(end);
    return number(log_f(number(length * exp(log_share))) + log(length) + log_share + log_rest);
  };
  const auto rough = [&](double v) {
    const double y = log_term(v);
    return std::isnan(y) ? -1e300 : y;
  };
  double peak = 0.0;
  for (double v = -700.0; v <= 700.0; v += 0.5)
    peak = rough(v) > rough(peak) ? v : peak;
  for (double width = 0.5; width > 1e-9; width *= 0.5) {
    for (const double v : {peak - width, peak + width})
      peak = rough(v) > rough(peak) ? v : peak;
  }
  const auto edge = [&](double direction) {
    double step = 1e-8;
    while (rough(peak + direction * step) > rough(peak) - 80.0 && step < 1e4)
      step *= 2.0;
    double low = 0.5 * step;
    for (int i = 0; i < 6; ++i) {
      const double middle = 0.5 * (low + step);
      (rough(peak + direction * middle) > rough(peak) - 80.0 ? low : step) = middle;
    }
    return step;
  };
  const double left = edge(-1.0);
  const double right = edge(1.0);
  const wide log_peak = log_term(wide(peak));
  int steps = 48;
  wide step = wide(left + right) / steps;
  const wide first = wide(peak) - left;
  wide sum = 0;
  for (int i = 0; i <= steps; ++i)
    sum += exp(wide(log_term(wide(first + i * step)) - log_peak));
  for (int round = 0; round < 7; ++round) {
    wide between = 0;
    for (int i = 0; i < steps; ++i)
      between += exp(wide(log_term(wide(first + (i + 0.5) * step)) - log_peak));
    const wide before = sum * step;
    sum += between;
    step /= 2;
    steps *= 2;
    if (abs(wide(sum * step - before)) < 1e-14 * before)
      break; // the next halving would square this
  }
  return sum * step * exp(log_peak);
}

/// One row under the parameters.
struct pareto_nbd_oracle {
  wide r, alpha, s, beta, x, t_x, age;
  wide shape;        ///< r + x
  wide alive_weight; ///< (alpha + T)^-(r+x) (beta + T)^-s, in units of the same at t_x
  wide gone_weight;  ///< the integral of its drop-outs from t_x to T

  pareto_nbd_oracle(const value::pareto_nbd_parameters<double>& p, double frequency, double recency,
                    double now)
      : r(p.r)
      , alpha(p.alpha)
      , s(p.s)
      , beta(p.beta)
      , x(frequency)
      , t_x(recency)
      , age(now)
      , shape(r + x)
      , alive_weight(quiet(alpha + t_x, beta + t_x, shape, s, age - t_x))
      , gone_weight(drop_out_integral(shape, s)) {}

  static wide quiet(const wide& a, const wide& b, const wide& k, const wide& m, const wide& u) {
    return exp(wide(-(k * log1p(wide(u / a)) + m * log1p(wide(u / b)))));
  }
  /// The integral over u in (0, T - t_x) of m (1 + u / (alpha + t_x))^-k (1 + u / (beta + t_x))^-(m + 1) /
  /// (beta + t_x).
  [[nodiscard]] wide drop_out_integral(const wide& k, const wide& m) const {
    if (age == t_x)
      return 0;
    return m / (beta + t_x) * over(age - t_x, alpha + t_x, beta + t_x, k, wide(m + 1));
  }
  /// The integral of (1 + u/a)^-k (1 + u/b)^-m over (0, end).
  static wide over(const wide& end, const wide& a, const wide& b, const wide& k, const wide& m) {
    return integral(
        [&](auto u) {
          using number = decltype(u);
          using std::log1p;
          return number(
              -(number(k) * log1p(number(u / number(a))) + number(m) * log1p(number(u / number(b)))));
        },
        end);
  }

  [[nodiscard]] wide log_likelihood() const {
    return boost::math::lgamma(shape) - boost::math::lgamma(r) + r * log(alpha) + s * log(beta) -
           shape * log(wide(alpha + t_x)) - s * log(wide(beta + t_x)) + log(wide(alive_weight + gone_weight));
  }
  [[nodiscard]] wide alive() const { return alive_weight / (alive_weight + gone_weight); }
  [[nodiscard]] wide gone() const { return gone_weight / (alive_weight + gone_weight); }
  [[nodiscard]] wide alive_in(double h) const {
    return alive() * exp(wide(-s * log1p(wide(h / (beta + age)))));
  }
  [[nodiscard]] wide active(double h) const {
    return alive() * shape / (alpha + age) * over(h, alpha + age, beta + age, wide(shape + 1), s);
  }
  [[nodiscard]] wide orders(double h) const {
    return alive() * shape / (alpha + age) * over(h, alpha + age, beta + age, wide(0), s);
  }
  /// For ever where h is 0.
  [[nodiscard]] wide discounted(double rate, double h) const {
    const wide b = beta + age;
    return alive() * shape / (alpha + age) *
           integral(
               [&](auto u) {
                 using number = decltype(u);
                 using std::log1p;
                 return number(-(number(rate) * u + number(s) * log1p(number(u / number(b)))));
               },
               wide(h));
  }
  [[nodiscard]] wide exactly(double count, double h) const {
    const wide a = alpha + age;
    const wide b = beta + age;
    const wide n = count;
    const wide log_ways =
        boost::math::lgamma(wide(shape + n)) - boost::math::lgamma(shape) - boost::math::lgamma(wide(n + 1));
    const wide stays = exp(
        wide(log_ways + n * log(wide(h / a)) - (shape + n) * log1p(wide(h / a)) - s * log1p(wide(h / b))));
    const wide leaves = s / b *
                        integral(
                            [&](auto u) {
                              using number = decltype(u);
                              using std::log;
                              using std::log1p;
                              const number y = u / number(a);
                              number sum = number(log_ways) - number(shape + n) * log1p(y) -
                                           number(s + 1) * log1p(number(u / number(b)));
                              if (n > 0)
                                sum += number(n) * log(y);
                              return sum;
                            },
                            wide(h));
    return alive() * (stays + leaves) + (count == 0.0 ? gone() : wide(0));
  }
  /// E[lambda]: gamma posteriors of those who left at u and of those alive.
  [[nodiscard]] wide order_rate() const {
    const wide left = age == t_x
                          ? wide(0)
                          : wide(s / (beta + t_x) * shape / (alpha + t_x) *
                                 over(age - t_x, alpha + t_x, beta + t_x, wide(shape + 1), wide(s + 1)));
    return (left + alive_weight * shape / (alpha + age)) / (alive_weight + gone_weight);
  }
  [[nodiscard]] wide dropout() const {
    const wide left = age == t_x ? wide(0)
                                 : wide(s / (beta + t_x) * (s + 1) / (beta + t_x) *
                                        over(age - t_x, alpha + t_x, beta + t_x, shape, wide(s + 2)));
    return (left + alive_weight * s / (beta + age)) / (alive_weight + gone_weight);
  }
};

/// Relative, or absolute below 1e-290, where a double has no digits to spare.
inline double relative_error(double found, const wide& truth) {
  return static_cast<double>(abs(wide(found - truth)) /
                             (abs(truth) > 1e-290 ? wide(abs(truth)) : wide(1e-278)));
}

/// A row with parameters and questions.
struct pareto_nbd_row {
  value::pareto_nbd_parameters<double> p;
  double x, t_x, age;
  double horizon, rate, orders;
};

/// Parameters and rows at the edges of what can happen: frequencies to 1e6, scales in ratios to 1e6 either way,
/// s = 1 and next to it, last orders long ago and just now, horizons from 1e-6 to 1e6 of the age.
inline std::vector<pareto_nbd_row> pareto_nbd_grid() {
  std::vector<pareto_nbd_row> rows;
  const value::pareto_nbd_parameters<double> ps[] = {
      {.5532770467, 10.57768346, .6062399904, 11.66873533},
      {.55, 10.58, 1, 11.66},
      {.55, 10.58, 1 + 1e-9, 10.58},
      {.5, 1e6, .6, 1},
      {.5, 1, .6, 1e6},
      {.01, 1e3, 2.5, 1e-3},
      {3, 1e-3, .05, 1e3},
      {.5329, 38.06, 64.28, 7721.5},
      {40, 2000, 300, 12},
      {1e-3, 1, 1e-3, 2},
  };
  const double horizons[] = {1e-6, .7, 1e6};
  const double rates[] = {1e-9, 3.0, .0027, .0027, .0027};
  const double orders[] = {0, 1, 8, 200};
  for (const auto& p : ps) {
    for (const double x : {0.0, 1.0, 7.0, 60.0, 3000.0, 1e6}) {
      for (const double last : {.999999, .8, .02}) {
        const double age = x == 3000 ? 365 : 40;
        const std::size_t i = rows.size(); // other questions for each row
        rows.push_back(
            {p, x, x == 0 ? 0.0 : last * age, age, horizons[i % 3] * age, rates[i % 5], orders[i % 4]});
        if (x == 0)
          break;
      }
    }
  }
  return rows;
}

/// Every score of a row within 1e-12 of the truth, and the log-likelihood within what its largest term allows.
inline void expect_pareto_nbd_scores(const pareto_nbd_row& q) {
  using namespace value;
  const pareto_nbd_oracle truth(q.p, q.x, q.t_x, q.age);
  const auto expect = [&](const char* what, double found, const wide& exact) {
    EXPECT_LE(relative_error(found, exact), 1e-12)
        << what << ": " << found << " for " << exact << " at r " << q.p.r << " alpha " << q.p.alpha << " s "
        << q.p.s << " beta " << q.p.beta << ", row " << q.x << " " << q.t_x << " " << q.age << ", horizon "
        << q.horizon << " rate " << q.rate << " orders " << q.orders;
  };
  expect("alive", probability_alive(q.p, q.x, q.t_x, q.age), truth.alive());
  expect(
      "gone",
      math::value_of(pareto_nbd::gone(as_real(q.p), math::real(q.x), math::real(q.t_x), math::real(q.age))),
      truth.gone());
  expect("alive_in", probability_alive_in(q.p, q.x, q.t_x, q.age, q.horizon), truth.alive_in(q.horizon));
  expect("active", probability_active(q.p, q.x, q.t_x, q.age, q.horizon), truth.active(q.horizon));
  expect("orders", expected_orders(q.p, q.x, q.t_x, q.age, q.horizon), truth.orders(q.horizon));
  expect("discounted", discounted_expected_orders(q.p, q.x, q.t_x, q.age, q.rate),
         truth.discounted(q.rate, 0));
  expect("discounted within", discounted_expected_orders(q.p, q.x, q.t_x, q.age, q.rate, q.horizon),
         truth.discounted(q.rate, q.horizon));
  expect("exactly", probability_of_orders(q.p, q.x, q.t_x, q.age, q.orders, q.horizon),
         truth.exactly(q.orders, q.horizon));
  expect("order rate", mean_order_rate(q.p, q.x, q.t_x, q.age), truth.order_rate());
  expect("drop-out rate", mean_dropout(q.p, q.x, q.t_x, q.age), truth.dropout());

  const double found = log_likelihood(q.p, q.x, q.t_x, q.age);
  const wide largest = abs(wide(truth.shape * log(wide(truth.alpha + truth.t_x))));
  EXPECT_NEAR(found, static_cast<double>(truth.log_likelihood()),
              std::fmax(1e-12 * std::fmax(1.0, std::fabs(found)), 1e-15 * static_cast<double>(largest)))
      << q.x << " " << q.p.alpha << " " << q.p.beta;
}

} // namespace emptor::test
