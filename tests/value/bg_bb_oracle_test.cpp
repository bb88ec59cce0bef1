// SPDX-License-Identifier: BSL-1.0
// The formulas of BG/BB against the paper's, as they are printed there, with 50 digits.
#include <cmath>
#include <cstdint>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/value/bg_bb.hpp>

#include "bg_bb_oracle.hpp"

namespace bg_bb_oracle_test {
namespace {

namespace value = emptor::value;
using emptor::math::real;
using parameters = value::bg_bb_parameters<double>;
using emptor::test::wide;
using oracle = emptor::test::bg_bb_oracle;

const std::vector<parameters> grid = [] {
  std::vector<parameters> made;
  for (const double alpha : {1e-6, 1e-3, 0.5, 1.2, 40.0, 1e6})
    for (const double beta : {1e-6, 0.75, 30.0, 1e6})
      for (const double gamma : {1e-6, 0.66, 1.0, 1.0 + 1e-9, 5.0, 1e4})
        for (const double delta : {1e-6, 2.8, 1e5})
          made.push_back({alpha, beta, gamma, delta});
  return made;
}();

struct row {
  std::int64_t x, t_x, n;
};
const std::vector<row> rows{{0, 0, 0},          {0, 0, 6},        {0, 0, 3000},
                            {1, 1, 1},          {1, 2, 60},       {3, 4, 6},
                            {3, 3, 129},        {100, 120, 700},  {1000, 1000, 20000},
                            {5, 90000, 100000}, {40, 50, 100000}, {100000, 100000, 100000}};

std::string where(const parameters& p, const row& at) {
  return testing::PrintToString(std::vector<double>{p.alpha, p.beta, p.gamma, p.delta}) + ' ' +
         testing::PrintToString(std::vector<std::int64_t>{at.x, at.t_x, at.n});
}

/// Calls check(parameters, row, oracle) for every `nth` point of the grid: the oracle takes its time.
template <class Check>
void for_each_point(int nth, const Check& check) {
  int point = 0;
  for (const parameters& p : grid)
    for (const row& at : rows) {
      if (++point % nth == 0)
        check(p, at, oracle{p.alpha, p.beta, p.gamma, p.delta, at.x, at.t_x, at.n});
    }
}

void expect_score(double found, const wide& expected, const std::string& at) {
  if (expected > wide("1e-290"))
    EXPECT_LT(abs(wide((found - expected) / expected)), wide("1e-12")) << at << ": " << found;
  else
    EXPECT_LT(found, 2e-290) << at;
}

TEST(bg_bb_oracle, likelihood_and_probability_alive) {
  for_each_point(41, [](const parameters& p, const row& at, const oracle& truth) {
    const wide expected = log(truth.likelihood());
    const double found = value::log_likelihood(p, at.x, at.t_x, at.n);
    EXPECT_LT(abs(wide(found - expected)), wide(1e-14) * (1 + abs(expected))) << where(p, at);
    expect_score(value::probability_alive(p, at.x, at.t_x, at.n), truth.alive(1), where(p, at));
    expect_score(value::probability_alive_in(p, at.x, at.t_x, at.n, 25), truth.alive(26), where(p, at));
  });
}

TEST(bg_bb_oracle, expected_orders) {
  for_each_point(701, [](const parameters& p, const row& at, const oracle& truth) {
    for (const std::int64_t horizon : {1, 2, 5, 130, 2000}) {
      const std::string point = where(p, at) + " in " + std::to_string(horizon);
      expect_score(value::expected_orders(p, at.x, at.t_x, at.n, horizon), truth.orders(horizon, 0.0), point);
      for (const double rate : {1e-9, 0.1})
        expect_score(value::discounted_expected_orders(p, at.x, at.t_x, at.n, rate, horizon),
                     truth.orders(horizon, rate), point + " at " + std::to_string(rate));
      expect_score(value::probability_active(p, at.x, at.t_x, at.n, horizon), truth.active(horizon), point);
    }
    for (const double rate : {0.01, 0.1, 3.0})
      expect_score(value::discounted_expected_orders(p, at.x, at.t_x, at.n, rate),
                   truth.orders(1000000, rate), where(p, at) + " at " + std::to_string(rate));
  });
}

TEST(bg_bb_oracle, counts_of_orders) {
  for_each_point(331, [](const parameters& p, const row& at, const oracle& truth) {
    for (const std::int64_t horizon : {1, 6, 400, 20000})
      for (const std::int64_t count : {0, 1, 5, 60, 3000}) {
        const std::string point =
            where(p, at) + ": " + std::to_string(count) + " in " + std::to_string(horizon);
        const double found = value::probability_of_orders(p, at.x, at.t_x, at.n, count, horizon);
        if (count > horizon)
          EXPECT_EQ(found, 0.0) << point;
        else
          expect_score(found, truth.count(count, horizon), point);
      }
  });
}

TEST(bg_bb_oracle, posterior_means) {
  for_each_point(89, [](const parameters& p, const row& at, const oracle& truth) {
    oracle with_order = truth;
    with_order.alpha += 1;
    expect_score(value::mean_order_rate(p, at.x, at.t_x, at.n),
                 truth.alpha / (truth.alpha + truth.beta) * with_order.likelihood() / truth.likelihood(),
                 where(p, at));
    oracle with_end = truth;
    with_end.gamma += 1;
    expect_score(value::mean_dropout(p, at.x, at.t_x, at.n),
                 truth.gamma / (truth.gamma + truth.delta) * with_end.likelihood() / truth.likelihood(),
                 where(p, at));
  });
}

TEST(bg_bb_oracle, the_next_order_is_the_first_opportunity_that_reaches_the_share) {
  for_each_point(211, [](const parameters& p, const row& at, const oracle& truth) {
    for (const double share : {1e-6, 0.05, 0.5, 0.9}) {
      const double found = value::next_order_quantile(p, at.x, at.t_x, at.n, share);
      if (found < 1e4) {
        EXPECT_GE(truth.active(static_cast<std::int64_t>(found)), share * (1 - 1e-12))
            << where(p, at) << ' ' << share;
        EXPECT_LT(truth.active(static_cast<std::int64_t>(found) - 1), share * (1 + 1e-12))
            << where(p, at) << ' ' << share;
      } else {
        EXPECT_LT(truth.active(10000), share * (1 + 1e-12)) << where(p, at) << ' ' << share;
      }
    }
  });
}

} // namespace
} // namespace bg_bb_oracle_test
