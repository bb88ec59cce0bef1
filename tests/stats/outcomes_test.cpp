// SPDX-License-Identifier: BSL-1.0
#include <atomic>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include <emptor/stats/outcomes.hpp>

#include "stats/outcome_test_rows.hpp"
#include "support/refusal.hpp"

namespace outcomes_test {
namespace {

using emptor::column;
using emptor::row_status;
using emptor::status;
using emptor::table;
using emptor::stats::coded_texts;
using emptor::stats::outcome_rows;
using emptor::stats::outcomes;
using emptor::test::code_of;
using outcome_test_rows::push;
using outcome_test_rows::random_rows;
using outcome_test_rows::sample;
using outcome_test_rows::table_of;
using statuses = std::vector<row_status>;

const sample hong{.row = "Hong", .outcome = 1.0, .slice = "2025Q4", .age = 42.0, .housing = "own"};
const sample lan{
    .row = "Lan", .outcome = 0.0, .weight = 2.5, .slice = "2025Q3", .amount = 500.0, .housing = "rent"};

TEST(outcomes_test, columns_come_in_canonical_order_with_texts_as_codes) {
  outcomes store;
  EXPECT_EQ(push(store, {lan, hong}).report.added, 2);
  const outcome_rows rows = store.rows();
  ASSERT_EQ(rows.size(), 2U);
  EXPECT_EQ(rows.outcomes(), (std::vector<double>{1.0, 0.0}));
  EXPECT_EQ(rows.weights(), (std::vector<double>{1.0, 2.5}));
  EXPECT_EQ(rows.labels(), (std::vector<std::string_view>{"age", "amount", "housing"}));
  EXPECT_EQ(rows.numbers("test", "age")[0], 42.0);
  EXPECT_TRUE(std::isnan(rows.numbers("test", "age")[1]));
  const coded_texts housing = rows.texts("test", "housing");
  EXPECT_EQ(housing.texts, (std::vector<std::string_view>{"own", "rent"}));
  EXPECT_EQ(housing.codes, (std::vector<std::uint32_t>{0, 1}));
  EXPECT_EQ(rows.ids().texts, (std::vector<std::string_view>{"Hong", "Lan"}));
  EXPECT_EQ(rows.slices().codes, (std::vector<std::uint32_t>{1, 0}));
  EXPECT_TRUE(rows.is_category("test", "housing"));
  EXPECT_FALSE(rows.is_category("test", "age"));
}

TEST(outcomes_test, the_order_is_by_id_slice_outcome_weight_and_labels_with_the_missing_first) {
  std::vector<sample> rows(8);
  rows[1].amount = -1.0;
  rows[2].amount = 1.0;
  rows[3].age = -7.0;
  rows[4].weight = 2.0;
  rows[5].outcome = 0.0;
  rows[6].slice = "a";
  rows[7].row = "a";
  std::vector<sample> shuffled = rows;
  std::swap(shuffled[0], shuffled[7]);
  std::swap(shuffled[1], shuffled[4]);
  std::swap(shuffled[2], shuffled[3]);
  outcomes store;
  push(store, shuffled);
  EXPECT_EQ(store.contents()[0].at("characteristics:amount").as<double>()[1], -1.0);
  outcomes as_written;
  push(as_written, rows);
  EXPECT_EQ(store.contents(), as_written.contents());
  const table written = table_of(rows);
  const std::vector<table> held = store.contents();
  for (const column& one : held[0].columns()) {
    for (std::int64_t i = 0; i < 8; ++i)
      EXPECT_EQ(one.is_valid(i), one.name() == "weight" || written.at(one.name()).is_valid(i))
          << one.name() << " " << i;
  }
}

TEST(outcomes_test, the_same_row_twice_counts_twice_and_says_so) {
  outcomes store;
  push(store, {hong});
  const auto again = push(store, {hong});
  EXPECT_EQ(again.report.added, 1);
  EXPECT_TRUE(again.report.repeats_count_twice);
  store.merge(store);
  EXPECT_EQ(store.size(), 4U);
}

TEST(outcomes_test, a_weight_of_one_is_no_other_row_than_no_weight) {
  sample weighted = hong;
  weighted.weight = 1.0;
  outcomes one;
  push(one, {hong});
  outcomes other;
  push(other, {weighted});
  EXPECT_EQ(one.contents(), other.contents());
}

TEST(outcomes_test, rows_without_outcome_can_be_left_out_and_slices_taken) {
  sample rejected = hong;
  rejected.outcome.reset();
  outcomes store;
  push(store, {hong, lan, rejected});
  EXPECT_EQ(store.rows().with_outcome().size(), 2U);
  EXPECT_EQ(store.rows().in_slice("test", "2025Q4").size(), 2U);
  EXPECT_EQ(store.rows().in_slice("test", "2025Q4").with_outcome().outcomes(), std::vector<double>{1.0});
  std::string text;
  EXPECT_EQ(code_of([&] { return store.rows().in_slice("test", "2025Q5").size(); }, &text),
            status::unknown_name);
  EXPECT_EQ(text, "test: there is no slice 2025Q5; did you mean 2025Q3?");
}

TEST(outcomes_test, some_ids_give_their_rows_alone) {
  outcomes store;
  push(store, {hong, lan, hong, sample{}});
  EXPECT_EQ(store.rows(std::vector<std::string>{"Hong", "Nobody"}).outcomes(),
            (std::vector<double>{1.0, 1.0}));
  EXPECT_EQ(store.rows(std::nullopt).size(), 4U);
}

TEST(outcomes_test, unknown_labels_and_those_of_the_other_kind_are_refused) {
  outcomes store;
  push(store, {hong});
  const outcome_rows rows = store.rows();
  std::string text;
  EXPECT_EQ(code_of([&] { return rows.numbers("credit.binning", "agee").size(); }, &text),
            status::unknown_name);
  EXPECT_EQ(text, "credit.binning: there is no characteristic agee; did you mean age?");
  EXPECT_EQ(code_of([&] { return rows.numbers("credit.binning", "housing").size(); }, &text), status::schema);
  EXPECT_EQ(text, "credit.binning: housing is a category, but must be a characteristic in numbers");
  EXPECT_EQ(code_of([&] { return rows.texts("credit.binning", "age").codes.size(); }), status::schema);
}

TEST(outcomes_test, one_label_is_a_number_or_a_text_and_never_both) {
  outcomes store;
  push(store, {hong});
  const std::vector<table> before = store.contents();
  emptor::text_buffer words;
  words.push_back("old");
  const table as_text("rows", {column::texts("categories:age", words)});
  std::string text;
  EXPECT_EQ(code_of([&] { push(store, as_text); }, &text), status::schema);
  EXPECT_EQ(text,
            "outcomes: age is both a column of characteristics (numbers) and one of categories (texts), but "
            "must be one of them");
  outcomes other;
  push(other, as_text);
  EXPECT_EQ(code_of([&] { store.merge(other); }), status::schema);
  EXPECT_EQ(store.contents(), before);
  table both = as_text;
  both.add(column::numbers("characteristics:age", {1.0}));
  outcomes fresh;
  EXPECT_EQ(code_of([&] { push(fresh, both); }), status::schema);
  EXPECT_EQ(fresh.contents(), outcomes().contents());
}

TEST(outcomes_test, bad_rows_are_refused_with_their_reason_and_leave_nothing) {
  const auto with = [](auto change) {
    sample row = hong;
    change(row);
    return row;
  };
  outcomes store;
  const auto done = push(
      store, {with([](sample& row) { row.weight = 0.0; }), with([](sample& row) { row.weight = -1.0; }),
              with([](sample& row) { row.outcome = std::numeric_limits<double>::quiet_NaN(); }),
              with([](sample& row) { row.age = std::numeric_limits<double>::infinity(); }),
              with([](sample& row) { row.housing = "\xFF"; }), with([](sample& row) { row.row = "\xC3("; })});
  EXPECT_EQ(done.statuses,
            (statuses{row_status::out_of_domain, row_status::out_of_domain, row_status::not_a_number,
                      row_status::infinite, row_status::invalid_text, row_status::invalid_text}));
  EXPECT_EQ(done.report.refused, 6);
  EXPECT_EQ(store.size(), 0U);
  EXPECT_EQ(store.rows().texts("test", "housing").texts.size(), 0U);
  EXPECT_EQ(push(store, {hong}).report.added, 1);
}

TEST(outcomes_test, strict_mode_names_row_and_column_and_keeps_nothing) {
  sample bad = lan;
  bad.weight = -5.0;
  sample fresh = lan;
  fresh.housing = "for free";
  outcomes store;
  push(store, {hong});
  const std::vector<table> before = store.contents();
  std::string text;
  EXPECT_EQ(code_of([&] { push(store, {fresh, bad}, true); }, &text), status::data);
  EXPECT_EQ(text, "outcomes: weight[1] is -5, but must be in (0, 1e+15]");
  bad = lan;
  bad.age = std::numeric_limits<double>::quiet_NaN();
  EXPECT_EQ(code_of([&] { push(store, {fresh, bad}, true); }, &text), status::data);
  EXPECT_EQ(text, "outcomes: characteristics:age[1] is NaN, but must be a finite number");
  EXPECT_EQ(store.contents(), before);
  EXPECT_EQ(store.rows().texts("test", "housing").texts.size(), 1U);
}

TEST(outcomes_test, integers_booleans_and_dictionaries_are_read_and_few_columns_are_enough) {
  const std::vector<std::int64_t> ids{7, 42};
  const std::vector<std::uint8_t> events{1, 0};
  emptor::text_buffer levels;
  levels.push_back("own");
  levels.push_back("rent");
  const column held = column::texts("levels", levels);
  const emptor::column_view values = held.view();
  const std::vector<std::int32_t> places{1, 0};
  emptor::column_view coded;
  coded.type = emptor::dtype::dictionary;
  coded.data = places.data();
  coded.stride_bytes = 4;
  coded.aux = &values;
  coded.aux_length = 2;
  const column id = column::integers("row", ids);
  const column outcome = column::booleans("outcome", events);
  const std::vector<emptor::named_column> columns{
      {"row", id.view()}, {"outcome", outcome.view()}, {"categories:housing", coded}};
  outcomes store;
  EXPECT_EQ(store.push({.columns = columns, .rows = 2}).added, 2);
  EXPECT_EQ(store.rows().ids().texts, (std::vector<std::string_view>{"42", "7"}));
  EXPECT_EQ(store.rows().outcomes(), (std::vector<double>{0.0, 1.0}));
  EXPECT_EQ(store.rows().texts("test", "housing").codes, (std::vector<std::uint32_t>{0, 1}));
}

TEST(outcomes_test, columns_that_a_push_does_not_have_are_missing_in_its_rows) {
  outcomes store;
  push(store,
       table("rows", {column::numbers("outcome", {0.0}), column::numbers("characteristics:new", {3.0})}));
  push(store, {hong});
  const outcome_rows rows = store.rows();
  EXPECT_EQ(rows.labels(), (std::vector<std::string_view>{"age", "amount", "housing", "new"}));
  EXPECT_EQ(rows.numbers("test", "new")[0], 3.0);
  EXPECT_TRUE(std::isnan(rows.numbers("test", "new")[1]));
  EXPECT_EQ(rows.texts("test", "housing").codes, (std::vector<std::uint32_t>{coded_texts::none, 0}));
}

TEST(outcomes_test, unknown_and_doubled_columns_and_tables_are_refused) {
  outcomes store;
  const std::vector<sample> rows{hong};
  const table good = table_of(rows);
  const auto code = [&](const table& of) { return code_of([&] { push(store, of); }); };
  EXPECT_EQ(code(table("outcomes", good.columns())), status::unknown_name);
  table wider = good;
  wider.add(column::numbers("points", {1.0}));
  EXPECT_EQ(code(wider), status::unknown_name);
  table doubled = good;
  doubled.add(good.at("characteristics:age"));
  EXPECT_EQ(code(doubled), status::schema);
  emptor::text_buffer words;
  words.push_back("42");
  EXPECT_EQ(code(table("rows", {column::texts("characteristics:age", words)})), status::schema);
  EXPECT_EQ(store.contents(), outcomes().contents());
}

TEST(outcomes_test, a_cancelled_push_changes_nothing) {
  const std::vector<sample> rows = random_rows(3, 9000);
  outcomes store;
  push(store, std::vector<sample>(rows.begin(), rows.begin() + 4000));
  const std::vector<table> before = store.contents();
  std::atomic<int> cancel{0};
  const emptor::run how{.cancel = &cancel,
                        .progress =
                            [](double share, void* user) {
                              if (share > 0.3)
                                static_cast<std::atomic<int>*>(user)->store(1);
                            },
                        .user = &cancel};
  EXPECT_EQ(code_of([&] { store_rows::push(store, table_of(rows), false, &how); }), status::cancelled);
  EXPECT_EQ(store.contents(), before);
}

TEST(outcomes_test, erase_forgets_the_rows_and_texts_of_an_id) {
  sample other = hong;
  other.row.clear();
  outcomes store;
  push(store, {hong, lan, hong, other});
  EXPECT_EQ(store.erase(std::vector<std::string_view>{"Hong", "Nobody", "Hong"}), 1);
  outcomes expected;
  push(expected, {lan, other});
  EXPECT_EQ(store.contents(), expected.contents());
  EXPECT_EQ(store.erase(std::vector<std::string_view>{"Hong"}), 0);
  EXPECT_EQ(store.erase(std::vector<std::string_view>{"Lan"}), 1);
  EXPECT_EQ(store.rows().texts("test", "housing").texts, std::vector<std::string_view>{"own"});
}

TEST(outcomes_test, contents_come_back_from_a_restore_and_a_clone) {
  outcomes store;
  push(store, random_rows(11, 2000));
  outcomes back;
  back.restore(store.contents());
  EXPECT_EQ(back.contents(), store.contents());
  EXPECT_EQ(store.clone()->contents(), store.contents());
  outcomes empty;
  push(empty, std::vector<sample>{});
  outcomes empty_back;
  empty_back.restore(empty.contents());
  EXPECT_EQ(empty_back.contents(), empty.contents());
  EXPECT_EQ(empty_back.rows().labels().size(), 3U);
}

TEST(outcomes_test, damaged_contents_are_refused_and_change_nothing) {
  outcomes store;
  push(store, random_rows(11, 50));
  const std::vector<table> good = store.contents();
  const auto code = [&](const std::vector<table>& of) { return code_of([&] { store.restore(of); }); };
  EXPECT_EQ(code({}), status::format);
  EXPECT_EQ(code({good[0], good[0]}), status::format);
  EXPECT_EQ(code({table("ratings", good[0].columns())}), status::format);
  table bad("rows");
  for (const column& one : good[0].columns()) {
    if (one.name() != "weight")
      bad.add(one);
  }
  bad.add(column::numbers("weight", std::vector<double>(50, -1.0)));
  EXPECT_EQ(code({bad}), status::format);
  table wider = good[0];
  wider.add(good[0].at("weight"));
  EXPECT_EQ(code({wider}), status::format);
  EXPECT_EQ(store.contents(), good);
}

TEST(outcomes_test, any_order_split_and_merge_gives_the_same_contents) {
  std::vector<sample> rows = random_rows(21, 6000);
  outcomes at_once;
  push(at_once, rows);
  const std::vector<table> expected = at_once.contents();
  for (std::uint64_t round = 0; round < 30; ++round) {
    emptor::test::draws draw(round);
    draw.shuffle(rows);
    std::vector<table> pieces;
    store_rows::for_each_piece(rows, 2500, draw,
                               [&](std::span<const sample> piece) { pieces.push_back(table_of(piece)); });
    ASSERT_EQ(store_rows::merged<outcomes>(std::move(pieces), 5, draw).contents(), expected) << round;
  }
}

} // namespace
} // namespace outcomes_test
