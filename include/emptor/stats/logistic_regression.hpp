// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

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

namespace detail {

/// Where every 16th row puts the maximum, for a fit of many rows to begin with: a sixteenth of a pass for each of the steps of
/// which all rows need fewer then. Nothing where these rows are too few to tell, have no maximum, or put it so far out that
/// weights of rows there would hide which columns are combinations of others.
[[nodiscard]] inline std::vector<double> start_of_some_rows(const logistic_rows& rows,
                                                            const logistic_options& options, const run& how) {
  constexpr std::size_t every = 16;
  constexpr std::size_t least = 65'536;
  if (rows.size() < least || options.firth || !options.start.empty())
    return {};
  const auto some_of = [&](std::span<const double> from) {
    std::vector<double> some;
    some.reserve(from.size() / every + 1);
    for (std::size_t row = 0; row < from.size(); row += every)
      some.push_back(from[row]);
    return some;
  };
  std::vector<std::vector<double>> columns;
  for (const std::span<const double> column : rows.columns)
    columns.push_back(some_of(column));
  const std::vector<double> events = some_of(rows.events);
  const std::vector<double> trials = some_of(rows.trials);
  const std::vector<double> offset = some_of(rows.offset);
  const logistic_rows some{{columns.begin(), columns.end()}, events, trials, offset};
  run quiet = how;
  quiet.progress = nullptr;
  const logistic_sums sums(some, options.intercept, quiet);
  const double needed = 10.0 * static_cast<double>(sums.size());
  if (!(sums.events() >= needed && sums.trials() - sums.events() >= needed))
    return {};
  logistic_options fewer = options;
  fewer.l1 /= every;
  fewer.l2 /= every;
  fewer.most_steps = std::min(options.most_steps, 20);
  logistic_search search(sums, fewer);
  if (search.run() != logistic_state::converged)
    return {};
  logistic_fit fit;
  search.tell(fit);
  std::vector<double> start;
  if (options.intercept)
    start.push_back(fit.intercept);
  for (std::size_t j = 0; j < columns.size(); ++j) {
    if (!(std::fabs(fit.coefficients[j] * sums.scale()[j]) <= 5.0))
      return {};
    start.push_back(fit.coefficients[j]);
  }
  return start;
}

} // namespace detail

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
  logistic_options begun = options;
  if (begun.start.empty())
    begun.start = detail::start_of_some_rows(rows, options, how);
  detail::logistic_search search(sums, begun);
  fit.state = search.run();
  search.tell(fit);
  fit.null_log_likelihood = detail::null_log_likelihood(rows, options.intercept, sums);
  return fit;
}

} // namespace emptor::stats
