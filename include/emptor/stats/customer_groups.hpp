// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include <emptor/stats/ledger_findings.hpp>

namespace emptor::stats {

/// Which customers belong together (集团客户): each to the head of its group, a head that belongs to another group to
/// the head of that one, up to the ultimate parent. Who is in no group is a group alone.
///
/// Where groups belong to each other in a circle, the first of its names in byte order is the head of them all.
class customer_groups {
public:
  /// \throws error status::conflict where a customer's facts have two contents; it names the customer
  explicit customer_groups(const ledger& from)
      : heads_(from.customers().size(), ledger::no_text) {
    const revised<customer_record>& facts = from.records<customer_record>();
    detail::first_refusal refusal;
    facts.for_each_contested([&](std::uint32_t customer) {
      detail::note_conflict(refusal, "customer", from.customer(customer),
                            facts[facts.find(customer)].revision);
    });
    refusal.raise();
    const auto parent_of = [&](std::uint32_t customer) {
      const std::uint32_t row = facts.find(customer);
      const std::uint32_t group = row == ledger::no_text ? ledger::no_text : facts[row].group;
      return group == customer ? ledger::no_text : group;
    };
    std::vector<std::uint32_t> path;
    std::vector<std::uint8_t> on_path(heads_.size(), 0);
    for (std::uint32_t customer = 0; customer < heads_.size(); ++customer) {
      path.clear();
      std::uint32_t at = customer;
      while (heads_[at] == ledger::no_text && on_path[at] == 0) {
        on_path[at] = 1;
        path.push_back(at);
        const std::uint32_t above = parent_of(at);
        if (above == ledger::no_text)
          heads_[at] = at;
        else
          at = above;
      }
      std::uint32_t head = heads_[at];
      if (head == ledger::no_text) { // it came back to where it was
        const auto circle = std::find(path.begin(), path.end(), at);
        head = *std::min_element(circle, path.end(), [&](std::uint32_t left, std::uint32_t right) {
          return from.customer(left) < from.customer(right);
        });
        std::for_each(circle, path.end(), [&](std::uint32_t one) {
          findings_.push_back({{}, ledger_finding::group_in_circle, from.customer(one), 0, 0});
        });
      }
      for (const std::uint32_t one : path) {
        heads_[one] = head;
        on_path[one] = 0;
      }
    }
    std::sort(findings_.begin(), findings_.end());
  }

  /// The head of a customer's group, by numbers of the ledger's customers.
  [[nodiscard]] std::uint32_t head_of(std::uint32_t customer) const noexcept { return heads_[customer]; }
  /// The customers whose groups belong to each other in a circle.
  [[nodiscard]] const std::vector<found_in_ledger>& findings() const noexcept { return findings_; }

private:
  std::vector<std::uint32_t> heads_; ///< by customer
  std::vector<found_in_ledger> findings_;
};

} // namespace emptor::stats
