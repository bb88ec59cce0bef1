// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "../src/examples.hpp"
#include "support/refusal.hpp"

/// Scores of a CSV as a CSV, through the plan that everybody scores with.
namespace emptor::test {

using csv_options = std::vector<option>;
using csv_tables = std::vector<std::pair<std::string, std::string>>;

[[nodiscard]] inline std::shared_ptr<const model> model_from(std::string_view entry, const csv_tables& tables,
                                                             const csv_options& options = {}) {
  const struct entry& what = find_entry(entry);
  std::vector<table> held;
  for (const auto& [name, csv] : tables) {
    for (const table_description& one : what.description->model_tables) {
      if (one.name == name)
        held.push_back(table_of(name, one.columns, csv));
    }
  }
  std::vector<std::vector<named_column>> views;
  std::vector<named_table> given;
  for (const table& one : held)
    views.push_back(one.views());
  for (std::size_t i = 0; i < held.size(); ++i)
    given.push_back({held[i].name(), views[i], held[i].rows()});
  return create_model(what, given, options);
}

/// \param only outputs by name \return a line a row: the outputs, then the row status
[[nodiscard]] inline std::string scored(std::string_view entry, const std::string& rows_csv,
                                        const std::vector<std::string>& only, const csv_options& options = {},
                                        const std::shared_ptr<const model>& self = nullptr,
                                        const std::vector<filled_slot>& slots = {}, bool strict = false) {
  const struct entry& what = find_entry(entry);
  const table rows = table_of("rows", what.description->score.inputs, rows_csv);
  const std::vector<named_column> named = rows.views();
  std::vector<bound_column> schema;
  std::vector<column_view> columns;
  for (const named_column& one : named) {
    schema.push_back({std::string(one.name), one.values.type});
    columns.push_back(one.values);
  }
  const plan scoring(what, self, slots, schema, options, only);
  const auto count = static_cast<std::size_t>(rows.rows());
  std::vector<std::vector<wide_integer>> memory;
  std::vector<std::vector<std::uint8_t>> validity;
  std::vector<output_memory> outputs;
  for (const output_info& one : scoring.outputs()) {
    memory.emplace_back(count);
    validity.emplace_back((count + 7) / 8);
    outputs.push_back({memory.back().data(), width_of(one.type), validity.back().data(), one.type});
  }
  std::vector<row_status> statuses(count);
  scoring.score(columns, rows.rows(), outputs, statuses.data(), nullptr, strict, run{});
  std::string made;
  for (std::size_t row = 0; row < count; ++row) {
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      column_view view;
      view.data = memory[i].data();
      view.stride_bytes = outputs[i].stride_bytes;
      view.validity = validity[i].data();
      view.type = outputs[i].type;
      view.unit = scoring.outputs()[i].decimals;
      made.append(field_of(view, scoring.outputs()[i].levels, static_cast<std::int64_t>(row))).append(",");
    }
    made.append(name(statuses[row])).append("\n");
  }
  return made;
}

/// What strict mode says of the first row that is refused.
[[nodiscard]] inline std::string strict_refusal(std::string_view entry, const std::string& rows_csv,
                                                const csv_options& options = {},
                                                const std::shared_ptr<const model>& self = nullptr,
                                                const std::vector<filled_slot>& slots = {}) {
  std::string what;
  EXPECT_EQ(code_of([&] { return scored(entry, rows_csv, {}, options, self, slots, true); }, &what),
            status::data);
  return what;
}

} // namespace emptor::test
