// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/credit/characteristic_binning.hpp>
#include <emptor/credit/characteristic_bins.hpp>
#include <emptor/credit/characteristic_cells.hpp>
#include <emptor/stats/bin_candidates.hpp>
#include <emptor/stats/categorical_binning.hpp>
#include <emptor/stats/optimal_binning.hpp>
#include <emptor/stats/outcome_rows.hpp>
#include <emptor/stats/plain_binning.hpp>
#include <emptor/stats/scorecardpy_binning.hpp>

/// Finds the bins of one characteristic: screens it, makes the cells, searches, and has missing, special and unknown values put into
/// their bins.
namespace emptor::credit {

namespace detail {

/// Finds the bins of one characteristic.
class characteristic_fit : characteristic_bins {
public:
  characteristic_fit(const binning_sample& sample, const binning_settings& settings, std::string label,
                     const run* how)
      : characteristic_bins(sample, settings, std::move(label))
      , how_(how)
      , rules_(make_binning_rules(sample, settings)) {}

  /// \param values  NaN = missing, canonical order
  [[nodiscard]] fitted_characteristic numbers(std::vector<double> values) && {
    made_.numeric = true;
    std::vector<double> codes = settings_.special_codes;
    std::sort(codes.begin(), codes.end());
    codes.erase(std::unique(codes.begin(), codes.end()), codes.end());
    std::vector<stats::bin_count> special(codes.size());
    stats::bin_count missing;
    for (std::size_t row = 0; row < values.size(); ++row) {
      if (std::isnan(values[row])) {
        missing += sample_.counts[row];
        continue;
      }
      const auto at = std::lower_bound(codes.begin(), codes.end(), values[row]);
      if (at != codes.end() && *at == values[row]) {
        special[static_cast<std::size_t>(at - codes.begin())] += sample_.counts[row];
        values[row] = std::numeric_limits<double>::quiet_NaN();
      }
    }
    const stats::distinct_values distinct = stats::sort_values(values, sample_.as_rows());
    made_.distinct = static_cast<std::int64_t>(distinct.values.size());
    const bool others = missing.rows > 0 || std::any_of(special.begin(), special.end(),
                                                        [](const auto& one) { return one.rows > 0; });
    std::int64_t most_rows = 0;
    std::vector<stats::bin_count> raw;
    for (std::size_t i = 0; i < distinct.values.size(); ++i) {
      raw.push_back(distinct.cells.bin(i, i + 1));
      most_rows = std::max(most_rows, raw.back().rows);
    }
    raw.insert(raw.end(), special.begin(), special.end());
    value_raw(std::move(raw), missing);
    screen_before(missing, most_rows, others);
    if (made_.reason == screening::kept && !sample_.continuous && parted_by_one_cut(distinct.cells))
      refuse(screening::predicts_perfectly, "one cut parts all events from all others");
    if (made_.reason != screening::kept)
      return std::move(made_);
    const stats::ordered_cells cells = cells_for(distinct, sample_, settings_, rules_);
    made_.candidates = static_cast<std::int64_t>(cells.cells.size()) - 1;
    const std::vector<std::size_t> ends = ends_of(cells, distinct);
    std::size_t first = 0;
    for (const std::size_t end : ends) {
      fitted_bin bin{.count = cells.cells.bin(first, end)};
      if (first > 0)
        bin.low = cells.cuts[first - 1];
      if (end < cells.cells.size())
        bin.high = cells.cuts[end - 1];
      made_.bins.push_back(std::move(bin));
      first = end;
    }
    const std::size_t intervals = made_.bins.size();
    for (std::size_t i = 0; i < codes.size() && !made_.bins.empty(); ++i)
      attach({.what = bin_member::special, .code = codes[i]}, special[i], settings_.special, intervals);
    finish(missing, intervals);
    return std::move(made_);
  }

  [[nodiscard]] fitted_characteristic levels(const stats::coded_texts& texts) && {
    made_.numeric = false;
    std::vector<stats::level_count> counted(texts.texts.size());
    for (std::size_t i = 0; i < counted.size(); ++i)
      counted[i] = {texts.texts[i], std::vector<stats::bin_count>(sample_.slices)};
    stats::bin_count missing;
    for (std::size_t row = 0; row < texts.codes.size(); ++row) {
      if (texts.codes[row] == stats::coded_texts::none)
        missing += sample_.counts[row];
      else
        counted[texts.codes[row]].counts[sample_.as_rows().slice_of(row)] += sample_.counts[row];
    }
    std::erase_if(counted, [](const stats::level_count& one) { return one.total().rows == 0; });
    made_.distinct = static_cast<std::int64_t>(counted.size());
    made_.candidates = std::max<std::int64_t>(made_.distinct - 1, 0);
    std::int64_t most_rows = 0;
    bool all_pure = !sample_.continuous && counted.size() > 1;
    std::vector<stats::bin_count> raw;
    for (const stats::level_count& one : counted) {
      const stats::bin_count total = one.total();
      raw.push_back(total);
      most_rows = std::max(most_rows, total.rows);
      all_pure = all_pure && (total.events == 0 || total.non_events() == 0);
    }
    value_raw(std::move(raw), missing);
    screen_before(missing, most_rows, missing.rows > 0);
    if (made_.reason == screening::kept && counted.size() > settings_.most_levels)
      refuse(screening::too_many_levels, std::to_string(counted.size()) +
                                             " levels, but option most_levels is " +
                                             std::to_string(settings_.most_levels));
    if (made_.reason == screening::kept && all_pure)
      refuse(screening::predicts_perfectly, "no level has both events and others");
    if (made_.reason != screening::kept)
      return std::move(made_);
    const std::vector<std::vector<std::size_t>> groups = groups_of(counted);
    for (const std::vector<std::size_t>& group : groups) {
      fitted_bin bin{.kind = bin_kind::levels};
      for (const std::size_t level : group) {
        bin.levels.emplace_back(counted[level].level);
        bin.count += counted[level].total();
      }
      std::sort(bin.levels.begin(), bin.levels.end());
      for (const std::string& level : bin.levels)
        made_.members.push_back({.what = bin_member::level, .level = level, .bin = made_.bins.size()});
      made_.bins.push_back(std::move(bin));
    }
    finish(missing, made_.bins.size());
    return std::move(made_);
  }

private:
  /// Cuts by the method, as ends in cells.
  [[nodiscard]] std::vector<std::size_t> ends_of(const stats::ordered_cells& cells,
                                                 const stats::distinct_values& distinct) {
    if (settings_.method == binning_method::optimal) {
      const stats::optimal_binning found = stats::find_optimal_binning(cells.cells, rules_, how_);
      stats::binning_rules unbound = rules_;
      unbound.fixed.clear();
      unbound.forbidden.clear();
      made_.monotone_bound = scaled(stats::monotone_bound(distinct.cells, unbound));
      if (!found.feasible()) {
        refuse(screening::infeasible, "no binning keeps the rules " + names_of(found.conflict) + " together");
        return {};
      }
      made_.objective = scaled(found.objective);
      made_.trend = found.trend;
      const bool monotone = settings_.trend == stats::bin_trend::ascending ||
                            settings_.trend == stats::bin_trend::descending ||
                            settings_.trend == stats::bin_trend::monotonic;
      const bool best_of_values = cells.complete || (monotone && cells.isotonic && isotonic_is_enough());
      made_.proof = best_of_values ? binning_proof::all_values
                    : monotone && made_.objective >= made_.monotone_bound * (1.0 - 1e-12)
                        ? binning_proof::bound_reached
                        : binning_proof::candidates;
      return found.ends;
    }
    return without_pure_bins(cells.cells, plain_ends(cells.cells, sample_, settings_, rules_, how_),
                             keeps_pure());
  }

  /// Whether the best monotone binning of all values, with up to so many bins, cuts only at ends of the isotonic regression: so it
  /// is where no rule is about size, difference or cuts. Joining its blocks keeps the trend, and the blocks lose nothing.
  [[nodiscard]] bool isotonic_is_enough() const noexcept {
    const bool convex = sample_.continuous || rules_.zero.need_both() ||
                        rules_.objective != stats::bin_objective::information_value;
    return convex && sample_.slices == 1 && rules_.min_bins <= 1 && rules_.min_size == 0 &&
           rules_.max_size == 0 && rules_.min_events == 0 && rules_.min_non_events == 0 &&
           rules_.min_difference == 0 && rules_.critical_z == 0.0 && rules_.fixed.empty() &&
           settings_.forbidden_cuts.empty();
  }

  [[nodiscard]] std::vector<std::vector<std::size_t>>
  groups_of(const std::vector<stats::level_count>& counted) {
    if (settings_.method == binning_method::optimal && settings_.cells == binning_cells_from::values) {
      const stats::categorical_binning found =
          stats::find_categorical_binning(counted, sample_.slices, rules_, how_);
      if (found.groups.empty()) {
        refuse(screening::infeasible,
               "no grouping keeps the rules " + names_of(found.conflict) + " together");
        return {};
      }
      made_.objective = scaled(found.objective);
      made_.proof = found.proof == stats::grouping_proof::contiguous   ? binning_proof::contiguous
                    : found.proof == stats::grouping_proof::partitions ? binning_proof::partitions
                                                                       : binning_proof::ordered;
      return found.groups;
    }
    // All others take the levels in the order of their rates.
    const std::vector<std::size_t> order = stats::order_levels(counted);
    const stats::binning_cells cells = stats::cells_of_levels(counted, order, sample_.slices);
    std::vector<std::size_t> ends;
    if (settings_.method == binning_method::optimal || settings_.method == binning_method::stepwise) {
      const std::vector<std::size_t> leaves =
          settings_.method == binning_method::stepwise
              ? stats::join_pure_cells(cells)
              : without_pure_bins(cells, stats::tree_bins(cells, {20, rule_of_leaf()}), keeps_pure());
      stats::binning_cells joined(sample_.slices);
      std::size_t first = 0;
      for (const std::size_t end : leaves) {
        std::vector<stats::bin_count> cell;
        for (std::size_t slice = 0; slice < sample_.slices; ++slice)
          cell.push_back(cells.bin(first, end, slice));
        joined.add(cell);
        first = end;
      }
      std::vector<std::size_t> chosen;
      if (settings_.method == binning_method::stepwise) {
        chosen = plain_ends(joined, sample_, settings_, rules_, how_);
      } else {
        const stats::optimal_binning found = stats::find_optimal_binning(joined, rules_, how_);
        if (!found.feasible()) {
          refuse(screening::infeasible,
                 "no grouping keeps the rules " + names_of(found.conflict) + " together");
          return {};
        }
        made_.objective = scaled(found.objective);
        made_.proof = binning_proof::candidates;
        made_.candidates = static_cast<std::int64_t>(joined.size()) - 1;
        chosen = found.ends;
      }
      for (const std::size_t end : chosen)
        ends.push_back(leaves[end - 1]);
    } else {
      ends = without_pure_bins(cells, plain_ends(cells, sample_, settings_, rules_, how_), keeps_pure());
    }
    std::vector<std::vector<std::size_t>> groups;
    std::size_t first = 0;
    for (const std::size_t end : ends) {
      groups.emplace_back(order.begin() + static_cast<std::ptrdiff_t>(first),
                          order.begin() + static_cast<std::ptrdiff_t>(end));
      first = end;
    }
    return groups;
  }
  [[nodiscard]] bool keeps_pure() const noexcept {
    return sample_.continuous || settings_.zero.policy != stats::zero_cell_policy::merge;
  }
  [[nodiscard]] std::int64_t rule_of_leaf() const {
    return static_cast<std::int64_t>(std::ceil(0.05 * static_cast<double>(sample_.total().rows)));
  }

  [[nodiscard]] double scaled(double objective) const noexcept { return sample_.scaled(objective); }

  const run* how_;
  stats::binning_rules rules_;
};

} // namespace detail

/// \param values  one for each row of the sample, NaN = missing  \param how  to be cancelled by; null = nobody
[[nodiscard]] inline fitted_characteristic bin_numbers(const binning_sample& sample,
                                                       const binning_settings& settings, std::string label,
                                                       std::vector<double> values, const run* how = nullptr) {
  return detail::characteristic_fit(sample, settings, std::move(label), how).numbers(std::move(values));
}
/// \param texts  one for each row of the sample
[[nodiscard]] inline fitted_characteristic bin_levels(const binning_sample& sample,
                                                      const binning_settings& settings, std::string label,
                                                      const stats::coded_texts& texts,
                                                      const run* how = nullptr) {
  return detail::characteristic_fit(sample, settings, std::move(label), how).levels(texts);
}

} // namespace emptor::credit
