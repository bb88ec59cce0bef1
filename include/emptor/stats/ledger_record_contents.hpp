// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/stats/stored_ledger_table.hpp>

/// The records of a ledger as tables of its file.
namespace emptor::stats::detail {

/// Makes the columns of some rows, one for each field.
template <class Record>
class record_columns {
public:
  record_columns(const ledger_data& of, const std::vector<std::uint32_t>& order, currency usual, table& made)
      : of_(of)
      , rows_(of.held<Record>())
      , order_(order)
      , usual_(usual)
      , made_(made) {}

  void operator()(const text_field<Record>& field) const {
    add_texts(made_, std::string(field.name), order_,
              [&](std::uint32_t row) { return of_.text(field.pool, rows_[row].*field.at); });
  }
  void operator()(const revision_field<Record>& field) const {
    made_.add(column::integers(std::string(field.name), wholes(field.at)));
  }
  void operator()(const amount_field<Record>& field) const {
    made_.add(column::amounts(std::string(field.name), wholes(field.at), decimals_of(order_, rows_, usual_)));
  }
  void operator()(const currency_field<Record>& field) const {
    text_buffer codes;
    for (const std::uint32_t row : order_)
      codes.push_back(currency_of(rows_[row].*field.at).code());
    made_.add(column::texts(std::string(field.name), std::move(codes)));
  }
  void operator()(const day_field<Record>& field) const {
    add_days(made_, std::string(field.name), order_, [&](std::uint32_t row) { return rows_[row].*field.at; });
  }
  template <class Code>
  void operator()(const code_field<Record, Code>& field) const {
    add_texts(made_, std::string(field.name), order_, [&](std::uint32_t row) {
      const auto code = static_cast<std::size_t>(rows_[row].*field.at);
      return code < field.levels.size() ? field.levels[code] : std::string_view{};
    });
  }
  void operator()(const decimal_field<Record>& field) const {
    text_buffer decimals;
    for (const std::uint32_t row : order_)
      decimals.push_back(to_text(rows_[row].*field.at));
    made_.add(column::texts(std::string(field.name), std::move(decimals)));
  }
  void operator()(const attributes_field<Record>& field) const {
    add_attributes(made_, of_, order_, [&](std::uint32_t row) { return rows_[row].*field.at; });
  }

private:
  [[nodiscard]] std::vector<std::int64_t> wholes(std::int64_t Record::*at) const {
    std::vector<std::int64_t> values;
    values.reserve(order_.size());
    for (const std::uint32_t row : order_)
      values.push_back(rows_[row].*at);
    return values;
  }

  const ledger_data& of_;
  const revised<Record>& rows_;
  const std::vector<std::uint32_t>& order_;
  currency usual_;
  table& made_;
};

/// Adds the records of one kind, by their keys, of contested ones both contents; no table where there are none.
template <class Record>
void add_records(std::vector<table>& contents, const ledger_data& of, currency usual) {
  const revised<Record>& rows = of.held<Record>();
  if (rows.size() == 0)
    return;
  std::vector<std::uint32_t> order;
  order.reserve(rows.size());
  for (const std::uint32_t key : (of.*Record::keys).sorted()) {
    const std::uint32_t row = rows.find(key);
    if (row == ledger_data::no_text)
      continue;
    order.push_back(row);
    if (const std::uint32_t other = rows.other(key); other != ledger_data::no_text)
      order.push_back(other);
  }
  table made{std::string(Record::table)};
  const record_columns<Record> columns(of, order, usual, made);
  for_each_field<Record>(columns);
  contents.push_back(std::move(made));
}

/// Fills a field of all records from its column.
template <class Record>
class stored_records {
public:
  stored_records(const stored_ledger_table& from, ledger_data& into, std::vector<Record>& made)
      : from_(from)
      , into_(into)
      , made_(made) {}

  void operator()(const text_field<Record>& field) const {
    const text_buffer& texts = from_.texts(field.name, field.optional);
    const column& held = from_.column_of(field.name);
    each(field.at, [&](std::int64_t row) {
      return held.is_valid(row) ? (into_.*field.pool).intern(from_.id_at(texts, row)) : ledger_data::no_text;
    });
  }
  void operator()(const revision_field<Record>& field) const {
    const auto& values = from_.wholes(field.name);
    each(field.at, [&](std::int64_t row) { return not_negative(values, row); });
  }
  void operator()(const amount_field<Record>& field) const {
    const auto& values = from_.amounts(field.name, from_.texts("currency"));
    each(field.at, [&](std::int64_t row) { return not_negative(values, row); });
  }
  void operator()(const currency_field<Record>& field) const {
    const text_buffer& codes = from_.texts(field.name);
    each(field.at, [&](std::int64_t row) { return from_.currency_at(codes, row); });
  }
  void operator()(const day_field<Record>& field) const {
    const auto& values = from_.days(field.name, field.optional);
    const column& held = from_.column_of(field.name);
    each(field.at, [&](std::int64_t row) {
      if (!held.is_valid(row))
        return no_day;
      from_.require(is_admissible_day(values[static_cast<std::size_t>(row)]), row);
      return values[static_cast<std::size_t>(row)];
    });
  }
  template <class Code>
  void operator()(const code_field<Record, Code>& field) const {
    const text_buffer& names = from_.texts(field.name, field.optional);
    const column& held = from_.column_of(field.name);
    each(field.at, [&](std::int64_t row) {
      if (!held.is_valid(row))
        return static_cast<Code>(255);
      const auto level = std::find(field.levels.begin(), field.levels.end(), names[row]);
      from_.require(level != field.levels.end(), row);
      return static_cast<Code>(level - field.levels.begin());
    });
  }
  void operator()(const decimal_field<Record>& field) const {
    const text_buffer& texts = from_.texts(field.name);
    each(field.at, [&](std::int64_t row) {
      exact_decimal read;
      from_.require(decimal_of(texts[row], read) == row_status::ok && to_text(read) == texts[row], row);
      return read;
    });
  }
  void operator()(const attributes_field<Record>& field) const {
    stored_attributes attributes(from_);
    each(field.at, [&](std::int64_t row) { return attributes.at(row, into_); });
  }

private:
  template <class Value, class ValueOf>
  void each(Value Record::*at, const ValueOf& value_of) const {
    for (std::int64_t row = 0; row < from_.rows(); ++row)
      made_[static_cast<std::size_t>(row)].*at = value_of(row);
  }
  [[nodiscard]] std::int64_t not_negative(const std::vector<std::int64_t>& values, std::int64_t row) const {
    const std::int64_t value = values[static_cast<std::size_t>(row)];
    from_.require(value >= 0, row);
    return value;
  }

  const stored_ledger_table& from_;
  ledger_data& into_;
  std::vector<Record>& made_;
};

template <class Record>
void restore_records(ledger_data& into, const table& held, const table_description& described) {
  const stored_ledger_table from(held, described);
  std::vector<Record> made(static_cast<std::size_t>(from.rows()));
  const stored_records<Record> fill(from, into, made);
  for_each_field<Record>(fill);
  for (std::int64_t row = 0; row < from.rows(); ++row) {
    Record& one = made[static_cast<std::size_t>(row)];
    from.require(one.contradiction().column.empty(), row);
    set_key(one, into);
    const placed became = into.add(one);
    from.require(became.kept && !became.replaced, row);
  }
}

} // namespace emptor::stats::detail
