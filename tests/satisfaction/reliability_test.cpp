// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/satisfaction/reliability_entry.hpp>

#include "satisfaction/survey_run.hpp"
#include "support/places.hpp"
#include "support/refusal.hpp"

namespace emptor::satisfaction::reliability_test {
namespace {

using stats::survey;
using survey_run::answered;
using survey_run::number;
using survey_run::options;
using survey_run::survey_of;
using survey_run::whole;
using test::code_of;

result reliable(const survey& from, const options& with = {}) {
  return finished::of(reliability_entry, from, with);
}
bool has(const result& of, std::string_view table, std::string_view column, std::int64_t row = 0) {
  return finished::table_of(of, table).at(column).is_valid(row);
}
/// Items q0, q1, ... from columns.
survey items_of(const std::vector<std::vector<double>>& columns) {
  std::vector<answered> rows;
  for (std::size_t i = 0; i < columns[0].size(); ++i) {
    answered one{.respondent = "R" + std::to_string(i)};
    for (std::size_t c = 0; c < columns.size(); ++c) {
      if (!std::isnan(columns[c][i]))
        one.items["q" + std::to_string(c)] = columns[c][i];
    }
    rows.push_back(one);
  }
  return survey_of(rows);
}
const double nan = std::numeric_limits<double>::quiet_NaN();

TEST(reliability, worked_example) {
  EXPECT_EQ(survey_run::example_differences(reliability_entry, reliability_examples[0]), "");
}

// reference/satisfaction.md 2.1: seminr's alpha, which is the standardised one.
TEST(reliability, mobi) {
  const std::filesystem::path path = test::data_file("mobi.csv");
  if (!std::filesystem::exists(path))
    GTEST_SKIP() << "no " << path;
  std::ifstream file(path);
  std::string line;
  std::vector<std::string> names;
  std::vector<answered> rows;
  while (std::getline(file, line)) {
    std::istringstream cells(line);
    std::string cell;
    answered one{.respondent = std::to_string(rows.size() + 1)};
    for (std::size_t i = 0; std::getline(cells, cell, ','); ++i) {
      std::erase_if(cell, [](char c) { return c == '"' || c == '\r'; });
      if (rows.empty() && names.size() == i && !std::isdigit(static_cast<unsigned char>(cell[0])))
        names.push_back(cell);
      else
        one.items[names.at(i)] = std::stod(cell);
    }
    if (!one.items.empty())
      rows.push_back(one);
  }
  ASSERT_EQ(rows.size(), 250U);
  const survey store = survey_of(rows);
  const auto alpha = [&](const std::string& items) {
    return number(reliable(store, {{"items", items}}), "blocks", "standardised_alpha");
  };
  EXPECT_NEAR(alpha("IMAG1,IMAG2,IMAG3,IMAG4,IMAG5"), 0.722834595427083, 1e-12);
  EXPECT_NEAR(alpha("CUEX1,CUEX2,CUEX3"), 0.451902555978064, 1e-12);
  EXPECT_NEAR(alpha("PERQ1,PERQ2,PERQ3,PERQ4,PERQ5,PERQ6,PERQ7"), 0.877010245240235, 1e-12);
  EXPECT_NEAR(alpha("PERV1,PERV2"), 0.823631979352573, 1e-12);
  EXPECT_NEAR(alpha("CUSA1,CUSA2,CUSA3"), 0.779195021918597, 1e-12);
  EXPECT_NEAR(alpha("CUSL1,CUSL2,CUSL3"), 0.47239896289838, 1e-12);
  const result single = reliable(store, {{"items", "CUSCO"}});
  EXPECT_FALSE(has(single, "blocks", "alpha")); // seminr says 1
  EXPECT_EQ(finished::cells(single, "blocks", {"state", "used"}),
            std::vector<std::string>{"too_few_items 1"});
}

TEST(reliability, items_that_are_not_reversed_are_named) {
  const survey store =
      items_of({{1, 2, 3, 4, 5, 4}, {2, 2, 3, 5, 5, 4}, {5, 4, 3, 2, 1, 3}, {1, 3, 3, 4, 5, 5}});
  const result forgotten = reliable(store);
  EXPECT_EQ(finished::cells(forgotten, "items", {"item", "finding"}),
            (std::vector<std::string>{"q0 none", "q1 none", "q2 negative", "q3 none"}));
  EXPECT_EQ(whole(forgotten, "blocks", "negative"), 1);
  const result said = reliable(store, {{"reversed", "q2"}});
  EXPECT_EQ(whole(said, "blocks", "negative"), 0);
  EXPECT_GT(number(said, "blocks", "alpha"), 0.9);
  EXPECT_NEAR(number(said, "items", "mean", 2), 3.0, 1e-15); // as answered
  // All turned round measure the same.
  const result all = reliable(store, {{"reversed", "q0,q1,q3"}});
  EXPECT_EQ(number(all, "blocks", "alpha"), number(said, "blocks", "alpha"));
  EXPECT_EQ(code_of([&] { return reliable(store, {{"reversed", "q9"}}); }), status::unknown_name);
  EXPECT_EQ(code_of([&] {
              return reliable(store, {{"items", "q0,q1"}, {"reversed", "q2"}});
            }),
            status::unknown_name);
}

TEST(reliability, parallel_items_have_what_their_correlation_says) {
  // Four of eight points each, all correlations 0: alpha and omega are 0.
  const survey none =
      items_of({{1, 1, 1, 1, -1, -1, -1, -1}, {1, 1, -1, -1, 1, 1, -1, -1}, {1, -1, 1, -1, 1, -1, 1, -1}});
  EXPECT_NEAR(number(reliable(none), "blocks", "alpha"), 0.0, 1e-15);
  EXPECT_NEAR(number(reliable(none), "blocks", "omega"), 0.0, 1e-15);
  EXPECT_NEAR(number(reliable(none), "blocks", "lambda6"), 0.0, 1e-15);
  // The same answer to all: alpha 1, and none of the items tells anything that the others do not.
  const survey same = items_of({{1, 2, 3, 5}, {1, 2, 3, 5}, {1, 2, 3, 5}});
  EXPECT_NEAR(number(reliable(same), "blocks", "alpha"), 1.0, 1e-15);
  EXPECT_NEAR(number(reliable(same), "blocks", "mean_correlation"), 1.0, 1e-15);
  EXPECT_FALSE(has(reliable(same), "blocks", "lambda6"));
  // An item and its opposite: their sum does not vary.
  const result opposite = reliable(items_of({{1, 2, 3}, {3, 2, 1}}));
  EXPECT_FALSE(has(opposite, "blocks", "alpha"));
  EXPECT_EQ(whole(opposite, "blocks", "negative"), 2); // each goes against the other
  // Two items: alpha is negative where they contradict each other, and stays.
  EXPECT_LT(number(reliable(items_of({{1, 2, 3, 4}, {4, 3, 1, 1}})), "blocks", "alpha"), 0.0);
}

// Loadings of one factor come back from the correlations that they make.
TEST(reliability, omega_of_known_loadings) {
  const std::vector<double> wanted{0.9, 0.7, -0.5, 0.8, 0.3};
  square_matrix r(5);
  double sum = 0.0;
  double rest = 0.0;
  for (std::size_t i = 0; i < 5; ++i) {
    for (std::size_t j = 0; j < 5; ++j)
      r.set(i, j, i == j ? 1.0 : wanted[i] * wanted[j]);
    sum += wanted[i];
    rest += 1.0 - wanted[i] * wanted[i];
  }
  const one_factor found = fit_one_factor(r, run{});
  ASSERT_TRUE(found.converged);
  for (std::size_t i = 0; i < 5; ++i)
    EXPECT_NEAR(found.loadings[i], wanted[i], 1e-12);
  EXPECT_NEAR(omega_of(found), sum * sum / (sum * sum + rest), 1e-12);
}

// Feldt's interval: F with equal degrees is symmetric in its logarithm, and its 97.5 % point for 10 and 10 is 3.7168.
TEST(reliability, feldts_interval) {
  const stats::interval two = alpha_interval(0.5, 11.0, 2, 0.95);
  EXPECT_NEAR(two.low, 1.0 - 0.5 * 3.7168, 5e-5);
  EXPECT_NEAR((1.0 - two.low) * (1.0 - two.high), 0.25, 1e-12);
  EXPECT_TRUE(std::isnan(alpha_interval(0.5, 1.0, 2, 0.95).low));
}

TEST(reliability, constant_and_unanswered_items_do_not_count_and_are_named) {
  const result made =
      reliable(items_of({{1, 2, 3, 5}, {2, 2, 4, 5}, {3.3, 3.3, 3.3, 3.3}, {nan, nan, nan, 2}}));
  EXPECT_EQ(finished::cells(made, "items", {"item", "finding"}),
            (std::vector<std::string>{"q0 none", "q1 none", "q2 constant", "q3 unanswered"}));
  EXPECT_EQ(whole(made, "blocks", "used"), 2);
  EXPECT_EQ(number(made, "blocks", "alpha"),
            number(reliable(items_of({{1, 2, 3, 5}, {2, 2, 4, 5}})), "blocks", "alpha"));
  const result nothing = reliable(survey_of({{.respondent = "A", .items = {{"q", 99}, {"p", 99}}}}, "99"));
  EXPECT_EQ(finished::cells(nothing, "blocks", {"state", "used", "complete"}),
            std::vector<std::string>{"too_few_items 0 0"});
  EXPECT_FALSE(has(nothing, "items", "mean"));
}

TEST(reliability, pairs_and_cases) {
  const std::vector<std::vector<double>> columns{
      {1, 2, 3, 4, 5, nan}, {2, 1, 4, 3, nan, 5}, {1, 3, 2, nan, 5, 4}};
  const result cases = reliable(items_of(columns), {{"missing", "casewise"}});
  const result first_three = reliable(items_of({{1, 2, 3}, {2, 1, 4}, {1, 3, 2}}));
  EXPECT_EQ(number(cases, "blocks", "alpha"), number(first_three, "blocks", "alpha"));
  EXPECT_EQ(whole(cases, "blocks", "complete"), 3);
  EXPECT_NE(number(reliable(items_of(columns)), "blocks", "alpha"), number(cases, "blocks", "alpha"));
  // Two items that nobody answered both of.
  const result apart = reliable(items_of({{1, 2, nan, nan}, {nan, nan, 3, 4}}));
  EXPECT_EQ(finished::cells(apart, "blocks", {"state"}), std::vector<std::string>{"too_few_answers"});
  EXPECT_EQ(
      finished::cells(reliable(items_of({{1, 2, nan, nan}, {nan, nan, 3, 4}}), {{"missing", "casewise"}}),
                      "blocks", {"state", "complete"}),
      std::vector<std::string>{"too_few_answers 0"});
}

TEST(reliability, whole_weights_are_repetitions) {
  std::vector<answered> rows;
  std::vector<answered> repeated;
  test::draws draw(4);
  for (int i = 0; i < 20; ++i) {
    answered one{.respondent = std::to_string(i), .weight = static_cast<double>(1 + draw.below(3))};
    const auto base = static_cast<double>(draw.below(5));
    for (const char* const item : {"a", "b", "c"})
      one.items[item] = base + static_cast<double>(draw.below(3));
    rows.push_back(one);
    for (int k = 0; k < static_cast<int>(*one.weight); ++k) {
      repeated.push_back(one);
      repeated.back().respondent += "/" + std::to_string(k);
      repeated.back().weight.reset();
    }
  }
  const result weighed = reliable(survey_of(rows));
  const result plain = reliable(survey_of(repeated));
  for (const char* const name : {"alpha", "standardised_alpha", "omega", "lambda6", "mean_correlation"})
    EXPECT_NEAR(number(weighed, "blocks", name), number(plain, "blocks", name), 1e-12) << name;
  const result counted = reliable(survey_of(rows), {{"weight_meaning", "frequency"}});
  for (const char* const name : {"alpha", "alpha_low", "alpha_high"})
    EXPECT_NEAR(number(counted, "blocks", name), number(plain, "blocks", name), 1e-11) << name;
  EXPECT_NEAR(number(counted, "items", "deviation"), number(plain, "items", "deviation"), 1e-12);
}

TEST(reliability, scales_and_orders_do_not_matter) {
  const std::vector<std::vector<double>> columns{{1, 2, 3, 4, 5, 4}, {2, 1, 4, 3, 5, 3}, {3, 2, 2, 5, 4, 1}};
  std::vector<std::vector<double>> large = columns;
  for (double& one : large[1])
    one = 1e12 * one - 3e12;
  const double expected = number(reliable(items_of(columns)), "blocks", "standardised_alpha");
  EXPECT_NEAR(number(reliable(items_of(large)), "blocks", "standardised_alpha"), expected, 1e-12);
  const result turned = reliable(items_of({columns[2], columns[0], columns[1]}));
  EXPECT_NEAR(number(turned, "blocks", "alpha"), number(reliable(items_of(columns)), "blocks", "alpha"),
              1e-14);
}

TEST(reliability, tables_of_blocks) {
  const auto model_of = [](const std::string& rows) {
    model made;
    made.entry = "satisfaction.reliability";
    made.tables.push_back(test::typed_table(survey_run::described(reliability_model_tables[0]),
                                            "block,item,reversed\n" + rows));
    return made;
  };
  const survey store = items_of({{1, 2, 3, 4}, {2, 1, 4, 3}});
  const auto code = [&](const std::string& rows, const options& with = {}) {
    return code_of([&] {
      const model given = model_of(rows);
      return finished::of(reliability_entry, store, with, "blocks", &given);
    });
  };
  EXPECT_EQ(code("x,q0,\nx,q1,true\ny,q0,\n"), status::ok);
  EXPECT_EQ(code("x,q0,\nx,q0,\n"), status::data);
  EXPECT_EQ(code("x,q7,\n"), status::data);
  EXPECT_EQ(code(""), status::schema);
  EXPECT_EQ(code("x,q0,\n", {{"items", "q0"}}), status::option);
}

} // namespace
} // namespace emptor::satisfaction::reliability_test
