// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>

#include <boost/math/special_functions/zeta.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <gtest/gtest.h>

#include <emptor/math/long_sum.hpp>

namespace long_sum_oracle_test {
namespace {

using emptor::math::long_sum;
using emptor::math::real;
using emptor::math::value_of;
using wide = boost::multiprecision::cpp_bin_float_50;

const double endless = std::numeric_limits<double>::infinity();

TEST(long_sum, geometric_series) {
  for (const double rate : {1e-9, 1e-4, 0.01, 0.05})
    for (const double terms : {1.0, 9.0, 1000.0, 1e6, 1e12, endless}) {
      const wide ratio = exp(wide(-rate));
      const wide expected =
          (terms == endless ? wide(1) : wide(1 - exp(wide(-wide(rate) * terms)))) / (1 - ratio);
      const double sum = value_of(long_sum<real>(
          0.0, terms, [&](double v) { return emptor::math::exp(real(-rate) * v); },
          [&](double) { return 6.0 / rate; }));
      EXPECT_NEAR(sum / static_cast<double>(expected), 1.0, 1e-15) << rate << ' ' << terms;
    }
}

TEST(long_sum, powers_that_fall_slowly) {
  for (const double power : {1.01, 1.5, 2.0, 3.0}) {
    wide before = 0;
    for (int i = 1; i < 64; ++i)
      before += exp(wide(-wide(power) * log(wide(i))));
    const double expected = static_cast<double>(wide(boost::math::zeta(wide(power)) - before));
    const auto f = [&](double v) { return emptor::math::exp(real(-power) * emptor::math::log(real(v))); };
    const auto span = [](double v) { return v; };
    // Up to 1e300 the sum of v^-1.01 has only 999 parts in 1000 of what there is.
    const double rest = std::pow(1e300, 1.0 - power) / (power - 1.0);
    EXPECT_NEAR((value_of(long_sum<real>(64.0, 1e300, f, span)) + rest) / expected, 1.0, 1e-14) << power;
    double plain = 0.0;
    for (int i = 5000; i-- > 64;)
      plain += std::pow(i, -power);
    EXPECT_NEAR(value_of(long_sum<real>(64.0, 5000.0, f, span)) / plain, 1.0, 1e-14) << power;
  }
}

} // namespace
} // namespace long_sum_oracle_test
