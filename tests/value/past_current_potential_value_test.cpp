// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/value/past_current_potential_value.hpp>

#include "support/random.hpp"
#include "support/refusal.hpp"
#include "support/scored_csv.hpp"
#include "value/planned_oracle.hpp"

namespace emptor::value::past_current_potential_value_test {
namespace {

using namespace planned_oracle;
using row = std::vector<double>;

row drawn_row(test::variates& draw) {
  return {maybe(draw, between(draw, -500, 5000)),
          between(draw, -100, 1000),
          maybe(draw, between(draw, -0.3, 0.3)),
          maybe(draw, between(draw, 0, 800)),
          maybe(draw, between(draw, 0, 3)),
          between(draw, 0, 800),
          maybe(draw, draw.uniform()),
          maybe(draw, draw.uniform()),
          maybe(draw, std::floor(between(draw, 0, 30)))};
}

TEST(past_current_potential_value, parts_are_their_payments_and_add_up_to_the_last_bit) {
  test::variates draw(33);
  for (int i = 0; i < 400; ++i) {
    const conventions by = drawn(draw);
    const row in = drawn_row(draw);
    const std::vector<double> found = figures<past_current_potential_scores>(by, in, {1.0});
    const digits level = annuity(by, 0.0, in[7], in[8]);
    const digits realised = std::isnan(in[6]) ? digits(1) : digits(in[6]);
    const digits expected[] = {or_zero(in[0]), in[1] * annuity(by, in[2], in[7], in[8]),
                               or_zero(in[3]) * realised * level, or_zero(in[4]) * in[5] * realised * level};
    for (std::size_t part = 0; part < 4; ++part)
      EXPECT_NEAR(found[part], static_cast<double>(expected[part]),
                  2e-14 * static_cast<double>(abs(expected[part])));
    EXPECT_EQ(found[4], math::value_of(math::real(found[2]) + found[3]));
    EXPECT_EQ(found[5], math::value_of(math::real(found[0]) + found[1] + found[4]));
  }
}

TEST(past_current_potential_value, a_potential_is_worth_what_of_it_is_realised) {
  const auto scored = [](const std::string& rows) {
    return test::scored(past_current_potential_value_name, rows, {"potential_value", "value"},
                        {{"rate", "0.1"}, {"periods", "2"}});
  };
  EXPECT_EQ(scored("past_margin,current_margin,cross_selling,realisation\n"
                   "7,0,121,0\n7,0,121,0.5\n7,0,121,1\n7,0,121,\n7,121,,\n,121,,0.2\n"),
            "0,7,ok\n105,112,ok\n210,217,ok\n210,217,ok\n0,217,ok\n0,210,ok\n");
  EXPECT_EQ(scored("past_margin,current_margin,realisation,referrals,referred_customer_value\n"
                   "7,,,,\n7,1,1.1,,\n7,1,,2,\n7,1,,-2,1\n1e308,1e308,,2,1e308\n"),
            ",,missing\n,,out_of_domain\n,,missing\n,,out_of_domain\n,,too_large\n");
  EXPECT_EQ(test::scored(past_current_potential_value_name, "past_margin,current_margin,growth\n7,1,0.2\n",
                         {"historical_value", "current_value"}, {{"rate", "0.1"}}),
            "7,,undefined\n");
}

} // namespace
} // namespace emptor::value::past_current_potential_value_test
