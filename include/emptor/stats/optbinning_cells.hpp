// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <utility>
#include <vector>

#include <emptor/stats/bin_candidates.hpp>
#include <emptor/stats/plain_binning.hpp>

/// The cells from which the Python package optbinning starts by default, for who comes from there: the leaves of a classification
/// tree as scikit-learn grows it, without pure ones. The optimum over them is what that package calls optimal.
namespace emptor::stats {

/// The leaves of a tree. Values are compared in single precision, as scikit-learn does, so that its cuts come out to the last digit;
/// rows are put into the cells by their own value, [low, high).
/// \param max_cells  leaves at most  \param least_share  of rows in a leaf
[[nodiscard]] inline ordered_cells tree_cells(const distinct_values& from, std::size_t max_cells,
                                              double least_share) {
  std::vector<float> singles;
  std::vector<std::size_t> ends;
  std::vector<std::uint8_t> may_cut;
  for (std::size_t i = 0; i < from.values.size(); ++i) {
    const auto single = static_cast<float>(from.values[i]);
    if (!singles.empty() && singles.back() == single) {
      ends.back() = i + 1;
      continue;
    }
    may_cut.push_back(singles.empty() || single > singles.back() + 1e-7F ? 1 : 0);
    singles.push_back(single);
    ends.push_back(i + 1);
  }
  const ordered_cells fine = join_values(from, ends, bin_closed::left);
  const double least = std::ceil(least_share * static_cast<double>(fine.cells.total().rows));
  const std::vector<std::size_t> leaves =
      tree_bins(fine.cells, {max_cells, static_cast<std::int64_t>(least)}, may_cut);
  std::vector<double> cuts;
  for (const std::size_t end : leaves) {
    if (end >= singles.size())
      continue;
    const double low = static_cast<double>(singles[end - 1]);
    const double high = static_cast<double>(singles[end]);
    const double middle = low / 2.0 + high / 2.0;
    cuts.push_back(middle == high ? low : middle);
  }
  return cut_values(from, std::move(cuts), bin_closed::left);
}

/// Without cells that have no events or no non-events: each loses the cut behind it, the last two the one between them, until none is
/// left.
[[nodiscard]] inline ordered_cells without_pure_cells(const distinct_values& from, ordered_cells cells) {
  for (;;) {
    const std::size_t size = cells.cells.size();
    std::vector<double> kept;
    for (std::size_t i = 0; i + 1 < size; ++i) {
      const auto pure = [&](std::size_t cell) {
        const bin_count bin = cells.cells.bin(cell, cell + 1);
        return bin.events == 0 || bin.non_events() == 0;
      };
      if (!pure(i) && !(i + 2 == size && pure(size - 1)))
        kept.push_back(cells.cuts[i]);
    }
    if (kept.size() == cells.cuts.size())
      return cells;
    cells = cut_values(from, std::move(kept), bin_closed::left);
  }
}

} // namespace emptor::stats
