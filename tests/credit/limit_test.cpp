// SPDX-License-Identifier: BSL-1.0
#include <emptor/credit/limit_entry.hpp>

#include <random>

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <gtest/gtest.h>

#include "support/refusal.hpp"
#include "support/scored_csv.hpp"

namespace emptor::credit::limit_test {
namespace {

using test::code_of;
using test::csv_options;
using wide = boost::multiprecision::cpp_bin_float_50;

std::string scored(const std::string& rows, const std::vector<std::string>& only,
                   const csv_options& options = {}, const std::vector<filled_slot>& slots = {}) {
  return test::scored(limit_name, rows, only, options, nullptr, slots);
}

// The figures of tests/oracle/credit_limit.py, which finds them by search.
TEST(limit, expected_profit_is_that_of_the_oracle) {
  const auto limit = [](double yearly, double lgd, double margin, double days, std::int64_t reference,
                        double elasticity) {
    const method_limit made = expected_profit_limit({yearly, lgd, margin, days, reference * 100}, elasticity);
    EXPECT_EQ(made.state, method_state::counts);
    return made.limit;
  };
  EXPECT_EQ(limit(0.5, 0.6, 0.2, 60, 150000, 1), 23214719);
  EXPECT_EQ(limit(0.5, 0.6, 0.2, 60, 150000, 2), 15236377);
  EXPECT_EQ(limit(0.5, 0.6, 0.2, 60, 150000, 0.5), 63872381);
  EXPECT_EQ(limit(0.03, 0.45, 0.12, 90, 80000, 1), 142557588);
  EXPECT_EQ(limit(0.03, 0.45, 0.12, 90, 80000, 3), 16584922);
  EXPECT_EQ(limit(1.0, 0.45, 0.12, 90, 80000, 1.5), 1799323);
  EXPECT_EQ(limit(0.001, 0.9, 0.01, 14, 1000, 1), 14477161);
}

// No other limit is worth more: L (m - lgd p (L / R)^e) with 50 digits, beside the limit on both sides.
TEST(limit, no_other_limit_earns_more) {
  int compared = 0;
  for (const double yearly : {1e-6, 0.01, 0.3, 0.99}) {
    for (const double lgd : {0.2, 0.6, 1.0}) {
      for (const double margin : {0.001, 0.1, 0.19}) {
        for (const double elasticity : {0.3, 1.0, 2.5}) {
          const risk_and_margin of{yearly, lgd, margin, 45.0, 1000000};
          const method_limit made = expected_profit_limit(of, elasticity);
          if (made.state != method_state::counts)
            continue; // beyond 64 bits
          const auto worth = [&](double at) -> wide {
            const wide p = 1 - pow(1 - wide(yearly), wide(45) / 365);
            return wide(at) * (wide(margin) - wide(lgd) * p * pow(wide(at) / 1000000, wide(elasticity)));
          };
          const auto best = static_cast<double>(made.limit);
          if (best < 1000.0)
            continue; // the whole minor unit is too coarse to see it
          EXPECT_GT(worth(best), worth(best * 0.99));
          EXPECT_GT(worth(best), worth(best * 1.01));
          ++compared;
        }
      }
    }
  }
  EXPECT_GT(compared, 60);
}

TEST(limit, expected_profit_falls_with_risk_and_rises_with_margin) {
  std::int64_t before = std::numeric_limits<std::int64_t>::max();
  for (int twentieths = 1; twentieths <= 20; ++twentieths) {
    const std::int64_t limit = expected_profit_limit({twentieths / 20.0, 0.6, 0.2, 60, 100000000}, 1.0).limit;
    EXPECT_LT(limit, before);
    before = limit;
  }
  before = -1;
  for (double margin = 0.0; margin < 0.59; margin += 0.05) {
    const std::int64_t limit = expected_profit_limit({0.1, 0.6, margin, 60, 100000000}, 1.0).limit;
    EXPECT_GT(limit, before);
    before = limit;
  }
}

TEST(limit, where_nothing_can_be_lost_expected_profit_sets_no_bound) {
  const auto state = [](const risk_and_margin& of) { return expected_profit_limit(of, 1.0).state; };
  EXPECT_EQ(state({0.0, 0.6, 0.2, 60, 100}), method_state::unbounded);
  EXPECT_EQ(state({0.5, 0.0, 0.0, 60, 100}), method_state::unbounded);
  EXPECT_EQ(state({0.5, 0.6, 0.2, 0, 100}), method_state::unbounded); // paid at once
  EXPECT_EQ(state({1.0, 0.6, 0.2, 0, 100}), method_state::unbounded);
  EXPECT_EQ(state({0.5, 0.2, 0.2, 60, 100}), method_state::unbounded); // a profit even if never paid
  EXPECT_EQ(state({1e-300, 1e-3, 1e-4, 60, 100}), method_state::unbounded);
  EXPECT_EQ(expected_profit_limit({0.5, 0.6, 0.0, 60, 100}, 1.0).limit, 0);
  EXPECT_EQ(expected_profit_limit({0.5, 0.6, 0.2, 60, 0}, 1.0).limit, 0);
}

const csv_options shares{
    {"share_of_equity", "0.1"}, {"share_of_purchases", "0.2"}, {"share_of_working_capital", "0.3"}};
csv_options with(csv_options base, const csv_options& more) {
  base.insert(base.end(), more.begin(), more.end());
  return base;
}

TEST(limit, methods_combine_as_asked) {
  const std::string row =
      "equity,yearly_purchases,working_capital\n1000.00,2000.00,500.00\n"; // 100, 400, 150
  const std::vector<std::string> only{"limit", "binding_method", "methods_counted"};
  EXPECT_EQ(scored(row, only, shares), "100.00,equity,3,ok\n");
  EXPECT_EQ(scored(row, only, with(shares, {{"combine", "maximum"}})), "400.00,purchases,3,ok\n");
  EXPECT_EQ(scored(row, only, with(shares, {{"combine", "weighted"}})), "216.67,weighted,3,ok\n");
  EXPECT_EQ(
      scored(row, only,
             with(shares,
                  {{"combine", "weighted"}, {"methods", "purchases, equity"}, {"weights", "0.25,0.75"}})),
      "175.00,weighted,2,ok\n");
  EXPECT_EQ(scored(row, only, with(shares, {{"methods", "working_capital"}})),
            "150.00,working_capital,1,ok\n");
  EXPECT_EQ(scored("equity,yearly_purchases\n2000.00,1000.00\n", only, shares), "200.00,equity,2,ok\n");
}

TEST(limit, a_method_without_its_input_does_not_count_and_says_so) {
  const std::vector<std::string> only{
      "limit",          "state_of_equity", "state_of_purchases", "state_of_days_of_sales",
      "state_of_grade", "limit_by_equity"};
  EXPECT_EQ(scored("equity,yearly_purchases,daily_sales\n,100.00,5.00\n1000.00,,\n", only,
                   with(shares, {{"methods", "equity,purchases,days_of_sales"}})),
            "20.00,no_input,counts,no_input,not_asked,,ok\n"
            "100.00,counts,no_input,no_input,not_asked,100.00,ok\n");
}

TEST(limit, without_any_method_there_is_no_limit) {
  const std::vector<std::string> only{"limit", "binding_method", "methods_counted"};
  EXPECT_EQ(scored("equity\n\n\"\"\n", only, shares), ",,,missing\n,,,missing\n");
  EXPECT_EQ(
      scored(
          "probability_of_default,loss_given_default,margin,terms_days,reference_exposure\n0,1,0.1,30,5.00\n",
          only),
      ",,,undefined\n");
}

TEST(limit, who_owes_more_than_he_owns_carries_no_credit) {
  EXPECT_EQ(scored("equity,working_capital\n-1000.00,500.00\n",
                   {"limit", "binding_method", "limit_by_equity"}, shares),
            "0.00,equity,0.00,ok\n");
}

TEST(limit, days_of_sales_takes_period_and_factor) {
  EXPECT_EQ(scored("daily_sales,terms_days\n33.33,45\n0.01,0\n", {"limit", "binding_method"},
                   {{"sales_factor", "1.25"}}),
            "1874.81,days_of_sales,ok\n0.00,days_of_sales,ok\n"); // 1874.8125
}

TEST(limit, the_limit_of_a_grade_comes_from_the_policy) {
  const auto policy =
      test::model_from(grade_policy_name, {{"grades", "grade,rank,limit\nA,1,\nB,2,100.00\nC,3,0.00\n"}});
  const std::vector<filled_slot> slots{{"grades", policy.get()}};
  EXPECT_EQ(scored("grade,equity\nA,5000.00\nB,5000.00\nC,5000.00\nD,5000.00\n,5000.00\n",
                   {"limit", "binding_method", "state_of_grade", "limit_by_grade"}, shares, slots),
            "500.00,equity,unbounded,,ok\n100.00,grade,counts,100.00,ok\n0.00,grade,counts,0.00,ok\n"
            ",,,,unknown_level\n500.00,equity,no_input,,ok\n");
  EXPECT_EQ(test::strict_refusal("credit.limit", "grade,equity\nB,1.00\nD,1.00\n", shares, nullptr, slots),
            "credit.limit: grade[1] is \"D\", but must be one of A, B, C");
}

TEST(limit, amounts_have_the_decimals_of_their_currency) {
  const std::string row = "equity,guarantees,grade\n1005,7,A\n"; // a tenth is 100.5
  const std::vector<std::string> only{"limit", "limit_by_equity"};
  const csv_options yen = with(shares, {{"currency", "JPY"}, {"step", "2"}, {"rounding", "up"}});
  EXPECT_EQ(scored(row, only, yen), "108,101,ok\n");
  EXPECT_EQ(scored("equity\n1000.005\n", only, with(shares, {{"currency", "KWD"}, {"cap", "100.001"}})),
            "100.001,100.001,ok\n"); // 100.0005
  const auto of = [](const csv_options& options) {
    return test::model_from(grade_policy_name, {{"grades", "grade,rank,limit\nA,1,100\n"}}, options);
  };
  const auto in_yen = of({{"currency", "JPY"}});
  EXPECT_EQ(scored(row, only, yen, {{"grades", in_yen.get()}}), "108,101,ok\n");
  std::string text;
  const auto in_euros = of({{"currency", "EUR"}});
  EXPECT_EQ(code_of(
                [&] {
                  return scored(row, only, yen, {{"grades", in_euros.get()}});
                },
                &text),
            status::mismatch);
  EXPECT_EQ(text, "credit.limit: option currency is JPY, but the grades were made in EUR");
  EXPECT_EQ(code_of([&] {
              return scored(row, only, shares, {{"grades", in_euros.get()}});
            }),
            status::mismatch);
}

TEST(limit, guarantees_are_added_before_steps_and_bounds) {
  const std::string row = "equity,guarantees\n10000.00,777.77\n";
  const std::vector<std::string> only{"limit", "from_methods", "guaranteed", "bounded_by"};
  EXPECT_EQ(scored(row, only, shares), "1777.77,1000.00,777.77,none,ok\n");
  EXPECT_EQ(scored(row, only, with(shares, {{"guarantee_share", "0.5"}})),
            "1388.89,1000.00,388.89,none,ok\n");
  EXPECT_EQ(scored(row, only, with(shares, {{"step", "500"}})), "1500.00,1000.00,777.77,none,ok\n");
  EXPECT_EQ(scored(row, only, with(shares, {{"step", "500"}, {"rounding", "nearest"}})),
            "2000.00,1000.00,777.77,none,ok\n");
  EXPECT_EQ(scored(row, only, with(shares, {{"step", "0.5"}, {"rounding", "up"}})),
            "1778.00,1000.00,777.77,none,ok\n");
  EXPECT_EQ(scored(row, only, with(shares, {{"cap", "1234.56"}, {"step", "500"}})),
            "1234.56,1000.00,777.77,cap,ok\n");
  EXPECT_EQ(scored(row, only, with(shares, {{"floor", "2000"}})), "2000.00,1000.00,777.77,floor,ok\n");
  EXPECT_EQ(scored(row, only, with(shares, {{"floor", "1777.77"}, {"cap", "1777.77"}})),
            "1777.77,1000.00,777.77,none,ok\n");
}

TEST(limit, a_temporary_limit_holds_up_to_its_last_day) {
  const std::string rows = "equity,temporary_limit,temporary_until\n1000.00,500.00,2026-01-15\n"
                           "1000.00,500.00,2026-01-14\n1000.00,,\n,500.00,2026-01-15\n,500.00,2026-01-14\n"
                           "1000.00,50.00,2026-12-31\n";
  const std::vector<std::string> only{"limit", "binding_method", "valid_until"};
  EXPECT_EQ(scored(rows, only, with(shares, {{"as_of", "2026-01-15"}, {"validity_months", "1"}})),
            "500.00,temporary,2026-01-15,ok\n100.00,equity,2026-02-15,ok\n100.00,equity,2026-02-15,ok\n"
            "500.00,temporary,2026-01-15,ok\n,,,missing\n50.00,temporary,2026-12-31,ok\n");
  EXPECT_EQ(scored(rows, only, with(shares, {{"as_of", "2026-01-16"}})),
            "100.00,equity,,ok\n100.00,equity,,ok\n100.00,equity,,ok\n,,,missing\n,,,missing\n"
            "50.00,temporary,2026-12-31,ok\n");
  EXPECT_EQ(
      scored("equity,temporary_limit,temporary_until\n1000.00,500.00,2026-01-15\n1000.00,,\n", only, shares),
      ",,,undefined\n100.00,equity,,ok\n"); // nobody said which day it is
  EXPECT_EQ(scored("equity,temporary_limit\n1000.00,500.00\n", only, with(shares, {{"as_of", "2026-01-15"}})),
            ",,,missing\n"); // a temporary limit has an end
}

TEST(limit, options_that_make_no_question_are_refused) {
  std::string text;
  const auto asked = [&](const csv_options& options) {
    return code_of([&] { return scored("equity\n1.00\n", {"limit"}, options); }, &text);
  };
  EXPECT_EQ(asked({{"methods", "equity"}}), status::option);
  EXPECT_EQ(text, "credit.limit: option methods asks for equity, which needs option share_of_equity");
  EXPECT_EQ(asked({{"methods", "grade"}}), status::option);
  EXPECT_EQ(text, "credit.limit: option methods asks for grade, which needs slot grades");
  EXPECT_EQ(asked({{"methods", "days_of_sale"}}), status::unknown_name);
  EXPECT_EQ(text, "credit.limit: there is no method days_of_sale; did you mean days_of_sales?");
  EXPECT_EQ(asked({{"methods", "days_of_sales,days_of_sales"}}), status::option);
  EXPECT_EQ(asked({{"methods", "days_of_sales,"}}), status::unknown_name);
  EXPECT_EQ(asked({{"weights", "1"}}), status::option);
  EXPECT_EQ(asked({{"weights", "1,2"}, {"combine", "weighted"}, {"methods", "days_of_sales"}}),
            status::option);
  EXPECT_EQ(
      text,
      "credit.limit: option weights is 2 numbers, but must be one for each of the option methods, which "
      "names 1");
  EXPECT_EQ(asked({{"cap", "1"}, {"floor", "2"}}), status::option);
  EXPECT_EQ(text, "credit.limit: option floor is 2, but must be <= cap");
  EXPECT_EQ(asked({{"cap", "1.001"}}), status::option);
  EXPECT_EQ(text,
            "credit.limit: option cap is 1.001, but must be a whole number of minor units, which have 2 "
            "decimals");
  EXPECT_EQ(asked({{"step", "0"}}), status::option);
  EXPECT_EQ(text, "credit.limit: option step is 0, but must be > 0");
  EXPECT_EQ(asked({{"cap", "1e17"}}), status::option);
  EXPECT_EQ(text, "credit.limit: option cap is 100000000000000000, but must be at most 92233720368547758.07");
  EXPECT_EQ(asked({{"validity_months", "1"}}), status::option);
}

TEST(limit, steps_are_taken_of_what_is_exact) {
  const std::vector<std::string> only{"limit", "from_methods"};
  const auto with = [](csv_options more) {
    more.push_back({"share_of_equity", "0.1"});
    return more;
  };
  const std::string row = "equity\n9999.96\n10000.04\n"; // 999.996 and 1,000.004
  EXPECT_EQ(scored(row, only, with({{"step", "1000"}})), "0.00,1000.00,ok\n1000.00,1000.00,ok\n");
  EXPECT_EQ(scored(row, only, with({{"step", "1000"}, {"rounding", "up"}})),
            "1000.00,1000.00,ok\n2000.00,1000.00,ok\n");
  EXPECT_EQ(scored(row, only, with({{"step", "0.01"}})), "999.99,1000.00,ok\n1000.00,1000.00,ok\n");
  // Halves of a step, too: 999.995 is one of a cent.
  EXPECT_EQ(scored("equity\n9999.95\n9999.94\n", only, with({{"step", "0.01"}, {"rounding", "nearest"}})),
            "1000.00,1000.00,ok\n999.99,999.99,ok\n");
  // What a guarantee adds is no rounder: 0.006 and 0.004 are a cent.
  EXPECT_EQ(scored("equity,guarantees\n0.06,0.01\n", {"limit", "guaranteed"},
                   with({{"guarantee_share", "0.4"}, {"step", "0.01"}})),
            "0.01,0.00,ok\n");
  // A third of 0.01 more than 1.00: the mean of 1.00, 1.00 and 1.01.
  EXPECT_EQ(scored("equity,yearly_purchases,working_capital\n10.00,10.00,10.10\n", only,
                   with({{"methods", "equity,purchases,working_capital"},
                         {"share_of_purchases", "0.1"},
                         {"share_of_working_capital", "0.1"},
                         {"combine", "weighted"},
                         {"step", "0.01"},
                         {"rounding", "up"}})),
            "1.01,1.00,ok\n");
}

TEST(limit, money_of_options_is_exact) {
  const option given[] = {{"cap", "90071992547409930.01"}};
  EXPECT_EQ(read_limit_conventions(option_values(limit_name, limit_options, given), false).cap,
            9007199254740993001);
}

TEST(limit, without_a_cap_none_is_said_to_hold) {
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const double days = 1.0;
  const limit_scorer by(read_limit_conventions(option_values(limit_name, limit_options, {}), false),
                        std::nullopt);
  for (const std::int64_t guarantees : {0, 1}) {
    std::int64_t limit = 0;
    double bound = -1.0;
    row_status status = row_status::ok;
    std::array<score_block::input, std::size(limit_inputs)> in{};
    in[static_cast<std::size_t>(limit_input::daily_sales)].amount = &most;
    in[static_cast<std::size_t>(limit_input::terms_days)].number = &days;
    in[static_cast<std::size_t>(limit_input::guarantees)].amount = &guarantees;
    std::array<score_block::output, std::size(limit_outputs)> out{};
    out[static_cast<std::size_t>(limit_output::limit)].amount = &limit;
    out[static_cast<std::size_t>(limit_output::bounded_by)].number = &bound;
    by.score({.rows = 1, .inputs = in, .outputs = out, .status = &status});
    EXPECT_EQ(status, guarantees == 0 ? row_status::ok : row_status::too_large);
    EXPECT_EQ(limit, guarantees == 0 ? most : no_amount);
    EXPECT_EQ(bound == 0.0, guarantees == 0);
  }
}

TEST(limit, a_limit_that_does_not_fit_is_said_so) {
  const std::int64_t most = std::numeric_limits<std::int64_t>::max();
  method_limit large{method_state::counts, most};
  std::array<method_limit, limit_method_count> all;
  all.fill(large);
  std::array<std::int64_t, limit_method_count> weights;
  weights.fill(decimal_share(1e6));
  EXPECT_EQ(combine(all, limit_combination::weighted, weights).limit, most);
  EXPECT_EQ(combine(all, limit_combination::minimum, weights).limit, most);
  const double days = 36525.0;
  std::int64_t limit = 0;
  row_status status = row_status::ok;
  std::array<score_block::input, std::size(limit_inputs)> in{};
  in[static_cast<std::size_t>(limit_input::daily_sales)].amount = &most;
  in[static_cast<std::size_t>(limit_input::terms_days)].number = &days;
  std::array<score_block::output, std::size(limit_outputs)> out{};
  out[0].amount = &limit;
  const limit_scorer by(read_limit_conventions(option_values(limit_name, limit_options, {}), false),
                        std::nullopt);
  by.score({.rows = 1, .inputs = in, .outputs = out, .status = &status});
  EXPECT_EQ(limit, no_amount);
  EXPECT_EQ(status, row_status::too_large);
}

TEST(limit, steps_keep_on_their_side) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 2000; ++i) {
    const auto amount = static_cast<std::int64_t>(random() >> (1 + random() % 63));
    const auto step = static_cast<std::int64_t>(random() >> (1 + random() % 63)) + 1;
    const wide_integer down = to_step(amount, step, step_rounding::down);
    const wide_integer near = to_step(amount, step, step_rounding::nearest);
    const wide_integer up = to_step(amount, step, step_rounding::up);
    EXPECT_TRUE(down % step == 0 && near % step == 0 && up % step == 0);
    EXPECT_TRUE(down <= amount && amount < down + step && up >= amount && up - amount < step);
    const wide_integer off = near > amount ? near - amount : amount - near;
    EXPECT_TRUE(2 * off <= step);
  }
}

} // namespace
} // namespace emptor::credit::limit_test
