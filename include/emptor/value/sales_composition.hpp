// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <map>
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
#include <emptor/math/real.hpp>
#include <emptor/stats/net_orders.hpp>
#include <emptor/stats/order_free_sum.hpp>
#include <emptor/stats/order_groups.hpp>
#include <emptor/stats/order_history.hpp>
#include <emptor/stats/radix_sort.hpp>
#include <emptor/stats/standing_lines.hpp>
#include <emptor/value/day_range.hpp>
#include <emptor/value/ratio_of_amounts.hpp>

/// What sales consist of (销售构成分析): by customer, product, region, seller or any other column, with margin, turnover of
/// the stock and cross ratio, and how all of that changed against an earlier period.
///
/// Sales are net (销售净额): lines and credit notes that stand at the end of the period, each on its own day. They add up
/// to the whole however they are cut. Money is what is left of sales, but orders and buyers are counted as the orders were
/// placed, before credit notes: an order of which all came back is still one that was placed.
///
///     margin rate (毛利率)    = margin / sales, of the lines that have a margin
///     turnover (周转率)       = sales, or cost of sales, in the period / mean stock
///     cross ratio (交叉比率)  = margin rate x turnover; of sales over a stock at cost that is the gross margin return on
///                               inventory investment (GMROI)
///     contribution to growth = (sales - sales before) / all sales before; over all groups that is the growth of the whole
namespace emptor::value {

inline constexpr std::string_view sales_composition_name = "value.sales_composition";

/// What turnover sets against the stock.
enum class turnover_of : std::int32_t {
  sales = 0, ///< sales
  cost = 1,  ///< sales less their margin; none where a line has no margin
};
inline constexpr std::string_view turnover_of_names[] = {"sales", "cost"};

struct sales_composition_options {
  std::string by = "customer";
  day_range now;
  std::optional<day_range> before;
  stats::same_day same_day = stats::same_day::merge;
  turnover_of turnover = turnover_of::sales;
  std::optional<emptor::currency> currency;
};

/// What was sold in a group and a period.
struct sales_sum {
  std::int64_t lines = 0;
  wide_integer orders_amount = 0; ///< lines of 0 and more
  wide_integer credit_notes = 0;  ///< 0 or below
  wide_integer margin = 0;
  std::int64_t lines_with_margin = 0;
  wide_integer amount_with_margin = 0;
  std::int64_t lines_with_quantity = 0;
  stats::order_free_total quantity;
  // As they were placed: a credit note that takes all of one later makes no fewer of them.
  std::int64_t orders_placed = 0;
  std::int64_t buyers = 0; ///< customers who placed them

  [[nodiscard]] wide_integer amount() const noexcept { return orders_amount + credit_notes; }
  /// Margins of no line are not 0: nothing is known of them.
  [[nodiscard]] bool has_margin() const noexcept { return lines_with_margin > 0; }
  [[nodiscard]] double margin_rate() const noexcept {
    return has_margin() ? whole_ratio(margin, amount_with_margin) : std::numeric_limits<double>::quiet_NaN();
  }
};

/// The mean of the stock of a group, as a sum and a count.
struct mean_stock {
  wide_integer sum = 0; ///< in minor units of so many decimals
  std::int64_t count = 0;
  int decimals = 2;
  /// In minor units of other decimals.
  [[nodiscard]] double value(int in) const noexcept {
    const math::real mean = math::real(nearest_double(sum)) / static_cast<double>(count);
    if (in == decimals)
      return math::value_of(mean);
    return math::value_of(mean * static_cast<double>(power_of_ten(in)) /
                          static_cast<double>(power_of_ten(decimals)));
  }
};

/// Sales and stock of a group in two periods; the second is empty where nothing is compared.
struct sales_group {
  std::string name;
  bool named = true; ///< false: lines without a group
  std::array<sales_sum, 2> periods;
  std::array<std::optional<double>, 2> stock; ///< mean, in minor units
};

/// How often the stock was sold in a period; none without a stock above 0.
[[nodiscard]] inline double turnover(const sales_sum& sold, std::optional<double> stock,
                                     turnover_of what) noexcept {
  constexpr double none = std::numeric_limits<double>::quiet_NaN();
  if (!stock || !(*stock > 0.0) || (what == turnover_of::cost && sold.lines_with_margin < sold.lines))
    return none;
  const wide_integer of = what == turnover_of::sales ? sold.amount() : sold.amount() - sold.margin;
  return math::value_of(math::real(nearest_double(of)) / *stock);
}

struct sales_composition_report {
  emptor::currency currency;
  int decimals = 2;
  std::vector<sales_group> groups; ///< from the largest sales down, those without a group last
  sales_group total;
};

namespace detail {

/// An order's part in a group: who placed it, and what tells it from others.
struct order_mark {
  std::uint32_t group;
  std::uint32_t customer;
  std::uint64_t order;
};

/// Counts different orders and customers, group by group.
template <class Body>
void count_marks(std::vector<order_mark>& marks, std::vector<order_mark>& room, const Body& body) {
  stats::radix_sort(
      std::span(marks), [](const order_mark& one) { return one.order; }, room);
  stats::radix_sort(
      std::span(marks), [](const order_mark& one) { return std::uint64_t{one.group} << 32 | one.customer; },
      room);
  for (std::size_t i = 0; i < marks.size(); ++i) {
    const bool other_customer =
        i == 0 || marks[i].group != marks[i - 1].group || marks[i].customer != marks[i - 1].customer;
    body(marks[i].group, other_customer, other_customer || marks[i].order != marks[i - 1].order);
  }
}

} // namespace detail

/// \param stock of groups by name, in each period; may be empty
/// \param keys only these customers
/// \throws error as `stats::order_groups` and `stats::counted_lines`; status::data for a quantity that is too large,
///         status::cancelled
[[nodiscard]] inline sales_composition_report
compose_sales(const stats::order_history& from, const sales_composition_options& options,
              const std::array<std::map<std::string, mean_stock, std::less<>>, 2>& stock,
              const std::optional<std::vector<std::string>>& keys = {}, const run& how = {}) {
  const stats::counted_lines counted(from, options.currency, keys, sales_composition_name);
  const stats::order_groups groups(from, options.by, sales_composition_name);
  const stats::standing_lines standing(from, counted, options.now.last);
  how.check(0.1);
  constexpr std::uint32_t nothing = 0xFFFFFFFF;
  std::vector<std::uint32_t> places(groups.size() + 1, nothing); // the last is of no group
  sales_composition_report made;
  made.currency = counted.currency();
  made.decimals = from.decimals(made.currency);
  const auto place_of = [&](std::uint32_t number) {
    std::uint32_t& place = places[number == groups.none ? groups.size() : number];
    if (place == nothing) {
      place = static_cast<std::uint32_t>(made.groups.size());
      sales_group& fresh = made.groups.emplace_back();
      fresh.named = number != groups.none;
      if (fresh.named)
        fresh.name = groups.name(number);
    }
    return place;
  };

  const stats::order_history::lines lines = from.order_lines();
  const stats::order_history::line_details details = from.details();
  std::array<std::vector<detail::order_mark>, 2> marks;
  std::optional<std::string_view> too_large;
  standing.for_each([&](std::size_t row) {
    const std::int32_t day = lines.day[row];
    const std::size_t period = options.now.has(day) ? 0 : 1;
    if (period == 1 && !(options.before && options.before->has(day)))
      return;
    const std::uint32_t place = place_of(groups.of(row));
    sales_sum& sum = made.groups[place].periods[period];
    const std::int64_t amount = lines.amount[row];
    ++sum.lines;
    (amount < 0 ? sum.credit_notes : sum.orders_amount) += amount;
    if (!details.margin.is_missing(row)) {
      ++sum.lines_with_margin;
      sum.margin += details.margin[row];
      sum.amount_with_margin += amount;
    }
    if (!details.quantity.is_missing(row)) {
      ++sum.lines_with_quantity;
      if (!sum.quantity.add(details.quantity[row])) {
        const std::string_view customer = from.customers()[lines.customer[row]];
        if (!too_large || customer < *too_large)
          too_large = customer;
      }
    }
    if (amount < 0)
      return;
    std::uint64_t order = static_cast<std::uint32_t>(day - first_day);
    if (options.same_day == stats::same_day::keep) {
      // A row without a document is an order of its own: no two have the same number of a row.
      order |= std::uint64_t{lines.document[row]} << 32;
      if (lines.document[row] == id_pool::none)
        order = std::uint64_t{id_pool::none} << 32 | static_cast<std::uint32_t>(row);
    }
    marks[period].push_back({place, lines.customer[row], order});
  });
  if (too_large)
    throw error(status::data, std::string(sales_composition_name) + ": a quantity of customer " +
                                  shortened(*too_large) + " is beyond 2^63");
  how.check(0.6);

  std::vector<detail::order_mark> room;
  std::map<std::string_view, std::size_t> unsold; // groups that only the stock knows
  for (std::size_t period = 0; period < 2; ++period) {
    detail::count_marks(marks[period], room, [&](std::uint32_t group, bool customer, bool order) {
      sales_sum& sum = made.groups[group].periods[period];
      sum.buyers += customer ? 1 : 0;
      sum.orders_placed += order ? 1 : 0;
    });
    for (detail::order_mark& one : marks[period])
      one.group = 0;
    sales_sum& whole = made.total.periods[period];
    detail::count_marks(marks[period], room, [&](std::uint32_t, bool customer, bool order) {
      whole.buyers += customer ? 1 : 0;
      whole.orders_placed += order ? 1 : 0;
    });
    for (const auto& [name, held] : stock[period]) {
      const std::uint32_t number = groups.find(name);
      if (number == groups.none) { // in stock, but never sold
        const auto [at, is_new] = unsold.emplace(name, made.groups.size());
        if (is_new)
          made.groups.emplace_back().name = name;
        made.groups[at->second].stock[period] = held.value(made.decimals);
        continue;
      }
      made.groups[place_of(number)].stock[period] = held.value(made.decimals);
    }
  }
  how.check(0.9);

  std::sort(made.groups.begin(), made.groups.end(), [](const sales_group& left, const sales_group& right) {
    if (left.named != right.named)
      return left.named;
    for (std::size_t period = 0; period < 2; ++period) {
      const wide_integer a = left.periods[period].amount();
      const wide_integer b = right.periods[period].amount();
      if (a != b)
        return a > b;
    }
    return left.name < right.name;
  });
  for (const sales_group& one : made.groups) {
    for (std::size_t period = 0; period < 2; ++period) {
      sales_sum& whole = made.total.periods[period];
      const sales_sum& part = one.periods[period];
      whole.lines += part.lines;
      whole.orders_amount += part.orders_amount;
      whole.credit_notes += part.credit_notes;
      whole.margin += part.margin;
      whole.lines_with_margin += part.lines_with_margin;
      whole.amount_with_margin += part.amount_with_margin;
      whole.lines_with_quantity += part.lines_with_quantity;
      whole.quantity.add(part.quantity);
      if (one.stock[period])
        made.total.stock[period] = made.total.stock[period].value_or(0.0) + *one.stock[period];
    }
  }
  for (const sales_group& one : made.groups) {
    for (std::size_t period = 0; period < 2; ++period) {
      if (!one.stock[period] && one.periods[period].amount() != 0)
        made.total.stock[period].reset(); // sales of all over the stock of some would be no turnover
    }
  }
  return made;
}

} // namespace emptor::value
