// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/credit/binning_entry.hpp>
#include <emptor/credit/scorecard_entry.hpp>
#include <emptor/credit/validation_entry.hpp>

#include "credit/binning_rows.hpp"
#include "credit/scorecard_rows.hpp"
#include "support/refusal.hpp"

/// Data from which no scorecard can be made: binning, scorecard and validation say what is wrong, by name; never one bin without a
/// word, never a score of nothing.
namespace bad_input_test {
namespace {

using namespace emptor;
using binning_rows::counted;
using binning_rows::fit;
using binning_rows::none;
using binning_rows::shown;
using binning_rows::store_of;
using binning_rows::table_of;
using test::code_of;

/// What a call is refused with: status and words.
template <class Call>
[[nodiscard]] std::string refusal(const Call& call) {
  std::string text;
  const status code = code_of([&] { return call().tables.size(); }, &text);
  return std::string(name(code)) + " " + text;
}
[[nodiscard]] std::string binned(const table& rows, const std::vector<option>& options = {},
                                 const model* rules = nullptr) {
  return refusal([&] { return fit(rows, options, rules); });
}

/// Two bins of x, below and from 1.5.
[[nodiscard]] model two_bins() {
  const example_table tables[] = {
      {"bins",
       "characteristic,bin,kind,low,high,label,woe\nx,1,interval,,1.5,,-0.7\nx,2,interval,1.5,,,0.7\n"}};
  return scorecard_rows::model_of(credit::binning_name, credit::binning_model_tables, tables);
}
[[nodiscard]] std::string carded(const table& rows, std::vector<option> options = {}) {
  options.push_back({"preset", "toad"});
  const model bins = two_bins();
  return refusal([&] { return scorecard_rows::fit(store_of(rows), bins, options); });
}

/// Value, state and verdict of a measure.
[[nodiscard]] std::string measured(const table& rows, std::string_view which,
                                   std::vector<option> options = {{"score", "x"}}) {
  const result made = finished::of(credit::validation_entry, store_of(rows), options);
  const table& all = finished::table_of(made, "measures");
  for (std::int64_t row = 0; row < all.rows(); ++row) {
    if (finished::shown(all.at("measure"), row) == which)
      return finished::shown(all.at("value"), row) + " " + finished::shown(all.at("state"), row) + " " +
             finished::shown(all.at("verdict"), row);
  }
  return "not there";
}

TEST(bad_input, one_class_only) {
  const table bad = table_of({1, 1, 1}, {{"x", {1, 2, 3}}});
  const table good = table_of({0, 0, 0}, {{"x", {1, 2, 3}}});
  EXPECT_EQ(binned(bad), "too_few credit.binning: the sample has no row with outcome 0, but both outcomes "
                         "are needed");
  EXPECT_EQ(binned(good), "too_few credit.binning: the sample has no row with outcome 1, but both outcomes "
                          "are needed");
  EXPECT_EQ(carded(bad).substr(0, 25), "too_few credit.scorecard:");
  EXPECT_EQ(carded(good).substr(0, 25), "too_few credit.scorecard:");
  EXPECT_EQ(measured(bad, "auc"), "- no_non_events -");
  EXPECT_EQ(measured(good, "auc"), "- no_events -");
}

TEST(bad_input, all_values_are_missing) {
  const table rows = table_of({0, 1, 0, 1}, {{"x", {none, none, none, none}}});
  EXPECT_EQ(binned(rows), "data credit.binning: no characteristic is left; x: no row has a value");
  EXPECT_EQ(carded(rows).substr(0, 25), "too_few credit.scorecard:") << carded(rows);
  EXPECT_EQ(measured(rows, "auc"), "- no_rows -");
  const table unknown = table_of({none, none}, {{"x", {1, 2}}});
  EXPECT_EQ(binned(unknown), "too_few credit.binning: no row has an outcome, but at least two are needed");
  EXPECT_EQ(carded(unknown).substr(0, 25), "too_few credit.scorecard:");
  EXPECT_EQ(measured(unknown, "auc"), "- no_rows -");
}

TEST(bad_input, a_constant) {
  const table rows = table_of({0, 1, 0, 1}, {{"x", {7, 7, 7, 7}}});
  EXPECT_EQ(binned(rows), "data credit.binning: no characteristic is left; x: all rows have the same value");
  EXPECT_EQ(carded(rows),
            "data credit.scorecard: no characteristic is left; x: all rows have the same weight of evidence");
  EXPECT_EQ(measured(rows, "auc"), "0.5 all_tied fail");
  // Beside one that tells something it is left out by name, and the others stay.
  table two = counted({{5, 20}, {20, 5}});
  two.add(column::numbers("characteristics:same", std::vector<double>(50, 1.0)));
  const result kept = fit(two, {});
  EXPECT_EQ(shown(kept, "screening", "reason", "same"), "constant");
  EXPECT_EQ(shown(kept, "screening", "kept", "x"), "true");
}

TEST(bad_input, pure_bins) {
  const table rows = counted({{0, 30}, {6, 24}, {12, 18}, {20, 0}});
  EXPECT_EQ(
      binned(counted({{0, 30}, {20, 0}, {0, 10}})),
      "data credit.binning: no characteristic is left; x: the binning has one bin, which tells nothing");
  EXPECT_EQ(binned(rows, {{"min_bins", "3"}, {"zero_cells", "error"}}),
            "data credit.binning: no characteristic is left; x: no binning keeps the rules min_bins and "
            "zero_cells together");
  // Joined to their neighbours they are no bins of their own.
  const result made = fit(rows, {});
  EXPECT_EQ(binning_rows::figures(made, "bins", "events", "x"), (std::vector<double>{6, 32}));
  // In the bins of a model one class each: the coefficient has no finite value, by the name of the characteristic.
  EXPECT_EQ(carded(counted({{0, 30}, {20, 0}})),
            "not_converged credit.scorecard: the outcomes are separated completely by x (to +infinity); "
            "options firth or l2 make the coefficients finite, or join pure bins");
  EXPECT_EQ(carded(counted({{0, 30}, {20, 0}}), {{"firth", "true"}}), "ok ");
}

TEST(bad_input, weights_of_zero) {
  table rows = counted({{5, 20}, {20, 5}});
  rows.add(column::numbers("weight", std::vector<double>(50, 0.0)));
  EXPECT_EQ(refusal([&] {
              static_cast<void>(store_of(rows));
              return result{};
            }),
            "data outcomes: weight[0] is 0, but must be in (0, 1e+15]");
}

/// A column that is the outcome, or its opposite, is most likely known only afterwards.
TEST(bad_input, a_variable_that_is_the_target) {
  table rows = counted({{5, 20}, {10, 15}, {20, 5}});
  std::vector<double> opposite;
  std::vector<std::string> words;
  for (const double one : rows.at("outcome").as<double>()) {
    opposite.push_back(-3.0 * one);
    words.emplace_back(one == 1.0 ? "defaulted" : "paid");
  }
  rows.add(column::numbers("characteristics:same", rows.at("outcome").as<double>()));
  rows.add(column::numbers("characteristics:opposite", opposite));
  rows.add(binning_rows::texts_column("categories:state", words));
  const result made = fit(rows, {});
  for (const char* const label : {"same", "opposite", "state"}) {
    EXPECT_EQ(shown(made, "screening", "kept", label), "false");
    EXPECT_EQ(shown(made, "screening", "reason", label), "predicts_perfectly") << label;
  }
  EXPECT_EQ(shown(made, "screening", "why", "same"), "one cut parts all events from all others");
  EXPECT_EQ(shown(made, "screening", "why", "state"), "no level has both events and others");
  EXPECT_EQ(shown(made, "screening", "kept", "x"), "true");
  EXPECT_EQ(measured(rows, "auc", {{"score", "same"}, {"orientation", "higher_is_riskier"}}),
            "1 separated pass");
  EXPECT_EQ(measured(rows, "auc", {{"score", "same"}}), "0 separated fail");
  EXPECT_EQ(measured(rows, "auc"), measured(rows, "auc", {{"score", "x"}}));
}

TEST(bad_input, conflicting_rules_are_named) {
  const table rows = counted({{5, 20}, {10, 15}, {20, 5}});
  EXPECT_EQ(binned(rows, {{"trend", "descending"}, {"min_bins", "2"}}),
            "data credit.binning: no characteristic is left; x: no binning keeps the rules trend and "
            "min_bins together");
  EXPECT_EQ(binned(rows, {{"min_bins", "3"}, {"max_bins", "2"}}),
            "option credit.binning: min_bins is 3, but must be <= max_bins, which is 2");
  EXPECT_EQ(binned(rows, {{"min_size", "0.6"}, {"max_size", "0.5"}}),
            "option credit.binning: min_size is 0.6, but must be <= max_size, which is 0.5");
  EXPECT_EQ(binned(rows, {{"min_size", "0.4"}, {"max_size", "0.5"}}),
            "data credit.binning: no characteristic is left; x: no binning keeps the rules min_size and "
            "max_size together");
  model rules;
  rules.entry = credit::binning_name;
  table cuts("cuts");
  cuts.add(binning_rows::texts_column("characteristic", {"x", "x"}));
  cuts.add(column::numbers("cut", {1.5, 1.5}));
  cuts.add(column::codes("kind", {1, 2}, credit::cut_kind_names));
  rules.tables.push_back(cuts);
  EXPECT_EQ(binned(rows, {}, &rules),
            "data credit.binning: no characteristic is left; x: no binning keeps the rules fixed_cuts and "
            "forbidden_cuts together");
}

TEST(bad_input, a_million_distinct_levels) {
  constexpr std::size_t count = 1000000;
  std::vector<double> outcomes(count);
  std::vector<double> values(count);
  text_buffer levels;
  for (std::size_t i = 0; i < count; ++i) {
    outcomes[i] = (i * 7919) % 1000 < 300 + i / 4000 ? 1.0 : 0.0;
    values[i] = static_cast<double>(i);
    levels.push_back("L" + std::to_string(i));
  }
  table rows = table_of(std::move(outcomes), {{"x", std::move(values)}});
  rows.add(column::texts("categories:id", std::move(levels)));
  const stats::outcomes store = store_of(rows);
  const result made = finished::of(credit::binning_entry, store, {});
  EXPECT_EQ(shown(made, "screening", "reason", "id"), "too_many_levels");
  EXPECT_EQ(shown(made, "screening", "why", "id"), "1000000 levels, but option most_levels is 1000");
  EXPECT_EQ(shown(made, "screening", "kept", "x"), "true");
  EXPECT_EQ(shown(made, "certificates", "distinct", "x"), "1000000");
  // A scorecard whose bins know none of them: every row without a bin is counted, and no fit is made of nothing.
  const example_table tables[] = {
      {"bins", "characteristic,bin,kind,label,woe\nid,1,levels,a,-0.7\nid,2,levels,b,0.7\n"},
      {"members", "characteristic,member,value,bin\nid,level,a,1\nid,level,b,2\n"}};
  const model bins = scorecard_rows::model_of(credit::binning_name, credit::binning_model_tables, tables);
  EXPECT_EQ(refusal([&] {
              return scorecard_rows::fit(store, bins, {{"preset", "toad"}});
            }).substr(0, 25),
            "too_few credit.scorecard:");
  std::string text;
  EXPECT_EQ(code_of(
                [&] {
                  return finished::of(credit::validation_entry, store, {{"score", "id"}}).tables.size();
                },
                &text),
            status::schema);
  EXPECT_EQ(text, "credit.validation: id is a category, but must be a characteristic in numbers");
}

} // namespace
} // namespace bad_input_test
