// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <map>
#include <optional>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/math/normal_quantile.hpp>
#include <emptor/stats/bin_lookup.hpp>
#include <emptor/stats/categorical_binning.hpp>
#include <emptor/stats/scorecardpy_binning.hpp>

#include "stats/credit_data.hpp"

namespace categorical_binning_test {
namespace {

using namespace emptor::stats;

/// Every grouping, as strings of group numbers that grow by one at most.
[[nodiscard]] std::optional<double> brute_force(const std::vector<level_count>& levels,
                                                const binning_rules& rules) {
  bin_count total;
  for (const level_count& one : levels)
    total += one.total();
  std::optional<double> best;
  std::vector<std::size_t> group(levels.size(), 0);
  const auto visit = [&](const auto& self, std::size_t at, std::size_t used) -> void {
    if (at < levels.size()) {
      for (std::size_t g = 0; g <= used; ++g) {
        group[at] = g;
        self(self, at + 1, std::max(used, g + 1));
      }
      return;
    }
    if (used < rules.min_bins || (rules.max_bins > 0 && used > rules.max_bins))
      return;
    std::vector<bin_count> bins(used);
    for (std::size_t i = 0; i < levels.size(); ++i)
      bins[group[i]] += levels[i].total();
    double sum = 0.0;
    for (const bin_count& bin : bins) {
      if (bin.rows < rules.min_size || (rules.max_size > 0 && bin.rows > rules.max_size) ||
          bin.events < rules.min_events || bin.non_events() < rules.min_non_events ||
          (rules.zero.need_both() && (bin.events == 0 || bin.non_events() == 0)))
        return;
      sum += divergence_of(bin, total, rules.objective, rules.zero, rules.zero.value);
    }
    std::sort(bins.begin(), bins.end(),
              [](const bin_count& left, const bin_count& right) { return compare_rates(left, right) < 0; });
    for (std::size_t i = 1; i < bins.size(); ++i) {
      if (!exceeds_by(bins[i], bins[i - 1], rules.min_difference))
        return;
      for (std::size_t other = rules.all_pairs ? 0 : i - 1; other < i && rules.critical_z > 0.0; ++other) {
        if (!rates_differ(bins[other], bins[i], rules.critical_z, rules.unit))
          return;
      }
    }
    if (!best || sum > *best)
      best = sum;
  };
  visit(visit, 0, 0);
  return best;
}

TEST(categorical_binning_test, agrees_with_all_groupings) {
  std::mt19937 from(77);
  int not_contiguous = 0;
  for (int i = 0; i < 1500; ++i) {
    const auto below = [&](int n) { return static_cast<std::int64_t>(from() % static_cast<unsigned>(n)); };
    std::vector<level_count> levels;
    static const std::string names = "abcdefgh";
    const auto size = static_cast<std::size_t>(2 + below(6));
    std::int64_t rows_of_all = 0;
    for (std::size_t k = 0; k < size; ++k) {
      const std::int64_t rows = 2 + below(40);
      levels.push_back(
          {std::string_view(names).substr(k, 1), {{1 + below(static_cast<int>(rows) - 1), rows}}});
      if (i % 4 == 0 && below(4) == 0)
        levels.back().counts[0].events = below(2) * rows;
      rows_of_all += rows;
    }
    binning_rules rules;
    rules.objective = static_cast<bin_objective>(below(4));
    if (below(2) == 0)
      rules.max_bins = static_cast<std::size_t>(1 + below(4));
    if (below(3) == 0)
      rules.min_bins = 2;
    if (i % 2 == 0) {
      rules.min_size = below(static_cast<int>(rows_of_all / 3));
      rules.max_size = rows_of_all / 3 + below(static_cast<int>(rows_of_all));
      rules.min_events = below(4);
      rules.min_difference = below(3) * 20'000'000;
    }
    if (i % 5 == 0) {
      rules.critical_z = 0.8;
      rules.all_pairs = i % 10 == 0;
    }
    bin_count total;
    for (const level_count& one : levels)
      total += one.total();
    if (total.events == 0 || total.non_events() == 0)
      continue;
    const categorical_binning found = find_categorical_binning(levels, 1, rules);
    const std::optional<double> best = brute_force(levels, rules);
    ASSERT_NE(found.proof, grouping_proof::ordered);
    ASSERT_EQ(!found.groups.empty(), best.has_value()) << i;
    if (!best)
      continue;
    ASSERT_NEAR(found.objective, *best, 1e-11 * (1.0 + std::fabs(*best))) << i;
    std::size_t members = 0;
    for (const std::vector<std::size_t>& group : found.groups)
      members += group.size();
    ASSERT_EQ(members, levels.size());
    binning_rules contiguous = rules;
    contiguous.trend = bin_trend::free;
    const optimal_binning ordered =
        find_optimal_binning(cells_of_levels(levels, order_levels(levels), 1), contiguous);
    if (!ordered.feasible() || ordered.objective < *best - 1e-9)
      ++not_contiguous;
  }
  EXPECT_GT(not_contiguous, 5); // with limits of size the order of the rates is not enough
}

TEST(categorical_binning_test, twelve_levels_are_quick) {
  std::vector<level_count> levels;
  static const std::string names = "abcdefghijkl";
  for (std::size_t k = 0; k < 12; ++k)
    levels.push_back(
        {std::string_view(names).substr(k, 1),
         {{static_cast<std::int64_t>(3 + k * 5 % 7), static_cast<std::int64_t>(20 + k * 11 % 9)}}});
  binning_rules rules;
  rules.min_size = 30;
  const categorical_binning found = find_categorical_binning(levels, 1, rules);
  EXPECT_EQ(found.proof, grouping_proof::partitions);
  EXPECT_FALSE(found.groups.empty());
}

struct level_case {
  const char* name;
  std::vector<bin_count> bins; ///< bad, rows
  double value;
};

/// Groups of levels that scorecardpy makes of the German credit data.
TEST(categorical_binning_test, groups_of_scorecardpy_of_german_credit) {
  const emptor::test::csv_table data = emptor::test::read_data("germancredit.csv");
  if (data.rows.empty())
    GTEST_SKIP() << "no germancredit.csv in EMPTOR_DATA_DIR";
  const std::vector<std::string> outcomes = emptor::test::texts_of(data, "creditability");
  const level_case cases[] = {
      {"status_of_existing_checking_account", {{46, 394}, {14, 63}, {240, 543}}, 0.639372},
      {"credit_history", {{50, 293}, {28, 88}, {169, 530}, {53, 89}}, 0.2918299},
      {"savings_account_and_bonds", {{49, 294}, {34, 103}, {217, 603}}, 0.1909739},
      {"purpose", {{18, 112}, {62, 280}, {220, 608}}, 0.1529244},
      {"housing", {{186, 713}, {70, 179}, {44, 108}}, 0.0832934},
      {"foreign_worker", {{300, 1000}}, 0.0}};
  for (const level_case& one : cases) {
    const std::vector<std::string> texts = emptor::test::texts_of(data, one.name);
    std::map<std::string, bin_count> counted;
    for (std::size_t row = 0; row < texts.size(); ++row)
      counted[texts[row]] += bin_count{outcomes[row] == "bad" ? 1 : 0, 1};
    std::vector<level_count> levels;
    for (const auto& [level, count] : counted)
      levels.push_back({level, {count}});
    const binning_cells cells = cells_of_levels(levels, order_levels(levels), 1);
    const std::vector<std::size_t> pure_joined = join_pure_cells(cells);
    binning_cells joined(std::size_t{1});
    std::size_t first = 0;
    for (const std::size_t end : pure_joined) {
      const bin_count cell = cells.bin(first, end);
      joined.add(std::span(&cell, 1));
      first = end;
    }
    const std::vector<std::size_t> ends = add_cuts(joined, {});
    ASSERT_EQ(ends.size(), one.bins.size()) << one.name;
    first = 0;
    for (std::size_t i = 0; i < ends.size(); ++i) {
      EXPECT_EQ(joined.bin(first, ends[i]), one.bins[i]) << one.name << " " << i;
      first = ends[i];
    }
    EXPECT_NEAR(objective_of(joined, {.totals = {}}, ends), one.value, 6e-7) << one.name;
  }
}

/// scorecard#63, #55 and #75, values at the edges; optbinning#390, one look-up for a value and no scan of the column for each bin.
TEST(categorical_binning_test, every_value_has_one_bin) {
  for (const bin_closed closed : {bin_closed::left, bin_closed::right}) {
    bin_lookup numbers(closed);
    for (const int bin : {1, 2, 3})
      numbers.add_interval(bin);
    numbers.add_cut(0.0);
    numbers.add_cut(10.0);
    numbers.add_special(-999.0, 4);
    numbers.set_missing(5);
    ASSERT_TRUE(numbers.finish());
    EXPECT_EQ(numbers.of(-0.0).bin, closed == bin_closed::left ? 2 : 1);
    EXPECT_EQ(numbers.of(std::nextafter(0.0, -1.0)).bin, 1);
    EXPECT_EQ(numbers.of(std::nextafter(0.0, 1.0)).bin, 2);
    EXPECT_EQ(numbers.of(10.0).bin, closed == bin_closed::left ? 3 : 2);
    EXPECT_EQ(numbers.of(-999.0).bin, 4);
    EXPECT_EQ(numbers.of(-999.5).bin, 1);
    EXPECT_EQ(numbers.of(std::numeric_limits<double>::quiet_NaN()).bin, 5);
    EXPECT_EQ(numbers.of(std::numeric_limits<double>::infinity()).bin, 3);
  }
  bin_lookup levels;
  levels.add_level("b", 1);
  levels.add_level("a", 2);
  ASSERT_TRUE(levels.finish());
  EXPECT_EQ(levels.of(std::string_view("a")).bin, 2);
  EXPECT_EQ(levels.of(std::string_view("c")).status, emptor::row_status::unknown_level);
  EXPECT_EQ(levels.of(std::string_view()).status, emptor::row_status::missing);
  levels.set_unknown(2);
  EXPECT_EQ(levels.of(std::string_view("c")).bin, 2);
  bin_lookup twice;
  twice.add_level("a", 1);
  twice.add_level("a", 2);
  EXPECT_FALSE(twice.finish());
}

} // namespace
} // namespace categorical_binning_test
