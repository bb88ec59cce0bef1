// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/value/delivered_value.hpp>

#include "support/refusal.hpp"
#include "value/survey_rows.hpp"

namespace emptor::value::delivered_value_test {
namespace {

using finished::cells;
using test::code_of;
using test::survey_rows::numbers;
using test::survey_rows::options;
using test::survey_rows::texts;

const std::string entry_name(delivered_value_name);

result finished_of(const std::string& answers, const std::string& items, options with = {}) {
  return test::survey_rows::finished_of(entry_name, answers, items, std::move(with));
}

/// Two items of value and one of cost.
const std::string three_items = "item,dimension,weight\nq,product,3\ns,product,1\np,money,1\n";

TEST(delivered_value, an_item_that_is_not_answered_leaves_its_weight_to_the_others_of_its_dimension) {
  // Of product q weighs 0.75 and s 0.25: 0.75 x 80 + 0.25 x 40 = 70; with s alone 40, with q alone 80.
  const result made = finished_of("respondent,supplier,items:q,items:s,items:p\n"
                                  "A,X,8,4,5\nB,X,,4,5\nC,X,8,,5\nD,X,,,5\nE,X,8,4,\n",
                                  three_items);
  EXPECT_EQ(cells(made, "respondents",
                  {"respondent", "answered", "complete", "product", "value", "cost", "delivered_value"}),
            (texts{"A 3 true 70 70 50 20", "B 2 true 40 40 50 -10", "C 2 true 80 80 50 30",
                   "D 1 false - - - -", "E 2 false - - - -"}));
  EXPECT_NEAR(numbers(made, "suppliers", "delivered_value")[0], (20.0 - 10.0 + 30.0) / 3.0, 1e-13);
  EXPECT_EQ(cells(made, "suppliers", {"respondents", "incomplete", "cost"}), texts{"3 2 50"});
  // Means are of those who count: D and E do not.
  EXPECT_EQ(cells(made, "items", {"item", "answers", "mean"}), (texts{"q 2 80", "s 2 40", "p 3 50"}));
}

TEST(delivered_value, what_has_no_weight_is_reported_but_neither_counts_nor_is_needed) {
  const result made = finished_of("respondent,supplier,items:q,items:b,items:p\nA,X,8,,4\nB,X,6,9,4\n",
                                  "item,dimension,weight\nq,product,1\nb,image,0\np,money,1\n");
  EXPECT_EQ(cells(made, "suppliers", {"respondents", "incomplete", "value", "cost", "delivered_value"}),
            texts{"2 0 70 40 30"});
  EXPECT_EQ(cells(made, "dimensions", {"dimension", "weight", "mean"}),
            (texts{"product 1 70", "money 1 40"}));
  EXPECT_EQ(cells(made, "items", {"item", "answers", "mean", "weighted"}),
            (texts{"q 2 70 70", "b 1 90 0", "p 2 40 40"}));
  EXPECT_EQ(cells(made, "respondents", {"image", "money"}), (texts{"- 40", "- 40"}));
  // Value without any cost: nothing to divide by.
  const result free = finished_of("respondent,supplier,items:q\nA,X,8\n", "item,dimension\nq,product\n");
  EXPECT_EQ(cells(free, "suppliers",
                  {"value", "cost", "delivered_value", "value_cost_ratio", "delivered_value_low"}),
            texts{"80 0 80 - -"});
}

TEST(delivered_value, items_have_scales_directions_and_weights_of_their_own) {
  // `cheap` from 1 to 5: 4 is 75 of cheapness and 25 of cost; minutes from 0 to 60: 15 is 25.
  const std::string items = "item,dimension,weight,reversed,scale_low,scale_high\n"
                            "q,product,2,,,\ncheap,money,3,true,1,5\nminutes,time,1,false,,60\n";
  const std::string answers = "respondent,supplier,items:q,items:cheap,items:minutes\nA,X,5,4,15\n";
  EXPECT_EQ(cells(finished_of(answers, items), "dimensions", {"dimension", "weight", "mean", "weighted"}),
            (texts{"product 1 50 50", "money 0.75 25 18.75", "time 0.25 25 6.25"}));
  EXPECT_EQ(cells(finished_of(answers, items, {{"weights", "as_given"}}), "dimensions",
                  {"dimension", "weight", "mean", "weighted"}),
            (texts{"product 2 50 100", "money 3 25 75", "time 1 25 25"}));
  EXPECT_EQ(cells(finished_of(answers, items, {{"weights", "as_given"}}), "suppliers",
                  {"value", "cost", "delivered_value", "value_cost_ratio"}),
            texts{"100 100 0 1"});
}

TEST(delivered_value, several_answers_of_one_respondent_count_as_their_mean) {
  const std::string once = "respondent,supplier,weight,items:q,items:s,items:p\nA,X,2,6,4,5\nB,X,1,9,4,5\n";
  const std::string twice = "respondent,supplier,weight,items:q,items:s,items:p\n"
                            "A,X,1,4,,5\nB,X,1,9,4,5\nA,X,3,8,4,5\n";
  EXPECT_EQ(finished_of(once, three_items).tables[0], finished_of(twice, three_items).tables[0]);
}

TEST(delivered_value, weights_of_respondents_count) {
  const result made = finished_of(
      "respondent,supplier,weight,items:q,items:s,items:p\nA,X,3,8,8,5\nB,X,1,4,4,5\n", three_items);
  EXPECT_EQ(cells(made, "suppliers", {"value"}), texts{"70"});
  // 2 / 1 x ((3 x 10)^2 + (1 x 30)^2) / 4^2 = 225.
  const double half = numbers(made, "suppliers", "delivered_value_high")[0] - 20.0;
  EXPECT_NEAR(half, 12.706204736174698 * 15.0, 1e-10);
}

TEST(delivered_value, those_who_rated_both_are_compared_with_themselves) {
  const std::string head = "respondent,supplier,items:q,items:s,items:p\n";
  const options own{{"own_supplier", "X"}};
  const auto methods = [&](const std::string& rows, const char* choice) {
    options with = own;
    with.push_back({"comparison", choice});
    return cells(finished_of(head + rows, three_items, with), "comparison",
                 {"measure", "method", "own_respondents", "competitor_respondents", "difference"});
  };
  const auto last = [](const texts& lines) { return lines.empty() ? std::string() : lines.back(); };
  // A and B rated both, C and D one each.
  const std::string both = "A,X,8,8,5\nA,Y,6,6,5\nB,X,6,6,5\nB,Y,6,6,5\n";
  const std::string apart = "C,X,4,4,5\nD,Y,9,9,5\n";
  EXPECT_EQ(last(methods(both + apart, "automatic")), "delivered_value paired 2 2 10");
  EXPECT_EQ(last(methods(both + apart, "paired")), "delivered_value paired 2 2 10");
  EXPECT_EQ(last(methods(both + apart, "independent")), "delivered_value independent 3 3 -10");
  // Two of five are less than half.
  const std::string more = apart + "E,X,4,4,5\nF,Y,9,9,5\nG,X,4,4,5\nH,Y,9,9,5\n";
  EXPECT_EQ(last(methods(both + more, "automatic")), "delivered_value independent 5 5 -26");
  EXPECT_EQ(last(methods(both + more, "paired")), "delivered_value paired 2 2 10");
  // One pair has a difference but no interval; without one there is nothing to say.
  EXPECT_EQ(last(methods("A,X,8,8,5\nA,Y,6,6,5\n", "paired")), "delivered_value paired 1 1 20");
  EXPECT_EQ(last(methods("A,X,8,8,5\nA,Y,6,6,5\n", "automatic")), "delivered_value independent 1 1 20");
  EXPECT_TRUE(methods(apart, "paired").empty());
  EXPECT_EQ(cells(finished_of(head + "A,X,8,8,5\nA,Y,6,6,5\n", three_items, own), "comparison",
                  {"difference_low", "difference_high", "degrees", "p_value"}),
            texts(5, "- - - -"));
  // A difference that is the same for everybody has no chance in it.
  EXPECT_EQ(cells(finished_of(head + "A,X,8,8,5\nA,Y,6,6,5\nB,X,7,7,5\nB,Y,5,5,5\n", three_items, own),
                  "comparison", {"difference", "difference_low", "difference_high", "degrees", "p_value"})
                .front(),
            "20 20 20 - -");
}

TEST(delivered_value, competitors_are_also_compared_as_one) {
  const result made = finished_of("respondent,supplier,items:q,items:s,items:p\n"
                                  "A,X,8,8,5\nA,Y,6,6,5\nA,Z,4,4,5\nB,X,8,8,4\nB,Y,6,6,5\nC,Z,2,2,5\n",
                                  three_items, {{"own_supplier", "X"}});
  const texts lines =
      cells(made, "comparison", {"competitor", "measure", "method", "own", "competitor_figure"});
  // A sees Y and Z at 50 on average, B Y alone at 60.
  EXPECT_NE(std::find(lines.begin(), lines.end(), "Y product paired 80 60"), lines.end());
  EXPECT_NE(std::find(lines.begin(), lines.end(), "Z product independent 80 30"), lines.end());
  EXPECT_NE(std::find(lines.begin(), lines.end(), "- product paired 80 55"), lines.end());
  EXPECT_EQ(lines.size(), 15U);
  EXPECT_EQ(cells(made, "suppliers", {"supplier", "rank"}), (texts{"X 1", "Y 2", "Z 3"}));
  EXPECT_TRUE(
      cells(finished_of("respondent,supplier,items:q,items:s,items:p\nA,X,8,8,5\nA,Y,6,6,5\n", three_items),
            "comparison", {"measure"})
          .empty())
      << "nobody is the own one";
}

TEST(delivered_value, segments_are_what_their_respondents_alone_would_be) {
  const std::string head = "respondent,supplier,segment,items:q,items:s,items:p\n";
  const std::string east = "A,X,east,8,7,5\nA,Y,east,6,6,4\nB,X,east,7,6,5\nB,Y,east,6,2,3\n";
  const std::string west = "C,X,west,3,3,9\nC,Y,west,9,9,1\nD,Y,,9,9,1\n";
  const options own{{"own_supplier", "X"}};
  const result all = finished_of(head + east + west, three_items, own);
  const result alone = finished_of(head + east, three_items, own);
  for (const auto& [name, columns] : std::map<std::string, texts>{
           {"suppliers", {"supplier", "value", "delivered_value_low", "rank"}},
           {"dimensions", {"supplier", "dimension", "mean", "mean_low"}},
           {"items", {"supplier", "item", "weighted"}},
           {"comparison", {"competitor", "measure", "difference", "p_value", "contribution"}},
           {"drivers", {"item", "contribution", "rank"}}}) {
    texts with = columns;
    with.insert(with.begin(), "segment");
    texts expected;
    for (const std::string& line : cells(alone, name, with)) {
      if (line.rfind("east", 0) == 0)
        expected.push_back(line);
    }
    ASSERT_FALSE(expected.empty()) << name;
    texts found;
    for (const std::string& line : cells(all, name, with)) {
      if (line.rfind("east", 0) == 0)
        found.push_back(line);
    }
    EXPECT_EQ(found, expected) << name;
    // All respondents of a company that has one segment are that segment.
    texts without;
    for (const std::string& line : cells(alone, name, with)) {
      if (line.rfind("-", 0) == 0)
        without.push_back("east" + line.substr(1));
    }
    EXPECT_EQ(without, expected) << name;
  }
  EXPECT_EQ(cells(all, "suppliers", {"segment", "supplier", "respondents"}),
            (texts{"- X 3", "- Y 4", "east X 2", "east Y 2", "west X 1", "west Y 1"}));
}

TEST(delivered_value, equal_suppliers_share_a_rank) {
  EXPECT_EQ(cells(finished_of("respondent,supplier,items:q,items:s,items:p\n"
                              "A,X,8,8,5\nA,Y,8,8,5\nA,Z,4,4,5\nA,W,9,9,5\nA,V,,,5\n",
                              three_items),
                  "suppliers", {"supplier", "rank"}),
            (texts{"V -", "W 1", "X 2", "Y 2", "Z 4"}));
}

TEST(delivered_value, what_makes_no_sense_is_refused_by_name) {
  const std::string head = "respondent,supplier,items:q,items:s,items:p\n";
  const auto refusal = [&](const std::string& rows, const std::string& items, const options& with) {
    std::string what;
    EXPECT_NE(code_of([&] { return finished_of(rows, items, with); }, &what), status::ok);
    return what;
  };
  EXPECT_EQ(refusal(head + "A,X,8,11,5\n", three_items, {}),
            "value.delivered_value: items:s of A about X is 11, but must be in [0, 10]");
  EXPECT_EQ(
      code_of([&] { return finished_of("respondent,supplier,items:q,items:t\nA,X,8,1\n", three_items, {}); }),
      status::unknown_name);
  EXPECT_EQ(code_of([&] {
              return finished_of(head + "A,X,8,1,5\n", three_items, {{"own_supplier", "Y"}});
            }),
            status::unknown_name);
  EXPECT_EQ(refusal(head + "A,X,8,1,5\n", three_items, {{"scale_low", "5"}, {"scale_high", "5"}}),
            "value.delivered_value: option scale_high is 5, but must be > scale_low, which is 5");
  EXPECT_EQ(refusal(head + "A,X,8,1,5\n", "item,dimension\nq,product\nq,image\n", {}),
            "value.delivered_value: item[1] is q, but must be there once");
  EXPECT_EQ(refusal(head + "A,X,8,1,5\n", "item,dimension,weight\nq,product,0\n", {}),
            "value.delivered_value: table items has no item with a weight above 0");
  EXPECT_EQ(refusal(head + "A,X,8,1,5\n", "item,dimension,scale_low,scale_high\nq,product,5,4\n", {}),
            "value.delivered_value: scale_high[0] is 4, but must be > 5");
  EXPECT_NE(refusal(head + "A,X,8,1,5\n", "item,dimension\nq,taste\n", {}), "");
  EXPECT_NE(refusal(head + "A,X,8,1,5\n", "item,dimension,weight\nq,product,-1\n", {}), "");
  EXPECT_NE(refusal("respondent,supplier,weight,items:q\nA,X,0,8\n", three_items, {}), "");
}

TEST(delivered_value, no_answers_make_empty_tables) {
  const result made = finished_of("respondent,supplier,items:q\n", three_items, {{"own_supplier", "X"}});
  ASSERT_EQ(made.tables.size(), 6U);
  for (const table& one : made.tables)
    EXPECT_EQ(one.rows(), 0) << one.name();
  // Nobody who says anything is there, but does not count.
  EXPECT_EQ(cells(finished_of("respondent,supplier,items:q,items:s,items:p\nA,X,,,\nB,X,,,\n", three_items),
                  "suppliers", {"respondents", "incomplete", "value", "rank"}),
            texts{"0 2 - -"});
}

} // namespace
} // namespace emptor::value::delivered_value_test
