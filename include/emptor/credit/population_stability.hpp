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

#include <emptor/core/described_table.hpp>
#include <emptor/credit/population_stability_description.hpp>
#include <emptor/credit/scored_sample.hpp>
#include <emptor/stats/stability.hpp>

/// Population stability (群体稳定性指标, PSI) between slices, of scores and of all characteristics (特征稳定性指标, CSI): bins from
/// the expected slice, and the index of stats/stability.hpp over them. Missing values are a bin of their own.
namespace emptor::credit {

/// The bin of each row, and what bins are called.
struct stability_bins {
  std::vector<std::uint32_t> bin_of_row;
  std::vector<double> ends;        ///< upper ends of bins of numbers, one fewer than these
  std::vector<std::string> levels; ///< of a category
  std::size_t count = 0;           ///< of all, the last one for missing values
  bool is_category = false;
};

/// The ends of about `count` bins of equal weight: the value at which the sum of weights reaches k / count of all. Values that
/// are equal stay together, so that there may be fewer bins. \param values with their weights; NaN does not count
[[nodiscard]] inline std::vector<double> quantile_ends(std::vector<std::pair<double, double>> values,
                                                       std::int64_t count) {
  std::erase_if(values, [](const std::pair<double, double>& one) { return std::isnan(one.first); });
  std::sort(values.begin(), values.end());
  math::real all(0.0);
  for (const auto& [value, weight] : values)
    all += math::real(weight);
  std::vector<double> made;
  math::real sum(0.0);
  std::int64_t k = 1;
  for (std::size_t i = 0; i < values.size() && k < count; ++i) {
    sum += math::real(values[i].second);
    const bool last_of_value = i + 1 == values.size() || values[i + 1].first != values[i].first;
    const auto reached = [&] { return sum * static_cast<double>(count) >= all * static_cast<double>(k); };
    if (!last_of_value || i + 1 == values.size() || !reached())
      continue;
    made.push_back(values[i].first);
    while (k < count && reached())
      ++k;
  }
  return made;
}

/// The rows of one slice in bins.
struct binned_slice {
  std::vector<double> weights; ///< of each bin
  double squares = 0.0;        ///< of the weights of all rows
  std::int64_t rows = 0;

  /// How many rows of equal weight they are worth.
  [[nodiscard]] double size(stats::weight_meaning meaning) const noexcept {
    math::real sum(0.0);
    for (const double one : weights)
      sum += math::real(one);
    return math::value_of(
        meaning == stats::weight_meaning::frequency || !(squares > 0.0) ? sum : sum * sum / squares);
  }
};
/// The weights of a slice by bin.
[[nodiscard]] inline binned_slice bin(const scored_sample& sample, const sample_part& part,
                                      const stability_bins& bins) {
  binned_slice made;
  made.weights.assign(bins.count, 0.0);
  math::real squares(0.0);
  for (const std::size_t row : part.rows) {
    double& into = made.weights[bins.bin_of_row[row]];
    const math::real weight(sample.weight(row));
    into = math::value_of(weight + into);
    squares += weight * weight;
    ++made.rows;
  }
  made.squares = math::value_of(squares);
  return made;
}

/// What is compared, and how empty bins count.
struct stability_settings {
  stats::empty_cell empty = stats::empty_cell::floor;
  double floor = 1e-4;
  double moderate = 0.1;
  double shifted = 0.25;
  stats::weight_meaning weights = stats::weight_meaning::sampling;
  double confidence = 0.95;
};

/// Writes the tables, one slice and column after the other.
class stability_report {
public:
  explicit stability_report(const stability_settings& settings)
      : settings_(settings)
      , stability_(population_stability_outputs[0], 0)
      , bins_(population_stability_outputs[1], 0) {}

  void add(std::string_view slice, std::string_view label, const stability_bins& bins,
           const binned_slice& expected, const binned_slice& actual) {
    const stats::stability_index made = stats::stability_of(
        {actual.weights, expected.weights, actual.size(settings_.weights), expected.size(settings_.weights)},
        settings_.empty, settings_.floor, settings_.confidence);
    const bool known = made.state == stats::stability_state::computed;
    stability_.text(slice).text(label).whole(made.bins).whole(expected.rows).whole(actual.rows);
    stability_.number(made.value)
        .number(made.within.low)
        .number(made.within.high)
        .number(made.expected_by_chance);
    stability_.number(made.limit_by_chance).number(made.p_value);
    stability_.code(known ? static_cast<std::int32_t>(
                                stats::verdict_of(made.value, settings_.moderate, settings_.shifted))
                          : -1);
    stability_.code(known ? (made.p_value < 1.0 - settings_.confidence ? 1 : 0) : -1);
    stability_.level(static_cast<shift_state>(made.state));
    add_bins(slice, label, bins, expected, actual, made);
  }
  void too_many_levels(std::string_view slice, std::string_view label, std::size_t levels,
                       std::int64_t expected, std::int64_t actual) {
    stability_.text(slice).text(label).whole(static_cast<std::int64_t>(levels)).whole(expected).whole(actual);
    for (int i = 0; i < 6; ++i)
      stability_.number(std::numeric_limits<double>::quiet_NaN());
    stability_.code(-1).code(-1);
    stability_.level(shift_state::too_many_levels);
  }
  [[nodiscard]] std::vector<table> tables() && {
    std::vector<table> made;
    made.push_back(std::move(stability_).made());
    made.push_back(std::move(bins_).made());
    return made;
  }

private:
  void add_bins(std::string_view slice, std::string_view label, const stability_bins& bins,
                const binned_slice& expected, const binned_slice& actual, const stats::stability_index& of) {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    const auto total = [](const binned_slice& one) {
      math::real sum(0.0);
      for (const double weight : one.weights)
        sum += math::real(weight);
      return sum;
    };
    const math::real all_expected = total(expected);
    const math::real all_actual = total(actual);
    const auto share = [](double part, math::real all) {
      return math::value_of(all) > 0.0 ? math::value_of(math::real(part) / all) : none;
    };
    for (std::size_t i = 0; i < bins.count; ++i) {
      const double e = expected.weights[i];
      const double a = actual.weights[i];
      if (!(e > 0.0) && !(a > 0.0))
        continue;
      const bool missing = i + 1 == bins.count;
      bins_.text(slice).text(label);
      if (missing)
        bins_.text("missing");
      else if (bins.is_category)
        bins_.text(bins.levels[i]);
      else
        bins_.no_text();
      const bool number = !missing && !bins.is_category;
      bins_.number(number && i > 0 ? bins.ends[i - 1] : none)
          .number(number && i < bins.ends.size() ? bins.ends[i] : none);
      bins_.number(e).number(share(e, all_expected)).number(a).number(share(a, all_actual));
      bins_.number(of.state == stats::stability_state::computed ? of.parts[i] : none);
    }
  }

  stability_settings settings_;
  described_table stability_;
  described_table bins_;
};

} // namespace emptor::credit
