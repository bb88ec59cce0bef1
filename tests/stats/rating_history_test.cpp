// SPDX-License-Identifier: BSL-1.0
#include <atomic>
#include <limits>

#include <gtest/gtest.h>

#include <emptor/stats/rating_history.hpp>

#include "stats/rating_rows.hpp"
#include "support/refusal.hpp"

namespace rating_history_test {
namespace {

using emptor::push_report;
using emptor::row_status;
using emptor::status;
using emptor::table;
using emptor::stats::rating_history;
using emptor::test::code_of;
using rating_rows::fact;
using rating_rows::push;
using rating_rows::random_rows;
using rating_rows::rating;
using statuses = std::vector<row_status>;

const rating hong{.customer = "Hong", .date = "2026-01-10", .grade = "B", .score = 64.0};
const fact owner{.customer = "Hong", .name = "owner", .date = "2026-02-20", .value = "Hong Jr."};

std::vector<std::uint8_t> all(const rating_history& of) {
  return std::vector<std::uint8_t>(of.customers().size(), 1);
}

TEST(rating_history_test, an_identical_repeat_changes_nothing) {
  rating_history store;
  EXPECT_EQ(push(store, {hong}).report.added, 1);
  EXPECT_EQ(push(store, {owner}).report.added, 1);
  const std::vector<table> before = store.contents();
  const auto again = push(store, {hong});
  EXPECT_EQ(again.report.repeated, 1);
  EXPECT_FALSE(again.report.repeats_count_twice);
  EXPECT_EQ(again.statuses, statuses{row_status::repeated});
  EXPECT_EQ(push(store, {owner}).report.repeated, 1);
  rating unscored = hong;
  unscored.date = "2026-01-11";
  unscored.score.reset();
  EXPECT_EQ(push(store, {unscored, unscored}).report.repeated, 1);
  store.merge(store);
  EXPECT_EQ(store.contents()[0].rows(), before[0].rows() + 1);
}

TEST(rating_history_test, one_customer_and_day_is_one_rating_whose_highest_revision_wins) {
  rating second = hong;
  second.revision = 2;
  second.grade = "C";
  second.score.reset();
  rating third = second;
  third.revision = 3;
  third.grade = "A";
  rating next_day = hong;
  next_day.date = "2026-01-11";
  rating_history one;
  EXPECT_EQ(push(one, {hong, second, next_day, third}).report.replaced, 2);
  rating_history other;
  EXPECT_EQ(push(other, {third, hong, next_day, second}).statuses,
            (statuses{row_status::ok, row_status::superseded, row_status::ok, row_status::superseded}));
  EXPECT_EQ(one.contents(), other.contents());
  const table ratings = one.contents()[0];
  ASSERT_EQ(ratings.rows(), 2);
  EXPECT_EQ(ratings.at("grade").text()[0], "A");
  EXPECT_FALSE(ratings.at("score").is_valid(0));
  EXPECT_EQ(ratings.at("score").as<double>()[1], 64.0);
}

TEST(rating_history_test, one_customer_fact_and_day_is_one_value) {
  fact other = owner;
  other.name = "accounts";
  fact later = owner;
  later.date = "2026-02-21";
  fact second = owner;
  second.revision = 1;
  second.value = "Hong and Sons";
  rating_history store;
  EXPECT_EQ(push(store, {owner, other, later, second}).report.replaced, 1);
  EXPECT_EQ(store.contents()[1].rows(), 3);
  EXPECT_EQ(store.contents()[1].at("value").text()[1], "Hong and Sons");
}

TEST(rating_history_test, one_revision_with_two_contents_is_a_conflict_until_a_higher_one_comes) {
  rating changed = hong;
  changed.score = 65.0;
  fact other = owner;
  other.value = "";
  rating_history store;
  const auto done = push(store, {hong, changed, hong});
  EXPECT_EQ(done.statuses, (statuses{row_status::ok, row_status::conflict, row_status::repeated}));
  EXPECT_EQ(done.report.conflicts, 1);
  EXPECT_EQ(push(store, {owner, other}).report.conflicts, 1);
  EXPECT_EQ(store.contents()[0].rows(), 2);
  std::string text;
  EXPECT_EQ(code_of([&] { store.refuse_conflicts(all(store)); }, &text), status::conflict);
  EXPECT_EQ(text,
            "rating_history: the rating of Hong of 2026-01-10 has two contents under revision 0; a higher "
            "revision must say which one holds");
  changed.revision = 1;
  EXPECT_EQ(push(store, {changed}).report.replaced, 1);
  EXPECT_EQ(code_of([&] { store.refuse_conflicts(all(store)); }, &text), status::conflict);
  EXPECT_NE(text.find("the fact owner of Hong of 2026-02-20"), std::string::npos) << text;
  EXPECT_EQ(code_of([&] { store.refuse_conflicts(std::vector<std::uint8_t>(1, 0)); }), status::ok);
  other.revision = 4;
  push(store, {other});
  EXPECT_EQ(code_of([&] { store.refuse_conflicts(all(store)); }), status::ok);
  EXPECT_EQ(store.contents()[0].rows(), 1);
}

TEST(rating_history_test, every_column_of_a_row_makes_its_content) {
  const auto conflicts = [](auto row, auto change) {
    rating_history store;
    auto changed = row;
    change(changed);
    push(store, std::vector{row});
    return push(store, std::vector{changed}).report.conflicts;
  };
  EXPECT_EQ(conflicts(hong, [](rating& row) { row.grade = "C"; }), 1);
  EXPECT_EQ(conflicts(hong, [](rating& row) { row.score = 0.0; }), 1);
  EXPECT_EQ(conflicts(hong, [](rating& row) { row.score.reset(); }), 1);
  EXPECT_EQ(conflicts(hong, [](rating& row) { row.source = "agency"; }), 1);
  EXPECT_EQ(conflicts(hong, [](rating& row) { row.withdrawn = true; }), 1);
  EXPECT_EQ(conflicts(hong, [](rating& row) { row.customer = "Lan"; }), 0);
  EXPECT_EQ(conflicts(owner, [](fact& row) { row.value = "Lan"; }), 1);
  EXPECT_EQ(conflicts(owner, [](fact& row) { row.value = ""; }), 1);
  EXPECT_EQ(conflicts(owner, [](fact& row) { row.source = "register"; }), 1);
  EXPECT_EQ(conflicts(owner, [](fact& row) { row.withdrawn = true; }), 1);
  EXPECT_EQ(conflicts(owner, [](fact& row) { row.name = "bank"; }), 0);
}

TEST(rating_history_test, any_number_of_contents_in_conflict_leaves_the_smallest_and_the_largest) {
  std::vector<rating> rows;
  for (int score = 0; score < 30; ++score) {
    rows.push_back(hong);
    rows.back().score = score;
  }
  rows.push_back(hong);
  rows.back().score.reset();
  rating_history sorted;
  push(sorted, rows);
  emptor::test::draws draw(7);
  for (int round = 0; round < 20; ++round) {
    draw.shuffle(rows);
    rating_history store;
    for (const rating& row : rows)
      push(store, {row});
    EXPECT_EQ(store.contents(), sorted.contents());
  }
  EXPECT_FALSE(sorted.contents()[0].at("score").is_valid(0));
  EXPECT_EQ(sorted.contents()[0].at("score").as<double>()[1], 29.0);
}

TEST(rating_history_test, bad_rows_are_refused_with_their_reason_and_leave_nothing) {
  const auto with = [](auto row, auto change) {
    change(row);
    return row;
  };
  rating_history store;
  const auto done =
      push(store, std::vector<rating>{
                      with(hong, [](rating& row) { row.customer = ""; }),
                      with(hong, [](rating& row) { row.grade = ""; }),
                      with(hong, [](rating& row) { row.date = "never"; }),
                      with(hong, [](rating& row) { row.revision = -1; }),
                      with(hong, [](rating& row) { row.customer = "\xC3("; }),
                      with(hong, [](rating& row) { row.score = std::numeric_limits<double>::quiet_NaN(); }),
                      with(hong, [](rating& row) { row.score = -std::numeric_limits<double>::infinity(); })});
  EXPECT_EQ(done.statuses, (statuses{row_status::missing, row_status::missing, row_status::out_of_domain,
                                     row_status::out_of_domain, row_status::invalid_text,
                                     row_status::not_a_number, row_status::infinite}));
  EXPECT_EQ(push(store, std::vector<fact>{with(owner, [](fact& row) { row.name = ""; }),
                                          with(owner, [](fact& row) { row.value = "\xFF"; })})
                .statuses,
            (statuses{row_status::missing, row_status::invalid_text}));
  EXPECT_EQ(store.contents(), rating_history().contents());
  EXPECT_EQ(store.customers().size(), 0U);
}

TEST(rating_history_test, strict_mode_names_row_and_column_and_keeps_nothing) {
  rating second = hong;
  second.customer = "Lan";
  rating bad = hong;
  bad.revision = -5;
  rating_history store;
  push(store, {hong});
  const std::vector<table> before = store.contents();
  std::string text;
  EXPECT_EQ(code_of([&] { push(store, {second, bad}, true); }, &text), status::data);
  EXPECT_EQ(text, "rating_history.ratings: revision[1] is -5, but must be in [0, 9007199254740992]");
  rating changed = hong;
  changed.grade = "A";
  EXPECT_EQ(code_of([&] { push(store, {second, changed}, true); }, &text), status::conflict);
  EXPECT_NE(text.find("\"Hong\""), std::string::npos) << text;
  EXPECT_EQ(store.contents(), before);
}

TEST(rating_history_test, integers_are_ids_and_few_columns_are_enough) {
  rating_history store;
  emptor::text_buffer grade;
  grade.push_back("A");
  const table rows{"ratings",
                   {emptor::column::integers("customer", {42}), emptor::column::days("date", {20000}),
                    emptor::column::texts("grade", grade)}};
  EXPECT_EQ(push(store, rows).report.added, 1);
  EXPECT_EQ(store.contents()[0].at("customer").text()[0], "42");
  EXPECT_EQ(push(store, {rating{.customer = "42", .date = "2024-10-04", .grade = "A"}}).report.repeated, 1);
}

TEST(rating_history_test, a_push_that_names_no_table_is_one_of_ratings) {
  const std::vector<rating> rows{hong};
  rating_history unnamed;
  push(unnamed, table("", rating_rows::table_of(rows).columns()));
  rating_history named;
  push(named, rows);
  EXPECT_EQ(unnamed.contents(), named.contents());
}

TEST(rating_history_test, unknown_missing_and_doubled_columns_and_tables_are_refused) {
  rating_history store;
  const std::vector<rating> rows{hong};
  const table good = rating_rows::table_of(rows);
  const auto code = [&](const table& of) { return code_of([&] { push(store, of); }); };
  EXPECT_EQ(code(table("rating", good.columns())), status::unknown_name);
  table wider = good;
  wider.add(emptor::column::numbers("points", {1.0}));
  EXPECT_EQ(code(wider), status::unknown_name);
  table doubled = good;
  doubled.add(good.at("grade"));
  EXPECT_EQ(code(doubled), status::schema);
  EXPECT_EQ(code(table("ratings", {good.at("customer")})), status::schema);
  EXPECT_EQ(store.contents(), rating_history().contents());
}

TEST(rating_history_test, a_cancelled_push_changes_nothing) {
  random_rows rows(3, 9000);
  rating_history store;
  push(store, std::vector<rating>(rows.ratings.begin(), rows.ratings.begin() + 4000));
  const std::vector<table> before = store.contents();
  std::atomic<int> cancel{0};
  const emptor::run how{.cancel = &cancel,
                        .progress =
                            [](double share, void* user) {
                              if (share > 0.3)
                                static_cast<std::atomic<int>*>(user)->store(1);
                            },
                        .user = &cancel};
  EXPECT_EQ(code_of([&] { push(store, rating_rows::table_of(rows.ratings), false, &how); }),
            status::cancelled);
  EXPECT_EQ(store.contents(), before);
  push(store, rows.ratings);
  rating_history at_once;
  push(at_once, rows.ratings);
  EXPECT_EQ(store.contents(), at_once.contents());
}

TEST(rating_history_test, a_push_that_fails_takes_back_revisions_and_conflicts) {
  rating second = hong;
  second.revision = 1;
  rating changed = second;
  changed.score = 1.0;
  rating low = second;
  low.score = 0.0;
  rating fourth = second;
  fourth.revision = 4;
  rating bad = hong;
  bad.grade = "";
  for (const std::vector<rating>& known :
       {std::vector<rating>{}, {hong}, {hong, second}, {second, changed}}) {
    rating_history store;
    push(store, known);
    const std::vector<table> before = store.contents();
    rating_history copy(store);
    EXPECT_EQ(code_of([&] { push(copy, {second, fourth, bad}, true); }), status::data);
    EXPECT_EQ(copy.contents(), before);
    push(store, {second, changed, low});
    push(copy, {low, changed, second});
    EXPECT_EQ(copy.contents(), store.contents());
  }
}

TEST(rating_history_test, erase_forgets_ratings_and_facts) {
  rating of_lan = hong;
  of_lan.customer = "Lan";
  fact of_mei = owner;
  of_mei.customer = "Mei";
  rating_history store;
  push(store, {hong, of_lan});
  push(store, {owner, of_mei});
  EXPECT_EQ(store.erase(std::vector<std::string_view>{"Hong", "Nobody", "Hong", "Mei"}), 2);
  rating_history expected;
  push(expected, {of_lan});
  EXPECT_EQ(store.contents(), expected.contents());
  EXPECT_EQ(store.customers().size(), 1U);
  EXPECT_EQ(store.erase(std::vector<std::string_view>{"Hong"}), 0);
}

TEST(rating_history_test, contents_come_back_from_a_restore_and_a_clone) {
  random_rows rows(11, 2000);
  rating_history store;
  push(store, rows.ratings);
  push(store, rows.facts);
  rating_history back;
  back.restore(store.contents());
  EXPECT_EQ(back.contents(), store.contents());
  EXPECT_EQ(store.clone()->contents(), store.contents());
}

TEST(rating_history_test, damaged_contents_are_refused_and_change_nothing) {
  random_rows rows(11, 50);
  rating_history store;
  push(store, rows.ratings);
  push(store, rows.facts);
  const std::vector<table> good = store.contents();
  const auto code = [&](const std::vector<table>& of) { return code_of([&] { store.restore(of); }); };
  for (std::size_t which = 0; which < 2; ++which) {
    for (const std::string name : {"customer", "date", which == 0 ? "grade" : "fact"}) {
      std::vector<table> without = good;
      without[which] = table(good[which].name());
      for (const emptor::column& other : good[which].columns()) {
        if (other.name() != name)
          without[which].add(other);
      }
      EXPECT_EQ(code(without), status::format) << name;
      without[which].add(emptor::column::numbers(
          name, std::vector<double>(static_cast<std::size_t>(good[which].rows()), 1.5)));
      EXPECT_EQ(code(without), status::format) << name;
    }
    std::vector<table> wider = good;
    wider[which].add(good[which].at("customer"));
    EXPECT_EQ(code(wider), status::format);
  }
  EXPECT_EQ(code({}), status::format);
  EXPECT_EQ(code({good[0], good[0]}), status::format);
  EXPECT_EQ(code({good[1], good[0]}), status::format);
  const std::vector<rating> same{hong, hong};
  EXPECT_EQ(code({rating_rows::table_of(same), good[1]}), status::format);
  EXPECT_EQ(store.contents(), good);
}

TEST(rating_history_test, stores_of_other_options_do_not_merge) {
  const std::vector<emptor::option> given{{"zone_offset", "+08:00"}};
  const rating_history east(
      emptor::option_values("rating_history", emptor::stats::rating_history_options, given));
  rating_history store;
  EXPECT_EQ(code_of([&] { store.merge(east); }), status::mismatch);
}

TEST(rating_history_test, any_order_split_and_merge_gives_the_same_contents) {
  random_rows rows(21, 1200);
  rating_history at_once;
  push(at_once, rows.ratings);
  push(at_once, rows.facts);
  const std::vector<table> expected = at_once.contents();
  EXPECT_GT(expected[0].rows(), 500);
  for (std::uint64_t round = 0; round < 60; ++round) {
    rating_history other = rows.in_pieces(round, 500);
    ASSERT_EQ(other.contents(), expected) << "round " << round;
    if (round % 10 == 0) {
      push(other, rows.ratings); // yesterday's file once more
      push(other, rows.facts);
      other.merge(other);
      ASSERT_EQ(other.contents(), expected);
    }
  }
}

TEST(rating_history_test, a_rating_that_is_revised_a_thousand_times_stays_one) {
  rating_history store;
  rating row = hong;
  for (std::int64_t revision = 0; revision < 1000; ++revision) {
    row.revision = revision;
    push(store, {row});
  }
  EXPECT_EQ(store.contents()[0].rows(), 1);
  EXPECT_LT(store.ratings().rows().size(), 10U);
}

} // namespace
} // namespace rating_history_test
