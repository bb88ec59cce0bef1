// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/stats/variates.hpp>
#include <emptor/value/pareto_nbd.hpp>
#include <emptor/value/simulate.hpp>

#include "customers.hpp"

namespace pareto_nbd_fit_test {
namespace {

using namespace emptor::value;
using emptor::random_stream;
using emptor::test::cdnow;
using emptor::test::customers;
using parameters = pareto_nbd_parameters<double>;

pareto_nbd_fit fit(const customers& c, const emptor::run& how = {}) {
  return fit_pareto_nbd(c.frequency, c.recency, c.age, {}, {}, how);
}

void expect_same_bits(const pareto_nbd_fit& x, const pareto_nbd_fit& y) {
  EXPECT_EQ(numbers(x.parameters), numbers(y.parameters));
  EXPECT_EQ(x.log_likelihood, y.log_likelihood);
  EXPECT_EQ(x.covariance, y.covariance);
  EXPECT_EQ(x.iterations, y.iterations);
}

TEST(pareto_nbd_fit, cdnow_sample) {
  const customers c = cdnow("cdnow_sample.csv");
  if (c.size() == 0)
    GTEST_SKIP() << "no cdnow_sample.csv in EMPTOR_DATA_DIR: the fit of the CDNOW sample is not tested";
  const pareto_nbd_fit found = fit(c);
  EXPECT_TRUE(found.converged) << found.diagnosis;
  EXPECT_EQ(found.limit, pareto_nbd_limit::none);
  EXPECT_EQ(found.customers, 2357);
  EXPECT_EQ(found.distinct_rows, 1016);
  EXPECT_GE(found.log_likelihood, -9594.97617895);
  EXPECT_NEAR(found.log_likelihood, -9594.97617894, 1e-8);
  EXPECT_NEAR(found.parameters.r, 0.5532770467, 2e-10);
  EXPECT_NEAR(found.parameters.alpha, 10.57768346, 5e-9);
  EXPECT_NEAR(found.parameters.s, 0.6062399904, 3e-9);
  EXPECT_NEAR(found.parameters.beta, 11.66873533, 5e-8);
  EXPECT_LT(found.scaled_gradient, 1e-12);
  // Covariance of CLVTools (numerical Hessian at its own estimate, whose beta is 0.003 off).
  const double covariance[4][4] = {{0.00226768, 0.0329769, -0.00314555, -0.140413},
                                   {0.0329769, 0.710143, -0.0268566, -1.20364},
                                   {-0.00314555, -0.0268566, 0.0349889, 1.12736},
                                   {-0.140413, -1.20364, 1.12736, 38.4856}};
  for (std::size_t i = 0; i < 4; ++i) {
    for (std::size_t j = 0; j < 4; ++j)
      EXPECT_NEAR(found.covariance[4 * i + j] / covariance[i][j], 1.0, 3e-3) << i << j;
  }
  const double errors[] = {0.0476281, 0.842724, 0.187283, 6.21117};
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_NEAR(found.standard_errors[i] / errors[i], 1.0, 2e-5) << i;
  EXPECT_NEAR(found.aic(), 2 * 9594.97617894 + 8, 1e-7);

  // At fixed parameters (CLVTools; BTYD).
  const auto total = [&](const parameters& p) {
    double sum = 0.0;
    for (std::size_t i = 0; i < c.size(); ++i)
      sum += log_likelihood(p, c.frequency[i], c.recency[i], c.age[i]);
    return sum;
  };
  EXPECT_NEAR(total({.5534, 10.5802, .6061, 11.6562}), -9594.97620435, 1e-8);
  EXPECT_NEAR(total({.5, 8, .7, 10}), -9611.36208164, 1e-8);
  EXPECT_NEAR(total(found.parameters), found.log_likelihood, 1e-9);

  // Orders expected in the 39 weeks of the holdout (CLVTools, whose estimate stops short of the maximum).
  double sum = 0.0;
  for (std::size_t i = 0; i < c.size(); ++i)
    sum += expected_orders(found.parameters, c.frequency[i], c.recency[i], c.age[i], 39.0);
  EXPECT_NEAR(sum, 1665.68802677, 0.2);
}

TEST(pareto_nbd_fit, cdnow_cohort_and_the_same_bits_for_any_threads_and_order) {
  const customers c = cdnow("cdnow.csv");
  if (c.size() == 0)
    GTEST_SKIP() << "no cdnow.csv in EMPTOR_DATA_DIR: the fit of the whole CDNOW cohort is not tested";
  const pareto_nbd_fit found = fit(c);
  EXPECT_TRUE(found.converged) << found.diagnosis;
  EXPECT_EQ(found.customers, 23570);
  EXPECT_EQ(found.distinct_rows, 8685);
  EXPECT_GE(found.log_likelihood, -95415.11861748);
  EXPECT_NEAR(found.log_likelihood, -95415.11861747, 2e-8);
  EXPECT_NEAR(found.parameters.r, 0.5974199665, 5e-10);
  EXPECT_NEAR(found.parameters.alpha, 11.58565778, 1e-8);
  EXPECT_NEAR(found.parameters.s, 0.5221856104, 5e-9);
  EXPECT_NEAR(found.parameters.beta, 8.827759138, 1e-7);

  for (const int threads : {2, 7}) {
    emptor::run how;
    how.threads = threads;
    expect_same_bits(found, fit(c, how));
  }
  std::vector<std::size_t> order(c.size());
  std::iota(order.rbegin(), order.rend(), std::size_t{0});
  expect_same_bits(found, fit(c.rows(order)));
}

TEST(pareto_nbd_fit, weights_stand_for_rows_and_the_unit_of_time_does_not_matter) {
  const simulated_customers s =
      simulate(parameters{.6, 12, .5, 9}, {.customers = 4000, .seed = 2, .age = 40, .spread = 20});
  const pareto_nbd_fit weeks = fit_pareto_nbd(s.frequency, s.recency, s.age);
  ASSERT_TRUE(weeks.converged);
  std::vector<double> frequency, recency, age, weight;
  for (std::size_t i = 0; i < s.age.size(); ++i) {
    frequency.push_back(s.frequency[i]);
    recency.push_back(7.0 * s.recency[i]);
    age.push_back(7.0 * s.age[i]);
    weight.push_back(3.0);
  }
  const pareto_nbd_fit days = fit_pareto_nbd(frequency, recency, age, weight);
  ASSERT_TRUE(days.converged);
  EXPECT_NEAR(days.parameters.r / weeks.parameters.r, 1.0, 1e-8);
  EXPECT_NEAR(days.parameters.alpha / weeks.parameters.alpha, 7.0, 1e-7);
  EXPECT_NEAR(days.parameters.beta / weeks.parameters.beta, 7.0, 1e-7);
  EXPECT_NEAR(days.standard_errors[0] / weeks.standard_errors[0], std::sqrt(1.0 / 3.0), 1e-7);
}

/// Customers of a nature that no parameters of the model give.
template <class Draw>
pareto_nbd_fit fit_natures(const Draw& draw, std::uint64_t seed) {
  const simulated_customers s =
      simulate_customers(draw, {.customers = 3000, .seed = seed, .age = 40, .spread = 20, .tick = 0.5});
  return fit_pareto_nbd(s.frequency, s.recency, s.age);
}
void expect_limit(const pareto_nbd_fit& found, pareto_nbd_limit limit) {
  EXPECT_FALSE(found.converged);
  EXPECT_EQ(found.limit, limit) << found.diagnosis;
  EXPECT_FALSE(found.diagnosis.empty());
  for (const double one : found.standard_errors)
    EXPECT_TRUE(std::isnan(one));
  EXPECT_TRUE(std::isfinite(found.log_likelihood));
}

TEST(pareto_nbd_fit, says_which_simpler_model_the_data_ask_for) {
  const auto gamma = [](random_stream& stream, double shape, double scale) {
    return emptor::stats::gamma_variate(shape, stream) / scale;
  };
  const auto waits = [](random_stream& stream, double rate) {
    return emptor::stats::exponential_variate(stream) / rate;
  };
  // One drop-out rate for all.
  expect_limit(fit_natures(
                   [&](random_stream& stream) {
                     const double rate = gamma(stream, .7, 9);
                     return customer_nature{rate, waits(stream, .05), 0.0, false};
                   },
                   1),
               pareto_nbd_limit::same_drop_out);
  // One order rate for all.
  expect_limit(fit_natures(
                   [&](random_stream& stream) {
                     return customer_nature{.1, waits(stream, gamma(stream, .7, 12)), 0.0, false};
                   },
                   1),
               pareto_nbd_limit::same_rate);
  // Some leave at once, the others stay.
  expect_limit(fit_natures(
                   [&](random_stream& stream) {
                     const double rate = gamma(stream, .7, 5);
                     return customer_nature{rate, stream.uniform() < .4 ? 0.0 : never_drops_out, 0.0, false};
                   },
                   1),
               pareto_nbd_limit::split_drop_out);
  // Nobody leaves: of orders more regular than any rates would give.
  customers regular;
  for (int i = 0; i < 400; ++i) {
    const double age = 20 + i % 20;
    const double every = 2 + i % 7;
    const double x = std::floor(age / every);
    regular.add(x, x * every, age);
  }
  expect_limit(fit(regular), pareto_nbd_limit::no_drop_out);
}

TEST(pareto_nbd_fit, an_extreme_likelihood_stays_finite) {
  // Who orders a thousand times beside those who never do.
  customers c;
  for (int i = 0; i < 50; ++i) {
    c.add(0, 0, 10 + i);
    c.add(1 + i % 3, 5, 10 + i);
  }
  c.add(1000, 9.5, 10);
  c.add(30000, 200, 365);
  const pareto_nbd_fit found = fit(c);
  EXPECT_TRUE(std::isfinite(found.log_likelihood));
  EXPECT_TRUE(found.converged || !found.diagnosis.empty());
}

} // namespace
} // namespace pareto_nbd_fit_test
