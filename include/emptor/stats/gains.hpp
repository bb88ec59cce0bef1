// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <emptor/math/real.hpp>
#include <emptor/stats/discrimination.hpp>

/// The curves behind a score: ROC, CAP and Lorenz, accuracy ratio, gains and lift.
namespace emptor::stats {

/// A point of the curves: the shares of rows, events and non-events at or above a risk. ROC (ROC曲线) is events over
/// non-events, CAP or Lorenz (累积准确曲线, 洛伦兹曲线) events over rows.
struct curve_point {
  double risk = std::numeric_limits<double>::quiet_NaN(); ///< NaN of the first point, above all rows
  double rows = 0.0;
  double events = 0.0;     ///< NaN without events
  double non_events = 0.0; ///< NaN without non-events
};

/// From (0, 0, 0) to (1, 1, 1), one point at the end of each group, or about `most` of them: then the last before the share of
/// rows passes k / most. Empty without rows.
[[nodiscard]] inline std::vector<curve_point> curve_of(const ranked_events& from, std::int64_t most) {
  std::vector<curve_point> made;
  const std::span<const risk_group> groups = from.groups();
  if (groups.empty())
    return made;
  made.push_back({});
  const double all = from.weight();
  const bool thin = most > 0 && groups.size() > static_cast<std::size_t>(most);
  math::real events(0.0);
  math::real others(0.0);
  std::int64_t step = 0;
  for (std::size_t i = 0; i < groups.size(); ++i) {
    events = events + groups[i].events;
    others = others + groups[i].non_events;
    const double rows = math::value_of((events + others) / all);
    if (thin && i + 1 < groups.size()) {
      const double next =
          math::value_of((events + others + groups[i + 1].events + groups[i + 1].non_events) / all);
      const auto passed = static_cast<std::int64_t>(next * static_cast<double>(most));
      if (passed == step)
        continue;
      step = passed;
    }
    made.push_back({groups[i].risk, rows, math::value_of(events / from.events().weight),
                    math::value_of(others / from.non_events().weight)});
  }
  made.back().rows = 1.0;
  made.back().events = from.events().rows > 0 ? 1.0 : made.back().events;
  made.back().non_events = from.non_events().rows > 0 ? 1.0 : made.back().non_events;
  return made;
}

/// Accuracy ratio (准确率比): the area between the CAP curve and the diagonal, over that of a score that has all events first.
/// It is the Gini coefficient of the score, worked out from the curve instead of pairs.
[[nodiscard]] inline double accuracy_ratio(const ranked_events& from) noexcept {
  if (!from.has_both())
    return std::numeric_limits<double>::quiet_NaN();
  const math::real all(from.weight());
  math::real area(0.0); // under the curve, in events times rows
  math::real events(0.0);
  for (const risk_group& one : from.groups()) {
    area += (math::real(one.events) + one.non_events) * (events + math::real(0.5) * one.events);
    events = events + one.events;
  }
  const math::real diagonal = math::real(0.5) * all * events;
  return math::value_of((area - diagonal) / (math::real(0.5) * from.non_events().weight * events));
}

/// A group of rows of equal weight, by risk from the highest.
struct gains_group {
  double weight = 0.0;
  double events = 0.0;
  double highest = 0.0; ///< risk
  double lowest = 0.0;
  double captured = 0.0; ///< share of all events up to its end
  double lift = 0.0;     ///< its event rate over that of all; NaN without events
  double cumulative_lift = 0.0;
  double distance = 0.0; ///< shares of events less those of non-events up to its end; NaN without both
};

/// Gains and lift (增益与提升): `count` groups of equal weight. A group of one risk that lies over an end is split there by weight,
/// with its events in proportion, as any order of its rows gives on average. Empty without rows.
[[nodiscard]] inline std::vector<gains_group> gains_of(const ranked_events& from, std::int64_t count) {
  using math::real;
  std::vector<gains_group> made;
  const std::span<const risk_group> groups = from.groups();
  if (groups.empty() || count < 1)
    return made;
  made.reserve(static_cast<std::size_t>(count));
  const real all(from.weight());
  const real rate = real(from.events().weight) / all;
  real before_weight(0.0); // of the groups that are behind
  real before_events(0.0);
  std::size_t at = 0;
  real last_weight(0.0);
  real last_events(0.0);
  for (std::int64_t k = 1; k <= count; ++k) {
    const real end = k == count ? all : all * static_cast<double>(k) / static_cast<double>(count);
    gains_group one;
    one.highest = groups[at].risk;
    const auto weight_of = [&](std::size_t i) { return real(groups[i].events) + groups[i].non_events; };
    while (at + 1 < groups.size() && before_weight + weight_of(at) < end) {
      before_weight += weight_of(at);
      before_events += real(groups[at].events);
      ++at;
    }
    one.lowest = groups[at].risk;
    const real part = k == count ? real(1.0) : min(real(1.0), (end - before_weight) / weight_of(at));
    const real events = k == count ? real(from.events().weight) : before_events + part * groups[at].events;
    one.weight = math::value_of(end - last_weight);
    one.events = math::value_of(max(events - last_events, real(0.0)));
    one.captured = math::value_of(events / from.events().weight);
    one.lift = math::value_of(real(one.events) / one.weight / rate);
    one.cumulative_lift = math::value_of(events / end / rate);
    if (from.events().weight > 0.0 && from.non_events().weight > 0.0)
      one.distance =
          math::value_of(events / from.events().weight - (end - events) / from.non_events().weight);
    else
      one.distance = std::numeric_limits<double>::quiet_NaN();
    last_weight = end;
    last_events = events;
    // What begins behind the end of a group begins with the next one.
    if (at + 1 < groups.size() && !(before_weight + weight_of(at) > end)) {
      before_weight += weight_of(at);
      before_events += real(groups[at].events);
      ++at;
    }
    made.push_back(one);
  }
  return made;
}

} // namespace emptor::stats
