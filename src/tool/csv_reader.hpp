// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/date.hpp>

namespace emptor::tool {

/// How a CSV file writes its fields. What is not set is found out, or is the ISO way.
struct csv_dialect {
  std::optional<char> delimiter; ///< not set: the one of , ; and tab that the header line has
  char decimal = '.';            ///< '.' or ','
  date_format dates = date_format::iso;
};

/// All fields of a CSV file as text, row after row.
class csv_table {
public:
  csv_table(std::string file, std::vector<std::string> names);

  [[nodiscard]] const std::string& file() const noexcept { return file_; }
  [[nodiscard]] const std::vector<std::string>& names() const noexcept { return names_; }
  [[nodiscard]] std::int64_t rows() const noexcept { return static_cast<std::int64_t>(lines_.size()); }
  [[nodiscard]] std::optional<std::size_t> find(std::string_view name) const noexcept;
  /// An empty field is a missing value.
  [[nodiscard]] std::string_view field(std::int64_t row, std::size_t column) const noexcept {
    const std::size_t at = static_cast<std::size_t>(row) * names_.size() + column;
    const std::size_t first = at == 0 ? 0 : ends_[at - 1];
    return std::string_view(bytes_).substr(first, ends_[at] - first);
  }
  /// Where a row stands in its file: `orders.csv: row 3 (line 4)`. Rows and lines count from 1, the header is
  /// line 1.
  [[nodiscard]] std::string place(std::int64_t row) const;

private:
  friend class csv_parser;
  std::string file_;
  std::vector<std::string> names_;
  std::vector<std::size_t> by_name_; ///< columns in the order of their names
  std::string bytes_;
  std::vector<std::size_t> ends_;   ///< of each field in `bytes_`
  std::vector<std::int64_t> lines_; ///< on which each row begins
};

/// Reads a CSV text with a header line. UTF-8, with or without a byte order mark; quotes are doubled inside
/// quoted fields; lines end with LF, CRLF or CR; lines without anything on them are skipped where there is
/// more than one column. \param file names it in messages
/// \throws failure for NUL bytes, UTF-16, ragged rows, doubled column names, quotes that do not end, and a
/// header that leaves the delimiter open
[[nodiscard]] csv_table read_csv(std::string file, std::string_view text, const csv_dialect& dialect);

} // namespace emptor::tool
