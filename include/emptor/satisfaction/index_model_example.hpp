// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/core/describe.hpp>
#include <emptor/satisfaction/index_model_description.hpp>

/// The worked example of the satisfaction index: tests/oracle/index_model_example.py works its figures out from rows, with
/// 50 digits.
namespace emptor::satisfaction {

inline constexpr example_table index_example_rows[] = {
    {"answers", "respondent,items:q1,items:q2,items:s1,items:s2,items:s3,items:l1\n"
                "R1,8,7,8,7,9,9\nR2,6,7,6,6,7,5\nR3,9,9,9,8,8,10\nR4,4,5,5,3,4,3\n"
                "R5,7,5,6,7,5,6\nR6,5,6,7,5,6,8\nR7,10,8,9,9,10,8\nR8,3,4,2,4,3,4\n"}};
inline constexpr example_table index_example_model[] = {
    {"constructs",
     "construct,item\nquality,q1\nquality,q2\nsatisfaction,s1\nsatisfaction,s2\nsatisfaction,s3\n"
     "loyalty,l1\n"},
    {"paths", "from,to\nquality,satisfaction\nquality,loyalty\nsatisfaction,loyalty\n"}};
inline constexpr example_slot index_example_slots[] = {{"model", index_model_name, index_example_model, {}}};
inline constexpr example_table index_example_expected[] = {
    {"indices",
     "construct,items,index,index_low,index_high,index_deviation,r_squared,adjusted_r_squared,alpha,rho_c,"
     "ave\n"
     "quality,2,60.303562254065439,42.40030037737295,78.206824130757928,21.414849094676314,,,0."
     "91773979058839815,"
     "0.96047517420497681,0.92395622053182623\n"
     "satisfaction,3,59.606197134677301,39.704331292816164,79.508062976538438,23.805463866938993,"
     "0.94745552955934726,0.93869811773823846,0.94420237897011791,0.96420552373004611,0.89981458742163831\n"
     "loyalty,1,62.5,39.244044850944882,85.755955149055118,27.81743201320934,0.71005231283421992,"
     "0.59407323796790788,,,1\n"},
    {"item_weights", "construct,item,weight,loading,index_weight\n"
                     "quality,q1,0.53196226180205266,0.96302074319164116,0.41856482292711633\n"
                     "quality,q2,0.50833302328347441,0.95942873067584941,0.58143517707288367\n"
                     "satisfaction,s1,0.36224585015614226,0.95112097653295687,0.33310396217242503\n"
                     "satisfaction,s2,0.34238579312600921,0.92826651991580005,0.36117935434411448\n"
                     "satisfaction,s3,0.34952287731371991,0.96598857046412254,0.30571668348346049\n"
                     "loyalty,l1,1,1,1\n"},
    {"effects",
     "from,to,direct,indirect,total,index_effect\n"
     "quality,satisfaction,0.97337327349755564,0,0.97337327349755564,1.0820343486357136\n"
     "quality,loyalty,-0.12418513951316251,0.93740085054614272,0.81321571103298022,1.056349855827716\n"
     "satisfaction,loyalty,0.96304354770071334,0,0.96304354770071334,1.1253466247775836\n"}};

inline constexpr example_table index_score_example_model[] = {
    index_example_model[0],
    index_example_model[1],
    {"weights",
     "construct,item,weight,mean,scale_low,scale_high\n"
     "satisfaction,s1,0.15547502690713488,6.5,1,10\nsatisfaction,s2,0.16857911106408738,6.125,1,10\n"
     "satisfaction,s3,0.14269211714133668,6.5,1,10\n"}};
inline constexpr example_table index_score_example_rows[] = {
    {"rows", "items:s1,items:s2,items:s3\n8,7,9\n5,3,4\n10,10,10\n"}};
inline constexpr example_table index_score_example_expected[] = {
    {"scores", "score,index\n0.73744955539512048,77.161525879326067\n-1.1167525552893171,33.021384531425673\n"
               "1.6968290595429891,100\n"}};

inline constexpr example index_model_examples[] = {
    {.what = verb::fit,
     .summary = "quality, satisfaction and loyalty of eight respondents, on scales from 1 to 10",
     .source = "the definition, worked out from rows with 50 digits",
     .tables = index_example_rows,
     .expected = index_example_expected,
     .tolerance = 1e-9,
     .slots = index_example_slots},
    {.what = verb::score,
     .summary = "three respondents with the weights of that model; the last one likes everything",
     .source = "the definition, worked out with 50 digits: sum of weight x (answer - mean), and sum of "
               "weight x (answer - 1) "
               "/ sum of weight x 9",
     .tables = index_score_example_rows,
     .model_tables = index_score_example_model,
     .expected = index_score_example_expected,
     .tolerance = 1e-12},
};

} // namespace emptor::satisfaction
