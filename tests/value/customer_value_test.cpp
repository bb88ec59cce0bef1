// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/value/customer_value_entry.hpp>
#include <emptor/value/lifetime_value_entry.hpp>

#include "support/refusal.hpp"
#include "value/company.hpp"

namespace customer_value_test {
namespace {

using namespace emptor;
using namespace emptor::test;
using namespace emptor::value;
using emptor::stats::order_history;

/// What value.summary, the fits and value.lifetime_value give one after the other.
template <class Model>
void expect_separate_calls(const order_history& store, order_choice which) {
  customer_value_options options = in_weeks();
  options.model = which;
  options.margin = 0.3;
  options.confidence = 0.9;
  const customer_values once = value_customers(store, options);
  ASSERT_EQ(once.candidates.size(), 1);
  ASSERT_EQ(once.chosen().which, which);

  const summaries all = summarise(store, options.orders);
  ASSERT_EQ(once.customers.frequency, all.frequency);
  const std::size_t count = all.frequency.size();
  std::array<std::vector<double>, 4> columns{std::vector<double>(all.frequency.begin(), all.frequency.end()),
                                             all.recency, all.age, all.monetary_value};
  const model_fit<Model> fit = fit_customer_base<Model>(columns[0], columns[1], columns[2]);
  const result orders = fitted_result(fit, "week");
  EXPECT_EQ(orders.fitted->tables, once.chosen().fitted->tables);
  std::vector<double> repeats;
  std::vector<double> amounts;
  for (std::size_t i = 0; i < count; ++i) {
    if (columns[0][i] > 0.0) {
      repeats.push_back(columns[0][i]);
      amounts.push_back(columns[3][i]);
    }
  }
  const result spent = fitted_result(fit_gamma_gamma(repeats, amounts), "");

  const std::vector<filled_slot> slots{{"orders", orders.fitted.get()}, {"spend", spent.fitted.get()}};
  const auto bound = lifetime_value_entry.bind(
      {.self = nullptr,
       .options = option_values(
           lifetime_value_name, lifetime_value_options,
           std::vector<option>{
               {"discount_rate", "0.1"}, {"horizon", "39"}, {"margin", "0.3"}, {"confidence", "0.9"}}),
       .slots = slots,
       .inputs = {},
       .wanted = std::vector<bool>(6, true)});
  std::array<std::vector<double>, 6> scores;
  std::array<score_block::output, 6> out{};
  for (std::size_t i = 0; i < 6; ++i)
    scores[i].resize(count);
  for (std::size_t first = 0; first < count; first += static_cast<std::size_t>(rows_per_block)) {
    const std::size_t rows = std::min(static_cast<std::size_t>(rows_per_block), count - first);
    std::array<score_block::input, 4> in{};
    std::array<row_status, rows_per_block> statuses{};
    for (std::size_t i = 0; i < 4; ++i)
      in[i].number = columns[i].data() + first;
    for (std::size_t i = 0; i < 6; ++i)
      out[i].number = scores[i].data() + first;
    bound->score(
        {.rows = static_cast<std::int64_t>(rows), .inputs = in, .outputs = out, .status = statuses.data()});
  }
  EXPECT_EQ(once.of.value, scores[0]);
  EXPECT_EQ(once.of.expected_spend, scores[1]);
  EXPECT_EQ(once.of.discounted_expected_orders, scores[2]);
  EXPECT_EQ(once.of.value_low, scores[4]);
  EXPECT_EQ(once.of.value_high, scores[5]);

  const table customers = named(to_tables(once), "customers");
  const column& next = customers.at("next_order");
  double value = 0.0;
  for (std::size_t i = 0; i < count; ++i) {
    const double x = columns[0][i];
    const double t_x = columns[1][i];
    const double age = columns[2][i];
    const auto& p = fit.parameters;
    ASSERT_EQ(once.of.probability_alive[i], probability_alive(p, x, t_x, age));
    ASSERT_EQ(once.of.expected_orders[i], expected_orders(p, x, t_x, age, 39.0));
    const double time = next_order_quantile(p, x, t_x, age, 0.5);
    const auto row = static_cast<std::int64_t>(i);
    const bool in_calendar = days_since_epoch(until) + time * 7.0 < 2'932'896.0; // 9999-12-31
    ASSERT_EQ(next.is_valid(row), in_calendar) << time;
    if (in_calendar) {
      ASSERT_EQ(next.as<std::int32_t>()[i],
                days_since_epoch(until) + static_cast<std::int32_t>(std::ceil(time * 7.0)));
    }
    value += once.of.value[i];
  }
  EXPECT_NEAR(once.totals.value, value, 1e-11 * value);
}

TEST(customer_value, has_the_figures_of_the_separate_calls) {
  const order_history store = history(company(mbg, 1500, 3));
  expect_separate_calls<nbd>(store, order_choice::nbd);
  expect_separate_calls<bg_nbd>(store, order_choice::bg_nbd);
  expect_separate_calls<mbg_nbd>(store, order_choice::mbg_nbd);
  expect_separate_calls<pareto_nbd>(store, order_choice::pareto_nbd);
}

TEST(customer_value, whole_months_are_those_of_the_calendar) {
  const order_history store = history(company(mbg, 400, 1));
  customer_value_options options;
  options.orders.until = until;
  EXPECT_EQ(value_customers(store, options).horizon, 365.0);
  options.horizon = {1.0, time_unit::month, std::nullopt};
  const customer_values month = value_customers(store, options);
  EXPECT_EQ(month.horizon, 30.0); // 2024-10-30
  EXPECT_EQ(named(to_tables(month), "totals").at("horizon_end").as<std::int32_t>()[0],
            days_since_epoch(day("2024-10-30")));
  options.horizon = {0.0, time_unit::none, day("2024-10-30")};
  EXPECT_EQ(to_tables(value_customers(store, options)), to_tables(month));
}

void expect_truth(const found_truth& found, int seeds) {
  EXPECT_EQ(found.right, seeds);
  EXPECT_EQ(found.covered, seeds);
}

TEST(customer_value, finds_the_model_and_the_value_of_simulated_companies) {
  expect_truth(find_truth(endless, order_choice::nbd, 1, 2500, 0.999), 1);
  expect_truth(find_truth(bg, order_choice::bg_nbd, 1, 2500, 0.999), 1);
  expect_truth(find_truth(mbg, order_choice::mbg_nbd, 1, 2500, 0.999), 1);
  expect_truth(find_truth(pareto, order_choice::pareto_nbd, 1, 2500, 0.999), 1);
}

TEST(customer_value, everybody_is_alive_where_nobody_drops_out) {
  const customer_values found = value_customers(history(company(endless, 1000, 5)), in_weeks());
  EXPECT_EQ(found.chosen().which, order_choice::nbd);
  for (std::size_t i = 0; i < found.of.value.size(); ++i) {
    EXPECT_EQ(found.of.probability_alive[i], 1.0);
    EXPECT_TRUE(std::isfinite(found.of.next_order[i]));
  }
  for (const order_candidate& one : found.candidates)
    EXPECT_FALSE(one.reason.empty());
}

TEST(customer_value, does_not_depend_on_order_splits_or_threads) {
  std::vector<order_row> rows = company(pareto, 6000, 2);
  rows.push_back({"c5", "2024-09-01", -300});
  rows.push_back({"b", "2024-09-01", 500, "D1"});
  rows.push_back({"b", "2024-09-02", std::nullopt, "D2", "D1"});
  const order_history store = history(rows);
  const std::vector<table> tables = to_tables(value_customers(store, in_weeks()));
  for (const int threads : {2, 7}) {
    run how;
    how.threads = threads;
    EXPECT_EQ(to_tables(value_customers(store, in_weeks(), how)), tables);
  }
  EXPECT_EQ(to_tables(value_customers(test::shuffled(rows, 4), in_weeks())), tables);
}

TEST(customer_value, keys_limit_the_answer_and_not_the_fit) {
  std::vector<order_row> rows = company(mbg, 600, 2);
  rows.push_back({"lost", "2024-09-01", 500, "D1"});
  rows.push_back({"lost", "2024-09-02", std::nullopt, "D2", "D1"});
  const order_history store = history(rows);
  const customer_values all = value_customers(store, in_weeks());
  const customer_values some =
      value_customers(store, in_weeks(), {}, {{"c7", "nobody", "lost", "c123", "c7"}});
  ASSERT_EQ(some.customers.customer.size(), 2);
  EXPECT_EQ(some.customers.customer[0], "c123");
  EXPECT_EQ(some.customers.customer[1], "c7");
  EXPECT_EQ(some.totals.customers, 3);
  EXPECT_EQ(some.totals.valued, 2);
  EXPECT_EQ(some.totals.value, some.of.value[0] + some.of.value[1]);
  EXPECT_EQ(some.warnings, all.warnings);
  const std::vector<table> tables = to_tables(some);
  const std::vector<table> of_all = to_tables(all);
  for (const char* same : {"candidates", "spend", "warnings", "order_parameters", "order_covariance",
                           "spend_parameters", "spend_covariance"})
    EXPECT_EQ(named(tables, same), named(of_all, same)) << same;
  for (std::int64_t i = 0; i < all.customers.customer.size(); ++i) {
    if (all.customers.customer[i] != "c7")
      continue;
    EXPECT_EQ(some.of.value[1], all.of.value[static_cast<std::size_t>(i)]);
    EXPECT_EQ(some.of.value_high[1], all.of.value_high[static_cast<std::size_t>(i)]);
  }
}

TEST(customer_value, its_parameters_make_the_models_again) {
  const customer_values found = value_customers(history(company(mbg, 600, 2)), in_weeks());
  const std::vector<table> tables = to_tables(found);
  emptor::model again;
  again.entry = mbg_nbd::name;
  again.tables.push_back(table("parameters", named(tables, "order_parameters").columns()));
  again.tables.push_back(table("covariance", named(tables, "order_covariance").columns()));
  ASSERT_EQ(found.chosen().which, order_choice::mbg_nbd);
  EXPECT_EQ(read_parameters<mbg_nbd>(again), read_parameters<mbg_nbd>(*found.chosen().fitted));
  EXPECT_EQ(read_covariance(again, mbg_nbd::names), read_covariance(*found.chosen().fitted, mbg_nbd::names));
  again.entry = gamma_gamma::name;
  again.tables = {table("parameters", named(tables, "spend_parameters").columns()),
                  table("covariance", named(tables, "spend_covariance").columns())};
  const auto p = numbers(found.spend.fit->parameters);
  EXPECT_EQ(read_parameters<gamma_gamma>(again), std::vector<double>(p.begin(), p.end()));
  EXPECT_EQ(read_covariance(again, gamma_gamma::names).size(), 9);
}

TEST(customer_value, customers_without_an_order_stand_in_their_place) {
  std::vector<order_row> rows = company(mbg, 300, 1);
  rows.push_back({"a", "2024-09-01", 500, "D1"});
  rows.push_back({"a", "2024-09-02", std::nullopt, "D2", "D1"});
  rows.push_back({"c1x", "2024-12-01", 500}); // to come
  const customer_values found = value_customers(history(rows), in_weeks());
  const std::vector<table> tables = to_tables(found);
  const table& customers = named(tables, "customers");
  ASSERT_EQ(customers.rows(), 302);
  const text_buffer& names = customers.at("customer").text();
  for (std::int64_t i = 1; i < names.size(); ++i)
    EXPECT_LT(names[i - 1], names[i]);
  EXPECT_EQ(names[0], "a");
  std::set<std::string> without;
  for (std::int64_t i = 0; i < names.size(); ++i) {
    const bool none = customers.at("status").as<std::int32_t>()[static_cast<std::size_t>(i)] ==
                      static_cast<std::int32_t>(customer_status::no_order);
    for (const column& one : customers.columns()) {
      const bool always = one.name() == "customer" || one.name() == "status";
      if (none && !always) {
        EXPECT_EQ(one.is_valid(i), one.name() == "reason") << one.name();
      }
      if (!none && (one.name() == "value" || one.name() == "age")) {
        EXPECT_TRUE(one.is_valid(i));
      }
    }
    if (none) {
      without.insert(std::string(names[i]));
      EXPECT_EQ(customers.at("reason").text()[i], "no order is left up to 2024-09-30");
    }
  }
  EXPECT_EQ(without, (std::set<std::string>{"a", "c1x"}));
  EXPECT_EQ(found.totals.customers, 302);
  EXPECT_EQ(found.totals.valued, 300);
}

TEST(customer_value, what_is_dated_later_does_not_count) {
  std::vector<order_row> rows = company(mbg, 300, 1);
  const std::vector<table> before = to_tables(value_customers(history(rows), in_weeks()));
  rows.push_back({"c1", "2025-03-01", 5000});
  rows.push_back({"c1", "2099-01-01", 5000});
  const customer_values found = value_customers(history(rows), in_weeks());
  EXPECT_TRUE(warned(found, value_warning::later_lines));
  const std::vector<table> after = to_tables(found);
  for (const table& one : before) {
    if (one.name() != "warnings") {
      EXPECT_EQ(named(after, one.name()), one);
    }
  }
  customer_value_options latest = in_weeks();
  latest.orders.until.reset(); // a wrong date
  std::string text;
  EXPECT_EQ(code_of([&] { return value_customers(history(rows), latest); }, &text), status::too_few);
  EXPECT_TRUE(text.ends_with("(option max_silence): the records seem to end before until")) << text;
}

TEST(customer_value, cohorts_are_those_of_the_first_order) {
  const order_history store = history(company(mbg, 2000, 1));
  customer_value_options options = in_weeks();
  const customer_values all = value_customers(store, options);
  options.cohort_from = day("2024-02-01");
  options.cohort_until = day("2024-02-29");
  const customer_values february = value_customers(store, options);
  std::int64_t expected = 0;
  for (const std::int32_t first : all.customers.first_order)
    expected += first >= days_since_epoch(day("2024-02-01")) && first <= days_since_epoch(day("2024-02-29"));
  EXPECT_GT(expected, 100);
  EXPECT_EQ(february.totals.customers, expected);
  EXPECT_LT(february.candidates[0].log_likelihood, 0.0);
  EXPECT_NE(february.candidates[0].log_likelihood, all.candidates[0].log_likelihood);
  options.cohort_from = options.cohort_until = day("2024-02-10");
  options.min_customers = 10;
  options.min_repeat_customers = 5;
  options.model = order_choice::nbd;
  EXPECT_TRUE(warned(value_customers(store, options), value_warning::same_age));
}

// CDNOW, weeks to 1997-09-30: the true maxima, and the sums of expected orders in the 39 weeks after, which CLVTools
// gives at its own estimates (four digits of which are those of the maximum).
TEST(customer_value, cdnow) {
  auto rows = test::cdnow_orders("cdnow_sample.csv");
  if (!rows)
    GTEST_SKIP() << "no cdnow_sample.csv in EMPTOR_DATA_DIR";
  customer_value_options options = in_weeks();
  options.orders.until = day("1997-09-30");
  const customer_values found = value_customers(history(*rows), options);
  EXPECT_EQ(found.chosen().which, order_choice::mbg_nbd);
  EXPECT_TRUE(warned(found, value_warning::close_models)); // BG/NBD
  EXPECT_EQ(found.totals.valued, 2357);
  const double maxima[] = {-9763.65761467, -9582.42920667, -9582.13571556, -9594.97617895};
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_GE(found.candidates[i].log_likelihood, maxima[i] - 1e-7);
  EXPECT_GE(found.spend.fit->log_likelihood, -4055.91769481 - 1e-7);
  EXPECT_EQ(found.spend.customers, 946);
  const double spent[] = {24.6540311705, 18.9102918606, 35.1704992379}; // customers 1 to 3, CLVTools
  for (std::size_t i = 0; i < 3; ++i)
    EXPECT_NEAR(found.of.expected_spend[i], spent[i], 1e-3);
  for (const auto& [which, sum] :
       {std::pair{order_choice::pareto_nbd, 1665.68802677}, std::pair{order_choice::bg_nbd, 1653.40783841}}) {
    options.model = which;
    EXPECT_NEAR(value_customers(history(*rows), options).totals.expected_orders, sum, 2e-4 * sum);
  }
}

TEST(customer_value, an_until_that_lies_far_behind_all_other_lines_is_warned_of) {
  std::vector<order_row> rows = company(pareto, 400, 11);
  rows.push_back({"c1", to_string(date_from_days(days_since_epoch(until) + 400)), 100});
  const order_history store = history(rows);
  customer_value_options options = in_weeks();
  options.orders.until.reset();
  options.max_silence = 1000;
  const auto far = [](const customer_values& made) {
    return std::count_if(made.warnings.begin(), made.warnings.end(),
                         [](const auto& one) { return one.first == value_warning::far_until; });
  };
  EXPECT_EQ(far(value_customers(store, options)), 1);
  EXPECT_EQ(far(value_customers(store, in_weeks())), 0) << "until is set";
}

} // namespace
} // namespace customer_value_test
