// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/core/units.hpp>
#include <emptor/stats/net_orders.hpp>
#include <emptor/stats/order_history.hpp>
#include <emptor/value/money_lines.hpp>
#include <emptor/value/summary.hpp>

/// How the catalogue knows the summary of customers (summary.hpp).
namespace emptor::value {

inline constexpr std::string_view summary_units[] = {"day", "week", "month", "year"};

inline constexpr option_description summary_finish_options[] = {
    {.name = "until",
     .what = option_content::day,
     .summary = "the last day that counts (default: the latest day of the history; the table warnings tells "
                "if it lies "
                "more than a year behind all others)"},
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

inline constexpr column_description summary_warning_columns[] = {
    {.name = "warning",
     .what = content::code,
     .summary = "what is to be known",
     .levels = summary_warning_names},
    {.name = "text", .what = content::text, .summary = "in words, with its figures"},
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
    {.name = "warnings",
     .summary = "what to know before using the figures",
     .columns = summary_warning_columns},
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

inline constexpr demo_input summary_demo_inputs[] = {{"orders", "orders"}};
inline constexpr example_option summary_demo_options[] = {{"until", demo_today}, {"unit", "week"}};
inline constexpr example_option summary_demo_calibration[] = {
    {"until", demo_year_ago}, {"unit", "week"}, {"holdout_until", demo_today}};
inline constexpr demo_comparison summary_demo_compared[] = {
    {demo_measure::exact, "summary", "order_count", "truth", "orders", "customer"},
    {demo_measure::exact, "summary", "total_amount", "truth", "total_amount", "customer"}};
inline constexpr demo_feed summary_demo[] = {
    {.inputs = summary_demo_inputs, .options = summary_demo_options, .compared = summary_demo_compared},
    {.label = "calibration", .inputs = summary_demo_inputs, .options = summary_demo_calibration}};

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
    .demo = summary_demo,
};

/// The tables `summary`, `totals`, `unapplied` and `warnings` of what was summarised.
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
    amounts.push_back(detail::amount_of_all(of.totals[i].amount, detail::summary_name));
  }
  table totals("totals");
  totals.add(column::codes("total", std::move(codes), total_names));
  totals.add(column::integers("customers", std::move(customers)));
  totals.add(column::integers("lines", std::move(lines)));
  totals.add(column::amounts("amount", std::move(amounts), of.decimals, code));
  table unapplied("unapplied");
  unapplied.add(column::texts("customer", std::move(of.credit_only)));
  unapplied.add(column::amounts("unapplied_credit", std::move(of.credit_only_amount), of.decimals, code));
  text_buffer texts;
  if (of.far)
    texts.push_back(detail::far_text(*of.far, of.until));
  std::vector<std::int32_t> warned(static_cast<std::size_t>(texts.size()),
                                   static_cast<std::int32_t>(summary_warning::far_until));
  table warnings("warnings", {column::codes("warning", std::move(warned), summary_warning_names),
                              column::texts("text", std::move(texts))});
  return {std::move(rows), std::move(totals), std::move(unapplied), std::move(warnings)};
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
  const auto& from = request.stored<stats::order_history>();
  return {to_tables(summarise(from, read_summary_options(request.options), request.how, request.keys)),
          nullptr};
}

inline constexpr entry summary_entry{.description = &summary_description, .finish = finish_summary};

} // namespace emptor::value
