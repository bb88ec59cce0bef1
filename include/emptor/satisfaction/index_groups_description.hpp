// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/satisfaction/index_draws.hpp>
#include <emptor/satisfaction/index_model_description.hpp>
#include <emptor/satisfaction/survey_options.hpp>

/// How the catalogue knows the comparison of groups by a satisfaction index (index_groups_entry.hpp).
namespace emptor::satisfaction {

inline constexpr std::string_view index_groups_name = "satisfaction.index_groups";

/// What the groups are.
enum class index_groups_by : std::int32_t { group = 0, period = 1 };
inline constexpr std::string_view index_groups_by_names[] = {"group", "period"};

/// Which groups are compared.
enum class index_comparisons : std::int32_t { pairs = 0, previous = 1, first = 2 };
inline constexpr std::string_view index_comparison_names[] = {"pairs", "previous", "first"};

/// As path_status, and one more.
inline constexpr std::string_view index_group_own_statuses[] = {"too_few"};
/// How the model of a group ended.
inline constexpr auto index_group_statuses = joined<stats::path_statuses, index_group_own_statuses>();
/// The place of too_few among them.
inline constexpr auto index_group_too_few = static_cast<std::int32_t>(std::size(stats::path_statuses));

/// What is equal of a construct in two groups (MICOM, steps 2 and 3).
enum class index_invariance : std::int32_t { none = 0, partial = 1, full = 2, undefined = 3 };
inline constexpr std::string_view index_invariances[] = {"none", "partial", "full", "undefined"};

inline constexpr option_description index_groups_own_options[] = {
    {.name = "by",
     .what = option_content::choice,
     .summary =
         "what the groups are: those of the survey, or its periods. A table of groups in the slot groups "
         "decides instead",
     .default_value = "group",
     .choices = index_groups_by_names},
    {.name = "comparisons",
     .what = option_content::choice,
     .summary =
         "which groups are compared, in the order of their names: all pairs; each with the previous one; "
         "or each with the first. At most 300",
     .default_value = "pairs",
     .choices = index_comparison_names},
    {.name = "resamples",
     .what = option_content::integer,
     .summary = "how often respondents of each group are drawn again, with replacement and with all of their "
                "rows in "
                "the group; 0 = not at all. Weights as frequencies are that many respondents, each drawn, "
                "and dealt, "
                "by himself",
     .allowed = {0.0, 100000.0},
     .default_value = "1000"},
    {.name = "permutations",
     .what = option_content::integer,
     .summary = "how often rows of answers are dealt to the two groups at random, as if each were of another "
                "respondent; where there are no more ways than "
                "that, all of them are taken; 0 = not at all",
     .allowed = {0.0, 100000.0},
     .default_value = "1000"},
    {.name = "seed",
     .what = option_content::integer,
     .summary = "names the random draws: the same seed gives the same figures everywhere",
     .allowed = {0.0, 9e15},
     .default_value = "1"},
    {.name = "confidence",
     .summary = "of intervals, and of what invariance is held against",
     .unit = "probability",
     .allowed = inside_zero_to_one,
     .default_value = "0.95"},
    described_in(index_fit_options, "resample_signs"),
};
inline constexpr auto index_groups_options = joined<index_groups_own_options, index_reading_options>();

inline constexpr column_description index_group_columns[] = {
    {.name = "respondent", .what = content::text, .summary = "who; those who are not there are in no group"},
    {.name = "group", .what = content::text, .summary = "name of his group"},
};
inline constexpr table_description index_groups_model_tables[] = {
    {.name = "groups",
     .summary = "the group of each respondent, instead of those of the survey",
     .columns = index_group_columns,
     .optional = true},
    {.name = "draws",
     .summary = "resamples instead of random ones: each group takes of a resample who is in the group",
     .columns = index_draw_columns,
     .optional = true},
};
inline constexpr std::string_view index_groups_accepts[] = {index_groups_name};
inline constexpr slot_description index_groups_slots[] = {
    {.name = "model",
     .summary = "the tables constructs and paths of satisfaction.index_model",
     .accepts = index_model_accepts},
    {.name = "groups",
     .summary = "the tables groups and draws, where they are not those of the survey and of chance",
     .accepts = index_groups_accepts,
     .optional = true},
};

inline constexpr column_description compared_group_column{
    .name = "group", .what = content::text, .summary = "the group, or the period"};
inline constexpr column_description compared_other_column{
    .name = "other_group", .what = content::text, .summary = "a later one, with which it is compared"};
inline constexpr column_description index_groups_status_columns[] = {
    compared_group_column,
    {.name = "rows", .what = content::count, .summary = "of answers"},
    {.name = "used", .what = content::count, .summary = "of them: those with an answer to every question"},
    {.name = "status",
     .what = content::code,
     .summary =
         "how its estimation ended; it is compared where it converged. too_few: fewer used than the causes "
         "of a construct and 2",
     .levels = index_group_statuses},
};
inline constexpr column_description index_groups_coefficient_columns[] = {
    compared_group_column,
    {.name = "from", .what = content::text, .summary = "the cause"},
    {.name = "to", .what = content::text, .summary = "what depends on it"},
    {.name = "coefficient", .summary = "standardised in the group"},
    {.name = "standard_error", .summary = "standard deviation of the resamples", .optional = true},
    {.name = "low", .summary = "lower end of the percentile interval", .optional = true},
    {.name = "high", .summary = "its other end", .optional = true},
    {.name = "resamples", .what = content::count, .summary = "that converged"},
};
inline constexpr column_description index_groups_difference_columns[] = {
    compared_group_column,
    compared_other_column,
    {.name = "from", .what = content::text, .summary = "the cause"},
    {.name = "to", .what = content::text, .summary = "what depends on it"},
    {.name = "difference", .summary = "coefficient in group less that in other_group"},
    {.name = "henseler",
     .unit = "probability",
     .summary = "PLS-MGA, one-sided: the chance that the coefficient in group is not larger",
     .optional = true},
    {.name = "p_value",
     .unit = "probability",
     .summary = "the same to either side: 2 x the smaller of henseler and 1 - henseler",
     .optional = true},
    holm_column,
    benjamini_hochberg_column,
    {.name = "permutation_low",
     .summary = "lower end of the differences that chance gives",
     .optional = true},
    {.name = "permutation_high", .summary = "their other end", .optional = true},
    {.name = "permutation_p_value",
     .unit = "probability",
     .summary = "share of permutations with a difference at least so large, to either side",
     .optional = true},
    {.name = "permutation_holm",
     .unit = "probability",
     .summary = "the same for all permutation tests of the table together (Holm)",
     .optional = true},
    {.name = "permutation_benjamini_hochberg",
     .unit = "probability",
     .summary = "their false discovery rate",
     .optional = true},
};
inline constexpr column_description index_groups_invariance_columns[] = {
    compared_group_column,
    compared_other_column,
    {.name = "construct", .what = content::text, .summary = "as in table constructs"},
    {.name = "invariance",
     .what = content::code,
     .summary =
         "none: the correlation is below correlation_low, so that the construct is another one in each "
         "group; partial: it is not, and coefficients can be compared; full: means and variances are equal "
         "as well, within what chance gives; undefined without permutations",
     .levels = index_invariances},
    {.name = "correlation",
     .summary = "of its scores by the weights of group and those of other_group (MICOM, step 2)",
     .optional = true},
    {.name = "correlation_low", .summary = "what chance alone seldom falls below", .optional = true},
    {.name = "correlation_p_value",
     .unit = "probability",
     .summary = "share of permutations with a correlation at most so large",
     .optional = true},
    {.name = "mean_difference",
     .summary = "of the scores in the model of both, in standard deviations (step 3)",
     .optional = true},
    {.name = "mean_low", .summary = "lower end of what chance gives", .optional = true},
    {.name = "mean_high", .summary = "its other end", .optional = true},
    {.name = "mean_p_value",
     .unit = "probability",
     .summary = "share of permutations with a difference at least so large",
     .optional = true},
    {.name = "log_variance_ratio",
     .summary = "logarithm of the variance in group less that in other_group (step 3)",
     .optional = true},
    {.name = "variance_low", .summary = "lower end of what chance gives", .optional = true},
    {.name = "variance_high", .summary = "its other end", .optional = true},
    {.name = "variance_p_value",
     .unit = "probability",
     .summary = "share of permutations with a ratio at least so far from 1",
     .optional = true},
};
inline constexpr column_description index_groups_comparison_columns[] = {
    compared_group_column,
    compared_other_column,
    {.name = "compared", .what = content::boolean, .summary = "whether both converged"},
    {.name = "permutations", .what = content::count, .summary = "in which both models converged"},
    {.name = "exact",
     .what = content::boolean,
     .summary = "whether these are all ways to deal the respondents to groups of these sizes"},
};
inline constexpr table_description index_groups_outputs[] = {
    {.name = "group_status",
     .summary = "how the model of each group ended",
     .columns = index_groups_status_columns},
    {.name = "group_coefficients",
     .summary = "the paths of each group that converged",
     .columns = index_groups_coefficient_columns},
    {.name = "differences",
     .summary = "of the paths between groups that converged, with tests",
     .columns = index_groups_difference_columns},
    {.name = "invariance",
     .summary = "whether constructs mean the same in both groups (MICOM)",
     .columns = index_groups_invariance_columns},
    {.name = "comparisons",
     .summary = "which groups were compared, and how",
     .columns = index_groups_comparison_columns},
};

} // namespace emptor::satisfaction
