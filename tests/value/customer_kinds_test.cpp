// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cstdint>
#include <limits>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/value/customer_kinds_entry.hpp>
#include <emptor/value/summary.hpp>

#include "credit/finished.hpp"
#include "stats/orders.hpp"
#include "support/random.hpp"
#include "support/refusal.hpp"

namespace emptor::value::customer_kinds_test {
namespace {

using options = std::vector<option>;
using texts = std::vector<std::string>;
using stats::order_history;
using test::code_of;
using test::draws;
using test::history_of;
using test::order_row;
using test::push;

result kinds(const order_history& from, const options& with, const std::optional<texts>& keys = {}) {
  return finished::of(customer_kinds_entry, from, with, {}, nullptr, keys);
}
texts cells(const result& of, std::string_view table, const texts& columns) {
  return finished::cells(of, table, columns);
}
void know(order_history& from, const texts& names) {
  text_buffer held;
  for (const std::string& one : names)
    held.push_back(one);
  push(from, table("customers", {column::texts("customer", std::move(held))}), true);
}
const options year_2024{{"until", "2024-12-31"}};

TEST(customer_kinds, of_each_relation) {
  order_history from = history_of({{"back", "2020-05-05", 100},
                                   {"back", "2024-05-05", 200},
                                   {"former", "2021-01-01", 300},
                                   {"lost", "2021-01-01", 10},
                                   {"lost", "2023-12-31", 20},
                                   {"new", "2024-01-01", 40},
                                   {"old", "2023-01-01", 50},
                                   {"old", "2024-12-31", 60},
                                   {"later", "2025-01-01", 70},
                                   {"gone", "2024-02-02", 80, "D1"},
                                   {"gone", "2024-02-03", 0, "D2", "D1"}});
  know(from, {"old", "known", "later too"});
  const result made = kinds(from, year_2024);
  EXPECT_EQ(
      cells(
          made, "customers",
          {"customer", "relation", "amount", "amount_before", "amount_earlier", "first_order", "last_order"}),
      (texts{"back won_back 200 0 100 2020-05-05 2024-05-05", "former former 0 0 300 2021-01-01 2021-01-01",
             "gone potential 0 0 0 - -", "known potential 0 0 0 - -", "later too potential 0 0 0 - -",
             "lost lost 0 20 10 2021-01-01 2023-12-31", "new new 40 0 0 2024-01-01 2024-01-01",
             "old old 60 50 0 2023-01-01 2024-12-31"}))
      << "who ordered later only is not known yet";
  EXPECT_EQ(cells(made, "relations", {"relation", "customers", "amount", "amount_before", "change"}),
            (texts{"old 1 60 50 10", "new 1 40 0 40", "won_back 1 200 0 200", "lost 1 0 20 -20",
                   "former 1 0 0 0", "potential 3 0 0 0"}));
  EXPECT_EQ(cells(made, "periods", {"period", "from", "until", "active", "orders", "amount"}),
            (texts{"current 2024-01-01 2024-12-31 3 3 300", "before 2023-01-01 2023-12-31 2 2 70",
                   "earlier - 2022-12-31 3 3 410"}));
  EXPECT_EQ(cells(made, "rates",
                  {"retention_rate", "loss_rate", "revenue_retention", "new_share", "potential_share"}),
            texts{"0.5 0.5 0.8571428571428571 0.3333333333333333 0.375"});
  EXPECT_EQ(cells(kinds(from, year_2024, texts{"old", "known", "later", "nobody"}), "customers",
                  {"customer", "relation"}),
            (texts{"known potential", "old old"}));
}

TEST(customer_kinds, tell_where_the_money_went) {
  const order_history from = history_of({{"all back", "2024-01-01", 100, "D1"},
                                         {"all back", "2024-02-01", -100, "D2", "D1"},
                                         {"cancelled", "2024-01-01", 30, "D3"},
                                         {"cancelled", "2024-01-02", 0, "D4", "D3"},
                                         {"credit only", "2024-03-01", -70, "D5"},
                                         {"later", "2025-01-01", 11, "D6"},
                                         {"part back", "2024-01-01", 50, "D7"},
                                         {"part back", "2024-01-09", -20, "D8", "D7"}});
  const result made = kinds(from, year_2024);
  EXPECT_EQ(cells(made, "customers", {"customer", "relation", "amount"}),
            (texts{"all back potential 0", "cancelled potential 0", "credit only potential 0",
                   "part back new 30"}));
  EXPECT_EQ(cells(made, "totals",
                  {"customers", "without_order", "orders", "amount", "order_amount", "credit_note_amount",
                   "unapplied_credit", "cancelled_amount", "later_amount"}),
            texts{"1 4 1 30 150 -190 70 30 11"});
  EXPECT_EQ(cells(made, "warnings", {"warning"}), texts{});
}

TEST(customer_kinds, a_line_of_a_far_year_is_told) {
  const order_history from =
      history_of({{"a", "2024-01-01", 1}, {"a", "2024-02-02", 1}, {"b", "2204-01-01", 1}});
  EXPECT_EQ(cells(kinds(from, {}), "warnings", {"warning"}), texts{"far_until"});
  EXPECT_EQ(cells(kinds(from, year_2024), "warnings", {"warning"}), texts{});
}

TEST(customer_kinds, large_and_regular) {
  // 80 % of 1,000 are reached by the two equal customers together.
  const order_history from = history_of({{"a", "2024-01-01", 250},
                                         {"a", "2024-02-01", 150},
                                         {"a", "2024-05-01", 100},
                                         {"b", "2024-01-01", 499},
                                         {"b", "2024-01-02", 1},
                                         {"c", "2024-10-01", 1},
                                         {"c", "2024-12-01", 1},
                                         {"d", "2024-07-01", 1}});
  const texts what{"customer", "kind", "active_periods", "periods"};
  EXPECT_EQ(cells(kinds(from, {{"until", "2024-12-15"}}), "customers", {"customer", "periods"}).front(),
            "a 12")
      << "a year has no thirteenth month";
  EXPECT_EQ(cells(kinds(from, year_2024), "customers", what),
            (texts{"a main 3 12", "b general 1 12", "c general 2 3", "d sporadic 1 6"}));
  EXPECT_EQ(cells(kinds(from, {{"until", "2024-12-31"}, {"regular_period", "quarter"}}), "customers", what),
            (texts{"a main 2 4", "b main 1 4", "c general 1 1", "d sporadic 1 2"}));
  EXPECT_EQ(cells(kinds(from, {{"until", "2024-12-31"},
                               {"regular_orders", "1"},
                               {"regular_share", "0"},
                               {"main_share", "1"}}),
                  "customers", what),
            (texts{"a main 3 12", "b main 1 12", "c main 2 3", "d main 1 6"}));
  EXPECT_EQ(cells(kinds(from, {{"until", "2024-12-31"}, {"main_share", "0.01"}}), "customers", what).at(1),
            "b general 1 12")
      << "equal totals are large together";
  EXPECT_EQ(cells(kinds(from, {{"until", "2024-12-31"}, {"regular_period", "100"}}), "customers", what).at(0),
            "a main 2 4")
      << "366 days end with until, so that the first of four periods began before the year";
}

TEST(customer_kinds, of_nobody_and_of_nothing) {
  const result none = kinds(order_history(), year_2024);
  EXPECT_EQ(finished::table_of(none, "customers").rows(), 0);
  EXPECT_EQ(cells(none, "rates", {"retention_rate", "revenue_retention", "new_share", "potential_share"}),
            texts{"- - - -"});
  EXPECT_EQ(finished::table_of(none, "transitions").rows(), 16);
  EXPECT_EQ(cells(kinds(order_history(), {{"since", "2024-03-01"}}), "periods", {"from", "until"})[0],
            "2024-03-01 2024-03-01")
      << "no day of 1970 that nobody named";
  const result zero = kinds(history_of({{"a", "2024-01-01", 0}, {"b", "2023-01-01", 0}}), year_2024);
  EXPECT_EQ(cells(zero, "customers", {"customer", "relation", "kind", "share"}),
            (texts{"a new sporadic -", "b lost none -"}));
  EXPECT_EQ(cells(zero, "rates", {"retention_rate", "revenue_retention"}), texts{"0 -"});
}

TEST(customer_kinds, amounts_below_0_are_netted_refused_or_kept) {
  const order_history from = history_of({{"a", "2023-05-05", 500},
                                         {"a", "2024-05-05", -200},
                                         {"b", "2024-06-01", 100},
                                         {"c", "2023-06-01", -900}});
  const auto with = [](const char* how) { return options{{"until", "2024-12-31"}, {"negative", how}}; };
  const texts columns{"relation", "customers", "amount", "amount_before", "change", "share_before"};
  EXPECT_EQ(cells(kinds(from, with("net")), "relations", columns),
            cells(kinds(from, year_2024), "relations", columns));
  EXPECT_EQ(cells(kinds(from, with("net")), "relations", columns),
            (texts{"old 0 0 0 0 0", "new 1 100 0 100 0", "won_back 0 0 0 0 0", "lost 1 0 300 -300 1",
                   "former 0 0 0 0 0", "potential 1 0 0 0 0"}));
  EXPECT_EQ(cells(kinds(from, with("keep")), "relations", columns),
            (texts{"old 1 -200 500 -700 -", "new 1 100 0 100 -", "won_back 0 0 0 0 -", "lost 1 0 -900 900 -",
                   "former 0 0 0 0 -", "potential 0 0 0 0 -"}))
      << "shares of a sum below 0 say nothing";
  std::string text;
  EXPECT_EQ(code_of([&] { return kinds(from, with("refuse")); }, &text), status::data);
  EXPECT_EQ(text.substr(0, 21), "value.customer_kinds:");
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(code_of([&] {
              return kinds(history_of({{"a", "2024-01-01", most}, {"a", "2023-01-01", -most}}), with("keep"));
            }),
            status::overflow);
}

TEST(customer_kinds, refuses_periods_without_meaning) {
  const order_history from = history_of({{"a", "2024-01-01", 1}});
  std::string text;
  const auto refused = [&](const options& with) {
    EXPECT_EQ(code_of([&] { return kinds(from, with); }, &text), status::option);
    return text;
  };
  EXPECT_EQ(refused({{"until", "2024-01-01"}, {"since", "2024-01-02"}}),
            "value.customer_kinds: option since is 2024-01-02, but must be no later than until, 2024-01-01");
  EXPECT_NE(refused({{"until", "2024-01-01"}, {"compare_since", "2024-01-01"}}).find("before since"),
            std::string::npos);
  EXPECT_NE(refused({{"until", "2024-01-01"}, {"regular_period", "week"}}).find("month, quarter, year"),
            std::string::npos);
  EXPECT_NE(refused({{"until", "0000-06-01"}}).find("late enough"), std::string::npos);
  EXPECT_NE(refused({{"main_share", "0"}}).find("main_share"), std::string::npos);
  EXPECT_NE(refused({{"main_share", "80"}}).find("main_share"), std::string::npos) << "no percentages";
  EXPECT_NE(refused({{"regular_share", "25"}}).find("regular_share"), std::string::npos);
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(code_of(
                [&] {
                  return kinds(history_of({{"a", "2024-01-01", most}, {"b", "2024-01-01", 1}}), year_2024);
                },
                &text),
            status::overflow);
  EXPECT_EQ(text, "value.customer_kinds: amount of all customers must fit 64 bits");
}

// --- against a slow reading of the rules, on orders that netting left as they are ------------------------------

std::vector<order_row> stream(std::uint64_t seed) {
  draws draw(seed);
  std::vector<order_row> rows;
  for (int i = 0; i < 150; ++i)
    rows.push_back({"c" + std::to_string(draw.below(25)),
                    "202" + std::to_string(1 + draw.below(4)) + "-" + (draw.below(2) == 0 ? "0" : "1") +
                        std::to_string(1 + draw.below(2)) + "-1" + std::to_string(draw.below(9)),
                    static_cast<std::int64_t>(draw.below(40))});
  return rows;
}

TEST(customer_kinds, equals_a_slow_reading_of_the_rules_and_adds_up) {
  std::set<std::string> met;
  for (std::uint64_t seed = 0; seed < 80; ++seed) {
    const std::vector<order_row> rows = stream(seed);
    order_history from = test::shuffled(rows, seed);
    know(from, {"c1", "x1", "x2"});
    const result made = kinds(from, year_2024);
    struct window {
      std::int64_t amount = 0;
      std::set<std::string> days, months;
    };
    std::map<std::string, std::map<std::string, window>> slow; // by customer and year
    std::map<std::string, std::string> first;
    for (const order_row& row : rows) {
      window& of = slow[row.customer][row.day.substr(0, 4)];
      of.amount += *row.cents;
      of.days.insert(row.day);
      of.months.insert(row.day.substr(0, 7));
      std::string& earliest = first[row.customer];
      earliest = earliest.empty() ? row.day : std::min(earliest, row.day);
    }
    std::map<std::string, std::int64_t> totals;
    for (auto& [name, years] : slow) {
      for (auto& [year, of] : years)
        totals[year] += of.amount;
    }
    const auto kind_in = [&](const std::string& name, const std::string& year) -> std::string {
      const auto held = slow[name].find(year);
      if (held == slow[name].end())
        return "none";
      std::int64_t before = 0;
      for (auto& [other, years] : slow) {
        const auto its = years.find(year);
        before += its != years.end() && its->second.amount > held->second.amount ? its->second.amount : 0;
      }
      const bool large = before * 100 < 80 * totals[year];
      const int months = first[name].substr(0, 4) == year ? 13 - std::stoi(first[name].substr(5, 2)) : 12;
      const bool regular =
          held->second.days.size() >= 2 && held->second.months.size() * 4 >= static_cast<std::size_t>(months);
      return large && regular ? "main" : large || regular ? "general" : "sporadic";
    };
    const table& customers = finished::table_of(made, "customers");
    std::int64_t known = 0;
    for (std::int64_t i = 0; i < customers.rows(); ++i) {
      ++known;
      const std::string name = finished::shown(customers.at("customer"), i);
      const bool now = slow[name].count("2024") > 0;
      const bool before = slow[name].count("2023") > 0;
      const bool earlier = slow[name].count("2022") + slow[name].count("2021") > 0;
      const std::string relation = now && before    ? "old"
                                   : now && earlier ? "won_back"
                                   : now            ? "new"
                                   : before         ? "lost"
                                   : earlier        ? "former"
                                                    : "potential";
      met.insert(relation);
      EXPECT_EQ(finished::shown(customers.at("relation"), i), relation) << seed << name;
      EXPECT_EQ(finished::shown(customers.at("kind"), i), kind_in(name, "2024")) << seed << name;
      EXPECT_EQ(finished::shown(customers.at("kind_before"), i), kind_in(name, "2023")) << seed << name;
      met.insert(kind_in(name, "2024"));
      EXPECT_EQ(customers.at("amount").as<std::int64_t>()[static_cast<std::size_t>(i)],
                slow[name]["2024"].amount);
    }
    // Every table adds up to the whole.
    summary_options up_to;
    up_to.until = parse_date("2024-12-31");
    const summaries all = summarise(from, up_to);
    EXPECT_EQ(finished::sums(made, "periods", {}, "amount")[""], all.of(total::summary).amount);
    EXPECT_EQ(finished::sums(made, "totals", {}, "amount")[""], all.of(total::summary).amount);
    EXPECT_EQ(finished::sums(made, "relations", {}, "customers")[""], known);
    EXPECT_EQ(finished::sums(made, "transitions", {}, "customers")[""], known);
    EXPECT_EQ(finished::sums(made, "relations", {}, "amount")[""], totals["2024"]);
    EXPECT_EQ(finished::sums(made, "relations", {}, "amount_before")[""], totals["2023"]);
    EXPECT_EQ(finished::sums(made, "relations", {}, "change")[""], totals["2024"] - totals["2023"]);
    EXPECT_EQ(finished::sums(made, "transitions", {}, "amount")[""], totals["2024"]);
    EXPECT_EQ(finished::sums(made, "transitions", {}, "amount_before")[""], totals["2023"]);
    EXPECT_EQ(finished::sums(made, "kinds", {"period"}, "amount")["current "], totals["2024"]);
    EXPECT_EQ(finished::sums(made, "kinds", {"period"}, "amount")["before "], totals["2023"]);
    EXPECT_EQ(finished::sums(made, "customers", {}, "amount_earlier")[""], totals["2022"] + totals["2021"]);

    order_history other = test::shuffled(rows, seed + 1000);
    know(other, {"x2", "c1", "x1"});
    EXPECT_EQ(kinds(other, year_2024).tables, made.tables);
  }
  EXPECT_EQ(met.size(), 6U + 4U) << "each relation and kind was met";
}

TEST(customer_kinds, cdnow_halves) {
  const auto rows = test::cdnow_orders("cdnow.csv");
  if (!rows)
    GTEST_SKIP() << "no cdnow.csv in EMPTOR_DATA_DIR";
  order_history from;
  push(from, *rows, true);
  const result made = kinds(from, {{"since", "1998-01-01"}, {"compare_since", "1997-01-01"}});
  // All of the cohort ordered in 1997: who ordered in 1998 is old, and all others are lost.
  std::set<std::string> in_1998;
  std::set<std::string> all;
  std::int64_t cents = 0;
  for (const order_row& row : *rows) {
    all.insert(row.customer);
    if (row.day >= "1998") {
      in_1998.insert(row.customer);
      cents += *row.cents;
    }
  }
  EXPECT_EQ(
      cells(made, "relations", {"relation", "customers", "amount"}),
      (texts{"old " + std::to_string(in_1998.size()) + " " + std::to_string(cents), "new 0 0", "won_back 0 0",
             "lost " + std::to_string(all.size() - in_1998.size()) + " 0", "former 0 0", "potential 0 0"}));
  EXPECT_EQ(finished::sums(made, "periods", {}, "amount")[""], 250031563) << "to the cent";
  for (const int threads : {2, 7}) {
    run how;
    how.threads = threads;
    EXPECT_EQ(customer_kinds_entry
                  .finish({.from = &from,
                           .options = {customer_kinds_name, customer_kinds_option_list,
                                       options{{"since", "1998-01-01"}, {"compare_since", "1997-01-01"}}},
                           .slots = {},
                           .keys = {},
                           .how = how})
                  .tables,
              made.tables);
  }
}

} // namespace
} // namespace emptor::value::customer_kinds_test
