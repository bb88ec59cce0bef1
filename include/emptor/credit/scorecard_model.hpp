// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/model_table.hpp>
#include <emptor/credit/binning_model.hpp>
#include <emptor/credit/scorecard.hpp>
#include <emptor/credit/scorecard_description.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/bin_lookup.hpp>

/// A model of credit.scorecard, read for use.
namespace emptor::credit {

/// A characteristic of a scorecard: points, log odds, reason and baseline (points) of each of its bins.
struct scorecard_characteristic {
  std::string label;
  bool numeric = true;
  stats::bin_lookup lookup;
  std::vector<double> points;
  std::vector<double> log_odds;     ///< NaN where the model does not tell
  std::vector<std::int32_t> reason; ///< of each bin
  std::vector<double> baseline;     ///< of each bin
};

/// A scorecard as scores read it: score = base points + points of the bins; log odds = intercept + those of the bins.
struct scorecard {
  std::vector<scorecard_characteristic> characteristics; ///< in the order of the table bins
  std::vector<std::string> reasons;
  double base_points = 0.0;
  double intercept = std::numeric_limits<double>::quiet_NaN();
  score_scale scale;

  /// Whether probabilities come from the parts of the log odds; otherwise from the score, where the scale is known.
  [[nodiscard]] bool has_log_odds() const noexcept {
    return !std::isnan(intercept) &&
           std::all_of(characteristics.begin(), characteristics.end(),
                       [](const scorecard_characteristic& one) {
                         return std::none_of(one.log_odds.begin(), one.log_odds.end(),
                                             [](double part) { return std::isnan(part); });
                       });
  }
};

/// \throws error status::data for tables that make no scorecard
[[nodiscard]] inline scorecard read_scorecard(const model& from) {
  const model_table bins(scorecard_name, &from, "bins");
  const model_table named(scorecard_name, &from, "characteristics");
  const model_table scales(scorecard_name, &from, "scale");
  scorecard made;
  if (scales.rows() > 1)
    scales.refuse("scale.base_points", 1, "a second row", "the only one");
  if (scales.rows() == 1) {
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    made.base_points = scales.number("base_points", 0).value_or(0.0);
    made.intercept = scales.number("intercept", 0).value_or(none);
    made.scale = {scales.number("offset", 0).value_or(none), scales.number("factor", 0).value_or(none),
                  scales.code("direction", 0).value_or(0) == 1 ? score_direction::riskier
                                                               : score_direction::safer};
    if (std::isnan(made.scale.offset) != std::isnan(made.scale.factor))
      scales.refuse("scale.offset", 0, "missing or alone", "there together with factor, or not at all");
  }
  std::vector<binned_characteristic> read = read_bins(from, scorecard_name);
  if (read.empty())
    throw error(status::data, std::string(scorecard_name) + ": the model has no bins");
  if (read.size() > most_scorecard_characteristics)
    throw error(status::data,
                std::string(scorecard_name) + ": there are " + std::to_string(read.size()) +
                    " characteristics, but must be <= " + std::to_string(most_scorecard_characteristics));
  std::map<std::string, std::int32_t, std::less<>> places_of_reasons;
  const auto place_of_reason = [&](std::string_view reason) {
    const auto [at, fresh] =
        places_of_reasons.emplace(std::string(reason), static_cast<std::int32_t>(made.reasons.size()));
    if (fresh)
      made.reasons.emplace_back(reason);
    return at->second;
  };
  std::map<std::string_view, std::size_t> places; // of the characteristics, by texts of the table
  // In the order of the table: equal reasons are told in it.
  for (std::int64_t row = 0; row < bins.rows(); ++row) {
    const std::string_view label = *bins.text("characteristic", row);
    const auto [known, is_new] = places.emplace(label, made.characteristics.size());
    if (is_new) {
      const auto held = std::lower_bound(read.begin(), read.end(), label,
                                         [](const binned_characteristic& one, std::string_view wanted) {
                                           return std::string_view(one.label) < wanted;
                                         });
      scorecard_characteristic fresh;
      fresh.label = std::string(label);
      fresh.numeric = held->numeric;
      fresh.lookup = std::move(held->lookup);
      fresh.points.resize(held->bins());
      fresh.log_odds.resize(held->bins());
      fresh.reason.assign(held->bins(), -1);
      fresh.baseline.resize(held->bins());
      made.characteristics.push_back(std::move(fresh));
    }
    scorecard_characteristic* const at = &made.characteristics[known->second];
    const auto bin = static_cast<std::size_t>(*bins.count("bin", row) - 1);
    const auto points = bins.number("points", row);
    if (!points || !(std::fabs(*points) <= 1e12))
      bins.refuse("bins.points", row, points ? to_text(*points) : "missing",
                  "a number between -1e12 and 1e12");
    at->points[bin] = *points;
    at->log_odds[bin] = bins.number("log_odds", row).value_or(std::numeric_limits<double>::quiet_NaN());
    at->baseline[bin] = bins.number("baseline", row).value_or(std::numeric_limits<double>::quiet_NaN());
    if (const auto reason = bins.text("reason", row); reason && !reason->empty())
      at->reason[bin] = place_of_reason(*reason);
  }
  std::vector<bool> seen(made.characteristics.size(), false);
  std::vector<double> baselines(made.characteristics.size(), std::numeric_limits<double>::quiet_NaN());
  std::vector<std::string> reasons;
  for (const scorecard_characteristic& one : made.characteristics)
    reasons.push_back(one.label);
  for (std::int64_t row = 0; row < named.rows(); ++row) {
    const std::string_view label = named.text("characteristic", row).value_or(std::string_view{});
    const auto at = places.find(label);
    const std::size_t place = at == places.end() ? 0 : at->second;
    if (at == places.end() || seen[place])
      named.refuse("characteristics.characteristic", row, label.empty() ? "missing" : std::string(label),
                   "a characteristic of the table bins, once");
    seen[place] = true;
    baselines[place] = named.number("baseline", row).value_or(baselines[place]);
    if (const auto reason = named.text("reason", row); reason && !reason->empty())
      reasons[place] = *reason;
  }
  for (std::size_t i = 0; i < made.characteristics.size(); ++i) {
    scorecard_characteristic& one = made.characteristics[i];
    const bool safer = made.scale.direction == score_direction::safer;
    const double best = safer ? *std::max_element(one.points.begin(), one.points.end())
                              : *std::min_element(one.points.begin(), one.points.end());
    for (std::size_t b = 0; b < one.points.size(); ++b) {
      if (one.reason[b] < 0)
        one.reason[b] = place_of_reason(reasons[i]);
      if (std::isnan(one.baseline[b]))
        one.baseline[b] = std::isnan(baselines[i]) ? best : baselines[i];
    }
  }
  return made;
}

} // namespace emptor::credit
