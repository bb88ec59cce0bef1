// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/satisfaction/index_groups_entry.hpp>

#include "satisfaction/index_survey_rows.hpp"
#include "satisfaction/survey_run.hpp"
#include "stats/json_numbers.hpp"
#include "support/refusal.hpp"

namespace emptor::satisfaction::index_groups_test {
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
using texts = std::vector<std::string>;

struct draw_row {
  std::int64_t resample = 0;
  std::string respondent;
  std::int64_t count = 1;
};
model given_of(const std::vector<std::pair<std::string, std::string>>& groups,
               const std::vector<draw_row>& draws = {}) {
  text_buffer respondents;
  text_buffer names;
  for (const auto& [respondent, group] : groups) {
    respondents.push_back(respondent);
    names.push_back(group);
  }
  std::vector<std::int64_t> resamples;
  text_buffer drawn;
  std::vector<std::int64_t> counts;
  for (const draw_row& one : draws) {
    resamples.push_back(one.resample);
    drawn.push_back(one.respondent);
    counts.push_back(one.count);
  }
  model made;
  made.entry = std::string(index_groups_name);
  made.tables.push_back(
      {"groups",
       {column::texts("respondent", std::move(respondents)), column::texts("group", std::move(names))}});
  made.tables.push_back(
      {"draws",
       {column::integers("resample", std::move(resamples)), column::texts("respondent", std::move(drawn)),
        column::integers("count", std::move(counts))}});
  return made;
}

result compared(const stats::survey& from, const model& described, const options& with = {},
                const model* given = nullptr, const run& how = {}) {
  std::vector<filled_slot> slots{{"model", &described}};
  if (given != nullptr)
    slots.push_back({"groups", given});
  return finished_of(index_groups_entry, from, with, slots, how);
}
/// Rows in groups, in turn.
std::vector<answered> grouped(std::size_t rows, const texts& names, std::uint64_t seed = 1) {
  std::vector<answered> made = small_rows(rows, seed);
  for (std::size_t r = 0; r < rows; ++r)
    made[r].group = names[r % names.size()];
  return made;
}

TEST(index_groups, worked_examples) {
  for (const example& one : index_groups_examples)
    EXPECT_EQ(survey_run::example_differences(index_groups_entry, one, {&index_model_entry}), "");
}

// reference 2.2: groups CUEX1 < 8 and the rest, with the resamples that R drew.
TEST(index_groups, groups_of_mobi_as_seminr) {
  const auto data = test::mobi();
  const auto indices = test::text_of_file("mobi_ecsi_mga_indices.json");
  const auto expected = test::text_of_file("mobi_ecsi_mga_expected.json");
  if (!data || !indices || !expected)
    GTEST_SKIP() << "no mobi.csv or mobi_ecsi_mga_*.json in EMPTOR_DATA_DIR";
  std::vector<std::pair<std::string, std::string>> groups;
  std::vector<std::string> members[2];
  for (std::size_t r = 0; r < 250; ++r) {
    const std::size_t g = data->at("CUEX1")[r] < 8.0 ? 0 : 1;
    groups.emplace_back(index_survey_rows::respondent(r), g == 0 ? "below 8" : "from 8");
    members[g].push_back(index_survey_rows::respondent(r));
  }
  std::vector<draw_row> draws;
  for (std::size_t g = 0; g < 2; ++g) {
    const auto lists = test::places_of(test::lists_after(*indices, {g == 0 ? "group1" : "group2"}));
    for (std::size_t b = 0; b < lists.size(); ++b) {
      std::map<std::uint32_t, std::int64_t> counts;
      for (const std::uint32_t place : lists[b])
        ++counts[place];
      for (const auto& [place, count] : counts)
        draws.push_back({static_cast<std::int64_t>(b), members[g][place], count});
    }
  }
  std::reverse(draws.begin(), draws.end());
  const model given = given_of(groups, draws);
  const result made = compared(survey_of(index_survey_rows::rows_of(*data)), index_survey_rows::ecsi_model(),
                               {{"convention", "seminr"}, {"permutations", "200"}}, &given);
  EXPECT_EQ(finished::cells(made, "group_status", {"group", "rows", "used", "status"}),
            (texts{"below 8 108 108 converged", "from 8 142 142 converged"}));
  const auto wanted = [&](const char* key) { return test::lists_after(*expected, {key}).front(); };
  const std::vector<double> p = wanted("plsMgaP");
  const std::vector<double> difference = wanted("diff");
  const std::vector<double> first = wanted("group1Beta");
  const std::vector<option> none;
  const stats::path_model_specification of = test::ecsi_model();
  const table& held = finished::table_of(made, "differences");
  ASSERT_EQ(held.rows(), 12);
  for (std::size_t k = 0; k < 12; ++k)
    for (std::int64_t row = 0; row < 12; ++row) {
      if (held.at("from").text()[row] != of.paths[k].from || held.at("to").text()[row] != of.paths[k].to)
        continue;
      const auto at = static_cast<std::size_t>(row);
      EXPECT_NEAR(number(made, "differences", "henseler", at), p[k], 1e-12) << row;
      EXPECT_NEAR(number(made, "differences", "difference", at), difference[k], 1e-12) << row;
      EXPECT_NEAR(number(made, "group_coefficients", "coefficient", at), first[k], 1e-12) << row;
      if (of.paths[k].from == "Image" && of.paths[k].to == "Loyalty") {
        EXPECT_NEAR(number(made, "differences", "henseler", at), 0.0116, 1e-12);
        EXPECT_NEAR(number(made, "differences", "difference", at), 0.323205037238886, 1e-12);
        EXPECT_NEAR(number(made, "differences", "p_value", at), 0.0232, 1e-12);
        // 12 tests: the smallest p-value is that of satisfaction and complaints.
        EXPECT_GE(number(made, "differences", "holm", at), number(made, "differences", "p_value", at));
      }
    }
  EXPECT_EQ(finished::table_of(made, "invariance").rows(), 7);
  EXPECT_EQ(whole(made, "comparisons", "permutations"), 200);
}

TEST(index_groups, groups_of_no_one_and_three_have_a_status) {
  std::vector<answered> rows = small_rows(40);
  std::vector<std::pair<std::string, std::string>> groups;
  for (std::size_t r = 0; r < 40; ++r)
    groups.emplace_back(rows[r].respondent, r < 18   ? "A"
                                            : r < 19 ? "one"
                                            : r < 22 ? "three"
                                            : r < 24 ? "none"
                                                     : "B");
  for (std::size_t r = 22; r < 24; ++r)
    rows[r].items.erase("s1");
  rows[20].items["l1"] = rows[19].items["l1"];
  rows[21].items["l1"] = rows[19].items["l1"];
  const model given = given_of(groups);
  const result made =
      compared(survey_of(rows), small_model(), {{"resamples", "50"}, {"permutations", "40"}}, &given);
  EXPECT_EQ(finished::cells(made, "group_status", {"group", "rows", "used", "status"}),
            (texts{"A 18 18 converged", "B 16 16 converged", "none 2 0 too_few", "one 1 1 too_few",
                   "three 3 3 zero_variance"}));
  EXPECT_EQ(
      finished::cells(made, "comparisons", {"group", "other_group", "compared", "permutations", "exact"})[0],
      "A B true 40 false");
  EXPECT_EQ(finished::table_of(made, "comparisons").rows(), 10);
  EXPECT_EQ(finished::table_of(made, "differences").rows(), 2);
  EXPECT_EQ(finished::table_of(made, "group_coefficients").rows(), 4);
  // Nothing is drawn where nothing is asked.
  const result quiet =
      compared(survey_of(rows), small_model(), {{"resamples", "0"}, {"permutations", "0"}}, &given);
  EXPECT_EQ(finished::cells(quiet, "differences", {"henseler", "p_value", "holm", "permutation_p_value"})[0],
            "- - - -");
  EXPECT_EQ(finished::cells(quiet, "invariance", {"invariance", "correlation"})[0], "undefined -");
  EXPECT_EQ(number(quiet, "differences", "difference"), number(made, "differences", "difference"));
}

TEST(index_groups, periods_and_comparisons) {
  std::vector<answered> rows;
  for (int month = 1; month <= 4; ++month)
    for (answered one : small_rows(15, static_cast<std::uint64_t>(month))) {
      one.period = "2026-0" + std::to_string(month) + "-01";
      rows.push_back(one);
    }
  const auto pairs = [&](const char* which) {
    return finished::cells(
        compared(survey_of(rows), small_model(),
                 {{"by", "period"}, {"comparisons", which}, {"resamples", "0"}, {"permutations", "0"}}),
        "comparisons", {"group", "other_group"});
  };
  EXPECT_EQ(pairs("previous"),
            (texts{"2026-01-01 2026-02-01", "2026-02-01 2026-03-01", "2026-03-01 2026-04-01"}));
  EXPECT_EQ(pairs("first").back(), "2026-01-01 2026-04-01");
  EXPECT_EQ(pairs("pairs").size(), 6U);
}

TEST(index_groups, order_of_pushes_and_threads_do_not_matter) {
  for (const bool weighted : {false, true}) {
    std::vector<answered> rows = grouped(70, {"x", "y", "z"});
    for (std::size_t r = 0; r < rows.size() && weighted; ++r)
      rows[r].weight = 0.3 + static_cast<double>(r % 7);
    const options with{{"resamples", "60"}, {"permutations", "150"}};
    const result made = compared(survey_of(rows), small_model(), with);
    std::reverse(rows.begin(), rows.end());
    run threads;
    threads.threads = 3;
    EXPECT_EQ(made.tables, compared(survey_of(rows), small_model(), with, nullptr, threads).tables);
    ASSERT_EQ(made.tables.size(), index_groups_description.outputs.size());
    for (std::size_t i = 0; i < made.tables.size(); ++i) {
      const table_description& described = index_groups_description.outputs[i];
      EXPECT_EQ(made.tables[i].name(), described.name);
      ASSERT_EQ(made.tables[i].columns().size(), described.columns.size());
      for (std::size_t c = 0; c < described.columns.size(); ++c)
        EXPECT_EQ(made.tables[i].columns()[c].name(), described.columns[c].name);
    }
    // Groups by a table are those of the survey.
    std::vector<std::pair<std::string, std::string>> groups;
    for (answered& one : rows) {
      groups.emplace_back(one.respondent, one.group);
      one.group.clear();
    }
    const model given = given_of(groups);
    EXPECT_EQ(made.tables, compared(survey_of(rows), small_model(), with, &given).tables);
  }
}

TEST(index_groups, frequencies_are_so_many_respondents) {
  std::vector<answered> weighted = grouped(40, {"x", "y"});
  std::vector<answered> each;
  std::vector<draw_row> draws;
  for (std::size_t r = 0; r < weighted.size(); ++r) {
    weighted[r].weight = static_cast<double>(1 + r % 3);
    for (std::size_t copy = 0; copy <= r % 3; ++copy) {
      each.push_back(weighted[r]);
      each.back().weight.reset();
      each.back().respondent += std::string(copy, 'x');
    }
    for (std::int64_t b = 0; b < 30; ++b)
      draws.push_back({b, weighted[r].respondent, (static_cast<std::int64_t>(r) * 7 + b * b) % 3});
  }
  const options with{{"resamples", "60"}, {"permutations", "100"}, {"weight_meaning", "frequency"}};
  const auto figures = [](const result& of) {
    return std::vector<table>(of.tables.begin() + 1, of.tables.end()); // but for how many rows there are
  };
  const auto near = [&](const result& one, const result& other) {
    const std::vector<table> a = figures(one);
    const std::vector<table> b = figures(other);
    for (std::size_t t = 0; t < a.size(); ++t) {
      ASSERT_EQ(a[t].rows(), b[t].rows());
      for (std::size_t c = 0; c < a[t].columns().size(); ++c)
        for (std::int64_t row = 0; row < a[t].rows(); ++row) {
          const column& left = a[t].columns()[c];
          const column& right = b[t].columns()[c];
          ASSERT_EQ(left.is_valid(row), right.is_valid(row));
          if (left.type() == dtype::float64 && left.is_valid(row)) {
            EXPECT_NEAR(left.as<double>()[static_cast<std::size_t>(row)],
                        right.as<double>()[static_cast<std::size_t>(row)], 1e-11)
                << a[t].name() << " " << left.name() << " " << row;
          }
        }
    }
  };
  near(compared(survey_of(weighted), small_model(), with), compared(survey_of(each), small_model(), with));
  // A draw of a respondent who stands for several is one of them.
  const model given = given_of({}, draws);
  near(compared(survey_of(weighted), small_model(), with, &given),
       compared(survey_of(each), small_model(), with, &given));
}

TEST(index_groups, resamples_that_cannot_be_kept_are_refused) {
  std::vector<answered> rows;
  for (int g = 0; g < 700; ++g)
    for (answered one : small_rows(5, static_cast<std::uint64_t>(g + 1))) {
      one.respondent += "g" + std::to_string(g);
      one.group = "g" + std::to_string(g);
      rows.push_back(one);
    }
  std::string text;
  EXPECT_EQ(code_of(
                [&] {
                  return compared(survey_of(rows), small_model(),
                                  {{"resamples", "100000"}, {"permutations", "0"}, {"comparisons", "first"}})
                      .tables.size();
                },
                &text),
            status::option);
  EXPECT_NE(text.find("at most"), std::string::npos) << text;
  // A table of draws decides, whatever the option says.
  std::vector<draw_row> draws;
  for (std::int64_t b = 0; b < 3; ++b)
    draws.push_back({b, rows[0].respondent, 1});
  rows.resize(40);
  const model few = given_of({}, draws);
  EXPECT_EQ(code_of(
                [&] {
                  return compared(survey_of(rows), small_model(),
                                  {{"resamples", "100000"}, {"permutations", "0"}, {"comparisons", "first"}},
                                  &few)
                      .tables.size();
                },
                &text),
            status::ok)
      << text;
  EXPECT_EQ(code_of([] {
              detail::check_group_resamples(2, 2, (std::size_t{1} << 25) + 1);
              return 0;
            }),
            status::option);
}

TEST(index_groups, frequencies_are_those_of_a_group) {
  std::vector<answered> rows = grouped(40, {"x", "y"});
  for (answered& one : rows)
    one.weight = 1.0;
  // The same respondent, with another frequency in another group.
  rows.push_back(rows[0]);
  rows.back().group = "y";
  rows.back().weight = 3.0;
  rows.back().period = "2024-02-29";
  const options with{{"resamples", "20"}, {"permutations", "20"}, {"weight_meaning", "frequency"}};
  std::string text;
  const auto code = [&](const options& how) {
    return code_of([&] { return compared(survey_of(rows), small_model(), how).tables.size(); }, &text);
  };
  EXPECT_EQ(code(with), status::ok) << text;
  rows.back().group = "x";
  EXPECT_EQ(code(with), status::data);
  EXPECT_NE(text.find("that of his other rows, 1"), std::string::npos) << text;
  rows.back().weight = 0.5;
  EXPECT_EQ(code({{"resamples", "0"}, {"permutations", "20"}, {"weight_meaning", "frequency"}}),
            status::data);
  EXPECT_NE(text.find("or say resamples=0 and permutations=0"), std::string::npos) << text;
  EXPECT_EQ(code({{"resamples", "0"}, {"permutations", "0"}, {"weight_meaning", "frequency"}}), status::ok)
      << text;
  rows.back().group.clear(); // who is in no group is not drawn
  EXPECT_EQ(code(with), status::ok) << text;
}

TEST(index_groups, a_group_of_one_respondent_has_paths_without_an_interval) {
  std::vector<answered> rows = grouped(40, {"x", "y"});
  int day = 1;
  for (answered& one : rows)
    if (one.group == "y") {
      one.respondent = "he";
      one.period = "2024-01-" + std::string(day < 10 ? "0" : "") + std::to_string(day);
      ++day;
    }
  const result made = compared(survey_of(rows), small_model(), {{"resamples", "20"}, {"permutations", "0"}});
  EXPECT_EQ(finished::cells(made, "group_status", {"group", "rows", "used", "status"}),
            (texts{"x 20 20 converged", "y 20 20 converged"}));
  const table& paths = finished::table_of(made, "group_coefficients");
  ASSERT_EQ(paths.rows(), 4);
  EXPECT_TRUE(paths.at("low").is_valid(0));
  EXPECT_TRUE(paths.at("coefficient").is_valid(2));
  EXPECT_FALSE(paths.at("low").is_valid(2));
}

// A difference that is there is found, and one that is not is not.
TEST(index_groups, what_differs_is_told) {
  std::vector<answered> rows = grouped(160, {"x", "y"});
  const result same =
      compared(survey_of(rows), small_model(), {{"resamples", "300"}, {"permutations", "300"}});
  for (std::size_t row = 0; row < 2; ++row)
    EXPECT_GT(number(same, "differences", "permutation_p_value", row), 0.01);
  random_stream stream(99, 0, 0);
  for (answered& one : rows)
    if (one.group == "y")
      one.items["l1"] = 1.0 + std::floor(10.0 * stream.uniform());
  const result other =
      compared(survey_of(rows), small_model(), {{"resamples", "300"}, {"permutations", "300"}});
  EXPECT_LT(number(other, "differences", "permutation_p_value", 1), 0.01);
  EXPECT_LT(number(other, "differences", "henseler", 1), 0.01);
  EXPECT_LT(number(other, "differences", "holm", 1), 0.05);
}

TEST(index_groups, what_is_refused) {
  std::string text;
  const std::vector<answered> rows = grouped(30, {"x", "y"});
  const auto refused = [&](const std::vector<answered>& of, const options& with = {},
                           const model* given = nullptr) {
    return code_of([&] { return compared(survey_of(of), small_model(), with, given).tables.size(); }, &text);
  };
  EXPECT_EQ(refused({}), status::too_few);
  EXPECT_EQ(refused(small_rows(20)), status::data);
  EXPECT_EQ(
      text,
      "satisfaction.index_groups: no answers have a group; push them with one, or give a table of groups");
  std::vector<answered> many = small_rows(60);
  for (answered& one : many)
    one.group = one.respondent;
  EXPECT_EQ(refused(many), status::option);
  EXPECT_EQ(refused(many, {{"comparisons", "first"}}), status::ok) << text;
  model given = given_of({{"R1000", "a"}, {"R100", "b"}});
  EXPECT_EQ(refused(rows, {}, &given), status::data);
  EXPECT_NE(text.find("there is no respondent R100"), std::string::npos);
  given = given_of({{"R1000", "a"}, {"R1000", "b"}});
  EXPECT_EQ(refused(rows, {}, &given), status::data);
  EXPECT_EQ(text, "satisfaction.index_groups: respondent[1] is R1000, but must be there once");
  given = given_of({}, {{1, "R1", 1}});
  EXPECT_EQ(refused(rows, {}, &given), status::data);
  given = given_of({}, {});
  EXPECT_EQ(
      compared(survey_of(rows), small_model(), {{"resamples", "20"}, {"permutations", "0"}}, &given).tables,
      compared(survey_of(rows), small_model(), {{"resamples", "20"}, {"permutations", "0"}}).tables);
  // Draws in which somebody is not, or nobody: a figure of fewer resamples.
  given = given_of({}, {{1, "R1000", 3}, {2, "R1001", 0}, {3, "R1002", 1000}});
  EXPECT_EQ(refused(rows, {{"permutations", "0"}}, &given), status::ok) << text;
  EXPECT_EQ(whole(compared(survey_of(rows), small_model(), {{"permutations", "0"}}, &given),
                  "group_coefficients", "resamples"),
            0);
  std::vector<draw_row> flood;
  for (std::int64_t k = 0; k < 17000; ++k)
    flood.push_back({k, "R1000", 1000});
  given = given_of({}, flood);
  EXPECT_EQ(refused(rows, {}, &given), status::data);
  run stopped;
  const std::atomic<int> cancel{1};
  stopped.cancel = &cancel;
  EXPECT_EQ(
      code_of([&] { return compared(survey_of(rows), small_model(), {}, nullptr, stopped).tables.size(); }),
      status::cancelled);
}

} // namespace
} // namespace emptor::satisfaction::index_groups_test
