// SPDX-License-Identifier: BSL-1.0
// Every score of every model against fifty digits: frequencies to 1e6, scales in ratios from 1e-6 to 1e6, s = 1 and
// a = 1 and what is next to it, horizons from 1e-8 to 1e6 of the age. Prints the largest errors.
#include <cmath>
#include <cstdint>
#include <vector>

#include <boost/math/special_functions/gamma.hpp>
#include <gtest/gtest.h>

#include <emptor/value/bg_bb.hpp>
#include <emptor/value/bg_nbd.hpp>
#include <emptor/value/gamma_gamma.hpp>
#include <emptor/value/mbg_nbd.hpp>
#include <emptor/value/nbd.hpp>
#include <emptor/value/pareto_nbd.hpp>

#include "beta_geometric_oracle.hpp"
#include "bg_bb_oracle.hpp"
#include "pareto_nbd_oracle.hpp"
#include "wide_grid.hpp"

namespace wide_grid_long_test {
namespace {

using namespace emptor::value;
using emptor::test::grid_points;
using emptor::test::wide;
using emptor::test::worst_errors;

/// How near to the probability of an order ever it is asked when one comes: relative, well above the error of a score.
constexpr double margin = 1e-9;

/// A customer and what is asked of him.
struct customer {
  double x, t_x, age;
  double horizon, rate, orders;
};
customer draw_customer(grid_points& from) {
  customer c{};
  c.age = from.spread(1.0, 1000.0);
  c.x = from.count(1e6);
  const double kind = from.uniform();
  const double share = kind < 0.3   ? 1.0 - from.spread(1e-9, 0.1)
                       : kind < 0.6 ? from.spread(1e-4, 1.0)
                                    : from.uniform();
  c.t_x = c.x == 0.0 ? 0.0 : share * c.age;
  c.horizon = c.age * from.spread(1e-8, 1e6);
  c.rate = from.spread(1e-6, 1e3) / c.age;
  c.orders = from.count(1000.0);
  return c;
}
/// A shape, at times the one at which a formula has 0/0, or next to it.
double draw_shape(grid_points& from, double special) {
  const double kind = from.uniform();
  return kind < 0.1   ? special
         : kind < 0.2 ? special * (1.0 + from.one_of({-1.0, 1.0}) * from.spread(1e-15, 1e-3))
                      : from.spread(1e-3, 100.0);
}

TEST(wide_grid, pareto_nbd) {
  grid_points from(1);
  std::vector<double> point;
  worst_errors worst("pareto_nbd", point);
  for (int i = 0; i < 40; ++i) {
    const customer c = draw_customer(from);
    const double r = draw_shape(from, 1.0);
    const double alpha = c.age * from.spread(1e-4, 1e4);
    const double s = draw_shape(from, 1.0);
    const pareto_nbd_parameters<double> p{r, alpha, s, alpha * from.spread(1e-6, 1e6)};
    point = {p.r, p.alpha, p.s, p.beta, c.x, c.t_x, c.age, c.horizon, c.rate, c.orders};
    const emptor::test::pareto_nbd_oracle truth(p, c.x, c.t_x, c.age);
    worst.score("probability_alive", probability_alive(p, c.x, c.t_x, c.age), truth.alive());
    worst.score("probability_alive_in", probability_alive_in(p, c.x, c.t_x, c.age, c.horizon),
                truth.alive_in(c.horizon));
    worst.score("probability_active", probability_active(p, c.x, c.t_x, c.age, c.horizon),
                truth.active(c.horizon));
    worst.score("expected_orders", expected_orders(p, c.x, c.t_x, c.age, c.horizon), truth.orders(c.horizon));
    worst.score("discounted_expected_orders", discounted_expected_orders(p, c.x, c.t_x, c.age, c.rate),
                truth.discounted(c.rate, 0.0));
    worst.score("discounted_expected_orders in a horizon",
                discounted_expected_orders(p, c.x, c.t_x, c.age, c.rate, c.horizon),
                truth.discounted(c.rate, c.horizon));
    worst.score("probability_of_orders", probability_of_orders(p, c.x, c.t_x, c.age, c.orders, c.horizon),
                truth.exactly(c.orders, c.horizon));
    worst.score("mean_order_rate", mean_order_rate(p, c.x, c.t_x, c.age), truth.order_rate());
    worst.score("mean_dropout", mean_dropout(p, c.x, c.t_x, c.age), truth.dropout());
    // The time at which the probability is what was asked, on both sides of what there ever is.
    const wide ever = truth.active(0.0);
    const wide by_far = truth.active(1e250); // the oracle adds up no further
    for (const wide& asked : {wide(from.uniform() * truth.active(c.horizon)), wide(ever * (1 - margin)),
                              wide(ever * (1 + margin))}) {
      const auto share = static_cast<double>(asked);
      if (share < 1e-290 || (share >= by_far && share < ever))
        continue;
      const double time = next_order_quantile(p, c.x, c.t_x, c.age, share);
      if (worst.comes(time, share < ever ? wide(0) : wide(HUGE_VAL)))
        worst.score("next_order_quantile", share, truth.active(time));
    }
    worst.log_likelihood(log_likelihood(p, c.x, c.t_x, c.age), truth.log_likelihood(),
                         wide(truth.shape * log(wide(truth.alpha + truth.t_x))));
  }
  worst.print();
}

template <class Model, int First>
void beta_geometric_grid(std::uint64_t seed) {
  grid_points from(seed);
  std::vector<double> point;
  worst_errors worst(Model::name.substr(6), point);
  for (int i = 0; i < 60; ++i) {
    const customer c = draw_customer(from);
    const typename Model::template parameters<double> p{draw_shape(from, 1.0), c.age * from.spread(1e-6, 1e6),
                                                        draw_shape(from, 1.0), draw_shape(from, 1.0)};
    point = {p.r, p.alpha, p.a, p.b, c.x, c.t_x, c.age, c.horizon, c.rate, c.orders};
    const emptor::test::beta_geometric_oracle truth{First, p.r, p.alpha, p.a, p.b};
    const wide alive = truth.alive(c.x, c.t_x, c.age);
    const wide gone = truth.gone(c.x, c.t_x, c.age);
    const wide shape = truth.r + c.x;
    const wide scale = truth.alpha + c.age;
    worst.score("probability_alive", probability_alive(p, c.x, c.t_x, c.age), alive);
    worst.score("probability_alive_in", probability_alive_in(p, c.x, c.t_x, c.age, c.horizon),
                alive * truth.stays(c.x, c.age, c.horizon));
    worst.score("probability_active", probability_active(p, c.x, c.t_x, c.age, c.horizon),
                alive * truth.active(c.x, c.age, c.horizon));
    worst.score("expected_orders", expected_orders(p, c.x, c.t_x, c.age, c.horizon),
                alive * truth.orders(c.x, c.age, c.horizon));
    if (i % 4 == 0) { // the oracle takes its time
      worst.score("discounted_expected_orders", discounted_expected_orders(p, c.x, c.t_x, c.age, c.rate),
                  alive * truth.discounted(c.x, c.age, c.rate, HUGE_VAL));
      worst.score("discounted_expected_orders in a horizon",
                  discounted_expected_orders(p, c.x, c.t_x, c.age, c.rate, c.horizon),
                  alive * truth.discounted(c.x, c.age, c.rate, c.horizon));
    }
    worst.score("probability_of_orders", probability_of_orders(p, c.x, c.t_x, c.age, c.orders, c.horizon),
                alive * truth.count(c.x, c.age, static_cast<int>(c.orders), c.horizon) +
                    (c.orders == 0.0 ? gone : wide(0)));
    worst.score("mean_order_rate", mean_order_rate(p, c.x, c.t_x, c.age),
                shape * (alive / scale + gone / (truth.alpha + c.t_x)));
    worst.score("mean_dropout", mean_dropout(p, c.x, c.t_x, c.age),
                (truth.a + gone) / (truth.a + truth.b + c.x + First));
    const double ordinary = from.uniform() * static_cast<double>(alive);
    for (const double share :
         {ordinary, static_cast<double>(alive * (1 - margin)), static_cast<double>(alive * (1 + margin))}) {
      if (share < 1e-290)
        continue;
      const double time = next_order_quantile(p, c.x, c.t_x, c.age, share);
      const wide quantile =
          share < alive ? wide(scale * expm1(wide(-log1p(wide(-share / alive)) / shape))) : wide(HUGE_VAL);
      if (worst.comes(time, quantile) && share == ordinary) // next to P(alive) it is as steep as can be
        worst.score("next_order_quantile", time, quantile);
    }
    worst.log_likelihood(log_likelihood(p, c.x, c.t_x, c.age), truth.log_likelihood(c.x, c.t_x, c.age),
                         wide(shape * abs(log(wide(scale / truth.alpha))) + c.x * abs(log(truth.alpha)) +
                              abs(boost::math::lgamma(shape))));
  }
  worst.print();
}
TEST(wide_grid, bg_nbd) {
  beta_geometric_grid<bg_nbd, 0>(2);
}
TEST(wide_grid, mbg_nbd) {
  beta_geometric_grid<mbg_nbd, 1>(3);
}

TEST(wide_grid, nbd) {
  grid_points from(4);
  std::vector<double> point;
  worst_errors worst("nbd", point);
  for (int i = 0; i < 5000; ++i) {
    const customer c = draw_customer(from);
    const nbd_parameters<double> p{draw_shape(from, 1.0), c.age * from.spread(1e-6, 1e6)};
    point = {p.r, p.alpha, c.x, c.age, c.horizon, c.rate, c.orders};
    const wide k = wide(p.r) + c.x;
    const wide a = wide(p.alpha) + c.age;
    const wide h = c.horizon;
    worst.score("probability_active", probability_active(p, c.x, c.t_x, c.age, c.horizon),
                -expm1(wide(-k * log1p(wide(h / a)))));
    worst.score("expected_orders", expected_orders(p, c.x, c.t_x, c.age, c.horizon), k / a * h);
    worst.score("discounted_expected_orders", discounted_expected_orders(p, c.x, c.t_x, c.age, c.rate),
                k / a / c.rate);
    worst.score("discounted_expected_orders in a horizon",
                discounted_expected_orders(p, c.x, c.t_x, c.age, c.rate, c.horizon),
                k / a * -expm1(wide(-c.rate * h)) / c.rate);
    worst.score("probability_of_orders", probability_of_orders(p, c.x, c.t_x, c.age, c.orders, c.horizon),
                exp(wide(boost::math::lgamma(wide(k + c.orders)) - boost::math::lgamma(k) -
                         boost::math::lgamma(wide(c.orders + 1)) + c.orders * log(wide(h / a)) -
                         (k + c.orders) * log1p(wide(h / a)))));
    worst.score("mean_order_rate", mean_order_rate(p, c.x, c.t_x, c.age), k / a);
    const double share = from.uniform();
    const wide quantile = a * expm1(wide(-log1p(wide(-share)) / k));
    const double time = next_order_quantile(p, c.x, c.t_x, c.age, share);
    if (worst.comes(time, quantile))
      worst.score("next_order_quantile", time, quantile);
    worst.log_likelihood(log_likelihood(p, c.x, c.t_x, c.age),
                         boost::math::lgamma(k) - boost::math::lgamma(wide(p.r)) + p.r * log(wide(p.alpha)) -
                             k * log(a),
                         wide(k * log(a)));
  }
  worst.print();
}

TEST(wide_grid, bg_bb) {
  grid_points from(5);
  std::vector<double> point;
  worst_errors worst("bg_bb", point);
  for (int i = 0; i < 600; ++i) {
    const bg_bb_parameters<double> p{draw_shape(from, 1.0), from.spread(1e-6, 1e6), draw_shape(from, 1.0),
                                     from.spread(1e-6, 1e6)};
    const auto n = static_cast<std::int64_t>(from.count(1e5));
    const auto t_x = static_cast<std::int64_t>(from.uniform() * static_cast<double>(n + 1));
    const auto x = t_x == 0 ? t_x : 1 + static_cast<std::int64_t>(from.uniform() * static_cast<double>(t_x));
    const auto horizon = static_cast<std::int64_t>(1.0 + from.count(2e4));
    const auto orders = static_cast<std::int64_t>(from.count(static_cast<double>(horizon)));
    const double rate = from.spread(1e-6, 3.0);
    point = {p.alpha,
             p.beta,
             p.gamma,
             p.delta,
             static_cast<double>(x),
             static_cast<double>(t_x),
             static_cast<double>(n),
             static_cast<double>(horizon),
             rate,
             static_cast<double>(orders)};
    const emptor::test::bg_bb_oracle truth{p.alpha, p.beta, p.gamma, p.delta, x, t_x, n};
    worst.score("probability_alive", probability_alive(p, x, t_x, n), truth.alive(1));
    worst.score("probability_alive_in", probability_alive_in(p, x, t_x, n, horizon),
                truth.alive(1 + horizon));
    worst.score("probability_active", probability_active(p, x, t_x, n, horizon), truth.active(horizon));
    worst.score("expected_orders", expected_orders(p, x, t_x, n, horizon), truth.orders(horizon, 0.0));
    worst.score("discounted_expected_orders in a horizon",
                discounted_expected_orders(p, x, t_x, n, rate, horizon), truth.orders(horizon, rate));
    if (rate > 1e-3)
      worst.score("discounted_expected_orders", discounted_expected_orders(p, x, t_x, n, rate),
                  truth.orders(1'000'000, rate));
    if (orders <= horizon)
      worst.score("probability_of_orders", probability_of_orders(p, x, t_x, n, orders, horizon),
                  truth.count(orders, horizon));
    // The first opportunity by which the probability is what was asked; what comes after `far`, nobody has added up.
    constexpr std::int64_t far = 20'000;
    const wide by_then = truth.active(far);
    for (const wide& asked : {wide(from.uniform() * by_then), wide(by_then * (1 - margin)),
                              wide((by_then + truth.silent(far)) * (1 + margin))}) {
      const auto share = static_cast<double>(asked);
      const double when = next_order_quantile(p, x, t_x, n, share);
      if (share < 1e-290 || !worst.comes(when, share < by_then ? wide(0) : wide(HUGE_VAL)))
        continue;
      const auto k = static_cast<std::int64_t>(when);
      EXPECT_GE(truth.active(k), share * (1 - worst.promised)) << ::testing::PrintToString(point);
      EXPECT_LT(truth.active(k - 1), share * (1 + worst.promised)) << ::testing::PrintToString(point);
    }
    emptor::test::bg_bb_oracle more = truth;
    more.alpha += 1;
    worst.score("mean_order_rate", mean_order_rate(p, x, t_x, n),
                truth.alpha / (truth.alpha + truth.beta) * more.likelihood() / truth.likelihood());
    more = truth;
    more.gamma += 1;
    worst.score("mean_dropout", mean_dropout(p, x, t_x, n),
                truth.gamma / (truth.gamma + truth.delta) * more.likelihood() / truth.likelihood());
    worst.log_likelihood(log_likelihood(p, x, t_x, n), log(truth.likelihood()), 0);
  }
  worst.print();
}

TEST(wide_grid, gamma_gamma) {
  grid_points from(6);
  std::vector<double> point;
  worst_errors worst("gamma_gamma", point);
  for (int i = 0; i < 20000; ++i) {
    const double excess = from.uniform() < 0.2 ? from.spread(1e-12, 1e-3) : from.spread(1e-3, 1e4);
    const gamma_gamma_parameters<double> at{from.spread(1e-3, 1e6), 1.0 + excess, from.spread(1e-6, 1e12)};
    const double x = from.count(1e6);
    const double z = from.spread(1e-6, 1e9);
    point = {at.p, at.q, at.v, x, z};
    const wide p = at.p, q = at.q, v = at.v, spent = wide(x) * z, shape = p * x;
    const wide mean = p * (v + spent) / (shape + q - 1);
    worst.score("expected_spend", expected_spend(at, x, z), mean);
    if (shape + q > wide(2))
      worst.score("spend_deviation", spend_deviation(at, x, z), mean / sqrt(wide(shape + q - 2)));
    if (x > 0.0)
      worst.log_likelihood(log_likelihood(at, x, z),
                           boost::math::lgamma(wide(shape + q)) - boost::math::lgamma(shape) -
                               boost::math::lgamma(q) + q * log(v) + (shape - 1) * log(wide(z)) +
                               shape * log(wide(x)) - (shape + q) * log(wide(v + spent)),
                           boost::math::lgamma(wide(shape + q)));
  }
  worst.print();
}

} // namespace
} // namespace wide_grid_long_test
