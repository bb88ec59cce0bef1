// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/stats/weighted_mean.hpp>

namespace weighted_mean_test {
namespace {

using emptor::stats::weighted_mean;
using emptor::stats::weighted_mean_of;

TEST(weighted_mean, of_equal_weights_is_the_usual_one) {
  const std::vector<double> values{1, 2, 4, 9};
  const weighted_mean made = weighted_mean_of(values, std::vector<double>(4, 3.0));
  EXPECT_EQ(made.mean, 4.0);
  EXPECT_NEAR(made.variance, (9.0 + 4.0 + 0.0 + 25.0) / 3.0 / 4.0, 1e-15);
  EXPECT_EQ(made.draws, 4U);
}

/// Numbers of one cluster are one draw: where all of a cluster are the same, the mean is as exact as that of one of each.
TEST(weighted_mean, clusters_are_draws) {
  const std::vector<double> values{1, 1, 1, 5, 5, 5, 6, 6, 6};
  const std::vector<std::uint32_t> clusters{7, 7, 7, 2, 2, 2, 9, 9, 9};
  const weighted_mean made = weighted_mean_of(values, std::vector<double>(9, 1.0), 0.0, clusters);
  const weighted_mean once = weighted_mean_of(std::vector<double>{1, 5, 6}, std::vector<double>(3, 1.0));
  EXPECT_EQ(made.draws, 3U);
  EXPECT_NEAR(made.variance, once.variance, 1e-15);
}

TEST(weighted_mean, of_none_of_one_and_of_what_does_not_vary) {
  EXPECT_TRUE(std::isnan(weighted_mean_of({}, {}).mean));
  const weighted_mean one = weighted_mean_of(std::vector<double>{5.0}, std::vector<double>{2.0});
  EXPECT_EQ(one.mean, 5.0);
  EXPECT_TRUE(std::isnan(one.variance));
  const std::vector<std::uint32_t> same{1, 1};
  EXPECT_TRUE(std::isnan(
      weighted_mean_of(std::vector<double>{5.0, 6.0}, std::vector<double>{2.0, 1.0}, 0.0, same).variance));
  const std::vector<double> nearly{0.1 + 0.2, 0.3, 0.3};
  EXPECT_EQ(weighted_mean_of(nearly, std::vector<double>(3, 1.0), 1e-12).variance, 0.0);
}

} // namespace
} // namespace weighted_mean_test
