// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <emptor/stats/radix_sort.hpp>

namespace emptor::stats {

/// Rows of the same codes as one: how a regression on binned columns works through thousands of rows in place of millions.
struct grouped_rows {
  std::vector<std::vector<std::uint32_t>> codes; ///< of each column, by group
  std::vector<double> events;                    ///< of each group, added up in the order of the rows
  std::vector<double> trials;
};

/// Whether there are surely more than `most` groups: rows of the same codes have the same hash, so that there are no fewer groups
/// than hashes. It costs a small part of `group_rows`, which tells where it does not know.
[[nodiscard]] inline bool has_more_groups(std::span<const std::span<const std::uint32_t>> codes,
                                          std::size_t rows, std::size_t most) {
  if (rows <= most)
    return false;
  constexpr std::size_t block = 4096;
  // Eight places or more for each row: of rows that all differ at most one in sixteen falls on a place that is taken.
  const int bits = std::max(static_cast<int>(std::bit_width(rows)) + 3, 6);
  std::vector<std::uint64_t> seen(std::size_t{1} << (bits - 6), 0);
  std::array<std::uint64_t, block> hash;
  std::size_t groups = 0;
  for (std::size_t first = 0; first < rows && groups <= most; first += block) {
    const std::size_t count = std::min(block, rows - first);
    hash.fill(0);
    for (const std::span<const std::uint32_t> column : codes) {
      for (std::size_t i = 0; i < count; ++i)
        hash[i] = (hash[i] + column[first + i] + 1) * 0x9e3779b97f4a7c15U;
    }
    for (std::size_t i = 0; i < count; ++i) {
      const std::uint64_t mixed = (hash[i] ^ hash[i] >> 32) * 0xd6e8feb86659fd93U;
      const std::uint64_t place = mixed >> (64 - bits);
      const std::uint64_t bit = std::uint64_t{1} << (place % 64);
      groups += (seen[place / 64] & bit) == 0 ? std::size_t{1} : std::size_t{0};
      seen[place / 64] |= bit;
    }
  }
  return groups > most;
}

/// \param codes of each column, below its number of levels  \param levels of each column, > 0
/// \return the groups in the order of their codes, the first column first
[[nodiscard]] inline grouped_rows group_rows(std::span<const std::span<const std::uint32_t>> codes,
                                             std::span<const std::uint32_t> levels,
                                             std::span<const double> events, std::span<const double> trials) {
  struct keyed {
    std::uint64_t key = 0;
    std::uint32_t row = 0;
  };
  const std::size_t rows = trials.size();
  std::vector<keyed> keys(rows);
  for (std::size_t i = 0; i < rows; ++i)
    keys[i].row = static_cast<std::uint32_t>(i);
  std::vector<keyed> room;
  std::uint64_t keys_below = 1; // the number of keys that there may be
  // Rows of equal keys stay in their order.
  const auto rank = [&] {
    radix_sort(
        std::span(keys), [](const keyed& one) { return one.key; }, room);
    std::uint64_t next = 0;
    for (std::size_t first = 0; first < rows; ++next) {
      std::size_t last = first;
      const std::uint64_t key = keys[first].key;
      for (; last < rows && keys[last].key == key; ++last)
        keys[last].key = next;
      first = last;
    }
    keys_below = std::max<std::uint64_t>(next, 1);
  };
  for (std::size_t j = 0; j < codes.size(); ++j) {
    if (keys_below > std::numeric_limits<std::uint64_t>::max() / levels[j])
      rank();
    for (keyed& one : keys)
      one.key = one.key * levels[j] + codes[j][one.row];
    keys_below *= levels[j];
  }
  rank();
  grouped_rows made;
  made.codes.resize(codes.size());
  for (std::size_t i = 0; i < rows; ++i) {
    if (i == 0 || keys[i].key != keys[i - 1].key) {
      for (std::size_t j = 0; j < codes.size(); ++j)
        made.codes[j].push_back(codes[j][keys[i].row]);
      made.events.push_back(0.0);
      made.trials.push_back(0.0);
    }
    made.events.back() += events[keys[i].row];
    made.trials.back() += trials[keys[i].row];
  }
  return made;
}

} // namespace emptor::stats
