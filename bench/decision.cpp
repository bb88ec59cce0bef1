// SPDX-License-Identifier: BSL-1.0
#include "support.hpp"

#include <benchmark/benchmark.h>

#include <emptor/catalogue.hpp>

namespace {

void value_matrix(benchmark::State& state) {
  const bench::customers rows(state.range(0));
  const std::vector<emptor::bound_column> schema{{"current_value"}, {"growth_potential"}};
  const std::vector<emptor::option> cuts{{"current_value_cut", "1"}, {"growth_potential_cut", "30"}};
  const std::vector<std::string> only{"class"};
  const emptor::plan plan(emptor::find_entry("decision.value_matrix"), nullptr, {}, schema, cuts, only);
  std::vector<std::int32_t> classes(static_cast<std::size_t>(state.range(0)));
  const std::vector<emptor::column_view> columns{bench::view(rows.frequency), bench::view(rows.age)};
  const std::vector<emptor::output_memory> out{
      {classes.data(), sizeof(std::int32_t), nullptr, emptor::dtype::int32}};
  for (auto _ : state) {
    plan.score(columns, state.range(0), out, nullptr, nullptr, false, {});
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(value_matrix)->Name("decision.value_matrix/compiled")->Arg(1)->Arg(64)->Arg(4096)->Arg(1'000'000);

} // namespace

BENCHMARK_MAIN();
