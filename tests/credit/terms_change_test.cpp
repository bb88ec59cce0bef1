// SPDX-License-Identifier: BSL-1.0
#include <emptor/credit/terms_change_entry.hpp>

#include <random>

#include <boost/multiprecision/cpp_bin_float.hpp>
#include <boost/multiprecision/cpp_int.hpp>
#include <gtest/gtest.h>

namespace emptor::credit::terms_change_test {
namespace {

using boost::multiprecision::cpp_int;
using boost::multiprecision::cpp_rational;
using wide = boost::multiprecision::cpp_bin_float_50;

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

using output = terms_change_output;
constexpr std::size_t outputs = std::size(terms_change_outputs);

/// All figures of one proposal.
struct scored {
  std::array<double, outputs> numbers{};
  std::array<std::int64_t, outputs> amounts{};
  row_status status = row_status::ok;

  [[nodiscard]] std::int64_t amount(output which) const { return amounts[static_cast<std::size_t>(which)]; }
  [[nodiscard]] double number(output which) const { return numbers[static_cast<std::size_t>(which)]; }
};

scored score(const credit_terms& now, const credit_terms& then, double variable,
             const terms_change_conventions& by, std::int64_t inventory = 0, std::int64_t payables = 0) {
  const double numbers[][2] = {{now.collection_days, then.collection_days},
                               {now.discount_rate, then.discount_rate},
                               {now.discount_days, then.discount_days},
                               {now.discount_share, then.discount_share},
                               {now.bad_debt_rate, then.bad_debt_rate}};
  const std::int64_t amounts[][2] = {{now.sales, then.sales},
                                     {now.collection_cost, then.collection_cost},
                                     {now.fixed_cost, then.fixed_cost},
                                     {inventory, payables}};
  const auto number = [&](std::size_t pair, std::size_t side) {
    return score_block::input{.number = &numbers[pair][side]};
  };
  const auto amount = [&](std::size_t pair, std::size_t side) {
    return score_block::input{.amount = &amounts[pair][side]};
  };
  const score_block::input in[] = {amount(0, 0),          amount(0, 1), number(0, 0), number(0, 1),
                                   {.number = &variable}, number(1, 0), number(1, 1), number(2, 0),
                                   number(2, 1),          number(3, 0), number(3, 1), number(4, 0),
                                   number(4, 1),          amount(1, 0), amount(1, 1), amount(2, 0),
                                   amount(2, 1),          amount(3, 0), amount(3, 1)};
  static_assert(std::size(in) == std::size(terms_change_inputs));
  scored made;
  std::array<score_block::output, outputs> out{};
  for (std::size_t i = 0; i < outputs; ++i) {
    if (terms_change_outputs[i].what == content::amount)
      out[i].amount = &made.amounts[i];
    else
      out[i].number = &made.numbers[i];
  }
  terms_change_scorer(by).score({.rows = 1, .inputs = in, .outputs = out, .status = &made.status});
  return made;
}

constexpr credit_terms thirty{
    .sales = 50000000, .collection_days = 30, .bad_debt_rate = 0.01, .collection_cost = 300000};
constexpr credit_terms sixty{
    .sales = 60000000, .collection_days = 60, .bad_debt_rate = 0.015, .collection_cost = 400000};
constexpr terms_change_conventions textbook{.cost_of_capital = 0.15, .days_of_year = 360};

// tests/oracle/terms_change.py, 365 days, compound: the figures of its second table.
TEST(terms_change, agrees_with_the_oracle_for_compound_interest_and_365_days) {
  const terms_change_conventions by{.cost_of_capital = 0.15, .days_of_year = 365, .how = interest::compound};
  const scored plain = score(thirty, sixty, 0.8, by);
  EXPECT_EQ(plain.amount(output::current_opportunity_cost), 493151);
  EXPECT_EQ(plain.amount(output::proposed_opportunity_cost), 1183562);
  EXPECT_EQ(plain.amount(output::profit_change), 809589);
  EXPECT_EQ(plain.amount(output::proposed_receivables), 9863014);
  EXPECT_NEAR(plain.number(output::current_npv), 236.65916285015049, 1e-11);
  EXPECT_NEAR(plain.number(output::proposed_npv), 256.62374939037149, 1e-11);
  EXPECT_NEAR(plain.number(output::value_change), 52129.205617097296, 1e-7);
  EXPECT_NEAR(score(thirty, sixty, 0.8, by, 4400000).number(output::value_change), 8129.2056170972962, 1e-7);
  credit_terms discount = sixty;
  discount.discount_rate = 0.008;
  discount.discount_days = 30;
  discount.discount_share = 0.5;
  const scored with = score(thirty, discount, 0.8, by);
  EXPECT_EQ(with.amount(output::proposed_opportunity_cost), 887671);
  EXPECT_EQ(with.amount(output::profit_change), 865480);
  EXPECT_NEAR(with.number(output::proposed_npv), 259.40386707964308, 1e-11);
}

TEST(terms_change, receivables_at_their_price_tie_up_more) {
  terms_change_conventions by = textbook;
  by.base = receivables_base::price;
  EXPECT_EQ(score(thirty, sixty, 0.8, by).amount(output::opportunity_cost_change), 875000); // 15,000 - 6,250
  EXPECT_EQ(score(thirty, sixty, 0.8, textbook).amount(output::opportunity_cost_change), 700000);
}

TEST(terms_change, no_change_changes_nothing) {
  const scored same = score(sixty, sixty, 0.8, textbook);
  for (std::size_t i = 0; i < outputs; ++i) {
    if (terms_change_outputs[i].name.ends_with("_change")) {
      EXPECT_EQ(same.amounts[i], 0) << terms_change_outputs[i].name;
      EXPECT_EQ(same.numbers[i], 0.0) << terms_change_outputs[i].name;
    }
  }
  EXPECT_EQ(same.number(output::accept), 0.0);
  EXPECT_EQ(same.number(output::accept_by_value), 0.0);
}

TEST(terms_change, the_change_back_is_the_opposite) {
  const scored there = score(thirty, sixty, 0.8, textbook, 4400000, 100000);
  const scored back = score(sixty, thirty, 0.8, textbook, -4400000, -100000);
  EXPECT_EQ(there.amount(output::profit_change), -back.amount(output::profit_change));
  EXPECT_EQ(there.number(output::value_change), -back.number(output::value_change));
}

TEST(terms_change, what_suppliers_lend_counts_against_what_stock_ties_up) {
  const std::int64_t without = score(thirty, sixty, 0.8, textbook).amount(output::profit_change);
  const scored with = score(thirty, sixty, 0.8, textbook, 4400000, 4400000);
  EXPECT_EQ(with.amount(output::inventory_cost_change), 660000);
  EXPECT_EQ(with.amount(output::payables_saving_change), 660000);
  EXPECT_EQ(with.amount(output::profit_change), without);
}

// Every part by rational arithmetic, and their sum to the minor unit.
TEST(terms_change, every_amount_is_exact) {
  std::mt19937_64 random(1);
  const auto draw = [&](std::uint64_t below) { return static_cast<std::int64_t>(random() % below); };
  const auto rounded = [](const cpp_rational& x) {
    const cpp_int n = numerator(x);
    const cpp_int d = denominator(x);
    return static_cast<std::int64_t>((2 * n + d) / (2 * d));
  };
  for (int i = 0; i < 2000; ++i) {
    const auto drawn = [&] {
      return credit_terms{.sales = draw(std::uint64_t{1} << (20 + draw(35))),
                          .collection_days = static_cast<double>(draw(20000)) / 100.0,
                          .discount_rate = static_cast<double>(draw(1000)) / 1e4,
                          .discount_days = static_cast<double>(draw(60)),
                          .discount_share = static_cast<double>(draw(700)) / 1e3,
                          .bad_debt_rate = static_cast<double>(draw(300)) / 1e3,
                          .collection_cost = draw(1000000),
                          .fixed_cost = draw(1000000)};
    };
    const credit_terms now = drawn();
    const credit_terms then = drawn();
    const std::int64_t variable = draw(1001);
    const std::int64_t capital = 1 + draw(400);
    const scored made = score(now, then, static_cast<double>(variable) / 1e3,
                              {.cost_of_capital = static_cast<double>(capital) / 1e3, .days_of_year = 360});
    ASSERT_EQ(made.status, row_status::ok);
    std::array<std::array<std::int64_t, 5>, 2> expected{};
    for (const std::size_t side : {std::size_t{0}, std::size_t{1}}) {
      const credit_terms& of = side == 0 ? now : then;
      const auto decimal = [](double x, std::int64_t parts) {
        return cpp_rational(static_cast<std::int64_t>(std::llround(x * static_cast<double>(parts))), parts);
      };
      const cpp_rational sales(of.sales);
      const cpp_rational share = decimal(of.discount_share, 1000);
      const cpp_rational days =
          share * decimal(of.discount_days, 100) + (1 - share) * decimal(of.collection_days, 100);
      const cpp_rational open = sales * days / 360;
      expected[side] = {rounded(sales * cpp_rational(1000 - variable, 1000)), rounded(open),
                        rounded(open * cpp_rational(variable, 1000) * cpp_rational(capital, 1000)),
                        rounded(sales * decimal(of.bad_debt_rate, 1000)),
                        rounded(sales * share * decimal(of.discount_rate, 10000))};
    }
    const auto& [was, is] = expected;
    EXPECT_EQ(made.amount(output::contribution_change), is[0] - was[0]);
    EXPECT_EQ(made.amount(output::proposed_receivables), is[1]);
    EXPECT_EQ(made.amount(output::current_opportunity_cost), was[2]);
    EXPECT_EQ(made.amount(output::proposed_opportunity_cost), is[2]);
    EXPECT_EQ(made.amount(output::proposed_bad_debt), is[3]);
    EXPECT_EQ(made.amount(output::proposed_discount_cost), is[4]);
    EXPECT_EQ(made.amount(output::profit_change),
              made.amount(output::contribution_change) - made.amount(output::opportunity_cost_change) -
                  made.amount(output::bad_debt_change) - made.amount(output::discount_cost_change) -
                  made.amount(output::collection_cost_change) - made.amount(output::fixed_cost_change));
  }
}

// The definition of Sartoris and Hill with 50 digits: each receipt and cost from its own day.
TEST(terms_change, present_values_are_those_of_the_definition) {
  for (const interest how : {interest::simple, interest::compound}) {
    for (const double days : {0.0, 12.5, 45.0, 365.0, 36525.0}) {
      for (const double capital : {1e-6, 0.15, 40.0}) {
        credit_terms of{.sales = 123456789,
                        .collection_days = days,
                        .discount_rate = 0.03,
                        .discount_days = days / 2,
                        .discount_share = 0.4,
                        .bad_debt_rate = 0.05,
                        .collection_cost = 54321,
                        .fixed_cost = 9999};
        const terms_change_conventions by{.cost_of_capital = capital, .days_of_year = 365, .how = how};
        const daily_values made = values_of(of, 0.7, by);
        const auto value = [&](const wide& in) -> wide {
          const wide k(capital);
          return how == interest::simple ? wide(1 / (1 + k * in / 365)) : wide(pow(1 + k, -in / 365));
        };
        const wide sales = wide(123456789) / 100 / 365;
        const wide receipts = sales * (wide(0.4) * (1 - wide(0.03)) * value(wide(days) / 2) +
                                       (1 - wide(0.4) - wide(0.05)) * value(days));
        const wide costs = sales * wide(0.7) + wide(54321) / 100 / 365 * value(days) + wide(9999) / 100 / 365;
        EXPECT_NEAR(made.receipts, static_cast<double>(receipts), 1e-13 * static_cast<double>(receipts));
        EXPECT_NEAR(made.costs, static_cast<double>(costs), 1e-13 * static_cast<double>(costs));
      }
    }
  }
}

TEST(terms_change, longer_terms_alone_never_pay) {
  for (double days = 30.0; days < 400.0; days += 7.0) {
    credit_terms longer = thirty;
    longer.collection_days = days + 7.0;
    credit_terms before = thirty;
    before.collection_days = days;
    const scored made = score(before, longer, 0.8, textbook);
    EXPECT_LT(made.amount(output::profit_change), 0);
    EXPECT_LT(made.number(output::value_change), 0.0);
  }
}

TEST(terms_change, sums_that_do_not_fit_are_null_with_their_reason) {
  const scored large = score({.sales = 0}, {.sales = most, .collection_days = 36525.0}, 0.5, textbook);
  EXPECT_EQ(large.status, row_status::too_large);
  EXPECT_EQ(large.amount(output::proposed_receivables), no_amount);
  EXPECT_EQ(large.amount(output::profit_change), no_amount);
  EXPECT_EQ(large.amount(output::contribution_change), most / 2 + 1);
  // Two figures that do not fit must not cancel each other.
  terms_change_conventions dear = textbook;
  dear.cost_of_capital = 1e6;
  const scored both = score({}, {}, 0.5, dear, most, most);
  EXPECT_EQ(both.amount(output::profit_change), no_amount);
  EXPECT_EQ(both.status, row_status::too_large);
}

TEST(terms_change, amounts_have_the_decimals_of_their_currency) {
  terms_change_conventions yen = textbook;
  yen.decimals = 0;
  const credit_terms now{.sales = 500000, .collection_days = 30};
  const credit_terms then{.sales = 600000, .collection_days = 30};
  EXPECT_NEAR(score(now, then, 0.8, yen).number(output::npv_change),
              100.0 * score(now, then, 0.8, textbook).number(output::npv_change), 1e-9);
}

TEST(terms_change, shares_of_discount_and_bad_debt_leave_something) {
  std::vector<double> row(std::size(terms_change_inputs), std::numeric_limits<double>::quiet_NaN());
  row[2] = row[3] = 30.0;
  EXPECT_EQ(terms_change_rule(row).status, row_status::ok);
  row[10] = 0.9;
  row[12] = 0.2;
  EXPECT_EQ(terms_change_rule(row).status, row_status::inconsistent);
  row[12] = 0.1;
  EXPECT_EQ(terms_change_rule(row).status, row_status::ok);
  row[8] = 31.0;
  EXPECT_EQ(terms_change_rule(row).status, row_status::inconsistent);
}

} // namespace
} // namespace emptor::credit::terms_change_test
