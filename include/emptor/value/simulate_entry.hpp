// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/date.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/options.hpp>
#include <emptor/core/units.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/value/bg_nbd.hpp>
#include <emptor/value/customer_base_description.hpp>
#include <emptor/value/mbg_nbd.hpp>
#include <emptor/value/model_fit.hpp>
#include <emptor/value/nbd.hpp>
#include <emptor/value/pareto_nbd.hpp>
#include <emptor/value/simulate.hpp>

/// How the catalogue knows the simulation of customers.
namespace emptor::value {

namespace detail {
inline constexpr std::string_view simulate_name = "value.simulate";
inline constexpr std::string_view clock_choices[] = {"continuous", "day"};
} // namespace detail

inline constexpr std::string_view simulated_models[] = {bg_nbd::name, mbg_nbd::name, nbd::name,
                                                        pareto_nbd::name};
inline constexpr slot_description simulate_slots[] = {
    {.name = "orders",
     .summary = "the model as which the customers behave, with its parameters",
     .accepts = simulated_models},
};
inline constexpr option_description simulate_options[] = {
    {.name = "customers",
     .what = option_content::integer,
     .summary = "how many customers",
     .unit = "customers",
     .allowed = {1, 1e8},
     .default_value = "1000"},
    {.name = "seed",
     .what = option_content::integer,
     .summary = "names the random numbers: the same seed gives the same customers everywhere",
     .allowed = {0, 9e15},
     .default_value = "1"},
    {.name = "age",
     .what = option_content::horizon,
     .summary =
         "first order of the oldest customers to the end of the observation: a number of the model's time "
         "units, or a length such as 39 week",
     .unit = "time units",
     .allowed = horizon_domain,
     .required = true},
    {.name = "entry_period",
     .what = option_content::horizon,
     .summary =
         "the first orders are spread evenly over this time, so that the youngest customers are of the age "
         "less this; given like age",
     .unit = "time units",
     .allowed = horizon_domain,
     .default_value = "0"},
    {.name = "holdout",
     .what = option_content::horizon,
     .summary = "how long orders are followed after the end of the observation; given like age",
     .unit = "time units",
     .allowed = horizon_domain,
     .default_value = "0"},
    {.name = "clock",
     .what = option_content::choice,
     .summary =
         "continuous: exact times; day: whole days, and orders of one day are one, as in a ledger; needs a "
         "model with a time unit",
     .default_value = "continuous",
     .choices = detail::clock_choices},
    {.name = "until",
     .what = option_content::day,
     .summary =
         "the last day of the observation, for the days of the orders; needs a model with a time unit"},
};
inline constexpr column_description simulated_columns[] = {
    {.name = "customer", .what = content::count, .summary = "1, 2, ..."},
    {.name = "frequency",
     .what = content::count,
     .unit = "orders",
     .summary = "repeat orders in the observation (购买频次)"},
    {.name = "recency", .unit = "time units", .summary = "first to last order; 0 where frequency is 0"},
    {.name = "age", .unit = "time units", .summary = "first order to the end of the observation"},
    {.name = "holdout_frequency",
     .what = content::count,
     .unit = "orders",
     .summary = "orders after the observation, within the holdout"},
};
inline constexpr column_description simulated_order_columns[] = {
    {.name = "customer", .what = content::count, .summary = "1, 2, ..."},
    {.name = "time", .unit = "time units", .summary = "since the customer's first order, which is at 0"},
    {.name = "date", .what = content::day, .summary = "its day, where until is given", .optional = true},
};
inline constexpr table_description simulate_outputs[] = {
    {.name = "rows", .summary = "one row a customer, ready for a fit", .columns = simulated_columns},
    {.name = "orders",
     .summary = "all orders, customer by customer, in time, those of the holdout included",
     .columns = simulated_order_columns},
};

namespace detail {

/// \throws error status::unsupported where the slot's model is none of these
template <class Model, class... Others>
[[nodiscard]] simulated_customers simulate_as(const model& as, const simulation& how, const run& threads) {
  if (as.entry == Model::name) {
    const std::vector<double> given = read_parameters<Model>(as);
    return simulate(parameters_from<Model, double>([&](std::size_t i) { return given[i]; }), how, threads);
  }
  if constexpr (sizeof...(Others) > 0)
    return simulate_as<Others...>(as, how, threads);
  throw error(status::unsupported, std::string(simulate_name) + ": cannot simulate " + std::string(as.entry));
}

/// The day of each order, where the observation ends with the end of the day `until`.
[[nodiscard]] inline column days_of(const simulated_customers& of, date until, double days_per_unit) {
  std::vector<std::int32_t> days;
  days.reserve(of.order_time.size());
  for (std::size_t i = 0; i < of.order_time.size(); ++i) {
    const math::real before =
        (math::real(of.age[static_cast<std::size_t>(of.order_customer[i])]) - of.order_time[i]) *
        days_per_unit;
    // What is a whole number of days but for rounding must stay on its day.
    const std::int64_t day =
        days_since_epoch(until) -
        static_cast<std::int64_t>(math::value_of(max(min(floor(before + 1e-6), 1e9), -1e9)));
    if (!is_admissible_day(day))
      throw error(status::option, std::string(simulate_name) + ": the days of the orders leave the calendar");
    days.push_back(static_cast<std::int32_t>(day));
  }
  return column::days("date", std::move(days));
}

} // namespace detail

[[nodiscard]] inline result finish_simulate(const finish_request& request) {
  using detail::simulate_name;
  const model& as = *request.slot("orders");
  const option_values& options = request.options;
  const time_unit unit = parse_time_unit(as.option_text("unit")).value_or(time_unit::none);
  const auto length = [&](std::string_view option) {
    const double count = resolve(options.horizon(option), simulate_name, unit, std::nullopt, option);
    if (!horizon_domain.contains(count))
      throw error(status::option, message(simulate_name, "option " + std::string(option), -1, to_text(count),
                                          to_text(horizon_domain)));
    return count;
  };
  simulation how;
  how.customers = options.integer("customers");
  how.seed = static_cast<std::uint64_t>(options.integer("seed"));
  how.age = length("age");
  how.spread = length("entry_period");
  how.holdout = length("holdout");
  if (how.spread > how.age)
    throw error(status::option, std::string(simulate_name) + ": option entry_period must be <= age");
  const std::optional<date> until = options.day("until");
  const bool by_day = options.text("clock") == "day";
  if (unit == time_unit::none && (by_day || until))
    throw error(status::option, std::string(simulate_name) + ": option " + (by_day ? "clock day" : "until") +
                                    " needs a model with a time unit");
  const double days_per_unit = days_in(unit);
  if (by_day)
    how.tick = 1.0 / days_per_unit;

  simulated_customers made = detail::simulate_as<bg_nbd, mbg_nbd, nbd, pareto_nbd>(as, how, request.how);
  const std::string unit_name(unit == time_unit::none ? std::string_view("time units") : name(unit));
  const auto counts = [](const std::vector<double>& numbers) {
    return std::vector<std::int64_t>(numbers.begin(), numbers.end());
  };
  std::vector<std::int64_t> customer(made.age.size());
  for (std::size_t i = 0; i < customer.size(); ++i)
    customer[i] = static_cast<std::int64_t>(i) + 1;
  table orders("orders");
  std::optional<column> days;
  if (until)
    days = detail::days_of(made, *until, days_per_unit);
  for (std::int64_t& one : made.order_customer)
    ++one;
  orders.add(column::integers("customer", std::move(made.order_customer)));
  orders.add(column::numbers("time", std::move(made.order_time), unit_name));
  if (days)
    orders.add(std::move(*days));
  table rows("rows");
  rows.add(column::integers("customer", std::move(customer)));
  rows.add(column::integers("frequency", counts(made.frequency), "orders"));
  rows.add(column::numbers("recency", std::move(made.recency), unit_name));
  rows.add(column::numbers("age", std::move(made.age), unit_name));
  rows.add(column::integers("holdout_frequency", std::move(made.holdout_orders), "orders"));
  return {{std::move(rows), std::move(orders)}, nullptr};
}

inline constexpr entry_description simulate_description{
    .name = detail::simulate_name,
    .what = verb::reduce,
    .summary =
        "customers who behave as a model says, with parameters that are known: their rows and their orders",
    .source = "the definition of each model; gamma variates of Marsaglia and Tsang, ACM TOMS 26 (2000)",
    .chinese = "客户行为模拟",
    .since = "0.2",
    .options = simulate_options,
    .slots = simulate_slots,
    .outputs = simulate_outputs,
};

inline constexpr entry simulate_entry{.description = &simulate_description, .finish = &finish_simulate};

} // namespace emptor::value
