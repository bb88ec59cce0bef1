// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/value/cost_to_serve.hpp>

/// How the catalogue knows the cost to serve (cost_to_serve.hpp): its tables, and the example.
namespace emptor::value {

inline constexpr domain driver_quantities{0.0, largest_quantity};
inline constexpr domain driver_capacities{1.0 / static_cast<double>(whole_quantity), largest_quantity};

inline constexpr column_description pool_input_columns[] = {
    {.name = "pool",
     .what = content::text,
     .summary =
         "name of the activity (作业), such as order entry; costs and capacities of equal names add up"},
    {.name = "stage",
     .what = content::code,
     .summary = "pre_sale (售前), manufacturing (制造), logistics (物流) or after_sale (售后); one a pool",
     .levels = cost_stages},
    {.name = "cost",
     .what = content::amount,
     .unit = "currency",
     .summary = "what the activity cost in the period",
     .allowed = at_least_zero},
    {.name = "driver",
     .what = content::text,
     .summary =
         "cost driver (成本动因), such as orders; several pools may have one; missing = the name of the pool",
     .optional = true},
    {.name = "capacity",
     .unit = "units of the driver",
     .summary =
         "practical capacity (实际产能): what could have been done for this cost; missing = what was done",
     .allowed = driver_capacities,
     .optional = true},
};
inline constexpr column_description driver_input_columns[] = {
    {.name = "customer", .what = content::id, .summary = "who used the activity"},
    {.name = "driver", .what = content::text, .summary = "of the pools that name it"},
    {.name = "quantity",
     .unit = "units of the driver",
     .summary = "how much he used, to the millionth of a unit; rows of one customer and driver add up",
     .allowed = driver_quantities},
};
inline constexpr column_description sales_input_columns[] = {
    {.name = "customer", .what = content::id, .summary = "who bought"},
    {.name = "revenue",
     .what = content::amount,
     .unit = "currency",
     .summary = "at list or invoiced prices, below 0 of a credit note; rows of one customer add up"},
    described_in(customer_profit_inputs, "discounts"),
    described_in(customer_profit_inputs, "direct_cost"),
};
inline constexpr column_description asset_input_columns[] = {
    {.name = "customer", .what = content::id, .summary = "whom they serve"},
    {.name = "asset",
     .what = content::text,
     .summary = "such as receivables, inventory, equipment",
     .optional = true},
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "tied up for him, on average over the period; below 0 what he paid in advance"},
};
inline constexpr table_description cost_to_serve_inputs[] = {
    {.name = "pools", .summary = "what each activity costs", .columns = pool_input_columns, .whole = true},
    {.name = "drivers", .summary = "who used how much of it", .columns = driver_input_columns},
    {.name = "orders",
     .summary = "what was sold to whom, one row an order or a customer",
     .columns = sales_input_columns},
    {.name = "assets",
     .summary = "what is tied up for whom",
     .columns = asset_input_columns,
     .optional = true},
};

inline constexpr column_description served_columns[] = {
    {.name = "customer", .what = content::text, .summary = "in the order of their bytes"},
    {.name = "rank",
     .what = content::count,
     .summary = "1 for the largest customer profit; of equal ones in the order of the bytes"},
    {.name = "revenue", .what = content::amount, .unit = "currency", .summary = "sum of the orders"},
    {.name = "discounts", .what = content::amount, .unit = "currency", .summary = "sum of the orders"},
    described_in(customer_profit_outputs, "net_revenue"),
    {.name = "direct_cost", .what = content::amount, .unit = "currency", .summary = "sum of the orders"},
    described_in(customer_profit_outputs, "gross_margin"),
    {.name = "pre_sale", .what = content::amount, .unit = "currency", .summary = "his parts of these pools"},
    {.name = "manufacturing", .what = content::amount, .unit = "currency", .summary = "likewise"},
    {.name = "logistics", .what = content::amount, .unit = "currency", .summary = "likewise"},
    {.name = "after_sale", .what = content::amount, .unit = "currency", .summary = "likewise"},
    described_in(customer_profit_outputs, "cost_to_serve"),
    described_in(customer_profit_outputs, "profit"),
    described_in(customer_profit_outputs, "profit_rate"),
    described_in(customer_profit_outputs, "gross_margin_rate"),
    described_in(customer_profit_outputs, "cost_to_serve_rate"),
    described_in(customer_profit_outputs, "cost_contribution_rate"),
    described_in(customer_profit_outputs, "margin_per_cost_to_serve"),
    {.name = "assets",
     .what = content::amount,
     .unit = "currency",
     .summary = "tied up for him; none where no row says so",
     .optional = true},
    described_in(customer_profit_outputs, "return_on_assets"),
};
inline constexpr column_description served_pool_columns[] = {
    {.name = "pool", .what = content::text, .summary = "in the order of their bytes"},
    {.name = "stage", .what = content::code, .summary = "of the sale", .levels = cost_stages},
    {.name = "driver", .what = content::text, .summary = "by which it is split"},
    {.name = "state",
     .what = content::code,
     .summary =
         "allocated; unused_capacity: less was done than could have been; over_capacity: more was done "
         "than the capacity, so that what was done divides the cost; unallocated: there is a cost, no "
         "capacity, and nobody used it",
     .levels = pool_states},
    {.name = "cost",
     .what = content::amount,
     .unit = "currency",
     .summary = "allocated + unused + unallocated, to the minor unit"},
    {.name = "capacity",
     .unit = "units of the driver",
     .summary = "practical capacity; none where it is not given",
     .optional = true},
    {.name = "quantity", .unit = "units of the driver", .summary = "that all customers used"},
    {.name = "utilisation", .unit = "share", .summary = "quantity / capacity (产能利用率)", .optional = true},
    {.name = "rate",
     .unit = "currency a unit of the driver",
     .summary =
         "cost / capacity or, where there is none or it was exceeded, cost / quantity (作业成本分配率)",
     .optional = true},
    {.name = "customers", .what = content::count, .summary = "who used it"},
    {.name = "allocated", .what = content::amount, .unit = "currency", .summary = "to customers"},
    {.name = "unused",
     .what = content::amount,
     .unit = "currency",
     .summary = "what the capacity cost that nobody used"},
    {.name = "unallocated",
     .what = content::amount,
     .unit = "currency",
     .summary = "all of the cost where nothing says to whom it belongs"},
};
inline constexpr column_description served_part_columns[] = {
    {.name = "customer", .what = content::text, .summary = "in the order of their bytes"},
    {.name = "pool", .what = content::text, .summary = "so, too; only pools that he used"},
    {.name = "stage", .what = content::code, .summary = "of the sale", .levels = cost_stages},
    {.name = "quantity", .unit = "units of the driver", .summary = "that he used"},
    {.name = "cost",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "quantity x rate, rounded so that all parts of the pool add up: whole minor units each, and "
         "those that remain to the largest remainders (of equal ones to the later customer in byte order)"},
};
inline constexpr column_description whale_columns[] = {
    {.name = "rank", .what = content::count, .summary = "1 for the largest profit"},
    {.name = "customer", .what = content::text, .summary = "whose step it is"},
    {.name = "profit", .what = content::amount, .unit = "currency", .summary = "customer profit"},
    {.name = "customers_share", .unit = "share", .summary = "rank / customers"},
    {.name = "cumulative_profit",
     .what = content::amount,
     .unit = "currency",
     .summary = "of the customers up to this rank"},
    {.name = "share_of_total",
     .unit = "share",
     .summary = "cumulative_profit / profit of all customers; none where that is not above 0",
     .optional = true},
    {.name = "share_of_peak",
     .unit = "share",
     .summary = "cumulative_profit / profit of the profitable customers; none where nobody is",
     .optional = true},
};
inline constexpr column_description served_total_columns[] = {
    {.name = "customers", .what = content::count, .summary = "in any of the tables"},
    described_in(served_columns, "revenue"),
    described_in(served_columns, "discounts"),
    described_in(served_columns, "net_revenue"),
    described_in(served_columns, "direct_cost"),
    described_in(served_columns, "gross_margin"),
    described_in(served_columns, "pre_sale"),
    described_in(served_columns, "manufacturing"),
    described_in(served_columns, "logistics"),
    described_in(served_columns, "after_sale"),
    described_in(served_columns, "cost_to_serve"),
    described_in(served_columns, "profit"),
    described_in(served_columns, "profit_rate"),
    described_in(served_columns, "gross_margin_rate"),
    described_in(served_columns, "cost_to_serve_rate"),
    described_in(served_columns, "cost_contribution_rate"),
    described_in(served_columns, "margin_per_cost_to_serve"),
    described_in(served_columns, "assets"),
    described_in(served_columns, "return_on_assets"),
    {.name = "pool_cost",
     .what = content::amount,
     .unit = "currency",
     .summary = "of all pools: cost_to_serve + unused + unallocated"},
    {.name = "unused", .what = content::amount, .unit = "currency", .summary = "sum of the pools"},
    {.name = "unallocated", .what = content::amount, .unit = "currency", .summary = "sum of the pools"},
    {.name = "profit_after_all_costs",
     .what = content::amount,
     .unit = "currency",
     .summary = "profit - unused - unallocated: what the books say"},
    {.name = "profitable_customers", .what = content::count, .summary = "with a profit above 0"},
    {.name = "unprofitable_customers", .what = content::count, .summary = "with a profit below 0"},
    {.name = "peak_profit",
     .what = content::amount,
     .unit = "currency",
     .summary = "of the profitable customers: the peak of the whale curve"},
    {.name = "peak_customers_share",
     .unit = "share",
     .summary = "profitable_customers / customers",
     .optional = true},
    {.name = "peak_share_of_total",
     .unit = "share",
     .summary = "peak_profit / profit; none where that is not above 0",
     .optional = true},
    {.name = "destroyed_profit",
     .what = content::amount,
     .unit = "currency",
     .summary = "what the unprofitable customers lose: peak_profit - profit"},
    {.name = "destroyed_share_of_peak",
     .unit = "share",
     .summary = "destroyed_profit / peak_profit; above 1 where all of it, and more, is lost",
     .optional = true},
};

enum class cost_warning : std::int32_t {
  driver_without_pool = 0,
  pool_without_driver = 1,
  pool_over_capacity = 2,
  customer_without_orders = 3,
};
inline constexpr std::string_view cost_warnings[] = {"driver_without_pool", "pool_without_driver",
                                                     "pool_over_capacity", "customer_without_orders"};
inline constexpr column_description cost_warning_columns[] = {
    {.name = "warning",
     .what = content::code,
     .summary =
         "driver_without_pool: used, but no pool names it, so that it costs nothing; pool_without_driver: "
         "its cost is charged to nobody; pool_over_capacity: more was done than could be; "
         "customer_without_orders: he is served, and bought nothing",
     .levels = cost_warnings},
    {.name = "name", .what = content::text, .summary = "of the driver, pool or customer"},
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "that it is about; none of a driver",
     .optional = true},
};
inline constexpr table_description cost_to_serve_outputs[] = {
    {.name = "customers", .summary = "one row a customer", .columns = served_columns},
    {.name = "pools", .summary = "one row a pool", .columns = served_pool_columns},
    {.name = "allocations", .summary = "one row a customer and pool", .columns = served_part_columns},
    {.name = "whale_curve",
     .summary = "customers by profit, and their profit together (鲸鱼曲线)",
     .columns = whale_columns},
    {.name = "totals", .summary = "all customers and pools: one row", .columns = served_total_columns},
    {.name = "warnings",
     .summary = "what looks like a mistake in the tables",
     .columns = cost_warning_columns},
};

// Kaplan and Anderson's department: 560,000 a quarter for 700,000 minutes, 0.80 a minute. Of them 9,800 orders of 40 minutes,
// 280 complaints of 220 and 500 credit checks of 250 took 392,000, 61,600 and 125,000 minutes, which cost 313,600, 49,280 and
// 100,000; the 121,400 minutes that are left cost 97,120. Here three customers took them. Shipping has no capacity: 1,000.01
// of three parcels each is 333.34, 333.34 and 333.33, of which the odd cents go to the later customers.
inline constexpr example_table cost_to_serve_example_rows[] = {
    {"pools", "pool,stage,cost,driver,capacity\nservice,after_sale,560000,minutes,700000\n"
              "shipping,logistics,1000.01,parcels,\n"},
    {"drivers",
     "customer,driver,quantity\nAnning,minutes,392000\nBohai,minutes,61600\nChenguang,minutes,125000\n"
     "Anning,parcels,3\nBohai,parcels,3\nChenguang,parcels,3\n"},
    {"orders", "customer,revenue,discounts,direct_cost\nAnning,900000,20000,500000\nBohai,600000,0,400000\n"
               "Chenguang,300000,10000,200000\n"},
    {"assets",
     "customer,asset,amount\nAnning,receivables,150000\nAnning,inventory,50000\nBohai,receivables,100000\n"}};
inline constexpr example_table cost_to_serve_example_expected[] = {
    {"customers",
     "customer,rank,net_revenue,gross_margin,logistics,after_sale,cost_to_serve,profit,profit_rate,"
     "cost_contribution_rate,margin_per_cost_to_serve,assets,return_on_assets\n"
     "Anning,2,880000,380000,333.33,313600,313933.33,66066.67,0.07507576136363636,0.08116963338999768,"
     "1.210448091000723,200000,0.33033335\n"
     "Bohai,1,600000,200000,333.34,49280,49613.34,150386.66,0.25064443333333336,0.33447997784051514,"
     "4.031173873800877,100000,1.5038666\n"
     "Chenguang,3,290000,90000,333.34,100000,100333.34,-10333.34,-0.03563220689655172,-0.03440623675013903,"
     "0.8970099071754214,,\n"},
    {"pools", "pool,state,rate,quantity,allocated,unused,unallocated\n"
              "service,unused_capacity,0.8,578600,462880,97120,0\n"
              "shipping,allocated,111.11222222222223,9,1000.01,0,0\n"},
    {"allocations", "customer,pool,quantity,cost\n"
                    "Anning,service,392000,313600\nAnning,shipping,3,333.33\n"
                    "Bohai,service,61600,49280\nBohai,shipping,3,333.34\n"
                    "Chenguang,service,125000,100000\nChenguang,shipping,3,333.34\n"},
    {"whale_curve", "rank,customer,cumulative_profit,share_of_total,share_of_peak\n"
                    "1,Bohai,150386.66,0.7296073515237411,0.6947763751197544\n"
                    "2,Anning,216453.33,1.050132643612102,1\n"
                    "3,Chenguang,206119.99,1,0.952260655911369\n"},
    {"totals", "customers,cost_to_serve,unused,pool_cost,profit,profit_after_all_costs,peak_profit,"
               "peak_share_of_total,destroyed_profit,destroyed_share_of_peak\n"
               "3,463880.01,97120,561000.01,206119.99,108999.99,216453.33,1.050132643612102,10333.34,"
               "0.04773934408863102\n"},
};
inline constexpr example cost_to_serve_examples[] = {
    {.what = verb::reduce,
     .summary = "a department with unused capacity, and parcels whose cents are odd",
     .source =
         "R. S. Kaplan, S. R. Anderson, Time-Driven Activity-Based Costing (2004): 0.80 a minute, 313,600, "
         "49,280, 100,000, and 97,120 unused",
     .tables = cost_to_serve_example_rows,
     .expected = cost_to_serve_example_expected,
     .tolerance = 1e-12},
};

inline constexpr entry_description cost_to_serve_description{
    .name = cost_to_serve_name,
    .what = verb::reduce,
    .summary =
        "cost to serve each customer by activities and their drivers, customer profit, return on assets, and "
        "the whale curve",
    .source =
        "R. S. Kaplan, R. Cooper, Cost and Effect (1998); R. S. Kaplan, V. G. Narayanan, Journal of Cost "
        "Management (2001); R. S. Kaplan, S. R. Anderson, Harvard Business Review (2004)",
    .chinese = "客户服务成本与客户利润",
    .since = "0.1",
    .store = "rows",
    .inputs = cost_to_serve_inputs,
    .outputs = cost_to_serve_outputs,
    .examples = cost_to_serve_examples,
    .no_demo = "the company of the demo keeps no record of what its activities cost",
};

} // namespace emptor::value
