// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <numeric>
#include <string>

#include <gtest/gtest.h>

#include <emptor/satisfaction/service_quality_entry.hpp>

#include "satisfaction/survey_entry.hpp"
#include "support/random.hpp"

namespace emptor::test::service_quality_test {
namespace {

using satisfaction::service_quality_entry;
using survey_entry::finished_of;
using survey_entry::numbers;
using survey_entry::options;
using survey_entry::refusal;
using survey_entry::texts;

TEST(service_quality, the_worked_example) {
  EXPECT_EQ(survey_entry::example_differences(service_quality_entry,
                                              satisfaction::service_quality_description.examples[0]),
            "");
}

constexpr std::string_view two_items = "dimension,perception,expectation\nspeed,pa,ea\ncare,pb,eb\n";

std::string drawn(std::size_t rows, std::size_t groups, bool backward = false) {
  draws draw(5);
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < rows; ++i) {
    std::string line = "R" + std::to_string(i % (rows - rows / 5)) + ",G" + std::to_string(i % groups) +
                       (i < rows - rows / 5 ? ",2026-01-01," : ",2026-04-01,") +
                       std::to_string(1 + draw.below(4));
    for (int c = 0; c < 4; ++c)
      line += "," + (draw.below(9) == 0 ? std::string() : std::to_string(1 + draw.below(7)));
    lines.push_back(line + "\n");
  }
  if (backward)
    std::reverse(lines.begin(), lines.end());
  return std::accumulate(lines.begin(), lines.end(),
                         std::string("respondent,group,period,weight,items:ea,items:pa,items:eb,items:pb\n"));
}

TEST(service_quality, gaps_add_up) {
  const result made = finished_of(service_quality_entry, drawn(200, 3),
                                  "dimension,perception,expectation,weight\nspeed,pa,ea,3\ncare,pb,eb,1\n",
                                  {{"by", "group_and_period"}});
  const auto rows = finished::table_of(made, "overall").rows();
  ASSERT_EQ(rows, 2 * (1 + 3 + 2 + 6));
  for (std::int64_t row = 1; row < rows; row += 2) { // by weights
    const auto at = static_cast<std::size_t>(row);
    EXPECT_NEAR(numbers(made, "dimensions", "contribution")[at - 1] +
                    numbers(made, "dimensions", "contribution")[at],
                numbers(made, "overall", "gap")[at], 1e-13);
  }
  for (const char* const table : {"items", "dimensions", "overall"}) {
    const std::vector<double>& gap = numbers(made, table, "gap");
    for (std::size_t i = 0; i < gap.size(); ++i)
      EXPECT_NEAR(gap[i], numbers(made, table, "perception")[i] - numbers(made, table, "expectation")[i],
                  1e-13);
  }
  EXPECT_EQ(numbers(made, "dimensions", "importance")[0], 0.75);
  for (std::size_t i = 0; i < numbers(made, "disconfirmation", "better_share").size(); ++i)
    EXPECT_NEAR(numbers(made, "disconfirmation", "better_share")[i] +
                    numbers(made, "disconfirmation", "as_expected_share")[i] +
                    numbers(made, "disconfirmation", "worse_share")[i],
                1.0, 1e-14);
  EXPECT_EQ(finished_of(service_quality_entry, drawn(200, 3, true),
                        "dimension,perception,expectation,weight\nspeed,pa,ea,3\ncare,pb,eb,1\n",
                        {{"by", "group_and_period"}})
                .tables,
            made.tables);
}

/// Who answers in two periods is one respondent: the interval of the mean is that of his sums.
TEST(service_quality, a_respondent_is_one_draw) {
  const result twice = finished_of(service_quality_entry,
                                   "respondent,period,items:ea,items:pa\nA,2026-01-01,4,5\nA,2026-04-01,4,5\n"
                                   "B,2026-01-01,4,2\nB,2026-04-01,4,2\nC,2026-01-01,4,6\nC,2026-04-01,4,6\n",
                                   "dimension,perception,expectation\nspeed,pa,ea\n");
  const result once =
      finished_of(service_quality_entry, "respondent,items:ea,items:pa\nA,4,5\nB,4,2\nC,4,6\n",
                  "dimension,perception,expectation\nspeed,pa,ea\n");
  EXPECT_NEAR(numbers(twice, "items", "gap_low")[0], numbers(once, "items", "gap_low")[0], 1e-13);
  EXPECT_NEAR(numbers(twice, "items", "p_value")[0], numbers(once, "items", "p_value")[0], 1e-13);
  EXPECT_NEAR(numbers(twice, "disconfirmation", "better_low")[0],
              numbers(once, "disconfirmation", "better_low")[0], 1e-13);
}

TEST(service_quality, perception_alone) {
  const result made =
      finished_of(service_quality_entry, drawn(50, 2), "dimension,perception\nspeed,pa\nspeed,pb\n");
  EXPECT_EQ(finished::cells(made, "items", {"answers", "gap", "p_value", "quadrant"}),
            (texts{"0 - - -", "0 - - -"}));
  EXPECT_GT(numbers(made, "items", "performance")[0], 1.0);
  EXPECT_EQ(finished::table_of(made, "disconfirmation").rows(), 0);
  EXPECT_FALSE(finished::table_of(made, "reliability").at("alpha_gap").is_valid(0));
  EXPECT_TRUE(finished::table_of(made, "reliability").at("alpha_perception").is_valid(0));
}

TEST(service_quality, missing_answers_of_a_dimension) {
  const std::string answers =
      "respondent,items:ea,items:pa,items:eb,items:pb\nA,4,5,4,7\nB,4,2,,7\nC,5,5,4,\n";
  const std::string pairs = "dimension,perception,expectation\nspeed,pa,ea\nspeed,pb,eb\n";
  const auto shown = [&](const char* rule) {
    return finished::cells(
        finished_of(service_quality_entry, answers, pairs, {{"missing", rule}}), "dimensions",
        {"answers", "expectation", "perception", "gap", "performance_answers", "performance"});
  };
  EXPECT_EQ(shown("available"), (texts{"3 4.333333333333333 4.333333333333333 0 3 5.166666666666667"}));
  EXPECT_EQ(shown("complete"), (texts{"1 4 6 2 2 5.25"}));
}

TEST(service_quality, axes_at_the_middle_of_the_scale) {
  const std::string answers = "respondent,items:ea,items:pa,items:eb,items:pb\nA,6,6,5,3\nB,7,5,6,4\n";
  const auto shown = [&](const char* axes) {
    return finished::cells(finished_of(service_quality_entry, answers, two_items, {{"axes", axes}}), "items",
                           {"quadrant"});
  };
  EXPECT_EQ(shown("grand_means"), (texts{"keep_up", "low_priority"}));
  EXPECT_EQ(shown("scale_midpoints"), (texts{"keep_up", "concentrate_here"}));
}

TEST(service_quality, groups_of_nobody_one_and_three_and_constant_answers) {
  const std::string answers =
      "respondent,group,items:ea,items:pa,items:eb,items:pb\nA,none,,,,\nB,one,4,5,4,5\n"
      "C,three,4,5,4,4\nD,three,4,5,4,4\nE,three,4,5,4,4\n";
  const result made = finished_of(service_quality_entry, answers, two_items, {{"by", "group"}});
  EXPECT_EQ(finished::cells(made, "items",
                            {"group", "answers", "gap", "gap_low", "gap_high", "t_statistic", "p_value"}),
            (texts{"- 4 1 1 1 - -", "- 4 0.25 -0.545611576320927 1.045611576320927 1 0.3910022189557705",
                   "none 0 - - - - -", "none 0 - - - - -", "one 1 1 - - - -", "one 1 1 - - - -",
                   "three 3 1 1 1 - -", "three 3 0 0 0 - -"}));
  EXPECT_EQ(finished::cells(made, "reliability", {"answers", "alpha_perception"})[2], "4 0");
  EXPECT_EQ(finished_of(service_quality_entry, "respondent,items:ea,items:pa,items:eb,items:pb\n", two_items)
                .tables.front()
                .rows(),
            2);
}

TEST(service_quality, refuses_what_it_cannot_read) {
  const std::string answers = "respondent,items:ea,items:pa,items:eb,items:pb\nA,4,8,4,-1\n";
  const auto said = [&](std::string_view pairs, const options& asked = {}) {
    return refusal([&] { return finished_of(service_quality_entry, answers, pairs, asked); });
  };
  const std::string name = "satisfaction.service_quality: ";
  EXPECT_EQ(said(two_items), name + "items:pa of respondent A is 8, but must be in [1, 7]");
  EXPECT_EQ(said("dimension,perception,points\nspeed,pa,ea\ncare,pb,eb\n"),
            name + "items:pa of respondent A is 8, but must be in [1, 7]");
  EXPECT_EQ(said("dimension,perception,points\nspeed,ea,pb\n"),
            name + "items:pb of respondent A is -1, but must be >= 0");
  EXPECT_EQ(said("dimension,perception,expectation\nspeed,pa,eaa\n", {{"scale_high", "10"}}),
            name + "there is no item eaa; did you mean ea?");
  EXPECT_EQ(said("dimension,perception,expectation\nspeed,pa,ea\ncare,pb,\n"),
            name + "expectation[1] is missing, but must be there in each row or in none");
  EXPECT_EQ(said("dimension,perception,expectation\nspeed,pa,ea\ncare,pa,eb\n"),
            name + "perception[1] is pa, but must be there once");
  EXPECT_EQ(said("dimension,perception,weight\nspeed,pa,1\nspeed,pb,2\n"),
            name + "weight[1] is 2, but must be that of the other rows of speed, 1");
  EXPECT_EQ(said("dimension,perception,weight,points\nspeed,pa,1,eb\n"),
            name + "points[0] is beside a weight, but must be there alone");
  EXPECT_EQ(said("dimension,perception,weight\nspeed,pa,0\n"), name + "table pairs has no weight above 0");
  EXPECT_EQ(said("dimension,perception\n"), name + "table pairs has no row");
  EXPECT_EQ(said(two_items, {{"scale_low", "7"}}),
            name + "option scale_high is 7, but must be > scale_low, which is 7");
}

TEST(service_quality, thousands_of_groups) {
  EXPECT_EQ(finished_of(service_quality_entry, drawn(4000, 2000), two_items, {{"by", "group"}})
                .tables.front()
                .rows(),
            2 * 2001);
}

} // namespace
} // namespace emptor::test::service_quality_test
