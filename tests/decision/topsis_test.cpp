// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstddef>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/decision/topsis_entry.hpp>

#include "decision/criteria_rows.hpp"
#include "support/refusal.hpp"

namespace topsis_test {
namespace {

using namespace emptor;
using criteria_rows::numbers;
using finished::cells;
using texts = std::vector<std::string>;

const entry& what = decision::topsis_entry;

result of(const std::string& alternatives, const std::string& criteria = "", const std::string& weights = "",
          const std::vector<option>& options = {}) {
  std::vector<criteria_rows::pushed> tables{{"alternatives", alternatives}};
  if (!criteria.empty())
    tables.push_back({"criteria", criteria});
  if (!weights.empty())
    tables.push_back({"weights", weights});
  return criteria_rows::finished(what, tables, options);
}
std::string refusal(const std::string& alternatives, const std::string& criteria = "",
                    const std::string& weights = "", const std::vector<option>& options = {}) {
  std::string text;
  const status code = test::code_of([&] { return of(alternatives, criteria, weights, options); }, &text);
  return std::string(name(code)) + ": " + text;
}

TEST(topsis, the_worked_example) {
  EXPECT_EQ(criteria_rows::differences_of_example(what), "");
  const std::vector<double> printed{0.643, 0.268, 0.613,
                                    0.312}; // Hwang and Yoon 1981, to the third digit, cut off or rounded
  const std::vector<double> is = numbers(criteria_rows::example_of(what), "ranking", "closeness");
  for (std::size_t i = 0; i < printed.size(); ++i)
    EXPECT_NEAR(is[i], printed[i], 1e-3);
}

TEST(topsis, normalisations_by_hand) {
  const std::string rows = "alternative,criteria:a,criteria:b\nx,3,10\ny,4,30\n";
  const std::string weights = "criterion,weight\na,1\nb,3\n";
  EXPECT_EQ(cells(of(rows, "", weights), "normalised", {"normalised"})[0], "0.6");
  EXPECT_EQ(cells(of(rows, "", weights, {{"normalisation", "range"}}), "normalised",
                  {"alternative", "criterion", "normalised", "weighted"}),
            (texts{"x a 0 0", "x b 0 0", "y a 1 0.25", "y b 1 0.75"}));
  EXPECT_EQ(cells(of(rows, "", weights, {{"normalisation", "sum"}}), "normalised", {"normalised"}),
            (texts{to_text(3.0 / 7), "0.25", to_text(4.0 / 7), "0.75"}));
  EXPECT_EQ(cells(of(rows, "", weights, {{"normalisation", "none"}}), "normalised", {"normalised"}),
            (texts{"3", "10", "4", "30"}));
  // A cost turned round is a benefit.
  EXPECT_EQ(
      cells(of(rows, "criterion,direction\na,cost\nb,cost\n", weights), "ranking", {"closeness", "rank"}),
      (texts{"1 1", "0 2"}));
}

TEST(topsis, given_ideals) {
  const std::string rows = "alternative,criteria:a\nx,3\n";
  EXPECT_EQ(cells(of(rows), "ranking", {"closeness", "rank"}), texts{"- -"});
  const result made = of(rows, "criterion,ideal,anti_ideal\na,5,1\n", "", {{"normalisation", "none"}});
  EXPECT_EQ(cells(made, "ranking", {"distance_to_ideal", "distance_to_anti_ideal", "closeness", "rank"}),
            texts{"2 2 0.5 1"});
  EXPECT_EQ(cells(made, "ideals", {"ideal", "anti_ideal", "ideal_source", "anti_ideal_source"}),
            texts{"5 1 given given"});
  EXPECT_EQ(cells(of(rows, "criterion,direction,ideal\na,cost,1\n"), "ideals",
                  {"direction", "ideal", "anti_ideal", "ideal_source", "anti_ideal_source"}),
            texts{"cost 1 3 given found"});
}

TEST(topsis, ties_share_their_rank) {
  const result made = of("alternative,criteria:a,criteria:b\nx,1,2\ny,2,1\nz,1,1\n");
  EXPECT_EQ(cells(made, "ranking", {"alternative", "rank"}), (texts{"x 1", "y 1", "z 3"}));
  // Whichever way the weight moves, one of them leaves.
  EXPECT_EQ(
      cells(made, "sensitivity",
            {"criterion", "first", "weight", "lower_weight", "upper_weight", "upper_alternative", "change"}),
      (texts{"a x 0.5 - 0.5 y 0", "b x 0.5 0.5 - - 0"}));
  // Twins never part.
  EXPECT_EQ(cells(of("alternative,criteria:a,criteria:b\nx,1,2\ny,1,2\nz,0.5,1\n"), "sensitivity",
                  {"lower_weight", "upper_weight", "change"}),
            (texts{"- - -", "- - -"}));
}

/// Who comes first, by all weights anew.
struct brute {
  stats::ideal_distances distances;
  std::vector<double> weights;

  [[nodiscard]] std::vector<double> closeness(std::size_t criterion, double weight) const {
    double rest = 0.0;
    for (std::size_t j = 0; j < weights.size(); ++j)
      rest += j == criterion ? 0.0 : weights[j];
    std::vector<double> moved;
    for (std::size_t j = 0; j < weights.size(); ++j)
      moved.push_back(j == criterion ? weight : weights[j] / rest * (1.0 - weight));
    std::vector<double> made;
    for (std::size_t i = 0; i < distances.alternatives(); ++i)
      made.push_back(stats::closeness_of(distances, moved, i).closeness);
    return made;
  }
  /// By how much the first is before the best of the others.
  [[nodiscard]] double lead(std::size_t first, std::size_t criterion, double weight) const {
    const std::vector<double> all = closeness(criterion, weight);
    double other = -1.0;
    for (std::size_t i = 0; i < all.size(); ++i)
      other = i == first ? other : std::max(other, all[i]);
    return all[first] - other;
  }
};

// A thousand rankings, each weight walked from where it is to both ends.
TEST(topsis, turns_are_those_of_a_search) {
  unsigned state = 11;
  const auto draw = [&] {
    state = state * 1664525U + 1013904223U;
    return static_cast<double>(state >> 8) / 16777216.0;
  };
  int turns = 0;
  for (int round = 0; round < 250; ++round) {
    const std::size_t n = 2 + static_cast<std::size_t>(round % 4);
    const std::size_t m = 2 + static_cast<std::size_t>(round % 5);
    std::vector<double> figures;
    for (std::size_t i = 0; i < m * n; ++i)
      figures.push_back(draw());
    std::vector<double> best(n, 0.0);
    std::vector<double> worst(n, 1.0);
    for (std::size_t i = 0; i < m * n; ++i) {
      best[i % n] = std::max(best[i % n], figures[i]);
      worst[i % n] = std::min(worst[i % n], figures[i]);
    }
    std::vector<double> weights;
    double sum = 0.0;
    for (std::size_t j = 0; j < n; ++j) {
      weights.push_back(round % 7 == 0 && j == 0 ? 0.0 : 0.05 + draw());
      sum += weights.back();
    }
    for (double& one : weights)
      one /= sum;
    const brute search{stats::ideal_distances(figures, best, worst), weights};
    std::vector<double> closeness;
    for (std::size_t i = 0; i < m; ++i)
      closeness.push_back(stats::closeness_of(search.distances, weights, i).closeness);
    const auto first =
        static_cast<std::size_t>(std::max_element(closeness.begin(), closeness.end()) - closeness.begin());
    for (std::size_t j = 0; j < n; ++j) {
      const stats::weight_sensitivity made =
          stats::sensitivity_of(search.distances, weights, j, first, closeness, 1e-12);
      if (weights[j] == 1.0) { // nothing to move against
        EXPECT_TRUE(std::isnan(made.lower.weight) && std::isnan(made.upper.weight));
        continue;
      }
      for (const bool up : {false, true}) {
        const stats::weight_turn& turn = up ? made.upper : made.lower;
        const double end = std::isnan(turn.weight) ? (up ? 1.0 : 0.0) : turn.weight;
        for (int step = 0; step < 60; ++step) { // up to the turn nobody is before the first
          const double weight = weights[j] + (end - weights[j]) * step / 60.0;
          EXPECT_GE(search.lead(first, j, weight), -1e-12) << round << " " << j << " " << weight;
        }
        if (std::isnan(turn.weight))
          continue;
        ++turns;
        EXPECT_NEAR(search.lead(first, j, turn.weight), 0.0, 1e-12);
        const double beyond = up ? std::min(turn.weight + 1e-6, 1.0) : std::max(turn.weight - 1e-6, 0.0);
        const std::vector<double> after = search.closeness(j, beyond);
        EXPECT_GT(after[turn.alternative], after[first]) << round << " " << j << " " << up;
      }
    }
  }
  EXPECT_GT(turns, 300);
}

TEST(topsis, the_order_of_rows_does_not_matter) {
  const std::string one = "alternative,criteria:a,criteria:b\nx,1,2\ny,2,1\nz,3,0.5\n";
  const std::string other = "criteria:b,criteria:a,alternative\n0.5,3,z\n1,2,y\n2,1,x\n";
  EXPECT_EQ(of(one).tables, of(other).tables);
}

TEST(topsis, bad_input_is_refused_by_name) {
  const std::string rows = "alternative,criteria:a,criteria:b\nx,1,7\ny,2,7\n";
  EXPECT_NE(refusal(rows, "", "", {{"normalisation", "range"}})
                .find("data: decision.topsis: criteria:b is 7 of every alternative, but must be different "
                      "somewhere for "
                      "normalisation=range"),
            std::string::npos);
  EXPECT_EQ(refusal(rows), "ok: ");
  EXPECT_NE(refusal("alternative,criteria:a\nx,0\ny,0\n").find("criteria:a is 0 of every alternative"),
            std::string::npos);
  EXPECT_NE(refusal("alternative,criteria:a\nx,-1\ny,2\n", "", "", {{"normalisation", "sum"}})
                .find("criteria:a is -1 somewhere, but must be at least 0"),
            std::string::npos);
  EXPECT_NE(
      refusal(rows, "", "criterion,weight\na,1\n").find("weight of criterion b is not in the table weights"),
      std::string::npos);
  EXPECT_NE(
      refusal(rows, "criterion,direction\nc,cost\n").find("data: decision.topsis: there is no criterion c"),
      std::string::npos);
  EXPECT_NE(refusal(rows + "x,1,1\n").find("alternative x is in the table alternatives twice"),
            std::string::npos);
  EXPECT_NE(refusal("alternative,criteria:a,criteria:b\nx,1,\ny,2,3\n").find("data: "), std::string::npos);
  EXPECT_NE(
      refusal("alternative,criteria:a\nx,1e-300\ny,2e-300\n", "criterion,ideal\na,1\n")
          .find("ideal or anti_ideal of a is 1, but must be within 1e+100 times what figures are divided by"),
      std::string::npos);
  EXPECT_EQ(cells(of("alternative,criteria:a\nx,5e-324\ny,1e-323\n", "", "", {{"normalisation", "range"}}),
                  "ranking", {"closeness"}),
            (texts{"0", "1"}));
  EXPECT_EQ(refusal("alternative,criteria:a\n"),
            "too_few: decision.topsis: the table alternatives has no rows; at least 1 is needed");
  // Ideals that run against the direction.
  EXPECT_EQ(refusal("alternative,criteria:a\nx,3\n", "criterion,ideal,anti_ideal\na,1,5\n"),
            "data: decision.topsis: ideal of a is 1, but must be >= anti_ideal, which is 5, since the "
            "criterion is a "
            "benefit");
  EXPECT_EQ(refusal("alternative,criteria:a\nx,1\ny,3\n", "criterion,ideal,anti_ideal\na,2,0\n"),
            "data: decision.topsis: ideal of a is 2, but must be >= 3, a figure of the alternatives");
  EXPECT_EQ(refusal("alternative,criteria:a\nx,1\ny,3\n", "criterion,direction,anti_ideal\na,cost,2\n"),
            "data: decision.topsis: anti_ideal of a is 2, but must be >= 3, a figure of the alternatives");
  EXPECT_EQ(refusal("alternative,criteria:a\nx,3\ny,4\n", "criterion,direction,ideal\na,cost,7\n"),
            "data: decision.topsis: ideal of a is 7, but must be <= anti_ideal, which is 4 of the "
            "alternatives, since "
            "the criterion is a cost");
  // The ends of the domain.
  for (const std::string how : {"vector", "range", "none"}) {
    const result made = of("alternative,criteria:a,criteria:b\nx,1e100,1\ny,-1e100,2\nz,1e-300,3\n", "", "",
                           {{"normalisation", how}});
    for (const double one : numbers(made, "ranking", "closeness"))
      EXPECT_TRUE(one >= 0.0 && one <= 1.0) << how;
    EXPECT_EQ(cells(made, "sensitivity", {"criterion"}).size(), 2U);
  }
}

TEST(topsis, one_criterion_has_nothing_to_move_against) {
  EXPECT_EQ(cells(of("alternative,criteria:a\nx,1\ny,2\n"), "sensitivity", {"first", "weight", "change"}),
            texts{"y 1 -"});
  EXPECT_EQ(
      cells(of("alternative,criteria:a,criteria:b\nx,1,1\ny,2,0.5\n", "", "criterion,weight\na,1\nb,0\n"),
            "sensitivity", {"criterion", "weight", "change"}),
      (texts{"a 1 -", "b 0 0.5"}));
}

} // namespace
} // namespace topsis_test
