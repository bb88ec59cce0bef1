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
#include <emptor/credit/characteristic_cells.hpp>
#include <emptor/stats/bin_candidates.hpp>
#include <emptor/stats/categorical_binning.hpp>
#include <emptor/stats/optimal_binning.hpp>
#include <emptor/stats/outcome_rows.hpp>
#include <emptor/stats/plain_binning.hpp>
#include <emptor/stats/scorecardpy_binning.hpp>

/// Finds the bins of one characteristic: screens it, makes the cells, searches, and puts missing, special and unknown values into
/// their bins.
namespace emptor::credit {

namespace detail {

/// Finds the bins of one characteristic.
class characteristic_fit {
public:
  characteristic_fit(const binning_sample& sample, const binning_settings& settings, std::string label,
                     const run* how)
      : sample_(sample)
      , settings_(settings)
      , how_(how) {
    made_.label = std::move(label);
    rules_ = make_binning_rules(sample, settings);
  }

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
  void refuse(screening reason, std::string why) {
    if (made_.reason == screening::kept) {
      made_.reason = reason;
      made_.why = std::move(why);
    }
  }

  void value_raw(std::vector<stats::bin_count> values, const stats::bin_count& missing) {
    if (sample_.continuous)
      return;
    values.push_back(missing);
    std::erase_if(values, [](const stats::bin_count& one) { return one.rows == 0; });
    made_.raw_information_value = stats::raw_information_value(values, sample_.rows);
  }

  void screen_before(const stats::bin_count& missing, std::int64_t most_rows, bool others) {
    const auto all = static_cast<double>(sample_.total().rows);
    made_.missing_share = static_cast<double>(missing.rows) / all;
    if (made_.distinct == 0)
      refuse(screening::all_missing, "no row has a value");
    if (made_.distinct == 1 && !others)
      refuse(screening::constant, "all rows have the same value");
    if (made_.missing_share > settings_.max_missing_share)
      refuse(screening::mostly_missing, "missing in a share of " + to_text(made_.missing_share) +
                                            ", but option max_missing_share is " +
                                            to_text(settings_.max_missing_share));
    const double identical = static_cast<double>(most_rows) / all;
    if (identical > settings_.max_identical_share)
      refuse(screening::mostly_identical, "one value in a share of " + to_text(identical) +
                                              ", but option max_identical_share is " +
                                              to_text(settings_.max_identical_share));
  }

  [[nodiscard]] static bool parted_by_one_cut(const stats::binning_cells& cells) {
    std::size_t changes = 0;
    for (std::size_t i = 0; i < cells.size(); ++i) {
      const stats::bin_count one = cells.bin(i, i + 1);
      if (one.events != 0 && one.non_events() != 0)
        return false;
      if (i > 0 && (cells.bin(i - 1, i).events != 0) != (one.events != 0))
        ++changes;
    }
    return changes == 1;
  }

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
    return without_pure_bins(cells.cells, plain_ends(cells.cells, sample_, settings_, rules_), keeps_pure());
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
        chosen = plain_ends(joined, sample_, settings_, rules_);
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
      ends = without_pure_bins(cells, plain_ends(cells, sample_, settings_, rules_), keeps_pure());
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

  [[nodiscard]] std::optional<std::size_t> worst(std::size_t ordinary) const {
    std::optional<std::size_t> found;
    for (std::size_t i = 0; i < ordinary; ++i) {
      if (made_.bins[i].count.rows > 0 &&
          (!found || stats::compare_rates(made_.bins[*found].count, made_.bins[i].count) < 0))
        found = i;
    }
    return found;
  }
  [[nodiscard]] std::optional<std::size_t> most_similar(const stats::bin_count& count,
                                                        std::size_t ordinary) const {
    std::optional<std::size_t> found;
    double least = 0.0;
    for (std::size_t i = 0; i < ordinary; ++i) {
      if (made_.bins[i].count.rows == 0)
        continue;
      const double gap = std::fabs(stats::rate_of(made_.bins[i].count) - stats::rate_of(count));
      if (!found || gap < least) {
        found = i;
        least = gap;
      }
    }
    return found;
  }

  /// Puts rows that stand outside the order into their bin. \param ordinary  bins of the order
  void attach(fitted_member member, const stats::bin_count& count, bin_attachment how, std::size_t ordinary) {
    const bool pure = !sample_.continuous && count.rows > 0 && (count.events == 0 || count.non_events() == 0);
    std::optional<std::size_t> into;
    if (how == bin_attachment::own && pure && settings_.zero.policy == stats::zero_cell_policy::merge)
      how = bin_attachment::most_similar;
    switch (how) {
    case bin_attachment::own:
      if (count.rows == 0)
        return;
      if (pure && settings_.zero.policy == stats::zero_cell_policy::error)
        refuse(screening::zero_cell,
               std::string("the bin of ") +
                   std::string(bin_member_names[static_cast<std::size_t>(member.what)]) +
                   (member.what == bin_member::special ? " " + to_text(member.code) : "") +
                   " values has no " + (count.events == 0 ? "events" : "non-events"));
      break;
    case bin_attachment::most_similar:
      if (count.rows == 0)
        return;
      into = most_similar(count, ordinary);
      break;
    case bin_attachment::worst:
      into = worst(ordinary);
      break;
    case bin_attachment::neighbour:
      for (std::size_t i = 0; i < ordinary && !into; ++i) {
        const double high = made_.bins[i].high;
        if (std::isnan(high) ||
            (settings_.closed == stats::bin_closed::left ? member.code < high : member.code <= high))
          into = i;
      }
      break;
    case bin_attachment::neutral:
      break;
    case bin_attachment::none:
      return;
    }
    if (!into) {
      into = made_.bins.size();
      made_.bins.push_back({.kind = member.what == bin_member::special   ? bin_kind::special
                                    : member.what == bin_member::missing ? bin_kind::missing
                                                                         : bin_kind::unknown,
                            .code = member.code,
                            .neutral = how == bin_attachment::neutral});
    }
    made_.bins[*into].count += count;
    member.bin = *into;
    made_.members.push_back(std::move(member));
  }

  void finish(const stats::bin_count& missing, std::size_t ordinary) {
    if (made_.bins.empty())
      return;
    attach({.what = bin_member::missing}, missing, settings_.missing, ordinary);
    if (!made_.numeric && settings_.unknown != unknown_attachment::none) {
      const auto at = std::find_if(made_.members.begin(), made_.members.end(),
                                   [](const fitted_member& one) { return one.what == bin_member::missing; });
      if (settings_.unknown != unknown_attachment::missing)
        attach({.what = bin_member::unknown}, {},
               settings_.unknown == unknown_attachment::worst ? bin_attachment::worst
                                                              : bin_attachment::neutral,
               ordinary);
      else if (at != made_.members.end())
        made_.members.push_back({.what = bin_member::unknown, .bin = at->bin});
    }
    if (!sample_.continuous && settings_.zero.need_both()) {
      for (const fitted_bin& one : made_.bins) {
        if (!one.neutral && one.count.rows > 0 && (one.count.events == 0 || one.count.non_events() == 0))
          refuse(screening::zero_cell, std::string("a bin has no ") +
                                           (one.count.events == 0 ? "events" : "non-events") +
                                           ", as option zero_cells refuses or cannot join");
      }
    }
    std::size_t used = 0;
    for (const fitted_bin& one : made_.bins)
      used += one.count.rows > 0 ? 1 : 0;
    if (used < 2)
      refuse(screening::one_bin, "the binning has one bin, which tells nothing");
  }

  const binning_sample& sample_;
  const binning_settings& settings_;
  const run* how_;
  stats::binning_rules rules_;
  fitted_characteristic made_;
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
