// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/satisfaction/kano.hpp>
#include <emptor/satisfaction/survey_parts.hpp>

/// How `satisfaction.kano` describes itself.
namespace emptor::satisfaction {

inline constexpr std::string_view kano_name = "satisfaction.kano";

inline constexpr column_description kano_feature_columns[] = {
    {.name = "feature", .what = content::text, .summary = "its name; each once"},
    {.name = "functional",
     .what = content::text,
     .summary = "label of the item `how do you feel if it is there`"},
    {.name = "dysfunctional",
     .what = content::text,
     .summary = "label of the item `how do you feel if it is not there`"},
};
inline constexpr table_description kano_model_tables[] = {
    {.name = "features",
     .summary = "which two questions of the survey are about which feature",
     .columns = kano_feature_columns}};
inline constexpr std::string_view kano_accepts[] = {kano_name};
inline constexpr slot_description kano_slots[] = {
    {.name = "features", .summary = "the table features", .accepts = kano_accepts}};

inline constexpr option_description kano_options[] = {
    option_brand,
    option_by,
    {.name = "evaluation_table",
     .what = option_content::choice,
     .summary = "standard: the table of Berger et al.; pouliot: who answers must-be or live-with to both "
                "questions is "
                "questionable and not indifferent",
     .default_value = "standard",
     .choices = kano_table_names},
    {.name = "answer_codes",
     .what = option_content::numbers,
     .summary =
         "the five answers as the items have them: like, must-be, neutral, live-with, dislike; any other "
         "answer is refused",
     .default_value = "1,2,3,4,5"},
    {.name = "test",
     .what = option_content::choice,
     .summary = "of the largest category against the next one. automatic: exact (binomial) where all answers "
                "weigh the "
                "same, else asymptotic; asymptotic: always the normal one",
     .default_value = "automatic",
     .choices = kano_test_choices},
    option_confidence,
};

inline constexpr column_description kano_feature_output_columns[] = {
    {.name = "feature", .what = content::text, .summary = "in the order of table features"},
    {.name = "answers", .what = content::count, .summary = "who answered both questions"},
    {.name = "missing", .what = content::count, .summary = "who left one or both out"},
    {.name = "effective_answers",
     .summary =
         "answers of equal weight from different respondents that would do as well (Kish); none without any",
     .optional = true},
    {.name = "category",
     .what = content::code,
     .summary = "into which most put it; of equal ones must-be comes before one-dimensional, attractive, "
                "indifferent, reverse and questionable; none without answers",
     .optional = true,
     .levels = kano_category_names},
    {.name = "runner_up",
     .what = content::code,
     .summary = "the next one by the same rule; none where all agree",
     .optional = true,
     .levels = kano_category_names},
    {.name = "category_strength",
     .summary = "share of the category less that of the next one",
     .optional = true},
    {.name = "total_strength",
     .summary = "share of must-be, one-dimensional and attractive together: how much it matters",
     .optional = true},
    {.name = "better",
     .summary = "(A + O) / (A + O + M + I): how far satisfaction rises where it is there; none where nobody "
                "is in these",
     .optional = true},
    {.name = "better_low", .summary = "lower end of Wilson's interval of better", .optional = true},
    {.name = "better_high", .summary = "its other end", .optional = true},
    {.name = "worse",
     .summary = "-(O + M) / (A + O + M + I): how far it falls where it is not there",
     .optional = true},
    {.name = "worse_low", .summary = "lower end of Wilson's interval of worse", .optional = true},
    {.name = "worse_high", .summary = "its other end", .optional = true},
    {.name = "coefficient_category",
     .what = content::code,
     .summary =
         "the quadrant of better and worse (Timko): attractive where only better, must-be where only worse "
         "reaches one half, one-dimensional where both do, else indifferent",
     .optional = true,
     .levels = kano_category_names},
    {.name = "questionable_share",
     .summary = "share of answers that contradict themselves: a question that is not understood",
     .optional = true},
    {.name = "questionable_low", .summary = "lower end of Wilson's interval of it", .optional = true},
    {.name = "questionable_high", .summary = "its other end", .optional = true},
    {.name = "test",
     .what = content::code,
     .summary = "exact: binomial; asymptotic: normal",
     .levels = kano_test_names},
    {.name = "p_value",
     .unit = "probability",
     .summary =
         "two-sided, of such a lead of the category over the next one if both are as frequent. Both were "
         "chosen by looking: a guide, not a promise",
     .optional = true},
    {.name = "holm",
     .unit = "probability",
     .summary = "the same for all features of the part together: below alpha, the chance of any false alarm "
                "is below "
                "alpha (Holm)",
     .optional = true},
    {.name = "benjamini_hochberg",
     .unit = "probability",
     .summary = "below alpha, less than that share of such categories is expected to be false (false "
                "discovery rate)",
     .optional = true},
    {.name = "fong_statistic",
     .summary = "Fong's test, |a - b| / sqrt((a + b)(2n - a - b) / (2n)) of the two largest counts a, b of n",
     .optional = true},
    {.name = "fong_decided",
     .what = content::boolean,
     .summary = "whether it reaches 1.65: the category is decided"},
};
inline constexpr column_description kano_category_output_columns[] = {
    {.name = "feature", .what = content::text, .summary = "in the order of table features"},
    {.name = "category",
     .what = content::code,
     .summary = "must-be, one-dimensional, attractive, indifferent, reverse, questionable",
     .levels = kano_category_names},
    {.name = "answers", .what = content::count, .summary = "of this category, each counted as one"},
    {.name = "share", .summary = "by weight, of all who answered both questions", .optional = true},
    {.name = "share_low", .summary = "lower end of Wilson's interval of it", .optional = true},
    {.name = "share_high", .summary = "its other end", .optional = true},
};
inline constexpr auto kano_feature_output = joined<part_columns, kano_feature_output_columns>();
inline constexpr auto kano_category_output = joined<part_columns, kano_category_output_columns>();
inline constexpr table_description kano_outputs[] = {
    {.name = "features", .summary = "what each feature does to satisfaction", .columns = kano_feature_output},
    {.name = "categories",
     .summary = "how many put each feature into each category",
     .columns = kano_category_output},
};

// Search: 5 attractive (like, neutral), 3 one-dimensional (like, dislike), 1 must-be, 1 indifferent of 10: better 8 / 10,
// worse -4 / 10. Of the 8 in the two largest categories 5 or more are in one with the probability 2 x 93 / 256 = 0.7265625; Fong:
// 2 / sqrt(8 x 12 / 20). Export: Ida left one question out, Hal contradicts himself, 7 must-be and 1 indifferent are left of 9:
// better 0 / 8, worse -7 / 8; 2 x 9 / 256 = 0.0703125, twice that by Holm.
inline constexpr example_table kano_example_rows[] = {
    {"answers", "respondent,items:search_yes,items:search_no,items:export_yes,items:export_no\n"
                "Ann,1,3,2,5\nBob,1,3,3,5\nCai,1,2,2,5\nDan,1,4,3,5\nEva,1,3,4,5\n"
                "Fay,1,5,2,5\nGil,1,5,3,5\nHal,1,5,1,1\nIda,3,5,2,\nJon,3,3,3,3\n"}};
inline constexpr example_table kano_example_features[] = {
    {"features",
     "feature,functional,dysfunctional\nsearch,search_yes,search_no\nexport,export_yes,export_no\n"}};
inline constexpr example_slot kano_example_slots[] = {{"features", kano_name, kano_example_features, {}}};
inline constexpr example_table kano_example_expected[] = {
    {"features",
     "feature,answers,missing,category,runner_up,category_strength,total_strength,better,better_low,better_"
     "high,"
     "worse,worse_low,worse_high,coefficient_category,questionable_share,test,p_value,holm,benjamini_"
     "hochberg,"
     "fong_statistic,fong_decided\n"
     "search,10,0,attractive,one_dimensional,0.2,0.9,0.8,0.4901624715366417,0.9433178485456247,-0.4,"
     "-0.6873262302663417,-0.1681803297062361,attractive,0,exact,0.7265625,0.7265625,0.7265625,0."
     "912870929175277,false\n"
     "export,9,1,must_be,indifferent,0.6666666666666667,0.7777777777777778,0,0,0.3244075648838803,-0.875,"
     "-0.9775825085499433,-0.5291118177871465,must_be,0.1111111111111111,exact,0.0703125,0.140625,0.140625,2."
     "846049894151541,true\n"},
    {"categories",
     "feature,category,answers,share\nsearch,must_be,1,0.1\nsearch,one_dimensional,3,0.3\n"
     "search,attractive,5,0.5\nsearch,indifferent,1,0.1\nsearch,reverse,0,0\n"
     "search,questionable,0,0\nexport,must_be,7,0.7777777777777778\nexport,one_dimensional,0,0\n"
     "export,attractive,0,0\nexport,indifferent,1,0.1111111111111111\nexport,reverse,0,0\n"
     "export,questionable,1,0.1111111111111111\n"},
};
inline constexpr example kano_examples[] = {
    {.what = verb::reduce,
     .summary = "two features, ten respondents, one of whom contradicts himself",
     .source = "the definitions, with figures to be checked by hand; intervals with mpmath",
     .tables = kano_example_rows,
     .expected = kano_example_expected,
     .tolerance = 1e-12,
     .slots = kano_example_slots}};

inline constexpr entry_description kano_description{
    .name = kano_name,
    .what = verb::reduce,
    .summary = "what each feature does to satisfaction, from functional and dysfunctional questions: "
               "category, Better and "
               "Worse with intervals, and whether the category is more than chance",
    .source = "Kano et al., Attractive quality and must-be quality, 1984; Berger et al., Kano's methods for "
              "understanding customer-defined quality, 1993",
    .chinese = "卡诺模型",
    .since = "0.1",
    .store = "survey",
    .options = kano_options,
    .slots = kano_slots,
    .outputs = kano_outputs,
    .model_tables = kano_model_tables,
    .formats = survey_model_formats,
    .examples = kano_examples,
    .no_demo = "the company of the demo asks nobody about features",
};

} // namespace emptor::satisfaction
