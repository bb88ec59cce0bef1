// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <span>
#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/value/concentration.hpp>
#include <emptor/value/concentration_tables.hpp>
#include <emptor/value/summary_entry.hpp>
#include <emptor/value/until_option.hpp>

/// How the catalogue knows the concentration of customers (concentration.hpp).
namespace emptor::value {

inline constexpr std::string_view ranked_by_names[] = {"amount", "margin"};
inline constexpr std::string_view missing_margin_names[] = {"refuse", "zero"};

inline constexpr domain some_share{.low = 0.0, .high = 1.0, .low_open = true};

inline constexpr option_description concentration_option_list[] = {
    {.name = "of",
     .what = option_content::choice,
     .summary = "what customers are ranked by: amount, their orders less credit notes as value.summary has "
                "them; or margin, the sum over all lines that no cancellation removes",
     .default_value = "amount",
     .choices = ranked_by_names},
    {.name = "since",
     .what = option_content::day,
     .summary =
         "the first day that counts (default: the first of the history): orders placed from then on, and "
         "with of=margin the lines"},
    described_in(summary_finish_options, "until"),
    described_in(summary_finish_options, "same_day"),
    described_in(summary_finish_options, "negative"),
    described_in(summary_finish_options, "currency"),
    {.name = "missing_margin",
     .what = option_content::choice,
     .summary = "with of=margin, a line without a margin is refused, or has one of 0",
     .default_value = "refuse",
     .choices = missing_margin_names},
    {.name = "class_shares",
     .what = option_content::numbers,
     .summary =
         "shares of the total that make the classes A, B, C, ... from the largest customers down (ABC分类); "
         "they add up to 1; at most 26",
     .unit = "share",
     .allowed = some_share,
     .default_value = "0.8,0.15,0.05"},
    {.name = "crossing",
     .what = option_content::choice,
     .summary =
         "to which class or tier he belongs whose total crosses the line between two: upper, so that A "
         "is the least number of customers with at least its share; or lower, so that A has at most its "
         "share. Customers of equal totals cross it together",
     .default_value = "upper",
     .choices = crossing_names},
    {.name = "tiers",
     .what = option_content::text,
     .summary =
         "names of the tiers of the customer pyramid (客户金字塔) from the top down, separated by commas: "
         "key, ordinary and small customers (关键客户, 普通客户, 小客户); for a pyramid with four tiers such "
         "as vip,large,medium,small give tier_shares=0.01,0.04,0.15,0.8",
     .default_value = "key,ordinary,small"},
    {.name = "tier_shares",
     .what = option_content::numbers,
     .summary = "the share of each tier; they add up to 1",
     .unit = "share",
     .allowed = some_share,
     .default_value = "0.2,0.3,0.5"},
    {.name = "tiers_by",
     .what = option_content::choice,
     .summary = "whether tier_shares are shares of the customers or of the total amount",
     .default_value = "customers",
     .choices = tier_basis_names},
    {.name = "top",
     .what = option_content::numbers,
     .summary =
         "of which largest customers the share is told: these shares of the customers, rounded down to "
         "whole ones",
     .unit = "share",
     .allowed = some_share,
     .default_value = "0.01,0.05,0.1,0.2,0.5"},
    {.name = "needed",
     .what = option_content::numbers,
     .summary = "shares of the total of which is told how many customers make them",
     .unit = "share",
     .allowed = some_share,
     .default_value = "0.5,0.8,0.9,0.95"},
    {.name = "groups",
     .what = option_content::integer,
     .summary = "equal groups of the table deciles: 10 for deciles, 5 for quintiles",
     .allowed = {1.0, 100000.0},
     .default_value = "10"},
    {.name = "points",
     .what = option_content::integer,
     .summary = "steps of the Lorenz curve",
     .allowed = {1.0, 1000000.0},
     .default_value = "100"},
    {.name = "head",
     .what = option_content::number,
     .summary = "the largest customers who are not the long tail (长尾): this share of them, rounded down to "
                "whole ones",
     .unit = "share",
     .allowed = some_share,
     .default_value = "0.2"},
};

inline constexpr column_description concentrated_customer_columns[] = {
    {.name = "customer",
     .what = content::text,
     .summary = "customer (客户); from the largest total down, of equal ones by bytes"},
    {.name = "rank",
     .what = content::count,
     .summary = "1 and one for each customer with a larger total; equal totals have the same rank"},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "total (购买总额, or 毛利)"},
    {.name = "share",
     .unit = "share",
     .summary = "of the totals that are 0 or more; none where the total is below 0, or nothing is above it",
     .optional = true},
    {.name = "cumulative_share",
     .unit = "share",
     .summary = "of this customer and all rows above; none as with share",
     .optional = true},
    {.name = "class",
     .what = content::code,
     .summary =
         "A, B, C, ... (ABC分类); equal totals have the same class. The last class where nothing is above "
         "0; negative for a total below 0"},
    {.name = "tier",
     .what = content::code,
     .summary = "of the customer pyramid (客户金字塔); equal totals have the same one"},
    {.name = "orders", .what = content::count, .unit = "orders", .summary = "orders that are left"},
};
inline constexpr column_description concentration_class_columns[] = {
    {.name = "class", .what = content::code, .summary = "A, B, C, ..., and negative for totals below 0"},
    {.name = "customers", .what = content::count, .summary = "how many"},
    {.name = "customer_share", .unit = "share", .summary = "of all customers", .optional = true},
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "the sum of their totals that are 0 or more"},
    {.name = "share", .unit = "share", .summary = "of that sum over all customers", .optional = true},
    {.name = "negative_amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "the sum of their totals below 0"},
    {.name = "mean_amount", .unit = "currency", .summary = "mean of their totals", .optional = true},
    {.name = "smallest",
     .what = content::amount,
     .unit = "currency",
     .summary = "smallest of their totals: what it takes to be in this class",
     .optional = true},
    {.name = "largest", .what = content::amount, .unit = "currency", .summary = "largest", .optional = true},
    {.name = "orders", .what = content::count, .unit = "orders", .summary = "their orders"},
};
inline constexpr column_description concentration_tier_columns[] = {
    {.name = "tier", .what = content::code, .summary = "of the options, from the top down"},
    concentration_class_columns[1],
    concentration_class_columns[2],
    concentration_class_columns[3],
    concentration_class_columns[4],
    concentration_class_columns[5],
    concentration_class_columns[6],
    concentration_class_columns[7],
    concentration_class_columns[8],
    concentration_class_columns[9],
};
inline constexpr column_description part_customers{
    .name = "customers", .what = content::count, .summary = "how many; only such with a total of 0 or more"};
inline constexpr column_description part_customer_share{
    .name = "customer_share", .unit = "share", .summary = "of all those", .optional = true};
inline constexpr column_description part_amount{
    .name = "amount", .what = content::amount, .unit = "currency", .summary = "the sum of their totals"};
inline constexpr column_description part_share{
    .name = "share", .unit = "share", .summary = "of the totals that are 0 or more", .optional = true};
inline constexpr column_description top_share_columns[] = {
    {.name = "top", .unit = "share", .summary = "asked for: this share of the customers, the largest"},
    part_customers,
    part_customer_share,
    part_amount,
    part_share,
};
inline constexpr column_description needed_columns[] = {
    {.name = "reached", .unit = "share", .summary = "asked for: this share of the total at least"},
    part_customers,
    part_customer_share,
    part_amount,
    part_share,
};
inline constexpr column_description decile_columns[] = {
    {.name = "decile",
     .what = content::count,
     .summary =
         "1 has the largest totals; group g of n customers has the ranks from floor(n (g - 1) / groups) "
         "+ 1 to floor(n g / groups), so that sizes differ by one at most"},
    part_customers,
    part_customer_share,
    part_amount,
    part_share,
    {.name = "smallest",
     .what = content::amount,
     .unit = "currency",
     .summary = "none in an empty group",
     .optional = true},
    {.name = "largest",
     .what = content::amount,
     .unit = "currency",
     .summary = "none in an empty group",
     .optional = true},
};
inline constexpr column_description lorenz_columns[] = {
    {.name = "customers",
     .what = content::count,
     .summary = "the customers with the smallest totals, so many"},
    {.name = "customer_share", .unit = "share", .summary = "of those with a total of 0 or more"},
    part_amount,
    {.name = "share", .unit = "share", .summary = "of the totals that are 0 or more: the curve's height"},
};
inline constexpr column_description long_tail_columns[] = {
    {.name = "part",
     .what = content::code,
     .summary = "head: the largest customers, as option head says; tail: the others",
     .levels = tail_parts},
    part_customers,
    part_customer_share,
    part_amount,
    part_share,
    {.name = "mean_amount", .unit = "currency", .summary = "mean of their totals", .optional = true},
    {.name = "orders", .what = content::count, .unit = "orders", .summary = "their orders"},
    {.name = "one_order_customers", .what = content::count, .summary = "those of them with one order only"},
};
inline constexpr column_description concentration_summary_columns[] = {
    {.name = "state",
     .what = content::code,
     .summary = "computed; no_customers; nothing_to_share: no total is above 0. Shares and indices are none "
                "unless computed",
     .levels = concentration_states},
    {.name = "customers", .what = content::count, .summary = "customers of whom an order is left"},
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "the sum of the totals that are 0 or more, which shares, curve and indices are of"},
    {.name = "orders", .what = content::count, .unit = "orders", .summary = "orders of all customers"},
    {.name = "zero_customers", .what = content::count, .summary = "customers whose total is 0"},
    {.name = "negative_customers",
     .what = content::count,
     .summary = "customers whose total is below 0; they are part of no share, curve and index"},
    {.name = "negative_amount", .what = content::amount, .unit = "currency", .summary = "the sum of theirs"},
    {.name = "one_order_customers", .what = content::count, .summary = "customers with one order only"},
    {.name = "one_order_share", .unit = "share", .summary = "of all customers", .optional = true},
    {.name = "gini",
     .unit = "share",
     .summary = "Gini coefficient (基尼系数): (2 sum of i x(i) - (n + 1) S) / (n S) with n totals x(1) <= "
                "x(2) ... of "
                "sum S; 0 where all are equal, 1 - 1/n where one has all",
     .optional = true},
    {.name = "gini_unbiased",
     .unit = "share",
     .summary = "gini n / (n - 1): 1 where one has all; none for one customer",
     .optional = true},
    {.name = "hhi",
     .unit = "share",
     .summary = "Herfindahl-Hirschman index (赫芬达尔指数): the sum of squared shares, from 1/n to 1",
     .optional = true},
    {.name = "normalised_hhi",
     .unit = "share",
     .summary = "(hhi - 1/n) / (1 - 1/n), from 0 to 1; none for one customer",
     .optional = true},
    {.name = "effective_customers",
     .summary = "1 / hhi: so many customers of one size would be as concentrated",
     .optional = true},
    {.name = "median",
     .unit = "currency",
     .summary = "the middle of all totals; of an even number the mean of the two in the middle",
     .optional = true},
    {.name = "mean", .unit = "currency", .summary = "of all totals", .optional = true},
    {.name = "largest", .what = content::amount, .unit = "currency", .summary = "total", .optional = true},
    {.name = "smallest", .what = content::amount, .unit = "currency", .summary = "total", .optional = true},
    {.name = "without_order",
     .what = content::count,
     .summary = "customers who are in no table, as no order of theirs is left"},
    {.name = "without_order_amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "with of=margin, what their margins come to: amount + negative_amount + this is the margin "
                "of all lines"},
    {.name = "unapplied_credit",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "with of=amount, credit that found no order (未核销贷项): amount + negative_amount - this is what "
         "orders less credit notes come to"},
};

inline constexpr table_description concentration_outputs[] = {
    {.name = "customers",
     .summary = "one row for each customer of whom an order is left (客户ABC分类表)",
     .columns = concentrated_customer_columns},
    {.name = "classes", .summary = "one row an ABC class", .columns = concentration_class_columns},
    {.name = "tiers", .summary = "one row a tier of the pyramid", .columns = concentration_tier_columns},
    {.name = "top_shares", .summary = "what the largest customers make", .columns = top_share_columns},
    {.name = "needed", .summary = "how few customers make how much", .columns = needed_columns},
    {.name = "deciles", .summary = "equal groups from the top down (十分位)", .columns = decile_columns},
    {.name = "lorenz",
     .summary =
         "Lorenz curve (洛伦兹曲线), from (0, 0) to (1, 1); equal points once; no rows unless computed",
     .columns = lorenz_columns},
    {.name = "long_tail", .summary = "the many small customers (长尾)", .columns = long_tail_columns},
    {.name = "summary", .summary = "indices: one row", .columns = concentration_summary_columns},
    until_warning_output,
};

// Eight customers of 1,000.00 together. Ann and Bob reach 80 %, so that they are A; Cai, Dan and Eve, who are equal, cross
// the line of 95 % together. With i from 1 for 0.00 to 8 for 600.00 the sum of i x(i) is 7,080.00, and
// G = (2 x 7080 - 9 x 1000) / (8 x 1000) = 0.645; H = 0.36 + 0.04 + 3 x 0.0025 + 0.0009 + 0.0004 = 0.4088. The top 20 % of
// eight customers by ceiling are two, Ann and Bob; the next 30 % end after the fourth, and Eve has what he has.
inline constexpr example_table concentration_example_tables[] = {
    {"orders", "customer,date,amount,document,cancels\n"
               "Ann,2024-01-05,650.00,D1,\n"
               "Ann,2024-02-05,-50.00,D2,D1\n"
               "Bob,2024-01-09,150.00,D3,\n"
               "Bob,2024-03-09,50.00,D4,\n"
               "Cai,2024-01-10,50.00,D5,\n"
               "Dan,2024-01-11,50.00,D6,\n"
               "Eve,2024-01-12,50.00,D7,\n"
               "Fay,2024-01-13,30.00,D8,\n"
               "Gus,2024-01-14,20.00,D9,\n"
               "Hal,2024-01-15,0.00,D10,\n"
               "Ida,2024-01-16,99.00,D11,\n"
               "Ida,2024-01-17,,D12,D11\n"},
};
inline constexpr example_table concentration_example_expected[] = {
    {"customers", "customer,rank,amount,share,cumulative_share,class,tier,orders\n"
                  "Ann,1,600.00,0.6,0.6,A,key,1\n"
                  "Bob,2,200.00,0.2,0.8,A,key,2\n"
                  "Cai,3,50.00,0.05,0.85,B,ordinary,1\n"
                  "Dan,3,50.00,0.05,0.9,B,ordinary,1\n"
                  "Eve,3,50.00,0.05,0.95,B,ordinary,1\n"
                  "Fay,6,30.00,0.03,0.98,C,small,1\n"
                  "Gus,7,20.00,0.02,1,C,small,1\n"
                  "Hal,8,0.00,0,1,C,small,1\n"},
    {"classes", "class,customers,customer_share,amount,share,smallest,orders\n"
                "A,2,0.25,800.00,0.8,200.00,3\n"
                "B,3,0.375,150.00,0.15,50.00,3\n"
                "C,3,0.375,50.00,0.05,0.00,3\n"
                "negative,0,0,0.00,0,,0\n"},
    {"needed", "reached,customers,customer_share,amount,share\n"
               "0.5,1,0.125,600.00,0.6\n"
               "0.8,2,0.25,800.00,0.8\n"
               "0.9,4,0.5,900.00,0.9\n"
               "0.95,5,0.625,950.00,0.95\n"},
    {"summary",
     "state,customers,amount,zero_customers,one_order_customers,gini,hhi,effective_customers,median,"
     "largest,without_order\n"
     "computed,8,1000.00,1,7,0.645,0.4088,2.446183953033268,50,600.00,1\n"},
};
inline constexpr example concentration_examples[] = {
    {.what = verb::reduce,
     .summary =
         "eight customers, three of them equal, one with nothing, and one whose only order is cancelled",
     .source = "made for this page, to be checked by hand",
     .tables = concentration_example_tables,
     .expected = concentration_example_expected,
     .tolerance = 1e-14},
};

inline constexpr demo_input concentration_demo_inputs[] = {{"orders", "orders"}};
inline constexpr example_option concentration_demo_options[] = {{"until", demo_today}};
inline constexpr demo_feed concentration_demo[] = {
    {.inputs = concentration_demo_inputs, .options = concentration_demo_options}};

inline constexpr entry_description concentration_description{
    .name = concentration_name,
    .what = verb::reduce,
    .summary =
        "how few customers make how much: ABC analysis, customer pyramid, Lorenz curve, Gini, HHI, top "
        "shares, deciles, long tail",
    .source = "M. O. Lorenz 1905; C. Gini 1912; O. C. Herfindahl 1950; H. F. Dickie 1951, ABC inventory "
              "analysis; J. "
              "Curry and A. Curry 2000, The Customer Marketing Method (pyramid)",
    .chinese = "客户集中度, 客户ABC分类, 客户金字塔",
    .since = "0.1",
    .store = "order_history",
    .options = concentration_option_list,
    .outputs = concentration_outputs,
    .examples = concentration_examples,
    .demo = concentration_demo,
};

} // namespace emptor::value
