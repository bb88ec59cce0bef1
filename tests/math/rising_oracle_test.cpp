// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <cmath>

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <gtest/gtest.h>

#include <emptor/math/rising.hpp>

namespace rising_oracle_test {
namespace {

using emptor::math::log_gamma_ratio;
using emptor::math::log_rising_ratio;
using emptor::math::log_rising_ratio_over;
using emptor::math::real;
using emptor::math::value_of;
using wide = boost::multiprecision::cpp_bin_float_100;

const std::array starts{1e-9, 1e-3, 0.3, 1.0, 2.5, 15.9, 16.0, 17.3, 400.0, 1e5, 1e9};
const std::array steps{1e-3, 0.5, 1.0, 2.0, 7.0, 30.0, 1000.5, 1e6, 1e12};

double relative(double found, const wide& expected) {
  return std::fabs(static_cast<double>(wide((wide(found) - expected) / expected)));
}
wide log_rising_wide(const wide& x, const wide& n) {
  return boost::math::lgamma(wide(x + n)) - boost::math::lgamma(x);
}

TEST(rising, log_gamma_ratio_in_100_digits) {
  for (const double x : starts)
    for (const double n : steps) {
      const wide expected = log_rising_wide(x, n);
      // The result may be small because its parts cancel by nature: (x)_n is about 1.
      const double part = 1.0 + n * std::fabs(std::log(x + n));
      const wide error = abs(wide(wide(value_of(log_gamma_ratio(real(x), real(n)))) - expected));
      EXPECT_LT(error, 2e-15 * std::max(wide(part), wide(abs(expected)))) << x << ' ' << n;
    }
}

TEST(rising, log_rising_ratio_in_100_digits) {
  for (const double x : starts)
    for (const double n : steps)
      for (const double shift : {-0.9, -1e-12, 1e-12, 1e-3, 0.019, 0.3, 1.0, 5.5, 300.0, 1e6, 1e9}) {
        if (shift < 0.0 && x < 1.0)
          continue;
        const wide expected =
            (log_rising_wide(wide(wide(x) + shift), n) - log_rising_wide(x, n)) / wide(shift);
        EXPECT_LT(relative(value_of(log_rising_ratio_over(real(x), real(shift), real(n))), expected), 1e-14)
            << x << ' ' << n << ' ' << shift;
      }
}

TEST(rising, no_shift_is_the_difference_of_digammas) {
  for (const double x : starts)
    for (const double n : steps) {
      const wide expected = boost::math::digamma(wide(wide(x) + n)) - boost::math::digamma(wide(x));
      EXPECT_LT(relative(value_of(log_rising_ratio_over(real(x), real(0.0), real(n))), expected), 1e-14)
          << x << ' ' << n;
      EXPECT_EQ(value_of(log_rising_ratio(real(x), real(0.0), real(n))), 0.0);
    }
}

TEST(rising, derivatives) {
  using number = emptor::math::dual<real, 2>;
  for (const double x : {0.4, 3.0, 40.0})
    for (const double shift : {0.0, 1e-9, 0.01, 0.5, 20.0})
      for (const double n : {1.0, 9.0, 5000.0}) {
        const auto f = [&](const wide& a, const wide& s) {
          return wide(log_rising_wide(wide(a + s), n) - log_rising_wide(a, n));
        };
        const number y = log_rising_ratio(number::variable(x, 0), number::variable(shift, 1), real(n));
        const wide h = 1e-20;
        const wide a = x;
        const wide s = shift;
        const auto near = [&](double found, const wide& expected, const char* what) {
          EXPECT_NEAR(found, static_cast<double>(expected),
                      1e-12 * (1.0 + std::fabs(static_cast<double>(expected))))
              << what << ' ' << x << ' ' << shift << ' ' << n;
        };
        near(value_of(y.g[0]), wide((f(a + h, s) - f(a - h, s)) / (2 * h)), "x");
        near(value_of(y.g[1]), wide((f(a, s + h) - f(a, s - h)) / (2 * h)), "shift");
        near(value_of(y.hessian(0, 0)), wide((f(a + h, s) - 2 * f(a, s) + f(a - h, s)) / (h * h)), "x x");
        near(value_of(y.hessian(1, 1)), wide((f(a, s + h) - 2 * f(a, s) + f(a, s - h)) / (h * h)),
             "shift shift");
        near(value_of(y.hessian(0, 1)),
             wide((f(a + h, s + h) - f(a + h, s - h) - f(a - h, s + h) + f(a - h, s - h)) / (4 * h * h)),
             "x shift");
        const auto g = [&](const wide& b, const wide& m) { return log_rising_wide(b, m); };
        const wide c = n;
        const number z = log_gamma_ratio(number::variable(x, 0), number::variable(n, 1));
        near(value_of(z.g[0]), wide((g(a + h, c) - g(a - h, c)) / (2 * h)), "ratio x");
        near(value_of(z.g[1]), wide((g(a, c + h) - g(a, c - h)) / (2 * h)), "ratio n");
        near(value_of(z.hessian(0, 1)),
             wide((g(a + h, c + h) - g(a + h, c - h) - g(a - h, c + h) + g(a - h, c - h)) / (4 * h * h)),
             "ratio x n");
      }
}

TEST(rising, packs_have_the_bits_of_a_row) {
  using pack = emptor::math::pack<emptor::math::isa::baseline>;
  for (const double x : starts)
    for (const double n : steps) {
      double in[8] = {x, 2 * x, x + 20, 1, x, x, x, x};
      const pack p = log_rising_ratio(pack::load(in), pack(0.7), pack(n));
      double out[8];
      p.store(out);
      for (int lane = 0; lane < pack::lanes; ++lane)
        EXPECT_EQ(out[lane], value_of(log_rising_ratio(real(in[lane]), real(0.7), real(n))));
    }
}

} // namespace
} // namespace rising_oracle_test
