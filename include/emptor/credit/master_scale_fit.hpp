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
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/run.hpp>
#include <emptor/credit/master_scale.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/logistic_regression.hpp>
#include <emptor/stats/pool_violators.hpp>

/// What a master scale is fitted with: its calibration, and the grouping of graded rows with rising rates.
namespace emptor::credit {

/// Rows of one input, together.
struct scale_cell {
  double x = 0.0; ///< score, or log odds; infinite for the probabilities 0 and 1
  double given = 0.0;
  double weight = 0.0;
  double events = 0.0; ///< weight of those in default
};

/// A sum whose rounding does not grow with the number of terms (Neumaier 1974).
class careful_sum {
public:
  void add(math::real x) noexcept {
    const math::real sum = sum_ + x;
    rest_ = rest_ + (abs(sum_) >= abs(x) ? (sum_ - sum) + x : (x - sum) + sum_);
    sum_ = sum;
  }
  [[nodiscard]] double value() const noexcept { return math::value_of(sum_ + rest_); }

private:
  math::real sum_ = 0.0;
  math::real rest_ = 0.0;
};

/// Mean probability of all rows, by weight, after a calibration.
[[nodiscard]] inline double mean_probability(const std::vector<scale_cell>& cells,
                                             const scale_calibration& by) {
  careful_sum weight;
  careful_sum sum;
  for (const scale_cell& one : cells) {
    weight.add(one.weight);
    sum.add(math::real(one.weight) * stats::probability_of(by.log_odds(one.x)));
  }
  return math::value_of(math::real(sum.value()) / weight.value());
}

/// By how much the intercept must rise so that the mean probability is `target`: exact to rounding, for the mean rises with it.
/// Probabilities of 0 and 1 stay what they are. \throws error status::data where these leave no way to the target
[[nodiscard]] inline double shift_to_target(const std::vector<scale_cell>& cells, const scale_calibration& by,
                                            double target, const run& how = {}) {
  careful_sum weight;
  careful_sum certain;
  careful_sum never;
  double least = std::numeric_limits<double>::infinity();
  double most = -least;
  for (const scale_cell& one : cells) {
    weight.add(one.weight);
    const double x = by.log_odds(one.x);
    if (std::isfinite(x)) {
      least = std::min(least, x);
      most = std::max(most, x);
    } else {
      (x > 0.0 ? certain : never).add(one.weight);
    }
  }
  const double low_rate = math::value_of(math::real(certain.value()) / weight.value());
  const double high_rate = math::value_of((math::real(weight.value()) - never.value()) / weight.value());
  if (!(low_rate < target && target < high_rate))
    throw error(status::data, message(master_scale_name, "option target_rate", -1, to_text(target),
                                      "> " + to_text(low_rate) + " and < " + to_text(high_rate) +
                                          ", for probabilities of 0 and 1 cannot be moved"));
  // The mean of those that can be moved, and a bracket: all at or below it, all at or above it.
  const double movable = math::value_of((math::real(target) - low_rate) / (math::real(high_rate) - low_rate));
  const double wanted = stats::log_odds_of(std::clamp(movable, 1e-300, 1.0 - 0x1p-53));
  double low = math::value_of(math::real(wanted) - most);
  double high = math::value_of(math::real(wanted) - least);
  low -= 1e-9 * (1.0 + std::fabs(low));
  high += 1e-9 * (1.0 + std::fabs(high));
  struct rate {
    double mean = 0.0;
    double slope = 0.0;
  };
  const auto rate_at = [&](double shift) {
    const scale_calibration moved{.intercept = math::value_of(math::real(by.intercept) + shift),
                                  .slope = by.slope};
    careful_sum sum;
    math::real slope = 0.0;
    for (const scale_cell& one : cells) {
      const math::real p = stats::probability_of(moved.log_odds(one.x));
      sum.add(math::real(one.weight) * p);
      slope = slope + math::real(one.weight) * p * (1.0 - p);
    }
    return rate{math::value_of(math::real(sum.value()) / weight.value()),
                math::value_of(slope / weight.value())};
  };
  // Newton's method, halving where it would leave the bracket; what is nearest to the target is kept.
  double shift = low + 0.5 * (high - low);
  double best = shift;
  double miss = std::numeric_limits<double>::infinity();
  for (int i = 0; i < 200 && low < high; ++i) {
    how.check(0.1);
    const rate here = rate_at(shift);
    const double error = std::fabs(here.mean - target);
    if (error < miss) {
      miss = error;
      best = shift;
    }
    if (error == 0.0)
      break;
    (here.mean < target ? low : high) = shift;
    const double next = math::value_of(math::real(shift) + (math::real(target) - here.mean) / here.slope);
    const double halved = low + 0.5 * (high - low);
    const double before = shift;
    shift = next > low && next < high ? next : halved;
    if (shift == before || shift <= low || shift >= high)
      break;
  }
  return best;
}

/// Logistic regression of default on the input, by maximum likelihood (stats/logistic_regression.hpp).
/// \param cells  sorted by x, all finite \throws error status::too_few with one input or one outcome only, status::not_converged
/// where an input parts all defaults from all others, so that the slope runs to infinity
[[nodiscard]] inline scale_calibration regress(const std::vector<scale_cell>& cells, const run& how = {}) {
  const auto refuse = [](status code, const std::string& why) {
    throw error(code, std::string(master_scale_name) + ": " + why);
  };
  careful_sum weight;
  careful_sum events;
  double least_event = std::numeric_limits<double>::infinity();
  double least_other = least_event;
  double most_event = -least_event;
  double most_other = -least_event;
  for (const scale_cell& one : cells) {
    weight.add(one.weight);
    events.add(one.events);
    if (one.events > 0.0) {
      least_event = std::min(least_event, one.x);
      most_event = std::max(most_event, one.x);
    }
    if (one.events < one.weight) {
      least_other = std::min(least_other, one.x);
      most_other = std::max(most_other, one.x);
    }
  }
  if (cells.size() < 2)
    refuse(status::too_few, "all rows have the same input; a regression needs two at least");
  if (!(events.value() > 0.0) || !(events.value() < weight.value()))
    refuse(status::too_few, "all rows have the same outcome; a regression needs defaults and others");
  if (least_event >= most_other || most_event <= least_other)
    refuse(status::not_converged,
           "the input parts all defaults from all others, so that the slope runs to infinity; "
           "grade by calibration none or shift, or with more rows");
  std::vector<double> input;
  std::vector<double> defaults;
  std::vector<double> weights;
  for (const scale_cell& one : cells) {
    input.push_back(one.x);
    defaults.push_back(one.events);
    weights.push_back(one.weight);
  }
  const std::string name = "the input";
  const stats::logistic_rows rows{{std::span<const double>(input)}, defaults, weights, {}};
  const stats::logistic_fit fit = stats::fit_logistic(master_scale_name, rows, std::span(&name, 1), {}, how);
  if (fit.state == stats::logistic_state::collinear)
    refuse(status::data, "the inputs are too close or too far apart for a regression");
  if (fit.state != stats::logistic_state::converged)
    refuse(status::not_converged, stats::explain(fit, std::span(&name, 1)));
  return {.intercept = fit.intercept, .slope = fit.coefficients.front()};
}

/// A run of cells, up to `end`.
struct scale_group {
  std::size_t end = 0;
  double weight = 0.0;
  double events = 0.0;
};

/// Isotonic blocks of cells in the order of rising risk: neighbours whose rates do not rise are pooled (pool adjacent violators),
/// so that the rates of the blocks rise strictly.
[[nodiscard]] inline std::vector<scale_group> isotonic_groups(const std::vector<scale_cell>& cells) {
  std::vector<scale_group> made;
  for (std::size_t i = 0; i < cells.size(); ++i)
    stats::push_pooled(
        made, scale_group{i + 1, cells[i].weight, cells[i].events},
        [](const scale_group& before, const scale_group& last) {
          return math::value_of(math::real(before.events) * last.weight) <
                 math::value_of(math::real(last.events) * before.weight);
        },
        [](const scale_group& before, const scale_group& last) {
          return scale_group{last.end, before.weight + last.weight, before.events + last.events};
        });
  return made;
}

/// -2 x the log-likelihood of one rate for all.
[[nodiscard]] inline double rate_deviance(double weight, double events) noexcept {
  const math::real others = math::real(weight) - events;
  math::real sum = 0.0;
  if (events > 0.0)
    sum = sum + math::real(events) * log(math::real(events) / weight);
  if (others > 0.0)
    sum = sum + others * log(others / weight);
  return math::value_of(sum * -2.0);
}

/// What groups of neighbouring cells must keep to: their number, their least weight and their least events.
struct grouping_rules {
  std::size_t most = 10;
  double least_weight = 0.0;
  double least_events = 0.0;
};

/// More blocks than this are joined to about as many of like weight before the search.
inline constexpr std::size_t most_blocks = 2000;

/// Neighbours joined until there are few enough for the search of groups.
[[nodiscard]] inline std::vector<scale_group> condensed(const std::vector<scale_group>& blocks) {
  if (blocks.size() <= most_blocks)
    return blocks;
  careful_sum all;
  for (const scale_group& one : blocks)
    all.add(one.weight);
  const double enough = 2.0 * all.value() / static_cast<double>(most_blocks);
  std::vector<scale_group> made;
  for (const scale_group& one : blocks) {
    if (made.empty() || made.back().weight + one.weight > enough) {
      made.push_back(one);
      continue;
    }
    made.back() = {one.end, made.back().weight + one.weight, made.back().events + one.events};
  }
  return made;
}

/// The grouping of isotonic blocks into as many as `most` runs with the highest likelihood, each as large as the rules ask:
/// exact over all groupings of the blocks, by dynamic programming; of equal ones that with fewer groups. Rates rise strictly from
/// group to group, for those of the blocks do. Without rules on size it is also the best of all groupings with rising rates.
/// O(blocks^2 x most) time, O(blocks^2) memory. \return empty where even one group is too small
[[nodiscard]] inline std::vector<scale_group> best_groups(const std::vector<scale_group>& blocks,
                                                          const grouping_rules& rules, const run& how) {
  const std::size_t n = blocks.size();
  std::vector<double> weight(n + 1, 0.0);
  std::vector<double> events(n + 1, 0.0);
  for (std::size_t i = 0; i < n; ++i) {
    weight[i + 1] = weight[i] + blocks[i].weight;
    events[i + 1] = events[i] + blocks[i].events;
  }
  constexpr double none = std::numeric_limits<double>::infinity();
  constexpr double rounding = 1.0 - 1e-12; // of sums of weights
  std::vector<double> deviance((n + 1) * (n + 1),
                               none); // of the run [first, end), infinite where it is too small
  for (std::size_t end = 1; end <= n; ++end) {
    how.check(0.5 * static_cast<double>(end) / static_cast<double>(n));
    for (std::size_t first = 0; first < end; ++first) {
      const double size = weight[end] - weight[first];
      const double bad = std::min(std::max(events[end] - events[first], 0.0), size);
      if (size >= rules.least_weight * rounding && bad >= rules.least_events * rounding)
        deviance[end * (n + 1) + first] = rate_deviance(size, bad);
    }
  }
  const std::size_t most = std::min(rules.most, n);
  std::vector<double> before(n + 1, none);
  before[0] = 0.0;
  std::vector<std::vector<std::uint32_t>> start(most, std::vector<std::uint32_t>(n + 1, 0));
  double best = none;
  std::size_t groups = 0;
  for (std::size_t k = 0; k < most; ++k) {
    how.check(0.5 + 0.5 * static_cast<double>(k) / static_cast<double>(most));
    std::vector<double> now(n + 1, none);
    for (std::size_t end = k + 1; end <= n; ++end) {
      for (std::size_t first = k; first < end; ++first) {
        const double sum = math::value_of(math::real(before[first]) + deviance[end * (n + 1) + first]);
        if (sum < now[end]) {
          now[end] = sum;
          start[k][end] = static_cast<std::uint32_t>(first);
        }
      }
    }
    if (now[n] < best) {
      best = now[n];
      groups = k + 1;
    }
    before = std::move(now);
  }
  std::vector<scale_group> made(groups);
  std::size_t end = n;
  for (std::size_t k = groups; k-- > 0;) {
    const std::size_t first = start[k][end];
    made[k] = {blocks[end - 1].end, weight[end] - weight[first], events[end] - events[first]};
    end = first;
  }
  return made;
}

} // namespace emptor::credit
