// SPDX-License-Identifier: BSL-1.0
// How often the alerts come while nothing has changed. The lines of the first table in include/emptor/decision/README.md
// are what these tests print.
#include <cmath>
#include <string>
#include <vector>

#include <emptor/decision/alert_credit_deterioration.hpp>
#include <emptor/decision/alert_customer_churn.hpp>
#include <emptor/decision/alert_overdue_receivable.hpp>
#include <emptor/decision/alert_sales_expense.hpp>
#include <emptor/decision/alert_sales_progress.hpp>

#include "decision/alert_simulation.hpp"

namespace alert_rates_long_test {
namespace {

using namespace alert_simulation;

/// A line of the first table.
/// \param most  how many times the stated rates they may be; 1: they must be those, up to sampling error
void expect_rates(const std::string& what, const emptor::entry& of, const rows& given, const options& with,
                  double most) {
  const std::vector<double> found = shares(scored(of, given, with, {"level"}));
  const double stated[] = {0.05, 0.01, 0.002};
  std::string line = "| `" + std::string(of.description->name.substr(15)) + "` | " + what + " |";
  for (std::size_t i = 0; i < 3; ++i) {
    line += " " + in_percent(found[i]) + " |";
    const double error = std::sqrt(stated[i] * (1.0 - stated[i]) / customers);
    if (most == 1.0) {
      EXPECT_NEAR(found[i], stated[i], 4.0 * error) << what;
    } else {
      EXPECT_LT(found[i], most * stated[i] + 4.0 * error) << what;
    }
  }
  expect_line(line);
}

TEST(alert_rates, overdue_receivable) {
  for (const std::size_t invoices : {3U, 10U, 40U})
    expect_rates("normal delays, " + std::to_string(invoices) + " invoices",
                 emptor::decision::overdue_receivable_entry,
                 simulated(invoices,
                           [&](auto& stream, auto& to) {
                             const double mean = 40.0 + 10.0 * normal_variate(stream);
                             const double deviation = 1.0 + 3.0 * stream.uniform();
                             const auto delay = [&] { return mean + deviation * normal_variate(stream); };
                             const summary own(drawn(invoices, delay));
                             to.add({{"overdue_days", delay()},
                                     {"mean_delay", own.mean},
                                     {"delay_deviation", own.deviation},
                                     {"invoices", static_cast<double>(invoices)}});
                           }),
                 {{"min_deviation", "0"}}, 1.0);
  // A group of customers whose variances and means scatter as the prior says, worth 4 invoices.
  for (const std::size_t invoices : {0U, 1U, 3U})
    expect_rates("normal delays, own invoices " + std::to_string(invoices) + ", and the group, worth 4",
                 emptor::decision::overdue_receivable_entry,
                 simulated(100 + invoices,
                           [&](auto& stream, auto& to) {
                             const double deviation = 6.0 * std::sqrt(2.0 / gamma_variate(2.0, stream));
                             const double mean = 60.0 + deviation / 2.0 * normal_variate(stream);
                             const auto delay = [&] { return mean + deviation * normal_variate(stream); };
                             const std::vector<double> seen = drawn(invoices, delay);
                             to.add({{"overdue_days", delay()},
                                     {"mean_delay", seen.empty() ? alert_rows::none : seen[0]},
                                     {"delay_deviation", alert_rows::none},
                                     {"invoices", static_cast<double>(invoices)},
                                     {"group_delay", 60.0},
                                     {"group_delay_deviation", 6.0}});
                             if (invoices < 2)
                               return;
                             const summary own(seen);
                             to.correct_last("mean_delay", own.mean);
                             to.correct_last("delay_deviation", own.deviation);
                           }),
                 {{"min_deviation", "0"}, {"prior_weight", "4"}, {"min_overdue_days", "0"}}, 1.0);
  const auto skewed = simulated(200, [&](auto& stream, auto& to) {
    const auto days_to_pay = [&] { return 10.0 * gamma_variate(4.0, stream); };
    const summary own(drawn(20, days_to_pay));
    to.add({{"overdue_days", days_to_pay() - 30.0},
            {"mean_delay", own.mean - 30.0},
            {"delay_deviation", own.deviation},
            {"invoices", 20.0},
            {"terms", 30.0}});
  });
  const options at_any_day{{"min_overdue_days", "0"}};
  expect_rates("skewed delays (days to pay Gamma, shape 4), 20 invoices, distribution normal",
               emptor::decision::overdue_receivable_entry, skewed, at_any_day, 8.0);
  expect_rates("the same, distribution lognormal", emptor::decision::overdue_receivable_entry, skewed,
               {{"min_overdue_days", "0"}, {"distribution", "lognormal"}}, 2.0);
}

TEST(alert_rates, sales_progress) {
  for (const double share : {0.25, 1.0})
    expect_rates(
        "8 past periods, " + share_in_percent(share) + " of the plan due",
        emptor::decision::sales_progress_entry,
        simulated(300 + static_cast<std::uint64_t>(100.0 * share),
                  [&](auto& stream, auto& to) {
                    const double mean = 0.8 + 0.4 * stream.uniform();
                    const double deviation = 0.05 + 0.2 * stream.uniform();
                    const summary own(drawn(8, [&] { return mean + deviation * normal_variate(stream); }));
                    to.add({{"sales",
                             5000.0 * (share * mean + std::sqrt(share) * deviation * normal_variate(stream))},
                            {"plan", 5000.0},
                            {"calendar_share", share},
                            {"past_ratio", own.mean},
                            {"past_deviation", own.deviation},
                            {"past_periods", 8.0}});
                  }),
        {{"prior_weight", "0"}, {"min_deviation", "0"}}, 1.0);
  expect_rates("no past period, 50 % of the plan due", emptor::decision::sales_progress_entry,
               simulated(500,
                         [&](auto& stream, auto& to) {
                           const double deviation = 0.25 / std::sqrt(gamma_variate(1.0, stream));
                           const double mean = 1.0 + deviation / std::sqrt(2.0) * normal_variate(stream);
                           to.add(
                               {{"sales", 0.5 * mean + std::sqrt(0.5) * deviation * normal_variate(stream)},
                                {"plan", 1.0},
                                {"calendar_share", 0.5}});
                         }),
               {}, 1.0);
}

TEST(alert_rates, sales_expense) {
  expect_rates("budget and sales, 8 past periods", emptor::decision::sales_expense_entry,
               simulated(600,
                         [&](auto& stream, auto& to) {
                           std::vector<double> of_budget;
                           std::vector<double> of_sales;
                           double expense = 0.0;
                           double sales = 0.0;
                           for (int period = 0; period < 9; ++period) {
                             sales = 1000.0 + 100.0 * normal_variate(stream);
                             expense = 0.1 * sales + 10.0 * normal_variate(stream);
                             if (period == 8)
                               break;
                             of_budget.push_back(expense / 100.0);
                             of_sales.push_back(expense / sales);
                           }
                           const summary budget(of_budget);
                           const summary share(of_sales);
                           to.add({{"expense", expense},
                                   {"budget", 100.0},
                                   {"sales", sales},
                                   {"past_budget_ratio", budget.mean},
                                   {"past_budget_deviation", budget.deviation},
                                   {"past_expense_share", share.mean},
                                   {"past_expense_deviation", share.deviation},
                                   {"past_periods", 8.0}});
                         }),
               {{"prior_weight", "0"}}, 1.2);
}

/// A customer's history of intervals, and one more.
void add_interval(random_stream& stream, growing_rows& to, double shape, std::size_t intervals) {
  const double mean = 5.0 + 40.0 * stream.uniform();
  const auto interval = [&] { return mean / shape * gamma_variate(shape, stream); };
  const summary own(drawn(intervals, interval));
  to.add({{"time_since_last_order", interval()},
          {"mean_interval", own.mean},
          {"interval_deviation", own.deviation},
          {"intervals", static_cast<double>(intervals)}});
}

TEST(alert_rates, customer_churn) {
  for (const double shape : {1.0, 4.0, 16.0}) {
    for (const std::size_t intervals : {5U, 20U})
      expect_rates("intervals Gamma, shape " + std::to_string(static_cast<int>(shape)) + ", " +
                       std::to_string(intervals) + " of them",
                   emptor::decision::customer_churn_entry,
                   simulated(700 + intervals + 100 * static_cast<std::uint64_t>(shape),
                             [&](auto& stream, auto& to) { add_interval(stream, to, shape, intervals); }),
                   {}, 1.1);
  }
  expect_rates("at random, as usual_variation says, 5 of them", emptor::decision::customer_churn_entry,
               simulated(790,
                         [&](auto& stream, auto& to) {
                           add_interval(stream, to, 1.0, 5);
                           to.correct_last("interval_deviation", alert_rows::none);
                         }),
               {}, 1.0);
}

TEST(alert_rates, credit_deterioration) {
  for (const double common : {0.0, 0.7}) {
    expect_rates(common > 0.0 ? "score and index with a correlation of 0.49, 6 values"
                              : "score and index, independent, 6 values",
                 emptor::decision::credit_deterioration_entry,
                 simulated(900 + static_cast<std::uint64_t>(10.0 * common),
                           [&](auto& stream, auto& to) {
                             std::vector<double> scores;
                             std::vector<double> indices;
                             for (int period = 0; period < 7; ++period) {
                               const double both = normal_variate(stream);
                               const double own = std::sqrt(1.0 - common * common);
                               scores.push_back(70.0 + 6.0 * (common * both + own * normal_variate(stream)));
                               indices.push_back(80.0 + 4.0 * (common * both + own * normal_variate(stream)));
                             }
                             const double score = scores.back();
                             const double index = indices.back();
                             scores.pop_back();
                             indices.pop_back();
                             const summary of_scores(scores);
                             const summary of_indices(indices);
                             to.add({{"score", score},
                                     {"mean_score", of_scores.mean},
                                     {"score_deviation", of_scores.deviation},
                                     {"ratings", 6.0},
                                     {"payment_index", index},
                                     {"mean_payment_index", of_indices.mean},
                                     {"payment_index_deviation", of_indices.deviation},
                                     {"payment_periods", 6.0}});
                           }),
                 {{"min_score_deviation", "0"}, {"min_index_deviation", "0"}}, common > 0.0 ? 1.01 : 1.0);
  }
}

} // namespace
} // namespace alert_rates_long_test
