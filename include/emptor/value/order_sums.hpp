// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string_view>
#include <utility>

#include <emptor/core/described_table.hpp>
#include <emptor/core/money.hpp>
#include <emptor/core/table.hpp>
#include <emptor/stats/lines_by_customer.hpp>
#include <emptor/stats/net_orders.hpp>
#include <emptor/value/money_lines.hpp>

/// Where the money of an order history went, for reports over what netting left of each customer's orders (对账).
namespace emptor::value {

/// Of all customers; in amounts: ordered + credit_notes = left - unapplied_credit, to the minor unit.
struct order_sums {
  std::int64_t customers = 0;     ///< of whom an order is left
  std::int64_t without_order = 0; ///< of whom none is
  std::int64_t orders = 0;        ///< that are left
  wide_integer left = 0;          ///< what they come to
  stats::line_total ordered;      ///< before credit notes
  stats::line_total credit_notes;
  stats::line_total cancelled;
  stats::line_total later;
  wide_integer unapplied_credit = 0;

  /// One customer.
  void add(const stats::net_history& net) noexcept {
    ++(net.left.empty() ? without_order : customers);
    orders += static_cast<std::int64_t>(net.left.size());
    for (const stats::net_order& order : net.left)
      left += order.amount;
    ordered.add(net.orders);
    credit_notes.add(net.credit_notes);
    cancelled.add(net.cancelled);
    later.add(net.later);
    unapplied_credit += net.unapplied_credit;
  }
  void add(const order_sums& other) noexcept {
    customers += other.customers;
    without_order += other.without_order;
    orders += other.orders;
    left += other.left;
    ordered.add(other.ordered);
    credit_notes.add(other.credit_notes);
    cancelled.add(other.cancelled);
    later.add(other.later);
    unapplied_credit += other.unapplied_credit;
  }
};

inline constexpr column_description order_sum_columns[] = {
    {.name = "customers",
     .what = content::count,
     .unit = "customers",
     .summary = "of whom an order up to until is left"},
    {.name = "without_order",
     .what = content::count,
     .unit = "customers",
     .summary = "with lines, but of whom no order up to until is left"},
    {.name = "orders", .what = content::count, .unit = "orders", .summary = "that are left"},
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "of these orders: order_amount + credit_note_amount + unapplied_credit"},
    {.name = "order_amount", .what = content::amount, .unit = "currency", .summary = "before credit notes"},
    {.name = "credit_note_amount", .what = content::amount, .unit = "currency", .summary = "0 or below"},
    {.name = "unapplied_credit",
     .what = content::amount,
     .unit = "currency",
     .summary = "credit that found no order (未核销贷项)"},
    {.name = "cancelled_amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "that cancellations removed"},
    {.name = "later_amount", .what = content::amount, .unit = "currency", .summary = "dated after until"},
};
inline constexpr table_description order_sum_output{
    .name = "totals", .summary = "where the money went (对账): one row", .columns = order_sum_columns};

/// The table of `order_sum_output`. \param where begins messages
/// \throws error status::overflow where a sum does not fit 64 bits
[[nodiscard]] inline table order_sum_table(const order_sums& of, int decimals, std::string_view where) {
  const auto amount = [&](wide_integer sum) { return detail::amount_of_all(sum, where); };
  described_table made(order_sum_output, decimals);
  made.whole(of.customers)
      .whole(of.without_order)
      .whole(of.orders)
      .whole(amount(of.left))
      .whole(amount(of.ordered.amount))
      .whole(amount(of.credit_notes.amount))
      .whole(amount(of.unapplied_credit))
      .whole(amount(of.cancelled.amount))
      .whole(amount(of.later.amount));
  return std::move(made).made();
}

} // namespace emptor::value
