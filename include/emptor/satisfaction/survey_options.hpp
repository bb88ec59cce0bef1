// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/describe.hpp>
#include <emptor/core/options.hpp>
#include <emptor/satisfaction/survey_cells.hpp>
#include <emptor/satisfaction/survey_comparison.hpp>

/// Options and columns that measures from a survey share.
namespace emptor::satisfaction {

/// Probabilities that are neither 0 nor 1.
inline constexpr domain inside_zero_to_one{.low = 0.0, .high = 1.0, .low_open = true, .high_open = true};

inline constexpr std::string_view survey_model_formats[] = {"json"};

inline constexpr option_description option_items{.name = "items",
                                                 .what = option_content::text,
                                                 .summary =
                                                     "labels of the questions, separated by commas; without "
                                                     "it those of the table that is given, else all"};
inline constexpr option_description option_brand{
    .name = "brand",
    .what = option_content::text,
    .summary = "the brand whose answers count; needed where the survey is about several"};
inline constexpr option_description option_weight_meaning{
    .name = "weight_meaning",
    .what = option_content::choice,
    .summary = "what a weight is: sampling, how many of the population a respondent stands for, which makes "
               "figures less "
               "certain; or frequency, how many respondents answered like this, who count one by one",
    .default_value = "sampling",
    .choices = stats::weight_meanings};
inline constexpr option_description option_by{
    .name = "by",
    .what = option_content::choice,
    .summary =
        "of which parts figures are told beside those of all answers: each group, each period, or both and "
        "each group in each period. Answers without a group or period are in none of these",
    .default_value = "all",
    .choices = survey_by_names};
inline constexpr option_description option_group_tests{
    .name = "group_tests",
    .what = option_content::choice,
    .summary = "what each group is compared with: rest, all answers of the other groups (of two groups the "
               "first with the second); reference, the group of "
               "option reference_group; pairs, each other group, in at most 100000 tests; or none",
    .default_value = "rest",
    .choices = group_test_names};
inline constexpr option_description option_reference_group{
    .name = "reference_group",
    .what = option_content::text,
    .summary = "with group_tests=reference the group that the others are compared with"};
inline constexpr option_description option_period_tests{
    .name = "period_tests",
    .what = option_content::choice,
    .summary =
        "what each period is compared with: previous, the one before; first, the first one; pairs, each "
        "earlier one, in at most 100000 tests; or none",
    .default_value = "previous",
    .choices = period_test_names};
inline constexpr option_description option_confidence{
    .name = "confidence",
    .summary = "probability that an interval covers the true figure",
    .unit = "probability",
    .allowed = inside_zero_to_one,
    .default_value = "0.95"};

inline constexpr column_description group_column{
    .name = "group", .what = content::text, .summary = "the group; none = all of them", .optional = true};
inline constexpr column_description period_column{
    .name = "period", .what = content::day, .summary = "the period; none = all of them", .optional = true};
inline constexpr column_description answers_column{
    .name = "answers",
    .what = content::count,
    .summary = "how many answered; a respondent who answered in several periods counts in each"};
inline constexpr column_description missing_column{
    .name = "missing",
    .what = content::count,
    .summary = "how many did not, those with a missing code among them"};
inline constexpr column_description coded_column{
    .name = "coded", .what = content::count, .summary = "how many of these had one of the missing codes"};
inline constexpr column_description missing_share_column{
    .name = "missing_share",
    .unit = "share",
    .summary = "missing / (answers + missing); none without any",
    .optional = true};
inline constexpr column_description effective_answers_column{
    .name = "effective_answers",
    .unit = "answers",
    .summary =
        "answers of equal weight that would do as well: (sum of weights)^2 / sum of squares (Kish); with "
        "weight_meaning=frequency the sum of weights"};
inline constexpr column_description design_effect_column{
    .name = "design_effect", .summary = "answers / effective_answers; none without any", .optional = true};
inline constexpr column_description compared_with_column{
    .name = "compared_with",
    .what = content::code,
    .summary =
        "rest: all other groups; group: another group; previous: the period before; period: an earlier one",
    .levels = compared_with_names};
inline constexpr column_description other_group_column{
    .name = "other_group",
    .what = content::text,
    .summary = "the group that it is compared with; none = all of them, or the rest",
    .optional = true};
inline constexpr column_description other_period_column{.name = "other_period",
                                                        .what = content::day,
                                                        .summary =
                                                            "the period that it is compared with; none = all",
                                                        .optional = true};
inline constexpr column_description shared_column{
    .name = "shared",
    .what = content::count,
    .summary = "respondents who answered in both periods: what they said then is taken into account"};
inline constexpr column_description p_value_column{
    .name = "p_value",
    .unit = "probability",
    .summary = "chance of a difference at least so large, to either side, if there is none",
    .optional = true};
inline constexpr column_description holm_column{
    .name = "holm",
    .unit = "probability",
    .summary =
        "the same for all tests of the table together: below alpha, the chance of any false alarm is below "
        "alpha (Holm)",
    .optional = true};
inline constexpr column_description benjamini_hochberg_column{
    .name = "benjamini_hochberg",
    .unit = "probability",
    .summary = "below alpha, less than that share of such differences is expected to be false (false "
               "discovery rate)",
    .optional = true};

/// Labels separated by commas. \throws error status::option where one is empty or there twice
[[nodiscard]] inline std::vector<std::string> read_labels(std::string_view where, const option_values& given,
                                                          std::string_view option) {
  const std::string_view text = given.text(option);
  std::vector<std::string> made;
  for (std::size_t at = 0; !text.empty() && at <= text.size();) {
    const std::size_t comma = std::min(text.find(',', at), text.size());
    made.emplace_back(text.substr(at, comma - at));
    at = comma + 1;
  }
  std::vector<std::string> sorted = made;
  std::sort(sorted.begin(), sorted.end());
  if (std::adjacent_find(sorted.begin(), sorted.end()) != sorted.end() ||
      (!sorted.empty() && sorted[0].empty()))
    throw error(status::option, message(where, "option " + std::string(option), -1, shortened(text),
                                        "labels separated by commas, each once"));
  return made;
}

/// \throws error status::option for a reference group that is asked for and not named
[[nodiscard]] inline survey_test_options read_survey_tests(std::string_view where,
                                                           const option_values& given) {
  survey_test_options made{.groups = given.choice<group_tests>("group_tests", group_test_names),
                           .reference_group = std::string(given.text("reference_group")),
                           .periods = given.choice<period_tests>("period_tests", period_test_names)};
  if (made.groups == group_tests::reference && made.reference_group.empty())
    throw error(status::option,
                std::string(where) +
                    ": group_tests=reference needs the name of a group in option reference_group");
  return made;
}

} // namespace emptor::satisfaction
