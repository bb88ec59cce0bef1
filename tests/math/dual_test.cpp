// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstddef>

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <gtest/gtest.h>

#include <emptor/math/dual.hpp>
#include <emptor/math/hypergeometric.hpp>

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

TEST(elementary, edges_are_defined) {
  const double inf = HUGE_VAL;
  EXPECT_EQ(math::lgamma(0.0), inf);
  EXPECT_EQ(math::lgamma(-3.0), inf);
  EXPECT_EQ(math::lgamma(inf), inf);
  EXPECT_EQ(math::trigamma(inf), 0.0);
  EXPECT_EQ(math::trigamma(-1e300), inf);
  EXPECT_EQ(math::digamma(inf), inf);
  EXPECT_TRUE(std::isnan(math::digamma(0.0)));
  EXPECT_TRUE(std::isnan(math::digamma(-1e300)));
  EXPECT_TRUE(std::isnan(math::lgamma(std::nan(""))));
  EXPECT_EQ(math::log_add_exp(-inf, -inf), -inf);
  EXPECT_EQ(math::log_add_exp(-inf, 2.0), 2.0);
  EXPECT_EQ(math::log_add_exp(inf, inf), inf);
  EXPECT_DOUBLE_EQ(math::log_add_exp(-1e4, -1e4), -1e4 + std::log(2.0));
}

TEST(real, a_product_is_rounded_before_the_sum) {
  // x * x = 1 + 2^-29 + 2^-60, whose last bit a fused operation would keep.
  volatile double seed = 1.0 + 0x1p-30;
  const real x = static_cast<double>(seed);
  EXPECT_EQ(math::value_of(x * x - real(1.0 + 0x1p-29)), 0.0);
  static_assert(real(2) * real(3.0) + 1 == real(7));
}

} // namespace
