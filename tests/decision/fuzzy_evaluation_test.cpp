// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/decision/fuzzy_evaluation_entry.hpp>

#include "decision/criteria_rows.hpp"
#include "support/refusal.hpp"

namespace fuzzy_evaluation_test {
namespace {

using namespace emptor;
using criteria_rows::numbers;
using criteria_rows::pushed;
using finished::cells;
using texts = std::vector<std::string>;

const entry& what = decision::fuzzy_evaluation_entry;
const pushed grades{"grades", "grade,score\nexcellent,95\ngood,80\nfair,65\npoor,40\n"};

result of(const std::vector<pushed>& tables, const std::vector<option>& options = {}) {
  return criteria_rows::finished(what, tables, options);
}
std::string refusal(const std::vector<pushed>& tables, const std::vector<option>& options = {}) {
  std::string text;
  const status code = test::code_of([&] { return of(tables, options); }, &text);
  return std::string(name(code)) + ": " + text;
}

TEST(fuzzy_evaluation, the_worked_example) {
  EXPECT_EQ(criteria_rows::differences_of_example(what), "");
}

// Weights .4 .3 .2 .1; the figures of each operator as dtcms.com/a/298653 prints them.
TEST(fuzzy_evaluation, four_operators) {
  const std::vector<double> weights{0.4, 0.3, 0.2, 0.1};
  const std::vector<double> memberships{0.5, 0.3, 0.2, 0,   0.2, 0.4, 0.3, 0.1,
                                        0.1, 0.3, 0.5, 0.1, 0,   0.2, 0.4, 0.4};
  const std::vector<std::vector<double>> printed{
      {0.28, 0.32, 0.31, 0.09}, {0.4, 0.3, 0.3, 0.1}, {0.20, 0.12, 0.10, 0.04}, {0.7, 0.9, 0.8, 0.3}};
  for (std::size_t k = 0; k < printed.size(); ++k) {
    const std::vector<double> is =
        stats::composed(static_cast<stats::fuzzy_operator>(k), weights, memberships, 4);
    for (std::size_t g = 0; g < 4; ++g)
      EXPECT_NEAR(is[g], printed[k][g], 1e-15) << k << " " << g;
  }
  // Nothing leaves [0, 1].
  EXPECT_EQ(stats::composed(stats::fuzzy_operator::bounded_min_sum, std::vector<double>{0.5, 0.5, 0.5},
                            std::vector<double>{1, 1, 1}, 1),
            std::vector<double>{1.0});
}

TEST(fuzzy_evaluation, ratings_are_counted) {
  const pushed weights{"weights", "criterion,weight\nquality,1\n"};
  const result made = of({weights,
                          grades,
                          {"ratings", "criterion,respondent,grade\nquality,r1,good\nquality,r2,good\n"
                                      "quality,r3,fair\nquality,r4,excellent\nquality,r4,excellent\n"}});
  EXPECT_EQ(cells(made, "evaluation", {"criterion", "grade", "membership", "leaf"}),
            (texts{"- excellent 0.25 false", "- good 0.5 false", "- fair 0.25 false", "- poor 0 false",
                   "quality excellent 0.25 true", "quality good 0.5 true", "quality fair 0.25 true",
                   "quality poor 0 true"}));
  EXPECT_EQ(
      cells(made, "results", {"object", "composition_operator", "grade", "membership", "score", "agreeing"}),
      texts{"- weighted_average good 0.5 80 4"});
  // Nobody's name is somebody each time, and weights are counts.
  const result counts = of({weights,
                            grades,
                            {"ratings", "criterion,grade,weight\nquality,good,30\nquality,fair,10\n"
                                        "quality,fair,10\n"}});
  EXPECT_EQ(cells(counts, "evaluation", {"membership"})[1], "0.6");
}

TEST(fuzzy_evaluation, levels) {
  const pushed weights{"weights", "parent,criterion,weight\n,product,3\n,service,1\nproduct,quality,1\n"
                                  "product,design,1\nservice,speed,1\n"};
  const pushed memberships{
      "memberships", "criterion,grade,membership\nquality,excellent,0.8\nquality,good,0.2\ndesign,good,1\n"
                     "speed,poor,1\n"};
  const result made = of({weights, grades, memberships});
  // product: 0.4 excellent, 0.6 good; the goal: three quarters of that, and a quarter poor.
  EXPECT_EQ(cells(made, "evaluation", {"criterion", "grade", "membership"})[4], "product excellent 0.4");
  const std::vector<double> all = numbers(made, "evaluation", "membership");
  EXPECT_NEAR(all[0], 0.3, 1e-15);
  EXPECT_NEAR(all[1], 0.45, 1e-15);
  EXPECT_NEAR(all[3], 0.25, 1e-15);
  EXPECT_EQ(cells(made, "results", {"grade", "score_grade"}), texts{"good good"}); // 28.5 + 36 + 10 = 74.5
  // The same by weights multiplied out.
  const result flat =
      of({{"weights", "criterion,weight\nquality,0.375\ndesign,0.375\nspeed,0.25\n"}, grades, memberships});
  for (std::size_t g = 0; g < 4; ++g)
    EXPECT_NEAR(numbers(flat, "evaluation", "membership")[g], all[g], 1e-15);
  // Max-min by hand: product min(.5, .8) = .5 excellent, max(min(.5, .2), .5) = .5 good; the goal .5, .5, 0, .25.
  const result main = of({weights, grades, memberships}, {{"composition_operator", "max_min"}});
  EXPECT_EQ(cells(main, "evaluation", {"membership", "share"})[0], "0.5 0.4");
  EXPECT_EQ(cells(main, "results", {"composition_operator", "grade", "margin"}), texts{"max_min good 0"});
  EXPECT_EQ(
      cells(of({weights, grades, memberships}, {{"composition_operator", "max_min"}, {"tie", "higher"}}),
            "results", {"grade"}),
      texts{"excellent"});
  // Bounded sums: product 0.5 excellent, 0.7 good; made to add up to 1 they are 5/12 and 7/12.
  const result normalised = of({weights, grades, memberships},
                               {{"composition_operator", "bounded_min_sum"}, {"normalise_levels", "true"}});
  EXPECT_NEAR(numbers(normalised, "evaluation", "membership")[0], 5.0 / 12.0, 1e-15);
  EXPECT_NEAR(numbers(normalised, "evaluation", "membership")[1], 7.0 / 12.0, 1e-15);
}

TEST(fuzzy_evaluation, objects_are_ranked_by_score) {
  const pushed weights{"weights", "criterion,weight\na,1\nb,1\n"};
  const result made = of({weights,
                          grades,
                          {"memberships", "object,criterion,grade,membership\nHai,a,good,1\nHai,b,poor,1\n"
                                          "Yun,a,excellent,1\nYun,b,good,1\nJin,a,poor,1\nJin,b,good,1\n"}});
  EXPECT_EQ(cells(made, "results", {"object", "score", "rank"}),
            (texts{"Hai 60 2", "Jin 60 2", "Yun 87.5 1"}));
  EXPECT_EQ(cells(made, "operators", {"object"}).size(), 12U);
  // 87.5 is as near to 80 as to 95: the careful one.
  EXPECT_EQ(cells(made, "results", {"score_grade"})[2], "good");
  // Some have memberships, others ratings.
  EXPECT_EQ(cells(of({weights,
                      grades,
                      {"memberships", "object,criterion,grade,membership\nHai,a,good,1\n"},
                      {"ratings", "object,criterion,grade\nHai,b,poor\n"}}),
                  "results", {"object", "score"}),
            texts{"Hai 60"});
}

TEST(fuzzy_evaluation, the_order_of_rows_does_not_matter) {
  const result one =
      of({{"weights", "criterion,weight\na,1\nb,3\n"},
          grades,
          {"ratings", "criterion,respondent,grade\na,r1,good\nb,r1,poor\na,r2,fair\nb,r2,good\n"}});
  const result other =
      of({{"ratings", "grade,respondent,criterion\ngood,r2,b\nfair,r2,a\npoor,r1,b\ngood,r1,a\n"},
          {"grades", "score,grade\n40,poor\n95,excellent\n65,fair\n80,good\n"},
          {"weights", "weight,criterion\n3,b\n1,a\n"}});
  EXPECT_EQ(one.tables, other.tables);
}

TEST(fuzzy_evaluation, bad_input_is_refused_by_name) {
  const pushed weights{"weights", "criterion,weight\nquality,1\nprice,1\n"};
  const pushed fine{"memberships", "criterion,grade,membership\nquality,good,1\nprice,good,0.5\n"};
  EXPECT_EQ(refusal({weights, grades, fine}), "ok: ");
  const auto with = [&](const std::string& row) {
    return refusal({weights, grades, {"memberships", fine.csv + row}});
  };
  EXPECT_NE(with("pric,good,1\n")
                .find("data: decision.fuzzy_evaluation: there is no criterion pric; did you mean price?"),
            std::string::npos);
  EXPECT_NE(with("price,god,1\n").find("there is no grade god; did you mean good?"), std::string::npos);
  EXPECT_NE(with("price,good,0.6\n")
                .find("membership of price in good is 0.6, but must be 0.5 as another row says"),
            std::string::npos);
  EXPECT_EQ(with("price,good,0.5\n"), "ok: ");
  EXPECT_EQ(with("price,fair,1.5\n").substr(0, 6), "data: ");
  EXPECT_NE(refusal({weights, grades, {"memberships", "criterion,grade,membership\nquality,good,1\n"}})
                .find("data: decision.fuzzy_evaluation: membership of price is not there, but must be above "
                      "0 in some grade"),
            std::string::npos);
  EXPECT_NE(
      refusal(
          {weights, grades, {"memberships", "criterion,grade,membership\nquality,good,1\nprice,good,0\n"}})
          .find("membership of price is 0 in every grade"),
      std::string::npos);
  EXPECT_NE(refusal({weights, grades, fine, {"ratings", "criterion,grade\nprice,good\n"}})
                .find("criterion price is in both tables memberships and ratings"),
            std::string::npos);
  EXPECT_NE(
      refusal({weights,
               grades,
               {"ratings", "object,criterion,respondent,grade\nHai,price,r1,good\nHai,price,r1,poor\n"}})
          .find("rating of price of Hai by r1 is poor with weight 1, but must be good with weight 1"),
      std::string::npos);
  EXPECT_NE(refusal({weights, {"grades", "grade,score\ngood,80\nfair,80\n"}, fine})
                .find("score of grade good is 80, but must be another than that of fair"),
            std::string::npos);
  EXPECT_NE(refusal({weights, {"grades", "grade,score\ngood,80\ngood,70\n"}, fine})
                .find("grade good is in the table grades twice"),
            std::string::npos);
  EXPECT_NE(refusal({weights, fine}).find("schema: decision.fuzzy_evaluation: table grades is needed"),
            std::string::npos);
  EXPECT_NE(refusal({grades, fine}).find("table weights is needed"), std::string::npos);
  EXPECT_NE(refusal({weights, grades}).find("table memberships or ratings is needed"), std::string::npos);
  EXPECT_NE(
      refusal({{"weights", "parent,criterion,weight\n,quality,1\n,price,1\nprice,list,0\n"}, grades, fine})
          .find("sum of the weights below price is 0, but must be > 0"),
      std::string::npos);
  EXPECT_NE(
      refusal({{"weights", "parent,criterion,weight\n,quality,1\n,price,1\nprice,list,1\n"}, grades, fine})
          .find("criterion price is one with parts"),
      std::string::npos);
  EXPECT_NE(refusal({{"weights", "criterion,weight\nquality,1\nquality,2\n"}, grades, fine})
                .find("criterion quality below the goal is in the table weights twice"),
            std::string::npos);
  EXPECT_NE(refusal({}).find("table memberships or ratings is needed"), std::string::npos);
}

} // namespace
} // namespace fuzzy_evaluation_test
