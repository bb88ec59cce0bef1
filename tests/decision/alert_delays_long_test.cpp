// SPDX-License-Identifier: BSL-1.0
// How soon the alerts come after something has changed. The lines of the second table in
// include/emptor/decision/README.md are what these tests print.
#include <cmath>
#include <string>
#include <vector>

#include <emptor/decision/alert_credit_deterioration.hpp>
#include <emptor/decision/alert_customer_churn.hpp>
#include <emptor/decision/alert_overdue_receivable.hpp>
#include <emptor/decision/alert_sales_expense.hpp>
#include <emptor/decision/alert_sales_progress.hpp>

#include "decision/alert_simulation.hpp"

namespace alert_delays_long_test {
namespace {

using namespace alert_simulation;

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
                   const std::string& unit, int decimals = 1) {
  std::string line = "| `" + alert + "` | " + change + " |";
  for (const double one : found) {
    char text[16];
    std::snprintf(text, sizeof text, " %.*f |", decimals, one);
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
    std::vector<double> invoices(3, 0.0);
    for (std::size_t level = 0; level < 3; ++level) {
      std::vector<double> missed; // the chance of each customer that one such invoice gives no alert
      for (const double one : limit[level]) {
        const emptor::math::real gap = (one - 15.0 - shift * 5.0) / 5.0 / std::sqrt(2.0);
        missed.push_back(1.0 - 0.5 * emptor::math::value_of(emptor::math::erfc(gap)));
        found[level] += 100.0 * (1.0 - missed.back()) / customers;
      }
      std::vector<double> all = missed;
      for (double share = 1.0; share > 0.5; invoices[level] += 1.0) {
        share = 0.0;
        for (std::size_t i = 0; i < all.size(); ++i) {
          share += all[i] / customers;
          all[i] *= missed[i];
        }
      }
    }
    if (!before.empty()) {
      EXPECT_LT(found[0], before[0]);
    }
    before = found;
    char text[64];
    std::snprintf(text, sizeof text, "delays longer by %.0f of his deviations, 10 invoices known", shift);
    expect_delays("overdue_receivable", text, found, "% at the first such invoice");
    expect_delays("overdue_receivable", text, invoices, "such invoices until half of them have it", 0);
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
} // namespace alert_delays_long_test
