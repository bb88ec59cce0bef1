// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include <emptor/value/survey_value_description.hpp>
#include <emptor/value/survey_value_entry.hpp>

/// Delivered value (客户让渡价值): what customers get less what they give, as they see it. They get product, service, personnel and
/// image value (产品、服务、人员、形象价值) and give money, time, mental and physical effort (货币、时间、精神、体力成本).
///
///     delivered value = sum of weight x score over the first four - sum of weight x score over the other four
///
/// Who delivers more than his competitors is bought from. Answers about several suppliers are compared in front of the same
/// eyes where the same respondents rated both, dimension by dimension, and the difference is taken apart item by item.
///
/// Source: P. Kotler, Marketing Management, 8th edition 1994, chapter 2 (customer delivered value); B. T. Gale, Managing
/// Customer Value, 1994 (comparison with competitors, ratio of worth to cost); for respondents who rated one of the two, B. L.
/// Welch, The generalization of `Student's' problem when several different population variances are involved, Biometrika 34,
/// 1947. How scores are made and what missing answers do is in survey_value.hpp.
namespace emptor::value {

inline constexpr std::string_view delivered_value_name = "value.delivered_value";
inline constexpr std::string_view delivered_value_dimensions[] = {
    "product", "service", "personnel", "image", "money", "time", "mental", "physical"};
inline constexpr std::string_view delivered_value_measures[] = {
    "product", "service",  "personnel", "image", "money",          "time",
    "mental",  "physical", "value",     "cost",  "delivered_value"};
inline constexpr value_form delivered_value_form{
    .entry = delivered_value_name, .dimensions = delivered_value_dimensions, .benefits = 4};

inline constexpr column_description delivered_dimension_column{
    .name = "dimension",
    .what = content::code,
    .summary = "product, service, personnel or image (value), money, time, mental or physical (cost)",
    .levels = delivered_value_dimensions};
inline constexpr auto delivered_item_columns = survey_item_columns(delivered_dimension_column);
inline constexpr table_description delivered_value_model_tables[] = {
    survey_items_table(delivered_item_columns)};
inline constexpr std::string_view delivered_value_accepts[] = {delivered_value_name};
inline constexpr slot_description delivered_value_slots[] = {survey_items_slot(delivered_value_accepts)};

inline constexpr column_description delivered_figure_columns[] = {
    {.name = "value",
     .unit = "points",
     .summary =
         "total customer value (客户总价值): `weighted` of its four dimensions, added in their order; none "
         "where nobody counts",
     .optional = true},
    {.name = "cost",
     .unit = "points",
     .summary = "total customer cost (客户总成本): the same of the other four",
     .optional = true},
    {.name = "delivered_value", .unit = "points", .summary = "value - cost (客户让渡价值)", .optional = true},
    survey_low_end("delivered_value_low"),
    survey_high_end("delivered_value_high"),
    {.name = "value_cost_ratio",
     .summary = "value / cost: what a point of cost brings; none where cost is 0 or next to it",
     .optional = true},
    survey_rank_column,
};
inline constexpr auto delivered_supplier_columns =
    joined<survey_supplier_columns, delivered_figure_columns>();
inline constexpr auto delivered_dimension_columns = survey_dimension_columns(delivered_dimension_column);
inline constexpr auto delivered_item_output_columns =
    survey_reported_item_columns(delivered_dimension_column);
inline constexpr auto delivered_comparison_columns = survey_comparison_columns(
    {.name = "measure",
     .what = content::code,
     .summary = "each dimension that has weight, value, cost and delivered_value",
     .levels = delivered_value_measures},
    {.name = "ratio",
     .summary = "own / competitor_figure, of delivered_value the same of value / cost (the relative worth of "
                "customer value analysis); none where that of the competitor is 0",
     .optional = true},
    {.name = "contribution",
     .unit = "points",
     .summary = "what it adds to the difference of delivered_value, costs with their sign turned: items of "
                "table drivers add up to dimensions, these to value and cost, these two to delivered_value"});
inline constexpr auto delivered_driver_columns = survey_driver_columns(
    delivered_dimension_column,
    {.name = "contribution",
     .unit = "points",
     .summary =
         "own - competitor_figure, of costs the other way round: what the item adds to the difference of "
         "delivered value"});
inline constexpr auto delivered_score_columns = survey_score_columns(delivered_value_dimensions);
inline constexpr column_description delivered_total_columns[] = {
    {.name = "value", .unit = "points", .summary = "weighted sum of the first four", .optional = true},
    {.name = "cost", .unit = "points", .summary = "of the other four", .optional = true},
    {.name = "delivered_value", .unit = "points", .summary = "value - cost", .optional = true},
    {.name = "value_cost_ratio",
     .summary = "value / cost; none where cost is 0 or next to it",
     .optional = true},
};
inline constexpr auto delivered_respondent_columns =
    joined<survey_respondent_columns, delivered_score_columns, delivered_total_columns>();
inline constexpr auto delivered_value_outputs = survey_output_tables(
    "value, cost and what is delivered, of each supplier",
    "which items make the difference of delivered value",
    {delivered_supplier_columns, delivered_dimension_columns, delivered_item_output_columns,
     delivered_comparison_columns, delivered_driver_columns, delivered_respondent_columns});

// Scores are ten times the answers, weights are made 0.4, 0.3, 0.2, 0.1 and 0.5, 0.3, 0.1, 0.1. Ann sees in North 0.4 x 80 +
// 0.3 x 60 + 0.2 x 70 + 0.1 x 50 = 69 for 0.5 x 60 + 0.3 x 40 + 0.1 x 30 + 0.1 x 20 = 47, Bob 70 for 35; Cai says nothing about
// the brand and is left out. North: 69.5 - 41 = 28.5, South: (62 + 49 + 60) / 3 - (40 + 44 + 48) / 3 = 13. Ann and Bob rated
// both: the differences 0 and 30 have the mean 15 and the standard error 15, t = 1 of one degree of freedom, p = 0.5. Quality
// adds 0.4 x (75 - 55) = 8 to the 15, the price takes 0.5 x (55 - 40) = 7.5 away.
inline constexpr example_table delivered_value_example_rows[] = {
    {"answers", "respondent,supplier,items:quality,items:advice,items:staff,items:brand,items:price,"
                "items:waiting,items:learning,items:effort\n"
                "Ann,North,8,6,7,5,6,4,3,2\nAnn,South,6,6,6,8,4,4,4,4\n"
                "Bob,North,7,8,6,6,5,2,2,2\nBob,South,5,4,5,7,4,6,3,3\n"
                "Cai,North,6,7,8,,4,4,4,4\nCai,South,6,6,6,6,5,5,4,4\n"}};
inline constexpr example_table delivered_value_example_items[] = {
    {"items", "item,dimension,weight\nquality,product,4\nadvice,service,3\nstaff,personnel,2\nbrand,image,1\n"
              "price,money,5\nwaiting,time,3\nlearning,mental,1\neffort,physical,1\n"}};
inline constexpr example_slot delivered_value_example_slots[] = {
    {"items", delivered_value_name, delivered_value_example_items, {}}};
inline constexpr example_option delivered_value_example_options[] = {
    {"own_supplier", "North"}, {"scale_low", "0"}, {"scale_high", "10"}};
inline constexpr example_table delivered_value_example_expected[] = {
    {"suppliers", "segment,supplier,respondents,incomplete,value,cost,delivered_value,delivered_value_low,"
                  "delivered_value_high,value_cost_ratio,rank\n"
                  ",North,2,1,69.5,41,28.5,-54.09033078513554,111.09033078513554,1.6951219512195121,1\n"
                  ",South,3,0,57,44,13,-8.22448191307935,34.22448191307935,1.2954545454545454,2\n"},
    {"comparison", "competitor,measure,method,own_respondents,competitor_respondents,own,competitor_figure,"
                   "difference,p_value,contribution\n"
                   "South,product,paired,2,2,75,55,20,,8\n"
                   "South,service,paired,2,2,70,50,20,0.5,6\n"
                   "South,personnel,paired,2,2,65,55,10,,2\n"
                   "South,image,paired,2,2,55,75,-20,0.295167235300867,-2\n"
                   "South,money,paired,2,2,55,40,15,0.204832764699133,-7.5\n"
                   "South,time,paired,2,2,30,50,-20,0.5,6\n"
                   "South,mental,paired,2,2,25,35,-10,,1\n"
                   "South,physical,paired,2,2,20,35,-15,0.204832764699133,1.5\n"
                   "South,value,paired,2,2,69.5,55.5,14,0.295167235300867,14\n"
                   "South,cost,paired,2,2,41,42,-1,0.920833151678869,1\n"
                   "South,delivered_value,paired,2,2,28.5,13.5,15,0.5,15\n"},
    {"drivers", "item,dimension,own,competitor_figure,contribution\n"
                "quality,product,30,22,8\nadvice,service,21,15,6\nstaff,personnel,13,11,2\n"
                "brand,image,5.5,7.5,-2\nprice,money,27.5,20,-7.5\nwaiting,time,9,15,6\n"
                "learning,mental,2.5,3.5,1\neffort,physical,2,3.5,1.5\n"},
    {"respondents", "respondent,supplier,answered,complete,product,value,cost,delivered_value\n"
                    "Ann,North,8,true,80,69,47,22\nAnn,South,8,true,60,62,40,22\n"
                    "Bob,North,8,true,70,70,35,35\nBob,South,8,true,50,49,44,5\n"
                    "Cai,North,7,false,,,,\nCai,South,8,true,60,60,48,12\n"},
};
inline constexpr example delivered_value_examples[] = {
    {.what = verb::reduce,
     .summary = "two suppliers, three respondents, one of whom does not know the brand",
     .source = "the definition, with figures to be checked by hand",
     .tables = delivered_value_example_rows,
     .options = delivered_value_example_options,
     .expected = delivered_value_example_expected,
     .tolerance = 1e-12,
     .slots = delivered_value_example_slots}};

inline constexpr entry_description delivered_value_description{
    .name = delivered_value_name,
    .what = verb::reduce,
    .summary =
        "what customers get less what they give, from survey answers: value, cost and delivered value of "
        "suppliers, compared, and which items make the difference",
    .source =
        "Kotler, Marketing Management, 1994 (customer delivered value); Gale, Managing Customer Value, 1994",
    .chinese = "客户让渡价值",
    .since = "0.1",
    .store = "rows",
    .inputs = survey_inputs,
    .options = survey_options,
    .slots = delivered_value_slots,
    .outputs = delivered_value_outputs,
    .model_tables = delivered_value_model_tables,
    .formats = survey_value_formats,
    .examples = delivered_value_examples,
    .no_demo = "the company of the demo asks nobody about its competitors",
};

inline constexpr entry delivered_value_entry{
    .description = &delivered_value_description,
    .finish =
        [](const finish_request& request) { return finish_survey_value(request, delivered_value_form); },
    .check_model =
        [](const model& made) {
          static_cast<void>(survey_scheme(delivered_value_form, made, survey_scale_domain, true));
        },
};

} // namespace emptor::value
