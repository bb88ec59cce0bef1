// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/credit/score_change_entry.hpp>

#include "credit/finished.hpp"
#include "credit/scorecard_rows.hpp"
#include "decision/criteria_rows.hpp"
#include "support/random.hpp"
#include "support/refusal.hpp"

namespace score_change_test {
namespace {

using namespace emptor;
using credit::cheapest_change;
using credit::score_change;
using credit::score_move;
using finished::cells;
using test::code_of;
using texts = std::vector<std::string>;

const entry& what = credit::score_change_entry;

[[nodiscard]] model card(credit::score_direction direction = credit::score_direction::safer) {
  std::vector<example_table> tables(std::begin(credit::scorecard_score_example_model),
                                    std::end(credit::scorecard_score_example_model));
  if (direction == credit::score_direction::riskier)
    tables[3].csv = "base_points,direction\n0,riskier\n";
  return scorecard_rows::model_of(credit::scorecard_name, credit::scorecard_model_tables, tables,
                                  {{"closed", "right"}});
}
[[nodiscard]] result of(const std::string& applicants, const std::string& costs = "",
                        const std::vector<option>& options = {{"target", "40"}}, const model& with = card()) {
  std::vector<criteria_rows::pushed> tables{{"applicants", applicants}};
  if (!costs.empty())
    tables.push_back({"costs", costs});
  return finished::of(what, criteria_rows::store_of(what, tables), options, "scorecard", &with);
}
[[nodiscard]] std::string refusal(const std::string& applicants, const std::string& costs = "",
                                  const std::vector<option>& options = {{"target", "40"}}) {
  std::string text;
  const status code = code_of([&] { return of(applicants, costs, options); }, &text);
  return std::string(name(code)) + ": " + text;
}

TEST(score_change_test, the_worked_example) {
  const example& shown = credit::score_change_examples[0];
  const result made =
      of(std::string(shown.tables[0].csv), std::string(shown.tables[1].csv), {{"target", "42"}});
  for (const example_table& expected : shown.expected)
    EXPECT_EQ(scorecard_rows::differs(finished::table_of(made, expected.name), expected.csv, 0.0), "");
}

/// All changes gone through, each added up as a scorecard does.
[[nodiscard]] score_change all_changes(double base, const std::vector<std::vector<score_move>>& moves,
                                       double target, bool more) {
  score_change best;
  std::vector<std::size_t> at(moves.size(), 0);
  best.best = more ? -1e300 : 1e300;
  while (true) {
    double score = base;
    double cost = 0.0;
    std::int64_t changes = 0;
    for (std::size_t j = 0; j < moves.size(); ++j) {
      score += moves[j][at[j]].points;
      cost += moves[j][at[j]].cost;
      changes += moves[j][at[j]].stays ? 0 : 1;
    }
    best.best = more ? std::max(best.best, score) : std::min(best.best, score);
    const bool reaches = more ? score >= target : score <= target;
    const bool better =
        !best.reached || cost < best.cost ||
        (cost == best.cost && (changes < best.changes || (changes == best.changes &&
                                                          (more ? score > best.score : score < best.score))));
    if (reaches && better)
      best = {true, true, cost, changes, score, best.best, at};
    std::size_t j = 0;
    while (j < moves.size() && ++at[j] == moves[j].size())
      at[j++] = 0;
    if (j == moves.size())
      return best;
  }
}

TEST(score_change_test, no_other_change_is_cheaper) {
  test::draws draw(8);
  std::size_t reached = 0;
  for (int round = 0; round < 1500; ++round) {
    SCOPED_TRACE(round);
    const bool fractions = draw.below(2) == 1;
    const bool more = draw.below(2) == 1;
    const std::size_t n = 1 + draw.below(6);
    std::vector<std::vector<score_move>> moves(n);
    for (std::vector<score_move>& one : moves) {
      const std::size_t bins = 1 + draw.below(5);
      for (std::size_t b = 0; b < bins; ++b) {
        const double points = static_cast<double>(draw.below(81)) - 40.0;
        one.push_back({static_cast<std::int32_t>(b + 1), fractions ? points / 7.0 : points,
                       b == 0 ? 0.0 : static_cast<double>(draw.below(9)) / 2.0, b == 0});
      }
    }
    const double base = fractions ? 448.7232453946431 : 449.0;
    double target = base + (more ? 1.0 : -1.0) * static_cast<double>(draw.below(100));
    if (draw.below(3) == 0) { // a target that a change hits to the last bit
      target = base;
      for (const std::vector<score_move>& one : moves)
        target += one[draw.below(one.size())].points;
    }
    const score_change expected = all_changes(base, moves, target, more);
    const score_change found = cheapest_change(base, moves, target, more);
    ASSERT_EQ(found.reached, expected.reached);
    ASSERT_EQ(found.best, expected.best);
    ASSERT_TRUE(found.proved);
    if (!found.reached)
      continue;
    ++reached;
    ASSERT_EQ(found.cost, expected.cost);
    ASSERT_EQ(found.changes, expected.changes);
    ASSERT_EQ(found.score, expected.score);
    double score = base;
    double cost = 0.0;
    for (std::size_t j = 0; j < n; ++j) {
      score += moves[j][found.moves[j]].points;
      cost += moves[j][found.moves[j]].cost;
    }
    EXPECT_EQ(score, found.score);
    EXPECT_EQ(cost, found.cost);
  }
  EXPECT_GT(reached, 500U);
}

TEST(score_change_test, too_many_sums_are_thinned_and_said) {
  test::draws draw(9);
  std::vector<std::vector<score_move>> moves(40);
  for (std::vector<score_move>& one : moves) {
    one.push_back({1, 0.0, 0.0, true});
    for (std::int32_t bin = 2; bin < 8; ++bin)
      one.push_back({bin, one.back().points + static_cast<double>(1 + draw.below(100000)) / 77777.0,
                     one.back().cost + static_cast<double>(1 + draw.below(100000)) / 33333.0, false});
  }
  const score_change exact = cheapest_change(0.0, moves, 20.0, true, 1000000);
  const score_change few = cheapest_change(0.0, moves, 20.0, true, 100);
  EXPECT_TRUE(few.reached);
  EXPECT_FALSE(few.proved);
  EXPECT_GE(few.score, 20.0);
  EXPECT_GE(few.cost, exact.cost);
  EXPECT_LT(few.cost, 2.0 * exact.cost);
}

TEST(score_change_test, costs_of_moves_and_steps) {
  const std::string ann =
      "applicant,categories:department,characteristics:age,characteristics:income\nann,engineering,25,500\n";
  // Without costs each move counts 1, and of two that do it the one with more points.
  EXPECT_EQ(cells(of(ann), "moves", {"characteristic", "from_label", "to_label", "gain", "cost"}),
            (texts{"age (18, 29] (39, inf) 18 1"}));
  // By steps her department is nearer.
  EXPECT_EQ(cells(of(ann, "", {{"target", "40"}, {"cost_of", "step"}}), "moves",
                  {"characteristic", "from_bin", "to_bin", "gain", "cost"}),
            (texts{"department 3 2 16 1"}));
  EXPECT_EQ(cells(of(ann, "characteristic,cost\ndepartment,\n", {{"target", "40"}, {"cost_of", "step"}}),
                  "moves", {"characteristic", "from_bin", "to_bin", "gain", "cost"}),
            (texts{"age 2 3 12 1"}));
  // The row that says most holds: from 3 to 2 above to 2 above from 3.
  const auto cost = [&](const std::string& rows) {
    return cells(of(ann, "characteristic,from_bin,to_bin,cost\nage,,,\n" + rows), "answers", {"cost"})
        .front();
  };
  EXPECT_EQ(cost("department,,,9\n"), "9");
  EXPECT_EQ(cost("department,,,9\ndepartment,3,,8\n"), "8");
  EXPECT_EQ(cost("department,,,9\ndepartment,3,,8\ndepartment,,2,7\n"), "7");
  EXPECT_EQ(cost("department,,,9\ndepartment,3,,8\ndepartment,,2,7\ndepartment,3,2,6\n"), "6");
  EXPECT_EQ(cost("department,3,2,\n"), "-");
  // What is missing is reached only where a row says so.
  const std::string eve =
      "applicant,categories:department,characteristics:age,characteristics:income\neve,marketing,40,3000\n";
  const auto to = [&](const std::string& rows) {
    return cells(of(eve, rows, {{"target", "41"}}), "moves", {"to_label"});
  };
  EXPECT_EQ(to("characteristic,to_bin,cost\nincome,1,\nincome,2,\n"), texts{});
  EXPECT_EQ(to("characteristic,to_bin,cost\nincome,1,\nincome,2,\nincome,4,2\n"), texts{"missing 4"});
}

TEST(score_change_test, where_points_are_risk_less_is_better) {
  const result made =
      of("applicant,categories:department,characteristics:age,characteristics:income\nann,marketing,40,500\n",
         "", {{"target", "30"}}, card(credit::score_direction::riskier));
  EXPECT_EQ(cells(made, "answers", {"outcome", "score", "cost", "moves", "new_score"}),
            (texts{"reachable 63 2 2 13"}));
}

TEST(score_change_test, no_score_and_empty_tables) {
  EXPECT_EQ(cells(of("applicant,categories:department,characteristics:age,characteristics:income\nbob,sales,"
                     "40,500\n"),
                  "answers", {"outcome", "score", "without_bin"}),
            texts{"no_score - department"});
  EXPECT_EQ(cells(of("applicant\n"), "answers", {"applicant"}), texts{});
}

TEST(score_change_test, bad_input_is_named) {
  const std::string head = "applicant,characteristics:age\n";
  EXPECT_EQ(refusal(head + "a,1\na,2\n"),
            "data: credit.score_change: applicants.applicant[1] is a, but must be there once");
  EXPECT_EQ(
      refusal(head + "a,1\n", "", {}),
      "data: credit.score_change: applicants.target[0] is missing, but must be there, or the option target");
  EXPECT_EQ(refusal("applicant,characteristics:agee\na,1\n").substr(0, 87),
            "data: credit.score_change: there is no column of table applicants characteristics:agee;");
  // A table may have columns that the scorecard does not read, where it has all that it reads.
  const std::string all(credit::score_change_examples[0].tables[0].csv);
  std::string wider;
  for (std::size_t at = 0, row = 0; at < all.size(); ++row) {
    const std::size_t end = all.find('\n', at);
    wider += all.substr(at, end - at) + (row == 0 ? ",characteristics:visits" : ",3") + "\n";
    at = end + 1;
  }
  EXPECT_EQ(of(wider).tables, of(all).tables);
  EXPECT_NE(refusal(head + "a,1\n", "characteristic,cost\nagee,1\n").find("did you mean age?"),
            std::string::npos);
  EXPECT_EQ(refusal(head + "a,1\n", "characteristic,to_bin,cost\nage,6,1\n"),
            "data: credit.score_change: costs.to_bin[0] is 6, but must be a bin of age, 1 to 5");
  EXPECT_EQ(refusal(head + "a,1\n", "characteristic,from_bin,cost\nage,0,1\n"),
            "data: credit.score_change: costs.from_bin[0] is 0, but must be a bin of age, 1 to 5");
  // No cost that is left out, so that the move would cost 1.
  EXPECT_EQ(refusal(head + "a,1\n", "characteristic,cost\nage,1e13\n"),
            "data: credit.score_change: costs.cost[0] is 1e+13, but must be in [0, 1e+12]");
  EXPECT_EQ(refusal(head + "a,1\n", "characteristic,cost\nage,-1\n"),
            "data: credit.score_change: costs.cost[0] is -1, but must be in [0, 1e+12]");
  EXPECT_EQ(
      refusal(head + "a,1\n", "characteristic,cost\nage,1\nage,2\n"),
      "data: credit.score_change: costs.characteristic[1] is age, but must be there once with the same bins");
}

} // namespace
} // namespace score_change_test
