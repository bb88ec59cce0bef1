// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace emptor::test {

/// Takes a fuzzer's input apart from its front; at its end everything is zero.
class source {
public:
  source(const std::uint8_t* data, std::size_t size)
      : data_(data)
      , size_(size) {}
  std::uint8_t byte() { return at_ < size_ ? data_[at_++] : std::uint8_t{0}; }
  std::size_t below(std::size_t limit) { return limit == 0 ? 0 : byte() % limit; }
  std::string text() {
    std::string made;
    for (std::size_t left = below(12); left > 0; --left)
      made.push_back(static_cast<char>(byte()));
    return made;
  }
  void fill(std::span<std::uint8_t> memory) {
    for (std::uint8_t& one : memory)
      one = byte();
  }

private:
  const std::uint8_t* data_;
  std::size_t size_;
  std::size_t at_ = 0;
};

} // namespace emptor::test
