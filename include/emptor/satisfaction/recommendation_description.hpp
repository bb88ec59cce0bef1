// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/satisfaction/recommendation.hpp>
#include <emptor/satisfaction/survey_options.hpp>

/// How the catalogue knows the net promoter score (recommendation.hpp).
namespace emptor::satisfaction {

inline constexpr std::string_view recommendation_name = "satisfaction.recommendation";

inline constexpr option_description recommendation_options[] = {
    {.name = "item",
     .what = option_content::text,
     .summary =
         "the question: how likely it is that one recommends, with whole answers from 0 to 10. No other "
         "question has a net promoter score, so it must be named",
     .required = true},
    option_brand,
    option_weight_meaning,
    option_by,
    option_group_tests,
    option_reference_group,
    option_period_tests,
    option_confidence,
    {.name = "precision",
     .summary = "half of the width of the interval for which the needed number of answers is told",
     .unit = "points",
     .allowed = {0.001, 200.0},
     .default_value = "5"},
};

inline constexpr column_description recommendation_score_columns[] = {
    group_column,
    period_column,
    answers_column,
    missing_column,
    coded_column,
    missing_share_column,
    {.name = "promoters", .what = content::count, .summary = "who answered 9 or 10 (推荐者)"},
    {.name = "passives", .what = content::count, .summary = "who answered 7 or 8 (被动者)"},
    {.name = "detractors", .what = content::count, .summary = "who answered 0 to 6 (贬损者)"},
    {.name = "promoter_share",
     .unit = "share",
     .summary = "by weight; none without answers",
     .optional = true},
    {.name = "passive_share", .unit = "share", .summary = "by weight", .optional = true},
    {.name = "detractor_share", .unit = "share", .summary = "by weight", .optional = true},
    {.name = "score",
     .unit = "points",
     .summary = "net promoter score (净推荐值), -100 to 100: promoters less detractors; none without answers",
     .optional = true},
    {.name = "standard_error",
     .unit = "points",
     .summary = "of the score; 0 where all answered alike, which says nothing",
     .optional = true},
    {.name = "score_low",
     .unit = "points",
     .summary = "lower end of the adjusted Wald interval, which is the one to report",
     .optional = true},
    {.name = "score_high", .unit = "points", .summary = "its other end", .optional = true},
    {.name = "wald_low",
     .unit = "points",
     .summary = "lower end of the plain Wald interval; none where all answered alike",
     .optional = true},
    {.name = "wald_high", .unit = "points", .summary = "its other end", .optional = true},
    {.name = "p_value",
     .unit = "probability",
     .summary =
         "chance of a score at least so far from 0 if the true one is 0; none where all answered alike",
     .optional = true},
    effective_answers_column,
    design_effect_column,
    {.name = "sample_size",
     .unit = "answers",
     .summary =
         "answers of equal weight at which the Wald interval is the score and precision to either side; with "
         "such weights as these times design_effect; none where all answered alike",
     .optional = true},
};
inline constexpr column_description recommendation_test_columns[] = {
    compared_with_column,
    group_column,
    period_column,
    other_group_column,
    other_period_column,
    answers_column,
    {.name = "other_answers", .what = content::count, .summary = "those that it is compared with"},
    shared_column,
    {.name = "score", .unit = "points", .summary = "net promoter score", .optional = true},
    {.name = "other_score",
     .unit = "points",
     .summary = "the one that it is compared with",
     .optional = true},
    {.name = "difference", .unit = "points", .summary = "score - other_score", .optional = true},
    {.name = "standard_error",
     .unit = "points",
     .summary =
         "of the difference; none, and no interval and p-value, where the answers of one of the two do not "
         "vary",
     .optional = true},
    {.name = "difference_low",
     .unit = "points",
     .summary = "lower end of its Wald interval",
     .optional = true},
    {.name = "difference_high", .unit = "points", .summary = "its other end", .optional = true},
    p_value_column,
    holm_column,
    benjamini_hochberg_column,
};
inline constexpr column_description recommendation_distribution_columns[] = {
    group_column,
    period_column,
    {.name = "answer", .what = content::count, .summary = "0 to 10"},
    {.name = "answers", .what = content::count, .summary = "how many gave it"},
    {.name = "share", .unit = "share", .summary = "by weight; none without answers", .optional = true},
};
inline constexpr table_description recommendation_outputs[] = {
    {.name = "scores",
     .summary = "the net promoter score of all answers, and of the parts that option by asks for",
     .columns = recommendation_score_columns},
    {.name = "tests",
     .summary = "groups and periods compared: two-sample z-tests, with p-values for all of them together",
     .columns = recommendation_test_columns},
    {.name = "distribution",
     .summary = "how often each answer was given",
     .columns = recommendation_distribution_columns},
};

// All: 5 promoters, 3 passives, 2 detractors: 0.5 - 0.2 = 0.3, variance 0.7 - 0.09 = 0.61, standard error sqrt(0.061). With 3
// answers more 5.75 promoters and 2.75 detractors of 13: 3 / 13. North 4 of 6 less 0, South 1 less 2 of 4.
inline constexpr example_table recommendation_example_rows[] = {
    {"answers",
     "respondent,group,items:recommend\nA1,North,10\nA2,North,9\nA3,North,9\nA4,North,10\nA5,North,8\n"
     "A6,North,7\nA7,North,99\nB1,South,9\nB2,South,7\nB3,South,6\nB4,South,0\n"}};
inline constexpr example_option recommendation_example_options[] = {
    {"item", "recommend"}, {"by", "group"}, {"missing_codes", "99"}};
inline constexpr example_table recommendation_example_expected[] = {
    {"scores",
     "group,answers,missing,coded,promoters,passives,detractors,score,standard_error,score_low,score_high,"
     "wald_low,wald_high,p_value,effective_answers,sample_size\n"
     ",10,1,1,5,3,2,30,24.698178070456937,-19.050615376363666,65.20446153020983,-18.40753950185257,"
     "78.40753950185257,0.2244940793184678,10,938\n"
     "North,6,1,1,4,2,0,66.66666666666667,19.245008972987524,2.429215888187906,86.45967300070099,"
     "28.947142197460938,100,0.0005320055051392497,6,342\n"
     "South,4,0,0,1,1,2,-25,41.4578098794425,-72.73119710132777,44.15976852989919,-100,56.25581424161614,"
     "0.546493595406582,4,1057\n"},
    {"tests",
     "compared_with,group,other_group,answers,other_answers,score,other_score,difference,standard_error,"
     "difference_low,"
     "difference_high,p_value,holm,benjamini_hochberg\n"
     "group,North,South,6,4,66.66666666666667,-25,91.66666666666667,45.70689631084537,2.082796052303064,"
     "181.25053728103026,0.044906148390500125,0.044906148390500125,0.044906148390500125\n"},
};
inline constexpr example recommendation_examples[] = {
    {.what = verb::reduce,
     .summary = "ten answers in two groups, and one who does not know",
     .source = "the score of 5 promoters, 3 passives and 2 detractors as in Rocks, 2016; the rest by the "
               "definition",
     .tables = recommendation_example_rows,
     .options = recommendation_example_options,
     .expected = recommendation_example_expected,
     .tolerance = 1e-12}};

inline constexpr entry_description recommendation_description{
    .name = recommendation_name,
    .what = verb::reduce,
    .summary = "the net promoter score, how sure it is, and whether groups and periods differ",
    .source = "Reichheld, The one number you need to grow, 2003; Rocks, Interval estimation for the net "
              "promoter score, "
              "2016; Holm, 1979; Benjamini and Hochberg, 1995",
    .chinese = "净推荐值",
    .since = "0.1",
    .store = "survey",
    .options = recommendation_options,
    .outputs = recommendation_outputs,
    .examples = recommendation_examples,
    .no_demo = "the company of the demo asks its customers nothing",
};

} // namespace emptor::satisfaction
