// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/random.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/event_odds.hpp>

/// Reject inference (拒绝推断): what the applicants who were rejected, whose outcome nobody has seen, would have done, so that a
/// scorecard is fitted to all who apply and not only to those who were accepted (D. C. Hsia, Credit Scoring and the Equal Credit
/// Opportunity Act, Hastings Law Journal 30, 1978; N. Siddiqi, Credit Risk Scorecards, 2006, chapter 6).
///
/// Every method stands on an assumption that the data cannot test: augmentation that the rejected of a band of scores behave as
/// the accepted of it, parcelling that their event rate is so many times as high, fuzzy augmentation that the first model is right.
namespace emptor::credit {

/// How those who were rejected take part in a fit.
enum class reject_method : std::int32_t {
  none = 0,
  augmentation = 1, ///< the accepted of a band of scores stand for all who applied in it
  parcelling = 2,   ///< the rejected of a band have a multiple of its event rate
  fuzzy = 3,        ///< each rejected row comes with both outcomes, weighted by its own probability
};
inline constexpr std::string_view reject_method_names[] = {"none", "augmentation", "parcelling", "fuzzy"};

/// How parcelling gives outcomes.
enum class reject_assignment : std::int32_t {
  fractional = 0, ///< both outcomes to each row, weighted by the rate of its band
  drawn = 1,      ///< one outcome, drawn with that probability
};
inline constexpr std::string_view reject_assignment_names[] = {"fractional", "drawn"};

/// The method and what it is told; factor is of event rates, dimensionless.
struct reject_settings {
  reject_method method = reject_method::none;
  std::size_t bands = 10;
  double factor = 1.0; ///< event rate of the rejected to that of the accepted; rates are cut off at 1
  reject_assignment assignment = reject_assignment::fractional;
  std::uint64_t seed = 1;
};

/// Borrowed rows in canonical order. \invariant spans that are not empty have one length
struct scored_applicants {
  std::span<const double> log_odds; ///< of the event, by the model of the accepted
  std::span<const double> weights;  ///< > 0
  std::span<const double> events{}; ///< the weight where the event came, 0 where not; empty of the rejected
};

/// A band of scores.
struct reject_band {
  /// The highest log odds in it; infinite of the last one. The lowest is above the one before.
  double up_to = std::numeric_limits<double>::infinity();
  double accepted = 0.0; ///< weights
  double events = 0.0;   ///< of the accepted
  double rejected = 0.0;

  [[nodiscard]] double accepted_rate() const noexcept {
    return math::value_of(math::real(events) / accepted);
  }
  /// What one accepted row stands for.
  [[nodiscard]] double multiple() const noexcept {
    return math::value_of((math::real(accepted) + rejected) / accepted);
  }
  [[nodiscard]] double rejected_rate(double factor) const noexcept {
    return std::fmin(1.0, math::value_of(math::real(events) / accepted * factor));
  }
};

/// Weights and events for a fit to all who applied, in the order of the rows.
struct inferred_rows {
  std::vector<reject_band> bands;         ///< by rising risk; none with fuzzy augmentation
  std::vector<std::size_t> accepted_band; ///< from 0
  std::vector<std::size_t> rejected_band;
  std::vector<double> accepted_weights;
  std::vector<double> accepted_events;
  std::vector<double> rejected_weights; ///< none with augmentation, to which they are not rows of a fit
  std::vector<double> rejected_events;  ///< between 0 and the weight
  std::size_t capped = 0;               ///< bands or rows whose rate was cut off at 1
};

/// Bands of about equal weight of the accepted, each with one of them at least: rows of equal scores stay together, so that there
/// may be fewer. \param accepted  not empty  \param most  > 0
[[nodiscard]] inline std::vector<reject_band> bands_of(const scored_applicants& accepted, std::size_t most) {
  std::vector<std::size_t> order(accepted.log_odds.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t left, std::size_t right) {
    return accepted.log_odds[left] < accepted.log_odds[right];
  });
  math::real total(0.0);
  for (const std::size_t row : order)
    total += accepted.weights[row];
  std::vector<reject_band> made;
  math::real weight(0.0);
  math::real below(0.0);
  math::real events(0.0);
  std::size_t begun = 1; // the share of all at which the band ends at the earliest
  for (std::size_t i = 0; i < order.size(); ++i) {
    const std::size_t row = order[i];
    weight += accepted.weights[row];
    events += accepted.events[row];
    const bool last = i + 1 == order.size();
    if (!last && accepted.log_odds[order[i + 1]] == accepted.log_odds[row])
      continue;
    const math::real reached = (below + weight) * static_cast<double>(most);
    if (!last && reached < total * static_cast<double>(begun))
      continue;
    made.push_back({accepted.log_odds[row], math::value_of(weight), math::value_of(events), 0.0});
    below += weight;
    weight = math::real(0.0);
    events = math::real(0.0);
    while (begun < most && !(reached < total * static_cast<double>(begun)))
      ++begun;
  }
  made.back().up_to = std::numeric_limits<double>::infinity();
  return made;
}

/// \param accepted, rejected  not empty  \param settings  method not none, bands and factor > 0
[[nodiscard]] inline inferred_rows infer_rejected(const scored_applicants& accepted,
                                                  const scored_applicants& rejected,
                                                  const reject_settings& settings) {
  using math::real;
  inferred_rows made;
  made.accepted_weights.assign(accepted.weights.begin(), accepted.weights.end());
  made.accepted_events.assign(accepted.events.begin(), accepted.events.end());
  if (settings.method == reject_method::fuzzy) {
    for (std::size_t row = 0; row < rejected.weights.size(); ++row) {
      const real rate = real(stats::probability_of(rejected.log_odds[row])) * settings.factor;
      made.capped += rate > real(1.0) ? 1U : 0U;
      made.rejected_weights.push_back(rejected.weights[row]);
      made.rejected_events.push_back(
          std::fmin(rejected.weights[row], math::value_of(rate * rejected.weights[row])));
    }
    return made;
  }
  made.bands = bands_of(accepted, settings.bands);
  const auto band_of = [&](double log_odds) {
    return static_cast<std::size_t>(
        std::lower_bound(made.bands.begin(), made.bands.end(), log_odds,
                         [](const reject_band& one, double wanted) { return one.up_to < wanted; }) -
        made.bands.begin());
  };
  std::vector<real> weights(made.bands.size(), real(0.0));
  for (std::size_t row = 0; row < rejected.weights.size(); ++row) {
    made.rejected_band.push_back(band_of(rejected.log_odds[row]));
    weights[made.rejected_band.back()] += rejected.weights[row];
  }
  for (std::size_t b = 0; b < made.bands.size(); ++b) {
    made.bands[b].rejected = math::value_of(weights[b]);
    made.capped +=
        settings.method == reject_method::parcelling && made.bands[b].rejected > 0.0 &&
                math::value_of(real(made.bands[b].events) / made.bands[b].accepted * settings.factor) > 1.0
            ? 1U
            : 0U;
  }
  for (std::size_t row = 0; row < accepted.weights.size(); ++row) {
    made.accepted_band.push_back(band_of(accepted.log_odds[row]));
    if (settings.method != reject_method::augmentation)
      continue;
    const real multiple(made.bands[made.accepted_band.back()].multiple());
    made.accepted_weights[row] = math::value_of(multiple * accepted.weights[row]);
    made.accepted_events[row] = accepted.events[row] > 0.0 ? made.accepted_weights[row] : 0.0;
  }
  if (settings.method == reject_method::augmentation)
    return made;
  for (std::size_t row = 0; row < rejected.weights.size(); ++row) {
    const double rate = made.bands[made.rejected_band[row]].rejected_rate(settings.factor);
    const double weight = rejected.weights[row];
    made.rejected_weights.push_back(weight);
    if (settings.assignment == reject_assignment::fractional)
      made.rejected_events.push_back(std::fmin(weight, math::value_of(real(rate) * weight)));
    else
      made.rejected_events.push_back(random_stream(settings.seed, 0, row).uniform() < rate ? weight : 0.0);
  }
  return made;
}

} // namespace emptor::credit
