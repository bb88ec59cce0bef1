// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <span>
#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/stats/calendar_periods.hpp>
#include <emptor/value/customer_base_audit.hpp>
#include <emptor/value/customer_kinds_description.hpp>
#include <emptor/value/order_sums.hpp>
#include <emptor/value/summary_entry.hpp>
#include <emptor/value/until_option.hpp>

/// How the catalogue knows the customer-base audit (customer_base_audit.hpp).
namespace emptor::value {

inline constexpr option_description customer_base_audit_option_list[] = {
    described_in(customer_kinds_option_list, "until"),
    described_in(customer_kinds_option_list, "since"),
    described_in(customer_kinds_option_list, "compare_since"),
    stats::period_option("quarter"),
    {.name = "most_orders",
     .what = option_content::integer,
     .summary = "customers with so many orders or more are one row of the table by_orders",
     .allowed = {1.0, 1000.0},
     .default_value = "10"},
    described_in(summary_finish_options, "same_day"),
    described_in(summary_finish_options, "negative"),
    described_in(summary_finish_options, "currency"),
};

inline constexpr column_description lens_one_columns[] = {
    {.name = "period",
     .what = content::code,
     .summary = "current or before",
     .levels = customer_window_names},
    {.name = "from", .what = content::day, .summary = "first day of the period"},
    {.name = "until", .what = content::day, .summary = "last day of the period"},
    {.name = "active", .what = content::count, .unit = "customers", .summary = "with an order in it"},
    {.name = "orders", .what = content::count, .unit = "orders", .summary = "in it"},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "of them"},
    {.name = "one_time_buyers", .what = content::count, .summary = "customers with one order in it"},
    {.name = "one_time_share", .unit = "share", .summary = "of its active customers", .optional = true},
    {.name = "orders_per_customer", .unit = "orders", .summary = "none without a customer", .optional = true},
    {.name = "amount_per_order", .unit = "currency", .summary = "none without an order", .optional = true},
    {.name = "amount_per_customer",
     .unit = "currency",
     .summary = "none without a customer",
     .optional = true},
    {.name = "median_amount", .unit = "currency", .summary = "of its customers", .optional = true},
    {.name = "top_10_share",
     .unit = "share",
     .summary = "of the amount, by the tenth of the customers with the most, rounded down",
     .optional = true},
    {.name = "top_20_share", .unit = "share", .summary = "by the fifth of them", .optional = true},
    {.name = "gini",
     .unit = "share",
     .summary = "of the amounts, as in value.concentration",
     .optional = true},
};
inline constexpr column_description by_orders_columns[] = {
    {.name = "orders",
     .what = content::count,
     .unit = "orders",
     .summary = "in the period; in the last row so many or more"},
    {.name = "customers", .what = content::count, .summary = "with so many"},
    {.name = "customer_share",
     .unit = "share",
     .summary = "of the customers of the period",
     .optional = true},
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "of their orders in the period"},
    {.name = "share", .unit = "share", .summary = "of the amount of the period", .optional = true},
};
inline constexpr column_description audit_change_columns[] = {
    {.name = "relation",
     .what = content::code,
     .summary = "old, new, won_back or lost customers, as in value.customer_kinds",
     .levels = customer_relation_names},
    {.name = "customers", .what = content::count, .summary = "how many"},
    {.name = "orders_before", .what = content::count, .unit = "orders", .summary = "in the period before"},
    {.name = "orders", .what = content::count, .unit = "orders", .summary = "in the period"},
    {.name = "amount_before", .what = content::amount, .unit = "currency", .summary = "in the period before"},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "in the period"},
    {.name = "change", .what = content::amount, .unit = "currency", .summary = "amount - amount_before"},
    {.name = "by_frequency",
     .what = content::amount,
     .unit = "currency",
     .summary = "of the change of old customers, what more orders of each made; 0 of new, won back and lost "
                "ones, whose "
                "change is that they came or left, and is all in change"},
    {.name = "by_order_value",
     .what = content::amount,
     .unit = "currency",
     .summary = "of the change of old customers, what dearer orders made: by_frequency + by_order_value = "
                "change; 0 of "
                "all others"},
};
inline constexpr column_description audit_factor_columns[] = {
    {.name = "change",
     .what = content::amount,
     .unit = "currency",
     .summary = "of the sales of all customers: the three that follow add up to it"},
    {.name = "by_customers",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "what more customers with an order made, ordering as those before: (C' - C) F V. All of the change "
         "where one of the periods has no order, or sales below 0"},
    {.name = "by_frequency",
     .what = content::amount,
     .unit = "currency",
     .summary = "what more orders of each made: C' (F' - F) V"},
    {.name = "by_order_value",
     .what = content::amount,
     .unit = "currency",
     .summary = "what dearer orders made: C' F' (V' - V)"},
};
inline constexpr column_description audit_cohort_columns[] = {
    {.name = "cohort",
     .what = content::day,
     .summary = "first day of the period of the first order (同期群)"},
    {.name = "period", .what = content::day, .summary = "first day of the period that the row is of"},
    {.name = "age",
     .what = content::count,
     .unit = "periods",
     .summary = "from the cohort's period to this one"},
    {.name = "complete",
     .what = content::boolean,
     .summary = "whether the period ends by until; of another one the figures will still rise"},
    {.name = "customers", .what = content::count, .summary = "of the cohort"},
    {.name = "active", .what = content::count, .summary = "of them, with an order in the period"},
    {.name = "retention_rate", .unit = "share", .summary = "active / customers (留存率)"},
    {.name = "orders", .what = content::count, .unit = "orders", .summary = "in the period"},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "of them"},
    {.name = "share", .unit = "share", .summary = "of the amount of the period (C3 chart)", .optional = true},
    {.name = "cumulative_amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "of the cohort up to the period"},
    {.name = "value_per_customer",
     .unit = "currency",
     .summary = "cumulative_amount / customers (累计客户价值)"},
};
inline constexpr column_description audit_period_columns[] = {
    {.name = "period", .what = content::day, .summary = "first day of the period"},
    {.name = "complete", .what = content::boolean, .summary = "whether it ends by until"},
    {.name = "active", .what = content::count, .unit = "customers", .summary = "with an order in it"},
    {.name = "new_customers", .what = content::count, .summary = "with the first one in it"},
    {.name = "base", .what = content::count, .summary = "with the first one in it or earlier"},
    {.name = "active_share", .unit = "share", .summary = "active / base"},
    {.name = "orders", .what = content::count, .unit = "orders", .summary = "in it"},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "of them"},
    {.name = "new_amount", .what = content::amount, .unit = "currency", .summary = "of new customers"},
    {.name = "returning_amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "of customers of earlier cohorts; new_amount + returning_amount = amount"},
    {.name = "returning_share",
     .unit = "share",
     .summary = "returning_amount / amount; none where that is 0",
     .optional = true},
};
inline constexpr table_description customer_base_audit_outputs[] = {
    {.name = "one_period",
     .summary =
         "lens 1: how the customers of a period differ; one row for the period and one for that before",
     .columns = lens_one_columns},
    {.name = "by_orders",
     .summary = "lens 1: customers of the period by their orders",
     .columns = by_orders_columns},
    {.name = "two_periods",
     .summary = "lens 2: who stayed, came, came back and left, and what of the change of sales each made",
     .columns = audit_change_columns},
    {.name = "change",
     .summary = "lens 2: one row, customers x frequency x order value",
     .columns = audit_factor_columns},
    {.name = "cohorts",
     .summary = "lenses 3 to 5: one row a cohort with customers and each period from its own up to that of "
                "until; all "
                "rows of a cohort, of an age, or of a period",
     .columns = audit_cohort_columns},
    {.name = "periods",
     .summary = "lens 5: one row a period from the first order on, over all cohorts",
     .columns = audit_period_columns},
    order_sum_output,
    until_warning_output,
};

// Three customers. Ann and Bob came in 2023, Cai in 2024. The sales rise from 400.00 of three orders by two customers to
// 540.00 of four orders by two: as many customers, F from 1.5 to 2, which makes 400 x 4/3 - 400 = 133.33, and the value of
// an order from 133.33 to 135.00 makes the other 6.67.
inline constexpr example_table customer_base_audit_example_tables[] = {
    {"orders", "customer,date,amount\n"
               "Ann,2023-02-01,100.00\nAnn,2023-09-01,100.00\nBob,2023-05-05,200.00\n"
               "Ann,2024-01-15,90.00\nAnn,2024-02-15,150.00\nAnn,2024-05-15,100.00\nCai,2024-03-03,200.00\n"},
};
inline constexpr example_option customer_base_audit_example_options[] = {{"until", "2024-12-31"},
                                                                         {"period", "year"}};
inline constexpr example_table customer_base_audit_example_expected[] = {
    {"one_period",
     "period,active,orders,amount,one_time_buyers,orders_per_customer,amount_per_order,median_amount\n"
     "current,2,4,540.00,1,2,135,270\n"
     "before,2,3,400.00,1,1.5,133.33333333333334,200\n"},
    {"two_periods", "relation,customers,amount_before,amount,change,by_frequency,by_order_value\n"
                    "old,1,200.00,340.00,140.00,100.00,40.00\n"
                    "new,1,0.00,200.00,200.00,0.00,0.00\n"
                    "won_back,0,0.00,0.00,0.00,0.00,0.00\n"
                    "lost,1,200.00,0.00,-200.00,0.00,0.00\n"},
    {"change", "change,by_customers,by_frequency,by_order_value\n140.00,0.00,133.33,6.67\n"},
    {"cohorts",
     "cohort,period,age,complete,customers,active,retention_rate,orders,amount,share,cumulative_amount\n"
     "2023-01-01,2023-01-01,0,true,2,2,1,3,400.00,1,400.00\n"
     "2023-01-01,2024-01-01,1,true,2,1,0.5,3,340.00,0.6296296296296297,740.00\n"
     "2024-01-01,2024-01-01,0,true,1,1,1,1,200.00,0.37037037037037035,200.00\n"},
    {"periods", "period,active,new_customers,base,active_share,orders,amount,new_amount,returning_amount\n"
                "2023-01-01,2,2,2,1,3,400.00,400.00,0.00\n"
                "2024-01-01,2,1,3,0.6666666666666666,4,540.00,200.00,340.00\n"},
    {"totals",
     "customers,without_order,orders,amount,unapplied_credit,later_amount\n3,0,7,940.00,0.00,0.00\n"},
};
inline constexpr example customer_base_audit_examples[] = {
    {.what = verb::reduce,
     .summary = "three customers, two cohorts, two years",
     .source = "made for this page, to be checked by hand",
     .tables = customer_base_audit_example_tables,
     .options = customer_base_audit_example_options,
     .expected = customer_base_audit_example_expected,
     .tolerance = 1e-14},
};

inline constexpr demo_input customer_base_audit_demo_inputs[] = {{"orders", "orders"}};
inline constexpr example_option customer_base_audit_demo_options[] = {{"until", demo_today}};
inline constexpr demo_feed customer_base_audit_demo[] = {
    {.inputs = customer_base_audit_demo_inputs, .options = customer_base_audit_demo_options}};

inline constexpr entry_description customer_base_audit_description{
    .name = customer_base_audit_name,
    .what = verb::reduce,
    .summary = "the five lenses of the customer-base audit: one period, two periods, cohorts over time and "
               "compared, "
               "and the whole base, with retention tables",
    .source = "P. Fader, B. Hardie, M. Ross 2022, The Customer-Base Audit",
    .chinese = "客户群审计, 同期群分析, 留存率",
    .since = "0.1",
    .store = "order_history",
    .options = customer_base_audit_option_list,
    .outputs = customer_base_audit_outputs,
    .examples = customer_base_audit_examples,
    .demo = customer_base_audit_demo,
};

} // namespace emptor::value
