// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <map>

#include <gtest/gtest.h>

#include <emptor/credit/receivables_performance_entry.hpp>

#include "credit/book.hpp"
#include "support/refusal.hpp"

namespace receivables_performance_test {
namespace {

using book::number;
using book::pages;
using book::text;
using emptor::option;
using emptor::result;
using emptor::status;
using emptor::table;
using emptor::stats::ledger;
using emptor::test::code_of;

result finish(const ledger& store, const std::vector<option>& options) {
  result found = book::finish(emptor::credit::receivables_performance_entry, store, options);
  EXPECT_TRUE(book::as_described(found, emptor::credit::performance_description));
  return found;
}

/// Begin 300, sales 250, end 280, of which 180 current: (300 + 250 - 280) / (300 + 250 - 180) = 72.97.
TEST(receivables_performance_test, collection_effectiveness_of_the_handbook) {
  EXPECT_NEAR(emptor::credit::collection_effectiveness_index(300, 250, 280, 180), 72.97, 0.005);
  pages all;
  const std::string old = all.invoice(30000, "2025-05-20", "2025-06-20");
  const std::string sold = all.invoice(25000, "2025-06-10", "2025-07-10");
  all.pays(old, 20000, "2025-06-18");
  all.pays(sold, 7000, "2025-06-30");
  const table found = finish(all.store(), {{"as_of", "2025-06-30"}}).tables[0];
  EXPECT_EQ(number(found, "opening"), 30000);
  EXPECT_EQ(number(found, "sales"), 25000);
  EXPECT_EQ(number(found, "closing"), 28000);
  EXPECT_EQ(number(found, "current"), 18000);
  EXPECT_DOUBLE_EQ(number(found, "collection_effectiveness_index"), 270.0 / 370.0 * 100.0);
  EXPECT_DOUBLE_EQ(number(found, "past_due_share"), 100.0 / 280.0);
  EXPECT_DOUBLE_EQ(number(found, "turnover"), 250.0 / 290.0);
}

/// 100 where all that is due has come, 0 where nothing has.
TEST(receivables_performance_test, the_index_has_its_ends) {
  pages all;
  all.pays(all.invoice(100, "2025-04-01", "2025-05-01"), 100, "2025-06-30");
  all.invoice(70, "2025-06-01", "2025-06-30"); // due on the last day: not overdue
  all.customer = "Lan";
  all.invoice(100, "2025-04-01", "2025-05-01");
  const table found = finish(all.store(), {{"as_of", "2025-06-30"}}).tables[0];
  EXPECT_EQ(number(found, "collection_effectiveness_index", 0), 100.0);
  EXPECT_EQ(number(found, "collection_effectiveness_index", 1), 0.0);
  EXPECT_EQ(number(found, "past_due_share", 1), 1.0);
}

TEST(receivables_performance_test, credit_notes_dilute_the_sales_of_their_own_period) {
  pages all;
  all.invoice(1000, "2025-05-10", "2025-06-10");
  all.document("debit_note", 200, "2025-06-05");
  all.document("credit_note", 60, "2025-06-20");
  all.document("refund", 5, "2025-06-20");
  const table net = finish(all.store(), {{"as_of", "2025-06-30"}, {"periods", "2"}}).tables[0];
  ASSERT_EQ(net.rows(), 2);
  EXPECT_EQ(number(net, "dilution", 0), 0.0);
  EXPECT_DOUBLE_EQ(number(net, "dilution", 1), 0.3);
  EXPECT_EQ(number(net, "sales", 1), 140);
  EXPECT_EQ(number(finish(all.store(), {{"as_of", "2025-06-30"}, {"sales", "gross"}}).tables[0], "sales"),
            200);
  EXPECT_EQ(number(net, "closing", 1), 1205);
  EXPECT_EQ(
      number(finish(all.store(), {{"as_of", "2025-06-30"}, {"receivables", "balance"}}).tables[0], "closing"),
      1145);
}

TEST(receivables_performance_test, write_offs_discounts_and_disputes_have_their_shares) {
  pages all;
  const std::string lost = all.invoice(1000, "2025-05-10", "2025-06-10");
  const std::string early = all.invoice(1000, "2025-06-01", "2025-07-01");
  all.invoice(3000, "2025-06-05", "2025-07-05");
  all.pays(lost, 1000, "2025-06-20", "write_off");
  all.pays(early, 980, "2025-06-09");
  all.pays(early, 20, "2025-06-09", "discount");
  ledger store = all.store();
  emptor::text_buffer numbers;
  emptor::text_buffer documents;
  for (const auto& [number, document] :
       std::map<std::string, std::string>{{"a", early}, {"b", early}, {"c", lost}}) {
    numbers.push_back(number);
    documents.push_back(document);
  }
  const std::int32_t june = book::day("2025-06-10");
  ledger_rows::push(store,
                    {"disputes",
                     {emptor::column::texts("dispute", numbers), emptor::column::texts("document", documents),
                      emptor::column::days("opened", {june, june, june + 30}),
                      emptor::column::amounts("amount", {10, 10, 10}, 2),
                      emptor::column::texts("currency",
                                            [] {
                                              emptor::text_buffer euros;
                                              for (int i = 0; i < 3; ++i)
                                                euros.push_back("EUR");
                                              return euros;
                                            }())}},
                    true);
  const auto of = [&](const char* as_of) {
    return finish(store, {{"as_of", as_of}, {"period", "2025-06-01"}}).tables[0];
  };
  const table found = of("2025-06-30");
  EXPECT_EQ(number(found, "bad_debt_ratio"), 0.25);
  EXPECT_EQ(number(found, "discount_share"), 0.005);
  EXPECT_EQ(number(found, "dispute_rate"),
            0.5); // two disputes of one invoice; that of the third is of an earlier one
  EXPECT_EQ(number(found, "dilution"), 0.0);
  EXPECT_EQ(number(found, "closing"), 3000);
  EXPECT_EQ(number(of("2025-06-09"), "dispute_rate"), 0.0);
  const table both = finish(store, {{"as_of", "2025-07-31"}, {"period", "2025-05-01"}}).tables[0];
  EXPECT_EQ(number(both, "disputed_invoices"), 2);
}

TEST(receivables_performance_test, periods_follow_each_other_through_months_of_unlike_length) {
  pages all;
  all.invoice(1, "2025-01-31");
  const table found = finish(all.store(), {{"as_of", "2025-03-30"}, {"periods", "3"}}).tables[0];
  const std::int32_t first[] = {book::day("2024-12-31"), book::day("2025-01-31"), book::day("2025-03-01")};
  const std::int32_t last[] = {book::day("2025-01-30"), book::day("2025-02-28"), book::day("2025-03-30")};
  ASSERT_EQ(found.rows(), 3);
  for (std::int64_t row = 0; row < 3; ++row) {
    EXPECT_EQ(number(found, "period_begin", row), first[row]);
    EXPECT_EQ(number(found, "period_end", row), last[row]);
  }
  EXPECT_EQ(number(found, "sales", 1), 1);
  // A date names one period, and no calendar goes before its first day.
  EXPECT_EQ(finish(all.store(), {{"as_of", "2025-03-30"}, {"period", "2025-03-01"}, {"periods", "3"}})
                .tables[0]
                .rows(),
            1);
  EXPECT_EQ(finish(all.store(), {{"as_of", "2025-03-30"}, {"period", "100 years"}, {"periods", "1200"}})
                .tables[0]
                .rows(),
            1200);
}

/// Every period of random ledgers as a slow checker finds it: the ledger as of its ends, and of each of its days.
TEST(receivables_performance_test, random_ledgers_agree_with_a_slow_checker) {
  struct sums {
    std::int64_t receivables = 0;
    std::int64_t current = 0;
    std::int64_t overdue = 0;
  };
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const ledger_rows::random_rows rows(seed, seed == 0 ? 4 : 250, seed % 2 == 0);
    const book::holding held(rows);
    const ledger store = rows.in_pieces(seed, 70);
    const std::string by = seed % 2 == 0 ? "region" : "customer";
    const bool balance = seed > 1;
    const auto at = [&](std::int32_t day) {
      std::map<std::string, sums> found;
      for (const auto& [name, open] : held.open(day)) {
        const ledger_rows::item& one = held.documents.at(name);
        sums& of = found[book::holding::group_of(one, by)];
        const bool owed = book::holding::owed(one) && open >= 0;
        of.receivables += owed || balance ? open : 0;
        if (owed)
          (one.due && *one.due < day ? of.overdue : of.current) += open;
      }
      return found;
    };
    const result made = finish(store, {{"as_of", "2025-12-15"},
                                       {"by", by},
                                       {"period", "5 weeks"},
                                       {"periods", "6"},
                                       {"average", "daily"},
                                       {"receivables", balance ? "balance" : "owed"}});
    const table& found = made.tables[0];
    ASSERT_EQ(found.rows() % 6, 0);
    for (std::int64_t row = 0; row < found.rows(); ++row) {
      const std::string group = text(found, "group", row) + " " + text(found, "currency", row);
      const auto first = static_cast<std::int32_t>(number(found, "period_begin", row));
      const auto last = static_cast<std::int32_t>(number(found, "period_end", row));
      ASSERT_EQ(last - first, 34);
      ASSERT_EQ(last, book::day("2025-12-15") - 35 * (5 - row % 6));
      ASSERT_EQ(number(found, "opening", row), static_cast<double>(at(first - 1)[group].receivables));
      const sums end = at(last)[group];
      ASSERT_EQ(number(found, "closing", row), static_cast<double>(end.receivables));
      ASSERT_EQ(number(found, "current", row), static_cast<double>(end.current));
      ASSERT_EQ(number(found, "overdue", row), static_cast<double>(end.overdue));
      std::int64_t invoiced = 0;
      std::int64_t credited = 0;
      for (const auto& [name, one] : held.documents) {
        if (book::holding::group_of(one, by) != group || one.date < first || one.date > last)
          continue;
        invoiced += one.kind == "invoice" || one.kind == "debit_note" ? one.amount : 0;
        credited += one.kind == "credit_note" ? one.amount : 0;
      }
      ASSERT_EQ(number(found, "invoiced", row), static_cast<double>(invoiced));
      ASSERT_EQ(number(found, "credited", row), static_cast<double>(credited));
      if (row % 7 != 0) // day by day is slow
        continue;
      double days = 0.0;
      for (std::int32_t day = first; day <= last; ++day)
        days += static_cast<double>(at(day)[group].receivables);
      if (days > 0.0) {
        ASSERT_DOUBLE_EQ(number(found, "turnover", row),
                         static_cast<double>(invoiced - credited) / (days / 35.0));
      } else {
        ASSERT_TRUE(std::isnan(number(found, "turnover", row)));
      }
    }
  }
}

TEST(receivables_performance_test, order_and_split_of_the_rows_do_not_matter) {
  ledger_rows::random_rows rows(12, 2000, true);
  const std::vector<option> options{{"as_of", "2025-10-31"}, {"by", "customer"}, {"periods", "5"}};
  const std::vector<table> expected = finish(rows.in_pieces(1, 4000), options).tables;
  rows.shuffle(3);
  EXPECT_EQ(finish(rows.in_pieces(2, 250), options).tables, expected);
}

/// What opens a period is what closed the one before it.
TEST(receivables_performance_test, each_period_opens_as_the_one_before_closed) {
  const ledger_rows::random_rows rows(13, 2000, true);
  const table found =
      finish(rows.in_pieces(1, 4000), {{"as_of", "2025-10-31"}, {"by", "all"}, {"periods", "9"}}).tables[1];
  ASSERT_EQ(found.rows(), 27);
  for (std::int64_t row = 1; row < found.rows(); ++row) {
    if (row % 9 != 0) {
      EXPECT_EQ(number(found, "opening", row), number(found, "closing", row - 1));
    }
  }
}

/// Three customers with sales of 1,000, 2,000 and 1,000 of which 100, 0 and 50 are written off: 150 / 4,000 = 0.0375, residuals
/// 62.5, -75 and 12.5, the standard error sqrt(3 / 2 x 9,687.5) / 4,000, and t of 2 degrees is 4.3027.
TEST(receivables_performance_test, estimates_have_intervals_over_customers) {
  pages all;
  const std::int64_t sales[] = {1000, 2000, 1000};
  const std::int64_t lost[] = {100, 0, 50};
  for (int who = 0; who < 3; ++who) {
    all.customer = "C" + std::to_string(who);
    const std::string invoice = all.invoice(sales[who], "2025-06-10", "2025-06-20");
    if (lost[who] > 0)
      all.pays(invoice, lost[who], "2025-06-25", "write_off");
  }
  const result found = finish(all.store(), {{"as_of", "2025-06-30"}, {"by", "all"}});
  for (const table& one : found.tables) { // the group of all, and the totals
    const double half = 4.302652729749464 * std::sqrt(1.5 * 9687.5) / 4000.0;
    EXPECT_DOUBLE_EQ(number(one, "bad_debt_ratio"), 0.0375);
    EXPECT_EQ(number(one, "bad_debt_ratio_low"), 0.0); // not below it
    EXPECT_NEAR(number(one, "bad_debt_ratio_high"), 0.0375 + half, 1e-12);
    EXPECT_EQ(number(one, "discount_share_high"), 0.0); // nobody took any
    // None of three customers disputed: 4.3027^2 / (3 + 4.3027^2)
    EXPECT_EQ(number(one, "dispute_rate_low"), 0.0);
    EXPECT_NEAR(number(one, "dispute_rate_high"), 18.512820512820515 / 21.512820512820515, 1e-12);
  }
  // Of one customer nothing is known but its invoices: 1.96^2 / (1 + 1.96^2)
  const table own = finish(all.store(), {{"as_of", "2025-06-30"}}).tables[0];
  EXPECT_TRUE(std::isnan(number(own, "bad_debt_ratio_high")));
  EXPECT_NEAR(number(own, "dispute_rate_high"), 0.7934506856227626, 1e-12);
  // Customers that come in several groups are one draw of the totals.
  const table totals = finish(all.store(), {{"as_of", "2025-06-30"}}).tables[1];
  EXPECT_DOUBLE_EQ(number(totals, "bad_debt_ratio_high"), number(found.tables[0], "bad_debt_ratio_high"));
}

TEST(receivables_performance_test, the_tables_name_their_conventions) {
  pages all;
  all.invoice(1000, "2025-06-10", "2025-06-20");
  const auto basis = [&](const table& of, const char* name) {
    return std::string(of.at(name).levels().at(static_cast<std::size_t>(number(of, name))));
  };
  for (const table& one : finish(all.store(), {{"as_of", "2025-06-30"}}).tables) {
    EXPECT_EQ(basis(one, "receivables_basis"), "owed");
    EXPECT_EQ(basis(one, "sales_basis"), "net");
  }
  for (const table& one :
       finish(all.store(), {{"as_of", "2025-06-30"}, {"receivables", "balance"}, {"sales", "gross"}})
           .tables) {
    EXPECT_EQ(basis(one, "receivables_basis"), "balance");
    EXPECT_EQ(basis(one, "sales_basis"), "gross");
  }
}

} // namespace
} // namespace receivables_performance_test
