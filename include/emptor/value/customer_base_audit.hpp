// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string_view>

#include <emptor/core/money.hpp>

/// The five lenses of the customer-base audit (客户群审计; P. Fader, B. Hardie, M. Ross, The Customer-Base Audit, 2022): how
/// customers of one period differ (1), what changed between two periods (2), how one cohort develops (3), how cohorts
/// compare (4), and what the whole base is made of (5).
///
/// A cohort (同期群) is who placed the first order in the same month, quarter, year or number of days (cohorts.hpp). Orders
/// are what credit notes and cancellations up to the last day left (net_orders.hpp), each in the period of its day.
namespace emptor::value {

inline constexpr std::string_view customer_base_audit_name = "value.customer_base_audit";

/// What made the sales of a period: customers x orders a customer x money an order.
struct sales_factors {
  std::int64_t customers = 0;
  std::int64_t orders = 0;
  std::int64_t amount = 0; ///< minor units
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
/// (C' - C) F V + C' (F' - F) V + C' F' (V' - V), each partial product rounded to the minor unit. Without orders before or
/// now, or where sales are below 0, all of the change is of the customers.
/// \param now,before  whose amounts differ by what 64 bits hold
[[nodiscard]] inline sales_change explain_change(const sales_factors& now,
                                                 const sales_factors& before) noexcept {
  const std::int64_t change = now.amount - before.amount;
  if (before.orders == 0 || now.orders == 0 || before.amount < 0 || now.amount < 0)
    return {change, 0, 0};
  const auto limit = wide_integer{std::numeric_limits<std::int64_t>::max()};
  const wide_integer as_many = std::min(scaled_amount(before.amount, now.customers, before.customers), limit);
  const wide_integer as_often = std::min(scaled_amount(before.amount, now.orders, before.orders), limit);
  return {static_cast<std::int64_t>(as_many - before.amount), static_cast<std::int64_t>(as_often - as_many),
          static_cast<std::int64_t>(now.amount - as_often)};
}

} // namespace emptor::value
