// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include <emptor/core/date.hpp>
#include <emptor/stats/ledger_findings.hpp>

namespace emptor::stats {

/// What of a document is open on a day.
struct open_item {
  std::int64_t open = 0;   ///< minor units; above 0 the customer owes it, below 0 it is owed to the customer
  std::int64_t amount = 0; ///< what the document is about, never negative
  std::uint32_t row = 0;   ///< of the ledger's items
  std::int32_t date = 0;
  std::int32_t due = ledger::no_day;
  currency_code currency = 0;
  document_kind kind = document_kind::invoice;

  /// Whether it stands among what is owed: a debit, settled or not, of which not more was settled than it is about.
  [[nodiscard]] bool is_owed() const noexcept { return is_debit(kind) && open >= 0; }
};

/// The ledger as it stood at the end of a day.
struct ledger_state {
  using customer = customer_rows;
  std::vector<customer> customers; ///< who has a document by then, in the byte order of their names
  std::vector<open_item> items;    ///< all documents by then, settled ones too; by customer, else in no order
  std::vector<found_in_ledger> findings;
};

/// Replays a ledger: only documents dated up to `as_of` count, and a settlement counts from the latest of its
/// own date and those of its two documents on. What a settlement moves it moves on both sides, so the sum of
/// what is open is the sum of the documents on every day. Where the two documents belong to different
/// customers (a head office that pays for its branch) it moves what is open from the one to the other.
///
/// \param keys only these customers; refusals and findings that do not concern them are left out
/// \throws error status::conflict where a document has two contents, status::currency where a settlement and
///         its documents are of different currencies, status::overflow where what is open does not fit 64
///         bits; each names the document. status::cancelled
/// \param moved called as `moved(row, settling_row, settlement)` for every settlement that counts
template <class Moved>
[[nodiscard]] ledger_state open_items(const ledger& from, date as_of,
                                      const std::optional<std::vector<std::string>>& keys, const run& how,
                                      const Moved& moved) {
  const std::int32_t today = days_since_epoch(as_of);
  constexpr std::uint32_t none = ledger::no_text;
  const auto items = from.items().rows();
  const auto settlements = from.settlements().rows();
  const double work = 1.0 + static_cast<double>(items.size() + settlements.size());
  ledger_state state;
  detail::first_refusal refusal;
  how.check(0.0);

  const std::vector<std::uint8_t> wanted = from.customers().wanted(keys);
  const auto concerns = [&](std::uint32_t document) {
    const std::uint32_t row = document == none ? none : from.items().find(document);
    const std::uint32_t other = document == none ? none : from.items().other(document);
    return (row != none && wanted[items[row].customer] != 0) ||
           (other != none && wanted[items[other].customer] != 0);
  };
  const auto note_conflict = [&](std::uint32_t document) {
    detail::note_conflict(refusal, "document", from.document(document),
                          items[from.items().find(document)].revision);
  };
  from.items().for_each_contested([&](std::uint32_t document) {
    if (concerns(document))
      note_conflict(document);
  });
  from.settlements().for_each_contested([&](std::uint32_t number) {
    const std::uint32_t both[] = {from.settlements().find(number), from.settlements().other(number)};
    const bool any = !keys || std::any_of(std::begin(both), std::end(both), [&](std::uint32_t row) {
      return concerns(settlements[row].document) || concerns(settlements[row].settling_document);
    });
    if (any)
      detail::note_conflict(refusal, "settlement", from.settlement_number(number),
                            settlements[both[0]].revision);
  });
  refusal.raise();

  // How much of each document is settled. Sums of 128 bits: a settlement too large may be taken back later.
  std::vector<wide_integer> settled(settlements.empty() ? 0 : items.size(), 0);
  // Documents lie all over memory: those of the settlements that follow are called for before they are needed.
  constexpr std::size_t ahead = 128;
  std::array<std::array<std::uint32_t, 2>, ahead> found;
  const auto call_for = [&](std::size_t begin) {
    const auto block = settlements.subspan(begin, std::min(ahead, settlements.size() - begin));
    for (const ledger::settlement& one : block) {
      from.items().prefetch(one.document);
      from.items().prefetch(one.settling_document);
    }
    for (std::size_t k = 0; k < block.size(); ++k) {
      found[k] = {from.items().find(block[k].document), from.items().find(block[k].settling_document)};
      for (const std::uint32_t row : found[k]) {
        if (row == none)
          continue;
        __builtin_prefetch(&items[row]);
        __builtin_prefetch(&settled[row], 1);
      }
    }
  };
  for (std::uint32_t i = 0; i < settlements.size(); ++i) {
    if (i % 65536 == 0)
      how.check(static_cast<double>(i) / work);
    if (i % ahead == 0)
      call_for(i);
    const ledger::settlement& one = settlements[i];
    if (one.date > today || !from.settlements().is_live(i))
      continue;
    const std::array<std::uint32_t, 2> rows = found[i % ahead];
    const bool known = rows[0] != none && rows[1] != none;
    if (keys && !concerns(one.document) && !concerns(one.settling_document))
      continue;
    bool counts = known;
    for (const std::uint32_t row : rows) {
      if (row == none)
        continue;
      counts = counts && items[row].date <= today;
      if (from.items().other(items[row].document) != none)
        note_conflict(items[row].document); // of a customer that is not asked for
      if (items[row].currency != one.currency) {
        const std::string_view document = from.document(items[row].document);
        if (refusal.comes_first(document))
          refusal.note(document, status::currency,
                       "ledger: document " + std::string(document) + " is in " +
                           detail::shown_currency(items[row].currency) + ", but its settlement of " +
                           to_string(date_from_days(one.date)) + " is in " +
                           detail::shown_currency(one.currency) + "; both must be in the same currency");
      }
    }
    const auto customer_of = [&](std::uint32_t row) {
      return row == none ? std::string_view{} : from.customer(items[row].customer);
    };
    if (!known) {
      for (std::size_t side = 0; side < 2; ++side) {
        const std::uint32_t document = side == 0 ? one.document : one.settling_document;
        if (rows[side] == none && document != none)
          state.findings.push_back({from.document(document), ledger_finding::unknown_document,
                                    customer_of(rows[1 - side]), one.currency, one.amount});
      }
    } else if (is_debit(items[rows[0]].kind) == is_debit(items[rows[1]].kind)) {
      if (counts)
        state.findings.push_back({from.document(one.document), ledger_finding::same_side,
                                  customer_of(rows[0]), one.currency, one.amount});
    } else if (counts) {
      settled[rows[0]] += one.amount;
      settled[rows[1]] += one.amount;
      moved(rows[0], rows[1], one);
      for (const std::uint32_t row : rows) {
        if (one.date < items[row].date)
          state.findings.push_back({from.document(items[row].document),
                                    ledger_finding::settled_before_document, customer_of(row), one.currency,
                                    one.amount});
      }
    }
  }
  refusal.raise();

  // One pass counts the documents of each customer, a second one puts them in their places.
  const auto counts = [&](std::uint32_t row) {
    return items[row].date <= today && wanted[items[row].customer] != 0 && from.items().is_live(row);
  };
  std::vector<std::size_t> place(from.customers().size(), 0);
  constexpr std::size_t far = 64;
  constexpr std::size_t near = 32;
  for (std::uint32_t row = 0; row < items.size(); ++row) {
    if (row + far < items.size())
      __builtin_prefetch(&place[items[row + far].customer], 1);
    place[items[row].customer] += counts(row) ? 1U : 0U;
  }
  how.check((static_cast<double>(settlements.size()) + static_cast<double>(items.size()) / 2.0) / work);
  std::size_t total = 0;
  for (const std::uint32_t id : from.customers().sorted()) {
    const std::size_t count = place[id];
    place[id] = total;
    if (count > 0)
      state.customers.push_back({id, total, total + count});
    total += count;
  }
  state.items.resize(total);
  constexpr std::int64_t limit = std::numeric_limits<std::int64_t>::max();
  for (std::uint32_t row = 0; row < items.size(); ++row) {
    if (row + far < items.size()) {
      __builtin_prefetch(&place[items[row + far].customer], 1);
      if (const std::size_t to = place[items[row + near].customer]; to < total)
        __builtin_prefetch(&state.items[to], 1);
    }
    if (!counts(row))
      continue;
    const ledger::item& one = items[row];
    const wide_integer paid = settled.empty() ? 0 : settled[row];
    const wide_integer rest = is_debit(one.kind) ? one.amount - paid : paid - one.amount;
    if (rest > limit || rest < -limit) {
      const std::string_view document = from.document(one.document);
      refusal.note(document, status::overflow,
                   "ledger: what is open of document " + std::string(document) + " does not fit 64 bits");
      continue;
    }
    const auto finding = [&](ledger_finding what, wide_integer amount) {
      state.findings.push_back({from.document(one.document), what, from.customer(one.customer), one.currency,
                                static_cast<std::int64_t>(amount)});
    };
    if (paid > one.amount)
      finding(ledger_finding::over_settled, paid - one.amount);
    if (paid < 0)
      finding(ledger_finding::over_reversed, -paid);
    if (one.due != ledger::no_day && one.due < one.date)
      finding(ledger_finding::due_before_document, one.amount);
    if (one.has_terms() &&
        from.terms(one).discount > one.amount) // not where there is none: that is below any
      finding(ledger_finding::discount_over_amount, from.terms(one).discount - one.amount);
    state.items[place[one.customer]++] = {
        static_cast<std::int64_t>(rest), one.amount, row, one.date, one.due, one.currency, one.kind};
  }
  refusal.raise();
  std::sort(state.findings.begin(), state.findings.end());
  return state;
}
[[nodiscard]] inline ledger_state open_items(const ledger& from, date as_of,
                                             const std::optional<std::vector<std::string>>& keys = {},
                                             const run& how = {}) {
  return open_items(from, as_of, keys, how, [](std::uint32_t, std::uint32_t, const ledger::settlement&) {});
}

} // namespace emptor::stats
