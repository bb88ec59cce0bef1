// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/credit/scorecard_entry.hpp>

#include "credit/finished.hpp"
#include "support/worked_example.hpp"

/// Scorecards as the tests fit them and score with them.
namespace scorecard_rows {

using namespace emptor;
using finished::table_of;

/// A table of an example, with classes as the codes of its description.
[[nodiscard]] inline table typed(std::span<const column_description> described, std::string_view name,
                                 std::string_view csv) {
  const test::csv_table parsed = test::parse_csv(std::string(csv));
  table made{std::string(name)};
  for (std::size_t i = 0; i < parsed.names.size(); ++i) {
    const auto known = std::find_if(described.begin(), described.end(), [&](const column_description& one) {
      return one.many ? parsed.names[i].starts_with(std::string(one.name) + ":")
                      : one.name == parsed.names[i];
    });
    std::vector<std::string> fields;
    for (const auto& row : parsed.rows)
      fields.push_back(row[i]);
    if (known->what == content::code) {
      std::vector<std::int32_t> codes;
      for (const std::string& field : fields)
        codes.push_back(static_cast<std::int32_t>(
            std::find(known->levels.begin(), known->levels.end(), field) - known->levels.begin()));
      made.add(column::codes(parsed.names[i], codes, known->levels));
    } else if (known->what == content::count) {
      std::vector<std::int64_t> counts;
      for (const std::string& field : fields)
        counts.push_back(std::stoll(field));
      made.add(column::integers(parsed.names[i], counts));
    } else {
      made.add(test::typed_column(parsed.names[i], known->what, fields));
    }
  }
  return made;
}

[[nodiscard]] inline model model_of(std::string_view entry, std::span<const table_description> described,
                                    std::span<const example_table> tables, std::vector<option> options = {}) {
  model made;
  made.entry = std::string(entry);
  made.options = std::move(options);
  for (const example_table& one : tables) {
    const auto known = std::find_if(described.begin(), described.end(),
                                    [&](const table_description& of) { return of.name == one.name; });
    made.tables.push_back(typed(known->columns, one.name, one.csv));
  }
  return made;
}

[[nodiscard]] inline stats::outcomes store_of(const table& rows) {
  stats::outcomes made;
  const std::vector<named_column> columns = rows.views();
  made.push({.table = "rows", .columns = columns, .rows = rows.rows(), .strict = true});
  return made;
}

[[nodiscard]] inline result fit(const stats::outcomes& store, const model& binning,
                                std::vector<option> options, const run& how = {}) {
  return credit::scorecard_entry.finish(
      {.from = &store,
       .options = option_values(credit::scorecard_name, credit::scorecard_options, options),
       .slots = {{"binning", &binning}},
       .keys = std::nullopt,
       .how = how});
}

[[nodiscard]] inline double figure(const result& made, std::string_view name) {
  const auto at = std::find(std::begin(credit::scorecard_figures), std::end(credit::scorecard_figures), name);
  return table_of(made, "figures")
      .at("value")
      .as<double>()[static_cast<std::size_t>(at - std::begin(credit::scorecard_figures))];
}

[[nodiscard]] inline std::string differs(const table& found, std::string_view csv, double tolerance) {
  test::seen_table seen{found.name(), found.rows(), {}};
  for (const column& one : found.columns())
    seen.columns.push_back({one.name(), one.view(), one.levels()});
  return test::differences(std::string(csv), seen, tolerance);
}

/// What a model says of rows, all outputs.
struct scored {
  std::vector<std::vector<double>> outputs;
  std::vector<row_status> statuses;
  std::vector<std::string> reasons;
  std::vector<std::string> grades;
};

[[nodiscard]] inline scored score(const model& with, const table& rows, const model* grades = nullptr) {
  std::vector<std::string> names;
  std::vector<score_block::input> inputs;
  std::vector<std::vector<std::string_view>> texts(rows.columns().size());
  for (std::size_t i = 0; i < rows.columns().size(); ++i) {
    const column& one = rows.columns()[i];
    names.push_back(one.name());
    score_block::input in;
    if (one.type() == dtype::large_utf8) {
      for (std::int64_t row = 0; row < rows.rows(); ++row)
        texts[i].push_back(one.is_valid(row) ? one.text()[row] : std::string_view{});
      in.text = texts[i].data();
    } else {
      in.number = one.as<double>().data();
    }
    inputs.push_back(in);
  }
  const std::size_t outputs = std::size(credit::scorecard_outputs);
  std::vector<filled_slot> slots;
  if (grades != nullptr)
    slots.push_back({"grades", grades});
  const auto scorer = credit::scorecard_entry.bind({.self = &with,
                                                    .options = option_values(credit::scorecard_name, {}, {}),
                                                    .slots = slots,
                                                    .inputs = names,
                                                    .wanted = std::vector<bool>(outputs, true)});
  scored made;
  made.outputs.assign(outputs, std::vector<double>(static_cast<std::size_t>(rows.rows())));
  made.statuses.assign(static_cast<std::size_t>(rows.rows()), row_status::ok);
  std::vector<score_block::output> outs(outputs);
  for (std::size_t i = 0; i < outputs; ++i)
    outs[i].number = made.outputs[i].data();
  scorer->score({.rows = rows.rows(), .inputs = inputs, .outputs = outs, .status = made.statuses.data()});
  made.grades = scorer->levels(static_cast<std::size_t>(credit::scorecard_output::grade));
  made.reasons = scorer->levels(static_cast<std::size_t>(credit::scorecard_output::reason));
  return made;
}

} // namespace scorecard_rows
