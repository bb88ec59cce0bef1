// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace emptor::tool {

/// The bytes of a file. \throws failure with its path
[[nodiscard]] std::string read_file(const std::string& path);

/// Writes a file as a whole or not at all: into a new file beside it, which then takes its name. A path that
/// is there and is no regular file (a pipe, a terminal) is written to as it stands. \throws failure with its
/// path
void write_file(const std::string& path, std::string_view bytes);

[[nodiscard]] inline std::span<const std::byte> as_byte_span(std::string_view text) noexcept {
  return std::as_bytes(std::span(text.data(), text.size()));
}
[[nodiscard]] inline std::string_view as_text(std::span<const std::byte> bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace emptor::tool
