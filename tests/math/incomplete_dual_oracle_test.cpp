// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

#include <gtest/gtest.h>

#include <emptor/math/incomplete_beta.hpp>
#include <emptor/math/incomplete_gamma.hpp>

#include "incomplete_truth.hpp"
#include "support/random.hpp"

namespace incomplete_dual_oracle_test {
namespace {

namespace math = emptor::math;
using emptor::testing::error_of;
using emptor::testing::half;
using emptor::testing::incomplete_beta_truth;
using emptor::testing::incomplete_gamma_truth;
using math::real;
using math::value_of;
using two = math::dual<real, 2>;
using three = math::dual<real, 3>;

constexpr std::size_t N2 = 2;
constexpr std::size_t N3 = 3;

/// Functions, so that each is compiled once.
template <int Order>
math::dual<real, N2, Order> gamma_part(bool upper, double a, double x) {
  using dual = math::dual<real, N2, Order>;
  return upper ? gamma_q(dual::variable(a, 0), dual::variable(x, 1))
               : gamma_p(dual::variable(a, 0), dual::variable(x, 1));
}
template <int Order>
math::dual<real, N3, Order> beta_part(bool upper, double a, double b, double x) {
  using dual = math::dual<real, N3, Order>;
  return upper ? ibetac(dual::variable(a, 0), dual::variable(b, 1), dual::variable(x, 2))
               : ibeta(dual::variable(a, 0), dual::variable(b, 1), dual::variable(x, 2));
}
double value_at(bool upper, double a, double x) {
  return upper ? math::gamma_q(a, x) : math::gamma_p(a, x);
}
double value_at(bool upper, double a, double b, double x) {
  return upper ? math::ibetac(a, b, x) : math::ibeta(a, b, x);
}

constexpr double first_tolerance = 1e-12;
constexpr double second_tolerance = 1e-9;

/// Relative to each derivative itself; a second one, which may change its sign, also to the product of the first ones
/// over the value. What is too small for the density to be a normal number does not count.
template <std::size_t N, class Truth>
void compare(const math::dual<real, N>& found, const Truth& truth) {
  if (truth.value < half("1e-290"))
    return;
  EXPECT_LT(error_of(value_of(found), truth.value), 2e-13);
  for (std::size_t i = 0, k = 0; i < N; ++i) {
    EXPECT_LT(error_of(value_of(found.g[i]), truth.gradient[i]), first_tolerance) << "derivative " << i;
    for (std::size_t j = 0; j <= i; ++j, ++k) {
      const half product = truth.gradient[i] * truth.gradient[j] / truth.value;
      const half size = std::max(half(abs(product)), half(abs(truth.hessian[k])));
      EXPECT_LT(abs(half(value_of(found.h[k]) - truth.hessian[k])), second_tolerance * size)
          << "second derivative " << i << ", " << j << ": " << value_of(found.h[k]) << ", not "
          << static_cast<double>(truth.hessian[k]);
    }
  }
}

/// Both parts: the smaller one against the truth, the other has the opposite derivatives; the values are those of
/// the functions of numbers, and without the Hessian all else has the same bits.
void compare_gamma(double a, double x) {
  SCOPED_TRACE(testing::Message() << "a = " << a << ", x = " << x);
  const incomplete_gamma_truth truth(a, x);
  const two smaller = gamma_part<2>(truth.upper, a, x);
  const two larger = gamma_part<2>(!truth.upper, a, x);
  compare(smaller, truth);
  EXPECT_EQ(value_of(smaller), value_at(truth.upper, a, x));
  EXPECT_EQ(value_of(larger), value_at(!truth.upper, a, x));
  const auto first = gamma_part<1>(truth.upper, a, x);
  EXPECT_EQ(value_of(first), value_of(smaller));
  for (std::size_t i = 0; i < N2; ++i) {
    EXPECT_EQ(value_of(larger.g[i]), -value_of(smaller.g[i]));
    EXPECT_NEAR(value_of(first.g[i]), value_of(smaller.g[i]), 1e-15 * std::fabs(value_of(smaller.g[i])));
  }
  for (std::size_t k = 0; k < two::packed_size; ++k)
    EXPECT_EQ(value_of(larger.h[k]), -value_of(smaller.h[k]));
}
void compare_beta(double a, double b, double x) {
  SCOPED_TRACE(testing::Message() << "a = " << a << ", b = " << b << ", x = " << x);
  const incomplete_beta_truth truth(a, b, x);
  const three smaller = beta_part<2>(truth.upper, a, b, x);
  const three larger = beta_part<2>(!truth.upper, a, b, x);
  compare(smaller, truth);
  EXPECT_EQ(value_of(smaller), value_at(truth.upper, a, b, x));
  EXPECT_EQ(value_of(larger), value_at(!truth.upper, a, b, x));
  const auto first = beta_part<1>(truth.upper, a, b, x);
  EXPECT_EQ(value_of(first), value_of(smaller));
  for (std::size_t i = 0; i < N3; ++i) {
    EXPECT_EQ(value_of(larger.g[i]), -value_of(smaller.g[i]));
    EXPECT_NEAR(value_of(first.g[i]), value_of(smaller.g[i]), 1e-15 * std::fabs(value_of(smaller.g[i])));
  }
  for (std::size_t k = 0; k < three::packed_size; ++k)
    EXPECT_EQ(value_of(larger.h[k]), -value_of(smaller.h[k]));
}

class points : public emptor::test::variates {
public:
  double within(double low, double high) { return low + (high - low) * uniform(); }
  double spread(double low, double high) { return low * std::pow(high / low, uniform()); }
  double whole(double high) { return std::floor(within(1.0, high)); }
};

TEST(incomplete_gamma_dual, small_shapes) {
  points from;
  for (int i = 0; i < 12; ++i) {
    compare_gamma(from.spread(1e-6, 1.0), from.spread(1e-7, 1.5));
    compare_gamma(from.spread(1e-6, 1.0), from.spread(1.5, 600.0));
  }
}

TEST(incomplete_gamma_dual, middle_shapes) {
  points from;
  for (int i = 0; i < 25; ++i) {
    const double a = from.spread(1.0, 1000.0);
    compare_gamma(a, a * from.spread(1e-3, 20.0));
    compare_gamma(a, a * from.spread(0.8, 1.25));
  }
}

TEST(incomplete_gamma_dual, large_shapes) {
  points from;
  for (int i = 0; i < 25; ++i) {
    const double a = from.spread(1e3, 1e10);
    compare_gamma(a, a + from.within(-20.0, 20.0) * std::sqrt(a));
    compare_gamma(a, a * (1.0 + from.spread(1e-9, 1e-4)));
  }
  for (const double a : {1e3, 1e5, 1e10})
    for (const double x : {a, a - 1.0, a + 1.0})
      compare_gamma(a, x);
}

TEST(incomplete_gamma_dual, where_the_fraction_ends) {
  // A numerator is 0 for a whole shape: the value is there, its derivatives are not.
  for (const double a : {1.0, 2.0, 3.0, 7.0, 40.0})
    for (const double x : {a + 1.0, 1.7 * a + 1.5, 6.0 * a})
      compare_gamma(a, x);
}

TEST(incomplete_gamma_dual, on_both_sides_of_each_seam) {
  for (const double a : {std::nextafter(1.0, 0.0), 1.0, 999.999, 1000.0})
    for (const double x :
         {1.499999, 1.5, a + 0.99999, a + 1.0, 0.69999 * a, 0.70001 * a, 1.29999 * a, 1.30001 * a})
      compare_gamma(a, x);
}

TEST(incomplete_beta_dual, small_shapes) {
  points from;
  for (int i = 0; i < 12; ++i) {
    compare_beta(from.spread(1e-5, 1.0), from.spread(1e-5, 1.0), from.uniform());
    const double a = from.spread(1e-3, 1.0);
    const double b = from.spread(1.0, 1e3);
    compare_beta(a, b, std::fmin(a / (a + b) * from.spread(1e-3, 100.0), 0.99));
    compare_beta(b, a, 1.0 - a / (a + b) * from.spread(1e-2, 1.0));
  }
}

TEST(incomplete_beta_dual, middle_shapes) {
  points from;
  for (int i = 0; i < 40; ++i)
    compare_beta(from.spread(1.0, 1e3), from.spread(1.0, 1e3), from.uniform());
}

TEST(incomplete_beta_dual, on_both_sides_of_the_seam_of_huge_shapes) {
  points from;
  for (const double a : {1.1e8, 0.999999e9, 1.000001e9}) {
    for (const double b : {2.3e8, 0.999e9, 1.001e9}) {
      const double mean = a / (a + b);
      const double deviation = std::sqrt(mean * (1.0 - mean) / (a + b));
      compare_beta(a, b, mean + from.within(-8.0, 8.0) * deviation);
    }
  }
}

TEST(incomplete_beta_dual, large_shapes) {
  points from;
  for (int i = 0; i < 25; ++i) {
    const double a = from.spread(1e3, 1e8);
    const double b = from.spread(1e3, 1e8);
    const double mean = a / (a + b);
    const double deviation = std::sqrt(mean * (1.0 - mean) / (a + b));
    compare_beta(a, b, mean + from.within(-10.0, 10.0) * deviation);
  }
}

TEST(incomplete_beta_dual, one_shape_is_huge) {
  points from;
  for (int i = 0; i < 12; ++i) {
    const double a = from.spread(0.1, 30.0);
    const double b = from.spread(1e6, 1e12);
    compare_beta(a, b, a / (a + b) * from.spread(0.01, 5.0));
    compare_beta(b, a, 1.0 - a / b * from.spread(0.1, 5.0));
  }
}

TEST(incomplete_beta_dual, both_shapes_are_huge) {
  points from;
  for (int i = 0; i < 15; ++i) {
    const double a = from.spread(1e9, 1e12);
    const double b = from.spread(1e9, 1e12);
    const double mean = a / (a + b);
    const double deviation = std::sqrt(mean * (1.0 - mean) / (a + b));
    compare_beta(a, b, mean + from.within(-10.0, 10.0) * deviation);
    compare_beta(a, b, mean + from.spread(1e-4, 0.1) * deviation);
  }
  compare_beta(2e10, 2e10, 0.5);
}

TEST(incomplete_beta_dual, where_the_fraction_ends) {
  points from;
  for (const double a : {0.3, 1.0, 2.0, 30.0})
    for (const double b : {1.0, 2.0, 5.0})
      for (const double x : {0.01, 0.4, 0.97})
        compare_beta(a, b, x);
  for (int i = 0; i < 10; ++i)
    compare_beta(from.whole(40.0), from.whole(40.0), from.uniform());
}

} // namespace
} // namespace incomplete_dual_oracle_test
