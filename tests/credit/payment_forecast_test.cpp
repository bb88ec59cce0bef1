// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <map>
#include <numeric>

#include <gtest/gtest.h>

#include <emptor/credit/payment_forecast_entry.hpp>

#include "credit/book.hpp"
#include "credit/payers.hpp"
#include "support/random.hpp"
#include "support/refusal.hpp"

namespace payment_forecast_test {
namespace {

using book::day;
using book::number;
using book::pages;
using book::text;
using emptor::option;
using emptor::result;
using emptor::status;
using emptor::table;
using emptor::credit::delay_bins;
using emptor::credit::delay_counts;
using emptor::stats::ledger;
using emptor::test::code_of;

constexpr std::int32_t today = 20000;

result finish(const ledger& store, std::vector<option> options,
              std::optional<std::vector<std::string>> keys = {}) {
  result found = book::finish(emptor::credit::payment_forecast_entry, store, options, std::move(keys));
  EXPECT_TRUE(book::as_described(found, emptor::credit::forecast_description));
  return found;
}
std::string day_text(std::int32_t day) {
  return emptor::to_string(emptor::date_from_days(day));
}

TEST(payment_forecast_test, every_day_has_one_span) {
  EXPECT_EQ(delay_bins::of(-100000), 0U);
  EXPECT_EQ(delay_bins::of(1000000), delay_bins::count - 1);
  for (std::int32_t day = -70; day < 400; ++day) {
    const std::size_t bin = delay_bins::of(day);
    ASSERT_TRUE(delay_bins::of(day + 1) == bin || delay_bins::of(day + 1) == bin + 1);
    if (bin > 0) {
      ASSERT_LE(delay_bins::begin(bin), day);
    }
    if (bin + 1 < delay_bins::count) {
      ASSERT_GT(delay_bins::begin(bin + 1), day);
    }
  }
}

TEST(payment_forecast_test, an_invoice_is_watched_on_each_of_its_days) {
  delay_counts counts;
  counts.add(1 << 30, -30, 100, true);
  EXPECT_EQ(std::accumulate(counts.watched.begin(), counts.watched.end(), emptor::wide_integer{0}),
            std::int64_t{131} << 30);
  EXPECT_EQ(counts.came[delay_bins::of(100)], 1 << 30);
  EXPECT_EQ(counts.watched[delay_bins::of(63)], std::int64_t{7} << 30);
  counts.add(1 << 30, -300, 800, false);
  counts.add(1 << 30, 5, 4, true); // nothing to watch
  EXPECT_EQ(std::accumulate(counts.watched.begin(), counts.watched.end(), emptor::wide_integer{0}),
            std::int64_t{131 + 1101} << 30);
  EXPECT_EQ(std::accumulate(counts.came.begin(), counts.came.end(), std::int64_t{0}), 1 << 30);
}

/// A customer alone: the estimate of Kaplan and Meier, with late entries and parts of invoices, as a slow checker has it.
TEST(payment_forecast_test, alone_it_is_the_estimate_of_kaplan_and_meier) {
  emptor::test::draws draw(3);
  for (int round = 0; round < 20; ++round) {
    pages all;
    struct part {
      int from;
      int last;
      double share;
      bool came;
    };
    std::vector<part> parts;
    for (int i = 0; i < 12; ++i) {
      const int terms = static_cast<int>(draw.below(40));
      const int late = static_cast<int>(draw.below(60)) - terms;
      const std::int32_t due = today - 200;
      const std::string invoice = all.invoice(1000, day_text(due - terms).c_str(), day_text(due).c_str());
      const auto first = static_cast<std::int64_t>(draw.below(2) == 0 ? 1000 : 400);
      all.pays(invoice, first, day_text(due + std::max(late, -terms)).c_str());
      parts.push_back({-terms, std::max(late, -terms), static_cast<double>(first) / 1000.0, true});
      if (first < 1000) { // the rest is credited
        all.pays(invoice, 600, day_text(due + 50).c_str(), "credit_note");
        parts.push_back({-terms, 50, 0.6, false});
      }
    }
    const int age = static_cast<int>(draw.below(30)) - 15;
    const std::int32_t due = today - age;
    all.invoice(5000, day_text(due - 40).c_str(), day_text(due).c_str());
    parts.push_back({-40, age, 1.0, false});
    const result found = finish(all.store(), {{"as_of", day_text(today)}, {"horizon_days", "25"}});
    double open = 1.0;
    for (int day = age + 1; day <= age + 25; ++day) {
      double came = 0.0;
      double watched = 0.0;
      for (const part& one : parts) {
        watched += one.from <= day && day <= one.last ? one.share : 0.0;
        came += one.came && one.last == day ? one.share : 0.0;
      }
      open *= 1.0 - (watched > 0.0 ? came / watched : 1e-5);
    }
    ASSERT_NEAR(number(found.tables[0], "probability_paid"), 1.0 - open, 1e-8); // parts count in 2^-30
  }
}

TEST(payment_forecast_test, who_has_no_history_pays_like_the_pool_and_who_has_one_like_himself) {
  const payers::company company(payers::plain(60, 4), today - 700, today - 100, 9, 4);
  ledger store = company.ledger;
  std::vector<ledger_rows::item> items;
  const auto owes = [&](const std::string& customer) {
    items.push_back({.document = "new " + customer,
                     .customer = customer,
                     .kind = "invoice",
                     .amount = 1000,
                     .date = today - 10,
                     .due = today + 20});
  };
  owes("nobody knows him");
  for (int c = 0; c < 60; ++c)
    owes("C" + std::to_string(c));
  ledger_rows::push(store, items, true);
  const table found = finish(store, {{"as_of", day_text(today)}}).tables[0];
  double late_of_all = 0.0;
  double late_of_new = 0.0;
  double error_of_own = 0.0;
  double error_of_pool = 0.0;
  std::vector<std::pair<double, double>> pairs;
  for (std::int64_t row = 0; row < found.rows(); ++row) {
    if (!text(found, "document", row).starts_with("new "))
      continue;
    const double late = number(found, "probability_late", row);
    if (text(found, "customer", row) == "nobody knows him") {
      late_of_new = late;
      continue;
    }
    const auto c = static_cast<std::size_t>(std::stoi(text(found, "customer", row).substr(1)));
    // His terms here may be others than his own: what he is like is counted from the due date.
    const int terms = company.natures[c].terms;
    pairs.emplace_back(late, company.open_after(c, terms) / company.open_after(c, terms - 20));
    late_of_all += pairs.back().second / 60.0;
  }
  ASSERT_EQ(pairs.size(), 60U);
  EXPECT_NEAR(late_of_new, late_of_all, 0.12);
  for (const auto& [forecast, truth] : pairs) {
    error_of_own += (forecast - truth) * (forecast - truth) / 60.0;
    error_of_pool += (late_of_new - truth) * (late_of_new - truth) / 60.0;
  }
  EXPECT_LT(error_of_own, 0.25 * error_of_pool);
}

TEST(payment_forecast_test, the_age_that_an_invoice_has_reached_counts) {
  const payers::company company(
      std::vector<emptor::credit::payer_nature>(30, {.mean_delay = 10.0, .regularity = 20.0}), today - 700,
      today, 9, 4);
  const table found = finish(company.ledger, {{"as_of", day_text(today)}}).tables[0];
  ASSERT_GT(found.rows(), 60);
  double squares = 0.0;
  for (std::int64_t row = 0; row < found.rows(); ++row) {
    const auto due = static_cast<std::int32_t>(number(found, "due_date", row));
    const double truth =
        1.0 - company.open_after(0, today - due + 60) / company.open_after(0, today - due + 30);
    squares += std::pow(number(found, "probability_paid", row) - truth, 2);
    ASSERT_LE(number(found, "earliest_date", row), number(found, "median_date", row));
    ASSERT_GT(number(found, "earliest_date", row), today);
    if (due <= today) {
      ASSERT_EQ(number(found, "probability_late", row), 1.0);
    }
  }
  EXPECT_LT(std::sqrt(squares / static_cast<double>(found.rows())), 0.05);
}

TEST(payment_forecast_test, cash_adds_up_and_lies_in_its_intervals) {
  const payers::company company(payers::plain(40, 8), today - 500, today, 8, 8);
  const result found = finish(company.ledger, {{"as_of", day_text(today)}, {"weeks", "60"}});
  const table& cash = found.tables[1];
  ASSERT_EQ(cash.rows(), 60);
  double open = 0.0;
  for (std::int64_t row = 0; row < found.tables[0].rows(); ++row)
    open += number(found.tables[0], "open", row);
  double sum = 0.0;
  for (std::int64_t row = 0; row < 60; ++row) {
    sum += number(cash, "expected", row);
    ASSERT_NEAR(number(cash, "expected_so_far", row), sum, 60.0);
    ASSERT_LE(0.0, number(cash, "low", row));
    ASSERT_LE(number(cash, "low", row), number(cash, "expected", row));
    ASSERT_LE(number(cash, "expected", row), number(cash, "high", row));
    ASSERT_LE(number(cash, "high_so_far", row), open);
  }
  EXPECT_GT(sum, 0.97 * open);
}

TEST(payment_forecast_test, undated_documents_have_a_row_without_a_forecast) {
  pages all;
  all.invoice(100, "2024-01-01");
  all.pays(all.invoice(100, "2024-01-01", "2024-02-01"), 100, "2024-02-01");
  const result found = finish(all.store(), {{"as_of", day_text(today)}});
  ASSERT_EQ(found.tables[0].rows(), 1);
  EXPECT_TRUE(std::isnan(number(found.tables[0], "probability_late")));
  EXPECT_TRUE(std::isnan(number(found.tables[0], "expected_date")));
  EXPECT_EQ(finish(ledger{}, {{"as_of", "2025-01-01"}}).tables[0].rows(), 0);
}

TEST(payment_forecast_test, some_keys_give_their_rows_of_the_whole_and_order_does_not_matter) {
  ledger_rows::random_rows rows(6, 2500, true);
  const std::vector<option> options{{"as_of", "2025-10-31"}, {"pool", "region"}};
  const result whole = finish(rows.in_pieces(1, 9000), options);
  const result some = finish(rows.in_pieces(1, 9000), options, {{"C3", "C17", "nobody"}});
  std::int64_t at = 0;
  int dated = 0;
  for (std::int64_t row = 0; row < whole.tables[0].rows(); ++row) {
    const std::string customer = text(whole.tables[0], "customer", row);
    if (customer != "C3" && customer != "C17")
      continue;
    ASSERT_LT(at, some.tables[0].rows());
    EXPECT_EQ(text(some.tables[0], "document", at), text(whole.tables[0], "document", row));
    const double expected = number(whole.tables[0], "probability_paid", row);
    if (!std::isnan(expected)) {
      EXPECT_EQ(number(some.tables[0], "probability_paid", at), expected);
      ++dated;
    } else {
      EXPECT_TRUE(std::isnan(number(whole.tables[0], "due_date", row)));
    }
    ++at;
  }
  EXPECT_GT(dated, 2);
  EXPECT_EQ(some.tables[0].rows(), at);
  EXPECT_EQ(some.tables[2], whole.tables[2]);
  EXPECT_EQ(whole.tables[2].rows(), 4);
  rows.shuffle(4);
  EXPECT_EQ(finish(rows.in_pieces(2, 200), options).tables, whole.tables);
}

TEST(payment_forecast_test, no_day_lies_beyond_the_calendar) {
  const auto ledger_of = [](const char* due) {
    pages all;
    for (int i = 0; i < 60; ++i) // each 140 days late
      all.pays(all.invoice(100, "9998-01-01", "9998-02-01"), 100, "9998-06-21");
    all.invoice(100, "9999-05-01", due);
    return all.store();
  };
  std::string what;
  EXPECT_EQ(code_of([&] { return finish(ledger{}, {{"as_of", "9999-10-02"}}); }, &what), status::option);
  EXPECT_EQ(what, "credit.payment_forecast: option as_of is 9999-10-02, but must be 13 weeks or more before "
                  "the end of the year 9999");
  const std::vector<option> options{{"as_of", "9999-10-01"}};
  const result before = finish(ledger_of("9999-06-01"), options);
  EXPECT_NEAR(number(before.tables[0], "expected_date"), day("9999-10-19"), 10);
  const result beyond = finish(ledger_of("9999-09-30"), options);
  EXPECT_GT(number(beyond.tables[0], "probability_late"), 0.9);
  EXPECT_TRUE(std::isnan(number(beyond.tables[0], "expected_date")));
  EXPECT_TRUE(std::isnan(number(beyond.tables[0], "latest_date")));
}

TEST(payment_forecast_test, options_without_meaning_are_refused) {
  std::string what;
  EXPECT_EQ(code_of(
                [&] {
                  return finish(ledger{}, {{"as_of", "2025-01-01"}, {"window_days", "20"}});
                },
                &what),
            status::option);
  EXPECT_EQ(what, "credit.payment_forecast: option window_days is 20, but must be at least horizon_days, 30");
  pages all;
  all.invoice(1, "2024-01-01", "2024-02-01");
  EXPECT_EQ(code_of(
                [&] {
                  return finish(all.store(), {{"as_of", "2025-01-01"}, {"pool", "seller"}});
                },
                &what),
            status::unknown_name);
  EXPECT_EQ(code_of(
                [&] {
                  return finish(all.store(), {{"as_of", "2025-01-01"}, {"history", "1.5 weeks"}});
                },
                &what),
            status::option);
  EXPECT_TRUE(what.starts_with("credit.payment_forecast: option history is 1.5"));
}

} // namespace
} // namespace payment_forecast_test
