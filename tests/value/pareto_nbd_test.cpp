// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <cmath>
#include <cstddef>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/math/dual.hpp>
#include <emptor/math/pack.hpp>
#include <emptor/math/real.hpp>
#include <emptor/value/pareto_nbd.hpp>

#include "pareto_nbd_oracle.hpp"

namespace pareto_nbd_test {
namespace {

using emptor::math::real;
using namespace emptor::value;
using emptor::test::pareto_nbd_oracle;
using emptor::test::relative_error;
using parameters = pareto_nbd_parameters<double>;

// ---- published figures ----

const parameters sample_maximum{0.5532770467, 10.57768346, 0.6062399904, 11.66873533};

TEST(pareto_nbd_figures, customers_at_the_maximum) {
  const parameters& p = sample_maximum;
  struct customer {
    double x, t_x, age, log_likelihood, alive, alive_in, active, orders_39, orders_52, discounted;
  };
  const customer customers[] = {
      {2, 213 / 7.0, 272 / 7.0, -9.55417355566, 0.869134263468, 0.565949164846, 0.631493098198, 1.455201701,
       1.85089059157, 8.15629273254},
      {26, 216 / 7.0, 31, -39.13076035262, 0.997873404713, 0.615542047048, 0.97613723896, 20.114820875,
       25.4551834966, 107.738393122},
      {0, 0, 272 / 7.0, -0.5211930054603, 0.295112571554, 0.192166757689, 0.0798866248625, 0.107070232392,
       0.136184066879, 0.600120352889},
  };
  for (const customer& c : customers) {
    const auto near = [&](double found, double printed) { EXPECT_NEAR(found / printed, 1.0, 2e-11) << c.x; };
    near(log_likelihood(p, c.x, c.t_x, c.age), c.log_likelihood);
    near(probability_alive(p, c.x, c.t_x, c.age), c.alive);
    near(probability_alive_in(p, c.x, c.t_x, c.age, 52), c.alive_in);
    near(probability_active(p, c.x, c.t_x, c.age, 52), c.active);
    near(expected_orders(p, c.x, c.t_x, c.age, 39), c.orders_39);
    near(expected_orders(p, c.x, c.t_x, c.age, 52), c.orders_52);
    near(discounted_expected_orders(p, c.x, c.t_x, c.age, std::log(1.1) / 52), c.discounted);
  }
}

TEST(pareto_nbd_figures, published_customers) {
  const parameters lifetimes{0.5534, 10.5802, 0.6061, 11.6562};
  EXPECT_NEAR(expected_orders(lifetimes, 26, 30.86, 31, 52), 25.46, 6e-3);
  EXPECT_NEAR(probability_alive(lifetimes, 26, 30.86, 31), 0.9979, 5e-5);
  // BTYD's own estimate, to the digits that it prints.
  const parameters btyd{0.553, 10.580, 0.606, 11.656};
  EXPECT_NEAR(expected_orders(btyd, 52), 1.473434, 2e-3);
  EXPECT_NEAR(probability_alive(btyd, 0, 0, 39), 0.2941633, 2e-4);
  EXPECT_EQ(probability_alive(btyd, 23, 39, 39), 1.0);
  const double paradox[] = {0.7062289, 0.1442396, 0.02250658, 0.00309267};
  for (int i = 0; i < 4; ++i)
    EXPECT_NEAR(expected_orders(btyd, 10 + 5 * i, 20, 39, 52) / paradox[i], 1.0, 2e-3) << 10 + 5 * i;
  // BTYD, run at rounded parameters.
  const parameters manual{0.55, 10.56, 0.61, 11.64};
  const double orders[] = {0.0507782061662, 0.0991608842301, 0.1454250652002, 0.1897992992461,
                           0.2324746582053, 0.2736127368306, 0.3133515937287, 0.3518102436415,
                           0.3890921094648, 0.4252877132002};
  EXPECT_EQ(expected_orders(manual, 0), 0.0);
  for (int t = 1; t <= 10; ++t)
    EXPECT_NEAR(expected_orders(manual, t) / orders[t - 1], 1.0, 1e-12) << t;
  EXPECT_NEAR(expected_orders(manual, 10, 35, 39, 2), 0.388411723242, 1e-12);
  EXPECT_NEAR(log_likelihood(manual, 3, 4, 6), -8.05311593005, 1e-11);
  EXPECT_NEAR(log_likelihood(parameters{0.5, 8, 0.7, 10}, 3, 4, 6), -7.77488611595, 1e-11);
  // The pair at which lifetimes used to underflow.
  const parameters underflow{0.55, 10.58, 0.61, 11.67};
  EXPECT_NEAR(expected_orders(underflow, 132, 200, 200, 10), 6.2060517889632418, 1e-12);
  EXPECT_NEAR(expected_orders(underflow, 133, 200, 200, 10), 6.2528722475748113, 1e-12);
}

TEST(pareto_nbd_figures, hard_points) {
  const parameters published{.5534, 10.5802, .6061, 11.6562};
  const parameters overflow{10.465, .00798565181, 3.0516, 2.82};
  const parameters far{.5329, 38.06, 64.28, 7721.5};
  struct point {
    parameters p;
    double x, t_x, age, log_likelihood, alive;
  };
  const point points[] = {
      {published, 0, 0, 38.86, -0.521129195973285, 0.294961486437},
      {published, 2, 30.43, 38.86, -9.55451069461442, 0.869110643968},
      {published, 26, 30.857, 31, -39.1320810672439, 0.997871048866},
      {published, 5, 38.8, 38.86, -17.6751594564015, 0.999277511743},
      {published, 50, 5, 300, 4.02302475161802, 3.04974492836e-65},
      {published, 500, 4, 37, 1261.10349388517, 3.42083473777e-255},
      {published, 2000, 350, 365, 1415.08693643668, 1.25288273149e-32},
      {published, 5000, 10, 365, 22455.4055757005, 0},
      {overflow, 500, 4, 37, 1888.82124973894, 0},
      {overflow, 2, 30.43, 38.86, -97.4589562479323, 0.117225556719},
      {{.5, 500, .6, .01}, 0, 0, 38.86, -0.000635711580028, 0.00676479110803},
      {{.5, .01, .6, 500}, 0, 0, 38.86, -4.08941536170773, 0.915587152475},
      {far, 300, 140, 145, -150.167258464927, 0.046006296531},
      {far, 50, 5, 300, -47.0361511996233, 7.50004916934e-45},
      {far, 5000, 10, 365, 18214.7615577982, 0},
  };
  for (const point& q : points) {
    EXPECT_NEAR(log_likelihood(q.p, q.x, q.t_x, q.age) / q.log_likelihood, 1.0, 2e-12) << q.x;
    const double alive = probability_alive(q.p, q.x, q.t_x, q.age);
    if (q.alive == 0.0)
      EXPECT_LT(alive, 1e-290);
    else
      EXPECT_NEAR(alive / q.alive, 1.0, 5e-11) << q.x; // as far as they are printed
  }
  // s = 1, where the usual form is 0/0.
  const parameters one{.55, 10.58, 1, 11.66};
  EXPECT_NEAR(expected_orders(one, 0, 0, 38.86, 52), 0.0589481414212, 1e-13);
  EXPECT_NEAR(expected_orders(one, 2, 30.43, 38.86, 52), 1.4653533058, 1e-10);
  // The rows of CLVTools' own regression test.
  const parameters clvtools{.5143, 2.8845, .2856, 14.1087};
  const double rows[4][3] = {
      {221, 103.42857, 103.57143}, {254, 97.14286, 97.28571}, {161, 94.71429, 98}, {204, 98.57143, 99.42857}};
  for (const auto& row : rows) {
    const pareto_nbd_oracle truth(clvtools, row[0], row[1], row[2]);
    const double found = log_likelihood(clvtools, row[0], row[1], row[2]);
    EXPECT_NEAR(found, static_cast<double>(truth.log_likelihood()), 1e-12 * std::fabs(found));
    EXPECT_LT(relative_error(probability_alive(clvtools, row[0], row[1], row[2]), truth.alive()), 1e-13);
  }
}

TEST(pareto_nbd_figures, discounted_expected_orders) {
  const parameters p{0.5629966, 12.5590370, 0.4081095, 10.5148048};
  EXPECT_NEAR(discounted_expected_orders(p, 7, 35, 77.86, .0027), 1.86418332807133, 1e-13);
  EXPECT_NEAR(probability_alive(p, 7, 35, 77.86), 0.100746308354, 1e-12);
  const double paradox[] = {2.19915544970496,  2.84353440606573, 2.86712839120616,  2.44541007860736,
                            1.84050192447749,  1.26241647174386, 0.809618119453838, 0.494803619375449,
                            0.292024701569799, 0.167927508566053};
  for (int x = 1; x <= 10; ++x)
    EXPECT_NEAR(discounted_expected_orders(p, x, 30, 77.86, .0027) / paradox[x - 1], 1.0, 1e-13) << x;
  parameters q{.5534, 10.5802, .6061, 11.6562};
  const auto discounted = [&](double rate) { return discounted_expected_orders(q, 2, 30.43, 38.86, rate); };
  EXPECT_NEAR(discounted(1e-8) / 1538.0787972515, 1.0, 1e-13);
  EXPECT_NEAR(discounted(.0027) / 6.48256236494026, 1.0, 1e-14);
  EXPECT_NEAR(discounted(1) / 0.0443640347794002, 1.0, 1e-14);
  EXPECT_NEAR(discounted(20) / 0.00224297021887824, 1.0, 1e-14);
  q.s = 1;
  EXPECT_NEAR(discounted(.0027) / 3.67531816296646, 1.0, 1e-14);
  q.s = 2;
  EXPECT_NEAR(discounted(.0027) / 1.25757098454625, 1.0, 1e-14);
  const parameters far{.5329, 38.06, 64.28, 7721.5};
  EXPECT_NEAR(discounted_expected_orders(far, 2, 30.43, 145, .0027) / 0.163176855991644, 1.0, 2e-12);
}

// ---- fifty digits ----

TEST(pareto_nbd_oracle, every_score_over_a_part_of_the_grid) {
  // The whole grid is in pareto_nbd_long_test.cpp.
  const std::vector<emptor::test::pareto_nbd_row> rows = emptor::test::pareto_nbd_grid();
  for (std::size_t i = 0; i < rows.size(); i += 7)
    emptor::test::expect_pareto_nbd_scores(rows[i]);
}

// ---- properties ----

TEST(pareto_nbd_properties, counts_add_up_to_one_and_to_the_expected_orders) {
  const parameters& p = sample_maximum;
  const double rows[3][3] = {{2, 213 / 7.0, 272 / 7.0}, {26, 216 / 7.0, 31}, {0, 0, 0}};
  for (const auto& [x, t_x, age] : rows) {
    for (const double horizon : {0.0, 1.0, 52.0}) {
      double sum = 0.0;
      double orders = 0.0;
      for (int n = 0; n < 400; ++n) {
        const double share = probability_of_orders(p, x, t_x, age, n, horizon);
        sum += share;
        orders += n * share;
      }
      EXPECT_NEAR(sum, 1.0, 1e-12);
      EXPECT_NEAR(orders, expected_orders(p, x, t_x, age, horizon), 1e-11);
      EXPECT_NEAR(probability_of_orders(p, x, t_x, age, 0, horizon),
                  1.0 - probability_active(p, x, t_x, age, horizon), 1e-15);
    }
  }
}

TEST(pareto_nbd_properties, the_next_order_comes_when_it_is_said) {
  const parameters ps[] = {
      sample_maximum, {.5, 1e6, .6, 1}, {.5, 1, .6, 1e6}, {40, 2000, 300, 12}, {.5329, 38.06, 64.28, 7721.5}};
  for (const parameters& p : ps) {
    for (const double x : {0.0, 2.0, 300.0}) {
      const double t_x = x == 0 ? 0 : 38;
      const double ever = probability_active(p, x, t_x, 40, 1e300);
      double before = 0.0;
      for (const double part : {1e-12, 1e-3, .1, .5, .9, .999}) {
        const double time = next_order_quantile(p, x, t_x, 40, part * ever);
        EXPECT_GT(time, before);
        EXPECT_NEAR(probability_active(p, x, t_x, 40, time) / (part * ever), 1.0, 1e-13) << x << " " << part;
        before = time;
      }
      EXPECT_EQ(next_order_quantile(p, x, t_x, 40, 0), 0.0);
      EXPECT_EQ(next_order_quantile(p, x, t_x, 40, ever * (1 + 1e-12)),
                std::numeric_limits<double>::infinity());
    }
  }
}

TEST(pareto_nbd_properties, limits_and_order) {
  const parameters& p = sample_maximum;
  // Nobody drops out in no time, and nobody orders.
  EXPECT_EQ(probability_alive(p, 0, 0, 0), 1.0);
  EXPECT_EQ(probability_alive_in(p, 3, 10, 20, 0), probability_alive(p, 3, 10, 20));
  EXPECT_EQ(probability_active(p, 3, 10, 20, 0), 0.0);
  EXPECT_EQ(probability_of_orders(p, 3, 10, 20, 0, 0), 1.0);
  EXPECT_EQ(probability_of_orders(p, 3, 10, 20, 2, 0), 0.0);
  double alive = 2.0;
  double active = -1.0;
  for (double time = 0.0; time < 1e4; time = 2.0 * time + 0.01) {
    EXPECT_LT(probability_alive(p, 3, 10, 10 + time), alive);
    EXPECT_GT(probability_active(p, 3, 10, 20, time), active);
    EXPECT_LE(probability_active(p, 3, 10, 20, time), probability_alive(p, 3, 10, 20));
    EXPECT_LE(probability_alive_in(p, 3, 10, 20, time), probability_alive(p, 3, 10, 20));
    alive = probability_alive(p, 3, 10, 10 + time);
    active = probability_active(p, 3, 10, 20, time);
  }
  // A new customer's own rates are those of all.
  EXPECT_NEAR(mean_order_rate(p, 0, 0, 0), p.r / p.alpha, 1e-16);
  EXPECT_NEAR(mean_dropout(p, 0, 0, 0), p.s / p.beta, 1e-16);
  // Without a discount the orders are those expected.
  EXPECT_NEAR(discounted_expected_orders(p, 3, 10, 20, 0, 52), expected_orders(p, 3, 10, 20, 52), 1e-15);
}

/// All scores of a row, each with the questions of the row's place.
template <class T>
std::array<T, 9> scores(const pareto_nbd_parameters<T>& p, const emptor::math::base_t<T>* in, double horizon,
                        double rate, double orders) {
  using base = emptor::math::base_t<T>;
  const base h(horizon), d(rate), n(orders);
  return {probability_alive(p, in[0], in[1], in[2]),
          probability_alive_in(p, in[0], in[1], in[2], h),
          probability_active(p, in[0], in[1], in[2], h),
          expected_orders(p, in[0], in[1], in[2], h),
          discounted_expected_orders(p, in[0], in[1], in[2], d),
          discounted_expected_orders(p, in[0], in[1], in[2], d, h),
          next_order_quantile(p, in[0], in[1], in[2], base(0.4)),
          probability_of_orders(p, in[0], in[1], in[2], n, h),
          mean_order_rate(p, in[0], in[1], in[2]) + mean_dropout(p, in[0], in[1], in[2])};
}

TEST(pareto_nbd_properties, a_pack_has_the_bits_of_its_rows) {
  using pack = emptor::math::pack<emptor::math::isa::baseline>;
  const std::vector<emptor::test::pareto_nbd_row> rows = emptor::test::pareto_nbd_grid();
  constexpr auto lanes = static_cast<std::size_t>(pack::lanes);
  for (std::size_t i = 0; i + lanes <= rows.size(); ++i) { // unlike rows side by side
    const parameters& q = rows[i].p;
    double in[3][8]{};
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const emptor::test::pareto_nbd_row& one = rows[(i + 17 * lane) % rows.size()];
      in[0][lane] = one.x;
      in[1][lane] = one.t_x;
      in[2][lane] = one.age;
    }
    const pack columns[3] = {pack::load(in[0]), pack::load(in[1]), pack::load(in[2])};
    const auto together =
        scores<pack>({q.r, q.alpha, q.s, q.beta}, columns, rows[i].horizon, rows[i].rate, rows[i].orders);
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const real row[3] = {in[0][lane], in[1][lane], in[2][lane]};
      const auto alone =
          scores<real>({q.r, q.alpha, q.s, q.beta}, row, rows[i].horizon, rows[i].rate, rows[i].orders);
      for (std::size_t k = 0; k < alone.size(); ++k)
        EXPECT_EQ(to_bits(together[k][static_cast<int>(lane)]), to_bits(alone[k]))
            << i << " " << lane << " " << k;
    }
  }
}

TEST(pareto_nbd_properties, derivatives_are_those_of_the_scores) {
  using number = emptor::math::dual<real, 4, 1>;
  const double at[] = {.5532770467, 10.57768346, .6062399904, 11.66873533};
  const real rows[3][3] = {{2.0, 213 / 7.0, 272 / 7.0}, {26.0, 216 / 7.0, 31.0}, {0.0, 0.0, 2.0}};
  for (const auto& row : rows) {
    for (const double horizon : {1e-3, 52.0}) {
      for (const double orders : {0.0, 3.0}) {
        const auto exact = scores<number>({number::variable(at[0], 0), number::variable(at[1], 1),
                                           number::variable(at[2], 2), number::variable(at[3], 3)},
                                          row, horizon, .0027, orders);
        for (std::size_t i = 0; i < 4; ++i) {
          const auto moved = [&](double by) {
            double p[4] = {at[0], at[1], at[2], at[3]};
            p[i] *= 1.0 + by;
            return scores<real>({p[0], p[1], p[2], p[3]}, row, horizon, .0027, orders);
          };
          const auto far = moved(2e-4), near = moved(1e-4), back = moved(-1e-4), behind = moved(-2e-4);
          for (std::size_t k = 0; k < exact.size(); ++k) {
            const double difference =
                emptor::math::value_of(8.0 * (near[k] - back[k]) - (far[k] - behind[k])) / (12e-4 * at[i]);
            const double scale = std::fabs(emptor::math::value_of(exact[k])) / at[i];
            if (!(scale < 1e300))
              continue; // never
            EXPECT_NEAR(emptor::math::value_of(exact[k].g[i]), difference,
                        1e-8 * scale + 1e-9 * std::fabs(difference))
                << k << " by " << i << " row " << emptor::math::value_of(row[0]) << " horizon " << horizon;
          }
        }
      }
    }
  }
}

TEST(pareto_nbd_properties, any_bits_get_an_answer_in_time) {
  const double values[] = {0.0,
                           -0.0,
                           1.0,
                           1e-308,
                           5e-324,
                           1e308,
                           std::numeric_limits<double>::infinity(),
                           -1.0,
                           1e15,
                           1e-100,
                           1e100,
                           0.5,
                           std::numeric_limits<double>::quiet_NaN()};
  int numbers = 0;
  for (const double x : values) {
    for (const double t : values) {
      for (const double h : values) {
        for (const double scale : {1e-100, 1.0, 1e100}) {
          const real in[3] = {x, t, t + h};
          for (const real score : scores<real>({.5, scale, .6, 1.0 / scale}, in, h, 1e-3, std::fabs(x)))
            numbers += std::isfinite(emptor::math::value_of(score)) ? 1 : 0;
        }
      }
    }
  }
  EXPECT_GT(numbers, 1000);
}

} // namespace
} // namespace pareto_nbd_test
