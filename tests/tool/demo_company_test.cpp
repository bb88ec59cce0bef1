// SPDX-License-Identifier: BSL-1.0
// The simulated company: its tables are what they are described as, and its sums hold.
#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <map>
#include <numeric>
#include <set>

#include "tool/demo/company.hpp"
#include "tool/demo/tables.hpp"
#include "tool/demo/truth.hpp"

namespace emptor::test::demo_company_test {
namespace {

using namespace tool::demo;

TEST(DemoCompany, TablesAreAsDescribed) {
  const std::vector<table> all = make_company({.customers = 3000, .seed = 11});
  const auto described = company_tables();
  ASSERT_EQ(all.size(), described.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    SCOPED_TRACE(described[i].name);
    EXPECT_EQ(all[i].name(), described[i].name);
    EXPECT_FALSE(described[i].summary.empty());
    EXPECT_GT(all[i].rows(), 0);
    ASSERT_EQ(all[i].columns().size(), described[i].columns.size());
    for (std::size_t k = 0; k < all[i].columns().size(); ++k) {
      const column& made = all[i].columns()[k];
      const column_description& what = described[i].columns[k];
      EXPECT_EQ(made.name(), what.name);
      EXPECT_EQ(made.type(), natural_dtype(what.what)) << what.name;
      EXPECT_FALSE(what.summary.empty()) << what.name;
      EXPECT_EQ(made.size(), all[i].rows()) << what.name;
      std::int64_t missing = 0;
      for (std::int64_t row = 0; row < made.size(); ++row)
        missing += made.is_valid(row) ? 0 : 1;
      EXPECT_TRUE(what.optional || missing == 0) << what.name;
      EXPECT_LT(missing, made.size()) << what.name << " is empty";
    }
  }
}

TEST(DemoCompany, TheFirstCustomersAreTheSameForAnySize) {
  const company_size small{.customers = 200, .seed = 4};
  const company_size large{.customers = 900, .seed = 4};
  std::vector<customer> few = make_customers(small);
  std::vector<customer> many = make_customers(large);
  const order_book small_book = make_orders(few, small);
  const order_book large_book = make_orders(many, large);
  for (std::size_t i = 0; i < few.size(); ++i) {
    EXPECT_EQ(few[i].rate, many[i].rate);
    EXPECT_EQ(few[i].leaves, many[i].leaves);
    EXPECT_EQ(few[i].kind, many[i].kind);
  }
  ASSERT_EQ(small_book.orders.size(), large_book.first_order[200]);
  for (std::size_t i = 0; i < small_book.orders.size(); ++i) {
    EXPECT_EQ(small_book.orders[i].day, large_book.orders[i].day);
    EXPECT_EQ(small_book.orders[i].amount, large_book.orders[i].amount);
  }
}

TEST(DemoCompany, OrdersAreWhatTheirLinesAddUpTo) {
  const company_size size{.customers = 3000, .seed = 11};
  std::vector<customer> customers = make_customers(size);
  const order_book book = make_orders(customers, size);
  std::size_t line = 0;
  int cancelled = 0;
  int changed = 0;
  int credited = 0;
  for (std::size_t i = 0; i < book.orders.size(); ++i) {
    const order& one = book.orders[i];
    EXPECT_EQ(one.first_line, line);
    line = one.last_line;
    ASSERT_LT(one.first_line, one.last_line);
    std::int64_t sum = 0;
    for (std::size_t k = one.first_line; k < one.last_line; ++k) {
      EXPECT_GE(book.lines[k].amount, 0);
      EXPECT_GT(book.lines[k].quantity, 0);
      sum += book.lines[k].amount;
    }
    EXPECT_EQ(sum, one.amount);
    EXPECT_GE(one.day, founded);
    EXPECT_LE(one.day, today);
    EXPECT_LT(one.day, customers[static_cast<std::size_t>(one.customer)].leaves);
    const bool is_first = i == book.first_order[static_cast<std::size_t>(one.customer)];
    EXPECT_FALSE(is_first && one.cancelled_on != 0);
    EXPECT_FALSE(one.cancelled_on != 0 && one.credited_on != 0);
    EXPECT_LT(one.credit, one.amount);
    cancelled += one.cancelled_on != 0 ? 1 : 0;
    changed += one.changed ? 1 : 0;
    credited += one.credited_on != 0 ? 1 : 0;
  }
  EXPECT_EQ(line, book.lines.size());
  const auto share = [&](int count) { return count / static_cast<double>(book.orders.size()); };
  EXPECT_NEAR(share(cancelled), 0.016, 0.006); // of the repeat orders only
  EXPECT_NEAR(share(changed), changed_share, 0.006);
  EXPECT_NEAR(share(credited), returned_share, 0.008);
}

TEST(DemoCompany, TheReceivablesAreTheOrdersOnAccountLessWhatWasPaid) {
  const company_size size{.customers = 3000, .seed = 11};
  std::vector<customer> customers = make_customers(size);
  const order_book book = make_orders(customers, size);
  const receivables due = make_receivables(customers, book, size);
  const credit::simulated_ledger& ledger = due.ledger;
  const std::vector<customer_truth> truth = find_truth(customers, book, due);

  std::vector<std::int64_t> invoiced(customers.size());
  std::vector<std::int64_t> owed(customers.size()); // by the documents alone, whatever settles what
  std::set<credit::document_reason> reasons;
  std::int64_t unsettled_credit = 0;
  std::int64_t overdue_invoices = 0;
  for (std::size_t i = 0; i < ledger.open.size(); ++i) {
    const auto who = static_cast<std::size_t>(ledger.customer[i]);
    const bool is_debit = stats::is_debit(ledger.kind[i]);
    EXPECT_TRUE(customers[who].business);
    EXPECT_LE(ledger.day[i], today);
    EXPECT_GT(ledger.amount[i], 0);
    EXPECT_GE(ledger.open[i], 0);
    EXPECT_LE(ledger.open[i], ledger.amount[i]);
    owed[who] += is_debit ? ledger.amount[i] : -ledger.amount[i];
    if (ledger.kind[i] == stats::document_kind::invoice)
      invoiced[who] += ledger.amount[i];
    if (ledger.reason[i] == credit::document_reason::goods_returned)
      invoiced[who] -= ledger.amount[i];
    reasons.insert(ledger.reason[i]);
    unsettled_credit += is_debit ? 0 : ledger.open[i];
    overdue_invoices += is_debit && ledger.due[i] < today && ledger.open[i] > 0 ? 1 : 0;
  }
  for (std::size_t i = 0; i < customers.size(); ++i) {
    EXPECT_EQ(truth[i].balance, owed[i]);
    EXPECT_EQ(customers[i].business ? truth[i].total_amount : 0, invoiced[i]) << i;
  }
  EXPECT_EQ(reasons.size(), std::size(credit::document_reasons)) << "each of them occurs";
  EXPECT_GT(unsettled_credit, 0) << "some payments stand without an invoice";
  EXPECT_GT(overdue_invoices, 10);
  const std::vector<std::int64_t> buckets = age_truth(ledger);
  EXPECT_EQ(std::accumulate(buckets.begin(), buckets.end(), std::int64_t{0}),
            std::accumulate(owed.begin(), owed.end(), std::int64_t{0}));
}

TEST(DemoCompany, CustomersAreOfTheirProcesses) {
  const company_size size{.customers = 20000, .seed = 2};
  std::vector<customer> customers = make_customers(size);
  const order_book book = make_orders(customers, size);
  std::map<customer_kind, int> kinds;
  double rate = 0.0;
  double spend = 0.0;
  double core = 0.0;
  double first_half = 0.0;
  std::map<unsigned, double> by_month;
  for (const customer& one : customers) {
    ++kinds[one.kind];
    first_half += one.joined < 0.5 * (founded + today) ? 1.0 : 0.0;
    if (one.kind == customer_kind::declining)
      continue;
    core += 1.0;
    rate += one.rate * 7.0;
    spend += one.spend;
  }
  EXPECT_EQ(kinds.size(), std::size(customer_kinds)) << "each kind occurs";
  // Means of the Gamma distributions, with errors of a few percent at most.
  EXPECT_NEAR(rate / core, order_process.r / order_process.alpha, 0.003);
  EXPECT_NEAR(spend / core, spend_process.p * spend_process.v / (spend_process.q - 1.0), 4.0);
  EXPECT_LT(first_half / 20000.0, 0.45) << "the company grows";
  for (const order& one : book.orders) {
    if (customers[static_cast<std::size_t>(one.customer)].kind == customer_kind::seasonal)
      by_month[month_of(one.day)] += 1.0;
  }
  EXPECT_GT(by_month[11], 4.0 * by_month[0]) << "seasons";
  // The year to come, as it is expected and as it really comes.
  const receivables due = make_receivables(customers, book, size);
  const std::vector<customer_truth> truth = find_truth(customers, book, due);
  double expected = 0.0;
  double came = 0.0;
  double alive = 0.0;
  for (std::size_t i = 0; i < customers.size(); ++i) {
    expected += truth[i].expected_orders / (1.0 - cancelled_share);
    came += static_cast<double>(book.orders_next_year[i]);
    alive += customers[i].is_alive() ? 1.0 : 0.0;
    EXPECT_TRUE(customers[i].is_alive() || book.orders_next_year[i] == 0);
  }
  EXPECT_NEAR(came / expected, 1.0, 0.03);
  EXPECT_NEAR(alive / 20000.0, 0.5, 0.1);
}

TEST(DemoCompany, FirmsDefaultAsOftenAsTheirProbabilitySays) {
  const std::vector<customer> customers = make_customers({.customers = 20000, .seed = 2});
  double expected = 0.0;
  double variance = 0.0;
  double came = 0.0;
  double delay_of_bad = 0.0;
  double bad = 0.0;
  double delay_of_good = 0.0;
  double good = 0.0;
  for (const customer& one : customers) {
    if (!one.business)
      continue;
    const double p = one.credit.probability_of_default;
    (p > 0.05 ? delay_of_bad : delay_of_good) += one.pays.mean_delay;
    (p > 0.05 ? bad : good) += 1.0;
    if (one.joined_on() > year_ago)
      continue;
    expected += p;
    variance += p * (1.0 - p);
    came += one.pays.insolvent != credit::never_insolvent ? 1.0 : 0.0;
  }
  EXPECT_GT(came, 50.0);
  EXPECT_NEAR(came, expected, 4.0 * std::sqrt(variance));
  EXPECT_GT(delay_of_bad / bad, delay_of_good / good + 3.0);
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}
double correlation(const std::vector<double>& x, const std::vector<double>& y) {
  const double mean_x = mean_of(x);
  const double mean_y = mean_of(y);
  double both = 0.0;
  double own = 0.0;
  double others = 0.0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    both += (x[i] - mean_x) * (y[i] - mean_y);
    own += (x[i] - mean_x) * (x[i] - mean_x);
    others += (y[i] - mean_y) * (y[i] - mean_y);
  }
  return both / std::sqrt(own * others);
}

TEST(DemoCompany, TheSurveyIsOfItsPathModel) {
  const company_size size{.customers = 20000, .seed = 2};
  std::vector<customer> customers = make_customers(size);
  const survey_answers survey = make_survey(customers, size);
  ASSERT_GT(survey.latent.size(), 3000U);
  std::vector<std::vector<double>> latent(constructs);
  for (const auto& row : survey.latent) {
    for (std::size_t i = 0; i < constructs; ++i)
      latent[i].push_back(row[i]);
  }
  for (std::size_t i = 0; i < constructs; ++i) {
    double square = 0.0;
    for (const double value : latent[i])
      square += value * value;
    EXPECT_NEAR(square / static_cast<double>(latent[i].size()), 1.0, 0.08) << construct_names[i];
  }
  EXPECT_NEAR(correlation(latent[0], latent[1]), 0.5, 0.04) << "expectation drives quality";
  EXPECT_NEAR(correlation(latent[0], latent[2]), 0.2 + 0.6 * 0.5, 0.04)
      << "value, directly and through quality";
  EXPECT_LT(correlation(latent[3], latent[4]), -0.4) << "who is satisfied complains less";
  EXPECT_GT(correlation(latent[3], latent[5]), 0.6) << "and is loyal";
  for (const auto& answers : survey.answers) {
    for (std::size_t i = 0; i < item_count; ++i) {
      const int least = survey_items[i].name == "recommendation" ? 0 : 1;
      EXPECT_TRUE(answers[i] == no_answer || (answers[i] >= least && answers[i] <= 10));
    }
  }
}

TEST(DemoCompany, TheMarginIsThatOfItsProducts) {
  // The first products are asked for most: product k where the square of a uniform number falls on it.
  double average = 0.0;
  const auto count = static_cast<double>(products.size());
  for (std::size_t k = 0; k < products.size(); ++k)
    average += static_cast<double>(products[k].margin) / 100.0 *
               (std::sqrt(static_cast<double>(k + 1) / count) - std::sqrt(static_cast<double>(k) / count));
  EXPECT_NEAR(average, margin, 0.005);
  EXPECT_EQ(margin, 0.35);
  EXPECT_EQ(discount_rate, 0.1);
}

TEST(DemoCompany, WhatIsKeptOfAnOrderIsWhatItsLinesLetExpect) {
  const company_size size{.customers = 20000, .seed = 2};
  std::vector<customer> customers = make_customers(size);
  const order_book book = make_orders(customers, size);
  double kept = 0.0;
  double amount = 0.0;
  for (const order& one : book.orders) {
    const bool is_settled = one.cancelled_on == 0 && one.day + 30 <= today; // what can come back has
    kept += is_settled ? static_cast<double>(one.amount - one.credit) : 0.0;
    amount += is_settled ? static_cast<double>(one.amount) : 0.0;
  }
  EXPECT_NEAR(kept / amount, kept_share(), 0.0015);
}

TEST(DemoCompany, DaysAreThoseThatTheEntriesName) {
  EXPECT_EQ(to_string(date_from_days(today)), demo_today);
  EXPECT_EQ(to_string(date_from_days(year_ago)), demo_year_ago);
  EXPECT_EQ(to_string(date_from_days(founded)), "2023-01-01");
  EXPECT_EQ(today + days_ahead, days_since_epoch(date(std::chrono::year(2026) / 12 / 31)));
}

} // namespace
} // namespace emptor::test::demo_company_test
