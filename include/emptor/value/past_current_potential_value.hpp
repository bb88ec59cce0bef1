// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <memory>
#include <string_view>

#include <emptor/value/planned_parts.hpp>

/// Value of a customer in time: what he has brought (历史价值), what he will bring if he goes on as he does (当前价值), and what
/// he could bring beyond that, if he is won for other products or recommends you (潜在价值).
///
///     value = historical value + current value + potential value
///
/// Money of the past counts as it was booked; that of the future is discounted. Who has brought most is not who is worth most: a
/// new customer with little history may have the largest potential.
namespace emptor::value {

inline constexpr std::string_view past_current_potential_value_name = "value.past_current_potential_value";

inline constexpr column_description past_current_potential_inputs[] = {
    {.name = "past_margin",
     .unit = "currency",
     .summary = "what he has brought so far, all costs of him taken off (历史价值); missing = 0",
     .optional = true},
    {.name = "current_margin",
     .unit = "currency a period",
     .summary = "what he brings in the next period if he goes on as he does"},
    {.name = "growth",
     .unit = "share a period",
     .summary = "how much current_margin grows from each period to the next; by e^growth where rate_kind is "
                "continuous; missing = 0",
     .allowed = above_minus_one,
     .optional = true},
    {.name = "cross_selling",
     .unit = "currency a period",
     .summary = "margin of what he could buy beyond that, of the same or other products; missing = 0",
     .optional = true},
    referrals_column,
    referred_customer_value_column,
    {.name = "realisation",
     .unit = "probability",
     .summary = "that he is won for it, or the share of it that is (潜在价值实现概率); missing = 1",
     .allowed = zero_to_one,
     .optional = true},
    retention_column,
    periods_column,
};
inline constexpr companion past_current_potential_needs[] = {{4, 5, "given where referrals are"}};
inline constexpr column_description past_current_potential_outputs[] = {
    {.name = "historical_value", .unit = "currency", .summary = "past_margin (历史价值)"},
    {.name = "current_value",
     .unit = "currency",
     .summary = "current_margin x annuity factor with growth (当前价值). Undefined for ever where nothing "
                "makes it finite"},
    {.name = "cross_selling_value",
     .unit = "currency",
     .summary = "cross_selling x realisation x annuity factor"},
    {.name = "referral_value",
     .unit = "currency",
     .summary = "referrals x referred_customer_value x realisation x annuity factor"},
    {.name = "potential_value",
     .unit = "currency",
     .summary = "cross_selling_value + referral_value (潜在价值)"},
    {.name = "value", .unit = "currency", .summary = "(historical_value + current_value) + potential_value"},
};

/// The figures over columns in the order of the inputs. NaN is missing.
template <class T>
struct past_current_potential_scores {
  static constexpr int inputs = 9;
  static constexpr int outputs = 6;

  planned_annuity<T> annuity;
  bool grows;

  explicit EMPTOR_INLINE past_current_potential_scores(const double* given) noexcept
      : annuity(given)
      , grows(given[6] != 0.0) {}
  EMPTOR_INLINE void row(const T* in, T* out, const bool* /*wanted*/) const noexcept {
    const auto of_row = annuity.row(in[7], in[8]);
    const T level = annuity.level(of_row);
    const T realised = or_else(in[6], T(1.0));
    out[0] = or_nothing(in[0]) + 0.0; // one zero only
    out[1] = times(in[1], grows ? annuity.growing(of_row, in[2]) : level);
    out[2] = times(T(or_nothing(in[3]) * realised), level);
    out[3] = times(T(or_nothing(in[4]) * or_nothing(in[5]) * realised), level);
    out[4] = sum_of_parts({out[2], out[3]});
    out[5] = sum_of_parts({out[0], out[1], out[4]});
  }
};

// Two years at 10 %: the factor is 1.7355372. An old customer: 5,000 so far and 121 a year, 210 more. A new one: nothing so far,
// 242 a year are 420, and if he is won for other products of 2,420 a year, or brings 2 customers of 1,210 a year, 4,200 each;
// at one chance in two each is worth 2,100 more.
inline constexpr example_table past_current_potential_example_rows[] = {
    {"rows", "past_margin,current_margin,cross_selling,referrals,referred_customer_value,realisation\n"
             "5000,121,,,,\n"
             ",242,2420,2,1210,0.5\n"}};
inline constexpr example_option past_current_potential_example_options[] = {{"rate", "0.1"},
                                                                            {"periods", "2"}};
inline constexpr example_table past_current_potential_example_expected[] = {
    {"scores", "historical_value,current_value,cross_selling_value,referral_value,potential_value,value\n"
               "5000,210,0,0,0,5210\n"
               "0,420,2100,2100,4200,4620\n"}};
inline constexpr example past_current_potential_examples[] = {
    {.what = verb::score,
     .summary = "an old customer without potential, and a new one with much",
     .source = "the definition, with figures to be checked by hand",
     .tables = past_current_potential_example_rows,
     .options = past_current_potential_example_options,
     .expected = past_current_potential_example_expected,
     .tolerance = 1e-13},
};

inline constexpr entry_description past_current_potential_description{
    .name = past_current_potential_value_name,
    .what = verb::score,
    .summary = "value of a customer in time: historical, current and potential value",
    .source = "historical, current and potential value as Chinese CRM teaching divides customer value; "
              "annuity factors of financial mathematics",
    .chinese = "历史价值、当前价值与潜在价值",
    .since = "0.1",
    .score = {.inputs = past_current_potential_inputs,
              .options = present_value_options,
              .outputs = past_current_potential_outputs,
              .rule = companions_rule<past_current_potential_needs>},
    .examples = past_current_potential_examples,
    .no_demo = "what a customer could buy beyond what he buys is a plan, which the orders of the company do "
               "not tell",
};

inline constexpr entry past_current_potential_value_entry{
    .description = &past_current_potential_description, .bind = [](const score_request& request) {
      return bind_planned<past_current_potential_scores>(request, past_current_potential_value_name, 7, 8,
                                                         {2}, past_current_potential_needs);
    }};

} // namespace emptor::value
