// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string_view>

#include <emptor/core/entry.hpp>
#include <emptor/core/parameters.hpp>
#include <emptor/stats/order_history.hpp>
#include <emptor/value/customer_value.hpp>
#include <emptor/value/customer_value_example.hpp>
#include <emptor/value/customer_value_tables.hpp>
#include <emptor/value/summary_entry.hpp>

/// How the catalogue knows the value of customers (customer_value.hpp).
namespace emptor::value {

inline constexpr std::string_view model_option_names[] = {"auto", "nbd", "bg_nbd", "mbg_nbd", "pareto_nbd"};
inline constexpr std::string_view spend_option_names[] = {"auto", "gamma_gamma", "mean", "own_mean"};

inline constexpr option_description customer_value_finish_options[] = {
    described_in(summary_finish_options, "until"),
    {.name = "horizon",
     .what = option_content::horizon,
     .summary = "how far ahead of until orders count: a length such as 12 month or 39 week, a number of time "
                "units, or the date on which it ends; whole months and years are those of the calendar",
     .unit = "time units",
     .allowed = horizon_domain,
     .default_value = "12 month"},
    {.name = "discount_rate",
     .summary = "effective yearly rate at which what comes later is worth less (0.1: ten percent)",
     .unit = "per year",
     .allowed = {0.0, 1e6},
     .default_value = "0.1"},
    {.name = "margin",
     .summary = "share of an order's amount that is left as profit (毛利率); 1 gives the value as revenue",
     .unit = "share",
     .allowed = zero_to_one,
     .default_value = "1"},
    {.name = "confidence",
     .summary = "probability that an interval covers its expectation, if the models are right",
     .unit = "probability",
     .allowed = {.low = 0.0, .high = 1.0, .low_open = true, .high_open = true},
     .default_value = "0.95"},
    {.name = "quantile",
     .summary = "probability that the next order has come by next_order: 0.5 gives the median",
     .unit = "probability",
     .allowed = {.low = 0.0, .high = 1.0, .high_open = true},
     .default_value = "0.5"},
    {.name = "model",
     .what = option_content::choice,
     .summary = "when customers order: auto chooses the model with the lowest BIC (of equal ones the "
                "simpler); or the name of one",
     .default_value = "auto",
     .choices = model_option_names},
    {.name = "spend",
     .what = option_content::choice,
     .summary = "what an order is worth: gamma_gamma; mean: the mean amount of all orders of all customers; "
                "own_mean: of all orders of the customer; auto: gamma_gamma where its likelihood has a "
                "maximum, else own_mean if everybody always spends the same, else mean",
     .default_value = "auto",
     .choices = spend_option_names},
    described_in(summary_finish_options, "unit"),
    described_in(summary_finish_options, "same_day"),
    described_in(summary_finish_options, "negative"),
    described_in(summary_finish_options, "currency"),
    {.name = "cohort_from",
     .what = option_content::day,
     .summary = "only customers whose first order is dated from this day on: leaves out those whose first "
                "orders may be older than the records"},
    {.name = "cohort_until",
     .what = option_content::day,
     .summary = "only customers whose first order is dated up to this day"},
    {.name = "min_customers",
     .what = option_content::integer,
     .summary =
         "refuse with fewer customers with an order: 100 is what Dynamics 365 Customer Insights asks for",
     .unit = "customers",
     .allowed = {1.0, 1e15},
     .default_value = "100"},
    {.name = "min_repeat_customers",
     .what = option_content::integer,
     .summary = "refuse with fewer customers with a repeat order: 40 is ten for each of the four parameters",
     .unit = "customers",
     .allowed = {2.0, 1e15},
     .default_value = "40"},
    {.name = "min_history",
     .what = option_content::integer,
     .summary =
         "refuse where fewer customers than min_repeat_customers have their first order this many days "
         "before until, or more: 180 days is what Klaviyo asks for",
     .unit = "days",
     .allowed = {0.0, 1e7},
     .default_value = "180"},
    {.name = "max_silence",
     .what = option_content::integer,
     .summary =
         "refuse where nobody, or one customer only, has ordered in this many days before until, whatever "
         "the cohort, as where the records end earlier: 30 is what Klaviyo asks for",
     .unit = "days",
     .allowed = {0.0, 1e7},
     .default_value = "30"},
};

inline constexpr column_description customer_value_columns[] = {
    {.name = "customer", .what = content::text, .summary = "customer (客户), sorted by bytes"},
    {.name = "status",
     .what = content::code,
     .summary = "ok; no_order: no order is left up to until; no_spend: no value, because the repeat orders "
                "have a mean amount that is not above 0",
     .levels = customer_status_names},
    {.name = "reason",
     .what = content::text,
     .summary = "why the customer has no value, with his figures; null where he has one",
     .optional = true},
    {.name = "frequency",
     .what = content::count,
     .unit = "orders",
     .summary = "repeat orders (重复购买频次)",
     .optional = true},
    {.name = "recency",
     .unit = "time units",
     .summary = "from the first order to the last (最近一次购买)",
     .optional = true},
    {.name = "age",
     .unit = "time units",
     .summary = "from the first order to until (客户年龄)",
     .optional = true},
    {.name = "monetary_value",
     .unit = "currency",
     .summary = "mean amount of the repeat orders (平均购买金额); null at frequency 0",
     .optional = true},
    {.name = "last_order",
     .what = content::day,
     .summary = "day of the last order (末次购买日)",
     .optional = true},
    {.name = "total_amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "what credit notes left of all orders so far (购买总额)",
     .optional = true},
    {.name = "probability_alive",
     .unit = "probability",
     .summary = "P(alive): probability that the customer has not dropped out (客户活跃度); 1 under nbd",
     .allowed = zero_to_one,
     .optional = true},
    {.name = "expected_orders",
     .unit = "orders",
     .summary = "expected orders within the horizon",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "discounted_expected_orders",
     .unit = "orders",
     .summary = "the same, each order discounted to until",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "expected_spend",
     .unit = "currency",
     .summary = "expected amount of one of his orders",
     .optional = true},
    {.name = "value",
     .unit = "currency",
     .summary = "margin x expected_spend x discounted_expected_orders (客户价值): given his row, how often "
                "and how much a "
                "customer buys are taken to have nothing to do with each other",
     .optional = true},
    {.name = "value_low",
     .unit = "currency",
     .summary =
         "lower end of the interval of value, which is an expectation, for the errors of the estimated "
         "parameters (delta method on the log scale), and with spend own_mean for that of the customer's own "
         "mean, whose amounts are taken to vary as those of all customers do about their own means (column "
         "variation of spend); null where that mean is not above 0. What the customer will really bring "
         "varies "
         "more",
     .optional = true},
    {.name = "value_high", .unit = "currency", .summary = "upper end of the same", .optional = true},
    {.name = "next_order",
     .what = content::day,
     .summary = "day by whose end the next order has come with the probability quantile; null where it never "
                "gets as probable as that, or after the year 9999",
     .optional = true},
};
inline constexpr column_description candidate_columns[] = {
    {.name = "model",
     .what = content::code,
     .summary = "a model of when customers order: the entry value.<model>",
     .levels = order_choice_names},
    {.name = "parameters", .what = content::count, .summary = "number of parameters"},
    {.name = "log_likelihood",
     .summary = "at the maximum; null where it could not be fitted",
     .optional = true},
    {.name = "aic", .summary = "Akaike's criterion", .optional = true},
    {.name = "bic",
     .summary =
         "Schwarz's criterion, by which the choice is made: with many customers it does not keep parameters "
         "that they do not need, as aic at times does",
     .optional = true},
    {.name = "converged",
     .what = content::boolean,
     .summary = "whether there is a maximum and it was reached"},
    {.name = "limit",
     .what = content::text,
     .summary = "the simpler model that the data ask for where there is no maximum",
     .optional = true},
    {.name = "diagnosis",
     .what = content::text,
     .summary = "which parameter runs where, or why there is no fit; null where it converged",
     .optional = true},
    {.name = "chosen", .what = content::boolean, .summary = "whether the figures are of this model"},
    {.name = "reason", .what = content::text, .summary = "why it was chosen, or why not"},
};
inline constexpr column_description spend_columns[] = {
    {.name = "rule",
     .what = content::code,
     .summary = "what expected_spend is: see option spend",
     .levels = spend_rule_names},
    {.name = "reason", .what = content::text, .summary = "why this rule"},
    {.name = "mean",
     .unit = "currency",
     .summary = "what is expected of a customer without repeat orders; null for own_mean",
     .optional = true},
    {.name = "customers",
     .what = content::count,
     .summary = "with a repeat order and a monetary value above 0: those to whom gamma_gamma is fitted"},
    {.name = "correlation",
     .summary =
         "Pearson's correlation of frequency and monetary value over customers with a repeat order; "
         "there is a warning from 0.3 on, a medium effect of Cohen (1988), if its interval leaves out 0",
     .optional = true},
    {.name = "log_likelihood", .summary = "of gamma_gamma; null where it was not fitted", .optional = true},
    {.name = "converged",
     .what = content::boolean,
     .summary = "whether the likelihood of gamma_gamma has a maximum and it was reached"},
    {.name = "limit",
     .what = content::text,
     .summary = "what the data leave open of gamma_gamma, or the simpler model that they ask for",
     .optional = true},
    {.name = "diagnosis",
     .what = content::text,
     .summary = "which parameter runs where; null where there is nothing to say",
     .optional = true},
    {.name = "correlation_customers",
     .what = content::count,
     .summary = "customers with a repeat order, over whom the correlation is taken"},
    {.name = "correlation_low",
     .summary = "lower end of the interval of correlation at 95 percent (Fisher's transformation)",
     .optional = true},
    {.name = "correlation_high", .summary = "upper end of the same", .optional = true},
    {.name = "variation",
     .summary =
         "under own_mean the coefficient of variation of a customer's amounts about his own mean, from all "
         "customers together: what the error of his own mean is taken from; null under other rules, and "
         "where nobody has two orders",
     .optional = true},
};
inline constexpr column_description value_total_columns[] = {
    {.name = "until",
     .what = content::day,
     .summary = "the last day that counts, from which all is foretold"},
    {.name = "horizon", .unit = "time units", .summary = "how far ahead orders count"},
    {.name = "horizon_end",
     .what = content::day,
     .summary = "the last day of the horizon; null where it is beyond the calendar",
     .optional = true},
    {.name = "customers", .what = content::count, .summary = "rows of the table customers"},
    {.name = "valued", .what = content::count, .summary = "those of them who have a value"},
    {.name = "expected_orders", .unit = "orders", .summary = "sum over the table customers"},
    {.name = "value", .unit = "currency", .summary = "sum over the table customers (客户总价值)"},
    {.name = "value_low",
     .unit = "currency",
     .summary = "lower end of its interval for the errors of the estimated parameters, which all customers "
                "share, and with spend own_mean for those of their own means, where these are above 0",
     .optional = true},
    {.name = "value_high", .unit = "currency", .summary = "upper end of the same", .optional = true},
};
inline constexpr column_description warning_columns[] = {
    {.name = "warning",
     .what = content::code,
     .summary = "what is to be known",
     .levels = value_warning_names},
    {.name = "text", .what = content::text, .summary = "in words, with its figures"},
};
inline constexpr table_description customer_value_outputs[] = {
    {.name = "customers", .summary = "one row for each customer", .columns = customer_value_columns},
    {.name = "candidates",
     .summary = "the models of when customers order, which was chosen, and why",
     .columns = candidate_columns},
    {.name = "spend", .summary = "the rule for what an order is worth, one row", .columns = spend_columns},
    {.name = "totals", .summary = "all customers of the table, one row", .columns = value_total_columns},
    {.name = "warnings", .summary = "what to know before using the figures", .columns = warning_columns},
    {.name = "order_parameters",
     .summary = "of the chosen model, from which model create makes it again",
     .columns = parameter_columns},
    {.name = "order_covariance", .summary = "of these parameters", .columns = covariance_columns},
    {.name = "spend_parameters",
     .summary =
         "of value.gamma_gamma, from which model create makes it again; without rows under another rule",
     .columns = parameter_columns},
    {.name = "spend_covariance", .summary = "of these parameters", .columns = covariance_columns},
};

inline constexpr demo_input customer_value_demo_inputs[] = {{"orders", "orders"}};
inline constexpr example_option customer_value_demo_options[] = {{"until", demo_today},
                                                                 {"unit", "week"},
                                                                 {"horizon", "1 year"},
                                                                 {"discount_rate", demo_discount_rate},
                                                                 {"margin", demo_margin}};
inline constexpr demo_shown customer_value_demo_shown[] = {{"customers", "probability_alive", "P(ALIVE)"},
                                                           {"customers", "expected_orders", "ORDERS"},
                                                           {"customers", "value", "VALUE", true},
                                                           {"customers", "value_low", "LOW"},
                                                           {"customers", "value_high", "HIGH"}};
// What the interval is about is the expectation, given the orders, for the errors of the parameters.
inline constexpr demo_comparison customer_value_demo_compared[] = {
    {demo_measure::probability, "customers", "probability_alive", "truth", "alive", "customer"},
    {demo_measure::number, "customers", "expected_orders", "truth", "expected_orders", "customer"},
    {demo_measure::number, "customers", "value", "truth", "value", "customer"},
    {demo_measure::number, "customers", "value", "truth", "value_given_orders", "customer", "value_low",
     "value_high"}};
inline constexpr demo_feed customer_value_demo[] = {{.inputs = customer_value_demo_inputs,
                                                     .options = customer_value_demo_options,
                                                     .shown = customer_value_demo_shown,
                                                     .compared = customer_value_demo_compared}};

inline constexpr entry_description customer_value_description{
    .name = customer_value_name,
    .what = verb::reduce,
    .summary = "from orders to the value of each customer in one call: P(alive), expected orders and spend, "
               "value with interval, next order date, the model chosen and why",
    .source = "Fader, Hardie and Lee, RFM and CLV, Journal of Marketing Research 42 (2005); choice of the "
              "model: Schwarz, Annals of Statistics 6 (1978)",
    .chinese = "客户价值",
    .since = "0.1",
    .store = "order_history",
    .options = customer_value_finish_options,
    .outputs = customer_value_outputs,
    .examples = customer_value_examples,
    .demo = customer_value_demo,
};

/// From options with the names of `customer_value_finish_options`.
[[nodiscard]] inline customer_value_options read_customer_value_options(const option_values& given) {
  /// What stands at the place of the option's value; nothing for auto, which stands first.
  const auto choice = [&]<class Choice>(std::string_view option, std::span<const std::string_view> names,
                                        std::optional<Choice>& into) {
    if (const auto place = given.choice<std::int32_t>(option, names); place > 0)
      into = static_cast<Choice>(place - 1);
  };
  customer_value_options made;
  made.orders = read_summary_options(given);
  made.cohort_from = given.day("cohort_from");
  made.cohort_until = given.day("cohort_until");
  made.horizon = given.horizon("horizon");
  made.discount_rate = given.number("discount_rate");
  made.margin = given.number("margin");
  made.confidence = given.number("confidence");
  made.quantile = given.number("quantile");
  choice("model", model_option_names, made.model);
  choice("spend", spend_option_names, made.spend);
  made.min_customers = given.integer("min_customers");
  made.min_repeat_customers = given.integer("min_repeat_customers");
  made.min_history = given.integer("min_history");
  made.max_silence = given.integer("max_silence");
  return made;
}

[[nodiscard]] inline result finish_customer_value(const finish_request& request) {
  const auto& from = request.stored<stats::order_history>();
  return {to_tables(
              value_customers(from, read_customer_value_options(request.options), request.how, request.keys)),
          nullptr};
}

inline constexpr entry customer_value_entry{.description = &customer_value_description,
                                            .finish = &finish_customer_value};

} // namespace emptor::value
