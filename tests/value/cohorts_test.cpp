// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/value/cohorts_entry.hpp>

#include "credit/finished.hpp"
#include "stats/orders.hpp"
#include "support/refusal.hpp"

namespace emptor::test::cohorts_test {
namespace {

using namespace emptor::value;
using texts = std::vector<std::string>;

result finished_of(const stats::order_history& from, const std::vector<option>& with = {},
                   const std::optional<std::vector<std::string>>& keys = {}) {
  return finished::of(cohorts_entry, from, with, {}, nullptr, keys);
}

/// Year and month of an ISO day, from its letters alone, as the number of a period of so many months.
int period_of(const std::string& day, int months) {
  return (std::stoi(day.substr(0, 4)) * 12 + std::stoi(day.substr(5, 2)) - 1) / months;
}

// --- an independent computation -------------------------------------------------------------------------------------------

struct naive_cell {
  std::set<std::string> active;
  std::int64_t orders = 0;
  std::int64_t amount = 0;
};
/// Of rows without credit notes: by cohort and period.
std::map<std::pair<int, int>, naive_cell> naive(const std::vector<order_row>& rows, int months) {
  std::map<std::string, std::map<std::string, std::int64_t>> days; // what a customer ordered on each day
  for (const order_row& one : rows)
    days[one.customer][one.day] += *one.cents;
  std::map<std::pair<int, int>, naive_cell> made;
  for (const auto& [customer, orders] : days) {
    const int cohort = period_of(orders.begin()->first, months);
    for (const auto& [day, amount] : orders) {
      naive_cell& cell = made[{cohort, period_of(day, months)}];
      cell.active.insert(customer);
      ++cell.orders;
      cell.amount += amount;
    }
  }
  return made;
}

void expect_as_naive(const stats::order_history& from, const std::vector<order_row>& rows, const char* period,
                     int months) {
  const result made = finished_of(from, {{"period", period}});
  const auto wanted = naive(rows, months);
  const table& cells = finished::table_of(made, "cells");
  std::map<int, std::int64_t> sizes;
  std::map<int, std::int64_t> cumulative;
  std::size_t found = 0;
  for (std::int64_t row = 0; row < cells.rows(); ++row) {
    const auto at = static_cast<std::size_t>(row);
    const int cohort = period_of(finished::shown(cells.at("cohort"), row), months);
    const int age = static_cast<int>(cells.at("age").as<std::int64_t>()[at]);
    EXPECT_EQ(period_of(finished::shown(cells.at("period"), row), months), cohort + age);
    const auto one = wanted.find({cohort, cohort + age});
    const naive_cell none;
    const naive_cell& cell = one == wanted.end() ? none : one->second;
    found += one == wanted.end() ? 0U : 1U;
    const auto active = static_cast<std::int64_t>(cell.active.size());
    EXPECT_EQ(cells.at("active").as<std::int64_t>()[at], active);
    EXPECT_EQ(cells.at("orders").as<std::int64_t>()[at], cell.orders);
    EXPECT_EQ(cells.at("amount").as<std::int64_t>()[at], cell.amount);
    if (age == 0)
      sizes[cohort] = active;
    cumulative[cohort] += cell.amount;
    EXPECT_EQ(cells.at("customers").as<std::int64_t>()[at], sizes[cohort]);
    EXPECT_EQ(cells.at("cumulative_amount").as<std::int64_t>()[at], cumulative[cohort]);
    const double rate = cells.at("retention_rate").as<double>()[at];
    EXPECT_EQ(rate, static_cast<double>(active) / static_cast<double>(sizes[cohort]));
    EXPECT_LE(cells.at("low").as<double>()[at], rate);
    EXPECT_GE(cells.at("high").as<double>()[at], rate);
  }
  EXPECT_EQ(found, wanted.size()) << "each cell that somebody ordered in is there";
}

/// All tables tell of the same customers, orders and money.
void expect_reconciled(const result& made) {
  const auto sum = [&](const char* table, const char* column) {
    wide_integer all = 0;
    for (const std::int64_t one : finished::table_of(made, table).at(column).as<std::int64_t>())
      all += one;
    return static_cast<std::int64_t>(all);
  };
  for (const char* const column : {"orders", "amount"}) {
    EXPECT_EQ(sum("cells", column), sum("totals", column));
    EXPECT_EQ(sum("cohorts", column), sum("totals", column));
    EXPECT_EQ(sum("periods", column), sum("totals", column));
  }
  EXPECT_EQ(sum("cohorts", "customers"), sum("totals", "customers"));
  EXPECT_EQ(sum("periods", "new_customers"), sum("totals", "customers"));
  EXPECT_EQ(sum("cells", "active"), sum("periods", "active"));
  EXPECT_EQ(sum("periods", "active"),
            sum("periods", "new_customers") + sum("periods", "returning_customers"));
  EXPECT_EQ(sum("periods", "amount"), sum("periods", "new_amount") + sum("periods", "returning_amount"));
  EXPECT_EQ(sum("totals", "order_amount") + sum("totals", "credit_note_amount"),
            sum("totals", "amount") - sum("totals", "unapplied_credit"));
}

std::vector<order_row> random_rows(draws& draw, bool credits) {
  std::vector<order_row> rows;
  for (std::uint64_t n = 1 + draw.below(120); n > 0; --n) {
    const std::int32_t day =
        days_since_epoch(parse_date("2023-01-01").value()) + static_cast<std::int32_t>(draw.below(700));
    order_row one{"c" + std::to_string(draw.below(25)), to_string(date_from_days(day)),
                  static_cast<std::int64_t>(draw.below(10000))};
    if (credits && draw.below(5) == 0)
      one.cents = -*one.cents;
    if (credits && draw.below(3) == 0)
      one.document = "D" + std::to_string(n);
    rows.push_back(one);
  }
  return rows;
}

TEST(cohorts, are_what_a_map_of_maps_says) {
  draws draw(3);
  const std::pair<const char*, int> periods[] = {{"month", 1}, {"quarter", 3}, {"year", 12}};
  for (int i = 0; i < 90; ++i) {
    const std::vector<order_row> rows = random_rows(draw, false);
    stats::order_history from;
    push(from, rows, true);
    const auto [period, months] = periods[i % 3];
    expect_as_naive(from, rows, period, months);
    expect_reconciled(finished_of(from, {{"period", period}}));
  }
}

TEST(cohorts, reconcile_with_the_summary_and_no_order_or_split_or_thread_changes_a_bit) {
  draws draw(4);
  for (int i = 0; i < 60; ++i) {
    const std::vector<order_row> rows = random_rows(draw, true);
    const auto from = shuffled(rows, draw.below(1000000));
    const std::vector<option> with{{"until", "2024-06-30"}, {"period", i % 2 == 0 ? "month" : "45"}};
    const result made = finished_of(from, with);
    expect_reconciled(made);
    summary_options options;
    options.until = parse_date("2024-06-30");
    const summaries all = summarise(from, options);
    std::int64_t amount = 0;
    std::int64_t orders = 0;
    std::int64_t repeat = 0;
    for (std::size_t k = 0; k < all.order_count.size(); ++k) {
      amount += all.total_amount[k];
      orders += all.order_count[k];
      repeat += all.order_count[k] > 1 ? 1 : 0;
    }
    EXPECT_EQ(finished::cells(made, "totals",
                              {"customers", "without_order", "orders", "amount", "unapplied_credit"}),
              texts{std::to_string(all.customer.size()) + " " +
                    std::to_string(all.of(total::without_order).customers) + " " + std::to_string(orders) +
                    " " + std::to_string(amount) + " " +
                    std::to_string(static_cast<std::int64_t>(all.of(total::unapplied_credit).amount))});
    std::int64_t repeated = 0;
    for (const std::int64_t one :
         finished::table_of(made, "cohorts").at("repeat_customers").as<std::int64_t>())
      repeated += one;
    EXPECT_EQ(repeated, repeat);
    run threads;
    threads.threads = 3;
    cohort_options same;
    same.until = options.until;
    same.period = with[1].value;
    const std::vector<table> other =
        to_tables(cohorts_of(shuffled(rows, draw.below(1000000)), same, threads), 0.95);
    for (std::size_t k = 0; k < other.size(); ++k)
      EXPECT_EQ(made.tables[k], other[k]);
  }
}

TEST(cohorts, all_of_cdnow_is_one_quarter_and_its_money_is_there_to_the_cent) {
  const auto rows = cdnow_orders("cdnow.csv");
  if (!rows)
    GTEST_SKIP() << "no cdnow.csv in EMPTOR_DATA_DIR: the cohorts of CDNOW are not tested";
  stats::order_history from;
  push(from, *rows, true);
  const result made = finished_of(from, {{"period", "quarter"}});
  EXPECT_EQ(finished::cells(made, "cohorts", {"cohort", "customers", "orders", "amount"}),
            texts{"1997-01-01 23570 67591 250031563"});
  expect_reconciled(made);
  expect_as_naive(from, *rows, "month", 1);
}

// --- rules --------------------------------------------------------------------------------------------------------------

TEST(cohorts, a_period_that_is_not_over_is_told_and_counts_in_no_curve) {
  const auto from = history_of({{"a", "2024-01-31", 100}, {"a", "2024-02-29", 50}, {"b", "2024-02-01", 70}});
  EXPECT_EQ(finished::cells(finished_of(from), "cells", {"cohort", "age", "complete", "active"}),
            (texts{"2024-01-01 0 true 1", "2024-01-01 1 true 1", "2024-02-01 0 true 1"}));
  const result before = finished_of(from, {{"until", "2024-02-28"}});
  EXPECT_EQ(finished::cells(before, "cells", {"cohort", "age", "complete", "active"}),
            (texts{"2024-01-01 0 true 1", "2024-01-01 1 false 0", "2024-02-01 0 false 1"}));
  EXPECT_EQ(finished::cells(before, "ages", {"age", "cohorts", "customers", "active"}), texts{"0 1 1 1"});
  EXPECT_EQ(finished::cells(before, "totals", {"amount", "later_amount"}), texts{"170 50"});
}

TEST(cohorts, credit_of_a_later_period_lowers_the_order_that_it_takes_from) {
  // The credit note of March takes all of February's order, which then is none: nobody was active.
  const auto from = history_of({{"a", "2024-01-05", 100}, {"a", "2024-02-05", 40}, {"a", "2024-03-05", -40}});
  EXPECT_EQ(
      finished::cells(finished_of(from), "cells", {"age", "active", "orders", "amount", "repeat_customers"}),
      (texts{"0 1 1 100 0", "1 0 0 0 0", "2 0 0 0 0"}));
}

TEST(cohorts, nobody_one_and_those_without_an_order) {
  const result none = finished_of(stats::order_history());
  EXPECT_EQ(finished::table_of(none, "cells").rows(), 0);
  EXPECT_EQ(finished::table_of(none, "periods").rows(), 0);
  EXPECT_EQ(finished::cells(none, "totals", {"customers", "amount"}), texts{"0 0"});
  const auto from = history_of({{"a", "2024-01-05", 0},
                                {"b", "2024-01-05", -3},
                                {"c", "2024-01-06", 5, "D"},
                                {"c", "2024-01-07", {}, "E", "D"}});
  EXPECT_EQ(finished::cells(
                finished_of(from), "totals",
                {"customers", "without_order", "orders", "amount", "unapplied_credit", "cancelled_amount"}),
            texts{"1 2 1 0 3 5"});
  EXPECT_EQ(finished::cells(finished_of(from, {}, std::vector<std::string>{"b"}), "totals",
                            {"customers", "without_order"}),
            texts{"0 1"});
}

TEST(cohorts, an_interval_is_wilsons) {
  // 1 of 2 at z = 1.959964: (0.25 + z^2 / 4) / (1 + z^2 / 2) about the middle, by hand 0.0945312 and 0.9054688.
  const auto from = history_of({{"a", "2024-01-05", 1}, {"b", "2024-01-05", 1}, {"b", "2024-02-29", 1}});
  const result made = finished_of(from);
  EXPECT_NEAR(finished::table_of(made, "cells").at("low").as<double>()[1], 0.0945312, 1e-7);
  EXPECT_NEAR(finished::table_of(made, "cells").at("high").as<double>()[1], 0.9054688, 1e-7);
  EXPECT_NEAR(finished::table_of(made, "cohorts").at("low").as<double>()[0], 0.0945312, 1e-7);
}

TEST(cohorts, what_makes_no_sense_is_refused) {
  const auto from = history_of({{"a", "2024-01-05", 100}, {"b", "2024-01-06", -5}});
  const auto refused = [&](std::vector<option> with) {
    std::string what;
    EXPECT_NE(code_of([&] { return finished_of(from, with); }, &what), status::ok);
    return what;
  };
  EXPECT_EQ(refused({{"period", "fortnight"}}), "value.cohorts: option period is fortnight, but must be "
                                                "month, quarter, year, or a number of days from 1 "
                                                "to 36525");
  refused({{"period", "0"}});
  refused({{"confidence", "1"}});
  EXPECT_EQ(refused({{"negative", "refuse"}}), "value.cohorts: customer b has an amount below 0 on "
                                               "2024-01-06, but must have none with negative=refuse");
  const auto long_ago = [] {
    stats::order_history made;
    std::vector<order_row> rows;
    for (int i = 0; i < 30; ++i)
      rows.push_back({"c" + std::to_string(i), "0001-01-" + std::to_string(10 + i % 20), 1});
    rows.push_back({"z", "9999-12-31", 1});
    push(made, rows, true);
    return made;
  }();
  std::string what;
  EXPECT_EQ(code_of([&] { return finished_of(long_ago, {{"period", "1"}}); }, &what), status::option);
  EXPECT_EQ(
      what,
      "value.cohorts: option period cuts the history into 73040811 cells, but must leave 2000000 at most");
  EXPECT_EQ(finished::table_of(finished_of(long_ago, {{"period", "year"}}), "cells").rows(), 10000);
}

TEST(cohorts, begin_on_a_day_that_can_be_written) {
  const auto from = history_of({{"a", "0001-05-05", 100}, {"b", "2024-06-30", 100}});
  const result made = finished_of(from, {{"period", "36525"}});
  EXPECT_EQ(finished::cells(made, "cohorts", {"cohort", "customers"}).front(), "0000-01-01 1");
  EXPECT_EQ(finished::cells(made, "cells", {"cohort", "period", "age"}).front(), "0000-01-01 0000-01-01 0");
  EXPECT_EQ(finished::cells(made, "periods", {"period"}).front(), "0000-01-01");
}

TEST(cohorts, can_be_cancelled) {
  const auto from = history_of({{"a", "2024-01-05", 100}});
  const std::atomic<int> cancel{1};
  run how;
  how.cancel = &cancel;
  EXPECT_EQ(code_of([&] { return cohorts_of(from, {}, how); }), status::cancelled);
}

} // namespace
} // namespace emptor::test::cohorts_test
