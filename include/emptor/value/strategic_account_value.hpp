// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include <emptor/value/planned_parts.hpp>

/// Value of a customer of strategic weight: what he brings himself (经济价值), whom his example brings (示范价值), whom his
/// recommendation brings (推荐价值), and what the company learns to do by working for him (能力价值).
///
///     economic value      = margin x annuity factor
///     demonstration value = followers x value of one x annuity factor
///     referral value      = referrals x share that buys x value of one x annuity factor
///     capability value    = gain with other customers from what was learned x annuity factor
///     value               = economic + demonstration + referral + capability value - acquisition cost
///
/// An example works without his doing, because others of the trade see what he buys; a recommendation is his own act. Whoever
/// follows both counts once, where the planner puts him.
///
/// Source: economic, demonstration, referral and capability value of Chinese CRM teaching; V. Kumar, J. A. Petersen and R. P.
/// Leone, Defining, Measuring, and Managing Business Reference Value, Journal of Marketing 77, 2013 (value of references).
namespace emptor::value {

inline constexpr std::string_view strategic_account_value_name = "value.strategic_account_value";

inline constexpr column_description strategic_account_inputs[] = {
    {.name = "margin",
     .unit = "currency a period",
     .summary =
         "what he brings in the first period, all costs of serving him taken off; below 0 of a customer "
         "whom one pays for"},
    {.name = "growth",
     .unit = "share a period",
     .summary = "how much that grows from each period to the next; by e^growth where rate_kind is "
                "continuous; missing = 0",
     .allowed = above_minus_one,
     .optional = true},
    {.name = "followers",
     .unit = "customers a period",
     .summary = "how many buy in a period because they see that he does (示范效应); missing = 0",
     .allowed = at_least_zero,
     .optional = true},
    {.name = "follower_value",
     .unit = "currency",
     .summary = "what one of them is worth on the day he comes; needed where followers are given",
     .optional = true},
    referrals_column,
    {.name = "referral_conversion",
     .unit = "share",
     .summary = "what part of those whom he brings buys; missing = 1",
     .allowed = zero_to_one,
     .optional = true},
    referred_customer_value_column,
    {.name = "capability_gain",
     .unit = "currency a period",
     .summary = "what the company earns more or spends less with other customers by what it learned with him "
                "(能力提升); missing = 0",
     .optional = true},
    acquisition_cost_column,
    retention_column,
    periods_column,
};
inline constexpr companion strategic_account_needs[] = {
    {2, 3, "given where followers are"},
    {4, 6, "given where referrals are"},
};
inline constexpr column_description strategic_account_outputs[] = {
    {.name = "economic_value",
     .unit = "currency",
     .summary = "margin x annuity factor with growth (经济价值). Undefined for ever where nothing makes it "
                "finite"},
    {.name = "demonstration_value",
     .unit = "currency",
     .summary = "followers x follower_value x annuity factor (示范价值)"},
    {.name = "referral_value",
     .unit = "currency",
     .summary = "referrals x referral_conversion x referred_customer_value x annuity factor (推荐价值)"},
    {.name = "capability_value",
     .unit = "currency",
     .summary = "capability_gain x annuity factor (能力价值)"},
    {.name = "break_even_acquisition_cost",
     .unit = "currency",
     .summary = "the four parts, added in the order of the outputs: the most that winning him may cost"},
    {.name = "value", .unit = "currency", .summary = "break_even_acquisition_cost - acquisition_cost"},
};

/// The figures over columns in the order of the inputs. NaN is missing.
template <class T>
struct strategic_account_scores {
  static constexpr int inputs = 11;
  static constexpr int outputs = 6;

  planned_annuity<T> annuity;
  bool grows;

  explicit EMPTOR_INLINE strategic_account_scores(const double* given) noexcept
      : annuity(given)
      , grows(given[6] != 0.0) {}
  EMPTOR_INLINE void row(const T* in, T* out, const bool* /*wanted*/) const noexcept {
    const auto of_row = annuity.row(in[9], in[10]);
    const T level = annuity.level(of_row);
    out[0] = times(in[0], grows ? annuity.growing(of_row, in[1]) : level);
    out[1] = times(T(or_nothing(in[2]) * or_nothing(in[3])), level);
    out[2] = times(T(or_nothing(in[4]) * or_else(in[5], T(1.0)) * or_nothing(in[6])), level);
    out[3] = times(or_nothing(in[7]), level);
    out[4] = sum_of_parts({out[0], out[1], out[2], out[3]});
    out[5] = out[4] - or_nothing(in[8]);
  }
};

// Two years at 10 %: the factor is 1.7355372. A flagship that costs 121 a year, -210: two followers a year of 605 each are
// 2,100, four introductions of which one in four buys for 242 are 420, and what is learned saves 60.5 a year, 105. An ordinary
// customer has his economic value alone, 2,100.
inline constexpr example_table strategic_account_example_rows[] = {
    {"rows", "margin,followers,follower_value,referrals,referral_conversion,referred_customer_value,"
             "capability_gain,acquisition_cost\n"
             "-121,2,605,4,0.25,242,60.5,115\n"
             "1210,,,,,,,100\n"}};
inline constexpr example_option strategic_account_example_options[] = {{"rate", "0.1"}, {"periods", "2"}};
inline constexpr example_table strategic_account_example_expected[] = {
    {"scores", "economic_value,demonstration_value,referral_value,capability_value,"
               "break_even_acquisition_cost,value\n"
               "-210,2100,420,105,2415,2300\n"
               "2100,0,0,0,2100,2000\n"}};
inline constexpr example strategic_account_examples[] = {
    {.what = verb::score,
     .summary = "a flagship that costs more than it brings itself, and an ordinary customer",
     .source = "the definitions, with figures to be checked by hand",
     .tables = strategic_account_example_rows,
     .options = strategic_account_example_options,
     .expected = strategic_account_example_expected,
     .tolerance = 1e-13},
};

inline constexpr entry_description strategic_account_description{
    .name = strategic_account_value_name,
    .what = verb::score,
    .summary = "value of a strategic customer: economic, demonstration, referral and capability value",
    .source = "the four values of Chinese CRM teaching; Kumar, Petersen and Leone, Business Reference Value, "
              "2013",
    .chinese = "经济价值、示范价值、推荐价值与能力价值",
    .since = "0.1",
    .score = {.inputs = strategic_account_inputs,
              .options = present_value_options,
              .outputs = strategic_account_outputs,
              .rule = companions_rule<strategic_account_needs>},
    .examples = strategic_account_examples,
    .no_demo = "whom a customer's example brings is a plan, which the orders of the company do not tell",
};

inline constexpr entry strategic_account_value_entry{
    .description = &strategic_account_description, .bind = [](const score_request& request) {
      return bind_planned<strategic_account_scores>(request, strategic_account_value_name, 9, 10, {1},
                                                    strategic_account_needs);
    }};

} // namespace emptor::value
