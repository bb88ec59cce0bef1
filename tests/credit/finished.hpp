// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>

/// What an entry gives at its finish, as texts that tests compare.
namespace finished {

/// The tables of an entry. \param given the model in `slot`, null where there is none
[[nodiscard]] inline emptor::result of(const emptor::entry& what, const emptor::store& from,
                                       const std::vector<emptor::option>& options, std::string_view slot = {},
                                       const emptor::model* given = nullptr,
                                       const std::optional<std::vector<std::string>>& keys = {}) {
  const emptor::run alone;
  std::vector<emptor::filled_slot> slots;
  if (given != nullptr)
    slots.push_back({slot, given});
  return what.finish({.from = &from,
                      .options = {what.description->name, what.description->options, options},
                      .slots = slots,
                      .keys = keys,
                      .how = alone});
}

/// The value in a row: minor units as whole numbers, codes by their names, `-` where there is none.
[[nodiscard]] inline std::string shown(const emptor::column& of, std::int64_t row) {
  const auto at = static_cast<std::size_t>(row);
  if (!of.is_valid(row))
    return "-";
  switch (of.type()) {
  case emptor::dtype::large_utf8:
    return std::string(of.text()[row]);
  case emptor::dtype::date32:
    return emptor::to_string(emptor::date_from_days(of.as<std::int32_t>()[at]));
  case emptor::dtype::int32:
    return of.levels().at(static_cast<std::size_t>(of.as<std::int32_t>()[at]));
  case emptor::dtype::float64:
    return emptor::to_text(of.as<double>()[at]);
  case emptor::dtype::boolean:
    return of.as<std::uint8_t>()[at] != 0 ? "true" : "false";
  default:
    return std::to_string(of.as<std::int64_t>()[at]);
  }
}

[[nodiscard]] inline const emptor::table& table_of(const emptor::result& made, std::string_view name) {
  for (const emptor::table& one : made.tables) {
    if (one.name() == name)
      return one;
  }
  throw emptor::error(emptor::status::schema, "no table " + std::string(name));
}

/// Some columns of each row, separated by blanks.
[[nodiscard]] inline std::vector<std::string> cells(const emptor::table& of,
                                                    const std::vector<std::string>& columns) {
  std::vector<std::string> all;
  for (std::int64_t row = 0; row < of.rows(); ++row) {
    std::string line;
    for (const std::string& name : columns)
      line += (line.empty() ? "" : " ") + shown(of.at(name), row);
    all.push_back(line);
  }
  return all;
}
[[nodiscard]] inline std::vector<std::string> cells(const emptor::result& made, std::string_view table,
                                                    const std::vector<std::string>& columns) {
  return cells(table_of(made, table), columns);
}

/// Sums of a column of money by the texts of others; those of 0 are left out.
[[nodiscard]] inline std::map<std::string, emptor::wide_integer>
sums(const emptor::table& of, const std::vector<std::string>& by, const std::string& amount) {
  std::map<std::string, emptor::wide_integer> made;
  for (std::int64_t row = 0; row < of.rows(); ++row) {
    std::string key;
    for (const std::string& name : by)
      key += shown(of.at(name), row) + " ";
    if (of.at(amount).is_valid(row))
      made[key] += of.at(amount).as<std::int64_t>()[static_cast<std::size_t>(row)];
  }
  std::erase_if(made, [](const auto& one) { return one.second == 0; });
  return made;
}
[[nodiscard]] inline std::map<std::string, emptor::wide_integer> sums(const emptor::result& made,
                                                                      std::string_view table,
                                                                      const std::vector<std::string>& by,
                                                                      const std::string& amount) {
  return sums(table_of(made, table), by, amount);
}

} // namespace finished
