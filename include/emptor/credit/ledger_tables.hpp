// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/describe.hpp>
#include <emptor/core/entry.hpp>
#include <emptor/core/table.hpp>
#include <emptor/stats/open_items.hpp>

/// What the entries have in common that finish from a ledger, and the tables that they make.
namespace emptor::credit {

namespace detail {

/// A sum as minor units. \param where the entry \param whose the customer or group
/// \throws error status::overflow
[[nodiscard]] inline std::int64_t fitting(std::string_view where, wide_integer sum, std::string_view what,
                                          std::string_view whose) {
  constexpr auto limit = std::numeric_limits<std::int64_t>::max();
  if (sum > limit || sum < -limit)
    throw error(status::overflow, std::string(where) + ": the " + std::string(what) + " of " +
                                      std::string(whose) + " does not fit 64 bits of minor units");
  return static_cast<std::int64_t>(sum);
}

/// Columns of currencies and of money in them. Where all rows have the same decimals the column of money has
/// them too, and it has a unit where all rows have the same currency.
struct money_columns {
  std::set<stats::currency_code> met;

  [[nodiscard]] column amounts(std::string name, std::vector<std::int64_t> minor_units) const {
    std::set<int> decimals;
    for (const stats::currency_code code : met)
      decimals.insert(stats::currency_of(code).decimals());
    const currency only = met.size() == 1 ? stats::currency_of(*met.begin()) : currency{};
    return column::amounts(std::move(name), std::move(minor_units),
                           decimals.size() > 1 ? decimals_of_row
                           : decimals.empty()  ? currency{}.decimals()
                                               : *decimals.begin(),
                           std::string(only.code()));
  }
  [[nodiscard]] static column codes(const std::vector<stats::currency_code>& of) {
    text_buffer texts;
    for (const stats::currency_code code : of)
      texts.push_back(stats::currency_of(code).code());
    return column::texts("currency", std::move(texts));
  }
};

[[nodiscard]] inline table findings_table(const std::vector<stats::found_in_ledger>& findings) {
  text_buffer documents;
  text_buffer customers;
  std::vector<std::int32_t> kinds;
  std::vector<stats::currency_code> currencies;
  std::vector<std::int64_t> amounts;
  for (const stats::found_in_ledger& one : findings) {
    documents.push_back(one.document);
    customers.push_back(one.customer);
    kinds.push_back(static_cast<std::int32_t>(one.what));
    currencies.push_back(one.currency);
    amounts.push_back(one.amount);
  }
  column document = column::texts("document", std::move(documents));
  column customer = column::texts("customer", std::move(customers));
  for (std::size_t row = 0; row < findings.size(); ++row) {
    if (findings[row].document.empty())
      document.set_missing(static_cast<std::int64_t>(row));
    if (findings[row].customer.empty())
      customer.set_missing(static_cast<std::int64_t>(row));
  }
  const money_columns money{{currencies.begin(), currencies.end()}};
  return {"findings",
          {std::move(document), column::codes("finding", std::move(kinds), stats::ledger_findings),
           std::move(customer), money_columns::codes(currencies),
           money.amounts("amount", std::move(amounts))}};
}

} // namespace detail

inline constexpr column_description ledger_finding_columns[] = {
    {.name = "document", .what = content::text, .summary = "the document in question"},
    {.name = "finding",
     .what = content::code,
     .summary =
         "a settlement names a document that has not come (unknown_document) or two debits or two "
         "credits (same_side): it settles nothing; more was settled than the amount (over_settled: the "
         "excess is unallocated) or taken back than settled (over_reversed); the due date lies before "
         "the document date (due_before_document) or a settlement does (settled_before_document: it counts "
         "from that date on); the cash discount is larger than the amount (discount_over_amount). All are in "
         "the sums. Other names are of other questions to the ledger",
     .levels = stats::ledger_findings},
    {.name = "customer",
     .what = content::text,
     .summary = "whose document it is; of an unknown document whose the other one is",
     .optional = true},
    {.name = "currency", .what = content::text, .summary = "ISO 4217 code; empty for the unnamed currency"},
    {.name = "amount",
     .what = content::amount,
     .unit = "currency",
     .summary = "of the settlement, the excess, or the document"},
};

} // namespace emptor::credit
