// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <limits>
#include <vector>

#include "company.hpp"

/// What is true of each customer today, and of the year to come.
namespace emptor::tool::demo {

struct customer_truth {
  std::int64_t orders = 0;       ///< that were not cancelled
  std::int64_t total_amount = 0; ///< cents, after returns
  double expected_orders = 0.0;  ///< of the next 365 days, by his own rate and chance to leave
  double value = 0.0;            ///< margin x spend x discounted expected orders
  double value_given_orders =
      0.0; ///< what the same is expected to be by who knows the processes, but of him the orders
  std::int64_t balance = 0; ///< cents, of the book of the simulated ledger
  std::int64_t overdue = 0;
};

/// What an order is worth on average after returns, as a share of its amount.
[[nodiscard]] double kept_share() noexcept;

[[nodiscard]] std::vector<customer_truth> find_truth(const std::vector<customer>& customers,
                                                     const order_book& book, const receivables& due);

/// A bucket of ages: days from the due date to today, up to the last of it.
struct age_bucket {
  std::string_view name;
  std::int32_t last;
};
inline constexpr age_bucket age_buckets[] = {{"not_due", 0},
                                             {"1-30", 30},
                                             {"31-60", 60},
                                             {"61-90", 90},
                                             {"91+", std::numeric_limits<std::int32_t>::max()}};
inline constexpr std::string_view other_buckets[] = {"undated", "unallocated"};
/// What is open in these, then in the others, from the book of the simulated ledger: cents of all customers.
[[nodiscard]] std::vector<std::int64_t> age_truth(const credit::simulated_ledger& ledger);

} // namespace emptor::tool::demo
