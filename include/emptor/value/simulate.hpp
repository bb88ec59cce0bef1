// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <emptor/core/instance.hpp>
#include <emptor/core/random.hpp>
#include <emptor/core/run.hpp>
#include <emptor/core/status.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/variates.hpp>
#include <emptor/value/bg_bb.hpp>
#include <emptor/value/bg_nbd.hpp>
#include <emptor/value/gamma_gamma.hpp>
#include <emptor/value/mbg_nbd.hpp>
#include <emptor/value/nbd.hpp>
#include <emptor/value/pareto_nbd.hpp>

/// Customers who behave as a model of a customer base says, with parameters that are known: for tests of the fits,
/// for trying out what a company would see, and for the error of a forecast.
namespace emptor::value {

inline constexpr std::string_view simulate_name = "value.simulate";

struct simulation {
  std::int64_t customers = 1000;
  std::uint64_t seed = 1;
  double age = 0.0; ///< first order of the oldest customers to the end of the observation, in time units
  double spread =
      0.0; ///< the first orders are spread evenly over this time, so that ages start at age - spread
  double holdout = 0.0; ///< how long orders are followed after the end of the observation
  double tick = 0.0;    ///< clock of the records: orders in one tick are one; 0 = exact times; not for BG/BB
};

/// Customer i is the number i in all of them; `order_*` have all orders, customer by customer, in time. Under BG/BB
/// times count opportunities, and at time 0 stands the order with which somebody became a customer.
struct simulated_customers {
  std::vector<double> frequency;
  std::vector<double> recency;
  std::vector<double> age;
  std::vector<std::int64_t> holdout_orders;
  std::vector<std::int64_t> order_customer;
  std::vector<double> order_time; ///< since the first order, which is the first entry of each customer
};

/// What a customer brings along: his order rate, and how he drops out.
struct customer_nature {
  double rate;
  double drop_out_time;        ///< infinite where he does not drop out by the clock
  double drop_out_probability; ///< after an order
  bool first_may_be_last;      ///< whether that holds for the very first order, too
};

/// The same for who orders at opportunities only.
struct opportunity_nature {
  double order_probability;
  double drop_out_probability; ///< before each opportunity
};

inline constexpr double never_drops_out = std::numeric_limits<double>::infinity();

[[nodiscard]] inline customer_nature draw_nature(const pareto_nbd_parameters<double>& p,
                                                 random_stream& stream) noexcept {
  const double rate = stats::gamma_variate(p.r, stream) / p.alpha;
  const double drop_out_rate = stats::gamma_variate(p.s, stream) / p.beta;
  return {rate, stats::exponential_variate(stream) / drop_out_rate, 0.0, false};
}
[[nodiscard]] inline customer_nature draw_nature(const nbd_parameters<double>& p,
                                                 random_stream& stream) noexcept {
  return {stats::gamma_variate(p.r, stream) / p.alpha, never_drops_out, 0.0, false};
}
[[nodiscard]] inline customer_nature draw_nature(const bg_nbd_parameters<double>& p,
                                                 random_stream& stream) noexcept {
  const double rate = stats::gamma_variate(p.r, stream) / p.alpha;
  return {rate, never_drops_out, stats::beta_variate(p.a, p.b, stream), false};
}
[[nodiscard]] inline customer_nature draw_nature(const mbg_nbd_parameters<double>& p,
                                                 random_stream& stream) noexcept {
  const double rate = stats::gamma_variate(p.r, stream) / p.alpha;
  return {rate, never_drops_out, stats::beta_variate(p.a, p.b, stream), true};
}
[[nodiscard]] inline opportunity_nature draw_nature(const bg_bb_parameters<double>& p,
                                                    random_stream& stream) noexcept {
  const double order = stats::beta_variate(p.alpha, p.beta, stream);
  return {order, stats::beta_variate(p.gamma, p.delta, stream)};
}

namespace detail {

/// More orders than this of one customer are no customer but a mistake in the parameters.
inline constexpr std::int64_t most_orders = 10'000'000;
inline constexpr std::uint64_t simulation_stream = 0x73696d756c617465; // "simulate"

inline constexpr std::uint64_t spend_stream = 0x7370656e64; // "spend"

/// The number of the first success among trials that each succeed with this probability, by inversion.
[[nodiscard]] inline double first_success(double probability, random_stream& stream) noexcept {
  const math::real log_fails = math::log1p(math::real(-probability));
  const double before = math::value_of(math::log(math::real(stream.uniform())) / log_fails);
  return probability > 0.0 ? math::floor(before) + 1.0 : never_drops_out;
}

/// The customers of one task.
class simulated_block {
public:
  simulated_customers made;

  void add(const customer_nature& nature, const simulation& how, std::int64_t customer,
           random_stream& stream) {
    begin(customer, on_clock(how.age - math::value_of(math::real(how.spread) * stream.uniform()), how.tick));
    const double end =
        age_ + how.holdout + 0.5 * how.tick; // the last tick counts, as the last day of a ledger does
    const auto drops_out = [&] {
      return nature.drop_out_probability > 0.0 && stream.uniform() < nature.drop_out_probability;
    };
    std::int64_t orders = 0;
    bool alive = !(nature.first_may_be_last && drops_out());
    for (double time = 0.0; alive; alive = !drops_out()) {
      time += stats::exponential_variate(stream) / nature.rate;
      const double seen = on_clock(time, how.tick);
      if (!(seen <= end) || time > nature.drop_out_time)
        break;
      count(++orders);
      if (seen > made.order_time.back()) // else in the tick of the order before
        record(seen);
    }
    finish();
  }

  void add(const opportunity_nature& nature, const simulation& how, std::int64_t customer,
           random_stream& stream) {
    const double later = math::floor(math::value_of(math::real(how.spread + 1.0) * stream.uniform()));
    begin(customer, how.age - std::min(later, how.spread));
    const double end = std::min(age_ + how.holdout, first_success(nature.drop_out_probability, stream) - 1.0);
    std::int64_t orders = 0;
    for (double time = 0.0;;) {
      time += first_success(nature.order_probability, stream);
      if (!(time <= end))
        break;
      count(++orders);
      record(time);
    }
    finish();
  }

private:
  /// The beginning of the tick in which it falls; a length of whole ticks is one, however it was rounded.
  [[nodiscard]] static double on_clock(double time, double tick) noexcept {
    constexpr double rounding = 1e-6;
    return tick > 0.0 ? math::value_of(math::real(math::floor(time / tick + rounding)) * tick) : time;
  }
  static void count(std::int64_t orders) {
    if (orders > most_orders)
      throw error(status::option,
                  std::string(simulate_name) + ": a customer would have more than 10000000 orders");
  }
  void begin(std::int64_t customer, double age) {
    customer_ = customer;
    age_ = age;
    repeats_ = -1; // the first order is none
    later_ = 0;
    record(0.0);
  }
  void record(double time) {
    made.order_customer.push_back(customer_);
    made.order_time.push_back(time);
    if (time <= age_) {
      ++repeats_;
      last_ = time;
    } else {
      ++later_;
    }
  }
  void finish() {
    made.frequency.push_back(static_cast<double>(repeats_));
    made.recency.push_back(last_);
    made.age.push_back(age_);
    made.holdout_orders.push_back(later_);
  }

  std::int64_t customer_ = 0;
  double age_ = 0.0;
  std::int64_t repeats_ = 0;
  std::int64_t later_ = 0;
  double last_ = 0.0;
};

template <class T>
void append(std::vector<T>& to, const std::vector<T>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

} // namespace detail

/// \param draw  gives the nature of a customer from his stream: customer_nature or opportunity_nature
/// The same customers for any number of threads, and the first ones the same for any number of customers.
/// \throws error status::option (endless orders), status::cancelled
template <class Draw>
[[nodiscard]] simulated_customers simulate_customers(const Draw& draw, const simulation& how,
                                                     const run& threads = {}) {
  const std::int64_t tasks = (how.customers + rows_per_task - 1) / rows_per_task;
  std::vector<detail::simulated_block> blocks(static_cast<std::size_t>(tasks));
  for_each_task(tasks, threads, [&](std::int64_t task) {
    const std::int64_t last = std::min((task + 1) * rows_per_task, how.customers);
    for (std::int64_t customer = task * rows_per_task; customer < last; ++customer) {
      random_stream stream(how.seed, detail::simulation_stream, static_cast<std::uint64_t>(customer));
      const auto nature = draw(stream);
      blocks[static_cast<std::size_t>(task)].add(nature, how, customer, stream);
    }
  });
  simulated_customers all;
  for (const detail::simulated_block& block : blocks) {
    detail::append(all.frequency, block.made.frequency);
    detail::append(all.recency, block.made.recency);
    detail::append(all.age, block.made.age);
    detail::append(all.holdout_orders, block.made.holdout_orders);
    detail::append(all.order_customer, block.made.order_customer);
    detail::append(all.order_time, block.made.order_time);
  }
  return all;
}

/// Customers of the model whose parameters these are.
template <plain_parameters P>
[[nodiscard]] simulated_customers simulate(const P& p, const simulation& how, const run& threads = {}) {
  return simulate_customers([&](random_stream& stream) { return draw_nature(p, stream); }, how, threads);
}

#if defined(EMPTOR_INSTANCE)
#define EMPTOR_SIMULATE_INSTANCE(Parameters)                                                                 \
  EMPTOR_INSTANCE simulated_customers simulate<Parameters>(const Parameters&, const simulation&, const run&);
EMPTOR_SIMULATE_INSTANCE(bg_bb_parameters<>)
EMPTOR_SIMULATE_INSTANCE(bg_nbd_parameters<>)
EMPTOR_SIMULATE_INSTANCE(mbg_nbd_parameters<>)
EMPTOR_SIMULATE_INSTANCE(nbd_parameters<>)
EMPTOR_SIMULATE_INSTANCE(pareto_nbd_parameters<>)
#undef EMPTOR_SIMULATE_INSTANCE
#endif

/// What these customers spend on each of their orders under Gamma-Gamma: whole minor units, at least one. The orders of
/// one seed stay the same with or without it.
/// \param minor_units  of one unit of the currency in which v is: 100 for cents
/// \throws error status::option where an amount would not be exact
[[nodiscard]] inline std::vector<std::int64_t> simulate_spend(const gamma_gamma_parameters<double>& p,
                                                              const simulated_customers& of,
                                                              std::uint64_t seed, double minor_units) {
  std::vector<std::int64_t> amounts;
  amounts.reserve(of.order_customer.size());
  random_stream stream(seed, detail::spend_stream, 0);
  double log_rate = 0.0;
  for (std::size_t i = 0; i < of.order_customer.size(); ++i) {
    const std::int64_t customer = of.order_customer[i];
    if (i == 0 || customer != of.order_customer[i - 1]) {
      stream = random_stream(seed, detail::spend_stream, static_cast<std::uint64_t>(customer));
      log_rate = stats::log_gamma_variate(p.q, stream);
    }
    const math::real log_amount = math::real(stats::log_gamma_variate(p.p, stream)) - log_rate;
    const double amount =
        math::floor(math::value_of(math::exp(log_amount) * p.v * minor_units + math::real(0.5)));
    if (!(amount <= 9e15))
      throw error(status::option, std::string(simulate_name) +
                                      ": an order would have an amount of more than 9e15 minor units");
    amounts.push_back(std::max<std::int64_t>(static_cast<std::int64_t>(amount), 1));
  }
  return amounts;
}

/// The mean amount of the repeat orders that each customer had in the observation, in units of the currency; NaN for
/// who had none.
[[nodiscard]] inline std::vector<double> simulated_monetary_value(const simulated_customers& of,
                                                                  const std::vector<std::int64_t>& amounts,
                                                                  double minor_units) {
  std::vector<double> sums(of.age.size(), 0.0);
  for (std::size_t i = 0; i < amounts.size(); ++i) {
    const auto customer = static_cast<std::size_t>(of.order_customer[i]);
    if (of.order_time[i] > 0.0 && of.order_time[i] <= of.age[customer])
      sums[customer] += static_cast<double>(amounts[i]);
  }
  for (std::size_t i = 0; i < sums.size(); ++i)
    sums[i] = of.frequency[i] > 0.0
                  ? math::value_of(math::real(sums[i]) / (math::real(of.frequency[i]) * minor_units))
                  : std::numeric_limits<double>::quiet_NaN();
  return sums;
}

} // namespace emptor::value
