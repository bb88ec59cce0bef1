// SPDX-License-Identifier: BSL-1.0
#include <limits>
#include <map>

#include <gtest/gtest.h>

#include <emptor/credit/reconciliation.hpp>

#include "stats/ledger_record_rows.hpp"
#include "support/refusal.hpp"

namespace reconciliation_test {
namespace {

using emptor::date_from_days;
using emptor::status;
using emptor::table;
using emptor::wide_integer;
using emptor::credit::control_balance;
using emptor::credit::control_document;
using emptor::credit::reconcile;
using emptor::credit::reconciliation_report;
using emptor::stats::code_of;
using emptor::stats::currency_code;
using emptor::stats::ledger;
using ledger_rows::item;
using ledger_rows::push;
using ledger_rows::settlement;
using keys = std::optional<std::vector<std::string>>;
using texts = std::vector<std::string>;

constexpr std::int32_t today = 20000;
const currency_code eur = code_of(emptor::currency("EUR"));
const currency_code usd = code_of(emptor::currency("USD"));

/// The rows of a table as text, with the names of codes.
texts lines(const table& of) {
  texts all;
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

item document(std::string number, std::string customer, std::int64_t amount, std::string kind = "invoice") {
  return {.document = std::move(number),
          .customer = std::move(customer),
          .kind = std::move(kind),
          .amount = amount,
          .date = today - 30};
}
ledger small() {
  ledger store;
  push(store, {document("R1", "Hong", 1000), document("R2", "Lan", 500),
               document("P1", "Hong", 300, "payment"), document("R3", "Hong", 70)});
  push(store, {settlement{.document = "R3", .settling_document = "P1", .date = today - 5, .amount = 70}});
  return store;
}
reconciliation_report against(const ledger& store, std::vector<control_balance> balances,
                              std::optional<std::vector<control_document>> documents, const keys& only = {}) {
  return reconcile(store, date_from_days(today), balances, documents, only);
}

TEST(reconciliation_test, what_agrees_has_no_document) {
  const auto report = against(small(), {{{}, eur, 1270}},
                              {{{"R1", {}, eur, 1000}, {"R2", "Lan", eur, 500}, {"P1", "Hong", eur, -230}}});
  EXPECT_EQ(lines(report.differences), (texts{"- EUR 1270 1270 0 0 0 0 0 0 0 0"}));
  EXPECT_EQ(lines(report.documents), texts{});
}

TEST(reconciliation_test, each_reason_has_its_documents_and_they_add_up) {
  ledger store = small();
  push(store, {document("R5", "Hong", 40), document("R6", "Lan", 60)});
  const auto report = against(store, {{{}, eur, 1600}, {{}, usd, 9}},
                              {{{"R1", {}, eur, 400},
                                {"R1", {}, eur, 350},
                                {"R5", "Lan", eur, 40},
                                {"R6", {}, usd, 9},
                                {"R8", {}, eur, 820}}});
  EXPECT_EQ(lines(report.documents),
            (texts{"P1 Hong EUR unallocated -230 0 -230", "R1 Hong EUR other_amount 1000 750 250",
                   "R2 Lan EUR missing_in_control 500 0 500", "R5 Hong EUR other_customer 40 0 40",
                   "R5 Lan EUR other_customer 0 40 -40", "R6 Lan EUR other_currency 60 0 60",
                   "R6 Lan USD other_currency 0 9 -9", "R8 - EUR missing_in_ledger 0 820 -820"}));
  // In EUR the documents of the control account are 1,610, its balance is 1,600.
  EXPECT_EQ(lines(report.differences),
            (texts{"- EUR 1370 1600 -230 500 -820 250 -230 0 60 10", "- USD 0 9 -9 0 0 0 0 0 -9 0"}));
}

TEST(reconciliation_test, by_customer_every_customer_of_either_side_has_a_row) {
  const std::vector<control_document> documents{
      {"R1", {}, eur, 1000}, {"R2", "Mei", eur, 500}, {"R8", "Mei", eur, 5}, {"R9", {}, eur, 7}};
  const auto report = against(small(), {{"Hong", eur, 900}, {"Mei", eur, 505}}, documents);
  EXPECT_EQ(lines(report.differences),
            (texts{"Hong EUR 770 900 -130 0 0 0 -230 0 0 100", "Lan EUR 500 0 500 0 0 0 0 500 0 0",
                   "Mei EUR 0 505 -505 0 -5 0 0 -500 0 0"}));
  const auto both = against(small(), {{"Hong", eur, 900}, {{}, eur, 1405}}, documents);
  EXPECT_EQ(lines(both.differences),
            (texts{"- EUR 1270 1405 -135 0 -12 0 -230 0 0 107", "Hong EUR 770 900 -130 0 0 0 -230 0 0 100",
                   "Lan EUR 500 0 500 0 0 0 0 500 0 0", "Mei EUR 0 0 0 0 -5 0 0 -500 0 505"}));
}

TEST(reconciliation_test, without_documents_all_of_a_difference_is_unexplained) {
  const auto report = against(small(), {{{}, eur, 1300}}, {});
  EXPECT_EQ(lines(report.differences), (texts{"- EUR 1270 1300 -30 0 0 0 0 0 0 -30"}));
  EXPECT_EQ(report.documents.rows(), 0);
  EXPECT_EQ(lines(against(small(), {}, {}).differences), (texts{"- EUR 1270 0 1270 0 0 0 0 0 0 1270"}));
}

TEST(reconciliation_test, a_document_of_a_later_day_is_not_in_the_ledger_yet) {
  ledger store = small();
  item late = document("R7", "Hong", 40);
  late.date = today + 1;
  push(store, {late});
  const auto report =
      against(store, {{{}, eur, 1310}},
              {{{"R1", {}, eur, 1000}, {"R2", {}, eur, 500}, {"P1", {}, eur, -230}, {"R7", {}, eur, 40}}});
  EXPECT_EQ(lines(report.documents), (texts{"R7 - EUR missing_in_ledger 0 40 -40"}));
}

TEST(reconciliation_test, some_customers_have_the_rows_that_they_have_among_all) {
  const std::vector<control_balance> balances{{"Hong", eur, 900}, {"Mei", eur, 505}, {{}, eur, 1405}};
  const std::vector<control_document> documents{
      {"R1", {}, eur, 1000}, {"R2", "Mei", eur, 500}, {"R8", "Mei", eur, 5}, {"R9", {}, eur, 7}};
  for (const std::string one : {"Hong", "Lan", "Mei"}) {
    texts of_one;
    for (const std::string& line : lines(against(small(), balances, documents).differences)) {
      if (line.starts_with(one))
        of_one.push_back(line);
    }
    texts documents_of_one;
    for (const std::string& line : lines(against(small(), balances, documents).documents)) {
      if (line.find(" " + one + " ") != std::string::npos)
        documents_of_one.push_back(line);
    }
    const auto alone = against(small(), balances, documents, keys{{one}});
    EXPECT_EQ(lines(alone.differences), of_one);
    EXPECT_EQ(lines(alone.documents), documents_of_one);
  }
}

TEST(reconciliation_test, sums_beyond_64_bits_are_refused) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  ledger store;
  push(store, {document("R1", "Hong", most)});
  EXPECT_EQ(lines(against(store, {{{}, eur, most}}, {}).differences),
            (texts{"- EUR " + std::to_string(most) + " " + std::to_string(most) + " 0 0 0 0 0 0 0 0"}));
  std::string text;
  EXPECT_EQ(emptor::test::code_of(
                [&] {
                  return against(store, {{{}, eur, -1}}, {});
                },
                &text),
            status::overflow);
  EXPECT_NE(text.find("all customers"), std::string::npos) << text;
}

/// A random ledger against a control account that was made from it with every kind of mistake.
TEST(reconciliation_test, reasons_and_what_is_unexplained_always_add_up_to_the_difference) {
  for (std::uint64_t seed = 1; seed <= 30; ++seed) {
    ledger_rows::random_ledger rows(seed, 400);
    const ledger store = rows.at_once();
    emptor::test::draws draw(seed);
    const std::int32_t as_of = ledger_rows::day("2025-10-15");
    const auto state = emptor::stats::open_items(store, date_from_days(as_of));
    std::vector<control_balance> balances;
    std::vector<control_document> documents;
    std::map<std::pair<std::string, currency_code>, std::int64_t> sums;
    for (const auto& group : state.customers) {
      const std::string who(store.customer(group.id));
      for (std::size_t i = group.first; i < group.last; ++i) {
        const auto& one = state.items[i];
        sums[{who, one.currency}] += one.open;
        if (draw.below(10) == 0)
          continue;
        control_document held{std::string(store.document(store.items()[one.row].document)), who, one.currency,
                              one.open};
        switch (draw.below(20)) {
        case 0:
          held.open += 7;
          break;
        case 1:
          held.customer = "C" + std::to_string(draw.below(30));
          break;
        case 2:
          held.currency = eur;
          break;
        case 3:
          held.customer.reset();
          break;
        case 4:
          held.document += "x";
          break;
        case 5:
          documents.push_back(held);
          break;
        default:
          break;
        }
        documents.push_back(held);
      }
    }
    for (const auto& [of, sum] : sums) {
      if (draw.below(10) != 0)
        balances.push_back({of.first, of.second, sum + (draw.below(4) == 0 ? 11 : 0)});
    }
    for (const currency_code code : {eur, code_of(emptor::currency("JPY"))})
      balances.push_back({{}, code, static_cast<std::int64_t>(draw.below(1000000))});
    const auto report = reconcile(store, date_from_days(as_of), balances, documents);
    ASSERT_GT(report.documents.rows(), 20);

    const table& differences = report.differences;
    std::map<std::pair<std::string, std::string>, std::vector<wide_integer>>
        of_documents; // by customer and currency
    for (std::int64_t row = 0; row < report.documents.rows(); ++row) {
      const auto at = static_cast<std::size_t>(row);
      const std::int64_t difference = report.documents.at("difference").as<std::int64_t>()[at];
      EXPECT_NE(difference, 0);
      EXPECT_EQ(difference, report.documents.at("ledger_amount").as<std::int64_t>()[at] -
                                report.documents.at("control_amount").as<std::int64_t>()[at]);
      const std::string currency(report.documents.at("currency").text()[row]);
      const auto reason = static_cast<std::size_t>(report.documents.at("reason").as<std::int32_t>()[at]);
      std::vector<std::string> scopes{""};
      if (report.documents.at("customer").is_valid(row))
        scopes.emplace_back(report.documents.at("customer").text()[row]);
      for (const std::string& scope : scopes) {
        auto& sum = of_documents[{scope, currency}];
        sum.resize(6);
        sum[reason] += difference;
      }
    }
    std::map<std::string, wide_integer> ledgers;
    for (std::int64_t row = 0; row < differences.rows(); ++row) {
      const auto at = static_cast<std::size_t>(row);
      const auto amount = [&](std::string_view name) { return differences.at(name).as<std::int64_t>()[at]; };
      const std::string scope(
          differences.at("customer").is_valid(row) ? differences.at("customer").text()[row] : "");
      const std::string currency(differences.at("currency").text()[row]);
      ASSERT_EQ(amount("difference"), amount("ledger_balance") - amount("control_balance"));
      std::int64_t explained = amount("unexplained");
      std::size_t reason = 0;
      for (const std::string_view name : emptor::credit::reconciling_reasons) {
        auto& sum = of_documents[{scope, currency}];
        sum.resize(6);
        ASSERT_TRUE(sum[reason++] == amount(name)) << scope << ' ' << currency << ' ' << name;
        explained += amount(name);
      }
      ASSERT_EQ(explained, amount("difference")) << scope << ' ' << currency;
      ledgers[currency] += scope.empty() ? amount("ledger_balance") : -amount("ledger_balance");
    }
    for (const auto& [currency, rest] : ledgers)
      EXPECT_TRUE(rest == 0) << currency; // the customers are all of the ledger
  }
}

} // namespace
} // namespace reconciliation_test
