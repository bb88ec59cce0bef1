// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/discrimination.hpp>
#include <emptor/stats/intervals.hpp>
#include <emptor/stats/test_tails.hpp>

/// Whether probabilities come true (校准): scores of probabilities and their parts, and tests of what came against what was said.
///
/// All sums run over the rows in the order of their probability, class and weight, so that they have the same bits whatever the
/// order of the rows. With weights of sampling the tests count a row as its weight times (sum of weights) / (sum of
/// squared weights), so that all rows together count as much as that many of equal weight would (L. Kish, 1965).
namespace emptor::stats {

/// Why a measure of calibration has no value.
enum class calibration_state : std::int32_t {
  computed = 0,
  no_rows,
  certain,   ///< a probability of 0 or 1: it has no logit, or was wrong, which no finite figure says
  no_spread, ///< the statistic cannot vary: all probabilities are 0, 1 or one half, or all are equal
  separated, ///< a threshold of the probabilities tells all events from all others: the slope has no end
  no_events,
  no_non_events,
  too_few_groups
};
inline constexpr std::string_view calibration_states[] = {"computed",      "no_rows",       "certain",
                                                          "no_spread",     "separated",     "no_events",
                                                          "no_non_events", "too_few_groups"};

/// A probability, what came, and the weight.
struct forecast_row {
  double probability = 0.0;
  double weight = 1.0; ///< as the tests count it
  bool event = false;
};

/// Rows with a probability of the event, sorted.
class forecast_rows {
public:
  forecast_rows() = default;
  /// \param from  with probabilities in [0, 1] as its risk
  forecast_rows(const scored_events& from, weight_meaning meaning) {
    std::vector<detail::scored_row> rows(from.risk.size());
    const bool weighted = !from.weights.empty();
    for (std::size_t i = 0; i < rows.size(); ++i)
      rows[i] = {from.risk[i], weighted ? from.weights[i] : 1.0, from.events[i]};
    detail::sort_by_risk(rows, weighted);
    if (!weighted) { // the sort has not looked at the class
      for (std::size_t first = 0, end = 0; first < rows.size(); first = end) {
        std::size_t events = 0;
        for (end = first; end < rows.size() && rows[end].risk == rows[first].risk; ++end)
          events += rows[end].event;
        for (std::size_t i = first; i < end; ++i)
          rows[i].event = i - first < end - first - events ? 0 : 1;
      }
    }
    math::real weight(0.0);
    math::real squares(0.0);
    for (const detail::scored_row& row : rows) {
      weight += math::real(row.weight);
      squares += math::real(row.weight) * row.weight;
    }
    const math::real scale =
        weighted && meaning == weight_meaning::sampling && !rows.empty() ? weight / squares : math::real(1.0);
    rows_.reserve(rows.size());
    for (std::size_t i = rows.size(); i-- > 0;) { // from the lowest probability up
      rows_.push_back(
          {rows[i].risk + 0.0, math::value_of(math::real(rows[i].weight) * scale), rows[i].event != 0});
      (rows_.back().event ? events_ : others_) += math::real(rows_.back().weight);
      event_rows_ += rows_.back().event ? 1 : 0;
    }
  }

  [[nodiscard]] std::span<const forecast_row> rows() const noexcept { return rows_; }
  [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }
  [[nodiscard]] double events() const noexcept { return math::value_of(events_); }
  [[nodiscard]] double weight() const noexcept { return math::value_of(events_ + others_); }
  [[nodiscard]] double event_rate() const noexcept { return math::value_of(events_ / (events_ + others_)); }
  [[nodiscard]] double mean_probability() const noexcept {
    math::real sum(0.0);
    for (const forecast_row& row : rows_)
      sum += math::real(row.weight) * row.probability;
    return math::value_of(sum / (events_ + others_));
  }
  [[nodiscard]] bool has_certain() const noexcept {
    return !rows_.empty() && (rows_.front().probability <= 0.0 || rows_.back().probability >= 1.0);
  }
  [[nodiscard]] calibration_state classes() const noexcept {
    if (rows_.empty())
      return calibration_state::no_rows;
    if (event_rows_ == 0)
      return calibration_state::no_events;
    return event_rows_ == static_cast<std::int64_t>(rows_.size()) ? calibration_state::no_non_events
                                                                  : calibration_state::computed;
  }

private:
  std::vector<forecast_row> rows_;
  math::real events_{0.0};
  math::real others_{0.0};
  std::int64_t event_rows_ = 0;
};

/// A mean over rows with its standard error, the usual one of a mean of independent rows; NaN of fewer than two.
struct mean_score {
  double value = std::numeric_limits<double>::quiet_NaN();
  double standard_error = std::numeric_limits<double>::quiet_NaN();
};

namespace detail {

template <class Score>
[[nodiscard]] mean_score mean_over(const forecast_rows& from, const Score& score) noexcept {
  using math::real;
  mean_score made;
  if (from.empty())
    return made;
  real sum(0.0);
  for (const forecast_row& row : from.rows())
    sum += real(row.weight) * score(row);
  const real all(from.weight());
  const real mean = sum / all;
  made.value = math::value_of(mean);
  real squares(0.0);
  for (const forecast_row& row : from.rows()) {
    const real off = score(row) - mean;
    squares += real(row.weight) * (off * off);
  }
  if (from.weight() > 1.0)
    made.standard_error = math::value_of(math::sqrt(squares / (all * (all - 1.0))));
  return made;
}

} // namespace detail

/// Brier's score (布莱尔分数): the mean of (probability - outcome)^2, 0 at best (G. W. Brier, Monthly Weather Review 78, 1950).
[[nodiscard]] inline mean_score brier_score(const forecast_rows& from) noexcept {
  return detail::mean_over(from, [](const forecast_row& row) {
    const math::real off = math::real(row.event ? 1.0 : 0.0) - row.probability;
    return off * off;
  });
}

/// The mean of -log(probability of what came); infinite where that was said to be impossible.
[[nodiscard]] inline mean_score log_loss(const forecast_rows& from) noexcept {
  for (const forecast_row& row : from.rows()) {
    if (row.event ? row.probability <= 0.0 : row.probability >= 1.0)
      return {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()};
  }
  return detail::mean_over(from, [](const forecast_row& row) {
    return row.event ? -math::log(math::real(row.probability)) : -math::log1p(-math::real(row.probability));
  });
}

/// Rows that are looked at together: those of a grade, or of neighbouring probabilities.
struct forecast_group {
  double weight = 0.0;
  double events = 0.0;
  double probability = 0.0;   ///< the mean
  double spread = 0.0;        ///< sum of weight x (probability - mean)^2
  double shared_spread = 0.0; ///< sum of weight x (probability - mean) x outcome
  double variance = 0.0;      ///< sum of weight x probability x (1 - probability)
  double lowest = 0.0;        ///< probability
  double highest = 0.0;
  std::int64_t rows = 0;

  [[nodiscard]] double event_rate() const noexcept { return math::value_of(math::real(events) / weight); }
};

/// What rows in order have in common. \param rows  at least one
[[nodiscard]] inline forecast_group group_of(std::span<const forecast_row> rows) noexcept {
  using math::real;
  real weight(0.0);
  real events(0.0);
  real said(0.0);
  real variance(0.0);
  for (const forecast_row& row : rows) {
    weight += real(row.weight);
    events += real(row.event ? row.weight : 0.0);
    said += real(row.weight) * row.probability;
    variance += real(row.weight) * (real(row.probability) * (real(1.0) - row.probability));
  }
  forecast_group made;
  made.rows = static_cast<std::int64_t>(rows.size());
  made.weight = math::value_of(weight);
  made.events = math::value_of(events);
  made.lowest = rows.front().probability;
  made.highest = rows.back().probability;
  made.probability = made.lowest == made.highest
                         ? made.lowest
                         : math::value_of(said / weight); // to the bit where all are equal
  made.variance = math::value_of(variance);
  real spread(0.0);
  real shared(0.0);
  for (const forecast_row& row : rows) {
    const real off = real(row.probability) - made.probability;
    spread += real(row.weight) * (off * off);
    shared += real(row.event ? row.weight : 0.0) * off;
  }
  made.spread = math::value_of(spread);
  made.shared_spread = math::value_of(shared);
  return made;
}

/// About `count` groups of equal weight. Rows of one probability are never parted: all of them go to the group in which the
/// middle of their weight falls, so that there may be fewer groups, and no order of the rows changes one.
[[nodiscard]] inline std::vector<forecast_group> equal_groups(const forecast_rows& from, std::int64_t count) {
  std::vector<forecast_group> made;
  const std::span<const forecast_row> rows = from.rows();
  const math::real all(from.weight());
  math::real before(0.0);
  std::int64_t current = -1;
  std::size_t begin = 0;
  for (std::size_t first = 0, end = 0; first < rows.size(); first = end) {
    math::real weight(0.0);
    for (; end < rows.size() && rows[end].probability == rows[first].probability; ++end)
      weight += math::real(rows[end].weight);
    const math::real middle = (before + math::real(0.5) * weight) / all * static_cast<double>(count);
    const auto found =
        std::clamp<std::int64_t>(static_cast<std::int64_t>(math::value_of(middle)), 0, count - 1);
    before += weight;
    if (found != current && first > begin) {
      made.push_back(group_of(rows.subspan(begin, first - begin)));
      begin = first;
    }
    current = found;
  }
  if (begin < rows.size())
    made.push_back(group_of(rows.subspan(begin)));
  return made;
}

/// Murphy's split of Brier's score over groups, with what differs inside of them (A. H. Murphy, A new vector partition of the
/// probability score, Journal of Applied Meteorology 12, 1973; D. B. Stephenson, C. A. S. Coelho and I. T. Jolliffe, Two
/// extra components in the Brier score decomposition, Weather and Forecasting 23, 2008):
/// score = reliability - resolution + uncertainty + within.
struct brier_parts {
  double reliability = std::numeric_limits<double>::quiet_NaN(); ///< 0 at best: rates of groups are as said
  double resolution = std::numeric_limits<double>::quiet_NaN();  ///< the more, the further groups are apart
  double uncertainty = std::numeric_limits<double>::quiet_NaN(); ///< of who only knows the rate of all
  /// Variance of the probabilities inside of groups less twice their covariance with the outcome; 0 where each group has one
  /// probability.
  double within = std::numeric_limits<double>::quiet_NaN();
};
/// The parts of the Brier score by groups: reliability - resolution + uncertainty + within (A. H. Murphy 1973; Stephenson
/// et al. 2008).
[[nodiscard]] inline brier_parts brier_split(std::span<const forecast_group> groups) noexcept {
  using math::real;
  brier_parts made;
  if (groups.empty())
    return made;
  real weight(0.0);
  real events(0.0);
  for (const forecast_group& one : groups) {
    weight += real(one.weight);
    events += real(one.events);
  }
  const real rate = events / weight;
  real reliability(0.0);
  real resolution(0.0);
  real within(0.0);
  for (const forecast_group& one : groups) {
    const real seen = real(one.events) / one.weight;
    const real off = real(one.probability) - seen;
    const real apart = seen - rate;
    reliability += real(one.weight) * (off * off);
    resolution += real(one.weight) * (apart * apart);
    within += real(one.spread) - real(2.0) * one.shared_spread;
  }
  made.reliability = math::value_of(reliability / weight);
  made.resolution = math::value_of(resolution / weight);
  made.uncertainty = math::value_of(rate * (real(1.0) - rate));
  made.within = math::value_of(within / weight);
  return made;
}

/// A statistic, what it is held against, and the chance of one as extreme where the probabilities are right.
struct calibration_test {
  calibration_state state = calibration_state::no_rows;
  double statistic = std::numeric_limits<double>::quiet_NaN();
  double degrees = std::numeric_limits<double>::quiet_NaN(); ///< of freedom; NaN of a normal statistic
  double p_value = std::numeric_limits<double>::quiet_NaN();
};

/// Hosmer and Lemeshow's test: the sum of (events - expected)^2 / (weight x p x (1 - p)) over groups with the mean probability
/// p, chi-squared with as many degrees as groups where the probabilities were given, and two fewer where they were fitted
/// on these rows (D. W. Hosmer and S. Lemeshow, Communications in Statistics A 9, 1980). Infinite, with the p-value 0, where
/// what was said to be impossible came.
[[nodiscard]] inline calibration_test hosmer_lemeshow(std::span<const forecast_group> groups,
                                                      bool fitted) noexcept {
  using math::real;
  calibration_test made;
  if (groups.empty())
    return made;
  real sum(0.0);
  bool impossible = false;
  for (const forecast_group& one : groups) {
    const real off = real(one.events) - real(one.weight) * one.probability;
    const real variance = real(one.weight) * (real(one.probability) * (real(1.0) - one.probability));
    if (math::value_of(variance) > 0.0)
      sum += off * off / variance;
    else
      impossible = impossible || math::value_of(off) != 0.0;
  }
  made.degrees = static_cast<double>(groups.size()) - (fitted ? 2.0 : 0.0);
  made.statistic = impossible ? std::numeric_limits<double>::infinity() : math::value_of(sum);
  if (!(made.degrees > 0.0)) {
    made = {.state = calibration_state::too_few_groups};
    return made;
  }
  made.p_value = chi_squared_tail(made.statistic, made.degrees);
  made.state = impossible ? calibration_state::certain : calibration_state::computed;
  return made;
}

/// Spiegelhalter's test, two-sided, of Brier's score against what it is expected to be:
/// sum of w (y - p)(1 - 2p) / sqrt(sum of w (1 - 2p)^2 p (1 - p)), standard normal (D. J. Spiegelhalter, Probabilistic prediction
/// in patient management and clinical trials, Statistics in Medicine 5, 1986).
[[nodiscard]] inline calibration_test spiegelhalter(const forecast_rows& from) noexcept {
  using math::real;
  calibration_test made;
  if (from.empty())
    return made;
  real sum(0.0);
  real variance(0.0);
  for (const forecast_row& row : from.rows()) {
    const real p(row.probability);
    const real slope = real(1.0) - real(2.0) * p;
    sum += real(row.weight) * ((real(row.event ? 1.0 : 0.0) - p) * slope);
    variance += real(row.weight) * (slope * slope * (p * (real(1.0) - p)));
  }
  if (!(math::value_of(variance) > 0.0)) {
    made.state = calibration_state::no_spread;
    return made;
  }
  made.statistic = math::value_of(sum / math::sqrt(variance));
  made.p_value = two_sided_normal_p(made.statistic);
  made.state = calibration_state::computed;
  return made;
}

/// The test of a whole portfolio with its mean probability p: z = (events - n p) / sqrt(n p (1 - p)), and the chance of at least
/// as many events.
[[nodiscard]] inline calibration_test portfolio_test(double weight, double events,
                                                     double mean_probability) noexcept {
  using math::real;
  calibration_test made;
  if (!(weight > 0.0))
    return made;
  const real p(mean_probability);
  const real variance = real(weight) * (p * (real(1.0) - p));
  if (!(math::value_of(variance) > 0.0)) {
    made.state = calibration_state::no_spread;
    return made;
  }
  made.statistic = math::value_of((real(events) - real(weight) * p) / math::sqrt(variance));
  made.p_value = normal_tail(made.statistic);
  made.state = calibration_state::computed;
  return made;
}

/// What the events of a grade say of its probability (巴塞尔交通灯法).
enum class traffic_light : std::int32_t { green = 0, yellow = 1, red = 2 };
inline constexpr std::string_view traffic_lights[] = {"green", "yellow", "red"};

/// Red where the chance of as many events is below 1 - `red`, yellow below 1 - `yellow`; 0.999 and 0.95 are the usual
/// bands. \param p_value  of `binomial_tail`
[[nodiscard]] constexpr traffic_light light_of(double p_value, double yellow, double red) noexcept {
  return p_value < 1.0 - red      ? traffic_light::red
         : p_value < 1.0 - yellow ? traffic_light::yellow
                                  : traffic_light::green;
}

} // namespace emptor::stats
