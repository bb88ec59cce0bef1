// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <string>

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/students_t.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>
#include <gtest/gtest.h>

#include <emptor/core/random.hpp>
#include <emptor/decision/alert_credit_deterioration.hpp>
#include <emptor/decision/alert_customer_churn.hpp>
#include <emptor/decision/alert_overdue_receivable.hpp>
#include <emptor/decision/alert_sales_expense.hpp>
#include <emptor/decision/alert_sales_progress.hpp>
#include <emptor/stats/variates.hpp>

#include "decision/alert_rows.hpp"

namespace emptor::decision::alert_test {
namespace {

using alert_rows::none;
using alert_rows::rows;
using alert_rows::scored;
using levels = std::vector<double>;
using options_of = std::vector<option>;

constexpr double pi = 3.14159265358979323846;

TEST(alert, tails_of_students_distribution_are_those_of_closed_forms) {
  for (const double t : {-40.0, -3.0, -0.5, 0.0, 1e-9, 0.5, 2.0, 30.0, 1e6, 1e12}) {
    const double one = t > 0.0 ? std::atan2(1.0, t) / pi : 0.5 - std::atan(t) / pi;
    EXPECT_NEAR(stats::student_t_tail(t, 1.0) / one, 1.0, 1e-13) << t;
    const double root = std::sqrt(2.0 + t * t);
    const double two = t > 0.0 ? 1.0 / (root * (root + t)) : 0.5 * (1.0 - t / root);
    EXPECT_NEAR(stats::student_t_tail(t, 2.0) / two, 1.0, 1e-13) << t;
  }
  EXPECT_EQ(stats::student_t_tail(0.0, 7.0), 0.5);
  EXPECT_EQ(stats::student_t_tail(std::numeric_limits<double>::infinity(), 7.0), 0.0);
  EXPECT_EQ(stats::student_t_tail(-std::numeric_limits<double>::infinity(), 7.0), 1.0);
  EXPECT_TRUE(std::isnan(stats::student_t_tail(1.0, 0.0)));
  EXPECT_TRUE(std::isnan(stats::student_t_tail(none, 3.0)));
}

TEST(alert, tails_and_limits_of_students_distribution_agree_with_boost) {
  for (const double degrees : {0.3, 1.5, 4.0, 17.0, 240.0, 1e6}) {
    const boost::math::students_t_distribution<double> law(degrees);
    for (const double t : {0.01, 0.7, 2.5, 9.0, 35.0}) {
      const double wanted = boost::math::cdf(boost::math::complement(law, t));
      EXPECT_NEAR(stats::student_t_tail(t, degrees) / wanted, 1.0, 1e-11) << degrees << ' ' << t;
    }
    for (const double p : {0.4999, 0.25, 0.05, 1e-3, 1e-8}) {
      const double limit = stats::student_t_limit(p, degrees);
      EXPECT_NEAR(stats::student_t_tail(limit, degrees) / p, 1.0, 1e-11) << degrees << ' ' << p;
    }
  }
}

TEST(alert, a_prior_counts_for_as_many_values_as_its_weight) {
  // Six values in two lots: the prior of the first lot with the second is nearly the history of all of them; they differ
  // in the one degree of freedom by which the prior's variance is better known than a sample's.
  const stats::predictive own({5.0, 2.0, 4.0}, {}, 0.0);
  EXPECT_DOUBLE_EQ(own.location(), 5.0);
  EXPECT_DOUBLE_EQ(own.scale(), 2.0);
  EXPECT_DOUBLE_EQ(own.degrees(), 3.0);
  EXPECT_DOUBLE_EQ(own.spread(), 2.0 * std::sqrt(1.25));
  const stats::predictive both({5.0, 2.0, 4.0}, {9.0, 3.0, 2.0}, 0.0);
  EXPECT_DOUBLE_EQ(both.location(), (4.0 * 5.0 + 2.0 * 9.0) / 6.0);
  EXPECT_DOUBLE_EQ(both.degrees(), 6.0);
  EXPECT_DOUBLE_EQ(both.scale(), std::sqrt((2.0 * 9.0 + 3.0 * 4.0 + 2.0 * 4.0 / 6.0 * 16.0) / 6.0));
  const stats::predictive prior_only({none, none, 0.0}, {9.0, 3.0, 2.0}, 0.0);
  EXPECT_DOUBLE_EQ(prior_only.location(), 9.0);
  EXPECT_DOUBLE_EQ(prior_only.scale(), 3.0);
  const stats::predictive spread_only({5.0, none, 1.0}, {none, 3.0, 2.0}, 0.0);
  EXPECT_DOUBLE_EQ(spread_only.location(), 5.0);
  EXPECT_DOUBLE_EQ(spread_only.degrees(), 2.0);
  EXPECT_DOUBLE_EQ(spread_only.scale(), 3.0);
  EXPECT_FALSE(stats::predictive({5.0, none, 1.0}, {}, 0.0).known());
  EXPECT_FALSE(stats::predictive({5.0, none, 3.0}, {9.0, 3.0, 2.0}, 0.0).known());
  EXPECT_FALSE(stats::predictive({none, none, 0.0}, {none, 3.0, 2.0}, 0.0).known());
  EXPECT_EQ(stats::predictive({5.0, 0.0, 9.0}, {}, 1.5).scale(), 1.5);
}

TEST(alert, several_comparisons_keep_the_rate_together) {
  for (const double p : {1e-12, 0.001, 0.05, 0.2}) {
    EXPECT_NEAR(any_of(each_of(p, 3.0), 3.0) / p, 1.0, 1e-14);
    EXPECT_EQ(any_of(p, 1.0), p);
    EXPECT_NEAR(any_of(p, 2.0), 1.0 - (1.0 - p) * (1.0 - p), 1e-15);
  }
  EXPECT_EQ(any_of(1.0, 3.0), 1.0);
  EXPECT_EQ(any_of(0.0, 3.0), 0.0);
}

TEST(alert, levels_rise_at_their_rates_and_fall_later) {
  const alert_rule rule(0.05, 5.0, 2.0);
  EXPECT_EQ(rule.level(0.0501, alert_level::none), alert_level::none);
  EXPECT_EQ(rule.level(0.05, alert_level::none), alert_level::notice);
  EXPECT_EQ(rule.level(0.01, alert_level::none), alert_level::warning);
  EXPECT_EQ(rule.level(0.002, alert_level::none), alert_level::alarm);
  EXPECT_EQ(rule.level(0.004, alert_level::none), alert_level::warning);
  EXPECT_EQ(rule.level(0.004, alert_level::alarm), alert_level::alarm);
  EXPECT_EQ(rule.level(0.0041, alert_level::alarm), alert_level::warning);
  EXPECT_EQ(rule.level(0.1, alert_level::alarm), alert_level::notice);
  EXPECT_EQ(rule.level(0.1001, alert_level::alarm), alert_level::none);
  EXPECT_EQ(rule.level(0.004, alert_level::notice), alert_level::warning);
  for (double p = 1e-6; p < 1.0; p *= 1.1) {
    for (const alert_level before : {alert_level::none, alert_level::notice, alert_level::warning}) {
      const auto after = static_cast<alert_level>(static_cast<int>(before) + 1);
      EXPECT_LE(rule.level(p, before), rule.level(p, after));
    }
  }
}

TEST(alert, the_same_cause_is_told_once_and_another_one_anew) {
  const alert_rule rule(0.05, 5.0, 2.0);
  const auto is_new = [&](double p, alert_subject about, alert_level before, alert_subject about_before) {
    return raise_alert(rule, p, about, before, about_before).is_new;
  };
  EXPECT_TRUE(is_new(0.03, {1, ""}, alert_level::none, {0, ""}));
  EXPECT_FALSE(is_new(0.03, {1, ""}, alert_level::notice, {1, ""}));
  EXPECT_TRUE(is_new(0.009, {1, ""}, alert_level::notice, {1, ""})) << "it got worse";
  EXPECT_FALSE(is_new(0.03, {1, ""}, alert_level::alarm, {1, ""})) << "it got better";
  EXPECT_TRUE(is_new(0.03, {2, ""}, alert_level::alarm, {1, ""})) << "another cause";
  EXPECT_TRUE(is_new(0.03, {1, "R2"}, alert_level::alarm, {1, "R1"})) << "another invoice";
  EXPECT_FALSE(is_new(0.03, {1, "R1"}, alert_level::alarm, {1, "R1"}));
  EXPECT_FALSE(is_new(0.03, {1, "R1"}, alert_level::alarm, {1, ""}));
  EXPECT_FALSE(is_new(0.3, {1, "R2"}, alert_level::alarm, {1, "R1"})) << "no alert at all";
  // What was kept for another cause is not kept for this one.
  EXPECT_EQ(raise_alert(rule, 0.08, {2, ""}, alert_level::alarm, {1, ""}).level, alert_level::none);
  EXPECT_EQ(raise_alert(rule, 0.08, {1, ""}, alert_level::alarm, {1, ""}).level, alert_level::notice);
}

TEST(alert, severity_counts_powers_of_ten) {
  EXPECT_NEAR(severity_of(0.01), 2.0, 1e-15);
  EXPECT_EQ(severity_of(1.0), 0.0);
  EXPECT_EQ(severity_of(0.0), 300.0);
  EXPECT_EQ(severity_of(1e-320), 300.0);
}

TEST(alert, overdue_days_rise_the_probability_falls_and_the_limit_is_where_the_notice_begins) {
  rows given;
  for (int days = 0; days < 80; ++days) {
    given.numbers["overdue_days"].push_back(days);
    given.numbers["mean_delay"].push_back(12.0);
    given.numbers["delay_deviation"].push_back(6.0);
    given.numbers["invoices"].push_back(9.0);
  }
  const scored made(overdue_receivable_entry, given);
  for (std::size_t i = 1; i < 80; ++i) {
    EXPECT_LT(made["probability"][i], made["probability"][i - 1]);
    EXPECT_GE(made["level"][i], made["level"][i - 1]);
    EXPECT_EQ(made["level"][i] >= 1.0, made["observed"][i] >= made["limit"][i]);
    EXPECT_EQ(made["expected"][i], 12.0);
  }
  EXPECT_EQ(made["level"][79], 3.0);
}

// The thorough ones are in alert_rates_long_test.cpp.
TEST(alert, of_customers_who_stay_as_they_were_the_share_that_was_asked_for_gets_a_notice) {
  constexpr int customers = 5000;
  rows given;
  for (int i = 0; i < customers; ++i) {
    random_stream stream(7, 1, static_cast<std::uint64_t>(i));
    const auto delay = [&] { return 40.0 + 10.0 * stats::normal_variate(stream); };
    const double seen[] = {delay(), delay(), delay(), delay()};
    double mean = 0.0;
    double squares = 0.0;
    for (const double one : seen)
      mean += one / 4.0;
    for (const double one : seen)
      squares += (one - mean) * (one - mean);
    given.numbers["overdue_days"].push_back(delay());
    given.numbers["mean_delay"].push_back(mean);
    given.numbers["delay_deviation"].push_back(std::sqrt(squares / 3.0));
    given.numbers["invoices"].push_back(4.0);
  }
  for (const double rate : {0.2, 0.05, 0.01}) {
    const scored made(overdue_receivable_entry, given,
                      {{"false_alarm_rate", std::to_string(rate)}, {"min_deviation", "0"}}, {"level"});
    const auto told = static_cast<double>(
        std::count_if(made["level"].begin(), made["level"].end(), [](double level) { return level > 0.0; }));
    EXPECT_NEAR(told / customers, rate, 4.0 * std::sqrt(rate * (1.0 - rate) / customers)) << rate;
  }
}

TEST(alert, the_longest_of_many_invoices_may_be_longer) {
  const rows given{{{"overdue_days", {25, 25}},
                    {"mean_delay", {12, 12}},
                    {"delay_deviation", {6, 6}},
                    {"invoices", {30, 30}},
                    {"invoices_due", {1, 20}}}};
  const scored made(overdue_receivable_entry, given);
  EXPECT_NEAR(made["probability"][1], 1.0 - std::pow(1.0 - made["probability"][0], 20.0), 1e-12);
  EXPECT_GT(made["limit"][1], made["limit"][0]);
}

TEST(alert, thin_histories_lean_on_their_group_and_without_one_are_undefined) {
  const rows given{{{"overdue_days", {25, 25, 25, 25}},
                    {"mean_delay", {none, 5, 5, none}},
                    {"delay_deviation", {none, none, none, none}},
                    {"invoices", {none, 1, 1, 0}},
                    {"group_delay", {15, 15, none, none}},
                    {"group_delay_deviation", {8, 8, none, none}}}};
  const scored made(overdue_receivable_entry, given);
  EXPECT_EQ(made.statuses, (std::vector<row_status>{row_status::ok, row_status::ok, row_status::undefined,
                                                    row_status::undefined}));
  EXPECT_EQ(made["expected"][0], 15.0);
  EXPECT_EQ(made["expected"][1], 12.5);
  EXPECT_LT(made["probability"][1], made["probability"][0]);
  EXPECT_TRUE(std::isnan(made["probability"][2]));
}

TEST(alert, trifles_are_no_alert) {
  const rows given{{{"overdue_days", {25, 25, 25, 0}},
                    {"mean_delay", {-20, -20, -20, -20}},
                    {"delay_deviation", {2, 2, 2, 2}},
                    {"invoices", {30, 30, 30, 30}},
                    {"overdue_amount", {4.99, 5, none, 100}},
                    {"previous_level", {3, 3, 3, 3}}}};
  const scored made(overdue_receivable_entry, given, {{"min_overdue_amount", "5"}});
  EXPECT_EQ(made["level"], (levels{0, 3, 3, 0}));
  EXPECT_EQ(made["is_new"], (levels{0, 0, 0, 0}));
  EXPECT_LT(made["probability"][3], 1e-6)
      << "who always pays early is late for himself, but nothing is overdue";
}

TEST(alert, money_is_compared_with_earlier_looks) {
  const rows given{{{"overdue_days", {10, 10}},
                    {"mean_delay", {10, 10}},
                    {"delay_deviation", {5, 5}},
                    {"invoices", {30, 30}},
                    {"overdue_amount", {9000, 1000}},
                    {"mean_overdue_amount", {1000, 1000}},
                    {"overdue_amount_deviation", {500, 500}},
                    {"looks", {12, 12}}}};
  const scored made(overdue_receivable_entry, given);
  EXPECT_EQ(made["cause"], (levels{2, 0}));
  EXPECT_EQ(made["comparisons"], (levels{2, 2}));
  EXPECT_EQ(made["observed"][0], 9000.0);
  const boost::math::students_t_distribution<double> law(11.0);
  const double p = boost::math::cdf(boost::math::complement(law, 8000.0 / (500.0 * std::sqrt(13.0 / 12.0))));
  EXPECT_NEAR(made["probability"][0] / (1.0 - (1.0 - p) * (1.0 - p)), 1.0, 1e-6);
}

/// Amounts that have always been the same vary all the same: a cent more is no alarm, ten times as much is one.
TEST(alert, a_cent_more_than_ever_is_no_alert) {
  const rows given{{{"overdue_days", {10, 10, 10, 10}},
                    {"mean_delay", {10, 10, 10, 10}},
                    {"delay_deviation", {5, 5, 5, 5}},
                    {"invoices", {30, 30, 30, 30}},
                    {"overdue_amount", {1000.01, 0.01, 10000, 100}},
                    {"mean_overdue_amount", {1000, 0, 1000, 0}},
                    {"overdue_amount_deviation", {0, 0, 0, 0}},
                    {"looks", {12, 12, 12, 12}}}};
  const scored made(overdue_receivable_entry, given);
  EXPECT_EQ(made["level"], (levels{0, 0, 3, 3}));
  EXPECT_EQ(made["cause"], (levels{0, 0, 2, 2}));
  const scored bare(overdue_receivable_entry, given,
                    {{"min_amount_deviation", "0"}, {"min_amount_variation", "0"}});
  EXPECT_EQ(bare["level"], (levels{3, 3, 3, 3}));
}

TEST(alert, the_unit_of_money_does_not_matter) {
  const std::vector<option> options{{"false_alarm_rate", "0.1"}};
  const rows one{{{"sales", {300}}, {"plan", {1000}}, {"calendar_share", {0.5}}}};
  const rows thousand{{{"sales", {300e3}}, {"plan", {1000e3}}, {"calendar_share", {0.5}}}};
  const scored a(sales_progress_entry, one, options);
  const scored b(sales_progress_entry, thousand, options);
  EXPECT_NEAR(a["probability"][0], b["probability"][0], 1e-14);
  EXPECT_NEAR(a["limit"][0] * 1e3, b["limit"][0], 1e-6);
  EXPECT_NEAR(a["probability_of_plan"][0], b["probability_of_plan"][0], 1e-14);
}

TEST(alert, the_same_gap_says_more_late_in_the_period) {
  rows given;
  for (const double share : {0.05, 0.25, 0.5, 0.75, 1.0}) {
    given.numbers["sales"].push_back(700.0 * share);
    given.numbers["plan"].push_back(1000.0);
    given.numbers["calendar_share"].push_back(share);
    given.numbers["past_ratio"].push_back(1.02);
    given.numbers["past_deviation"].push_back(0.1);
    given.numbers["past_periods"].push_back(12.0);
  }
  const scored made(sales_progress_entry, given);
  for (std::size_t i = 1; i < 5; ++i) {
    EXPECT_LT(made["probability"][i], made["probability"][i - 1]);
    EXPECT_LT(made["probability_of_plan"][i], made["probability_of_plan"][i - 1]);
  }
  EXPECT_EQ(made["probability_of_plan"][4], 0.0);
  EXPECT_EQ(made["projected_sales"][4], 700.0);
  EXPECT_GE(made["level"][4], 1.0);
}

TEST(alert, expense_may_grow_with_sales) {
  const rows given{{{"expense", {150, 150}},
                    {"sales", {1000, 1500}},
                    {"past_expense_share", {0.1, 0.1}},
                    {"past_expense_deviation", {0.01, 0.01}},
                    {"past_periods", {12, 12}}}};
  const scored made(sales_expense_entry, given);
  EXPECT_EQ(made["cause"], (levels{2, 0}));
  EXPECT_EQ(made["expected"], (levels{100, 150}));
  const rows nothing{{{"expense", {150, 150}}, {"sales", {0, -5}}, {"past_periods", {12, 12}}}};
  const scored no(sales_expense_entry, nothing);
  EXPECT_EQ(no.statuses, (std::vector<row_status>{row_status::undefined, row_status::undefined}));
}

TEST(alert, silence_is_the_tail_of_a_beta_variable_of_the_second_kind) {
  const options_of third{{"usual_variation", "0.3333333333333333"}};
  const rows given{
      {{"time_since_last_order", {45, 0}}, {"mean_interval", {30, 30}}, {"intervals", {12, 12}}}};
  const scored made(customer_churn_entry, given, third);
  const double shape = 9.0;
  const boost::math::beta_distribution<double> law(shape, 12.0 * shape);
  EXPECT_NEAR(made["probability"][0] / boost::math::cdf(boost::math::complement(law, 45.0 / (45.0 + 360.0))),
              1.0, 1e-11);
  EXPECT_EQ(made["probability"][1], 1.0);
  EXPECT_EQ(made["severity"][1], 0.0);
  EXPECT_NEAR(made["spread"][0], 10.0, 1e-12);
}

TEST(alert, a_shape_that_is_estimated_is_averaged_over) {
  for (const double n : {4.0, 12.0, 60.0}) {
    for (const double t : {45.0, 60.0, 90.0}) {
      const rows given{{{"time_since_last_order", {t}},
                        {"mean_interval", {30}},
                        {"interval_deviation", {12}},
                        {"intervals", {n}}}};
      const scored made(customer_churn_entry, given);
      const double square = 0.16 * (1.0 + 0.16 / n);
      const double freedom = (n - 1.0) / (1.0 + square);
      const double half = 0.5 * (freedom + 1.0);
      const double centre =
          freedom * std::log(square) / (freedom + 1.0) + std::log(half) - boost::math::digamma(half);
      const double deviation = std::sqrt(boost::math::trigamma(half));
      double wanted = 0.0;
      for (int i = -800; i <= 800;
           ++i) { // the rectangle rule of a smooth function that falls like exp(-z^2 / 2)
        const double z = 0.01 * i;
        const double k = std::exp(-(centre + deviation * z));
        const boost::math::beta_distribution<double> law(k, n * k);
        wanted += 0.01 * std::exp(-0.5 * z * z) / std::sqrt(2.0 * pi) *
                  boost::math::cdf(boost::math::complement(law, t / (t + n * 30.0)));
      }
      EXPECT_NEAR(made["probability"][0] / wanted, 1.0, 0.02) << n << ' ' << t;
      const rows there{{{"time_since_last_order", {made["limit"][0]}},
                        {"mean_interval", {30}},
                        {"interval_deviation", {12}},
                        {"intervals", {n}}}};
      EXPECT_NEAR(scored(customer_churn_entry, there)["probability"][0], 0.05, 1e-12);
    }
  }
}

TEST(alert, a_regular_customer_is_missed_sooner_than_one_who_orders_at_random) {
  const rows given{{{"time_since_last_order", {60, 60, 60}},
                    {"mean_interval", {30, 30, 30}},
                    {"interval_deviation", {3, 30, none}},
                    {"intervals", {20, 20, 20}}}};
  const scored made(customer_churn_entry, given);
  EXPECT_LT(made["limit"][0], 50.0);
  EXPECT_GT(made["limit"][1], 80.0);
  EXPECT_GT(made["level"][0], 0.0);
  EXPECT_EQ(made["level"][1], 0.0);
  EXPECT_GE(made["limit"][2], made["limit"][0]);
}

TEST(alert, a_known_probability_decides_alone) {
  const rows given{{{"probability_alive", {0.5, 0.049, 0.0, 1.0, none}},
                    {"time_since_last_order", {1e6, none, none, 1e6, none}}}};
  const scored made(customer_churn_entry, given);
  EXPECT_EQ((levels{made["level"].begin(), made["level"].begin() + 4}), (levels{0, 1, 3, 0}));
  EXPECT_EQ(made["cause"][1], 2.0);
  EXPECT_EQ(made["severity"][2], 300.0);
  EXPECT_EQ(made.statuses[4], row_status::undefined);
}

TEST(alert, the_least_likely_of_grade_score_and_index_is_the_cause) {
  const rows given{{{"grade_rank", {5, 2}},
                    {"mean_grade_rank", {2, 2}},
                    {"grade_rank_deviation", {0.2, 0.2}},
                    {"score", {60, 75}},
                    {"mean_score", {70, 70}},
                    {"score_deviation", {5, 5}},
                    {"ratings", {10, 10}},
                    {"payment_index", {78, 40}},
                    {"mean_payment_index", {80, 80}},
                    {"payment_index_deviation", {4, 4}},
                    {"payment_periods", {24, 24}}}};
  const scored made(credit_deterioration_entry, given);
  EXPECT_EQ(made["cause"], (levels{1, 3}));
  EXPECT_EQ(made["comparisons"], (levels{3, 3}));
  EXPECT_EQ(made["spread"][0], 0.5 * std::sqrt(1.1)) << "ranks vary at least by min_rank_deviation";
  EXPECT_GT(made["limit"][0], 2.0) << "a worse rank is a larger one";
  EXPECT_LT(made["limit"][1], 80.0);
}

TEST(alert, what_no_number_can_hold_is_said_so) {
  constexpr double huge = std::numeric_limits<double>::max();
  const rows given{{{"sales", {-huge, 0}},
                    {"plan", {huge, 1e-300}},
                    {"calendar_share", {1, 1e-300}},
                    {"past_ratio", {huge, 1}},
                    {"past_deviation", {huge, 1}},
                    {"past_periods", {3, 3}}}};
  const scored made(sales_progress_entry, given);
  for (std::size_t i = 0; i < 2; ++i) {
    const bool all = std::isfinite(made["probability"][i]) && std::isfinite(made["limit"][i]) &&
                     std::isfinite(made["projected_sales"][i]);
    EXPECT_EQ(all, made.statuses[i] == row_status::ok) << i;
  }
}

} // namespace
} // namespace emptor::decision::alert_test
