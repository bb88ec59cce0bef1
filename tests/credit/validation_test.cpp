// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <atomic>
#include <cmath>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/credit/validation_entry.hpp>

#include "credit/outcomes_example.hpp"
#include "support/random.hpp"
#include "support/refusal.hpp"

namespace emptor::credit::validation_test {
namespace {

using options = std::vector<option>;
using texts = std::vector<std::string>;
using outcomes_example::store_of;
using test::code_of;
using test::draws;

result tables_of(const stats::outcomes& from, const options& with) {
  return finished::of(validation_entry, from, with);
}
/// A column of a measure, of all rows or of a slice.
std::string measure(const result& of, const std::string& which, const std::string& column = "value",
                    const std::string& slice = "-") {
  const table& all = finished::table_of(of, "measures");
  for (std::int64_t row = 0; row < all.rows(); ++row) {
    if (finished::shown(all.at("measure"), row) == which && finished::shown(all.at("slice"), row) == slice)
      return finished::shown(all.at(column), row);
  }
  return "not there";
}

TEST(validation, the_worked_example) {
  EXPECT_EQ(outcomes_example::differences(validation_entry), "");
}

/// Five grades as rows, with the figures of reference/credit.md 2.7.
std::string five_grades() {
  const int rows[] = {47, 95, 68, 53, 37};
  const int events[] = {3, 20, 17, 24, 28};
  const char* const probability[] = {"0.0307", "0.1161", "0.2907", "0.5514", "0.7648"};
  std::string csv = "outcome,characteristics:pd,categories:grade\n";
  for (int g = 0; g < 5; ++g) {
    for (int i = 0; i < rows[g]; ++i)
      csv += std::string(i < events[g] ? "1," : "0,") + probability[g] + ",G" + std::to_string(g + 1) + "\n";
  }
  return csv;
}

TEST(validation, five_grades) {
  const result made = tables_of(store_of(five_grades()), {{"probability", "pd"}, {"grade", "grade"}});
  EXPECT_NEAR(std::stod(measure(made, "hosmer_lemeshow_p")), 0.0271, 5e-5);
  EXPECT_EQ(measure(made, "hosmer_lemeshow_p", "verdict"), "fail");
  EXPECT_NEAR(std::stod(measure(made, "portfolio_p")), 0.3889, 5e-5);
  EXPECT_EQ(measure(made, "portfolio_p", "verdict"), "pass");
  const table& grades = finished::table_of(made, "grades");
  const double binomial[] = {0.174783, 0.005880, 0.807321, 0.942668, 0.632968};
  const double jeffreys[] = {0.101673, 0.003970, 0.767354, 0.925093, 0.559331};
  for (std::size_t g = 0; g < 5; ++g) {
    EXPECT_NEAR(grades.at("binomial_p").as<double>()[g], binomial[g], 5e-7);
    EXPECT_NEAR(grades.at("jeffreys_p").as<double>()[g], jeffreys[g], 5e-7);
  }
  EXPECT_EQ(finished::cells(made, "grades", {"grade", "rows", "light"}),
            (texts{"G1 47 green", "G2 95 yellow", "G3 68 green", "G4 53 green", "G5 37 green"}));
  EXPECT_EQ(measure(made, "within_groups"), "0");
  const result fitted =
      tables_of(store_of(five_grades()), {{"probability", "pd"}, {"grade", "grade"}, {"fitted", "true"}});
  EXPECT_NEAR(std::stod(measure(fitted, "hosmer_lemeshow_p")),
              stats::chi_squared_tail(std::stod(measure(made, "hosmer_lemeshow")), 3.0), 1e-14);
}

TEST(validation, orientation_turns_the_score_and_nothing_else) {
  const stats::outcomes store = store_of("outcome,characteristics:s,characteristics:risk\n"
                                         "0,9,-9\n0,8,-8\n1,7,-7\n0,6,-6\n1,5,-5\n1,4,-4\n");
  const result better = tables_of(store, {{"score", "s"}});
  const result riskier = tables_of(store, {{"score", "risk"}, {"orientation", "higher_is_riskier"}});
  const result wrong = tables_of(store, {{"score", "risk"}});
  for (const char* const one : {"auc", "gini", "ks", "signed_ks"})
    EXPECT_EQ(measure(better, one), measure(riskier, one));
  EXPECT_EQ(measure(better, "ks_score"), "5");
  EXPECT_EQ(measure(riskier, "ks_score"), "-5");
  EXPECT_NEAR(std::stod(measure(better, "auc")) + std::stod(measure(wrong, "auc")), 1.0, 1e-15);
  EXPECT_LT(std::stod(measure(wrong, "signed_ks")), 0.0);
  EXPECT_EQ(measure(wrong, "auc", "verdict"), "fail");
  EXPECT_EQ(measure(better, "ks", "verdict"), "-");
  EXPECT_EQ(measure(tables_of(store, {{"score", "s"}, {"least_ks", "0.5"}}), "ks", "verdict"), "pass");
}

TEST(validation, without_an_answer_a_row_says_why) {
  const auto state = [](const std::string& csv, const std::string& which, const options& with) {
    const result made = tables_of(store_of(csv), with);
    return measure(made, which) + " " + measure(made, which, "state") + " " + measure(made, which, "verdict");
  };
  const std::string head = "outcome,characteristics:s,characteristics:pd\n";
  const options score{{"score", "s"}};
  const options both{{"score", "s"}, {"probability", "pd"}};
  EXPECT_EQ(state(head + "0,1,0.1\n0,2,0.2\n", "auc", score), "- no_events -");
  EXPECT_EQ(state(head + "1,1,0.1\n1,2,0.2\n", "ks", score), "- no_non_events -");
  EXPECT_EQ(state(head + "1,1,0.1\n0,1,0.2\n", "auc", score), "0.5 all_tied fail");
  EXPECT_EQ(state(head + "1,,\n0,,\n", "auc", score), "- no_rows -");
  EXPECT_EQ(state(head + ",1,0.1\n,2,0.2\n", "gini", score), "- no_rows -");
  EXPECT_EQ(state(head, "auc", score).substr(0, 9), "- no_rows");
  EXPECT_EQ(state(head + "1,1,0\n0,2,0.2\n", "log_loss", both), "- certain -");
  EXPECT_EQ(state(head + "1,1,0.9\n0,2,0\n", "calibration_slope", both), "- certain -");
  EXPECT_EQ(state(head + "1,1,0.9\n0,2,0.1\n", "calibration_slope", both), "- separated -");
  EXPECT_EQ(state(head + "1,1,0.5\n0,2,0.5\n", "spiegelhalter_z", both), "- no_spread -");
  EXPECT_EQ(state(head + "1,1,\n0,2,\n", "brier_score", both), "- no_rows -");
  EXPECT_EQ(state(head + "1,1,\n0,2,\n", "hosmer_lemeshow", both), "- no_rows -");
  EXPECT_EQ(state(head + "1,1,0.3\n0,2,0.2\n", "hosmer_lemeshow",
                  {{"score", "s"}, {"probability", "pd"}, {"fitted", "true"}}),
            "- too_few_groups -");
  EXPECT_EQ(state(head + "0,1,0.1\n0,2,0.2\n", "brier_skill", both), "- no_events -");
  EXPECT_EQ(measure(tables_of(stats::outcomes(), both), "auc", "state"), "no_rows")
      << "nothing was pushed at all";
  EXPECT_EQ(measure(tables_of(store_of(head + ",1,0.1\n1,,0.2\n0,2,\n1,3,0.4\n"), both), "without_outcome"),
            "1");
  const result made = tables_of(store_of(head + ",1,0.1\n1,,0.2\n0,2,\n1,3,0.4\n"), both);
  EXPECT_EQ(measure(made, "without_score"), "1");
  EXPECT_EQ(measure(made, "without_probability"), "1");
  EXPECT_EQ(measure(made, "rows"), "2");
  const result twice =
      tables_of(store_of(head + "1,1,0.2\n0,2,0.1\n"), {{"score", "s"}, {"second_score", "s"}});
  EXPECT_EQ(finished::cells(twice, "comparison", {"difference", "z", "state"}), texts{"0 - no_spread"});
}

TEST(validation, refusals) {
  const stats::outcomes store = store_of("row,outcome,characteristics:s,categories:c,characteristics:pd\n"
                                         "a,1,3,x,1.5\nb,0,4,y,0.5\n");
  const auto refused = [&](const options& with, status code) {
    std::string text;
    EXPECT_EQ(code_of([&] { return tables_of(store, with); }, &text), code);
    return text;
  };
  EXPECT_EQ(refused({}, status::option), "credit.validation: option score or probability is needed");
  EXPECT_NE(refused({{"score", "S1"}}, status::schema).find("S1"), std::string::npos);
  refused({{"score", "c"}}, status::schema);
  refused({{"score", "s"}, {"slice", "no"}}, status::unknown_name);
  refused({{"score", "s"}, {"grade", "c"}}, status::option);
  refused({{"probability", "s"}, {"second_score", "s"}}, status::option);
  refused({{"score", "s"}, {"confidence", "1"}}, status::option);
  refused({{"score", "s"}, {"groups", "100000000"}}, status::option);
  refused({{"score", "s"}, {"yellow", "0.99"}, {"red", "0.9"}}, status::option);
  EXPECT_EQ(refused({{"probability", "pd"}}, status::data),
            "credit.validation: pd of a is 1.5, but must be in [0, 1]");
  std::string text;
  EXPECT_EQ(code_of(
                [] {
                  return tables_of(store_of("outcome,characteristics:s\n2,1\n"), {{"score", "s"}});
                },
                &text),
            status::data);
  EXPECT_EQ(text,
            "credit.validation: outcome[0] is 2, but must be 1 where the event came and 0 where it did not");
  std::atomic<int> cancel{1};
  run how;
  how.cancel = &cancel;
  EXPECT_EQ(code_of([&] {
              return validation_entry.finish(
                  {.from = &store,
                   .options = {validation_name, validation_options, std::vector<option>{{"score", "s"}}},
                   .slots = {},
                   .keys = {},
                   .how = how});
            }),
            status::cancelled);
}

/// Rows with a score, a probability, a weight and a slice.
std::string many_rows(std::uint64_t seed, int count, int slices, bool weighted) {
  draws draw(seed);
  std::string csv =
      "row,outcome,slice,weight,characteristics:s,characteristics:t,characteristics:pd,categories:g\n";
  for (int i = 0; i < count; ++i) {
    const std::uint64_t level = 1 + draw.below(49);
    csv += "r" + std::to_string(i) + "," + (draw.below(50) < level ? "1" : "0") + ",s" +
           std::to_string(draw.below(static_cast<std::uint64_t>(slices))) + "," +
           (weighted ? to_text(0.25 * static_cast<double>(1 + draw.below(9))) : "") + "," +
           std::to_string(50 - level) + "," + std::to_string(60 - level + draw.below(20)) + "," +
           to_text(static_cast<double>(level) / 50.0) + ",g" + std::to_string(level / 10) + "\n";
  }
  return csv;
}

TEST(validation, slices_equal_their_rows_alone_and_pushes_in_any_order) {
  for (const bool weighted : {false, true}) {
    const std::string csv = many_rows(3, 400, 3, weighted);
    const options with{
        {"score", "s"}, {"second_score", "t"}, {"probability", "pd"}, {"grade", "g"}, {"by", "slice"}};
    const stats::outcomes store = store_of(csv);
    const result made = tables_of(store, with);
    options alone = with;
    alone.back() = {"slice", "s1"};
    const result one = tables_of(store, alone);
    for (const char* const which : {"auc", "ks", "brier_score", "hosmer_lemeshow", "spiegelhalter_z",
                                    "calibration_slope", "reliability", "log_loss"}) {
      EXPECT_EQ(measure(made, which, "value", "s1"), measure(one, which)) << which;
      EXPECT_EQ(measure(made, which, "low", "s1"), measure(one, which, "low")) << which;
    }
    // The same rows in another order and in two pushes.
    std::vector<std::string> lines;
    std::string head;
    for (std::size_t at = 0; at < csv.size();) {
      const std::size_t end = csv.find('\n', at);
      (head.empty() ? head : lines.emplace_back()) = csv.substr(at, end - at + 1);
      at = end + 1;
    }
    draws(5).shuffle(lines);
    std::string first = head;
    std::string second = head;
    for (std::size_t i = 0; i < lines.size(); ++i)
      (i % 3 == 0 ? first : second) += lines[i];
    stats::outcomes other = store_of(first);
    other.merge(store_of(second));
    EXPECT_EQ(tables_of(other, with).tables, made.tables);
  }
}

TEST(validation, thousands_of_slices) {
  const result made =
      tables_of(store_of(many_rows(8, 3000, 1000, true)),
                {{"score", "s"}, {"probability", "pd"}, {"grade", "g"}, {"by", "slice"}, {"points", "3"}});
  EXPECT_GT(finished::table_of(made, "measures").rows(), 30 * 900);
}

TEST(validation, frequencies_count_as_rows) {
  const std::string csv =
      "row,characteristics:s,outcome,weight\na,1,1,3\nb,2,0,4\nc,3,1,1\nd,4,0,2\ne,5,,5\nf,,0,6\n";
  for (const auto& [weights, counts] : {std::pair<std::string, texts>{"sampling", {"4", "1", "1", "2"}},
                                        std::pair<std::string, texts>{"frequency", {"10", "5", "6", "4"}}}) {
    const result made = tables_of(store_of(csv), {{"score", "s"}, {"weights", weights}});
    EXPECT_EQ((texts{measure(made, "rows"), measure(made, "without_outcome"), measure(made, "without_score"),
                     measure(made, "events")}),
              counts)
        << weights;
  }
}

TEST(validation, weights_of_one_change_nothing) {
  const std::string csv = many_rows(3, 200, 3, false);
  std::string weighed;
  for (std::size_t at = 0; at < csv.size(); ++at)
    weighed += csv.compare(at, 2, ",,") == 0 ? ",1" : std::string(1, csv[at]);
  const options with{{"score", "s"}, {"probability", "pd"}};
  EXPECT_EQ(tables_of(store_of(csv), with).tables, tables_of(store_of(weighed), with).tables);
  options counted = with;
  counted.push_back({"weights", "frequency"});
  EXPECT_EQ(tables_of(store_of(csv), with).tables, tables_of(store_of(csv), counted).tables);
}

} // namespace
} // namespace emptor::credit::validation_test
