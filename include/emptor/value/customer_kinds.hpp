// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/date.hpp>
#include <emptor/core/money.hpp>
#include <emptor/core/run.hpp>
#include <emptor/stats/calendar_periods.hpp>
#include <emptor/stats/lines_by_customer.hpp>
#include <emptor/stats/net_orders.hpp>
#include <emptor/stats/order_history.hpp>
#include <emptor/value/concentration.hpp>
#include <emptor/value/customer_orders.hpp>
#include <emptor/value/day_range.hpp>
#include <emptor/value/order_sums.hpp>

/// Which kind of customer each is (客户构成): main, general or sporadic by what he buys and how regularly, in a period and
/// the one before; and old, new, won back, lost, former or potential by in which of them he bought.
///
/// Orders are what credit notes and cancellations up to the last day left (net_orders.hpp), each in the period of its day:
/// a return lowers the order that it takes from, whenever that was placed.
///
/// Large is who belongs to the least number of customers that make the main share of the period's sales; equal totals
/// belong to it together (concentration.hpp). Regular is who placed enough orders in the period, in a large enough part of
/// its calendar months (or other periods of regularity), counted from the month of his first order on.
///
///     main (主要客户)      large and regular
///     general (一般客户)   one of the two
///     sporadic (零星客户)  neither
namespace emptor::value {

inline constexpr std::string_view customer_kinds_name = "value.customer_kinds";

enum class customer_kind : std::int32_t {
  main = 0,
  general = 1,
  sporadic = 2,
  none = 3, ///< no order in the period
};
inline constexpr std::string_view customer_kind_names[] = {"main", "general", "sporadic", "none"};

/// By orders in the period, in the one before, and earlier.
enum class customer_relation : std::int32_t {
  old = 0,      ///< in both (老客户)
  fresh = 1,    ///< in the period for the first time (新客户)
  won_back = 2, ///< in the period and earlier, not in between (赢回客户)
  lost = 3,     ///< in the one before, not in the period (流失客户)
  former = 4,   ///< earlier only
  potential =
      5, ///< known, but no order is left: none was placed, or all came back or were cancelled (潜在客户)
};
inline constexpr std::string_view customer_relation_names[] = {"old",  "new",    "won_back",
                                                               "lost", "former", "potential"};

struct customer_kinds_options {
  day_range now;
  day_range before; ///< ends the day before `now` begins
  stats::calendar_periods regular_periods = stats::calendar_periods::of_months(1);
  std::int64_t main_share = 800'000'000;    ///< billionths of the sales
  std::int64_t regular_share = 250'000'000; ///< billionths of the periods
  std::int64_t regular_orders = 2;
  stats::same_day same_day = stats::same_day::merge;
  stats::negative negative = stats::negative::net;
  std::optional<emptor::currency> currency;
};

/// What a customer bought in a period.
struct customer_window {
  std::int64_t amount = 0; ///< minor units
  std::int64_t orders = 0;
  std::int64_t active = 0; ///< periods of regularity with an order
  std::int64_t of = 0;     ///< periods of regularity that could have one
  customer_kind kind = customer_kind::none;
};

struct kind_of_customer {
  bool known = false;
  customer_relation relation = customer_relation::potential;
  std::array<customer_window, 2> windows; ///< the period, and the one before
  std::int64_t earlier_amount = 0;
  std::int64_t earlier_orders = 0;
  std::int32_t first = no_day; ///< day of the first order
  std::int32_t last = no_day;
};

struct customer_kinds_report {
  emptor::currency currency;
  int decimals = 2;
  std::vector<std::uint32_t> numbers;  ///< of the customers, by bytes
  std::vector<kind_of_customer> kinds; ///< of the same
  order_sums sums;                     ///< of all customers with lines, also of those that are not known yet
};

namespace detail {

/// What the orders of one customer come to in each window; by day.
[[nodiscard]] inline kind_of_customer windows_of(const stats::net_history& net,
                                                 const customer_kinds_options& options) {
  kind_of_customer made;
  made.known = true;
  if (net.left.empty())
    return made;
  made.first = net.left.front().day;
  made.last = net.left.back().day;
  std::array<std::optional<std::int32_t>, 2> latest; // period of regularity
  for (const stats::net_order& order : net.left) {
    const bool now = options.now.has(order.day);
    if (!now && !options.before.has(order.day)) {
      made.earlier_amount += order.amount;
      ++made.earlier_orders;
      continue;
    }
    const std::size_t which = now ? 0 : 1;
    customer_window& window = made.windows[which];
    window.amount += order.amount;
    ++window.orders;
    const std::int32_t period = options.regular_periods.number_of(order.day);
    window.active += latest[which] != period ? 1 : 0;
    latest[which] = period;
  }
  for (std::size_t which = 0; which < 2; ++which) {
    const day_range& span = which == 0 ? options.now : options.before;
    if (made.windows[which].orders > 0)
      made.windows[which].of = options.regular_periods.number_of(span.last) -
                               options.regular_periods.number_of(std::max(span.first, made.first)) + 1;
  }
  const bool now = made.windows[0].orders > 0;
  const bool before = made.windows[1].orders > 0;
  made.relation = now && before ? customer_relation::old
                  : now    ? made.earlier_orders > 0 ? customer_relation::won_back : customer_relation::fresh
                  : before ? customer_relation::lost
                  : made.earlier_orders > 0 ? customer_relation::former
                                            : customer_relation::potential;
  return made;
}

/// Sets the kinds of all customers in a window.
inline void set_kinds(std::vector<kind_of_customer>& of, std::size_t which,
                      const customer_kinds_options& options, std::string_view where) {
  std::vector<ranked_amount> buyers;
  for (std::size_t i = 0; i < of.size(); ++i) {
    if (of[i].windows[which].orders > 0)
      buyers.push_back({of[i].windows[which].amount, static_cast<std::uint32_t>(i)});
  }
  const ranked_amounts ranked(std::move(buyers), where);
  class_cuts cuts;
  cuts.cuts = {options.main_share, class_cuts::whole};
  const std::vector<std::int32_t> classes = ranked.classes_by_amount(cuts, crossing::upper);
  for (std::size_t i = 0; i < classes.size(); ++i) {
    customer_window& window = of[ranked.all()[i].place].windows[which];
    const bool large = classes[i] == 0;
    const bool regular = window.orders >= options.regular_orders &&
                         window.active * class_cuts::whole >= options.regular_share * window.of;
    window.kind = large && regular   ? customer_kind::main
                  : large || regular ? customer_kind::general
                                     : customer_kind::sporadic;
  }
}

} // namespace detail

/// Customers with a line dated up to the end of the period, and those of the table customers.
/// \param keys only these customers; large is then who is large among them \param where begins messages
/// \throws error as `stats::by_customer`; status::overflow, status::cancelled
[[nodiscard]] inline customer_kinds_report
kinds_of_customers(const stats::order_history& from, const customer_kinds_options& options,
                   const std::optional<std::vector<std::string>>& keys = {}, const run& how = {},
                   std::string_view where = customer_kinds_name) {
  stats::lines_by_customer lines = stats::by_customer(from, options.currency, keys, where, how);
  customer_kinds_report made;
  made.currency = lines.currency;
  made.decimals = lines.decimals;
  std::vector<kind_of_customer> all(lines.customers.size());
  std::vector<order_sums> sums(static_cast<std::size_t>(lines.parts()));
  const std::int32_t last = options.now.last;
  for_each_customer_orders(from, lines, {options.same_day, options.negative}, last, where, how,
                           [&](std::size_t part, std::size_t place, const stats::net_history& net) {
                             sums[part].add(net);
                             all[place] = detail::windows_of(net, options);
                             // Who has later lines only is not known yet.
                             all[place].known = net.orders.lines + net.credit_notes.lines +
                                                    net.cancelled.lines + net.cancellations >
                                                0;
                           });
  for (const order_sums& part : sums)
    made.sums.add(part);
  std::vector<std::uint8_t> listed(from.customers().size(), 0);
  const stats::order_history::facts facts = from.customer_facts();
  for (std::size_t row = 0; row < facts.rows; ++row) {
    if (from.is_live_fact(row))
      listed[facts.customer[row]] = 1;
  }
  if (keys) {
    const std::vector<std::uint8_t> wanted = from.customers().marked(*keys);
    for (std::size_t id = 0; id < wanted.size(); ++id)
      listed[id] &= wanted[id];
  }
  for (std::size_t place = 0; place < all.size(); ++place) {
    if (!all[place].known && listed[lines.customers[place]] == 0)
      continue;
    all[place].known = true;
    made.numbers.push_back(lines.customers[place]);
    made.kinds.push_back(all[place]);
  }
  for (const std::size_t which : {std::size_t{0}, std::size_t{1}})
    detail::set_kinds(made.kinds, which, options, where);
  return made;
}

} // namespace emptor::value
