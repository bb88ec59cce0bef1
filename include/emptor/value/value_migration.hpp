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
#include <emptor/stats/lines_by_customer.hpp>
#include <emptor/stats/net_orders.hpp>
#include <emptor/value/concentration.hpp>
#include <emptor/value/customer_orders.hpp>
#include <emptor/value/day_range.hpp>
#include <emptor/value/money_lines.hpp>

/// Value migration (价值迁移): which customers rose or fell in value between two periods, who left, came or came back, and
/// how the change of the amount splits over these moves.
///
/// Both periods are read from the same netting (stats/net_orders.hpp, up to the end of the later one), so that an order belongs
/// to one period only and all sums agree. A customer's class in a period is that of what his orders in it come to.
namespace emptor::value {

inline constexpr std::string_view value_migration_name = "value.value_migration";

/// How classes are cut. A customer's class depends on what others have only through sums and counts: customers with equal
/// amounts have equal classes, whatever the order of rows.
enum class migration_method : std::int32_t {
  abc = 0,      ///< by the share of the period's amount that customers with more than him have
  quantile = 1, ///< by the share of the period's customers who have more than him
  amounts = 2,  ///< by his amount
};
inline constexpr std::string_view migration_method_names[] = {"abc", "quantile", "amounts"};

/// Where the bounds of the later period come from.
enum class migration_bounds : std::int32_t { each = 0, before = 1 };
inline constexpr std::string_view migration_bounds_names[] = {"each", "before"};

/// What became of a customer.
enum class migration_move : std::int32_t {
  upgraded = 0,
  stable = 1,
  downgraded = 2,
  lost = 3,     ///< an order in the first period, none in the second
  won_back = 4, ///< none in the first, but one earlier
  fresh = 5,    ///< his first order came after the first period
  absent = 6,   ///< no order in either
};
inline constexpr std::string_view migration_moves[] = {"upgraded", "stable", "downgraded", "lost",
                                                       "won_back", "new",    "absent"};

struct migration_options {
  day_range compared; ///< the earlier period
  day_range period;
  migration_method method = migration_method::abc;
  std::vector<double> class_shares{0.8, 0.15, 0.05}; ///< of abc and quantile, the best class first
  std::vector<double> class_amounts{}; ///< of amounts: falling, the smallest of each class but the last
  migration_bounds bounds = migration_bounds::each;
  stats::same_day same_day = stats::same_day::merge;
  stats::negative negative = stats::negative::net;
  std::optional<emptor::currency> currency;
};

/// A class of a period: the best is the first.
struct migration_class {
  std::int64_t customers = 0;
  wide_integer amount = 0;
  std::int64_t smallest = no_amount; ///< of its customers; none where it has none
  std::int64_t largest = no_amount;
};

struct migration_cell {
  std::int64_t customers = 0;
  wide_integer before = 0;
  wide_integer after = 0;

  void add(std::int64_t one_before, std::int64_t one_after) noexcept {
    ++customers;
    before += one_before;
    after += one_after;
  }
};

struct value_migration {
  struct of_customer {
    std::size_t from = 0; ///< class, or `no_order` or `fresh`
    std::size_t to = 0;   ///< class, or `no_order`
    migration_move move = migration_move::absent;
    std::int64_t before = 0;
    std::int64_t after = 0;
  };
  emptor::currency currency;
  int decimals = 2;
  migration_method method = migration_method::abc;
  std::size_t classes = 0;
  std::vector<migration_class> periods[2]; ///< the classes of both, of all customers
  std::vector<migration_cell> cells;       ///< by from, then to
  std::vector<migration_cell> moves{std::size(migration_moves)};
  migration_cell total;
  wide_integer unapplied_credit = 0; ///< that found no order up to the end of the later period
  text_buffer names;                 ///< customers with an order up to the end of the later period, by bytes
  std::vector<of_customer> customers;

  [[nodiscard]] std::size_t no_order() const noexcept { return classes; }
  [[nodiscard]] std::size_t fresh() const noexcept { return classes + 1; }
  [[nodiscard]] const migration_cell& cell(std::size_t from, std::size_t to) const noexcept {
    return cells[from * (classes + 1) + to];
  }
};

namespace detail {

/// The smallest amounts of all classes but the last.
class class_bounds {
public:
  explicit class_bounds(std::vector<std::int64_t> smallest)
      : smallest_(std::move(smallest)) {}

  /// Those of the classes that value.concentration makes.
  /// \param amounts of the customers with an order in the period
  /// \throws error status::overflow
  [[nodiscard]] static class_bounds of(migration_method method, const class_cuts& cuts,
                                       const std::vector<std::int64_t>& amounts) {
    std::vector<ranked_amount> customers;
    for (const std::int64_t one : amounts)
      customers.push_back({one, static_cast<std::uint32_t>(customers.size())});
    const ranked_amounts ranked(std::move(customers), value_migration_name);
    const std::vector<std::int32_t> classes = method == migration_method::abc
                                                  ? ranked.classes_by_amount(cuts, crossing::upper)
                                                  : ranked.classes_by_count(cuts, crossing::upper);
    std::vector<std::int64_t> smallest(cuts.size() - 1, unreachable);
    for (std::size_t i = 0; i < classes.size(); ++i) { // from the largest amount down
      for (auto of = static_cast<std::size_t>(classes[i]); of < smallest.size(); ++of)
        smallest[of] = ranked.all()[i].amount;
    }
    return class_bounds(std::move(smallest));
  }
  [[nodiscard]] std::size_t class_of(std::int64_t amount) const noexcept {
    std::size_t found = 0;
    while (found < smallest_.size() && amount < smallest_[found])
      ++found;
    return found;
  }

private:
  static constexpr std::int64_t unreachable = std::numeric_limits<std::int64_t>::max();
  std::vector<std::int64_t> smallest_;
};

/// A customer's orders in both periods.
struct periods_of_customer {
  bool known = false; ///< has an order up to the end of the later one
  std::int32_t first = 0;
  bool ordered[2] = {};
  std::int64_t amount[2] = {};
};

} // namespace detail

/// \throws error status::option for periods that end before they begin or meet
inline void check_migration(const migration_options& options) {
  const auto shown = [](std::int32_t day) { return to_string(date_from_days(day)); };
  const auto refuse = [&](std::string_view option, std::int32_t is, std::string_view must) {
    throw error(status::option,
                message(value_migration_name, "option " + std::string(option), -1, shown(is), must));
  };
  if (options.compared.last < options.compared.first)
    refuse("compare_until", options.compared.last,
           "not before compare_since, " + shown(options.compared.first));
  if (options.period.first <= options.compared.last)
    refuse("since", options.period.first, "after compare_until, " + shown(options.compared.last));
  if (options.period.last < options.period.first)
    refuse("until", options.period.last, "not before since, " + shown(options.period.first));
}

/// Classes that there may be: as many as letters.
inline constexpr std::size_t most_migration_classes = 26;

/// The amounts that bound classes in minor units.
/// \throws error status::option for none or more than 25, for those that do not fall, and such that are no whole minor units
[[nodiscard]] inline std::vector<std::int64_t> migration_amount_bounds(std::span<const double> amounts,
                                                                       int decimals) {
  const auto refuse = [](const std::string& is, std::string_view must) {
    throw error(status::option, message(value_migration_name, "option class_amounts", -1, is, must));
  };
  if (amounts.empty() || amounts.size() >= most_migration_classes)
    refuse(std::to_string(amounts.size()) + " numbers", "1 to 25");
  std::vector<std::int64_t> made;
  for (const double one : amounts) {
    std::int64_t whole = 0;
    if (const row_status read = minor_units_of(one, decimals, whole); read != row_status::ok)
      refuse(to_text(one), must_be(read));
    if (!made.empty() && whole >= made.back())
      refuse(to_text(one) + " after another", "below it");
    made.push_back(whole);
  }
  return made;
}

/// From classes in one period to classes in another, with the money that moved.
///
/// abc and quantile are the classes of value.concentration, of the amounts or of the number of customers, where who crosses the
/// line between two is of the better class: amounts below 0 are of the last class of abc and no part of the whole that
/// shares are of, and where nobody's is above 0 all are of its last. amounts: class i from the i-th bound on. With
/// bounds of `before` the later period has the amounts that bound the classes of the first.
///
/// Credit that found no order up to the end of the later period is in no amount; `unapplied_credit` tells it.
/// \param keys only these customers, who are then all that classes are cut of
/// \return the same bits for any order and split of pushes and any number of threads
/// \throws error as `check_migration`, `class_cuts::from_shares`, `migration_amount_bounds`, `stats::by_customer` and
///         order_netting; status::overflow
[[nodiscard]] inline value_migration
find_value_migration(const stats::order_history& from, const migration_options& options, const run& how = {},
                     const std::optional<std::vector<std::string>>& keys = {}) {
  check_migration(options);
  const bool by_amounts = options.method == migration_method::amounts;
  const class_cuts shares =
      by_amounts ? class_cuts{}
                 : class_cuts::from_shares(value_migration_name, "class_shares", options.class_shares);
  if (shares.size() > most_migration_classes)
    throw error(status::option, message(value_migration_name, "option class_shares", -1,
                                        std::to_string(shares.size()) + " shares", "at most 26"));
  stats::lines_by_customer lines =
      stats::by_customer(from, options.currency, keys, value_migration_name, how);
  std::vector<std::int64_t> given;
  if (by_amounts)
    given = migration_amount_bounds(options.class_amounts, lines.decimals);
  const day_range periods[] = {options.compared, options.period};
  std::vector<detail::periods_of_customer> found(lines.customers.size());
  std::vector<wide_integer> unapplied(static_cast<std::size_t>(lines.parts()), 0);
  for_each_customer_orders(
      from, lines, {options.same_day, options.negative}, options.period.last, value_migration_name, how,
      [&](std::size_t part, std::size_t place, const stats::net_history& net) {
        unapplied[part] += net.unapplied_credit;
        detail::periods_of_customer& one = found[place];
        for (const stats::net_order& order : net.left) {
          if (!one.known)
            one.first = order.day;
          one.known = true;
          for (std::size_t i = 0; i < 2; ++i) {
            if (periods[i].has(order.day)) {
              one.ordered[i] = true;
              one.amount[i] += order.amount; // fits: netting refuses amounts that together do not
            }
          }
        }
      });

  value_migration made;
  made.currency = lines.currency;
  made.decimals = lines.decimals;
  made.method = options.method;
  made.classes = by_amounts ? given.size() + 1 : shares.size();
  for (const wide_integer one : unapplied)
    made.unapplied_credit += one;
  made.cells.resize((made.classes + 2) * (made.classes + 1));
  std::vector<detail::class_bounds> bounds;
  for (std::size_t i = 0; i < 2; ++i) {
    if (i == 1 && options.bounds == migration_bounds::before) {
      bounds.push_back(bounds.front());
    } else if (by_amounts) {
      bounds.emplace_back(given);
    } else {
      std::vector<std::int64_t> amounts;
      for (const detail::periods_of_customer& one : found) {
        if (one.ordered[i])
          amounts.push_back(one.amount[i]);
      }
      bounds.push_back(detail::class_bounds::of(options.method, shares, amounts));
    }
    made.periods[i].resize(made.classes);
    for (const detail::periods_of_customer& one : found) {
      if (!one.ordered[i])
        continue;
      migration_class& own = made.periods[i][bounds[i].class_of(one.amount[i])];
      own.smallest = own.customers == 0 ? one.amount[i] : std::min(own.smallest, one.amount[i]);
      own.largest = std::max(own.largest, one.amount[i]);
      own.amount += one.amount[i];
      ++own.customers;
    }
  }

  for (std::size_t place = 0; place < found.size(); ++place) {
    const detail::periods_of_customer& one = found[place];
    if (!one.known)
      continue;
    value_migration::of_customer row{.before = one.amount[0], .after = one.amount[1]};
    row.from = one.ordered[0]                       ? bounds[0].class_of(one.amount[0])
               : one.first <= options.compared.last ? made.no_order()
                                                    : made.fresh();
    row.to = one.ordered[1] ? bounds[1].class_of(one.amount[1]) : made.no_order();
    if (!one.ordered[1])
      row.move = one.ordered[0] ? migration_move::lost : migration_move::absent;
    else if (!one.ordered[0])
      row.move = row.from == made.fresh() ? migration_move::fresh : migration_move::won_back;
    else
      row.move = row.to < row.from   ? migration_move::upgraded
                 : row.to > row.from ? migration_move::downgraded
                                     : migration_move::stable;
    made.cells[row.from * (made.classes + 1) + row.to].add(row.before, row.after);
    made.moves[static_cast<std::size_t>(row.move)].add(row.before, row.after);
    made.total.add(row.before, row.after);
    made.names.push_back(from.customers()[lines.customers[place]]);
    made.customers.push_back(row);
  }
  return made;
}

} // namespace emptor::value
