// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstdint>
#include <limits>
#include <string_view>

#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/bin_counts.hpp>

/// What a bin adds to the divergence between the events and the non-events of a binning, and its weight of evidence
/// (证据权重). A divergence is a sum over bins of a convex function of the rate of events times the count, so that
/// finer bins never lower it.
namespace emptor::stats {

/// What a binning is the best of.
enum class bin_objective : std::int32_t {
  information_value =
      0, ///< sum of (p - q) ln(p / q), p and q the shares of non-events and events (信息价值 IV)
  jensen_shannon = 1,     ///< mean divergence of p and q from their mean, in natural units
  hellinger = 2,          ///< half the sum of (sqrt p - sqrt q)^2
  triangular = 3,         ///< sum of (p - q)^2 / (p + q)
  explained_variance = 4, ///< continuous target: share of the bins' means in the variance
};
inline constexpr std::string_view bin_objective_names[] = {"information_value", "jensen_shannon", "hellinger",
                                                           "triangular", "explained_variance"};

/// What happens where a bin has no events, or no non-events, so that its weight of evidence would be infinite. No policy
/// touches any other bin or a total.
enum class zero_cell_policy : std::int32_t {
  error = 0, ///< bins to be found have both; a bin that must be there without is an error that names it
  merge =
      1, ///< bins to be found have both; missing and special values without are attached to the most similar bin
  additive = 2, ///< the value is added to the empty cell, and to no other
  cap = 3,      ///< the weight of evidence is the value at most, in size
};
inline constexpr std::string_view zero_cell_policy_names[] = {"error", "merge", "additive", "cap"};

/// What becomes of bins without an event or without a non-event, whose weight of evidence has no end.
struct zero_cells {
  zero_cell_policy policy = zero_cell_policy::merge;
  double value = 0.5; ///< rows (in units of count) of `additive`, or the cap

  /// Whether bins to be found need events and non-events.
  [[nodiscard]] bool need_both() const noexcept {
    return policy == zero_cell_policy::error || policy == zero_cell_policy::merge;
  }
};

/// ln(share of non-events / share of events); it falls when the rate of events rises. Infinite where a pure bin is left as
/// it is, NaN where a bin or a class is empty.
/// \param value_units  the value of the policy, in units of the counts (additive)
[[nodiscard]] inline double weight_of_evidence(const bin_count& bin, const bin_count& total,
                                               const zero_cells& zero, double value_units) noexcept {
  if (bin.rows == 0 || total.events == 0 || total.non_events() == 0)
    return math::detail::not_a_number;
  double events = static_cast<double>(bin.events);
  double non_events = static_cast<double>(bin.non_events());
  const bool pure = bin.events == 0 || bin.non_events() == 0;
  if (pure && zero.policy == zero_cell_policy::additive)
    (bin.events == 0 ? events : non_events) += value_units;
  const double ratio = math::value_of(math::real(non_events) / static_cast<double>(total.non_events()) /
                                      (math::real(events) / static_cast<double>(total.events)));
  const double evidence = events == 0.0       ? math::detail::infinity
                          : non_events == 0.0 ? -math::detail::infinity
                                              : math::log(ratio);
  if (pure && zero.policy == zero_cell_policy::cap)
    return std::fmax(-zero.value, std::fmin(zero.value, evidence));
  return evidence;
}

/// What a bin adds. 0 of an empty bin; the information value of a pure bin is infinite unless the policy says otherwise.
[[nodiscard]] inline double divergence_of(const bin_count& bin, const bin_count& total,
                                          bin_objective objective, const zero_cells& zero,
                                          double value_units) noexcept {
  using math::real;
  if (bin.rows == 0)
    return 0.0;
  if (objective == bin_objective::explained_variance) {
    const real mean = real(static_cast<double>(total.events)) / static_cast<double>(total.rows);
    const real off = real(rate_of(bin)) - mean;
    return math::value_of(real(static_cast<double>(bin.rows)) * off * off);
  }
  const bool added =
      objective == bin_objective::information_value && zero.policy == zero_cell_policy::additive;
  const double no_events = added && bin.events == 0 ? value_units : 0.0;
  const double no_non_events = added && bin.non_events() == 0 ? value_units : 0.0;
  const real p =
      real(static_cast<double>(bin.non_events()) + no_non_events) / static_cast<double>(total.non_events());
  const real q = real(static_cast<double>(bin.events) + no_events) / static_cast<double>(total.events);
  switch (objective) {
  case bin_objective::jensen_shannon: {
    const real mean = (p + q) * 0.5;
    const auto part = [&](real share) {
      return share == 0.0 ? real(0.0) : share * math::log(math::value_of(share / mean));
    };
    return math::value_of((part(p) + part(q)) * 0.5);
  }
  case bin_objective::hellinger: {
    const real gap = real(std::sqrt(math::value_of(p))) - std::sqrt(math::value_of(q));
    return math::value_of(gap * gap * 0.5);
  }
  case bin_objective::triangular:
    return math::value_of((p - q) * (p - q) / (p + q));
  default:
    return math::value_of((p - q) * weight_of_evidence(bin, total, zero, value_units));
  }
}

} // namespace emptor::stats
