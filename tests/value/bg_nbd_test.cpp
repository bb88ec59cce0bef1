// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <string>
#include <vector>

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <gtest/gtest.h>

#include <emptor/value/bg_nbd.hpp>

#include "beta_geometric_oracle.hpp"
#include "customers.hpp"
#include "support/random.hpp"

namespace bg_nbd_test {
namespace {

using emptor::status;
using emptor::math::real;
using emptor::test::beta_geometric_oracle;
using emptor::test::cdnow;
using emptor::test::customers;
using emptor::test::wide;
using emptor::value::bg_nbd_fit;
using emptor::value::bg_nbd_limit;
using emptor::value::bg_nbd_parameters;
using emptor::value::expected_orders;
using emptor::value::fit_bg_nbd;
using emptor::value::log_likelihood;
using emptor::value::probability_alive;
using parameters = bg_nbd_parameters<double>;

const parameters sample_maximum{0.2425945224, 4.413602019, 0.7929220176, 2.425906778};

bg_nbd_fit fit_of(const customers& from, const emptor::run& how = {}) {
  return fit_bg_nbd(from.frequency, from.recency, from.age, from.weight, {}, how);
}

void expect_same_bits(const bg_nbd_fit& x, const bg_nbd_fit& y) {
  EXPECT_EQ(x.parameters.r, y.parameters.r);
  EXPECT_EQ(x.parameters.alpha, y.parameters.alpha);
  EXPECT_EQ(x.parameters.a, y.parameters.a);
  EXPECT_EQ(x.parameters.b, y.parameters.b);
  EXPECT_EQ(x.log_likelihood, y.log_likelihood);
  EXPECT_EQ(x.covariance, y.covariance);
  EXPECT_EQ(x.iterations, y.iterations);
}

/// Customers drawn from the model.
class simulation : public emptor::test::variates {
public:
  customers draw(const parameters& p, int count, double age, bool drop_out = true, bool one_rate = false) {
    customers s;
    for (int i = 0; i < count; ++i) {
      const double rate = one_rate ? p.r / p.alpha : gamma(p.r) / p.alpha;
      const double u = gamma(p.a);
      const double v = gamma(p.b);
      const double leave = drop_out ? u / (u + v) : 0.0;
      const double t = std::ceil(age * (0.3 + 0.7 * uniform()));
      double now = 0.0, last = 0.0, x = 0.0;
      while ((now -= std::log(uniform()) / rate) < t) {
        last = now;
        ++x;
        if (uniform() < leave)
          break;
      }
      s.add(x, last, t);
    }
    return s;
  }
};

// ---- published figures ----

TEST(bg_nbd_figures, cdnow_sample) {
  const customers s = cdnow("cdnow_sample.csv");
  if (s.frequency.empty())
    GTEST_SKIP() << "no cdnow_sample.csv in EMPTOR_DATA_DIR: the fit of the CDNOW sample is not tested";
  const bg_nbd_fit fit = fit_of(s);
  EXPECT_TRUE(fit.converged) << fit.diagnosis;
  EXPECT_EQ(fit.limit, bg_nbd_limit::none);
  EXPECT_EQ(fit.customers, 2357);
  EXPECT_EQ(fit.distinct_rows, 1016);
  EXPECT_EQ(fit.total_weight, 2357.0);
  EXPECT_GE(fit.log_likelihood, -9582.42920668);
  EXPECT_NEAR(fit.log_likelihood, -9582.42920667, 1e-8);
  // A Newton step in 50 digits, from here, moves no parameter by more than 4e-14.
  EXPECT_NEAR(fit.parameters.r, 0.24259452243016, 1e-12);
  EXPECT_NEAR(fit.parameters.alpha, 4.4136020190135, 1e-11);
  EXPECT_NEAR(fit.parameters.a, 0.7929220172256, 1e-11);
  EXPECT_NEAR(fit.parameters.b, 2.4259067768263, 1e-11);
  const double errors[] = {0.0125573780679, 0.378224059854, 0.185733821372, 0.705414259795};
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(fit.standard_errors[i] / errors[i], 1.0, 1e-10) << i;
  // To the digits that others print.
  EXPECT_NEAR(fit.parameters.r, 0.2425945, 5e-8);
  EXPECT_NEAR(fit.parameters.alpha, 4.4136019, 2e-7);
  EXPECT_NEAR(fit.parameters.a, 0.79292, 5e-6);
  EXPECT_NEAR(fit.parameters.b, 2.42591, 5e-6);
  EXPECT_LT(fit.scaled_gradient, 1e-12);
  EXPECT_LE(fit.iterations, 15);
  EXPECT_NEAR(fit.aic(), 2 * 9582.42920667 + 8, 1e-7);
  EXPECT_NEAR(fit.bic(), 2 * 9582.42920667 + 4 * std::log(2357.0), 1e-7);

  // Expected orders in the 39 weeks of the holdout (CLVTools, at its own slightly different fit).
  double sum = 0.0;
  for (std::size_t i = 0; i < s.frequency.size(); ++i)
    sum += expected_orders(fit.parameters, s.frequency[i], s.recency[i], s.age[i], 39.0);
  EXPECT_NEAR(sum, 1653.40783881, 2e-2);
}

TEST(bg_nbd_figures, cdnow_cohort) {
  const customers s = cdnow("cdnow.csv");
  if (s.frequency.empty())
    GTEST_SKIP() << "no cdnow.csv in EMPTOR_DATA_DIR: the fit of the whole CDNOW cohort is not tested";
  const bg_nbd_fit fit = fit_of(s);
  EXPECT_TRUE(fit.converged) << fit.diagnosis;
  EXPECT_EQ(fit.customers, 23570);
  EXPECT_EQ(fit.distinct_rows, 8685);
  EXPECT_GE(fit.log_likelihood, -95368.44393317);
  EXPECT_NEAR(fit.log_likelihood, -95368.44393316, 2e-8);
  EXPECT_NEAR(fit.parameters.r, 0.25162395885212, 1e-12);
  EXPECT_NEAR(fit.parameters.alpha, 4.7889429618599, 1e-11);
  EXPECT_NEAR(fit.parameters.a, 0.7234335767575, 1e-11);
  EXPECT_NEAR(fit.parameters.b, 2.1610883589413, 1e-11);
  EXPECT_LT(fit.scaled_gradient, 1e-12);

  // Three tasks' worth of distinct rows: the threads have something to share.
  for (const int threads : {2, 7, 0}) {
    emptor::run how;
    how.threads = threads;
    expect_same_bits(fit, fit_of(s, how));
  }
  emptor::run hook;
  hook.parallel_for = [](std::int64_t tasks, void (*body)(void*, std::int64_t), void* context, void*) {
    for (std::int64_t i = tasks; i-- > 0;)
      body(context, i);
  };
  expect_same_bits(fit, fit_of(s, hook));
}

TEST(bg_nbd_figures, customers_at_the_maximum) {
  const parameters& p = sample_maximum;
  EXPECT_NEAR(probability_alive(p, 2, 213 / 7.0, 272 / 7.0), 0.726620311638, 1e-10);
  EXPECT_NEAR(expected_orders(p, 2, 213 / 7.0, 272 / 7.0, 52), 1.55868623209, 1e-9);
  EXPECT_NEAR(expected_orders(p, 2, 30.43, 38.86, 39), 1.225906841, 1e-8);
  EXPECT_NEAR(probability_alive(p, 26, 216 / 7.0, 31), 0.968854441385, 1e-10);
  EXPECT_NEAR(expected_orders(p, 26, 216 / 7.0, 31, 52), 25.757336966, 1e-7);
  EXPECT_EQ(probability_alive(p, 0, 0, 272 / 7.0), 1.0);
}

TEST(bg_nbd_figures, published_with_rounded_parameters) {
  const parameters p{0.243, 4.414, 0.793, 2.426};
  const double t[] = {0.1429, 1, 3, 31.8571, 32, 78};
  const double orders[] = {0.007828347516, 0.05326789117, 0.1508652309,
                           1.041996061,    1.045243328,   1.860519058};
  for (std::size_t i = 0; i < 6; ++i)
    EXPECT_NEAR(expected_orders(p, t[i]) / orders[i], 1.0, 6e-10) << t[i];
  // BTYD, whose parameters are given to seven digits.
  const parameters btyd{0.2425965, 4.413685, 0.7929888, 2.426166};
  EXPECT_NEAR(expected_orders(btyd, 52), 1.444004, 2e-5);
  EXPECT_NEAR(expected_orders(btyd, 26, 30.85714, 31, 52), 25.75659, 2e-3);
  EXPECT_NEAR(probability_alive(btyd, 26, 30.85714, 31), 0.9688523, 3e-6);
  const double paradox[] = {0.3474606, 0.04283391, 0.004158973, 0.0003583685};
  for (int i = 0; i < 4; ++i)
    EXPECT_NEAR(expected_orders(btyd, 10 + 5 * i, 20, 39, 52) / paradox[i], 1.0, 3e-4) << 10 + 5 * i;
}

TEST(bg_nbd_figures, hard_points) {
  const parameters one{0.2426, 4.4136, 1.0, 2.4262};
  EXPECT_NEAR(expected_orders(one, 2, 30.43, 38.86, 52), 1.387623819613, 1e-12);
  const parameters p{0.2425945, 4.413602, 0.792922, 2.4259068};
  EXPECT_NEAR(expected_orders(p, 100, 38, 38.86, 52) / 81.589193907953, 1.0, 1e-13);
  EXPECT_NEAR(expected_orders(p, 500, 38, 38.86, 52) / 11.505120524557, 1.0, 1e-13);
  EXPECT_NEAR(expected_orders(p, 1000, 38, 38.86, 52) / 0.0020647436620534, 1.0, 1e-13);
  EXPECT_NEAR(expected_orders(p, 5000, 38, 38.86, 52) / 6.9262437577424e-37, 1.0, 1e-13);
  EXPECT_NEAR(expected_orders(p, 0, 0, 38.86, 1e-8) / 5.6060620974288e-11, 1.0, 1e-13);
  EXPECT_NEAR(expected_orders(p, 2, 30.43, 38.86, 5000) / 19.444111251821, 1.0, 1e-13);
  EXPECT_NEAR(expected_orders(p, 2, 30.43, 38.86, 1e7) / 149.78231951333, 1.0, 1e-13);
}

// ---- fifty digits ----

/// BG/NBD as drop-out probabilities and their integrals.
beta_geometric_oracle oracle(const parameters& p) {
  return {0, p.r, p.alpha, p.a, p.b};
}
/// E[(1 - (1 + p w)^-shape) / p], p ~ Beta(a, b): the orders to come of a new customer.
wide stop_by_quadrature(double a, double b, double shape, double w) {
  return beta_geometric_oracle{0, shape, 1, a, b}.orders(0, 0, w);
}

/// The published closed form, summed as it stands: c / (a - 1) (1 - rho^shape 2F1(shape, b; c; z)).
wide stop_by_published_series(double a, double b, double shape, double w) {
  using more = boost::multiprecision::cpp_bin_float_100;
  const more z = more(w) / (1 + more(w));
  const more c = more(a) + b - 1;
  more term = 1, sum = 1;
  for (int n = 0; n < 400000 && term > sum * more("1e-90"); ++n)
    sum += term *= (more(shape) + n) * (more(b) + n) / ((c + n) * (n + 1)) * z;
  return wide(more(c / (more(a) - 1) * (1 - exp(more(-more(shape) * log1p(more(w)))) * sum)));
}

double relative(double found, const wide& expected) {
  return std::fabs(static_cast<double>(wide((wide(found) - expected) / expected)));
}

double stop(double a, double b, double shape, double w) {
  return emptor::math::value_of(emptor::math::stop_at_beta_rate<real>(a, b, shape, a + (b - 1.0) - shape, w));
}

TEST(bg_nbd_oracle, two_oracles_agree) {
  for (const double a : {0.3, 0.79, 1.7})
    for (const double b : {2.43, 40.0})
      for (const double shape : {0.24, 30.0})
        for (const double w : {0.01, 1.0, 15.0})
          EXPECT_LT(
              abs(wide(stop_by_published_series(a, b, shape, w) / stop_by_quadrature(a, b, shape, w) - 1)),
              wide("1e-17"));
}

TEST(bg_nbd_oracle, expected_orders_over_a_wide_grid) {
  double worst = 0.0;
  int point = 0;
  for (const double a : {0.01, 0.3, 0.79, 1.0, 1 + 1e-10, 1.7, 5.0, 60.0, 2000.0})
    for (const double b : {0.02, 0.5, 2.43, 12.0, 400.0, 1e5})
      for (const double shape : {0.01, 0.24, 2.5, 30.0, 1000.0, 1e6})
        for (const double w : {1e-9, 0.01, 1.0, 15.0, 25.0, 1e3, 1e8}) {
          if (++point % 11 != 0) // 205 of the 2,268 points: the oracle takes its time
            continue;
          const double e = relative(stop(a, b, shape, w), stop_by_quadrature(a, b, shape, w));
          worst = std::max(worst, e);
          EXPECT_LT(e, 1e-13) << "a " << a << ", b " << b << ", shape " << shape << ", w " << w;
        }
  RecordProperty("worst_relative_error", std::to_string(worst * 1e15) + "e-15");
}

TEST(bg_nbd_oracle, a_million_orders) {
  const parameters p = sample_maximum;
  for (const double horizon : {1e-6, 1.0, 52.0, 5000.0}) {
    const double x = 1e6, t_x = 38.86, age = 38.86;
    const wide expected = oracle(p).alive(x, t_x, age) * oracle(p).orders(x, age, horizon);
    EXPECT_LT(relative(expected_orders(p, x, t_x, age, horizon), expected), 1e-13) << horizon;
  }
}

TEST(bg_nbd_oracle, likelihood_and_probability_over_a_wide_grid) {
  for (const double r : {1e-3, 0.24, 3.0, 1e4})
    for (const double alpha : {1e-3, 4.4, 1e4})
      for (const double a : {1e-4, 0.79, 50.0, 1e4})
        for (const double b : {1e-3, 2.43, 1e4})
          for (const double x : {0.0, 1.0, 2.0, 12.0, 13.0, 300.0, 1e6})
            for (const double share : {0.001, 0.5, 0.9999, 1.0}) {
              const double age = 38.857142857142854;
              const double t_x = x == 0.0 ? 0.0 : share * age;
              const parameters p{r, alpha, a, b};
              const std::string where = testing::PrintToString(std::vector<double>{r, alpha, a, b, x, t_x});
              const wide alive = oracle(p).alive(x, t_x, age);
              // The exponent of P is (r + x) log((alpha + T) / (alpha + t_x)): its rounding is what remains.
              const double exponent = (r + x) * std::log((alpha + age) / (alpha + t_x));
              if (alive > wide("1e-300"))
                EXPECT_LT(relative(probability_alive(p, x, t_x, age), alive), 4e-15 + 6e-16 * exponent)
                    << where;
              else
                EXPECT_LT(probability_alive(p, x, t_x, age), 2e-300) << where;
              // Errors against the largest part of the sum, which log Gamma of x is.
              const double size = 1.0 +
                                  (r + x) * (2.0 + std::fabs(std::log(alpha)) + std::log(r + x + a + b)) +
                                  std::lgamma(a + b + x) * 2.0;
              const wide expected = oracle(p).log_likelihood(x, t_x, age);
              EXPECT_LT(std::fabs(static_cast<double>(wide(log_likelihood(p, x, t_x, age) - expected))),
                        (x <= 12.0 ? 1e-14 + 2e-15 * std::fabs(static_cast<double>(expected)) : 0.0) +
                            1e-15 * size)
                  << where;
            }
}

// ---- properties ----

TEST(bg_nbd, derivatives_of_expected_orders) {
  using number = emptor::math::dual<real, 4>;
  const std::array<double, 4> at{0.24, 4.4, 0.9, 2.43};
  for (const double t : {5.0, 52.0, 3000.0}) {
    const auto f = [&](std::array<double, 4> q) {
      return expected_orders(parameters{q[0], q[1], q[2], q[3]}, 3, 30, 39, t);
    };
    const bg_nbd_parameters<number> p{number::variable(at[0], 0), number::variable(at[1], 1),
                                      number::variable(at[2], 2), number::variable(at[3], 3)};
    const number y = expected_orders(p, 3, 30, 39, t);
    EXPECT_NEAR(emptor::math::value_of(y) / f(at), 1.0, 1e-14);
    for (std::size_t i = 0; i < 4; ++i) {
      const auto moved = [&](double by) {
        auto q = at;
        q[i] += by;
        return f(q);
      };
      const double h = 3e-4;
      EXPECT_NEAR(emptor::math::value_of(y.g[i]), (moved(h) - moved(-h)) / (2 * h), 1e-6 * f(at));
      EXPECT_NEAR(emptor::math::value_of(y.hessian(i, i)), (moved(h) - 2 * f(at) + moved(-h)) / (h * h),
                  1e-5 * f(at));
    }
  }
}

TEST(bg_nbd_fit, order_of_rows_weights_and_threads_leave_the_bits) {
  simulation market;
  const customers s = market.draw({0.8, 6, 1.2, 3}, 3000, 60);
  const bg_nbd_fit fit = fit_of(s);
  ASSERT_TRUE(fit.converged) << fit.diagnosis;

  std::vector<std::size_t> order(s.frequency.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::reverse(order.begin(), order.end());
  expect_same_bits(fit, fit_of(s.rows(order)));
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = (i * 1009 + 17) % order.size();
  expect_same_bits(fit, fit_of(s.rows(order)));
  for (const int threads : {2, 7}) {
    emptor::run how;
    how.threads = threads;
    expect_same_bits(fit, fit_of(s, how));
  }

  customers weighted = s;
  customers repeated;
  for (std::size_t i = 0; i < s.frequency.size(); ++i) {
    weighted.weight.push_back(static_cast<double>(i % 4));
    for (std::size_t k = 0; k < i % 4; ++k)
      repeated.add(s.frequency[i], s.recency[i], s.age[i]);
  }
  expect_same_bits(fit_of(weighted), fit_of(repeated));
}

TEST(bg_nbd_fit, finds_the_parameters_again_in_any_time_unit) {
  simulation market;
  customers s = market.draw({0.8, 6, 1.2, 3}, 20000, 80);
  const bg_nbd_fit fit = fit_of(s);
  ASSERT_TRUE(fit.converged) << fit.diagnosis;
  const double truth[] = {0.8, 6, 1.2, 3};
  const double found[] = {fit.parameters.r, fit.parameters.alpha, fit.parameters.a, fit.parameters.b};
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(found[i], truth[i], 3.5 * fit.standard_errors[i]);

  for (std::size_t i = 0; i < s.frequency.size(); ++i) {
    s.recency[i] *= 7.0;
    s.age[i] *= 7.0;
  }
  const bg_nbd_fit days = fit_of(s);
  EXPECT_NEAR(days.parameters.r / fit.parameters.r, 1.0, 1e-9);
  EXPECT_NEAR(days.parameters.alpha / fit.parameters.alpha, 7.0, 1e-8);
  EXPECT_NEAR(days.parameters.a / fit.parameters.a, 1.0, 1e-9);
  EXPECT_NEAR(days.standard_errors[1] / fit.standard_errors[1], 7.0, 1e-7);
}

TEST(bg_nbd_fit, runaways_are_named) {
  simulation market;
  // Chance may look like a little drop-out, so not each sample ends exactly at the limit.
  bool nobody = false;
  for (int i = 0; i < 6; ++i) {
    const bg_nbd_fit fit = fit_of(market.draw({0.8, 6, 1, 1}, 3000, 60, false));
    EXPECT_LT(fit.parameters.a / (fit.parameters.a + fit.parameters.b), 0.02);
    EXPECT_EQ(fit.converged, fit.diagnosis.empty());
    EXPECT_EQ(fit.converged, !std::isnan(fit.standard_errors[0]));
    nobody = nobody || fit.limit == bg_nbd_limit::no_drop_out;
  }
  EXPECT_TRUE(nobody);

  customers everybody_just_ordered;
  for (int i = 0; i < 200; ++i)
    everybody_just_ordered.add(1 + (i * i) % 7, 10 + i % 13, 10 + i % 13);
  const bg_nbd_fit active = fit_of(everybody_just_ordered);
  EXPECT_FALSE(active.converged);
  EXPECT_EQ(active.limit, bg_nbd_limit::same_rate); // and nobody drops out
  EXPECT_NE(active.diagnosis.find("nobody drops out"), std::string::npos) << active.diagnosis;

  bool one_rate = false, one_drop_out = false, one_order = false;
  for (int i = 0; i < 6; ++i) {
    const bg_nbd_fit rate = fit_of(market.draw({5, 40, 0.5, 2}, 1500, 60, true, true));
    one_rate = one_rate || rate.limit == bg_nbd_limit::same_rate;
    const bg_nbd_fit same = fit_of(market.draw({2, 2, 1e6, 4e6}, 1500, 60));
    one_drop_out = one_drop_out || same.limit == bg_nbd_limit::same_drop_out;
  }
  EXPECT_TRUE(one_rate);
  EXPECT_TRUE(one_drop_out);

  const bg_nbd_fit once = fit_of(market.draw({2, 2, 1e7, 1e-3}, 1500, 60));
  one_order = once.limit == bg_nbd_limit::certain_drop_out;
  EXPECT_TRUE(one_order) << once.diagnosis;
}

template <class Call>
emptor::error refusal(const Call& call) {
  try {
    (void)call();
  } catch (const emptor::error& e) {
    return e;
  }
  return {status::ok, "no error"};
}

TEST(bg_nbd_fit, refuses_with_row_and_column) {
  simulation market;
  const customers good = market.draw({0.8, 6, 1.2, 3}, 50, 60);
  const auto with = [&](std::vector<double> customers::*column, double bad) {
    customers s = good;
    s.weight.assign(s.frequency.size(), 1.0);
    s.frequency[12] = 1.0;
    s.recency[12] = s.age[12] = 5.0;
    (s.*column)[12] = bad;
    return refusal([&] { return fit_of(s); });
  };
  const emptor::error e = with(&customers::frequency, -1.0);
  EXPECT_EQ(e.code(), status::data);
  EXPECT_STREQ(e.what(), "value.bg_nbd: frequency[12] is -1, but must be >= 0");
  EXPECT_EQ(e.row(), 12);
  EXPECT_EQ(e.column(), 0);
  EXPECT_STREQ(with(&customers::frequency, 1.5).what(),
               "value.bg_nbd: frequency[12] is 1.5, but must be whole");
  EXPECT_STREQ(with(&customers::frequency, 0.0).what(),
               "value.bg_nbd: recency[12] is 5, but must be 0 where frequency is 0");
  EXPECT_STREQ(with(&customers::recency, 5.5).what(), "value.bg_nbd: recency[12] is 5.5, but must be <= age");
  EXPECT_STREQ(with(&customers::weight, -2.0).what(), "value.bg_nbd: weight[12] is -2, but must be >= 0");
  for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL})
    for (const auto column :
         {&customers::frequency, &customers::recency, &customers::age, &customers::weight})
      EXPECT_EQ(with(column, bad).code(), status::data);
}

TEST(bg_nbd_fit, refuses_thin_data_and_unlike_lengths) {
  const std::vector<double> none;
  EXPECT_EQ(refusal([&] { return fit_bg_nbd(none, none, none); }).code(), status::too_few);
  const std::vector<double> zero(40, 0.0), ten(40, 10.0), three(3, 10.0);
  EXPECT_EQ(refusal([&] { return fit_bg_nbd(zero, zero, ten); }).code(), status::too_few);
  EXPECT_EQ(refusal([&] { return fit_bg_nbd(zero, zero, zero); }).code(), status::too_few);
  EXPECT_EQ(refusal([&] { return fit_bg_nbd(zero, three, ten); }).code(), status::schema);
  const std::vector<double> x{0, 1, 2, 2}, t{0, 3, 5, 5}, age{10, 10, 10, 10};
  const emptor::error e = refusal([&] { return fit_bg_nbd(x, t, age); });
  EXPECT_EQ(e.code(), status::too_few);
  EXPECT_NE(std::string(e.what()).find("value.bg_nbd: "), std::string::npos);
}

TEST(bg_nbd_fit, can_be_cancelled_and_reports_progress) {
  simulation market;
  const customers s = market.draw({0.8, 6, 1.2, 3}, 500, 60);
  std::atomic<int> cancel{0};
  emptor::run how;
  how.cancel = &cancel;
  how.user = &cancel;
  how.progress = [](double, void* user) { static_cast<std::atomic<int>*>(user)->fetch_add(0); };
  EXPECT_TRUE(fit_of(s, how).converged);
  how.progress = [](double share, void* user) {
    static_cast<std::atomic<int>*>(user)->store(share > 0.2 ? 1 : 0);
  };
  EXPECT_EQ(refusal([&] { return fit_of(s, how); }).code(), status::cancelled);
}

} // namespace
} // namespace bg_nbd_test
