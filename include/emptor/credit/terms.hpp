// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <span>
#include <string_view>

#include <emptor/core/entry.hpp>
#include <emptor/core/options.hpp>
#include <emptor/core/row_cells.hpp>
#include <emptor/credit/day_count_option.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>

/// Economics of credit period and cash discount (信用期限与现金折扣): what terms such as 2/10 net 30 cost the customer who
/// does not take the discount, and what taking it is worth.
///
/// Who pays 1 - d on the discount day instead of 1 on the day T of payment saves d on a loan of 1 - d over T - D days.
/// The yearly rate of that loan is the cost of the discount not taken (放弃现金折扣的成本):
///
///     simple    d / (1 - d) x days of the year / (T - D)
///     compound  (1 / (1 - d)) ^ (days of the year / (T - D)) - 1
///
/// It is a rate of the period, never the discount itself times something: 2/10 net 30 costs 37.24 % a year, not 20.41 %.
/// Who pays after the net day stretches the loan, so that the rate falls; `paid_day` says when he does.
namespace emptor::credit {

/// How a rate of a period becomes one of a year, and a yearly cost of capital one of the period.
enum class interest : std::int32_t {
  simple = 0,   ///< in proportion to the days
  compound = 1, ///< interest on interest, once a period
};
inline constexpr std::string_view interest_names[] = {"simple", "compound"};

/// Interest of the days for which the discount is not taken, as a share of what would have been paid: d / (1 - d).
template <class T>
[[nodiscard]] EMPTOR_INLINE T discount_cost_of_period(const T& discount) noexcept {
  return discount / (T(1.0) - discount);
}

/// Yearly cost of a discount that is not taken (放弃现金折扣的成本).
/// \param discount in [0, 1) \param years from the discount day to the payment, > 0
template <class T>
[[nodiscard]] EMPTOR_INLINE T discount_cost(const T& discount, const T& years, interest how) noexcept {
  using math::expm1;
  using math::log1p;
  if (how == interest::compound)
    return expm1(-(log1p(-discount) / years));
  return discount_cost_of_period(discount) / years;
}

/// The discount at which a customer with this cost of capital does not care whether he takes it.
template <class T>
[[nodiscard]] EMPTOR_INLINE T break_even_discount(const T& cost_of_capital, const T& years,
                                                  interest how) noexcept {
  using math::expm1;
  using math::log1p;
  if (how == interest::compound)
    return -expm1(-(log1p(cost_of_capital) * years));
  const T period = cost_of_capital * years;
  return period / (T(1.0) + period);
}

/// What taking the discount is worth on the discount day, per unit of the invoice: the present value of 1 on the day of
/// payment less the 1 - d paid now. Above 0 exactly where `discount_cost` is above the cost of capital.
template <class T>
[[nodiscard]] EMPTOR_INLINE T value_of_discount(const T& discount, const T& cost_of_capital, const T& years,
                                                interest how) noexcept {
  return discount - break_even_discount(cost_of_capital, years, how);
}

inline constexpr domain day_range{0.0, 3652424.0};

inline constexpr column_description terms_inputs[] = {
    {.name = "discount_rate",
     .unit = "share",
     .summary = "cash discount (现金折扣率) as a share of the invoice: 0.02 in 2/10 net 30",
     .allowed = {.low = 0.0, .high = 1.0, .high_open = true}},
    {.name = "discount_days",
     .what = content::count,
     .unit = "days",
     .summary = "the last day of the discount (折扣期限), counted from the invoice: 10 in 2/10 net 30",
     .allowed = day_range},
    {.name = "net_days",
     .what = content::count,
     .unit = "days",
     .summary = "the credit period (信用期限): 30 in 2/10 net 30; >= discount_days",
     .allowed = day_range},
    {.name = "paid_day",
     .what = content::count,
     .unit = "days",
     .summary =
         "the day on which who takes no discount pays, where that is not net_days; row status undefined "
         "where it is no later than discount_days, since nothing was forgone then",
     .allowed = day_range,
     .optional = true},
};
[[nodiscard]] constexpr row_fault terms_rule(std::span<const double> values) noexcept {
  if (values[2] < values[1])
    return {row_status::inconsistent, 2, ">= discount_days"};
  return {};
}

inline constexpr option_description terms_options[] = {
    day_count_option,
    {.name = "compounding",
     .what = option_content::choice,
     .summary =
         "simple: the rate of the period times the periods of a year; compound: with interest on interest",
     .default_value = "simple",
     .choices = interest_names},
    {.name = "cost_of_capital",
     .summary = "what money costs or earns the customer, by the same day_count and compounding (资本成本)",
     .unit = "per year",
     .allowed = {0.0, 1e6}},
};
namespace detail {
inline constexpr std::string_view need_cost_of_capital[] = {"cost_of_capital"};
} // namespace detail

enum class terms_input : std::size_t { discount_rate, discount_days, net_days, paid_day };
enum class terms_output : std::size_t {
  annual_cost = 0,
  cost_of_period = 1,
  days_gained = 2,
  take_discount = 3,
  value_of_discount = 4,
  break_even_discount = 5,
};
inline constexpr column_description terms_outputs[] = {
    {.name = "annual_cost",
     .unit = "per year",
     .summary = "yearly cost of the discount not taken (放弃现金折扣的成本)",
     .allowed = at_least_zero},
    {.name = "cost_of_period",
     .unit = "share",
     .summary =
         "interest of the days gained, as a share of what the discount would have left to pay: d / (1 - d)",
     .allowed = at_least_zero},
    {.name = "days_gained",
     .what = content::count,
     .unit = "days",
     .summary = "from the discount day to the payment: the loan that the discount not taken pays for"},
    {.name = "take_discount",
     .what = content::boolean,
     .summary = "whether annual_cost is above the cost of capital, so that paying early is the cheaper way",
     .needs = detail::need_cost_of_capital},
    {.name = "value_of_discount",
     .unit = "currency per unit of the invoice",
     .summary = "what taking the discount is worth on the discount day: present value of 1 on the day of "
                "payment, less "
                "1 - discount_rate; below 0 where it loses",
     .needs = detail::need_cost_of_capital},
    {.name = "break_even_discount",
     .unit = "share",
     .summary =
         "the discount at which it makes no difference; who sets terms must offer more for it to be taken",
     .allowed = zero_to_one,
     .needs = detail::need_cost_of_capital},
};

inline constexpr example_table terms_rows[] = {{"rows", "discount_rate,discount_days,net_days,paid_day\n"
                                                        "0.02,10,30,\n"
                                                        "0.01,10,30,\n"
                                                        "0.02,10,60,\n"
                                                        "0.03,10,45,\n"
                                                        "0.02,10,30,45\n"}};
// 2/10 net 30: 2 / 98 x 365 / 20. At 24 % a year the 20 days cost 0.24 x 20 / 365 = 0.0131507, so that 1 due then is worth
// 1 / 1.0131507 = 0.98702, and the discount 0.98702 - 0.98 = 0.00702.
inline constexpr example_table terms_expected[] = {
    {"scores", "annual_cost,cost_of_period,days_gained,take_discount,value_of_discount,break_even_discount\n"
               "0.3724489795918367,0.0204081632653061,20,true,0.0070200108166577,0.0129799891833423\n"
               "0.1843434343434343,0.0101010101010101,20,false,-0.0029799891833423,0.0129799891833423\n"
               "0.1489795918367347,0.0204081632653061,50,false,-0.0118302387267905,0.0318302387267905\n"
               "0.3225331369661267,0.0309278350515464,35,true,0.0075040171397965,0.0224959828602035\n"
               "0.2128279883381924,0.0204081632653061,35,false,-0.0024959828602035,0.0224959828602035\n"}};
inline constexpr example_option terms_example_options[] = {{"cost_of_capital", "0.24"}};
inline constexpr example terms_examples[] = {
    {.what = verb::score,
     .summary =
         "2/10, 1/10 net 30; 2/10 net 60; 3/10 net 45; 2/10 net 30 paid on day 45; money costs 24 % a year",
     .source = "the definitions, by hand; the yearly costs are those that textbooks print: 37.24, 18.43, "
               "14.90, 32.25 "
               "and 21.28 %",
     .tables = terms_rows,
     .options = terms_example_options,
     .expected = terms_expected,
     .tolerance = 1e-12},
};

inline constexpr demo_input terms_demo_inputs[] = {{"rows", "payment_terms"}};
inline constexpr example_option terms_demo_options[] = {{"cost_of_capital", demo_discount_rate}};
inline constexpr demo_feed terms_demo[] = {
    {.what = verb::score, .inputs = terms_demo_inputs, .options = terms_demo_options, .keep = "terms"}};

inline constexpr entry_description terms_description{
    .name = "credit.terms",
    .what = verb::score,
    .summary =
        "credit period and cash discount: yearly cost of the discount not taken, and whether to take it",
    .source = "Brigham and Houston, Fundamentals of Financial Management: cost of trade credit, nominal and "
              "effective",
    .chinese = "信用条件",
    .since = "0.1",
    .score = {.inputs = terms_inputs,
              .options = terms_options,
              .outputs = terms_outputs,
              .rule = &terms_rule},
    .examples = terms_examples,
    .demo = terms_demo,
};

/// What `credit.terms` takes for granted in every row.
struct terms_conventions {
  double days_of_year = 365.0;
  interest how = interest::simple;
  double cost_of_capital = 0.0;
};

class terms_scorer final : public scorer {
public:
  explicit terms_scorer(const terms_conventions& conventions) noexcept
      : conventions_(conventions) {}

  void score(const score_block& block) const noexcept override {
    for_each_fine_row<in, out>(block, [&](const cells& at) { score_row(at); });
  }

private:
  using in = terms_input;
  using out = terms_output;
  using cells = row_cells<in, out>;

  void score_row(const cells& at) const noexcept {
    using math::real;
    using math::value_of;
    constexpr double none = std::numeric_limits<double>::quiet_NaN();
    const real discount(at.number(in::discount_rate));
    const double paid = at.number(in::paid_day);
    const double days = (std::isnan(paid) ? at.number(in::net_days) : paid) - at.number(in::discount_days);
    at.put(out::cost_of_period, value_of(discount_cost_of_period(discount)));
    at.put(out::days_gained, days);
    if (days <= 0.0) {
      at.status() = row_status::undefined;
      for (const out nothing :
           {out::annual_cost, out::take_discount, out::value_of_discount, out::break_even_discount})
        at.put(nothing, none);
      return;
    }
    const real years = real(days) / real(conventions_.days_of_year);
    const real capital(conventions_.cost_of_capital);
    const double cost = value_of(discount_cost(discount, years, conventions_.how));
    const double value = value_of(value_of_discount(discount, capital, years, conventions_.how));
    // A discount of nearly all compounds beyond the largest number; it is worth taking all the same.
    if (!std::isfinite(cost))
      at.status() = row_status::too_large;
    at.put(out::annual_cost, std::isfinite(cost) ? cost : none);
    at.put(out::take_discount, value > 0.0 ? 1.0 : 0.0);
    at.put(out::value_of_discount, value);
    at.put(out::break_even_discount, value_of(break_even_discount(capital, years, conventions_.how)));
  }

  terms_conventions conventions_;
};

inline constexpr entry terms_entry{
    .description = &terms_description,
    .bind = [](const score_request& request) -> std::unique_ptr<scorer> {
      const option_values& options = request.options;
      return std::make_unique<terms_scorer>(
          terms_conventions{.days_of_year = static_cast<double>(days_of_year(options)),
                            .how = options.choice<interest>("compounding", interest_names),
                            .cost_of_capital = options.number("cost_of_capital")});
    },
};

} // namespace emptor::credit
