// SPDX-License-Identifier: BSL-1.0
#include <gtest/gtest.h>

#include <atomic>
#include <limits>

#include <emptor/stats/order_history.hpp>

#include "stats/orders.hpp"
#include "support/refusal.hpp"

namespace order_history_test {
namespace {

using namespace emptor;
using emptor::stats::order_history;
using emptor::test::code_of;
using emptor::test::draws;
using emptor::test::history_of;
using emptor::test::order_row;
using emptor::test::push;
using emptor::test::shuffled;

column_view view_of(const std::int64_t* value, dtype type) {
  column_view seen;
  seen.data = value;
  seen.stride_bytes = 8;
  seen.type = type;
  return seen;
}

TEST(order_history, a_missing_amount_holds_no_amount) {
  table rows = test::orders_of(std::vector<order_row>{{"a", "2024-01-01", 5}, {"b", "2024-01-01", 6}});
  column margin = column::amounts("margin", {3, 0}, 2);
  margin.set_missing(1);
  rows.add(std::move(margin));
  order_history store;
  push(store, rows, true);
  const std::vector<table> contents = store.contents();
  const column& held = contents.at(0).at("margin");
  EXPECT_TRUE(held.is_valid(0));
  EXPECT_FALSE(held.is_valid(1));
  EXPECT_EQ(held.as<std::int64_t>(), (std::vector<std::int64_t>{3, no_amount}));
}

const table& orders(const std::vector<table>& contents) {
  return contents.at(0);
}

TEST(order_history, rows_without_documents_count_each_time) {
  order_history store;
  const push_report once = push(store, {{"a", "2024-01-01", 100}, {"a", "2024-01-01", 100}});
  EXPECT_EQ(once.added, 2);
  EXPECT_TRUE(once.repeats_count_twice);
  push(store, {{"a", "2024-01-01", 100}});
  EXPECT_EQ(orders(store.contents()).rows(), 3);
}

TEST(order_history, an_identical_document_changes_nothing) {
  order_history store = history_of({{"a", "2024-01-01", 100, "D1"}});
  const std::vector<table> before = store.contents();
  const push_report again = push(store, {{"a", "2024-01-01", 100, "D1"}});
  EXPECT_EQ(again.repeated, 1);
  EXPECT_EQ(again.added, 0);
  EXPECT_FALSE(again.repeats_count_twice);
  EXPECT_EQ(store.contents(), before);
}

TEST(order_history, the_highest_revision_replaces_all_lines) {
  order_history store =
      history_of({{"a", "2024-01-01", 100, "D1", "", 1, "1"}, {"a", "2024-01-01", 50, "D1", "", 1, "2"}});
  const push_report higher = push(store, {{"a", "2024-01-02", 70, "D1", "", 3, "1"}});
  EXPECT_EQ(higher.replaced, 1);
  const push_report lower = push(store, {{"a", "2024-01-02", 10, "D1", "", 2, "1"}});
  EXPECT_EQ(lower.superseded, 1);
  EXPECT_EQ(store.contents(), history_of({{"a", "2024-01-02", 70, "D1", "", 3, "1"}}).contents());
}

TEST(order_history, lines_of_a_document_may_come_in_two_pushes) {
  order_history store = history_of({{"a", "2024-01-01", 50, "D1", "", 0, "2"}});
  push(store, {{"a", "2024-01-01", 100, "D1", "", 0, "1"}}, true);
  EXPECT_EQ(store.contents(), history_of({{"a", "2024-01-01", 100, "D1", "", 0, "1"},
                                          {"a", "2024-01-01", 50, "D1", "", 0, "2"}})
                                  .contents());
}

TEST(order_history, conflicts_are_kept_without_an_order_until_a_higher_revision_comes) {
  std::vector<order_row> rows;
  for (const std::int64_t cents : {300, 100, 200, 400})
    rows.push_back({"a", "2024-01-01", cents, "D1"});
  order_history first;
  EXPECT_EQ(push(first, rows).conflicts, 3);
  std::swap(rows[0], rows[3]);
  std::swap(rows[1], rows[2]);
  order_history second;
  for (const order_row& row : rows)
    push(second, {row});
  EXPECT_EQ(first.contents(), second.contents());
  EXPECT_FALSE(first.conflicts().empty());
  order_history third;
  third.merge(second);
  EXPECT_EQ(third.contents(), first.contents());
  EXPECT_EQ(push(first, {{"a", "2024-01-01", 500, "D1", "", 1}}).replaced, 1);
  EXPECT_TRUE(first.conflicts().empty());
  EXPECT_EQ(orders(first.contents()).rows(), 1);
  // Also where the revision goes up and a line of the one before lies where a conflict was.
  EXPECT_EQ(push(first, {{"a", "2024-01-01", 600, "D1", "", 1}}).conflicts, 1);
  EXPECT_FALSE(first.conflicts().empty());
}

TEST(order_history, strict_names_the_first_row_and_keeps_nothing) {
  order_history store = history_of({{"a", "2024-01-01", 100, "D1"}, {"b", "2024-01-01", 1}});
  const std::vector<table> before = store.contents();
  std::string text;
  const auto strict = [&] {
    push(store,
         {{"new", "2024-01-01", 5, "D9"},
          {"a", "2024-01-01", 7, "D1", "", 2},
          {"a", "2024-01-01", 8, "D1", "", 2},
          {"c", "2024-01-01", std::nullopt}},
         true);
  };
  EXPECT_EQ(code_of(strict, &text), status::conflict);
  EXPECT_EQ(text,
            "order_history: document[2] is \"D1\" with other content, but must be what this revision of "
            "the document was before");
  EXPECT_EQ(store.contents(), before);
  EXPECT_EQ(store.customers().size(), 2U);
  EXPECT_EQ(code_of([&] { push(store, {{"a", "2024-01-01", std::nullopt}}, true); }, &text), status::data);
  EXPECT_EQ(text, "order_history: amount[0] is missing, but must be there");
  EXPECT_EQ(code_of([&] { push(store, {{"a", "2024-01-01", 5, "D2", "D1"}}, true); }, &text), status::data);
  EXPECT_EQ(text,
            "order_history: amount[0] is 5 minor units, but must be <= 0 in a row that cancels a document");
  EXPECT_EQ(push(store, {{"a", "2024-01-01", 100, "D1"}}).repeated, 1) << "rolled back to what it was";
  EXPECT_EQ(store.contents(), before);
}

TEST(order_history, bad_rows_get_a_status_and_the_others_are_kept) {
  order_history store;
  table rows = test::orders_of(
      std::vector<order_row>{{"a", "2024-01-01", 1, "D1"},
                             {"", "2024-01-01", 1, "D2"},
                             {"a", "2024-01-01", std::nullopt, "D3"},
                             {"a", "2024-01-01", 1, "", "", 4},
                             {"a", "2024-01-01", 1, "D5", "", -1},
                             {"\xFF", "2024-01-01", 1, "D6"},
                             {"a", "2024-01-01", 1, "D7", "", 0, "", "euro"},
                             {"a", "2024-01-01", std::numeric_limits<std::int64_t>::min(), "D8"}});
  std::vector<row_status> statuses(8);
  const push_report report = push(store, rows, false, statuses.data());
  EXPECT_EQ(statuses,
            (std::vector<row_status>{row_status::ok, row_status::missing, row_status::missing,
                                     row_status::inconsistent, row_status::out_of_domain,
                                     row_status::invalid_text, row_status::currency, row_status::too_large}));
  EXPECT_EQ(report.added, 1);
  EXPECT_EQ(report.refused, 7);
  EXPECT_EQ(orders(store.contents()).rows(), 1);
}

TEST(order_history, a_whole_number_is_the_id_that_its_digits_write) {
  const std::vector<std::int64_t> ids{7, -12, 1234567890123, std::numeric_limits<std::int64_t>::min()};
  const std::vector<double> amounts{0.29, 1.5, 19.99, 3.0};
  table numbers("orders");
  numbers.add(column::integers("customer", ids));
  numbers.add(column::days("date", {1, 2, 3, 4}));
  numbers.add(column::numbers("amount", amounts));
  order_history first;
  push(first, numbers, true);
  text_buffer texts;
  for (const std::int64_t id : ids)
    texts.push_back(std::to_string(id));
  table as_text("orders");
  as_text.add(column::texts("customer", texts));
  as_text.add(column::days("date", {1, 2, 3, 4}));
  as_text.add(column::amounts("amount", {29, 150, 1999, 300}, 2));
  order_history second;
  push(second, as_text, true);
  EXPECT_EQ(first.contents(), second.contents());
}

TEST(order_history, currencies_and_their_decimals) {
  const std::vector<option> yen{{"default_currency", "JPY"}};
  order_history store(yen);
  const std::vector<order_row> rows{{"a", "2024-01-01", 100, "D1", "", 0, "", "JPY"},
                                    {"a", "2024-01-01", 100, "D2"},
                                    {"a", "2024-01-01", 100, "D3", "", 0, "", "EUR"}};
  push(store, std::span(rows).first(2), true);
  EXPECT_EQ(orders(store.contents()).find("currency"), nullptr) << "the store's currency is said once";
  EXPECT_EQ(orders(store.contents()).at("amount").decimals(), 0);
  EXPECT_EQ(push(store, {{"a", "2024-01-01", 100, "D2", "", 0, "", "JPY"}}, true).repeated, 1);
  EXPECT_EQ(push(store, rows, true).added, 1) << "rows in other currencies are kept";
  const std::vector<table> mixed = store.contents();
  std::vector<std::string> codes;
  for (std::int64_t row = 0; row < 3; ++row)
    codes.emplace_back(orders(mixed).at("currency").text()[row]);
  EXPECT_EQ(codes, (std::vector<std::string>{"JPY", "JPY", "EUR"}));
  const column& amounts = orders(mixed).at("amount");
  EXPECT_EQ(amounts.decimals(), decimals_of_row);
  row_decimals decimals = orders(mixed).decimals_of(amounts);
  EXPECT_EQ(decimals[1], 0);
  EXPECT_EQ(decimals[2], 2);
  order_history restored(yen);
  restored.restore(mixed);
  EXPECT_EQ(restored.contents(), mixed);
  order_history merged(yen);
  merged.merge(store);
  EXPECT_EQ(merged.contents(), mixed);

  std::string text;
  EXPECT_EQ(code_of(
                [&] {
                  push(store, {{"a", "2024-01-01", 100, "D4", "", 0, "", "yen"}}, true);
                },
                &text),
            status::data);
  EXPECT_EQ(text,
            "order_history: currency[0] is \"yen\", but must be an ISO 4217 code of three capital letters");

  const auto minor = [](std::string_view code, double amount) -> std::optional<std::int64_t> {
    table one("orders");
    text_buffer customer;
    customer.push_back("a");
    text_buffer currency;
    currency.push_back(code);
    one.add(column::texts("customer", customer));
    one.add(column::days("date", {1}));
    one.add(column::numbers("amount", {amount}));
    one.add(column::texts("currency", currency));
    order_history any;
    if (push(any, one).added == 0)
      return std::nullopt;
    return orders(any.contents()).at("amount").as<std::int64_t>()[0];
  };
  EXPECT_EQ(minor("JPY", 1500.0), 1500);
  EXPECT_EQ(minor("JPY", 0.5), std::nullopt);
  EXPECT_EQ(minor("BHD", 1.234), 1234);
  EXPECT_EQ(minor("CNY", 1.23), 123);
  EXPECT_EQ(minor("CNY", 1.234), std::nullopt);
}

TEST(order_history, a_timestamp_falls_on_its_day_in_the_zone) {
  const auto day = [](const char* offset) {
    const std::vector<option> zone{{"zone_offset", offset}};
    order_history store(zone);
    const std::int64_t late = 20LL * 86400 - 3600; // 23:00 UTC on day 19
    const std::int64_t id = 1;
    const std::vector<named_column> columns{{"customer", view_of(&id, dtype::int64)},
                                            {"date", view_of(&late, dtype::timestamp)},
                                            {"amount", view_of(&id, dtype::int64)}};
    store.push({.table = {}, .columns = columns, .rows = 1, .strict = true});
    return orders(store.contents()).at("date").as<std::int32_t>()[0];
  };
  EXPECT_EQ(day("+00:00"), 19);
  EXPECT_EQ(day("+08:00"), 20);
  EXPECT_EQ(day("-00:30"), 19);
  for (const char* bad : {"8", "+8:00", "+16:00", "+08:60", "08:00+", "+0800"})
    EXPECT_EQ(code_of([&] { day(bad); }), status::option) << bad;
}

TEST(order_history, erase_forgets_the_rows_and_the_names) {
  order_history store = history_of({{"a", "2024-01-01", 1, "D1"}, {"b", "2024-01-01", 2, "D2"}});
  table about("customers");
  text_buffer customer;
  customer.push_back("a");
  customer.push_back("c");
  text_buffer region;
  region.push_back("north");
  region.push_back("south");
  about.add(column::texts("customer", customer));
  about.add(column::texts("attributes:region", region));
  push(store, about, true);
  const std::vector<std::string_view> keys{"a", "c", "nobody"};
  EXPECT_EQ(store.erase(keys), 2);
  EXPECT_EQ(store.contents(), history_of({{"b", "2024-01-01", 2, "D2"}}).contents());
  EXPECT_EQ(store.customers().size(), 1U);
  EXPECT_EQ(store.words().find(id_pool::key_of(std::string_view("north"))), id_pool::none);
}

TEST(order_history, columns_that_cannot_be_read_are_refused) {
  order_history store;
  table rows = test::orders_of(std::vector<order_row>{{"a", "2024-01-01", 1}});
  std::vector<named_column> columns = rows.views();
  columns.push_back({"amout", columns[2].values});
  EXPECT_EQ(code_of([&] { store.push({.table = {}, .columns = columns, .rows = 1}); }), status::unknown_name);
  columns.back().name = "amount";
  EXPECT_EQ(code_of([&] { store.push({.table = {}, .columns = columns, .rows = 1}); }), status::schema);
  columns.resize(2);
  EXPECT_EQ(code_of([&] { store.push({.table = {}, .columns = columns, .rows = 1}); }), status::schema);
  EXPECT_EQ(code_of([&] { store.push({.table = "order", .columns = columns, .rows = 0}); }),
            status::unknown_name);
  EXPECT_EQ(code_of([&] { store.push({.table = {}, .columns = rows.views(), .rows = -1}); }),
            status::invalid_argument);
  EXPECT_EQ(store.contents(), order_history().contents());
}

TEST(order_history, a_cancelled_push_leaves_it_as_it_was) {
  order_history store = history_of({{"a", "2024-01-01", 1, "D1"}});
  const std::vector<table> before = store.contents();
  std::vector<order_row> rows;
  for (int i = 0; i < 100000; ++i)
    rows.push_back({"c" + std::to_string(i), "2024-01-02", 5, "D" + std::to_string(i), "", 1});
  static std::atomic<int> stop;
  stop = 0;
  run how;
  how.cancel = &stop;
  how.progress = [](double share, void*) { stop = share > 0.5 ? 1 : 0; };
  EXPECT_EQ(code_of([&] { push(store, test::orders_of(rows), false, nullptr, &how); }), status::cancelled);
  EXPECT_EQ(store.contents(), before);
  EXPECT_EQ(push(store, {{"a", "2024-01-01", 1, "D1"}}).repeated, 1);
}

TEST(order_history, only_like_stores_merge_and_only_own_contents_restore) {
  order_history store = history_of({{"a", "2024-01-01", 1, "D1"}});
  const std::vector<option> yen{{"default_currency", "JPY"}};
  EXPECT_EQ(code_of([&] { store.merge(order_history(yen)); }), status::mismatch);
  std::vector<table> twice = store.contents();
  twice.push_back(twice[0]);
  EXPECT_EQ(code_of([&] { store.restore(twice); }), status::format);
  EXPECT_EQ(orders(store.contents()).rows(), 1);
  order_history other = history_of({{"b", "2024-01-01", 1}});
  other.restore(store.contents());
  EXPECT_EQ(other.contents(), store.contents());
}

/// Documents with lines, revisions, cancellations, credit notes and rows without documents.
std::vector<order_row> stream(std::uint64_t seed, std::size_t count) {
  draws draw(seed);
  std::vector<order_row> rows;
  for (std::size_t i = 0; i < count; ++i) {
    order_row row;
    row.customer = "c" + std::to_string(draw.below(40));
    row.day = "2024-0" + std::to_string(1 + draw.below(3)) + "-1" + std::to_string(draw.below(10));
    row.cents = static_cast<std::int64_t>(draw.below(500)) - 100;
    if (draw.below(4) != 0) {
      row.document = "D" + std::to_string(draw.below(count / 3 + 1));
      row.revision = static_cast<std::int64_t>(draw.below(3));
      row.line = draw.below(2) == 0 ? "" : std::to_string(draw.below(3));
    }
    if (draw.below(5) == 0) {
      row.cancels = "D" + std::to_string(draw.below(count / 3 + 1));
      row.cents = draw.below(2) == 0 ? std::optional<std::int64_t>() : -std::abs(*row.cents);
    }
    rows.push_back(row);
  }
  return rows;
}

TEST(order_history, a_hundred_orders_splits_and_merges_of_random_documents_end_the_same) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const std::vector<order_row> rows = stream(seed / 10, 400);
    order_history once;
    push(once, rows);
    const std::vector<table> contents = once.contents();
    ASSERT_EQ(shuffled(rows, seed).contents(), contents) << seed;
    order_history restored;
    restored.restore(contents);
    ASSERT_EQ(restored.contents(), contents) << seed;
  }
}

TEST(order_history, a_push_that_fails_takes_back_documents_lines_and_conflicts) {
  std::int64_t conflicts = 0;
  for (std::uint64_t seed = 0; seed < 30; ++seed) {
    const std::vector<order_row> rows = stream(seed, 600);
    const std::span<const order_row> all(rows);
    order_history store;
    order_history untouched;
    for (order_history* const into : {&store, &untouched})
      push(*into, all.first(seed * 15));
    const std::vector<table> before = store.contents();
    std::vector<order_row> failing(rows.begin() + 100, rows.end());
    run how;
    static std::atomic<int> stop;
    stop = 0;
    how.cancel = &stop;
    how.progress = [](double share, void*) { stop = share > 0.1 ? 1 : 0; };
    failing.insert(failing.end(), 2 * 4096, rows.front()); // so many that it is noticed
    ASSERT_EQ(code_of([&] { push(store, test::orders_of(failing), false, nullptr, &how); }),
              status::cancelled);
    ASSERT_EQ(store.contents(), before) << seed;
    const push_report again = push(store, all);
    const push_report once = push(untouched, all);
    ASSERT_EQ(again.added, once.added) << seed;
    ASSERT_EQ(again.replaced, once.replaced) << seed;
    ASSERT_EQ(again.repeated, once.repeated) << seed;
    ASSERT_EQ(again.superseded, once.superseded) << seed;
    ASSERT_EQ(again.conflicts, once.conflicts) << seed;
    ASSERT_EQ(store.contents(), untouched.contents()) << seed;
    ASSERT_EQ(store.conflicts().size(), untouched.conflicts().size()) << seed;
    conflicts += once.conflicts;
  }
  EXPECT_GT(conflicts, 300);
}

TEST(order_history, documents_changed_again_and_again_do_not_pile_up) {
  order_history store;
  for (int revision = 0; revision < 30; ++revision) {
    std::vector<order_row> rows;
    for (int i = 0; i < 500; ++i)
      rows.push_back({"a", "2024-01-01", revision, "D" + std::to_string(i), "", revision});
    push(store, rows, true);
  }
  EXPECT_EQ(orders(store.contents()).rows(), 500);
  EXPECT_LT(store.order_lines().rows, 2500U);
}

TEST(order_history, a_hundred_orders_splits_and_merges_of_cdnow_end_the_same) {
  const auto rows = test::cdnow_orders("cdnow_sample.csv");
  if (!rows)
    GTEST_SKIP() << "no cdnow_sample.csv in EMPTOR_DATA_DIR";
  order_history once;
  push(once, *rows);
  const std::vector<table> contents = once.contents();
  EXPECT_EQ(orders(contents).rows(), 6919);
  for (std::uint64_t seed = 0; seed < 100; ++seed)
    ASSERT_EQ(shuffled(*rows, seed).contents(), contents) << seed;
}

} // namespace
} // namespace order_history_test
