// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <cmath>
#include <cstddef>

#include <boost/math/special_functions/gamma.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <gtest/gtest.h>

#include <emptor/value/bg_nbd.hpp>
#include <emptor/value/mbg_nbd.hpp>

#include "customers.hpp"

namespace mbg_nbd_test {
namespace {

using emptor::test::cdnow;
using emptor::test::customers;
using namespace emptor::value;
using parameters = mbg_nbd_parameters<double>;
using wide = boost::multiprecision::cpp_bin_float_50;

mbg_nbd_fit fit_of(const customers& from) {
  return fit_mbg_nbd(from.frequency, from.recency, from.age, from.weight);
}

// ---- published figures ----

TEST(mbg_nbd_figures, cdnow_sample) {
  const customers s = cdnow("cdnow_sample.csv");
  if (s.size() == 0)
    GTEST_SKIP() << "no cdnow_sample.csv in EMPTOR_DATA_DIR: the fit of the CDNOW sample is not tested";
  const mbg_nbd_fit fit = fit_of(s);
  EXPECT_TRUE(fit.converged) << fit.diagnosis;
  EXPECT_EQ(fit.distinct_rows, 1016);
  EXPECT_GE(fit.log_likelihood, -9582.13571556);
  EXPECT_NEAR(fit.log_likelihood, -9582.13571555, 1e-8);
  const double values[] = {0.5248431589, 6.183085278, 0.8913593911, 1.614002242};
  const double errors[] = {0.0832681, 0.69562, 0.15479, 0.537494};
  const auto found = numbers(fit.parameters);
  for (std::size_t i = 0; i < 4; ++i) {
    EXPECT_NEAR(found[i] / values[i], 1.0, 1e-8) << i;
    EXPECT_NEAR(fit.standard_errors[i] / errors[i], 1.0, 1e-5) << i;
  }
  // To the digits of lifetimes and BTYDplus.
  const double printed[] = {0.525, 6.183, 0.891, 1.614};
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(found[i], printed[i], 5e-4) << i;
}

TEST(mbg_nbd_figures, cdnow_cohort) {
  const customers s = cdnow("cdnow.csv");
  if (s.size() == 0)
    GTEST_SKIP() << "no cdnow.csv in EMPTOR_DATA_DIR: the fit of the whole CDNOW cohort is not tested";
  const mbg_nbd_fit fit = fit_of(s);
  EXPECT_TRUE(fit.converged) << fit.diagnosis;
  EXPECT_GE(fit.log_likelihood, -95336.95831989);
  EXPECT_NEAR(fit.log_likelihood, -95336.95831988, 2e-8);
  const double values[] = {0.6371397329, 7.310289538, 0.8074741185, 1.228393998};
  const auto found = numbers(fit.parameters);
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(found[i] / values[i], 1.0, 1e-8) << i;
}

TEST(mbg_nbd_figures, customers_at_the_maximum) {
  const parameters p{0.5248431589, 6.183085278, 0.8913593911, 1.614002242};
  EXPECT_NEAR(probability_alive(p, 2, 213 / 7.0, 272 / 7.0), 0.706138479009, 1e-11);
  EXPECT_NEAR(expected_orders(p, 2, 213 / 7.0, 272 / 7.0, 39), 1.26275885084, 1e-10);
  EXPECT_NEAR(probability_alive(p, 26, 216 / 7.0, 31), 0.965484649146, 1e-10);
  EXPECT_NEAR(expected_orders(p, 26, 216 / 7.0, 31, 52), 23.9981908909, 1e-8);
  EXPECT_NEAR(probability_alive(p, 0, 0, 272 / 7.0), 0.389722976824, 1e-10);
  EXPECT_NEAR(expected_orders(p, 0, 0, 272 / 7.0, 52), 0.197644009207, 1e-10);
}

// ---- fifty digits ----

wide log_gamma_ratio(const wide& x, const wide& n) {
  return boost::math::lgamma(wide(x + n)) - boost::math::lgamma(x);
}

TEST(mbg_nbd_oracle, likelihood_and_probability_over_a_wide_grid) {
  for (const double r : {1e-3, 0.24, 3.0, 1e4})
    for (const double alpha : {1e-3, 4.4, 1e4})
      for (const double a : {1e-4, 0.79, 50.0, 1e4})
        for (const double b : {1e-3, 2.43, 1e4})
          for (const double x : {0.0, 1.0, 2.0, 12.0, 300.0, 1e6})
            for (const double share : {0.001, 0.5, 0.9999, 1.0}) {
              const double age = 272 / 7.0;
              const double t_x = x == 0.0 ? 0.0 : share * age;
              const parameters p{r, alpha, a, b};
              const auto where = testing::PrintToString(std::vector<double>{r, alpha, a, b, x, t_x});
              const wide ratio =
                  pow(wide((wide(alpha) + age) / (wide(alpha) + t_x)), wide(wide(r) + x)) * a / (wide(b) + x);
              const wide alive = 1 / (1 + ratio);
              if (alive > wide("1e-290")) {
                EXPECT_LT(abs(wide(probability_alive(p, x, t_x, age) / alive - 1)), 1e-12) << where;
              }
              const wide shape = log_gamma_ratio(r, x) - x * log(wide(alpha)) +
                                 log_gamma_ratio(b, wide(x) + 1) - log_gamma_ratio(wide(a) + b, wide(x) + 1);
              const wide aged = -(wide(r) + x) * log(1 + wide(age) / alpha);
              const wide expected = shape + aged + log(wide(1 + ratio));
              const double largest = static_cast<double>(abs(aged) + x * abs(log(wide(alpha))) +
                                                         abs(boost::math::lgamma(wide(r + x))) +
                                                         abs(boost::math::lgamma(wide(wide(a) + b + x + 1))));
              EXPECT_LT(abs(wide(log_likelihood(p, x, t_x, age) - expected)),
                        std::max(1e-12 * std::max(1.0, static_cast<double>(abs(expected))), 1e-15 * largest))
                  << where;
            }
}

// ---- properties ----

/// MBG/NBD is BG/NBD with b + 1 for who has a repeat order; a first order that can be the last is what differs.
TEST(mbg_nbd, is_bg_nbd_with_one_more_chance_to_leave) {
  const parameters p{0.5, 6.2, 0.9, 1.6};
  const bg_nbd_parameters<> q{p.r, p.alpha, p.a, p.b + 1.0};
  for (const double x : {1.0, 4.0, 30.0}) {
    EXPECT_NEAR(probability_alive(p, x, 20, 39) / probability_alive(q, x, 20, 39), 1.0, 1e-14);
    EXPECT_NEAR(expected_orders(p, x, 20, 39, 52) / expected_orders(q, x, 20, 39, 52), 1.0, 1e-13);
    EXPECT_NEAR(log_likelihood(p, x, 20, 39), log_likelihood(q, x, 20, 39) + std::log(p.b / (p.a + p.b)),
                1e-12);
  }
}

TEST(mbg_nbd, who_ordered_once_may_be_gone) {
  const parameters p{0.5, 6.2, 0.9, 1.6};
  EXPECT_NEAR(probability_alive(p, 0, 0, 0), p.b / (p.a + p.b), 1e-15);
  double before = 1.0;
  for (double age = 0.0; age < 1e6; age = 2.0 * age + 1.0) {
    const double now = probability_alive(p, 0, 0, age);
    EXPECT_LT(now, before);
    before = now;
  }
  // Nobody orders more than he does while alive.
  EXPECT_LT(expected_orders(p, 100), p.r / p.alpha * 100 * p.b / (p.a + p.b));
}

} // namespace
} // namespace mbg_nbd_test
