// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <chrono>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/satisfaction/recommendation_entry.hpp>

#include "satisfaction/survey_run.hpp"
#include "support/refusal.hpp"

namespace emptor::satisfaction::recommendation_test {
namespace {

using stats::survey;
using survey_run::answered;
using survey_run::number;
using survey_run::options;
using survey_run::survey_of;
using survey_run::whole;
using test::code_of;

result scored(const survey& from, const options& with = {}) {
  options all{{"item", "q"}};
  all.insert(all.end(), with.begin(), with.end());
  return finished::of(recommendation_entry, from, all);
}
/// So many promoters, passives and detractors.
std::vector<answered> people(int promoters, int passives, int detractors, const std::string& group = "",
                             const std::string& period = "") {
  std::vector<answered> rows;
  for (int i = 0; i < promoters + passives + detractors; ++i)
    rows.push_back({.respondent = group + std::to_string(i),
                    .items = {{"q", i < promoters              ? 9 + i % 2
                                    : i < promoters + passives ? 7 + i % 2
                                                               : i % 7}},
                    .period = period,
                    .group = group});
  return rows;
}
std::vector<answered> joined(std::vector<answered> a, const std::vector<answered>& b) {
  a.insert(a.end(), b.begin(), b.end());
  return a;
}

TEST(recommendation, worked_example) {
  EXPECT_EQ(survey_run::example_differences(recommendation_entry, recommendation_examples[0]), "");
}

// reference/satisfaction.md 2.9: the counts of cran/NPS testdata.
TEST(recommendation, counts_of_a_thousand) {
  const int counts[] = {74, 10, 22, 35, 40, 140, 41, 57, 119, 227, 235};
  std::vector<answered> rows;
  for (int answer = 0; answer <= 10; ++answer) {
    for (int i = 0; i < counts[answer]; ++i)
      rows.push_back({.respondent = std::to_string(answer) + "/" + std::to_string(i),
                      .items = {{"q", static_cast<double>(answer)}}});
  }
  const survey store = survey_of(rows);
  const result made = scored(store);
  EXPECT_EQ(whole(made, "scores", "promoters"), 462);
  EXPECT_EQ(whole(made, "scores", "passives"), 176);
  EXPECT_EQ(whole(made, "scores", "detractors"), 362);
  EXPECT_NEAR(number(made, "scores", "score"), 10.0, 1e-12);
  EXPECT_NEAR(number(made, "scores", "standard_error"), 2.85306852353742, 1e-13);
  EXPECT_NEAR(number(made, "scores", "wald_low"), 4.40808844844179, 1e-12);
  EXPECT_NEAR(number(made, "scores", "wald_high"), 15.5919115515582, 1e-12);
  EXPECT_NEAR(number(made, "scores", "p_value") / 4.56610394112378e-4, 1.0, 1e-12);
  EXPECT_NEAR(number(made, "scores", "score_low"), 4.38966693, 1e-8);
  EXPECT_NEAR(number(made, "scores", "score_high"), 15.55051254, 1e-8);
  EXPECT_EQ(number(made, "scores", "sample_size"), 1251.0);
  EXPECT_EQ(number(scored(store, {{"precision", "3"}}), "scores", "sample_size"), 3475.0);
  for (std::size_t answer = 0; answer <= 10; ++answer)
    EXPECT_EQ(whole(made, "distribution", "answers", answer), counts[answer]);
}

TEST(recommendation, edge_cases_of_the_reference) {
  const result all_alike = scored(survey_of(people(10, 0, 0)));
  EXPECT_EQ(number(all_alike, "scores", "standard_error"), 0.0);
  EXPECT_NEAR(number(all_alike, "scores", "score_low"), 47.503551544790207, 1e-12);
  EXPECT_EQ(number(all_alike, "scores", "score_high"), 100.0); // 106.3426 is no score
  for (const char* none : {"wald_low", "wald_high", "p_value", "sample_size"})
    EXPECT_FALSE(finished::table_of(all_alike, "scores").at(none).is_valid(0)) << none;
  const result some = scored(survey_of(people(5, 3, 2)));
  EXPECT_NEAR(number(some, "scores", "score_low"), -19.050615376363667, 1e-12);
  EXPECT_NEAR(number(some, "scores", "score_high"), 65.20446153020982, 1e-12);
  // npvar(20, 30, 50) = 0.61
  const result variance = scored(survey_of(people(20, 30, 50)));
  EXPECT_NEAR(number(variance, "scores", "standard_error"), 100.0 * std::sqrt(0.61 / 100.0), 1e-12);
}

// Apples against Oranges: 0.148 and 0.076 of 250 each. Counts that give them and the standard error: variances add up to
// 250 x 0.0797074651459950^2 = 1.58832.
TEST(recommendation, two_samples_of_the_reference) {
  // promoters + detractors of both: 1.58832 + 0.148^2 + 0.076^2 = 1.616, which is 404 of 250.
  const result made = scored(survey_of(joined(people(121, 45, 84, "Apples"), people(109, 51, 90, "Oranges"))),
                             {{"by", "group"}});
  EXPECT_NEAR(number(made, "tests", "score"), 14.8, 1e-12);
  EXPECT_NEAR(number(made, "tests", "other_score"), 7.6, 1e-12);
  EXPECT_NEAR(number(made, "tests", "standard_error"), 7.97074651459950, 1e-12);
  EXPECT_NEAR(number(made, "tests", "p_value"), 0.3663650541144958, 1e-13);
  EXPECT_EQ(finished::table_of(made, "tests").rows(), 1); // the other way round it would be the same
}

TEST(recommendation, answers_off_the_scale_are_refused_with_their_row) {
  for (const double bad : {11.0, -1.0, 7.5, 1e15}) {
    std::vector<answered> rows = people(2, 2, 2, "North", "2026-01-01");
    rows[3].items["q"] = bad;
    std::string text;
    EXPECT_EQ(code_of([&] { return scored(survey_of(rows)); }, &text), status::data);
    EXPECT_EQ(text, "satisfaction.recommendation: items:q of respondent North3, period 2026-01-01 is " +
                        to_text(bad) + ", but must be a whole number from 0 to 10, or one of missing_codes");
  }
  std::vector<answered> rows = people(2, 2, 2);
  rows[3].items["q"] = 99;
  const result made = scored(survey_of(rows, "99"));
  EXPECT_EQ(whole(made, "scores", "answers"), 5);
  EXPECT_EQ(whole(made, "scores", "missing"), 1);
  EXPECT_EQ(whole(made, "scores", "coded"), 1);
}

TEST(recommendation, the_question_must_be_named) {
  const survey store = survey_of(people(2, 2, 2));
  EXPECT_EQ(code_of([&] { return finished::of(recommendation_entry, store, {}); }), status::option);
  std::string text;
  EXPECT_EQ(code_of(
                [&] {
                  return finished::of(recommendation_entry, store, {{"item", "qq"}});
                },
                &text),
            status::data);
  EXPECT_NE(text.find("did you mean q?"), std::string::npos) << text;
}

TEST(recommendation, brands_are_not_mixed) {
  std::vector<answered> rows = people(5, 3, 2);
  for (std::size_t i = 0; i < 4; ++i)
    rows[i].brand = "Acme";
  const survey store = survey_of(rows);
  std::string text;
  EXPECT_EQ(code_of([&] { return scored(store); }, &text), status::data);
  EXPECT_NE(text.find("Acme"), std::string::npos) << text;
  EXPECT_EQ(whole(scored(store, {{"brand", "Acme"}}), "scores", "answers"), 4);
  EXPECT_EQ(code_of([&] { return scored(store, {{"brand", "Acne"}}); }), status::unknown_name);
}

TEST(recommendation, nobody_and_nothing) {
  const auto none = [](const result& made) {
    EXPECT_EQ(whole(made, "scores", "answers"), 0);
    for (const char* name : {"score", "standard_error", "score_low", "score_high", "wald_low", "p_value",
                             "promoter_share", "design_effect", "sample_size"})
      EXPECT_FALSE(finished::table_of(made, "scores").at(name).is_valid(0)) << name;
    EXPECT_EQ(finished::table_of(made, "distribution").rows(), 11);
  };
  std::vector<answered> rows = people(1, 1, 1);
  for (answered& one : rows)
    one.items["q"] = 98;
  none(scored(survey_of(rows, "98"), {{"by", "group_and_period"}}));
  survey emptied = survey_of(people(1, 1, 1));
  const std::vector<std::string_view> all{"0", "1", "2"};
  emptied.erase(all);
  none(scored(emptied));
  EXPECT_EQ(code_of([] { return scored(survey()); }), status::data); // there is no question at all
}

TEST(recommendation, groups_of_one_and_three_and_without_answers) {
  std::vector<answered> rows =
      joined(joined(people(1, 0, 0, "One"), people(1, 1, 1, "Three")), people(3, 3, 4, "Ten"));
  rows.push_back({.respondent = "silent", .items = {{"other", 3}}, .group = "Zero"});
  const result made = scored(survey_of(rows), {{"by", "group"}});
  EXPECT_EQ(
      finished::cells(made, "scores", {"group", "answers", "missing", "score"}),
      (std::vector<std::string>{"- 14 1 0", "One 1 0 100", "Ten 10 0 -10", "Three 3 0 0", "Zero 0 1 -"}));
  EXPECT_EQ(finished::cells(made, "tests", {"compared_with", "group", "answers", "other_answers", "score"}),
            (std::vector<std::string>{"rest One 1 13 100", "rest Ten 10 4 -10", "rest Three 3 11 0",
                                      "rest Zero 0 14 -"}));
  const column& p = finished::table_of(made, "tests").at("p_value");
  EXPECT_FALSE(p.is_valid(0)); // one answer does not vary
  EXPECT_TRUE(p.is_valid(1));
  EXPECT_TRUE(p.is_valid(2));
  EXPECT_FALSE(p.is_valid(3));
}

// Weights in whole numbers: shares as if each answer came so many times, and the effective number by its definition.
TEST(recommendation, weights) {
  std::vector<answered> rows = people(3, 2, 3);
  std::vector<answered> repeated;
  double sum = 0.0;
  double squares = 0.0;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    const auto weight = static_cast<double>(1 + i % 3);
    rows[i].weight = weight;
    sum += weight;
    squares += weight * weight;
    for (int k = 0; k < static_cast<int>(weight); ++k) {
      repeated.push_back(rows[i]);
      repeated.back().respondent += "/" + std::to_string(k);
      repeated.back().weight.reset();
    }
  }
  const result weighed = scored(survey_of(rows));
  const result plain = scored(survey_of(repeated));
  EXPECT_NEAR(number(weighed, "scores", "score"), number(plain, "scores", "score"), 1e-13);
  EXPECT_NEAR(number(weighed, "scores", "promoter_share"), number(plain, "scores", "promoter_share"), 1e-15);
  const double effective = sum * sum / squares;
  EXPECT_NEAR(number(weighed, "scores", "effective_answers"), effective, 1e-13);
  EXPECT_NEAR(number(weighed, "scores", "standard_error"),
              number(plain, "scores", "standard_error") * std::sqrt(sum / effective), 1e-12);
  // Only relations between weights matter.
  for (answered& one : rows)
    *one.weight *= 1024.0;
  EXPECT_EQ(scored(survey_of(rows)).tables, weighed.tables);
}

// A weight that counts respondents who answered alike gives what these rows would give one by one.
TEST(recommendation, frequencies) {
  std::vector<answered> rows = joined(people(3, 2, 3, "A"), people(2, 2, 1, "B"));
  std::vector<answered> repeated;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    rows[i].weight = static_cast<double>(1 + i % 3);
    for (int k = 0; k < static_cast<int>(*rows[i].weight); ++k) {
      repeated.push_back(rows[i]);
      repeated.back().respondent += "/" + std::to_string(k);
      repeated.back().weight.reset();
    }
  }
  const result counted = scored(survey_of(rows), {{"by", "group"}, {"weight_meaning", "frequency"}});
  const result plain = scored(survey_of(repeated), {{"by", "group"}});
  for (std::size_t row = 0; row < 3; ++row) {
    for (const char* const name :
         {"score", "standard_error", "score_low", "wald_high", "p_value", "effective_answers"})
      EXPECT_NEAR(number(counted, "scores", name, row), number(plain, "scores", name, row), 1e-11) << name;
  }
  for (const char* const name : {"standard_error", "p_value"})
    EXPECT_NEAR(number(counted, "tests", name), number(plain, "tests", name), 1e-12) << name;
}

TEST(recommendation, extreme_weights) {
  std::vector<answered> rows = people(3, 3, 3, "A");
  rows[0].weight = 1e15;
  rows[8].weight = 1e-15;
  const result made = scored(survey_of(joined(rows, people(2, 1, 2, "B"))), {{"by", "group"}});
  for (const char* name : {"score", "standard_error", "score_low", "score_high"})
    EXPECT_TRUE(std::isfinite(number(made, "scores", name, 1))) << name;
  EXPECT_NEAR(number(made, "scores", "effective_answers", 1), 1.0, 1e-12);
  EXPECT_NEAR(number(made, "scores", "score", 2), 0.0, 1e-12);
}

// The same respondents twice: the difference is that of a paired sample.
TEST(recommendation, who_answers_in_both_periods_is_known) {
  std::vector<answered> rows;
  double squares = 0.0;
  double sum = 0.0;
  std::vector<double> differences;
  for (int i = 0; i < 40; ++i) {
    const int first = (i * 7) % 11;
    const int second = std::min(10, first + i % 3);
    rows.push_back(
        {.respondent = "R" + std::to_string(i), .items = {{"q", first * 1.0}}, .period = "2026-01-01"});
    rows.push_back(
        {.respondent = "R" + std::to_string(i), .items = {{"q", second * 1.0}}, .period = "2026-04-01"});
    differences.push_back(recommendation_of(second) - recommendation_of(first));
    sum += differences.back();
  }
  for (const double one : differences)
    squares += (one - sum / 40.0) * (one - sum / 40.0);
  const result made = scored(survey_of(rows), {{"by", "period"}});
  EXPECT_EQ(whole(made, "tests", "shared"), 40);
  EXPECT_NEAR(number(made, "tests", "difference"), 100.0 * sum / 40.0, 1e-12);
  EXPECT_NEAR(number(made, "tests", "standard_error"), 100.0 * std::sqrt(squares / 40.0 / 40.0), 1e-11);
  // Without a change nothing is left to be tested.
  for (std::size_t i = 1; i < rows.size(); i += 2)
    rows[i].items = rows[i - 1].items;
  const result same = scored(survey_of(rows), {{"by", "period"}});
  EXPECT_NEAR(number(same, "tests", "standard_error"), 0.0, 1e-6);
}

TEST(recommendation, all_kinds_of_comparisons) {
  std::vector<answered> rows;
  for (const char* group : {"A", "B", "C"}) {
    for (const char* period : {"2026-01-01", "2026-02-01", "2026-03-01"}) {
      for (const answered& one : people(2, 1, 2, group, period))
        rows.push_back(one);
    }
  }
  const survey store = survey_of(rows);
  const auto lines = [&](const options& with) {
    options all{{"by", "group_and_period"}};
    all.insert(all.end(), with.begin(), with.end());
    return finished::cells(scored(store, all), "tests",
                           {"compared_with", "group", "period", "other_group", "other_period"});
  };
  EXPECT_EQ(lines({{"group_tests", "none"}, {"period_tests", "none"}}).size(), 0U);
  // Three groups and the same in each of three periods; two steps of all groups and of each.
  EXPECT_EQ(lines({}).size(), 3U * 4U + 2U * 4U);
  EXPECT_EQ(lines({{"group_tests", "pairs"}, {"period_tests", "pairs"}}).size(), 3U * 4U + 3U * 4U);
  const auto reference =
      lines({{"group_tests", "reference"}, {"reference_group", "B"}, {"period_tests", "first"}});
  EXPECT_EQ(reference.size(), 2U * 4U + 2U * 4U);
  EXPECT_EQ(reference[0], "group A - B -");
  EXPECT_EQ(reference[2], "group A 2026-01-01 B 2026-01-01");
  EXPECT_EQ(reference[8], "previous - 2026-02-01 - 2026-01-01");
  EXPECT_EQ(reference[9], "period - 2026-03-01 - 2026-01-01");
  EXPECT_EQ(code_of([&] { return lines({{"group_tests", "reference"}}); }), status::option);
  EXPECT_EQ(code_of([&] {
              return lines({{"group_tests", "reference"}, {"reference_group", "D"}});
            }),
            status::unknown_name);
}

TEST(recommendation, order_and_splits_of_pushes_do_not_matter) {
  std::vector<answered> rows;
  test::draws draw(9);
  for (int i = 0; i < 500; ++i)
    rows.push_back({.respondent = "R" + std::to_string(draw.below(300)),
                    .items = {{"q", static_cast<double>(draw.below(11))}},
                    .period = draw.below(2) == 0 ? "2026-01-01" : "2026-02-01",
                    .group = "G" + std::to_string(draw.below(5)),
                    .weight = 0.1 + static_cast<double>(draw.below(100)) / 7.0,
                    .revision = i});
  const result once = scored(survey_of(rows), {{"by", "group_and_period"}});
  for (int round = 0; round < 5; ++round) {
    draw.shuffle(rows);
    survey other;
    for (std::size_t i = 0; i < rows.size(); i += 100)
      survey_rows::push(other, std::vector<answered>(rows.begin() + static_cast<std::ptrdiff_t>(i),
                                                     rows.begin() + static_cast<std::ptrdiff_t>(i + 100)));
    EXPECT_EQ(scored(other, {{"by", "group_and_period"}}).tables, once.tables);
  }
}

TEST(recommendation, keys_limit_the_respondents) {
  const survey store = survey_of(people(5, 3, 2));
  const result made = finished::of(recommendation_entry, store, {{"item", "q"}}, {}, nullptr,
                                   std::vector<std::string>{"0", "1", "9"});
  EXPECT_EQ(whole(made, "scores", "answers"), 3);
}

/// The chance that an interval covers the true score, over all samples of n answers.
struct coverage {
  double adjusted = 0.0;
  double wald = 0.0;
};
coverage covered(int n, double promoters, double detractors) {
  coverage made;
  const double passives = 1.0 - promoters - detractors;
  for (int p = 0; p <= n; ++p) {
    for (int d = 0; p + d <= n; ++d) {
      const int rest = n - p - d;
      const double chance = std::exp(std::lgamma(n + 1.0) - std::lgamma(p + 1.0) - std::lgamma(d + 1.0) -
                                     std::lgamma(rest + 1.0) + p * std::log(promoters) +
                                     d * std::log(detractors) + rest * std::log(passives));
      std::vector<double> values;
      std::vector<std::uint32_t> members;
      for (int i = 0; i < n; ++i) {
        values.push_back(i < p ? 1.0 : i < p + d ? -1.0 : 0.0);
        members.push_back(static_cast<std::uint32_t>(i));
      }
      const std::vector<double> weights(static_cast<std::size_t>(n), 1.0);
      const promoter_score found = score_of(moments_of(members, values, weights), static_cast<double>(p) / n,
                                            static_cast<double>(d) / n, 1.959963984540054);
      const double truth = promoters - detractors;
      made.adjusted += found.adjusted.low <= truth && truth <= found.adjusted.high ? chance : 0.0;
      made.wald += found.wald.low <= truth && truth <= found.wald.high ? chance : 0.0;
    }
  }
  return made;
}

// The table in README.md of the folder, in percent.
TEST(recommendation, how_often_the_intervals_contain_the_truth) {
  struct line {
    int answers;
    double promoters, detractors, adjusted, wald;
  };
  for (const line& one :
       {line{10, 0.46, 0.36, 94.4, 89.2}, line{10, 0.5, 0.2, 96.2, 89.6}, line{10, 0.8, 0.05, 94.4, 88.4},
        line{10, 0.1, 0.7, 95.1, 87.7}, line{20, 0.46, 0.36, 94.3, 93.1}, line{20, 0.5, 0.2, 94.8, 92.6},
        line{20, 0.8, 0.05, 95.6, 86.0}, line{20, 0.1, 0.7, 96.1, 90.7}, line{50, 0.46, 0.36, 94.7, 94.0},
        line{50, 0.5, 0.2, 95.0, 94.1}, line{50, 0.8, 0.05, 95.6, 93.1}, line{50, 0.1, 0.7, 95.0, 93.4}}) {
    const coverage found = covered(one.answers, one.promoters, one.detractors);
    EXPECT_NEAR(100.0 * found.adjusted, one.adjusted, 0.0501) << one.answers << ' ' << one.promoters;
    EXPECT_NEAR(100.0 * found.wald, one.wald, 0.0501) << one.answers << ' ' << one.promoters;
  }
}

TEST(recommendation, time_grows_with_the_groups_and_not_with_their_square) {
  const auto seconds = [](int groups) {
    std::vector<answered> rows;
    for (int i = 0; i < 2 * groups; ++i)
      rows.push_back({.respondent = std::to_string(i),
                      .items = {{"q", static_cast<double>(i % 11)}},
                      .group = "G" + std::to_string(i / 2)});
    const survey store = survey_of(rows);
    const auto begin = std::chrono::steady_clock::now();
    const result made = scored(store, {{"by", "group"}});
    EXPECT_EQ(finished::table_of(made, "tests").rows(), groups);
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  const double few = seconds(2000);
  EXPECT_LT(seconds(16000), 30.0 * few + 0.1); // squared it would be 64 times
  std::vector<answered> rows;
  for (int i = 0; i < 1000; ++i)
    rows.push_back({.respondent = std::to_string(i), .items = {{"q", 5}}, .group = std::to_string(i)});
  std::string text;
  EXPECT_EQ(code_of(
                [&] {
                  return scored(survey_of(rows), {{"by", "group"}, {"group_tests", "pairs"}});
                },
                &text),
            status::option);
  EXPECT_EQ(
      text,
      "satisfaction.recommendation: option group_tests is pairs, which makes 499500 tests, but must be such "
      "that there are at most 100000");
}

} // namespace
} // namespace emptor::satisfaction::recommendation_test
