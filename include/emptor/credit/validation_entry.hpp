// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <string>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/credit/scored_sample.hpp>
#include <emptor/credit/validation.hpp>
#include <emptor/credit/validation_description.hpp>

namespace emptor::credit {

namespace detail {

[[nodiscard]] inline validation_settings validation_settings_of(const option_values& from) {
  validation_settings made;
  made.has_score = from.has("score");
  made.has_probability = from.has("probability");
  made.has_grade = from.has("grade");
  made.has_second = from.has("second_score");
  if (!made.has_score && !made.has_probability)
    throw error(status::option, std::string(validation_name) + ": option score or probability is needed");
  if (made.has_second && !made.has_score)
    throw error(status::option, std::string(validation_name) + ": option second_score needs option score");
  if (made.has_grade && !made.has_probability)
    throw error(status::option, std::string(validation_name) + ": option grade needs option probability");
  made.weights = from.choice<stats::weight_meaning>("weights", stats::weight_meanings);
  made.confidence = from.number("confidence");
  made.significance = from.number("significance");
  made.groups = from.integer("groups");
  made.calibration_groups = from.integer("calibration_groups");
  made.points = from.integer("points");
  made.fitted = from.boolean("fitted");
  made.least_auc = from.number("least_auc");
  if (from.has("least_ks"))
    made.least_ks = from.number("least_ks");
  made.yellow = from.number("yellow");
  made.red = from.number("red");
  if (!(made.yellow <= made.red))
    throw error(status::option, message(validation_name, "option red", -1, to_text(made.red),
                                        ">= yellow, which is " + to_text(made.yellow)));
  return made;
}

} // namespace detail

/// From a store of outcomes. \throws error status::option where there is nothing to judge, status::unknown_name
/// of the slice, status::schema of columns, status::data for outcomes other than 0 and 1 and probabilities outside of [0, 1],
/// status::cancelled
[[nodiscard]] inline result finish_validation(const finish_request& request) {
  const validation_settings settings = detail::validation_settings_of(request.options);
  const scored_sample sample(validation_name, request);
  validation_columns columns;
  if (settings.has_probability)
    columns.probability = sample.probabilities(request.options.text("probability"));
  columns.risk = settings.has_score ? sample.risks(request.options.text("score")) : columns.probability;
  if (settings.has_second)
    columns.second_risk = sample.risks(request.options.text("second_score"));
  if (settings.has_grade) {
    auto [codes, names] = sample.classes(request.options.text("grade"));
    columns.grade = std::move(codes);
    columns.grade_names = std::move(names);
  }
  const std::vector<sample_part> parts =
      sample.parts(request.options.choice<sample_division>("by", sample_divisions));
  validation_report report(sample, columns, settings);
  run quiet = request.how; // the parts are the progress
  quiet.progress = nullptr;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    request.how.check(static_cast<double>(i) / static_cast<double>(parts.size()));
    report.add(parts[i], quiet);
  }
  return {std::move(report).tables(), nullptr};
}

inline constexpr example_table validation_example_rows[] = {
    {"rows", "row,characteristics:score,characteristics:pd,categories:grade,characteristics:other,outcome\n"
             "F01,720,0.02,A,71,0\n"
             "F02,690,0.03,A,65,0\n"
             "F03,690,0.03,A,70,0\n"
             "F04,655,0.05,A,60,1\n"
             "F05,640,0.08,B,66,0\n"
             "F06,620,0.1,B,52,0\n"
             "F07,620,0.1,B,58,1\n"
             "F08,600,0.15,B,55,0\n"
             "F09,580,0.2,C,40,0\n"
             "F10,560,0.3,C,50,1\n"
             "F11,545,0.35,C,45,0\n"
             "F12,520,0.45,C,30,1\n"}};
inline constexpr example_option validation_example_options[] = {{"score", "score"},
                                                                {"second_score", "other"},
                                                                {"probability", "pd"},
                                                                {"grade", "grade"},
                                                                {"groups", "4"}};
inline constexpr example_table validation_example_expected[] = {
    {"measures",
     "measure,value,low,high,threshold,verdict\n"
     "rows,12,,,,\n"
     "without_outcome,0,,,,\n"
     "without_score,0,,,,\n"
     "events,4,,,,\n"
     "event_rate,0.33333333333333333,0.13812009109121315,0.60937791112720048,,\n"
     "auc,0.703125,0.36119020949840254,1,0.7,pass\n"
     "gini,0.40625,-0.27761958100319493,1,,\n"
     "accuracy_ratio,0.40625,,,,\n"
     "ks,0.375,,,,\n"
     "signed_ks,0.375,,,,\n"
     "ks_score,560,,,,\n"
     "without_probability,0,,,,\n"
     "without_grade,0,,,,\n"
     "mean_probability,0.155,,,,\n"
     "brier_score,0.22571666666666667,0.038212443615387249,0.41322088971794608,0.22222222222222222,fail\n"
     "brier_skill,-0.015725,,,,\n"
     "reliability,0.032745833333333333,,,,\n"
     "resolution,0.013888888888888889,,,,\n"
     "uncertainty,0.22222222222222222,,,,\n"
     "within_groups,-0.0153625,,,,\n"
     "miscalibration,0.072938888888888889,,,,\n"
     "discrimination,0.069444444444444444,,,,\n"
     "log_loss,0.69892554257333309,0.13872544502944438,1.2591256401172218,0.63651416829481282,fail\n"
     "hosmer_lemeshow,7.4228834447712697,,,,\n"
     "hosmer_lemeshow_p,0.059573367242268135,,,0.05,pass\n"
     "spiegelhalter_z,2.0193364812746778,,,,\n"
     "spiegelhalter_p,0.043452258582715996,,,0.05,fail\n"
     "portfolio_z,1.7069820205562385,,,,\n"
     "portfolio_p,0.043912697129513146,,,0.05,fail\n"
     "calibration_level,1.2269703029403149,-0.13065536627232683,2.5845959721529567,0,pass\n"
     "calibration_intercept,0.6945070544774942,-1.8447251345981729,3.2337392435531613,0,pass\n"
     "calibration_slope,0.70359449355252702,-0.48685510916518446,1.8940440962702385,1,pass\n"
     "calibration_line,3.0330535533120333,,,,\n"
     "calibration_line_p,0.21947284290360229,,,0.05,pass\n"},
    {"gains", "group,riskiest,safest,weight,events,event_rate,captured,lift,cumulative_lift,distance\n"
              "1,520,560,3,2,0.66666666666666667,0.5,2,2,0.375\n"
              "2,580,620,3,0.5,0.16666666666666667,0.625,0.5,1.25,0.1875\n"
              "3,620,655,3,1.5,0.5,1,1.5,1.3333333333333333,0.375\n"
              "4,690,720,3,0,0,1,0,1,0\n"},
    {"grades",
     "grade,rows,events,event_rate,low,high,probability,binomial_p,jeffreys_p,light\n"
     "A,4,1,0.25,0.045587260809700559,0.69935815741759812,0.0325,0.1237986968359375,0.030304299088505909,"
     "green\n"
     "B,4,1,0.25,0.045587260809700559,0.69935815741759812,0.1075,0.3654981405859375,0.16235248213417733,"
     "green\n"
     "C,4,2,0.5,0.15003898915214949,0.84996101084785051,0.325,0.392594921875,0.2207680637447213,green\n"},
    {"comparison", "rows,first_auc,second_auc,difference,low,high,z,p_value\n"
                   "12,0.703125,0.6875,0.015625,-0.12739316735868614,0.15864316735868614,0.21412969991171116,"
                   "0.83044591571541349\n"}};
inline constexpr example validation_examples[] = {
    {.what = verb::reduce,
     .summary = "twelve firms with a score, another score, a probability of default and a grade; four of "
                "them defaulted",
     .source = "tests/oracle/credit_validation.py, from the definitions in 40 digits",
     .tables = validation_example_rows,
     .options = validation_example_options,
     .expected = validation_example_expected,
     .tolerance = 1e-9}};

inline constexpr entry_description validation_description{
    .name = validation_name,
    .what = verb::reduce,
    .summary = "how well scores tell who defaults from who does not, and whether probabilities and grades "
               "come true: KS, AUC and "
               "Gini with intervals, curves, lift, Brier score, tests of calibration, comparison of two "
               "scores, by slice",
    .source = "DeLong, DeLong and Clarke-Pearson, Biometrics 44, 1988; Brier 1950; Murphy 1973; Hosmer and "
              "Lemeshow 1980; "
              "Spiegelhalter 1986; Cox 1958; Basel Committee, Working Paper 14, 2005",
    .chinese = "信用评分模型验证",
    .since = "0.1",
    .store = "outcomes",
    .options = validation_options,
    .outputs = validation_outputs,
    .examples = validation_examples,
    .no_demo = "the company of the demo has no scores from before whose outcome is known",
};

inline constexpr entry validation_entry{.description = &validation_description, .finish = finish_validation};

} // namespace emptor::credit
