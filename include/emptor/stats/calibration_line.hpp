// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <emptor/core/run.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/newton.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/calibration.hpp>
#include <emptor/stats/event_odds.hpp>

namespace emptor::stats {

/// The line on which the logits of the true probabilities lie, logit(event) = intercept + slope x logit(probability), by maximum
/// likelihood: 0 and 1 where the probabilities are right, a slope below 1 where they are too far apart (D. R. Cox, Two
/// further applications of a model for binary regression, Biometrika 45, 1958).
struct calibration_line {
  calibration_state state = calibration_state::no_rows;
  double intercept = std::numeric_limits<double>::quiet_NaN();
  double intercept_error = std::numeric_limits<double>::quiet_NaN(); ///< standard error
  double slope = std::numeric_limits<double>::quiet_NaN();
  double slope_error = std::numeric_limits<double>::quiet_NaN();
  /// The intercept where the slope is 1: how far all probabilities are off together.
  double level = std::numeric_limits<double>::quiet_NaN();
  double level_error = std::numeric_limits<double>::quiet_NaN();
  calibration_state level_state = calibration_state::no_rows;
  calibration_test test; ///< of intercept 0 and slope 1, by the likelihood ratio with two degrees
};

namespace detail {

struct logit_row {
  double logit;
  double weight;
  bool event;
};

/// Log-likelihood with derivatives. \param centre, scale  of the logits, so that both coordinates are about 1
/// \tparam Slope  whether there is a slope beside the intercept; without it the logits count as they are
template <bool Slope>
void calibration_likelihood(std::span<const logit_row> rows, double centre, double scale,
                            std::span<const double> point, math::newton_value& out) {
  using math::real;
  real value(0.0);
  real gradient[2] = {0.0, 0.0};
  real hessian[3] = {0.0, 0.0, 0.0};
  for (const logit_row& row : rows) {
    const real x = Slope ? (real(row.logit) - centre) / scale : real(0.0);
    const real eta = Slope ? real(point[0]) + real(point[Slope ? 1 : 0]) * x : real(point[0]) + row.logit;
    const real small = math::exp(-abs(eta)); // never overflows
    const real p = (eta > real(0.0) ? real(1.0) : small) / (real(1.0) + small);
    const real rest = (eta > real(0.0) ? small : real(1.0)) / (real(1.0) + small);
    const real weight(row.weight);
    const real towards = row.event ? eta : -eta;
    value += weight * (min(towards, real(0.0)) - math::log1p(small));
    const real pull = weight * (row.event ? rest : -p);
    const real bend = weight * (p * rest);
    gradient[0] += pull;
    hessian[0] += bend;
    if constexpr (Slope) {
      gradient[1] += pull * x;
      hessian[1] += bend * x;
      hessian[2] += bend * (x * x);
    }
  }
  out.value = math::value_of(value);
  out.gradient[0] = math::value_of(gradient[0]);
  out.hessian[0] = -math::value_of(hessian[0]);
  if constexpr (Slope) {
    out.gradient[1] = math::value_of(gradient[1]);
    out.hessian[1] = out.hessian[2] = -math::value_of(hessian[1]);
    out.hessian[3] = -math::value_of(hessian[2]);
  }
}

} // namespace detail

/// \throws error status::cancelled
[[nodiscard]] inline calibration_line calibration_line_of(const forecast_rows& from, const run& how) {
  using math::real;
  calibration_line made;
  made.state = made.level_state = made.test.state = from.classes();
  if (made.state == calibration_state::computed && from.has_certain())
    made.state = made.level_state = made.test.state = calibration_state::certain;
  if (made.state != calibration_state::computed)
    return made;
  std::vector<detail::logit_row> rows;
  rows.reserve(from.rows().size());
  real sum(0.0);
  for (const forecast_row& row : from.rows()) {
    const double logit = log_odds_of(row.probability);
    rows.push_back({logit, row.weight, row.event});
    sum += real(row.weight) * logit;
  }
  const double centre = math::value_of(sum / from.weight());
  real squares(0.0);
  for (const detail::logit_row& row : rows) {
    const real off = real(row.logit) - centre;
    squares += real(row.weight) * (off * off);
  }
  const math::newton_options options{.limit = 200.0};
  // Beside the rate of all, which the shift that follows starts from.
  const double rate = from.event_rate();
  const double base = math::value_of(math::log(real(rate)) - math::log1p(-real(rate)));
  const double start_level[] = {base - centre};
  const math::newton_result level = math::maximise(
      [&](std::span<const double> point, math::newton_value& out) {
        detail::calibration_likelihood<false>(rows, 0.0, 1.0, point, out);
      },
      start_level, options, how);
  if (level.converged) {
    made.level = level.point[0];
    made.level_error = math::value_of(real(1.0) / math::sqrt(-real(level.hessian[0])));
  } else {
    made.level_state = calibration_state::no_spread;
  }
  if (rows.front().logit == rows.back().logit) {
    made.state = made.test.state = calibration_state::no_spread;
    return made;
  }
  const double scale = math::value_of(math::sqrt(squares / from.weight()));
  const double start[] = {base, 0.0};
  math::newton_options bounded = options;
  bounded.limit = 60.0; // of logits by standard deviations: farther only without an end
  const math::newton_result fit = math::maximise(
      [&](std::span<const double> point, math::newton_value& out) {
        detail::calibration_likelihood<true>(rows, centre, scale, point, out);
      },
      start, bounded, how);
  if (!fit.converged) {
    made.state = made.test.state = calibration_state::separated;
    return made;
  }
  const real slope = real(fit.point[1]) / scale;
  made.slope = math::value_of(slope);
  made.intercept = math::value_of(real(fit.point[0]) - slope * centre);
  // The inverse of the information, and from the scaled coordinates back to those of the line.
  const real a = -real(fit.hessian[0]);
  const real b = -real(fit.hessian[1]);
  const real d = -real(fit.hessian[3]);
  const real determinant = a * d - b * b;
  const real shift = real(centre) / scale;
  made.slope_error = math::value_of(math::sqrt(a / determinant) / scale);
  made.intercept_error =
      math::value_of(math::sqrt((d + real(2.0) * (b * shift) + a * (shift * shift)) / determinant));
  math::newton_value as_said{0.0, std::vector<double>(1), std::vector<double>(1)};
  const double nothing[] = {0.0};
  detail::calibration_likelihood<false>(rows, 0.0, 1.0, nothing, as_said);
  made.test.statistic = std::max(0.0, 2.0 * (fit.value - as_said.value));
  made.test.degrees = 2.0;
  made.test.p_value = chi_squared_tail(made.test.statistic, 2.0);
  return made;
}

} // namespace emptor::stats
