// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <span>
#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/value/customer_kinds.hpp>
#include <emptor/value/order_sums.hpp>
#include <emptor/value/summary_entry.hpp>
#include <emptor/value/until_option.hpp>

/// How the catalogue knows the kinds of customers (customer_kinds.hpp).
namespace emptor::value {

inline constexpr option_description customer_kinds_option_list[] = {
    described_in(summary_finish_options, "until"),
    {.name = "since",
     .what = option_content::day,
     .summary = "first day of the period (default: it is the twelve months of the calendar that end with "
                "that of until)"},
    {.name = "compare_since",
     .what = option_content::day,
     .summary =
         "first day of the earlier period, which ends on the day before since (default: as many days as the "
         "period has, or the year before it where since is not given)"},
    {.name = "main_share",
     .what = option_content::number,
     .summary =
         "large is who belongs to the least number of customers that make this share of the period's sales",
     .unit = "share",
     .allowed = {.low = 0.0, .high = 1.0, .low_open = true},
     .default_value = "0.8"},
    {.name = "regular_share",
     .what = option_content::number,
     .summary = "regular is who ordered in this share of the months of the period at least, counted from "
                "that of his "
                "first order",
     .unit = "share",
     .allowed = {0.0, 1.0},
     .default_value = "0.25"},
    {.name = "regular_orders",
     .what = option_content::integer,
     .summary = "and placed so many orders in the period at least",
     .allowed = {1.0, 1e9},
     .default_value = "2"},
    {.name = "regular_period",
     .what = option_content::text,
     .summary = "in place of months: quarter, year, or a number of days, the last of them ending with until",
     .default_value = "month"},
    described_in(summary_finish_options, "same_day"),
    described_in(summary_finish_options, "negative"),
    described_in(summary_finish_options, "currency"),
};

inline constexpr std::string_view customer_window_names[] = {"current", "before", "earlier"};

inline constexpr column_description kinds_customer_columns[] = {
    {.name = "customer", .what = content::text, .summary = "customer (客户), sorted by bytes"},
    {.name = "relation",
     .what = content::code,
     .summary =
         "old (老客户): orders in the period and the one before; new (新客户): the first ones in the period; "
         "won_back (赢回客户): in the period and earlier, not in the one before; lost (流失客户): in the one "
         "before only, or earlier too; former: earlier only; potential (潜在客户): known, but no order is "
         "left: "
         "none was placed, all were cancelled, or credit is all there is",
     .levels = customer_relation_names},
    {.name = "kind",
     .what = content::code,
     .summary =
         "main (主要客户): large and regular in the period; general (一般客户): one of the two; sporadic "
         "(零星客户): neither; none: no order in it",
     .levels = customer_kind_names},
    {.name = "kind_before",
     .what = content::code,
     .summary = "the same in the period before",
     .levels = customer_kind_names},
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "what is left of his orders in the period"},
    {.name = "share",
     .unit = "share",
     .summary = "of all customers' in the period; none where that is 0",
     .optional = true},
    {.name = "amount_before", .what = content::amount, .unit = "currency", .summary = "in the period before"},
    {.name = "amount_earlier", .what = content::amount, .unit = "currency", .summary = "earlier"},
    {.name = "orders", .what = content::count, .unit = "orders", .summary = "in the period"},
    {.name = "orders_before", .what = content::count, .unit = "orders", .summary = "in the period before"},
    {.name = "active_periods",
     .what = content::count,
     .summary = "months (or what regular_period says) of the period in which he ordered"},
    {.name = "periods",
     .what = content::count,
     .summary = "of so many, from that of his first order on; 0 without an order in the period"},
    {.name = "first_order", .what = content::day, .summary = "none without an order", .optional = true},
    {.name = "last_order", .what = content::day, .summary = "none without an order", .optional = true},
};
inline constexpr column_description kinds_columns[] = {
    {.name = "period",
     .what = content::code,
     .summary = "current or before",
     .levels = customer_window_names},
    {.name = "kind",
     .what = content::code,
     .summary = "main, general or sporadic",
     .levels = customer_kind_names},
    {.name = "customers", .what = content::count, .summary = "how many"},
    {.name = "customer_share",
     .unit = "share",
     .summary = "of those with an order in the period",
     .optional = true},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "of their orders in it"},
    {.name = "share", .unit = "share", .summary = "of all orders in it", .optional = true},
    {.name = "orders", .what = content::count, .unit = "orders", .summary = "in it"},
};
inline constexpr column_description relations_columns[] = {
    {.name = "relation",
     .what = content::code,
     .summary = "as in customers",
     .levels = customer_relation_names},
    {.name = "customers", .what = content::count, .summary = "how many"},
    {.name = "customer_share", .unit = "share", .summary = "of all known customers", .optional = true},
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "of their orders in the period"},
    {.name = "share", .unit = "share", .summary = "of all orders in it", .optional = true},
    {.name = "amount_before", .what = content::amount, .unit = "currency", .summary = "in the period before"},
    {.name = "share_before", .unit = "share", .summary = "of all orders in that", .optional = true},
    {.name = "change",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "amount - amount_before: what old, new, won back and lost customers add to the change of sales"},
    {.name = "orders", .what = content::count, .unit = "orders", .summary = "in the period"},
    {.name = "orders_before", .what = content::count, .unit = "orders", .summary = "in the period before"},
};
inline constexpr column_description kind_transition_columns[] = {
    {.name = "kind_before",
     .what = content::code,
     .summary = "in the period before",
     .levels = customer_kind_names},
    {.name = "kind", .what = content::code, .summary = "in the period", .levels = customer_kind_names},
    {.name = "customers", .what = content::count, .summary = "how many moved so, or stayed"},
    {.name = "rate",
     .unit = "share",
     .summary = "of those of kind_before; none where there are none",
     .optional = true},
    {.name = "amount_before",
     .what = content::amount,
     .unit = "currency",
     .summary = "of their orders in the period before"},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "in the period"},
};
inline constexpr column_description kinds_period_columns[] = {
    {.name = "period",
     .what = content::code,
     .summary = "current, before, and earlier than both; they add up to all orders that are left",
     .levels = customer_window_names},
    {.name = "from", .what = content::day, .summary = "first day; none of earlier", .optional = true},
    {.name = "until", .what = content::day, .summary = "last day"},
    {.name = "active", .what = content::count, .unit = "customers", .summary = "with an order in it"},
    {.name = "orders", .what = content::count, .unit = "orders", .summary = "in it"},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "of them"},
};
inline constexpr column_description kinds_rate_columns[] = {
    {.name = "retention_rate",
     .unit = "share",
     .summary = "old of old and lost customers (客户保持率); none where nobody ordered in the period before",
     .optional = true},
    {.name = "loss_rate", .unit = "share", .summary = "lost of the same (客户流失率)", .optional = true},
    {.name = "revenue_retention",
     .unit = "share",
     .summary =
         "what old customers ordered in the period, of what old and lost ones ordered in the one before (net "
         "revenue retention); above 1 where those who stay order so much more",
     .optional = true},
    {.name = "new_share",
     .unit = "share",
     .summary = "new of the customers with an order in the period (新客户率); none where there are none",
     .optional = true},
    {.name = "won_back_share", .unit = "share", .summary = "won back of the same", .optional = true},
    {.name = "potential_share",
     .unit = "share",
     .summary = "potential of all known customers",
     .optional = true},
};
inline constexpr table_description customer_kinds_outputs[] = {
    {.name = "customers",
     .summary = "one row for each customer with a line up to until or in the table customers",
     .columns = kinds_customer_columns},
    {.name = "kinds",
     .summary = "main, general and sporadic customers in both periods",
     .columns = kinds_columns},
    {.name = "relations",
     .summary = "old, new, won back, lost, former and potential customers",
     .columns = relations_columns},
    {.name = "transitions",
     .summary = "from the kind in the period before to that in the period: all sixteen",
     .columns = kind_transition_columns},
    {.name = "periods", .summary = "what the tables add up to, by period", .columns = kinds_period_columns},
    {.name = "rates", .summary = "one row", .columns = kinds_rate_columns},
    order_sum_output,
    until_warning_output,
};

// In 2024 the sales are 1,000.00. Ann makes 800.00, at least 80 %, in 3 of 12 months: main. Bob orders in 4 of 12 months,
// but little: general. Cai's one order of 50.00 is sporadic; she came back, as her last order was in 2022. Dan bought for
// 300.00 in 2023 and no more. Eve is new, with two orders in 2 of her 2 months: general. Fay is known, and never ordered.
inline constexpr example_table customer_kinds_example_tables[] = {
    {"orders", "customer,date,amount\n"
               "Ann,2023-05-01,400.00\nAnn,2023-06-01,200.00\nAnn,2023-07-03,100.00\n"
               "Ann,2024-02-01,300.00\nAnn,2024-03-01,300.00\nAnn,2024-09-01,200.00\n"
               "Bob,2023-01-10,50.00\n"
               "Bob,2024-01-10,20.00\nBob,2024-02-10,20.00\nBob,2024-03-10,20.00\nBob,2024-04-10,20.00\n"
               "Cai,2022-01-01,90.00\nCai,2024-06-06,50.00\n"
               "Dan,2023-08-08,300.00\n"
               "Eve,2024-11-05,30.00\nEve,2024-12-05,40.00\n"},
    {"customers", "customer\nAnn\nFay\n"},
};
inline constexpr example_option customer_kinds_example_options[] = {{"until", "2024-12-31"}};
inline constexpr example_table customer_kinds_example_expected[] = {
    {"customers",
     "customer,relation,kind,kind_before,amount,amount_before,amount_earlier,orders,active_periods,periods\n"
     "Ann,old,main,main,800.00,700.00,0.00,3,3,12\n"
     "Bob,old,general,sporadic,80.00,50.00,0.00,4,4,12\n"
     "Cai,won_back,sporadic,none,50.00,0.00,90.00,1,1,12\n"
     "Dan,lost,none,general,0.00,300.00,0.00,0,0,0\n"
     "Eve,new,general,none,70.00,0.00,0.00,2,2,2\n"
     "Fay,potential,none,none,0.00,0.00,0.00,0,0,0\n"},
    {"relations", "relation,customers,amount,amount_before,change\n"
                  "old,2,880.00,750.00,130.00\n"
                  "new,1,70.00,0.00,70.00\n"
                  "won_back,1,50.00,0.00,50.00\n"
                  "lost,1,0.00,300.00,-300.00\n"
                  "former,0,0.00,0.00,0.00\n"
                  "potential,1,0.00,0.00,0.00\n"},
    {"periods", "period,from,until,active,orders,amount\n"
                "current,2024-01-01,2024-12-31,4,10,1000.00\n"
                "before,2023-01-01,2023-12-31,3,5,1050.00\n"
                "earlier,,2022-12-31,1,1,90.00\n"},
    {"totals",
     "customers,without_order,orders,amount,unapplied_credit,later_amount\n5,0,16,2140.00,0.00,0.00\n"},
    {"rates", "retention_rate,loss_rate,revenue_retention,new_share,won_back_share,potential_share\n"
              "0.6666666666666666,0.3333333333333333,0.8380952380952381,0.25,0.25,0.16666666666666666\n"},
};
inline constexpr example customer_kinds_examples[] = {
    {.what = verb::reduce,
     .summary = "six customers over two years, one of each relation but former",
     .source = "made for this page, to be checked by hand",
     .tables = customer_kinds_example_tables,
     .options = customer_kinds_example_options,
     .expected = customer_kinds_example_expected,
     .tolerance = 1e-14},
};

inline constexpr demo_input customer_kinds_demo_inputs[] = {{"orders", "orders"}};
inline constexpr example_option customer_kinds_demo_options[] = {{"until", demo_today}};
inline constexpr demo_feed customer_kinds_demo[] = {
    {.inputs = customer_kinds_demo_inputs, .options = customer_kinds_demo_options}};

inline constexpr entry_description customer_kinds_description{
    .name = customer_kinds_name,
    .what = verb::reduce,
    .summary =
        "main, general and sporadic customers, and old, new, won back, lost and potential ones, between two "
        "periods, with the moves between kinds",
    .source = "customer composition analysis as Chinese texts on customer relationship management teach it; "
              "the rules "
              "are in emptor/value/customer_kinds.hpp",
    .chinese = "客户构成分析: 主要客户, 一般客户, 零星客户; 老客户, 新客户, 赢回客户, 流失客户, 潜在客户",
    .since = "0.1",
    .store = "order_history",
    .options = customer_kinds_option_list,
    .outputs = customer_kinds_outputs,
    .examples = customer_kinds_examples,
    .demo = customer_kinds_demo,
};

} // namespace emptor::value
