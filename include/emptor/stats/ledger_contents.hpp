// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

#include <emptor/core/table.hpp>
#include <emptor/stats/ledger_record_contents.hpp>

namespace emptor::stats {

namespace detail {

[[nodiscard]] inline table item_contents(const ledger_data& of, currency usual,
                                         const std::vector<std::uint32_t>& documents) {
  std::vector<std::uint32_t> order;
  order.reserve(of.items.size());
  for (const std::uint32_t document : documents) {
    const std::uint32_t row = of.items.find(document);
    if (row == ledger_data::no_text)
      continue;
    order.push_back(row);
    if (const std::uint32_t other = of.items.other(document); other != ledger_data::no_text)
      order.push_back(other);
  }

  table made("items");
  const auto wholes = [&](std::int64_t ledger_data::item::*at) {
    std::vector<std::int64_t> values;
    values.reserve(order.size());
    for (const std::uint32_t row : order)
      values.push_back(of.items[row].*at);
    return values;
  };
  const int decimals = decimals_of(order, of.items, usual);
  add_texts(made, "document", order, [&](std::uint32_t row) { return of.documents[of.items[row].document]; });
  made.add(column::integers("revision", wholes(&ledger_data::item::revision)));
  add_texts(made, "customer", order, [&](std::uint32_t row) { return of.customers[of.items[row].customer]; });
  add_texts(made, "kind", order,
            [&](std::uint32_t row) { return document_kinds[static_cast<std::size_t>(of.items[row].kind)]; });
  made.add(column::amounts("amount", wholes(&ledger_data::item::amount), decimals));
  add_currencies(made, order, of.items);
  add_days(made, "document_date", order, [&](std::uint32_t row) { return of.items[row].date; });
  add_days(made, "due_date", order, [&](std::uint32_t row) { return of.items[row].due; });
  // A ledger without them has the file that it had before there were these columns.
  const auto terms_of = [&](std::uint32_t row) { return of.terms_of(of.items[row]); };
  const auto any = [&](const auto& has) {
    return std::any_of(order.begin(), order.end(),
                       [&](std::uint32_t row) { return of.items[row].has_terms() && has(terms_of(row)); });
  };
  if (any([](const ledger_data::item_terms& one) { return one.follows != ledger_data::no_text; }))
    add_texts(made, "follows", order,
              [&](std::uint32_t row) { return of.text(&ledger_pools::commitments, terms_of(row).follows); });
  if (any([](const ledger_data::item_terms& one) { return one.discount_until != no_day; }))
    add_days(made, "discount_until", order, [&](std::uint32_t row) { return terms_of(row).discount_until; });
  if (any([](const ledger_data::item_terms& one) { return one.discount != no_amount; })) {
    std::vector<std::int64_t> values;
    for (const std::uint32_t row : order)
      values.push_back(terms_of(row).discount);
    made.add(column::amounts("discount_amount", std::move(values), decimals).or_none());
  }
  add_attributes(made, of, order, [&](std::uint32_t row) { return terms_of(row).attributes; });
  return made;
}

[[nodiscard]] inline table settlement_contents(const ledger_data& of, currency usual,
                                               const std::vector<std::uint32_t>& document_ranks) {
  std::vector<std::uint32_t> order;
  order.reserve(of.settlements.size());
  for (std::uint32_t row = 0; row < of.settlements.rows().size(); ++row) {
    if (of.settlements.is_live(row))
      order.push_back(row);
  }
  const std::vector<std::uint32_t> number_ranks = ranks(of.numbers.sorted());
  const auto rank = [](const std::vector<std::uint32_t>& ranks, std::uint32_t id) {
    return id == ledger_data::no_text ? std::int64_t{-1} : std::int64_t{ranks[id]};
  };
  const auto content = [&](std::uint32_t row) {
    const ledger_data::settlement& one = of.settlements[row];
    return std::make_tuple(rank(number_ranks, one.number), rank(document_ranks, one.document),
                           rank(document_ranks, one.settling_document), one.date, one.amount, one.currency,
                           one.revision);
  };
  std::sort(order.begin(), order.end(),
            [&](std::uint32_t left, std::uint32_t right) { return content(left) < content(right); });

  table made("settlements");
  std::vector<std::int64_t> revision;
  std::vector<std::int64_t> amounts;
  for (const std::uint32_t row : order) {
    revision.push_back(of.settlements[row].revision);
    amounts.push_back(of.settlements[row].amount);
  }
  add_texts(made, "settlement", order,
            [&](std::uint32_t row) { return of.text(&ledger_pools::numbers, of.settlements[row].number); });
  made.add(column::integers("revision", std::move(revision)));
  add_texts(made, "document", order, [&](std::uint32_t row) {
    return of.text(&ledger_pools::documents, of.settlements[row].document);
  });
  add_texts(made, "settling_document", order,
            [&](std::uint32_t row) { return of.documents[of.settlements[row].settling_document]; });
  add_days(made, "date", order, [&](std::uint32_t row) { return of.settlements[row].date; });
  made.add(column::amounts("amount", std::move(amounts), decimals_of(order, of.settlements, usual)));
  add_currencies(made, order, of.settlements);
  return made;
}

inline void restore_items(ledger_data& into, const table& held, const table_description& described) {
  const stored_ledger_table from(held, described);
  const auto& documents = from.texts("document");
  const auto& revision = from.wholes("revision");
  const auto& customers = from.texts("customer");
  const auto& kinds = from.texts("kind");
  const auto& currencies = from.texts("currency");
  const auto& amounts = from.amounts("amount", currencies);
  const auto& dates = from.days("document_date");
  const auto& dues = from.days("due_date", true);
  const column& due_column = from.column_of("due_date");
  const auto* follows = from.has("follows") ? &from.texts("follows", true) : nullptr;
  const auto* until = from.has("discount_until") ? &from.days("discount_until", true) : nullptr;
  const auto* discounts =
      from.has("discount_amount") ? &from.amounts("discount_amount", currencies, true) : nullptr;
  const auto is_there = [&](const auto* values, std::string_view name, std::int64_t row) {
    return values != nullptr && from.column_of(name).is_valid(row);
  };
  stored_attributes attributes(from);
  into.items.reserve(static_cast<std::size_t>(from.rows()));
  for (std::int64_t row = 0; row < from.rows(); ++row) {
    const auto at = static_cast<std::size_t>(row);
    ledger_data::item one;
    one.document = into.documents.intern(from.id_at(documents, row));
    one.customer = into.customers.intern(from.id_at(customers, row));
    one.revision = revision[at];
    one.amount = amounts[at];
    one.date = dates[at];
    one.due = due_column.is_valid(row) ? dues[at] : ledger_data::no_day;
    one.currency = from.currency_at(currencies, row);
    ledger_data::item_terms terms;
    if (is_there(follows, "follows", row))
      terms.follows = into.commitments.intern(from.id_at(*follows, row));
    if (is_there(until, "discount_until", row)) {
      terms.discount_until = (*until)[at];
      from.require(is_admissible_day(terms.discount_until), row);
    }
    if (is_there(discounts, "discount_amount", row)) {
      terms.discount = (*discounts)[at];
      from.require(terms.discount >= 0, row);
    }
    const auto* kind = std::find(std::begin(document_kinds), std::end(document_kinds), kinds[row]);
    from.require(kind != std::end(document_kinds) && one.revision >= 0 && one.amount >= 0 &&
                     is_admissible_day(one.date) && (!due_column.is_valid(row) || is_admissible_day(one.due)),
                 row);
    one.kind = static_cast<document_kind>(kind - std::begin(document_kinds));
    terms.attributes = attributes.at(row, into);
    one.details = into.details_of(terms);
    const placed became = into.add(one);
    from.require(became.kept && !became.replaced, row);
  }
}

inline void restore_settlements(ledger_data& into, const table& held, const table_description& described) {
  const stored_ledger_table from(held, described);
  const auto& numbers = from.texts("settlement", true);
  const auto& revision = from.wholes("revision");
  const auto& documents = from.texts("document", true);
  const auto& settling = from.texts("settling_document");
  const auto& dates = from.days("date");
  const auto& currencies = from.texts("currency");
  const auto& amounts = from.amounts("amount", currencies);
  const column& number_column = from.column_of("settlement");
  const column& document_column = from.column_of("document");
  into.settlements.reserve(static_cast<std::size_t>(from.rows()));
  for (std::int64_t row = 0; row < from.rows(); ++row) {
    const auto at = static_cast<std::size_t>(row);
    ledger_data::settlement one;
    if (number_column.is_valid(row))
      one.number = into.numbers.intern(from.id_at(numbers, row));
    if (document_column.is_valid(row))
      one.document = into.documents.intern(from.id_at(documents, row));
    one.settling_document = into.documents.intern(from.id_at(settling, row));
    one.revision = revision[at];
    one.date = dates[at];
    one.amount = amounts[at];
    one.currency = from.currency_at(currencies, row);
    from.require(one.revision >= 0 && one.amount != no_amount && is_admissible_day(one.date), row);
    const placed became = into.add(one);
    from.require(became.kept && !became.replaced, row);
  }
}

} // namespace detail

/// All that a ledger holds, as tables in canonical order: items and settlements, and of the others those that have
/// rows. \param usual the currency of an empty table
[[nodiscard]] inline std::vector<table> contents_of(const ledger_data& of, currency usual) {
  const std::vector<std::uint32_t> documents = of.documents.sorted();
  std::vector<table> made;
  made.push_back(detail::item_contents(of, usual, documents));
  made.push_back(detail::settlement_contents(of, usual, detail::ranks(documents)));
  detail::add_records<commitment>(made, of, usual);
  detail::add_records<dispute>(made, of, usual);
  detail::add_records<security>(made, of, usual);
  detail::add_records<promise>(made, of, usual);
  detail::add_records<customer_record>(made, of, usual);
  detail::add_records<exchange_rate>(made, of, usual);
  return made;
}

/// What `contents_of` once gave. \throws error status::format
[[nodiscard]] inline ledger_data restored_ledger(const std::vector<table>& contents) {
  ledger_data fresh;
  std::size_t known = 0;
  for (const table_description& described : ledger_tables) {
    const auto is_this = [&](const table& held) { return held.name() == described.name; };
    const auto held = std::find_if(contents.begin(), contents.end(), is_this);
    const bool must_be_there = described.name == "items" || described.name == "settlements";
    if (std::count_if(contents.begin(), contents.end(), is_this) > 1 ||
        (must_be_there && held == contents.end()))
      throw error(status::format,
                  "ledger: its contents must be the tables items and settlements, and others once each");
    if (held == contents.end())
      continue;
    ++known;
    if (described.name == "items")
      detail::restore_items(fresh, *held, described);
    else if (described.name == "settlements")
      detail::restore_settlements(fresh, *held, described);
    else if (described.name == commitment::table)
      detail::restore_records<commitment>(fresh, *held, described);
    else if (described.name == dispute::table)
      detail::restore_records<dispute>(fresh, *held, described);
    else if (described.name == security::table)
      detail::restore_records<security>(fresh, *held, described);
    else if (described.name == promise::table)
      detail::restore_records<promise>(fresh, *held, described);
    else if (described.name == customer_record::table)
      detail::restore_records<customer_record>(fresh, *held, described);
    else
      detail::restore_records<exchange_rate>(fresh, *held, described);
  }
  if (known != contents.size())
    throw error(status::format, "ledger: its contents have a table that this version does not know");
  fresh.sweep();
  return fresh;
}

} // namespace emptor::stats
