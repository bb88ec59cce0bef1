// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <set>
#include <span>
#include <string>
#include <variant>
#include <vector>

#include <emptor/core/describe.hpp>
#include <emptor/core/table.hpp>

#include "csv_reader.hpp"

namespace emptor::tool {

/// `--map [TABLE.]role=csv_column,...`
struct column_mapping {
  std::string table; ///< empty = every table that has the role
  std::string role;
  std::vector<std::string> columns;
};

/// The fields of one CSV column as values of a described column.
class typed_column {
public:
  /// \throws failure naming file, row, line and column of fields that are no such value
  typed_column(std::string name, const column_description& described, const csv_table& from,
               std::size_t csv_column, const csv_dialect& dialect);

  [[nodiscard]] const std::string& name() const noexcept { return name_; }
  [[nodiscard]] std::size_t csv_column() const noexcept { return csv_column_; }
  [[nodiscard]] column_view view() const noexcept;

private:
  std::string name_;
  std::size_t csv_column_;
  dtype type_ = dtype::float64;
  std::int32_t scale_ = 0; ///< decimals of a decimal128 column
  std::vector<std::uint8_t> validity_;
  std::variant<std::vector<double>, std::vector<std::int64_t>, std::vector<std::int32_t>,
               std::vector<std::uint8_t>, std::vector<wide_integer>, text_buffer>
      values_;
};

/// The columns of a CSV file that a description names, by the mapping where there is one and else under the
/// catalogue's names. All other columns of the file are left alone.
class typed_table {
public:
  /// \param used takes in which of the mappings found their columns
  /// \throws failure for a column that is needed and not there, and for fields that are no such values
  typed_table(const csv_table& from, std::string_view table, std::span<const column_description> described,
              std::span<const column_mapping> mappings, const csv_dialect& dialect,
              std::set<std::size_t>& used);

  [[nodiscard]] std::vector<named_column> columns() const;
  /// The CSV column that stands for a role; nullopt where none does.
  [[nodiscard]] std::optional<std::size_t> csv_column(std::string_view role) const noexcept;
  /// Whether a column of the file stands for a role.
  [[nodiscard]] bool uses(std::size_t csv_column) const noexcept;

private:
  std::vector<typed_column> columns_;
};

/// Decimal text as a whole number of 10^-scale, exactly; zeros at the end of the fraction carry nothing.
/// Numbers of more than 38 digits become one that is too large, or not exact, for any amount of money.
struct decimal_number {
  wide_integer digits = 0;
  std::int32_t scale = 0;
};
[[nodiscard]] std::optional<decimal_number> parse_decimal(std::string_view text);

} // namespace emptor::tool
