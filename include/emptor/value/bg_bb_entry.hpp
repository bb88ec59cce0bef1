// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cmath>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/core/instance.hpp>
#include <emptor/stats/rows.hpp>
#include <emptor/value/bg_bb.hpp>
#include <emptor/value/customer_base_entry.hpp>
#include <emptor/value/customer_base_scorer.hpp>

/// The catalogue's view of BG/BB (bg_bb.hpp).
namespace emptor::value {

constexpr quantity_description bg_bb::described(quantity which, quantity_description general) noexcept {
  switch (which) {
  case quantity::probability_alive:
    general.value.summary = "P(alive): probability that the customer is still there at the next opportunity, "
                            "number opportunities + 1 (客户活跃度)";
    break;
  case quantity::probability_alive_in:
    general.value.summary =
        "probability that he is still there at opportunity number opportunities + horizon + "
        "1: what probability_alive will be when the horizon has passed, on average";
    break;
  case quantity::next_order_quantile:
    general.value.unit = "opportunities";
    general.value.summary = "the first opportunity from now on up to which he orders with the probability "
                            "`quantile`; row status never where an order ever is not as probable as that";
    break;
  case quantity::mean_order_rate:
    general.value.unit = "probability";
    general.value.summary = "posterior mean of the customer's own probability to order at an opportunity";
    general.value.allowed = zero_to_one;
    break;
  case quantity::mean_dropout:
    general.value.summary =
        "posterior mean of the customer's own probability to drop out before an opportunity";
    break;
  default:
    break;
  }
  return general;
}

inline constexpr table_description bg_bb_tables[] = {
    {.name = "rows", .summary = "one customer a row", .columns = bg_bb_columns, .rule = &bg_bb_rule}};
inline constexpr option_description bg_bb_unit{
    .name = "unit",
    .what = option_content::choice,
    .summary =
        "time from one opportunity to the next; without it horizons are plain numbers of opportunities, "
        "and dates, lengths with a unit and yearly rates are refused",
    .choices = time_unit_choices};
inline constexpr option_description bg_bb_fit_options[] = {bg_bb_unit, max_iterations_option};
inline constexpr option_description bg_bb_model_options[] = {bg_bb_unit};
// Where the formulas keep their digits, and far beyond what a fit can end at.
template <>
inline constexpr auto parameter_domains<bg_bb> =
    std::array{domain{1e-12, 1e12}, domain{1e-12, 1e12}, domain{1e-12, 1e12}, domain{1e-12, 1e12}};

inline constexpr example_table bg_bb_fit_rows[] = {
    {"rows", "frequency,recency,opportunities,weight\n0,0,6,350\n0,0,4,120\n1,1,6,110\n1,3,6,30\n1,6,6,14\n"
             "1,2,4,25\n2,2,6,60\n2,4,6,31\n2,6,6,22\n2,4,4,24\n3,3,6,33\n3,5,6,41\n3,6,6,35\n4,4,4,40\n"
             "4,6,6,50\n5,5,6,34\n5,6,6,72\n6,6,6,118\n"}};
inline constexpr example_option bg_bb_year[] = {{"unit", "year"}};
inline constexpr example_table bg_bb_fit_expected[] = {
    {"parameters", "parameter,value,standard_error\nalpha,0.9792932928372,0.1871941422\nbeta,0.6101501782408,"
                   "0.07321380349\ngamma,0.3093939462909,0.04070063169\ndelta,0.822021221675,0.1840273644\n"},
    {"fit", "log_likelihood,converged,customers,distinct_rows,total_weight\n-3193.29758329490931,true,18,18,"
            "1209\n"}};
inline constexpr example_table bg_bb_score_rows[] = {
    {"rows", "frequency,recency,opportunities\n0,0,6\n3,4,6\n6,6,6\n0,0,0\n"}};
inline constexpr example_table bg_bb_score_model[] = {
    {"parameters", "parameter,value\nalpha,1.2\nbeta,0.75\ngamma,0.66\ndelta,2.78\n"}};
inline constexpr example_option bg_bb_score_example_options[] = {
    {"horizon", "5 year"}, {"discount_rate", "0.1"}, {"orders", "2"}};
inline constexpr example_table bg_bb_score_expected[] = {
    {"scores", "probability_alive,expected_orders,discounted_expected_orders,probability_of_orders\n"
               "0.10775606065378,0.07238402793634121,0.1138789182217181,0.01224248175709203\n"
               "0.4383438545849015,1.030585450899126,1.621379185842617,0.1039443341939899\n"
               "0.9300847457627119,3.748649299834512,5.897601159100866,0.06917813455224322\n"
               "0.8081395348837209,1.930906204617201,2.687841721819743,0.1338025418698914\n"}};
inline constexpr example bg_bb_examples[] = {
    {.what = verb::fit,
     .summary = "1,209 invented donors with 4 or 6 yearly appeals",
     .source = "an independent maximisation of the paper's likelihood with 60-digit arithmetic",
     .tables = bg_bb_fit_rows,
     .options = bg_bb_year,
     .expected = bg_bb_fit_expected,
     .tolerance = 1e-6},
    {.what = verb::score,
     .summary = "three donors after six yearly appeals, and a new one",
     .source =
         "the paper's equations 7, 13 and A10 with 40-digit arithmetic; at these rounded parameters of the "
         "donation data BTYD's manual has P(alive) 0.4383 for the second donor",
     .tables = bg_bb_score_rows,
     .model_tables = bg_bb_score_model,
     .model_options = bg_bb_year,
     .options = bg_bb_score_example_options,
     .expected = bg_bb_score_expected,
     .tolerance = 1e-9},
};

inline constexpr demo_input bg_bb_demo_inputs[] = {{"rows", "promotions"}};
inline constexpr example_option bg_bb_demo_months[] = {{"unit", "month"}};
inline constexpr example_option bg_bb_demo_horizon[] = {{"horizon", "12"}};
inline constexpr demo_comparison bg_bb_demo_parameters[] = {demo_parameters("truth_promotions")};
inline constexpr demo_comparison bg_bb_demo_compared[] = {
    {demo_measure::probability, "scores", "probability_alive", "truth", "answers_promotions", "customer"},
    {demo_measure::number, "scores", "expected_orders", "truth", "expected_answers", "customer"}};
inline constexpr demo_feed bg_bb_demo[] = {{.what = verb::fit,
                                            .inputs = bg_bb_demo_inputs,
                                            .options = bg_bb_demo_months,
                                            .compared = bg_bb_demo_parameters},
                                           {.what = verb::score,
                                            .inputs = bg_bb_demo_inputs,
                                            .options = bg_bb_demo_horizon,
                                            .keep = "customer",
                                            .compared = bg_bb_demo_compared}};

inline constexpr entry_description bg_bb_description{
    .name = bg_bb::name,
    .what = verb::fit,
    .summary = bg_bb::summary,
    .source = bg_bb::source,
    .chinese = bg_bb::chinese,
    .since = bg_bb::since,
    .store = "rows",
    .inputs = bg_bb_tables,
    .options = bg_bb_fit_options,
    .outputs = fitted_tables<bg_bb>,
    .model_tables = fitted_tables<bg_bb>,
    .model_options = bg_bb_model_options,
    .score = {.inputs = {bg_bb_columns, 3},
              .options = customer_score_options,
              .outputs = customer_outputs<bg_bb>,
              .rule = rule_of<bg_bb>},
    .formats = model_formats,
    .examples = bg_bb_examples,
    .demo = bg_bb_demo,
};

/// Fits from a store of kind `rows` made for this entry.
[[nodiscard]] inline result finish_bg_bb(const finish_request& request) {
  const auto& from = request.stored<stats::rows>();
  return fitted_result(
      fit_bg_bb(from.numbers("rows", "frequency"), from.numbers("rows", "recency"),
                from.numbers("rows", "opportunities"), from.numbers("rows", "weight", 1.0),
                {.max_iterations = static_cast<int>(request.options.integer("max_iterations"))}, request.how),
      request.options.text("unit"));
}

/// A horizon must be a whole number of opportunities, but years and months are not all of one length.
/// \throws error status::option
[[nodiscard]] inline double whole_opportunities(double horizon, std::string_view where,
                                                std::string_view option) {
  const double whole = std::round(horizon);
  if (!(std::fabs(horizon - whole) < 0.1))
    throw error(status::option, message(where, "option " + std::string(option), -1, to_text(horizon),
                                        "a whole number of opportunities"));
  return whole;
}

/// Binds a model of this entry to what scores rows with it. \throws error status::option
[[nodiscard]] inline std::unique_ptr<scorer> bind_bg_bb(const score_request& request) {
  const time_unit unit = request.self->unit();
  const bool counts_orders = request.options.integer("orders") > 0;
  std::vector<option> options = request.options.all();
  for (option& one : options) {
    if (one.name != "horizon" && one.name != "discount_horizon")
      continue;
    const double whole = whole_opportunities(
        resolve(request.options.horizon(one.name), bg_bb::name, unit, request.options.day("as_of"), one.name),
        bg_bb::name, one.name);
    if (one.name == "horizon" && counts_orders && whole > detail::most_counted)
      throw error(status::option, message(bg_bb::name, "option horizon", -1, to_text(whole),
                                          "<= " + to_text(detail::most_counted) + " with option orders"));
    one.value = to_text(whole);
  }
  score_request rounded = request;
  rounded.options = option_values(bg_bb::name, customer_score_options, options);
  return bind_customer_scores<bg_bb>(rounded);
}

inline constexpr entry bg_bb_entry{
    .description = &bg_bb_description,
    .finish = &finish_bg_bb,
    .check_model =
        [](const model& made) {
          (void)read_parameters<bg_bb>(made);
          (void)read_covariance(made, bg_bb::names);
        },
    .bind = &bind_bg_bb,
};

#if defined(EMPTOR_INSTANCE)
EMPTOR_INSTANCE result fitted_result<bg_bb>(const bg_bb_fit&, std::string_view);
EMPTOR_INSTANCE std::unique_ptr<scorer> bind_customer_scores<bg_bb>(const score_request&);
#endif

} // namespace emptor::value
