// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cstddef>
#include <limits>
#include <span>
#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/core/parameters.hpp>

/// How the catalogue knows the models of a customer base: the same words for all of them.
namespace emptor::value {

// Rows.

[[nodiscard]] constexpr row_fault customer_rule(std::span<const double> values) noexcept {
  if (values[1] > values[2])
    return {row_status::inconsistent, 1, "<= age"};
  // One comparison for both conditions, because nobody can guess the outcome of a branch on the frequency alone: times
  // a count from 1 on the largest number is no smaller than any recency.
  if (values[1] > values[0] * std::numeric_limits<double>::max())
    return {row_status::inconsistent, 1, "0 where frequency is 0"};
  return {};
}

/// The rule of the rows of a model.
template <class Model>
inline constexpr row_rule rule_of = &customer_rule;

inline constexpr column_description frequency_column{.name = "frequency",
                                                     .what = content::count,
                                                     .unit = "orders",
                                                     .summary = "repeat orders (购买频次)",
                                                     .allowed = at_least_zero};
inline constexpr column_description weight_column{
    .name = "weight",
    .unit = "customers",
    .summary = "customers that this row stands for; 1 where it is missing",
    .allowed = {0.0, 1e15},
    .optional = true};
/// What is fitted; the first three are what is scored.
inline constexpr column_description customer_columns[] = {
    frequency_column,
    {.name = "recency",
     .unit = "time units",
     .summary = "first to last order; 0 where frequency is 0",
     .allowed = at_least_zero},
    {.name = "age",
     .unit = "time units",
     .summary = "first order to now, >= recency",
     .allowed = at_least_zero},
    weight_column,
};
inline constexpr std::size_t customer_inputs = 3;
inline constexpr table_description customer_tables[] = {
    {.name = "rows", .summary = "one customer a row", .columns = customer_columns, .rule = &customer_rule}};

// Options.

inline constexpr std::string_view time_unit_choices[] = {"day", "week", "month", "year"};
inline constexpr option_description unit_option{
    .name = "unit",
    .what = option_content::choice,
    .summary = "time unit of recency, age and the scales; without it horizons are plain numbers, and dates, "
               "lengths with a unit and yearly rates are refused",
    .choices = time_unit_choices};
inline constexpr option_description max_iterations_option{.name = "max_iterations",
                                                          .what = option_content::integer,
                                                          .summary = "Newton iterations from one start",
                                                          .allowed = {1, 100000},
                                                          .default_value = "200"};
inline constexpr option_description confidence_option{
    .name = "confidence",
    .what = option_content::number,
    .summary = "probability that the interval of an output covers its true figure, if the model is right; "
               "needs the covariance of the parameters",
    .unit = "probability",
    .allowed = {.low = 0.0, .high = 1.0, .low_open = true, .high_open = true}};
inline constexpr domain horizon_domain{0.0, 1e12};

inline constexpr option_description customer_fit_options[] = {unit_option, max_iterations_option};
inline constexpr option_description customer_model_options[] = {unit_option};
inline constexpr option_description customer_score_options[] = {
    {.name = "horizon",
     .what = option_content::horizon,
     .summary = "how far ahead: a number of the model's time units, a length such as 39 week, or the date on "
                "which it ends",
     .unit = "time units",
     .allowed = horizon_domain},
    {.name = "as_of",
     .what = option_content::day,
     .summary = "the day on which the ages end; needed where a horizon is a date"},
    {.name = "discount_rate",
     .what = option_content::number,
     .summary = "effective yearly rate at which future orders are discounted (0.1: ten percent); 0 needs a "
                "discount_horizon, any other a model with a time unit",
     .unit = "per year",
     .allowed = {0.0, 1e6}},
    {.name = "discount_horizon",
     .what = option_content::horizon,
     .summary = "how far ahead orders are discounted, given like horizon; without it for ever, which a "
                "discount_rate of 0 rules out",
     .unit = "time units",
     .allowed = horizon_domain},
    {.name = "quantile",
     .what = option_content::number,
     .summary = "probability of next_order_quantile: 0.5 gives the median",
     .unit = "probability",
     .allowed = {.low = 0.0, .high = 1.0, .high_open = true},
     .default_value = "0.5"},
    {.name = "orders",
     .what = option_content::integer,
     .summary = "the number of orders of probability_of_orders",
     .unit = "orders",
     .allowed = {0.0, 1e9}},
    confidence_option,
};

// Outputs.

/// What a model can say about a customer, in the order of the outputs.
enum class quantity : std::size_t {
  probability_alive = 0,
  expected_orders = 1,
  probability_alive_in = 2,
  probability_active = 3,
  discounted_expected_orders = 4,
  next_order_quantile = 5,
  probability_of_orders = 6,
  mean_order_rate = 7,
  mean_dropout = 8,
};
inline constexpr std::size_t quantity_count = 9;

namespace detail {
inline constexpr std::string_view need_horizon[] = {"horizon"};
inline constexpr std::string_view need_rate[] = {"discount_rate"};
inline constexpr std::string_view need_orders[] = {"horizon", "orders"};
inline constexpr std::string_view need_confidence[] = {"confidence"};
inline constexpr std::string_view need_horizon_confidence[] = {"horizon", "confidence"};
inline constexpr std::string_view need_rate_confidence[] = {"discount_rate", "confidence"};
inline constexpr std::string_view need_orders_confidence[] = {"horizon", "orders", "confidence"};
} // namespace detail

/// The description of a quantity, and of the ends of its interval (delta method: on the logit scale for
/// probabilities, on the log scale for other figures).
struct quantity_description {
  column_description value;
  std::string_view low;
  std::string_view high;
  std::span<const std::string_view> interval_needs;

  [[nodiscard]] constexpr bool is_probability() const noexcept { return value.allowed.high == 1.0; }
  [[nodiscard]] constexpr column_description end(bool upper) const noexcept {
    return {.name = upper ? high : low,
            .unit = value.unit,
            .summary = upper ? "upper end of its interval; null where the model has no covariance"
                             : "lower end of its interval; null where the model has no covariance",
            .allowed = value.allowed,
            .needs = interval_needs,
            .on_request = value.on_request};
  }
};

inline constexpr std::array<quantity_description, quantity_count> quantities{{
    {{.name = "probability_alive",
      .unit = "probability",
      .summary = "P(alive): probability that the customer has not dropped out (客户活跃度)",
      .allowed = zero_to_one},
     "probability_alive_low",
     "probability_alive_high",
     detail::need_confidence},
    {{.name = "expected_orders",
      .unit = "orders",
      .summary = "expected orders within the horizon, given the row",
      .allowed = at_least_zero,
      .needs = detail::need_horizon},
     "expected_orders_low",
     "expected_orders_high",
     detail::need_horizon_confidence},
    {{.name = "probability_alive_in",
      .unit = "probability",
      .summary = "probability that the customer is still alive when the horizon ends",
      .allowed = zero_to_one,
      .needs = detail::need_horizon,
      .on_request = true},
     "probability_alive_in_low",
     "probability_alive_in_high",
     detail::need_horizon_confidence},
    {{.name = "probability_active",
      .unit = "probability",
      .summary = "probability of at least one order within the horizon",
      .allowed = zero_to_one,
      .needs = detail::need_horizon,
      .on_request = true},
     "probability_active_low",
     "probability_active_high",
     detail::need_horizon_confidence},
    {{.name = "discounted_expected_orders",
      .unit = "orders",
      .summary = "expected future orders, each discounted to now at discount_rate, for ever or within "
                 "discount_horizon; times the margin of an order it is a lifetime value (客户终身价值)",
      .allowed = at_least_zero,
      .needs = detail::need_rate},
     "discounted_expected_orders_low",
     "discounted_expected_orders_high",
     detail::need_rate_confidence},
    {{.name = "next_order_quantile",
      .unit = "time units",
      .summary = "time until the next order, not exceeded with the probability `quantile`; row status never "
                 "where an order ever is not as probable as that",
      .allowed = at_least_zero,
      .on_request = true},
     "next_order_quantile_low",
     "next_order_quantile_high",
     detail::need_confidence},
    {{.name = "probability_of_orders",
      .unit = "probability",
      .summary = "probability of exactly `orders` orders within the horizon",
      .allowed = zero_to_one,
      .needs = detail::need_orders},
     "probability_of_orders_low",
     "probability_of_orders_high",
     detail::need_orders_confidence},
    {{.name = "mean_order_rate",
      .unit = "orders per time unit",
      .summary = "posterior mean of the customer's own order rate while he is alive",
      .allowed = at_least_zero,
      .on_request = true},
     "mean_order_rate_low",
     "mean_order_rate_high",
     detail::need_confidence},
    {{.name = "mean_dropout",
      .unit = "probability",
      .summary = "posterior mean of the customer's own probability to drop out after an order",
      .allowed = zero_to_one,
      .on_request = true},
     "mean_dropout_low",
     "mean_dropout_high",
     detail::need_confidence},
}};

/// A quantity as a model describes it: with a summary of its own where it has something to add
/// (`Model::described(quantity, general)`).
template <class Model>
[[nodiscard]] constexpr quantity_description quantity_of(std::size_t i) noexcept {
  return Model::described(static_cast<quantity>(i), quantities[i]);
}

/// The quantities that a model has: all but those for which `Model::undefined` says why not.
template <class Model>
inline constexpr auto defined_quantities = [] {
  constexpr auto is_defined = [](std::size_t i) {
    return Model::undefined(static_cast<quantity>(i)).empty();
  };
  constexpr std::size_t count = [=] {
    std::size_t n = 0;
    for (std::size_t i = 0; i < quantity_count; ++i)
      n += is_defined(i) ? 1U : 0U;
    return n;
  }();
  std::array<std::size_t, count> kept{};
  for (std::size_t i = 0, n = 0; i < quantity_count; ++i) {
    if (is_defined(i))
      kept[n++] = i;
  }
  return kept;
}();

/// The outputs of a model: its quantities, then the two ends of the interval of each.
template <class Model>
inline constexpr auto customer_outputs = [] {
  constexpr auto& kept = defined_quantities<Model>;
  std::array<column_description, 3 * kept.size()> made{};
  for (std::size_t k = 0; k < kept.size(); ++k) {
    const quantity_description described = quantity_of<Model>(kept[k]);
    made[k] = described.value;
    made[kept.size() + 2 * k] = described.end(false);
    made[kept.size() + 2 * k + 1] = described.end(true);
  }
  return made;
}();

// The demo: fitted to the customers of the company, as value.summary finds them, and asked for the year to come.

inline constexpr demo_input demo_customers[] = {{"rows", "value.summary/summary"}};
inline constexpr demo_input demo_customers_a_year_ago[] = {{"rows", "value.summary.calibration/summary"}};
inline constexpr example_option demo_in_weeks[] = {{"unit", "week"}};
inline constexpr example_option demo_next_year[] = {{"horizon", "1 year"}};
inline constexpr demo_comparison demo_orders_compared[] = {
    {demo_measure::number, "scores", "expected_orders", "truth", "expected_orders", "customer"}};
inline constexpr demo_comparison demo_customers_compared[] = {
    {demo_measure::probability, "scores", "probability_alive", "truth", "alive", "customer"},
    demo_orders_compared[0]};
inline constexpr demo_feed demo_fit{.what = verb::fit, .inputs = demo_customers, .options = demo_in_weeks};
inline constexpr demo_feed demo_score{.what = verb::score,
                                      .inputs = demo_customers,
                                      .options = demo_next_year,
                                      .keep = "customer",
                                      .compared = demo_customers_compared};
inline constexpr demo_feed customer_base_demo[] = {demo_fit, demo_score};

} // namespace emptor::value
