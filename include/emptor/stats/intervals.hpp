// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <emptor/math/elementary.hpp>
#include <emptor/math/incomplete_beta.hpp>
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

/// The t that a variable of Student's distribution keeps within, up to both sides, with the given probability.
/// \param freedom > 0  \param confidence in (0, 1)
[[nodiscard]] inline double student_quantile(double freedom, double confidence) noexcept {
  // P(|T| > t) = I_x(freedom / 2, 1 / 2) with x = freedom / (freedom + t^2); x is found by halving what holds it.
  const double outside = math::value_of(math::real(1.0) - confidence);
  double low = 0.0;
  double high = 1.0;
  for (int i = 0; i < 200; ++i) {
    const double middle = low + (high - low) / 2.0;
    if (middle <= low || middle >= high)
      break;
    (math::ibeta(freedom / 2.0, 0.5, middle) < outside ? low : high) = middle;
  }
  return math::value_of(sqrt(math::real(freedom) * (math::real(1.0) - low) / low));
}

/// `student_quantile` for n - 1 degrees of freedom, each worked out once; from 1,000 on it is that of 1,000.
class student_quantiles {
public:
  explicit student_quantiles(double confidence)
      : confidence_(confidence)
      , known_(1000, 0.0) {}
  /// \param n >= 2
  [[nodiscard]] double of(std::size_t n) {
    const std::size_t freedom = std::min<std::size_t>(n - 1, known_.size());
    double& known = known_[freedom - 1];
    if (known == 0.0)
      known = student_quantile(static_cast<double>(freedom), confidence_);
    return known;
  }

private:
  double confidence_;
  std::vector<double> known_;
};

} // namespace emptor::stats
