// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/credit/by_group.hpp>
#include <emptor/credit/dunning_policy.hpp>

/// Dunning (催收): which customers get a letter of which level about which documents.
///
/// A document climbs one level at a time, however late it is: the next one after its last letter, once as many days have
/// passed since its due date as the level asks for, and since that letter as lie between the two. No level comes twice for
/// a document until it is settled. A document that is settled and owed again (a payment that bounced) begins anew.
namespace emptor::credit {

/// What became of an overdue document.
enum class dunning_outcome : std::int32_t {
  dunned = 0,
  not_yet = 1,            ///< its next level asks for more days
  too_soon = 2,           ///< the last letter is too recent
  highest_level = 3,      ///< there is no next level
  small_item = 4,         ///< less than minimum_item is open
  below_minimum = 5,      ///< the letter would be about less than its level's minimum
  covered_by_credits = 6, ///< so much is owed to the customer
  blocked = 7,
  dispute = 8,
  promise = 9,
  other_stop = 10,
};
inline constexpr std::string_view dunning_outcome_levels[] = {
    "dunned",  "not_yet", "too_soon", "highest_level", "small_item", "below_minimum", "covered_by_credits",
    "blocked", "dispute", "promise",  "other_stop"};

enum class dunning_letters : std::int32_t { one = 0, per_level = 1 };

struct dunned_document {
  std::uint32_t row = 0; ///< of the ledger's items
  std::int64_t open = 0;
  std::int32_t due = 0;
  dunned_before before;
  std::int64_t level = 0; ///< that it has now
  dunning_outcome outcome = dunning_outcome::dunned;
};

struct dunning_letter {
  stats::currency_code currency = 0;
  std::int64_t level = 0;
  std::string_view text;
  std::int64_t documents = 0;
  std::int32_t oldest_due = 0;
  std::int64_t amount = 0;      ///< minor units of its documents
  std::int64_t unallocated = 0; ///< what of the customer's credits it takes into account, 0 or below
  std::int64_t fee = 0;
};

struct dunning_request {
  date as_of{};
  dunning_letters letters = dunning_letters::one;
  bool net_of_credits = true;
  double minimum_item = 0.0; ///< whole units of the document's currency, below which it is left out
};

namespace detail {

/// The letters of one customer in one currency.
class dunning_of_customer {
public:
  dunning_of_customer(const std::vector<dunning_step>& levels, stats::currency_code currency,
                      std::string_view customer)
      : levels_(levels)
      , currency_(currency)
      , customer_(customer) {}

  /// What the next letter of a document says, before sums are looked at.
  [[nodiscard]] dunning_outcome outcome_of(const dunned_document& one, std::int32_t today) const {
    const std::int64_t next = one.before.level + 1;
    if (next > static_cast<std::int64_t>(levels_.size()))
      return dunning_outcome::highest_level;
    const dunning_step& level = levels_[static_cast<std::size_t>(next - 1)];
    if (std::int64_t{today} - one.due < level.days)
      return dunning_outcome::not_yet;
    if (one.before.date != emptor::no_day && std::int64_t{today} - one.before.date < level.interval)
      return dunning_outcome::too_soon;
    return dunning_outcome::dunned;
  }

  /// Makes the letters, the highest level first. \param documents those of outcome dunned; what no letter is written for
  /// gets another outcome \param credits what is owed to the customer, 0 or below
  void write(std::span<dunned_document*> documents, dunning_letters mode, wide_integer credits,
             std::vector<dunning_letter>& into) const {
    std::stable_sort(
        documents.begin(), documents.end(),
        [](const dunned_document* left, const dunned_document* right) { return left->level > right->level; });
    for (std::size_t first = 0; first < documents.size();) {
      std::size_t last = documents.size();
      if (mode == dunning_letters::per_level) {
        last = first;
        while (last < documents.size() && documents[last]->level == documents[first]->level)
          ++last;
      }
      write_one(documents.subspan(first, last - first), credits, into);
      first = last;
    }
  }

private:
  void write_one(std::span<dunned_document*> documents, wide_integer& credits,
                 std::vector<dunning_letter>& into) const {
    const dunning_step& level = levels_[static_cast<std::size_t>(documents.front()->level - 1)];
    wide_integer amount = 0;
    std::int32_t oldest = documents.front()->due;
    for (const dunned_document* one : documents) {
      amount += one->open;
      oldest = std::min(oldest, one->due);
    }
    const wide_integer taken = std::min(-credits, amount);
    credits += taken;
    std::optional<dunning_outcome> held_back;
    if (amount == taken)
      held_back = dunning_outcome::covered_by_credits;
    else if (amount - taken < level.minimum_amount)
      held_back = dunning_outcome::below_minimum;
    if (held_back) {
      for (dunned_document* one : documents) {
        one->outcome = *held_back;
        one->level = one->before.level;
      }
      return;
    }
    into.push_back({.currency = currency_,
                    .level = documents.front()->level,
                    .text = level.text,
                    .documents = static_cast<std::int64_t>(documents.size()),
                    .oldest_due = oldest,
                    .amount = fitting(dunning_name, amount, "sum of a letter", customer_),
                    .unallocated = -fitting(dunning_name, taken, "sum of a letter", customer_),
                    .fee = level.fee});
    static_cast<void>(fitting(dunning_name, amount - taken + level.fee, "sum of a letter", customer_));
  }

  const std::vector<dunning_step>& levels_;
  stats::currency_code currency_;
  std::string_view customer_;
};

} // namespace detail

/// Calls `body(group, documents, letters)` for each customer and currency with an overdue document, or with one that was
/// dunned before and is still owed. Documents stand in the byte order of their numbers, letters with the highest level
/// first. \throws error as `stats::open_items`; status::data of the levels, status::overflow of a letter
template <class Body>
void dun(const stats::ledger& from, const dunning_request& asked, const dunning_levels& levels,
         const std::map<std::string_view, dunned_before>& previous, const dunning_stops& stops,
         const std::optional<std::vector<std::string>>& keys, const run& how, const Body& body) {
  const std::int32_t today = days_since_epoch(asked.as_of);
  stats::ledger_state state = stats::open_items(from, asked.as_of, keys, how);
  const auto items = from.items().rows();
  std::vector<dunned_document> documents;
  std::vector<dunned_document*> due;
  std::vector<dunning_letter> letters;
  std::size_t done = 0;
  for_each_group(dunning_name, from, state, "customer", !keys, [&](const document_group& group) {
    if (++done % 4096 == 0 && how.cancelled())
      how.check(1.0);
    documents.clear();
    letters.clear();
    wide_integer credits = 0;
    for (const stats::open_item& one : group.items) {
      if (!stats::is_debit(one.kind) || one.open < 0)
        credits += one.open;
      if (!stats::is_debit(one.kind) || one.open <= 0)
        continue;
      dunned_document made{.row = one.row, .open = one.open, .due = one.due, .before = {}, .level = 0};
      if (const auto found = previous.find(from.document(items[one.row].document)); found != previous.end())
        made.before = found->second;
      made.level = made.before.level;
      made.outcome = dunning_outcome::not_yet;
      if ((one.due != stats::ledger::no_day && one.due < today) || made.level > 0)
        documents.push_back(made);
    }
    if (documents.empty())
      return;
    std::sort(documents.begin(), documents.end(),
              [&](const dunned_document& left, const dunned_document& right) {
                return from.document(items[left.row].document) < from.document(items[right.row].document);
              });
    const detail::dunning_of_customer customer(levels.of(group.currency), group.currency, group.name);
    const std::int64_t least = least_minor_units(asked.minimum_item, group.currency);
    due.clear();
    for (dunned_document& one : documents) {
      if (one.due == stats::ledger::no_day || one.due >= today)
        continue;
      if (const auto stop = stops.find(from.document(items[one.row].document), group.name)) {
        one.outcome = static_cast<dunning_outcome>(static_cast<std::int32_t>(dunning_outcome::blocked) +
                                                   static_cast<std::int32_t>(*stop));
        continue;
      }
      one.outcome = customer.outcome_of(one, today);
      if (one.outcome == dunning_outcome::dunned && one.open < least)
        one.outcome = dunning_outcome::small_item;
      if (one.outcome == dunning_outcome::dunned) {
        ++one.level;
        due.push_back(&one);
      }
    }
    if (!due.empty())
      customer.write(due, asked.letters, asked.net_of_credits ? credits : 0, letters);
    body(group, std::span<const dunned_document>(documents), std::span<const dunning_letter>(letters));
  });
}

} // namespace emptor::credit
