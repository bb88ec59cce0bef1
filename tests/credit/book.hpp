// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/entry.hpp>

#include "stats/ledger_rows.hpp"

/// Ledgers of a few documents as tests write them down, and what entries give of them.
namespace book {

using ledger_rows::day;

/// Documents of one currency, and what settles them.
struct pages {
  std::vector<ledger_rows::item> items;
  std::vector<ledger_rows::settlement> settlements;
  std::string customer = "Hong";
  std::string region = {};
  std::string currency = "EUR";

  std::string document(const char* kind, std::int64_t amount, const char* date, const char* due = nullptr) {
    const std::string name = "D" + std::to_string(items.size());
    items.push_back({.document = name,
                     .customer = customer,
                     .kind = kind,
                     .amount = amount,
                     .date = day(date),
                     .due = due == nullptr ? std::nullopt : std::optional<std::int32_t>(day(due)),
                     .currency = currency,
                     .region = region});
    return name;
  }
  std::string invoice(std::int64_t amount, const char* date, const char* due = nullptr) {
    return document("invoice", amount, date, due);
  }
  /// A payment that settles a document on its own day. \return its number
  std::string pays(const std::string& debit, std::int64_t amount, const char* date,
                   const char* kind = "payment") {
    std::string credit = document(kind, amount, date);
    settles(debit, credit, amount, date);
    return credit;
  }
  void settles(const std::string& debit, const std::string& credit, std::int64_t amount, const char* date) {
    settlements.push_back({.document = debit,
                           .settling_document = credit,
                           .date = day(date),
                           .amount = amount,
                           .currency = currency});
  }
  [[nodiscard]] emptor::stats::ledger store() const {
    emptor::stats::ledger made;
    if (!items.empty())
      ledger_rows::push(made, items, true);
    if (!settlements.empty())
      ledger_rows::push(made, settlements, true);
    return made;
  }
};

/// What an entry gives of a ledger. \throws emptor::error
[[nodiscard]] inline emptor::result finish(const emptor::entry& what, const emptor::stats::ledger& store,
                                           const std::vector<emptor::option>& options,
                                           std::optional<std::vector<std::string>> keys = {}) {
  const emptor::run how;
  return what.finish(
      {.from = &store,
       .options = emptor::option_values(what.description->name, what.description->options, options),
       .slots = {},
       .keys = std::move(keys),
       .how = how});
}

/// The tables have the names and columns of the description.
[[nodiscard]] inline bool as_described(const emptor::result& found, const emptor::entry_description& of) {
  return std::equal(found.tables.begin(), found.tables.end(), of.outputs.begin(), of.outputs.end(),
                    [](const emptor::table& made, const emptor::table_description& described) {
                      return made.name() == described.name &&
                             std::equal(
                                 made.columns().begin(), made.columns().end(), described.columns.begin(),
                                 described.columns.end(),
                                 [](const emptor::column& column, const emptor::column_description& known) {
                                   return column.name() == known.name &&
                                          column.type() == emptor::natural_dtype(known.what);
                                 });
                    });
}

/// A value as a number; NaN where there is none.
[[nodiscard]] inline double number(const emptor::table& of, std::string_view column, std::int64_t row = 0) {
  const emptor::column& held = of.at(column);
  const auto at = static_cast<std::size_t>(row);
  if (!held.is_valid(row))
    return std::numeric_limits<double>::quiet_NaN();
  switch (held.type()) {
  case emptor::dtype::float64:
    return held.as<double>().at(at);
  case emptor::dtype::int32:
  case emptor::dtype::date32:
    return held.as<std::int32_t>().at(at);
  default:
    return static_cast<double>(held.as<std::int64_t>().at(at));
  }
}
[[nodiscard]] inline std::string text(const emptor::table& of, std::string_view column,
                                      std::int64_t row = 0) {
  const emptor::column& held = of.at(column);
  return held.is_valid(row) ? std::string(held.text()[row]) : "-";
}

/// What counts of some rows: of each document the highest revision, of each numbered settlement too.
struct holding {
  std::map<std::string, ledger_rows::item> documents;
  std::vector<ledger_rows::settlement> settlements;

  explicit holding(const ledger_rows::random_rows& rows) {
    for (const ledger_rows::item& one : rows.items) {
      const auto [known, is_new] = documents.emplace(one.document, one);
      if (!is_new && one.revision > known->second.revision)
        known->second = one;
    }
    std::map<std::string, ledger_rows::settlement> numbered;
    for (const ledger_rows::settlement& one : rows.settlements) {
      if (one.number.empty()) {
        settlements.push_back(one);
        continue;
      }
      const auto [known, is_new] = numbered.emplace(one.number, one);
      if (!is_new && one.revision > known->second.revision)
        known->second = one;
    }
    for (const auto& [name, one] : numbered)
      settlements.push_back(one);
  }
  [[nodiscard]] static bool owed(const ledger_rows::item& one) {
    return one.kind != "payment" && one.kind != "credit_note";
  }
  /// The day from which a settlement counts; none where it never does.
  [[nodiscard]] std::optional<std::int32_t> counts_from(const ledger_rows::settlement& one) const {
    const auto left = documents.find(one.document);
    const auto right = documents.find(one.settling_document);
    if (left == documents.end() || right == documents.end() || owed(left->second) == owed(right->second))
      return std::nullopt;
    return std::max({one.date, left->second.date, right->second.date});
  }
  /// What is open of each document at the end of a day, above 0 where it is owed.
  [[nodiscard]] std::map<std::string, std::int64_t> open(std::int32_t on) const {
    std::map<std::string, std::int64_t> found;
    for (const auto& [name, one] : documents) {
      if (one.date <= on)
        found[name] = owed(one) ? one.amount : -one.amount;
    }
    for (const ledger_rows::settlement& one : settlements) {
      const auto from = counts_from(one);
      if (!from || *from > on)
        continue;
      const bool left = owed(documents.at(one.document));
      found[one.document] -= left ? one.amount : -one.amount;
      found[one.settling_document] += left ? one.amount : -one.amount;
    }
    return found;
  }
  [[nodiscard]] static std::string group_of(const ledger_rows::item& one, const std::string& by) {
    const std::string name = by == "customer" ? one.customer : by == "all" ? "all" : one.region;
    return (name.empty() ? "-" : name) + " " + one.currency;
  }
};

} // namespace book
