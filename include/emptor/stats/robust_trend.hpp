// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <vector>

#include <emptor/math/elementary.hpp>
#include <emptor/stats/intervals.hpp>

namespace emptor::stats {

/// A value on a day.
struct dated_value {
  std::int32_t day = 0;
  double value = 0.0;

  friend bool operator<(const dated_value& left, const dated_value& right) noexcept {
    return left.day != right.day ? left.day < right.day : left.value < right.value;
  }
};

struct robust_trend {
  double slope = std::numeric_limits<double>::quiet_NaN(); ///< a day
  interval within;                                         ///< of the slope
  double p_value = std::numeric_limits<double>::quiet_NaN();
};

/// The median of the slopes between all pairs of points of different days (Theil 1950), its interval from the variance of
/// Kendall's S (P. K. Sen, Estimates of the regression coefficient based on Kendall's tau, Journal of the American
/// Statistical Association 63, 1968), and the two-sided Mann-Kendall test that there is none, with the correction for
/// continuity; ties of days and of values are in the variance (M. G. Kendall, Rank Correlation Methods, 1955). Up to 29
/// points in 100 may be anything.
///
/// Time and memory grow with the square of the number of points. \param points  sorted  \param z  normal quantile of the
/// interval  \return NaN for what too few points say nothing about: an end of the interval, the test, or all
class robust_trend_finder {
public:
  [[nodiscard]] robust_trend operator()(std::span<const dated_value> points, double z) {
    using math::real;
    using math::value_of;
    slopes_.clear();
    double s = 0.0;
    for (std::size_t i = 0; i < points.size(); ++i) {
      for (std::size_t j = i + 1; j < points.size(); ++j) {
        if (points[i].day == points[j].day)
          continue;
        const double rise = points[j].value - points[i].value;
        s += rise > 0.0 ? 1.0 : rise < 0.0 ? -1.0 : 0.0;
        slopes_.push_back(rise / static_cast<double>(points[j].day - points[i].day));
      }
    }
    robust_trend found;
    if (slopes_.empty())
      return found;
    const std::size_t count = slopes_.size();
    found.slope = count % 2 == 1
                      ? slope_at(count / 2)
                      : value_of(real(0.5) * (real(slope_at(count / 2 - 1)) + slope_at(count / 2)));
    const double spread = variance(points);
    if (!(spread > 0.0))
      return found;
    const double deviation = math::sqrt(spread);
    const double distance = std::max(math::abs(s) - 1.0, 0.0) / deviation;
    found.p_value = value_of(erfc(real(distance) * 0.70710678118654752));
    // The ranks of the slopes that end the interval, each one outward where it falls between two.
    const double half = value_of(real(z) * deviation);
    const auto n = static_cast<double>(count);
    const double low = std::floor((n - half) / 2.0) - 1.0;
    const double high = std::ceil((n + half) / 2.0);
    if (low >= 0.0)
      found.within.low = slope_at(static_cast<std::size_t>(low));
    if (high <= n - 1.0)
      found.within.high = slope_at(static_cast<std::size_t>(high));
    return found;
  }

private:
  [[nodiscard]] double slope_at(std::size_t rank) {
    const auto at = slopes_.begin() + static_cast<std::ptrdiff_t>(rank);
    std::nth_element(slopes_.begin(), at, slopes_.end());
    return *at;
  }
  /// Of Kendall's S, where nothing depends on the day.
  [[nodiscard]] double variance(std::span<const dated_value> points) {
    values_.clear();
    for (const dated_value& one : points)
      values_.push_back(one.value);
    std::sort(values_.begin(), values_.end());
    const ties days = ties_of(points.size(), [&](std::size_t i) { return points[i].day; });
    const ties levels = ties_of(points.size(), [&](std::size_t i) { return values_[i]; });
    const auto n = static_cast<double>(points.size());
    double all = (n * (n - 1.0) * (2.0 * n + 5.0) - days.weighted - levels.weighted) / 18.0;
    all += days.pairs * levels.pairs / (2.0 * n * (n - 1.0));
    if (points.size() > 2)
      all += days.triples * levels.triples / (9.0 * n * (n - 1.0) * (n - 2.0));
    return all;
  }
  struct ties {
    double weighted = 0.0; ///< sum of t (t - 1) (2 t + 5)
    double pairs = 0.0;    ///< t (t - 1)
    double triples = 0.0;  ///< t (t - 1) (t - 2)
  };
  template <class Value>
  [[nodiscard]] static ties ties_of(std::size_t n, const Value& value) {
    ties all;
    for (std::size_t first = 0; first < n;) {
      std::size_t last = first + 1;
      while (last < n && value(last) == value(first))
        ++last;
      const auto t = static_cast<double>(last - first);
      all.weighted += t * (t - 1.0) * (2.0 * t + 5.0);
      all.pairs += t * (t - 1.0);
      all.triples += t * (t - 1.0) * (t - 2.0);
      first = last;
    }
    return all;
  }

  std::vector<double> slopes_;
  std::vector<double> values_;
};

} // namespace emptor::stats
