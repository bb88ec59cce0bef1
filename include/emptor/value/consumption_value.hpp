// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include <emptor/value/survey_value_description.hpp>
#include <emptor/value/survey_value_entry.hpp>

/// Consumption value (消费价值): why customers choose what they choose, by five values. Functional value (功能价值) is what it does,
/// epistemic value (认知价值) that it is new and worth knowing, social value (社会价值) with whom it connects, emotional value
/// (情感价值) how it feels, and conditional value (条件价值) what it is worth in a situation, such as a season or an emergency.
///
///     value = sum over the five of weight x score
///
/// The five add to a choice independently of each other, and one may be given up for more of another; what they weigh differs from
/// product to product, which is what the weights of the items say.
///
/// Source: J. N. Sheth, B. I. Newman and B. L. Gross, Why We Buy What We Buy: A Theory of Consumption Values, Journal of
/// Business Research 22, 1991. How scores are made, what missing answers do and how suppliers are compared is in
/// survey_value.hpp and delivered_value.hpp.
namespace emptor::value {

inline constexpr std::string_view consumption_value_name = "value.consumption_value";
inline constexpr std::string_view consumption_value_dimensions[] = {"functional", "epistemic", "social",
                                                                    "emotional", "conditional"};
inline constexpr std::string_view consumption_value_measures[] = {"functional", "epistemic",   "social",
                                                                  "emotional",  "conditional", "value"};
inline constexpr value_form consumption_value_form{
    .entry = consumption_value_name, .dimensions = consumption_value_dimensions, .benefits = 5};

inline constexpr column_description consumption_dimension_column{
    .name = "dimension",
    .what = content::code,
    .summary = "functional (功能), epistemic (认知), social (社会), emotional (情感) or conditional (条件)",
    .levels = consumption_value_dimensions};
inline constexpr auto consumption_item_columns = survey_item_columns(consumption_dimension_column);
inline constexpr table_description consumption_value_model_tables[] = {
    survey_items_table(consumption_item_columns)};
inline constexpr std::string_view consumption_value_accepts[] = {consumption_value_name};
inline constexpr slot_description consumption_value_slots[] = {survey_items_slot(consumption_value_accepts)};

inline constexpr column_description consumption_figure_columns[] = {
    {.name = "value",
     .unit = "points",
     .summary = "`weighted` of the dimensions, added in their order; none where nobody counts",
     .optional = true},
    survey_low_end("value_low"),
    survey_high_end("value_high"),
    survey_rank_column,
};
inline constexpr auto consumption_supplier_columns =
    joined<survey_supplier_columns, consumption_figure_columns>();
inline constexpr auto consumption_dimension_columns = survey_dimension_columns(consumption_dimension_column);
inline constexpr auto consumption_item_output_columns =
    survey_reported_item_columns(consumption_dimension_column);
inline constexpr auto consumption_comparison_columns = survey_comparison_columns(
    {.name = "measure",
     .what = content::code,
     .summary = "each dimension that has weight, and value",
     .levels = consumption_value_measures},
    {.name = "ratio", .summary = "own / competitor_figure; none where that is 0", .optional = true},
    {.name = "contribution",
     .unit = "points",
     .summary =
         "what it adds to the difference of value: items of table drivers add up to dimensions, these to "
         "value"});
inline constexpr auto consumption_driver_columns = survey_driver_columns(
    consumption_dimension_column,
    {.name = "contribution",
     .unit = "points",
     .summary = "own - competitor_figure: what the item adds to the difference of value"});
inline constexpr auto consumption_score_columns = survey_score_columns(consumption_value_dimensions);
inline constexpr column_description consumption_total_columns[] = {
    {.name = "value", .unit = "points", .summary = "their weighted sum", .optional = true},
};
inline constexpr auto consumption_respondent_columns =
    joined<survey_respondent_columns, consumption_score_columns, consumption_total_columns>();
inline constexpr auto consumption_value_outputs = survey_output_tables(
    "value of each supplier", "which items make the difference of value",
    {consumption_supplier_columns, consumption_dimension_columns, consumption_item_output_columns,
     consumption_comparison_columns, consumption_driver_columns, consumption_respondent_columns});

// Scores are ten times the answers and every item weighs 0.2. Three respondents see in North 60, 60 and 72, mean 64 with the
// variance 48 / 3 = 16; two others see in South 50 and 58, 54 with 32 / 2 = 16. The difference of 10 has the variance 32 and 32^2 /
// (16^2 / 2 + 16^2 / 1) = 2.667 degrees of freedom.
inline constexpr example_table consumption_value_example_rows[] = {
    {"answers", "respondent,supplier,items:works,items:new,items:friends,items:joy,items:gift\n"
                "Ann,North,8,6,4,8,4\nBob,North,8,4,6,6,6\nCai,North,6,8,8,7,7\n"
                "Dan,South,4,8,4,5,4\nEve,South,6,6,6,8,3\n"}};
inline constexpr example_table consumption_value_example_items[] = {
    {"items", "item,dimension\nworks,functional\nnew,epistemic\nfriends,social\njoy,emotional\n"
              "gift,conditional\n"}};
inline constexpr example_slot consumption_value_example_slots[] = {
    {"items", consumption_value_name, consumption_value_example_items, {}}};
inline constexpr example_option consumption_value_example_options[] = {
    {"own_supplier", "North"}, {"scale_low", "0"}, {"scale_high", "10"}};
inline constexpr example_table consumption_value_example_expected[] = {
    {"suppliers", "supplier,respondents,incomplete,value,rank\nNorth,3,0,64,1\nSouth,2,0,54,2\n"},
    {"comparison", "competitor,measure,method,own_respondents,competitor_respondents,own,competitor_figure,"
                   "difference,degrees,ratio,contribution\n"
                   "South,functional,independent,3,2,73.333333333333333,50,23.333333333333333,"
                   "1.898876404494382,1.4666666666666667,4.6666666666666667\n"
                   "South,epistemic,independent,3,2,60,70,-10,2.8823529411764706,0.85714285714285714,-2\n"
                   "South,social,independent,3,2,60,50,10,2.8823529411764706,1.2,2\n"
                   "South,emotional,independent,3,2,70,65,5,1.303934871099050,1.0769230769230769,1\n"
                   "South,conditional,independent,3,2,56.666666666666667,35,21.666666666666667,"
                   "2.894291754756871,1.6190476190476190,4.3333333333333333\n"
                   "South,value,independent,3,2,64,54,10,2.6666666666666667,1.1851851851851852,10\n"},
};
inline constexpr example consumption_value_examples[] = {
    {.what = verb::reduce,
     .summary = "two brands, each rated by others",
     .source = "the definition, with figures to be checked by hand",
     .tables = consumption_value_example_rows,
     .options = consumption_value_example_options,
     .expected = consumption_value_example_expected,
     .tolerance = 1e-12,
     .slots = consumption_value_example_slots}};

inline constexpr entry_description consumption_value_description{
    .name = consumption_value_name,
    .what = verb::reduce,
    .summary =
        "functional, epistemic, social, emotional and conditional value of suppliers from survey answers, "
        "compared, and which items make the difference",
    .source = "Sheth, Newman and Gross, Why We Buy What We Buy, 1991",
    .chinese = "消费价值（功能、认知、社会、情感、条件价值）",
    .since = "0.1",
    .store = "rows",
    .inputs = survey_inputs,
    .options = survey_options,
    .slots = consumption_value_slots,
    .outputs = consumption_value_outputs,
    .model_tables = consumption_value_model_tables,
    .formats = survey_value_formats,
    .examples = consumption_value_examples,
    .no_demo = "the company of the demo asks nobody about its competitors",
};

inline constexpr entry consumption_value_entry{
    .description = &consumption_value_description,
    .finish =
        [](const finish_request& request) { return finish_survey_value(request, consumption_value_form); },
    .check_model =
        [](const model& made) {
          static_cast<void>(survey_scheme(consumption_value_form, made, survey_scale_domain, true));
        },
};

} // namespace emptor::value
