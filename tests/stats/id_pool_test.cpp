// SPDX-License-Identifier: BSL-1.0
#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include <emptor/stats/id_pool.hpp>

#include "support/random.hpp"

namespace id_pool_test {
namespace {

using emptor::id_pool;
using emptor::keyed_hash;
using emptor::test::draws;

/// Texts of all forms that a pool tells apart: numbers near and far, short, up to 16 bytes, longer; some are
/// the beginning of others, some hold zero bytes.
std::vector<std::string> texts_of_all_forms(std::uint64_t seed, std::size_t count) {
  draws draw(seed);
  std::vector<std::string> texts{"7",
                                 "07",
                                 "-0",
                                 "0",
                                 "-1",
                                 "",
                                 "abc",
                                 "abcd",
                                 "abcdefgh",
                                 "abcdefghi",
                                 "abcdefghijklmnop",
                                 "abcdefghijklmnopq",
                                 std::string("a\0", 2),
                                 std::string(1, '\0'),
                                 std::string(2, '\0'),
                                 std::string(20, '\0'),
                                 std::string(21, '\0'),
                                 "a",
                                 "9223372036854775807",
                                 "-9223372036854775808",
                                 "9223372036854775808",
                                 "客户"};
  for (std::size_t i = 0; i < count; ++i) {
    std::string text = std::to_string(draw.below(10 * count));
    switch (draw.below(5)) {
    case 0:
      break;
    case 1:
      text = std::to_string(draw.below(std::uint64_t{1} << 31) << 32);
      break;
    case 2:
      text.insert(0, "C");
      break;
    case 3:
      text.insert(0, "customer number ");
      break;
    default:
      text.insert(0, "A name so long that its first bytes do not tell it from others, ");
      break;
    }
    texts.push_back(text);
  }
  std::sort(texts.begin(), texts.end());
  texts.erase(std::unique(texts.begin(), texts.end()), texts.end());
  draw.shuffle(texts);
  return texts;
}

std::vector<id_pool::key> keys_of(const std::vector<std::string>& texts) {
  std::vector<id_pool::key> keys;
  for (const std::string& text : texts)
    keys.push_back(id_pool::key_of(std::string_view(text)));
  return keys;
}

TEST(id_pool, tells_texts_apart_and_numbers_them_in_the_order_of_their_coming) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const std::vector<std::string> texts = texts_of_all_forms(seed, 5000);
    const std::vector<id_pool::key> keys = keys_of(texts);
    id_pool one_by_one;
    id_pool at_once;
    std::vector<std::uint32_t> numbers(texts.size());
    for (int again = 0; again < 2; ++again) {
      at_once.intern(keys, numbers.data());
      for (std::uint32_t i = 0; i < texts.size(); ++i) {
        ASSERT_EQ(one_by_one.intern(keys[i]), i) << texts[i];
        ASSERT_EQ(numbers[i], i) << texts[i];
        ASSERT_EQ(at_once.find(keys[i]), i) << texts[i];
        ASSERT_EQ(at_once[i], texts[i]);
      }
    }
    EXPECT_EQ(at_once.find(id_pool::key_of(std::string_view("not there"))), id_pool::none);
    EXPECT_EQ(at_once.find(id_pool::key_of(std::int64_t{-77})), id_pool::none);
    EXPECT_EQ(at_once.find(id_pool::key_of(std::int64_t{7})),
              at_once.find(id_pool::key_of(std::string_view("7"))));
  }
}

TEST(id_pool, one_push_may_bring_an_id_many_times_and_miss_it) {
  std::vector<id_pool::key> keys;
  for (int i = 0; i < 3000; ++i)
    keys.push_back(i % 7 == 0 ? id_pool::key{} : id_pool::key_of(std::int64_t{i % 11}));
  id_pool pool;
  std::vector<std::uint32_t> numbers(keys.size());
  pool.intern(keys, numbers.data());
  EXPECT_EQ(pool.size(), 11U);
  for (std::size_t i = 0; i < keys.size(); ++i)
    EXPECT_EQ(numbers[i], i % 7 == 0 ? id_pool::none : pool.find(keys[i]));
}

TEST(id_pool, takes_back_what_came_last) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    const std::vector<std::string> texts = texts_of_all_forms(seed, 5000);
    const std::vector<id_pool::key> keys = keys_of(texts);
    const std::span<const id_pool::key> first(keys.data(), 700 * seed + 10);
    std::vector<std::uint32_t> numbers(keys.size());
    id_pool pool;
    pool.intern(first, numbers.data());
    pool.intern(keys, numbers.data());
    pool.truncate(static_cast<std::uint32_t>(first.size()));
    ASSERT_EQ(pool.size(), first.size());
    for (std::uint32_t i = 0; i < keys.size(); ++i)
      ASSERT_EQ(pool.find(keys[i]), i < first.size() ? i : id_pool::none) << texts[i];
    for (std::uint32_t i = 0; i < keys.size(); ++i)
      ASSERT_EQ(pool.intern(keys[i]), i) << texts[i];
  }
}

TEST(id_pool, sorts_by_bytes) {
  for (std::uint64_t seed = 0; seed < 5; ++seed) {
    std::vector<std::string> texts = texts_of_all_forms(seed, 5000);
    if (seed == 4) { // each the beginning of the next, and bytes beyond ASCII
      texts.clear();
      for (std::size_t i = 0; i < 600; ++i)
        texts.push_back(std::string(i, i < 300 ? '\0' : '\xFE'));
      draws(seed).shuffle(texts);
    }
    id_pool pool;
    for (const id_pool::key& key : keys_of(texts))
      pool.intern(key);
    std::vector<std::string> sorted;
    for (const std::uint32_t number : pool.sorted())
      sorted.emplace_back(pool[number]);
    std::sort(texts.begin(), texts.end());
    EXPECT_EQ(sorted, texts);
  }
}

/// How many of these land on the place that most of them land on, of 4096.
std::size_t most_on_one_place(const keyed_hash& hash, const std::vector<std::uint64_t>& numbers) {
  std::map<std::uint64_t, std::size_t> places;
  std::size_t most = 0;
  for (const std::uint64_t number : numbers)
    most = std::max(most, ++places[hash(number) % 4096]);
  return most;
}

TEST(id_pool, marks_the_ids_that_a_call_is_about) {
  id_pool pool;
  for (const std::string_view id : {"a", "7", "a longer one than sixteen"})
    static_cast<void>(pool.intern(id_pool::key_of(id)));
  using marks = std::vector<std::uint8_t>;
  const std::vector<std::string> keys{"7", "nobody", "a longer one than sixteen", "7"};
  EXPECT_EQ(pool.marked(keys), (marks{0, 1, 1}));
  EXPECT_EQ(pool.wanted(keys), (marks{0, 1, 1}));
  EXPECT_EQ(pool.wanted(std::vector<std::string>{}), (marks{0, 0, 0})) << "no keys are not all keys";
  EXPECT_EQ(pool.wanted(std::nullopt), (marks{1, 1, 1}));
}

TEST(keyed_hash, numbers_chosen_to_meet_under_one_key_do_not_meet_under_another) {
  const keyed_hash known = keyed_hash::random();
  std::vector<std::uint64_t> chosen;
  for (std::uint64_t number = 0; chosen.size() < 500; ++number) {
    if (known(number) % 4096 == 0)
      chosen.push_back(number);
  }
  EXPECT_EQ(most_on_one_place(known, chosen), chosen.size());
  EXPECT_LT(most_on_one_place(keyed_hash::random(), chosen), 20U);
}

TEST(keyed_hash, near_numbers_and_texts_spread) {
  const keyed_hash hash = keyed_hash::random();
  std::vector<std::uint64_t> near;
  std::vector<std::uint64_t> high;
  std::map<std::uint64_t, std::size_t> places;
  std::size_t most = 0;
  for (std::uint64_t i = 0; i < 4096; ++i) {
    near.push_back(i);
    high.push_back(i << 52);
    most = std::max(most, ++places[hash(std::string("customer number ") + std::to_string(i)) % 4096]);
  }
  // Of 4096 balls in 4096 urns no urn gets 20.
  EXPECT_LT(most_on_one_place(hash, near), 20U);
  EXPECT_LT(most_on_one_place(hash, high), 20U);
  EXPECT_LT(most, 20U);
}

} // namespace
} // namespace id_pool_test
