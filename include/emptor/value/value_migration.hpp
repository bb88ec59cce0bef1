// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <functional>
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
#include <emptor/core/proportion.hpp>
#include <emptor/core/run.hpp>
#include <emptor/stats/lines_by_customer.hpp>
#include <emptor/stats/net_orders.hpp>
#include <emptor/value/narrow_amount.hpp>

/// Value migration (价值迁移): which customers rose or fell in value between two spans of time, who left, came or came back, and
/// how the change of revenue splits over these moves.
///
/// Both spans are read from the same netting (stats/net_orders.hpp, up to the end of the later one), so that an order belongs
/// to one span only and all sums agree. A customer's class in a span is that of what his orders in it come to.
namespace emptor::value {

inline constexpr std::string_view value_migration_name = "value.value_migration";

/// How classes are cut. A customer's class depends on what others have only through sums and counts: customers with equal
/// amounts have equal classes, whatever the order of rows.
enum class migration_method : std::int32_t {
  abc = 0,      ///< by the share of the span's revenue that customers with more than him have
  quantile = 1, ///< by the share of the span's customers who have more than him
  amounts = 2,  ///< by his amount
};
inline constexpr std::string_view migration_method_names[] = {"abc", "quantile", "amounts"};

/// Where the bounds of the later span come from.
enum class migration_bounds : std::int32_t { each = 0, before = 1 };
inline constexpr std::string_view migration_bounds_names[] = {"each", "before"};

/// What became of a customer.
enum class migration_move : std::int32_t {
  upgraded = 0,
  stable = 1,
  downgraded = 2,
  lost = 3,     ///< an order in the first span, none in the second
  won_back = 4, ///< none in the first, but one earlier
  fresh = 5,    ///< his first order came after the first span
  absent = 6,   ///< no order in either
};
inline constexpr std::string_view migration_moves[] = {"upgraded", "stable", "downgraded", "lost",
                                                       "won_back", "new",    "absent"};

/// A span of days, both of which belong to it.
struct day_span {
  std::int32_t from = 0;
  std::int32_t until = 0;
  [[nodiscard]] bool has(std::int32_t day) const noexcept { return from <= day && day <= until; }
};

struct migration_options {
  day_span before;
  day_span after;
  migration_method method = migration_method::abc;
  /// Growing shares of abc and quantile, or falling amounts; one fewer than classes.
  std::vector<double> cuts{0.8, 0.95};
  migration_bounds bounds = migration_bounds::each;
  stats::same_day same_day = stats::same_day::merge;
  stats::negative negative = stats::negative::net;
  std::optional<emptor::currency> currency;
};

/// A class of a span: the best is the first.
struct migration_class {
  std::int64_t customers = 0;
  wide_integer amount = 0;
  std::int64_t lowest = no_amount; ///< of its customers; none where it has none
  std::int64_t highest = no_amount;
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
  std::size_t classes = 0;
  std::vector<migration_class> spans[2]; ///< the classes of both, of all customers
  std::vector<migration_cell> cells;     ///< by from, then to
  std::vector<migration_cell> moves{std::size(migration_moves)};
  migration_cell total;
  text_buffer names; ///< customers with an order up to the end of the later span, by bytes
  std::vector<of_customer> customers;

  [[nodiscard]] std::size_t no_order() const noexcept { return classes; }
  [[nodiscard]] std::size_t fresh() const noexcept { return classes + 1; }
  [[nodiscard]] const migration_cell& cell(std::size_t from, std::size_t to) const noexcept {
    return cells[from * (classes + 1) + to];
  }
};

namespace detail {

/// The lowest amounts of all classes but the last.
class class_bounds {
public:
  explicit class_bounds(std::vector<std::int64_t> lowest)
      : lowest_(std::move(lowest)) {}

  /// \param amounts of the customers with an order in the span
  /// \throws error status::overflow
  [[nodiscard]] static class_bounds of(migration_method method, std::span<const std::int64_t> cuts,
                                       std::vector<std::int64_t> amounts) {
    if (method == migration_method::amounts)
      return class_bounds({cuts.begin(), cuts.end()});
    std::sort(amounts.begin(), amounts.end(), std::greater<>{});
    wide_integer all = 0;
    for (const std::int64_t one : amounts)
      all += one;
    const std::int64_t whole = method == migration_method::quantile
                                   ? static_cast<std::int64_t>(amounts.size())
                                   : narrow_amount(all, value_migration_name);
    std::vector<std::int64_t> lowest(cuts.size(), unreachable);
    wide_integer more = 0; // what those with larger amounts have
    for (std::size_t first = 0; first < amounts.size();) {
      std::size_t last = first;
      wide_integer own = 0;
      for (; last < amounts.size() && amounts[last] == amounts[first]; ++last)
        own += method == migration_method::quantile ? 1 : amounts[last];
      for (std::size_t i = 0; i < cuts.size() && whole > 0; ++i) {
        if (more * whole_share < static_cast<wide_integer>(cuts[i]) * whole)
          lowest[i] = amounts[first];
      }
      more += own;
      first = last;
    }
    return class_bounds(std::move(lowest));
  }
  [[nodiscard]] std::size_t class_of(std::int64_t amount) const noexcept {
    std::size_t found = 0;
    while (found < lowest_.size() && amount < lowest_[found])
      ++found;
    return found;
  }

private:
  static constexpr std::int64_t unreachable = std::numeric_limits<std::int64_t>::max();
  std::vector<std::int64_t> lowest_;
};

/// A customer's orders in both spans.
struct spans_of_customer {
  bool known = false; ///< has an order up to the end of the later one
  std::int32_t first = 0;
  bool ordered[2] = {};
  std::int64_t amount[2] = {};
};

} // namespace detail

/// \throws error status::option for spans that end before they begin or meet
inline void check_migration(const migration_options& options) {
  const auto shown = [](std::int32_t day) { return to_string(date_from_days(day)); };
  const auto refuse = [&](std::string_view option, std::int32_t is, std::string_view must) {
    throw error(status::option,
                message(value_migration_name, "option " + std::string(option), -1, shown(is), must));
  };
  if (options.before.until < options.before.from)
    refuse("before_until", options.before.until, "not before before_from, " + shown(options.before.from));
  if (options.after.from <= options.before.until)
    refuse("after_from", options.after.from, "after before_until, " + shown(options.before.until));
  if (options.after.until < options.after.from)
    refuse("after_until", options.after.until, "not before after_from, " + shown(options.after.from));
}

/// Classes that cuts may make, but one.
inline constexpr std::size_t most_migration_cuts = 20;

/// The cuts as whole numbers: shares as `decimal_share` has them, or minor units.
/// \throws error status::option for more than 20, for those that do not grow or fall, shares that are none, and amounts that are
///         no whole minor units
[[nodiscard]] inline std::vector<std::int64_t> migration_cuts(migration_method method,
                                                              std::span<const double> cuts, int decimals) {
  const auto refuse = [](const std::string& is, std::string_view must) {
    throw error(status::option, message(value_migration_name, "option cuts", -1, is, must));
  };
  if (cuts.empty() || cuts.size() > most_migration_cuts)
    refuse(std::to_string(cuts.size()) + " numbers", "1 to 20");
  std::vector<std::int64_t> made;
  for (const double one : cuts) {
    std::int64_t whole = 0;
    if (method == migration_method::amounts) {
      if (const row_status read = minor_units_of(one, decimals, whole); read != row_status::ok)
        refuse(to_text(one), must_be(read));
    } else if (one > 0.0 && one < 1.0) {
      whole = decimal_share(one);
    } else {
      refuse(to_text(one), "in (0, 1)");
    }
    if (!made.empty() && (method == migration_method::amounts ? whole >= made.back() : whole <= made.back()))
      refuse(to_text(one) + " after another", method == migration_method::amounts ? "below it" : "above it");
    made.push_back(whole);
  }
  return made;
}

/// From classes in one span to classes in another, with the money that moved.
///
/// abc: a customer is of class i where those with more than him have less than the i-th cut of the span's revenue, so that who
/// crosses a cut is still of the better class; quantile: the same with the span's customers. Where the span's revenue is not
/// above 0, all are of the last class of abc. amounts: class i from the i-th cut on. With bounds of `before` the later
/// span has the amounts that bound the classes of the first.
/// \param keys only these customers come out; classes are cut of all
/// \return the same bits for any order and split of pushes and any number of threads
/// \throws error as `check_migration`, `migration_cuts`, `stats::by_customer` and order_netting; status::overflow
[[nodiscard]] inline value_migration
find_value_migration(const stats::order_history& from, const migration_options& options, const run& how = {},
                     const std::optional<std::vector<std::string>>& keys = {}) {
  check_migration(options);
  stats::lines_by_customer lines =
      stats::by_customer(from, options.currency, std::nullopt, value_migration_name, how);
  const std::vector<std::int64_t> cuts = migration_cuts(options.method, options.cuts, lines.decimals);
  const day_span spans[] = {options.before, options.after};
  std::vector<detail::spans_of_customer> found(lines.customers.size());
  for_each_task(lines.parts(), how, [&](std::int64_t part) {
    stats::order_netting netting(from, {options.same_day, options.negative});
    lines.for_each_customer(part, [&](std::size_t place, std::span<stats::order_line> of_customer) {
      try {
        detail::spans_of_customer& one = found[place];
        for (const stats::net_order& order :
             netting.net(of_customer, options.after.until, lines.customers[place]).left) {
          if (!one.known)
            one.first = order.day;
          one.known = true;
          for (std::size_t i = 0; i < 2; ++i) {
            if (spans[i].has(order.day)) {
              one.ordered[i] = true;
              one.amount[i] += order.amount; // fits: netting refuses amounts that together do not
            }
          }
        }
      } catch (const error& refused) {
        throw error(refused.code(), std::string(value_migration_name) + ": " + refused.what());
      }
    });
  });

  value_migration made;
  made.currency = lines.currency;
  made.decimals = lines.decimals;
  made.classes = cuts.size() + 1;
  made.cells.resize((made.classes + 2) * (made.classes + 1));
  std::vector<detail::class_bounds> bounds;
  for (std::size_t i = 0; i < 2; ++i) {
    if (i == 1 && options.bounds == migration_bounds::before) {
      bounds.push_back(bounds.front());
    } else {
      std::vector<std::int64_t> amounts;
      for (const detail::spans_of_customer& one : found) {
        if (one.ordered[i])
          amounts.push_back(one.amount[i]);
      }
      bounds.push_back(detail::class_bounds::of(options.method, cuts, std::move(amounts)));
    }
    made.spans[i].resize(made.classes);
    for (const detail::spans_of_customer& one : found) {
      if (!one.ordered[i])
        continue;
      migration_class& own = made.spans[i][bounds[i].class_of(one.amount[i])];
      own.lowest = own.customers == 0 ? one.amount[i] : std::min(own.lowest, one.amount[i]);
      own.highest = std::max(own.highest, one.amount[i]);
      own.amount += one.amount[i];
      ++own.customers;
    }
  }

  std::vector<std::uint8_t> wanted(from.customers().size(), keys ? 0 : 1);
  for (const std::string& key : keys.value_or(std::vector<std::string>{})) {
    if (const std::uint32_t id = from.customers().find(id_pool::key_of(std::string_view(key)));
        id != id_pool::none)
      wanted[id] = 1;
  }
  for (std::size_t place = 0; place < found.size(); ++place) {
    const detail::spans_of_customer& one = found[place];
    if (!one.known || wanted[lines.customers[place]] == 0)
      continue;
    value_migration::of_customer row{.before = one.amount[0], .after = one.amount[1]};
    row.from = one.ordered[0]                      ? bounds[0].class_of(one.amount[0])
               : one.first <= options.before.until ? made.no_order()
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
