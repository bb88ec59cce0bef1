// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <vector>

#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/intervals.hpp>
#include <emptor/stats/test_tails.hpp>

/// Whether a decision accepts groups of applicants equally often (差别影响, 五分之四规则).
namespace emptor::credit {

/// How many of a group there are, and how many of them are accepted, by weight.
struct accepted_share {
  double weight = 0.0;
  double accepted = 0.0;
  double squares = 0.0; ///< sum of squared weights
  std::int64_t rows = 0;

  [[nodiscard]] double rate() const noexcept { return math::value_of(math::real(accepted) / weight); }
  /// As many rows of equal weight would say as much (L. Kish, 1965).
  [[nodiscard]] double size(bool frequency) const noexcept {
    return frequency || !(squares > 0.0) ? weight : math::value_of(math::real(weight) * weight / squares);
  }
};

/// A ratio of two shares with its interval, from Wilson's intervals of both (A. Donner and G. Y. Zou, Closed-form confidence
/// intervals for functions of the normal mean and standard deviation, Statistical Methods in Medical Research 21, 2012,
/// the recovery of variances for a ratio). It has a lower end of 0 where the first share is 0, and no upper end, which is infinite,
/// where the second one may be 0.
struct share_ratio {
  double value = std::numeric_limits<double>::quiet_NaN();
  stats::interval within{};
};
/// \param second  a share above 0, else nothing is defined
[[nodiscard]] inline share_ratio ratio_of_shares(double first, double first_size, double second,
                                                 double second_size, double z) noexcept {
  using math::real;
  share_ratio made;
  if (!(second > 0.0) || !(first >= 0.0))
    return made;
  made.value = math::value_of(real(first) / second);
  const stats::interval one = stats::wilson_interval(first, first_size, z);
  const stats::interval two = stats::wilson_interval(second, second_size, z);
  const real product = real(first) * second;
  const auto turned = [](double end, double share) { return real(end) * (real(2.0) * share - end); };
  const real low_first = turned(one.low, first);
  const real high_first = turned(one.high, first);
  const real low_second = turned(two.low, second);
  const real high_second = turned(two.high, second);
  const auto root = [&](real of_first, real of_second) {
    return math::sqrt(max(product * product - of_first * of_second, real(0.0)));
  };
  const real below =
      product + root(low_first, high_second); // the usual form times its conjugate: nothing cancels
  made.within.low = math::value_of(low_first) > 0.0 ? math::value_of(low_first / below) : 0.0;
  made.within.high = math::value_of(low_second) > 0.0
                         ? math::value_of((product + root(high_first, low_second)) / low_second)
                         : std::numeric_limits<double>::infinity();
  return made;
}

/// The chance of shares as far apart where both are equal, two-sided, by the pooled normal test; NaN where all or none are
/// accepted.
[[nodiscard]] inline double equal_shares_p(double first, double first_size, double second,
                                           double second_size) noexcept {
  using math::real;
  const real pooled =
      (real(first) * first_size + real(second) * second_size) / (real(first_size) + second_size);
  const real variance = pooled * (real(1.0) - pooled) * (real(1.0) / first_size + real(1.0) / second_size);
  if (!(math::value_of(variance) > 0.0))
    return std::numeric_limits<double>::quiet_NaN();
  return stats::two_sided_normal_p(math::value_of((real(first) - second) / math::sqrt(variance)));
}

} // namespace emptor::credit
