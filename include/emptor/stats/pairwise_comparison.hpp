// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/cholesky.hpp>
#include <emptor/stats/principal_eigenvector.hpp>

/// Weights from comparisons in pairs (判断矩阵): a_ij says how many times as much i counts as j, and a_ji = 1 / a_ij.
///
/// Consistent judgements are ratios of weights, a_ij = w_i / w_j. Others contradict each other, and two methods find weights
/// nearest to them: the eigenvector of the largest eigenvalue (T. L. Saaty 1977, 特征向量法), and the geometric means of
/// the rows, which are the least squares of the logarithms (G. Crawford and C. Williams 1985, 几何平均法).
/// How far they are from consistent is lambda max - n, of which each judgement has its part: with e_ij = a_ij w_j / w_i and
/// w the eigenvector it is 1/n sum over pairs of (e_ij - 1)^2 / e_ij, from which it is computed, since no digits are lost in it.
namespace emptor::stats {

/// Preferences that a matrix may hold: far beyond any scale of judgements, near enough that no ratio is lost.
inline constexpr double least_preference = 1e-9;
/// How many times as important one criterion may be as another.
inline constexpr double greatest_preference = 1e9;
/// Things that one matrix compares at most.
inline constexpr std::size_t most_compared = 100;

/// A matrix of judgements, some of which may be missing.
class pairwise_matrix {
public:
  explicit pairwise_matrix(std::size_t compared)
      : size_(compared)
      , ratios_(compared * compared, std::numeric_limits<double>::quiet_NaN()) {
    for (std::size_t i = 0; i < size_; ++i)
      ratios_[i * size_ + i] = 1.0;
  }

  [[nodiscard]] std::size_t size() const noexcept { return size_; }
  /// \param preference  of i over j; above 0 and finite
  void set(std::size_t i, std::size_t j, double preference) noexcept {
    ratios_[i * size_ + j] = preference;
    ratios_[j * size_ + i] = 1.0 / preference;
  }
  void remove(std::size_t i, std::size_t j) noexcept {
    ratios_[i * size_ + j] = std::numeric_limits<double>::quiet_NaN();
    ratios_[j * size_ + i] = std::numeric_limits<double>::quiet_NaN();
  }
  [[nodiscard]] bool has(std::size_t i, std::size_t j) const noexcept {
    return !std::isnan(ratios_[i * size_ + j]);
  }
  /// NaN where it is missing.
  [[nodiscard]] double at(std::size_t i, std::size_t j) const noexcept { return ratios_[i * size_ + j]; }
  [[nodiscard]] std::size_t judgements() const noexcept {
    std::size_t made = 0;
    for (std::size_t i = 0; i < size_; ++i)
      for (std::size_t j = i + 1; j < size_; ++j)
        made += has(i, j) ? std::size_t{1} : std::size_t{0};
    return made;
  }
  [[nodiscard]] bool is_complete() const noexcept { return judgements() == size_ * (size_ - 1) / 2; }

  /// Of each the least place of those with which judgements connect it: all 0 where the matrix hangs together.
  [[nodiscard]] std::vector<std::size_t> parts() const {
    std::vector<std::size_t> part(size_, size_);
    std::vector<std::size_t> open;
    for (std::size_t first = 0; first < size_; ++first) {
      if (part[first] != size_)
        continue;
      part[first] = first;
      open.push_back(first);
      while (!open.empty()) {
        const std::size_t at = open.back();
        open.pop_back();
        for (std::size_t to = 0; to < size_; ++to) {
          if (part[to] == size_ && has(at, to)) {
            part[to] = first;
            open.push_back(to);
          }
        }
      }
    }
    return part;
  }
  [[nodiscard]] bool is_connected() const {
    const std::vector<std::size_t> part = parts();
    return std::all_of(part.begin(), part.end(), [](std::size_t one) { return one == 0; });
  }

private:
  std::size_t size_;
  std::vector<double> ratios_;
};

namespace detail {

/// Solves A x = b by elimination with the greatest pivot of a column, in place; for some right-hand sides, n x count row by row.
inline void solve_general(std::vector<double> a, std::vector<double>& b, std::size_t n, std::size_t count) {
  for (std::size_t k = 0; k < n; ++k) {
    std::size_t pivot = k;
    for (std::size_t i = k + 1; i < n; ++i)
      pivot = std::fabs(a[i * n + k]) > std::fabs(a[pivot * n + k]) ? i : pivot;
    for (std::size_t j = 0; pivot != k && j < n; ++j)
      std::swap(a[k * n + j], a[pivot * n + j]);
    for (std::size_t j = 0; pivot != k && j < count; ++j)
      std::swap(b[k * count + j], b[pivot * count + j]);
    for (std::size_t i = k + 1; i < n; ++i) {
      const math::real factor = math::real(a[i * n + k]) / a[k * n + k];
      if (math::value_of(factor) == 0.0)
        continue;
      for (std::size_t j = k; j < n; ++j)
        a[i * n + j] = math::value_of(a[i * n + j] - factor * a[k * n + j]);
      for (std::size_t j = 0; j < count; ++j)
        b[i * count + j] = math::value_of(b[i * count + j] - factor * b[k * count + j]);
    }
  }
  for (std::size_t k = n; k-- > 0;) {
    for (std::size_t j = 0; j < count; ++j) {
      math::real sum(b[k * count + j]);
      for (std::size_t i = k + 1; i < n; ++i)
        sum -= math::real(a[k * n + i]) * b[i * count + j];
      b[k * count + j] = math::value_of(sum / a[k * n + k]);
    }
  }
}

} // namespace detail

/// Logarithms of the weights by least squares, sum over judgements of (log a_ij - v_i + v_j)^2, with the sum 0: the geometric
/// means of the rows where no judgement is missing, else as in S. Bozoki, J. Fulop and L. Ronyai 2010, section 4.
/// \param from  that hangs together
[[nodiscard]] inline std::vector<double> least_squares_logs(const pairwise_matrix& from) {
  const std::size_t n = from.size();
  std::vector<double> sums(n);
  for (std::size_t i = 0; i < n; ++i) {
    math::real sum(0.0);
    for (std::size_t j = 0; j < n; ++j) {
      // Both directions of a judgement are each other's negative to the last bit.
      if (j > i && from.has(i, j))
        sum += math::log(from.at(i, j));
      if (j < i && from.has(i, j))
        sum -= math::log(from.at(j, i));
    }
    sums[i] = math::value_of(sum);
  }
  if (from.is_complete()) {
    for (double& one : sums)
      one = one / static_cast<double>(n);
    return sums;
  }
  // The normal equations; the first of the logarithms is held at 0.
  const std::size_t free = n - 1;
  std::vector<double> laplacian(free * free, 0.0);
  for (std::size_t i = 1; i < n; ++i) {
    for (std::size_t j = 0; j < n; ++j) {
      if (j == i || !from.has(i, j))
        continue;
      laplacian[(i - 1) * free + i - 1] += 1.0;
      if (j > 0)
        laplacian[(i - 1) * free + j - 1] = -1.0;
    }
  }
  const std::vector<double> solved = cholesky(laplacian, free, 0.0).solve(std::span(sums).subspan(1));
  math::real sum(0.0);
  for (const double one : solved)
    sum += one;
  const math::real mean = sum / static_cast<double>(n);
  std::vector<double> made{math::value_of(-mean)};
  for (const double one : solved)
    made.push_back(math::value_of(one - mean));
  return made;
}

/// exp of logarithms, made to add up to 1.
[[nodiscard]] inline std::vector<double> shares_of_logs(std::span<const double> logs) {
  const double greatest = *std::max_element(logs.begin(), logs.end());
  std::vector<math::real> sizes;
  math::real sum(0.0);
  for (const double one : logs) {
    sizes.push_back(math::exp(math::real(one) - greatest));
    sum += sizes.back();
  }
  std::vector<double> made;
  for (const math::real one : sizes)
    made.push_back(math::value_of(one / sum));
  return made;
}

/// How consistent a complete matrix is.
struct pairwise_consistency {
  std::vector<double> eigenvector; ///< its sum is 1
  double excess = 0.0;             ///< lambda max - n, at least 0
  std::vector<double> errors; ///< n x n: (e_ij - 1)^2 / e_ij / n of the pair i < j, whose sum is the excess

  [[nodiscard]] double lambda_max() const noexcept {
    return math::value_of(math::real(static_cast<double>(eigenvector.size())) + excess);
  }
  /// (lambda max - n) / (n - 1), 0 of one.
  [[nodiscard]] double index() const noexcept {
    return eigenvector.size() < 2 ? 0.0 : excess / (static_cast<double>(eigenvector.size()) - 1.0);
  }
};

/// Exact for n up to 3, where both methods give the same weights: lambda max - 3 = (c - 1)^2 / c with
/// c^3 = a_12 a_23 / a_13. \param from  complete
[[nodiscard]] inline pairwise_consistency consistency_of(const pairwise_matrix& from) {
  const std::size_t n = from.size();
  const std::vector<double> logs = least_squares_logs(from);
  pairwise_consistency made{.eigenvector = shares_of_logs(logs), .errors = std::vector<double>(n * n, 0.0)};
  if (n == 2) { // without exp and log
    const math::real ratio(from.at(0, 1));
    made.eigenvector = {math::value_of(ratio / (ratio + 1.0)), math::value_of(1.0 / (ratio + 1.0))};
  }
  if (n < 3)
    return made;
  // Ratios to what the least squares say, each near 1: the same eigenvalues, and no weights too far apart.
  const auto log_error = [&](std::size_t i, std::size_t j) { // i < j
    return math::real(math::log(from.at(i, j))) - (math::real(logs[i]) - logs[j]);
  };
  std::vector<math::real> own(n, math::real(0.0)); // logarithms of the eigenvector, beyond the least squares
  if (n > 3) {
    std::vector<double> scaled(n * n, 1.0);
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = i + 1; j < n; ++j) {
        const math::real ratio = math::exp(log_error(i, j));
        scaled[i * n + j] = math::value_of(ratio);
        scaled[j * n + i] = math::value_of(1.0 / ratio);
      }
    }
    const principal_eigenvector found = principal_eigenvector_of(scaled, n);
    std::vector<double> moved;
    for (std::size_t i = 0; i < n; ++i) {
      own[i] = math::log(math::real(std::max(found.vector[i], std::numeric_limits<double>::min())));
      moved.push_back(math::value_of(own[i] + logs[i]));
    }
    made.eigenvector = shares_of_logs(moved);
  }
  // What is within rounding of consistent is consistent.
  const double rounding = 16.0 * std::numeric_limits<double>::epsilon() * (1.0 + static_cast<double>(n));
  const math::real of_three =
      (math::real(math::log(from.at(0, 1))) + math::log(from.at(1, 2)) - math::log(from.at(0, 2))) /
      3.0; // the same of each pair of three
  math::real sum(0.0);
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) {
      const math::real error = n == 3 ? of_three : log_error(i, j) + own[j] - own[i];
      if (!(abs(error) > rounding))
        continue;
      const math::real half = math::exp(0.5 * error);
      const math::real difference = half - 1.0 / half; // (e - 1)^2 / e
      made.errors[i * n + j] = math::value_of(difference * difference / static_cast<double>(n));
      sum += made.errors[i * n + j];
    }
  }
  made.excess = math::value_of(sum);
  return made;
}

/// Mean square of what the logarithms of the judgements are off from those of the weights (G. Crawford and C. Williams 1985;
/// the geometric consistency index of J. Aguaron and J. M. Moreno-Jimenez 2003): the sum of squares over judgements less
/// those that weights take, m - n + 1. NaN where these are all, and nothing can contradict.
[[nodiscard]] inline double geometric_consistency(const pairwise_matrix& from, std::span<const double> logs) {
  const std::size_t n = from.size();
  math::real sum(0.0);
  std::size_t judgements = 0;
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = i + 1; j < n; ++j) {
      if (!from.has(i, j))
        continue;
      const math::real off = math::real(math::log(from.at(i, j))) - (math::real(logs[i]) - logs[j]);
      sum += off * off;
      ++judgements;
    }
  }
  if (judgements + 1 <= n)
    return std::numeric_limits<double>::quiet_NaN();
  return math::value_of(sum / static_cast<double>(judgements + 1 - n));
}

} // namespace emptor::stats
