// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/credit/scored_sample.hpp>
#include <emptor/stats/stability.hpp>

/// How the catalogue knows the stability of populations (population_stability.hpp).
namespace emptor::credit {

inline constexpr std::string_view population_stability_name = "credit.population_stability";

/// Whether a stability index has a value, and why not.
enum class shift_state : std::int32_t { computed = 0, no_rows, one_bin, empty_cell, too_many_levels };
inline constexpr std::string_view shift_states[] = {"computed", "no_rows", "one_bin", "empty_cell",
                                                    "too_many_levels"};

inline constexpr std::string_view stability_changes[] = {"within_chance", "beyond_chance"};

inline constexpr option_description population_stability_options[] = {
    {.name = "expected",
     .what = option_content::text,
     .summary = "the slice that the others are held against, such as the sample of development",
     .required = true},
    {.name = "actual",
     .what = option_content::text,
     .summary = "the slice that is held against it (default: each other one)"},
    {.name = "column",
     .what = option_content::text,
     .summary = "the label of one characteristic or category, such as the score (default: all of them)"},
    {.name = "edges",
     .what = option_content::numbers,
     .summary = "the ends of the bins of `column`, rising; a value at an end belongs to the bin below it "
                "(default: quantiles "
                "of the expected slice)"},
    {.name = "bins",
     .what = option_content::integer,
     .summary = "of a characteristic, with about the same number of expected rows in each; equal values stay "
                "together",
     .allowed = {2.0, 1000.0},
     .default_value = "10"},
    {.name = "empty",
     .what = option_content::choice,
     .summary = "what is done where a bin has rows in one slice alone: refuse, no index; floor, its share "
                "counts as `floor`; "
                "add_half, one half is added to each count",
     .default_value = "floor",
     .choices = stats::empty_cells},
    {.name = "floor",
     .what = option_content::number,
     .summary = "the share that counts for none",
     .unit = "share",
     .allowed = {.low = 0.0, .high = 0.5, .low_open = true},
     .default_value = "0.0001"},
    {.name = "moderate",
     .what = option_content::number,
     .summary = "the index from which the verdict is moderate: a convention that knows nothing of the "
                "numbers of rows",
     .allowed = at_least_zero,
     .default_value = "0.1"},
    {.name = "shifted",
     .what = option_content::number,
     .summary = "the index from which it is shifted",
     .allowed = at_least_zero,
     .default_value = "0.25"},
    described_in(sample_options, "weights"),
    described_in(sample_options, "confidence"),
};

inline constexpr column_description stability_columns[] = {
    {.name = "slice", .what = content::text, .summary = "that is held against the expected one"},
    {.name = "column", .what = content::text, .summary = "the label"},
    {.name = "bins", .what = content::count, .summary = "with rows in either slice; missing values are one"},
    {.name = "expected_rows", .what = content::count, .summary = "of the expected slice"},
    {.name = "actual_rows", .what = content::count, .summary = "of this slice"},
    {.name = "index",
     .summary = "population stability index; of a characteristic it is also called characteristic stability "
                "index (CSI)",
     .optional = true},
    {.name = "low", .summary = "lower end of its interval", .optional = true},
    {.name = "high", .summary = "upper end", .optional = true},
    {.name = "by_chance",
     .summary = "what it is on average where nothing has changed; none where a floor stands for an empty bin",
     .optional = true},
    {.name = "limit",
     .summary = "what it exceeds with the chance 1 - confidence where nothing has changed; none as by_chance",
     .optional = true},
    {.name = "p_value",
     .unit = "probability",
     .summary =
         "the chance of an index as large where nothing has changed; with a floor for an empty bin that of "
         "Pearson's chi-squared",
     .optional = true},
    {.name = "verdict",
     .what = content::code,
     .summary = "by the conventional bounds",
     .optional = true,
     .levels = stats::stability_verdicts},
    {.name = "change",
     .what = content::code,
     .summary = "whether p_value is below 1 - confidence. A change may be sure and small",
     .optional = true,
     .levels = stability_changes},
    {.name = "state",
     .what = content::code,
     .summary =
         "computed, or why there is no index: no_rows; one_bin, nothing can move; empty_cell, see `empty`; "
         "too_many_levels, a category of more than 1,000",
     .levels = shift_states},
};
inline constexpr column_description stability_bin_columns[] = {
    {.name = "slice", .what = content::text, .summary = "that is held against the expected one"},
    {.name = "column", .what = content::text, .summary = "the label"},
    {.name = "level",
     .what = content::text,
     .summary = "of a category; missing = rows without a value",
     .optional = true},
    {.name = "above",
     .summary = "the end below the bin, which is not in it; none of the first",
     .optional = true},
    {.name = "up_to", .summary = "the end above, which is in it; none of the last", .optional = true},
    {.name = "expected", .summary = "weight of its rows in the expected slice"},
    {.name = "expected_share", .unit = "share", .summary = "of that slice", .optional = true},
    {.name = "actual", .summary = "weight of its rows in this slice"},
    {.name = "actual_share", .unit = "share", .summary = "of this slice", .optional = true},
    {.name = "part", .summary = "of the index", .optional = true},
};
inline constexpr table_description population_stability_outputs[] = {
    {.name = "stability", .summary = "one row a slice and column", .columns = stability_columns},
    {.name = "bins",
     .summary = "one row a bin that has rows in either slice",
     .columns = stability_bin_columns},
};

} // namespace emptor::credit
