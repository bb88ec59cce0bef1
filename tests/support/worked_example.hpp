// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include <emptor/core/table.hpp>

#include "csv_table.hpp"
#include "description.hpp"

/// A worked example's tables as columns, and the comparison of what came out with what it expects.
namespace emptor::test {

/// \throws std::runtime_error for a header that the description does not have
[[nodiscard]] inline table typed_table(const described_table& described, const std::string& csv) {
  const csv_table parsed = parse_csv(csv);
  table made(described.name);
  for (std::size_t i = 0; i < parsed.names.size(); ++i) {
    const described_column* known = described.find(parsed.names[i]);
    if (known == nullptr)
      throw std::runtime_error("example: table " + described.name + " has no column " + parsed.names[i]);
    std::vector<std::string> fields;
    for (const std::vector<std::string>& row : parsed.rows)
      fields.push_back(row[i]);
    made.add(typed_column(parsed.names[i], known->what, fields));
  }
  return made;
}

[[nodiscard]] inline const described_table& table_named(const std::vector<described_table>& tables,
                                                        const std::string& name) {
  for (const described_table& one : tables) {
    if (one.name == name)
      return one;
  }
  throw std::runtime_error("example: there is no table " + name);
}

/// A column that came out, wherever its values lie.
struct seen_column {
  std::string name;
  column_view values;
  std::vector<std::string> levels;
};

struct seen_table {
  std::string name;
  std::int64_t rows = 0;
  std::vector<seen_column> columns;
};

/// A value's column, money with the decimals of the row's currency where the column leaves them to the row.
[[nodiscard]] inline column_view with_decimals(const seen_table& of, const seen_column& column,
                                               std::int64_t row) {
  column_view made = column.values;
  if (made.type != dtype::money || made.unit != decimals_of_row)
    return made;
  const auto named = std::find_if(of.columns.begin(), of.columns.end(),
                                  [](const seen_column& one) { return one.name == "currency"; });
  const std::string code = named == of.columns.end() ? "" : field_of(named->values, {}, row);
  made.unit = currency::parse(code).value_or(currency{}).decimals();
  return made;
}

/// Every place where the table is not as expected, in words; empty where it is.
[[nodiscard]] inline std::string differences(const std::string& expected_csv, const seen_table& seen,
                                             double tolerance) {
  const csv_table expected = parse_csv(expected_csv);
  std::string found;
  if (static_cast<std::int64_t>(expected.rows.size()) != seen.rows)
    found += seen.name + " has " + std::to_string(seen.rows) + " rows, expected " +
             std::to_string(expected.rows.size()) + "\n";
  for (std::size_t i = 0; i < expected.names.size(); ++i) {
    const auto column = std::find_if(seen.columns.begin(), seen.columns.end(),
                                     [&](const seen_column& one) { return one.name == expected.names[i]; });
    if (column == seen.columns.end()) {
      found += seen.name + " has no column " + expected.names[i] + "\n";
      continue;
    }
    const auto rows = std::min<std::int64_t>(seen.rows, static_cast<std::int64_t>(expected.rows.size()));
    for (std::int64_t row = 0; row < rows; ++row) {
      const std::string& wanted = expected.rows[static_cast<std::size_t>(row)][i];
      const std::string is = field_of(with_decimals(seen, *column, row), column->levels, row);
      if (!agrees(wanted, is, tolerance))
        found.append(seen.name)
            .append(".")
            .append(column->name)
            .append("[")
            .append(std::to_string(row))
            .append("] is '")
            .append(is)
            .append("', expected '")
            .append(wanted)
            .append("'\n");
    }
  }
  return found;
}

} // namespace emptor::test
