// SPDX-License-Identifier: BSL-1.0
#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include <emptor/credit/investigation_entry.hpp>

#include "stats/rating_rows.hpp"
#include "support/refusal.hpp"

namespace emptor::credit::investigation_test {
namespace {

using emptor::test::code_of;
using rating_rows::day;
using rating_rows::fact;
using rating_rows::push;
using rating_rows::rating;
using stats::rating_history;

struct wanted_row {
  std::string fact;
  std::string grade; ///< empty = every one
  std::int64_t valid_days = 365;
  std::optional<std::int64_t> review_within{};
};
struct review_row {
  std::string grade;
  std::int64_t review_days = 180;
  std::optional<std::int64_t> rank{};
};

column optional_texts(const char* name, const std::vector<std::string>& values) {
  return rating_rows::texts(std::span<const std::string>(values), name,
                            [](const std::string& one) { return one; });
}
column optional_counts(const char* name, const std::vector<std::optional<std::int64_t>>& values) {
  std::vector<std::int64_t> wholes;
  for (const auto& one : values)
    wholes.push_back(one.value_or(0));
  column made = column::integers(name, wholes);
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (!values[i])
      made.set_missing(static_cast<std::int64_t>(i));
  }
  return made;
}

model policy_of(const std::vector<wanted_row>& facts, const std::vector<review_row>& reviews) {
  std::vector<std::string> names;
  std::vector<std::string> grades;
  std::vector<std::int64_t> days;
  std::vector<std::optional<std::int64_t>> within;
  for (const wanted_row& one : facts) {
    names.push_back(one.fact);
    grades.push_back(one.grade);
    days.push_back(one.valid_days);
    within.push_back(one.review_within);
  }
  std::vector<std::string> of;
  std::vector<std::int64_t> rhythm;
  std::vector<std::optional<std::int64_t>> rank;
  for (const review_row& one : reviews) {
    of.push_back(one.grade);
    rhythm.push_back(one.review_days);
    rank.push_back(one.rank);
  }
  model made;
  made.entry = investigation_name;
  made.tables.push_back({"facts",
                         {optional_texts("fact", names), optional_texts("grade", grades),
                          column::integers("valid_days", days), optional_counts("review_within", within)}});
  made.tables.push_back({"reviews",
                         {optional_texts("grade", of), column::integers("review_days", rhythm),
                          optional_counts("rank", rank)}});
  return made;
}

/// What is known of the one customer of a store.
struct looked_at {
  rating_history store;
  model policy;

  investigated_customer on(const char* as_of, std::int64_t within = 30) const {
    const investigation_policy rules(policy);
    const auto made = investigate(store, rules, parse_date(as_of).value(), within);
    EXPECT_EQ(made.size(), 1U);
    return made.at(0);
  }
};
looked_at at(const std::vector<rating>& ratings, const std::vector<fact>& facts, model policy) {
  looked_at made{rating_history(), std::move(policy)};
  push(made.store, ratings);
  push(made.store, facts);
  return made;
}

const std::vector<review_row> reviews{{"A", 365, 1}, {"B", 180, 2}, {"C", 90, 3}};

TEST(investigation, a_fact_is_due_from_its_day_and_the_days_it_is_good_for_on) {
  const auto here = at({{"Hong", "2026-01-10", "B"}}, {{"Hong", "bank", "2026-01-10", "fine"}},
                       policy_of({{"bank", "", 30}}, reviews));
  EXPECT_EQ(here.on("2026-02-08").facts.at(0).state, fact_state::valid);
  const investigated_customer late = here.on("2026-02-09");
  EXPECT_EQ(late.facts.at(0).state, fact_state::due);
  EXPECT_EQ(late.facts.at(0).due_on, day("2026-02-09"));
  EXPECT_EQ(late.look_again_on, day("2026-02-09"));
  EXPECT_EQ(late.reason, review_reason::old_fact);
  EXPECT_TRUE(late.due);
  EXPECT_FALSE(here.on("2026-02-08").due);
}

TEST(investigation, the_row_of_a_grade_wins_over_that_of_every_grade) {
  const model policy =
      policy_of({{"accounts", "", 365}, {"accounts", "C", 90}, {"visit", "C", 180}}, reviews);
  const investigation_policy rules(policy);
  ASSERT_EQ(rules.wanted("A").size(), 1U);
  EXPECT_EQ(rules.wanted("A")[0].valid_days, 365);
  ASSERT_EQ(rules.wanted("C").size(), 2U);
  EXPECT_EQ(rules.wanted("C")[0].valid_days, 90);
  EXPECT_EQ(rules.wanted("C")[1].fact, "visit");
  EXPECT_EQ(rules.wanted("").size(), 1U);
  EXPECT_EQ(rules.rhythm("C")->review_days, 90);
  EXPECT_EQ(rules.rhythm("Z"), nullptr);
  const model with_rest = policy_of({}, {{"A", 365, 1}, {"", 60, {}}});
  EXPECT_EQ(investigation_policy(with_rest).rhythm("Z")->review_days, 60);
  EXPECT_FALSE(investigation_policy(with_rest).rank("Z"));
}

TEST(investigation, a_policy_that_says_something_twice_is_refused) {
  const auto code = [](const model& of) { return code_of([&] { investigation_entry.check_model(of); }); };
  EXPECT_EQ(code(policy_of({{"bank", "", 30}, {"bank", "", 60}}, reviews)), status::schema);
  EXPECT_EQ(code(policy_of({{"bank", "A", 30}, {"bank", "", 60}}, reviews)), status::ok);
  EXPECT_EQ(code(policy_of({}, {{"A", 30, {}}, {"A", 60, {}}})), status::schema);
  EXPECT_EQ(code(policy_of({{"bank", "", 0}}, reviews)), status::data);
  EXPECT_EQ(code(policy_of({}, {{"A", -1, {}}})), status::data);
}

TEST(investigation, a_change_since_the_rating_brings_the_review_forward) {
  const auto here = at({{"Hong", "2026-01-01", "B"}},
                       {{"Hong", "owner", "2025-06-01", "Hong Sr."},
                        {"Hong", "owner", "2026-02-01", "Hong Sr."}, // confirmed: no change
                        {"Hong", "owner", "2026-03-01", "Hong Jr."},
                        {"Hong", "owner", "2026-03-20", "Mr. Wu"}},
                       policy_of({{"owner", "", 3650, 10}}, reviews));
  EXPECT_FALSE(here.on("2026-02-15").facts.at(0).changed_on);
  EXPECT_EQ(here.on("2026-02-15").review_on, day("2026-06-30"));
  const investigated_customer changed = here.on("2026-03-25");
  EXPECT_EQ(changed.facts.at(0).changed_on, day("2026-03-01"));
  EXPECT_EQ(changed.facts.at(0).value_at_rating, "Hong Sr.");
  EXPECT_EQ(changed.facts.at(0).value, "Mr. Wu");
  EXPECT_EQ(changed.look_again_on, day("2026-03-11"));
  EXPECT_EQ(changed.reason, review_reason::changed_fact);
}

TEST(investigation, a_value_that_came_back_is_no_change_and_a_new_fact_is_one) {
  const model policy = policy_of({}, reviews);
  const auto back = at({{"Hong", "2026-01-01", "B"}},
                       {{"Hong", "owner", "2026-01-01", "a"}, // known on the day of the rating
                        {"Hong", "owner", "2026-02-01", "b"},
                        {"Hong", "owner", "2026-03-01", "a"}},
                       policy);
  EXPECT_FALSE(back.on("2026-03-02").facts.at(0).changed_on);
  EXPECT_TRUE(back.on("2026-02-02").facts.at(0).changed_on);
  const auto fresh = at({{"Hong", "2026-01-01", "B"}}, {{"Hong", "lawsuit", "2026-02-01", "yes"}}, policy);
  const investigated_customer seen = fresh.on("2026-02-10", 14);
  EXPECT_EQ(seen.facts.at(0).state, fact_state::not_needed);
  EXPECT_EQ(seen.facts.at(0).changed_on, day("2026-02-01"));
  EXPECT_FALSE(seen.facts.at(0).value_at_rating);
  EXPECT_EQ(seen.look_again_on, day("2026-02-15"));
  const auto unvalued = at({{"Hong", "2026-01-01", "B"}},
                           {{"Hong", "file", "2025-02-01", ""}, {"Hong", "file", "2026-02-01", ""}}, policy);
  EXPECT_FALSE(unvalued.on("2026-02-10").facts.at(0).changed_on);
}

/// One source of the rhythm: months of the policy by credit grade, where that is given.
TEST(investigation, the_grade_policy_says_how_often_customers_are_reviewed) {
  model policy = policy_of({{"accounts", "", 3000}}, {});
  const grade_rules grades({{.grade = "A", .rank = 1, .review_months = 12},
                            {.grade = "B", .rank = 2, .review_months = 6},
                            {.grade = "C", .rank = 3}});
  EXPECT_EQ(code_of([&] { return investigation_policy(policy, &grades); }), status::schema); // reviews twice
  policy.tables.pop_back();
  const investigation_policy rules(policy, &grades);
  EXPECT_EQ(rules.rank("C"), 3);
  EXPECT_EQ(rules.rhythm("C"), nullptr); // a grade of which the policy does not say it
  rating_history store;
  push(store, std::vector<rating>{{"Hong", "2026-08-31", "B"}});
  push(store, std::vector<fact>{{"Hong", "accounts", "2026-08-31", "fine"}});
  const auto made = investigate(store, rules, parse_date("2026-09-01").value(), 30);
  // The end of the month, as credit.grade_policy counts it: 180 days would be a day earlier.
  EXPECT_EQ(made.at(0).review_on, day("2027-02-28"));
  EXPECT_EQ(made.at(0).reason, review_reason::rhythm);
}

TEST(investigation, who_has_no_grade_or_a_grade_without_a_rhythm_is_due_at_once) {
  const model policy = policy_of({}, reviews);
  const auto unrated = at({}, {{"Hong", "owner", "2026-01-01", "a"}}, policy);
  EXPECT_EQ(unrated.on("2026-02-01").reason, review_reason::never_rated);
  EXPECT_EQ(unrated.on("2026-02-01").look_again_on, day("2026-02-01"));
  EXPECT_TRUE(unrated.on("2026-02-01").due);
  const auto unknown = at({{"Hong", "2026-01-01", "Z"}}, {}, policy);
  EXPECT_EQ(unknown.on("2026-02-01").reason, review_reason::no_rhythm);
  EXPECT_TRUE(unknown.on("2026-02-01").due);
}

TEST(investigation, grades_are_compared_by_the_rank_of_the_policy) {
  const auto change = [](const char* before, const char* now) {
    return at({{"Hong", "2025-01-01", before}, {"Hong", "2026-01-01", now}}, {}, policy_of({}, reviews))
        .on("2026-01-02")
        .change;
  };
  EXPECT_EQ(change("A", "B"), grade_change::worse);
  EXPECT_EQ(change("C", "B"), grade_change::better);
  EXPECT_EQ(change("B", "B"), grade_change::unchanged);
  EXPECT_EQ(change("Z", "B"), grade_change::other);
  EXPECT_EQ(at({{"Hong", "2026-01-01", "B"}}, {}, policy_of({}, reviews)).on("2026-01-02").change,
            grade_change::first);
}

TEST(investigation, what_is_later_or_withdrawn_does_not_count) {
  const auto here =
      at({{"Hong", "2025-01-01", "A"},
          {"Hong", "2025-06-01", "B"},
          {.customer = "Hong", .date = "2025-06-01", .grade = "B", .revision = 1, .withdrawn = true},
          {"Hong", "2026-06-01", "C"}},
         {{.customer = "Hong", .name = "owner", .date = "2025-01-01", .value = "a", .withdrawn = true}},
         policy_of({}, reviews));
  const investigated_customer seen = here.on("2026-01-01");
  EXPECT_EQ(seen.rating->grade, "A");
  EXPECT_FALSE(seen.previous);
  EXPECT_TRUE(seen.facts.empty());
  EXPECT_EQ(here.on("2026-06-01").rating->grade, "C");
}

TEST(investigation, what_lies_behind_the_calendar_never_comes) {
  const auto here = at({{"Hong", "9999-12-01", "A"}}, {{"Hong", "owner", "9999-12-01", "a"}},
                       policy_of({{"owner", "", 3652424}}, {{"A", 31, {}}}));
  const investigated_customer seen = here.on("9999-12-31");
  EXPECT_FALSE(seen.look_again_on);
  EXPECT_FALSE(seen.due);
  EXPECT_EQ(seen.facts.at(0).state, fact_state::valid);
}

TEST(investigation, a_conflict_is_named_unless_its_customer_is_not_asked_for) {
  rating_history store;
  push(store, std::vector<rating>{
                  {"Hong", "2026-01-01", "A"}, {"Hong", "2026-01-01", "B"}, {"Lan", "2026-01-01", "A"}});
  const model policy = policy_of({}, reviews);
  const investigation_policy rules(policy);
  const date as_of{parse_date("2026-02-01").value()};
  std::string text;
  EXPECT_EQ(code_of([&] { (void)investigate(store, rules, as_of, 30); }, &text), status::conflict);
  EXPECT_NE(text.find("Hong of 2026-01-01"), std::string::npos) << text;
  const auto made = investigate(store, rules, as_of, 30, std::vector<std::string>{"Lan", "Nobody"});
  ASSERT_EQ(made.size(), 1U);
  EXPECT_EQ(made[0].customer, "Lan");
}

/// Day after day, by the definitions and nothing else: the first day on which something asks for a look.
std::optional<std::int32_t> slowly(const std::vector<rating>& ratings, const std::vector<fact>& facts,
                                   std::int32_t today, std::int64_t within) {
  const rating* last = nullptr;
  for (const rating& one : ratings) {
    if (day(one.date) <= today && (last == nullptr || day(one.date) > day(last->date)))
      last = &one;
  }
  std::map<std::string, std::map<std::int32_t, std::string>> values;
  for (const fact& one : facts) {
    if (day(one.date) <= today)
      values[one.name][day(one.date)] = one.value;
  }
  for (std::int32_t when = 19990;; ++when) {
    const bool has_rhythm = last != nullptr && last->grade != "D";
    if (when >= (!has_rhythm ? today
                             : day(last->date) + (last->grade == "A"   ? 365
                                                  : last->grade == "B" ? 180
                                                                       : 90)))
      return when;
    for (const std::string name : {"accounts", "bank"}) {
      const bool needed = name == "accounts" || (last != nullptr && last->grade == "C");
      if (needed &&
          (values[name].empty() ? when >= today
                                : when >= values[name].rbegin()->first + (name == "bank" ? 60 : 100)))
        return when;
    }
    for (const auto& [name, of] : values) {
      if (of.empty() || last == nullptr)
        continue;
      const auto after = of.upper_bound(day(last->date));
      const bool known = after != of.begin();
      if (known && of.rbegin()->second == std::prev(after)->second)
        continue;
      for (auto one = after; one != of.end(); ++one) {
        if ((!known || one->second != std::prev(after)->second) && when >= one->first + within)
          return when;
      }
    }
  }
}

TEST(investigation, dates_are_those_of_a_slow_search_for_any_order_of_rows) {
  emptor::test::draws draw(5);
  const model policy = policy_of({{"accounts", "", 100}, {"bank", "C", 60}}, reviews);
  const investigation_policy rules(policy);
  for (int round = 0; round < 300; ++round) {
    std::vector<rating> ratings;
    std::vector<fact> facts;
    const auto date_of = [&] {
      return to_string(date_from_days(20000 + static_cast<std::int32_t>(draw.below(400))));
    };
    std::map<std::string, int> seen;
    for (std::uint64_t i = draw.below(4); i > 0; --i) {
      const std::string when = date_of();
      if (seen[when]++ == 0)
        ratings.push_back({"Hong", when, std::string(1, static_cast<char>('A' + draw.below(4)))});
    }
    for (std::uint64_t i = 1 + draw.below(6); i > 0; --i) {
      const std::string name = draw.below(2) == 0 ? "accounts" : "bank";
      const std::string when = date_of();
      if (seen[name + when]++ == 0)
        facts.push_back({"Hong", name, when, std::string(1, static_cast<char>('a' + draw.below(2)))});
    }
    const std::int32_t today = 20400;
    const auto within = static_cast<std::int64_t>(draw.below(40));
    const std::optional<std::int32_t> expected = slowly(ratings, facts, today, within);
    draw.shuffle(ratings);
    draw.shuffle(facts);
    rating_history store;
    push(store, facts);
    push(store, ratings);
    const auto made = investigate(store, rules, date_from_days(today), within);
    ASSERT_EQ(made.size(), 1U);
    ASSERT_EQ(made[0].look_again_on, expected) << "round " << round;
  }
}

} // namespace
} // namespace emptor::credit::investigation_test
