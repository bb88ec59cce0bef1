// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

#include <emptor/core/compute_columns.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/kernel.hpp>
#include <emptor/math/apply.hpp>
#include <emptor/math/pack.hpp>

/// Efficiency control of marketing (效率控制): what the sales force, advertising, promotion and distribution bring for what
/// they do and cost, each a ratio of two figures of a period (P. Kotler, Marketing Management, efficiency control).
///
/// A ratio is there where both of its figures are, and the one below is above 0. Who has some of the figures gets the ratios
/// that they make.
namespace emptor::value {

inline constexpr std::string_view marketing_efficiency_name = "value.marketing_efficiency";

namespace detail {
consteval column_description efficiency_figure(std::string_view name, std::string_view unit,
                                               std::string_view summary) {
  return {.name = name, .unit = unit, .summary = summary, .allowed = at_least_zero, .optional = true};
}
consteval column_description efficiency_ratio(std::string_view name, std::string_view unit,
                                              std::string_view summary) {
  return {.name = name, .unit = unit, .summary = summary, .optional = true};
}
} // namespace detail

inline constexpr column_description marketing_efficiency_inputs[] = {
    {.name = "sales",
     .unit = "currency",
     .summary = "of the period, below 0 where more came back than was sold",
     .optional = true},
    detail::efficiency_figure("sellers", "persons", "in the field (销售人员), on average"),
    detail::efficiency_figure("days", "days", "on which they worked"),
    detail::efficiency_figure("calls", "calls", "visits and calls to customers (访问次数)"),
    detail::efficiency_figure("call_hours", "hours", "that they took"),
    detail::efficiency_figure("orders", "orders", "that they brought"),
    detail::efficiency_figure("sales_force_cost", "currency", "wages, commissions, travel, cars"),
    detail::efficiency_figure("entertainment_cost", "currency", "招待费"),
    detail::efficiency_figure("customers", "customers", "at the beginning of the period"),
    detail::efficiency_figure("new_customers", "customers", "won in the period"),
    detail::efficiency_figure("lost_customers", "customers", "of those at the beginning"),
    detail::efficiency_figure("advertising_cost", "currency", "广告费用"),
    detail::efficiency_figure("reached", "persons", "buyers whom the advertising reached"),
    detail::efficiency_figure("noted", "persons", "of these, who remember it"),
    detail::efficiency_figure("inquiries", "inquiries", "that it brought"),
    detail::efficiency_figure("promotion_cost", "currency", "促销费用"),
    detail::efficiency_figure("deal_sales", "currency", "sold at prices or with gifts of a promotion"),
    detail::efficiency_figure("display_cost", "currency", "of displays in shops (陈列费用)"),
    detail::efficiency_figure("coupons", "coupons", "handed out"),
    detail::efficiency_figure("redeemed", "coupons", "of these"),
    detail::efficiency_figure("demonstrations", "demonstrations", "of the product"),
    detail::efficiency_figure("demonstration_inquiries", "inquiries", "that they brought"),
    detail::efficiency_figure("logistics_cost", "currency", "storage, handling, freight (物流费用)"),
    detail::efficiency_figure("cost_of_sales", "currency", "what the goods sold cost (销货成本)"),
    detail::efficiency_figure("inventory", "currency", "at cost, on average over the period (平均存货)"),
    detail::efficiency_figure("deliveries", "deliveries", "in the period"),
    detail::efficiency_figure("on_time", "deliveries", "of these"),
    detail::efficiency_figure("complete", "deliveries", "of these: the right goods, all of them, unharmed"),
    detail::efficiency_figure("invoices", "invoices", "in the period"),
    detail::efficiency_figure("wrong_invoices", "invoices", "of these"),
};
inline constexpr option_description marketing_efficiency_options[] = {
    {.name = "period_days",
     .summary = "days of the period, of inventory_days",
     .unit = "days",
     .allowed = {1.0, 36600.0},
     .default_value = "365"},
};
inline constexpr column_description marketing_efficiency_outputs[] = {
    detail::efficiency_ratio("calls_per_seller_day", "calls a day", "calls / (sellers x days)"),
    detail::efficiency_ratio("hours_per_call", "hours a call", "call_hours / calls"),
    detail::efficiency_ratio("sales_per_call", "currency a call", "sales / calls"),
    detail::efficiency_ratio("cost_per_call", "currency a call", "sales_force_cost / calls"),
    detail::efficiency_ratio("entertainment_per_call", "currency a call", "entertainment_cost / calls"),
    detail::efficiency_ratio("orders_per_hundred_calls", "orders", "100 x orders / calls (百次访问订单数)"),
    detail::efficiency_ratio("sales_per_order", "currency an order", "sales / orders"),
    detail::efficiency_ratio("sales_per_seller", "currency a person", "sales / sellers"),
    detail::efficiency_ratio("new_customers_per_seller", "customers a person", "new_customers / sellers"),
    detail::efficiency_ratio("new_customer_rate", "share", "new_customers / customers"),
    detail::efficiency_ratio("lost_customer_rate", "share", "lost_customers / customers (客户流失率)"),
    detail::efficiency_ratio("sales_force_cost_rate", "share", "sales_force_cost / sales (销售队伍费用率)"),
    detail::efficiency_ratio("advertising_cost_rate", "share", "advertising_cost / sales (广告费用率)"),
    detail::efficiency_ratio("cost_per_thousand_reached", "currency",
                             "1000 x advertising_cost / reached (千人成本)"),
    detail::efficiency_ratio("noted_share", "share", "noted / reached"),
    detail::efficiency_ratio("cost_per_inquiry", "currency an inquiry", "advertising_cost / inquiries"),
    detail::efficiency_ratio("promotion_cost_rate", "share", "promotion_cost / sales (促销费用率)"),
    detail::efficiency_ratio("deal_share", "share", "deal_sales / sales"),
    detail::efficiency_ratio("display_cost_rate", "share", "display_cost / sales"),
    detail::efficiency_ratio("redemption_rate", "share", "redeemed / coupons (赠券回收率)"),
    detail::efficiency_ratio("inquiries_per_demonstration", "inquiries",
                             "demonstration_inquiries / demonstrations"),
    detail::efficiency_ratio("logistics_cost_rate", "share", "logistics_cost / sales (物流费用率)"),
    detail::efficiency_ratio("inventory_turnover", "times",
                             "cost_of_sales / inventory (存货周转率), in the period"),
    detail::efficiency_ratio("inventory_days", "days",
                             "period_days x inventory / cost_of_sales (存货周转天数)"),
    detail::efficiency_ratio("on_time_share", "share", "on_time / deliveries (准时交货率)"),
    detail::efficiency_ratio("complete_share", "share", "complete / deliveries (订单完好率)"),
    detail::efficiency_ratio("billing_error_share", "share", "wrong_invoices / invoices (开票差错率)"),
};

namespace detail {

inline constexpr std::size_t no_figure = std::size(marketing_efficiency_inputs);
consteval std::size_t figure(std::string_view name) {
  std::size_t at = 0;
  while (marketing_efficiency_inputs[at].name != name)
    ++at;
  return at;
}

/// factor x above / (below x also)
struct efficiency_formula {
  std::size_t above;
  std::size_t below;
  std::size_t also = no_figure;
  double factor = 1.0;
};
/// In the order of the outputs.
inline constexpr efficiency_formula efficiency_formulas[] = {
    {figure("calls"), figure("sellers"), figure("days")},
    {figure("call_hours"), figure("calls")},
    {figure("sales"), figure("calls")},
    {figure("sales_force_cost"), figure("calls")},
    {figure("entertainment_cost"), figure("calls")},
    {figure("orders"), figure("calls"), no_figure, 100.0},
    {figure("sales"), figure("orders")},
    {figure("sales"), figure("sellers")},
    {figure("new_customers"), figure("sellers")},
    {figure("new_customers"), figure("customers")},
    {figure("lost_customers"), figure("customers")},
    {figure("sales_force_cost"), figure("sales")},
    {figure("advertising_cost"), figure("sales")},
    {figure("advertising_cost"), figure("reached"), no_figure, 1000.0},
    {figure("noted"), figure("reached")},
    {figure("advertising_cost"), figure("inquiries")},
    {figure("promotion_cost"), figure("sales")},
    {figure("deal_sales"), figure("sales")},
    {figure("display_cost"), figure("sales")},
    {figure("redeemed"), figure("coupons")},
    {figure("demonstration_inquiries"), figure("demonstrations")},
    {figure("logistics_cost"), figure("sales")},
    {figure("cost_of_sales"), figure("inventory")},
    {figure("inventory"), figure("cost_of_sales")}, // x period_days
    {figure("on_time"), figure("deliveries")},
    {figure("complete"), figure("deliveries")},
    {figure("wrong_invoices"), figure("invoices")},
};
static_assert(std::size(efficiency_formulas) == std::size(marketing_efficiency_outputs));
inline constexpr std::size_t inventory_days = 23;
static_assert(marketing_efficiency_outputs[inventory_days].name == "inventory_days");

} // namespace detail

namespace detail {
/// Figures of which one is a part of the other.
struct part_of_whole {
  std::size_t part;
  std::size_t whole;
  std::string_view must_be;
};
inline constexpr part_of_whole efficiency_parts[] = {
    {figure("lost_customers"), figure("customers"), "at most customers"},
    {figure("noted"), figure("reached"), "at most reached"},
    {figure("redeemed"), figure("coupons"), "at most coupons"},
    {figure("on_time"), figure("deliveries"), "at most deliveries"},
    {figure("complete"), figure("deliveries"), "at most deliveries"},
    {figure("wrong_invoices"), figure("invoices"), "at most invoices"},
};
} // namespace detail

/// A part is no more than its whole.
[[nodiscard]] inline row_fault marketing_efficiency_rule(std::span<const double> values) noexcept {
  for (const detail::part_of_whole& one : detail::efficiency_parts) {
    if (values[one.part] > values[one.whole])
      return {row_status::inconsistent, one.part, one.must_be};
  }
  return {};
}

/// The ratios over columns in the order of the inputs and outputs. NaN is missing.
template <class T>
struct marketing_efficiency_scores {
  static constexpr int inputs = static_cast<int>(std::size(marketing_efficiency_inputs));
  static constexpr int outputs = static_cast<int>(std::size(marketing_efficiency_outputs));

  double period_days;

  explicit EMPTOR_INLINE marketing_efficiency_scores(const double* given) noexcept
      : period_days(given[0]) {}
  EMPTOR_INLINE void row(const T* in, T* out, const bool* wanted) const noexcept {
    divide_all(in, out, wanted, std::make_index_sequence<static_cast<std::size_t>(outputs)>());
  }
  /// Where no part is more than its whole.
  template <class Rows>
  [[nodiscard]] static EMPTOR_INLINE auto rule_holds(const Rows* in) noexcept {
    auto fault = in[detail::efficiency_parts[0].part] > in[detail::efficiency_parts[0].whole];
    for (std::size_t i = 1; i < std::size(detail::efficiency_parts); ++i)
      fault = mask_or(fault, in[detail::efficiency_parts[i].part] > in[detail::efficiency_parts[i].whole]);
    return mask_not(fault);
  }

private:
  template <std::size_t... Output>
  EMPTOR_INLINE void divide_all(const T* in, T* out, const bool* wanted,
                                std::index_sequence<Output...> /*all*/) const noexcept {
    ((wanted[Output] ? void(out[Output] = ratio<Output>(in)) : void()), ...);
  }
  template <std::size_t Output>
  [[nodiscard]] EMPTOR_INLINE T ratio(const T* in) const noexcept {
    using math::select;
    constexpr detail::efficiency_formula formula = detail::efficiency_formulas[Output];
    const T none(std::numeric_limits<double>::quiet_NaN());
    const T factor(Output == detail::inventory_days ? period_days : formula.factor);
    const T& above = in[formula.above];
    const T& below = in[formula.below];
    // The quotient first, which is right to half a unit where the factor is 1; + 0: one zero only.
    if constexpr (formula.also == detail::no_figure) {
      return select(below > 0.0, T(above / below * factor + 0.0), none);
    } else {
      // One after the other, for their product may be no number where the ratio is one; the first of them takes what is above
      // towards 1.
      const T& also = in[formula.also];
      const T small = select(below < also, below, also);
      const T large = select(below < also, also, below);
      const auto rises = above < 1.0;
      const T quotient = above / T(select(rises, small, large)) / T(select(rises, large, small));
      return select(mask_and(below > 0.0, also > 0.0), T(quotient * factor + 0.0), none);
    }
  }
};

class marketing_efficiency_scorer final : public scorer {
public:
  explicit marketing_efficiency_scorer(double period_days, const kernel& wide = {})
      : compute_(wide ? wide
                      : math::kernel_of<marketing_efficiency_scores, math::pack<math::isa::baseline>>(),
                 &period_days) {}

  void score(const score_block& block) const noexcept override {
    std::array<double*, std::size(marketing_efficiency_outputs)> out{};
    for (std::size_t o = 0; o < out.size(); ++o) {
      double* const to = block.outputs[o].number;
      const detail::efficiency_formula& of = detail::efficiency_formulas[o];
      const auto given = [&](std::size_t input) {
        return input == detail::no_figure || block.inputs[input].number != nullptr;
      };
      if (to != nullptr && given(of.above) && given(of.below) && given(of.also))
        out[o] = to;
      else if (to != nullptr) // nobody has such a ratio
        std::fill_n(to, block.rows, std::numeric_limits<double>::quiet_NaN());
    }
    compute_(input_columns<inputs>(block).data(), out.data(), block.rows);
    for (double* const to : out) {
      std::int64_t faults = 0; // without a branch, so that several rows go at once
      const std::int64_t rows = to == nullptr ? 0 : block.rows;
      for (std::int64_t row = 0; row < rows; ++row)
        faults += std::abs(to[row]) > std::numeric_limits<double>::max() ? 1 : 0;
      for (std::int64_t row = 0; faults > 0 && row < rows; ++row) {
        if (!std::isinf(to[row]))
          continue;
        to[row] = std::numeric_limits<double>::quiet_NaN();
        if (block.status[row] == row_status::ok)
          block.status[row] = row_status::too_large;
      }
    }
  }

  [[nodiscard]] bool rule_holds(const score_block& block) const noexcept override {
    return compute_.rule_holds(input_columns<inputs>(block).data(), block.rows);
  }

private:
  static constexpr std::size_t inputs = std::size(marketing_efficiency_inputs);

  prepared_kernel compute_;
};

// A sales force of 5 in 20 days: 400 calls are 4 a day, bring 80,000 and 60 orders and cost 20,000. The second row has figures
// of distribution alone, the third none that make a ratio.
inline constexpr example_table marketing_efficiency_example_rows[] = {
    {"rows",
     "sales,sellers,days,calls,call_hours,orders,sales_force_cost,customers,new_customers,lost_customers,"
     "advertising_cost,reached,coupons,redeemed,logistics_cost,cost_of_sales,inventory,deliveries,on_time\n"
     "80000,5,20,400,300,60,20000,200,30,10,6000,150000,1000,125,,,,,\n"
     "80000,,,,,,,,,,,,,,4000,36500,7300,250,240\n0,5,0,0,,,,,,,,,,,,,,,\n"}};
inline constexpr example_table marketing_efficiency_example_expected[] = {
    {"scores",
     "calls_per_seller_day,hours_per_call,sales_per_call,cost_per_call,orders_per_hundred_calls,"
     "new_customer_rate,lost_customer_rate,sales_force_cost_rate,cost_per_thousand_reached,redemption_rate,"
     "logistics_cost_rate,inventory_turnover,inventory_days,on_time_share\n"
     "4,0.75,200,50,15,0.15,0.05,0.25,40,0.125,,,,\n,,,,,,,,,,0.05,5,73,0.96\n,,,,,,,,,,,,,\n"}};
inline constexpr example marketing_efficiency_examples[] = {
    {.what = verb::score,
     .summary = "a sales force and its advertising; deliveries; a unit without a call",
     .source = "made for this page, to be checked by hand; the ratios are Kotler's",
     .tables = marketing_efficiency_example_rows,
     .expected = marketing_efficiency_example_expected,
     .tolerance = 1e-15},
};

inline constexpr entry_description marketing_efficiency_description{
    .name = marketing_efficiency_name,
    .what = verb::score,
    .summary = "efficiency of the sales force, advertising, promotion and distribution: calls, orders, "
               "customers won and "
               "lost, cost and service ratios",
    .source = "P. Kotler, Marketing Management: efficiency control",
    .chinese = "营销效率控制",
    .since = "0.1",
    .score = {.inputs = marketing_efficiency_inputs,
              .options = marketing_efficiency_options,
              .outputs = marketing_efficiency_outputs,
              .rule = marketing_efficiency_rule},
    .examples = marketing_efficiency_examples,
    .no_demo = "the company of the demo keeps no record of what its sellers, advertising and deliveries do",
};

inline constexpr entry marketing_efficiency_entry{
    .description = &marketing_efficiency_description,
    .bind = [](const score_request& request) -> std::unique_ptr<scorer> {
      return std::make_unique<marketing_efficiency_scorer>(request.options.number("period_days"),
                                                           request.wide);
    },
};

} // namespace emptor::value
