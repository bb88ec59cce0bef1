// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/math/real.hpp>
#include <emptor/stats/bin_counts.hpp>
#include <emptor/stats/bin_divergence.hpp>

/// What a binning must keep to, rule by rule, and the check of a binning against them.
namespace emptor::stats {

/// How the rates of the bins run along the values.
enum class bin_trend : std::int32_t {
  free = 0,       ///< as they like
  ascending = 1,  ///< never down
  descending = 2, ///< never up
  peak = 3,       ///< up, then down; either part may be empty
  valley = 4,     ///< down, then up; either part may be empty
  concave = 5,    ///< of three neighbours the middle rate is not below the mean of the others
  convex = 6,     ///< nor above it
  automatic = 7,  ///< the best of ascending, descending, peak and valley
  monotonic = 8,  ///< the better of ascending and descending
};
inline constexpr std::string_view bin_trend_names[] = {
    "free", "ascending", "descending", "peak", "valley", "concave", "convex", "auto", "monotonic"};

/// Each kind of rule by name, for a check and for a conflict.
enum class binning_rule : std::int32_t {
  trend = 0,
  min_bins = 1,
  max_bins = 2,
  min_size = 3,
  max_size = 4,
  min_events = 5,
  min_non_events = 6,
  zero_cells = 7,
  min_difference = 8,
  max_p_value = 9,
  fixed_cuts = 10,
  forbidden_cuts = 11,
  slices = 12, ///< every bin has rows in every slice
};
inline constexpr std::string_view binning_rule_names[] = {
    "trend",      "min_bins",       "max_bins",   "min_size",       "max_size",
    "min_events", "min_non_events", "zero_cells", "min_difference", "max_p_value",
    "fixed_cuts", "forbidden_cuts", "slices"};
/// How many rules there are.
inline constexpr std::size_t binning_rule_count = std::size(binning_rule_names);

/// What a binning must keep to. Counts are in the units of bin_count; 0 = no such rule.
struct binning_rules {
  bin_objective objective = bin_objective::information_value;
  bin_trend trend = bin_trend::automatic;
  std::size_t min_bins = 1;
  std::size_t max_bins = 0;    ///< 0 = any
  std::int64_t min_size = 0;   ///< units of rows in a bin, all slices together
  std::int64_t max_size = 0;   ///< 0 = any
  std::int64_t min_events = 0; ///< units
  std::int64_t min_non_events = 0;
  zero_cells zero{};
  std::int64_t min_difference = 0;       ///< of the rates of neighbours, in billionths; in every slice
  double critical_z = 0.0;               ///< two-sided pooled test of two neighbours' rates; 0 = any
  bool all_pairs = false;                ///< of any two bins, not of neighbours only
  std::vector<std::uint8_t> fixed{};     ///< per inner cut 1, 2, ... cells - 1: must be there; empty = none
  std::vector<std::uint8_t> forbidden{}; ///< must not be there
  count_unit unit{};                     ///< of rows
  /// Events and rows that divergences are shares of, per slice; empty = those of the cells. More where missing or special
  /// values have bins of their own.
  std::vector<bin_count> totals{};

  [[nodiscard]] bool is_fixed(std::size_t cut) const noexcept {
    return !fixed.empty() && fixed[cut - 1] != 0;
  }
  [[nodiscard]] bool is_forbidden(std::size_t cut) const noexcept {
    return !forbidden.empty() && forbidden[cut - 1] != 0;
  }
  [[nodiscard]] bool binary() const noexcept { return objective != bin_objective::explained_variance; }
  [[nodiscard]] bin_count total(const binning_cells& cells, std::size_t slice) const noexcept {
    return totals.empty() ? cells.total(slice) : totals[slice];
  }

  /// These rules without one of them.
  [[nodiscard]] binning_rules without(binning_rule rule) const {
    binning_rules fewer = *this;
    switch (rule) {
    case binning_rule::trend:
      fewer.trend = bin_trend::free;
      break;
    case binning_rule::min_bins:
      fewer.min_bins = 1;
      break;
    case binning_rule::max_bins:
      fewer.max_bins = 0;
      break;
    case binning_rule::min_size:
      fewer.min_size = 0;
      break;
    case binning_rule::max_size:
      fewer.max_size = 0;
      break;
    case binning_rule::min_events:
      fewer.min_events = 0;
      break;
    case binning_rule::min_non_events:
      fewer.min_non_events = 0;
      break;
    case binning_rule::zero_cells:
      fewer.zero = {zero_cell_policy::cap, 1.0};
      break;
    case binning_rule::min_difference:
      fewer.min_difference = 0;
      break;
    case binning_rule::max_p_value:
      fewer.critical_z = 0.0;
      break;
    case binning_rule::fixed_cuts:
      fewer.fixed.clear();
      break;
    case binning_rule::forbidden_cuts:
      fewer.forbidden.clear();
      break;
    case binning_rule::slices:
      break;
    }
    return fewer;
  }
};

/// Whether the rates of two bins differ in the pooled two-sided z test of two shares; with weights their sum takes the place of
/// the number of rows.
[[nodiscard]] inline bool rates_differ(const bin_count& left, const bin_count& right, double critical_z,
                                       const count_unit& unit) noexcept {
  using math::real;
  const bin_count both = left + right;
  if (left.rows == 0 || right.rows == 0 || both.events == 0 || both.non_events() == 0)
    return false;
  const auto number = [](std::int64_t units) { return real(static_cast<double>(units)); };
  const wide_integer cross = static_cast<wide_integer>(left.events) * right.rows -
                             static_cast<wide_integer>(right.events) * left.rows;
  const real gap = real(static_cast<double>(cross));
  const real square =
      gap * gap * number(both.rows) /
      (number(left.rows) * number(right.rows) * number(both.events) * number(both.non_events())) /
      unit.divisor;
  return math::value_of(square) >= math::value_of(real(critical_z) * critical_z);
}

/// What a binning (the ends of its bins, the last of which is the number of cells) is worth: the sum over bins and slices.
[[nodiscard]] inline double objective_of(const binning_cells& cells, const binning_rules& rules,
                                         const std::vector<std::size_t>& ends) {
  math::real sum(0.0);
  std::size_t first = 0;
  const double value_units = rules.zero.value * rules.unit.divisor;
  for (const std::size_t end : ends) {
    math::real bin(0.0);
    for (std::size_t slice = 0; slice < cells.slices(); ++slice)
      bin += divergence_of(cells.bin(first, end, slice), rules.total(cells, slice), rules.objective,
                           rules.zero, value_units);
    sum += bin;
    first = end;
  }
  return math::value_of(sum);
}

/// The rules that a binning breaks, found without any part of the search. An empty bin between two fixed cuts is admitted;
/// rates are not compared across it.
[[nodiscard]] inline std::vector<binning_rule> broken_rules(const binning_cells& cells,
                                                            const binning_rules& rules,
                                                            const std::vector<std::size_t>& ends,
                                                            bin_trend trend) {
  std::array<bool, binning_rule_count> broken{};
  const auto breaks = [&](binning_rule rule, bool is) { broken[static_cast<std::size_t>(rule)] |= is; };
  breaks(binning_rule::min_bins, ends.size() < rules.min_bins);
  breaks(binning_rule::max_bins, rules.max_bins > 0 && ends.size() > rules.max_bins);
  std::vector<std::uint8_t> is_cut(cells.size() + 1, 0);
  std::size_t first = 0;
  std::vector<std::size_t> firsts;
  for (const std::size_t end : ends) {
    const bin_count bin = cells.bin(first, end);
    const auto held = [&](std::size_t cut) { return cut == 0 || cut == cells.size() || rules.is_fixed(cut); };
    const bool given = held(first) && held(end);
    for (std::size_t slice = 0; slice < cells.slices(); ++slice)
      breaks(binning_rule::slices, !given && cells.bin(first, end, slice).rows == 0);
    breaks(binning_rule::min_size, bin.rows < rules.min_size);
    breaks(binning_rule::max_size, rules.max_size > 0 && bin.rows > rules.max_size);
    if (rules.binary()) {
      breaks(binning_rule::min_events, bin.events < rules.min_events);
      breaks(binning_rule::min_non_events, bin.non_events() < rules.min_non_events);
      for (std::size_t slice = 0; slice < cells.slices() && rules.zero.need_both(); ++slice) {
        const bin_count part = cells.bin(first, end, slice);
        breaks(binning_rule::zero_cells, part.rows > 0 && (part.events == 0 || part.non_events() == 0));
      }
    }
    firsts.push_back(first);
    is_cut[end] = 1;
    first = end;
  }
  for (std::size_t cut = 1; cut < cells.size(); ++cut) {
    breaks(binning_rule::fixed_cuts, rules.is_fixed(cut) && is_cut[cut] == 0);
    breaks(binning_rule::forbidden_cuts, rules.is_forbidden(cut) && is_cut[cut] != 0);
  }
  for (std::size_t slice = 0; slice < cells.slices(); ++slice) {
    bool up = false;
    bool down = false;
    for (std::size_t i = 1; i < ends.size(); ++i) {
      const bin_count left = cells.bin(firsts[i - 1], ends[i - 1], slice);
      const bin_count right = cells.bin(firsts[i], ends[i], slice);
      if (left.rows == 0 || right.rows == 0)
        continue;
      const int order = compare_rates(left, right);
      const bool rises = order < 0;
      const bool falls = order > 0;
      breaks(binning_rule::trend,
             (trend == bin_trend::ascending && falls) || (trend == bin_trend::descending && rises) ||
                 (trend == bin_trend::peak && rises && down) || (trend == bin_trend::valley && falls && up));
      up |= rises;
      down |= falls;
      if (rules.min_difference > 0)
        breaks(binning_rule::min_difference, !exceeds_by(left, right, rules.min_difference) &&
                                                 !exceeds_by(right, left, rules.min_difference));
      if (i >= 2 && (trend == bin_trend::concave || trend == bin_trend::convex)) {
        const bin_count before = cells.bin(firsts[i - 2], ends[i - 2], slice);
        const int bend = before.rows == 0 ? 0 : bend_of(before, left, right);
        breaks(binning_rule::trend, trend == bin_trend::concave ? bend < 0 : bend > 0);
      }
    }
  }
  for (std::size_t i = 1; i < ends.size() && rules.critical_z > 0.0 && rules.binary(); ++i) {
    const bin_count right = cells.bin(firsts[i], ends[i]);
    for (std::size_t other = rules.all_pairs ? 0 : i - 1; other < i; ++other) {
      const bin_count left = cells.bin(firsts[other], ends[other]);
      if (left.rows > 0 && right.rows > 0)
        breaks(binning_rule::max_p_value, !rates_differ(left, right, rules.critical_z, rules.unit));
    }
  }
  std::vector<binning_rule> found;
  for (std::size_t rule = 0; rule < broken.size(); ++rule) {
    if (broken[rule])
      found.push_back(static_cast<binning_rule>(rule));
  }
  return found;
}

} // namespace emptor::stats
