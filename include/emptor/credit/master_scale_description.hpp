// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/credit/master_scale.hpp>

/// What the catalogue says of the master scale (master_scale.hpp): columns, options, tables and worked examples.
namespace emptor::credit {

/// Probabilities that have log odds.
inline constexpr domain open_zero_to_one{.low = 0.0, .high = 1.0, .low_open = true, .high_open = true};

/// Whether grades are found by the outcomes, or have bounds that rise by one factor.
enum class scale_method : std::int32_t { optimal = 0, geometric = 1 };
inline constexpr std::string_view scale_methods[] = {"optimal", "geometric"};
/// How probabilities are calibrated before grades are made.
enum class scale_fitting : std::int32_t { automatic = 0, none = 1, shift = 2, regression = 3 };
inline constexpr std::string_view scale_fittings[] = {"automatic", "none", "shift", "regression"};

inline constexpr option_description scale_input_option{
    .name = "input",
    .what = option_content::choice,
    .summary = "what is graded: a probability of default, or a score in points",
    .default_value = "probability",
    .choices = scale_inputs};
/// How many grades there may be.
inline constexpr domain scale_grades_domain{2.0, 1000.0};

inline constexpr option_description master_scale_options[] = {
    {.name = "characteristic",
     .what = option_content::text,
     .summary = "label of the column of the store that holds the probability or score",
     .required = true},
    scale_input_option,
    {.name = "slice",
     .what = option_content::text,
     .summary = "only the rows of this slice, such as a year or a sample; without it all"},
    {.name = "method",
     .what = option_content::choice,
     .summary = "optimal: the grades whose observed rates rise and fit best (highest likelihood); geometric: "
                "bounds that rise by one factor from lowest_probability to highest_probability",
     .default_value = "optimal",
     .choices = scale_methods},
    {.name = "grade_count",
     .what = option_content::integer,
     .summary = "how many grades; of method optimal at most",
     .allowed = scale_grades_domain,
     .default_value = "10"},
    {.name = "smallest_share",
     .summary = "of method optimal: the least share of all observations in a grade",
     .unit = "share",
     .allowed = {.low = 0.0, .high = 0.5},
     .default_value = "0.05"},
    {.name = "smallest_events",
     .summary = "of method optimal: the least weight of defaults in a grade",
     .allowed = {.low = 0.0, .high = 1e15},
     .default_value = "0"},
    {.name = "lowest_probability",
     .summary = "of method geometric: where the best grade ends",
     .unit = "probability",
     .allowed = open_zero_to_one,
     .default_value = "0.0005"},
    {.name = "highest_probability",
     .summary = "of method geometric: where the worst grade begins",
     .unit = "probability",
     .allowed = open_zero_to_one,
     .default_value = "0.2"},
    {.name = "calibration",
     .what = option_content::choice,
     .summary =
         "none: probabilities as they are; shift: the intercept alone, so that the mean probability is "
         "target_rate, or else the observed rate; regression: intercept and slope by logistic "
         "regression on the outcomes; automatic: regression of a score, shift of a probability where "
         "target_rate is set, else none",
     .default_value = "automatic",
     .choices = scale_fittings},
    {.name = "target_rate",
     .summary =
         "central tendency (长期平均违约率): the mean probability that the calibrated scale must have; the "
         "intercept is shifted to it",
     .unit = "probability",
     .allowed = open_zero_to_one},
    {.name = "names",
     .what = option_content::text,
     .summary =
         "names of the grades, the best first, separated by commas; as many as option grade_count says. "
         "Without it 1, 2, ..."},
};

inline constexpr column_description scale_grade_columns[] = {
    {.name = "grade",
     .what = content::text,
     .summary = "name of the grade (信用等级), the best first; each once"},
    {.name = "probability_below",
     .unit = "probability",
     .summary =
         "its upper bound: a probability that equals it has the next grade; missing for the last grade, "
         "and where scores are the bounds",
     .allowed = zero_to_one,
     .optional = true},
    {.name = "score_at_least",
     .unit = "points",
     .summary =
         "the least score of the grade, where scores are the bounds and more is better; missing for the "
         "last grade",
     .allowed = {-1e300, 1e300},
     .optional = true},
    {.name = "probability",
     .unit = "probability",
     .summary = "probability of default (违约概率) that the grade stands for; not below that of a better one",
     .allowed = zero_to_one},
    {.name = "observations",
     .summary = "weight of the rows that the fit saw in it",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "share",
     .unit = "share",
     .summary = "of all observations",
     .allowed = zero_to_one,
     .optional = true},
    {.name = "events", .summary = "weight of those in default", .allowed = at_least_zero, .optional = true},
    {.name = "observed_rate",
     .unit = "probability",
     .summary = "events / observations; none without observations",
     .allowed = zero_to_one,
     .optional = true},
};
inline constexpr column_description scale_calibration_columns[] = {
    {.name = "parameter", .what = content::text, .summary = "intercept or slope"},
    {.name = "value",
     .summary = "of log odds = intercept + slope x input, the score or the log odds of the probability",
     .allowed = {-1e300, 1e300}},
};
/// The rows of the table figures, by their places.
enum class scale_figure : std::size_t {
  rows,
  no_input,
  no_outcome,
  observations,
  events,
  observed_rate,
  mean_before,
  mean_after,
  blocks,
  deviance_of_one_rate,
  deviance_of_grades,
  deviance_of_blocks,
};
inline constexpr std::string_view scale_figure_names[] = {"rows",
                                                          "no_input",
                                                          "no_outcome",
                                                          "observations",
                                                          "events",
                                                          "observed_rate",
                                                          "mean_before",
                                                          "mean_after",
                                                          "blocks",
                                                          "deviance_of_one_rate",
                                                          "deviance_of_grades",
                                                          "deviance_of_blocks"};
inline constexpr column_description scale_figure_columns[] = {
    {.name = "figure",
     .what = content::code,
     .summary = "rows; those without input or outcome, which do not count; weight of the observations and of "
                "those in default; observed rate; mean probability before the shift and after all; isotonic "
                "blocks; -2 log likelihood with one rate, with the rate of each grade, and of the isotonic "
                "regression, below which no grades with rising rates come",
     .levels = scale_figure_names},
    {.name = "value", .summary = "none where it has no meaning", .optional = true},
};
inline constexpr table_description scale_grades_table{
    .name = "grades",
    .summary = "the grades, the best first; bounds are probabilities in all rows or scores in all rows",
    .columns = scale_grade_columns};
inline constexpr table_description master_scale_outputs[] = {
    scale_grades_table,
    {.name = "calibration",
     .summary = "intercept and slope; no row where probabilities are taken as they are",
     .columns = scale_calibration_columns},
    {.name = "figures", .summary = "about the fit", .columns = scale_figure_columns},
};
inline constexpr table_description master_scale_model_tables[] = {
    {.name = "grades",
     .summary = "the grades, the best first; without it a geometric scale from the options grade_count, "
                "lowest_probability and highest_probability",
     .columns = scale_grade_columns,
     .optional = true},
    {.name = "calibration",
     .summary = "from scores or probabilities to probabilities; without it probabilities are as they are",
     .columns = scale_calibration_columns,
     .optional = true},
};
inline constexpr option_description master_scale_model_options[] = {
    scale_input_option,
    {.name = "grade_count",
     .what = option_content::integer,
     .summary = "how many grades, where the table grades is not given",
     .allowed = scale_grades_domain},
    {.name = "lowest_probability",
     .summary = "where the best grade ends, where the table grades is not given",
     .unit = "probability",
     .allowed = open_zero_to_one},
    {.name = "highest_probability",
     .summary = "where the worst grade begins, where the table grades is not given",
     .unit = "probability",
     .allowed = open_zero_to_one},
};

/// The columns of a score by their places.
enum class scale_column : std::size_t { probability, score, notches, reason, until };
inline constexpr column_description scale_score_inputs[] = {
    {.name = "probability",
     .unit = "probability",
     .summary = "probability of default; needed where the model's input is probability",
     .allowed = zero_to_one,
     .optional = true},
    {.name = "score",
     .unit = "points",
     .summary = "needed where the model's input is score",
     .allowed = {-1e300, 1e300},
     .optional = true},
    {.name = "notches",
     .what = content::count,
     .summary =
         "by how many grades an expert moves it (人工调整): above 0 to a better grade, below 0 to a worse "
         "one; missing = 0",
     .allowed = {-1000.0, 1000.0},
     .optional = true},
    {.name = "reason",
     .what = content::text,
     .summary = "why; an override without a reason does not hold",
     .optional = true},
    {.name = "until",
     .what = content::day,
     .summary = "the last day on which the override holds; missing = it does not end. Needs option as_of",
     .optional = true},
};
inline constexpr option_description scale_score_options[] = {
    {.name = "as_of",
     .what = option_content::day,
     .summary = "the day on which it is asked whether overrides hold"},
    {.name = "largest_upgrade",
     .what = option_content::integer,
     .summary = "by how many grades an override may raise",
     .unit = "notches",
     .allowed = {0.0, 1000.0},
     .default_value = "2"},
    {.name = "largest_downgrade",
     .what = option_content::integer,
     .summary = "by how many grades an override may lower; without it by any number",
     .unit = "notches",
     .allowed = {0.0, 1000.0}},
};
/// What a score tells, by its places.
enum class scale_output : std::size_t {
  probability,
  model_grade,
  model_rank,
  grade,
  rank,
  grade_probability,
  notches,
  override_state,
};
inline constexpr column_description scale_score_outputs[] = {
    {.name = "probability",
     .unit = "probability",
     .summary =
         "calibrated probability of default (违约概率); none where scores are the bounds and nothing is "
         "calibrated",
     .optional = true},
    {.name = "model_grade", .what = content::code, .summary = "grade before the override"},
    {.name = "model_rank", .what = content::count, .summary = "its place; 1 is the best"},
    {.name = "grade", .what = content::code, .summary = "grade (信用等级) after the override"},
    {.name = "rank", .what = content::count, .summary = "its place"},
    {.name = "grade_probability", .unit = "probability", .summary = "that the grade stands for"},
    {.name = "notches",
     .what = content::count,
     .summary = "by which the override moved it; model_rank - rank"},
    {.name = "override",
     .what = content::code,
     .summary = "none; applied; capped by the limit or the end of the scale; expired; without_reason",
     .levels = override_states},
};

// Ten applicants with probability 0.1, of whom one defaults, and so on: 20 at 0.02 (none), 20 at 0.03 (one), 20 at 0.05
// (none), 20 at 0.1 (3), 20 at 0.3 (8). Pooling joins 0.03 and 0.05 (1 in 40, above 0 in 20): blocks 0/20, 1/40, 3/20, 8/20.
// The best three grades join 0/20 and 1/40: the two others differ more. Written as two rows with weights each.
inline constexpr example_table scale_fit_rows[] = {
    {"rows",
     "outcome,weight,characteristics:pd\n0,20,0.02\n0,19,0.03\n1,1,0.03\n0,20,0.05\n0,17,0.1\n1,3,0.1\n"
     "0,12,0.3\n1,8,0.3\n,1,0.4\n"}};
inline constexpr example_option scale_fit_options[] = {
    {"characteristic", "pd"}, {"grade_count", "3"}, {"names", "A,B,C"}};
inline constexpr example_table scale_fit_expected[] = {
    {"grades", "grade,probability_below,probability,observations,share,events,observed_rate\n"
               "A,0.07103939312130601,0.0333333333333333333,60,0.6,1,0.0166666666666666667\n"
               "B,0.17912878474779204,0.1,20,0.2,3,0.15\n"
               "C,,0.3,20,0.2,8,0.4\n"},
    {"figures",
     "figure,value\nrows,9\nno_input,0\nno_outcome,1\nobservations,100\nevents,12\nobserved_rate,0.12\n"
     "mean_before,0.1\nmean_after,0.1\nblocks,4\ndeviance_of_one_rate,73.38499825454193\n"
     "deviance_of_grades,54.000759278387086\ndeviance_of_blocks,53.181378123612376\n"}};
inline constexpr example_table scale_score_model[] = {
    {"grades", "grade,probability_below,probability\nA,0.01,0.005\nB,0.04,0.02\nC,0.16,0.08\nD,,0.3\n"},
    {"calibration", "parameter,value\nintercept,0.5\nslope,1\n"}};
inline constexpr example_table scale_score_rows[] = {
    {"rows",
     "probability,notches,reason,until\n0.005,,,\n0.02,1,parent guarantees,2026-12-31\n"
     "0.2,3,new owner,2026-12-31\n0.02,1,,2026-12-31\n0.02,-1,lawsuit,2025-12-31\n0.02,-9,lawsuit,\n"}};
inline constexpr example_option scale_score_example_options[] = {{"as_of", "2026-02-01"}};
// Odds of 0.02 are 1 / 49; times e^0.5 = 1.6487213 they are of the probability 0.0325520809.
inline constexpr example_table scale_score_expected[] = {
    {"scores", "probability,model_grade,model_rank,grade,rank,grade_probability,notches,override\n"
               "0.00821695379,A,1,A,1,0.005,0,none\n"
               "0.0325520809,B,2,A,1,0.005,1,applied\n"
               "0.29187513274,D,4,B,2,0.02,2,capped\n"
               "0.0325520809,B,2,B,2,0.02,0,without_reason\n"
               "0.0325520809,B,2,B,2,0.02,0,expired\n"
               "0.0325520809,B,2,D,4,0.3,-2,capped\n"}};
inline constexpr example master_scale_examples[] = {
    {.what = verb::fit,
     .summary = "three grades for a hundred customers with five probabilities",
     .source = "made for this page, to be checked by hand",
     .tables = scale_fit_rows,
     .options = scale_fit_options,
     .expected = scale_fit_expected,
     .tolerance = 1e-9},
    {.what = verb::score,
     .summary = "four grades, probabilities calibrated upwards, and overrides: applied, capped, without a "
                "reason, expired, and down to the end of the scale",
     .source = "made for this page, to be checked by hand",
     .tables = scale_score_rows,
     .model_tables = scale_score_model,
     .options = scale_score_example_options,
     .expected = scale_score_expected,
     .tolerance = 1e-8},
};
inline constexpr std::string_view master_scale_formats[] = {"json"};

inline constexpr entry_description master_scale_description{
    .name = master_scale_name,
    .what = verb::fit,
    .summary = "master scale: grades by probability of default or score, fitted with rising observed rates, "
               "geometric or given, calibrated to a target rate, with limited overrides",
    .source = "isotonic regression: R. E. Barlow and others, Statistical Inference under Order Restrictions "
              "(1972); logistic calibration: J. Platt (1999); grades and overrides as the Basel framework "
              "asks for them (CRE36: rating grades, documented overrides)",
    .chinese = "信用等级主标尺",
    .since = "0.1",
    .store = "outcomes",
    .options = master_scale_options,
    .outputs = master_scale_outputs,
    .model_tables = master_scale_model_tables,
    .model_options = master_scale_model_options,
    .score = {.inputs = scale_score_inputs, .options = scale_score_options, .outputs = scale_score_outputs},
    .formats = master_scale_formats,
    .examples = master_scale_examples,
    .no_demo = "the simulated company's customers have no probability of default yet",
};

} // namespace emptor::credit
