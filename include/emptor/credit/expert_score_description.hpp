// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/credit/expert_score.hpp>

/// What the catalogue says of expert assessment (expert_score.hpp): columns, options, tables and worked examples.
namespace emptor::credit {

inline constexpr std::string_view expert_score_name = "credit.expert_score";
/// Points of a criterion and of the whole.
inline constexpr domain expert_points_domain{0.0, 100.0};
/// What is measured.
inline constexpr domain expert_value_domain{-1e300, 1e300};
/// Weights, of which proportions count.
inline constexpr domain expert_weight_domain{0.0, 1e9};

inline constexpr column_description expert_criteria_columns[] = {
    {.name = "criterion", .what = content::text, .summary = "name of the criterion (评价指标); each once"},
    {.name = "parent",
     .what = content::text,
     .summary = "the criterion that it is a part of; missing at the top",
     .optional = true},
    {.name = "weight",
     .summary =
         "how much it counts among the parts of its parent, whose weights need not add up to 1; missing "
         "= that of the table weights, or 1",
     .allowed = expert_weight_domain,
     .optional = true},
    {.name = "worst",
     .summary = "the value that brings 0 points, of a criterion measured from worst to best; it may be above "
                "best",
     .allowed = expert_value_domain,
     .optional = true},
    {.name = "best",
     .summary = "the value that brings 100 points; in between in proportion",
     .allowed = expert_value_domain,
     .optional = true},
    {.name = "if_missing",
     .what = content::code,
     .summary =
         "where nothing usable is known: renormalise (the others of its parent have its weight), worst "
         "(the least points of its scale), neutral (option neutral_points), refuse (no points for the "
         "customer); missing = option if_missing",
     .optional = true,
     .levels = missing_rule_names},
    {.name = "valid_days",
     .what = content::count,
     .unit = "days",
     .summary = "how long evidence is good for: it is stale from date + valid_days on, and without a date; "
                "missing = for ever",
     .allowed = {1.0, 3652424.0},
     .optional = true},
    {.name = "knock_out_below",
     .unit = "points",
     .summary = "a customer with fewer points here is knocked out (一票否决), whatever the others say",
     .allowed = expert_points_domain,
     .optional = true},
};
inline constexpr column_description expert_weights_columns[] = {
    {.name = "criterion", .what = content::text, .summary = "name of a criterion; each once"},
    {.name = "weight",
     .summary = "its weight, such as pairwise comparisons (AHP) give it; before that of the table criteria",
     .allowed = expert_weight_domain},
};
inline constexpr column_description expert_scale_columns[] = {
    {.name = "criterion", .what = content::text, .summary = "name of a criterion without parts"},
    {.name = "answer",
     .what = content::text,
     .summary = "an answer that brings these points; missing for a criterion that is measured in steps",
     .optional = true},
    {.name = "at_least",
     .summary = "the value from which on it brings these points, up to the next one; missing for a criterion "
                "that is answered in words",
     .allowed = expert_value_domain,
     .optional = true},
    {.name = "points", .unit = "points", .summary = "points, 0 to 100", .allowed = expert_points_domain},
};
inline constexpr column_description expert_source_columns[] = {
    {.name = "source", .what = content::text, .summary = "where evidence comes from; each once"},
    {.name = "accepted",
     .what = content::boolean,
     .summary = "whether it counts at all; missing = true",
     .optional = true},
    {.name = "points_at_most",
     .unit = "points",
     .summary =
         "the most points that it can bring, such as 60 for what the customer says of himself; missing "
         "= 100",
     .allowed = expert_points_domain,
     .optional = true},
};
inline constexpr column_description expert_grade_columns[] = {
    {.name = "grade", .what = content::text, .summary = "name of the grade (信用等级); each once"},
    {.name = "points_at_least",
     .unit = "points",
     .summary = "the least points that have it; 0 for the worst grade, which who is knocked out has too",
     .allowed = expert_points_domain},
};
inline constexpr table_description expert_model_tables[] = {
    {.name = "criteria",
     .summary = "the criteria and their weights, one a row; a criterion without worst, best, parts and scale "
                "is given in points",
     .columns = expert_criteria_columns},
    {.name = "weights",
     .summary = "weights from elsewhere",
     .columns = expert_weights_columns,
     .optional = true},
    {.name = "scale",
     .summary = "which answers or values bring how many points",
     .columns = expert_scale_columns,
     .optional = true},
    {.name = "sources",
     .summary = "the sources of evidence; without it all count, with it one that it does not name does not",
     .columns = expert_source_columns,
     .optional = true},
    {.name = "grades", .summary = "grades by points", .columns = expert_grade_columns, .optional = true},
};

inline constexpr column_description expert_assessment_columns[] = {
    {.name = "customer", .what = content::id, .summary = "who is assessed"},
    {.name = "criterion", .what = content::text, .summary = "a criterion of the scorecard that has no parts"},
    {.name = "answer",
     .what = content::text,
     .summary = "the answer, of a criterion answered in words",
     .optional = true},
    {.name = "value",
     .summary = "the value, of a criterion that is measured or given in points",
     .allowed = expert_value_domain,
     .optional = true},
    {.name = "date",
     .what = content::day,
     .summary = "day of the evidence; the latest counts, of one day the least points",
     .optional = true},
    {.name = "source", .what = content::text, .summary = "where it comes from", .optional = true},
};
inline constexpr table_description expert_inputs[] = {
    {.name = "assessments",
     .summary = "what is known of a customer, one criterion a row",
     .columns = expert_assessment_columns}};

inline constexpr std::string_view expert_makers[] = {expert_score_name};
inline constexpr slot_description expert_slots[] = {
    {.name = "scorecard",
     .summary = "the criteria, made by create; without it the five Cs (5C): character, capacity, capital, "
                "collateral and conditions, in points and with equal weights",
     .accepts = expert_makers,
     .optional = true}};
inline constexpr option_description expert_options[] = {
    {.name = "as_of",
     .what = option_content::day,
     .summary = "the day on which it is asked; evidence of later days does not count. Needed where evidence "
                "grows stale"},
    {.name = "if_missing",
     .what = option_content::choice,
     .summary = "the rule of criteria that name none",
     .default_value = "renormalise",
     .choices = missing_rule_names},
    {.name = "neutral_points",
     .summary = "points of a criterion under the rule neutral",
     .unit = "points",
     .allowed = expert_points_domain,
     .default_value = "50"},
};

/// Whether a customer has points, and why not.
enum class expert_state : std::int32_t { scored = 0, knocked_out = 1, refused = 2, nothing_known = 3 };
inline constexpr std::string_view expert_states[] = {"scored", "knocked_out", "refused", "nothing_known"};

/// What there is to a criterion.
enum class expert_evidence : std::int32_t {
  usable = 0,
  missing = 1,
  stale = 2,
  source_not_accepted = 3,
  not_on_scale = 4,
  parts = 5,
};
inline constexpr std::string_view expert_evidence_names[] = {
    "usable", "missing", "stale", "source_not_accepted", "not_on_scale", "parts"};

inline constexpr column_description expert_customer_columns[] = {
    {.name = "customer", .what = content::text, .summary = "customer (客户), sorted by bytes"},
    {.name = "state",
     .what = content::code,
     .summary =
         "scored; knocked_out; refused (a criterion under the rule refuse is not known); nothing_known "
         "(no criterion counts)",
     .levels = expert_states},
    {.name = "points",
     .unit = "points",
     .summary =
         "0 to 100, to nine decimals: the sum of `part` of the criteria at level 1. Who is knocked out "
         "has them too; none where refused or nothing is known",
     .optional = true},
    {.name = "grade",
     .what = content::text,
     .summary = "of the points, or the worst where knocked out; none without the table grades or points",
     .optional = true},
    {.name = "knocked_out_by",
     .what = content::text,
     .summary = "the first criterion of the table that does so",
     .optional = true},
    {.name = "unjudged_knock_outs",
     .what = content::count,
     .summary = "criteria that could knock him out and do not count because nothing usable is known"},
    {.name = "known_share",
     .unit = "share",
     .summary = "weight of the criteria of which something usable is known, of all as the table has them",
     .allowed = zero_to_one},
    {.name = "not_known",
     .what = content::count,
     .summary = "criteria without parts of which nothing usable is known"},
    {.name = "reason",
     .what = content::text,
     .summary = "the criterion with the largest loss of points; none where there is no loss, and of refused "
                "customers the criterion that is not known",
     .optional = true},
    {.name = "second_reason", .what = content::text, .summary = "the next one", .optional = true},
    {.name = "third_reason", .what = content::text, .summary = "the one after", .optional = true},
};
inline constexpr column_description expert_judgement_columns[] = {
    {.name = "customer", .what = content::text, .summary = "customer"},
    {.name = "criterion", .what = content::text, .summary = "in the order of the table criteria"},
    {.name = "parent", .what = content::text, .summary = "what it is a part of", .optional = true},
    {.name = "level", .what = content::count, .summary = "1 at the top"},
    {.name = "evidence",
     .what = content::code,
     .summary = "what is known of it; parts: it has parts",
     .levels = expert_evidence_names},
    {.name = "rule",
     .what = content::code,
     .summary = "what was done because nothing usable is known; none where it is",
     .optional = true,
     .levels = missing_rule_names},
    {.name = "points",
     .unit = "points",
     .summary = "0 to 100; none where it does not count",
     .optional = true},
    {.name = "capped",
     .what = content::boolean,
     .summary = "whether its source allows no more points than these"},
    {.name = "weight", .unit = "share", .summary = "in the whole, as it counts", .allowed = zero_to_one},
    {.name = "part",
     .unit = "points",
     .summary = "weight x points; of a criterion with parts the sum of theirs, to the last bit"},
    {.name = "loss", .unit = "points", .summary = "weight x what lacks to 100 points; of parts their sum"},
    {.name = "loss_rank",
     .what = content::count,
     .summary =
         "1 has the largest loss; equal ones in the order of the table; none with parts or without loss",
     .optional = true},
    {.name = "date", .what = content::day, .summary = "of the evidence that is used", .optional = true},
    {.name = "source", .what = content::text, .summary = "of the evidence that is used", .optional = true},
};
inline constexpr std::string_view expert_totals_names[] = {
    "used", "older", "later", "stale", "source_not_accepted", "not_on_scale", "empty"};
inline constexpr column_description expert_totals_columns[] = {
    {.name = "total",
     .what = content::code,
     .summary =
         "used; older than another one, or of the same day with more points; later than as_of; stale; "
         "of a source that is not accepted; with an answer or value that the scale does not have; with "
         "neither",
     .levels = expert_totals_names},
    {.name = "assessments", .what = content::count, .summary = "rows; together all that were pushed"},
};
inline constexpr table_description expert_outputs[] = {
    {.name = "customers", .summary = "one row for each customer", .columns = expert_customer_columns},
    {.name = "criteria",
     .summary = "each criterion of each customer: how his points come about",
     .columns = expert_judgement_columns},
    {.name = "totals", .summary = "where every assessment went (对账)", .columns = expert_totals_columns},
};

// Hong's character is 0.6 x 80 + 0.4 x 100 = 88, and he has 0.3 x 88 + 0.3 x 50 + 0.2 x 75 + 0.2 x 60 = 68.4. His
// current ratio of 1.5 is half way from 1 to 2, his equity of 350,000 is in the step from 300,000, and what he says of his
// collateral brings no more than 60. Of Lan there are no references, so that the payments are her whole character; her
// accounts of 2024 are stale, and capacity without evidence has the worst points: 0.3 x 20 + 0 + 0.2 x 100 + 0.2 x 90 =
// 44, and 20 points for her character knock her out. Of Mei nobody knows the collateral, which must be known.
inline constexpr example_table expert_example_rows[] = {{"assessments",
                                                         "customer,criterion,answer,value,date,source\n"
                                                         "Hong,payments,prompt,,2026-01-10,ledger\n"
                                                         "Hong,payments,late,,2025-01-10,ledger\n"
                                                         "Hong,references,,100,2026-01-15,bank\n"
                                                         "Hong,capacity,,1.5,2025-12-31,audited\n"
                                                         "Hong,capital,,350000,2025-12-31,audited\n"
                                                         "Hong,collateral,,85,2026-01-20,customer\n"
                                                         "Lan,payments,very late,,2026-01-10,ledger\n"
                                                         "Lan,capacity,,1.9,2024-06-30,audited\n"
                                                         "Lan,capital,,2000000,2025-12-31,audited\n"
                                                         "Lan,collateral,,90,2026-01-20,bank\n"
                                                         "Mei,payments,prompt,,2026-01-10,ledger\n"
                                                         "Mei,capital,,10000,2025-12-31,audited\n"}};
inline constexpr example_table expert_example_model[] = {
    {"criteria", "criterion,parent,weight,worst,best,if_missing,valid_days,knock_out_below\n"
                 "character,,0.3,,,,,25\n"
                 "payments,character,0.6,,,,,\n"
                 "references,character,0.4,,,,,\n"
                 "capacity,,0.3,1,2,worst,365,\n"
                 "capital,,0.2,,,,,\n"
                 "collateral,,0.2,,,refuse,,\n"},
    {"scale", "criterion,answer,at_least,points\n"
              "payments,prompt,,80\npayments,late,,50\npayments,very late,,20\n"
              "capital,,0,25\ncapital,,100000,50\ncapital,,300000,75\ncapital,,1000000,100\n"},
    {"sources", "source,accepted,points_at_most\nledger,,\nbank,,\naudited,,\ncustomer,,60\nrumour,false,\n"},
    {"grades", "grade,points_at_least\nA,80\nB,60\nC,40\nD,0\n"}};
inline constexpr example_slot expert_example_slots[] = {
    {.name = "scorecard", .entry = expert_score_name, .tables = expert_example_model}};
inline constexpr example_option expert_example_options[] = {{"as_of", "2026-02-01"}};
inline constexpr example_table expert_example_expected[] = {
    {"customers", "customer,state,points,grade,knocked_out_by,unjudged_knock_outs,known_share,not_known,"
                  "reason,second_reason,"
                  "third_reason\n"
                  "Hong,scored,68.4,B,,0,1,0,capacity,collateral,capital\n"
                  "Lan,knocked_out,44,D,character,0,0.58,2,capacity,payments,collateral\n"
                  "Mei,refused,,,,0,0.38,3,collateral,,\n"},
    {"criteria",
     "customer,criterion,parent,level,evidence,rule,points,capped,weight,part,loss,loss_rank,date,source\n"
     "Hong,character,,1,parts,,88,false,0.3,26.4,3.6,,,\n"
     "Hong,payments,character,2,usable,,80,false,0.18,14.4,3.6,4,2026-01-10,ledger\n"
     "Hong,references,character,2,usable,,100,false,0.12,12,0,,2026-01-15,bank\n"
     "Hong,capacity,,1,usable,,50,false,0.3,15,15,1,2025-12-31,audited\n"
     "Hong,capital,,1,usable,,75,false,0.2,15,5,3,2025-12-31,audited\n"
     "Hong,collateral,,1,usable,,60,true,0.2,12,8,2,2026-01-20,customer\n"
     "Lan,character,,1,parts,,20,false,0.3,6,24,,,\n"
     "Lan,payments,character,2,usable,,20,false,0.3,6,24,2,2026-01-10,ledger\n"
     "Lan,references,character,2,missing,renormalise,,false,0,0,0,,,\n"
     "Lan,capacity,,1,stale,worst,0,false,0.3,0,30,1,,\n"
     "Lan,capital,,1,usable,,100,false,0.2,20,0,,2025-12-31,audited\n"
     "Lan,collateral,,1,usable,,90,false,0.2,18,2,3,2026-01-20,bank\n"
     "Mei,character,,1,parts,,80,false,0.375,30,7.5,,,\n"
     "Mei,payments,character,2,usable,,80,false,0.375,30,7.5,3,2026-01-10,ledger\n"
     "Mei,references,character,2,missing,renormalise,,false,0,0,0,,,\n"
     "Mei,capacity,,1,missing,worst,0,false,0.375,0,37.5,1,,\n"
     "Mei,capital,,1,usable,,25,false,0.25,6.25,18.75,2,2025-12-31,audited\n"
     "Mei,collateral,,1,missing,refuse,,false,0,0,0,,,\n"},
    {"totals", "total,assessments\nused,10\nolder,1\nlater,0\nstale,1\nsource_not_accepted,0\nnot_on_scale,"
               "0\nempty,0\n"}};
// Without a scorecard: the mean of the five Cs.
inline constexpr example_table expert_five_rows[] = {
    {"assessments", "customer,criterion,value\nHong,character,90\nHong,capacity,70\nHong,capital,60\n"
                    "Hong,collateral,40\nHong,conditions,80\n"}};
inline constexpr example_table expert_five_expected[] = {
    {"customers", "customer,state,points,known_share,reason,second_reason,third_reason\n"
                  "Hong,scored,68,1,collateral,capital,capacity\n"}};
inline constexpr example expert_examples[] = {
    {.what = verb::reduce,
     .summary =
         "three customers: one with all evidence, one knocked out, and one of whom too little is known",
     .source = "made for this page, to be checked by hand",
     .tables = expert_example_rows,
     .options = expert_example_options,
     .expected = expert_example_expected,
     .tolerance = 1e-13,
     .slots = expert_example_slots},
    {.what = verb::reduce,
     .summary = "the five Cs with equal weights",
     .source = "made for this page, to be checked by hand",
     .tables = expert_five_rows,
     .expected = expert_five_expected,
     .tolerance = 1e-13},
};
inline constexpr std::string_view expert_formats[] = {"json"};

inline constexpr entry_description expert_score_description{
    .name = expert_score_name,
    .what = verb::reduce,
    .summary =
        "expert assessment by the five Cs or any hierarchy of criteria, with rules for what is missing, "
        "old or from a weak source, knock-outs, grades and reasons",
    .source =
        "the five Cs of credit (5C 要素分析法) as Chinese texts on credit management teach them; weighted "
        "scorecards of experts as openRiskScore and ERP systems have them",
    .chinese = "专家评估法 (5C 要素分析法)",
    .since = "0.1",
    .store = "rows",
    .inputs = expert_inputs,
    .options = expert_options,
    .slots = expert_slots,
    .outputs = expert_outputs,
    .model_tables = expert_model_tables,
    .formats = expert_formats,
    .examples = expert_examples,
    .no_demo = "no expert has looked at the simulated company's customers",
};

} // namespace emptor::credit
