// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace emptor::stats {

/// Sorts by a 64-bit key in time that grows as the rows do; rows of the same key stay in their order. Bytes
/// in which no two keys differ cost nothing.
/// \param room memory to work in, kept for the next call
template <class Row, class Key>
void radix_sort(std::span<Row> rows, const Key& key_of, std::vector<Row>& room) {
  constexpr std::size_t digits = 8;
  constexpr std::size_t values = 256;
  std::array<std::array<std::size_t, values>, digits> counts{};
  for (const Row& row : rows) {
    const std::uint64_t key = key_of(row);
    for (std::size_t digit = 0; digit < digits; ++digit)
      ++counts[digit][key >> (8 * digit) & 0xFF];
  }
  room.resize(rows.size());
  std::span<Row> from = rows;
  std::span<Row> to = room;
  for (std::size_t digit = 0; digit < digits; ++digit) {
    std::array<std::size_t, values>& next = counts[digit];
    if (std::find(next.begin(), next.end(), rows.size()) != next.end())
      continue;
    std::size_t begin = 0;
    for (std::size_t& count : next) {
      const std::size_t end = begin + count;
      count = begin;
      begin = end;
    }
    for (const Row& row : from)
      to[next[key_of(row) >> (8 * digit) & 0xFF]++] = row;
    std::swap(from, to);
  }
  if (from.data() != rows.data())
    std::copy(from.begin(), from.end(), rows.begin());
}

} // namespace emptor::stats
