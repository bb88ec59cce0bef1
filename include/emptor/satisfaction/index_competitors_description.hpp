// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/satisfaction/index_competitors.hpp>
#include <emptor/satisfaction/index_estimation.hpp>
#include <emptor/satisfaction/index_report.hpp>
#include <emptor/satisfaction/index_report_description.hpp>
#include <emptor/satisfaction/survey_options.hpp>

/// How the catalogue knows indices against competitors (index_competitors.hpp).
namespace emptor::satisfaction {

inline constexpr option_description index_competitors_options[] = {
    {.name = "brand",
     .what = option_content::text,
     .summary =
         "the own brand, that the others are held against; a model that is not fitted is estimated from "
         "the answers about it",
     .required = true},
    option_by,
    option_index_convention,
    option_index_scheme,
    option_index_metric,
    option_index_missing,
    option_weight_meaning,
    option_index_second_order,
    option_index_scale_low,
    option_index_scale_high,
    option_confidence,
};
inline constexpr slot_description index_competitors_slots[] = {index_report_model_slot};

inline constexpr column_description index_item_or_none_column{.name = "item",
                                                              .what = content::text,
                                                              .summary =
                                                                  "label of a question; none = the construct",
                                                              .optional = true};
inline constexpr column_description brand_index_columns[] = {
    {.name = "brand",
     .what = content::text,
     .summary = "the own one first; none = answers without a brand",
     .optional = true},
    index_construct_column,
    index_item_or_none_column,
    group_column,
    period_column,
    index_answers_column,
    index_missing_column,
    {.name = "index",
     .unit = "points",
     .summary = "0 to 100, with the same weights for all brands",
     .optional = true},
    {.name = "index_low", .unit = "points", .summary = "lower end of its t interval", .optional = true},
    {.name = "index_high", .unit = "points", .summary = "its other end", .optional = true},
    index_deviation_column,
    effective_answers_column,
    index_status_column,
};
inline constexpr column_description brand_gap_columns[] = {
    {.name = "competitor",
     .what = content::text,
     .summary = "the other brand; none = answers without a brand",
     .optional = true},
    index_construct_column,
    index_item_or_none_column,
    group_column,
    period_column,
    {.name = "answers", .what = content::count, .summary = "about the own brand"},
    {.name = "other_answers", .what = content::count, .summary = "about the competitor"},
    {.name = "shared", .what = content::count, .summary = "respondents who rated both in the same period"},
    {.name = "index", .unit = "points", .summary = "of the own brand"},
    {.name = "other_index", .unit = "points", .summary = "of the competitor"},
    {.name = "gap", .unit = "points", .summary = "index - other_index: below 0 the competitor is ahead"},
    {.name = "standard_error",
     .unit = "points",
     .summary =
         "of the gap, who rated both taken into account; none, as degrees, interval and p-value, where "
         "the answers of one side are too few or all alike",
     .optional = true},
    {.name = "gap_low", .unit = "points", .summary = "lower end of its interval", .optional = true},
    {.name = "gap_high", .unit = "points", .summary = "its other end", .optional = true},
    {.name = "degrees",
     .summary =
         "degrees of freedom of the t-test: those of the smaller side where some rated both, else Welch's",
     .optional = true},
    p_value_column,
    holm_column,
    benjamini_hochberg_column,
    {.name = "paired_gap",
     .unit = "points",
     .summary = "the gap among those who rated both alone; none without any",
     .optional = true},
    {.name = "paired_p_value",
     .unit = "probability",
     .summary = "of the paired t-test of it, for itself; none of one respondent, or where all differ alike",
     .optional = true},
};
inline constexpr table_description index_competitors_outputs[] = {
    {.name = "brand_indices",
     .summary = "the index of each construct, then of its questions where it has several, of each brand",
     .columns = brand_index_columns},
    {.name = "gaps",
     .summary = "the own brand against each competitor, with p-values for all tests of the table together",
     .columns = brand_gap_columns},
    {.name = "index_weights", .summary = "the weights behind the indices", .columns = index_share_columns},
    {.name = "estimations", .summary = "where they come from", .columns = index_estimation_columns},
};

} // namespace emptor::satisfaction
