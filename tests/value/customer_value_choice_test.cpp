// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <array>
#include <atomic>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/value/customer_value_entry.hpp>

#include "support/refusal.hpp"
#include "value/company.hpp"

namespace customer_value_choice_test {
namespace {

using namespace emptor;
using namespace emptor::test;
using namespace emptor::value;
using emptor::stats::order_history;

TEST(customer_value, thin_histories_are_refused_with_their_figures) {
  const auto refusal = [](const order_history& store, const customer_value_options& options) {
    std::string text;
    EXPECT_EQ(code_of([&] { return value_customers(store, options); }, &text), status::too_few) << text;
    return text;
  };
  EXPECT_EQ(
      refusal(order_history(), in_weeks()),
      "value.customer_value: number of customers with an order up to 2024-09-30 is 0, but must be >= 100 "
      "(option min_customers)");
  EXPECT_NE(refusal(order_history(), {}).find(" is 0, but must be >= 100"), std::string::npos);
  EXPECT_NE(refusal(history_of({{"a", "2024-01-01", 100}, {"a", "2024-08-01", 100}}), in_weeks())
                .find(" is 1, but must be >= 100"),
            std::string::npos);
  std::vector<order_row> once;
  for (int i = 0; i < 150; ++i)
    once.push_back({"c" + std::to_string(i), i % 2 == 0 ? "2024-02-01" : "2024-05-01", 1000});
  EXPECT_EQ(
      refusal(history(once), in_weeks()),
      "value.customer_value: number of customers with a repeat order up to 2024-09-30 is 0, but must be >= "
      "40 (option min_repeat_customers)");
  const order_history shop = history(company(mbg, 500, 1));
  customer_value_options short_history = in_weeks();
  short_history.cohort_from = day("2024-03-20");
  short_history.min_customers = 1;
  short_history.min_repeat_customers = 2;
  short_history.min_history = 200;
  EXPECT_EQ(refusal(shop, short_history),
            "value.customer_value: number of customers with an order 200 days (option min_history) before "
            "2024-09-30 is 0, but must be >= 2 (option min_repeat_customers)");
  customer_value_options many = in_weeks();
  many.min_customers = 501;
  EXPECT_NE(refusal(shop, many).find("is 500, but must be >= 501 (option min_customers)"), std::string::npos);
}

TEST(customer_value, of_a_history_without_rows_names_no_day) {
  std::string text;
  customer_value_options options = in_weeks();
  options.orders.until = std::nullopt;
  EXPECT_EQ(code_of([&] { return value_customers(history({}), options); }, &text), status::too_few);
  EXPECT_EQ(text, "value.customer_value: number of customers with an order is 0, but must be >= 100 (option "
                  "min_customers)");
}

TEST(customer_value, each_bound_of_a_thin_history_has_two_sides) {
  std::vector<order_row> rows = company(mbg, 300, 1);
  rows.push_back({"ancient", "2012-01-01", 1000}); // one does not make a history
  const order_history shop = history(rows);
  customer_value_options options = in_weeks();
  options.model = order_choice::nbd;
  options.spend = spend_rule::mean;
  const summaries all = summarise(shop, options.orders);
  const auto refusal = [&](std::int64_t customer_value_options::*bound, std::int64_t value) {
    customer_value_options asked = options;
    asked.*bound = value;
    std::string text;
    (void)code_of([&] { return value_customers(shop, asked); }, &text);
    return text;
  };
  EXPECT_EQ(refusal(&customer_value_options::min_customers, 301), "");
  EXPECT_NE(refusal(&customer_value_options::min_customers, 302), "");

  const auto repeat = std::count_if(all.frequency.begin(), all.frequency.end(), [](auto x) { return x > 0; });
  EXPECT_EQ(refusal(&customer_value_options::min_repeat_customers, repeat), "");
  EXPECT_NE(refusal(&customer_value_options::min_repeat_customers, repeat + 1), "");

  std::vector<std::int32_t> first = all.first_order;
  std::sort(first.begin(), first.end());
  const std::int64_t days = days_since_epoch(until) - first[39]; // of the fortieth customer
  EXPECT_EQ(refusal(&customer_value_options::min_history, days), "");
  EXPECT_EQ(refusal(&customer_value_options::min_history, days + 1)
                .find("value.customer_value: number of customers with an order 2"),
            0U);

  std::vector<std::int32_t> last = all.last_order;
  std::sort(last.rbegin(), last.rend());
  const std::int64_t silence = days_since_epoch(until) - last[1];
  EXPECT_EQ(refusal(&customer_value_options::max_silence, silence), "");
  options.orders.until = date_from_days(last[1] + 30);
  EXPECT_EQ(refusal(&customer_value_options::max_silence, 30), "");
  options.orders.until = date_from_days(last[1] + 31);
  EXPECT_EQ(
      refusal(&customer_value_options::max_silence, 30),
      "value.customer_value: number of days before " + to_string(*options.orders.until) +
          " on which at most one customer ordered is 31, but must be <= 30 (option max_silence): the records "
          "seem to end before until");
  // Old cohorts may be silent as long as others order.
  options = in_weeks();
  options.model = order_choice::nbd;
  options.cohort_until = day("2012-12-31");
  options.min_customers = 1;
  EXPECT_EQ(refusal(&customer_value_options::max_silence, 30),
            "value.customer_value: number of customers with a repeat order up to 2024-09-30 is 0, but must "
            "be >= 40 "
            "(option min_repeat_customers)");
}

TEST(customer_value, other_refusals) {
  std::string text;
  const auto code = [&](const order_history& store, const customer_value_options& options) {
    return code_of([&] { return value_customers(store, options); }, &text);
  };
  std::vector<order_row> rows = company(mbg, 300, 1);
  for (order_row& row : rows)
    row.currency = row.customer < "c2" ? "EUR" : "USD";
  customer_value_options options = in_weeks();
  EXPECT_EQ(code(history(rows), options), status::currency);
  EXPECT_TRUE(text.starts_with("value.customer_value: customer c")) << text;
  options.orders.currency = currency("EUR");
  const customer_values euro = value_customers(history(rows), options);
  EXPECT_TRUE(warned(euro, value_warning::other_currencies));
  EXPECT_EQ(euro.customers.customer.size(), 112); // c0, c1, c1x, c1xx
  const std::vector<table> tables = to_tables(euro);
  EXPECT_EQ(named(tables, "totals").at("value").unit(), "EUR");
  EXPECT_EQ(named(tables, "customers").at("expected_spend").unit(), "EUR");

  order_history torn = history(company(mbg, 300, 1));
  push(torn, {{"c1", "2024-05-01", 100, "D1"}}, true);
  push(torn, {{"c1", "2024-05-01", 200, "D1"}});
  EXPECT_EQ(code(torn, in_weeks()), status::conflict);

  const order_history shop = history(company(mbg, 300, 1));
  options = in_weeks();
  options.horizon = {0.0, time_unit::none, day("2024-09-01")};
  EXPECT_EQ(code(shop, options), status::option);
  EXPECT_EQ(text, "value.customer_value: option horizon is 2024-09-01, but must be no earlier than until, "
                  "2024-09-30");

  // Like clockwork: no rate varies, and the models run to their end of one rate for all.
  std::vector<order_row> clockwork;
  for (int i = 0; i < 120; ++i) {
    for (int k = 0; k < 12; ++k)
      clockwork.push_back({"c" + std::to_string(i),
                           to_string(date_from_days(days_since_epoch(until) - i % 9 - 20 * k)), 1000});
  }
  const customer_values regular = value_customers(history(clockwork), in_weeks());
  EXPECT_TRUE(warned(regular, value_warning::simpler_model));
  EXPECT_EQ(regular.chosen().which, order_choice::nbd);
  EXPECT_EQ(regular.chosen().reason.find("the lowest BIC of the candidates; no maximum: r and alpha run"),
            0U);
  EXPECT_TRUE(std::isnan(regular.totals.value_low));
  EXPECT_GT(regular.totals.value, 0.0);
  const std::atomic<int> stop{1};
  run how;
  how.cancel = &stop;
  EXPECT_EQ(code_of([&] { return value_customers(shop, in_weeks(), how); }), status::cancelled);
}

/// Amounts by a rule of the row, in cents.
template <class Amount>
order_history priced(const Amount& amount) {
  std::vector<order_row> rows = company(mbg, 600, 3);
  for (std::size_t k = 0; k < rows.size(); ++k)
    rows[k].cents = amount(rows[k], k);
  return history(rows);
}

TEST(customer_value, spend_falls_back_by_a_stated_rule) {
  // Each customer always spends the same.
  random_stream stream(1, 2, 3);
  std::map<std::string, std::int64_t> usual;
  const auto of_customer = [&](const order_row& row, std::size_t) {
    const auto [at, fresh] = usual.try_emplace(row.customer, 0);
    if (fresh)
      at->second = 1 + std::llround(3000.0 / stats::gamma_variate(3.0, stream));
    return at->second;
  };
  const customer_values same = value_customers(priced(of_customer), in_weeks());
  ASSERT_EQ(same.spend.rule, spend_rule::own_mean) << same.spend.reason;
  EXPECT_EQ(same.spend.fit->limit, gamma_gamma_limit::constant_spend);
  EXPECT_TRUE(warned(same, value_warning::spend_fallback));
  for (std::size_t i = 0; i < 600; ++i) {
    const std::string customer(same.customers.customer[static_cast<std::int64_t>(i)]);
    EXPECT_EQ(same.of.expected_spend[i], static_cast<double>(usual[customer]) / 100.0);
    EXPECT_LT(same.of.value_low[i], same.of.value[i]); // the orders are not known exactly
  }
  EXPECT_EQ(named(to_tables(same), "spend_parameters").rows(), 0);
  EXPECT_FALSE(named(to_tables(same), "spend").at("mean").is_valid(0));

  // All customers are alike, and each order is unlike the next. In half of all streams chance makes them differ a
  // little more than that; in this one it does not.
  stream = random_stream(1, 2, 4);
  const customer_values alike =
      value_customers(priced([&](const order_row&, std::size_t) {
                        return 1 + std::llround(500.0 * stats::gamma_variate(2.0, stream));
                      }),
                      in_weeks());
  ASSERT_EQ(alike.spend.rule, spend_rule::mean) << alike.spend.reason;
  EXPECT_EQ(alike.spend.fit->limit, gamma_gamma_limit::same_customers);
  EXPECT_NE(alike.spend.reason.find("q runs to infinity"), std::string::npos) << alike.spend.reason;
  wide_integer amount = 0;
  std::int64_t orders = 0;
  for (std::size_t i = 0; i < 600; ++i) {
    amount += alike.customers.total_amount[i];
    orders += alike.customers.order_count[i];
  }
  const double mean = static_cast<double>(amount) / (static_cast<double>(orders) * 100.0);
  EXPECT_EQ(alike.of.expected_spend, std::vector<double>(600, mean));
  // The amounts are independent, so that the error of the mean is near that of a plain mean.
  const double error = std::sqrt(alike.spend.covariance[0]);
  EXPECT_NEAR(error, 5.0 * std::sqrt(2.0 / static_cast<double>(orders)), 0.2 * error);

  customer_value_options asked = in_weeks();
  asked.spend = spend_rule::gamma_gamma;
  std::string text;
  const order_history one_price = priced([](const order_row&, std::size_t) { return 1000; });
  EXPECT_EQ(code_of([&] { return value_customers(one_price, asked); }, &text), status::not_converged);
  EXPECT_NE(text.find("every order has the same amount"), std::string::npos) << text;
  EXPECT_EQ(value_customers(one_price, in_weeks()).of.expected_spend, std::vector<double>(600, 10.0));
}

TEST(customer_value, correlated_spend_is_warned_about) {
  const order_history plain = history(company(mbg, 600, 3));
  const customer_values without = value_customers(plain, in_weeks());
  EXPECT_LT(std::fabs(without.spend.correlation.value), noted_correlation);
  EXPECT_FALSE(warned(without, value_warning::correlated_spend));
  std::map<std::string, std::int64_t> orders;
  for (std::int64_t i = 0; i < 600; ++i)
    orders[std::string(without.customers.customer[i])] =
        without.customers.order_count[static_cast<std::size_t>(i)];
  random_stream stream(1, 2, 3);
  const customer_values with =
      value_customers(priced([&](const order_row& row, std::size_t) {
                        return 1 + std::llround(1000.0 * static_cast<double>(orders[row.customer]) *
                                                (0.5 + stream.uniform()));
                      }),
                      in_weeks());
  EXPECT_GT(with.spend.correlation.value, 0.9);
  ASSERT_TRUE(warned(with, value_warning::correlated_spend));
  const spend_correlation& both = with.spend.correlation;
  const auto said = std::find_if(with.warnings.begin(), with.warnings.end(), [](const auto& one) {
    return one.first == value_warning::correlated_spend;
  });
  const auto text = [](double x) { return value::detail::rounded(x); };
  EXPECT_EQ(said->second.find("the correlation of frequency and monetary value over " +
                              std::to_string(both.customers) + " customers is " + text(both.value) +
                              ", with 95 percent confidence between " + text(both.low) + " and " +
                              text(both.high) + ", but"),
            0U)
      << said->second;
  EXPECT_EQ(both.customers, std::count_if(with.customers.frequency.begin(), with.customers.frequency.end(),
                                          [](auto x) { return x > 0; }));
}

/// Customers with a repeat order and these figures.
spend_correlation correlation_of(const std::vector<std::int64_t>& frequency,
                                 const std::vector<double>& spent) {
  summaries made;
  made.frequency = frequency;
  made.monetary_value = spent;
  return value::detail::correlation_of(made);
}

TEST(customer_value, a_correlation_of_few_customers_is_no_warning) {
  // 0.5 in each: of 8 customers and of 80.
  std::vector<std::int64_t> frequency{1, 1, 1, 1, 2, 2, 2, 2};
  std::vector<double> spent{1, 1, 1, 2, 1, 2, 2, 2};
  const spend_correlation few = correlation_of(frequency, spent);
  EXPECT_EQ(few.customers, 8);
  EXPECT_NEAR(few.value, 0.5, 1e-15);
  EXPECT_NEAR(few.low, -0.3160173780966, 1e-6); // tanh(atanh(0.5) -+ 1.959964 / sqrt(5))
  EXPECT_NEAR(few.high, 0.8908085836929, 1e-6);
  EXPECT_FALSE(few.is_noted());
  for (int i = 0; i < 72; ++i) {
    frequency.push_back(frequency[static_cast<std::size_t>(i)]);
    spent.push_back(spent[static_cast<std::size_t>(i)]);
  }
  EXPECT_TRUE(correlation_of(frequency, spent).is_noted());
  for (double& one : spent)
    one = -one;
  EXPECT_TRUE(correlation_of(frequency, spent).is_noted());
  EXPECT_NEAR(correlation_of(frequency, spent).value, -0.5, 1e-15);
  // A small one is not noted however many customers it is of.
  frequency.clear();
  spent.clear();
  for (int i = 0; i < 5000; ++i) {
    frequency.push_back(1 + i % 2);
    spent.push_back(1 + (i % 10 < 2 ? i : i / 10) % 2);
  }
  const spend_correlation many = correlation_of(frequency, spent);
  EXPECT_GT(many.low, 0.1);
  EXPECT_LT(many.value, noted_correlation);
  EXPECT_FALSE(many.is_noted());
  EXPECT_TRUE(std::isnan(correlation_of({1, 1}, {2.0, 3.0}).value));
  EXPECT_EQ(correlation_of({1, 2}, {2.0, 3.0}).high, 1.0);
  const spend_correlation straight = correlation_of({1, 2, 3, 4, 5}, {2.0, 3.0, 4.0, 5.0, 6.0});
  EXPECT_NEAR(straight.low, 1.0, 1e-7);
  EXPECT_LE(straight.high, 1.0);
}

TEST(customer_value, amounts_below_0_have_no_gamma_gamma) {
  std::vector<order_row> rows = company(mbg, 600, 3);
  rows.push_back({"returns", "2024-02-01", 5000});
  rows.push_back({"returns", "2024-03-01", -2000});
  rows.push_back({"returns", "2024-08-01", -4000});
  const order_history store = history(rows);
  customer_value_options options = in_weeks();
  options.orders.negative = stats::negative::keep;
  const customer_values found = value_customers(store, options);
  ASSERT_EQ(found.spend.rule, spend_rule::gamma_gamma);
  constexpr std::size_t at = 600; // the last in the order of bytes
  ASSERT_EQ(found.customers.customer[600], "returns");
  EXPECT_EQ(found.status_of(at), customer_status::no_spend);
  EXPECT_TRUE(std::isnan(found.of.value[at]));
  EXPECT_GT(found.of.expected_orders[at], 0.0);
  EXPECT_EQ(found.totals.valued, 600);
  EXPECT_TRUE(warned(found, value_warning::no_spend));
  const std::vector<table> tables = to_tables(found);
  const table& customers = named(tables, "customers");
  EXPECT_EQ(customers.at("reason").text()[600],
            "the mean amount of the repeat orders is -30, but gamma_gamma knows amounts above 0 only");
  EXPECT_FALSE(customers.at("value_low").is_valid(600));
  EXPECT_TRUE(customers.at("probability_alive").is_valid(600));

  options.spend = spend_rule::own_mean;
  const customer_values own = value_customers(store, options);
  EXPECT_EQ(own.of.expected_spend[at], -10.0 / 3.0);
  EXPECT_LT(own.of.value[at], 0.0);
  EXPECT_TRUE(std::isnan(own.of.value_low[at])); // nothing is known of the error of such a mean
  EXPECT_TRUE(std::isnan(own.of.value_high[at]));
  EXPECT_EQ(own.totals.valued, 601);
  EXPECT_LT(own.totals.value_low, own.totals.value);
  EXPECT_GT(own.totals.value_high, own.totals.value);
  options.spend = spend_rule::mean;
  EXPECT_GT(value_customers(store, options).of.value[at], 0.0);
}

TEST(customer_value, intervals_of_own_means_cover_what_customers_spend_in_the_long_run) {
  const customer_values found = with_own_means(4000, 7);
  const std::vector<double> truth = true_own_values(found.customers, 4000, 7);
  EXPECT_NEAR(1.0 / std::sqrt(found.spend.shape), 1.0 / std::sqrt(spend.p), 0.01);
  struct group {
    int customers = 0;
    int covered = 0;
  };
  std::array<group, 3> by_orders{}; // 1, 2 to 4, more
  for (std::size_t i = 0; i < truth.size(); ++i) {
    const std::int64_t orders = found.customers.order_count[i];
    group& of = by_orders[orders == 1 ? 0 : orders < 5 ? 1 : 2];
    ++of.customers;
    of.covered += found.of.value_low[i] < truth[i] && truth[i] < found.of.value_high[i] ? 1 : 0;
  }
  for (const group& of : by_orders) {
    const double share = static_cast<double>(of.covered) / of.customers;
    EXPECT_GT(of.customers, 300);
    EXPECT_GT(share, 0.92) << of.customers;
    EXPECT_LT(share, 0.98) << of.customers;
  }
  // The errors of own means are not shared: they hardly count in the sum over all.
  EXPECT_GT(found.totals.value_high / found.totals.value_low, 1.0);
  EXPECT_LT(found.totals.value_high / found.totals.value_low, 1.5);
  EXPECT_EQ(named(to_tables(found), "spend").at("variation").as<double>()[0],
            1.0 / std::sqrt(found.spend.shape));
}

TEST(customer_value, variation_of_amounts_by_hand) {
  // Shares 1/4 and 3/4 of two orders: 2 (1/2)^2 = 1/2; two equal orders: 0. Expected of both 2 x 2 / (2 shape + 1).
  summaries made;
  made.order_count = {2, 2, 1, 2};
  made.total_amount = {400, 200, 100, -5};
  made.amount_variation = {0.5, 0.0, 0.0, std::nan("")};
  EXPECT_NEAR(value::detail::common_shape(made), 3.5, 1e-14);
  made.amount_variation[0] = 0.0;
  EXPECT_TRUE(std::isinf(value::detail::common_shape(made)));
  made.amount_variation[0] = 9.0; // amounts below 0
  EXPECT_TRUE(std::isnan(value::detail::common_shape(made)));
  made.order_count = {1, 1, 1, 1};
  EXPECT_TRUE(std::isnan(value::detail::common_shape(made)));

  summary_options options;
  options.variation = true;
  const summaries seen = summarise(
      history({{"a", "2024-01-01", 100}, {"a", "2024-01-02", 300}, {"b", "2024-01-01", 7}}), options);
  EXPECT_EQ(seen.amount_variation, (std::vector<double>{0.5, 0.0}));
}

TEST(customer_value, choice_by_bic) {
  const auto candidate = [](order_choice which, double bic, bool converged) {
    order_candidate made;
    made.which = which;
    made.bic = bic;
    made.converged = converged;
    made.diagnosis = converged ? "" : "s runs to 0";
    return made;
  };
  std::vector<order_candidate> some{
      candidate(order_choice::nbd, 100.0, true), candidate(order_choice::bg_nbd, 90.0, false),
      candidate(order_choice::mbg_nbd, 95.0, true), candidate(order_choice::pareto_nbd, 96.5, true)};
  EXPECT_EQ(choose(some, false, "here").which, order_choice::mbg_nbd);
  EXPECT_EQ(some[0].reason, "its BIC is 5.00 higher than that of mbg_nbd");
  EXPECT_EQ(some[1].reason, "no maximum: s runs to 0");
  EXPECT_EQ(some[2].reason, "the lowest BIC of the candidates");
  EXPECT_EQ(some[3].reason,
            "its BIC is 1.50 higher than that of mbg_nbd, which is not worth more than a bare mention");
  some[1].limit = "same_drop_out"; // a simpler model that is known
  EXPECT_EQ(choose(some, false, "here").which, order_choice::bg_nbd);
  EXPECT_EQ(some[1].reason, "the lowest BIC of the candidates; no maximum: s runs to 0");
  some[1].limit = "other";
  some[1].chosen = false;
  EXPECT_EQ(choose(some, false, "here").which, order_choice::mbg_nbd);
  some = {candidate(order_choice::nbd, 95.0, true), candidate(order_choice::bg_nbd, 95.0, true)};
  EXPECT_EQ(choose(some, false, "here").which, order_choice::nbd);
  some = {candidate(order_choice::pareto_nbd, 95.0, true)};
  EXPECT_EQ(choose(some, true, "here").reason, "asked for by option model");
  some = {candidate(order_choice::nbd, 95.0, false), candidate(order_choice::bg_nbd, 95.0, false)};
  std::string text;
  EXPECT_EQ(code_of([&] { return choose(some, false, "here"); }, &text), status::not_converged);
  EXPECT_EQ(text, "here: no model of when customers order fits: nbd: s runs to 0; bg_nbd: s runs to 0");
}

} // namespace
} // namespace customer_value_choice_test
