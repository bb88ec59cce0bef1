// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/satisfaction/ratings.hpp>
#include <emptor/satisfaction/survey_options.hpp>

/// How the catalogue knows ratings (ratings.hpp).
namespace emptor::satisfaction {

inline constexpr std::string_view ratings_name = "satisfaction.ratings";

/// Which figures of the answers are told.
enum class rating_measure : std::int32_t { mean = 0, top_share = 1, bottom_share = 2, all = 3 };
inline constexpr std::string_view rating_measure_names[] = {"mean", "top_share", "bottom_share"};
inline constexpr std::string_view rating_tested_names[] = {"mean", "top_share", "bottom_share", "all"};

/// Ends of a scale.
inline constexpr domain rating_scale_domain{-1e9, 1e9};
/// How many answers of a scale are the top or bottom ones.
inline constexpr domain rating_box_domain{.low = 0.0, .high = 1e9, .low_open = true};

inline constexpr option_description ratings_options[] = {
    option_items,
    {.name = "scale_low",
     .summary = "the least answer of items for which table scales has no other; answers below are refused",
     .allowed = rating_scale_domain,
     .default_value = "1"},
    {.name = "scale_high",
     .summary = "their greatest answer; answers above are refused",
     .allowed = rating_scale_domain,
     .default_value = "5"},
    {.name = "top",
     .summary = "how many points of the scale are its upper boxes: 2 of 5 are the answers 4 and 5",
     .allowed = rating_box_domain,
     .default_value = "2"},
    {.name = "bottom",
     .summary = "how many points are its lower boxes",
     .allowed = rating_box_domain,
     .default_value = "2"},
    option_brand,
    option_weight_meaning,
    option_by,
    {.name = "tested",
     .what = option_content::choice,
     .summary =
         "which figure groups and periods are compared by; all: each of the three, in one family of tests",
     .default_value = "mean",
     .choices = rating_tested_names},
    option_group_tests,
    option_reference_group,
    option_period_tests,
    option_confidence,
};

inline constexpr column_description rating_scale_columns[] = {
    {.name = "item", .what = content::text, .summary = "label of the question; each once"},
    {.name = "scale_low",
     .summary = "its least answer; missing = the option scale_low",
     .allowed = rating_scale_domain,
     .optional = true},
    {.name = "scale_high",
     .summary = "its greatest answer; missing = the option scale_high",
     .allowed = rating_scale_domain,
     .optional = true},
    {.name = "top",
     .summary = "points of its upper boxes; missing = the option top",
     .allowed = rating_box_domain,
     .optional = true},
    {.name = "bottom",
     .summary = "points of its lower boxes; missing = the option bottom",
     .allowed = rating_box_domain,
     .optional = true},
};
inline constexpr table_description ratings_model_tables[] = {
    {.name = "scales",
     .summary = "the questions and their scales, where these are not all alike",
     .columns = rating_scale_columns}};
inline constexpr std::string_view ratings_accepts[] = {ratings_name};
inline constexpr slot_description ratings_slots[] = {
    {.name = "scales",
     .summary = "the table scales; without it all questions have the scale of the options",
     .accepts = ratings_accepts,
     .optional = true}};

inline constexpr column_description item_column{
    .name = "item", .what = content::text, .summary = "label of the question"};
inline constexpr column_description rating_columns[] = {
    item_column,
    group_column,
    period_column,
    answers_column,
    missing_column,
    coded_column,
    missing_share_column,
    {.name = "mean",
     .unit = "points of the scale",
     .summary = "by weight; none without answers",
     .optional = true},
    {.name = "deviation",
     .unit = "points of the scale",
     .summary = "standard deviation of an answer; none of one answer",
     .optional = true},
    {.name = "mean_low",
     .unit = "points of the scale",
     .summary = "lower end of the t interval of the mean; none where all answered alike",
     .optional = true},
    {.name = "mean_high", .unit = "points of the scale", .summary = "its other end", .optional = true},
    {.name = "index",
     .unit = "points",
     .summary = "the mean on a scale from 0 to 100: 100 (mean - scale_low) / (scale_high - scale_low)",
     .optional = true},
    {.name = "top", .what = content::count, .summary = "answers in the upper boxes"},
    {.name = "top_share",
     .unit = "share",
     .summary = "their share by weight (满意率, CSAT); none without answers",
     .optional = true},
    {.name = "top_low", .unit = "share", .summary = "lower end of its Wilson interval", .optional = true},
    {.name = "top_high", .unit = "share", .summary = "its other end", .optional = true},
    {.name = "bottom", .what = content::count, .summary = "answers in the lower boxes"},
    {.name = "bottom_share",
     .unit = "share",
     .summary = "their share by weight (不满意率)",
     .optional = true},
    {.name = "bottom_low", .unit = "share", .summary = "lower end of its Wilson interval", .optional = true},
    {.name = "bottom_high", .unit = "share", .summary = "its other end", .optional = true},
    effective_answers_column,
    design_effect_column,
};
inline constexpr column_description rating_test_columns[] = {
    item_column,
    {.name = "measure", .what = content::code, .summary = "what is compared", .levels = rating_measure_names},
    compared_with_column,
    group_column,
    period_column,
    other_group_column,
    other_period_column,
    answers_column,
    {.name = "other_answers", .what = content::count, .summary = "those that it is compared with"},
    shared_column,
    {.name = "figure", .summary = "mean or share", .optional = true},
    {.name = "other_figure", .summary = "the one that it is compared with", .optional = true},
    {.name = "difference", .summary = "figure - other_figure", .optional = true},
    {.name = "standard_error",
     .summary = "of the difference, of shares if the true ones are equal; none, as degrees, interval and "
                "p-value, where "
                "the answers of one side do not vary (of a share: where those of both sides are the same)",
     .optional = true},
    {.name = "difference_low",
     .summary = "lower end of its interval: t of means, Newcombe's of shares",
     .optional = true},
    {.name = "difference_high", .summary = "its other end", .optional = true},
    {.name = "degrees",
     .summary = "degrees of freedom of the t-test (Welch); none of shares",
     .optional = true},
    p_value_column,
    holm_column,
    benjamini_hochberg_column,
};
inline constexpr table_description ratings_outputs[] = {
    {.name = "ratings",
     .summary = "mean, upper and lower boxes of each question, of all answers and of the parts that option "
                "by asks for",
     .columns = rating_columns},
    {.name = "tests",
     .summary = "groups and periods compared, with p-values for all tests of all questions together",
     .columns = rating_test_columns},
};

// Answers 5 4 4 3 2 5 of the first and 1 3 2 2 of the second group. The question of effort has a scale of 7 points.
inline constexpr example_table ratings_example_rows[] = {
    {"answers",
     "respondent,group,items:overall,items:effort\nA1,North,5,1\nA2,North,4,2\nA3,North,4,7\n"
     "A4,North,3,\nA5,North,2,3\nA6,North,5,2\nB1,South,1,6\nB2,South,3,4\nB3,South,2,9\nB4,South,2,5\n"}};
inline constexpr example_table ratings_example_scales[] = {
    {"scales", "item,scale_high,top\noverall,,\neffort,7,3\n"}};
inline constexpr example_slot ratings_example_slots[] = {
    {"scales", ratings_name, ratings_example_scales, {}}};
inline constexpr example_option ratings_example_options[] = {
    {"by", "group"}, {"tested", "all"}, {"missing_codes", "9"}};
inline constexpr example_table ratings_example_expected[] = {
    {"ratings",
     "item,group,answers,missing,coded,mean,deviation,mean_low,mean_high,index,top,top_share,top_low,top_"
     "high,"
     "bottom,bottom_share\n"
     "overall,,10,0,0,3.1,1.3703203194062976,2.1197318961207774,4.080268103879223,52.5,4,0.4,0."
     "16818032970623611,0.6873262302663418,4,0.4\n"
     "overall,North,6,0,0,3.8333333333333335,1.1690451944500122,2.606495641628359,5.060171025038308,70."
     "83333333333333,4,0.6666666666666666,0.299993315138392,0.9032285888942195,1,0.16666666666666666\n"
     "overall,South,4,0,0,2.0,0.816496580927726,0.7007717363748884,3.2992282636251113,25.0,0,0.0,0,"
     "0.48989083645459736,3,0.75\n"
     "effort,,8,2,1,3.75,2.1213203435596424,1.976531811305411,5.523468188694589,45.833333333333336,3,0.375,0."
     "13684428582359737,0.6942576053973727,3,0.375\n"
     "effort,North,5,1,0,3.0,2.345207879911715,0.08803980720984605,5.911960192790154,33.333333333333336,1,0."
     "2,0.03622410863243016,0.6244653702374747,3,0.6\n"
     "effort,South,3,1,1,5.0,1.0,2.515862288249669,7.484137711750331,66.66666666666667,2,0.6666666666666666,"
     "0.20765960080204773,0.9385080552796038,0,0.0\n"},
    {"tests",
     "item,measure,compared_with,group,other_group,answers,other_answers,figure,other_figure,difference,"
     "standard_error,difference_low,difference_high,degrees,p_value,holm,benjamini_hochberg\n"
     "overall,mean,group,North,South,6,4,3.8333333333333335,2.0,1.8333333333333333,0.6280481227138924,0."
     "3826177486696227,3.284048917997044,7.92360892801006,0.019518924950920887,0.11711354970552532,0."
     "10504494305898754\n"
     "overall,top_share,group,North,South,6,4,0.6666666666666666,0.0,0.6666666666666666,0.31622776601683794,"
     "0.05474969651208537,0.9032285888942195,,0.03501498101966251,0.17507490509831256,0.10504494305898754\n"
     "overall,bottom_share,group,North,South,6,4,0.16666666666666666,0.75,-0.5833333333333334,0."
     "31622776601683794,-0.829194596728333,0.016167865969450912,,0.06508672649276678,0.26034690597106713,0."
     "13017345298553357\n"
     "effort,mean,group,North,South,5,3,3.0,5.0,-2.0,1.1972189997378648,-4.962250024638846,0."
     "9622500246388456,5.7377812257564,0.1481083224549221,0.2962166449098442,0.1777299869459065\n"
     "effort,top_share,group,North,South,5,3,0.2,0.6666666666666666,-0.4666666666666667,0.3535533905932738,-"
     "0.7840312569351021,0.15851997510080035,,0.1868575026630404,0.2962166449098442,0.1868575026630404\n"
     "effort,bottom_share,group,North,South,5,3,0.6,0.0,0.6,0.3535533905932738,-0.07204424936818246,0."
     "8823792257673521,,0.08968602177036462,0.2690580653110939,0.13452903265554694\n"},
};
inline constexpr example ratings_examples[] = {
    {.what = verb::reduce,
     .summary = "satisfaction on 5 points and effort on 7, in two groups",
     .source = "the definitions, worked out with 40 digits",
     .tables = ratings_example_rows,
     .options = ratings_example_options,
     .expected = ratings_example_expected,
     .tolerance = 1e-12,
     .slots = ratings_example_slots}};

inline constexpr entry_description ratings_description{
    .name = ratings_name,
    .what = verb::reduce,
    .summary = "mean, upper and lower boxes of ratings (CSAT, CES), how sure they are, and whether groups "
               "and periods differ",
    .source = "Wilson, 1927; Newcombe, 1998; Welch, 1947; Kish, Survey Sampling, 1965; Holm, 1979; Benjamini "
              "and Hochberg, "
              "1995",
    .chinese = "满意率与平均评分",
    .since = "0.1",
    .store = "survey",
    .options = ratings_options,
    .slots = ratings_slots,
    .outputs = ratings_outputs,
    .model_tables = ratings_model_tables,
    .formats = survey_model_formats,
    .examples = ratings_examples,
    .no_demo = "the company of the demo asks its customers nothing",
};

} // namespace emptor::satisfaction
