// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <span>
#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/value/plan_control.hpp>

/// How the catalogue knows plan control (plan_control.hpp): its tables, and the examples.
namespace emptor::value {

inline constexpr domain planned_quantities{0.0, largest_quantity};
inline constexpr domain actual_quantities{-largest_quantity, largest_quantity};

inline constexpr column_description plan_sales_columns[] = {
    {.name = "unit",
     .what = content::id,
     .summary = "what is controlled: a region, a seller, a customer, a month"},
    {.name = "product",
     .what = content::text,
     .summary = "rows of one unit and product add up",
     .optional = true},
    {.name = "planned_quantity",
     .unit = "pieces",
     .summary = "to the millionth; missing = 0 where planned_sales are 0 or missing, else not known",
     .allowed = planned_quantities,
     .optional = true},
    {.name = "planned_sales",
     .what = content::amount,
     .unit = "currency",
     .summary = "计划销售额; missing = 0: nobody planned it",
     .optional = true},
    {.name = "actual_quantity",
     .unit = "pieces",
     .summary = "likewise, less what came back",
     .allowed = actual_quantities,
     .optional = true},
    {.name = "actual_sales",
     .what = content::amount,
     .unit = "currency",
     .summary = "实际销售额; missing = 0",
     .optional = true},
};
/// A planned price needs a quantity.
[[nodiscard]] inline row_fault plan_sales_rule(std::span<const double> values) noexcept {
  if (values[2] == 0.0 && values[3] != 0.0 && !std::isnan(values[3]))
    return {row_status::inconsistent, 2, "above 0 where planned_sales are not 0"};
  return {};
}

inline constexpr column_description plan_expense_columns[] = {
    {.name = "unit", .what = content::id, .summary = "as in the table sales"},
    {.name = "kind",
     .what = content::text,
     .summary =
         "such as sales_force, advertising, sales_promotion, marketing_research, sales_administration; "
         "rows of one unit and kind add up"},
    {.name = "planned",
     .what = content::amount,
     .unit = "currency",
     .summary = "budget; missing = there is none",
     .optional = true},
    {.name = "actual", .what = content::amount, .unit = "currency", .summary = "spent"},
    {.name = "low",
     .unit = "share",
     .summary = "lower control limit of actual / actual sales (控制下限)",
     .optional = true},
    {.name = "high", .unit = "share", .summary = "upper control limit (控制上限)", .optional = true},
};
[[nodiscard]] inline row_fault plan_expense_rule(std::span<const double> values) noexcept {
  if (values[4] > values[5])
    return {row_status::inconsistent, 5, "not below low"};
  return {};
}

/// A part is no more than its whole, so that no share is above 1.
[[nodiscard]] inline row_fault plan_market_rule(std::span<const double> values) noexcept {
  constexpr std::size_t sales = 2;
  constexpr std::size_t market_sales = 3;
  constexpr std::size_t customers = 7;
  constexpr std::size_t market_customers = 8;
  constexpr std::size_t quantity = 9;
  constexpr std::size_t market_quantity = 10;
  constexpr std::size_t customers_quantity = 11;
  if (values[sales] > values[market_sales])
    return {row_status::inconsistent, sales, "at most market_sales"};
  if (values[customers] > values[market_customers])
    return {row_status::inconsistent, customers, "at most market_customers"};
  if (values[quantity] > values[customers_quantity])
    return {row_status::inconsistent, quantity, "at most customers_quantity"};
  if (values[quantity] > values[market_quantity])
    return {row_status::inconsistent, quantity, "at most market_quantity"};
  if (values[customers_quantity] > values[market_quantity])
    return {row_status::inconsistent, customers_quantity, "at most market_quantity"};
  return {};
}

inline constexpr column_description plan_market_columns[] = {
    {.name = "unit", .what = content::id, .summary = "as in the table sales"},
    {.name = "scenario",
     .what = content::code,
     .summary = "plan, or actual where it is missing; one row each",
     .optional = true,
     .levels = plan_scenarios},
    {.name = "sales",
     .what = content::amount,
     .unit = "currency",
     .summary = "of the company; missing = those of the table sales",
     .optional = true},
    {.name = "market_sales",
     .what = content::amount,
     .unit = "currency",
     .summary = "of all suppliers, the company too",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "served_market_sales",
     .what = content::amount,
     .unit = "currency",
     .summary = "of all suppliers to the buyers whom the company can and will serve (目标市场)",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "leader_sales",
     .what = content::amount,
     .unit = "currency",
     .summary = "of the largest competitor",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "top_three_sales",
     .what = content::amount,
     .unit = "currency",
     .summary = "of the three largest competitors together",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "customers",
     .unit = "customers",
     .summary = "who bought from the company",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "market_customers",
     .unit = "customers",
     .summary = "who bought from anyone",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "quantity",
     .unit = "pieces",
     .summary = "that the company sold",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "market_quantity",
     .unit = "pieces",
     .summary = "that anyone sold",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "customers_quantity",
     .unit = "pieces",
     .summary = "that the company's customers bought from anyone",
     .allowed = at_least_zero,
     .optional = true},
};
inline constexpr table_description plan_control_inputs[] = {
    {.name = "sales",
     .summary = "planned and actual, one row a unit and product",
     .columns = plan_sales_columns,
     .rule = plan_sales_rule},
    {.name = "expenses",
     .summary = "marketing expenses, one row a unit and kind",
     .columns = plan_expense_columns,
     .optional = true,
     .rule = plan_expense_rule},
    {.name = "market",
     .summary = "the market, one row a unit and scenario",
     .columns = plan_market_columns,
     .optional = true,
     .rule = plan_market_rule},
};
inline constexpr option_description plan_control_options[] = {
    {.name = "tolerance",
     .summary =
         "control limits of an expense that has none of its own: planned ratio x (1 - tolerance) and x (1 + "
         "tolerance)",
     .unit = "share",
     .allowed = {0.0, 1e6},
     .default_value = "0.2"},
};

inline constexpr column_description plan_line_outputs[] = {
    {.name = "unit", .what = content::text, .summary = "in the order of their bytes"},
    {.name = "product", .what = content::text, .summary = "so, too", .optional = true},
    {.name = "planned_quantity",
     .unit = "pieces",
     .summary = "sum of its rows; none where not known",
     .optional = true},
    {.name = "actual_quantity", .unit = "pieces", .summary = "likewise", .optional = true},
    {.name = "planned_price",
     .unit = "currency a piece",
     .summary = "planned_sales / planned_quantity",
     .optional = true},
    {.name = "actual_price",
     .unit = "currency a piece",
     .summary = "actual_sales / actual_quantity",
     .optional = true},
    {.name = "planned_sales", .what = content::amount, .unit = "currency", .summary = "sum of its rows"},
    {.name = "actual_sales", .what = content::amount, .unit = "currency", .summary = "sum of its rows"},
    {.name = "variance",
     .what = content::amount,
     .unit = "currency",
     .summary = "actual_sales - planned_sales (销售差异)"},
    {.name = "variance_share",
     .unit = "share",
     .summary = "variance / planned_sales; none where these are not above 0",
     .optional = true},
    {.name = "price_variance",
     .what = content::amount,
     .unit = "currency",
     .summary = "actual_sales - planned_price x actual_quantity (价格差异); none without quantities",
     .optional = true},
    {.name = "volume_variance",
     .what = content::amount,
     .unit = "currency",
     .summary = "planned_price x actual_quantity - planned_sales (销量差异): variance - price_variance",
     .optional = true},
    {.name = "price_share",
     .unit = "share",
     .summary = "price_variance / variance; none where that is 0",
     .optional = true},
    {.name = "volume_share", .unit = "share", .summary = "volume_variance / variance", .optional = true},
};
inline constexpr column_description plan_unit_outputs[] = {
    described_in(plan_line_outputs, "unit"),
    described_in(plan_line_outputs, "planned_sales"),
    described_in(plan_line_outputs, "actual_sales"),
    described_in(plan_line_outputs, "variance"),
    described_in(plan_line_outputs, "variance_share"),
    {.name = "price_variance",
     .what = content::amount,
     .unit = "currency",
     .summary = "sum of the lines; none where one of them has none",
     .optional = true},
    {.name = "volume_variance",
     .what = content::amount,
     .unit = "currency",
     .summary = "sum of the lines: variance - price_variance",
     .optional = true},
    {.name = "quantity_variance",
     .what = content::amount,
     .unit = "currency",
     .summary = "planned_sales x actual pieces / planned pieces - planned_sales (数量差异): pieces of all "
                "products, which "
                "must be counted alike; none where no piece was planned",
     .optional = true},
    {.name = "mix_variance",
     .what = content::amount,
     .unit = "currency",
     .summary = "volume_variance - quantity_variance (品种结构差异): dearer or cheaper products than planned",
     .optional = true},
    described_in(plan_line_outputs, "price_share"),
    described_in(plan_line_outputs, "volume_share"),
    {.name = "planned_expense",
     .what = content::amount,
     .unit = "currency",
     .summary = "sum of the expenses; none where one has no plan, or there are none",
     .optional = true},
    {.name = "actual_expense",
     .what = content::amount,
     .unit = "currency",
     .summary = "sum of the expenses; none where there are none",
     .optional = true},
    {.name = "planned_expense_ratio",
     .unit = "share",
     .summary = "planned_expense / planned_sales (费用率)",
     .optional = true},
    {.name = "actual_expense_ratio",
     .unit = "share",
     .summary = "actual_expense / actual_sales",
     .optional = true},
};
inline constexpr column_description plan_expense_outputs[] = {
    {.name = "unit", .what = content::text, .summary = "in the order of their bytes"},
    {.name = "kind", .what = content::text, .summary = "so, too"},
    {.name = "planned",
     .what = content::amount,
     .unit = "currency",
     .summary = "sum of its rows",
     .optional = true},
    {.name = "actual", .what = content::amount, .unit = "currency", .summary = "sum of its rows"},
    {.name = "allowed",
     .what = content::amount,
     .unit = "currency",
     .summary = "what the planned ratio allows at the actual sales, rounded half away from 0",
     .optional = true},
    {.name = "over_allowed",
     .what = content::amount,
     .unit = "currency",
     .summary = "actual - allowed; the rest of the difference from the plan comes from the sales",
     .optional = true},
    {.name = "planned_ratio",
     .unit = "share",
     .summary = "planned / planned sales of the unit (计划费用率)",
     .optional = true},
    {.name = "actual_ratio",
     .unit = "share",
     .summary = "actual / actual sales of the unit (实际费用率); none where these are not above 0",
     .optional = true},
    {.name = "low",
     .unit = "share",
     .summary = "lower control limit, given or by the tolerance",
     .optional = true},
    {.name = "high", .unit = "share", .summary = "upper control limit", .optional = true},
    {.name = "verdict",
     .what = content::code,
     .summary = "below, within (also on a limit) or above the limits; none without a ratio or limits",
     .optional = true,
     .levels = plan_verdicts},
};
inline constexpr column_description plan_market_outputs[] = {
    {.name = "unit", .what = content::text, .summary = "in the order of their bytes"},
    {.name = "scenario", .what = content::code, .summary = "plan, or actual", .levels = plan_scenarios},
    {.name = "sales",
     .what = content::amount,
     .unit = "currency",
     .summary = "of the company",
     .optional = true},
    {.name = "market_share",
     .unit = "share",
     .summary = "sales / market_sales (总体市场占有率)",
     .optional = true},
    {.name = "served_market_share",
     .unit = "share",
     .summary = "sales / served_market_sales (目标市场占有率); never below market_share",
     .optional = true},
    {.name = "relative_share_to_leader",
     .unit = "times",
     .summary = "sales / leader_sales (相对市场占有率); above 1 the company leads",
     .optional = true},
    {.name = "relative_share_to_top_three",
     .unit = "times",
     .summary = "sales / top_three_sales; above 1/3 it is strong",
     .optional = true},
    {.name = "customer_penetration",
     .unit = "share",
     .summary = "customers / market_customers (顾客渗透率)",
     .optional = true},
    {.name = "customer_loyalty",
     .unit = "share",
     .summary =
         "quantity / customers_quantity (顾客忠诚度): how much of what they buy its customers buy from it",
     .optional = true},
    {.name = "customer_selectivity",
     .unit = "times",
     .summary = "(customers_quantity / customers) / (market_quantity / market_customers) (顾客选择性): how "
                "much more they "
                "buy than others",
     .optional = true},
    {.name = "price_selectivity",
     .unit = "times",
     .summary = "(sales / quantity) / (market_sales / market_quantity) (价格选择性)",
     .optional = true},
    {.name = "decomposed_share",
     .unit = "share",
     .summary = "the product of the four, which is market_share",
     .optional = true},
    {.name = "difference",
     .unit = "share",
     .summary = "market_share - planned market_share; of rows actual with a plan",
     .optional = true},
    {.name = "penetration_effect",
     .unit = "share",
     .summary = "of the difference, by logarithmic means; the four effects add up to it",
     .optional = true},
    {.name = "loyalty_effect", .unit = "share", .summary = "likewise", .optional = true},
    {.name = "selectivity_effect", .unit = "share", .summary = "likewise", .optional = true},
    {.name = "price_effect", .unit = "share", .summary = "likewise", .optional = true},
};
inline constexpr table_description plan_control_outputs[] = {
    {.name = "lines", .summary = "one row a unit and product", .columns = plan_line_outputs},
    {.name = "units", .summary = "one row a unit", .columns = plan_unit_outputs},
    {.name = "total",
     .summary = "all units together: one row",
     .columns = std::span(plan_unit_outputs).subspan(1)},
    {.name = "expenses", .summary = "one row a unit and kind", .columns = plan_expense_outputs},
    {.name = "market", .summary = "one row a unit and scenario", .columns = plan_market_outputs},
};

// Kotler: 4,000 widgets were planned at 1, 3,000 were sold at 0.80. Of the 1,600 that are missing 600 (37.5 %) are price and
// 1,000 (62.5 %) volume. Advertising was planned at 10 % of sales, and may be between 8 and 12 %; 300 is 12.5 % of 2,400. The
// market: 30 of 100 customers x half of their needs x 1.25 of the mean need x 0.8 of the mean price = 15 %; 40 customers and
// the mean price were planned, 25 %. The logarithmic mean of both is -0.1 / ln 0.6 = 0.19576; x ln 0.75 it is the effect of
// the customers, x ln 0.8 that of the price.
inline constexpr example_table plan_control_example_rows[] = {
    {"sales", "unit,product,planned_quantity,planned_sales,actual_quantity,actual_sales\nfirst,widget,4000,"
              "4000,3000,2400\n"},
    {"expenses", "unit,kind,planned,actual\nfirst,advertising,400,300\nfirst,sales_force,600,360\n"},
    {"market", "unit,scenario,market_sales,served_market_sales,leader_sales,top_three_sales,customers,market_"
               "customers,quantity,"
               "market_quantity,customers_quantity\nfirst,plan,16000,8000,,,40,100,4000,16000,8000\n"
               "first,actual,16000,8000,4800,9600,30,100,3000,16000,6000\n"}};
inline constexpr example_table plan_control_example_expected[] = {
    {"lines", "unit,product,planned_price,actual_price,variance,variance_share,price_variance,volume_"
              "variance,price_share,"
              "volume_share\nfirst,widget,1,0.8,-1600,-0.4,-600,-1000,0.375,0.625\n"},
    {"units",
     "unit,variance,price_variance,volume_variance,quantity_variance,mix_variance,planned_expense,actual_"
     "expense,"
     "planned_expense_ratio,actual_expense_ratio\nfirst,-1600,-600,-1000,-1000,0,1000,660,0.25,0.275\n"},
    {"expenses", "unit,kind,planned,actual,allowed,over_allowed,planned_ratio,actual_ratio,low,high,verdict\n"
                 "first,advertising,400,300,240,60,0.1,0.125,0.08,0.12,above\n"
                 "first,sales_force,600,360,360,0,0.15,0.15,0.12,0.18,within\n"},
    {"market", "unit,scenario,sales,market_share,served_market_share,relative_share_to_leader,relative_share_"
               "to_top_three,"
               "customer_penetration,customer_loyalty,customer_selectivity,price_selectivity,decomposed_"
               "share,difference,"
               "penetration_effect,loyalty_effect,selectivity_effect,price_effect\n"
               "first,plan,4000,0.25,0.5,,,0.4,0.5,1.25,1,0.25,,,,,\n"
               "first,actual,2400,0.15,0.3,0.5,0.25,0.3,0.5,1.25,0.8,0.15,-0.1,-0.05631707946263246,0,0,-0."
               "043682920537367526\n"},
};
inline constexpr example plan_control_examples[] = {
    {.what = verb::reduce,
     .summary = "a quarter below its plan, by price and volume; one expense out of control; the market share "
                "and its four "
                "parts",
     .source =
         "P. Kotler, Marketing Management, annual-plan control: 37.5 and 62.5 %, and limits of 8 and 12 %",
     .tables = plan_control_example_rows,
     .expected = plan_control_example_expected,
     .tolerance = 1e-12},
};

inline constexpr entry_description plan_control_description{
    .name = plan_control_name,
    .what = verb::reduce,
    .summary = "sales, market share and marketing expenses against the plan: price, volume and mix variance, "
               "the share's "
               "four factors, expense ratios in or out of control",
    .source = "P. Kotler, Marketing Management: annual-plan control; J. H. Parfitt, B. J. K. Collins, "
              "Journal of Marketing "
              "Research 5 (1968); B. W. Ang, Energy Policy 33 (2005)",
    .chinese = "计划控制",
    .since = "0.1",
    .store = "rows",
    .inputs = plan_control_inputs,
    .options = plan_control_options,
    .outputs = plan_control_outputs,
    .examples = plan_control_examples,
    .no_demo = "the company of the demo has no plan and knows nothing of its market",
};

} // namespace emptor::value
