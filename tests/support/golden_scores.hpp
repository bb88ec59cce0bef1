// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <emptor/core/status.hpp>

#include "csv_table.hpp"
#include "support/places.hpp"
#include "worked_example.hpp"

/// Rows and the bits of their scores, as files that every language reads: tests/golden/README.md.
namespace emptor::test {

struct golden_scores {
  std::string entry;
  std::filesystem::path model;                                      ///< empty where the entry needs none
  std::vector<std::pair<std::string, std::filesystem::path>> slots; ///< name and file of each model
  text_pairs options;
  std::filesystem::path rows;
  csv_table expected; ///< the outputs in their order, numbers as hexadecimal floats, and last `row_status`

  [[nodiscard]] std::vector<std::string> outputs() const {
    return {expected.names.begin(), expected.names.end() - 1};
  }
};

[[nodiscard]] inline std::filesystem::path golden_scores_folder() {
  return std::filesystem::path(source_folder()) / "tests" / "golden" / "0.1" / "scores";
}

[[nodiscard]] inline std::string file_text(const std::filesystem::path& path) {
  std::ifstream from(path, std::ios::binary);
  if (!from.is_open())
    throw std::runtime_error(path.string() + " cannot be read");
  return {std::istreambuf_iterator<char>(from), {}};
}

[[nodiscard]] inline std::vector<golden_scores> read_golden_scores() {
  const std::filesystem::path folder = golden_scores_folder();
  const std::string last = ".scores.csv";
  const std::string model = ".emptor";
  std::vector<std::string> names;
  for (const auto& file : std::filesystem::directory_iterator(folder))
    names.push_back(file.path().filename().string());
  std::sort(names.begin(), names.end());
  std::vector<golden_scores> made;
  for (const std::string& name : names) {
    if (!name.ends_with(last))
      continue;
    golden_scores& one = made.emplace_back();
    one.entry = name.substr(0, name.size() - last.size());
    one.rows = folder / (one.entry + ".rows.csv");
    one.expected = parse_csv(file_text(folder / name));
    for (const std::vector<std::string>& option :
         parse_csv(file_text(folder / (one.entry + ".options.csv"))).rows)
      one.options.emplace_back(option.at(0), option.at(1));
    for (const std::string& other : names) {
      if (other == one.entry + model)
        one.model = folder / other;
      else if (other.starts_with(one.entry + ".") && other.ends_with(model))
        one.slots.emplace_back(
            other.substr(one.entry.size() + 1, other.size() - one.entry.size() - 1 - model.size()),
            folder / other);
    }
  }
  return made;
}

[[nodiscard]] inline std::string hexadecimal(double number) {
  char text[40];
  std::snprintf(text, sizeof text, "%a", number);
  return text;
}

/// A value with all its bits.
[[nodiscard]] inline std::string exact_field(const seen_column& column, std::int64_t row) {
  double number = 0.0;
  if (column.values.type != dtype::float64 || !column.values.is_valid(row))
    return field_of(column.values, column.levels, row);
  return read_number(column.values, row, number) == row_status::ok ? hexadecimal(number) : "";
}

[[nodiscard]] inline std::string csv_field(const std::string& field) {
  return field.find(',') == std::string::npos ? field : '"' + field + '"';
}

/// Scores and their row statuses as the CSV of a golden file.
[[nodiscard]] inline std::string exact_scores(const seen_table& scores,
                                              std::span<const std::uint8_t> statuses) {
  std::string csv;
  for (const seen_column& column : scores.columns)
    csv.append(column.name).append(",");
  csv.append("row_status\n");
  for (std::int64_t row = 0; row < scores.rows; ++row) {
    for (const seen_column& column : scores.columns)
      csv.append(csv_field(exact_field(column, row))).append(",");
    csv.append(name(static_cast<row_status>(statuses[static_cast<std::size_t>(row)]))).append("\n");
  }
  return csv;
}

} // namespace emptor::test
