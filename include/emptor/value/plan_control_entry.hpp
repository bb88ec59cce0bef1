// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
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
#include <emptor/value/plan_control_description.hpp>

/// From a store of rows to plan control, and from its report to tables.
namespace emptor::value {

namespace detail {

/// A quantity of sales: nothing sold without a word about it is 0 pieces.
[[nodiscard]] inline std::int64_t quantity_of(double given, std::int64_t sales) noexcept {
  if (!std::isnan(given))
    return decimal_quantity(given);
  return sales == 0 ? 0 : no_amount;
}

/// The lines of the tables that a store holds, whose texts they borrow.
[[nodiscard]] inline plan_lines plan_lines_of(const std::vector<table>& held) {
  plan_lines lines;
  for (const table& from : held) {
    const stats::held_texts units(from, "unit");
    if (from.name() == "sales") {
      const stats::held_texts products(from, "product");
      const stats::held_numbers planned_quantities(from, "planned_quantity");
      const stats::held_numbers actual_quantities(from, "actual_quantity");
      const stats::held_amounts planned(from, "planned_sales");
      const stats::held_amounts actual(from, "actual_sales");
      for (std::int64_t row = 0; row < from.rows(); ++row)
        lines.sales.push_back({units[row], products[row], quantity_of(planned_quantities[row], planned[row]),
                               quantity_of(actual_quantities[row], actual[row]), planned[row], actual[row]});
    } else if (from.name() == "expenses") {
      const stats::held_texts kinds(from, "kind");
      const stats::held_amounts planned(from, "planned", no_amount);
      const stats::held_amounts actual(from, "actual");
      const stats::held_numbers low(from, "low");
      const stats::held_numbers high(from, "high");
      for (std::int64_t row = 0; row < from.rows(); ++row)
        lines.expenses.push_back({units[row], kinds[row], planned[row], actual[row], low[row], high[row]});
    } else {
      const stats::held_levels scenarios(from, "scenario", plan_scenarios);
      const auto amounts = [&](std::string_view name) { return stats::held_amounts(from, name, no_amount); };
      const auto numbers = [&](std::string_view name) { return stats::held_numbers(from, name); };
      const auto sales = amounts("sales");
      const auto market_sales = amounts("market_sales");
      const auto served = amounts("served_market_sales");
      const auto leader = amounts("leader_sales");
      const auto top_three = amounts("top_three_sales");
      const auto customers = numbers("customers");
      const auto market_customers = numbers("market_customers");
      const auto quantity = numbers("quantity");
      const auto market_quantity = numbers("market_quantity");
      const auto customers_quantity = numbers("customers_quantity");
      for (std::int64_t row = 0; row < from.rows(); ++row)
        lines.markets.push_back(
            {units[row],
             scenarios.has(row) ? static_cast<plan_scenario>(scenarios[row]) : plan_scenario::actual,
             sales[row], market_sales[row], served[row], leader[row], top_three[row], customers[row],
             market_customers[row], quantity[row], market_quantity[row], customers_quantity[row]});
    }
  }
  return lines;
}

[[nodiscard]] inline double known_quantity(std::int64_t quantity) noexcept {
  return quantity == no_amount ? std::numeric_limits<double>::quiet_NaN() : in_units(quantity);
}
[[nodiscard]] inline double known_price(std::int64_t sales, std::int64_t quantity, int decimals) noexcept {
  return quantity == no_amount ? std::numeric_limits<double>::quiet_NaN()
                               : money_per_unit(sales, quantity, decimals);
}
/// A part of the variance as a share of it.
[[nodiscard]] inline double variance_share(std::int64_t part, std::int64_t all) noexcept {
  return part == no_amount ? std::numeric_limits<double>::quiet_NaN() : signed_ratio(part, all);
}
[[nodiscard]] inline double expense_ratio(std::int64_t expense, std::int64_t sales) noexcept {
  return expense == no_amount ? std::numeric_limits<double>::quiet_NaN() : whole_ratio(expense, sales);
}

/// The columns from planned_sales on.
inline void write_plan_unit(described_table& to, const controlled_sales& unit) {
  const sales_variance& made = unit.variance;
  to.whole(unit.of.planned)
      .whole(unit.of.actual)
      .whole(made.all)
      .number(whole_ratio(made.all, unit.of.planned))
      .whole(made.price)
      .whole(made.volume)
      .whole(made.quantity)
      .whole(made.mix)
      .number(variance_share(made.price, made.all))
      .number(variance_share(made.volume, made.all))
      .whole(unit.planned_expense)
      .whole(unit.actual_expense)
      .number(expense_ratio(unit.planned_expense, unit.of.planned))
      .number(expense_ratio(unit.actual_expense, unit.of.actual));
}

} // namespace detail

/// The tables of a report. \param decimals of its money
[[nodiscard]] inline std::vector<table> to_tables(const plan_report& report, int decimals) {
  described_table lines(plan_control_outputs[0], decimals);
  for (const controlled_sales& line : report.lines) {
    const planned_sales& of = line.of;
    lines.text(of.unit);
    if (of.product.empty())
      lines.no_text();
    else
      lines.text(of.product);
    lines.number(detail::known_quantity(of.planned_quantity))
        .number(detail::known_quantity(of.actual_quantity))
        .number(detail::known_price(of.planned, of.planned_quantity, decimals))
        .number(detail::known_price(of.actual, of.actual_quantity, decimals))
        .whole(of.planned)
        .whole(of.actual)
        .whole(line.variance.all)
        .number(whole_ratio(line.variance.all, of.planned))
        .whole(line.variance.price)
        .whole(line.variance.volume)
        .number(detail::variance_share(line.variance.price, line.variance.all))
        .number(detail::variance_share(line.variance.volume, line.variance.all));
  }
  described_table units(plan_control_outputs[1], decimals);
  for (const controlled_sales& unit : report.units) {
    units.text(unit.of.unit);
    detail::write_plan_unit(units, unit);
  }
  described_table total(plan_control_outputs[2], decimals);
  detail::write_plan_unit(total, report.total);
  described_table expenses(plan_control_outputs[3], decimals);
  for (const controlled_expense& one : report.expenses)
    expenses.text(one.of.unit)
        .text(one.of.kind)
        .whole(one.of.planned)
        .whole(one.of.actual)
        .whole(one.allowed)
        .whole(one.over_allowed)
        .number(one.planned_ratio)
        .number(one.actual_ratio)
        .number(one.low)
        .number(one.high)
        .code(one.verdict ? static_cast<std::int32_t>(*one.verdict) : -1);
  described_table markets(plan_control_outputs[4], decimals);
  for (const controlled_market& one : report.markets) {
    markets.text(one.of.unit)
        .level(one.of.scenario)
        .whole(one.of.sales)
        .number(one.share)
        .number(one.served_share)
        .number(one.relative_to_leader)
        .number(one.relative_to_top_three);
    for (const double factor : one.factors.values)
      markets.number(factor);
    markets.number(one.factors.product).number(one.difference);
    for (const double effect : one.effects)
      markets.number(effect);
  }
  std::vector<table> made;
  for (described_table* const one : {&lines, &units, &total, &expenses, &markets})
    made.push_back(std::move(*one).made());
  return made;
}

/// From a store of kind `rows` made for this entry. \throws error as `control_plan` does
[[nodiscard]] inline result finish_plan_control(const finish_request& request) {
  const auto& from = request.stored<stats::rows>();
  request.how.check(0.0);
  const std::vector<table> held = from.contents();
  plan_lines lines = detail::plan_lines_of(held);
  lines.tolerance = request.options.number("tolerance");
  return {to_tables(control_plan(std::move(lines)), static_cast<int>(from.options().integer("decimals"))),
          nullptr};
}

inline constexpr entry plan_control_entry{.description = &plan_control_description,
                                          .finish = &finish_plan_control};

} // namespace emptor::value
