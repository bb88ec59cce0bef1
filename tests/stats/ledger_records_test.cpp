// SPDX-License-Identifier: BSL-1.0
// What a ledger holds beside documents and settlements: reading, revisions, files.
#include <atomic>
#include <limits>

#include <gtest/gtest.h>

#include <emptor/stats/ledger.hpp>

#include "stats/ledger_record_rows.hpp"
#include "support/refusal.hpp"

namespace ledger_records_test {
namespace {

using emptor::exact_decimal;
using emptor::push_report;
using emptor::row_status;
using emptor::status;
using emptor::table;
using emptor::stats::ledger;
using emptor::test::code_of;
using ledger_rows::commitment;
using ledger_rows::customer;
using ledger_rows::dispute;
using ledger_rows::item;
using ledger_rows::push;
using ledger_rows::random_ledger;
using ledger_rows::rate;
using ledger_rows::security;
using ledger_rows::settlement;
using statuses = std::vector<row_status>;

const commitment order{.document = "O1", .customer = "Hong", .amount = 1000, .date = 20000};
const dispute quarrel{.number = "Q1", .document = "R1", .amount = 300, .opened = 20000};
const security guarantee{.number = "G1", .customer = "Hong", .amount = 5000, .from = 20000};
const customer hong{.id = "Hong", .group = "Holding", .region = "north"};
const rate dollars{.currency = "USD", .in = "CNY", .date = 20000, .value = 7.1};

const table* find(const std::vector<table>& contents, std::string_view name) {
  for (const table& one : contents) {
    if (one.name() == name)
      return &one;
  }
  return nullptr;
}

/// What holds for the rows of each table. `change` makes other content of a row.
template <class Row, class Change>
void expect_revisions(const Row& first, const Change& change) {
  const std::string name = table_of(std::span(&first, 1)).name();
  SCOPED_TRACE(name);
  ledger store;
  EXPECT_EQ(find(store.contents(), name), nullptr);
  EXPECT_EQ(push(store, {first}).report.added, 1);
  const std::vector<table> before = store.contents();
  ASSERT_NE(find(before, name), nullptr);
  const auto again = push(store, {first});
  EXPECT_EQ(again.report.repeated, 1);
  EXPECT_FALSE(again.report.repeats_count_twice);
  EXPECT_EQ(store.contents(), before);

  Row other = first;
  change(other);
  ledger contested(store);
  EXPECT_EQ(push(contested, {other}).statuses, statuses{row_status::conflict});
  EXPECT_EQ(find(contested.contents(), name)->rows(), 2);
  EXPECT_EQ(code_of([&] { push(store, {other}, true); }), status::conflict);
  EXPECT_EQ(store.contents(), before);
  ledger reversed;
  push(reversed, {other, first});
  EXPECT_EQ(reversed.contents(), contested.contents());
  ledger restored;
  restored.restore(contested.contents());
  EXPECT_EQ(restored.contents(), contested.contents());

  other.revision = 2;
  EXPECT_EQ(push(contested, {other}).report.replaced, 1);
  EXPECT_EQ(find(contested.contents(), name)->rows(), 1);
  EXPECT_EQ(push(contested, {first}).report.superseded, 1);
  ledger late;
  EXPECT_EQ(push(late, {other, first}).statuses, (statuses{row_status::ok, row_status::superseded}));
  EXPECT_EQ(late.contents(), contested.contents());

  Row third = first;
  for (int round = 0; round < 300; ++round) { // what counts no longer is swept out
    third.revision = 3 + round;
    push(late, {third});
  }
  EXPECT_EQ(find(late.contents(), name)->rows(), 1);
}

TEST(ledger_records_test, every_table_is_revised_like_the_documents) {
  expect_revisions(order, [](commitment& row) { row.amount += 1; });
  expect_revisions(order, [](commitment& row) { row.follows = "O7"; });
  expect_revisions(order, [](commitment& row) { row.cancelled = 20005; });
  expect_revisions(quarrel, [](dispute& row) { row.reason = "quality"; });
  expect_revisions(quarrel, [](dispute& row) { row.outcome = "partly"; });
  expect_revisions(guarantee, [](security& row) { row.share = 0.5; });
  expect_revisions(guarantee, [](security& row) { row.kind = "insurance"; });
  expect_revisions(hong, [](customer& row) { row.region = "south"; });
  expect_revisions(hong, [](customer& row) { row.group = ""; });
  expect_revisions(dollars, [](rate& row) { row.value = 7.2; });
}

TEST(ledger_records_test, new_columns_of_items_are_part_of_their_content) {
  const item plain{.document = "R1", .customer = "Hong", .kind = "invoice", .amount = 100, .date = 20000};
  const auto changes = {+[](item& row) { row.follows = "O1"; },
                        +[](item& row) { row.discount_until = 20010; }, +[](item& row) { row.discount = 0; },
                        +[](item& row) { row.kind = "write_off"; }};
  for (const auto& change : changes) {
    item other = plain;
    change(other);
    ledger store;
    EXPECT_EQ(push(store, {plain, other}).report.conflicts, 1);
    ledger back;
    back.restore(store.contents());
    EXPECT_EQ(back.contents(), store.contents());
  }
}

TEST(ledger_records_test, a_ledger_without_the_new_columns_has_the_tables_that_it_had) {
  ledger store;
  push(store, {item{.document = "R1", .customer = "Hong", .kind = "invoice", .amount = 100, .date = 20000}});
  const std::vector<table> contents = store.contents();
  ASSERT_EQ(contents.size(), 2U);
  std::vector<std::string> names;
  for (const emptor::column& column : contents[0].columns())
    names.push_back(column.name());
  EXPECT_EQ(names, (std::vector<std::string>{"document", "revision", "customer", "kind", "amount", "currency",
                                             "document_date", "due_date"}));
}

TEST(ledger_records_test, each_table_keeps_what_its_rows_say) {
  ledger store;
  commitment delivery{.document = "L1",
                      .customer = "Hong",
                      .amount = 700,
                      .date = 20001,
                      .follows = "O1",
                      .kind = "delivery",
                      .planned = 20009,
                      .cancelled = 20011,
                      .currency = "JPY"};
  push(store, {order, delivery});
  dispute closed = quarrel;
  closed.closed = 20020;
  closed.reason = "price";
  closed.outcome = "in_favour_of_seller";
  push(store, {closed});
  security half = guarantee;
  half.share = 0.85;
  half.until = 20300;
  push(store, {half});
  push(store, {hong});
  push(store, {dollars});
  const std::vector<table> contents = store.contents();
  const table& commitments = *find(contents, "commitments");
  EXPECT_EQ(commitments.at("document").text()[0], "L1");
  EXPECT_EQ(commitments.at("follows").text()[0], "O1");
  EXPECT_EQ(commitments.at("kind").text()[0], "delivery");
  EXPECT_EQ(commitments.at("planned_date").as<std::int32_t>()[0], 20009);
  EXPECT_EQ(commitments.at("cancelled_on").as<std::int32_t>()[0], 20011);
  EXPECT_FALSE(commitments.at("cancelled_on").is_valid(1));
  EXPECT_EQ(commitments.at("amount").decimals(), emptor::decimals_of_row);
  const table& disputes = *find(contents, "disputes");
  EXPECT_EQ(disputes.at("reason").text()[0], "price");
  EXPECT_EQ(disputes.at("outcome").text()[0], "in_favour_of_seller");
  EXPECT_EQ(disputes.at("closed").as<std::int32_t>()[0], 20020);
  EXPECT_EQ(find(contents, "securities")->at("share_covered").text()[0], "0.85");
  EXPECT_EQ(find(contents, "customers")->at("group").text()[0], "Holding");
  EXPECT_EQ(find(contents, "customers")->at("attributes:region").text()[0], "north");
  EXPECT_EQ(find(contents, "rates")->at("rate").text()[0], "7.1");
  EXPECT_EQ(find(contents, "rates")->at("in_currency").text()[0], "CNY");
  EXPECT_EQ(store.records<emptor::stats::exchange_rate>()[0].rate, (exact_decimal{71, 1}));
}

template <class Row, class Change>
Row with(Row row, const Change& change) {
  change(row);
  return row;
}

TEST(ledger_records_test, bad_rows_are_refused_with_their_reason_and_leave_nothing) {
  ledger store;
  using enum row_status;
  EXPECT_EQ(
      push(store, std::vector<commitment>{with(order, [](commitment& row) { row.document = ""; }),
                                          with(order, [](commitment& row) { row.customer = ""; }),
                                          with(order, [](commitment& row) { row.kind = "gift"; }),
                                          with(order, [](commitment& row) { row.amount = -1; }),
                                          with(order, [](commitment& row) { row.currency = "eur"; }),
                                          with(order, [](commitment& row) { row.date = 3000000; }),
                                          with(order, [](commitment& row) { row.cancelled = -3000000; }),
                                          with(order, [](commitment& row) { row.follows = "\xC3("; }),
                                          with(order, [](commitment& row) { row.revision = -1; })})
          .statuses,
      (statuses{missing, missing, unknown_level, out_of_domain, currency, out_of_domain, out_of_domain,
                invalid_text, out_of_domain}));
  EXPECT_EQ(push(store, std::vector<dispute>{with(quarrel, [](dispute& row) { row.number = ""; }),
                                             with(quarrel, [](dispute& row) { row.document = ""; }),
                                             with(quarrel, [](dispute& row) { row.closed = row.opened - 1; }),
                                             with(quarrel, [](dispute& row) { row.outcome = "lost"; }),
                                             with(quarrel, [](dispute& row) { row.amount = -5; })})
                .statuses,
            (statuses{missing, missing, inconsistent, unknown_level, out_of_domain}));
  EXPECT_EQ(
      push(store, std::vector<security>{with(guarantee, [](security& row) { row.share = 0.0; }),
                                        with(guarantee, [](security& row) { row.share = 1.01; }),
                                        with(guarantee, [](security& row) { row.share = std::nan(""); }),
                                        with(guarantee, [](security& row) { row.share = 1.0 / 3.0; }),
                                        with(guarantee, [](security& row) { row.until = row.from - 1; })})
          .statuses,
      (statuses{out_of_domain, out_of_domain, not_a_number, not_exact, inconsistent}));
  EXPECT_EQ(push(store, std::vector<customer>{with(hong, [](customer& row) { row.id = ""; })}).statuses,
            statuses{missing});
  EXPECT_EQ(push(store, std::vector<rate>{with(dollars, [](rate& row) { row.currency = ""; }),
                                          with(dollars, [](rate& row) { row.in = "Yuan"; }),
                                          with(dollars, [](rate& row) { row.in = "USD"; }),
                                          with(dollars, [](rate& row) { row.value = 0.0; }),
                                          with(dollars, [](rate& row) { row.value = -7.1; }),
                                          with(dollars, [](rate& row) { row.value = 1.0 / 7.0; }),
                                          with(dollars, [](rate& row) { row.value = 1e300; }),
                                          with(dollars, [](rate& row) { row.value = 1e-13; })})
                .statuses,
            (statuses{missing, currency, inconsistent, out_of_domain, out_of_domain, not_exact, too_large,
                      not_exact}));
  EXPECT_EQ(store.contents(), ledger().contents());
}

TEST(ledger_records_test, strict_mode_names_row_and_column_and_keeps_nothing) {
  ledger store;
  std::string text;
  dispute bad = quarrel;
  bad.number = "Q2";
  bad.closed = bad.opened - 1;
  EXPECT_EQ(code_of([&] { push(store, {quarrel, bad}, true); }, &text), status::data);
  EXPECT_EQ(text, "ledger.disputes: closed[1] is day 19999, but must be not before opened");
  rate exact = dollars;
  exact.value = 1.0 / 7.0;
  EXPECT_EQ(code_of([&] { push(store, {dollars, exact}, true); }, &text), status::data);
  EXPECT_EQ(text,
            "ledger.rates: rate[1] is 0.14285714285714285, but must be a decimal of at most 12 digits behind "
            "the point");
  exact.value = 7.3;
  EXPECT_EQ(code_of([&] { push(store, {dollars, exact}, true); }, &text), status::conflict);
  EXPECT_EQ(store.contents(), ledger().contents());
  EXPECT_EQ(code_of([&] { push(store, table("dispute", table_of(std::span(&quarrel, 1)).columns())); }),
            status::unknown_name);
}

TEST(ledger_records_test, rates_come_as_any_number_and_mean_the_same_decimal) {
  const auto pushed_as = [](const emptor::column& value) {
    ledger store;
    emptor::text_buffer from;
    emptor::text_buffer in;
    from.push_back("USD");
    in.push_back("CNY");
    push(store,
         table("rates", {emptor::column::texts("currency", from), emptor::column::texts("in_currency", in),
                         emptor::column::days("date", {20000}), value}));
    return store.records<emptor::stats::exchange_rate>()[0].rate;
  };
  EXPECT_EQ(pushed_as(emptor::column::numbers("rate", {7.0})), (exact_decimal{7, 0}));
  EXPECT_EQ(pushed_as(emptor::column::integers("rate", {700})), (exact_decimal{700, 0}));
  EXPECT_EQ(pushed_as(emptor::column::numbers("rate", {0.000041})), (exact_decimal{41, 6}));
  EXPECT_EQ(pushed_as(emptor::column::numbers("rate", {1234567.890123})), (exact_decimal{1234567890123, 6}));

  const emptor::wide_integer wide = 71250000;
  emptor::column_view view;
  view.data = &wide;
  view.stride_bytes = 16;
  view.type = emptor::dtype::decimal128;
  view.unit = 7;
  exact_decimal read;
  EXPECT_EQ(emptor::read_decimal(view, 0, read), row_status::ok);
  EXPECT_EQ(read, (exact_decimal{7125, 3}));
  const float narrow = 7.1F;
  view.data = &narrow;
  view.stride_bytes = 4;
  view.type = emptor::dtype::float32;
  EXPECT_EQ(emptor::read_decimal(view, 0, read), row_status::ok);
  EXPECT_EQ(read, (exact_decimal{71, 1}));
}

TEST(ledger_records_test, rows_without_a_currency_are_of_the_default_one) {
  const std::vector<emptor::option> given{{"default_currency", "CNY"}};
  ledger store(emptor::option_values("ledger", emptor::stats::ledger_options, given));
  commitment bare = order;
  bare.currency = "";
  EXPECT_EQ(push(store, {bare}).report.added, 1);
  bare.currency = "CNY";
  EXPECT_EQ(push(store, {bare}).report.repeated, 1);
  EXPECT_EQ(push(store, {dollars}).report.added, 1); // expressed in the usual currency
  rate back{.currency = "CNY", .in = "USD", .date = 20000, .value = 0.14};
  EXPECT_EQ(push(store, {back}).report.added, 1);
  const std::vector<table> contents = store.contents();
  EXPECT_EQ(find(contents, "commitments")->at("currency").text()[0], "CNY");
  EXPECT_EQ(find(contents, "rates")->at("in_currency").text()[1], "CNY");
}

TEST(ledger_records_test, a_push_that_fails_or_is_cancelled_takes_everything_back) {
  random_ledger rows(5, 3000);
  ledger store;
  push(store, std::vector<commitment>(rows.commitments.begin(), rows.commitments.begin() + 500));
  const std::vector<table> before = store.contents();
  commitment bad = order;
  bad.kind = "gift";
  std::vector<commitment> more = rows.commitments;
  more.push_back(bad);
  EXPECT_EQ(code_of([&] { push(store, more, true); }), status::data);
  EXPECT_EQ(store.contents(), before);
  std::atomic<int> cancel{1};
  emptor::run how;
  how.cancel = &cancel;
  rows.for_each([&]<class Row>(const std::vector<Row>& all) {
    EXPECT_EQ(code_of([&] { push(store, table_of(std::span<const Row>(all)), false, &how); }),
              status::cancelled);
  });
  EXPECT_EQ(store.contents(), before);
  rows.for_each([&](const auto& all) { push(store, all); });
  EXPECT_EQ(store.contents(), rows.at_once().contents());
}

TEST(ledger_records_test, erase_forgets_all_of_a_customer_and_nothing_of_others) {
  const auto fill = [](ledger& store, bool of_hong) {
    const item invoice{.document = "R1", .customer = "Hong", .kind = "invoice", .amount = 100, .date = 20000};
    const item other{
        .document = "R2", .customer = "Lan", .kind = "invoice", .amount = 70, .date = 20000, .follows = "O1"};
    push(store, of_hong ? std::vector<item>{invoice, other} : std::vector<item>{other});
    const commitment lans{.document = "O2", .customer = "Lan", .amount = 50, .date = 20000, .follows = "O1"};
    push(store, of_hong ? std::vector<commitment>{order, lans} : std::vector<commitment>{lans});
    const dispute of_lan{.number = "Q2", .document = "R2", .amount = 5, .opened = 20000};
    const dispute of_nobody{.number = "Q3", .document = "R9", .amount = 5, .opened = 20000};
    push(store, of_hong ? std::vector<dispute>{quarrel, of_lan, of_nobody}
                        : std::vector<dispute>{of_lan, of_nobody});
    const security of_lan_too{.number = "G2", .customer = "Lan", .amount = 5, .from = 20000};
    push(store, of_hong ? std::vector<security>{guarantee, of_lan_too} : std::vector<security>{of_lan_too});
    const customer lan{.id = "Lan", .group = "Holding"};
    push(store, of_hong ? std::vector<customer>{hong, lan} : std::vector<customer>{lan});
    push(store, {dollars});
  };
  ledger store;
  fill(store, true);
  ledger expected;
  fill(expected, false);
  EXPECT_EQ(store.erase(std::vector<std::string_view>{"Hong", "Nobody", "Holding"}), 1);
  EXPECT_EQ(store.contents(), expected.contents());
  EXPECT_EQ(store.erase(std::vector<std::string_view>{"Hong"}), 0);

  ledger known_by_facts_alone;
  push(known_by_facts_alone, {hong});
  EXPECT_EQ(known_by_facts_alone.erase(std::vector<std::string_view>{"Hong"}), 1);
  EXPECT_EQ(known_by_facts_alone.contents(), ledger().contents());
}

TEST(ledger_records_test, any_order_split_and_merge_gives_the_same_contents) {
  random_ledger rows(31, 900);
  const std::vector<table> expected = rows.at_once().contents();
  ASSERT_EQ(expected.size(), 8U);
  for (std::uint64_t round = 0; round < 100; ++round) {
    rows.shuffle(round);
    ledger other = rows.in_pieces(round, 400);
    ASSERT_EQ(other.contents(), expected) << "round " << round;
    if (round % 20 == 0) { // yesterday's file once more
      rows.for_each([&](const auto& all) { push(other, all); });
      other.merge(other);
      ASSERT_EQ(other.contents(), expected);
      ledger back;
      back.restore(expected);
      back.merge(other);
      ASSERT_EQ(back.contents(), expected);
    }
  }
}

} // namespace
} // namespace ledger_records_test
