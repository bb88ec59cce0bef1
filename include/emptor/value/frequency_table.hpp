// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/run.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/rows.hpp>
#include <emptor/value/customer_base_description.hpp>
#include <emptor/value/model_fit.hpp>
#include <emptor/value/order_models.hpp>

/// How many customers have ordered how often, and how many a model expects: what a fit is first looked at for.
/// Source: Fader and Hardie, the histograms of the papers on each model.
namespace emptor::value {

/// Customers with one number of repeat orders, or with at least that many.
struct frequency_count {
  std::int64_t frequency = 0;
  bool or_more = false;
  double customers = 0.0;
  double expected = 0.0;
};

inline constexpr std::string_view frequency_table_name = "value.frequency_table";

/// \param frequency whole, >= 0
/// \param age    first order to now, in the model's time units, or opportunities
/// \param weight customers that a row stands for; empty: 1 each
/// \param most   customers with as many repeat orders, or more, are counted together
/// \return       frequencies 0 to most
/// \throws error status::data where a model of opportunities gets an age that is not whole or above 1e6,
///         status::cancelled
[[nodiscard]] inline std::vector<frequency_count>
count_frequencies(const emptor::model& orders, std::span<const double> frequency, std::span<const double> age,
                  std::span<const double> weight, std::int64_t most, const run& how = {}) {
  const auto last = static_cast<std::size_t>(most);
  std::vector<frequency_count> made(last + 1);
  // What is added up comes in an order that does not depend on that of the rows.
  std::vector<std::pair<double, double>> ages;    // and weight
  std::vector<std::pair<double, double>> counted; // frequency, weight
  for (std::size_t i = 0; i < frequency.size(); ++i) {
    const double w = weight.empty() ? 1.0 : weight[i];
    if (orders.entry == bg_bb::name && (math::floor(age[i]) != age[i] || age[i] > detail::most_counted))
      throw error(status::data,
                  message(frequency_table_name, "age", static_cast<std::int64_t>(i), to_text(age[i]),
                          "whole and <= " + to_text(detail::most_counted)),
                  static_cast<std::int64_t>(i));
    ages.emplace_back(age[i], w);
    counted.emplace_back(std::fmin(frequency[i], static_cast<double>(most)), w);
  }
  std::sort(ages.begin(), ages.end());
  std::sort(counted.begin(), counted.end());
  for (const auto& [x, w] : counted)
    made[static_cast<std::size_t>(x)].customers += w;
  std::size_t kept = 0;
  for (const auto& [at, w] : ages) {
    if (kept > 0 && ages[kept - 1].first == at)
      ages[kept - 1].second += w;
    else
      ages[kept++] = {at, w};
  }
  ages.resize(kept);

  std::vector<std::vector<double>> probabilities(kept);
  with_order_model(orders, [&]<class Model>(Model) {
    const auto p = parameters_of<Model>(orders);
    for_each_task(static_cast<std::int64_t>(kept), how, [&](std::int64_t task) {
      const auto i = static_cast<std::size_t>(task);
      for (std::size_t n = 0; n < last; ++n)
        probabilities[i].push_back(
            math::value_of(probability_of_orders(p, 0.0, 0.0, 0.0, static_cast<double>(n), ages[i].first)));
    });
  });
  double rest = math::value_of(
      sum_in_tree<math::real>(0, kept, [&](std::size_t i) { return math::real(ages[i].second); }));
  for (std::size_t n = 0; n <= last; ++n) {
    made[n].frequency = static_cast<std::int64_t>(n);
    made[n].or_more = n == last;
    if (made[n].or_more) {
      made[n].expected = rest < 0.0 ? 0.0 : rest;
      break;
    }
    made[n].expected = math::value_of(sum_in_tree<math::real>(
        0, kept, [&](std::size_t i) { return math::real(probabilities[i][n]) * ages[i].second; }));
    rest -= made[n].expected;
  }
  return made;
}

// How the catalogue knows it.

inline constexpr column_description frequency_table_columns[] = {
    frequency_column,
    {.name = "age",
     .unit = "time units",
     .summary = "first order to now; with a model of value.bg_bb the number of opportunities",
     .allowed = at_least_zero},
    weight_column,
};
inline constexpr table_description frequency_table_inputs[] = {
    {.name = "rows", .summary = "one customer a row", .columns = frequency_table_columns}};
inline constexpr slot_description frequency_table_slots[] = {looked_at_slot};
inline constexpr option_description most_option{
    .name = "most",
    .what = option_content::integer,
    .summary = "customers with as many repeat orders, or more, are counted together",
    .unit = "orders",
    .allowed = {1.0, 1e5},
    .default_value = "7"};
inline constexpr option_description frequency_table_options[] = {most_option};
inline constexpr column_description frequency_count_columns[] = {
    {.name = "frequency", .what = content::count, .unit = "orders", .summary = "repeat orders"},
    {.name = "or_more", .what = content::boolean, .summary = "whether the row counts those with more, too"},
    {.name = "customers", .unit = "customers", .summary = "how many there are"},
    {.name = "expected", .unit = "customers", .summary = "how many the model expects"},
};
inline constexpr table_description frequency_table_outputs[] = {
    {.name = "frequencies",
     .summary = "one row for each number of repeat orders",
     .columns = frequency_count_columns}};

inline constexpr example_table frequency_table_rows[] = {
    {"rows", "frequency,age,weight\n0,38,700\n0,30,650\n1,38,240\n1,30,190\n2,38,110\n2,30,95\n3,38,60\n3,30,"
             "35\n5,38,"
             "70\n4,30,50\n"}};
inline constexpr example_table frequency_table_model[] = {
    {"parameters", "parameter,value\nr,0.385\nalpha,12.07\n"}};
inline constexpr example_slot frequency_table_example_slots[] = {
    {"model", nbd::name, frequency_table_model, {}}};
inline constexpr example_option frequency_table_example_options[] = {{"most", "4"}};

inline constexpr example_table frequency_table_expected[] = {
    {"frequencies",
     "frequency,or_more,customers,expected\n0,false,1350,1313.049316677551\n1,false,430,"
     "372.5300595569126\n2,false,205,190.2917358291576\n3,false,95,111.6973636868304\n4,true,120,"
     "212.4315242495482\n"}};
inline constexpr example frequency_table_examples[] = {
    {.what = verb::reduce,
     .summary = "2,200 invented customers of two ages against a negative binomial",
     .source = "the negative binomial probabilities with 30-digit arithmetic",
     .tables = frequency_table_rows,
     .options = frequency_table_example_options,
     .expected = frequency_table_expected,
     .tolerance = 1e-12,
     .slots = frequency_table_example_slots},
};

inline constexpr demo_slot frequency_table_demo_slots[] = {{"model", pareto_nbd::name}};
inline constexpr demo_feed frequency_table_demo[] = {
    {.inputs = demo_customers, .slots = frequency_table_demo_slots}};

inline constexpr entry_description frequency_table_description{
    .name = frequency_table_name,
    .what = verb::reduce,
    .summary = "customers by number of repeat orders, as they are and as a model expects them",
    .source = "Fader, Hardie and Lee, Marketing Science 24 (2005), figure 3",
    .chinese = "购买频次分布",
    .since = "0.1",
    .store = "rows",
    .inputs = frequency_table_inputs,
    .options = frequency_table_options,
    .slots = frequency_table_slots,
    .outputs = frequency_table_outputs,
    .examples = frequency_table_examples,
    .demo = frequency_table_demo,
};

[[nodiscard]] inline result finish_frequency_table(const finish_request& request) {
  const auto& from = request.stored<stats::rows>();
  const std::vector<frequency_count> counts = count_frequencies(
      *request.slot(looked_at_slot.name), from.numbers("rows", "frequency"), from.numbers("rows", "age"),
      from.numbers("rows", "weight", 1.0), request.options.integer("most"), request.how);
  std::vector<std::int64_t> frequency;
  std::vector<std::uint8_t> or_more;
  std::vector<double> customers;
  std::vector<double> expected;
  for (const frequency_count& one : counts) {
    frequency.push_back(one.frequency);
    or_more.push_back(one.or_more ? 1 : 0);
    customers.push_back(one.customers);
    expected.push_back(one.expected);
  }
  table made("frequencies");
  made.add(column::integers("frequency", std::move(frequency)));
  made.add(column::booleans("or_more", std::move(or_more)));
  made.add(column::numbers("customers", std::move(customers)));
  made.add(column::numbers("expected", std::move(expected)));
  return {{std::move(made)}, nullptr};
}

inline constexpr entry frequency_table_entry{.description = &frequency_table_description,
                                             .finish = &finish_frequency_table};

} // namespace emptor::value
