// SPDX-License-Identifier: BSL-1.0
// What a scorecard is made of: rows pushed into a store of outcomes, its order, and the logistic regression; and its points.
#include "limits.hpp"
#include "support.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <memory>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <emptor/catalogue.hpp>
#include <emptor/core/described_table.hpp>
#include <emptor/core/run.hpp>
#include <emptor/credit/score_change.hpp>
#include <emptor/credit/scorecard_entry.hpp>
#include <emptor/stats/logistic_groups.hpp>
#include <emptor/stats/logistic_regression.hpp>
#include <emptor/stats/outcomes.hpp>

namespace {

using namespace emptor;

/// Half of the columns numbers, half texts of a few levels.
[[nodiscard]] table outcome_table(std::size_t rows, std::size_t columns) {
  const char* const levels[] = {"own", "rent", "for free", "with parents", "A14"};
  table made("rows");
  std::vector<double> outcomes(rows);
  for (std::size_t i = 0; i < rows; ++i)
    outcomes[i] = bench::uniform(i, 63) < 0.1 ? 1.0 : 0.0;
  made.add(column::numbers("outcome", std::move(outcomes)));
  for (std::size_t j = 0; j < columns; ++j) {
    if (j % 2 == 0) {
      std::vector<double> values(rows);
      for (std::size_t i = 0; i < rows; ++i)
        values[i] = std::floor(1000.0 * bench::uniform(i, j));
      made.add(column::numbers("characteristics:n" + std::to_string(j), std::move(values)));
      continue;
    }
    text_buffer texts;
    for (std::size_t i = 0; i < rows; ++i)
      texts.push_back(levels[static_cast<std::size_t>(5.0 * bench::uniform(i, j))]);
    made.add(column::texts("categories:t" + std::to_string(j), std::move(texts)));
  }
  return made;
}

void push_outcomes(benchmark::State& state) {
  const table rows = outcome_table(static_cast<std::size_t>(state.range(0)), 10);
  const std::vector<named_column> columns = rows.views();
  for (auto _ : state) {
    stats::outcomes store;
    store.push({.table = "rows", .columns = columns, .rows = rows.rows()});
    benchmark::DoNotOptimize(store.size());
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(push_outcomes)->Name("Outcomes/push/10_columns")->Arg(1'000'000)->Unit(benchmark::kMillisecond);

void order_outcomes(benchmark::State& state) {
  const table rows = outcome_table(static_cast<std::size_t>(state.range(0)), 10);
  const std::vector<named_column> columns = rows.views();
  stats::outcomes store;
  store.push({.table = "rows", .columns = columns, .rows = rows.rows()});
  for (auto _ : state)
    benchmark::DoNotOptimize(store.rows().order().data());
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(order_outcomes)->Name("Outcomes/canonical_order")->Arg(1'000'000)->Unit(benchmark::kMillisecond);

/// Columns of `levels` weights of evidence each.
struct regression_rows {
  std::vector<std::vector<std::uint32_t>> codes;
  std::vector<std::vector<double>> columns;
  std::vector<double> events;
  std::vector<double> trials;

  regression_rows(std::size_t rows, std::size_t count, std::uint32_t levels)
      : codes(count, std::vector<std::uint32_t>(rows))
      , columns(count, std::vector<double>(rows))
      , events(rows)
      , trials(rows, 1.0) {
    for (std::size_t i = 0; i < rows; ++i) {
      double logit = -2.0;
      for (std::size_t j = 0; j < count; ++j) {
        codes[j][i] = static_cast<std::uint32_t>(levels * bench::uniform(i, j));
        columns[j][i] = static_cast<double>(codes[j][i]) / levels - 0.5;
        logit += columns[j][i] * (0.2 + 0.02 * static_cast<double>(j));
      }
      events[i] = bench::uniform(i, 63) < 1.0 / (1.0 + std::exp(-logit)) ? 1.0 : 0.0;
    }
  }
};

void logistic_fit_of_rows(benchmark::State& state) {
  const regression_rows made(1'000'000, static_cast<std::size_t>(state.range(0)), 6);
  stats::logistic_rows rows{{}, made.events, made.trials, {}};
  std::vector<std::string> names;
  for (const std::vector<double>& column : made.columns) {
    rows.columns.emplace_back(column);
    names.push_back("x" + std::to_string(names.size()));
  }
  const run how{.threads = static_cast<int>(state.range(1))};
  for (auto _ : state)
    benchmark::DoNotOptimize(stats::fit_logistic("bench", rows, names, {}, how).intercept);
}
BENCHMARK(logistic_fit_of_rows)
    ->Name("Logistic/1M_rows")
    ->ArgNames({"columns", "threads"})
    ->Args({30, 1})
    ->Args({30, 2})
    ->Args({12, 2})
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

/// Rows of the same bins as one, and the regression on these.
void logistic_fit_of_groups(benchmark::State& state) {
  const regression_rows made(1'000'000, 8, 3);
  const std::vector<std::span<const std::uint32_t>> codes(made.codes.begin(), made.codes.end());
  const std::vector<std::uint32_t> levels(8, 3);
  const std::vector<std::string> names(8, "x");
  for (auto _ : state) {
    const stats::grouped_rows groups = stats::group_rows(codes, levels, made.events, made.trials);
    std::vector<std::vector<double>> columns(8);
    for (std::size_t j = 0; j < 8; ++j)
      for (const std::uint32_t code : groups.codes[j])
        columns[j].push_back(static_cast<double>(code) / 3.0 - 0.5);
    const stats::logistic_rows rows{{columns.begin(), columns.end()}, groups.events, groups.trials, {}};
    benchmark::DoNotOptimize(stats::fit_logistic("bench", rows, names).intercept);
  }
}
BENCHMARK(logistic_fit_of_groups)->Name("Logistic/1M_rows_of_8_bins_grouped")->Unit(benchmark::kMillisecond);

/// The cheapest change of one row: 12 characteristics of 6 bins, 60 points to gain.
void cheapest_change(benchmark::State& state) {
  std::vector<std::vector<credit::score_move>> moves(12);
  for (std::size_t j = 0; j < moves.size(); ++j) {
    moves[j].push_back({1, 0.0, 0.0, true});
    for (std::int32_t bin = 2; bin <= 6; ++bin)
      moves[j].push_back({bin, moves[j].back().points + 1.0 + std::floor(9.0 * bench::uniform(j, 5)),
                          moves[j].back().cost + 1.0 + std::floor(5.0 * bench::uniform(j, 6)), false});
  }
  for (auto _ : state)
    benchmark::DoNotOptimize(credit::cheapest_change(449.0, moves, 509.0, true).cost);
  state.SetItemsProcessed(state.iterations());
}
BENCHMARK(cheapest_change)
    ->Name("Scorecard/cheapest_change/12_characteristics")
    ->Unit(benchmark::kMicrosecond);

constexpr std::size_t characteristics = 12;

/// Each characteristic has `bins` intervals, cut at 1, 2, ..., and a bin of what is missing.
[[nodiscard]] std::shared_ptr<const model> made_scorecard(std::size_t bins) {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  described_table points(credit::scorecard_model_tables[0], 0);
  described_table members(credit::scorecard_model_tables[1], 0);
  for (std::size_t j = 0; j < characteristics; ++j) {
    const std::string label = "c" + std::to_string(j);
    for (std::size_t b = 0; b <= bins; ++b) {
      const bool interval = b < bins;
      points.text(label)
          .whole(static_cast<std::int64_t>(b + 1))
          .level(interval ? credit::bin_kind::interval : credit::bin_kind::missing)
          .number(interval && b > 0 ? static_cast<double>(b) : none)
          .number(b + 1 < bins ? static_cast<double>(b + 1) : none)
          .text("bin")
          .number(100.0 * bench::uniform(j, b))
          .number(none)
          .no_text()
          .number(none);
    }
    members.text(label)
        .level(credit::bin_member::missing)
        .no_text()
        .number(none)
        .whole(static_cast<std::int64_t>(bins + 1));
  }
  auto made = std::make_shared<model>();
  made->entry = credit::scorecard_name;
  made->options.push_back({"closed", "left"});
  made->tables.push_back(std::move(points).made());
  made->tables.push_back(std::move(members).made());
  return made;
}

/// Points of 12 characteristics by a plan, from columns of one type. \param missing  every 16th value is
template <class T>
void points_of(benchmark::State& state, dtype type, bool missing) {
  const auto rows = static_cast<std::size_t>(state.range(0));
  const auto bins = static_cast<std::size_t>(state.range(1));
  std::vector<std::vector<T>> values(characteristics, std::vector<T>(rows));
  std::vector<std::uint8_t> there(rows / 8 + 1, 0xFF);
  for (std::size_t i = 0; i < rows; ++i) {
    for (std::size_t j = 0; j < characteristics; ++j)
      values[j][i] = static_cast<T>(static_cast<double>(bins) * bench::uniform(i, j));
    if (i % 16 == 0)
      there[i / 8] = static_cast<std::uint8_t>(there[i / 8] & 0xFE);
  }
  std::vector<bound_column> schema;
  std::vector<column_view> columns(characteristics);
  for (std::size_t j = 0; j < characteristics; ++j) {
    schema.push_back({"characteristics:c" + std::to_string(j), type});
    columns[j].data = values[j].data();
    columns[j].stride_bytes = sizeof(T);
    columns[j].type = type;
    columns[j].validity = missing ? there.data() : nullptr;
  }
  const std::vector<std::string> only{"score"};
  const plan with(credit::scorecard_entry, made_scorecard(bins), {}, schema, {}, only);
  std::vector<double> scores(rows);
  const output_memory out{scores.data(), sizeof(double), nullptr, dtype::float64};
  for (auto _ : state) {
    with.score(columns, state.range(0), {&out, 1}, nullptr, nullptr, false, {});
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
constexpr auto points_of_singles = points_of<float>;
constexpr auto points_of_codes = points_of<std::uint8_t>;
constexpr auto points_of_doubles = points_of<double>;

#define BENCH_POINTS                                                                                         \
  ->ArgNames({"rows", "bins"})->Args({1, 7})->Args({4096, 7})->Args({1'000'000, 7})->Args({1'000'000, 15})
BENCHMARK_CAPTURE(points_of_singles, float32, dtype::float32, false)
    ->Name("Scorecard/points/float32") BENCH_POINTS->Args({1'000'000, 30});
BENCHMARK_CAPTURE(points_of_singles, float32_with_nulls, dtype::float32, true)
    ->Name("Scorecard/points/float32 with nulls") BENCH_POINTS;
BENCHMARK_CAPTURE(points_of_codes, uint8, dtype::uint8, false)
    ->Name("Scorecard/points/uint8") BENCH_POINTS->Args({1'000'000, 30});
BENCHMARK_CAPTURE(points_of_doubles, float64, dtype::float64, false)
    ->Name("Scorecard/points/float64") BENCH_POINTS;

/// What their columns cost to copy, in bytes of 12 columns and the score.
void copy_of_points(benchmark::State& state) {
  const std::vector<char> from(static_cast<std::size_t>(state.range(0)), 1);
  std::vector<char> to(from.size());
  for (auto _ : state) {
    std::copy(from.begin(), from.end(), to.begin());
    benchmark::DoNotOptimize(to.data());
    benchmark::ClobberMemory();
  }
  state.SetBytesProcessed(state.iterations() * state.range(0));
}
BENCHMARK(copy_of_points)
    ->Name("Limit/copy of the bytes of 1M rows of 12 columns")
    ->Arg(48'000'000)
    ->Arg(12'000'000);

} // namespace

BENCHMARK_MAIN();
