// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <boost/multiprecision/cpp_bin_float.hpp>

#include <emptor/value/planned_parts.hpp>

#include "support/random.hpp"

/// Planned figures in 50 digits, payment after payment.
namespace emptor::value::planned_oracle {

using digits = boost::multiprecision::cpp_bin_float_50;
inline constexpr double none = std::numeric_limits<double>::quiet_NaN();
inline constexpr double for_ever = std::numeric_limits<double>::infinity();

struct conventions {
  double rate = 0.1;
  double periods = for_ever;
  rate_kind how = rate_kind::effective;
  payment_timing when = payment_timing::end;
};

[[nodiscard]] inline digits force_of(double rate, rate_kind how) {
  using boost::multiprecision::log;
  return how == rate_kind::continuous ? digits(rate) : digits(log(digits(1) + rate));
}
/// What 1 of a period is worth at its start.
[[nodiscard]] inline digits at_start(double rate, rate_kind how, payment_timing when) {
  using boost::multiprecision::exp;
  const digits force = force_of(rate, how);
  switch (when) {
  case payment_timing::end:
    return exp(-force);
  case payment_timing::start:
    return 1;
  case payment_timing::middle:
    return exp(-force / 2);
  case payment_timing::spread:
    return force == 0 ? digits(1) : digits((1 - exp(-force)) / force);
  }
  return 0;
}
/// The present value of 1 a period that grows and is paid while the customer stays. Missing growth is 0, retention 1.
[[nodiscard]] inline digits annuity(const conventions& by, double growth, double retention, double periods) {
  using boost::multiprecision::exp;
  const digits grows = force_of(std::isnan(growth) ? 0.0 : growth, by.how);
  const digits ratio =
      exp(grows - force_of(by.rate, by.how)) * digits(std::isnan(retention) ? 1.0 : retention);
  const double n = std::isnan(periods) ? by.periods : periods;
  digits sum = 0;
  digits one = at_start(by.rate, by.how, by.when);
  for (double t = 0.0; t < n && t < 3000.0; t += 1.0) {
    sum += one;
    one *= ratio;
  }
  return sum;
}

/// What a formula makes of one row, with a column for every input. \param more  uniforms behind those of the conventions
template <template <class> class Formula>
[[nodiscard]] std::vector<double> figures(const conventions& by, const std::vector<double>& row,
                                          const std::vector<double>& more = {}) {
  std::vector<double> given{by.rate, by.periods, static_cast<double>(by.how), static_cast<double>(by.when),
                            1.0,     1.0};
  given.insert(given.end(), more.begin(), more.end());
  const Formula<math::real> of(given.data());
  std::vector<math::real> in(row.begin(), row.end());
  std::array<math::real, static_cast<std::size_t>(Formula<math::real>::outputs)> out;
  of.row(in.data(), out.data(), nullptr);
  std::vector<double> made;
  for (const math::real& one : out)
    made.push_back(math::value_of(one));
  return made;
}

[[nodiscard]] inline double between(test::variates& draw, double low, double high) {
  return low + (high - low) * draw.uniform();
}
[[nodiscard]] inline double maybe(test::variates& draw, double value) {
  return draw.uniform() < 0.3 ? none : value;
}
[[nodiscard]] inline conventions drawn(test::variates& draw) {
  return {between(draw, -0.1, 0.4), std::floor(between(draw, 0.0, 40.0)),
          draw.uniform() < 0.5 ? rate_kind::effective : rate_kind::continuous,
          static_cast<payment_timing>(static_cast<int>(4.0 * draw.uniform()))};
}
[[nodiscard]] inline digits or_zero(double x) {
  return std::isnan(x) ? digits(0) : digits(x);
}

} // namespace emptor::value::planned_oracle
