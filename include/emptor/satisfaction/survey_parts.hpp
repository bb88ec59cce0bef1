// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/described_table.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/stats/survey.hpp>

/// The parts of a survey that are reported for themselves, and the columns and options that say so.
namespace emptor::satisfaction {

enum class breakdown : std::int32_t { all = 0, group = 1, period = 2, brand = 3, group_and_period = 4 };
inline constexpr std::string_view breakdown_names[] = {"all", "group", "period", "brand", "group_and_period"};

inline constexpr option_description breakdown_option{
    .name = "by",
    .what = option_content::choice,
    .summary = "what is reported beside all answers together: nothing (all), each group, each period, each brand, or "
               "each group in each period; answers without one are in no such part",
    .default_value = "all",
    .choices = breakdown_names};
inline constexpr option_description confidence_option{
    .name = "confidence",
    .summary = "probability that an interval covers the true figure; what is less likely by chance than the rest "
               "is significant",
    .unit = "probability",
    .allowed = {.low = 0.0, .high = 1.0, .low_open = true, .high_open = true},
    .default_value = "0.95"};

inline constexpr column_description part_columns[] = {
    {.name = "group", .what = content::text, .summary = "the group; none = all groups", .optional = true},
    {.name = "brand", .what = content::text, .summary = "the brand; none = all brands", .optional = true},
    {.name = "period", .what = content::day, .summary = "the period; none = all periods", .optional = true}};

/// The columns of a table that has a part's figures in each row.
template <std::size_t N>
[[nodiscard]] consteval std::array<column_description, N + std::size(part_columns)>
columns_of_parts(const column_description (&own)[N]) {
  std::array<column_description, N + std::size(part_columns)> all;
  std::copy(std::begin(part_columns), std::end(part_columns), all.begin());
  std::copy(std::begin(own), std::end(own), all.begin() + std::size(part_columns));
  return all;
}

/// Rows of a survey that belong together, those of a respondent beside each other.
struct survey_part {
  std::optional<std::string_view> group;
  std::optional<std::string_view> brand;
  std::int32_t period = no_day;
  std::vector<std::uint32_t> rows;

  /// Begins a row of a table with `part_columns`.
  described_table& begin(described_table& into) const {
    for (const auto& one : {group, brand}) {
      if (one)
        into.text(*one);
      else
        into.no_text();
    }
    return into.day(period);
  }
};

/// All answers, then each part, by period, brand and group. It borrows from the answers.
[[nodiscard]] inline std::vector<survey_part> parts_of(const stats::survey_answers& from, breakdown by) {
  using stats::survey_answers;
  std::vector<std::uint32_t> rows(from.rows());
  std::iota(rows.begin(), rows.end(), std::uint32_t{0});
  std::stable_sort(rows.begin(), rows.end(), [&](std::uint32_t left, std::uint32_t right) {
    return from.respondents()[left] < from.respondents()[right];
  });
  std::vector<survey_part> made(1);
  made.front().rows = rows;
  if (by == breakdown::all)
    return made;
  const bool by_group = by == breakdown::group || by == breakdown::group_and_period;
  const bool by_period = by == breakdown::period || by == breakdown::group_and_period;
  const bool by_brand = by == breakdown::brand;
  const auto key_of = [&](std::uint32_t row) {
    return std::make_tuple(by_period ? from.periods()[row] : 0, by_brand ? from.brands()[row] : 0,
                           by_group ? from.groups()[row] : 0);
  };
  std::erase_if(rows, [&](std::uint32_t row) {
    const auto [period, brand, group] = key_of(row);
    return period == survey_answers::none || brand == survey_answers::none || group == survey_answers::none;
  });
  std::stable_sort(rows.begin(), rows.end(), [&](std::uint32_t left, std::uint32_t right) {
    return key_of(left) < key_of(right);
  });
  for (std::size_t first = 0, last = 0; first < rows.size(); first = last) {
    const auto key = key_of(rows[first]);
    while (last < rows.size() && key_of(rows[last]) == key)
      ++last;
    survey_part part;
    if (by_group)
      part.group = from.group_names()[std::get<2>(key)];
    if (by_brand)
      part.brand = from.brand_names()[std::get<1>(key)];
    if (by_period)
      part.period = from.period_days()[std::get<0>(key)];
    part.rows.assign(rows.begin() + static_cast<std::ptrdiff_t>(first),
                     rows.begin() + static_cast<std::ptrdiff_t>(last));
    made.push_back(std::move(part));
  }
  return made;
}

/// An answer that its question does not admit, with who gave it.
[[nodiscard]] inline error refused_answer(std::string_view where, const stats::survey_answers& from,
                                          std::size_t row, std::string_view item, double answer,
                                          std::string_view must_be) {
  return {status::data, message(where, "items:" + std::string(item) + " of " + from.row_name(row), -1,
                                to_text(answer), must_be)};
}

/// The answers to a question, none of them off its scale.
/// \throws error status::unknown_name of a question that the survey does not have, status::data with respondent and item
[[nodiscard]] inline std::vector<double> answers_on_scale(std::string_view where,
                                                          const stats::survey_answers& from,
                                                          std::string_view item, const domain& scale) {
  std::vector<double> made = from.answers(where, item).answers;
  for (std::size_t row = 0; row < made.size(); ++row) {
    if (made[row] == made[row] && !scale.contains(made[row]))
      throw refused_answer(where, from, row, item, made[row], to_text(scale));
  }
  return made;
}

/// The store of a finish, which must be a survey. \throws error as stats::survey::answers
[[nodiscard]] inline stats::survey_answers answers_of(const finish_request& request) {
  return dynamic_cast<const stats::survey&>(*request.from).answers(request.keys);
}

} // namespace emptor::satisfaction
