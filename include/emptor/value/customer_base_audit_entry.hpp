// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/math/real.hpp>
#include <emptor/value/cohorts.hpp>
#include <emptor/value/customer_base_audit.hpp>
#include <emptor/value/customer_base_audit_description.hpp>
#include <emptor/value/customer_kinds_entry.hpp>
#include <emptor/value/money_lines.hpp>
#include <emptor/value/order_sums.hpp>
#include <emptor/value/ratio_of_amounts.hpp>
#include <emptor/value/until_option.hpp>

/// `value.customer_base_audit` from the catalogue's side.
namespace emptor::value {

namespace detail {

/// The tables of an audit.
class audit_writer {
public:
  audit_writer(const customer_kinds_report& report, const customer_kinds_options& options,
               const cohort_report& cohorts)
      : report_(report)
      , options_(options)
      , cohorts_(cohorts)
      , code_(report.currency.code())
      , scale_(static_cast<double>(power_of_ten(report.decimals))) {
    for (const kind_of_customer& one : report.kinds) {
      for (std::size_t which = 0; which < 2; ++which) {
        add(totals_[which], one.windows[which]);
        add(relations_[which][static_cast<std::size_t>(one.relation)], one.windows[which]);
      }
      ++customers_[static_cast<std::size_t>(one.relation)];
    }
    if (cohorts.cells.empty())
      return;
    periods_.resize(static_cast<std::size_t>(cohorts.last_period - cohorts.cells.front().cohort) + 1);
    for (const cohort_cell& cell : cohorts.cells) {
      period_sum& of = periods_[place_of(cell.period)];
      of.all.add(cell);
      if (cell.period == cell.cohort)
        of.fresh.add(cell);
    }
  }

  [[nodiscard]] table one_period() const {
    std::vector<std::int32_t> first;
    std::vector<std::int32_t> last;
    std::vector<std::int64_t> counts[3];
    std::vector<std::int64_t> amounts;
    std::vector<double> numbers[8];
    for (std::size_t which = 0; which < 2; ++which) {
      const day_range& span = which == 0 ? options_.now : options_.before;
      std::vector<ranked_amount> buyers;
      std::int64_t once = 0;
      for (std::size_t i = 0; i < report_.kinds.size(); ++i) {
        const customer_window& window = report_.kinds[i].windows[which];
        if (window.orders > 0)
          buyers.push_back({window.amount, static_cast<std::uint32_t>(i)});
        once += window.orders == 1 ? 1 : 0;
      }
      const ranked_amounts ranked(std::move(buyers), customer_base_audit_name);
      const wide_sum& sum = totals_[which];
      first.push_back(span.first);
      last.push_back(span.last);
      counts[0].push_back(sum.customers);
      counts[1].push_back(sum.orders);
      counts[2].push_back(once);
      amounts.push_back(fitting(sum.amount));
      const double figures[] = {
          whole_ratio(once, sum.customers),
          whole_ratio(sum.orders, sum.customers),
          mean_amount(sum.amount, sum.orders, report_.decimals),
          mean_amount(sum.amount, sum.customers, report_.decimals),
          median_of(ranked, scale_),
          ranked.share(ranked.top(floor_of_share(ranked.shared(), class_cuts::whole / 10))),
          ranked.share(ranked.top(floor_of_share(ranked.shared(), class_cuts::whole / 5))),
          indices_of(ranked).gini,
      };
      for (std::size_t i = 0; i < std::size(figures); ++i)
        numbers[i].push_back(figures[i]);
    }
    table made("one_period");
    made.add(column::codes("period", {0, 1}, customer_window_names));
    made.add(column::days("from", std::move(first)));
    made.add(column::days("until", std::move(last)));
    made.add(column::integers("active", std::move(counts[0]), "customers"));
    made.add(column::integers("orders", std::move(counts[1]), "orders"));
    made.add(money("amount", std::move(amounts)));
    made.add(column::integers("one_time_buyers", std::move(counts[2])));
    constexpr std::string_view names[] = {
        "one_time_share", "orders_per_customer", "amount_per_order", "amount_per_customer",
        "median_amount",  "top_10_share",        "top_20_share",     "gini"};
    const std::string units[] = {"share", "orders", code_, code_, code_, "share", "share", "share"};
    for (std::size_t i = 0; i < std::size(names); ++i)
      made.add(number(names[i], std::move(numbers[i]), units[i]));
    return made;
  }

  [[nodiscard]] table by_orders(std::int64_t most) const {
    std::vector<wide_sum> sums(static_cast<std::size_t>(most));
    for (const kind_of_customer& one : report_.kinds) {
      const customer_window& window = one.windows[0];
      if (window.orders > 0)
        add(sums[static_cast<std::size_t>(std::min(window.orders, most) - 1)], window);
    }
    std::vector<std::int64_t> orders;
    std::vector<std::int64_t> customers;
    std::vector<double> customer_shares;
    std::vector<std::int64_t> amounts;
    std::vector<double> shares;
    for (std::int64_t i = 0; i < most; ++i) {
      const wide_sum& sum = sums[static_cast<std::size_t>(i)];
      orders.push_back(i + 1);
      customers.push_back(sum.customers);
      customer_shares.push_back(whole_ratio(sum.customers, totals_[0].customers));
      amounts.push_back(fitting(sum.amount));
      shares.push_back(whole_ratio(sum.amount, totals_[0].amount));
    }
    table made("by_orders");
    made.add(column::integers("orders", std::move(orders), "orders"));
    made.add(column::integers("customers", std::move(customers)));
    made.add(number("customer_share", std::move(customer_shares), "share"));
    made.add(money("amount", std::move(amounts)));
    made.add(number("share", std::move(shares), "share"));
    return made;
  }

  [[nodiscard]] table two_periods() const {
    std::vector<std::int32_t> relation;
    std::vector<std::int64_t> customers;
    std::vector<std::int64_t> orders[2];
    std::vector<std::int64_t> amounts[5];
    for (std::size_t k = 0; k <= static_cast<std::size_t>(customer_relation::lost); ++k) {
      relation.push_back(static_cast<std::int32_t>(k));
      customers.push_back(customers_[k]);
      for (std::size_t which = 0; which < 2; ++which) {
        orders[which].push_back(relations_[which][k].orders);
        amounts[which].push_back(fitting(relations_[which][k].amount));
      }
      amounts[2].push_back(fitting(wide_integer{amounts[0].back()} - amounts[1].back()));
      const bool old = k == static_cast<std::size_t>(customer_relation::old);
      const sales_change why = explain_change(factors(relations_[0][k]), factors(relations_[1][k]));
      amounts[3].push_back(old ? why.customers + why.frequency : 0); // nobody is more or less among them
      amounts[4].push_back(old ? why.order_value : 0);
    }
    table made("two_periods");
    made.add(column::codes("relation", std::move(relation), customer_relation_names));
    made.add(column::integers("customers", std::move(customers)));
    made.add(column::integers("orders_before", std::move(orders[1]), "orders"));
    made.add(column::integers("orders", std::move(orders[0]), "orders"));
    made.add(money("amount_before", std::move(amounts[1])));
    made.add(money("amount", std::move(amounts[0])));
    made.add(money("change", std::move(amounts[2])));
    made.add(money("by_frequency", std::move(amounts[3])));
    made.add(money("by_order_value", std::move(amounts[4])));
    return made;
  }

  [[nodiscard]] table change() const {
    const sales_factors now = factors(totals_[0]);
    const sales_factors before = factors(totals_[1]);
    const std::int64_t difference = fitting(wide_integer{now.amount} - before.amount);
    const sales_change why = explain_change(now, before);
    table made("change");
    made.add(money("change", {difference}));
    made.add(money("by_customers", {why.customers}));
    made.add(money("by_frequency", {why.frequency}));
    made.add(money("by_order_value", {why.order_value}));
    return made;
  }

  [[nodiscard]] table cohorts() const {
    std::vector<std::int32_t> cohort;
    std::vector<std::int32_t> period;
    std::vector<std::int64_t> counts[4]; // age, customers, active, orders
    std::vector<std::uint8_t> complete;
    std::vector<double> numbers[3]; // retention rate, share, value per customer
    std::vector<std::int64_t> amounts[2];
    std::int64_t customers = 0;
    wide_integer sum = 0;
    for (const cohort_cell& cell : cohorts_.cells) {
      if (cell.period == cell.cohort) { // the first of a cohort, all of whom order in it
        customers = cell.active;
        sum = 0;
      }
      sum += cell.amount;
      cohort.push_back(cohorts_.periods.first_day_of(cell.cohort));
      period.push_back(cohorts_.periods.first_day_of(cell.period));
      counts[0].push_back(std::int64_t{cell.period} - cell.cohort);
      complete.push_back(cohorts_.complete(cell.period) ? 1 : 0);
      counts[1].push_back(customers);
      counts[2].push_back(cell.active);
      numbers[0].push_back(whole_ratio(cell.active, customers));
      counts[3].push_back(cell.orders);
      amounts[0].push_back(fitting(cell.amount));
      numbers[1].push_back(whole_ratio(cell.amount, periods_[place_of(cell.period)].all.amount));
      amounts[1].push_back(fitting(sum));
      numbers[2].push_back(mean_amount(sum, customers, report_.decimals));
    }
    table made("cohorts");
    made.add(column::days("cohort", std::move(cohort)));
    made.add(column::days("period", std::move(period)));
    made.add(column::integers("age", std::move(counts[0]), "periods"));
    made.add(column::booleans("complete", std::move(complete)));
    made.add(column::integers("customers", std::move(counts[1])));
    made.add(column::integers("active", std::move(counts[2])));
    made.add(number("retention_rate", std::move(numbers[0]), "share"));
    made.add(column::integers("orders", std::move(counts[3]), "orders"));
    made.add(money("amount", std::move(amounts[0])));
    made.add(number("share", std::move(numbers[1]), "share"));
    made.add(money("cumulative_amount", std::move(amounts[1])));
    made.add(number("value_per_customer", std::move(numbers[2]), code_));
    return made;
  }

  [[nodiscard]] table periods() const {
    std::vector<std::int32_t> period;
    std::vector<std::uint8_t> complete;
    std::vector<std::int64_t> counts[4]; // active, new, base, orders
    std::vector<std::int64_t> amounts[3];
    std::vector<double> numbers[2];
    std::int64_t base = 0;
    for (std::size_t place = 0; place < periods_.size(); ++place) {
      const std::int32_t number = cohorts_.cells.front().cohort + static_cast<std::int32_t>(place);
      const period_sum& of = periods_[place];
      const wide_integer returning = of.all.amount - of.fresh.amount;
      base += of.fresh.active;
      period.push_back(cohorts_.periods.first_day_of(number));
      complete.push_back(cohorts_.complete(number) ? 1 : 0);
      counts[0].push_back(of.all.active);
      counts[1].push_back(of.fresh.active);
      counts[2].push_back(base);
      numbers[0].push_back(whole_ratio(of.all.active, base));
      counts[3].push_back(of.all.orders);
      amounts[0].push_back(fitting(of.all.amount));
      amounts[1].push_back(fitting(of.fresh.amount));
      amounts[2].push_back(fitting(returning));
      numbers[1].push_back(whole_ratio(returning, of.all.amount));
    }
    table made("periods");
    made.add(column::days("period", std::move(period)));
    made.add(column::booleans("complete", std::move(complete)));
    made.add(column::integers("active", std::move(counts[0]), "customers"));
    made.add(column::integers("new_customers", std::move(counts[1])));
    made.add(column::integers("base", std::move(counts[2])));
    made.add(number("active_share", std::move(numbers[0]), "share"));
    made.add(column::integers("orders", std::move(counts[3]), "orders"));
    made.add(money("amount", std::move(amounts[0])));
    made.add(money("new_amount", std::move(amounts[1])));
    made.add(money("returning_amount", std::move(amounts[2])));
    made.add(number("returning_share", std::move(numbers[1]), "share"));
    return made;
  }

private:
  struct wide_sum {
    std::int64_t customers = 0;
    std::int64_t orders = 0;
    wide_integer amount = 0;
  };
  /// What all cohorts did in a period, and the one that it is the first of.
  struct period_sum {
    cohort_cell all;
    cohort_cell fresh;
  };
  static void add(wide_sum& into, const customer_window& one) noexcept {
    into.customers += one.orders > 0 ? 1 : 0;
    into.orders += one.orders;
    into.amount += one.amount;
  }
  [[nodiscard]] static std::int64_t fitting(wide_integer sum) {
    return amount_of_all(sum, customer_base_audit_name);
  }
  [[nodiscard]] static sales_factors factors(const wide_sum& of) {
    return {of.customers, of.orders, fitting(of.amount)};
  }
  [[nodiscard]] std::size_t place_of(std::int32_t period) const noexcept {
    return static_cast<std::size_t>(period - cohorts_.cells.front().cohort);
  }
  [[nodiscard]] column money(std::string_view name, std::vector<std::int64_t> amounts) const {
    return column::amounts(std::string(name), std::move(amounts), report_.decimals, code_);
  }
  [[nodiscard]] static column number(std::string_view name, std::vector<double> values, std::string unit) {
    return column::numbers(std::string(name), std::move(values), std::move(unit)).or_none();
  }

  const customer_kinds_report& report_;
  const customer_kinds_options& options_;
  const cohort_report& cohorts_;
  std::string code_;
  double scale_;
  std::array<wide_sum, 2> totals_;
  std::array<std::array<wide_sum, std::size(customer_relation_names)>, 2> relations_;
  std::array<std::int64_t, std::size(customer_relation_names)> customers_{};
  std::vector<period_sum> periods_; ///< from the first cohort's on
};

} // namespace detail

/// From a store order_history. \throws error as `kinds_of_customers` and `cohorts_of`, status::option
inline result finish_customer_base_audit(const finish_request& request) {
  const auto& from = request.stored<stats::order_history>();
  const option_values& given = request.options;
  customer_kinds_options options;
  const counted_until until = read_until(given, from);
  detail::read_windows(given, until.day, customer_base_audit_name, options);
  const customer_kinds_report report =
      kinds_of_customers(from, options, request.keys, request.how, customer_base_audit_name);
  cohort_options by_period;
  by_period.until = until.day;
  by_period.period = std::string(given.text("period"));
  by_period.same_day = options.same_day;
  by_period.negative = options.negative;
  by_period.currency = options.currency;
  const cohort_report cohorts =
      cohorts_of(from, by_period, request.how, request.keys, customer_base_audit_name);
  const detail::audit_writer writer(report, options, cohorts);
  return {{writer.one_period(), writer.by_orders(given.integer("most_orders")), writer.two_periods(),
           writer.change(), writer.cohorts(), writer.periods(),
           order_sum_table(cohorts.sums, cohorts.decimals, customer_base_audit_name), until_warnings(until)},
          nullptr};
}

inline constexpr entry customer_base_audit_entry{.description = &customer_base_audit_description,
                                                 .finish = finish_customer_base_audit};

} // namespace emptor::value
