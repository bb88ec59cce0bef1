// SPDX-License-Identifier: BSL-1.0
#include <array>
#include <bit>
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

TEST(customer_profit, small_amounts_have_the_bits_of_whole_numbers) {
  constexpr auto limit = static_cast<std::int64_t>(customer_profit_scores<math::real>::small);
  draws draw(5);
  const auto bits = [](double x) { return std::isnan(x) ? 0 : std::bit_cast<std::uint64_t>(x); };
  for (int i = 0; i < 20000; ++i) {
    std::array<std::int64_t, 8> row{};
    for (std::int64_t& one : row) {
      one = static_cast<std::int64_t>(draw.below(std::uint64_t{1} << draw.below(49)));
      if (draw.below(3) == 0)
        one = -one;
      if (draw.below(9) == 0)
        one = draw.below(2) == 0 ? limit - 1 : 1 - limit;
      if (draw.below(50) == 0) // beyond what is small, but not what fits
        one *= 1000;
    }
    const customer_account whose{row[0], row[1], row[2], {row[3], row[4], row[5], row[6]}, row[7]};
    const customer_result left = profit_of(whose);
    const profit_ratios of = ratios_of(whose, left);
    const scored made = score(row);
    ASSERT_EQ(made.status, row_status::ok);
    EXPECT_EQ(made.amounts, (std::array<std::int64_t, 4>{static_cast<std::int64_t>(left.net_revenue),
                                                         static_cast<std::int64_t>(left.gross_margin),
                                                         static_cast<std::int64_t>(left.cost_to_serve),
                                                         static_cast<std::int64_t>(left.profit)}));
    const double ratios[] = {of.profit_rate,
                             of.gross_margin_rate,
                             of.cost_to_serve_rate,
                             of.cost_contribution_rate,
                             of.margin_per_cost_to_serve,
                             of.return_on_assets};
    for (std::size_t k = 0; k < std::size(ratios); ++k)
      EXPECT_EQ(bits(made.ratios[k]), bits(ratios[k])) << i << ' ' << k;
  }
}

TEST(customer_profit, rows_together_have_the_figures_of_each_alone) {
  draws draw(8);
  for (const bool some_are_wide : {false, true}) {
    constexpr std::size_t rows = 256;
    std::array<std::array<std::int64_t, rows>, 8> columns{};
    for (std::size_t row = 0; row < rows; ++row) {
      for (auto& column : columns) {
        column[row] = static_cast<std::int64_t>(draw.below(2'000'000)) - 500'000;
        if (draw.below(9) == 0)
          column[row] = no_amount;
        if (some_are_wide && draw.below(40) == 0)
          column[row] = most - static_cast<std::int64_t>(draw.below(1000));
      }
    }
    std::array<score_block::input, 8> inputs;
    for (std::size_t i = 0; i < inputs.size(); ++i)
      inputs[i].amount = i == 4 ? nullptr : columns[i].data(); // nobody bound the fifth
    std::array<std::array<std::int64_t, rows>, 4> amounts{};
    std::array<std::array<double, rows>, 6> ratios{};
    std::array<score_block::output, 10> outputs;
    for (std::size_t i = 0; i < outputs.size(); ++i) {
      if (i < 4)
        outputs[i].amount = amounts[i].data();
      else if (i != 7) // nobody asked for it
        outputs[i].number = ratios[i - 4].data();
    }
    std::array<row_status, rows> status{};
    score_block block;
    block.rows = rows;
    block.inputs = inputs;
    block.outputs = outputs;
    block.status = status.data();
    customer_profit_scorer().score(block);
    std::int64_t too_large = 0;
    for (std::size_t row = 0; row < rows; ++row) {
      std::array<std::int64_t, 8> of_row{};
      for (std::size_t i = 0; i < of_row.size(); ++i)
        of_row[i] = i == 4 ? no_amount : columns[i][row];
      const scored alone = score(of_row);
      ASSERT_EQ(status[row], alone.status);
      too_large += alone.status == row_status::too_large ? 1 : 0;
      for (std::size_t i = 0; i < 4; ++i)
        ASSERT_EQ(amounts[i][row], alone.status == row_status::ok ? alone.amounts[i] : no_amount) << row;
      for (std::size_t i = 0; i < 6; ++i) {
        if (i == 3)
          continue;
        ASSERT_TRUE(ratios[i][row] == alone.ratios[i] ||
                    (std::isnan(ratios[i][row]) && std::isnan(alone.ratios[i])))
            << row;
      }
    }
    EXPECT_EQ(too_large > 0, some_are_wide);
  }
}

} // namespace
} // namespace emptor::test::customer_profit_test
