// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <limits>
#include <map>
#include <numeric>
#include <span>
#include <string>
#include <vector>

#include <boost/math/special_functions/gamma.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <gtest/gtest.h>

#include <emptor/value/gamma_gamma_entry.hpp>

#include "customers.hpp"
#include "support/random.hpp"

namespace gamma_gamma_test {
namespace {

namespace value = emptor::value;
using emptor::status;
using emptor::math::real;
using value::expected_spend;
using value::gamma_gamma_fit;
using value::gamma_gamma_limit;
using value::log_likelihood;
using value::spend_deviation;
using parameters = value::gamma_gamma_parameters<double>;
using wide = boost::multiprecision::cpp_bin_float_50;

/// One row per customer.
struct spending {
  std::vector<double> x, z, weight;
  std::vector<std::string> who;

  void add(double orders, double mean) {
    x.push_back(orders);
    z.push_back(mean);
  }
  [[nodiscard]] gamma_gamma_fit fit(const emptor::run& how = {}) const {
    return value::fit_gamma_gamma(x, z, weight, {}, how);
  }
  [[nodiscard]] spending in_order(std::span<const std::size_t> order) const {
    spending other;
    for (const std::size_t i : order)
      other.add(x[i], z[i]);
    return other;
  }
};

/// To 1997-09-30; what a customer buys on one day is one order, and the first is no repeat. Empty where the data
/// are missing.
spending cdnow(const char* name) {
  std::ifstream in(emptor::test::data_file(name));
  std::map<std::string, std::map<std::string, double>> days;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    const std::size_t comma = line.find(',');
    const std::string date = line.substr(comma + 1, 10);
    if (date <= "1997-09-30")
      days[line.substr(0, comma)][date] += std::stod(line.substr(line.rfind(',') + 1));
  }
  spending found;
  for (const auto& [customer, orders] : days) {
    double sum = 0.0;
    for (auto order = std::next(orders.begin()); order != orders.end(); ++order)
      sum += order->second;
    const auto repeats = static_cast<double>(orders.size() - 1);
    found.add(repeats, repeats > 0.0 ? sum / repeats : 0.0);
    found.who.push_back(customer);
  }
  return found;
}

/// Customers drawn from the model.
class simulation : public emptor::test::variates {
public:
  spending draw(const parameters& p, int count, bool one_rate = false) {
    spending drawn;
    for (int i = 0; i < count; ++i) {
      const double orders = 1.0 + std::floor(-4.0 * std::log(uniform()));
      const double rate = one_rate ? p.q / p.v : gamma(p.q) / p.v;
      drawn.add(orders, gamma(p.p * orders) / rate / orders);
    }
    return drawn;
  }
};

void expect_same_bits(const gamma_gamma_fit& left, const gamma_gamma_fit& right) {
  EXPECT_EQ(value::numbers(left.parameters), value::numbers(right.parameters));
  EXPECT_EQ(left.log_likelihood, right.log_likelihood);
  EXPECT_EQ(left.covariance, right.covariance);
  EXPECT_EQ(left.iterations, right.iterations);
}

// ---- published figures ----

TEST(gamma_gamma_figures, cdnow_sample) {
  const spending rows = cdnow("cdnow_sample.csv");
  if (rows.x.empty())
    GTEST_SKIP() << "no cdnow_sample.csv in EMPTOR_DATA_DIR: the fit of the CDNOW sample is not tested";
  const gamma_gamma_fit fit = rows.fit();
  EXPECT_TRUE(fit.converged) << fit.diagnosis;
  EXPECT_EQ(fit.limit, gamma_gamma_limit::none);
  EXPECT_EQ(fit.customers, 946);
  EXPECT_GE(fit.log_likelihood, -4055.91769481);
  EXPECT_NEAR(fit.log_likelihood, -4055.91769480, 1e-7);
  EXPECT_NEAR(fit.parameters.p, 6.24957228, 1e-7);
  EXPECT_NEAR(fit.parameters.q, 3.744224666, 1e-8);
  EXPECT_NEAR(fit.parameters.v, 15.44352093, 1e-6);
  const double errors[] = {1.19005, 0.290133, 4.15942};
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_NEAR(fit.standard_errors[i] / errors[i], 1.0, 1e-5) << i;

  // CLVTools at its maximum, lifetimes (after note 025) at rounded parameters.
  const auto spend_of = [&](const parameters& p, std::size_t customer) {
    return expected_spend(p, rows.x[customer], rows.z[customer]);
  };
  const double clvtools[] = {24.6540311705, 18.9102918606, 35.1704992379, 0, 0, 71.4646120772};
  for (const std::size_t i : {0U, 1U, 2U, 5U})
    EXPECT_NEAR(spend_of(fit.parameters, i) / clvtools[i], 1.0, 3e-5) << i;
  const double lifetimes[] = {24.65, 18.91, 35.17, 35.17, 35.17, 71.46, 18.91, 35.17, 27.28, 35.17};
  for (std::size_t i = 0; i < 10; ++i)
    EXPECT_NEAR(spend_of({6.25, 3.74, 15.44}, i), lifetimes[i], 0.1) << i;
  const auto named = std::find(rows.who.begin(), rows.who.end(), "1516");
  ASSERT_NE(named, rows.who.end());
  EXPECT_NEAR(spend_of(fit.parameters, static_cast<std::size_t>(named - rows.who.begin())), 39.8902852218,
              1e-3);

  for (const int threads : {2, 7, 0}) {
    emptor::run how;
    how.threads = threads;
    expect_same_bits(fit, rows.fit(how));
  }
}

TEST(gamma_gamma_figures, cdnow_cohort) {
  spending rows = cdnow("cdnow.csv");
  if (rows.x.empty())
    GTEST_SKIP() << "no cdnow.csv in EMPTOR_DATA_DIR: the fit of the whole CDNOW cohort is not tested";
  // One customer spent nothing on his repeat orders.
  std::vector<std::size_t> spent;
  for (std::size_t i = 0; i < rows.x.size(); ++i) {
    if (rows.x[i] == 0.0 || rows.z[i] > 0.0)
      spent.push_back(i);
  }
  EXPECT_EQ(spent.size(), rows.x.size() - 1);
  const gamma_gamma_fit fit = rows.in_order(spent).fit();
  EXPECT_TRUE(fit.converged) << fit.diagnosis;
  EXPECT_EQ(fit.customers, 9450);
  EXPECT_GE(fit.log_likelihood, -40763.47626140);
  EXPECT_NEAR(fit.log_likelihood, -40763.47626139, 1e-7);
  EXPECT_NEAR(fit.parameters.p, 6.275359067, 1e-7);
  EXPECT_NEAR(fit.parameters.q, 3.624450023, 1e-8);
  EXPECT_NEAR(fit.parameters.v, 14.98368703, 1e-6);
  for (const int threads : {2, 7}) {
    emptor::run how;
    how.threads = threads;
    expect_same_bits(fit, rows.in_order(spent).fit(how));
  }
}

// ---- fifty digits ----

wide log_likelihood_wide(const parameters& at, double frequency, double monetary_value) {
  using boost::math::lgamma;
  const wide p = at.p, q = at.q, v = at.v, x = frequency, z = monetary_value;
  return lgamma(wide(p * x + q)) - lgamma(wide(p * x)) - lgamma(q) + q * log(v) + (p * x - 1) * log(z) +
         p * x * log(x) - (p * x + q) * log(wide(v + x * z));
}

TEST(gamma_gamma_oracle, over_a_wide_grid) {
  for (const double p : {1e-3, 0.4, 6.25, 200.0, 1e6})
    for (const double q : {1e-2, 1.0 + 1e-9, 3.74, 80.0, 1e5})
      for (const double v : {1e-6, 15.44, 1e5, 1e12})
        for (const double x : {1.0, 2.0, 40.0, 1e6})
          for (const double z : {1e-6, 0.01, 35.0, 1e9}) {
            const parameters at{p, q, v};
            const auto where = testing::PrintToString(std::vector<double>{p, q, v, x, z});
            const wide expected = log_likelihood_wide(at, x, z);
            // What belongs to it: the two shares in the sum of a Beta variable and its rest.
            const double part = 1.0 + std::fabs(std::log(z)) + q * std::log1p(x * z / v) +
                                p * x * std::log1p(v / (x * z)) + std::fabs(std::lgamma(q)) +
                                q * std::fabs(std::log(p * x + q));
            EXPECT_LT(abs(wide(log_likelihood(at, x, z) - expected)), wide(2e-15) * (part + abs(expected)))
                << where;
            const wide shape = wide(p) * x + q - 1;
            if (shape > 0) {
              const wide mean = wide(p) * (wide(v) + wide(x) * z) / shape;
              EXPECT_LT(abs(wide(expected_spend(at, x, z) / mean - 1)), wide(1e-15)) << where;
              if (shape > 1)
                EXPECT_LT(abs(wide(spend_deviation(at, x, z) / (mean / sqrt(wide(shape - 1))) - 1)),
                          wide(1e-14))
                    << where;
              else
                EXPECT_TRUE(std::isnan(spend_deviation(at, x, z))) << where;
            } else {
              EXPECT_TRUE(std::isnan(expected_spend(at, x, z))) << where;
            }
          }
}

// ---- properties ----

TEST(gamma_gamma, spend_lies_between_the_customer_and_the_population) {
  const parameters p{6.25, 3.74, 15.44};
  const double population = expected_spend(p);
  EXPECT_NEAR(population, 6.25 * 15.44 / 2.74, 1e-13);
  EXPECT_EQ(expected_spend(p, 0.0, std::nan("")), population);
  for (const double z : {1.0, 30.0, 36.0, 500.0}) {
    double before = population;
    double spread = spend_deviation(p);
    for (double x = 1.0; x < 1e7; x *= 3.0) {
      const double now = expected_spend(p, x, z);
      EXPECT_GE((now - before) * (z - population), 0.0) << x << ' ' << z; // ever nearer to his own mean
      EXPECT_GE((z - now) * (z - population), 0.0) << x << ' ' << z;
      EXPECT_LT(spend_deviation(p, x, z) / now, spread / before) << x << ' ' << z;
      before = now;
      spread = spend_deviation(p, x, z);
    }
    EXPECT_NEAR(before / z, 1.0, 1e-5);
  }
}

TEST(gamma_gamma, the_density_of_the_mean_integrates_to_one) {
  for (const parameters& p : {parameters{6.25, 3.74, 15.44}, parameters{0.7, 1.2, 3.0}})
    for (const double x : {1.0, 4.0}) {
      double sum = 0.0;
      const double step = 1e-3;
      for (double log_z = -60.0; log_z < 80.0; log_z += step)
        sum += std::exp(log_likelihood(p, x, std::exp(log_z)) + log_z) * step;
      EXPECT_NEAR(sum, 1.0, 1e-10) << p.p << ' ' << x;
    }
}

TEST(gamma_gamma, any_bits_come_back) {
  const double inf = std::numeric_limits<double>::infinity();
  const std::vector<double> odd{-0.0, -1.0, 0.5, 1e-320, 1e300, inf, std::nan("")};
  double sum = 0.0;
  for (const double p : odd)
    for (const double q : odd)
      for (const double v : odd)
        for (const double x : odd)
          for (const double z : odd) {
            sum += log_likelihood(parameters{p, q, v}, x, z) > 0.5 ? 1.0 : 0.0;
            sum += expected_spend(parameters{p, q, v}, x, z) > 0.5 ? 1.0 : 0.0;
            sum += spend_deviation(parameters{p, q, v}, x, z) > 0.5 ? 1.0 : 0.0;
          }
  EXPECT_GT(sum, 0.0);
}

// ---- fits ----

TEST(gamma_gamma_fit, order_of_rows_weights_threads_and_currency) {
  simulation draw;
  const spending rows = draw.draw({5.0, 3.0, 20.0}, 9000);
  const gamma_gamma_fit fit = rows.fit();
  ASSERT_TRUE(fit.converged) << fit.diagnosis;
  std::vector<std::size_t> order(rows.x.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = (i * 1009 + 17) % order.size();
  expect_same_bits(fit, rows.in_order(order).fit());
  emptor::run how;
  how.threads = 3;
  expect_same_bits(fit, rows.fit(how));

  spending weighted = rows;
  spending repeated;
  for (std::size_t i = 0; i < rows.x.size(); ++i) {
    weighted.weight.push_back(static_cast<double>(i % 3));
    for (std::size_t k = 0; k < i % 3; ++k)
      repeated.add(rows.x[i], rows.z[i]);
  }
  expect_same_bits(weighted.fit(), repeated.fit());

  spending cents = rows;
  for (double& z : cents.z)
    z *= 100.0;
  const gamma_gamma_fit other = cents.fit();
  EXPECT_NEAR(other.parameters.p / fit.parameters.p, 1.0, 1e-8);
  EXPECT_NEAR(other.parameters.q / fit.parameters.q, 1.0, 1e-8);
  EXPECT_NEAR(other.parameters.v / fit.parameters.v, 100.0, 1e-6);
  EXPECT_NEAR(other.standard_errors[2] / fit.standard_errors[2], 100.0, 1e-5);
}

TEST(gamma_gamma_fit, finds_the_parameters_again) {
  simulation draw;
  const gamma_gamma_fit fit = draw.draw({5.0, 3.0, 20.0}, 30000).fit();
  ASSERT_TRUE(fit.converged) << fit.diagnosis;
  EXPECT_EQ(fit.limit, gamma_gamma_limit::none);
  const double truth[] = {5.0, 3.0, 20.0};
  const auto found = value::numbers(fit.parameters);
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_NEAR(found[i], truth[i], 3.5 * fit.standard_errors[i]) << i;
}

TEST(gamma_gamma_fit, hostile_data_are_diagnosed) {
  simulation draw;
  // Few customers with large p: only q and the mean are known.
  bool ridge = false, alike = false, constant = false;
  for (int i = 0; i < 8; ++i) {
    const gamma_gamma_fit few = draw.draw({20.0, 3.0, 4.0}, 40).fit();
    ridge = ridge || few.limit == gamma_gamma_limit::ridge;
    EXPECT_EQ(few.limit == gamma_gamma_limit::none, few.diagnosis.empty());
    if (few.limit == gamma_gamma_limit::ridge) {
      EXPECT_TRUE(few.converged);
      const double correlation = few.covariance[2] / few.standard_errors[0] / few.standard_errors[2];
      EXPECT_LT(correlation, -0.9);
    }
    alike = alike || draw.draw({3.0, 4.0, 20.0}, 2000, true).fit().limit == gamma_gamma_limit::same_customers;
    spending same;
    for (int k = 0; k < 2000; ++k)
      same.add(1.0 + k % 5, 20.0 / -std::log(draw.uniform()));
    constant = constant || same.fit().limit == gamma_gamma_limit::constant_spend;
  }
  EXPECT_TRUE(ridge);
  EXPECT_TRUE(alike);
  EXPECT_TRUE(constant);

  spending same_amount;
  for (int i = 0; i < 50; ++i)
    same_amount.add(1.0 + i % 4, 25.0);
  const gamma_gamma_fit all = same_amount.fit();
  EXPECT_FALSE(all.converged);
  EXPECT_EQ(all.limit, gamma_gamma_limit::same_amount) << all.diagnosis;
  EXPECT_TRUE(std::isnan(all.standard_errors[0]));

  // Amounts without a mean: q would be 0.5.
  spending unequal;
  for (int i = 0; i < 3000; ++i)
    unequal.add(1.0 + i % 3, 1.0 / std::pow(draw.uniform(), 4.0));
  const gamma_gamma_fit no_mean = unequal.fit();
  EXPECT_FALSE(no_mean.converged);
  EXPECT_EQ(no_mean.limit, gamma_gamma_limit::no_mean) << no_mean.diagnosis;
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

TEST(gamma_gamma_fit, refuses_with_row_and_column) {
  simulation draw;
  const spending good = draw.draw({5.0, 3.0, 20.0}, 30);
  const auto with = [&](std::vector<double> spending::*column, double bad) {
    spending rows = good;
    rows.weight.assign(rows.x.size(), 1.0);
    (rows.*column)[12] = bad;
    return refusal([&] { return rows.fit(); });
  };
  const emptor::error e = with(&spending::z, 0.0);
  EXPECT_EQ(e.code(), status::data);
  EXPECT_STREQ(e.what(),
               "value.gamma_gamma: monetary_value[12] is 0, but must be > 0 where frequency is above 0");
  EXPECT_EQ(e.row(), 12);
  EXPECT_EQ(e.column(), 1);
  EXPECT_STREQ(with(&spending::x, 1.5).what(), "value.gamma_gamma: frequency[12] is 1.5, but must be whole");
  EXPECT_EQ(with(&spending::x, -1.0).code(), status::data);
  EXPECT_EQ(with(&spending::weight, -1.0).code(), status::data);
  for (const double bad : {std::nan(""), HUGE_VAL, -HUGE_VAL})
    for (const auto column : {&spending::x, &spending::z, &spending::weight})
      EXPECT_EQ(with(column, bad).code(), status::data);
  const std::vector<double> two(2, 3.0), three(3, 0.0), none;
  EXPECT_EQ(refusal([&] { return value::fit_gamma_gamma(two, two); }).code(), status::too_few);
  EXPECT_EQ(refusal([&] { return value::fit_gamma_gamma(three, three); }).code(), status::too_few);
  EXPECT_EQ(refusal([&] { return value::fit_gamma_gamma(three, two); }).code(), status::schema);
}

// ---- scores ----

TEST(gamma_gamma_scores, statuses_and_intervals) {
  emptor::model from;
  from.entry = value::gamma_gamma::name;
  const std::array<double, 3> p{0.3, 1.5, 20.0};
  from.tables.push_back(emptor::make_parameters(value::gamma_gamma::names, p, {}));
  from.tables.push_back(emptor::make_covariance(
      value::gamma_gamma::names, std::array{0.01, 0.0, -0.3, 0.0, 0.02, 0.1, -0.3, 0.1, 25.0}));
  const auto bound = value::gamma_gamma_entry.bind(
      {.self = &from,
       .options = emptor::option_values("", value::gamma_gamma_score_options,
                                        std::vector<emptor::option>{{"confidence", "0.9"}}),
       .slots = {},
       .inputs = {},
       .wanted = {true, true, true, true}});
  const std::array<double, 3> x{0.0, 1.0, 9.0}, z{std::nan(""), 30.0, 4.0};
  const std::array<emptor::score_block::input, 2> in{{{.number = x.data()}, {.number = z.data()}}};
  std::array<std::array<double, 3>, 4> out{};
  std::array<emptor::score_block::output, 4> to{};
  for (std::size_t o = 0; o < 4; ++o)
    to[o].number = out[o].data();
  std::array<emptor::row_status, 3> statuses{};
  bound->score({.rows = 3, .inputs = in, .outputs = to, .status = statuses.data()});
  const parameters at{0.3, 1.5, 20.0};
  for (std::size_t row = 0; row < 3; ++row) {
    EXPECT_EQ(out[0][row], expected_spend(at, x[row], z[row]));
    EXPECT_LT(out[2][row], out[0][row]);
    EXPECT_GT(out[3][row], out[0][row]);
  }
  EXPECT_TRUE(std::isnan(out[1][0])); // p x + q <= 2
  EXPECT_EQ(statuses[0], emptor::row_status::undefined);
  EXPECT_TRUE(std::isnan(out[1][1]));
  EXPECT_EQ(statuses[2], emptor::row_status::ok);

  EXPECT_EQ(value::gamma_gamma_rule(std::array{2.0, 0.0}).status, emptor::row_status::undefined);
  EXPECT_EQ(value::gamma_gamma_rule(std::array{2.0, std::nan("")}).status, emptor::row_status::missing);
  EXPECT_EQ(value::gamma_gamma_rule(std::array{0.0, std::nan("")}).status, emptor::row_status::ok);
}

} // namespace
} // namespace gamma_gamma_test
