// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/value/concentration_entry.hpp>

#include "credit/finished.hpp"
#include "stats/orders.hpp"
#include "support/random.hpp"
#include "support/refusal.hpp"

namespace emptor::value::concentration_test {
namespace {

using options = std::vector<option>;
using texts = std::vector<std::string>;
using stats::order_history;
using test::code_of;
using test::draws;
using test::history_of;
using test::order_row;
using test::push;

result tables_of(const order_history& from, const options& with = {}, const std::optional<texts>& keys = {}) {
  return finished::of(concentration_entry, from, with, {}, nullptr, keys);
}
texts cells(const result& of, std::string_view table, const texts& columns) {
  return finished::cells(of, table, columns);
}
double number(const result& of, std::string_view table, std::string_view column, std::size_t row = 0) {
  return finished::table_of(of, table).at(column).as<double>().at(row);
}
std::int64_t whole(const result& of, std::string_view table, std::string_view column, std::size_t row = 0) {
  return finished::table_of(of, table).at(column).as<std::int64_t>().at(row);
}
/// A history in which each customer orders once, for so many cents; c0, c1, ...
order_history each_once(const std::vector<std::int64_t>& cents) {
  std::vector<order_row> rows;
  for (std::size_t i = 0; i < cents.size(); ++i)
    rows.push_back({"c" + std::to_string(i), "2024-01-01", cents[i]});
  order_history made;
  push(made, rows, true);
  return made;
}

// --- the figures of reference/value.md 2.10 ------------------------------------------------------------------

struct published {
  const char* file;
  std::int64_t customers, revenue, orders, one_order;
  double top[5];
  double gini, hhi;
  std::int64_t making_80;
  double median;
  std::int64_t largest, zero;
  std::vector<std::int64_t> deciles;
};

TEST(concentration, cdnow) {
  const published both[] = {
      {"cdnow_sample.csv",
       2357,
       24409194,
       6696,
       1218,
       {14.1687, 35.9071, 50.7078, 67.4016, 89.4365},
       0.6309171170,
       2.285796e-03,
       777,
       43.06,
       655270,
       8,
       {12377355, 4074822, 2512870, 1680238, 1185448, 881670, 658957, 458604, 340096, 239134}},
      {"cdnow.csv",
       23570,
       250031563,
       67591,
       12054,
       {15.8390, 36.6755, 50.9427, 67.7774, 89.5913},
       0.6345711846,
       2.612614e-04,
       7695,
       43.395,
       1399093,
       68,
       {127372895, 42091955, 25437146, 17020004, 12084497, 8865373, 6632394, 4663501, 3419978, 2443820}}};
  for (const published& of : both) {
    SCOPED_TRACE(of.file);
    const auto rows = test::cdnow_orders(of.file);
    if (!rows)
      GTEST_SKIP() << "no " << of.file << " in EMPTOR_DATA_DIR";
    order_history store;
    push(store, *rows, true);
    const result made = tables_of(store);
    EXPECT_EQ(cells(made, "summary", {"state"}), texts{"computed"});
    EXPECT_EQ(whole(made, "summary", "customers"), of.customers);
    EXPECT_EQ(whole(made, "summary", "amount"), of.revenue) << "to the cent";
    EXPECT_EQ(whole(made, "summary", "orders"), of.orders);
    EXPECT_EQ(whole(made, "summary", "one_order_customers"), of.one_order);
    EXPECT_NEAR(number(made, "summary", "one_order_share") * 100.0, of.customers == 2357 ? 51.6759 : 51.1413,
                5e-5);
    for (std::size_t i = 0; i < 5; ++i)
      EXPECT_NEAR(number(made, "top_shares", "share", i) * 100.0, of.top[i], 5e-5) << i;
    EXPECT_NEAR(number(made, "summary", "gini"), of.gini, 5e-11);
    EXPECT_NEAR(number(made, "summary", "hhi") / of.hhi, 1.0, 5e-7);
    EXPECT_EQ(number(made, "needed", "reached", 1), 0.8);
    EXPECT_EQ(whole(made, "needed", "customers", 1), of.making_80);
    EXPECT_NEAR(number(made, "needed", "customer_share", 1) * 100.0, of.customers == 2357 ? 32.966 : 32.647,
                1e-3);
    EXPECT_EQ(whole(made, "classes", "customers", 0), of.making_80) << "nobody is equal to the last of A";
    EXPECT_EQ(number(made, "summary", "median"), of.median);
    EXPECT_EQ(whole(made, "summary", "largest"), of.largest);
    EXPECT_EQ(whole(made, "summary", "zero_customers"), of.zero);
    EXPECT_EQ(finished::table_of(made, "deciles").at("amount").as<std::int64_t>(), of.deciles);

    std::vector<order_row> mixed = *rows;
    draws(7).shuffle(mixed);
    order_history other;
    push(other, mixed);
    EXPECT_EQ(tables_of(other).tables, made.tables);
  }
}

// --- against a slow reading of the rules -------------------------------------------------------------------

struct slow_customer {
  std::string name;
  std::int64_t cents = 0;
};

/// What each customer gets, by the sentences of the description, with doubles for nothing.
std::map<std::string, std::string> slow_classes(std::vector<slow_customer> all,
                                                const std::vector<int>& percents, bool upper, bool by_count) {
  std::map<std::string, std::string> made;
  std::int64_t total = 0;
  for (const slow_customer& one : all)
    total += by_count ? 1 : std::max<std::int64_t>(one.cents, 0);
  for (const slow_customer& one : all) {
    std::int64_t before = 0; // of those with more
    std::int64_t after = 0;  // of those with as much too
    for (const slow_customer& other : all) {
      const std::int64_t weight = by_count ? 1 : std::max<std::int64_t>(other.cents, 0);
      before += other.cents > one.cents ? weight : 0;
      after += other.cents >= one.cents ? weight : 0;
    }
    std::size_t found = percents.size() - 1;
    int line = 0;
    for (std::size_t k = 0; k + 1 < percents.size() && total > 0; ++k) {
      line += percents[k];
      if (upper ? before * 100 < line * total : after * 100 <= line * total) {
        found = k;
        break;
      }
    }
    const bool negative = !by_count && one.cents < 0;
    made[one.name] = negative ? "negative" : std::string(1, static_cast<char>('A' + static_cast<int>(found)));
  }
  return made;
}

TEST(concentration, classes_equal_a_slow_reading_of_the_rules) {
  const std::vector<std::vector<int>> cuts{
      {80, 15, 5}, {50, 50}, {100}, {1, 4, 15, 80}, {20, 20, 20, 20, 20}};
  for (std::uint64_t seed = 0; seed < 150; ++seed) {
    draws draw(seed);
    std::vector<order_row> rows;
    std::vector<slow_customer> all;
    const std::uint64_t count = 1 + draw.below(40);
    const std::uint64_t spread = 1 + draw.below(60);
    for (std::uint64_t i = 0; i < count; ++i) {
      const auto cents = static_cast<std::int64_t>(draw.below(spread)) - (seed % 3 == 0 ? 5 : 0);
      all.push_back({"c" + std::to_string(i), cents});
      rows.push_back({all.back().name, "2024-01-01", cents});
    }
    order_history store = test::shuffled(rows, seed);
    const std::vector<int>& percents = cuts[seed % cuts.size()];
    std::string shares;
    std::string names;
    for (std::size_t k = 0; k < percents.size(); ++k) {
      shares += (k == 0 ? "" : ",") + to_text(percents[k] / 100.0);
      names += (k == 0 ? "" : ",") + std::string(1, static_cast<char>('A' + static_cast<int>(k)));
    }
    for (const bool upper : {true, false}) {
      const result made = tables_of(store, {{"negative", "keep"},
                                            {"class_shares", shares},
                                            {"tier_shares", shares},
                                            {"tiers", names},
                                            {"crossing", upper ? "upper" : "lower"}});
      const auto classes = slow_classes(all, percents, upper, false);
      const auto tiers = slow_classes(all, percents, upper, true);
      const table& customers = finished::table_of(made, "customers");
      ASSERT_EQ(customers.rows(), static_cast<std::int64_t>(count));
      std::int64_t last = std::numeric_limits<std::int64_t>::max();
      for (std::int64_t i = 0; i < customers.rows(); ++i) {
        const std::string name = finished::shown(customers.at("customer"), i);
        EXPECT_EQ(finished::shown(customers.at("class"), i), classes.at(name))
            << seed << name << shares << upper;
        EXPECT_EQ(finished::shown(customers.at("tier"), i), tiers.at(name))
            << seed << name << shares << upper;
        const std::int64_t cents = whole(made, "customers", "amount", static_cast<std::size_t>(i));
        EXPECT_LE(cents, last);
        last = cents;
        EXPECT_EQ(whole(made, "customers", "rank", static_cast<std::size_t>(i)),
                  1 + std::count_if(all.begin(), all.end(),
                                    [&](const slow_customer& one) { return one.cents > cents; }));
      }
      // Classes and tiers partition customers and money.
      for (const char* which : {"classes", "tiers"}) {
        const table& sums = finished::table_of(made, which);
        std::int64_t customers_in = 0;
        std::int64_t amount = 0;
        std::int64_t negative = 0;
        double share = 0.0;
        for (std::int64_t i = 0; i < sums.rows(); ++i) {
          const auto at = static_cast<std::size_t>(i);
          customers_in += whole(made, which, "customers", at);
          amount += whole(made, which, "amount", at);
          negative += whole(made, which, "negative_amount", at);
          share += sums.at("share").is_valid(i) ? number(made, which, "share", at) : 0.0;
        }
        EXPECT_EQ(customers_in, static_cast<std::int64_t>(count));
        EXPECT_EQ(amount, whole(made, "summary", "amount"));
        EXPECT_EQ(negative, whole(made, "summary", "negative_amount"));
        EXPECT_NEAR(share, amount > 0 ? 1.0 : 0.0, 1e-12);
      }
    }
  }
}

TEST(concentration, indices_equal_their_definitions) {
  for (std::uint64_t seed = 0; seed < 200; ++seed) {
    draws draw(seed);
    std::vector<std::int64_t> cents;
    const std::uint64_t count = 2 + draw.below(50);
    for (std::uint64_t i = 0; i < count; ++i)
      cents.push_back(static_cast<std::int64_t>(draw.below(seed % 2 == 0 ? 1000 : 4)));
    cents[0] = 7;
    const result made = tables_of(each_once(cents), {{"points", std::to_string(1 + draw.below(100))},
                                                     {"groups", std::to_string(1 + draw.below(30))}});
    long double total = 0;
    long double differences = 0; // the mean absolute difference, the other definition of Gini
    long double squares = 0;
    for (const std::int64_t one : cents) {
      total += static_cast<long double>(one);
      squares += static_cast<long double>(one * one);
      for (const std::int64_t other : cents)
        differences += std::abs(static_cast<long double>(one - other));
    }
    const auto n = static_cast<long double>(count);
    const auto gini = static_cast<double>(differences / (2 * n * total));
    EXPECT_NEAR(number(made, "summary", "gini"), gini, 1e-15);
    EXPECT_NEAR(number(made, "summary", "gini_unbiased"),
                static_cast<double>(differences / (2 * (n - 1) * total)), 1e-15);
    EXPECT_NEAR(number(made, "summary", "hhi"), static_cast<double>(squares / (total * total)), 1e-15);
    EXPECT_NEAR(number(made, "summary", "effective_customers"), static_cast<double>(total * total / squares),
                1e-13);
    EXPECT_NEAR(number(made, "summary", "normalised_hhi"),
                static_cast<double>((squares / (total * total) - 1 / n) / (1 - 1 / n)), 1e-15);

    // The curve rises from (0, 0) to (1, 1) below the diagonal, and bends upwards; all of its points give the Gini.
    const table& lorenz = finished::table_of(made, "lorenz");
    const auto& x = lorenz.at("customer_share").as<double>();
    const auto& y = lorenz.at("share").as<double>();
    EXPECT_EQ(x.front(), 0.0);
    EXPECT_EQ(y.front(), 0.0);
    EXPECT_EQ(x.back(), 1.0);
    EXPECT_EQ(y.back(), 1.0);
    for (std::size_t i = 1; i < x.size(); ++i) {
      EXPECT_GT(x[i], x[i - 1]);
      EXPECT_GE(y[i], y[i - 1]);
      EXPECT_LE(y[i], x[i] + 1e-15);
    }
    const result fine = tables_of(each_once(cents), {{"points", std::to_string(count)}});
    const auto& fine_x = finished::table_of(fine, "lorenz").at("customer_share").as<double>();
    const auto& fine_y = finished::table_of(fine, "lorenz").at("share").as<double>();
    ASSERT_EQ(fine_x.size(), count + 1);
    double under = 0.0;
    for (std::size_t i = 1; i < fine_x.size(); ++i)
      under += (fine_x[i] - fine_x[i - 1]) * (fine_y[i] + fine_y[i - 1]) / 2.0;
    EXPECT_NEAR(1.0 - 2.0 * under, gini, 1e-13);

    // Deciles, head and tail partition the customers; sizes differ by one at most.
    std::int64_t customers = 0;
    std::int64_t amount = 0;
    const table& deciles = finished::table_of(made, "deciles");
    const auto& sizes = deciles.at("customers").as<std::int64_t>();
    for (std::size_t i = 0; i < sizes.size(); ++i) {
      customers += sizes[i];
      amount += whole(made, "deciles", "amount", i);
      EXPECT_EQ(deciles.at("smallest").is_valid(static_cast<std::int64_t>(i)), sizes[i] > 0);
    }
    EXPECT_LE(*std::max_element(sizes.begin(), sizes.end()) - *std::min_element(sizes.begin(), sizes.end()),
              1);
    EXPECT_EQ(customers, static_cast<std::int64_t>(count));
    EXPECT_EQ(amount, whole(made, "summary", "amount"));
    EXPECT_EQ(whole(made, "long_tail", "customers", 0) + whole(made, "long_tail", "customers", 1), customers);
    EXPECT_EQ(whole(made, "long_tail", "amount", 0) + whole(made, "long_tail", "amount", 1), amount);
    EXPECT_EQ(whole(made, "long_tail", "customers", 0), static_cast<std::int64_t>(count) / 5);

    // Customers needed: they reach the share, and one less does not.
    std::vector<std::int64_t> sorted = cents;
    std::sort(sorted.begin(), sorted.end(), std::greater<>());
    for (std::size_t i = 0; i < 4; ++i) {
      const std::int64_t percent[] = {50, 80, 90, 95};
      const std::int64_t needed = whole(made, "needed", "customers", i);
      std::int64_t sum = 0;
      for (std::int64_t k = 0; k + 1 < needed; ++k)
        sum += sorted[static_cast<std::size_t>(k)];
      EXPECT_LT(sum * 100, percent[i] * amount);
      EXPECT_GE((sum + sorted[static_cast<std::size_t>(needed - 1)]) * 100, percent[i] * amount);
      EXPECT_EQ(whole(made, "needed", "amount", i), sum + sorted[static_cast<std::size_t>(needed - 1)]);
    }
  }
}

// --- where there is nothing to rank ------------------------------------------------------------------------

TEST(concentration, of_nobody_of_one_of_nothing_and_of_equals) {
  const texts what{"state", "customers",      "amount", "gini",   "gini_unbiased",
                   "hhi",   "normalised_hhi", "median", "largest"};
  const result none = tables_of(order_history());
  EXPECT_EQ(cells(none, "summary", what), texts{"no_customers 0 0 - - - - - -"});
  EXPECT_EQ(finished::table_of(none, "customers").rows(), 0);
  EXPECT_EQ(finished::table_of(none, "lorenz").rows(), 0);
  EXPECT_EQ(cells(none, "classes", {"class", "customers", "amount", "share"}),
            (texts{"A 0 0 -", "B 0 0 -", "C 0 0 -", "negative 0 0 -"}));
  EXPECT_EQ(finished::table_of(none, "deciles").rows(), 10);

  const result one = tables_of(each_once({500}));
  EXPECT_EQ(cells(one, "summary", what), texts{"computed 1 500 0 - 1 - 5 500"});
  EXPECT_EQ(cells(one, "customers", {"rank", "share", "cumulative_share", "class", "tier"}),
            texts{"1 1 1 A key"});
  EXPECT_EQ(cells(one, "lorenz", {"customers", "share"}), (texts{"0 0", "1 1"}));

  const result nothing = tables_of(each_once({0, 0, 0}));
  EXPECT_EQ(cells(nothing, "summary", what), texts{"nothing_to_share 3 0 - - - - 0 0"});
  EXPECT_EQ(cells(nothing, "customers", {"customer", "rank", "share", "class", "tier"}),
            (texts{"c0 1 - C key", "c1 1 - C key", "c2 1 - C key"}));
  EXPECT_EQ(cells(nothing, "needed", {"customers", "share"}), texts(4, "0 -"));

  const result equal = tables_of(each_once({100, 100, 100, 100}));
  EXPECT_EQ(cells(equal, "summary", what), texts{"computed 4 400 0 0 0.25 0 1 100"});
  EXPECT_EQ(cells(equal, "customers", {"rank", "class", "tier"}), texts(4, "1 A key"));
  EXPECT_EQ(cells(tables_of(each_once({100, 100, 100, 100}), {{"crossing", "lower"}}), "customers",
                  {"rank", "class", "tier"}),
            texts(4, "1 C small"));

  // One who has all.
  const result all = tables_of(each_once({0, 0, 0, 900}));
  EXPECT_EQ(cells(all, "summary", what), texts{"computed 4 900 0.75 1 1 1 0 900"});
}

TEST(concentration, the_normalised_index_of_equals_is_nothing_and_of_near_equals_exact_however_large) {
  for (const std::int64_t each : {100'000'000'000'000, 100'000'000'000'001, 103'000'000'000'000'007}) {
    for (const std::size_t n : {25U, 50U, 89U}) {
      const result equal = tables_of(each_once(std::vector<std::int64_t>(n, each)));
      EXPECT_EQ(number(equal, "summary", "normalised_hhi"), 0.0) << each << " " << n;
      // A cent from one to another: n sum of y^2 - r^2 = 2 n of (n - 1) (n each)^2.
      std::vector<std::int64_t> near(n, each);
      ++near.front();
      --near.back();
      const auto count = static_cast<double>(n);
      const double wanted =
          2.0 / ((count - 1.0) * count * static_cast<double>(each) * static_cast<double>(each));
      EXPECT_NEAR(number(tables_of(each_once(near)), "summary", "normalised_hhi") / wanted, 1.0, 1e-14);
      --near.front(); // a cent less in all: 1 - 1/n of the same
      EXPECT_NEAR(number(tables_of(each_once(near)), "summary", "normalised_hhi") * 2.0 * count /
                      (wanted * (count - 1.0)),
                  1.0, 1e-13);
    }
  }
  // Almost all with one, beyond 94 bits of squares.
  const result one = tables_of(each_once({9'000'000'000'000'000'000, 0, 0}));
  EXPECT_DOUBLE_EQ(number(one, "summary", "normalised_hhi"), 1.0);
  const result two = tables_of(each_once({3'000'000'000'000'000'000, 3'000'000'000'000'000'000, 0}));
  EXPECT_NEAR(number(two, "summary", "normalised_hhi"), 0.25, 1e-16);
}

TEST(concentration, totals_below_zero_are_told_apart_and_mislead_no_share) {
  const order_history store = each_once({600, 300, 100, 0, -400});
  const result made = tables_of(store, {{"negative", "keep"}});
  EXPECT_EQ(
      cells(made, "customers", {"customer", "rank", "amount", "share", "cumulative_share", "class", "tier"}),
      (texts{"c0 1 600 0.6 0.6 A key", "c1 2 300 0.3 0.9 A ordinary", "c2 3 100 0.1 1 B ordinary",
             "c3 4 0 0 1 C small", "c4 5 -400 - - negative small"}));
  EXPECT_EQ(
      cells(made, "classes", {"class", "customers", "customer_share", "amount", "share", "negative_amount"}),
      (texts{"A 2 0.4 900 0.9 0", "B 1 0.2 100 0.1 0", "C 1 0.2 0 0 0", "negative 1 0.2 0 0 -400"}));
  EXPECT_EQ(cells(made, "tiers", {"tier", "customers", "amount", "share", "negative_amount"}),
            (texts{"key 1 600 0.6 0", "ordinary 2 400 0.4 0", "small 2 0 0 -400"}));
  EXPECT_EQ(cells(made, "summary", {"amount", "negative_customers", "negative_amount", "smallest"}),
            texts{"1000 1 -400 -400"});
  EXPECT_EQ(number(made, "summary", "hhi"), 0.46);
  // Netted, his credit finds no order, and he is no customer of the table.
  EXPECT_EQ(cells(tables_of(store), "summary", {"customers", "without_order", "unapplied_credit"}),
            texts{"4 1 400"});
  EXPECT_EQ(code_of([&] { return tables_of(store, {{"negative", "refuse"}}); }), status::data);
}

// --- margins ---------------------------------------------------------------------------------------------

table with_margins(const std::vector<order_row>& rows, const std::vector<std::int64_t>& margins) {
  table made = test::orders_of(rows);
  column cents = column::amounts("margin", margins, 2);
  made.add(std::move(cents).or_none());
  return made;
}

TEST(concentration, of_margins) {
  const std::vector<order_row> rows{{"a", "2024-01-01", 1000, "D1"},    {"a", "2024-01-02", -500, "D2", "D1"},
                                    {"b", "2024-01-01", 800, "D3"},     {"c", "2024-01-01", 900, "D4"},
                                    {"c", "2024-01-03", 0, "D5", "D4"}, {"d", "2024-01-01", 100, "D6"},
                                    {"a", "2024-06-01", 900, "D7"}};
  const std::vector<std::int64_t> margins{300, -150, 500, 900, no_amount, -40, 700};
  order_history store;
  push(store, with_margins(rows, margins), true);
  const result made = tables_of(store, {{"of", "margin"}, {"until", "2024-03-31"}});
  EXPECT_EQ(cells(made, "customers", {"customer", "amount", "share", "class"}),
            (texts{"b 500 0.7692307692307693 A", "a 150 0.23076923076923078 A", "d -40 - negative"}));
  EXPECT_EQ(cells(made, "summary", {"amount", "negative_amount", "without_order", "without_order_amount"}),
            texts{"650 -40 1 0"});
  EXPECT_EQ(cells(tables_of(store, {{"of", "margin"}, {"until", "2024-03-31"}}, texts{"a"}), "customers",
                  {"customer", "amount"}),
            texts{"a 150"});

  // A line without a margin is refused unless asked for otherwise; a cancelled document needs none.
  order_history thin;
  push(thin, with_margins(rows, {300, no_amount, no_amount, no_amount, no_amount, -40, 700}), true);
  std::string text;
  EXPECT_EQ(code_of([&] { return tables_of(thin, {{"of", "margin"}}); }, &text), status::data);
  EXPECT_EQ(
      text,
      "value.concentration: 2 lines have no margin, the first of customer a; give their margins, or take "
      "them for 0 with missing_margin=zero");
  EXPECT_EQ(cells(tables_of(thin, {{"of", "margin"}, {"missing_margin", "zero"}}), "customers",
                  {"customer", "amount"}),
            (texts{"a 1000", "b 0", "d -40"}));
}

// --- a period ----

TEST(concentration, of_a_period_and_with_a_line_of_a_far_year) {
  const std::vector<order_row> rows{{"a", "2023-06-01", 5000, "D1"},
                                    {"a", "2024-01-01", 1000, "D2"},
                                    {"b", "2024-03-01", 800, "D3"},
                                    {"c", "2023-12-31", 900, "D4"},
                                    {"d", "2204-01-01", 100, "D5"}};
  order_history store;
  push(store, with_margins(rows, {2500, 100, 400, 90, 10}), true);
  const options year{{"since", "2024-01-01"}, {"until", "2024-12-31"}};
  EXPECT_EQ(cells(tables_of(store, year), "customers", {"customer", "amount", "orders"}),
            (texts{"a 1000 1", "b 800 1"}));
  options margins = year;
  margins.push_back({"of", "margin"});
  EXPECT_EQ(cells(tables_of(store, margins), "customers", {"customer", "amount"}), (texts{"b 400", "a 100"}));
  EXPECT_EQ(code_of([&] {
              return tables_of(store, {{"since", "2025-01-01"}, {"until", "2024-12-31"}});
            }),
            status::option);
  EXPECT_EQ(cells(tables_of(store, year), "warnings", {"warning"}), texts{});
  EXPECT_EQ(cells(tables_of(store), "warnings", {"warning"}), texts{"far_until"});
}

// --- what is refused ---------------------------------------------------------------------------------------

TEST(concentration, refuses_options_without_meaning) {
  const order_history store = each_once({1, 2, 3});
  const auto refused = [&](const options& with) {
    std::string text;
    EXPECT_EQ(code_of([&] { return tables_of(store, with); }, &text), status::option) << text;
    return text;
  };
  EXPECT_EQ(
      refused({{"class_shares", "0.8,0.15"}}),
      "value.concentration: option class_shares is 0.8,0.15, but must be shares above 0 that add up to 1");
  EXPECT_NE(refused({{"class_shares", "0.8,0.2,0"}}).find("class_shares"), std::string::npos);
  // A share is never taken for a percentage, nor the other way round.
  for (const char* option : {"class_shares", "tier_shares", "top", "needed", "head"}) {
    EXPECT_NE(refused({{option, "80"}}).find(option), std::string::npos);
    EXPECT_NE(refused({{option, "1.01"}}).find(option), std::string::npos);
  }
  EXPECT_NE(refused({{"class_shares", "80,15,5"}}).find("class_shares"), std::string::npos);
  EXPECT_NE(refused({{"tier_shares", "0.5,0.5"}}).find("as many names as tier_shares has shares, 2"),
            std::string::npos);
  EXPECT_NE(refused({{"tiers", "a,b,a"}}).find("each once"), std::string::npos);
  EXPECT_NE(refused({{"tiers", "a,,b"}}).find("each once"), std::string::npos);
  EXPECT_NE(refused({{"top", "0.0000000001"}}).find("top"), std::string::npos);
  EXPECT_NE(refused({{"top", "0"}}).find("top"), std::string::npos);
  EXPECT_NE(refused({{"groups", "0"}}).find("groups"), std::string::npos);
  std::string many = "0.01";
  for (int i = 1; i < 100; ++i)
    many += ",0.01";
  EXPECT_NE(refused({{"class_shares", many}}).find("at most 26"), std::string::npos);
  EXPECT_EQ(tables_of(store, {{"class_shares", "0.8,0.15,0.05"}}).tables, tables_of(store).tables);
  EXPECT_EQ(cells(tables_of(store, {{"class_shares", "1"}}), "customers", {"class"}), texts(3, "A"));
  EXPECT_EQ(
      cells(tables_of(store, {{"tiers", "vip,large,medium,small"}, {"tier_shares", "0.01,0.04,0.15,0.8"}}),
            "tiers", {"tier", "customers"}),
      (texts{"vip 1", "large 0", "medium 0", "small 2"}));
}

TEST(concentration, sums_that_do_not_fit_are_an_error_and_large_ones_are_exact) {
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  std::string text;
  EXPECT_EQ(code_of([&] { return tables_of(each_once({most, 1})); }, &text), status::overflow);
  EXPECT_EQ(text, "value.concentration: amount of all customers must fit 64 bits");
  const result made = tables_of(each_once({most - 3, 1, 1, 1}));
  EXPECT_EQ(cells(made, "summary", {"amount", "gini", "hhi"}), texts{std::to_string(most) + " 0.75 1"});
  EXPECT_EQ(cells(made, "customers", {"class"}), (texts{"A", "C", "C", "C"}));
  EXPECT_EQ(cells(tables_of(each_once({-most, -1}), {{"negative", "keep"}, {"until", "2023-01-01"}}),
                  "summary", {"state"}),
            texts{"no_customers"});
  EXPECT_EQ(code_of([&] {
              return tables_of(each_once({-most, -1, -1}), {{"negative", "keep"}});
            }),
            status::overflow);
}

TEST(concentration, the_worked_example_and_any_number_of_threads) {
  std::vector<order_row> rows;
  draws draw(3);
  for (int i = 0; i < 5000; ++i)
    rows.push_back({"c" + std::to_string(draw.below(700)),
                    "2024-0" + std::to_string(1 + draw.below(9)) + "-11",
                    static_cast<std::int64_t>(draw.below(3000)) - 300});
  const order_history store = test::shuffled(rows, 1);
  const result made = tables_of(store);
  for (std::uint64_t seed = 2; seed < 6; ++seed)
    EXPECT_EQ(tables_of(test::shuffled(rows, seed)).tables, made.tables);
  for (const int threads : {2, 7}) {
    run how;
    how.threads = threads;
    EXPECT_EQ(concentration_entry
                  .finish({.from = &store,
                           .options = {concentration_name, concentration_option_list, {}},
                           .slots = {},
                           .keys = {},
                           .how = how})
                  .tables,
              made.tables);
  }
  std::int64_t total = 0;
  for (const std::int64_t one : finished::table_of(made, "customers").at("amount").as<std::int64_t>())
    total += one;
  std::int64_t pushed = 0;
  for (const order_row& row : rows)
    pushed += *row.cents;
  EXPECT_EQ(total - whole(made, "summary", "unapplied_credit"), pushed) << "to the cent";
}

} // namespace
} // namespace emptor::value::concentration_test
