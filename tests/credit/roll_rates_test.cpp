// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <map>
#include <string>

#include <gtest/gtest.h>

#include <emptor/credit/roll_rates_entry.hpp>

#include "credit/finished.hpp"
#include "stats/ledger_rows.hpp"
#include "support/refusal.hpp"

namespace roll_rates_test {
namespace {

using emptor::date_from_days;
using emptor::run;
using emptor::status;
using emptor::table;
using emptor::wide_integer;
using namespace emptor::credit;
using emptor::stats::ledger;
using emptor::test::code_of;
using ledger_rows::day;
using ledger_rows::item;
using ledger_rows::push;
using ledger_rows::random_rows;
using ledger_rows::settlement;

// --- chains -------------------------------------------------------------------------------------------------------

// OCC, Comptroller's Handbook, Retail Lending: rates 3.43, 42.6, 67.1 and 72.1 %, balances 987.4, 30.2, 11.8, 8.2 and
// 5.9 million. Their loss factors are 0.70, 20.6, 48.4, 72.1 and 100 %, their losses 6.9, 6.2, 5.7, 5.9 and 5.9: 30.6 of
// 1,043.5. Here each balance but the first is what was left of an invoice that stood a bucket before, large enough for
// the rate, when February ended.
TEST(roll_rates_test, the_example_of_the_occ_gives_its_rates_factors_and_losses) {
  const double rates[] = {0.0343, 0.426, 0.671, 0.721};
  const double factors[] = {0.0070, 0.206, 0.484, 0.721, 1.0};
  const double balances[] = {987.4, 30.2, 11.8, 8.2, 5.9};
  const double losses[] = {6.9, 6.2, 5.7, 5.9, 5.9};
  const char* const due[] = {"2026-03-15", "2026-02-13", "2026-01-14", "2025-12-15"};
  const auto cents = [](double millions) { return static_cast<std::int64_t>(std::llround(millions * 1e8)); };
  const auto document = [](std::string name, const char* kind, std::int64_t amount, const char* on) {
    return item{
        .document = std::move(name), .customer = "Hong", .kind = kind, .amount = amount, .date = day(on)};
  };
  std::vector<item> items{document("new", "invoice", cents(balances[0]), "2026-03-20")};
  items[0].due = day("2026-04-20");
  std::vector<settlement> settlements;
  for (std::size_t k = 0; k < 4; ++k) {
    const std::string number = std::to_string(k);
    const std::int64_t before = cents(balances[k + 1] / rates[k]);
    const std::int64_t paid = before - cents(balances[k + 1]);
    items.push_back(document("R" + number, "invoice", before, "2025-12-01"));
    items.back().due = day(due[k]);
    items.push_back(document("P" + number, "payment", paid, "2026-03-10"));
    settlements.push_back({.document = "R" + number,
                           .settling_document = "P" + number,
                           .date = day("2026-03-10"),
                           .amount = paid});
  }
  ledger store;
  push(store, items);
  push(store, settlements);
  const emptor::result made = finished::of(
      roll_rates_entry, store, {{"as_of", "2026-03-31"}, {"periods", "1"}, {"edges", "30,60,90"}});
  const table& rolled = finished::table_of(made, "rates");
  const table& lost = finished::table_of(made, "losses");
  ASSERT_EQ(rolled.rows(), 4);
  for (std::size_t k = 0; k < 4; ++k)
    EXPECT_NEAR(rolled.at("rate").as<double>()[k], rates[k], 1e-9);
  double total = 0.0;
  double of = 0.0;
  for (std::size_t k = 0; k < 5; ++k) {
    const double half_a_digit = k == 0 ? 5e-5 : 5e-4; // of the factors as they are printed
    const double balance = static_cast<double>(lost.at("balance").as<std::int64_t>()[k]) / 1e8;
    const double loss = static_cast<double>(lost.at("flow_loss").as<std::int64_t>()[k]) / 1e8;
    EXPECT_NEAR(balance, balances[k], 1e-9);
    EXPECT_NEAR(lost.at("flow_loss_rate").as<double>()[k], factors[k], half_a_digit + 2.5e-5);
    // They multiply the factors as they print them: 987.4 x 0.70 %.
    EXPECT_NEAR(loss, losses[k], 0.05 + balances[k] * (half_a_digit + 2.5e-5));
    total += loss;
    of += balance;
  }
  EXPECT_NEAR(of, 1043.5, 1e-9);
  EXPECT_NEAR(total, 30.6, 0.15);
  EXPECT_NEAR(total / of, 0.0293, 1.5e-4);
}

TEST(roll_rates_test, a_rate_that_is_not_known_makes_what_stands_before_it_unknown) {
  const double rates[] = {0.5, std::nan(""), 0.5};
  const std::vector<double> factors = chain_losses(rates, 0.8);
  EXPECT_TRUE(std::isnan(factors[0]) && std::isnan(factors[1]));
  EXPECT_DOUBLE_EQ(factors[2], 0.4);
  EXPECT_DOUBLE_EQ(factors[3], 0.8);
}

TEST(roll_rates_test, an_absorbing_chain_equals_the_product_where_money_only_rolls_on) {
  const std::vector<roll_destinations> straight{
      {{0.0, 0.1, 0.0}, 0.0}, {{0.0, 0.0, 0.4}, 0.0}, {{0.0, 0.0, 1.0}, 0.0}};
  EXPECT_NEAR(absorbed_losses(straight, 0.9)[0], 0.1 * 0.4 * 0.9, 1e-15);
  // Half stays for another period each time, and a tenth is written off at once: (0.1 + 0.2 x 1) / 0.5
  const std::vector<roll_destinations> stays{{{0.5, 0.2}, 0.1}, {{0.0, 1.0}, 0.0}};
  EXPECT_NEAR(absorbed_losses(stays, 1.0)[0], 0.6, 1e-15);
  const std::vector<roll_destinations> never_left{{{1.0, 0.0}, 0.0}, {{0.0, 1.0}, 0.0}};
  EXPECT_TRUE(std::isnan(absorbed_losses(never_left, 1.0)[0]));
}

// --- a ledger -----------------------------------------------------------------------------------------------------

roll_rates_request monthly(const char* as_of, int periods, const std::vector<double>& edges = {30, 60, 90}) {
  const measured_periods months("test", *emptor::parse_date(as_of), *emptor::parse_horizon("1 month"));
  roll_rates_request asked{.days = {}, .buckets = {edges, edge_day::younger, age_base::due_date}};
  for (int back = periods; back >= 0; --back)
    asked.days.push_back(months.last(back));
  return asked;
}

using finished::shown;
using finished::sums;

TEST(roll_rates_test, snapshots_are_month_ends_where_as_of_is_one) {
  const roll_rates_request asked = monthly("2024-03-31", 3);
  EXPECT_EQ(asked.days, (std::vector<std::int32_t>{day("2023-12-31"), day("2024-01-31"), day("2024-02-29"),
                                                   day("2024-03-31")}));
  EXPECT_EQ(monthly("2024-05-15", 1).days, (std::vector<std::int32_t>{day("2024-04-15"), day("2024-05-15")}));
}

TEST(roll_rates_test, a_payment_that_bounces_is_new_again) {
  ledger store;
  push(store, {item{.document = "R1",
                    .customer = "Hong",
                    .kind = "invoice",
                    .amount = 1000,
                    .date = day("2026-01-01"),
                    .due = day("2026-01-20")},
               item{.document = "P1",
                    .customer = "Hong",
                    .kind = "payment",
                    .amount = 1000,
                    .date = day("2026-02-10")},
               item{.document = "B1",
                    .customer = "Hong",
                    .kind = "refund",
                    .amount = 1000,
                    .date = day("2026-03-05")}});
  push(store,
       {settlement{.document = "R1", .settling_document = "P1", .date = day("2026-02-10"), .amount = 1000},
        settlement{.document = "R1", .settling_document = "P1", .date = day("2026-03-05"), .amount = -1000},
        settlement{.document = "B1", .settling_document = "P1", .date = day("2026-03-05"), .amount = 1000}});
  const roll_rates_report made = roll_rates(store, monthly("2026-03-31", 2));
  EXPECT_EQ(sums(made.transitions, {"from", "to"}, "amount"),
            (std::map<std::string, wide_integer>{{"1-30 paid ", 1000}, {"new 61-90 ", 1000}}));
}

TEST(roll_rates_test, credits_and_payments_that_cross_are_told_apart) {
  ledger store;
  push(
      store,
      {item{.document = "R1",
            .customer = "Hong",
            .kind = "invoice",
            .amount = 1000,
            .date = day("2026-01-01"),
            .due = day("2026-01-20")},
       item{
           .document = "P1", .customer = "Hong", .kind = "payment", .amount = 400, .date = day("2026-01-25")},
       item{.document = "C1",
            .customer = "Hong",
            .kind = "credit_note",
            .amount = 600,
            .date = day("2026-02-10")}});
  push(store,
       {settlement{.document = "R1", .settling_document = "P1", .date = day("2026-01-25"), .amount = 400},
        settlement{.document = "R1", .settling_document = "P1", .date = day("2026-02-01"), .amount = -300},
        settlement{.document = "R1", .settling_document = "C1", .date = day("2026-02-10"), .amount = 600}});
  // 600 open in January, 300 in February: what was taken back of the payment comes off the credit note.
  const roll_rates_report made = roll_rates(store, monthly("2026-02-28", 1));
  EXPECT_EQ(sums(made.transitions, {"from", "to"}, "amount"),
            (std::map<std::string, wide_integer>{{"1-30 31-60 ", 300}, {"1-30 credited ", 300}}));
}

TEST(roll_rates_test, what_is_written_off_is_lost_at_once) {
  ledger store;
  push(
      store,
      {item{.document = "R1",
            .customer = "Hong",
            .kind = "invoice",
            .amount = 1000,
            .date = day("2026-01-01"),
            .due = day("2026-01-20")},
       item{
           .document = "P1", .customer = "Hong", .kind = "payment", .amount = 300, .date = day("2026-02-10")},
       item{.document = "W1",
            .customer = "Hong",
            .kind = "write_off",
            .amount = 200,
            .date = day("2026-02-15")}});
  push(store,
       {settlement{.document = "R1", .settling_document = "P1", .date = day("2026-02-10"), .amount = 300},
        settlement{.document = "R1", .settling_document = "W1", .date = day("2026-02-15"), .amount = 200}});
  roll_rates_request asked = monthly("2026-02-28", 1, {30});
  asked.loss_of_last = 0.4;
  const roll_rates_report made = roll_rates(store, asked);
  EXPECT_EQ(sums(made.transitions, {"from", "to"}, "amount"),
            (std::map<std::string, wide_integer>{
                {"1-30 31+ ", 500}, {"1-30 paid ", 300}, {"1-30 written_off ", 200}}));
  // 0.2 at once, and 0.4 of the half that rolled on.
  EXPECT_DOUBLE_EQ(made.losses.at("transition_loss_rate").as<double>()[1], 0.4);
}

TEST(roll_rates_test, of_a_random_ledger_every_snapshot_is_the_ageing_and_every_bucket_is_accounted_for) {
  for (const std::uint64_t seed : {1U, 2U, 3U}) {
    const ledger store = random_rows(seed, 3000, true).in_pieces(seed, 700);
    const roll_rates_request asked = monthly("2026-01-31", 9);
    for (const char* by : {"all", "customer", "region"}) {
      SCOPED_TRACE(by);
      const roll_rates_report made = roll_rates(store, asked, by);
      // Balances, snapshot by snapshot, against credit.ageing.
      const auto found = sums(made.balances, {"day", "currency", "bucket"}, "amount");
      std::map<std::string, wide_integer> wanted;
      for (const std::int32_t on : asked.days) {
        const table totals = age(store, date_from_days(on), asked.buckets).totals;
        for (const auto& [key, amount] : sums(totals, {"currency", "bucket"}, "amount"))
          wanted[emptor::to_string(date_from_days(on)) + " " + key] = amount;
      }
      EXPECT_EQ(found, wanted);
      // Whatever stood in a bucket at the beginning of a period went somewhere, and what stands there came from somewhere.
      std::map<std::string, wide_integer> begun;
      std::map<std::string, wide_integer> ended;
      for (std::size_t i = 0; i < asked.days.size(); ++i) {
        const std::string on = emptor::to_string(date_from_days(asked.days[i])) + " ";
        for (const auto& [key, amount] :
             sums(made.balances, {"day", "group", "currency", "bucket"}, "amount")) {
          if (!key.starts_with(on) || key.ends_with("unallocated "))
            continue;
          if (i + 1 < asked.days.size())
            begun[key.substr(on.size())] += amount;
          if (i > 0)
            ended[key.substr(on.size())] += amount;
        }
      }
      auto from = sums(made.transitions, {"group", "currency", "from"}, "amount");
      std::erase_if(from, [](const auto& one) { return one.first.ends_with("new "); });
      auto to = sums(made.transitions, {"group", "currency", "to"}, "amount");
      std::erase_if(to, [](const auto& one) {
        return one.first.ends_with("paid ") || one.first.ends_with("credited ") ||
               one.first.ends_with("written_off ");
      });
      EXPECT_EQ(from, begun);
      EXPECT_EQ(to, ended);
      EXPECT_GT(from.size(), 10U);
    }
  }
}

TEST(roll_rates_test, the_order_of_pushes_does_not_change_a_bit) {
  const random_rows rows(7, 2000, true);
  random_rows shuffled = rows;
  shuffled.shuffle(99);
  const roll_rates_request asked = monthly("2025-12-31", 6);
  for (const char* by : {"all", "region", "customer"}) {
    const roll_rates_report one = roll_rates(rows.in_pieces(1, 5000), asked, by);
    const roll_rates_report other = roll_rates(shuffled.in_pieces(5, 60), asked, by);
    EXPECT_EQ(one.balances, other.balances);
    EXPECT_EQ(one.flow, other.flow);
    EXPECT_EQ(one.rates, other.rates);
    EXPECT_EQ(one.transitions, other.transitions);
    EXPECT_EQ(one.losses, other.losses);
    EXPECT_EQ(one.totals, other.totals);
  }
}

TEST(roll_rates_test, rates_of_shares_lie_in_their_intervals_and_rows_add_up_to_one) {
  const ledger store = random_rows(11, 4000, true).in_pieces(1, 5000);
  const roll_rates_report made = roll_rates(store, monthly("2026-01-31", 12));
  std::map<std::string, double> rows;
  int narrow = 0;
  for (std::int64_t row = 0; row < made.transitions.rows(); ++row) {
    const auto at = static_cast<std::size_t>(row);
    if (!made.transitions.at("rate").is_valid(row))
      continue;
    const double rate = made.transitions.at("rate").as<double>()[at];
    rows[shown(made.transitions.at("currency"), row) + shown(made.transitions.at("from"), row)] += rate;
    const double low = made.transitions.at("low").as<double>()[at];
    const double high = made.transitions.at("high").as<double>()[at];
    EXPECT_LE(low, rate);
    EXPECT_GE(high, rate);
    EXPECT_GE(low, 0.0);
    EXPECT_LE(high, 1.0);
    narrow += high - low < 0.2 ? 1 : 0;
  }
  EXPECT_GT(narrow, 5);
  for (const auto& [from, sum] : rows)
    EXPECT_NEAR(sum, 1.0, 1e-12) << from;
}

TEST(roll_rates_test, keys_limit_the_answer_to_customers) {
  const ledger store = random_rows(5, 800, true).in_pieces(1, 5000);
  const roll_rates_request asked = monthly("2025-12-31", 6);
  const roll_rates_report all = roll_rates(store, asked, "customer");
  const roll_rates_report one = roll_rates(store, asked, "customer", std::vector<std::string>{"C7"});
  std::map<std::string, wide_integer> wanted;
  for (const auto& [key, amount] : sums(all.balances, {"group", "day", "bucket"}, "amount")) {
    if (key.starts_with("C7 "))
      wanted[key] = amount;
  }
  EXPECT_FALSE(wanted.empty());
  EXPECT_EQ(sums(one.balances, {"group", "day", "bucket"}, "amount"), wanted);
}

TEST(roll_rates_test, a_label_that_no_document_has_is_refused) {
  const ledger store = random_rows(5, 200, true).in_pieces(1, 5000);
  std::string text;
  EXPECT_EQ(code_of([&] { return roll_rates(store, monthly("2025-12-31", 2), "regoin"); }, &text),
            status::unknown_name);
  EXPECT_EQ(text, "credit.roll_rates: there is no attribute regoin; did you mean region?");
}

TEST(roll_rates_test, options_without_meaning_are_refused) {
  const auto finish = [](std::vector<emptor::option> options) {
    const ledger store;
    const run how;
    return code_of([&] {
      return finish_roll_rates({.from = &store,
                                .options = {"credit.roll_rates", roll_rates_options, options},
                                .slots = {},
                                .keys = {},
                                .how = how});
    });
  };
  EXPECT_EQ(finish({{"as_of", "2026-03-31"}}), status::ok);
  EXPECT_EQ(finish({{"as_of", "2026-03-31"}, {"period", "0.5 month"}}), status::option);
  EXPECT_EQ(finish({{"as_of", "2026-03-31"}, {"period", "2026-04-01"}}), status::option);
  EXPECT_EQ(finish({{"as_of", "2026-03-31"}, {"period", "2026-01-01"}}), status::ok);
  EXPECT_EQ(finish({{"as_of", "0000-01-01"}}), status::option);
  EXPECT_EQ(finish({{"as_of", "2026-03-31"}, {"edges", "60,30"}}), status::option);
  std::string many = "1";
  for (int edge = 2; edge <= 101; ++edge)
    many += "," + std::to_string(edge);
  EXPECT_EQ(finish({{"as_of", "2026-03-31"}, {"edges", many}}), status::option);
}

TEST(roll_rates_test, a_refusal_of_edges_names_the_entry_that_asked) {
  const emptor::option_values options(
      "credit.roll_rates", roll_rates_options,
      std::vector<emptor::option>{{"as_of", "2026-03-31"}, {"edges", "60,30"}});
  try {
    (void)buckets_of(options, "credit.roll_rates", age_base::due_date);
    FAIL() << "edges that fall are taken";
  } catch (const emptor::error& refused) {
    EXPECT_EQ(std::string_view(refused.what()).substr(0, 32), "credit.roll_rates: option edges ");
  }
}

} // namespace
} // namespace roll_rates_test
