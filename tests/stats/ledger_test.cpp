// SPDX-License-Identifier: BSL-1.0
#include <atomic>
#include <limits>

#include <gtest/gtest.h>

#include <emptor/stats/ledger.hpp>
#include <emptor/stats/open_items.hpp>

#include "stats/ledger_rows.hpp"
#include "support/refusal.hpp"

namespace ledger_test {
namespace {

using emptor::error;
using emptor::push_report;
using emptor::row_status;
using emptor::status;
using emptor::table;
using emptor::stats::ledger;
using emptor::test::code_of;
using ledger_rows::day;
using ledger_rows::item;
using ledger_rows::push;
using ledger_rows::random_rows;
using ledger_rows::settlement;
using statuses = std::vector<row_status>;

const item invoice{
    .document = "R1", .customer = "Hong", .kind = "invoice", .amount = 100, .date = 20000, .due = 20030};

TEST(ledger_test, an_identical_repeat_changes_nothing) {
  ledger store;
  EXPECT_EQ(push(store, {invoice}).report.added, 1);
  const std::vector<table> before = store.contents();
  const auto again = push(store, {invoice});
  EXPECT_EQ(again.report.repeated, 1);
  EXPECT_FALSE(again.report.repeats_count_twice);
  EXPECT_EQ(again.statuses, statuses{row_status::repeated});
  EXPECT_EQ(store.contents(), before);
}

TEST(ledger_test, a_settlement_without_a_number_cannot_be_revised) {
  ledger store;
  settlement first{.document = "R1", .settling_document = "P1", .date = day("2026-01-02"), .amount = 3};
  settlement second = first;
  second.amount = 4;
  second.revision = 1;
  const auto done = push(store, {first, second});
  EXPECT_EQ(done.statuses, (statuses{row_status::ok, row_status::inconsistent}));
  EXPECT_EQ(done.report.refused, 1);
}

TEST(ledger_test, the_highest_revision_wins_in_any_order) {
  item second = invoice;
  second.revision = 2;
  second.amount = 70;
  item third = second;
  third.revision = 3;
  third.customer = "Lan";
  ledger one;
  EXPECT_EQ(push(one, {invoice, second, third}).report.replaced, 2);
  ledger other;
  const auto late = push(other, {third, invoice, second});
  EXPECT_EQ(late.report.superseded, 2);
  EXPECT_EQ(late.statuses, (statuses{row_status::ok, row_status::superseded, row_status::superseded}));
  EXPECT_EQ(one.contents(), other.contents());
  EXPECT_EQ(one.contents()[0].rows(), 1);
  EXPECT_EQ(one.contents()[0].at("amount").as<std::int64_t>()[0], 70);
  EXPECT_EQ(one.contents()[0].at("customer").text()[0], "Lan");
}

TEST(ledger_test, one_revision_with_two_contents_is_a_conflict_until_a_higher_one_comes) {
  item changed = invoice;
  changed.amount = 101;
  ledger store;
  const auto done = push(store, {invoice, changed, invoice});
  EXPECT_EQ(done.report.conflicts, 1);
  EXPECT_EQ(done.statuses, (statuses{row_status::ok, row_status::conflict, row_status::repeated}));
  EXPECT_EQ(store.contents()[0].rows(), 2);
  std::string text;
  EXPECT_EQ(code_of([&] { (void)emptor::stats::open_items(store, emptor::date_from_days(20010)); }, &text),
            status::conflict);
  EXPECT_NE(text.find("R1"), std::string::npos) << text;
  changed.revision = 1;
  EXPECT_EQ(push(store, {changed}).report.replaced, 1);
  EXPECT_EQ(store.contents()[0].rows(), 1);
  EXPECT_EQ(emptor::stats::open_items(store, emptor::date_from_days(20010)).items.at(0).open, 101);
}

TEST(ledger_test, any_number_of_contents_in_conflict_leaves_the_smallest_and_the_largest) {
  std::vector<item> rows;
  for (std::int64_t amount = 0; amount < 30; ++amount) {
    rows.push_back(invoice);
    rows.back().amount = amount;
  }
  ledger sorted;
  push(sorted, rows);
  emptor::test::draws draw(7);
  for (int round = 0; round < 20; ++round) {
    draw.shuffle(rows);
    ledger store;
    for (const item& row : rows)
      push(store, {row});
    EXPECT_EQ(store.contents(), sorted.contents());
  }
  EXPECT_EQ(sorted.contents()[0].at("amount").as<std::int64_t>(), (std::vector<std::int64_t>{0, 29}));
}

TEST(ledger_test, a_change_of_an_attribute_alone_is_a_conflict) {
  item moved = invoice;
  moved.region = "north";
  ledger store;
  EXPECT_EQ(push(store, {invoice, moved}).report.conflicts, 1);
}

TEST(ledger_test, attributes_are_kept_with_their_labels) {
  item north = invoice;
  north.region = "north";
  item south = invoice;
  south.document = "R2";
  ledger store;
  push(store, {north, south});
  const table items = store.contents()[0];
  EXPECT_EQ(items.at("attributes:region").text()[0], "north");
  EXPECT_FALSE(items.at("attributes:region").is_valid(1));
  const auto attributes = store.attributes(store.items()[0]);
  ASSERT_EQ(attributes.size(), 1U);
  EXPECT_EQ(attributes[0].label, "region");
  EXPECT_EQ(attributes[0].value, "north");
}

TEST(ledger_test, settlements_without_a_number_count_twice_and_the_push_says_so) {
  const settlement row{.document = "R1", .settling_document = "P1", .date = 20000, .amount = 5};
  ledger store;
  push(store, {row});
  const auto again = push(store, {row});
  EXPECT_EQ(again.report.added, 1);
  EXPECT_TRUE(again.report.repeats_count_twice);
  EXPECT_EQ(store.contents()[1].rows(), 2);

  settlement numbered = row;
  numbered.number = "S1";
  EXPECT_FALSE(push(store, {numbered}).report.repeats_count_twice);
  EXPECT_EQ(push(store, {numbered}).report.repeated, 1);
  numbered.amount = 6;
  EXPECT_EQ(push(store, {numbered}).report.conflicts, 1);
  numbered.revision = 1;
  EXPECT_EQ(push(store, {numbered}).report.replaced, 1);
}

TEST(ledger_test, bad_rows_are_refused_with_their_reason_and_leave_nothing) {
  const auto with = [](auto change) {
    item row = invoice;
    change(row);
    return row;
  };
  ledger store;
  const auto done = push(
      store, std::vector<item>{
                 with([](item& row) { row.document = ""; }), with([](item& row) { row.customer = ""; }),
                 with([](item& row) { row.kind = "gift"; }), with([](item& row) { row.amount = -1; }),
                 with([](item& row) { row.amount = std::numeric_limits<std::int64_t>::min(); }),
                 with([](item& row) { row.currency = "eur"; }), with([](item& row) { row.date = 3000000; }),
                 with([](item& row) { row.due = -3000000; }), with([](item& row) { row.revision = -1; }),
                 with([](item& row) { row.document = "\xC3("; })});
  EXPECT_EQ(done.statuses, (statuses{row_status::missing, row_status::missing, row_status::unknown_level,
                                     row_status::out_of_domain, row_status::too_large, row_status::currency,
                                     row_status::out_of_domain, row_status::out_of_domain,
                                     row_status::out_of_domain, row_status::invalid_text}));
  EXPECT_EQ(done.report.refused, 10);
  EXPECT_EQ(store.contents(), ledger().contents());
}

TEST(ledger_test, strict_mode_names_row_and_column_and_keeps_nothing) {
  item second = invoice;
  second.document = "R2";
  item bad = invoice;
  bad.document = "R3";
  bad.amount = -5;
  ledger store;
  push(store, {invoice});
  const std::vector<table> before = store.contents();
  std::string text;
  EXPECT_EQ(code_of([&] { push(store, {second, bad}, true); }, &text), status::data);
  EXPECT_EQ(text, "ledger.items: amount[1] is -5 minor units, but must be >= 0");
  item changed = invoice;
  changed.amount = 1;
  EXPECT_EQ(code_of([&] { push(store, {second, changed}, true); }, &text), status::conflict);
  EXPECT_NE(text.find("\"R1\""), std::string::npos) << text;
  EXPECT_EQ(store.contents(), before);
}

TEST(ledger_test, integers_are_ids_too) {
  ledger store;
  const table rows{
      "items",
      {emptor::column::integers("document", {7}), emptor::column::integers("customer", {42}),
       ledger_rows::texts(std::span(&invoice, 1), "kind", [](const item& row) { return row.kind; }),
       emptor::column::amounts("amount", {5}, 2), emptor::column::days("document_date", {1})}};
  EXPECT_EQ(push(store, rows).report.added, 1);
  EXPECT_EQ(store.contents()[0].at("document").text()[0], "7");
  EXPECT_EQ(store.contents()[0].at("customer").text()[0], "42");
}

TEST(ledger_test, amounts_are_read_with_the_decimals_of_their_currency) {
  ledger store;
  emptor::text_buffer documents;
  emptor::text_buffer customers;
  emptor::text_buffer kinds;
  emptor::text_buffer currencies;
  for (const char* const code : {"EUR", "JPY", "KWD", "JPY"}) {
    documents.push_back("R" + std::to_string(documents.size()));
    customers.push_back("Hong");
    kinds.push_back("invoice");
    currencies.push_back(code);
  }
  const table rows{"items",
                   {emptor::column::texts("document", documents),
                    emptor::column::texts("customer", customers), emptor::column::texts("kind", kinds),
                    emptor::column::texts("currency", currencies),
                    emptor::column::numbers("amount", {12.34, 12, 12.345, 12.34}),
                    emptor::column::days("document_date", {1, 1, 1, 1})}};
  const auto done = push(store, rows);
  EXPECT_EQ(done.statuses, (statuses{row_status::ok, row_status::ok, row_status::ok, row_status::not_exact}));
  EXPECT_EQ(store.contents()[0].at("amount").as<std::int64_t>(),
            (std::vector<std::int64_t>{1234, 12, 12345}));
}

TEST(ledger_test, rows_without_a_currency_are_of_the_default_one_and_others_keep_theirs) {
  const std::vector<emptor::option> given{{"default_currency", "CNY"}};
  ledger store(emptor::option_values("ledger", emptor::stats::ledger_options, given));
  item row = invoice;
  row.currency = "";
  item dollars = invoice;
  dollars.document = "R2";
  dollars.currency = "USD";
  EXPECT_EQ(push(store, {row, dollars}).report.added, 2);
  row.currency = "CNY";
  EXPECT_EQ(push(store, {row}).report.repeated, 1);
  EXPECT_EQ(store.contents()[0].at("currency").text()[0], "CNY");
  EXPECT_EQ(store.contents()[0].at("currency").text()[1], "USD");
  ledger other;
  EXPECT_EQ(code_of([&] { other.merge(store); }), status::mismatch);
}

TEST(ledger_test, a_currency_that_is_no_code_is_refused_and_strict_mode_says_what_one_is) {
  item bad = invoice;
  bad.currency = "Euro";
  ledger store;
  EXPECT_EQ(push(store, {bad}).statuses, statuses{row_status::currency});
  std::string text;
  EXPECT_EQ(code_of([&] { push(store, {bad}, true); }, &text), status::data);
  EXPECT_EQ(text,
            "ledger.items: currency[0] is \"Euro\", but must be an ISO 4217 code of three capital letters");
}

/// The same table with empty texts in place of missing ones.
table with_empty_texts(const table& of) {
  table made(of.name());
  for (emptor::column held : of.columns()) {
    if (held.type() == emptor::dtype::large_utf8)
      held.set_validity({});
    made.add(std::move(held));
  }
  return made;
}

TEST(ledger_test, an_empty_text_is_a_missing_one) {
  item bare = invoice;
  bare.currency = "";
  item nobody = invoice;
  nobody.customer = "";
  const std::vector<item> items{bare, nobody};
  const settlement row{.document = "", .settling_document = "P1", .date = 20000, .amount = 5, .currency = ""};
  const std::vector<settlement> settlements{row};
  ledger empty;
  ledger missing;
  for (ledger* const into : {&empty, &missing}) {
    const auto shown = [&](const table& of) { return into == &empty ? with_empty_texts(of) : of; };
    EXPECT_EQ(push(*into, shown(ledger_rows::table_of(items))).statuses,
              (statuses{row_status::ok, row_status::missing}));
    const auto done = push(*into, shown(ledger_rows::table_of(settlements)));
    EXPECT_EQ(done.statuses, statuses{row_status::ok});
    EXPECT_TRUE(done.report.repeats_count_twice);
  }
  EXPECT_EQ(empty.contents(), missing.contents());
  EXPECT_EQ(empty.items()[0].details, ledger::no_text);
  EXPECT_FALSE(empty.contents()[1].at("document").is_valid(0));
}

TEST(ledger_test, a_push_that_names_no_table_is_one_of_items) {
  const std::vector<item> rows{invoice};
  ledger unnamed;
  push(unnamed, table("", ledger_rows::table_of(rows).columns()));
  ledger named;
  push(named, rows);
  EXPECT_EQ(unnamed.contents(), named.contents());
}

TEST(ledger_test, unknown_missing_and_doubled_columns_and_tables_are_refused) {
  ledger store;
  const std::vector<item> rows{invoice};
  const table good = ledger_rows::table_of(rows);
  EXPECT_EQ(code_of([&] { push(store, table("item", good.columns())); }), status::unknown_name);
  table wider = good;
  wider.add(emptor::column::numbers("price", {1.0}));
  EXPECT_EQ(code_of([&] { push(store, wider); }), status::unknown_name);
  table doubled = good;
  doubled.add(good.at("amount"));
  EXPECT_EQ(code_of([&] { push(store, doubled); }), status::schema);
  EXPECT_EQ(code_of([&] { push(store, table("items", {good.at("document")})); }), status::schema);
  EXPECT_EQ(store.contents(), ledger().contents());
}

TEST(ledger_test, a_cancelled_push_changes_nothing) {
  random_rows rows(3, 9000, true);
  ledger store;
  push(store, std::vector<item>(rows.items.begin(), rows.items.begin() + 4000));
  const std::vector<table> before = store.contents();
  std::atomic<int> cancel{0};
  const emptor::run how{.cancel = &cancel,
                        .progress =
                            [](double share, void* user) {
                              if (share > 0.3)
                                static_cast<std::atomic<int>*>(user)->store(1);
                            },
                        .user = &cancel};
  EXPECT_EQ(code_of([&] { push(store, ledger_rows::table_of(rows.items), false, &how); }), status::cancelled);
  EXPECT_EQ(store.contents(), before);
  push(store, rows.items);
  ledger at_once;
  push(at_once, rows.items);
  EXPECT_EQ(store.contents(), at_once.contents());
}

TEST(ledger_test, a_push_that_fails_takes_back_revisions_and_conflicts) {
  item second = invoice;
  second.revision = 1;
  item changed = second;
  changed.amount = 1;
  item low = second;
  low.amount = 0;
  item fourth = second;
  fourth.revision = 4;
  item bad = invoice;
  bad.kind = "gift";
  for (const std::vector<item>& known :
       {std::vector<item>{}, {invoice}, {invoice, second}, {second, changed}}) {
    ledger store;
    push(store, known);
    const std::vector<table> before = store.contents();
    ledger copy(store);
    EXPECT_EQ(code_of([&] { push(copy, {second, fourth, bad}, true); }), status::data);
    EXPECT_EQ(copy.contents(), before);
    push(store, {second, changed, low});
    push(copy, {low, changed, second});
    EXPECT_EQ(copy.contents(), store.contents());
  }
}

TEST(ledger_test, erase_forgets_documents_and_the_settlements_of_them) {
  ledger store;
  push(store, {invoice,
               {.document = "P1", .customer = "Hong", .kind = "payment", .amount = 40, .date = 20001},
               {.document = "R2", .customer = "Lan", .kind = "invoice", .amount = 60, .date = 20001}});
  push(store,
       std::vector<settlement>{
           {.document = "R1", .settling_document = "P1", .date = 20002, .amount = 30, .number = "S1"},
           {.document = "R2", .settling_document = "P1", .date = 20002, .amount = 10, .number = "S2"},
           {.document = "R9", .settling_document = "P9", .date = 20002, .amount = 10, .number = "S3"}});
  EXPECT_EQ(store.erase(std::vector<std::string_view>{"Hong", "Nobody", "Hong"}), 1);
  ledger expected;
  push(expected, std::vector<item>{
                     {.document = "R2", .customer = "Lan", .kind = "invoice", .amount = 60, .date = 20001}});
  push(expected,
       std::vector<settlement>{
           {.document = "R9", .settling_document = "P9", .date = 20002, .amount = 10, .number = "S3"}});
  EXPECT_EQ(store.contents(), expected.contents());
  EXPECT_EQ(store.erase(std::vector<std::string_view>{"Hong"}), 0);
}

TEST(ledger_test, contents_come_back_from_a_restore_and_a_clone) {
  random_rows rows(11, 2000, true);
  item changed = rows.items[0];
  changed.amount += 1;
  ledger store;
  push(store, rows.items);
  push(store, {changed});
  push(store, rows.settlements);
  ledger back;
  back.restore(store.contents());
  EXPECT_EQ(back.contents(), store.contents());
  EXPECT_EQ(store.clone()->contents(), store.contents());
}

TEST(ledger_test, damaged_contents_are_refused_and_change_nothing) {
  random_rows rows(11, 50, true);
  ledger store;
  push(store, rows.items);
  push(store, rows.settlements);
  const std::vector<table> good = store.contents();
  for (std::size_t which = 0; which < 2; ++which) {
    for (const emptor::column& column : good[which].columns()) {
      if (column.name().starts_with("attributes:"))
        continue;
      std::vector<table> without = good;
      without[which] = table(good[which].name());
      for (const emptor::column& other : good[which].columns()) {
        if (&other != &column)
          without[which].add(other);
      }
      EXPECT_EQ(code_of([&] { store.restore(without); }), status::format) << column.name();
      without[which].add(emptor::column::numbers(
          column.name(), std::vector<double>(static_cast<std::size_t>(column.size()), 1.0)));
      EXPECT_EQ(code_of([&] { store.restore(without); }), status::format) << column.name();
    }
  }
  EXPECT_EQ(code_of([&] { store.restore({}); }), status::format);
  EXPECT_EQ(code_of([&] { store.restore({good[0], good[0]}); }), status::format);
  EXPECT_EQ(store.contents(), good);
}

/// The table with other decimals of its amounts.
table with_decimals(const table& of, int decimals) {
  table made(of.name());
  for (const emptor::column& held : of.columns())
    made.add(held.name() == "amount" ? emptor::column::amounts("amount", held.as<std::int64_t>(), decimals)
                                     : held);
  return made;
}

TEST(ledger_test, amounts_of_contents_have_their_decimals_or_say_that_the_row_decides) {
  item yen = invoice;
  yen.document = "R2";
  yen.currency = "JPY";
  const settlement euros{.document = "R1", .settling_document = "P1", .date = 20000, .amount = 5};
  ledger store;
  EXPECT_EQ(store.contents()[0].at("amount").decimals(), 2);
  push(store, {yen});
  EXPECT_EQ(store.contents()[0].at("amount").decimals(), 0);
  push(store, {invoice});
  push(store, {euros});
  const std::vector<table> held = store.contents();
  EXPECT_EQ(held[0].at("amount").decimals(), emptor::decimals_of_row);
  EXPECT_EQ(held[1].at("amount").decimals(), 2);
  emptor::row_decimals decimals = held[0].decimals_of(held[0].at("amount"));
  EXPECT_EQ(decimals[0], 2);
  EXPECT_EQ(decimals[1], 0);

  ledger back;
  back.restore({held[0], with_decimals(held[1], emptor::decimals_of_row)});
  EXPECT_EQ(back.contents(), held);
  EXPECT_EQ(code_of([&] { back.restore({held[0], with_decimals(held[1], 3)}); }), status::format);
  EXPECT_EQ(code_of([&] { back.restore({with_decimals(held[0], 2), held[1]}); }), status::format);
  EXPECT_EQ(back.contents(), held);
}

TEST(ledger_test, contents_with_columns_that_nobody_knows_are_refused) {
  ledger store;
  push(store, {invoice});
  push(store, {settlement{.document = "R1", .settling_document = "P1", .date = 20000, .amount = 5}});
  const std::vector<table> good = store.contents();
  for (std::size_t which = 0; which < 2; ++which) {
    for (const std::string name : {"price", "amount", "attributes:", "attribute", "attributes"}) {
      std::vector<table> wider = good;
      emptor::text_buffer values;
      values.push_back("x");
      wider[which].add(emptor::column::texts(name, values));
      std::string text;
      EXPECT_EQ(code_of([&] { store.restore(wider); }, &text), status::format) << name;
      EXPECT_TRUE(name == "attributes:" || text.find(name) != std::string::npos) << text;
    }
  }
  EXPECT_EQ(store.contents(), good);
}

TEST(ledger_test, of_a_contested_document_the_content_of_another_customer_stays) {
  item of_lan = invoice;
  of_lan.customer = "Lan";
  const settlement paid{
      .document = "R1", .settling_document = "P2", .date = 20002, .amount = 10, .number = "S1"};
  const item payment{.document = "P2", .customer = "Lan", .kind = "payment", .amount = 40, .date = 20001};
  ledger store;
  push(store, {invoice, of_lan, payment});
  push(store, {paid});
  EXPECT_EQ(store.erase(std::vector<std::string_view>{"Hong"}), 1);
  ledger expected;
  push(expected, {of_lan, payment});
  push(expected, {paid});
  EXPECT_EQ(store.contents(), expected.contents());
}

TEST(ledger_test, any_order_split_and_merge_gives_the_same_contents) {
  for (const bool numbered : {true, false}) {
    random_rows rows(21, 1500, numbered);
    ledger at_once;
    push(at_once, rows.items);
    push(at_once, rows.settlements);
    const std::vector<table> expected = at_once.contents();
    for (std::uint64_t round = 0; round < 100; ++round) {
      rows.shuffle(round);
      ledger other = rows.in_pieces(round, 700);
      ASSERT_EQ(other.contents(), expected) << "round " << round;
      if (numbered && round % 10 == 0) { // yesterday's file once more
        push(other, rows.items);
        push(other, rows.settlements);
        other.merge(other);
        ASSERT_EQ(other.contents(), expected);
      }
    }
  }
}

TEST(ledger_test, a_document_that_is_revised_a_thousand_times_stays_one) {
  ledger store;
  item row = invoice;
  for (std::int64_t revision = 0; revision < 1000; ++revision) {
    row.revision = revision;
    push(store, {row});
  }
  EXPECT_EQ(store.contents()[0].rows(), 1);
  EXPECT_LT(store.items().rows().size(), 10U);
}

} // namespace
} // namespace ledger_test
