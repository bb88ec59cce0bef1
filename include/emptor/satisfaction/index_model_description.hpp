// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/satisfaction/index_draws.hpp>
#include <emptor/satisfaction/index_model.hpp>
#include <emptor/satisfaction/survey_options.hpp>
#include <emptor/stats/path_model_assessment.hpp>
#include <emptor/stats/path_model_intervals.hpp>
#include <emptor/stats/path_model_moments.hpp>
#include <emptor/stats/path_model_resampling.hpp>
#include <emptor/stats/survey_description.hpp>

/// How the catalogue describes the satisfaction index (index_model.hpp).
namespace emptor::satisfaction {

/// Weights of mode fixed, of which proportions count.
inline constexpr domain index_weight_domain{-1e9, 1e9};
/// Ends of the scale of a question.
inline constexpr domain index_scale_domain{-1e9, 1e9};

inline constexpr column_description index_construct_columns[] = {
    {.name = "construct",
     .what = content::text,
     .summary = "such as satisfaction; one row for each of its items"},
    {.name = "item",
     .what = content::text,
     .summary = "label of a question, in one construct only; or the name of another construct that is a part "
                "of this one, "
                "which is then of the second order"},
    {.name = "mode",
     .what = content::code,
     .summary = "A, weights from covariances; B, from a regression; unit, equal ones; fixed, those of the "
                "column weight; "
                "pca, the first principal component; consistent, a common factor: A with the correction of "
                "PLSc. Missing = "
                "A, or what another row of the construct says",
     .optional = true,
     .levels = index_modes},
    {.name = "weight",
     .summary = "of mode fixed, in units of the metric",
     .allowed = index_weight_domain,
     .optional = true},
    {.name = "scale_low",
     .summary = "the least answer of this question; missing = the option scale_low",
     .allowed = index_scale_domain,
     .optional = true},
    {.name = "scale_high",
     .summary = "its greatest answer; missing = the option scale_high",
     .allowed = index_scale_domain,
     .optional = true},
};
inline constexpr column_description index_path_columns[] = {
    {.name = "from", .what = content::text, .summary = "construct, or interaction, that is the cause"},
    {.name = "to", .what = content::text, .summary = "construct that depends on it; no cycles"},
};
inline constexpr column_description index_interaction_columns[] = {
    {.name = "interaction", .what = content::text, .summary = "its name in the table paths"},
    {.name = "of", .what = content::text, .summary = "construct whose effect depends on the moderator"},
    {.name = "moderator", .what = content::text, .summary = "the other construct of the product"},
    {.name = "method",
     .what = content::code,
     .summary = "missing = two_stage",
     .optional = true,
     .levels = stats::interaction_methods},
};
inline constexpr column_description index_fitted_weight_columns[] = {
    {.name = "construct", .what = content::text, .summary = "whose score it is"},
    {.name = "item", .what = content::text, .summary = "label of the question"},
    {.name = "weight", .summary = "of the answer as it was given, to scores of mean 0 and variance 1"},
    {.name = "mean", .summary = "of the answers"},
    {.name = "scale_low", .summary = "the least answer that there can be", .allowed = index_scale_domain},
    {.name = "scale_high", .summary = "the greatest one", .allowed = index_scale_domain},
};
inline constexpr table_description index_model_tables[] = {
    {.name = "constructs",
     .summary = "which questions measure which construct, and how",
     .columns = index_construct_columns},
    {.name = "paths",
     .summary = "what depends on what; not where the option structure names the paths of a national index",
     .columns = index_path_columns,
     .optional = true},
    {.name = "interactions",
     .summary = "constructs that are products of two others",
     .columns = index_interaction_columns,
     .optional = true},
    {.name = "weights",
     .summary = "what a fit found: how scores are made of answers. A model without it cannot score",
     .columns = index_fitted_weight_columns,
     .optional = true},
    {.name = "draws",
     .summary = "resamples of respondents instead of random ones; a fitted model does not keep them",
     .columns = index_draw_columns,
     .optional = true},
};
inline constexpr option_description index_model_options[] = {
    {.name = "structure",
     .what = option_content::choice,
     .summary = "paths of a national index between those of its constructs that the model has: acsi and ecsi "
                "(expectation, perceived_quality, perceived_value, satisfaction, complaints, loyalty; ecsi "
                "also image), ccsi "
                "(brand, expectation, perceived_quality, perceived_value, satisfaction, loyalty)",
     .choices = index_structures},
};

inline constexpr option_description index_fit_options[] = {
    {.name = "convention",
     .what = option_content::choice,
     .summary = "emptor, or what another program does: seminr, plspm, csem, or ecsi, the published European "
                "index: scheme, "
                "metric, start, stop and signs",
     .default_value = "emptor",
     .choices = stats::path_presets},
    {.name = "scheme",
     .what = option_content::choice,
     .summary = "weights of neighbours in the inner estimation; without it those of the convention",
     .choices = stats::inner_schemes},
    {.name = "metric",
     .what = option_content::choice,
     .summary = "whether questions count as standardised or in points of their scale; without it as the "
                "convention says",
     .choices = stats::item_metrics},
    {.name = "missing",
     .what = option_content::choice,
     .summary = "casewise leaves out who did not answer all questions; mean puts in the mean of the "
                "question; pairwise takes "
                "each pair of questions from who answered both; em is maximum likelihood",
     .default_value = "casewise",
     .choices = stats::missing_rules},
    {.name = "weight_meaning",
     .what = option_content::choice,
     .summary = "what the weight of a respondent says: sampling, whom he stands for; frequency, how many "
                "answered so",
     .default_value = "sampling",
     .choices = stats::weight_meanings},
    {.name = "second_order",
     .what = option_content::choice,
     .summary = "how constructs are measured by others: two_stage, by their scores; repeated, by all of "
                "their questions again",
     .default_value = "two_stage",
     .choices = stats::second_order_methods},
    option_brand,
    {.name = "scale_low",
     .summary = "the least answer; it becomes the index 0",
     .allowed = index_scale_domain,
     .default_value = "1"},
    {.name = "scale_high",
     .summary = "the greatest answer; it becomes the index 100. Answers outside the scale are refused",
     .allowed = index_scale_domain,
     .default_value = "10"},
    {.name = "confidence",
     .summary =
         "probability that the interval of an index covers the true mean, its weights taken as they are",
     .unit = "probability",
     .allowed = inside_zero_to_one,
     .default_value = "0.95"},
    {.name = "resamples",
     .what = option_content::integer,
     .summary =
         "how often respondents are drawn again, with replacement and with all of their rows, to tell "
         "how sure each figure is; 0 = not at all. Weights as frequencies are that many respondents, each "
         "drawn by himself. A table draws of the model decides instead",
     .allowed = {0.0, 100000.0},
     .default_value = "1000"},
    {.name = "seed",
     .what = option_content::integer,
     .summary = "names the random draws: the same seed gives the same intervals everywhere",
     .allowed = {0.0, 9e15},
     .default_value = "1"},
    {.name = "interval",
     .what = option_content::choice,
     .summary = "of the figures of resamples: percentile; basic, mirrored at the estimate; bca, corrected "
                "for bias and "
                "skewness, for which each respondent is left out once",
     .default_value = "percentile",
     .choices = stats::resample_intervals},
    {.name = "resample_signs",
     .what = option_content::choice,
     .summary =
         "construct turns a construct of a resample round where the sum of its loadings has the other sign; "
         "as_estimated does not",
     .default_value = "construct",
     .choices = stats::resample_sign_rules},
};

/// Of entries that take the answers to all questions of a model: how it is estimated, and from what.
inline constexpr option_description index_reading_options[] = {
    described_in(index_fit_options, "convention"),
    described_in(index_fit_options, "scheme"),
    described_in(index_fit_options, "metric"),
    described_in(index_fit_options, "weight_meaning"),
    option_brand,
    {.name = "scale_low", .summary = "the least answer", .allowed = index_scale_domain, .default_value = "1"},
    {.name = "scale_high",
     .summary = "the greatest answer. Answers outside the scale are refused",
     .allowed = index_scale_domain,
     .default_value = "10"},
};

inline constexpr std::string_view index_model_accepts[] = {index_model_name};
inline constexpr slot_description index_model_slots[] = {
    {.name = "model",
     .summary = "the tables constructs and paths; a fitted model is estimated again. A fit needs it, a score "
                "takes its own",
     .accepts = index_model_accepts,
     .optional = true}};

inline constexpr std::string_view index_verdicts[] = {"met", "not_met", "undefined"};
inline constexpr std::string_view index_sides[] = {"at_least", "at_most"};

inline constexpr column_description index_constructs_output[] = {
    {.name = "construct",
     .what = content::text,
     .summary = "as in table constructs, then interactions, then parts"},
    {.name = "mode", .what = content::code, .summary = "how it was measured", .levels = index_modes},
    {.name = "items", .what = content::count, .summary = "questions, or products, or parts"},
    {.name = "index",
     .unit = "points",
     .summary = "mean score, 0 to 100; none of interactions, and where a weight is negative",
     .optional = true},
    {.name = "index_low",
     .unit = "points",
     .summary = "lower end of its t interval; the rows of a respondent are one draw",
     .optional = true},
    {.name = "index_high", .unit = "points", .summary = "its other end", .optional = true},
    {.name = "index_deviation",
     .unit = "points",
     .summary = "standard deviation of a respondent's; of sampling weights divided by effective_cases - 1",
     .optional = true},
    {.name = "r_squared", .summary = "what the paths to it explain; none without any", .optional = true},
    {.name = "adjusted_r_squared", .summary = "less what chance explains", .optional = true},
    {.name = "alpha", .summary = "Cronbach's, of standardised questions; none of one", .optional = true},
    {.name = "rho_a",
     .summary = "reliability of the score (Dijkstra and Henseler); none of one",
     .optional = true},
    {.name = "rho_c", .summary = "composite reliability, from loadings; none of one", .optional = true},
    {.name = "ave", .summary = "average variance extracted", .optional = true},
    {.name = "aic", .summary = "n ln(SSE / n) + 2 (k + 1) of k paths to it", .optional = true},
    {.name = "bic", .summary = "n ln(SSE / n) + ln n (k + 1)", .optional = true},
};
inline constexpr column_description index_weights_output[] = {
    {.name = "construct", .what = content::text, .summary = "as in table constructs, then interactions"},
    {.name = "item",
     .what = content::text,
     .summary = "label of the question, of a product, or name of a part"},
    {.name = "weight", .summary = "in units of the metric, to scores of variance 1"},
    {.name = "loading", .summary = "correlation with the construct; of consistent ones corrected"},
    {.name = "deviation", .summary = "standard deviation of the answers"},
    {.name = "index_weight",
     .unit = "share",
     .summary = "its share in the index of its construct",
     .optional = true},
    {.name = "vif",
     .summary = "variance inflation among the items of its construct; none of one",
     .optional = true},
};
inline constexpr column_description index_loadings_output[] = {
    {.name = "item", .what = content::text, .summary = "as in table item_weights"},
    {.name = "construct", .what = content::text, .summary = "each construct of the model"},
    {.name = "loading", .summary = "correlation of the two"},
    {.name = "own", .what = content::boolean, .summary = "whether it measures this construct"},
};
inline constexpr column_description index_paths_output[] = {
    {.name = "from", .what = content::text, .summary = "the cause"},
    {.name = "to", .what = content::text, .summary = "what depends on it"},
    {.name = "coefficient", .summary = "standardised"},
    {.name = "f_squared",
     .summary = "effect size: R2 less that without it, with the same scores",
     .optional = true},
    {.name = "f_squared_reestimated",
     .summary = "the same with a model estimated without it",
     .optional = true},
    {.name = "vif", .summary = "variance inflation among the causes; none of one", .optional = true},
};
inline constexpr column_description index_effects_output[] = {
    {.name = "from", .what = content::text, .summary = "the cause"},
    {.name = "to", .what = content::text, .summary = "what depends on it, directly or not"},
    {.name = "direct", .summary = "the coefficient of the path; 0 without one"},
    {.name = "indirect", .summary = "along all other ways"},
    {.name = "total", .summary = "direct + indirect"},
    {.name = "index_effect",
     .unit = "points a point",
     .summary = "by how many points the index of `to` is higher where that of `from` is one point higher "
                "(importance, 重要性)",
     .optional = true},
};
inline constexpr column_description index_correlations_output[] = {
    {.name = "construct", .what = content::text, .summary = "as in table constructs"},
    {.name = "with", .what = content::text, .summary = "a later one"},
    {.name = "correlation", .summary = "of the scores"},
    {.name = "corrected", .summary = "the same, of consistent constructs corrected for reliability"},
    {.name = "htmt", .summary = "heterotrait-monotrait ratio", .optional = true},
    {.name = "htmt2", .summary = "the same with geometric means", .optional = true},
};
inline constexpr column_description index_criteria_output[] = {
    {.name = "criterion", .what = content::code, .summary = "what is asked", .levels = stats::path_criteria},
    {.name = "of", .what = content::text, .summary = "construct or item; none = the model", .optional = true},
    {.name = "with", .what = content::text, .summary = "the other construct", .optional = true},
    {.name = "value", .summary = "none where it is not defined", .optional = true},
    {.name = "side",
     .what = content::code,
     .summary = "of the threshold, where it is fine",
     .levels = index_sides},
    {.name = "threshold", .summary = "that the source gives"},
    {.name = "verdict", .what = content::code, .summary = "whether it is met", .levels = index_verdicts},
    {.name = "source", .what = content::text, .summary = "of the threshold"},
};
inline constexpr column_description index_scores_output[] = {
    {.name = "respondent", .what = content::text, .summary = "by period, then respondent"},
    {.name = "period", .what = content::day, .summary = "of his answers", .optional = true},
    {.name = "construct", .what = content::text, .summary = "as in table constructs, without interactions"},
    {.name = "score",
     .summary = "mean 0 and variance 1; none where he did not answer all of its questions (with missing=mean "
                "the mean "
                "stands in)",
     .optional = true},
    {.name = "index", .unit = "points", .summary = "0 to 100", .optional = true},
};
inline constexpr column_description index_fit_output[] = {
    {.name = "status",
     .what = content::code,
     .summary = "how the estimation ended",
     .levels = stats::path_statuses},
    {.name = "passes", .what = content::count, .summary = "of the last stage"},
    {.name = "change", .summary = "of the weights in the last pass, by the stop rule"},
    {.name = "respondents", .what = content::count, .summary = "rows of answers"},
    {.name = "used", .what = content::count, .summary = "of them"},
    {.name = "missing_share", .unit = "share", .summary = "of the answers to the questions of the model"},
    {.name = "cases", .summary = "n of the formulas"},
    {.name = "effective_cases", .summary = "as many respondents without weights would tell as much"},
    {.name = "srmr",
     .summary = "root mean square of what the model leaves of correlations",
     .optional = true},
    {.name = "d_uls", .summary = "half the sum of its squares", .optional = true},
    {.name = "d_g", .summary = "geodesic distance, with natural logarithms", .optional = true},
    {.name = "gof", .summary = "root of mean communality x mean R2", .optional = true},
    {.name = "specification",
     .what = content::text,
     .summary = "model, conventions, missing rule and weights in one line"},
};
inline constexpr column_description index_certainty_output[] = {
    {.name = "figure",
     .what = content::code,
     .summary = "which figure of the model",
     .levels = stats::path_figures},
    {.name = "of",
     .what = content::text,
     .summary = "item of a weight or loading, cause of a path or effect, else construct"},
    {.name = "with",
     .what = content::text,
     .summary = "its construct, what depends on it, or the other construct of HTMT and HTMT2",
     .optional = true},
    {.name = "estimate", .summary = "of all respondents"},
    {.name = "mean", .summary = "of the resamples that converged", .optional = true},
    {.name = "standard_error", .summary = "their standard deviation", .optional = true},
    {.name = "low",
     .summary = "lower end of the interval; none where there are too few resamples",
     .optional = true},
    {.name = "high", .summary = "its other end", .optional = true},
    {.name = "p_value",
     .unit = "probability",
     .summary = "2 x the smaller share of resamples on one side of 0",
     .optional = true},
    {.name = "resamples", .what = content::count, .summary = "that converged"},
    {.name = "jackknife_error",
     .summary = "the jackknife's standard error, each respondent left out once; with interval=bca only",
     .optional = true},
};
inline constexpr column_description index_resamples_output[] = {
    {.name = "status",
     .what = content::code,
     .summary = "how a resample ended",
     .levels = stats::path_statuses},
    {.name = "resamples", .what = content::count, .summary = "that ended so"},
};
inline constexpr table_description index_model_outputs[] = {
    {.name = "indices",
     .summary = "the index of each construct, what explains it, how reliable it is",
     .columns = index_constructs_output},
    {.name = "item_weights", .summary = "what each item adds", .columns = index_weights_output},
    {.name = "cross_loadings", .summary = "each item with each construct", .columns = index_loadings_output},
    {.name = "coefficients", .summary = "what depends on what, and how much", .columns = index_paths_output},
    {.name = "effects", .summary = "direct, indirect and total effects", .columns = index_effects_output},
    {.name = "correlations", .summary = "each pair of constructs", .columns = index_correlations_output},
    {.name = "criteria",
     .summary = "whether the model is fine: each criterion, its threshold and source, the verdict",
     .columns = index_criteria_output},
    {.name = "scores", .summary = "of each respondent", .columns = index_scores_output},
    {.name = "fit",
     .summary = "how the estimation ended, and all that decides its figures; one row",
     .columns = index_fit_output},
    {.name = "certainty",
     .summary = "how sure figures are, by resamples; no rows with resamples=0",
     .columns = index_certainty_output},
    {.name = "resamples", .summary = "how many resamples ended how", .columns = index_resamples_output},
};

inline constexpr column_description index_score_inputs[] = {
    {.name = "items",
     .summary = "answers to the questions of the construct, items:LABEL for each; missing = row status "
                "missing, outside the "
                "scale out_of_domain",
     .allowed = stats::survey_answer_domain,
     .optional = true,
     .many = true}};
inline constexpr option_description index_score_options[] = {{.name = "construct",
                                                              .what = option_content::text,
                                                              .summary = "whose score is told",
                                                              .default_value = "satisfaction"}};
/// What a score tells, by its places.
enum class index_score_output : std::size_t { score, index };
inline constexpr column_description index_score_outputs[] = {
    {.name = "score", .summary = "in deviations from the mean of those of whom the model was made"},
    {.name = "index",
     .unit = "points",
     .summary = "0 to 100; none where a weight of the construct is negative",
     .optional = true},
};

} // namespace emptor::satisfaction
