// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <span>
#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/value/sales_composition.hpp>
#include <emptor/value/summary_entry.hpp>
#include <emptor/value/until_option.hpp>

/// How the catalogue knows the composition of sales (sales_composition.hpp).
namespace emptor::value {

/// The period that sales are held against.
enum class compared_period : std::int32_t {
  none = 0,
  previous = 1, ///< as many days right before
  year_ago = 2, ///< the same days of the year before
};
inline constexpr std::string_view compared_period_names[] = {"none", "previous", "year_ago"};

inline constexpr column_description stock_columns[] = {
    {.name = "group",
     .what = content::text,
     .summary = "the group by its name, such as the product; all with by=all"},
    {.name = "date",
     .what = content::day,
     .summary =
         "the day of the stock; it counts in a period that has the day, or begins on the next. A stock "
         "without a day counts in each",
     .optional = true},
    {.name = "stock",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "value of the stock (库存金额); of several rows of a group the mean is taken, such as of opening "
         "and closing stock",
     .allowed = at_least_zero},
};
inline constexpr table_description stock_tables[] = {
    {.name = "stock", .summary = "the stock of each group", .columns = stock_columns}};
inline constexpr option_description stock_model_options[] = {
    {.name = "currency",
     .what = option_content::currency,
     .summary = "currency of the stock; it must be that of the orders"},
};
inline constexpr std::string_view stock_accepts[] = {"value.sales_composition"};
inline constexpr slot_description sales_composition_slots[] = {
    {.name = "stock",
     .summary = "the stock, for turnover and cross ratio",
     .accepts = stock_accepts,
     .optional = true},
};

inline constexpr option_description sales_composition_option_list[] = {
    {.name = "by",
     .what = option_content::text,
     .summary =
         "what makes a group: customer, product, all, or the label of a column of the user such as region or "
         "seller, of the order lines or where none has it of the table customers",
     .default_value = "customer"},
    {.name = "since",
     .what = option_content::day,
     .summary = "first day of the period (default: the earliest day of the history)"},
    described_in(summary_finish_options, "until"),
    {.name = "compare",
     .what = option_content::choice,
     .summary = "the earlier period that it is held against: none; previous, as many days right before it; "
                "year_ago, "
                "the same days of the year before (同比)",
     .default_value = "none",
     .choices = compared_period_names},
    {.name = "compare_since",
     .what = option_content::day,
     .summary = "first day of an earlier period of one's own, in place of compare"},
    {.name = "compare_until", .what = option_content::day, .summary = "its last day, before since"},
    described_in(summary_finish_options, "same_day"),
    {.name = "turnover",
     .what = option_content::choice,
     .summary = "what is set against the stock: sales; or cost, the sales less their margin",
     .default_value = "sales",
     .choices = turnover_of_names},
    described_in(summary_finish_options, "currency"),
};

inline constexpr std::string_view composed_periods[] = {"current", "before"};
enum class group_change : std::int32_t {
  continued = 0,
  added = 1,
  gone = 2,
  none = 3, ///< in neither period, but in stock
};
inline constexpr std::string_view group_changes[] = {"continued", "added", "gone", "none"};

inline constexpr column_description composed_group{
    .name = "group",
    .what = content::text,
    .summary = "its name; none for lines without one. From the largest sales down, of equal ones the larger "
               "before, then by bytes; without a name last",
    .optional = true};
inline constexpr column_description composed_period{.name = "period",
                                                    .what = content::code,
                                                    .summary = "current; before where periods are compared",
                                                    .levels = composed_periods};
inline constexpr column_description composed_amount{
    .name = "amount",
    .what = content::amount,
    .unit = "currency",
    .summary = "net sales (销售净额): order lines less credit notes, each on its own day; without what is "
               "cancelled"};
inline constexpr column_description composed_margin{
    .name = "margin",
    .what = content::amount,
    .unit = "currency",
    .summary = "the sum of the margins (毛利); none where no line has one",
    .optional = true};
inline constexpr column_description composed_margin_rate{
    .name = "margin_rate",
    .unit = "share",
    .summary =
        "margin of sales (毛利率), of the lines that have a margin; none where their sales are not above 0",
    .optional = true};
inline constexpr column_description composed_without_margin{
    .name = "amount_without_margin",
    .what = content::amount,
    .unit = "currency",
    .summary = "sales of lines without a margin, which margin and margin_rate know nothing of"};
inline constexpr column_description composed_quantity{
    .name = "quantity", .summary = "the sum of the quantities; none where no line has one", .optional = true};
inline constexpr column_description composed_orders{
    .name = "orders_placed",
    .what = content::count,
    .unit = "orders",
    .summary =
        "orders with a line in the group, as they were placed: also such of which credit notes took all; "
        "one with lines in several groups counts in each"};
inline constexpr column_description composed_buyers{
    .name = "buyers",
    .what = content::count,
    .summary = "customers who placed them; one may count in several groups"};
inline constexpr column_description composed_lines{
    .name = "lines", .what = content::count, .summary = "order lines and lines of credit notes"};
inline constexpr column_description composed_stock{
    .name = "stock",
    .unit = "currency",
    .summary = "mean stock (平均库存); of all groups the sum of theirs, none where one with sales has none",
    .optional = true};
inline constexpr column_description composed_turnover{
    .name = "turnover",
    .unit = "times",
    .summary = "how often the stock was sold in the period (周转率); none without a stock above 0, and of "
               "cost where "
               "a line has no margin",
    .optional = true};
inline constexpr column_description composed_turnover_days{
    .name = "turnover_days",
    .unit = "days",
    .summary = "days of the period / turnover (周转天数); none unless that is above 0",
    .optional = true};
inline constexpr column_description composed_cross_ratio{
    .name = "cross_ratio",
    .unit = "share",
    .summary = "margin_rate x turnover (交叉比率); of sales over a stock at cost it is the GMROI",
    .optional = true};

inline constexpr column_description composition_columns[] = {
    composed_group,
    composed_period,
    composed_amount,
    {.name = "share",
     .unit = "share",
     .summary =
         "of all sales of the period; below 0 for a group of which more was returned than sold. None where "
         "all sales are not above 0",
     .optional = true},
    composed_margin,
    {.name = "margin_share",
     .unit = "share",
     .summary = "of the margin of the period; none where that is not above 0",
     .optional = true},
    composed_margin_rate,
    composed_without_margin,
    composed_quantity,
    composed_orders,
    composed_buyers,
    composed_lines,
    composed_stock,
    composed_turnover,
    composed_turnover_days,
    composed_cross_ratio,
};
inline constexpr column_description composition_change_columns[] = {
    composed_group,
    {.name = "state",
     .what = content::code,
     .summary = "continued: with lines in both periods; added, gone: in one only; none: in stock only",
     .levels = group_changes},
    {.name = "amount", .what = content::amount, .unit = "currency", .summary = "net sales of the period"},
    {.name = "amount_before",
     .what = content::amount,
     .unit = "currency",
     .summary = "net sales of the earlier one"},
    {.name = "change", .what = content::amount, .unit = "currency", .summary = "amount - amount_before"},
    {.name = "growth",
     .unit = "share",
     .summary = "change / amount_before (增长率); none where that is not above 0",
     .optional = true},
    {.name = "share_change",
     .unit = "share",
     .summary = "share - share before: 0.1 is ten percentage points (百分点); none where a share is none",
     .optional = true},
    {.name = "contribution",
     .unit = "share",
     .summary =
         "change / all sales before (增长贡献): over all groups it adds up to the growth of the whole. None "
         "where those are not above 0",
     .optional = true},
    {.name = "margin_change",
     .what = content::amount,
     .unit = "currency",
     .summary = "by how much the margin rose; none where no line of a period has one, unless it has no line",
     .optional = true},
    {.name = "margin_rate_change",
     .unit = "share",
     .summary = "by how much the margin rate rose: a difference of shares",
     .optional = true},
    {.name = "quantity_change",
     .summary =
         "by how much the quantity rose; none where no line of a period has one, unless it has no line",
     .optional = true},
    {.name = "cross_ratio_change",
     .unit = "share",
     .summary = "by how much the cross ratio rose: a difference of shares",
     .optional = true},
};
inline constexpr column_description composition_total_columns[] = {
    composed_period,
    {.name = "from", .what = content::day, .summary = "first day of the period"},
    {.name = "until", .what = content::day, .summary = "last day of the period"},
    {.name = "days", .what = content::count, .unit = "days", .summary = "of the period"},
    {.name = "groups", .what = content::count, .summary = "groups with a line in it"},
    {.name = "order_amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "order lines before credit notes"},
    {.name = "credit_notes",
     .what = content::amount,
     .unit = "currency",
     .summary = "0 or below; order_amount + credit_notes = amount"},
    composed_amount,
    {.name = "growth",
     .unit = "share",
     .summary = "against the earlier period; none where none is compared, or its sales are not above 0",
     .optional = true},
    composed_margin,
    composed_margin_rate,
    composed_without_margin,
    composed_quantity,
    {.name = "orders_placed",
     .what = content::count,
     .unit = "orders",
     .summary = "different orders, as they were placed: before credit notes"},
    {.name = "buyers", .what = content::count, .summary = "different customers who placed them"},
    composed_lines,
    composed_stock,
    composed_turnover,
    composed_turnover_days,
    composed_cross_ratio,
};
inline constexpr table_description sales_composition_outputs[] = {
    {.name = "composition",
     .summary = "one row a group and period (销售构成)",
     .columns = composition_columns},
    {.name = "changes",
     .summary = "one row a group where periods are compared; else none",
     .columns = composition_change_columns},
    {.name = "totals",
     .summary = "one row a period: what the groups add up to",
     .columns = composition_total_columns},
    until_warning_output,
};

// Tea sells 300.00 in the second quarter, 20.00 of it returned, and leaves 90.00 - 6.00 = 84.00: a margin rate of 0.3. Its
// stock was 80.00 and 120.00, so that it turned 2.8 times, and the cross ratio is 0.84. Pots sell 120.00 at 50 % over a
// stock of 60.00: 2 x 0.5 = 1. The whole grows from 250.00 to 400.00, by 0.6, of which tea brings 80 / 250 = 0.32.
inline constexpr example_table sales_composition_example_tables[] = {
    {"orders", "customer,date,amount,document,line,cancels,product,quantity,margin\n"
               "Ann,2024-02-01,200.00,D1,1,,tea,20,60.00\n"
               "Ann,2024-02-01,50.00,D1,2,,pot,1,25.00\n"
               "Ann,2024-04-05,300.00,D2,1,,tea,30,90.00\n"
               "Bob,2024-05-05,120.00,D3,1,,pot,2,60.00\n"
               "Ann,2024-05-20,-20.00,D4,1,D2,tea,-2,-6.00\n"
               "Bob,2024-06-01,70.00,D5,1,,pot,1,35.00\n"
               "Bob,2024-06-02,,D6,1,D5,,,\n"},
};
inline constexpr example_table sales_composition_example_stock[] = {
    {"stock", "group,date,stock\n"
              "tea,2024-03-31,80.00\n"
              "tea,2024-06-30,120.00\n"
              "pot,2024-06-30,60.00\n"},
};
inline constexpr example_slot sales_composition_example_slots[] = {
    {"stock", "value.sales_composition", sales_composition_example_stock}};
inline constexpr example_option sales_composition_example_options[] = {{"by", "product"},
                                                                       {"since", "2024-04-01"},
                                                                       {"until", "2024-06-30"},
                                                                       {"compare_since", "2024-01-01"},
                                                                       {"compare_until", "2024-03-30"}};
inline constexpr example_table sales_composition_example_expected[] = {
    {"composition",
     "group,period,amount,share,margin,margin_rate,quantity,orders_placed,buyers,stock,turnover,cross_ratio\n"
     "tea,current,280.00,0.7,84.00,0.3,28,1,1,100,2.8,0.84\n"
     "pot,current,120.00,0.3,60.00,0.5,2,1,1,60,2,1\n"
     "tea,before,200.00,0.8,60.00,0.3,20,1,1,,,\n"
     "pot,before,50.00,0.2,25.00,0.5,1,1,1,,,\n"},
    {"changes", "group,state,amount,amount_before,change,growth,share_change,contribution,margin_change\n"
                "tea,continued,280.00,200.00,80.00,0.4,-0.1,0.32,24.00\n"
                "pot,continued,120.00,50.00,70.00,1.4,0.1,0.28,35.00\n"},
    {"totals",
     "period,days,order_amount,credit_notes,amount,growth,margin,margin_rate,orders_placed,buyers,stock,"
     "turnover,cross_ratio\n"
     "current,91,420.00,-20.00,400.00,0.6,144.00,0.36,2,2,160,2.5,0.9\n"
     "before,90,250.00,0.00,250.00,,85.00,0.34,1,1,,,\n"},
};
inline constexpr example sales_composition_examples[] = {
    {.what = verb::reduce,
     .summary = "two products in two quarters, with a return, a cancelled order and the stock",
     .source = "made for this page, to be checked by hand",
     .tables = sales_composition_example_tables,
     .options = sales_composition_example_options,
     .expected = sales_composition_example_expected,
     .tolerance = 1e-14,
     .slots = sales_composition_example_slots},
};

inline constexpr demo_input sales_composition_demo_inputs[] = {{"orders", "orders"}};
inline constexpr example_option sales_composition_demo_options[] = {
    {"since", "2025-01-01"}, {"until", demo_today}, {"compare", "year_ago"}};
inline constexpr demo_feed sales_composition_demo[] = {
    {.inputs = sales_composition_demo_inputs, .options = sales_composition_demo_options}};

inline constexpr entry_description sales_composition_description{
    .name = sales_composition_name,
    .what = verb::reduce,
    .summary =
        "sales by customer, product, region or any column: shares, margin, turnover, cross ratio, and what "
        "changed against an earlier period",
    .source = "customer composition analysis as Chinese texts on sales management teach it; GMROI: D. J. "
              "Sweeney 1973, "
              "Improving the Profitability of Retail Merchandising Decisions",
    .chinese = "销售构成分析, 交叉比率",
    .since = "0.1",
    .store = "order_history",
    .options = sales_composition_option_list,
    .slots = sales_composition_slots,
    .outputs = sales_composition_outputs,
    .model_tables = stock_tables,
    .model_options = stock_model_options,
    .examples = sales_composition_examples,
    .demo = sales_composition_demo,
};

} // namespace emptor::value
