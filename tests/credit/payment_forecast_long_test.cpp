// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <map>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/credit/payment_forecast_entry.hpp>

#include "credit/book.hpp"
#include "credit/payers.hpp"

namespace payment_forecast_long_test {
namespace {

using book::number;
using book::text;
using emptor::table;

constexpr std::int32_t today = 20000;

emptor::result finish(const emptor::stats::ledger& store, std::int32_t as_of) {
  return book::finish(emptor::credit::payment_forecast_entry, store,
                      {{"as_of", emptor::to_string(emptor::date_from_days(as_of))}});
}

/// Forecasts by tenths of their probability, and what is true of them.
class calibration {
public:
  void add(double forecast, double truth) {
    cell& one = cells_.at(std::min<std::size_t>(static_cast<std::size_t>(forecast * 10.0), 9));
    one.forecast += forecast;
    one.truth += truth;
    one.count += 1.0;
    squares_ += (forecast - truth) * (forecast - truth);
    count_ += 1.0;
  }
  void expect_within(double most, double least_count) const {
    for (std::size_t i = 0; i < cells_.size(); ++i) {
      const cell& one = cells_[i];
      if (one.count >= least_count) {
        EXPECT_NEAR(one.forecast / one.count, one.truth / one.count, most)
            << "tenth " << i << " of " << one.count;
      }
    }
  }
  [[nodiscard]] double deviation() const { return std::sqrt(squares_ / count_); }
  [[nodiscard]] double count() const { return count_; }

private:
  struct cell {
    double forecast = 0.0;
    double truth = 0.0;
    double count = 0.0;
  };
  std::array<cell, 10> cells_{};
  double squares_ = 0.0;
  double count_ = 0.0;
};

/// The probabilities against those of the generator: 1,000 customers, each of a nature of its own.
TEST(payment_forecast_long_test, probabilities_are_those_of_the_generator) {
  const payers::company company(payers::plain(1000, 1), today - 730, today, 14, 1);
  const table found = finish(company.ledger, today).tables[0];
  calibration paid;
  calibration late;
  for (std::int64_t row = 0; row < found.rows(); ++row) {
    const auto c = static_cast<std::size_t>(std::stoi(text(found, "customer", row).substr(1)));
    const std::int32_t terms = company.natures[c].terms;
    const std::int32_t age = today - static_cast<std::int32_t>(number(found, "due_date", row));
    const double open_now = company.open_after(c, terms + age);
    paid.add(number(found, "probability_paid", row),
             1.0 - company.open_after(c, terms + age + 30) / open_now);
    if (age < 0)
      late.add(number(found, "probability_late", row), company.open_after(c, terms) / open_now);
  }
  EXPECT_GT(paid.count(), 1500.0);
  paid.expect_within(0.06, 100.0);
  late.expect_within(0.08, 100.0);
  EXPECT_LT(paid.deviation(), 0.15);
  EXPECT_LT(late.deviation(), 0.18);
}

/// What came of all sorts of customers, some of whom pay once a week, in parts, after a dispute, or never: at eight days of
/// a year, eight weeks each, 80 in 100 intervals hold the cash of the week, and the days of the payments.
TEST(payment_forecast_long_test, intervals_hold_what_comes) {
  std::vector<emptor::credit::payer_nature> natures = payers::plain(400, 2);
  for (std::size_t c = 0; c < natures.size(); ++c) {
    natures[c].weekly = c % 5 == 0;
    natures[c].in_parts = c % 7 == 0 ? 0.3 : 0.0;
    natures[c].disputes = c % 11 == 0 ? 0.1 : 0.0;
    natures[c].deducts = c % 13 == 0 ? 0.1 : 0.0;
    natures[c].bounces = c % 17 == 0 ? 0.1 : 0.0;
    if (c % 40 == 7)
      natures[c].insolvent = today - 300 + static_cast<std::int32_t>(c / 2);
  }
  const payers::company company(natures, today - 1000, today, 12, 3);
  const emptor::credit::simulated_ledger& truth = company.book;
  int weeks = 0;
  int held = 0;
  double expected = 0.0;
  double came = 0.0;
  int dates = 0;
  int dates_held = 0;
  for (int origin = 0; origin < 8; ++origin) {
    const std::int32_t as_of = today - 400 + 41 * origin;
    const emptor::result found = finish(company.ledger, as_of);
    std::map<std::string, std::int64_t> rows;
    for (std::int64_t row = 0; row < found.tables[0].rows(); ++row)
      rows.emplace(text(found.tables[0], "document", row), row);
    std::vector<double> cash(8, 0.0);
    std::map<std::string, std::pair<double, double>> paid; // money, and money times its day
    for (std::size_t i = 0; i < truth.settled.size(); ++i) {
      const std::string document = "D" + std::to_string(truth.settled[i]);
      const std::int32_t ahead = truth.settled_on[i] - as_of;
      if (ahead <= 0 || !rows.contains(document) ||
          truth.kind[truth.settling[i]] != emptor::stats::document_kind::payment)
        continue;
      if (ahead <= 56)
        cash[static_cast<std::size_t>(ahead - 1) / 7] += static_cast<double>(truth.settled_amount[i]);
      const auto amount = static_cast<double>(truth.settled_amount[i]);
      paid[document].first += amount;
      paid[document].second += amount * truth.settled_on[i];
    }
    for (std::int64_t week = 0; week < 8; ++week) {
      const double actual = cash[static_cast<std::size_t>(week)];
      ++weeks;
      held +=
          number(found.tables[1], "low", week) <= actual && actual <= number(found.tables[1], "high", week)
              ? 1
              : 0;
      expected += number(found.tables[1], "expected", week);
      came += actual;
    }
    for (const auto& [document, row] : rows) {
      const double last = number(found.tables[0], "latest_date", row);
      const auto one = paid.find(document);
      if (one == paid.end() || std::isnan(last)) // within the window it did not come, or need not
        continue;
      const double day = one->second.second / one->second.first;
      ++dates;
      dates_held += number(found.tables[0], "earliest_date", row) <= day && day <= last ? 1 : 0;
    }
  }
  EXPECT_NEAR(expected / came, 1.0, 0.06);
  EXPECT_GE(held, weeks * 65 / 100) << weeks;
  EXPECT_LE(held, weeks * 97 / 100);
  EXPECT_GT(dates, 3000);
  EXPECT_NEAR(static_cast<double>(dates_held) / dates, 0.8, 0.1);
}

/// A prior is worth the more, the more alike customers are.
TEST(payment_forecast_long_test, the_prior_knows_how_alike_customers_are) {
  const auto prior = [](std::vector<emptor::credit::payer_nature> natures) {
    const payers::company company(std::move(natures), today - 730, today, 20, 5);
    return number(finish(company.ledger, today).tables[2], "prior_invoices");
  };
  const double alike = prior(std::vector<emptor::credit::payer_nature>(300, {.mean_delay = 10.0}));
  const double unlike = prior(payers::plain(300, 5));
  EXPECT_GE(alike, 64.0);
  EXPECT_LE(unlike, 16.0);
}

} // namespace
} // namespace payment_forecast_long_test
