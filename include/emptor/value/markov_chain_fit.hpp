// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <mutex>
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
#include <emptor/stats/calendar_periods.hpp>
#include <emptor/stats/lines_by_customer.hpp>
#include <emptor/stats/markov_chain.hpp>
#include <emptor/stats/net_orders.hpp>
#include <emptor/stats/share_interval.hpp>
#include <emptor/value/customer_orders.hpp>
#include <emptor/value/day_range.hpp>
#include <emptor/value/markov_chain.hpp>

/// A Markov chain of customers from their orders (由订单历史估计转移概率): states by the periods since the last order and, where
/// asked for, the number of orders and the money so far (RFM cells); how often customers went from one to another.
///
/// A customer is looked at at the end of each period from that of his first order on. Recency 1 is an order in the period that
/// ends, recency r none in the last r - 1 periods; behind the largest recency he is lost. Where lost is absorbing, an
/// order of somebody who is lost begins anew at recency 1 and is no transition; else lost is a state as any other, with a way
/// back. Frequency counts all his orders up to the end of the period, and money is what is left of them.
namespace emptor::value {

enum class lost_state : std::int32_t { absorbing = 0, open = 1 };
inline constexpr std::string_view lost_state_names[] = {"absorbing", "open"};

struct chain_fit_options {
  std::string period = "month"; ///< month, quarter, year, or a number of days
  /// Transitions count from the end of the period with this day on; by default that of the first order.
  std::optional<date> from;
  /// Up to the end of the last period that ends on this day or before; by default the latest day of the history, and
  /// `fitted_chain::far` tells whether that one lies far behind the others.
  std::optional<date> until;
  std::int64_t max_recency = 12;               ///< behind it a customer is lost
  std::vector<std::int64_t> frequency_from{1}; ///< the fewest orders of each class, the first of them 1
  std::vector<double> monetary_from{
      0.0}; ///< the least money of each class, in whole units, the first of them 0
  lost_state lost = lost_state::absorbing;
  double prior = 0.0;         ///< what each transition that can be counts beside those that were
  double margin_rate = 1.0;   ///< of the amounts
  double contact_cost = 0.0;  ///< of a customer and period, where he is not lost for good
  double organic_share = 0.0; ///< of the probability of an order, that is left where nobody contacts him
  stats::same_day same_day = stats::same_day::merge;
  stats::negative negative = stats::negative::net;
  std::optional<emptor::currency> currency;
};

/// A chain with what it was counted from.
struct fitted_chain {
  markov_chain chain;
  stats::transition_counts counts;
  std::vector<std::int64_t> customers; ///< in each state at the end of the last period
  std::int64_t all_customers = 0;      ///< with an order up to that day
  std::int64_t restarts = 0;           ///< orders of customers who were lost for good
  std::int64_t periods = 0;            ///< between the first end of a period that counts and the last
  std::int32_t first_end = 0;
  std::int32_t last_end = 0;
  date until{};
  std::optional<stats::far_lines> far; ///< where `until` is the day of such lines, because no option set it
  emptor::currency currency;
};

/// The states of a chain by recency, frequency and money, and their places. A class is one of frequency with one of money.
class recency_states {
public:
  /// \param monetary_from minor units, and the same in whole units
  recency_states(std::int64_t max_recency, std::vector<std::int64_t> frequency_from,
                 std::vector<std::int64_t> monetary_from, std::vector<double> monetary_units)
      : recencies_(static_cast<std::size_t>(max_recency))
      , frequency_(std::move(frequency_from))
      , monetary_(std::move(monetary_from))
      , units_(std::move(monetary_units)) {}
  [[nodiscard]] std::size_t recencies() const noexcept { return recencies_; }
  [[nodiscard]] std::size_t classes() const noexcept { return frequency_.size() * monetary_.size(); }
  [[nodiscard]] std::size_t count() const noexcept { return recencies_ * classes() + 1; }
  [[nodiscard]] std::size_t lost() const noexcept { return count() - 1; }
  /// \param recency from 1 on; behind the largest it is `lost`
  [[nodiscard]] std::size_t place(std::size_t recency, std::size_t of_class) const noexcept {
    return recency > recencies_ ? lost() : (recency - 1) * classes() + of_class;
  }
  [[nodiscard]] std::size_t class_of(std::int64_t orders, wide_integer money) const noexcept {
    std::size_t frequency = 0;
    while (frequency + 1 < frequency_.size() && frequency_[frequency + 1] <= orders)
      ++frequency;
    std::size_t monetary = 0;
    while (monetary + 1 < monetary_.size() && monetary_[monetary + 1] <= money)
      ++monetary;
    return frequency * monetary_.size() + monetary;
  }
  /// Whether orders may lead from a class to another: to more orders, and to no less money.
  [[nodiscard]] bool may_follow(std::size_t before, std::size_t after) const noexcept {
    return after / monetary_.size() >= before / monetary_.size() &&
           after % monetary_.size() >= before % monetary_.size();
  }
  /// The fewest orders of a class.
  [[nodiscard]] std::int64_t frequency(std::size_t of_class) const noexcept {
    return frequency_[of_class / monetary_.size()];
  }
  /// The least money of a class in whole units; nothing where there are no classes of money.
  [[nodiscard]] std::optional<double> monetary(std::size_t of_class) const noexcept {
    return monetary_.size() > 1 ? std::optional(units_[of_class % monetary_.size()]) : std::nullopt;
  }
  [[nodiscard]] chain_state state(std::size_t which) const {
    chain_state made;
    if (which == lost()) {
      made.name = "lost";
      made.recency = static_cast<std::int64_t>(recencies_) + 1;
      return made;
    }
    const auto recency = static_cast<std::int64_t>(which / classes()) + 1;
    made.name = "recency " + std::to_string(recency);
    made.recency = recency;
    made.order = recency == 1;
    if (frequency_.size() > 1) {
      made.frequency = frequency(which % classes());
      made.name += ", frequency " + std::to_string(*made.frequency);
    }
    made.monetary = monetary(which % classes());
    if (made.monetary)
      made.name += ", monetary " + to_text(*made.monetary);
    return made;
  }

private:
  std::size_t recencies_;
  std::vector<std::int64_t> frequency_;
  std::vector<std::int64_t> monetary_;
  std::vector<double> units_;
};

namespace detail {

/// Orders of one customer in one class, by period: their number and their amount.
struct chain_orders {
  std::int64_t periods = 0;
  wide_integer amount = 0;
};

/// What customers did, as counts that add up.
struct chain_tally {
  std::vector<std::int64_t> quiet;   ///< by state: periods without an order that followed
  std::vector<std::int64_t> ordered; ///< by state and class: those with one
  std::vector<std::int64_t> customers;
  std::vector<std::vector<chain_orders>> orders; ///< by class, one of each customer who has some
  std::int64_t all_customers = 0;
  std::int64_t restarts = 0;

  explicit chain_tally(const recency_states& states)
      : quiet(states.count(), 0)
      , ordered(states.count() * states.classes(), 0)
      , customers(states.count(), 0)
      , orders(states.classes()) {}
  void add(const chain_tally& other) {
    const auto sum = [](std::vector<std::int64_t>& into, const std::vector<std::int64_t>& from) {
      for (std::size_t i = 0; i < into.size(); ++i)
        into[i] += from[i];
    };
    sum(quiet, other.quiet);
    sum(ordered, other.ordered);
    sum(customers, other.customers);
    for (std::size_t i = 0; i < orders.size(); ++i)
      orders[i].insert(orders[i].end(), other.orders[i].begin(), other.orders[i].end());
    all_customers += other.all_customers;
    restarts += other.restarts;
  }
};

/// Follows one customer after another from the end of one period to the end of the next.
class chain_walk {
public:
  chain_walk(const recency_states& states, const stats::calendar_periods& periods, lost_state lost,
             std::int32_t first, std::int32_t last)
      : states_(states)
      , periods_(periods)
      , lost_(lost)
      , first_(first)
      , last_(last)
      , own_(states.classes())
      , tally(states) {}

  /// \param orders ascending by day, dated in the last period or before
  void follow(std::span<const stats::net_order> orders) {
    if (orders.empty())
      return;
    std::fill(own_.begin(), own_.end(), chain_orders{});
    std::int64_t seen = 0;
    wide_integer money = 0;
    std::int32_t before = 0; // the last period with an order
    std::size_t of_class = 0;
    for (std::size_t at = 0; at < orders.size();) {
      const std::int32_t period = periods_.number_of(orders[at].day);
      const std::int32_t end = periods_.last_day_of(period);
      wide_integer amount = 0;
      const std::int64_t known = seen;
      for (; at < orders.size() && orders[at].day <= end; ++at, ++seen)
        amount += orders[at].amount;
      money += amount;
      const std::size_t next_class = states_.class_of(seen, money);
      if (known > 0)
        leave(before, period, of_class, next_class);
      if (period >= first_) {
        ++own_[next_class].periods;
        own_[next_class].amount += amount;
      }
      before = period;
      of_class = next_class;
    }
    stay(before, last_, of_class);
    ++tally.customers[states_.place(recency_at(before, last_), of_class)];
    ++tally.all_customers;
    for (std::size_t i = 0; i < own_.size(); ++i) {
      if (own_[i].periods > 0)
        tally.orders[i].push_back(own_[i]);
    }
  }

private:
  [[nodiscard]] std::size_t recency_at(std::int32_t ordered, std::int32_t period) const noexcept {
    return std::min(static_cast<std::size_t>(std::int64_t{period} - ordered) + 1, states_.recencies() + 1);
  }
  /// No order from the end of one period with an order up to the end of another.
  void stay(std::int32_t ordered, std::int32_t end, std::size_t of_class) {
    const std::int64_t steps = std::int64_t{end} - ordered;
    const auto held = static_cast<std::int64_t>(states_.recencies());
    for (std::int64_t step = std::max<std::int64_t>(std::int64_t{first_} - ordered, 0);
         step < std::min(steps, held); ++step)
      ++tally.quiet[states_.place(static_cast<std::size_t>(step) + 1, of_class)];
    if (lost_ == lost_state::open)
      tally.quiet[states_.lost()] +=
          std::max<std::int64_t>(steps - std::max(held, std::int64_t{first_} - ordered), 0);
  }
  /// The way from one period with an order to the next.
  void leave(std::int32_t before, std::int32_t period, std::size_t of_class, std::size_t next_class) {
    stay(before, period - 1, of_class);
    const std::size_t from = states_.place(recency_at(before, period - 1), of_class);
    if (period - 1 < first_)
      return;
    if (from == states_.lost() && lost_ == lost_state::absorbing)
      ++tally.restarts;
    else
      ++tally.ordered[from * states_.classes() + next_class];
  }

  const recency_states& states_;
  const stats::calendar_periods& periods_;
  lost_state lost_;
  std::int32_t first_; ///< the first period from whose end a transition counts
  std::int32_t last_;
  std::vector<chain_orders> own_;

public:
  chain_tally tally;
};

[[noreturn]] inline void refuse_chain(status why, const std::string& text) {
  throw error(why, std::string(markov_chain_name) + ": " + text);
}

inline void check_chain_options(const chain_fit_options& options) {
  const std::vector<std::int64_t>& classes = options.frequency_from;
  if (classes.empty() || classes.front() != 1 ||
      std::adjacent_find(classes.begin(), classes.end(), std::greater_equal<>{}) != classes.end())
    refuse_chain(status::option, "option frequency_from must begin with 1 and grow");
  const std::vector<double>& money = options.monetary_from;
  if (money.empty() || money.front() != 0.0 ||
      std::adjacent_find(money.begin(), money.end(), std::greater_equal<>{}) != money.end())
    refuse_chain(status::option, "option monetary_from must begin with 0 and grow");
  const wide_integer states = static_cast<wide_integer>(classes.size()) *
                                  static_cast<std::int64_t>(money.size()) * options.max_recency +
                              1;
  if (states > most_chain_states)
    refuse_chain(status::option, "options max_recency, frequency_from and monetary_from make " +
                                     to_text(static_cast<double>(states)) +
                                     " states, but must make at most " + std::to_string(most_chain_states));
  if (options.from && options.until && *options.until < *options.from)
    throw error(status::option, message(markov_chain_name, "option until", -1, to_string(*options.until),
                                        "not before since, " + to_string(*options.from)));
}

/// \throws error status::option for an amount that is no whole number of minor units
[[nodiscard]] inline std::vector<std::int64_t> monetary_classes(std::span<const double> from, int decimals) {
  std::vector<std::int64_t> made;
  for (const double one : from) {
    made.push_back(0);
    if (const row_status read = minor_units_of(one, decimals, made.back()); read != row_status::ok)
      throw error(status::option,
                  message(markov_chain_name, "option monetary_from", -1, to_text(one), must_be(read)));
  }
  return made;
}

} // namespace detail

/// The chain of a history's customers.
///
/// The probability of a transition is its count over the departures from the state, with `prior` added to the count of each
/// transition that can be: to the next recency, and to recency 1 of the customer's classes of frequency and money or higher ones. The
/// reward of recency 1 is the mean of what customers ordered in a period in which they came there, first orders included,
/// times the margin rate; its standard error takes customers as what is drawn (stats::ratio_of_sums). With an organic share,
/// who is not contacted orders with that share of the probability, and stays without an order else; without it he is gone.
///
/// The first period is the one with the day `from` in it, with its days before that too, and the last one the last that ends on
/// `until` or before. States in which nobody ever was have no probabilities.
/// \param keys only these customers; nullopt = all
/// \return the same bits for any order and split of pushes and any number of threads
/// \throws error status::option, status::too_few where the window has no transition, or where somebody is in a state at its end
///         that nobody has left in it; as `stats::by_customer` and order_netting
[[nodiscard]] inline fitted_chain
fit_markov_chain(const stats::order_history& from, const chain_fit_options& options = {}, const run& how = {},
                 const std::optional<std::vector<std::string>>& keys = std::nullopt) {
  detail::check_chain_options(options);
  stats::lines_by_customer lines = stats::by_customer(from, options.currency, keys, markov_chain_name, how);
  fitted_chain made;
  made.until = options.until ? *options.until : stats::last_day_of(from).value_or(date{});
  if (!options.until)
    made.far = stats::far_lines_of(from);
  const std::int32_t until = days_since_epoch(made.until);
  const stats::calendar_periods periods = stats::read_periods(markov_chain_name, options.period, until);
  const std::int32_t last = periods.number_of(until + 1) - 1;
  const std::int32_t end = periods.last_day_of(last);

  // The first period that counts: that of `from`, or that of the first order.
  const std::optional<std::int32_t> begin =
      options.from ? std::optional(days_since_epoch(*options.from)) : first_day_of(from);
  const std::int32_t first = begin ? std::min(periods.number_of(*begin), last) : last;

  const recency_states states(options.max_recency, options.frequency_from,
                              detail::monetary_classes(options.monetary_from, lines.decimals),
                              options.monetary_from);
  detail::chain_tally whole(states);
  // Many states take much room: some parts share it.
  struct shared_walk {
    std::mutex guard;
    std::optional<detail::chain_walk> walk;
  };
  std::vector<shared_walk> walks(static_cast<std::size_t>(std::clamp<std::int64_t>(lines.parts(), 1, 32)));
  for_each_customer_orders(from, lines, {options.same_day, options.negative}, end, markov_chain_name, how,
                           [&](std::size_t part, std::size_t /*place*/, const stats::net_history& net) {
                             shared_walk& own = walks[part % walks.size()];
                             const std::lock_guard lock(own.guard);
                             if (!own.walk)
                               own.walk.emplace(states, periods, options.lost, first, last);
                             own.walk->follow(net.left);
                           });
  for (const shared_walk& one : walks) {
    if (one.walk)
      whole.add(one.walk->tally); // counts and clusters, of which no order matters
  }

  const std::size_t n = states.count();
  const std::size_t lost = states.lost();
  made.currency = lines.currency;
  made.counts = stats::transition_counts(n);
  made.customers = whole.customers;
  made.all_customers = whole.all_customers;
  made.restarts = whole.restarts;
  made.periods = last - first;
  made.first_end = periods.last_day_of(first);
  made.last_end = end;
  markov_chain& chain = made.chain;
  chain.known.assign(n, false);
  chain.moves_uncontacted.assign(n, false);
  chain.contacted = stats::transition_matrix(n);
  chain.uncontacted = stats::transition_matrix(n);
  std::int64_t transitions = 0;
  for (std::size_t i = 0; i < n; ++i) {
    chain.states.push_back(states.state(i));
    const std::size_t recency = i == lost ? states.recencies() + 1 : i / states.classes() + 1;
    const std::size_t of_class = i == lost ? 0 : i % states.classes();
    made.counts.add(i, states.place(recency + 1, of_class), whole.quiet[i]);
    for (std::size_t to = 0; to < states.classes(); ++to)
      made.counts.add(i, states.place(1, to), whole.ordered[i * states.classes() + to]);
    chain.states[i].departures = made.counts.from(i);
    transitions += chain.states[i].departures;
  }
  if (transitions == 0)
    detail::refuse_chain(status::too_few,
                         "no customer is seen over two whole periods" +
                             (begin ? " up to " + to_string(date_from_days(end)) : std::string{}) +
                             "; a longer history, a later until or a shorter period answers it");

  const double scale = static_cast<double>(power_of_ten(lines.decimals));
  const auto as_reward = [&](double minor) {
    return math::value_of(math::real(minor) / scale * options.margin_rate);
  };
  stats::ratio_of_sums any;
  for (std::size_t k = 0; k < states.classes(); ++k) {
    for (const detail::chain_orders& one : whole.orders[k])
      any.add(one.periods, one.amount);
  }
  for (std::size_t k = 0; k < states.classes(); ++k) {
    stats::ratio_of_sums own;
    for (const detail::chain_orders& one : whole.orders[k])
      own.add(one.periods, one.amount);
    const stats::ratio_of_sums& mean = own.clusters() > 0 ? own : any;
    chain_state& at = chain.states[states.place(1, k)];
    at.reward = mean.clusters() > 0 ? as_reward(mean.value()) : 0.0;
    if (own.clusters() > 1)
      at.reward_error = math::abs(as_reward(math::value_of(sqrt(math::real(own.variance())))));
  }

  for (std::size_t i = 0; i < n; ++i) {
    const bool for_good = i == lost && options.lost == lost_state::absorbing;
    chain.states[i].cost = for_good ? 0.0 : options.contact_cost;
    if (for_good) {
      chain.known[i] = true;
      chain.contacted(i, i) = 1.0;
      continue;
    }
    const std::size_t own_class = i == lost ? 0 : i % states.classes();
    double targets = 1.0; // no order
    for (std::size_t to = 0; to < states.classes(); ++to)
      targets += states.may_follow(own_class, to) ? 1.0 : 0.0;
    const auto trials = static_cast<double>(chain.states[i].departures);
    const math::real all = math::real(trials) + math::real(options.prior) * targets;
    if (!(all > 0.0))
      continue;
    chain.known[i] = true;
    const std::size_t quiet =
        states.place(i == lost ? states.recencies() + 1 : i / states.classes() + 2, own_class);
    math::real orders(0.0);
    for (std::size_t to = 0; to < states.classes(); ++to) {
      const auto count = static_cast<double>(whole.ordered[i * states.classes() + to]);
      const math::real share =
          (math::real(count) + (states.may_follow(own_class, to) ? options.prior : 0.0)) / all;
      chain.contacted(i, states.place(1, to)) = math::value_of(share);
      orders += share;
    }
    const math::real none = (math::real(static_cast<double>(whole.quiet[i])) + options.prior) / all;
    chain.contacted(i, quiet) = math::value_of(none);
    if (options.organic_share > 0.0) {
      chain.moves_uncontacted[i] = true;
      for (std::size_t to = 0; to < states.classes(); ++to) {
        const std::size_t order = states.place(1, to);
        chain.uncontacted(i, order) =
            math::value_of(math::real(options.organic_share) * chain.contacted(i, order));
      }
      chain.uncontacted(i, quiet) =
          std::min(math::value_of(none + (math::real(1.0) - options.organic_share) * orders), 1.0);
    }
  }
  // Who is somewhere must be able to leave it.
  for (std::size_t i = 0; i < n; ++i) {
    for (std::size_t j = 0; j < n && chain.known[i]; ++j) {
      if (chain.contacted(i, j) > 0.0 && !chain.known[j])
        detail::refuse_chain(
            status::too_few,
            "nobody is seen a period after state " + chain.states[j].name + " up to " +
                to_string(date_from_days(end)) +
                ", so that nothing is known of where customers go from there; a smaller max_recency, "
                "fewer classes of frequency_from or monetary_from, a longer history or a prior above 0 "
                "answers it");
    }
  }
  return made;
}

} // namespace emptor::value
