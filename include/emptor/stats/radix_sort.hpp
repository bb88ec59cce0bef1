// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

namespace emptor::stats {

/// Sorts by a 64-bit key in time that grows as the rows do; rows of the same key stay in their order. Bits in
/// which no two keys differ cost nothing where they are the highest or the lowest.
/// \param room memory to work in, kept for the next call
template <class Row, class Key>
void radix_sort(std::span<Row> rows, const Key& key_of, std::vector<Row>& room) {
  if (rows.empty())
    return;
  const std::uint64_t some = key_of(rows.front());
  std::uint64_t differ = 0;
  for (const Row& row : rows)
    differ |= key_of(row) ^ some;
  if (differ == 0)
    return;
  constexpr int widest = 11; // as many places as the first cache holds the ends of
  std::array<std::size_t, std::size_t{1} << widest> places{};
  const int lowest = std::countr_zero(differ);
  const int bits = 64 - std::countl_zero(differ) - lowest;
  const int passes = (bits + widest - 1) / widest;
  const int width = (bits + passes - 1) / passes;
  const std::uint64_t mask = (std::uint64_t{1} << width) - 1;
  room.resize(rows.size());
  std::span<Row> from = rows;
  std::span<Row> to = room;
  for (int pass = 0; pass < passes; ++pass) {
    const auto digit = [&](const Row& row) { return key_of(row) >> (lowest + pass * width) & mask; };
    places.fill(0);
    for (const Row& row : from)
      ++places[digit(row)];
    std::size_t begin = 0;
    for (std::size_t& place : places)
      begin += std::exchange(place, begin);
    for (const Row& row : from)
      to[places[digit(row)]++] = row;
    std::swap(from, to);
  }
  if (from.data() != rows.data())
    std::copy(from.begin(), from.end(), rows.begin());
}

} // namespace emptor::stats
