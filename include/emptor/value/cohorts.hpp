// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/date.hpp>
#include <emptor/core/money.hpp>
#include <emptor/core/run.hpp>
#include <emptor/core/text.hpp>
#include <emptor/stats/calendar_periods.hpp>
#include <emptor/stats/lines_by_customer.hpp>
#include <emptor/stats/net_orders.hpp>
#include <emptor/stats/order_history.hpp>
#include <emptor/stats/radix_sort.hpp>
#include <emptor/value/order_sums.hpp>

/// Cohorts (同期群): customers by the period of their first order, and what each of these groups did in every period since
/// (P. S. Fader, B. G. S. Hardie, M. Ross, The Customer-Base Audit, 2022, lenses three and four).
///
/// The retention rate (留存率) of an age is the share of a cohort that ordered in that period. Nobody says that he leaves: who
/// did not order this month may do so in the next, so that the rate may rise again, and no survival curve can be drawn, as
/// Kaplan and Meier's would take the last order for a death. How likely somebody is still a customer the models of orders
/// say (value.bg_nbd and others).
///
/// Orders are what credit notes and cancellations left (stats/net_orders.hpp), as of value.summary.
namespace emptor::value {

inline constexpr std::string_view cohorts_name = "value.cohorts";

struct cohort_options {
  std::optional<date> until; ///< the last day that counts; by default the latest day of the history
  std::string period = "month";
  stats::same_day same_day = stats::same_day::merge;
  stats::negative negative = stats::negative::net;
  std::optional<emptor::currency> currency;
};

/// What the customers of one cohort did in one period.
struct cohort_cell {
  std::int32_t cohort = 0; ///< numbers of periods
  std::int32_t period = 0;
  std::int64_t active = 0; ///< customers with an order
  std::int64_t second = 0; ///< customers whose second order it has
  std::int64_t orders = 0;
  wide_integer amount = 0; ///< minor units

  void add(const cohort_cell& other) noexcept {
    active += other.active;
    second += other.second;
    orders += other.orders;
    amount += other.amount;
  }
};

/// All cells of the triangle, by cohort and period: of each cohort with a customer, from its own period to the last.
struct cohort_report {
  date until{};
  stats::calendar_periods periods = stats::calendar_periods::of_months(1);
  std::int32_t last_period = 0; ///< that of `until`
  bool last_complete = false;   ///< `until` is its last day
  emptor::currency currency;
  int decimals = 2;
  std::vector<cohort_cell> cells;
  order_sums sums; ///< of which `left` is what the cells add up to

  /// Whether all of a period is known.
  [[nodiscard]] bool complete(std::int32_t period) const noexcept {
    return period < last_period || last_complete;
  }
};

/// Cells beyond which a period is too short for the history: 48 bytes each, and a row of a table.
inline constexpr std::int64_t most_cohort_cells = 2'000'000;

namespace detail {

/// What one part of the customers did.
struct cohort_part {
  std::vector<cohort_cell> cells; ///< by cohort and period
  order_sums sums;
};

[[nodiscard]] inline std::uint64_t cell_key(const cohort_cell& one) noexcept {
  const auto half = [](std::int32_t number) {
    return static_cast<std::uint32_t>(number) ^ 0x80000000U; // in the order of the numbers
  };
  return std::uint64_t{half(one.cohort)} << 32 | half(one.period);
}

/// Cells of one cohort and period become one.
inline void merge_cells(std::vector<cohort_cell>& cells, std::vector<cohort_cell>& room) {
  stats::radix_sort(std::span(cells), cell_key, room);
  std::size_t kept = 0;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (kept > 0 && cell_key(cells[kept - 1]) == cell_key(cells[i]))
      cells[kept - 1].add(cells[i]);
    else
      cells[kept++] = cells[i];
  }
  cells.resize(kept);
}

inline void add_customer(const stats::net_history& net, const stats::calendar_periods& periods,
                         cohort_part& to) {
  to.sums.add(net);
  if (net.left.empty())
    return;
  const std::int32_t cohort = periods.number_of(net.left.front().day);
  std::int32_t period = cohort;
  std::int32_t next = periods.first_day_of(period + 1);
  for (std::size_t i = 0; i < net.left.size(); ++i) {
    const stats::net_order& order = net.left[i];
    if (order.day >= next) {
      period = periods.number_of(order.day);
      next = periods.first_day_of(period + 1);
    }
    if (i == 0 || to.cells.back().period != period) {
      cohort_cell fresh;
      fresh.cohort = cohort;
      fresh.period = period;
      fresh.active = 1;
      to.cells.push_back(fresh);
    }
    cohort_cell& cell = to.cells.back();
    cell.second += i == 1 ? 1 : 0;
    ++cell.orders;
    cell.amount += order.amount;
  }
}

/// The cells in which nothing happened too.
[[nodiscard]] inline std::vector<cohort_cell> whole_triangle(std::span<const cohort_cell> some,
                                                             std::int32_t last, std::string_view where) {
  std::int64_t count = 0;
  for (std::size_t i = 0; i < some.size(); ++i)
    count += i == 0 || some[i].cohort != some[i - 1].cohort ? std::int64_t{last} - some[i].cohort + 1 : 0;
  if (count > most_cohort_cells)
    throw error(status::option, std::string(where) + ": option period cuts the history into " +
                                    std::to_string(count) + " cells, but must leave " +
                                    std::to_string(most_cohort_cells) + " at most");
  std::vector<cohort_cell> all;
  all.reserve(static_cast<std::size_t>(count));
  const auto fill = [&](std::int32_t cohort, std::int32_t from, std::int32_t to) {
    for (std::int32_t period = from; period < to; ++period) {
      cohort_cell empty;
      empty.cohort = cohort;
      empty.period = period;
      all.push_back(empty);
    }
  };
  for (std::size_t i = 0; i < some.size(); ++i) {
    all.push_back(some[i]);
    const bool ends = i + 1 == some.size() || some[i + 1].cohort != some[i].cohort;
    fill(some[i].cohort, some[i].period + 1, ends ? last + 1 : some[i + 1].period);
  }
  return all;
}

} // namespace detail

/// \param keys only these customers \param where begins messages
/// \return the same for any order and split of pushes and any number of threads
/// \throws error status::option (a period that is none, or too short), status::conflict, status::currency,
///         status::overflow, status::data (negative::refuse), status::cancelled
[[nodiscard]] inline cohort_report
cohorts_of(const stats::order_history& from, const cohort_options& options = {}, const run& how = {},
           const std::optional<std::vector<std::string>>& keys = std::nullopt,
           std::string_view where = cohorts_name) {
  cohort_report made;
  made.until = options.until ? *options.until : stats::last_day_of(from).value_or(date{});
  const std::int32_t until = days_since_epoch(made.until);
  made.periods = stats::read_periods(where, options.period, until);
  made.last_period = made.periods.number_of(until);
  made.last_complete = made.periods.last_day_of(made.last_period) == until;
  stats::lines_by_customer lines = stats::by_customer(from, options.currency, keys, where, how);
  made.currency = lines.currency;
  made.decimals = lines.decimals;
  std::vector<detail::cohort_part> parts(static_cast<std::size_t>(lines.parts()));
  for_each_task(lines.parts(), how, [&](std::int64_t part) {
    stats::order_netting netting(from, {options.same_day, options.negative});
    detail::cohort_part& to = parts[static_cast<std::size_t>(part)];
    lines.for_each_customer(part, [&](std::size_t place, std::span<stats::order_line> of_customer) {
      try {
        detail::add_customer(netting.net(of_customer, until, lines.customers[place]), made.periods, to);
      } catch (const error& refused) {
        throw error(refused.code(), std::string(where) + ": " + refused.what());
      }
    });
    std::vector<cohort_cell> room;
    detail::merge_cells(to.cells, room);
    to.cells.shrink_to_fit();
  });
  std::vector<cohort_cell> cells;
  std::vector<cohort_cell> room;
  for (const detail::cohort_part& part : parts) {
    cells.insert(cells.end(), part.cells.begin(), part.cells.end());
    made.sums.add(part.sums);
  }
  detail::merge_cells(cells, room);
  made.cells = detail::whole_triangle(cells, made.last_period, where);
  return made;
}

} // namespace emptor::value
