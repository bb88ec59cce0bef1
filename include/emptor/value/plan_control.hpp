// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <numeric>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <emptor/core/money.hpp>
#include <emptor/core/proportion.hpp>
#include <emptor/core/text.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/value/money_lines.hpp>
#include <emptor/value/ratio_of_amounts.hpp>

/// Annual-plan control (计划控制): sales, market share and expense-to-sales ratios against the plan, and where the difference
/// comes from (P. Kotler, Marketing Management, annual-plan control).
///
///     sales variance  = actual sales - planned sales      = price + volume
///     price           = actual sales - planned price x actual quantity
///     volume          = planned price x actual quantity - planned sales = quantity + mix
///     quantity        = planned average price x actual quantity of all products - planned sales
///     mix             = volume - quantity
///
/// Prices are planned sales / planned quantity, never rounded; each amount above is, once, half away from 0, and its partner
/// is the difference: the parts add up to the minor unit. What nobody planned has no planned price: all of it is volume.
///
/// The market share is the product of four (J. H. Parfitt, B. J. K. Collins, Use of Consumer Panels for Brand-Share
/// Prediction, Journal of Marketing Research 5, 1968; in Kotler's words):
///
///     share = customer penetration x customer loyalty x customer selectivity x price selectivity
///
/// and its difference from the plan is split among them by logarithmic means, which leaves no rest (B. W. Ang, The LMDI
/// approach to decomposition analysis, Energy Policy 33, 2005).
namespace emptor::value {

inline constexpr std::string_view plan_control_name = "value.plan_control";

/// What was to be sold, and was, in minor units and millionths.
struct planned_sales {
  std::string_view unit;                     ///< such as a region, a seller or a month
  std::string_view product;                  ///< empty = not said
  std::int64_t planned_quantity = no_amount; ///< >= 0; `no_amount` = not known, here and in the next
  std::int64_t actual_quantity = no_amount;
  std::int64_t planned = 0;
  std::int64_t actual = 0;

  [[nodiscard]] bool has_quantities() const noexcept {
    return planned_quantity != no_amount && actual_quantity != no_amount;
  }
};

/// Parts of a variance; `no_amount` where quantities are not known.
struct sales_variance {
  std::int64_t all = 0;
  std::int64_t price = no_amount;
  std::int64_t volume = no_amount;
  std::int64_t quantity = no_amount; ///< of several products: of volume
  std::int64_t mix = no_amount;      ///< the rest of volume
};

/// What was to be spent, and was.
struct planned_expense {
  std::string_view unit;
  std::string_view kind;            ///< such as advertising; empty = not said
  std::int64_t planned = no_amount; ///< `no_amount` = there was no plan
  std::int64_t actual = 0;
  double low = std::numeric_limits<double>::quiet_NaN(); ///< control limits of its share of sales
  double high = std::numeric_limits<double>::quiet_NaN();
};

enum class plan_scenario : std::int32_t { plan = 0, actual = 1 };
inline constexpr std::string_view plan_scenarios[] = {"plan", "actual"};

/// A market, and the company in it; `no_amount` and NaN = not known.
struct market_figures {
  std::string_view unit;
  plan_scenario scenario = plan_scenario::actual;
  std::int64_t sales = no_amount; ///< of the company
  std::int64_t market_sales = no_amount;
  std::int64_t served_market_sales = no_amount;
  std::int64_t leader_sales = no_amount;
  std::int64_t top_three_sales = no_amount;
  double customers = std::numeric_limits<double>::quiet_NaN();
  double market_customers = std::numeric_limits<double>::quiet_NaN();
  double quantity = std::numeric_limits<double>::quiet_NaN();
  double market_quantity = std::numeric_limits<double>::quiet_NaN();
  double customers_quantity =
      std::numeric_limits<double>::quiet_NaN(); ///< bought by its customers from anyone
};

/// The factors of a market share; NaN where something is not known or not above 0.
struct share_factors {
  static constexpr std::size_t count = 4;
  /// penetration, loyalty, selectivity, price selectivity
  std::array<double, count> values{};
  double product = std::numeric_limits<double>::quiet_NaN();
};

[[nodiscard]] inline share_factors factors_of(const market_figures& of) noexcept {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  const auto finite = [](math::real x) { // what no number holds, as of a customer who is nearly none
    return std::isfinite(math::value_of(x)) ? x : math::real(none);
  };
  const auto over = [&](math::real above, math::real below) {
    return below > 0.0 && above >= 0.0 ? finite(above / below) : math::real(none);
  };
  const auto money = [](std::int64_t amount) {
    return math::real(amount == no_amount ? none : static_cast<double>(amount));
  };
  const math::real quantity(of.quantity);
  const math::real factors[] = {
      over(math::real(of.customers), math::real(of.market_customers)),
      over(quantity, math::real(of.customers_quantity)),
      over(over(math::real(of.customers_quantity), math::real(of.customers)),
           over(math::real(of.market_quantity), math::real(of.market_customers))),
      over(over(money(of.sales), quantity), over(money(of.market_sales), math::real(of.market_quantity)))};
  share_factors made;
  math::real product(1.0);
  for (std::size_t i = 0; i < std::size(factors); ++i) {
    made.values[i] = math::value_of(factors[i]);
    product = product * factors[i];
  }
  made.product = math::value_of(finite(product));
  return made;
}

/// How much of the difference between two shares comes from each factor; NaN where a factor is not above 0.
[[nodiscard]] inline std::array<double, share_factors::count>
share_effects(const share_factors& planned, const share_factors& actual) noexcept {
  std::array<double, share_factors::count> effects{};
  if (!(planned.product > 0.0 && actual.product > 0.0)) {
    effects.fill(std::numeric_limits<double>::quiet_NaN());
    return effects;
  }
  const math::real after(actual.product);
  const math::real before(planned.product);
  // Exact where the two are next to each other, and where one is a small part of the other.
  const auto log_ratio = [](math::real over, math::real below) {
    const math::real step = (over - below) / below;
    return abs(step) < 0.5 ? log1p(step) : log(over / below);
  };
  // The logarithmic mean of the two shares.
  const math::real mean = after == before ? before : (after - before) / log_ratio(after, before);
  for (std::size_t i = 0; i < effects.size(); ++i)
    effects[i] =
        math::value_of(mean * log_ratio(math::real(actual.values[i]), math::real(planned.values[i]))) + 0.0;
  return effects;
}

enum class plan_verdict : std::int32_t { below = 0, within = 1, above = 2 };
inline constexpr std::string_view plan_verdicts[] = {"below", "within", "above"};

/// A line of sales, or a unit with all of its lines.
struct controlled_sales {
  planned_sales of;
  sales_variance variance;
  std::int64_t planned_expense =
      no_amount; ///< of a unit: sum of its expenses; `no_amount` where one has no plan
  std::int64_t actual_expense = no_amount; ///< `no_amount` where none is told
};
struct controlled_expense {
  planned_expense of;
  double planned_ratio = std::numeric_limits<double>::quiet_NaN(); ///< to planned sales of the unit
  double actual_ratio = std::numeric_limits<double>::quiet_NaN();  ///< to its actual sales
  std::int64_t allowed = no_amount;                                ///< planned ratio x actual sales
  std::int64_t over_allowed = no_amount;                           ///< actual - allowed
  double low = std::numeric_limits<double>::quiet_NaN();
  double high = std::numeric_limits<double>::quiet_NaN();
  std::optional<plan_verdict> verdict{};
};
struct controlled_market {
  market_figures of;
  double share = std::numeric_limits<double>::quiet_NaN();
  double served_share = std::numeric_limits<double>::quiet_NaN();
  double relative_to_leader = std::numeric_limits<double>::quiet_NaN();
  double relative_to_top_three = std::numeric_limits<double>::quiet_NaN();
  share_factors factors;
  double difference = std::numeric_limits<double>::quiet_NaN(); ///< of the actual share from the planned one
  std::array<double, share_factors::count> effects{};
};
struct plan_report {
  std::vector<controlled_sales> lines; ///< by unit and product
  std::vector<controlled_sales> units; ///< by unit; those with expenses alone too
  controlled_sales total;
  std::vector<controlled_expense> expenses; ///< by unit and kind
  std::vector<controlled_market> markets;   ///< by unit, the plan first
};

/// Lines in any order; texts are borrowed.
struct plan_lines {
  std::vector<planned_sales> sales;      ///< those of one unit and product add up
  std::vector<planned_expense> expenses; ///< those of one unit and kind add up
  std::vector<market_figures> markets;   ///< one a unit and scenario
  double tolerance = 0.2; ///< of an expense without limits: how far its ratio may be from the planned one
};

namespace detail {

class plan_controller {
public:
  explicit plan_controller(plan_lines lines)
      : lines_(std::move(lines))
      , fit_(plan_control_name) {}

  [[nodiscard]] plan_report report() {
    sum_sales();
    sum_units();
    control_expenses();
    control_markets();
    return std::move(made_);
  }

private:
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();

  /// Adds what may not be known.
  void add(std::int64_t& to, std::int64_t more, std::string_view what, std::string_view whose) const {
    to = to == no_amount || more == no_amount ? no_amount : fit_(wide_integer{to} + more, what, whose);
  }
  /// amount x of / per, rounded once.
  [[nodiscard]] std::int64_t scaled(std::int64_t amount, std::int64_t of, std::int64_t per,
                                    std::string_view whose) const {
    const std::int64_t made = proportion_of(amount, {of}, {per});
    return fit_(made == no_amount ? wide_integer{1} << 64 : wide_integer{made}, "plan at the actual sales",
                whose);
  }
  [[nodiscard]] static std::string_view shown(std::string_view unit) noexcept {
    return unit.empty() ? "all units" : unit;
  }

  void sum_sales() {
    sort_lines(lines_.sales, [](const planned_sales& one) { return std::pair(one.unit, one.product); });
    for (const planned_sales& line : lines_.sales) {
      if (made_.lines.empty() || made_.lines.back().of.unit != line.unit ||
          made_.lines.back().of.product != line.product)
        made_.lines.push_back({line, {}, no_amount, no_amount});
      else
        add_sales(made_.lines.back().of, line);
    }
    for (controlled_sales& line : made_.lines) {
      sales_variance& made = line.variance;
      made.all = difference(line.of);
      if (!line.of.has_quantities())
        continue;
      const std::int64_t at_plan =
          line.of.planned_quantity > 0
              ? scaled(line.of.planned, line.of.actual_quantity, line.of.planned_quantity, line.of.unit)
              : line.of.actual; // nobody planned it
      made.price = fit_(wide_integer{line.of.actual} - at_plan, "price variance", line.of.unit);
      made.volume = fit_(wide_integer{at_plan} - line.of.planned, "volume variance", line.of.unit);
    }
  }
  void add_sales(planned_sales& to, const planned_sales& more) const {
    const std::string_view whose = shown(to.unit);
    add(to.planned_quantity, more.planned_quantity, "planned quantity", whose);
    add(to.actual_quantity, more.actual_quantity, "actual quantity", whose);
    add(to.planned, more.planned, "planned sales", whose);
    add(to.actual, more.actual, "actual sales", whose);
  }
  [[nodiscard]] std::int64_t difference(const planned_sales& of) const {
    return fit_(wide_integer{of.actual} - of.planned, "sales variance", shown(of.unit));
  }
  void sum_units() {
    std::vector<std::string_view> names;
    for (const controlled_sales& line : made_.lines)
      names.push_back(line.of.unit);
    sort_lines(lines_.expenses, [](const planned_expense& one) { return std::pair(one.unit, one.kind); });
    for (const planned_expense& line : lines_.expenses)
      names.push_back(line.unit);
    std::sort(names.begin(), names.end());
    names.erase(std::unique(names.begin(), names.end()), names.end());
    for (const std::string_view name : names) {
      const auto mine = [&](const auto& lines, const auto& unit_of) {
        return std::equal_range(lines.begin(), lines.end(), name, by_unit<decltype(unit_of)>{unit_of});
      };
      const auto [first, last] = mine(made_.lines, [](const controlled_sales& one) { return one.of.unit; });
      controlled_sales unit = summed({first, last}, name);
      const auto [begin, end] = mine(lines_.expenses, [](const planned_expense& one) { return one.unit; });
      for (auto one = begin; one != end; ++one) {
        if (one == begin)
          unit.planned_expense = unit.actual_expense = 0;
        add(unit.planned_expense, one->planned, "planned expense", name);
        add(unit.actual_expense, one->actual, "expense", name);
      }
      made_.units.push_back(unit);
    }
    made_.total = summed(made_.lines, {});
    for (const controlled_sales& unit : made_.units) {
      if (unit.actual_expense == no_amount)
        continue;
      if (made_.total.actual_expense == no_amount)
        made_.total.planned_expense = made_.total.actual_expense = 0;
      add(made_.total.planned_expense, unit.planned_expense, "planned expense", shown({}));
      add(made_.total.actual_expense, unit.actual_expense, "expense", shown({}));
    }
  }
  template <class Unit>
  struct by_unit {
    const Unit& of;
    template <class Line>
    bool operator()(const Line& line, std::string_view name) const {
      return of(line) < name;
    }
    template <class Line>
    bool operator()(std::string_view name, const Line& line) const {
      return name < of(line);
    }
  };
  /// Some lines together.
  [[nodiscard]] controlled_sales summed(std::span<const controlled_sales> lines,
                                        std::string_view name) const {
    controlled_sales all;
    all.of.unit = name;
    if (lines.empty())
      return all;
    all.of.planned_quantity = all.of.actual_quantity = 0;
    all.variance.price = all.variance.volume = 0;
    for (const controlled_sales& line : lines) {
      add_sales(all.of, line.of);
      add(all.variance.price, line.variance.price, "price variance", shown(name));
      add(all.variance.volume, line.variance.volume, "volume variance", shown(name));
    }
    all.variance.all = difference(all.of);
    if (all.of.has_quantities() && all.of.planned_quantity > 0) {
      const std::int64_t at_mean =
          scaled(all.of.planned, all.of.actual_quantity, all.of.planned_quantity, shown(name));
      all.variance.quantity = fit_(wide_integer{at_mean} - all.of.planned, "quantity variance", shown(name));
      all.variance.mix =
          fit_(wide_integer{all.variance.volume} - all.variance.quantity, "mix variance", shown(name));
    }
    return all;
  }
  [[nodiscard]] const controlled_sales* find_unit(std::string_view name) const {
    const auto at = std::lower_bound(
        made_.units.begin(), made_.units.end(), name,
        [](const controlled_sales& one, std::string_view wanted) { return one.of.unit < wanted; });
    return at != made_.units.end() && at->of.unit == name ? &*at : nullptr;
  }

  void control_expenses() {
    const auto same = [](double x, double y) { return x == y || (std::isnan(x) && std::isnan(y)); };
    for (const planned_expense& line : lines_.expenses) {
      if (made_.expenses.empty() || made_.expenses.back().of.unit != line.unit ||
          made_.expenses.back().of.kind != line.kind) {
        made_.expenses.emplace_back().of = line;
        continue;
      }
      planned_expense& to = made_.expenses.back().of;
      if (!same(to.low, line.low) || !same(to.high, line.high))
        throw error(status::data, std::string(plan_control_name) + ": expense " + shortened(line.kind) +
                                      " of " + shortened(line.unit) +
                                      " is there with different control limits");
      add(to.planned, line.planned, "planned expense", line.unit);
      add(to.actual, line.actual, "expense", line.unit);
    }
    for (controlled_expense& one : made_.expenses)
      control(one);
  }
  void control(controlled_expense& one) const {
    const planned_sales& sales = find_unit(one.of.unit)->of;
    one.actual_ratio = whole_ratio(one.of.actual, sales.actual);
    one.low = one.of.low;
    one.high = one.of.high;
    if (one.of.planned != no_amount && sales.planned > 0) {
      one.planned_ratio = whole_ratio(one.of.planned, sales.planned);
      one.allowed = scaled(one.of.planned, sales.actual, sales.planned, one.of.unit);
      one.over_allowed = fit_(wide_integer{one.of.actual} - one.allowed, "expense", one.of.unit);
      if (std::isnan(one.low) && std::isnan(one.high)) {
        // Of whole numbers, so that a ratio on a limit, such as 0.12, is the same number and within.
        const std::int64_t share = decimal_share(lines_.tolerance);
        const std::int64_t common = std::gcd(share, whole_share);
        const wide_integer whole = whole_share / common;
        const wide_integer part = share / common;
        one.low = whole_ratio(one.of.planned * (whole - part), sales.planned * whole);
        one.high = whole_ratio(one.of.planned * (whole + part), sales.planned * whole);
        if (one.of.planned < 0) // a rebate that is planned
          std::swap(one.low, one.high);
      }
    }
    if (std::isnan(one.actual_ratio) || (std::isnan(one.low) && std::isnan(one.high)))
      return;
    one.verdict = one.actual_ratio < one.low    ? plan_verdict::below
                  : one.actual_ratio > one.high ? plan_verdict::above
                                                : plan_verdict::within;
  }

  void control_markets() {
    sort_lines(lines_.markets, [](const market_figures& one) { return std::pair(one.unit, one.scenario); });
    for (const market_figures& given : lines_.markets) {
      const controlled_market* const before = made_.markets.empty() ? nullptr : &made_.markets.back();
      if (before != nullptr && before->of.unit == given.unit && before->of.scenario == given.scenario)
        throw error(status::data, std::string(plan_control_name) + ": the market of " +
                                      shortened(given.unit) + " is there twice for one scenario");
      controlled_market made;
      made.of = given;
      if (const controlled_sales* unit = find_unit(given.unit);
          unit != nullptr && given.sales == no_amount && has_sales(given.unit))
        made.of.sales = given.scenario == plan_scenario::plan ? unit->of.planned : unit->of.actual;
      if (made.of.sales != no_amount && given.market_sales != no_amount && made.of.sales > given.market_sales)
        throw error(status::data, std::string(plan_control_name) + ": the sales of " +
                                      shortened(shown(given.unit)) +
                                      " are more than its market_sales, of which they are a part");
      const auto share = [&](std::int64_t of) {
        return made.of.sales == no_amount || of == no_amount ? none : whole_ratio(made.of.sales, of);
      };
      made.share = share(given.market_sales);
      made.served_share = share(given.served_market_sales);
      made.relative_to_leader = share(given.leader_sales);
      made.relative_to_top_three = share(given.top_three_sales);
      made.factors = factors_of(made.of);
      made.effects.fill(none);
      if (before != nullptr && before->of.unit == given.unit) { // the plan
        made.difference = math::value_of(math::real(made.share) - before->share);
        made.effects = share_effects(before->factors, made.factors);
      }
      made_.markets.push_back(made);
    }
  }
  [[nodiscard]] bool has_sales(std::string_view unit) const {
    const auto at = std::lower_bound(
        made_.lines.begin(), made_.lines.end(), unit,
        [](const controlled_sales& one, std::string_view wanted) { return one.of.unit < wanted; });
    return at != made_.lines.end() && at->of.unit == unit;
  }

  plan_lines lines_;
  fitting_amounts fit_;
  plan_report made_;
};

} // namespace detail

/// Holds sales, expenses and markets against their plan. It depends on no order of the lines.
/// \throws error status::data where a market is there twice or smaller than the sales in it, or an expense with two
///         pairs of limits; status::overflow
[[nodiscard]] inline plan_report control_plan(plan_lines lines) {
  return detail::plan_controller(std::move(lines)).report();
}

} // namespace emptor::value
