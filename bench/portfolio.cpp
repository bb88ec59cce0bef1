// SPDX-License-Identifier: BSL-1.0
#include "support.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>

#include <emptor/catalogue.hpp>

namespace {

/// A store with ten order lines a customer.
/// \param years  over which they are spread
/// \param notes  the share of lines that are credit notes
std::unique_ptr<emptor::store> filled_store(std::int64_t lines, int years = 1, double notes = 0.0) {
  bench::order_lines rows(lines);
  for (std::size_t i = 0; i < rows.date.size(); ++i) {
    const auto row = static_cast<std::uint64_t>(i);
    rows.date[i] = 20000 + static_cast<std::int32_t>(bench::uniform(row, 1) * 365.0 * years);
    if (bench::uniform(row, 3) < notes)
      rows.amount[i] = -rows.amount[i] / 4;
  }
  const auto column = [](const auto& values, emptor::dtype type) {
    emptor::column_view seen;
    seen.data = values.data();
    seen.stride_bytes = sizeof values.front();
    seen.type = type;
    return seen;
  };
  const std::vector<emptor::named_column> columns{{"customer", column(rows.customer, emptor::dtype::int64)},
                                                  {"date", column(rows.date, emptor::dtype::date32)},
                                                  {"amount", column(rows.amount, emptor::dtype::money)}};
  auto made = emptor::make_store("order_history", {});
  made->push({.table = "orders", .columns = columns, .rows = lines});
  return made;
}

/// An entry finished from a store that is filled already.
void finish(benchmark::State& state, std::string_view entry, const std::vector<emptor::option>& options,
            int years, double notes) {
  const std::unique_ptr<emptor::store> history = filled_store(state.range(0), years, notes);
  for (auto _ : state)
    benchmark::DoNotOptimize(emptor::finish(emptor::find_entry(entry), history.get(), options, {}, {}, {}));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

#define BENCH_LINES                                                                                          \
  ->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Arg(10'000'000)->Unit(benchmark::kMillisecond)
const std::vector<emptor::option> none;
const std::vector<emptor::option> quantiles{{"method", "quantiles"}};
const std::vector<emptor::option> clusters{{"method", "clusters"}};
const std::vector<emptor::option> half_a_year{{"since", "2025-01-01"}, {"compare", "previous"}};

BENCHMARK_CAPTURE(finish, rfm_ranks, "value.rfm", none, 1, 0.0)
    ->Name("value.rfm/ranks, a year/compiled") BENCH_LINES;
BENCHMARK_CAPTURE(finish, rfm_years, "value.rfm", none, 10, 0.0)
    ->Name("value.rfm/ranks, ten years/compiled") BENCH_LINES;
BENCHMARK_CAPTURE(finish, rfm_quantiles, "value.rfm", quantiles, 1, 0.0)
    ->Name("value.rfm/quantiles, a year/compiled") BENCH_LINES;
BENCHMARK_CAPTURE(finish, rfm_clusters, "value.rfm", clusters, 1, 0.0)
    ->Name("value.rfm/clusters, a year/compiled") BENCH_LINES;
BENCHMARK_CAPTURE(finish, rfm_notes, "value.rfm", none, 1, 0.01)
    ->Name("value.rfm/ranks, 1 % credit notes/compiled") BENCH_LINES;
BENCHMARK_CAPTURE(finish, concentration, "value.concentration", none, 1, 0.0)
    ->Name("value.concentration/finish/compiled") BENCH_LINES;
BENCHMARK_CAPTURE(finish, netted, "value.concentration", none, 1, 0.09)
    ->Name("value.concentration/finish, with credit notes/compiled") BENCH_LINES;
BENCHMARK_CAPTURE(finish, composition, "value.sales_composition", half_a_year, 1, 0.0)
    ->Name("value.sales_composition/finish/compiled") BENCH_LINES;
BENCHMARK_CAPTURE(finish, kinds, "value.customer_kinds", none, 1, 0.0)
    ->Name("value.customer_kinds/finish/compiled") BENCH_LINES;

} // namespace

BENCHMARK_MAIN();
