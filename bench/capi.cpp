// SPDX-License-Identifier: BSL-1.0
// The C interface over what value.cpp measures as template and compiled: what the call from another language costs.
#include "limits.hpp"
#include "support.hpp"

#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <limits>
#include <string>
#include <vector>

#include <benchmark/benchmark.h>
#include <emptor_arrow.h>

namespace {

/// A call that a benchmark cannot go on without.
void must(emptor_status status, const emptor_error& error) {
  if (status == EMPTOR_STATUS_OK)
    return;
  std::cerr << error.message << '\n';
  std::exit(1);
}

emptor_model* made_model(bool pareto) {
  const char* const names[] = {"parameter", "value"};
  const char* const parameters[] = {"r", "alpha", pareto ? "s" : "a", pareto ? "beta" : "b"};
  const double values[] = {pareto ? 0.553 : 0.243, pareto ? 10.578 : 4.414, pareto ? 0.606 : 0.793,
                           pareto ? 11.669 : 2.426};
  const emptor_column columns[] = {EMPTOR_COLUMN(parameters, EMPTOR_DTYPE_CSTRING),
                                   EMPTOR_COLUMN(values, EMPTOR_DTYPE_FLOAT64)};
  const emptor_rows rows = EMPTOR_ROWS(names, columns, 2, 4);
  emptor_model* model = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  must(
      emptor_model_create(pareto ? "value.pareto_nbd" : "value.bg_nbd", &rows, 1, nullptr, 0, &model, &error),
      error);
  return model;
}

/// One output of a model's plan for the rows. \param options  names and values by turns \param model  is freed
void score_rows(benchmark::State& state, emptor_model* model, const emptor_rows& rows,
                const std::vector<const char*>& options, const char* output_name) {
  std::vector<double> scores(static_cast<std::size_t>(rows.row_count));
  const emptor_output output = EMPTOR_OUTPUT(scores.data(), EMPTOR_DTYPE_FLOAT64);
  emptor_error error = EMPTOR_ERROR_INIT;
  emptor_plan* plan = nullptr;
  must(emptor_plan_create(nullptr, model, nullptr, nullptr, 0, &rows, options.data(),
                          static_cast<std::int32_t>(options.size() / 2), &output_name, 1, &plan, &error),
       error);
  for (auto _ : state) {
    must(emptor_plan_score(plan, &rows, &output, 1, sizeof output, 0, nullptr, nullptr, nullptr, &error),
         error);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * rows.row_count);
  emptor_plan_free(plan);
  emptor_model_free(model);
}

void score(benchmark::State& state, bool pareto, const char* output_name) {
  const bench::customers customers(state.range(0));
  const char* const names[] = {"frequency", "recency", "age"};
  const emptor_column columns[] = {EMPTOR_COLUMN(customers.frequency.data(), EMPTOR_DTYPE_FLOAT64),
                                   EMPTOR_COLUMN(customers.recency.data(), EMPTOR_DTYPE_FLOAT64),
                                   EMPTOR_COLUMN(customers.age.data(), EMPTOR_DTYPE_FLOAT64)};
  const emptor_rows rows = EMPTOR_ROWS(names, columns, 3, state.range(0));
  score_rows(state, made_model(pareto), rows, {"horizon", "39"}, output_name);
}

/// A batch of float64 columns, as another library lends it.
class arrow_batch {
public:
  explicit arrow_batch(const bench::customers& of)
      : data_{of.frequency.data(), of.recency.data(), of.age.data()} {
    const auto rows = static_cast<std::int64_t>(of.age.size());
    for (std::size_t i = 0; i < 3; ++i) {
      buffers_[i][1] = data_[i];
      fields_[i] = {"g", names_[i], nullptr, 0, 0, nullptr, nullptr, keep<ArrowSchema>, nullptr};
      columns_[i] = {rows, 0, 0, 2, 0, buffers_[i], nullptr, nullptr, keep<ArrowArray>, nullptr};
      field_pointers_[i] = &fields_[i];
      column_pointers_[i] = &columns_[i];
    }
    schema = {"+s", "", nullptr, 0, 3, field_pointers_, nullptr, keep<ArrowSchema>, nullptr};
    array = {rows, 0, 0, 1, 3, no_validity_, column_pointers_, nullptr, keep<ArrowArray>, nullptr};
  }
  arrow_batch(const arrow_batch&) = delete;
  arrow_batch& operator=(const arrow_batch&) = delete;

  ArrowSchema schema{};
  ArrowArray array{};

private:
  template <class T>
  static void keep(T* borrowed) {
    borrowed->release = nullptr;
  }
  static constexpr const char* names_[3] = {"frequency", "recency", "age"};
  const double* data_[3];
  const void* no_validity_[1] = {nullptr};
  const void* buffers_[3][2] = {};
  ArrowSchema fields_[3];
  ArrowArray columns_[3];
  ArrowSchema* field_pointers_[3];
  ArrowArray* column_pointers_[3];
};

/// The same scores from Arrow to Arrow, into memory of their own: what the adapter costs is the difference to `score`.
void score_arrow(benchmark::State& state) {
  const bench::customers customers(state.range(0));
  const arrow_batch batch(customers);
  const char* const options[] = {"horizon", "39"};
  const char* const output_name = "probability_alive";
  emptor_error error = EMPTOR_ERROR_INIT;
  emptor_model* const model = made_model(false);
  emptor_plan* plan = nullptr;
  for (auto _ : state) {
    emptor_arrow_rows* rows = nullptr;
    const emptor_rows* view = nullptr;
    must(emptor_arrow_import(&batch.schema, &batch.array, nullptr, 0, nullptr, &rows, &error), error);
    must(emptor_arrow_view(rows, &view, &error), error);
    if (plan == nullptr)
      must(emptor_plan_create(nullptr, model, nullptr, nullptr, 0, view, options, 1, &output_name, 1, &plan,
                              &error),
           error);
    ArrowArray scores;
    must(emptor_plan_score_arrow(plan, view, 0, nullptr, &scores, nullptr, nullptr, &error), error);
    benchmark::ClobberMemory();
    scores.release(&scores);
    emptor_arrow_free(rows);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  emptor_plan_free(plan);
  emptor_model_free(model);
}

/// The rules of the worked example: a limit, a warning before it, what is overdue, and small orders that pass.
emptor_model* made_order_check() {
  const char* const names[] = {"rule", "check", "outcome", "amount", "share", "days"};
  const char* const rules[] = {"limit", "watch", "overdue", "small"};
  const char* const checks[] = {"exposure", "exposure", "oldest_overdue", "document_value"};
  const char* const outcomes[] = {"hold", "warn", "refuse", "release"};
  const std::int64_t amounts[] = {0, 0, 0, 100000};
  const double shares[] = {0.0, 0.9, 0.0, 0.0};
  const double days[] = {0.0, 0.0, 60.0, 0.0};
  const std::uint8_t last = 1U << 3;
  const std::uint8_t second = 1U << 1;
  const std::uint8_t third = 1U << 2;
  emptor_column columns[] = {
      EMPTOR_COLUMN(rules, EMPTOR_DTYPE_CSTRING),    EMPTOR_COLUMN(checks, EMPTOR_DTYPE_CSTRING),
      EMPTOR_COLUMN(outcomes, EMPTOR_DTYPE_CSTRING), EMPTOR_COLUMN(amounts, EMPTOR_DTYPE_MONEY),
      EMPTOR_COLUMN(shares, EMPTOR_DTYPE_FLOAT64),   EMPTOR_COLUMN(days, EMPTOR_DTYPE_FLOAT64)};
  columns[3].validity = &last;
  columns[4].validity = &second;
  columns[5].validity = &third;
  const emptor_rows table = EMPTOR_ROWS(names, columns, 6, 4);
  emptor_model* model = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  must(emptor_model_create("credit.order_check", &table, 1, nullptr, 0, &model, &error), error);
  return model;
}

/// Whether documents may go out on credit, and why not: with one row, what an order waits for.
void order_check(benchmark::State& state) {
  std::vector<std::int64_t> money[4]; // amount, open items, orders, limit
  std::vector<std::int64_t> overdue;
  for (std::int64_t i = 0; i < state.range(0); ++i) {
    const auto row = static_cast<std::uint64_t>(i);
    for (std::uint64_t k = 0; k < 4; ++k)
      money[k].push_back(static_cast<std::int64_t>(bench::uniform(row, k) * (k == 3 ? 2e6 : 8e5)));
    overdue.push_back(static_cast<std::int64_t>(bench::uniform(row, 4) * 80.0));
  }
  const char* const names[] = {"amount", "open_items", "orders", "limit", "oldest_overdue"};
  const emptor_column columns[] = {
      EMPTOR_COLUMN(money[0].data(), EMPTOR_DTYPE_MONEY), EMPTOR_COLUMN(money[1].data(), EMPTOR_DTYPE_MONEY),
      EMPTOR_COLUMN(money[2].data(), EMPTOR_DTYPE_MONEY), EMPTOR_COLUMN(money[3].data(), EMPTOR_DTYPE_MONEY),
      EMPTOR_COLUMN(overdue.data(), EMPTOR_DTYPE_INT64)};
  const emptor_rows rows = EMPTOR_ROWS(names, columns, 5, state.range(0));
  const char* const options[] = {"as_of", "2026-03-02"};
  const char* const wanted[] = {"decision", "reason", "exposure", "available"};
  emptor_error error = EMPTOR_ERROR_INIT;
  emptor_model* const model = made_order_check();
  emptor_plan* plan = nullptr;
  must(emptor_plan_create(nullptr, model, nullptr, nullptr, 0, &rows, options, 1, wanted, 4, &plan, &error),
       error);
  std::vector<std::int64_t> memory[4];
  std::vector<emptor_output> outputs;
  for (std::int32_t i = 0; i < 4; ++i) {
    emptor_column_info info = EMPTOR_COLUMN_INFO_INIT;
    must(emptor_plan_output(plan, i, &info, &error), error);
    memory[i].resize(overdue.size());
    outputs.push_back({memory[i].data(), sizeof(std::int64_t), nullptr, info.dtype, 0});
  }
  std::vector<std::uint8_t> statuses(overdue.size());
  for (auto _ : state) {
    must(emptor_plan_score(plan, &rows, outputs.data(), 4, sizeof outputs[0], 0, statuses.data(), nullptr,
                           nullptr, &error),
         error);
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
  emptor_plan_free(plan);
  emptor_model_free(model);
}

/// A scorecard of 12 characteristics, each with 7 intervals cut at 1, 2, ..., and a bin of what is missing.
emptor_model* made_scorecard(const std::vector<std::string>& labels) {
  std::vector<const char*> characteristics;
  std::vector<const char*> kinds;
  std::vector<const char*> labels_of_bins;
  std::vector<std::int64_t> bins;
  std::vector<double> low;
  std::vector<double> high;
  std::vector<double> points;
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  std::vector<std::uint8_t> low_there;
  std::vector<std::uint8_t> high_there;
  const auto add = [](std::vector<std::uint8_t>& validity, std::size_t row, bool there) {
    validity.resize(row / 8 + 1);
    validity[row / 8] = static_cast<std::uint8_t>(validity[row / 8] | (there ? 1U : 0U) << (row % 8));
  };
  std::vector<std::int64_t> missing_bins;
  std::vector<const char*> missing_labels;
  for (const std::string& label : labels) {
    for (std::int64_t b = 0; b < 8; ++b) {
      const std::size_t row = bins.size();
      characteristics.push_back(label.c_str());
      kinds.push_back(b < 7 ? "interval" : "missing");
      labels_of_bins.push_back("bin");
      bins.push_back(b + 1);
      const bool has_low = b > 0 && b < 7;
      const bool has_high = b < 6;
      low.push_back(has_low ? static_cast<double>(b) : none);
      high.push_back(has_high ? static_cast<double>(b + 1) : none);
      add(low_there, row, has_low);
      add(high_there, row, has_high);
      points.push_back(100.0 * bench::uniform(row, 3));
    }
    missing_bins.push_back(8);
    missing_labels.push_back(label.c_str());
  }
  const std::vector<const char*> missing(labels.size(), "missing");
  const char* const names[] = {"characteristic", "bin", "kind", "low", "high", "label", "points"};
  emptor_column columns[] = {EMPTOR_COLUMN(characteristics.data(), EMPTOR_DTYPE_CSTRING),
                             EMPTOR_COLUMN(bins.data(), EMPTOR_DTYPE_INT64),
                             EMPTOR_COLUMN(kinds.data(), EMPTOR_DTYPE_CSTRING),
                             EMPTOR_COLUMN(low.data(), EMPTOR_DTYPE_FLOAT64),
                             EMPTOR_COLUMN(high.data(), EMPTOR_DTYPE_FLOAT64),
                             EMPTOR_COLUMN(labels_of_bins.data(), EMPTOR_DTYPE_CSTRING),
                             EMPTOR_COLUMN(points.data(), EMPTOR_DTYPE_FLOAT64)};
  columns[3].validity = low_there.data();
  columns[4].validity = high_there.data();
  const char* const member_names[] = {"characteristic", "member", "bin"};
  const emptor_column member_columns[] = {EMPTOR_COLUMN(missing_labels.data(), EMPTOR_DTYPE_CSTRING),
                                          EMPTOR_COLUMN(missing.data(), EMPTOR_DTYPE_CSTRING),
                                          EMPTOR_COLUMN(missing_bins.data(), EMPTOR_DTYPE_INT64)};
  emptor_rows tables[] = {
      EMPTOR_ROWS(names, columns, 7, static_cast<std::int64_t>(bins.size())),
      EMPTOR_ROWS(member_names, member_columns, 3, static_cast<std::int64_t>(missing_bins.size()))};
  tables[0].table = "bins";
  tables[1].table = "members";
  const char* const options[] = {"closed", "left"};
  emptor_model* model = nullptr;
  emptor_error error = EMPTOR_ERROR_INIT;
  must(emptor_model_create("credit.scorecard", tables, 2, options, 1, &model, &error), error);
  return model;
}

/// Points of 12 characteristics: with one row, what an application at the counter waits for.
template <class T>
void scorecard(benchmark::State& state, std::int32_t dtype) {
  std::vector<std::string> labels;
  std::vector<std::string> inputs;
  std::vector<std::vector<T>> values;
  std::vector<const char*> names;
  std::vector<emptor_column> columns;
  for (std::uint64_t j = 0; j < 12; ++j) {
    labels.push_back("c" + std::to_string(j));
    inputs.push_back("characteristics:" + labels.back());
    values.emplace_back();
    for (std::int64_t i = 0; i < state.range(0); ++i)
      values.back().push_back(static_cast<T>(7.0 * bench::uniform(static_cast<std::uint64_t>(i), j)));
  }
  for (std::size_t j = 0; j < 12; ++j) {
    names.push_back(inputs[j].c_str());
    columns.push_back(EMPTOR_COLUMN(values[j].data(), EMPTOR_DTYPE_FLOAT32));
    columns.back().dtype = dtype;
    columns.back().stride_bytes = sizeof(T);
  }
  const emptor_rows rows = EMPTOR_ROWS(names.data(), columns.data(), 12, state.range(0));
  score_rows(state, made_scorecard(labels), rows, {}, "score");
}
constexpr auto scorecard_of_singles = scorecard<float>;
constexpr auto scorecard_of_codes = scorecard<std::uint8_t>;

void summary(benchmark::State& state) {
  const bench::order_lines lines(state.range(0));
  const char* const names[] = {"customer", "date", "amount"};
  const emptor_column columns[] = {EMPTOR_COLUMN(lines.customer.data(), EMPTOR_DTYPE_INT64),
                                   EMPTOR_COLUMN(lines.date.data(), EMPTOR_DTYPE_DATE32),
                                   EMPTOR_COLUMN(lines.amount.data(), EMPTOR_DTYPE_MONEY)};
  const emptor_rows rows = EMPTOR_ROWS(names, columns, 3, state.range(0));
  emptor_error error = EMPTOR_ERROR_INIT;
  for (auto _ : state) {
    emptor_store* history = nullptr;
    emptor_result* result = nullptr;
    must(emptor_store_create("order_history", nullptr, 0, &history, &error), error);
    must(emptor_store_push(history, &rows, 0, nullptr, nullptr, nullptr, &error), error);
    must(emptor_store_finish(history, "value.summary", nullptr, 0, nullptr, nullptr, 0, nullptr, nullptr,
                             &result, &error),
         error);
    emptor_result_free(result);
    emptor_store_free(history);
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

#define BENCH_SIZES ->Arg(1)->Arg(64)->Arg(4096)->Arg(1'000'000)
BENCHMARK_CAPTURE(score, alive, false, "probability_alive")
    ->Name("value.bg_nbd/probability_alive/c") BENCH_SIZES;
BENCHMARK(score_arrow)->Name("value.bg_nbd/probability_alive/arrow") BENCH_SIZES;
BENCHMARK_CAPTURE(score, orders, false, "expected_orders")
    ->Name("value.bg_nbd/expected_orders/c") BENCH_SIZES;
BENCHMARK_CAPTURE(score, pareto_alive, true, "probability_alive")
    ->Name("value.pareto_nbd/probability_alive/c") BENCH_SIZES;
BENCHMARK_CAPTURE(scorecard_of_singles, float32, EMPTOR_DTYPE_FLOAT32)
    ->Name("credit.scorecard/points/float32/c") BENCH_SIZES;
BENCHMARK_CAPTURE(scorecard_of_codes, uint8, EMPTOR_DTYPE_UINT8)
    ->Name("credit.scorecard/points/uint8/c") BENCH_SIZES;
BENCHMARK(order_check)->Name("credit.order_check/c") BENCH_SIZES;
BENCHMARK(summary)->Name("value.summary/push and finish/c") BENCH_SIZES->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
