// SPDX-License-Identifier: BSL-1.0
#include "limits.hpp"
#include "support.hpp"

#include <algorithm>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>

#include <emptor/catalogue.hpp>
#include <emptor/value/bg_nbd.hpp>
#include <emptor/value/pareto_nbd.hpp>

namespace {

constexpr emptor::value::bg_nbd_parameters<> shop{.r = 0.243, .alpha = 4.414, .a = 0.793, .b = 2.426};
constexpr emptor::value::pareto_nbd_parameters<> pareto_shop{
    .r = 0.553, .alpha = 10.578, .s = 0.606, .beta = 11.669};

template <class Parameters>
void probability_alive_template(benchmark::State& state, const Parameters& parameters) {
  const bench::customers rows(state.range(0));
  std::vector<double> out(rows.age.size());
  for (auto _ : state) {
    for (std::size_t i = 0; i < out.size(); ++i)
      out[i] = emptor::value::probability_alive(parameters, rows.frequency[i], rows.recency[i], rows.age[i]);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

template <class Parameters>
std::shared_ptr<const emptor::model> made_model(const Parameters& of) {
  using model = typename Parameters::model;
  const emptor::table parameters = emptor::make_parameters(model::names, emptor::value::numbers(of), {});
  const std::vector<emptor::named_column> columns = parameters.views();
  const std::vector<emptor::named_table> tables{{"parameters", columns, parameters.rows()}};
  const std::vector<emptor::option> options{{"unit", "week"}};
  return emptor::create_model(emptor::find_entry(model::name), tables, options);
}

template <class Parameters>
void score_compiled(benchmark::State& state, const Parameters& parameters, bench::clock clock,
                    const std::vector<std::string>& outputs) {
  const bench::customers rows(state.range(0), clock);
  const std::vector<emptor::bound_column> schema{{"frequency"}, {"recency"}, {"age"}};
  const std::vector<emptor::option> options{{"horizon", "39"}, {"discount_rate", "0.1"}};
  const emptor::plan plan(emptor::find_entry(Parameters::model::name), made_model(parameters), {}, schema,
                          options, outputs);
  std::vector<std::vector<double>> out(outputs.size(), std::vector<double>(rows.age.size()));
  const std::vector<emptor::column_view> columns{bench::view(rows.frequency), bench::view(rows.recency),
                                                 bench::view(rows.age)};
  std::vector<emptor::output_memory> memory;
  for (std::vector<double>& one : out)
    memory.push_back({one.data(), sizeof(double), nullptr, emptor::dtype::float64});
  for (auto _ : state) {
    plan.score(columns, state.range(0), memory, nullptr, nullptr, false, {});
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

/// Customers of a clock of days, from a store; grouping included.
void fit(benchmark::State& state, std::string_view entry) {
  const std::vector<emptor::option> options{{"entry", std::string(entry)}};
  const bench::customers rows(state.range(0), bench::clock::days);
  const std::vector<emptor::named_column> columns{{"frequency", bench::view(rows.frequency)},
                                                  {"recency", bench::view(rows.recency)},
                                                  {"age", bench::view(rows.age)}};
  const auto store = emptor::make_store("rows", options);
  store->push({.table = "rows", .columns = columns, .rows = state.range(0)});
  for (auto _ : state)
    benchmark::DoNotOptimize(emptor::finish(emptor::find_entry(entry), store.get(), {}, {}, {}, {}));
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
const std::vector<std::string> alive{"probability_alive"};
const std::vector<std::string> orders{"expected_orders"};
const std::vector<std::string> three{"probability_alive", "expected_orders", "discounted_expected_orders"};

BENCHMARK_CAPTURE(probability_alive_template, bg_nbd, shop)
    ->Name("value.bg_nbd/probability_alive/template") BENCH_SIZES;
BENCHMARK_CAPTURE(score_compiled, bg_nbd_alive, shop, bench::clock::continuous, alive)
    ->Name("value.bg_nbd/probability_alive/compiled") BENCH_SIZES->Arg(10'000'000);
BENCHMARK_CAPTURE(score_compiled, bg_nbd_orders, shop, bench::clock::continuous, orders)
    ->Name("value.bg_nbd/expected_orders/compiled") BENCH_SIZES;
BENCHMARK_CAPTURE(probability_alive_template, pareto_nbd, pareto_shop)
    ->Name("value.pareto_nbd/probability_alive/template") BENCH_SIZES;
BENCHMARK_CAPTURE(score_compiled, pareto_nbd_alive, pareto_shop, bench::clock::continuous, alive)
    ->Name("value.pareto_nbd/probability_alive/compiled") BENCH_SIZES;
BENCHMARK_CAPTURE(score_compiled, pareto_nbd_three, pareto_shop, bench::clock::continuous, three)
    ->Name("value.pareto_nbd/three scores/compiled") BENCH_SIZES;
BENCHMARK_CAPTURE(score_compiled, pareto_nbd_days, pareto_shop, bench::clock::days, three)
    ->Name("value.pareto_nbd/three scores, clock of days/compiled") BENCH_SIZES;
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
#define BENCH_FITS ->Arg(10'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond)
BENCHMARK_CAPTURE(fit, bg_nbd, "value.bg_nbd")->Name("value.bg_nbd/fit/compiled") BENCH_FITS;
BENCHMARK_CAPTURE(fit, pareto_nbd, "value.pareto_nbd")->Name("value.pareto_nbd/fit/compiled") BENCH_FITS;

} // namespace

BENCHMARK_MAIN();
