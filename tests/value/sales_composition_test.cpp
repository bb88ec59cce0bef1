// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/value/sales_composition_entry.hpp>
#include <emptor/value/summary.hpp>

#include "credit/finished.hpp"
#include "stats/orders.hpp"
#include "support/random.hpp"
#include "support/refusal.hpp"

namespace emptor::value::sales_composition_test {
namespace {

using options = std::vector<option>;
using texts = std::vector<std::string>;
using stats::order_history;
using test::code_of;
using test::draws;
using test::order_row;
using test::push;

/// An order line with all that the composition asks for.
struct sold {
  order_row row;
  std::string product{};
  std::string region{};
  std::optional<double> quantity{};
  std::optional<std::int64_t> margin{};
};

table table_of(const std::vector<sold>& rows) {
  std::vector<order_row> plain;
  text_buffer products;
  text_buffer regions;
  std::vector<double> quantities;
  std::vector<std::int64_t> margins;
  for (const sold& one : rows) {
    plain.push_back(one.row);
    products.push_back(one.product);
    regions.push_back(one.region);
    quantities.push_back(one.quantity.value_or(std::nan("")));
    margins.push_back(one.margin.value_or(no_amount));
  }
  table made = test::orders_of(plain);
  column product = column::texts("product", std::move(products));
  column region = column::texts("attributes:region", std::move(regions));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (rows[i].product.empty())
      product.set_missing(static_cast<std::int64_t>(i));
    if (rows[i].region.empty())
      region.set_missing(static_cast<std::int64_t>(i));
  }
  made.add(std::move(product));
  made.add(std::move(region));
  made.add(column::numbers("quantity", std::move(quantities)).or_none());
  made.add(column::amounts("margin", std::move(margins), 2).or_none());
  return made;
}
order_history history(const std::vector<sold>& rows, const options& with = {}) {
  order_history made(with);
  push(made, table_of(rows), true);
  return made;
}
result composed(const order_history& from, const options& with, const model* stock = nullptr,
                const std::optional<texts>& keys = {}) {
  return finished::of(sales_composition_entry, from, with, stock == nullptr ? "" : "stock", stock, keys);
}
texts cells(const result& of, std::string_view table, const texts& columns) {
  return finished::cells(of, table, columns);
}

/// A stock as `model create` makes it.
model stock_of(const std::vector<std::pair<std::string, std::int64_t>>& rows, const texts& days = {},
               const std::string& currency = "") {
  text_buffer groups;
  std::vector<std::int64_t> amounts;
  std::vector<std::int32_t> dates;
  for (std::size_t i = 0; i < rows.size(); ++i) {
    groups.push_back(rows[i].first);
    amounts.push_back(rows[i].second);
    dates.push_back(i < days.size() ? days_since_epoch(*parse_date(days[i])) : no_day);
  }
  model made;
  made.entry = std::string(sales_composition_name);
  if (!currency.empty())
    made.options.push_back({"currency", currency});
  table held("stock");
  held.add(column::texts("group", std::move(groups)));
  held.add(column::days("date", std::move(dates)).or_none());
  held.add(column::amounts("stock", std::move(amounts), 2));
  made.tables.push_back(std::move(held));
  return made;
}

const std::vector<sold> shop{
    {{"Ann", "2024-02-01", 20000, "D1", "", 0, "1"}, "tea", "north", 20.0, 6000},
    {{"Ann", "2024-02-01", 5000, "D1", "", 0, "2"}, "pot", "north", 1.0, 2500},
    {{"Ann", "2024-04-05", 30000, "D2", "", 0, "1"}, "tea", "north", 30.0, 9000},
    {{"Bob", "2024-05-05", 12000, "D3", "", 0, "1"}, "pot", "south", 2.0, 6000},
    {{"Ann", "2024-05-20", -2000, "D4", "D2", 0, "1"}, "tea", "north", -2.0, -600},
    {{"Bob", "2024-06-01", 7000, "D5", "", 0, "1"}, "pot", "south", 1.0, 3500},
    {{"Bob", "2024-06-02", 0, "D6", "D5", 0, "1"}, "", "", {}, {}},
};
const options quarter{{"since", "2024-04-01"}, {"until", "2024-06-30"}};
options with(options base, const options& more) {
  base.insert(base.end(), more.begin(), more.end());
  return base;
}

TEST(sales_composition, cross_ratio_is_margin_rate_times_turnover) {
  const order_history from = history(shop);
  const model stock = stock_of({{"tea", 8000}, {"tea", 12000}, {"pot", 6000}, {"cup", 900}},
                               {"2024-03-31", "2024-06-30", "2024-06-30", "2024-06-30"});
  const result made = composed(from, with(quarter, {{"by", "product"}}), &stock);
  const texts what{"group", "amount",   "margin",        "margin_rate",
                   "stock", "turnover", "turnover_days", "cross_ratio"};
  EXPECT_EQ(cells(made, "composition", what), (texts{"tea 28000 8400 0.3 100 2.8 32.5 0.84",
                                                     "pot 12000 6000 0.5 60 2 45.5 1", "cup 0 - - 9 0 - -"}))
      << "what is in stock and was not sold is there too";
  EXPECT_EQ(cells(made, "totals", {"amount", "margin_rate", "stock", "groups"}), texts{"40000 0.36 169 2"});
  const model some = stock_of({{"tea", 8000}}, {"2024-06-30"});
  EXPECT_EQ(cells(composed(from, with(quarter, {{"by", "product"}}), &some), "totals",
                  {"stock", "turnover", "cross_ratio"}),
            texts{"- - -"})
      << "sales of all over the stock of some";
  // Of cost: (280 - 84) / 100 and (120 - 60) / 60.
  EXPECT_EQ(cells(composed(from, with(quarter, {{"by", "product"}, {"turnover", "cost"}}), &stock),
                  "composition", {"group", "turnover", "cross_ratio"}),
            (texts{"tea 1.96 0.588", "pot 1 0.5", "cup 0 -"}));
  // Without a day the stock is that of each period; a stock of 0 turns nothing.
  const model always = stock_of({{"all", 0}});
  EXPECT_EQ(cells(composed(from, with(quarter, {{"by", "all"}}), &always), "composition", what),
            texts{"all 40000 14400 0.36 0 - - -"});

  const model euro = stock_of({{"tea", 1}}, {}, "EUR");
  std::string text;
  EXPECT_EQ(code_of([&] { return composed(from, quarter, &euro); }, &text), status::mismatch);
  EXPECT_EQ(text, "value.sales_composition: the stock is in EUR, but the orders are in no named currency");
}

TEST(sales_composition, change_against_an_earlier_period) {
  const order_history from = history(shop);
  const options against{{"by", "region"}, {"compare", "previous"}};
  const result made = composed(from, with(quarter, against));
  EXPECT_EQ(cells(made, "totals",
                  {"period", "from", "until", "days", "order_amount", "credit_notes", "amount", "growth"}),
            (texts{"current 2024-04-01 2024-06-30 91 42000 -2000 40000 0.6",
                   "before 2024-01-01 2024-03-31 91 25000 0 25000 -"}));
  EXPECT_EQ(
      cells(made, "changes",
            {"group", "state", "change", "growth", "share_change", "contribution", "margin_change",
             "margin_rate_change", "quantity_change"}),
      (texts{"north continued 3000 0.12 -0.3 0.12 -100 -0.04 7", "south added 12000 - 0.3 0.48 6000 - 2"}));
  const auto periods = [&](const options& more) {
    return cells(composed(from, more), "totals", {"from", "until"});
  };
  EXPECT_EQ(periods({{"since", "2024-02-01"}, {"until", "2024-02-29"}, {"compare", "year_ago"}}).at(1),
            "2023-02-01 2023-02-28");
  EXPECT_EQ(periods({{"since", "2025-02-01"}, {"until", "2025-02-28"}, {"compare", "year_ago"}}).at(1),
            "2024-02-01 2024-02-29")
      << "a whole month is held against a whole month";
  EXPECT_EQ(periods({{"since", "2024-03-01"}, {"until", "2024-03-10"}, {"compare", "previous"}}).at(1),
            "2024-02-20 2024-02-29");
  EXPECT_EQ(periods({}), texts{"2024-02-01 2024-06-02"}) << "all of the history";

  std::string text;
  const auto refused = [&](const options& more) {
    EXPECT_EQ(code_of([&] { return composed(from, more); }, &text), status::option) << text;
    return text;
  };
  EXPECT_EQ(refused({{"compare", "previous"}}),
            "value.sales_composition: option compare=previous needs option since");
  EXPECT_NE(refused({{"since", "2024-05-01"}, {"until", "2024-04-01"}}).find("option since is 2024-05-01"),
            std::string::npos);
  EXPECT_NE(refused({{"compare_since", "2024-01-01"}}).find("needed together"), std::string::npos);
  EXPECT_NE(refused(with(quarter, {{"compare_since", "2024-01-01"}, {"compare_until", "2024-04-01"}}))
                .find("compare_until is 2024-04-01, but must be before since, 2024-04-01"),
            std::string::npos);
  EXPECT_NE(refused(with(quarter, {{"compare_since", "2024-02-01"}, {"compare_until", "2024-01-01"}}))
                .find("compare_since"),
            std::string::npos);
  EXPECT_NE(refused(with(quarter, {{"compare", "previous"},
                                   {"compare_since", "2024-01-01"},
                                   {"compare_until", "2024-01-02"}}))
                .find("must be none"),
            std::string::npos);
  EXPECT_NE(refused({{"since", "0000-01-01"}, {"until", "0001-01-01"}, {"compare", "previous"}})
                .find("late enough"),
            std::string::npos);
  EXPECT_NE(refused({{"since", "2023-01-01"}, {"until", "2024-06-30"}, {"compare", "year_ago"}})
                .find("before since"),
            std::string::npos)
      << "periods that overlap";
}

TEST(sales_composition, groups_are_of_the_lines_or_else_of_the_customers) {
  std::vector<sold> rows = shop;
  for (sold& one : rows)
    one.region.clear();
  order_history from = history(rows);
  std::string text;
  EXPECT_EQ(code_of([&] { return composed(from, {{"by", "region"}}); }, &text), status::unknown_name);
  EXPECT_EQ(text, "value.sales_composition: there is no attribute region; there is customer, product, all");
  text_buffer who;
  text_buffer where;
  who.push_back("Ann");
  where.push_back("east");
  push(from, table("customers", {column::texts("customer", who), column::texts("attributes:region", where)}),
       true);
  EXPECT_EQ(cells(composed(from, {{"by", "region"}}), "composition", {"group", "amount", "buyers"}),
            (texts{"east 53000 1", "- 12000 1"}));
  EXPECT_EQ(code_of([&] { return composed(from, {{"by", "regino"}}); }, &text), status::unknown_name);
  EXPECT_NE(text.find("did you mean region?"), std::string::npos) << text;

  // Once a line says it, the lines are asked.
  push(from, table_of({{{"Cai", "2024-06-01", 100, "D9"}, "", "west", {}, {}}}), true);
  EXPECT_EQ(cells(composed(from, {{"by", "region"}}), "composition", {"group", "amount"}),
            (texts{"west 100", "- 65000"}));

  // What is known of a customer in two ways is refused.
  order_history torn = history(rows);
  for (const char* region : {"east", "west"}) {
    text_buffer one;
    text_buffer said;
    one.push_back("Ann");
    said.push_back(region);
    push(torn,
         table("customers", {column::texts("customer", one), column::texts("attributes:region", said)}));
  }
  EXPECT_EQ(code_of([&] { return composed(torn, {{"by", "region"}}); }, &text), status::conflict);
  EXPECT_NE(text.find("customer Ann"), std::string::npos);

  EXPECT_EQ(cells(composed(order_history(), {{"by", "region"}}), "totals",
                  {"amount", "orders_placed", "margin", "quantity"}),
            texts{"0 0 - -"});
}

TEST(sales_composition, what_is_not_known_is_none) {
  const order_history from = history({{{"a", "2024-01-01", 1000}, "x", "", 1.0, 400},
                                      {{"a", "2024-01-02", 500}, "x", "", {}, {}},
                                      {{"b", "2024-01-02", 700}, "y", "", {}, {}},
                                      {{"b", "2024-01-03", -900}, "z", "", {}, {}}});
  const result made = composed(from, {{"by", "product"}});
  EXPECT_EQ(cells(made, "composition",
                  {"group", "amount", "share", "margin", "margin_rate", "amount_without_margin", "quantity",
                   "orders_placed"}),
            (texts{"x 1500 1.1538461538461537 400 0.4 500 1 2", "y 700 0.5384615384615384 - - 700 - 1",
                   "z -900 -0.6923076923076923 - - -900 - 0"}));
  const order_history back = history({{{"a", "2024-01-01", 100}}, {{"b", "2024-01-02", -300}}});
  EXPECT_EQ(cells(composed(back, {}), "composition", {"group", "amount", "share"}),
            (texts{"a 100 -", "b -300 -"}));

  const order_history large = history({{{"a", "2024-01-01", 1}, "", "", 1e300, {}}});
  std::string text;
  EXPECT_EQ(code_of([&] { return composed(large, {}); }, &text), status::data);
  EXPECT_EQ(text, "value.sales_composition: a quantity of customer a is beyond 2^63");
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  EXPECT_EQ(code_of([&] {
              return composed(history({{{"a", "2024-01-01", most}}, {{"b", "2024-01-01", 1}}}), {});
            }),
            status::overflow);
}

TEST(sales_composition, fractions_of_quantities_add_up_in_any_order) {
  std::vector<sold> rows;
  for (int i = 0; i < 10; ++i)
    rows.push_back({{"a", "2024-01-01", 1}, "", "", 0.1, {}});
  rows.push_back({{"a", "2024-01-01", 1}, "", "", 1e15, {}});
  rows.push_back({{"a", "2024-01-01", 1}, "", "", -1e15, {}});
  rows.push_back({{"a", "2024-01-01", 1}, "", "", -0.25, {}});
  const auto sum = [](const std::vector<sold>& of) {
    return cells(composed(history(of), {{"by", "all"}}), "composition", {"quantity"});
  };
  EXPECT_EQ(sum(rows), texts{"0.75"});
  for (std::uint64_t seed = 0; seed < 20; ++seed) {
    draws(seed).shuffle(rows);
    EXPECT_EQ(sum(rows), texts{"0.75"});
  }
}

TEST(sales_composition, orders_are_counted_as_they_were_placed) {
  const order_history from = history({{{"a", "2024-01-01", 1000, "D1"}},
                                      {{"a", "2024-01-05", -1000, "D2", "D1"}},
                                      {{"b", "2024-01-02", 700, "D3"}},
                                      {{"c", "2024-01-02", 500, "D4"}},
                                      {{"c", "2024-01-03", 0, "D5", "D4"}}});
  EXPECT_EQ(cells(composed(from, {}), "composition", {"group", "amount", "orders_placed", "buyers"}),
            (texts{"b 700 1 1", "a 0 1 1"}))
      << "all of it came back, but it was placed; what is cancelled never was";
  EXPECT_EQ(cells(composed(from, {}), "totals", {"amount", "orders_placed", "buyers"}), texts{"700 2 2"});
}

TEST(sales_composition, a_line_of_a_far_year_is_told) {
  const std::vector<sold> rows{
      {{"a", "2024-01-01", 1000}}, {{"a", "2024-02-01", 1000}}, {{"b", "2204-01-02", 700}}};
  const result made = composed(history(rows), {});
  ASSERT_EQ(cells(made, "warnings", {"warning"}), texts{"far_until"});
  EXPECT_EQ(cells(made, "warnings", {"text"}).front().find("until is 2204-01-02, the day of the latest line"),
            0U);
  EXPECT_EQ(cells(composed(history(rows), {{"until", "2204-01-02"}}), "warnings", {"warning"}), texts{});
  EXPECT_EQ(cells(composed(history(shop), {}), "warnings", {"warning"}), texts{});
}

// --- against a slow reading of the rules ---------------------------------------------------------------------

std::vector<sold> stream(std::uint64_t seed) {
  draws draw(seed);
  std::vector<sold> rows;
  for (int i = 0; i < 200; ++i) {
    sold one{{"c" + std::to_string(draw.below(9)),
              "2024-0" + std::to_string(1 + draw.below(4)) + "-1" + std::to_string(draw.below(10)),
              static_cast<std::int64_t>(draw.below(100))}};
    if (draw.below(4) != 0)
      one.row.document = "D" + std::to_string(i);
    if (draw.below(4) == 0)
      one.row.cents = -*one.row.cents - 1;
    if (draw.below(8) == 0) {
      one.row.cents = draw.below(2) == 0 ? 0 : -5;
      one.row.cancels = "D" + std::to_string(draw.below(200));
    }
    if (draw.below(5) != 0)
      one.product = "p" + std::to_string(draw.below(4));
    if (draw.below(3) != 0)
      one.margin = static_cast<std::int64_t>(draw.below(60)) - 20;
    if (draw.below(3) != 0)
      one.quantity = static_cast<double>(draw.below(64)) / 8.0;
    rows.push_back(one);
  }
  return rows;
}

TEST(sales_composition, equals_a_slow_reading_of_the_rules_and_adds_up) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const std::vector<sold> rows = stream(seed);
    order_history from = history(rows);
    const std::string until = "2024-04-14";
    std::set<std::pair<std::string, std::string>> cancelled;
    for (const sold& one : rows) {
      if (!one.row.cancels.empty() && *one.row.cents == 0 && one.row.day <= until)
        cancelled.insert({one.row.customer, one.row.cancels});
    }
    for (const std::string by : {"product", "customer", "all"}) {
      for (const bool merge : {true, false}) {
        struct sums {
          std::int64_t amount = 0, margin = 0, lines = 0;
          double quantity = 0.0;
          std::set<std::string> orders, customers;
        };
        std::map<std::pair<std::string, std::string>, sums> slow; // by period and group
        std::map<std::string, sums> whole;
        int number = 0;
        for (const sold& one : rows) {
          ++number;
          if (one.row.day > until || (!one.row.cancels.empty() && *one.row.cents == 0))
            continue;
          if (!one.row.document.empty() && cancelled.count({one.row.customer, one.row.document}) > 0)
            continue;
          const std::string period = one.row.day >= "2024-03-01" ? "current" : "before";
          const std::string group = by == "all"           ? "all"
                                    : by == "customer"    ? one.row.customer
                                    : one.product.empty() ? "-"
                                                          : one.product;
          const std::string order = merge                      ? one.row.customer + one.row.day
                                    : one.row.document.empty() ? "row " + std::to_string(number)
                                                               : one.row.document + one.row.day;
          for (sums* of : {&slow[{period, group}], &whole[period]}) {
            of->amount += *one.row.cents;
            of->margin += one.margin.value_or(0);
            of->quantity += one.quantity.value_or(0.0);
            ++of->lines;
            if (*one.row.cents >= 0) {
              of->orders.insert(order);
              of->customers.insert(one.row.customer);
            }
          }
        }
        const options asked{{"by", by},
                            {"since", "2024-03-01"},
                            {"until", until},
                            {"compare_since", "2024-01-01"},
                            {"compare_until", "2024-02-29"},
                            {"same_day", merge ? "merge" : "keep"}};
        const result made = composed(from, asked);
        const table& composition = finished::table_of(made, "composition");
        std::map<std::string, std::int64_t> amounts;
        std::map<std::string, double> shares;
        for (std::int64_t i = 0; i < composition.rows(); ++i) {
          const auto at = static_cast<std::size_t>(i);
          const std::string period = finished::shown(composition.at("period"), i);
          const sums& of = slow[{period, finished::shown(composition.at("group"), i)}];
          EXPECT_EQ(composition.at("amount").as<std::int64_t>()[at], of.amount);
          if (composition.at("margin").is_valid(i)) {
            EXPECT_EQ(composition.at("margin").as<std::int64_t>()[at], of.margin);
          }
          if (composition.at("quantity").is_valid(i)) {
            EXPECT_EQ(composition.at("quantity").as<double>()[at], of.quantity);
          }
          EXPECT_EQ(composition.at("lines").as<std::int64_t>()[at], of.lines);
          EXPECT_EQ(composition.at("orders_placed").as<std::int64_t>()[at],
                    static_cast<std::int64_t>(of.orders.size()));
          EXPECT_EQ(composition.at("buyers").as<std::int64_t>()[at],
                    static_cast<std::int64_t>(of.customers.size()));
          amounts[period] += of.amount;
          if (composition.at("share").is_valid(i))
            shares[period] += composition.at("share").as<double>()[at];
        }
        const table& totals = finished::table_of(made, "totals");
        ASSERT_EQ(totals.rows(), 2);
        for (std::int64_t i = 0; i < 2; ++i) {
          const auto at = static_cast<std::size_t>(i);
          const std::string period = finished::shown(totals.at("period"), i);
          EXPECT_EQ(totals.at("amount").as<std::int64_t>()[at], amounts[period]);
          EXPECT_EQ(totals.at("amount").as<std::int64_t>()[at], whole[period].amount);
          EXPECT_EQ(totals.at("orders_placed").as<std::int64_t>()[at],
                    static_cast<std::int64_t>(whole[period].orders.size()));
          EXPECT_EQ(totals.at("buyers").as<std::int64_t>()[at],
                    static_cast<std::int64_t>(whole[period].customers.size()));
          if (whole[period].amount > 0) {
            EXPECT_NEAR(shares[period], 1.0, 1e-12);
          }
        }
        // The whole is that of value.summary, and contributions add up to the growth.
        summary_options summary;
        summary.until = parse_date(until);
        const summaries all = summarise(from, summary);
        EXPECT_TRUE(all.of(total::orders).amount + all.of(total::credit_notes).amount ==
                    whole["current"].amount + whole["before"].amount);
        double contributions = 0.0;
        const table& changes = finished::table_of(made, "changes");
        for (std::int64_t i = 0; i < changes.rows(); ++i)
          contributions += changes.at("contribution").is_valid(i)
                               ? changes.at("contribution").as<double>()[static_cast<std::size_t>(i)]
                               : 0.0;
        if (whole["before"].amount > 0) {
          EXPECT_NEAR(contributions, totals.at("growth").as<double>()[0], 1e-12);
        }
        // Any order of the rows.
        std::vector<sold> mixed = rows;
        draws(seed + 99).shuffle(mixed);
        EXPECT_EQ(composed(history(mixed), asked).tables, made.tables);
      }
    }
  }
}

TEST(sales_composition, cdnow_by_customer_is_the_revenue_to_the_cent) {
  const auto rows = test::cdnow_orders("cdnow.csv");
  if (!rows)
    GTEST_SKIP() << "no cdnow.csv in EMPTOR_DATA_DIR";
  order_history from;
  push(from, *rows, true);
  const result made = composed(from, {{"since", "1998-01-01"},
                                      {"until", "1998-06-30"},
                                      {"compare_since", "1997-01-01"},
                                      {"compare_until", "1997-12-31"}});
  EXPECT_EQ(finished::sums(made, "totals", {}, "amount")[""], 250031563);
  EXPECT_EQ(finished::sums(made, "composition", {}, "amount")[""], 250031563);
  EXPECT_EQ(cells(composed(from, {}), "totals", {"amount", "orders_placed", "buyers", "lines"}),
            texts{"250031563 67591 23570 69659"});
}

} // namespace
} // namespace emptor::value::sales_composition_test
