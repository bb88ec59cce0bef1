// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/run.hpp>
#include <emptor/stats/answer_scale.hpp>
#include <emptor/stats/rows.hpp>
#include <emptor/value/survey_value.hpp>
#include <emptor/value/survey_value_description.hpp>
#include <emptor/value/survey_value_tables.hpp>

/// From a store of answers and a table of items to the tables of delivered value and consumption value.
namespace emptor::value {

/// The answers of a store, each on the scale of its item. It borrows the texts of the table.
/// \throws error status::unknown_name for items that the scheme does not have, status::data for answers outside the scale
[[nodiscard]] inline survey_answers answers_from(const table& held, const survey_scheme& scheme) {
  survey_answers made;
  const std::vector<surveyed_item>& items = scheme.items();
  const auto rows = static_cast<std::size_t>(held.rows());
  made.answers.assign(items.size(), std::vector<double>(rows, std::numeric_limits<double>::quiet_NaN()));
  made.weights.assign(rows, 1.0);
  made.segments.resize(rows);
  if (rows == 0)
    return made;
  const text_buffer& respondents = held.at("respondent").text();
  const text_buffer& suppliers = held.at("supplier").text();
  const column* const segments = held.find("segment");
  const column* const weights = held.find("weight");
  for (std::size_t row = 0; row < rows; ++row) {
    const auto at = static_cast<std::int64_t>(row);
    made.respondents.push_back(respondents[at]);
    made.suppliers.push_back(suppliers[at]);
    if (segments != nullptr && segments->is_valid(at))
      made.segments[row] = segments->text()[at];
    if (weights != nullptr && weights->is_valid(at))
      made.weights[row] = weights->as<double>()[row];
  }
  constexpr std::string_view role = "items:";
  for (const column& one : held.columns()) {
    if (!one.name().starts_with(role))
      continue;
    const std::string_view label = std::string_view(one.name()).substr(role.size());
    const auto item = std::find_if(items.begin(), items.end(),
                                   [&](const surveyed_item& known) { return known.label == label; });
    if (item == items.end()) {
      std::vector<std::string_view> labels;
      for (const surveyed_item& known : items)
        labels.push_back(known.label);
      throw unknown_name(scheme.form().entry, "item", label, labels);
    }
    std::vector<double>& into = made.answers[static_cast<std::size_t>(item - items.begin())];
    const std::vector<double>& given = one.as<double>();
    for (std::size_t row = 0; row < rows; ++row) {
      if (!one.is_valid(static_cast<std::int64_t>(row)))
        continue;
      if (!item->scale.contains(given[row]))
        throw error(status::data, message(scheme.form().entry,
                                          one.name() + " of " + shortened(made.respondents[row]) + " about " +
                                              shortened(made.suppliers[row]),
                                          -1, to_text(given[row]), to_text(item->scale)));
      into[row] = given[row];
    }
  }
  return made;
}

/// From a store of kind `rows` made for the entry of the form, and a model with its table items in the slot `items`.
/// \throws error as survey_scheme and answers_from; status::option for a scale without an extent, status::unknown_name of
/// own_supplier, status::cancelled
[[nodiscard]] inline result finish_survey_value(const finish_request& request, const value_form& form) {
  const auto& from = request.stored<stats::rows>();
  const option_values& options = request.options;
  const domain usual = stats::usual_scale(form.entry, options);
  const survey_scheme scheme(form, *request.slot("items"), usual, options.text("weights") == "normalised");
  const std::vector<table> held = from.contents();
  const survey_answers answers = answers_from(held.front(), scheme);
  const std::set<std::string_view> names(answers.suppliers.begin(), answers.suppliers.end());
  const std::vector<std::string_view> suppliers(names.begin(), names.end());
  std::optional<std::string_view> own;
  if (options.has("own_supplier") && !suppliers.empty()) {
    own = options.text("own_supplier");
    if (!names.contains(*own))
      throw unknown_name(form.entry, "supplier", *own, suppliers);
  }
  survey_report report(scheme, options.number("confidence"),
                       options.choice<survey_comparison_choice>("comparison", survey_comparison_choices));
  std::vector<std::size_t> rows(answers.respondents.size());
  std::iota(rows.begin(), rows.end(), std::size_t{0});
  request.how.check(0.0);
  report.add_segment(answers, rows, std::nullopt, own);
  // Then those of each segment together, in the order of their bytes.
  std::erase_if(rows, [&](std::size_t row) { return !answers.segments[row]; });
  const auto segment_of = [&](std::size_t row) { return *answers.segments[row]; };
  std::stable_sort(rows.begin(), rows.end(),
                   [&](std::size_t x, std::size_t y) { return segment_of(x) < segment_of(y); });
  for (std::size_t first = 0, last = 0; first < rows.size(); first = last) {
    const std::string_view segment = segment_of(rows[first]);
    while (last < rows.size() && segment_of(rows[last]) == segment)
      ++last;
    // All of them together are half of the work.
    request.how.check(0.5 + 0.5 * static_cast<double>(first) / static_cast<double>(rows.size()));
    report.add_segment(answers, std::span(rows).subspan(first, last - first), segment, own);
  }
  return {std::move(report).tables(), nullptr};
}

} // namespace emptor::value
