// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/core/describe.hpp>
#include <emptor/satisfaction/index_groups_description.hpp>

/// The worked example of the comparison of groups: tests/oracle/index_groups_example.py works its figures out from rows, with
/// 40 digits.
namespace emptor::satisfaction {

inline constexpr example_table index_groups_rows[] = {
    {"answers", "respondent,group,items:q1,items:q2,items:s1\n"
                "R1,city,8,6,9\nR2,city,6,7,5\nR3,city,9,10,8\nR4,city,4,5,3\n"
                "R5,land,7,4,5\nR6,land,5,6,8\nR7,land,9,8,7\nR8,land,3,4,6\n"}};
inline constexpr example_table index_groups_example_model[] = {
    {"constructs", "construct,item\nquality,q1\nquality,q2\nsatisfaction,s1\n"},
    {"paths", "from,to\nquality,satisfaction\n"}};
inline constexpr example_table index_groups_example_draws[] = {
    {"draws", "resample,respondent,count\n1,R1,2\n1,R3,1\n1,R4,1\n1,R5,1\n1,R6,1\n1,R7,2\n"
              "2,R1,1\n2,R2,1\n2,R4,2\n2,R5,2\n2,R7,1\n2,R8,1\n"
              "3,R2,1\n3,R3,2\n3,R4,1\n3,R6,1\n3,R7,1\n3,R8,2\n"}};
inline constexpr example_slot index_groups_example_slots[] = {
    {"model", index_model_name, index_groups_example_model, {}},
    {"groups", index_groups_name, index_groups_example_draws, {}}};
inline constexpr example_table index_groups_expected[] = {
    {"group_status", "group,rows,used,status\ncity,4,4,converged\nland,4,4,converged\n"},
    {"group_coefficients", "group,from,to,coefficient,standard_error,low,high,resamples\n"
                           "city,quality,satisfaction,0.83485931798857347,0.088907493931602318,0."
                           "82672395008595223,0.99481107149482208,3\n"
                           "land,quality,satisfaction,0.67419986246324209,0.13744026615992673,0."
                           "58618699742701611,0.83214812350248007,3\n"},
    {"differences",
     "group,other_group,from,to,difference,henseler,p_value,holm,benjamini_hochberg,permutation_low,"
     "permutation_high,permutation_p_value,permutation_holm,permutation_benjamini_hochberg\n"
     "city,land,quality,satisfaction,0.16065945552533139,0.11111111111111111,0.22222222222222222,0."
     "22222222222222222,0.22222222222222222,-0.8700244704326527,0.8700244704326527,0.65714285714285714,0."
     "65714285714285714,0.65714285714285714\n"},
    {"invariance",
     "group,other_group,construct,invariance,correlation,correlation_low,correlation_p_value,mean_difference,"
     "mean_low,mean_high,mean_p_value,log_variance_ratio,variance_low,variance_high,variance_p_value\n"
     "city,land,quality,full,0.86632458525925326,0.777720437764066,0.17142857142857143,0.55772430020094496,-"
     "1.3160638633126672,1.3160638633126672,0.51428571428571429,-0.012390889619209945,-1.993090823514595,1."
     "993090823514595,0.97142857142857143\n"
     "city,land,satisfaction,full,1,1,1,-0.12527995555783851,-1.1964235755773577,1.1964235755773577,1.0,1."
     "515127232962859,-1.629997712457262,1.629997712457262,0.17142857142857143\n"},
    {"comparisons", "group,other_group,compared,permutations,exact\ncity,land,true,70,true\n"},
};
inline constexpr example_slot index_groups_dealt_slots[] = {
    {"model", index_model_name, index_groups_example_model, {}}};
inline constexpr example_option index_groups_dealt_options[] = {{"resamples", "0"}};
inline constexpr example_table index_groups_dealt_expected[] = {
    index_groups_expected[0],
    {"group_coefficients", "group,from,to,coefficient,resamples\n"
                           "city,quality,satisfaction,0.83485931798857347,0\n"
                           "land,quality,satisfaction,0.67419986246324209,0\n"},
    {"differences",
     "group,other_group,from,to,difference,permutation_low,permutation_high,permutation_p_value,"
     "permutation_holm,permutation_benjamini_hochberg\n"
     "city,land,quality,satisfaction,0.16065945552533139,-0.8700244704326527,0.8700244704326527,"
     "0.65714285714285714,0.65714285714285714,0.65714285714285714\n"},
    index_groups_expected[3],
    index_groups_expected[4],
};
inline constexpr example index_groups_examples[] = {
    {.what = verb::reduce,
     .summary =
         "what quality does in town and country: eight respondents, and all 70 ways to deal them to the "
         "two groups",
     .source = "the definition, worked out from rows with 40 digits",
     .tables = index_groups_rows,
     .options = index_groups_dealt_options,
     .expected = index_groups_dealt_expected,
     .tolerance = 1e-9,
     .slots = index_groups_dealt_slots},
    {.what = verb::reduce,
     .summary = "what quality does in town and country: eight respondents, three given resamples, and all 70 "
                "ways to "
                "deal them to the two groups",
     .source = "the definition, worked out from rows with 40 digits",
     .tables = index_groups_rows,
     .expected = index_groups_expected,
     .tolerance = 1e-9,
     .slots = index_groups_example_slots},
};

} // namespace emptor::satisfaction
