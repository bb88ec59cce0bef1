// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/satisfaction/reliability_block.hpp>
#include <emptor/satisfaction/survey_options.hpp>

/// How the catalogue knows reliability (reliability.hpp).
namespace emptor::satisfaction {

inline constexpr std::string_view reliability_name = "satisfaction.reliability";
inline constexpr std::string_view reliability_missing_names[] = {"pairwise", "casewise"};

inline constexpr option_description reliability_options[] = {
    option_items,
    {.name = "reversed",
     .what = option_content::text,
     .summary = "those of the items that are worded the other way round, separated by commas; with a table "
                "blocks, it "
                "says so there"},
    option_brand,
    option_weight_meaning,
    {.name = "period",
     .what = option_content::day,
     .summary = "the period whose answers count; without it those of all periods together"},
    {.name = "missing",
     .what = option_content::choice,
     .summary = "pairwise: each covariance is of those who answered both items; casewise: only those count "
                "who answered "
                "all items of the block",
     .default_value = "pairwise",
     .choices = reliability_missing_names},
    option_confidence,
};

inline constexpr column_description reliability_block_inputs[] = {
    {.name = "block", .what = content::text, .summary = "what the items are to measure, such as loyalty"},
    {.name = "item", .what = content::text, .summary = "label of a question; once in a block"},
    {.name = "reversed",
     .what = content::boolean,
     .summary = "whether it is worded the other way round; missing = false",
     .optional = true},
};
inline constexpr table_description reliability_model_tables[] = {
    {.name = "blocks", .summary = "which items belong together", .columns = reliability_block_inputs}};
inline constexpr std::string_view reliability_accepts[] = {reliability_name};
inline constexpr slot_description reliability_slots[] = {
    {.name = "blocks",
     .summary = "the table blocks; without it all items of option items are one",
     .accepts = reliability_accepts,
     .optional = true}};

inline constexpr column_description block_column{
    .name = "block", .what = content::text, .summary = "its name; `items` where there is no table"};
inline constexpr column_description reliability_block_columns[] = {
    block_column,
    {.name = "state",
     .what = content::code,
     .summary = "computed; too_few_items: reliability is not defined, since fewer than two items vary; "
                "too_few_answers: "
                "some two items were answered together by fewer than two, or alike",
     .levels = block_states},
    {.name = "items", .what = content::count, .summary = "in the block"},
    {.name = "used", .what = content::count, .summary = "of these, which vary"},
    {.name = "respondents", .what = content::count, .summary = "rows of the survey that count"},
    {.name = "complete", .what = content::count, .summary = "of these, which answered all items that vary"},
    {.name = "alpha",
     .summary = "Cronbach's alpha (克隆巴赫系数) of the sum of the answers; may be negative; none where that "
                "sum does not vary",
     .optional = true},
    {.name = "alpha_low",
     .summary = "lower end of Feldt's interval, with the least number of effective answers of a pair",
     .optional = true},
    {.name = "alpha_high", .summary = "its other end", .optional = true},
    {.name = "standardised_alpha", .summary = "the same of items of equal variance", .optional = true},
    {.name = "omega",
     .summary = "McDonald's omega of items of equal variance, with one factor; none of two items, and where "
                "the factor "
                "would explain more of an item than there is",
     .optional = true},
    {.name = "lambda6",
     .summary = "Guttman's lambda 6 of items of equal variance; none where one item follows from the others",
     .optional = true},
    {.name = "mean_correlation", .summary = "between two items", .optional = true},
    {.name = "negative", .what = content::count, .summary = "items with that finding"},
};
inline constexpr column_description reliability_item_columns[] = {
    block_column,
    {.name = "item", .what = content::text, .summary = "label of the question"},
    {.name = "reversed", .what = content::boolean, .summary = "whether its sign was turned"},
    answers_column,
    missing_column,
    missing_share_column,
    effective_answers_column,
    {.name = "mean", .unit = "points of the scale", .summary = "as answered, by weight", .optional = true},
    {.name = "deviation", .unit = "points of the scale", .summary = "standard deviation", .optional = true},
    {.name = "item_total", .summary = "correlation with the sum of all items", .optional = true},
    {.name = "item_rest",
     .summary = "correlation with the sum of the other items (校正的项总相关)",
     .optional = true},
    {.name = "alpha_if_deleted", .summary = "alpha without it; none of two items", .optional = true},
    {.name = "standardised_alpha_if_deleted", .summary = "standardised alpha without it", .optional = true},
    {.name = "squared_multiple_correlation",
     .summary = "how much of it the other items tell",
     .optional = true},
    {.name = "loading", .summary = "on the one factor", .optional = true},
    {.name = "finding",
     .what = content::code,
     .summary =
         "negative: it goes against the others, perhaps it is reversed and nobody said so; constant and "
         "unanswered: it does not count",
     .levels = item_findings},
};
inline constexpr table_description reliability_outputs[] = {
    {.name = "blocks", .summary = "how reliable each block is", .columns = reliability_block_columns},
    {.name = "items", .summary = "what each item adds", .columns = reliability_item_columns},
};

inline constexpr example_table reliability_example_rows[] = {
    {"answers", "respondent,items:a,items:b,items:c,items:d,items:e\nA,1,1,1,5,3\nB,3,2,4,4,3\nC,3,2,2,4,"
                "3\nD,2,4,2,2,3\nE,3,5,4,2,3\nF,4,5,,3,3\nG,5,5,5,1,3\nH,4,4,4,1,3\n"}};
inline constexpr example_table reliability_example_blocks[] = {
    {"blocks",
     "block,item,reversed\nquality,a,\nquality,b,\nquality,c,\nquality,d,true\nunnoticed,a,\nunnoticed,b,\n"
     "unnoticed,d,\nprice,e,\nprice,a,\n"}};
inline constexpr example_slot reliability_example_slots[] = {
    {"blocks", reliability_name, reliability_example_blocks, {}}};
inline constexpr example_option reliability_example_options[] = {{"missing", "casewise"}};
inline constexpr example_table reliability_example_expected[] = {
    {"blocks", "block,state,items,used,respondents,complete,alpha,alpha_low,alpha_high,standardised_alpha,"
               "omega,lambda6,mean_correlation,negative\nquality,computed,4,4,8,7,0.9250814332247557,0."
               "7586936414584147,0.9855984949831448,0.9271501108714991,0.9273806473492231,0.9601186024786902,"
               "0.7608636198315782,0\nunnoticed,computed,3,3,8,8,-2.2237762237762237,-9.896147248937073,0."
               "29858355324978064,-1.873835885354495,0.41695614595286223,0.21072292648567398,-0."
               "27770110180649876,1\nprice,too_few_items,2,1,8,8,,,,,,,,0\n"},
    {"items",
     "block,item,reversed,answers,missing,mean,deviation,item_total,item_rest,alpha_if_deleted,standardised_"
     "alpha_if_deleted,squared_multiple_correlation,loading,finding\nquality,a,false,8,0,3.125,1."
     "246423454758225,0.8833881326086944,0.8088453308456254,0.9115384615384615,0.9101663088969055,0."
     "8395314787701318,0.8510395419055253,none\nquality,b,false,8,0,3.5,1.6035674514745464,0."
     "9143935887675247,0.8364370063977572,0.9,0.9073037005666563,0.9006475006475007,0.8699849754282535,"
     "none\nquality,c,false,7,1,3.142857142857143,1.4638501094227998,0.890371546677468,0.8058935043623514,0."
     "9090909090909091,0.9084886160172344,0.8249600730093544,0.8555796906598732,none\nquality,d,true,8,0,2."
     "75,1.4880476182856899,0.9336150756184937,0.8716139801785179,0.8871951219512195,0.8944618277187472,0."
     "9112037037037037,0.9128799386649503,none\nunnoticed,a,false,8,0,3.125,1.246423454758225,0."
     "8337873532104958,0.09697622757528539,-10.181818181818182,-10.357737427442432,0.4979919678714859,0."
     "7389025723965595,none\nunnoticed,b,false,8,0,3.5,1.6035674514745464,0.7526178090063816,-0."
     "356034497458156,-3.943661971830986,-4.134025413266073,0.7263737922705314,0.9189365834726815,"
     "none\nunnoticed,d,false,8,0,2.75,1.4880476182856899,-0.4355611464469225,-0.835143602132553,0."
     "793733681462141,0.8088180380382107,0.7229016969882281,-0.9120956670998251,negative\nprice,e,false,8,0,"
     "3.0,0.0,,,,,,,constant\nprice,a,false,8,0,3.125,1.246423454758225,,,,,,,none\n"},
};
inline constexpr example reliability_examples[] = {
    {.what = verb::reduce,
     .summary = "four items, one of them reversed; the same forgotten; and a block of one item that varies",
     .source = "the definitions, worked out with 40 digits",
     .tables = reliability_example_rows,
     .options = reliability_example_options,
     .expected = reliability_example_expected,
     .tolerance = 1e-11,
     .slots = reliability_example_slots}};

inline constexpr entry_description reliability_description{
    .name = reliability_name,
    .what = verb::reduce,
    .summary = "how reliable blocks of items are: alpha, omega, lambda 6, and what each item adds",
    .source = "Cronbach, 1951; Guttman, 1945; McDonald, Test Theory, 1999; Feldt, 1965",
    .chinese = "信度分析",
    .since = "0.1",
    .store = "survey",
    .options = reliability_options,
    .slots = reliability_slots,
    .outputs = reliability_outputs,
    .model_tables = reliability_model_tables,
    .formats = survey_model_formats,
    .examples = reliability_examples,
    .no_demo = "the company of the demo asks its customers nothing",
};

} // namespace emptor::satisfaction
