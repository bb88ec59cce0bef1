// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/decision/criteria_columns.hpp>

/// How the catalogue knows TOPSIS: its tables, options and examples.
namespace emptor::decision {

inline constexpr std::string_view topsis_name = "decision.topsis";

/// By what the figures of a criterion are divided.
enum class topsis_normalisation : std::int32_t { vector = 0, range = 1, sum = 2, none = 3 };
inline constexpr std::string_view topsis_normalisations[] = {"vector", "range", "sum", "none"};
/// Whether an ideal was found among the alternatives, or given.
enum class ideal_source : std::int32_t { found = 0, given = 1 };
inline constexpr std::string_view ideal_sources[] = {"found", "given"};

inline constexpr column_description ideal_columns[] = {
    {.name = "ideal",
     .summary = "the best figure there can be (正理想解); missing = the best of the alternatives",
     .allowed = criterion_values,
     .optional = true},
    {.name = "anti_ideal",
     .summary = "the worst (负理想解); missing = the worst of the alternatives",
     .allowed = criterion_values,
     .optional = true},
};
inline constexpr auto ideal_criterion_columns = joined<criterion_direction_columns, ideal_columns>();
inline constexpr table_description topsis_inputs[] = {
    alternatives_table,
    {.name = "criteria",
     .summary = "directions and ideals of the criteria; one that is not here is a benefit",
     .columns = ideal_criterion_columns,
     .optional = true,
     .whole = true},
    {.name = "weights",
     .summary = "such as the table weights of decision.analytic_hierarchy or decision.criteria_weights; "
                "without it all criteria count alike",
     .columns = criterion_weight_columns,
     .optional = true,
     .whole = true},
};
inline constexpr option_description topsis_options[] = {
    {.name = "normalisation",
     .what = option_content::choice,
     .summary = "of each criterion. vector: figure / root of the sum of squares; range: (figure - least) / "
                "(greatest - "
                "least); sum: figure / sum; none: as it is",
     .default_value = "vector",
     .choices = topsis_normalisations},
};

inline constexpr column_description topsis_ranking_outputs[] = {
    {.name = "alternative", .what = content::text, .summary = "in the order of their bytes"},
    {.name = "distance_to_ideal", .summary = "d+, of weighted normalised figures"},
    {.name = "distance_to_anti_ideal", .summary = "d-"},
    {.name = "closeness",
     .unit = "share",
     .summary = "d- / (d+ + d-) (相对贴近度): 1 is the ideal; none where the ideal is the anti-ideal",
     .optional = true},
    {.name = "rank",
     .what = content::count,
     .summary = "1 is nearest to the ideal; those equal to 1e-12 share the better rank",
     .optional = true},
};
inline constexpr column_description topsis_ideal_outputs[] = {
    criterion_name_column,
    {.name = "direction",
     .what = content::code,
     .summary = "benefit or cost",
     .levels = criterion_directions},
    {.name = "weight", .unit = "share", .summary = "they add up to 1"},
    {.name = "ideal", .summary = "in the units of the figures"},
    {.name = "anti_ideal", .summary = "likewise"},
    {.name = "ideal_source",
     .what = content::code,
     .summary = "found among the alternatives, or given",
     .levels = ideal_sources},
    {.name = "anti_ideal_source", .what = content::code, .summary = "likewise", .levels = ideal_sources},
    {.name = "origin", .summary = "what is taken off a figure: normalised = (figure - origin) / scale"},
    {.name = "scale", .summary = "by which it is divided"},
};
inline constexpr column_description topsis_sensitivity_outputs[] = {
    criterion_name_column,
    {.name = "first",
     .what = content::text,
     .summary = "the alternative with rank 1, of several the first by name"},
    {.name = "weight", .unit = "share", .summary = "of the criterion, as it counts"},
    {.name = "lower_weight",
     .unit = "share",
     .summary = "the weight below which another one comes first, while the other weights keep their "
                "proportions; none "
                "where nobody does down to 0",
     .optional = true},
    {.name = "lower_alternative", .what = content::text, .summary = "who does", .optional = true},
    {.name = "upper_weight",
     .unit = "share",
     .summary = "the weight above which another one comes first; none where nobody does up to 1",
     .optional = true},
    {.name = "upper_alternative", .what = content::text, .summary = "who does", .optional = true},
    {.name = "change",
     .unit = "share",
     .summary =
         "how far the weight must move until the first rank changes: the lesser of both ways, 0 where it is "
         "shared with one who would leave; none where it never changes",
     .optional = true},
};
inline constexpr column_description topsis_normalised_outputs[] = {
    {.name = "alternative", .what = content::text, .summary = "in the order of their bytes"},
    {.name = "criterion", .what = content::text, .summary = "so, too"},
    {.name = "normalised", .summary = "(figure - origin) / scale"},
    {.name = "weighted", .summary = "x weight"},
};
inline constexpr table_description topsis_outputs[] = {
    {.name = "ranking",
     .summary = "closeness and rank of each alternative",
     .columns = topsis_ranking_outputs},
    {.name = "ideals", .summary = "best and worst of each criterion", .columns = topsis_ideal_outputs},
    {.name = "sensitivity",
     .summary =
         "how far each weight may move before the first rank changes, exactly; of two alternatives at least",
     .columns = topsis_sensitivity_outputs},
    {.name = "normalised", .summary = "each figure", .columns = topsis_normalised_outputs},
};

inline constexpr example_table topsis_example_rows[] = {
    {"alternatives",
     "alternative,criteria:speed,criteria:range,criteria:payload,criteria:price,criteria:reliability,"
     "criteria:manoeuvre\nA1,2,1500,20000,5.5,5,9\nA2,2.5,2700,18000,6.5,3,5\n"
     "A3,1.8,2000,21000,4.5,7,7\nA4,2.2,1800,20000,5,5,5\n"},
    {"criteria", "criterion,direction\nprice,cost\n"},
    {"weights",
     "criterion,weight\nspeed,0.2\nrange,0.1\npayload,0.1\nprice,0.1\nreliability,0.2\nmanoeuvre,0.3\n"}};
inline constexpr example_table topsis_expected[] = {
    {"ranking", "alternative,distance_to_ideal,distance_to_anti_ideal,closeness,rank\n"
                "A1,0.0545574483130329774,0.0983832042315197142,0.643277000553270115,1\n"
                "A2,0.119679307623462206,0.0439027311921490744,0.26838356771941189,4\n"
                "A3,0.0579767162518353768,0.0920441392071491609,0.613542290007230905,2\n"
                "A4,0.10093671059896046,0.0458357181820411416,0.312291065581754355,3\n"},
    {"sensitivity", "criterion,first,lower_weight,lower_alternative,upper_weight,upper_alternative\n"
                    "manoeuvre,A1,0.277479149441782691,A3,,\n"
                    "payload,A1,,,0.434286921908794362,A3\n"
                    "price,A1,,,0.208703037148135065,A3\n"
                    "range,A1,,,0.147963477291107949,A3\n"
                    "reliability,A1,,,0.219515786111005886,A3\n"
                    "speed,A1,,,0.481076824272541201,A2\n"}};
inline constexpr example topsis_examples[] = {
    {.what = verb::reduce,
     .summary = "four aircraft by six attributes: reliability need only rise from 0.2 to 0.2195, and A3 is "
                "the first",
     .source = "C. L. Hwang and K. Yoon 1981 (closeness 0.643, 0.268, 0.613, 0.312); all digits, and the "
               "turns by bisection, "
               "computed apart with 40 digits",
     .tables = topsis_example_rows,
     .expected = topsis_expected,
     .tolerance = 1e-12},
};

inline constexpr entry_description topsis_description{
    .name = topsis_name,
    .what = verb::reduce,
    .summary = "ranks alternatives by how near they are to the best of each criterion, and what the ranking "
               "hangs on",
    .source = "C. L. Hwang and K. Yoon, Multiple Attribute Decision Making, Springer 1981, 3.4; the turns of "
              "the first rank by the "
              "roots of a quadratic, see stats/topsis.hpp",
    .chinese = "逼近理想解排序法 (优劣解距离法, TOPSIS)",
    .since = "0.1",
    .store = "rows",
    .inputs = topsis_inputs,
    .options = topsis_options,
    .outputs = topsis_outputs,
    .examples = topsis_examples,
    .no_demo = "the company of the demo compares no suppliers or sites by criteria",
};

} // namespace emptor::decision
