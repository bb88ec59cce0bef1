// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <string>

#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/satisfaction/survey_cells.hpp>
#include <emptor/stats/answer_scale.hpp>
#include <emptor/stats/intervals.hpp>
#include <emptor/stats/student.hpp>
#include <emptor/stats/test_tails.hpp>

/// Ratings on a scale: customer satisfaction (CSAT, 满意率) is the share of answers in the upper boxes, customer effort (CES,
/// 客户费力度) and most others are a mean.
///
///     share -> Wilson's score interval     shares compared -> z-test with the pooled share, Newcombe's interval
///     mean  -> Student's t interval        means compared  -> Welch's t-test
///
/// Under weights both are weighted, and the effective number of answers takes the place of their number. Where respondents
/// are in both of two periods the correlation of the two figures is taken into account, so that with all of them in both
/// the test is that of a paired sample.
///
/// Source: E. B. Wilson, 1927; R. G. Newcombe, Interval estimation for the difference between independent proportions and
/// Improved confidence intervals for the difference between binomial proportions based on paired data, Statistics in Medicine
/// 17, 1998 (method 10 of both); B. L. Welch, The generalization of `Student's' problem when several different population
/// variances are involved, Biometrika 34, 1947; L. Kish, Survey Sampling, 1965.
namespace emptor::satisfaction {

/// What answers a question admits, and how many points of it are its upper and lower boxes.
struct rating_scale {
  std::string item;
  double low = 1.0;
  double high = 5.0;
  double top = 2.0;
  double bottom = 2.0;

  [[nodiscard]] bool admits(double answer) const noexcept { return answer >= low && answer <= high; }
  [[nodiscard]] bool is_top(double answer) const noexcept { return answer > high - top; }
  [[nodiscard]] bool is_bottom(double answer) const noexcept { return answer < low + bottom; }
  /// 0 for the least answer, 100 for the greatest one.
  [[nodiscard]] double index(double mean) const noexcept {
    return math::value_of(100.0 * stats::share_of_scale(mean, {low, high}));
  }
};

/// A figure and its difference from another one.
struct rated_difference {
  double difference = std::numeric_limits<double>::quiet_NaN();
  double standard_error = std::numeric_limits<double>::quiet_NaN();
  double degrees = std::numeric_limits<double>::quiet_NaN(); ///< of Student's t; none of a normal test
  stats::interval range{};
  double p_value = std::numeric_limits<double>::quiet_NaN();
};

/// Square of the standard error of a mean, with effective answers - 1 in place of the usual n - 1; NaN where they are one.
[[nodiscard]] inline double mean_variance(const survey_moments& of) noexcept {
  const double degrees = of.effective() - 1.0;
  return of.answers >= 2 && degrees > 0.0 ? math::value_of(math::real(of.variance()) / degrees)
                                          : std::numeric_limits<double>::quiet_NaN();
}

/// Standard deviation of an answer, with the denominator n - 1 where weights are equal; NaN of one.
[[nodiscard]] inline double answer_deviation(const survey_moments& of) noexcept {
  return math::value_of(math::sqrt(math::real(mean_variance(of)) * of.effective()));
}

/// Half of the width of a t interval; NaN where it is not finite.
[[nodiscard]] inline double t_half_width(double standard_error, double degrees, stats::student_quantiles& t) {
  if (!(degrees > 0.0) || !(standard_error > 0.0))
    return std::numeric_limits<double>::quiet_NaN();
  const double quantile = degrees == std::floor(degrees) && degrees <= 1000.0
                              ? t.of(static_cast<std::size_t>(degrees) + 1)
                              : stats::student_quantile(degrees, t.confidence());
  const double half = math::value_of(math::real(quantile) * standard_error);
  return std::isfinite(half) ? half : std::numeric_limits<double>::quiet_NaN();
}

/// None where the answers do not vary, for it would have no width.
[[nodiscard]] inline stats::interval mean_interval(const survey_moments& of, stats::student_quantiles& t) {
  const double half =
      t_half_width(math::value_of(math::sqrt(math::real(mean_variance(of)))), of.effective() - 1.0, t);
  return {math::value_of(of.mean - half), math::value_of(of.mean + half)};
}

/// Welch's test. Nothing but the difference where the answers of one side do not vary.
/// \param correlation  of the two means  \param shared  respondents that are on both sides; with any, the degrees are those
///        of the smaller side, as of a paired sample
[[nodiscard]] inline rated_difference mean_difference(const survey_moments& a, const survey_moments& b,
                                                      double correlation, std::int64_t shared,
                                                      stats::student_quantiles& t) {
  using math::real;
  rated_difference made;
  if (a.answers == 0 || b.answers == 0)
    return made;
  const real difference = a.mean - b.mean;
  made.difference = math::value_of(difference);
  const real of_a(mean_variance(a));
  const real of_b(mean_variance(b));
  if (!a.varies() || !b.varies() || !(math::value_of(of_a) > 0.0) || !(math::value_of(of_b) > 0.0))
    return made;
  const real square = of_a + of_b - real(2.0) * correlation * math::sqrt(of_a) * math::sqrt(of_b);
  const double degrees_a = a.effective() - 1.0;
  const double degrees_b = b.effective() - 1.0;
  // Parts of the larger one, so that no square runs out of the doubles.
  const real larger = math::max(of_a, of_b);
  const real part_a = of_a / larger;
  const real part_b = of_b / larger;
  made.degrees = shared > 0 ? std::min(degrees_a, degrees_b)
                            : math::value_of((part_a + part_b) * (part_a + part_b) /
                                             (part_a * part_a / degrees_a + part_b * part_b / degrees_b));
  // What rounding leaves of figures that move together is no error to test with.
  if (!(square > real(1e-14) * (of_a + of_b)))
    return made;
  made.standard_error = math::value_of(math::sqrt(square));
  const double half = t_half_width(made.standard_error, made.degrees, t);
  made.range = {math::value_of(difference - half), math::value_of(difference + half)};
  const double size = math::value_of(math::abs(difference / made.standard_error));
  made.p_value = std::min(1.0, 2.0 * stats::student_t_tail(size, made.degrees));
  return made;
}

/// The z-test of two shares with the pooled share, which has an answer also where all on one side agree, and Newcombe's
/// interval. \param a, b  moments of 0 and 1  \param z  normal quantile of the confidence
[[nodiscard]] inline rated_difference share_difference(const survey_moments& a, const survey_moments& b,
                                                       double correlation, double z) noexcept {
  using math::real;
  rated_difference made;
  if (a.answers == 0 || b.answers == 0)
    return made;
  const real difference = a.mean - b.mean;
  made.difference = math::value_of(difference);
  const real n(a.effective());
  const real m(b.effective());
  const stats::interval of_a = stats::wilson_interval(math::value_of(a.mean), math::value_of(n), z);
  const stats::interval of_b = stats::wilson_interval(math::value_of(b.mean), math::value_of(m), z);
  const auto reach = [&](real left, real right) {
    const real square = left * left + right * right - real(2.0) * correlation * left * right;
    return math::sqrt(math::max(square, real(0.0)));
  };
  made.range = {
      std::max(math::value_of(difference - reach(a.mean - of_a.low, real(of_b.high) - b.mean)), -1.0),
      std::min(math::value_of(difference + reach(real(of_a.high) - a.mean, b.mean - of_b.low)), 1.0)};
  const real pooled = (a.mean * n + b.mean * m) / (n + m);
  const real spread = real(1.0) / n + real(1.0) / m;
  const real square = spread - real(2.0) * correlation / math::sqrt(n * m);
  if (!(a.varies() || b.varies() || a.low != b.low) || !(square > real(1e-14) * spread))
    return made;
  made.standard_error = math::value_of(math::sqrt(pooled * (real(1.0) - pooled) * square));
  if (!(made.standard_error > 0.0))
    return made;
  const real size = math::abs(difference / made.standard_error);
  made.p_value = stats::two_sided_normal_p(math::value_of(size));
  return made;
}

} // namespace emptor::satisfaction
