// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <emptor/credit/ageing.hpp>
#include <emptor/credit/exposure_entry.hpp>
#include <emptor/credit/order_check_entry.hpp>

#include "credit/finished.hpp"
#include "stats/ledger_record_rows.hpp"
#include "support/refusal.hpp"

namespace emptor::test::exposure_test {
namespace {

using finished::cells;
using finished::sums;
using ledger_rows::commitment;
using ledger_rows::customer;
using ledger_rows::item;
using ledger_rows::push;
using ledger_rows::rate;
using ledger_rows::security;
using ledger_rows::settlement;
using options = std::vector<option>;
using stats::ledger;
using texts = std::vector<std::string>;

constexpr std::int32_t today = 20000; // 2024-10-04

options asked(options more = {}, std::int32_t on = today) {
  options all{{"as_of", to_string(date_from_days(on))}};
  all.insert(all.end(), more.begin(), more.end());
  return all;
}
result exposure_of(const ledger& from, const options& more = {}, std::int32_t on = today) {
  return finished::of(credit::exposure_entry, from, asked(more, on));
}
/// A figure of the only row of the totals; 0 where nothing is there yet.
std::int64_t figure(const ledger& from, const char* name, const options& more = {}, std::int32_t on = today) {
  const result made = exposure_of(from, more, on);
  const table& totals = finished::table_of(made, "totals");
  EXPECT_LE(totals.rows(), 1);
  return totals.rows() == 0 ? 0 : totals.at(name).as<std::int64_t>().front();
}
std::string refusal(const ledger& from, const options& more = {}) {
  std::string text;
  (void)code_of([&] { return exposure_of(from, more); }, &text);
  return text;
}

commitment committed(std::string document, std::int64_t amount, std::string kind = "order",
                     std::string follows = {}) {
  return {.document = std::move(document),
          .customer = "Hong",
          .amount = amount,
          .date = today - 40,
          .follows = std::move(follows),
          .kind = std::move(kind)};
}
item document(std::string number, std::int64_t amount, std::string kind = "invoice",
              std::int32_t due = today) {
  return {.document = std::move(number),
          .customer = "Hong",
          .kind = std::move(kind),
          .amount = amount,
          .date = today - 30,
          .due = due};
}
settlement pays(std::string debit, std::string credit, std::int64_t amount) {
  return {.document = std::move(debit),
          .settling_document = std::move(credit),
          .date = today - 10,
          .amount = amount};
}

// ---- no money counts twice ----

/// An order that is delivered, billed, posted and paid in parts, or not: the money is where it stands.
struct chain {
  ledger store;
  std::map<std::int32_t, std::int64_t> paid; ///< by day
  std::int64_t amount = 0;
  std::int32_t first = today;

  void draw() {
    std::vector<commitment> commitments;
    std::vector<item> items;
    std::vector<settlement> settlements;
    const auto number = [](const char* letter, std::size_t of) { return letter + std::to_string(of); };
    const auto later = [](std::int32_t day) { return day + *rc::gen::inRange(0, 20); };
    const auto part = [](std::int64_t rest) { return *rc::gen::inRange<std::int64_t>(0, rest + 1); };
    amount = *rc::gen::inRange<std::int64_t>(0, 100'000);
    const auto commit = [&](const char* letter, const char* kind, std::int64_t money, std::int32_t day,
                            const std::string& follows) {
      commitment one = committed(number(letter, commitments.size()), money, kind, follows);
      one.date = day;
      commitments.push_back(one);
      return one.document;
    };
    const auto pay = [&](const item& of) {
      item payment = document(number("P", items.size()), part(of.amount), "payment");
      payment.date = later(of.date);
      items.push_back(payment);
      if (*rc::gen::arbitrary<bool>())
        settlements.push_back({of.document, payment.document, later(payment.date), payment.amount});
      paid[payment.date] += payment.amount;
    };
    const auto post = [&](std::int64_t money, std::int32_t day, const std::string& follows,
                          const std::string& own) {
      item one = document(own.empty() ? number("R", items.size()) : own, money);
      one.date = day;
      one.due = later(day);
      one.follows = follows;
      items.push_back(one);
      pay(item(one));
    };
    const auto bill = [&](std::int64_t money, std::int32_t day, const std::string& follows) {
      if (*rc::gen::arbitrary<bool>())
        return post(money, day, follows, ""); // without a billing document
      const std::string billed = commit("B", "billing_document", money, day, follows);
      switch (*rc::gen::inRange(0, 4)) {
      case 0:
        return post(money, later(day), billed, "");
      case 1:
        return post(money, later(day), "", billed); // under the same number
      case 2:
        return post(money, later(day), follows, billed); // and naming what it invoices
      default:
        return;
      }
    };
    const std::string order = commit("O", "order", amount, first, "");
    std::int64_t undelivered = amount;
    for (int i = *rc::gen::inRange(0, 4); i > 0; --i) {
      std::int64_t rest = part(undelivered);
      undelivered -= rest;
      const std::int32_t day = later(first);
      if (*rc::gen::arbitrary<bool>()) {
        bill(rest, day, order); // invoiced without a delivery
        continue;
      }
      const std::string delivery = commit("L", "delivery", rest, day, order);
      for (int j = *rc::gen::inRange(0, 3); j > 0; --j) {
        const std::int64_t billed = part(rest);
        rest -= billed;
        bill(billed, later(day), delivery);
      }
    }
    push(store, commitments);
    push(store, items);
    push(store, settlements);
  }
};

RC_GTEST_PROP(exposure_property, an_order_counts_once_however_far_it_is_delivered_invoiced_and_paid, ()) {
  chain one;
  one.draw();
  for (const std::int32_t day : {0, 5, 10, 20, 40, 100}) {
    std::int64_t paid = 0;
    for (const auto& [on, money] : one.paid)
      paid += on <= one.first + day ? money : 0;
    RC_ASSERT(figure(one.store, "exposure", {}, one.first + day) == one.amount - paid);
  }
}

TEST(exposure, the_classes_of_an_order_that_is_delivered_billed_posted_and_paid_in_parts) {
  ledger store;
  push(store, {committed("O1", 1000), committed("L1", 600, "delivery", "O1"),
               committed("B1", 250, "billing_document", "L1"), committed("B2", 100, "billing_document", "L1"),
               committed("W1", 70, "special_liability")});
  item posted = document("R1", 100);
  posted.follows = "B2";
  push(store, {posted, document("P1", 30, "payment")});
  push(store, std::vector<settlement>{pays("R1", "P1", 30)});
  EXPECT_EQ(cells(exposure_of(store), "exposure",
                  {"group", "currency", "open_items", "deliveries", "orders", "orders_in_horizon",
                   "billing_documents", "special_liabilities", "total", "secured", "exposure"}),
            (texts{"Hong EUR 70 250 400 400 250 70 1040 0 1040"}));
}

// A draft that is posted keeps its number.
TEST(exposure, a_billing_document_and_the_invoice_of_its_number_are_one) {
  ledger store;
  push(store, {committed("L1", 600, "delivery"), committed("R1", 250, "billing_document", "L1")});
  item posted = document("R1", 250);
  posted.follows = "L1"; // as the draft does, which would take the delivery off twice
  push(store, {posted});
  EXPECT_EQ(
      cells(exposure_of(store), "totals", {"open_items", "billing_documents", "deliveries", "exposure"}),
      (texts{"250 0 350 600"}));
  EXPECT_EQ(
      cells(exposure_of(store, {}, today - 31), "totals", {"open_items", "billing_documents", "deliveries"}),
      (texts{"0 250 350"}));
  // An order may have the number of an invoice that has nothing to do with it.
  ledger other;
  push(other, {committed("1", 600)});
  push(other, {document("1", 250)});
  EXPECT_EQ(figure(other, "exposure"), 850);
}

TEST(exposure, what_is_cancelled_is_no_exposure_from_its_day_on) {
  ledger store;
  commitment bill = committed("W1", 70, "special_liability");
  bill.cancelled = today;
  push(store, {bill});
  EXPECT_EQ(figure(store, "special_liabilities", {}, today - 1), 70);
  EXPECT_EQ(figure(store, "special_liabilities"), 0);
}

// ---- open items ----

TEST(exposure, what_is_overdue_and_since_when) {
  ledger store;
  item undated = document("R4", 8);
  undated.due = std::nullopt;
  push(store, {document("R1", 1, "invoice", today), document("R2", 2, "invoice", today - 1),
               document("R3", 4, "debit_note", today - 9), undated, document("P1", 16, "payment")});
  const texts columns{"open_items", "current", "overdue", "unallocated", "oldest_overdue"};
  EXPECT_EQ(cells(exposure_of(store), "exposure", columns), (texts{"-1 9 6 -16 9"}));
  EXPECT_EQ(cells(exposure_of(store, {{"grace_days", "1"}}), "exposure", columns), (texts{"-1 11 4 -16 9"}));
  EXPECT_EQ(cells(exposure_of(store, {{"grace_days", "9"}}), "exposure", columns), (texts{"-1 15 0 -16 0"}));
  push(store, std::vector<settlement>{pays("R3", "P1", 4)}); // paid, however late
  EXPECT_EQ(cells(exposure_of(store), "exposure", columns), (texts{"-1 9 2 -12 1"}));
}

// ---- horizon and tolerance ----

TEST(exposure, orders_beyond_the_horizon_are_told_and_not_counted) {
  ledger store;
  const auto planned = [](const char* number, std::int64_t amount, std::optional<std::int32_t> day) {
    commitment one = committed(number, amount);
    one.planned = day;
    return one;
  };
  commitment delivery = committed("L1", 64, "delivery"); // counts, whenever it is planned
  delivery.planned = today + 900;
  push(store, {planned("O1", 1, today - 100), planned("O2", 2, today), planned("O3", 4, today + 31),
               planned("O4", 8, today + 32), planned("O5", 16, std::nullopt), delivery});
  const auto near = [&](const options& more) {
    EXPECT_EQ(figure(store, "orders", more), 31);
    EXPECT_EQ(figure(store, "total", more), figure(store, "orders_in_horizon", more) + 64);
    return figure(store, "orders_in_horizon", more);
  };
  EXPECT_EQ(near({}), 31);
  EXPECT_EQ(near({{"horizon", "0"}}), 19);
  EXPECT_EQ(near({{"horizon", "31"}}), 23);
  EXPECT_EQ(near({{"horizon", "32"}}), 31);
  EXPECT_EQ(near({{"horizon", "1 month"}}), 23); // from 2024-10-04 to 2024-11-04
  EXPECT_EQ(near({{"horizon", "2024-11-03"}}), 19);
  EXPECT_EQ(near({{"horizon", "2024-11-05"}}), 31);
  EXPECT_THAT(refusal(store, {{"horizon", "2024-10-03"}}), testing::HasSubstr("horizon ends before as_of"));
  EXPECT_THAT(refusal(store, {{"horizon", "101 years"}}), testing::HasSubstr("at most a century"));
  EXPECT_THAT(refusal(store, {{"horizon", "-1"}}), testing::HasSubstr("horizon"));
}

TEST(exposure, a_rest_up_to_the_tolerance_counts_as_done) {
  ledger store;
  push(store, {committed("O1", 1000), committed("L1", 980, "delivery", "O1"), committed("O2", 1000),
               committed("L2", 979, "delivery", "O2"), committed("O3", 3)});
  const texts columns{"orders", "deliveries", "within_tolerance", "total"};
  EXPECT_EQ(cells(exposure_of(store), "totals", columns), (texts{"44 1959 0 2003"}));
  EXPECT_EQ(cells(exposure_of(store, {{"tolerance", "0.02"}}), "totals", columns),
            (texts{"24 1959 20 1983"}));
  EXPECT_EQ(cells(exposure_of(store, {{"tolerance", "0.021"}}), "totals", columns),
            (texts{"3 1959 41 1962"}));
  // What nothing was delivered of is no rest.
  EXPECT_EQ(cells(exposure_of(store, {{"tolerance", "0.999999"}}), "totals", columns),
            (texts{"3 1959 41 1962"}));
  EXPECT_THAT(refusal(store, {{"tolerance", "0.0000001"}}), testing::HasSubstr("whole number of millionths"));
  EXPECT_THAT(refusal(store, {{"tolerance", "1"}}), testing::HasSubstr("tolerance"));
}

// ---- securities ----

TEST(exposure, securities_cover_what_they_say_and_no_more_than_is_owed) {
  ledger store;
  push(store, {document("R1", 1001)});
  const auto valid = [](const char* number, std::int64_t amount, std::optional<double> share) {
    return security{.number = number,
                    .customer = "Hong",
                    .amount = amount,
                    .from = today - 5,
                    .until = today + 5,
                    .share = share};
  };
  push(store, {valid("G1", 400, std::nullopt)});
  EXPECT_EQ(figure(store, "secured"), 400);
  push(store, {valid("G2", 900, 0.5)}); // 500.5, half to even
  EXPECT_EQ(figure(store, "secured"), 900);
  EXPECT_EQ(figure(store, "exposure"), 101);
  EXPECT_EQ(figure(store, "exposure", {{"deduct_secured", "false"}}), 1001);
  EXPECT_EQ(figure(store, "secured", {}, today - 6), 0);
  EXPECT_EQ(figure(store, "secured", {}, today + 5), 900);
  EXPECT_EQ(figure(store, "secured", {}, today + 6), 0);
  security dollars = valid("G3", 5000, std::nullopt);
  dollars.currency = "USD";
  push(store, {dollars});
  EXPECT_EQ(cells(exposure_of(store), "exposure", {"currency", "total", "secured"}),
            (texts{"EUR 1001 900", "USD 0 0"}));
  push(store, {valid("G4", 300, std::nullopt)});
  EXPECT_EQ(cells(exposure_of(store), "exposure", {"secured", "exposure"}), (texts{"1001 0", "0 0"}));
  push(store, {document("P1", 2000, "payment")}); // what is owed to the customer needs no security
  EXPECT_EQ(cells(exposure_of(store), "exposure", {"secured", "exposure"}), (texts{"0 -999", "0 0"}));
}

TEST(exposure, a_security_stands_for_its_own_customer_in_a_group_of_companies_too) {
  ledger store;
  item lan = document("R2", 500);
  lan.customer = "Lan";
  push(store, {document("R1", 100), lan});
  push(store, {customer{.id = "Lan", .group = "Hong"}, customer{.id = "Mei"}});
  push(store, {security{.number = "G1", .customer = "Hong", .amount = 1000, .from = 0}});
  EXPECT_EQ(cells(exposure_of(store), "exposure", {"group", "total", "secured", "exposure"}),
            (texts{"Hong 100 100 0", "Lan 500 0 500"}));
  EXPECT_EQ(
      cells(exposure_of(store, {{"by", "group"}}), "exposure", {"group", "total", "secured", "exposure"}),
      (texts{"Hong 600 100 500"}));
}

// ---- levels ----

TEST(exposure, groups_of_companies_have_the_name_of_their_head) {
  ledger store;
  std::vector<item> rows;
  for (const char* name : {"A", "B", "C", "D", "E"}) {
    rows.push_back(document(std::string("R") + name, 10));
    rows.back().customer = name;
  }
  push(store, rows);
  push(store, {customer{.id = "A", .group = "B", .region = "north"}, customer{.id = "B", .group = "Z"},
               customer{.id = "C", .group = "D", .region = "south"}, customer{.id = "D", .group = "C"},
               customer{.id = "E", .region = "north"}});
  const options by_group{{"by", "group"}};
  EXPECT_EQ(cells(exposure_of(store, by_group), "exposure", {"group", "exposure"}),
            (texts{"C 20", "E 10", "Z 20"}));
  EXPECT_EQ(cells(exposure_of(store, by_group), "findings", {"document", "finding", "customer"}),
            (texts{"- group_in_circle C", "- group_in_circle D"}));
  EXPECT_EQ(cells(exposure_of(store, {{"by", "all"}}), "exposure", {"group", "exposure"}), (texts{"all 50"}));
  EXPECT_EQ(cells(exposure_of(store, {{"by", "region"}}), "exposure", {"group", "exposure"}),
            (texts{"north 20", "south 10", "- 20"}));
  EXPECT_THAT(refusal(store, {{"by", "regio"}}), testing::HasSubstr("region"));
  const result some = finished::of(credit::exposure_entry, store, asked(by_group), {}, nullptr, {{"A", "E"}});
  EXPECT_EQ(cells(some, "exposure", {"group", "exposure"}), (texts{"E 10", "Z 10"}));
  EXPECT_EQ(cells(some, "findings", {"finding"}), texts{});
}

/// The ledger of all kinds with the classes that it lacks.
ledger_rows::random_ledger all_kinds(std::uint64_t seed, std::size_t documents) {
  ledger_rows::random_ledger rows(seed, documents);
  for (commitment& one : rows.commitments) {
    const std::size_t number = std::stoul(one.document.substr(1));
    if (number % 5 == 0)
      one.kind = "billing_document";
    if (number % 11 == 0)
      one.kind = "special_liability";
  }
  return rows;
}

/// The same questions to other entries and views give the same sums, to the minor unit, at every level and in every currency.
TEST(exposure, sums_are_those_of_the_ageing_and_of_the_open_commitments_at_every_level) {
  ledger_rows::random_ledger rows = all_kinds(5, 3000);
  rows.shuffle(6);
  const ledger store = rows.in_pieces(7, 200);
  const std::int32_t on = ledger_rows::day("2025-10-15");
  const options common{{"horizon", "14"}, {"tolerance", "0.3"}};
  const result by_customer = exposure_of(store, common, on);
  const table& found = finished::table_of(by_customer, "exposure");

  const result aged = finished::of(credit::ageing_entry, store, asked({{"by", "due_date"}}, on));
  for (const auto& [ours, theirs] : std::map<std::string, std::string>{
           {"open_items", "balance"}, {"overdue", "overdue"}, {"unallocated", "unallocated"}})
    EXPECT_EQ(sums(found, {"group", "currency"}, ours),
              sums(aged, "balances", {"customer", "currency"}, theirs))
        << ours;

  std::map<std::string, std::map<std::string, wide_integer>> open;
  const auto& held = store.records<stats::commitment>();
  for (const stats::open_commitment& one : open_commitments(store, date_from_days(on)).commitments) {
    const stats::commitment& of = held[one.row];
    const std::string key = std::string(store.customer(of.customer)) + " " +
                            std::string(stats::currency_of(of.currency).code()) + " ";
    const bool tolerated = of.kind != stats::commitment_kind::special_liability && one.open < of.amount &&
                           one.open * 10 <= of.amount * 3;
    const char* const classes[] = {"orders", "deliveries", "billing_documents", "special_liabilities"};
    open[tolerated ? "within_tolerance" : classes[static_cast<std::size_t>(of.kind)]][key] += one.open;
    if (!tolerated && of.kind == stats::commitment_kind::order && of.planned <= on + 14)
      open["orders_in_horizon"][key] += one.open;
  }
  ASSERT_EQ(open.size(), 6U);
  for (auto& [name, amounts] : open) {
    std::erase_if(amounts, [](const auto& one) { return one.second == 0; });
    EXPECT_EQ(sums(found, {"group", "currency"}, name), amounts) << name;
  }

  const options in_euro{{"horizon", "14"}, {"tolerance", "0.3"}, {"in_currency", "EUR"}};
  for (const options& more : {common, in_euro}) {
    const result alone = exposure_of(store, more, on);
    const table& totals = finished::table_of(alone, "totals");
    for (const std::string by : {"customer", "group", "all", "region"}) {
      options level = more;
      level.push_back({"by", by});
      const result made = exposure_of(store, level, on);
      for (const std::string_view name : credit::detail::exposure_lines::amounts) {
        const std::string amount(name);
        EXPECT_EQ(sums(made, "exposure", {"currency"}, amount), sums(totals, {"currency"}, amount))
            << by << name;
        EXPECT_EQ(sums(made, "totals", {"currency"}, amount), sums(totals, {"currency"}, amount))
            << by << name;
      }
    }
    EXPECT_GT(totals.at("secured").as<std::int64_t>().front(), 0);
    EXPECT_EQ(totals.rows(), more.size() == 3 ? 1 : 3);
  }
}

TEST(exposure, some_customers_are_what_they_are_among_all) {
  const ledger store = all_kinds(9, 600).at_once();
  const std::int32_t on = ledger_rows::day("2025-10-15");
  const texts columns{"group", "currency", "total", "secured", "exposure", "oldest_overdue"};
  const texts all = cells(exposure_of(store, {}, on), "exposure", columns);
  texts one_by_one;
  for (const std::uint32_t id : store.customers().sorted()) {
    const result alone = finished::of(credit::exposure_entry, store, asked({}, on), {}, nullptr,
                                      {{std::string(store.customer(id))}});
    for (const std::string& row : cells(alone, "exposure", columns))
      one_by_one.push_back(row);
  }
  EXPECT_EQ(one_by_one, all);
}

// ---- currencies ----

TEST(exposure, another_currency_is_converted_at_the_rate_of_the_day) {
  ledger store;
  item dollars = document("R1", 12345);
  dollars.currency = "USD";
  item yen = document("R2", 1000); // which has no decimals
  yen.currency = "JPY";
  push(store, {dollars, yen, document("R3", 10)});
  push(store, {rate{.currency = "USD", .in = "EUR", .date = today - 1, .value = 0.9},
               rate{.currency = "USD", .in = "EUR", .date = today + 1, .value = 0.5},
               rate{.currency = "JPY", .in = "EUR", .date = today - 90, .value = 0.00625}});
  const options in_euro{{"in_currency", "EUR"}};
  // 123.45 x 0.9 = 111.105, half to even; 1,000 x 0.00625 = 6.25.
  EXPECT_EQ(cells(exposure_of(store, in_euro), "exposure", {"group", "currency", "exposure"}),
            (texts{"Hong EUR " + std::to_string(11110 + 625 + 10)}));
  EXPECT_EQ(figure(store, "exposure", in_euro, today + 1), 6172 + 625 + 10);
  EXPECT_EQ(cells(exposure_of(store), "exposure", {"currency", "exposure"}),
            (texts{"EUR 10", "JPY 1000", "USD 12345"}));
}

/// OCA/credit-control#314, #63, #361, #371: amounts of different currencies were added as they were.
TEST(exposure, a_currency_without_a_rate_is_refused_by_the_name_of_the_document) {
  ledger store;
  item settled = document("R0", 50);
  item dollars = document("R2", 100);
  settled.currency = dollars.currency = "USD";
  item paid = document("P0", 50, "payment");
  paid.currency = "USD";
  settlement whole = pays("R0", "P0", 50);
  whole.currency = "USD";
  push(store, {settled, paid, document("R1", 10)});
  push(store, std::vector<settlement>{whole});
  const options in_euro{{"in_currency", "EUR"}};
  EXPECT_EQ(figure(store, "exposure", in_euro), 10); // of nothing there is nothing to convert
  push(store, {dollars});
  EXPECT_EQ(refusal(store, in_euro),
            "ledger: document R2 is in USD, but there is no rate of USD in EUR on or before 2024-10-04");
  commitment order = committed("O1", 5);
  order.currency = "USD";
  push(store, {order});
  EXPECT_THAT(refusal(store, in_euro), testing::HasSubstr("document O1 is in USD"));
  push(store, {rate{.currency = "USD", .in = "EUR", .date = today + 1}});
  EXPECT_THAT(refusal(store, in_euro), testing::HasSubstr("document O1 is in USD")); // not yet
  push(store, {rate{.currency = "USD", .in = "EUR", .date = today, .value = 2.0}});
  EXPECT_EQ(figure(store, "exposure", in_euro), 220);
  push(store, {security{.number = "G1", .customer = "Hong", .amount = 1, .from = 0, .currency = "CHF"}});
  EXPECT_THAT(refusal(store, in_euro), testing::HasSubstr("security G1 is in CHF"));
  push(store, {rate{.currency = "CHF", .in = "EUR", .date = today, .value = 30.0}});
  EXPECT_EQ(figure(store, "exposure", in_euro), 190);
}

TEST(exposure, documents_that_contradict_themselves_are_refused_by_name) {
  ledger orders;
  push(orders, {committed("O1", 1), committed("O1", 2)});
  EXPECT_THAT(refusal(orders), testing::HasSubstr("commitment O1 has two contents"));
  ledger items;
  push(items, {document("R1", 1), document("R1", 2)});
  EXPECT_THAT(refusal(items), testing::HasSubstr("document R1 has two contents"));
  ledger securities;
  push(securities, {security{.number = "G1", .customer = "Hong", .amount = 1},
                    security{.number = "G1", .customer = "Hong", .amount = 2}});
  EXPECT_THAT(refusal(securities), testing::HasSubstr("security G1 has two contents"));
  ledger facts;
  push(facts, {document("R1", 1)});
  push(facts, {customer{.id = "Lan", .group = "A"}, customer{.id = "Lan", .group = "B"}});
  EXPECT_EQ(refusal(facts), "");
  EXPECT_THAT(refusal(facts, {{"by", "group"}}), testing::HasSubstr("customer Lan has two contents"));
}

TEST(exposure, amounts_near_the_limit_of_64_bits_are_exact_or_refused) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  ledger store;
  push(store, {document("R1", most), document("P1", most, "payment")});
  push(store, {committed("O1", most)});
  EXPECT_EQ(figure(store, "exposure"), most);
  push(store, {security{.number = "G1", .customer = "Hong", .amount = most, .from = 0}});
  EXPECT_EQ(figure(store, "exposure"), 0);
  push(store, {committed("L1", 1, "delivery")});
  EXPECT_THAT(refusal(store), testing::HasSubstr("of Hong does not fit 64 bits"));
}

TEST(exposure, an_empty_ledger_has_no_exposure) {
  const ledger store;
  for (const char* by : {"customer", "group", "all", "region"})
    EXPECT_EQ(finished::table_of(exposure_of(store, {{"by", by}}), "exposure").rows(), 0) << by;
}

// ---- the order check ----

/// What the order check calls by the same name, in the same order of classes.
TEST(exposure, its_columns_are_inputs_of_the_order_check) {
  for (const char* name : {"open_items", "deliveries", "orders", "orders_in_horizon", "billing_documents",
                           "special_liabilities", "secured", "overdue", "oldest_overdue"}) {
    const auto named = [&](const column_description& one) { return one.name == name; };
    const auto* given =
        std::find_if(std::begin(credit::exposure_columns), std::end(credit::exposure_columns), named);
    const auto* taken =
        std::find_if(std::begin(credit::order_check_inputs), std::end(credit::order_check_inputs), named);
    ASSERT_NE(given, std::end(credit::exposure_columns)) << name;
    ASSERT_NE(taken, std::end(credit::order_check_inputs)) << name;
    EXPECT_EQ(given->what, taken->what) << name;
  }
  for (const std::string_view name : credit::exposure_classes)
    EXPECT_TRUE(std::any_of(std::begin(credit::exposure_columns), std::end(credit::exposure_columns),
                            [&](const column_description& one) { return one.name == name; }))
        << name;
}

/// A row of the table as the order check takes it.
credit::order_position position(const table& of, std::int64_t row) {
  const auto at = [&](const char* name) {
    return of.at(name).as<std::int64_t>()[static_cast<std::size_t>(row)];
  };
  credit::order_position made;
  for (std::size_t i = 0; i < made.owed.size(); ++i)
    made.owed[i] = at(std::string(credit::exposure_classes[i]).c_str());
  made.orders_in_horizon = at("orders_in_horizon");
  made.secured = at("secured");
  made.overdue = at("overdue");
  made.oldest_overdue = at("oldest_overdue");
  return made;
}

TEST(exposure, is_the_exposure_of_an_order_check_of_nothing) {
  const ledger store = all_kinds(3, 800).at_once();
  const std::int32_t on = ledger_rows::day("2025-09-01");
  for (const bool dynamic : {false, true}) {
    const result made = exposure_of(store, dynamic ? options{{"horizon", "10"}} : options{}, on);
    const table& found = finished::table_of(made, "exposure");
    credit::order_check_rule rule;
    rule.within_horizon = dynamic;
    for (std::int64_t row = 0; row < found.rows(); ++row)
      ASSERT_EQ(static_cast<std::int64_t>(*exposure_with(rule, position(found, row))),
                found.at("exposure").as<std::int64_t>()[static_cast<std::size_t>(row)]);
  }
}

// ---- what users of others reported ----

credit::rule_answer limit_of(const ledger& store, std::int64_t limit, std::int64_t amount,
                             const credit::by_exposure_class<bool>& counts = credit::all_exposure_classes) {
  const result made = exposure_of(store);
  credit::order_position of = position(finished::table_of(made, "exposure"), 0);
  of.limit = limit;
  of.amount = amount;
  credit::order_check_rule rule;
  rule.check = credit::order_rule::exposure;
  rule.counts = counts;
  return ask(rule, of, today);
}

/// JayVora-SerpentCS/SerpentCS_Contributions#523: limit 200,000.00, 75,532.50 open of 170,170.88 ever sold; an order of
/// 37,766.25 was held, since the sales of all time were taken for what is open.
TEST(exposure, what_was_paid_is_no_exposure) {
  ledger store;
  push(store, {document("R1", 9463838), document("R2", 7553250), document("P1", 9463838, "payment")});
  EXPECT_EQ(figure(store, "exposure"), 7553250); // allocated or not
  push(store, std::vector<settlement>{pays("R1", "P1", 9463838)});
  EXPECT_EQ(figure(store, "exposure"), 7553250);
  EXPECT_EQ(limit_of(store, 20000000, 3776625), credit::rule_answer::kept);
  EXPECT_EQ(limit_of(store, 20000000, 20000000 - 7553250 + 1), credit::rule_answer::broken);
}

/// adempiere/adempiere#2631: a payment and its allocation left the credit used as it was. etendosoftware/etendo_core#204: a
/// balance that is kept beside the documents drifts away from them. Here there is none: what comes late, twice, or is taken
/// back ends where it would have ended at once.
TEST(exposure, is_always_made_of_the_documents) {
  ledger store;
  push(store, {document("R1", 100000)});
  EXPECT_EQ(figure(store, "exposure"), 100000);
  const std::vector<item> receipt{document("P1", 60000, "payment")};
  const std::vector<settlement> allocation{pays("R1", "P1", 60000)};
  push(store, receipt);
  push(store, allocation);
  EXPECT_EQ(figure(store, "exposure"), 40000);
  push(store, receipt); // once more
  EXPECT_EQ(figure(store, "exposure"), 40000);
  push(store, std::vector<settlement>{pays("R1", "P1", -60000)});
  EXPECT_EQ(cells(exposure_of(store), "exposure", {"current", "unallocated", "exposure"}),
            (texts{"100000 -60000 40000"}));
  item bounced = document("P1", 0, "payment");
  bounced.revision = 1;
  push(store, {bounced});
  EXPECT_EQ(figure(store, "exposure"), 100000);
  EXPECT_EQ(figure(store, "exposure", {}, today - 31), 0) << "nothing yet";
}

/// frappe/erpnext#10861: bulk orders that are called over months used up the limit. #16030: what counts is what is invoiced, not
/// what was delivered as a draft. #36935: sales invoices alone. Each firm says which classes count.
TEST(exposure, every_firm_says_which_classes_count) {
  ledger store;
  commitment bulk = committed("O1", 900000);
  bulk.planned = today + 200;
  push(store, {bulk, committed("L1", 5100, "delivery"), committed("B1", 300, "billing_document"),
               committed("W1", 20, "special_liability")});
  push(store, {document("R1", 4700)});
  EXPECT_EQ(figure(store, "exposure"), 910120);
  EXPECT_EQ(figure(store, "exposure", {{"count_orders", "false"}}), 10120);
  EXPECT_EQ(figure(store, "exposure", {{"horizon", "30"}}), 10120);
  EXPECT_EQ(figure(store, "exposure", {{"count_orders", "false"}, {"count_deliveries", "false"}}), 5020);
  const options invoices{{"count_orders", "false"},
                         {"count_deliveries", "false"},
                         {"count_billing_documents", "false"},
                         {"count_special_liabilities", "false"}};
  EXPECT_EQ(figure(store, "exposure", invoices), 4700);
  EXPECT_EQ(figure(store, "exposure", {{"count_open_items", "false"}}), 905420);
  EXPECT_EQ(figure(store, "orders", invoices), 900000); // told, whether it counts or not
  EXPECT_EQ(limit_of(store, 5000, 300, {true, false, false, false, false}), credit::rule_answer::kept);
  EXPECT_EQ(limit_of(store, 5000, 301, {true, false, false, false, false}), credit::rule_answer::broken);
}

/// adempiere/adempiere#2998: days of grace before an item counts as late, a tolerance, and an approval that ends. The last two are
/// the order check's.
TEST(exposure, days_of_grace_are_the_firms_own) {
  ledger store;
  push(store, {document("R1", 100, "invoice", today - 7)});
  EXPECT_EQ(figure(store, "overdue"), 100);
  EXPECT_EQ(figure(store, "overdue", {{"grace_days", "6"}}), 100);
  EXPECT_EQ(figure(store, "overdue", {{"grace_days", "7"}}), 0);
  EXPECT_EQ(figure(store, "exposure", {{"grace_days", "7"}}), 100); // late or not, it is owed
}

/// odoo/odoo, addons/account/models/partner.py: credit is summed in the currency of the company, at the rates at which the
/// entries were posted, so that a debt in another currency is not what it would be today. OCA/credit-control#66: one sum over
/// companies and currencies, kept in fields.
TEST(exposure, a_debt_in_another_currency_is_worth_what_the_day_says) {
  ledger store;
  item dollars = document("R1", 100000);
  dollars.currency = "USD";
  push(store, {dollars});
  push(store, {rate{.currency = "USD", .in = "EUR", .date = today - 30, .value = 0.8},
               rate{.currency = "USD", .in = "EUR", .date = today, .value = 0.95}});
  EXPECT_EQ(figure(store, "exposure", {{"in_currency", "EUR"}}, today - 1), 80000);
  EXPECT_EQ(figure(store, "exposure", {{"in_currency", "EUR"}}), 95000);
  EXPECT_EQ(figure(store, "exposure"), 100000); // as it was invoiced
}

/// MicrosoftDocs/dynamics-365-unified-operations-public#2762: so many knobs that nobody gets a report out. Only the day is asked
/// for; what is left out leaves nothing out of the sums.
TEST(exposure, only_the_day_is_needed_and_then_all_counts) {
  for (const option_description& one : credit::exposure_options)
    EXPECT_EQ(one.required, one.name == "as_of") << one.name;
  const ledger store = all_kinds(4, 400).at_once();
  const result made = exposure_of(store, {}, ledger_rows::day("2025-12-31"));
  wide_integer parts = 0;
  for (const std::string_view name : credit::exposure_classes) {
    for (const auto& [currency, sum] : sums(made, "totals", {"currency"}, std::string(name)))
      parts += sum;
  }
  wide_integer total = 0;
  for (const auto& [currency, sum] : sums(made, "totals", {"currency"}, "total"))
    total += sum;
  EXPECT_EQ(total, parts);
  EXPECT_EQ(sums(made, "totals", {"currency"}, "within_tolerance").size(), 0U);
}

} // namespace
} // namespace emptor::test::exposure_test
