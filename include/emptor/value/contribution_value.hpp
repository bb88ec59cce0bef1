// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <iterator>
#include <memory>
#include <string_view>

#include <emptor/value/planned_parts.hpp>

/// Value of a customer by what he contributes (客户贡献): his first purchase (首次购买), repeat purchases and the growth of his
/// wallet (重复购买, 钱包份额), cross-selling (交叉销售), what cooperation saves (合作降低成本), customers whom he brings (客户推荐),
/// and that he minds the price less (价格敏感度降低).
///
/// These are the effects by which loyalty brings profit, and each of them is worth its money of a period times an annuity
/// factor in which the customer stays with the retention:
///
///     value = first purchase + repeat purchase + growth of the wallet + cross-selling + cost saved + referral
///             + price premium - acquisition cost
///
/// Source: F. F. Reichheld and W. E. Sasser, Zero Defections: Quality Comes to Services, Harvard Business Review 68, 1990;
/// F. F. Reichheld, The Loyalty Effect, 1996, chapter 2 (base profit, increased purchases, reduced operating costs,
/// referrals, price premium, less the cost of acquisition).
namespace emptor::value {

inline constexpr std::string_view contribution_value_name = "value.contribution_value";

enum class contribution_input : std::size_t {
  margin,
  first_purchase,
  growth,
  cross_selling,
  cross_selling_growth,
  cost_saved,
  cost_saved_growth,
  referrals,
  referred_customer_value,
  referral_growth,
  revenue,
  price_premium,
  acquisition_cost,
  retention,
  periods,
};
inline constexpr column_description contribution_value_inputs[] = {
    {.name = "margin",
     .unit = "currency a period",
     .summary = "what his purchases of the first period bring after their costs (基本利润); above 0 or not"},
    {.name = "first_purchase",
     .unit = "currency",
     .summary = "margin of his first purchase, at the beginning (首次购买价值); missing = 0",
     .optional = true},
    {.name = "growth",
     .unit = "share a period",
     .summary = "how much his purchases grow from each period to the next, as his wallet or your share of it "
                "does (钱包份额增长); margin and revenue grow with it; by e^growth where rate_kind is "
                "continuous; missing = 0",
     .allowed = above_minus_one,
     .optional = true},
    {.name = "cross_selling",
     .unit = "currency a period",
     .summary = "margin of other products that he will buy, in the first period (交叉销售); missing = 0",
     .optional = true},
    {.name = "cross_selling_growth",
     .unit = "share a period",
     .summary = "how much that grows from each period to the next; by e^growth where rate_kind is "
                "continuous; missing = 0",
     .allowed = above_minus_one,
     .optional = true},
    {.name = "cost_saved",
     .unit = "currency a period",
     .summary = "what serving him costs less than serving a new customer, since both know each other "
                "(合作降低的成本), in the first period; missing = 0",
     .optional = true},
    {.name = "cost_saved_growth",
     .unit = "share a period",
     .summary = "how much that grows from each period to the next; by e^growth where rate_kind is "
                "continuous; missing = 0",
     .allowed = above_minus_one,
     .optional = true},
    referrals_column,
    referred_customer_value_column,
    {.name = "referral_growth",
     .unit = "share a period",
     .summary = "how much referrals grow from each period to the next; by e^growth where rate_kind is "
                "continuous; missing = 0",
     .allowed = above_minus_one,
     .optional = true},
    {.name = "revenue",
     .unit = "currency a period",
     .summary = "what he pays in the first period; needed where price_premium is given",
     .optional = true},
    {.name = "price_premium",
     .unit = "share of revenue",
     .summary = "what of it he pays beyond the price of a customer who compares (价格敏感度降低), if margin "
                "does not contain it; missing = 0",
     .optional = true},
    acquisition_cost_column,
    retention_column,
    periods_column,
};
inline constexpr companion contribution_needs[] = {
    {7, 8, "given where referrals are"},
    {11, 10, "given where price_premium is"},
};
inline constexpr column_description contribution_value_outputs[] = {
    {.name = "first_purchase_value", .unit = "currency", .summary = "first_purchase (首次购买价值)"},
    {.name = "repeat_purchase_value",
     .unit = "currency",
     .summary = "margin x annuity factor, as if it never grew (重复购买价值)"},
    {.name = "wallet_growth_value",
     .unit = "currency",
     .summary = "margin x growing annuity factor, less repeat_purchase_value: what the growth adds, "
                "right to about 1e-15 of the larger of the two. "
                "Undefined for ever where nothing makes it finite"},
    {.name = "cross_selling_value",
     .unit = "currency",
     .summary = "cross_selling x annuity factor with cross_selling_growth (交叉销售价值)"},
    {.name = "cost_saving_value",
     .unit = "currency",
     .summary = "cost_saved x annuity factor with cost_saved_growth (降低成本价值)"},
    {.name = "referral_value",
     .unit = "currency",
     .summary = "referrals x referred_customer_value x annuity factor with referral_growth (推荐价值)"},
    {.name = "price_premium_value",
     .unit = "currency",
     .summary = "revenue x price_premium x annuity factor with growth (溢价价值)"},
    {.name = "break_even_acquisition_cost",
     .unit = "currency",
     .summary = "the seven parts, added in the order of the outputs: the most that winning him may cost"},
    {.name = "value", .unit = "currency", .summary = "break_even_acquisition_cost - acquisition_cost"},
};

/// The figures over columns in the order of the inputs. NaN is missing.
template <class T>
struct contribution_value_scores {
  static constexpr int inputs = 15;
  static constexpr int outputs = 9;

  planned_annuity<T> annuity;
  bool grows
      [4]; ///< whether there are columns growth, cross_selling_growth, cost_saved_growth, referral_growth

  explicit EMPTOR_INLINE contribution_value_scores(const double* given) noexcept
      : annuity(given)
      , grows{given[6] != 0.0, given[7] != 0.0, given[8] != 0.0, given[9] != 0.0} {}
  EMPTOR_INLINE void row(const T* in, T* out, const bool* /*wanted*/) const noexcept {
    const auto of_row = annuity.row(in[13], in[14]);
    const T level = annuity.level(of_row);
    constexpr std::size_t growths[] = {2, 4, 6, 9}; // of the wallet, cross-selling, cost saved, referrals
    T factors[] = {level, level, level, level};
    for (std::size_t i = 0; i < std::size(growths); ++i) {
      if (grows[i])
        factors[i] = annuity.growing(of_row, in[growths[i]]);
    }
    out[0] = or_nothing(in[1]) + 0.0; // one zero only
    out[1] = times(in[0], level);
    out[2] = grows[0] ? T(times(in[0], T(factors[0] - level))) : T(0.0);
    out[3] = times(or_nothing(in[3]), factors[1]);
    out[4] = times(or_nothing(in[5]), factors[2]);
    out[5] = times(T(or_nothing(in[7]) * or_nothing(in[8])), factors[3]);
    out[6] = times(T(or_nothing(in[10]) * or_nothing(in[11])), factors[0]);
    out[7] = sum_of_parts({out[0], out[1], out[2], out[3], out[4], out[5], out[6]});
    out[8] = out[7] - or_nothing(in[12]);
  }
};

// Two years at 10 % with payments at the end: 1 / 1.1 + 1 / 1.21 = 1.7355372; what grows by 21 % is worth 1 / 1.1 + 1.21 /
// 1.21 = 1.9090909. First row: 100 + 121 x 1.7355372 = 210 + 121 x 0.1735537 = 21 + cross-selling 24.2 x 1.7355372 = 42 + saved
// 12.1 x 1.7355372 = 21 + 0.1 customers of 242 a year x 1.7355372 = 42 + 2 % of 1,100 x 1.9090909 = 42 = 478, of which 78 was
// spent to win him. Second row: the base profit alone, of a customer who stays with 55 %: for ever 121 / 1.1 / (1 - 0.5) = 220.
inline constexpr example_table contribution_value_example_rows[] = {
    {"rows",
     "margin,first_purchase,growth,cross_selling,cost_saved,referrals,referred_customer_value,revenue,"
     "price_premium,acquisition_cost,retention,periods\n"
     "121,100,0.21,24.2,12.1,0.1,242,1100,0.02,78,,2\n"
     "121,,,,,,,,,,0.55,\n"}};
inline constexpr example_option contribution_value_example_options[] = {{"rate", "0.1"}};
inline constexpr example_table contribution_value_example_expected[] = {
    {"scores",
     "first_purchase_value,repeat_purchase_value,wallet_growth_value,cross_selling_value,cost_saving_value,"
     "referral_value,price_premium_value,break_even_acquisition_cost,value\n"
     "100,210,21,42,21,42,42,478,400\n"
     "0,220,0,0,0,0,0,220,220\n"}};
inline constexpr example contribution_value_examples[] = {
    {.what = verb::score,
     .summary = "all seven parts over two years, and the base profit alone of a customer who may leave",
     .source = "the definition, with figures to be checked by hand",
     .tables = contribution_value_example_rows,
     .options = contribution_value_example_options,
     .expected = contribution_value_example_expected,
     .tolerance = 1e-13},
};

inline constexpr entry_description contribution_value_description{
    .name = contribution_value_name,
    .what = verb::score,
    .summary =
        "value of a customer by what he contributes: first and repeat purchases, growth of the wallet, "
        "cross-selling, cost saved, referral, price premium",
    .source = "Reichheld and Sasser, Zero Defections, 1990; Reichheld, The Loyalty Effect, 1996",
    .chinese = "客户贡献价值",
    .since = "0.1",
    .score = {.inputs = contribution_value_inputs,
              .options = present_value_options,
              .outputs = contribution_value_outputs,
              .rule = companions_rule<contribution_needs>},
    .examples = contribution_value_examples,
    .no_demo = "what a customer will contribute is a plan, which the orders of the company do not tell",
};

inline constexpr entry contribution_value_entry{
    .description = &contribution_value_description, .bind = [](const score_request& request) {
      return bind_planned<contribution_value_scores>(request, contribution_value_name, 13, 14, {2, 4, 6, 9},
                                                     contribution_needs);
    }};

} // namespace emptor::value
