// SPDX-License-Identifier: BSL-1.0
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

#include <emptor/math/elementary.hpp>

namespace elementary_test {
namespace {

namespace math = emptor::math;

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();
constexpr double least = 5e-324;
constexpr double most = std::numeric_limits<double>::max();

/// Bit for bit, so that -0 is not 0 and a NaN is the one NaN.
void same(double found, double expected) {
  EXPECT_EQ(std::bit_cast<std::uint64_t>(found), std::bit_cast<std::uint64_t>(expected))
      << found << " in place of " << expected;
}

TEST(elementary, exp_at_the_edges) {
  same(math::exp(0.0), 1.0);
  same(math::exp(-0.0), 1.0);
  same(math::exp(inf), inf);
  same(math::exp(-inf), 0.0);
  same(math::exp(709.782712893384), 1.7976931348622732e308);
  same(math::exp(709.7827128933841), inf);
  same(math::exp(1e300), inf);
  same(math::exp(-745.1332191019411), least);
  same(math::exp(-745.1332191019412), 0.0);
  same(math::exp(-1e300), 0.0);
  same(math::exp(-nan), nan);
}

TEST(elementary, expm1_at_the_edges) {
  same(math::expm1(0.0), 0.0);
  same(math::expm1(-0.0), -0.0);
  same(math::expm1(least), least);
  same(math::expm1(-1e-310), -1e-310);
  same(math::expm1(inf), inf);
  same(math::expm1(709.782712893384), 1.7976931348622732e308);
  same(math::expm1(709.7827128933841), inf);
  same(math::expm1(-inf), -1.0);
  same(math::expm1(-1e300), -1.0);
  same(math::expm1(-60.0), -1.0);
  same(math::expm1(-nan), nan);
}

TEST(elementary, log_at_the_edges) {
  same(math::log(1.0), 0.0);
  same(math::log(0.0), -inf);
  same(math::log(-0.0), -inf);
  same(math::log(inf), inf);
  same(math::log(-least), nan);
  same(math::log(-inf), nan);
  same(math::log(-nan), nan);
  EXPECT_DOUBLE_EQ(math::log(least), -744.4400719213812);
  EXPECT_DOUBLE_EQ(math::log(most), 709.782712893384);
}

TEST(elementary, log1p_at_the_edges) {
  same(math::log1p(0.0), 0.0);
  same(math::log1p(-0.0), -0.0);
  same(math::log1p(least), least);
  same(math::log1p(-1e-310), -1e-310);
  same(math::log1p(-1.0), -inf);
  same(math::log1p(std::nextafter(-1.0, -2.0)), nan);
  same(math::log1p(inf), inf);
  same(math::log1p(-inf), nan);
  same(math::log1p(-nan), nan);
  EXPECT_DOUBLE_EQ(math::log1p(most), 709.782712893384);
  EXPECT_DOUBLE_EQ(math::log1p(std::nextafter(-1.0, 0.0)), -36.7368005696771);
}

TEST(elementary, pow_follows_the_standard) {
  // C17 F.10.4.4.
  for (const double odd : {1.0, 3.0, 9007199254740991.0}) {
    same(math::pow(0.0, -odd), inf);
    same(math::pow(-0.0, -odd), -inf);
    same(math::pow(0.0, odd), 0.0);
    same(math::pow(-0.0, odd), -0.0);
    same(math::pow(-inf, odd), -inf);
    same(math::pow(-inf, -odd), -0.0);
  }
  for (const double other : {0.5, 2.0, 2.5, 9007199254740992.0, 1e300, inf}) {
    same(math::pow(0.0, -other), inf);
    same(math::pow(-0.0, -other), inf);
    same(math::pow(0.0, other), 0.0);
    same(math::pow(-0.0, other), 0.0);
    same(math::pow(-inf, other), inf);
    same(math::pow(-inf, -other), 0.0);
    same(math::pow(inf, other), inf);
    same(math::pow(inf, -other), 0.0);
  }
  for (const double any : {0.0, -0.0, 1.0, -1.0, 0.3, 1e300, inf, -inf, nan}) {
    same(math::pow(any, 0.0), 1.0);
    same(math::pow(any, -0.0), 1.0);
    same(math::pow(1.0, any), 1.0);
  }
  same(math::pow(-1.0, inf), 1.0);
  same(math::pow(-1.0, -inf), 1.0);
  same(math::pow(0.5, -inf), inf);
  same(math::pow(-0.5, inf), 0.0);
  same(math::pow(1.5, inf), inf);
  same(math::pow(-1.5, -inf), 0.0);
  same(math::pow(-2.0, 0.5), nan);
  same(math::pow(-1.0, 0.5), nan);
  same(math::pow(-inf, 0.5), inf);
  same(math::pow(-nan, 2.0), nan);
  same(math::pow(2.0, -nan), nan);
  same(math::pow(nan, nan), nan);
}

TEST(elementary, powers_that_are_exact) {
  for (int n = -1074; n <= 1023; ++n)
    same(math::pow(2.0, n), std::ldexp(1.0, n));
  for (int n = 0; n <= 33; ++n)
    same(math::pow(-3.0, n), (n % 2 == 0 ? 1.0 : -1.0) * std::round(std::pow(3.0, n)));
  same(math::pow(10.0, 22), 1e22);
  same(math::pow(2.0, 1024), inf);
  same(math::pow(-2.0, 1025), -inf);
  same(math::pow(-2.0, -1075), -0.0);
  same(math::pow(2.0, 1e300), inf);
  same(math::pow(1.0 + 0x1p-52, 1e300), inf);
  same(math::pow(least, 1e-323), 1.0);
  same(math::pow(least, 1.0), least);
  same(math::pow(most, -2.0), 0.0);
}

TEST(elementary, log1p_quotient_at_the_edges) {
  same(math::log1p_quotient(0.0, 2.0), 0.0);
  same(math::log1p_quotient(0.0, least), 0.0);
  EXPECT_DOUBLE_EQ(math::log1p_quotient(1e-310, 1.0), 1e-310);
  EXPECT_DOUBLE_EQ(math::log1p_quotient(1e300, 1.0), 690.77552789821368);
  EXPECT_DOUBLE_EQ(math::log1p_quotient(1.0, 1e-300), 690.77552789821368);
  EXPECT_DOUBLE_EQ(math::log1p_quotient(most, most), 0.69314718055994529);
  same(math::log1p_quotient(inf, 1.0), inf);
  same(math::log1p_quotient(nan, 1.0), nan);
  same(math::log1p_quotient(1.0, nan), nan);
  same(math::log1p_quotient(-0.7, 1.0), math::log1p(-0.7));
  same(math::log1p_quotient(-2.0, 1.0), nan);
  same(math::log1p_quotient(-1.0, 1.0), -inf);
  same(math::log1p_quotient(1.0, -4.0), math::log1p(-0.25));
  same(math::log1p_quotient(1.0, 0.0), inf);
  // Where the whole power of two changes, on both sides.
  for (const double ratio : {1.0 / 3.0, 0.5, 2.0 / 3.0, 1.0, 2.0, 3.0, 7.0}) {
    for (const double d : {1.0, 1.25, 1.5, 1.75, 1.9999999}) {
      for (const double n : {std::nextafter(ratio * d, 0.0), ratio * d, std::nextafter(ratio * d, 9e9)})
        EXPECT_NEAR(math::log1p_quotient(n, d), std::log1p(n / d), 5e-16 * std::log1p(n / d))
            << n << ' ' << d;
    }
  }
}

TEST(elementary, log_add_exp_at_the_edges) {
  same(math::log_add_exp(-inf, -inf), -inf);
  same(math::log_add_exp(-inf, 2.0), 2.0);
  same(math::log_add_exp(inf, inf), inf);
  same(math::log_add_exp(inf, -inf), inf);
  same(math::log_add_exp(-nan, 1.0), nan);
  same(math::log_add_exp(1.0, -nan), nan);
  EXPECT_DOUBLE_EQ(math::log_add_exp(-1e4, -1e4), -1e4 + std::log(2.0));
  EXPECT_DOUBLE_EQ(math::log_add_exp(700.0, 700.0), 700.0 + std::log(2.0));
}

TEST(elementary, gamma_functions_at_the_edges) {
  for (const double pole : {0.0, -0.0, -1.0, -2.0, -170.0, -4503599627370497.0, -1e300}) {
    same(math::lgamma(pole), inf);
    same(math::digamma(pole), nan);
    same(math::trigamma(pole), inf);
  }
  same(math::lgamma(1.0), 0.0);
  same(math::lgamma(2.0), 0.0);
  same(math::lgamma(inf), inf);
  same(math::lgamma(-inf), inf);
  same(math::lgamma(1e306), inf);
  same(math::lgamma(-nan), nan);
  same(math::digamma(inf), inf);
  same(math::digamma(-inf), nan);
  same(math::digamma(-nan), nan);
  same(math::trigamma(inf), 0.0);
  same(math::trigamma(-inf), inf);
  same(math::trigamma(-nan), nan);
  same(math::trigamma(1e-160), inf);
  // Of tiny arguments either sign.
  EXPECT_DOUBLE_EQ(math::lgamma(least), 744.4400719213812);
  EXPECT_DOUBLE_EQ(math::lgamma(-least), 744.4400719213812);
  EXPECT_DOUBLE_EQ(math::lgamma(-1e-37), 85.19564844077969);
  EXPECT_DOUBLE_EQ(math::digamma(1e-307), -1e307);
  EXPECT_DOUBLE_EQ(math::digamma(-1e-307), 1e307);
  EXPECT_DOUBLE_EQ(math::trigamma(-1e-100), 1e200);
  // Next to a pole on the left: Gamma(-3 - d) = 1 / (6 d) to first order.
  EXPECT_NEAR(math::lgamma(-3.0 - 0x1p-40), 40.0 * std::log(2.0) - std::log(6.0), 1e-11);
}

TEST(elementary, error_functions_at_the_edges) {
  same(math::erf(0.0), 0.0);
  same(math::erf(-0.0), -0.0);
  same(math::erf(inf), 1.0);
  same(math::erf(-inf), -1.0);
  same(math::erf(1e300), 1.0);
  same(math::erf(-nan), nan);
  same(math::erfc(0.0), 1.0);
  same(math::erfc(inf), 0.0);
  same(math::erfc(-inf), 2.0);
  same(math::erfc(1e300), 0.0);
  same(math::erfc(28.0), 0.0);
  same(math::erfc(-nan), nan);
  EXPECT_GT(math::erfc(27.2), 0.0);
}

TEST(elementary, roots_and_whole_parts) {
  same(math::sqrt(2.25), 1.5);
  same(math::sqrt(-0.0), -0.0);
  same(math::sqrt(inf), inf);
  same(math::sqrt(-1.0), nan);
  same(math::sqrt(-nan), nan);
  same(math::abs(-0.0), 0.0);
  same(math::abs(-3.0), 3.0);
  for (const double x : {0.0, -0.0, 0.3, -0.3, 1.0, -1.0, 2.5, -2.5, 4503599627370495.5, -4503599627370495.5,
                         4503599627370497.0, 1e300, -1e300, least, -least, inf, -inf, 0.49999999999999994})
    same(math::floor(x), std::floor(x));
}

TEST(elementary, no_step_where_two_forms_meet) {
  // A function that grows must not fall from one double to the next, but for the last bits.
  const auto grows = [](auto f, double x, double slack) {
    const double below = std::nextafter(x, -inf);
    EXPECT_LE(f(below), f(x) + slack * std::fabs(f(x))) << x;
    EXPECT_NEAR(f(below), f(x), 4e-15 * std::fabs(f(x)) + 4e-16) << x;
  };
  for (const double x : {0.5, 1.0, 1.5, 2.5, 3.5, 4.5, 5.5, 6.5, 7.5, 8.0}) {
    const double slack = 1e-15;
    grows([](double y) { return -math::lgamma(y); }, x, 1.0);
    grows([](double y) { return math::digamma(y); }, x, slack);
    grows([](double y) { return -math::trigamma(y); }, x, slack);
  }
  grows([](double y) { return math::erf(y); }, 1.0, 1e-15);
  grows([](double y) { return -math::erfc(y); }, 1.0, 1e-15);
}

TEST(real, a_product_is_rounded_before_the_sum) {
  // x * x = 1 + 2^-29 + 2^-60, whose last bit a fused operation would keep.
  volatile double seed = 1.0 + 0x1p-30;
  const math::real x = static_cast<double>(seed);
  EXPECT_EQ(math::value_of(x * x - math::real(1.0 + 0x1p-29)), 0.0);
  static_assert(math::real(2) * math::real(3.0) + 1 == math::real(7));
}

} // namespace
} // namespace elementary_test
