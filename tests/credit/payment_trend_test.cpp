// SPDX-License-Identifier: BSL-1.0
#include <cmath>

#include <gtest/gtest.h>

#include <emptor/credit/payment_trend_entry.hpp>

#include "credit/book.hpp"
#include "support/random.hpp"

namespace payment_trend_test {
namespace {

using book::number;
using book::pages;
using book::text;
using emptor::option;
using emptor::result;
using emptor::table;

result finish(const emptor::stats::ledger& store, std::vector<option> options) {
  result found = book::finish(emptor::credit::payment_trend_entry, store, options);
  EXPECT_TRUE(book::as_described(found, emptor::credit::trend_description));
  return found;
}
std::string day_text(std::int32_t day) {
  return emptor::to_string(emptor::date_from_days(day));
}
const std::int32_t start = book::day("2023-01-01");

/// An invoice a day, each paid when `late(i)` says.
template <class Late>
pages daily(int count, const Late& late) {
  pages all;
  for (int i = 0; i < count; ++i) {
    const std::int32_t due = start + i + 30;
    all.pays(all.invoice(1000, day_text(start + i).c_str(), day_text(due).c_str()), 1000,
             day_text(due + late(i)).c_str());
  }
  return all;
}

TEST(payment_trend_test, who_pays_a_day_later_every_ten_days_has_that_trend) {
  const table found =
      finish(daily(200, [](int i) { return i / 10; }).store(), {{"as_of", "2024-12-31"}}).tables[0];
  EXPECT_NEAR(number(found, "trend"), 0.1 * 365.2425, 0.3);
  EXPECT_LT(number(found, "trend_low"), number(found, "trend"));
  EXPECT_LT(number(found, "trend_p_value"), 1e-12);
  EXPECT_EQ(number(found, "invoices"), 200);
  EXPECT_EQ(number(found, "median_days_beyond_terms"), 9.5);
}

/// Of young invoices only the quick payments are known. Without the days of maturity they would show a fall.
TEST(payment_trend_test, young_invoices_say_nothing_yet) {
  emptor::test::variates draw(2);
  const auto delays = [&](int) { return static_cast<int>(draw.gamma(2.0) * 30.0); };
  const emptor::stats::ledger store = daily(900, delays).store();
  const std::string as_of = day_text(start + 900);
  const auto trend = [&](const char* mature) {
    return number(
        finish(store, {{"as_of", as_of}, {"mature_days", mature}, {"open_overdue", "left_out"}}).tables[0],
        "trend_p_value");
  };
  EXPECT_GT(trend("250"), 0.05);
  EXPECT_LT(trend("0"), 0.01);
}

TEST(payment_trend_test, of_very_many_invoices_some_tell_the_trend) {
  const table found = finish(daily(1090, [](int i) { return i / 20 - 20; }).store(),
                             {{"as_of", "2026-06-30"}, {"period", "9 years"}})
                          .tables[0];
  EXPECT_EQ(number(found, "invoices"), 1090);
  EXPECT_NEAR(number(found, "trend"), 0.05 * 365.2425, 0.05);
}

TEST(payment_trend_test, months_are_those_of_the_due_date_without_the_trend) {
  emptor::test::variates draw(3);
  const auto delay = [&](int i) {
    const std::chrono::year_month_day due{emptor::date_from_days(start + i + 30)};
    return i / 10 + (due.month() == std::chrono::August ? 15 : 0) + static_cast<int>(draw.uniform() * 6.0);
  };
  const result found =
      finish(daily(1000, delay).store(), {{"as_of", "2026-06-30"}, {"period", "2023-01-01"}});
  EXPECT_LT(number(found.tables[0], "seasonal_p_value"), 1e-6);
  const table& months = found.tables[1];
  ASSERT_EQ(months.rows(), 12);
  for (std::int64_t row = 0; row < 12; ++row) {
    EXPECT_EQ(number(months, "month", row), static_cast<double>(row + 1));
    const double expected = row == 7 ? 15.0 : 0.0;
    EXPECT_NEAR(number(months, "effect", row), expected - 15.0 * 93.0 / 1000.0, 2.0);
    EXPECT_LE(std::abs(number(months, "shrunk_effect", row)), std::abs(number(months, "effect", row)));
  }
}

TEST(payment_trend_test, without_invoices_there_are_no_figures) {
  pages all;
  all.document("payment", 100, "2024-01-01");
  const result found = finish(all.store(), {{"as_of", "2024-12-31"}});
  EXPECT_EQ(found.tables[0].rows(), 1);
  EXPECT_TRUE(std::isnan(number(found.tables[0], "trend")));
  EXPECT_EQ(found.tables[1].rows(), 0);
}

TEST(payment_trend_test, order_and_split_of_the_rows_do_not_matter) {
  ledger_rows::random_rows rows(31, 4000, true);
  const std::vector<option> options{{"as_of", "2025-12-31"}, {"by", "region"}};
  const std::vector<table> expected = finish(rows.in_pieces(1, 9000), options).tables;
  rows.shuffle(3);
  EXPECT_EQ(finish(rows.in_pieces(2, 250), options).tables, expected);
}

} // namespace
} // namespace payment_trend_test
