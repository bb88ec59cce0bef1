// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <emptor/credit/characteristic_binning.hpp>
#include <emptor/math/normal_quantile.hpp>
#include <emptor/stats/bin_candidates.hpp>
#include <emptor/stats/isotonic_pool.hpp>
#include <emptor/stats/optbinning_cells.hpp>
#include <emptor/stats/plain_binning.hpp>
#include <emptor/stats/scorecardpy_binning.hpp>

/// From the settings of a characteristic to rules, cells, and the cuts of plain methods.
namespace emptor::credit::detail {

/// Rules as a message lists them.
[[nodiscard]] inline std::string names_of(const std::vector<stats::binning_rule>& rules) {
  std::string text;
  for (const stats::binning_rule rule : rules)
    text += (text.empty() ? "" : " and ") +
            std::string(stats::binning_rule_names[static_cast<std::size_t>(rule)]);
  return text;
}

/// The rules in units of the sample.
[[nodiscard]] inline stats::binning_rules make_binning_rules(const binning_sample& sample,
                                                             const binning_settings& settings) {
  stats::binning_rules rules;
  const stats::bin_count all = sample.total();
  const auto units = [&](double share) {
    return static_cast<std::int64_t>(std::ceil(share * static_cast<double>(all.rows) * (1.0 - 1e-12)));
  };
  rules.objective = sample.continuous ? stats::bin_objective::explained_variance : settings.objective;
  rules.trend = settings.trend;
  rules.min_bins = settings.min_bins;
  rules.max_bins = settings.max_bins;
  rules.min_size = std::max(units(settings.min_size), sample.rows.units(settings.min_count));
  rules.max_size =
      settings.max_size < 1.0
          ? std::max<std::int64_t>(1, static_cast<std::int64_t>(std::floor(
                                          settings.max_size * static_cast<double>(all.rows) * (1.0 + 1e-12))))
          : 0;
  rules.min_events = sample.rows.units(settings.min_events);
  rules.min_non_events = sample.rows.units(settings.min_non_events);
  rules.zero = settings.zero;
  // Rates of a continuous target are quotients of two kinds of units.
  const double difference = settings.min_difference * 1e9 * (sample.events.divisor / sample.rows.divisor);
  rules.min_difference = static_cast<std::int64_t>(std::llround(std::fmin(difference, 0x1p46)));
  rules.critical_z =
      settings.max_p_value < 1.0 ? math::normal_quantile(1.0 - settings.max_p_value / 2.0) : 0.0;
  rules.all_pairs = settings.all_pairs;
  rules.unit = sample.rows;
  rules.totals = sample.totals;
  return rules;
}

/// Bins of a plain method that must know how many.
[[nodiscard]] inline std::size_t plain_bins(const binning_settings& settings) noexcept {
  return settings.max_bins > 0 ? settings.max_bins : 10;
}

/// What ChiMerge is asked for by the settings: the critical value of chi-squared at their significance, and their limits.
[[nodiscard]] inline stats::chi_merge_rules
chi_rules(const binning_sample& sample, const binning_settings& settings, const stats::binning_rules& rules) {
  const double z = math::normal_quantile(1.0 - settings.significance / 2.0);
  return {.critical = math::value_of(math::real(z) * z),
          .max_bins = settings.max_bins,
          .min_size = rules.min_size,
          .unit = sample.rows};
}

/// The cells of the candidates, with the caller's cuts at his numbers.
[[nodiscard]] inline stats::ordered_cells cells_for(const stats::distinct_values& distinct,
                                                    const binning_sample& sample,
                                                    const binning_settings& settings,
                                                    stats::binning_rules& rules) {
  using stats::bin_closed;
  const auto place = [&](double cut) {
    const auto begin = distinct.values.begin();
    return (settings.closed == bin_closed::left ? std::lower_bound(begin, distinct.values.end(), cut)
                                                : std::upper_bound(begin, distinct.values.end(), cut)) -
           begin;
  };
  stats::ordered_cells cells;
  if (!settings.cuts.empty()) {
    std::vector<double> cuts = settings.cuts;
    std::sort(cuts.begin(), cuts.end());
    cuts.erase(std::unique(cuts.begin(), cuts.end()), cuts.end());
    // A candidate with nothing between it and the one before says nothing; a fixed cut is added below all the same.
    std::vector<double> useful;
    std::ptrdiff_t last = 0;
    for (const double cut : cuts) {
      if (place(cut) > last && place(cut) < static_cast<std::ptrdiff_t>(distinct.values.size())) {
        useful.push_back(cut);
        last = place(cut);
      }
    }
    cells = stats::cut_values(distinct, useful, settings.closed);
  } else if (settings.method == binning_method::stepwise) {
    cells = stats::scorecardpy_cells(distinct, {.least_share = settings.min_size});
  } else if (settings.method == binning_method::width) {
    cells = stats::cut_values(
        distinct, stats::width_cuts(distinct.values.front(), distinct.values.back(), plain_bins(settings)),
        settings.closed);
  } else if (settings.method == binning_method::optimal && settings.cells == binning_cells_from::tree) {
    cells = stats::tree_cells(distinct, 20, 0.05);
    if (!sample.continuous && settings.zero.need_both())
      cells = stats::without_pure_cells(distinct, std::move(cells));
  } else if (settings.method == binning_method::optimal) {
    cells = stats::candidate_cells(distinct, settings.candidates, rules, settings.closed);
  } else {
    std::vector<std::size_t> ends(distinct.values.size());
    for (std::size_t i = 0; i < ends.size(); ++i)
      ends[i] = i + 1;
    cells = stats::join_values(distinct, ends, settings.closed);
  }
  if (settings.fixed_cuts.empty() && settings.forbidden_cuts.empty())
    return cells;
  struct marked_cut {
    double value;
    std::ptrdiff_t place;
    bool fixed;
  };
  std::vector<marked_cut> cuts;
  const auto anywhere = [&](const std::vector<double>& given, std::ptrdiff_t at) {
    return std::any_of(given.begin(), given.end(), [&](double cut) { return place(cut) == at; });
  };
  for (const double cut : settings.fixed_cuts)
    cuts.push_back({cut, place(cut), true});
  for (const double cut : cells.cuts) {
    if (!anywhere(settings.fixed_cuts, place(cut)) && !anywhere(settings.forbidden_cuts, place(cut)))
      cuts.push_back({cut, place(cut), false});
  }
  std::sort(cuts.begin(), cuts.end(), [](const marked_cut& left, const marked_cut& right) {
    return left.value != right.value ? left.value < right.value : left.fixed > right.fixed;
  });
  cuts.erase(
      std::unique(cuts.begin(), cuts.end(),
                  [](const marked_cut& left, const marked_cut& right) { return left.value == right.value; }),
      cuts.end());
  std::vector<double> values;
  for (const marked_cut& one : cuts) {
    values.push_back(one.value);
    rules.fixed.push_back(one.fixed ? 1 : 0);
    rules.forbidden.push_back(one.fixed && anywhere(settings.forbidden_cuts, one.place) ? 1 : 0);
  }
  const bool complete = cells.complete;
  const bool isotonic = cells.isotonic;
  cells = stats::cut_values(distinct, std::move(values), settings.closed);
  cells.complete = complete;
  cells.isotonic = isotonic;
  return cells;
}

/// Cuts of a plain method, as ends in cells. \param how  to be cancelled by; null = nobody
[[nodiscard]] inline std::vector<std::size_t> plain_ends(const stats::binning_cells& cells,
                                                         const binning_sample& sample,
                                                         const binning_settings& settings,
                                                         const stats::binning_rules& rules, const run* how) {
  switch (settings.method) {
  case binning_method::quantile:
    return stats::quantile_bins(cells, plain_bins(settings));
  case binning_method::tree:
    return stats::tree_bins(cells, {plain_bins(settings), std::max<std::int64_t>(rules.min_size, 1)});
  case binning_method::chi_merge:
    return stats::chi_merge_bins(cells, chi_rules(sample, settings, rules));
  case binning_method::mdlp:
    return stats::description_length_bins(cells, sample.rows, how);
  case binning_method::stepwise:
    return stats::add_cuts(
        cells, {.least_share = settings.min_size, .max_bins = settings.max_bins > 0 ? settings.max_bins : 8});
  case binning_method::isotonic: {
    std::vector<std::size_t> best;
    double most = -std::numeric_limits<double>::infinity();
    for (const bool ascending : {true, false}) {
      std::vector<std::size_t> ends = stats::isotonic_blocks(cells, ascending, 0);
      stats::binning_rules plain = rules;
      plain.objective = sample.continuous ? rules.objective : stats::bin_objective::jensen_shannon;
      if (const double value = stats::objective_of(cells, plain, ends); value > most) {
        most = value;
        best = std::move(ends);
      }
    }
    return best;
  }
  default: {
    std::vector<std::size_t> ends(cells.size());
    for (std::size_t i = 0; i < ends.size(); ++i)
      ends[i] = i + 1;
    return ends;
  }
  }
}

/// A plain method knows nothing of zero cells: the policy joins them afterwards. Bins without rows go in any case.
[[nodiscard]] inline std::vector<std::size_t>
without_pure_bins(const stats::binning_cells& cells, const std::vector<std::size_t>& ends, bool keep_pure) {
  stats::binning_cells bins(std::size_t{1});
  std::size_t first = 0;
  std::vector<std::size_t> kept;
  for (const std::size_t end : ends) {
    const stats::bin_count bin = cells.bin(first, end);
    if (bin.rows > 0) {
      bins.add(std::span(&bin, 1));
      kept.push_back(end);
    }
    first = end;
  }
  if (kept.empty())
    return ends;
  kept.back() = cells.size();
  if (keep_pure)
    return kept;
  std::vector<std::size_t> joined;
  for (const std::size_t end : stats::join_pure_cells(bins))
    joined.push_back(kept[end - 1]);
  return joined;
}

} // namespace emptor::credit::detail
