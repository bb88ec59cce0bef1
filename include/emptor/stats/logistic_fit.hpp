// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/text.hpp>
#include <emptor/stats/logistic_separation.hpp>

/// How a logistic regression is asked for, and what comes back.
namespace emptor::stats {

inline constexpr std::size_t most_logistic_columns = 1000;

/// What a fit is asked for; penalties are on the scale of the log-likelihood.
struct logistic_options {
  bool intercept = true;
  double l2 = 0.0;
  double l1 = 0.0;
  bool firth = false;       ///< not together with other penalties and signs
  std::vector<int> signs{}; ///< of each column 1 (at least 0), -1 (at most 0) or 0 (free); empty = all free
  int most_steps = 200;
  /// Coefficients to begin with, the intercept first where there is one; empty = none. They cost or save steps and change
  /// nothing else beyond rounding.
  std::vector<double> start{};
};

/// How a fit ended.
enum class logistic_state {
  converged,
  collinear,     ///< some columns are linear combinations of others: `collinear` names them
  separated,     ///< the likelihood rises for ever in a direction: `separation`
  not_converged, ///< the steps ran out
};

/// A column that is constant, or a linear combination of others.
struct collinear_column {
  std::size_t column = 0;
  std::vector<std::size_t> of; ///< the columns it is made of; none: it is constant
};

/// A fit: log odds = intercept + offset + sum of coefficient x column; log-likelihoods in nats.
struct logistic_fit {
  logistic_state state = logistic_state::not_converged;
  int steps = 0;
  double intercept = 0.0;
  std::vector<double> coefficients; ///< 0 where a penalty or a sign holds them there
  double log_likelihood = 0.0;      ///< without penalties
  double penalised_log_likelihood = 0.0;
  double null_log_likelihood = 0.0; ///< of the intercept (and offset) alone; NaN if that was not found
  double trials = 0.0;              ///< sum of the weights of all rows
  double events = 0.0;
  bool has_intercept = true;
  /// Inverse of the information, the intercept first, where there is one; row-major. It has 0 for what is held at 0. Empty
  /// with l1 or l2, which leave no standard errors to speak of.
  std::vector<double> covariance;
  std::vector<collinear_column> collinear;
  logistic_separation separation;

  [[nodiscard]] std::size_t lead() const noexcept { return has_intercept ? 1 : 0; }
  [[nodiscard]] double deviance() const noexcept { return -2.0 * log_likelihood; }
  [[nodiscard]] double null_deviance() const noexcept { return -2.0 * null_log_likelihood; }
  /// Coefficients that are not held at 0, the intercept among them.
  [[nodiscard]] std::size_t parameters() const noexcept {
    return lead() + static_cast<std::size_t>(std::count_if(coefficients.begin(), coefficients.end(),
                                                           [](double one) { return one != 0.0; }));
  }
  /// \param column  NaN where it is held at 0 or there are none
  [[nodiscard]] double standard_error(std::size_t column) const noexcept { return error_at(lead() + column); }
  [[nodiscard]] double intercept_error() const noexcept {
    return has_intercept ? error_at(0) : std::numeric_limits<double>::quiet_NaN();
  }

private:
  [[nodiscard]] double error_at(std::size_t at) const noexcept {
    const std::size_t p = coefficients.size() + lead();
    const double variance = covariance.empty() ? 0.0 : covariance[at * p + at];
    return variance > 0.0 ? std::sqrt(variance) : std::numeric_limits<double>::quiet_NaN();
  }
};

/// Why a fit has no maximum, in words.
[[nodiscard]] inline std::string explain(const logistic_fit& fit, std::span<const std::string> names) {
  switch (fit.state) {
  case logistic_state::converged:
    return "converged";
  case logistic_state::not_converged:
    return "no maximum was found in " + std::to_string(fit.steps) + " steps";
  case logistic_state::collinear: {
    const collinear_column& first = fit.collinear.front();
    if (first.of.empty())
      return shortened(names[first.column]) + " is constant";
    std::vector<std::string_view> of;
    for (const std::size_t one : first.of)
      of.emplace_back(names[one]);
    return shortened(names[first.column]) + " is a linear combination of " +
           listed(std::span<const std::string_view>(of));
  }
  case logistic_state::separated: {
    std::string text;
    for (const separated_column& one : fit.separation.columns)
      text += (text.empty() ? "" : ", ") + shortened(names[one.column]) +
              (one.direction > 0 ? " (to +infinity)" : " (to -infinity)");
    return (fit.separation.complete ? "the outcomes are separated completely by "
                                    : "some outcomes are separated by ") +
           text;
  }
  }
  return {};
}

} // namespace emptor::stats
