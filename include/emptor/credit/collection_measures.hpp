// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/stats/share_interval.hpp>

/// Which collection measure works for whom (催收措施): success rates of past attempts by measure and class of customers.
///
/// The rate of a class is drawn towards that of the measure over all classes as far as classes differ no more than chance:
/// a Beta distribution over the classes, by moments. It says what happened to those on whom a measure was tried; where
/// the hard cases got the hard measures, that is not what the measure did.
namespace emptor::credit {

inline constexpr std::string_view collection_measures_name = "credit.collection_measures";

/// Attempts of one measure on one class.
struct measure_counts {
  double attempts = 0.0;
  double successes = 0.0;
  double cost = 0.0; ///< of all attempts whose cost is known
  double costed = 0.0;
};

/// How the rates of a measure vary over classes.
struct rate_prior {
  double a = 0.5;
  double b = 0.5;
  bool pooled = false; ///< classes differ no more than chance: all have the rate of the measure
};

/// The prior of some classes by moments: the between-class correlation of
/// rho = (sum n (p - P)^2 - P (1 - P) (k - 1)) / (P (1 - P) (N - sum n^2 / N - (k - 1))) makes a Beta distribution with
/// a + b = 1 / rho - 1 and the mean P. With one class, or where all attempts ended the same way, it is Jeffreys' prior.
/// Source: J. C. Kleinman, Journal of the American Statistical Association 68 (1973).
[[nodiscard]] inline rate_prior prior_of(std::span<const measure_counts> classes) noexcept {
  double total = 0.0;
  double successes = 0.0;
  double squares = 0.0;
  for (const measure_counts& one : classes) {
    total += one.attempts;
    successes += one.successes;
    squares += one.attempts * one.attempts;
  }
  if (classes.size() < 2 || successes <= 0.0 || successes >= total)
    return {};
  const double mean = successes / total;
  double spread = 0.0;
  for (const measure_counts& one : classes) {
    const double away = one.successes / one.attempts - mean;
    spread += one.attempts * away * away;
  }
  const double variance = mean * (1.0 - mean);
  const double freedom = static_cast<double>(classes.size()) - 1.0;
  const double room = variance * (total - squares / total - freedom);
  const double correlation = (spread - variance * freedom) / room;
  if (!(room > 0.0) || !(correlation > 0.0))
    return {successes + 0.5, total - successes + 0.5, true};
  const double strength = std::max(1.0 / std::min(correlation, 1.0) - 1.0, 0.5);
  return {mean * strength, (1.0 - mean) * strength, false};
}

/// What is known of a measure for a class.
struct measure_estimate {
  double rate = 0.0; ///< as counted
  stats::interval counted;
  double probability = 0.0; ///< drawn towards the measure
  stats::interval drawn;
};

[[nodiscard]] inline measure_estimate estimate_measure(const measure_counts& counts, const rate_prior& prior,
                                                       double confidence) noexcept {
  const double z = stats::two_sided_normal_quantile(confidence);
  measure_estimate made;
  made.rate = counts.successes / counts.attempts;
  made.counted = stats::wilson_interval(made.rate, counts.attempts, z);
  const double a = prior.a + (prior.pooled ? 0.0 : counts.successes);
  const double b = prior.b + (prior.pooled ? 0.0 : counts.attempts - counts.successes);
  made.probability = a / (a + b);
  made.drawn = stats::beta_interval(a, b, confidence);
  return made;
}

/// The difference of two counted rates, with Newcombe's interval from their Wilson intervals.
/// Source: R. G. Newcombe, Statistics in Medicine 17 (1998), method 10.
struct rate_difference {
  double value = std::numeric_limits<double>::quiet_NaN();
  stats::interval ends;
};
[[nodiscard]] inline rate_difference difference_of(const measure_estimate& with,
                                                   const measure_estimate& without) {
  const auto root = [](double one, double other) {
    return math::value_of(math::sqrt(math::real(one) * one + math::real(other) * other));
  };
  const double value = with.rate - without.rate;
  return {value,
          {value - root(with.rate - with.counted.low, without.counted.high - without.rate),
           value + root(with.counted.high - with.rate, without.rate - without.counted.low)}};
}

} // namespace emptor::credit
