// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <stdexcept>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/stats/rows.hpp>

#include "credit/finished.hpp"
#include "support/csv_table.hpp"

/// Tables of the entries about criteria, pushed and finished.
namespace criteria_rows {

struct pushed {
  std::string_view table;
  std::string csv;
};

[[nodiscard]] inline emptor::stats::rows store_of(const emptor::entry& what,
                                                  const std::vector<pushed>& tables) {
  const std::vector<emptor::option> options{{"entry", std::string(what.description->name)}};
  emptor::stats::rows made({"rows", emptor::stats::rows_options, options}, what.description->inputs);
  for (const pushed& one : tables) {
    const emptor::test::csv_table parsed = emptor::test::parse_csv(one.csv);
    const auto described =
        std::find_if(what.description->inputs.begin(), what.description->inputs.end(),
                     [&](const emptor::table_description& known) { return known.name == one.table; });
    emptor::table rows{std::string(one.table)};
    for (std::size_t i = 0; i < parsed.names.size(); ++i) {
      const std::string_view role = std::string_view(parsed.names[i]).substr(0, parsed.names[i].find(':'));
      const auto known =
          std::find_if(described->columns.begin(), described->columns.end(),
                       [&](const emptor::column_description& column) { return column.name == role; });
      if (known == described->columns.end())
        throw std::runtime_error("no column " + parsed.names[i]);
      std::vector<std::string> fields;
      for (const std::vector<std::string>& row : parsed.rows)
        fields.push_back(row[i]);
      rows.add(emptor::test::typed_column(
          parsed.names[i], known->what == emptor::content::id ? emptor::content::text : known->what, fields));
    }
    const std::vector<emptor::named_column> views = rows.views();
    made.push({.table = one.table, .columns = views, .rows = rows.rows(), .strict = true});
  }
  return made;
}

[[nodiscard]] inline emptor::result finished(const emptor::entry& what, const std::vector<pushed>& tables,
                                             const std::vector<emptor::option>& options = {}) {
  return finished::of(what, store_of(what, tables), options);
}

/// The example of an entry, as its description says it.
[[nodiscard]] inline emptor::result example_of(const emptor::entry& what, std::size_t which = 0) {
  std::vector<pushed> tables;
  const emptor::example& shown = what.description->examples[which];
  for (const emptor::example_table& one : shown.tables)
    tables.push_back({one.name, std::string(one.csv)});
  std::vector<emptor::option> options;
  for (const emptor::example_option& one : shown.options)
    options.push_back({std::string(one.name), std::string(one.value)});
  return finished(what, tables, options);
}

/// The numbers of a column.
[[nodiscard]] inline std::vector<double> numbers(const emptor::result& made, std::string_view table,
                                                 std::string_view column) {
  return finished::table_of(made, table).at(column).as<double>();
}

/// Every place where the result of an example is not as expected, in words.
[[nodiscard]] inline std::string differences_of_example(const emptor::entry& what, std::size_t which = 0) {
  const emptor::result made = example_of(what, which);
  const emptor::example& shown = what.description->examples[which];
  std::string found;
  for (const emptor::example_table& one : shown.expected) {
    const emptor::test::csv_table expected = emptor::test::parse_csv(std::string(one.csv));
    const std::vector<std::string> is = finished::cells(made, one.name, expected.names);
    for (std::size_t row = 0; row < std::max(is.size(), expected.rows.size()); ++row) {
      std::string wanted;
      bool fine = row < is.size() && row < expected.rows.size();
      for (std::size_t i = 0; fine && i < expected.names.size(); ++i) {
        const std::string cell = finished::cells(made, one.name, {expected.names[i]})[row];
        const std::string& field = expected.rows[row][i];
        wanted += (i > 0 ? " " : "") + field;
        fine = emptor::test::agrees(field, cell == "-" ? "" : cell, shown.tolerance);
      }
      if (!fine)
        found += std::string(one.name) + "[" + std::to_string(row) + "] is " +
                 (row < is.size() ? is[row] : "missing") + ", expected " + wanted + "\n";
    }
  }
  return found;
}

} // namespace criteria_rows
