// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/describe.hpp>
#include <emptor/core/table.hpp>

namespace emptor {

/// What one value of a described column turned out to be. Which member holds it follows from the content:
/// minor units and counts of amounts in `whole`, texts and codes in `text`, everything else in `number` (days
/// as whole numbers).
struct cell {
  double number = 0.0;
  std::int64_t whole = 0;
  std::string_view text{};
};

/// One value as text, of which an empty one is as good as missing.
[[nodiscard]] inline row_status read_name(const column_view& column, std::int64_t row,
                                          std::string_view& text) noexcept {
  const row_status status = read_text(column, row, text);
  return status == row_status::ok && text.empty() ? row_status::missing : status;
}

/// Reads one value and checks it against its description. `missing` is no fault in an optional column; the
/// caller sees it by the status and decides. \param decimals of amounts
[[nodiscard]] inline row_status read_cell(const column_description& described, const column_view& column,
                                          std::int64_t row, int decimals, std::int32_t zone_offset_seconds,
                                          cell& value) noexcept {
  row_status status = row_status::ok;
  switch (described.what) {
  case content::number:
  case content::count:
  case content::boolean: {
    status = read_number(column, row, value.number);
    if (status != row_status::ok)
      return status;
    if (described.what == content::count && value.number != std::floor(value.number))
      return row_status::not_integer;
    if (described.what == content::count && std::fabs(value.number) > 9007199254740992.0)
      return row_status::too_large; // beyond 2^53 one more or less cannot be told
    if (described.what == content::boolean && value.number != 0.0 && value.number != 1.0)
      return row_status::out_of_domain;
    value.number += 0.0; // one zero only: -0.0 becomes 0.0
    return described.allowed.contains(value.number) ? row_status::ok : row_status::out_of_domain;
  }
  case content::amount: {
    status = read_minor_units(column, row, decimals, value.whole);
    if (status != row_status::ok)
      return status;
    const double amount = static_cast<double>(value.whole) / static_cast<double>(power_of_ten(decimals));
    return described.allowed.contains(amount) ? row_status::ok : row_status::out_of_domain;
  }
  case content::day: {
    std::int32_t day = 0;
    status = read_day(column, row, zone_offset_seconds, day);
    value.number = day;
    return status;
  }
  case content::text:
    return read_name(column, row, value.text);
  case content::id: // a whole number stands for its decimal text: `text` is null then
    return is_text(column.type) ? read_name(column, row, value.text) : read_integer(column, row, value.whole);
  case content::code: {
    status = read_name(column, row, value.text);
    if (status != row_status::ok || described.levels.empty())
      return status;
    for (std::size_t i = 0; i < described.levels.size(); ++i) {
      if (described.levels[i] == value.text) {
        value.number = static_cast<double>(i);
        return row_status::ok;
      }
    }
    return row_status::unknown_level;
  }
  }
  return row_status::missing;
}

/// A value as a row_rule sees it: NaN where it is missing or text, amounts in whole units.
[[nodiscard]] inline double rule_value(const column_description& described, const cell& value, bool there,
                                       int decimals) noexcept {
  switch (described.what) {
  case content::text:
  case content::id:
    return std::numeric_limits<double>::quiet_NaN();
  case content::amount:
    return there ? static_cast<double>(value.whole) / static_cast<double>(power_of_ten(decimals))
                 : std::numeric_limits<double>::quiet_NaN();
  default:
    return there ? value.number : std::numeric_limits<double>::quiet_NaN();
  }
}

/// The value as a message shows it.
[[nodiscard]] inline std::string shown(const column_description& described, const column_view& column,
                                       std::int64_t row, row_status status) {
  if (status == row_status::missing)
    return "missing";
  if (is_text(column.type)) {
    std::string_view text;
    if (read_text(column, row, text) == row_status::invalid_text)
      return "not UTF-8";
    return "\"" + shortened(text) + "\"";
  }
  if (column.type == dtype::decimal128)
    return decimal_text(detail::load<wide_integer>(column, row), column.unit);
  if (column.type == dtype::money)
    return std::to_string(detail::load<std::int64_t>(column, row)) + " minor units";
  if (described.what == content::day) {
    return column.type == dtype::date32
               ? "day " + std::to_string(detail::load<std::int32_t>(column, row))
               : "timestamp " + std::to_string(detail::load<std::int64_t>(column, row));
  }
  if (column.type == dtype::int64)
    return std::to_string(detail::load<std::int64_t>(column, row));
  double number = 0.0;
  const row_status read = read_number(column, row, number);
  if (read == row_status::infinite)
    return (column.type == dtype::float32 ? detail::load<float>(column, row) > 0
                                          : detail::load<double>(column, row) > 0)
               ? "infinite"
               : "-infinite";
  return to_text(number);
}

template <class Names>
[[nodiscard]] std::string one_of(const Names& names) {
  constexpr std::size_t most = 20; // of a grade, not of a thousand
  std::string text;
  std::size_t count = 0;
  for (const auto& name : names) {
    if (count++ < most)
      text.append(text.empty() ? "one of " : ", ").append(name);
  }
  return count > most ? text + ", ..., " + std::to_string(count) + " in all" : text;
}

/// What a described column asks of its values, in words.
[[nodiscard]] inline std::string expected(const column_description& described, row_status status) {
  if (status == row_status::out_of_domain) {
    if (described.what == content::boolean)
      return "0 or 1";
    if (described.what == content::day)
      return "a date between 0000-01-01 and 9999-12-31";
    return to_text(described.allowed);
  }
  if (status == row_status::unknown_level)
    return one_of(described.levels);
  return std::string(must_be(status));
}

/// Strict mode's error for one value, in the one message shape. \param first_row what the first row of the column
/// counts as, where it is one of many batches
[[nodiscard]] inline error refused_cell(std::string_view where, const column_description& described,
                                        const column_view& column, std::int64_t row, std::int32_t index,
                                        row_status status, std::int64_t first_row = 0,
                                        std::string_view label = {}) {
  const std::string name = std::string(described.name) + (label.empty() ? "" : ":") + std::string(label);
  return {status::data,
          message(where, name, first_row + row, shown(described, column, row, status),
                  expected(described, status)),
          first_row + row, index};
}

/// A described column found among the caller's.
struct bound_input {
  const column_description* described = nullptr;
  std::string label;                   ///< of a column of a role that takes many
  const column_view* column = nullptr; ///< null for an optional column that is not there
  std::int32_t index = -1;             ///< of the caller's column
};

/// Finds the columns of a described table among the caller's and checks that they can be read. Columns of a
/// role that takes many come after the single ones, sorted by label. \throws error status::schema for a
/// missing, doubled or unreadable column, status::unknown_name for one too many. The time grows as n log n with
/// the number of columns.
[[nodiscard]] inline std::vector<bound_input> bind_columns(std::string_view where,
                                                           std::span<const column_description> described,
                                                           std::span<const named_column> columns,
                                                           std::int64_t rows) {
  if (rows < 0)
    throw error(status::invalid_argument, std::string(where) + ": the number of rows is negative");
  std::vector<bound_input> bound;
  std::vector<bool> used(columns.size(), false);
  for (const column_description& wanted : described) {
    const std::size_t first = bound.size();
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string_view given = columns[i].name;
      std::string label;
      if (wanted.many) {
        if (given.size() <= wanted.name.size() + 1 || !given.starts_with(wanted.name) ||
            given[wanted.name.size()] != ':')
          continue;
        label = given.substr(wanted.name.size() + 1);
        if (!is_utf8(label))
          throw error(status::schema,
                      std::string(where) + ": a label of " + std::string(wanted.name) + " is not UTF-8", -1,
                      static_cast<std::int32_t>(i));
      } else if (given != wanted.name) {
        continue;
      }
      const std::string what = std::string(where) + ": " + shortened(given);
      check_column(columns[i].values, rows, what, static_cast<std::int32_t>(i));
      if (!accepts(wanted.what, columns[i].values.type))
        throw error(status::schema,
                    what + " is a column of " + std::string(name(columns[i].values.type)) + ", but must be " +
                        (wanted.what == content::amount || wanted.what == content::id ? "an " : "a ") +
                        std::string(name(wanted.what)),
                    -1, static_cast<std::int32_t>(i));
      used[i] = true;
      bound.push_back({&wanted, std::move(label), &columns[i].values, static_cast<std::int32_t>(i)});
    }
    const std::span<bound_input> found = std::span(bound).subspan(first);
    std::stable_sort(found.begin(), found.end(), [](const bound_input& left, const bound_input& right) {
      return left.label < right.label;
    });
    const auto twice =
        std::adjacent_find(found.begin(), found.end(), [](const bound_input& left, const bound_input& right) {
          return left.label == right.label;
        });
    if (twice != found.end())
      throw error(status::schema,
                  std::string(where) + ": " +
                      shortened(columns[static_cast<std::size_t>(twice->index)].name) + " is given twice",
                  -1, std::next(twice)->index);
    if (!found.empty())
      continue;
    if (!wanted.optional)
      throw error(status::schema,
                  std::string(where) + ": " +
                      (wanted.many ? "at least one column " + std::string(wanted.name) + ":LABEL is needed"
                                   : "column " + std::string(wanted.name) + " is missing") +
                      " (" + std::string(wanted.summary) + ")");
    if (!wanted.many)
      bound.push_back({&wanted, {}, nullptr, -1});
  }
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (used[i])
      continue;
    std::vector<std::string_view> names;
    for (const column_description& wanted : described)
      names.push_back(wanted.name);
    const error unknown = unknown_name(where, "column", columns[i].name, names);
    const std::string text = unknown.what();
    std::string roles;
    for (const column_description& wanted : described)
      if (wanted.many)
        roles.append(roles.empty() ? "" : " or ")
            .append(wanted.name)
            .append(":")
            .append(shortened(columns[i].name));
    const bool may_be_own = columns[i].name.find(':') == std::string_view::npos && !text.ends_with('?');
    throw roles.empty() || !may_be_own ? unknown
                                       : error(unknown.code(), text + "; a column of your own is " + roles);
  }
  return bound;
}

} // namespace emptor
