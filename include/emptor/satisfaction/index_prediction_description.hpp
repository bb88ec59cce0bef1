// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/satisfaction/index_model_description.hpp>
#include <emptor/satisfaction/survey_options.hpp>
#include <emptor/stats/path_model_errors.hpp>
#include <emptor/stats/path_model_prediction.hpp>

/// How the catalogue knows the prediction by a satisfaction index (index_prediction_entry.hpp).
namespace emptor::satisfaction {

inline constexpr std::string_view index_prediction_name = "satisfaction.index_prediction";

/// Whether some respondents at once are predicted by the others, or each by all others.
enum class index_validation : std::int32_t { folds = 0, leave_one_out = 1 };
inline constexpr std::string_view index_validations[] = {"folds", "leave_one_out"};

inline constexpr option_description index_prediction_own_options[] = {
    {.name = "technique",
     .what = option_content::choice,
     .summary = "direct_antecedents predicts a construct of the scores of the constructs that point to it; "
                "earliest_antecedents of those to which nothing points, along all paths",
     .default_value = "direct_antecedents",
     .choices = stats::prediction_techniques},
    {.name = "validation",
     .what = option_content::choice,
     .summary =
         "folds leaves out one part of the respondents after the other; leave_one_out each respondent. "
         "A table of folds in the slot given_folds decides instead",
     .default_value = "folds",
     .choices = index_validations},
    {.name = "folds",
     .what = option_content::integer,
     .summary = "parts into which respondents are split at random",
     .allowed = {2.0, 100000.0},
     .default_value = "10"},
    {.name = "repetitions",
     .what = option_content::integer,
     .summary = "how often they are split; errors are those of all repetitions together",
     .allowed = {1.0, 1000.0},
     .default_value = "1"},
    {.name = "seed",
     .what = option_content::integer,
     .summary = "names the random draws: the same seed gives the same folds everywhere",
     .allowed = {0.0, 9e15},
     .default_value = "1"},
    {.name = "error",
     .what = option_content::choice,
     .summary = "which error decides the verdict: rmse; or mae where errors are very skewed",
     .default_value = "rmse",
     .choices = stats::decisive_errors},
    {.name = "predictions",
     .what = option_content::boolean,
     .summary = "whether the table predictions has the predicted answers of each respondent",
     .default_value = "false"},
};
inline constexpr auto index_prediction_options =
    joined<index_prediction_own_options, index_reading_options>();

inline constexpr column_description index_fold_columns[] = {
    {.name = "respondent", .what = content::text, .summary = "who is left out with the fold"},
    {.name = "fold",
     .what = content::count,
     .summary = "any number; at least two are needed",
     .allowed = {0.0, 1e15}},
    {.name = "repetition",
     .what = content::count,
     .summary = "which of several splits; missing = the only one",
     .allowed = {0.0, 1e15},
     .optional = true},
};
inline constexpr table_description index_prediction_model_tables[] = {
    {.name = "folds",
     .summary = "the fold of each respondent, once in each repetition",
     .columns = index_fold_columns}};
inline constexpr std::string_view index_prediction_accepts[] = {index_prediction_name};
inline constexpr slot_description index_prediction_slots[] = {
    {.name = "model",
     .summary = "the tables constructs and paths of satisfaction.index_model",
     .accepts = index_model_accepts},
    {.name = "given_folds",
     .summary = "the table folds; without it, and with one without rows, folds are drawn",
     .accepts = index_prediction_accepts,
     .optional = true},
};

inline constexpr column_description index_prediction_summary_columns[] = {
    {.name = "power",
     .what = content::code,
     .summary = "predictive power: high, all items are better predicted than by the linear model; medium, at "
                "least half; low, fewer; none",
     .levels = stats::predictive_powers},
    {.name = "items", .what = content::count, .summary = "questions of constructs that others point to"},
    {.name = "better", .what = content::count, .summary = "of them with the verdict better"},
    {.name = "above_mean", .what = content::count, .summary = "of them with q_squared above 0"},
    {.name = "rows", .what = content::count, .summary = "of answers"},
    {.name = "used", .what = content::count, .summary = "of them: those with an answer to every question"},
    {.name = "respondents", .what = content::count, .summary = "who gave them"},
    {.name = "repetitions", .what = content::count, .summary = "splits into folds"},
    {.name = "folds", .what = content::count, .summary = "of all repetitions together"},
    {.name = "failed_folds",
     .what = content::count,
     .summary = "without predictions: the model of the other respondents did not converge"},
    {.name = "specification",
     .what = content::text,
     .summary = "model, conventions, technique and weights in one line"},
};
inline constexpr column_description index_prediction_item_columns[] = {
    {.name = "construct", .what = content::text, .summary = "as in table constructs"},
    {.name = "item", .what = content::text, .summary = "label of the question"},
    {.name = "cases", .what = content::count, .summary = "predictions out of sample"},
    {.name = "rmse",
     .unit = "points",
     .summary = "root mean squared error out of sample, as are all without another word",
     .optional = true},
    {.name = "mae", .unit = "points", .summary = "mean absolute error", .optional = true},
    {.name = "mape",
     .unit = "share",
     .summary = "mean absolute error as a share of the answer; none where an answer is 0",
     .optional = true},
    {.name = "q_squared",
     .summary = "Q2_predict: 1 - squared errors / those of the mean of the other respondents",
     .optional = true},
    {.name = "in_sample_rmse",
     .unit = "points",
     .summary = "of predictions by the mean of the models that know the respondent",
     .optional = true},
    {.name = "in_sample_mae", .unit = "points", .summary = "the same", .optional = true},
    {.name = "linear_rmse",
     .unit = "points",
     .summary = "of the linear model: a regression on all items of the constructs that predict",
     .optional = true},
    {.name = "linear_mae", .unit = "points", .summary = "of the linear model", .optional = true},
    {.name = "linear_mape", .unit = "share", .summary = "of the linear model", .optional = true},
    {.name = "linear_q_squared", .summary = "of the linear model", .optional = true},
    {.name = "linear_in_sample_rmse",
     .unit = "points",
     .summary = "of the linear model in sample",
     .optional = true},
    {.name = "linear_in_sample_mae", .unit = "points", .summary = "the same", .optional = true},
    {.name = "verdict",
     .what = content::code,
     .summary =
         "better than the linear model; not_better; below_mean, q_squared is not above 0; no_benchmark, "
         "the linear model lacks predictions; no_prediction",
     .levels = stats::prediction_verdicts},
};
inline constexpr column_description index_prediction_construct_columns[] = {
    {.name = "construct", .what = content::text, .summary = "that others point to"},
    {.name = "mean_squared_error",
     .summary = "of the predicted score against that in the model of all, out of sample",
     .optional = true},
    {.name = "mae", .summary = "mean absolute error, out of sample", .optional = true},
    {.name = "in_sample_mean_squared_error", .summary = "in sample", .optional = true},
    {.name = "in_sample_mae", .summary = "in sample", .optional = true},
    {.name = "overfit",
     .unit = "share",
     .summary = "by how much the squared error out of sample is above that in sample",
     .optional = true},
};
inline constexpr column_description index_prediction_fold_columns[] = {
    {.name = "repetition", .what = content::count, .summary = "from 1, or as in table folds"},
    {.name = "fold", .what = content::count, .summary = "from 1, or as in table folds"},
    {.name = "cases", .what = content::count, .summary = "rows that were left out and predicted"},
    {.name = "status",
     .what = content::code,
     .summary = "how the estimation from the others ended; there are predictions where it converged",
     .levels = stats::path_statuses},
    {.name = "without_benchmark",
     .what = content::count,
     .summary = "items of which the linear model has no answer: its items depend on each other, or are more "
                "than the others"},
};
inline constexpr column_description index_predicted_columns[] = {
    {.name = "respondent", .what = content::text, .summary = "by period, then respondent"},
    {.name = "period", .what = content::day, .summary = "of his answers", .optional = true},
    {.name = "item", .what = content::text, .summary = "label of the question"},
    {.name = "answer", .unit = "points", .summary = "that was given"},
    {.name = "predicted",
     .unit = "points",
     .summary = "out of sample; the mean of the repetitions",
     .optional = true},
    {.name = "linear", .unit = "points", .summary = "the same by the linear model", .optional = true},
};
inline constexpr table_description index_prediction_outputs[] = {
    {.name = "summary",
     .summary = "how well the model predicts; one row",
     .columns = index_prediction_summary_columns},
    {.name = "item_errors",
     .summary = "errors of the predicted questions, beside the linear model",
     .columns = index_prediction_item_columns},
    {.name = "construct_errors",
     .summary = "errors of the predicted scores",
     .columns = index_prediction_construct_columns},
    {.name = "fold_status", .summary = "how each fold went", .columns = index_prediction_fold_columns},
    {.name = "predictions",
     .summary = "of each respondent; no rows with predictions=false",
     .columns = index_predicted_columns},
};

} // namespace emptor::satisfaction
