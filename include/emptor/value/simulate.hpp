// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <emptor/core/random.hpp>
#include <emptor/core/run.hpp>
#include <emptor/core/status.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/variates.hpp>
#include <emptor/value/bg_nbd.hpp>
#include <emptor/value/mbg_nbd.hpp>
#include <emptor/value/nbd.hpp>
#include <emptor/value/pareto_nbd.hpp>

/// Customers who behave as a model of a customer base says, with parameters that are known: for tests of the fits,
/// for trying out what a company would see, and for the error of a forecast.
namespace emptor::value {

struct simulation {
  std::int64_t customers = 1000;
  std::uint64_t seed = 1;
  double age = 0.0; ///< first order of the oldest customers to the end of the observation, in time units
  double spread =
      0.0; ///< the first orders are spread evenly over this time, so that ages start at age - spread
  double holdout = 0.0; ///< how long orders are followed after the end of the observation
  double tick = 0.0;    ///< clock of the records: orders in one tick are one; 0 = exact times
};

/// Customer i is the number i in all of them; `order_*` have all orders, customer by customer, in time.
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

namespace detail {

/// More orders than this of one customer are no customer but a mistake in the parameters.
inline constexpr std::int64_t most_orders = 10'000'000;
inline constexpr std::uint64_t simulation_stream = 0x73696d756c617465; // "simulate"

/// The customers of one task.
class simulated_block {
public:
  simulated_customers made;

  void add(const customer_nature& nature, const simulation& how, std::int64_t customer,
           random_stream& stream) {
    const double age =
        on_clock(how.age - math::value_of(math::real(how.spread) * stream.uniform()), how.tick);
    const double end = age + how.holdout;
    std::int64_t repeats = 0;
    double last = 0.0;
    std::int64_t later = 0;
    const auto record = [&](double time) {
      made.order_customer.push_back(customer);
      made.order_time.push_back(time);
    };
    const auto drops_out = [&] {
      return nature.drop_out_probability > 0.0 && stream.uniform() < nature.drop_out_probability;
    };
    record(0.0);
    std::int64_t orders = 0;
    bool alive = !(nature.first_may_be_last && drops_out());
    for (double time = 0.0; alive; alive = !drops_out()) {
      time += stats::exponential_variate(stream) / nature.rate;
      if (!(time <= end) || time > nature.drop_out_time)
        break;
      if (++orders > most_orders)
        throw error(status::option, "value.simulate: a customer would have more than 10000000 orders");
      const double seen = on_clock(time, how.tick);
      if (seen <= made.order_time.back())
        continue; // in the tick of the order before
      record(seen);
      if (seen <= age) {
        ++repeats;
        last = seen;
      } else {
        ++later;
      }
    }
    made.frequency.push_back(static_cast<double>(repeats));
    made.recency.push_back(last);
    made.age.push_back(age);
    made.holdout_orders.push_back(later);
  }

private:
  [[nodiscard]] static double on_clock(double time, double tick) noexcept {
    return tick > 0.0 ? math::value_of(math::real(math::floor(time / tick)) * tick) : time;
  }
};

template <class T>
void append(std::vector<T>& to, const std::vector<T>& more) {
  to.insert(to.end(), more.begin(), more.end());
}

} // namespace detail

/// \param draw  gives the nature of a customer from his stream
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
      const customer_nature nature = draw(stream);
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

} // namespace emptor::value
