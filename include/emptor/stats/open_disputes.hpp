// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <emptor/core/date.hpp>
#include <emptor/stats/ledger_findings.hpp>

namespace emptor::stats {

/// What is disputed of a document on a day.
struct disputed_document {
  std::uint32_t document = 0; ///< number of the document, see `ledger::document`
  currency_code currency = 0;
  std::int64_t amount = 0; ///< minor units, of all open disputes about it; it may be more than is open of it
  std::int64_t disputes = 0; ///< how many are open
  std::int32_t since = 0;    ///< the day on which the oldest of them was opened
};

/// The disputes that were open at the end of a day.
struct dispute_state {
  std::vector<disputed_document> documents; ///< in the byte order of their names, then of the currencies
  std::vector<found_in_ledger> findings;
};

/// The documents of which something is disputed on the day `as_of`: disputes count from the day on which they were
/// opened until the day before they were closed, and not before their document.
///
/// \param keys only documents of these customers; refusals and findings that do not concern them are left out
/// \throws error status::conflict where a dispute or its document has two contents, status::currency where they are
///         of different currencies, status::overflow; each names the dispute or document. status::cancelled
[[nodiscard]] inline dispute_state open_disputes(const ledger& from, date as_of,
                                                 const std::optional<std::vector<std::string>>& keys = {},
                                                 const run& how = {}) {
  const std::int32_t today = days_since_epoch(as_of);
  constexpr std::uint32_t none = ledger::no_text;
  const revised<dispute>& held = from.records<dispute>();
  const id_pool& names = from.texts().disputes;
  const auto items = from.items().rows();
  const std::vector<std::uint8_t> wanted = from.customers().wanted(keys);
  detail::first_refusal refusal;
  dispute_state state;
  how.check(0.0);

  const auto concerns = [&](std::uint32_t document) {
    const std::uint32_t row = from.items().find(document);
    const std::uint32_t other = from.items().other(document);
    return !keys || (row != none && wanted[items[row].customer] != 0) ||
           (other != none && wanted[items[other].customer] != 0);
  };
  held.for_each_contested([&](std::uint32_t key) {
    if (concerns(held[held.find(key)].document) || concerns(held[held.other(key)].document))
      detail::note_conflict(refusal, "dispute", names[key], held[held.find(key)].revision);
  });

  std::vector<std::uint32_t> open;
  for (std::uint32_t row = 0; row < held.rows().size(); ++row) {
    const dispute& one = held[row];
    if (!held.is_live(row) || one.opened > today || (one.closed != no_day && one.closed <= today) ||
        !concerns(one.document))
      continue;
    const std::string_view document = from.document(one.document);
    const std::uint32_t about = from.items().find(one.document);
    if (about == none) {
      state.findings.push_back({document, ledger_finding::unknown_document, {}, one.currency, one.amount});
    } else {
      if (items[about].date > today)
        continue;
      if (from.items().other(one.document) != none)
        detail::note_conflict(refusal, "document", document, items[about].revision);
      if (items[about].currency != one.currency && refusal.comes_first(document))
        refusal.note(document, status::currency,
                     "ledger: document " + std::string(document) + " is in " +
                         detail::shown_currency(items[about].currency) + ", but its dispute " +
                         std::string(names[one.number]) + " is in " + detail::shown_currency(one.currency) +
                         "; both must be in the same currency");
    }
    open.push_back(row);
  }
  refusal.raise();

  std::sort(open.begin(), open.end(), [&](std::uint32_t left, std::uint32_t right) {
    return std::make_tuple(from.document(held[left].document), held[left].currency) <
           std::make_tuple(from.document(held[right].document), held[right].currency);
  });
  for (std::size_t first = 0; first < open.size();) {
    const dispute& some = held[open[first]];
    disputed_document made{.document = some.document,
                           .currency = some.currency,
                           .amount = 0,
                           .disputes = 0,
                           .since = some.opened};
    wide_integer amount = 0;
    for (; first < open.size() && held[open[first]].document == made.document &&
           held[open[first]].currency == made.currency;
         ++first) {
      amount += held[open[first]].amount;
      made.since = std::min(made.since, held[open[first]].opened);
      ++made.disputes;
    }
    made.amount = detail::shown_amount(amount);
    if (made.amount != amount)
      throw error(status::overflow, "ledger: what is disputed of document " +
                                        std::string(from.document(made.document)) + " does not fit 64 bits");
    const std::uint32_t about = from.items().find(made.document);
    if (about != none && amount > items[about].amount)
      state.findings.push_back({from.document(made.document), ledger_finding::over_disputed,
                                from.customer(items[about].customer), made.currency,
                                made.amount - items[about].amount});
    state.documents.push_back(made);
  }
  std::sort(state.findings.begin(), state.findings.end());
  return state;
}

} // namespace emptor::stats
