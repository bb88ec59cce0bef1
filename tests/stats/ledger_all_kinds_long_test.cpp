// SPDX-License-Identifier: BSL-1.0
// Sums of a random ledger of all kinds of documents and tables, to the minor unit, against a checker that is slow, simple
// and shares no code with the library: maps of texts, one loop a rule.
#include <cstdlib>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include <emptor/credit/reconciliation.hpp>
#include <emptor/stats/open_commitments.hpp>
#include <emptor/stats/open_disputes.hpp>
#include <emptor/stats/open_items.hpp>
#include <emptor/stats/valid_securities.hpp>

#include "stats/ledger_record_rows.hpp"

namespace ledger_all_kinds_long_test {
namespace {

using emptor::date_from_days;
using emptor::wide_integer;
using emptor::stats::ledger;
using ledger_rows::push;
using ledger_rows::random_ledger;

/// 300,000, or as many as the environment has in EMPTOR_LEDGER_DOCUMENTS: 10,000,000 take some minutes and 20 GB.
const std::size_t documents = [] {
  const char* const given = std::getenv("EMPTOR_LEDGER_DOCUMENTS");
  return given == nullptr ? 300'000 : std::strtoul(given, nullptr, 10);
}();

/// The row of the highest revision of each key.
template <class Row, class KeyOf>
std::map<std::string, const Row*> newest(const std::vector<Row>& rows, const KeyOf& key_of) {
  std::map<std::string, const Row*> all;
  for (const Row& row : rows) {
    const Row*& held = all[key_of(row)];
    if (held == nullptr || row.revision > held->revision)
      held = &row;
  }
  return all;
}

/// The checker: what is open of each document, order and delivery, and what is disputed and secured.
struct slow_ledger {
  std::map<std::string, const ledger_rows::item*> items;
  std::map<std::string, const ledger_rows::commitment*> commitments;
  std::map<std::string, wide_integer> open;
  std::map<std::string, wide_integer> committed;
  std::map<std::string, wide_integer> disputed;
  std::map<std::string, std::set<std::string>> secured;

  slow_ledger(const random_ledger& rows, std::int32_t today)
      : items(newest(rows.base.items, [](const auto& row) { return row.document; }))
      , commitments(newest(rows.commitments, [](const auto& row) { return row.document; })) {
    const auto owed = [](const std::string& kind) {
      return kind == "invoice" || kind == "debit_note" || kind == "refund";
    };
    for (const auto& [number, item] : items) {
      if (item->date <= today)
        open[number] = owed(item->kind) ? item->amount : -item->amount;
    }
    for (const auto& [number, one] :
         newest(rows.base.settlements, [](const auto& row) { return row.number; })) {
      const auto left = items.find(one->document);
      const auto right = items.find(one->settling_document);
      if (left == items.end() || right == items.end() || one->date > today || left->second->date > today ||
          right->second->date > today || owed(left->second->kind) == owed(right->second->kind))
        continue;
      const bool left_owes = owed(left->second->kind);
      open[left->first] += left_owes ? -one->amount : one->amount;
      open[right->first] += left_owes ? one->amount : -one->amount;
    }
    commit(today);
    for (const auto& [number, one] : newest(rows.disputes, [](const auto& row) { return row.number; })) {
      const auto about = items.find(one->document);
      if (one->opened <= today && (!one->closed || *one->closed > today) &&
          (about == items.end() || about->second->date <= today))
        disputed[one->document] += one->amount;
    }
    for (const auto& [number, one] : newest(rows.securities, [](const auto& row) { return row.number; })) {
      if (one->from <= today && (!one->until || *one->until >= today))
        secured[one->customer].insert(number);
    }
  }

private:
  const ledger_rows::commitment* above(const ledger_rows::commitment& one) const {
    const auto found = commitments.find(one.follows);
    return found == commitments.end() ? nullptr : found->second;
  }
  /// Whether following leads back to the order itself.
  bool in_circle(const ledger_rows::commitment& one) const {
    std::set<const ledger_rows::commitment*> seen;
    for (const auto* at = above(one); at != nullptr && seen.insert(at).second; at = above(*at)) {
      if (at == &one)
        return true;
    }
    return false;
  }
  void commit(std::int32_t today) {
    std::map<const ledger_rows::commitment*, wide_integer> invoiced;
    for (const auto& [number, item] : items) {
      const auto of = commitments.find(item->follows);
      if (item->date > today || of == commitments.end())
        continue;
      if (item->kind == "invoice" || item->kind == "debit_note")
        invoiced[of->second] += item->amount;
      if (item->kind == "credit_note")
        invoiced[of->second] -= item->amount;
    }
    std::map<const ledger_rows::commitment*, std::vector<const ledger_rows::commitment*>> followers;
    std::set<const ledger_rows::commitment*> circles;
    for (const auto& [number, one] : commitments) {
      if (const auto* of = above(*one); of != nullptr)
        followers[of].push_back(one);
      if (in_circle(*one))
        circles.insert(one);
    }
    // What an order passes on to the one above, from its own followers; in a circle only from those outside.
    std::map<const ledger_rows::commitment*, wide_integer> passes;
    const auto passed_by = [&](const ledger_rows::commitment* one, bool with_circle,
                               const auto& self) -> wide_integer {
      wide_integer sum = invoiced.contains(one) ? invoiced[one] : 0;
      for (const auto* follower : followers[one]) {
        if (follower->date > today || (!with_circle && circles.contains(follower)))
          continue;
        if (!follower->cancelled || *follower->cancelled > today)
          sum += follower->amount;
        else
          sum += std::clamp<wide_integer>(self(follower, !circles.contains(follower), self), 0,
                                          follower->amount);
      }
      return sum;
    };
    for (const auto& [number, one] : commitments) {
      if (one->date > today)
        continue;
      const wide_integer rest = one->amount - passed_by(one, true, passed_by);
      committed[number] =
          one->cancelled && *one->cancelled <= today ? 0 : std::clamp<wide_integer>(rest, 0, one->amount);
    }
  }
};

TEST(ledger_all_kinds_long_test, every_figure_of_a_million_documents_is_what_a_slow_checker_says) {
  random_ledger rows(20261129, documents);
  const ledger store = rows.at_once();
  for (const char* const day : {"2025-06-30", "2025-12-31"}) {
    const std::int32_t today = ledger_rows::day(day);
    const slow_ledger expected(rows, today);

    const auto state = emptor::stats::open_items(store, date_from_days(today));
    ASSERT_EQ(state.items.size(), expected.open.size());
    wide_integer sum = 0;
    wide_integer expected_sum = 0;
    for (const auto& one : state.items) {
      sum += one.open;
      ASSERT_TRUE(expected.open.at(std::string(store.document(store.items()[one.row].document))) == one.open);
    }
    for (const auto& [number, item] :
         expected.items) { // documents alone make the sum, settlements never change it
      if (item->date <= today)
        expected_sum += item->kind == "invoice" || item->kind == "debit_note" || item->kind == "refund"
                            ? item->amount
                            : -item->amount;
    }
    ASSERT_TRUE(sum == expected_sum);

    const auto commitments = emptor::stats::open_commitments(store, date_from_days(today));
    ASSERT_EQ(commitments.commitments.size(), expected.committed.size());
    std::size_t some_are_open = 0;
    for (const auto& one : commitments.commitments) {
      const std::string number(
          store.texts().commitments[store.records<emptor::stats::commitment>()[one.row].document]);
      ASSERT_TRUE(expected.committed.at(number) == one.open) << number;
      some_are_open += one.open > 0 ? 1U : 0U;
    }
    ASSERT_GT(some_are_open, documents / 50);

    const auto disputes = emptor::stats::open_disputes(store, date_from_days(today));
    ASSERT_EQ(disputes.documents.size(), expected.disputed.size());
    for (const auto& one : disputes.documents)
      ASSERT_TRUE(expected.disputed.at(std::string(store.document(one.document))) == one.amount);

    const auto securities = emptor::stats::valid_securities(store, date_from_days(today));
    ASSERT_EQ(securities.customers.size(), expected.secured.size());
    for (const auto& group : securities.customers) {
      std::set<std::string> numbers;
      for (std::size_t i = group.first; i < group.last; ++i)
        numbers.emplace(
            store.texts().securities[store.records<emptor::stats::security>()[securities.rows[i]].number]);
      ASSERT_EQ(numbers, expected.secured.at(std::string(store.customer(group.id))));
    }
  }
}

/// 100 shuffled pushes, splits and merges of all tables give what one push gives, byte for byte.
TEST(ledger_all_kinds_long_test, a_hundred_shuffled_pushes_splits_and_merges_give_what_one_push_gives) {
  random_ledger rows(20260302, 20000);
  const std::vector<emptor::table> expected = rows.at_once().contents();
  const std::int32_t today = ledger_rows::day("2025-09-30");
  const auto figures = [&](const ledger& of) {
    std::map<std::string, std::int64_t> all;
    for (const auto& one : emptor::stats::open_commitments(of, date_from_days(today)).commitments)
      all[std::string(of.texts().commitments[of.records<emptor::stats::commitment>()[one.row].document])] =
          one.open;
    return all;
  };
  const auto expected_figures = figures(rows.at_once());
  for (std::uint64_t round = 0; round < 100; ++round) {
    rows.shuffle(round);
    const ledger other = rows.in_pieces(round, 4000);
    ASSERT_EQ(other.contents(), expected) << "round " << round;
    ASSERT_EQ(figures(other), expected_figures) << "round " << round;
  }
}

} // namespace
} // namespace ledger_all_kinds_long_test
