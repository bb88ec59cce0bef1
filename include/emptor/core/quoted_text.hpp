// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <charconv>
#include <cmath>
#include <cstddef>
#include <string>
#include <string_view>
#include <system_error>

#include <emptor/core/check.hpp>
#include <emptor/core/status.hpp>
#include <emptor/core/text.hpp>

/// Names, texts and numbers inside of SQL, C and XML that the library writes. Whatever bytes a name has, it stays one name: what a
/// language cannot hold is refused.
namespace emptor {

namespace detail {

/// \throws error status::data for bytes that are no UTF-8, and for zero bytes
inline void check_quotable(std::string_view where, std::string_view text, std::string_view language) {
  if (!is_utf8(text) || text.find('\0') != std::string_view::npos)
    throw error(status::data, std::string(where) + ": " + printable(shortened(text)) +
                                  " is no well-formed UTF-8 text without zero bytes, which " +
                                  std::string(language) + " cannot hold");
}

[[nodiscard]] inline std::string between(char mark, std::string_view text) {
  std::string quoted(1, mark);
  for (const char one : text)
    quoted.append(one == mark ? 2 : 1, one);
  return quoted + mark;
}

} // namespace detail

/// A name in standard SQL. \param where  begins the message  \throws error status::data
[[nodiscard]] inline std::string sql_name(std::string_view where, std::string_view name) {
  detail::check_quotable(where, name, "SQL");
  return detail::between('"', name);
}
/// A text in standard SQL, in which a backslash is itself. \throws error status::data
[[nodiscard]] inline std::string sql_text(std::string_view where, std::string_view text) {
  detail::check_quotable(where, text, "SQL");
  return detail::between('\'', text);
}
/// A finite number that every database reads as the same double, also one that rounds twice on its way (SQLite through long
/// double): few digits where no other double is near the half, otherwise 17 of them.
[[nodiscard]] inline std::string sql_number(double value) {
  std::string text = to_text(value);
  const std::size_t point = text.find('.');
  const std::size_t decimals = point == std::string::npos ? 0 : text.size() - point - 1;
  if (text.find('e') == std::string::npos && text.size() <= 15 && decimals <= 4)
    return text;
  char digits[40];
  const auto end = std::to_chars(digits, digits + sizeof digits, value, std::chars_format::scientific, 16);
  return {digits, end.ptr};
}

/// A finite number as a C constant of type double.
[[nodiscard]] inline std::string c_number(double value) {
  std::string text = to_text(value);
  if (text.find_first_of(".e") == std::string::npos)
    text += ".0";
  return text;
}
/// The longest text that every C90 compiler takes as one literal.
inline constexpr std::size_t longest_c_literal = 508;

/// A text in C of letters, digits, blanks and plain punctuation; all other bytes stand as octal numbers, so that no trigraph,
/// comment or encoding changes it. Longer ones than `longest_c_literal` are lists of characters, to initialise an array.
/// \throws error status::data for zero bytes, which end a text in C
[[nodiscard]] inline std::string c_text(std::string_view where, std::string_view text) {
  if (text.find('\0') != std::string_view::npos)
    throw error(status::data, std::string(where) + ": " + printable(shortened(text)) +
                                  " has a zero byte, which C cannot hold");
  const bool literal = text.size() <= longest_c_literal;
  std::string made = literal ? "\"" : "{";
  for (const char one : text) {
    const auto byte = static_cast<unsigned char>(one);
    const bool plain = (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') ||
                       (one >= '0' && one <= '9') ||
                       std::string_view(" _.,:;-+=()[]<>").find(one) != std::string_view::npos;
    std::string shown(1, one);
    if (!plain)
      shown = {'\\', static_cast<char>('0' + (byte >> 6)), static_cast<char>('0' + ((byte >> 3) & 7)),
               static_cast<char>('0' + (byte & 7))};
    made += literal ? shown : "'" + shown + "',";
  }
  return made + (literal ? "\"" : "'\\000'}");
}

/// A text in an attribute of XML 1.0 or between its elements. \throws error status::data for what is no UTF-8 and for control
/// characters, which XML cannot hold
[[nodiscard]] inline std::string xml_text(std::string_view where, std::string_view text) {
  std::string made;
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t length = character_length(rest);
    const std::string_view one = rest.substr(0, length);
    const bool control =
        length == 1 && static_cast<unsigned char>(one[0]) < 0x20 && one != "\t" && one != "\n" && one != "\r";
    if (length == 0 || control || one == "\xEF\xBF\xBE" || one == "\xEF\xBF\xBF")
      throw error(status::data, std::string(where) + ": " + printable(shortened(text)) +
                                    " has bytes, which XML cannot hold");
    if (one == "&")
      made += "&amp;";
    else if (one == "<")
      made += "&lt;";
    else if (one == ">")
      made += "&gt;";
    else if (one == "\"")
      made += "&quot;";
    else if (one == "'")
      made += "&apos;";
    else if (length == 1 && static_cast<unsigned char>(one[0]) < 0x20)
      made += "&#" + std::to_string(static_cast<int>(one[0])) + ";";
    else
      made += one;
    rest.remove_prefix(length);
  }
  return made;
}

} // namespace emptor
