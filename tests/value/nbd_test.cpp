// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <boost/math/special_functions/gamma.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <gtest/gtest.h>

#include <emptor/math/real.hpp>
#include <emptor/stats/variates.hpp>
#include <emptor/value/nbd.hpp>
#include <emptor/value/pareto_nbd.hpp>
#include <emptor/value/simulate.hpp>

#include "customers.hpp"

namespace nbd_test {
namespace {

using namespace emptor::value;
using emptor::test::cdnow;
using emptor::test::customers;
using parameters = nbd_parameters<double>;
using wide = boost::multiprecision::cpp_bin_float_50;

TEST(nbd_fit, cdnow_sample) {
  const customers c = cdnow("cdnow_sample.csv");
  if (c.size() == 0)
    GTEST_SKIP() << "no cdnow_sample.csv in EMPTOR_DATA_DIR: the fit of the CDNOW sample is not tested";
  const nbd_fit found = fit_nbd(c.frequency, c.recency, c.age);
  EXPECT_TRUE(found.converged) << found.diagnosis;
  // BTYDplus: 0.38476587527, 12.0720137321, -9763.65761467.
  EXPECT_NEAR(found.log_likelihood, -9763.65761467, 1e-8);
  EXPECT_NEAR(found.parameters.r, 0.38476587527, 5e-7);
  EXPECT_NEAR(found.parameters.alpha, 12.0720137321, 2e-5);
  EXPECT_LT(found.scaled_gradient, 1e-12);
  const auto total = [&](const parameters& p) {
    double sum = 0.0;
    for (std::size_t i = 0; i < c.size(); ++i)
      sum += log_likelihood(p, c.frequency[i], c.recency[i], c.age[i]);
    return sum;
  };
  EXPECT_GE(total(found.parameters), total({0.38476587527, 12.0720137321}) - 1e-10);
  EXPECT_NEAR(total(found.parameters), found.log_likelihood, 1e-9);
}

TEST(nbd_fit, says_which_simpler_model_the_data_ask_for) {
  const auto fit = [](double rate_of_some, double share) {
    const simulated_customers s = simulate_customers(
        [&](emptor::random_stream& stream) {
          return customer_nature{stream.uniform() < share ? rate_of_some : 0.0, never_drops_out, 0.0, false};
        },
        {.customers = 3000, .seed = 1, .age = 40, .tick = 0.5});
    return fit_nbd(s.frequency, s.recency, s.age);
  };
  const nbd_fit same = fit(0.1, 1.0);
  EXPECT_FALSE(same.converged);
  EXPECT_EQ(same.limit, nbd_limit::same_rate) << same.diagnosis;
  EXPECT_TRUE(fit(0.1, 0.5).converged);
}

TEST(nbd_scores, fifty_digits) {
  for (const parameters p : {parameters{.38, 12.1}, parameters{1e-3, 1e-4}, parameters{50, 1e4}}) {
    const wide alpha = p.alpha;
    for (const double x : {0.0, 3.0, 250.0, 1e6}) {
      for (const double age : {0.0, 39.0}) {
        const wide k = wide(p.r) + x;
        const wide a = alpha + age;
        for (const double h : {1e-7, 5.0, 1e6}) {
          const auto near = [&](double found, const wide& truth) {
            EXPECT_LE(abs(wide(found - truth)), 1e-12 * abs(truth) + 1e-302)
                << p.r << " " << x << " " << age << " " << h;
          };
          near(expected_orders(p, x, 0, age, h), k / a * h);
          near(probability_active(p, x, 0, age, h), -expm1(wide(-k * log1p(wide(h / a)))));
          near(discounted_expected_orders(p, x, 0, age, .003), k / a / .003);
          near(discounted_expected_orders(p, x, 0, age, .003, h),
               k / a * -expm1(wide(wide(-.003) * h)) / .003);
          near(discounted_expected_orders(p, x, 0, age, 0, h), k / a * h);
          near(next_order_quantile(p, x, 0, age, .3), a * expm1(wide(-log1p(wide(-.3)) / k)));
          near(mean_order_rate(p, x, 0, age), k / a);
          for (const double n : {0.0, 2.0, 100.0}) {
            const wide log_truth = boost::math::lgamma(wide(k + n)) - boost::math::lgamma(k) -
                                   boost::math::lgamma(wide(n + 1)) + n * log(wide(h / a)) -
                                   (k + n) * log1p(wide(h / a));
            if (log_truth > -660)
              near(probability_of_orders(p, x, 0, age, n, h), exp(log_truth));
          }
        }
      }
    }
  }
}

TEST(nbd_scores, it_is_the_limit_of_pareto_nbd_without_drop_out) {
  const parameters p{.6, 11};
  const pareto_nbd_parameters<double> nearly{.6, 11, 1e-3, 1e9};
  EXPECT_NEAR(log_likelihood(nearly, 3, 20, 39), log_likelihood(p, 3, 20, 39), 1e-10);
  EXPECT_NEAR(expected_orders(nearly, 3, 20, 39, 52), expected_orders(p, 3, 20, 39, 52), 1e-9);
  EXPECT_NEAR(probability_of_orders(nearly, 3, 20, 39, 2, 52), probability_of_orders(p, 3, 20, 39, 2, 52),
              1e-10);
}

TEST(nbd_entry, what_has_no_meaning_is_no_output) {
  for (const emptor::column_description& output : nbd_entry.description->score.outputs) {
    EXPECT_NE(output.name, "probability_alive");
    EXPECT_NE(output.name, "probability_alive_in");
    EXPECT_NE(output.name, "mean_dropout");
  }
  EXPECT_FALSE(nbd::undefined(quantity::probability_alive).empty());
  EXPECT_TRUE(nbd::undefined(quantity::expected_orders).empty());
}

} // namespace
} // namespace nbd_test
