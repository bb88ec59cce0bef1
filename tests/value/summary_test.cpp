// SPDX-License-Identifier: BSL-1.0
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <map>
#include <set>

#include <emptor/value/summary_entry.hpp>

#include "stats/orders.hpp"
#include "support/refusal.hpp"

namespace summary_test {
namespace {

using namespace emptor;
using emptor::stats::order_history;
using emptor::test::code_of;
using emptor::test::draws;
using emptor::test::history_of;
using emptor::test::order_row;
using emptor::test::push;
using emptor::value::summaries;
using emptor::value::summarise;
using emptor::value::summary_options;
using emptor::value::total;

date day(std::string_view text) {
  return parse_date(text).value();
}

/// One customer: order days, total, unapplied credit.
void expect_one(const summaries& found, std::int64_t orders, std::string_view first, std::string_view last,
                std::int64_t amount, std::int64_t unapplied) {
  ASSERT_EQ(found.customer.size(), 1);
  EXPECT_EQ(found.order_count[0], orders);
  EXPECT_EQ(to_string(date_from_days(found.first_order[0])), first);
  EXPECT_EQ(to_string(date_from_days(found.last_order[0])), last);
  EXPECT_EQ(found.total_amount[0], amount);
  EXPECT_EQ(found.unapplied_credit[0], unapplied);
}

void expect_reconciled(const summaries& found) {
  const auto lines = [&](total which) { return found.of(which).lines; };
  const auto amount = [&](total which) { return found.of(which).amount; };
  EXPECT_EQ(lines(total::pushed), lines(total::later) + lines(total::cancelled) +
                                      lines(total::cancellations) + lines(total::orders) +
                                      lines(total::credit_notes));
  EXPECT_TRUE(amount(total::pushed) == amount(total::later) + amount(total::cancelled) +
                                           amount(total::orders) + amount(total::credit_notes));
  EXPECT_TRUE(amount(total::orders) + amount(total::credit_notes) ==
              amount(total::summary) - amount(total::unapplied_credit));
  // Every customer's unapplied credit is in a table by customer.
  wide_integer unapplied = 0;
  for (const std::int64_t credit : found.unapplied_credit)
    unapplied += credit;
  for (const std::int64_t credit : found.credit_only_amount)
    unapplied += credit;
  EXPECT_TRUE(amount(total::unapplied_credit) == unapplied);
}

TEST(summary, an_until_that_lies_far_behind_all_other_lines_is_warned_of) {
  const std::vector<order_row> orders{{"a", "2024-01-01", 100, "D1"},
                                      {"b", "2024-12-31", 100, "D2"},
                                      {"a", "2025-06-30", 100, "D3"},
                                      {"a", "2099-12-31", 100, "D4"},
                                      {"b", "2052-03-01", 100, "D5"}};
  const auto store_of = [&](std::span<const order_row> rows) {
    order_history made;
    push(made, rows, true);
    return made;
  };
  const order_history all = store_of(orders);
  const summaries found = summarise(all);
  ASSERT_TRUE(found.far);
  EXPECT_EQ(to_string(found.far->last_before), "2025-06-30");
  EXPECT_EQ(to_string(found.far->first), "2052-03-01") << "of several silences the first";
  EXPECT_EQ(found.far->lines, 2);
  const std::vector<table> tables = to_tables(found);
  ASSERT_EQ(tables.back().name(), "warnings");
  EXPECT_EQ(tables.back().at("warning").levels().at(0), "far_until");
  EXPECT_EQ(
      tables.back().at("text").text()[0],
      "until is 2099-12-31, the day of the latest line, but 2 lines are dated 9741 days and more after all "
      "others, which end on 2025-06-30; if that is wrong, every age is too long: set until, or correct the "
      "dates");
  for (std::uint64_t seed = 0; seed < 8; ++seed)
    EXPECT_EQ(to_tables(summarise(emptor::test::shuffled(orders, seed))), tables) << "in any order and split";

  const auto up_to = [](std::string_view last) {
    summary_options options;
    options.until = day(last);
    return options;
  };
  // Nothing to say: until is set, nothing is far, or what is far is the greater part.
  EXPECT_FALSE(summarise(all, up_to("2099-12-31")).far);
  EXPECT_EQ(to_tables(summarise(all, up_to("2025-12-31"))).back().rows(), 0);
  EXPECT_FALSE(summarise(store_of(std::span(orders).first(3))).far);
  const order_row early{"c", "1925-01-01", 100, "D6"};
  EXPECT_FALSE(summarise(store_of(std::vector<order_row>{early, orders[0], orders[1]})).far);
  EXPECT_EQ(summarise(store_of(std::vector<order_row>{early, orders[0], orders[1], orders[3]})).far->lines,
            1);
  EXPECT_FALSE(summarise(order_history()).far);
  EXPECT_FALSE(summarise(history_of({{"a", "2024-01-01", 1, "D1"}, {"a", "2025-01-01", 1, "D2"}})).far)
      << "366 days are a year";
  EXPECT_FALSE(summarise(history_of({{"a", "2024-01-01", 1, "D1"}, {"a", "2025-01-02", 1, "D2"}})).far)
      << "of two lines nobody knows which is wrong";
  // What a cancelled revision said is no line.
  order_history corrected = store_of(orders);
  push(corrected, {{"a", "2025-07-01", 100, "D4", "", 1}, {"b", "2025-07-02", 100, "D5", "", 1}}, true);
  EXPECT_FALSE(summarise(corrected).far);
}

TEST(summary, a_credit_note_takes_from_the_document_it_names) {
  expect_one(summarise(history_of({{"a", "2024-01-01", 100, "D1"},
                                   {"a", "2024-01-05", 100, "D2"},
                                   {"a", "2024-01-09", -100, "C1", "D1"}})),
             1, "2024-01-05", "2024-01-05", 100, 0);
}

TEST(summary, a_credit_note_without_a_document_takes_from_the_latest_day_then_the_one_before) {
  expect_one(summarise(history_of({{"a", "2024-01-01", 100},
                                   {"a", "2024-01-05", 70},
                                   {"a", "2024-01-09", -90},
                                   {"a", "2024-01-12", 40}})),
             2, "2024-01-01", "2024-01-12", 120, 0);
}

TEST(summary, a_credit_note_takes_from_its_own_day_and_never_from_a_later_one) {
  expect_one(
      summarise(history_of({{"a", "2024-01-05", 70}, {"a", "2024-01-05", -30}, {"a", "2024-01-06", 1}})), 2,
      "2024-01-05", "2024-01-06", 41, 0);
  expect_one(summarise(history_of({{"a", "2024-01-05", 70}, {"a", "2024-01-04", -30}})), 1, "2024-01-05",
             "2024-01-05", 70, 30);
}

TEST(summary, a_credit_note_for_a_document_nobody_knows_goes_by_day) {
  expect_one(summarise(history_of({{"a", "2024-01-01", 100, "D1"}, {"a", "2024-01-09", -30, "C1", "D7"}})), 1,
             "2024-01-01", "2024-01-01", 70, 0);
}

TEST(summary, a_credit_note_may_come_before_the_document_it_names) {
  expect_one(summarise(history_of({{"a", "2024-01-01", 100, "D1"},
                                   {"a", "2024-01-02", -30, "C1", "D2"},
                                   {"a", "2024-01-05", 50, "D2"}})),
             2, "2024-01-01", "2024-01-05", 120, 0);
}

TEST(summary, a_credit_note_for_a_cancelled_document_takes_from_no_other_order) {
  for (const char* cancelled_on : {"2024-01-04", "2024-01-09"}) { // before the credit note, and after it
    const summaries found = summarise(history_of({{"a", "2024-01-01", 100, "D1"},
                                                  {"a", "2024-01-02", 70, "D2"},
                                                  {"a", "2024-01-05", -30, "C1", "D2"},
                                                  {"a", "2024-01-06", -10, "C2"},
                                                  {"a", cancelled_on, std::nullopt, "K1", "D2"}}));
    expect_one(found, 1, "2024-01-01", "2024-01-01", 90, 30);
    EXPECT_TRUE(found.of(total::cancelled).amount == 70);
    expect_reconciled(found);
  }
}

TEST(summary, what_a_document_cannot_bear_goes_on_by_day) {
  expect_one(summarise(history_of({{"a", "2024-01-01", 100, "D1"},
                                   {"a", "2024-01-05", 20, "D2"},
                                   {"a", "2024-01-09", -110, "C1", "D1"}})),
             1, "2024-01-05", "2024-01-05", 10, 0);
}

TEST(summary, unapplied_credit_is_not_lost) {
  const summaries found = summarise(history_of({{"a", "2024-01-01", 100},
                                                {"a", "2024-01-09", -130},
                                                {"b", "2024-01-02", 50},
                                                {"b", "2024-01-01", -7},
                                                {"c", "2024-01-03", -4},
                                                {"d", "2024-01-03", 9},
                                                {"d", "2024-01-04", -9}}));
  expect_one(found, 1, "2024-01-02", "2024-01-02", 50, 7);
  EXPECT_EQ(found.of(total::without_order).customers, 3);
  ASSERT_EQ(found.without_order.size(), 3);
  for (const std::int64_t i : {0, 1, 2})
    EXPECT_EQ(found.without_order[i], std::string_view("acd").substr(static_cast<std::size_t>(i), 1));
  EXPECT_EQ(found.of(total::unapplied_credit).customers, 3);
  EXPECT_TRUE(found.of(total::unapplied_credit).amount == 41);
  expect_reconciled(found);
  const std::vector<table> tables = to_tables(found);
  const table& unapplied = tables.at(2);
  EXPECT_EQ(unapplied.name(), "unapplied");
  ASSERT_EQ(unapplied.rows(), 2);
  EXPECT_EQ(unapplied.at("customer").text()[0], "a");
  EXPECT_EQ(unapplied.at("customer").text()[1], "c");
  EXPECT_EQ(unapplied.at("unapplied_credit").as<std::int64_t>(), (std::vector<std::int64_t>{30, 4}));
}

TEST(summary, an_order_of_amount_0_is_an_order_unless_credit_notes_made_it_so) {
  expect_one(
      summarise(history_of({{"a", "2024-01-01", 0}, {"a", "2024-01-02", 10}, {"a", "2024-01-02", -10}})), 1,
      "2024-01-01", "2024-01-01", 0, 0);
}

TEST(summary, a_discount_line_belongs_to_its_document) {
  expect_one(summarise(history_of({{"a", "2024-01-01", 50, "D1"},
                                   {"a", "2024-01-05", 100, "D2", "", 0, "1"},
                                   {"a", "2024-01-05", -100, "D2", "", 0, "2"}})),
             2, "2024-01-01", "2024-01-05", 50, 0);
}

TEST(summary, a_cancellation_removes_its_document_whenever_it_comes) {
  for (const auto& amount : {std::optional<std::int64_t>(), std::optional<std::int64_t>(0)}) {
    order_history store;
    push(store, {{"a", "2024-01-03", amount, "K1", "D2"}}, true);
    push(store, {{"a", "2024-01-01", 100, "D1"}, {"a", "2024-01-02", 70, "D2"}}, true);
    const summaries found = summarise(store);
    expect_one(found, 1, "2024-01-01", "2024-01-01", 100, 0);
    EXPECT_TRUE(found.of(total::cancelled).amount == 70);
    EXPECT_EQ(found.of(total::open_cancellations).lines, 0);
    expect_reconciled(found);
  }
}

TEST(summary, a_cancelled_credit_note_takes_nothing) {
  expect_one(summarise(history_of({{"a", "2024-01-01", 100, "D1"},
                                   {"a", "2024-01-02", -70, "C1", "D1"},
                                   {"a", "2024-01-03", std::nullopt, "K1", "C1"}})),
             1, "2024-01-01", "2024-01-01", 100, 0);
}

TEST(summary, a_cancellation_of_another_customers_document_is_open) {
  const summaries found =
      summarise(history_of({{"a", "2024-01-01", 100, "D1"}, {"b", "2024-01-03", std::nullopt, "K1", "D1"}}));
  expect_one(found, 1, "2024-01-01", "2024-01-01", 100, 0);
  EXPECT_EQ(found.of(total::open_cancellations).lines, 1);
}

TEST(summary, a_higher_revision_takes_a_cancellation_back) {
  order_history store =
      history_of({{"a", "2024-01-01", 100, "D1"}, {"a", "2024-01-03", std::nullopt, "K1", "D1"}});
  EXPECT_EQ(summarise(store).customer.size(), 0);
  push(store, {{"a", "2024-01-03", 5, "K1", "", 1}}, true);
  expect_one(summarise(store), 2, "2024-01-01", "2024-01-03", 105, 0);
}

TEST(summary, later_credit_notes_lower_the_holdout_and_not_the_calibration) {
  summary_options options;
  options.until = day("2024-01-31");
  options.holdout_until = day("2024-02-29");
  const summaries found = summarise(history_of({{"a", "2024-01-01", 100, "D1"},
                                                {"a", "2024-02-02", 50, "D2"},
                                                {"a", "2024-02-03", 40, "D3"},
                                                {"a", "2024-02-05", -30, "C1", "D1"},
                                                {"a", "2024-02-06", -40, "C2", "D3"},
                                                {"a", "2024-03-01", 999, "D4"}}),
                                    options);
  expect_one(found, 1, "2024-01-01", "2024-01-01", 100, 0);
  EXPECT_EQ(found.holdout_frequency.at(0), 1);
  EXPECT_EQ(found.holdout_amount.at(0), 20);
  expect_reconciled(found);
}

TEST(summary, a_later_credit_note_for_an_earlier_order_takes_no_holdout_order) {
  summary_options options;
  options.until = day("2024-01-31");
  options.holdout_until = day("2024-02-29");
  const summaries found = summarise(history_of({{"a", "2024-01-01", 100, "D1"},
                                                {"a", "2024-02-05", 50, "D2"},
                                                {"a", "2024-02-10", -60, "D3", "D1"}}),
                                    options);
  expect_one(found, 1, "2024-01-01", "2024-01-01", 100, 0);
  EXPECT_EQ(found.holdout_frequency.at(0), 1);
  EXPECT_EQ(found.holdout_amount.at(0), -10);
  expect_reconciled(found);
}

TEST(summary, a_later_cancellation_of_an_earlier_order_lowers_the_holdout) {
  summary_options options;
  options.until = day("2024-01-31");
  options.holdout_until = day("2024-02-29");
  const summaries found = summarise(
      history_of({{"a", "2024-01-01", 100, "D1"}, {"a", "2024-02-05", std::nullopt, "K1", "D1"}}), options);
  expect_one(found, 1, "2024-01-01", "2024-01-01", 100, 0);
  EXPECT_EQ(found.holdout_frequency.at(0), 0);
  EXPECT_EQ(found.holdout_amount.at(0), -100);
}

TEST(summary, the_named_alternatives_refuse_and_keep) {
  const order_history store = history_of({{"a", "2024-01-01", 100}, {"a", "2024-01-09", -30}});
  summary_options options;
  options.negative = stats::negative::keep;
  expect_one(summarise(store, options), 2, "2024-01-01", "2024-01-09", 70, 0);
  options.negative = stats::negative::refuse;
  std::string text;
  EXPECT_EQ(code_of([&] { return summarise(store, options); }, &text), status::data);
  EXPECT_NE(text.find("customer a has an amount below 0 on 2024-01-09"), std::string::npos) << text;
}

TEST(summary, same_day_orders_merge_or_stay) {
  const order_history store =
      history_of({{"a", "2024-01-01", 100, "D1"}, {"a", "2024-01-01", 50, "D2"}, {"a", "2024-01-03", 30}});
  expect_one(summarise(store), 2, "2024-01-01", "2024-01-03", 180, 0);
  summary_options options;
  options.same_day = stats::same_day::keep;
  const summaries kept = summarise(store, options);
  expect_one(kept, 3, "2024-01-01", "2024-01-03", 180, 0);
  EXPECT_DOUBLE_EQ(kept.monetary_value[0], 0.40);
}

TEST(summary, time_units) {
  const order_history store = history_of({{"a", "2024-01-01", 100}, {"a", "2024-01-15", 50}});
  summary_options options;
  options.until = day("2024-01-31");
  const std::pair<time_unit, double> units[] = {{time_unit::day, 1.0},
                                                {time_unit::week, 7.0},
                                                {time_unit::month, 30.436875},
                                                {time_unit::year, 365.2425}};
  for (const auto& [unit, days] : units) {
    options.unit = unit;
    const summaries found = summarise(store, options);
    EXPECT_EQ(found.recency[0], 14 / days);
    EXPECT_EQ(found.age[0], 30 / days);
    EXPECT_EQ(found.monetary_value[0], 0.5);
  }
}

TEST(summary, refusals) {
  std::string text;
  order_history torn = history_of({{"a", "2024-01-01", 100, "D1"}, {"b", "2024-01-01", 100, "D2"}});
  push(torn, {{"a", "2024-01-01", 101, "D1"}});
  EXPECT_EQ(code_of([&] { return summarise(torn); }, &text), status::conflict);
  EXPECT_NE(text.find("document D1"), std::string::npos) << text;
  const std::vector<std::string> only_b{"b"};
  EXPECT_EQ(summarise(torn, {}, {}, only_b).customer.size(), 1) << "b has no part in it";

  const order_history mixed = history_of(
      {{"a", "2024-01-01", 100, "D1", "", 0, "", "EUR"}, {"b", "2024-01-01", 100, "D2", "", 0, "", "JPY"}});
  EXPECT_EQ(code_of([&] { return summarise(mixed); }, &text), status::currency);
  EXPECT_NE(text.find("customer b, document D2 is in JPY"), std::string::npos) << text;
  summary_options options;
  options.currency = currency("JPY");
  const summaries yen = summarise(mixed, options);
  expect_one(yen, 1, "2024-01-01", "2024-01-01", 100, 0);
  EXPECT_EQ(yen.decimals, 0);
  EXPECT_EQ(yen.of(total::other_currencies).lines, 1);

  // Both where the default currency is named and is one of those in the rows, and where it is not.
  const std::vector<option> named{{"default_currency", "EUR"}};
  const order_history other = history_of({{"a", "2024-01-01", 100, "D1"},
                                          {"a", "2024-01-02", 50, "D2", "", 0, "", "EUR"},
                                          {"b", "2024-01-01", 7, "D3", "", 0, "", "JPY"}},
                                         named);
  EXPECT_EQ(code_of([&] { return summarise(other); }, &text), status::currency);
  EXPECT_NE(text.find("customer b, document D3 is in JPY, but others are in EUR"), std::string::npos) << text;
  options.currency = currency("EUR");
  const summaries euro = summarise(other, options);
  expect_one(euro, 2, "2024-01-01", "2024-01-02", 150, 0);
  EXPECT_EQ(euro.decimals, 2);
  EXPECT_EQ(euro.of(total::other_currencies).lines, 1);
  options.currency = currency("USD");
  EXPECT_EQ(code_of([&] { return summarise(other, options); }, &text), status::unknown_name);
  EXPECT_EQ(text, "value.summary: there is no currency USD; there is EUR, JPY");
  EXPECT_EQ(code_of([&] { return summarise(other, options, {}, only_b); }), status::unknown_name);
  options.currency = currency("JPY");
  const std::vector<std::string> only_a{"a"};
  EXPECT_EQ(summarise(other, options, {}, only_a).of(total::other_currencies).lines, 2) << "others have some";
  EXPECT_EQ(summarise(order_history(), options).customer.size(), 0)
      << "without a line there is nothing wrong";
  const order_history unnamed = history_of({{"a", "2024-01-01", 100, "D1"}});
  EXPECT_EQ(code_of([&] { return summarise(unnamed, options); }, &text), status::unknown_name);
  EXPECT_EQ(
      text,
      "value.summary: there is no currency JPY; there is none that is named (default_currency names it)");
  const order_history unmixed = history_of({{"a", "2024-01-01", 100, "D1"}}, named);
  options.currency = currency("EUR");
  expect_one(summarise(unmixed, options), 1, "2024-01-01", "2024-01-01", 100, 0);
  EXPECT_EQ(summarise(unmixed).currency, currency("EUR"));

  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(code_of(
                [&] {
                  return summarise(history_of({{"a", "2024-01-01", most}, {"a", "2024-01-02", 1}}));
                },
                &text),
            status::overflow);
  EXPECT_NE(text.find("customer a"), std::string::npos) << text;
  EXPECT_EQ(code_of([&] {
              static_cast<void>(
                  to_tables(summarise(history_of({{"a", "2024-01-01", most}, {"b", "2024-01-02", 1}}))));
            }),
            status::overflow);
  options = {};
  options.until = options.holdout_until = day("2024-01-01");
  EXPECT_EQ(code_of([&] { return summarise(torn, options); }), status::option);
  EXPECT_EQ(to_tables(summarise(order_history())).at(0).rows(), 0);
}

// --- the rules once more, slowly ---------------------------------------------------------------------------

struct slow_order {
  std::int64_t amount = 0;
  bool touched = false;
};
struct slow_result {
  std::map<std::string, std::vector<std::pair<std::string, std::int64_t>>> days; ///< of each customer
  std::map<std::string, std::int64_t> unapplied;
  std::map<std::string, std::int64_t> net; ///< orders less credit notes, applied or not
};

/// Rows of documents of one line, no two of one document.
slow_result slowly(const std::vector<order_row>& rows, const std::string& until) {
  slow_result result;
  std::set<std::pair<std::string, std::string>> cancelled;
  const auto cancels = [](const order_row& row) {
    return !row.cancels.empty() && row.cents.value_or(0) == 0;
  };
  for (const order_row& row : rows) {
    if (cancels(row) && row.day <= until)
      cancelled.insert({row.customer, row.cancels});
  }
  std::set<std::string> customers;
  for (const order_row& row : rows)
    customers.insert(row.customer);
  for (const std::string& customer : customers) {
    std::map<std::string, slow_order> days;
    std::map<std::string, std::pair<std::string, std::int64_t>> open; // of documents: day, amount
    std::multimap<std::string, std::pair<std::string, std::int64_t>> notes;
    for (const order_row& row : rows) {
      if (row.customer != customer || row.day > until || cancels(row))
        continue;
      const bool gone = !row.document.empty() && cancelled.count({customer, row.document}) > 0;
      if (*row.cents < 0) {
        if (!gone) {
          notes.insert({row.day, {row.cancels, -*row.cents}});
          result.net[customer] += *row.cents;
        }
        continue;
      }
      result.net[customer] += gone ? 0 : *row.cents;
      days[row.day].touched |= gone;
      days[row.day].amount += gone ? 0 : *row.cents;
      if (!gone && !row.document.empty())
        open[row.document] = {row.day, *row.cents};
    }
    const auto take = [&](const std::string& day, std::int64_t amount) {
      days[day].amount -= amount;
      days[day].touched |= amount > 0;
    };
    for (auto& [day, note] : notes) {
      if (const auto at = open.find(note.first); !note.first.empty() && at != open.end()) {
        const std::int64_t amount = std::min(at->second.second, note.second);
        take(at->second.first, amount);
        at->second.second -= amount;
        note.second -= amount;
      }
    }
    for (auto& [day, note] : notes) {
      const bool is_void = cancelled.count({customer, note.first}) > 0;
      for (auto at = days.rbegin(); at != days.rend(); ++at) {
        if (at->first <= day && !is_void) {
          const std::int64_t amount = std::min(at->second.amount, note.second);
          take(at->first, amount);
          note.second -= amount;
        }
      }
      result.unapplied[customer] += note.second;
    }
    for (const auto& [day, order] : days) {
      if (order.amount != 0 || !order.touched)
        result.days[customer].push_back({day, order.amount});
    }
  }
  return result;
}

std::vector<order_row> stream(std::uint64_t seed) {
  draws draw(seed);
  std::vector<order_row> rows;
  for (int i = 0; i < 300; ++i) {
    order_row row;
    row.customer = "c" + std::to_string(draw.below(12));
    row.day = "2024-0" + std::to_string(1 + draw.below(2)) + "-1" + std::to_string(draw.below(10));
    row.cents = draw.below(6) == 0 ? 0 : static_cast<std::int64_t>(draw.below(100));
    if (draw.below(3) != 0)
      row.document = "D" + std::to_string(i);
    if (draw.below(3) == 0)
      row.cents = -*row.cents - 1;
    if (*row.cents <= 0 && draw.below(2) == 0)
      row.cancels = "D" + std::to_string(draw.below(300));
    rows.push_back(row);
  }
  for (order_row& row : rows) { // most name a document of the same customer
    if (const auto named =
            row.cancels.empty() ? 0U : static_cast<std::size_t>(std::stoi(row.cancels.substr(1)));
        named != 0 && draw.below(4) != 0)
      row.customer = rows[named].customer;
  }
  return rows;
}

TEST(summary, equals_a_slow_reading_of_the_rules) {
  std::int64_t netted = 0;
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    const std::vector<order_row> rows = stream(seed);
    order_history store;
    push(store, rows, true);
    summary_options options;
    options.until = day("2024-02-14");
    options.holdout_until = day("2024-02-19");
    const summaries found = summarise(store, options);
    const slow_result expected = slowly(rows, "2024-02-14");
    slow_result whole = slowly(rows, "2024-02-19");
    expect_reconciled(found);
    ASSERT_EQ(static_cast<std::size_t>(found.customer.size()), expected.days.size()) << seed;
    std::int64_t i = 0;
    for (const auto& [customer, days] : expected.days) {
      const auto at = static_cast<std::size_t>(i);
      ASSERT_EQ(found.customer[i], customer) << seed;
      ASSERT_EQ(found.order_count[at], static_cast<std::int64_t>(days.size())) << seed << customer;
      std::int64_t amount = 0;
      for (const auto& order : days)
        amount += order.second;
      ASSERT_EQ(found.total_amount[at], amount) << seed << customer;
      ASSERT_EQ(to_string(date_from_days(found.first_order[at])), days.front().first) << seed << customer;
      ASSERT_EQ(to_string(date_from_days(found.last_order[at])), days.back().first) << seed << customer;
      ASSERT_EQ(found.unapplied_credit[at],
                expected.unapplied.count(customer) > 0 ? expected.unapplied.at(customer) : 0)
          << seed << customer;
      netted += found.unapplied_credit[at];
      const auto& later = whole.days[customer];
      ASSERT_EQ(found.holdout_frequency[at],
                std::count_if(later.begin(), later.end(),
                              [](const auto& order) { return order.first > "2024-02-14"; }))
          << seed << customer;
      ASSERT_EQ(found.holdout_amount[at], whole.net[customer] - expected.net.at(customer))
          << seed << customer;
      ++i;
    }
    // Any order of the rows, any number of threads.
    std::vector<order_row> mixed = rows;
    draws(seed).shuffle(mixed);
    order_history other;
    push(other, mixed);
    for (const auto same : {stats::same_day::merge, stats::same_day::keep}) {
      options.same_day = same;
      run how;
      how.threads = seed % 2 == 0 ? 2 : 7;
      ASSERT_EQ(to_tables(summarise(other, options, how)), to_tables(summarise(store, options))) << seed;
    }
  }
  EXPECT_GT(netted, 0);
}

/// Many customers in one history get what each of them gets in a history of a few.
TEST(summary, does_not_depend_on_how_many_customers_there_are) {
  order_history all;
  std::vector<order_row> plain; // orders and nothing else, of customers who have no others
  std::map<std::string, std::map<std::string, std::int64_t>> amounts;
  draws draw(1);
  for (int i = 0; i < 20000; ++i) {
    plain.push_back({"plain " + std::to_string(draw.below(3000)),
                     "2024-0" + std::to_string(1 + draw.below(9)) + "-1" + std::to_string(draw.below(10)),
                     static_cast<std::int64_t>(draw.below(1000))});
    amounts[plain.back().customer][plain.back().day] += *plain.back().cents;
  }
  push(all, plain);
  summary_options options;
  options.until = day("2024-12-31");
  std::map<std::string, std::int64_t> expected_orders;
  std::map<std::string, std::int64_t> expected_amounts;
  for (std::uint64_t seed = 0; seed < 40; ++seed) {
    std::vector<order_row> rows = stream(seed);
    for (order_row& row : rows) {
      for (std::string* id : {&row.customer, &row.document, &row.cancels})
        *id += id->empty() ? "" : " of " + std::to_string(seed);
    }
    order_history few;
    push(few, rows);
    push(all, rows);
    const summaries found = summarise(few, options);
    for (std::int64_t i = 0; i < found.customer.size(); ++i) {
      expected_orders[std::string(found.customer[i])] = found.order_count[static_cast<std::size_t>(i)];
      expected_amounts[std::string(found.customer[i])] = found.total_amount[static_cast<std::size_t>(i)];
    }
  }
  for (const auto& [customer, days] : amounts) {
    expected_orders[customer] = static_cast<std::int64_t>(days.size());
    for (const auto& one : days)
      expected_amounts[customer] += one.second;
  }
  const summaries found = summarise(all, options);
  expect_reconciled(found);
  EXPECT_EQ(found.of(total::pushed).lines, 20000 + 40 * 300);
  ASSERT_EQ(static_cast<std::size_t>(found.customer.size()), expected_orders.size());
  std::int64_t i = 0;
  for (const auto& [customer, orders] : expected_orders) {
    const auto at = static_cast<std::size_t>(i);
    ASSERT_EQ(found.customer[i], customer);
    ASSERT_EQ(found.order_count[at], orders) << customer;
    ASSERT_EQ(found.total_amount[at], expected_amounts[customer]) << customer;
    if (const auto known = amounts.find(customer); known != amounts.end() && orders > 1) {
      const std::int64_t repeated = expected_amounts[customer] - known->second.begin()->second;
      ASSERT_EQ(found.monetary_value[at],
                static_cast<double>(repeated) / (static_cast<double>(orders - 1) * 100.0));
      ASSERT_EQ(to_string(date_from_days(found.last_order[at])), known->second.rbegin()->first);
    }
    ++i;
  }
  for (const int threads : {2, 7}) {
    run how;
    how.threads = threads;
    EXPECT_EQ(to_tables(summarise(all, options, how)), to_tables(found));
  }
}

// --- CDNOW: reference/value.md 2.1 and 2.10 ----------------------------------------------------------------

TEST(summary, cdnow) {
  struct facts {
    const char* file;
    std::int64_t lines, order_days, customers, revenue, one_day, largest, zero_revenue, repeats,
        without_repeat;
  };
  for (const facts& of :
       {facts{"cdnow_sample.csv", 6919, 6696, 2357, 24409194, 1218, 655270, 8, 2457, 1411},
        facts{"cdnow.csv", 69659, 67591, 23570, 250031563, 12054, 1399093, 68, 24337, 14119}}) {
    auto rows = test::cdnow_orders(of.file);
    if (!rows)
      GTEST_SKIP() << "no " << of.file << " in EMPTOR_DATA_DIR";
    order_history store;
    push(store, *rows, true);
    const summaries all = summarise(store);
    EXPECT_EQ(to_string(all.until), "1998-06-30");
    EXPECT_EQ(all.of(total::pushed).lines, of.lines);
    EXPECT_EQ(all.customer.size(), of.customers);
    EXPECT_TRUE(all.of(total::summary).amount == of.revenue);
    std::int64_t days = 0;
    std::int64_t one_day = 0;
    std::int64_t zero = 0;
    for (std::size_t i = 0; i < all.order_count.size(); ++i) {
      days += all.order_count[i];
      one_day += all.order_count[i] == 1 ? 1 : 0;
      zero += all.total_amount[i] == 0 ? 1 : 0;
    }
    EXPECT_EQ(days, of.order_days);
    EXPECT_EQ(one_day, of.one_day);
    EXPECT_EQ(zero, of.zero_revenue);
    EXPECT_EQ(*std::max_element(all.total_amount.begin(), all.total_amount.end()), of.largest);

    summary_options options;
    options.until = day("1997-09-30");
    options.unit = time_unit::week;
    options.holdout_until = day("1998-06-30");
    const summaries half = summarise(store, options);
    std::int64_t repeats = 0;
    std::int64_t without = 0;
    std::int64_t holdout = 0;
    for (std::size_t i = 0; i < half.frequency.size(); ++i) {
      repeats += half.frequency[i];
      without += half.frequency[i] == 0 ? 1 : 0;
      holdout += half.holdout_frequency[i];
      EXPECT_EQ(std::isnan(half.monetary_value[i]), half.frequency[i] == 0);
    }
    EXPECT_EQ(repeats, of.repeats);
    EXPECT_EQ(without, of.without_repeat);
    EXPECT_EQ(holdout + repeats + of.customers, of.order_days);
    EXPECT_TRUE(half.of(total::summary).amount + half.of(total::holdout).amount == of.revenue);
    expect_reconciled(half);

    const std::vector<table> tables = to_tables(half);
    for (const int threads : {2, 7}) {
      run how;
      how.threads = threads;
      EXPECT_EQ(to_tables(summarise(store, options, how)), tables);
    }
    draws(1).shuffle(*rows);
    order_history mixed;
    push(mixed, *rows);
    EXPECT_EQ(to_tables(summarise(mixed, options)), tables);
  }
}

} // namespace
} // namespace summary_test
