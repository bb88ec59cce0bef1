// SPDX-License-Identifier: BSL-1.0
#include <chrono>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/satisfaction/ratings_entry.hpp>

#include "satisfaction/survey_run.hpp"
#include "support/refusal.hpp"

namespace emptor::satisfaction::ratings_test {
namespace {

using stats::survey;
using survey_run::answered;
using survey_run::number;
using survey_run::options;
using survey_run::survey_of;
using survey_run::whole;
using test::code_of;

result rated(const survey& from, const options& with = {}) {
  return finished::of(ratings_entry, from, with);
}
bool has(const result& of, std::string_view table, std::string_view column, std::int64_t row = 0) {
  return finished::table_of(of, table).at(column).is_valid(row);
}
std::vector<answered> answers(const std::vector<double>& given, const std::string& group = "",
                              const std::string& period = "") {
  std::vector<answered> rows;
  for (std::size_t i = 0; i < given.size(); ++i)
    rows.push_back({.respondent = group + std::to_string(i),
                    .items = {{"q", given[i]}},
                    .period = period,
                    .group = group});
  return rows;
}
std::vector<answered> joined(std::vector<answered> a, const std::vector<answered>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST(ratings, worked_example) {
  EXPECT_EQ(survey_run::example_differences(ratings_entry, ratings_examples[0]), "");
}

// Sleep gained with two drugs by the same ten patients (Student, 1908): paired t = -4.0621 of 9 degrees, p = 0.002833,
// 95 % interval -2.4599 to -0.7001; Welch's t = -1.8608 of 17.776 degrees, p = 0.07939, -3.3655 to 0.2055.
TEST(ratings, students_sleep) {
  const std::vector<double> first{0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0};
  const std::vector<double> second{1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4};
  const options scale{{"scale_low", "-10"}, {"scale_high", "10"}};
  options by_period = scale;
  by_period.push_back({"by", "period"});
  const result paired = rated(
      survey_of(joined(answers(second, "", "2026-01-01"), answers(first, "", "2026-02-01"))), by_period);
  EXPECT_EQ(whole(paired, "tests", "shared"), 10);
  EXPECT_NEAR(number(paired, "tests", "difference"), -1.58, 1e-12);
  EXPECT_NEAR(number(paired, "tests", "difference") / number(paired, "tests", "standard_error"), -4.0621,
              5e-5);
  EXPECT_NEAR(number(paired, "tests", "degrees"), 9.0, 1e-12);
  EXPECT_NEAR(number(paired, "tests", "p_value"), 0.002833, 5e-7);
  EXPECT_NEAR(number(paired, "tests", "difference_low"), -2.4598858, 5e-8);
  EXPECT_NEAR(number(paired, "tests", "difference_high"), -0.7001142, 5e-8);
  options by_group = scale;
  by_group.push_back({"by", "group"});
  const result apart = rated(survey_of(joined(answers(first, "1"), answers(second, "2"))), by_group);
  EXPECT_EQ(whole(apart, "tests", "shared"), 0);
  EXPECT_NEAR(number(apart, "tests", "difference") / number(apart, "tests", "standard_error"), -1.8608, 5e-5);
  EXPECT_NEAR(number(apart, "tests", "degrees"), 17.776, 5e-4);
  EXPECT_NEAR(number(apart, "tests", "p_value"), 0.07939, 5e-6);
  EXPECT_NEAR(number(apart, "tests", "difference_low"), -3.3654832, 5e-8);
  EXPECT_NEAR(number(apart, "tests", "difference_high"), 0.2054832, 5e-8);
}

// Newcombe, 1998, table II: 56 of 70 against 48 of 80, method 10: 0.0524 to 0.3339.
TEST(ratings, newcombes_example) {
  std::vector<double> first(70, 1.0);
  std::fill_n(first.begin(), 56, 5.0);
  std::vector<double> second(80, 1.0);
  std::fill_n(second.begin(), 48, 5.0);
  const result made = rated(survey_of(joined(answers(first, "1"), answers(second, "2"))),
                            {{"by", "group"}, {"tested", "top_share"}});
  EXPECT_NEAR(number(made, "tests", "difference"), 0.2, 1e-15);
  EXPECT_NEAR(number(made, "tests", "difference_low"), 0.0524, 5e-5);
  EXPECT_NEAR(number(made, "tests", "difference_high"), 0.3339, 5e-5);
}

TEST(ratings, boxes) {
  const result made = rated(survey_of(answers({1, 2, 3, 4, 5, 5, 3.5})), {{"top", "1"}, {"bottom", "2"}});
  EXPECT_EQ(whole(made, "ratings", "top"), 2);
  EXPECT_EQ(whole(made, "ratings", "bottom"), 2);
  EXPECT_NEAR(number(made, "ratings", "top_share"), 2.0 / 7.0, 1e-15);
  EXPECT_EQ(code_of([] {
              return rated(survey_of(answers({1})), {{"top", "3"}, {"bottom", "3"}});
            }),
            status::option);
  EXPECT_EQ(code_of([] { return rated(survey_of(answers({1})), {{"scale_low", "5"}}); }), status::option);
}

TEST(ratings, answers_off_the_scale_are_refused_with_their_row) {
  std::string text;
  EXPECT_EQ(code_of([] { return rated(survey_of(answers({1, 6, 2}, "G"))); }, &text), status::data);
  EXPECT_EQ(
      text,
      "satisfaction.ratings: items:q of respondent G1 is 6, but must be in [1, 5], or one of missing_codes");
}

TEST(ratings, nobody_one_and_all_alike) {
  std::vector<answered> silent{{.respondent = "A", .items = {{"q", 99}}}};
  const result nobody = rated(survey_of(silent, "99"));
  EXPECT_EQ(whole(nobody, "ratings", "coded"), 1);
  for (const char* name : {"mean", "deviation", "mean_low", "index", "top_share", "top_low", "bottom_share"})
    EXPECT_FALSE(has(nobody, "ratings", name)) << name;
  const result one = rated(survey_of(answers({4})));
  EXPECT_EQ(number(one, "ratings", "mean"), 4.0);
  EXPECT_FALSE(has(one, "ratings", "deviation"));
  EXPECT_FALSE(has(one, "ratings", "mean_low"));
  EXPECT_TRUE(has(one, "ratings", "top_low"));
  const result alike = rated(survey_of(answers({3.3, 3.3, 3.3, 3.3, 3.3, 3.3, 3.3})));
  EXPECT_EQ(number(alike, "ratings", "mean"), 3.3);
  EXPECT_EQ(number(alike, "ratings", "deviation"), 0.0);
  EXPECT_FALSE(has(alike, "ratings", "mean_low"));
  const result compared = rated(survey_of(joined(answers({3, 3, 3}, "A"), answers({5, 5, 5}, "B"))),
                                {{"by", "group"}, {"tested", "all"}});
  EXPECT_FALSE(has(compared, "tests", "p_value", 0)); // means that do not vary
  EXPECT_TRUE(has(compared, "tests", "p_value", 1));  // 0 of 3 against 3 of 3
  EXPECT_FALSE(has(compared, "tests", "p_value", 2)); // 0 of 3 against 0 of 3
  EXPECT_NEAR(number(compared, "tests", "p_value", 1), std::erfc(std::sqrt(6.0) / std::sqrt(2.0)), 1e-15);
}

TEST(ratings, groups_of_none_one_and_three) {
  std::vector<answered> rows =
      joined(joined(answers({5}, "1"), answers({1, 3, 5}, "3")), answers({2, 3, 4, 4, 1}, "5"));
  rows.push_back({.respondent = "silent", .group = "0"});
  const result made = rated(survey_of(rows), {{"by", "group"}});
  EXPECT_EQ(
      finished::cells(made, "ratings", {"group", "answers", "missing", "mean"}),
      (std::vector<std::string>{"- 9 1 3.111111111111111", "0 0 1 -", "1 1 0 5", "3 3 0 3", "5 5 0 2.8"}));
  EXPECT_FALSE(has(made, "tests", "p_value", 0));
  EXPECT_FALSE(has(made, "tests", "p_value", 1));
  EXPECT_TRUE(has(made, "tests", "p_value", 2));
}

TEST(ratings, numbers_at_the_edge_of_what_is_held) {
  const options wide{{"scale_low", "-1e9"}, {"scale_high", "1e9"}};
  const result made =
      rated(survey_of(joined(answers({1e9, -1e9, 1e9, 3}, "A"), answers({1e9, 1e9 - 1, -1e9}, "B"))),
            {{"scale_low", "-1e9"}, {"scale_high", "1e9"}, {"by", "group"}, {"tested", "all"}});
  for (std::size_t row = 0; row < 3; ++row) {
    EXPECT_TRUE(std::isfinite(number(made, "ratings", "mean_low", row)));
    EXPECT_TRUE(std::isfinite(number(made, "tests", "difference_low", row)));
  }
  EXPECT_EQ(code_of([&] { return rated(survey_of(answers({1e9 + 1})), wide); }), status::data);
}

TEST(ratings, weights) {
  std::vector<answered> rows = answers({1, 2, 3, 4, 5, 5});
  for (std::size_t i = 0; i < rows.size(); ++i)
    rows[i].weight = i < 3 ? 1.0 : 2.0;
  const result made = rated(survey_of(rows));
  const double mean = (1 + 2 + 3 + 2 * (4 + 5 + 5)) / 9.0;
  EXPECT_NEAR(number(made, "ratings", "mean"), mean, 1e-14);
  EXPECT_NEAR(number(made, "ratings", "effective_answers"), 81.0 / 15.0, 1e-14);
  EXPECT_NEAR(number(made, "ratings", "design_effect"), 6.0 * 15.0 / 81.0, 1e-14);
  EXPECT_NEAR(number(made, "ratings", "top_share"), 6.0 / 9.0, 1e-15);
  double squares = 0.0;
  for (const answered& one : rows)
    squares += *one.weight * (one.items.at("q") - mean) * (one.items.at("q") - mean);
  EXPECT_NEAR(number(made, "ratings", "deviation"), std::sqrt(squares / 9.0 * 5.4 / 4.4), 1e-14);
  for (answered& one : rows)
    one.weight = one.respondent == "0" ? 1e15 : 1e-15;
  const result extreme = rated(survey_of(rows));
  EXPECT_NEAR(number(extreme, "ratings", "mean"), 1.0, 1e-12);
  EXPECT_FALSE(has(extreme, "ratings", "mean_low")); // as good as one answer
}

TEST(ratings, frequencies) {
  std::vector<answered> rows = joined(answers({1, 2, 4, 5, 3, 3}, "A"), answers({2, 5, 5, 4}, "B"));
  std::vector<answered> repeated;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].weight = static_cast<double>(1 + i % 3);
    for (int k = 0; k < static_cast<int>(*rows[i].weight); ++k) {
      repeated.push_back(rows[i]);
      repeated.back().respondent += "/" + std::to_string(k);
      repeated.back().weight.reset();
    }
  }
  const options each{{"by", "group"}, {"tested", "all"}};
  options of_frequencies = each;
  of_frequencies.push_back({"weight_meaning", "frequency"});
  const result counted = rated(survey_of(rows), of_frequencies);
  const result plain = rated(survey_of(repeated), each);
  for (std::size_t row = 0; row < 3; ++row) {
    for (const char* const name : {"mean", "deviation", "mean_low", "top_low", "bottom_high"})
      EXPECT_NEAR(number(counted, "ratings", name, row), number(plain, "ratings", name, row), 1e-12) << name;
    for (const char* const name : {"standard_error", "difference_low", "p_value"})
      EXPECT_NEAR(number(counted, "tests", name, row), number(plain, "tests", name, row), 1e-12) << name;
  }
}

TEST(ratings, tables_of_scales) {
  const auto model_of = [](const std::string& csv) {
    model made;
    made.entry = "satisfaction.ratings";
    made.tables.push_back(test::typed_table(survey_run::described(ratings_model_tables[0]), csv));
    return made;
  };
  const survey store = survey_of({{.respondent = "A", .items = {{"a", 3}, {"b", 9}, {"c", 2}}}});
  const model scales = model_of("item,scale_low,scale_high,top,bottom\nb,0,10,1,\na,,,,\n");
  const result made = finished::of(ratings_entry, store, {}, "scales", &scales);
  EXPECT_EQ(finished::cells(made, "ratings", {"item", "mean", "index"}),
            (std::vector<std::string>{"b 9 90", "a 3 50"}));
  const result chosen = finished::of(ratings_entry, store, {{"items", "c,b"}}, "scales", &scales);
  EXPECT_EQ(finished::cells(chosen, "ratings", {"item", "index"}),
            (std::vector<std::string>{"c 25", "b 90"}));
  const auto refused = [&](const std::string& csv) {
    return code_of([&] {
      const model bad = model_of(csv);
      return finished::of(ratings_entry, store, {}, "scales", &bad);
    });
  };
  EXPECT_EQ(refused("item,scale_low,scale_high\nb,3,3\n"), status::data);
  EXPECT_EQ(refused("item,scale_low,scale_high\nb,0,10\nb,0,10\n"), status::data);
  EXPECT_EQ(refused("item,top\nb,5\n"), status::data);
  EXPECT_EQ(refused("item,scale_high\nz,7\n"), status::data);
  EXPECT_EQ(code_of([&] { return rated(store, {{"items", "a,,b"}}); }), status::option);
  EXPECT_EQ(code_of([&] { return rated(store, {{"items", "a,a"}}); }), status::option);
}

TEST(ratings, one_family_of_tests_over_all_questions) {
  std::vector<answered> rows;
  test::draws draw(5);
  for (int i = 0; i < 60; ++i) {
    answered one{.respondent = std::to_string(i), .group = "G" + std::to_string(i % 4)};
    for (const char* const item : {"a", "b", "c"})
      one.items[item] = static_cast<double>(1 + draw.below(5));
    rows.push_back(one);
  }
  const result made = rated(survey_of(rows), {{"by", "group"}, {"group_tests", "pairs"}});
  const table& tests = finished::table_of(made, "tests");
  ASSERT_EQ(tests.rows(), 18);
  double least = 1.0;
  double adjusted = 1.0;
  for (std::size_t i = 0; i < 18; ++i) {
    if (tests.at("p_value").as<double>()[i] < least) {
      least = tests.at("p_value").as<double>()[i];
      adjusted = tests.at("holm").as<double>()[i];
    }
  }
  EXPECT_NEAR(adjusted, std::min(1.0, 18.0 * least), 1e-15);
}

TEST(ratings, time_grows_with_the_groups_and_not_with_their_square) {
  const auto seconds = [](int groups) {
    std::vector<answered> rows;
    for (int i = 0; i < 3 * groups; ++i)
      rows.push_back({.respondent = std::to_string(i),
                      .items = {{"q", static_cast<double>(1 + i % 5)}},
                      .group = "G" + std::to_string(i / 3)});
    const survey store = survey_of(rows);
    const auto begin = std::chrono::steady_clock::now();
    EXPECT_EQ(finished::table_of(rated(store, {{"by", "group"}, {"tested", "all"}}), "tests").rows(),
              3 * groups);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  const double few = seconds(500);
  EXPECT_LT(seconds(4000), 30.0 * few + 0.1); // squared it would be 64 times
}

} // namespace
} // namespace emptor::satisfaction::ratings_test
