// SPDX-License-Identifier: BSL-1.0
#include <map>
#include <string>

#include <gtest/gtest.h>

#include <emptor/credit/late_interest_entry.hpp>

#include "credit/finished.hpp"
#include "stats/ledger_rows.hpp"
#include "support/refusal.hpp"

namespace late_interest_test {
namespace {

using emptor::column;
using emptor::model;
using emptor::option;
using emptor::result;
using emptor::status;
using emptor::table;
using emptor::wide_integer;
using namespace emptor::credit;
using emptor::stats::ledger;
using emptor::test::code_of;
using finished::cells;
using finished::sums;
using ledger_rows::day;
using ledger_rows::item;
using ledger_rows::push;
using ledger_rows::random_rows;
using ledger_rows::settlement;
using texts = std::vector<std::string>;

column names(const char* role, const std::vector<std::string>& values) {
  emptor::text_buffer all;
  for (const std::string& one : values)
    all.push_back(one);
  return column::texts(role, all);
}
table rates(const std::vector<std::pair<const char*, double>>& steps) {
  std::vector<std::int32_t> days;
  std::vector<double> values;
  for (const auto& [from, rate] : steps) {
    days.push_back(day(from));
    values.push_back(rate);
  }
  return {"rates", {column::days("from", days), column::numbers("rate", values)}};
}
table fee(double amount) {
  return {"fees", {column::numbers("fee", {amount})}};
}
model of_tables(std::vector<table> tables) {
  model made{.entry = "credit.late_interest", .options = {}, .tables = std::move(tables), .made_by = {}};
  check_late_interest_model(made);
  return made;
}
result finish(const ledger& from, const model& policy, const std::string& as_of,
              std::vector<option> more = {}, const model* charged = nullptr) {
  const emptor::run alone;
  more.push_back({"as_of", as_of});
  std::vector<emptor::filled_slot> slots{{"policy", &policy}};
  if (charged != nullptr)
    slots.push_back({"charged", charged});
  return finish_late_interest({.from = &from,
                               .options = {"credit.late_interest", late_interest_options, more},
                               .slots = slots,
                               .keys = {},
                               .how = alone});
}
item invoice(std::string document, std::int64_t amount, const char* due, const char* date = "2020-01-01") {
  return {.document = std::move(document),
          .customer = "Hong",
          .kind = "invoice",
          .amount = amount,
          .date = day(date),
          .due = day(due)};
}
item payment(std::string document, std::int64_t amount, const char* date) {
  return {.document = std::move(document),
          .customer = "Hong",
          .kind = "payment",
          .amount = amount,
          .date = day(date)};
}
settlement settles(std::string document, std::string by, std::int64_t amount, const char* date) {
  return {.document = std::move(document),
          .settling_document = std::move(by),
          .date = day(date),
          .amount = amount};
}
std::string interest(const result& made) {
  const texts all = cells(made, "documents", {"interest"});
  return all.size() == 1 ? all.front() : std::to_string(all.size()) + " rows";
}

/// frappe/erpnext#58220: the interest was gone as soon as the sum had been paid. #49621: it ran on to the day of the
/// letter in place of the day of the payment.
TEST(late_interest_test, interest_ends_with_the_payment_and_stays_due_after_it) {
  ledger store;
  push(store, {invoice("R1", 100000, "2026-01-31"), payment("P1", 100000, "2026-03-02")});
  push(store, {settles("R1", "P1", 100000, "2026-03-02")});
  const model policy = of_tables({rates({{"2020-01-01", 0.09}}), fee(40.0)});
  // 1,000 x 9 % x 30 / 365 = 7.3973
  for (const char* as_of : {"2026-03-02", "2026-03-03", "2027-12-31"})
    EXPECT_EQ(cells(finish(store, policy, as_of), "documents", {"days_late", "interest", "fee_to_charge"}),
              (texts{"30 740 4000"}))
        << as_of;
  EXPECT_EQ(cells(finish(store, policy, "2026-01-31"), "documents", {"document"}), texts{});
  EXPECT_EQ(cells(finish(store, policy, "2026-02-01"), "documents", {"days_late", "interest"}),
            (texts{"1 25"}));
}

/// frappe/erpnext#26285: at a rate of 0 the fee was dropped.
TEST(late_interest_test, a_fee_does_not_hang_on_the_rate) {
  ledger store;
  push(store, {invoice("R1", 100000, "2026-01-31")});
  const model policy = of_tables({rates({{"2020-01-01", 0.0}}), fee(40.0)});
  EXPECT_EQ(cells(finish(store, policy, "2026-03-02"), "documents",
                  {"days_late", "interest", "fee", "fee_to_charge"}),
            (texts{"30 0 4000 4000"}));
  EXPECT_EQ(cells(finish(store, policy, "2026-03-02"), "customers", {"interest", "total"}),
            (texts{"0 4000"}));
}

/// frappe/erpnext#27528: what had been charged was forgotten, and charged again.
TEST(late_interest_test, what_was_charged_is_not_charged_again) {
  ledger store;
  push(store, {invoice("R1", 100000, "2026-01-31"), invoice("R2", 5000, "2027-01-31")});
  const model policy = of_tables({rates({{"2020-01-01", 0.09}}), fee(40.0)});
  const model charged =
      of_tables({{"charged",
                  {names("document", {"R1", "R1", "R2"}), column::numbers("interest", {5.0, 1.5, 2.0}),
                   column::numbers("fee", {40.0, 0.0, 0.0})}}});
  // R2 was charged too early: it is given back.
  EXPECT_EQ(cells(finish(store, policy, "2026-03-02", {}, &charged), "documents",
                  {"document", "interest", "charged", "to_charge", "fee_to_charge"}),
            (texts{"R1 740 650 90 0", "R2 0 200 -200 0"}));
}

TEST(late_interest_test, what_was_charged_for_what_owes_nothing_is_refused_and_never_lost) {
  ledger store;
  push(store, {invoice("R1", 100000, "2026-01-31"), payment("P1", 100000, "2026-03-02")});
  push(store, {settles("R7", "P1", 100, "2026-03-02")}); // names a document that has not come
  const model policy = of_tables({rates({{"2020-01-01", 0.09}})});
  for (const char* document : {"R9", "R7", "P1"}) {
    const model charged =
        of_tables({{"charged", {names("document", {"R1", document}), column::numbers("fee", {40.0, 1.0})}}});
    std::string text;
    EXPECT_EQ(code_of([&] { return finish(store, policy, "2026-03-02", {}, &charged); }, &text),
              status::data);
    EXPECT_EQ(text, "credit.late_interest: charged.document[1] is " + std::string(document) +
                        ", but must be an invoice, debit note or refund of the ledger: what was charged "
                        "would be lost");
  }
}

/// More taken back than was settled makes no more of the document, more settled than it is about no less than nothing.
TEST(late_interest_test, no_more_than_the_document_bears_interest) {
  ledger store;
  push(store, {invoice("R1", 10000, "2026-01-31"), invoice("R2", 10000, "2026-01-31"),
               payment("P1", 10000, "2026-01-31"), payment("P2", 14999, "2026-03-02")});
  push(store, {settles("R1", "P1", 10000, "2026-01-31"), settles("R1", "P1", -40000, "2026-01-31"),
               settles("R2", "P2", 14999, "2026-03-02")});
  const model policy = of_tables({rates({{"2020-01-01", 0.365}})});
  // 100 x 36.5 % x 30 / 365 = 3.00
  EXPECT_EQ(cells(finish(store, policy, "2026-03-02"), "documents", {"document", "open", "interest"}),
            (texts{"R1 10000 300", "R2 0 300"}));
  EXPECT_EQ(cells(finish(store, policy, "2026-03-02"), "segments", {"document", "balance"}),
            (texts{"R1 10000", "R2 10000"}));
}

TEST(late_interest_test, interest_is_the_integral_over_the_balance_and_the_rates) {
  ledger store;
  push(store, {invoice("R1", 200000, "2026-02-15"), payment("P1", 80000, "2026-02-25"),
               item{.document = "B1",
                    .customer = "Hong",
                    .kind = "refund",
                    .amount = 30000,
                    .date = day("2026-03-10")}});
  push(store, {settles("R1", "P1", 80000, "2026-02-25"), settles("R1", "P1", -30000, "2026-03-10"),
               settles("B1", "P1", 30000, "2026-03-10")});
  const model policy = of_tables({rates({{"2020-01-01", 0.09}, {"2026-03-01", 0.12}, {"2026-03-05", 0.06}})});
  // 10 x 2,000 x 9 %, 3 x 1,200 x 9 %, 4 x 1,200 x 12 %, 6 x 1,200 x 6 % and 21 x 1,500 x 6 %: 5,022 / 365 = 13.7589
  const result made = finish(store, policy, "2026-03-31");
  EXPECT_EQ(interest(made), "1376");
  EXPECT_EQ(cells(made, "segments", {"from", "until", "days", "balance", "rate"}),
            (texts{"2026-02-16 2026-02-25 10 200000 0.09", "2026-02-26 2026-02-28 3 120000 0.09",
                   "2026-03-01 2026-03-04 4 120000 0.12", "2026-03-05 2026-03-10 6 120000 0.06",
                   "2026-03-11 2026-03-31 21 150000 0.06"}));
}

TEST(late_interest_test, day_counts_are_those_of_their_names) {
  ledger store;
  push(store, {invoice("R1", 10000000, "2023-07-01")});
  const model policy = of_tables({rates({{"2020-01-01", 0.1}})});
  const auto found = [&](const char* count, const char* as_of) {
    return interest(finish(store, policy, as_of, {{"day_count", count}}));
  };
  // 366 days to 2024-07-01, of which 183 in 2023 and 183 in the leap year 2024.
  EXPECT_EQ(found("actual/365", "2024-07-01"), "1002740");    // 10,027.397
  EXPECT_EQ(found("actual/360", "2024-07-01"), "1016667");    // 10,166.667
  EXPECT_EQ(found("actual/actual", "2024-07-01"), "1001370"); // 10,000 x (183 / 365 + 183 / 366) = 10,013.699
  EXPECT_EQ(found("30/360", "2024-07-01"), "1000000");
  EXPECT_EQ(found("30/360", "2023-08-31"), "163889"); // 59 days: the 31st counts as the 30th
  EXPECT_EQ(found("30/360", "2023-08-30"), "163889");
  EXPECT_EQ(found("30/360", "2024-02-29"), "661111"); // 238
}

TEST(late_interest_test, half_a_minor_unit_goes_up_exactly) {
  ledger store;
  // 365.00 at 10 % for a day are 0.10; 182.50 x 0.0001 x 100 days are 0.005 exactly.
  push(store, {invoice("R1", 18250, "2026-01-01")});
  EXPECT_EQ(interest(finish(store, of_tables({rates({{"2020-01-01", 0.0001}})}), "2026-04-11")), "1");
  EXPECT_EQ(interest(finish(store, of_tables({rates({{"2020-01-01", 0.000099999999}})}), "2026-04-11")), "0");
  // 0.07 and 0.1 have no exact double: as decimals they are exact.
  ledger exact;
  push(exact, {invoice("R1", 36500 * 5, "2026-01-01")});
  EXPECT_EQ(interest(finish(exact, of_tables({rates({{"2020-01-01", 0.07}})}), "2026-01-02")), "35");
  EXPECT_EQ(interest(finish(exact, of_tables({rates({{"2020-01-01", 0.071}})}), "2026-01-02")), "36"); // 35.5
}

TEST(late_interest_test, compound_interest_joins_the_balance_month_by_month) {
  ledger store;
  push(store, {invoice("R1", 100000, "2026-01-15"), payment("P1", 100000, "2026-04-15")});
  push(store, {settles("R1", "P1", 100000, "2026-04-15")});
  const model policy = of_tables({rates({{"2020-01-01", 0.12}})});
  const std::vector<option> monthly{{"compounding", "monthly"}, {"day_count", "30/360"}};
  EXPECT_EQ(interest(finish(store, policy, "2026-02-15", monthly)), "1000");
  EXPECT_EQ(interest(finish(store, policy, "2026-04-15", monthly)), "3030"); // 10.00 + 10.10 + 10.20
  // After the payment the interest goes on bearing interest: 30.30 x 1 %.
  EXPECT_EQ(interest(finish(store, policy, "2026-05-15", monthly)), "3060");
  EXPECT_EQ(interest(finish(store, policy, "2026-05-15", {{"day_count", "30/360"}})), "3000");
  EXPECT_EQ(
      interest(finish(store, policy, "2027-01-15", {{"compounding", "yearly"}, {"day_count", "30/360"}})),
      "3000");
}

TEST(late_interest_test, what_is_paid_within_the_grace_bears_no_interest) {
  ledger store;
  push(store, {invoice("R1", 100000, "2026-01-01"), payment("P1", 40000, "2026-01-04"),
               invoice("R2", 50000, "2026-01-01"), payment("P2", 50000, "2026-01-06")});
  push(store, {settles("R1", "P1", 40000, "2026-01-04"), settles("R2", "P2", 50000, "2026-01-06")});
  const model policy = of_tables({rates({{"2020-01-01", 0.365}}), fee(1.0)});
  const auto found = [&](std::vector<option> options) {
    return cells(finish(store, policy, "2026-01-11", options), "documents",
                 {"document", "days_late", "interest", "fee"});
  };
  // 0.1 % a day. Without grace 3 days of 1,000 and 7 of 600, and 5 of 500.
  EXPECT_EQ(found({}), (texts{"R1 10 720 100", "R2 5 250 100"}));
  EXPECT_EQ(found({{"grace", "5"}}), (texts{"R1 10 600 100"}));
  EXPECT_EQ(found({{"grace", "5"}, {"interest_from", "end_of_grace"}}), (texts{"R1 5 300 100"}));
  EXPECT_EQ(found({{"grace", "10"}}), texts{});
}

TEST(late_interest_test, only_invoices_bear_interest_unless_debit_notes_are_asked_for) {
  ledger store;
  item note = invoice("N1", 10000, "2026-01-01");
  note.kind = "debit_note";
  item undated = invoice("R2", 10000, "2026-01-01");
  undated.due = {};
  push(store, {note, undated});
  const model policy = of_tables({rates({{"2020-01-01", 0.365}})});
  EXPECT_EQ(cells(finish(store, policy, "2026-01-11"), "documents", {"document"}), texts{});
  EXPECT_EQ(cells(finish(store, policy, "2026-01-11", {{"debit_notes", "true"}}), "documents",
                  {"document", "interest"}),
            (texts{"N1 100"}));
}

TEST(late_interest_test, a_day_without_a_rate_is_an_error_and_never_free) {
  ledger store;
  push(store, {invoice("R1", 100000, "2026-01-31")});
  std::string text;
  const model late = of_tables({rates({{"2026-02-10", 0.09}})});
  EXPECT_EQ(code_of([&] { return finish(store, late, "2026-03-01"); }, &text), status::data);
  EXPECT_EQ(
      text,
      "credit.late_interest: there is no rate for 2026-02-01, from which on document R1 bears interest");
  const model none = of_tables({fee(1.0)});
  EXPECT_EQ(code_of([&] { return finish(store, none, "2026-03-01"); }), status::schema);
  EXPECT_EQ(code_of([] {
              return of_tables({rates({{"2026-02-10", 0.09}, {"2026-02-10", 0.1}})});
            }),
            status::data);
  EXPECT_EQ(code_of([] { return of_tables({}); }), status::schema);
}

TEST(late_interest_test, sums_beyond_64_bits_are_refused_by_name) {
  ledger store;
  push(store, {invoice("R1", std::int64_t{1} << 62, "2020-01-02")});
  std::string text;
  const model policy = of_tables({rates({{"2020-01-01", 100.0}})});
  EXPECT_EQ(code_of([&] { return finish(store, policy, "2030-01-01"); }, &text), status::overflow);
  EXPECT_EQ(text, "credit.late_interest: the interest of document R1 does not fit 64 bits of minor units");
}

/// Day by day, in exact fractions.
TEST(late_interest_test, of_a_random_ledger_it_is_the_sum_over_the_days_whatever_the_order_of_pushes) {
  for (const std::uint64_t seed : {1U, 2U}) {
    const random_rows rows(seed, 600, true);
    random_rows shuffled = rows;
    shuffled.shuffle(23);
    const ledger store = rows.in_pieces(1, 5000);
    const model policy =
        of_tables({rates({{"2020-01-01", 0.0912}, {"2025-07-01", 0.0827}, {"2025-09-17", 0.0}})});
    const std::int32_t as_of = day("2026-01-31");
    for (const char* count : {"actual/365", "actual/360", "actual/actual"}) {
      const std::vector<option> options{{"day_count", count}};
      const result made = finish(store, policy, "2026-01-31", options);
      EXPECT_EQ(made.tables, finish(shuffled.in_pieces(9, 50), policy, "2026-01-31", options).tables);
      std::map<std::string, wide_integer> tenths; // of the eighth digit of a minor unit, x basis
      std::map<std::string, std::int64_t> late;
      const wide_integer basis = std::string(count) == "actual/360" ? 360 : 365; // no leap year in these days
      for (std::int32_t on = day("2025-01-01"); on < as_of; ++on) {
        const auto state = emptor::stats::open_items(store, emptor::date_from_days(on));
        for (const emptor::stats::open_item& one : state.items) {
          if (one.kind != emptor::stats::document_kind::invoice || one.due == ledger::no_day ||
              one.due > on || one.open <= 0)
            continue;
          const std::string document(store.document(store.items()[one.row].document));
          const std::int32_t bears = on + 1;
          const std::int64_t rate = bears >= day("2025-09-17") ? 0 : bears >= day("2025-07-01") ? 827 : 912;
          tenths[document] += wide_integer{std::min(one.open, one.amount)} * rate;
          ++late[document];
        }
      }
      const table& documents = finished::table_of(made, "documents");
      EXPECT_EQ(documents.rows(), static_cast<std::int64_t>(late.size()));
      EXPECT_GT(late.size(), 50U);
      for (std::int64_t row = 0; row < documents.rows(); ++row) {
        const std::string document(documents.at("document").text()[row]);
        const auto at = static_cast<std::size_t>(row);
        EXPECT_EQ(documents.at("days_late").as<std::int64_t>()[at], late[document]) << document;
        const wide_integer below = 10000 * basis;
        EXPECT_EQ(documents.at("interest").as<std::int64_t>()[at],
                  static_cast<std::int64_t>((2 * tenths[document] + below) / (2 * below)))
            << document;
      }
      EXPECT_EQ(sums(made, "customers", {"customer", "currency"}, "interest"),
                sums(made, "documents", {"customer", "currency"}, "interest"));
    }
  }
}

} // namespace
} // namespace late_interest_test
