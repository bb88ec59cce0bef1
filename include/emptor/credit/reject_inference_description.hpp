// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/credit/reject_inference.hpp>

/// What credit.scorecard says of reject inference: its options and tables.
namespace emptor::credit {

inline constexpr option_description reject_options[] = {
    {.name = "reject_inference",
     .what = option_content::choice,
     .summary =
         "rows without an outcome are those who were rejected, and the scorecard is fitted once more to all "
         "who applied: augmentation: the accepted of a band of scores are weighted to stand for all of it; "
         "parcelling: the rejected of a band have reject_factor times its event rate; fuzzy: each rejected "
         "row comes with both outcomes, weighted by the first fit's probability, which cannot change the "
         "coefficients where reject_factor is 1",
     .default_value = "none",
     .choices = reject_method_names},
    {.name = "reject_bands",
     .what = option_content::integer,
     .summary = "bands of scores of augmentation and parcelling, of about equal weight of the accepted",
     .allowed = {1.0, 1000.0},
     .default_value = "10"},
    {.name = "reject_factor",
     .summary = "event rate of the rejected to that of the accepted with such a score (to the first fit's "
                "probability with fuzzy); rates are cut off at 1",
     .allowed = {.low = 0.0, .high = 1000.0, .low_open = true},
     .default_value = "1"},
    {.name = "reject_assignment",
     .what = option_content::choice,
     .summary =
         "of parcelling: fractional: each rejected row comes with both outcomes, weighted by the rate; "
         "drawn: with one, drawn at this rate",
     .default_value = "fractional",
     .choices = reject_assignment_names},
    {.name = "seed",
     .what = option_content::integer,
     .summary = "names the random numbers of reject_assignment=drawn: the same seed gives the same outcomes "
                "everywhere",
     .allowed = {0, 9e15},
     .default_value = "1"},
};

/// What a reader must know of the method before he believes the scorecard.
enum class reject_warning : std::int32_t {
  alike_within_a_band = 0,
  factor_is_assumed = 1,
  fuzzy_changes_nothing = 2,
  errors_too_small = 3,
  rates_cut_off = 4,
};
inline constexpr std::string_view reject_warning_names[] = {
    "alike_within_a_band", "factor_is_assumed", "fuzzy_changes_nothing", "errors_too_small", "rates_cut_off"};

inline constexpr column_description reject_band_columns[] = {
    {.name = "band", .what = content::count, .summary = "1, 2, ... by rising risk"},
    {.name = "above",
     .unit = "probability",
     .summary = "of the event, by the first fit: those in the band have a higher one; missing in the first",
     .optional = true},
    {.name = "up_to",
     .unit = "probability",
     .summary = "the highest of those in it; missing in the last",
     .optional = true},
    {.name = "accepted", .unit = "rows", .summary = "weighted, with an outcome"},
    {.name = "events", .unit = "rows", .summary = "weighted events of these"},
    {.name = "rejected", .unit = "rows", .summary = "weighted, without an outcome"},
    {.name = "accepted_rate", .unit = "share", .summary = "events of the accepted"},
    {.name = "rejected_rate",
     .unit = "share",
     .summary = "event rate that the rejected are given; missing with augmentation",
     .optional = true},
    {.name = "multiple",
     .summary = "by which the weight of an accepted row is multiplied; 1 with parcelling"},
};
inline constexpr column_description reject_row_columns[] = {
    {.name = "row", .what = content::text, .summary = "the id of the row", .optional = true},
    {.name = "accepted", .what = content::boolean, .summary = "whether its outcome was seen"},
    {.name = "outcome", .summary = "that was seen or is inferred"},
    {.name = "weight", .summary = "with which it is in the second fit"},
    {.name = "probability", .unit = "probability", .summary = "of the event, by the first fit (违约概率)"},
    {.name = "band", .what = content::count, .summary = "of the scores; 0 with fuzzy, which has none"},
};
inline constexpr column_description reject_coefficient_columns[] = {
    {.name = "characteristic",
     .what = content::text,
     .summary = "the label of the column; missing in the row of the intercept",
     .optional = true},
    {.name = "accepted_only", .summary = "coefficient of the first fit, to those with an outcome (回归系数)"},
    {.name = "all_applicants", .summary = "of the second, which the scorecard has"},
    {.name = "difference", .summary = "the second less the first"},
};
inline constexpr column_description reject_warning_columns[] = {
    {.name = "warning",
     .what = content::code,
     .summary = "what is assumed, and what that does",
     .levels = reject_warning_names},
    {.name = "text", .what = content::text, .summary = "in words"},
};
inline constexpr table_description reject_outputs[] = {
    {.name = "reject_bands",
     .summary = "accepted and rejected by bands of scores; no rows without reject inference",
     .columns = reject_band_columns},
    {.name = "reject_rows",
     .summary =
         "the rows of the second fit with their weights: as outcome and weight of a new store they let "
         "the bins be made again (拒绝推断)",
     .columns = reject_row_columns},
    {.name = "reject_coefficients",
     .summary = "what reject inference changed",
     .columns = reject_coefficient_columns},
    {.name = "reject_warnings",
     .summary = "what must be known of the method",
     .columns = reject_warning_columns},
};

} // namespace emptor::credit
