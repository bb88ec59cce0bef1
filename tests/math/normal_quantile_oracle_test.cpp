// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>

#include <boost/math/special_functions/erf.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <gtest/gtest.h>

#include <emptor/math/normal_quantile.hpp>

namespace normal_quantile_oracle_test {
namespace {

using emptor::math::normal_quantile;
using wide = boost::multiprecision::cpp_bin_float_50;

/// The quantile whose distribution function is exactly p.
wide truth(double p) {
  return -sqrt(wide(2)) * boost::math::erfc_inv(wide(2 * wide(p)));
}

TEST(normal_quantile, has_all_digits) {
  for (double p = 1e-300; p < 0.5; p *= 3.7)
    EXPECT_LT(abs(wide(normal_quantile(p) / truth(p) - 1)), 1e-15) << p;
  for (double p = 0.001; p < 1.0; p += 0.0137)
    EXPECT_LT(abs(wide(normal_quantile(p) - truth(p))), 4e-16 * std::max(1.0, std::fabs(normal_quantile(p))))
        << p;
}

TEST(normal_quantile, of_common_intervals) {
  EXPECT_NEAR(normal_quantile(0.975), 1.959963984540054, 1e-15);
  EXPECT_NEAR(normal_quantile(0.95), 1.6448536269514722, 1e-15);
  EXPECT_EQ(normal_quantile(0.5), 0.0);
  EXPECT_EQ(normal_quantile(0.25), -normal_quantile(0.75));
}

TEST(normal_quantile, ends) {
  EXPECT_EQ(normal_quantile(0.0), -HUGE_VAL);
  EXPECT_EQ(normal_quantile(1.0), HUGE_VAL);
  EXPECT_LT(normal_quantile(std::numeric_limits<double>::denorm_min()), -38.0);
  for (const double p : {-1e-300, 1.0 + 1e-15, HUGE_VAL, std::nan("")})
    EXPECT_TRUE(std::isnan(normal_quantile(p))) << p;
}

} // namespace
} // namespace normal_quantile_oracle_test
