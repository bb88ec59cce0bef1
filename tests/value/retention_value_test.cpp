// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_bin_float.hpp>

#include <emptor/value/retention_value.hpp>

#include "support/random.hpp"
#include "support/refusal.hpp"
#include "support/scored_csv.hpp"

namespace emptor::value::retention_value_test {
namespace {

using math::real;
using digits = boost::multiprecision::cpp_bin_float_50;
using test::csv_options;
constexpr double for_ever = std::numeric_limits<double>::infinity();

std::string scored(const std::string& rows, const std::vector<std::string>& only,
                   const csv_options& options) {
  return test::scored(retention_value_name, rows, only, options);
}
double multiple(double retention, double growth, double rate, double n, bool first) {
  return math::value_of(margin_multiple(real(retention), real(growth), real(rate), real(n), first));
}

/// Margin after margin.
digits added_up(const std::vector<double>& retentions, double growth, double rate, int n, bool first) {
  const digits step = (1 + digits(growth)) / (1 + digits(rate));
  digits there = 1;
  digits sum = 0;
  for (int t = 0; t < n; ++t) {
    const digits next =
        there * step * retentions[std::min<std::size_t>(static_cast<std::size_t>(t), retentions.size() - 1)];
    sum += first ? there : next;
    there = next;
  }
  return sum;
}

TEST(retention_value, multiples_are_the_sums_of_their_margins) {
  double worst = 0.0;
  for (const bool first : {true, false})
    for (const double retention : {0.0, 1e-9, 0.3, 0.8, 0.999999, 1.0})
      for (const double growth : {-0.2, 0.0, 1e-12, 0.05, 0.3})
        for (const double rate : {-0.1, 0.0, 0.05, 0.1, 0.5})
          for (const int n : {0, 1, 2, 7, 60, 500}) {
            const digits expected = added_up({retention}, growth, rate, n, first);
            const double found = multiple(retention, growth, rate, n, first);
            if (expected == 0) {
              ASSERT_EQ(found, 0.0);
              continue;
            }
            const double sensitive = 1.0 + std::abs(std::log(found / n));
            worst = std::max(worst, std::abs(static_cast<double>(digits(found) / expected - 1)) / sensitive);
          }
  EXPECT_LT(worst, 2e-15);
}

TEST(retention_value, for_ever_has_a_closed_form_and_an_end_only_where_margins_die_out) {
  EXPECT_NEAR(multiple(0.8, 0.0, 0.1, for_ever, true), 1.1 / 0.3, 1e-14);
  EXPECT_NEAR(multiple(0.8, 0.0, 0.1, for_ever, false), 0.8 / 0.3, 1e-14);
  // S. Gupta and D. R. Lehmann, 2003: retention 60 to 90 %, discount rates 10 to 16 %, without the first margin.
  EXPECT_NEAR(multiple(0.6, 0.0, 0.10, for_ever, false), 1.20, 0.005);
  EXPECT_NEAR(multiple(0.9, 0.0, 0.10, for_ever, false), 4.50, 0.005);
  EXPECT_NEAR(multiple(0.8, 0.0, 0.12, for_ever, false), 2.50, 0.005);
  EXPECT_NEAR(multiple(0.9, 0.0, 0.16, for_ever, false), 3.46, 0.005);
  EXPECT_TRUE(std::isnan(multiple(1.0, 0.0, 0.0, for_ever, true)));
  EXPECT_TRUE(std::isnan(multiple(1.0, 0.1, 0.1, for_ever, false)));
  EXPECT_NEAR(multiple(1.0, 0.0, 1e-12, for_ever, true) * 1e-12, 1.0, 1e-11);
  // Near the ratio at which it has no end, where a sum of rounded terms knows little: against many digits.
  test::variates draw(3);
  for (int i = 0; i < 2000; ++i) {
    const auto close = [&](double to) {
      return to + std::pow(10.0, -1.0 - 12.0 * draw.uniform()) * (draw.uniform() - 0.5);
    };
    const double retention = std::min(close(1.0), 1.0);
    const double rate = 0.3 * draw.uniform();
    const double growth = close(rate);
    const digits excess = (digits(retention) * (1 + digits(growth)) - 1 - digits(rate)) / (1 + digits(rate));
    const double found = multiple(retention, growth, rate, for_ever, true);
    if (std::isnan(found))
      EXPECT_GE(static_cast<double>(excess), -1e-16);
    else
      EXPECT_NEAR(found * static_cast<double>(-excess), 1.0, 1e-11);
  }
  EXPECT_NEAR(multiple(1.0 - 1e-9, 0.1, 0.1, for_ever, true) * 1e-9, 1.0, 1e-7);
  EXPECT_NEAR(multiple(0.9, 0.02, 0.1, 5000, true), multiple(0.9, 0.02, 0.1, for_ever, true), 1e-13);
}

TEST(retention_value, a_retention_for_each_period_holds_until_the_next_and_the_last_one_for_ever) {
  const std::vector<double> curve{0.4, 0.7, 0.0, 0.9, 0.95};
  for (const std::size_t length : {1U, 2U, 3U, 5U})
    for (const bool first : {true, false})
      for (const int n : {0, 1, 2, 3, 4, 5, 9, 200}) {
        const std::vector<double> held(curve.begin(), curve.begin() + static_cast<std::ptrdiff_t>(length));
        const double found =
            math::value_of(margin_multiple(std::span(held), real(1.0), real(0.02), real(0.1), n, first));
        const auto expected = static_cast<double>(added_up(held, 0.02, 0.1, n, first));
        EXPECT_NEAR(found, expected, 1e-14 * expected) << length << " " << first << " " << n;
      }
  const csv_options rate{{"rate", "0.07"}};
  EXPECT_EQ(scored("margin,retention\n10,0.8\n10,0.55\n", {"value", "expected_margins"}, rate),
            scored("margin,retention,retentions:1,retentions:2\n10,0.1,0.8,0.8\n10,0.55,,\n",
                   {"value", "expected_margins"}, rate));
  EXPECT_EQ(scored("margin,retention,retentions:1,retentions:2,retentions:3\n10,0.8,0.5,,0.9\n10,0.8,,0.5,\n",
                   {"value", "payback"}, rate),
            ",,inconsistent\n,,inconsistent\n")
      << "a gap";
  const std::string header =
      "margin,retentions:10,retentions:2,retentions:1,retentions:3,retentions:4,retentions:5,"
      "retentions:6,retentions:7,retentions:8,retentions:9\n";
  EXPECT_EQ(scored(header + "10,0,1,1,1,1,1,1,1,1,1\n", {"expected_margins"}, rate), "10,ok\n")
      << "in the order of their numbers";
  for (const char* labels : {"margin,retentions:0\n1,1\n", "margin,retentions:2\n1,1\n",
                             "margin,retentions:a\n1,1\n", "margin,retentions:1,retentions:01\n1,1,1\n"})
    EXPECT_EQ(test::code_of([&] { return scored(labels, {"value"}, rate); }), status::schema) << labels;
}

/// The first period whose margin brings the cost back, margin by margin.
double payback_by_counting(const retention_question& of, int most) {
  for (int n = of.acquisition_cost <= 0.0 ? 0 : 1; n <= most; ++n)
    if (n == 0 || of.margin * of.multiple(of.growth, of.rate, n) >= of.acquisition_cost)
      return n == 0 ? 0.0 : of.first ? n - 1.0 : n;
  return -1.0;
}

TEST(retention_value, payback_and_internal_rate_are_where_the_value_turns) {
  test::variates draw(11);
  int with_a_rate = 0;
  for (int i = 0; i < 3000; ++i) {
    const auto uniform = [&](double low, double high) { return low + (high - low) * draw.uniform(); };
    const std::vector<double> retentions{uniform(0, 1), uniform(0.5, 1)};
    const bool ends = draw.uniform() < 0.5;
    const retention_question of{.margin = uniform(-5, 50),
                                .retentions = std::span(retentions).subspan(draw.uniform() < 0.5 ? 1 : 0),
                                .growth = uniform(-0.1, 0.1),
                                .acquisition_cost = uniform(-10, 120),
                                .periods = ends ? std::floor(uniform(0, 40)) : for_ever,
                                .rate = uniform(0, 0.4),
                                .first = draw.uniform() < 0.5};
    EXPECT_EQ(of.payback().value_or(-1.0),
              payback_by_counting(of, ends ? static_cast<int>(of.periods) : 3000));
    const double rate = of.internal_rate();
    if (std::isnan(rate))
      continue;
    ++with_a_rate;
    const auto value = [&](double at) {
      return of.margin * of.multiple(of.growth, at, of.periods) - of.acquisition_cost;
    };
    const double step = 1e-9 * (1.0 + rate);
    EXPECT_FALSE(value(rate - step) < 0.0); // also where the sum has no end
    EXPECT_LT(value(rate + step), 0.0);
  }
  EXPECT_GT(with_a_rate, 1000);
  const csv_options ten{{"rate", "0.1"}};
  EXPECT_EQ(
      scored("margin,retention,acquisition_cost\n100,0.8,150\n", {"payback", "internal_rate_of_return"}, ten),
      "1,1.4,ok\n");
  EXPECT_EQ(
      scored("margin,retention,acquisition_cost\n100,0.8,100\n100,0.8,366\n100,0.8,367\n-1,0.8,1\n1,0.8,0\n",
             {"payback"}, ten),
      "0,ok\n19,ok\n,never\n,never\n0,ok\n");
}

TEST(retention_value, what_all_margins_only_just_bring_is_never_back) {
  for (const double retention : {0.0, 0.5, 0.8, 0.99}) {
    const std::vector<double> retentions{retention};
    retention_question of{.margin = 100.0, .retentions = retentions, .rate = 0.1};
    of.acquisition_cost = 100.0 * of.multiple(0.0, 0.1, for_ever);
    EXPECT_EQ(of.payback(), retention == 0.0 ? std::optional(0.0) : std::nullopt) << retention;
    of.acquisition_cost *= 0.999;
    EXPECT_TRUE(of.payback().has_value()) << retention;
  }
}

TEST(retention_value, elasticities_are_those_of_one_percent) {
  test::variates draw(12);
  for (int i = 0; i < 500; ++i) {
    const auto uniform = [&](double low, double high) { return low + (high - low) * draw.uniform(); };
    const std::vector<double> retentions{uniform(0.1, 0.9), uniform(0.3, 0.95)};
    retention_question of{.margin = uniform(1, 50),
                          .retentions = retentions,
                          .growth = uniform(-0.1, 0.04),
                          .acquisition_cost = uniform(0, 20),
                          .periods = draw.uniform() < 0.5 ? 12.0 : for_ever,
                          .rate = uniform(0.05, 0.4),
                          .first = draw.uniform() < 0.5};
    const auto value = [](const retention_question& at) {
      return at.margin * at.multiple(at.growth, at.rate, at.periods) - at.acquisition_cost;
    };
    const auto found = of.elasticities();
    const double step = 1e-6;
    for (std::size_t which = 0; which < found.size(); ++which) {
      const auto moved = [&](double by) {
        retention_question other = of;
        std::vector<double> scaled = retentions;
        for (double& one : scaled)
          one *= which == 1 ? 1.0 + by : 1.0;
        other.retentions = scaled;
        other.margin *= which == 0 ? 1.0 + by : 1.0;
        other.rate *= which == 2 ? 1.0 + by : 1.0;
        other.acquisition_cost *= which == 3 ? 1.0 + by : 1.0;
        return value(other);
      };
      const double expected = (moved(step) - moved(-step)) / (2.0 * step) / value(of);
      EXPECT_NEAR(found[which], expected, 1e-6 * (1.0 + std::abs(expected))) << which;
    }
  }
  // Gupta, Lehmann and Stuart: value answers to retention most.
  EXPECT_EQ(scored("margin,retention\n1,0\n1,0.5\n",
                   {"retention_elasticity", "margin_elasticity", "acquisition_elasticity"},
                   {{"rate", "0.12"}}),
            "0,1,0,ok\n0.8064516129032258,1,0,ok\n");
}

TEST(retention_value, rows_and_options_without_an_answer_have_a_status) {
  const csv_options ten{{"rate", "0.1"}};
  EXPECT_EQ(
      scored("margin,retention\n1,\n,0.5\n1,1.01\n1,-0.1\n1,0.5\n", {"margin_multiple", "value"}, ten),
      ",,missing\n,,missing\n,,out_of_domain\n,,out_of_domain\n1.8333333333333335,1.8333333333333335,ok\n");
  EXPECT_EQ(scored("margin\n1\n", {"value"}, ten), ",missing\n");
  EXPECT_EQ(scored("margin,acquisition_cost,periods\n100,50,0\n", {"value", "expected_margins"}, ten),
            ",,missing\n");
  EXPECT_EQ(scored("margin,retention,acquisition_cost\n1,,1\n1e308,0.99,2\n1,1,1\n",
                   {"value", "payback", "internal_rate_of_return", "rate_elasticity"}, {{"rate", "-0.02"}}),
            ",,,,missing\n,0,,,undefined\n,0,,,undefined\n");
  EXPECT_EQ(scored("margin,retentions:1\n1,\n", {"value", "payback"}, ten), ",,missing\n");
  EXPECT_EQ(scored("margin,retention,growth\n1,1,0.2\n", {"margin_multiple"}, ten), ",undefined\n");
  EXPECT_EQ(scored("margin,retention,periods\n5,1,3\n5,1,0\n5,1,2.5\n5,1,-1\n", {"value"}, {{"rate", "0"}}),
            "15,ok\n0,ok\n,not_integer\n,out_of_domain\n");
  EXPECT_EQ(scored("margin,retention\n5,1\n", {"value", "expected_margins"}, ten), "55,,undefined\n")
      << "nobody leaves, but what is far away weighs nothing";
  EXPECT_EQ(scored("margin,retention\n1e308,0.99\n", {"margin_multiple", "value"}, ten), "10,,too_large\n");
  EXPECT_EQ(scored("margin,retention,growth,periods\n1,1e-300,0,3\n",
                   {"retention_elasticity", "rate_elasticity"}, ten),
            "9.09090909090909e-301,-8.264462809917354e-302,ok\n");
  EXPECT_EQ(scored("margin,retention,acquisition_cost\n1,0,1\n", {"value", "margin_elasticity"}, ten),
            "0,,undefined\n");
}

} // namespace
} // namespace emptor::value::retention_value_test
