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
#include <emptor/value/customer_kinds.hpp>
#include <emptor/value/customer_kinds_description.hpp>
#include <emptor/value/money_lines.hpp>
#include <emptor/value/order_sums.hpp>
#include <emptor/value/ratio_of_amounts.hpp>
#include <emptor/value/until_option.hpp>

/// `value.customer_kinds` from the catalogue's side.
namespace emptor::value {

namespace detail {

/// The period up to a day and the one before it, from the options since and compare_since.
/// \param where begins messages \throws error status::option
inline void read_windows(const option_values& given, date until, std::string_view where,
                         customer_kinds_options& into) {
  const auto refuse = [&](std::string_view option, std::int32_t is, const std::string& must_be) {
    throw error(status::option,
                message(where, "option " + std::string(option), -1, to_string(date_from_days(is)), must_be));
  };
  into.now = year_up_to(until);
  into.before = year_before(into.now);
  if (given.has("since")) {
    into.now.first = days_since_epoch(*given.day("since"));
    if (into.now.first > into.now.last)
      refuse("since", into.now.first, "no later than until, " + to_string(until));
    into.before = period_before(into.now);
  }
  into.before.last = into.now.first - 1;
  if (given.has("compare_since")) {
    into.before.first = days_since_epoch(*given.day("compare_since"));
    if (into.before.first > into.before.last)
      refuse("compare_since", into.before.first,
             "before since, " + to_string(date_from_days(into.now.first)));
  }
  if (into.before.first <= first_day)
    refuse(given.has("since") ? "since" : "until", given.has("since") ? into.now.first : into.now.last,
           "late enough for an earlier period");
  into.same_day = given.choice<stats::same_day>("same_day", stats::same_day_names);
  into.negative = given.choice<stats::negative>("negative", stats::negative_names);
  if (given.has("currency"))
    into.currency = currency(given.text("currency"));
}

/// \throws error status::option
[[nodiscard]] inline customer_kinds_options read_kinds_options(const option_values& given, date until) {
  customer_kinds_options made;
  read_windows(given, until, customer_kinds_name, made);
  made.main_share = billionths_of(given.number("main_share"));
  made.regular_share = billionths_of(given.number("regular_share"));
  made.regular_orders = given.integer("regular_orders");
  const auto periods = stats::parse_periods(given.text("regular_period"), made.now.last);
  if (!periods)
    throw error(status::option, message(customer_kinds_name, "option regular_period", -1,
                                        shortened(given.text("regular_period")),
                                        "month, quarter, year, or a number of days from 1 to 36525"));
  made.regular_periods = *periods;
  return made;
}

/// The tables of a report.
class kinds_writer {
public:
  kinds_writer(const customer_kinds_report& report, const customer_kinds_options& options)
      : report_(report)
      , options_(options)
      , code_(report.currency.code()) {
    for (const kind_of_customer& one : report.kinds) {
      for (std::size_t which = 0; which < 2; ++which)
        totals_[which].add(one.windows[which]);
      totals_[2].add(customer_window{.amount = one.earlier_amount, .orders = one.earlier_orders});
      relations_[static_cast<std::size_t>(one.relation)].add(one);
      moves_[static_cast<std::size_t>(one.windows[1].kind)][static_cast<std::size_t>(one.windows[0].kind)]
          .add(one);
    }
  }

  [[nodiscard]] table customers(const stats::order_history& from) const {
    const std::size_t count = report_.kinds.size();
    text_buffer names;
    std::vector<std::int32_t> relation(count);
    std::vector<std::int32_t> kinds[2];
    std::vector<std::int64_t> amounts[3];
    std::vector<double> shares(count);
    std::vector<std::int64_t> orders[2];
    std::vector<std::int64_t> active(count);
    std::vector<std::int64_t> periods(count);
    std::vector<std::int32_t> first(count);
    std::vector<std::int32_t> last(count);
    for (std::size_t i = 0; i < count; ++i) {
      const kind_of_customer& one = report_.kinds[i];
      names.push_back(from.customers()[report_.numbers[i]]);
      relation[i] = static_cast<std::int32_t>(one.relation);
      for (std::size_t which = 0; which < 2; ++which) {
        kinds[which].push_back(static_cast<std::int32_t>(one.windows[which].kind));
        amounts[which].push_back(one.windows[which].amount);
        orders[which].push_back(one.windows[which].orders);
      }
      amounts[2].push_back(one.earlier_amount);
      shares[i] = whole_ratio(one.windows[0].amount, totals_[0].amount);
      active[i] = one.windows[0].active;
      periods[i] = one.windows[0].of;
      first[i] = one.first;
      last[i] = one.last;
    }
    table made("customers");
    made.add(column::texts("customer", std::move(names)));
    made.add(column::codes("relation", std::move(relation), customer_relation_names));
    made.add(column::codes("kind", std::move(kinds[0]), customer_kind_names));
    made.add(column::codes("kind_before", std::move(kinds[1]), customer_kind_names));
    made.add(money("amount", std::move(amounts[0])));
    made.add(share("share", std::move(shares)));
    made.add(money("amount_before", std::move(amounts[1])));
    made.add(money("amount_earlier", std::move(amounts[2])));
    made.add(column::integers("orders", std::move(orders[0]), "orders"));
    made.add(column::integers("orders_before", std::move(orders[1]), "orders"));
    made.add(column::integers("active_periods", std::move(active)));
    made.add(column::integers("periods", std::move(periods)));
    made.add(column::days("first_order", std::move(first)).or_none());
    made.add(column::days("last_order", std::move(last)).or_none());
    return made;
  }

  [[nodiscard]] table kinds() const {
    std::vector<std::int32_t> period;
    std::vector<std::int32_t> kind;
    std::vector<std::int64_t> customers;
    std::vector<double> customer_shares;
    std::vector<std::int64_t> amounts;
    std::vector<double> shares;
    std::vector<std::int64_t> orders;
    for (std::size_t which = 0; which < 2; ++which) {
      for (std::size_t k = 0; k < 3; ++k) {
        window_sum sum;
        for (std::size_t other = 0; other < 4; ++other)
          sum.add((which == 0 ? moves_[other][k] : moves_[k][other]).windows[which]);
        period.push_back(static_cast<std::int32_t>(which));
        kind.push_back(static_cast<std::int32_t>(k));
        customers.push_back(sum.customers);
        customer_shares.push_back(whole_ratio(sum.customers, totals_[which].customers));
        amounts.push_back(fitting(sum.amount));
        shares.push_back(whole_ratio(sum.amount, totals_[which].amount));
        orders.push_back(sum.orders);
      }
    }
    table made("kinds");
    made.add(column::codes("period", std::move(period), customer_window_names));
    made.add(column::codes("kind", std::move(kind), customer_kind_names));
    made.add(column::integers("customers", std::move(customers)));
    made.add(share("customer_share", std::move(customer_shares)));
    made.add(money("amount", std::move(amounts)));
    made.add(share("share", std::move(shares)));
    made.add(column::integers("orders", std::move(orders), "orders"));
    return made;
  }

  [[nodiscard]] table relations() const {
    std::vector<std::int32_t> relation;
    std::vector<std::int64_t> customers;
    std::vector<double> customer_shares;
    std::vector<std::int64_t> amounts[3];
    std::vector<double> shares[2];
    std::vector<std::int64_t> orders[2];
    const auto known = static_cast<std::int64_t>(report_.kinds.size());
    for (std::size_t k = 0; k < relations_.size(); ++k) {
      const pair_sum& sum = relations_[k];
      relation.push_back(static_cast<std::int32_t>(k));
      customers.push_back(sum.customers);
      customer_shares.push_back(whole_ratio(sum.customers, known));
      for (std::size_t which = 0; which < 2; ++which) {
        amounts[which].push_back(fitting(sum.windows[which].amount));
        shares[which].push_back(whole_ratio(sum.windows[which].amount, totals_[which].amount));
        orders[which].push_back(sum.windows[which].orders);
      }
      amounts[2].push_back(fitting(wide_integer{amounts[0].back()} - amounts[1].back()));
    }
    table made("relations");
    made.add(column::codes("relation", std::move(relation), customer_relation_names));
    made.add(column::integers("customers", std::move(customers)));
    made.add(share("customer_share", std::move(customer_shares)));
    made.add(money("amount", std::move(amounts[0])));
    made.add(share("share", std::move(shares[0])));
    made.add(money("amount_before", std::move(amounts[1])));
    made.add(share("share_before", std::move(shares[1])));
    made.add(money("change", std::move(amounts[2])));
    made.add(column::integers("orders", std::move(orders[0]), "orders"));
    made.add(column::integers("orders_before", std::move(orders[1]), "orders"));
    return made;
  }

  [[nodiscard]] table transitions() const {
    std::vector<std::int32_t> before;
    std::vector<std::int32_t> after;
    std::vector<std::int64_t> customers;
    std::vector<double> rates;
    std::vector<std::int64_t> amounts[2];
    for (std::size_t from = 0; from < 4; ++from) {
      std::int64_t all = 0;
      for (const pair_sum& one : moves_[from])
        all += one.customers;
      for (std::size_t to = 0; to < 4; ++to) {
        const pair_sum& sum = moves_[from][to];
        before.push_back(static_cast<std::int32_t>(from));
        after.push_back(static_cast<std::int32_t>(to));
        customers.push_back(sum.customers);
        rates.push_back(whole_ratio(sum.customers, all));
        for (std::size_t which = 0; which < 2; ++which)
          amounts[which].push_back(fitting(sum.windows[which].amount));
      }
    }
    table made("transitions");
    made.add(column::codes("kind_before", std::move(before), customer_kind_names));
    made.add(column::codes("kind", std::move(after), customer_kind_names));
    made.add(column::integers("customers", std::move(customers)));
    made.add(share("rate", std::move(rates)));
    made.add(money("amount_before", std::move(amounts[1])));
    made.add(money("amount", std::move(amounts[0])));
    return made;
  }

  [[nodiscard]] table periods() const {
    std::vector<std::int64_t> customers;
    std::vector<std::int64_t> orders;
    std::vector<std::int64_t> amounts;
    for (const window_sum& one : totals_) {
      customers.push_back(one.customers);
      orders.push_back(one.orders);
      amounts.push_back(fitting(one.amount));
    }
    table made("periods");
    made.add(column::codes("period", {0, 1, 2}, customer_window_names));
    made.add(column::days("from", {options_.now.first, options_.before.first, no_day}).or_none());
    made.add(column::days("until", {options_.now.last, options_.before.last, options_.before.first - 1}));
    made.add(column::integers("active", std::move(customers), "customers"));
    made.add(column::integers("orders", std::move(orders), "orders"));
    made.add(money("amount", std::move(amounts)));
    return made;
  }

  [[nodiscard]] table rates() const {
    const auto of = [&](customer_relation which) -> const pair_sum& {
      return relations_[static_cast<std::size_t>(which)];
    };
    const pair_sum& old = of(customer_relation::old);
    const pair_sum& lost = of(customer_relation::lost);
    table made("rates");
    made.add(share("retention_rate", {whole_ratio(old.customers, old.customers + lost.customers)}));
    made.add(share("loss_rate", {whole_ratio(lost.customers, old.customers + lost.customers)}));
    made.add(share("revenue_retention",
                   {whole_ratio(old.windows[0].amount, old.windows[1].amount + lost.windows[1].amount)}));
    made.add(share("new_share", {whole_ratio(of(customer_relation::fresh).customers, totals_[0].customers)}));
    made.add(share("won_back_share",
                   {whole_ratio(of(customer_relation::won_back).customers, totals_[0].customers)}));
    made.add(share("potential_share", {whole_ratio(of(customer_relation::potential).customers,
                                                   static_cast<std::int64_t>(report_.kinds.size()))}));
    return made;
  }

private:
  struct window_sum {
    std::int64_t customers = 0; ///< with an order
    std::int64_t orders = 0;
    wide_integer amount = 0;
    void add(const customer_window& one) noexcept {
      customers += one.orders > 0 ? 1 : 0;
      orders += one.orders;
      amount += one.amount;
    }
    void add(const window_sum& other) noexcept {
      customers += other.customers;
      orders += other.orders;
      amount += other.amount;
    }
  };
  struct pair_sum {
    std::int64_t customers = 0;
    std::array<window_sum, 2> windows;
    void add(const kind_of_customer& one) noexcept {
      ++customers;
      for (std::size_t which = 0; which < 2; ++which)
        windows[which].add(one.windows[which]);
    }
  };

  [[nodiscard]] static std::int64_t fitting(wide_integer sum) {
    return amount_of_all(sum, customer_kinds_name);
  }
  [[nodiscard]] column money(std::string name, std::vector<std::int64_t> amounts) const {
    return column::amounts(std::move(name), std::move(amounts), report_.decimals, code_);
  }
  [[nodiscard]] static column share(std::string name, std::vector<double> values) {
    return column::numbers(std::move(name), std::move(values), "share").or_none();
  }

  const customer_kinds_report& report_;
  const customer_kinds_options& options_;
  std::string code_;
  std::array<window_sum, 3> totals_;
  std::array<pair_sum, std::size(customer_relation_names)> relations_;
  std::array<std::array<pair_sum, 4>, 4> moves_; ///< by kind before and kind
};

} // namespace detail

/// From a store order_history. \throws error as `kinds_of_customers`, status::option
inline result finish_customer_kinds(const finish_request& request) {
  const auto& from = request.stored<stats::order_history>();
  const counted_until until = read_until(request.options, from);
  const customer_kinds_options options = detail::read_kinds_options(request.options, until.day);
  const customer_kinds_report report = kinds_of_customers(from, options, request.keys, request.how);
  const detail::kinds_writer writer(report, options);
  return {{writer.customers(from), writer.kinds(), writer.relations(), writer.transitions(), writer.periods(),
           writer.rates(), order_sum_table(report.sums, report.decimals, customer_kinds_name),
           until_warnings(until)},
          nullptr};
}

inline constexpr entry customer_kinds_entry{.description = &customer_kinds_description,
                                            .finish = finish_customer_kinds};

} // namespace emptor::value
