// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/credit/by_group.hpp>
#include <emptor/credit/exposure_class.hpp>
#include <emptor/stats/one_currency.hpp>
#include <emptor/stats/open_commitments.hpp>
#include <emptor/stats/valid_securities.hpp>

/// Exposures by customer and currency, of which all others are sums.
namespace emptor::credit {

inline constexpr std::string_view exposure_name = "credit.exposure";

struct exposure_request {
  date as_of;
  /// The last planned day of orders within the horizon; without it all are. An order without a planned day always is.
  std::optional<date> horizon{};
  /// Millionths of the amount of an order, delivery or billing document: a rest of up to this share counts as done.
  std::int64_t tolerance = 0;
  std::int32_t grace_days = 0; ///< after the due date, on which an item is not overdue yet
  by_exposure_class<bool> counts = all_exposure_classes; ///< which of them are in the total
  bool deduct_secured = true;                        ///< from the total; what is secured is told in any case
  std::optional<stats::currency_code> in_currency{}; ///< without it each currency stays by itself
};

/// Minor units of one currency. The first of them are disjoint and all there is.
struct exposure_sums {
  enum part : std::size_t {
    current,          ///< open items that are not overdue
    overdue,          ///< open items that are
    unallocated,      ///< credits that settle nothing, and what was settled beyond a document's amount
    deliveries,       ///< delivered, not invoiced
    billing,          ///< invoiced, not posted
    orders_near,      ///< ordered and not delivered, within the horizon
    orders_far,       ///< beyond it
    special,          ///< special liabilities
    within_tolerance, ///< rests of orders, deliveries and billing documents that count as done
    secured,          ///< of the total, by securities
    count
  };
  std::array<wide_integer, count> parts{};
  std::int64_t oldest_overdue = 0; ///< days

  exposure_sums& operator+=(const exposure_sums& other) noexcept {
    for (std::size_t i = 0; i < count; ++i)
      parts[i] += other.parts[i];
    oldest_overdue = std::max(oldest_overdue, other.oldest_overdue);
    return *this;
  }
  [[nodiscard]] wide_integer open_items() const noexcept {
    return parts[current] + parts[overdue] + parts[unallocated];
  }
  /// The classes that count, of orders those within the horizon.
  [[nodiscard]] wide_integer total(const by_exposure_class<bool>& counts) const noexcept {
    const by_exposure_class<wide_integer> owed{open_items(), parts[deliveries], parts[orders_near],
                                               parts[billing], parts[special]};
    wide_integer sum = 0;
    for (std::size_t i = 0; i < owed.size(); ++i)
      sum += counts[i] ? owed[i] : 0;
    return sum;
  }
};

namespace detail {

/// The state of a ledger on a day, by whom it is asked about.
struct exposed_customer {
  std::uint32_t id = 0;
  stats::customer_rows items{};
  stats::customer_rows commitments{};
  stats::customer_rows securities{};
};

/// What is known of customers on a day, and what it comes to by customer and currency.
class exposure_book {
public:
  struct cell {
    std::uint32_t customer = 0;
    stats::currency_code currency = 0;
    exposure_sums sums;
  };

  exposure_book(const stats::ledger& from, const exposure_request& asked,
                const std::optional<std::vector<std::string>>& keys, const run& how)
      : from_(from)
      , asked_(asked)
      , how_(how)
      , today_(days_since_epoch(asked.as_of))
      , items_(stats::open_items(from, asked.as_of, keys, how)) {
    const run quiet{.cancel = how.cancel}; // the share done has been told
    commitments_ = stats::open_commitments(from, asked.as_of, keys, quiet);
    securities_ = stats::valid_securities(from, asked.as_of, keys, quiet);
    for (const std::uint32_t row : securities_.rows)
      guarantees_.push_back(from.records<stats::security>()[row]);
    if (asked.in_currency)
      express(*asked.in_currency);
  }

  /// Calls `body(cell)` for each customer in the byte order of their names, and currency in the order of their codes.
  template <class Body>
  void for_each_cell(const Body& body) {
    std::size_t done = 0;
    for_each_customer([&](const exposed_customer& one) {
      if (done++ % 4096 == 0 && how_.cancelled())
        how_.check(1.0);
      cells_.clear();
      add_items(one);
      add_commitments(one);
      for (std::size_t i = one.securities.first; i < one.securities.last; ++i)
        (void)sums_of(one, guarantees_[i].currency);
      std::sort(cells_.begin(), cells_.end(),
                [](const cell& left, const cell& right) { return left.currency < right.currency; });
      for (cell& each : cells_) {
        secure(one, each);
        body(static_cast<const cell&>(each));
      }
    });
  }

  [[nodiscard]] std::vector<stats::found_in_ledger> findings() const {
    std::vector<stats::found_in_ledger> all(items_.findings);
    all.insert(all.end(), commitments_.findings.begin(), commitments_.findings.end());
    all.insert(all.end(), securities_.findings.begin(), securities_.findings.end());
    return all;
  }

private:
  template <class Visit>
  void for_each_customer(const Visit& visit) const {
    const std::vector<stats::customer_rows>* const lists[] = {&items_.customers, &commitments_.customers,
                                                              &securities_.customers};
    std::array<std::size_t, 3> at{};
    const auto id_at = [&](std::size_t list) {
      return at[list] < lists[list]->size() ? (*lists[list])[at[list]].id : stats::ledger::no_text;
    };
    for (;;) {
      std::uint32_t next = stats::ledger::no_text;
      for (std::size_t list = 0; list < at.size(); ++list) {
        const std::uint32_t id = id_at(list);
        if (id != stats::ledger::no_text &&
            (next == stats::ledger::no_text || (id != next && from_.customer(id) < from_.customer(next))))
          next = id;
      }
      if (next == stats::ledger::no_text)
        return;
      const auto rows = [&](std::size_t list) {
        return id_at(list) == next ? (*lists[list])[at[list]++] : stats::customer_rows{};
      };
      exposed_customer one{.id = next};
      one.items = rows(0);
      one.commitments = rows(1);
      one.securities = rows(2);
      visit(one);
    }
  }

  exposure_sums& sums_of(const exposed_customer& one, stats::currency_code currency) {
    for (cell& known : cells_) {
      if (known.currency == currency)
        return known.sums;
    }
    cells_.push_back({one.id, currency, {}});
    return cells_.back().sums;
  }

  void add_items(const exposed_customer& whose) {
    for (std::size_t i = whose.items.first; i < whose.items.last; ++i) {
      const stats::open_item& one = items_.items[i];
      exposure_sums& sums = sums_of(whose, one.currency);
      const bool owed = one.is_owed();
      const bool late = owed && one.due != stats::ledger::no_day && one.due + asked_.grace_days < today_;
      sums.parts[!owed  ? exposure_sums::unallocated
                 : late ? exposure_sums::overdue
                        : exposure_sums::current] += one.open;
      if (late && one.open > 0)
        sums.oldest_overdue = std::max<std::int64_t>(sums.oldest_overdue, today_ - one.due);
    }
  }

  void add_commitments(const exposed_customer& whose) {
    using stats::commitment_kind;
    for (std::size_t i = whose.commitments.first; i < whose.commitments.last; ++i) {
      const std::int64_t open = commitments_.commitments[i].open;
      const stats::commitment& one = commitment_of(commitments_.commitments[i]);
      const bool done = one.kind != commitment_kind::special_liability && open < one.amount &&
                        wide_integer{open} * 1'000'000 <= wide_integer{one.amount} * asked_.tolerance;
      const bool near =
          !asked_.horizon || one.planned == no_day || one.planned <= days_since_epoch(*asked_.horizon);
      exposure_sums::part into = exposure_sums::within_tolerance;
      if (!done) {
        switch (one.kind) {
        case commitment_kind::order:
          into = near ? exposure_sums::orders_near : exposure_sums::orders_far;
          break;
        case commitment_kind::delivery:
          into = exposure_sums::deliveries;
          break;
        case commitment_kind::billing_document:
          into = exposure_sums::billing;
          break;
        case commitment_kind::special_liability:
          into = exposure_sums::special;
          break;
        }
      }
      sums_of(whose, asked_.in_currency.value_or(one.currency)).parts[into] +=
          expressed_.empty() ? open : expressed_[i];
    }
  }

  [[nodiscard]] const stats::commitment& commitment_of(const stats::open_commitment& open) const noexcept {
    return from_.records<stats::commitment>()[open.row];
  }

  /// What securities cover of the total, at most all of it.
  void secure(const exposed_customer& whose, cell& of) const {
    const wide_integer total = of.sums.total(asked_.counts);
    if (total <= 0 || whose.securities.first == whose.securities.last)
      return;
    const std::int64_t owed = fitting(exposure_name, total, "exposure", from_.customer(whose.id));
    wide_integer covered = 0;
    for (std::size_t i = whose.securities.first; i < whose.securities.last; ++i) {
      if (guarantees_[i].currency == of.currency)
        covered += stats::covered_by(guarantees_[i], owed);
    }
    of.sums.parts[exposure_sums::secured] = std::min(covered, total);
  }

  /// What is open and what secures it, in one currency.
  void express(stats::currency_code in) {
    stats::one_currency rates(from_, asked_.as_of, in);
    stats::detail::first_refusal refusal;
    rates.express(items_, refusal);
    expressed_.reserve(commitments_.commitments.size());
    for (const stats::open_commitment& open : commitments_.commitments) {
      const stats::commitment& one = commitment_of(open);
      expressed_.push_back(
          rates.of(refusal, "document", from_.texts().commitments[one.document], open.open, one.currency));
    }
    for (stats::security& one : guarantees_) {
      one.amount =
          rates.of(refusal, "security", from_.texts().securities[one.number], one.amount, one.currency);
      one.currency = in;
    }
    refusal.raise();
  }

  const stats::ledger& from_;
  const exposure_request& asked_;
  const run& how_;
  std::int32_t today_;
  stats::ledger_state items_;
  stats::commitment_state commitments_;
  stats::security_state securities_;
  std::vector<stats::security> guarantees_; ///< the rows of `securities_`, as they count
  std::vector<std::int64_t> expressed_; ///< what is open of `commitments_`, where one currency is asked for
  std::vector<cell> cells_;             ///< of the customer at hand
};

} // namespace detail

} // namespace emptor::credit
