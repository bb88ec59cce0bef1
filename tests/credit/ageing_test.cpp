// SPDX-License-Identifier: BSL-1.0
#include <limits>
#include <map>
#include <set>
#include <sstream>

#include <gtest/gtest.h>

#include <emptor/credit/ageing.hpp>

#include "stats/ledger_rows.hpp"
#include "support/refusal.hpp"

namespace ageing_test {
namespace {

using emptor::date_from_days;
using emptor::error;
using emptor::status;
using emptor::table;
using emptor::wide_integer;
using emptor::credit::age;
using emptor::credit::age_base;
using emptor::credit::ageing_buckets;
using emptor::credit::ageing_report;
using emptor::credit::edge_day;
using emptor::stats::ledger;
using emptor::test::code_of;
using ledger_rows::item;
using ledger_rows::push;
using ledger_rows::random_rows;
using ledger_rows::settlement;

constexpr std::int32_t today = 20000;
const std::vector<double> usual{30, 60, 90};
using keys = std::optional<std::vector<std::string>>;

/// The rows of a table as text, with the names of codes.
std::vector<std::string> lines(const table& of) {
  std::vector<std::string> all;
  for (std::int64_t row = 0; row < of.rows(); ++row) {
    const auto at = static_cast<std::size_t>(row);
    std::string line;
    for (const emptor::column& column : of.columns()) {
      line += line.empty() ? "" : " ";
      if (!column.is_valid(row))
        line += "-";
      else if (column.type() == emptor::dtype::large_utf8)
        line += column.text()[row];
      else if (column.type() == emptor::dtype::int32)
        line += column.levels().at(static_cast<std::size_t>(column.as<std::int32_t>()[at]));
      else
        line += std::to_string(column.as<std::int64_t>()[at]);
    }
    all.push_back(line);
  }
  return all;
}
using texts = std::vector<std::string>;

item invoice(std::string document, std::int64_t amount, std::optional<std::int32_t> due,
             std::int32_t date = today - 200) {
  return {.document = std::move(document),
          .customer = "Hong",
          .kind = "invoice",
          .amount = amount,
          .date = date,
          .due = due};
}
item payment(std::string document, std::int64_t amount, std::int32_t date = today - 100) {
  return {
      .document = std::move(document), .customer = "Hong", .kind = "payment", .amount = amount, .date = date};
}
settlement settles(std::string document, std::string by, std::int64_t amount, std::int32_t date) {
  return {
      .document = std::move(document), .settling_document = std::move(by), .date = date, .amount = amount};
}

ageing_report by_due(const ledger& store, std::int32_t as_of = today, edge_day belongs = edge_day::younger,
                     const std::vector<double>& edges = usual, const keys& only = {}) {
  return age(store, date_from_days(as_of), ageing_buckets(edges, belongs, age_base::due_date), only);
}
texts aged(const ledger& store, std::int32_t as_of = today) {
  return lines(by_due(store, as_of).ageing);
}

// --- buckets --------------------------------------------------------------------------------------------------

/// OCA/account-financial-reporting#383, #1140 and frappe/erpnext#6371: days at an edge fell between two
/// buckets, or documents that are due today into none.
TEST(ageing_test, every_age_has_one_bucket_on_both_sides_of_every_edge) {
  const ageing_buckets younger(usual, edge_day::younger, age_base::due_date);
  const ageing_buckets older(usual, edge_day::older, age_base::due_date);
  EXPECT_EQ(younger.labels(), (texts{"not_due", "1-30", "31-60", "61-90", "91+", "undated", "unallocated"}));
  EXPECT_EQ(older.labels(), (texts{"not_due", "1-29", "30-59", "60-89", "90+", "undated", "unallocated"}));
  const auto label = [](const ageing_buckets& of, std::int32_t overdue) {
    return of.labels().at(of.of_debit(today, today - 1000, today - overdue));
  };
  EXPECT_EQ(label(younger, -1), "not_due");
  EXPECT_EQ(label(younger, 0), "not_due");
  EXPECT_EQ(label(younger, 1), "1-30");
  EXPECT_EQ(label(younger, 30), "1-30");
  EXPECT_EQ(label(younger, 31), "31-60");
  EXPECT_EQ(label(younger, 90), "61-90");
  EXPECT_EQ(label(younger, 91), "91+");
  EXPECT_EQ(label(older, 0), "not_due");
  EXPECT_EQ(label(older, 1), "1-29");
  EXPECT_EQ(label(older, 29), "1-29");
  EXPECT_EQ(label(older, 30), "30-59");
  EXPECT_EQ(label(older, 89), "60-89");
  EXPECT_EQ(label(older, 90), "90+");
  EXPECT_EQ(label(older, 3000000), "90+");
}

TEST(ageing_test, an_edge_of_zero_decides_about_the_due_date_itself) {
  const ageing_buckets younger({0, 30}, edge_day::younger, age_base::due_date);
  EXPECT_EQ(younger.labels(), (texts{"not_due", "1-30", "31+", "undated", "unallocated"}));
  const ageing_buckets older({0, 30}, edge_day::older, age_base::due_date);
  EXPECT_EQ(older.labels(), (texts{"not_due", "0-29", "30+", "undated", "unallocated"}));
  EXPECT_EQ(older.of_debit(today, today, today), 1U);
  EXPECT_EQ(older.of_debit(today, today, today + 1), 0U);
  EXPECT_EQ(ageing_buckets({1, 2}, edge_day::older, age_base::due_date).labels(),
            (texts{"not_due", "1", "2+", "undated", "unallocated"}));
}

/// frappe/erpnext#43162, #44352: the age base was a default that nobody saw.
TEST(ageing_test, by_document_date_buckets_begin_at_zero) {
  const ageing_buckets younger(usual, edge_day::younger, age_base::document_date);
  EXPECT_EQ(younger.labels(), (texts{"0-30", "31-60", "61-90", "91+", "unallocated"}));
  EXPECT_EQ(younger.of_debit(today, today, today - 500), 0U);
  EXPECT_EQ(younger.of_debit(today, today - 31, ledger::no_day), 1U);
  EXPECT_EQ(ageing_buckets({0, 30}, edge_day::younger, age_base::document_date).labels(),
            (texts{"0", "1-30", "31+", "unallocated"}));
  EXPECT_EQ(ageing_buckets({0, 30}, edge_day::older, age_base::document_date).labels(),
            (texts{"0-29", "30+", "unallocated"}));
}

/// frappe/erpnext#39924, #2660, #45830: four slabs and no more.
TEST(ageing_test, there_may_be_any_number_of_edges) {
  std::vector<double> edges;
  for (int edge = 0; edge < 500; ++edge)
    edges.push_back(edge);
  const ageing_buckets many(edges, edge_day::younger, age_base::due_date);
  EXPECT_EQ(many.size(), 503U); // not due, 1 to 499, 500+, undated, unallocated
  for (std::int32_t overdue = -3; overdue < 600; ++overdue)
    ASSERT_EQ(many.of_debit(today, today - 700, today - overdue),
              static_cast<std::uint32_t>(std::clamp(overdue, 0, 500)));
  EXPECT_EQ(ageing_buckets({30}, edge_day::younger, age_base::due_date).size(), 5U);
}

TEST(ageing_test, edges_that_make_no_buckets_are_refused) {
  for (const std::vector<double>& edges :
       {std::vector<double>{}, {30, 30}, {60, 30}, {1.5}, {-1}, {std::nan("")}, {1e18}})
    EXPECT_EQ(code_of([&] { (void)ageing_buckets(edges, edge_day::younger, age_base::due_date); }),
              status::option);
}

// --- the ledger as of a date ----------------------------------------------------------------------------------

/// frappe/erpnext#49262: the buckets did not add up to the outstanding amount, because payments on account and
/// documents without due date were in none.
TEST(ageing_test, undated_and_unallocated_have_buckets_of_their_own) {
  ledger store;
  push(store, {invoice("R1", 1000, {}), invoice("R2", 500, today - 10), payment("P1", 300)});
  const ageing_report report = by_due(store);
  EXPECT_EQ(lines(report.ageing),
            (texts{"Hong EUR 1-30 500 1", "Hong EUR undated 1000 1", "Hong EUR unallocated -300 1"}));
  EXPECT_EQ(lines(report.balances), (texts{"Hong EUR 1200 500 -300 3"}));
  EXPECT_EQ(lines(report.totals),
            (texts{"EUR not_due 0 0", "EUR 1-30 500 1", "EUR 31-60 0 0", "EUR 61-90 0 0", "EUR 91+ 0 0",
                   "EUR undated 1000 1", "EUR unallocated -300 1"}));
  EXPECT_EQ(report.findings.rows(), 0);
}

/// odoo/odoo#16235: an ageing of the past showed what later partial payments had left.
TEST(ageing_test, later_partial_payments_do_not_change_the_past) {
  ledger store;
  push(store, {invoice("R1", 1000, today - 50, today - 80), payment("P1", 400, today - 20)});
  push(store, {settles("R1", "P1", 300, today - 20), settles("R1", "P1", 100, today - 5)});
  EXPECT_EQ(aged(store, today - 81), texts{});
  EXPECT_EQ(aged(store, today - 50), (texts{"Hong EUR not_due 1000 1"}));
  EXPECT_EQ(aged(store, today - 21), (texts{"Hong EUR 1-30 1000 1"}));
  EXPECT_EQ(aged(store, today - 20), (texts{"Hong EUR 1-30 700 1", "Hong EUR unallocated -100 1"}));
  EXPECT_EQ(aged(store, today - 5), (texts{"Hong EUR 31-60 600 1"}));
}

/// frappe/erpnext#47580: the report took today's date in place of its own.
TEST(ageing_test, the_same_question_has_the_same_answer_whenever_it_is_asked) {
  ledger store;
  push(store, {invoice("R1", 1000, today - 50)});
  const texts before = aged(store, today - 30);
  push(store, {invoice("R2", 1000, today - 1, today - 10), payment("P1", 1000, today - 5)});
  push(store, {settles("R1", "P1", 1000, today - 5)});
  EXPECT_EQ(aged(store, today - 30), before);
}

TEST(ageing_test, a_reversal_opens_the_document_again_from_its_own_day_on) {
  ledger store;
  push(store, {invoice("R1", 1000, today - 50),
               payment("P1", 1000),
               {.document = "B1", .customer = "Hong", .kind = "refund", .amount = 1000, .date = today - 40}});
  push(store, {settles("R1", "P1", 1000, today - 60), settles("R1", "P1", -1000, today - 40),
               settles("P1", "B1", 1000, today - 40)});
  EXPECT_EQ(aged(store, today - 41), texts{});
  EXPECT_EQ(lines(by_due(store, today - 41).balances), (texts{"Hong EUR 0 0 0 0"}));
  EXPECT_EQ(aged(store, today - 40), (texts{"Hong EUR 1-30 1000 1"}));
  EXPECT_EQ(by_due(store).findings.rows(), 0);
}

TEST(ageing_test, a_prepayment_settles_when_the_invoice_comes) {
  ledger store;
  push(store, {invoice("R1", 1000, today, today - 10), payment("P1", 1000, today - 30)});
  push(store, {settles("R1", "P1", 1000, today - 30)});
  EXPECT_EQ(aged(store, today - 11), (texts{"Hong EUR unallocated -1000 1"}));
  EXPECT_EQ(aged(store, today - 10), texts{});
}

TEST(ageing_test, a_settlement_may_come_before_its_documents) {
  ledger store;
  push(store, {settles("R1", "P1", 400, today - 5)});
  EXPECT_EQ(lines(by_due(store).findings),
            (texts{"P1 unknown_document - EUR 400", "R1 unknown_document - EUR 400"}));
  push(store, {payment("P1", 400)});
  EXPECT_EQ(aged(store), (texts{"Hong EUR unallocated -400 1"}));
  EXPECT_EQ(lines(by_due(store).findings), (texts{"R1 unknown_document Hong EUR 400"}));
  push(store, {invoice("R1", 1000, today)});
  EXPECT_EQ(aged(store), (texts{"Hong EUR not_due 600 1"}));
  EXPECT_EQ(by_due(store).findings.rows(), 0);
}

TEST(ageing_test, what_is_settled_beyond_the_amount_is_unallocated_and_found) {
  ledger store;
  push(store, {invoice("R1", 1000, today - 5), payment("P1", 1500), payment("P2", 100)});
  push(store, {settles("R1", "P1", 1200, today - 5), settles("", "P1", 300, today - 5)});
  EXPECT_EQ(aged(store), (texts{"Hong EUR unallocated -600 3"}));
  EXPECT_EQ(lines(by_due(store).findings), (texts{"R1 over_settled Hong EUR 200"}));
  push(store, {settles("R1", "P2", -50, today - 5), settles("R1", "P1", -150, today - 5)});
  EXPECT_EQ(aged(store), (texts{"Hong EUR unallocated -600 2"}));
  EXPECT_EQ(lines(by_due(store).findings), (texts{"P2 over_reversed Hong EUR 50"}));
}

TEST(ageing_test, what_contradicts_itself_is_found_and_stays_in_the_sums) {
  ledger store;
  push(store, {invoice("R1", 1000, today - 300, today - 200), invoice("R2", 10, today)});
  push(store, {settles("R1", "R2", 5, today - 5), settles("R2", "R2", 5, today - 5)});
  const ageing_report report = by_due(store);
  EXPECT_EQ(lines(report.balances), (texts{"Hong EUR 1010 1000 0 2"}));
  EXPECT_EQ(lines(report.findings), (texts{"R1 same_side Hong EUR 5", "R1 due_before_document Hong EUR 1000",
                                           "R2 same_side Hong EUR 5"}));
}

TEST(ageing_test, credit_notes_debit_notes_and_refunds_stand_on_their_sides) {
  ledger store;
  push(store,
       {invoice("R1", 1000, today - 5),
        {.document = "C1", .customer = "Hong", .kind = "credit_note", .amount = 250, .date = today - 5},
        {.document = "N1", .customer = "Hong", .kind = "debit_note", .amount = 30, .date = today - 5},
        {.document = "B1", .customer = "Hong", .kind = "refund", .amount = 50, .date = today - 5}});
  push(store, {settles("R1", "C1", 200, today - 5), settles("C1", "B1", 50, today - 4)});
  EXPECT_EQ(aged(store), (texts{"Hong EUR 1-30 800 1", "Hong EUR undated 30 1"}));
}

TEST(ageing_test, a_head_office_may_pay_for_its_branch) {
  ledger store;
  item branch = invoice("R1", 1000, today - 5);
  branch.customer = "Branch";
  push(store, {branch, payment("P1", 700)});
  push(store, {settles("R1", "P1", 600, today - 5)});
  EXPECT_EQ(lines(by_due(store).balances), (texts{"Branch EUR 400 400 0 1", "Hong EUR -100 0 -100 1"}));
}

// --- currencies -----------------------------------------------------------------------------------------------

/// OCA/credit-control#314, #61, #63, #361, #371: amounts of different currencies were added.
TEST(ageing_test, each_currency_has_its_own_line) {
  ledger store;
  item dollars = invoice("R2", 70, today - 5);
  dollars.currency = "USD";
  push(store, {invoice("R1", 1000, today - 5), dollars});
  const ageing_report report = by_due(store);
  EXPECT_EQ(lines(report.balances), (texts{"Hong EUR 1000 1000 0 1", "Hong USD 70 70 0 1"}));
  EXPECT_EQ(report.ageing.at("amount").decimals(), 2);
  EXPECT_EQ(report.ageing.at("amount").unit(), "");
}

TEST(ageing_test, money_says_its_decimals_or_that_the_row_decides) {
  ledger store;
  item yen = invoice("R1", 70, today - 5);
  yen.currency = "JPY";
  push(store, {yen});
  EXPECT_EQ(by_due(store).ageing.at("amount").decimals(), 0);
  EXPECT_EQ(by_due(store).ageing.at("amount").unit(), "JPY");
  push(store, {invoice("R2", 5, today)});
  EXPECT_EQ(by_due(store).ageing.at("amount").decimals(), emptor::decimals_of_row);
}

TEST(ageing_test, a_settlement_across_currencies_is_refused_and_names_the_document) {
  ledger store;
  item dollars = payment("P1", 70);
  dollars.currency = "USD";
  push(store,
       {invoice("R1", 1000, today - 5), dollars, {.document = "R7", .customer = "Lan", .kind = "invoice"}});
  push(store, {settles("R1", "P1", 70, today - 3)});
  std::string text;
  EXPECT_EQ(code_of([&] { (void)by_due(store); }, &text), status::currency);
  EXPECT_NE(text.find("P1 is in USD"), std::string::npos) << text;
  EXPECT_EQ(code_of([&] { (void)by_due(store, today - 4); }), status::ok); // it has not happened yet
  EXPECT_EQ(code_of([&] { (void)by_due(store, today, edge_day::younger, usual, keys{{"Lan"}}); }),
            status::ok);
}

TEST(ageing_test, a_revision_moves_a_settled_document_to_another_customer) {
  ledger store;
  push(store, {invoice("R1", 1000, today - 5), payment("P1", 400)});
  push(store, {settles("R1", "P1", 400, today - 3)});
  item moved = invoice("R1", 1000, today - 5);
  moved.customer = "Lan";
  moved.revision = 1;
  push(store, {moved});
  EXPECT_EQ(lines(by_due(store).balances), (texts{"Hong EUR 0 0 0 0", "Lan EUR 600 600 0 1"}));
  EXPECT_EQ(lines(by_due(store, today, edge_day::younger, usual, keys{{"Hong"}}).balances),
            (texts{"Hong EUR 0 0 0 0"}));
  EXPECT_EQ(by_due(store).findings.rows(), 0);
}

TEST(ageing_test, a_revision_that_moves_a_settled_document_to_another_currency_asks_for_its_settlement) {
  ledger store;
  push(store, {invoice("R1", 1000, today - 5), payment("P1", 400)});
  settlement paid = settles("R1", "P1", 400, today - 3);
  paid.number = "S1";
  push(store, {paid});
  item moved = invoice("R1", 1000, today - 5);
  moved.currency = "USD";
  moved.revision = 1;
  push(store, {moved});
  std::string text;
  EXPECT_EQ(code_of([&] { (void)by_due(store); }, &text), status::currency);
  EXPECT_NE(text.find("R1 is in USD"), std::string::npos) << text;
  paid.revision = 1;
  paid.amount = 0; // even of nothing its currency is wrong
  push(store, {paid});
  EXPECT_EQ(code_of([&] { (void)by_due(store); }), status::currency);
  paid.revision = 2;
  paid.document = "";
  push(store, {paid});
  EXPECT_EQ(lines(by_due(store).balances), (texts{"Hong EUR -400 0 -400 1", "Hong USD 1000 1000 0 1"}));
}

TEST(ageing_test, an_unallocated_amount_of_a_payment_that_has_not_come_or_is_of_another_currency) {
  ledger store;
  push(store, {invoice("R1", 1000, today - 5)});
  push(store, {settles("", "P1", 400, today - 3)});
  EXPECT_EQ(lines(by_due(store).findings), (texts{"P1 unknown_document - EUR 400"}));
  item dollars = payment("P1", 400);
  dollars.currency = "USD";
  push(store, {dollars});
  EXPECT_EQ(code_of([&] { (void)by_due(store); }), status::currency);
}

// --- sums -----------------------------------------------------------------------------------------------------

TEST(ageing_test, sums_that_do_not_fit_name_the_customer_and_only_the_end_counts) {
  constexpr std::int64_t large = std::numeric_limits<std::int64_t>::max();
  ledger store;
  push(store, {invoice("R1", large, today - 5), invoice("R2", large, today - 5)});
  std::string text;
  EXPECT_EQ(code_of([&] { (void)by_due(store); }, &text), status::overflow);
  EXPECT_NE(text.find("Hong"), std::string::npos) << text;
  push(store, {payment("P1", large), payment("P2", large)});
  push(store, {settles("R1", "P1", large, today - 5), settles("R2", "P1", large, today - 5)});
  EXPECT_EQ(code_of([&] { (void)by_due(store); }), status::ok); // P1 gave too much by what P2 has left
  EXPECT_EQ(lines(by_due(store).balances), (texts{"Hong EUR 0 0 0 2"}));
  push(store, {settles("R2", "P1", large, today - 5)});
  EXPECT_EQ(code_of([&] { (void)by_due(store); }, &text), status::overflow);
  EXPECT_NE(text.find("P1"), std::string::npos) << text;
}

/// The same question answered with maps and no haste.
struct slow_answer {
  std::map<std::string, wide_integer> balances; ///< customer and currency
  std::map<std::string, wide_integer> buckets;  ///< and bucket
  std::map<std::string, std::int64_t> counts;

  slow_answer(const random_rows& rows, std::int32_t as_of, const std::vector<int>& edges, bool older,
              bool by_due) {
    std::map<std::string, item> documents;
    for (const item& row : rows.items) {
      const auto known = documents.find(row.document);
      if (known == documents.end() || known->second.revision < row.revision)
        documents[row.document] = row;
    }
    std::map<std::string, settlement> settlements;
    int unnumbered = 0;
    for (const settlement& row : rows.settlements) {
      const std::string name = row.number.empty() ? "#" + std::to_string(unnumbered++) : row.number;
      const auto known = settlements.find(name);
      if (known == settlements.end() || known->second.revision < row.revision)
        settlements[name] = row;
    }
    const auto owed = [](const item& one) { return one.kind != "payment" && one.kind != "credit_note"; };
    std::map<std::string, wide_integer> open;
    for (const auto& [name, one] : documents) {
      if (one.date > as_of)
        continue;
      open[name] = owed(one) ? one.amount : -one.amount;
      balances[one.customer + " " + one.currency] += open[name];
    }
    for (const auto& [name, one] : settlements) {
      if (one.date > as_of || open.count(one.document) == 0 || open.count(one.settling_document) == 0)
        continue;
      const item& left = documents[one.document];
      const item& right = documents[one.settling_document];
      if (owed(left) == owed(right))
        continue;
      const wide_integer to_left = owed(left) ? -one.amount : one.amount;
      open[one.document] += to_left;
      open[one.settling_document] -= to_left;
      balances[left.customer + " " + left.currency] += to_left;
      balances[right.customer + " " + right.currency] -= to_left;
    }
    for (const auto& [name, rest] : open) {
      const item& one = documents[name];
      if (rest == 0)
        continue;
      const std::string line = one.customer + " " + one.currency + " " +
                               bucket_of(one, owed(one) && rest > 0, as_of, edges, older, by_due);
      buckets[line] += rest;
      ++counts[line];
    }
  }
  static std::string bucket_of(const item& one, bool owed, std::int32_t as_of, const std::vector<int>& edges,
                               bool older, bool by_due) {
    if (!owed)
      return "unallocated";
    if (by_due && !one.due)
      return "undated";
    const int days = as_of - (by_due ? *one.due : one.date);
    if (by_due && days <= 0)
      return "not_due";
    int first = by_due ? 1 : 0;
    for (const int edge : edges) {
      const int last = older ? edge - 1 : edge;
      if (days <= last)
        return std::to_string(first) + "-" + std::to_string(last);
      first = last + 1;
    }
    return std::to_string(first) + "+";
  }
};

void expect_same(const ageing_report& report, const slow_answer& slow) {
  std::map<std::string, wide_integer> sums;
  const table& ageing = report.ageing;
  std::set<std::string> seen;
  std::map<std::string, wide_integer> of_totals;
  for (std::int64_t row = 0; row < ageing.rows(); ++row) {
    const auto at = static_cast<std::size_t>(row);
    const std::string line =
        std::string(ageing.at("customer").text()[row]) + " " + std::string(ageing.at("currency").text()[row]);
    const std::string bucket =
        report.buckets.at(static_cast<std::size_t>(ageing.at("bucket").as<std::int32_t>()[at]));
    const std::int64_t amount = ageing.at("amount").as<std::int64_t>()[at];
    sums[line] += amount;
    of_totals[std::string(ageing.at("currency").text()[row]) + " " + bucket] += amount;
    const auto slow_amount = slow.buckets.find(line + " " + bucket);
    ASSERT_NE(slow_amount, slow.buckets.end()) << line << " " << bucket;
    ASSERT_TRUE(slow_amount->second == amount) << line << " " << bucket;
    ASSERT_EQ(slow.counts.at(line + " " + bucket), ageing.at("open_items").as<std::int64_t>()[at]);
    ASSERT_TRUE(seen.insert(line + " " + bucket).second);
  }
  ASSERT_EQ(seen.size(), slow.buckets.size());
  const table& balances = report.balances;
  ASSERT_EQ(static_cast<std::size_t>(balances.rows()), slow.balances.size());
  for (std::int64_t row = 0; row < balances.rows(); ++row) {
    const std::string line = std::string(balances.at("customer").text()[row]) + " " +
                             std::string(balances.at("currency").text()[row]);
    const std::int64_t balance = balances.at("balance").as<std::int64_t>()[static_cast<std::size_t>(row)];
    ASSERT_TRUE(slow.balances.at(line) == balance) << line;
    ASSERT_TRUE(sums[line] == balance) << line; // the buckets add up
  }
  const table& totals = report.totals;
  for (std::int64_t row = 0; row < totals.rows(); ++row) {
    const auto at = static_cast<std::size_t>(row);
    const std::string line =
        std::string(totals.at("currency").text()[row]) + " " +
        report.buckets.at(static_cast<std::size_t>(totals.at("bucket").as<std::int32_t>()[at]));
    ASSERT_TRUE(of_totals[line] == totals.at("amount").as<std::int64_t>()[at]) << line;
  }
}

/// frappe/erpnext#49262, #44352: on random ledgers, every date, side and base, the buckets are those of a slow
/// checker and add up to its balances.
TEST(ageing_test, random_ledgers_agree_with_a_slow_checker) {
  for (std::uint64_t seed = 0; seed < 12; ++seed) {
    const random_rows rows(seed, seed == 0 ? 3 : 600, seed % 2 == 0);
    ledger store;
    push(store, rows.items);
    push(store, rows.settlements);
    for (const char* const as_of : {"2024-12-31", "2025-03-01", "2025-07-15", "2026-12-31"}) {
      for (const bool older : {false, true}) {
        for (const bool due : {false, true}) {
          const std::int32_t day = ledger_rows::day(as_of);
          const ageing_buckets buckets({15, 30, 45, 120}, older ? edge_day::older : edge_day::younger,
                                       due ? age_base::due_date : age_base::document_date);
          expect_same(age(store, date_from_days(day), buckets),
                      slow_answer(rows, day, {15, 30, 45, 120}, older, due));
        }
      }
    }
  }
}

/// 100,000 documents, shuffled, split and merged; 1, 2 and 7 threads.
TEST(ageing_test, a_hundred_thousand_documents_in_any_order_give_the_same_answer) {
  random_rows rows(99, 100000, true);
  const std::int32_t as_of = ledger_rows::day("2025-09-30");
  const ageing_buckets buckets(usual, edge_day::younger, age_base::due_date);
  ledger at_once;
  push(at_once, rows.items);
  push(at_once, rows.settlements);
  const ageing_report expected = age(at_once, date_from_days(as_of), buckets);
  expect_same(expected, slow_answer(rows, as_of, {30, 60, 90}, false, true));
  rows.shuffle(5);
  ledger other = rows.in_pieces(5, 30000);
  push(other, rows.items);
  push(other, rows.settlements);
  EXPECT_EQ(other.contents(), at_once.contents());
  for (const int threads : {1, 2, 7}) {
    const ageing_report again = age(other, date_from_days(as_of), buckets, {}, {.threads = threads});
    EXPECT_EQ(again.ageing, expected.ageing);
    EXPECT_EQ(again.balances, expected.balances);
    EXPECT_EQ(again.totals, expected.totals);
    EXPECT_EQ(again.findings, expected.findings);
  }
}

TEST(ageing_test, some_keys_give_their_rows_of_the_whole) {
  const random_rows rows(4, 800, true);
  ledger store;
  push(store, rows.items);
  push(store, rows.settlements);
  const std::int32_t as_of = ledger_rows::day("2025-09-30");
  texts expected;
  for (const std::string& line : lines(by_due(store, as_of).ageing)) {
    if (line.starts_with("C3 ") || line.starts_with("C17 "))
      expected.push_back(line);
  }
  EXPECT_GT(expected.size(), 2U);
  EXPECT_EQ(lines(by_due(store, as_of, edge_day::younger, usual, keys{{"C3", "C17", "nobody"}}).ageing),
            expected);
  EXPECT_EQ(by_due(store, as_of, edge_day::younger, usual, keys{std::vector<std::string>{}}).ageing.rows(),
            0);
}

TEST(ageing_test, an_empty_ledger_gives_empty_tables) {
  const ageing_report report = by_due(ledger{});
  EXPECT_EQ(report.ageing.rows(), 0);
  EXPECT_EQ(report.totals.rows(), 0);
  EXPECT_EQ(report.findings.rows(), 0);
}

// --- the entry ------------------------------------------------------------------------------------------------

emptor::result finish(const ledger& store, const std::vector<emptor::option>& options) {
  const emptor::run how;
  return emptor::credit::finish_ageing(
      {.from = &store,
       .options = emptor::option_values("credit.ageing", emptor::credit::ageing_options, options),
       .slots = {},
       .keys = {},
       .how = how});
}

/// frappe/erpnext#43162, #47580: neither the age base nor the date has a default.
TEST(ageing_test, the_date_and_the_base_must_be_given) {
  EXPECT_EQ(code_of([] { (void)finish(ledger{}, {{"by", "due_date"}}); }), status::option);
  EXPECT_EQ(code_of([] { (void)finish(ledger{}, {{"as_of", "2026-03-02"}}); }), status::option);
  EXPECT_EQ(code_of([] {
              (void)finish(ledger{}, {{"as_of", "2026-03-02"}, {"by", "due_date"}, {"edges", "9,3"}});
            }),
            status::option);
}

std::vector<std::vector<std::string>> cells(std::string_view csv) {
  std::vector<std::vector<std::string>> rows;
  std::istringstream input{std::string(csv)};
  for (std::string line; std::getline(input, line);) {
    rows.emplace_back(1);
    for (const char c : line) {
      if (c == ',')
        rows.back().emplace_back();
      else
        rows.back().back() += c;
    }
  }
  return rows;
}

TEST(ageing_test, the_worked_example_is_right) {
  const emptor::example& shown = emptor::credit::ageing_description.examples[0];
  ledger store;
  for (const emptor::example_table& given : shown.tables) {
    const auto rows = cells(given.csv);
    table made{std::string(given.name)};
    for (std::size_t c = 0; c < rows[0].size(); ++c) {
      const std::string& name = rows[0][c];
      emptor::text_buffer values;
      std::vector<double> amounts;
      std::vector<std::int32_t> days;
      for (std::size_t r = 1; r < rows.size(); ++r) {
        values.push_back(rows[r][c]);
        if (name == "amount")
          amounts.push_back(std::stod(rows[r][c]));
        if (name.ends_with("date"))
          days.push_back(rows[r][c].empty() ? 0 : ledger_rows::day(rows[r][c].c_str()));
      }
      emptor::column column = name == "amount"         ? emptor::column::numbers(name, amounts)
                              : name.ends_with("date") ? emptor::column::days(name, days)
                                                       : emptor::column::texts(name, values);
      for (std::size_t r = 1; r < rows.size(); ++r) {
        if (rows[r][c].empty())
          column.set_missing(static_cast<std::int64_t>(r - 1));
      }
      made.add(std::move(column));
    }
    EXPECT_EQ(push(store, made, true).report.added, made.rows());
  }
  std::vector<emptor::option> options;
  for (const emptor::example_option& one : shown.options)
    options.push_back({std::string(one.name), std::string(one.value)});
  const emptor::result found = finish(store, options);
  ASSERT_EQ(found.tables.size(), emptor::credit::ageing_description.outputs.size());
  for (std::size_t t = 0; t < found.tables.size(); ++t) {
    const emptor::table_description& described = emptor::credit::ageing_description.outputs[t];
    EXPECT_EQ(found.tables[t].name(), described.name);
    ASSERT_EQ(found.tables[t].columns().size(), described.columns.size());
    for (std::size_t c = 0; c < described.columns.size(); ++c)
      EXPECT_EQ(found.tables[t].columns()[c].name(), described.columns[c].name);
  }
  for (std::size_t t = 0; t < shown.expected.size(); ++t) {
    texts expected;
    const auto rows = cells(shown.expected[t].csv);
    for (std::size_t r = 1; r < rows.size(); ++r) {
      std::string line;
      for (std::string cell : rows[r]) {
        if (const std::size_t point = cell.find('.'); point != std::string::npos)
          cell = std::to_string(std::stoll(cell.erase(point, 1)));
        line += (line.empty() ? "" : " ") + cell;
      }
      expected.push_back(line);
    }
    EXPECT_EQ(lines(found.tables[t]), expected);
  }
}

} // namespace
} // namespace ageing_test
