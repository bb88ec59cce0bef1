// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/text.hpp>
#include <emptor/credit/characteristic_binning.hpp>
#include <emptor/stats/categorical_binning.hpp>
#include <emptor/stats/scorecardpy_binning.hpp>

/// The bins of one characteristic while they are made: why it is not used, and where missing, special and unknown values go.
namespace emptor::credit::detail {

/// What a search of bins fills, with the checks before it and the bins outside the order after it.
class characteristic_bins {
protected:
  characteristic_bins(const binning_sample& sample, const binning_settings& settings, std::string label)
      : sample_(sample)
      , settings_(settings) {
    made_.label = std::move(label);
  }

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
  fitted_characteristic made_;
};

} // namespace emptor::credit::detail
