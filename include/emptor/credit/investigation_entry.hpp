// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <iterator>
#include <string_view>
#include <vector>

#include <emptor/core/entry.hpp>
#include <emptor/credit/investigation.hpp>
#include <emptor/credit/investigation_tables.hpp>
#include <emptor/stats/rating_history.hpp>

namespace emptor::credit {

inline constexpr option_description investigation_options[] = {
    {.name = "as_of",
     .what = option_content::day,
     .summary = "the day on which it is asked; ratings and facts of later days do not count",
     .required = true},
    {.name = "review_within",
     .what = option_content::integer,
     .summary =
         "how soon after a fact changed its customer is looked at again, where the policy does not say it",
     .unit = "days",
     .allowed = {0.0, 3652424.0},
     .default_value = "30"},
};

inline constexpr std::string_view investigation_makers[] = {investigation_name};
inline constexpr std::string_view investigation_grade_makers[] = {grade_policy_name};
inline constexpr slot_description investigation_slots[] = {
    {.name = "policy",
     .summary =
         "which facts are needed and how often customers are rated, made by create from the tables facts "
         "and reviews, or from facts alone where slot grades says how often",
     .accepts = investigation_makers},
    {.name = "grades",
     .summary = "the policy by credit grade, whose review_months and ranks then are those of the reviews",
     .accepts = investigation_grade_makers,
     .optional = true}};

// As of 2026-03-02. Hong was regraded from A to B on 2026-01-10; his owner changed on 2026-02-20, so that he is looked
// at again 14 days later, on 2026-03-06, before the review of 180 days. His accounts of 2025-01-31 are good for 365 days
// at his grade, until 2026-01-31: they are due, and that day comes first. Lan has grade A: his accounts are good for 540
// days; the next review is 365 days after 2025-06-01. Of Mei there is a fact and no grade. Nora's grade is unknown to
// the policy, which has no rhythm for others.
inline constexpr example_table investigation_example_rows[] = {
    {"ratings", "customer,date,grade,score,source\n"
                "Hong,2025-07-01,A,71.5,scorecard 3\n"
                "Hong,2026-01-10,B,64,scorecard 3\n"
                "Lan,2025-06-01,A,80,scorecard 3\n"
                "Nora,2026-02-01,Z,,agency\n"},
    {"facts", "customer,fact,date,value,source\n"
              "Hong,accounts,2025-01-31,equity 120000,register\n"
              "Hong,owner,2024-05-01,Hong Sr.,register\n"
              "Hong,owner,2026-02-20,Hong Jr.,register\n"
              "Lan,accounts,2025-03-31,equity 900000,audited\n"
              "Lan,owner,2025-05-20,Lan,register\n"
              "Mei,owner,2026-02-27,Mei,visit\n"},
};
inline constexpr example_table investigation_example_policy[] = {
    {"facts", "fact,grade,valid_days,review_within\naccounts,,365,\naccounts,A,540,\nowner,,730,14\n"},
    {"reviews", "grade,review_days,rank\nA,365,1\nB,180,2\n"},
};
inline constexpr example_slot investigation_example_slots[] = {
    {"policy", investigation_name, investigation_example_policy, {}}};
inline constexpr example_option investigation_example_options[] = {{"as_of", "2026-03-02"}};
inline constexpr example_table investigation_example_expected[] = {
    {"customers",
     "customer,grade,rating_age,grade_change,score_change,facts_changed,facts_needed,facts_due,oldest_fact,"
     "review_on,facts_due_on,look_again_on,due,reason\n"
     "Hong,B,51,worse,-7.5,1,2,1,395,2026-03-06,2026-01-31,2026-01-31,true,old_fact\n"
     "Lan,A,274,first,,0,2,0,336,2026-06-01,2026-09-22,2026-06-01,false,rhythm\n"
     "Mei,,,unrated,,0,2,1,3,,2026-03-02,2026-03-02,true,never_rated\n"
     "Nora,Z,29,first,,0,2,2,,,2026-03-02,2026-03-02,true,no_rhythm\n"},
    {"facts", "customer,fact,age,needed,due_on,state,changed\n"
              "Hong,accounts,395,true,2026-01-31,due,false\n"
              "Hong,owner,10,true,2028-02-20,valid,true\n"
              "Lan,accounts,336,true,2026-09-22,valid,false\n"
              "Lan,owner,286,true,2027-05-20,valid,false\n"
              "Mei,accounts,,true,,missing,false\n"
              "Mei,owner,3,true,2028-02-27,valid,false\n"
              "Nora,accounts,,true,,missing,false\n"
              "Nora,owner,,true,,missing,false\n"},
    {"changes", "customer,what,fact,before,after,date\n"
                "Hong,grade,,A,B,2026-01-10\n"
                "Hong,score,,71.5,64,2026-01-10\n"
                "Hong,fact,owner,Hong Sr.,Hong Jr.,2026-02-20\n"},
};
inline constexpr example investigation_examples[] = {
    {.what = verb::reduce,
     .summary =
         "accounts too old, a new owner since the last grade, a customer without a grade, and one whose "
         "grade the policy does not know",
     .source = "made for this page, to be checked by hand",
     .tables = investigation_example_rows,
     .options = investigation_example_options,
     .expected = investigation_example_expected,
     .slots = investigation_example_slots},
};

inline constexpr entry_description investigation_description{
    .name = investigation_name,
    .what = verb::reduce,
    .summary =
        "credit investigation: which facts about a customer are due, how old they are, what changed since "
        "the last grade, and when to look again",
    .source = "practice of credit management: facts with a time for which they are good, reviews by grade",
    .chinese = "客户信用调查",
    .since = "0.1",
    .store = "rating_history",
    .options = investigation_options,
    .slots = investigation_slots,
    .outputs = investigation_outputs,
    .model_tables = investigation_model_tables,
    .examples = investigation_examples,
    .no_demo = "the simulated company rates nobody yet, and its credit facts are one row a firm and year",
};

/// `credit.investigation` from the catalogue's side. \throws error as `investigate`
[[nodiscard]] inline result finish_investigation(const finish_request& request) {
  const auto& from = request.stored<stats::rating_history>();
  std::optional<grade_rules> grades;
  if (const model* const given = request.slot("grades"))
    grades.emplace(read_grade_rules(*given));
  const model& said = *request.slot("policy");
  if (!grades && said.find("reviews") == nullptr)
    throw error(status::schema,
                std::string(investigation_name) +
                    ": nothing says how often customers are reviewed; give table reviews or a "
                    "model of credit.grade_policy in slot grades");
  const investigation_policy policy(said, grades ? &*grades : nullptr);
  const date as_of = *request.options.day("as_of");
  const std::int32_t today = days_since_epoch(as_of);
  detail::growing_table customers(investigation_outputs[0]);
  detail::growing_table facts(investigation_outputs[1]);
  detail::growing_table changes(investigation_outputs[2]);
  detail::growing_table totals(investigation_outputs[3]);
  std::vector<std::int64_t> all(std::size(review_reasons), 0);
  std::vector<std::int64_t> due(std::size(review_reasons), 0);
  for (const investigated_customer& one : investigate(
           from, policy, as_of, request.options.integer("review_within"), request.keys, request.how)) {
    detail::add_customer(customers, one, today);
    for (const investigated_fact& fact : one.facts)
      detail::add_fact(facts, one.customer, fact, today);
    detail::add_changes(changes, one);
    const auto reason = static_cast<std::size_t>(one.reason);
    ++all[reason];
    due[reason] += one.due ? 1 : 0;
  }
  for (std::size_t reason = 0; reason < all.size(); ++reason) {
    totals.next().day(static_cast<std::int32_t>(reason));
    totals.next().count(all[reason]);
    totals.next().count(due[reason]);
  }
  result made;
  made.tables.push_back(customers.made());
  made.tables.push_back(facts.made());
  made.tables.push_back(changes.made());
  made.tables.push_back(totals.made());
  return made;
}

inline constexpr entry investigation_entry{
    .description = &investigation_description,
    .finish = finish_investigation,
    .check_model = [](const model& made) { (void)investigation_policy(made); }};

} // namespace emptor::credit
