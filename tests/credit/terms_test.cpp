// SPDX-License-Identifier: BSL-1.0
#include <emptor/credit/terms.hpp>

#include <vector>

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <gtest/gtest.h>

namespace emptor::credit::terms_test {
namespace {

using math::real;
using wide = boost::multiprecision::cpp_bin_float_50;

double cost(double discount, double days, double year, interest how) {
  return math::value_of(discount_cost(real(discount), real(days) / real(year), how));
}

// The figures that textbooks print. frappe/erpnext#14472 quotes 20.41 % a year for 2/10 net 30: that is ten times the
// 2.041 % of the period of 20 days, of which a year has 18.25.
TEST(terms, cost_what_textbooks_print) {
  EXPECT_NEAR(cost(0.02, 20, 365, interest::simple), 0.372449, 5e-7);
  EXPECT_NEAR(cost(0.02, 20, 360, interest::simple), 0.367347, 5e-7);
  EXPECT_NEAR(cost(0.02, 20, 365, interest::compound), 0.445853, 5e-7);
  EXPECT_NEAR(cost(0.02, 20, 360, interest::compound), 0.438569, 5e-7);
  EXPECT_NEAR(cost(0.01, 20, 365, interest::simple), 0.1843, 5e-5);
  EXPECT_NEAR(cost(0.02, 50, 365, interest::simple), 0.1490, 5e-5);
  EXPECT_NEAR(cost(0.03, 35, 365, interest::simple), 0.3225, 5e-5);
  EXPECT_NEAR(cost(0.02, 35, 365, interest::simple), 0.2128, 5e-5); // 2/10 net 30, paid on day 45
  EXPECT_GT(cost(0.02, 20, 360, interest::simple), 0.2041 + 0.1);
}

TEST(terms, agree_with_fifty_digits_over_a_wide_grid) {
  for (const double discount : {1e-12, 1e-6, 0.001, 0.02, 0.3, 0.9, 0.999999}) {
    for (const double days : {1.0, 7.0, 20.0, 365.0, 3650.0, 3652424.0}) {
      for (const double year : {360.0, 365.0}) {
        const wide d(discount);
        const wide periods = wide(year) / wide(days);
        const wide simple = d / (1 - d) * periods;
        EXPECT_NEAR(cost(discount, days, year, interest::simple), static_cast<double>(simple),
                    4e-16 * static_cast<double>(simple));
        const wide compound = pow(1 / (1 - d), periods) - 1;
        if (compound < wide(1e300)) {
          // What the exponent is off by a rounding counts as often as it is large.
          const double size = 1.0 + static_cast<double>(log(1 / (1 - d)) * periods);
          EXPECT_NEAR(cost(discount, days, year, interest::compound), static_cast<double>(compound),
                      1e-15 * size * static_cast<double>(compound));
        }
        for (const double capital : {0.0, 1e-6, 0.08, 0.24, 3.0}) {
          const wide k(capital);
          const wide years = wide(days) / wide(year);
          const wide by_simple = 1 / (1 + k * years) - (1 - d);
          const wide by_compound = pow(1 + k, -years) - (1 - d);
          const auto value = [&](interest how) {
            return math::value_of(
                value_of_discount(real(discount), real(capital), real(days) / real(year), how));
          };
          EXPECT_NEAR(value(interest::simple), static_cast<double>(by_simple), 1e-15);
          EXPECT_NEAR(value(interest::compound), static_cast<double>(by_compound), 4e-15);
        }
      }
    }
  }
}

TEST(terms, a_discount_is_worth_taking_exactly_where_it_costs_more_than_money) {
  for (const interest how : {interest::simple, interest::compound}) {
    for (double discount = 0.001; discount < 0.2; discount += 0.0131) {
      for (const double days : {5.0, 20.0, 50.0, 400.0}) {
        const real years = real(days) / real(365.0);
        const double yearly = cost(discount, days, 365.0, how);
        for (const double capital : {yearly * 0.999, yearly * 1.001}) {
          const double value = math::value_of(value_of_discount(real(discount), real(capital), years, how));
          EXPECT_EQ(value > 0.0, yearly > capital);
        }
        EXPECT_NEAR(math::value_of(break_even_discount(real(yearly), years, how)), discount, 1e-14);
      }
    }
  }
}

TEST(terms, compounding_costs_more_where_there_is_more_than_a_period_in_a_year) {
  for (const double days : {1.0, 20.0, 100.0, 364.0})
    EXPECT_GT(cost(0.02, days, 365, interest::compound), cost(0.02, days, 365, interest::simple));
  EXPECT_DOUBLE_EQ(cost(0.02, 365, 365, interest::compound), cost(0.02, 365, 365, interest::simple));
  EXPECT_LT(cost(0.02, 400, 365, interest::compound), cost(0.02, 400, 365, interest::simple));
}

struct scored {
  double cost = -1.0;
  double gained = -1.0;
  double take = -1.0;
  row_status status = row_status::ok;
};
scored score(double discount, double from, double net, const double* paid, const terms_conventions& by) {
  scored made;
  double rest[3] = {};
  const score_block::input in[] = {
      {.number = &discount}, {.number = &from}, {.number = &net}, {.number = paid}};
  const score_block::output out[] = {{.number = &made.cost}, {.number = rest},     {.number = &made.gained},
                                     {.number = &made.take}, {.number = rest + 1}, {.number = rest + 2}};
  terms_scorer(by).score({.rows = 1, .inputs = in, .outputs = out, .status = &made.status});
  return made;
}

TEST(terms, who_pays_within_the_discount_days_forgoes_nothing) {
  const double paid = 10.0;
  const scored same_day = score(0.02, 10.0, 30.0, &paid, {});
  EXPECT_EQ(same_day.status, row_status::undefined);
  EXPECT_TRUE(std::isnan(same_day.cost));
  EXPECT_EQ(same_day.gained, 0.0);
  const double late = 45.0;
  EXPECT_NEAR(score(0.02, 10.0, 30.0, &late, {}).cost, 0.2128, 5e-5);
  EXPECT_EQ(score(0.02, 30.0, 30.0, nullptr, {}).status, row_status::undefined);
  const double missing = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(score(0.02, 10.0, 30.0, &missing, {}).cost, score(0.02, 10.0, 30.0, nullptr, {}).cost);
}

TEST(terms, a_cost_beyond_the_largest_number_is_said_so) {
  const scored made = score(0.999999, 0.0, 1.0, nullptr, {.how = interest::compound, .cost_of_capital = 0.1});
  EXPECT_EQ(made.status, row_status::too_large);
  EXPECT_TRUE(std::isnan(made.cost));
  EXPECT_EQ(made.take, 1.0);
}

TEST(terms, no_discount_costs_nothing_and_is_not_worth_paying_early_for) {
  const scored none = score(0.0, 10.0, 30.0, nullptr, {.cost_of_capital = 0.0});
  EXPECT_EQ(none.cost, 0.0);
  EXPECT_EQ(none.take, 0.0);
  EXPECT_EQ(none.status, row_status::ok);
}

TEST(terms, the_net_day_is_no_earlier_than_that_of_the_discount) {
  constexpr double nan = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(terms_rule(std::vector<double>{0.02, 10, 9, nan}).status, row_status::inconsistent);
  EXPECT_EQ(terms_rule(std::vector<double>{0.02, 10, 10, nan}).status, row_status::ok);
}

} // namespace
} // namespace emptor::credit::terms_test
