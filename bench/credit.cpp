// SPDX-License-Identifier: BSL-1.0
#include "ledger_rows.hpp"

#include <benchmark/benchmark.h>

#include <string>

#include <emptor/catalogue.hpp>
#include <emptor/stats/ledger.hpp>
#include <emptor/stats/open_commitments.hpp>
#include <emptor/stats/open_items.hpp>

namespace {

using bench::documents;

template <class T>
emptor::column_view view(const std::vector<T>& values, emptor::dtype type) noexcept {
  emptor::column_view seen;
  seen.data = values.data();
  seen.stride_bytes = sizeof(T);
  seen.type = type;
  return seen;
}

void push_rows(emptor::store& into, std::string_view table, const std::vector<emptor::named_column>& columns,
               std::size_t rows) {
  into.push({.table = table, .columns = columns, .rows = static_cast<std::int64_t>(rows)});
}

std::unique_ptr<emptor::store> pushed(const documents& rows) {
  using emptor::dtype;
  auto ledger = emptor::make_store("ledger", {});
  push_rows(*ledger, "items",
            {{"document", view(rows.document, dtype::int64)},
             {"customer", view(rows.customer, dtype::int64)},
             {"kind", view(rows.kind, dtype::cstring)},
             {"amount", view(rows.amount, dtype::money)},
             {"document_date", view(rows.date, dtype::date32)},
             {"due_date", view(rows.due, dtype::date32)}},
            rows.document.size());
  if (rows.settled.empty())
    return ledger;
  push_rows(*ledger, "settlements",
            {{"document", view(rows.settled, dtype::int64)},
             {"settling_document", view(rows.settled_by, dtype::int64)},
             {"date", view(rows.settled_on, dtype::date32)},
             {"amount", view(rows.settled_amount, dtype::money)}},
            rows.settled.size());
  return ledger;
}

void push(benchmark::State& state, bool paid) {
  const documents rows(state.range(0), paid);
  for (auto _ : state)
    benchmark::DoNotOptimize(pushed(rows));
  state.SetItemsProcessed(state.iterations() * rows.size());
}

/// What is open on the last day.
void replay(benchmark::State& state, bool paid) {
  const documents rows(state.range(0), paid);
  const auto ledger = pushed(rows);
  const auto& held = dynamic_cast<const emptor::stats::ledger&>(*ledger);
  for (auto _ : state)
    benchmark::DoNotOptimize(emptor::stats::open_items(held, emptor::date_from_days(20453)));
  state.SetItemsProcessed(state.iterations() * rows.size());
}

void ageing(benchmark::State& state, bool paid) {
  const documents rows(state.range(0), paid);
  const auto ledger = pushed(rows);
  const std::vector<emptor::option> options{
      {"as_of", "2025-12-31"}, {"by", "due_date"}, {"edges", "30,60,90"}};
  for (auto _ : state)
    benchmark::DoNotOptimize(
        emptor::finish(emptor::find_entry("credit.ageing"), ledger.get(), options, {}, {}, {}));
  state.SetItemsProcessed(state.iterations() * rows.size());
}

/// Two years of customers who order twelve times in each: about 50 documents, orders and deliveries a customer.
void simulate_ledger(benchmark::State& state) {
  const std::vector<emptor::option> options{{"customers", std::to_string(state.range(0))}};
  for (auto _ : state)
    benchmark::DoNotOptimize(
        emptor::finish(emptor::find_entry("credit.simulate_ledger"), nullptr, options, {}, {}, {}));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

/// A measure of a year of the ledger; by customer where it has groups.
void measure(benchmark::State& state, const char* entry, bool paid) {
  const documents rows(state.range(0), paid);
  const auto ledger = pushed(rows);
  const std::vector<emptor::option> options{{"as_of", "2025-12-31"}};
  for (auto _ : state)
    benchmark::DoNotOptimize(emptor::finish(emptor::find_entry(entry), ledger.get(), options, {}, {}, {}));
  state.SetItemsProcessed(state.iterations() * rows.size());
}

/// Against a control account with a balance and all documents of the ledger.
void reconciliation(benchmark::State& state) {
  using emptor::dtype;
  const documents rows(state.range(0), true);
  const auto ledger = pushed(rows);
  const std::vector<std::int64_t> balance{0};
  const std::vector<emptor::named_column> account{{"balance", view(balance, dtype::money)}};
  const std::vector<emptor::named_column> listed{{"document", view(rows.document, dtype::int64)},
                                                 {"open", view(rows.amount, dtype::money)}};
  const emptor::entry& what = emptor::find_entry("credit.reconciliation");
  const auto control = emptor::create_model(
      what,
      std::vector<emptor::named_table>{
          {"control", account, 1},
          {"control_documents", listed, static_cast<std::int64_t>(rows.document.size())}},
      {});
  const emptor::filled_slot slots[] = {{"control", control.get()}};
  const std::vector<emptor::option> options{{"as_of", "2025-12-31"}};
  for (auto _ : state)
    benchmark::DoNotOptimize(emptor::finish(what, ledger.get(), options, slots, {}, {}));
  state.SetItemsProcessed(state.iterations() * rows.size());
}

/// OCA/credit-control#66: such sums were kept in fields, because making them was slow.
void exposure(benchmark::State& state, bool orders) {
  using emptor::dtype;
  const documents rows(state.range(0) / (orders ? 2 : 1), false);
  const auto ledger = pushed(rows);
  if (orders) {
    const std::vector<const char*> kind(rows.document.size(), "order");
    push_rows(*ledger, "commitments",
              {{"document", view(rows.document, dtype::int64)},
               {"customer", view(rows.customer, dtype::int64)},
               {"kind", view(kind, dtype::cstring)},
               {"amount", view(rows.amount, dtype::money)},
               {"date", view(rows.date, dtype::date32)},
               {"planned_date", view(rows.due, dtype::date32)}},
              rows.document.size());
  }
  const std::vector<emptor::option> options{{"as_of", "2025-12-31"}, {"horizon", "30"}};
  for (auto _ : state)
    benchmark::DoNotOptimize(
        emptor::finish(emptor::find_entry("credit.exposure"), ledger.get(), options, {}, {}, {}));
  state.SetItemsProcessed(state.iterations() * rows.size() * (orders ? 2 : 1));
}

/// Each second document an order, and the invoice after it follows it.
void commitments(benchmark::State& state) {
  using emptor::dtype;
  const documents rows(state.range(0) / 2, false);
  const std::vector<const char*> kind(rows.document.size(), "order");
  emptor::stats::ledger ledger;
  push_rows(ledger, "commitments",
            {{"document", view(rows.document, dtype::int64)},
             {"customer", view(rows.customer, dtype::int64)},
             {"kind", view(kind, dtype::cstring)},
             {"amount", view(rows.amount, dtype::money)},
             {"date", view(rows.date, dtype::date32)}},
            rows.document.size());
  push_rows(ledger, "items",
            {{"document", view(rows.document, dtype::int64)},
             {"customer", view(rows.customer, dtype::int64)},
             {"kind", view(rows.kind, dtype::cstring)},
             {"amount", view(rows.amount, dtype::money)},
             {"follows", view(rows.document, dtype::int64)},
             {"document_date", view(rows.date, dtype::date32)}},
            rows.document.size());
  for (auto _ : state)
    benchmark::DoNotOptimize(
        emptor::stats::open_commitments(ledger, emptor::parse_date("2025-12-31").value()));
  state.SetItemsProcessed(state.iterations() * 2 * rows.size());
}

/// Given rates on what is open, which does not look at the history.
void provision_matrix(benchmark::State& state, bool paid) {
  const documents rows(state.range(0), paid);
  const auto ledger = pushed(rows);
  const char* const buckets[] = {"not_due", "1-30", "31-60", "61-90", "91+"};
  const std::vector<double> rates{0.003, 0.016, 0.036, 0.066, 0.106};
  const std::vector<const char*> labels(std::begin(buckets), std::end(buckets));
  const std::vector<emptor::named_column> columns{{"bucket", view(labels, emptor::dtype::cstring)},
                                                  {"rate", view(rates, emptor::dtype::float64)}};
  const std::vector<emptor::named_table> tables{{"rates", columns, 5}};
  const emptor::entry& entry = emptor::find_entry("credit.provision_matrix");
  const auto given = emptor::create_model(entry, tables, {});
  const std::vector<emptor::filled_slot> slots{{"matrix", given.get()}};
  const std::vector<emptor::option> options{{"as_of", "2025-12-31"}};
  for (auto _ : state)
    benchmark::DoNotOptimize(emptor::finish(entry, ledger.get(), options, slots, {}, {}));
  state.SetItemsProcessed(state.iterations() * rows.size());
}

#define BENCH_SIZES ->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond)
BENCHMARK_CAPTURE(push, open, false)->Name("ledger/push, invoices") BENCH_SIZES->Arg(10'000'000);
BENCHMARK_CAPTURE(push, paid, true)->Name("ledger/push, with payments") BENCH_SIZES->Arg(10'000'000);
BENCHMARK_CAPTURE(replay, open, false)->Name("ledger/replay, invoices") BENCH_SIZES->Arg(10'000'000);
BENCHMARK_CAPTURE(replay, paid, true)->Name("ledger/replay, with payments") BENCH_SIZES->Arg(10'000'000);
BENCHMARK_CAPTURE(ageing, open, false)->Name("credit.ageing/finish, invoices") BENCH_SIZES;
BENCHMARK_CAPTURE(ageing, paid, true)->Name("credit.ageing/finish, with payments") BENCH_SIZES;
BENCHMARK_CAPTURE(measure, days_sales_outstanding_open, "credit.days_sales_outstanding", false)
    ->Name("credit.days_sales_outstanding/finish, invoices") BENCH_SIZES;
BENCHMARK_CAPTURE(measure, days_sales_outstanding_paid, "credit.days_sales_outstanding", true)
    ->Name("credit.days_sales_outstanding/finish, with payments") BENCH_SIZES;
BENCHMARK_CAPTURE(measure, payment_behaviour_open, "credit.payment_behaviour", false)
    ->Name("credit.payment_behaviour/finish, invoices") BENCH_SIZES;
BENCHMARK_CAPTURE(measure, payment_behaviour_paid, "credit.payment_behaviour", true)
    ->Name("credit.payment_behaviour/finish, with payments") BENCH_SIZES;
BENCHMARK_CAPTURE(measure, receivables_performance, "credit.receivables_performance", true)
    ->Name("credit.receivables_performance/finish, with payments") BENCH_SIZES;
BENCHMARK_CAPTURE(measure, payment_trend, "credit.payment_trend", true)
    ->Name("credit.payment_trend/finish, with payments") BENCH_SIZES;
BENCHMARK_CAPTURE(measure, payment_forecast, "credit.payment_forecast", true)
    ->Name("credit.payment_forecast/finish, with payments") BENCH_SIZES;
BENCHMARK_CAPTURE(exposure, open, false)->Name("credit.exposure/finish, invoices") BENCH_SIZES;
BENCHMARK_CAPTURE(exposure, orders, true)->Name("credit.exposure/finish, half of it orders") BENCH_SIZES;
BENCHMARK_CAPTURE(measure, promises_to_pay, "credit.promises_to_pay", true)
    ->Name("credit.promises_to_pay/finish, with payments and no promises") BENCH_SIZES;
BENCHMARK_CAPTURE(measure, write_offs, "credit.write_offs", true)
    ->Name("credit.write_offs/finish, with payments") BENCH_SIZES;
BENCHMARK(reconciliation)->Name("credit.reconciliation/finish, all documents") BENCH_SIZES;
BENCHMARK(simulate_ledger)
    ->Name("credit.simulate_ledger/finish, customers")
    ->Arg(1'000)
    ->Arg(100'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK(commitments)->Name("ledger/orders not yet invoiced") BENCH_SIZES;
BENCHMARK_CAPTURE(measure, roll_rates, "credit.roll_rates", true)
    ->Name("credit.roll_rates/finish, with payments") BENCH_SIZES;
BENCHMARK_CAPTURE(provision_matrix, paid, true)
    ->Name("credit.provision_matrix/finish, with payments") BENCH_SIZES;

} // namespace

BENCHMARK_MAIN();
