// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/core/describe.hpp>

/// The worked examples of credit.binning.
namespace emptor::credit {

// 26 customers, 10 of whom defaulted. By age: 20 has 3 of 4, 30 has 2 of 6, 40 has 3 of 6, 50 has 1 of 8, and 1 of 2 whose age is
// not known. Of the eight ways to cut, {20} {30, 40} {50} has the largest information value of all that rise, fall, or turn once:
// 0.879010; all four ages apart would fall, rise and fall. Each level of housing stays alone.
inline constexpr example_table binning_example_tables[] = {
    {"rows", "outcome,characteristics:age,categories:housing\n"
             "0,20,rent\n1,20,rent\n1,20,rent\n1,20,free\n0,30,own\n0,30,own\n0,30,own\n"
             "0,30,rent\n1,30,rent\n1,30,rent\n0,40,own\n0,40,own\n1,40,own\n1,40,rent\n"
             "0,40,free\n1,40,free\n0,50,own\n0,50,own\n0,50,own\n0,50,own\n1,50,own\n"
             "0,50,free\n0,50,free\n0,50,rent\n0,,own\n1,,rent\n"}};
inline constexpr example_table binning_example_expected[] = {
    {"bins",
     "characteristic,bin,kind,low,high,label,count,events,non_events,event_rate,woe,information_value\n"
     "age,1,interval,,25,\"(-inf, 25)\",4,3,1,0.75,1.5686159179138452,0.37254628050453825\n"
     "age,2,interval,25,45,\"[25, 45)\",12,5,7,0.4166666666666667,0.13353139262452257,0.008345712039032664\n"
     "age,3,interval,45,,\"[45, inf)\",8,1,7,0.125,-1.4759065198095778,0.49811845043573255\n"
     "age,4,missing,,,missing,2,1,1,0.5,0.47000362924573563,0.017625136096715087\n"
     "housing,1,levels,,,{own},12,2,10,0.16666666666666666,-1.1394342831883648,0.484259570355055\n"
     "housing,2,levels,,,{free},5,2,3,0.4,0.06453852113757116,0.0008067315142196405\n"
     "housing,3,levels,,,{rent},9,6,3,0.6666666666666666,1.1631508098056809,0.4797997090448433\n"},
    {"members", "characteristic,member,value,number,bin\n"
                "age,missing,,,4\nhousing,level,free,,2\nhousing,level,own,,1\nhousing,level,rent,,3\n"},
    {"screening", "characteristic,kept,reason,bins,information_value\n"
                  "age,true,kept,4,0.8966355790760187\nhousing,true,kept,3,0.9648660109141179\n"},
    {"certificates", "characteristic,method,proof,trend,distinct,candidates,objective,monotone_bound\n"
                     "age,optimal,all_values,descending,4,3,0.8790104429793035,0.8790104429793035\n"
                     "housing,optimal,partitions,free,3,2,0.9648660109141179,\n"},
    {"totals", "total,value\nrows,26\nwithout_outcome,0\nfitted,26\nweight,26\nevents,10\n"},
};
inline constexpr example_table binning_score_example_bins{
    "bins", "characteristic,bin,kind,low,high,label,event_rate,woe\n"
            "age,1,interval,,25,\"(-inf, 25)\",0.75,1.5686159179138452\n"
            "age,2,interval,25,45,\"[25, 45)\",0.4166666666666667,0.13353139262452257\n"
            "age,3,interval,45,,\"[45, inf)\",0.125,-1.4759065198095778\n"
            "age,4,missing,,,missing,0.5,0.47000362924573563\n"};
inline constexpr example_table binning_score_example_model[] = {
    binning_score_example_bins,
    {"members", "characteristic,member,value,number,bin\nage,missing,,,4\nage,special,,-9,4\n"}};
inline constexpr example_table binning_score_example_rows[] = {{"rows", "value\n24.9\n25\n60\n-9\n"}};
inline constexpr example_table binning_score_example_expected[] = {
    {"scores", "bin,label,woe,event_rate\n1,\"(-inf, 25)\",1.5686159179138452,0.75\n"
               "2,\"[25, 45)\",0.13353139262452257,0.4166666666666667\n"
               "3,\"[45, inf)\",-1.4759065198095778,0.125\n"
               "4,missing,0.47000362924573563,0.5\n"}};
inline constexpr example binning_examples[] = {
    {.what = verb::fit,
     .summary = "26 customers by age and housing; the age of two is not known",
     .source = "all binnings gone through one by one with exact rates",
     .tables = binning_example_tables,
     .expected = binning_example_expected,
     .tolerance = 1e-12},
    {.what = verb::score,
     .summary = "ages at the ends of intervals, and a special code that has the bin of those not known",
     .source = "the definition, by hand",
     .tables = binning_score_example_rows,
     .model_tables = binning_score_example_model,
     .expected = binning_score_example_expected},
};

} // namespace emptor::credit
