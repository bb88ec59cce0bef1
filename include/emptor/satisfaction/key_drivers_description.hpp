// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/satisfaction/importance_performance.hpp>
#include <emptor/satisfaction/key_drivers.hpp>
#include <emptor/satisfaction/scored_item.hpp>
#include <emptor/satisfaction/survey_parts.hpp>

/// How `satisfaction.key_drivers` describes itself.
namespace emptor::satisfaction {

inline constexpr std::string_view key_drivers_name = "satisfaction.key_drivers";
/// More drivers than that are no key ones, and would take minutes.
inline constexpr std::size_t most_drivers = 200;

inline constexpr column_description key_drivers_driver_columns[] = {
    {.name = "item", .what = content::text, .summary = "label of the item; each once"},
    {.name = "block",
     .what = content::text,
     .summary = "drivers that are taken together in the Shapley value; missing = a block of its own with the "
                "name of the "
                "item",
     .optional = true},
    item_reversed_column,
    item_low_column,
    item_high_column,
};
inline constexpr table_description key_drivers_model_tables[] = {
    {.name = "drivers",
     .summary = "the items that may drive the outcome, at most 200",
     .columns = key_drivers_driver_columns}};
inline constexpr std::string_view key_drivers_accepts[] = {key_drivers_name};
inline constexpr slot_description key_drivers_slots[] = {
    {.name = "drivers", .summary = "the table drivers", .accepts = key_drivers_accepts}};

/// Which share of R2 says how important a driver is.
enum class driver_importance : std::int32_t {
  relative_weight = 0,
  shapley = 1,
  correlation = 2,
  coefficient = 3,
};
inline constexpr std::string_view driver_importance_names[] = {"relative_weight", "shapley", "correlation",
                                                               "coefficient"};

inline constexpr option_description key_drivers_options[] = {
    {.name = "outcome",
     .what = option_content::text,
     .summary = "label of the item that is driven, such as overall satisfaction",
     .required = true},
    {.name = "outcome_low",
     .what = option_content::number,
     .summary = "the least answer of the outcome; missing = scale_low",
     .allowed = item_scale_domain},
    {.name = "outcome_high",
     .what = option_content::number,
     .summary = "its greatest answer; missing = scale_high",
     .allowed = item_scale_domain},
    scale_low_option,
    scale_high_option,
    option_brand,
    option_by,
    {.name = "shapley",
     .what = option_content::boolean,
     .summary =
         "whether R2 is also split by the Shapley value, for which at most 15 blocks of drivers are allowed",
     .default_value = "true"},
    {.name = "intervals",
     .what = option_content::choice,
     .summary =
         "bootstrap: percentiles over respondents drawn again; jackknife: t intervals from leaving out one "
         "respondent after the other, or as many groups of them as resamples; none",
     .default_value = "bootstrap",
     .choices = driver_interval_names},
    {.name = "resamples",
     .what = option_content::integer,
     .summary = "how often respondents are drawn; of a jackknife the most groups that are left out",
     .allowed = {2, 10000},
     .default_value = "1000"},
    {.name = "seed",
     .what = option_content::integer,
     .summary = "names the random numbers: the same seed gives the same intervals everywhere",
     .allowed = {0, 9e15},
     .default_value = "1"},
    {.name = "importance",
     .what = option_content::choice,
     .summary = "which figure is the importance of the quadrants",
     .default_value = "relative_weight",
     .choices = driver_importance_names},
    axes_option,
    option_confidence,
};

inline constexpr column_description key_drivers_model_columns[] = {
    {.name = "answers",
     .what = content::count,
     .summary = "with the outcome and all drivers: only these count"},
    {.name = "missing", .what = content::count, .summary = "without one of them"},
    {.name = "respondents", .what = content::count, .summary = "whose answers these are"},
    {.name = "effective_answers",
     .summary =
         "answers of equal weight from different respondents that would do as well (Kish); none without any",
     .optional = true},
    {.name = "status",
     .what = content::code,
     .summary =
         "ok, or why there are no figures: too_few (fewer respondents than drivers and two more), "
         "constant_outcome, constant_driver, or collinear (a driver is a combination of those before it)",
     .levels = driver_status_names},
    {.name = "item", .what = content::text, .summary = "that the status is about", .optional = true},
    {.name = "r_squared", .summary = "what the drivers explain of the outcome", .optional = true},
    {.name = "r_squared_low",
     .summary = "lower end of its interval; percentiles of R2 lie too high where few answered",
     .optional = true},
    {.name = "r_squared_high", .summary = "its other end", .optional = true},
    {.name = "adjusted_r_squared", .summary = "of the effective answers", .optional = true},
    {.name = "resamples", .what = content::count, .summary = "that the intervals come from"},
    {.name = "failed_resamples",
     .what = content::count,
     .summary = "in which a column did not vary or drivers were collinear; with more than half of them "
                "(jackknife: any) "
                "there are no intervals"},
    {.name = "importance_axis", .summary = "importance at which the axes cross", .optional = true},
    {.name = "performance_axis", .summary = "performance at which they cross", .optional = true},
};
inline constexpr column_description key_drivers_output_columns[] = {
    {.name = "driver", .what = content::text, .summary = "by block, within it in the order of table drivers"},
    {.name = "block", .what = content::text, .summary = "its block"},
    {.name = "performance",
     .unit = "points",
     .summary = "mean score of those who count, 0 to 100, turned round where reversed",
     .optional = true},
    {.name = "correlation", .summary = "with the outcome (zero-order)", .optional = true},
    {.name = "correlation_low", .summary = "lower end of its interval", .optional = true},
    {.name = "correlation_high", .summary = "its other end", .optional = true},
    {.name = "coefficient", .summary = "standardised, beside the other drivers", .optional = true},
    {.name = "coefficient_low", .summary = "lower end of its interval", .optional = true},
    {.name = "coefficient_high", .summary = "its other end", .optional = true},
    {.name = "relative_weight",
     .summary = "its part of R2 by Johnson's relative weights; they add up to R2",
     .optional = true},
    {.name = "relative_weight_low", .summary = "lower end of its interval", .optional = true},
    {.name = "relative_weight_high", .summary = "its other end", .optional = true},
    {.name = "relative_weight_share", .summary = "relative_weight / R2", .optional = true},
    {.name = "shapley",
     .summary = "its part of R2 by the Shapley value (LMG); none where others are in its block",
     .optional = true},
    {.name = "shapley_low", .summary = "lower end of its interval", .optional = true},
    {.name = "shapley_high", .summary = "its other end", .optional = true},
    {.name = "shapley_share", .summary = "shapley / R2", .optional = true},
    {.name = "rank",
     .what = content::count,
     .summary = "by relative weight; equal ones share the better rank",
     .optional = true},
    {.name = "quadrant",
     .what = content::code,
     .summary = "importance (by option importance) against performance; what lies on an axis counts as high",
     .optional = true,
     .levels = quadrant_names},
};
inline constexpr column_description key_drivers_block_columns[] = {
    {.name = "block", .what = content::text, .summary = "in the order of table drivers"},
    {.name = "drivers", .what = content::count, .summary = "in it"},
    {.name = "relative_weight", .summary = "sum of those of its drivers", .optional = true},
    {.name = "relative_weight_share", .summary = "relative_weight / R2", .optional = true},
    {.name = "shapley",
     .summary = "its part of R2 by the Shapley value; they add up to R2",
     .optional = true},
    {.name = "shapley_low", .summary = "lower end of its interval", .optional = true},
    {.name = "shapley_high", .summary = "its other end", .optional = true},
    {.name = "shapley_share", .summary = "shapley / R2", .optional = true},
};
inline constexpr auto key_drivers_model_output = joined<part_columns, key_drivers_model_columns>();
inline constexpr auto key_drivers_output = joined<part_columns, key_drivers_output_columns>();
inline constexpr auto key_drivers_block_output = joined<part_columns, key_drivers_block_columns>();
inline constexpr table_description key_drivers_outputs[] = {
    {.name = "drivers", .summary = "how much hangs on each driver", .columns = key_drivers_output},
    {.name = "blocks",
     .summary = "how much hangs on drivers that are taken together",
     .columns = key_drivers_block_output},
    {.name = "models", .summary = "what the drivers explain together", .columns = key_drivers_model_output},
};

inline constexpr example_table key_drivers_example_rows[] = {
    {"answers", "respondent,items:overall,items:quality,items:service,items:price\n"
                "A,9,9,8,5\nB,7,6,8,6\nC,4,5,3,5\nD,8,8,6,7\nE,10,9,9,8\nF,3,4,5,2\nG,6,7,5,6\nH,5,4,6,4\n"
                "I,8,,7,7\nJ,7,8,7,4\nK,2,3,2,3\n"}};
inline constexpr example_table key_drivers_example_drivers[] = {
    {"drivers", "item,block\nquality,\nservice,\nprice,\n"}};
inline constexpr example_slot key_drivers_example_slots[] = {
    {"drivers", key_drivers_name, key_drivers_example_drivers, {}}};
inline constexpr example_option key_drivers_example_options[] = {{"outcome", "overall"},
                                                                 {"intervals", "jackknife"}};
inline constexpr example_table key_drivers_example_expected[] = {
    {"drivers", "driver,block,performance,correlation,correlation_low,correlation_high,coefficient,"
                "coefficient_low,coefficient_high,relative_weight,relative_weight_low,"
                "relative_weight_high,relative_weight_share,shapley,shapley_low,shapley_high,"
                "shapley_share,rank,quadrant\n"
                "quality,quality,58.888888888888889,0.93972551799143688,0.8509043752764515,1.0,"
                "0.46555311661114441,0.19305719858218315,0.73804903464010566,0.3749995789359612,"
                "0.27082121473842777,0.47917794313349462,0.38083550533828967,0.39309968536477811,"
                "0.28370245837635536,0.50249691235320087,0.39921729445403816,1,keep_up\n"
                "service,service,54.444444444444444,0.88159498005523135,0.69726952866823128,1.0,"
                "0.39980478282287069,0.16513984058643487,0.6344697250593065,0.35173368236115478,"
                "0.2336247067736054,0.46984265794870416,0.35720753353001228,0.34215884483940826,"
                "0.21545346916740097,0.46886422051141555,0.34748368771537723,2,keep_up\n"
                "price,price,44.444444444444444,0.7954440605227426,0.4926196419475334,1.0,"
                "0.2447915174383823,-0.031532046513250157,0.52111508139001475,0.25794273051424488,"
                "0.082705534906037959,0.43317992612245179,0.26195696113169805,0.24941746160717448,"
                "0.068475902963615811,0.43035902025073314,0.25329901783058461,3,low_priority\n"},
    {"models", "answers,missing,respondents,effective_answers,status,r_squared,r_squared_low,"
               "r_squared_high,adjusted_r_squared,resamples,failed_resamples,importance_axis,"
               "performance_axis\n"
               "10,1,10,10,ok,0.98467599181136085,0.96105002927089563,1.0,0.97701398771704127,10,0,"
               "0.32822533060378695,52.592592592592593\n"},
};
inline constexpr example key_drivers_examples[] = {
    {.what = verb::reduce,
     .summary = "three drivers of the satisfaction of eleven respondents, one of whom left an answer out",
     .source = "tests/oracle/key_drivers.py, in 40 digits from the definitions: the mean over all orders of "
               "drivers, and "
               "each respondent left out once",
     .tables = key_drivers_example_rows,
     .options = key_drivers_example_options,
     .expected = key_drivers_example_expected,
     .tolerance = 1e-11,
     .slots = key_drivers_example_slots}};

inline constexpr entry_description key_drivers_description{
    .name = key_drivers_name,
    .what = verb::reduce,
    .summary = "what the satisfaction with the whole hangs on: R2 split between the drivers by relative "
               "weights and by the "
               "Shapley value, with intervals and importance-performance quadrants",
    .source = "Johnson, A heuristic method for estimating the relative weight of predictor variables, 2000; "
              "Lindeman, "
              "Merenda and Gold, 1980; Martilla and James, Importance-performance analysis, 1977",
    .chinese = "关键驱动因素分析",
    .since = "0.1",
    .store = "survey",
    .options = key_drivers_options,
    .slots = key_drivers_slots,
    .outputs = key_drivers_outputs,
    .model_tables = key_drivers_model_tables,
    .formats = survey_model_formats,
    .examples = key_drivers_examples,
    .no_demo = "the company of the demo asks nobody what satisfies",
};

} // namespace emptor::satisfaction
