// SPDX-License-Identifier: BSL-1.0
#include <cmath>

#include <gtest/gtest.h>

#include <emptor/stats/share_interval.hpp>

namespace share_interval_test {
namespace {

using namespace emptor::stats;

// Closed forms; those of Student's t are in his tables as 12.706, 4.303, 2.571 and 2.042.
TEST(share_interval_test, quantiles_of_beta_and_student_are_those_of_the_tables) {
  EXPECT_NEAR(beta_quantile(1.0, 1.0, 0.25), 0.25, 1e-15);
  EXPECT_NEAR(beta_quantile(2.0, 1.0, 0.49), 0.7, 1e-15);
  EXPECT_NEAR(beta_quantile(1.0, 3.0, 0.875), 0.5, 1e-15);             // 1 - (1 - x)^3
  EXPECT_NEAR(student_quantile(1.0, 0.95), 12.706204736174698, 1e-10); // tan(0.475 pi)
  EXPECT_NEAR(student_quantile(2.0, 0.95), 4.302652729749464, 1e-12);  // 0.95 sqrt(2 / (1 - 0.95^2))
  EXPECT_NEAR(student_quantile(5.0, 0.95), 2.5705818356363, 1e-11);
  EXPECT_NEAR(student_quantile(30.0, 0.95), 2.0422724563012, 1e-11);
  EXPECT_NEAR(student_quantile(1e7, 0.95), 1.959964, 1e-6);
}

TEST(share_interval_test, a_beta_quantile_is_the_least_number_that_reaches_the_probability) {
  for (const double a : {0.5, 1.0, 7.5, 400.0}) {
    for (const double p : {0.001, 0.025, 0.5, 0.975}) {
      const double x = beta_quantile(a, 2.5, p);
      EXPECT_GE(emptor::math::ibeta(a, 2.5, x), p);
      EXPECT_LT(emptor::math::ibeta(a, 2.5, std::nextafter(x, 0.0)), p);
    }
  }
}

TEST(share_interval_test, a_ratio_of_sums_has_the_variance_of_its_residuals) {
  ratio_of_sums ratio;
  EXPECT_TRUE(std::isnan(ratio.value()));
  ratio.add(100.0, 30.0);
  EXPECT_TRUE(std::isnan(ratio.share_interval_of(0.95).low)); // one cluster does not know how clusters differ
  ratio.add(300.0, 60.0);
  ratio.add(100.0, 35.0);
  EXPECT_DOUBLE_EQ(ratio.value(), 0.25);
  // Residuals 5, -15, 10: 3 / 2 x 350 / 500^2
  EXPECT_NEAR(ratio.variance(), 0.0021, 1e-15);
  const interval plain = ratio.plain_interval(0.95); // 4.3027 x 0.045826 = 0.19717
  EXPECT_NEAR(plain.low, 0.05283, 1e-5);
  EXPECT_NEAR(plain.high, 0.44717, 1e-5);
  const interval inside = ratio.share_interval_of(0.95);
  EXPECT_GT(inside.low, 0.0);
  EXPECT_LT(inside.high, 1.0);
  EXPECT_LT(inside.low, 0.25);
  EXPECT_GT(inside.high, 0.25);
}

TEST(share_interval_test, equal_clusters_count_as_trials_and_not_as_certainty) {
  ratio_of_sums all;
  ratio_of_sums none;
  for (int i = 0; i < 10; ++i) {
    all.add(100.0 + i, 100.0 + i);
    none.add(100.0 + i, 0.0);
  }
  const interval high = all.share_interval_of(0.95);
  const interval low = none.share_interval_of(0.95);
  EXPECT_EQ(high.high, 1.0);
  EXPECT_GT(high.low, 0.5);
  EXPECT_LT(high.low, 0.9);
  EXPECT_EQ(low.low, 0.0);
  EXPECT_NEAR(low.high, 1.0 - high.low, 1e-12);
}

} // namespace
} // namespace share_interval_test
