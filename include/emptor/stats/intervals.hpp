// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include <emptor/math/elementary.hpp>
#include <emptor/math/normal_quantile.hpp>

namespace emptor::stats {

struct interval {
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
};

/// Score interval of a share (E. B. Wilson, Probable inference, the law of succession, and statistical inference, Journal
/// of the American Statistical Association 22, 1927). It lies in [0, 1], and is no point for a share of 0 or 1.
/// \param n  trials, may be an effective number; NaN for n <= 0  \param z  normal quantile of the confidence
[[nodiscard]] inline interval wilson_interval(double share, double n, double z) noexcept {
  using math::real;
  if (!(n > 0.0))
    return {};
  const real p(share);
  const real square = real(z) * z;
  const real bottom = real(1.0) + square / n;
  const real middle = (p + square / (real(2.0) * n)) / bottom;
  const real half = real(z) / bottom * sqrt(p * (real(1.0) - p) / n + square / (real(4.0) * n * n));
  return {std::clamp(math::value_of(middle - half), 0.0, share),
          std::clamp(math::value_of(middle + half), share, 1.0)};
}

/// The z that a standard normal variable keeps within, up to both sides, with the given probability.
/// \param confidence in (0, 1)
[[nodiscard]] inline double two_sided_normal_quantile(double confidence) noexcept {
  return math::normal_quantile(math::value_of(math::real(0.5) + math::real(0.5) * confidence));
}

} // namespace emptor::stats
