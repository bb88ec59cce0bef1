// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/stats/survey.hpp>

#include "credit/finished.hpp"
#include "src/examples.hpp"
#include "support/refusal.hpp"
#include "support/worked_example.hpp"

/// Entries that finish from a survey, from CSV.
namespace emptor::test::survey_entry {

using options = std::vector<option>;
using texts = std::vector<std::string>;

[[nodiscard]] inline stats::survey store_of(std::string_view answers, const options& with = {}) {
  stats::survey made(option_values("survey", stats::survey_options, with));
  push_table(made, table_of("answers", stats::survey_columns, answers));
  return made;
}
/// The model that the only table of an entry makes, checked.
[[nodiscard]] inline model model_of(const entry& what, std::string_view csv) {
  const table_description& described = what.description->model_tables.front();
  model made{
      std::string(what.description->name), {}, {table_of(described.name, described.columns, csv)}, "test"};
  what.check_model(made);
  return made;
}
[[nodiscard]] inline result finished_of(const entry& what, const stats::survey& from, std::string_view csv,
                                        const options& with = {},
                                        const std::optional<std::vector<std::string>>& keys = {}) {
  const model held = model_of(what, csv);
  return finished::of(what, from, with, what.description->slots.front().name, &held, keys);
}
/// \param answers  CSV \param csv  of the table in the slot
[[nodiscard]] inline result finished_of(const entry& what, std::string_view answers, std::string_view csv,
                                        const options& with = {}) {
  return finished_of(what, store_of(answers), csv, with);
}
/// What a refusal says; empty where there is none.
template <class Call>
[[nodiscard]] std::string refusal(const Call& call) {
  std::string text;
  static_cast<void>(code_of(call, &text));
  return text;
}

[[nodiscard]] inline seen_table seen(const table& held) {
  seen_table made{held.name(), held.rows(), {}};
  for (const column& one : held.columns())
    made.columns.push_back({one.name(), one.view(), one.levels()});
  return made;
}
/// Every place where an example does not give its figures; empty where it does.
[[nodiscard]] inline std::string example_differences(const entry& what, const example& shown) {
  options with;
  for (const example_option& one : shown.options)
    with.push_back({std::string(one.name), std::string(one.value)});
  const result made =
      finished_of(what, shown.tables.front().csv, shown.slots.front().tables.front().csv, with);
  std::string found;
  for (const example_table& expected : shown.expected)
    found += differences(std::string(expected.csv), seen(finished::table_of(made, expected.name)),
                         shown.tolerance);
  return found;
}
[[nodiscard]] inline const std::vector<double>& numbers(const result& made, std::string_view table,
                                                        std::string_view column) {
  return finished::table_of(made, table).at(column).as<double>();
}

} // namespace emptor::test::survey_entry
