// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>

/// Scorecards (信用评分卡): from the log odds of a logistic regression on weights of evidence to points that add up to a score, and
/// the reasons of a score (N. Siddiqi, Credit Risk Scorecards, 2006, chapter 6; DMG, PMML 4.4, Scorecard).
///
/// score = offset - factor ln(odds of the event) where more points mean a safer customer, + where they mean a riskier one. The
/// points of a bin are its part of the log odds, coefficient x weight of evidence, times the factor; the intercept makes the base
/// points, or is spread over the characteristics.
namespace emptor::credit {

inline constexpr std::string_view scorecard_name = "credit.scorecard";
/// What a scorecard may have, so that a score needs no memory of its own.
inline constexpr std::size_t most_scorecard_characteristics = 256;

/// What more points mean.
enum class score_direction : std::int32_t {
  safer = 0,   ///< more points, less risk
  riskier = 1, ///< more points, more risk
};
inline constexpr std::string_view score_direction_names[] = {"safer", "riskier"};

/// Points as a linear function of the log odds of the event.
struct score_scale {
  double offset = std::numeric_limits<double>::quiet_NaN();
  double factor = std::numeric_limits<double>::quiet_NaN(); ///< points of one unit of log odds, > 0
  score_direction direction = score_direction::safer;

  [[nodiscard]] bool known() const noexcept { return factor > 0.0; }
  /// The points of a part of the log odds.
  [[nodiscard]] double points(double log_odds) const noexcept {
    const math::real part = math::real(factor) * log_odds;
    return math::value_of(direction == score_direction::safer ? -part : part);
  }
  [[nodiscard]] double score(double log_odds) const noexcept {
    return math::value_of(math::real(offset) + points(log_odds));
  }
  [[nodiscard]] double log_odds(double score) const noexcept {
    const math::real part = (math::real(score) - offset) / factor;
    return math::value_of(direction == score_direction::safer ? -part : part);
  }
};

/// The scale on which `base_points` stand for odds of the event of `event_odds` to 1, and the odds multiply by `multiple` within
/// `points_to_multiply` points: factor = points / ln(multiple).
[[nodiscard]] inline score_scale scale_from_odds(double base_points, double event_odds,
                                                 double points_to_multiply, double multiple,
                                                 score_direction direction) noexcept {
  using math::real;
  score_scale made{0.0, 0.0, direction};
  made.factor = math::value_of(real(points_to_multiply) / math::log(real(multiple)));
  const real shift = real(made.factor) * math::log(real(event_odds));
  made.offset =
      math::value_of(direction == score_direction::safer ? base_points + shift : base_points - shift);
  return made;
}

/// The scale on which the least and the largest possible score are these. \param lowest, highest log odds, lowest < highest
[[nodiscard]] inline score_scale scale_from_range(double lowest, double highest, double minimum,
                                                  double maximum, score_direction direction) noexcept {
  using math::real;
  score_scale made{0.0, 0.0, direction};
  made.factor = math::value_of((real(maximum) - minimum) / (real(highest) - lowest));
  const real shift = real(made.factor) * lowest;
  made.offset = math::value_of(direction == score_direction::safer ? maximum + shift : minimum - shift);
  return made;
}

/// What becomes of fractions of points.
enum class score_rounding : std::int32_t {
  none = 0,
  nearest = 1,  ///< each number of points for itself, halves away from 0
  balanced = 2, ///< the same, and the base points take up what the mean score would gain or lose by it
};
inline constexpr std::string_view score_rounding_names[] = {"none", "nearest", "balanced"};

/// From which points of a characteristic reasons are counted.
enum class score_baseline : std::int32_t {
  maximum = 0, ///< the best points of the characteristic
  neutral = 1, ///< the points of a weight of evidence of 0
  mean = 2,    ///< the mean points of the fitted rows
};
inline constexpr std::string_view score_baseline_names[] = {"maximum", "neutral", "mean"};

/// One characteristic's bins on their way to points.
struct scored_bins {
  std::vector<double> log_odds; ///< coefficient x weight of evidence
  std::vector<double> count;    ///< weighted rows of the fit; of no bearing where all are 0
  std::vector<double> exact;    ///< points before rounding
  std::vector<double> points;
  double baseline = 0.0;
};

/// Gives the bins their points. Rounding keeps the order of a characteristic's bins (two may become equal), moves each number by
/// one half at most and so a score by half of the characteristics and the base; `balanced` keeps the mean score of the counted
/// rows to one half.
/// \param spread  the base is spread over the characteristics in equal parts  \return the base points
[[nodiscard]] inline double give_points(std::span<scored_bins> all, const score_scale& scale,
                                        double intercept, bool spread, score_rounding rounding,
                                        score_baseline baseline) {
  using math::real;
  const real base(scale.score(intercept));
  const bool spreads = spread && !all.empty();
  const real share = spreads ? base / static_cast<double>(all.size()) : real(0.0);
  real gained(0.0); // by rounding, in the mean
  for (scored_bins& one : all) {
    one.exact.clear();
    one.points.clear();
    real sum(0.0);
    real rows(0.0);
    real rounded(0.0);
    for (std::size_t b = 0; b < one.log_odds.size(); ++b) {
      one.exact.push_back(math::value_of(share + scale.points(one.log_odds[b])));
      one.points.push_back((rounding == score_rounding::none ? one.exact[b] : std::round(one.exact[b])) +
                           0.0);
      rows += one.count[b];
      sum += real(one.count[b]) * one.exact[b];
      rounded += real(one.count[b]) * one.points[b];
    }
    const bool counted = rows > real(0.0);
    if (counted)
      gained += (rounded - sum) / rows;
    switch (baseline) {
    case score_baseline::maximum:
      one.baseline = scale.direction == score_direction::safer
                         ? *std::max_element(one.points.begin(), one.points.end())
                         : *std::min_element(one.points.begin(), one.points.end());
      break;
    case score_baseline::neutral:
      one.baseline =
          rounding == score_rounding::none ? math::value_of(share) : std::round(math::value_of(share)) + 0.0;
      break;
    case score_baseline::mean:
      one.baseline = math::value_of(counted ? rounded / rows : share);
      break;
    }
  }
  const double exact_base = math::value_of(spreads ? real(0.0) : base);
  switch (rounding) {
  case score_rounding::none:
    break;
  case score_rounding::nearest:
    return std::round(exact_base) + 0.0;
  case score_rounding::balanced:
    return std::round(math::value_of(exact_base - gained)) + 0.0;
  }
  return exact_base;
}

/// Why a score is not better: the reasons that cost most, largest first.
template <std::size_t N>
struct ranked_reasons {
  std::array<std::int32_t, N> reason{}; ///< -1 where there is none
  std::array<double, N> points{};       ///< that it costs; NaN where there is none
};

/// PMML's ranking of reason codes: what a characteristic has below its baseline (above it, where points mean risk) counts for its
/// reason; what is not below counts for none. The same reason of several characteristics is added up, and equal sums keep the
/// order of declaration.
/// \param points, baseline, reason  of the characteristics of one row, up to `most_scorecard_characteristics` of them
template <std::size_t N>
[[nodiscard]] ranked_reasons<N> rank_reasons(std::span<const double> points, std::span<const double> baseline,
                                             std::span<const std::int32_t> reason,
                                             score_direction direction) noexcept {
  std::array<double, most_scorecard_characteristics> cost;
  std::array<std::int32_t, most_scorecard_characteristics> of;
  std::size_t reasons = 0;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const double below =
        direction == score_direction::safer ? baseline[i] - points[i] : points[i] - baseline[i];
    if (!(below > 0.0) || reason[i] < 0)
      continue;
    std::size_t at = 0;
    while (at < reasons && of[at] != reason[i])
      ++at;
    if (at == reasons) {
      of[reasons] = reason[i];
      cost[reasons++] = 0.0;
    }
    cost[at] += below;
  }
  ranked_reasons<N> made;
  made.reason.fill(-1);
  made.points.fill(std::numeric_limits<double>::quiet_NaN());
  for (std::size_t rank = 0; rank < std::min(N, reasons); ++rank) {
    std::size_t largest = 0;
    for (std::size_t at = 1; at < reasons; ++at) {
      if (cost[at] > cost[largest])
        largest = at;
    }
    made.reason[rank] = of[largest];
    made.points[rank] = cost[largest];
    cost[largest] = -1.0; // taken
  }
  return made;
}

} // namespace emptor::credit
