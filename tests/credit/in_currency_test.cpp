// SPDX-License-Identifier: BSL-1.0
#include <cstdint>
#include <cstdlib>
#include <map>
#include <string>
#include <vector>

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <emptor/credit/days_sales_outstanding_entry.hpp>
#include <emptor/credit/exposure_entry.hpp>
#include <emptor/credit/payment_behaviour_entry.hpp>
#include <emptor/credit/payment_forecast_entry.hpp>
#include <emptor/credit/payment_trend_entry.hpp>
#include <emptor/credit/receivables_performance_entry.hpp>
#include <emptor/credit/roll_rates_entry.hpp>

#include "credit/finished.hpp"
#include "stats/ledger_record_rows.hpp"
#include "support/random.hpp"
#include "support/refusal.hpp"

/// The option in_currency of the measures of a ledger.
namespace emptor::test::in_currency_test {
namespace {

using ledger_rows::day;
using ledger_rows::item;
using ledger_rows::rate;
using ledger_rows::settlement;
using options = std::vector<option>;
using texts = std::vector<std::string>;

struct measure {
  const entry* what;
  options more;
};
const std::vector<measure>& measures() {
  static const std::vector<measure> all{
      {&credit::ageing_entry, {{"by", "due_date"}}},
      {&credit::days_sales_outstanding_entry, {{"by", "region"}}},
      {&credit::payment_behaviour_entry, {}},
      {&credit::payment_trend_entry, {{"by", "all"}}},
      {&credit::receivables_performance_entry, {{"by", "group"}, {"periods", "3"}}},
      {&credit::payment_forecast_entry, {}},
      {&credit::roll_rates_entry, {}},
      {&credit::exposure_entry, {{"tolerance", "0.1"}}},
  };
  return all;
}
result finished_in(const measure& asked, const stats::ledger& from, const char* currency) {
  options all{{"as_of", "2025-12-31"}};
  all.insert(all.end(), asked.more.begin(), asked.more.end());
  if (currency != nullptr)
    all.push_back({"in_currency", currency});
  return finished::of(*asked.what, from, all);
}
/// Every column of every table but the findings, whose amounts stay in the currency of their documents.
std::map<std::string, texts> tables_of(const result& made) {
  std::map<std::string, texts> all;
  for (const table& one : made.tables) {
    texts columns;
    for (const column& each : one.columns())
      columns.push_back(each.name());
    if (one.name() != "findings")
      all[one.name()] = finished::cells(one, columns);
  }
  return all;
}
std::map<std::string, texts> tables_of(const measure& asked, const stats::ledger& from,
                                       const char* currency = nullptr) {
  return tables_of(finished_in(asked, from, currency));
}

/// A ledger at rates that make whole minor units is measured as the one whose documents were written in the other currency.
TEST(in_currency, exact_rates_give_the_measures_of_a_ledger_in_that_currency) {
  ledger_rows::random_ledger rows(41, 2000);
  rows.rates.clear();
  ledger_rows::random_ledger written = rows;
  // A euro is 2 dinars, of 1,000 minor units each; a yen, which has none, is half a dinar.
  rows.rates = {rate{.currency = "EUR", .in = "KWD", .date = day("2024-01-01"), .value = 2.0},
                rate{.currency = "JPY", .in = "KWD", .date = day("2024-01-01"), .value = 77.0},
                rate{.currency = "JPY", .in = "KWD", .date = day("2025-12-31"), .value = 0.5},
                rate{.currency = "EUR", .in = "KWD", .date = day("2026-01-01"), .value = 77.0}};
  const auto rewrite = [](auto& list) {
    for (auto& one : list) {
      if constexpr (requires { one.amount; }) {
        const std::int64_t times = one.currency == "EUR" ? 20 : one.currency == "JPY" ? 500 : 1;
        one.amount *= times;
        if constexpr (requires { one.discount; }) {
          if (one.discount)
            *one.discount *= times;
        }
        one.currency = "KWD";
      }
    }
  };
  written.for_each(rewrite);
  const stats::ledger store = rows.at_once();
  const stats::ledger expected = written.at_once();
  for (const measure& one : measures()) {
    EXPECT_EQ(tables_of(one, store, "KWD"), tables_of(one, expected)) << one.what->description->name;
    EXPECT_NE(tables_of(one, store), tables_of(one, expected)) << one.what->description->name;
  }
}

/// Half to even.
std::int64_t rounded(std::int64_t numerator, std::int64_t denominator) {
  std::int64_t quotient = numerator / denominator;
  const std::int64_t rest = 2 * std::abs(numerator % denominator);
  if (rest > denominator || (rest == denominator && quotient % 2 != 0))
    quotient += numerator < 0 ? -1 : 1;
  return quotient;
}

stats::ledger in_rough_yen(ledger_rows::random_ledger& rows) {
  rows.rates = {rate{.currency = "EUR", .in = "JPY", .date = day("2025-02-01"), .value = 1.37},
                rate{.currency = "KWD", .in = "JPY", .date = day("2025-02-01"), .value = 4.5}};
  return rows.at_once();
}

TEST(in_currency, each_document_is_rounded_for_itself_and_all_measures_agree_to_the_minor_unit) {
  ledger_rows::random_ledger rows(42, 3000);
  const stats::ledger store = in_rough_yen(rows);
  std::map<std::string, wide_integer> balance_of;
  wide_integer all = 0;
  const stats::ledger_state state = stats::open_items(store, date_from_days(day("2025-12-31")));
  for (const stats::open_item& one : state.items) {
    const std::string currency(stats::currency_of(one.currency).code());
    const std::int64_t yen = currency == "EUR"   ? rounded(one.open * 137, 10000)
                             : currency == "KWD" ? rounded(one.open * 45, 10000)
                                                 : one.open;
    balance_of[std::string(store.customer(store.items()[one.row].customer)) + " "] += yen;
    all += yen;
  }
  std::erase_if(balance_of, [](const auto& one) { return one.second == 0; });
  const std::map<std::string, wide_integer> total{{"", all}};

  const result aged = finished_in(measures()[0], store, "JPY");
  EXPECT_EQ(finished::sums(aged, "balances", {"customer"}, "balance"), balance_of);
  EXPECT_EQ(finished::sums(aged, "ageing", {"customer"}, "amount"), balance_of);
  EXPECT_EQ(finished::sums(aged, "totals", {}, "amount"), total);
  EXPECT_EQ(finished::sums(finished_in(measures()[7], store, "JPY"), "exposure", {"group"}, "open_items"),
            balance_of);
  const measure days{&credit::days_sales_outstanding_entry, {{"receivables", "balance"}}};
  EXPECT_EQ(
      finished::sums(finished_in(days, store, "JPY"), "days_sales_outstanding", {"group"}, "receivables"),
      balance_of);
  EXPECT_EQ(finished::sums(finished_in(days, store, "JPY"), "totals", {}, "receivables"), total);
  // What was open day by day is rounded as it is on the last day: each snapshot is the ageing of its day.
  const measure rolled{&credit::roll_rates_entry, {{"by", "customer"}, {"periods", "4"}}};
  const result rolls = finished_in(rolled, store, "JPY");
  const auto by_day = finished::sums(rolls, "balances", {"group", "bucket", "day"}, "amount");
  std::map<std::string, wide_integer> aged_by_day;
  for (const char* on : {"2025-08-31", "2025-09-30", "2025-10-31", "2025-11-30", "2025-12-31"}) {
    const result one = finished::of(credit::ageing_entry, store,
                                    {{"as_of", on}, {"by", "due_date"}, {"in_currency", "JPY"}});
    for (const auto& [key, sum] : finished::sums(one, "ageing", {"customer", "bucket"}, "amount"))
      aged_by_day[key + on + " "] = sum;
  }
  EXPECT_EQ(by_day, aged_by_day);
  const measure performance{&credit::receivables_performance_entry,
                            {{"by", "customer"}, {"receivables", "balance"}, {"period", "4 months"}}};
  EXPECT_EQ(
      finished::sums(finished_in(performance, store, "JPY"), "receivables_performance", {"group"}, "closing"),
      balance_of);
}

TEST(in_currency, the_order_of_the_pushes_changes_nothing) {
  ledger_rows::random_ledger rows(43, 1500);
  const stats::ledger store = in_rough_yen(rows);
  rows.shuffle(7);
  const stats::ledger other = rows.in_pieces(8, 300);
  for (const measure& one : measures())
    EXPECT_EQ(tables_of(one, store, "JPY"), tables_of(one, other, "JPY")) << one.what->description->name;
}

/// Few amounts on few days, so that many parts are alike in all but the payment, and many are taken back.
TEST(in_currency, equal_parts_of_one_day_have_no_order) {
  const auto payment = [](std::uint64_t i) { return "P" + std::to_string(i); };
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    draws draw(seed);
    std::vector<item> items;
    std::vector<settlement> settlements;
    for (int i = 0; i < 6; ++i)
      items.push_back({.document = payment(static_cast<std::uint64_t>(i)),
                       .customer = "Hong",
                       .kind = i < 4 ? "payment" : "credit_note",
                       .amount = 5000,
                       .date = day("2025-10-01") + i,
                       .region = "north"});
    for (int i = 0; i < 8; ++i) {
      const std::string invoice = "R" + std::to_string(i);
      items.push_back({.document = invoice,
                       .customer = "Hong",
                       .kind = "invoice",
                       .amount = 150 + i,
                       .date = day("2025-10-01"),
                       .due = day("2025-11-01"),
                       .region = "north"});
      for (int k = 0; k < 6; ++k) {
        const std::int64_t amounts[] = {50, 51, 101, 101, -101, -50};
        settlements.push_back({.document = invoice,
                               .settling_document = payment(draw.below(6)),
                               .date = day("2025-11-10") + static_cast<std::int32_t>(draw.below(3)),
                               .amount = amounts[draw.below(6)],
                               .number = "S" + std::to_string(settlements.size())});
      }
    }
    const auto store = [&] {
      stats::ledger made;
      ledger_rows::push(made, items);
      ledger_rows::push(made, settlements);
      ledger_rows::push(made,
                        {rate{.currency = "EUR", .in = "JPY", .date = day("2025-01-01"), .value = 30.0}});
      return made;
    };
    const stats::ledger one = store();
    draw.shuffle(items);
    draw.shuffle(settlements);
    const stats::ledger other = store();
    for (const measure& asked : measures()) {
      EXPECT_EQ(tables_of(asked, one), tables_of(asked, other))
          << asked.what->description->name << " " << seed;
      EXPECT_EQ(tables_of(asked, one, "JPY"), tables_of(asked, other, "JPY"))
          << asked.what->description->name << " " << seed;
    }
  }
}

/// What bounced has never come, in no currency: its 101 and -101 are rounded from other balances.
TEST(in_currency, a_payment_that_bounced_leaves_nothing_of_its_rounding) {
  stats::ledger store;
  const auto document = [](const char* number, const char* kind, std::int64_t amount, const char* date) {
    return item{.document = number,
                .customer = "Hong",
                .kind = kind,
                .amount = amount,
                .date = day(date),
                .due = day("2025-06-01"),
                .currency = "USD"};
  };
  const auto pays = [](const char* debit, const char* credit, std::int64_t amount, const char* date) {
    return settlement{.document = debit,
                      .settling_document = credit,
                      .date = day(date),
                      .amount = amount,
                      .currency = "USD"};
  };
  ledger_rows::push(
      store,
      {document("R1", "invoice", 150, "2025-05-01"), document("R2", "invoice", 1000, "2025-05-01"),
       document("P1", "payment", 101, "2025-05-02"), document("P2", "payment", 1000, "2025-05-02"),
       document("C1", "credit_note", 49, "2025-05-02"), document("C2", "credit_note", 101, "2025-05-02")});
  ledger_rows::push(store,
                    std::vector{pays("R1", "P1", 101, "2025-06-10"), pays("R1", "C1", 49, "2025-06-11"),
                                pays("R1", "P1", -101, "2025-06-12"), pays("R1", "C2", 101, "2025-06-13"),
                                pays("R2", "P2", 1000, "2025-05-20")});
  ledger_rows::push(store, {rate{.currency = "USD", .in = "EUR", .date = day("2025-01-01"), .value = 0.5}});
  const measure behaviour{&credit::payment_behaviour_entry, {{"period", "1 year"}}};
  const texts columns{"paid", "invoices", "late_share", "days_to_pay"};
  EXPECT_EQ(finished::cells(finished_in(behaviour, store, nullptr), "payment_behaviour", columns),
            texts{"1000 1 0 19"});
  EXPECT_EQ(finished::cells(finished_in(behaviour, store, "EUR"), "payment_behaviour", columns),
            texts{"500 1 0 19"});
}

std::string refusal(const measure& asked, const stats::ledger& from, status expected) {
  std::string text;
  EXPECT_EQ(code_of([&] { return finished_in(asked, from, "EUR"); }, &text), expected);
  return text;
}

TEST(in_currency, a_document_without_a_rate_is_named) {
  stats::ledger store;
  const auto invoice = [](const char* number, std::int64_t amount, const char* currency,
                          const char* kind = "invoice") {
    return item{.document = number,
                .customer = "Hong",
                .kind = kind,
                .amount = amount,
                .date = day("2025-12-01"),
                .due = day("2025-12-15"),
                .currency = currency,
                .region = "north"};
  };
  ledger_rows::push(store, {invoice("R3", 100, "EUR"), invoice("R2", 200, "USD"), invoice("R1", 300, "DEM"),
                            invoice("P1", 300, "DEM", "payment")});
  ledger_rows::push(store, {settlement{.document = "R1",
                                       .settling_document = "P1",
                                       .date = day("2025-12-20"),
                                       .amount = 300,
                                       .currency = "DEM"}});
  for (const measure& one : measures()) {
    const bool of_open_money = one.what == &credit::ageing_entry || one.what == &credit::exposure_entry;
    EXPECT_EQ(
        refusal(one, store, status::currency),
        of_open_money
            ? "ledger: document R2 is in USD, but there is no rate of USD in EUR on or before 2025-12-31"
            : "ledger: document P1 is in DEM, but there is no rate of DEM in EUR on or before 2025-12-31")
        << one.what->description->name;
  }
  ledger_rows::push(store, {rate{.currency = "USD", .in = "EUR", .date = day("2025-12-31"), .value = 0.5}});
  EXPECT_EQ(finished::cells(finished_in(measures()[0], store, "EUR"), "balances", {"currency", "balance"}),
            texts{"EUR 200"});
  ledger_rows::push(store, {rate{.currency = "DEM", .in = "EUR", .date = day("2025-12-31"), .value = 0.25}});
  EXPECT_EQ(finished::cells(finished_in(measures()[1], store, "EUR"), "totals", {"currency", "sales"}),
            texts{"EUR 275"});
}

TEST(in_currency, amounts_beyond_64_bits_name_the_document) {
  stats::ledger store;
  ledger_rows::push(store, {item{.document = "R1",
                                 .customer = "Hong",
                                 .kind = "invoice",
                                 .amount = 9'000'000'000'000'000'000,
                                 .date = day("2025-12-01"),
                                 .due = day("2025-12-15"),
                                 .currency = "USD",
                                 .region = "north"}});
  ledger_rows::push(store, {rate{.currency = "USD", .in = "EUR", .date = day("2025-12-01"), .value = 1.5}});
  for (const measure& one : measures())
    EXPECT_EQ(refusal(one, store, status::overflow),
              "ledger: document R1 is in USD, and its amounts in EUR do not fit 64 bits of minor units")
        << one.what->description->name;
}

} // namespace
} // namespace emptor::test::in_currency_test
