// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/satisfaction/index_model_entry.hpp>
#include <emptor/satisfaction/index_report_example.hpp>
#include <emptor/stats/survey.hpp>

#include "satisfaction/survey_run.hpp"
#include "src/examples.hpp"

/// Entries that take a model of the satisfaction index in their slot, from CSV.
namespace emptor::test::index_report_run {

using options = std::vector<option>;
using named_csv = std::pair<std::string_view, std::string_view>;

/// The texts of classes as codes, as `model create` makes them.
[[nodiscard]] inline table coded(const table_description& described, const table& read) {
  table made(read.name());
  for (const column& held : read.columns()) {
    const auto known = std::find_if(described.columns.begin(), described.columns.end(),
                                    [&](const column_description& one) { return one.name == held.name(); });
    if (known->what != content::code) {
      made.add(held);
      continue;
    }
    std::vector<std::int32_t> codes;
    for (std::int64_t row = 0; row < read.rows(); ++row)
      codes.push_back(static_cast<std::int32_t>(
          std::find(known->levels.begin(), known->levels.end(), held.text()[row]) - known->levels.begin()));
    made.add(column::codes(held.name(), std::move(codes), known->levels));
  }
  return made;
}
/// A model of satisfaction.index_model, checked.
[[nodiscard]] inline model model_of(const std::vector<named_csv>& tables) {
  model made;
  made.entry = std::string(satisfaction::index_model_name);
  for (const auto& [name, csv] : tables)
    for (const table_description& known : satisfaction::index_model_tables)
      if (known.name == name)
        made.tables.push_back(coded(known, table_of(known.name, known.columns, csv)));
  satisfaction::index_model_entry.check_model(made);
  return made;
}
/// \param csv  of the table answers
[[nodiscard]] inline stats::survey store_of(std::string_view csv) {
  stats::survey made(option_values("survey", stats::survey_options, {}));
  store_rows::push(made, typed_table(survey_run::described(stats::survey_tables[0]), std::string(csv)), true);
  return made;
}
[[nodiscard]] inline result finished_of(const entry& what, const stats::survey& from, const model& held,
                                        const options& with = {}) {
  return finished::of(what, from, with, "model", &held);
}
/// Every place where a worked example does not come out; empty where it does.
[[nodiscard]] inline std::string example_differences(const entry& what, const example& shown) {
  options with;
  for (const example_option& one : shown.options)
    with.push_back({std::string(one.name), std::string(one.value)});
  std::vector<named_csv> tables;
  for (const example_table& one : shown.slots.front().tables)
    tables.emplace_back(one.name, one.csv);
  const result made = finished_of(what, store_of(shown.tables.front().csv), model_of(tables), with);
  std::string found;
  for (const example_table& wanted : shown.expected) {
    const table& one = finished::table_of(made, wanted.name);
    seen_table seen{one.name(), one.rows(), {}};
    for (const column& held : one.columns())
      seen.columns.push_back({held.name(), held.view(), held.levels()});
    found += differences(std::string(wanted.csv), seen, shown.tolerance);
  }
  return found;
}
/// Texts of some columns of the rows that have these texts in others; a condition on a column that has none is "-".
[[nodiscard]] inline std::vector<std::string> rows_of(const result& made, std::string_view name,
                                                      const std::vector<std::string>& columns,
                                                      const std::map<std::string, std::string>& where = {}) {
  const table& held = finished::table_of(made, name);
  std::vector<std::string> found;
  for (std::int64_t row = 0; row < held.rows(); ++row) {
    bool wanted = true;
    for (const auto& [column, value] : where)
      wanted = wanted && finished::shown(held.at(column), row) == value;
    if (!wanted)
      continue;
    std::string line;
    for (const std::string& one : columns)
      line += (line.empty() ? "" : " ") + finished::shown(held.at(one), row);
    found.push_back(line);
  }
  return found;
}
/// The number in the only row that has these texts.
[[nodiscard]] inline double number(const result& made, std::string_view name, const std::string& column,
                                   const std::map<std::string, std::string>& where) {
  const std::vector<std::string> found = rows_of(made, name, {column}, where);
  if (found.size() != 1 || found.front() == "-")
    return std::numeric_limits<double>::quiet_NaN();
  return std::stod(found.front());
}

} // namespace emptor::test::index_report_run
