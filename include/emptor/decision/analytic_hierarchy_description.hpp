// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/decision/analytic_hierarchy_report.hpp>
#include <emptor/decision/criteria_columns.hpp>
#include <emptor/stats/pairwise_comparison.hpp>

/// How the catalogue knows the analytic hierarchy process: its tables, options and example.
namespace emptor::decision {

inline constexpr column_description judgement_columns[] = {
    {.name = "respondent",
     .what = content::id,
     .summary = "who judges, where there are several",
     .optional = true},
    {.name = "parent",
     .what = content::text,
     .summary = "the criterion with regard to which left and right are compared; missing = the goal. What is "
                "compared below a criterion may have comparisons below itself, to any depth, and the same "
                "alternatives may be compared below several",
     .optional = true},
    {.name = "left", .what = content::text, .summary = "what is compared"},
    {.name = "right",
     .what = content::text,
     .summary = "with what. A pair that nobody compares is a missing judgement; one said both ways must be "
                "its own reciprocal, to a millionth"},
    {.name = "preference",
     .summary = "how many times as important or good left is, such as 1 to 9, or 1/9 to 1 where right is "
                "more; of a criterion over itself 1",
     .allowed = {stats::least_preference, stats::greatest_preference}},
};
inline constexpr column_description judging_respondent_columns[] = {
    {.name = "respondent", .what = content::id, .summary = "as in the table judgements; each once"},
    {.name = "weight",
     .summary = "how much his judgements count; whoever is not in this table has 1",
     .allowed = {.low = 0.0, .high = 1e9, .low_open = true}},
};
inline constexpr table_description analytic_hierarchy_inputs[] = {
    {.name = "judgements",
     .summary = "comparisons in pairs, one a row",
     .columns = judgement_columns,
     .whole = true},
    {.name = "respondents",
     .summary = "weights of those who judge",
     .columns = judging_respondent_columns,
     .optional = true,
     .whole = true},
};

inline constexpr option_description analytic_hierarchy_options_described[] = {
    {.name = "method",
     .what = option_content::choice,
     .summary = "eigenvector: that of the largest eigenvalue, missing judgements such that it is least; "
                "geometric_mean: least squares of the logarithms, missing judgements as the weights say",
     .default_value = "eigenvector",
     .choices = priority_methods},
    {.name = "random_index",
     .what = option_content::choice,
     .summary =
         "the table of random indices that consistency is held against: saaty (1980, to 15 criteria), "
         "saaty_2005 (to 15), donegan_dodd (1991, to 100), simulated (the R package ahpsurvey, to 50), "
         "alonso_lamata (2006, to 15)",
     .default_value = "saaty",
     .choices = stats::random_index_tables},
    {.name = "aggregation",
     .what = option_content::choice,
     .summary = "of several respondents. individual_judgements: the geometric mean of what they say about a "
                "pair, each with his weight; individual_priorities: the mean of the weights that follow from "
                "what each says, for which everyone's judgements must hang together",
     .default_value = "individual_judgements",
     .choices = judgement_aggregations},
    {.name = "priority_mean",
     .what = option_content::choice,
     .summary = "the mean of individual_priorities, made to add up to 1",
     .default_value = "geometric",
     .choices = priority_means},
    {.name = "consistency_limit",
     .summary = "consistency ratios below it are consistent",
     .allowed = {.low = 0.0, .high = 1e6, .low_open = true},
     .default_value = "0.1"},
    {.name = "repairs",
     .what = option_content::integer,
     .summary = "judgements of each matrix that the table repairs shows at most",
     .allowed = {0.0, 100.0},
     .default_value = "3"},
};

inline constexpr column_description compared_below_column{.name = "parent",
                                                          .what = content::text,
                                                          .summary = "below which criterion; none = the goal",
                                                          .optional = true};
inline constexpr column_description hierarchy_weight_outputs[] = {
    {.name = "criterion",
     .what = content::text,
     .summary = "nothing is compared below it; in the order of their bytes"},
    {.name = "weight",
     .unit = "share",
     .summary = "global weight: of each way from the goal the product of the weights, their sum (组合权重)"},
    {.name = "rank",
     .what = content::count,
     .summary = "1 has the greatest weight; those equal to 1e-12 share the better rank"},
};
inline constexpr column_description hierarchy_priority_outputs[] = {
    compared_below_column,
    {.name = "criterion", .what = content::text, .summary = "in the order of their bytes"},
    {.name = "weight", .unit = "share", .summary = "local weight, among those below the same criterion"},
    {.name = "global_weight", .unit = "share", .summary = "weight x the global weight of parent"},
    {.name = "depth", .what = content::count, .summary = "1 = below the goal; of several ways the longest"},
    {.name = "leaf", .what = content::boolean, .summary = "whether nothing is compared below it"},
};
inline constexpr column_description lambda_max_column{
    .name = "lambda_max",
    .summary = "largest eigenvalue of the matrix, completed where judgements are missing"};
inline constexpr column_description hierarchy_matrix_outputs[] = {
    compared_below_column,
    {.name = "criteria", .what = content::count, .summary = "that are compared"},
    {.name = "respondents", .what = content::count, .summary = "who compared some; nobody's name is one"},
    {.name = "judgements", .what = content::count, .summary = "pairs that somebody compared"},
    {.name = "missing", .what = content::count, .summary = "pairs that nobody compared"},
    {.name = "method",
     .what = content::code,
     .summary = "by which the weights were found",
     .levels = priority_methods},
    lambda_max_column,
    {.name = "consistency_index", .summary = "(lambda_max - criteria) / (criteria - 1) (一致性指标 CI)"},
    {.name = "random_index_table",
     .what = content::code,
     .summary = "whose random index it is",
     .levels = stats::random_index_tables},
    {.name = "random_index",
     .summary = "of as many criteria (随机一致性指标 RI), from complete matrices; none beyond the table",
     .optional = true},
    {.name = "consistency_ratio",
     .summary = "consistency_index / random_index (一致性比率 CR), 0 of one or two criteria; with missing "
                "judgements it flatters, since these contradict nobody",
     .optional = true},
    {.name = "verdict",
     .what = content::code,
     .summary = "whether consistency_ratio is below the limit",
     .levels = consistency_verdicts},
    {.name = "geometric_consistency_index",
     .summary = "sum of squares of log(preference / ratio of the least squares weights) / (judgements - "
                "criteria + 1) (Crawford and Williams 1985); none where the judgements are just enough",
     .optional = true},
};
inline constexpr column_description hierarchy_pair_outputs[] = {
    compared_below_column,
    {.name = "left", .what = content::text, .summary = "in the order of their bytes"},
    {.name = "right", .what = content::text, .summary = "so, too"},
    {.name = "preference",
     .summary = "of left over right: of the respondents together, or what completes it"},
    {.name = "source",
     .what = content::code,
     .summary = "given, or completed where nobody compared the pair",
     .levels = judgement_sources},
    {.name = "fitted", .summary = "weight of left / weight of right"},
    {.name = "error_share",
     .unit = "share",
     .summary = "its part of lambda_max - criteria, of geometric_mean of the sum of squares"},
};
inline constexpr column_description hierarchy_repair_outputs[] = {
    compared_below_column,
    {.name = "rank", .what = content::count, .summary = "1 has the greatest error_share"},
    {.name = "left", .what = content::text, .summary = "of a judgement that somebody gave"},
    {.name = "right", .what = content::text, .summary = "likewise"},
    {.name = "preference", .summary = "as it is"},
    {.name = "error_share", .unit = "share", .summary = "as in the table comparisons"},
    {.name = "consistent_preference",
     .summary = "what the others ask for: what completes the matrix if nobody had compared this pair"},
    {.name = "consistency_ratio_after",
     .summary = "of the matrix with it; none beyond the table",
     .optional = true},
};
inline constexpr column_description hierarchy_level_outputs[] = {
    {.name = "depth", .what = content::count, .summary = "of what is compared: 1 = below the goal"},
    {.name = "matrices", .what = content::count, .summary = "on this level"},
    {.name = "consistency_index", .summary = "mean by the global weights of the criteria above"},
    {.name = "random_index", .summary = "likewise; none where one is", .optional = true},
    {.name = "consistency_ratio",
     .summary = "consistency_index / random_index (层次总排序一致性比率), 0 where both are 0",
     .optional = true},
};
inline constexpr column_description hierarchy_respondent_outputs[] = {
    compared_below_column,
    {.name = "respondent", .what = content::text, .summary = "in the order of their bytes"},
    {.name = "weight", .summary = "how much he counts"},
    {.name = "judgements", .what = content::count, .summary = "pairs that he compared"},
    {.name = "state",
     .what = content::code,
     .summary = "complete; completed: some pairs were missing; unconnected: too many for weights of his own",
     .levels = respondent_states},
    {.name = "lambda_max", .summary = "of his own matrix", .optional = true},
    {.name = "consistency_ratio", .summary = "of his own matrix", .optional = true},
    {.name = "verdict",
     .what = content::code,
     .summary = "of his own judgements; none where unconnected",
     .optional = true,
     .levels = consistency_verdicts},
};
inline constexpr column_description hierarchy_respondent_priority_outputs[] = {
    compared_below_column,
    {.name = "respondent", .what = content::text, .summary = "whose judgements hang together"},
    {.name = "criterion", .what = content::text, .summary = "in the order of their bytes"},
    {.name = "weight", .unit = "share", .summary = "local weight that follows from his judgements alone"},
};
inline constexpr table_description analytic_hierarchy_outputs[] = {
    {.name = "weights",
     .summary = "global weights of what stands at the end of the hierarchy; they add up to 1, and go as they "
                "are into decision.topsis, decision.fuzzy_evaluation and scorecards",
     .columns = hierarchy_weight_outputs},
    {.name = "priorities",
     .summary = "local weights of everything, from the goal downwards",
     .columns = hierarchy_priority_outputs},
    {.name = "matrices", .summary = "consistency of each matrix", .columns = hierarchy_matrix_outputs},
    {.name = "comparisons", .summary = "each pair of each matrix", .columns = hierarchy_pair_outputs},
    {.name = "repairs",
     .summary = "the judgements that contradict the others most, and what would not",
     .columns = hierarchy_repair_outputs},
    {.name = "levels", .summary = "consistency of each level", .columns = hierarchy_level_outputs},
    {.name = "respondents",
     .summary = "consistency of each respondent who has a name",
     .columns = hierarchy_respondent_outputs},
    {.name = "respondent_priorities",
     .summary = "weights of each of them",
     .columns = hierarchy_respondent_priority_outputs},
};

inline constexpr example_table analytic_hierarchy_example_rows[] = {
    {"judgements",
     "respondent,parent,left,right,preference\nSaaty,,culture,housing,3\n"
     "Saaty,,culture,transportation,5\nSaaty,,family,culture,5\nSaaty,,family,housing,7\n"
     "Saaty,,family,transportation,7\nSaaty,,housing,transportation,3\nSaaty,,jobs,culture,2\n"
     "Saaty,,jobs,housing,4\nSaaty,,jobs,transportation,7\nSaaty,,family,jobs,1\n"
     "Saaty,culture,Bethesda,Pittsburgh,1\nSaaty,culture,Boston,Bethesda,2\n"
     "Saaty,culture,Boston,Pittsburgh,2.5\nSaaty,culture,Boston,Santa Fe,1\n"
     "Saaty,culture,Santa Fe,Bethesda,2\nSaaty,culture,Santa Fe,Pittsburgh,2.5\n"
     "Saaty,family,Bethesda,Boston,2\nSaaty,family,Bethesda,Santa Fe,4\n"
     "Saaty,family,Boston,Santa Fe,2\nSaaty,family,Pittsburgh,Bethesda,3\n"
     "Saaty,family,Pittsburgh,Boston,8\nSaaty,family,Pittsburgh,Santa Fe,9\n"
     "Saaty,housing,Bethesda,Boston,5\nSaaty,housing,Bethesda,Santa Fe,2.5\n"
     "Saaty,housing,Pittsburgh,Bethesda,2\nSaaty,housing,Pittsburgh,Boston,9\n"
     "Saaty,housing,Pittsburgh,Santa Fe,7\nSaaty,housing,Santa Fe,Boston,4\n"
     "Saaty,jobs,Bethesda,Pittsburgh,3\nSaaty,jobs,Bethesda,Santa Fe,4\n"
     "Saaty,jobs,Boston,Bethesda,2\nSaaty,jobs,Boston,Pittsburgh,6\n"
     "Saaty,jobs,Boston,Santa Fe,8\nSaaty,jobs,Pittsburgh,Santa Fe,1\n"
     "Saaty,transportation,Bethesda,Boston,1.5\nSaaty,transportation,Bethesda,Santa Fe,4\n"
     "Saaty,transportation,Boston,Santa Fe,2.5\nSaaty,transportation,Pittsburgh,Bethesda,2\n"
     "Saaty,transportation,Pittsburgh,Boston,3.5\nSaaty,transportation,Pittsburgh,Santa Fe,9\n"}};
inline constexpr example_table analytic_hierarchy_expected[] = {
    {"weights", "criterion,weight,rank\nBethesda,0.22910363102993604,3\nBoston,0.27476809345040997,2\n"
                "Pittsburgh,0.38516087032535801,1\nSanta Fe,0.11096740519429598,4\n"},
    {"matrices", "parent,criteria,judgements,missing,lambda_max,random_index,consistency_ratio,verdict\n"
                 ",5,10,0,5.2252352209306705,1.12,0.050275718957738953,consistent\n"
                 "culture,4,6,0,4.0062305748515528,0.9,0.0023076203153899406,consistent\n"
                 "family,4,6,0,4.0311955492359491,0.9,0.011553907124425589,consistent\n"
                 "housing,4,6,0,4.1207618313347918,0.9,0.044726604198071022,consistent\n"
                 "jobs,4,6,0,4.0103629022409015,0.9,0.0038381119410746282,consistent\n"
                 "transportation,4,6,0,4.0026631396539771,0.9,0.00098634801999150721,consistent\n"}};
inline constexpr example analytic_hierarchy_examples[] = {
    {.what = verb::reduce,
     .summary = "where to live: five criteria, and four cities compared under each of them",
     .source = "T. L. Saaty, Theory and Applications of the Analytic Network Process, 2005 (four digits); "
               "all digits "
               "by power iteration with 60 digits",
     .tables = analytic_hierarchy_example_rows,
     .expected = analytic_hierarchy_expected,
     .tolerance = 1e-12},
};

inline constexpr entry_description analytic_hierarchy_description{
    .name = analytic_hierarchy_name,
    .what = verb::reduce,
    .summary = "weights of criteria and alternatives from comparisons in pairs, with consistency and repairs",
    .source =
        "T. L. Saaty, The Analytic Hierarchy Process, McGraw-Hill 1980; G. Crawford and C. Williams, Journal "
        "of "
        "Mathematical Psychology 29 (1985) 387; S. Bozoki, J. Fulop and L. Ronyai, Mathematical and Computer "
        "Modelling 52 (2010) 318; E. Forman and K. Peniwati, European Journal of Operational Research 108 "
        "(1998) 165",
    .chinese = "层次分析法",
    .since = "0.1",
    .store = "rows",
    .inputs = analytic_hierarchy_inputs,
    .options = analytic_hierarchy_options_described,
    .outputs = analytic_hierarchy_outputs,
    .examples = analytic_hierarchy_examples,
    .no_demo = "judgements are what people think, which the orders of the company do not tell",
};

} // namespace emptor::decision
