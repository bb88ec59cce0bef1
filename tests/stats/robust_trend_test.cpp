// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/math/normal_quantile.hpp>
#include <emptor/stats/robust_trend.hpp>
#include <emptor/stats/seasonality.hpp>

#include "support/random.hpp"

namespace robust_trend_test {
namespace {

using emptor::stats::dated_value;
using emptor::stats::monthly_value;
using emptor::stats::robust_trend;
using emptor::stats::robust_trend_finder;
using emptor::stats::seasonality;
using emptor::stats::seasonality_of;

constexpr double z95 = 1.959963984540054;

/// P. K. Sen, Journal of the American Statistical Association 63 (1968): slope 4, within 26 / 7 and 35 / 8 at 0.93.
TEST(robust_trend_test, the_example_of_sen) {
  const std::vector<dated_value> points{{1, 9}, {2, 15}, {3, 19}, {4, 20}, {10, 45}, {12, 55}, {18, 78}};
  robust_trend_finder find;
  const robust_trend found = find(points, emptor::math::normal_quantile(0.965));
  EXPECT_EQ(found.slope, 4.0);
  EXPECT_EQ(found.within.low, 26.0 / 7.0);
  EXPECT_EQ(found.within.high, 35.0 / 8.0);
  EXPECT_NEAR(found.p_value, std::erfc(20.0 / std::sqrt(2.0 * 7.0 * 6.0 * 19.0 / 18.0)), 1e-14);
}

/// The variance with ties of both sides is that of S over all orders of the values.
TEST(robust_trend_test, ties_are_in_the_variance) {
  const std::vector<std::int32_t> days{1, 1, 2, 4, 4, 4};
  std::vector<int> values{0, 0, 1, 1, 1, 3};
  double squares = 0.0;
  double count = 0.0;
  do {
    double s = 0.0;
    for (std::size_t i = 0; i < days.size(); ++i) {
      for (std::size_t j = i + 1; j < days.size(); ++j) {
        if (days[i] != days[j])
          s += values[j] > values[i] ? 1.0 : values[j] < values[i] ? -1.0 : 0.0;
      }
    }
    squares += s * s;
    count += 1.0;
  } while (std::next_permutation(values.begin(), values.end()));
  std::sort(values.begin(), values.end());
  std::vector<dated_value> points;
  double s = 0.0;
  for (std::size_t i = 0; i < days.size(); ++i)
    points.push_back({days[i], static_cast<double>(values[i])});
  for (std::size_t i = 0; i < days.size(); ++i) {
    for (std::size_t j = i + 1; j < days.size(); ++j)
      s += days[i] != days[j] && values[j] > values[i] ? 1.0 : 0.0;
  }
  robust_trend_finder find;
  EXPECT_NEAR(find(points, z95).p_value, std::erfc((s - 1.0) / std::sqrt(2.0 * squares / count)), 1e-13);
}

TEST(robust_trend_test, few_points_say_little_and_wild_ones_nothing) {
  robust_trend_finder find;
  EXPECT_TRUE(std::isnan(find({}, z95).slope));
  const std::vector<dated_value> same_day{{5, 1.0}, {5, 2.0}};
  EXPECT_TRUE(std::isnan(find(same_day, z95).slope));
  const std::vector<dated_value> two{{5, 1.0}, {7, 2.0}};
  EXPECT_EQ(find(two, z95).slope, 0.5);
  EXPECT_TRUE(std::isnan(find(two, z95).within.low));
  std::vector<dated_value> line;
  for (int day = 0; day < 100; ++day)
    line.push_back({day, day % 4 == 0 ? 1e9 * (day % 3 - 1) : 0.25 * day});
  EXPECT_EQ(find(line, z95).slope, 0.25);
}

TEST(robust_trend_test, intervals_hold_the_slope_as_often_as_they_say) {
  emptor::test::variates draw(9);
  robust_trend_finder find;
  int held = 0;
  int refused = 0;
  for (int round = 0; round < 1000; ++round) {
    std::vector<dated_value> points;
    for (int i = 0; i < 20; ++i) {
      const auto day = static_cast<std::int32_t>(draw.uniform() * 300.0);
      points.push_back({day, std::floor(0.1 * day + 10.0 * draw.gamma(2.0))});
    }
    std::sort(points.begin(), points.end());
    const robust_trend found = find(points, z95);
    held += found.within.low <= 0.1 && 0.1 <= found.within.high ? 1 : 0;
    for (dated_value& one : points)
      one.value = std::floor(10.0 * draw.gamma(2.0));
    std::sort(points.begin(), points.end());
    refused += find(points, z95).p_value < 0.05 ? 1 : 0;
  }
  EXPECT_GE(held, 925);
  EXPECT_LE(held, 980);
  EXPECT_GE(refused, 20);
  EXPECT_LE(refused, 75);
}

/// Hollander and Wolfe, Nonparametric Statistical Methods (1973), page 116: H = 0.77143 with 2 degrees of freedom.
TEST(robust_trend_test, the_example_of_kruskal_and_wallis) {
  std::vector<monthly_value> values;
  for (const double x : {2.9, 3.0, 2.5, 2.6, 3.2})
    values.push_back({0, x});
  for (const double x : {3.8, 2.7, 4.0, 2.4})
    values.push_back({5, x});
  for (const double x : {2.8, 3.4, 3.7, 2.2, 2.0})
    values.push_back({11, x});
  const seasonality found = seasonality_of(values, z95);
  EXPECT_NEAR(found.p_value, std::exp(-0.77143 / 2.0), 2e-6);
  EXPECT_NEAR(found.effect_size, 0.77143 / 13.0, 1e-6);
  EXPECT_NEAR(found.months[5].effect, 12.9 / 4.0 - 41.2 / 14.0, 1e-14);
  EXPECT_EQ(found.months[5].shrunk, 0.0); // within chance
  EXPECT_EQ(found.months[3].count, 0);
}

TEST(robust_trend_test, months_that_differ_keep_their_effects_and_chance_is_shrunk_away) {
  emptor::test::variates draw(4);
  int small = 0;
  double kept = 0.0;
  double error_of_means = 0.0;
  double error_of_shrunk = 0.0;
  int held = 0;
  for (int round = 0; round < 400; ++round) {
    double truth[12];
    double mean = 0.0;
    for (double& one : truth) {
      one = round % 2 == 0 ? 0.0 : 6.0 * (draw.uniform() + draw.uniform() + draw.uniform() - 1.5);
      mean += one / 12.0;
    }
    std::vector<monthly_value> values;
    for (std::uint32_t i = 0; i < 120; ++i)
      values.push_back({i % 12, truth[i % 12] + 20.0 * (draw.uniform() - 0.5)});
    const seasonality found = seasonality_of(values, z95);
    if (round % 2 == 0) {
      small += found.p_value < 0.05 ? 1 : 0;
      continue;
    }
    for (std::size_t month = 0; month < 12; ++month) {
      const emptor::stats::month_effect& one = found.months[month];
      error_of_means += std::pow(one.effect - (truth[month] - mean), 2);
      error_of_shrunk += std::pow(one.shrunk - (truth[month] - mean), 2);
      held += one.within.low <= truth[month] - mean && truth[month] - mean <= one.within.high ? 1 : 0;
      kept += 1.0;
    }
  }
  EXPECT_GE(small, 3);
  EXPECT_LE(small, 18);
  EXPECT_LT(error_of_shrunk, 0.9 * error_of_means);
  EXPECT_NEAR(held / kept, 0.95, 0.04);
}

TEST(robust_trend_test, months_that_cannot_be_compared_have_no_test) {
  std::vector<monthly_value> one_month{{3, 1.0}, {3, 2.0}};
  EXPECT_TRUE(std::isnan(seasonality_of(one_month, z95).p_value));
  std::vector<monthly_value> one_each{{3, 1.0}, {4, 2.0}};
  EXPECT_TRUE(std::isnan(seasonality_of(one_each, z95).p_value));
  std::vector<monthly_value> all_alike{{3, 1.0}, {4, 1.0}, {4, 1.0}};
  const seasonality found = seasonality_of(all_alike, z95);
  EXPECT_TRUE(std::isnan(found.p_value));
  EXPECT_EQ(found.months[3].shrunk, 0.0);
}

} // namespace
} // namespace robust_trend_test
