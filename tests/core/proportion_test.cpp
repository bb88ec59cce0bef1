// SPDX-License-Identifier: BSL-1.0
#include <emptor/core/proportion.hpp>

#include <array>
#include <numeric>
#include <random>

#include <boost/multiprecision/cpp_int.hpp>
#include <gtest/gtest.h>

namespace emptor::proportion_test {
namespace {

using boost::multiprecision::cpp_int;

constexpr std::int64_t most = std::numeric_limits<std::int64_t>::max();

/// The same by the definition.
std::int64_t rounded(std::int64_t amount, const std::vector<std::int64_t>& numerators,
                     const std::vector<std::int64_t>& denominators) {
  cpp_int n = amount;
  cpp_int d = 1;
  for (const std::int64_t one : numerators)
    n *= one;
  for (const std::int64_t one : denominators)
    d *= one;
  const cpp_int size = (2 * abs(n) + d) / (2 * d);
  return size > most ? no_amount : static_cast<std::int64_t>(n < 0 ? -size : size);
}

TEST(proportion, rounds_halves_away_from_zero) {
  EXPECT_EQ(share_of(5050, 0.07), 354); // 353.5; in doubles 0.07 x 5050 is 353.50000000000006
  EXPECT_EQ(share_of(-5050, 0.07), -354);
  EXPECT_EQ(share_of(150, 0.35), 53); // 52.5, which doubles make 52.499999999999993
  EXPECT_EQ(share_of(1, 0.5), 1);
  EXPECT_EQ(share_of(-1, 0.5), -1);
  EXPECT_EQ(share_of(1, 0.499999999999), 0);
  EXPECT_EQ(share_of(no_amount, 0.5), no_amount);
}

TEST(proportion, of_the_largest_amounts_is_exact_or_said_not_to_fit) {
  EXPECT_EQ(share_of(most, 1.0), most);
  EXPECT_EQ(share_of(-most, 1.0), -most);
  EXPECT_EQ(share_of(most, 1.000000000001), no_amount);
  EXPECT_EQ(share_of(most, 0.5), most / 2 + 1);
  EXPECT_EQ(proportion_of(most, {most, most, most, most, most}, {most, most, most, most, most}), most);
  EXPECT_EQ(proportion_of(most, {most}, {1}), no_amount);
  EXPECT_EQ(proportion_of(0, {most}, {1}), 0);
}

TEST(proportion, is_that_of_rational_arithmetic) {
  std::mt19937_64 random(1);
  for (int i = 0; i < 20000; ++i) {
    const auto any = [&](bool above_zero) {
      const auto drawn = static_cast<std::int64_t>(random() >> (1 + random() % 63));
      return above_zero ? drawn + 1 : (random() % 2 == 0 ? drawn : -drawn);
    };
    const std::int64_t amount = any(false);
    const std::array n{any(false), any(false), any(false)};
    const std::array d{any(true), any(true)};
    EXPECT_EQ(proportion_of(amount, {n[0], n[1], n[2]}, {d[0], d[1]}),
              rounded(amount, {n[0], n[1], n[2]}, {d[0], d[1]}));
  }
}

std::vector<std::int64_t> split(std::int64_t amount, const std::vector<std::int64_t>& weights) {
  std::vector<std::int64_t> parts(weights.size());
  split_in_proportion(amount, weights, parts);
  return parts;
}

TEST(proportion, gives_what_remains_to_the_largest_remainders_and_then_to_the_later) {
  EXPECT_EQ(split(100, {1, 1, 1}), (std::vector<std::int64_t>{33, 33, 34}));
  EXPECT_EQ(split(-100, {1, 1, 1}), (std::vector<std::int64_t>{-33, -33, -34}));
  EXPECT_EQ(split(101, {1, 1, 1}), (std::vector<std::int64_t>{33, 34, 34}));
  EXPECT_EQ(split(10, {5, 3, 3}), (std::vector<std::int64_t>{4, 3, 3})); // 4.55, 2.73, 2.73
  EXPECT_EQ(split(1, {0, 1, 0}), (std::vector<std::int64_t>{0, 1, 0}));
  EXPECT_EQ(split(0, {1, 2}), (std::vector<std::int64_t>{0, 0}));
}

TEST(proportion, parts_add_up_and_are_less_than_a_minor_unit_off) {
  std::mt19937_64 random(2);
  for (int i = 0; i < 5000; ++i) {
    std::vector<std::int64_t> weights(1 + random() % 12);
    for (std::int64_t& one : weights)
      one = static_cast<std::int64_t>(random() % static_cast<std::uint64_t>(whole_share));
    weights.front() += 1;
    const std::int64_t total = std::accumulate(weights.begin(), weights.end(), std::int64_t{0});
    const auto size = static_cast<std::int64_t>(random() >> (1 + random() % 63));
    const std::int64_t amount = random() % 2 == 0 ? size : -size;
    const std::vector<std::int64_t> parts = split(amount, weights);
    EXPECT_EQ(std::accumulate(parts.begin(), parts.end(), wide_integer{0}), wide_integer{amount});
    for (std::size_t k = 0; k < parts.size(); ++k) {
      const cpp_int off = abs(cpp_int(parts[k]) * total - cpp_int(amount) * weights[k]);
      EXPECT_LT(off, total);
    }
  }
}

} // namespace
} // namespace emptor::proportion_test
