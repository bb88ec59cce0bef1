// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include <emptor/credit/payment_behaviour_entry.hpp>

#include "credit/book.hpp"
#include "support/random.hpp"
#include "support/refusal.hpp"

namespace payment_behaviour_test {
namespace {

using book::number;
using book::pages;
using book::text;
using emptor::option;
using emptor::result;
using emptor::status;
using emptor::table;
using emptor::credit::payment_scale;
using emptor::stats::ledger;
using emptor::test::code_of;

table finish(const ledger& store, std::vector<option> options) {
  const result found = book::finish(emptor::credit::payment_behaviour_entry, store, options);
  EXPECT_TRUE(book::as_described(found, emptor::credit::behaviour_description));
  return found.tables.at(0);
}
table year(const pages& all, std::vector<option> options = {}) {
  options.push_back({"as_of", "2025-12-31"});
  return finish(all.store(), std::move(options));
}
std::string on(std::int32_t after) {
  return emptor::to_string(emptor::date_from_days(book::day("2025-06-30") + after));
}
payment_scale usual() {
  return {"test", *emptor::parse_numbers(emptor::credit::usual_index_days),
          *emptor::parse_numbers(emptor::credit::usual_index_points)};
}

// --- the index ------------------------------------------------------------------------------------------------

/// The chart of the credit bureaus: days beyond terms and their points.
TEST(payment_behaviour_test, the_scale_has_the_points_of_the_chart) {
  const payment_scale scale = usual();
  const std::map<std::int32_t, double> chart{{-30, 100}, {-20, 90}, {0, 80},  {15, 70}, {22, 60},
                                             {23, 59},   {30, 50},  {33, 49}, {36, 48}, {45, 45},
                                             {60, 40},   {90, 30},  {120, 20}};
  for (const auto& [days, points] : chart)
    EXPECT_NEAR(scale.points(days), points, 1e-12) << days;
  EXPECT_EQ(scale.points(-31), 100.0);
  EXPECT_EQ(scale.points(-3000000), 100.0);
  EXPECT_EQ(scale.points(180), 0.0);
  EXPECT_EQ(scale.points(3000000), 0.0);
  EXPECT_EQ(scale.points(-10), 85.0);
  EXPECT_EQ(emptor::to_text(scale.points(5)), "76.666666666667") << "no digits of a binary unit";
  for (std::int32_t days = -40; days < 200; ++days)
    EXPECT_GE(scale.points(days), scale.points(days + 1));
}

/// An invoice paid on each day of the chart.
TEST(payment_behaviour_test, an_invoice_has_the_points_of_its_day) {
  for (const auto& [days, points] :
       std::map<std::int32_t, double>{{-20, 90}, {0, 80}, {22, 60}, {30, 50}, {120, 20}}) {
    pages all;
    all.pays(all.invoice(12345, "2025-03-01", on(0).c_str()), 12345, on(days).c_str());
    const table found = year(all);
    EXPECT_NEAR(number(found, "payment_index"), points, 1e-11);
    EXPECT_EQ(number(found, "days_beyond_terms"), days);
    EXPECT_TRUE(std::isnan(number(found, "payment_index_low")));
    EXPECT_TRUE(std::isnan(number(found, "days_beyond_terms_high")));
  }
}

TEST(payment_behaviour_test, another_scale_is_an_option) {
  pages all;
  all.pays(all.invoice(100, "2025-03-01", on(0).c_str()), 100, on(5).c_str());
  EXPECT_NEAR(number(year(all, {{"index_days", "0,10"}, {"index_points", "100,0"}}), "payment_index"), 50.0,
              1e-11);
  for (const auto& scale : std::map<std::string, std::string>{{"0", "50"},
                                                              {"0,10", "100"},
                                                              {"10,0", "100,0"},
                                                              {"0,10.5", "100,0"},
                                                              {"0,10", "0,100"},
                                                              {"0,0", "9,8"}})
    EXPECT_EQ(code_of([&] {
                return year(all, {{"index_days", scale.first}, {"index_points", scale.second}});
              }),
              status::option);
  std::string what;
  (void)code_of([&] { return year(all, {{"index_days", "10,0"}, {"index_points", "100,0"}}); }, &what);
  EXPECT_EQ(
      what,
      "credit.payment_behaviour: option index_days is 0, but must be whole days, each larger than the one "
      "before");
}

// --- what counts ----------------------------------------------------------------------------------------------

TEST(payment_behaviour_test, money_that_bounced_never_came) {
  pages all;
  const std::string invoice = all.invoice(1000, "2025-05-31", on(0).c_str());
  const std::string bounced = all.pays(invoice, 1000, on(-5).c_str());
  all.settles(invoice, bounced, -1000, on(-2).c_str());
  all.pays(invoice, 1000, on(15).c_str());
  const table found = year(all);
  EXPECT_EQ(number(found, "paid"), 1000);
  EXPECT_EQ(number(found, "days_beyond_terms"), 15.0);
  EXPECT_EQ(number(found, "late_share"), 1.0);
}

/// What is taken back of one payment is that payment's, the latest first; the rest stands.
TEST(payment_behaviour_test, what_is_taken_back_is_of_the_same_payment) {
  pages all;
  const std::string invoice = all.invoice(1000, "2025-05-31", on(0).c_str());
  const std::string first = all.pays(invoice, 600, on(-10).c_str());
  all.pays(invoice, 400, on(10).c_str());
  all.settles(invoice, first, -600, on(20).c_str());
  all.pays(invoice, 600, on(30).c_str());
  EXPECT_DOUBLE_EQ(number(year(all), "days_beyond_terms"), (400.0 * 10.0 + 600.0 * 30.0) / 1000.0);
}

TEST(payment_behaviour_test, credit_notes_pay_nothing) {
  pages all;
  const std::string invoice = all.invoice(1000, "2025-05-31", on(0).c_str());
  all.pays(invoice, 400, on(90).c_str(), "credit_note");
  all.pays(invoice, 600, on(0).c_str());
  const table found = year(all);
  EXPECT_EQ(number(found, "paid"), 600);
  EXPECT_EQ(number(found, "days_beyond_terms"), 0.0);
}

TEST(payment_behaviour_test, overdue_money_counts_until_it_is_left_out) {
  pages all;
  const std::string invoice = all.invoice(1000, "2025-05-31", on(0).c_str());
  all.pays(invoice, 250, on(0).c_str());
  all.invoice(500, "2025-12-20", "2025-12-31"); // due today
  const table counts = year(all);
  EXPECT_EQ(number(counts, "overdue"), 750);
  EXPECT_DOUBLE_EQ(number(counts, "days_beyond_terms"), 0.75 * 184.0);
  EXPECT_EQ(number(counts, "late_money_share"), 0.75);
  EXPECT_EQ(number(counts, "invoices"), 1);
  EXPECT_EQ(number(counts, "days_to_pay"), 30.0);
  const table left_out = year(all, {{"open_overdue", "left_out"}});
  EXPECT_EQ(number(left_out, "overdue"), 0);
  EXPECT_EQ(number(left_out, "days_beyond_terms"), 0.0);
  EXPECT_EQ(number(left_out, "late_share"), 0.0);
}

TEST(payment_behaviour_test, days_of_grace_and_early_money_are_conventions) {
  pages all;
  all.pays(all.invoice(100, "2025-05-31", on(0).c_str()), 100, on(3).c_str());
  all.pays(all.invoice(100, "2025-05-31", on(0).c_str()), 100, on(-9).c_str());
  EXPECT_EQ(number(year(all), "late_share"), 0.5);
  EXPECT_EQ(number(year(all), "days_beyond_terms"), -3.0);
  const table other = year(all, {{"grace_days", "3"}, {"early", "on_time"}});
  EXPECT_EQ(number(other, "late_share"), 0.0);
  EXPECT_EQ(number(other, "late_money_share"), 0.0);
  EXPECT_EQ(number(other, "days_beyond_terms"), 1.5);
  EXPECT_EQ(number(other, "days_beyond_terms_low"), 0.0);
  EXPECT_EQ(number(other, "payment_index"), number(year(all), "payment_index"));
}

TEST(payment_behaviour_test, money_of_other_periods_and_undated_money) {
  pages all;
  all.pays(all.invoice(100, "2024-05-31", "2024-06-30"), 100, "2024-12-31");
  EXPECT_EQ(number(year(all), "invoices"), 0);
  EXPECT_TRUE(std::isnan(number(year(all), "payment_index")));
  EXPECT_EQ(number(year(all, {{"period", "2024-12-31"}}), "days_beyond_terms"), 184.0);
  all.pays(all.invoice(70, "2025-05-31"), 70, "2025-06-10");
  const table found = year(all);
  EXPECT_EQ(number(found, "undated"), 70);
  EXPECT_EQ(number(found, "days_to_pay"), 10.0);
  EXPECT_TRUE(std::isnan(number(found, "days_beyond_terms")));
}

TEST(payment_behaviour_test, amounts_near_the_limit_are_refused_with_their_customer) {
  pages all;
  constexpr std::int64_t huge = 9000000000000000000;
  all.customer = "Big";
  for (int i = 0; i < 3; ++i)
    all.pays(all.invoice(huge, "2025-05-31", on(0).c_str()), huge, on(1000 + i).c_str());
  std::string what;
  EXPECT_EQ(code_of(
                [&] {
                  return finish(all.store(), {{"as_of", "2029-12-31"}, {"period", "5 years"}});
                },
                &what),
            status::overflow);
  EXPECT_EQ(what, "credit.payment_behaviour: the money of Big does not fit 64 bits of minor units");
}

// --- properties -----------------------------------------------------------------------------------------------

/// Days and points of the money of each invoice, added up one minor unit's share after the other.
TEST(payment_behaviour_test, random_ledgers_agree_with_a_slow_checker) {
  const payment_scale scale = usual();
  for (std::uint64_t seed = 0; seed < 6; ++seed) {
    ledger_rows::random_rows rows(seed, 600, seed % 2 == 0);
    std::erase_if(rows.settlements, [](const ledger_rows::settlement& one) { return one.amount < 0; });
    const book::holding held(rows);
    const std::int32_t today = book::day("2025-11-15");
    const std::int32_t first = book::day("2025-05-16");
    struct sums {
      double money = 0.0;
      double late = 0.0;
      double days = 0.0;
      double points = 0.0;
      double paid = 0.0;
      double days_to_pay = 0.0;
      std::set<std::string> invoices;
    };
    std::map<std::string, sums> expected;
    const auto count = [&](const ledger_rows::item& one, double amount, std::int32_t day) {
      sums& of = expected[book::holding::group_of(one, "region")];
      if (!one.due || amount == 0.0)
        return;
      of.money += amount;
      of.late += day > *one.due ? amount : 0.0;
      of.days += amount * (day - *one.due);
      of.points += amount * scale.points(day - *one.due);
      of.invoices.insert(one.document);
    };
    const auto is_invoice = [](const ledger_rows::item& one) {
      return one.kind == "invoice" || one.kind == "debit_note";
    };
    // What came beyond the amount of an invoice paid nothing of it, and the latest came beyond.
    auto parts = held.settlements;
    std::erase_if(parts, [&](const auto& part) {
      const auto day = held.counts_from(part);
      return !day || *day > today;
    });
    std::stable_sort(parts.begin(), parts.end(), [&](const auto& left, const auto& right) {
      return std::pair(*held.counts_from(left), -left.amount) <
             std::pair(*held.counts_from(right), -right.amount);
    });
    std::map<std::string, std::int64_t> room;
    for (ledger_rows::settlement part : parts) {
      const auto day = held.counts_from(part);
      const bool left = is_invoice(held.documents.at(part.document));
      const ledger_rows::item& debit = held.documents.at(left ? part.document : part.settling_document);
      const ledger_rows::item& credit = held.documents.at(left ? part.settling_document : part.document);
      if (!is_invoice(debit) || credit.kind != "payment")
        continue;
      std::int64_t& left_over = room.emplace(debit.document, debit.amount).first->second;
      part.amount = std::min(part.amount, left_over);
      left_over -= part.amount;
      if (*day < first)
        continue;
      sums& of = expected[book::holding::group_of(debit, "region")];
      of.paid += static_cast<double>(part.amount);
      of.days_to_pay += static_cast<double>(part.amount) * (*day - debit.date);
      count(debit, static_cast<double>(part.amount), *day);
    }
    for (const auto& [name, open] : held.open(today)) {
      const ledger_rows::item& one = held.documents.at(name);
      if (is_invoice(one) && open > 0 && one.due && *one.due < today)
        count(one, static_cast<double>(open), today);
    }
    const table found = finish(rows.in_pieces(seed, 100),
                               {{"as_of", "2025-11-15"}, {"period", "2025-05-16"}, {"by", "region"}});
    ASSERT_GT(found.rows(), 10);
    for (std::int64_t row = 0; row < found.rows(); ++row) {
      const sums& of = expected[text(found, "group", row) + " " + text(found, "currency", row)];
      ASSERT_EQ(number(found, "invoices", row), static_cast<double>(of.invoices.size()));
      ASSERT_EQ(number(found, "paid", row) + number(found, "undated", row), of.paid);
      if (of.paid > 0.0) {
        ASSERT_NEAR(number(found, "days_to_pay", row), of.days_to_pay / of.paid, 1e-9);
      } else {
        ASSERT_TRUE(std::isnan(number(found, "days_to_pay", row)));
      }
      if (of.money == 0.0) {
        ASSERT_TRUE(std::isnan(number(found, "payment_index", row)));
        continue;
      }
      ASSERT_NEAR(number(found, "days_beyond_terms", row), of.days / of.money, 1e-9);
      ASSERT_NEAR(number(found, "late_money_share", row), of.late / of.money, 1e-12);
      ASSERT_NEAR(number(found, "payment_index", row), of.points / of.money, 1e-9);
      if (of.invoices.size() < 2)
        continue;
      ASSERT_LE(number(found, "payment_index_low", row), number(found, "payment_index", row));
      ASSERT_GE(number(found, "payment_index_high", row), number(found, "payment_index", row));
    }
  }
}

TEST(payment_behaviour_test, order_and_split_of_the_rows_do_not_matter) {
  ledger_rows::random_rows rows(21, 4000, true);
  const std::vector<option> options{{"as_of", "2025-11-15"}};
  const table expected = finish(rows.in_pieces(1, 9000), options);
  rows.shuffle(3);
  EXPECT_EQ(finish(rows.in_pieces(2, 250), options), expected);
}

/// Of 600 customers with 25 invoices each, whose money has nothing to do with their days, about 95 in 100 intervals hold
/// what is true of all of them.
TEST(payment_behaviour_test, intervals_hold_the_truth_as_often_as_they_say) {
  emptor::test::variates draw(5);
  const payment_scale scale = usual();
  pages all;
  double true_points = 0.0;
  constexpr int longest = 40;
  for (int days = -10; days < longest - 10; ++days)
    true_points += scale.points(days) / longest;
  constexpr double true_days = (longest - 1) / 2.0 - 10.0;
  for (int who = 0; who < 600; ++who) {
    all.customer = "C" + std::to_string(who);
    for (int i = 0; i < 25; ++i) {
      const auto amount = static_cast<std::int64_t>(1000.0 + 9000.0 * draw.gamma(2.0));
      const int days = static_cast<int>(draw.uniform() * longest) - 10;
      all.pays(all.invoice(amount, "2025-05-31", on(0).c_str()), amount, on(days).c_str());
    }
  }
  const table found = year(all);
  ASSERT_EQ(found.rows(), 600);
  int index = 0;
  int days = 0;
  int shares = 0;
  int money = 0;
  for (std::int64_t row = 0; row < 600; ++row) {
    const auto holds = [&](const char* low, const char* high, double truth) {
      return number(found, low, row) <= truth && truth <= number(found, high, row) ? 1 : 0;
    };
    index += holds("payment_index_low", "payment_index_high", true_points);
    days += holds("days_beyond_terms_low", "days_beyond_terms_high", true_days);
    shares += holds("late_share_low", "late_share_high", 29.0 / 40.0);
    money += holds("late_money_share_low", "late_money_share_high", 29.0 / 40.0);
  }
  for (const int held : {index, days, shares, money}) { // 570 expected, with a standard deviation of 5.3
    EXPECT_GE(held, 545);
    EXPECT_LE(held, 592);
  }
}

/// Four customers of three equal invoices each, all of them 0, 10, 20 and 30 days late: four draws about 15 days, not
/// twelve. t of 3 degrees is 3.1824, the standard error sqrt(500 / 3 / 4).
TEST(payment_behaviour_test, the_invoices_of_one_customer_are_one_draw_of_a_group) {
  pages all;
  for (int who = 0; who < 4; ++who) {
    all.customer = "C" + std::to_string(who);
    for (int i = 0; i < 3; ++i)
      all.pays(all.invoice(1000, "2025-05-31", on(0).c_str()), 1000, on(10 * who).c_str());
  }
  const table found = year(all, {{"by", "all"}});
  const double half = 3.182446305284263 * std::sqrt(500.0 / 12.0);
  EXPECT_DOUBLE_EQ(number(found, "days_beyond_terms"), 15.0);
  EXPECT_NEAR(number(found, "days_beyond_terms_low"), 15.0 - half, 1e-10);
  EXPECT_NEAR(number(found, "days_beyond_terms_high"), 15.0 + half, 1e-10);
  // 3 of 4 customers are late: 0.1875 / (4 / 3 x 0.75 / 16) = 3 trials, of shares of invoices and of money alike.
  const double square = 3.182446305284263 * 3.182446305284263;
  const double wilson = std::sqrt(square * (0.1875 / 3.0 + square / 36.0));
  EXPECT_NEAR(number(found, "late_share_low"), (0.75 + square / 6.0 - wilson) / (1.0 + square / 3.0), 1e-12);
  EXPECT_DOUBLE_EQ(number(found, "late_money_share_low"), number(found, "late_share_low"));
  EXPECT_DOUBLE_EQ(number(found, "late_money_share_high"), number(found, "late_share_high"));
  // Of one customer each invoice is a draw: they agree, and Wilson's interval of three of three is 3 / (3 + 1.96^2) to 1.
  const table own = year(all);
  EXPECT_EQ(number(own, "days_beyond_terms_low", 3), 30.0);
  EXPECT_NEAR(number(own, "late_share_low", 3), 3.0 / (3.0 + 1.959963984540054 * 1.959963984540054), 1e-12);
}

/// 300 samples of 15 customers, each late by its own habit: about 95 in 100 intervals of the sample hold what is true of
/// all customers.
TEST(payment_behaviour_test, intervals_of_groups_hold_the_truth_as_often_as_they_say) {
  emptor::test::variates draw(8);
  int days = 0;
  int shares = 0;
  int money = 0;
  for (int sample = 0; sample < 300; ++sample) {
    pages all;
    for (int who = 0; who < 15; ++who) {
      all.customer = "C" + std::to_string(who);
      const int habit = static_cast<int>(draw.uniform() * 41.0) - 10; // -10 to 30
      for (int i = 0; i < 4; ++i) {
        const auto amount = static_cast<std::int64_t>(1000.0 + 2000.0 * draw.uniform());
        const int late = habit + static_cast<int>(draw.uniform() * 3.0) - 1;
        all.pays(all.invoice(amount, "2025-05-31", on(0).c_str()), amount, on(late).c_str());
      }
    }
    const table found = year(all, {{"by", "all"}});
    const auto holds = [&](const char* low, const char* high, double truth) {
      return number(found, low) <= truth && truth <= number(found, high) ? 1 : 0;
    };
    days += holds("days_beyond_terms_low", "days_beyond_terms_high", 10.0);
    shares += holds("late_share_low", "late_share_high", 30.0 / 41.0);
    money += holds("late_money_share_low", "late_money_share_high", 30.0 / 41.0);
  }
  for (const int held : {days, shares, money}) // 285 expected, with a standard deviation of 3.8
    EXPECT_GE(held, 272);
}

} // namespace
} // namespace payment_behaviour_test
