// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include <emptor/core/describe.hpp>

/// Columns that the entries about criteria have in common, so that what one gives another takes: the table `weights` of the
/// analytic hierarchy process or of objective weights goes as it is into TOPSIS, fuzzy evaluation and scorecards.
namespace emptor::decision {

/// Whether much of a criterion is good (效益型指标) or bad (成本型指标).
enum class criterion_direction : std::int32_t { benefit = 0, cost = 1 };
inline constexpr std::string_view criterion_directions[] = {"benefit", "cost"};

/// Numbers of alternatives: so far from the ends of a double that no square leaves them.
inline constexpr domain criterion_values{-1e100, 1e100};
/// Weights that a caller gives, of which proportions count.
inline constexpr domain criterion_weights{0.0, 1e9};

inline constexpr column_description alternative_columns[] = {
    {.name = "alternative",
     .what = content::id,
     .summary = "what is compared: a customer, a supplier, a site; each once"},
    {.name = "criteria",
     .summary = "criteria:LABEL, the figure of each criterion",
     .allowed = criterion_values,
     .many = true},
};
inline constexpr column_description criterion_weight_columns[] = {
    {.name = "criterion", .what = content::text, .summary = "label of a column of criteria; each once"},
    {.name = "weight",
     .summary = "how much it counts; they are made to add up to 1",
     .allowed = criterion_weights},
};
inline constexpr column_description criterion_direction_columns[] = {
    {.name = "criterion", .what = content::text, .summary = "label of a column of criteria; each once"},
    {.name = "direction",
     .what = content::code,
     .summary = "benefit: much is good (效益型); cost: little is (成本型); missing = benefit",
     .optional = true,
     .levels = criterion_directions},
};
inline constexpr table_description alternatives_table{
    .name = "alternatives",
    .summary = "figures of what is compared, one alternative a row",
    .columns = alternative_columns,
    .whole = true};
inline constexpr column_description criterion_name_column{
    .name = "criterion", .what = content::text, .summary = "in the order of their bytes"};

} // namespace emptor::decision
