// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/credit/by_group.hpp>
#include <emptor/stats/customer_groups.hpp>

namespace emptor::credit::detail {

/// The groups of customers in the order in which a table lists them.
class customer_grouping {
public:
  /// \param whole whether all customers are asked for: then a label that none has is refused
  customer_grouping(std::string_view where, const stats::ledger& from, std::string_view by, bool whole)
      : from_(from)
      , by_customer_(by == "customer") {
    if (by_customer_)
      return;
    const std::uint32_t customers = from.customers().size();
    group_of_.assign(customers, 0);
    if (by == "all") {
      names_.emplace_back("all");
      return;
    }
    const stats::customer_groups companies(from); // refuses facts of two contents
    if (by == "group") {
      findings_ = companies.findings();
      std::vector<std::uint32_t> place(customers, 0);
      for (const std::uint32_t customer : from.customers().sorted()) {
        if (companies.head_of(customer) != customer)
          continue;
        place[customer] = static_cast<std::uint32_t>(names_.size());
        names_.emplace_back(from.customer(customer));
      }
      for (std::uint32_t customer = 0; customer < customers; ++customer)
        group_of_[customer] = place[companies.head_of(customer)];
      return;
    }
    attribute_values values(from, by);
    const stats::revised<stats::customer_record>& facts = from.records<stats::customer_record>();
    for (std::uint32_t customer = 0; customer < customers; ++customer)
      group_of_[customer] = values.of_customer(facts, customer);
    if (whole && customers > 0 && values.numbers().empty())
      values.refuse(where);
    std::vector<std::uint32_t> place(values.numbers().size() + 1, 0);
    for (const auto& [name, number] : values.numbers()) {
      place[number] = static_cast<std::uint32_t>(names_.size());
      names_.push_back(name);
    }
    place[0] = static_cast<std::uint32_t>(names_.size());
    for (std::uint32_t& group : group_of_)
      group = place[group];
  }

  /// Whether each customer is a group, which then has no place.
  [[nodiscard]] bool by_customer() const noexcept { return by_customer_; }
  [[nodiscard]] std::uint32_t place_of(std::uint32_t customer) const noexcept { return group_of_[customer]; }
  /// The group of a customer, in a currency.
  [[nodiscard]] document_group group_of(std::uint32_t customer, stats::currency_code currency) const {
    if (by_customer_)
      return {from_.customer(customer), true, currency, {}};
    const std::size_t place = group_of_[customer];
    return {place < names_.size() ? std::string_view(names_[place]) : std::string_view{},
            place < names_.size(),
            currency,
            {}};
  }
  /// The companies that belong to each other in a circle.
  [[nodiscard]] const std::vector<stats::found_in_ledger>& findings() const noexcept { return findings_; }

private:
  const stats::ledger& from_;
  bool by_customer_;
  std::vector<std::uint32_t> group_of_; ///< by customer
  std::vector<std::string> names_;      ///< those who are in no group come after them
  std::vector<stats::found_in_ledger> findings_;
};

} // namespace emptor::credit::detail
