// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <map>
#include <set>

#include <gtest/gtest.h>

#include <emptor/credit/days_sales_outstanding_entry.hpp>

#include "credit/book.hpp"
#include "support/refusal.hpp"

namespace days_sales_outstanding_test {
namespace {

using book::number;
using book::pages;
using book::text;
using emptor::option;
using emptor::result;
using emptor::status;
using emptor::table;
using emptor::wide_integer;
using emptor::stats::ledger;
using emptor::test::code_of;

result finish(const ledger& store, std::vector<option> options,
              std::optional<std::vector<std::string>> keys = {}) {
  return book::finish(emptor::credit::days_sales_outstanding_entry, store, options, std::move(keys));
}
table groups(const ledger& store, const std::vector<option>& options) {
  result found = finish(store, options);
  EXPECT_TRUE(book::as_described(found, emptor::credit::dso_description));
  return found.tables.at(0);
}

// --- published figures ----------------------------------------------------------------------------------------

/// 150,000 / 1,800,000 x 365 = 30.4, as textbooks print it.
TEST(days_sales_outstanding_test, a_year_of_the_textbook) {
  pages all;
  const std::string sold = all.invoice(165000000, "2025-01-10", "2025-02-09");
  all.pays(sold, 165000000, "2025-02-09");
  all.invoice(15000000, "2025-12-20", "2026-01-19");
  const table found = groups(all.store(), {{"as_of", "2025-12-31"}, {"period", "1 year"}});
  EXPECT_DOUBLE_EQ(number(found, "simple"), 150000.0 / 1800000.0 * 365.0);
  EXPECT_NEAR(number(found, "simple"), 30.4, 0.05);
  EXPECT_EQ(number(found, "receivables"), 15000000);
  EXPECT_EQ(number(found, "sales"), 180000000);
}

/// 212,000 / 250,000 x 90 = 76.32 for a quarter that counts as 90 days, and counted back over 100,000, 80,000 and 70,000
/// in months of 30 days 60 + 32 / 70 x 30 = 73.714, printed as 73.7.
TEST(days_sales_outstanding_test, a_quarter_simple_and_counted_back_in_months_of_thirty_days) {
  pages all;
  const std::string first = all.invoice(7000000, "2025-10-05", "2025-11-04");
  all.invoice(8000000, "2025-11-11", "2025-12-11");
  all.invoice(10000000, "2025-12-28", "2026-01-27");
  all.pays(first, 3800000, "2025-12-01");
  const ledger store = all.store();
  const table found =
      groups(store, {{"as_of", "2025-12-31"}, {"period", "3 months"}, {"days", "90"}, {"months", "thirty"}});
  EXPECT_NEAR(number(found, "simple"), 76.32, 1e-12);
  EXPECT_NEAR(number(found, "countback"), 60.0 + 32.0 / 70.0 * 30.0, 1e-12);
  EXPECT_NEAR(number(found, "countback"), 73.714, 0.0005);
  // Without the convention the quarter has its 92 days and the months their own.
  const table own = groups(store, {{"as_of", "2025-12-31"}, {"period", "2025-10-01"}});
  EXPECT_NEAR(number(own, "simple"), 212.0 / 250.0 * 92.0, 1e-12);
  EXPECT_NEAR(number(own, "countback"), 61.0 + 32.0 / 70.0 * 31.0, 1e-12);
}

/// 2,100,000 against March 900,000, February 800,000, January 700,000: 31 + 28 + 400 / 700 x 31 = 76.714.
TEST(days_sales_outstanding_test, counted_back_in_calendar_months) {
  pages all;
  const std::string january = all.invoice(70000000, "2025-01-31", "2025-03-02");
  all.invoice(80000000, "2025-02-01", "2025-03-03");
  all.invoice(90000000, "2025-03-31", "2025-04-30");
  all.pays(january, 30000000, "2025-03-15");
  const table found = groups(all.store(), {{"as_of", "2025-03-31"}});
  EXPECT_NEAR(number(found, "countback"), 76.714, 0.0005);
  EXPECT_NEAR(number(found, "countback"), 31.0 + 28.0 + 400.0 / 700.0 * 31.0, 1e-12);
}

/// 15,000 / 10,000 x 30 = 45, of which 4,000 are current: 12; average days delinquent 33.
TEST(days_sales_outstanding_test, best_possible_and_average_days_delinquent) {
  pages all;
  all.invoice(1100000, "2025-07-20", "2025-08-19"); // overdue, of before the period
  const std::string paid = all.invoice(600000, "2025-09-03", "2025-09-13");
  all.pays(paid, 600000, "2025-09-20");
  all.invoice(400000, "2025-09-25", "2025-10-25");
  const table found = groups(all.store(), {{"as_of", "2025-09-30"}, {"period", "1 month"}});
  EXPECT_DOUBLE_EQ(number(found, "simple"), 45.0);
  EXPECT_DOUBLE_EQ(number(found, "best_possible"), 12.0);
  EXPECT_DOUBLE_EQ(number(found, "average_days_delinquent"), 33.0);
}

/// 43.8 - 29.2 = 14.6: 120 and 80 of 1,000 in 365 days.
TEST(days_sales_outstanding_test, average_days_delinquent_of_a_year) {
  pages all;
  const std::string paid = all.invoice(88000, "2025-02-01", "2025-03-01");
  all.pays(paid, 88000, "2025-03-20");
  all.invoice(4000, "2025-11-01", "2025-12-01");
  all.invoice(8000, "2025-12-10", "2026-01-10");
  const table found = groups(all.store(), {{"as_of", "2025-12-31"}, {"period", "12 months"}});
  EXPECT_NEAR(number(found, "simple"), 43.8, 1e-12);
  EXPECT_NEAR(number(found, "best_possible"), 29.2, 1e-12);
  EXPECT_NEAR(number(found, "average_days_delinquent"), 14.6, 1e-12);
}

// --- conventions ----------------------------------------------------------------------------------------------

/// odoo/odoo#113296: the receivable spanned a group of companies and the invoices one of them; and its figure was of
/// all invoices ever. Here both terms are of the same documents, and what is older than the period counts no sales.
TEST(days_sales_outstanding_test, both_terms_are_of_the_same_documents) {
  pages all;
  all.region = "north";
  all.invoice(10000, "2025-12-01", "2025-12-31");
  all.region = "south";
  all.customer = "Lan";
  all.invoice(30000, "2025-12-01", "2025-12-31");
  const std::string old = all.invoice(990000, "2020-01-01", "2020-02-01");
  all.pays(old, 990000, "2020-02-01");
  const std::vector<option> options{{"as_of", "2025-12-31"}, {"period", "90"}, {"by", "region"}};
  const result found = finish(all.store(), options);
  ASSERT_EQ(found.tables[0].rows(), 2);
  EXPECT_EQ(text(found.tables[0], "group", 1), "south");
  for (const std::int64_t row : {0, 1})
    EXPECT_DOUBLE_EQ(number(found.tables[0], "simple", row), 90.0);
  EXPECT_DOUBLE_EQ(number(found.tables[1], "simple"), 90.0);
  const result one = finish(all.store(), options, {{"Lan"}});
  ASSERT_EQ(one.tables[0].rows(), 1);
  EXPECT_EQ(number(one.tables[1], "receivables"), 30000);
  EXPECT_EQ(number(one.tables[1], "sales"), 30000);
}

TEST(days_sales_outstanding_test, what_stands_against_what_is_owed_is_an_option) {
  pages all;
  all.invoice(10000, "2025-12-02", "2025-12-31");
  all.document("credit_note", 2500, "2025-12-10");
  all.document("payment", 500, "2025-12-10");
  const ledger store = all.store();
  const auto simple = [&](const char* receivables, const char* sales) {
    return number(
        groups(store,
               {{"as_of", "2025-12-31"}, {"period", "30"}, {"receivables", receivables}, {"sales", sales}}),
        "simple");
  };
  EXPECT_DOUBLE_EQ(simple("owed", "gross"), 30.0);
  EXPECT_DOUBLE_EQ(simple("owed", "net"), 40.0);
  EXPECT_DOUBLE_EQ(simple("balance", "gross"), 21.0);
  EXPECT_DOUBLE_EQ(simple("balance", "net"), 28.0);
}

TEST(days_sales_outstanding_test, the_period_has_its_first_and_last_day) {
  pages all;
  all.invoice(100, "2025-02-28");
  all.invoice(20, "2025-03-01");
  all.invoice(3, "2025-03-31");
  all.invoice(7000, "2025-04-01");
  const ledger store = all.store();
  const auto sales = [&](const char* period) {
    return number(groups(store, {{"as_of", "2025-03-31"}, {"period", period}}), "sales");
  };
  EXPECT_EQ(sales("1 month"), 23);
  EXPECT_EQ(sales("31"), 23);
  EXPECT_EQ(sales("32 days"), 123);
  EXPECT_EQ(sales("2025-02-28"), 123);
  EXPECT_EQ(sales("2025-03-31"), 3);
  EXPECT_EQ(sales("1"), 3);
}

TEST(days_sales_outstanding_test, without_sales_there_is_no_figure_and_nothing_owed_is_none) {
  pages all;
  all.invoice(100, "2020-01-01", "2020-02-01");
  const table found = groups(all.store(), {{"as_of", "2025-12-31"}});
  EXPECT_TRUE(std::isnan(number(found, "simple")));
  EXPECT_TRUE(std::isnan(number(found, "invoice_true")));
  EXPECT_TRUE(std::isnan(number(found, "countback")));
  EXPECT_EQ(number(found, "uncovered"), 100);
  pages paid;
  paid.pays(paid.invoice(100, "2025-12-01", "2025-12-31"), 100, "2025-12-11");
  const table none = groups(paid.store(), {{"as_of", "2025-12-31"}});
  EXPECT_EQ(number(none, "countback"), 0.0);
  EXPECT_EQ(number(none, "simple"), 0.0);
  EXPECT_EQ(number(none, "invoice_true"), 10.0);
}

/// A month with more credit notes than sales gives back what they exceed.
TEST(days_sales_outstanding_test, a_month_below_zero_counts_its_days) {
  const wide_integer sales[] = {100, -50, 400};
  const std::int32_t lengths[] = {30, 31, 28};
  const auto counted = emptor::credit::count_back(200, sales, lengths);
  EXPECT_DOUBLE_EQ(counted.days, 30.0 + 31.0 + 150.0 / 400.0 * 28.0);
  EXPECT_TRUE(emptor::credit::count_back(451, sales, lengths).uncovered == 1);
  EXPECT_DOUBLE_EQ(emptor::credit::count_back(100, sales, lengths).days, 30.0);
  EXPECT_DOUBLE_EQ(emptor::credit::count_back(-7, sales, lengths).days, 0.0);
}

/// A payment that bounced: the money was there for three days, and the invoice is open again.
TEST(days_sales_outstanding_test, days_on_which_an_invoice_was_settled_do_not_count) {
  pages all;
  const std::string invoice = all.invoice(1000, "2025-12-01", "2025-12-31");
  const std::string payment = all.pays(invoice, 1000, "2025-12-11");
  all.settles(invoice, payment, -1000, "2025-12-14");
  const table found = groups(all.store(), {{"as_of", "2025-12-31"}});
  EXPECT_DOUBLE_EQ(number(found, "invoice_true"), 27.0);
  EXPECT_DOUBLE_EQ(number(found, "invoiced_open_share"), 1.0);
}

TEST(days_sales_outstanding_test, what_was_settled_twice_was_open_until_the_first_time) {
  pages all;
  const std::string once = all.invoice(10000, "2024-01-01", "2024-01-31");
  all.pays(once, 10000, "2024-01-11");
  all.pays(once, 10000, "2024-01-21");
  const table found = groups(all.store(), {{"as_of", "2024-03-31"}, {"period", "1 year"}});
  EXPECT_DOUBLE_EQ(number(found, "invoice_true"), 10.0);
  EXPECT_DOUBLE_EQ(number(found, "invoiced_open_share"), 0.0);
}

TEST(days_sales_outstanding_test, months_begin_the_day_after_the_same_day_of_an_earlier_one) {
  const auto first = [](const char* as_of) {
    return emptor::to_string(
        emptor::date_from_days(emptor::credit::measured_periods("test", *emptor::parse_date(as_of),
                                                                *emptor::parse_horizon("1 month"))
                                   .first()));
  };
  EXPECT_EQ(first("2024-05-29"), "2024-04-30");
  EXPECT_EQ(first("2024-05-30"), "2024-05-01");
  EXPECT_EQ(first("2024-05-31"), "2024-05-01");
  EXPECT_EQ(first("2024-03-29"), "2024-03-01");
  EXPECT_EQ(first("2024-02-29"), "2024-02-01"); // a month's end is one
  EXPECT_EQ(first("2024-12-15"), "2024-11-16");
}

TEST(days_sales_outstanding_test, options_without_meaning_are_refused) {
  pages all;
  all.region = "north";
  all.invoice(1, "2025-01-01");
  const ledger store = all.store();
  const auto refused = [&](std::vector<option> options) {
    options.push_back({"as_of", "2025-12-31"});
    std::string what;
    const status code = code_of([&] { return finish(store, options); }, &what);
    return std::to_string(static_cast<int>(code)) + " " + what;
  };
  const std::string option_code = std::to_string(static_cast<int>(status::option));
  EXPECT_EQ(refused({{"period", "0"}}),
            option_code +
                " credit.days_sales_outstanding: option period is 0, but must be a whole number of days, "
                "weeks, months or years, from 1 on and up to a century");
  EXPECT_TRUE(refused({{"period", "1.5 months"}}).starts_with(option_code));
  EXPECT_TRUE(refused({{"period", "2026-01-01"}}).starts_with(option_code));
  EXPECT_TRUE(refused({{"period", "200 years"}}).starts_with(option_code));
  EXPECT_EQ(refused({{"by", "regoin"}}),
            std::to_string(static_cast<int>(status::unknown_name)) +
                " credit.days_sales_outstanding: there is no attribute regoin; did you "
                "mean region?");
  EXPECT_EQ(finish(ledger{}, {{"as_of", "2025-12-31"}, {"by", "regoin"}}).tables[0].rows(), 0);
}

// --- properties -----------------------------------------------------------------------------------------------

/// The figures of each group as a slow checker finds them, day by day.
struct slow_sums {
  std::int64_t receivables = 0;
  std::int64_t current = 0;
  std::int64_t sales = 0;
  std::int64_t invoiced = 0;
  std::int64_t money_days = 0;
};
std::map<std::string, slow_sums> slow(const ledger_rows::random_rows& rows, std::int32_t today,
                                      std::int32_t first, const std::string& by, bool balance, bool net) {
  const book::holding held(rows);
  std::map<std::string, slow_sums> found;
  for (const auto& [name, open] : held.open(today)) {
    const ledger_rows::item& one = held.documents.at(name);
    slow_sums& sums = found[book::holding::group_of(one, by)];
    const bool owed = book::holding::owed(one) && open >= 0;
    sums.receivables += owed || balance ? open : 0;
    sums.current += owed && (!one.due || *one.due >= today) ? open : 0;
    if (one.date < first)
      continue;
    const bool invoiced = one.kind == "invoice" || one.kind == "debit_note";
    sums.sales += invoiced ? one.amount : net && one.kind == "credit_note" ? -one.amount : 0;
    sums.invoiced += invoiced ? one.amount : 0;
  }
  for (std::int32_t day = first; day < today; ++day) {
    for (const auto& [name, open] : held.open(day)) {
      const ledger_rows::item& one = held.documents.at(name);
      if (one.date >= first && (one.kind == "invoice" || one.kind == "debit_note"))
        found[book::holding::group_of(one, by)].money_days += std::max<std::int64_t>(open, 0);
    }
  }
  return found;
}

TEST(days_sales_outstanding_test, random_ledgers_agree_with_a_slow_checker) {
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const ledger_rows::random_rows rows(seed, seed == 0 ? 5 : 300, seed % 2 == 0);
    const ledger store = rows.in_pieces(seed, 90);
    for (const char* const by : {"customer", "region", "all"}) {
      for (const bool first_way : {false, true}) {
        const char* const as_of = first_way ? "2025-11-30" : "2025-06-17";
        const std::int32_t today = ledger_rows::day(as_of);
        const result found = finish(store, {{"as_of", as_of},
                                            {"period", "70"},
                                            {"by", by},
                                            {"receivables", first_way ? "owed" : "balance"},
                                            {"sales", first_way ? "net" : "gross"}});
        const table& made = found.tables[0];
        const auto expected = slow(rows, today, today - 69, by, !first_way, first_way);
        ASSERT_EQ(static_cast<std::size_t>(made.rows()), expected.size());
        std::map<std::string, wide_integer> of_currency;
        for (std::int64_t row = 0; row < made.rows(); ++row) {
          const std::string currency = text(made, "currency", row);
          const slow_sums& sums = expected.at(text(made, "group", row) + " " + currency);
          ASSERT_EQ(number(made, "receivables", row), static_cast<double>(sums.receivables));
          ASSERT_EQ(number(made, "current", row), static_cast<double>(sums.current));
          ASSERT_EQ(number(made, "sales", row), static_cast<double>(sums.sales));
          if (sums.invoiced > 0) {
            ASSERT_DOUBLE_EQ(number(made, "invoice_true", row),
                             static_cast<double>(sums.money_days) / static_cast<double>(sums.invoiced));
          } else {
            ASSERT_TRUE(std::isnan(number(made, "invoice_true", row)));
          }
          if (sums.sales > 0) {
            ASSERT_DOUBLE_EQ(number(made, "simple", row),
                             static_cast<double>(sums.receivables) / static_cast<double>(sums.sales) * 70.0);
          }
          of_currency[currency] += sums.receivables;
        }
        ASSERT_EQ(static_cast<std::size_t>(found.tables[1].rows()), of_currency.size());
        for (std::int64_t row = 0; row < found.tables[1].rows(); ++row)
          ASSERT_EQ(number(found.tables[1], "receivables", row),
                    static_cast<double>(of_currency.at(text(found.tables[1], "currency", row))));
      }
    }
  }
}

TEST(days_sales_outstanding_test, order_and_split_of_the_rows_do_not_matter) {
  ledger_rows::random_rows rows(11, 3000, true);
  const std::vector<option> options{{"as_of", "2025-10-31"}, {"by", "region"}};
  const std::vector<table> expected = finish(rows.in_pieces(1, 4000), options).tables;
  rows.shuffle(3);
  EXPECT_EQ(finish(rows.in_pieces(2, 250), options).tables, expected);
}

/// Sales that are the same every day: all forms agree on how long they stay open.
TEST(days_sales_outstanding_test, a_steady_business_has_one_figure) {
  pages all;
  for (std::int32_t day = 0; day < 365; ++day) {
    const std::string date = emptor::to_string(emptor::date_from_days(ledger_rows::day("2025-01-01") + day));
    const std::string paid =
        emptor::to_string(emptor::date_from_days(ledger_rows::day("2025-01-01") + day + 40));
    all.pays(all.invoice(1000, date.c_str(), paid.c_str()), 1000, paid.c_str());
  }
  const table found = groups(all.store(), {{"as_of", "2025-12-31"}, {"period", "1 year"}});
  EXPECT_NEAR(number(found, "simple"), 40.0, 1e-12);
  EXPECT_NEAR(number(found, "countback"), 40.0, 1e-12);
  EXPECT_NEAR(number(found, "best_possible"), 40.0, 1e-12);
  // The last forty days are not over: 0 to 39 days so far.
  EXPECT_NEAR(number(found, "invoice_true"), (325.0 * 40.0 + 39.0 * 40.0 / 2.0) / 365.0, 1e-12);
}

} // namespace
} // namespace days_sales_outstanding_test
