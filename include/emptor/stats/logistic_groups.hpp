// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
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
