// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
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
#include <emptor/value/bg_bb_entry.hpp>
#include <emptor/value/customer_base_description.hpp>
#include <emptor/value/gamma_gamma.hpp>
#include <emptor/value/model_fit.hpp>
#include <emptor/value/order_models.hpp>
#include <emptor/value/simulate.hpp>

/// How the catalogue knows the simulation of customers.
namespace emptor::value {

namespace detail {
inline constexpr std::string_view clock_choices[] = {"continuous", "day"};
} // namespace detail

inline constexpr std::string_view simulated_spend[] = {gamma_gamma::name};
inline constexpr slot_description simulate_slots[] = {
    {.name = "orders",
     .summary = "the model as which the customers order, with its parameters",
     .accepts = order_models},
    {.name = "spend",
     .summary = "the model as which they spend; without it orders have no amounts",
     .accepts = simulated_spend,
     .optional = true},
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
         "units, or a length such as 39 week; for BG/BB a whole number of opportunities",
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
         "model with a time unit, and not BG/BB, whose opportunities are a clock already",
     .default_value = "continuous",
     .choices = detail::clock_choices},
    {.name = "until",
     .what = option_content::day,
     .summary =
         "the last day of the observation, for the days of the orders; needs a model with a time unit"},
    {.name = "decimals",
     .what = option_content::integer,
     .summary = "digits after the point of the amounts, which are at least one of the last digit",
     .unit = "digits",
     .allowed = {0, 9},
     .default_value = "2"},
};
inline constexpr column_description simulated_columns[] = {
    {.name = "customer", .what = content::count, .summary = "1, 2, ..."},
    {.name = "frequency",
     .what = content::count,
     .unit = "orders",
     .summary = "repeat orders in the observation (购买频次)"},
    {.name = "recency", .unit = "time units", .summary = "first to last order; 0 where frequency is 0"},
    {.name = "age", .unit = "time units", .summary = "first order to the end of the observation"},
    {.name = "opportunities",
     .what = content::count,
     .unit = "opportunities",
     .summary = "the same for BG/BB, whose fit asks for it under this name",
     .optional = true},
    {.name = "monetary_value",
     .unit = "currency",
     .summary =
         "with a model of the spend: mean amount of the repeat orders in the observation (平均购买金额)",
     .optional = true},
    {.name = "holdout_frequency",
     .what = content::count,
     .unit = "orders",
     .summary = "orders after the observation, within the holdout"},
};
inline constexpr column_description simulated_order_columns[] = {
    {.name = "customer", .what = content::count, .summary = "1, 2, ..."},
    {.name = "time",
     .unit = "time units",
     .summary =
         "since the customer's first order, which is at 0; under BG/BB the number of the opportunity, and "
         "at 0 the order with which he became a customer"},
    {.name = "date", .what = content::day, .summary = "its day, where until is given", .optional = true},
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "what it is worth, with a model of the spend",
     .optional = true},
};
inline constexpr table_description simulate_outputs[] = {
    {.name = "rows", .summary = "one row a customer, ready for a fit", .columns = simulated_columns},
    {.name = "orders",
     .summary =
         "all orders, customer by customer, in time, those of the holdout included; with until and spend "
         "what a store of kind order_history takes",
     .columns = simulated_order_columns},
};

namespace detail {

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
  const model& as = *request.slot("orders");
  const model* const spend = request.slot("spend");
  const bool discrete = as.entry == bg_bb::name;
  const option_values& options = request.options;
  const time_unit unit = as.unit();
  const auto length = [&](std::string_view option) {
    const double given = resolve(options.horizon(option), simulate_name, unit, std::nullopt, option);
    const double count = discrete ? whole_opportunities(given, simulate_name, option) : given;
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
  if (discrete && by_day)
    throw error(status::option, std::string(simulate_name) + ": option clock must be continuous for " +
                                    std::string(bg_bb::name));
  const double days_per_unit = days_in(unit);
  if (by_day)
    how.tick = 1.0 / days_per_unit;

  simulated_customers made = with_order_model(
      as, [&]<class Model>(Model) { return simulate(parameters_of<Model, double>(as), how, request.how); });
  const auto decimals = static_cast<int>(options.integer("decimals"));
  const double minor_units = math::pow(10.0, decimals);
  std::vector<std::int64_t> amounts;
  if (spend != nullptr)
    amounts = simulate_spend(parameters_of<gamma_gamma, double>(*spend), made, how.seed, minor_units);

  const std::string unit_name(unit == time_unit::none ? std::string_view("time units") : name(unit));
  const auto counts = [](const std::vector<double>& numbers) {
    return std::vector<std::int64_t>(numbers.begin(), numbers.end());
  };
  std::vector<std::int64_t> customer(made.age.size());
  std::iota(customer.begin(), customer.end(), std::int64_t{1});
  table rows("rows");
  rows.add(column::integers("customer", std::move(customer)));
  rows.add(column::integers("frequency", counts(made.frequency), "orders"));
  rows.add(column::numbers("recency", made.recency, unit_name));
  rows.add(column::numbers("age", made.age, unit_name));
  if (discrete)
    rows.add(column::integers("opportunities", counts(made.age), "opportunities"));
  if (spend != nullptr) {
    column means =
        column::numbers("monetary_value", simulated_monetary_value(made, amounts, minor_units), "currency");
    for (std::size_t i = 0; i < made.frequency.size(); ++i) {
      if (made.frequency[i] == 0.0)
        means.set_missing(static_cast<std::int64_t>(i));
    }
    rows.add(std::move(means));
  }
  rows.add(column::integers("holdout_frequency", std::move(made.holdout_orders), "orders"));

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
  if (spend != nullptr)
    orders.add(column::amounts("amount", std::move(amounts), decimals));
  return {{std::move(rows), std::move(orders)}, nullptr};
}

inline constexpr example_table simulate_pareto_nbd[] = {
    {"parameters", "parameter,value\nr,0.553\nalpha,10.578\ns,0.606\nbeta,11.669\n"}};
inline constexpr example_option simulate_week[] = {{"unit", "week"}};
inline constexpr example_table simulate_gamma_gamma[] = {
    {"parameters", "parameter,value\np,6.25\nq,3.74\nv,15.44\n"}};
inline constexpr example_slot simulate_weekly_slots[] = {
    {.name = "orders", .entry = pareto_nbd::name, .tables = simulate_pareto_nbd, .options = simulate_week},
    {.name = "spend", .entry = gamma_gamma::name, .tables = simulate_gamma_gamma},
};
inline constexpr example_option simulate_weekly[] = {{"customers", "4"},     {"age", "39"},
                                                     {"entry_period", "12"}, {"holdout", "13"},
                                                     {"clock", "day"},       {"until", "1997-09-30"}};
inline constexpr example_table simulate_weekly_expected[] = {
    {"rows", "customer,frequency,recency,age,monetary_value,holdout_frequency\n1,0,0,30.14285714286,,0\n2,0,"
             "0,27.28571428571,,0\n3,1,3.285714285714,36.85714285714,54.73,0\n4,5,19.42857142857,29."
             "85714285714,41.21,3\n"},
    {"orders", "customer,time,date,amount\n1,0,1997-03-03,107.15\n2,0,1997-03-23,30.96\n3,0,1997-01-15,34."
               "02\n3,3.285714285714,1997-02-07,54.73\n4,0,1997-03-05,19.93\n4,7.142857142857,1997-04-24,29."
               "87\n4,14.14285714286,1997-06-12,31.37\n4,15,1997-06-18,54.47\n4,15.57142857143,1997-06-22,52."
               "58\n4,19.42857142857,1997-07-19,37.76\n4,35.28571428571,1997-11-07,45.37\n4,36.14285714286,"
               "1997-11-13,26.50\n4,37,1997-11-19,18.19\n"}};
inline constexpr example_table simulate_bg_bb[] = {
    {"parameters", "parameter,value\nalpha,1.2\nbeta,0.75\ngamma,0.66\ndelta,2.78\n"}};
inline constexpr example_slot simulate_yearly_slots[] = {
    {.name = "orders", .entry = bg_bb::name, .tables = simulate_bg_bb}};
inline constexpr example_option simulate_yearly[] = {
    {"customers", "4"}, {"age", "6"}, {"entry_period", "1"}, {"holdout", "2"}};
inline constexpr example_table simulate_yearly_expected[] = {
    {"rows", "customer,frequency,recency,age,opportunities,holdout_frequency\n1,4,5,5,5,1\n2,1,3,5,5,0\n3,1,"
             "1,5,5,0\n4,5,5,5,5,1\n"}};
inline constexpr example simulate_examples[] = {
    {.what = verb::reduce,
     .summary = "four customers as those of the CDNOW data, with dates and amounts: rows for fits, and a log "
                "for an order history",
     .source = "the definitions of Pareto/NBD and Gamma-Gamma and of the random numbers, programmed a second "
               "time in another language",
     .options = simulate_weekly,
     .expected = simulate_weekly_expected,
     .tolerance = 1e-11,
     .slots = simulate_weekly_slots},
    {.what = verb::reduce,
     .summary = "four donors with five or six appeals, and two more that are held out",
     .source = "the same for BG/BB",
     .options = simulate_yearly,
     .expected = simulate_yearly_expected,
     .tolerance = 1e-11,
     .slots = simulate_yearly_slots},
};

inline constexpr demo_slot simulate_demo_slots[] = {{"orders", pareto_nbd::name},
                                                    {"spend", gamma_gamma::name}};
inline constexpr example_option simulate_demo_options[] = {{"customers", "1000"},
                                                           {"age", "104 week"},
                                                           {"entry_period", "52 week"},
                                                           {"clock", "day"},
                                                           {"until", demo_today}};
inline constexpr demo_feed simulate_demo[] = {
    {.slots = simulate_demo_slots, .options = simulate_demo_options}};

inline constexpr entry_description simulate_description{
    .name = simulate_name,
    .what = verb::reduce,
    .summary =
        "customers who behave as a model says, with parameters that are known: their rows and their orders",
    .source = "the definition of each model; gamma variates of Marsaglia and Tsang, ACM TOMS 26 (2000)",
    .chinese = "客户行为模拟",
    .since = "0.1",
    .options = simulate_options,
    .slots = simulate_slots,
    .outputs = simulate_outputs,
    .examples = simulate_examples,
    .demo = simulate_demo,
};

inline constexpr entry simulate_entry{.description = &simulate_description, .finish = &finish_simulate};

} // namespace emptor::value
