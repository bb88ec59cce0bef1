// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <emptor/math/real.hpp>
#include <emptor/stats/calibration.hpp>
#include <emptor/stats/pool_violators.hpp>

/// The calibration curve without groups that anybody must choose.
namespace emptor::stats {

/// Neighbouring probabilities with one rate.
struct isotonic_block {
  double lowest = 0.0;
  double highest = 0.0;
  double probability = 0.0; ///< the mean
  double weight = 0.0;
  double events = 0.0;
  double score = 0.0; ///< sum of weight x (probability - outcome)^2

  [[nodiscard]] double event_rate() const noexcept { return math::value_of(math::real(events) / weight); }
};

/// The rates that rise with the probability and are nearest to the outcomes, by pooling neighbours that fall (M. Ayer et al.,
/// Annals of Mathematical Statistics 26, 1955).
[[nodiscard]] inline std::vector<isotonic_block> isotonic_curve(const forecast_rows& from) {
  using math::real;
  std::vector<isotonic_block> made;
  const std::span<const forecast_row> rows = from.rows();
  for (std::size_t first = 0, end = 0; first < rows.size(); first = end) {
    real weight(0.0);
    real events(0.0);
    real score(0.0);
    for (; end < rows.size() && rows[end].probability == rows[first].probability; ++end) {
      weight += real(rows[end].weight);
      events += real(rows[end].event ? rows[end].weight : 0.0);
      const real off = real(rows[end].event ? 1.0 : 0.0) - rows[end].probability;
      score += real(rows[end].weight) * (off * off);
    }
    push_pooled(
        made,
        isotonic_block{.lowest = rows[first].probability,
                       .highest = rows[first].probability,
                       .probability = rows[first].probability,
                       .weight = math::value_of(weight),
                       .events = math::value_of(events),
                       .score = math::value_of(score)},
        [](const isotonic_block& before, const isotonic_block& next) {
          return before.events * next.weight < next.events * before.weight;
        },
        [](const isotonic_block& before, const isotonic_block& next) {
          const real together = real(before.weight) + next.weight;
          return isotonic_block{.lowest = before.lowest,
                                .highest = next.highest,
                                .probability = math::value_of((real(before.weight) * before.probability +
                                                               real(next.weight) * next.probability) /
                                                              together),
                                .weight = math::value_of(together),
                                .events = math::value_of(real(before.events) + next.events),
                                .score = math::value_of(real(before.score) + next.score)};
        });
  }
  return made;
}

/// Brier's score by the isotonic curve, without groups that anybody must choose (T. Dimitriadis, T. Gneiting and A. I. Jordan,
/// Stable reliability diagrams for probabilistic classifiers, PNAS 118, 2021): score = miscalibration - discrimination +
/// uncertainty, none of them below 0.
struct isotonic_parts {
  double miscalibration = std::numeric_limits<double>::quiet_NaN();
  double discrimination = std::numeric_limits<double>::quiet_NaN();
  double uncertainty = std::numeric_limits<double>::quiet_NaN();
};
/// The parts of the Brier score by isotonic regression: miscalibration - discrimination + uncertainty (Dimitriadis,
/// Gneiting and Jordan 2021).
[[nodiscard]] inline isotonic_parts isotonic_split(std::span<const isotonic_block> curve) noexcept {
  using math::real;
  isotonic_parts made;
  if (curve.empty())
    return made;
  real weight(0.0);
  real events(0.0);
  real score(0.0);
  real best(0.0); // the score of the curve itself
  for (const isotonic_block& one : curve) {
    weight += real(one.weight);
    events += real(one.events);
    score += real(one.score);
    best += real(one.events) * (real(one.weight) - one.events) / one.weight;
  }
  const real uncertainty = events / weight * (real(1.0) - events / weight);
  made.miscalibration = std::max(0.0, math::value_of((score - best) / weight));
  made.discrimination = std::max(0.0, math::value_of(uncertainty - best / weight));
  made.uncertainty = math::value_of(uncertainty);
  return made;
}

} // namespace emptor::stats
