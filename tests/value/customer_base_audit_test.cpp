// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/value/cohorts_entry.hpp>
#include <emptor/value/customer_base_audit_entry.hpp>
#include <emptor/value/summary.hpp>

#include "credit/finished.hpp"
#include "stats/orders.hpp"
#include "support/random.hpp"
#include "support/refusal.hpp"

namespace emptor::value::customer_base_audit_test {
namespace {

using options = std::vector<option>;
using texts = std::vector<std::string>;
using stats::order_history;
using test::code_of;
using test::draws;
using test::history_of;
using test::order_row;
using test::push;

result audited(const order_history& from, const options& with, const std::optional<texts>& keys = {}) {
  return finished::of(customer_base_audit_entry, from, with, {}, nullptr, keys);
}
texts cells(const result& of, std::string_view table, const texts& columns) {
  return finished::cells(of, table, columns);
}
wide_integer sum(const result& of, std::string_view table, const std::string& column) {
  return finished::sums(of, table, {}, column)[""];
}

TEST(customer_base_audit, the_change_of_sales_is_explained_to_the_minor_unit) {
  EXPECT_EQ(scaled_amount(100, 1, 3), 33);
  EXPECT_EQ(scaled_amount(100, 2, 3), 67);
  EXPECT_EQ(scaled_amount(1, 1, 2), 1);
  // 10 customers x 2 orders x 5.00 become 12 x 3 x 4.00.
  const sales_change why = explain_change({12, 36, 14400}, {10, 20, 10000});
  EXPECT_EQ(why.customers, 2000);
  EXPECT_EQ(why.frequency, 6000);
  EXPECT_EQ(why.order_value, -3600);
  const sales_change none = explain_change({12, 36, 14400}, {});
  EXPECT_EQ(none.customers, 14400);
  EXPECT_EQ(explain_change({}, {1, 1, 7}).customers, -7);
  test::draws draw(1);
  for (int i = 0; i < 10000; ++i) {
    const auto some = [&] {
      const auto customers = static_cast<std::int64_t>(draw.below(1000));
      const auto orders = customers == 0 ? 0 : customers + static_cast<std::int64_t>(draw.below(1000));
      return sales_factors{customers, orders,
                           orders == 0 ? 0 : static_cast<std::int64_t>(draw.below(1U << 30U))};
    };
    const sales_factors now = some();
    const sales_factors before = some();
    const sales_change found = explain_change(now, before);
    EXPECT_EQ(found.customers + found.frequency + found.order_value, now.amount - before.amount);
  }
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  const sales_change large = explain_change({1000, 100000, most}, {1, 1, most});
  EXPECT_EQ(wide_integer{large.customers} + large.frequency + large.order_value, wide_integer{0});
}

TEST(customer_base_audit, amounts_below_0_are_netted_refused_or_kept) {
  const order_history from =
      history_of({{"a", "2023-05-05", 500}, {"a", "2024-05-05", -200}, {"b", "2024-06-01", 100}});
  const auto with = [](const char* how) { return options{{"until", "2024-12-31"}, {"negative", how}}; };
  const texts columns{"change", "by_customers", "by_frequency", "by_order_value"};
  EXPECT_EQ(cells(audited(from, with("net")), "change", columns), texts{"-200 0 0 -200"});
  EXPECT_EQ(cells(audited(from, with("keep")), "change", columns), texts{"-600 -600 0 0"})
      << "sales below 0 have no order of a mean worth";
  EXPECT_EQ(
      cells(audited(from, with("keep")), "two_periods", {"relation", "amount_before", "amount", "change"}),
      (texts{"old 500 -200 -700", "new 0 100 100", "won_back 0 0 0", "lost 0 0 0"}));
  EXPECT_EQ(sum(audited(from, with("keep")), "cohorts", "amount"), 400);
  EXPECT_EQ(code_of([&] { return audited(from, with("refuse")); }), status::data);
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(
      code_of([&] {
        return audited(history_of({{"a", "2024-01-01", most}, {"a", "2023-01-01", -most}}), with("keep"));
      }),
      status::overflow);
}

TEST(customer_base_audit, cohorts_and_their_retention) {
  const order_history from = history_of({{"a", "2024-01-31", 100},
                                         {"a", "2024-02-01", 50},
                                         {"a", "2024-02-29", 30},
                                         {"b", "2024-01-01", 10},
                                         {"b", "2024-04-10", 20},
                                         {"c", "2024-03-31", 40}});
  const result made = audited(from, {{"period", "month"}, {"until", "2024-04-15"}});
  EXPECT_EQ(
      cells(made, "cohorts",
            {"cohort", "period", "age", "complete", "customers", "active", "retention_rate", "amount",
             "cumulative_amount"}),
      (texts{"2024-01-01 2024-01-01 0 true 2 2 1 110 110", "2024-01-01 2024-02-01 1 true 2 1 0.5 80 190",
             "2024-01-01 2024-03-01 2 true 2 0 0 0 190", "2024-01-01 2024-04-01 3 false 2 1 0.5 20 210",
             "2024-03-01 2024-03-01 0 true 1 1 1 40 40", "2024-03-01 2024-04-01 1 false 1 0 0 0 40"}));
  EXPECT_EQ(
      cells(made, "periods",
            {"period", "active", "new_customers", "base", "active_share", "amount", "new_amount",
             "returning_amount"}),
      (texts{"2024-01-01 2 2 2 1 110 110 0", "2024-02-01 1 0 2 0.5 80 0 80",
             "2024-03-01 1 1 3 0.3333333333333333 40 40 0", "2024-04-01 1 0 3 0.3333333333333333 20 0 20"}));
  EXPECT_EQ(cells(audited(from, {{"period", "30"}, {"until", "2024-04-15"}}), "cohorts",
                  {"cohort", "period", "complete", "active"})
                .back(),
            "2024-03-17 2024-03-17 true 1")
      << "periods of days end with until";
  std::string text;
  const order_history old = history_of({{"a", "1900-01-01", 1},
                                        {"b", "0001-01-01", 1},
                                        {"c", "0001-01-02", 1},
                                        {"e", "0001-01-03", 1},
                                        {"d", "2024-01-01", 1}});
  EXPECT_EQ(code_of([&] { return audited(old, {{"period", "1"}}); }, &text), status::option);
  EXPECT_NE(text.find("value.customer_base_audit: option period cuts the history into"), std::string::npos);
  EXPECT_NE(text.find("must leave 2000000 at most"), std::string::npos) << text;
  EXPECT_EQ(code_of([&] { return audited(old, {{"period", "week"}}); }, &text), status::option);
  EXPECT_NE(text.find("value.customer_base_audit: option period is week"), std::string::npos) << text;
}

TEST(customer_base_audit, its_cohorts_are_those_of_value_cohorts) {
  draws draw(11);
  std::vector<order_row> rows;
  for (int i = 0; i < 400; ++i)
    rows.push_back({"c" + std::to_string(draw.below(40)),
                    "202" + std::to_string(2 + draw.below(3)) + "-0" + std::to_string(1 + draw.below(9)) +
                        "-1" + std::to_string(draw.below(9)),
                    static_cast<std::int64_t>(draw.below(400)) - 40});
  const order_history from = test::shuffled(rows, 5);
  const options with{{"until", "2024-08-20"}, {"period", "month"}};
  const result audit = audited(from, with);
  const result cohorts = finished::of(cohorts_entry, from, with, {}, nullptr, {});
  const texts of_cells{
      "cohort",         "age",    "period", "complete",          "customers",         "active",
      "retention_rate", "orders", "amount", "cumulative_amount", "value_per_customer"};
  EXPECT_EQ(cells(audit, "cohorts", of_cells), cells(cohorts, "cells", of_cells));
  const texts of_periods{"period", "complete", "active",     "new_customers",
                         "orders", "amount",   "new_amount", "returning_amount"};
  EXPECT_EQ(cells(audit, "periods", of_periods), cells(cohorts, "periods", of_periods));
  EXPECT_EQ(finished::table_of(audit, "totals"), finished::table_of(cohorts, "totals"));
}

TEST(customer_base_audit, tells_credit_that_found_no_order_and_a_line_of_a_far_year) {
  const order_history from = history_of(
      {{"a", "2024-01-01", 100}, {"b", "2024-01-01", -70}, {"c", "2025-01-01", 11}, {"d", "2204-01-01", 5}});
  const result made = audited(from, {{"until", "2024-12-31"}});
  EXPECT_EQ(
      cells(made, "totals", {"customers", "without_order", "amount", "unapplied_credit", "later_amount"}),
      texts{"1 3 100 70 16"});
  EXPECT_EQ(cells(made, "warnings", {"warning"}), texts{});
  EXPECT_EQ(cells(audited(from, {}), "warnings", {"warning"}), texts{"far_until"});
}

TEST(customer_base_audit, of_nobody) {
  const result none = audited(order_history(), {{"until", "2024-12-31"}});
  EXPECT_EQ(cells(none, "one_period",
                  {"active", "amount", "one_time_share", "amount_per_order", "median_amount", "gini"}),
            (texts{"0 0 - - - -", "0 0 - - - -"}));
  EXPECT_EQ(finished::table_of(none, "cohorts").rows(), 0);
  EXPECT_EQ(cells(none, "change", {"change", "by_customers", "by_frequency", "by_order_value"}),
            texts{"0 0 0 0"});
}

std::vector<order_row> stream(std::uint64_t seed) {
  draws draw(seed);
  std::vector<order_row> rows;
  for (int i = 0; i < 200; ++i)
    rows.push_back({"c" + std::to_string(draw.below(30)),
                    "202" + std::to_string(2 + draw.below(3)) + "-0" + std::to_string(1 + draw.below(9)) +
                        "-1" + std::to_string(draw.below(9)),
                    static_cast<std::int64_t>(draw.below(400)) - 40});
  return rows;
}

TEST(customer_base_audit, every_lens_adds_up_to_the_same_whole) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const std::vector<order_row> rows = stream(seed);
    const order_history from = test::shuffled(rows, seed);
    const options with{
        {"until", "2024-12-31"}, {"period", seed % 2 == 0 ? "month" : "quarter"}, {"most_orders", "4"}};
    const result made = audited(from, with);
    summary_options up_to;
    up_to.until = parse_date("2024-12-31");
    const wide_integer whole = summarise(from, up_to).of(total::summary).amount;
    EXPECT_EQ(sum(made, "cohorts", "amount"), whole);
    EXPECT_EQ(sum(made, "totals", "amount"), whole);
    EXPECT_EQ(sum(made, "totals", "order_amount") + sum(made, "totals", "credit_note_amount"),
              whole - sum(made, "totals", "unapplied_credit"));
    EXPECT_EQ(sum(made, "periods", "new_customers"), sum(made, "totals", "customers"));
    EXPECT_EQ(sum(made, "periods", "amount"), whole);
    EXPECT_EQ(sum(made, "periods", "new_amount") + sum(made, "periods", "returning_amount"), whole);
    const auto& amounts = finished::table_of(made, "one_period").at("amount").as<std::int64_t>();
    EXPECT_EQ(sum(made, "by_orders", "amount"), amounts[0]);
    EXPECT_EQ(sum(made, "by_orders", "customers"),
              finished::table_of(made, "one_period").at("active").as<std::int64_t>()[0]);
    EXPECT_EQ(sum(made, "two_periods", "amount"), amounts[0]);
    EXPECT_EQ(sum(made, "two_periods", "amount_before"), amounts[1]);
    EXPECT_EQ(sum(made, "two_periods", "change"), wide_integer{amounts[0]} - amounts[1]);
    EXPECT_EQ(sum(made, "change", "change"), wide_integer{amounts[0]} - amounts[1]);
    EXPECT_EQ(sum(made, "change", "by_customers") + sum(made, "change", "by_frequency") +
                  sum(made, "change", "by_order_value"),
              sum(made, "change", "change"));
    const table& relations = finished::table_of(made, "two_periods");
    EXPECT_EQ(relations.at("by_frequency").as<std::int64_t>()[0] +
                  relations.at("by_order_value").as<std::int64_t>()[0],
              relations.at("change").as<std::int64_t>()[0]);

    const table& cohorts = finished::table_of(made, "cohorts");
    std::map<std::string, double> shares; // the cohorts share each period
    for (std::int64_t i = 0; i < cohorts.rows(); ++i) {
      const auto at = static_cast<std::size_t>(i);
      if (cohorts.at("share").is_valid(i))
        shares[finished::shown(cohorts.at("period"), i)] += cohorts.at("share").as<double>()[at];
      const std::int64_t active = cohorts.at("active").as<std::int64_t>()[at];
      EXPECT_LE(active, cohorts.at("customers").as<std::int64_t>()[at]);
      if (cohorts.at("age").as<std::int64_t>()[at] == 0) {
        EXPECT_EQ(active, cohorts.at("customers").as<std::int64_t>()[at])
            << "all of a cohort order in its period";
      }
    }
    for (const auto& [period, share] : shares)
      EXPECT_NEAR(share, 1.0, 1e-12) << period;
    EXPECT_EQ(audited(test::shuffled(rows, seed + 500), with).tables, made.tables);
  }
}

TEST(customer_base_audit, cdnow_is_the_cohort_of_one_quarter) {
  const auto rows = test::cdnow_orders("cdnow.csv");
  if (!rows)
    GTEST_SKIP() << "no cdnow.csv in EMPTOR_DATA_DIR";
  order_history from;
  push(from, *rows, true);
  const result made = audited(from, {});
  std::map<std::string, std::set<std::string>> active; // by quarter
  std::map<std::string, std::int64_t> cents;
  for (const order_row& row : *rows) {
    const std::string quarter =
        row.day.substr(0, 5) + std::to_string((std::stoi(row.day.substr(5, 2)) - 1) / 3);
    active[quarter].insert(row.customer);
    cents[quarter] += *row.cents;
  }
  const table& cohorts = finished::table_of(made, "cohorts");
  ASSERT_EQ(cohorts.rows(), 6);
  std::size_t at = 0;
  for (const auto& [quarter, who] : active) {
    EXPECT_EQ(cohorts.at("customers").as<std::int64_t>()[at], 23570);
    EXPECT_EQ(cohorts.at("active").as<std::int64_t>()[at], static_cast<std::int64_t>(who.size())) << quarter;
    EXPECT_EQ(cohorts.at("amount").as<std::int64_t>()[at], cents[quarter]) << quarter;
    ++at;
  }
  EXPECT_EQ(cohorts.at("cumulative_amount").as<std::int64_t>().back(), 250031563) << "to the cent";
  for (const int threads : {2, 7}) {
    run how;
    how.threads = threads;
    EXPECT_EQ(customer_base_audit_entry
                  .finish({.from = &from,
                           .options = {customer_base_audit_name, customer_base_audit_option_list, {}},
                           .slots = {},
                           .keys = {},
                           .how = how})
                  .tables,
              made.tables);
  }
}

} // namespace
} // namespace emptor::value::customer_base_audit_test
