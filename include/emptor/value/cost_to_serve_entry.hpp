// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/described_table.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/stats/held_columns.hpp>
#include <emptor/stats/rows.hpp>
#include <emptor/value/cost_to_serve_description.hpp>

/// From a store of rows to the cost to serve, and from its report to tables.
namespace emptor::value {

namespace detail {

/// The lines of the tables that a store holds, whose texts they borrow.
[[nodiscard]] inline cost_to_serve_lines cost_lines_of(const std::vector<table>& held) {
  cost_to_serve_lines lines;
  for (const table& from : held) {
    const stats::held_texts customers(from, "customer");
    const stats::held_texts drivers(from, "driver");
    if (from.name() == "pools") {
      const stats::held_texts names(from, "pool");
      const stats::held_levels stages(from, "stage", cost_stages);
      const stats::held_amounts costs(from, "cost");
      const stats::held_numbers capacities(from, "capacity", 0.0);
      for (std::int64_t row = 0; row < from.rows(); ++row)
        lines.pools.push_back({names[row], static_cast<cost_stage>(stages[row]), costs[row],
                               drivers.has(row) ? drivers[row] : names[row],
                               decimal_quantity(capacities[row])});
    } else if (from.name() == "drivers") {
      const stats::held_numbers quantities(from, "quantity", 0.0);
      for (std::int64_t row = 0; row < from.rows(); ++row)
        lines.uses.push_back({customers[row], drivers[row], decimal_quantity(quantities[row])});
    } else if (from.name() == "orders") {
      const stats::held_amounts revenue(from, "revenue");
      const stats::held_amounts discounts(from, "discounts");
      const stats::held_amounts direct_cost(from, "direct_cost");
      for (std::int64_t row = 0; row < from.rows(); ++row)
        lines.sales.push_back({customers[row], revenue[row], discounts[row], direct_cost[row]});
    } else {
      const stats::held_amounts amounts(from, "amount");
      for (std::int64_t row = 0; row < from.rows(); ++row)
        lines.assets.push_back({customers[row], amounts[row]});
    }
  }
  return lines;
}

/// The money of a customer, or of all, and its ratios: the columns from revenue to return_on_assets.
inline void write_served(described_table& to, const served_customer& whose) {
  const auto narrow = [](wide_integer amount) { return static_cast<std::int64_t>(amount); };
  const customer_account& account = whose.account;
  to.whole(account.revenue)
      .whole(account.discounts)
      .whole(narrow(whose.left.net_revenue))
      .whole(account.direct_cost)
      .whole(narrow(whose.left.gross_margin));
  for (const std::int64_t stage : account.stages)
    to.whole(stage);
  const profit_ratios of = ratios_of(account, whose.left);
  to.whole(whose.cost_to_serve())
      .whole(whose.profit())
      .number(of.profit_rate)
      .number(of.gross_margin_rate)
      .number(of.cost_to_serve_rate)
      .number(of.cost_contribution_rate)
      .number(of.margin_per_cost_to_serve)
      .whole(account.assets.value_or(no_amount))
      .number(of.return_on_assets);
}

} // namespace detail

/// The tables of a report. \param decimals of its money
[[nodiscard]] inline std::vector<table> to_tables(const cost_to_serve_report& report, int decimals) {
  described_table customers(cost_to_serve_outputs[0], decimals);
  described_table warnings(cost_to_serve_outputs[5], decimals);
  for (const std::string_view driver : report.idle_drivers)
    warnings.level(cost_warning::driver_without_pool).text(driver).whole(no_amount);
  for (const served_customer& whose : report.customers) {
    customers.text(whose.name).whole(static_cast<std::int64_t>(whose.rank));
    detail::write_served(customers, whose);
  }
  described_table pools(cost_to_serve_outputs[1], decimals);
  for (const served_pool& pool : report.pools) {
    pools.text(pool.name)
        .level(pool.stage)
        .text(pool.driver)
        .level(pool.state)
        .whole(pool.cost)
        .number(pool.capacity > 0 ? in_units(pool.capacity) : std::numeric_limits<double>::quiet_NaN())
        .number(in_units(pool.quantity))
        .number(whole_ratio(pool.quantity, pool.capacity))
        .number(money_per_unit(pool.cost, pool.divisor(), decimals))
        .whole(pool.customers)
        .whole(pool.allocated)
        .whole(pool.unused)
        .whole(pool.unallocated);
    if (pool.state == pool_state::unallocated)
      warnings.level(cost_warning::pool_without_driver).text(pool.name).whole(pool.cost);
    if (pool.state == pool_state::over_capacity)
      warnings.level(cost_warning::pool_over_capacity).text(pool.name).whole(pool.cost);
  }
  for (const served_customer& whose : report.customers) {
    if (!whose.sold && whose.cost_to_serve() > 0)
      warnings.level(cost_warning::customer_without_orders).text(whose.name).whole(whose.cost_to_serve());
  }
  described_table parts(cost_to_serve_outputs[2], decimals);
  for (const served_part& one : report.parts)
    parts.text(report.customers[one.customer].name)
        .text(report.pools[one.pool].name)
        .level(report.pools[one.pool].stage)
        .number(in_units(one.quantity))
        .whole(one.cost);
  described_table whale(cost_to_serve_outputs[3], decimals);
  const auto all = static_cast<std::int64_t>(report.customers.size());
  for (std::size_t i = 0; i < report.whale.size(); ++i) {
    const served_customer& whose = report.customers[report.whale[i].customer];
    const std::int64_t sum = report.whale[i].cumulative_profit;
    whale.whole(static_cast<std::int64_t>(i) + 1)
        .text(whose.name)
        .whole(whose.profit())
        .number(whole_ratio(static_cast<std::int64_t>(i) + 1, all))
        .whole(sum)
        .number(whole_ratio(sum, report.total.profit()))
        .number(whole_ratio(sum, report.peak));
  }
  described_table totals(cost_to_serve_outputs[4], decimals);
  totals.whole(all);
  detail::write_served(totals, report.total);
  totals.whole(report.pool_cost)
      .whole(report.unused)
      .whole(report.unallocated)
      .whole(report.profit_after_all)
      .whole(report.profitable)
      .whole(report.unprofitable)
      .whole(report.peak)
      .number(whole_ratio(report.profitable, all))
      .number(whole_ratio(report.peak, report.total.profit()))
      .whole(report.destroyed)
      .number(whole_ratio(report.destroyed, report.peak));
  std::vector<table> made;
  for (described_table* const one : {&customers, &pools, &parts, &whale, &totals, &warnings})
    made.push_back(std::move(*one).made());
  return made;
}

/// From a store of kind `rows` made for this entry. \throws error as `serve_customers` does
[[nodiscard]] inline result finish_cost_to_serve(const finish_request& request) {
  const auto& from = request.stored<stats::rows>();
  const std::vector<table> held = from.contents();
  return {to_tables(serve_customers(detail::cost_lines_of(held), request.how),
                    static_cast<int>(from.options().integer("decimals"))),
          nullptr};
}

inline constexpr entry cost_to_serve_entry{.description = &cost_to_serve_description,
                                           .finish = &finish_cost_to_serve};

} // namespace emptor::value
