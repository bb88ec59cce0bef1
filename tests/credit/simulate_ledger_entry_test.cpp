// SPDX-License-Identifier: BSL-1.0
// The simulated ledger as an entry: a store takes its tables, its sums are those of the truth, and what is measured and
// forecast from it is what the customers are like.
#include <gtest/gtest.h>

#include <atomic>
#include <cmath>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <emptor/credit/payment_behaviour_entry.hpp>
#include <emptor/credit/payment_forecast_entry.hpp>
#include <emptor/credit/simulate_ledger_entry.hpp>
#include <emptor/math/incomplete_gamma.hpp>
#include <emptor/stats/exchange_rates.hpp>
#include <emptor/stats/open_commitments.hpp>
#include <emptor/stats/open_disputes.hpp>
#include <emptor/stats/open_items.hpp>

#include "credit/book.hpp"

namespace simulate_ledger_entry_test {
namespace {

using book::number;
using book::text;
using emptor::option;
using emptor::result;
using emptor::table;

result simulated(const std::vector<option>& options, int threads = 1) {
  const emptor::entry_description& described = emptor::credit::simulate_ledger_description;
  emptor::run how;
  how.threads = threads;
  return emptor::credit::finish_simulate_ledger(
      {.from = nullptr,
       .options = emptor::option_values(described.name, described.options, options),
       .slots = {},
       .keys = {},
       .how = how});
}
const table& table_of(const result& all, std::string_view name) {
  for (const table& one : all.tables) {
    if (one.name() == name)
      return one;
  }
  throw std::out_of_range(std::string(name));
}
/// Pushes all tables but the truth, of which a ledger knows nothing.
emptor::stats::ledger pushed(const result& all) {
  emptor::stats::ledger store;
  for (const table& one : all.tables) {
    if (one.name() == "truth")
      continue;
    const store_rows::pushed done = store_rows::push(store, one, true);
    EXPECT_EQ(done.report.added, one.rows()) << one.name();
  }
  return store;
}
std::int64_t amount(const table& of, std::string_view column, std::int64_t row) {
  return of.at(column).as<std::int64_t>().at(static_cast<std::size_t>(row));
}
emptor::date day(const char* iso) {
  return emptor::parse_date(iso).value();
}

const std::vector<option> two_currencies{
    {"customers", "600"}, {"seed", "4"}, {"foreign_currency", "JPY"}, {"foreign_rate", "0.006"}};

TEST(simulate_ledger_entry, tables_are_as_described_and_a_store_takes_them_all) {
  for (const auto& options : {std::vector<option>{{"customers", "50"}}, two_currencies}) {
    const result all = simulated(options);
    ASSERT_EQ(all.tables.size(), std::size(emptor::credit::simulate_ledger_outputs));
    EXPECT_TRUE(book::as_described(all, emptor::credit::simulate_ledger_description));
    const emptor::stats::ledger store = pushed(all);
    EXPECT_TRUE(emptor::stats::open_items(store, day("2025-12-31")).findings.empty());
    EXPECT_TRUE(emptor::stats::open_commitments(store, day("2025-12-31")).findings.empty());
    EXPECT_TRUE(emptor::stats::open_disputes(store, day("2025-12-31")).findings.empty());
  }
}

TEST(simulate_ledger_entry, what_is_open_is_what_the_truth_says_to_the_minor_unit) {
  const result all = simulated(two_currencies);
  const emptor::stats::ledger store = pushed(all);
  const emptor::stats::ledger_state state = emptor::stats::open_items(store, day("2025-12-31"));
  std::map<std::string, std::int64_t> open;
  std::map<std::string, std::int64_t> overdue;
  std::set<std::string> currencies;
  const std::int32_t today = emptor::days_since_epoch(day("2025-12-31"));
  for (const emptor::stats::open_item& one : state.items) {
    const std::string who(store.customer(store.items()[one.row].customer));
    open[who] += one.open;
    if (one.open > 0 && one.due != emptor::no_day && one.due < today)
      overdue[who] += one.open;
  }
  const table& truth = table_of(all, "truth");
  std::int64_t sum = 0;
  for (std::int64_t row = 0; row < truth.rows(); ++row) {
    const std::string who = std::to_string(row + 1);
    EXPECT_EQ(amount(truth, "balance", row), open[who]) << who;
    EXPECT_EQ(amount(truth, "overdue", row), overdue[who]) << who;
    currencies.insert(text(truth, "currency", row));
    sum += amount(truth, "overdue", row);
  }
  EXPECT_GT(sum, 0);
  EXPECT_EQ(currencies, (std::set<std::string>{"EUR", "JPY"}));
  const emptor::stats::exchange_rates rates(store);
  const emptor::stats::currency_code yen = emptor::stats::code_of(emptor::currency("JPY"));
  const emptor::stats::currency_code euro = emptor::stats::code_of(emptor::currency("EUR"));
  EXPECT_NE(rates.find(yen, euro, today), nullptr);
  EXPECT_EQ(table_of(all, "rates").rows(), 24);
  EXPECT_EQ(number(table_of(all, "rates"), "rate"), 0.006);
}

TEST(simulate_ledger_entry, every_kind_of_row_occurs_and_orders_are_invoiced_delivered_cancelled_or_open) {
  const result all = simulated(two_currencies);
  const table& items = table_of(all, "items");
  const table& commitments = table_of(all, "commitments");
  std::map<std::string, int> kinds;
  std::map<std::int64_t, std::int64_t> left; // of each order or delivery, what nothing follows yet
  for (std::int64_t row = 0; row < commitments.rows(); ++row) {
    ++kinds[text(commitments, "kind", row)];
    const bool is_cancelled = commitments.at("cancelled_on").is_valid(row);
    kinds["cancelled"] += is_cancelled ? 1 : 0;
    left[amount(commitments, "document", row)] = is_cancelled ? 0 : amount(commitments, "amount", row);
    if (commitments.at("follows").is_valid(row))
      left[amount(commitments, "follows", row)] -= amount(commitments, "amount", row);
  }
  for (std::int64_t row = 0; row < items.rows(); ++row) {
    ++kinds[text(items, "kind", row)];
    if (items.at("follows").is_valid(row))
      left[amount(items, "follows", row)] -= amount(items, "amount", row);
  }
  for (const std::string kind : {"invoice", "payment", "credit_note", "refund", "write_off", "discount",
                                 "order", "delivery", "cancelled"})
    EXPECT_GT(kinds[kind], 0) << kind;
  std::set<std::string> outcomes;
  for (std::int64_t row = 0; row < table_of(all, "disputes").rows(); ++row)
    outcomes.insert(text(table_of(all, "disputes"), "outcome", row));
  EXPECT_EQ(outcomes, (std::set<std::string>{"-", "in_favour_of_customer", "in_favour_of_seller", "partly"}));

  const emptor::stats::ledger store = pushed(all);
  std::size_t open = 0;
  for (const emptor::stats::open_commitment& one :
       emptor::stats::open_commitments(store, day("2025-12-31")).commitments) {
    const auto& held = store.records<emptor::stats::commitment>()[one.row];
    EXPECT_EQ(one.open, left.at(std::stoll(std::string(store.texts().commitments[held.document]))));
    open += one.open > 0 ? 1 : 0;
  }
  EXPECT_GT(open, 50U);
}

TEST(simulate_ledger_entry, the_same_for_a_seed_and_the_first_customers_for_any_number) {
  const std::vector<option> some{{"customers", "40"}, {"seed", "9"}};
  const result one = simulated(some);
  EXPECT_EQ(one.tables, simulated(some, 3).tables);
  EXPECT_NE(one.tables, simulated({{"customers", "40"}, {"seed", "8"}}).tables);
  const result more = simulated({{"customers", "60"}, {"seed", "9"}});
  for (const table& few : one.tables) {
    for (const emptor::column& column : few.columns()) {
      const emptor::column& longer = table_of(more, few.name()).at(column.name());
      for (std::int64_t row = 0; row < few.rows(); ++row)
        ASSERT_TRUE(column.is_valid(row) == longer.is_valid(row)) << few.name() << ' ' << column.name();
    }
    for (std::int64_t row = 0; few.find("amount") != nullptr && row < few.rows(); ++row)
      ASSERT_EQ(amount(few, "amount", row), amount(table_of(more, few.name()), "amount", row));
  }
}

TEST(simulate_ledger_entry, defaults_are_as_frequent_as_their_probability_says) {
  const table truth = table_of(simulated({{"customers", "20000"}, {"orders", "0.01"}}), "truth");
  const std::int32_t first = emptor::days_since_epoch(day("2024-01-01"));
  double expected = 0.0;
  double variance = 0.0;
  double came = 0.0;
  for (std::int64_t row = 0; row < truth.rows(); ++row) {
    const double p = number(truth, "probability_of_default", row);
    expected += p;
    variance += p * (1.0 - p);
    came += number(truth, "default_date", row) < first + 365.25 ? 1.0 : 0.0;
  }
  EXPECT_NEAR(came, expected, 4.0 * std::sqrt(variance));
  const table safe = table_of(
      simulated({{"customers", "500"}, {"orders", "0.01"}, {"probability_of_default", "0"}}), "truth");
  for (std::int64_t row = 0; row < safe.rows(); ++row)
    EXPECT_FALSE(safe.at("default_date").is_valid(row));
}

TEST(simulate_ledger_entry, options_without_meaning_are_refused) {
  EXPECT_THROW((void)simulated({{"foreign_currency", "EUR"}}), emptor::error);
  EXPECT_THROW((void)simulated({{"customers", "1"}, {"start", "9980-01-01"}}), emptor::error);
  EXPECT_THROW((void)simulated({{"customers", "0"}}), emptor::error);
  emptor::run how;
  const std::atomic<std::int32_t> cancel{1};
  how.cancel = &cancel;
  const emptor::entry_description& described = emptor::credit::simulate_ledger_description;
  EXPECT_THROW((void)emptor::credit::finish_simulate_ledger(
                   {.from = nullptr,
                    .options = emptor::option_values(described.name, described.options, {}),
                    .slots = {},
                    .keys = {},
                    .how = how}),
               emptor::error);
}

/// Two years of 800 firms that pay as they do and go on living.
struct measured {
  result all = simulated({{"customers", "800"}, {"seed", "2"}, {"probability_of_default", "0"}});
  emptor::stats::ledger store = pushed(all);
  const table& truth = table_of(all, "truth");
  /// Pays each invoice by itself, and not for the discount.
  [[nodiscard]] bool is_plain(std::int64_t row) const {
    return !truth.at("discount_rate").is_valid(row) &&
           truth.at("pays_weekly").as<std::uint8_t>().at(static_cast<std::size_t>(row)) == 0;
  }
  [[nodiscard]] double open_after(std::int64_t row, double days) const {
    const double shape = number(truth, "regularity", row);
    const double mean = number(truth, "terms", row) + number(truth, "payment_delay", row);
    return days < 0.0 ? 1.0 : emptor::math::gamma_q(shape, shape * (days + 0.5) / mean);
  }
};

/// How late a customer pays is what he is like, and disputes, parts and late payments add the same to all.
TEST(simulate_ledger_entry, payment_behaviour_measures_the_delay_of_the_truth) {
  const measured known;
  const table found =
      book::finish(emptor::credit::payment_behaviour_entry, known.store,
                   {{"as_of", "2025-12-31"}, {"period", "24 months"}, {"open_overdue", "left_out"}})
          .tables[0];
  double sum = 0.0;
  double squares = 0.0;
  double count = 0.0;
  for (std::int64_t row = 0; row < found.rows(); ++row) {
    const auto who = static_cast<std::int64_t>(std::stoll(text(found, "group", row))) - 1;
    const double invoices = number(found, "invoices", row);
    if (!known.is_plain(who) || invoices < 10.0)
      continue;
    const double off = number(found, "days_beyond_terms", row) - number(known.truth, "payment_delay", who);
    sum += off;
    squares += off * off;
    count += 1.0;
  }
  EXPECT_GT(count, 300.0);
  // 5 % of the invoices come in two parts, the second 29.5 days later for half the money, and 1.5 % after a dispute of 82.
  EXPECT_NEAR(sum / count, 0.05 * 29.5 * 0.5 + 0.015 * 82.0, 1.2);
  EXPECT_LT(std::sqrt(squares / count), 8.0);
}

/// The probability that an open invoice is paid within a month, held against that of the customer's true distribution.
TEST(simulate_ledger_entry, payment_forecast_finds_the_probabilities_of_the_truth) {
  const measured known;
  const table found =
      book::finish(emptor::credit::payment_forecast_entry, known.store, {{"as_of", "2025-12-31"}}).tables[0];
  const std::int32_t today = emptor::days_since_epoch(day("2025-12-31"));
  double forecast = 0.0;
  double true_sum = 0.0;
  double squares = 0.0;
  double count = 0.0;
  for (std::int64_t row = 0; row < found.rows(); ++row) {
    const auto who = static_cast<std::int64_t>(std::stoll(text(found, "customer", row))) - 1;
    const double age = today - number(found, "due_date", row) + number(known.truth, "terms", who);
    const double open_now = known.open_after(who, age);
    if (!known.is_plain(who) ||
        open_now < 0.3) // the others have parts or a dispute that the truth here knows not of
      continue;
    const double p = 1.0 - known.open_after(who, age + 30.0) / open_now;
    forecast += number(found, "probability_paid", row);
    true_sum += p;
    squares += (number(found, "probability_paid", row) - p) * (number(found, "probability_paid", row) - p);
    count += 1.0;
  }
  EXPECT_GT(count, 300.0);
  EXPECT_NEAR(forecast / count, true_sum / count, 0.05);
  EXPECT_LT(std::sqrt(squares / count), 0.15);
}

} // namespace
} // namespace simulate_ledger_entry_test
