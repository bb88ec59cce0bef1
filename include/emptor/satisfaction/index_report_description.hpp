// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/satisfaction/importance_performance.hpp>
#include <emptor/satisfaction/index_estimation.hpp>
#include <emptor/satisfaction/index_report.hpp>
#include <emptor/satisfaction/survey_options.hpp>
#include <emptor/stats/path_model_plan.hpp>

/// How the catalogue knows the report of the satisfaction index (index_report.hpp).
namespace emptor::satisfaction {

/// Of which answers the map of importance and performance is.
enum class map_answers : std::int32_t { all = 0, last_period = 1 };
inline constexpr std::string_view map_answers_names[] = {"all", "last_period"};

/// Indices.
inline constexpr domain index_points_domain{0.0, 100.0};

inline constexpr option_description index_report_options[] = {
    {.name = "weights",
     .what = option_content::choice,
     .summary =
         "fixed, the same in all periods, so that an index changes only as answers do; reestimated, those "
         "that the answers of each period give; chain, each change with the weights of the period before, "
         "and the changes put together from the level of the first period. Parts without a period always "
         "have those of the model",
     .default_value = "fixed",
     .choices = index_weights_names},
    {.name = "link",
     .what = option_content::choice,
     .summary = "of a chain: ratio, a level is that of the period before times the ratio of the two indices; "
                "difference, it is that level plus their difference",
     .default_value = "ratio",
     .choices = chain_link_names},
    with_default(option_by, "group_and_period"),
    {.name = "target",
     .what = option_content::text,
     .summary = "the construct to raise, of which the map of importance and performance is made",
     .default_value = "satisfaction"},
    {.name = "map_of",
     .what = option_content::choice,
     .summary = "the answers of which that map is made: all, or those of the last period",
     .default_value = "all",
     .choices = map_answers_names},
    {.name = "raised_by",
     .summary = "by how many points of its index each construct and question is raised where a gain is told",
     .unit = "points",
     .allowed = index_points_domain,
     .default_value = "5"},
    {.name = "importance_cut",
     .summary =
         "from which importance on a construct or question counts as important; without it from the mean "
         "of the constructs, and of the questions, on the map",
     .unit = "points a point"},
    {.name = "performance_cut",
     .summary = "from which index on it is done well; without it from their mean",
     .unit = "points",
     .allowed = index_points_domain},
    option_index_convention,
    option_index_scheme,
    option_index_metric,
    option_index_missing,
    option_weight_meaning,
    option_index_second_order,
    option_brand,
    option_index_scale_low,
    option_index_scale_high,
    option_confidence,
};

inline constexpr slot_description index_report_slots[] = {index_report_model_slot};

inline constexpr column_description index_construct_column{
    .name = "construct", .what = content::text, .summary = "as the model has them"};
inline constexpr column_description index_answers_column{
    .name = "answers",
    .what = content::count,
    .summary = "who answered all of the questions; a respondent of several periods counts in each"};
inline constexpr column_description index_missing_column{
    .name = "missing", .what = content::count, .summary = "who did not"};
inline constexpr column_description index_deviation_column{
    .name = "deviation",
    .unit = "points",
    .summary = "standard deviation of the index of a respondent; none of one",
    .optional = true};
inline constexpr column_description index_status_column{
    .name = "status",
    .what = content::code,
    .summary = "fine; no_weights, the answers of the period give none; no_index, a weight is negative; "
               "no_answers; too_few (one answer) and no_variation (all alike), which leave an index without "
               "interval; no_link, a chain by ratio does not start from 0",
    .levels = index_status_names};

inline constexpr column_description index_part_columns[] = {
    index_construct_column,
    group_column,
    period_column,
    index_answers_column,
    index_missing_column,
    missing_share_column,
    {.name = "index", .unit = "points", .summary = "0 to 100", .optional = true},
    {.name = "index_low",
     .unit = "points",
     .summary =
         "lower end of its t interval, weights taken as they are, and of a chain also the level before",
     .optional = true},
    {.name = "index_high", .unit = "points", .summary = "its other end", .optional = true},
    index_deviation_column,
    effective_answers_column,
    design_effect_column,
    index_status_column,
};
inline constexpr column_description index_item_columns[] = {
    index_construct_column,
    {.name = "item", .what = content::text, .summary = "label of the question"},
    group_column,
    period_column,
    answers_column,
    missing_column,
    missing_share_column,
    {.name = "index",
     .unit = "points",
     .summary = "its mean, 0 for the least answer of its scale and 100 for the greatest",
     .optional = true},
    {.name = "index_low", .unit = "points", .summary = "lower end of its t interval", .optional = true},
    {.name = "index_high", .unit = "points", .summary = "its other end", .optional = true},
    index_deviation_column,
    effective_answers_column,
    index_status_column,
};
inline constexpr column_description index_change_columns[] = {
    index_construct_column,
    group_column,
    period_column,
    {.name = "other_period",
     .what = content::day,
     .summary = "the last period before in which there is an index",
     .optional = true},
    answers_column,
    {.name = "other_answers", .what = content::count, .summary = "in the period before"},
    shared_column,
    {.name = "index", .unit = "points", .summary = "as in table indices"},
    {.name = "other_index", .unit = "points", .summary = "that of the period before"},
    {.name = "change", .unit = "points", .summary = "index - other_index", .optional = true},
    {.name = "standard_error",
     .unit = "points",
     .summary = "of the change, weights taken as they are; none, as degrees, interval and p-value, where the "
                "answers of one period are too few or all alike",
     .optional = true},
    {.name = "change_low", .unit = "points", .summary = "lower end of its interval", .optional = true},
    {.name = "change_high", .unit = "points", .summary = "its other end", .optional = true},
    {.name = "degrees", .summary = "degrees of freedom of the t-test (Welch)", .optional = true},
    p_value_column,
    holm_column,
    benjamini_hochberg_column,
};
inline constexpr column_description index_map_columns[] = {
    index_construct_column,
    {.name = "item",
     .what = content::text,
     .summary = "label of a question; none = the construct",
     .optional = true},
    {.name = "importance",
     .unit = "points a point",
     .summary = "what one point more of it adds to the index of the target: total effect, of a question its "
                "share in the index of the construct times that (重要性)",
     .optional = true},
    {.name = "performance", .unit = "points", .summary = "its index (绩效)", .optional = true},
    {.name = "raised",
     .unit = "points",
     .summary = "by how much it is raised: option raised_by, or what is left to 100",
     .optional = true},
    {.name = "gain",
     .unit = "points",
     .summary = "what that adds to the index of the target: importance x raised",
     .optional = true},
    {.name = "quadrant",
     .what = content::code,
     .summary = "concentrate_here: important, done badly; keep_up: important, done well; low_priority; "
                "possible_overkill. Constructs and questions are two maps",
     .optional = true,
     .levels = quadrant_names},
};
inline constexpr column_description index_share_columns[] = {
    period_column,
    index_construct_column,
    {.name = "item", .what = content::text, .summary = "label of the question"},
    {.name = "index_weight",
     .unit = "share",
     .summary = "its share in the index; none where a weight of the construct is negative",
     .optional = true},
};
inline constexpr column_description index_estimation_columns[] = {
    {.name = "period",
     .what = content::day,
     .summary = "whose answers give the weights; none = those of the model",
     .optional = true},
    {.name = "source",
     .what = content::code,
     .summary = "given, by the fitted model; estimated from the answers; failed, they give none",
     .levels = weights_source_names},
    {.name = "respondents", .what = content::count, .summary = "rows of answers"},
    {.name = "used", .what = content::count, .summary = "of them by the estimation"},
    {.name = "ended",
     .what = content::code,
     .summary = "how the estimation ended",
     .optional = true,
     .levels = stats::path_statuses},
    {.name = "reason", .what = content::text, .summary = "why it failed", .optional = true},
};
inline constexpr table_description index_report_outputs[] = {
    {.name = "indices",
     .summary = "the index of each construct, of all answers and of the parts that option by asks for",
     .columns = index_part_columns},
    {.name = "item_indices", .summary = "the same of each question", .columns = index_item_columns},
    {.name = "changes",
     .summary =
         "each period, and each group in it, against the one before, with p-values for all tests of all "
         "constructs together",
     .columns = index_change_columns},
    {.name = "importance_performance",
     .summary = "what matters to the target, how well it is done, and what raising it is expected to add: "
                "constructs, then questions",
     .columns = index_map_columns},
    {.name = "index_weights", .summary = "the weights behind the indices", .columns = index_share_columns},
    {.name = "estimations", .summary = "where they come from", .columns = index_estimation_columns},
};

} // namespace emptor::satisfaction
