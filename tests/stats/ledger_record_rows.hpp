// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "stats/ledger_rows.hpp"

/// Orders, disputes, securities, promises, customers and rates, as the tests write them down.
namespace ledger_rows {

struct commitment {
  std::string document;
  std::string customer;
  std::int64_t amount = 0; ///< minor units
  std::int32_t date = 0;
  std::string follows = {}; ///< empty = none
  std::string kind = "order";
  std::optional<std::int32_t> planned = {};
  std::optional<std::int32_t> cancelled = {};
  std::string currency = "EUR";
  std::int64_t revision = 0;
};
struct dispute {
  std::string number;
  std::string document;
  std::int64_t amount = 0;
  std::int32_t opened = 0;
  std::optional<std::int32_t> closed = {};
  std::string reason = {};
  std::string outcome = {};
  std::string currency = "EUR";
  std::int64_t revision = 0;
};
struct security {
  std::string number;
  std::string customer;
  std::int64_t amount = 0;
  std::int32_t from = 0;
  std::optional<std::int32_t> until = {};
  std::optional<double> share = {};
  std::string kind = "guarantee";
  std::string currency = "EUR";
  std::int64_t revision = 0;
};
struct promise {
  std::string number;
  std::string customer;
  std::int64_t amount = 0;
  std::int32_t made = 0;
  std::int32_t pay_by = 0;
  std::string document = {}; ///< empty = none
  std::optional<std::int32_t> withdrawn = {};
  std::string currency = "EUR";
  std::int64_t revision = 0;
};
struct customer {
  std::string id;
  std::string group = {};
  std::string region = {};
  std::int64_t revision = 0;
};
struct rate {
  std::string currency;
  std::string in;
  std::int32_t date = 0;
  double value = 1.0;
  std::int64_t revision = 0;
};

template <class Row, class Value>
[[nodiscard]] std::vector<Value> values(std::span<const Row> rows, Value Row::*at) {
  std::vector<Value> all;
  for (const Row& row : rows)
    all.push_back(row.*at);
  return all;
}
template <class Row>
[[nodiscard]] emptor::column texts(std::span<const Row> rows, const char* name, std::string Row::*at) {
  return texts(rows, name, [at](const Row& row) { return row.*at; });
}

[[nodiscard]] inline emptor::table table_of(std::span<const commitment> rows) {
  using row = commitment;
  return {"commitments",
          {texts(rows, "document", &row::document), texts(rows, "customer", &row::customer),
           texts(rows, "kind", &row::kind), texts(rows, "currency", &row::currency),
           texts(rows, "follows", &row::follows),
           emptor::column::amounts("amount", values(rows, &row::amount), 2),
           emptor::column::days("date", values(rows, &row::date)), days(rows, "planned_date", &row::planned),
           days(rows, "cancelled_on", &row::cancelled),
           emptor::column::integers("revision", values(rows, &row::revision))}};
}
[[nodiscard]] inline emptor::table table_of(std::span<const dispute> rows) {
  using row = dispute;
  return {"disputes",
          {texts(rows, "dispute", &row::number), texts(rows, "document", &row::document),
           texts(rows, "reason", &row::reason), texts(rows, "outcome", &row::outcome),
           texts(rows, "currency", &row::currency),
           emptor::column::amounts("amount", values(rows, &row::amount), 2),
           emptor::column::days("opened", values(rows, &row::opened)), days(rows, "closed", &row::closed),
           emptor::column::integers("revision", values(rows, &row::revision))}};
}
[[nodiscard]] inline emptor::table table_of(std::span<const security> rows) {
  using row = security;
  std::vector<double> shares;
  for (const row& one : rows)
    shares.push_back(one.share.value_or(0.0));
  emptor::column share = emptor::column::numbers("share_covered", shares);
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (!rows[i].share)
      share.set_missing(static_cast<std::int64_t>(i));
  }
  return {"securities",
          {texts(rows, "security", &row::number), texts(rows, "customer", &row::customer),
           texts(rows, "kind", &row::kind), texts(rows, "currency", &row::currency), share,
           emptor::column::amounts("amount", values(rows, &row::amount), 2),
           emptor::column::days("valid_from", values(rows, &row::from)),
           days(rows, "valid_until", &row::until),
           emptor::column::integers("revision", values(rows, &row::revision))}};
}
[[nodiscard]] inline emptor::table table_of(std::span<const promise> rows) {
  using row = promise;
  return {"promises",
          {texts(rows, "promise", &row::number), texts(rows, "customer", &row::customer),
           texts(rows, "document", &row::document), texts(rows, "currency", &row::currency),
           emptor::column::amounts("amount", values(rows, &row::amount), 2),
           emptor::column::days("promised_on", values(rows, &row::made)),
           emptor::column::days("pay_by", values(rows, &row::pay_by)),
           days(rows, "withdrawn_on", &row::withdrawn),
           emptor::column::integers("revision", values(rows, &row::revision))}};
}
[[nodiscard]] inline emptor::table table_of(std::span<const customer> rows) {
  using row = customer;
  return {"customers",
          {texts(rows, "customer", &row::id), texts(rows, "group", &row::group),
           texts(rows, "attributes:region", &row::region),
           emptor::column::integers("revision", values(rows, &row::revision))}};
}
[[nodiscard]] inline emptor::table table_of(std::span<const rate> rows) {
  using row = rate;
  return {"rates",
          {texts(rows, "currency", &row::currency), texts(rows, "in_currency", &row::in),
           emptor::column::days("date", values(rows, &row::date)),
           emptor::column::numbers("rate", values(rows, &row::value)),
           emptor::column::integers("revision", values(rows, &row::revision))}};
}

template <class Row>
pushed push(emptor::store& into, const std::vector<Row>& rows, bool strict = false) {
  return push(into, table_of(std::span<const Row>(rows)), strict);
}
template <class Row>
pushed push(emptor::store& into, std::initializer_list<Row> rows, bool strict = false) {
  return push(into, std::vector<Row>(rows), strict);
}

/// A random ledger of all kinds: what `random_rows` has, write-offs and discounts, and all tables beside it, with
/// revisions that come in any order, orders delivered and invoiced in parts, cancelled ones, chains and circles.
struct random_ledger {
  random_rows base;
  std::vector<commitment> commitments;
  std::vector<dispute> disputes;
  std::vector<security> securities;
  std::vector<promise> promises;
  std::vector<customer> customers;
  std::vector<rate> rates;

  random_ledger(std::uint64_t seed, std::size_t documents)
      : base(seed, documents, true) {
    emptor::test::draws draw(seed + 1);
    const auto below = [&draw](std::size_t limit) { return static_cast<std::size_t>(draw.below(limit)); };
    const auto amount = [&](std::size_t limit) { return static_cast<std::int64_t>(below(limit)); };
    const char* const currencies[] = {"EUR", "JPY", "KWD"};
    const std::int32_t start = day("2025-01-01");
    const auto some_day = [&] { return start + static_cast<std::int32_t>(below(365)); };
    const std::size_t people = documents / 20 + 3;
    const auto revise = [&](auto& rows, const auto& change) {
      if (below(15) != 0)
        return;
      auto row = rows.back();
      row.revision = 1 + static_cast<std::int64_t>(below(3));
      change(row);
      rows.push_back(row);
      if (below(2) == 0)
        rows.push_back(row);
    };
    // Orders of one currency follow each other: number i only one whose customer's currency is the same.
    const std::size_t orders = documents / 2 + 1;
    for (std::size_t i = 0; i < orders; ++i) {
      const std::size_t who = below(people);
      commitment row{.document = "O" + std::to_string(i),
                     .customer = "C" + std::to_string(who),
                     .amount = amount(100000),
                     .date = some_day(),
                     .kind = below(3) == 0 ? "delivery" : "order",
                     .currency = currencies[i % 3]};
      if (below(3) != 0)
        row.follows =
            "O" + std::to_string(below(orders / 3) * 3 + i % 3); // sometimes later: circles, or itself
      if (below(6) == 0)
        row.cancelled = row.date + static_cast<std::int32_t>(below(100)) - 5;
      if (below(2) == 0)
        row.planned = row.date + static_cast<std::int32_t>(below(60));
      commitments.push_back(row);
      revise(commitments, [&](commitment& one) { one.amount += 5; });
    }
    for (item& row : base.items) { // revisions of a document keep what it follows
      const std::size_t number = std::stoul(row.document.substr(1));
      const std::size_t in = row.currency == "EUR" ? 0 : row.currency == "JPY" ? 1 : 2;
      if (number % 3 == 0)
        row.follows = number % 30 == 0
                          ? "OX" + std::to_string(number)
                          : "O" + std::to_string(number * 7 % std::max<std::size_t>(orders / 3, 1) * 3 + in);
      if (number % 5 == 0)
        row.discount_until = row.date + 10;
      if (number % 7 == 0)
        row.discount = row.amount / 50 + (number % 70 == 0 ? 2000 : 0);
      if (number % 11 == 0)
        row.kind = number % 2 == 0 ? "write_off" : "discount";
    }
    for (std::size_t i = 0; i < documents / 5 + 1; ++i) {
      const item& about = base.items[below(base.items.size())];
      dispute row{.number = "Q" + std::to_string(i),
                  .document = below(20) == 0 ? "X" + std::to_string(i) : about.document,
                  .amount = amount(60000),
                  .opened = some_day(),
                  .reason = below(2) == 0 ? "" : "r" + std::to_string(below(5)),
                  .currency = about.currency};
      if (below(2) == 0) {
        row.closed = row.opened + static_cast<std::int32_t>(below(90));
        const char* const outcomes[] = {"", "in_favour_of_customer", "in_favour_of_seller", "partly"};
        row.outcome = outcomes[below(4)];
      }
      disputes.push_back(row);
      revise(disputes, [&](dispute& one) { one.amount += 3; });
    }
    const char* const kinds[] = {"guarantee", "insurance", "collateral", "deposit", "letter_of_credit"};
    for (std::size_t i = 0; i < people; ++i) {
      security row{.number = "G" + std::to_string(i),
                   .customer = "C" + std::to_string(below(people)),
                   .amount = amount(1000000),
                   .from = some_day(),
                   .kind = kinds[below(5)],
                   .currency = currencies[below(3)]};
      if (below(2) == 0)
        row.until = row.from + static_cast<std::int32_t>(below(200));
      if (below(2) == 0)
        row.share = static_cast<double>(1 + below(100)) / 100.0;
      securities.push_back(row);
      revise(securities, [&](security& one) { one.amount += 1; });
      customer facts{.id = "C" + std::to_string(i),
                     .group = below(2) == 0 ? "" : "C" + std::to_string(below(people)),
                     .region = below(3) == 0 ? "" : "r" + std::to_string(below(4))};
      customers.push_back(facts);
      revise(customers, [&](customer& one) { one.region += "x"; });
    }
    for (std::size_t i = 0; i < documents / 3 + 1; ++i) {
      const item& about = base.items[below(base.items.size())];
      promise row{.number = "V" + std::to_string(i),
                  .customer = about.customer,
                  .amount = amount(60000),
                  .made = some_day(),
                  .currency = about.currency};
      row.pay_by = row.made + static_cast<std::int32_t>(below(60));
      if (below(4) != 0)
        row.document = below(20) == 0 ? "X" + std::to_string(i) : about.document;
      if (below(8) == 0)
        row.withdrawn = row.made + static_cast<std::int32_t>(below(90));
      promises.push_back(row);
      revise(promises, [&](promise& one) { one.amount += 7; });
    }
    for (std::size_t i = 0; i < 200; ++i) {
      rate row{.currency = currencies[i % 3],
               .in = currencies[(i + 1 + below(2)) % 3],
               .date = start + static_cast<std::int32_t>(i),
               .value = static_cast<double>(1 + below(1000000)) / 10000.0};
      rates.push_back(row);
      revise(rates, [&](rate& one) { one.value += 1.0; });
    }
  }

  /// Calls `visit(rows)` for the rows of each table.
  template <class Visit>
  void for_each(const Visit& visit) {
    visit(base.items);
    visit(base.settlements);
    visit(commitments);
    visit(disputes);
    visit(securities);
    visit(promises);
    visit(customers);
    visit(rates);
  }
  void shuffle(std::uint64_t seed) {
    emptor::test::draws draw(seed);
    for_each([&](auto& rows) { draw.shuffle(rows); });
  }
  [[nodiscard]] emptor::stats::ledger at_once() {
    emptor::stats::ledger made;
    for_each([&](const auto& rows) { push(made, rows); });
    return made;
  }
  /// A ledger that got these rows in pieces of up to `most` rows, in any order and over some ledgers that then
  /// merged.
  [[nodiscard]] emptor::stats::ledger in_pieces(std::uint64_t seed, std::uint64_t most) {
    emptor::test::draws draw(seed);
    std::vector<emptor::table> pieces;
    for_each([&](const auto& rows) {
      store_rows::for_each_piece(rows, most, draw, [&](auto piece) { pieces.push_back(table_of(piece)); });
    });
    return store_rows::merged<emptor::stats::ledger>(std::move(pieces), 7, draw);
  }
};

} // namespace ledger_rows
