// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>

/// Text that others wrote: whether it is UTF-8, and how a message shows it.
namespace emptor {

/// Bytes of the character that `text` begins with; 0 where it begins with none (no overlong forms, no
/// surrogates).
[[nodiscard]] constexpr std::size_t character_length(std::string_view text) noexcept {
  if (text.empty())
    return 0;
  const auto lead = static_cast<unsigned char>(text[0]);
  if (lead < 0x80)
    return 1;
  const std::size_t length = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < length)
    return 0;
  const auto second = static_cast<unsigned char>(text[1]);
  const unsigned low = lead == 0xE0 ? 0xA0U : lead == 0xF0 ? 0x90U : 0x80U;
  const unsigned high = lead == 0xED ? 0x9FU : lead == 0xF4 ? 0x8FU : 0xBFU;
  if (second < low || second > high)
    return 0;
  for (std::size_t k = 2; k < length; ++k) {
    if ((static_cast<unsigned char>(text[k]) & 0xC0U) != 0x80U)
      return 0;
  }
  return length;
}

/// Whether `text` is well-formed UTF-8.
[[nodiscard]] constexpr bool is_utf8(std::string_view text) noexcept {
  while (!text.empty()) {
    const std::size_t length = character_length(text);
    if (length == 0)
      return false;
    text.remove_prefix(length);
  }
  return true;
}

/// Whether a terminal shows this character as it is: no control character (C0, DEL, C1), no line or paragraph
/// separator, and nothing that turns the direction of what follows.
[[nodiscard]] constexpr bool is_printable(std::string_view character) noexcept {
  const auto at = [&](std::size_t i) { return static_cast<unsigned char>(character[i]); };
  if (character.size() == 1)
    return at(0) >= 0x20 && at(0) != 0x7F;
  if (character.size() == 2)
    return at(0) != 0xC2 || at(1) >= 0xA0;
  if (character.size() == 3 && at(0) == 0xE2)
    return !(at(1) == 0x80 && at(2) >= 0xA8 && at(2) <= 0xAE) &&
           !(at(1) == 0x81 && at(2) >= 0xA6 && at(2) <= 0xA9);
  return character.size() > 2;
}

/// One line of UTF-8 that no terminal obeys: the bytes of what is not printable, or no character at all, stand as
/// `\x1B`. Messages go through this, for they quote files and callers.
[[nodiscard]] inline std::string printable(std::string_view text) {
  constexpr std::string_view digits = "0123456789ABCDEF";
  std::string shown;
  shown.reserve(text.size());
  while (!text.empty()) {
    const std::string_view character = text.substr(0, std::max<std::size_t>(character_length(text), 1));
    if (character_length(text) > 0 && is_printable(character)) {
      shown.append(character);
    } else {
      for (const char byte : character)
        shown.append("\\x")
            .append(1, digits[static_cast<unsigned char>(byte) >> 4])
            .append(1, digits[static_cast<unsigned char>(byte) & 0xF]);
    }
    text.remove_prefix(character.size());
  }
  return shown;
}

/// Bytes of one quoted text that a message shows.
inline constexpr std::size_t longest_quote = 60;

/// A text as a message quotes it: its first characters where it is long, between marks where nobody would see it.
[[nodiscard]] inline std::string shortened(std::string_view text) {
  if (text.size() <= longest_quote && text.find_first_not_of(' ') == std::string_view::npos)
    return '"' + std::string(text) + '"';
  if (text.size() <= longest_quote)
    return std::string(text);
  std::size_t length = longest_quote;
  while (length > longest_quote - 4 && (static_cast<unsigned char>(text[length]) & 0xC0U) == 0x80U)
    --length; // not inside of a character
  return std::string(text.substr(0, length)) + "...";
}

/// Names separated by commas, the first of them where there are many.
template <class Name>
[[nodiscard]] std::string listed(std::span<const Name> names) {
  constexpr std::size_t most = 12;
  std::string text;
  for (std::size_t i = 0; i < std::min(names.size(), most); ++i)
    text.append(i == 0 ? "" : ", ").append(shortened(names[i]));
  if (names.size() > most)
    text.append(" and ").append(std::to_string(names.size() - most)).append(" more");
  return text;
}

} // namespace emptor
