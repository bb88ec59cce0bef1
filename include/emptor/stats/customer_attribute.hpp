// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/stats/order_history.hpp>

/// What an order history knows of customers: their region, industry, size, ...
namespace emptor::stats {

/// The text under a label of the table `customers`, by the number of the customer: a number of `order_history::words`, or
/// `id_pool::none` where nothing is said of him.
/// \param where begins every message
/// \throws error status::unknown_name where no customer ever had the label, status::conflict where what is known about a
///         customer came with several contents under one revision; it names the first of them by bytes
[[nodiscard]] inline std::vector<std::uint32_t>
customer_attribute(const order_history& from, std::string_view label, std::string_view where) {
  const order_history::facts facts = from.customer_facts();
  const id_pool& names = from.customers();
  std::optional<std::string_view> contested;
  for (const std::size_t row : from.fact_conflicts()) {
    const std::string_view customer = names[facts.customer[row]];
    if (!contested || customer < *contested)
      contested = customer;
  }
  if (contested)
    throw error(status::conflict,
                std::string(where) + ": what is known about customer " + std::string(*contested) +
                    " came with different contents under one revision; push a higher revision");
  const detail::values<std::uint32_t>* texts = from.facts_attribute(label);
  if (texts == nullptr) {
    const std::vector<std::string> labels = from.attribute_labels();
    std::vector<std::string_view> known;
    for (const std::string& one : labels) {
      if (from.facts_attribute(one) != nullptr)
        known.emplace_back(one);
    }
    throw unknown_name(where, "attribute of customers", label, known);
  }
  std::vector<std::uint32_t> made(names.size(), id_pool::none);
  for (std::size_t row = 0; row < facts.rows; ++row) {
    if (from.is_live_fact(row))
      made[facts.customer[row]] = (*texts)[row];
  }
  return made;
}

} // namespace emptor::stats
