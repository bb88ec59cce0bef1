// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include <emptor/stats/ledger.hpp>

#include "stats/store_rows.hpp"
#include "support/random.hpp"

/// Rows for a ledger, as the tests write them down.
namespace ledger_rows {

using store_rows::push;
using store_rows::pushed;
using store_rows::texts;

[[nodiscard]] inline std::int32_t day(const char* text) {
  return emptor::days_since_epoch(emptor::parse_date(text).value());
}

struct item {
  std::string document;
  std::string customer;
  std::string kind;
  std::int64_t amount = 0; ///< minor units
  std::int32_t date = 0;
  std::optional<std::int32_t> due = {};
  std::string currency = "EUR";
  std::int64_t revision = 0;
  std::string region = {};  ///< empty = none
  std::string follows = {}; ///< empty = none
  std::optional<std::int32_t> discount_until = {};
  std::optional<std::int64_t> discount = {}; ///< minor units
};

struct settlement {
  std::string document; ///< empty = none
  std::string settling_document;
  std::int32_t date = 0;
  std::int64_t amount = 0;
  std::string number = {}; ///< empty = none
  std::string currency = "EUR";
  std::int64_t revision = 0;
};

template <class Row>
[[nodiscard]] emptor::column days(std::span<const Row> rows, const char* name,
                                  std::optional<std::int32_t> Row::*at) {
  std::vector<std::int32_t> values;
  for (const Row& row : rows)
    values.push_back((row.*at).value_or(0));
  emptor::column made = emptor::column::days(name, values);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!(rows[i].*at))
      made.set_missing(static_cast<std::int64_t>(i));
  }
  return made;
}

[[nodiscard]] inline emptor::table table_of(std::span<const item> rows) {
  std::vector<std::int64_t> amounts;
  std::vector<std::int64_t> revisions;
  std::vector<std::int32_t> dates;
  std::vector<std::int64_t> discounts;
  for (const item& row : rows) {
    amounts.push_back(row.amount);
    revisions.push_back(row.revision);
    dates.push_back(row.date);
    discounts.push_back(row.discount.value_or(0));
  }
  emptor::column discount = emptor::column::amounts("discount_amount", discounts, 2);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].discount)
      discount.set_missing(static_cast<std::int64_t>(i));
  }
  return {"items",
          {texts(rows, "document", [](const item& row) { return row.document; }),
           texts(rows, "customer", [](const item& row) { return row.customer; }),
           texts(rows, "kind", [](const item& row) { return row.kind; }),
           texts(rows, "currency", [](const item& row) { return row.currency; }),
           texts(rows, "attributes:region", [](const item& row) { return row.region; }),
           emptor::column::amounts("amount", amounts, 2), emptor::column::integers("revision", revisions),
           emptor::column::days("document_date", dates), days(rows, "due_date", &item::due),
           texts(rows, "follows", [](const item& row) { return row.follows; }),
           days(rows, "discount_until", &item::discount_until), discount}};
}

[[nodiscard]] inline emptor::table table_of(std::span<const settlement> rows) {
  std::vector<std::int64_t> amounts;
  std::vector<std::int64_t> revisions;
  std::vector<std::int32_t> dates;
  for (const settlement& row : rows) {
    amounts.push_back(row.amount);
    revisions.push_back(row.revision);
    dates.push_back(row.date);
  }
  return {"settlements",
          {texts(rows, "document", [](const settlement& row) { return row.document; }),
           texts(rows, "settling_document", [](const settlement& row) { return row.settling_document; }),
           texts(rows, "settlement", [](const settlement& row) { return row.number; }),
           texts(rows, "currency", [](const settlement& row) { return row.currency; }),
           emptor::column::amounts("amount", amounts, 2), emptor::column::integers("revision", revisions),
           emptor::column::days("date", dates)}};
}

inline pushed push(emptor::store& into, const std::vector<item>& rows, bool strict = false) {
  return push(into, table_of(rows), strict);
}
inline pushed push(emptor::store& into, const std::vector<settlement>& rows, bool strict = false) {
  return push(into, table_of(rows), strict);
}

/// A random ledger: revisions that come in any order, prepayments, partial, late, reversed and excessive
/// settlements, settlements of documents that never come, three currencies, undated documents.
struct random_rows {
  std::vector<item> items;
  std::vector<settlement> settlements;

  random_rows(std::uint64_t seed, std::size_t documents, bool numbered) {
    emptor::test::draws draw(seed);
    const auto below = [&draw](std::size_t limit) { return static_cast<std::size_t>(draw.below(limit)); };
    const char* const kinds[] = {"invoice", "invoice",     "invoice",    "payment",
                                 "payment", "credit_note", "debit_note", "refund"};
    const char* const currencies[] = {"EUR", "JPY", "KWD"};
    const std::int32_t start = day("2025-01-01");
    const std::size_t customers = documents / 20 + 3;
    for (std::size_t i = 0; i < documents; ++i) {
      const std::size_t customer = below(customers);
      item row{.document = "D" + std::to_string(i),
               .customer = "C" + std::to_string(customer),
               .kind = kinds[below(8)],
               .amount = static_cast<std::int64_t>(below(100000)),
               .date = start + static_cast<std::int32_t>(below(365)),
               .currency = currencies[customer % 3],
               .region = below(3) == 0 ? "" : "r" + std::to_string(below(4))};
      if (below(10) != 0)
        row.due = row.date + static_cast<std::int32_t>(below(90)) - 5;
      items.push_back(row);
      if (below(20) == 0) { // a later revision, and sometimes the same row again
        row.amount += 1;
        row.revision = 1 + static_cast<std::int64_t>(below(3));
        items.push_back(row);
        if (below(2) == 0)
          items.push_back(row);
      }
    }
    for (std::size_t i = 0; i < documents; ++i) {
      const item& document = items[below(items.size())];
      const item& settling = items[below(items.size())];
      if (document.currency != settling.currency)
        continue;
      settlement row{.document = below(30) == 0 ? "" : document.document,
                     .settling_document = below(30) == 0 ? "X" + std::to_string(i) : settling.document,
                     .date = start + static_cast<std::int32_t>(below(400)),
                     .amount = static_cast<std::int64_t>(below(50000)),
                     .number = numbered ? "S" + std::to_string(i) : "",
                     .currency = document.currency};
      settlements.push_back(row);
      if (below(6) == 0) { // taken back later
        row.amount = -row.amount;
        row.date += 20;
        row.number += numbered ? "R" : "";
        settlements.push_back(row);
      }
      if (numbered && below(15) == 0) {
        row.amount += 7;
        row.revision = 1;
        settlements.push_back(row);
      }
    }
  }
  void shuffle(std::uint64_t seed) {
    emptor::test::draws draw(seed);
    draw.shuffle(items);
    draw.shuffle(settlements);
  }
  /// A ledger that got these rows in pieces of up to `most` rows, in any order and over some ledgers that then
  /// merged.
  [[nodiscard]] emptor::stats::ledger in_pieces(std::uint64_t seed, std::uint64_t most) const {
    emptor::test::draws draw(seed);
    std::vector<emptor::table> pieces;
    const auto cut = [&](auto rows) { pieces.push_back(table_of(rows)); };
    store_rows::for_each_piece(items, most, draw, cut);
    store_rows::for_each_piece(settlements, most, draw, cut);
    return store_rows::merged<emptor::stats::ledger>(std::move(pieces), 7, draw);
  }
};

} // namespace ledger_rows
