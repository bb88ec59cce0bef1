// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>

#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/student.hpp>

/// What the next value of somebody will be, given his own history and, where that is thin, what is known of others.
namespace emptor::stats {

/// Values that were seen of one customer.
struct own_history {
  double mean = std::numeric_limits<double>::quiet_NaN();
  double deviation = std::numeric_limits<double>::quiet_NaN(); ///< standard deviation, divisor count - 1
  double count = 0.0;
};

/// What is known of values before any is seen: those of the customer's group.
struct prior_values {
  double mean = std::numeric_limits<double>::quiet_NaN(); ///< NaN: only how much values vary is known
  double deviation = std::numeric_limits<double>::quiet_NaN();
  double weight = 0.0; ///< how many values of his own it is worth; 0 = nothing is known
};

/// The predictive distribution of the next value: Student's t.
///
/// Values are normal with unknown mean and variance; the conjugate prior (normal-inverse-chi-squared, Gelman et al.,
/// Bayesian Data Analysis, section 3.3) counts for `weight` values: kappa = weight + n, nu = weight + n,
/// location = (weight m0 + n mean) / kappa, and nu s^2 = weight s0^2 + (n - 1) deviation^2 + (weight n / kappa)
/// (mean - m0)^2. Where nothing is known before, kappa = n and nu = n - 1 (Jeffreys' prior); where only the
/// deviation is, kappa = n and nu = weight + n - 1.
class predictive {
public:
  /// \param least  deviations below it are taken as this one, as of values that are rounded
  predictive(const own_history& own, const prior_values& prior, double least) noexcept {
    using math::real;
    const bool varies = prior.weight > 0.0 && prior.deviation >= 0.0;
    const bool centred = varies && prior.mean == prior.mean;
    const real n(own.count >= 1.0 && own.mean == own.mean ? own.count : 0.0);
    const real weight(varies ? prior.weight : 0.0);
    const real before(centred ? prior.weight : 0.0);
    const real kappa = before + n;
    real sum = varies ? weight * real(prior.deviation) * real(prior.deviation) : real(0.0);
    real nu = weight;
    if (!(kappa > real(0.0)))
      return;
    real location(centred ? prior.mean : own.mean);
    if (n > real(0.0)) {
      if (n > real(1.0)) {
        if (!(own.deviation >= 0.0))
          return;
        sum += (n - 1.0) * real(own.deviation) * real(own.deviation);
      }
      nu += centred ? n : n - 1.0;
      if (centred) {
        const real shift = real(own.mean) - real(prior.mean);
        sum += weight * (n / kappa) * shift * shift;
        location = real(prior.mean) + n / kappa * shift;
      }
    }
    if (!(nu > real(0.0)))
      return;
    const real scale = math::sqrt(sum / nu);
    location_ = math::value_of(location);
    scale_ = math::value_of(scale < real(least) ? real(least) : scale);
    degrees_ = math::value_of(nu);
    kappa_ = math::value_of(kappa);
  }

  /// Whether there is enough to say anything.
  [[nodiscard]] bool known() const noexcept { return degrees_ > 0.0; }
  [[nodiscard]] double location() const noexcept { return location_; }
  [[nodiscard]] double scale() const noexcept { return scale_; }
  [[nodiscard]] double degrees() const noexcept { return degrees_; }
  /// The spread of a value whose own variance is so many times that of the history's.
  [[nodiscard]] double spread(double variance_ratio = 1.0) const noexcept {
    using math::real;
    return math::value_of(real(scale_) * math::sqrt(real(variance_ratio) + real(1.0) / real(kappa_)));
  }

private:
  double location_ = std::numeric_limits<double>::quiet_NaN();
  double scale_ = std::numeric_limits<double>::quiet_NaN();
  double degrees_ = 0.0;
  double kappa_ = 0.0;
};

} // namespace emptor::stats
