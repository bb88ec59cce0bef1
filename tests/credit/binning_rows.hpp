// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/credit/binning_entry.hpp>

#include "credit/finished.hpp"

/// Bins as the tests fit them from a few columns.
namespace binning_rows {

using namespace emptor;

inline constexpr double none = std::numeric_limits<double>::quiet_NaN();

/// A column of numbers in a store of outcomes.
struct numbers {
  std::string label;
  std::vector<double> values;
};

[[nodiscard]] inline table table_of(std::vector<double> outcomes, std::vector<numbers> columns) {
  table made("rows");
  made.add(column::numbers("outcome", std::move(outcomes)).or_none());
  for (numbers& one : columns)
    made.add(column::numbers("characteristics:" + one.label, std::move(one.values)).or_none());
  return made;
}
[[nodiscard]] inline column texts_column(const std::string& name, const std::vector<std::string>& values) {
  text_buffer held;
  for (const std::string& one : values)
    held.push_back(one);
  return column::texts(name, std::move(held));
}

[[nodiscard]] inline stats::outcomes store_of(const table& rows) {
  stats::outcomes made;
  const std::vector<named_column> columns = rows.views();
  made.push({.table = "rows", .columns = columns, .rows = rows.rows(), .strict = true});
  return made;
}

/// \param rules  the model of the slot, null for none
[[nodiscard]] inline result fit(const table& rows, const std::vector<option>& options,
                                const model* rules = nullptr) {
  return finished::of(credit::binning_entry, store_of(rows), options, "rules", rules);
}

/// The rows of one characteristic in a column of a table.
[[nodiscard]] inline std::vector<double> figures(const result& of, std::string_view table_name,
                                                 std::string_view name, std::string_view label) {
  const table& from = finished::table_of(of, table_name);
  std::vector<double> made;
  for (std::int64_t row = 0; row < from.rows(); ++row) {
    if (from.at("characteristic").text()[row] == label)
      made.push_back(from.at(name).as<double>()[static_cast<std::size_t>(row)]);
  }
  return made;
}
/// The only row of a characteristic, as text.
[[nodiscard]] inline std::string shown(const result& of, std::string_view table_name, std::string_view name,
                                       std::string_view label) {
  const table& from = finished::table_of(of, table_name);
  for (std::int64_t row = 0; row < from.rows(); ++row) {
    if (from.at("characteristic").text()[row] == label)
      return finished::shown(from.at(name), row);
  }
  return "not there";
}

/// The bins of a characteristic as a model has them.
[[nodiscard]] inline credit::binned_characteristic bins_of(const result& of, std::string_view label) {
  for (credit::binned_characteristic& one : credit::read_bins(*of.fitted)) {
    if (one.label == label)
      return std::move(one);
  }
  throw error(status::data, "no bins of " + std::string(label));
}

/// So many events and others at each value 1, 2, ...
[[nodiscard]] inline table counted(const std::vector<std::pair<int, int>>& events_and_others,
                                   const std::string& label = "x") {
  std::vector<double> outcomes;
  std::vector<double> values;
  for (std::size_t i = 0; i < events_and_others.size(); ++i) {
    const auto [events, others] = events_and_others[i];
    for (int k = 0; k < events + others; ++k) {
      outcomes.push_back(k < events ? 1.0 : 0.0);
      values.push_back(static_cast<double>(i + 1));
    }
  }
  return table_of(std::move(outcomes), {{label, std::move(values)}});
}

} // namespace binning_rows
