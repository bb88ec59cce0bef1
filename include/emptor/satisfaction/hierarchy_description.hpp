// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/satisfaction/hierarchy.hpp>
#include <emptor/satisfaction/scored_item.hpp>
#include <emptor/satisfaction/survey_parts.hpp>

/// How `satisfaction.hierarchy` describes itself.
namespace emptor::satisfaction {

inline constexpr std::string_view hierarchy_name = "satisfaction.hierarchy";

inline constexpr column_description hierarchy_node_columns[] = {
    {.name = "node",
     .what = content::text,
     .summary = "its name, such as product, service or social satisfaction; each once"},
    {.name = "parent",
     .what = content::text,
     .summary = "the node that it is a part of; missing of the one at the top alone",
     .optional = true},
    {.name = "item",
     .what = content::text,
     .summary = "label of the item that it is; missing of nodes that have others below them",
     .optional = true},
    {.name = "weight",
     .summary = "how important it is beside the others of its parent; missing = 1, and what has 0 is "
                "reported but does "
                "not count",
     .allowed = {0.0, 1e9},
     .optional = true},
    item_reversed_column,
    item_low_column,
    item_high_column,
};
inline constexpr table_description hierarchy_model_tables[] = {
    {.name = "nodes",
     .summary = "the hierarchy, of any depth; one node a row",
     .columns = hierarchy_node_columns}};
inline constexpr std::string_view hierarchy_accepts[] = {hierarchy_name};
inline constexpr slot_description hierarchy_slots[] = {
    {.name = "nodes", .summary = "the table nodes", .accepts = hierarchy_accepts}};

inline constexpr option_description hierarchy_options[] = {
    scale_low_option,
    scale_high_option,
    {.name = "missing",
     .what = option_content::choice,
     .summary =
         "renormalise: of what a respondent has not answered the others below the same node take the weight "
         "over; "
         "leave_out: who has not answered every item that has weight does not count; refuse: he is an error",
     .default_value = "renormalise",
     .choices = hierarchy_missing_names},
    option_brand,
    option_by,
    option_confidence,
};

inline constexpr column_description hierarchy_index_columns[] = {
    {.name = "answers", .what = content::count, .summary = "that have an index"},
    {.name = "missing",
     .what = content::count,
     .summary = "left out: without any answer that has weight, or by option missing without one of them"},
    {.name = "answered_share",
     .unit = "share",
     .summary = "of the items that have weight, the part that those who count have answered",
     .optional = true},
    {.name = "index",
     .unit = "points",
     .summary = "0 to 100: the contributions of the items, added up; none without answers",
     .optional = true},
    {.name = "index_low",
     .unit = "points",
     .summary = "lower end of its t interval within 0 and 100; none of fewer than two respondents",
     .optional = true},
    {.name = "index_high", .unit = "points", .summary = "its other end", .optional = true},
};
inline constexpr column_description hierarchy_nodes_columns[] = {
    {.name = "node", .what = content::text, .summary = "each behind its parent, else as in table nodes"},
    {.name = "parent", .what = content::text, .summary = "none = it is the top", .optional = true},
    {.name = "depth", .what = content::count, .summary = "0 = the top"},
    {.name = "share", .summary = "of its weight in the weights below its parent, where all is answered"},
    {.name = "share_of_whole", .summary = "of its weight in the whole, where all is answered"},
    {.name = "answers",
     .what = content::count,
     .summary = "with a score here: something that has weight is answered below it"},
    {.name = "score", .unit = "points", .summary = "their mean, 0 to 100", .optional = true},
    {.name = "score_low",
     .unit = "points",
     .summary = "lower end of its t interval within 0 and 100; none of fewer than two respondents",
     .optional = true},
    {.name = "score_high", .unit = "points", .summary = "its other end", .optional = true},
    {.name = "contribution",
     .unit = "points",
     .summary = "what it adds to the index: the sum of those below it, up to the index at the top",
     .optional = true},
    {.name = "lost",
     .unit = "points",
     .summary = "what it leaves to be won: its weight in the whole as it counts, less contribution; these "
                "add up to 100 "
                "less the index",
     .optional = true},
};
inline constexpr column_description hierarchy_respondent_columns[] = {
    {.name = "respondent", .what = content::text, .summary = "in the order of their bytes"},
    {.name = "group", .what = content::text, .summary = "his group", .optional = true},
    {.name = "period", .what = content::day, .summary = "when he answered", .optional = true},
    {.name = "answered", .what = content::count, .summary = "items of the hierarchy"},
    {.name = "index", .unit = "points", .summary = "0 to 100; none where he is left out", .optional = true},
};
inline constexpr auto hierarchy_index_output = joined<part_columns, hierarchy_index_columns>();
inline constexpr auto hierarchy_nodes_output = joined<part_columns, hierarchy_nodes_columns>();
inline constexpr table_description hierarchy_outputs[] = {
    {.name = "index", .summary = "the satisfaction with the whole", .columns = hierarchy_index_output},
    {.name = "nodes", .summary = "what each part of it is and adds", .columns = hierarchy_nodes_output},
    {.name = "respondents", .summary = "each respondent's index", .columns = hierarchy_respondent_columns},
};

// Weights 0.5, 0.3 and 0.2; product of quality (0.6) and price (0.4). Ann: quality 80, price 60, so that product is 72; service
// 90, social 50: 36 + 27 + 10 = 73. Bob: 60, 40, so 52; 70, 100: 26 + 21 + 20 = 67. Cai did not say a word of social: product 100 x
// 0.6 + 50 x 0.4 = 80 and service 40 weigh 0.625 and 0.375: 50 + 15 = 65. Index 205 / 3; product adds (36 + 26 + 50) / 3. With t =
// 4.30265 of two degrees and the standard deviation 4.1633 the interval is 68.33 plus and minus 10.34.
inline constexpr example_table hierarchy_example_rows[] = {
    {"answers", "respondent,items:quality,items:price,items:service,items:social\nAnn,8,6,9,5\nBob,6,4,7,10\n"
                "Cai,10,5,4,\n"}};
inline constexpr example_table hierarchy_example_nodes[] = {
    {"nodes", "node,parent,item,weight\nsatisfaction,,,\nproduct,satisfaction,,5\nquality,product,quality,6\n"
              "price,product,price,4\nservice,satisfaction,service,3\nsocial,satisfaction,social,2\n"}};
inline constexpr example_slot hierarchy_example_slots[] = {
    {"nodes", hierarchy_name, hierarchy_example_nodes, {}}};
inline constexpr example_option hierarchy_example_options[] = {{"scale_low", "0"}, {"scale_high", "10"}};
inline constexpr example_table hierarchy_example_expected[] = {
    {"index", "answers,missing,answered_share,index,index_low,index_high\n"
              "3,0,0.9166666666666667,68.333333333333333,57.991043308248804,78.675623358417863\n"},
    {"nodes", "node,parent,depth,share,share_of_whole,answers,score,score_low,score_high,contribution,lost\n"
              "satisfaction,,0,1.0,1.0,3,68.333333333333333,57.991043308248804,78.675623358417863,"
              "68.333333333333333,31.666666666666667\n"
              "product,satisfaction,1,0.5,0.5,3,68.0,32.173256419881592,100.0,37.333333333333333,"
              "16.833333333333333\n"
              "quality,product,2,0.6,0.3,3,80.0,30.317245764993379,100.0,26.5,6.0\n"
              "price,product,2,0.4,0.2,3,50.0,25.158622882496689,74.841377117503311,10.833333333333333,"
              "10.833333333333333\n"
              "service,satisfaction,1,0.3,0.3,3,66.666666666666667,4.1505718729088894,100.0,21.0,11.5\n"
              "social,satisfaction,1,0.2,0.2,2,75.0,0.0,100.0,10.0,3.3333333333333333\n"},
    {"respondents", "respondent,answered,index\n"
                    "Ann,4,73.0\n"
                    "Bob,4,67.0\n"
                    "Cai,3,65.0\n"},
};
inline constexpr example hierarchy_examples[] = {
    {.what = verb::reduce,
     .summary = "product, service and social satisfaction of three respondents, one of whom says nothing of "
                "the last",
     .source =
         "the definition, with figures to be checked by hand; tests/oracle/hierarchy.py for the intervals",
     .tables = hierarchy_example_rows,
     .options = hierarchy_example_options,
     .expected = hierarchy_example_expected,
     .tolerance = 1e-12,
     .slots = hierarchy_example_slots}};

inline constexpr entry_description hierarchy_description{
    .name = hierarchy_name,
    .what = verb::reduce,
    .summary = "satisfaction as a weighted hierarchy of any depth, such as product, service and social "
               "satisfaction: index 0 to "
               "100 with interval, and what each node adds to it",
    .source = "Keeney and Raiffa, Decisions with Multiple Objectives, 1976 (additive hierarchy); the levels "
              "from Chinese "
              "textbooks of customer relationship management",
    .chinese = "客户满意度层次体系",
    .since = "0.1",
    .store = "survey",
    .options = hierarchy_options,
    .slots = hierarchy_slots,
    .outputs = hierarchy_outputs,
    .model_tables = hierarchy_model_tables,
    .formats = survey_model_formats,
    .examples = hierarchy_examples,
    .no_demo = "the company of the demo asks nobody whether he is satisfied",
};

} // namespace emptor::satisfaction
