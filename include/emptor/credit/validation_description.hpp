// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/credit/scored_sample.hpp>
#include <emptor/stats/calibration.hpp>

/// How the catalogue knows the validation of scores and probabilities (validation.hpp).
namespace emptor::credit {

inline constexpr std::string_view validation_name = "credit.validation";

/// What the table of measures tells, in its order; those of probabilities come where there is such a column.
enum class validation_measure : std::int32_t {
  rows = 0,
  without_outcome,
  without_score,
  events,
  event_rate,
  auc,
  gini,
  accuracy_ratio,
  ks,
  signed_ks,
  ks_score,
  without_probability,
  without_grade,
  mean_probability,
  brier_score,
  brier_skill,
  reliability,
  resolution,
  uncertainty,
  within_groups,
  miscalibration,
  discrimination,
  log_loss,
  hosmer_lemeshow,
  hosmer_lemeshow_p,
  spiegelhalter_z,
  spiegelhalter_p,
  portfolio_z,
  portfolio_p,
  calibration_level,
  calibration_intercept,
  calibration_slope,
  calibration_line,
  calibration_line_p
};
inline constexpr std::string_view validation_measures[] = {"rows",
                                                           "without_outcome",
                                                           "without_score",
                                                           "events",
                                                           "event_rate",
                                                           "auc",
                                                           "gini",
                                                           "accuracy_ratio",
                                                           "ks",
                                                           "signed_ks",
                                                           "ks_score",
                                                           "without_probability",
                                                           "without_grade",
                                                           "mean_probability",
                                                           "brier_score",
                                                           "brier_skill",
                                                           "reliability",
                                                           "resolution",
                                                           "uncertainty",
                                                           "within_groups",
                                                           "miscalibration",
                                                           "discrimination",
                                                           "log_loss",
                                                           "hosmer_lemeshow",
                                                           "hosmer_lemeshow_p",
                                                           "spiegelhalter_z",
                                                           "spiegelhalter_p",
                                                           "portfolio_z",
                                                           "portfolio_p",
                                                           "calibration_level",
                                                           "calibration_intercept",
                                                           "calibration_slope",
                                                           "calibration_line",
                                                           "calibration_line_p"};
/// Whose definition each one is, and whose bound.
inline constexpr std::string_view validation_sources[] = {
    "rows with an outcome and a score; with weights=frequency what they stand for, as the next three",
    "",
    "",
    "",
    "interval: Wilson 1927",
    "DeLong, DeLong and Clarke-Pearson 1988; bound: Hosmer and Lemeshow 2000 call 0.7 acceptable",
    "2 auc - 1",
    "area of the CAP curve; equal to gini",
    "Kolmogorov 1933, Smirnov 1948; between tied scores there is no threshold",
    "above 0 where events gather at the risky end",
    "the score at which the distance is largest",
    "",
    "",
    "",
    "Brier 1950; bound: what the event rate alone scores",
    "1 - brier_score / uncertainty",
    "Murphy 1973",
    "Murphy 1973",
    "Murphy 1973",
    "Stephenson, Coelho and Jolliffe 2008",
    "Dimitriadis, Gneiting and Jordan 2021",
    "Dimitriadis, Gneiting and Jordan 2021",
    "mean of -log(probability of what came); bound: what the event rate alone scores",
    "Hosmer and Lemeshow 1980",
    "chi-squared; bound: significance",
    "Spiegelhalter 1986",
    "two-sided normal; bound: significance",
    "events against the mean probability",
    "one-sided, of as many events; bound: significance",
    "Cox 1958; bound: its interval holds 0",
    "Cox 1958; bound: its interval holds 0",
    "Cox 1958; bound: its interval holds 1",
    "likelihood ratio of intercept 0 and slope 1",
    "chi-squared, two degrees; bound: significance"};
static_assert(std::size(validation_measures) == std::size(validation_sources));

/// Whether a figure keeps to its bound.
enum class validation_verdict : std::int32_t { pass = 0, fail = 1 };
inline constexpr std::string_view validation_verdicts[] = {"pass", "fail"};

/// Why a measure has no value, or one that says nothing.
enum class validation_state : std::int32_t {
  computed = 0,
  no_rows,
  no_events,
  no_non_events,
  all_tied,
  certain,
  no_spread,
  separated,
  too_few_groups
};
inline constexpr std::string_view validation_states[] = {"computed",      "no_rows",   "no_events",
                                                         "no_non_events", "all_tied",  "certain",
                                                         "no_spread",     "separated", "too_few_groups"};

/// How the points of a calibration curve came about: groups of equal size, or blocks of isotonic regression.
enum class calibration_curve_kind : std::int32_t { grouped = 0, isotonic = 1 };
inline constexpr std::string_view calibration_curve_kinds[] = {"grouped", "isotonic"};

inline constexpr option_description validation_options[] = {
    described_in(sample_options, "score"),
    {.name = "second_score",
     .what = option_content::text,
     .summary = "the label of another score of the same orientation, which is compared with `score` on the "
                "rows that have both"},
    {.name = "probability",
     .what = option_content::text,
     .summary = "the label of the characteristic that is the probability of the event (违约概率); without "
                "`score` it is the "
                "score too, the higher the riskier"},
    {.name = "grade",
     .what = option_content::text,
     .summary = "the label of the category or characteristic that is the grade; its groups take the place of "
                "those of equal "
                "size in the tests"},
    described_in(sample_options, "orientation"),
    described_in(sample_options, "slice"),
    described_in(sample_options, "by"),
    described_in(sample_options, "weights"),
    described_in(sample_options, "confidence"),
    {.name = "groups",
     .what = option_content::integer,
     .summary = "of the gains table, each of the same number of rows",
     .allowed = {1.0, 1000.0},
     .default_value = "10"},
    {.name = "calibration_groups",
     .what = option_content::integer,
     .summary = "of about the same number of rows, for the calibration curve and the test of Hosmer and "
                "Lemeshow; equal "
                "probabilities stay together",
     .allowed = {1.0, 1000.0},
     .default_value = "10"},
    {.name = "points",
     .what = option_content::integer,
     .summary = "about how many points a curve has at most; 0 = one for each distinct score",
     .allowed = {0.0, 1e9},
     .default_value = "100"},
    {.name = "fitted",
     .what = option_content::boolean,
     .summary = "whether the probabilities were fitted on these rows, which takes two degrees from the test "
                "of Hosmer and "
                "Lemeshow",
     .default_value = "false"},
    {.name = "significance",
     .what = option_content::number,
     .summary = "a test fails whose p-value is below it",
     .unit = "probability",
     .allowed = zero_to_one,
     .default_value = "0.05"},
    {.name = "least_auc",
     .what = option_content::number,
     .summary = "the area that passes",
     .unit = "share",
     .allowed = zero_to_one,
     .default_value = "0.7"},
    {.name = "least_ks",
     .what = option_content::number,
     .summary = "the statistic that passes (default: no verdict)",
     .unit = "share",
     .allowed = zero_to_one},
    {.name = "yellow",
     .what = option_content::number,
     .summary = "the level from which a grade's light is yellow: fewer events have this probability, or a "
                "higher one",
     .unit = "probability",
     .allowed = zero_to_one,
     .default_value = "0.95"},
    {.name = "red",
     .what = option_content::number,
     .summary = "the level from which it is red",
     .unit = "probability",
     .allowed = zero_to_one,
     .default_value = "0.999"},
};

inline constexpr column_description validation_measure_columns[] = {
    sample_slice_column,
    {.name = "measure", .what = content::code, .summary = "which one", .levels = validation_measures},
    {.name = "value", .summary = "none where state says why", .optional = true},
    {.name = "low", .summary = "lower end of its interval", .optional = true},
    {.name = "high", .summary = "upper end", .optional = true},
    {.name = "threshold", .summary = "what it is held against", .optional = true},
    {.name = "verdict",
     .what = content::code,
     .summary = "none where it is held against nothing",
     .optional = true,
     .levels = validation_verdicts},
    {.name = "state",
     .what = content::code,
     .summary = "computed, or why it has no value or says nothing: no rows, events or non-events; all_tied, "
                "every row has the "
                "same score; certain, a probability of 0 or 1 that was wrong or has no logit; no_spread, the "
                "statistic "
                "cannot vary; separated, a threshold tells all events from all others: a score that knows "
                "the outcome, or a slope "
                "without end; too_few_groups, no degree of freedom is left",
     .levels = validation_states},
    {.name = "source", .what = content::text, .summary = "whose measure it is, and whose threshold"},
};
inline constexpr column_description validation_curve_columns[] = {
    sample_slice_column,
    {.name = "score",
     .summary = "of the rows at or beyond it, from the riskiest; none at the beginning",
     .optional = true},
    {.name = "rows_share", .unit = "share", .summary = "of all rows by weight"},
    {.name = "events_share", .unit = "share", .summary = "of all events; none without one", .optional = true},
    {.name = "non_events_share",
     .unit = "share",
     .summary = "of all others; none without one",
     .optional = true},
};
inline constexpr column_description validation_gains_columns[] = {
    sample_slice_column,
    {.name = "group", .what = content::count, .summary = "1 = the riskiest"},
    {.name = "riskiest", .summary = "the score of its riskiest row"},
    {.name = "safest", .summary = "the score of its safest row"},
    {.name = "weight", .summary = "of its rows"},
    {.name = "events",
     .summary = "those of a tie that lies over an end are shared in proportion, so they may be a fraction"},
    {.name = "event_rate", .unit = "share", .summary = "events / weight"},
    {.name = "captured", .unit = "share", .summary = "of all events up to here", .optional = true},
    {.name = "lift", .summary = "event rate over that of all rows", .optional = true},
    {.name = "cumulative_lift", .summary = "the same of all groups up to here", .optional = true},
    {.name = "distance",
     .unit = "share",
     .summary = "shares of events less those of others up to here",
     .optional = true},
};
inline constexpr column_description validation_calibration_columns[] = {
    sample_slice_column,
    {.name = "curve",
     .what = content::code,
     .summary = "groups of about equal size, or the isotonic curve",
     .levels = calibration_curve_kinds},
    {.name = "group", .what = content::count, .summary = "from the lowest probability"},
    {.name = "lowest", .unit = "probability", .summary = "of its probabilities"},
    {.name = "highest", .unit = "probability", .summary = "of its probabilities"},
    {.name = "probability", .unit = "probability", .summary = "the mean"},
    {.name = "weight", .summary = "of its rows, as the tests count them"},
    {.name = "events", .summary = "as the tests count them"},
    {.name = "event_rate", .unit = "share", .summary = "events / weight"},
    {.name = "low", .unit = "share", .summary = "lower end of the interval of the rate (Wilson)"},
    {.name = "high", .unit = "share", .summary = "upper end"},
};
inline constexpr column_description validation_grade_columns[] = {
    sample_slice_column,
    {.name = "grade", .what = content::text, .summary = "as the rows have it"},
    {.name = "rows",
     .what = content::count,
     .summary = "that have a grade, a probability and an outcome, however many each stands for"},
    {.name = "weight", .summary = "of its rows, as the tests count them"},
    {.name = "events", .summary = "as the tests count them"},
    {.name = "event_rate", .unit = "share", .summary = "events / weight"},
    {.name = "low", .unit = "share", .summary = "lower end of the interval of the rate (Wilson)"},
    {.name = "high", .unit = "share", .summary = "upper end"},
    {.name = "probability", .unit = "probability", .summary = "the mean of its rows"},
    {.name = "binomial_p", .unit = "probability", .summary = "the chance of at least as many events"},
    {.name = "jeffreys_p",
     .unit = "probability",
     .summary =
         "the chance that the true probability is not above the stated one, with the prior of Jeffreys"},
    {.name = "light",
     .what = content::code,
     .summary = "traffic light of binomial_p (Oesterreichische Nationalbank 2004: bands of 95 % and 99.9 %)",
     .levels = stats::traffic_lights},
};
inline constexpr column_description validation_comparison_columns[] = {
    sample_slice_column,
    {.name = "rows",
     .what = content::count,
     .summary = "that have both scores and an outcome, however many each stands for"},
    {.name = "first_auc", .unit = "share", .summary = "of `score`", .optional = true},
    {.name = "second_auc", .unit = "share", .summary = "of `second_score`", .optional = true},
    {.name = "difference", .unit = "share", .summary = "first less second", .optional = true},
    {.name = "low", .unit = "share", .summary = "lower end of its interval", .optional = true},
    {.name = "high", .unit = "share", .summary = "upper end", .optional = true},
    {.name = "z", .summary = "difference over its standard error (DeLong)", .optional = true},
    {.name = "p_value", .unit = "probability", .summary = "two-sided, of no difference", .optional = true},
    {.name = "state",
     .what = content::code,
     .summary = "as of measures; no_spread = both put every pair in the same order",
     .levels = validation_states},
};
inline constexpr table_description validation_outputs[] = {
    {.name = "measures", .summary = "one row a slice and measure", .columns = validation_measure_columns},
    {.name = "curve",
     .summary = "points of the ROC, CAP and Lorenz curves",
     .columns = validation_curve_columns},
    {.name = "gains",
     .summary = "gains and lift by groups of equal size",
     .columns = validation_gains_columns},
    {.name = "calibration",
     .summary = "what came beside what was said; empty without probabilities",
     .columns = validation_calibration_columns},
    {.name = "grades",
     .summary = "tests of each grade; empty without grades",
     .columns = validation_grade_columns},
    {.name = "comparison",
     .summary = "two scores; empty without a second one",
     .columns = validation_comparison_columns},
};

} // namespace emptor::credit
