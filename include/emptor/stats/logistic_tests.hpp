// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <emptor/core/run.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/cholesky.hpp>
#include <emptor/stats/logistic_regression.hpp>
#include <emptor/stats/logistic_sums.hpp>
#include <emptor/stats/test_tails.hpp>

/// Tests and measures of a logistic regression (D. W. Hosmer, S. Lemeshow, R. X. Sturdivant, Applied Logistic Regression, 2013,
/// chapters 1 to 4).
namespace emptor::stats {

/// A statistic and its p-value; NaN where there is none.
struct logistic_test {
  double statistic = std::numeric_limits<double>::quiet_NaN();
  double p_value = std::numeric_limits<double>::quiet_NaN();
};

/// Coefficient over standard error, and the chance of one as far from 0 on either side.
[[nodiscard]] inline logistic_test wald_test(const logistic_fit& fit, std::size_t column) noexcept {
  const double z = fit.coefficients[column] / fit.standard_error(column);
  return {z, two_sided_normal_p(z)};
}
/// The same of the intercept.
[[nodiscard]] inline logistic_test wald_test_of_intercept(const logistic_fit& fit) noexcept {
  const double z = fit.intercept / fit.intercept_error();
  return {z, two_sided_normal_p(z)};
}

/// Twice the difference of log-likelihoods of a model and of one that leaves out `degrees` of its parameters.
[[nodiscard]] inline logistic_test likelihood_ratio_test(double with, double without,
                                                         double degrees) noexcept {
  const double statistic = std::fmax(0.0, 2.0 * (with - without));
  return {statistic, chi_squared_tail(statistic, degrees)};
}

/// Akaike's criterion: deviance + 2 parameters.
[[nodiscard]] inline double akaike_criterion(const logistic_fit& fit) noexcept {
  return fit.deviance() + 2.0 * static_cast<double>(fit.parameters());
}
/// The Bayesian criterion: deviance + parameters x ln(rows), where a row counts with its weight.
[[nodiscard]] inline double bayesian_criterion(const logistic_fit& fit) noexcept {
  return math::value_of(math::real(fit.deviance()) + math::real(static_cast<double>(fit.parameters())) *
                                                         math::log(math::real(fit.trials)));
}

/// Variance inflation factor of each column: 1 / (1 - R^2) of its regression on the others, rows with their weights. Infinite
/// where a column is a combination of others, or constant.
[[nodiscard]] inline std::vector<double> variance_inflation(const logistic_rows& rows, const run& how = {}) {
  constexpr double infinite = std::numeric_limits<double>::infinity();
  const logistic_rows plain{rows.columns, rows.events, rows.trials, {}};
  const logistic_sums sums(plain, true, how);
  const std::size_t p = sums.size();
  // Where all coefficients are 0, each row has a quarter of its weight: what is left are correlations.
  const std::vector<double> products = sums.at(std::vector<double>(p, 0.0)).information;
  const cholesky factor(products, p, 1e-11);
  std::vector<double> made(p - 1, infinite);
  if (factor.is_definite()) {
    const std::vector<double> inverse = factor.inverse();
    for (std::size_t j = 1; j < p; ++j)
      made[j - 1] = std::fmax(1.0, inverse[j * p + j] * products[j * p + j]);
    return made;
  }
  // Each by itself against the others, of which some may be combinations too.
  for (std::size_t j = 1; j < p; ++j) {
    if (how.cancelled())
      how.check(0.0);
    if (sums.constant()[j - 1])
      continue;
    std::vector<std::size_t> order;
    for (std::size_t i = 0; i < p; ++i) {
      if (i != j)
        order.push_back(i);
    }
    order.push_back(j);
    std::vector<double> turned(p * p);
    for (std::size_t a = 0; a < p; ++a)
      for (std::size_t b = 0; b < p; ++b)
        turned[a * p + b] = products[order[a] * p + order[b]];
    const cholesky last(turned, p, 1e-11);
    const double pivot = math::value_of(last.lower()[p * p - 1]);
    if (pivot > 0.0)
      made[j - 1] = std::fmax(1.0, products[j * p + j] / (pivot * pivot));
  }
  return made;
}

/// For each column that a model leaves out: what the likelihood's slope at the model says of taking it in (C. R. Rao, Large sample
/// tests of statistical hypotheses concerning several parameters, 1948). NaN for columns in the model and for combinations of
/// them.
/// \param rows with all columns  \param chosen the columns of the model, in the order of its coefficients
[[nodiscard]] inline std::vector<logistic_test> score_tests(const logistic_rows& rows,
                                                            std::span<const std::size_t> chosen,
                                                            const logistic_fit& model, const run& how = {}) {
  using math::real;
  const logistic_sums sums(rows, model.has_intercept, how);
  const std::size_t p = sums.size();
  const std::size_t lead = sums.lead();
  std::vector<double> point(p, 0.0);
  std::vector<std::size_t> in(lead, 0);
  real intercept(model.intercept);
  for (std::size_t k = 0; k < chosen.size(); ++k) {
    const std::size_t j = chosen[k];
    point[lead + j] = model.coefficients[k] * sums.scale()[j];
    intercept += real(model.coefficients[k]) * sums.centre()[j];
    in.push_back(lead + j);
  }
  if (lead == 1)
    point[0] = math::value_of(intercept);
  const logistic_sums::sums there = sums.at(point);
  const std::size_t m = in.size();
  std::vector<double> part(m * m);
  for (std::size_t a = 0; a < m; ++a)
    for (std::size_t b = 0; b < m; ++b)
      part[a * m + b] = there.information[in[a] * p + in[b]];
  const cholesky factor(part, m, 1e-13);
  std::vector<logistic_test> made(p - lead);
  std::vector<double> cross(m);
  for (std::size_t j = lead; j < p; ++j) {
    if (how.cancelled())
      how.check(0.0);
    if (std::find(in.begin(), in.end(), j) != in.end() || sums.constant()[j - lead])
      continue;
    for (std::size_t a = 0; a < m; ++a)
      cross[a] = there.information[in[a] * p + j];
    const std::vector<double> solved = factor.solve(cross);
    real variance(there.information[j * p + j]);
    real slope(there.score[j]);
    for (std::size_t a = 0; a < m; ++a) {
      variance -= real(cross[a]) * solved[a];
      slope -= real(solved[a]) * there.score[in[a]]; // 0 at the maximum but for rounding
    }
    if (!(variance > real(1e-11) * there.information[j * p + j]))
      continue;
    const double statistic = math::value_of(slope * slope / variance);
    made[j - lead] = {statistic, chi_squared_tail(statistic, 1.0)};
  }
  return made;
}

} // namespace emptor::stats
