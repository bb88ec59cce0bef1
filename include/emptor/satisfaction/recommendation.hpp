// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <span>

#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/satisfaction/survey_cells.hpp>
#include <emptor/stats/intervals.hpp>
#include <emptor/stats/test_tails.hpp>

/// Net promoter score (净推荐值): how many would recommend less how many would not. Of answers from 0 to 10 to how likely
/// it is that one recommends, 9 and 10 are promoters (推荐者), 7 and 8 passives (被动者), 0 to 6 detractors (贬损者).
///
///     score = promoters - detractors,  as shares of the answers, told on a scale from -100 to 100
///     variance of an answer = promoters + detractors - (promoters - detractors)^2
///     Wald interval: score -+ z sqrt(variance / n)
///     adjusted Wald interval: the same with 3 more answers, of which 3/4 are promoters and 3/4 detractors
///
/// Under weights shares are weighted and n is the effective number of answers.
///
/// Source: F. F. Reichheld, The one number you need to grow, Harvard Business Review, December 2003; B. Rocks, Interval
/// estimation for the "net promoter score", The American Statistician 70, 2016 (adjusted Wald); L. Kish, Survey Sampling,
/// 1965 (effective number).
namespace emptor::satisfaction {

/// The least answer of a promoter, on the scale from 0 to 10.
inline constexpr double least_promoter = 9.0;
/// The least answer of a passive one.
inline constexpr double least_passive = 7.0;
/// The end of the scale.
inline constexpr double highest_recommendation = 10.0;

/// 1 for a promoter, 0 for a passive, -1 for a detractor.
[[nodiscard]] constexpr double recommendation_of(double answer) noexcept {
  return answer >= least_promoter ? 1.0 : answer >= least_passive ? 0.0 : -1.0;
}

/// The z-test of a difference from 0: the chance of one that is as large on either side; NaN where nothing varies.
[[nodiscard]] inline double two_sided_p_value(double difference, double standard_error) noexcept {
  if (!(standard_error > 0.0))
    return std::numeric_limits<double>::quiet_NaN();
  return stats::two_sided_normal_p(math::value_of(math::real(difference) / standard_error));
}

/// What is known of a net promoter score, as shares: from -1 to 1.
struct promoter_score {
  double score = std::numeric_limits<double>::quiet_NaN();
  double variance = std::numeric_limits<double>::quiet_NaN(); ///< of an answer
  double standard_error = std::numeric_limits<double>::quiet_NaN();
  stats::interval wald{}; ///< none where all answered alike, for it would have no width
  stats::interval adjusted{};
  double p_value = std::numeric_limits<double>::quiet_NaN(); ///< of a true score of 0
};

/// \param of  moments of `recommendation_of` the answers
/// \param promoters, detractors  weighted shares  \param z  normal quantile of the confidence
[[nodiscard]] inline promoter_score score_of(const survey_moments& of, double promoters, double detractors,
                                             double z) noexcept {
  using math::real;
  promoter_score made;
  if (of.answers == 0)
    return made;
  const auto around = [z](real centre, real error) {
    return stats::interval{std::max(math::value_of(centre - real(z) * error), -1.0),
                           std::min(math::value_of(centre + real(z) * error), 1.0)};
  };
  const real n(of.effective());
  made.score = math::value_of(of.mean);
  made.variance = of.variance();
  made.standard_error = math::value_of(math::sqrt(real(made.variance) / n));
  if (of.varies()) {
    made.wald = around(of.mean, made.standard_error);
    made.p_value = two_sided_p_value(made.score, made.standard_error);
  }
  const real trials = n + 3.0;
  const real p = (real(promoters) * n + 0.75) / trials;
  const real d = (real(detractors) * n + 0.75) / trials;
  made.adjusted = around(p - d, math::sqrt((p + d - (p - d) * (p - d)) / trials));
  return made;
}

/// The least number of answers of equal weight whose Wald interval reaches no further than `precision` to either side;
/// NaN where the variance is 0, or no number is enough. \param precision as a share, > 0
[[nodiscard]] inline double answers_for(double variance, double precision, double z) noexcept {
  if (!(variance > 0.0))
    return std::numeric_limits<double>::quiet_NaN();
  const math::real ratio = math::real(z) / precision;
  const double needed = std::ceil(math::value_of(ratio * ratio * variance));
  return std::isfinite(needed) ? needed : std::numeric_limits<double>::quiet_NaN();
}

/// Two net promoter scores: the difference of the first from the second, its standard error and p-value. Nothing but
/// the difference where the answers of one do not vary, for then its variance says nothing.
struct promoter_difference {
  double difference = std::numeric_limits<double>::quiet_NaN();
  double standard_error = std::numeric_limits<double>::quiet_NaN();
  stats::interval range{};
  double p_value = std::numeric_limits<double>::quiet_NaN();
};

/// \param correlation  of the two means, where respondents are in both
[[nodiscard]] inline promoter_difference difference_of(const survey_moments& a, const survey_moments& b,
                                                       double correlation, double z) noexcept {
  using math::real;
  promoter_difference made;
  if (a.answers == 0 || b.answers == 0)
    return made;
  const real difference = a.mean - b.mean;
  made.difference = math::value_of(difference);
  if (!a.varies() || !b.varies())
    return made;
  const real of_a = math::sqrt(real(a.variance()) / a.effective());
  const real of_b = math::sqrt(real(b.variance()) / b.effective());
  const real square = of_a * of_a + of_b * of_b - real(2.0) * correlation * of_a * of_b;
  made.standard_error = math::value_of(math::sqrt(math::max(square, real(0.0))));
  made.p_value = two_sided_p_value(made.difference, made.standard_error);
  const real half = real(z) * made.standard_error;
  made.range = {std::max(math::value_of(difference - half), -2.0),
                std::min(math::value_of(difference + half), 2.0)};
  return made;
}

} // namespace emptor::satisfaction
