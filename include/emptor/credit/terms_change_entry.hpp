// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>

#include <emptor/core/entry.hpp>
#include <emptor/core/options.hpp>
#include <emptor/core/row_cells.hpp>
#include <emptor/credit/terms_change.hpp>
#include <emptor/credit/terms_change_description.hpp>

/// How the catalogue scores a change of credit terms (terms_change.hpp, described in terms_change_description.hpp).
namespace emptor::credit {

class terms_change_scorer final : public scorer {
public:
  explicit terms_change_scorer(const terms_change_conventions& conventions) noexcept
      : by_(conventions) {}

  void score(const score_block& block) const noexcept override {
    for_each_fine_row<in, out>(block, [&](const row_cells<in, out>& at) { score_row({at}); });
  }

private:
  using in = terms_change_input;
  using out = terms_change_output;

  /// What is missing counts as 0, and what cannot be shown is null with its reason.
  struct cells {
    row_cells<in, out> of;

    [[nodiscard]] row_status& status() const noexcept { return of.status(); }
    [[nodiscard]] double number(in which) const noexcept {
      const double value = of.number(which);
      return std::isnan(value) ? 0.0 : value;
    }
    [[nodiscard]] std::int64_t amount(in which) const noexcept {
      const std::int64_t value = of.amount(which);
      return value == no_amount ? 0 : value;
    }
    void put(out which, double value) const noexcept {
      of.put(which, std::isfinite(value) ? value : std::numeric_limits<double>::quiet_NaN());
      if (!std::isfinite(value))
        status() = row_status::too_large;
    }
    void put_amount(out which, wide_integer value) const noexcept {
      constexpr auto limit = static_cast<wide_integer>(std::numeric_limits<std::int64_t>::max());
      const bool fits = value <= limit && value >= -limit;
      of.put_amount(which, fits ? static_cast<std::int64_t>(value) : no_amount);
      if (!fits)
        status() = row_status::too_large;
    }
  };

  static credit_terms read(const cells& of, std::size_t proposed) noexcept {
    const auto number = [&](in current) {
      return of.number(static_cast<in>(static_cast<std::size_t>(current) + proposed));
    };
    const auto amount = [&](in current) {
      return of.amount(static_cast<in>(static_cast<std::size_t>(current) + proposed));
    };
    return {.sales = amount(in::current_sales),
            .collection_days = number(in::current_collection_days),
            .discount_rate = number(in::current_discount_rate),
            .discount_days = number(in::current_discount_days),
            .discount_share = number(in::current_discount_share),
            .bad_debt_rate = number(in::current_bad_debt_rate),
            .collection_cost = amount(in::current_collection_cost),
            .fixed_cost = amount(in::current_fixed_cost)};
  }

  void score_row(const cells& at) const noexcept {
    const double variable = at.number(in::variable_cost_ratio);
    const credit_terms current = read(at, 0);
    const credit_terms proposed = read(at, 1);
    const yearly_figures before = figures_of(current, variable, by_);
    const yearly_figures after = figures_of(proposed, variable, by_);
    const std::int64_t inventory = at.amount(in::inventory_change);
    const std::int64_t payables = at.amount(in::payables_change);

    const wide_integer contribution = change(before.contribution, after.contribution);
    const wide_integer opportunity =
        put_both(at, out::current_opportunity_cost, before.opportunity_cost, after.opportunity_cost);
    const wide_integer bad_debt = put_both(at, out::current_bad_debt, before.bad_debt, after.bad_debt);
    const wide_integer discount =
        put_both(at, out::current_discount_cost, before.discount_cost, after.discount_cost);
    const wide_integer collection = change(current.collection_cost, proposed.collection_cost);
    const wide_integer fixed = change(current.fixed_cost, proposed.fixed_cost);
    const wide_integer stock = widened(share_of(inventory, by_.cost_of_capital));
    const wide_integer lent = widened(share_of(payables, by_.cost_of_capital));
    const wide_integer profit =
        contribution - opportunity - bad_debt - discount - collection - fixed - stock + lent;
    at.put_amount(out::contribution_change, contribution);
    at.put_amount(out::collection_cost_change, collection);
    at.put_amount(out::fixed_cost_change, fixed);
    at.put_amount(out::inventory_cost_change, stock);
    at.put_amount(out::payables_saving_change, lent);
    at.put_amount(out::current_receivables, widened(before.receivables));
    at.put_amount(out::proposed_receivables, widened(after.receivables));
    const bool complete = at.status() == row_status::ok;
    at.put_amount(out::profit_change, complete ? profit : widened(no_amount));
    at.put(out::accept, !complete ? std::numeric_limits<double>::quiet_NaN() : profit > 0 ? 1.0 : 0.0);
    at.put(out::current_collection_period, collection_period(current));
    at.put(out::proposed_collection_period, collection_period(proposed));

    using math::real;
    const daily_values now = values_of(current, variable, by_);
    const daily_values then = values_of(proposed, variable, by_);
    const double change_of_value = then.net() - now.net();
    const wide_integer invested = static_cast<wide_integer>(inventory) - payables;
    const real value =
        real(change_of_value) / real(daily_rate(by_)) -
        real(static_cast<double>(invested)) / real(static_cast<double>(power_of_ten(by_.decimals)));
    at.put(out::current_npv, now.net());
    at.put(out::proposed_npv, then.net());
    at.put(out::npv_change, change_of_value);
    at.put(out::value_change, math::value_of(value));
    at.put(out::accept_by_value, value > real(0.0) ? 1.0 : 0.0);
    at.put(out::current_value_of_receipts, now.receipts);
    at.put(out::proposed_value_of_receipts, then.receipts);
    at.put(out::current_value_of_costs, now.costs);
    at.put(out::proposed_value_of_costs, then.costs);
  }

  /// What does not fit stays so large that no sum with it fits.
  static wide_integer widened(std::int64_t amount) noexcept {
    return amount == no_amount ? static_cast<wide_integer>(1) << 100 : static_cast<wide_integer>(amount);
  }
  static wide_integer change(std::int64_t from, std::int64_t to) noexcept {
    if (from == no_amount || to == no_amount)
      return widened(no_amount);
    return static_cast<wide_integer>(to) - from;
  }
  /// The figure under the present terms, under the proposed ones, and the increase stand side by side.
  static wide_integer put_both(const cells& at, out first, std::int64_t from, std::int64_t to) noexcept {
    const auto place = static_cast<std::size_t>(first);
    const wide_integer increase = change(from, to);
    at.put_amount(first, widened(from));
    at.put_amount(static_cast<out>(place + 1), widened(to));
    at.put_amount(static_cast<out>(place + 2), increase);
    return increase;
  }

  terms_change_conventions by_;
};

inline constexpr entry terms_change_entry{
    .description = &terms_change_description,
    .bind = [](const score_request& request) -> std::unique_ptr<scorer> {
      const option_values& options = request.options;
      return std::make_unique<terms_change_scorer>(terms_change_conventions{
          .cost_of_capital = options.number("cost_of_capital"),
          .days_of_year = days_of_year(options),
          .base = options.choice<receivables_base>("receivables_at", receivables_bases),
          .how = options.choice<interest>("compounding", interest_names),
          .decimals = options.currency("currency").decimals()});
    },
};

} // namespace emptor::credit
