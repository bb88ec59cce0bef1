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
#include <emptor/core/table.hpp>
#include <emptor/value/concentration.hpp>
#include <emptor/value/money_lines.hpp>

/// The tables of value.concentration.
namespace emptor::value {

/// What tiers are shares of.
enum class tier_basis : std::int32_t { customers = 0, amount = 1 };
inline constexpr std::string_view tier_basis_names[] = {"customers", "amount"};

/// How many classes have a letter.
inline constexpr std::size_t most_classes = 26;

struct concentration_options {
  class_cuts classes;
  class_cuts tiers;
  std::vector<std::string> tier_names;
  tier_basis tiers_of = tier_basis::customers;
  crossing rule = crossing::upper;
  std::vector<std::int64_t> top;    ///< shares of the customers, in billionths
  std::vector<std::int64_t> needed; ///< shares of the total, in billionths
  std::int64_t groups = 10;
  std::int64_t points = 100;
  std::int64_t head = 200'000'000; ///< share of the customers, in billionths
};

/// The totals of customers, in the order of their bytes, and what is left out of them.
struct concentration_rows {
  std::vector<std::int64_t> amounts; ///< minor units
  std::vector<std::int64_t> orders;
  int decimals = 2;
  std::string code; ///< of the currency
  std::int64_t without_order = 0;
  wide_integer without_order_amount = 0;
  wide_integer unapplied_credit = 0;
};

/// Whether there is anything to share.
enum class concentration_state : std::int32_t {
  computed = 0,
  no_customers = 1,
  nothing_to_share = 2, ///< no customer has a total above 0
};
inline constexpr std::string_view concentration_states[] = {"computed", "no_customers", "nothing_to_share"};
inline constexpr std::string_view tail_parts[] = {"head", "tail"};

namespace detail {

/// Sums of customers who belong together.
struct concentration_sum {
  std::int64_t customers = 0;
  wide_integer amount = 0;   ///< of totals of 0 or more
  wide_integer negative = 0; ///< of the others
  std::int64_t orders = 0;
  std::int64_t one_order = 0;
  std::int64_t smallest = no_amount;
  std::int64_t largest = no_amount;
};

class concentration_writer {
public:
  concentration_writer(const concentration_rows& rows, const concentration_options& options)
      : rows_(rows)
      , options_(options)
      , scale_(static_cast<double>(power_of_ten(rows.decimals))) {
    std::vector<ranked_amount> all(rows.amounts.size());
    for (std::size_t i = 0; i < all.size(); ++i)
      all[i] = {rows.amounts[i], static_cast<std::uint32_t>(i)};
    ranked_ = ranked_amounts(std::move(all));
    orders_.reserve(size());
    for (const ranked_amount& one : ranked_.all())
      orders_.push_back(rows.orders[one.place]);
    classes_ = ranked_.classes_by_amount(options.classes, options.rule);
    std::fill(classes_.begin() + static_cast<std::ptrdiff_t>(ranked_.shared()), classes_.end(),
              static_cast<std::int32_t>(options.classes.size())); // those below 0
    tiers_ = options.tiers_of == tier_basis::amount ? ranked_.classes_by_amount(options.tiers, options.rule)
                                                    : ranked_.classes_by_count(options.tiers, options.rule);
  }

  /// The last table to be made: it takes what it needs.
  /// \param name_of the name of the customer at a place
  template <class NameOf>
  [[nodiscard]] table customers(const NameOf& name_of) && {
    const std::size_t count = size();
    text_buffer names;
    std::vector<std::int64_t> ranks(count);
    std::vector<std::int64_t> amounts(count);
    std::vector<double> shares(count, none);
    std::vector<double> cumulative(count, none);
    const math::real whole(static_cast<double>(ranked_.total()));
    constexpr std::size_t ahead = 32; // names that wait for memory together
    std::array<std::string_view, ahead> next;
    for (std::size_t i = 0; i < count; ++i) {
      const ranked_amount& one = ranked_.all()[i];
      if (i % ahead == 0) {
        for (std::size_t k = 0; k < std::min(ahead, count - i); ++k) {
          next[k] = name_of(ranked_.all()[i + k].place);
          __builtin_prefetch(next[k].data());
        }
      }
      names.push_back(next[i % ahead]);
      amounts[i] = one.amount;
      ranks[i] = i > 0 && ranked_.all()[i - 1].amount == one.amount ? ranks[i - 1]
                                                                    : static_cast<std::int64_t>(i) + 1;
      if (i >= ranked_.shared() || ranked_.total() == 0)
        continue;
      shares[i] = math::value_of(math::real(static_cast<double>(one.amount)) / whole);
      cumulative[i] = math::value_of(math::real(static_cast<double>(ranked_.top(i + 1))) / whole);
    }
    table made("customers");
    made.add(column::texts("customer", std::move(names)));
    made.add(column::integers("rank", std::move(ranks)));
    made.add(money("amount", std::move(amounts)));
    made.add(share("share", std::move(shares)));
    made.add(share("cumulative_share", std::move(cumulative)));
    made.add(column::codes("class", std::move(classes_), class_names()));
    made.add(column::codes("tier", std::move(tiers_), options_.tier_names));
    made.add(column::integers("orders", std::move(orders_), "orders"));
    return made;
  }

  [[nodiscard]] table classes() const { return of_classes("classes", "class", classes_, class_names()); }
  [[nodiscard]] table tiers() const { return of_classes("tiers", "tier", tiers_, options_.tier_names); }

  [[nodiscard]] table top_shares() const {
    sums made;
    std::vector<double> asked;
    for (const std::int64_t one : options_.top) {
      asked.push_back(math::value_of(math::real(static_cast<double>(one)) / 1e9));
      add(made, sum_of(0, floor_of_share(ranked_.shared(), one)));
    }
    table written("top_shares");
    written.add(share("top", std::move(asked)));
    put(written, made);
    return written;
  }
  [[nodiscard]] table needed() const {
    sums made;
    std::vector<double> asked;
    for (const std::int64_t one : options_.needed) {
      asked.push_back(math::value_of(math::real(static_cast<double>(one)) / 1e9));
      add(made, sum_of(0, ranked_.total() == 0 ? 0 : ranked_.needed(one)));
    }
    table written("needed");
    written.add(share("reached", std::move(asked)));
    put(written, made);
    return written;
  }

  /// Group g of n customers has the ranks from floor(n (g - 1) / groups) + 1 to floor(n g / groups).
  [[nodiscard]] table deciles() const {
    sums made;
    std::vector<std::int64_t> numbers;
    for (std::int64_t g = 1; g <= options_.groups; ++g) {
      numbers.push_back(g);
      add(made, sum_of(end_of_group(g - 1, options_.groups), end_of_group(g, options_.groups)));
    }
    table written("deciles");
    written.add(column::integers("decile", std::move(numbers)));
    put(written, made);
    written.add(money("smallest", std::move(made.smallest)).or_none());
    written.add(money("largest", std::move(made.largest)).or_none());
    return written;
  }

  /// From the smallest totals up, so that the curve lies below the line of equality.
  [[nodiscard]] table lorenz() const {
    std::vector<std::int64_t> customers;
    std::vector<double> customer_shares;
    std::vector<std::int64_t> amounts;
    std::vector<double> shares;
    for (std::int64_t point = 0; point <= options_.points && ranked_.total() > 0; ++point) {
      const std::size_t count = end_of_group(point, options_.points);
      if (!customers.empty() && customers.back() == static_cast<std::int64_t>(count))
        continue;
      customers.push_back(static_cast<std::int64_t>(count));
      customer_shares.push_back(
          signed_ratio(static_cast<std::int64_t>(count), static_cast<std::int64_t>(ranked_.shared())));
      amounts.push_back(ranked_.total() - ranked_.top(ranked_.shared() - count));
      shares.push_back(ranked_.share(amounts.back()));
    }
    table made("lorenz");
    made.add(column::integers("customers", std::move(customers)));
    made.add(share("customer_share", std::move(customer_shares)));
    made.add(money("amount", std::move(amounts)));
    made.add(share("share", std::move(shares)));
    return made;
  }

  [[nodiscard]] table long_tail() const {
    const std::size_t head = floor_of_share(ranked_.shared(), options_.head);
    sums made;
    add(made, sum_of(0, head));
    add(made, sum_of(head, ranked_.shared()));
    table written("long_tail");
    written.add(column::codes("part", {0, 1}, tail_parts));
    put(written, made);
    written.add(column::numbers("mean_amount", std::move(made.means), rows_.code).or_none());
    written.add(column::integers("orders", std::move(made.orders), "orders"));
    written.add(column::integers("one_order_customers", std::move(made.one_order)));
    return written;
  }

  [[nodiscard]] table summary() const {
    const concentration_indices indices = indices_of(ranked_);
    const concentration_sum all = sum_of(0, size());
    const auto count = static_cast<std::int64_t>(size());
    const auto shared = static_cast<std::int64_t>(ranked_.shared());
    const auto zero = std::count_if(ranked_.all().begin(), ranked_.all().end(),
                                    [](const ranked_amount& one) { return one.amount == 0; });
    const auto state = count == 0             ? concentration_state::no_customers
                       : ranked_.total() == 0 ? concentration_state::nothing_to_share
                                              : concentration_state::computed;
    table made("summary");
    made.add(column::codes("state", {static_cast<std::int32_t>(state)}, concentration_states));
    made.add(column::integers("customers", {count}));
    made.add(money("amount", {ranked_.total()}));
    made.add(column::integers("orders", {all.orders}, "orders"));
    made.add(column::integers("zero_customers", {zero}));
    made.add(column::integers("negative_customers", {count - shared}));
    made.add(money("negative_amount", {ranked_.negative_total()}));
    made.add(column::integers("one_order_customers", {all.one_order}));
    made.add(share("one_order_share", {signed_ratio(all.one_order, count)}));
    made.add(share("gini", {indices.gini}));
    made.add(share("gini_unbiased", {indices.gini_unbiased}));
    made.add(share("hhi", {indices.hhi}));
    made.add(share("normalised_hhi", {indices.normalised_hhi}));
    made.add(column::numbers("effective_customers", {indices.effective_customers}).or_none());
    made.add(column::numbers("median", {median_of(ranked_, scale_)}, rows_.code).or_none());
    made.add(column::numbers("mean", {mean_of(all)}, rows_.code).or_none());
    made.add(money("largest", {all.largest}).or_none());
    made.add(money("smallest", {all.smallest}).or_none());
    made.add(column::integers("without_order", {rows_.without_order}));
    made.add(money("without_order_amount", {fitting(rows_.without_order_amount)}));
    made.add(money("unapplied_credit", {fitting(rows_.unapplied_credit)}));
    return made;
  }

private:
  static constexpr double none = std::numeric_limits<double>::quiet_NaN();

  /// The columns that tables of sums share.
  struct sums {
    std::vector<std::int64_t> customers;
    std::vector<std::int64_t> amounts;
    std::vector<std::int64_t> negative;
    std::vector<std::int64_t> orders;
    std::vector<std::int64_t> one_order;
    std::vector<std::int64_t> smallest;
    std::vector<std::int64_t> largest;
    std::vector<double> means;

    void add(const concentration_sum& one, double mean) {
      means.push_back(mean);
      customers.push_back(one.customers);
      amounts.push_back(fitting(one.amount));
      negative.push_back(fitting(one.negative));
      orders.push_back(one.orders);
      one_order.push_back(one.one_order);
      smallest.push_back(one.smallest);
      largest.push_back(one.largest);
    }
  };

  [[nodiscard]] std::size_t size() const noexcept { return ranked_.all().size(); }
  [[nodiscard]] std::size_t end_of_group(std::int64_t group, std::int64_t of) const noexcept {
    return static_cast<std::size_t>(wide_integer{static_cast<std::int64_t>(ranked_.shared())} * group / of);
  }
  [[nodiscard]] static std::int64_t fitting(wide_integer sum) {
    return amount_of_all(sum, concentration_name);
  }
  void add_to(concentration_sum& into, std::size_t at) const {
    const std::int64_t amount = ranked_.all()[at].amount;
    ++into.customers;
    (amount < 0 ? into.negative : into.amount) += amount;
    into.orders += orders_[at];
    into.one_order += orders_[at] == 1 ? 1 : 0;
    into.smallest = amount; // they come from the largest down
    if (into.largest == no_amount)
      into.largest = amount;
  }
  [[nodiscard]] concentration_sum sum_of(std::size_t first, std::size_t end) const {
    concentration_sum made;
    for (std::size_t i = first; i < end; ++i)
      add_to(made, i);
    return made;
  }
  [[nodiscard]] double mean_of(const concentration_sum& of) const noexcept {
    return mean_amount(of.amount + of.negative, of.customers, rows_.decimals);
  }
  [[nodiscard]] column money(std::string name, std::vector<std::int64_t> amounts) const {
    return column::amounts(std::move(name), std::move(amounts), rows_.decimals, rows_.code);
  }
  [[nodiscard]] static column share(std::string name, std::vector<double> shares) {
    return column::numbers(std::move(name), std::move(shares), "share").or_none();
  }
  [[nodiscard]] std::vector<std::string> class_names() const {
    std::vector<std::string> names;
    for (std::size_t i = 0; i < options_.classes.size(); ++i)
      names.emplace_back(1, static_cast<char>('A' + static_cast<int>(i)));
    names.emplace_back("negative");
    return names;
  }
  void add(sums& into, const concentration_sum& one) const { into.add(one, mean_of(one)); }
  /// Customers and money, each with its share.
  void put(table& into, const sums& of) const {
    std::vector<double> customer_shares;
    std::vector<double> shares;
    for (std::size_t i = 0; i < of.customers.size(); ++i) {
      customer_shares.push_back(signed_ratio(of.customers[i], static_cast<std::int64_t>(ranked_.shared())));
      shares.push_back(ranked_.share(of.amounts[i]));
    }
    into.add(column::integers("customers", of.customers));
    into.add(share("customer_share", std::move(customer_shares)));
    into.add(money("amount", of.amounts));
    into.add(share("share", std::move(shares)));
  }
  [[nodiscard]] table of_classes(std::string name, std::string key, const std::vector<std::int32_t>& codes,
                                 const std::vector<std::string>& levels) const {
    std::vector<concentration_sum> found(levels.size());
    for (std::size_t i = 0; i < codes.size(); ++i)
      add_to(found[static_cast<std::size_t>(codes[i])], i);
    sums made;
    std::vector<std::int32_t> numbers;
    std::vector<double> customer_shares;
    std::vector<double> shares;
    for (std::size_t i = 0; i < levels.size(); ++i) {
      numbers.push_back(static_cast<std::int32_t>(i));
      add(made, found[i]);
      customer_shares.push_back(signed_ratio(found[i].customers, static_cast<std::int64_t>(size())));
      shares.push_back(ranked_.share(found[i].amount));
    }
    table written(std::move(name));
    written.add(column::codes(std::move(key), std::move(numbers), levels));
    written.add(column::integers("customers", std::move(made.customers)));
    written.add(share("customer_share", std::move(customer_shares)));
    written.add(money("amount", std::move(made.amounts)));
    written.add(share("share", std::move(shares)));
    written.add(money("negative_amount", std::move(made.negative)));
    written.add(column::numbers("mean_amount", std::move(made.means), rows_.code).or_none());
    written.add(money("smallest", std::move(made.smallest)).or_none());
    written.add(money("largest", std::move(made.largest)).or_none());
    written.add(column::integers("orders", std::move(made.orders), "orders"));
    return written;
  }

  const concentration_rows& rows_;
  const concentration_options& options_;
  double scale_;
  ranked_amounts ranked_;
  std::vector<std::int64_t> orders_;  ///< by rank
  std::vector<std::int32_t> classes_; ///< by rank; one behind the last of the options: total below 0
  std::vector<std::int32_t> tiers_;
};

} // namespace detail

/// \param name_of the name of the customer at a place
/// \throws error status::overflow
template <class NameOf>
[[nodiscard]] std::vector<table> concentration_tables(const concentration_rows& rows,
                                                      const concentration_options& options,
                                                      const NameOf& name_of) {
  detail::concentration_writer writer(rows, options);
  std::vector<table> made(1);
  made.push_back(writer.classes());
  made.push_back(writer.tiers());
  made.push_back(writer.top_shares());
  made.push_back(writer.needed());
  made.push_back(writer.deciles());
  made.push_back(writer.lorenz());
  made.push_back(writer.long_tail());
  made.push_back(writer.summary());
  made.front() = std::move(writer).customers(name_of);
  return made;
}

} // namespace emptor::value
