// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <utility>
#include <vector>

#include <emptor/core/run.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/cholesky.hpp>
#include <emptor/stats/pairwise_comparison.hpp>
#include <emptor/stats/principal_eigenvector.hpp>

/// What stands in the place of judgements that nobody gave.
///
/// The optimal completion makes lambda max as small as it can be: S. Bozoki, J. Fulop and L. Ronyai, On optimal completion of
/// incomplete pairwise comparison matrices, Mathematical and Computer Modelling 52 (2010) 318. In the logarithms of the
/// missing judgements lambda max is convex, and strictly so where the others hang together, so that there is one minimum.
/// Where it is, dlambda/dlog a_ij = u_i a_ij v_j - u_j a_ji v_i is 0 (u and v the left and the right eigenvector), so that
/// a_ij = r_i / r_j with r = sqrt(v / u): the minimum lies among completions by ratios of n numbers, and is found there, by
/// Newton's method with the exact second derivatives and a step that is halved until lambda max falls.
namespace emptor::stats {

/// Missing judgements as ratios. \param logs  of numbers, one for each of those compared
[[nodiscard]] inline pairwise_matrix completed_by_ratios(pairwise_matrix of, std::span<const double> logs) {
  for (std::size_t i = 0; i < of.size(); ++i) {
    for (std::size_t j = i + 1; j < of.size(); ++j) {
      if (!of.has(i, j))
        of.set(i, j, math::exp(math::value_of(math::real(logs[i]) - logs[j])));
    }
  }
  return of;
}

/// A matrix whose missing judgements are those with which it is the most consistent.
struct optimal_completion {
  pairwise_matrix matrix;
  int iterations = 0;
  bool converged = false;
};

namespace detail {

/// lambda max of a matrix whose missing entries are s_ij = exp(rho_i - rho_j), with its derivatives by rho.
class completed_eigenvalue {
public:
  /// \param logs  of the least squares, by which entries are scaled to near 1
  completed_eigenvalue(const pairwise_matrix& of, std::span<const double> logs)
      : n_(of.size())
      , scaled_(n_ * n_, 1.0)
      , variables_(n_, n_)
      , missing_(n_) {
    for (std::size_t i = 0; i < n_; ++i) {
      for (std::size_t j = i + 1; j < n_; ++j) {
        if (of.has(i, j)) {
          const math::real ratio =
              math::exp(math::real(math::log(of.at(i, j))) - (math::real(logs[i]) - logs[j]));
          scaled_[i * n_ + j] = math::value_of(ratio);
          scaled_[j * n_ + i] = math::value_of(1.0 / ratio);
        } else {
          missing_[i].push_back(j);
          missing_[j].push_back(i);
        }
      }
    }
    find_variables();
  }

  [[nodiscard]] std::size_t variables() const noexcept { return count_; }
  /// rho of each of those compared; 0 of those without a variable.
  [[nodiscard]] std::vector<double> spread(std::span<const double> values) const {
    std::vector<double> made(n_, 0.0);
    for (std::size_t i = 0; i < n_; ++i)
      made[i] = variables_[i] < n_ ? values[variables_[i]] : 0.0;
    return made;
  }

  /// \return lambda max at a point, which the derivatives are then of
  double move_to(std::span<const double> values) {
    const std::vector<double> rho = spread(values);
    for (std::size_t i = 0; i < n_; ++i) {
      for (const std::size_t j : missing_[i])
        scaled_[i * n_ + j] = math::exp(math::value_of(math::real(rho[i]) - rho[j]));
    }
    std::vector<double> turned(n_ * n_);
    for (std::size_t i = 0; i < n_; ++i)
      for (std::size_t j = 0; j < n_; ++j)
        turned[j * n_ + i] = scaled_[i * n_ + j];
    right_ = principal_eigenvector_of(scaled_, n_).vector;
    left_ = principal_eigenvector_of(turned, n_).vector;
    const math::real product = dot(left_, right_);
    for (double& one : left_)
      one = math::value_of(one / product);
    math::real sum(0.0);
    for (std::size_t i = 0; i < n_; ++i)
      for (std::size_t j = 0; j < n_; ++j)
        sum += math::real(left_[i]) * scaled_[i * n_ + j] * right_[j];
    lambda_ = math::value_of(sum);
    return lambda_;
  }

  [[nodiscard]] std::vector<double> gradient() const {
    std::vector<double> made(count_, 0.0);
    for (std::size_t i = 0; i < n_; ++i) {
      if (variables_[i] == n_)
        continue;
      math::real sum(0.0);
      for (const std::size_t j : missing_[i])
        sum += flow(i, j) - flow(j, i);
      made[variables_[i]] = math::value_of(sum);
    }
    return made;
  }

  /// Row by row: u A_kl v + u A_k Z A_l v + u A_l Z A_k v with Z the group inverse of lambda I - A.
  [[nodiscard]] std::vector<double> hessian() const {
    std::vector<double> to_right(n_ * count_, 0.0); // A_k v
    std::vector<double> to_left(n_ * count_, 0.0);  // u A_k
    std::vector<double> made(count_ * count_, 0.0);
    for (std::size_t i = 0; i < n_; ++i) {
      const std::size_t k = variables_[i];
      if (k == n_)
        continue;
      math::real out(0.0);
      math::real in(0.0);
      math::real both(0.0);
      for (const std::size_t j : missing_[i]) {
        const math::real there = math::real(scaled_[i * n_ + j]) * right_[j];
        const math::real back = math::real(left_[j]) * scaled_[j * n_ + i];
        out += there;
        in += back;
        to_right[j * count_ + k] = math::value_of(-(math::real(scaled_[j * n_ + i]) * right_[i]));
        to_left[j * count_ + k] = math::value_of(math::real(left_[i]) * scaled_[i * n_ + j]);
        both += flow(i, j) + flow(j, i);
        if (variables_[j] < n_)
          made[k * count_ + variables_[j]] = math::value_of(-(flow(i, j) + flow(j, i)));
      }
      to_right[i * count_ + k] = math::value_of(out);
      to_left[i * count_ + k] = math::value_of(-in);
      made[k * count_ + k] = math::value_of(both);
    }
    std::vector<double> deflated(n_ * n_);
    for (std::size_t i = 0; i < n_; ++i)
      for (std::size_t j = 0; j < n_; ++j)
        deflated[i * n_ + j] = math::value_of((i == j ? lambda_ : 0.0) - math::real(scaled_[i * n_ + j]) +
                                              math::real(right_[i]) * left_[j]);
    std::vector<double> solved = to_right;
    for (std::size_t k = 0; k < count_; ++k) {
      math::real part(0.0);
      for (std::size_t i = 0; i < n_; ++i)
        part += math::real(left_[i]) * to_right[i * count_ + k];
      for (std::size_t i = 0; i < n_; ++i)
        solved[i * count_ + k] = math::value_of(solved[i * count_ + k] - part * right_[i]);
    }
    solve_general(std::move(deflated), solved, n_, count_);
    for (std::size_t k = 0; k < count_; ++k) {
      for (std::size_t l = 0; l <= k; ++l) {
        math::real sum(made[k * count_ + l]);
        for (std::size_t i = 0; i < n_; ++i)
          sum += math::real(to_left[i * count_ + k]) * solved[i * count_ + l] +
                 math::real(to_left[i * count_ + l]) * solved[i * count_ + k];
        made[k * count_ + l] = math::value_of(sum);
        made[l * count_ + k] = math::value_of(sum);
      }
    }
    return made;
  }

private:
  [[nodiscard]] static math::real dot(std::span<const double> x, std::span<const double> y) noexcept {
    math::real sum(0.0);
    for (std::size_t i = 0; i < x.size(); ++i)
      sum += math::real(x[i]) * y[i];
    return sum;
  }
  [[nodiscard]] math::real flow(std::size_t i, std::size_t j) const noexcept {
    return math::real(left_[i]) * scaled_[i * n_ + j] * right_[j];
  }
  /// One of those whom missing judgements connect is held at 0, for only differences count.
  void find_variables() {
    std::vector<std::uint8_t> seen(n_, 0);
    std::vector<std::size_t> open;
    for (std::size_t first = 0; first < n_; ++first) {
      if (seen[first] != 0)
        continue;
      seen[first] = 1;
      open.push_back(first);
      while (!open.empty()) {
        const std::size_t at = open.back();
        open.pop_back();
        for (const std::size_t to : missing_[at]) {
          if (seen[to] != 0)
            continue;
          seen[to] = 1;
          variables_[to] = count_++;
          open.push_back(to);
        }
      }
    }
  }

  std::size_t n_;
  std::vector<double> scaled_;
  std::vector<std::size_t> variables_; ///< of each its variable; n = none
  std::vector<std::vector<std::size_t>> missing_;
  std::size_t count_ = 0;
  std::vector<double> right_;
  std::vector<double> left_; ///< left . right = 1
  double lambda_ = 0.0;
};

/// The step of Newton's method, or where rounding has left no positive definite matrix, one with more on its diagonal.
[[nodiscard]] inline std::vector<double> newton_step(const std::vector<double>& hessian,
                                                     std::span<const double> gradient) {
  const std::size_t n = gradient.size();
  double more = 0.0;
  for (int attempt = 0; attempt < 60; ++attempt) {
    std::vector<double> matrix = hessian;
    std::vector<double> step;
    for (std::size_t i = 0; i < n; ++i) {
      matrix[i * n + i] += more;
      step.push_back(-gradient[i]);
    }
    if (const stats::cholesky factor(matrix, n, 0.0); factor.is_definite())
      return factor.solve(step);
    more = more == 0.0 ? 1e-12 : more * 4.0;
  }
  return std::vector<double>(n, 0.0);
}

} // namespace detail

/// \param from  that hangs together, with ratios of its least squares below 1e100
/// \throws error status::cancelled
[[nodiscard]] inline optimal_completion completed_by_eigenvalue(const pairwise_matrix& from, const run& how) {
  constexpr int most_iterations = 100;
  constexpr int most_halvings = 60;
  constexpr double longest_step = 4.0;
  const std::vector<double> logs = least_squares_logs(from);
  if (from.is_complete() || from.size() < 3)
    return {.matrix = completed_by_ratios(from, logs), .iterations = 0, .converged = true};
  detail::completed_eigenvalue at(from, logs);
  const std::size_t n = at.variables();
  std::vector<double> point(n, 0.0);
  double lambda = at.move_to(point);
  optimal_completion made{.matrix = from};
  for (int flat = 0; !made.converged && made.iterations < most_iterations; ++made.iterations) {
    if (how.cancelled())
      throw error(status::cancelled, "cancelled by the caller");
    const std::vector<double> gradient = at.gradient();
    std::vector<double> step = detail::newton_step(at.hessian(), gradient);
    double longest = 0.0;
    for (const double one : step)
      longest = std::max(longest, std::fabs(one));
    math::real slope(0.0);
    for (std::size_t i = 0; i < n; ++i) {
      step[i] *= longest > longest_step ? longest_step / longest : 1.0;
      slope += math::real(gradient[i]) * step[i];
    }
    // What such a step gains is less than lambda max is rounded by: the gradient still shows the way, for some steps.
    const bool is_flat = !(math::value_of(slope) < -1e-13 * lambda);
    flat += is_flat ? 1 : 0;
    made.converged = longest <= 1e-14 || flat >= 4;
    double share = 1.0;
    for (int halving = 0; halving < most_halvings; ++halving, share *= 0.5) {
      std::vector<double> next(n);
      for (std::size_t i = 0; i < n; ++i)
        next[i] = math::value_of(point[i] + math::real(share) * step[i]);
      const double reached = at.move_to(next);
      if (is_flat || reached <= math::value_of(lambda + math::real(1e-4 * share) * slope)) {
        point = std::move(next);
        lambda = reached;
        break;
      }
    }
  }
  std::vector<double> ratios = at.spread(point);
  for (std::size_t i = 0; i < ratios.size(); ++i)
    ratios[i] = math::value_of(math::real(ratios[i]) + logs[i]);
  made.matrix = completed_by_ratios(from, ratios);
  return made;
}

} // namespace emptor::stats
