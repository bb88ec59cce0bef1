// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <atomic>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/satisfaction/raking_entry.hpp>

#include "satisfaction/survey_run.hpp"
#include "support/refusal.hpp"

namespace emptor::satisfaction::raking_test {
namespace {

using stats::survey;
using survey_run::answered;
using survey_run::number;
using survey_run::options;
using survey_run::survey_of;
using survey_run::whole;
using test::code_of;

model margins_of(const std::string& rows) {
  model made;
  made.entry = "satisfaction.raking";
  made.tables.push_back(
      test::typed_table(survey_run::described(raking_model_tables[0]), "variable,level,share\n" + rows));
  return made;
}
result raked(const survey& from, const std::string& margins, const options& with = {}) {
  const model given = margins_of(margins);
  return finished::of(raking_entry, from, with, "margins", &given);
}
/// So many respondents in cells of two variables.
std::vector<answered> table_of(const std::vector<std::vector<int>>& counts) {
  std::vector<answered> rows;
  for (std::size_t a = 0; a < counts.size(); ++a) {
    for (std::size_t b = 0; b < counts[a].size(); ++b) {
      for (int i = 0; i < counts[a][b]; ++i)
        rows.push_back({.respondent = std::to_string(a) + "/" + std::to_string(b) + "/" + std::to_string(i),
                        .items = {{"b", static_cast<double>(b)}},
                        .group = "G" + std::to_string(a)});
    }
  }
  return rows;
}

TEST(raking, worked_example) {
  EXPECT_EQ(survey_run::example_differences(raking_entry, raking_examples[0]), "");
}

TEST(raking, shares_are_met_and_odds_ratios_kept) {
  const std::vector<std::vector<int>> counts{{5, 3, 9}, {2, 8, 4}, {7, 1, 6}};
  const result made = raked(survey_of(table_of(counts)),
                            "group,G0,0.2\ngroup,G1,0.5\ngroup,G2,0.3\nb,0,0.25\nb,1,0.25\nb,2,0.5\n",
                            {{"tolerance", "1e-14"}});
  for (std::size_t row = 0; row < 6; ++row)
    EXPECT_NEAR(number(made, "margins", "deviation", row), 0.0, 2e-14);
  // Weights are products of a factor of the group and one of the answer.
  std::vector<std::vector<double>> weight(3, std::vector<double>(3));
  const table& weights = finished::table_of(made, "weights");
  double sum = 0.0;
  for (std::int64_t row = 0; row < weights.rows(); ++row) {
    const std::string_view name = weights.at("respondent").text()[row];
    const double one = weights.at("weight").as<double>()[static_cast<std::size_t>(row)];
    weight[static_cast<std::size_t>(name[0] - '0')][static_cast<std::size_t>(name[2] - '0')] = one;
    sum += one;
  }
  EXPECT_NEAR(sum / static_cast<double>(weights.rows()), 1.0, 1e-13);
  for (std::size_t a = 1; a < 3; ++a) {
    for (std::size_t b = 1; b < 3; ++b)
      EXPECT_NEAR(weight[0][0] * weight[a][b] / (weight[0][b] * weight[a][0]), 1.0, 1e-12);
  }
}

TEST(raking, one_variable_is_post_stratification) {
  const result made = raked(survey_of(table_of({{4}, {6}})), "group,G0,0.5\ngroup,G1,0.5\n");
  EXPECT_EQ(whole(made, "summary", "rounds"), 1);
  EXPECT_NEAR(number(made, "weights", "weight", 0), 1.25, 1e-15);
  EXPECT_NEAR(number(made, "weights", "weight", 9), 5.0 / 6.0, 1e-15);
  const result again = raked(survey_of(table_of({{5}, {5}})), "group,G0,0.5\ngroup,G1,0.5\n");
  EXPECT_EQ(whole(again, "summary", "rounds"), 0);
}

TEST(raking, given_weights_are_where_it_begins) {
  std::vector<answered> rows = table_of({{1, 1}, {1, 1}});
  rows[0].weight = 3.0;
  const std::string margins = "group,G0,0.5\ngroup,G1,0.5\nb,0,0.5\nb,1,0.5\n";
  const result given = raked(survey_of(rows), margins, {{"tolerance", "1e-14"}});
  // The odds ratio 3 stays: x^2 / (1/2 - x)^2 = 3.
  const double x = std::sqrt(3.0) / (2.0 * (1.0 + std::sqrt(3.0)));
  EXPECT_NEAR(number(given, "weights", "weight", 0), 4.0 * x, 1e-12);
  const result equal = raked(survey_of(rows), margins, {{"start", "equal"}});
  EXPECT_NEAR(number(equal, "weights", "weight", 0), 1.0, 1e-15);
}

TEST(raking, empty_cells_are_refused_by_name) {
  std::string text;
  EXPECT_EQ(code_of(
                [] {
                  return raked(survey_of(table_of({{2}, {3}})), "group,G0,0.5\ngroup,G1,0.3\ngroup,G9,0.2\n");
                },
                &text),
            status::too_few);
  EXPECT_EQ(
      text,
      "satisfaction.raking: nobody has the level G9 of variable group, which should have the share 0.2; join "
      "it with another level");
  EXPECT_EQ(code_of(
                [] {
                  return raked(survey_of(table_of({{2}, {3}})), "group,G0,1\n");
                },
                &text),
            status::data);
  EXPECT_EQ(text, "satisfaction.raking: group of respondent 1/0/0 is G1, but must be one of G0");
}

// A diagonal table can have no shares but equal ones.
TEST(raking, shares_that_no_weights_have_end_with_the_worst_of_them) {
  std::string text;
  EXPECT_EQ(code_of(
                [] {
                  return raked(survey_of(table_of({{2, 0}, {0, 3}})),
                               "group,G0,0.5\ngroup,G1,0.5\nb,0,0.7\nb,1,0.3\n", {{"most_rounds", "50"}});
                },
                &text),
            status::not_converged);
  EXPECT_NE(text.find("of variable group is 0."), std::string::npos) << text;
  // Where a weight would have to be nothing, rounds end too.
  EXPECT_EQ(code_of([] {
              return raked(survey_of(table_of({{2, 1}, {0, 3}})),
                           "group,G0,0.5\ngroup,G1,0.5\nb,0,0.5\nb,1,0.5\n", {{"most_rounds", "2000"}});
            }),
            status::not_converged);
}

TEST(raking, bounds_hold) {
  const std::vector<std::vector<int>> counts{{30, 3}, {2, 30}};
  const std::string margins = "group,G0,0.5\ngroup,G1,0.5\nb,0,0.2\nb,1,0.8\n";
  const survey store = survey_of(table_of(counts));
  const result free = raked(store, margins);
  EXPECT_GT(number(free, "summary", "largest"), 2.5);
  const result bounded = raked(store, margins, {{"trim_high", "2.5"}, {"trim_low", "0.3"}});
  EXPECT_LE(number(bounded, "summary", "largest"), 2.5);
  EXPECT_GE(number(bounded, "summary", "smallest"), 0.3);
  EXPECT_EQ(finished::cells(bounded, "summary", {"state"}), std::vector<std::string>{"bounded"});
  EXPECT_GT(whole(bounded, "summary", "trimmed_high"), 0);
  EXPECT_GT(number(bounded, "summary", "largest_deviation"), 1e-6);
  EXPECT_LT(number(bounded, "summary", "design_effect"), number(free, "summary", "design_effect"));
  // Bounds that nothing reaches change nothing.
  EXPECT_EQ(raked(store, margins, {{"trim_high", "1000"}}).tables[0].at("weight").as<double>().size(),
            free.tables[0].at("weight").as<double>().size());
  // Shares that are right already do not spare a weight that is too large.
  std::vector<answered> rows = table_of({{3}, {3}});
  for (const std::size_t i : {0U, 3U})
    rows[i].weight = 20.0;
  const result trimmed = raked(survey_of(rows), "group,G0,0.5\ngroup,G1,0.5\n", {{"trim_high", "2"}});
  EXPECT_LE(number(trimmed, "summary", "largest"), 2.0);
}

// Cells that are empty let weights shrink by a factor each round; they end as numbers.
TEST(raking, weights_that_shrink_without_an_end) {
  const survey store = survey_of(table_of({{4, 0, 1}, {0, 3, 2}, {1, 0, 5}}));
  const std::string margins = "group,G0,0.6\ngroup,G1,0.3\ngroup,G2,0.1\nb,0,0.05\nb,1,0.9\nb,2,0.05\n";
  EXPECT_EQ(code_of([&] {
              return raked(store, margins, {{"most_rounds", "20000"}});
            }),
            status::not_converged);
  const result made = raked(store, margins, {{"most_rounds", "20000"}, {"trim_high", "1000"}});
  for (const table& one : made.tables) {
    for (const column& held : one.columns()) {
      if (held.type() != dtype::float64)
        continue;
      for (const double value : held.as<double>())
        EXPECT_TRUE(std::isfinite(value)) << one.name() << "." << held.name();
    }
  }
}

TEST(raking, tables_of_margins_that_make_no_sense_are_refused) {
  const survey store = survey_of(table_of({{2, 2}, {3, 1}}));
  const auto code = [&](const std::string& margins) {
    return code_of([&] { return raked(store, margins); });
  };
  EXPECT_EQ(code(""), status::schema);
  EXPECT_EQ(code("group,G0,0.5\ngroup,G1,0.4\n"), status::data);
  EXPECT_EQ(code("group,G0,0.5\ngroup,G0,0.5\n"), status::data);
  EXPECT_EQ(code("c,1,1\n"), status::data);
  EXPECT_EQ(code("period,2026-01-01,1\n"), status::data); // nobody has a period
  EXPECT_EQ(code_of([] {
              return raked(survey_of({{.respondent = "A", .items = {{"b", 1}}}}), "b,1,1\n",
                           {{"period", "2026-01-01"}});
            }),
            status::too_few);
}

TEST(raking, who_has_no_answer_is_refused_or_left) {
  std::vector<answered> rows = table_of({{4, 4}});
  rows[0].items = {{"b", 99}};
  std::string text;
  EXPECT_EQ(code_of([&] { return raked(survey_of(rows, "99"), "b,0,0.5\nb,1,0.5\n"); }, &text), status::data);
  EXPECT_EQ(text, "satisfaction.raking: items:b of respondent 0/0/0 is missing, but must be one of 0, 1");
  const result left = raked(survey_of(rows, "99"), "b,0,0.5\nb,1,0.5\n", {{"missing", "leave"}});
  EXPECT_NEAR(number(left, "weights", "weight", 0), 1.0, 1e-15);
  EXPECT_NEAR(number(left, "margins", "share", 0), 0.5, 1e-12);
}

TEST(raking, extreme_weights_and_shares) {
  std::vector<answered> rows = table_of({{3, 3}, {3, 3}});
  rows[0].weight = 1e15;
  rows[1].weight = 1e-15;
  const result made =
      raked(survey_of(rows), "group,G0,0.000001\ngroup,G1,0.999999\nb,0,0.999999\nb,1,0.000001\n",
            {{"trim_high", "1e8"}});
  for (const double one : finished::table_of(made, "weights").at("weight").as<double>())
    EXPECT_TRUE(std::isfinite(one) && one > 0.0) << one;
}

TEST(raking, a_cancelled_run_ends) {
  std::atomic<int> cancel{1};
  const run how{.cancel = &cancel};
  const survey store = survey_of(table_of({{2, 1}, {1, 3}}));
  const model given = margins_of("group,G0,0.7\ngroup,G1,0.3\nb,0,0.5\nb,1,0.5\n");
  EXPECT_EQ(code_of([&] {
              return finish_raking({.from = &store,
                                    .options = {raking_name, raking_option_list, {}},
                                    .slots = {{"margins", &given}},
                                    .keys = std::nullopt,
                                    .how = how});
            }),
            status::cancelled);
}

} // namespace
} // namespace emptor::satisfaction::raking_test
