// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/intervals.hpp>
#include <emptor/stats/radix_sort.hpp>
#include <emptor/stats/weight_meaning.hpp>

/// How well a score tells rows with an event from rows without: ranks, Kolmogorov-Smirnov, the area under the ROC curve and
/// Gini (区分能力). auc_comparison.hpp compares two scores, gains.hpp has the curves.
///
/// Everything is in terms of risk: the higher, the likelier the event. A score of which more is better goes in with its sign
/// turned. Rows of equal risk stand together: between an event and a non-event that are tied each has half of the pair, a curve
/// goes straight from one end of the tie to the other, and no threshold lies inside of it. So nothing depends on the order
/// of the rows.
namespace emptor::stats {

/// Borrowed rows. \invariant all spans that are not empty have one length
struct scored_events {
  std::span<const double> risk;         ///< not NaN; may be infinite
  std::span<const std::uint8_t> events; ///< 1 = the event came, 0 = it did not
  std::span<const double> weights{};    ///< > 0 and finite; empty = all 1
};

/// Why a measure has no value, or one that says nothing.
enum class discrimination_state : std::int32_t {
  computed = 0,
  no_rows,
  no_events,
  no_non_events,
  all_tied,
  separated ///< a threshold tells all events from all others, as only what is known afterwards does
};
inline constexpr std::string_view discrimination_states[] = {"computed",      "no_rows",  "no_events",
                                                             "no_non_events", "all_tied", "separated"};

/// All rows of one risk.
struct risk_group {
  double risk = 0.0;
  double events = 0.0;            ///< sum of weights
  double non_events = 0.0;        ///< sum of weights
  double event_squares = 0.0;     ///< sum of squared weights
  double non_event_squares = 0.0; ///< sum of squared weights
  std::int64_t rows = 0;
};

/// Sums of one class over all groups.
struct class_total {
  double weight = 0.0;
  double squares = 0.0;
  std::int64_t rows = 0;
  /// As many rows of equal weight would say as much (L. Kish, Survey Sampling, 1965).
  [[nodiscard]] double effective() const noexcept {
    return squares > 0.0 ? math::value_of(math::real(weight) * weight / squares) : 0.0;
  }
};

namespace detail {

struct scored_row {
  double risk;
  double weight;
  std::uint8_t event;
};

/// Doubles in the order of whole numbers without sign; there is one zero.
[[nodiscard]] inline std::uint64_t ordered_bits(double x) noexcept {
  const auto bits = std::bit_cast<std::uint64_t>(x + 0.0);
  return bits >> 63 != 0 ? ~bits : bits | std::uint64_t{1} << 63;
}

/// From the highest risk down; of one risk by class and weight, so that sums do not see the order of the rows.
inline void sort_by_risk(std::vector<scored_row>& rows, bool weighted) {
  std::vector<scored_row> room;
  radix_sort(
      std::span(rows), [](const scored_row& one) { return ~ordered_bits(one.risk); }, room);
  if (!weighted)
    return;
  for (std::size_t first = 0, end = 0; first < rows.size(); first = end) {
    while (end < rows.size() && rows[end].risk == rows[first].risk)
      ++end;
    std::sort(rows.begin() + static_cast<std::ptrdiff_t>(first),
              rows.begin() + static_cast<std::ptrdiff_t>(end),
              [](const scored_row& left, const scored_row& right) {
                return left.event != right.event ? left.event < right.event : left.weight < right.weight;
              });
  }
}

inline void add_to(risk_group& group, double weight, bool event) noexcept {
  double& sum = event ? group.events : group.non_events;
  double& squares = event ? group.event_squares : group.non_event_squares;
  sum = math::value_of(math::real(sum) + weight);
  squares = math::value_of(math::real(squares) + math::real(weight) * weight);
  ++group.rows;
}

} // namespace detail

/// Rows as groups of one risk, from the highest down. Costs n log n at most.
class ranked_events {
public:
  ranked_events() = default;
  explicit ranked_events(const scored_events& from) {
    std::vector<detail::scored_row> rows(from.risk.size());
    const bool weighted = !from.weights.empty();
    for (std::size_t i = 0; i < rows.size(); ++i)
      rows[i] = {from.risk[i], weighted ? from.weights[i] : 1.0, from.events[i]};
    detail::sort_by_risk(rows, weighted);
    for (const detail::scored_row& row : rows) {
      if (groups_.empty() || groups_.back().risk != row.risk)
        groups_.push_back({.risk = row.risk + 0.0});
      detail::add_to(groups_.back(), row.weight, row.event != 0);
      ++(row.event != 0 ? events_ : non_events_).rows;
    }
    for (const risk_group& one : groups_) {
      add(events_, one.events, one.event_squares);
      add(non_events_, one.non_events, one.non_event_squares);
    }
  }

  [[nodiscard]] std::span<const risk_group> groups() const noexcept { return groups_; }
  [[nodiscard]] const class_total& events() const noexcept { return events_; }
  [[nodiscard]] const class_total& non_events() const noexcept { return non_events_; }
  [[nodiscard]] double weight() const noexcept {
    return math::value_of(math::real(events_.weight) + non_events_.weight);
  }
  [[nodiscard]] discrimination_state state() const noexcept {
    if (groups_.empty())
      return discrimination_state::no_rows;
    if (events_.rows == 0)
      return discrimination_state::no_events;
    if (non_events_.rows == 0)
      return discrimination_state::no_non_events;
    if (groups_.size() == 1)
      return discrimination_state::all_tied;
    return separated() ? discrimination_state::separated : discrimination_state::computed;
  }
  [[nodiscard]] bool has_both() const noexcept { return events_.rows > 0 && non_events_.rows > 0; }

private:
  /// Whether no group has both classes and the class changes once.
  [[nodiscard]] bool separated() const noexcept {
    std::size_t changes = 0;
    for (std::size_t i = 0; i < groups_.size(); ++i) {
      const bool events = groups_[i].events > 0.0;
      if (events && groups_[i].non_events > 0.0)
        return false;
      if (i > 0 && events != (groups_[i - 1].events > 0.0))
        ++changes;
    }
    return changes == 1;
  }
  static void add(class_total& into, double weight, double squares) noexcept {
    into.weight = math::value_of(math::real(into.weight) + weight);
    into.squares = math::value_of(math::real(into.squares) + squares);
  }
  std::vector<risk_group> groups_;
  class_total events_;
  class_total non_events_;
};

/// The largest distance between the shares of events and of non-events at or above a risk.
struct kolmogorov_smirnov {
  double statistic = std::numeric_limits<double>::quiet_NaN(); ///< in [0, 1]
  /// The same with its sign: above 0 where events gather at high risk, below 0 where the score is the wrong way round.
  double signed_statistic = std::numeric_limits<double>::quiet_NaN();
  double risk = std::numeric_limits<double>::quiet_NaN(); ///< where; the highest of several
};

/// Kolmogorov and Smirnov's statistic of two samples, over thresholds between groups only. NaN without both classes.
[[nodiscard]] inline kolmogorov_smirnov ks_of(const ranked_events& from) noexcept {
  kolmogorov_smirnov made;
  if (!from.has_both())
    return made;
  made.risk = from.groups().front().risk;
  math::real events(0.0);
  math::real others(0.0);
  math::real largest(0.0); // times both totals, which is exact for counts: equal distances are equal
  for (const risk_group& one : from.groups()) {
    events = events + one.events;
    others = others + one.non_events;
    const math::real distance = events * from.non_events().weight - others * from.events().weight;
    if (abs(distance) > abs(largest)) {
      largest = distance;
      made.risk = one.risk;
    }
  }
  made.signed_statistic =
      math::value_of(largest / (math::real(from.events().weight) * from.non_events().weight));
  made.statistic = std::fabs(made.signed_statistic);
  return made;
}

/// The area under the ROC curve, which is the chance that an event has the higher risk of a pair, and what is known of it.
struct area_under_curve {
  double value = std::numeric_limits<double>::quiet_NaN();
  /// DeLong's; NaN with fewer than two events or two non-events.
  double variance = std::numeric_limits<double>::quiet_NaN();
  interval within{};
  [[nodiscard]] double gini() const noexcept { return math::value_of(math::real(2.0) * value - 1.0); }
  [[nodiscard]] interval gini_within() const noexcept {
    return {math::value_of(math::real(2.0) * within.low - 1.0),
            math::value_of(math::real(2.0) * within.high - 1.0)};
  }
};

namespace detail {

/// The variance of a mean of placements: from their squared distances from it, summed by weight or by squared weight.
struct placement_spread {
  math::real by_weight{0.0};
  math::real by_squares{0.0};

  [[nodiscard]] double variance(const class_total& of, weight_meaning meaning) const noexcept {
    const math::real total(of.weight);
    if (meaning == weight_meaning::frequency)
      return of.weight > 1.0 ? math::value_of(by_weight / ((total - 1.0) * total))
                             : std::numeric_limits<double>::quiet_NaN();
    const auto rows = static_cast<double>(of.rows);
    return of.rows > 1
               ? math::value_of(math::real(rows) / (math::real(rows) - 1.0) * by_squares / (total * total))
               : std::numeric_limits<double>::quiet_NaN();
  }
};

[[nodiscard]] inline double counted(const class_total& of, weight_meaning meaning) noexcept {
  return meaning == weight_meaning::frequency ? of.weight : of.effective();
}

/// Interval of an area whose sampling variance is that of exponential scores, solved for the area, so that it is no point
/// where all pairs are in order (R. G. Newcombe, Confidence intervals for an effect size measure based on the
/// Mann-Whitney statistic, part 2, Statistics in Medicine 25, 2006, method 5).
[[nodiscard]] inline interval newcombe_area_interval(double area, double events, double non_events,
                                                     double z) noexcept {
  using math::real;
  const real half_rest = real(0.5) * (real(events) + non_events) - 1.0;
  const auto excess = [&](double t) {
    const real one(1.0);
    const real rest = one - t;
    const real spread = real(t) * rest * (one + half_rest * (rest / (real(2.0) - t) + real(t) / (one + t))) /
                        (real(events) * non_events);
    const real off = real(area) - t;
    return math::value_of(off * off - real(z) * z * spread);
  };
  const auto solve = [&](double inside, double outside) { // excess <= 0 inside, >= 0 at the border
    for (int step = 0; step < 100; ++step) {
      const double middle = inside + 0.5 * (outside - inside);
      (excess(middle) <= 0.0 ? inside : outside) = middle;
    }
    return inside;
  };
  return {area > 0.0 ? solve(area, 0.0) : 0.0, area < 1.0 ? solve(area, 1.0) : 1.0};
}

/// The value, plus and minus z standard errors within [0, 1].
inline void set_interval(area_under_curve& of, const class_total& events, const class_total& others,
                         weight_meaning meaning, double z) noexcept {
  if (of.variance > 0.0) {
    const math::real half = math::real(z) * math::sqrt(math::real(of.variance));
    of.within = {std::max(math::value_of(math::real(of.value) - half), 0.0),
                 std::min(math::value_of(math::real(of.value) + half), 1.0)};
  } else {
    of.within = newcombe_area_interval(of.value, counted(events, meaning), counted(others, meaning), z);
  }
}

} // namespace detail

/// The area with DeLong's variance (E. R. DeLong, D. M. DeLong and D. L. Clarke-Pearson, Comparing the areas under two or
/// more correlated receiver operating characteristic curves, Biometrics 44, 1988), from the groups alone: all events of a
/// group have the same placement among the non-events (X. Sun and W. Xu, Fast implementation of DeLong's algorithm, IEEE
/// Signal Processing Letters 21, 2014). Where DeLong knows no variance, or 0 as in perfect order, the interval is Newcombe's.
/// \param z  two-sided normal quantile of the confidence
[[nodiscard]] inline area_under_curve auc_of(const ranked_events& from, weight_meaning meaning,
                                             double z) noexcept {
  using math::real;
  area_under_curve made;
  if (!from.has_both())
    return made;
  const real events(from.events().weight);
  const real others(from.non_events().weight);
  real pairs(0.0);
  real above(0.0); // non-events of higher risk
  for (const risk_group& one : from.groups()) {
    pairs = pairs + real(one.events) * (others - above - real(0.5) * one.non_events);
    above = above + one.non_events;
  }
  made.value = std::clamp(math::value_of(pairs / (events * others)), 0.0, 1.0);
  detail::placement_spread of_events;
  detail::placement_spread of_others;
  real events_above(0.0);
  above = 0.0;
  for (const risk_group& one : from.groups()) {
    const real event_place = (others - above - real(0.5) * one.non_events) / others - made.value;
    const real other_place = (events_above + real(0.5) * one.events) / events - made.value;
    const real event_square = event_place * event_place;
    const real other_square = other_place * other_place;
    of_events.by_weight += event_square * one.events;
    of_events.by_squares += event_square * one.event_squares;
    of_others.by_weight += other_square * one.non_events;
    of_others.by_squares += other_square * one.non_event_squares;
    above = above + one.non_events;
    events_above = events_above + one.events;
  }
  made.variance = math::value_of(real(of_events.variance(from.events(), meaning)) +
                                 of_others.variance(from.non_events(), meaning));
  if (from.groups().size() > 1)
    detail::set_interval(made, from.events(), from.non_events(), meaning, z);
  return made;
}

} // namespace emptor::stats
