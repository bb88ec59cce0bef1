// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_bin_float.hpp>

#include <emptor/value/customer_profit.hpp>

#include "support/random.hpp"

namespace emptor::test::customer_profit_test {
namespace {

using namespace emptor::value;
using digits = boost::multiprecision::cpp_bin_float_50;
constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

struct scored {
  std::array<std::int64_t, 4> amounts{};
  std::array<double, 6> ratios{};
  row_status status = row_status::ok;
};

/// One row through the scorer; `no_amount` is missing.
scored score(const std::array<std::int64_t, 8>& row) {
  std::array<score_block::input, 8> inputs;
  for (std::size_t i = 0; i < row.size(); ++i)
    inputs[i].amount = &row[i];
  scored made;
  std::array<score_block::output, 10> outputs;
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    if (i < 4)
      outputs[i].amount = &made.amounts[i];
    else
      outputs[i].number = &made.ratios[i - 4];
  }
  score_block block;
  block.rows = 1;
  block.inputs = inputs;
  block.outputs = outputs;
  block.status = &made.status;
  customer_profit_scorer().score(block);
  return made;
}

TEST(customer_profit, parts_add_up_and_ratios_are_those_of_the_amounts) {
  draws draw(3);
  const auto near = [](double got, digits above, digits below) {
    if (below <= 0)
      return std::isnan(got);
    return abs(digits(got) - above / below) <= 3e-16 * abs(above / below);
  };
  int without = 0;
  for (int i = 0; i < 5000; ++i) {
    std::array<std::int64_t, 8> row{};
    const std::uint64_t size = draw.below(2) == 0 ? 1000 : std::uint64_t{1} << 30;
    for (std::int64_t& one : row)
      one = static_cast<std::int64_t>(draw.below(size)) * static_cast<std::int64_t>(draw.below(size)) -
            static_cast<std::int64_t>(size);
    const scored made = score(row);
    ASSERT_EQ(made.status, row_status::ok);
    EXPECT_EQ(made.amounts[0], row[0] - row[1]);
    EXPECT_EQ(made.amounts[1], made.amounts[0] - row[2]);
    EXPECT_EQ(made.amounts[2], row[3] + row[4] + row[5] + row[6]);
    EXPECT_EQ(made.amounts[3], made.amounts[1] - made.amounts[2]);
    const digits net = made.amounts[0];
    const digits margin = made.amounts[1];
    const digits cost = made.amounts[2];
    const digits profit = made.amounts[3];
    EXPECT_TRUE(near(made.ratios[0], profit, net));
    EXPECT_TRUE(near(made.ratios[1], margin, net));
    EXPECT_TRUE(near(made.ratios[2], cost, net));
    EXPECT_TRUE(near(made.ratios[3], profit, cost + row[2]));
    EXPECT_TRUE(near(made.ratios[4], margin, cost));
    EXPECT_TRUE(near(made.ratios[5], profit, digits(row[7])));
    without += std::isnan(made.ratios[0]) ? 1 : 0;
  }
  EXPECT_GT(without, 500);
}

TEST(customer_profit, what_is_missing_costs_nothing_and_is_no_asset) {
  const scored made =
      score({10000, no_amount, no_amount, no_amount, no_amount, no_amount, no_amount, no_amount});
  EXPECT_EQ(made.amounts, (std::array<std::int64_t, 4>{10000, 10000, 0, 10000}));
  EXPECT_EQ(made.ratios[0], 1.0);
  EXPECT_TRUE(std::isnan(made.ratios[3])) << "nothing was spent";
  EXPECT_TRUE(std::isnan(made.ratios[5]));
}

TEST(customer_profit, what_64_bits_cannot_hold_is_too_large) {
  EXPECT_EQ(score({most, -1, 0, 0, 0, 0, 0, 0}).status, row_status::too_large);
  EXPECT_EQ(score({0, 0, 0, most, most, 0, 0, 0}).status, row_status::too_large);
  EXPECT_EQ(score({-most, 0, 0, 1, 0, 0, 0, 0}).status, row_status::too_large);
  const scored edge = score({most, 0, 0, most, 0, 0, 0, most});
  EXPECT_EQ(edge.status, row_status::ok);
  EXPECT_EQ(edge.amounts[3], 0);
  EXPECT_EQ(edge.ratios[5], 0.0);
}

} // namespace
} // namespace emptor::test::customer_profit_test
