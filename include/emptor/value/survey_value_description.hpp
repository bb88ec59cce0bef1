// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstddef>
#include <iterator>
#include <span>
#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/value/survey_value.hpp>

/// Columns and options that delivered value and consumption value have in common.
namespace emptor::value {

inline constexpr domain survey_scale_domain{-1e9, 1e9};

inline constexpr column_description survey_answer_columns[] = {
    {.name = "respondent", .what = content::id, .summary = "who answers"},
    {.name = "supplier",
     .what = content::text,
     .summary = "whom or whose offer he rates: your own company or brand, or a competitor. Several rows of a "
                "respondent about one count as one, with the mean of each item's answers and of the weights"},
    {.name = "segment",
     .what = content::text,
     .summary = "group that is also reported for itself, such as a region",
     .optional = true},
    {.name = "weight",
     .summary = "how many he stands for, as a sampling weight or his purchases; missing = 1",
     .allowed = {.low = 0.0, .high = 1e12, .low_open = true},
     .optional = true},
    {.name = "items",
     .summary = "answers, items:LABEL for each label of the table items, on the scale of the item; missing = "
                "not answered",
     .allowed = survey_scale_domain,
     .optional = true,
     .many = true},
};
inline constexpr table_description survey_inputs[] = {
    {.name = "answers",
     .summary = "one row what a respondent thinks of a supplier",
     .columns = survey_answer_columns}};

inline constexpr column_description survey_item_column{
    .name = "item", .what = content::text, .summary = "label of its column of answers; each once"};
inline constexpr column_description survey_weight_column{
    .name = "weight",
    .summary = "how important it is; missing = 1, and what has 0 is reported but does not count",
    .allowed = {0.0, 1e9},
    .optional = true};
inline constexpr column_description survey_reversed_column{
    .name = "reversed",
    .what = content::boolean,
    .summary = "whether a high answer means little of the dimension: `it is cheap` of money; missing = false",
    .optional = true};
inline constexpr column_description survey_low_column{
    .name = "scale_low",
    .summary = "the least answer of this item; missing = the option scale_low",
    .allowed = survey_scale_domain,
    .optional = true};
inline constexpr column_description survey_high_column{
    .name = "scale_high",
    .summary = "its greatest answer; missing = the option scale_high",
    .allowed = survey_scale_domain,
    .optional = true};

inline constexpr option_description survey_options[] = {
    {.name = "own_supplier",
     .what = option_content::text,
     .summary = "the supplier who is compared with each other one and with all of them together; without it "
                "nobody is"},
    {.name = "scale_low",
     .summary = "the least answer; it becomes the score 0",
     .allowed = survey_scale_domain,
     .default_value = "1"},
    {.name = "scale_high",
     .summary = "the greatest answer; it becomes the score 100. Answers outside the scale are refused",
     .allowed = survey_scale_domain,
     .default_value = "10"},
    {.name = "weights",
     .what = option_content::choice,
     .summary =
         "normalised: those of the items that add to value are made to add up to 1, and so are those of "
         "the items that add to cost; as_given: they count as they are",
     .default_value = "normalised",
     .choices = survey_weight_choices},
    {.name = "comparison",
     .what = option_content::choice,
     .summary =
         "paired: within those who rated both; independent: all who rated one against all who rated the "
         "other (Welch); automatic: paired where two at least rated both, and they are at least half of "
         "those of the supplier whom fewer have rated",
     .default_value = "automatic",
     .choices = survey_comparison_choices},
    {.name = "confidence",
     .summary = "probability that an interval covers the true mean or difference",
     .unit = "probability",
     .allowed = {.low = 0.0, .high = 1.0, .low_open = true, .high_open = true},
     .default_value = "0.95"},
};

inline constexpr std::string_view survey_value_formats[] = {"json"};

inline constexpr column_description survey_segment_column{.name = "segment",
                                                          .what = content::text,
                                                          .summary = "the segment; none = all respondents",
                                                          .optional = true};
inline constexpr column_description survey_supplier_column{
    .name = "supplier", .what = content::text, .summary = "in the order of their bytes"};
inline constexpr column_description survey_respondents_column{
    .name = "respondents", .what = content::count, .summary = "who count: whose rating is complete"};
inline constexpr column_description survey_incomplete_column{
    .name = "incomplete",
    .what = content::count,
    .summary = "who are left out, since they answered no item of a dimension that has weight"};
inline constexpr column_description survey_rank_column{
    .name = "rank",
    .what = content::count,
    .summary = "1 is the highest; equal ones share the better rank; none where nobody counts",
    .optional = true};
inline constexpr column_description survey_dimension_weight_column{
    .name = "weight", .summary = "of its items together, as it counts"};
inline constexpr column_description survey_mean_column{
    .name = "mean", .unit = "points", .summary = "mean score, 0 to 100: weighted / weight"};
/// The ends of the interval of what stands before them.
consteval column_description survey_low_end(std::string_view name) {
  return {.name = name,
          .unit = "points",
          .summary = "lower end of its t interval; none of fewer than two respondents",
          .optional = true};
}
consteval column_description survey_high_end(std::string_view name) {
  return {.name = name, .unit = "points", .summary = "its other end", .optional = true};
}
inline constexpr column_description survey_weighted_column{
    .name = "weighted",
    .unit = "points",
    .summary = "what it adds: the sum of `weighted` of its items in the order of table items"};
inline constexpr column_description survey_item_weight_column{.name = "weight",
                                                              .summary = "of the item, as it counts"};
inline constexpr column_description survey_answers_column{
    .name = "answers", .what = content::count, .summary = "of those who count"};
inline constexpr column_description survey_item_mean_column{
    .name = "mean",
    .unit = "points",
    .summary = "mean score of those who answered it, 0 to 100, turned round where reversed; none without any",
    .optional = true};
inline constexpr column_description survey_item_weighted_column{
    .name = "weighted",
    .unit = "points",
    .summary = "what it adds on average: weight x score, of those who left out others of the dimension with "
               "their weight too, of those who left it out 0"};
inline constexpr column_description survey_competitor_column{
    .name = "competitor",
    .what = content::text,
    .summary =
        "with whom own_supplier is compared; none = all others together, each respondent's mean answers "
        "about those whom he rated (where there are two at least)",
    .optional = true};
inline constexpr column_description survey_method_column{.name = "method",
                                                         .what = content::code,
                                                         .summary =
                                                             "paired within respondents, or independent",
                                                         .levels = survey_comparison_methods};
inline constexpr column_description survey_own_respondents_column{
    .name = "own_respondents", .what = content::count, .summary = "who rated own_supplier and count here"};
inline constexpr column_description survey_competitor_respondents_column{
    .name = "competitor_respondents",
    .what = content::count,
    .summary = "who rated the competitor and count here; the same persons where paired"};
inline constexpr column_description survey_own_column{
    .name = "own",
    .unit = "points",
    .summary = "of own_supplier: mean score of a dimension, weighted sum of the others"};
inline constexpr column_description survey_other_column{
    .name = "competitor_figure", .unit = "points", .summary = "the same of the competitor"};
inline constexpr column_description survey_difference_column{
    .name = "difference", .unit = "points", .summary = "own - competitor_figure"};
inline constexpr column_description survey_degrees_column{
    .name = "degrees",
    .summary = "degrees of freedom; none where the difference does not vary",
    .optional = true};
inline constexpr column_description survey_p_value_column{
    .name = "p_value",
    .unit = "probability",
    .summary =
        "of a difference as large as this one, up or down, if there is none; none where it does not vary",
    .optional = true};
inline constexpr column_description survey_reported_item_column{
    .name = "item", .what = content::text, .summary = "by dimension, within it as in table items"};
inline constexpr column_description survey_driver_weighted_own{
    .name = "own", .unit = "points", .summary = "what the item adds for own_supplier: `weighted`"};
inline constexpr column_description survey_driver_weighted_other{
    .name = "competitor_figure", .unit = "points", .summary = "the same of the competitor"};
inline constexpr column_description survey_driver_rank_column{
    .name = "rank",
    .what = content::count,
    .summary = "1 moves the difference most, up or down; equal ones share the better rank"};

/// The tables of a form; a dimension column, what has names of its own, and totals are its own.
[[nodiscard]] consteval std::array<column_description, 6>
survey_item_columns(const column_description& dimension) {
  return {survey_item_column,     dimension,         survey_weight_column,
          survey_reversed_column, survey_low_column, survey_high_column};
}
[[nodiscard]] consteval table_description survey_items_table(std::span<const column_description> columns) {
  return {.name = "items",
          .summary = "which item belongs to which dimension, with what weight; one item a row",
          .columns = columns};
}
[[nodiscard]] consteval slot_description survey_items_slot(std::span<const std::string_view> accepts) {
  return {.name = "items", .summary = "the table items", .accepts = accepts};
}
inline constexpr column_description survey_supplier_columns[] = {
    survey_segment_column, survey_supplier_column, survey_respondents_column, survey_incomplete_column};
[[nodiscard]] consteval std::array<column_description, 8>
survey_dimension_columns(const column_description& dimension) {
  return {survey_segment_column,          survey_supplier_column, dimension,
          survey_dimension_weight_column, survey_mean_column,     survey_low_end("mean_low"),
          survey_high_end("mean_high"),   survey_weighted_column};
}
[[nodiscard]] consteval std::array<column_description, 8>
survey_reported_item_columns(const column_description& dimension) {
  return {survey_segment_column,       survey_supplier_column,
          survey_reported_item_column, dimension,
          survey_item_weight_column,   survey_answers_column,
          survey_item_mean_column,     survey_item_weighted_column};
}
[[nodiscard]] consteval std::array<column_description, 15>
survey_comparison_columns(const column_description& measure, const column_description& ratio,
                          const column_description& contribution) {
  return {survey_segment_column,
          survey_competitor_column,
          measure,
          survey_method_column,
          survey_own_respondents_column,
          survey_competitor_respondents_column,
          survey_own_column,
          survey_other_column,
          survey_difference_column,
          survey_low_end("difference_low"),
          survey_high_end("difference_high"),
          survey_degrees_column,
          survey_p_value_column,
          ratio,
          contribution};
}
[[nodiscard]] consteval std::array<column_description, 8>
survey_driver_columns(const column_description& dimension, const column_description& contribution) {
  return {survey_segment_column,
          survey_competitor_column,
          survey_reported_item_column,
          dimension,
          survey_driver_weighted_own,
          survey_driver_weighted_other,
          contribution,
          survey_driver_rank_column};
}
inline constexpr column_description survey_respondent_columns[] = {
    {.name = "respondent", .what = content::text, .summary = "in the order of their bytes"},
    survey_supplier_column,
    {.name = "answered", .what = content::count, .summary = "items"},
    {.name = "complete",
     .what = content::boolean,
     .summary = "whether he answered an item of each dimension that has weight; else what follows is null"},
};
/// The score of a respondent in each dimension.
template <std::size_t N>
[[nodiscard]] consteval std::array<column_description, N>
survey_score_columns(const std::string_view (&dimensions)[N]) {
  std::array<column_description, N> made;
  for (std::size_t d = 0; d < N; ++d)
    made[d] = {.name = dimensions[d],
               .unit = "points",
               .summary = d == 0 ? "score 0 to 100; null where it has no weight" : "the same",
               .optional = true};
  return made;
}
/// \param columns  of the tables, in their order
[[nodiscard]] consteval std::array<table_description, 6>
survey_output_tables(std::string_view of_suppliers, std::string_view total,
                     const std::array<std::span<const column_description>, 6>& columns) {
  return {table_description{.name = "suppliers", .summary = of_suppliers, .columns = columns[0]},
          {.name = "dimensions",
           .summary = "each dimension that has weight, of each supplier whom somebody rated completely",
           .columns = columns[1]},
          {.name = "items", .summary = "each item of these suppliers", .columns = columns[2]},
          {.name = "comparison",
           .summary =
               "own_supplier beside each competitor and all of them; no row where nobody counts on one side",
           .columns = columns[3]},
          {.name = "drivers", .summary = total, .columns = columns[4]},
          {.name = "respondents",
           .summary = "what each respondent thinks of each supplier whom he rated",
           .columns = columns[5]}};
}

} // namespace emptor::value
