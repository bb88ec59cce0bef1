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
#include <emptor/math/normal_quantile.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/path_model_resampling.hpp>
#include <emptor/stats/quantile.hpp>

/// What resamples say about a figure: its standard error, intervals and p-value.
/// Source: B. Efron, R. J. Tibshirani, An Introduction to the Bootstrap, 1993, chapters 12 to 14; R. J. Hyndman, Y. Fan,
/// Sample quantiles in statistical packages, The American Statistician 50 (1996) 361-365 (type 7).
namespace emptor::stats {

/// How an interval is made of resamples.
enum class resample_interval : std::int32_t {
  percentile = 0, ///< quantiles of the resamples
  basic = 1,      ///< twice the estimate less the other quantile
  bca = 2,        ///< quantiles moved for bias and skewness
};
inline constexpr std::string_view resample_intervals[] = {"percentile", "basic", "bca"};

/// NaN where too few resamples are there.
struct resample_summary {
  double mean = std::numeric_limits<double>::quiet_NaN();
  double deviation =
      std::numeric_limits<double>::quiet_NaN(); ///< the bootstrap standard error, divided by B - 1
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
  double p_value = std::numeric_limits<double>::quiet_NaN(); ///< 2 min(share <= 0, share > 0)
  std::int64_t resamples = 0;
};

/// The jackknife's standard error and acceleration of a figure.
struct jackknife_summary {
  double deviation = std::numeric_limits<double>::quiet_NaN();
  double acceleration = std::numeric_limits<double>::quiet_NaN();
};

namespace detail {
/// The values of a figure in the resamples that converged.
[[nodiscard]] inline std::vector<double> converged_values(const path_resamples& from, std::size_t figure) {
  std::vector<double> made;
  made.reserve(from.resamples());
  const std::span<const double> values = from.values_of(figure);
  for (std::size_t b = 0; b < values.size(); ++b)
    if (from.statuses[b] == path_status::converged && std::isfinite(values[b]))
      made.push_back(values[b]);
  return made;
}
/// The sum of terms, in eight sums side by side that do not wait for each other.
template <class Term>
[[nodiscard]] math::real sum_of(const std::vector<double>& values, const Term& term) {
  constexpr std::size_t side_by_side = 8;
  math::real sums[side_by_side] = {0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0, 0.0};
  std::size_t i = 0;
  for (; i + side_by_side <= values.size(); i += side_by_side)
    for (std::size_t k = 0; k < side_by_side; ++k)
      sums[k] += term(math::real(values[i + k]));
  for (; i < values.size(); ++i)
    sums[i % side_by_side] += term(math::real(values[i]));
  return ((sums[0] + sums[1]) + (sums[2] + sums[3])) + ((sums[4] + sums[5]) + (sums[6] + sums[7]));
}
} // namespace detail

/// Standard error sqrt((n - 1) / n sum (mean - x)^2) and acceleration of the values without one case each (Efron and
/// Tibshirani 1993, 11.5 and 14.15). \param figure  its place among the names
[[nodiscard]] inline jackknife_summary summary_of_jackknife(const path_resamples& from, std::size_t figure) {
  jackknife_summary made;
  const std::vector<double> values = detail::converged_values(from, figure);
  if (values.size() < 2)
    return made;
  const math::real n(static_cast<double>(values.size()));
  math::real sum(0.0);
  for (const double one : values)
    sum += one;
  const math::real mean = sum / n;
  math::real squares(0.0);
  math::real cubes(0.0);
  for (const double one : values) {
    const math::real left = mean - one;
    squares += left * left;
    cubes += left * left * left;
  }
  made.deviation = math::value_of(sqrt((n - 1.0) / n * squares));
  if (squares > math::real(0.0))
    made.acceleration = math::value_of(cubes / (math::real(6.0) * squares * sqrt(squares)));
  return made;
}

/// \param jackknife  for bca, else it does not matter
[[nodiscard]] inline resample_summary summary_of(const path_resamples& from, std::size_t figure,
                                                 double confidence, resample_interval kind,
                                                 const jackknife_summary& jackknife = {}) {
  resample_summary made;
  std::vector<double> values = detail::converged_values(from, figure);
  made.resamples = static_cast<std::int64_t>(values.size());
  if (values.size() < 2)
    return made;
  const math::real count(static_cast<double>(values.size()));
  const double estimate = from.estimates[figure];
  std::size_t not_above = 0;
  std::size_t below = 0;
  for (const double one : values) {
    not_above += one <= 0.0 ? 1 : 0;
    below += one < estimate ? 1 : 0;
  }
  const math::real mean = detail::sum_of(values, [](math::real one) { return one; }) / count;
  const math::real squares =
      detail::sum_of(values, [&](math::real one) { return (one - mean) * (one - mean); });
  made.mean = math::value_of(mean);
  made.deviation = math::value_of(sqrt(squares / (count - 1.0)));
  made.p_value = math::value_of(math::real(2.0) *
                                static_cast<double>(std::min(not_above, values.size() - not_above)) / count);
  double low = math::value_of((math::real(1.0) - confidence) / 2.0);
  double high = math::value_of(math::real(1.0) - low);
  if (kind == resample_interval::bca) {
    const double share = math::value_of(math::real(static_cast<double>(below)) / count);
    if (!(share > 0.0) || !(share < 1.0) || std::isnan(jackknife.acceleration))
      return made; // all resamples lie on one side of the estimate: there is no correction for that
    const math::real bias(math::normal_quantile(share));
    const auto moved = [&](double part) {
      const math::real z = bias + math::normal_quantile(part);
      return math::value_of(math::erfc(-(bias + z / (math::real(1.0) - z * jackknife.acceleration)) *
                                       math::real(0.70710678118654752440)) /
                            2.0);
    };
    low = moved(low);
    high = moved(high);
  }
  made.low = quantile_type_7(values, low);
  made.high = quantile_type_7(values, high);
  if (kind == resample_interval::basic) {
    const double other = math::value_of(math::real(2.0) * estimate - made.high);
    made.high = math::value_of(math::real(2.0) * estimate - made.low);
    made.low = other;
  }
  return made;
}

} // namespace emptor::stats
