// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/decision/criteria_columns.hpp>
#include <emptor/stats/fuzzy_evaluation.hpp>

/// How the catalogue knows fuzzy comprehensive evaluation: its tables, options and examples.
namespace emptor::decision {

inline constexpr std::string_view fuzzy_evaluation_name = "decision.fuzzy_evaluation";
/// Grades at most.
inline constexpr std::size_t most_grades = 100;

inline constexpr column_description evaluated_object_column{
    .name = "object",
    .what = content::id,
    .summary = "what is evaluated, where there are several; all with the same weights",
    .optional = true};
inline constexpr column_description fuzzy_weight_columns[] = {
    {.name = "parent",
     .what = content::text,
     .summary = "the criterion that it is a part of; missing = the goal. Parts may have parts of their own",
     .optional = true},
    {.name = "criterion", .what = content::text, .summary = "below one parent once"},
    {.name = "weight",
     .summary = "how much it counts; those below one parent are made to add up to 1",
     .allowed = criterion_weights},
};
inline constexpr column_description fuzzy_grade_columns[] = {
    {.name = "grade", .what = content::text, .summary = "such as excellent, good, fair, poor; each once"},
    {.name = "score",
     .summary = "what it is worth; no two are the same, and the greatest is the best",
     .allowed = {-1e12, 1e12}},
};
inline constexpr column_description fuzzy_membership_columns[] = {
    evaluated_object_column,
    {.name = "criterion", .what = content::text, .summary = "that has no parts"},
    {.name = "grade", .what = content::text, .summary = "of the table grades"},
    {.name = "membership",
     .summary = "in how far it belongs to that grade (隶属度); 0 in grades that are not here",
     .allowed = zero_to_one},
};
inline constexpr column_description fuzzy_rating_columns[] = {
    evaluated_object_column,
    {.name = "criterion", .what = content::text, .summary = "that has no parts"},
    {.name = "respondent",
     .what = content::id,
     .summary = "who rates; without a name each row is somebody else",
     .optional = true},
    {.name = "grade",
     .what = content::text,
     .summary = "that he gives. The membership in a grade is the share of those who give it"},
    {.name = "weight",
     .summary = "how many he stands for; missing = 1",
     .allowed = {.low = 0.0, .high = 1e9, .low_open = true},
     .optional = true},
};
inline constexpr table_description fuzzy_evaluation_inputs[] = {
    {.name = "memberships",
     .summary = "memberships of criteria in grades, where they are known",
     .columns = fuzzy_membership_columns,
     .optional = true,
     .whole = true},
    {.name = "ratings",
     .summary = "grades that respondents give, counted into memberships; each criterion has either",
     .columns = fuzzy_rating_columns,
     .optional = true,
     .whole = true},
    {.name = "weights",
     .summary =
         "weights of the criteria: the table weights of decision.analytic_hierarchy, or with parents its "
         "table priorities",
     .columns = fuzzy_weight_columns,
     .whole = true},
    {.name = "grades",
     .summary = "the grades and their scores (评语集)",
     .columns = fuzzy_grade_columns,
     .whole = true},
};
inline constexpr option_description fuzzy_evaluation_options[] = {
    {.name = "composition_operator",
     .what = option_content::choice,
     .summary =
         "how weights a and memberships r meet. weighted_average: sum of a r; max_min: max of min(a, r); "
         "max_product: max of a r; bounded_min_sum: min(1, sum of min(a, r))",
     .default_value = "weighted_average",
     .choices = stats::fuzzy_operators},
    {.name = "normalise_levels",
     .what = option_content::boolean,
     .summary =
         "whether memberships of a criterion with parts are made to add up to 1 before they go up (归一化)",
     .default_value = "false"},
    {.name = "tie",
     .what = option_content::choice,
     .summary = "the grade of several that are equal to 1e-12: lower, the careful one, or higher",
     .default_value = "lower",
     .choices = stats::grade_ties},
};

inline constexpr column_description evaluated_outputs_object{
    .name = "object", .what = content::text, .summary = "none where it has no name", .optional = true};
inline constexpr column_description verdict_operator_column{.name = "composition_operator",
                                                            .what = content::code,
                                                            .summary = "by which it was found",
                                                            .levels = stats::fuzzy_operators};
inline constexpr column_description verdict_grade_column{
    .name = "grade", .what = content::text, .summary = "of the greatest membership (最大隶属度原则)"};
inline constexpr column_description verdict_membership_column{.name = "membership",
                                                              .summary = "in that grade"};
inline constexpr column_description verdict_margin_column{
    .name = "margin", .summary = "to the next greatest membership; 0 of a tie"};
inline constexpr column_description verdict_score_column{
    .name = "score",
    .summary = "mean of the scores by membership (加权平均原则); none where all memberships are 0",
    .optional = true};
inline constexpr column_description verdict_score_grade_column{.name = "score_grade",
                                                               .what = content::text,
                                                               .summary = "whose score is nearest to that",
                                                               .optional = true};
inline constexpr column_description verdict_rank_column{
    .name = "rank",
    .what = content::count,
    .summary = "of the object by score; those equal to 1e-12 share the better rank",
    .optional = true};
inline constexpr column_description fuzzy_result_outputs[] = {
    evaluated_outputs_object,
    verdict_operator_column,
    verdict_grade_column,
    verdict_membership_column,
    verdict_margin_column,
    verdict_score_column,
    verdict_score_grade_column,
    verdict_rank_column,
    {.name = "agreeing",
     .what = content::count,
     .summary =
         "of the four operators, those with the same grade; 4 = the verdict does not hang on the operator"},
    {.name = "agreeing_by_score",
     .what = content::count,
     .summary = "likewise those with the same score_grade"},
};
inline constexpr column_description fuzzy_operator_outputs[] = {
    evaluated_outputs_object,
    verdict_operator_column,
    verdict_grade_column,
    verdict_membership_column,
    verdict_margin_column,
    verdict_score_column,
    verdict_score_grade_column,
    verdict_rank_column,
    {.name = "agrees",
     .what = content::boolean,
     .summary = "whether its grade is that of the option composition_operator"},
};
inline constexpr column_description fuzzy_membership_outputs[] = {
    evaluated_outputs_object,
    {.name = "criterion",
     .what = content::text,
     .summary = "the goal first, which has no name if its parts have no parent",
     .optional = true},
    {.name = "grade", .what = content::text, .summary = "from the best to the worst"},
    {.name = "membership", .summary = "given, counted, or by the option composition_operator"},
    {.name = "share",
     .unit = "share",
     .summary = "of the memberships of the criterion; none where all are 0",
     .optional = true},
    {.name = "leaf", .what = content::boolean, .summary = "whether the criterion has no parts"},
};
inline constexpr table_description fuzzy_evaluation_outputs[] = {
    {.name = "results",
     .summary = "verdict on each object by the option composition_operator",
     .columns = fuzzy_result_outputs},
    {.name = "operators", .summary = "the same by each of the four", .columns = fuzzy_operator_outputs},
    {.name = "evaluation",
     .summary = "memberships of the goal and of each criterion",
     .columns = fuzzy_membership_outputs},
};

inline constexpr example_table fuzzy_example_rows[] = {
    {"memberships",
     "object,criterion,grade,membership\nHai,quality,excellent,0.5\nHai,quality,good,0.3\nHai,quality,fair,0."
     "2\n"
     "Hai,price,excellent,0.2\nHai,price,good,0.4\nHai,price,fair,0.3\nHai,price,poor,0.1\n"
     "Hai,delivery,excellent,0.1\nHai,delivery,good,0.3\nHai,delivery,fair,0.5\nHai,delivery,poor,0.1\n"
     "Hai,service,good,0.2\nHai,service,fair,0.4\nHai,service,poor,0.4\n"},
    {"weights", "criterion,weight\nquality,0.4\nprice,0.3\ndelivery,0.2\nservice,0.1\n"},
    {"grades", "grade,score\nexcellent,95\ngood,80\nfair,65\npoor,40\n"}};
inline constexpr example_table fuzzy_expected[] = {
    {"results", "object,composition_operator,grade,membership,margin,score,score_grade,rank,agreeing\n"
                "Hai,weighted_average,good,0.32,0.01,75.95,good,1,2\n"},
    {"operators",
     "composition_operator,grade,membership,score,agrees\nweighted_average,good,0.32,75.95,true\n"
     "max_min,excellent,0.4,77.7272727272727273,false\n"
     "max_product,excellent,0.2,79.7826086956521739,false\n"
     "bounded_min_sum,good,0.9,75,true\n"}};
inline constexpr example_option fuzzy_options_example[] = {{"composition_operator", "weighted_average"}};
inline constexpr example fuzzy_evaluation_examples[] = {
    {.what = verb::reduce,
     .summary =
         "four criteria and four grades: good by the weighted average, excellent by its main criterion",
     .source = "memberships by each operator as in dtcms.com/a/298653; scores by hand",
     .tables = fuzzy_example_rows,
     .options = fuzzy_options_example,
     .expected = fuzzy_expected,
     .tolerance = 1e-12},
};
inline constexpr entry_description fuzzy_evaluation_description{
    .name = fuzzy_evaluation_name,
    .what = verb::reduce,
    .summary =
        "grades from memberships of criteria or from ratings, by four operators, and whether these agree",
    .source = "L. A. Zadeh 1965; the operators M(x, +), M(and, or), M(x, or) and M(and, bounded sum) of the "
              "Chinese texts",
    .chinese = "模糊综合评价",
    .since = "0.1",
    .store = "rows",
    .inputs = fuzzy_evaluation_inputs,
    .options = fuzzy_evaluation_options,
    .outputs = fuzzy_evaluation_outputs,
    .examples = fuzzy_evaluation_examples,
    .no_demo = "memberships are what people think, which the orders of the company do not tell",
};

} // namespace emptor::decision
