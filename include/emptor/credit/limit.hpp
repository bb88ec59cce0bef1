// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string_view>

#include <emptor/core/money.hpp>
#include <emptor/core/proportion.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>

/// How much credit a customer can carry (信用额度), by several methods side by side.
///
///     equity           share of his net worth (净资产比例法)
///     purchases        share of what he buys in a year (年采购额比例法)
///     working_capital  share of his working capital (营运资金法)
///     days_of_sales    what he buys a day x days of the terms x a factor (销售量法)
///     grade            what his grade allows (信用等级法)
///     expected_profit  the largest limit whose last unit still earns what it may lose (期望利润法)
///
/// The last one takes a probability of default that rises with the exposure: judged to be p for one credit period at the
/// reference exposure R, it is p (L / R)^e at a limit L. A unit sold earns the margin m and loses the share `lgd` where it is
/// not paid, so that a limit is worth L (m - lgd p (L / R)^e) a period. Its last unit earns m and may lose
/// (1 + e) lgd p (L / R)^e; they are equal at
///
///     L = R (m / ((1 + e) lgd p))^(1 / e),    p = 1 - (1 - yearly probability of default)^(days / 365)
///
/// Where the margin is no less than the loss, even who never pays brings a profit, and where p or the loss is 0 nothing can
/// be lost: then this method sets no bound.
namespace emptor::credit {

enum class limit_method : std::size_t {
  equity = 0,
  purchases = 1,
  working_capital = 2,
  days_of_sales = 3,
  grade = 4,
  expected_profit = 5,
};
inline constexpr std::size_t limit_method_count = 6;
inline constexpr std::string_view limit_methods[] = {"equity",        "purchases", "working_capital",
                                                     "days_of_sales", "grade",     "expected_profit"};

/// What became of a method in a row.
enum class method_state : std::int32_t {
  counts = 0,
  not_asked = 1, ///< the options leave it out
  no_input = 2,  ///< a value that it needs is missing
  unbounded = 3, ///< it sets no bound
};
inline constexpr std::string_view method_states[] = {"counts", "not_asked", "no_input", "unbounded"};

struct method_limit {
  method_state state = method_state::not_asked;
  std::int64_t limit = no_amount; ///< where it counts; `no_amount` then says that it does not fit 64 bits
  wide_integer exact =
      limit == no_amount ? wide_integer{0} : wide_integer{limit} * whole_share; ///< before it is rounded
};

/// What expected_profit needs.
struct risk_and_margin {
  double probability_of_default = 0.0; ///< of a year, at the reference exposure
  double loss_given_default = 0.0;     ///< share of what is owed that is lost
  double margin = 0.0;                 ///< share of the price that is left as profit
  double terms_days = 0.0;
  std::int64_t reference_exposure = 0;
};

/// The probability of default within some days, of that within a year.
template <class T>
[[nodiscard]] EMPTOR_INLINE T default_within(const T& yearly, const T& days) noexcept {
  using math::expm1;
  using math::log1p;
  return -expm1(log1p(-yearly) * (days / T(365.0)));
}

/// The limit of expected_profit, down to a whole minor unit. \param elasticity e of the formula, > 0
[[nodiscard]] inline method_limit expected_profit_limit(const risk_and_margin& of,
                                                        double elasticity) noexcept {
  using math::real;
  const real certain(of.probability_of_default == 1.0 && of.terms_days > 0.0 ? 1.0 : 0.0);
  const real p = of.probability_of_default < 1.0
                     ? default_within(real(of.probability_of_default), real(of.terms_days))
                     : certain;
  const real loss = real(of.loss_given_default) * p;
  if (!(loss > real(0.0)) || of.margin >= of.loss_given_default)
    return {method_state::unbounded, no_amount};
  if (of.margin <= 0.0)
    return {method_state::counts, 0};
  const real e(elasticity);
  const real times = exp(log(real(of.margin) / ((real(1.0) + e) * loss)) / e);
  const double limit = math::value_of(floor(real(static_cast<double>(of.reference_exposure)) * times));
  if (!(limit < 0x1p63))
    return {method_state::unbounded, no_amount};
  return {method_state::counts, static_cast<std::int64_t>(limit)};
}

/// How the methods that count make one limit.
enum class limit_combination : std::int32_t { minimum = 0, maximum = 1, weighted = 2 };
inline constexpr std::string_view limit_combinations[] = {"minimum", "maximum", "weighted"};

/// Which way to a whole number of steps.
enum class step_rounding : std::int32_t { down = 0, nearest = 1, up = 2 };
inline constexpr std::string_view step_roundings[] = {"down", "nearest", "up"};

/// The limit that the methods make, before anything is added.
struct combined_limit {
  std::int64_t limit = no_amount; ///< rounded to the minor unit
  wide_integer exact = 0;         ///< in minor units / `whole_share`, with nothing behind that
  bool more = false;              ///< whether something less than one of these parts was behind
  std::size_t binding = 0;        ///< of `limit_methods`; their number for a weighted mean
  int counted = 0;
};

/// \param weights of the methods, in 10^-12, each above 0 and at most 10^18
[[nodiscard]] inline combined_limit
combine(const std::array<method_limit, limit_method_count>& methods, limit_combination how,
        const std::array<std::int64_t, limit_method_count>& weights) noexcept {
  combined_limit made;
  wide_integer whole = 0; // the weighted sum of whole minor units, and of the parts of one behind
  wide_integer parts = 0;
  wide_integer total = 0;
  for (std::size_t i = 0; i < methods.size(); ++i) {
    if (methods[i].state != method_state::counts)
      continue;
    const wide_integer exact = methods[i].exact;
    const bool binds =
        made.counted == 0 || (how == limit_combination::maximum ? exact > made.exact : exact < made.exact);
    if (binds) {
      made.limit = methods[i].limit;
      made.exact = exact;
      made.binding = i;
    }
    ++made.counted;
    whole += exact / whole_share * weights[i];
    parts += exact % whole_share * weights[i];
    total += weights[i];
  }
  if (how == limit_combination::weighted && made.counted > 0) {
    // The rest of the whole ones, below 10^19, becomes parts, which 128 bits hold.
    const wide_integer rest = whole % total * whole_share + parts;
    made.exact = whole / total * whole_share + rest / total;
    made.more = rest % total != 0;
    made.limit = static_cast<std::int64_t>((made.exact + whole_share / 2) / whole_share);
    made.binding = limit_method_count;
  }
  return made;
}

/// A whole number of steps. \param amount >= 0 \param step > 0
[[nodiscard]] constexpr wide_integer to_step(wide_integer amount, wide_integer step,
                                             step_rounding how) noexcept {
  const wide_integer below = amount / step * step;
  const wide_integer rest = amount - below;
  const bool up = how == step_rounding::up ? rest > 0 : how == step_rounding::nearest && 2 * rest >= step;
  return up ? below + step : below;
}

} // namespace emptor::credit
