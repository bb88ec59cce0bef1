// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <emptor/math/real.hpp>
#include <emptor/stats/cholesky.hpp>

namespace emptor::stats {

/// What may not be said of a coefficient by the data alone: a penalty on its size, and a sign.
struct coefficient_rule {
  double absolute = 0.0; ///< penalty on |b|, >= 0
  int sign = 0;          ///< 1: b >= 0, -1: b <= 0, 0: any
};

namespace detail {

/// The b that maximises g b - h b^2 / 2 - absolute |b| under its sign. \param h > 0
[[nodiscard]] inline double best_coefficient(double g, double h, const coefficient_rule& rule) noexcept {
  const double shrunk = std::fabs(g) - rule.absolute;
  if (!(shrunk > 0.0))
    return 0.0;
  const double best = std::copysign(shrunk / h, g);
  return rule.sign * best < 0.0 ? 0.0 : best;
}

/// The b whose zeros are those of `shape`, and which is best among the others as if their signs could not change; empty where
/// the equations have no solution.
[[nodiscard]] inline std::vector<double> on_face(std::span<const double> gradient,
                                                 std::span<const double> hessian,
                                                 std::span<const coefficient_rule> rules,
                                                 std::span<const double> shape) {
  const std::size_t n = shape.size();
  std::vector<std::size_t> free;
  for (std::size_t i = 0; i < n; ++i) {
    if (shape[i] != 0.0 || (rules[i].absolute == 0.0 && rules[i].sign == 0))
      free.push_back(i);
  }
  const std::size_t m = free.size();
  std::vector<double> part(m * m);
  std::vector<double> right(m);
  for (std::size_t i = 0; i < m; ++i) {
    right[i] = gradient[free[i]] - std::copysign(rules[free[i]].absolute, shape[free[i]]);
    for (std::size_t j = 0; j < m; ++j)
      part[i * m + j] = hessian[free[i] * n + free[j]];
  }
  const stats::cholesky factor(part, m, 1e-15);
  if (!factor.is_definite())
    return {};
  const std::vector<double> solved = factor.solve(right);
  std::vector<double> made(n, 0.0);
  for (std::size_t i = 0; i < m; ++i)
    made[free[i]] = solved[i];
  return made;
}

} // namespace detail

/// The b that maximises g'b - b'Hb / 2 - sum of absolute |b| under the signs: coordinate after coordinate (J. Friedman,
/// T. Hastie, R. Tibshirani, Regularization paths for generalized linear models via coordinate descent, Journal of Statistical
/// Software 33, 2010), and exactly among the coordinates that this leaves different from 0.
/// \param hessian row-major n x n, positive definite  \param start  a b to begin with
[[nodiscard]] inline std::vector<double> penalised_maximum(std::span<const double> gradient,
                                                           std::span<const double> hessian,
                                                           std::span<const coefficient_rule> rules,
                                                           std::vector<double> start) {
  using math::real;
  constexpr int most_sweeps = 2000;
  constexpr int sweeps_between_looks = 10;
  const std::size_t n = start.size();
  std::vector<double>& b = start;
  std::vector<real> rest(n); // g - H b
  const auto work_out_rest = [&] {
    for (std::size_t i = 0; i < n; ++i) {
      real sum = gradient[i];
      for (std::size_t j = 0; j < n; ++j)
        sum -= real(hessian[i * n + j]) * b[j];
      rest[i] = sum;
    }
  };
  /// Whether a solution on a face keeps the signs that make the face, and no 0 wants to move.
  const auto is_maximum = [&](const std::vector<double>& candidate, const std::vector<double>& shape) {
    double largest = 0.0;
    for (std::size_t i = 0; i < n; ++i)
      largest = std::fmax(largest, std::fabs(gradient[i]));
    for (std::size_t i = 0; i < n; ++i) {
      if (rules[i].sign * candidate[i] < 0.0 || (rules[i].absolute > 0.0 && candidate[i] * shape[i] < 0.0))
        return false;
      if (candidate[i] != 0.0 || (rules[i].absolute == 0.0 && rules[i].sign == 0))
        continue;
      real pull = gradient[i];
      for (std::size_t j = 0; j < n; ++j)
        pull -= real(hessian[i * n + j]) * candidate[j];
      const double excess = std::fabs(math::value_of(pull)) - rules[i].absolute;
      if (excess > 1e-12 * largest && rules[i].sign * math::value_of(pull) >= 0.0)
        return false;
    }
    return true;
  };
  work_out_rest();
  for (int sweep = 0; sweep < most_sweeps; ++sweep) {
    double largest = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      const double h = hessian[i * n + i];
      const double moved =
          detail::best_coefficient(math::value_of(rest[i] + real(h) * b[i]), h, rules[i]) - b[i];
      if (moved == 0.0)
        continue;
      b[i] += moved;
      for (std::size_t j = 0; j < n; ++j)
        rest[j] -= real(hessian[j * n + i]) * moved;
      largest = std::fmax(largest, std::fabs(moved) * std::sqrt(h));
    }
    const bool ends = largest < 1e-14;
    if (ends || sweep % sweeps_between_looks == sweeps_between_looks - 1) {
      std::vector<double> exact = detail::on_face(gradient, hessian, rules, b);
      if (!exact.empty() && is_maximum(exact, b))
        return exact;
    }
    if (ends)
      break;
  }
  return start;
}

} // namespace emptor::stats
