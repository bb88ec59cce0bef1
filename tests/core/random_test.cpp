// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <set>
#include <span>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/core/random.hpp>
#include <emptor/core/run.hpp>

namespace emptor::random_test {
namespace {

using words = std::vector<std::uint64_t>;

words draw(random_stream stream, int count) {
  words drawn;
  for (int i = 0; i < count; ++i)
    drawn.push_back(stream.bits());
  return drawn;
}

words philox(r123::Philox4x64_R<10>::ctr_type counter, r123::Philox4x64_R<10>::key_type key) {
  const auto made = r123::Philox4x64_R<10>{}(counter, key);
  return {made.v[0], made.v[1], made.v[2], made.v[3]};
}

// The published known answers of Philox4x64-10 (Random123, kat_vectors): counter and key of zeros, of ones,
// and of the first digits of pi.
TEST(random, philox_gives_its_published_answers) {
  constexpr std::uint64_t ones = ~std::uint64_t{0};
  const words zero{0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b};
  EXPECT_EQ(draw({0, 0, 0}, 4), zero);
  EXPECT_EQ(philox({{ones, ones, ones, ones}}, {{ones, ones}}),
            (words{0x87b092c3013fe90b, 0x438c3c67be8d0224, 0x9cc7d7c69cd777b6, 0xa09caebf594f0ba0}));
  EXPECT_EQ(philox({{0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89}},
                   {{0x452821e638d01377, 0xbe5466cf34e90c6c}}),
            (words{0xa528f45403e61d95, 0x38c72dbd566e9788, 0xa5a1610e72fd18b5, 0x57bd43b5e52b7fe6}));
}

TEST(random, the_name_of_a_stream_is_key_and_counter) {
  words expected = philox({{0, 3, 0, 0}}, {{1, 2}});
  const words second = philox({{1, 3, 0, 0}}, {{1, 2}});
  expected.insert(expected.end(), second.begin(), second.end());
  EXPECT_EQ(draw({1, 2, 3}, 8), expected);
}

TEST(random, streams_of_different_names_differ) {
  std::set<std::uint64_t> firsts;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    for (std::uint64_t a = 0; a < 10; ++a) {
      for (std::uint64_t b = 0; b < 10; ++b)
        firsts.insert(random_stream(seed, a, b).bits());
    }
  }
  EXPECT_EQ(firsts.size(), 1000U);
}

TEST(random, the_same_bits_for_any_number_of_threads) {
  const auto all = [](int threads) {
    std::vector<double> drawn(1000);
    run how;
    how.threads = threads;
    for_each_task(1000, how, [&](std::int64_t task) {
      random_stream stream(7, 1, static_cast<std::uint64_t>(task));
      drawn[static_cast<std::size_t>(task)] = stream.uniform() + stream.uniform();
    });
    return drawn;
  };
  const std::vector<double> alone = all(1);
  EXPECT_EQ(all(2), alone);
  EXPECT_EQ(all(7), alone);
}

TEST(random, uniform_has_53_bits_and_no_end_points) {
  random_stream stream(1, 2, 3);
  for (int i = 0; i < 100000; ++i) {
    const double u = stream.uniform();
    ASSERT_GT(u, 0.0);
    ASSERT_LT(u, 1.0);
    ASSERT_EQ(std::fmod(u * 0x1p53, 2.0), 1.0); // an odd multiple of 2^-53
    ASSERT_EQ(1.0 - (1.0 - u), u);
  }
}

// Bounds at five standard deviations: the draws are fixed, so this holds for ever or never.
TEST(random, uniform_has_the_moments_and_the_distribution_of_one) {
  constexpr int n = 200000;
  std::vector<double> drawn;
  random_stream stream(42, 0, 0);
  double sum = 0.0;
  double squares = 0.0;
  double products = 0.0;
  for (int i = 0; i < n; ++i) {
    drawn.push_back(stream.uniform());
    sum += drawn.back();
    squares += drawn.back() * drawn.back();
    products += i > 0 ? drawn.back() * drawn[drawn.size() - 2] : 0.25;
  }
  EXPECT_NEAR(sum / n, 1.0 / 2, 5 * std::sqrt(1.0 / 12 / n));
  EXPECT_NEAR(squares / n, 1.0 / 3, 5 * std::sqrt(4.0 / 45 / n));
  EXPECT_NEAR(products / n, 1.0 / 4, 5 * std::sqrt(7.0 / 144 / n) * 1.5);
  std::sort(drawn.begin(), drawn.end());
  double distance = 0.0; // Kolmogorov and Smirnov
  for (int i = 0; i < n; ++i)
    distance =
        std::max(distance, std::abs(drawn[static_cast<std::size_t>(i)] - (static_cast<double>(i) + 0.5) / n));
  EXPECT_LT(distance, 1.95 / std::sqrt(n)); // 0.1 %
}

TEST(random, below_is_in_range_and_fair) {
  random_stream stream(3, 1, 4);
  EXPECT_EQ(stream.below(0), 0U);
  EXPECT_EQ(stream.below(1), 0U);
  constexpr std::uint64_t count = 7;
  constexpr int n = 70000;
  std::vector<int> seen(count);
  for (int i = 0; i < n; ++i)
    ++seen.at(static_cast<std::size_t>(stream.below(count)));
  double chi_square = 0.0;
  for (const int times : seen)
    chi_square += (times - n / 7.0) * (times - n / 7.0) / (n / 7.0);
  EXPECT_LT(chi_square, 22.46); // 0.1 % at six degrees of freedom
}

TEST(random, below_a_large_bound_draws_again_what_is_unfair) {
  // Of 2^64 draws a third would fall twice as often on some numbers if none were drawn again.
  constexpr std::uint64_t count = (std::uint64_t{3} << 62);
  random_stream stream(3, 1, 5);
  int low = 0;
  constexpr int n = 60000;
  for (int i = 0; i < n; ++i) {
    const std::uint64_t drawn = stream.below(count);
    ASSERT_LT(drawn, count);
    low += drawn % 3 == 0 ? 1 : 0;
  }
  EXPECT_NEAR(low, n / 3.0, 5 * std::sqrt(n * 2.0 / 9));
}

TEST(random, many_below_are_those_that_come_one_by_one) {
  // Of the last two bounds every other and every fourth draw is drawn again, so that the others move up.
  for (const std::uint64_t count : {std::uint64_t{0}, std::uint64_t{1}, std::uint64_t{250},
                                    (std::uint64_t{1} << 63) + 1, std::uint64_t{3} << 62}) {
    for (std::size_t before = 0; before < 6; ++before)
      for (const std::size_t size : {0U, 1U, 3U, 4U, 5U, 64U, 251U}) {
        random_stream together(7, count, before);
        random_stream alone(7, count, before);
        for (std::size_t i = 0; i < before; ++i)
          ASSERT_EQ(together.bits(), alone.bits());
        std::vector<std::uint64_t> made(size, 9);
        together.below(count, std::span(made));
        for (const std::uint64_t one : made)
          ASSERT_EQ(one, alone.below(count));
        EXPECT_EQ(together.bits(), alone.bits()) << "the draws after them";
      }
  }
}

} // namespace
} // namespace emptor::random_test
