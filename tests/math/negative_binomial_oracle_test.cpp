// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <utility>

#include <boost/math/special_functions/gamma.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <gtest/gtest.h>

#include <emptor/math/dual.hpp>
#include <emptor/math/negative_binomial.hpp>

namespace negative_binomial_oracle_test {
namespace {

using emptor::math::negative_binomial;
using emptor::math::real;
using emptor::math::value_of;
using wide = boost::multiprecision::cpp_bin_float_50;

wide truth(double count, double shape, double odds) {
  const wide n = count, k = shape, w = odds;
  const wide ways =
      boost::math::lgamma(wide(k + n)) - boost::math::lgamma(k) - boost::math::lgamma(wide(n + 1));
  return ways + (count > 0.0 ? wide(n * log(w)) : wide(0)) - (k + n) * log1p(w);
}
double found(double count, double shape, double odds) {
  return value_of(negative_binomial<real>(count, real(shape)).log_probability(real(odds)));
}

// The probability itself has the error of its logarithm: 1e-12 would be lost at once with log Gammas of 1e7.
TEST(negative_binomial, fifty_digits) {
  double worst = 0.0;
  for (const double shape : {1e-6, 1e-3, .55, 1.0, 7.3, 25.55, 1000.55, 1e5 + .5, 1e6 + .5}) {
    for (const double count : {0.0, 1.0, 2.0, 5.0, 9.0, 10.0, 40.0, 1000.0, 1e5, 1e6}) {
      for (const double odds : {1e-9, 1e-4, .01, .3, 1.0, 4.0, 100.0, 1e6, 1e12}) {
        const wide exact = truth(count, shape, odds);
        if (exact < -690)
          continue;
        const double error = static_cast<double>(abs(wide(found(count, shape, odds) - exact)));
        worst = std::fmax(worst, error);
        EXPECT_LE(error, 5e-13) << shape << " " << count << " " << odds;
      }
    }
  }
  EXPECT_GT(worst, 0.0);
}

TEST(negative_binomial, probabilities_add_up) {
  double sum = 0.0;
  for (int n = 0; n < 2000; ++n)
    sum += std::exp(found(n, 2.5, 7.0));
  EXPECT_NEAR(sum, 1.0, 1e-13);
  EXPECT_EQ(found(0, 2.5, 0), 0.0);
  EXPECT_EQ(found(3, 2.5, 0), -std::numeric_limits<double>::infinity());
}

TEST(negative_binomial, derivatives) {
  using number = emptor::math::dual<real, 2>;
  // A total of 10 is where Stirling's series takes over.
  for (const auto& point : {std::pair{0.0, 12.5}, {3.0, 12.5}, {400.0, 12.5}, {8.0, 2.0}, {10.0, 10.0}}) {
    const double count = point.first;
    const double shape = point.second;
    for (const double odds : {.02, 30.0}) {
      const number y = negative_binomial<number>(count, number::variable(shape, 0))
                           .log_probability(number::variable(odds, 1));
      const wide h("1e-15");
      const auto at = [&](const wide& k, const wide& w) {
        const wide n = count;
        return wide(boost::math::lgamma(wide(k + n)) - boost::math::lgamma(k) -
                    boost::math::lgamma(wide(n + 1)) + n * log(w) - (k + n) * log1p(w));
      };
      const wide by_shape = (at(shape + h, odds) - at(shape - h, odds)) / (2 * h);
      const wide by_odds = (at(shape, odds + h) - at(shape, odds - h)) / (2 * h);
      const wide twice = (at(shape, odds + h) - 2 * at(shape, odds) + at(shape, odds - h)) / (h * h);
      EXPECT_NEAR(value_of(y.g[0]), static_cast<double>(by_shape), 1e-12 * (1.0 + count));
      EXPECT_NEAR(value_of(y.g[1]), static_cast<double>(by_odds),
                  1e-11 * std::fabs(static_cast<double>(by_odds)));
      EXPECT_NEAR(value_of(y.hessian(1, 1)), static_cast<double>(twice),
                  1e-9 * std::fabs(static_cast<double>(twice)));
    }
  }
}

} // namespace
} // namespace negative_binomial_oracle_test
