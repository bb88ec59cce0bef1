// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/column.hpp>
#include <emptor/core/status.hpp>

namespace emptor {

/// Ids and other texts, each kept once and known by a number from 0 in the order of its first coming. A whole
/// number is the same id as its decimal text.
///
/// Memory: the bytes, 8 more per text, and 16 to 32 of its hash table. Not for concurrent writers.
class id_pool {
public:
  /// The number of what has no id.
  static constexpr std::uint32_t none = 0xFFFFFFFF;

  /// What is compared in place of a text: the number that it writes out, its up to 8 bytes, or its hash. The
  /// first two decide alone, so that most lookups never touch the text's bytes.
  struct key {
    enum class kind : std::uint32_t { missing, number, bytes, hash };
    std::uint64_t bits = 0;
    kind form = kind::missing;
    std::string_view text; ///< borrowed; empty for numbers
  };

  [[nodiscard]] static key key_of(std::int64_t number) noexcept {
    return {static_cast<std::uint64_t>(number), key::kind::number, {}};
  }
  [[nodiscard]] static key key_of(std::string_view text) noexcept {
    std::int64_t number = 0;
    if (writes_number(text, number))
      return {static_cast<std::uint64_t>(number), key::kind::number, text};
    std::uint64_t bits = 0;
    if (text.size() <= 8 && text.find('\0') == std::string_view::npos) {
      std::copy(text.begin(), text.end(), reinterpret_cast<char*>(&bits));
      return {bits, key::kind::bytes, text};
    }
    return {hash_of(text), key::kind::hash, text};
  }

  [[nodiscard]] std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(ends_.size()); }
  [[nodiscard]] std::string_view operator[](std::uint32_t i) const noexcept {
    const std::size_t first = i == 0 ? 0 : ends_[i - 1];
    return std::string_view(bytes_).substr(first, ends_[i] - first);
  }

  /// Starts to fetch what `find` and `intern` will look at.
  void prefetch(const key& wanted) const noexcept {
    if (!slots_.empty())
      __builtin_prefetch(&slots_[home(wanted)]);
  }
  /// `none` where it is not there.
  [[nodiscard]] std::uint32_t find(const key& wanted) const noexcept {
    return slots_.empty() ? none : slots_[slot_of(wanted)].index;
  }
  /// Its number, a new one where it was not there. \throws error status::overflow beyond 2^32 - 1 texts
  std::uint32_t intern(const key& wanted) {
    if (2 * (ends_.size() + 1) > slots_.size())
      grow();
    const std::size_t at = slot_of(wanted);
    if (slots_[at].index != none)
      return slots_[at].index;
    if (size() == none)
      throw error(status::overflow, "more than 4294967295 ids cannot be kept");
    bytes_.resize(ends_.empty() ? 0 : ends_.back()); // an append may have failed half way
    if (wanted.form == key::kind::number) {
      char digits[20];
      const auto end =
          std::to_chars(digits, digits + sizeof digits, static_cast<std::int64_t>(wanted.bits)).ptr;
      bytes_.append(digits, end);
    } else {
      bytes_.append(wanted.text);
    }
    ends_.push_back(bytes_.size());
    slots_[at] = {wanted.bits, size() - 1, wanted.form};
    return size() - 1;
  }
  /// Forgets all but the first `count` texts: how a failed push takes back what it brought.
  void truncate(std::uint32_t count) noexcept {
    // What came last is what no other probe runs over, so that its slot can simply be emptied.
    while (size() > count) {
      slots_[slot_of(key_of((*this)[size() - 1]))] = {};
      ends_.pop_back();
    }
    bytes_.resize(ends_.empty() ? 0 : ends_.back());
  }
  /// The numbers of all texts in the order of their bytes.
  [[nodiscard]] std::vector<std::uint32_t> sorted() const {
    std::vector<std::pair<std::uint64_t, std::uint32_t>> heads(size());
    for (std::uint32_t i = 0; i < size(); ++i) {
      const std::string_view text = (*this)[i];
      std::uint64_t head = 0;
      for (std::size_t k = 0; k < 8; ++k)
        head = head << 8 | (k < text.size() ? static_cast<unsigned char>(text[k]) : 0U);
      heads[i] = {head, i};
    }
    std::sort(heads.begin(), heads.end(), [this](const auto& left, const auto& right) {
      return left.first != right.first ? left.first < right.first
                                       : (*this)[left.second] < (*this)[right.second];
    });
    std::vector<std::uint32_t> order(size());
    std::transform(heads.begin(), heads.end(), order.begin(), [](const auto& head) { return head.second; });
    return order;
  }

private:
  struct slot {
    std::uint64_t bits = 0;
    std::uint32_t index = none;
    key::kind form = key::kind::missing;
  };

  [[nodiscard]] static bool writes_number(std::string_view text, std::int64_t& number) noexcept {
    if (text.empty() || text.size() > 20)
      return false;
    const bool negative = text.front() == '-';
    const char first = text[negative && text.size() > 1 ? 1 : 0];
    if (first < '0' || first > '9' || (first == '0' && text.size() > 1))
      return false; // 007 and -0 are other texts than 7 and 0
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
    return failure == std::errc{} && end == text.data() + text.size();
  }
  [[nodiscard]] static constexpr std::uint64_t mix(std::uint64_t x) noexcept {
    x = (x ^ (x >> 30)) * 0xBF58476D1CE4E5B9U; // the finaliser of SplitMix64 (Steele, Lea, Flood 2014)
    x = (x ^ (x >> 27)) * 0x94D049BB133111EBU;
    return x ^ (x >> 31);
  }
  [[nodiscard]] static std::uint64_t hash_of(std::string_view text) noexcept {
    std::uint64_t hash = mix(text.size());
    while (!text.empty()) {
      const std::size_t count = std::min<std::size_t>(text.size(), 8);
      std::uint64_t word = 0;
      std::memcpy(&word, text.data(), count);
      hash = mix(hash ^ word) + 0x9E3779B97F4A7C15U;
      text.remove_prefix(count);
    }
    return hash;
  }
  [[nodiscard]] std::size_t home(const key& wanted) const noexcept {
    return static_cast<std::size_t>(mix(wanted.bits + static_cast<std::uint64_t>(wanted.form))) &
           (slots_.size() - 1);
  }
  /// Where it is, or the empty slot where it belongs.
  [[nodiscard]] std::size_t slot_of(const key& wanted) const noexcept {
    std::size_t at = home(wanted);
    while (slots_[at].index != none &&
           !(slots_[at].bits == wanted.bits && slots_[at].form == wanted.form &&
             (wanted.form != key::kind::hash || (*this)[slots_[at].index] == wanted.text)))
      at = (at + 1) & (slots_.size() - 1);
    return at;
  }
  void grow() {
    std::vector<slot> wider(std::max<std::size_t>(64, slots_.size() * 2));
    slots_.swap(wider);
    for (std::uint32_t i = 0; i < size(); ++i) { // in the order of coming, as `truncate` needs it
      const key held = key_of((*this)[i]);
      slots_[slot_of(held)] = {held.bits, i, held.form};
    }
  }

  std::string bytes_;
  std::vector<std::size_t> ends_;
  std::vector<slot> slots_;
};

} // namespace emptor
