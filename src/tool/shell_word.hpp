// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string>
#include <string_view>

namespace emptor::tool {

/// A value as a word of a command line.
[[nodiscard]] inline std::string shell_word(std::string_view text) {
  const bool plain =
      !text.empty() && text.find_first_of(" '\"\\$&;()<>|*?#~`!{}[]\t\n") == std::string_view::npos;
  if (plain)
    return std::string(text);
  std::string quoted = "'";
  for (const char c : text)
    quoted.append(c == '\'' ? "'\\''" : std::string(1, c));
  return quoted + "'";
}

} // namespace emptor::tool
