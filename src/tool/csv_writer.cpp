// SPDX-License-Identifier: BSL-1.0
#include "csv_writer.hpp"

#include <emptor/core/check.hpp>
#include <emptor/core/date.hpp>
#include <emptor/core/money.hpp>

namespace emptor::tool {

namespace {

template <class T>
std::string whole_text(const column& from, row_decimals& decimals, std::int64_t row, T value) {
  if (from.type() == dtype::date32)
    return to_string(date_from_days(static_cast<std::int32_t>(value)));
  if (from.type() == dtype::boolean)
    return value != 0 ? "true" : "false";
  if (from.type() == dtype::money)
    return decimal_text(value, decimals[row]);
  if (!from.levels().empty()) {
    const auto code = static_cast<std::size_t>(value);
    return value >= 0 && code < from.levels().size() ? from.levels()[code] : std::to_string(value);
  }
  return std::to_string(value);
}

std::string text_of(const column& from, row_decimals& decimals, std::int64_t row) {
  if (!from.is_valid(row))
    return {};
  return std::visit(
      [&](const auto& values) -> std::string {
        using held = std::decay_t<decltype(values)>;
        if constexpr (std::is_same_v<held, text_buffer>) {
          return std::string(values[row]);
        } else {
          const auto value = values[static_cast<std::size_t>(row)];
          if constexpr (std::is_same_v<held, std::vector<double>>)
            return value != value ? std::string{} : to_text(value); // NaN is what a missing number holds
          else
            return whole_text(from, decimals, row, value);
        }
      },
      from.values());
}

} // namespace

std::string field_text(const table& of, const column& from, std::int64_t row) {
  row_decimals decimals = of.decimals_of(from);
  return text_of(from, decimals, row);
}

void append_field(std::string& line, std::string_view text) {
  // What begins like a byte order mark would be taken for one at the start of a file.
  const bool like_a_mark =
      text.starts_with("\xEF\xBB\xBF") || text.starts_with("\xFF\xFE") || text.starts_with("\xFE\xFF");
  if (!like_a_mark && text.find_first_of(",;\t\"\r\n") == std::string_view::npos) {
    line.append(text);
    return;
  }
  line.push_back('"');
  for (const char c : text) {
    if (c == '"')
      line.push_back('"');
    line.push_back(c);
  }
  line.push_back('"');
}

std::string to_csv(const table& from) {
  std::string text;
  std::vector<row_decimals> decimals;
  for (const column& one : from.columns())
    decimals.push_back(from.decimals_of(one));
  const auto line = [&](const auto& field_of) {
    const std::size_t start = text.size();
    for (std::size_t i = 0; i < decimals.size(); ++i) {
      if (i > 0)
        text.push_back(',');
      append_field(text, field_of(i));
    }
    if (text.size() == start)
      text.append("\"\""); // a line with nothing on it would be no row
    text.push_back('\n');
  };
  line([&](std::size_t i) { return from.columns()[i].name(); });
  for (std::int64_t row = 0; row < from.rows(); ++row)
    line([&](std::size_t i) { return text_of(from.columns()[i], decimals[i], row); });
  return text;
}

} // namespace emptor::tool
