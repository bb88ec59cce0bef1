// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <limits>

#include <emptor/math/elementary.hpp>
#include <emptor/math/error_function.hpp>
#include <emptor/math/incomplete_beta.hpp>
#include <emptor/math/incomplete_gamma.hpp>
#include <emptor/math/real.hpp>

/// Tails of the distributions that tests are held against. NaN in gives NaN out.
namespace emptor::stats {

/// The chance that a standard normal variable is larger than z.
[[nodiscard]] inline double normal_tail(double z) noexcept {
  constexpr double root_half = 0.70710678118654752440;
  return 0.5 * math::erfc(math::value_of(math::real(z) * root_half));
}

/// The chance that a standard normal variable is farther from 0 than z, on either side.
[[nodiscard]] inline double two_sided_normal_p(double z) noexcept {
  return std::isnan(z) ? z : std::min(1.0, 2.0 * normal_tail(std::fabs(z)));
}

/// The chance that a chi-squared variable is larger than x. \param degrees > 0 \param x >= 0, may be infinite
[[nodiscard]] inline double chi_squared_tail(double x, double degrees) noexcept {
  if (std::isnan(x) || !(degrees > 0.0))
    return std::numeric_limits<double>::quiet_NaN();
  if (!(x > 0.0))
    return 1.0;
  return std::isinf(x) ? 0.0 : math::gamma_q(0.5 * degrees, 0.5 * x);
}

/// The x that a chi-squared variable exceeds with this probability: the middle of doubles next to each other, found by
/// bisection. \param probability in (0, 1) \param degrees > 0
[[nodiscard]] inline double chi_squared_limit(double probability, double degrees) noexcept {
  double low = 0.0;
  double high = std::fmax(1.0, degrees);
  for (int step = 0; step < 1000 && chi_squared_tail(high, degrees) > probability; ++step)
    high *= 2.0;
  for (int step = 0; step < 200; ++step) {
    const double middle = low + 0.5 * (high - low);
    if (!(middle > low && middle < high))
      break;
    (chi_squared_tail(middle, degrees) > probability ? low : high) = middle;
  }
  return high;
}

/// The chance of at least `events` among `trials` that each have the probability p: I_p(d, n - d + 1), which also says what
/// is meant where weights make them fractions. \param events from 0 to `trials` \param p in [0, 1]
[[nodiscard]] inline double binomial_tail(double events, double trials, double p) noexcept {
  if (!(events > 0.0))
    return events == 0.0 ? 1.0 : std::numeric_limits<double>::quiet_NaN();
  if (events > trials || p <= 0.0)
    return 0.0;
  if (p >= 1.0)
    return 1.0;
  return math::ibeta(events, math::value_of(math::real(trials) - events + 1.0), p);
}

/// The chance that the true probability is at most p, after `events` among `trials` and with Jeffreys' prior, the Beta
/// distribution of the shapes 1/2 and 1/2: small where p is too low.
[[nodiscard]] inline double jeffreys_p(double events, double trials, double p) noexcept {
  if (!(trials > 0.0) || std::isnan(p))
    return std::numeric_limits<double>::quiet_NaN();
  if (p <= 0.0)
    return 0.0;
  if (p >= 1.0)
    return 1.0;
  return math::ibeta(events + 0.5, math::value_of(math::real(trials) - events + 0.5), p);
}

} // namespace emptor::stats
