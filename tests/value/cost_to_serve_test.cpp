// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <limits>
#include <map>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_int.hpp>

#include <emptor/value/cost_to_serve_entry.hpp>

#include "../src/examples.hpp"
#include "credit/finished.hpp"
#include "support/random.hpp"
#include "support/refusal.hpp"

namespace emptor::test::cost_to_serve_test {
namespace {

using namespace emptor::value;
using boost::multiprecision::cpp_int;
using boost::multiprecision::cpp_rational;
using texts = std::vector<std::string>;

stats::rows new_store() {
  const std::vector<option> options{{"entry", std::string(cost_to_serve_name)}};
  return {option_values("rows", stats::rows_options, options), cost_to_serve_inputs};
}
const table_description& described(std::string_view name) {
  return *std::find_if(std::begin(cost_to_serve_inputs), std::end(cost_to_serve_inputs),
                       [&](const table_description& one) { return one.name == name; });
}
push_report push(stats::rows& into, std::string_view name, const std::string& csv, bool strict = true) {
  return push_table(into, table_of(name, described(name).columns, csv), strict);
}
stats::rows store_with(const std::string& pools, const std::string& drivers, const std::string& orders = "",
                       const std::string& assets = "") {
  stats::rows made = new_store();
  push(made, "pools", "pool,stage,cost,driver,capacity\n" + pools);
  push(made, "drivers", "customer,driver,quantity\n" + drivers);
  push(made, "orders", "customer,revenue,discounts,direct_cost\n" + orders);
  push(made, "assets", "customer,asset,amount\n" + assets);
  return made;
}
result finished_of(const stats::rows& from) {
  return finished::of(cost_to_serve_entry, from, {});
}

// --- figures ------------------------------------------------------------------------------------------------------------

TEST(cost_to_serve, the_example_of_time_driven_costing_leaves_the_capacity_that_nobody_used) {
  const result made = finished_of(store_with("service,after_sale,560000,minutes,700000\n",
                                             "orders,minutes,392000\ncomplaints,minutes,61600\n"
                                             "credit checks,minutes,125000\n"));
  EXPECT_EQ(finished::cells(made, "allocations", {"customer", "quantity", "cost"}),
            (texts{"complaints 61600 4928000", "credit checks 125000 10000000", "orders 392000 31360000"}));
  EXPECT_EQ(
      finished::cells(made, "pools", {"state", "rate", "quantity", "allocated", "unused", "utilisation"}),
      texts{"unused_capacity 0.8 578600 46288000 9712000 0.8265714285714286"});
  // By what was done alone, as before there were capacities, a minute would cost 0.9678.
  const result old = finished_of(store_with("service,after_sale,560000,minutes,\n",
                                            "orders,minutes,392000\ncomplaints,minutes,61600\n"
                                            "credit checks,minutes,125000\n"));
  EXPECT_NEAR(finished::table_of(old, "pools").at("rate").as<double>()[0], 0.967853, 1e-6);
  EXPECT_EQ(finished::cells(old, "pools", {"state", "allocated", "unused"}), texts{"allocated 56000000 0"});
}

TEST(cost_to_serve, all_of_a_customer_adds_up) {
  const result made =
      finished_of(store_with("visits,pre_sale,300,,\nset-ups,manufacturing,200,,\nparcels,logistics,100,,"
                             "\nrepairs,after_sale,50,,\n",
                             "A,visits,1\nA,set-ups,3\nB,visits,2\nB,set-ups,1\nB,parcels,4\nA,repairs,1\n",
                             "A,1000,50,600\nA,-100,,-60\nB,500,0,400\n",
                             "A,receivables,200\nA,equipment,300.5\nB,receivables,-10\n"));
  EXPECT_EQ(finished::cells(made, "customers",
                            {"customer", "revenue", "discounts", "net_revenue", "direct_cost", "gross_margin",
                             "pre_sale", "manufacturing", "logistics", "after_sale", "cost_to_serve",
                             "profit", "rank", "assets"}),
            (texts{"A 90000 5000 85000 54000 31000 10000 15000 0 5000 30000 1000 1 50050",
                   "B 50000 0 50000 40000 10000 20000 5000 10000 0 35000 -25000 2 -1000"}));
  EXPECT_EQ(finished::cells(made, "customers",
                            {"profit_rate", "gross_margin_rate", "cost_to_serve_rate",
                             "cost_contribution_rate", "margin_per_cost_to_serve", "return_on_assets"}),
            (texts{to_text(10.0 / 850) + " " + to_text(310.0 / 850) + " " + to_text(300.0 / 850) + " " +
                       to_text(10.0 / 840) + " " + to_text(310.0 / 300) + " " + to_text(10.0 / 500.5),
                   "-0.5 0.2 0.7 " + to_text(-250.0 / 750) + " " + to_text(100.0 / 350) + " -"}));
  EXPECT_EQ(finished::cells(made, "totals",
                            {"customers", "cost_to_serve", "pool_cost", "profit", "profitable_customers",
                             "unprofitable_customers", "peak_profit", "peak_share_of_total",
                             "destroyed_profit", "destroyed_share_of_peak", "assets"}),
            texts{"2 65000 65000 -24000 1 1 1000 - 25000 25 49050"});
  // The total is not above 0: no share of it, but still of the peak.
  EXPECT_EQ(finished::cells(made, "whale_curve",
                            {"rank", "customer", "profit", "customers_share", "cumulative_profit",
                             "share_of_total", "share_of_peak"}),
            (texts{"1 A 1000 0.5 1000 - 1", "2 B -25000 1 -24000 - -24"}));
  EXPECT_EQ(finished::table_of(made, "warnings").rows(), 0);
}

// --- rules --------------------------------------------------------------------------------------------------------------

TEST(cost_to_serve, a_pool_that_nobody_used_is_told_and_not_lost) {
  const result made =
      finished_of(store_with("fairs,pre_sale,70,fairs,\nempty,pre_sale,0,nothing,\nhall,logistics,30,hall,5\n"
                             "repairs,after_sale,10.01,repairs,2\n",
                             "A,repairs,3\nB,fairs,0\nC,guesses,1\n", "A,100,,\n"));
  EXPECT_EQ(finished::cells(made, "pools",
                            {"pool", "state", "rate", "customers", "allocated", "unused", "unallocated"}),
            (texts{"empty allocated - 0 0 0 0", "fairs unallocated - 0 0 0 7000",
                   "hall unused_capacity 6 0 0 3000 0",
                   "repairs over_capacity " + to_text(10.01 / 3) + " 1 1001 0 0"}));
  EXPECT_EQ(finished::cells(
                made, "totals",
                {"pool_cost", "cost_to_serve", "unused", "unallocated", "profit", "profit_after_all_costs"}),
            texts{"11001 1001 3000 7000 8999 -1001"});
  EXPECT_EQ(finished::cells(made, "warnings", {"warning", "name", "amount"}),
            (texts{"driver_without_pool guesses -", "pool_without_driver fairs 7000",
                   "pool_over_capacity repairs 1001"}));
  EXPECT_EQ(finished::cells(made, "customers", {"customer", "profit", "rank"}),
            (texts{"A 8999 1", "B 0 2", "C 0 3"}));
}

TEST(cost_to_serve, one_customer_and_none) {
  const result none = finished_of(store_with("calls,pre_sale,5,,\n", ""));
  EXPECT_EQ(finished::cells(none, "totals",
                            {"customers", "profit", "profit_after_all_costs", "peak_customers_share",
                             "destroyed_share_of_peak", "profit_rate", "assets"}),
            texts{"0 0 -500 - - - -"});
  EXPECT_EQ(finished::table_of(none, "customers").rows(), 0);
  const result one = finished_of(store_with("calls,pre_sale,5,,\n", "A,calls,0.000001\n", "A,4.99,,\n"));
  EXPECT_EQ(finished::cells(one, "customers", {"pre_sale", "profit", "rank"}), texts{"500 -1 1"});
  EXPECT_EQ(finished::cells(one, "whale_curve", {"share_of_total", "share_of_peak"}), texts{"- -"});
  EXPECT_EQ(finished_of(new_store()).tables.size(), std::size(cost_to_serve_outputs));
}

TEST(cost_to_serve, equal_customers_rank_by_their_names_and_share_the_odd_cents) {
  const result made =
      finished_of(store_with("calls,pre_sale,0.05,,\n", "D,calls,2\nB,calls,2\nA,calls,2\nC,calls,2\n",
                             "A,1,,\nB,1,,\nC,1,,\nD,1.01,,\n"));
  // 5 cents among four: one each, and the odd one to the last in byte order. All have 99 cents then.
  EXPECT_EQ(finished::cells(made, "customers", {"customer", "pre_sale", "profit", "rank"}),
            (texts{"A 1 99 1", "B 1 99 2", "C 1 99 3", "D 2 99 4"}));
  EXPECT_EQ(finished::cells(made, "whale_curve", {"cumulative_profit", "share_of_peak"}),
            (texts{"99 0.25", "198 0.5", "297 0.75", "396 1"}));
}

TEST(cost_to_serve, nobody_used_a_capacity_gets_the_odd_cent_last) {
  const result made = finished_of(store_with("calls,pre_sale,0.01,,2\n", "A,calls,1\n"));
  EXPECT_EQ(finished::cells(made, "pools", {"allocated", "unused"}), texts{"1 0"});
}

TEST(cost_to_serve, customers_who_are_served_and_buy_nothing_are_named) {
  const result made = finished_of(store_with("calls,pre_sale,9,,\n", "A,calls,1\nB,calls,2\n", "A,10,,\n"));
  EXPECT_EQ(finished::cells(made, "warnings", {"warning", "name", "amount"}),
            texts{"customer_without_orders B 600"});
  EXPECT_EQ(finished::cells(made, "customers", {"profit_rate", "profit"}), (texts{"0.7 700", "- -600"}));
}

TEST(cost_to_serve, costs_and_capacities_of_a_pool_add_up_over_the_months) {
  const result made = finished_of(store_with("calls,pre_sale,9,hours,10\ncalls,pre_sale,1,hours,\n"
                                             "calls,pre_sale,10,hours,10\n",
                                             "A,hours,1\nA,hours,4\n"));
  EXPECT_EQ(finished::cells(made, "pools", {"cost", "capacity", "quantity", "allocated", "unused"}),
            texts{"2000 20 5 500 1500"});
  std::string what;
  EXPECT_EQ(
      code_of(
          [] { return finished_of(store_with("calls,pre_sale,9,hours,\ncalls,logistics,1,hours,\n", "")); },
          &what),
      status::data);
  EXPECT_EQ(what, "value.cost_to_serve: pool calls is there with two stages or two drivers");
  EXPECT_EQ(code_of([] { return finished_of(store_with("p,pre_sale,9,a,\np,pre_sale,1,b,\n", "")); }),
            status::data);
}

TEST(cost_to_serve, a_driver_may_serve_several_pools) {
  const result made = finished_of(
      store_with("entry,pre_sale,30,orders,\nbilling,after_sale,60,orders,\n", "A,orders,1\nB,orders,2\n"));
  EXPECT_EQ(finished::cells(made, "allocations", {"customer", "pool", "stage", "cost"}),
            (texts{"A billing after_sale 2000", "A entry pre_sale 1000", "B billing after_sale 4000",
                   "B entry pre_sale 2000"}));
}

TEST(cost_to_serve, rows_that_make_no_sense_are_refused) {
  stats::rows made = new_store();
  const auto refused = [&](const char* name, const std::string& csv) {
    std::string what;
    EXPECT_EQ(code_of([&] { return push(made, name, csv); }, &what), status::data) << csv;
    return what;
  };
  EXPECT_EQ(refused("drivers", "customer,driver,quantity\nA,calls,-1\n"),
            "value.cost_to_serve: quantity[0] is -1, but must be in [0, 1e+12]");
  refused("drivers", "customer,driver,quantity\nA,calls,\n");
  refused("drivers", "customer,driver,quantity\n,calls,1\n");
  refused("pools", "pool,stage,cost\np,pre_sale,-1\n");
  refused("pools", "pool,stage,cost\np,presale,1\n");
  refused("pools", "pool,stage,cost,capacity\np,pre_sale,1,0\n");
  refused("orders", "customer,revenue\nA,1.001\n");
  EXPECT_EQ(
      code_of([&] { return push(made, "pools", "pool,stage,cost\np,pre_sale,1\nq,pre_sale,-1\n", false); }),
      status::data)
      << "a pool that is refused alone would be lost";
  EXPECT_EQ(made.size("pools"), 0);
}

TEST(cost_to_serve, money_beyond_64_bits_is_refused_by_name) {
  const auto with = [](const cost_to_serve_lines& lines) {
    std::string what;
    EXPECT_EQ(code_of([&] { return serve_customers(lines); }, &what), status::overflow);
    return what;
  };
  constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();
  cost_to_serve_lines lines;
  lines.sales = {{"A", most, 0, 0}, {"A", 1, 0, 0}};
  EXPECT_EQ(with(lines), "value.cost_to_serve: revenue of A must fit 64 bits");
  lines.sales = {{"A", most, 0, 0}, {"B", 1, 0, 0}};
  EXPECT_EQ(with(lines), "value.cost_to_serve: revenue of all customers must fit 64 bits");
  lines.sales = {{"A", most, -1, 0}};
  EXPECT_EQ(with(lines), "value.cost_to_serve: net revenue of A must fit 64 bits");
  lines.sales = {};
  lines.pools = {{"p", cost_stage::pre_sale, most, "d", 0}, {"p", cost_stage::pre_sale, 1, "d", 0}};
  EXPECT_EQ(with(lines), "value.cost_to_serve: cost of p must fit 64 bits");
  lines.pools = {{"p", cost_stage::pre_sale, 5, "d", 0}};
  lines.uses = {{"A", "d", most / 2 + 1}};
  EXPECT_EQ(with(lines), "value.cost_to_serve: the driver quantity of p is beyond 4.6e12 units");
  // Up to there all is exact.
  lines.pools = {{"p", cost_stage::logistics, most, "d", 0}};
  lines.uses = {{"A", "d", most / 4}, {"B", "d", most / 4 - 1}};
  const cost_to_serve_report report = serve_customers(lines);
  EXPECT_EQ(report.customers[0].cost_to_serve() + report.customers[1].cost_to_serve(), most);
  EXPECT_EQ(report.total.profit(), -most);
}

TEST(cost_to_serve, can_be_cancelled) {
  const std::atomic<int> cancel{1};
  run how;
  how.cancel = &cancel;
  cost_to_serve_lines lines;
  lines.pools = {{"p", cost_stage::pre_sale, 5, "d", 0}};
  EXPECT_EQ(code_of([&] { return serve_customers(lines, how); }), status::cancelled);
}

// --- an independent computation -------------------------------------------------------------------------------------------

struct firm {
  struct pool {
    std::string name;
    int stage;
    std::int64_t cost;
    std::string driver;
    std::int64_t capacity; // thousandths; 0 = none
  };
  struct use {
    std::string customer;
    std::string driver;
    std::int64_t quantity; // thousandths
  };
  struct order {
    std::string customer;
    std::int64_t revenue;
    std::int64_t discounts;
    std::int64_t direct;
  };
  std::vector<pool> pools;
  std::vector<use> uses;
  std::vector<order> orders;
};

firm random_firm(draws& draw) {
  firm made;
  const std::uint64_t customers = 1 + draw.below(12);
  const std::uint64_t drivers = 1 + draw.below(4);
  const auto customer = [&] { return "c" + std::to_string(draw.below(customers)); };
  const auto driver = [&] { return "d" + std::to_string(draw.below(drivers)); };
  for (std::uint64_t i = draw.below(6); i < 6; ++i)
    made.pools.push_back({"p" + std::to_string(i), static_cast<int>(draw.below(4)),
                          static_cast<std::int64_t>(draw.below(draw.below(2) == 0 ? 30 : 100000000)),
                          driver(),
                          static_cast<std::int64_t>(draw.below(3) == 0 ? 1 + draw.below(20000) : 0)});
  for (std::uint64_t i = draw.below(30); i > 0; --i)
    made.uses.push_back(
        {customer(), driver(), static_cast<std::int64_t>(draw.below(draw.below(2) == 0 ? 4 : 4000))});
  for (std::uint64_t i = draw.below(20); i > 0; --i)
    made.orders.push_back({customer(), static_cast<std::int64_t>(draw.below(50000000)) - 5000000,
                           static_cast<std::int64_t>(draw.below(1000)),
                           static_cast<std::int64_t>(draw.below(40000000))});
  return made;
}

/// Parts of a pool by the book: each whole minor units, then by remainders; the unused capacity has the name "".
std::map<std::string, std::int64_t> parts_of(const firm& of, const firm::pool& pool) {
  std::map<std::string, cpp_int> used;
  cpp_int all = 0;
  for (const firm::use& one : of.uses) {
    if (one.driver == pool.driver && one.quantity > 0) {
      used[one.customer] += one.quantity;
      all += one.quantity;
    }
  }
  if (pool.capacity > 0 && all < pool.capacity) {
    used[""] = pool.capacity - all;
    all = pool.capacity;
  }
  std::map<std::string, std::int64_t> parts;
  std::vector<std::pair<cpp_rational, std::string>> rests;
  std::int64_t left = pool.cost;
  for (const auto& [name, quantity] : used) {
    const cpp_rational exact(cpp_int(cpp_int(pool.cost) * quantity), all);
    const cpp_int whole = numerator(exact) / denominator(exact);
    parts[name] = static_cast<std::int64_t>(whole);
    left -= parts[name];
    rests.emplace_back(exact - whole, name);
  }
  std::sort(rests.rbegin(), rests.rend());
  for (std::int64_t i = 0; i < left && !rests.empty(); ++i)
    ++parts[rests[static_cast<std::size_t>(i)].second];
  return parts;
}

cost_to_serve_lines lines_of(const firm& of) {
  cost_to_serve_lines made;
  for (const firm::pool& one : of.pools)
    made.pools.push_back(
        {one.name, static_cast<cost_stage>(one.stage), one.cost, one.driver, one.capacity * 1000});
  for (const firm::use& one : of.uses)
    made.uses.push_back({one.customer, one.driver, one.quantity * 1000});
  for (const firm::order& one : of.orders)
    made.sales.push_back({one.customer, one.revenue, one.discounts, one.direct});
  return made;
}

TEST(cost_to_serve, is_what_the_book_says_for_any_firm) {
  draws draw(7);
  int unused = 0;
  int odd = 0;
  for (int i = 0; i < 600; ++i) {
    const firm of = random_firm(draw);
    const cost_to_serve_report report = serve_customers(lines_of(of));
    std::map<std::string, std::int64_t> profit;
    std::map<std::string, std::int64_t> costs;
    std::map<std::pair<std::string, std::string>, std::int64_t> parts;
    std::int64_t nobody = 0;
    for (const firm::use& one : of.uses)
      profit[one.customer] += 0;
    for (const firm::order& one : of.orders)
      profit[one.customer] += one.revenue - one.discounts - one.direct;
    for (const firm::pool& pool : of.pools) {
      std::int64_t sum = 0;
      for (const auto& [name, part] : parts_of(of, pool)) {
        sum += part;
        if (name.empty()) {
          unused += part > 0 ? 1 : 0;
          nobody += part;
          continue;
        }
        profit[name] -= part;
        costs[name] += part;
        parts[{name, pool.name}] = part;
      }
      odd += sum > 0 && sum % 7 == 3 ? 1 : 0;
      nobody += pool.cost - sum;
      EXPECT_TRUE(sum == pool.cost || sum == 0);
    }
    ASSERT_EQ(report.customers.size(), profit.size());
    std::vector<std::pair<std::int64_t, std::string>> ranked;
    for (const served_customer& one : report.customers) {
      const std::string name(one.name);
      EXPECT_EQ(one.profit(), profit.at(name));
      EXPECT_EQ(one.cost_to_serve(), costs[name]);
      ranked.emplace_back(-one.profit(), name);
    }
    ASSERT_EQ(report.parts.size(), parts.size());
    auto expected = parts.begin();
    for (const served_part& one : report.parts) {
      EXPECT_EQ(report.customers[one.customer].name, expected->first.first);
      EXPECT_EQ(report.pools[one.pool].name, expected->first.second);
      EXPECT_EQ(one.cost, expected->second);
      ++expected;
    }
    // The whale: ranks without gaps, the peak is where profits end, and all reconciles with the books.
    std::sort(ranked.begin(), ranked.end());
    std::int64_t sum = 0;
    std::int64_t peak = 0;
    for (std::size_t k = 0; k < ranked.size(); ++k) {
      EXPECT_EQ(report.customers[report.whale[k].customer].name, ranked[k].second);
      EXPECT_EQ(report.customers[report.whale[k].customer].rank, k + 1);
      sum -= ranked[k].first;
      peak += ranked[k].first < 0 ? -ranked[k].first : 0;
      EXPECT_EQ(report.whale[k].cumulative_profit, sum);
    }
    EXPECT_EQ(report.total.profit(), sum);
    EXPECT_EQ(report.peak, peak);
    EXPECT_EQ(report.destroyed, peak - sum);
    EXPECT_EQ(report.unused + report.unallocated, nobody);
    EXPECT_EQ(report.pool_cost, report.total.cost_to_serve() + nobody);
    EXPECT_EQ(report.profit_after_all, sum - nobody);
    for (const served_pool& pool : report.pools)
      EXPECT_EQ(pool.cost, pool.allocated + pool.unused + pool.unallocated);
  }
  EXPECT_GT(unused, 50);
  EXPECT_GT(odd, 50);
}

TEST(cost_to_serve, no_order_or_split_of_rows_changes_a_bit) {
  draws draw(8);
  for (int i = 0; i < 60; ++i) {
    firm of = random_firm(draw);
    const auto fill = [&](stats::rows& first, stats::rows& second) {
      for (const firm::pool& one : of.pools)
        push(draw.below(2) == 0 ? first : second, "pools",
             "pool,stage,cost,driver" + std::string(one.capacity > 0 ? ",capacity" : "") + "\n" + one.name +
                 "," + std::string(cost_stages[static_cast<std::size_t>(one.stage)]) + "," +
                 decimal_text(one.cost, 2) + "," + one.driver +
                 (one.capacity > 0 ? "," + decimal_text(one.capacity, 3) : "") + "\n");
      for (const firm::use& one : of.uses)
        push(draw.below(2) == 0 ? first : second, "drivers",
             "customer,driver,quantity\n" + one.customer + "," + one.driver + "," +
                 decimal_text(one.quantity, 3) + "\n");
      for (const firm::order& one : of.orders)
        push(draw.below(2) == 0 ? first : second, "orders",
             "customer,revenue,discounts,direct_cost\n" + one.customer + "," + decimal_text(one.revenue, 2) +
                 "," + decimal_text(one.discounts, 2) + "," + decimal_text(one.direct, 2) + "\n");
    };
    stats::rows one = new_store();
    fill(one, one);
    draw.shuffle(of.pools);
    draw.shuffle(of.uses);
    draw.shuffle(of.orders);
    stats::rows left = new_store();
    stats::rows right = new_store();
    fill(left, right);
    left.merge(right);
    EXPECT_EQ(finished_of(one).tables, finished_of(left).tables);
    EXPECT_EQ(finished_of(one).tables, to_tables(serve_customers(lines_of(of)), 2));
  }
}

} // namespace
} // namespace emptor::test::cost_to_serve_test
