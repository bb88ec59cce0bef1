// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <span>
#include <string_view>

#include <emptor/core/entry.hpp>
#include <emptor/credit/currency_option.hpp>
#include <emptor/credit/day_count_option.hpp>
#include <emptor/credit/terms_change.hpp>

/// How the catalogue knows the change of credit terms (terms_change.hpp).
namespace emptor::credit {

enum class terms_change_input : std::size_t {
  current_sales,
  proposed_sales,
  current_collection_days,
  proposed_collection_days,
  variable_cost_ratio,
  current_discount_rate,
  proposed_discount_rate,
  current_discount_days,
  proposed_discount_days,
  current_discount_share,
  proposed_discount_share,
  current_bad_debt_rate,
  proposed_bad_debt_rate,
  current_collection_cost,
  proposed_collection_cost,
  current_fixed_cost,
  proposed_fixed_cost,
  inventory_change,
  payables_change,
};

inline constexpr domain collection_range{0.0, 36525.0};
inline constexpr domain discount_range{.low = 0.0, .high = 1.0, .high_open = true};

inline constexpr column_description terms_change_inputs[] = {
    {.name = "current_sales",
     .what = content::amount,
     .unit = "currency per year",
     .summary = "credit sales of a year under the terms as they are (赊销收入)",
     .allowed = at_least_zero},
    {.name = "proposed_sales",
     .what = content::amount,
     .unit = "currency per year",
     .summary = "the same under the proposed terms",
     .allowed = at_least_zero},
    {.name = "current_collection_days",
     .unit = "days",
     .summary = "days from a sale to the payment of who takes no discount (收现期)",
     .allowed = collection_range},
    {.name = "proposed_collection_days",
     .unit = "days",
     .summary = "the same under the proposed terms",
     .allowed = collection_range},
    {.name = "variable_cost_ratio",
     .unit = "share",
     .summary = "variable cost per unit of sales (变动成本率); 1 less the contribution margin",
     .allowed = zero_to_one},
    {.name = "current_discount_rate",
     .unit = "share",
     .summary = "cash discount (现金折扣率); 0 where it is missing",
     .allowed = discount_range,
     .optional = true},
    {.name = "proposed_discount_rate",
     .unit = "share",
     .summary = "the same under the proposed terms",
     .allowed = discount_range,
     .optional = true},
    {.name = "current_discount_days",
     .unit = "days",
     .summary = "days from a sale to the payment of who takes the discount; 0 where it is missing",
     .allowed = collection_range,
     .optional = true},
    {.name = "proposed_discount_days",
     .unit = "days",
     .summary = "the same under the proposed terms",
     .allowed = collection_range,
     .optional = true},
    {.name = "current_discount_share",
     .unit = "share",
     .summary = "share of the sales for which the discount is taken; 0 where it is missing",
     .allowed = zero_to_one,
     .optional = true},
    {.name = "proposed_discount_share",
     .unit = "share",
     .summary = "the same under the proposed terms",
     .allowed = zero_to_one,
     .optional = true},
    {.name = "current_bad_debt_rate",
     .unit = "share",
     .summary = "share of the sales that is never paid (坏账损失率); 0 where it is missing",
     .allowed = zero_to_one,
     .optional = true},
    {.name = "proposed_bad_debt_rate",
     .unit = "share",
     .summary = "the same under the proposed terms",
     .allowed = zero_to_one,
     .optional = true},
    {.name = "current_collection_cost",
     .what = content::amount,
     .unit = "currency per year",
     .summary = "cost of collection and credit administration (收账费用); 0 where it is missing",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "proposed_collection_cost",
     .what = content::amount,
     .unit = "currency per year",
     .summary = "the same under the proposed terms",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "current_fixed_cost",
     .what = content::amount,
     .unit = "currency per year",
     .summary = "fixed cost, where the change moves it (固定成本); 0 where it is missing",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "proposed_fixed_cost",
     .what = content::amount,
     .unit = "currency per year",
     .summary = "the same under the proposed terms",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "inventory_change",
     .what = content::amount,
     .unit = "currency",
     .summary = "by how much the mean stock grows, at cost (存货占用资金); 0 where it is missing",
     .optional = true},
    {.name = "payables_change",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "by how much what is owed to suppliers grows (应付账款), which lends money; 0 where it is missing",
     .optional = true},
};
[[nodiscard]] constexpr row_fault terms_change_rule(std::span<const double> values) noexcept {
  for (const std::size_t proposed : {std::size_t{0}, std::size_t{1}}) {
    const double share = values[9 + proposed];
    if (share + values[11 + proposed] > 1.0 + 1e-12)
      return {row_status::inconsistent, 11 + proposed, "at most what the discount leaves"};
    if (share > 0.0 && values[7 + proposed] > values[2 + proposed])
      return {row_status::inconsistent, 7 + proposed, "no later than the days without the discount"};
  }
  return {};
}

inline constexpr option_description terms_change_options[] = {
    {.name = "cost_of_capital",
     .summary = "what the money tied up costs (资本成本)",
     .unit = "per year",
     .allowed = {.low = 0.0, .high = 1e6, .low_open = true},
     .required = true},
    day_count_option,
    {.name = "receivables_at",
     .what = option_content::choice,
     .summary =
         "at what receivables tie up money in the opportunity cost: their variable_cost, or their price",
     .default_value = "variable_cost",
     .choices = receivables_bases},
    {.name = "compounding",
     .what = option_content::choice,
     .summary = "how present values grow with the days; the textbook's figures are simple",
     .default_value = "simple",
     .choices = interest_names},
    currency_option,
};

enum class terms_change_output : std::size_t {
  contribution_change,
  current_opportunity_cost,
  proposed_opportunity_cost,
  opportunity_cost_change,
  current_bad_debt,
  proposed_bad_debt,
  bad_debt_change,
  current_discount_cost,
  proposed_discount_cost,
  discount_cost_change,
  collection_cost_change,
  fixed_cost_change,
  inventory_cost_change,
  payables_saving_change,
  profit_change,
  accept,
  current_receivables,
  proposed_receivables,
  current_collection_period,
  proposed_collection_period,
  current_npv,
  proposed_npv,
  npv_change,
  value_change,
  accept_by_value,
  current_value_of_receipts,
  proposed_value_of_receipts,
  current_value_of_costs,
  proposed_value_of_costs,
};

namespace detail {
[[nodiscard]] constexpr column_description yearly_amount(std::string_view output, std::string_view summary) {
  return {.name = output, .what = content::amount, .unit = "currency per year", .summary = summary};
}
[[nodiscard]] constexpr column_description daily_value(std::string_view output, std::string_view summary,
                                                       bool on_request = false) {
  return {.name = output, .unit = "currency per day of sales", .summary = summary, .on_request = on_request};
}
} // namespace detail

inline constexpr column_description terms_change_outputs[] = {
    detail::yearly_amount("contribution_change", "contribution of the sales won or lost (收益的增加)"),
    detail::yearly_amount("current_opportunity_cost",
                          "what the money in receivables costs (应收账款机会成本), as it is"),
    detail::yearly_amount("proposed_opportunity_cost", "the same under the proposed terms"),
    detail::yearly_amount("opportunity_cost_change", "its increase"),
    detail::yearly_amount("current_bad_debt", "what is never paid (坏账成本), as it is"),
    detail::yearly_amount("proposed_bad_debt", "the same under the proposed terms"),
    detail::yearly_amount("bad_debt_change", "its increase"),
    detail::yearly_amount("current_discount_cost", "discounts that are taken (现金折扣成本), as it is"),
    detail::yearly_amount("proposed_discount_cost", "the same under the proposed terms"),
    detail::yearly_amount("discount_cost_change", "its increase"),
    detail::yearly_amount("collection_cost_change", "increase of the collection cost (收账费用)"),
    detail::yearly_amount("fixed_cost_change", "increase of the fixed cost"),
    detail::yearly_amount("inventory_cost_change",
                          "what the money in more stock costs (存货占用资金的应计利息)"),
    detail::yearly_amount("payables_saving_change", "what the money lent by suppliers saves"),
    detail::yearly_amount("profit_change",
                          "contribution_change less all increases of cost, plus payables_saving_change "
                          "(改变信用政策增加的税前损益); adds up to the minor unit"),
    {.name = "accept", .what = content::boolean, .summary = "whether profit_change is above 0"},
    {.name = "current_receivables",
     .what = content::amount,
     .unit = "currency",
     .summary = "mean balance of receivables (应收账款平均余额), as it is"},
    {.name = "proposed_receivables",
     .what = content::amount,
     .unit = "currency",
     .summary = "the same under the proposed terms"},
    {.name = "current_collection_period",
     .unit = "days",
     .summary = "mean days of a credit sale, with and without discount (平均收现期)"},
    {.name = "proposed_collection_period", .unit = "days", .summary = "the same under the proposed terms"},
    detail::daily_value("current_npv", "net present value of a day's sales (净现值), as it is"),
    detail::daily_value("proposed_npv", "the same under the proposed terms"),
    detail::daily_value("npv_change", "its increase"),
    {.name = "value_change",
     .unit = "currency",
     .summary = "npv_change every day for ever, capitalised at the cost of capital, less the money that goes "
                "into more "
                "stock, plus what suppliers lend"},
    {.name = "accept_by_value", .what = content::boolean, .summary = "whether value_change is above 0"},
    detail::daily_value("current_value_of_receipts", "present value of what comes in of a day's sales", true),
    detail::daily_value("proposed_value_of_receipts", "the same under the proposed terms", true),
    detail::daily_value("current_value_of_costs", "present value of what a day's sales cost", true),
    detail::daily_value("proposed_value_of_costs", "the same under the proposed terms", true),
};

// The textbook's company sells 100,000 pieces at 5, each at a variable cost of 4, due after 30 days, and would sell
// 120,000 with 60 days. Contribution 20,000 x 1; interest 600,000 / 360 x 60 x 80 % x 15 % = 12,000 less
// 500,000 / 360 x 30 x 80 % x 15 % = 5,000; collection 1,000 and bad debts 4,000 more: 20,000 - 7,000 - 1,000 - 4,000 =
// 8,000. With 11,000 pieces more in stock, 44,000 x 15 % = 6,600 less: 1,400. If half of the customers take 0.8 % within 30
// days the mean period is 45 days, interest 9,000, and the discount costs 600,000 x 50 % x 0.8 % = 2,400: 8,600.
inline constexpr example_table terms_change_rows[] = {
    {"rows",
     "current_sales,proposed_sales,current_collection_days,proposed_collection_days,variable_cost_ratio,"
     "proposed_discount_rate,proposed_discount_days,proposed_discount_share,current_bad_debt_rate,"
     "proposed_bad_debt_rate,current_collection_cost,proposed_collection_cost,inventory_change\n"
     "500000,600000,30,60,0.8,,,,0.01,0.015,3000,4000,\n"
     "500000,600000,30,60,0.8,,,,0.01,0.015,3000,4000,44000\n"
     "500000,600000,30,60,0.8,0.008,30,0.5,0.01,0.015,3000,4000,\n"}};
inline constexpr example_option terms_change_example_options[] = {{"cost_of_capital", "0.15"},
                                                                  {"day_count", "360"}};
inline constexpr example_table terms_change_expected[] = {
    {"scores",
     "contribution_change,current_opportunity_cost,proposed_opportunity_cost,opportunity_cost_change,"
     "current_bad_debt,proposed_bad_debt,bad_debt_change,current_discount_cost,"
     "proposed_discount_cost,discount_cost_change,collection_cost_change,fixed_cost_change,"
     "inventory_cost_change,payables_saving_change,profit_change,accept,current_receivables,"
     "proposed_receivables,current_collection_period,proposed_collection_period,current_npv,"
     "proposed_npv,npv_change,value_change,accept_by_value\n"
     "20000.00,5000.00,12000.00,7000.00,5000.00,9000.00,4000.00,0.00,0.00,0.00,1000.00,0.00,0.00,"
     "0.00,8000.00,true,41666.67,100000.00,30.0,60.0,238.68312757201646,257.45257452574526,"
     "18.769446953728797,45046.672688949112,true\n"
     "20000.00,5000.00,12000.00,7000.00,5000.00,9000.00,4000.00,0.00,0.00,0.00,1000.00,0.00,6600.00,"
     "0.00,1400.00,true,41666.67,100000.00,30.0,60.0,238.68312757201646,257.45257452574526,"
     "18.769446953728797,1046.6726889491117,true\n"
     "20000.00,5000.00,9000.00,4000.00,5000.00,9000.00,4000.00,0.00,2400.00,2400.00,1000.00,0.00,"
     "0.00,0.00,8600.00,true,41666.67,75000.00,30.0,45.0,238.68312757201646,260.90534979423868,"
     "22.222222222222222,53333.333333333333,true\n"}};
inline constexpr example terms_change_examples[] = {
    {.what = verb::score,
     .summary =
         "from 30 to 60 days; the same with more stock; the same with a discount of 0.8 % within 30 days",
     .source = "the example of Chinese textbooks of financial management (信用政策分析), by hand; present "
               "values by "
               "tests/oracle/terms_change.py",
     .tables = terms_change_rows,
     .options = terms_change_example_options,
     .expected = terms_change_expected,
     .tolerance = 1e-12},
};

inline constexpr entry_description terms_change_description{
    .name = "credit.terms_change",
    .what = verb::score,
    .summary =
        "profit and net present value of a change of credit period, discount or collection, with each part",
    .source =
        "incremental analysis of credit policy in textbooks of financial management; Sartoris and Hill, "
        "Evaluating credit policy alternatives: a present value framework, Journal of Financial Research 4 "
        "(1981)",
    .chinese = "信用政策变动决策",
    .since = "0.1",
    .score = {.inputs = terms_change_inputs,
              .options = terms_change_options,
              .outputs = terms_change_outputs,
              .rule = &terms_change_rule},
    .examples = terms_change_examples,
    .no_demo = "a proposal is management's own estimate of what customers would do, which no ledger has",
};

} // namespace emptor::credit
