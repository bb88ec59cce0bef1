// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/stats/intervals.hpp>
#include <emptor/stats/order_free_sum.hpp>
#include <emptor/stats/student.hpp>

#include "support/random.hpp"

namespace intervals_test {
namespace {

using emptor::stats::interval;
using emptor::stats::order_free_sum;
using emptor::stats::student_quantile;
using emptor::stats::student_quantiles;
using emptor::stats::wilson_interval;

constexpr double z95 = 1.959963984540054;

/// R. G. Newcombe, Two-sided confidence intervals for the single proportion, Statistics in Medicine 17 (1998), table I.
TEST(intervals_test, wilson_as_newcombe_prints_it) {
  const auto expect = [](double hits, double n, double low, double high) {
    const interval found = wilson_interval(hits / n, n, z95);
    EXPECT_NEAR(found.low, low, 0.00005);
    EXPECT_NEAR(found.high, high, 0.00005);
  };
  expect(81, 263, 0.2553, 0.3662);
  expect(15, 148, 0.0624, 0.1605);
  expect(0, 20, 0.0000, 0.1611);
  expect(1, 29, 0.0061, 0.1718);
}

TEST(intervals_test, wilson_holds_the_share_and_stays_inside) {
  for (const double n : {0.5, 1.0, 3.7, 1e9}) {
    for (const double share : {0.0, 1e-300, 0.3, 1.0}) {
      const interval found = wilson_interval(share, n, z95);
      EXPECT_LE(0.0, found.low);
      EXPECT_LE(found.low, share);
      EXPECT_LE(share, found.high);
      EXPECT_LE(found.high, 1.0);
      EXPECT_LT(found.low, found.high);
    }
  }
  EXPECT_TRUE(std::isnan(wilson_interval(0.5, 0.0, z95).low));
}

/// Printed tables of Student's distribution, and the closed forms of 1 and 2 degrees of freedom.
TEST(intervals_test, student_as_tables_print_it) {
  EXPECT_NEAR(student_quantile(1, 0.95), 12.706204736174696, 1e-11);
  EXPECT_NEAR(student_quantile(2, 0.95), 4.302652729749464, 1e-13);
  EXPECT_NEAR(student_quantile(5, 0.95), 2.570582, 5e-7);
  EXPECT_NEAR(student_quantile(10, 0.95), 2.228139, 5e-7);
  EXPECT_NEAR(student_quantile(4, 0.99), 4.604095, 5e-7);
  EXPECT_NEAR(student_quantile(30, 0.90), 1.697261, 5e-7);
  EXPECT_NEAR(student_quantile(1e6, 0.95), z95, 1e-5);
  student_quantiles many(0.95);
  EXPECT_EQ(many.of(3), student_quantile(2, 0.95));
  EXPECT_EQ(many.of(3), many.of(3));
  EXPECT_EQ(many.of(5000000), student_quantile(4999999, 0.95)); // of so many none is kept
}

TEST(intervals_test, a_sum_has_the_same_bits_in_any_order) {
  emptor::test::variates draw(7);
  std::vector<double> numbers;
  double plain = 0.0;
  for (int i = 0; i < 5000; ++i) {
    numbers.push_back(draw.uniform() * std::pow(10.0, -i % 20));
    plain += numbers.back();
  }
  numbers.push_back(1.0);
  numbers.push_back(0.0);
  order_free_sum first;
  for (const double one : numbers)
    first.add(one);
  std::sort(numbers.begin(), numbers.end());
  order_free_sum sorted;
  for (const double one : numbers)
    sorted.add(one);
  EXPECT_EQ(first.value(), sorted.value());
  EXPECT_NEAR(first.value(), plain + 1.0, 1e-11);
  order_free_sum small;
  small.add(0x1p-70);
  small.add(0x1p-71);
  EXPECT_EQ(small.value(), 0x1.8p-70);
}

} // namespace
} // namespace intervals_test
