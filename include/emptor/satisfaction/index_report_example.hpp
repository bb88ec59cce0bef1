// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/core/describe.hpp>
#include <emptor/satisfaction/index_model_description.hpp>

/// The worked example of the report of the satisfaction index: tests/oracle/index_report.py works its figures out in
/// fractions, and with 50 digits where there are roots.
namespace emptor::satisfaction {

// R10 did not answer one question; of West there are two respondents, who answered alike where both did.
inline constexpr example_table index_report_example_rows[] = {
    {"answers", "respondent,group,period,weight,items:q1,items:q2,items:s1,items:s2,items:s3,items:l1\n"
                "R1,North,2025-01-01,1,8,7,8,7,9,9\n"
                "R2,North,2025-01-01,1,6,7,6,6,7,5\n"
                "R3,North,2025-01-01,2,9,9,9,8,8,10\n"
                "R4,South,2025-01-01,1,4,5,5,3,4,3\n"
                "R5,South,2025-01-01,1,7,5,6,7,5,6\n"
                "R6,South,2025-01-01,2,5,6,7,5,6,8\n"
                "R1,North,2026-01-01,1,9,8,9,8,9,9\n"
                "R2,North,2026-01-01,1,7,8,6,8,7,6\n"
                "R4,South,2026-01-01,1,5,5,4,5,6,4\n"
                "R5,South,2026-01-01,1,8,6,8,7,7,8\n"
                "R7,North,2026-01-01,2,10,8,9,9,10,8\n"
                "R8,South,2026-01-01,1,3,4,2,4,3,4\n"
                "R9,West,2026-01-01,1,6,8,7,8,6,7\n"
                "R10,West,2026-01-01,1,6,8,,8,6,7\n"}};
// A fitted model: its weights are fixed, so that the years are comparable.
inline constexpr example_table index_report_example_model[] = {
    {"constructs",
     "construct,item\nquality,q1\nquality,q2\nsatisfaction,s1\nsatisfaction,s2\nsatisfaction,s3\n"
     "loyalty,l1\n"},
    {"paths", "from,to\nquality,satisfaction\nquality,loyalty\nsatisfaction,loyalty\n"},
    {"weights", "construct,item,weight,mean,scale_low,scale_high\n"
                "quality,q1,0.25,6,1,10\n"
                "quality,q2,0.125,6,1,10\n"
                "satisfaction,s1,0.125,6,1,10\n"
                "satisfaction,s2,0.25,6,1,10\n"
                "satisfaction,s3,0.125,6,1,10\n"
                "loyalty,l1,0.5,6,1,10\n"}};
inline constexpr example_slot index_report_example_slots[] = {
    {"model", index_model_name, index_report_example_model, {}}};
inline constexpr example_option index_report_example_options[] = {{"target", "loyalty"}, {"raised_by", "30"}};
inline constexpr example_table index_report_example_expected[] = {
    {"indices",
     "construct,group,period,answers,missing,index,index_low,index_high,deviation,effective_answers,status\n"
     "quality,,,14,0,65.359477124183007,52.699406610728459,78.019547637637554,20.511020468591374,12."
     "565217391304348,fine\n"
     "quality,North,,6,0,81.481481481481481,66.706784328561125,96.256178634401838,12.664450581705338,5."
     "3333333333333333,fine\n"
     "quality,South,,6,0,47.619047619047619,30.717815330179905,64.520279907915333,14.768445953612508,5."
     "4444444444444444,fine\n"
     "quality,West,,2,0,62.962962962962963,,,0.0,2.0,no_variation\n"
     "quality,,2025-01-01,6,0,62.962962962962963,39.602115591746262,86.323810334179664,20.024254576416614,5."
     "3333333333333333,fine\n"
     "quality,,2026-01-01,8,0,67.489711934156379,47.600694919056948,87.378728949255809,22.362870602395012,7."
     "3636363636363636,fine\n"
     "quality,North,2025-01-01,3,0,77.777777777777778,27.897692710092088,127.65786284546347,15."
     "537908861780023,2.6666666666666667,fine\n"
     "quality,North,2026-01-01,3,0,85.185185185185185,48.34630093824089,122.02406943212948,11."
     "475506210984939,2.6666666666666667,fine\n"
     "quality,South,2025-01-01,3,0,48.148148148148148,16.244738543220019,80.051557753076277,9."
     "9380798999990653,2.6666666666666667,fine\n"
     "quality,South,2026-01-01,3,0,46.91358024691358,-8.5444608641791036,102.37162135800626,22."
     "324865827191512,3.0,fine\n"
     "quality,West,2026-01-01,2,0,62.962962962962963,,,0.0,2.0,no_variation\n"
     "satisfaction,,,13,1,64.583333333333333,51.464864602863005,77.701802063803661,20.246971486726078,11."
     "636363636363636,fine\n"
     "satisfaction,North,,6,0,78.819444444444444,65.255461036603549,92.38342785228534,11.626661161424766,5."
     "3333333333333333,fine\n"
     "satisfaction,South,,6,0,47.619047619047619,29.343651299081096,65.894443939014142,15.969202613116456,5."
     "4444444444444444,fine\n"
     "satisfaction,West,,1,1,69.444444444444444,,,,1.0,too_few\n"
     "satisfaction,,2025-01-01,6,0,61.111111111111111,40.458497576953616,81.763724645268606,17."
     "702833484793145,5.3333333333333333,fine\n"
     "satisfaction,,2026-01-01,7,1,68.055555555555556,44.581311438928897,91.529799672182215,23."
     "618674653961717,6.4,fine\n"
     "satisfaction,North,2025-01-01,3,0,73.611111111111111,36.628604938406514,110.59361728381571,11."
     "520245196293178,2.6666666666666667,fine\n"
     "satisfaction,North,2026-01-01,3,0,84.027777777777778,47.152935606951422,120.90261994860413,11."
     "486707293408518,2.6666666666666667,fine\n"
     "satisfaction,South,2025-01-01,3,0,48.611111111111111,5.2911441787132534,91.931078043508969,13."
     "494397557212355,2.6666666666666667,fine\n"
     "satisfaction,South,2026-01-01,3,0,46.296296296296296,-9.0503352352756789,101.64292782786827,22."
     "280017436140675,3.0,fine\n"
     "satisfaction,West,2026-01-01,1,1,69.444444444444444,,,,1.0,too_few\n"
     "loyalty,,,14,0,67.320261437908497,52.717359032377569,81.923163843439425,23.658669975208304,12."
     "565217391304348,fine\n"
     "loyalty,North,,6,0,79.166666666666667,54.849464939350641,103.48386839398269,20.844014355995212,5."
     "3333333333333333,fine\n"
     "loyalty,South,,6,0,53.968253968253968,25.393220198596944,82.543287737910993,24.969116726938035,5."
     "4444444444444444,fine\n"
     "loyalty,West,,2,0,66.666666666666667,,,0.0,2.0,no_variation\n"
     "loyalty,,2025-01-01,6,0,70.833333333333333,37.155696378611488,104.51097028805518,28.867513459481288,5."
     "3333333333333333,fine\n"
     "loyalty,,2026-01-01,8,0,64.197530864197531,46.284950287736894,82.110111440658167,20.140599270554794,7."
     "3636363636363636,fine\n"
     "loyalty,North,2025-01-01,3,0,83.333333333333333,-9.6802900106073831,176.34695667727405,28."
     "974232912011772,2.6666666666666667,fine\n"
     "loyalty,North,2026-01-01,3,0,75.0,25.833543772231525,124.16645622776847,15.315609724544691,2."
     "6666666666666667,fine\n"
     "loyalty,South,2025-01-01,3,0,58.333333333333333,-33.993833224056458,150.66049989072312,28."
     "760398012321743,2.6666666666666667,fine\n"
     "loyalty,South,2026-01-01,3,0,48.148148148148148,-15.594855255547613,111.89115155184391,25."
     "660011963983367,3.0,fine\n"
     "loyalty,West,2026-01-01,2,0,66.666666666666667,,,0.0,2.0,no_variation\n"},
    {"changes", "construct,group,period,other_period,answers,other_answers,shared,index,other_index,change,"
                "standard_error,change_low,change_high,degrees,p_value,holm,benjamini_hochberg\n"
                "quality,,2026-01-01,2025-01-01,8,6,4,67.489711934156379,62.962962962962963,4."
                "5267489711934156,10.948495768537635,-24.970808284256088,34.024306226642919,4."
                "3333333333333333,0.69892155783505066,1.0,0.89861343150220799\n"
                "quality,North,2026-01-01,2025-01-01,3,3,2,85.185185185185185,77.777777777777778,7."
                "4074074074074074,8.9370906707226423,-39.443191384587997,54.258006199402812,1."
                "6666666666666667,0.50896995806300663,1.0,0.89861343150220799\n"
                "quality,South,2026-01-01,2025-01-01,3,3,2,46.91358024691358,48.148148148148148,-1."
                "2345679012345679,10.586587280308386,-56.732265252677573,54.263129450208437,1."
                "6666666666666667,0.9196565809494718,1.0,0.9196565809494718\n"
                "satisfaction,,2026-01-01,2025-01-01,7,6,4,68.055555555555556,61.111111111111111,6."
                "9444444444444444,10.530374418312558,-21.4266056881332,35.315494577022089,4.3333333333333333,"
                "0.54300566590671542,1.0,0.89861343150220799\n"
                "satisfaction,North,2026-01-01,2025-01-01,3,3,2,84.027777777777778,73.611111111111111,10."
                "416666666666667,6.9929787574711864,-26.242382032538005,47.075715365871339,1."
                "6666666666666667,0.29774880780163328,1.0,0.89861343150220799\n"
                "satisfaction,South,2026-01-01,2025-01-01,3,3,2,46.296296296296296,48.611111111111111,-2."
                "3148148148148148,12.448373609310901,-67.572489719385391,62.942860089755761,1."
                "6666666666666667,0.87259151088274406,1.0,0.9196565809494718\n"
                "loyalty,,2026-01-01,2025-01-01,8,6,4,64.197530864197531,70.833333333333333,-6."
                "6358024691358025,11.788152056935287,-38.395570896377736,25.123965958106131,4."
                "3333333333333333,0.60134828350089239,1.0,0.89861343150220799\n"
                "loyalty,North,2026-01-01,2025-01-01,3,3,2,75.0,83.333333333333333,-8.3333333333333333,13."
                "540434494374454,-79.315880936147092,62.649214269480426,1.6666666666666667,0."
                "61163465445003911,1.0,0.89861343150220799\n"
                "loyalty,South,2026-01-01,2025-01-01,3,3,2,48.148148148148148,58.333333333333333,-10."
                "185185185185185,20.178462790093605,-115.96603705847629,95.595666688105919,1."
                "6666666666666667,0.67243512992866433,1.0,0.89861343150220799\n"},
    {"importance_performance",
     "construct,item,importance,performance,raised,gain,quadrant\n"
     "quality,,0.89675400860383262,65.359477124183007,30.0,26.902620258114978,possible_overkill\n"
     "satisfaction,,1.0392017715609744,64.583333333333333,30.0,31.176053146829231,concentrate_here\n"
     "quality,q1,0.59783600573588841,65.359477124183007,30.0,17.935080172076652,keep_up\n"
     "quality,q2,0.29891800286794421,65.359477124183007,30.0,8.9675400860383262,possible_overkill\n"
     "satisfaction,s1,0.25980044289024359,65.972222222222222,30.0,7.7940132867073077,possible_overkill\n"
     "satisfaction,s2,0.51960088578048718,64.052287581699346,30.0,15.588026573414615,concentrate_here\n"
     "satisfaction,s3,0.25980044289024359,65.359477124183007,30.0,7.7940132867073077,possible_overkill\n"},
    {"index_weights", "construct,item,index_weight\n"
                      "quality,q1,0.66666666666666667\n"
                      "quality,q2,0.33333333333333333\n"
                      "satisfaction,s1,0.25\n"
                      "satisfaction,s2,0.5\n"
                      "satisfaction,s3,0.25\n"
                      "loyalty,l1,1\n"},
    {"estimations", "source,respondents,used\ngiven,14,0\n"}};

inline constexpr example index_report_examples[] = {
    {.what = verb::reduce,
     .summary = "two years and three groups of 14 answers with weights, and what to raise for loyalty",
     .source = "the definitions, worked out in fractions, and with 50 digits where there are roots",
     .tables = index_report_example_rows,
     .options = index_report_example_options,
     .expected = index_report_example_expected,
     .tolerance = 1e-10,
     .slots = index_report_example_slots}};

} // namespace emptor::satisfaction
