// SPDX-License-Identifier: BSL-1.0
#include <limits>
#include <map>

#include <gtest/gtest.h>

#include <emptor/stats/open_commitments.hpp>
#include <emptor/stats/open_items.hpp>

#include "stats/ledger_record_rows.hpp"
#include "support/refusal.hpp"

namespace open_commitments_test {
namespace {

using emptor::date_from_days;
using emptor::status;
using emptor::stats::commitment_state;
using emptor::stats::ledger;
using emptor::stats::ledger_findings;
using emptor::stats::open_commitments;
using emptor::test::code_of;
using ledger_rows::commitment;
using ledger_rows::customer;
using ledger_rows::item;
using ledger_rows::push;
using keys = std::optional<std::vector<std::string>>;
using texts = std::vector<std::string>;
using figures = std::map<std::string, std::int64_t>;

constexpr std::int32_t today = 20000;

commitment order(std::string document, std::int64_t amount, std::string follows = {}) {
  return {.document = std::move(document),
          .customer = "Hong",
          .amount = amount,
          .date = today - 50,
          .follows = std::move(follows)};
}
commitment delivery(std::string document, std::int64_t amount, std::string follows) {
  commitment made = order(std::move(document), amount, std::move(follows));
  made.kind = "delivery";
  made.date = today - 20;
  return made;
}
item invoice(std::string document, std::int64_t amount, std::string follows, std::string kind = "invoice") {
  return {.document = std::move(document),
          .customer = "Hong",
          .kind = std::move(kind),
          .amount = amount,
          .date = today - 10,
          .follows = std::move(follows)};
}

commitment_state state_of(const ledger& store, std::int32_t as_of = today, const keys& only = {}) {
  return open_commitments(store, date_from_days(as_of), only);
}
figures open(const ledger& store, std::int32_t as_of = today, const keys& only = {}) {
  figures all;
  const commitment_state state = state_of(store, as_of, only);
  for (const auto& one : state.commitments) {
    const auto& row = store.records<emptor::stats::commitment>()[one.row];
    all[std::string(store.texts().commitments[row.document])] = one.open;
  }
  EXPECT_EQ(all.size(), state.commitments.size());
  return all;
}
texts found(const ledger& store, std::int32_t as_of = today, const keys& only = {}) {
  texts all;
  for (const auto& one : state_of(store, as_of, only).findings)
    all.push_back(std::string(one.document) + " " +
                  std::string(ledger_findings[static_cast<std::size_t>(one.what)]) + " " +
                  std::string(one.customer) + " " + std::to_string(one.amount));
  return all;
}

/// frappe/erpnext#47279: a delivery of 60 was in the exposure as order, as delivery and once more as the document
/// that is checked.
TEST(open_commitments_test, an_order_its_deliveries_and_its_invoices_have_no_money_in_common) {
  ledger store;
  push(store, {order("O1", 100)});
  EXPECT_EQ(open(store), (figures{{"O1", 100}}));
  push(store, {delivery("L1", 60, "O1")});
  EXPECT_EQ(open(store), (figures{{"O1", 40}, {"L1", 60}}));
  EXPECT_EQ(open(store, today - 21), (figures{{"O1", 100}}));
  push(store, {invoice("R1", 25, "L1")});
  EXPECT_EQ(open(store), (figures{{"O1", 40}, {"L1", 35}}));
  push(store, {invoice("R2", 40, "O1")}); // invoiced without a delivery
  EXPECT_EQ(open(store), (figures{{"O1", 0}, {"L1", 35}}));
  EXPECT_EQ(open(store, today - 11), (figures{{"O1", 40}, {"L1", 60}}));
  EXPECT_EQ(found(store), texts{});
}

TEST(open_commitments_test, a_billing_document_is_posted_by_what_follows_it_or_has_its_number) {
  ledger store;
  commitment draft = delivery("R1", 60, "L1");
  draft.kind = "billing_document";
  push(store, {delivery("L1", 100, ""), draft});
  push(store, {invoice("R1", 9, "", "payment")}); // no invoice
  EXPECT_EQ(open(store), (figures{{"L1", 40}, {"R1", 60}}));
  item posted = invoice("R1", 60, "L1"); // which would be taken off L1 twice
  posted.revision = 1;
  push(store, {posted});
  EXPECT_EQ(open(store), (figures{{"L1", 40}, {"R1", 0}}));
  EXPECT_EQ(open(store, today - 11), (figures{{"L1", 40}, {"R1", 60}}));
  EXPECT_EQ(open(store, today, keys{{"Hong"}}), open(store));
  EXPECT_EQ(found(store), texts{});
  commitment no_draft = draft; // an order may have the number of any invoice
  no_draft.kind = "order";
  no_draft.revision = 1;
  push(store, {no_draft});
  EXPECT_EQ(open(store), (figures{{"L1", 0}, {"R1", 60}}));
}

TEST(open_commitments_test, what_is_too_much_is_found_and_never_below_nothing) {
  ledger store;
  push(store, {order("O1", 100), delivery("L1", 60, "O1"), delivery("L2", 70, "O1")});
  EXPECT_EQ(open(store), (figures{{"O1", 0}, {"L1", 60}, {"L2", 70}}));
  EXPECT_EQ(found(store), (texts{"O1 over_followed Hong 30"}));
}

TEST(open_commitments_test, a_credit_note_gives_back_what_it_takes_back_and_other_kinds_leave_it) {
  ledger store;
  push(store, {order("O1", 100)});
  push(store, {invoice("R1", 80, "O1"), invoice("N1", 5, "O1", "debit_note"),
               invoice("P1", 30, "O1", "payment"), invoice("W1", 30, "O1", "write_off"),
               invoice("D1", 30, "O1", "discount"), invoice("B1", 30, "O1", "refund")});
  EXPECT_EQ(open(store), (figures{{"O1", 15}}));
  push(store, {invoice("C1", 50, "O1", "credit_note")});
  EXPECT_EQ(open(store), (figures{{"O1", 65}}));
  push(store, {invoice("C2", 500, "O1", "credit_note")});
  EXPECT_EQ(open(store), (figures{{"O1", 100}}));
  EXPECT_EQ(found(store), (texts{"O1 over_reversed Hong 465"}));
}

TEST(open_commitments_test, what_is_cancelled_is_not_committed_from_its_day_on) {
  ledger store;
  commitment cancelled = order("O1", 100);
  cancelled.cancelled = today - 5;
  push(store, {cancelled});
  EXPECT_EQ(open(store, today - 6), (figures{{"O1", 100}}));
  EXPECT_EQ(open(store, today - 5), (figures{{"O1", 0}}));
}

TEST(open_commitments_test, of_a_cancelled_delivery_what_was_invoiced_stays_delivered) {
  ledger store;
  commitment cancelled = delivery("L1", 60, "O1");
  cancelled.cancelled = today - 5;
  push(store, {order("O1", 100), cancelled});
  EXPECT_EQ(open(store, today - 6), (figures{{"O1", 40}, {"L1", 60}}));
  EXPECT_EQ(open(store), (figures{{"O1", 100}, {"L1", 0}}));
  push(store, {invoice("R1", 20, "L1")});
  EXPECT_EQ(open(store), (figures{{"O1", 80}, {"L1", 0}}));
}

TEST(open_commitments_test, orders_that_call_a_contract_are_a_chain_of_any_length) {
  ledger store;
  std::vector<commitment> chain;
  for (int i = 0; i < 1000; ++i)
    chain.push_back(order("O" + std::to_string(i), 1000 - i, i == 0 ? "" : "O" + std::to_string(i - 1)));
  push(store, chain);
  const figures all = open(store);
  std::int64_t sum = 0;
  for (const auto& [document, amount] : all)
    sum += amount;
  EXPECT_EQ(all.at("O0"), 1);
  EXPECT_EQ(all.at("O999"), 1);
  EXPECT_EQ(sum, 1000); // what was contracted, wherever it stands now
}

TEST(open_commitments_test, circles_are_found_and_end) {
  ledger store;
  push(store, {order("O1", 100, "O3"), order("O2", 30, "O1"), order("O3", 50, "O2"), order("O4", 70, "O4"),
               order("O5", 10, "O3")});
  EXPECT_EQ(open(store), (figures{{"O1", 70}, {"O2", 0}, {"O3", 0}, {"O4", 0}, {"O5", 10}}));
  EXPECT_EQ(found(store), (texts{"O1 follows_in_circle Hong 100", "O2 over_followed Hong 20",
                                 "O2 follows_in_circle Hong 30", "O3 over_followed Hong 60",
                                 "O3 follows_in_circle Hong 50", "O4 follows_in_circle Hong 70"}));
}

TEST(open_commitments_test, what_follows_something_unknown_reduces_nothing_and_is_found) {
  ledger store;
  push(store, {delivery("L1", 60, "O9")});
  push(store, {invoice("R1", 25, "O8")});
  EXPECT_EQ(open(store), (figures{{"L1", 60}}));
  EXPECT_EQ(found(store), (texts{"O8 unknown_commitment Hong 25", "O9 unknown_commitment Hong 60"}));
  EXPECT_EQ(found(store, today, keys{{"Lan"}}), texts{});
}

TEST(open_commitments_test, an_order_of_an_unknown_customer_is_found_where_customers_are_told) {
  ledger store;
  push(store, {order("O1", 100)});
  EXPECT_EQ(found(store), texts{});
  push(store, {customer{.id = "Lan"}});
  EXPECT_EQ(found(store), (texts{"O1 unknown_customer Hong 100"}));
  push(store, {customer{.id = "Hong"}});
  EXPECT_EQ(found(store), texts{});
}

TEST(open_commitments_test, currencies_are_never_mixed) {
  ledger store;
  item dollars = invoice("R1", 25, "O1");
  dollars.currency = "USD";
  push(store, {order("O1", 100)});
  push(store, {dollars});
  std::string text;
  EXPECT_EQ(code_of([&] { (void)open(store); }, &text), status::currency);
  EXPECT_EQ(text, "ledger: document R1 is in USD, but O1, which it follows, is in EUR; both must be in the "
                  "same currency");
  EXPECT_EQ(open(store, today - 11), (figures{{"O1", 100}})); // it has not happened yet
  EXPECT_EQ(open(store, today, keys{{"Lan"}}), figures{});
  commitment yen = delivery("L0", 25, "O1");
  yen.currency = "JPY";
  push(store, {yen});
  EXPECT_EQ(code_of([&] { (void)open(store); }, &text), status::currency);
  EXPECT_NE(text.find("document L0 is in JPY"), std::string::npos) << text; // the first in byte order
}

TEST(open_commitments_test, two_contents_are_a_conflict_that_names_the_document) {
  ledger store;
  commitment other = order("O1", 101);
  other.customer = "Lan";
  push(store, {order("O1", 100), other, order("O2", 5, "O1")});
  std::string text;
  EXPECT_EQ(code_of([&] { (void)open(store); }, &text), status::conflict);
  EXPECT_NE(text.find("commitment O1 has two contents"), std::string::npos) << text;
  EXPECT_EQ(code_of([&] { (void)open(store, today, keys{{"Lan"}}); }), status::conflict);
  EXPECT_EQ(code_of([&] { (void)open(store, today, keys{{"Mei"}}); }), status::ok);

  ledger of_items;
  push(of_items, {order("O1", 100)});
  push(of_items, {invoice("R1", 25, "O1"), invoice("R1", 26, "O1")});
  EXPECT_EQ(code_of([&] { (void)open(of_items); }, &text), status::conflict);
  EXPECT_NE(text.find("document R1 has two contents"), std::string::npos) << text;
}

TEST(open_commitments_test, amounts_near_the_limit_of_64_bits_are_exact) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  ledger store;
  push(store, {order("O1", most), delivery("L1", most, "O1"), delivery("L2", most, "O1"),
               delivery("L3", 7, "O2"), order("O2", most)});
  EXPECT_EQ(open(store), (figures{{"O1", 0}, {"L1", most}, {"L2", most}, {"L3", 7}, {"O2", most - 7}}));
  EXPECT_EQ(found(store), (texts{"O1 over_followed Hong " + std::to_string(most)}));
}

/// A customer's figures are the same alone and among all.
TEST(open_commitments_test, some_customers_are_what_they_are_among_all) {
  ledger_rows::random_ledger rows(77, 2000);
  const ledger store = rows.at_once();
  const commitment_state all = state_of(store, ledger_rows::day("2025-09-30"));
  ASSERT_GT(all.customers.size(), 50U);
  for (const auto& group : all.customers) {
    const std::string name(store.customer(group.id));
    figures expected;
    for (std::size_t i = group.first; i < group.last; ++i) {
      const auto& row = store.records<emptor::stats::commitment>()[all.commitments[i].row];
      expected[std::string(store.texts().commitments[row.document])] = all.commitments[i].open;
    }
    ASSERT_EQ(open(store, ledger_rows::day("2025-09-30"), keys{{name}}), expected) << name;
  }
}

// --- settlements and terms ------------------------------------------------------------------------------------

TEST(open_commitments_test, write_offs_and_discounts_reduce_what_is_owed) {
  ledger store;
  push(store, {invoice("R1", 1000, ""), invoice("D1", 20, "", "discount"), invoice("P1", 680, "", "payment"),
               invoice("W1", 300, "", "write_off")});
  push(store, std::vector<ledger_rows::settlement>{
                  {.document = "R1", .settling_document = "D1", .date = today - 5, .amount = 20},
                  {.document = "R1", .settling_document = "P1", .date = today - 5, .amount = 680},
                  {.document = "R1", .settling_document = "W1", .date = today - 1, .amount = 300}});
  const auto open_on = [&](std::int32_t day) {
    figures all;
    for (const auto& one : emptor::stats::open_items(store, date_from_days(day)).items)
      all[std::string(store.document(store.items()[one.row].document))] = one.open;
    return all;
  };
  EXPECT_EQ(open_on(today - 6), (figures{{"R1", 1000}, {"D1", -20}, {"P1", -680}, {"W1", -300}}));
  EXPECT_EQ(open_on(today - 5), (figures{{"R1", 300}, {"D1", 0}, {"P1", 0}, {"W1", -300}}));
  EXPECT_EQ(open_on(today), (figures{{"R1", 0}, {"D1", 0}, {"P1", 0}, {"W1", 0}}));
}

TEST(open_commitments_test, settlements_before_their_document_and_discounts_beyond_it_are_found) {
  ledger store;
  item large = invoice("R1", 1000, "");
  large.discount = 1001;
  item undiscounted = invoice("R2", 1000, "");
  undiscounted.discount = 1000;
  push(store, {large, undiscounted, invoice("P1", 400, "", "payment")});
  push(store, std::vector<ledger_rows::settlement>{
                  {.document = "R1", .settling_document = "P1", .date = today - 11, .amount = 400}});
  const auto state = emptor::stats::open_items(store, date_from_days(today));
  texts all;
  std::int64_t sum = 0;
  for (const auto& one : state.findings)
    all.push_back(std::string(one.document) + " " +
                  std::string(ledger_findings[static_cast<std::size_t>(one.what)]) + " " +
                  std::to_string(one.amount));
  for (const auto& one : state.items)
    sum += one.open;
  EXPECT_EQ(all, (texts{"P1 settled_before_document 400", "R1 settled_before_document 400",
                        "R1 discount_over_amount 1"}));
  EXPECT_EQ(sum, 1600);
}

} // namespace
} // namespace open_commitments_test
