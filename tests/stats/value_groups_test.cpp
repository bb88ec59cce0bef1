// SPDX-License-Identifier: BSL-1.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <limits>
#include <set>
#include <vector>

#include <emptor/stats/value_groups.hpp>

#include "support/random.hpp"

namespace value_groups_test {
namespace {

using namespace emptor;
using emptor::stats::count_values;
using emptor::stats::ends_by_cluster;
using emptor::stats::ends_by_rank;
using emptor::stats::exact_quantile;
using emptor::stats::group_end;
using emptor::stats::group_of;
using emptor::stats::tie_rule;
using emptor::stats::value_counts;
using emptor::test::draws;
using numbers = std::vector<std::int64_t>;

/// Hyndman and Fan's own form: the continuous types join the points (p(k), x(k)) by lines, the others step.
long double by_definition(numbers sorted, int type, std::int64_t share, std::int64_t of) {
  std::sort(sorted.begin(), sorted.end());
  const auto n = static_cast<std::int64_t>(sorted.size());
  const auto x = [&](std::int64_t k) {
    return static_cast<long double>(sorted[static_cast<std::size_t>(std::clamp<std::int64_t>(k, 1, n) - 1)]);
  };
  if (type == 1 || type == 2) { // the first number that a share p is no larger than
    std::int64_t k = 1;
    while (k * of < n * share)
      ++k;
    return type == 2 && k * of == n * share ? (x(k) + x(k + 1)) / 2 : x(k);
  }
  if (type == 3) { // the rank nearest to n p, of two the even one
    const std::int64_t twice = 2 * n * share;
    std::int64_t k = (twice + of) / (2 * of);
    if ((twice + of) % (2 * of) == 0 && k % 2 != 0)
      --k;
    return x(k);
  }
  const auto at = [&](std::int64_t k) -> long double {
    const auto rank = static_cast<long double>(k);
    const auto count = static_cast<long double>(n);
    switch (type) {
    case 4:
      return rank / count;
    case 5:
      return (rank - 0.5L) / count;
    case 6:
      return rank / (count + 1);
    case 7:
      return n == 1 ? 0.0L : (rank - 1) / (count - 1);
    case 8:
      return (rank - 1.0L / 3) / (count + 1.0L / 3);
    default:
      return (rank - 3.0L / 8) / (count + 1.0L / 4);
    }
  };
  const long double p = static_cast<long double>(share) / static_cast<long double>(of);
  if (p <= at(1))
    return x(1);
  for (std::int64_t k = 1; k < n; ++k) {
    if (p <= at(k + 1))
      return x(k) + (x(k + 1) - x(k)) * (p - at(k)) / (at(k + 1) - at(k));
  }
  return x(n);
}

TEST(value_groups, quantiles_of_nine_types_are_those_of_their_definition) {
  draws draw(3);
  for (std::size_t round = 0; round < 400; ++round) {
    numbers values(1 + draw.below(30));
    for (std::int64_t& value : values)
      value = static_cast<std::int64_t>(draw.below(round % 2 == 0 ? 6 : 100000)) - 50;
    const value_counts counts = count_values(values);
    const auto of = static_cast<std::int64_t>(2 + draw.below(8));
    for (int type = 1; type <= 9; ++type) {
      for (std::int64_t share = 1; share < of; ++share) {
        const exact_quantile found = stats::quantile(counts, type, share, of);
        const long double expected = by_definition(values, type, share, of);
        EXPECT_NEAR(found.in(1), static_cast<double>(expected), 1e-9) << type << " " << share << "/" << of;
        EXPECT_GE(found.part, 0);
        EXPECT_LT(found.part, found.of);
      }
    }
  }
}

TEST(value_groups, quantiles_worked_by_hand) {
  // Six numbers at a quarter: n p = 1.5, so that type 7 goes 0.25 of the way from rank 2 (2) to rank 3 (4).
  const value_counts counts = count_values(numbers{32, 1, 2, 4, 8, 16});
  const double expected[] = {2, 2, 2, 1.5, 2, 1.75, 2.5, 1.9166666666666667, 1.9375};
  for (int type = 1; type <= 9; ++type)
    EXPECT_DOUBLE_EQ(stats::quantile(counts, type, 1, 4).in(1), expected[type - 1]) << type;
}

TEST(value_groups, a_figure_that_equals_a_quantile_goes_where_the_rule_says) {
  const exact_quantile whole{7, 0, 1};
  const exact_quantile between{7, 1, 2};
  EXPECT_EQ(group_end(whole, tie_rule::below, 1), 7);
  EXPECT_EQ(group_end(whole, tie_rule::above, 1), 6);
  EXPECT_EQ(group_end(whole, tie_rule::one_above, 1), 7);
  EXPECT_EQ(group_end(whole, tie_rule::one_above, 100), 106);
  EXPECT_EQ(group_end(between, tie_rule::below, 1), 7);
  EXPECT_EQ(group_end(between, tie_rule::above, 1), 7);
  EXPECT_EQ(group_end(between, tie_rule::one_above, 1), 8);
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(group_end({most, 0, 1}, tie_rule::one_above, 100), most) << "nothing is above it";
}

TEST(value_groups, quantiles_of_the_largest_numbers_are_exact) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const value_counts counts = count_values(numbers{-most, most});
  const exact_quantile found = stats::quantile(counts, 7, 1, 9);
  // -most + 2 most / 9
  EXPECT_TRUE(found.whole * 9 + found.part * 9 / found.of == -wide_integer{most} * 7 ||
              (found.whole * found.of + found.part) * 9 == -wide_integer{most} * 7 * found.of);
}

TEST(value_groups, by_rank_are_as_equal_as_equal_numbers_allow_and_never_empty) {
  draws draw(5);
  for (std::size_t round = 0; round < 600; ++round) {
    numbers values(1 + draw.below(60));
    const std::uint64_t range = 1 + draw.below(round % 3 == 0 ? 8 : 40);
    for (std::int64_t& value : values)
      value = static_cast<std::int64_t>(draw.below(range) * draw.below(range)) - 20;
    const auto groups = static_cast<std::int64_t>(1 + draw.below(9));
    const numbers ends = ends_by_rank(count_values(values), groups);
    ASSERT_EQ(ends.size(), static_cast<std::size_t>(groups - 1));
    ASSERT_TRUE(std::is_sorted(ends.begin(), ends.end()));
    const std::set<std::int64_t> distinct(values.begin(), values.end());
    std::set<std::int64_t> used;
    for (const std::int64_t value : values)
      used.insert(group_of(value, ends));
    EXPECT_EQ(used.size(), std::min(distinct.size(), static_cast<std::size_t>(groups)));
    EXPECT_GE(*used.begin(), 0);
    EXPECT_LT(*used.rbegin(), groups);
    if (distinct.size() <= static_cast<std::size_t>(groups))
      continue;
    // The end that is nearest to its share, among those that leave a number for each group.
    const numbers sorted(distinct.begin(), distinct.end());
    std::ptrdiff_t first = 0;
    for (std::int64_t j = 1; j < groups; ++j) {
      std::ptrdiff_t best = first;
      std::int64_t least = std::numeric_limits<std::int64_t>::max();
      for (std::ptrdiff_t at = first; at < static_cast<std::ptrdiff_t>(sorted.size()) - (groups - j); ++at) {
        const auto up_to = std::count_if(values.begin(), values.end(), [&](std::int64_t value) {
          return value <= sorted[static_cast<std::size_t>(at)];
        });
        const std::int64_t off = std::abs(up_to * groups - j * static_cast<std::int64_t>(values.size()));
        if (off < least) {
          least = off;
          best = at;
        }
      }
      ASSERT_EQ(ends[static_cast<std::size_t>(j - 1)], sorted[static_cast<std::size_t>(best)]) << round;
      first = best + 1;
    }
  }
}

TEST(value_groups, of_few_numbers_each_has_its_own) {
  EXPECT_EQ(group_of(7, ends_by_rank(count_values(numbers{7, 7, 7}), 5)), 2) << "all equal: the middle";
  EXPECT_EQ(group_of(7, ends_by_rank(count_values(numbers{7}), 1)), 0);
  // Half of them 1, the others 2: the middle ranks lie at a quarter and at three quarters.
  const numbers two = ends_by_rank(count_values(numbers{1, 1, 2, 2}), 4);
  EXPECT_EQ(group_of(1, two), 1);
  EXPECT_EQ(group_of(2, two), 3);
  // Nearly all are 1: 2 and 3 are both in the last fifth and share it out.
  numbers many(98, 1);
  many.insert(many.end(), {2, 3});
  const numbers three = ends_by_rank(count_values(many), 5);
  EXPECT_EQ(group_of(1, three), 2);
  EXPECT_EQ(group_of(2, three), 3);
  EXPECT_EQ(group_of(3, three), 4);
  EXPECT_EQ(ends_by_cluster(count_values(many), 5), three);
}

long double squares(const numbers& values, const numbers& ends) {
  long double all = 0;
  for (std::size_t group = 0; group <= ends.size(); ++group) {
    std::vector<long double> held;
    for (const std::int64_t value : values) {
      if (group_of(value, ends) == static_cast<std::int64_t>(group))
        held.push_back(static_cast<long double>(value));
    }
    long double mean = 0;
    for (const long double value : held)
      mean += value / static_cast<long double>(held.size());
    for (const long double value : held)
      all += (value - mean) * (value - mean);
  }
  return all;
}

/// The least over all ways to cut the different numbers.
long double least_squares(const numbers& values, std::size_t groups) {
  const std::set<std::int64_t> set(values.begin(), values.end());
  const numbers distinct(set.begin(), set.end());
  long double least = std::numeric_limits<long double>::infinity();
  std::vector<bool> cut(distinct.size() - 1, false);
  std::fill_n(cut.begin(), groups - 1, true);
  do {
    numbers ends;
    for (std::size_t i = 0; i < cut.size(); ++i) {
      if (cut[i])
        ends.push_back(distinct[i]);
    }
    least = std::min(least, squares(values, ends));
  } while (std::prev_permutation(cut.begin(), cut.end()));
  return least;
}

TEST(value_groups, clusters_have_the_least_squares_that_any_groups_have) {
  draws draw(17);
  for (std::size_t round = 0; round < 300; ++round) {
    numbers values(2 + draw.below(14));
    for (std::int64_t& value : values)
      value = static_cast<std::int64_t>(draw.below(round % 2 == 0 ? 20 : 1000000)) - 10;
    const std::set<std::int64_t> distinct(values.begin(), values.end());
    const std::size_t groups = 1 + draw.below(std::min<std::size_t>(distinct.size(), 5));
    const numbers ends = ends_by_cluster(count_values(values), static_cast<std::int64_t>(groups));
    const long double least = least_squares(values, groups);
    EXPECT_NEAR(static_cast<double>(squares(values, ends)), static_cast<double>(least),
                1e-12 * static_cast<double>(least) + 1e-9);
    std::set<std::int64_t> used;
    for (const std::int64_t value : values)
      used.insert(group_of(value, ends));
    EXPECT_EQ(used.size(), groups);
  }
}

TEST(value_groups, clusters_of_the_package_that_made_them_known) {
  // Ckmeans.1d.dp's own example: three clusters, -1, 2, and 4 to 6.
  EXPECT_EQ(ends_by_cluster(count_values(numbers{-1, 2, -1, 2, 4, 5, 6, -1, 2, -1}), 3), (numbers{-1, 2}));
}

TEST(value_groups, clusters_of_the_largest_numbers_are_found) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(ends_by_cluster(count_values(numbers{-most, -most + 5, 0, 3, most - 9, most}), 3),
            (numbers{-most + 5, 3}));
}

TEST(value_groups, clusters_of_many_numbers_are_no_worse_than_any_shift_of_an_end) {
  draws draw(23);
  numbers values(3000);
  for (std::int64_t& value : values)
    value = static_cast<std::int64_t>(draw.below(3000) * draw.below(3000));
  const value_counts counts = count_values(values);
  const numbers ends = ends_by_cluster(counts, 4);
  const long double found = squares(values, ends);
  for (std::size_t i = 0; i < ends.size(); ++i) {
    const auto at = std::lower_bound(counts.value.begin(), counts.value.end(), ends[i]);
    for (const int step : {-1, 1}) {
      numbers other = ends;
      other[i] = at[step];
      EXPECT_GE(squares(values, other), found * (1 - 1e-15L));
    }
  }
}

} // namespace
} // namespace value_groups_test
