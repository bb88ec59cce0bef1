// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/value/strategic_account_value.hpp>

#include "support/random.hpp"
#include "support/refusal.hpp"
#include "support/scored_csv.hpp"
#include "value/planned_oracle.hpp"

namespace emptor::value::strategic_account_value_test {
namespace {

using namespace planned_oracle;
using row = std::vector<double>;

row drawn_row(test::variates& draw) {
  return {between(draw, -100, 1000),
          maybe(draw, between(draw, -0.3, 0.3)),
          maybe(draw, between(draw, 0, 3)),
          between(draw, 0, 800),
          maybe(draw, between(draw, 0, 3)),
          maybe(draw, draw.uniform()),
          between(draw, 0, 800),
          maybe(draw, between(draw, -10, 90)),
          maybe(draw, between(draw, 0, 900)),
          maybe(draw, draw.uniform()),
          maybe(draw, std::floor(between(draw, 0, 30)))};
}

TEST(strategic_account_value, parts_are_their_payments_and_add_up_to_the_last_bit) {
  test::variates draw(35);
  for (int i = 0; i < 400; ++i) {
    const conventions by = drawn(draw);
    const row in = drawn_row(draw);
    const std::vector<double> found = figures<strategic_account_scores>(by, in, {1.0});
    const digits level = annuity(by, 0.0, in[9], in[10]);
    const digits buys = std::isnan(in[5]) ? digits(1) : digits(in[5]);
    const digits expected[] = {in[0] * annuity(by, in[1], in[9], in[10]), or_zero(in[2]) * in[3] * level,
                               or_zero(in[4]) * buys * in[6] * level, or_zero(in[7]) * level};
    math::real sum(0.0);
    for (std::size_t part = 0; part < 4; ++part) {
      EXPECT_NEAR(found[part], static_cast<double>(expected[part]),
                  2e-14 * static_cast<double>(abs(expected[part])));
      sum = sum + found[part];
    }
    EXPECT_EQ(found[4], math::value_of(sum));
    EXPECT_EQ(found[5], math::value_of(sum - (std::isnan(in[8]) ? 0.0 : in[8])));
  }
}

TEST(strategic_account_value, a_flagship_may_cost_more_than_it_brings_and_be_worth_it) {
  const auto scored = [](const std::string& rows, const std::vector<std::string>& only) {
    return test::scored(strategic_account_value_name, rows, only, {{"rate", "0.1"}, {"periods", "2"}});
  };
  EXPECT_EQ(scored("margin,followers,follower_value\n-121,0,605\n-121,0.2,605\n-121,2,605\n",
                   {"economic_value", "value"}),
            "-210,-210,ok\n-210,0,ok\n-210,1890,ok\n");
  EXPECT_EQ(scored("margin,followers,follower_value,referrals,referral_conversion,referred_customer_value\n"
                   "0,2,,,,\n0,,,1,0.5,\n0,,,,0.5,\n0,,,1,1.5,100\n0,-1,5,,,\n0,,,4,0.25,121\n,,,,,\n",
                   {"referral_value"}),
            ",missing\n,missing\n0,ok\n,out_of_domain\n,out_of_domain\n210,ok\n,missing\n");
}

} // namespace
} // namespace emptor::value::strategic_account_value_test
