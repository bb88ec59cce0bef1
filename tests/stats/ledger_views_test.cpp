// SPDX-License-Identifier: BSL-1.0
// Disputes, securities, groups and rates of a ledger as of a day.
#include <limits>

#include <gtest/gtest.h>

#include <emptor/stats/customer_groups.hpp>
#include <emptor/stats/exchange_rates.hpp>
#include <emptor/stats/open_disputes.hpp>
#include <emptor/stats/valid_securities.hpp>

#include "stats/ledger_record_rows.hpp"
#include "support/refusal.hpp"

namespace ledger_views_test {
namespace {

using emptor::date_from_days;
using emptor::exact_decimal;
using emptor::status;
using emptor::wide_integer;
using emptor::stats::customer_groups;
using emptor::stats::exchange_rates;
using emptor::stats::ledger;
using emptor::stats::ledger_findings;
using emptor::test::code_of;
using ledger_rows::customer;
using ledger_rows::dispute;
using ledger_rows::item;
using ledger_rows::push;
using ledger_rows::rate;
using ledger_rows::security;
using keys = std::optional<std::vector<std::string>>;
using texts = std::vector<std::string>;

constexpr std::int32_t today = 20000;
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

template <class Findings>
texts shown(const Findings& findings) {
  texts all;
  for (const auto& one : findings)
    all.push_back(std::string(one.document) + " " +
                  std::string(ledger_findings[static_cast<std::size_t>(one.what)]) + " " +
                  std::string(one.customer) + " " + std::to_string(one.amount));
  return all;
}

// --- disputes -------------------------------------------------------------------------------------------------

item invoice(std::string document, std::string who, std::int64_t amount) {
  return {.document = std::move(document),
          .customer = std::move(who),
          .kind = "invoice",
          .amount = amount,
          .date = today - 30};
}
texts disputed(const ledger& store, std::int32_t as_of = today, const keys& only = {}) {
  texts all;
  for (const auto& one : emptor::stats::open_disputes(store, date_from_days(as_of), only).documents)
    all.push_back(std::string(store.document(one.document)) + " " + std::to_string(one.amount) + " " +
                  std::to_string(one.disputes) + " " + std::to_string(one.since - today));
  return all;
}

TEST(ledger_views_test, disputes_are_open_until_the_day_before_they_are_closed) {
  ledger store;
  push(store, {invoice("R1", "Hong", 1000), invoice("R2", "Lan", 500)});
  push(store,
       {dispute{.number = "Q1", .document = "R1", .amount = 300, .opened = today - 20, .closed = today - 2},
        dispute{.number = "Q2", .document = "R1", .amount = 200, .opened = today - 10},
        dispute{.number = "Q3", .document = "R2", .amount = 50, .opened = today - 40}});
  EXPECT_EQ(disputed(store, today - 31), texts{}); // R2 is not there yet
  EXPECT_EQ(disputed(store, today - 30), (texts{"R2 50 1 -40"}));
  EXPECT_EQ(disputed(store, today - 20), (texts{"R1 300 1 -20", "R2 50 1 -40"}));
  EXPECT_EQ(disputed(store, today - 3), (texts{"R1 500 2 -20", "R2 50 1 -40"}));
  EXPECT_EQ(disputed(store, today - 2), (texts{"R1 200 1 -10", "R2 50 1 -40"}));
  EXPECT_EQ(disputed(store, today, keys{{"Hong"}}), (texts{"R1 200 1 -10"}));
}

TEST(ledger_views_test, disputes_of_unknown_documents_and_beyond_the_amount_are_found) {
  ledger store;
  push(store, {invoice("R1", "Hong", 1000)});
  push(store, {dispute{.number = "Q1", .document = "R1", .amount = 700, .opened = today},
               dispute{.number = "Q2", .document = "R1", .amount = 301, .opened = today},
               dispute{.number = "Q3", .document = "R9", .amount = 5, .opened = today}});
  const auto state = emptor::stats::open_disputes(store, date_from_days(today));
  EXPECT_EQ(shown(state.findings), (texts{"R1 over_disputed Hong 1", "R9 unknown_document  5"}));
  EXPECT_EQ(disputed(store), (texts{"R1 1001 2 0", "R9 5 1 0"}));
}

TEST(ledger_views_test, disputes_in_another_currency_or_in_conflict_are_refused_and_name_the_document) {
  ledger store;
  push(store, {invoice("R1", "Hong", 1000), invoice("R2", "Lan", 1000)});
  push(store, {dispute{.number = "Q1", .document = "R1", .amount = 7, .opened = today, .currency = "USD"}});
  std::string text;
  EXPECT_EQ(code_of([&] { (void)disputed(store); }, &text), status::currency);
  EXPECT_EQ(text,
            "ledger: document R1 is in EUR, but its dispute Q1 is in USD; both must be in the same currency");
  EXPECT_EQ(disputed(store, today - 1), texts{});
  EXPECT_EQ(disputed(store, today, keys{{"Lan"}}), texts{});
  push(store, {dispute{.number = "Q2", .document = "R2", .amount = 7, .opened = today},
               dispute{.number = "Q2", .document = "R2", .amount = 8, .opened = today}});
  EXPECT_EQ(code_of([&] { (void)disputed(store, today, keys{{"Lan"}}); }, &text), status::conflict);
  EXPECT_NE(text.find("dispute Q2 has two contents"), std::string::npos) << text;
}

TEST(ledger_views_test, disputes_beyond_64_bits_are_refused_and_name_the_document) {
  ledger store;
  push(store, {dispute{.number = "Q1", .document = "R1", .amount = most, .opened = today}});
  EXPECT_EQ(disputed(store), (texts{"R1 " + std::to_string(most) + " 1 0"}));
  push(store, {dispute{.number = "Q2", .document = "R1", .amount = 1, .opened = today}});
  std::string text;
  EXPECT_EQ(code_of([&] { (void)disputed(store); }, &text), status::overflow);
  EXPECT_NE(text.find("document R1"), std::string::npos) << text;
}

// --- securities -----------------------------------------------------------------------------------------------

texts valid(const ledger& store, std::int32_t as_of = today, const keys& only = {}) {
  texts all;
  const auto state = emptor::stats::valid_securities(store, date_from_days(as_of), only);
  for (const auto& group : state.customers) {
    std::string line(store.customer(group.id));
    for (std::size_t i = group.first; i < group.last; ++i)
      line.append(" ").append(
          store.texts().securities[store.records<emptor::stats::security>()[state.rows[i]].number]);
    all.push_back(line);
  }
  return all;
}

TEST(ledger_views_test, securities_are_valid_from_their_first_to_their_last_day) {
  ledger store;
  push(store,
       {security{.number = "G2", .customer = "Lan", .amount = 1, .from = today, .until = today},
        security{.number = "G3", .customer = "Hong", .amount = 1, .from = today - 9, .until = today - 1},
        security{.number = "G1", .customer = "Lan", .amount = 1, .from = today - 5}});
  EXPECT_EQ(valid(store, today - 10), texts{});
  EXPECT_EQ(valid(store, today - 1), (texts{"Hong G3", "Lan G1"}));
  EXPECT_EQ(valid(store), (texts{"Lan G1 G2"}));
  EXPECT_EQ(valid(store, today + 1), (texts{"Lan G1"}));
  EXPECT_EQ(valid(store, today - 1, keys{{"Hong"}}), (texts{"Hong G3"}));
  push(store, {customer{.id = "Hong"}});
  EXPECT_EQ(shown(emptor::stats::valid_securities(store, date_from_days(today)).findings),
            (texts{"G1 unknown_customer Lan 1", "G2 unknown_customer Lan 1"}));
  push(store, {security{.number = "G1", .customer = "Mei", .amount = 1, .from = today - 5}});
  EXPECT_EQ(code_of([&] { (void)valid(store, today, keys{{"Mei"}}); }), status::conflict);
  EXPECT_EQ(code_of([&] { (void)valid(store, today, keys{{"Hong"}}); }), status::ok);
}

TEST(ledger_views_test, a_security_covers_its_share_of_a_debt_up_to_its_amount) {
  emptor::stats::security insurance;
  insurance.amount = 1000;
  EXPECT_EQ(covered_by(insurance, 999), 999);
  EXPECT_EQ(covered_by(insurance, 1001), 1000);
  EXPECT_EQ(covered_by(insurance, -5), 0);
  insurance.share = {85, 2};
  EXPECT_EQ(covered_by(insurance, 1000), 850);
  EXPECT_EQ(covered_by(insurance, 10), 8);  // 8.5, to the even one
  EXPECT_EQ(covered_by(insurance, 30), 26); // 25.5
  EXPECT_EQ(covered_by(insurance, 1177), 1000);
  insurance.amount = most;
  insurance.share = {999999999999, 12};
  EXPECT_EQ(covered_by(insurance, most), most - 9223372);
}

// --- groups ---------------------------------------------------------------------------------------------------

TEST(ledger_views_test, a_customer_belongs_to_the_ultimate_parent_of_its_group) {
  ledger store;
  push(store, {invoice("R1", "Alone", 1)});
  push(store, {customer{.id = "Shop", .group = "North"}, customer{.id = "North", .group = "Holding"},
               customer{.id = "Holding", .group = "Holding"}, customer{.id = "South", .group = "Holding"},
               customer{.id = "B", .group = "C"}, customer{.id = "C", .group = "A"},
               customer{.id = "A", .group = "B"}, customer{.id = "D", .group = "C"}});
  const customer_groups groups(store);
  const auto head = [&](std::string_view name) {
    return store.customer(groups.head_of(store.customers().find(emptor::id_pool::key_of(name))));
  };
  for (const char* const one : {"Shop", "North", "South", "Holding"})
    EXPECT_EQ(head(one), "Holding") << one;
  EXPECT_EQ(head("Alone"), "Alone");
  for (const char* const one : {"A", "B", "C", "D"})
    EXPECT_EQ(head(one), "A") << one;
  EXPECT_EQ(shown(groups.findings()),
            (texts{" group_in_circle A 0", " group_in_circle B 0", " group_in_circle C 0"}));
  push(store, {customer{.id = "Shop", .group = "South"}});
  std::string text;
  EXPECT_EQ(code_of([&] { return customer_groups(store); }, &text), status::conflict);
  EXPECT_NE(text.find("customer Shop has two contents"), std::string::npos) << text;
}

// --- rates ----------------------------------------------------------------------------------------------------

std::int64_t converted(const ledger& store, std::int64_t minor, const char* from, const char* in,
                       std::int32_t day) {
  return exchange_rates(store).convert(minor, emptor::stats::code_of(emptor::currency(from)),
                                       emptor::stats::code_of(emptor::currency(in)), day);
}

TEST(ledger_views_test, the_rate_of_a_day_is_the_latest_one_not_after_it) {
  ledger store;
  push(store, {rate{.currency = "USD", .in = "CNY", .date = today, .value = 7.1},
               rate{.currency = "USD", .in = "CNY", .date = today - 10, .value = 7.0},
               rate{.currency = "USD", .in = "EUR", .date = today - 10, .value = 0.9},
               rate{.currency = "EUR", .in = "CNY", .date = today - 10, .value = 7.8}});
  EXPECT_EQ(converted(store, 100, "USD", "CNY", today + 99), 710);
  EXPECT_EQ(converted(store, 100, "USD", "CNY", today), 710);
  EXPECT_EQ(converted(store, 100, "USD", "CNY", today - 1), 700);
  EXPECT_EQ(converted(store, 100, "USD", "EUR", today), 90);
  EXPECT_EQ(converted(store, -100, "USD", "USD", today - 99), -100);
  std::string text;
  EXPECT_EQ(code_of([&] { return converted(store, 100, "USD", "CNY", today - 11); }, &text),
            status::currency);
  EXPECT_EQ(text, "ledger: there is no rate of USD in CNY on or before 2024-09-23");
  EXPECT_EQ(code_of([&] { return converted(store, 100, "CNY", "USD", today); }), status::currency);
}

TEST(ledger_views_test, conversion_respects_decimals_and_rounds_once_half_to_even) {
  ledger store;
  push(store, {rate{.currency = "USD", .in = "JPY", .date = today, .value = 150.0},
               rate{.currency = "JPY", .in = "USD", .date = today, .value = 0.005},
               rate{.currency = "USD", .in = "KWD", .date = today, .value = 0.3125},
               rate{.currency = "USD", .in = "EUR", .date = today, .value = 0.5},
               rate{.currency = "JPY", .in = "CLF", .date = today, .value = 1.0}});
  EXPECT_EQ(converted(store, 1, "USD", "JPY", today), 2);   // 1.5 yen
  EXPECT_EQ(converted(store, 3, "USD", "JPY", today), 4);   // 4.5 yen
  EXPECT_EQ(converted(store, -3, "USD", "JPY", today), -4); // the same below 0
  EXPECT_EQ(converted(store, -1, "USD", "JPY", today), -2);
  EXPECT_EQ(converted(store, 7, "JPY", "USD", today), 4);     // 3.5 cents
  EXPECT_EQ(converted(store, 5, "JPY", "USD", today), 2);     // 2.5 cents
  EXPECT_EQ(converted(store, 100, "USD", "KWD", today), 312); // 312.5 fils
  EXPECT_EQ(converted(store, 12, "JPY", "CLF", today), 120000);
  EXPECT_EQ(converted(store, most, "USD", "EUR", today), most / 2 + 1); // 2^62 - 1/2, to the even one
  EXPECT_EQ(code_of([&] { return converted(store, most, "USD", "JPY", today); }), status::overflow);
  EXPECT_EQ(code_of([&] { return converted(store, most, "JPY", "CLF", today); }), status::overflow);
}

/// Against a conversion digit by digit.
TEST(ledger_views_test, conversion_is_the_nearest_whole_number) {
  emptor::test::draws draw(3);
  for (int round = 0; round < 20000; ++round) {
    exact_decimal factor;
    ASSERT_EQ(emptor::decimal_of(static_cast<wide_integer>(1 + draw.below(1000000)),
                                 static_cast<int>(draw.below(13)), factor),
              emptor::row_status::ok);
    const auto minor = static_cast<std::int64_t>(draw.below(200000000)) - 100000000;
    const int from = static_cast<int>(draw.below(5));
    const int to = static_cast<int>(draw.below(5));
    const auto made = emptor::converted(minor, factor, from, to);
    ASSERT_TRUE(made.has_value());
    // 2 |made x 10^n - exact| <= 10^n, and even where they are equal
    wide_integer exact = wide_integer{minor} * factor.value;
    wide_integer scale = 1;
    for (int i = 0; i < factor.scale + from; ++i)
      scale *= 10;
    for (int i = 0; i < to; ++i)
      exact *= 10;
    const wide_integer error = 2 * (*made * scale - exact);
    ASSERT_TRUE(error <= scale && error >= -scale);
    ASSERT_TRUE((error < scale && error > -scale) || *made % 2 == 0);
  }
}

TEST(ledger_views_test, two_contents_of_a_rate_are_a_conflict_that_names_it) {
  ledger store;
  push(store, {rate{.currency = "USD", .in = "CNY", .date = today, .value = 7.1},
               rate{.currency = "USD", .in = "CNY", .date = today, .value = 7.2}});
  std::string text;
  EXPECT_EQ(code_of([&] { return exchange_rates(store); }, &text), status::conflict);
  EXPECT_NE(text.find("rate of USD in CNY on 2024-10-04 has two contents"), std::string::npos) << text;
  push(store, {rate{.currency = "USD", .in = "CNY", .date = today, .value = 7.2, .revision = 1}});
  EXPECT_EQ(converted(store, 100, "USD", "CNY", today), 720);
}

} // namespace
} // namespace ledger_views_test
