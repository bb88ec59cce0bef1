// SPDX-License-Identifier: BSL-1.0
#include <emptor/credit/standard_entry.hpp>

#include <gtest/gtest.h>

#include "support/refusal.hpp"
#include "support/scored_csv.hpp"

namespace emptor::credit::standard_test {
namespace {

using test::code_of;

std::shared_ptr<const model> standard(const std::string& rules, const std::string& grades = {}) {
  test::csv_tables tables{{"rules", rules}};
  if (!grades.empty())
    tables.emplace_back("grades", grades);
  return test::model_from(standard_name, tables);
}
std::string scored(const std::shared_ptr<const model>& by, const std::string& rows,
                   const std::vector<std::string>& only) {
  return test::scored(standard_name, rows, only, {}, by);
}

const std::string header = "rule,measure,comparison,threshold,grade,decision,condition,if_missing\n";

TEST(standard, each_comparison_is_closed_or_open_as_its_name_says) {
  const auto decided = [](const std::string& how) {
    return scored(standard(header + "r,score," + how + ",10,,decline,,\n"), "score\n9\n10\n11\n",
                  {"decision"});
  };
  EXPECT_EQ(decided("below"), "decline,ok\naccept,ok\naccept,ok\n");
  EXPECT_EQ(decided("at_most"), "decline,ok\ndecline,ok\naccept,ok\n");
  EXPECT_EQ(decided("is"), "accept,ok\ndecline,ok\naccept,ok\n");
  EXPECT_EQ(decided("at_least"), "accept,ok\ndecline,ok\ndecline,ok\n");
  EXPECT_EQ(decided("above"), "accept,ok\naccept,ok\ndecline,ok\n");
}

TEST(standard, a_better_grade_is_above_a_worse_one) {
  const auto decided = [](const std::string& how) {
    return scored(standard(header + "r,grade," + how + ",,B,decline,,\n", "grade,rank\nC,7\nA,1\nB,2\n"),
                  "grade\nA\nB\nC\n", {"decision"});
  };
  EXPECT_EQ(decided("below"), "accept,ok\naccept,ok\ndecline,ok\n");
  EXPECT_EQ(decided("at_most"), "accept,ok\ndecline,ok\ndecline,ok\n");
  EXPECT_EQ(decided("above"), "decline,ok\naccept,ok\naccept,ok\n");
  EXPECT_EQ(decided("is"), "accept,ok\ndecline,ok\naccept,ok\n");
}

TEST(standard, a_grade_that_nobody_ordered_is_refused) {
  const auto by = standard(header + "r,grade,below,,B,decline,,\n", "grade,rank\nA,1\nB,2\n");
  EXPECT_EQ(scored(by, "grade\nD\nb\n", {"decision", "rules_held"}), ",,unknown_level\n,,unknown_level\n");
  EXPECT_EQ(test::strict_refusal(standard_name, "grade\nA\nD\n", {}, by),
            "credit.standard: grade[1] is \"D\", but must be one of A, B");
}

// Dynamics 365 Finance, before 10.0.35, let every order pass where no rule was set up.
TEST(standard, no_rule_is_an_error_and_never_a_pass) {
  std::string text;
  EXPECT_EQ(code_of([] { return standard(header); }, &text), status::too_few);
  EXPECT_EQ(text,
            "credit.standard: the table rules has no row; a standard without rules would accept everybody");
}

TEST(standard, what_is_not_known_counts_against_the_customer) {
  const std::string rules =
      "low,score,below,450,,decline,,\nlate,payment_index,below,70,,conditions,guarantee,ignored\n"
      "trusted,expert_points,at_least,90,,accept,,\n";
  const auto by = standard(header + rules);
  const std::vector<std::string> only{"decision", "reason", "rules_held", "missing_measures"};
  EXPECT_EQ(scored(by, "score,payment_index,expert_points\n,,\n500,,\n,80,95\n500,60,\n", only),
            "decline,low,1,3,ok\naccept,,0,2,ok\naccept,trusted,2,1,ok\nconditions,late,1,1,ok\n");
  // A column that nobody gives is missing in every row.
  EXPECT_EQ(scored(by, "payment_index\n80\n", only), "decline,low,1,2,ok\n");
  std::string text;
  EXPECT_EQ(code_of([] { return standard(header + "r,score,above,1,,accept,,holds\n"); }, &text),
            status::data);
  EXPECT_EQ(text, "credit.standard: if_missing[0] is holds, but must be ignored for a rule that accepts");
}

TEST(standard, rows_of_one_rule_must_all_hold) {
  const auto by = standard(header + "new,facts_known,below,2,,decline,,\nother,score,below,100,,decline,,\n"
                                    "new,score,below,650,,decline,,\n");
  EXPECT_EQ(
      scored(by, "score,facts:facts_known\n600,1\n700,1\n600,3\n,1\n", {"decision", "reason", "rules_held"}),
      "decline,new,1,ok\naccept,,0,ok\naccept,,0,ok\ndecline,new,2,ok\n");
}

TEST(standard, what_weighs_most_decides_whatever_the_order_of_the_table) {
  const auto by = standard(header + "c,score,below,600,,conditions,guarantee,\nd,score,below,500,,decline,,\n"
                                    "a,expert_points,above,90,,accept,,\n");
  EXPECT_EQ(
      scored(by, "score,expert_points\n700,1\n550,1\n450,1\n450,95\n550,95\n",
             {"decision", "reason", "second_reason", "third_reason", "condition"}),
      "accept,,,,,ok\nconditions,c,,,guarantee,ok\ndecline,d,c,,,ok\naccept,a,d,c,,ok\naccept,a,c,,,ok\n");
}

TEST(standard, conditions_are_named_once_each) {
  const auto by =
      standard(header + "a,score,below,9,,conditions,guarantee,\nb,score,below,8,,conditions,guarantee,\n"
                        "c,score,below,7,,conditions,prepay,\nd,score,below,6,,conditions,insure,\n"
                        "e,score,below,5,,conditions,,\n");
  EXPECT_EQ(scored(by, "score\n8.5\n7.5\n6.5\n4\n", {"condition", "second_condition", "rules_held"}),
            "guarantee,,1,ok\nguarantee,,2,ok\nguarantee,prepay,3,ok\nguarantee,prepay,5,ok\n");
}

TEST(standard, a_rule_about_a_fact_needs_its_column) {
  const auto by = standard(header + "young,years_known,below,2,,decline,,\n");
  std::string text;
  EXPECT_EQ(code_of([&] { return scored(by, "score\n1\n", {"decision"}); }, &text), status::schema);
  EXPECT_EQ(text, "credit.standard: rule young needs a column facts:years_known");
  EXPECT_EQ(scored(by, "facts:years_known,facts:other\n1,7\n3,7\n", {"decision"}), "decline,ok\naccept,ok\n");
}

TEST(standard, rules_that_contradict_themselves_are_refused) {
  std::string text;
  const auto refused = [&](const std::string& rows, const std::string& grades = {}) {
    return code_of([&] { return standard(header + rows, grades); }, &text);
  };
  EXPECT_EQ(refused("r,score,below,,,decline,,\n"), status::data);
  EXPECT_EQ(text, "credit.standard: threshold[0] is missing, but must be given for a rule about a number");
  EXPECT_EQ(refused("r,score,below,1,B,decline,,\n"), status::data);
  EXPECT_EQ(refused("r,grade,below,,,decline,,\n"), status::data);
  EXPECT_EQ(refused("r,grade,below,,B,decline,,\n"), status::data);
  EXPECT_EQ(text, "credit.standard: grade[0] is B, but must be one of the table grades");
  EXPECT_EQ(refused("r,grade,below,1,B,decline,,\n", "grade,rank\nB,1\n"), status::data);
  EXPECT_EQ(refused("r,score,below,1,,decline,guarantee,\n"), status::data);
  EXPECT_EQ(refused("r,score,below,1,,decline,,\nr,score,above,0,,conditions,,\n"), status::data);
  EXPECT_EQ(text, "credit.standard: decision[1] is conditions, but must be the same, with the same "
                  "condition, in all rows "
                  "of a rule");
  EXPECT_EQ(refused("r,score,below,1,,decline,,\n", "grade,rank\nB,1\nB,2\n"), status::data);
  EXPECT_EQ(text, "credit.standard: grade[1] is B again, but must be given once");
}

TEST(standard, a_higher_score_never_makes_the_decision_worse) {
  const auto by =
      standard(header + "a,score,below,450,,decline,,\nb,score,below,600,,conditions,guarantee,\n");
  std::string rows = "score\n";
  for (int score = 400; score <= 650; ++score)
    rows += std::to_string(score) + "\n";
  const std::string decided = scored(by, rows, {"decision"});
  EXPECT_LT(decided.rfind("decline"), decided.find("conditions"));
  EXPECT_LT(decided.rfind("conditions"), decided.find("accept"));
}

} // namespace
} // namespace emptor::credit::standard_test
