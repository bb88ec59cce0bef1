// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <span>
#include <string>
#include <string_view>

#include <emptor/core/run.hpp>
#include <emptor/stats/logistic_fit.hpp>
#include <emptor/stats/logistic_search.hpp>
#include <emptor/stats/logistic_sums.hpp>

/// Logistic regression (逻辑回归): ln(p / (1 - p)) = intercept + offset + sum of coefficient x column, by maximum likelihood.
///
/// Newton's method with exact derivatives, on columns that are centred and scaled within. Penalties: `l2` subtracts l2/2 times the
/// sum of squared coefficients from the log-likelihood (C = 1 / l2 in scikit-learn), `l1` subtracts l1 times the sum of their
/// sizes; both on the coefficients of the columns as they came, never on the intercept. Signs hold coefficients at or above
/// (below) 0. Firth's penalty, half the logarithm of the determinant of the information, gives finite coefficients for separated
/// data too (D. Firth, Bias reduction of maximum likelihood estimates, Biometrika 80, 1993; G. Heinze, M. Schemper, A solution to
/// the problem of separation in logistic regression, Statistics in Medicine 21, 2002).
/// Where no maximum exists the fit says why: which columns are linear combinations of others, and which separate the outcomes.
namespace emptor::stats {

/// \param where begins every message  \param names of the columns
/// \throws error status::option for options that contradict each other; status::data for a row outside its domain;
///         status::too_few where all outcomes are the same; status::cancelled. A fit without a maximum is none: its state says why.
[[nodiscard]] inline logistic_fit fit_logistic(std::string_view where, const logistic_rows& rows,
                                               std::span<const std::string> names,
                                               const logistic_options& options = {}, const run& how = {}) {
  detail::check_logistic(where, rows, options);
  logistic_fit fit;
  fit.has_intercept = options.intercept;
  const logistic_sums sums(rows, options.intercept, how);
  fit.trials = sums.trials();
  fit.events = sums.events();
  detail::check_columns(where, rows, names, sums);
  detail::logistic_search search(sums, options);
  fit.state = search.run();
  search.tell(fit);
  fit.null_log_likelihood = detail::null_log_likelihood(rows, options.intercept, sums);
  return fit;
}

} // namespace emptor::stats
