// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstddef>
#include <random>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/math/beta_mixture.hpp>
#include <emptor/math/dual.hpp>
#include <emptor/math/pack.hpp>

#include "beta_mixture_truth.hpp"

namespace beta_mixture_oracle_test {
namespace {

namespace math = emptor::math;
using math::real;
using namespace emptor::testing;

/// a, b and shape before any event, and the events so far.
struct state {
  double a;
  double b;
  double shape;
  double events;
  [[nodiscard]] double excess() const { return a + (b - 1.0) - shape; }
};
template <class T>
T mean_events(const state& at, const T& w) {
  return math::stop_at_beta_rate<T>(at.a, at.b + at.events, at.shape + at.events, at.excess(), w);
}
template <class T>
T survival(const state& at, const T& w) {
  return math::survive_beta_rate<T>(at.a, at.b + at.events, at.shape + at.events, at.excess(), w);
}
std::string name(const state& at, double w) {
  return testing::PrintToString(std::vector<double>{at.a, at.b, at.shape, at.events, w});
}

TEST(beta_stopping, against_100_digits) {
  part_of_grid grid(11);
  double worst[2] = {0.0, 0.0};
  for (const double a : {1e-3, 0.793, 1.0, 1.0 + 1e-10, 2.5, 30.0, 1e3})
    for (const double b : {1e-3, 2.426, 40.0, 1e3})
      for (const double shape : {1e-3, 0.243, 60.0})
        for (const double events : {0.0, 30.0, 1e6})
          for (const double w : {1e-9, 1e-2, 1.1, 14.0, 40.0}) {
            if (!grid.has_next())
              continue;
            const state at{a, b, shape, events};
            const wide B = wide(b) + events;
            const wide S = wide(shape) + events;
            const double e = error_of(math::value_of(mean_events<real>(at, w)), events_by_series(a, B, S, w));
            EXPECT_LE(e, 1e-13) << name(at, w);
            worst[0] = std::fmax(worst[0], e);
            const wide stays = survival_by_series(a, B, S, w);
            if (stays < wide("1e-290"))
              continue;
            const double q = error_of(math::value_of(survival<real>(at, w)), stays);
            EXPECT_LE(q, 1e-13) << name(at, w);
            worst[1] = std::fmax(worst[1], q);
          }
  RecordProperty("events", std::to_string(worst[0] * 1e15) + "e-15");
  RecordProperty("survival", std::to_string(worst[1] * 1e15) + "e-15");
}

TEST(beta_stopping, far_against_50_digits) {
  part_of_grid grid(5);
  for (const double a : {1e-3, 0.793, 1.0 + 1e-10, 30.0})
    for (const double b : {0.02, 2.426, 300.0})
      for (const double events : {0.0, 20.0})
        for (const double w : {300.0, 1e8}) {
          if (!grid.has_next())
            continue;
          const state at{a, b, b > 100.0 ? 60.0 : 0.243, events};
          const half B = half(b) + events;
          const half S = half(at.shape) + events;
          EXPECT_LE(error_of(math::value_of(mean_events<real>(at, w)), events_by_quadrature(a, B, S, w)),
                    1e-13)
              << name(at, w);
          EXPECT_LE(error_of(math::value_of(survival<real>(at, w)), survival_by_quadrature(a, B, S, w)),
                    1e-13)
              << name(at, w);
        }
}

/// Gradient and Hessian in the logs of a, b, shape and w against central differences in 100 digits.
template <class Ours, class Theirs>
void compare_derivatives(const double (&at)[4], const Ours& ours, const Theirs& theirs) {
  using number = math::dual<real, 4>;
  number x[4];
  for (std::size_t i = 0; i < 4; ++i)
    x[i] = number::variable(at[i], i);
  const number f = ours(x[0], x[1], x[2], x[0] + (x[1] - 1.0) - x[2], x[3]);
  const wide h("1e-12");
  const auto moved = [&](std::size_t i, int k, std::size_t j, int l) {
    wide y[] = {at[0], at[1], at[2], at[3]};
    y[i] *= 1 + k * h;
    y[j] *= 1 + l * h;
    return wide(theirs(y[0], y[1], y[2], y[3]));
  };
  const wide middle = theirs(at[0], at[1], at[2], at[3]);
  const double size = static_cast<double>(middle);
  EXPECT_NEAR(math::value_of(f.v) / size, 1.0, 1e-13);
  for (std::size_t i = 0; i < 4; ++i) {
    const double slope =
        static_cast<double>(wide((moved(i, 1, i, 0) - moved(i, -1, i, 0)) / (2 * h * middle)));
    EXPECT_NEAR(math::value_of(f.g[i]) * at[i] / size, slope, 2e-13 * (1.0 + std::fabs(slope))) << i;
    for (std::size_t j = 0; j <= i; ++j) {
      const wide second =
          i == j
              ? wide(moved(i, 1, i, 0) - 2 * middle + moved(i, -1, i, 0))
              : wide((moved(i, 1, j, 1) - moved(i, 1, j, -1) - moved(i, -1, j, 1) + moved(i, -1, j, -1)) / 4);
      const double curve = static_cast<double>(wide(second / (h * h * middle)));
      EXPECT_NEAR(math::value_of(f.hessian(i, j)) * at[i] * at[j] / size, curve,
                  2e-12 * (1.0 + std::fabs(curve)))
          << i << j;
    }
  }
}

TEST(beta_stopping, derivatives) {
  part_of_grid grid(5);
  for (const double a : {0.05, 0.793, 1.0, 2.5})
    for (const double events : {0.0, 7.0, 40.0})
      for (const double w : {1e-3, 1.1, 5.0, 40.0}) {
        if (!grid.has_next())
          continue;
        const double at[] = {a, 2.426 + events, 0.243 + events, w};
        SCOPED_TRACE(testing::PrintToString(std::vector<double>(at, at + 4)));
        compare_derivatives(
            at, [](const auto&... x) { return math::stop_at_beta_rate(x...); },
            [](const auto&... x) { return events_by_series(x...); });
        compare_derivatives(
            at, [](const auto&... x) { return math::survive_beta_rate(x...); },
            [](const auto&... x) { return survival_by_series(x...); });
      }
  // Where the quadrature takes over.
  compare_derivatives(
      {0.8, 0.3, 12.0, 5.0}, [](const auto&... x) { return math::stop_at_beta_rate(x...); },
      [](const auto&... x) { return events_by_series(x...); });
  compare_derivatives(
      {0.8, 0.3, 12.0, 5.0}, [](const auto&... x) { return math::survive_beta_rate(x...); },
      [](const auto&... x) { return survival_by_series(x...); });
}

TEST(beta_stopping, a_row_does_not_depend_on_its_neighbours_nor_on_the_table) {
  using rows = math::pack<math::isa::baseline>;
  const state at{0.793, 2.426, 0.243, 0.0};
  const math::beta_stopping<rows> packed(at.a, at.excess());
  const math::beta_stopping<real> single(at.a, at.excess());
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  for (int i = 0; i < 500; ++i) {
    double b[rows::lanes];
    double shape[rows::lanes];
    double w[rows::lanes];
    for (int lane = 0; lane < rows::lanes; ++lane) {
      const double events = std::floor(std::pow(10.0, 3.0 * unit(random)) - 0.5);
      b[lane] = at.b + events;
      shape[lane] = at.shape + events;
      w[lane] = std::pow(10.0, 7.0 * unit(random) - 4.0);
    }
    const rows mean = packed.events(rows::load(b), rows::load(shape), rows::load(w));
    const rows stays = packed.survival(rows::load(b), rows::load(shape), rows::load(w));
    for (int lane = 0; lane < rows::lanes; ++lane) {
      const real b1(b[lane]);
      const real s1(shape[lane]);
      const real w1(w[lane]);
      EXPECT_EQ(to_bits(mean[lane]), to_bits(single.events(b1, s1, w1)));
      EXPECT_EQ(to_bits(mean[lane]), to_bits(math::stop_at_beta_rate<real>(at.a, b1, s1, at.excess(), w1)));
      EXPECT_EQ(to_bits(stays[lane]), to_bits(single.survival(b1, s1, w1)));
      EXPECT_EQ(to_bits(stays[lane]), to_bits(math::survive_beta_rate<real>(at.a, b1, s1, at.excess(), w1)));
    }
  }
}

TEST(beta_stopping, limits) {
  const state at{0.793, 2.426, 0.243, 2.0};
  EXPECT_EQ(math::value_of(mean_events<real>(at, 0.0)), 0.0);
  EXPECT_EQ(math::value_of(survival<real>(at, 0.0)), 1.0);
  // In a short time there is an event with the mean rate, and it is the last one with the mean probability.
  EXPECT_NEAR(math::value_of(mean_events<real>(at, 1e-12)), 2.243e-12, 1e-23);
  EXPECT_NEAR(1.0 - math::value_of(survival<real>(at, 1e-6)), 2.243e-6 * 0.793 / 5.219, 1e-11);
  // For ever: E[1 / p] where a > 1.
  const state ends{2.5, 2.426, 0.243, 2.0};
  EXPECT_NEAR(math::value_of(mean_events<real>(ends, 1e100)), (2.5 + 4.426 - 1.0) / 1.5, 1e-12);
}

} // namespace
} // namespace beta_mixture_oracle_test
