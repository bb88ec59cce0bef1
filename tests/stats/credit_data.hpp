// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdlib>
#include <fstream>
#include <limits>
#include <sstream>
#include <string>
#include <vector>

#include "support/csv_table.hpp"
#include "support/places.hpp"

/// Data of others that the tests of credit scoring read; without rows where the file is not there.
namespace emptor::test {

[[nodiscard]] inline csv_table read_data(const std::string& name) {
  std::ifstream file(data_file(name));
  if (!file)
    return {};
  std::stringstream text;
  text << file.rdbuf();
  std::string lines = text.str();
  std::erase(lines, '\r');
  return parse_csv(lines);
}

[[nodiscard]] inline std::vector<std::string> texts_of(const csv_table& from, const std::string& column) {
  std::vector<std::string> made;
  for (std::size_t i = 0; i < from.names.size(); ++i) {
    if (from.names[i] != column)
      continue;
    for (const std::vector<std::string>& row : from.rows)
      made.push_back(row[i]);
  }
  return made;
}

[[nodiscard]] inline std::vector<double> numbers_of(const csv_table& from, const std::string& column) {
  std::vector<double> made;
  for (const std::string& text : texts_of(from, column))
    made.push_back(text.empty() ? std::numeric_limits<double>::quiet_NaN()
                                : std::strtod(text.c_str(), nullptr));
  return made;
}

} // namespace emptor::test
