// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_bin_float.hpp>

#include <emptor/value/dated_present_value.hpp>

#include "../src/examples.hpp"
#include "credit/finished.hpp"
#include "support/random.hpp"
#include "support/refusal.hpp"

namespace emptor::test::dated_present_value_test {
namespace {

using digits = boost::multiprecision::cpp_bin_float_50;
using value::dated_amount;
using value::dated_value;
using value::return_state;
using options = std::vector<option>;
using texts = std::vector<std::string>;

result finished_of(const std::string& csv, options with = {{"as_of", "2026-01-01"}, {"rate", "0.1"}}) {
  const auto store = make_store("rows", options{{"entry", "value.dated_present_value"}});
  const table rows = table_of("flows", value::dated_flow_columns, "customer,date,amount\n" + csv);
  store->push({.table = "flows", .columns = rows.views(), .rows = rows.rows(), .strict = true});
  return finish(find_entry("value.dated_present_value"), store.get(), with, {}, {}, {});
}
texts customers(const std::string& csv, const texts& columns,
                options with = {{"as_of", "2026-01-01"}, {"rate", "0.1"}}) {
  return finished::cells(finished_of(csv, std::move(with)), "customers", columns);
}

double figure(const result& made, const char* column) {
  return finished::table_of(made, "customers").at(column).as<double>()[0];
}

TEST(dated_present_value, is_the_sum_of_each_amount_at_its_own_day) {
  test::variates draw(5);
  for (int i = 0; i < 500; ++i) {
    std::vector<dated_amount> flows;
    for (double at = -3.0 * draw.uniform(); static_cast<double>(flows.size()) < 1 + 20 * draw.uniform();
         at += draw.uniform())
      flows.push_back({at, 100.0 * draw.uniform() - 30.0});
    const double force = 0.6 * draw.uniform() - 0.2;
    digits present = 0;
    digits weighted = 0;
    digits size = 0;
    for (const dated_amount& one : flows) {
      const digits now = one.amount * exp(digits(-digits(force) * one.years));
      present += now;
      weighted += now * one.years;
      size += abs(now);
    }
    const dated_value found = value::value_dated(flows, force);
    EXPECT_NEAR(found.present, static_cast<double>(present), 1e-14 * static_cast<double>(size));
    EXPECT_NEAR(found.duration * static_cast<double>(present), static_cast<double>(weighted),
                1e-12 * static_cast<double>(size));
  }
}

/// The changes of direction, told by a look at the neighbours that are not 0.
int changes_of(const std::vector<dated_amount>& flows) {
  int changes = 0;
  double before = 0.0;
  for (const dated_amount& one : flows) {
    changes += before * one.amount < 0.0 ? 1 : 0;
    before = one.amount != 0.0 ? one.amount : before;
  }
  return changes;
}

TEST(dated_present_value, the_rate_of_return_is_where_the_value_turns_and_there_is_no_other) {
  test::variates draw(6);
  std::map<return_state, int> met;
  for (int i = 0; i < 2000; ++i) {
    std::vector<dated_amount> flows;
    const double turn = draw.uniform();
    const double other = draw.uniform() < 0.3 ? -1.0 : 1.0;
    for (double at = 4.0 * draw.uniform() - 2.0; flows.size() < 12; at += 0.01 + draw.uniform())
      flows.push_back({at, (static_cast<double>(flows.size()) < 12.0 * turn ? -1.0 : other) *
                               std::floor(100.0 * draw.uniform())});
    const dated_value found = value::value_dated(flows, 0.05);
    ++met[found.state];
    const int changes = changes_of(flows);
    EXPECT_EQ(found.state == return_state::one_direction, changes == 0);
    if (found.state != return_state::found)
      continue;
    ASSERT_EQ(changes, 1);
    const double last = flows.back().amount != 0.0 ? flows.back().amount : 1.0;
    const auto value_at = [&](double rate) {
      digits sum = 0;
      for (const dated_amount& one : flows)
        sum += one.amount * exp(digits(-log(digits(1) + rate) * one.years));
      return static_cast<double>(sum) * last;
    };
    const double step = 1e-12 * (1.0 + found.internal_rate) + 4e-16;
    EXPECT_GT(value_at(found.internal_rate - step), 0.0);
    EXPECT_LT(value_at(found.internal_rate + step), 0.0);
  }
  EXPECT_GT(met[return_state::found], 500);
  EXPECT_GT(met[return_state::one_direction], 100);
}

// Two rates make -100, 230, -132 worth nothing: 10 % and 20 %. Spreadsheets give the one that is nearer to their guess.
TEST(dated_present_value, several_rates_of_return_are_none) {
  EXPECT_EQ(customers("A,2026-01-01,-100\nA,2027-01-01,230\nA,2028-01-01,-132\n",
                      {"return_state", "internal_rate_of_return", "total"}),
            texts{"ambiguous - -2"});
  EXPECT_EQ(customers("A,2026-01-01,100\nA,2027-01-01,230\n", {"return_state", "internal_rate_of_return"}),
            texts{"one_direction -"});
  EXPECT_EQ(customers("A,2026-01-01,-100\nA,2026-01-01,100\nA,2027-01-01,0\n",
                      {"return_state", "flows", "present_value", "duration"}),
            texts{"one_direction 3 0 -"});
  // What comes and goes on one day is one amount, in whatever order it is told.
  const result one_day = finished_of("A,2026-01-01,50\nA,2026-01-01,-150\nA,2027-01-01,110\n");
  EXPECT_NEAR(figure(one_day, "internal_rate_of_return"), 0.1, 1e-15);
}

TEST(dated_present_value, the_past_grows_and_the_future_shrinks) {
  const result both = finished_of("A,2025-01-01,100\nA,2027-01-01,121\n");
  EXPECT_NEAR(figure(both, "present_value"), 220.0, 1e-12);
  EXPECT_NEAR(figure(both, "duration"), 0.0, 1e-15);
  const auto worth = [](const char* csv, options more) {
    more.push_back({"as_of", "2026-01-01"});
    return figure(finished_of(csv, std::move(more)), "present_value");
  };
  EXPECT_EQ(worth("A,2027-01-01,100\n", {{"rate", "0"}}), 100.0);
  EXPECT_NEAR(worth("A,2027-01-01,100\n", {{"rate", "0.1"}, {"rate_kind", "continuous"}}), 90.48374180359595,
              1e-13);
  EXPECT_NEAR(worth("A,2026-12-27,110\n", {{"rate", "0.1"}, {"days_of_year", "360"}}), 100.0, 1e-13);
}

TEST(dated_present_value, customers_add_up_and_the_order_of_the_rows_changes_nothing) {
  const std::string rows[] = {"B,2026-03-01,-70\n", "A,2027-01-01,121\n", "A,2026-01-01,-100\n",
                              "B,2028-01-01,90\n"};
  const result one = finished_of(rows[0] + rows[1] + rows[2] + rows[3]);
  const result other = finished_of(rows[3] + rows[1] + rows[0] + rows[2]);
  EXPECT_EQ(one.tables, other.tables);
  const std::vector<double> each = [&] {
    const auto span = finished::table_of(one, "customers").at("present_value").as<double>();
    return std::vector<double>(span.begin(), span.end());
  }();
  EXPECT_NEAR(finished::table_of(one, "total").at("present_value").as<double>()[0], each[0] + each[1], 1e-12);
  EXPECT_EQ(finished::table_of(finished_of(""), "total").rows(), 0);
}

TEST(dated_present_value, there_is_one_zero) {
  EXPECT_EQ(customers("A,2026-01-01,-5\n", {"present_value", "duration"}), texts{"-5 0"});
}

TEST(dated_present_value, what_numbers_cannot_hold_is_refused_by_name) {
  std::string what;
  EXPECT_EQ(code_of(
                [&] {
                  return finished_of("A,0001-01-01,1e300\n", {{"as_of", "9999-01-01"}, {"rate", "5"}});
                },
                &what),
            status::overflow);
  EXPECT_EQ(what, "value.dated_present_value: the money of A is beyond what a number holds");
  const options far{{"as_of", "9999-01-01"}, {"rate", "5"}};
  EXPECT_EQ(figure(finished_of("A,0001-01-01,0\nA,9999-01-01,7\n", far), "present_value"), 7.0)
      << "nothing, however far away";
  EXPECT_EQ(code_of([&] {
              return finished_of("A,2026-01-01,1\n", {{"as_of", "2026-01-01"}, {"rate", "-1"}});
            }),
            status::option);
}

} // namespace
} // namespace emptor::test::dated_present_value_test
