// SPDX-License-Identifier: BSL-1.0
// Files of what a ledger holds beside documents and settlements, damaged on purpose.
#include <gtest/gtest.h>

#include <emptor/stats/ledger.hpp>

#include "stats/ledger_record_rows.hpp"
#include "support/refusal.hpp"

namespace ledger_record_files_test {
namespace {

using emptor::status;
using emptor::table;
using emptor::stats::ledger;
using emptor::test::code_of;
using ledger_rows::commitment;
using ledger_rows::dispute;
using ledger_rows::push;
using ledger_rows::random_ledger;
using ledger_rows::rate;
using ledger_rows::security;

TEST(ledger_record_files_test, damaged_contents_are_refused_and_change_nothing) {
  random_ledger rows(11, 60);
  ledger store = rows.at_once();
  const std::vector<table> good = store.contents();
  for (std::size_t which = 0; which < good.size(); ++which) {
    for (const emptor::column& column : good[which].columns()) {
      const std::string what = good[which].name() + "." + column.name();
      const bool may_be_missing =
          column.name().starts_with("attributes:") ||
          (which == 0 && (column.name() == "follows" || column.name().starts_with("discount_")));
      std::vector<table> changed = good;
      changed[which] = table(good[which].name());
      for (const emptor::column& other : good[which].columns()) {
        if (&other != &column)
          changed[which].add(other);
      }
      if (!may_be_missing) {
        EXPECT_EQ(code_of([&] { store.restore(changed); }), status::format) << what;
      }
      changed[which].add(emptor::column::numbers(
          column.name(), std::vector<double>(static_cast<std::size_t>(column.size()), 1.0)));
      EXPECT_EQ(code_of([&] { store.restore(changed); }), status::format) << what;
    }
    std::vector<table> doubled = good;
    doubled.push_back(good[which]);
    EXPECT_EQ(code_of([&] { store.restore(doubled); }), status::format) << good[which].name();
  }
  std::vector<table> more = good;
  more.emplace_back("wishes");
  EXPECT_EQ(code_of([&] { store.restore(more); }), status::format);
  EXPECT_EQ(store.contents(), good);
}

/// The table with another text in a row of a column.
table with_text(const table& of, std::string_view name, std::string_view text) {
  table made(of.name());
  for (const emptor::column& held : of.columns()) {
    if (held.name() != name) {
      made.add(held);
      continue;
    }
    emptor::text_buffer texts;
    texts.push_back(text);
    made.add(emptor::column::texts(held.name(), texts));
  }
  return made;
}

TEST(ledger_record_files_test, values_of_a_file_outside_their_domain_are_refused) {
  ledger store;
  push(store, {security{.number = "G1", .customer = "Hong", .amount = 5000, .from = 20000}});
  push(store, {rate{.currency = "USD", .in = "CNY", .date = 20000, .value = 7.1}});
  push(store, {commitment{.document = "O1", .customer = "Hong", .amount = 1000, .date = 20000}});
  push(store, {dispute{.number = "Q1", .document = "R1", .amount = 300, .opened = 20000}});
  const std::vector<table> good = store.contents();
  const auto refused = [&](std::string_view name, std::string_view column, std::string_view text) {
    std::vector<table> changed = good;
    for (table& one : changed) {
      if (one.name() == name)
        one = with_text(one, column, text);
    }
    return code_of([&] { store.restore(changed); });
  };
  EXPECT_EQ(refused("rates", "rate", "7.1"), status::ok);
  for (const char* const text :
       {"", "7.10", "07.1", "+7.1", "0", "-7.1", "7,1", "1e3", "7.1234567890123", "9223372036854775808"})
    EXPECT_EQ(refused("rates", "rate", text), status::format) << text;
  EXPECT_EQ(refused("rates", "in_currency", "USD"), status::format);
  EXPECT_EQ(refused("securities", "share_covered", "0.5"), status::ok);
  for (const char* const text : {"0", "1.5", "-0.5", "0.50"})
    EXPECT_EQ(refused("securities", "share_covered", text), status::format) << text;
  EXPECT_EQ(refused("securities", "kind", "promise"), status::format);
  EXPECT_EQ(refused("commitments", "kind", ""), status::format);
  EXPECT_EQ(refused("commitments", "document", ""), status::format);
  EXPECT_EQ(refused("disputes", "outcome", "lost"), status::format);
}

} // namespace
} // namespace ledger_record_files_test
