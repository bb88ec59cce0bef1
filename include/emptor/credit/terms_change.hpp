// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstdint>

#include <emptor/core/money.hpp>
#include <emptor/core/proportion.hpp>
#include <emptor/credit/terms.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>

/// What a change of credit terms earns (信用政策决策), in the two ways in which it is worked out.
///
/// The textbook's (增量分析): the contribution of the sales won, less the increase of what credit costs in a year:
///
///     receivables (应收账款平均余额)   sales / days of the year x mean collection period (平均收现期)
///     opportunity cost (机会成本)      receivables x variable cost share (变动成本率) x cost of capital
///     bad debts (坏账成本)             sales x bad debt share
///     discounts (现金折扣成本)         sales x share that takes it x rate
///     collection (收账费用)            as given
///
/// The present value of one day's sales (Sartoris and Hill 1981): every receipt and cost is discounted from its own day,
/// and the difference is capitalised as one that comes back every day.
namespace emptor::credit {

/// Terms as they are, or as they are proposed, and what customers make of them.
struct credit_terms {
  std::int64_t sales = 0;       ///< credit sales of a year, minor units
  double collection_days = 0.0; ///< days from the sale to the payment of who takes no discount
  double discount_rate = 0.0;   ///< share of the invoice
  double discount_days = 0.0;   ///< days from the sale to the payment of who takes it
  double discount_share = 0.0;  ///< share of the sales for which it is taken
  double bad_debt_rate = 0.0;   ///< share of the sales that is never paid
  std::int64_t collection_cost = 0;
  std::int64_t fixed_cost = 0;
};

/// At what a receivable counts as money tied up.
enum class receivables_base : std::int32_t {
  variable_cost = 0, ///< at what the goods cost (占用资金 = 平均余额 x 变动成本率)
  price = 1,         ///< at the whole invoice
};
inline constexpr std::string_view receivables_bases[] = {"variable_cost", "price"};

struct terms_change_conventions {
  double cost_of_capital = 0.0; ///< per year, > 0
  std::int64_t days_of_year = 365;
  receivables_base base = receivables_base::variable_cost;
  interest how = interest::simple; ///< in present values
  int decimals = 2;                ///< of the amounts
};

/// What the terms cost and earn in a year, in minor units; each figure is rounded once, halves away from 0. `no_amount`
/// where one does not fit 64 bits.
struct yearly_figures {
  std::int64_t contribution = 0;
  std::int64_t receivables = 0;
  std::int64_t opportunity_cost = 0;
  std::int64_t bad_debt = 0;
  std::int64_t discount_cost = 0;
};

/// Days that a credit sale is open on average (平均收现期).
[[nodiscard]] inline double collection_period(const credit_terms& terms) noexcept {
  using math::real;
  const real share(terms.discount_share);
  return math::value_of(share * real(terms.discount_days) +
                        (real(1.0) - share) * real(terms.collection_days));
}

[[nodiscard]] inline yearly_figures figures_of(const credit_terms& terms, double variable_cost_ratio,
                                               const terms_change_conventions& by) noexcept {
  constexpr std::int64_t parts_of_day = 1'000'000;
  const auto decimal_days = [](double days) {
    return static_cast<std::uint64_t>(std::nearbyint(days * static_cast<double>(parts_of_day)));
  };
  const std::int64_t taken = decimal_share(terms.discount_share);
  const std::int64_t variable = decimal_share(variable_cost_ratio);

  // sales x (share x days with discount + the rest x days without)
  long_product sales_days(magnitude_of(terms.sales));
  long_product late = sales_days;
  sales_days.multiply(magnitude_of(taken));
  sales_days.multiply(decimal_days(terms.discount_days));
  late.multiply(magnitude_of(whole_share - taken));
  late.multiply(decimal_days(terms.collection_days));
  sales_days.add(late);

  yearly_figures made;
  made.contribution = proportion_of(terms.sales, {whole_share - variable}, {whole_share});
  made.receivables = rounded_quotient(sales_days, {whole_share, parts_of_day, by.days_of_year});
  long_product tied_up = sales_days;
  tied_up.multiply(magnitude_of(by.base == receivables_base::variable_cost ? variable : whole_share));
  tied_up.multiply(magnitude_of(decimal_share(by.cost_of_capital)));
  made.opportunity_cost =
      rounded_quotient(tied_up, {whole_share, parts_of_day, by.days_of_year, whole_share, whole_share});
  made.bad_debt = share_of(terms.sales, terms.bad_debt_rate);
  made.discount_cost =
      proportion_of(terms.sales, {taken, decimal_share(terms.discount_rate)}, {whole_share, whole_share});
  return made;
}

/// The present value of one day's sales, on the day of the sale, in whole units of the currency.
struct daily_values {
  double receipts = 0.0; ///< of who takes the discount and who does not; bad debts never come
  double costs = 0.0;    ///< variable and fixed cost on the day of the sale, collection on the day of payment
  [[nodiscard]] double net() const noexcept { return receipts - costs; }
};

/// Present value of 1 that comes after some days.
template <class T>
[[nodiscard]] EMPTOR_INLINE T present_value(const T& days, const terms_change_conventions& by) noexcept {
  using math::exp;
  using math::log1p;
  const T years = days / T(static_cast<double>(by.days_of_year));
  if (by.how == interest::compound)
    return exp(-(log1p(T(by.cost_of_capital)) * years));
  return T(1.0) / (T(1.0) + T(by.cost_of_capital) * years);
}

/// Cost of capital of one day.
[[nodiscard]] inline double daily_rate(const terms_change_conventions& by) noexcept {
  using math::real;
  const real year(by.cost_of_capital);
  const real days(static_cast<double>(by.days_of_year));
  if (by.how == interest::compound)
    return math::value_of(math::expm1(math::log1p(year) / days));
  return math::value_of(year / days);
}

[[nodiscard]] inline daily_values values_of(const credit_terms& terms, double variable_cost_ratio,
                                            const terms_change_conventions& by) noexcept {
  using math::real;
  const real day = real(1.0) / real(static_cast<double>(power_of_ten(by.decimals))) /
                   real(static_cast<double>(by.days_of_year));
  const real sales = real(static_cast<double>(terms.sales)) * day;
  const real taken(terms.discount_share);
  const real early = present_value(real(terms.discount_days), by);
  const real late = present_value(real(terms.collection_days), by);
  const real paid_late = real(1.0) - taken - real(terms.bad_debt_rate);
  const real receipts = sales * (taken * (real(1.0) - real(terms.discount_rate)) * early + paid_late * late);
  const real costs = sales * real(variable_cost_ratio) +
                     real(static_cast<double>(terms.collection_cost)) * day * late +
                     real(static_cast<double>(terms.fixed_cost)) * day;
  return {math::value_of(receipts), math::value_of(costs)};
}

} // namespace emptor::credit
