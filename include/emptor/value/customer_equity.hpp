// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/date.hpp>
#include <emptor/core/money.hpp>
#include <emptor/core/proportion.hpp>
#include <emptor/stats/calendar_periods.hpp>
#include <emptor/stats/customer_attribute.hpp>
#include <emptor/value/annuity.hpp>
#include <emptor/value/markov_chain.hpp>
#include <emptor/value/money_lines.hpp>
#include <emptor/value/summary.hpp>

/// Customer equity (客户资产, 客户权益): what the customers of a company have brought and will bring, together, by the period of
/// their first order and by what is known about them.
///
/// What a customer has brought is what is left of his orders times the margin, what he will bring the value of the state that a Markov chain
/// sees him in (markov_chain.hpp) less the reward of that state, which he has brought already. Each customer's figures are
/// rounded to the minor unit once, so that all sums over them are exact. That is the static equity of those who are
/// customers today; the dynamic one adds those who will be won by a plan.
///
/// Source: R. C. Blattberg, J. Deighton, Manage marketing by the customer equity test, Harvard Business Review 74(4), 1996;
/// static and dynamic equity: J. Villanueva, D. M. Hanssens, Customer equity: measurement, management and research
/// opportunities, Foundations and Trends in Marketing 1(1), 2007.
namespace emptor::value {

inline constexpr std::string_view customer_equity_name = "value.customer_equity";

/// Customers who will be won: the same number at the end of each period from the next on.
struct acquisition_plan {
  double customers = 0.0;              ///< a period
  double cost = 0.0;                   ///< of each
  std::optional<std::int64_t> periods; ///< none = without an end
};

struct equity_options {
  std::optional<date> until; ///< the last day that counts; by default the latest day of the history
  std::string period =
      "year";          ///< of the first order: month, quarter, year, or a number of days back from `until`
  std::string segment; ///< the label of an attribute of customers; empty = all are one segment
  double margin_rate = 1.0;
  std::optional<double> discount_rate; ///< a year; none = that of the chain's model
  std::optional<std::int64_t> horizon; ///< periods of the chain; none = without an end
  acquisition_plan plan;
  stats::same_day same_day = stats::same_day::merge;
  stats::negative negative = stats::negative::net;
  std::optional<emptor::currency> currency;
};

/// What customers have brought and will bring, in minor units.
struct equity_sum {
  std::int64_t customers = 0;
  std::int64_t active = 0; ///< those whom the chain does not take for lost
  std::int64_t unvalued =
      0; ///< those in a state that the chain does not know; what they will bring counts as 0
  wide_integer amount = 0;
  wide_integer margin = 0;
  wide_integer future = 0;

  [[nodiscard]] wide_integer equity() const noexcept { return margin + future; }
  void add(const equity_sum& other) noexcept {
    customers += other.customers;
    active += other.active;
    unvalued += other.unvalued;
    amount += other.amount;
    margin += other.margin;
    future += other.future;
  }
};

struct customer_equity {
  /// One a customer with an order, sorted by bytes.
  struct of_customer {
    std::int32_t cohort = 0;   ///< first day of the period of the first order
    std::uint32_t segment = 0; ///< place among `segments`
    std::size_t state = 0;     ///< of the chain; as many as there are where none is meant
    std::int64_t orders = 0;
    std::int64_t amount = 0; ///< minor units, as the others
    std::int64_t margin = 0;
    std::int64_t future = 0;
  };
  struct of_group {
    std::int32_t cohort = 0;
    std::uint32_t segment = 0;
    equity_sum sum;
  };
  date until{};
  std::optional<stats::far_lines> far; ///< where `until` is the day of such lines, because no option set it
  emptor::currency currency;
  int decimals = 2;
  text_buffer names; ///< of the customers
  std::vector<of_customer> customers;
  std::vector<std::string>
      segments; ///< by bytes; customers of whom nothing is said are in the last, which has no name
  bool last_is_unnamed = false;
  std::vector<of_group> groups; ///< by cohort, then segment
  equity_sum total;
  wide_integer unapplied_credit =
      0; ///< that found no order, of all customers, also of those without an order
  std::int64_t new_customer_value =
      0; ///< of one, in the class of least money, with the reward of his first order and before his acquisition
  std::int64_t acquisition_value = 0; ///< present value of the plan
};

namespace detail {

/// The present value of 1 at the end of each period. \throws error status::option where it has none
[[nodiscard]] inline double worth_of_plan(double rate, std::optional<std::int64_t> periods) {
  using math::real;
  const real excess = growth_over_rate(real(0.0), real(rate), rate_kind::effective);
  const real count = periods ? real(static_cast<double>(*periods)) : real(math::detail::infinity);
  const double sum = math::value_of(sum_of_powers(excess, count) / (1.0 + real(rate)));
  if (!std::isfinite(sum))
    throw error(status::option,
                std::string(customer_equity_name) +
                    ": new_customers without an end need a discount_rate above 0; set it or option "
                    "acquisition_periods");
  return sum;
}

} // namespace detail

/// The equity of a history's customers.
///
/// A customer's state is that of his periods since the last order, the one in which `until` lies counted as one that is over
/// (so best take the last day of a period), and of his orders so far. Customers of whom no order is left are none;
/// credit that found no order is in no amount, `unapplied_credit` tells it.
/// \param chain_model a model of value.markov_chain
/// \return the same bits for any order and split of pushes and any number of threads
/// \throws error status::option as `value_chain`, and for a plan without an end at rate 0; status::currency where the chain is
///         in another currency; status::too_few where the chain has no state for a new customer and the plan wins some;
///         status::overflow; as `summarise` and `stats::customer_attribute`
[[nodiscard]] inline customer_equity
find_customer_equity(const stats::order_history& from, const model& chain_model,
                     const equity_options& options = {}, const run& how = {},
                     const std::optional<std::vector<std::string>>& keys = {}) {
  const markov_chain chain = read_markov_chain(chain_model);
  const double yearly =
      options.discount_rate.value_or(parse_number(chain_model.option_text("discount_rate")).value_or(0.0));
  const double rate = rate_of_period(yearly, periods_of(chain_model).in_a_year());
  const chain_value value = value_chain(chain, rate, options.horizon, how);

  summary_options asked;
  asked.until = options.until;
  asked.same_day = options.same_day;
  asked.negative = options.negative;
  asked.currency = options.currency;
  summaries held = summarise(from, asked, how, keys, customer_equity_name);
  const std::string_view of_chain = chain_model.option_text("currency");
  if (!of_chain.empty() && held.currency.named() && held.currency.code() != of_chain)
    throw error(status::currency, std::string(customer_equity_name) + ": the chain is in " +
                                      std::string(of_chain) + ", but the orders are in " +
                                      std::string(held.currency.code()));

  customer_equity made;
  made.until = held.until;
  made.far = held.far;
  made.currency = held.currency;
  made.decimals = held.decimals;
  made.unapplied_credit = held.of(total::unapplied_credit).amount;
  const std::int32_t today = days_since_epoch(held.until);
  const stats::calendar_periods periods = periods_of(chain_model, today);
  const stats::calendar_periods cohorts = stats::read_periods(customer_equity_name, options.period, today);
  std::vector<std::int64_t> future(chain.states.size() + 1, 0);
  for (std::size_t i = 0; i < chain.states.size(); ++i) {
    if (chain.known[i])
      future[i] =
          detail::rounded_amount(math::value_of(math::real(value.optimal[i]) - chain.states[i].reward),
                                 made.decimals, customer_equity_name);
  }

  std::vector<std::uint32_t> words;
  std::map<std::string_view, std::uint32_t> places;
  if (!options.segment.empty()) {
    words = stats::customer_attribute(from, options.segment, customer_equity_name);
    for (std::int64_t i = 0; i < held.customer.size(); ++i) {
      const std::uint32_t word = words[from.customers().find(id_pool::key_of(held.customer[i]))];
      if (word == id_pool::none)
        made.last_is_unnamed = true;
      else
        places.emplace(from.words()[word], 0);
    }
    for (auto& [name, place] : places) {
      place = static_cast<std::uint32_t>(made.segments.size());
      made.segments.emplace_back(name);
    }
  } else {
    made.last_is_unnamed = held.customer.size() > 0;
  }
  const auto unnamed = static_cast<std::uint32_t>(made.segments.size());
  if (made.last_is_unnamed)
    made.segments.emplace_back();

  std::map<std::pair<std::int32_t, std::uint32_t>, equity_sum> groups;
  const chain_places by_recency(chain);
  const auto whole_units = [scale = static_cast<double>(power_of_ten(made.decimals))](std::int64_t minor) {
    return math::value_of(math::real(static_cast<double>(minor)) / scale);
  };
  const auto last_period = periods.number_of(today);
  for (std::int64_t i = 0; i < held.customer.size(); ++i) {
    const auto at = static_cast<std::size_t>(i);
    if (at % 65536 == 0)
      how.check(0.9);
    customer_equity::of_customer one;
    one.cohort = cohorts.first_day_of(cohorts.number_of(held.first_order[at]));
    one.orders = held.order_count[at];
    one.amount = held.total_amount[at];
    one.margin = share_of(one.amount, options.margin_rate);
    const std::int32_t recency = last_period - periods.number_of(held.last_order[at]) + 1;
    one.state = by_recency.find(recency, static_cast<double>(one.orders), whole_units(one.amount));
    one.future = future[one.state];
    one.segment = unnamed;
    if (!words.empty()) {
      const std::uint32_t word = words[from.customers().find(id_pool::key_of(held.customer[i]))];
      if (word != id_pool::none)
        one.segment = places.find(from.words()[word])->second;
    }
    const bool known = one.state < chain.states.size() && chain.known[one.state];
    equity_sum& group = groups[{one.cohort, one.segment}];
    ++group.customers;
    group.active += known && !chain.is_lost(one.state) ? 1 : 0;
    group.unvalued += known ? 0 : 1;
    group.amount += one.amount;
    group.margin += one.margin;
    group.future += one.future;
    made.customers.push_back(one);
  }
  made.names = std::move(held.customer);
  for (const auto& [key, sum] : groups) {
    made.total.add(sum);
    made.groups.push_back({key.first, key.second, sum});
  }

  const std::size_t fresh = by_recency.find(1.0, 1.0, 0.0);
  const bool has_fresh = fresh < chain.states.size() && chain.known[fresh];
  if (options.plan.customers > 0.0 && !has_fresh)
    throw error(status::too_few,
                std::string(customer_equity_name) +
                    ": the chain does not know the state of a new customer, of recency 1 and frequency "
                    "1, so that new_customers have no value");
  if (has_fresh)
    made.new_customer_value =
        detail::rounded_amount(value.optimal[fresh], made.decimals, customer_equity_name);
  if (options.plan.customers > 0.0) {
    const math::real each = math::real(value.optimal[fresh]) - options.plan.cost;
    made.acquisition_value = detail::rounded_amount(
        math::value_of(each * options.plan.customers * detail::worth_of_plan(rate, options.plan.periods)),
        made.decimals, customer_equity_name);
  }
  return made;
}

} // namespace emptor::value
