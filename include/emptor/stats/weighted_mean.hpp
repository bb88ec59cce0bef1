// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>

#include <emptor/math/real.hpp>

namespace emptor::stats {

/// A mean of draws that weigh differently, and how exact it is.
struct weighted_mean {
  double mean = std::numeric_limits<double>::quiet_NaN();     ///< NaN of none
  double variance = std::numeric_limits<double>::quiet_NaN(); ///< of the mean; NaN of fewer than two draws
  std::size_t draws = 0;                                      ///< that are independent: clusters
};

/// Mean of numbers by weights above 0, and the variance of that mean: linearised as that of a ratio, n / (n - 1) x sum of (weight
/// x (x - mean))^2 / (sum of weights)^2, which with equal weights is the usual one. Numbers of one cluster, which stand
/// together, are one draw: their terms are added before they are squared.
/// Source: W. G. Cochran, Sampling Techniques, 3rd edition 1977, chapters 6 and 9.
/// \param rounding  numbers that are all that close to their mean do not vary
/// \param clusters  of each number whose it is; empty where each is a draw of its own
[[nodiscard]] inline weighted_mean weighted_mean_of(std::span<const double> values,
                                                    std::span<const double> weights, double rounding = 0.0,
                                                    std::span<const std::uint32_t> clusters = {}) {
  math::real sum(0.0);
  math::real weight(0.0);
  for (std::size_t i = 0; i < values.size(); ++i) {
    sum = sum + math::real(weights[i]) * values[i];
    weight = weight + weights[i];
  }
  weighted_mean made;
  if (values.empty())
    return made;
  const math::real mean = sum / weight;
  math::real squares(0.0);
  math::real together(0.0);
  bool varies = false;
  for (std::size_t i = 0; i < values.size(); ++i) {
    const math::real off = math::real(values[i]) - mean;
    together = together + weights[i] / weight * off;
    varies = varies || abs(off) > rounding;
    if (clusters.empty() || i + 1 == values.size() || clusters[i + 1] != clusters[i]) {
      squares = squares + together * together;
      together = math::real(0.0);
      ++made.draws;
    }
  }
  made.mean = math::value_of(mean);
  const auto n = static_cast<double>(made.draws);
  if (made.draws >= 2)
    made.variance = varies ? math::value_of(squares * (n / (n - 1.0))) : 0.0;
  return made;
}

} // namespace emptor::stats
