// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <span>

#include <gtest/gtest.h>

#include <emptor/math/dual.hpp>
#include <emptor/math/newton.hpp>

namespace newton_test {
namespace {

namespace math = emptor::math;
using math::real;

template <std::size_t N, class Formula>
auto objective(const Formula& formula) {
  return [formula](std::span<const double> x, math::newton_value& out) {
    std::array<math::dual<real, N>, N> v;
    for (std::size_t i = 0; i < N; ++i)
      v[i] = math::dual<real, N>::variable(x[i], i);
    const math::dual<real, N> f = formula(v);
    out.value = math::value_of(f);
    for (std::size_t i = 0; i < N; ++i) {
      out.gradient[i] = math::value_of(f.g[i]);
      for (std::size_t j = 0; j < N; ++j)
        out.hessian[N * i + j] = math::value_of(f.hessian(i, j));
    }
  };
}

TEST(newton, valley_of_rosenbrock) {
  const auto f = objective<2>([](const auto& x) {
    const auto u = x[1] - x[0] * x[0];
    const auto v = 1.0 - x[0];
    return -(100.0 * u * u + v * v);
  });
  const std::array start{-1.2, 1.0};
  const auto found = math::maximise(f, start, {}, {});
  EXPECT_TRUE(found.converged);
  EXPECT_EQ(found.runaway, -1);
  EXPECT_NEAR(found.point[0], 1.0, 1e-14);
  EXPECT_NEAR(found.point[1], 1.0, 1e-14);
  EXPECT_LT(found.scaled_gradient, 1e-12);
}

TEST(newton, leaves_a_saddle_and_a_convex_region) {
  const auto f = objective<2>([](const auto& x) { return x[0] * x[0] - pow(x[0], 4) - x[1] * x[1]; });
  for (const std::array start : {std::array{0.0, 0.5}, std::array{1e-3, 0.0}, std::array{5.0, -7.0}}) {
    const auto found = math::maximise(f, start, {}, {});
    EXPECT_TRUE(found.converged);
    EXPECT_NEAR(std::fabs(found.point[0]), std::sqrt(0.5), 1e-12);
    EXPECT_NEAR(found.point[1], 0.0, 1e-12);
  }
}

TEST(newton, names_the_coordinate_that_runs_away) {
  const auto f = objective<2>([](const auto& x) { return -(x[0] * x[0]) - exp(x[1]); });
  const auto found = math::maximise(f, std::array{1.0, 1.0}, {}, {});
  EXPECT_FALSE(found.converged);
  EXPECT_EQ(found.runaway, 1);
  EXPECT_EQ(found.runaway_direction, -1);
  // What does not run away is at its maximum nevertheless.
  EXPECT_NEAR(found.point[0], 0.0, 1e-12);
}

TEST(newton, a_limit_on_the_way_is_no_end) {
  // The first steps rush up the slope of x[1]; its maximum is inside once x[0] has found its place.
  const auto f = objective<2>([](const auto& x) {
    const auto u = x[0] - 9.0;
    return -(u * u) - x[1] * x[1] * x[0] * x[0] * 1e-3 + x[1] * 0.1;
  });
  math::newton_options options;
  options.limit = 10.0;
  const auto found = math::maximise(f, std::array{0.01, 9.9}, options, {});
  EXPECT_TRUE(found.converged);
  EXPECT_EQ(found.runaway, -1);
  EXPECT_NEAR(found.gradient[1], 0.0, 1e-12);
}

TEST(newton, walls_of_the_domain_and_nan_are_survived) {
  const auto f = objective<1>([](const auto& x) { return log(x[0]) - x[0]; });
  const auto found = math::maximise(f, std::array{0.01}, {}, {});
  EXPECT_TRUE(found.converged);
  EXPECT_NEAR(found.point[0], 1.0, 1e-14);
  const auto lost = math::maximise(f, std::array{-1.0}, {}, {});
  EXPECT_FALSE(lost.converged);
  EXPECT_EQ(lost.iterations, 0);
}

TEST(newton, can_be_cancelled_and_reports_progress) {
  const auto f = objective<1>([](const auto& x) { return -pow(x[0], 4); });
  std::atomic<int> cancel{0};
  emptor::run how;
  how.cancel = &cancel;
  how.progress = [](double share, void* user) {
    EXPECT_GE(share, 0.0);
    EXPECT_LE(share, 1.0);
    static_cast<std::atomic<int>*>(user)->store(share > 0.3 ? 1 : 0);
  };
  how.user = &cancel;
  try {
    (void)math::maximise(f, std::array{3.0}, {}, how);
    ADD_FAILURE() << "not cancelled";
  } catch (const emptor::error& e) {
    EXPECT_EQ(e.code(), emptor::status::cancelled);
  }
}

TEST(newton, eigenvalues_of_a_graded_matrix) {
  // Hilbert's matrix: eigenvalues over ten orders of magnitude.
  constexpr std::size_t n = 8;
  std::array<double, n * n> a{};
  for (std::size_t i = 0; i < n; ++i)
    for (std::size_t j = 0; j < n; ++j)
      a[n * i + j] = 1.0 / static_cast<double>(i + j + 1);
  const math::symmetric_eigen eigen(a, n);
  double largest = 0.0;
  for (std::size_t i = 0; i < n; ++i) {
    largest = std::fmax(largest, eigen.values[i]);
    for (std::size_t j = 0; j < n; ++j) {
      double sum = 0.0;
      for (std::size_t k = 0; k < n; ++k)
        sum += eigen.vectors[n * i + k] * eigen.values[k] * eigen.vectors[n * j + k];
      EXPECT_NEAR(sum, a[n * i + j], 1e-15);
    }
  }
  EXPECT_NEAR(largest, 1.6959389969219494, 1e-14);
}

} // namespace
} // namespace newton_test
