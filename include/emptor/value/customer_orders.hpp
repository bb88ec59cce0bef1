// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/run.hpp>
#include <emptor/stats/lines_by_customer.hpp>
#include <emptor/stats/net_orders.hpp>
#include <emptor/stats/order_history.hpp>

/// The orders of each customer that are left on a day, for those who cut them into periods.
namespace emptor::value {

/// Calls `body(part, place, net_history)` for each customer with lines, on the threads that `how` grants: customers of one
/// part one after the other, a part and a place belong to one thread at a time.
/// \param lines   of the history, put together by customer; `place` is of its `customers`
/// \param last    day that counts; what is dated later is left out before and after netting
/// \throws error status::overflow and what netting refuses, beginning with `where`; status::cancelled
template <class Body>
void for_each_customer_orders(const stats::order_history& from, stats::lines_by_customer& lines,
                              stats::net_options rules, std::int32_t last, std::string_view where,
                              const run& how, const Body& body) {
  for_each_task(lines.parts(), how, [&](std::int64_t part) {
    stats::order_netting netting(from, rules);
    lines.for_each_customer(part, [&](std::size_t place, std::span<stats::order_line> of_customer) {
      try {
        body(static_cast<std::size_t>(part), place, netting.net(of_customer, last, lines.customers[place]));
      } catch (const error& refused) {
        if (refused.code() == status::cancelled)
          throw;
        throw error(refused.code(), std::string(where) + ": " + refused.what());
      }
    });
  });
}

} // namespace emptor::value
