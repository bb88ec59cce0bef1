// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <optional>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/stats/optimal_binning.hpp>

/// The best grouping of the levels of a category (类别变量分箱).
namespace emptor::stats {

/// A level and its count in every slice.
struct level_count {
  std::string_view level;
  std::vector<bin_count> counts;

  [[nodiscard]] bin_count total() const { return std::accumulate(counts.begin(), counts.end(), bin_count{}); }
};

/// Why a grouping is the best.
enum class grouping_proof : std::int32_t {
  contiguous =
      0, ///< without rules but on the number of bins a best grouping is contiguous in the order of the rates
  partitions = 1, ///< all groupings were tried
  ordered =
      2, ///< it is the best of those that are contiguous in the order of the rates; others were not tried
};

/// Groups of levels by their places, the objective that they have, and what is proved of it.
struct categorical_binning {
  std::vector<std::vector<std::size_t>>
      groups; ///< levels, groups by ascending rate; empty where none keeps the rules
  double objective = 0.0;
  grouping_proof proof = grouping_proof::contiguous;
  std::vector<binning_rule> conflict; ///< of contiguous groupings, where there is none
};

/// Levels of which all groupings are tried: 4,213,597 of twelve.
inline constexpr std::size_t most_partitioned_levels = 12;

/// Sorts by rate of events, then by the bytes of the level.
[[nodiscard]] inline std::vector<std::size_t> order_levels(const std::vector<level_count>& levels) {
  std::vector<std::size_t> order(levels.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::vector<bin_count> totals;
  totals.reserve(levels.size());
  for (const level_count& one : levels)
    totals.push_back(one.total());
  std::sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
    const int compared = compare_rates(totals[left], totals[right]);
    return compared != 0 ? compared < 0 : levels[left].level < levels[right].level;
  });
  return order;
}

/// Levels in an order as the cells of an ordered binning.
[[nodiscard]] inline binning_cells cells_of_levels(const std::vector<level_count>& levels,
                                                   const std::vector<std::size_t>& order,
                                                   std::size_t slices) {
  binning_cells cells(slices);
  for (const std::size_t level : order)
    cells.add(levels[level].counts);
  return cells;
}

namespace detail {

/// Goes through all groupings of a few levels, leaving out those that cannot be better than the best so far.
class partition_search {
public:
  partition_search(const std::vector<bin_count>& levels, const binning_rules& rules, const bin_count& total)
      : rules_(rules)
      , size_(levels.size())
      , convex_(rules.objective != bin_objective::information_value || rules.zero.need_both()) {
    const std::size_t sets = std::size_t{1} << size_;
    count_.resize(sets);
    value_.resize(sets);
    fine_.resize(sets);
    most_.resize(sets);
    for (std::size_t set = 1; set < sets; ++set) {
      const auto lowest = static_cast<std::size_t>(std::countr_zero(set));
      const std::size_t rest = set & (set - 1);
      count_[set] = count_[rest] + levels[lowest];
      const bin_count& bin = count_[set];
      const double value_units = rules.zero.value * rules.unit.divisor;
      value_[set] = divergence_of(bin, total, rules.objective, rules.zero, value_units);
      const zero_cells capped{zero_cell_policy::cap, 1e3};
      most_[set] = most_[rest] + divergence_of(levels[lowest], total, rules.objective, capped, value_units);
      fine_[set] = bin.rows >= rules.min_size && !(rules.max_size > 0 && bin.rows > rules.max_size) &&
                           (!rules.binary() ||
                            (bin.events >= rules.min_events && bin.non_events() >= rules.min_non_events &&
                             !(rules.zero.need_both() && (bin.events == 0 || bin.non_events() == 0))))
                       ? 1
                       : 0;
    }
  }

  /// \param least  of the value, what is known already  \return groups as sets of levels, where one is better
  [[nodiscard]] std::optional<std::vector<std::size_t>> better_than(double least) {
    best_value_ = least;
    best_.reset();
    groups_.clear();
    extend((std::size_t{1} << size_) - 1, 0.0);
    return best_;
  }

private:
  void extend(std::size_t left, double value) {
    if (left == 0) {
      if (groups_.size() >= rules_.min_bins && clearly_better(value) && neighbours_fit()) {
        best_value_ = value;
        best_ = groups_;
      }
      return;
    }
    if (rules_.max_bins > 0 && groups_.size() >= rules_.max_bins)
      return;
    // Joining never adds to a convex divergence: single levels are the most that is left to gain.
    if (convex_ && !clearly_better(value + most_[left]))
      return;
    const std::size_t lowest = left & (~left + 1);
    const std::size_t others = left ^ lowest;
    for (std::size_t with = others;; with = (with - 1) & others) {
      const std::size_t group = with | lowest;
      if (fine_[group] != 0) {
        groups_.push_back(group);
        extend(left ^ group, value + value_[group]);
        groups_.pop_back();
      }
      if (with == 0)
        break;
    }
  }
  /// By more than rounding, so that what is known stays where another is just as good.
  [[nodiscard]] bool clearly_better(double value) const noexcept {
    return std::isinf(best_value_) || value > best_value_ + 1e-12 * std::fabs(best_value_);
  }
  [[nodiscard]] bool neighbours_fit() const {
    if (rules_.min_difference == 0 && !(rules_.critical_z > 0.0 && rules_.binary()))
      return true;
    std::vector<std::size_t> sorted = groups_;
    std::sort(sorted.begin(), sorted.end(), [&](std::size_t left, std::size_t right) {
      const int order = compare_rates(count_[left], count_[right]);
      return order != 0 ? order < 0 : left < right;
    });
    for (std::size_t i = 1; i < sorted.size(); ++i) {
      const bin_count& low = count_[sorted[i - 1]];
      const bin_count& high = count_[sorted[i]];
      if (!exceeds_by(high, low, rules_.min_difference) ||
          (rules_.critical_z > 0.0 && rules_.binary() &&
           !rates_differ(low, high, rules_.critical_z, rules_.unit)))
        return false;
      for (std::size_t other = 0;
           rules_.all_pairs && rules_.critical_z > 0.0 && rules_.binary() && other + 1 < i; ++other) {
        if (!rates_differ(count_[sorted[other]], high, rules_.critical_z, rules_.unit))
          return false;
      }
    }
    return true;
  }

  const binning_rules& rules_;
  std::size_t size_;
  bool convex_;
  std::vector<bin_count> count_;
  std::vector<double> value_;
  std::vector<std::uint8_t> fine_;
  std::vector<double> most_;
  std::vector<std::size_t> groups_;
  double best_value_ = 0.0;
  std::optional<std::vector<std::size_t>> best_;
};

} // namespace detail

/// The best grouping. Levels are ordered by their rate, and the best contiguous grouping is found as of numbers; by the theorem of
/// W. D. Fisher (On grouping for maximum homogeneity, 1958) and L. Breiman et al. (1984, section 9.4) no other one is
/// better where the rules are on the number of bins only. With other rules, one slice and up to twelve levels all groupings are tried.
/// Trends, fixed and forbidden cuts of the rules say nothing of levels and are left aside.
[[nodiscard]] inline categorical_binning find_categorical_binning(const std::vector<level_count>& levels,
                                                                  std::size_t slices, binning_rules rules,
                                                                  const run* how = nullptr) {
  rules.trend = bin_trend::free;
  rules.fixed.clear();
  rules.forbidden.clear();
  const std::vector<std::size_t> order = order_levels(levels);
  const binning_cells cells = cells_of_levels(levels, order, slices);
  const bool proven =
      slices == 1 && rules.min_size == 0 && rules.max_size == 0 && rules.min_difference == 0 &&
      (!rules.binary() ||
       (rules.min_events == 0 && rules.min_non_events == 0 && rules.critical_z == 0.0 &&
        (!rules.zero.need_both() || std::none_of(levels.begin(), levels.end(), [](const level_count& one) {
          return one.total().events == 0 || one.total().non_events() == 0;
        }))));
  const optimal_binning contiguous = find_optimal_binning(cells, rules, how);
  categorical_binning found;
  found.objective = contiguous.objective;
  found.proof = proven ? grouping_proof::contiguous : grouping_proof::ordered;
  found.conflict = contiguous.conflict;
  std::size_t first = 0;
  for (const std::size_t end : contiguous.ends) {
    found.groups.emplace_back(order.begin() + static_cast<std::ptrdiff_t>(first),
                              order.begin() + static_cast<std::ptrdiff_t>(end));
    first = end;
  }
  if (proven || slices != 1 || levels.size() > most_partitioned_levels || levels.empty())
    return found;
  found.proof = grouping_proof::partitions;
  std::vector<bin_count> counts;
  for (const std::size_t level : order)
    counts.push_back(levels[level].total());
  detail::partition_search search(counts, rules, rules.total(cells, 0));
  const auto better = search.better_than(contiguous.feasible() ? contiguous.objective
                                                               : -std::numeric_limits<double>::infinity());
  if (!better)
    return found;
  found.groups.clear();
  found.conflict.clear();
  math::real sum(0.0);
  std::vector<std::pair<bin_count, std::vector<std::size_t>>> groups;
  for (const std::size_t set : *better) {
    groups.emplace_back();
    for (std::size_t i = 0; i < counts.size(); ++i) {
      if ((set >> i & 1U) == 0)
        continue;
      groups.back().first += counts[i];
      groups.back().second.push_back(order[i]);
    }
  }
  std::sort(groups.begin(), groups.end(), [](const auto& left, const auto& right) {
    const int compared = compare_rates(left.first, right.first);
    return compared != 0 ? compared < 0 : left.second < right.second;
  });
  for (auto& [count, members] : groups) {
    sum += divergence_of(count, rules.total(cells, 0), rules.objective, rules.zero,
                         rules.zero.value * rules.unit.divisor);
    found.groups.push_back(std::move(members));
  }
  found.objective = math::value_of(sum);
  return found;
}

} // namespace emptor::stats
