// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/status.hpp>
#include <emptor/core/text.hpp>
#include <emptor/stats/binning_pairs.hpp>
#include <emptor/stats/binning_rules.hpp>
#include <emptor/stats/binning_search.hpp>
#include <emptor/stats/isotonic_pool.hpp>

/// The best binning of ordered cells under rules, and the proof of it (最优分箱).
///
/// The best of all binnings that the rules admit is found exactly: a path through bins by dynamic programming, without any
/// removal of candidates before. What pooling of adjacent violators removes is safe only without limits of size: of three cells with
/// events / non-events 20/160, 1/29 and 35/15, ascending and at least 52 rows in a bin, the cut after the first is the best (0.802556),
/// and it is no cut of the isotonic regression. The figure that the isotonic regression reaches is an upper bound of what any
/// monotone binning could, so that a reader sees what the rules and the candidates cost.
namespace emptor::stats {

/// The best binning: its ends in cells, its objective and its trend; or the rules of which no binning keeps all.
struct optimal_binning {
  std::vector<std::size_t>
      ends; ///< of the bins, in cells; the last is the number of cells. Empty where no binning keeps the rules
  double objective = 0.0; ///< the sum over bins and slices
  bin_trend trend =
      bin_trend::free; ///< that the rules were solved with; of those that stand for several, the best one
  double monotone_bound =
      std::numeric_limits<double>::quiet_NaN(); ///< no monotone binning of the cells is worth more
  std::vector<binning_rule>
      conflict; ///< where there is none: the fewest rules that no binning keeps together

  [[nodiscard]] bool feasible() const noexcept { return !ends.empty(); }
};

namespace detail {

/// What a trend that stands for several stands for, simple ones first. In more slices than a peak or valley can turn in, automatic
/// is the better of the two that do not turn.
[[nodiscard]] inline std::vector<bin_trend> trends_of(bin_trend asked, std::size_t slices) {
  switch (asked) {
  case bin_trend::automatic:
    if (slices > most_turning_slices)
      return {bin_trend::ascending, bin_trend::descending};
    return {bin_trend::ascending, bin_trend::descending, bin_trend::peak, bin_trend::valley};
  case bin_trend::monotonic:
    return {bin_trend::ascending, bin_trend::descending};
  default:
    return {asked};
  }
}

/// Joins neighbours of equal rates in every slice, where the rules admit it: their cut gives nothing, and rounding alone said
/// whether it was found.
inline void join_equal_bins(const binning_cells& cells, const binning_rules& rules, bin_trend trend,
                            std::vector<std::size_t>& ends) {
  if (trend == bin_trend::concave || trend == bin_trend::convex)
    return;
  for (std::size_t i = 1; i < ends.size();) {
    const std::size_t first = i == 1 ? 0 : ends[i - 2];
    bool equal = true;
    for (std::size_t slice = 0; slice < cells.slices() && equal; ++slice) {
      const bin_count left = cells.bin(first, ends[i - 1], slice);
      const bin_count right = cells.bin(ends[i - 1], ends[i], slice);
      equal = left.rows > 0 && right.rows > 0 && compare_rates(left, right) == 0;
    }
    if (equal) {
      std::vector<std::size_t> joined = ends;
      joined.erase(joined.begin() + static_cast<std::ptrdiff_t>(i - 1));
      if (broken_rules(cells, rules, joined, trend).empty()) {
        ends = std::move(joined);
        continue;
      }
    }
    ++i;
  }
}

/// The best binning with one trend. Where any two bins must differ, the best one under the rule for neighbours is it if it keeps
/// that, as with a monotone trend it nearly always does; only where it does not all pairs are searched.
[[nodiscard]] inline std::optional<std::vector<std::size_t>> best_ends(const binning_search& search,
                                                                       const binning_cells& cells,
                                                                       const binning_rules& rules,
                                                                       bin_trend trend, const run* how) {
  std::optional<std::vector<std::size_t>> ends = search.best(trend);
  if (!ends || !rules.all_pairs || !(rules.critical_z > 0.0) || !rules.binary() ||
      broken_rules(cells, rules, *ends, trend).empty())
    return ends;
  return pairwise_search(cells, rules, how).best(trend);
}

[[nodiscard]] inline bool is_feasible(const binning_cells& cells, const binning_rules& rules,
                                      const run* how = nullptr) {
  const binning_search search(cells, rules, how);
  const std::vector<bin_trend> trends = trends_of(rules.trend, cells.slices());
  return std::any_of(trends.begin(), trends.end(), [&](bin_trend trend) {
    return best_ends(search, cells, rules, trend, how).has_value();
  });
}

/// The rules that say something.
[[nodiscard]] inline std::vector<binning_rule> active_rules(const binning_rules& rules) {
  std::vector<binning_rule> active;
  const auto add = [&](binning_rule rule, bool is) {
    if (is)
      active.push_back(rule);
  };
  const auto any = [](const std::vector<std::uint8_t>& marks) {
    return std::any_of(marks.begin(), marks.end(), [](std::uint8_t mark) { return mark != 0; });
  };
  add(binning_rule::trend, rules.trend != bin_trend::free);
  add(binning_rule::min_bins, rules.min_bins > 1);
  add(binning_rule::max_bins, rules.max_bins > 0);
  add(binning_rule::min_size, rules.min_size > 0);
  add(binning_rule::max_size, rules.max_size > 0);
  add(binning_rule::min_events, rules.binary() && rules.min_events > 0);
  add(binning_rule::min_non_events, rules.binary() && rules.min_non_events > 0);
  add(binning_rule::zero_cells, rules.binary() && rules.zero.need_both());
  add(binning_rule::min_difference, rules.min_difference > 0);
  add(binning_rule::max_p_value, rules.binary() && rules.critical_z > 0.0);
  add(binning_rule::fixed_cuts, any(rules.fixed));
  add(binning_rule::forbidden_cuts, any(rules.forbidden));
  return active;
}

/// The fewest rules of which no binning keeps all (of more than three: rules of which some binning keeps all but any one).
/// Where even no rule at all admits a binning, it is that every bin has rows in every slice.
[[nodiscard]] inline std::vector<binning_rule>
conflict_of(const binning_cells& cells, const binning_rules& rules, const run* how = nullptr) {
  const std::vector<binning_rule> active = active_rules(rules);
  const auto feasible_with = [&](const std::vector<binning_rule>& kept) {
    binning_rules some = rules;
    for (const binning_rule rule : active) {
      if (std::find(kept.begin(), kept.end(), rule) == kept.end())
        some = some.without(rule);
    }
    return is_feasible(cells, some, how);
  };
  if (!feasible_with({}))
    return {binning_rule::slices};
  // One after the other is left out, where the others still contradict each other.
  std::vector<binning_rule> kept = active;
  for (std::size_t i = 0; i < kept.size();) {
    std::vector<binning_rule> fewer = kept;
    fewer.erase(fewer.begin() + static_cast<std::ptrdiff_t>(i));
    if (feasible_with(fewer))
      ++i;
    else
      kept = std::move(fewer);
  }
  // What is left need not be the smallest such set.
  if (kept.size() > 1) {
    for (const binning_rule one : active) {
      if (!feasible_with({one}))
        return {one};
    }
  }
  if (kept.size() > 2) {
    for (std::size_t i = 0; i < active.size(); ++i) {
      for (std::size_t j = i + 1; j < active.size(); ++j) {
        if (!feasible_with({active[i], active[j]}))
          return {active[i], active[j]};
      }
    }
  }
  if (kept.size() > 3) {
    for (std::size_t i = 0; i < active.size(); ++i) {
      for (std::size_t j = i + 1; j < active.size(); ++j) {
        for (std::size_t k = j + 1; k < active.size(); ++k) {
          if (!feasible_with({active[i], active[j], active[k]}))
            return {active[i], active[j], active[k]};
        }
      }
    }
  }
  return kept;
}

} // namespace detail

namespace detail {

/// How far the first bin reaches at least, and where the last one begins at the latest, by the rules on size and classes.
struct outer_bin_ends {
  std::size_t first_end = 1;
  std::size_t last_first = 0;
};
[[nodiscard]] inline outer_bin_ends outer_bins(const binning_cells& cells, const binning_rules& rules) {
  const std::size_t size = cells.size();
  const auto enough = [&](std::size_t first, std::size_t end) {
    const bin_count all = cells.bin(first, end);
    if (all.rows < rules.min_size)
      return false;
    if (!rules.binary())
      return true;
    if (all.events < rules.min_events || all.non_events() < rules.min_non_events)
      return false;
    for (std::size_t slice = 0; slice < cells.slices() && rules.zero.need_both(); ++slice) {
      const bin_count part = cells.bin(first, end, slice);
      if (part.events == 0 || part.non_events() == 0)
        return false;
    }
    return true;
  };
  outer_bin_ends found{1, size == 0 ? 0 : size - 1};
  while (found.first_end < size && !enough(0, found.first_end))
    ++found.first_end;
  while (found.last_first > 0 && !enough(found.last_first, size))
    --found.last_first;
  return found;
}

} // namespace detail

/// What no monotone binning of the cells exceeds, whatever its rules: in each slice the value of the isotonic regression, of the
/// better direction. The first and last bin are as large as the rules on size and classes ask for. NaN where pure bins count by
/// a policy (additive, cap of the information value), whose sum is not convex.
[[nodiscard]] inline double monotone_bound(const binning_cells& cells, const binning_rules& rules) {
  if (rules.binary() && rules.objective == bin_objective::information_value && !rules.zero.need_both())
    return std::numeric_limits<double>::quiet_NaN();
  const std::size_t size = cells.size();
  const auto [first_end, last_first] = detail::outer_bins(cells, rules);
  double best = -std::numeric_limits<double>::infinity();
  for (const bool ascending : {true, false}) {
    math::real sum(0.0);
    for (std::size_t slice = 0; slice < cells.slices(); ++slice) {
      std::vector<std::size_t> ends = {size};
      if (first_end <= last_first)
        ends = isotonic_blocks(cells, ascending, slice, first_end, last_first);
      std::size_t first = 0;
      for (const std::size_t end : ends) {
        sum += divergence_of(cells.bin(first, end, slice), rules.total(cells, slice), rules.objective,
                             rules.zero, rules.zero.value * rules.unit.divisor);
        first = end;
      }
    }
    best = std::fmax(best, math::value_of(sum));
  }
  return best;
}

/// The best binning of the cells. A tie is settled in favour of fewer bins, then of lower cuts from the last to the first; among
/// trends of `automatic` and `monotonic` in favour of the first of ascending, descending, peak, valley; the latter two of up to
/// `most_turning_slices` slices.
/// O(n^2 log n) time for n cells with rules on bins and on the least difference of rates, times the limit of bins where there is one;
/// O(n^3) with slices, the test of neighbours, and for concave and convex (log n more); O(n^2) memory (n^3 for these two).
/// \param how  to be cancelled by; null = nobody
/// \throws error status::option where the search would be too large, status::cancelled, status::internal should the found binning break a rule
[[nodiscard]] inline optimal_binning
find_optimal_binning(const binning_cells& cells, const binning_rules& rules, const run* how = nullptr) {
  optimal_binning found;
  const binning_search search(cells, rules, how);
  for (const bin_trend trend : detail::trends_of(rules.trend, cells.slices())) {
    std::optional<std::vector<std::size_t>> ends = detail::best_ends(search, cells, rules, trend, how);
    if (!ends)
      continue;
    detail::join_equal_bins(cells, rules, trend, *ends);
    if (const std::vector<binning_rule> broken = broken_rules(cells, rules, *ends, trend); !broken.empty())
      throw error(status::internal,
                  "binning: the binning that was found breaks the rule " +
                      std::string(binning_rule_names[static_cast<std::size_t>(broken.front())]));
    const double objective = objective_of(cells, rules, *ends);
    if (!found.feasible() || objective > found.objective) {
      found.ends = std::move(*ends);
      found.objective = objective;
      found.trend = trend;
    }
  }
  if (!found.feasible())
    found.conflict = detail::conflict_of(cells, rules, how);
  found.monotone_bound = monotone_bound(cells, rules);
  return found;
}

} // namespace emptor::stats
