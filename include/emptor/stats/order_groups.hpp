// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/stats/order_history.hpp>

namespace emptor::stats {

/// By what the lines of an order history are put together: customer, product, all, or the value of one of the user's
/// columns. A column of the lines goes before one of the table customers: where any line says something in it, lines
/// without a value are in no group; where none does, each line has the value of its customer.
class order_groups {
public:
  /// What stands for no group.
  static constexpr std::uint32_t none = id_pool::none;

  /// \param where begins every message
  /// \throws error status::unknown_name where no line and no customer has the label, unless there is no line;
  ///         status::conflict where a customer's facts, which are asked, have two contents
  order_groups(const order_history& from, std::string_view by, std::string_view where)
      : from_(from)
      , lines_(from.order_lines()) {
    if (by == "all")
      return;
    if (by == "customer") {
      column_ = &lines_.customer;
      names_ = &from.customers();
      return;
    }
    names_ = &from.words();
    if (by == "product") {
      column_ = &from.details().product;
      return;
    }
    if (const auto* const held = from.line_attribute(by);
        held != nullptr &&
        any(lines_.rows, [&](std::size_t row) { return !held->is_missing(row) && from.is_live(row); })) {
      column_ = held;
      return;
    }
    if (const auto* const held = from.facts_attribute(by); held != nullptr) {
      take_facts(*held, where);
      if (carried_)
        return;
    }
    if (any(lines_.rows, [&](std::size_t row) { return from.is_live(row); })) {
      const std::vector<std::string> labels = from.attribute_labels();
      std::vector<std::string_view> known{"customer", "product", "all"};
      known.insert(known.end(), labels.begin(), labels.end());
      std::erase(known, by); // of rows that no longer count
      throw unknown_name(where, "attribute", by, known);
    }
  }

  /// How many numbers of groups there are at most.
  [[nodiscard]] std::size_t size() const noexcept { return names_ == nullptr ? 1 : names_->size(); }
  /// The number of a row's group.
  [[nodiscard]] std::uint32_t of(std::size_t row) const noexcept {
    if (column_ != nullptr)
      return (*column_)[row];
    return by_customer_.empty() ? names_ == nullptr ? 0 : none : by_customer_[lines_.customer[row]];
  }
  [[nodiscard]] std::string_view name(std::uint32_t number) const noexcept {
    return names_ == nullptr ? std::string_view("all") : (*names_)[number];
  }
  /// The number of a name; none where nothing has it.
  [[nodiscard]] std::uint32_t find(std::string_view name) const noexcept {
    if (names_ == nullptr)
      return name == "all" ? 0 : none;
    return names_->find(id_pool::key_of(name));
  }

private:
  template <class Holds>
  [[nodiscard]] static bool any(std::size_t rows, const Holds& holds) {
    for (std::size_t row = 0; row < rows; ++row) {
      if (holds(row))
        return true;
    }
    return false;
  }
  void take_facts(const detail::values<std::uint32_t>& held, std::string_view where) {
    const order_history::facts facts = from_.customer_facts();
    std::optional<std::string_view> contested;
    for (const std::size_t row : from_.fact_conflicts()) {
      const std::string_view customer = from_.customers()[facts.customer[row]];
      if (!contested || customer < *contested)
        contested = customer;
    }
    if (contested)
      throw error(status::conflict,
                  std::string(where) + ": what is known about customer " + std::string(*contested) +
                      " came with different contents under one revision; push a higher revision");
    by_customer_.assign(from_.customers().size(), none);
    for (std::size_t row = 0; row < facts.rows; ++row) {
      if (!from_.is_live_fact(row) || held.is_missing(row))
        continue;
      by_customer_[facts.customer[row]] = held[row];
      carried_ = true;
    }
  }

  const order_history& from_;
  order_history::lines lines_;
  const detail::values<std::uint32_t>* column_ = nullptr;
  const id_pool* names_ = nullptr; ///< null = all are one
  std::vector<std::uint32_t> by_customer_;
  bool carried_ = false;
};

} // namespace emptor::stats
