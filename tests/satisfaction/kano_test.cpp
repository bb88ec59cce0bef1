// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <numeric>
#include <string>

#include <gtest/gtest.h>

#include <emptor/satisfaction/kano_entry.hpp>

#include "satisfaction/survey_entry.hpp"

namespace emptor::test::kano_test {
namespace {

using satisfaction::kano_entry;
using survey_entry::finished_of;
using survey_entry::numbers;
using survey_entry::refusal;
using survey_entry::texts;

constexpr std::string_view one_feature = "feature,functional,dysfunctional\nsearch,yes,no\n";

TEST(kano, the_worked_example) {
  EXPECT_EQ(survey_entry::example_differences(kano_entry, satisfaction::kano_examples[0]), "");
}

TEST(kano, groups_periods_and_weights) {
  const std::string answers = "respondent,group,period,weight,items:yes,items:no\n"
                              "A,north,2026-01-01,1,1,5\nB,north,2026-01-01,2,1,3\nC,south,2026-01-01,1,3,5\n"
                              "A,north,2026-04-01,1,1,3\nD,,2026-04-01,1,3,3\n";
  const auto shown = [&](const std::string& by) {
    return finished::cells(finished_of(kano_entry, answers, one_feature, {{"by", by}}), "features",
                           {"group", "period", "answers", "category", "better", "test"});
  };
  EXPECT_EQ(shown("all"), (texts{"- - 5 attractive 0.6666666666666666 asymptotic"}));
  EXPECT_EQ(shown("group"), (texts{"- - 5 attractive 0.6666666666666666 asymptotic",
                                   "north - 3 attractive 1 asymptotic", "south - 1 must_be 0 exact"}));
  EXPECT_EQ(shown("period"),
            (texts{"- - 5 attractive 0.6666666666666666 asymptotic",
                   "- 2026-01-01 3 attractive 0.75 asymptotic", "- 2026-04-01 2 attractive 0.5 exact"}));
  EXPECT_EQ(shown("group_and_period"),
            (texts{"- - 5 attractive 0.6666666666666666 asymptotic", "north - 3 attractive 1 asymptotic",
                   "south - 1 must_be 0 exact", "- 2026-01-01 3 attractive 0.75 asymptotic",
                   "- 2026-04-01 2 attractive 0.5 exact", "north 2026-01-01 2 attractive 1 asymptotic",
                   "north 2026-04-01 1 attractive 1 exact", "south 2026-01-01 1 must_be 0 exact"}));
  // A answered twice and is one draw: 6^2 / (2^2 + 2^2 + 1 + 1).
  const result made = finished_of(kano_entry, answers, one_feature);
  EXPECT_DOUBLE_EQ(numbers(made, "features", "effective_answers").front(), 3.6);
}

TEST(kano, other_codes_and_the_other_table) {
  const std::string answers = "respondent,items:yes,items:no\nA,10,20\nB,20,20\nC,40,40\nD,30,50\n";
  const survey_entry::options codes{{"answer_codes", "10,20,30,40,50"}};
  EXPECT_EQ(finished::cells(finished_of(kano_entry, answers, one_feature, codes), "categories",
                            {"category", "answers"}),
            (texts{"must_be 1", "one_dimensional 0", "attractive 1", "indifferent 2", "reverse 0",
                   "questionable 0"}));
  EXPECT_EQ(
      finished::cells(finished_of(kano_entry, answers, one_feature,
                                  {{"answer_codes", "10,20,30,40,50"}, {"evaluation_table", "pouliot"}}),
                      "categories", {"category", "answers"}),
      (texts{"must_be 1", "one_dimensional 0", "attractive 1", "indifferent 0", "reverse 0",
             "questionable 2"}));
}

TEST(kano, nobody_answered) {
  const result made = finished_of(kano_entry, "respondent,group,items:yes,items:no\nA,x,1,\nB,x,,2\n",
                                  one_feature, {{"by", "group"}});
  for (const std::string& line : finished::cells(
           made, "features",
           {"answers", "missing", "category", "better", "worse", "p_value", "holm", "test", "fong_decided"}))
    EXPECT_EQ(line, "0 2 - - - - - exact false");
  EXPECT_EQ(finished_of(kano_entry, "respondent,items:yes,items:no\n", one_feature).tables.front().rows(), 1);
}

TEST(kano, refuses_what_it_cannot_read) {
  const std::string answers = "respondent,brand,period,items:yes,items:no\nA,Acme,2026-01-01,1,7\n";
  const auto said = [&](std::string_view features, const survey_entry::options& with = {}) {
    return refusal([&] { return finished_of(kano_entry, answers, features, with); });
  };
  EXPECT_EQ(said(one_feature),
            "satisfaction.kano: items:no of respondent A, brand Acme, period 2026-01-01 is 7, but "
            "must be one of 1, 2, 3, 4, 5");
  EXPECT_EQ(said("feature,functional,dysfunctional\nsearch,yes,now\n"),
            "satisfaction.kano: there is no item now; did you mean no?");
  EXPECT_EQ(said("feature,functional,dysfunctional\nsearch,yes,yes\n"),
            "satisfaction.kano: dysfunctional[0] is yes, but must be another item than functional");
  EXPECT_EQ(said("feature,functional,dysfunctional\nsearch,yes,no\nsearch,a,b\n"),
            "satisfaction.kano: feature[1] is search, but must be there once");
  EXPECT_EQ(said("feature,functional,dysfunctional\n"), "satisfaction.kano: table features has no row");
  EXPECT_EQ(said(one_feature, {{"answer_codes", "1,2,3,4,4"}}),
            "satisfaction.kano: option answer_codes has 5 numbers, 4 of them different, but must have five "
            "different "
            "ones: like, must-be, neutral, live-with, dislike");
}

/// The order in which answers come, and the split into stores, change nothing; categories of a feature add up.
TEST(kano, order_of_rows_does_not_matter) {
  std::string forward = "respondent,group,weight,items:yes,items:no\n";
  std::string backward = forward;
  std::vector<std::string> lines;
  for (int i = 0; i < 200; ++i)
    lines.push_back("R" + std::to_string(i) + ",G" + std::to_string(i % 7) + "," +
                    std::to_string(0.1 * (1 + i % 3)) + "," + std::to_string(1 + i % 5) + "," +
                    std::to_string(1 + (i / 5) % 5) + "\n");
  for (std::size_t i = 0; i < lines.size(); ++i) {
    forward += lines[i];
    backward += lines[lines.size() - 1 - i];
  }
  const result made = finished_of(kano_entry, forward, one_feature, {{"by", "group"}});
  const result turned = finished_of(kano_entry, backward, one_feature, {{"by", "group"}});
  EXPECT_EQ(made.tables, turned.tables);
  const std::vector<double>& shares = numbers(made, "categories", "share");
  for (std::size_t at = 0; at < shares.size(); at += 6)
    EXPECT_NEAR(
        std::accumulate(shares.begin() + std::ptrdiff_t(at), shares.begin() + std::ptrdiff_t(at) + 6, 0.0),
        1.0, 1e-14);
}

TEST(kano, thousands_of_groups) {
  std::string answers = "respondent,group,items:yes,items:no\n";
  for (int i = 0; i < 6000; ++i)
    answers += "R" + std::to_string(i) + ",G" + std::to_string(i % 3000) + ",1,5\n";
  EXPECT_EQ(finished_of(kano_entry, answers, one_feature, {{"by", "group"}}).tables.front().rows(), 3001);
}

} // namespace
} // namespace emptor::test::kano_test
