// SPDX-License-Identifier: BSL-1.0
// Frequency tables, tracking and holdouts against the figures of BTYD's walkthrough, and what must hold whatever the model.
#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <fstream>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/value/frequency_table.hpp>
#include <emptor/value/holdout.hpp>
#include <emptor/value/tracking.hpp>

#include "customers.hpp"

namespace forecast_tables_test {
namespace {

using namespace emptor;
using namespace emptor::value;

model made_model(std::string_view entry, std::span<const std::string_view> names,
                 const std::vector<double>& values, const char* unit = "week") {
  model made;
  made.entry = entry;
  made.options = {{"unit", unit}};
  made.tables.push_back(make_parameters(names, values, {}));
  return made;
}
// BTYD's fits of the CDNOW sample.
const model btyd_pareto = made_model(pareto_nbd::name, pareto_nbd::names, {0.5534, 10.5802, 0.6061, 11.6562});
const model btyd_bg = made_model(bg_nbd::name, bg_nbd::names, {0.2425965, 4.413685, 0.7929888, 2.426166});

/// One row of an order log: an order a day.
struct order_day {
  std::string customer;
  std::string day;
};

/// The CDNOW sample; empty where the data are missing.
std::vector<order_day> cdnow_days() {
  std::ifstream in(test::data_file("cdnow_sample.csv"));
  std::set<std::pair<std::string, std::string>> days;
  std::string line;
  std::getline(in, line);
  while (std::getline(in, line)) {
    const std::size_t comma = line.find(',');
    days.emplace(line.substr(0, comma), line.substr(comma + 1, 10));
  }
  std::vector<order_day> made;
  for (const auto& [customer, day] : days)
    made.push_back({customer, day});
  return made;
}

stats::order_history history_of(const std::vector<order_day>& orders) {
  text_buffer customers;
  std::vector<std::int32_t> days;
  for (const order_day& one : orders) {
    customers.push_back(one.customer);
    days.push_back(days_since_epoch(*parse_date(one.day)));
  }
  table rows("orders");
  rows.add(column::texts("customer", std::move(customers)));
  rows.add(column::days("date", std::move(days)));
  rows.add(column::amounts("amount", std::vector<std::int64_t>(orders.size(), 100), 2));
  stats::order_history made;
  const std::vector<named_column> columns = rows.views();
  made.push({.table = "orders", .columns = columns, .rows = rows.rows(), .strict = true});
  return made;
}

/// The 39 weeks before 1997-10-01 and the 39 after, as columns of value.holdout.
std::array<std::vector<double>, 4> split_cdnow() {
  std::map<std::string, std::vector<double>> weeks;
  for (const order_day& one : cdnow_days())
    weeks[one.customer].push_back(
        static_cast<double>((*parse_date(one.day) - *parse_date("1997-09-30")).count()) / 7.0);
  std::array<std::vector<double>, 4> made;
  for (const auto& [customer, times] : weeks) {
    const auto before = std::count_if(times.begin(), times.end(), [](double t) { return t <= 0.0; });
    made[0].push_back(static_cast<double>(before - 1));
    made[1].push_back(times[static_cast<std::size_t>(before) - 1] - times[0]);
    made[2].push_back(-times[0]);
    made[3].push_back(static_cast<double>(times.size()) - static_cast<double>(before));
  }
  return made;
}

TEST(tracking, weeks_of_cdnow) {
  const std::vector<order_day> orders = cdnow_days();
  if (orders.empty())
    GTEST_SKIP() << "no cdnow_sample.csv in EMPTOR_DATA_DIR: the tracking of CDNOW is not tested";
  const stats::order_history history = history_of(orders);
  const std::int64_t actual[] = {73, 55, 70, 33, 56, 99};
  const std::int64_t all_actual[] = {1359, 1414, 1484, 1517, 1573, 1672};
  const auto check = [&](const model& from, const std::array<double, 6>& expected,
                         const std::array<double, 6>& all_expected, double tolerance) {
    const tracked_cohort cohort = track(from, history);
    EXPECT_EQ(cohort.customers, 2357);
    ASSERT_EQ(cohort.periods.size(), 78U);
    std::int64_t came = 0;
    double foretold = 0.0;
    for (std::size_t week = 1; week <= 25; ++week) {
      const tracked_period& one = cohort.periods[week - 1];
      came += one.actual;
      foretold += one.expected;
      if (week < 20)
        continue;
      EXPECT_EQ(one.actual, actual[week - 20]) << week;
      EXPECT_EQ(came, all_actual[week - 20]) << week;
      EXPECT_NEAR(one.expected, expected[week - 20], tolerance) << week;
      EXPECT_NEAR(foretold, all_expected[week - 20], 20 * tolerance) << week;
    }
  };
  check(btyd_pareto, {78.308, 76.419, 74.648, 72.983, 71.414, 69.933},
        {1308.856, 1385.275, 1459.923, 1532.906, 1604.32, 1674.253},
        2e-2); // four digits of its parameters are known
  check(btyd_bg, {76.86531, 74.88843, 73.04554, 71.32166, 69.70412, 68.18213},
        {1312.458, 1387.346, 1460.392, 1531.713, 1601.418, 1669.6},
        1e-3); // five to seven
}

TEST(tracking, periods_cohorts_and_order_of_rows) {
  std::vector<order_day> orders{{"Ann", "2024-01-31"}, {"Ann", "2024-02-29"}, {"Ann", "2024-03-01"},
                                {"Bob", "2024-02-10"}, {"Bob", "2024-03-30"}, {"Cai", "2024-03-05"},
                                {"Cai", "2024-03-20"}};
  const auto run_with = [&](const tracking_options& options, const run& how = {}) {
    return track(btyd_pareto, history_of(orders), options, how).periods;
  };
  // A month from January 31 ends before February 29.
  tracking_options monthly;
  monthly.period = tracking_period::month;
  monthly.until = parse_date("2024-03-29");
  const auto months = run_with(monthly);
  ASSERT_EQ(months.size(), 1U);
  EXPECT_EQ(months[0].last, *parse_date("2024-02-28"));
  EXPECT_EQ(months[0].actual, 0);
  monthly.until = parse_date("2024-03-30");
  const auto two = run_with(monthly);
  ASSERT_EQ(two.size(), 2U);
  EXPECT_EQ(two[1].last, *parse_date("2024-03-30"));
  EXPECT_EQ(two[1].actual, 4);

  tracking_options weekly;
  const auto weeks = run_with(weekly);
  weekly.periods = 20;
  const auto more = run_with(weekly);
  ASSERT_EQ(more.size(), 20U);
  for (std::size_t i = 0; i < more.size(); ++i) {
    EXPECT_EQ(more[i].is_over, i < weeks.size());
    if (i < weeks.size()) {
      EXPECT_EQ(more[i].expected, weeks[i].expected);
    }
  }
  // The parts of a cohort add up, and days to weeks.
  tracking_options early;
  early.periods = 8;
  early.cohort_until = parse_date("2024-01-31");
  double ann = 0.0;
  for (const tracked_period& one : run_with(early))
    ann += one.expected;
  const pareto_nbd_parameters<double> p{0.5534, 10.5802, 0.6061, 11.6562};
  EXPECT_NEAR(ann, expected_orders(p, 8.0), 1e-12);
  tracking_options daily;
  daily.period = tracking_period::day;
  daily.periods = 7;
  double week = 0.0;
  for (const tracked_period& one : run_with(daily))
    week += one.expected;
  EXPECT_NEAR(week, weeks[0].expected, 1e-12);

  std::reverse(orders.begin(), orders.end());
  run how;
  how.threads = 3;
  const auto again = run_with(weekly, how);
  for (std::size_t i = 0; i < more.size(); ++i) {
    EXPECT_EQ(again[i].expected, more[i].expected);
    EXPECT_EQ(again[i].actual, more[i].actual);
  }
  model unknown = btyd_pareto;
  unknown.options.clear();
  EXPECT_THROW((void)track(unknown, history_of(orders)), error);
  EXPECT_THROW((void)track(btyd_pareto, stats::order_history()), error);
}

TEST(holdout, cdnow_by_frequency) {
  const auto rows = split_cdnow();
  if (rows[0].empty())
    GTEST_SKIP() << "no cdnow_sample.csv in EMPTOR_DATA_DIR: the holdout of CDNOW is not tested";
  const double customers[] = {1411, 439, 214, 100, 62, 38, 29, 64};
  const double actual[] = {0.237, 0.697, 1.393, 1.560, 2.532, 2.947, 3.862, 6.359};
  const auto check = [&](const model& from, const std::array<double, 8>& expected, double tolerance) {
    const holdout_scores scores = score_holdout(from, {rows[0], rows[1], rows[2], rows[3], {}}, 39.0, 7);
    EXPECT_EQ(scores.customers, 2357.0);
    EXPECT_EQ(scores.actual, 1882.0);
    ASSERT_EQ(scores.bins.size(), 8U);
    for (std::size_t i = 0; i < 8; ++i) {
      EXPECT_EQ(scores.bins[i].customers, customers[i]) << i;
      EXPECT_NEAR(scores.bins[i].actual / customers[i], actual[i], 5e-4) << i;
      EXPECT_NEAR(scores.bins[i].expected / customers[i], expected[i], tolerance) << i;
    }
    EXPECT_TRUE(scores.bins[7].or_more);
    EXPECT_GT(scores.root_mean_square_error, scores.mean_absolute_error);
  };
  check(btyd_pareto, {0.138, 0.600, 1.196, 1.714, 2.399, 2.907, 3.819, 6.403}, 1e-3);
  check(btyd_bg, {0.2250893, 0.5231364, 1.044126, 1.520256, 2.163824, 2.653789, 3.503957, 6.157036}, 2e-5);

  // CLVTools at its own fits.
  const auto total = [&](const model& from) {
    return score_holdout(from, {rows[0], rows[1], rows[2], rows[3], {}}, 39.0, 7).expected;
  };
  EXPECT_NEAR(total(made_model(pareto_nbd::name, pareto_nbd::names, {0.55315, 10.57633, 0.60625, 11.67150})),
              1665.68802677, 0.2); // the fit of that run is not known
  EXPECT_NEAR(total(made_model(bg_nbd::name, bg_nbd::names, {0.2425945, 4.4136019, 0.7929199, 2.4258881})),
              1653.40783881, 2e-3);
}

TEST(holdout, order_of_rows_weights_and_threads) {
  const std::array<std::vector<double>, 5> rows{std::vector<double>{0, 3, 1, 0, 9},
                                                {0, 20, 7, 0, 29},
                                                {30, 30, 20, 12, 30},
                                                {0, 2, 0, 1, 8},
                                                {3, 1, 2, 4, 1}};
  std::array<std::vector<double>, 5> repeated;
  for (std::size_t i = 5; i-- > 0;)
    for (double k = 0.0; k < rows[4][i]; ++k)
      for (std::size_t c = 0; c < 5; ++c)
        repeated[c].push_back(c == 4 ? 1.0 : rows[c][i]);
  const auto scored = [&](const std::array<std::vector<double>, 5>& of, int threads) {
    run how;
    how.threads = threads;
    return score_holdout(btyd_pareto, {of[0], of[1], of[2], of[3], of[4]}, 39.0, 3, how);
  };
  const holdout_scores one = scored(rows, 1);
  const holdout_scores other = scored(repeated, 3);
  EXPECT_EQ(one.customers, other.customers);
  EXPECT_NEAR(one.expected / other.expected, 1.0, 1e-14);
  EXPECT_NEAR(one.root_mean_square_error / other.root_mean_square_error, 1.0, 1e-14);
  EXPECT_EQ(one.bins[2].customers, 0.0);
  EXPECT_EQ(one.bins[3].customers, 2.0);
  EXPECT_THROW((void)score_holdout(btyd_pareto, {}, 39.0, 3), error);
  const model donors = made_model(bg_bb::name, bg_bb::names, {1.2, 0.75, 0.66, 2.78}, "year");
  const std::vector<double> x{3.0}, t_x{4.5}, n{6.0}, came{1.0};
  EXPECT_THROW((void)score_holdout(donors, {x, t_x, n, came, {}}, 5.0, 3), error);
}

TEST(frequency_table, donors) {
  // Fader and Hardie, note 010: 3454.9 donors without a gift and 1253.1 with six are expected.
  const model donors =
      made_model(bg_bb::name, bg_bb::names, {1.203522352, 0.7497163583, 0.6567182078, 2.783442228}, "year");
  const std::vector<double> gifts{0, 1, 2, 3, 4, 5, 6};
  const std::vector<double> years(7, 6.0);
  const std::vector<double> weight{3464, 1823, 1430, 1085, 1036, 1063, 1203};
  const auto counts = count_frequencies(donors, gifts, years, weight, 6);
  ASSERT_EQ(counts.size(), 7U);
  EXPECT_NEAR(counts[0].expected, 3454.9, 0.05);
  EXPECT_NEAR(counts[6].expected, 1253.1, 0.05);
  double sum = 0.0;
  for (std::size_t i = 0; i < 7; ++i) {
    EXPECT_EQ(counts[i].customers, weight[i]);
    EXPECT_EQ(counts[i].frequency, static_cast<std::int64_t>(i));
    sum += counts[i].expected;
  }
  EXPECT_NEAR(sum, 11104.0, 1e-8);
  EXPECT_THROW((void)count_frequencies(donors, gifts, std::vector<double>(7, 5.5), weight, 6), error);
  EXPECT_THROW((void)count_frequencies(donors, gifts, std::vector<double>(7, 2e6), weight, 6), error);
}

TEST(frequency_table, what_is_expected_adds_up_whatever_the_model) {
  const std::vector<double> x{0, 0, 1, 2, 0, 9}, age{10, 20, 20, 38.857, 0, 38.857}, weight{5, 3, 2, 1, 2, 1};
  for (const model& from :
       {btyd_pareto, btyd_bg, made_model(mbg_nbd::name, mbg_nbd::names, {0.525, 6.183, 0.891, 1.614}),
        made_model(nbd::name, nbd::names, {0.385, 12.07})}) {
    const auto few = count_frequencies(from, x, age, weight, 2);
    const auto many = count_frequencies(from, x, age, weight, 40);
    double sum = 0.0;
    double orders = 0.0;
    for (const frequency_count& one : many) {
      sum += one.expected;
      orders += one.expected * static_cast<double>(one.frequency);
    }
    EXPECT_NEAR(sum, 14.0, 1e-12);
    EXPECT_NEAR(few[2].expected, sum - many[0].expected - many[1].expected, 1e-12);
    EXPECT_EQ(few[2].customers, 2.0);
    EXPECT_TRUE(few[2].or_more);
    double expected = 0.0;
    with_order_model(from, [&]<class Model>(Model) {
      for (std::size_t i = 0; i < x.size(); ++i)
        expected += weight[i] * emptor::math::value_of(
                                    expected_orders(parameters_of<Model>(from), emptor::math::real(age[i])));
    });
    EXPECT_NEAR(orders / expected, 1.0, 1e-3) << from.entry; // but for those with more than 40
  }
}

} // namespace
} // namespace forecast_tables_test
