// SPDX-License-Identifier: BSL-1.0
// Forms of customer value from planned figures, what a control of marketing divides, and Altman's Z score, by a plan; each beside
// moving as many columns as it reads and writes.
#include "limits.hpp"
#include "support.hpp"

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <benchmark/benchmark.h>

#include <emptor/catalogue.hpp>

namespace {

/// Figures of a column: even between two, all of them whole or not.
struct figures {
  std::string_view name;
  double low = 0.0;
  double high = 1000.0;
  bool whole = false;
};
struct scored {
  std::string_view entry;
  std::vector<figures> columns;
  std::vector<emptor::option> options;
  emptor::dtype type = emptor::dtype::float64; ///< of the columns
};

const std::vector<emptor::option> ten_percent{{"rate", "0.1"}, {"periods", "10"}};

const scored present_value{"value.present_value",
                           {{"income"}, {"cost_to_serve"}, {"first_price"}, {"acquisition_cost"}},
                           ten_percent};
const scored present_value_growing{"value.present_value",
                                   {{"income"},
                                    {"cost_to_serve"},
                                    {"first_price"},
                                    {"acquisition_cost"},
                                    {"growth", -0.1, 0.2},
                                    {"periods", 1, 20, true}},
                                   ten_percent};
const std::vector<figures> contributions{
    {"margin"},           {"first_purchase"},        {"cross_selling"},
    {"cost_saved"},       {"referrals", 0, 2},       {"referred_customer_value"},
    {"revenue", 0, 9000}, {"price_premium", 0, 0.1}, {"acquisition_cost"}};
[[nodiscard]] std::vector<figures> with(std::vector<figures> some, const std::vector<figures>& more) {
  some.insert(some.end(), more.begin(), more.end());
  return some;
}
const scored contribution_value{"value.contribution_value", contributions, ten_percent};
const scored contribution_value_staying{"value.contribution_value",
                                        with(contributions, {{"retention", 0.5, 1}}), ten_percent};
const scored contribution_value_growing{"value.contribution_value",
                                        with(contributions, {{"retention", 0.5, 1},
                                                             {"growth", -0.1, 0.2},
                                                             {"cross_selling_growth", -0.1, 0.2},
                                                             {"cost_saved_growth", -0.1, 0.2},
                                                             {"referral_growth", -0.1, 0.2}}),
                                        ten_percent};
const scored life_cycle_value{"value.life_cycle_value",
                              {{"exploration_return"},
                               {"formation_return"},
                               {"stability_return"},
                               {"decline_return"},
                               {"exploration_periods", 1, 3, true},
                               {"formation_periods", 1, 4, true},
                               {"stability_periods", 1, 9, true},
                               {"decline_periods", 1, 3, true},
                               {"acquisition_cost"},
                               {"development_cost"},
                               {"service_cost"},
                               {"maintenance_cost"}},
                              {{"rate", "0.1"}}};
const scored life_cycle_value_totals{"value.life_cycle_value",
                                     {{"exploration_return"},
                                      {"formation_return"},
                                      {"stability_return"},
                                      {"decline_return"},
                                      {"acquisition_cost"},
                                      {"development_cost"},
                                      {"service_cost"},
                                      {"maintenance_cost"}},
                                     {{"rate", "0.1"}}};
const scored past_current_potential_value{"value.past_current_potential_value",
                                          {{"past_margin"},
                                           {"current_margin"},
                                           {"cross_selling"},
                                           {"referrals", 0, 2},
                                           {"referred_customer_value"},
                                           {"realisation", 0, 1}},
                                          ten_percent};
const scored engagement_value{"value.engagement_value",
                              {{"capacity"},
                               {"wallet_share", 0, 1},
                               {"unit_margin", 0, 50},
                               {"influence", -0.2, 0.5},
                               {"reach", 0, 30, true},
                               {"influenced_purchase"},
                               {"information"},
                               {"knowledge"},
                               {"conversion", 0, 1},
                               {"third_party_income"},
                               {"third_party_cost"}},
                              ten_percent};
const scored strategic_account_value{"value.strategic_account_value",
                                     {{"margin"},
                                      {"followers", 0, 5, true},
                                      {"follower_value"},
                                      {"referrals", 0, 2},
                                      {"referral_conversion", 0, 1},
                                      {"referred_customer_value"},
                                      {"capability_gain"},
                                      {"acquisition_cost"}},
                                     ten_percent};
const scored customer_profit{"value.customer_profit",
                             {{"revenue", 1e5, 1e7, true},
                              {"discounts", 0, 1e5, true},
                              {"direct_cost", 0, 5e6, true},
                              {"pre_sale", 0, 1e5, true},
                              {"manufacturing", 0, 1e5, true},
                              {"logistics", 0, 1e6, true},
                              {"after_sale", 0, 1e5, true},
                              {"assets", 1e5, 1e7, true}},
                             {},
                             emptor::dtype::money};
const scored marketing_efficiency{"value.marketing_efficiency",
                                  {{"sales", 1e5, 1e6},
                                   {"sellers", 1, 20, true},
                                   {"days", 20, 23, true},
                                   {"calls", 100, 900, true},
                                   {"call_hours", 100, 900},
                                   {"orders", 10, 90, true},
                                   {"sales_force_cost", 1e4, 1e5},
                                   {"customers", 500, 900, true},
                                   {"new_customers", 0, 90, true},
                                   {"lost_customers", 0, 90, true},
                                   {"advertising_cost", 0, 1e5},
                                   {"reached", 1e5, 1e6, true}},
                                  {}};
const scored altman_z{"credit.altman_z",
                      {{"working_capital", -200, 500},
                       {"total_assets", 500, 2000},
                       {"retained_earnings", -200, 900},
                       {"ebit", -100, 300},
                       {"market_equity", 0, 3000},
                       {"total_liabilities", 100, 1500},
                       {"sales", 100, 4000}},
                      {{"form", "listed_1968"}}};

/// All scores that are not on request.
void score_compiled(benchmark::State& state, const scored& of) {
  const auto rows = static_cast<std::size_t>(state.range(0));
  std::vector<emptor::bound_column> schema;
  std::vector<std::vector<double>> numbers;
  std::vector<std::vector<std::int64_t>> amounts;
  std::vector<emptor::column_view> columns;
  for (const figures& one : of.columns) {
    std::vector<double> values(rows);
    for (std::size_t row = 0; row < rows; ++row) {
      values[row] = one.low + (one.high - one.low) * bench::uniform(row, schema.size());
      if (one.whole)
        values[row] = std::floor(values[row]);
    }
    schema.push_back({std::string(one.name), of.type});
    if (of.type == emptor::dtype::money) {
      amounts.emplace_back(values.begin(), values.end());
      columns.push_back(bench::view(values));
      columns.back().data = amounts.back().data();
      columns.back().type = of.type;
    } else {
      numbers.push_back(std::move(values));
      columns.push_back(bench::view(numbers.back()));
    }
  }
  const emptor::plan plan(emptor::find_entry(of.entry), nullptr, {}, schema, of.options, {});
  std::vector<std::vector<double>> out(plan.outputs().size(), std::vector<double>(rows));
  std::vector<emptor::output_memory> memory;
  for (std::size_t i = 0; i < out.size(); ++i)
    memory.push_back({out[i].data(), sizeof(double), nullptr, plan.outputs()[i].type});
  for (auto _ : state) {
    plan.score(columns, state.range(0), memory, nullptr, nullptr, false, {});
    benchmark::ClobberMemory();
  }
  state.SetItemsProcessed(state.iterations() * state.range(0));
}

/// What the same number of columns costs to move.
void move_columns(benchmark::State& state, const scored& of) {
  std::vector<emptor::bound_column> schema;
  for (const figures& one : of.columns)
    schema.push_back({std::string(one.name), of.type});
  const emptor::plan plan(emptor::find_entry(of.entry), nullptr, {}, schema, of.options, {});
  bench::limit_move_columns(state, of.columns.size(), plan.outputs().size());
}

#define BENCH_PLANNED(of, name)                                                                              \
  BENCHMARK_CAPTURE(score_compiled, of, of)                                                                  \
      ->Name(name "/compiled")                                                                               \
      ->RangeMultiplier(10)                                                                                  \
      ->Range(10'000, 10'000'000);                                                                           \
  BENCHMARK_CAPTURE(move_columns, of, of)                                                                    \
      ->Name("Limit/columns of " name)                                                                       \
      ->RangeMultiplier(10)                                                                                  \
      ->Range(10'000, 10'000'000)
BENCH_PLANNED(present_value, "value.present_value");
BENCH_PLANNED(present_value_growing, "value.present_value, growth and periods");
BENCH_PLANNED(contribution_value, "value.contribution_value");
BENCH_PLANNED(contribution_value_staying, "value.contribution_value, retention");
BENCH_PLANNED(contribution_value_growing, "value.contribution_value, retention and growth");
BENCH_PLANNED(life_cycle_value, "value.life_cycle_value");
BENCH_PLANNED(life_cycle_value_totals, "value.life_cycle_value, totals");
BENCH_PLANNED(past_current_potential_value, "value.past_current_potential_value");
BENCH_PLANNED(engagement_value, "value.engagement_value");
BENCH_PLANNED(strategic_account_value, "value.strategic_account_value");
BENCH_PLANNED(customer_profit, "value.customer_profit");
BENCH_PLANNED(marketing_efficiency, "value.marketing_efficiency");
BENCH_PLANNED(altman_z, "credit.altman_z");

} // namespace

BENCHMARK_MAIN();
