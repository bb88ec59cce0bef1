// SPDX-License-Identifier: BSL-1.0
#include <gtest/gtest.h>

#include <algorithm>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <emptor/stats/customer_totals.hpp>

#include "stats/orders.hpp"
#include "support/refusal.hpp"

namespace customer_totals_test {
namespace {

using namespace emptor;
using emptor::stats::customer_totals;
using emptor::stats::customer_totals_options;
using emptor::stats::order_history;
using emptor::stats::total_customers;
using emptor::test::draws;
using emptor::test::history_of;
using emptor::test::order_row;
using emptor::test::push;

date day(std::string_view text) {
  return parse_date(text).value();
}

/// One line a customer and one of totals, so that a difference shows.
std::vector<std::string> shown(const order_history& from, const customer_totals& found) {
  std::vector<std::string> lines;
  for (std::size_t i = 0; i < found.size(); ++i)
    lines.push_back(std::string(from.customers()[found.customer[i]]) + " " + std::to_string(found.orders[i]) +
                    " " + decimal_text(found.amount[i], 2) + " " + decimal_text(found.unapplied[i], 2) + " " +
                    to_string(date_from_days(found.first[i])) + " " +
                    to_string(date_from_days(found.last[i])));
  for (std::size_t i = 0; i < found.without_order.size(); ++i)
    lines.push_back("no order: " + std::string(from.customers()[found.without_order[i]]) + " " +
                    decimal_text(found.without_order_unapplied[i], 2));
  for (const stats::line_total* one :
       {&found.counted, &found.later, &found.cancelled, &found.ordered, &found.credit_notes})
    lines.push_back(std::to_string(one->lines) + " " + decimal_text(one->amount, 2));
  lines.push_back(std::to_string(found.cancellations) + " " + std::to_string(found.open_cancellations) + " " +
                  std::to_string(found.in_other_currencies) + " " + decimal_text(found.unapplied_credit, 2) +
                  " " + decimal_text(found.earlier, 2));
  return lines;
}

/// Every customer netted in full.
customer_totals by_netting(const order_history& from, const customer_totals_options& options) {
  customer_totals made;
  made.until = options.until.value_or(stats::last_day_of(from).value_or(date{}));
  stats::lines_by_customer lines = stats::by_customer(from, options.currency, std::nullopt, "test", {});
  stats::order_netting netting(from, {options.same_day, options.negative});
  made.counted = lines.all;
  made.in_other_currencies = lines.in_other_currencies;
  for (std::int64_t part = 0; part < lines.parts(); ++part) {
    lines.for_each_customer(part, [&](std::size_t place, std::span<stats::order_line> of_customer) {
      const std::int32_t first =
          options.from ? days_since_epoch(*options.from) : std::numeric_limits<std::int32_t>::min();
      const auto in_days = std::count_if(of_customer.begin(), of_customer.end(), [&](const auto& line) {
        return first <= line.day && line.day <= days_since_epoch(made.until);
      });
      const std::uint32_t customer = lines.customers[place];
      const stats::net_history& net = netting.net(of_customer, days_since_epoch(made.until), customer);
      std::vector<stats::net_order> left;
      for (const stats::net_order& order : net.left) {
        if (order.day < first)
          made.earlier += order.amount;
        else
          left.push_back(order);
      }
      made.later.add(net.later);
      made.cancelled.add(net.cancelled);
      made.ordered.add(net.orders);
      made.credit_notes.add(net.credit_notes);
      made.cancellations += net.cancellations;
      made.open_cancellations += net.open_cancellations;
      made.unapplied_credit += net.unapplied_credit;
      if (left.empty()) {
        if (in_days > 0 || net.unapplied_credit > 0) {
          made.without_order.push_back(customer);
          made.without_order_unapplied.push_back(net.unapplied_credit);
        }
        return;
      }
      made.customer.push_back(customer);
      made.orders.push_back(static_cast<std::int64_t>(left.size()));
      std::int64_t amount = 0;
      for (const stats::net_order& order : left)
        amount += order.amount;
      made.amount.push_back(amount);
      made.unapplied.push_back(net.unapplied_credit);
      made.first.push_back(left.front().day);
      made.last.push_back(left.back().day);
    });
  }
  return made;
}

void expect_reconciled(const customer_totals& found) {
  EXPECT_EQ(found.counted.lines, found.later.lines + found.cancelled.lines + found.cancellations +
                                     found.ordered.lines + found.credit_notes.lines);
  EXPECT_TRUE(found.counted.amount ==
              found.later.amount + found.cancelled.amount + found.ordered.amount + found.credit_notes.amount);
  EXPECT_TRUE(found.ordered.amount + found.credit_notes.amount ==
              found.earlier + found.total() - found.unapplied_credit);
}

/// Orders of a few or many customers, with credit notes and cancellations where `odd` says so.
std::vector<order_row> some_orders(draws& draw, std::size_t rows, std::uint64_t customers, std::uint64_t days,
                                   bool odd, bool documents) {
  std::vector<order_row> made;
  for (std::size_t i = 0; i < rows; ++i) {
    const std::uint64_t who = draw.below(customers);
    order_row row{(who % 3 == 0   ? "c"
                   : who % 3 == 1 ? ""
                                  : "customer-with-a-long-name-") +
                      std::to_string(who),
                  to_string(date_from_days(18000 + static_cast<std::int32_t>(draw.below(days)))),
                  static_cast<std::int64_t>(draw.below(4) == 0 ? 0 : draw.below(9999))};
    if (documents && draw.below(2) == 0)
      row.document = "D" + std::to_string(i);
    if (odd && who % 2 == 0 && draw.below(5) == 0)
      row.cents = -static_cast<std::int64_t>(draw.below(20000));
    if (odd && who % 2 == 0 && documents && draw.below(8) == 0) {
      row.cents = draw.below(2) == 0 ? 0 : -static_cast<std::int64_t>(draw.below(9000));
      row.cancels = "D" + std::to_string(draw.below(rows));
    }
    made.push_back(row);
  }
  return made;
}

TEST(customer_totals, are_what_netting_every_customer_gives_whatever_the_rules) {
  draws draw(7);
  for (std::size_t round = 0; round < 240; ++round) {
    const bool many_days = round % 3 == 0; // else a bit for each customer and day
    const std::vector<order_row> rows =
        some_orders(draw, 1 + draw.below(400), 1 + draw.below(round % 5 == 0 ? 300 : 12),
                    many_days ? 60000 : 1 + draw.below(60), round % 2 == 0, round % 4 < 2);
    order_history all;
    push(all, rows, true);
    customer_totals_options options;
    options.same_day = draw.below(2) == 0 ? stats::same_day::merge : stats::same_day::keep;
    options.negative = draw.below(2) == 0 ? stats::negative::net : stats::negative::keep;
    if (draw.below(2) == 0)
      options.until = date_from_days(18000 + static_cast<std::int32_t>(draw.below(many_days ? 60000 : 60)));
    if (draw.below(3) == 0)
      options.from = date_from_days(
          std::min(18000 + static_cast<std::int32_t>(draw.below(30)),
                   days_since_epoch(options.until.value_or(stats::last_day_of(all).value_or(date{})))));
    const customer_totals found = total_customers(all, options);
    expect_reconciled(found);
    const std::vector<std::string> expected = shown(all, by_netting(all, options));
    ASSERT_EQ(shown(all, found), expected) << round;
    run four;
    four.threads = 4;
    EXPECT_EQ(shown(all, total_customers(all, options, four)), expected);
    const order_history other = emptor::test::shuffled(rows, round);
    EXPECT_EQ(shown(other, total_customers(other, options)), expected) << "in any order and split";
  }
}

TEST(customer_totals, of_many_parts_are_the_same) {
  draws draw(11);
  const std::vector<order_row> rows = some_orders(draw, 60000, 9000, 700, true, false);
  order_history all;
  push(all, rows, true);
  EXPECT_EQ(shown(all, total_customers(all)), shown(all, by_netting(all, {})));
  customer_totals_options some;
  some.until = date_from_days(18300);
  some.same_day = stats::same_day::keep;
  EXPECT_EQ(shown(all, total_customers(all, some)), shown(all, by_netting(all, some)));
}

TEST(customer_totals, amounts_too_large_for_a_packed_line_are_netted_and_exact) {
  constexpr std::int64_t huge = std::numeric_limits<std::int64_t>::max();
  const order_history all = history_of({{"a", "2024-01-01", huge - 5},
                                        {"a", "2024-01-02", 5},
                                        {"b", "1900-01-01", 7},
                                        {"c", "2100-01-01", std::int64_t{1} << 46},
                                        {"c", "2100-01-01", std::int64_t{1} << 45}});
  const customer_totals found = total_customers(all);
  EXPECT_EQ(found.amount, (std::vector<std::int64_t>{huge, 7, std::int64_t{3} << 45}));
  EXPECT_EQ(found.orders, (std::vector<std::int64_t>{2, 1, 1}));
  EXPECT_EQ(shown(all, found), shown(all, by_netting(all, {})));
  expect_reconciled(found);
}

TEST(customer_totals, sums_that_do_not_fit_name_the_first_customer_in_any_order) {
  constexpr std::int64_t half = std::int64_t{1} << 62;
  std::vector<order_row> rows;
  for (const char* who : {"b", "a", "c"})
    rows.insert(rows.end(), {{who, "2024-01-01", half}, {who, "2024-01-01", half}});
  for (std::uint64_t seed = 0; seed < 4; ++seed) {
    const order_history all = emptor::test::shuffled(rows, seed);
    try {
      (void)total_customers(all, {}, {}, std::nullopt, "value.rfm");
      FAIL();
    } catch (const error& refused) {
      EXPECT_EQ(refused.code(), status::overflow);
      EXPECT_STREQ(refused.what(), "value.rfm: the amounts of customer a do not fit 64 bits");
    }
  }
  // All customers together may be more.
  const customer_totals found =
      total_customers(history_of({{"a", "2024-01-01", half}, {"b", "2024-01-01", half}}));
  EXPECT_TRUE(found.total() == wide_integer{half} * 2);
}

TEST(customer_totals, small_lines_that_overflow_together_are_refused) {
  // Each fits a packed line, their sum does not fit 64 bits: 2^56 - 1 two hundred times.
  order_history all;
  std::vector<order_row> rows(200, {"a", "2024-01-01", (std::int64_t{1} << 56) - 1});
  rows.push_back({"b", "2024-01-01", 1});
  push(all, rows, true);
  EXPECT_EQ(emptor::test::code_of([&] { return total_customers(all); }), status::overflow);
}

TEST(customer_totals, of_nothing_of_one_and_of_some_keys) {
  const customer_totals none = total_customers(order_history());
  EXPECT_EQ(none.size(), 0U);
  EXPECT_EQ(none.counted.lines, 0);
  const order_history all =
      history_of({{"b", "2024-01-01", 100}, {"a", "2024-01-02", 70}, {"c", "2024-01-03", 1}});
  EXPECT_EQ(
      shown(all, total_customers(all, {}, {}, std::vector<std::string>{"c", "nobody", "a"})),
      (std::vector<std::string>{"a 1 0.70 0.00 2024-01-02 2024-01-02", "c 1 0.01 0.00 2024-01-03 2024-01-03",
                                "2 0.71", "0 0.00", "0 0.00", "2 0.71", "0 0.00", "0 0 0 0.00 0.00"}));
  EXPECT_EQ(total_customers(all, {.until = day("2023-12-31")}).size(), 0U);
  EXPECT_EQ(total_customers(all, {.from = day("2024-01-04")}).size(), 0U) << "later than every line";
  EXPECT_EQ(emptor::test::code_of(
                [&] { (void)total_customers(all, {.from = day("2024-01-04"), .until = day("2024-01-03")}); }),
            status::option);
}

TEST(customer_totals, of_one_currency_and_of_corrected_documents) {
  order_history all;
  push(all,
       {{"a", "2024-01-01", 100, "D1"},
        {"a", "2024-01-05", 50, "D2", "", 0, "", "EUR"},
        {"b", "2024-01-02", 30, "D3", "", 0, "", "EUR"}},
       true);
  EXPECT_EQ(emptor::test::code_of([&] { return total_customers(all); }), status::currency);
  customer_totals_options euro;
  euro.currency = currency("EUR");
  const customer_totals found = total_customers(all, euro);
  EXPECT_EQ(found.amount, (std::vector<std::int64_t>{50, 30}));
  EXPECT_EQ(found.in_other_currencies, 1);
  EXPECT_EQ(found.currency, currency("EUR"));
  push(all, {{"b", "2024-01-02", 90, "D3", "", 1, "", "EUR"}}, true);
  EXPECT_EQ(total_customers(all, euro).amount, (std::vector<std::int64_t>{50, 90}));
  // What came twice with different contents is not guessed.
  push(all, {{"b", "2024-01-02", 91, "D3", "", 1, "", "EUR"}});
  EXPECT_EQ(emptor::test::code_of([&] { return total_customers(all, euro); }), status::conflict);
}

TEST(customer_totals, negative_amounts_can_be_refused) {
  const order_history all = history_of({{"a", "2024-01-01", 100}, {"b", "2024-01-02", -1}});
  customer_totals_options options;
  options.negative = stats::negative::refuse;
  EXPECT_EQ(emptor::test::code_of([&] { return total_customers(all, options); }), status::data);
  options.negative = stats::negative::keep;
  EXPECT_EQ(total_customers(all, options).amount, (std::vector<std::int64_t>{100, -1}));
}

TEST(customer_totals, of_cdnow_add_up_to_the_cent) {
  const auto rows = emptor::test::cdnow_orders("cdnow.csv");
  if (!rows)
    GTEST_SKIP() << "cdnow.csv is not there";
  order_history all;
  push(all, *rows, true);
  const customer_totals found = total_customers(all);
  std::map<std::string, std::pair<std::set<std::string>, std::int64_t>> expected;
  for (const order_row& row : *rows) {
    expected[row.customer].first.insert(row.day);
    expected[row.customer].second += *row.cents;
  }
  ASSERT_EQ(found.size(), 23570U);
  EXPECT_TRUE(found.total() == 250031563);
  std::int64_t orders = 0;
  std::size_t at = 0;
  for (const auto& [customer, of] : expected) {
    EXPECT_EQ(all.customers()[found.customer[at]], customer);
    EXPECT_EQ(found.orders[at], static_cast<std::int64_t>(of.first.size()));
    EXPECT_EQ(found.amount[at], of.second);
    EXPECT_EQ(to_string(date_from_days(found.first[at])), *of.first.begin());
    EXPECT_EQ(to_string(date_from_days(found.last[at])), *of.first.rbegin());
    orders += found.orders[at++];
  }
  EXPECT_EQ(orders, 67591);
}

} // namespace
} // namespace customer_totals_test
