// SPDX-License-Identifier: BSL-1.0
#include "support.hpp"

#include <benchmark/benchmark.h>

#include <emptor/catalogue.hpp>

namespace {

/// Invoices of ten documents a customer, half of them paid, a third of those in part.
struct documents {
  std::vector<std::int64_t> document;
  std::vector<std::int64_t> customer;
  std::vector<std::int64_t> amount;
  std::vector<std::int32_t> date;
  std::vector<std::int32_t> due;

  explicit documents(std::int64_t count) {
    for (std::int64_t i = 0; i < count; ++i) {
      const auto row = static_cast<std::uint64_t>(i);
      document.push_back(i);
      customer.push_back(
          static_cast<std::int64_t>(bench::uniform(row, 0) * static_cast<double>(count) / 10.0));
      amount.push_back(100 + static_cast<std::int64_t>(bench::uniform(row, 1) * 1e6));
      date.push_back(20000 + static_cast<std::int32_t>(bench::uniform(row, 2) * 365.0));
      due.push_back(date.back() + 30);
    }
  }
};

template <class T>
emptor::column_view view(const std::vector<T>& values, emptor::dtype type) noexcept {
  emptor::column_view seen;
  seen.data = values.data();
  seen.stride_bytes = sizeof(T);
  seen.type = type;
  return seen;
}

std::unique_ptr<emptor::store> pushed(const documents& rows) {
  auto ledger = emptor::make_store("ledger", {});
  static const char* const invoice = "invoice";
  emptor::column_view kind;
  kind.data = &invoice;
  kind.type = emptor::dtype::cstring; // stride 0: the same for all rows
  const std::vector<emptor::named_column> columns{
      {"document", view(rows.document, emptor::dtype::int64)},
      {"customer", view(rows.customer, emptor::dtype::int64)},
      {"kind", kind},
      {"amount", view(rows.amount, emptor::dtype::money)},
      {"document_date", view(rows.date, emptor::dtype::date32)},
      {"due_date", view(rows.due, emptor::dtype::date32)},
  };
  ledger->push(
      {.table = "items", .columns = columns, .rows = static_cast<std::int64_t>(rows.document.size())});
  return ledger;
}

void push(benchmark::State& state) {
  const documents rows(state.range(0));
  for (auto _ : state)
    benchmark::DoNotOptimize(pushed(rows));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

void ageing(benchmark::State& state) {
  const auto ledger = pushed(documents(state.range(0)));
  const std::vector<emptor::option> options{
      {"as_of", "2025-06-30"}, {"by", "due_date"}, {"edges", "30,60,90"}};
  for (auto _ : state)
    benchmark::DoNotOptimize(
        emptor::finish(emptor::find_entry("credit.ageing"), ledger.get(), options, {}, {}, {}));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

BENCHMARK(push)->Name("ledger/push")->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);
BENCHMARK(ageing)->Name("credit.ageing/finish")->Arg(10'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
