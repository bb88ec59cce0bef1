// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include <emptor/core/table.hpp>
#include <emptor/stats/ledger_data.hpp>

/// What the tables of a ledger's file have in common.
namespace emptor::stats::detail {

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
  /// A column of amounts, whose decimals are those of the row's currency.
  [[nodiscard]] const std::vector<std::int64_t>& amounts(std::string_view name, const text_buffer& currencies,
                                                         bool may_miss = false) const {
    const column& held = column_of(name);
    for (std::int64_t row = 0; held.decimals() != decimals_of_row && row < rows(); ++row) {
      if (held.is_valid(row) && currency_of(currency_at(currencies, row)).decimals() != held.decimals())
        damaged("row " + std::to_string(row) + " has an amount of other decimals than its currency");
    }
    return values<std::vector<std::int64_t>>(held, dtype::money, may_miss);
  }
  [[nodiscard]] bool has(std::string_view name) const noexcept { return from_.find(name) != nullptr; }
  [[nodiscard]] const std::vector<column>& columns() const noexcept { return from_.columns(); }
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

/// Adds a column of texts, those that are empty missing.
template <class TextOf>
void add_texts(table& made, std::string name, const std::vector<std::uint32_t>& order,
               const TextOf& text_of) {
  text_buffer values;
  std::vector<std::int64_t> missing;
  for (const std::uint32_t row : order) {
    const std::string_view text = text_of(row);
    if (text.empty())
      missing.push_back(values.size());
    values.push_back(text);
  }
  column texts = column::texts(std::move(name), std::move(values));
  for (const std::int64_t row : missing)
    texts.set_missing(row);
  made.add(std::move(texts));
}
/// Adds a column of days, of which some are missing.
template <class DayOf>
void add_days(table& made, std::string name, const std::vector<std::uint32_t>& order, const DayOf& day_of) {
  std::vector<std::int32_t> values;
  for (const std::uint32_t row : order)
    values.push_back(day_of(row));
  made.add(column::days(std::move(name), std::move(values)).or_none());
}

inline constexpr std::string_view attribute_prefix = "attributes:";

/// Adds a column for each label that a row has. \param number_of the attributes of a row, as a number of the pool
template <class NumberOf>
void add_attributes(table& made, const ledger_pools& of, const std::vector<std::uint32_t>& order,
                    const NumberOf& number_of) {
  std::vector<std::string> labels;
  std::vector<std::uint8_t> seen(of.attributes.size(), 0);
  for (const std::uint32_t row : order) {
    const std::uint32_t number = number_of(row);
    if (number == ledger_pools::no_text || std::exchange(seen[number], std::uint8_t{1}) != 0)
      continue;
    for (const ledger_pools::attribute& held : of.attributes_at(number))
      labels.emplace_back(held.label);
    std::sort(labels.begin(), labels.end());
    labels.erase(std::unique(labels.begin(), labels.end()), labels.end());
  }
  for (const std::string& label : labels)
    add_texts(made, std::string(attribute_prefix) + label, order, [&](std::uint32_t row) {
      for (const ledger_pools::attribute& held : of.attributes_at(number_of(row))) {
        if (held.label == label)
          return held.value;
      }
      return std::string_view{};
    });
}

/// The attributes that a stored table has.
class stored_attributes {
public:
  explicit stored_attributes(const stored_ledger_table& from)
      : from_(from) {
    for (const column& candidate : from.columns()) {
      if (!candidate.name().starts_with(attribute_prefix))
        continue;
      (void)from.values<text_buffer>(candidate, dtype::large_utf8, true);
      if (candidate.name().size() == attribute_prefix.size() ||
          (!columns_.empty() && columns_.back()->name() >= candidate.name()))
        from.damaged("has attributes without a label, doubled or out of order");
      columns_.push_back(&candidate);
    }
  }
  /// Those of a row, as a number of the pool.
  [[nodiscard]] std::uint32_t at(std::int64_t row, ledger_pools& into) {
    packed_.clear();
    for (const column* const values : columns_) {
      if (!values->is_valid(row))
        continue;
      from_.require(!values->text()[row].empty() && is_utf8(values->text()[row]), row);
      ledger_pools::pack(packed_, std::string_view(values->name()).substr(attribute_prefix.size()),
                         values->text()[row]);
    }
    return packed_.empty() ? ledger_pools::no_text : into.attributes.intern(id_pool::key_of(packed_));
  }

private:
  const stored_ledger_table& from_;
  std::vector<const column*> columns_;
  std::string packed_;
};

} // namespace emptor::stats::detail
