// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/money.hpp>
#include <emptor/core/proportion.hpp>
#include <emptor/core/run.hpp>
#include <emptor/core/text.hpp>
#include <emptor/stats/radix_sort.hpp>
#include <emptor/value/customer_profit.hpp>
#include <emptor/value/money_lines.hpp>

/// Cost to serve (客户服务成本) by activity-based costing (作业成本法): what the activities before, during and after a sale
/// cost, split among the customers by how much of each they used, and what is left of their margin then.
///
///     rate of a pool   = cost / driver quantity of all customers, or cost / practical capacity where that is given
///     customer profit  = revenue - discounts - direct cost - his parts of all pools
///
/// A capacity that nobody used is shown and charged to nobody: who is still there does not pay for who has left (Kaplan and
/// Cooper, Cost and Effect, 1998, chapter 7; Kaplan and Anderson, Time-Driven Activity-Based Costing, 2004). A pool that was
/// used beyond its capacity is divided by what was used. Each pool is split to the minor unit, so that its parts, what was
/// not used, and what nobody used at all add up to its cost.
///
/// The whale curve (鲸鱼曲线) is the profit of the most profitable customers together, one after the other: it rises to a
/// peak above the total, and falls by what the unprofitable ones cost (Kaplan and Narayanan, Measuring and Managing Customer
/// Profitability, Journal of Cost Management, 2001).
namespace emptor::value {

inline constexpr std::string_view cost_to_serve_name = "value.cost_to_serve";

/// How the cost of a pool found its way.
enum class pool_state : std::int32_t {
  allocated = 0,       ///< all of it to customers
  unused_capacity = 1, ///< some of what could have been done was not
  over_capacity = 2,   ///< more was done than the capacity said: all of it to customers
  unallocated = 3,     ///< it has a cost, no capacity, and nobody used it
};
inline constexpr std::string_view pool_states[] = {"allocated", "unused_capacity", "over_capacity",
                                                   "unallocated"};

/// What one activity costs, or a part of it: costs and capacities of equal names add up.
struct activity_pool {
  std::string_view name;
  cost_stage stage = cost_stage::pre_sale;
  std::int64_t cost = 0; ///< minor units, >= 0
  std::string_view driver;
  std::int64_t capacity = 0; ///< practical capacity, in millionths of the driver's unit; 0 = not said
};
struct driver_use {
  std::string_view customer;
  std::string_view driver;
  std::int64_t quantity = 0; ///< in millionths, >= 0
};
struct customer_sales {
  std::string_view customer;
  std::int64_t revenue = 0; ///< minor units, as all money
  std::int64_t discounts = 0;
  std::int64_t direct_cost = 0;
};
struct dedicated_asset {
  std::string_view customer;
  std::int64_t amount = 0;
};
/// Lines in any order; texts are borrowed.
struct cost_to_serve_lines {
  std::vector<activity_pool> pools;
  std::vector<driver_use> uses;
  std::vector<customer_sales> sales;
  std::vector<dedicated_asset> assets;
};

/// One customer, or all of them together: what his account holds, and what is left of it.
struct served_customer {
  std::string_view name;
  bool sold = false; ///< there are sales of him
  customer_account account;
  customer_result left; ///< each of its amounts fits 64 bits
  std::size_t rank = 0; ///< 1 for the largest profit; of equal ones in the order of the bytes of their names

  [[nodiscard]] std::int64_t profit() const noexcept { return static_cast<std::int64_t>(left.profit); }
  [[nodiscard]] std::int64_t cost_to_serve() const noexcept {
    return static_cast<std::int64_t>(left.cost_to_serve);
  }
};

struct served_pool {
  std::string_view name;
  cost_stage stage = cost_stage::pre_sale;
  std::string_view driver;
  std::int64_t cost = 0; ///< allocated + unused + unallocated
  std::int64_t capacity = 0;
  std::int64_t quantity = 0; ///< of all customers
  std::int64_t customers = 0;
  std::int64_t allocated = 0;
  std::int64_t unused = 0;
  std::int64_t unallocated = 0;
  pool_state state = pool_state::allocated;
  /// What one millionth of a unit costs is cost / this; 0 where there is none.
  [[nodiscard]] std::int64_t divisor() const noexcept { return std::max(capacity, quantity); }
};

/// The part of a pool that a customer bears.
struct served_part {
  std::uint32_t customer = 0;
  std::uint32_t pool = 0;
  std::int64_t quantity = 0;
  std::int64_t cost = 0;
};

/// A step of the whale curve.
struct whale_step {
  std::uint32_t customer = 0;
  std::int64_t cumulative_profit = 0;
};

struct cost_to_serve_report {
  std::vector<served_customer> customers; ///< by the bytes of their names
  std::vector<served_pool> pools;         ///< so, too
  std::vector<served_part> parts;         ///< by customer, then pool
  std::vector<whale_step> whale;          ///< by rank
  served_customer total;                  ///< of all customers
  std::int64_t pool_cost = 0;
  std::int64_t unused = 0;
  std::int64_t unallocated = 0;
  std::int64_t profit_after_all = 0;          ///< of the customers, less what was charged to nobody
  std::int64_t profitable = 0;                ///< customers with a profit above 0: those at the peak
  std::int64_t unprofitable = 0;              ///< and below 0
  std::int64_t peak = 0;                      ///< the profit of the profitable ones
  std::int64_t destroyed = 0;                 ///< peak - profit of all
  std::vector<std::string_view> idle_drivers; ///< used, but by no pool
};

namespace detail {

class cost_allocation {
public:
  cost_allocation(cost_to_serve_lines lines, const run& how)
      : lines_(std::move(lines))
      , how_(how)
      , fit_(cost_to_serve_name) {}

  [[nodiscard]] cost_to_serve_report report() {
    add_pools();
    add_customers();
    find_uses();
    for (std::size_t pool = 0; pool < made_.pools.size(); ++pool)
      allocate(pool);
    const std::size_t most = made_.pools.size();
    std::vector<served_part> room;
    stats::radix_sort(
        std::span(made_.parts),
        [most](const served_part& one) { return std::uint64_t{one.customer} * most + one.pool; }, room);
    total_up();
    return std::move(made_);
  }

private:
  struct use {
    std::uint32_t customer;
    std::int64_t quantity;
  };

  void add_pools() {
    sort_lines(lines_.pools, [](const activity_pool& one) { return one.name; });
    for (const activity_pool& line : lines_.pools) {
      if (made_.pools.empty() || made_.pools.back().name != line.name) {
        served_pool fresh;
        fresh.name = line.name;
        fresh.stage = line.stage;
        fresh.driver = line.driver;
        made_.pools.push_back(fresh);
      }
      served_pool& pool = made_.pools.back();
      if (pool.stage != line.stage || pool.driver != line.driver)
        throw error(status::data, std::string(cost_to_serve_name) + ": pool " + shortened(line.name) +
                                      " is there with two stages or two drivers");
      fit_.add(pool.cost, line.cost, "cost", pool.name);
      fit_.add(pool.capacity, line.capacity, "capacity", pool.name);
    }
  }
  /// All customers of any line, and their sales and assets.
  void add_customers() {
    const auto customer = [](const auto& one) { return one.customer; };
    sort_lines(lines_.sales, customer);
    sort_lines(lines_.assets, customer);
    sort_lines(lines_.uses, [](const driver_use& one) { return std::pair(one.customer, one.driver); });
    std::vector<std::string_view> names;
    const auto take = [&](const auto& lines) {
      const std::size_t before = names.size();
      for (const auto& one : lines) {
        if (names.size() == before || names.back() != one.customer)
          names.push_back(one.customer);
      }
      std::inplace_merge(names.begin(), names.begin() + static_cast<std::ptrdiff_t>(before), names.end());
    };
    take(lines_.uses);
    take(lines_.sales);
    take(lines_.assets);
    names.erase(std::unique(names.begin(), names.end()), names.end());
    made_.customers.resize(names.size());
    for (std::size_t i = 0; i < names.size(); ++i)
      made_.customers[i].name = names[i];
    each(lines_.sales, [&](served_customer& whose, const customer_sales& line) {
      whose.sold = true;
      fit_.add(whose.account.revenue, line.revenue, "revenue", whose.name);
      fit_.add(whose.account.discounts, line.discounts, "discounts", whose.name);
      fit_.add(whose.account.direct_cost, line.direct_cost, "direct cost", whose.name);
    });
    each(lines_.assets, [&](served_customer& whose, const dedicated_asset& line) {
      whose.account.assets =
          fit_(wide_integer{whose.account.assets.value_or(0)} + line.amount, "assets", whose.name);
    });
  }
  /// Calls `body` with the customer of each line. \param lines  by customer
  template <class Line, class Body>
  void each(const std::vector<Line>& lines, const Body& body) {
    std::size_t at = 0;
    for (std::size_t i = 0; i < lines.size(); ++i) {
      if (i % 4096 == 0)
        how_.check(0.0);
      while (made_.customers[at].name != lines[i].customer)
        ++at;
      body(made_.customers[at], lines[i]);
    }
  }
  /// What each customer used of each driver.
  void find_uses() {
    for (const served_pool& pool : made_.pools)
      drivers_.push_back(pool.driver);
    for (const driver_use& one : lines_.uses) {
      if (drivers_.empty() || drivers_.back() != one.driver)
        drivers_.push_back(one.driver);
    }
    std::sort(drivers_.begin(), drivers_.end());
    drivers_.erase(std::unique(drivers_.begin(), drivers_.end()), drivers_.end());
    uses_.resize(drivers_.size());
    each(lines_.uses, [&](served_customer& whose, const driver_use& line) {
      const auto customer = static_cast<std::uint32_t>(&whose - made_.customers.data());
      std::vector<use>& of = uses_[driver(line.driver)];
      if (of.empty() || of.back().customer != customer)
        of.push_back({customer, 0});
      fit_.add(of.back().quantity, line.quantity, "driver quantity", whose.name);
    });
    std::vector<bool> needed(drivers_.size(), false);
    for (const served_pool& pool : made_.pools)
      needed[driver(pool.driver)] = true;
    for (std::size_t i = 0; i < drivers_.size(); ++i) {
      std::erase_if(uses_[i], [](const use& one) { return one.quantity == 0; });
      if (!needed[i])
        made_.idle_drivers.push_back(drivers_[i]);
    }
  }
  [[nodiscard]] std::size_t driver(std::string_view name) const {
    return static_cast<std::size_t>(std::lower_bound(drivers_.begin(), drivers_.end(), name) -
                                    drivers_.begin());
  }
  void allocate(std::size_t place) {
    how_.check(static_cast<double>(place) / static_cast<double>(made_.pools.size()));
    served_pool& pool = made_.pools[place];
    const std::vector<use>& users = uses_[driver(pool.driver)];
    wide_integer quantity = 0;
    for (const use& one : users)
      quantity += one.quantity;
    constexpr std::int64_t most = std::int64_t{1} << 62; // of split_in_proportion
    pool.quantity = fit_(quantity, "driver quantity", pool.name);
    if (pool.divisor() >= most)
      throw error(status::overflow, std::string(cost_to_serve_name) + ": the driver quantity of " +
                                        shortened(pool.name) + " is beyond 4.6e12 units");
    pool.customers = static_cast<std::int64_t>(users.size());
    if (pool.divisor() == 0) {
      pool.unallocated = pool.cost;
      pool.state = pool.cost > 0 ? pool_state::unallocated : pool_state::allocated;
      return;
    }
    // What nobody used stands first: of equal remainders the later part gets the minor unit, and a customer before it.
    std::vector<std::int64_t> weights{std::max<std::int64_t>(pool.capacity - pool.quantity, 0)};
    for (const use& one : users)
      weights.push_back(one.quantity);
    std::vector<std::int64_t> parts(weights.size());
    split_in_proportion(pool.cost, weights, parts);
    pool.unused = parts.front();
    pool.allocated = pool.cost - pool.unused;
    if (pool.capacity > 0 && pool.quantity != pool.capacity)
      pool.state = pool.quantity < pool.capacity ? pool_state::unused_capacity : pool_state::over_capacity;
    for (std::size_t i = 0; i < users.size(); ++i) {
      served_customer& whose = made_.customers[users[i].customer];
      fit_.add(whose.account.stages[static_cast<std::size_t>(pool.stage)], parts[i + 1], "cost to serve",
               whose.name);
      made_.parts.push_back(
          {users[i].customer, static_cast<std::uint32_t>(place), users[i].quantity, parts[i + 1]});
    }
  }
  /// What is left of him.
  void sum_up(served_customer& whose) const {
    whose.left = profit_of(whose.account);
    (void)fit_(whose.left.net_revenue, "net revenue", whose.name);
    (void)fit_(whose.left.gross_margin, "gross margin", whose.name);
    (void)fit_(whose.left.cost_to_serve, "cost to serve", whose.name);
    (void)fit_(whose.left.profit, "profit", whose.name);
  }
  void total_up() {
    served_customer& all = made_.total;
    all.name = "all customers";
    for (served_customer& whose : made_.customers) {
      sum_up(whose);
      all.sold = all.sold || whose.sold;
      fit_.add(all.account.revenue, whose.account.revenue, "revenue", all.name);
      fit_.add(all.account.discounts, whose.account.discounts, "discounts", all.name);
      fit_.add(all.account.direct_cost, whose.account.direct_cost, "direct cost", all.name);
      if (whose.account.assets)
        all.account.assets =
            fit_(wide_integer{all.account.assets.value_or(0)} + *whose.account.assets, "assets", all.name);
      for (std::size_t stage = 0; stage < whose.account.stages.size(); ++stage)
        fit_.add(all.account.stages[stage], whose.account.stages[stage], "cost to serve", all.name);
      made_.profitable += whose.profit() > 0 ? 1 : 0;
      made_.unprofitable += whose.profit() < 0 ? 1 : 0;
    }
    sum_up(all);
    for (const served_pool& pool : made_.pools) {
      fit_.add(made_.pool_cost, pool.cost, "cost", "all pools");
      fit_.add(made_.unused, pool.unused, "unused cost", "all pools");
      fit_.add(made_.unallocated, pool.unallocated, "unallocated cost", "all pools");
    }
    made_.profit_after_all =
        fit_(wide_integer{all.profit()} - made_.unused - made_.unallocated, "profit", all.name);
    draw_whale();
    made_.destroyed = fit_(wide_integer{made_.peak} - all.profit(), "lost profit", all.name);
  }
  void draw_whale() {
    for (std::size_t i = 0; i < made_.customers.size(); ++i)
      made_.whale.push_back({static_cast<std::uint32_t>(i), 0});
    std::stable_sort(
        made_.whale.begin(), made_.whale.end(), [&](const whale_step& left, const whale_step& right) {
          return made_.customers[left.customer].profit() > made_.customers[right.customer].profit();
        });
    std::int64_t sum = 0;
    for (std::size_t i = 0; i < made_.whale.size(); ++i) {
      served_customer& whose = made_.customers[made_.whale[i].customer];
      whose.rank = i + 1;
      fit_.add(sum, whose.profit(), "profit", "all customers");
      made_.whale[i].cumulative_profit = sum;
      made_.peak = std::max(made_.peak, sum);
    }
  }

  cost_to_serve_lines lines_;
  const run& how_;
  fitting_amounts fit_;
  std::vector<std::string_view> drivers_;
  std::vector<std::vector<use>> uses_; ///< of the drivers, by customer
  cost_to_serve_report made_;
};

} // namespace detail

/// Splits the pools among the customers, and says what is left of each. It depends on no order of the lines.
/// \throws error status::data where a pool has two stages or drivers; status::overflow, by the name of whom it concerns;
/// status::cancelled
[[nodiscard]] inline cost_to_serve_report serve_customers(cost_to_serve_lines lines, const run& how = {}) {
  return detail::cost_allocation(std::move(lines), how).report();
}

} // namespace emptor::value
