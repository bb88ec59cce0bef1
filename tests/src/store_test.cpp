// SPDX-License-Identifier: BSL-1.0
// What every kind of store promises, on the tables of the worked examples, and the store of rows in detail.
#include <atomic>

#include <gtest/gtest.h>

#include <emptor/core/random.hpp>

#include "examples.hpp"

namespace emptor::test::store_test {
namespace {

/// An order of `count` rows that is the same on every machine.
std::vector<std::int64_t> shuffled(std::int64_t count, std::uint64_t which) {
  std::vector<std::int64_t> order(static_cast<std::size_t>(count));
  for (std::size_t i = 0; i < order.size(); ++i)
    order[i] = static_cast<std::int64_t>(i);
  random_stream stream(11, which, 0);
  for (std::size_t i = order.size(); i > 1; --i)
    std::swap(order[i - 1], order[static_cast<std::size_t>(stream.below(i))]);
  return order;
}

TEST(store, any_order_split_and_merge_ends_in_the_same_bytes) {
  for_each_example([](const entry& what, const example& shown) {
    if (what.description->store.empty() || shown.what == verb::score)
      return;
    SCOPED_TRACE(what.description->name);
    const std::vector<std::byte> expected = save(*store_of(*what.description, shown));
    const std::vector<option> options = split(*what.description, shown.options).store;
    for (std::uint64_t which = 0; which < 20; ++which) {
      random_stream stream(5, which, 0);
      std::vector<std::unique_ptr<store>> parts;
      for (int i = 0; i < 3; ++i)
        parts.push_back(make_store(what.description->store, options));
      for (const table& rows : tables_of(*what.description, shown)) {
        const std::vector<std::int64_t> order = shuffled(rows.rows(), which);
        for (std::size_t first = 0; first < order.size();) {
          const std::size_t some = std::min<std::size_t>(1 + stream.below(4), order.size() - first);
          push_table(*parts[stream.below(3)], some_rows(rows, std::span(order).subspan(first, some)));
          first += some;
        }
      }
      parts[which % 3]->merge(*parts[(which + 1) % 3]);
      parts[which % 3]->merge(*load_store(save(*parts[(which + 2) % 3])));
      ASSERT_EQ(save(*parts[which % 3]), expected);
      ASSERT_EQ(save(*load_store(expected)), expected);
      ASSERT_EQ(save(*parts[which % 3]->clone()), expected);
    }
  });
}

TEST(store, an_empty_store_survives_its_file) {
  for (const store_description* kind : store_kinds()) {
    const std::vector<option> entry_option{{"entry", "value.bg_nbd"}};
    const auto empty = make_store(kind->name, kind->name == "rows" ? entry_option : std::vector<option>{});
    const auto loaded = load_store(save(*empty));
    EXPECT_EQ(loaded->contents(), empty->contents()) << kind->name;
    EXPECT_EQ(loaded->options(), empty->options()) << kind->name;
    EXPECT_EQ(&loaded->description(), kind);
  }
}

TEST(store, only_stores_that_belong_together_merge) {
  const std::vector<option> for_fit{{"entry", "value.bg_nbd"}};
  const std::vector<option> other{{"entry", "value.bg_nbd"}, {"decimals", "3"}};
  const auto rows = make_store("rows", for_fit);
  for (const store_description* kind : store_kinds()) {
    const auto with = make_store(kind->name, kind->name == "rows" ? other : std::vector<option>{});
    EXPECT_EQ(outcome([&] { rows->merge(*with); }).first, status::mismatch) << kind->name;
    EXPECT_EQ(outcome([&] { with->merge(*rows); }).first, status::mismatch) << kind->name;
  }
}

std::unique_ptr<store> rows_store() {
  return make_store("rows", std::vector<option>{{"entry", "value.bg_nbd"}});
}

table customers(std::vector<double> frequency, std::vector<double> recency, std::vector<double> age) {
  return table("rows",
               {column::numbers("frequency", std::move(frequency)),
                column::numbers("recency", std::move(recency)), column::numbers("age", std::move(age))});
}

TEST(rows, bad_rows_are_refused_with_their_reason_and_stop_no_other) {
  const auto held = rows_store();
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const table rows =
      customers({1, nan, 2.5, -1, 1, 0, 1}, {5, 5, 5, 5, 50, 5, 5}, {39, 39, 39, 39, 39, 39, 39});
  std::vector<row_status> statuses(7, row_status::never);
  const push_report report = push_table(*held, rows, false, statuses.data());
  using enum row_status;
  EXPECT_EQ(statuses, (std::vector<row_status>{ok, not_a_number, not_integer, out_of_domain, inconsistent,
                                               inconsistent, ok}));
  EXPECT_EQ(report.added, 2);
  EXPECT_EQ(report.refused, 5);
  EXPECT_TRUE(report.repeats_count_twice);
  EXPECT_EQ(held->contents().front().rows(), 2);
}

TEST(rows, strict_mode_keeps_nothing_of_a_push_with_a_bad_row) {
  const auto held = rows_store();
  push_table(*held, customers({1}, {5}, {39}));
  const std::vector<std::byte> before = save(*held);
  EXPECT_EQ(outcome([&] {
              push_table(*held, customers({1, -1}, {5, 5}, {39, 39}));
            }),
            (std::pair{status::data, std::string("value.bg_nbd: frequency[1] is -1, but must be >= 0")}));
  EXPECT_EQ(outcome([&] {
              push_table(*held, customers({1, 1}, {5, 40}, {39, 39}));
            }),
            (std::pair{status::data, std::string("value.bg_nbd: recency[1] is 40, but must be <= age")}));
  EXPECT_EQ(outcome([&] { push_table(*held, table("rows", {column::numbers("frequency", {1})})); }).first,
            status::schema);
  EXPECT_EQ(outcome([&] { push_table(*held, table("orders")); }).first, status::unknown_name);
  EXPECT_EQ(save(*held), before);
}

TEST(rows, a_cancelled_push_changes_nothing) {
  const auto held = rows_store();
  std::atomic<int> cancel{1};
  run how;
  how.cancel = &cancel;
  const table rows = customers({1}, {5}, {39});
  const std::vector<named_column> columns = rows.views();
  EXPECT_EQ(outcome([&] { held->push({.table = "rows", .columns = columns, .rows = 1, .how = &how}); }).first,
            status::cancelled);
  EXPECT_EQ(held->contents().front().rows(), 0);
  EXPECT_EQ(outcome([&] { held->push({.table = "rows", .columns = columns, .rows = -1}); }).first,
            status::invalid_argument);
}

TEST(rows, a_column_that_came_late_is_missing_in_the_rows_before) {
  table with_weight = customers({1}, {5}, {39});
  with_weight.add(column::numbers("weight", {2}));
  const auto first = rows_store();
  push_table(*first, customers({0}, {0}, {39}));
  push_table(*first, with_weight);
  const auto second = rows_store();
  push_table(*second, with_weight);
  push_table(*second, customers({0}, {0}, {39}));
  EXPECT_EQ(save(*first), save(*second));
  const table held = first->contents().front();
  EXPECT_FALSE(held.at("weight").is_valid(0));
  EXPECT_EQ(held.at("weight").as<double>()[1], 2.0);

  table empty_weight = customers({1}, {5}, {39}); // a column of nothing but nulls says nothing
  column nothing = column::numbers("weight", {2});
  nothing.set_missing(0);
  empty_weight.add(nothing);
  const auto third = rows_store();
  push_table(*third, empty_weight);
  EXPECT_EQ(third->contents().front().find("weight"), nullptr);
}

TEST(rows, a_row_pushed_twice_counts_twice) {
  const auto held = rows_store();
  push_table(*held, customers({1}, {5}, {39}));
  push_table(*held, customers({1}, {5}, {39}));
  EXPECT_EQ(held->contents().front().rows(), 2);
  held->merge(*held->clone());
  EXPECT_EQ(held->contents().front().rows(), 4);
  EXPECT_EQ(outcome([&] { held->erase({}); }).first, status::unsupported);
}

} // namespace
} // namespace emptor::test::store_test
