// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/date.hpp>
#include <emptor/core/money.hpp>
#include <emptor/core/run.hpp>
#include <emptor/core/table.hpp>
#include <emptor/core/units.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/net_orders.hpp>
#include <emptor/stats/order_history.hpp>

namespace emptor::value {

struct summary_options {
  /// The last day that counts; by default the latest day of the history, and `summaries::far` tells whether that one
  /// lies far behind the others.
  std::optional<date> until;
  time_unit unit = time_unit::day;
  stats::same_day same_day = stats::same_day::merge;
  stats::negative negative = stats::negative::net;
  std::optional<date> holdout_until;        ///< also count what came after `until`, up to this day
  std::optional<emptor::currency> currency; ///< only lines of this currency
  bool variation = false;                   ///< also how the amounts of a customer's orders vary
};

/// Where every line and every minor unit of the history went:
/// pushed = later + cancelled + cancellations + orders + credit_notes, in lines and amounts, and
/// orders + credit_notes = summary - unapplied_credit, in amounts.
enum class total : std::int32_t {
  pushed = 0,             ///< all lines
  later = 1,              ///< dated after `until`
  cancelled = 2,          ///< removed by a cancellation
  cancellations = 3,      ///< what removed them
  open_cancellations = 4, ///< those of them that found no document of their customer
  orders = 5,             ///< before credit notes
  credit_notes = 6,
  summary = 7,           ///< the customers of the table and their total amount
  without_order = 8,     ///< customers who are not in the table, as no order up to `until` is left
  unapplied_credit = 9,  ///< customers whose credit found no order
  holdout = 10,          ///< customers whose net amount changed after `until`
  other_currencies = 11, ///< lines left out by option currency
};
inline constexpr std::string_view total_names[] = {
    "pushed",  "later",           "cancelled", "cancellations", "open_cancellations",
    "orders",  "credit_notes",    "summary",   "without_order", "unapplied_credit",
    "holdout", "other_currencies"};
inline constexpr std::size_t total_count = std::size(total_names);

/// One row a customer, sorted by the bytes of the customer.
struct summaries {
  date until{};
  std::optional<date> holdout_until;
  std::optional<stats::far_lines> far; ///< where `until` is the day of such lines, because no option set it
  bool with_variation = false;
  time_unit unit = time_unit::day;
  emptor::currency currency;
  int decimals = 2;
  text_buffer customer;
  std::vector<std::int64_t> frequency;   ///< orders but the first
  std::vector<double> recency;           ///< from the first order to the last, in `unit`
  std::vector<double> age;               ///< from the first order to `until`, in `unit`
  std::vector<double> monetary_value;    ///< mean amount of the orders but the first; NaN where there is none
  std::vector<std::int32_t> first_order; ///< days since 1970-01-01
  std::vector<std::int32_t> last_order;
  std::vector<std::int64_t> order_count;
  std::vector<std::int64_t> total_amount;     ///< of the orders, in minor units
  std::vector<std::int64_t> unapplied_credit; ///< credit that found no order, in minor units
  std::vector<double>
      amount_variation; ///< where asked for: (amount / mean amount - 1)^2 summed over the orders; NaN
                        ///< where the mean is not above 0
  std::vector<std::int64_t> holdout_frequency;
  std::vector<std::int64_t> holdout_amount;
  text_buffer credit_only; ///< customers without a row above who have unapplied credit, sorted by bytes
  std::vector<std::int64_t> credit_only_amount;
  text_buffer without_order; ///< all customers of `total::without_order`, sorted by bytes

  struct total_row {
    std::int64_t customers = 0;
    std::int64_t lines = 0; ///< order lines; 0 where they are not what is counted
    wide_integer amount = 0;
  };
  std::array<total_row, total_count> totals{};

  [[nodiscard]] const total_row& of(total which) const noexcept {
    return totals[static_cast<std::size_t>(which)];
  }
};

/// What somebody who reads a summary should know.
enum class summary_warning : std::int32_t {
  far_until = 0, ///< `until` is the day of the latest line, and that lies far behind the others
};
inline constexpr std::string_view summary_warning_names[] = {"far_until"};

namespace detail {

/// The text of `summary_warning::far_until`.
[[nodiscard]] inline std::string far_text(const stats::far_lines& far, date until) {
  return "until is " + to_string(until) + ", the day of the latest line, but " + std::to_string(far.lines) +
         (far.lines == 1 ? " line is" : " lines are") + " dated " +
         std::to_string(days_since_epoch(far.first) - days_since_epoch(far.last_before)) +
         " days and more after all others, which end on " + to_string(far.last_before) +
         "; if that is wrong, every age is too long: set until, or correct the dates";
}

inline constexpr std::string_view summary_name = "value.summary";

/// What there is to say of one customer; of one without an order, 0 orders and what credit is left.
struct summary_row {
  std::int32_t first = 0;
  std::int32_t last = 0;
  std::int64_t orders = 0;
  std::int64_t amount = 0;
  std::int64_t repeat_amount = 0;
  std::int64_t unapplied = 0;
  double variation = std::numeric_limits<double>::quiet_NaN();
  std::int64_t holdout_orders = 0;
  std::int64_t holdout_amount = 0;
};

using summary_totals = std::array<summaries::total_row, total_count>;

inline void add(summary_totals& sums, total which, std::int64_t customers, std::int64_t lines,
                wide_integer amount) noexcept {
  summaries::total_row& row = sums[static_cast<std::size_t>(which)];
  row.customers += customers;
  row.lines += lines;
  row.amount += amount;
}

/// Calls `body` with each column of numbers that has a row for each customer.
template <class Body>
void for_each_column(summaries& of, const Body& body) {
  body(of.frequency);
  body(of.recency);
  body(of.age);
  body(of.monetary_value);
  body(of.first_order);
  body(of.last_order);
  body(of.order_count);
  body(of.total_amount);
  body(of.unapplied_credit);
  if (of.holdout_until) {
    body(of.holdout_frequency);
    body(of.holdout_amount);
  }
  if (of.with_variation)
    body(of.amount_variation);
}

/// (amount / mean amount - 1)^2 summed over orders of this total amount; NaN where it is not above 0.
[[nodiscard]] inline double variation_of(std::span<const stats::net_order> orders, std::int64_t amount) {
  if (amount <= 0)
    return std::numeric_limits<double>::quiet_NaN();
  const math::real mean = math::real(static_cast<double>(amount)) / static_cast<double>(orders.size());
  math::real sum(0.0);
  for (const stats::net_order& order : orders) {
    const math::real off = math::real(static_cast<double>(order.amount)) / mean - 1.0;
    sum += off * off;
  }
  return math::value_of(sum);
}

[[nodiscard]] inline summary_row summarise_customer(stats::order_netting& netting,
                                                    std::span<stats::order_line> lines, std::int32_t until,
                                                    std::optional<std::int32_t> holdout, bool variation,
                                                    std::uint32_t customer, summary_totals& sums) {
  // No sum of a customer overflows: netting refuses amounts that together do not fit.
  summary_row row;
  wide_integer before = 0;
  bool has_later = false;
  {
    const stats::net_history& net = netting.net(lines, until, customer);
    for (const stats::net_order& order : net.left)
      row.amount += order.amount;
    row.orders = static_cast<std::int64_t>(net.left.size());
    row.unapplied = net.unapplied_credit;
    if (row.orders > 0) {
      row.first = net.left.front().day;
      row.last = net.left.back().day;
      row.repeat_amount = row.amount - net.left.front().amount;
      if (variation)
        row.variation = variation_of(net.left, row.amount);
    }
    before = net.orders.amount + net.credit_notes.amount;
    const auto some = [](const stats::line_total& of) { return of.lines > 0 ? 1 : 0; };
    has_later = net.later.lines > 0;
    add(sums, total::pushed, 1, 0, 0);
    add(sums, total::later, some(net.later), net.later.lines, net.later.amount);
    add(sums, total::cancelled, some(net.cancelled), net.cancelled.lines, net.cancelled.amount);
    add(sums, total::cancellations, net.cancellations > 0 ? 1 : 0, net.cancellations, 0);
    add(sums, total::open_cancellations, net.open_cancellations > 0 ? 1 : 0, net.open_cancellations, 0);
    add(sums, total::orders, some(net.orders), net.orders.lines, net.orders.amount);
    add(sums, total::credit_notes, some(net.credit_notes), net.credit_notes.lines, net.credit_notes.amount);
    add(sums, row.orders > 0 ? total::summary : total::without_order, 1, 0, row.amount);
    add(sums, total::unapplied_credit, row.unapplied > 0 ? 1 : 0, 0, row.unapplied);
  }
  if (holdout && has_later) {
    const stats::net_history& whole = netting.net(lines, *holdout, customer);
    row.holdout_orders = std::count_if(whole.left.begin(), whole.left.end(),
                                       [&](const stats::net_order& order) { return order.day > until; });
    row.holdout_amount = static_cast<std::int64_t>(whole.orders.amount + whole.credit_notes.amount - before);
    add(sums, total::holdout, row.holdout_orders > 0 || row.holdout_amount != 0 ? 1 : 0, 0,
        row.holdout_amount);
  }
  return row;
}

} // namespace detail

/// Frequency, recency, age and monetary value of each customer (RFM 汇总: 购买频次, 最近一次购买, 购买金额), from
/// orders after credit notes and cancellations (rules: stats/net_orders.hpp).
///
/// Only lines dated up to `until` count. Customers of whom no order is left then have no row; they are in
/// `total::without_order`, and their credit in `credit_only`. With `holdout_until` all lines up to that day are
/// netted once more: holdout_frequency is the number of orders left that are dated after `until`, and
/// holdout_amount by how much the customer's net amount (orders less credit notes, applied or not, less
/// cancelled documents) differs between the two days. A later credit note or cancellation of an earlier order
/// therefore lowers holdout_amount, but takes no order from holdout_frequency.
/// \param keys  only these customers; nullopt = all
/// \param where begins every message
/// \return the same bits for any order and split of pushes and any number of threads
/// \throws error status::option (holdout_until not after until), status::conflict, status::currency,
///         status::overflow, status::data (negative::refuse), status::cancelled
[[nodiscard]] inline summaries summarise(const stats::order_history& from,
                                         const summary_options& options = {}, const run& how = {},
                                         const std::optional<std::vector<std::string>>& keys = std::nullopt,
                                         std::string_view where = detail::summary_name) {
  summaries made;
  made.until = options.until ? *options.until : stats::last_day_of(from).value_or(date{});
  if (!options.until)
    made.far = stats::far_lines_of(from);
  made.holdout_until = options.holdout_until;
  made.with_variation = options.variation;
  made.unit = options.unit;
  if (options.unit == time_unit::none)
    throw error(status::option, message(where, "option unit", -1, "none", "day, week, month or year"));
  if (options.holdout_until && *options.holdout_until <= made.until)
    throw error(status::option, message(where, "option holdout_until", -1, to_string(*options.holdout_until),
                                        "after until, " + to_string(made.until)));
  stats::lines_by_customer lines = stats::by_customer(from, options.currency, keys, where, how);
  made.currency = lines.currency;
  made.decimals = lines.decimals;

  const std::int32_t until = days_since_epoch(made.until);
  std::optional<std::int32_t> holdout;
  if (made.holdout_until)
    holdout = days_since_epoch(*made.holdout_until);
  const double unit = days_in(options.unit);
  const auto scale = static_cast<double>(power_of_ten(made.decimals));
  detail::for_each_column(made, [&](auto& values) { values.resize(lines.customers.size()); });
  constexpr std::int64_t no_lines = -1; // of a customer who is not in any line that counts
  std::fill(made.order_count.begin(), made.order_count.end(), no_lines);
  std::vector<detail::summary_totals> sums(static_cast<std::size_t>(lines.parts()));
  for_each_task(lines.parts(), how, [&](std::int64_t part) {
    stats::order_netting netting(from, {options.same_day, options.negative});
    lines.for_each_customer(part, [&](std::size_t place, std::span<stats::order_line> of_customer) {
      try {
        const detail::summary_row row =
            detail::summarise_customer(netting, of_customer, until, holdout, made.with_variation,
                                       lines.customers[place], sums[static_cast<std::size_t>(part)]);
        made.frequency[place] = row.orders - 1;
        made.recency[place] = (row.last - row.first) / unit;
        made.age[place] = (until - row.first) / unit;
        made.monetary_value[place] = row.orders > 1 ? static_cast<double>(row.repeat_amount) /
                                                          (static_cast<double>(row.orders - 1) * scale)
                                                    : std::numeric_limits<double>::quiet_NaN();
        made.first_order[place] = row.first;
        made.last_order[place] = row.last;
        made.order_count[place] = row.orders;
        made.total_amount[place] = row.amount;
        made.unapplied_credit[place] = row.unapplied;
        if (holdout) {
          made.holdout_frequency[place] = row.holdout_orders;
          made.holdout_amount[place] = row.holdout_amount;
        }
        if (made.with_variation)
          made.amount_variation[place] = row.variation;
      } catch (const error& refused) {
        throw error(refused.code(), std::string(where) + ": " + refused.what());
      }
    });
  });
  detail::add(made.totals, total::pushed, 0, lines.all.lines, lines.all.amount);
  for (const detail::summary_totals& part : sums) {
    for (std::size_t i = 0; i < total_count; ++i)
      detail::add(made.totals, static_cast<total>(i), part[i].customers, part[i].lines, part[i].amount);
  }
  detail::add(made.totals, total::other_currencies, 0, lines.in_other_currencies, 0);

  std::size_t kept = 0;
  for (std::size_t place = 0; place < lines.customers.size(); ++place) {
    const std::string_view customer = from.customers()[lines.customers[place]];
    if (made.order_count[place] > 0) {
      made.customer.push_back(customer);
      if (kept != place)
        detail::for_each_column(made, [&](auto& values) { values[kept] = values[place]; });
      ++kept;
      continue;
    }
    if (made.order_count[place] != no_lines)
      made.without_order.push_back(customer);
    if (made.unapplied_credit[place] > 0) {
      made.credit_only.push_back(customer);
      made.credit_only_amount.push_back(made.unapplied_credit[place]);
    }
  }
  detail::for_each_column(made, [&](auto& values) { values.resize(kept); });
  return made;
}

} // namespace emptor::value
