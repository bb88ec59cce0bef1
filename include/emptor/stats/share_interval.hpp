// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <emptor/core/money.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/incomplete_beta.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/intervals.hpp>
#include <emptor/stats/order_free_sum.hpp>
#include <emptor/stats/student.hpp>

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

/// The ratio of two sums over clusters (customers, invoices, periods), each of them one draw whose parts are not independent
/// of each other: which part of the money that was in one place came to another. Its variance is that of the linearised
/// ratio, m / (m - 1) x sum of (after - ratio x before)^2 / (sum of before)^2 over m clusters, from the residuals
/// themselves; it has the same bits whatever order clusters come in.
/// Source: W. G. Cochran, Sampling Techniques, 3rd edition 1977, chapter 6.
class ratio_of_sums {
public:
  /// A cluster. \param before in share_interval_of at least `after`, and that not below 0
  void add(wide_integer before, wide_integer after) {
    before_ += before;
    after_ += after;
    clusters_.push_back({nearest_double(before), nearest_double(after)});
  }
  /// Keeps the memory.
  void clear() noexcept {
    before_ = 0;
    after_ = 0;
    clusters_.clear();
  }
  [[nodiscard]] std::size_t clusters() const noexcept { return clusters_.size(); }
  /// NaN where nothing was there before.
  [[nodiscard]] double value() const noexcept {
    return before_ > 0 ? static_cast<double>(after_) / static_cast<double>(before_)
                       : std::numeric_limits<double>::quiet_NaN();
  }
  /// NaN for fewer than two clusters.
  [[nodiscard]] double variance() const noexcept {
    if (!estimates())
      return std::numeric_limits<double>::quiet_NaN();
    const math::real ratio(value());
    const math::real widening = math::real(count()) / (math::real(count()) - 1.0);
    return math::value_of(widening * squares_over_whole([&](const cluster& one) {
                            return math::real(one.after) - ratio * one.before;
                          }));
  }
  /// As many independent trials as would know the share as well (E. L. Korn and B. I. Graubard, Confidence intervals for
  /// proportions with small expected number of positive counts estimated from survey data, Survey Methodology 24, 1998),
  /// but no more than the clusters weigh, (sum of before)^2 / sum of before^2 (L. Kish, Survey Sampling, 1965): so many
  /// would do if each cluster came whole or not at all. Clusters that all have the same share happen to agree; that no
  /// other one would differ they do not show.
  [[nodiscard]] double effective_trials() const noexcept {
    if (!estimates())
      return std::numeric_limits<double>::quiet_NaN();
    const math::real share(std::clamp(value(), 0.0, 1.0));
    const math::real spread = share * (math::real(1.0) - share);
    const double most = math::value_of(
        math::real(1.0) / squares_over_whole([](const cluster& one) { return math::real(one.before); }));
    const double deviation = variance();
    return math::value_of(spread) < most * deviation ? math::value_of(spread / deviation) : most;
  }
  /// Value plus and minus Student's t of clusters - 1 degrees times the standard error. For ratios of any size.
  [[nodiscard]] interval plain_interval(student_quantiles& t) const {
    if (!estimates())
      return {};
    const math::real half = math::real(t.of(clusters_.size())) * math::sqrt(math::real(variance()));
    return {math::value_of(math::real(value()) - half), math::value_of(math::real(value()) + half)};
  }
  /// Wilson's interval of the effective trials, with Student's t of clusters - 1 degrees in place of the normal quantile: it
  /// stays inside of 0 and 1.
  [[nodiscard]] interval share_interval_of(student_quantiles& t) const {
    return estimates()
               ? wilson_interval(std::clamp(value(), 0.0, 1.0), effective_trials(), t.of(clusters_.size()))
               : interval{};
  }

private:
  struct cluster {
    double before;
    double after;
  };
  [[nodiscard]] bool estimates() const noexcept { return clusters_.size() >= 2 && before_ > 0; }
  [[nodiscard]] double count() const noexcept { return static_cast<double>(clusters_.size()); }
  /// The sum of squares of what `of` says of each cluster, over the square of all that was before.
  template <class Of>
  [[nodiscard]] math::real squares_over_whole(const Of& of) const noexcept {
    double largest = 0.0;
    for (const cluster& one : clusters_)
      largest = std::max(largest, math::value_of(math::abs(of(one))));
    if (!(largest > 0.0))
      return math::real(0.0);
    order_free_sum parts; // of the largest one
    for (const cluster& one : clusters_) {
      const math::real part = of(one) / largest;
      parts.add(math::value_of(part * part));
    }
    const math::real scale = math::real(largest) / static_cast<double>(before_);
    return scale * scale * parts.value();
  }

  wide_integer before_ = 0;
  wide_integer after_ = 0;
  std::vector<cluster> clusters_;
};

} // namespace emptor::stats
