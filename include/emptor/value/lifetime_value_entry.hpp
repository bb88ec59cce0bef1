// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/core/options.hpp>
#include <emptor/math/dual.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/intervals.hpp>
#include <emptor/value/customer_base_description.hpp>
#include <emptor/value/gamma_gamma_entry.hpp>
#include <emptor/value/lifetime_value.hpp>
#include <emptor/value/order_models.hpp>

/// How the catalogue knows the lifetime value (lifetime_value.hpp).
namespace emptor::value {

inline constexpr std::string_view lifetime_value_name = "value.lifetime_value";
/// The schedule that the options of `value.lifetime_value` ask for. \throws error status::option
[[nodiscard]] inline discount_schedule schedule_of(const option_values& options,
                                                   const emptor::model& orders) {
  schedule_request asked{.where = lifetime_value_name,
                         .unit = orders.unit(),
                         .as_of = options.day("as_of"),
                         .horizon = std::nullopt,
                         .discount_rate = options.number("discount_rate"),
                         .how = options.choice<discounting>("discounting", discounting_names),
                         .whole = orders.entry == bg_bb::name};
  if (options.has("horizon"))
    asked.horizon = options.horizon("horizon");
  return make_schedule(asked);
}

inline constexpr std::string_view spend_models[] = {gamma_gamma::name};

inline constexpr column_description lifetime_value_inputs[] = {
    frequency_column,
    described_in(customer_columns, "recency"),
    {.name = "age",
     .unit = "time units",
     .summary = "first order to now, >= recency; with a model of value.bg_bb the number of opportunities",
     .allowed = at_least_zero},
    {.name = "monetary_value",
     .unit = "currency",
     .summary = "mean amount of the repeat orders (平均购买金额), > 0; not looked at where frequency is 0",
     .allowed = at_least_zero,
     .optional = true},
};
[[nodiscard]] constexpr row_fault lifetime_value_rule(std::span<const double> values) noexcept {
  if (const row_fault fault = customer_rule(values); fault.status != row_status::ok)
    return fault;
  row_fault fault = gamma_gamma_rule(std::array{values[0], values[3]});
  fault.column = fault.column == 1 ? 3 : 0;
  return fault;
}
inline constexpr slot_description lifetime_value_slots[] = {
    order_model_slot,
    {.name = "spend", .summary = "what they spend per order: a fitted Gamma-Gamma", .accepts = spend_models},
};
inline constexpr option_description lifetime_value_options[] = {
    {.name = "discount_rate",
     .summary = "effective yearly rate at which what comes later is worth less (0.1: ten percent); 0 needs a "
                "horizon, any other a model of orders with a time unit",
     .unit = "per year",
     .allowed = {0.0, 1e6},
     .required = true},
    {.name = "horizon",
     .what = option_content::horizon,
     .summary =
         "how far ahead: a number of the order model's time units, a length such as 12 month, or the date on "
         "which it ends; without it for ever. Whole months and years are those of the calendar where as_of "
         "is "
         "given, else of mean length",
     .unit = "time units",
     .allowed = horizon_domain},
    {.name = "as_of",
     .what = option_content::day,
     .summary = "the day on which the ages end; needed where the horizon is a date"},
    {.name = "margin",
     .summary = "share of an order's amount that is left as profit (毛利率)",
     .unit = "share",
     .allowed = zero_to_one,
     .default_value = "1"},
    {.name = "discounting",
     .what = option_content::choice,
     .summary = "continuous: an order is discounted from its own moment; month_end: from the end of its "
                "month, counted "
                "from as_of, as lifetimes does with months of 30 days",
     .default_value = "continuous",
     .choices = discounting_names},
    confidence_option,
};
inline constexpr column_description lifetime_value_outputs[] = {
    {.name = "lifetime_value",
     .unit = "currency",
     .summary = "margin x expected_spend x discounted_expected_orders (客户终身价值)",
     .allowed = at_least_zero},
    {.name = "expected_spend",
     .unit = "currency",
     .summary = "expected mean amount of this customer's orders",
     .allowed = at_least_zero},
    {.name = "discounted_expected_orders",
     .unit = "orders",
     .summary = "expected future orders within the horizon, each discounted to now",
     .allowed = at_least_zero},
    {.name = "margin", .unit = "share", .summary = "the option margin", .allowed = zero_to_one},
    {.name = "lifetime_value_low",
     .unit = "currency",
     .summary =
         "lower end of the interval of lifetime_value for the errors of both models (delta method on the log "
         "scale); null where one of them has no covariance",
     .allowed = at_least_zero,
     .needs = detail::need_confidence},
    {.name = "lifetime_value_high",
     .unit = "currency",
     .summary = "upper end of the same",
     .allowed = at_least_zero,
     .needs = detail::need_confidence},
};

class lifetime_value_scorer final : public scorer {
public:
  /// \param width  half of an interval in standard errors
  lifetime_value_scorer(std::unique_ptr<const order_forecast> orders, const emptor::model& spend,
                        double margin, double width)
      : orders_(std::move(orders))
      , spend_(parameters_from<gamma_gamma, math::real>(
            [p = read_parameters<gamma_gamma>(spend)](std::size_t i) { return math::real(p[i]); }))
      , covariance_(read_covariance(spend, gamma_gamma::names))
      , margin_(margin)
      , width_(width) {}

  void score(const score_block& block) const noexcept override {
    const std::array in{block.inputs[0].number, block.inputs[1].number, block.inputs[2].number};
    std::array<double, rows_per_block> orders;
    orders_->orders(in, orders.data(), block.rows);
    const bool ends = block.outputs[4].number != nullptr || block.outputs[5].number != nullptr;
    for (std::int64_t row = 0; row < block.rows; ++row) {
      row_status& status = block.status[row];
      const std::array<double, customer_inputs> at{in[0][row], in[1][row], in[2][row]};
      if (status == row_status::ok)
        status = orders_->check(at);
      if (is_refusal(status)) {
        for (const score_block::output& out : block.outputs)
          put(out, row, std::numeric_limits<double>::quiet_NaN());
        continue;
      }
      const double amount = block.inputs[3].number != nullptr ? block.inputs[3].number[row] : 0.0;
      const math::real spend = expected_spend(spend_, math::real(at[0]), math::real(amount));
      const double comes = orders[static_cast<std::size_t>(row)];
      const double value = detail::lifetime_value_of(margin_, math::value_of(spend), comes);
      put(block.outputs[0], row, value);
      put(block.outputs[1], row, math::value_of(spend));
      put(block.outputs[2], row, comes);
      put(block.outputs[3], row, margin_);
      if (std::isnan(value) && status == row_status::ok)
        status = row_status::undefined; // the mean spend does not exist
      if (!ends)
        continue;
      const interval range = detail::lifetime_value_interval(value, orders_->log_variance(at),
                                                             spend_log_variance(at[0], amount), width_);
      put(block.outputs[4], row, range.low);
      put(block.outputs[5], row, range.high);
      if (std::isnan(range.low) && status == row_status::ok)
        status = row_status::undefined;
    }
  }

private:
  static void put(const score_block::output& out, std::int64_t row, double value) noexcept {
    if (out.number != nullptr)
      out.number[row] = value;
  }
  [[nodiscard]] double spend_log_variance(double frequency, double amount) const noexcept {
    using number = math::dual<math::real, 3, 1>;
    const gamma_gamma_parameters<number> p{number::variable(spend_.p, 0), number::variable(spend_.q, 1),
                                           number::variable(spend_.v, 2)};
    return detail::log_variance_of(expected_spend(p, math::real(frequency), math::real(amount)), covariance_);
  }

  std::unique_ptr<const order_forecast> orders_;
  gamma_gamma_parameters<math::real> spend_;
  std::vector<double> covariance_;
  double margin_;
  double width_;
};

inline constexpr example_table lifetime_value_rows[] = {
    {"rows", "frequency,recency,age,monetary_value\n2,30.43,38.86,22.35\n0,0,38.86,\n26,30.86,31,40.08\n"}};
inline constexpr example_table lifetime_value_order_model[] = {
    {"parameters", "parameter,value\nr,0.553\nalpha,10.578\ns,0.606\nbeta,11.669\n"}};
inline constexpr example_table lifetime_value_spend_model[] = {
    {"parameters", "parameter,value\np,6.25\nq,3.74\nv,15.44\n"}};
inline constexpr example_option lifetime_value_week[] = {{"unit", "week"}};
inline constexpr example_slot lifetime_value_example_slots[] = {
    {"orders", pareto_nbd::name, lifetime_value_order_model, lifetime_value_week},
    {"spend", gamma_gamma::name, lifetime_value_spend_model}};
inline constexpr example_option lifetime_value_example_options[] = {
    {"discount_rate", "0.1"}, {"horizon", "12 month"}, {"as_of", "1997-09-30"}, {"margin", "0.3"}};
inline constexpr example_table lifetime_value_expected[] = {
    {"scores", "lifetime_value,expected_spend,discounted_expected_orders,margin\n"
               "13.13627522071763,24.66371391076115,1.775384851912087,0.3\n"
               "1.380400377953307,35.21897810218978,0.1306492931119883,0.3\n"
               "293.1520516041582,39.99939481965626,24.42970724314553,0.3\n"}};
inline constexpr example lifetime_value_examples[] = {
    {.what = verb::score,
     .summary =
         "three customers of the CDNOW sample over the calendar year after the calibration, at ten percent a "
         "year and a margin of 30 percent",
     .source = "the published parameters of Pareto/NBD and Gamma-Gamma; figures by quadrature of the models' "
               "definitions with 30-digit arithmetic",
     .tables = lifetime_value_rows,
     .options = lifetime_value_example_options,
     .expected = lifetime_value_expected,
     .tolerance = 1e-9,
     .slots = lifetime_value_example_slots},
};

inline constexpr demo_slot lifetime_value_demo_slots[] = {{"orders", pareto_nbd::name},
                                                          {"spend", gamma_gamma::name}};
inline constexpr example_option lifetime_value_demo_options[] = {
    {"horizon", "1 year"}, {"discount_rate", demo_discount_rate}, {"margin", demo_margin}};
inline constexpr demo_comparison lifetime_value_demo_compared[] = {
    {demo_measure::number, "scores", "lifetime_value", "truth", "value", "customer"}};
inline constexpr demo_feed lifetime_value_demo[] = {{.what = verb::score,
                                                     .inputs = demo_customers,
                                                     .slots = lifetime_value_demo_slots,
                                                     .options = lifetime_value_demo_options,
                                                     .keep = "customer",
                                                     .compared = lifetime_value_demo_compared}};

inline constexpr entry_description lifetime_value_description{
    .name = lifetime_value_name,
    .what = verb::score,
    .summary =
        "customer lifetime value: margin x expected spend x discounted expected orders, with its parts",
    .source = "Fader, Hardie and Lee, RFM and CLV, Journal of Marketing Research 42 (2005)",
    .chinese = "客户终身价值",
    .since = "0.1",
    .slots = lifetime_value_slots,
    .score = {.inputs = lifetime_value_inputs,
              .options = lifetime_value_options,
              .outputs = lifetime_value_outputs,
              .rule = &lifetime_value_rule},
    .examples = lifetime_value_examples,
    .demo = lifetime_value_demo,
};

inline constexpr entry lifetime_value_entry{
    .description = &lifetime_value_description,
    .bind = [](const score_request& request) -> std::unique_ptr<scorer> {
      const auto slot = [&](std::string_view name) -> const emptor::model& {
        for (const filled_slot& filled : request.slots) {
          if (filled.name == name)
            return *filled.model;
        }
        throw error(status::schema,
                    std::string(lifetime_value_name) + ": slot " + std::string(name) + " is empty");
      };
      const emptor::model& orders = slot("orders");
      const discount_schedule schedule = schedule_of(request.options, orders);
      return std::make_unique<lifetime_value_scorer>(
          with_order_model(orders,
                           [&](auto model) -> std::unique_ptr<const order_forecast> {
                             return std::make_unique<detail::forecast_with<decltype(model)>>(orders,
                                                                                             schedule);
                           }),
          slot("spend"), request.options.number("margin"),
          stats::two_sided_normal_quantile(request.options.number("confidence")));
    },
};

} // namespace emptor::value
