// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/date.hpp>
#include <emptor/stats/ledger_findings.hpp>

namespace emptor::stats {

/// What of an order or delivery is not delivered or invoiced on a day.
struct open_commitment {
  std::int64_t open = 0; ///< minor units, from 0 to the amount
  std::uint32_t row = 0; ///< of the ledger's commitments
};

/// Orders and deliveries as they stood at the end of a day.
struct commitment_state {
  std::vector<customer_rows> customers; ///< who has one by then, in the byte order of their names
  std::vector<open_commitment>
      commitments; ///< all by then, those of which nothing is open too; by customer, else
                   ///< in no order
  std::vector<found_in_ledger> findings;
};

namespace detail {

/// Orders and deliveries, and what each follows. Every one follows at most one other, so that the ways upwards are
/// lines, which may end in a circle where somebody made a mistake.
class commitment_chains {
public:
  explicit commitment_chains(const ledger& from, const std::vector<std::uint8_t>& wanted)
      : held_(from.records<commitment>())
      , in_circle_(held_.rows().size(), 0)
      , matters_(held_.rows().size(), unknown) {
    std::vector<std::uint32_t> path;
    for (std::uint32_t row = 0; row < held_.rows().size(); ++row) {
      if (!held_.is_live(row))
        continue;
      path.clear();
      std::uint32_t at = row;
      for (; at != none && matters_[at] == unknown; at = followed_by(at)) {
        matters_[at] = on_path;
        path.push_back(at);
      }
      bool above = at != none && matters_[at] == yes;
      if (at != none && matters_[at] == on_path) {
        const auto circle = std::find(path.begin(), path.end(), at);
        above = std::any_of(circle, path.end(),
                            [&](std::uint32_t one) { return wanted[held_[one].customer] != 0; });
        std::for_each(circle, path.end(), [&](std::uint32_t one) { in_circle_[one] = 1; });
      }
      for (auto one = path.rbegin(); one != path.rend(); ++one) {
        above = above || wanted[held_[*one].customer] != 0;
        matters_[*one] = above ? yes : no;
      }
    }
  }

  /// The row that a row follows, `ledger::no_text` where it is not there.
  [[nodiscard]] std::uint32_t followed_by(std::uint32_t row) const noexcept {
    const std::uint32_t follows = held_[row].follows;
    return follows == none ? none : held_.find(follows);
  }
  /// Whether what a row says counts for a customer who is asked for: its own one, or that of what it follows.
  [[nodiscard]] bool matters(std::uint32_t row) const noexcept { return matters_[row] == yes; }
  [[nodiscard]] bool in_circle(std::uint32_t row) const noexcept { return in_circle_[row] != 0; }

  /// Calls `visit(row)` for each row that counts, those that follow before what they follow; those in circles come
  /// last, all of them at once in `visit_circles(rows)`.
  template <class Visit, class VisitCircles>
  void from_last_to_first(const Visit& visit, const VisitCircles& visit_circles) const {
    const auto rows = static_cast<std::uint32_t>(held_.rows().size());
    std::vector<std::uint32_t> waiting(rows, 0);
    std::vector<std::uint32_t> ready;
    std::vector<std::uint32_t> circles;
    const auto counts = [&](std::uint32_t row) {
      return held_.is_live(row) && held_.find(held_[row].document) == row;
    };
    for (std::uint32_t row = 0; row < rows; ++row) {
      if (const std::uint32_t above = counts(row) ? followed_by(row) : none; above != none)
        ++waiting[above];
    }
    for (std::uint32_t row = 0; row < rows; ++row) {
      if (counts(row))
        (in_circle(row) ? circles : ready).push_back(row);
    }
    ready.erase(
        std::remove_if(ready.begin(), ready.end(), [&](std::uint32_t row) { return waiting[row] != 0; }),
        ready.end());
    while (!ready.empty()) {
      const std::uint32_t row = ready.back();
      ready.pop_back();
      visit(row);
      if (const std::uint32_t above = followed_by(row);
          above != none && --waiting[above] == 0 && !in_circle(above))
        ready.push_back(above);
    }
    visit_circles(circles);
  }

private:
  static constexpr std::uint32_t none = ledger::no_text;
  static constexpr std::uint8_t unknown = 0;
  static constexpr std::uint8_t yes = 1;
  static constexpr std::uint8_t no = 2;
  static constexpr std::uint8_t on_path = 3;

  const revised<commitment>& held_;
  std::vector<std::uint8_t> in_circle_;
  std::vector<std::uint8_t> matters_;
};

/// 1 where a document invoices what it follows, -1 where it takes that back, 0 where it does neither.
[[nodiscard]] constexpr int invoices(document_kind kind) noexcept {
  switch (kind) {
  case document_kind::invoice:
  case document_kind::debit_note:
    return 1;
  case document_kind::credit_note:
    return -1;
  default:
    return 0;
  }
}

/// By document of a ledger the billing document of the same number by a day; empty where there is none at all.
[[nodiscard]] inline std::vector<std::uint32_t> billed_documents(const ledger& from, std::int32_t today) {
  const revised<commitment>& held = from.records<commitment>();
  const ledger_pools& texts = from.texts();
  std::vector<std::uint32_t> billed;
  for (std::uint32_t row = 0; row < held.rows().size(); ++row) {
    const commitment& one = held[row];
    if (one.kind != commitment_kind::billing_document || one.date > today || held.find(one.document) != row)
      continue;
    const std::uint32_t document = texts.documents.find(id_pool::key_of(texts.commitments[one.document]));
    if (document == ledger::no_text)
      continue;
    billed.resize(texts.documents.size(), ledger::no_text);
    billed[document] = one.document;
  }
  return billed;
}

} // namespace detail

/// What of orders and deliveries is not delivered or invoiced on the day `as_of`: the amount, less the amounts of
/// the documents dated by then that follow it, and not below 0; nothing from the day on which it is cancelled.
///
/// An order, its deliveries and its invoices so have no money in common: each passes its amount on to what it
/// follows. Invoices and debit notes that follow one reduce it, a credit note gives back what it takes back, other
/// documents leave it as it is. The invoice that has the number of a billing document is that one, posted: it follows
/// it, whatever else it names. Of a delivery that is cancelled what was invoiced still counts as delivered, and
/// the rest of its order is open again. A document of several orders is pushed as one document for each.
///
/// \param keys only these customers; refusals and findings that do not concern them are left out
/// \throws error status::conflict where a document has two contents, status::currency where one follows another of
///         another currency; each names the document. status::cancelled
[[nodiscard]] inline commitment_state
open_commitments(const ledger& from, date as_of, const std::optional<std::vector<std::string>>& keys = {},
                 const run& how = {}) {
  const std::int32_t today = days_since_epoch(as_of);
  constexpr std::uint32_t none = ledger::no_text;
  const revised<commitment>& held = from.records<commitment>();
  const auto rows = held.rows();
  const id_pool& names = from.texts().commitments;
  const std::vector<std::uint8_t> wanted = from.customers().wanted(keys);
  how.check(0.0);
  if (names.size() == 0) // neither there nor named by a document
    return {};
  const detail::commitment_chains chains(from, wanted);
  commitment_state state;
  detail::first_refusal refusal;

  held.for_each_contested([&](std::uint32_t key) {
    if (chains.matters(held.find(key)) || chains.matters(held.other(key)))
      detail::note_conflict(refusal, "commitment", names[key], rows[held.find(key)].revision);
  });
  const auto check_currencies = [&](std::string_view document, currency_code of, std::uint32_t above) {
    if (of == rows[above].currency)
      return true;
    if (refusal.comes_first(document))
      refusal.note(document, status::currency,
                   "ledger: document " + std::string(document) + " is in " + detail::shown_currency(of) +
                       ", but " + std::string(names[rows[above].document]) + ", which it follows, is in " +
                       detail::shown_currency(rows[above].currency) + "; both must be in the same currency");
    return false;
  };
  const auto unknown = [&](std::uint32_t follows, std::uint32_t customer, currency_code in,
                           std::int64_t amount) {
    if (wanted[customer] != 0)
      state.findings.push_back(
          {names[follows], ledger_finding::unknown_commitment, from.customer(customer), in, amount});
  };

  // How much of each is delivered or invoiced. Sums of 128 bits: what is too much may be taken back later.
  std::vector<wide_integer> passed(rows.size(), 0);
  const auto items = from.items().rows();
  const std::vector<std::uint32_t> billed = detail::billed_documents(from, today);
  for (std::uint32_t i = 0; names.size() > 0 && i < items.size(); ++i) {
    if (i % 65536 == 0)
      how.check(static_cast<double>(i) / static_cast<double>(items.size()));
    const ledger::item& one = items[i];
    std::uint32_t follows = one.has_terms() ? from.terms(one).follows : none;
    if (!billed.empty() && billed[one.document] != none && detail::invoices(one.kind) > 0)
      follows = billed[one.document];
    if (follows == none || one.date > today || detail::invoices(one.kind) == 0 || !from.items().is_live(i))
      continue;
    const std::uint32_t above = held.find(follows);
    if (above == none) {
      unknown(follows, one.customer, one.currency, one.amount);
      continue;
    }
    if (!chains.matters(above) && wanted[one.customer] == 0)
      continue;
    if (from.items().other(one.document) != none)
      detail::note_conflict(refusal, "document", from.document(one.document), one.revision);
    if (check_currencies(from.document(one.document), one.currency, above))
      passed[above] += wide_integer{one.amount} * detail::invoices(one.kind);
  }
  const auto is_cancelled = [&](const commitment& one) {
    return one.cancelled != no_day && one.cancelled <= today;
  };
  const auto within = [](wide_integer amount, const commitment& one) {
    return std::clamp<wide_integer>(amount, 0, one.amount);
  };
  const auto pass_on = [&](std::uint32_t row, wide_integer amount) {
    const commitment& one = rows[row];
    if (one.follows == none || one.date > today)
      return;
    const std::uint32_t above = chains.followed_by(row);
    if (above == none)
      unknown(one.follows, one.customer, one.currency, one.amount);
    else if (chains.matters(row) && check_currencies(names[one.document], one.currency, above))
      passed[above] += amount;
  };
  const auto passes_on = [&](std::uint32_t row) {
    return is_cancelled(rows[row]) ? within(passed[row], rows[row]) : wide_integer{rows[row].amount};
  };
  chains.from_last_to_first([&](std::uint32_t row) { pass_on(row, passes_on(row)); },
                            [&](const std::vector<std::uint32_t>& circles) {
                              std::vector<wide_integer> amounts; // before any of them got one of the others
                              for (const std::uint32_t row : circles)
                                amounts.push_back(passes_on(row));
                              for (std::size_t i = 0; i < circles.size(); ++i)
                                pass_on(circles[i], amounts[i]);
                            });
  refusal.raise();

  const auto counts = [&](std::uint32_t row) {
    return rows[row].date <= today && wanted[rows[row].customer] != 0 && held.is_live(row);
  };
  std::vector<std::size_t> place(from.customers().size(), 0);
  for (std::uint32_t row = 0; row < rows.size(); ++row) {
    if (counts(row))
      ++place[rows[row].customer];
  }
  std::size_t total = 0;
  for (const std::uint32_t id : from.customers().sorted()) {
    const std::size_t count = place[id];
    place[id] = total;
    if (count > 0)
      state.customers.push_back({id, total, total + count});
    total += count;
  }
  state.commitments.resize(total);
  const revised<customer_record>& facts = from.records<customer_record>();
  for (std::uint32_t row = 0; row < rows.size(); ++row) {
    if (!counts(row))
      continue;
    const commitment& one = rows[row];
    const auto finding = [&](ledger_finding what, wide_integer amount) {
      state.findings.push_back({names[one.document], what, from.customer(one.customer), one.currency,
                                detail::shown_amount(amount)});
    };
    if (passed[row] > one.amount)
      finding(ledger_finding::over_followed, passed[row] - one.amount);
    if (passed[row] < 0)
      finding(ledger_finding::over_reversed, -passed[row]);
    if (chains.in_circle(row))
      finding(ledger_finding::follows_in_circle, one.amount);
    if (facts.size() > 0 && facts.find(one.customer) == none)
      finding(ledger_finding::unknown_customer, one.amount);
    const wide_integer open = is_cancelled(one) ? 0 : within(one.amount - passed[row], one);
    state.commitments[place[one.customer]++] = {static_cast<std::int64_t>(open), row};
  }
  std::sort(state.findings.begin(), state.findings.end());
  return state;
}

} // namespace emptor::stats
