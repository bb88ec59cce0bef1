// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/value/engagement_value.hpp>

#include "support/random.hpp"
#include "support/refusal.hpp"
#include "support/scored_csv.hpp"
#include "value/planned_oracle.hpp"

namespace emptor::value::engagement_value_test {
namespace {

using namespace planned_oracle;
using row = std::vector<double>;

row drawn_row(test::variates& draw) {
  return {between(draw, 0, 1000),
          draw.uniform(),
          between(draw, -5, 50),
          maybe(draw, between(draw, -0.3, 0.3)),
          maybe(draw, between(draw, -1, 1)),
          between(draw, 0, 100),
          between(draw, 0, 100),
          maybe(draw, between(draw, 0, 60)),
          maybe(draw, between(draw, 0, 900)),
          draw.uniform(),
          maybe(draw, between(draw, 0, 300)),
          maybe(draw, between(draw, 0, 300)),
          maybe(draw, draw.uniform()),
          maybe(draw, std::floor(between(draw, 0, 30)))};
}

TEST(engagement_value, parts_are_their_definitions_and_add_up_to_the_last_bit) {
  test::variates draw(34);
  for (int i = 0; i < 400; ++i) {
    const conventions by = drawn(draw);
    const row in = drawn_row(draw);
    const std::vector<double> found = figures<engagement_value_scores>(by, in, {1.0, 12.5});
    const digits level = annuity(by, 0.0, in[12], in[13]);
    const digits net = or_zero(in[10]) - or_zero(in[11]);
    const digits expected[] = {digits(in[0]) * in[1] * in[2] * annuity(by, in[3], in[12], in[13]),
                               or_zero(in[4]) * in[5] * in[6] * level,
                               std::isnan(in[7]) ? digits(12.5) : digits(in[7]), or_zero(in[8]) * in[9],
                               net * level};
    math::real sum(0.0);
    for (std::size_t part = 0; part < 5; ++part) {
      const double size =
          static_cast<double>(abs(expected[part])) + (part == 4 ? 300.0 * static_cast<double>(level) : 0.0);
      EXPECT_NEAR(found[part], static_cast<double>(expected[part]), 2e-14 * size) << i << ' ' << part;
      sum = sum + found[part];
    }
    EXPECT_EQ(found[5], math::value_of(sum));
  }
}

std::string scored(const std::string& rows, const std::vector<std::string>& only,
                   test::csv_options more = {}) {
  more.push_back({"rate", "0.1"});
  more.push_back({"periods", "2"});
  return test::scored(engagement_value_name, rows, only, more);
}

TEST(engagement_value, purchase_value_is_capacity_times_share_times_margin) {
  EXPECT_EQ(scored("capacity,wallet_share,unit_margin\n100,0.5,24.2\n100,1,12.1\n100,0,22\n0,1,22\n",
                   {"purchase_value", "value"}),
            "2100,2100,ok\n2100,2100,ok\n0,0,ok\n0,0,ok\n");
  EXPECT_EQ(
      scored("capacity,wallet_share,unit_margin\n100,1.1,22\n-1,1,22\n100,,22\n1e308,1,1e308\n", {"value"}),
      ",out_of_domain\n,out_of_domain\n,missing\n,too_large\n");
}

TEST(engagement_value, information_is_that_of_the_type_unless_the_row_says_it) {
  EXPECT_EQ(scored("capacity,wallet_share,unit_margin,information\n0,0,0,\n0,0,0,7\n0,0,0,0\n",
                   {"information_value", "value"}, {{"information", "50"}}),
            "50,50,ok\n7,7,ok\n0,0,ok\n");
  EXPECT_EQ(scored("capacity,wallet_share,unit_margin\n0,0,0\n", {"information_value"}), "0,ok\n");
}

TEST(engagement_value, half_a_part_is_missing) {
  EXPECT_EQ(
      scored("capacity,wallet_share,unit_margin,influence,reach,influenced_purchase,knowledge,"
             "conversion\n"
             "0,0,0,0.1,20,,,\n0,0,0,0.1,,60.5,,\n0,0,0,,20,60.5,,\n0,0,0,-0.1,20,60.5,,\n0,0,0,,,,400,\n"
             "0,0,0,,,,400,0.25\n0,0,0,,,,,0.25\n0,0,0,1.1,20,60.5,,\n",
             {"word_of_mouth_value", "knowledge_value", "value"}),
      ",,,missing\n,,,missing\n0,0,0,ok\n-210,0,-210,ok\n,,,missing\n0,100,100,ok\n0,0,0,ok\n"
      ",,,out_of_domain\n");
}

} // namespace
} // namespace emptor::value::engagement_value_test
