// SPDX-License-Identifier: BSL-1.0
// How often the alerts come while nothing has changed, and how soon after something has: simulated customers, each
// judged by his own thin history. The lines of the tables in include/emptor/decision/README.md are what these tests
// print.
#include <algorithm>
#include <cmath>
#include <cstdio>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/core/random.hpp>
#include <emptor/decision/alert_credit_deterioration.hpp>
#include <emptor/decision/alert_customer_churn.hpp>
#include <emptor/decision/alert_overdue_receivable.hpp>
#include <emptor/decision/alert_sales_expense.hpp>
#include <emptor/decision/alert_sales_progress.hpp>
#include <emptor/stats/variates.hpp>

#include "decision/alert_rows.hpp"

namespace alert_long_test {
namespace {

using alert_rows::rows;
using alert_rows::scored;
using emptor::random_stream;
using emptor::stats::gamma_variate;
using emptor::stats::normal_variate;
using options = std::vector<emptor::option>;

constexpr int customers = 100000;

std::string readme() {
  std::ifstream file(EMPTOR_SOURCE_DIR "/include/emptor/decision/README.md");
  return {std::istreambuf_iterator<char>(file), {}};
}
void expect_line(const std::string& line) {
  std::printf("%s\n", line.c_str());
  EXPECT_NE(readme().find(line + "\n"), std::string::npos) << "stale in include/emptor/decision/README.md:\n"
                                                           << line;
}
std::string in_percent(double share) {
  char text[16];
  std::snprintf(text, sizeof text, "%.2f", 100.0 * share);
  return text;
}

std::string share_in_percent(double share) {
  return std::to_string(static_cast<int>(100.0 * share)) + " %";
}

/// Mean and deviation of some values.
struct summary {
  double mean = 0.0;
  double deviation = 0.0;

  explicit summary(const std::vector<double>& of) {
    for (const double one : of)
      mean += one / static_cast<double>(of.size());
    for (const double one : of)
      deviation += (one - mean) * (one - mean);
    deviation = std::sqrt(deviation / static_cast<double>(of.size() - 1));
  }
};

/// One column for each name, one row a call.
class growing_rows {
public:
  void add(const std::vector<std::pair<std::string, double>>& row) {
    for (const auto& [name, value] : row)
      held_.numbers[name].push_back(value);
  }
  void correct_last(const std::string& name, double value) { held_.numbers[name].back() = value; }
  [[nodiscard]] const rows& all() const noexcept { return held_; }

private:
  rows held_{{}};
};

/// Shares of rows with a notice or more, a warning or more, and an alarm.
std::vector<double> shares(const scored& made) {
  std::vector<double> found(3, 0.0);
  for (const double level : made["level"]) {
    for (std::size_t i = 0; i < 3; ++i)
      found[i] += level > static_cast<double>(i) ? 1.0 / customers : 0.0;
  }
  return found;
}
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

/// \param made(stream, row)  adds a customer's row
template <class Make>
rows simulated(std::uint64_t study, const Make& made) {
  growing_rows all;
  for (int i = 0; i < customers; ++i) {
    random_stream stream(20261129, study, static_cast<std::uint64_t>(i));
    made(stream, all);
  }
  return all.all();
}
std::vector<double> drawn(std::size_t count, const std::function<double()>& draw) {
  std::vector<double> values(count);
  for (double& one : values)
    one = draw();
  return values;
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

/// The value at which each customer gets a notice, a warning and an alarm. A warning is a notice at a rate 5 times lower.
std::vector<std::vector<double>> limits(const emptor::entry& of, const rows& given, options with = {}) {
  std::vector<std::vector<double>> made;
  for (const char* const rate : {"0.05", "0.01", "0.002"}) {
    options all = with;
    all.push_back({"false_alarm_rate", rate});
    made.push_back(scored(of, given, all, {"limit"})["limit"]);
  }
  return made;
}
void expect_delays(const std::string& alert, const std::string& change, const std::vector<double>& found,
                   const std::string& unit) {
  std::string line = "| `" + alert + "` | " + change + " |";
  for (const double one : found) {
    char text[16];
    std::snprintf(text, sizeof text, " %.1f |", one);
    line += text;
  }
  expect_line(line + " " + unit + " |");
}

TEST(alert_delays, overdue_receivable) {
  std::vector<double> before;
  for (const double shift : {4.0, 3.0, 2.0, 1.0}) {
    const rows given = simulated(1000, [&](auto& stream, auto& to) {
      const summary own(drawn(10, [&] { return 15.0 + 5.0 * normal_variate(stream); }));
      to.add({{"overdue_days", 0.0},
              {"mean_delay", own.mean},
              {"delay_deviation", own.deviation},
              {"invoices", 10.0}});
    });
    const auto limit = limits(emptor::decision::overdue_receivable_entry, given);
    std::vector<double> found(3, 0.0);
    for (int i = 0; i < customers; ++i) {
      for (std::size_t level = 0; level < 3; ++level) {
        const double gap = (limit[level][static_cast<std::size_t>(i)] - 15.0 - shift * 5.0) / 5.0;
        const double caught = 0.5 * std::erfc(gap / std::sqrt(2.0)); // each invoice, one after the other
        found[level] += caught / customers;
      }
    }
    for (double& one : found)
      one *= 100.0;
    if (!before.empty()) {
      EXPECT_LT(found[0], before[0]);
    }
    before = found;
    char text[64];
    std::snprintf(text, sizeof text, "delays longer by %.0f of his deviations, 10 invoices known", shift);
    expect_delays("overdue_receivable", text, found, "% at the first such invoice");
  }
}

TEST(alert_delays, sales_progress) {
  for (const double share : {0.25, 0.5, 0.75, 1.0}) {
    std::vector<double> found(3, 0.0);
    const rows given = simulated(1100, [&](auto& stream, auto& to) {
      const summary own(drawn(8, [&] { return 1.0 + 0.1 * normal_variate(stream); }));
      to.add({{"sales", 100.0 * (share * 0.7 + std::sqrt(share) * 0.1 * normal_variate(stream))},
              {"plan", 100.0},
              {"calendar_share", share},
              {"past_ratio", own.mean},
              {"past_deviation", own.deviation},
              {"past_periods", 8.0}});
    });
    for (double& one : found = shares(scored(emptor::decision::sales_progress_entry, given, {}, {"level"})))
      one *= 100.0;
    expect_delays("sales_progress",
                  "sales fall by 30 %, past periods deviate by 10 %, " + share_in_percent(share) + " due",
                  found, "% at this look");
  }
}

TEST(alert_delays, sales_expense) {
  for (const double share : {0.25, 0.5, 1.0}) {
    const rows given = simulated(1200, [&](auto& stream, auto& to) {
      const summary own(drawn(8, [&] { return 1.0 + 0.1 * normal_variate(stream); }));
      to.add({{"expense", 100.0 * (share * 1.3 + std::sqrt(share) * 0.1 * normal_variate(stream))},
              {"budget", 100.0},
              {"calendar_share", share},
              {"past_budget_ratio", own.mean},
              {"past_budget_deviation", own.deviation},
              {"past_periods", 8.0}});
    });
    std::vector<double> found = shares(scored(emptor::decision::sales_expense_entry, given, {}, {"level"}));
    for (double& one : found)
      one *= 100.0;
    expect_delays("sales_expense",
                  "30 % are spent too much, past periods deviate by 10 %, " + share_in_percent(share) +
                      " over",
                  found, "% at this look");
  }
}

TEST(alert_delays, customer_churn) {
  for (const double shape : {16.0, 4.0, 1.0}) {
    const rows given = simulated(1300 + static_cast<std::uint64_t>(shape), [&](auto& stream, auto& to) {
      const summary own(drawn(10, [&] { return gamma_variate(shape, stream) / shape; }));
      to.add({{"time_since_last_order", 0.0},
              {"mean_interval", own.mean},
              {"interval_deviation", own.deviation},
              {"intervals", 10.0}});
    });
    std::vector<double> found(3, 0.0);
    const auto limit = limits(emptor::decision::customer_churn_entry, given);
    for (std::size_t level = 0; level < 3; ++level) {
      for (const double one : limit[level])
        found[level] += one / customers;
    }
    expect_delays("customer_churn",
                  "he never orders again; intervals Gamma, shape " + std::to_string(static_cast<int>(shape)) +
                      ", 10 known",
                  found, "mean intervals after his last order");
  }
}

TEST(alert_delays, credit_deterioration) {
  for (const double shift : {4.0, 2.0, 1.0}) {
    const rows given = simulated(1400, [&](auto& stream, auto& to) {
      const summary own(drawn(6, [&] { return 70.0 + 5.0 * normal_variate(stream); }));
      to.add({{"score", 70.0 - 5.0 * shift + 5.0 * normal_variate(stream)},
              {"mean_score", own.mean},
              {"score_deviation", own.deviation},
              {"ratings", 6.0}});
    });
    std::vector<double> found =
        shares(scored(emptor::decision::credit_deterioration_entry, given, {}, {"level"}));
    for (double& one : found)
      one *= 100.0;
    char text[64];
    std::snprintf(text, sizeof text, "the score falls by %.0f of its deviations, 6 known", shift);
    expect_delays("credit_deterioration", text, found, "% at the first such rating");
  }
}

} // namespace
} // namespace alert_long_test
