// SPDX-License-Identifier: BSL-1.0
// Surveys of made-up respondents: the satisfaction index by respondents and by questions, its resamples, the comparison of
// groups, prediction, indices against competitors, the report of it, net promoter score and Kano. Every figure is that of a
// whole finish from a store that is filled already, with all its tables; `loop` is the resamples alone, on the widest
// instruction set or on that which EMPTOR_FORCE_ISA names.
#include "support.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <benchmark/benchmark.h>

#include <emptor/satisfaction/index_competitors_entry.hpp>
#include <emptor/satisfaction/index_groups_entry.hpp>
#include <emptor/satisfaction/index_model_entry.hpp>
#include <emptor/satisfaction/index_prediction_entry.hpp>
#include <emptor/satisfaction/index_report_entry.hpp>
#include <emptor/satisfaction/kano_entry.hpp>
#include <emptor/satisfaction/recommendation_entry.hpp>
#include <emptor/stats/survey.hpp>

namespace {

using namespace emptor;

/// Constructs of some questions each, of which each depends on up to three before it; the last one is the target.
struct index_model_rows {
  stats::survey store;
  model described;

  /// \param sizes  questions of each construct \param periods, groups, brands  0: none
  index_model_rows(std::size_t respondents, const std::vector<std::size_t>& sizes, std::size_t periods = 0,
                   std::size_t groups = 0, std::size_t brands = 0) {
    table answers("answers");
    text_buffer names;
    std::vector<std::int32_t> days;
    text_buffer group_names;
    text_buffer brand_names;
    for (std::size_t i = 0; i < respondents; ++i) {
      // Who answers about several brands stands in one row for each.
      names.push_back("R" + std::to_string(10'000'000 + (brands == 0 ? i : i / brands)));
      brand_names.push_back("B" + std::to_string(brands == 0 ? 0 : i % brands));
      days.push_back(periods == 0 ? no_day : 20000 + 90 * static_cast<std::int32_t>(i % periods));
      group_names.push_back("G" + std::to_string(groups == 0 ? 0 : i / 7 % groups));
    }
    answers.add(column::texts("respondent", std::move(names)));
    if (brands > 0)
      answers.add(column::texts("brand", std::move(brand_names)));
    if (periods > 0)
      answers.add(column::days("period", std::move(days)));
    if (groups > 0)
      answers.add(column::texts("group", std::move(group_names)));
    text_buffer constructs;
    text_buffer items;
    text_buffer from;
    text_buffer to;
    std::vector<std::vector<double>> scores;
    std::uint64_t draw = 0;
    const auto noise = [&](std::size_t row) {
      return bench::uniform(bench::mixed(row) >> 8, draw & 63) +
             bench::uniform(bench::mixed(row + (draw << 32)) >> 8, 1) - 1.0;
    };
    for (std::size_t j = 0; j < sizes.size(); ++j) {
      const std::string construct = "c" + std::to_string(j);
      std::vector<double>& score = scores.emplace_back(respondents, 0.0);
      const std::size_t sources = std::min<std::size_t>(j, 3);
      ++draw;
      for (std::size_t i = 0; i < respondents; ++i) {
        for (std::size_t k = 0; k < sources; ++k)
          score[i] += 0.3 * scores[j - 1 - k][i];
        score[i] += 0.5 * noise(i);
      }
      for (std::size_t k = 0; k < sources; ++k) {
        from.push_back("c" + std::to_string(j - 1 - k));
        to.push_back(construct);
      }
      for (std::size_t q = 0; q < sizes[j]; ++q) {
        const std::string label = construct + "_" + std::to_string(q);
        constructs.push_back(construct);
        items.push_back(label);
        ++draw;
        std::vector<double> values(respondents);
        for (std::size_t i = 0; i < respondents; ++i)
          values[i] = std::clamp(std::floor(5.5 + 5.0 * (score[i] + 0.5 * noise(i))), 1.0, 10.0);
        answers.add(column::numbers("items:" + label, std::move(values)));
      }
    }
    const std::vector<named_column> columns = answers.views();
    store.push({.table = "answers", .columns = columns, .rows = answers.rows()});
    described.entry = std::string(satisfaction::index_model_name);
    described.tables.push_back(
        {"constructs",
         {column::texts("construct", std::move(constructs)), column::texts("item", std::move(items))}});
    described.tables.push_back(
        {"paths", {column::texts("from", std::move(from)), column::texts("to", std::move(to))}});
  }
};

const std::vector<std::size_t> ecsi_sizes{5, 3, 7, 2, 3, 1, 3};

[[nodiscard]] result finished(const entry& what, const store& from, std::string_view slot, const model* held,
                              const std::vector<option>& with) {
  const run alone;
  std::vector<filled_slot> slots;
  if (held != nullptr)
    slots.push_back({slot, held});
  return what.finish({.from = &from,
                      .options = {what.description->name, what.description->options, with},
                      .slots = slots,
                      .keys = std::nullopt,
                      .how = alone});
}

void index_model_by_respondents(benchmark::State& state) {
  const index_model_rows rows(static_cast<std::size_t>(state.range(0)), ecsi_sizes);
  for (auto _ : state)
    benchmark::DoNotOptimize(finished(satisfaction::index_model_entry, rows.store, "model", &rows.described,
                                      {{"resamples", "0"}}));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(index_model_by_respondents)
    ->Name("IndexModel/24_items")
    ->ArgName("respondents")
    ->Arg(250)
    ->Arg(1'000)
    ->Arg(10'000)
    ->Arg(100'000)
    ->Unit(benchmark::kMillisecond);

void index_model_by_items(benchmark::State& state) {
  const index_model_rows rows(1'000,
                              std::vector<std::size_t>(static_cast<std::size_t>(state.range(0)) / 5, 5));
  for (auto _ : state)
    benchmark::DoNotOptimize(finished(satisfaction::index_model_entry, rows.store, "model", &rows.described,
                                      {{"resamples", "0"}}));
}
BENCHMARK(index_model_by_items)
    ->Name("IndexModel/1000_respondents")
    ->ArgName("items")
    ->Arg(10)
    ->Arg(25)
    ->Arg(50)
    ->Arg(100)
    ->Arg(200)
    ->Unit(benchmark::kMillisecond);

void index_model_resamples(benchmark::State& state) {
  const index_model_rows rows(250, ecsi_sizes);
  for (auto _ : state)
    benchmark::DoNotOptimize(finished(satisfaction::index_model_entry, rows.store, "model", &rows.described,
                                      {{"resamples", std::to_string(state.range(0))}}));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(index_model_resamples)
    ->Name("IndexModel/250_respondents_24_items")
    ->ArgName("resamples")
    ->Arg(1'000)
    ->Arg(10'000)
    ->Unit(benchmark::kMillisecond);

/// \param intervals  percentile intervals of all figures too
void resample_loop(benchmark::State& state, bool intervals) {
  const index_model_rows rows(250, ecsi_sizes);
  const satisfaction::index_specification specification = satisfaction::read_index_model(rows.described);
  const stats::path_structure structure("bench", specification.model);
  const stats::survey_answers from = rows.store.answers();
  std::vector<std::vector<double>> answers;
  stats::answer_columns columns;
  for (const std::string& item : structure.items())
    answers.push_back(from.answers("bench", item).answers);
  columns.items.assign(answers.begin(), answers.end());
  const stats::moment_options how{};
  const stats::detail::complete_columns complete = stats::completed(columns, structure.products(), false);
  const run alone;
  for (auto _ : state) {
    const stats::path_resamples drawn = stats::resample_model(
        structure, complete, how, stats::resample_signs::construct, stats::resample_kind::bootstrap, 1,
        static_cast<std::size_t>(state.range(0)), alone);
    benchmark::DoNotOptimize(drawn.values.data());
    for (std::size_t f = 0; intervals && f < drawn.names.size(); ++f)
      benchmark::DoNotOptimize(stats::summary_of(drawn, f, 0.95, stats::resample_interval::percentile));
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK_CAPTURE(resample_loop, loop, false)
    ->Name("IndexModel/250_respondents_24_items/loop")
    ->ArgName("resamples")
    ->Arg(10'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(resample_loop, intervals, true)
    ->Name("IndexModel/250_respondents_24_items/loop_and_intervals")
    ->ArgName("resamples")
    ->Arg(10'000)
    ->Unit(benchmark::kMillisecond);

void index_groups(benchmark::State& state) {
  const index_model_rows rows(250, ecsi_sizes, 0, 2);
  for (auto _ : state)
    benchmark::DoNotOptimize(finished(
        satisfaction::index_groups_entry, rows.store, "model", &rows.described,
        {{"resamples", std::to_string(state.range(0))}, {"permutations", std::to_string(state.range(1))}}));
}
BENCHMARK(index_groups)
    ->Name("IndexGroups/250_respondents_24_items_2_groups")
    ->ArgNames({"resamples", "permutations"})
    ->Args({1'000, 0})
    ->Args({0, 1'000})
    ->Args({1'000, 1'000})
    ->Unit(benchmark::kMillisecond);

void index_prediction(benchmark::State& state, const char* validation) {
  const index_model_rows rows(static_cast<std::size_t>(state.range(0)), ecsi_sizes);
  for (auto _ : state)
    benchmark::DoNotOptimize(finished(satisfaction::index_prediction_entry, rows.store, "model",
                                      &rows.described, {{"validation", validation}}));
}
BENCHMARK_CAPTURE(index_prediction, folds, "folds")
    ->Name("IndexPrediction/24_items/10_folds")
    ->ArgName("respondents")
    ->Arg(250)
    ->Arg(10'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(index_prediction, leave_one_out, "leave_one_out")
    ->Name("IndexPrediction/24_items/leave_one_out")
    ->ArgName("respondents")
    ->Arg(250)
    ->Arg(1'000)
    ->Unit(benchmark::kMillisecond);

void index_competitors(benchmark::State& state) {
  const index_model_rows rows(static_cast<std::size_t>(state.range(0)), ecsi_sizes, 0, 0, 4);
  for (auto _ : state)
    benchmark::DoNotOptimize(finished(satisfaction::index_competitors_entry, rows.store, "model",
                                      &rows.described, {{"brand", "B0"}}));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(index_competitors)
    ->Name("IndexCompetitors/24_items_4_brands")
    ->ArgName("answers")
    ->Arg(1'000)
    ->Arg(100'000)
    ->Unit(benchmark::kMillisecond);

void index_report(benchmark::State& state, const char* weights) {
  const index_model_rows rows(static_cast<std::size_t>(state.range(0)), ecsi_sizes, 4, 10);
  for (auto _ : state)
    benchmark::DoNotOptimize(finished(satisfaction::index_report_entry, rows.store, "model", &rows.described,
                                      {{"weights", weights}, {"target", "c6"}}));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK_CAPTURE(index_report, fixed, "fixed")
    ->Name("IndexReport/4_periods_10_groups/fixed")
    ->Arg(10'000)
    ->Arg(100'000)
    ->Unit(benchmark::kMillisecond);
BENCHMARK_CAPTURE(index_report, chain, "chain")
    ->Name("IndexReport/4_periods_10_groups/chain")
    ->Arg(10'000)
    ->Arg(100'000)
    ->Unit(benchmark::kMillisecond);

/// Answers from `low` to `high` to some questions.
[[nodiscard]] stats::survey answered(std::size_t respondents, std::size_t questions, double low,
                                     double high) {
  table answers("answers");
  text_buffer names;
  for (std::size_t i = 0; i < respondents; ++i)
    names.push_back("R" + std::to_string(10'000'000 + i));
  answers.add(column::texts("respondent", std::move(names)));
  for (std::size_t q = 0; q < questions; ++q) {
    std::vector<double> values(respondents);
    for (std::size_t i = 0; i < respondents; ++i)
      values[i] = low + std::floor((high - low + 1.0) * bench::uniform(i, q));
    answers.add(column::numbers("items:q" + std::to_string(q), std::move(values)));
  }
  stats::survey store;
  const std::vector<named_column> columns = answers.views();
  store.push({.table = "answers", .columns = columns, .rows = answers.rows()});
  return store;
}

void net_promoter_score(benchmark::State& state) {
  const stats::survey store = answered(static_cast<std::size_t>(state.range(0)), 1, 0.0, 10.0);
  for (auto _ : state)
    benchmark::DoNotOptimize(
        finished(satisfaction::recommendation_entry, store, {}, nullptr, {{"item", "q0"}}));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(net_promoter_score)
    ->Name("NetPromoterScore")
    ->Arg(1'000)
    ->Arg(100'000)
    ->Arg(1'000'000)
    ->Unit(benchmark::kMillisecond);

void kano(benchmark::State& state) {
  const stats::survey store = answered(static_cast<std::size_t>(state.range(0)), 20, 1.0, 5.0);
  text_buffer features;
  text_buffer functional;
  text_buffer dysfunctional;
  for (std::size_t q = 0; q < 20; q += 2) {
    features.push_back("f" + std::to_string(q / 2));
    functional.push_back("q" + std::to_string(q));
    dysfunctional.push_back("q" + std::to_string(q + 1));
  }
  model described;
  described.entry = std::string(satisfaction::kano_name);
  described.tables.push_back(
      {"features",
       {column::texts("feature", std::move(features)), column::texts("functional", std::move(functional)),
        column::texts("dysfunctional", std::move(dysfunctional))}});
  for (auto _ : state)
    benchmark::DoNotOptimize(finished(satisfaction::kano_entry, store, "features", &described, {}));
  state.SetItemsProcessed(state.iterations() * state.range(0));
}
BENCHMARK(kano)->Name("Kano/10_features")->Arg(250)->Arg(10'000)->Arg(100'000)->Unit(benchmark::kMillisecond);

} // namespace

BENCHMARK_MAIN();
