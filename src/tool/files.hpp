// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace emptor::tool {

/// The bytes of a file. \throws failure with its path
[[nodiscard]] std::string read_file(const std::string& path);

/// Writes a file as a whole or not at all: into a new file beside it, which then takes its name. The folders in
/// which it lies are made where they are missing. A path that is there and is no regular file (a pipe, a terminal) is
/// written to as it stands. \throws failure with its path
void write_file(const std::string& path, std::string_view bytes);

/// Whether both paths lead to one regular file, through links too.
[[nodiscard]] bool same_file(const std::string& left, const std::string& right) noexcept;

/// Keeps other processes from changing a file between its reading and its writing. The file itself is replaced
/// when it is written, so the lock is on another one beside it, NAME.lock, which is there only while somebody
/// holds it. Folders that are missing are made, and taken back at the end if no file came into them.
class file_lock {
public:
  /// Waits for whoever holds it. \param waits called once before that \throws failure with the path of the lock
  file_lock(const std::string& path, const std::function<void()>& waits);
  ~file_lock();
  file_lock(const file_lock&) = delete;
  file_lock& operator=(const file_lock&) = delete;

private:
  std::string path_;
  std::vector<std::string> folders_; ///< that were made
  int file_ = -1;
};

[[nodiscard]] inline std::span<const std::byte> as_byte_span(std::string_view text) noexcept {
  return std::as_bytes(std::span(text.data(), text.size()));
}
[[nodiscard]] inline std::string_view as_text(std::span<const std::byte> bytes) noexcept {
  return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
}

} // namespace emptor::tool
