// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include <emptor/math/incomplete_beta.hpp>
#include <emptor/math/incomplete_gamma.hpp>

namespace incomplete_test {
namespace {

namespace math = emptor::math;
using math::gamma_p;
using math::gamma_q;
using math::ibeta;
using math::ibetac;

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double extremes[] = {5e-324, 1e-300, 1e-20, 0.5, 1.0, 3.0, 1e3, 1e8, 1e15, 1e200, 1.7e308, inf};

TEST(incomplete_gamma, closed_forms) {
  for (const double x : {1e-8, 0.1, 1.0, 1.5, 7.0, 40.0, 600.0}) {
    EXPECT_NEAR(gamma_q(1.0, x) / math::exp(-x), 1.0, 2e-15);
    EXPECT_NEAR(gamma_p(1.0, x) / -math::expm1(-x), 1.0, 2e-15);
    EXPECT_NEAR(gamma_q(2.0, x) / ((1.0 + x) * math::exp(-x)), 1.0, 2e-15);
    EXPECT_NEAR(gamma_p(0.5, x) / math::erf(math::sqrt(x)), 1.0, 2e-15);
  }
}

TEST(incomplete_gamma, edges) {
  EXPECT_EQ(gamma_p(2.0, 0.0), 0.0);
  EXPECT_EQ(gamma_q(2.0, 0.0), 1.0);
  EXPECT_EQ(gamma_p(2.0, inf), 1.0);
  EXPECT_EQ(gamma_q(2.0, inf), 0.0);
  EXPECT_EQ(gamma_p(inf, 2.0), 0.0);
  for (const double bad : {-1.0, 0.0, nan, -inf}) {
    EXPECT_TRUE(std::isnan(gamma_p(bad, 1.0)));
    EXPECT_TRUE(std::isnan(gamma_q(bad, 1.0)));
  }
  EXPECT_TRUE(std::isnan(gamma_p(1.0, -1.0)));
  EXPECT_TRUE(std::isnan(gamma_p(1.0, nan)));
  EXPECT_TRUE(std::isnan(gamma_p(inf, inf)));
}

TEST(incomplete_gamma, every_argument_has_an_answer) {
  for (const double a : extremes) {
    double last = 0.0;
    for (const double x : extremes) {
      if (a == inf && x == inf)
        continue;
      const double p = gamma_p(a, x);
      const double q = gamma_q(a, x);
      EXPECT_TRUE(p >= last && p <= 1.0) << a << ", " << x << ": " << p;
      EXPECT_TRUE(q >= 0.0 && q <= 1.0) << a << ", " << x << ": " << q;
      EXPECT_NEAR(p + q, 1.0, 4e-16) << a << ", " << x;
      last = p;
    }
  }
}

TEST(incomplete_gamma, of_a_huge_shape_is_the_normal_distribution) {
  for (const double a : {1e10, 1e14}) {
    // The median lies at a - 1/3.
    EXPECT_NEAR(gamma_p(a, a - 1.0 / 3.0), 0.5, 1e-9);
    EXPECT_NEAR(gamma_q(a, a + 3.0 * math::sqrt(a)), 0.5 * math::erfc(3.0 / math::sqrt(2.0)), 1e-6);
  }
}

TEST(incomplete_beta, closed_forms) {
  for (const double x : {1e-8, 0.1, 0.25, 0.5, 0.75, 0.999}) {
    EXPECT_NEAR(ibeta(1.0, 1.0, x) / x, 1.0, 2e-15);
    EXPECT_NEAR(ibeta(3.0, 1.0, x) / math::pow(x, 3.0), 1.0, 4e-15);
    EXPECT_NEAR(ibetac(1.0, 5.0, x) / math::pow(1.0 - x, 5.0), 1.0, 4e-15);
    EXPECT_NEAR(ibeta(2.0, 2.0, x) / (x * x * (3.0 - 2.0 * x)), 1.0, 4e-15);
    EXPECT_NEAR(ibeta(0.5, 0.5, x) / (std::asin(std::sqrt(x)) * 2.0 / std::acos(-1.0)), 1.0, 4e-15);
  }
  for (const double x : {0x1p-20, 0.25, 0.5, 0.75}) {
    for (const double a : {0.3, 2.5, 40.0})
      EXPECT_NEAR(ibeta(a, 7.0, x) / ibetac(7.0, a, 1.0 - x), 1.0, 1e-14);
  }
}

TEST(incomplete_beta, edges) {
  EXPECT_EQ(ibeta(2.0, 3.0, 0.0), 0.0);
  EXPECT_EQ(ibetac(2.0, 3.0, 0.0), 1.0);
  EXPECT_EQ(ibeta(2.0, 3.0, 1.0), 1.0);
  EXPECT_EQ(ibetac(2.0, 3.0, 1.0), 0.0);
  EXPECT_EQ(ibeta(inf, 3.0, 0.5), 0.0);
  EXPECT_EQ(ibeta(2.0, inf, 0.5), 1.0);
  for (const double bad : {-1.0, 0.0, nan, -inf}) {
    EXPECT_TRUE(std::isnan(ibeta(bad, 1.0, 0.5)));
    EXPECT_TRUE(std::isnan(ibetac(1.0, bad, 0.5)));
  }
  for (const double bad : {-0.1, 1.1, nan})
    EXPECT_TRUE(std::isnan(ibeta(1.0, 1.0, bad)));
  EXPECT_TRUE(std::isnan(ibeta(inf, inf, 0.5)));
}

TEST(incomplete_beta, every_argument_has_an_answer) {
  for (const double a : extremes) {
    for (const double b : extremes) {
      if (a == inf && b == inf)
        continue;
      double last = 0.0;
      for (const double x : {0.0, 5e-324, 1e-300, 1e-10, 0.3, 0.5, 0.9, 1.0 - 0x1p-53, 1.0}) {
        const double lower = ibeta(a, b, x);
        const double upper = ibetac(a, b, x);
        EXPECT_TRUE(lower >= last - 4e-15 && lower <= 1.0) << a << ", " << b << ", " << x << ": " << lower;
        EXPECT_TRUE(upper >= 0.0 && upper <= 1.0) << a << ", " << b << ", " << x << ": " << upper;
        EXPECT_NEAR(lower + upper, 1.0, 4e-16) << a << ", " << b << ", " << x;
        last = lower;
      }
    }
  }
}

TEST(incomplete_beta, of_huge_shapes_goes_on_where_the_fraction_ends) {
  // Just below and just above the shapes at which the uniform expansion takes over.
  const auto at = [](double a, double b, double deviations) {
    const double mean = a / (a + b);
    return mean + deviations * math::sqrt(mean * (1.0 - mean) / (a + b));
  };
  for (const double k : {-5.0, -1.0, -0.01, 0.0, 0.01, 2.0, 6.0}) {
    const double below = ibeta(0.999999999e9, 2e9, at(0.999999999e9, 2e9, k));
    const double above = ibeta(1.000000001e9, 2e9, at(1.000000001e9, 2e9, k));
    EXPECT_NEAR(above / below, 1.0, 1e-7) << k;
  }
  EXPECT_NEAR(ibeta(1e12, 1e12, 0.5), 0.5, 1e-15);
}

} // namespace
} // namespace incomplete_test
