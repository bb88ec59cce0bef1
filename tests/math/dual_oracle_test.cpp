// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstddef>

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/erf.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <gtest/gtest.h>

#include <emptor/math/dual.hpp>
#include <emptor/math/hypergeometric.hpp>

namespace dual_oracle_test {
namespace {

namespace math = emptor::math;
using math::real;
using pair = math::dual<real, 2>;
using wide = boost::multiprecision::cpp_bin_float_50;

double close_enough(double expected, double tolerance) {
  return tolerance * (1.0 + std::fabs(expected));
}

/// Value, gradient and Hessian of f(x, y) against central differences of the same formula in 50 digits, whose
/// own error (about 1e-20) does not count.
template <class Ours, class Theirs>
void compare(const char* what, double x, double y, const Ours& ours, const Theirs& theirs,
             double tolerance = 4e-15) {
  SCOPED_TRACE(what);
  const pair f = ours(pair::variable(x, 0), pair::variable(y, 1));
  const wide h("1e-12");
  const auto at = [&](int i, int j) { return wide(theirs(wide(wide(x) + i * h), wide(wide(y) + j * h))); };
  const wide middle = at(0, 0);
  const double expected[] = {
      static_cast<double>(middle),
      static_cast<double>((at(1, 0) - at(-1, 0)) / (2 * h)),
      static_cast<double>((at(0, 1) - at(0, -1)) / (2 * h)),
      static_cast<double>((at(1, 0) - 2 * middle + at(-1, 0)) / (h * h)),
      static_cast<double>((at(1, 1) - at(1, -1) - at(-1, 1) + at(-1, -1)) / (4 * h * h)),
      static_cast<double>((at(0, 1) - 2 * middle + at(0, -1)) / (h * h))};
  const double found[] = {math::value_of(f.v),    math::value_of(f.g[0]), math::value_of(f.g[1]),
                          math::value_of(f.h[0]), math::value_of(f.h[1]), math::value_of(f.h[2])};
  for (std::size_t i = 0; i < 6; ++i)
    EXPECT_NEAR(found[i], expected[i], close_enough(expected[i], tolerance)) << "derivative " << i;
}

TEST(dual, arithmetic) {
  compare(
      "sum", 1.7, 0.4, [](auto x, auto y) { return x + y * 3.0 - 2.0 * x - (1.0 - y); },
      [](wide x, wide y) { return wide(x + y * 3 - 2 * x - (1 - y)); });
  compare(
      "product", 1.7, -0.4, [](auto x, auto y) { return x * y * x * 0.5; },
      [](wide x, wide y) { return wide(x * y * x / 2); });
  compare(
      "quotient", 1.7, -0.4, [](auto x, auto y) { return x / (y * y + x) + 2.0 / y + x / 4.0; },
      [](wide x, wide y) { return wide(x / (y * y + x) + 2 / y + x / 4); });
  compare(
      "assignment", 1.7, -0.4,
      [](auto x, auto y) {
        x += y;
        x *= x;
        x -= 3.0;
        x /= y;
        return -x;
      },
      [](wide x, wide y) { return wide(-((x + y) * (x + y) - 3) / y); });
}

TEST(dual, elementary_functions) {
  compare(
      "exp", 0.3, 1.1, [](auto x, auto y) { return exp(x * y) + expm1(x - y); },
      [](wide x, wide y) { return wide(exp(wide(x * y)) + exp(wide(x - y)) - 1); });
  compare(
      "log", 0.3, 1.1, [](auto x, auto y) { return log(x * y) * log1p(x + y); },
      [](wide x, wide y) { return wide(log(wide(x * y)) * log(wide(1 + x + y))); });
  for (const double y : {0.2, 1.1, 30.0})
    compare(
        "log1p_quotient", 0.8, y, [](auto u, auto v) { return log1p_quotient(u * v, v + u); },
        [](wide u, wide v) { return wide(log(wide(1 + u * v / (v + u)))); });
  compare(
      "sqrt", 0.3, 1.1, [](auto x, auto y) { return sqrt(x + y * y) + abs(x - y); },
      [](wide x, wide y) { return wide(sqrt(wide(x + y * y)) + y - x); });
  compare(
      "pow", 0.3, 1.1, [](auto x, auto y) { return pow(x, y) + pow(x, 3) + pow(2.5, y) + pow(-y, 2); },
      [](wide x, wide y) { return wide(pow(x, y) + x * x * x + pow(wide(2.5), y) + y * y); });
  compare(
      "lgamma", 0.3, 11.1, [](auto x, auto y) { return lgamma(x * y) + lgamma(y); },
      [](wide x, wide y) { return wide(boost::math::lgamma(wide(x * y)) + boost::math::lgamma(y)); });
  compare(
      "digamma", 0.7, 11.1, [](auto x, auto y) { return digamma(x * y) + digamma(x); },
      [](wide x, wide y) { return wide(boost::math::digamma(wide(x * y)) + boost::math::digamma(x)); });
  compare(
      "trigamma", 0.7, 11.1, [](auto x, auto y) { return trigamma(x * y) + trigamma(x); },
      [](wide x, wide y) { return wide(boost::math::trigamma(wide(x * y)) + boost::math::trigamma(x)); });
  for (const double x : {0.05, 1.0, 2.0, 3.3, 9.0, 60.0}) {
    compare(
        "gamma functions", x, 1.3, [](auto u, auto v) { return lgamma(u * v) + lgamma(u) + digamma(u + v); },
        [](wide u, wide v) {
          return wide(boost::math::lgamma(wide(u * v)) + boost::math::lgamma(u) +
                      boost::math::digamma(wide(u + v)));
        },
        1e-14);
    compare(
        "powers", x, -1.3, [](auto u, auto v) { return pow(u, v) * exp(-u) + log1p(u * u) * expm1(v / u); },
        [](wide u, wide v) {
          return wide(pow(u, v) * exp(wide(-u)) + log(wide(1 + u * u)) * (exp(wide(v / u)) - 1));
        },
        1e-14);
  }
  for (const double y : {-700.0, -30.0, 0.3, 2.0, 40.0})
    compare(
        "log_add_exp", 0.3, y, [](auto u, auto v) { return log_add_exp(u * 2.0, v); },
        [](wide u, wide v) { return wide(log(wide(exp(wide(2 * u)) + exp(v)))); });
  compare(
      "log_rising", 0.7, 2.3, [](auto x, auto y) { return math::log_rising(x, 5) + math::log_rising(y, 40); },
      [](wide x, wide y) {
        return wide(boost::math::lgamma(wide(x + 5)) - boost::math::lgamma(x) +
                    boost::math::lgamma(wide(y + 40)) - boost::math::lgamma(y));
      },
      2e-14);
}

TEST(dual, comparisons_act_on_the_value) {
  const pair x = pair::variable(1.0, 0);
  const pair y = pair::variable(1.0, 1);
  EXPECT_TRUE(x == y);
  EXPECT_TRUE(x < 2.0);
  EXPECT_TRUE(x >= y);
}

TEST(dual, error_functions) {
  for (const double x : {-2.0, -0.4, 0.3, 1.0, 3.5})
    compare(
        "erf", x, 0.8, [](auto u, auto v) { return erf(u * v) + erfc(u - v); },
        [](wide u, wide v) { return wide(boost::math::erf(wide(u * v)) + boost::math::erfc(wide(u - v))); });
}

TEST(dual, choice) {
  const auto larger = [](auto u, auto v) { return max(u * u, v) - min(u, v * v) + floor(u + 0.4) * v; };
  compare("first", 1.7, 1.1, larger, [](wide u, wide v) { return wide(u * u - v * v + 2 * v); });
  // With the roles exchanged.
  compare("second", 0.7, 1.1, larger, [](wide u, wide v) { return wide(v - u + v); });
  compare(
      "select", 1.7, 1.1,
      [](auto u, auto v) {
        return select(u < v, u, u * v) + lanewise(
                                             u > 1.0, [](auto w) { return w * w; }, u);
      },
      [](wide u, wide v) { return wide(u * v + u * u); });
}

TEST(dual, without_the_hessian_value_and_gradient_have_the_same_bits) {
  const auto formula = [](auto x, auto y) {
    const auto z = lgamma(x * y) - pow(x, y) / log1p(y) + 2.0 * erfc(x) * exp(-y);
    return log_add_exp(z, digamma(x)) - sqrt(y / 3.0) + (1.0 - x) * expm1(y);
  };
  for (const double x : {0.2, 1.0, 7.5}) {
    using first_order = math::dual<real, 2, 1>;
    const first_order one = formula(first_order::variable(x, 0), first_order::variable(1.5, 1));
    const pair two = formula(pair::variable(x, 0), pair::variable(1.5, 1));
    EXPECT_EQ(math::value_of(one), math::value_of(two));
    EXPECT_EQ(math::value_of(one.g[0]), math::value_of(two.g[0]));
    EXPECT_EQ(math::value_of(one.g[1]), math::value_of(two.g[1]));
    EXPECT_LT(sizeof one, sizeof two);
  }
}

} // namespace
} // namespace dual_oracle_test
