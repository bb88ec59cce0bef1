// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <charconv>
#include <cstdint>
#include <cstring>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/status.hpp>
#include <emptor/stats/keyed_hash.hpp>
#include <emptor/stats/radix_sort.hpp>

namespace emptor {

/// Ids and other texts, each kept once and known by a number from 0 in the order of its first coming. A
/// whole number is the same id as its decimal text.
///
/// Where whole numbers lie close together, as ids that somebody counts do, they are found by their place in
/// a list; all others by a keyed hash. Memory: the bytes, 8 more per text, and 24 to 64 of its tables. Not
/// for concurrent writers.
class id_pool {
public:
  /// The number of what has no id.
  static constexpr std::uint32_t none = 0xFFFFFFFF;

  /// What is compared in place of a text. Numbers and texts of up to 16 bytes are compared without a look at
  /// the bytes in the pool.
  struct key {
    enum class kind : std::uint32_t { missing, number, longer, up_to_16 };
    std::uint64_t head = 0; ///< the number, or the first bytes of a short text
    std::uint64_t tail = 0; ///< the last bytes of a short text; the two overlap
    std::uint32_t form = 0; ///< a kind; of a short text its length more
    std::string_view text;  ///< borrowed; of numbers it may be empty

    [[nodiscard]] bool is(kind of) const noexcept { return form == static_cast<std::uint32_t>(of); }
    [[nodiscard]] bool is_missing() const noexcept { return is(kind::missing); }
  };

  [[nodiscard]] static key key_of(std::int64_t number) noexcept {
    return {static_cast<std::uint64_t>(number), 0, static_cast<std::uint32_t>(key::kind::number), {}};
  }
  [[nodiscard]] static key key_of(std::string_view text) noexcept {
    std::int64_t number = 0;
    if (writes_number(text, number))
      return {static_cast<std::uint64_t>(number), 0, static_cast<std::uint32_t>(key::kind::number), text};
    if (text.size() > 16)
      return {0, 0, static_cast<std::uint32_t>(key::kind::longer), text};
    key made{0, 0, static_cast<std::uint32_t>(key::kind::up_to_16), text};
    made.form += static_cast<std::uint32_t>(text.size());
    if (text.size() >= 8) {
      made.head = bytes_at<std::uint64_t>(text.data());
      made.tail = bytes_at<std::uint64_t>(text.data() + text.size() - 8);
    } else if (text.size() >= 4) {
      made.head = bytes_at<std::uint32_t>(text.data());
      made.tail = bytes_at<std::uint32_t>(text.data() + text.size() - 4);
    } else {
      for (const char byte : text)
        made.head = made.head << 8 | static_cast<unsigned char>(byte);
    }
    return made;
  }

  [[nodiscard]] std::uint32_t size() const noexcept { return static_cast<std::uint32_t>(ends_.size()); }
  [[nodiscard]] std::string_view operator[](std::uint32_t i) const noexcept {
    const std::size_t first = i == 0 ? 0 : ends_[i - 1];
    return std::string_view(bytes_).substr(first, ends_[i] - first);
  }

  /// Reads the texts of many numbers in the order that they come in: `body(text)` for each. Numbers in another order than
  /// that of their coming are fetched from memory together.
  template <class Body>
  void for_each_text(std::span<const std::uint32_t> numbers, const Body& body) const {
    constexpr std::size_t ahead = 16;
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      if (i + 2 * ahead < numbers.size())
        __builtin_prefetch(&ends_[numbers[i + 2 * ahead]]);
      if (i + ahead < numbers.size())
        __builtin_prefetch((*this)[numbers[i + ahead]].data());
      body((*this)[numbers[i]]);
    }
  }

  /// `none` where it is not there.
  [[nodiscard]] std::uint32_t find(const key& wanted) const noexcept {
    if (const std::uint32_t counted = counted_at(wanted); counted != none || slots_.empty())
      return counted;
    return slots_[slot_of(wanted, hash_of(wanted))].index;
  }
  /// By number: 1 for these ids, as far as they are there, and 0 for all others.
  [[nodiscard]] std::vector<std::uint8_t> marked(const auto& ids) const {
    std::vector<std::uint8_t> made(size(), 0);
    for (const std::string_view id : ids) {
      if (const std::uint32_t number = find(key_of(id)); number != none)
        made[number] = 1;
    }
    return made;
  }
  /// By number: whether a call for some ids looks at it. \param ids  all where it is not set
  [[nodiscard]] std::vector<std::uint8_t> wanted(const std::optional<std::vector<std::string>>& ids) const {
    return ids ? marked(*ids) : std::vector<std::uint8_t>(size(), 1);
  }
  /// Its number, a new one where it was not there. \throws error status::overflow beyond 2^32 - 1 texts
  std::uint32_t intern(const key& wanted) { return intern(wanted, hash_of(wanted)); }
  /// The numbers of many ids, faster than one after the other; `none` for those that are missing.
  void intern(std::span<const key> wanted, std::uint32_t* numbers) {
    constexpr std::size_t ahead = 32; // lookups that wait for memory together
    std::array<std::uint64_t, ahead> hashes{};
    const auto call_for = [&](std::size_t i) {
      if (wanted[i].is(key::kind::number) && wanted[i].head < counted_.size())
        __builtin_prefetch(&counted_[wanted[i].head], 1);
    };
    const auto begin = [&](std::size_t i) {
      numbers[i] = counted_at(wanted[i]);
      if (numbers[i] != none)
        return;
      const std::uint64_t hash = hashes[i % ahead] = hash_of(wanted[i]);
      if (!slots_.empty())
        __builtin_prefetch(&slots_[home(hash)]);
    };
    for (std::size_t i = 0; i < std::min(2 * ahead, wanted.size()); ++i)
      call_for(i);
    for (std::size_t i = 0; i < std::min(ahead, wanted.size()); ++i)
      begin(i);
    for (std::size_t i = 0; i < wanted.size(); ++i) {
      if (numbers[i] == none && !wanted[i].is_missing())
        numbers[i] = intern(wanted[i], hashes[i % ahead]);
      if (i + ahead < wanted.size())
        begin(i + ahead);
      if (i + 2 * ahead < wanted.size())
        call_for(i + 2 * ahead);
    }
  }
  /// Forgets all but the first `count` texts: how a failed push takes back what it brought.
  void truncate(std::uint32_t count) noexcept {
    // What came last is what no other probe runs over, so that its slot can simply be emptied.
    while (size() > count) {
      const key last = key_of((*this)[size() - 1]);
      if (counted_at(last) != none)
        counted_[last.head] = none;
      if (!slots_.empty()) {
        if (slot& held = slots_[slot_of(last, hash_of(last))]; held.index != none) {
          held = {};
          --hashed_;
        }
      }
      ends_.pop_back();
    }
    bytes_.resize(ends_.empty() ? 0 : ends_.back());
  }
  /// The numbers of all texts in the order of their bytes.
  [[nodiscard]] std::vector<std::uint32_t> sorted() const {
    std::vector<headed> texts(size());
    for (std::uint32_t i = 0; i < size(); ++i)
      texts[i].number = i;
    std::vector<headed> room;
    sort(texts, 0, room);
    std::vector<std::uint32_t> order(size());
    std::transform(texts.begin(), texts.end(), order.begin(), [](const headed& one) { return one.number; });
    return order;
  }

private:
  struct slot {
    std::uint64_t head = 0; ///< of its key; of a longer text its hash
    std::uint64_t tail = 0;
    std::uint32_t index = none;
    std::uint32_t form = 0;
  };
  /// A text and some bytes of it as a number that compares as they do.
  struct headed {
    std::uint64_t head = 0;
    std::uint32_t number = 0;
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
  template <class Word>
  [[nodiscard]] static Word bytes_at(const char* from) noexcept {
    Word word;
    std::memcpy(&word, from, sizeof word);
    return word;
  }

  [[nodiscard]] std::uint64_t hash_of(const key& wanted) const noexcept {
    return wanted.is(key::kind::longer) ? hash_(wanted.text) : hash_(wanted.head, wanted.tail + wanted.form);
  }
  [[nodiscard]] std::size_t home(std::uint64_t hash) const noexcept {
    return static_cast<std::size_t>(hash) & (slots_.size() - 1);
  }
  /// The number of an id that stands in the list of those that are counted.
  [[nodiscard]] std::uint32_t counted_at(const key& wanted) const noexcept {
    return wanted.is(key::kind::number) && wanted.head < counted_.size() ? counted_[wanted.head] : none;
  }
  /// Where it is, or the empty slot where it belongs.
  [[nodiscard]] std::size_t slot_of(const key& wanted, std::uint64_t hash) const noexcept {
    const bool longer = wanted.is(key::kind::longer);
    const std::uint64_t head = longer ? hash : wanted.head;
    std::size_t at = home(hash);
    while (slots_[at].index != none &&
           !(slots_[at].head == head && slots_[at].tail == wanted.tail && slots_[at].form == wanted.form &&
             (!longer || (*this)[slots_[at].index] == wanted.text)))
      at = (at + 1) & (slots_.size() - 1);
    return at;
  }
  std::uint32_t intern(const key& wanted, std::uint64_t hash) {
    if (const std::uint32_t counted = counted_at(wanted); counted != none)
      return counted;
    if (2 * (hashed_ + 1) > slots_.size())
      grow();
    const std::size_t at = slot_of(wanted, hash);
    std::uint32_t index = slots_[at].index;
    const bool known = index != none;
    const bool counts = wanted.is(key::kind::number) && may_count(wanted.head);
    if (!known)
      index = append(wanted);
    if (counts)
      counted_[wanted.head] = index;
    else if (!known) {
      slots_[at] = {wanted.is(key::kind::longer) ? hash : wanted.head, wanted.tail, index, wanted.form};
      ++hashed_;
    }
    return index;
  }
  /// Whether a number has a place in the list, which grows as long as a good part of it is used.
  bool may_count(std::uint64_t number) {
    if (number < counted_.size())
      return true;
    if (number >= 4 * (std::uint64_t{size()} + 256))
      return false;
    counted_.resize(std::bit_ceil(static_cast<std::size_t>(number) + 1), none);
    return true;
  }
  std::uint32_t append(const key& wanted) {
    if (size() == none)
      throw error(status::overflow, "more than 4294967295 ids cannot be kept");
    bytes_.resize(ends_.empty() ? 0 : ends_.back()); // an append may have failed half way
    if (wanted.is(key::kind::number)) {
      std::array<char, 20> digits{};
      const auto end =
          std::to_chars(digits.begin(), digits.end(), static_cast<std::int64_t>(wanted.head)).ptr;
      bytes_.append(digits.begin(), end);
    } else {
      bytes_.append(wanted.text);
    }
    ends_.push_back(bytes_.size());
    return size() - 1;
  }
  void grow() {
    std::vector<slot> wider(std::max<std::size_t>(64, slots_.size() * 2));
    slots_.swap(wider);
    hashed_ = 0;
    for (std::uint32_t i = 0; i < size(); ++i) { // in the order of coming, as `truncate` needs it
      const key held = key_of((*this)[i]);
      if (counted_at(held) != none)
        continue;
      const std::uint64_t hash = hash_of(held);
      slots_[slot_of(held, hash)] = {held.is(key::kind::longer) ? hash : held.head, held.tail, i, held.form};
      ++hashed_;
    }
  }

  /// The first eight bytes of a text of the pool, zeros where it is shorter.
  [[nodiscard]] std::uint64_t head_of(std::string_view text) const noexcept {
    std::uint64_t head = 0;
    if (text.data() + sizeof head <=
        bytes_.data() + bytes_.size()) { // those behind a shorter text are taken away again
      for (std::size_t k = 0; k < sizeof head; ++k)
        head = head << 8 | static_cast<unsigned char>(text.data()[k]);
      return text.size() >= sizeof head ? head
             : text.empty()             ? 0
                                        : head & ~std::uint64_t{0} << (64 - 8 * text.size());
    }
    for (std::size_t k = 0; k < sizeof head; ++k)
      head = head << 8 | (k < text.size() ? static_cast<unsigned char>(text[k]) : 0U);
    return head;
  }

  /// Sorts texts that do not differ in their first `from` bytes: by the eight that follow what they all
  /// share, and those that are equal in these by the rest.
  void sort(std::span<headed> texts, std::size_t from, std::vector<headed>& room) const {
    const auto by_rest = [&](const headed& left, const headed& right) {
      return (*this)[left.number].substr(from) < (*this)[right.number].substr(from);
    };
    if (texts.size() < 256)
      return std::sort(texts.begin(), texts.end(), by_rest);
    const std::string_view some = (*this)[texts.front().number];
    std::size_t shared = some.size();
    for (const headed& one : texts) {
      if (shared == from)
        break;
      const std::string_view text = (*this)[one.number].substr(0, shared);
      shared =
          static_cast<std::size_t>(std::mismatch(text.begin() + static_cast<std::ptrdiff_t>(from), text.end(),
                                                 some.begin() + static_cast<std::ptrdiff_t>(from))
                                       .first -
                                   text.begin());
    }
    from = shared;
    for (headed& one : texts) {
      one.head = head_of((*this)[one.number].substr(from));
    }
    stats::radix_sort(
        texts, [](const headed& one) { return one.head; }, room);
    for (std::size_t first = 0; first < texts.size();) {
      std::size_t last = first + 1;
      while (last < texts.size() && texts[last].head == texts[first].head)
        ++last;
      const std::span<headed> equal = texts.subspan(first, last - first);
      first = last;
      if (equal.size() == 1)
        continue;
      const bool some_end = std::any_of(equal.begin(), equal.end(), [&](const headed& one) {
        return (*this)[one.number].size() < from + 8;
      });
      if (some_end)
        std::sort(equal.begin(), equal.end(), by_rest);
      else
        sort(equal, from + 8, room);
    }
  }

  std::string bytes_;
  std::vector<std::size_t> ends_;
  std::vector<slot> slots_;
  std::size_t hashed_ = 0;             ///< ids in `slots_`
  std::vector<std::uint32_t> counted_; ///< by a small number; `none` where it
                                       ///< is not there, or in `slots_`
  keyed_hash hash_ = keyed_hash::random();
};

} // namespace emptor
