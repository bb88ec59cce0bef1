// SPDX-License-Identifier: BSL-1.0
#include "support.hpp"

#include <algorithm>
#include <array>

#include <benchmark/benchmark.h>

#include <emptor/catalogue.hpp>
#include <emptor/value/bg_nbd.hpp>

namespace {

constexpr emptor::value::bg_nbd_parameters<> shop{.r = 0.243, .alpha = 4.414, .a = 0.793, .b = 2.426};
constexpr std::array<double, 4> shop_values{shop.r, shop.alpha, shop.a, shop.b};

void probability_alive_template(benchmark::State& state) {
  const bench::customers rows(state.range(0));
  std::vector<double> out(rows.age.size());
  for (auto _ : state) {
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = emptor::value::probability_alive(shop, rows.frequency[i], rows.recency[i], rows.age[i]);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

std::shared_ptr<const emptor::model> made_model() {
  const emptor::table parameters = emptor::make_parameters(emptor::value::bg_nbd::names, shop_values, {});
  const std::vector<emptor::named_column> columns = parameters.views();
  const std::vector<emptor::named_table> tables{{"parameters", columns, parameters.rows()}};
  return emptor::create_model(emptor::find_entry("value.bg_nbd"), tables, {});
}

void score_compiled(benchmark::State& state, const std::string& output) {
  const bench::customers rows(state.range(0));
  const std::vector<emptor::bound_column> schema{{"frequency"}, {"recency"}, {"age"}};
  const std::vector<emptor::option> options{{"horizon", "39"}};
  const std::vector<std::string> only{output};
  const emptor::plan plan(emptor::find_entry("value.bg_nbd"), made_model(), {}, schema, options, only);
  std::vector<double> out(rows.age.size());
  const std::vector<emptor::column_view> columns{bench::view(rows.frequency), bench::view(rows.recency),
                                                 bench::view(rows.age)};
  const std::vector<emptor::output_memory> memory{
      {out.data(), sizeof(double), nullptr, emptor::dtype::float64}};
  for (auto _ : state) {
    plan.score(columns, state.range(0), memory, nullptr, nullptr, false, {});
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void fit(benchmark::State& state) {
  const bench::customers rows(state.range(0));
  for (auto _ : state)
    benchmark::DoNotOptimize(emptor::value::fit_bg_nbd(rows.frequency, rows.recency, rows.age));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

/// How the customers of order lines are known.
enum class ids { counted, far_apart, texts };

void summary(benchmark::State& state, ids known_by, bool by_time) {
  bench::order_lines lines(state.range(0));
  emptor::text_buffer names;
  for (std::int64_t& customer : lines.customer) {
    if (known_by == ids::far_apart)
      customer = static_cast<std::int64_t>(bench::mixed(static_cast<std::uint64_t>(customer)) >> 1);
    if (known_by == ids::texts)
      names.push_back("CUST-" + std::to_string(10'000'000 + customer));
  }
  if (by_time)
    std::sort(lines.date.begin(), lines.date.end());
  const auto column = [](const auto& values, emptor::dtype type) {
    emptor::column_view seen;
    seen.data = values.data();
    seen.stride_bytes = sizeof values.front();
    seen.type = type;
    return seen;
  };
  const emptor::column texts = emptor::column::texts("customer", std::move(names));
  const std::vector<emptor::named_column> columns{
      {"customer", known_by == ids::texts ? texts.view() : column(lines.customer, emptor::dtype::int64)},
      {"date", column(lines.date, emptor::dtype::date32)},
      {"amount", column(lines.amount, emptor::dtype::money)}};
  for (auto _ : state) {
    const auto history = emptor::make_store("order_history", {});
    history->push({.table = "orders", .columns = columns, .rows = state.range(0)});
    benchmark::DoNotOptimize(
        emptor::finish(emptor::find_entry("value.summary"), history.get(), {}, {}, {}, {}));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

#define BENCH_SIZES ->Arg(1)->Arg(64)->Arg(4096)->Arg(1'000'000)
BENCHMARK(probability_alive_template)->Name("value.bg_nbd/probability_alive/template") BENCH_SIZES;
BENCHMARK_CAPTURE(score_compiled, alive, "probability_alive")
    ->Name("value.bg_nbd/probability_alive/compiled") BENCH_SIZES;
BENCHMARK_CAPTURE(score_compiled, orders, "expected_orders")
    ->Name("value.bg_nbd/expected_orders/compiled") BENCH_SIZES;
BENCHMARK_CAPTURE(summary, counted, ids::counted, false)
    ->Name("value.summary/push and finish/compiled") BENCH_SIZES->Arg(10'000'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(summary, by_time, ids::counted, true)
    ->Name("value.summary/push and finish, rows by time/compiled") BENCH_SIZES->Arg(10'000'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(summary, far_apart, ids::far_apart, false)
    ->Name("value.summary/push and finish, ids far apart/compiled") BENCH_SIZES->Arg(10'000'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(summary, texts, ids::texts, false)
    ->Name("value.summary/push and finish, ids as texts/compiled") BENCH_SIZES->Arg(10'000'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(fit)->Name("value.bg_nbd/fit")->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
