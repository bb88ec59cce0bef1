// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/credit/write_offs_entry.hpp>

#include "credit/book.hpp"
#include "credit/finished.hpp"
#include "stats/ledger_record_rows.hpp"
#include "support/refusal.hpp"

namespace write_offs_test {
namespace {

using emptor::result;
using emptor::credit::write_offs_entry;
using finished::cells;
using ledger_rows::day;
using lines = std::vector<std::string>;

result written_off(const emptor::stats::ledger& store, const char* as_of,
                   std::vector<emptor::option> more = {}) {
  more.push_back({"as_of", as_of});
  return book::finish(write_offs_entry, store, more);
}
lines rows_of(const result& made) {
  return cells(
      made, "write_offs",
      {"document", "written_off_on", "written_off", "taken_back", "recovered", "recovered_on", "lost"});
}

/// An invoice of 100 that is written off at the end of June.
struct lost_invoice {
  book::pages pages;
  std::string invoice = pages.invoice(10000, "2025-01-10", "2025-02-09");
  std::string write_off = pages.pays(invoice, 10000, "2025-06-30", "write_off");

  [[nodiscard]] std::string on(const char* as_of) const {
    const lines found = rows_of(written_off(pages.store(), as_of));
    return found.empty() ? "" : found.at(0);
  }
};

TEST(write_offs_test, what_is_paid_after_a_write_off_is_recovered_whether_it_was_taken_back_or_not) {
  lost_invoice one;
  EXPECT_EQ(one.on("2025-06-29"), "");
  EXPECT_EQ(one.on("2025-06-30"), "D0 2025-06-30 10000 0 0 - 10000");
  one.pages.pays(one.invoice, 2500, "2025-08-01"); // more than is open
  EXPECT_EQ(one.on("2025-12-31"), "D0 2025-06-30 10000 0 2500 2025-08-01 7500");
  one.pages.settles(one.invoice, one.write_off, -2500, "2025-08-01");
  EXPECT_EQ(one.on("2025-12-31"), "D0 2025-06-30 10000 2500 2500 2025-08-01 7500");
  one.pages.settles(one.invoice, one.write_off, -7500, "2025-09-01"); // all of it may be paid after all
  EXPECT_EQ(one.on("2025-12-31"), "D0 2025-06-30 10000 10000 2500 2025-08-01 0");
}

TEST(write_offs_test, what_was_paid_before_is_not_recovered_and_a_correction_is_no_loss) {
  lost_invoice one;
  one.pages.pays(one.invoice, 100, "2025-06-29");
  EXPECT_EQ(one.on("2025-12-31"), "D0 2025-06-30 10000 0 0 - 10000");
  one.pages.settles(one.invoice, one.write_off, -10000, "2025-07-02");
  EXPECT_EQ(one.on("2025-12-31"), "D0 2025-06-30 10000 10000 0 - 0");
  EXPECT_EQ(cells(written_off(one.pages.store(), "2025-12-31"), "recovery",
                  {"group", "age", "documents", "given_up", "recovered", "rate"}),
            (lines{"Hong 90 1 0 0 -", "Hong 180 1 0 0 -", "Hong - 1 0 0 -"}));
}

TEST(write_offs_test, an_age_counts_only_documents_that_have_reached_it) {
  lost_invoice one;
  one.pages.pays(one.invoice, 1000, "2025-07-10"); // day 10
  one.pages.pays(one.invoice, 1000, "2025-07-11");
  one.pages.customer = "Li";
  const std::string young = one.pages.invoice(50000, "2025-01-10");
  one.pages.pays(young, 50000, "2025-12-25", "write_off");
  const std::vector<std::string> columns{"age", "documents", "given_up", "recovered", "rate"};
  EXPECT_EQ(cells(written_off(one.pages.store(), "2025-12-31", {{"by", "all"}, {"ages", "6,10,11"}}),
                  "recovery", columns),
            (lines{"6 2 60000 0 0", "10 1 10000 1000 0.1", "11 1 10000 2000 0.2",
                   "- 2 60000 2000 0.03333333333333333"}));
}

TEST(write_offs_test, candidates_are_open_and_overdue_for_long) {
  book::pages pages;
  const std::string paid = pages.invoice(5000, "2022-01-01", "2022-01-31");
  pages.pays(paid, 5000, "2022-03-01");
  const std::string some = pages.invoice(7000, "2022-01-01", "2022-01-31");
  pages.pays(some, 1000, "2023-03-01");
  pages.pays(some, 500, "2023-02-01", "credit_note");
  (void)pages.invoice(100, "2022-01-01"); // undated
  (void)pages.document("payment", 900, "2022-01-01");
  const std::vector<std::string> columns{"document", "due_date", "days_overdue", "open", "last_payment_on"};
  const auto found = [&](const char* as_of, const char* days) {
    return cells(written_off(pages.store(), as_of, {{"candidate_days", days}}), "candidates", columns);
  };
  EXPECT_EQ(found("2025-01-30", "1095"), lines{"D2 2022-01-31 1095 5500 2023-03-01"});
  EXPECT_EQ(found("2025-01-29", "1095"), lines{});
  EXPECT_EQ(found("2022-01-31", "0"), lines{}); // the last day to pay
  EXPECT_EQ(found("2022-02-01", "0"), (lines{"D0 2022-01-31 1 5000 -", "D2 2022-01-31 1 7000 -"}));
}

TEST(write_offs_test, ages_are_whole_days_that_rise) {
  lost_invoice one;
  for (const char* ages : {"90,90", "180,90", "10.5"}) {
    std::string text;
    EXPECT_EQ(emptor::test::code_of(
                  [&] {
                    return written_off(one.pages.store(), "2025-12-31", {{"ages", ages}}).tables.size();
                  },
                  &text),
              emptor::status::option);
    EXPECT_NE(text.find("credit.write_offs: option ages is "), std::string::npos) << text;
  }
}

/// From the rows that were pushed: of each document its write-offs, what was taken back, and what was paid since.
TEST(write_offs_test, of_a_random_ledger_is_what_its_rows_say_in_pieces_too) {
  ledger_rows::random_ledger rows(9, 3000);
  const std::int32_t today = day("2025-12-01");
  const book::holding held(rows.base);
  const auto owed = [&](const std::string& name) {
    const auto found = held.documents.find(name);
    return found != held.documents.end() &&
           (found->second.kind == "invoice" || found->second.kind == "debit_note" ||
            found->second.kind == "refund");
  };
  struct sums {
    std::int64_t off = 0, back = 0;
    std::int32_t since = 1 << 30;
    std::map<std::int32_t, std::int64_t> paid;
  };
  std::map<std::string, sums> expected;
  for (const ledger_rows::settlement& one : held.settlements) {
    const bool first = owed(one.document);
    const std::string debit = first ? one.document : one.settling_document;
    const std::string credit = first ? one.settling_document : one.document;
    if (!owed(debit) || owed(credit) || !held.documents.contains(credit))
      continue;
    const std::int32_t on =
        std::max({one.date, held.documents.at(debit).date, held.documents.at(credit).date});
    if (on > today)
      continue;
    sums& of = expected[debit];
    if (held.documents.at(credit).kind == "write_off" && one.amount != 0) {
      (one.amount > 0 ? of.off : of.back) += std::abs(one.amount);
      if (one.amount > 0)
        of.since = std::min(of.since, on);
    } else if (held.documents.at(credit).kind == "payment")
      of.paid[on] += one.amount;
  }
  std::map<std::string, std::string> lines_of;
  std::int64_t taken_back = 0, recovered_all = 0;
  for (const auto& [name, of] : expected) {
    if (of.off == 0)
      continue;
    std::int64_t recovered = 0;
    for (const auto& [on, amount] : of.paid)
      recovered += on >= of.since ? amount : 0;
    recovered = std::clamp<std::int64_t>(recovered, 0, of.off);
    const std::int64_t back = std::min(of.back, of.off);
    lines_of[name] = name + " " + std::to_string(of.off) + " " + std::to_string(back) + " " +
                     std::to_string(recovered) + " " + std::to_string(of.off - std::max(back, recovered));
    taken_back += back;
    recovered_all += recovered;
  }
  EXPECT_GT(lines_of.size(), 20U);
  EXPECT_GT(taken_back, 0);
  EXPECT_GT(recovered_all, 0);
  const std::vector<std::string> columns{"document", "written_off", "taken_back", "recovered", "lost"};
  const result found = written_off(rows.at_once(), "2025-12-01");
  std::map<std::string, std::string> told;
  for (const std::string& line : cells(found, "write_offs", columns))
    told[line.substr(0, line.find(' '))] = line;
  EXPECT_EQ(told, lines_of);
  // Sums of the groups are those of the whole, to the cent.
  const auto totals = [&](const char* by) {
    std::map<std::string, std::int64_t> sum;
    for (const auto& [key, amount] : finished::sums(written_off(rows.at_once(), "2025-12-01", {{"by", by}}),
                                                    "recovery", {"currency", "age"}, "given_up"))
      sum[key] += static_cast<std::int64_t>(amount);
    return sum;
  };
  EXPECT_EQ(totals("customer"), totals("all"));
  EXPECT_EQ(totals("region"), totals("all"));
  rows.shuffle(3);
  EXPECT_EQ(written_off(rows.in_pieces(4, 500), "2025-12-01").tables, found.tables);
}

} // namespace
} // namespace write_offs_test
