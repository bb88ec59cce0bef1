// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include <emptor/math/elementary.hpp>
#include <emptor/math/incomplete_beta.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/intervals.hpp>

/// Intervals of shares: of a Beta variable, and of sums of money whose parts belong together.
namespace emptor::stats {

/// The value that a Beta variable with the shapes a and b does not exceed with the probability p: the least double x
/// with I_x(a, b) >= p. \param a > 0 \param b > 0 \param p in [0, 1]
[[nodiscard]] inline double beta_quantile(double a, double b, double p) noexcept {
  // Doubles from 0 to 1 lie in the order of their bits, so that the search ends at the right one.
  std::uint64_t low = 0;
  std::uint64_t high = std::bit_cast<std::uint64_t>(1.0);
  while (low < high) {
    const std::uint64_t middle = low + (high - low) / 2;
    if (math::ibeta(a, b, std::bit_cast<double>(middle)) >= p)
      high = middle;
    else
      low = middle + 1;
  }
  return std::bit_cast<double>(high);
}

/// The equal-tailed interval of a Beta variable, such as a share after `a - a0` successes and `b - b0` failures with
/// the prior shapes a0 and b0.
[[nodiscard]] inline interval beta_interval(double a, double b, double confidence) noexcept {
  const double tail = (1.0 - confidence) / 2.0;
  return {beta_quantile(a, b, tail), beta_quantile(a, b, 1.0 - tail)};
}

/// The ratio of two sums over clusters (customers, periods) whose parts are not independent of each other: which part of
/// the money that was in one place came to another. Its variance is that of the linearised ratio,
/// m / (m - 1) x sum of (after - ratio x before)^2 / (sum of before)^2 over m clusters.
/// Source: W. G. Cochran, Sampling Techniques, 3rd edition, section 6.
class ratio_of_sums {
public:
  /// A cluster with something in `before`. Clusters must come in an order that does not depend on chance.
  void add(double before, double after) noexcept {
    clusters_ += 1.0;
    before_ += before;
    after_ += after;
    before_squared_ += before * before;
    after_squared_ += after * after;
    product_ += before * after;
  }
  [[nodiscard]] double clusters() const noexcept { return clusters_; }
  /// NaN where nothing was there before.
  [[nodiscard]] double value() const noexcept {
    return before_ > 0.0 ? after_ / before_ : std::numeric_limits<double>::quiet_NaN();
  }
  /// NaN for fewer than two clusters.
  [[nodiscard]] double variance() const noexcept {
    if (!(clusters_ >= 2.0 && before_ > 0.0))
      return std::numeric_limits<double>::quiet_NaN();
    const double ratio = value();
    const double squares = after_squared_ - 2.0 * ratio * product_ + ratio * ratio * before_squared_;
    return std::max(0.0, squares) * clusters_ / (clusters_ - 1.0) / (before_ * before_);
  }
  /// Value plus and minus Student's t of clusters - 1 degrees times the standard error, not below 0. For ratios that may
  /// exceed 1.
  [[nodiscard]] interval plain_interval(double confidence) const noexcept {
    if (!(clusters_ >= 2.0 && before_ > 0.0))
      return {};
    const double t = student_quantile(clusters_ - 1.0, confidence);
    const double half = t * math::value_of(math::sqrt(math::real(variance())));
    return {std::max(0.0, value() - half), value() + half};
  }
  /// Wilson's interval with as many trials as would have this variance, and Student's t in place of the normal quantile:
  /// it stays inside of 0 and 1. Where all clusters have the same share, each counts as one trial.
  /// Source: E. L. Korn and B. I. Graubard, Survey Methodology 24 (1998), for the effective number of trials.
  [[nodiscard]] interval share_interval_of(double confidence) const noexcept {
    if (!(clusters_ >= 2.0 && before_ > 0.0))
      return {};
    const double share = std::clamp(value(), 0.0, 1.0);
    const double t = student_quantile(clusters_ - 1.0, confidence);
    const double spread = share * (1.0 - share);
    const double deviation = variance();
    const bool informs = spread > 0.0 && deviation > 1e-12 * spread;
    return wilson_interval(share, informs ? spread / deviation : clusters_, t);
  }

private:
  double clusters_ = 0.0;
  double before_ = 0.0;
  double after_ = 0.0;
  double before_squared_ = 0.0;
  double after_squared_ = 0.0;
  double product_ = 0.0;
};

} // namespace emptor::stats
