// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/value/life_cycle_value.hpp>

#include "support/random.hpp"
#include "support/refusal.hpp"
#include "support/scored_csv.hpp"
#include "value/planned_oracle.hpp"

namespace emptor::value::life_cycle_value_test {
namespace {

using namespace planned_oracle;
using row = std::vector<double>;

std::vector<double> figures_of(const conventions& by, const row& values) {
  const double given[] = {by.rate, static_cast<double>(by.how), static_cast<double>(by.when), 1, 1, 1, 1};
  const life_cycle_scores<math::real> of(given);
  std::vector<math::real> in(values.begin(), values.end());
  math::real out[12];
  of.row(in.data(), out, nullptr);
  std::vector<double> made;
  for (const math::real& one : out)
    made.push_back(math::value_of(one));
  return made;
}

row drawn_row(test::variates& draw) {
  row made;
  for (int phase = 0; phase < 4; ++phase)
    made.push_back(maybe(draw, between(draw, -100, 1000)));
  for (int phase = 0; phase < 4; ++phase)
    made.push_back(
        maybe(draw, draw.uniform() < 0.7 ? std::floor(between(draw, 0, 20)) : between(draw, 0, 4)));
  for (int phase = 0; phase < 4; ++phase)
    made.push_back(maybe(draw, between(draw, -0.4, 0.4)));
  for (int cost = 0; cost < 4; ++cost)
    made.push_back(maybe(draw, between(draw, 0, 300)));
  return made;
}

/// The sum of n payments that grow, a part of a period by the same formula.
digits annuity_of(const conventions& by, double growth, double n) {
  using boost::multiprecision::exp;
  const digits log_ratio = force_of(std::isnan(growth) ? 0.0 : growth, by.how) - force_of(by.rate, by.how);
  const digits sum =
      abs(log_ratio) < digits("1e-40") ? digits(n) : digits((exp(log_ratio * n) - 1) / (exp(log_ratio) - 1));
  return sum * at_start(by.rate, by.how, by.when);
}

TEST(life_cycle_value, phases_follow_one_another_in_fifty_digits) {
  using boost::multiprecision::exp;
  test::variates draw(36);
  for (int i = 0; i < 500; ++i) {
    conventions by = drawn(draw);
    by.rate = i % 10 == 0 ? 0.0 : i % 10 == 1 ? 1.5 : i % 10 == 2 ? 1e-11 : i % 10 == 3 ? -0.5 : by.rate;
    const row in = drawn_row(draw);
    const std::vector<double> found = figures_of(by, in);
    const auto has = [&](std::size_t phase) { return !std::isnan(in[4 + phase]); };
    digits level[4];
    digits expected[9];
    digits start = 0;
    for (std::size_t phase = 0; phase < 4; ++phase) {
      const double n = has(phase) ? in[4 + phase] : 0.0;
      const digits discount = exp(-force_of(by.rate, by.how) * start);
      level[phase] = discount * annuity_of(by, 0.0, n);
      expected[phase] =
          or_zero(in[phase]) * (has(phase) ? digits(discount * annuity_of(by, in[8 + phase], n)) : digits(1));
      start += n;
    }
    expected[5] = or_zero(in[12]);
    expected[6] = or_zero(in[13]) * (has(1) ? level[1] : digits(1));
    const bool late = has(2) || has(3);
    expected[7] = or_zero(in[14]) *
                  (late || has(0) || has(1) ? digits(level[0] + level[1] + level[2] + level[3]) : digits(1));
    expected[8] = or_zero(in[15]) * (late ? digits(level[2] + level[3]) : digits(1));
    for (const std::size_t part : {0U, 1U, 2U, 3U, 5U, 6U, 7U, 8U}) {
      const auto exact = static_cast<double>(expected[part]);
      // A power is as sensitive to the rounding of its logarithm as it is large.
      EXPECT_NEAR(found[part], exact, 3e-14 * std::abs(exact)) << i << ' ' << part;
    }
    EXPECT_DOUBLE_EQ(found[11], static_cast<double>(start));
  }
}

TEST(life_cycle_value, returns_less_costs_add_up_to_the_last_bit) {
  test::variates draw(37);
  for (int i = 0; i < 400; ++i) {
    const std::vector<double> found = figures_of(drawn(draw), drawn_row(draw));
    EXPECT_EQ(found[4], math::value_of(math::real(found[0]) + found[1] + found[2] + found[3]));
    EXPECT_EQ(found[9], math::value_of(math::real(found[5]) + found[6] + found[7] + found[8]));
    EXPECT_EQ(found[10], math::value_of(math::real(found[4]) - found[9]));
  }
}

TEST(life_cycle_value, cutting_a_phase_in_two_changes_nothing) {
  // One level phase of 7 periods, or 3 of one and 4 of the next.
  for (const double rate : {-0.3, 0.0, 0.04, 0.3, 3.0}) {
    const conventions by{.rate = rate};
    row one(16, none);
    one[0] = 100.0;
    one[4] = 7.0;
    one[14] = 10.0;
    row two = one;
    two[1] = 100.0;
    two[4] = 3.0;
    two[5] = 4.0;
    const double whole = figures_of(by, one)[10];
    EXPECT_NEAR(figures_of(by, two)[10], whole, 1e-13 * whole);
    one[0] = one[14] = none;
    one[3] = 100.0;
    one[7] = one[4];
    one[4] = none;
    EXPECT_NEAR(figures_of(by, one)[4] * 0.9, whole, 1e-13 * whole) << "the phases before have no length";
  }
}

std::string scored(const std::string& rows, const std::vector<std::string>& only,
                   const test::csv_options& options = {}) {
  return test::scored(life_cycle_value_name, rows, only, options);
}

TEST(life_cycle_value, without_lengths_and_rate_it_is_the_sum_of_totals) {
  const std::vector<std::string> sums{"return_value", "cost_value", "value", "periods"};
  EXPECT_EQ(scored("exploration_return,formation_return,stability_return,decline_return,acquisition_cost,"
                   "development_cost,service_cost,maintenance_cost\n"
                   "100,400,2000,300,150,200,350,100\n,,2000,,,,,\n-100,,,,,,,\n,,,,1,,,\n",
                   sums),
            "2800,800,2000,0,ok\n2000,0,2000,0,ok\n-100,0,-100,0,ok\n,,,,missing\n");
  // At no rate a length multiplies.
  EXPECT_EQ(
      scored("exploration_return,formation_return,exploration_periods,service_cost\n10,500,6,2\n", sums),
      "560,12,548,6,ok\n");
  // Costs that belong to phases without a length are totals, whatever the others have.
  EXPECT_EQ(
      scored("exploration_return,exploration_periods,development_cost,maintenance_cost\n10,6,70,30\n", sums),
      "60,100,-40,6,ok\n");
}

TEST(life_cycle_value, what_is_a_number_is_one_however_far_away) {
  const std::vector<std::string> worth{"formation_value", "value"};
  // 2^-1100 of today's money, which doubles in each of 1100 periods: 2^-1100 (2^1100 - 1) / (2 - 1) / 2.
  EXPECT_EQ(scored("formation_return,exploration_periods,formation_periods,formation_growth\n1,1100,1100,3\n"
                   "1,1100,1100,\n1,1100,2300,3\n",
                   worth, {{"rate", "1"}}),
            "0.5,0.5,ok\n0,0,ok\n,,too_large\n");
  // A later period is worth ten times as much, and no period nothing.
  EXPECT_EQ(scored("formation_return,exploration_periods,formation_periods,service_cost\n5,400,0,\n5,400,1,"
                   "\n5,400,0,1\n",
                   worth, {{"rate", "-0.9"}}),
            "0,0,ok\n,,too_large\n0,,too_large\n");
}

TEST(life_cycle_value, bad_rows_have_a_status) {
  EXPECT_EQ(scored("stability_return,stability_periods,stability_growth\n"
                   "1,,0.1\n7,1,0.1\n1,-3,\n1,3,-1\n1e308,900,1\n,3,\n1,2.5,\n",
                   {"value"}, {{"rate", "0"}}),
            ",missing\n7,ok\n,out_of_domain\n,out_of_domain\n,too_large\n,missing\n2.5,ok\n");
  EXPECT_EQ(test::strict_refusal(life_cycle_value_name, "stability_return,service_cost\n1,\n,5\n"),
            "value.life_cycle_value: stability_return[1] is missing, but must be given, or the return of "
            "another phase");
  EXPECT_EQ(test::code_of([&] {
              return scored("stability_return\n1\n", {"value"}, {{"rate", "-1"}});
            }),
            status::option);
}

} // namespace
} // namespace emptor::value::life_cycle_value_test
