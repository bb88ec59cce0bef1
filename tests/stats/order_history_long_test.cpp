// SPDX-License-Identifier: BSL-1.0
#include <gtest/gtest.h>

#include <emptor/value/summary_entry.hpp>

#include "stats/orders.hpp"

namespace order_history_long_test {
namespace {

using namespace emptor;

TEST(order_history_long, a_hundred_orders_splits_and_merges_of_all_of_cdnow_end_the_same) {
  const auto rows = test::cdnow_orders("cdnow.csv");
  if (!rows)
    GTEST_SKIP() << "no cdnow.csv in EMPTOR_DATA_DIR";
  stats::order_history once;
  test::push(once, *rows, true);
  const std::vector<table> contents = once.contents();
  ASSERT_EQ(contents.at(0).rows(), 69659);
  value::summary_options options;
  options.until = parse_date("1997-09-30");
  options.holdout_until = parse_date("1998-06-30");
  options.unit = time_unit::week;
  const std::vector<table> finished = to_tables(value::summarise(once, options));
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const stats::order_history other = test::shuffled(*rows, seed);
    ASSERT_EQ(other.contents(), contents) << seed;
    ASSERT_EQ(to_tables(value::summarise(other, options)), finished) << seed;
  }
}

} // namespace
} // namespace order_history_long_test
