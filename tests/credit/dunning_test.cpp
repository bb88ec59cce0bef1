// SPDX-License-Identifier: BSL-1.0
#include <map>
#include <string>

#include <gtest/gtest.h>

#include <emptor/credit/dunning_entry.hpp>

#include "credit/finished.hpp"
#include "stats/ledger_record_rows.hpp"
#include "stats/ledger_rows.hpp"
#include "support/refusal.hpp"

namespace dunning_test {
namespace {

using emptor::column;
using emptor::model;
using emptor::option;
using emptor::result;
using emptor::status;
using emptor::table;
using namespace emptor::credit;
using emptor::stats::ledger;
using emptor::test::code_of;
using finished::cells;
using finished::sums;
using ledger_rows::day;
using ledger_rows::item;
using ledger_rows::push;
using ledger_rows::random_rows;
using ledger_rows::settlement;
using texts = std::vector<std::string>;

column names(const char* role, const std::vector<std::string>& values) {
  emptor::text_buffer all;
  for (const std::string& one : values)
    all.push_back(one);
  column made = column::texts(role, all);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (values[i].empty())
      made.set_missing(static_cast<std::int64_t>(i));
  }
  return made;
}
table levels(const std::vector<std::int64_t>& days, double fee = 5.0, double minimum = 0.0) {
  std::vector<std::int64_t> numbers;
  for (std::size_t i = 0; i < days.size(); ++i)
    numbers.push_back(static_cast<std::int64_t>(i) + 1);
  return {"levels",
          {column::integers("level", numbers), column::integers("days", days),
           column::numbers("fee", std::vector<double>(days.size(), fee)),
           column::numbers("minimum_amount", std::vector<double>(days.size(), minimum))}};
}
model of_tables(std::vector<table> tables) {
  model made{.entry = "credit.dunning", .options = {}, .tables = std::move(tables), .made_by = {}};
  check_dunning_model(made);
  return made;
}
result finish(const ledger& from, const model& policy, const std::string& as_of, const model* state = nullptr,
              std::vector<option> more = {}) {
  const emptor::run alone;
  more.push_back({"as_of", as_of});
  std::vector<emptor::filled_slot> slots{{"policy", &policy}};
  if (state != nullptr)
    slots.push_back({"state", state});
  return finish_dunning({.from = &from,
                         .options = {"credit.dunning", dunning_options, more},
                         .slots = slots,
                         .keys = {},
                         .how = alone});
}
/// What a run leaves, as the next one takes it.
model state_of(const result& made) {
  table previous("previous");
  for (const column& one : finished::table_of(made, "state").columns())
    previous.add(one);
  return of_tables({previous});
}
item invoice(std::string document, std::string customer, std::int64_t amount, const char* due) {
  return {.document = std::move(document),
          .customer = std::move(customer),
          .kind = "invoice",
          .amount = amount,
          .date = day("2025-01-01"),
          .due = day(due)};
}

/// However long nobody looked, a document gets every level once, in order, and then no more.
TEST(dunning_test, day_after_day_every_level_comes_once_and_in_order) {
  ledger store;
  push(store, {invoice("R1", "Hong", 1000, "2026-01-01"), invoice("R2", "Lan", 1000, "2025-06-01")});
  const model policy = of_tables({levels({7, 21, 42})});
  std::map<std::string, texts> letters;
  model state = of_tables({{"previous", {names("document", {}), column::integers("level", {})}}});
  for (std::int32_t on = day("2025-12-30"); on < day("2026-04-01"); ++on) {
    const std::string today = emptor::to_string(emptor::date_from_days(on));
    const result made = finish(store, policy, today, &state);
    for (const std::string& letter : cells(made, "letters", {"customer", "level"}))
      letters[letter.substr(0, letter.find(' '))].push_back(today + letter.substr(letter.find(' ')));
    state = state_of(made);
    // The same day again: nothing comes twice.
    EXPECT_EQ(cells(finish(store, policy, today, &state), "letters", {"customer"}), texts{});
  }
  EXPECT_EQ(letters["Hong"], (texts{"2026-01-08 1", "2026-01-22 2", "2026-02-12 3"}));
  // Late already when it is first looked at: the levels come as the interval allows.
  EXPECT_EQ(letters["Lan"], (texts{"2025-12-30 1", "2026-01-06 2", "2026-01-13 3"}));
}

TEST(dunning_test, what_is_settled_and_owed_again_begins_anew) {
  ledger store;
  push(store, {invoice("R1", "Hong", 1000, "2026-01-01"),
               item{.document = "P1",
                    .customer = "Hong",
                    .kind = "payment",
                    .amount = 1000,
                    .date = day("2026-02-01")},
               item{.document = "B1",
                    .customer = "Hong",
                    .kind = "refund",
                    .amount = 1000,
                    .date = day("2026-02-10")}});
  push(store,
       {settlement{.document = "R1", .settling_document = "P1", .date = day("2026-02-01"), .amount = 1000},
        settlement{.document = "R1", .settling_document = "P1", .date = day("2026-02-10"), .amount = -1000},
        settlement{.document = "B1", .settling_document = "P1", .date = day("2026-02-10"), .amount = 1000}});
  const model policy = of_tables({levels({7, 21, 42})});
  const result first = finish(store, policy, "2026-01-10");
  EXPECT_EQ(cells(first, "letters", {"level", "amount"}), (texts{"1 1000"}));
  model state = state_of(first);
  const result paid = finish(store, policy, "2026-02-05", &state);
  EXPECT_EQ(cells(paid, "state", {"document"}), texts{});
  state = state_of(paid);
  EXPECT_EQ(cells(finish(store, policy, "2026-02-15", &state), "letters", {"level", "amount"}),
            (texts{"1 1000"}));
}

TEST(dunning_test, the_due_date_itself_is_not_overdue_and_undated_documents_never_are) {
  ledger store;
  push(store, {invoice("R1", "Hong", 1000, "2026-01-01"), item{.document = "R2",
                                                               .customer = "Hong",
                                                               .kind = "invoice",
                                                               .amount = 500,
                                                               .date = day("2025-01-01")}});
  const model policy = of_tables({levels({1})});
  EXPECT_EQ(cells(finish(store, policy, "2026-01-01"), "documents", {"document"}), texts{});
  EXPECT_EQ(cells(finish(store, policy, "2026-01-02"), "documents", {"document", "days_overdue", "outcome"}),
            (texts{"R1 1 dunned"}));
}

TEST(dunning_test, a_stop_holds_until_its_last_day_and_for_all_of_a_customer) {
  ledger store;
  push(store, {invoice("R1", "Hong", 1000, "2026-01-01"), invoice("R2", "Hong", 500, "2026-01-01"),
               invoice("R3", "Lan", 700, "2026-01-01")});
  column until = column::days("until", {day("2026-02-01"), 0, day("2026-03-01")});
  until.set_missing(1);
  const model state = of_tables({{"stops",
                                  {names("document", {"R1", "", "R3"}), names("customer", {"", "Lan", ""}),
                                   until, column::codes("reason", {2, 0, 1}, dunning_stop_levels)}}});
  const model policy = of_tables({levels({7})});
  const auto outcomes = [&](const char* on) {
    return cells(finish(store, policy, on, &state), "documents", {"document", "outcome"});
  };
  EXPECT_EQ(outcomes("2026-02-01"), (texts{"R1 promise", "R2 dunned", "R3 dispute"}));
  EXPECT_EQ(outcomes("2026-02-02"), (texts{"R1 dunned", "R2 dunned", "R3 dispute"}));
  EXPECT_EQ(outcomes("2026-03-02"), (texts{"R1 dunned", "R2 dunned", "R3 blocked"}));
}

TEST(dunning_test, what_is_disputed_in_the_ledger_is_left_out_while_the_dispute_runs) {
  ledger store;
  push(store, {invoice("R1", "Hong", 1000, "2026-01-01"), invoice("R2", "Hong", 500, "2026-01-01")});
  push(store, {ledger_rows::dispute{.number = "D1",
                                    .document = "R1",
                                    .amount = 100,
                                    .opened = day("2026-01-10"),
                                    .closed = day("2026-02-10")}});
  const model policy = of_tables({levels({7})});
  const auto outcomes = [&](const char* on, const char* disputes) {
    return cells(finish(store, policy, on, nullptr, {{"disputes", disputes}}), "documents",
                 {"document", "outcome"});
  };
  EXPECT_EQ(outcomes("2026-01-09", "true"), (texts{"R1 dunned", "R2 dunned"}));
  EXPECT_EQ(outcomes("2026-01-20", "true"), (texts{"R1 dispute", "R2 dunned"}));
  EXPECT_EQ(outcomes("2026-01-20", "false"), (texts{"R1 dunned", "R2 dunned"}));
  EXPECT_EQ(outcomes("2026-02-10", "true"), (texts{"R1 dunned", "R2 dunned"}));
}

TEST(dunning_test, credits_and_small_sums_hold_letters_back_and_documents_keep_their_level) {
  ledger store;
  push(store, {invoice("R1", "Hong", 1000, "2026-01-01"), invoice("R2", "Hong", 2000, "2025-12-01"),
               item{.document = "P1",
                    .customer = "Hong",
                    .kind = "payment",
                    .amount = 2400,
                    .date = day("2026-01-05")}});
  const model policy = of_tables({levels({7, 21}, 5.0, 7.0)});
  const model state = of_tables({{"previous",
                                  {names("document", {"R2"}), column::integers("level", {1}),
                                   column::days("date", {day("2025-12-10")})}}});
  const auto run = [&](std::vector<option> options) {
    return finish(store, policy, "2026-01-15", &state, options);
  };
  // 30.00 less 24.00 are less than the 7.00 that a letter must be about.
  EXPECT_EQ(cells(run({}), "documents", {"document", "previous_level", "level", "outcome"}),
            (texts{"R1 0 0 below_minimum", "R2 1 1 below_minimum"}));
  EXPECT_EQ(cells(run({}), "state", {"document", "level", "date"}), (texts{"R2 1 2025-12-10"}));
  EXPECT_EQ(cells(run({{"credits", "apart"}}), "letters",
                  {"level", "documents", "amount", "unallocated", "fee", "total"}),
            (texts{"2 2 3000 0 500 3500"}));
  // The credit covers the second level, and what is left of it comes off the first.
  EXPECT_EQ(cells(run({{"letters", "per_level"}}), "documents", {"document", "outcome"}),
            (texts{"R1 below_minimum", "R2 covered_by_credits"}));
  EXPECT_EQ(
      cells(run({{"letters", "per_level"}, {"credits", "apart"}}), "letters", {"level", "amount", "total"}),
      (texts{"2 2000 2500", "1 1000 1500"}));
  EXPECT_EQ(cells(run({{"credits", "apart"}, {"minimum_item", "15"}}), "documents", {"document", "outcome"}),
            (texts{"R1 small_item", "R2 dunned"}));
}

TEST(dunning_test, fees_belong_to_the_currency) {
  ledger store;
  push(store, {invoice("R1", "Hong", 1000, "2026-01-01"), item{.document = "R2",
                                                               .customer = "Hong",
                                                               .kind = "invoice",
                                                               .amount = 1000,
                                                               .date = day("2025-01-01"),
                                                               .due = day("2026-01-01"),
                                                               .currency = "JPY"}});
  table mixed{"levels",
              {column::integers("level", {1, 1}), column::integers("days", {7, 10}),
               column::numbers("fee", {2.5, 300.0}), names("currency", {"", "JPY"})}};
  const model policy = of_tables({mixed});
  EXPECT_EQ(cells(finish(store, policy, "2026-02-01"), "letters", {"currency", "amount", "fee", "total"}),
            (texts{"EUR 1000 250 1250", "JPY 1000 300 1300"}));
  // 2.50 are no yen.
  const model general = of_tables({levels({7}, 2.5)});
  std::string text;
  EXPECT_EQ(code_of([&] { return finish(store, general, "2026-02-01"); }, &text), status::data);
  EXPECT_EQ(text,
            "credit.dunning: levels.fee[0] is 2.5, but must be a whole number of minor units of JPY, or this "
            "level needs another row with currency JPY");
  // As least amounts they say what they say: 1,000 yen are not below 999.5, but below 1,000.5.
  const auto outcomes = [&](const char* minimum_item, double minimum_amount) {
    return cells(finish(store, of_tables({levels({7}, 0.0, minimum_amount)}), "2026-02-01", nullptr,
                        {{"minimum_item", minimum_item}}),
                 "documents", {"currency", "outcome"});
  };
  EXPECT_EQ(outcomes("999.5", 0.0), (texts{"EUR small_item", "JPY dunned"}));
  EXPECT_EQ(outcomes("1000.5", 0.0), (texts{"EUR small_item", "JPY small_item"}));
  EXPECT_EQ(outcomes("0", 999.5), (texts{"EUR below_minimum", "JPY dunned"}));
  EXPECT_EQ(outcomes("0", 1000.5), (texts{"EUR below_minimum", "JPY below_minimum"}));
}

TEST(dunning_test, levels_that_make_no_ladder_are_refused) {
  const auto refused = [](const std::vector<std::int64_t>& numbers, const std::vector<std::int64_t>& days) {
    std::string text;
    EXPECT_EQ(code_of(
                  [&] {
                    return of_tables(
                        {{"levels", {column::integers("level", numbers), column::integers("days", days)}}});
                  },
                  &text),
              status::data);
    return text;
  };
  EXPECT_EQ(refused({1, 3}, {7, 21}), "credit.dunning: level[1] is 3, but must be 2: no level is skipped");
  EXPECT_EQ(refused({1, 2}, {7, 7}),
            "credit.dunning: days[1] is 7, but must be more than the 7 of the level before");
  EXPECT_EQ(refused({1, 1}, {7, 9}),
            "credit.dunning: level[1] is 1, but must be there once for its currency");
  EXPECT_EQ(code_of([] { return of_tables({}); }), status::schema);
  EXPECT_EQ(code_of([] {
              return of_tables(
                  {{"previous", {names("document", {"R1", "R1"}), column::integers("level", {1, 2})}}});
            }),
            status::data);
  EXPECT_EQ(code_of([] {
              return of_tables({{"stops", {names("document", {"R1"}), names("customer", {"Hong"})}}});
            }),
            status::data);
  // No levels are an error, and never no letters.
  const model only_state =
      of_tables({{"previous", {names("document", {"R1"}), column::integers("level", {1})}}});
  EXPECT_EQ(code_of([&] { return finish(ledger(), only_state, "2026-01-01"); }), status::schema);
}

TEST(dunning_test, of_a_random_ledger_letters_add_up_to_their_documents_whatever_the_order_of_pushes) {
  const random_rows rows(3, 3000, true);
  random_rows shuffled = rows;
  shuffled.shuffle(17);
  const model policy = of_tables({levels({7, 21, 42}, 0.0)});
  for (const char* letters : {"one", "per_level"}) {
    const ledger store = rows.in_pieces(1, 5000);
    model state = of_tables({{"previous", {names("document", {}), column::integers("level", {})}}});
    for (const char* on : {"2025-10-01", "2025-10-20", "2025-11-20"}) {
      const result made = finish(store, policy, on, &state, {{"letters", letters}});
      EXPECT_EQ(made.tables,
                finish(shuffled.in_pieces(5, 60), policy, on, &state, {{"letters", letters}}).tables);
      const auto amounts = sums(made, "letters", {"customer", "currency"}, "amount");
      auto of_documents = sums(made, "documents", {"outcome", "customer", "currency"}, "open");
      std::map<std::string, emptor::wide_integer> dunned;
      for (const auto& [key, amount] : of_documents) {
        if (key.starts_with("dunned "))
          dunned[key.substr(7)] = amount;
      }
      EXPECT_EQ(amounts, dunned);
      EXPECT_GT(amounts.size(), 20U);
      state = state_of(made);
    }
  }
}

} // namespace
} // namespace dunning_test
