// SPDX-License-Identifier: BSL-1.0
#include "typed_columns.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include <emptor/core/options.hpp>

#include "failure.hpp"

namespace emptor::tool {

namespace {

constexpr std::int32_t max_scale = 18; // 20 digits before the point are left: more than any amount has

/// Collects the fields that a column refuses, so that one message tells of the first few and counts them all.
class refusals {
public:
  refusals(const csv_table& from, std::size_t column)
      : from_(from)
      , column_(column) {}

  void add(std::int64_t row, const std::string& must_be) {
    if (++count_ > 3)
      return;
    lines_.push_back(from_.place(row) + ": " + shortened(from_.names()[column_]) + " is \"" +
                     shortened(from_.field(row, column_)) + "\", but must be " + must_be);
  }
  void finish() {
    if (count_ > 3)
      lines_.push_back(from_.file() + ": " + std::to_string(count_) + " such fields in all");
    if (count_ > 0)
      throw failure(std::move(lines_));
  }

private:
  const csv_table& from_;
  std::size_t column_;
  std::int64_t count_ = 0;
  std::vector<std::string> lines_;
};

std::string number_wanted(std::string_view text, char decimal) {
  const bool comma = text.find(',') != std::string_view::npos;
  const bool point = text.find('.') != std::string_view::npos;
  if (decimal == '.' && comma)
    return "a number with a decimal point and without thousands (with a comma it is ambiguous; --csv "
           "decimal=comma reads decimal commas)";
  if (decimal == ',' && point)
    return "a number with a decimal comma and without thousands (with a point it is ambiguous)";
  return decimal == ',' ? "a number with a decimal comma" : "a number";
}

/// The field with its decimal comma turned into a point; nullopt where it has a point too.
std::optional<std::string_view> with_point(std::string_view text, char decimal, std::string& buffer) {
  if (decimal == '.')
    return text;
  if (text.find('.') != std::string_view::npos)
    return std::nullopt;
  buffer.assign(text);
  std::replace(buffer.begin(), buffer.end(), ',', '.');
  return buffer;
}

std::string date_wanted(date_format format) {
  switch (format) {
  case date_format::iso:
    return "a date such as 1997-09-30 (other orders: --csv date=year_month_day, day_month_year or "
           "month_day_year)";
  case date_format::year_month_day:
    return "a date such as 19970930";
  case date_format::day_month_year:
    return "a date such as 30.09.1997";
  case date_format::month_day_year:
    return "a date such as 09/30/1997";
  }
  return "a date";
}

} // namespace

std::optional<decimal_number> parse_decimal(std::string_view text) {
  const bool negative = !text.empty() && text.front() == '-';
  if (!text.empty() && (text.front() == '-' || text.front() == '+'))
    text.remove_prefix(1);
  std::int64_t exponent = 0;
  if (const std::size_t e = text.find_first_of("eE"); e != std::string_view::npos) {
    std::string_view power = text.substr(e + 1);
    if (power.size() > 1 && power.front() == '+' && power[1] != '-')
      power.remove_prefix(1);
    const auto parsed = parse_integer(power);
    if (!parsed || *parsed > 1000000 || *parsed < -1000000)
      return std::nullopt;
    exponent = *parsed;
    text = text.substr(0, e);
  }
  const std::size_t point = text.find('.');
  std::string digits(text.substr(0, point));
  if (point != std::string_view::npos) {
    digits.append(text.substr(point + 1));
    exponent -= static_cast<std::int64_t>(text.size() - point - 1);
  }
  if (digits.empty() ||
      !std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }))
    return std::nullopt;
  digits.erase(0, std::min(digits.find_first_not_of('0'), digits.size()));
  while (!digits.empty() && digits.back() == '0' && exponent < 0) {
    digits.pop_back();
    ++exponent;
  }
  decimal_number made;
  if (digits.empty())
    return made;
  // What lies beyond the digits of the wide integer stays what it is for money: too large, or not exact.
  const bool not_exact = exponent < -max_scale;
  while (exponent < -max_scale && !digits.empty()) {
    digits.pop_back();
    ++exponent;
  }
  exponent = std::max(exponent, std::int64_t{-max_scale});
  if (static_cast<std::int64_t>(digits.size()) + exponent > 20) {
    digits.assign(1, '1');
    exponent = 20;
  }
  if (exponent > 0) {
    digits.append(static_cast<std::size_t>(exponent), '0');
    exponent = 0;
  }
  for (const char c : digits)
    made.digits = made.digits * 10 + (c - '0');
  made.scale = static_cast<std::int32_t>(-exponent);
  if (not_exact && made.digits % 10 == 0)
    ++made.digits;
  if (negative)
    made.digits = -made.digits;
  return made;
}

typed_column::typed_column(std::string name, const column_description& described, const csv_table& from,
                           std::size_t csv_column, const csv_dialect& dialect)
    : name_(std::move(name))
    , csv_column_(csv_column) {
  const std::int64_t rows = from.rows();
  const auto size = static_cast<std::size_t>(rows);
  validity_.assign((size + 7) / 8, 0);
  refusals refused(from, csv_column);
  /// Calls `body(row, text)` for every field that is not empty, and marks it as there.
  const auto for_each_field = [&](const auto& body) {
    for (std::int64_t row = 0; row < rows; ++row) {
      const std::string_view text = from.field(row, csv_column);
      if (text.empty())
        continue;
      validity_[static_cast<std::size_t>(row >> 3)] |= static_cast<std::uint8_t>(1U << (row & 7));
      body(row, text);
    }
    refused.finish();
  };
  std::string buffer;

  switch (described.what) {
  case content::number:
  case content::count: {
    std::vector<double> numbers(size, std::numeric_limits<double>::quiet_NaN());
    std::vector<std::int64_t> wholes(described.what == content::count ? size : 0);
    bool all_whole = described.what == content::count;
    for_each_field([&](std::int64_t row, std::string_view text) {
      const auto at = static_cast<std::size_t>(row);
      if (all_whole) {
        if (const auto whole = parse_integer(text))
          wholes[at] = *whole;
        else
          all_whole = false;
      }
      const auto pointed = with_point(text, dialect.decimal, buffer);
      const auto number = pointed ? parse_number(*pointed) : std::nullopt;
      if (number)
        numbers[at] = *number;
      else if (const auto far = pointed ? parse_decimal(*pointed) : std::nullopt)
        numbers[at] = far->scale > 0 ? 0.0 // a number that no double reaches
                                     : std::copysign(std::numeric_limits<double>::infinity(),
                                                     static_cast<double>(far->digits));
      else
        refused.add(row, number_wanted(text, dialect.decimal));
    });
    if (all_whole) { // a whole number that no double can carry stays what it is
      type_ = dtype::int64;
      values_ = std::move(wholes);
    } else {
      values_ = std::move(numbers);
    }
    break;
  }
  case content::amount: {
    std::vector<decimal_number> decimals(size);
    for_each_field([&](std::int64_t row, std::string_view text) {
      const auto pointed = with_point(text, dialect.decimal, buffer);
      if (const auto parsed = pointed ? parse_decimal(*pointed) : std::nullopt) {
        decimals[static_cast<std::size_t>(row)] = *parsed;
        scale_ = std::max(scale_, parsed->scale);
      } else {
        refused.add(row, number_wanted(text, dialect.decimal));
      }
    });
    std::vector<wide_integer> amounts(size);
    for (std::size_t row = 0; row < size; ++row)
      amounts[row] = decimals[row].digits * power_of_ten(scale_ - decimals[row].scale);
    type_ = dtype::decimal128;
    values_ = std::move(amounts);
    break;
  }
  case content::day: {
    std::vector<std::int32_t> days(size);
    for_each_field([&](std::int64_t row, std::string_view text) {
      if (const auto day = parse_date(text, dialect.dates))
        days[static_cast<std::size_t>(row)] = days_since_epoch(*day);
      else
        refused.add(row, date_wanted(dialect.dates));
    });
    type_ = dtype::date32;
    values_ = std::move(days);
    break;
  }
  case content::boolean: {
    std::vector<std::uint8_t> booleans(size);
    for_each_field([&](std::int64_t row, std::string_view text) {
      if (const auto boolean = parse_boolean(text))
        booleans[static_cast<std::size_t>(row)] = *boolean ? 1 : 0;
      else
        refused.add(row, "true or false");
    });
    type_ = dtype::boolean;
    values_ = std::move(booleans);
    break;
  }
  case content::text:
  case content::id:
  case content::code: {
    text_buffer texts;
    for (std::int64_t row = 0; row < rows; ++row) {
      const std::string_view text = from.field(row, csv_column);
      if (!text.empty())
        validity_[static_cast<std::size_t>(row >> 3)] |= static_cast<std::uint8_t>(1U << (row & 7));
      texts.push_back(text);
    }
    type_ = dtype::large_utf8;
    values_ = std::move(texts);
    break;
  }
  }
}

column_view typed_column::view() const noexcept {
  column_view seen;
  seen.type = type_;
  seen.unit = scale_;
  seen.stride_bytes = width_of(type_);
  seen.validity = validity_.data();
  std::visit(
      [&seen](const auto& held) {
        if constexpr (std::is_same_v<std::decay_t<decltype(held)>, text_buffer>) {
          seen.data = held.bytes();
          seen.aux = held.offsets();
          seen.aux_length = held.size() + 1;
        } else {
          seen.data = held.data();
        }
      },
      values_);
  return seen;
}

typed_table::typed_table(const csv_table& from, std::string_view table,
                         std::span<const column_description> described,
                         std::span<const column_mapping> mappings, const csv_dialect& dialect,
                         std::set<std::size_t>& used) {
  for (const column_description& wanted : described) {
    bool mapped = false;
    bool added = false;
    for (std::size_t i = 0; i < mappings.size(); ++i) {
      const column_mapping& mapping = mappings[i];
      if (mapping.role != wanted.name || (!mapping.table.empty() && mapping.table != table))
        continue;
      for (const std::string& name : mapping.columns) {
        const auto found = from.find(name);
        if (!found)
          continue;
        mapped = true;
        used.insert(i);
        columns_.emplace_back(std::string(wanted.name) + (wanted.many ? ":" + name : ""), wanted, from,
                              *found, dialect);
      }
      added = added || mapped;
    }
    if (mapped)
      continue;
    for (std::size_t i = 0; i < from.names().size(); ++i) {
      const std::string& name = from.names()[i];
      if (wanted.many ? name.size() > wanted.name.size() + 1 && name.starts_with(wanted.name) &&
                            name[wanted.name.size()] == ':'
                      : name == wanted.name) {
        columns_.emplace_back(name, wanted, from, i, dialect);
        added = true;
      }
    }
    if (added || wanted.optional)
      continue;
    const std::string label = wanted.many ? "[,CSV_COLUMN...]" : "";
    throw failure(from.file() + ": has no column " + std::string(wanted.name) + " (" +
                  std::string(wanted.summary) + "); name the one that it is with --map " +
                  std::string(wanted.name) + "=CSV_COLUMN" + label + "; the file has " +
                  listed(std::span(from.names())));
  }
}

std::vector<named_column> typed_table::columns() const {
  std::vector<named_column> seen;
  for (const typed_column& held : columns_)
    seen.push_back({held.name(), held.view()});
  return seen;
}

std::optional<std::size_t> typed_table::csv_column(std::string_view role) const noexcept {
  for (const typed_column& held : columns_) {
    if (held.name() == role)
      return held.csv_column();
  }
  return std::nullopt;
}

bool typed_table::uses(std::size_t csv_column) const noexcept {
  return std::any_of(columns_.begin(), columns_.end(),
                     [&](const typed_column& held) { return held.csv_column() == csv_column; });
}

} // namespace emptor::tool
