// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <limits>

#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>

/// Probabilities of an event and their log odds (对数几率).
namespace emptor::stats {

/// log(p / (1 - p)): -infinity at 0, infinity at 1.
[[nodiscard]] inline double log_odds_of(double probability) noexcept {
  if (probability <= 0.0)
    return -std::numeric_limits<double>::infinity();
  if (probability >= 1.0)
    return std::numeric_limits<double>::infinity();
  return math::value_of(log(math::real(probability)) - log1p(-math::real(probability)));
}

/// 1 / (1 + exp(-x)), without a loss of digits on either side.
[[nodiscard]] inline double probability_of(double log_odds) noexcept {
  const math::real down = exp(-math::real(std::fabs(log_odds)));
  const math::real small = down / (1.0 + down);
  return math::value_of(log_odds < 0.0 ? small : 1.0 / (1.0 + down));
}

} // namespace emptor::stats
