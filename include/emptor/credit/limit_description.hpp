// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <emptor/core/entry.hpp>
#include <emptor/credit/currency_option.hpp>
#include <emptor/credit/grade_policy_entry.hpp>
#include <emptor/credit/limit.hpp>

/// How the catalogue knows the credit limit (limit.hpp).
namespace emptor::credit {

inline constexpr std::string_view limit_name = "credit.limit";

enum class limit_input : std::size_t {
  equity,
  yearly_purchases,
  working_capital,
  daily_sales,
  terms_days,
  grade,
  probability_of_default,
  loss_given_default,
  margin,
  reference_exposure,
  guarantees,
  temporary_limit,
  temporary_until,
};
inline constexpr column_description limit_inputs[] = {
    {.name = "equity",
     .what = content::amount,
     .unit = "currency",
     .summary = "net worth of the customer (净资产); carries no credit where it is below 0",
     .optional = true},
    {.name = "yearly_purchases",
     .what = content::amount,
     .unit = "currency per year",
     .summary = "what he buys, or will buy, in a year (年采购额)",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "working_capital",
     .what = content::amount,
     .unit = "currency",
     .summary = "current assets less current liabilities (营运资金); carries no credit where it is below 0",
     .optional = true},
    {.name = "daily_sales",
     .what = content::amount,
     .unit = "currency per day",
     .summary = "what he buys on credit a day (日赊销额)",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "terms_days",
     .what = content::count,
     .unit = "days",
     .summary = "credit period (信用期限)",
     .allowed = {0.0, 36525.0},
     .optional = true},
    {.name = "grade",
     .what = content::text,
     .summary = "credit grade (信用等级); row status unknown_level where the slot's table does not have it",
     .optional = true},
    {.name = "probability_of_default",
     .unit = "probability",
     .summary = "that he does not pay, within a year and at the reference exposure (违约概率)",
     .allowed = zero_to_one,
     .optional = true},
    {.name = "loss_given_default",
     .unit = "share",
     .summary = "share of what is owed that is lost then (违约损失率)",
     .allowed = zero_to_one,
     .optional = true},
    {.name = "margin",
     .unit = "share",
     .summary = "share of the price that is left as profit (毛利率)",
     .allowed = zero_to_one,
     .optional = true},
    {.name = "reference_exposure",
     .what = content::amount,
     .unit = "currency",
     .summary = "exposure for which the probability of default was judged, such as his mean balance",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "guarantees",
     .what = content::amount,
     .unit = "currency",
     .summary = "guarantees and insurance (担保) that are added to what the methods give",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "temporary_limit",
     .what = content::amount,
     .unit = "currency",
     .summary = "a limit that somebody granted for some time (临时额度); it stands in place of the one "
                "worked out, as it is",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "temporary_until",
     .what = content::day,
     .summary = "the last day of the temporary limit (有效期至)",
     .optional = true},
};
[[nodiscard]] constexpr row_fault limit_rule(std::span<const double> values) noexcept {
  const bool temporary = values[11] >= 0.0; // false for NaN
  if (temporary && values[12] != values[12])
    return {row_status::missing, 12, "given with a temporary limit"};
  return {};
}

inline constexpr std::string_view limit_grade_models[] = {grade_policy_name};
inline constexpr slot_description limit_slots[] = {
    {.name = "grades",
     .summary = "the limit of each grade: a policy by credit grade",
     .accepts = limit_grade_models,
     .optional = true}};

inline constexpr option_description limit_options[] = {
    {.name = "methods",
     .what = option_content::text,
     .summary =
         "the methods that count, separated by commas: equity, purchases, working_capital, days_of_sales, "
         "grade, "
         "expected_profit; without it all whose share is set or whose slot is filled, days_of_sales and "
         "expected_profit"},
    {.name = "combine",
     .what = option_content::choice,
     .summary =
         "the limit is the minimum, the maximum or the weighted mean of the methods that count in a row",
     .default_value = "minimum",
     .choices = limit_combinations},
    {.name = "weights",
     .what = option_content::numbers,
     .summary = "of the weighted mean, one for each of methods; equal where they are not set",
     .allowed = {.low = 0.0, .high = 1e6, .low_open = true}},
    {.name = "share_of_equity",
     .summary = "of equity: 0.1 for a tenth of the net worth",
     .unit = "share",
     .allowed = {0.0, 100.0}},
    {.name = "share_of_purchases",
     .summary = "of yearly_purchases: 0.25 for those of a quarter",
     .unit = "share",
     .allowed = {0.0, 100.0}},
    {.name = "share_of_working_capital",
     .summary = "of working_capital",
     .unit = "share",
     .allowed = {0.0, 100.0}},
    {.name = "sales_factor",
     .summary = "of days_of_sales: above 1 for what is paid late or bought in season",
     .unit = "share",
     .allowed = {0.0, 1000.0},
     .default_value = "1"},
    {.name = "elasticity",
     .summary = "of expected_profit: by what power of the exposure the probability of default rises; 1: "
                "twice the exposure, "
                "twice the probability",
     .allowed = {.low = 0.01, .high = 100.0},
     .default_value = "1"},
    {.name = "guarantee_share",
     .summary = "share of the guarantees that is added",
     .unit = "share",
     .allowed = zero_to_one,
     .default_value = "1"},
    {.name = "step",
     .summary = "the limit is a whole number of steps, before cap and floor; the nearest minor unit where it "
                "is not set",
     .unit = "currency",
     .allowed = above_zero},
    {.name = "rounding",
     .what = option_content::choice,
     .summary = "which way to a whole number of steps; nearest takes halves up",
     .default_value = "down",
     .choices = step_roundings},
    {.name = "cap", .summary = "no limit is above it", .unit = "currency", .allowed = at_least_zero},
    {.name = "floor", .summary = "no limit is below it", .unit = "currency", .allowed = at_least_zero},
    {.name = "as_of",
     .what = option_content::day,
     .summary = "the day on which the limit is set; needed where a row has a temporary limit, which has row "
                "status undefined "
                "without it"},
    {.name = "validity_months",
     .what = option_content::integer,
     .summary = "months after as_of in which a limit that is not temporary holds",
     .unit = "months",
     .allowed = {1.0, 1200.0}},
    currency_option,
};

/// What stopped a limit from being what the methods and the guarantees give.
enum class limit_bound : std::int32_t { none = 0, cap = 1, floor = 2 };
inline constexpr std::string_view limit_bounds[] = {"none", "cap", "floor"};

inline constexpr std::string_view binding_methods[] = {"equity",        "purchases", "working_capital",
                                                       "days_of_sales", "grade",     "expected_profit",
                                                       "weighted",      "temporary"};
inline constexpr std::size_t temporary_binds = 7;

/// The limit and the state of each method stand in pairs, in the order of `limit_methods`.
enum class limit_output : std::size_t {
  limit,
  binding_method,
  bounded_by,
  methods_counted,
  from_methods,
  guaranteed,
  valid_until,
  limit_by_equity,
};

namespace detail {
[[nodiscard]] constexpr column_description method_limit_column(std::string_view output,
                                                               std::string_view summary) {
  return {.name = output,
          .what = content::amount,
          .unit = "currency",
          .summary = summary,
          .allowed = at_least_zero,
          .optional = true};
}
[[nodiscard]] constexpr column_description method_state_column(std::string_view output) {
  return {.name = output,
          .what = content::code,
          .summary = "whether it counts, was not_asked for, has no_input, or sets no bound",
          .levels = method_states};
}
} // namespace detail

inline constexpr column_description limit_outputs[] = {
    {.name = "limit",
     .what = content::amount,
     .unit = "currency",
     .summary = "credit limit (信用额度); row status missing where no method has what it needs, undefined "
                "where those that "
                "have it set no bound",
     .allowed = at_least_zero},
    {.name = "binding_method",
     .what = content::code,
     .summary = "the method that gives the minimum or maximum, the first of equals; weighted; or temporary",
     .levels = binding_methods},
    {.name = "bounded_by",
     .what = content::code,
     .summary = "cap or floor, where they changed it",
     .levels = limit_bounds},
    {.name = "methods_counted", .what = content::count, .summary = "methods that count in this row"},
    {.name = "from_methods",
     .what = content::amount,
     .unit = "currency",
     .summary =
         "what the methods give, rounded to the minor unit, before guarantees, steps, cap and floor; null "
         "where none counts",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "guaranteed",
     .what = content::amount,
     .unit = "currency",
     .summary = "what the guarantees add",
     .allowed = at_least_zero},
    {.name = "valid_until",
     .what = content::day,
     .summary = "the last day of the limit; null where it has none",
     .optional = true},
    detail::method_limit_column("limit_by_equity", "share of the net worth (净资产比例法)"),
    detail::method_state_column("state_of_equity"),
    detail::method_limit_column("limit_by_purchases", "share of the yearly purchases (年采购额比例法)"),
    detail::method_state_column("state_of_purchases"),
    detail::method_limit_column("limit_by_working_capital", "share of the working capital (营运资金法)"),
    detail::method_state_column("state_of_working_capital"),
    detail::method_limit_column("limit_by_days_of_sales",
                                "daily_sales x terms_days x sales_factor (销售量法)"),
    detail::method_state_column("state_of_days_of_sales"),
    detail::method_limit_column("limit_by_grade", "the limit of the grade (信用等级法)"),
    detail::method_state_column("state_of_grade"),
    detail::method_limit_column("limit_by_expected_profit",
                                "the largest whose last unit earns what it may lose (期望利润法)"),
    detail::method_state_column("state_of_expected_profit"),
};

// Hong: a tenth of 5,000,000; a fifth of 1,200,000; a fifth of 900,000; 4,000 x 60; grade A. A default probability of 0.5 a
// year is one of 1 - 0.5 ^ (60 / 365) = 0.107690 in 60 days, so that his last unit earns what it may lose at
// 150,000 x 0.2 / (2 x 0.6 x 0.107690) = 232,147.19. The working capital gives the least, 180,000; with guarantees of
// 50,500 it is 230,500, in steps of 1,000 down 230,000. Lan has a temporary limit; Wei owes more than he owns.
inline constexpr example_table limit_example_rows[] = {
    {"rows", "equity,yearly_purchases,working_capital,daily_sales,terms_days,grade,probability_of_default,"
             "loss_given_default,"
             "margin,reference_exposure,guarantees,temporary_limit,temporary_until\n"
             "5000000,1200000,900000,4000,60,A,0.5,0.6,0.2,150000,50500,,\n"
             ",,,,,B,,,,,,150000,2026-03-31\n"
             ",300000,,,,B,,,,,,150000,2026-01-14\n"
             "-20000,300000,,,,AA,,,,,,,\n"}};
inline constexpr example_option limit_example_options[] = {
    {"share_of_equity", "0.1"}, {"share_of_purchases", "0.2"}, {"share_of_working_capital", "0.2"},
    {"step", "1000"},           {"as_of", "2026-01-15"},       {"validity_months", "12"},
};
inline constexpr example_slot limit_example_slots[] = {
    {"grades", grade_policy_name, grade_policy_example_model}};
inline constexpr example_table limit_example_expected[] = {
    {"scores",
     "limit,binding_method,bounded_by,methods_counted,from_methods,guaranteed,valid_until,limit_by_equity,"
     "state_of_equity,limit_by_purchases,state_of_purchases,limit_by_working_capital,state_of_working_"
     "capital,"
     "limit_by_days_of_sales,state_of_days_of_sales,limit_by_grade,state_of_grade,limit_by_expected_profit,"
     "state_of_expected_profit\n"
     "230000.00,working_capital,none,6,180000.00,50500.00,2027-01-15,500000.00,counts,240000.00,counts,"
     "180000.00,"
     "counts,240000.00,counts,500000.00,counts,232147.19,counts\n"
     "150000.00,temporary,none,1,100000.00,0.00,2026-03-31,,no_input,,no_input,,no_input,,no_input,100000.00,"
     "counts,,"
     "no_input\n"
     "60000.00,purchases,none,2,60000.00,0.00,2027-01-15,,no_input,60000.00,counts,,no_input,,no_input,"
     "100000.00,"
     "counts,,no_input\n"
     "0.00,equity,none,3,0.00,0.00,2027-01-15,0.00,counts,60000.00,counts,,no_input,,no_input,800000.00,"
     "counts,,"
     "no_input\n"}};
inline constexpr example limit_examples[] = {
    {.what = verb::score,
     .summary = "a customer of whom everything is known; a temporary limit in force and one that has ended; "
                "one whose net "
                "worth is below 0",
     .source = "the definitions, by hand; expected profit by tests/oracle/credit_limit.py",
     .tables = limit_example_rows,
     .options = limit_example_options,
     .expected = limit_example_expected,
     .slots = limit_example_slots},
};

inline constexpr demo_input limit_demo_inputs[] = {{"rows", "credit_facts"}};
inline constexpr example_option limit_demo_options[] = {
    {"share_of_equity", "0.1"}, {"share_of_working_capital", "0.2"}, {"step", "1000"}, {"cap", "100000"}};
inline constexpr demo_feed limit_demo[] = {
    {.what = verb::score, .inputs = limit_demo_inputs, .options = limit_demo_options, .keep = "customer"}};

inline constexpr entry_description limit_description{
    .name = limit_name,
    .what = verb::score,
    .summary = "credit limit by several methods side by side: which one binds, guarantees, temporary limits, "
               "cap and steps",
    .source = "methods of textbooks of credit management (信用额度的确定方法); expected profit by marginal "
              "analysis, whose "
              "formula stands in emptor/credit/limit.hpp",
    .chinese = "信用额度",
    .since = "0.1",
    .slots = limit_slots,
    .score = {.inputs = limit_inputs,
              .options = limit_options,
              .outputs = limit_outputs,
              .rule = &limit_rule},
    .examples = limit_examples,
    .demo = limit_demo,
};

} // namespace emptor::credit
