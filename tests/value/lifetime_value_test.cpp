// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <cmath>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/value/lifetime_value_entry.hpp>

namespace lifetime_value_test {
namespace {

using namespace emptor;
using namespace emptor::value;

model order_model(std::string_view entry, const std::vector<std::string_view>& names,
                  const std::vector<double>& values, const char* unit) {
  model made;
  made.entry = entry;
  if (*unit != '\0')
    made.options = {{"unit", unit}};
  made.tables.push_back(make_parameters(names, values, {}));
  std::vector<double> covariance(values.size() * values.size(), 0.0);
  for (std::size_t i = 0; i < values.size(); ++i)
    covariance[(values.size() + 1) * i] = 0.0025 * values[i] * values[i];
  made.tables.push_back(make_covariance(names, covariance));
  return made;
}
model pareto(const char* unit = "week") {
  return order_model(pareto_nbd::name, {"r", "alpha", "s", "beta"}, {0.553, 10.578, 0.606, 11.669}, unit);
}
model spend_model(double p = 6.25, double q = 3.74, double v = 15.44) {
  return order_model(gamma_gamma::name, {"p", "q", "v"}, {p, q, v}, "");
}

using row = std::array<double, 4>;
struct scored {
  std::array<std::vector<double>, 6> values;
  std::vector<row_status> statuses;
};

scored score(const model& orders, const model& spend, const std::vector<option>& options,
             const std::vector<row>& rows) {
  const std::vector<filled_slot> slots{{"orders", &orders}, {"spend", &spend}};
  const auto bound = lifetime_value_entry.bind(
      {.self = nullptr,
       .options = option_values(lifetime_value_name, lifetime_value_options, options),
       .slots = slots,
       .inputs = {},
       .wanted = std::vector<bool>(6, true)});
  std::array<std::vector<double>, 4> columns;
  std::array<score_block::input, 4> in{};
  std::array<score_block::output, 6> out{};
  scored made;
  for (std::size_t c = 0; c < 4; ++c) {
    for (const row& one : rows)
      columns[c].push_back(one[c]);
    in[c].number = columns[c].data();
  }
  for (std::size_t o = 0; o < 6; ++o) {
    made.values[o].resize(rows.size());
    out[o].number = made.values[o].data();
  }
  made.statuses.assign(rows.size(), row_status::ok);
  bound->score({.rows = static_cast<std::int64_t>(rows.size()),
                .inputs = in,
                .outputs = out,
                .status = made.statuses.data()});
  return made;
}

const std::vector<row> some_rows{
    {2, 30.43, 38.86, 22.35}, {0, 0, 38.86, std::nan("")}, {26, 30.86, 31, 40.08}};

template <class Call>
std::string refusal(const Call& call) {
  try {
    (void)call();
  } catch (const error& refused) {
    EXPECT_EQ(refused.code(), status::option);
    return refused.what();
  }
  return {};
}

TEST(lifetime_value, is_the_product_of_its_parts) {
  const model orders = pareto();
  const model spend = spend_model();
  const scored made = score(orders, spend, {{"discount_rate", "0.1"}, {"margin", "0.25"}}, some_rows);
  const pareto_nbd_parameters<double> p{0.553, 10.578, 0.606, 11.669};
  const double rate = emptor::math::log1p(0.1) * 7.0 / 365.2425;
  for (std::size_t i = 0; i < some_rows.size(); ++i) {
    const auto [x, t_x, age, z] = some_rows[i];
    EXPECT_EQ(made.values[0][i], 0.25 * made.values[1][i] * made.values[2][i]);
    EXPECT_EQ(made.values[1][i], expected_spend(gamma_gamma_parameters<double>{6.25, 3.74, 15.44}, x, z));
    EXPECT_EQ(made.values[2][i], discounted_expected_orders(p, x, t_x, age, rate));
    EXPECT_EQ(made.values[3][i], 0.25);
  }
}

TEST(lifetime_value, intervals_have_the_errors_of_both_models) {
  const std::vector<option> options{{"discount_rate", "0.1"}, {"confidence", "0.9"}};
  const model orders = pareto();
  const model spend = spend_model();
  const scored both = score(orders, spend, options, some_rows);
  const auto half_width = [](const scored& of, std::size_t i) {
    EXPECT_NEAR(of.values[4][i] * of.values[5][i], of.values[0][i] * of.values[0][i],
                1e-9 * of.values[0][i] * of.values[0][i]);
    return std::log(of.values[5][i] / of.values[0][i]);
  };
  model sure_orders = orders;
  sure_orders.tables[1] = make_covariance(pareto_nbd::names, std::vector<double>(16, 0.0));
  model sure_spend = spend;
  sure_spend.tables[1] = make_covariance(gamma_gamma::names, std::vector<double>(9, 0.0));
  const scored by_spend = score(sure_orders, spend, options, some_rows);
  const scored by_orders = score(orders, sure_spend, options, some_rows);
  for (std::size_t i = 0; i < some_rows.size(); ++i)
    EXPECT_NEAR(half_width(both, i), std::hypot(half_width(by_spend, i), half_width(by_orders, i)), 1e-12);

  model unknown = spend;
  unknown.tables.pop_back();
  const scored without = score(orders, unknown, options, some_rows);
  EXPECT_TRUE(std::isnan(without.values[4][0]));
  EXPECT_EQ(without.statuses[0], row_status::undefined);
  EXPECT_EQ(without.values[0][0], both.values[0][0]);
}

// lifetimes' test of customer_lifetime_value and that of pymc-marketing, with the parameters that the latter gives: days,
// unit spend, one month of 30 days. Their monthly rate is 0, or 1, at which a month halves the value.
TEST(lifetime_value, five_customers_of_lifetimes) {
  const model orders = order_model(bg_nbd::name, {"r", "alpha", "a", "b"},
                                   {0.16385072, 1.86428187, 1.85034151, 3.18105431}, "day");
  const model spend = spend_model(1e9, 1e9 + 1.0, 1.0); // everybody spends 1
  const std::vector<row> rows{
      {0, 0, 298, 1}, {0, 0, 224, 1}, {6, 142, 292, 1}, {0, 0, 147, 1}, {2, 9, 183, 1}};
  const double expected[] = {0.016053, 0.021171, 0.030461, 0.031686, 0.001607};
  const auto value = [&](const char* rate, const char* horizon) {
    return score(orders, spend,
                 {{"discount_rate", rate},
                  {"horizon", horizon},
                  {"as_of", "2014-04-01"},
                  {"discounting", "month_end"}},
                 rows)
        .values[0];
  };
  const auto month = value("0", "1 month"); // April has 30 days
  const auto halved = value("4095", "1 month");
  const auto two = value("0", "2 month");
  for (std::size_t i = 0; i < rows.size(); ++i) {
    EXPECT_NEAR(month[i], expected[i], 1e-6) << i;
    EXPECT_NEAR(halved[i], 0.5 * month[i], 1e-12) << i;
    EXPECT_LT(two[i], (61.0 / 30.0) * month[i]) << i; // May has 31 days, and customers leave
    EXPECT_GT(two[i], 1.9 * month[i]) << i;
  }
}

TEST(lifetime_value, months_are_those_of_the_calendar) {
  using namespace std::chrono;
  const auto day = [](int y, unsigned m, unsigned d) {
    return date{year{y} / month{m} / std::chrono::day{d}};
  };
  EXPECT_EQ(add_months(day(2024, 1, 31), 1), day(2024, 2, 29));
  EXPECT_EQ(add_months(day(2023, 1, 31), 1), day(2023, 2, 28));
  EXPECT_EQ(add_months(day(2024, 1, 31), 2), day(2024, 3, 31));
  EXPECT_EQ(add_months(day(2023, 11, 30), 3), day(2024, 2, 29));
  EXPECT_EQ(add_months(day(2024, 2, 29), 12), day(2025, 2, 28));
  EXPECT_EQ(add_months(day(2024, 5, 17), 0), day(2024, 5, 17));

  const model orders = pareto();
  const model spend = spend_model();
  const auto value = [&](const char* horizon, const char* as_of, const char* how = "continuous") {
    return score(orders, spend,
                 {{"discount_rate", "0.2"}, {"horizon", horizon}, {"as_of", as_of}, {"discounting", how}},
                 some_rows)
        .values[0][0];
  };
  EXPECT_EQ(value("1 month", "2024-01-31"), value("2024-02-29", "2024-01-31"));
  EXPECT_EQ(value("1 year", "2024-01-31"), value("12 month", "2024-01-31"));
  EXPECT_EQ(value("12 month", "2024-01-31"), value("366 day", "2024-01-31"));
  EXPECT_LT(value("1 month", "2024-02-01"), value("1 month", "2024-03-01"));

  // Orders come before the end of their month, so that month_end takes off more: half a month on average.
  const double moment = value("24 month", "2024-01-31");
  const double end = value("24 month", "2024-01-31", "month_end");
  EXPECT_LT(end, moment);
  EXPECT_NEAR(end / moment, std::pow(1.2, -0.5 / 12.0), 1e-3);
  // Month by month, from the function itself.
  const pareto_nbd_parameters<double> p{0.553, 10.578, 0.606, 11.669};
  double sum = 0.0;
  double before = 0.0;
  for (int i = 1; i <= 24; ++i) {
    const double weeks =
        static_cast<double>((add_months(day(2024, 1, 31), i) - day(2024, 1, 31)).count()) / 7.0;
    const double now = expected_orders(p, 2, 30.43, 38.86, weeks);
    sum += (now - before) * std::pow(1.2, -i / 12.0);
    before = now;
  }
  EXPECT_NEAR(end / (sum * expected_spend(gamma_gamma_parameters<double>{6.25, 3.74, 15.44}, 2, 22.35)), 1.0,
              1e-12);
}

TEST(lifetime_value, takes_every_order_model) {
  const model spend = spend_model();
  const std::vector<option> options{{"discount_rate", "0.1"}, {"horizon", "5 year"}, {"confidence", "0.9"}};
  const model donors =
      order_model(bg_bb::name, {"alpha", "beta", "gamma", "delta"}, {1.2, 0.75, 0.66, 2.78}, "year");
  const scored made =
      score(donors, spend, options, {{3, 4, 6, 20}, {0, 0, 6, 0}, {3, 4.5, 6, 20}, {3, 2, 6, 20}});
  const bg_bb_parameters<double> p{1.2, 0.75, 0.66, 2.78};
  EXPECT_EQ(made.values[2][0], discounted_expected_orders(p, 3, 4, 6, emptor::math::log1p(0.1), 5));
  EXPECT_EQ(made.statuses[1], row_status::ok);
  EXPECT_LT(made.values[4][1], made.values[0][1]);
  EXPECT_EQ(made.statuses[2], row_status::not_integer);
  EXPECT_EQ(made.statuses[3], row_status::inconsistent);
  EXPECT_TRUE(std::isnan(made.values[0][3]));

  for (const model& orders :
       {order_model(bg_nbd::name, {"r", "alpha", "a", "b"}, {0.243, 4.414, 0.793, 2.426}, "week"),
        order_model(mbg_nbd::name, {"r", "alpha", "a", "b"}, {0.525, 6.183, 0.891, 1.614}, "week"),
        order_model(nbd::name, {"r", "alpha"}, {0.385, 12.07}, "week"), pareto()}) {
    for (const bool ever : {false, true}) {
      std::vector<option> asked = options;
      if (ever)
        asked.erase(asked.begin() + 1);
      const scored found = score(orders, spend, asked, some_rows);
      for (std::size_t i = 0; i < some_rows.size(); ++i) {
        EXPECT_EQ(found.statuses[i], row_status::ok) << orders.entry;
        EXPECT_GT(found.values[0][i], 0.0) << orders.entry;
        EXPECT_LT(found.values[4][i], found.values[0][i]) << orders.entry;
        EXPECT_GT(found.values[5][i], found.values[0][i]) << orders.entry;
      }
    }
  }
}

TEST(lifetime_value, a_rate_of_0_needs_no_time_unit) {
  const std::vector<option> options{{"discount_rate", "0"}, {"horizon", "39"}};
  const pareto_nbd_parameters<double> p{0.553, 10.578, 0.606, 11.669};
  const scored without = score(pareto(""), spend_model(), options, some_rows);
  const scored with = score(pareto(), spend_model(), options, some_rows);
  for (std::size_t i = 0; i < some_rows.size(); ++i) {
    EXPECT_EQ(without.values[0][i], with.values[0][i]);
    const row& at = some_rows[i];
    EXPECT_NEAR(without.values[2][i] / expected_orders(p, at[0], at[1], at[2], 39), 1.0, 1e-12);
  }
}

TEST(lifetime_value, refuses_what_has_no_meaning) {
  const model spend = spend_model();
  const auto with = [&](const model& orders, const std::vector<option>& options) {
    return refusal([&] { return score(orders, spend, options, some_rows); });
  };
  EXPECT_EQ(with(pareto(), {{"discount_rate", "0"}}),
            "value.lifetime_value: option discount_rate is 0, but must be > 0 without a horizon: orders for "
            "ever have no "
            "finite sum");
  EXPECT_EQ(
      with(pareto(""), {{"discount_rate", "0.1"}}),
      "value.lifetime_value: option discount_rate is per year, but the model of orders has no time unit");
  EXPECT_NE(with(pareto(""), {{"discount_rate", "0"}}), "");
  EXPECT_NE(with(pareto(""), {{"discount_rate", "0"}, {"discounting", "month_end"}, {"horizon", "39"}}), "");
  EXPECT_NE(with(pareto(), {{"discount_rate", "0.1"}, {"discounting", "month_end"}}), "");
  EXPECT_NE(with(pareto(), {{"discount_rate", "0.1"}, {"discounting", "month_end"}, {"horizon", "40 day"}}),
            "");
  EXPECT_NE(with(pareto(), {{"discount_rate", "0.1"}, {"horizon", "1998-09-30"}}), "");
  EXPECT_NE(with(pareto(), {}), ""); // the rate is needed

  // A customer whose repeat orders brought nothing has no mean spend that the model could see.
  EXPECT_EQ(lifetime_value_rule(std::array{2.0, 3.0, 9.0, 0.0}).status, row_status::undefined);
  EXPECT_EQ(lifetime_value_rule(std::array{2.0, 3.0, 9.0, std::nan("")}).status, row_status::missing);
  EXPECT_EQ(lifetime_value_rule(std::array{2.0, 3.0, 9.0, std::nan("")}).column, 3U);
  EXPECT_EQ(lifetime_value_rule(std::array{2.0, 13.0, 9.0, 5.0}).status, row_status::inconsistent);
  // New customers have no mean spend where q <= 1.
  const scored made = score(pareto(), spend_model(6.0, 0.9, 15.0), {{"discount_rate", "0.1"}}, some_rows);
  EXPECT_EQ(made.statuses[1], row_status::undefined);
  EXPECT_TRUE(std::isnan(made.values[0][1]));
  EXPECT_EQ(made.statuses[0], row_status::ok);
}

} // namespace
} // namespace lifetime_value_test
