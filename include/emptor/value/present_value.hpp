// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <string_view>

#include <emptor/core/compute_columns.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/kernel.hpp>
#include <emptor/core/options.hpp>
#include <emptor/math/apply.hpp>
#include <emptor/math/pack.hpp>
#include <emptor/value/annuity.hpp>

/// Present value of a customer (客户价值的现值) from what he brings and costs a period, known or planned: the models of the
/// textbooks, in which nobody leaves.
///
/// Income alone, discounted over the periods, is the textbooks' model one; their model three has all parts:
///
///     value = first price - acquisition cost + (income - cost to serve) x annuity factor
///
/// The two may rank customers differently: who buys less may be worth more, because he costs less.
namespace emptor::value {

inline constexpr std::string_view present_value_name = "value.present_value";
inline constexpr domain above_minus_one{.low = -1.0, .high = 1e6, .low_open = true};

inline constexpr option_description timing_option{
    .name = "timing",
    .what = option_content::choice,
    .summary = "when the money of a period comes: at its end, at its start, in the middle, or spread evenly",
    .default_value = "end",
    .choices = payment_timing_names};
inline constexpr option_description rate_kind_option{
    .name = "rate_kind",
    .what = option_content::choice,
    .summary = "effective: a period discounts by 1 + rate, and growth is 1 + growth; continuous: by e^rate "
               "and e^growth",
    .default_value = "effective",
    .choices = rate_kind_names};

inline constexpr column_description acquisition_cost_column{
    .name = "acquisition_cost",
    .unit = "currency",
    .summary = "what winning him costs at the beginning (客户获取成本); missing = 0",
    .optional = true};
inline constexpr option_description period_rate_option{.name = "rate",
                                                       .what = option_content::number,
                                                       .summary = "discount rate of a period (折现率)",
                                                       .unit = "share a period",
                                                       .allowed = above_minus_one,
                                                       .required = true};
/// The option periods; without it for ever.
[[nodiscard]] inline double periods_of(const option_values& options) {
  return options.has("periods") ? static_cast<double>(options.integer("periods"))
                                : std::numeric_limits<double>::infinity();
}

inline constexpr column_description present_value_inputs[] = {
    {.name = "income",
     .unit = "currency a period",
     .summary = "what the customer brings in the first period (每期收益), such as his margin before what "
                "serving him costs"},
    {.name = "cost_to_serve",
     .unit = "currency a period",
     .summary = "what serving him costs in the first period (服务成本); missing = 0",
     .optional = true},
    {.name = "first_price",
     .unit = "currency",
     .summary = "what he pays at once at the beginning (首次购买价格); missing = 0",
     .optional = true},
    acquisition_cost_column,
    {.name = "growth",
     .unit = "share a period",
     .summary =
         "how much income and cost to serve grow from each period to the next, below 0 where they shrink; "
         "by e^growth where rate_kind is continuous; missing = 0",
     .allowed = above_minus_one,
     .optional = true},
    {.name = "periods",
     .what = content::count,
     .unit = "periods",
     .summary = "how many there are; missing = the option periods",
     .allowed = at_least_zero,
     .optional = true},
};
inline constexpr option_description present_value_options[] = {
    period_rate_option,
    {.name = "periods",
     .what = option_content::integer,
     .summary = "how many periods the relation lasts, of rows that do not say it; without it for ever",
     .unit = "periods",
     .allowed = {0, 1'000'000'000}},
    rate_kind_option,
    timing_option,
};
inline constexpr column_description present_value_outputs[] = {
    {.name = "annuity_factor",
     .unit = "periods",
     .summary = "present value of 1 a period, growing (年金现值系数). Undefined for ever where growth is not "
                "below the rate"},
    {.name = "income_value",
     .unit = "currency",
     .summary = "income x annuity_factor: the textbooks' model one"},
    {.name = "cost_value", .unit = "currency", .summary = "cost_to_serve x annuity_factor"},
    {.name = "value",
     .unit = "currency",
     .summary = "first_price - acquisition_cost + income_value - cost_value: the textbooks' model three"},
    {.name = "break_even_acquisition_cost",
     .unit = "currency",
     .summary = "the acquisition cost at which value is 0: the most that winning him may cost"},
};

/// The figures over columns in the order of the inputs, as math::kernel_of wants a formula. NaN is missing.
template <class T>
struct present_value_scores {
  static constexpr int inputs = 6;
  static constexpr int outputs = 5;

  T rate;
  T periods;
  rate_kind how;
  T of_start;
  bool same; ///< growth and periods are those of the options in all rows
  T usual_factor;

  /// \param given  rate, periods (infinite = for ever), kind of the rate, timing, and whether rows have neither growth nor periods
  explicit EMPTOR_INLINE present_value_scores(const double* given) noexcept
      : rate(given[0])
      , periods(given[1])
      , how(given[2] == 0.0 ? rate_kind::effective : rate_kind::continuous)
      , of_start(within_period(rate, how, static_cast<payment_timing>(given[3])))
      , same(given[4] != 0.0)
      , usual_factor(factor(T(0.0), periods)) {}
  EMPTOR_INLINE void row(const T* in, T* out, const bool* /*wanted*/) const noexcept {
    using math::select;
    const auto or_else = [&](const T& x, const T& other) { return T(select(x == x, x, other)); };
    const T zero(0.0);
    const T all = same ? usual_factor : factor(or_else(in[4], zero), or_else(in[5], periods));
    const T income = in[0] * all;
    const T cost = or_else(in[1], zero) * all;
    T most = or_else(in[2], zero) + (income - cost);
    // Where both are beyond all numbers it is too large, not undefined.
    most = select(most == most, most, T(select(all == all, T(math::detail::infinity), all)));
    out[0] = all;
    out[1] = income + 0.0; // one zero only
    out[2] = cost + 0.0;
    out[3] = most - or_else(in[3], zero);
    out[4] = most;
  }

private:
  [[nodiscard]] EMPTOR_INLINE T factor(const T& growth, const T& n) const noexcept {
    return of_start * sum_of_powers(T(growth_over_rate(growth, rate, how)), n);
  }
};

class present_value_scorer final : public scorer {
public:
  /// \param given  as present_value_scores takes it, without the last
  present_value_scorer(const kernel& compute, const std::array<double, 4>& given)
      : usual_(compute, std::array{given[0], given[1], given[2], given[3], 1.0}.data())
      , each_(compute, std::array{given[0], given[1], given[2], given[3], 0.0}.data()) {}

  void score(const score_block& block) const noexcept override {
    const bool same = block.inputs[4].number == nullptr && block.inputs[5].number == nullptr;
    compute_columns<6, 5>(same ? usual_ : each_, block);
  }

private:
  prepared_kernel usual_;
  prepared_kernel each_;
};

// The factor of ten periods at 8 % is (1 - 1.08^-10) / 0.08 = 6.7100814. The second row: 3,000 - 500 + 900 x 6.7100814 =
// 8,539.07. Of the last two customers the first buys less and is worth more: 300 against 250 a period.
inline constexpr example_table present_value_example_rows[] = {
    {"rows",
     "income,cost_to_serve,first_price,acquisition_cost\n1000,0,0,0\n1000,100,3000,500\n500,200,0,0\n550,"
     "300,0,0\n"}};
inline constexpr example_option present_value_example_options[] = {{"rate", "0.08"}, {"periods", "10"}};
inline constexpr example_table present_value_example_expected[] = {
    {"scores",
     "annuity_factor,income_value,cost_value,value,break_even_acquisition_cost\n"
     "6.710081398941444,6710.081398941444,0,6710.081398941444,6710.081398941444\n"
     "6.710081398941444,6710.081398941444,671.0081398941444,8539.0732590473,9039.0732590473\n"
     "6.710081398941444,3355.040699470722,1342.0162797882888,2013.0244196824332,2013.0244196824332\n"
     "6.710081398941444,3690.5447694177942,2013.0244196824332,1677.520349735361,1677.520349735361\n"}};
inline constexpr example present_value_examples[] = {
    {.what = verb::score,
     .summary = "ten years at 8 %: income alone prefers the customer who buys more, all parts the one who "
                "costs less",
     .source = "the two models of the Chinese textbooks, with figures to be checked by hand",
     .tables = present_value_example_rows,
     .options = present_value_example_options,
     .expected = present_value_example_expected,
     .tolerance = 1e-14},
};

inline constexpr entry_description present_value_description{
    .name = present_value_name,
    .what = verb::score,
    .summary = "present value of what a customer brings and costs a period, growing or constant, for some "
               "periods or for ever",
    .source = "annuity factors of financial mathematics; models one (income) and three (all parts) of "
              "Chinese CRM teaching",
    .chinese = "客户终身价值的净现值",
    .since = "0.1",
    .score = {.inputs = present_value_inputs,
              .options = present_value_options,
              .outputs = present_value_outputs},
    .examples = present_value_examples,
    .no_demo = "what a customer will bring a period is a plan, which the orders of the company do not tell",
};

/// \throws error status::option where nothing ends the sum of any row
[[nodiscard]] inline std::unique_ptr<scorer> bind_present_value(const score_request& request) {
  const option_values& options = request.options;
  if (!options.has("periods") && !(options.number("rate") > 0.0) && !request.given[4] && !request.given[5])
    throw error(status::option,
                message(present_value_name, "option rate", -1, to_text(options.number("rate")),
                        "> 0 where neither periods nor growth are given"));
  return std::make_unique<present_value_scorer>(
      request.wide ? request.wide : math::kernel_of<present_value_scores, math::pack<math::isa::baseline>>(),
      std::array{options.number("rate"), periods_of(options),
                 static_cast<double>(options.choice<std::int32_t>("rate_kind", rate_kind_names)),
                 static_cast<double>(options.choice<std::int32_t>("timing", payment_timing_names))});
}

inline constexpr entry present_value_entry{.description = &present_value_description,
                                           .bind = bind_present_value};

} // namespace emptor::value
