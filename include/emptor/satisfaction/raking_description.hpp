// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/satisfaction/raking.hpp>
#include <emptor/satisfaction/survey_options.hpp>

/// How the catalogue knows raking (raking.hpp).
namespace emptor::satisfaction {

inline constexpr std::string_view raking_name = "satisfaction.raking";

/// What becomes of a respondent without one of the classes.
enum class raking_missing : std::int32_t { refuse = 0, leave = 1 };
inline constexpr std::string_view raking_missing_names[] = {"refuse", "leave"};
inline constexpr std::string_view raking_start_names[] = {"given", "equal"};
/// How raking ended: all margins met, or some weights held at their bounds.
enum class raking_state : std::int32_t { converged = 0, bounded = 1 };
inline constexpr std::string_view raking_states[] = {"converged", "bounded"};

inline constexpr option_description raking_option_list[] = {
    option_brand,
    {.name = "period",
     .what = option_content::day,
     .summary = "the period whose answers are weighted; without it those of all periods together"},
    {.name = "start",
     .what = option_content::choice,
     .summary = "weights to begin with: given, those of the survey; or equal ones",
     .default_value = "given",
     .choices = raking_start_names},
    {.name = "missing",
     .what = option_content::choice,
     .summary = "a respondent of whom a variable is not known: refuse; or leave, so that this variable does "
                "not change "
                "his weight and its shares are those of the others",
     .default_value = "refuse",
     .choices = raking_missing_names},
    {.name = "trim_low",
     .summary = "least weight, in mean weights; 0 = no bound",
     .unit = "mean weights",
     .allowed = {.low = 0.0, .high = 1.0, .high_open = true},
     .default_value = "0"},
    {.name = "trim_high",
     .summary = "largest weight, in mean weights, such as 5; without it there is no bound",
     .unit = "mean weights",
     .allowed = {.low = 1.0, .high = 1e9, .low_open = true}},
    {.name = "most_rounds",
     .what = option_content::integer,
     .summary = "rounds over all variables after which it gives up",
     .allowed = {1.0, 100000.0},
     .default_value = "1000"},
    {.name = "tolerance",
     .summary = "largest difference of a share from the wanted one with which it ends",
     .unit = "share",
     .allowed = {1e-14, 0.1},
     .default_value = "1e-10"},
};

inline constexpr column_description raking_margin_inputs[] = {
    {.name = "variable",
     .what = content::text,
     .summary = "group, period, or the label of a question of the survey"},
    {.name = "level",
     .what = content::text,
     .summary = "the group, the day such as 2026-01-01, or the answer as a number; each once"},
    {.name = "share",
     .unit = "share",
     .summary = "that it should have; those of a variable add up to 1",
     .allowed = {.low = 0.0, .high = 1.0, .low_open = true}},
};
inline constexpr table_description raking_model_tables[] = {
    {.name = "margins", .summary = "shares of the levels of variables", .columns = raking_margin_inputs}};
inline constexpr std::string_view raking_accepts[] = {raking_name};
inline constexpr slot_description raking_slots[] = {
    {.name = "margins", .summary = "the table margins", .accepts = raking_accepts}};

inline constexpr column_description raking_weight_columns[] = {
    {.name = "respondent", .what = content::text, .summary = "who answered"},
    {.name = "period",
     .what = content::day,
     .summary = "when; none where the survey has no periods",
     .optional = true},
    {.name = "before", .unit = "mean weights", .summary = "the weight to begin with over the mean of these"},
    {.name = "weight", .unit = "mean weights", .summary = "the raked weight"},
    {.name = "factor", .summary = "weight / before"},
};
inline constexpr column_description raking_margin_columns[] = {
    {.name = "variable", .what = content::text, .summary = "in the order of the table"},
    {.name = "level", .what = content::text, .summary = "of the variable"},
    {.name = "respondents", .what = content::count, .summary = "rows that have it"},
    {.name = "before", .unit = "share", .summary = "share by the weights to begin with"},
    {.name = "wanted", .unit = "share", .summary = "share that it should have"},
    {.name = "share", .unit = "share", .summary = "share by the raked weights"},
    {.name = "deviation", .unit = "share", .summary = "share - wanted"},
};
inline constexpr column_description raking_summary_columns[] = {
    {.name = "state",
     .what = content::code,
     .summary = "converged; bounded: the bounds keep some shares off by what deviation says",
     .levels = raking_states},
    {.name = "rounds", .what = content::count, .summary = "over all variables"},
    {.name = "largest_deviation", .unit = "share", .summary = "of a share from the wanted one"},
    {.name = "answers", .what = content::count, .summary = "rows that are weighted"},
    effective_answers_column,
    {.name = "design_effect", .summary = "answers / effective_answers"},
    {.name = "smallest", .unit = "mean weights", .summary = "raked weight"},
    {.name = "largest", .unit = "mean weights", .summary = "raked weight"},
    {.name = "trimmed_low", .what = content::count, .summary = "weights at the lower bound"},
    {.name = "trimmed_high", .what = content::count, .summary = "weights at the upper bound"},
};
inline constexpr table_description raking_outputs[] = {
    {.name = "weights",
     .summary = "the weight of each respondent, to be pushed under a higher revision",
     .columns = raking_weight_columns},
    {.name = "margins",
     .summary = "the shares of each level, before and now",
     .columns = raking_margin_columns},
    {.name = "summary", .summary = "how it ended, and what it cost", .columns = raking_summary_columns},
};

// North has 3 women and 1 man, South 1 and 3. Half of each, wanted are 0.55 North and 0.7 women. With x the share of women of the
// North, x (0.45 - (0.7 - x)) / ((0.55 - x)(0.7 - x)) must stay 9, as before: 8 x^2 - 11 x + 3.465 = 0.
inline constexpr example_table raking_example_rows[] = {
    {"answers",
     "respondent,group,items:sex\nA,North,1\nB,North,1\nC,North,1\nD,North,2\nE,South,1\nF,South,2\n"
     "G,South,2\nH,South,2\n"}};
inline constexpr example_table raking_example_margins[] = {
    {"margins", "variable,level,share\ngroup,North,0.55\ngroup,South,0.45\nsex,1,0.7\nsex,2,0.3\n"}};
inline constexpr example_slot raking_example_slots[] = {{"margins", raking_name, raking_example_margins, {}}};
inline constexpr example_option raking_example_options[] = {{"tolerance", "1e-14"}};
inline constexpr example_table raking_example_expected[] = {
    {"weights", "respondent,before,weight,factor\nA,1,1.3031342093137712,1.3031342093137712\nB,1,1."
                "3031342093137712,1.3031342093137712\nC,1,1.3031342093137712,1.3031342093137712\nD,1,0."
                "49059737205868664,0.49059737205868664\nE,1,1.6905973720586867,1.6905973720586867\nF,1,0."
                "6364675426471045,0.6364675426471045\nG,1,0.6364675426471045,0.6364675426471045\nH,1,0."
                "6364675426471045,0.6364675426471045\n"},
    {"margins", "variable,level,respondents,before,wanted,share\ngroup,North,4,0.5,0.55,0.55\ngroup,South,4,"
                "0.5,0.45,0.45\n"
                "sex,1,4,0.5,0.7,0.7\nsex,2,4,0.5,0.3,0.3\n"},
    {"summary",
     "state,answers,effective_answers,design_effect,smallest,largest,trimmed_low,trimmed_high\nconverged,8,6."
     "802320268608531,1.17606929460798,0.49059737205868664,1.6905973720586867,0,0\n"},
};
inline constexpr example raking_examples[] = {
    {.what = verb::reduce,
     .summary = "eight respondents, by group and sex",
     .source = "the odds ratio of a table of four fields does not change, which leaves a quadratic equation",
     .tables = raking_example_rows,
     .options = raking_example_options,
     .expected = raking_example_expected,
     .tolerance = 1e-12,
     .slots = raking_example_slots}};

inline constexpr entry_description raking_description{
    .name = raking_name,
    .what = verb::reduce,
    .summary = "weights with which a survey has given shares of groups and answers: raking, with bounds and "
               "design effect",
    .source =
        "Deming and Stephan, On a least squares adjustment of a sampled frequency table, 1940; Csiszar, 1975",
    .chinese = "样本加权(迭代比例拟合)",
    .since = "0.1",
    .store = "survey",
    .options = raking_option_list,
    .slots = raking_slots,
    .outputs = raking_outputs,
    .model_tables = raking_model_tables,
    .formats = survey_model_formats,
    .examples = raking_examples,
    .no_demo = "the company of the demo asks its customers nothing",
};

} // namespace emptor::satisfaction
