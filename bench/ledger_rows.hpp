// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <numeric>
#include <vector>

#include <emptor/credit/simulated_trade.hpp>

namespace bench {

/// The simulated ledger of a year in the order of its days, numbered in that order as an ERP does it: about ten documents a customer, all of them
/// invoices, or with how they were paid.
struct documents {
  std::vector<std::int64_t> document;
  std::vector<std::int64_t> customer;
  std::vector<const char*> kind;
  std::vector<std::int64_t> amount;
  std::vector<std::int32_t> date;
  std::vector<std::int32_t> due;
  std::vector<std::int64_t> settled;
  std::vector<std::int64_t> settled_by;
  std::vector<std::int32_t> settled_on;
  std::vector<std::int64_t> settled_amount;

  documents(std::int64_t count, bool paid) {
    emptor::credit::trade_settings how;
    how.customers = std::max<std::int64_t>(count / 10, 1);
    how.orders = paid ? 5.3 : 10.5;
    how.first_day = 20089; // 2025-01-01
    how.last_day = 20453;
    const emptor::credit::simulated_ledger made = emptor::credit::simulate_trade(how).ledger;
    std::vector<std::int64_t> number(made.day.size());
    for (const std::size_t i : in_order_of(made.day)) {
      if (!paid && made.kind[i] != emptor::stats::document_kind::invoice)
        continue;
      number[i] = size();
      document.push_back(number[i]);
      customer.push_back(made.customer[i]);
      kind.push_back(emptor::stats::document_kinds[static_cast<std::size_t>(made.kind[i])].data());
      amount.push_back(made.amount[i]);
      date.push_back(made.day[i]);
      due.push_back(made.due[i] == emptor::no_day ? made.day[i] : made.due[i]);
    }
    if (!paid)
      return;
    for (const std::size_t i : in_order_of(made.settled_on)) {
      settled.push_back(number[static_cast<std::size_t>(made.settled[i])]);
      settled_by.push_back(number[static_cast<std::size_t>(made.settling[i])]);
      settled_on.push_back(made.settled_on[i]);
      settled_amount.push_back(made.settled_amount[i]);
    }
  }
  [[nodiscard]] std::int64_t size() const { return static_cast<std::int64_t>(document.size()); }

private:
  [[nodiscard]] static std::vector<std::size_t> in_order_of(const std::vector<std::int32_t>& days) {
    std::vector<std::size_t> places(days.size());
    std::iota(places.begin(), places.end(), std::size_t{0});
    std::stable_sort(places.begin(), places.end(),
                     [&](std::size_t a, std::size_t b) { return days[a] < days[b]; });
    return places;
  }
};

} // namespace bench
