// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/math/symmetric_eigen.hpp>

#include "support/random.hpp"

namespace emptor::test::symmetric_eigen_test {
namespace {

using math::symmetric_eigen;

std::vector<double> sorted(const symmetric_eigen& of) {
  std::vector<double> values = of.values();
  std::sort(values.begin(), values.end());
  return values;
}

/// Of a second difference the eigenvalues are 2 - 2 cos(k pi / (n + 1)).
TEST(symmetric_eigen, of_a_second_difference) {
  for (const std::size_t n : {1U, 2U, 5U, 12U}) {
    std::vector<double> matrix(n * n, 0.0);
    for (std::size_t i = 0; i < n; ++i) {
      matrix[i * n + i] = 2.0;
      if (i + 1 < n)
        matrix[i * n + i + 1] = matrix[(i + 1) * n + i] = -1.0;
    }
    symmetric_eigen found;
    ASSERT_TRUE(found.decompose(matrix, n));
    const std::vector<double> values = sorted(found);
    for (std::size_t k = 0; k < n; ++k)
      EXPECT_NEAR(
          values[k],
          2.0 - 2.0 * std::cos(std::acos(-1.0) * static_cast<double>(k + 1) / static_cast<double>(n + 1)),
          4e-15);
  }
}

/// The matrix comes back from values and vectors, which are orthonormal, also where values are equal or far apart.
TEST(symmetric_eigen, vectors_are_orthonormal_and_rebuild_the_matrix) {
  variates draw;
  symmetric_eigen found; // its memory is used again
  for (std::size_t n = 1; n <= 20; ++n) {
    std::vector<double> matrix(n * n);
    double largest = 0.0;
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = i; j < n; ++j) {
        const double scale = n % 3 == 0 ? std::exp(-3.0 * static_cast<double>(i + j)) : 1.0;
        matrix[i * n + j] = matrix[j * n + i] = n % 5 == 0 && i != j ? 0.5 : scale * (draw.uniform() - 0.5);
        largest = std::max(largest, std::fabs(matrix[i * n + j]));
      }
    }
    ASSERT_TRUE(found.decompose(matrix, n));
    for (std::size_t i = 0; i < n; ++i) {
      for (std::size_t j = 0; j < n; ++j) {
        double product = 0.0;
        double rebuilt = 0.0;
        for (std::size_t k = 0; k < n; ++k) {
          product += math::value_of(found.vector(k, i) * found.vector(k, j));
          rebuilt += math::value_of(found.vector(i, k) * found.vector(j, k) * found.values()[k]);
        }
        EXPECT_NEAR(product, i == j ? 1.0 : 0.0, 1e-14) << n;
        EXPECT_NEAR(rebuilt, matrix[i * n + j], 2e-14 * largest * static_cast<double>(n)) << n;
      }
    }
  }
}

TEST(symmetric_eigen, ends_whatever_the_numbers_are) {
  symmetric_eigen found;
  EXPECT_TRUE(found.decompose(std::vector<double>(9, 0.0), 3));
  EXPECT_EQ(found.values(), std::vector<double>(3, 0.0));
  EXPECT_TRUE(found.decompose(std::vector<double>(9, 1.0), 3));
  EXPECT_NEAR(sorted(found)[2], 3.0, 1e-15);
  EXPECT_TRUE(found.decompose({}, 0));
  // No eigenvalues, but an end.
  static_cast<void>(found.decompose(std::vector<double>(9, std::numeric_limits<double>::quiet_NaN()), 3));
  static_cast<void>(found.decompose(std::vector<double>(9, std::numeric_limits<double>::infinity()), 3));
}

} // namespace
} // namespace emptor::test::symmetric_eigen_test
