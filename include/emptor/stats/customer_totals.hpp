// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <bit>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/date.hpp>
#include <emptor/core/money.hpp>
#include <emptor/core/run.hpp>
#include <emptor/stats/lines_by_customer.hpp>
#include <emptor/stats/net_orders.hpp>
#include <emptor/stats/order_history.hpp>
#include <emptor/stats/radix_sort.hpp>

/// How many orders each customer placed, when the first and the last, and what is left of their money (客户订单汇总): what
/// scores and shares of customers start from.
///
/// The figures are those of the rules of net_orders.hpp, order by order. A customer without credit note and cancellation
/// (and, where documents are orders, without document) needs no netting: there an order is a day, and it is enough to
/// add up and to count different days. The lines go, 8 bytes each, into parts of some customers; within one, that fits
/// the cache, a bit for each customer and day, or a sort of the two where the days are many, tells which days were there
/// before. Time grows as the lines do.
namespace emptor::stats {

struct customer_totals_options {
  /// The first day that counts. Everything up to `until` is netted first, so that a credit note takes from the order it
  /// names also where that one is dated before; then orders before this day are left out.
  std::optional<date> from{};
  /// The last day that counts; by default the latest day of the history, and `customer_totals::far` tells whether that
  /// one lies far behind the others.
  std::optional<date> until{};
  stats::same_day same_day = stats::same_day::merge;
  stats::negative negative = stats::negative::net;
  std::optional<emptor::currency> currency{}; ///< only lines of this currency
};

/// One place a customer of whom an order is left, sorted by the bytes of the customer.
///
/// lines: counted = later + cancelled + cancellations + ordered + credit_notes; amounts: the same without cancellations,
/// and ordered + credit_notes = earlier + the sum of `amount` - unapplied_credit, to the minor unit.
struct customer_totals {
  date until{};
  std::optional<far_lines> far; ///< where `until` is the day of such lines, because no option set it
  emptor::currency currency;
  int decimals = 2;

  std::vector<std::uint32_t> customer; ///< number in `order_history::customers()`
  std::vector<std::int64_t> orders;    ///< at least 1
  std::vector<std::int64_t> amount;    ///< of the orders, in minor units; >= 0 unless with negative::keep
  std::vector<std::int64_t> unapplied; ///< credit that found no order, >= 0
  std::vector<std::int32_t> first;     ///< day of the first order
  std::vector<std::int32_t> last;      ///< day of the last order
  /// Customers without an order left from the first day on who have a line dated from then on, or credit that found no
  /// order; by bytes.
  std::vector<std::uint32_t> without_order;
  std::vector<std::int64_t> without_order_unapplied; ///< their credit that found no order

  line_total counted; ///< all
  line_total later;   ///< dated after `until`
  line_total cancelled;
  line_total ordered; ///< before credit notes
  line_total credit_notes;
  std::int64_t cancellations = 0;
  std::int64_t open_cancellations = 0; ///< those that found no document of their customer
  std::int64_t in_other_currencies = 0;
  wide_integer earlier = 0;          ///< what is left of orders before the first day that counts
  wide_integer unapplied_credit = 0; ///< of all customers, also of those without an order

  [[nodiscard]] std::size_t size() const noexcept { return customer.size(); }
  [[nodiscard]] wide_integer total() const noexcept {
    wide_integer sum = 0;
    for (const std::int64_t one : amount)
      sum += one;
    return sum;
  }
};

namespace detail {

/// What is known of one customer.
struct customer_total {
  std::int64_t amount = 0;
  std::int32_t first = std::numeric_limits<std::int32_t>::max();
  std::int32_t last = std::numeric_limits<std::int32_t>::min();
  std::int64_t orders = 0;
};

/// Adds up customers whose lines are plain: there is nothing to net.
///
/// A line is held in 64 bits: from the lowest its day, after the first; its customer, among those of the part; and its
/// amount, in what is left.
class plain_totals {
public:
  /// \param customers  how many the history has
  /// \param lines      how many it has at most
  /// \param first      day of all lines
  /// \param last       day of all lines
  plain_totals(std::size_t customers, std::size_t lines, std::int32_t first, std::int32_t last)
      : first_day_(first) {
    // So many that what a part needs stays in the second cache, and no more than there are pages that are found fast.
    constexpr std::size_t most_parts = 1024;
    constexpr std::size_t lines_per_part = 8192;
    const std::size_t wanted = std::clamp<std::size_t>(lines / lines_per_part, 1, most_parts);
    customer_bits_ = static_cast<int>(std::bit_width(customers / wanted));
    if (last > first)
      day_bits_ = static_cast<int>(
          std::bit_width(static_cast<std::uint64_t>(std::int64_t{last} - std::int64_t{first})));
    ends_.assign((customers >> customer_bits_) + 1, 0);
  }
  /// Whether an amount can be held: it is not below 0, and small enough. 32 bits for the customer and 23 for the day, which
  /// are more than there can be, leave 9.
  [[nodiscard]] bool holds(std::int64_t amount) const noexcept {
    return static_cast<std::uint64_t>(amount) >> (64 - customer_bits_ - day_bits_ - 1) >> 1 == 0;
  }
  void count(std::uint32_t customer) noexcept { ++ends_[customer >> customer_bits_]; }
  /// After all have been counted.
  void begin() {
    std::size_t total = 0;
    for (std::size_t& end : ends_)
      total += std::exchange(end, total);
    begins_ = ends_;
    lines_ = std::make_unique_for_overwrite<std::uint64_t[]>(total);
  }
  void add(std::uint32_t customer, std::int32_t day, std::int64_t amount) noexcept {
    const std::uint64_t place = customer & ((std::uint64_t{1} << customer_bits_) - 1);
    lines_[ends_[customer >> customer_bits_]++] =
        (static_cast<std::uint64_t>(amount) << customer_bits_ | place) << day_bits_ |
        static_cast<std::uint64_t>(day - first_day_);
  }
  [[nodiscard]] std::int64_t parts() const noexcept { return static_cast<std::int64_t>(ends_.size()); }

  /// \param into     by the number of the customer
  /// \param refused  takes the number of a customer whose amounts do not fit 64 bits
  /// \return all of them
  template <class Refused>
  line_total add_up(std::int64_t part, same_day rule, std::span<customer_total> into,
                    const Refused& refused) const {
    const auto which = static_cast<std::size_t>(part);
    const std::span<const std::uint64_t> lines(lines_.get() + begins_[which], ends_[which] - begins_[which]);
    const std::size_t lowest = std::min(which << customer_bits_, into.size());
    const std::span<customer_total> of_part =
        into.subspan(lowest, std::min(into.size() - lowest, std::size_t{1} << customer_bits_));
    const auto sum = [&] {
      wide_integer amount = 0;
      for (const customer_total& one : of_part)
        amount += one.amount;
      return amount;
    };
    const wide_integer before = sum();
    /// \param orders_of  how many orders a line adds to those of its customer and day
    const auto add_each = [&](const auto& orders_of) {
      const std::uint64_t days = (std::uint64_t{1} << day_bits_) - 1;
      for (const std::uint64_t line : lines) {
        const std::uint64_t key = key_of(line);
        const std::size_t place = key >> day_bits_;
        customer_total& one = of_part[place];
        const std::int32_t day = first_day_ + static_cast<std::int32_t>(key & days);
        one.orders += orders_of(key);
        one.first = std::min(one.first, day);
        one.last = std::max(one.last, day);
        if (__builtin_add_overflow(one.amount, static_cast<std::int64_t>(amount_of(line)), &one.amount))
          refused(static_cast<std::uint32_t>(lowest + place));
      }
    };
    const std::size_t places = of_part.size() << day_bits_;
    if (rule == same_day::keep) {
      add_each([](std::uint64_t /*key*/) { return std::int64_t{1}; });
    } else if (places / 64 <= lines.size()) {
      std::vector<std::uint64_t> seen(places / 64 + 1);
      add_each([&](std::uint64_t key) {
        std::uint64_t& word = seen[key / 64];
        const std::uint64_t fresh = ~(word >> key % 64) & 1U;
        word |= std::uint64_t{1} << key % 64;
        return static_cast<std::int64_t>(fresh);
      });
    } else {
      add_each([](std::uint64_t /*key*/) { return std::int64_t{0}; });
      count_days(lines, of_part);
    }
    return {static_cast<std::int64_t>(lines.size()), sum() - before};
  }

private:
  /// Customer and day.
  [[nodiscard]] std::uint64_t key_of(std::uint64_t line) const noexcept {
    return line & ((std::uint64_t{1} << (customer_bits_ + day_bits_)) - 1);
  }
  [[nodiscard]] std::uint64_t amount_of(std::uint64_t line) const noexcept {
    return line >> (customer_bits_ + day_bits_);
  }
  /// The different days of each customer.
  void count_days(std::span<const std::uint64_t> lines, std::span<customer_total> into) const {
    std::vector<std::uint64_t> keys(lines.size());
    std::transform(lines.begin(), lines.end(), keys.begin(),
                   [&](std::uint64_t line) { return key_of(line); });
    std::vector<std::uint64_t> room;
    radix_sort(
        std::span(keys), [](std::uint64_t key) { return key; }, room);
    keys.erase(std::unique(keys.begin(), keys.end()), keys.end());
    for (const std::uint64_t key : keys)
      ++into[key >> day_bits_].orders;
  }

  std::int32_t first_day_;
  int customer_bits_ = 0; ///< a part has 2^customer_bits_ customers
  int day_bits_ = 0;
  std::vector<std::size_t> begins_;
  std::vector<std::size_t> ends_;
  std::unique_ptr<std::uint64_t[]> lines_;
};

/// A customer of whom no order is left, or who has credit that found none.
struct odd_customer {
  std::uint32_t customer;
  std::int64_t unapplied;
};

/// Adds up all customers in one pass over the lines to count, one to put them together, and one over the parts.
/// \tparam Counts  whether a row of the history does
/// \param by_number  takes what is found, by the number of the customer
/// \return by the bytes of the customer
template <class Counts>
[[nodiscard]] std::vector<odd_customer>
add_up_customers(const order_history& from, const customer_totals_options& options,
                 const days_of_lines& all_days, const Counts& counts, const run& how, std::string_view where,
                 customer_totals& made, std::vector<customer_total>& by_number) {
  std::vector<odd_customer> odd;
  const order_history::lines lines = from.order_lines();
  const std::int32_t until = days_since_epoch(made.until);
  const std::span<const std::uint32_t> customers = std::span(lines.customer.held).first(lines.rows);
  const std::span<const std::int32_t> days = std::span(lines.day.held).first(lines.rows);
  const std::span<const std::int64_t> amounts = std::span(lines.amount.held).first(lines.rows);
  std::int32_t first = std::min(until, all_days.first); // the first day of those that count
  bool whole = all_days.last <= until;                  // no line is outside of the days
  if (const std::int32_t asked = options.from ? days_since_epoch(*options.from) : first; asked > first) {
    first = asked;
    whole = false;
  }
  const bool documents_matter = options.same_day == same_day::keep && !lines.document.held.empty();
  const bool some_cancel = !lines.cancels.held.empty();

  plain_totals plain(by_number.size(), lines.rows, first, until);
  std::vector<std::uint8_t> nets(by_number.size(), 0); // customers whose lines have to be netted
  bool some_net = false;
  bool all_plain = false;
  if (std::is_same_v<Counts, every_row> && whole && !documents_matter && !some_cancel) {
    // Nothing has to be looked at line by line, unless an amount turns up that cannot be held.
    for (const std::uint32_t customer : customers)
      plain.count(customer);
    how.check(0.1);
    plain.begin();
    constexpr std::size_t at_once = 4096;
    std::int64_t bits = 0; // all that one of the amounts has
    for (std::size_t next = 0; next < lines.rows && plain.holds(bits); next += at_once) {
      for (std::size_t row = next; row < std::min(next + at_once, lines.rows); ++row) {
        bits |= amounts[row];
        plain.add(customers[row], days[row], amounts[row]);
      }
    }
    all_plain = plain.holds(bits);
  }
  if (all_plain) {
    made.counted.lines = static_cast<std::int64_t>(lines.rows);
  } else {
    plain = plain_totals(by_number.size(), lines.rows, first, until);
    for (std::size_t row = 0; row < lines.rows; ++row) {
      if (!counts(row))
        continue;
      const std::int32_t day = days[row];
      const std::int64_t amount = amounts[row];
      ++made.counted.lines;
      if (day > until) {
        made.later.add(1, amount);
        continue;
      }
      const std::uint32_t customer = customers[row];
      if (!plain.holds(amount) || (some_cancel && lines.cancels[row] != id_pool::none) ||
          (documents_matter && lines.document[row] != id_pool::none)) {
        nets[customer] = 1;
        some_net = true;
      }
      if (day >= first)
        plain.count(customer);
    }
    how.check(0.1);
    plain.begin();
    for (std::size_t row = 0; row < lines.rows; ++row) {
      const std::int32_t day = days[row];
      if (day > until || !counts(row))
        continue;
      const std::uint32_t customer = customers[row];
      if (some_net && nets[customer] != 0)
        continue;
      if (day >= first) {
        plain.add(customer, day, amounts[row]);
      } else { // an order that nothing nets against
        made.ordered.add(1, amounts[row]);
        made.earlier += amounts[row];
      }
    }
  }
  how.check(0.3);

  if (some_net) {
    lines_by_customer netted(
        from, made.currency,
        [&](std::size_t row) {
          return nets[lines.customer[row]] != 0 && counts(row) && lines.day[row] <= until;
        },
        how);
    std::vector<net_history> sums(static_cast<std::size_t>(netted.parts()));
    std::vector<std::vector<odd_customer>> found(sums.size());
    std::vector<wide_integer> earlier(sums.size(), 0);
    for_each_task(netted.parts(), how, [&](std::int64_t part) {
      net_history& of_part = sums[static_cast<std::size_t>(part)];
      order_netting netting(from, {options.same_day, options.negative});
      netted.for_each_customer(part, [&](std::size_t place, std::span<order_line> of_customer) {
        try {
          const std::uint32_t customer = netted.customers[place];
          const bool has_lines = std::any_of(of_customer.begin(), of_customer.end(),
                                             [&](const order_line& line) { return line.day >= first; });
          const net_history& net = netting.net(of_customer, until, customer);
          customer_total& one = by_number[customer];
          for (const net_order& order : net.left) {
            if (order.day < first) {
              earlier[static_cast<std::size_t>(part)] += order.amount;
              continue;
            }
            one.first = std::min(one.first, order.day);
            one.last = order.day;
            one.amount += order.amount;
            ++one.orders;
          }
          if (net.unapplied_credit > 0 || (one.orders == 0 && has_lines))
            found[static_cast<std::size_t>(part)].push_back({customer, net.unapplied_credit});
          of_part.orders.add(net.orders);
          of_part.credit_notes.add(net.credit_notes);
          of_part.cancelled.add(net.cancelled);
          of_part.cancellations += net.cancellations;
          of_part.open_cancellations += net.open_cancellations;
        } catch (const error& refused) {
          throw error(refused.code(), std::string(where) + ": " + refused.what());
        }
      });
    });
    for (const std::vector<odd_customer>& part : found)
      odd.insert(odd.end(), part.begin(), part.end());
    for (const wide_integer part : earlier)
      made.earlier += part;
    for (const net_history& part : sums) {
      made.ordered.add(part.orders);
      made.credit_notes.add(part.credit_notes);
      made.cancelled.add(part.cancelled);
      made.cancellations += part.cancellations;
      made.open_cancellations += part.open_cancellations;
    }
    how.check(0.5);
  }

  std::vector<std::uint32_t> refused(static_cast<std::size_t>(plain.parts()), id_pool::none);
  std::vector<line_total> sums(refused.size());
  const auto name = [&](std::uint32_t customer) { return from.customers()[customer]; };
  const auto comes_first = [&](std::uint32_t customer, std::uint32_t other) {
    return other == id_pool::none || name(customer) < name(other);
  };
  for_each_task(plain.parts(), how, [&](std::int64_t part) {
    std::uint32_t& smallest = refused[static_cast<std::size_t>(part)];
    sums[static_cast<std::size_t>(part)] =
        plain.add_up(part, options.same_day, by_number, [&](std::uint32_t customer) {
          if (comes_first(customer, smallest))
            smallest = customer;
        });
  });
  std::uint32_t smallest = id_pool::none;
  for (const std::uint32_t customer : refused) {
    if (customer != id_pool::none && comes_first(customer, smallest))
      smallest = customer;
  }
  if (smallest != id_pool::none)
    throw error(status::overflow, std::string(where) + ": the amounts of customer " +
                                      std::string(name(smallest)) + " do not fit 64 bits");
  for (const line_total& part : sums)
    made.ordered.add(part);
  return odd;
}

} // namespace detail

/// \param keys  only these customers; nullopt = all
/// \param where begins every message
/// \return the same for any order and split of pushes and any number of threads
/// \throws error status::option (from after until), status::conflict, status::currency, status::overflow,
///         status::data (negative::refuse), status::cancelled
[[nodiscard]] inline customer_totals
total_customers(const order_history& from, const customer_totals_options& options = {}, const run& how = {},
                const std::optional<std::vector<std::string>>& keys = std::nullopt,
                std::string_view where = order_history_description.name) {
  customer_totals made;
  const days_of_lines days = days_of(from);
  made.until = options.until ? *options.until : days.none() ? date{} : date_from_days(days.last);
  if (!options.until)
    made.far = far_lines_of(from, days);
  if (options.from && options.until && *options.from > *options.until)
    throw error(status::option, message(where, "option since", -1, to_string(*options.from),
                                        "no later than " + to_string(*options.until)));
  const counted_lines counted(from, options.currency, keys, where);
  made.currency = counted.currency();
  made.decimals = from.decimals(made.currency);
  made.in_other_currencies = counted.in_other_currencies();
  how.check(0.0);
  std::vector<detail::customer_total> by_number(from.customers().size());
  const std::vector<detail::odd_customer> odd = counted.with([&](const auto& counts) {
    return detail::add_up_customers(from, options, days, counts, how, where, made, by_number);
  });
  made.counted.amount =
      made.later.amount + made.cancelled.amount + made.ordered.amount + made.credit_notes.amount;

  made.customer = from.customers().sorted();
  std::size_t kept = 0;
  for (const std::uint32_t number : made.customer) {
    made.customer[kept] = number;
    kept += by_number[number].orders > 0 ? std::size_t{1} : 0;
  }
  made.customer.resize(kept);
  for (auto* const values : {&made.orders, &made.amount, &made.unapplied})
    values->resize(kept);
  for (auto* const values : {&made.first, &made.last})
    values->resize(kept);
  constexpr std::size_t ahead = 16; // places that wait for memory together
  for (std::size_t i = 0; i < kept; ++i) {
    if (i + ahead < kept)
      __builtin_prefetch(&by_number[made.customer[i + ahead]]);
    const detail::customer_total& one = by_number[made.customer[i]];
    made.orders[i] = one.orders;
    made.amount[i] = one.amount;
    made.first[i] = one.first;
    made.last[i] = one.last;
  }
  std::size_t place = 0;
  for (const detail::odd_customer& one : odd) { // both in the order of their bytes
    made.unapplied_credit += one.unapplied;
    if (by_number[one.customer].orders == 0) {
      made.without_order.push_back(one.customer);
      made.without_order_unapplied.push_back(one.unapplied);
      continue;
    }
    while (made.customer[place] != one.customer)
      ++place;
    made.unapplied[place] = one.unapplied;
  }
  how.check(0.9);
  return made;
}

} // namespace emptor::stats
