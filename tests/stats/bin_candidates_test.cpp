// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <atomic>
#include <cmath>
#include <limits>
#include <map>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/math/normal_quantile.hpp>
#include <emptor/stats/bin_candidates.hpp>
#include <emptor/stats/optbinning_cells.hpp>
#include <emptor/stats/scorecardpy_binning.hpp>

#include "stats/credit_data.hpp"
#include "support/refusal.hpp"

namespace bin_candidates_test {
namespace {

using namespace emptor::stats;

[[nodiscard]] std::vector<bin_count> counts_of(const std::vector<double>& events) {
  std::vector<bin_count> made;
  for (const double event : events)
    made.push_back({event == 1.0 ? 1 : 0, 1});
  return made;
}

[[nodiscard]] std::vector<double> cuts_of(const ordered_cells& from, const std::vector<std::size_t>& ends) {
  std::vector<double> made;
  for (const std::size_t end : ends) {
    if (end < from.cells.size())
      made.push_back(from.cuts[end - 1]);
  }
  return made;
}

void expect_near(const std::vector<double>& found, const std::vector<double>& wanted, double most) {
  ASSERT_EQ(found.size(), wanted.size());
  for (std::size_t i = 0; i < found.size(); ++i)
    EXPECT_NEAR(found[i], wanted[i], most);
}

/// Mean radius and mean texture of the breast-cancer data, where optbinning's own tests have these figures.
TEST(bin_candidates_test, optima_of_optbinning_over_its_own_cells) {
  const emptor::test::csv_table data = emptor::test::read_data("breast_cancer.csv");
  if (data.rows.empty())
    GTEST_SKIP() << "no breast_cancer.csv in EMPTOR_DATA_DIR";
  const std::vector<bin_count> counts = counts_of(emptor::test::numbers_of(data, "target"));
  const distinct_values radius = sort_values(emptor::test::numbers_of(data, "mean radius"), {counts});
  const ordered_cells leaves = tree_cells(radius, 20, 0.05);
  const ordered_cells cells = without_pure_cells(radius, leaves);
  binning_rules rules;
  rules.trend = bin_trend::descending;
  optimal_binning found = find_optimal_binning(cells.cells, rules);
  expect_near(cuts_of(cells, found.ends),
              {11.42500019, 12.32999992, 13.09499979, 13.70499992, 15.04500008, 16.92500019}, 5e-9);
  EXPECT_NEAR(found.objective, 5.04392547, 5e-9);
  rules.trend = bin_trend::automatic;
  found = find_optimal_binning(cells.cells, rules);
  EXPECT_GE(found.objective, 5.04392547 - 5e-9);

  // The caller's own cuts with neighbours that differ at 0.05.
  const ordered_cells own = cut_values(radius, {11, 12, 13, 14, 15, 17}, bin_closed::left);
  rules.trend = bin_trend::descending;
  rules.critical_z = emptor::math::normal_quantile(0.975);
  found = find_optimal_binning(own.cells, rules);
  expect_near(cuts_of(own, found.ends), {13, 15, 17}, 0.0);
  EXPECT_NEAR(found.objective, 4.819661314733627, 1e-14);
  rules.critical_z = 0.0;

  // With 12 fixed there is a binning, and also with 16, which elsewhere is called infeasible.
  for (const double fixed : {12.0, 16.0}) {
    const std::vector<double> cuts{11, 12, 13, 14, 15, 16, 17};
    const ordered_cells given = cut_values(radius, cuts, bin_closed::left);
    binning_rules with_fixed;
    for (const double cut : cuts)
      with_fixed.fixed.push_back(cut == fixed ? 1 : 0);
    const optimal_binning kept = find_optimal_binning(given.cells, with_fixed);
    ASSERT_TRUE(kept.feasible());
    const std::vector<double> chosen = cuts_of(given, kept.ends);
    EXPECT_NE(std::find(chosen.begin(), chosen.end(), fixed), chosen.end());
  }

  const distinct_values texture = sort_values(emptor::test::numbers_of(data, "mean texture"), {counts});
  const ordered_cells other = without_pure_cells(texture, tree_cells(texture, 20, 0.05));
  rules.trend = bin_trend::valley;
  found = find_optimal_binning(other.cells, rules);
  EXPECT_NEAR(found.objective, 1.438701, 5e-7);
  expect_near(cuts_of(other, found.ends),
              {15.05, 16.39, 17.03, 18.46, 19.47, 20.20, 21.71, 22.74, 24.00, 26.98}, 0.0051);
  const std::int64_t rows[] = {92, 61, 29, 79, 55, 36, 72, 40, 29, 43, 33};
  const std::int64_t events[] = {88, 53, 23, 62, 35, 18, 29, 13, 5, 13, 18};
  std::size_t first = 0;
  for (std::size_t i = 0; i < found.ends.size(); ++i) {
    EXPECT_EQ(other.cells.bin(first, found.ends[i]), (bin_count{events[i], rows[i]}));
    first = found.ends[i];
  }

  // All values are candidates: never worse than over the cells of a tree, and the isotonic regression bounds both.
  binning_rules least;
  least.trend = bin_trend::descending;
  least.min_size = 29;
  const ordered_cells all = candidate_cells(radius, 1024, least, bin_closed::left);
  EXPECT_TRUE(all.complete);
  const optimal_binning best = find_optimal_binning(all.cells, least);
  const optimal_binning of_tree = find_optimal_binning(cells.cells, least);
  EXPECT_GE(best.objective, of_tree.objective);
  EXPECT_LE(best.objective, best.monotone_bound);
}

struct tree_case {
  const char* name;
  std::vector<double> cuts;
  std::vector<bin_count> bins; ///< bad, rows
  double value;
};

[[nodiscard]] double value_of(const ordered_cells& cells, const std::vector<std::size_t>& ends) {
  return objective_of(cells.cells, {.totals = {}}, ends);
}

/// Cuts, counts and information values that scorecardpy gives for the German credit data.
TEST(bin_candidates_test, bins_of_scorecardpy_of_german_credit) {
  const emptor::test::csv_table data = emptor::test::read_data("germancredit.csv");
  if (data.rows.empty())
    GTEST_SKIP() << "no germancredit.csv in EMPTOR_DATA_DIR";
  std::vector<bin_count> counts;
  for (const std::string& text : emptor::test::texts_of(data, "creditability"))
    counts.push_back({text == "bad" ? 1 : 0, 1});
  const tree_case cases[] = {
      {"credit_amount",
       {1400, 1800, 4000, 9200},
       {{82, 267}, {18, 105}, {95, 382}, {76, 196}, {29, 50}},
       0.1812204},
      {"duration_in_month",
       {8, 16, 34, 44},
       {{9, 87}, {80, 344}, {129, 399}, {42, 100}, {40, 70}},
       0.2826181},
      {"age_in_years", {26, 28, 35, 37}, {{80, 190}, {27, 101}, {85, 257}, {12, 79}, {96, 373}}, 0.1304985}};
  for (const tree_case& one : cases) {
    const distinct_values values = sort_values(emptor::test::numbers_of(data, one.name), {counts});
    const ordered_cells cells = scorecardpy_cells(values, {});
    const std::vector<std::size_t> ends = add_cuts(cells.cells, {});
    EXPECT_EQ(cuts_of(cells, ends), one.cuts) << one.name;
    std::size_t first = 0;
    for (std::size_t i = 0; i < ends.size() && i < one.bins.size(); ++i) {
      EXPECT_EQ(cells.cells.bin(first, ends[i]), one.bins[i]) << one.name << " " << i;
      first = ends[i];
    }
    EXPECT_NEAR(value_of(cells, ends), one.value, 5e-8) << one.name;
    // What an exact search over the same fine cells and rules finds is never worse.
    binning_rules rules;
    rules.trend = bin_trend::free;
    rules.max_bins = ends.size();
    rules.min_size = 50;
    EXPECT_GE(find_optimal_binning(cells.cells, rules).objective, one.value - 5e-8);
  }
}

TEST(bin_candidates_test, values_are_parted_and_counted) {
  const double none = std::numeric_limits<double>::quiet_NaN();
  const std::vector<double> values{3.0, -0.0, none, 0.0, -2.5, 3.0, 1e308, -1e308};
  const std::vector<bin_count> counts = counts_of({1, 0, 1, 1, 0, 0, 1, 0});
  const distinct_values found = sort_values(values, {counts});
  EXPECT_EQ(found.values, (std::vector<double>{-1e308, -2.5, 0.0, 3.0, 1e308}));
  EXPECT_EQ(found.records, (std::vector<std::int64_t>{1, 1, 2, 2, 1}));
  EXPECT_EQ(found.cells.bin(2, 3), (bin_count{1, 2}));
  EXPECT_EQ(found.cells.total(), (bin_count{3, 7}));
  const ordered_cells all = candidate_cells(found, 10, {}, bin_closed::left);
  EXPECT_EQ(all.cuts.size(), 4U);
  EXPECT_EQ(all.cuts[2], 1.5);
}

/// Between neighbouring numbers there is no middle: the cut is the one that the closed side needs.
TEST(bin_candidates_test, cuts_part_neighbouring_numbers) {
  const double low = 1.0;
  const double high = std::nextafter(1.0, 2.0);
  for (const bin_closed closed : {bin_closed::left, bin_closed::right}) {
    const double cut = cut_between(low, high, closed);
    EXPECT_EQ(closed == bin_closed::left ? low < cut : low <= cut, true);
    EXPECT_EQ(closed == bin_closed::left ? high >= cut : high > cut, true);
  }
  EXPECT_EQ(cut_between(-1e308, 1e308, bin_closed::left), 0.0);
}

/// Many values: about as many cells as asked for, a spike alone, and the isotonic ends among the cuts, so that a monotone optimum
/// without limits is the one over all values.
TEST(bin_candidates_test, few_candidates_keep_spikes_and_isotonic_ends) {
  std::mt19937 from(9);
  std::vector<double> values;
  std::vector<double> events;
  for (int i = 0; i < 20000; ++i) {
    const double x = i % 3 == 0 ? 0.0 : static_cast<double>(from() % 1'000'000) / 1000.0 - 200.0;
    values.push_back(x);
    events.push_back(static_cast<double>(from() % 1000) < 100.0 + 0.5 * (x + 200.0) ? 1.0 : 0.0);
  }
  const std::vector<bin_count> counts = counts_of(events);
  const distinct_values distinct = sort_values(values, {counts});
  ASSERT_GT(distinct.values.size(), 5000U);
  binning_rules rules;
  rules.trend = bin_trend::monotonic;
  const ordered_cells few = candidate_cells(distinct, 100, rules, bin_closed::left);
  EXPECT_FALSE(few.complete);
  EXPECT_GE(few.cells.size(), 60U);
  EXPECT_LE(few.cells.size(), 400U);
  const std::int64_t zeros = static_cast<std::int64_t>(std::count(values.begin(), values.end(), 0.0));
  bool alone = false;
  for (std::size_t i = 0; i < few.cells.size(); ++i)
    alone = alone || few.cells.bin(i, i + 1).rows == zeros;
  EXPECT_TRUE(alone);
  const optimal_binning found = find_optimal_binning(few.cells, rules);
  EXPECT_NEAR(found.objective, monotone_bound(distinct.cells, rules), 1e-12);
}

TEST(bin_candidates_test, no_order_of_rows_changes_anything) {
  std::mt19937 from(4);
  std::vector<double> values;
  std::vector<double> events;
  for (int i = 0; i < 500; ++i) {
    values.push_back(static_cast<double>(from() % 90));
    events.push_back(from() % 3 == 0 ? 1.0 : 0.0);
  }
  std::vector<std::size_t> order(values.size());
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = i;
  const auto solve = [&] {
    std::vector<double> v;
    std::vector<double> e;
    for (const std::size_t i : order) {
      v.push_back(values[i]);
      e.push_back(events[i]);
    }
    const std::vector<bin_count> counts = counts_of(e);
    const distinct_values distinct = sort_values(v, {counts});
    return find_optimal_binning(candidate_cells(distinct, 50, {}, bin_closed::left).cells, {});
  };
  const optimal_binning first = solve();
  std::shuffle(order.begin(), order.end(), from);
  const optimal_binning second = solve();
  EXPECT_EQ(first.ends, second.ends);
  EXPECT_EQ(first.objective, second.objective);
}

[[nodiscard]] binning_cells cells_of(const std::vector<bin_count>& counts) {
  return binning_cells(std::span<const bin_count>(counts));
}

TEST(bin_candidates_test, plain_methods) {
  // Ten cells of ten rows.
  std::vector<bin_count> counts;
  for (int i = 0; i < 10; ++i)
    counts.push_back({i < 5 ? 1 : 8, 10});
  const binning_cells cells = cells_of(counts);
  EXPECT_EQ(quantile_bins(cells, 4), (std::vector<std::size_t>{3, 5, 8, 10}));
  EXPECT_EQ(width_cuts(0.0, 10.0, 4), (std::vector<double>{2.5, 5.0, 7.5}));
  EXPECT_TRUE(width_cuts(1.0, 1.0, 4).empty());
  EXPECT_EQ(tree_bins(cells, {2, 1}), (std::vector<std::size_t>{5, 10}));
  EXPECT_EQ(chi_merge_bins(cells, {}), (std::vector<std::size_t>{5, 10}));
  EXPECT_EQ(description_length_bins(cells, {}), (std::vector<std::size_t>{5, 10}));
  const std::atomic<int> cancel{1};
  emptor::run how;
  how.cancel = &cancel;
  EXPECT_EQ(emptor::test::code_of([&] { return description_length_bins(cells, {}, &how); }),
            emptor::status::cancelled);
  EXPECT_EQ(chi_merge_bins(cells, {.critical = 0.0, .max_bins = 1}), (std::vector<std::size_t>{10}));
  EXPECT_EQ(chi_merge_bins(cells, {.critical = 0.0, .max_bins = 0, .min_size = 20}).size(), 4U);
  // Chi-square of a two-by-two table: 80 rows, 10 of 40 against 20 of 40.
  EXPECT_NEAR(chi_square({10, 40}, {20, 40}, {}), 80.0 * 400.0 * 400.0 / (40.0 * 40.0 * 30.0 * 50.0), 1e-12);
  // Nothing to tell: one bin.
  const binning_cells flat = cells_of({{5, 10}, {5, 10}, {5, 10}});
  EXPECT_EQ(description_length_bins(flat, {}), (std::vector<std::size_t>{3}));
  EXPECT_EQ(chi_merge_bins(flat, {}), (std::vector<std::size_t>{3}));
}

/// ChiMerge with its heap does what going through all pairs again and again does.
TEST(bin_candidates_test, chi_merge_is_the_plain_one) {
  std::mt19937 from(2);
  for (int i = 0; i < 300; ++i) {
    std::vector<bin_count> counts;
    const std::size_t size = 1 + from() % 20;
    for (std::size_t k = 0; k < size; ++k) {
      const auto rows = static_cast<std::int64_t>(1 + from() % 20);
      counts.push_back({static_cast<std::int64_t>(from() % static_cast<unsigned>(rows + 1)), rows});
    }
    const chi_merge_rules rules{.critical = 2.0, .max_bins = 1 + from() % 8};
    std::vector<bin_count> bins = counts;
    std::vector<std::size_t> ends;
    for (std::size_t k = 1; k <= size; ++k)
      ends.push_back(k);
    while (bins.size() > 1) {
      std::size_t best = 0;
      for (std::size_t k = 1; k + 1 < bins.size(); ++k) {
        if (chi_square(bins[k], bins[k + 1], {}) < chi_square(bins[best], bins[best + 1], {}))
          best = k;
      }
      if (!(chi_square(bins[best], bins[best + 1], {}) < rules.critical) && bins.size() <= rules.max_bins)
        break;
      bins[best] += bins[best + 1];
      bins.erase(bins.begin() + static_cast<std::ptrdiff_t>(best + 1));
      ends.erase(ends.begin() + static_cast<std::ptrdiff_t>(best));
    }
    EXPECT_EQ(chi_merge_bins(cells_of(counts), rules), ends);
  }
}

/// Joining pure cells: the smallest first, to its smaller neighbour.
TEST(bin_candidates_test, pure_cells_are_joined_as_one_would_by_hand) {
  EXPECT_EQ(join_pure_cells(cells_of({{0, 4}, {2, 9}, {5, 5}, {3, 7}, {0, 2}})),
            (std::vector<std::size_t>{2, 5}));
  EXPECT_EQ(join_pure_cells(cells_of({{0, 4}, {0, 9}})), (std::vector<std::size_t>{2}));
  std::mt19937 from(6);
  for (int i = 0; i < 300; ++i) {
    std::vector<bin_count> counts;
    const std::size_t size = 1 + from() % 15;
    for (std::size_t k = 0; k < size; ++k) {
      const auto rows = static_cast<std::int64_t>(1 + from() % 6);
      counts.push_back(
          {from() % 2 == 0 ? 0 : static_cast<std::int64_t>(from() % static_cast<unsigned>(rows + 1)), rows});
    }
    std::vector<bin_count> bins = counts;
    std::vector<std::size_t> ends;
    for (std::size_t k = 1; k <= size; ++k)
      ends.push_back(k);
    while (bins.size() > 1) {
      std::size_t smallest = bins.size();
      for (std::size_t k = 0; k < bins.size(); ++k) {
        const bool pure = bins[k].events == 0 || bins[k].non_events() == 0;
        if (pure && (smallest == bins.size() || bins[k].rows < bins[smallest].rows))
          smallest = k;
      }
      if (smallest == bins.size())
        break;
      const bool to_next =
          smallest == 0 || (smallest + 1 < bins.size() && bins[smallest - 1].rows > bins[smallest + 1].rows);
      const std::size_t left = to_next ? smallest : smallest - 1;
      bins[left] += bins[left + 1];
      bins.erase(bins.begin() + static_cast<std::ptrdiff_t>(left + 1));
      ends.erase(ends.begin() + static_cast<std::ptrdiff_t>(left));
    }
    EXPECT_EQ(join_pure_cells(cells_of(counts)), ends);
  }
}

/// The best monotone binning with so many bins at most cuts at ends of the isotonic regression: few candidates find what all do.
TEST(bin_candidates_test, isotonic_ends_are_enough_for_a_monotone_trend_with_a_limit_of_bins) {
  std::mt19937 from(13);
  for (int i = 0; i < 400; ++i) {
    std::vector<double> values;
    std::vector<double> events;
    for (int k = 0; k < 60; ++k) {
      values.push_back(static_cast<double>(from() % 14));
      events.push_back(from() % 20 < 4 + static_cast<unsigned>(values.back()) / 2 ? 1.0 : 0.0);
    }
    events[0] = 1.0;
    events[1] = 0.0;
    const std::vector<bin_count> counts = counts_of(events);
    const distinct_values distinct = sort_values(values, {counts});
    binning_rules rules;
    rules.trend = i % 2 == 0 ? bin_trend::ascending : bin_trend::descending;
    rules.max_bins = 1 + from() % 5;
    rules.objective = static_cast<bin_objective>(from() % 4);
    const ordered_cells few = candidate_cells(distinct, 2, rules, bin_closed::left);
    const ordered_cells all = candidate_cells(distinct, 100, rules, bin_closed::left);
    ASSERT_TRUE(few.isotonic);
    ASSERT_TRUE(all.complete);
    EXPECT_NEAR(find_optimal_binning(few.cells, rules).objective,
                find_optimal_binning(all.cells, rules).objective, 1e-12);
  }
}

} // namespace
} // namespace bin_candidates_test
