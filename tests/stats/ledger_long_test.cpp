// SPDX-License-Identifier: BSL-1.0
#include <gtest/gtest.h>

#include <emptor/credit/ageing.hpp>

#include "stats/ledger_rows.hpp"

namespace ledger_long_test {
namespace {

using emptor::error;
using emptor::table;
using emptor::credit::age;
using emptor::credit::age_base;
using emptor::credit::ageing_buckets;
using emptor::credit::ageing_report;
using emptor::credit::edge_day;
using emptor::stats::ledger;
using emptor::test::draws;
using ledger_rows::push;
using ledger_rows::random_rows;

/// Other content under revisions that are there already: of some documents and settlements one more, of some
/// several. Nobody says which one holds until `decided` comes.
struct conflicts {
  random_rows decided;

  conflicts(random_rows& rows, std::uint64_t seed)
      : decided(0, 0, true) {
    draws draw(seed);
    add(rows.items, decided.items, draw);
    add(rows.settlements, decided.settlements, draw);
  }
  template <class Row>
  static void add(std::vector<Row>& rows, std::vector<Row>& decided, draws& draw) {
    for (std::size_t i = rows.size(); i-- > 0;) {
      if (draw.below(100) != 0)
        continue;
      Row row = rows[i];
      for (std::uint64_t copies = 1 + draw.below(4); copies > 0; --copies) {
        row.amount += static_cast<std::int64_t>(draw.below(50));
        rows.push_back(row);
      }
      row.revision = 10 + static_cast<std::int64_t>(i); // one of its own: a document may be met twice
      if (draw.below(2) == 0)
        rows.push_back(row); // decided among the others
      else
        decided.push_back(row);
    }
  }
};

/// A ledger's answer, or why it has none.
struct answer {
  std::vector<table> tables;
  std::string refusal;
  friend bool operator==(const answer&, const answer&) = default;
};
answer aged(const ledger& store) {
  const ageing_buckets buckets({30, 60, 90}, edge_day::younger, age_base::due_date);
  try {
    const ageing_report report = age(store, emptor::date_from_days(ledger_rows::day("2025-09-30")), buckets);
    return {{report.ageing, report.balances, report.totals, report.findings}, {}};
  } catch (const error& refused) {
    return {{}, refused.what()};
  }
}

/// 100,000 documents with settlements, revisions and conflicts; 100 shuffled pushes, splits and merges give the
/// contents and the ageing of one push, byte for byte.
TEST(ledger_long_test, a_hundred_shuffled_pushes_splits_and_merges_give_what_one_push_gives) {
  random_rows rows(20260302, 100000, true);
  conflicts open(rows, 1);
  ASSERT_GT(open.decided.items.size(), 100U);
  ASSERT_GT(open.decided.settlements.size(), 50U);
  ledger at_once;
  push(at_once, rows.items);
  push(at_once, rows.settlements);
  const std::vector<table> expected = at_once.contents();
  const answer refused = aged(at_once);
  ASSERT_NE(refused.refusal.find("two contents"), std::string::npos) << refused.refusal;
  push(at_once, open.decided.items);
  push(at_once, open.decided.settlements);
  const std::vector<table> expected_after = at_once.contents();
  const answer expected_answer = aged(at_once);
  ASSERT_EQ(expected_answer.refusal, "");
  ASSERT_GT(expected_answer.tables[0].rows(), 1000);

  for (std::uint64_t round = 0; round < 100; ++round) {
    rows.shuffle(round);
    ledger other = rows.in_pieces(round, 4000);
    ASSERT_EQ(other.contents(), expected) << "round " << round;
    ASSERT_EQ(aged(other).refusal, refused.refusal) << "round " << round;
    push(other, open.decided.items);
    push(other, open.decided.settlements);
    ASSERT_EQ(other.contents(), expected_after) << "round " << round;
    ASSERT_EQ(aged(other), expected_answer) << "round " << round;
  }
}

} // namespace
} // namespace ledger_long_test
