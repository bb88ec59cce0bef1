// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>

#include <gtest/gtest.h>

#include <emptor/math/incomplete_beta.hpp>
#include <emptor/math/incomplete_gamma.hpp>

namespace incomplete_dual_test {
namespace {

namespace math = emptor::math;
using math::real;
using math::value_of;
using two = math::dual<real, 2>;
using three = math::dual<real, 3>;

constexpr double inf = std::numeric_limits<double>::infinity();
constexpr double nan = std::numeric_limits<double>::quiet_NaN();

/// Functions, so that each is compiled once.
two gamma_part(bool upper, double a, double x) {
  return math::detail::gamma_in_both<2>(upper, a, x);
}
three beta_part(bool upper, double a, double b, double x) {
  return math::detail::beta_in_all<2>(upper, a, b, x);
}
double value_at(bool upper, double a, double x) {
  return upper ? math::gamma_q(a, x) : math::gamma_p(a, x);
}
double value_at(bool upper, double a, double b, double x) {
  return upper ? math::ibetac(a, b, x) : math::ibeta(a, b, x);
}
template <std::size_t N>
bool has_nan(const math::dual<real, N>& f) {
  bool found = std::isnan(value_of(f));
  for (const real& derivative : f.g)
    found = found || std::isnan(value_of(derivative));
  for (const real& derivative : f.h)
    found = found || std::isnan(value_of(derivative));
  return found;
}

TEST(incomplete_gamma_dual, edges) {
  struct edge {
    double a, x;
    std::array<double, 5> lower; ///< in a, in x, in a twice, in both, in x twice
  };
  // At x = 0 the density is that of x^(a - 1) / Gamma(a).
  for (const edge& at :
       {edge{0.5, 0.0, {0, inf, 0, -inf, -inf}}, edge{1.0, 0.0, {0, 1, 0, -inf, -1}},
        edge{1.5, 0.0, {0, 0, 0, 0, inf}}, edge{2.0, 0.0, {0, 0, 0, 0, 1}}, edge{2.5, 0.0, {}},
        edge{1e9, 0.0, {}}, edge{2.5, inf, {}}, edge{inf, 2.0, {}}, edge{1e5, 1e3, {}}, edge{2.0, 1e4, {}}}) {
    SCOPED_TRACE(testing::Message() << at.a << ", " << at.x);
    for (const bool upper : {false, true}) {
      const double side = upper ? -1.0 : 1.0;
      const auto f = gamma_part(upper, at.a, at.x);
      EXPECT_EQ(value_of(f), value_at(upper, at.a, at.x));
      const std::array found{f.g[0], f.g[1], f.h[0], f.h[1], f.h[2]};
      for (std::size_t i = 0; i < found.size(); ++i)
        EXPECT_EQ(value_of(found[i]), side * at.lower[i]) << i;
    }
  }
  // x^a underflows, and its slope does not.
  EXPECT_NEAR(value_of(gamma_part(false, 2.0, 1e-200).g[1]) / 1e-200, 1.0, 1e-12);
  EXPECT_NEAR(value_of(gamma_part(false, 2.0, 1e-200).h[2]), 1.0, 1e-12);
  // x^a / Gamma(a + 1) is all there is, and 1 less of it.
  EXPECT_NEAR(value_of(gamma_part(true, 1e-300, 1e-10).g[0]), 10.0 * std::log(10.0) - 0.5772156649015329,
              1e-9);
  for (const auto& [a, x] : {std::array{-1.0, 1.0}, std::array{1.0, -1.0}, std::array{0.0, 1.0},
                             std::array{nan, 1.0}, std::array{1.0, nan}, std::array{inf, inf}}) {
    const two f = gamma_part(false, a, x);
    EXPECT_TRUE(std::isnan(value_of(f)));
    for (const real& derivative : f.g)
      EXPECT_TRUE(std::isnan(value_of(derivative)));
    for (const real& derivative : f.h)
      EXPECT_TRUE(std::isnan(value_of(derivative)));
  }
}

TEST(incomplete_beta_dual, edges) {
  struct edge {
    double a, b, x;
    std::array<double, 9> lower; ///< in a, b, x; in a twice, a b, b twice, a x, b x, x twice
  };
  // At x = 0 the density is that of x^(a - 1) / B(a, b), at x = 1 likewise.
  for (const edge& at :
       {edge{0.5, 2.0, 0.0, {0, 0, inf, 0, 0, 0, -inf, inf, -inf}},
        edge{1.0, 3.0, 0.0, {0, 0, 3, 0, 0, 0, -inf, 1, -6}},
        edge{1.5, 3.0, 0.0, {0, 0, 0, 0, 0, 0, 0, 0, inf}}, edge{2.0, 3.0, 0.0, {0, 0, 0, 0, 0, 0, 0, 0, 12}},
        edge{2.5, 3.0, 0.0, {}}, edge{1e9, 3.0, 0.0, {}},
        edge{2.0, 0.5, 1.0, {0, 0, inf, 0, 0, 0, inf, -inf, inf}},
        edge{3.0, 1.0, 1.0, {0, 0, 3, 0, 0, 0, 1, -inf, 6}},
        edge{3.0, 1.5, 1.0, {0, 0, 0, 0, 0, 0, 0, 0, -inf}},
        edge{3.0, 2.0, 1.0, {0, 0, 0, 0, 0, 0, 0, 0, -12}}, edge{3.0, 2.5, 1.0, {}}, edge{3.0, 1e9, 1.0, {}},
        edge{inf, 3.0, 0.5, {}}, edge{3.0, inf, 0.5, {}}, edge{1e15, 1e15, 0.3, {}}}) {
    SCOPED_TRACE(testing::Message() << at.a << ", " << at.b << ", " << at.x);
    for (const bool upper : {false, true}) {
      const double side = upper ? -1.0 : 1.0;
      const auto f = beta_part(upper, at.a, at.b, at.x);
      EXPECT_EQ(value_of(f), value_at(upper, at.a, at.b, at.x));
      const std::array found{f.g[0], f.g[1], f.g[2], f.h[0], f.h[1], f.h[2], f.h[3], f.h[4], f.h[5]};
      for (std::size_t i = 0; i < found.size(); ++i) {
        if (std::isinf(at.lower[i]))
          EXPECT_EQ(value_of(found[i]), side * at.lower[i]) << i;
        else
          EXPECT_NEAR(value_of(found[i]), side * at.lower[i], 1e-13) << i;
      }
    }
  }
  // x^a underflows, and its slope does not.
  EXPECT_NEAR(value_of(beta_part(false, 2.0, 3.0, 1e-200).g[2]) / 12e-200, 1.0, 1e-12);
  // For next to no shape the variable is 0 or 1.
  const three f = beta_part(false, 1e-25, 3e-25, 0.5);
  EXPECT_NEAR(value_of(f), 0.75, 1e-15);
  EXPECT_NEAR(value_of(f.g[0]) * 1e-25, -0.1875, 1e-15);
  EXPECT_NEAR(value_of(f.g[1]) * 1e-25, 0.0625, 1e-15);
  for (const auto& [a, b, x] :
       {std::array{-1.0, 1.0, 0.5}, std::array{1.0, 0.0, 0.5}, std::array{1.0, 1.0, -0.1},
        std::array{1.0, 1.0, 1.1}, std::array{nan, 1.0, 0.5}, std::array{inf, inf, 0.5}}) {
    const three undefined = beta_part(false, a, b, x);
    EXPECT_TRUE(std::isnan(value_of(undefined)));
    for (const real& derivative : undefined.g)
      EXPECT_TRUE(std::isnan(value_of(derivative)));
    for (const real& derivative : undefined.h)
      EXPECT_TRUE(std::isnan(value_of(derivative)));
  }
}

/// Derivatives in the variables u and v of a formula, ours against the closed form of the library's other functions.
void same(const two& found, const two& expected) {
  EXPECT_NEAR(value_of(found), value_of(expected), 4e-15);
  for (std::size_t i = 0; i < 2; ++i)
    EXPECT_NEAR(value_of(found.g[i]), value_of(expected.g[i]),
                1e-14 * (1.0 + std::fabs(value_of(expected.g[i]))));
  for (std::size_t k = 0; k < two::packed_size; ++k)
    EXPECT_NEAR(value_of(found.h[k]), value_of(expected.h[k]),
                1e-13 * (1.0 + std::fabs(value_of(expected.h[k]))));
}

TEST(incomplete_dual, arguments_that_are_formulas) {
  for (const double at : {0.2, 0.7, 1.6}) {
    const two u = two::variable(at, 0);
    const two v = two::variable(0.4, 1);
    const two one(1.0);
    const two x = u * v + v;
    same(gamma_q(one, x), exp(-x));
    same(gamma_q(two(2.0), x), (1.0 + x) * exp(-x));
    same(gamma_p(two(0.5), x), erf(sqrt(x)));
    const two y = v / (u + v);
    const two shape = 2.0 * u + log(v) + 1.5;
    same(ibeta(shape, one, y), pow(y, shape));
    same(ibetac(one, shape, y), pow(1.0 - y, shape));
    // Poisson and binomial sums, whose whole shapes are data.
    same(ibeta(two(2.0), two(2.0), y), y * y * (3.0 - 2.0 * y));
  }
}

TEST(incomplete_dual, a_constant_argument_adds_nothing_where_the_density_is_infinite) {
  const two p = gamma_p(two::variable(0.5, 0), two(0.0));
  const two i = ibeta(two::variable(0.5, 0), two::variable(0.5, 1), two(1.0));
  for (const two& f : {p, i}) {
    for (const real& derivative : f.g)
      EXPECT_EQ(value_of(derivative), 0.0);
    for (const real& derivative : f.h)
      EXPECT_EQ(value_of(derivative), 0.0);
  }
  EXPECT_EQ(value_of(gamma_p(two(0.5), two::variable(0.0, 0)).g[0]), inf);
}

TEST(incomplete_gamma_dual, every_argument_has_an_answer) {
  for (const double a : {1e-300, 1e-20, 0.5, 1.0, 3.0, 1e3, 1e8, 1e15, 1e200, inf})
    for (const double x : {0.0, 5e-324, 1e-300, 1e-20, 0.5, 1.0, 3.0, 1e3, 1e8, 1e15, 1e200, inf}) {
      if (a == inf && x == inf)
        continue;
      const two f = gamma_part(false, a, x);
      EXPECT_EQ(value_of(f), math::gamma_p(a, x));
      EXPECT_FALSE(has_nan(f)) << a << ", " << x;
    }
}

TEST(incomplete_beta_dual, every_argument_has_an_answer) {
  for (const double a : {1e-300, 1e-20, 0.5, 1.0, 3.0, 1e3, 1e10, 1e200, 1.7e308, inf})
    for (const double b : {0.5, 1.0, 3.0, 1e3, 1e10, 1e200, 1.7e308, inf})
      for (const double x : {0.0, 5e-324, 1e-300, 1e-10, 0.3, 0.9, 1.0 - 0x1p-53, 1.0}) {
        if (a == inf && b == inf)
          continue;
        const three f = beta_part(false, a, b, x);
        EXPECT_EQ(value_of(f), math::ibeta(a, b, x));
        EXPECT_FALSE(has_nan(f)) << a << ", " << b << ", " << x;
      }
}

} // namespace
} // namespace incomplete_dual_test
