// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <string>

#include <gtest/gtest.h>

#include <emptor/credit/collection_worklist.hpp>

#include "credit/finished.hpp"
#include "support/random.hpp"
#include "support/refusal.hpp"

namespace collection_worklist_test {
namespace {

using emptor::column;
using emptor::model;
using emptor::option;
using emptor::result;
using emptor::status;
using emptor::table;
using namespace emptor::credit;
using emptor::stats::rows;
using emptor::test::code_of;
using finished::cells;
using texts = std::vector<std::string>;

column names(const char* role, const std::vector<std::string>& values) {
  emptor::text_buffer all;
  for (const std::string& one : values)
    all.push_back(one);
  column made = column::texts(role, all);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i].empty())
      made.set_missing(static_cast<std::int64_t>(i));
  }
  return made;
}
rows store_of(const emptor::entry& what, const std::vector<table>& tables) {
  rows made({"rows", emptor::stats::rows_options,
             std::vector<option>{{"entry", std::string(what.description->name)}}},
            what.description->inputs);
  for (const table& one : tables) {
    const std::vector<emptor::named_column> columns = one.views();
    made.push({.table = one.name(), .columns = columns, .rows = one.rows(), .strict = true});
  }
  return made;
}
table attempts(const std::vector<std::string>& measures, const std::vector<std::string>& classes,
               const std::vector<std::uint8_t>& succeeded, const std::vector<std::int64_t>& counts) {
  return {"attempts",
          {names("measure", measures), names("class", classes), column::booleans("succeeded", succeeded),
           column::integers("attempts", counts)}};
}

// --- measures -----------------------------------------------------------------------------------------------------

TEST(collection_worklist_test, classes_that_differ_no_more_than_chance_have_one_rate) {
  const measure_counts classes[] = {{50, 20, 0, 0}, {60, 25, 0, 0}, {40, 16, 0, 0}};
  const rate_prior prior = prior_of(classes);
  EXPECT_TRUE(prior.pooled);
  for (const measure_counts& one : classes)
    EXPECT_NEAR(estimate_measure(one, prior, 0.95).probability, 61.5 / 151.0, 1e-15);
}

TEST(collection_worklist_test, classes_that_differ_keep_the_more_of_their_rate_the_more_they_were_tried) {
  const measure_counts classes[] = {{1000, 800, 0, 0}, {1000, 200, 0, 0}, {5, 5, 0, 0}};
  const rate_prior prior = prior_of(classes);
  EXPECT_FALSE(prior.pooled);
  const measure_estimate often = estimate_measure(classes[0], prior, 0.95);
  const measure_estimate seldom = estimate_measure(classes[2], prior, 0.95);
  // rho = 0.7191 would make a + b 0.39; it is held at 0.5: (5 + 0.2506) / 5.5, (800 + 0.2506) / 1000.5
  EXPECT_NEAR(prior.a + prior.b, 0.5, 1e-15);
  EXPECT_NEAR(seldom.probability, 0.954659, 1e-6);
  EXPECT_NEAR(often.probability, 0.799851, 1e-6);
  EXPECT_LT(often.drawn.high - often.drawn.low, seldom.drawn.high - seldom.drawn.low);
  EXPECT_LT(often.drawn.low, often.probability);
  EXPECT_GT(often.drawn.high, often.probability);
}

// Newcombe, Statistics in Medicine 17 (1998), table II, method 10: 56/70 - 48/80 = 0.2, 0.0524 to 0.3339; 9/10 - 3/10 = 0.6,
// 0.1705 to 0.8090; 10/10 - 0/10 = 1, 0.6075 to 1.
TEST(collection_worklist_test, uplifts_have_the_intervals_of_newcombe) {
  const auto expect = [](double s1, double n1, double s2, double n2, double value, double low, double high) {
    const rate_difference found =
        difference_of(estimate_measure({n1, s1, 0, 0}, {}, 0.95), estimate_measure({n2, s2, 0, 0}, {}, 0.95));
    EXPECT_NEAR(found.value, value, 1e-12);
    EXPECT_NEAR(found.ends.low, low, 5e-5);
    EXPECT_NEAR(found.ends.high, high, 5e-5);
  };
  expect(56, 70, 48, 80, 0.2, 0.0524, 0.3339);
  expect(9, 10, 3, 10, 0.6, 0.1705, 0.8090);
  expect(10, 10, 0, 10, 1.0, 0.6075, 1.0);
}

TEST(collection_worklist_test, where_all_or_none_succeeded_the_probability_stays_inside) {
  const measure_counts all[] = {{10, 10, 0, 0}, {20, 20, 0, 0}};
  const measure_counts none[] = {{10, 0, 0, 0}, {20, 0, 0, 0}};
  EXPECT_NEAR(estimate_measure(all[0], prior_of(all), 0.95).probability, 10.5 / 11.0, 1e-15);
  EXPECT_NEAR(estimate_measure(none[0], prior_of(none), 0.95).probability, 0.5 / 11.0, 1e-15);
}

/// Rates of classes drawn from a Beta distribution: what is drawn towards the mean is nearer to the truth than the counts.
TEST(collection_worklist_test, drawn_rates_are_nearer_to_the_truth_than_counted_ones) {
  emptor::test::draws draw(5);
  double counted = 0.0;
  double drawn = 0.0;
  int held = 0;
  int looked_at = 0;
  for (int repeat = 0; repeat < 200; ++repeat) {
    std::vector<measure_counts> classes;
    std::vector<double> truth;
    for (int k = 0; k < 12; ++k) {
      const double rate = 0.2 + 0.4 * static_cast<double>(draw.below(1000)) / 1000.0;
      measure_counts one{20, 0, 0, 0};
      for (int i = 0; i < 20; ++i)
        one.successes += static_cast<double>(draw.below(1000000)) < rate * 1e6 ? 1.0 : 0.0;
      classes.push_back(one);
      truth.push_back(rate);
    }
    const rate_prior prior = prior_of(classes);
    for (std::size_t k = 0; k < classes.size(); ++k) {
      const measure_estimate made = estimate_measure(classes[k], prior, 0.9);
      counted += (made.rate - truth[k]) * (made.rate - truth[k]);
      drawn += (made.probability - truth[k]) * (made.probability - truth[k]);
      held += made.counted.low <= truth[k] && truth[k] <= made.counted.high ? 1 : 0;
      ++looked_at;
    }
  }
  EXPECT_LT(drawn, 0.8 * counted);
  EXPECT_NEAR(static_cast<double>(held) / looked_at, 0.9, 0.03);
}

TEST(collection_worklist_test, rows_of_a_kind_add_up_in_any_order) {
  const table once = attempts({"call", "call", "call"}, {"A", "A", "A"}, {1, 0, 1}, {1, 1, 1});
  const table counted = attempts({"call", "call"}, {"A", "A"}, {0, 1}, {1, 2});
  const emptor::result one =
      finished::of(collection_measures_entry, store_of(collection_measures_entry, {once}), {});
  const emptor::result other =
      finished::of(collection_measures_entry, store_of(collection_measures_entry, {counted}), {});
  EXPECT_EQ(one.tables, other.tables);
  EXPECT_EQ(cells(one, "measures", {"measure", "class", "attempts", "successes", "cost", "uplift"}),
            (texts{"call - 3 2 - -", "call A 3 2 - -"}));
  EXPECT_EQ(code_of([] {
              return finished::of(collection_measures_entry, store_of(collection_measures_entry, {}), {});
            }),
            status::too_few);
}

// --- worklist -----------------------------------------------------------------------------------------------------

table debts(const std::vector<std::string>& ids, const std::vector<double>& amounts,
            const std::vector<double>& with, const std::vector<double>& without,
            const std::vector<double>& cost) {
  return {"debts",
          {names("id", ids), column::numbers("amount", amounts), column::numbers("probability_with", with),
           column::numbers("probability_without", without), column::numbers("cost", cost)}};
}
result worklist(const std::vector<table>& tables, const std::vector<option>& options = {},
                const model* given = nullptr) {
  return finished::of(collection_worklist_entry, store_of(collection_worklist_entry, tables), options,
                      "measures", given);
}

TEST(collection_worklist_test, the_order_is_that_of_the_value_and_not_of_the_amount) {
  const result made = worklist({debts({"R1", "R2", "R3", "R4"}, {10000, 2000, 15, 2000},
                                      {0.96, 0.5, 0.5, 0.5}, {0.95, 0.25, 0.25, 0.25}, {4, 4, 4, 4})});
  EXPECT_EQ(cells(made, "worklist", {"rank", "id", "chosen"}),
            (texts{"1 R2 true", "2 R4 true", "3 R1 true", "4 R3 false"})); // of equal ones the first id first
}

TEST(collection_worklist_test, capacity_and_minimum_value_choose_from_the_top) {
  const std::vector<table> of{debts({"R1", "R2", "R3"}, {100, 200, 300}, {1, 1, 1}, {0, 0, 0}, {0, 0, 0})};
  const auto chosen = [&](std::vector<option> options) {
    return cells(worklist(of, options), "worklist", {"id", "chosen"});
  };
  EXPECT_EQ(chosen({{"capacity", "2"}}), (texts{"R3 true", "R2 true", "R1 false"}));
  EXPECT_EQ(chosen({{"minimum_value", "200"}}), (texts{"R3 true", "R2 false", "R1 false"}));
  EXPECT_EQ(chosen({{"capacity", "0"}}), (texts{"R3 false", "R2 false", "R1 false"}));
}

TEST(collection_worklist_test, counts_of_the_past_choose_the_measure_for_whom) {
  // What the one entry gives the other takes.
  const result counted =
      finished::of(collection_measures_entry,
                   store_of(collection_measures_entry,
                            {attempts({"call", "call", "visit", "visit", "none", "none", "call", "call",
                                       "visit", "visit", "none", "none"},
                                      {"A", "A", "A", "A", "A", "A", "B", "B", "B", "B", "B", "B"},
                                      {1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0},
                                      {700, 300, 720, 280, 500, 500, 150, 850, 600, 400, 100, 900})}),
                   {});
  model given{.entry = "credit.collection_measures", .options = {}, .tables = counted.tables, .made_by = {}};
  check_collection_measures(given);
  const table of{"debts",
                 {names("id", {"R1", "R2", "R3"}), column::numbers("amount", {1000, 1000, 1000}),
                  names("class", {"A", "B", ""})}};
  const result made = worklist({of}, {}, &given);
  EXPECT_EQ(cells(made, "worklist", {"id", "measure"}), (texts{"R2 visit", "R3 visit", "R1 visit"}));
  // With what a visit costs, those who pay on a call get a call.
  table costs("measures");
  for (const column& one : counted.tables.front().columns()) {
    if (one.name() != "cost")
      costs.add(one);
  }
  std::vector<double> values;
  for (std::int64_t row = 0; row < costs.rows(); ++row)
    values.push_back(costs.at("measure").text()[row] == "visit" ? 60.0 : 4.0);
  costs.add(column::numbers("cost", values));
  given.tables = {costs};
  EXPECT_EQ(cells(worklist({of}, {}, &given), "worklist", {"id", "measure"}),
            (texts{"R2 visit", "R3 visit", "R1 call"}));
}

/// 20 x (0.5 - 0.3) - 4 is nothing; in binary numbers it would be 4.4e-16, and worth a call.
TEST(collection_worklist_test, what_breaks_even_is_worth_nothing) {
  const table of{"debts",
                 {names("id", {"R1", "R2"}), column::numbers("amount", {20, 1000000}),
                  column::numbers("probability_with", {0.5, 0.3}),
                  column::numbers("probability_without", {0.3, 0.1}), column::numbers("cost", {4, 0.7})}};
  EXPECT_EQ(cells(worklist({of}), "worklist", {"id", "expected_value", "chosen"}),
            (texts{"R2 199999.3 true", "R1 0 false"}));
  EXPECT_NEAR(expected_value(9'000'000'000'000'000'000, 0, {{}, 1.0 / 3.0, 0.0, 0.0}) / 3e18, 1.0, 1e-14);
  EXPECT_DOUBLE_EQ(expected_value(100, 9, {{}, 0.0, 1.0, 1e12}), -1e12 - 1e-7);
}

TEST(collection_worklist_test, what_has_no_probability_comes_last_and_is_never_chosen) {
  const table of{"debts",
                 {names("id", {"R1", "R2"}), column::numbers("amount", {1000, 10}),
                  [] {
                    column with = column::numbers("probability_with", {0.0, 0.9});
                    with.set_missing(0);
                    return with;
                  }(),
                  column::numbers("probability_without", {0.1, 0.1})}};
  EXPECT_EQ(cells(worklist({of}), "worklist", {"rank", "id", "measure", "expected_value", "chosen"}),
            (texts{"1 R2 - 8 true", "2 R1 - - false"}));
}

TEST(collection_worklist_test, a_measure_that_is_there_twice_is_refused) {
  const model given{
      .entry = "credit.collection_measures",
      .options = {},
      .tables = {{"measures",
                  {names("measure", {"call", "call"}), column::numbers("probability", {0.5, 0.6})}}},
      .made_by = {}};
  EXPECT_EQ(code_of([&] {
              check_collection_measures(given);
              return 0;
            }),
            status::data);
}

} // namespace
} // namespace collection_worklist_test
