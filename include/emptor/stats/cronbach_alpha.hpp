// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <emptor/math/real.hpp>

/// How far the items of a scale measure the same thing (信度).
namespace emptor::stats {

/// Cronbach's alpha of complete answers by weights: k / (k - 1) x (1 - sum of the variances of the items / variance of their
/// sum). It is not cut off below 0, which tells of items that run against each other.
/// Source: L. J. Cronbach, Coefficient alpha and the internal structure of tests, Psychometrika 16, 1951.
/// \param rounding  numbers that are all that close to their mean do not vary
/// \param columns  of the items, of equal length \return NaN of fewer than two items or answers, or of a sum that does not vary
[[nodiscard]] inline double cronbach_alpha(std::span<const std::vector<double>> columns,
                                           std::span<const double> weights, double rounding) {
  const std::size_t items = columns.size();
  if (items < 2 || weights.size() < 2)
    return std::numeric_limits<double>::quiet_NaN();
  math::real weight(0.0);
  for (const double one : weights)
    weight = weight + one;
  bool varies = false;
  const auto variance = [&](const auto& value) {
    math::real sum(0.0);
    for (std::size_t row = 0; row < weights.size(); ++row)
      sum = sum + weights[row] * value(row);
    const math::real mean = sum / weight;
    math::real squares(0.0);
    varies = false;
    for (std::size_t row = 0; row < weights.size(); ++row) {
      const math::real off = value(row) - mean;
      squares = squares + weights[row] / weight * off * off;
      varies = varies || abs(off) > math::real(rounding);
    }
    return varies ? squares : math::real(0.0);
  };
  math::real parts(0.0);
  for (const std::vector<double>& one : columns)
    parts = parts + variance([&](std::size_t row) { return math::real(one[row]); });
  const math::real whole = variance([&](std::size_t row) {
    math::real sum(0.0);
    for (const std::vector<double>& one : columns)
      sum = sum + one[row];
    return sum;
  });
  if (!(math::value_of(whole) > 0.0))
    return std::numeric_limits<double>::quiet_NaN();
  const auto k = static_cast<double>(items);
  return math::value_of(k / math::real(k - 1.0) * (1.0 - parts / whole));
}

} // namespace emptor::stats
