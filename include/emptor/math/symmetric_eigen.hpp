// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include <emptor/math/real.hpp>

namespace emptor::math {

/// Eigenvalues and eigenvectors of a symmetric matrix by cyclic Jacobi rotations: small matrices, every eigenvalue to the
/// precision of the doubles in relation to the largest one, the same bits on every machine. Memory is kept from call to call.
///
/// Source: C. G. J. Jacobi, 1846; the rotation as in H. Rutishauser, The Jacobi method for real symmetric matrices, Numerische
/// Mathematik 9, 1966.
class symmetric_eigen {
public:
  /// \param matrix  n x n, row by row, finite; of it the part above the diagonal counts
  /// \return false where `most_sweeps` did not do, which has never been seen
  bool decompose(std::span<const double> matrix, std::size_t n) {
    size_ = n;
    work_.assign(matrix.begin(), matrix.end());
    vectors_.assign(n * n, real(0.0));
    values_.resize(n);
    real whole(0.0);
    for (std::size_t i = 0; i < n; ++i) {
      vectors_[i * n + i] = real(1.0);
      for (std::size_t j = i; j < n; ++j)
        whole = whole + (i == j ? real(1.0) : real(2.0)) * at(i, j) * at(i, j);
    }
    bool done = false;
    for (int sweep = 0; sweep < most_sweeps && !done; ++sweep) {
      real beside(0.0);
      for (std::size_t i = 0; i < n; ++i) {
        for (std::size_t j = i + 1; j < n; ++j)
          beside = beside + at(i, j) * at(i, j);
      }
      done = !(beside > whole * real(1e-40));
      for (std::size_t i = 0; i < n && !done; ++i) {
        for (std::size_t j = i + 1; j < n; ++j)
          rotate(i, j);
      }
    }
    for (std::size_t i = 0; i < n; ++i)
      values_[i] = value_of(at(i, i));
    return done;
  }
  /// In no order.
  [[nodiscard]] const std::vector<double>& values() const noexcept { return values_; }
  /// Component i of the eigenvector of values()[k].
  [[nodiscard]] real vector(std::size_t i, std::size_t k) const noexcept { return vectors_[k * size_ + i]; }

private:
  static constexpr int most_sweeps = 64; // about 6 to 10 are needed

  [[nodiscard]] real& at(std::size_t i, std::size_t j) noexcept {
    return i <= j ? work_[i * size_ + j] : work_[j * size_ + i];
  }
  void rotate(std::size_t p, std::size_t q) noexcept {
    const real beside = at(p, q);
    if (beside == real(0.0))
      return;
    const real theta = (at(q, q) - at(p, p)) / (real(2.0) * beside);
    const real size = real(1.0) / (abs(theta) + sqrt(theta * theta + real(1.0)));
    const real t = theta < real(0.0) ? -size : size; // 0 where theta is too large to be squared
    const real c = real(1.0) / sqrt(t * t + real(1.0));
    const real s = t * c;
    const real tau = s / (real(1.0) + c);
    at(p, p) = at(p, p) - t * beside;
    at(q, q) = at(q, q) + t * beside;
    at(p, q) = real(0.0);
    for (std::size_t r = 0; r < size_; ++r) {
      if (r != p && r != q) {
        const real g = at(r, p);
        const real h = at(r, q);
        at(r, p) = g - s * (h + g * tau);
        at(r, q) = h + s * (g - h * tau);
      }
      real& left = vectors_[p * size_ + r];
      real& right = vectors_[q * size_ + r];
      const real g = left;
      const real h = right;
      left = g - s * (h + g * tau);
      right = h + s * (g - h * tau);
    }
  }

  std::size_t size_ = 0;
  std::vector<real> work_;
  std::vector<real> vectors_; ///< eigenvector after eigenvector
  std::vector<double> values_;
};

} // namespace emptor::math
