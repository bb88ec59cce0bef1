// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <emptor/math/real.hpp>

namespace emptor::stats {

/// The lower triangle L of a symmetric matrix L L', found column by column. A column that is a linear combination of those
/// before it is left out and reported. With the same bits whatever the instruction set.
class cholesky {
public:
  /// \param matrix row-major n x n, of which the lower triangle is read
  /// \param tolerance a column is dependent where the others leave no more than this share of its diagonal
  cholesky(std::span<const double> matrix, std::size_t n, double tolerance)
      : n_(n)
      , lower_(n * n, math::real(0.0))
      , kept_(n, true) {
    using math::real;
    for (std::size_t j = 0; j < n; ++j) {
      real pivot = matrix[j * n + j];
      for (std::size_t k = 0; k < j; ++k) {
        if (!kept_[k])
          continue;
        real sum = matrix[j * n + k];
        for (std::size_t m = 0; m < k; ++m)
          sum -= lower_[j * n + m] * lower_[k * n + m];
        const real entry = sum / lower_[k * n + k];
        lower_[j * n + k] = entry;
        pivot -= entry * entry;
      }
      if (!(pivot > real(tolerance) * matrix[j * n + j])) {
        kept_[j] = false;
        dependent_.push_back(j);
        continue;
      }
      lower_[j * n + j] = sqrt(pivot);
    }
  }

  [[nodiscard]] std::size_t size() const noexcept { return n_; }
  /// The columns that were left out.
  [[nodiscard]] const std::vector<std::size_t>& dependent() const noexcept { return dependent_; }
  [[nodiscard]] bool is_definite() const noexcept { return dependent_.empty(); }
  /// Row-major; the rows of what was left out hold what the columns before them say of it.
  [[nodiscard]] const std::vector<math::real>& lower() const noexcept { return lower_; }

  /// The solution of L L' x = b; 0 for what was left out.
  [[nodiscard]] std::vector<double> solve(std::span<const double> b) const {
    std::vector<math::real> x(n_, math::real(0.0));
    for (std::size_t i = 0; i < n_; ++i) {
      if (!kept_[i])
        continue;
      math::real sum = b[i];
      for (std::size_t k = 0; k < i; ++k)
        sum -= lower_[i * n_ + k] * x[k];
      x[i] = sum / lower_[i * n_ + i];
    }
    return back(std::move(x), n_);
  }
  /// What a column that was left out is of those before it: their coefficients.
  [[nodiscard]] std::vector<double> combination(std::size_t dependent) const {
    std::vector<math::real> x(n_, math::real(0.0));
    for (std::size_t k = 0; k < dependent; ++k)
      x[k] = lower_[dependent * n_ + k];
    return back(std::move(x), dependent);
  }
  /// The inverse, row-major; 0 in rows and columns of what was left out.
  [[nodiscard]] std::vector<double> inverse() const {
    std::vector<double> made(n_ * n_, 0.0);
    std::vector<double> unit(n_, 0.0);
    for (std::size_t j = 0; j < n_; ++j) {
      if (!kept_[j])
        continue;
      unit[j] = 1.0;
      const std::vector<double> column = solve(unit);
      unit[j] = 0.0;
      for (std::size_t i = 0; i < n_; ++i)
        made[i * n_ + j] = column[i];
    }
    for (std::size_t i = 0; i < n_; ++i)
      for (std::size_t j = 0; j < i; ++j)
        made[j * n_ + i] = made[i * n_ + j];
    return made;
  }

  /// The diagonal of the inverse: sums of squares of the columns of the inverse of L. \pre is_definite()
  [[nodiscard]] std::vector<double> inverse_diagonal() const {
    std::vector<double> made;
    std::vector<math::real> column(n_);
    for (std::size_t j = 0; j < n_; ++j) {
      math::real squares = 0.0;
      for (std::size_t i = j; i < n_; ++i) {
        math::real sum(i == j ? 1.0 : 0.0);
        for (std::size_t m = j; m < i; ++m)
          sum -= lower_[i * n_ + m] * column[m];
        column[i] = sum / lower_[i * n_ + i];
        squares += column[i] * column[i];
      }
      made.push_back(math::value_of(squares));
    }
    return made;
  }

private:
  /// Solves L' x = y for the first `count` unknowns.
  [[nodiscard]] std::vector<double> back(std::vector<math::real> x, std::size_t count) const {
    for (std::size_t i = count; i-- > 0;) {
      if (!kept_[i]) {
        x[i] = 0.0;
        continue;
      }
      math::real sum = x[i];
      for (std::size_t k = i + 1; k < count; ++k) {
        if (kept_[k])
          sum -= lower_[k * n_ + i] * x[k];
      }
      x[i] = sum / lower_[i * n_ + i];
    }
    std::vector<double> made(n_, 0.0);
    for (std::size_t i = 0; i < count; ++i)
      made[i] = math::value_of(x[i]);
    return made;
  }

  std::size_t n_;
  std::vector<math::real> lower_;
  std::vector<bool> kept_;
  std::vector<std::size_t> dependent_;
};

} // namespace emptor::stats
