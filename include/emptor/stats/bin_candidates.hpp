// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <emptor/stats/binning_rules.hpp>
#include <emptor/stats/isotonic_pool.hpp>
#include <emptor/stats/optimal_binning.hpp>
#include <emptor/stats/radix_sort.hpp>

/// From the raw numbers of a characteristic to the cells between which a binning may cut.
namespace emptor::stats {

/// Which side of an interval its end belongs to.
enum class bin_closed : std::int32_t {
  left = 0,  ///< [low, high)
  right = 1, ///< (low, high]
};
inline constexpr std::string_view bin_closed_names[] = {"left", "right"};

/// What each row adds to the count of its bin, and the slice it belongs to.
struct binning_rows {
  std::span<const bin_count> counts;
  std::span<const std::uint32_t> slice{}; ///< empty = all rows in slice 0
  std::size_t slices = 1;

  [[nodiscard]] std::size_t slice_of(std::size_t row) const noexcept {
    return slice.empty() ? 0 : slice[row];
  }
};

/// The distinct values in ascending order, each a cell.
struct distinct_values {
  std::vector<double> values;
  std::vector<std::int64_t> records; ///< rows with it, without weights
  binning_cells cells;
};

/// O(rows). Minus zero is zero. \param values  NaN = not there; as many as there are counts
[[nodiscard]] inline distinct_values sort_values(std::span<const double> values, const binning_rows& rows) {
  struct keyed {
    std::uint64_t key;
    std::uint32_t row;
  };
  constexpr std::uint64_t sign = std::uint64_t{1} << 63;
  std::vector<keyed> sorted;
  sorted.reserve(values.size());
  for (std::size_t row = 0; row < values.size(); ++row) {
    if (std::isnan(values[row]))
      continue;
    const auto bits = std::bit_cast<std::uint64_t>(values[row] + 0.0);
    sorted.push_back({(bits & sign) != 0 ? ~bits : bits | sign, static_cast<std::uint32_t>(row)});
  }
  std::vector<keyed> room;
  radix_sort(
      std::span(sorted), [](const keyed& one) { return one.key; }, room);
  distinct_values made{{}, {}, binning_cells(rows.slices)};
  std::vector<bin_count> cell(rows.slices);
  for (std::size_t first = 0; first < sorted.size();) {
    std::fill(cell.begin(), cell.end(), bin_count{});
    std::size_t end = first;
    for (; end < sorted.size() && sorted[end].key == sorted[first].key; ++end)
      cell[rows.slice_of(sorted[end].row)] += rows.counts[sorted[end].row];
    made.values.push_back(values[sorted[first].row] + 0.0);
    made.records.push_back(static_cast<std::int64_t>(end - first));
    made.cells.add(cell);
    first = end;
  }
  return made;
}

/// A number between two distinct values that parts them: the middle, or where no number is between them the one that the closed
/// side needs.
[[nodiscard]] inline double cut_between(double low, double high, bin_closed closed) noexcept {
  const double middle = low / 2.0 + high / 2.0;
  const bool parts =
      closed == bin_closed::left ? middle > low && middle <= high : middle >= low && middle < high;
  if (parts)
    return middle;
  return closed == bin_closed::left ? high : low;
}

/// Cells with the numbers that part them.
struct ordered_cells {
  binning_cells cells;
  std::vector<double> cuts; ///< one fewer than cells
  std::size_t distinct = 0; ///< values that they hold
  bool complete = true;     ///< every two neighbouring values are in different cells
  bool isotonic = true;     ///< every end of the isotonic regression, in either direction, is a cut
};

/// Joins distinct values into cells. \param ends  of the cells, in values; the last is the number of values
[[nodiscard]] inline ordered_cells join_values(const distinct_values& from, std::span<const std::size_t> ends,
                                               bin_closed closed) {
  ordered_cells made{binning_cells(from.cells.slices()),
                     {},
                     from.values.size(),
                     ends.size() == from.values.size(),
                     ends.size() == from.values.size()};
  std::vector<bin_count> cell(from.cells.slices());
  std::size_t first = 0;
  for (const std::size_t end : ends) {
    for (std::size_t slice = 0; slice < cell.size(); ++slice)
      cell[slice] = from.cells.bin(first, end, slice);
    made.cells.add(cell);
    if (end < from.values.size())
      made.cuts.push_back(cut_between(from.values[end - 1], from.values[end], closed));
    first = end;
  }
  return made;
}

/// The cells between cuts of the caller's. A cell may be empty. \param cuts  ascending
[[nodiscard]] inline ordered_cells cut_values(const distinct_values& from, std::vector<double> cuts,
                                              bin_closed closed) {
  ordered_cells made{binning_cells(from.cells.slices()), std::move(cuts), from.values.size(), false, false};
  std::vector<bin_count> cell(from.cells.slices());
  std::size_t first = 0;
  for (std::size_t i = 0; i <= made.cuts.size(); ++i) {
    std::size_t end = from.values.size();
    if (i < made.cuts.size()) {
      const auto begin = from.values.begin();
      end = static_cast<std::size_t>((closed == bin_closed::left
                                          ? std::lower_bound(begin, from.values.end(), made.cuts[i])
                                          : std::upper_bound(begin, from.values.end(), made.cuts[i])) -
                                     begin);
    }
    for (std::size_t slice = 0; slice < cell.size(); ++slice)
      cell[slice] = from.cells.bin(first, end, slice);
    made.cells.add(cell);
    first = end;
  }
  return made;
}

/// Cells for the search. Up to `most` distinct values each is a cell; of more, about `most` cells of equal size are made, every value that
/// holds as many rows as such a cell stands alone (a spike, 尖峰值), and the ends of the isotonic regression in either direction are
/// candidates too.
[[nodiscard]] inline ordered_cells candidate_cells(const distinct_values& from, std::size_t most,
                                                   const binning_rules& rules, bin_closed closed) {
  const std::size_t size = from.values.size();
  std::vector<std::uint8_t> is_end(size + 1, 0);
  bool isotonic = true;
  if (size <= most) {
    std::fill(is_end.begin(), is_end.end(), std::uint8_t{1});
  } else {
    const auto total = static_cast<wide_integer>(from.cells.total().rows);
    const auto parts = static_cast<std::int64_t>(most);
    std::int64_t quantile = 1;
    for (std::size_t end = 1; end <= size; ++end) {
      const bin_count one = from.cells.bin(end - 1, end);
      if (static_cast<wide_integer>(one.rows) * parts >= total)
        is_end[end - 1] = is_end[end] = 1;
      const wide_integer below = static_cast<wide_integer>(from.cells.bin(0, end).rows) * parts;
      if (below >= quantile * total) {
        is_end[end] = 1;
        quantile = static_cast<std::int64_t>(below / total) + 1;
      }
    }
    const auto [first_end, last_first] = detail::outer_bins(from.cells, rules);
    for (const bool ascending : {true, false}) {
      for (std::size_t slice = 0; slice < from.cells.slices(); ++slice) {
        const std::vector<std::size_t> blocks =
            isotonic_blocks(from.cells, ascending, slice, first_end, last_first);
        // Of small noise there are no more blocks than this; of large noise they are all alike.
        const std::size_t step = 1 + blocks.size() / 512;
        isotonic = isotonic && step == 1;
        for (std::size_t i = 0; i < blocks.size(); i += step)
          is_end[blocks[i]] = 1;
      }
    }
  }
  std::vector<std::size_t> ends;
  for (std::size_t end = 1; end <= size; ++end) {
    if (end == size || is_end[end] != 0)
      ends.push_back(end);
  }
  ordered_cells made = join_values(from, ends, closed);
  made.isotonic = isotonic;
  return made;
}

} // namespace emptor::stats
