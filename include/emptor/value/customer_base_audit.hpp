// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/money.hpp>
#include <emptor/core/run.hpp>
#include <emptor/stats/calendar_periods.hpp>
#include <emptor/stats/lines_by_customer.hpp>
#include <emptor/stats/order_history.hpp>
#include <emptor/value/customer_kinds.hpp>
#include <emptor/value/customer_orders.hpp>

/// The five lenses of the customer-base audit (客户群审计; P. Fader, B. Hardie, M. Ross, The Customer-Base Audit, 2022): how
/// customers of one period differ (1), what changed between two periods (2), how one cohort develops (3), how cohorts
/// compare (4), and what the whole base is made of (5).
///
/// A cohort (同期群) is who placed the first order in the same month, quarter, year or number of days. Orders are what
/// credit notes and cancellations up to the last day left (net_orders.hpp), each in the period of its day.
namespace emptor::value {

inline constexpr std::string_view customer_base_audit_name = "value.customer_base_audit";

/// What made the sales of a period: customers x orders a customer x money an order.
struct sales_factors {
  std::int64_t customers = 0;
  std::int64_t orders = 0;
  std::int64_t amount = 0; ///< minor units, 0 or more
};

/// Why sales changed, in minor units that add up to the change.
struct sales_change {
  std::int64_t customers = 0;   ///< more customers, who order as before
  std::int64_t frequency = 0;   ///< more orders of each, of the value of before
  std::int64_t order_value = 0; ///< and the rest
};

/// The nearest whole number to amount x by / of, half away from 0. \param amount, by 0 or more \param of above 0
[[nodiscard]] constexpr wide_integer scaled_amount(std::int64_t amount, std::int64_t by,
                                                   std::int64_t of) noexcept {
  return (2 * wide_integer{amount} * by + of) / (2 * wide_integer{of});
}

/// Factor by factor, in the order customers, frequency, order value: with C, F and V before, and C', F' and V' now,
/// (C' - C) F V + C' (F' - F) V + C' F' (V' - V), each partial product rounded to the minor unit. Without sales before or
/// now all of the change is of the customers.
[[nodiscard]] inline sales_change explain_change(const sales_factors& now,
                                                 const sales_factors& before) noexcept {
  const std::int64_t change = now.amount - before.amount;
  if (before.orders == 0 || now.orders == 0)
    return {change, 0, 0};
  const auto limit = wide_integer{std::numeric_limits<std::int64_t>::max()};
  const wide_integer as_many = std::min(scaled_amount(before.amount, now.customers, before.customers), limit);
  const wide_integer as_often = std::min(scaled_amount(before.amount, now.orders, before.orders), limit);
  return {static_cast<std::int64_t>(as_many - before.amount), static_cast<std::int64_t>(as_often - as_many),
          static_cast<std::int64_t>(now.amount - as_often)};
}

/// What a cohort did in a period.
struct audit_cell {
  std::int64_t active = 0; ///< customers with an order
  std::int64_t orders = 0;
  wide_integer amount = 0;
};

/// Cohorts by the number of their period, and what each did in each period from its own on.
struct audit_cohorts {
  std::int32_t first = 0;                     ///< number of the first period with an order
  std::int32_t last = -1;                     ///< number of the period of the last day
  std::vector<std::int64_t> customers;        ///< of each cohort
  std::vector<std::vector<audit_cell>> cells; ///< by cohort and age in periods
};

/// How many periods a table of cohorts may have.
inline constexpr std::int64_t most_audit_periods = 2000;

/// \throws error status::option where there are more than `most_audit_periods` periods; as `stats::by_customer`
[[nodiscard]] inline audit_cohorts cohorts_of(const stats::order_history& from,
                                              const stats::calendar_periods& periods,
                                              const customer_kinds_options& options,
                                              const std::optional<std::vector<std::string>>& keys,
                                              const run& how) {
  stats::lines_by_customer lines =
      stats::by_customer(from, options.currency, keys, customer_base_audit_name, how);
  run alone = how; // one table for all parts
  alone.threads = 1;
  alone.parallel_for = nullptr;
  std::map<std::int32_t, std::pair<std::int64_t, std::map<std::int32_t, audit_cell>>> found;
  audit_cohorts made;
  made.last = periods.number_of(options.now.last);
  for_each_customer_orders(from, lines, {options.same_day, stats::negative::net}, options.now.last,
                           customer_base_audit_name, alone,
                           [&](std::size_t /*part*/, std::size_t /*place*/, const stats::net_history& net) {
                             if (net.left.empty())
                               return;
                             auto& [customers, cells] = found[periods.number_of(net.left.front().day)];
                             ++customers;
                             std::optional<std::int32_t> latest;
                             audit_cell* cell = nullptr;
                             for (const stats::net_order& order : net.left) {
                               const std::int32_t period = periods.number_of(order.day);
                               if (latest != period) {
                                 cell = &cells[period];
                                 ++cell->active;
                                 latest = period;
                               }
                               ++cell->orders;
                               cell->amount += order.amount;
                             }
                           });
  if (found.empty())
    return made;
  made.first = found.begin()->first;
  const std::int64_t count = std::int64_t{made.last} - made.first + 1;
  if (count > most_audit_periods)
    throw error(status::option, message(customer_base_audit_name, "option period", -1,
                                        "so short that there are " + std::to_string(count) + " of them",
                                        "such that there are at most 2000"));
  for (std::int32_t cohort = made.first; cohort <= made.last; ++cohort) {
    made.cells.emplace_back(static_cast<std::size_t>(made.last - cohort) + 1);
    made.customers.push_back(0);
    const auto held = found.find(cohort);
    if (held == found.end())
      continue;
    made.customers.back() = held->second.first;
    for (const auto& [period, cell] : held->second.second)
      made.cells.back()[static_cast<std::size_t>(period - cohort)] = cell;
  }
  return made;
}

} // namespace emptor::value
