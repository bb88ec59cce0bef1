// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include <emptor/core/run.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/satisfaction/survey_cells.hpp>
#include <emptor/stats/cholesky.hpp>
#include <emptor/stats/intervals.hpp>
#include <emptor/stats/share_interval.hpp>

/// Reliability of a block of items that are to measure one thing (信度分析): how much of the variance of their sum they have in
/// common. With C the covariances of k items, R their correlations:
///
///     alpha              = k / (k - 1) (1 - trace C / sum C)
///     standardised alpha = the same of R
///     lambda 6           = 1 - sum (1 - squared multiple correlation) / sum R
///     omega              = (sum of loadings)^2 / ((sum of loadings)^2 + sum of uniquenesses), of one factor
///
/// The factor has the least sum of squared residuals of the correlations off the diagonal (unweighted least squares, minres).
/// Reversed items count with their sign turned. An alpha below 0 stays: it says that items contradict each other.
///
/// Source: L. J. Cronbach, Coefficient alpha and the internal structure of tests, Psychometrika 16, 1951; L. Guttman, A basis
/// for analyzing test-retest reliability, Psychometrika 10, 1945 (lambda 6); R. P. McDonald, Test Theory, 1999 (omega); H. H.
/// Harman and W. H. Jones, Factor analysis by minimizing residuals, Psychometrika 31, 1966; L. S. Feldt, The approximate
/// sampling distribution of Kuder-Richardson reliability coefficient twenty, Psychometrika 30, 1965 (interval).
namespace emptor::satisfaction {

/// A symmetric matrix, row by row.
class square_matrix {
public:
  explicit square_matrix(std::size_t size)
      : size_(size)
      , held_(size * size, std::numeric_limits<double>::quiet_NaN()) {}
  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// Row by row.
  [[nodiscard]] const std::vector<double>& values() const noexcept { return held_; }
  [[nodiscard]] double operator()(std::size_t row, std::size_t column) const noexcept {
    return held_[row * size_ + column];
  }
  void set(std::size_t row, std::size_t column, double value) noexcept {
    held_[row * size_ + column] = value;
    held_[column * size_ + row] = value;
  }

private:
  std::size_t size_;
  std::vector<double> held_;
};

/// Covariance of two columns over the rows that have both, and what they weigh.
struct pair_covariance {
  std::int64_t answers = 0;
  double effective = 0.0;
  double covariance =
      std::numeric_limits<double>::quiet_NaN(); ///< with the denominator n - 1 where weights are equal
};

/// \param x, y  NaN = none \param weights > 0
[[nodiscard]] inline pair_covariance
covariance_of(std::span<const double> x, std::span<const double> y, std::span<const double> weights,
              weight_meaning meaning = weight_meaning::sampling) noexcept {
  using math::real;
  pair_covariance made;
  real weight = 0.0;
  real squares = 0.0;
  real sum_x = 0.0;
  real sum_y = 0.0;
  double least_x = std::numeric_limits<double>::infinity();
  double least_y = least_x;
  double most_x = -least_x;
  double most_y = -least_x;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (std::isnan(x[i]) || std::isnan(y[i]))
      continue;
    const real w(weights[i]);
    ++made.answers;
    weight += w;
    squares += meaning == weight_meaning::sampling ? w * w : w;
    sum_x += w * x[i];
    sum_y += w * y[i];
    least_x = std::min(least_x, x[i]);
    most_x = std::max(most_x, x[i]);
    least_y = std::min(least_y, y[i]);
    most_y = std::max(most_y, y[i]);
  }
  if (made.answers == 0)
    return made;
  made.effective = math::value_of(weight * weight / squares);
  const real whole = weight - squares / weight;
  if (made.answers < 2 || !(math::value_of(whole) > 0.0))
    return made;
  made.covariance = 0.0;
  if (!(least_x < most_x) || !(least_y < most_y))
    return made;
  const real mean_x = sum_x / weight;
  const real mean_y = sum_y / weight;
  real products = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    if (!std::isnan(x[i]) && !std::isnan(y[i]))
      products += real(weights[i]) * (real(x[i]) - mean_x) * (real(y[i]) - mean_y);
  }
  made.covariance = math::value_of(products / whole);
  return made;
}

/// k / (k - 1) (1 - trace / sum) of the items in `kept`; NaN of fewer than two, or where the sum is not above 0.
[[nodiscard]] inline double alpha_of(double trace, double sum, std::size_t items) noexcept {
  if (items < 2 || !(sum > 0.0))
    return std::numeric_limits<double>::quiet_NaN();
  const auto k = static_cast<double>(items);
  return math::value_of(math::real(k) / (k - 1.0) * (math::real(1.0) - math::real(trace) / sum));
}

/// 1 - 1 / the diagonal of the inverse, of each item; nothing where the matrix is not positive definite to working precision.
[[nodiscard]] inline std::optional<std::vector<double>>
squared_multiple_correlations(const square_matrix& of) {
  const stats::cholesky factor(of.values(), of.size(), 1e-12);
  if (!factor.is_definite())
    return std::nullopt;
  std::vector<double> made = factor.inverse_diagonal();
  for (double& one : made)
    one = math::value_of(math::real(1.0) - math::real(1.0) / one);
  return made;
}

/// The loadings of one factor by unweighted least squares, one after the other: each is the best given the others. The sum of
/// them is not below 0.
struct one_factor {
  std::vector<double> loadings; ///< empty of fewer than three items, whose factor is not determined
  bool converged = false;
};

/// \param share  of the caller's work that is done
/// \throws error status::cancelled
[[nodiscard]] inline one_factor fit_one_factor(const square_matrix& correlations, const run& how,
                                               double share = 0.0) {
  using math::real;
  constexpr int most_rounds = 5000;
  constexpr double enough = 1e-14;
  const std::size_t k = correlations.size();
  one_factor made;
  if (k < 3)
    return made;
  // It starts with the signs that the items have towards the one that is related most to the others.
  std::size_t related = 0;
  double most = -1.0;
  for (std::size_t i = 0; i < k; ++i) {
    real sum = 0.0;
    for (std::size_t j = 0; j < k; ++j)
      sum += math::abs(real(correlations(i, j)));
    if (math::value_of(sum) > most) {
      most = math::value_of(sum);
      related = i;
    }
  }
  std::vector<real> loadings;
  for (std::size_t i = 0; i < k; ++i)
    loadings.emplace_back(correlations(i, related));
  for (int round = 0; round < most_rounds && !made.converged; ++round) {
    if (round % 64 == 0)
      how.check(share);
    double change = 0.0;
    for (std::size_t i = 0; i < k; ++i) {
      real top = 0.0;
      real bottom = 0.0;
      for (std::size_t j = 0; j < k; ++j) {
        if (j == i)
          continue;
        top += real(correlations(i, j)) * loadings[j];
        bottom += loadings[j] * loadings[j];
      }
      const real next = math::value_of(bottom) > 0.0 ? top / bottom : real(0.0);
      change = std::max(change, math::value_of(math::abs(next - loadings[i])));
      loadings[i] = next;
    }
    made.converged = change <= enough;
  }
  real sum = 0.0;
  for (const real& one : loadings)
    sum += one;
  for (const real& one : loadings)
    made.loadings.push_back(math::value_of(math::value_of(sum) < 0.0 ? -one : one));
  return made;
}

/// Omega; NaN where the factor is not determined, did not come to an end, or explains more of an item than there is.
[[nodiscard]] inline double omega_of(const one_factor& of) noexcept {
  using math::real;
  if (!of.converged)
    return std::numeric_limits<double>::quiet_NaN();
  real sum = 0.0;
  real rest = 0.0;
  for (const double one : of.loadings) {
    if (!(std::abs(one) <= 1.0))
      return std::numeric_limits<double>::quiet_NaN();
    sum += one;
    rest += real(1.0) - real(one) * one;
  }
  return math::value_of(sum * sum / (sum * sum + rest));
}

/// Feldt's interval of alpha: (1 - true alpha) / (1 - alpha) has an F distribution with n - 1 and (n - 1)(k - 1) degrees.
/// \param n  effective answers
[[nodiscard]] inline stats::interval alpha_interval(double alpha, double n, std::size_t items,
                                                    double confidence) noexcept {
  using math::real;
  const double first = n - 1.0;
  if (!(first > 0.0) || !std::isfinite(alpha) || items < 2)
    return {};
  const double second = math::value_of(real(first) * (static_cast<double>(items) - 1.0));
  const double tail = math::value_of((real(1.0) - confidence) / 2.0);
  const auto end = [&](double probability) {
    const real x(stats::beta_quantile(first / 2.0, second / 2.0, probability));
    const double quantile = math::value_of(real(second) * x / (real(first) * (real(1.0) - x)));
    const double value = math::value_of(real(1.0) - (real(1.0) - alpha) * quantile);
    return std::isfinite(value) ? value : std::numeric_limits<double>::quiet_NaN();
  };
  return {end(math::value_of(real(1.0) - tail)), end(tail)};
}

} // namespace emptor::satisfaction
