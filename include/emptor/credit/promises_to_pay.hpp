// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <boost/unordered/unordered_flat_map.hpp>
#include <boost/unordered/unordered_flat_set.hpp>

#include <emptor/math/real.hpp>
#include <emptor/stats/settled_items.hpp>

/// What became of promises to pay (付款承诺). A promise is kept when the money has come by its day, and not before it was
/// made: payments that settle its document, and the cash discount taken with them; where it names no document, payments of the
/// customer but for what settles other customers' documents or those with a promise of their own. No money keeps two promises: that of the earlier day comes first, and
/// takes the earliest money.
namespace emptor::credit {

inline constexpr std::string_view promises_name = "credit.promises_to_pay";

enum class promise_outcome : std::int32_t {
  open = 0,        ///< its day has not passed
  kept = 1,        ///< all of it came in time
  partly_kept = 2, ///< some of it came in time
  broken = 3,      ///< nothing came in time
  withdrawn = 4,   ///< before its day
};
inline constexpr std::string_view promise_outcomes[] = {"open", "kept", "partly_kept", "broken", "withdrawn"};

struct promise_terms {
  date as_of;
  std::int32_t grace_days = 0; ///< that money may be later
  double tolerance = 0.0;      ///< the share of a promise that may be missing
};

struct judged_promise {
  const stats::promise* what = nullptr;
  promise_outcome outcome = promise_outcome::open;
  bool due = false;                              ///< its day, with the days of grace, has passed
  std::int64_t paid_in_time = 0;                 ///< minor units, at most what was promised
  std::int64_t paid = 0;                         ///< the same with what came later
  std::int32_t complete = stats::ledger::no_day; ///< the day on which all of it had come
};

struct judged_promises {
  std::vector<judged_promise> promises; ///< in the byte order of their customers, then of their numbers
  std::vector<stats::found_in_ledger> findings;
};

namespace detail {

/// Money that came on some days, of which none is taken twice.
class received_money {
public:
  struct part {
    std::int32_t day = 0;
    std::int64_t amount = 0; ///< minor units; below 0 = taken back, of what came last before
  };

  explicit received_money(std::vector<part> parts)
      : parts_(std::move(parts)) {
    std::sort(parts_.begin(), parts_.end(), [](const part& left, const part& right) {
      return std::make_tuple(left.day, -left.amount) < std::make_tuple(right.day, -right.amount);
    });
    std::vector<std::size_t> there;
    for (std::size_t i = 0; i < parts_.size(); ++i) {
      part& one = parts_[i];
      while (one.amount < 0 && !there.empty()) {
        part& last = parts_[there.back()];
        const std::int64_t back = std::min(last.amount, -one.amount);
        last.amount -= back;
        one.amount += back;
        if (last.amount == 0)
          there.pop_back();
      }
      if (one.amount > 0)
        there.push_back(i);
    }
    std::erase_if(parts_, [](const part& one) { return one.amount <= 0; });
    for (std::size_t i = 0; i <= parts_.size(); ++i)
      next_.push_back(i);
  }

  /// Takes up to an amount of what came from a day to another one, the earliest first.
  /// \param taken called as `taken(day, amount)`
  template <class Taken>
  void take(std::int32_t first, std::int32_t last, std::int64_t amount, const Taken& taken) {
    const auto begin =
        std::partition_point(parts_.begin(), parts_.end(), [&](const part& one) { return one.day < first; });
    for (std::size_t i = live(static_cast<std::size_t>(begin - parts_.begin()));
         amount > 0 && i < parts_.size() && parts_[i].day <= last; i = live(i)) {
      const std::int64_t some = std::min(parts_[i].amount, amount);
      parts_[i].amount -= some;
      amount -= some;
      if (parts_[i].amount == 0)
        next_[i] = i + 1;
      taken(parts_[i].day, some);
    }
  }

private:
  /// The first part from `i` on of which something is left.
  [[nodiscard]] std::size_t live(std::size_t i) {
    std::size_t found = i;
    while (next_[found] != found)
      found = next_[found];
    while (next_[i] != i)
      i = std::exchange(next_[i], found);
    return found;
  }

  std::vector<part> parts_;       ///< in the order of their days
  std::vector<std::size_t> next_; ///< where to look on, itself where something is left
};

/// Judges promises that wait for the same money.
class promise_judge {
public:
  promise_judge(const promise_terms& terms, const id_pool& numbers)
      : terms_(terms)
      , numbers_(numbers)
      , today_(days_since_epoch(terms.as_of)) {}

  /// \param promises come into the order in which they are served
  void judge(std::span<judged_promise> promises, received_money money) const {
    std::sort(promises.begin(), promises.end(), [&](const judged_promise& left, const judged_promise& right) {
      const auto order = [&](const stats::promise& one) {
        return std::make_tuple(one.pay_by, one.made, numbers_[one.number]);
      };
      return order(*left.what) < order(*right.what);
    });
    for (judged_promise& one : promises) {
      const stats::promise& what = *one.what;
      const std::int32_t last = deadline(what);
      one.due = last <= today_;
      if (what.withdrawn <= std::min(last, today_) && what.withdrawn != stats::ledger::no_day) {
        one.outcome = promise_outcome::withdrawn;
        continue;
      }
      if (least(what) == 0)
        one.complete = what.made;
      take(one, money, what.made, last);
      one.paid_in_time = one.paid;
      one.outcome = one.paid >= least(what) ? promise_outcome::kept
                    : !one.due              ? promise_outcome::open
                    : one.paid > 0          ? promise_outcome::partly_kept
                                            : promise_outcome::broken;
    }
    for (judged_promise& one : promises) {
      if (one.outcome == promise_outcome::partly_kept || one.outcome == promise_outcome::broken)
        take(one, money, deadline(*one.what) + 1, today_);
    }
  }

private:
  [[nodiscard]] std::int32_t deadline(const stats::promise& of) const noexcept {
    return std::min(of.pay_by + terms_.grace_days, last_day);
  }
  /// What must come for all of it to have come.
  [[nodiscard]] std::int64_t least(const stats::promise& of) const noexcept {
    const double missing =
        std::floor(math::value_of(math::real(static_cast<double>(of.amount)) * terms_.tolerance));
    return of.amount - std::min(of.amount, static_cast<std::int64_t>(missing));
  }
  void take(judged_promise& of, received_money& money, std::int32_t first, std::int32_t last) const {
    money.take(first, std::min(last, today_), of.what->amount - of.paid,
               [&](std::int32_t day, std::int64_t amount) {
                 of.paid += amount;
                 if (of.complete == stats::ledger::no_day && of.paid >= least(*of.what))
                   of.complete = day;
               });
  }

  const promise_terms& terms_;
  const id_pool& numbers_;
  std::int32_t today_;
};

/// Judges all promises of a ledger.
class promise_search {
public:
  promise_search(const stats::ledger& from, const promise_terms& terms,
                 const std::optional<std::vector<std::string>>& keys, const run& how)
      : from_(from)
      , history_(from, terms.as_of, stats::settled_side::both, keys, how)
      , judge_(terms, from.texts().promises)
      , today_(days_since_epoch(terms.as_of))
      , wanted_(from.customers().wanted(keys)) {}

  [[nodiscard]] judged_promises all() {
    collect();
    for (const stats::ledger_state::customer& one : history_.state.customers)
      places_.emplace(one.id, std::span(history_.state.items).subspan(one.first, one.last - one.first));
    const auto same_customer = [](const judged_promise& left, const judged_promise& right) {
      return left.what->customer == right.what->customer;
    };
    each_run(found_.promises, same_customer, [&](std::span<judged_promise> some) { of_customer(some); });
    std::sort(found_.promises.begin(), found_.promises.end(),
              [&](const judged_promise& left, const judged_promise& right) {
                return name_of(left) < name_of(right);
              });
    std::sort(found_.findings.begin(), found_.findings.end());
    return std::move(found_);
  }

private:
  using part = received_money::part;

  /// Calls `body` for each run of equals.
  template <class Same, class Body>
  static void each_run(std::span<judged_promise> all, const Same& same, const Body& body) {
    for (std::size_t first = 0, last = 0; first < all.size(); first = last) {
      while (last < all.size() && same(all[first], all[last]))
        ++last;
      body(all.subspan(first, last - first));
    }
  }
  [[nodiscard]] std::tuple<std::string_view, std::string_view>
  name_of(const judged_promise& of) const noexcept {
    return {from_.customer(of.what->customer), from_.texts().promises[of.what->number]};
  }

  /// The promises up to the day, those of a customer, currency and document together.
  void collect() {
    const stats::revised<stats::promise>& held = from_.records<stats::promise>();
    const auto wanted = [&](std::uint32_t row) { return wanted_[held[row].customer] != 0; };
    stats::detail::first_refusal refusal;
    held.for_each_contested([&](std::uint32_t key) {
      const std::uint32_t row = held.find(key);
      if (wanted(row) || wanted(held.other(key)))
        stats::detail::note_conflict(refusal, "promise", from_.texts().promises[key], held[row].revision);
    });
    for (std::uint32_t row = 0; row < held.rows().size(); ++row) {
      if (!held.is_live(row) || !wanted(row) || held[row].made > today_)
        continue;
      note_currency(refusal, held[row]);
      found_.promises.push_back({.what = &held[row]});
    }
    refusal.raise();
    std::sort(found_.promises.begin(), found_.promises.end(),
              [&](const judged_promise& left, const judged_promise& right) {
                const auto order = [](const stats::promise& one) {
                  return std::make_tuple(one.customer, one.currency, one.about);
                };
                return order(*left.what) < order(*right.what);
              });
  }
  void note_currency(stats::detail::first_refusal& refusal, const stats::promise& one) const {
    const std::uint32_t about = document_of(one);
    if (about == stats::ledger::no_text || from_.items()[about].currency == one.currency)
      return;
    const std::string_view name = from_.texts().promises[one.number];
    if (refusal.comes_first(name))
      refusal.note(name, status::currency,
                   "ledger: promise " + std::string(name) + " is in " +
                       stats::detail::shown_currency(one.currency) + ", but its document " +
                       std::string(from_.document(one.about)) + " is in " +
                       stats::detail::shown_currency(from_.items()[about].currency) +
                       "; both must be in the same currency");
  }
  /// The row of the document of a promise where the customer has it.
  [[nodiscard]] std::uint32_t document_of(const stats::promise& one) const noexcept {
    if (one.about == stats::ledger::no_text)
      return stats::ledger::no_text;
    const std::uint32_t row = from_.items().find(one.about);
    return row != stats::ledger::no_text && from_.items()[row].customer == one.customer
               ? row
               : stats::ledger::no_text;
  }

  void of_customer(std::span<judged_promise> promises) {
    const auto place = places_.find(promises.front().what->customer);
    const std::span<const stats::open_item> items =
        place != places_.end() ? place->second : std::span<const stats::open_item>();
    promised_.clear();
    // Promises without a document come last: they wait for what the others leave.
    each_run(
        promises,
        [](const judged_promise& left, const judged_promise& right) {
          return left.what->currency == right.what->currency && left.what->about == right.what->about;
        },
        [&](std::span<judged_promise> some) {
          const stats::promise& any = *some.front().what;
          judge_.judge(some,
                       received_money(any.about != stats::ledger::no_text ? settled(any, some)
                                                                          : loose(any.currency, items)));
        });
  }
  /// The money that settled a document.
  [[nodiscard]] std::vector<part> settled(const stats::promise& by, std::span<const judged_promise> some) {
    const std::uint32_t row = document_of(by);
    if (row == stats::ledger::no_text) {
      for (const judged_promise& one : some)
        found_.findings.push_back({from_.document(by.about), stats::ledger_finding::unknown_document,
                                   from_.customer(by.customer), one.what->currency, one.what->amount});
      return {};
    }
    promised_.insert(row);
    std::vector<part> money;
    for (const stats::settled_part& one : history_.parts_of(row)) {
      if (one.kind() != stats::document_kind::payment && one.kind() != stats::document_kind::discount)
        continue;
      money.push_back({one.day(), one.amount});
    }
    return money;
  }
  /// The payments of the customer, but for what settled documents with a promise of their own or of other customers.
  [[nodiscard]] std::vector<part> loose(stats::currency_code currency,
                                        std::span<const stats::open_item> items) const {
    std::vector<part> money;
    for (const stats::open_item& one : items) {
      if (one.kind != stats::document_kind::payment || one.currency != currency)
        continue;
      const std::uint32_t customer = from_.items()[one.row].customer;
      wide_integer left = one.amount;
      for (const stats::settled_part& settled : history_.parts_of(one)) {
        if (from_.items()[settled.by].customer != customer || promised_.contains(settled.by))
          left -= settled.amount;
      }
      if (left > 0)
        money.push_back({one.date, static_cast<std::int64_t>(std::min<wide_integer>(left, one.amount))});
    }
    return money;
  }

  const stats::ledger& from_;
  stats::settled_items history_;
  promise_judge judge_;
  std::int32_t today_;
  std::vector<std::uint8_t> wanted_;
  judged_promises found_;
  boost::unordered_flat_map<std::uint32_t, std::span<const stats::open_item>> places_; ///< of the customers
  boost::unordered_flat_set<std::uint32_t> promised_; ///< rows of his documents with a promise
};

} // namespace detail

/// \param keys only promises of these customers
/// \throws error status::conflict where a promise or a document has two contents, status::currency where a promise and its
///         document are of different currencies, naming it; what `stats::open_items` throws
[[nodiscard]] inline judged_promises judge_promises(const stats::ledger& from, const promise_terms& terms,
                                                    const std::optional<std::vector<std::string>>& keys = {},
                                                    const run& how = {}) {
  return detail::promise_search(from, terms, keys, how).all();
}

} // namespace emptor::credit
