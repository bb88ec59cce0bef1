// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/core/describe.hpp>
#include <emptor/satisfaction/index_prediction_description.hpp>

/// The worked example of the prediction by a satisfaction index: tests/oracle/index_prediction_example.py works its figures
/// out from rows, with 50 digits.
namespace emptor::satisfaction {

inline constexpr example_table index_prediction_rows[] = {
    {"answers", "respondent,items:q1,items:q2,items:s1,items:s2,items:l1\n"
                "R01,8,7,8,7,9\nR02,6,7,6,6,5\nR03,9,9,9,8,10\nR04,4,5,5,3,3\nR05,7,5,6,7,6\n"
                "R06,5,6,7,5,8\nR07,10,8,9,9,8\nR08,3,4,2,4,4\nR09,6,4,5,6,7\nR10,7,8,7,9,6\n"
                "R11,9,8,8,9,9\nR12,2,3,4,2,3\n"}};
inline constexpr example_table index_prediction_model[] = {
    {"constructs", "construct,item\nquality,q1\nquality,q2\nsatisfaction,s1\nsatisfaction,s2\nloyalty,l1\n"},
    {"paths", "from,to\nquality,satisfaction\nsatisfaction,loyalty\n"}};
inline constexpr example_table index_prediction_folds[] = {
    {"folds", "respondent,fold\nR01,1\nR02,2\nR03,3\nR04,1\nR05,2\nR06,3\nR07,1\nR08,2\nR09,3\nR10,1\n"
              "R11,2\nR12,3\n"}};
inline constexpr example_slot index_prediction_example_slots[] = {
    {"model", index_model_name, index_prediction_model, {}},
    {"given_folds", index_prediction_name, index_prediction_folds, {}}};
inline constexpr example_option index_prediction_example_options[] = {{"predictions", "true"}};
inline constexpr example_table index_prediction_expected[] = {
    {"summary", "power,items,better,above_mean,rows,used,respondents,repetitions,folds,failed_folds\n"
                "medium,3,2,3,12,12,12,1,3,0\n"},
    {"item_errors",
     "construct,item,cases,rmse,mae,mape,q_squared,in_sample_rmse,in_sample_mae,linear_rmse,linear_mae,"
     "linear_mape,linear_q_squared,linear_in_sample_rmse,linear_in_sample_mae,verdict\n"
     "satisfaction,s1,12,1.1756970708603791,0.87552858865343287,0.22534680497765169,0.7057709405027742,"
     "0.63918770202505362,0.52488392336391814,1.1995767017393651,0.87026722216546155,0.22066751555125703,"
     "0.69369736301071884,0.60220336409964339,0.46221384466234659,better\n"
     "satisfaction,s2,12,1.0366428273121031,0.87199897441954919,0.15760406123090686,0.8167596416765674,"
     "0.83081820802053281,0.74134214569388665,1.000607888294622,0.8265883192299515,0.14468771497652124,"
     "0.82927753103503983,0.71071656668750132,0.56315010892635445,not_better\n"
     "loyalty,l1,12,1.5427103355616098,1.3401218871130473,0.22320733438102281,0.56397767704758202,"
     "1.107012259910692,1.0251612400689232,1.6317940589823192,1.4016931313385696,0.2450990169188823,"
     "0.51216759982961965,1.0638315651207825,1.0032150658663456,better\n"},
    {"construct_errors",
     "construct,mean_squared_error,mae,in_sample_mean_squared_error,in_sample_mae,overfit\n"
     "satisfaction,0.1249575298333028,0.29864376370715844,0.034511565341888034,0.16164258369258082,"
     "2.6207436143627183\n"
     "loyalty,0.3631384713774201,0.529988288685591,0.23341611235511453,0.44546756363822491,"
     "0.55575580328811497\n"},
    {"fold_status", "repetition,fold,cases,status,without_benchmark\n1,1,4,converged,0\n1,2,4,converged,0\n"
                    "1,3,4,converged,0\n"},
};
inline constexpr example_slot index_prediction_alone_slots[] = {
    {"model", index_model_name, index_prediction_model, {}}};
inline constexpr example_option index_prediction_alone_options[] = {{"validation", "leave_one_out"}};
inline constexpr example_table index_prediction_alone_expected[] = {
    {"item_errors",
     "construct,item,cases,rmse,mae,mape,q_squared,in_sample_rmse,in_sample_mae,linear_rmse,linear_mae,"
     "linear_mape,linear_q_squared,linear_in_sample_rmse,linear_in_sample_mae,verdict\n"
     "satisfaction,s1,12,1.0063260884480365,0.71343138721189937,0.1892949232021486,0.79017850042598257,0."
     "77185952919258718,0.57120148094467977,1.0442846022919942,0.78407041678907164,0.20150499941157752,0."
     "77405107876595555,0.76612504805442009,0.57511830218778739,better\n"
     "satisfaction,s2,12,1.0435242479704393,0.91433501393975229,0.18066931136592297,0.82361166587901636,0."
     "87229155708634642,0.75871222338469896,1.0570859580236725,0.85664114845598807,0.16250554119152193,0."
     "81899716540729601,0.77452613242083125,0.62133132125729718,better\n"
     "loyalty,l1,12,1.4749035356912062,1.375647132645616,0.24093270851536649,0.6518304322871363,1."
     "211992489298932,1.1145979857046612,1.712400065760201,1.5911303013918877,0.30267023272730517,0."
     "53067461347740682,1.1685121116481088,1.1058787223972066,better\n"},
    {"construct_errors",
     "construct,mean_squared_error,mae,in_sample_mean_squared_error,in_sample_mae,overfit\n"
     "satisfaction,0.075319449634778095,0.23125218815274217,0.044251654819627907,0.18467476376147428,0."
     "70207080258996343\n"
     "loyalty,0.31138314542179592,0.4973729425331538,0.26310411507960104,0.47267765454052338,0."
     "18349781540888577\n"}};

inline constexpr example index_prediction_examples[] = {
    {.what = verb::reduce,
     .summary = "twelve respondents, each predicted by what the others say",
     .source = "the definition, worked out from rows with 50 digits",
     .tables = index_prediction_rows,
     .options = index_prediction_alone_options,
     .expected = index_prediction_alone_expected,
     .tolerance = 1e-9,
     .slots = index_prediction_alone_slots},
    {.what = verb::reduce,
     .summary = "twelve respondents in three given folds: what quality says of satisfaction, and "
                "satisfaction of loyalty",
     .source = "the definition, worked out from rows with 50 digits",
     .tables = index_prediction_rows,
     .options = index_prediction_example_options,
     .expected = index_prediction_expected,
     .tolerance = 1e-9,
     .slots = index_prediction_example_slots},
};

} // namespace emptor::satisfaction
