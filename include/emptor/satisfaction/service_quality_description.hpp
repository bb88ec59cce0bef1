// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/satisfaction/importance_performance.hpp>
#include <emptor/satisfaction/scored_item.hpp>
#include <emptor/satisfaction/service_quality.hpp>
#include <emptor/satisfaction/survey_parts.hpp>

/// How `satisfaction.service_quality` describes itself.
namespace emptor::satisfaction {

inline constexpr std::string_view service_quality_name = "satisfaction.service_quality";

inline constexpr column_description quality_item_columns[] = {
    {.name = "dimension",
     .what = content::text,
     .summary = "such as tangibles, reliability, responsiveness, assurance, empathy"},
    {.name = "perception",
     .what = content::text,
     .summary = "label of the item of what is perceived; each once"},
    {.name = "expectation",
     .what = content::text,
     .summary =
         "label of the item of what was expected, of all rows or of none: without it only SERVPERF is told",
     .optional = true},
    {.name = "weight",
     .summary = "importance of the dimension, the same in all of its rows; of all dimensions or of none, and "
                "not beside "
                "points",
     .allowed = {0.0, 1e9},
     .optional = true},
    {.name = "points",
     .what = content::text,
     .summary = "label of the item with the points that a respondent gave the dimension of his 100, the same "
                "in all of its "
                "rows; of all dimensions or of none",
     .optional = true},
};
inline constexpr table_description quality_model_tables[] = {
    {.name = "pairs",
     .summary = "the items of each dimension; a perception and its expectation a row",
     .columns = quality_item_columns}};
inline constexpr std::string_view quality_accepts[] = {service_quality_name};
inline constexpr slot_description quality_slots[] = {
    {.name = "pairs", .summary = "the table pairs", .accepts = quality_accepts}};

inline constexpr option_description quality_options[] = {
    {.name = "scale_low",
     .what = option_content::number,
     .summary = "the least answer",
     .allowed = item_scale_domain,
     .default_value = "1"},
    {.name = "scale_high",
     .what = option_content::number,
     .summary = "the greatest answer; answers outside of the scale are refused",
     .allowed = item_scale_domain,
     .default_value = "7"},
    {.name = "missing",
     .what = option_content::choice,
     .summary = "of what a dimension is the mean of a respondent: of the items that he answered (available), "
                "or of all, and "
                "he is left out of it where he did not answer all (complete)",
     .default_value = "available",
     .choices = quality_missing_names},
    axes_option,
    option_brand,
    option_by,
    option_confidence,
};

inline constexpr column_description quality_dimension_column{
    .name = "dimension", .what = content::text, .summary = "in the order of table pairs"};
/// What is perceived less what was expected.
inline constexpr column_description quality_gap_columns[] = {
    {.name = "answers",
     .what = content::count,
     .summary = "with perception and expectation: of these are both means and the gap"},
    {.name = "expectation", .summary = "mean", .optional = true},
    {.name = "perception", .summary = "mean of the same answers", .optional = true},
    {.name = "gap",
     .summary = "perception - expectation (SERVQUAL); none without expectations",
     .optional = true},
    {.name = "gap_low",
     .summary = "lower end of its t interval; none of fewer than two respondents",
     .optional = true},
    {.name = "gap_high", .summary = "its other end", .optional = true},
    {.name = "t_statistic",
     .summary = "gap / its standard error; none where gaps do not vary",
     .optional = true},
    {.name = "p_value",
     .unit = "probability",
     .summary = "chance of a gap at least so large, to either side, if there is none (paired t-test)",
     .optional = true},
};
/// The p-values of all rows of a part together.
inline constexpr column_description quality_adjusted_columns[] = {
    {.name = "holm",
     .unit = "probability",
     .summary = "the same for all rows of the part together: below alpha, the chance of any false alarm is "
                "below alpha "
                "(Holm)",
     .optional = true},
    {.name = "benjamini_hochberg",
     .unit = "probability",
     .summary =
         "below alpha, less than that share of such gaps is expected to be false (false discovery rate)",
     .optional = true},
};
/// What is perceived, whoever had expectations.
inline constexpr column_description quality_performance_columns[] = {
    {.name = "performance_answers", .what = content::count, .summary = "with a perception"},
    {.name = "performance", .summary = "mean of all perceptions (SERVPERF)", .optional = true},
    {.name = "performance_low", .summary = "lower end of its t interval", .optional = true},
    {.name = "performance_high", .summary = "its other end", .optional = true},
};

inline constexpr column_description quality_perception_columns[] = {
    quality_dimension_column,
    {.name = "item", .what = content::text, .summary = "label of its perception"},
};
inline constexpr column_description quality_quadrant_columns[] = {
    {.name = "quadrant",
     .what = content::code,
     .summary = "what to do: importance (expectation) against performance (perception); what lies on an axis "
                "counts as "
                "high",
     .optional = true,
     .levels = quadrant_names},
};
inline constexpr auto quality_items_columns =
    joined<quality_perception_columns, quality_gap_columns, quality_adjusted_columns,
           quality_performance_columns, quality_quadrant_columns>();
inline constexpr column_description quality_importance_columns[] = {
    quality_dimension_column,
    {.name = "items", .what = content::count, .summary = "in it"},
    {.name = "importance",
     .summary = "its share of all weight: equal, by weight, or the mean over respondents by points; none "
                "where nobody gave "
                "points",
     .optional = true},
};
inline constexpr column_description quality_contribution_columns[] = {
    {.name = "contribution",
     .summary = "what it adds to the gap of all by importance: these add up to it",
     .optional = true},
};
inline constexpr auto quality_dimensions_columns =
    joined<quality_importance_columns, quality_gap_columns, quality_adjusted_columns,
           quality_performance_columns, quality_contribution_columns>();
/// How dimensions count in the whole: alike, by given weights, or by the points that respondents share out.
enum class quality_weighting : std::int32_t { equal = 0, weights = 1, points = 2 };
inline constexpr std::string_view quality_weighting_names[] = {"equal", "weights", "points"};
inline constexpr column_description quality_weighting_columns[] = {
    {.name = "weighting",
     .what = content::code,
     .summary = "equal: each dimension alike; and weights or points of the table pairs, where it has them",
     .levels = quality_weighting_names},
    {.name = "respondents", .what = content::count, .summary = "rows of answers in the part"},
};
inline constexpr column_description quality_axes_columns[] = {
    {.name = "importance_axis",
     .summary = "expectation at which the axes of the items cross",
     .optional = true},
    {.name = "performance_axis", .summary = "perception at which they cross", .optional = true},
};
inline constexpr auto quality_overall_columns = joined<quality_weighting_columns, quality_gap_columns,
                                                       quality_performance_columns, quality_axes_columns>();
inline constexpr column_description quality_reliability_columns[] = {
    {.name = "dimension",
     .what = content::text,
     .summary = "the dimension; none = all items together",
     .optional = true},
    {.name = "items", .what = content::count, .summary = "in it"},
    {.name = "answers", .what = content::count, .summary = "complete ones, of which alpha is made"},
    {.name = "alpha_perception",
     .summary =
         "Cronbach's alpha; none of one item, of fewer than two answers, or of answers that do not vary",
     .optional = true},
    {.name = "alpha_expectation", .summary = "the same of the expectations", .optional = true},
    {.name = "alpha_gap",
     .summary = "the same of the gaps, which are mostly less reliable",
     .optional = true},
};
/// What a figure is of.
enum class quality_level : std::int32_t { item = 0, dimension = 1, overall = 2 };
inline constexpr std::string_view quality_level_names[] = {"item", "dimension", "overall"};
inline constexpr column_description quality_disconfirmation_columns[] = {
    {.name = "level",
     .what = content::code,
     .summary = "item, dimension, or overall (each dimension alike)",
     .levels = quality_level_names},
    {.name = "dimension", .what = content::text, .summary = "none = overall", .optional = true},
    {.name = "item", .what = content::text, .summary = "none unless of an item", .optional = true},
    {.name = "answers", .what = content::count, .summary = "with perception and expectation"},
    {.name = "better_share",
     .unit = "share",
     .summary = "who perceive more than they expected (positive disconfirmation): the satisfied",
     .optional = true},
    {.name = "better_low",
     .unit = "share",
     .summary = "lower end of Wilson's interval of it",
     .optional = true},
    {.name = "better_high", .unit = "share", .summary = "its other end", .optional = true},
    {.name = "as_expected_share",
     .unit = "share",
     .summary = "who perceive what they expected",
     .optional = true},
    {.name = "worse_share",
     .unit = "share",
     .summary = "who perceive less (negative disconfirmation): the dissatisfied",
     .optional = true},
    {.name = "worse_low",
     .unit = "share",
     .summary = "lower end of Wilson's interval of it",
     .optional = true},
    {.name = "worse_high", .unit = "share", .summary = "its other end", .optional = true},
    {.name = "net", .unit = "share", .summary = "better_share - worse_share", .optional = true},
    {.name = "ratio",
     .summary = "mean perception / mean expectation (客户满意度 c = b / a): above 1 satisfied, below 1 not; "
                "none where the "
                "expectation is 0 or less",
     .optional = true},
};
inline constexpr auto quality_items_output = joined<part_columns, quality_items_columns>();
inline constexpr auto quality_dimensions_output = joined<part_columns, quality_dimensions_columns>();
inline constexpr auto quality_overall_output = joined<part_columns, quality_overall_columns>();
inline constexpr auto quality_reliability_output = joined<part_columns, quality_reliability_columns>();
inline constexpr auto quality_disconfirmation_output =
    joined<part_columns, quality_disconfirmation_columns>();
inline constexpr table_description quality_outputs[] = {
    {.name = "items", .summary = "gap and performance of each item", .columns = quality_items_output},
    {.name = "dimensions", .summary = "of each dimension", .columns = quality_dimensions_output},
    {.name = "overall", .summary = "of all dimensions together", .columns = quality_overall_output},
    {.name = "reliability",
     .summary = "how far the items of a dimension measure the same",
     .columns = quality_reliability_output},
    {.name = "disconfirmation",
     .summary =
         "expectation against perception: who got more or less than he expected; no row without expectations",
     .columns = quality_disconfirmation_output},
};

inline constexpr example_table quality_example_rows[] = {
    {"answers",
     "respondent,items:e_punctual,items:p_punctual,items:e_keeps,items:p_keeps,items:e_kind,items:p_kind,"
     "items:reliability_points,items:empathy_points\n"
     "Ann,7,5,6,5,5,6,60,40\nBob,6,6,6,6,4,5,70,30\nCai,7,4,7,3,6,6,50,50\nDan,5,5,6,6,5,7,80,20\n"
     "Eva,6,3,5,,4,4,60,40\n"}};
inline constexpr example_table quality_example_pairs[] = {
    {"pairs",
     "dimension,perception,expectation,points\nreliability,p_punctual,e_punctual,reliability_points\n"
     "reliability,p_keeps,e_keeps,reliability_points\nempathy,p_kind,e_kind,empathy_points\n"}};
inline constexpr example_slot quality_example_slots[] = {
    {"pairs", service_quality_name, quality_example_pairs, {}}};
inline constexpr example_table quality_example_expected[] = {
    {"items",
     "dimension,item,answers,expectation,perception,gap,gap_low,gap_high,t_statistic,p_value,holm,"
     "benjamini_hochberg,performance_answers,performance,performance_low,performance_high,quadrant\n"
     "reliability,p_punctual,5,6.2,4.6,-1.6,-3.483076688348439,0.28307668834843899,"
     "-2.3590712984783541,0.077741640947899797,0.23322492284369939,0.14895102482059025,5,4.6,"
     "3.1842852230177274,6.0157147769822726,concentrate_here\n"
     "reliability,p_keeps,4,6.25,5.0,-1.25,-4.2621368138561506,1.7621368138561506,-1.3206763594884357,"
     "0.27831935609203914,0.27831935609203914,0.27831935609203914,4,5.0,2.7496706367718153,"
     "7.2503293632281847,concentrate_here\n"
     "empathy,p_kind,5,4.8,5.6,0.8,-0.238850633683568,1.838850633683568,2.1380899352993951,"
     "0.099300683213726836,0.23322492284369939,0.14895102482059025,5,5.6,4.1842852230177274,"
     "7.0157147769822726,possible_overkill\n"},
    {"dimensions",
     "dimension,items,importance,answers,expectation,perception,gap,gap_low,gap_high,t_statistic,p_value,"
     "holm,"
     "benjamini_hochberg,performance_answers,performance,performance_low,performance_high,"
     "contribution\n"
     "reliability,2,0.64,5,6.2,4.6,-1.6,-3.6307945171446035,0.43079451714460353,-2.1874749664789224,"
     "0.093956583774184354,0.18791316754836871,0.099300683213726836,5,4.6,2.9930162146340041,"
     "6.2069837853659959,-0.89\n"
     "empathy,1,0.36,5,4.8,5.6,0.8,-0.238850633683568,1.838850633683568,2.1380899352993951,"
     "0.099300683213726836,0.18791316754836871,0.099300683213726836,5,5.6,4.1842852230177274,"
     "7.0157147769822726,0.22\n"},
    {"overall",
     "weighting,respondents,answers,expectation,perception,gap,gap_low,gap_high,t_statistic,p_value,"
     "performance_answers,performance,performance_low,performance_high,importance_axis,"
     "performance_axis\n"
     "equal,5,5,5.5,5.1,-0.4,-1.8983803127740936,1.0983803127740936,-0.74118568737932714,"
     "0.49973430758004237,5,5.1,3.8088783926191417,6.3911216073808583,5.75,5.0666666666666667\n"
     "points,5,5,5.68,5.01,-0.67,-1.9954436040488825,0.65544360404888248,-1.4034684046911114,"
     "0.23314268176236149,5,5.01,3.7820702643156733,6.2379297356843267,5.75,5.0666666666666667\n"},
    {"reliability", "dimension,items,answers,alpha_perception,alpha_expectation,alpha_gap\n"
                    "reliability,2,4,0.85714285714285714,0.6,0.93939393939393939\n"
                    "empathy,1,5,,,\n"
                    ",3,4,0.42857142857142857,0.75,0.90306122448979592\n"},
    {"disconfirmation",
     "level,dimension,item,answers,better_share,better_low,better_high,as_expected_share,worse_share,"
     "worse_low,worse_high,net,ratio\n"
     "item,reliability,p_punctual,5,0.0,0.0,0.43448246478317482,0.4,0.6,0.23072428127601293,"
     "0.8823792257673521,-0.6,0.74193548387096774\n"
     "item,reliability,p_keeps,4,0.0,0.0,0.48989083645459736,0.5,0.5,0.15003898915214949,"
     "0.84996101084785051,-0.5,0.8\n"
     "item,empathy,p_kind,5,0.6,0.23072428127601293,0.8823792257673521,0.4,0.0,0.0,"
     "0.43448246478317482,0.6,1.1666666666666667\n"
     "dimension,reliability,,5,0.0,0.0,0.43448246478317482,0.4,0.6,0.23072428127601293,"
     "0.8823792257673521,-0.6,0.74193548387096774\n"
     "dimension,empathy,,5,0.6,0.23072428127601293,0.8823792257673521,0.4,0.0,0.0,0.43448246478317482,"
     "0.6,1.1666666666666667\n"
     "overall,,,5,0.4,0.1176207742326479,0.76927571872398707,0.0,0.6,0.23072428127601293,"
     "0.8823792257673521,-0.2,0.92727272727272727\n"},
};
inline constexpr example quality_examples[] = {
    {.what = verb::reduce,
     .summary = "two dimensions, five respondents, one of whom left an answer out",
     .source = "tests/oracle/service_quality.py, in rational numbers from the definitions",
     .tables = quality_example_rows,
     .expected = quality_example_expected,
     .tolerance = 1e-12,
     .slots = quality_example_slots}};

inline constexpr entry_description service_quality_description{
    .name = service_quality_name,
    .what = verb::reduce,
    .summary =
        "service quality as the gap between perception and expectation (SERVQUAL) and as perception alone "
        "(SERVPERF), with intervals, paired tests, reliability, quadrants, and who got more than he expected",
    .source = "Parasuraman, Zeithaml and Berry, SERVQUAL, 1988; Cronin and Taylor, Measuring service "
              "quality, 1992; "
              "Oliver, A cognitive model of satisfaction decisions, 1980",
    .chinese = "服务质量差距模型",
    .since = "0.1",
    .store = "survey",
    .options = quality_options,
    .slots = quality_slots,
    .outputs = quality_outputs,
    .model_tables = quality_model_tables,
    .formats = survey_model_formats,
    .examples = quality_examples,
    .no_demo = "the company of the demo asks nobody what he expected",
};

} // namespace emptor::satisfaction
