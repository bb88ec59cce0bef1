// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/stats/order_history.hpp>
#include <emptor/value/simulate.hpp>
#include <emptor/value/simulate_entry.hpp>
#include <emptor/value/summary_entry.hpp>

namespace simulate_test {
namespace {

using namespace emptor::value;
using emptor::error;
using emptor::option;
using emptor::status;

const pareto_nbd_parameters<double> pareto{.5532770467, 10.57768346, .6062399904, 11.66873533};
const bg_nbd_parameters<double> bg{.2425945, 4.413602, .792922, 2.4259068};
const mbg_nbd_parameters<double> mbg{.5248431589, 6.183085, .8913594, 1.614002};
const nbd_parameters<double> endless{.7, 9.0};
const bg_bb_parameters<double> donors{1.2035, .7497, .6567, 2.7834};
const gamma_gamma_parameters<double> spend{6.25, 3.74, 15.44};

/// Mean and its standard error.
struct estimate {
  double mean;
  double error;
};
estimate mean_of(const std::vector<double>& x) {
  double sum = 0.0;
  double squares = 0.0;
  for (const double v : x) {
    sum += v;
    squares += v * v;
  }
  const auto n = static_cast<double>(x.size());
  return {sum / n, std::sqrt((squares / n - sum / n * (sum / n)) / n)};
}

template <class P>
void expect_moments(const P& p) {
  const simulated_customers s = simulate(p, {.customers = 20000, .seed = 5, .age = 39, .holdout = 39});
  const estimate orders = mean_of(s.frequency);
  EXPECT_NEAR(orders.mean, expected_orders(p, 39), 4.0 * orders.error);
  std::vector<double> none;
  for (const double x : s.frequency)
    none.push_back(x == 0.0 ? 1.0 : 0.0);
  const estimate zero = mean_of(none);
  EXPECT_NEAR(zero.mean, 1.0 - probability_active(p, 0, 0, 0, 39), 4.0 * zero.error);
  // What was expected of each customer, given his past, is what he did on average.
  std::vector<double> surprise;
  for (std::size_t i = 0; i < s.age.size(); ++i)
    surprise.push_back(static_cast<double>(s.holdout_orders[i]) -
                       expected_orders(p, s.frequency[i], s.recency[i], s.age[i], 39));
  const estimate left = mean_of(surprise);
  EXPECT_NEAR(left.mean, 0.0, 4.0 * left.error);
  EXPECT_LT(left.error, 0.1);
}

TEST(simulate, customers_order_as_the_model_expects) {
  expect_moments(pareto);
  expect_moments(bg);
  expect_moments(mbg);
  expect_moments(endless);
  expect_moments(donors);
}

/// The estimate is within five standard errors of the truth.
template <class Model>
void expect_near(const model_fit<Model>& fit, const typename Model::template parameters<double>& p) {
  ASSERT_TRUE(fit.converged) << fit.diagnosis;
  for (std::size_t i = 0; i < fit.size; ++i) {
    EXPECT_NEAR(numbers(fit.parameters)[i], numbers(p)[i], 5.0 * fit.standard_errors[i]) << Model::names[i];
    EXPECT_LT(fit.standard_errors[i], 0.3 * numbers(p)[i]) << Model::names[i];
  }
}
template <class Model>
void expect_recovered(const typename Model::template parameters<double>& p) {
  const simulated_customers s = simulate(p, {.customers = 30000, .seed = 11, .age = 60, .spread = 30});
  const model_fit<Model> fit = [&] {
    if constexpr (std::is_same_v<Model, bg_bb>)
      return fit_bg_bb(s.frequency, s.recency, s.age);
    else
      return fit_customer_base<Model>(s.frequency, s.recency, s.age);
  }();
  expect_near<Model>(fit, p);
  EXPECT_GE(fit.log_likelihood, [&] {
    double sum = 0.0;
    for (std::size_t i = 0; i < s.age.size(); ++i)
      sum += log_likelihood(p, s.frequency[i], s.recency[i], s.age[i]);
    return sum;
  }());
}

TEST(simulate, fits_find_the_parameters) {
  expect_recovered<pareto_nbd>(pareto);
  expect_recovered<bg_nbd>(bg);
  expect_recovered<mbg_nbd>(mbg);
  expect_recovered<nbd>(endless);
  expect_recovered<bg_bb>(donors);
}

TEST(simulate, opportunities_are_used_as_the_paper_says) {
  const simulated_customers s =
      simulate(donors, {.customers = 50000, .seed = 2, .age = 8, .spread = 2, .holdout = 5});
  std::array<double, 9> of_age{};
  for (std::size_t i = 0; i < s.age.size(); ++i) {
    ASSERT_EQ(s.age[i], std::floor(s.age[i]));
    ASSERT_LE(s.frequency[i], s.recency[i]);
    ASSERT_LE(s.recency[i], s.age[i]);
    ++of_age[static_cast<std::size_t>(s.age[i])];
  }
  for (const std::size_t age : {6U, 7U, 8U})
    EXPECT_NEAR(of_age[age] / 50000.0, 1.0 / 3.0, 0.01);
}

TEST(simulate, spend_is_recovered_and_leaves_the_orders_alone) {
  const simulation how{.customers = 30000, .seed = 4, .age = 104};
  const simulated_customers s = simulate(pareto, how);
  const std::vector<std::int64_t> cents = simulate_spend(spend, s, how.seed, 100.0);
  const std::vector<double> means = simulated_monetary_value(s, cents, 100.0);
  ASSERT_EQ(cents.size(), s.order_time.size());
  for (std::size_t i = 0; i < means.size(); ++i)
    ASSERT_EQ(std::isnan(means[i]), s.frequency[i] == 0.0);
  expect_near<gamma_gamma>(fit_gamma_gamma(s.frequency, means), spend);
  // The mean of all orders is that of the population: spend has nothing to do with how often.
  std::vector<double> first;
  for (std::size_t i = 0; i < cents.size(); ++i) {
    if (s.order_time[i] == 0.0)
      first.push_back(static_cast<double>(cents[i]) / 100.0);
  }
  EXPECT_NEAR(mean_of(first).mean, expected_spend(spend), 4.0 * mean_of(first).error);
  EXPECT_GE(*std::min_element(cents.begin(), cents.end()), 1);
  const std::vector<std::int64_t> dust = simulate_spend({1e-3, 3.74, 15.44}, s, how.seed, 100.0);
  EXPECT_EQ(*std::min_element(dust.begin(), dust.end()), 1);
}

TEST(simulate, the_same_customers_for_any_threads_and_any_number_of_them) {
  const simulation how{.customers = 10000, .seed = 3, .age = 52, .spread = 13, .holdout = 4};
  const simulated_customers one = simulate(pareto, how);
  for (const int threads : {2, 7}) {
    emptor::run on;
    on.threads = threads;
    const simulated_customers other = simulate(pareto, how, on);
    EXPECT_EQ(one.recency, other.recency);
    EXPECT_EQ(one.order_time, other.order_time);
  }
  simulation fewer = how;
  fewer.customers = 100;
  const simulated_customers some = simulate(pareto, fewer);
  EXPECT_TRUE(std::equal(some.age.begin(), some.age.end(), one.age.begin()));
  EXPECT_TRUE(std::equal(some.order_time.begin(), some.order_time.end(), one.order_time.begin()));
  simulation other = how;
  other.seed = 4;
  EXPECT_NE(simulate(pareto, other).recency, one.recency);
  EXPECT_GE(*std::min_element(one.age.begin(), one.age.end()), 39.0);
  EXPECT_LE(*std::max_element(one.age.begin(), one.age.end()), 52.0);
}

TEST(simulate, the_order_log_says_what_the_rows_say) {
  for (const double tick : {0.0, 1.0 / 7.0}) {
    const simulated_customers s =
        simulate(bg, {.customers = 3000, .seed = 9, .age = 30, .spread = 10, .holdout = 20, .tick = tick});
    std::vector<double> frequency(s.age.size(), -1.0), recency(s.age.size());
    std::vector<std::int64_t> later(s.age.size());
    for (std::size_t i = 0; i < s.order_time.size(); ++i) {
      const auto customer = static_cast<std::size_t>(s.order_customer[i]);
      const bool first = i == 0 || s.order_customer[i] != s.order_customer[i - 1];
      EXPECT_TRUE(first ? s.order_time[i] == 0.0 : s.order_time[i] > s.order_time[i - 1]) << i;
      if (s.order_time[i] > s.age[customer]) {
        ++later[customer];
        EXPECT_LE(s.order_time[i], s.age[customer] + (20.0 + 1e-9));
      } else {
        ++frequency[customer];
        recency[customer] = s.order_time[i];
      }
      if (tick > 0.0) {
        EXPECT_NEAR(s.order_time[i] * 7.0, std::round(s.order_time[i] * 7.0), 1e-9);
      }
    }
    EXPECT_EQ(frequency, s.frequency);
    EXPECT_EQ(recency, s.recency);
    EXPECT_EQ(later, s.holdout_orders);
  }
}

TEST(simulate, the_last_day_counts_whatever_comes_after) {
  const simulation alone{.customers = 3000, .seed = 9, .age = 30, .spread = 10, .tick = 1.0 / 7.0};
  simulation with_holdout = alone;
  with_holdout.holdout = 20;
  const simulated_customers s = simulate(bg, alone);
  const simulated_customers more = simulate(bg, with_holdout);
  EXPECT_EQ(s.frequency, more.frequency);
  EXPECT_EQ(s.recency, more.recency);
  std::size_t on_last_day = 0;
  for (std::size_t i = 0; i < s.age.size(); ++i)
    on_last_day += s.frequency[i] > 0.0 && s.recency[i] == s.age[i] ? 1U : 0U;
  EXPECT_GT(on_last_day, 0U);
}

TEST(simulate, ages_of_whole_days_keep_them_in_every_unit) {
  for (const double days : {7.0, 30.436875, 365.2425})
    for (const double age : {1.0, 42.0, 365.0, 577.0, 3999.0}) {
      const simulated_customers s = simulate(bg, {.customers = 1, .age = age / days, .tick = 1.0 / days});
      EXPECT_NEAR(s.age[0] * days, age, 1e-9) << days;
    }
}

// ---- the entry ----

template <class Model>
emptor::model model_of(const typename Model::template parameters<double>& p, const std::string& unit = {}) {
  emptor::model made;
  made.entry = Model::name;
  if (!unit.empty())
    made.options.push_back({"unit", unit});
  made.tables.push_back(emptor::make_parameters(Model::names, numbers(p), {}));
  return made;
}
emptor::result run_entry(const emptor::model& as, const std::vector<option>& options,
                         const emptor::model* spends = nullptr) {
  const emptor::run how;
  std::vector<emptor::filled_slot> slots{{"orders", &as}};
  if (spends != nullptr)
    slots.push_back({"spend", spends});
  return finish_simulate({.options = {simulate_description.name, simulate_options, options},
                          .slots = slots,
                          .keys = {},
                          .how = how});
}
status refusal(const emptor::model& as, const std::vector<option>& options) {
  try {
    run_entry(as, options);
  } catch (const error& refused) {
    return refused.code();
  }
  return status::ok;
}

TEST(simulate_entry, gives_the_customers_of_the_function) {
  const emptor::result made = run_entry(
      model_of<pareto_nbd>(pareto, "week"),
      {{"customers", "500"}, {"seed", "8"}, {"age", "273 day"}, {"entry_period", "13"}, {"holdout", "26"}});
  const simulated_customers s =
      simulate(pareto, {.customers = 500, .seed = 8, .age = 39, .spread = 13, .holdout = 26});
  ASSERT_EQ(made.tables.size(), 2u);
  EXPECT_EQ(made.tables[0].at("recency").as<double>(), s.recency);
  EXPECT_EQ(made.tables[0].at("age").as<double>(), s.age);
  EXPECT_EQ(made.tables[0].at("holdout_frequency").as<std::int64_t>(), s.holdout_orders);
  EXPECT_EQ(made.tables[0].at("customer").as<std::int64_t>().back(), 500);
  EXPECT_EQ(made.tables[1].at("time").as<double>(), s.order_time);
  EXPECT_EQ(made.tables[1].find("date"), nullptr);
}

TEST(simulate_entry, days_count_back_from_the_last_one) {
  const emptor::result made = run_entry(
      model_of<pareto_nbd>(pareto, "week"),
      {{"customers", "300"}, {"age", "39"}, {"holdout", "4"}, {"clock", "day"}, {"until", "1997-09-30"}});
  const auto& customer = made.tables[1].at("customer").as<std::int64_t>();
  const auto& days = made.tables[1].at("date").as<std::int32_t>();
  const auto& time = made.tables[1].at("time").as<double>();
  for (std::size_t i = 0; i < days.size(); ++i) {
    const auto row = static_cast<std::size_t>(customer[i] - 1);
    const double age = made.tables[0].at("age").as<double>()[row];
    // 1997-09-30 is day 10134.
    EXPECT_EQ(days[i], 10134 - std::lround(7.0 * (age - time[i])));
    EXPECT_EQ(days[i] > 10134, time[i] > age);
  }
}

/// Orders with dates and amounts are what an order history takes, and its summary is what the rows say.
TEST(simulate_entry, the_orders_make_an_order_history) {
  const emptor::model spends = model_of<gamma_gamma>(spend);
  const emptor::result made = run_entry(model_of<pareto_nbd>(pareto, "week"),
                                        {{"customers", "900"},
                                         {"age", "39"},
                                         {"entry_period", "12"},
                                         {"holdout", "13"},
                                         {"clock", "day"},
                                         {"until", "1997-09-30"}},
                                        &spends);
  const emptor::table& rows = made.tables[0];
  const emptor::table& orders = made.tables[1];
  emptor::stats::order_history log(emptor::option_values(
      "order_history", emptor::stats::order_history_description.options, std::vector<option>{}));
  const std::vector<emptor::named_column> all = orders.views();
  std::vector<emptor::named_column> pushed; // its time is none of theirs
  for (const emptor::named_column& one : all) {
    if (one.name != "time")
      pushed.push_back(one);
  }
  const emptor::run how;
  EXPECT_EQ(log.push({.table = "orders", .columns = pushed, .rows = orders.rows(), .how = &how}).added,
            orders.rows());
  const emptor::result summary =
      finish_summary({.from = &log,
                      .options = {"value.summary", summary_entry.description->options,
                                  std::vector<option>{{"until", "1997-09-30"}, {"unit", "week"}}},
                      .slots = {},
                      .keys = {},
                      .how = how});
  const emptor::table& seen = summary.tables[0];
  ASSERT_EQ(seen.rows(), 900);
  for (std::size_t i = 0; i < 900; ++i) {
    const auto who =
        static_cast<std::size_t>(std::stoll(std::string(std::get<emptor::text_buffer>(
                                     seen.at("customer").values())[static_cast<std::int64_t>(i)])) -
                                 1);
    EXPECT_EQ(seen.at("frequency").as<std::int64_t>()[i], rows.at("frequency").as<std::int64_t>()[who]);
    EXPECT_NEAR(seen.at("recency").as<double>()[i], rows.at("recency").as<double>()[who], 1e-12);
    EXPECT_NEAR(seen.at("age").as<double>()[i], rows.at("age").as<double>()[who], 1e-12);
    if (rows.at("frequency").as<std::int64_t>()[who] > 0) {
      EXPECT_NEAR(seen.at("monetary_value").as<double>()[i] / rows.at("monetary_value").as<double>()[who],
                  1.0, 1e-14);
    }
  }
}

TEST(simulate_entry, refuses_what_has_no_meaning) {
  const emptor::model weeks = model_of<pareto_nbd>(pareto, "week");
  EXPECT_EQ(refusal(weeks, {{"age", "10"}, {"entry_period", "11"}}), status::option);
  EXPECT_EQ(refusal(weeks, {}), status::option);
  EXPECT_EQ(refusal(weeks, {{"age", "1997-01-01"}}), status::option);
  EXPECT_EQ(refusal(model_of<pareto_nbd>(pareto), {{"age", "10"}, {"clock", "day"}}), status::option);
  EXPECT_EQ(refusal(model_of<pareto_nbd>(pareto), {{"age", "10"}, {"until", "1997-01-01"}}), status::option);
  EXPECT_EQ(refusal(model_of<pareto_nbd>(pareto), {{"age", "10 week"}}), status::option);
  EXPECT_EQ(refusal(weeks, {{"age", "1e9"}, {"until", "1997-01-01"}}), status::option); // before the calendar
  const emptor::model years = model_of<bg_bb>(donors, "year");
  EXPECT_EQ(refusal(years, {{"age", "10"}, {"holdout", "36 month"}}), status::ok);
  EXPECT_EQ(refusal(years, {{"age", "10.5"}}), status::option);
  EXPECT_EQ(refusal(years, {{"age", "10"}, {"clock", "day"}}), status::option);
  emptor::model busy = weeks;
  busy.tables = {emptor::make_parameters(pareto_nbd::names, std::vector<double>{1.0, 1e-9, 1.0, 1.0}, {})};
  EXPECT_EQ(refusal(busy, {{"age", "10"}}), status::option); // 1e10 orders
}

} // namespace
} // namespace simulate_test
