// SPDX-License-Identifier: BSL-1.0
#include <atomic>
#include <cmath>
#include <limits>

#include <gtest/gtest.h>

#include <emptor/stats/survey.hpp>

#include "stats/survey_rows.hpp"
#include "support/refusal.hpp"

namespace survey_test {
namespace {

using emptor::row_status;
using emptor::status;
using emptor::table;
using emptor::stats::survey;
using emptor::stats::survey_answers;
using emptor::test::code_of;
using survey_rows::answered;
using survey_rows::push;
using survey_rows::random_rows;
using survey_rows::survey_with;
using statuses = std::vector<row_status>;

const answered hong{.respondent = "Hong", .items = {{"fast", 7}, {"clean", 9}}, .period = "2026-01-01"};

TEST(survey_test, an_identical_repeat_changes_nothing) {
  survey store;
  EXPECT_EQ(push(store, {hong}).report.added, 1);
  const std::vector<table> before = store.contents();
  const auto again = push(store, {hong});
  EXPECT_EQ(again.report.repeated, 1);
  EXPECT_FALSE(again.report.repeats_count_twice);
  EXPECT_EQ(again.statuses, statuses{row_status::repeated});
  answered weighed = hong;
  weighed.weight = 1.0; // as much as one that says nothing
  EXPECT_EQ(push(store, {weighed}).report.repeated, 1);
  store.merge(store);
  EXPECT_EQ(store.contents(), before);
}

TEST(survey_test, one_respondent_brand_and_period_is_one_row_whose_highest_revision_wins) {
  answered second = hong;
  second.revision = 2;
  second.items["fast"] = 3;
  answered third = second;
  third.revision = 3;
  third.items = {{"clean", 1}};
  answered next = hong;
  next.period = "2026-02-01";
  answered rival = hong;
  rival.brand = "Rival";
  survey one;
  EXPECT_EQ(push(one, {hong, second, next, rival, third}).report.replaced, 2);
  survey other;
  EXPECT_EQ(push(other, {third, hong, rival, next, second}).statuses,
            (statuses{row_status::ok, row_status::superseded, row_status::ok, row_status::ok,
                      row_status::superseded}));
  EXPECT_EQ(one.contents(), other.contents());
  const survey_answers rows = one.answers();
  ASSERT_EQ(rows.rows(), 3U);
  const auto fast = rows.answers("x", "fast").answers;
  EXPECT_TRUE(std::isnan(fast[0])); // the third revision has no answer to it
  EXPECT_EQ(fast[1], 7.0);
  EXPECT_EQ(rows.brand_names(), std::vector<std::string_view>{"Rival"});
  EXPECT_EQ(rows.brands()[0], survey_answers::none);
  EXPECT_EQ(rows.brands()[1], 0U);
  EXPECT_EQ(rows.periods()[2], 1U);
  EXPECT_EQ(rows.row_name(1), "respondent Hong, brand Rival, period 2026-01-01");
}

TEST(survey_test, one_revision_with_two_contents_is_a_conflict_until_a_higher_one_comes) {
  answered changed = hong;
  changed.items["fast"] = 8;
  changed.brand = "Acme";
  answered original = hong;
  original.brand = "Acme";
  survey store;
  const auto done = push(store, {original, changed, original});
  EXPECT_EQ(done.statuses, (statuses{row_status::ok, row_status::conflict, row_status::repeated}));
  EXPECT_EQ(store.contents()[0].rows(), 2);
  std::string text;
  EXPECT_EQ(code_of([&] { return store.answers(); }, &text), status::conflict);
  EXPECT_EQ(
      text,
      "survey: the answers of Hong about Acme of 2026-01-01 have two contents under revision 0; a higher "
      "revision must say which one holds");
  EXPECT_EQ(code_of([&] { return store.answers(std::vector<std::string>{"Lan"}); }), status::ok);
  EXPECT_EQ(code_of([&] { push(store, {changed}, true); }), status::ok); // it is known
  answered third = original;
  third.items["fast"] = 9;
  EXPECT_EQ(code_of([&] { push(store, {third}, true); }, &text), status::conflict);
  EXPECT_NE(text.find("\"Hong\""), std::string::npos) << text;
  changed.revision = 1;
  EXPECT_EQ(push(store, {changed}).report.replaced, 1);
  EXPECT_EQ(store.answers().rows(), 1U);
}

TEST(survey_test, every_column_of_a_row_makes_its_content_or_its_key) {
  const auto conflicts = [](auto change) {
    survey store;
    auto changed = hong;
    change(changed);
    push(store, {hong});
    return push(store, {changed}).report.conflicts;
  };
  EXPECT_EQ(conflicts([](answered& row) { row.items["fast"] = 8; }), 1);
  EXPECT_EQ(conflicts([](answered& row) { row.items.erase("fast"); }), 1);
  EXPECT_EQ(conflicts([](answered& row) { row.items["new"] = 1; }), 1);
  EXPECT_EQ(conflicts([](answered& row) { row.group = "north"; }), 1);
  EXPECT_EQ(conflicts([](answered& row) { row.weight = 2.0; }), 1);
  EXPECT_EQ(conflicts([](answered& row) { row.brand = "Acme"; }), 0);
  EXPECT_EQ(conflicts([](answered& row) { row.period = ""; }), 0);
  EXPECT_EQ(conflicts([](answered& row) { row.respondent = "Lan"; }), 0);
}

TEST(survey_test, any_number_of_contents_in_conflict_leaves_the_smallest_and_the_largest) {
  std::vector<answered> rows;
  for (int answer = 0; answer < 30; ++answer) {
    rows.push_back(hong);
    rows.back().items["fast"] = answer;
  }
  rows.push_back(hong);
  rows.back().items.erase("fast");
  survey sorted;
  push(sorted, rows);
  emptor::test::draws draw(7);
  for (int round = 0; round < 20; ++round) {
    draw.shuffle(rows);
    survey store;
    for (const answered& row : rows)
      push(store, {row});
    EXPECT_EQ(store.contents(), sorted.contents());
  }
  EXPECT_FALSE(sorted.contents()[0].at("items:fast").is_valid(0));
  EXPECT_EQ(sorted.contents()[0].at("items:fast").as<double>()[1], 29.0);
}

TEST(survey_test, missing_codes_are_no_answers_and_are_counted) {
  survey store = survey_with("99,98");
  push(store, {{.respondent = "A", .items = {{"q", 98}}},
               {.respondent = "B", .items = {{"q", 99}}},
               {.respondent = "C", .items = {{"q", 5}}},
               {.respondent = "D"}});
  const survey_answers::item q = store.answers().answers("x", "q");
  EXPECT_EQ(q.coded, 2);
  EXPECT_TRUE(std::isnan(q.answers[0]) && std::isnan(q.answers[1]) && std::isnan(q.answers[3]));
  EXPECT_EQ(q.answers[2], 5.0);
  EXPECT_EQ(store.contents()[0].at("items:q").as<double>()[0], 98.0); // as it came
  std::string text;
  EXPECT_EQ(code_of([&] { return store.answers().answers("satisfaction.ratings", "Q"); }, &text),
            status::data);
  EXPECT_EQ(text, "satisfaction.ratings: there is no item Q; did you mean q?");
  EXPECT_EQ(code_of([&] { return store.answers().answers("satisfaction.ratings", "items:q"); }, &text),
            status::data);
  EXPECT_EQ(text, "satisfaction.ratings: item is items:q, but must be q, the label alone");
  EXPECT_EQ(code_of([&] { return store.answers().answers("satisfaction.ratings", "overall"); }, &text),
            status::data);
  EXPECT_EQ(
      text,
      "satisfaction.ratings: there is no item overall; there is q; questions are the labels of the columns "
      "items:LABEL");
}

TEST(survey_test, answers_are_exact) {
  const double most = 9007199254740992.0;
  for (const double answer : {0.0, -127.0, 127.0, -128.0, 128.0, 0.1, 1e-300, most, -most, most - 1.0}) {
    survey store;
    push(store, {{.respondent = "A", .items = {{"q", 3}}}, {.respondent = "B", .items = {{"q", answer}}}});
    push(store, {{.respondent = "C", .items = {{"other", 3}}}});
    const auto found = store.answers().answers("x", "q").answers;
    EXPECT_EQ(found[0], 3.0);
    EXPECT_EQ(found[1], answer);
    EXPECT_TRUE(std::isnan(found[2]));
    survey back;
    back.restore(store.contents());
    EXPECT_EQ(back.contents(), store.contents());
  }
}

TEST(survey_test, bad_rows_are_refused_with_their_reason_and_leave_nothing) {
  const auto with = [](auto change) {
    answered row = hong;
    change(row);
    return row;
  };
  const double infinity = std::numeric_limits<double>::infinity();
  survey store;
  const auto done =
      push(store,
           {with([](answered& row) { row.respondent = ""; }), with([](answered& row) { row.weight = 0.0; }),
            with([](answered& row) { row.weight = -1.0; }), with([](answered& row) { row.weight = 1e16; }),
            with([&](answered& row) { row.weight = infinity; }),
            with([](answered& row) { row.items["fast"] = 1e308; }),
            with([&](answered& row) { row.items["fast"] = -infinity; }),
            with([&](answered& row) { row.items["fast"] = infinity - infinity; }),
            with([](answered& row) { row.period = "never"; }), with([](answered& row) { row.revision = -1; }),
            with([](answered& row) { row.group = "\xFF"; })});
  EXPECT_EQ(done.statuses,
            (statuses{row_status::missing, row_status::out_of_domain, row_status::out_of_domain,
                      row_status::out_of_domain, row_status::infinite, row_status::out_of_domain,
                      row_status::infinite, row_status::not_a_number, row_status::out_of_domain,
                      row_status::out_of_domain, row_status::invalid_text}));
  EXPECT_EQ(store.answers().rows(), 0U);
  EXPECT_EQ(store.data().respondents.size(), 0U);
  std::string text;
  EXPECT_EQ(code_of(
                [&] {
                  push(store, {hong, with([](answered& row) { row.items["fast"] = 1e308; })}, true);
                },
                &text),
            status::data);
  EXPECT_EQ(text,
            "survey.answers: items:fast[1] is 1e+308, but must be in [-9007199254740992, 9007199254740992]");
  EXPECT_EQ(store.answers().rows(), 0U);
}

TEST(survey_test, a_push_that_fails_takes_back_rows_revisions_conflicts_and_questions) {
  answered second = hong;
  second.revision = 1;
  answered changed = second;
  changed.items["fast"] = 1;
  answered low = second;
  low.items["fast"] = 0;
  answered fourth = second;
  fourth.revision = 4;
  fourth.items["brand new"] = 0.5;
  answered bad = hong;
  bad.weight = -1.0;
  for (const std::vector<answered>& known :
       {std::vector<answered>{}, {hong}, {hong, second}, {second, changed}}) {
    survey store;
    push(store, known);
    const std::vector<table> before = store.contents();
    survey copy(store);
    EXPECT_EQ(code_of([&] { push(copy, {second, fourth, bad}, true); }), status::data);
    EXPECT_EQ(copy.contents(), before);
    push(store, {second, changed, low});
    push(copy, {low, changed, second});
    EXPECT_EQ(copy.contents(), store.contents());
  }
}

TEST(survey_test, a_cancelled_push_changes_nothing) {
  const std::vector<answered> rows = random_rows(3, 9000);
  survey store;
  push(store, std::vector<answered>(rows.begin(), rows.begin() + 4000));
  const std::vector<table> before = store.contents();
  std::atomic<int> cancel{0};
  const emptor::run how{.cancel = &cancel,
                        .progress =
                            [](double share, void* user) {
                              if (share > 0.3)
                                static_cast<std::atomic<int>*>(user)->store(1);
                            },
                        .user = &cancel};
  EXPECT_EQ(code_of([&] { store_rows::push(store, survey_rows::table_of(rows), false, &how); }),
            status::cancelled);
  EXPECT_EQ(store.contents(), before);
  push(store, rows);
  survey at_once;
  push(at_once, rows);
  EXPECT_EQ(store.contents(), at_once.contents());
}

TEST(survey_test, erase_forgets_respondents) {
  std::vector<answered> rows = random_rows(5, 400);
  survey store;
  push(store, rows);
  const std::vector<std::string_view> gone{"R3", "R7", "nobody"};
  EXPECT_EQ(store.erase(gone), 2);
  std::erase_if(rows, [](const answered& row) { return row.respondent == "R3" || row.respondent == "R7"; });
  survey expected;
  push(expected, rows);
  EXPECT_EQ(store.contents(), expected.contents());
  EXPECT_EQ(store.data().respondents.find(emptor::id_pool::key_of(std::string_view("R3"))),
            emptor::id_pool::none);
}

TEST(survey_test, contents_come_back_from_a_restore_and_a_clone) {
  survey store;
  push(store, random_rows(11, 2000));
  survey back;
  back.restore(store.contents());
  EXPECT_EQ(back.contents(), store.contents());
  EXPECT_EQ(store.clone()->contents(), store.contents());
  survey unanswered; // a question that nobody answered stays known
  push(unanswered, {hong});
  table silent = unanswered.contents()[0];
  emptor::column none = emptor::column::numbers("items:silent", {1.0});
  none.set_missing(0);
  silent.add(none);
  survey with_silent;
  store_rows::push(with_silent, silent);
  back.restore(with_silent.contents());
  EXPECT_TRUE(back.answers().has_item("silent"));
  const std::vector<std::string_view> all{"Hong"};
  back.erase(all);
  survey empty;
  empty.restore(back.contents());
  EXPECT_TRUE(empty.answers().has_item("silent"));
  EXPECT_EQ(empty.answers().rows(), 0U);
}

TEST(survey_test, damaged_contents_are_refused_and_change_nothing) {
  survey store;
  push(store, random_rows(11, 50));
  const std::vector<table> good = store.contents();
  const auto code = [&](const std::vector<table>& of) { return code_of([&] { store.restore(of); }); };
  table without("answers");
  for (const emptor::column& other : good[0].columns()) {
    if (other.name() != "respondent")
      without.add(other);
  }
  EXPECT_EQ(code({without}), status::format);
  table wider = good[0];
  wider.add(good[0].at("weight"));
  EXPECT_EQ(code({wider}), status::format);
  EXPECT_EQ(code({}), status::format);
  EXPECT_EQ(code({good[0], good[0]}), status::format);
  EXPECT_EQ(code({table("rows", good[0].columns())}), status::format);
  const std::vector<answered> same{hong, hong};
  EXPECT_EQ(code({survey_rows::table_of(same)}), status::format);
  EXPECT_EQ(store.contents(), good);
}

TEST(survey_test, unknown_and_doubled_columns_tables_and_other_stores_are_refused) {
  survey store;
  const std::vector<answered> rows{hong};
  const table good = survey_rows::table_of(rows);
  const auto code = [&](const table& of) { return code_of([&] { store_rows::push(store, of); }); };
  EXPECT_EQ(code(table("answer", good.columns())), status::unknown_name);
  table wider = good;
  wider.add(emptor::column::numbers("points", {1.0}));
  EXPECT_EQ(code(wider), status::unknown_name);
  table doubled = good;
  doubled.add(good.at("items:fast"));
  EXPECT_EQ(code(doubled), status::schema);
  EXPECT_EQ(store.contents(), survey().contents());
  EXPECT_EQ(code_of([&] { store.merge(survey_with("98")); }), status::mismatch);
  EXPECT_EQ(code_of([&] { return survey_with("98,x"); }), status::option);
}

TEST(survey_test, any_order_split_and_merge_gives_the_same_contents_and_answers) {
  std::vector<answered> rows = random_rows(21, 1200);
  survey at_once;
  push(at_once, rows);
  const std::vector<table> expected = at_once.contents();
  EXPECT_GT(expected[0].rows(), 500);
  emptor::test::draws draw(77);
  for (int round = 0; round < 60; ++round) {
    draw.shuffle(rows);
    std::vector<table> pieces;
    store_rows::for_each_piece(rows, 500, draw,
                               [&](auto piece) { pieces.push_back(survey_rows::table_of(piece)); });
    survey other = store_rows::merged<survey>(std::move(pieces), 5, draw);
    ASSERT_EQ(other.contents(), expected) << "round " << round;
    if (round % 10 == 0) {
      push(other, rows); // yesterday's file once more
      other.merge(other);
      ASSERT_EQ(other.contents(), expected);
    }
  }
}

TEST(survey_test, answers_that_are_revised_a_thousand_times_stay_one_row) {
  survey store;
  answered row = hong;
  for (std::int64_t revision = 0; revision < 1000; ++revision) {
    row.revision = revision;
    push(store, {row});
  }
  EXPECT_EQ(store.contents()[0].rows(), 1);
  EXPECT_LT(store.data().rows.size(), 10U);
}

TEST(survey_test, integers_are_ids_and_few_columns_are_enough) {
  survey store;
  const table rows{"",
                   {emptor::column::integers("respondent", {42}), emptor::column::integers("items:q", {7})}};
  EXPECT_EQ(store_rows::push(store, rows).report.added, 1);
  EXPECT_EQ(push(store, {{.respondent = "42", .items = {{"q", 7}}}}).report.repeated, 1);
}

} // namespace
} // namespace survey_test
