// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <span>
#include <utility>
#include <vector>

#include <emptor/core/store.hpp>
#include <emptor/core/table.hpp>

#include "support/random.hpp"

/// What tests of every store do with rows.
namespace store_rows {

struct pushed {
  emptor::push_report report;
  std::vector<emptor::row_status> statuses;
};

/// A column of texts, in which an empty one is missing.
template <class Row, class Value>
[[nodiscard]] emptor::column texts(std::span<const Row> rows, const char* name, const Value& value_of) {
  emptor::text_buffer values;
  for (const Row& row : rows)
    values.push_back(value_of(row));
  emptor::column made = emptor::column::texts(name, std::move(values));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (value_of(rows[i]).empty())
      made.set_missing(static_cast<std::int64_t>(i));
  }
  return made;
}

inline pushed push(emptor::store& into, const emptor::table& rows, bool strict = false,
                   const emptor::run* how = nullptr) {
  pushed done;
  done.statuses.resize(static_cast<std::size_t>(rows.rows()));
  const std::vector<emptor::named_column> columns = rows.views();
  done.report = into.push({.table = rows.name(),
                           .columns = columns,
                           .rows = rows.rows(),
                           .statuses = done.statuses.data(),
                           .strict = strict,
                           .how = how});
  return done;
}

/// Calls `body` with the rows in pieces of up to `most` rows.
template <class Row, class Body>
void for_each_piece(const std::vector<Row>& rows, std::uint64_t most, emptor::test::draws& draw,
                    const Body& body) {
  for (std::size_t first = 0; first < rows.size();) {
    const std::size_t count = std::min<std::size_t>(rows.size() - first, 1 + draw.below(most));
    body(std::span<const Row>(rows).subspan(first, count));
    first += count;
  }
}

/// A store that got these pieces in any order, over up to `most` stores that then merged.
template <class Store>
[[nodiscard]] Store merged(std::vector<emptor::table> pieces, std::uint64_t most, emptor::test::draws& draw) {
  draw.shuffle(pieces);
  std::vector<Store> parts(1 + draw.below(most));
  for (const emptor::table& piece : pieces)
    push(parts[draw.below(parts.size())], piece);
  while (parts.size() > 1) {
    parts[draw.below(parts.size() - 1)].merge(parts.back());
    parts.pop_back();
  }
  return std::move(parts.front());
}

} // namespace store_rows
