// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <vector>

#include <emptor/stats/bin_counts.hpp>
#include <emptor/stats/pool_violators.hpp>

namespace emptor::stats {

/// Pools adjacent violators: the ends of the blocks of the isotonic regression of the rates of ordered cells, each with a
/// strictly higher rate than the one before (lower where `ascending` is false). Among all binnings that keep the trend, without
/// other rules, it has the largest information value, Jensen-Shannon, Hellinger and triangular divergence at once, because each is
/// a sum of counts times a convex function of the rate. O(cells), exact. Source: M. Ayer et al., An empirical distribution
/// function for sampling with incomplete information, Annals of Mathematical Statistics 26 (1955); R. E. Barlow et al.,
/// Statistical inference under order restrictions, 1972 (保序回归).
/// \param first_end  the cells before it stay together, as do those from `last_first` on
/// \return the ends of the blocks; the last is the number of cells
[[nodiscard]] inline std::vector<std::size_t>
isotonic_blocks(const binning_cells& cells, bool ascending, std::size_t slice, std::size_t first_end = 1,
                std::size_t last_first = static_cast<std::size_t>(-1)) {
  struct block {
    std::size_t end;
    bin_count count;
  };
  std::vector<block> blocks;
  const std::size_t size = cells.size();
  for (std::size_t first = 0; first < size;) {
    const std::size_t end = first == 0 && first_end > 1 ? std::min(first_end, size)
                            : first >= last_first       ? size
                                                        : first + 1;
    // Of equal rates one block is made, so that no cut is kept that gives nothing.
    push_pooled(
        blocks, block{end, cells.bin(first, end, slice)},
        [&](const block& before, const block& next) {
          const int order = compare_rates(before.count, next.count);
          return ascending ? order < 0 : order > 0;
        },
        [](const block& before, block next) {
          next.count += before.count;
          return next;
        });
    first = end;
  }
  std::vector<std::size_t> ends;
  ends.reserve(blocks.size());
  for (const block& one : blocks)
    ends.push_back(one.end);
  return ends;
}

} // namespace emptor::stats
