// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <fstream>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/stats/order_history.hpp>

#include "support/places.hpp"
#include "support/random.hpp"

/// Order rows as tests write them, and how they are pushed.
namespace emptor::test {

struct order_row {
  std::string customer;
  std::string day; ///< ISO
  std::optional<std::int64_t> cents;
  std::string document{};
  std::string cancels{};
  std::int64_t revision = 0;
  std::string line{};
  std::string currency{};
};

/// The rows as a table of the columns that any of them uses.
inline table orders_of(std::span<const order_row> rows) {
  text_buffer customer;
  text_buffer document;
  text_buffer cancels;
  text_buffer line;
  text_buffer currency;
  std::vector<std::int32_t> day;
  std::vector<std::int64_t> cents;
  std::vector<std::int64_t> revision;
  bool any[5] = {};
  for (const order_row& row : rows) {
    customer.push_back(row.customer);
    document.push_back(row.document);
    cancels.push_back(row.cancels);
    line.push_back(row.line);
    currency.push_back(row.currency);
    day.push_back(days_since_epoch(parse_date(row.day).value()));
    cents.push_back(row.cents.value_or(0));
    revision.push_back(row.revision);
    any[0] = any[0] || !row.document.empty();
    any[1] = any[1] || !row.cancels.empty();
    any[2] = any[2] || !row.line.empty();
    any[3] = any[3] || !row.currency.empty();
    any[4] = any[4] || row.revision != 0;
  }
  column amount = column::amounts("amount", std::move(cents), 2);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].cents)
      amount.set_missing(static_cast<std::int64_t>(i));
  }
  table made("orders");
  made.add(column::texts("customer", std::move(customer)));
  made.add(column::days("date", std::move(day)));
  made.add(std::move(amount));
  if (any[0])
    made.add(column::texts("document", std::move(document)));
  if (any[1])
    made.add(column::texts("cancels", std::move(cancels)));
  if (any[2])
    made.add(column::texts("line", std::move(line)));
  if (any[3])
    made.add(column::texts("currency", std::move(currency)));
  if (any[4])
    made.add(column::integers("revision", std::move(revision)));
  return made;
}

inline push_report push(store& into, const table& rows, bool strict = false, row_status* statuses = nullptr,
                        const run* how = nullptr) {
  const std::vector<named_column> columns = rows.views();
  return into.push({.table = rows.name(),
                    .columns = columns,
                    .rows = rows.rows(),
                    .statuses = statuses,
                    .strict = strict,
                    .how = how});
}
inline push_report push(store& into, std::span<const order_row> rows, bool strict = false,
                        row_status* statuses = nullptr) {
  return push(into, orders_of(rows), strict, statuses);
}
inline push_report push(store& into, std::initializer_list<order_row> rows, bool strict = false) {
  return push(into, std::span<const order_row>(rows.begin(), rows.size()), strict);
}
inline stats::order_history history_of(std::initializer_list<order_row> rows,
                                       std::span<const option> options = {}) {
  stats::order_history made(options);
  push(made, rows, true);
  return made;
}

/// The same rows in another order, over some stores that then merge.
inline stats::order_history shuffled(std::vector<order_row> rows, std::uint64_t seed) {
  draws draw(seed);
  draw.shuffle(rows);
  std::vector<stats::order_history> parts(1 + draw.below(4));
  for (std::size_t at = 0; at < rows.size();) {
    const std::size_t count = std::min<std::size_t>(1 + draw.below(rows.size() / 2 + 1), rows.size() - at);
    push(parts[draw.below(parts.size())], std::span(rows).subspan(at, count));
    at += count;
  }
  while (parts.size() > 1) {
    parts[draw.below(parts.size() - 1)].merge(parts.back());
    parts.pop_back();
  }
  return std::move(parts.front());
}

/// The order lines of a CDNOW file; nothing where it is not there.
inline std::optional<std::vector<order_row>> cdnow_orders(const std::string& file) {
  std::ifstream in(data_file(file));
  std::string text;
  if (!std::getline(in, text))
    return std::nullopt;
  std::vector<order_row> rows;
  while (std::getline(in, text)) {
    while (!text.empty() && text.back() == '\r')
      text.pop_back();
    const std::size_t first = text.find(',');
    const std::size_t second = text.find(',', first + 1);
    const std::size_t third = text.find(',', second + 1);
    std::int64_t cents = 0;
    if (third == std::string::npos ||
        minor_units_of(std::string_view(text).substr(third + 1), 2, cents) != row_status::ok)
      throw error(status::format, file + ": cannot read " + text);
    rows.push_back({text.substr(0, first), text.substr(first + 1, second - first - 1), cents});
  }
  return rows;
}

} // namespace emptor::test
