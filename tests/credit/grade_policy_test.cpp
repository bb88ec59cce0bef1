// SPDX-License-Identifier: BSL-1.0
#include <emptor/credit/grade_policy_entry.hpp>

#include <gtest/gtest.h>

#include "support/refusal.hpp"
#include "support/scored_csv.hpp"

namespace emptor::credit::grade_policy_test {
namespace {

using test::code_of;
using test::csv_options;

std::shared_ptr<const model> policy(const std::string& csv, const csv_options& options = {}) {
  return test::model_from(grade_policy_name, {{"grades", csv}}, options);
}
std::string scored(const std::shared_ptr<const model>& by, const std::string& rows,
                   const std::vector<std::string>& only, const csv_options& options = {}) {
  return test::scored(grade_policy_name, rows, only, options, by);
}

const std::string two_grades = "grade,rank,limit,review_months\nA,1,100.00,12\nB,5,,6\n";

TEST(grade_policy, the_move_follows_the_ranks_and_not_the_order_of_the_table) {
  const auto by = policy("grade,rank\nC,3\nA,1\nB,2\n");
  EXPECT_EQ(scored(by, "grade,previous_grade\nA,B\nB,A\nC,C\nC,\n", {"rank", "move", "changes"}),
            "1,upgraded,0,ok\n2,downgraded,0,ok\n3,unchanged,0,ok\n3,first,0,ok\n");
}

TEST(grade_policy, a_grade_that_the_policy_does_not_have_is_refused) {
  const auto by = policy(two_grades);
  EXPECT_EQ(scored(by, "grade,previous_grade\nAA,\nA,AA\na,\n", {"rank", "limit", "move"}),
            ",,,unknown_level\n1,100.00,unknown,unknown_level\n,,,unknown_level\n");
  EXPECT_EQ(test::strict_refusal(grade_policy_name, "grade,previous_grade\nA,B\nA,AA\n", {}, by),
            "credit.grade_policy: previous_grade[1] is \"AA\", but must be one of A, B");
  EXPECT_EQ(test::strict_refusal(grade_policy_name, "grade\na\n", {}, by),
            "credit.grade_policy: grade[0] is \"a\", but must be one of A, B");
}

TEST(grade_policy, a_grade_before_that_is_unknown_leaves_the_policy_and_says_no_change) {
  const auto by = policy("grade,rank,limit\nA,1,100.00\n");
  EXPECT_EQ(scored(by, "grade,previous_grade\nA,AA\n",
                   {"limit", "guaranteed_share", "move", "changes", "limit_changes", "limit_change",
                    "terms_change", "guarantee_changes", "review_changes", "measure_changes"}),
            "100.00,0,unknown,,,,,,,,unknown_level\n");
}

TEST(grade_policy, a_limit_that_is_not_set_differs_from_one_of_nothing) {
  const auto by = policy("grade,rank,limit\nA,1,\nB,2,0.00\nC,3,0.00\n");
  EXPECT_EQ(scored(by, "grade,previous_grade\nA,B\nB,A\nC,B\n", {"limit", "limit_changes", "limit_change"}),
            ",true,,ok\n0.00,true,,ok\n0.00,false,0.00,ok\n");
}

TEST(grade_policy, every_part_that_differs_is_a_change) {
  const auto by =
      policy("grade,rank,limit,terms,terms_days,guaranteed_share,guarantee,review_months,measure\n"
             "base,1,1.00,t,30,0.1,g,12,m\nlimit,2,2.00,t,30,0.1,g,12,m\nterms,3,1.00,u,30,0.1,g,12,m\n"
             "days,4,1.00,t,31,0.1,g,12,m\nshare,5,1.00,t,30,0.2,g,12,m\n"
             "guarantee,6,1.00,t,30,0.1,,12,m\nreview,7,1.00,t,30,0.1,g,,m\nmeasure,8,1.00,t,30,0.1,g,12,\n");
  EXPECT_EQ(scored(by,
                   "grade,previous_grade\nlimit,base\nterms,base\ndays,base\nshare,base\nguarantee,base\n"
                   "review,base\nmeasure,base\nbase,base\n",
                   {"changes", "limit_changes", "terms_change", "guarantee_changes", "review_changes",
                    "measure_changes"}),
            "1,true,false,false,false,false,ok\n1,false,true,false,false,false,ok\n"
            "1,false,true,false,false,false,ok\n1,false,false,true,false,false,ok\n"
            "1,false,false,true,false,false,ok\n1,false,false,false,true,false,ok\n"
            "1,false,false,false,false,true,ok\n0,false,false,false,false,false,ok\n");
}

TEST(grade_policy, a_review_is_due_on_its_day_and_where_there_was_none) {
  const auto by = policy("grade,rank,review_months\nA,1,1\nB,2,\n");
  const std::string rows = "grade,last_review\nA,2026-01-31\nA,2026-01-28\nA,2026-02-01\nA,\nB,2020-01-01\n";
  EXPECT_EQ(scored(by, rows, {"next_review", "review_due"}, {{"as_of", "2026-02-28"}}),
            "2026-02-28,true,ok\n2026-02-28,true,ok\n2026-03-01,false,ok\n,true,ok\n,,ok\n");
  std::string text;
  EXPECT_EQ(code_of([&] { return scored(by, rows, {"review_due"}); }, &text), status::option);
  EXPECT_EQ(text, "credit.grade_policy: option as_of is needed for review_due");
  EXPECT_EQ(scored(by, "grade,last_review\nA,9999-12-31\n", {"rank", "next_review"}), "1,,too_large\n");
}

TEST(grade_policy, tables_that_contradict_themselves_are_refused) {
  std::string text;
  EXPECT_EQ(code_of([] { return policy("grade,rank\n"); }, &text), status::too_few);
  EXPECT_EQ(text, "credit.grade_policy: the table grades has no row; there is no policy without a grade");
  EXPECT_EQ(code_of([] { return policy("grade,rank\nA,1\nA,2\n"); }, &text), status::data);
  EXPECT_EQ(text, "credit.grade_policy: grade[1] is A again, but must be given once");
  EXPECT_EQ(code_of([] { return policy("grade,rank\nA,1\nB,1\n"); }, &text), status::data);
  EXPECT_EQ(text, "credit.grade_policy: rank[1] is 1 again, but must be of one grade only");
  EXPECT_EQ(code_of([] { return policy("grade,rank\nA,0\n"); }), status::data);
}

TEST(grade_policy, a_currency_is_that_of_the_table) {
  const auto by = policy(two_grades, {{"currency", "EUR"}});
  EXPECT_EQ(scored(by, "grade\nA\n", {"limit"}, {{"currency", "EUR"}}), "100.00,ok\n");
  EXPECT_EQ(scored(by, "grade\nA\n", {"limit"}), "100.00,ok\n");
  std::string text;
  EXPECT_EQ(code_of(
                [&] {
                  return scored(by, "grade\nA\n", {"limit"}, {{"currency", "JPY"}});
                },
                &text),
            status::mismatch);
  EXPECT_EQ(text, "credit.grade_policy: option currency is JPY, but the grades were made in EUR");
  const auto yen = policy("grade,rank,limit\nA,1,100\nB,2,30\n", {{"currency", "JPY"}});
  EXPECT_EQ(scored(yen, "grade,previous_grade\nB,A\n", {"limit", "limit_change"}), "30,-70,ok\n");
  EXPECT_EQ(scored(yen, "grade\nB\n", {"limit"}, {{"currency", "JPY"}}), "30,ok\n");
}

TEST(grade_policy, texts_come_out_as_classes_with_their_names) {
  const auto by = policy("grade,rank,terms,measure\nA,1,net 60,call\nB,2,net 60,\nC,3,cash,lawyer\n");
  EXPECT_EQ(scored(by, "grade\nA\nB\nC\n", {"terms", "measure", "guarantee"}),
            "net 60,call,,ok\nnet 60,,,ok\ncash,lawyer,,ok\n");
}

} // namespace
} // namespace emptor::credit::grade_policy_test
