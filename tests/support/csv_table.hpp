// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/describe.hpp>
#include <emptor/core/options.hpp>
#include <emptor/core/table.hpp>

/// The CSV of worked examples: a header line, commas, quotes only where a field needs them.
namespace emptor::test {

struct csv_table {
  std::vector<std::string> names;
  std::vector<std::vector<std::string>> rows;
};

[[nodiscard]] inline csv_table parse_csv(std::string_view text) {
  csv_table made;
  std::vector<std::string> fields{""};
  const auto line_ends = [&] {
    if (made.names.empty())
      made.names = fields;
    else if (fields.size() != made.names.size())
      throw std::runtime_error("a line of an example has " + std::to_string(fields.size()) + " fields");
    else
      made.rows.push_back(fields);
    fields.assign(1, "");
  };
  bool quoted = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (c == '"' && quoted && i + 1 < text.size() && text[i + 1] == '"') {
      fields.back() += '"';
      ++i;
    } else if (c == '"') {
      quoted = !quoted;
    } else if (c == ',' && !quoted) {
      fields.emplace_back();
    } else if (c == '\n' && !quoted) {
      line_ends();
    } else {
      fields.back() += c;
    }
  }
  if (fields.size() > 1 || !fields.front().empty())
    line_ends();
  return made;
}

/// One column of values as the description understands them: doubles, dates, booleans, texts. Amounts become
/// doubles, which stand for whole minor units exactly. An empty field is missing.
[[nodiscard]] inline column typed_column(const std::string& name, content what,
                                         const std::vector<std::string>& fields) {
  const auto bad = [&](const std::string& field) {
    return std::runtime_error("example: " + name + " has the field '" + field + "'");
  };
  column made;
  if (what == content::text || what == content::code || what == content::id) {
    text_buffer texts;
    for (const std::string& field : fields)
      texts.push_back(field);
    made = column::texts(name, std::move(texts));
  } else if (what == content::day) {
    std::vector<std::int32_t> days;
    for (const std::string& field : fields) {
      const auto day = parse_date(field);
      if (!day && !field.empty())
        throw bad(field);
      days.push_back(day ? days_since_epoch(*day) : 0);
    }
    made = column::days(name, std::move(days));
  } else if (what == content::boolean) {
    std::vector<std::uint8_t> values;
    for (const std::string& field : fields) {
      const auto value = parse_boolean(field);
      if (!value && !field.empty())
        throw bad(field);
      values.push_back(value.value_or(false) ? 1 : 0);
    }
    made = column::booleans(name, std::move(values));
  } else {
    std::vector<double> values;
    for (const std::string& field : fields) {
      const auto value = parse_number(field);
      if (!value && !field.empty())
        throw bad(field);
      values.push_back(value.value_or(0.0));
    }
    made = column::numbers(name, std::move(values));
  }
  for (std::size_t row = 0; row < fields.size(); ++row) {
    if (fields[row].empty())
      made.set_missing(static_cast<std::int64_t>(row));
  }
  return made;
}

/// A value as an example writes it; empty where it is missing.
[[nodiscard]] inline std::string field_of(const column_view& values, const std::vector<std::string>& levels,
                                          std::int64_t row) {
  if (!values.is_valid(row))
    return {};
  double number = 0.0;
  std::string_view text;
  switch (values.type) {
  case dtype::utf8:
  case dtype::large_utf8:
  case dtype::dictionary:
  case dtype::cstring:
    return read_text(values, row, text) == row_status::ok ? std::string(text) : "(invalid text)";
  case dtype::date32:
    return to_string(date_from_days(emptor::detail::load<std::int32_t>(values, row)));
  case dtype::boolean:
    return emptor::detail::load_boolean(values, row) ? "true" : "false";
  case dtype::money:
    return decimal_text(emptor::detail::load<std::int64_t>(values, row), values.unit);
  case dtype::int64:
    return std::to_string(emptor::detail::load<std::int64_t>(values, row));
  default:
    break;
  }
  if (!levels.empty()) {
    const auto code = emptor::detail::load<std::int32_t>(values, row);
    const bool known = code >= 0 && static_cast<std::size_t>(code) < levels.size();
    return known ? levels[static_cast<std::size_t>(code)] : "(no level)";
  }
  const row_status status = read_number(values, row, number);
  return status == row_status::ok ? to_text(number) : "(" + std::string(name(status)) + ")";
}

/// Whether a field is what the example expects: numbers within the relative tolerance, all else as text.
[[nodiscard]] inline bool agrees(std::string_view expected, std::string_view actual, double tolerance) {
  const auto left = parse_number(expected);
  const auto right = parse_number(actual);
  if (!left || !right)
    return expected == actual;
  return std::abs(*left - *right) <= tolerance * std::max(std::abs(*left), std::abs(*right));
}

} // namespace emptor::test
