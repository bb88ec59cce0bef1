// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

#include <emptor/math/real.hpp>

/// Small systems of equations and principal components for a real or for some matrices at once (a pack): which steps are
/// taken does not depend on the numbers.
namespace emptor::stats::detail {

// Masks of one row are plain truths, of which no argument says where their functions are.
using math::any;
using math::mask_and;
using math::mask_not;
using math::mask_or;

/// Below this share of its diagonal a pivot is rounding, and its row depends on those before.
inline constexpr double collinear_pivot = 1e-12;

/// Makes of the lower triangle of a symmetric matrix its Cholesky factor, in place. Where a pivot is too small lanes of the
/// mask are set, and the pivot goes on as 1.
template <class T>
EMPTOR_INLINE void cholesky(T* matrix, std::size_t n, math::mask_t<T>& dependent) noexcept {
  for (std::size_t j = 0; j < n; ++j) {
    T pivot = matrix[j * n + j];
    const T least = pivot * T(collinear_pivot);
    for (std::size_t k = 0; k < j; ++k)
      pivot = pivot - matrix[j * n + k] * matrix[j * n + k];
    const math::mask_t<T> small = mask_not(pivot > least);
    dependent = mask_or(dependent, small);
    pivot = sqrt(select(small, T(1.0), pivot));
    matrix[j * n + j] = pivot;
    for (std::size_t i = j + 1; i < n; ++i) {
      T sum = matrix[i * n + j];
      for (std::size_t k = 0; k < j; ++k)
        sum = sum - matrix[i * n + k] * matrix[j * n + k];
      matrix[i * n + j] = sum / pivot;
    }
  }
}

/// Solves with a Cholesky factor, in place.
template <class T>
EMPTOR_INLINE void solve(const T* factor, std::size_t n, T* x) noexcept {
  for (std::size_t i = 0; i < n; ++i) {
    T sum = x[i];
    for (std::size_t k = 0; k < i; ++k)
      sum = sum - factor[i * n + k] * x[k];
    x[i] = sum / factor[i * n + i];
  }
  for (std::size_t i = n; i-- > 0;) {
    T sum = x[i];
    for (std::size_t k = i + 1; k < n; ++k)
      sum = sum - factor[k * n + i] * x[k];
    x[i] = sum / factor[i * n + i];
  }
}

/// The first principal component of a symmetric matrix: it is squared so often that nothing but the projection on its first
/// eigenvector is left; some steps with the matrix itself then take the rounding away.
/// \param element  of row i and column k \param square, product  room for the matrix \param line  room for one row
/// \param v  comes out with length 1
template <class T, class Element>
EMPTOR_INLINE void principal_component(const Element& element, std::size_t size, T* square, T* product,
                                       T* line, T* v) noexcept {
  for (std::size_t i = 0; i < size; ++i)
    for (std::size_t k = 0; k < size; ++k)
      square[i * size + k] = element(i, k);
  for (int step = 0; step < 30; ++step) {
    T trace(0.0);
    for (std::size_t i = 0; i < size; ++i)
      trace = trace + square[i * size + i];
    for (std::size_t i = 0; i < size * size; ++i)
      square[i] = square[i] / trace;
    for (std::size_t i = 0; i < size; ++i)
      for (std::size_t k = 0; k < size; ++k) {
        T sum(0.0);
        for (std::size_t l = 0; l < size; ++l)
          sum = sum + square[i * size + l] * square[l * size + k];
        product[i * size + k] = sum;
      }
    for (std::size_t i = 0; i < size * size; ++i)
      square[i] = product[i];
  }
  T most(0.0);
  for (std::size_t k = 0; k < size; ++k) {
    const auto better = square[k * size + k] > most;
    most = select(better, square[k * size + k], most);
    for (std::size_t i = 0; i < size; ++i)
      v[i] = select(better, square[i * size + k], v[i]);
  }
  for (int step = 0; step < 4; ++step) {
    T norm(0.0);
    for (std::size_t i = 0; i < size; ++i) {
      T sum(0.0);
      for (std::size_t k = 0; k < size; ++k)
        sum = sum + element(i, k) * v[k];
      line[i] = sum;
      norm = norm + sum * sum;
    }
    norm = sqrt(norm);
    for (std::size_t i = 0; i < size; ++i)
      v[i] = line[i] / norm;
  }
}

} // namespace emptor::stats::detail
