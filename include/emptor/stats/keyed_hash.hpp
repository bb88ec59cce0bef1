// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstdint>
#include <cstring>
#include <exception>
#include <random>
#include <string_view>

namespace emptor {

/// A hash under a key that nobody knows, so that no one can choose ids that all meet in one place of a
/// table. What is computed never depends on it: it only says where a table keeps things. Folded 64 x 64 bit
/// products as in wyhash (Wang Yi 2019).
class keyed_hash {
public:
  /// Without a key: for tables that hold nothing yet.
  constexpr keyed_hash() noexcept = default;
  /// \return a hash of its own
  [[nodiscard]] static keyed_hash random() noexcept {
    keyed_hash made;
#if defined(                                                                                                 \
    __GLIBCXX__) // the system's source: the processor's, its default, takes a hundred times as long on some
    if (made.take_key([] { return std::random_device("getentropy"); }))
      return made;
#endif
    // Where there is none, chosen ids can make tables slow, but nothing wrong.
    (void)made.take_key([] { return std::random_device(); });
    return made;
  }

  [[nodiscard]] std::uint64_t operator()(std::uint64_t first, std::uint64_t second) const noexcept {
    return fold(fold(first ^ key_[0], second ^ key_[1]) ^ key_[0], odd);
  }
  [[nodiscard]] std::uint64_t operator()(std::uint64_t number) const noexcept {
    return (*this)(number, odd);
  }
  [[nodiscard]] std::uint64_t operator()(std::string_view text) const noexcept {
    std::uint64_t hash = key_[1] ^ text.size();
    while (!text.empty()) {
      std::array<std::uint64_t, 2> words{};
      const std::size_t count = text.size() < sizeof words ? text.size() : sizeof words;
      std::memcpy(words.data(), text.data(), count);
      hash = fold(words[0] ^ key_[0], words[1] ^ hash);
      text.remove_prefix(count);
    }
    return fold(hash ^ key_[0], odd);
  }
  /// For boost::unordered: all its bits are as good as random.
  using is_avalanching = void;

private:
  /// \return false where there is no such source
  template <class Source>
  [[nodiscard]] bool take_key(const Source& source) noexcept {
    try {
      auto bits = source();
      for (std::uint64_t& word : key_)
        word = std::uint64_t{bits()} << 32 | bits();
      return true;
    } catch (const std::exception&) {
      key_ = {};
      return false;
    }
  }

  static constexpr std::uint64_t odd = 0x9E3779B97F4A7C15U; // 2^64 / golden ratio

  [[nodiscard]] static std::uint64_t fold(std::uint64_t left, std::uint64_t right) noexcept {
    __extension__ typedef unsigned __int128 product;
    const product both = product{left} * right;
    return static_cast<std::uint64_t>(both) ^ static_cast<std::uint64_t>(both >> 64);
  }

  std::array<std::uint64_t, 2> key_{};
};

} // namespace emptor
