// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/value/customer_equity_entry.hpp>
#include <emptor/value/markov_chain_entry.hpp>

#include "credit/finished.hpp"
#include "stats/orders.hpp"
#include "support/random.hpp"
#include "support/refusal.hpp"

namespace emptor::value::customer_equity_test {
namespace {

using options = std::vector<option>;
using texts = std::vector<std::string>;
using test::order_row;
using test::variates;

/// Orders over four years, with credit notes.
std::vector<order_row> random_orders(variates& draw, int customers) {
  std::vector<order_row> rows;
  for (int c = 0; c < customers; ++c) {
    const double busy = draw.uniform() * 120.0 + 5.0;
    double day = draw.uniform() * 1400.0;
    while (day < 1461.0) {
      const auto cents = static_cast<std::int64_t>(draw.uniform() * 10000.0);
      rows.push_back({"c" + std::to_string(c), to_string(date_from_days(18262 + static_cast<int>(day))),
                      draw.uniform() < 0.1 ? -cents : cents});
      day += 1.0 - std::log(draw.uniform()) * busy;
    }
  }
  return rows;
}
table regions(int customers) {
  text_buffer names;
  text_buffer region;
  column of_region;
  for (int c = 0; c < customers; ++c) {
    names.push_back("c" + std::to_string(c));
    region.push_back(c % 4 == 0 ? "" : c % 4 == 1 ? "north" : "south");
  }
  return {
      "customers",
      {column::texts("customer", std::move(names)), column::texts("attributes:region", std::move(region))}};
}
std::shared_ptr<const model> chain_of(const stats::order_history& from, options more = {}) {
  more.insert(more.end(),
              {{"until", "2023-12-31"}, {"prior", "0.5"}, {"margin", "0.35"}, {"contact_cost", "0.2"}});
  return finished::of(markov_chain_entry, from, more).fitted;
}
result equity_of(const stats::order_history& from, const model& chain, options more = {},
                 const std::optional<texts>& keys = {}) {
  more.insert(more.end(), {{"until", "2023-12-31"}, {"margin", "0.35"}});
  return finished::of(customer_equity_entry, from, more, "chain", &chain, keys);
}
std::vector<std::int64_t> numbers(const result& made, const char* table, const char* name) {
  return finished::table_of(made, table).at(name).as<std::int64_t>();
}
std::int64_t sum(const std::vector<std::int64_t>& of) {
  std::int64_t all = 0;
  for (const std::int64_t one : of)
    all += one;
  return all;
}

TEST(customer_equity, customers_cohorts_segments_and_total_are_the_same_money) {
  variates draw(41);
  for (const char* cohort : {"month", "quarter", "year", "90"}) {
    stats::order_history store;
    test::push(store, random_orders(draw, 80), true);
    test::push(store, regions(80), true);
    const auto chain = chain_of(store, {{"frequency_from", "1,3"}, {"max_recency", "9"}});
    const result made = equity_of(store, *chain, {{"segment", "region"}, {"period", cohort}});
    for (const char* name : {"amount", "margin", "future_value", "equity"}) {
      const std::int64_t whole = numbers(made, "total", name)[0];
      for (const char* table : {"customers", "cohorts", "segments"})
        EXPECT_EQ(sum(numbers(made, table, name)), whole) << table << "." << name;
      EXPECT_EQ(finished::sums(made, "customers", {"cohort", "segment"}, name),
                finished::sums(made, "cohorts", {"cohort", "segment"}, name));
      EXPECT_EQ(finished::sums(made, "cohorts", {"segment"}, name),
                finished::sums(made, "segments", {"segment"}, name));
    }
    EXPECT_EQ(finished::cells(made, "segments", {"segment"}), (texts{"north", "south", "-"}));
    EXPECT_EQ(sum(numbers(made, "cohorts", "customers")), finished::table_of(made, "customers").rows());
    // What they have brought is what the summary says.
    summary_options asked;
    asked.until = parse_date("2023-12-31");
    const summaries held = summarise(store, asked);
    EXPECT_TRUE(held.of(total::summary).amount == numbers(made, "total", "amount")[0]);
    EXPECT_EQ(numbers(made, "customers", "amount"), held.total_amount);
  }
}

TEST(customer_equity, what_a_customer_will_bring_is_the_score_of_his_state) {
  variates draw(42);
  stats::order_history store;
  test::push(store, random_orders(draw, 60), true);
  for (const char* period : {"month", "quarter", "45"}) {
    const auto chain_model = chain_of(store, {{"period", period},
                                              {"frequency_from", "1,4"},
                                              {"monetary_from", "0,50.5,300"},
                                              {"max_recency", "6"}});
    const markov_chain chain = read_markov_chain(*chain_model);
    const double rate = rate_of_period(0.1, periods_of(*chain_model).in_a_year());
    const chain_value value = value_chain(chain, rate);
    const result made = equity_of(store, *chain_model);
    const table& customers = finished::table_of(made, "customers");
    // At the end of the last period the chain counted customers state by state: there they are.
    std::map<std::string, std::int64_t> in_state;
    for (std::int64_t row = 0; row < customers.rows(); ++row) {
      const std::string state(customers.at("state").text()[row]);
      ++in_state[state];
      for (std::size_t i = 0; i < chain.states.size(); ++i) {
        if (chain.states[i].name != state)
          continue;
        EXPECT_NEAR(static_cast<double>(
                        customers.at("future_value").as<std::int64_t>()[static_cast<std::size_t>(row)]),
                    100.0 * (value.optimal[i] - chain.states[i].reward), 0.5 + 1e-6);
      }
    }
    const result fit = finished::of(markov_chain_entry, store,
                                    {{"until", "2023-12-31"},
                                     {"prior", "0.5"},
                                     {"period", period},
                                     {"frequency_from", "1,4"},
                                     {"monetary_from", "0,50.5,300"},
                                     {"max_recency", "6"},
                                     {"lost", "open"}});
    std::int64_t compared = 0;
    for (const std::string& line : finished::cells(fit, "values", {"customers", "state"})) {
      const std::string state = line.substr(line.find(' ') + 1);
      EXPECT_EQ(std::stoll(line), in_state[state]) << period << " " << state;
      compared += std::stoll(line);
    }
    EXPECT_EQ(compared, customers.rows());
  }
}

TEST(customer_equity, order_split_threads_and_keys_change_nothing_else) {
  variates draw(43);
  const std::vector<order_row> rows = random_orders(draw, 50);
  stats::order_history store;
  test::push(store, rows, true);
  test::push(store, regions(50), true);
  const auto chain = chain_of(store);
  const options given{{"until", "2023-12-31"}, {"segment", "region"}, {"new_customers", "2.5"}};
  const result one = finished::of(customer_equity_entry, store, given, "chain", chain.get());
  for (std::uint64_t seed = 1; seed < 5; ++seed) {
    stats::order_history other = test::shuffled(rows, seed);
    test::push(other, regions(50), true);
    run how;
    how.threads = static_cast<int>(seed);
    EXPECT_EQ(customer_equity_entry
                  .finish({.from = &other,
                           .options = {customer_equity_name, equity_option_list, given},
                           .slots = {{"chain", chain.get()}},
                           .keys = {},
                           .how = how})
                  .tables,
              one.tables);
  }
  texts half;
  texts rest;
  for (int c = 0; c < 50; ++c)
    (c % 3 == 0 ? half : rest).push_back("c" + std::to_string(c));
  const result left = equity_of(store, *chain, {{"segment", "region"}}, half);
  const result right = equity_of(store, *chain, {{"segment", "region"}}, rest);
  const result all = equity_of(store, *chain, {{"segment", "region"}});
  for (const char* name : {"customers", "active", "amount", "margin", "future_value", "equity"})
    EXPECT_EQ(numbers(left, "total", name)[0] + numbers(right, "total", name)[0],
              numbers(all, "total", name)[0]);
}

model two_states(const std::string& currency = {}) {
  model made;
  made.entry = std::string(markov_chain_name);
  options given{{"period", "year"}, {"discount_rate", "0.25"}};
  if (!currency.empty())
    given.push_back({"currency", currency});
  made.options = option_values(markov_chain_name, chain_model_options, given).all();
  const auto names = [](std::initializer_list<const char*> list) {
    text_buffer made_texts;
    for (const char* one : list)
      made_texts.push_back(one);
    return made_texts;
  };
  made.tables.push_back({"states",
                         {column::texts("state", names({"bought", "lost"})),
                          column::numbers("reward", {30.0, 0.0}), column::integers("recency", {1, 2})}});
  made.tables.push_back({"transitions",
                         {column::texts("from", names({"bought", "bought", "lost"})),
                          column::texts("to", names({"bought", "lost", "lost"})),
                          column::numbers("probability", {0.5, 0.5, 1.0})}});
  return made;
}

TEST(customer_equity, a_plan_is_worth_what_its_customers_are) {
  // V = 30 / (1 - 0.5 / 1.25) = 50; each costs 20; at 25 % a year for ever 1 a year is worth 4.
  const model chain = two_states();
  stats::order_history store;
  test::push(store, {{"A", "2023-06-01", 10000}, {"B", "2021-06-01", 5000}}, true);
  const auto worth = [&](options more) {
    more.insert(more.end(), {{"new_customers", "3"}, {"acquisition_cost", "20"}});
    return finished::cells(
        equity_of(store, chain, more), "total",
        {"margin", "future_value", "equity", "new_customer_value", "acquisition_value", "dynamic_equity"});
  };
  EXPECT_EQ(worth({}), texts{"5250 2000 7250 5000 36000 43250"});
  EXPECT_EQ(worth({{"acquisition_periods", "1"}}), texts{"5250 2000 7250 5000 7200 14450"});
  EXPECT_EQ(worth({{"acquisition_periods", "0"}}), texts{"5250 2000 7250 5000 0 7250"});
  // At rate 0: V = 60, so 40 each.
  EXPECT_EQ(worth({{"discount_rate", "0"}, {"acquisition_periods", "5"}}),
            texts{"5250 3000 8250 6000 60000 68250"});
  EXPECT_EQ(test::code_of([&] { return worth({{"discount_rate", "0"}}); }), status::option);
  // A year to go: 30 + 15 / 1.25 = 42, of which 12 are to come. Who is won in a year has a year to go, too.
  EXPECT_EQ(worth({{"horizon_periods", "1"}, {"acquisition_periods", "1"}}),
            texts{"5250 1200 6450 4200 5280 11730"});
}

TEST(customer_equity, the_running_period_counts_as_over) {
  stats::order_history store;
  test::push(store, {{"A", "2023-06-01", 10000}, {"B", "2022-12-31", 5000}}, true);
  const auto states = [&](const char* until) {
    return finished::cells(finished::of(customer_equity_entry, store, {{"until", until}}, "chain",
                                        std::make_unique<model>(two_states()).get()),
                           "customers", {"customer", "state", "future_value"});
  };
  EXPECT_EQ(states("2022-12-31"), texts{"B bought 2000"});
  EXPECT_EQ(states("2023-01-01"), texts{"B lost 0"});
  EXPECT_EQ(states("2023-12-31"), (texts{"A bought 2000", "B lost 0"}));
}

TEST(customer_equity, who_has_no_state_is_counted_and_worth_nothing_more) {
  model chain = two_states();
  chain.tables[0] = {"states",
                     {chain.tables[0].columns()[0], chain.tables[0].columns()[1],
                      column::integers("recency", {1, 2}), column::integers("frequency", {2, 1})}};
  stats::order_history store;
  test::push(store, {{"A", "2023-06-01", 10000}, {"B", "2023-02-01", 100}, {"B", "2023-03-01", 100}}, true);
  const result made = equity_of(store, chain);
  EXPECT_EQ(finished::cells(made, "customers", {"customer", "state", "future_value"}),
            (texts{"A - 0", "B bought 2000"}));
  EXPECT_EQ(finished::cells(made, "total", {"customers", "active", "unvalued", "new_customer_value"}),
            texts{"2 1 1 0"});
  EXPECT_EQ(test::code_of([&] {
              return equity_of(store, chain, {{"new_customers", "1"}});
            }),
            status::too_few);
}

TEST(customer_equity, credit_that_found_no_order_is_told) {
  stats::order_history store;
  test::push(store,
             {{"A", "2023-06-01", 500},
              {"A", "2023-06-02", -800},
              {"B", "2023-02-01", -100},
              {"C", "2023-02-01", 250}},
             true);
  EXPECT_EQ(
      finished::cells(equity_of(store, two_states()), "total", {"customers", "amount", "unapplied_credit"}),
      texts{"1 250 400"});
}

TEST(customer_equity, what_does_not_belong_together_is_refused) {
  stats::order_history store;
  test::push(store, {{.customer = "A", .day = "2023-06-01", .cents = 10000, .currency = "EUR"}}, true);
  std::string text;
  EXPECT_EQ(test::code_of([&] { return equity_of(store, two_states("USD")); }, &text), status::currency);
  EXPECT_EQ(text, "value.customer_equity: the chain is in USD, but the orders are in EUR");
  EXPECT_EQ(test::code_of([&] { return equity_of(store, two_states("EUR")); }), status::ok);
  EXPECT_EQ(test::code_of(
                [&] {
                  return equity_of(store, two_states(), {{"segment", "region"}});
                },
                &text),
            status::unknown_name);
  test::push(store, regions(3), true);
  EXPECT_EQ(test::code_of(
                [&] {
                  return equity_of(store, two_states(), {{"segment", "regio"}});
                },
                &text),
            status::unknown_name);
  EXPECT_EQ(text, "value.customer_equity: there is no attribute of customers regio; did you mean region?");
  EXPECT_EQ(
      finished::cells(equity_of(store, two_states(), {{"segment", "region"}}), "customers", {"segment"}),
      texts{"-"});
  // What is known about a customer came twice under one revision.
  table other = regions(2);
  text_buffer elsewhere;
  elsewhere.push_back("east");
  elsewhere.push_back("north");
  test::push(store,
             {"customers", {other.columns()[0], column::texts("attributes:region", std::move(elsewhere))}});
  EXPECT_EQ(test::code_of(
                [&] {
                  return equity_of(store, two_states(), {{"segment", "region"}});
                },
                &text),
            status::conflict);
  EXPECT_EQ(text, "value.customer_equity: what is known about customer c0 came with different contents under "
                  "one revision; "
                  "push a higher revision");
  EXPECT_EQ(test::code_of([&] { return equity_of(store, two_states()); }), status::ok);
  // Nobody.
  const result nothing = equity_of(stats::order_history{}, two_states());
  EXPECT_EQ(finished::cells(nothing, "total", {"customers", "equity", "mean_equity"}), texts{"0 0 -"});
  EXPECT_EQ(finished::table_of(nothing, "cohorts").rows(), 0);
}

} // namespace
} // namespace emptor::value::customer_equity_test
