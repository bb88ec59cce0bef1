// SPDX-License-Identifier: BSL-1.0
#include "limits.hpp"
#include "support.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>

#include <emptor/catalogue.hpp>

namespace {

/// Order lines in a store, about ten a customer; with `negative` each eleventh takes something back.
std::unique_ptr<emptor::store> history_of(std::int64_t rows, bool negative) {
  bench::order_lines lines(rows);
  for (std::size_t i = 0; negative && i < lines.amount.size(); i += 11)
    lines.amount[i] = -lines.amount[i] / 4;
  const auto column = [](const auto& values, emptor::dtype type) {
    emptor::column_view seen;
    seen.data = values.data();
    seen.stride_bytes = sizeof values.front();
    seen.type = type;
    return seen;
  };
  const std::vector<emptor::named_column> columns{{"customer", column(lines.customer, emptor::dtype::int64)},
                                                  {"date", column(lines.date, emptor::dtype::date32)},
                                                  {"amount", column(lines.amount, emptor::dtype::money)}};
  auto history = emptor::make_store("order_history", {});
  history->push({.table = "orders", .columns = columns, .rows = rows});
  return history;
}

/// An entry from a store that is there.
void finish(benchmark::State& state, std::string_view entry, bool negative,
            const std::vector<emptor::option>& options) {
  const auto history = history_of(state.range(0), negative);
  for (auto _ : state)
    benchmark::DoNotOptimize(emptor::finish(emptor::find_entry(entry), history.get(), options, {}, {}, {}));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

#define BENCH_ROWS ->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Arg(10'000'000)->Unit(benchmark::kMillisecond)
const std::vector<emptor::option> none;
const std::vector<emptor::option> half_a_year{{"since", "2025-01-01"}, {"compare", "previous"}};

BENCHMARK_CAPTURE(finish, concentration, "value.concentration", false, none)
    ->Name("value.concentration/finish/compiled") BENCH_ROWS;
BENCHMARK_CAPTURE(finish, netted, "value.concentration", true, none)
    ->Name("value.concentration/finish, with credit notes/compiled") BENCH_ROWS;
BENCHMARK_CAPTURE(finish, composition, "value.sales_composition", false, half_a_year)
    ->Name("value.sales_composition/finish/compiled") BENCH_ROWS;
BENCHMARK_CAPTURE(finish, kinds, "value.customer_kinds", false, none)
    ->Name("value.customer_kinds/finish/compiled") BENCH_ROWS;

} // namespace

BENCHMARK_MAIN();
