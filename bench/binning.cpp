// SPDX-License-Identifier: BSL-1.0
// Optimal binning: one characteristic with counted cells, a thousand of them, and a million raw rows.
#include "limits.hpp"

#include <algorithm>
#include <cstdint>
#include <random>
#include <string>
#include <thread>
#include <vector>

#include <benchmark/benchmark.h>
#include <emptor/core/run.hpp>
#include <emptor/stats/bin_candidates.hpp>
#include <emptor/stats/optimal_binning.hpp>

namespace {

using namespace emptor::stats;

/// Cells whose rate rises, with noise.
[[nodiscard]] binning_cells rising_cells(std::size_t size, std::uint32_t seed) {
  std::mt19937 from(seed);
  std::vector<bin_count> counts;
  for (std::size_t i = 0; i < size; ++i) {
    const auto rows = static_cast<std::int64_t>(50 + from() % 100);
    std::int64_t events = 1;
    for (std::int64_t row = 2; row < rows; ++row)
      events += from() % 1000 < 100 + 500 * i / size ? 1 : 0;
    counts.push_back({events, rows});
  }
  return binning_cells(std::span<const bin_count>(counts));
}

[[nodiscard]] binning_rules rules_of(const binning_cells& cells, bin_trend trend) {
  binning_rules rules;
  rules.trend = trend;
  rules.min_size = cells.total().rows / 20;
  return rules;
}

void one_characteristic(benchmark::State& state) {
  const binning_cells cells = rising_cells(static_cast<std::size_t>(state.range(0)), 1);
  const binning_rules rules = rules_of(cells, static_cast<bin_trend>(state.range(1)));
  for (auto _ : state)
    benchmark::DoNotOptimize(find_optimal_binning(cells, rules).objective);
  state.SetLabel(std::string(bin_trend_names[static_cast<std::size_t>(state.range(1))]));
}
BENCHMARK(one_characteristic)
    ->ArgsProduct({{20, 77, 200}, {0, 1, 2, 3, 4, 5, 6, 7}})
    ->ArgNames({"cells", "trend"})
    ->Unit(benchmark::kMillisecond);

/// 1,000 characteristics with 100 cells each, one trend.
void thousand_characteristics(benchmark::State& state) {
  std::vector<binning_cells> all;
  for (std::uint32_t i = 0; i < 1000; ++i)
    all.push_back(rising_cells(100, i));
  const emptor::run how{.threads = static_cast<int>(state.range(0))};
  std::vector<double> found(all.size());
  for (auto _ : state) {
    emptor::for_each_task(static_cast<std::int64_t>(all.size()), how, [&](std::int64_t task) {
      const auto i = static_cast<std::size_t>(task);
      found[i] = find_optimal_binning(all[i], rules_of(all[i], bin_trend::ascending)).objective;
    });
    benchmark::ClobberMemory();
  }
}
BENCHMARK(thousand_characteristics)
    ->Arg(1)
    ->Arg(2)
    ->ArgName("threads")
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

/// A million raw rows: sorted, counted, cut into candidates, and the best monotone binning of them.
void raw_rows(benchmark::State& state) {
  std::mt19937 from(1);
  std::vector<double> values;
  std::vector<bin_count> counts;
  for (std::int64_t row = 0; row < state.range(0); ++row) {
    values.push_back(static_cast<double>(from()) * 1e-3);
    counts.push_back({from() % 1000 < 100 + static_cast<std::uint32_t>(values.back() * 1e-5) ? 1 : 0, 1});
  }
  for (auto _ : state) {
    const distinct_values distinct = sort_values(values, {counts});
    const binning_rules rules = rules_of(distinct.cells, bin_trend::ascending);
    const ordered_cells cells = candidate_cells(distinct, 256, rules, bin_closed::left);
    benchmark::DoNotOptimize(find_optimal_binning(cells.cells, rules).objective);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(raw_rows)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
