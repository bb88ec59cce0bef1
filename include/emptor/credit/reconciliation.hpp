// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <iterator>
#include <limits>
#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <emptor/core/money.hpp>
#include <emptor/credit/ledger_tables.hpp>
#include <emptor/stats/open_items.hpp>

namespace emptor::credit {

/// Why a document is in the difference between a ledger and its control account.
enum class reconciling_reason : std::int32_t {
  missing_in_control = 0, ///< the control account does not know it
  missing_in_ledger = 1,  ///< the ledger does not know it, or not yet on that day
  other_amount = 2,       ///< both know it, with unlike open amounts
  unallocated =
      3, ///< a credit that settles nothing yet, or what a document is settled beyond its amount; the control
         ///< account does not know it
  other_customer = 4, ///< both know it, of unlike customers: it is in the difference of both
  other_currency = 5, ///< both know it, in unlike currencies: it is in the difference of both
};
inline constexpr std::string_view reconciling_reasons[] = {"missing_in_control", "missing_in_ledger",
                                                           "other_amount",       "unallocated",
                                                           "other_customer",     "other_currency"};

/// What the control account says of a customer, or of all of them.
struct control_balance {
  std::optional<std::string> customer; ///< none = all customers
  stats::currency_code currency = 0;
  std::int64_t balance = 0; ///< minor units; above 0 customers owe it
};

/// What the control account says of a document.
struct control_document {
  std::string document;
  std::optional<std::string> customer; ///< none = the ledger knows
  stats::currency_code currency = 0;
  std::int64_t open = 0; ///< minor units; above 0 the customer owes it
};

/// A ledger against its control account, as `reconciliation_outputs` describes the tables.
struct reconciliation_report {
  table differences;
  table documents;
  table findings;
};

namespace detail {

/// The difference of one balance, and how much of it each reason explains.
struct reconciled {
  wide_integer ledger = 0;
  wide_integer control = 0;
  std::array<wide_integer, std::size(reconciling_reasons)> explained{};

  [[nodiscard]] wide_integer unexplained() const noexcept {
    wide_integer rest = ledger - control;
    for (const wide_integer one : explained)
      rest -= one;
    return rest;
  }
};

/// A document in the difference. \param customer empty where nobody knows whose it is
struct reconciling_item {
  std::string_view document;
  std::string_view customer;
  stats::currency_code currency = 0;
  reconciling_reason reason = reconciling_reason::other_amount;
  wide_integer ledger = 0;
  wide_integer control = 0;

  [[nodiscard]] wide_integer difference() const noexcept { return ledger - control; }
  friend bool operator<(const reconciling_item& left, const reconciling_item& right) noexcept {
    const auto tied = [](const reconciling_item& one) {
      return std::tie(one.document, one.customer, one.currency, one.reason);
    };
    return tied(left) < tied(right);
  }
};

/// \throws error status::overflow
[[nodiscard]] inline std::int64_t reconciled_amount(wide_integer amount, std::string_view whose) {
  constexpr auto limit = std::numeric_limits<std::int64_t>::max();
  if (amount > limit || amount < -limit)
    throw error(status::overflow, "credit.reconciliation: an amount of " + std::string(whose) +
                                      " does not fit 64 bits of minor units");
  return static_cast<std::int64_t>(amount);
}

/// Finds the documents in which a ledger and a control account differ.
class document_match {
public:
  /// \param wanted  whether a customer's documents count; an empty name is one that nobody knows
  template <class Wanted>
  document_match(const stats::ledger& from, date as_of, const stats::ledger_state& state,
                 const std::vector<control_document>& control, const Wanted& wanted)
      : from_(from)
      , today_(days_since_epoch(as_of))
      , open_(from.items().rows().size(), 0)
      , known_(from.items().rows().size(), 0) {
    for (const stats::open_item& one : state.items) {
      open_[one.row] = one.open;
      known_[one.row] = 1;
    }
    std::vector<line> lines;
    lines.reserve(control.size());
    for (const control_document& one : control)
      lines.push_back({one.document, one.customer ? std::string_view(*one.customer) : std::string_view{},
                       one.currency, one.open});
    std::sort(lines.begin(), lines.end(), [](const line& left, const line& right) {
      return std::tie(left.document, left.customer, left.currency) <
             std::tie(right.document, right.customer, right.currency);
    });
    for (std::size_t first = 0; first < lines.size();) {
      std::size_t last = first + 1;
      while (last < lines.size() && lines[last].document == lines[first].document)
        ++last;
      compare({lines.begin() + static_cast<std::ptrdiff_t>(first),
               lines.begin() + static_cast<std::ptrdiff_t>(last)},
              wanted);
      first = last;
    }
    for (const stats::open_item& one : state.items) {
      if (known_[one.row] == 1)
        add(from_.items()[one.row], alone(one), one.open, 0);
    }
    std::sort(items_.begin(), items_.end());
  }

  [[nodiscard]] const std::vector<reconciling_item>& items() const noexcept { return items_; }

private:
  struct line {
    std::string_view document;
    std::string_view customer;
    stats::currency_code currency;
    wide_integer open;
  };

  /// The reason of a document of which the control account says nothing.
  [[nodiscard]] static reconciling_reason alone(const stats::open_item& one) noexcept {
    return one.is_owed() ? reconciling_reason::missing_in_control : reconciling_reason::unallocated;
  }
  void add(const reconciling_item& one) {
    if (one.difference() != 0)
      items_.push_back(one);
  }
  void add(const stats::ledger::item& of, reconciling_reason why, wide_integer ledger, wide_integer control) {
    add({from_.document(of.document), from_.customer(of.customer), of.currency, why, ledger, control});
  }

  /// All that the control account says of one document.
  template <class Wanted>
  void compare(std::span<const line> lines, const Wanted& wanted) {
    const std::uint32_t number = from_.texts().documents.find(id_pool::key_of(lines.front().document));
    const std::uint32_t row = number == stats::ledger::no_text ? number : from_.items().find(number);
    const stats::ledger::item* const held = row == stats::ledger::no_text ? nullptr : &from_.items()[row];
    const bool is_known = held != nullptr && held->date <= today_;
    wide_integer same = 0;
    bool any_same = false;
    reconciling_reason other = reconciling_reason::other_currency;
    for (std::size_t first = 0; first < lines.size();) {
      const line& some = lines[first];
      wide_integer open = 0;
      for (; first < lines.size() && lines[first].customer == some.customer &&
             lines[first].currency == some.currency;
           ++first)
        open += lines[first].open;
      const std::string_view customer =
          some.customer.empty() && is_known ? from_.customer(held->customer) : some.customer;
      const bool same_customer = is_known && customer == from_.customer(held->customer);
      if (same_customer && some.currency == held->currency) {
        any_same = true;
        same += open;
        continue;
      }
      if (is_known && !same_customer)
        other = reconciling_reason::other_customer;
      if (wanted(customer))
        add({some.document, customer, some.currency,
             !is_known       ? reconciling_reason::missing_in_ledger
             : same_customer ? reconciling_reason::other_currency
                             : reconciling_reason::other_customer,
             0, open});
    }
    if (!is_known || known_[row] == 0) // or it is of a customer who is not asked for
      return;
    known_[row] = 2;
    add(*held, any_same ? reconciling_reason::other_amount : other, open_[row], same);
  }

  const stats::ledger& from_;
  std::int32_t today_;
  std::vector<std::int64_t> open_;  ///< by row
  std::vector<std::uint8_t> known_; ///< by row: 1 = in the ledger on that day, 2 = and in the control account
  std::vector<reconciling_item> items_;
};

} // namespace detail

/// The difference between a ledger and the control account that the general ledger keeps (应收账款对账), on the day
/// `as_of`: per customer where the control account names customers, for all of them where it names none, per
/// currency, and document by document what explains it.
///
/// Of each difference the reasons and what is unexplained add up to it, to the minor unit. Unexplained is what the
/// control account's documents differ from its balance; without its documents all of a difference.
///
/// \param documents of the control account; none = it tells none
/// \param keys only these customers; a balance of all customers is then not compared
/// \throws error what `stats::open_items` throws; status::overflow
[[nodiscard]] inline reconciliation_report
reconcile(const stats::ledger& from, date as_of, const std::vector<control_balance>& balances,
          const std::optional<std::vector<control_document>>& documents,
          const std::optional<std::vector<std::string>>& keys = {}, const run& how = {}) {
  const stats::ledger_state state = stats::open_items(from, as_of, keys, how);
  std::vector<std::string> asked = keys.value_or(std::vector<std::string>{});
  std::sort(asked.begin(), asked.end());
  const auto wanted = [&](std::string_view customer) {
    return !keys || std::binary_search(asked.begin(), asked.end(), customer);
  };
  const bool by_customer = std::any_of(balances.begin(), balances.end(),
                                       [](const control_balance& one) { return one.customer.has_value(); });
  const bool of_all =
      !keys && (!by_customer || std::any_of(balances.begin(), balances.end(),
                                            [](const auto& one) { return !one.customer.has_value(); }));

  using scope = std::tuple<bool, std::string, stats::currency_code>; // the customers after all of them
  std::map<scope, detail::reconciled> found;
  const auto each_scope = [&](std::string_view customer, stats::currency_code currency, const auto& change) {
    if (of_all)
      change(found[{false, {}, currency}]);
    if (by_customer && !customer.empty())
      change(found[{true, std::string(customer), currency}]);
  };
  for (const control_balance& one : balances) {
    if (one.customer ? wanted(*one.customer) : of_all)
      found[{one.customer.has_value(), one.customer.value_or(std::string{}), one.currency}].control +=
          one.balance;
  }
  for (const stats::customer_rows& group : state.customers) {
    std::map<stats::currency_code, wide_integer> sums;
    for (std::size_t i = group.first; i < group.last; ++i)
      sums[state.items[i].currency] += state.items[i].open;
    for (const auto& of_currency : sums)
      each_scope(from.customer(group.id), of_currency.first,
                 [&](detail::reconciled& one) { one.ledger += of_currency.second; });
  }
  how.check(0.9);
  std::vector<detail::reconciling_item> items;
  if (documents)
    items = detail::document_match(from, as_of, state, *documents, wanted).items();
  for (const detail::reconciling_item& item : items)
    each_scope(item.customer, item.currency, [&](detail::reconciled& one) {
      one.explained[static_cast<std::size_t>(item.reason)] += item.difference();
    });

  detail::money_columns money;
  text_buffer customers;
  std::vector<std::int64_t> without_customer;
  std::vector<stats::currency_code> currencies;
  std::array<std::vector<std::int64_t>, 4 + std::size(reconciling_reasons)> amounts;
  for (const auto& [of, one] : found) {
    const auto& [has_customer, customer, currency] = of;
    const std::string_view whose = has_customer ? std::string_view(customer) : "all customers";
    if (!has_customer)
      without_customer.push_back(customers.size());
    customers.push_back(customer);
    currencies.push_back(currency);
    money.met.insert(currency);
    std::size_t place = 0;
    for (const wide_integer amount : {one.ledger, one.control, one.ledger - one.control})
      amounts[place++].push_back(detail::reconciled_amount(amount, whose));
    for (const wide_integer amount : one.explained)
      amounts[place++].push_back(detail::reconciled_amount(amount, whose));
    amounts[place].push_back(detail::reconciled_amount(one.unexplained(), whose));
  }
  column customer = column::texts("customer", std::move(customers));
  for (const std::int64_t row : without_customer)
    customer.set_missing(row);
  reconciliation_report report;
  report.differences = table("differences", {std::move(customer), detail::money_columns::codes(currencies)});
  std::size_t place = 0;
  for (const std::string_view name : {"ledger_balance", "control_balance", "difference"})
    report.differences.add(money.amounts(std::string(name), std::move(amounts[place++])));
  for (const std::string_view name : reconciling_reasons)
    report.differences.add(money.amounts(std::string(name), std::move(amounts[place++])));
  report.differences.add(money.amounts("unexplained", std::move(amounts[place])));

  text_buffer names;
  text_buffer owners;
  std::vector<std::int64_t> without_owner;
  std::vector<stats::currency_code> in;
  std::vector<std::int32_t> reasons;
  std::array<std::vector<std::int64_t>, 3> sides;
  for (const detail::reconciling_item& item : items) {
    if (item.customer.empty())
      without_owner.push_back(owners.size());
    names.push_back(item.document);
    owners.push_back(item.customer);
    in.push_back(item.currency);
    reasons.push_back(static_cast<std::int32_t>(item.reason));
    place = 0;
    for (const wide_integer amount : {item.ledger, item.control, item.difference()})
      sides[place++].push_back(detail::reconciled_amount(amount, item.document));
  }
  column owner = column::texts("customer", std::move(owners));
  for (const std::int64_t row : without_owner)
    owner.set_missing(row);
  const detail::money_columns of_items{{in.begin(), in.end()}};
  report.documents = {"documents",
                      {column::texts("document", std::move(names)), std::move(owner),
                       detail::money_columns::codes(in),
                       column::codes("reason", std::move(reasons), reconciling_reasons),
                       of_items.amounts("ledger_amount", std::move(sides[0])),
                       of_items.amounts("control_amount", std::move(sides[1])),
                       of_items.amounts("difference", std::move(sides[2]))}};
  report.findings = detail::findings_table(state.findings);
  return report;
}

} // namespace emptor::credit
