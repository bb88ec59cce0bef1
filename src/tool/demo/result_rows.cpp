// SPDX-License-Identifier: BSL-1.0
#include "result_rows.hpp"

#include <algorithm>
#include <cmath>
#include <cstdio>

#include "../failure.hpp"

namespace emptor::tool::demo {

std::size_t place_of(const csv_table& in, std::string_view column) {
  const auto found = in.find(column);
  if (!found)
    throw failure(in.file() + ": has no column " + std::string(column));
  return *found;
}

std::unordered_map<std::string_view, std::int64_t> rows_by(const csv_table& in, std::string_view key) {
  const std::size_t column = place_of(in, key);
  std::unordered_map<std::string_view, std::int64_t> rows;
  rows.reserve(static_cast<std::size_t>(in.rows()));
  for (std::int64_t row = 0; row < in.rows(); ++row)
    rows.emplace(in.field(row, column), row);
  return rows;
}

std::string shown_number(double value, int digits) {
  if (std::isnan(value))
    return "-";
  char text[64];
  std::snprintf(text, sizeof text, "%.*f", digits, value);
  return text;
}

bool ranks(const step& one) {
  return std::any_of(one.feed->shown.begin(), one.feed->shown.end(),
                     [](const demo_shown& column) { return column.ranks; });
}

} // namespace emptor::tool::demo
