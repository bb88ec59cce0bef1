// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>
#include <variant>
#include <vector>

#include <emptor/core/table.hpp>
#include <emptor/stats/ledger_data.hpp>

namespace emptor::stats {

namespace detail {

/// The place of each number in `sorted`.
[[nodiscard]] inline std::vector<std::uint32_t> ranks(const std::vector<std::uint32_t>& sorted) {
  std::vector<std::uint32_t> places(sorted.size());
  for (std::uint32_t place = 0; place < places.size(); ++place)
    places[sorted[place]] = place;
  return places;
}
/// Decimals of the amounts of all these rows, `decimals_of_row` where their currencies have unlike ones.
template <class Rows>
[[nodiscard]] int decimals_of(const std::vector<std::uint32_t>& order, const Rows& rows, currency usual) {
  if (order.empty())
    return usual.decimals();
  currency_code last = rows[order.front()].currency;
  const int decimals = currency_of(last).decimals();
  for (const std::uint32_t row : order) {
    if (std::exchange(last, rows[row].currency) != rows[row].currency &&
        currency_of(rows[row].currency).decimals() != decimals)
      return decimals_of_row;
  }
  return decimals;
}
template <class Rows>
void add_currencies(table& made, const std::vector<std::uint32_t>& order, const Rows& rows) {
  text_buffer values;
  for (const std::uint32_t row : order)
    values.push_back(currency_of(rows[row].currency).code());
  made.add(column::texts("currency", std::move(values)));
}

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
  std::vector<std::string> labels;
  std::vector<std::uint8_t> seen(of.attributes.size(), 0);
  for (const std::uint32_t row : order) {
    const ledger_data::item& one = of.items[row];
    if (one.attributes == ledger_data::no_text || std::exchange(seen[one.attributes], std::uint8_t{1}) != 0)
      continue;
    for (const ledger_data::attribute& held : of.attributes_of(one))
      labels.emplace_back(held.label);
    std::sort(labels.begin(), labels.end());
    labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  }

  table made("items");
  const auto texts = [&](std::string name, const auto& text_of) {
    text_buffer values;
    for (const std::uint32_t row : order)
      values.push_back(text_of(of.items[row]));
    made.add(column::texts(std::move(name), std::move(values)));
  };
  const auto wholes = [&](const auto& value_of) {
    std::vector<std::int64_t> values;
    values.reserve(order.size());
    for (const std::uint32_t row : order)
      values.push_back(value_of(of.items[row]));
    return values;
  };
  texts("document", [&](const ledger_data::item& one) { return of.documents[one.document]; });
  made.add(column::integers("revision", wholes([](const ledger_data::item& one) { return one.revision; })));
  texts("customer", [&](const ledger_data::item& one) { return of.customers[one.customer]; });
  texts("kind",
        [](const ledger_data::item& one) { return document_kinds[static_cast<std::size_t>(one.kind)]; });
  made.add(column::amounts("amount", wholes([](const ledger_data::item& one) { return one.amount; }),
                           decimals_of(order, of.items, usual)));
  add_currencies(made, order, of.items);
  std::vector<std::int32_t> dates;
  std::vector<std::int32_t> dues;
  for (const std::uint32_t row : order) {
    dates.push_back(of.items[row].date);
    dues.push_back(of.items[row].due);
  }
  made.add(column::days("document_date", std::move(dates)));
  column due = column::days("due_date", std::move(dues));
  for (std::size_t i = 0; i < order.size(); ++i) {
    if (of.items[order[i]].due == ledger_data::no_day)
      due.set_missing(static_cast<std::int64_t>(i));
  }
  made.add(std::move(due));
  for (const std::string& label : labels) {
    text_buffer values;
    std::vector<std::int64_t> missing;
    for (std::size_t i = 0; i < order.size(); ++i) {
      const std::vector<ledger_data::attribute> all = of.attributes_of(of.items[order[i]]);
      const auto held = std::find_if(all.begin(), all.end(), [&](const ledger_data::attribute& candidate) {
        return candidate.label == label;
      });
      values.push_back(held == all.end() ? std::string_view{} : held->value);
      if (held == all.end())
        missing.push_back(static_cast<std::int64_t>(i));
    }
    column made_column = column::texts("attributes:" + label, std::move(values));
    for (const std::int64_t row : missing)
      made_column.set_missing(row);
    made.add(std::move(made_column));
  }
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
  const auto texts = [&](std::string name, const id_pool& source, const auto& id_of) {
    text_buffer values;
    for (const std::uint32_t row : order) {
      const std::uint32_t id = id_of(of.settlements[row]);
      values.push_back(id == ledger_data::no_text ? std::string_view{} : source[id]);
    }
    column made_column = column::texts(std::move(name), std::move(values));
    for (std::size_t i = 0; i < order.size(); ++i) {
      if (id_of(of.settlements[order[i]]) == ledger_data::no_text)
        made_column.set_missing(static_cast<std::int64_t>(i));
    }
    made.add(std::move(made_column));
  };
  std::vector<std::int64_t> revision;
  std::vector<std::int64_t> amounts;
  std::vector<std::int32_t> dates;
  for (const std::uint32_t row : order) {
    revision.push_back(of.settlements[row].revision);
    amounts.push_back(of.settlements[row].amount);
    dates.push_back(of.settlements[row].date);
  }
  texts("settlement", of.numbers, [](const ledger_data::settlement& one) { return one.number; });
  made.add(column::integers("revision", std::move(revision)));
  texts("document", of.documents, [](const ledger_data::settlement& one) { return one.document; });
  texts("settling_document", of.documents,
        [](const ledger_data::settlement& one) { return one.settling_document; });
  made.add(column::days("date", std::move(dates)));
  made.add(column::amounts("amount", std::move(amounts), decimals_of(order, of.settlements, usual)));
  add_currencies(made, order, of.settlements);
  return made;
}

/// Reads a table that `contents` once gave and a file may have damaged.
class stored_ledger_table {
public:
  /// \param described what `from` may hold; a column that nobody knows would be lost
  stored_ledger_table(const table& from, const table_description& described)
      : from_(from) {
    for (const column& held : from.columns()) {
      const auto known = [&held](const column_description& one) {
        return one.many ? held.name().starts_with(std::string(one.name) + ":") : held.name() == one.name;
      };
      if (std::none_of(described.columns.begin(), described.columns.end(), known))
        damaged("has an unknown column " + held.name());
      if (from.find(held.name()) != &held)
        damaged("has the column " + held.name() + " twice");
    }
  }
  [[nodiscard]] std::int64_t rows() const noexcept { return from_.rows(); }
  [[nodiscard]] const text_buffer& texts(std::string_view name, bool may_miss = false) const {
    return values<text_buffer>(column_of(name), dtype::large_utf8, may_miss);
  }
  [[nodiscard]] const std::vector<std::int64_t>& wholes(std::string_view name) const {
    return values<std::vector<std::int64_t>>(column_of(name), dtype::int64);
  }
  [[nodiscard]] const std::vector<std::int32_t>& days(std::string_view name, bool may_miss = false) const {
    return values<std::vector<std::int32_t>>(column_of(name), dtype::date32, may_miss);
  }
  template <class Values>
  [[nodiscard]] const Values& values(const column& held, dtype type, bool may_miss = false) const {
    const auto* found = held.type() == type ? std::get_if<Values>(&held.values()) : nullptr;
    const auto bits = static_cast<std::size_t>((rows() + 7) / 8);
    if (found == nullptr || held.size() != rows() || (!held.validity().empty() && !may_miss) ||
        (!held.validity().empty() && held.validity().size() != bits))
      damaged("column " + held.name() + " has another type or length");
    return *found;
  }
  /// The column `amount`, whose decimals are those of the row's currency.
  [[nodiscard]] const std::vector<std::int64_t>& amounts(const text_buffer& currencies) const {
    const column& held = column_of("amount");
    for (std::int64_t row = 0; held.decimals() != decimals_of_row && row < rows(); ++row) {
      if (currency_of(currency_at(currencies, row)).decimals() != held.decimals())
        damaged("row " + std::to_string(row) + " has an amount of other decimals than its currency");
    }
    return values<std::vector<std::int64_t>>(held, dtype::money);
  }
  [[nodiscard]] const column& column_of(std::string_view name) const {
    const column* held = from_.find(name);
    if (held == nullptr)
      damaged("has no column " + std::string(name));
    return *held;
  }
  [[nodiscard]] id_pool::key id_at(const text_buffer& texts, std::int64_t row) const {
    const std::string_view text = texts[row];
    if (text.empty() || !is_utf8(text))
      damaged("row " + std::to_string(row) + " has no well-formed id");
    return id_pool::key_of(text);
  }
  [[nodiscard]] currency_code currency_at(const text_buffer& texts, std::int64_t row) const {
    const std::optional<currency> parsed = currency::parse(texts[row]);
    if (!parsed)
      damaged("row " + std::to_string(row) + " has no currency");
    return code_of(*parsed);
  }
  void require(bool holds, std::int64_t row) const {
    if (!holds)
      damaged("row " + std::to_string(row) + " is outside its domain");
  }
  [[noreturn]] void damaged(const std::string& why) const {
    throw error(status::format, "ledger: table " + from_.name() + " " + why);
  }

private:
  const table& from_;
};

inline void restore_items(ledger_data& into, const table& held) {
  const stored_ledger_table from(held, ledger_tables[0]);
  const auto& documents = from.texts("document");
  const auto& revision = from.wholes("revision");
  const auto& customers = from.texts("customer");
  const auto& kinds = from.texts("kind");
  const auto& currencies = from.texts("currency");
  const auto& amounts = from.amounts(currencies);
  const auto& dates = from.days("document_date");
  const auto& dues = from.days("due_date", true);
  const column& due_column = from.column_of("due_date");
  std::vector<const column*> attribute_columns;
  constexpr std::string_view prefix = "attributes:";
  for (const column& candidate : held.columns()) {
    if (!candidate.name().starts_with(prefix))
      continue;
    (void)from.values<text_buffer>(candidate, dtype::large_utf8, true);
    attribute_columns.push_back(&candidate);
    const auto last = attribute_columns.end() - 1;
    if (candidate.name().size() == prefix.size() ||
        (last != attribute_columns.begin() && (*(last - 1))->name() >= candidate.name()))
      from.damaged("has attributes without a label, doubled or out of order");
  }
  into.items.reserve(static_cast<std::size_t>(from.rows()));
  std::string packed;
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
    const auto* kind = std::find(std::begin(document_kinds), std::end(document_kinds), kinds[row]);
    from.require(kind != std::end(document_kinds) && one.revision >= 0 && one.amount >= 0 &&
                     is_admissible_day(one.date) && (!due_column.is_valid(row) || is_admissible_day(one.due)),
                 row);
    one.kind = static_cast<document_kind>(kind - std::begin(document_kinds));
    packed.clear();
    for (const column* const values : attribute_columns) {
      if (!values->is_valid(row))
        continue;
      from.require(!values->text()[row].empty() && is_utf8(values->text()[row]), row);
      ledger_data::pack(packed, std::string_view(values->name()).substr(prefix.size()), values->text()[row]);
    }
    if (!packed.empty())
      one.attributes = into.attributes.intern(id_pool::key_of(packed));
    const placed became = into.add(one);
    from.require(became.kept && !became.replaced, row);
  }
}

inline void restore_settlements(ledger_data& into, const table& held) {
  const stored_ledger_table from(held, ledger_tables[1]);
  const auto& numbers = from.texts("settlement", true);
  const auto& revision = from.wholes("revision");
  const auto& documents = from.texts("document", true);
  const auto& settling = from.texts("settling_document");
  const auto& dates = from.days("date");
  const auto& currencies = from.texts("currency");
  const auto& amounts = from.amounts(currencies);
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

/// All that a ledger holds, as tables in canonical order. \param usual the currency of an empty table
[[nodiscard]] inline std::vector<table> contents_of(const ledger_data& of, currency usual) {
  const std::vector<std::uint32_t> documents = of.documents.sorted();
  return {detail::item_contents(of, usual, documents),
          detail::settlement_contents(of, usual, detail::ranks(documents))};
}

/// What `contents_of` once gave. \throws error status::format
[[nodiscard]] inline ledger_data restored_ledger(const std::vector<table>& contents) {
  ledger_data fresh;
  for (const std::string_view wanted : {"items", "settlements"}) {
    const auto is_wanted = [&](const table& held) { return held.name() == wanted; };
    if (contents.size() != 2 || std::count_if(contents.begin(), contents.end(), is_wanted) != 1)
      throw error(status::format, "ledger: its contents must be the tables items and settlements");
    const table& held = *std::find_if(contents.begin(), contents.end(), is_wanted);
    if (wanted == "items")
      detail::restore_items(fresh, held);
    else
      detail::restore_settlements(fresh, held);
  }
  fresh.sweep();
  return fresh;
}

} // namespace emptor::stats
