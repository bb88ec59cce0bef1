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
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/core/units.hpp>
#include <emptor/stats/net_orders.hpp>
#include <emptor/stats/order_history.hpp>

namespace emptor::value {

struct summary_options {
  std::optional<date> until; ///< the last day that counts; by default the latest day of the history
  time_unit unit = time_unit::day;
  stats::same_day same_day = stats::same_day::merge;
  stats::negative negative = stats::negative::net;
  std::optional<date> holdout_until;        ///< also count what came after `until`, up to this day
  std::optional<emptor::currency> currency; ///< only lines of this currency
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

namespace detail {

inline constexpr std::string_view summary_name = "value.summary";

/// What there is to say of one customer; of one without an order, 0 orders and what credit is left.
struct summary_row {
  std::int32_t first = 0;
  std::int32_t last = 0;
  std::int64_t orders = 0;
  std::int64_t amount = 0;
  std::int64_t repeat_amount = 0;
  std::int64_t unapplied = 0;
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
}

[[nodiscard]] inline summary_row summarise_customer(stats::order_netting& netting,
                                                    std::span<stats::order_line> lines, std::int32_t until,
                                                    std::optional<std::int32_t> holdout,
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
  made.holdout_until = options.holdout_until;
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
            detail::summarise_customer(netting, of_customer, until, holdout, lines.customers[place],
                                       sums[static_cast<std::size_t>(part)]);
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

// --- the catalogue's view ----------------------------------------------------------------------------------

inline constexpr std::string_view summary_units[] = {"day", "week", "month", "year"};

inline constexpr option_description summary_finish_options[] = {
    {.name = "until",
     .what = option_content::day,
     .summary = "the last day that counts (default: the latest day of the history)"},
    {.name = "unit",
     .what = option_content::choice,
     .summary = "time unit of recency and age: a week is 7 days, a month 30.436875, a year 365.2425",
     .default_value = "day",
     .choices = summary_units},
    {.name = "same_day",
     .what = option_content::choice,
     .summary =
         "merge: all that a customer orders on one day is one order; keep: each document is one, and each "
         "row without a document",
     .default_value = "merge",
     .choices = stats::same_day_names},
    {.name = "negative",
     .what = option_content::choice,
     .summary = "amounts below 0 net against orders as credit notes, are refused, or are kept as amounts of "
                "their day",
     .default_value = "net",
     .choices = stats::negative_names},
    {.name = "holdout_until",
     .what = option_content::day,
     .summary = "adds what happened after until, up to this day: holdout_frequency and holdout_amount"},
    {.name = "currency",
     .what = option_content::currency,
     .summary = "only lines in this currency; needed where the history holds several"},
};

inline constexpr column_description summary_columns[] = {
    {.name = "customer", .what = content::text, .summary = "customer (客户), sorted by bytes"},
    {.name = "frequency",
     .what = content::count,
     .unit = "orders",
     .summary = "repeat orders (重复购买频次)"},
    {.name = "recency",
     .what = content::number,
     .unit = "time units",
     .summary = "from the first order to the last (最近一次购买)"},
    {.name = "age",
     .what = content::number,
     .unit = "time units",
     .summary = "from the first order to until (客户年龄)"},
    {.name = "monetary_value",
     .what = content::number,
     .unit = "currency",
     .summary = "mean amount of the repeat orders (平均购买金额); null at frequency 0",
     .optional = true},
    {.name = "first_order", .what = content::day, .summary = "day of the first order (首次购买日)"},
    {.name = "last_order", .what = content::day, .summary = "day of the last order (末次购买日)"},
    {.name = "order_count", .what = content::count, .unit = "orders", .summary = "orders (订单数)"},
    {.name = "total_amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "what credit notes left of all orders (购买总额)"},
    {.name = "unapplied_credit",
     .what = content::amount,
     .unit = "currency",
     .summary = "credit that found no order to net against (未核销贷项), >= 0"},
    {.name = "holdout_frequency",
     .what = content::count,
     .unit = "orders",
     .summary = "orders after until up to holdout_until",
     .optional = true},
    {.name = "holdout_amount",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "by how much the net amount changed after until up to holdout_until; a later credit note lowers it",
     .optional = true},
};

inline constexpr column_description total_columns[] = {
    {.name = "total",
     .what = content::code,
     .summary = "pushed = later + cancelled + cancellations + orders + credit_notes; orders + credit_notes = "
                "summary - unapplied_credit",
     .levels = total_names},
    {.name = "customers", .what = content::count, .summary = "customers concerned"},
    {.name = "lines", .what = content::count, .summary = "order lines; 0 where customers are counted"},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "their sum"},
};

inline constexpr column_description unapplied_columns[] = {
    {.name = "customer", .what = content::text, .summary = "customer (客户), sorted by bytes"},
    {.name = "unapplied_credit",
     .what = content::amount,
     .unit = "currency",
     .summary = "credit that found no order to net against (未核销贷项), > 0"},
};

inline constexpr table_description summary_outputs[] = {
    {.name = "summary",
     .summary = "one row for each customer of whom an order is left",
     .columns = summary_columns},
    {.name = "totals",
     .summary = "where every line and every minor unit went (对账)",
     .columns = total_columns},
    {.name = "unapplied",
     .summary = "unapplied credit of each customer of whom no order is left (未核销贷项)",
     .columns = unapplied_columns},
};

// Ann: 100, 80 - 30, 30 - 10, so that the repeat orders are 50 and 20. Bob's only order is cancelled, and the
// cancellation comes first. Cai's credit of 45 takes all of her 40 and leaves the order of amount 0.
// Fay's order of 20 is cancelled, so that the credit note for it stays over.
inline constexpr example_table summary_example_tables[] = {
    {"orders", "customer,date,amount,document,cancels\n"
               "Ann,2024-01-01,100.00,D1,\n"
               "Ann,2024-01-15,80.00,D2,\n"
               "Ann,2024-01-20,-30.00,D3,D2\n"
               "Ann,2024-01-29,30.00,D4,\n"
               "Ann,2024-01-30,-10.00,D5,\n"
               "Bob,2024-01-09,,D6,D7\n"
               "Bob,2024-01-08,60.00,D7,\n"
               "Cai,2024-01-03,40.00,D8,\n"
               "Cai,2024-01-10,0.00,D9,\n"
               "Cai,2024-01-12,-45.00,D10,\n"
               "Fay,2024-01-11,20.00,D11,\n"
               "Fay,2024-01-12,-5.00,D12,D11\n"
               "Fay,2024-01-13,,D13,D11\n"},
};
inline constexpr example_option summary_example_options[] = {{"until", "2024-02-05"}, {"unit", "week"}};
inline constexpr example_table summary_example_expected[] = {
    {"summary",
     "customer,frequency,recency,age,monetary_value,first_order,last_order,order_count,total_amount,"
     "unapplied_credit\n"
     "Ann,2,4,5,35,2024-01-01,2024-01-29,3,170.00,0.00\n"
     "Cai,0,0,3.7142857142857144,,2024-01-10,2024-01-10,1,0.00,5.00\n"},
    {"totals", "total,customers,lines,amount\n"
               "pushed,4,13,240.00\n"
               "later,0,0,0.00\n"
               "cancelled,2,2,80.00\n"
               "cancellations,2,2,0.00\n"
               "open_cancellations,0,0,0.00\n"
               "orders,2,5,250.00\n"
               "credit_notes,3,4,-90.00\n"
               "summary,2,0,170.00\n"
               "without_order,2,0,0.00\n"
               "unapplied_credit,2,0,10.00\n"
               "holdout,0,0,0.00\n"
               "other_currencies,0,0,0.00\n"},
    {"unapplied", "customer,unapplied_credit\n"
                  "Fay,5.00\n"},
};
inline constexpr example summary_examples[] = {
    {.what = verb::reduce,
     .summary = "credit notes, one that names its document and one that does not; a cancellation that comes "
                "first; an order of amount 0; credit that is left over, also of a customer without an order",
     .source = "worked by hand",
     .tables = summary_example_tables,
     .options = summary_example_options,
     .expected = summary_example_expected},
};

inline constexpr entry_description summary_description{
    .name = "value.summary",
    .what = verb::reduce,
    .summary = "frequency, recency, age and monetary value of each customer, after credit notes",
    .source =
        "Fader, Hardie, Lee 2005, Counting your customers the easy way (frequency, recency, age); netting: "
        "emptor/stats/net_orders.hpp",
    .chinese = "客户购买汇总",
    .since = "0.1",
    .store = "order_history",
    .options = summary_finish_options,
    .outputs = summary_outputs,
    .examples = summary_examples,
};

/// The tables `summary`, `totals` and `unapplied` of what was summarised.
/// \throws error status::overflow where a total does not fit 64 bits
[[nodiscard]] inline std::vector<table> to_tables(summaries of) {
  const std::string code(of.currency.code());
  const std::string unit(name(of.unit));
  column monetary_value = column::numbers("monetary_value", std::move(of.monetary_value), code);
  for (std::size_t i = 0; i < of.frequency.size(); ++i) {
    if (of.frequency[i] == 0)
      monetary_value.set_missing(static_cast<std::int64_t>(i));
  }
  table rows("summary");
  rows.add(column::texts("customer", std::move(of.customer)));
  rows.add(column::integers("frequency", std::move(of.frequency), "orders"));
  rows.add(column::numbers("recency", std::move(of.recency), unit));
  rows.add(column::numbers("age", std::move(of.age), unit));
  rows.add(std::move(monetary_value));
  rows.add(column::days("first_order", std::move(of.first_order)));
  rows.add(column::days("last_order", std::move(of.last_order)));
  rows.add(column::integers("order_count", std::move(of.order_count), "orders"));
  rows.add(column::amounts("total_amount", std::move(of.total_amount), of.decimals, code));
  rows.add(column::amounts("unapplied_credit", std::move(of.unapplied_credit), of.decimals, code));
  if (of.holdout_until) {
    rows.add(column::integers("holdout_frequency", std::move(of.holdout_frequency), "orders"));
    rows.add(column::amounts("holdout_amount", std::move(of.holdout_amount), of.decimals, code));
  }
  std::vector<std::int32_t> codes;
  std::vector<std::int64_t> customers;
  std::vector<std::int64_t> lines;
  std::vector<std::int64_t> amounts;
  for (std::size_t i = 0; i < total_count; ++i) {
    codes.push_back(static_cast<std::int32_t>(i));
    customers.push_back(of.totals[i].customers);
    lines.push_back(of.totals[i].lines);
    const wide_integer amount = of.totals[i].amount;
    constexpr std::int64_t limit = std::numeric_limits<std::int64_t>::max();
    if (amount > limit || amount < -limit)
      throw error(status::overflow,
                  std::string(detail::summary_name) + ": the amounts of all customers do not fit 64 bits");
    amounts.push_back(static_cast<std::int64_t>(amount));
  }
  table totals("totals");
  totals.add(column::codes("total", std::move(codes), total_names));
  totals.add(column::integers("customers", std::move(customers)));
  totals.add(column::integers("lines", std::move(lines)));
  totals.add(column::amounts("amount", std::move(amounts), of.decimals, code));
  table unapplied("unapplied");
  unapplied.add(column::texts("customer", std::move(of.credit_only)));
  unapplied.add(column::amounts("unapplied_credit", std::move(of.credit_only_amount), of.decimals, code));
  return {std::move(rows), std::move(totals), std::move(unapplied)};
}

/// From options with the names of `summary_finish_options`.
[[nodiscard]] inline summary_options read_summary_options(const option_values& given) {
  summary_options options;
  options.until = given.day("until");
  options.unit = given.unit("unit");
  options.same_day = given.choice<stats::same_day>("same_day", stats::same_day_names);
  options.negative = given.choice<stats::negative>("negative", stats::negative_names);
  options.holdout_until = given.day("holdout_until");
  if (given.has("currency"))
    options.currency = currency(given.text("currency"));
  return options;
}

inline result finish_summary(const finish_request& request) {
  const auto* from = dynamic_cast<const stats::order_history*>(request.from);
  if (from == nullptr)
    throw error(status::mismatch, std::string(detail::summary_name) + " finishes from a store order_history");
  return {to_tables(summarise(*from, read_summary_options(request.options), request.how, request.keys)),
          nullptr};
}

inline constexpr entry summary_entry{.description = &summary_description, .finish = finish_summary};

} // namespace emptor::value
