// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/credit/vintage_curves_entry.hpp>

#include "credit/finished.hpp"
#include "stats/store_rows.hpp"
#include "support/random.hpp"
#include "support/refusal.hpp"
#include "support/worked_example.hpp"

namespace emptor::credit::vintage_curves_test {
namespace {

using options = std::vector<option>;
using texts = std::vector<std::string>;
using test::code_of;
using test::draws;

stats::rows store_of(const std::string& csv) {
  const options given{{"entry", std::string(vintage_curves_name)}};
  stats::rows made(option_values("rows", stats::rows_options, given), vintage_inputs);
  const test::csv_table parsed = test::parse_csv(csv);
  table rows("accounts");
  for (std::size_t i = 0; i < parsed.names.size(); ++i) {
    texts fields;
    for (const texts& row : parsed.rows)
      fields.push_back(row[i]);
    const auto known =
        std::find_if(std::begin(vintage_account_columns), std::end(vintage_account_columns),
                     [&](const column_description& one) { return one.name == parsed.names[i]; });
    rows.add(test::typed_column(parsed.names[i], known->what, fields));
  }
  store_rows::push(made, rows, true);
  return made;
}
result tables_of(const stats::rows& from, const options& with = {}) {
  return finished::of(vintage_curves_entry, from, with);
}

TEST(vintage_curves, the_worked_example) {
  const example& shown = vintage_examples[0];
  const result made = tables_of(store_of(std::string(shown.tables[0].csv)), {{"at", "2,3"}});
  for (const example_table& expected : shown.expected) {
    const table& is = finished::table_of(made, expected.name);
    test::seen_table seen{is.name(), is.rows(), {}};
    for (const column& one : is.columns())
      seen.columns.push_back({one.name(), one.view(), one.levels()});
    EXPECT_EQ(test::differences(std::string(expected.csv), seen, shown.tolerance), "");
  }
}

TEST(vintage_curves, an_interval_does_not_widen_because_the_last_account_is_bad_too) {
  std::vector<account_months> of;
  for (int i = 0; i < 999; ++i)
    of.push_back({i / 84, true});
  of.push_back({12, true});
  const double z = 1.959963984540054;
  const vintage_month last = vintage_curve_of(of, 1000.0, z).back();
  EXPECT_EQ(last.rate, 1.0);
  EXPECT_EQ(last.within.low, stats::wilson_interval(1.0, 1000.0, z).low);
  of.insert(of.begin(), 10, {0, false}); // with some that left, it has the accounts of the month before
  const std::vector<vintage_month> curve = vintage_curve_of(of, 1010.0, z);
  EXPECT_EQ(curve.back().rate, 1.0);
  EXPECT_GT(curve.back().within.low, curve[curve.size() - 2].within.low);
}

/// Remission times of 21 patients on 6-MP in weeks (E. J. Freireich et al., Blood 21, 1963), the example of the textbooks on
/// survival, with the estimates and Greenwood's standard errors that these print.
TEST(vintage_curves, product_limit_of_freireich) {
  std::vector<account_months> of;
  for (const int one : {6, 6, 6, 7, 10, 13, 16, 22, 23})
    of.push_back({one, true});
  for (const int one : {6, 9, 10, 11, 17, 19, 20, 25, 32, 32, 34, 35})
    of.push_back({one, false});
  std::sort(of.begin(), of.end(), [](const account_months& left, const account_months& right) {
    return left.months != right.months ? left.months < right.months : left.event < right.event;
  });
  const std::vector<vintage_month> curve = vintage_curve_of(of, 21.0, 1.959963984540054);
  ASSERT_EQ(curve.size(), 36U);
  const int at[] = {6, 7, 10, 13, 16, 22, 23};
  const double survival[] = {0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448};
  const double errors[] = {0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346}; // Greenwood's
  for (std::size_t i = 0; i < 7; ++i) {
    const vintage_month& one = curve[static_cast<std::size_t>(at[i])];
    EXPECT_NEAR(1.0 - one.rate, survival[i], 5e-4);
    // The interval is Wilson's of so many accounts.
    const double trials = one.rate * (1.0 - one.rate) / (errors[i] * errors[i]);
    EXPECT_NEAR(one.within.low, stats::wilson_interval(one.rate, trials, 1.96).low, 3e-3);
    EXPECT_NEAR(one.within.high, stats::wilson_interval(one.rate, trials, 1.96).high, 3e-3);
  }
  EXPECT_TRUE(curve[6].complete);
  EXPECT_FALSE(curve[7].complete);
}

TEST(vintage_curves, without_losses_it_is_the_plain_share) {
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    draws draw(seed);
    std::vector<account_months> of;
    for (int i = 0; i < 40; ++i) {
      const bool event = draw.below(3) == 0;
      of.push_back({static_cast<std::int32_t>(event ? draw.below(12) : 12), event,
                    seed % 2 == 0 ? 1.0 : static_cast<double>(1 + draw.below(5))});
    }
    std::sort(of.begin(), of.end(), [](const account_months& left, const account_months& right) {
      return left.months != right.months ? left.months < right.months : left.event < right.event;
    });
    double all = 0.0;
    for (const account_months& one : of)
      all += one.weight;
    for (const vintage_month& one : vintage_curve_of(of, all, 1.96)) {
      EXPECT_TRUE(one.complete);
      EXPECT_NEAR(one.rate, one.cumulative / all, 1e-15);
      const stats::interval plain = stats::wilson_interval(one.rate, all, 1.96);
      EXPECT_NEAR(one.within.low, plain.low, 1e-12);
      EXPECT_NEAR(one.within.high, plain.high, 1e-12);
    }
  }
}

TEST(vintage_curves, nobody_everybody_and_any_order) {
  EXPECT_EQ(finished::table_of(tables_of(store_of("vintage,months_on_book,event\n")), "curves").rows(), 0);
  const result all = tables_of(store_of("vintage,months_on_book,event\na,0,true\na,2,true\n"));
  EXPECT_EQ(finished::cells(all, "curves", {"vintage", "month", "at_risk", "rate", "complete"}),
            (texts{"- 0 2 0.5 true", "- 1 1 0.5 true", "- 2 1 1 true", "a 0 2 0.5 true", "a 1 1 0.5 true",
                   "a 2 1 1 true"}));
  const result none = tables_of(store_of("vintage,months_on_book,event\na,1,false\n"), {{"at", "0,1,5"}});
  EXPECT_EQ(finished::cells(none, "at", {"month", "rate"}),
            (texts{"0 0", "1 0", "5 -", "0 0", "1 0", "5 -"}));
  draws draw(1);
  texts lines;
  for (int i = 0; i < 400; ++i)
    lines.push_back("v" + std::to_string(draw.below(5)) + "," + std::to_string(draw.below(20)) +
                    (draw.below(3) == 0 ? ",true," : ",false,") +
                    to_text(0.25 * static_cast<double>(1 + draw.below(7))) + "\n");
  const auto csv = [&] {
    std::string made = "vintage,months_on_book,event,weight\n";
    for (const std::string& one : lines)
      made += one;
    return made;
  };
  const result made = tables_of(store_of(csv()));
  draw.shuffle(lines);
  EXPECT_EQ(tables_of(store_of(csv())).tables, made.tables);
  const std::vector<double>& rates = finished::table_of(made, "curves").at("rate").as<double>();
  for (const double one : rates)
    EXPECT_TRUE(one >= 0.0 && one <= 1.0);
}

TEST(vintage_curves, refusals) {
  const stats::rows store = store_of("vintage,months_on_book,event\na,1,false\n");
  EXPECT_EQ(code_of([&] { return tables_of(store, {{"at", "1.5"}}); }), status::option);
  EXPECT_EQ(code_of([&] { return tables_of(store, {{"at", "-1"}}); }), status::option);
  EXPECT_EQ(code_of([&] { return store_of("vintage,months_on_book,event\na,1e9,false\n"); }), status::data);
  EXPECT_EQ(code_of([&] { return store_of("vintage,months_on_book,event\na,1.5,false\n"); }), status::data);
  EXPECT_EQ(code_of([&] { return store_of("vintage,months_on_book,event\n,1,false\n"); }), status::data);
}

} // namespace
} // namespace emptor::credit::vintage_curves_test
