// SPDX-License-Identifier: BSL-1.0
#include <atomic>
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/decision/analytic_hierarchy_entry.hpp>

#include "decision/criteria_rows.hpp"
#include "support/refusal.hpp"

namespace analytic_hierarchy_test {
namespace {

using namespace emptor;
using criteria_rows::numbers;
using criteria_rows::pushed;
using finished::cells;
using texts = std::vector<std::string>;

const entry& what = decision::analytic_hierarchy_entry;

result of(const std::string& judgements, const std::vector<option>& options = {},
          const std::string& respondents = "") {
  std::vector<pushed> tables{{"judgements", judgements}};
  if (!respondents.empty())
    tables.push_back({"respondents", respondents});
  return criteria_rows::finished(what, tables, options);
}
std::string refusal(const std::string& judgements, const std::vector<option>& options = {},
                    const std::string& respondents = "") {
  std::string text;
  const status code = test::code_of([&] { return of(judgements, options, respondents); }, &text);
  return std::string(name(code)) + ": " + text;
}

TEST(analytic_hierarchy, the_worked_example) {
  EXPECT_EQ(criteria_rows::differences_of_example(what), "");
  // As printed by Saaty 2005, to three digits, and by AHPy to four.
  const std::vector<double> printed{0.2291, 0.2748, 0.3852, 0.1110};
  const std::vector<double> is = numbers(criteria_rows::example_of(what), "weights", "weight");
  for (std::size_t i = 0; i < printed.size(); ++i)
    EXPECT_NEAR(is[i], printed[i], 5e-5);
}

// The hierarchy of the tests of AHPy: b 0.5, c 0.5, then d 0.8, e 0.2 of b, f 2/3, g 1/3 of d, and x, y, z of c, e, f, g.
TEST(analytic_hierarchy, any_depth_and_leaves_below_several) {
  const std::string tail = "c,y,x,2\nc,z,x,2\ne,y,x,2\ne,z,x,3\nf,y,x,2\nf,z,x,2\ng,y,x,2\ng,z,x,3\n";
  const result made = of("parent,left,right,preference\n,b,c,1\nb,d,e,4\nd,f,g,2\n" + tail);
  const std::vector<double> weights = numbers(made, "weights", "weight");
  EXPECT_EQ(cells(made, "weights", {"criterion", "rank"}), (texts{"x 3", "y 2", "z 1"}));
  // 0.5 x 0.4 + 0.1 / 3 + 0.8 x 1/3 x (2/3 x 0.4 + 1/3 / 3 ...), by hand: x is half of y.
  const double f = 0.4 * 2.0 / 3.0;
  const double g = 0.4 / 3.0;
  EXPECT_NEAR(weights[1], 0.5 * 0.4 + 0.1 / 3.0 + f * 0.4 + g / 3.0, 1e-15);
  EXPECT_NEAR(weights[1], 0.3844, 5e-5);
  EXPECT_NEAR(weights[2], 0.4233, 5e-5);
  EXPECT_NEAR(weights[0], 0.1922, 5e-5);
  EXPECT_EQ(cells(made, "levels", {"depth", "matrices", "consistency_ratio"}),
            (texts{"1 1 0", "2 2 0", "3 2 0", "4 2 0"}));
  // With a goal that has a name the weights are the same.
  const std::string named = "parent,left,right,preference\ngoal,b,c,1\nb,d,e,4\nd,f,g,2\n" + tail;
  EXPECT_EQ(numbers(of(named), "weights", "weight"), weights);
}

TEST(analytic_hierarchy, an_incomplete_matrix) {
  const std::string rows = "left,right,preference\na,b,1\na,c,5\na,d,2\nb,c,3\nb,d,4\n";
  const result made = of(rows, {{"random_index", "donegan_dodd"}});
  EXPECT_EQ(cells(made, "matrices",
                  {"criteria", "judgements", "missing", "random_index_table", "random_index", "verdict"}),
            texts{"4 5 1 donegan_dodd 0.8286 consistent"});
  EXPECT_NEAR(numbers(made, "matrices", "consistency_ratio")[0], 0.0372, 5e-5);
  EXPECT_EQ(cells(made, "comparisons", {"left", "right", "source"})[5], "c d completed");
  EXPECT_NEAR(numbers(made, "comparisons", "preference")[5], std::sqrt(8.0 / 15.0), 1e-14);
  // By least squares, in which the ratio is that of the weights.
  const result squares = of(rows, {{"method", "geometric_mean"}});
  EXPECT_NEAR(numbers(squares, "comparisons", "preference")[5], numbers(squares, "comparisons", "fitted")[5],
              1e-15);
  EXPECT_NE(refusal("left,right,preference\na,b,1\na,c,5\nd,e,2\n")
                .find("data: decision.analytic_hierarchy: no judgement below the goal connects d, e with a"),
            std::string::npos);
}

TEST(analytic_hierarchy, repairs_are_what_the_others_ask_for) {
  // 2 x 3 = 6, but somebody says 1.
  const result made = of("left,right,preference\na,b,2\nb,c,3\na,c,1\n", {{"repairs", "9"}});
  EXPECT_EQ(cells(made, "repairs", {"rank", "left", "right", "preference", "consistency_ratio_after"}),
            (texts{"1 a b 2 0", "2 a c 1 0", "3 b c 3 0"}));
  const std::vector<double> asked = numbers(made, "repairs", "consistent_preference");
  EXPECT_NEAR(asked[0], 1.0 / 3.0, 1e-15);
  EXPECT_NEAR(asked[1], 6.0, 1e-14);
  EXPECT_NEAR(asked[2], 0.5, 1e-15);
  // Said so, they are consistent, and there is nothing to repair.
  const result repaired = of("left,right,preference\na,b,2\nb,c,3\na,c,6\n");
  EXPECT_EQ(cells(repaired, "repairs", {"rank"}), texts{});
  EXPECT_EQ(cells(repaired, "matrices", {"consistency_ratio", "verdict"}), texts{"0 consistent"});
  // One of many that was typed the wrong way round stands first, and with it nothing is left.
  const result one =
      of("left,right,preference\na,b,2\na,c,4\na,d,0.125\na,e,16\nb,c,2\nb,d,4\nb,e,8\nc,d,2\nc,e,4\n"
         "d,e,2\n");
  EXPECT_EQ(cells(one, "repairs", {"left", "right"})[0], "a d");
  EXPECT_NEAR(numbers(one, "repairs", "consistent_preference")[0], 8.0, 1e-12);
  EXPECT_NEAR(numbers(one, "repairs", "consistency_ratio_after")[0], 0.0, 1e-14);
  EXPECT_EQ(
      cells(of("left,right,preference\na,b,2\nb,c,3\na,c,1\n", {{"repairs", "0"}}), "repairs", {"rank"}),
      texts{});
}

TEST(analytic_hierarchy, groups) {
  const std::string rows = "respondent,left,right,preference\nr1,a,b,2\nr2,a,b,8\nr1,b,c,1\nr2,b,c,1\n";
  const result made = of(rows);
  EXPECT_EQ(cells(made, "matrices", {"respondents", "judgements", "missing"}), texts{"2 2 1"});
  EXPECT_NEAR(numbers(made, "comparisons", "preference")[0], 4.0, 1e-15);
  EXPECT_EQ(cells(made, "respondents", {"respondent", "weight", "judgements", "state", "verdict"}),
            (texts{"r1 1 2 completed consistent", "r2 1 2 completed consistent"}));
  // Whoever counts three times as much: the geometric mean of 2, 8, 8, 8.
  const result weighted = of(rows, {}, "respondent,weight\nr2,3\n");
  EXPECT_NEAR(numbers(weighted, "comparisons", "preference")[0], std::pow(2.0 * 8 * 8 * 8, 0.25), 1e-14);
  // Priorities: r1 has 1/2, 1/4, 1/4, r2 has 0.8, 0.1, 0.1.
  const result mean = of(rows, {{"aggregation", "individual_priorities"}, {"priority_mean", "arithmetic"}});
  EXPECT_NEAR(numbers(mean, "weights", "weight")[0], 0.65, 1e-15);
  const result geometric = of(rows, {{"aggregation", "individual_priorities"}});
  const double a = std::sqrt(0.5 * 0.8);
  const double b = std::sqrt(0.25 * 0.1);
  EXPECT_NEAR(numbers(geometric, "weights", "weight")[0], a / (a + 2 * b), 1e-15);
  EXPECT_EQ(numbers(geometric, "respondent_priorities", "weight").size(), 6U);
  // Who says too little for weights of his own still counts in the judgements, not in priorities.
  const std::string thin = rows + "r3,a,b,4\n";
  EXPECT_EQ(cells(of(thin), "respondents", {"respondent", "state", "verdict", "lambda_max"})[2],
            "r3 unconnected - -");
  EXPECT_NE(refusal(thin, {{"aggregation", "individual_priorities"}})
                .find("no judgement below the goal by r3 connects c with a"),
            std::string::npos);
}

TEST(analytic_hierarchy, the_order_of_rows_does_not_matter) {
  const std::string head = "respondent,parent,left,right,preference\n";
  const std::vector<std::string> lines{"r1,,a,b,2\n",     "r2,,b,a,3\n",  "r1,a,x,y,5\n",
                                       "r2,a,y,z,0.25\n", "r1,a,z,x,3\n", "r2,b,x,y,7\n"};
  std::string forwards = head;
  std::string backwards = head;
  for (std::size_t i = 0; i < lines.size(); ++i) {
    forwards += lines[i];
    backwards += lines[lines.size() - 1 - i];
  }
  const std::string x_z = "r1,b,y,z,2\n";
  const result one = of(forwards + x_z);
  const result other = of(backwards + x_z);
  ASSERT_EQ(one.tables.size(), other.tables.size());
  for (std::size_t i = 0; i < one.tables.size(); ++i)
    EXPECT_EQ(one.tables[i], other.tables[i]) << one.tables[i].name();
}

TEST(analytic_hierarchy, said_twice_is_said_once) {
  const std::string rows = "left,right,preference\na,b,3\nb,c,2\n";
  const result made = of(rows);
  EXPECT_EQ(of(rows + "a,b,3\nb,a,0.3333333333\na,a,1\n").tables[1], made.tables[1]);
  EXPECT_NE(
      refusal(rows + "a,b,4\n")
          .find(
              "data: decision.analytic_hierarchy: preference of a over b below the goal is 4, but must be 3"),
      std::string::npos);
  EXPECT_NE(refusal(rows + "b,a,3\n").find("preference of b over a below the goal is 3, but must be 0.333"),
            std::string::npos);
  EXPECT_NE(refusal(rows + "c,c,2\n").find("is 2, but must be 1, of a criterion over itself"),
            std::string::npos);
  EXPECT_NE(refusal("respondent,parent,left,right,preference\nr,a,x,y,2\nr,,a,b,1\nr,a,x,y,1\n")
                .find("below a by r is 2, but must be 1 as another row says"),
            std::string::npos);
}

TEST(analytic_hierarchy, bad_input_is_refused_by_name) {
  const std::string head = "left,right,preference\n";
  for (const std::string bad : {"0", "-3", "1e10", "1e-10"})
    EXPECT_EQ(refusal(head + "a,b," + bad + "\n").substr(0, 6), "data: ") << bad;
  EXPECT_NE(refusal("parent,left,right,preference\n,a,b,1\na,b,c,1\nb,a,c,1\n")
                .find("a, b, c stand below themselves"),
            std::string::npos);
  EXPECT_NE(refusal("parent,left,right,preference\na,b,c,1\nb,a,c,1\n").find("circle"), std::string::npos);
  EXPECT_NE(refusal("parent,left,right,preference\n,a,b,1\nx,u,v,1\n").find("x stand below nothing"),
            std::string::npos);
  EXPECT_NE(refusal("parent,left,right,preference\nw,a,b,1\nx,u,v,1\n").find("w, x all stand below nothing"),
            std::string::npos);
  EXPECT_NE(refusal("respondent,left,right,preference\nr1,a,b,1\n", {}, "respondent,weight\nr2,1\n")
                .find("data: decision.analytic_hierarchy: there is no respondent r2; did you mean r1?"),
            std::string::npos);
  EXPECT_NE(refusal("respondent,left,right,preference\nr1,a,b,1\n", {}, "respondent,weight\nr1,1\nr1,2\n")
                .find("in the table respondents twice"),
            std::string::npos);
  std::string many = head;
  for (int i = 0; i < 100; ++i)
    many += "c" + std::to_string(i) + ",c" + std::to_string(i + 1) + ",1\n";
  EXPECT_NE(refusal(many).find("number of criteria below the goal is 101, but must be at most 100"),
            std::string::npos);
  std::string steep = head;
  for (int i = 0; i < 20; ++i)
    steep += "c" + std::to_string(i) + ",c" + std::to_string(i + 1) + ",1e9\n";
  EXPECT_NE(refusal(steep).find("more than 1e+100 times as important"), std::string::npos);
  EXPECT_EQ(refusal(head),
            "too_few: decision.analytic_hierarchy: the table judgements has no rows; at least 1 is needed");
}

TEST(analytic_hierarchy, single_criteria_and_tables_that_end) {
  const result one = of("left,right,preference\na,a,1\n");
  EXPECT_EQ(cells(one, "weights", {"criterion", "weight", "rank"}), texts{"a 1 1"});
  EXPECT_EQ(cells(one, "matrices", {"criteria", "lambda_max", "consistency_ratio", "verdict"}),
            texts{"1 1 0 consistent"});
  std::string many = "left,right,preference\n";
  for (int i = 0; i < 16; ++i)
    many += "c" + std::to_string(100 + i) + ",c" + std::to_string(101 + i) + ",1\n";
  EXPECT_EQ(cells(of(many), "matrices", {"criteria", "random_index", "consistency_ratio", "verdict"}),
            texts{"17 - - no_random_index"});
  EXPECT_EQ(cells(of(many, {{"random_index", "donegan_dodd"}}), "matrices", {"random_index", "verdict"}),
            texts{"1.5153 consistent"});
}

TEST(analytic_hierarchy, it_can_be_cancelled) {
  const std::atomic<int> cancel{1};
  run how;
  how.cancel = &cancel;
  const stats::rows from =
      criteria_rows::store_of(what, {{"judgements", "left,right,preference\na,b,3\nb,c,2\n"}});
  EXPECT_EQ(test::code_of([&] {
              return what.finish({.from = &from,
                                  .options = {what.description->name, what.description->options, {}},
                                  .slots = {},
                                  .keys = {},
                                  .how = how});
            }),
            status::cancelled);
}

} // namespace
} // namespace analytic_hierarchy_test
