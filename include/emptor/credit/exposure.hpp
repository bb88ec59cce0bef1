// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/credit/by_group.hpp>
#include <emptor/credit/customer_grouping.hpp>
#include <emptor/credit/exposure_book.hpp>

/// What customers owe and will owe (信用敞口), in disjoint classes: an order, its deliveries, its billing documents and its
/// invoices each hold only what none of the others does (stats::open_commitments), so that no money counts twice.
/// Each document is rounded for itself where it changes its currency, as in the other measures, and only then summed: each
/// group, company and total is the sum of its customers to the minor unit, and open items are the balance of the ageing.
namespace emptor::credit {

namespace detail {

/// The rows of a table of exposures.
struct exposure_lines {
  static constexpr std::string_view amounts[] = {
      "open_items", "current",           "overdue",           "unallocated",         "deliveries",
      "orders",     "orders_in_horizon", "billing_documents", "special_liabilities", "within_tolerance",
      "total",      "secured",           "exposure"};

  group_columns named;
  std::array<std::vector<std::int64_t>, std::size(amounts)> money;
  std::vector<std::int64_t> oldest;

  void add(const document_group& group, const exposure_sums& sums, const exposure_request& asked) {
    using part = exposure_sums;
    const wide_integer total = sums.total(asked.counts);
    const wide_integer secured = sums.parts[part::secured];
    const wide_integer values[] = {sums.open_items(),
                                   sums.parts[part::current],
                                   sums.parts[part::overdue],
                                   sums.parts[part::unallocated],
                                   sums.parts[part::deliveries],
                                   sums.parts[part::orders_near] + sums.parts[part::orders_far],
                                   sums.parts[part::orders_near],
                                   sums.parts[part::billing],
                                   sums.parts[part::special],
                                   sums.parts[part::within_tolerance],
                                   total,
                                   secured,
                                   total - (asked.deduct_secured ? secured : 0)};
    named.add(group);
    for (std::size_t i = 0; i < money.size(); ++i)
      money[i].push_back(fitting(exposure_name, values[i], amounts[i], group.shown()));
    oldest.push_back(sums.oldest_overdue);
  }
  [[nodiscard]] table as(std::string name, bool with_group) {
    table made(std::move(name));
    const money_columns currencies = named.money();
    if (with_group)
      named.put_into(made);
    else
      made.add(money_columns::codes(named.currencies));
    for (std::size_t i = 0; i < money.size(); ++i)
      made.add(currencies.amounts(std::string(amounts[i]), std::move(money[i])));
    made.add(column::integers("oldest_overdue", std::move(oldest)));
    return made;
  }
};

} // namespace detail

/// The tables of an exposure, as `exposure_outputs` describes them.
struct exposure_report {
  table exposure;
  table totals;
  table findings;
};

/// The exposure on the day `as_of`, by customer, group of companies, whole company or an attribute of the customers, each in
/// one currency or in each of theirs.
///
/// \param by   customer, group, all, or the label of an attribute of the customers
/// \param keys only these customers, of groups too
/// \throws error what `stats::open_items`, `stats::open_commitments`, `stats::valid_securities` and, where they are asked
///         for, `stats::customer_groups` and `stats::one_currency` throw; status::overflow names the group;
///         status::unknown_name
[[nodiscard]] inline exposure_report exposure(const stats::ledger& from, const exposure_request& asked,
                                              std::string_view by,
                                              const std::optional<std::vector<std::string>>& keys = {},
                                              const run& how = {}) {
  detail::exposure_book book(from, asked, keys, how);
  const detail::customer_grouping grouping(exposure_name, from, by, !keys);
  using cell = detail::exposure_book::cell;
  detail::exposure_lines groups;
  detail::exposure_lines totals;
  std::map<stats::currency_code, exposure_sums> all;
  std::map<std::pair<std::uint32_t, stats::currency_code>, cell> grouped;
  book.for_each_cell([&](const cell& one) {
    all[one.currency] += one.sums;
    if (grouping.by_customer()) {
      groups.add(grouping.group_of(one.customer, one.currency), one.sums, asked);
      return;
    }
    const auto [known, is_new] = grouped.try_emplace({grouping.place_of(one.customer), one.currency}, one);
    if (!is_new)
      known->second.sums += one.sums;
  });
  for (const auto& [place, one] : grouped)
    groups.add(grouping.group_of(one.customer, one.currency), one.sums, asked);
  for (const auto& [currency, sums] : all)
    totals.add({"all customers", true, currency, {}}, sums, asked);

  std::vector<stats::found_in_ledger> findings = book.findings();
  const std::vector<std::uint8_t> wanted = from.customers().wanted(keys);
  std::copy_if(grouping.findings().begin(), grouping.findings().end(), std::back_inserter(findings),
               [&](const stats::found_in_ledger& one) {
                 return wanted[from.customers().find(id_pool::key_of(one.customer))] != 0;
               });
  std::sort(findings.begin(), findings.end());
  return {groups.as("exposure", true), totals.as("totals", false), detail::findings_table(findings)};
}

} // namespace emptor::credit
