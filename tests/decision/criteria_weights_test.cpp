// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_bin_float.hpp>

#include <emptor/decision/criteria_weights_entry.hpp>

#include "decision/criteria_rows.hpp"
#include "support/refusal.hpp"

namespace criteria_weights_test {
namespace {

using namespace emptor;
using criteria_rows::numbers;
using finished::cells;
using digits = boost::multiprecision::cpp_bin_float_50;
using texts = std::vector<std::string>;

const entry& what = decision::criteria_weights_entry;

result of(const std::string& alternatives, const std::vector<option>& options = {},
          const std::string& criteria = "", const std::string& weights = "") {
  std::vector<criteria_rows::pushed> tables{{"alternatives", alternatives}};
  if (!criteria.empty())
    tables.push_back({"criteria", criteria});
  if (!weights.empty())
    tables.push_back({"weights", weights});
  return criteria_rows::finished(what, tables, options);
}
std::string refusal(const std::string& alternatives, const std::vector<option>& options = {},
                    const std::string& criteria = "", const std::string& weights = "") {
  std::string text;
  const status code = test::code_of([&] { return of(alternatives, options, criteria, weights); }, &text);
  return std::string(name(code)) + ": " + text;
}

const std::string suppliers = "alternative,criteria:price,criteria:quality,criteria:delivery\n"
                              "Hai,50,8,12\nJiang,40,6,9\nShan,65,9,20\nYun,45,7,6\n";
const std::string costs = "criterion,direction\nprice,cost\ndelivery,cost\n";

TEST(criteria_weights, the_worked_examples) {
  EXPECT_EQ(criteria_rows::differences_of_example(what, 0), "");
  EXPECT_EQ(criteria_rows::differences_of_example(what, 1), "");
}

void expect_weights(const result& is, const std::vector<double>& wanted) {
  const std::vector<double> weights = numbers(is, "weights", "weight");
  ASSERT_EQ(weights.size(), wanted.size());
  for (std::size_t i = 0; i < wanted.size(); ++i)
    EXPECT_NEAR(weights[i], wanted[i], 1e-14);
}

// Apart from this library, with 40 digits.
TEST(criteria_weights, methods_and_normalisations) {
  expect_weights(of(suppliers, {{"method", "standard_deviation"}}, costs),
                 {0.332748659342446891, 0.334290265934811733, 0.332961074722741376});
  expect_weights(of(suppliers, {{"normalisation", "range"}}, costs),
                 {0.313916014084459311, 0.309847139939367398, 0.37623684597617329});
  expect_weights(of(suppliers, {{"normalisation", "range"}, {"shift", "0.01"}}, costs),
                 {0.314168583852738309, 0.310261170713710825, 0.375570245433550866});
  expect_weights(of(suppliers, {{"method", "equal"}}), {1.0 / 3, 1.0 / 3, 1.0 / 3});
  const result critic = of(suppliers, {{"method", "critic"}}, costs);
  EXPECT_EQ(cells(critic, "correlations", {"criterion", "other"})[0], "delivery price");
  EXPECT_NEAR(numbers(critic, "correlations", "correlation")[0], 0.922622093326187404, 1e-15);
  EXPECT_NEAR(numbers(critic, "correlations", "correlation")[1], -0.83624777717347997, 1e-15);
}

TEST(criteria_weights, entropy_of_figures_almost_alike_keeps_its_digits) {
  for (const double off : {1e-3, 1e-6, 1e-9}) {
    const std::vector<double> figures{1.0, 1.0 + off, 1.0 - off / 2, 1.0};
    digits sum = 0;
    for (const double one : figures)
      sum += one;
    digits entropy = 0;
    for (const double one : figures)
      entropy -= one / sum * log(one / sum);
    const digits divergence = 1 - entropy / log(digits(4));
    EXPECT_NEAR(stats::entropy_divergence(figures) / static_cast<double>(divergence), 1.0, 3e-15 / off)
        << off;
  }
  EXPECT_NEAR(stats::entropy_divergence(std::vector<double>{0.0, 0.0, 5.0}), 1.0, 1e-15);
  EXPECT_NEAR(stats::entropy_divergence(std::vector<double>{1e-300, 1e100, 1e-100}), 1.0, 1e-15);
  EXPECT_EQ(stats::entropy_divergence(std::vector<double>{3.0, 3.0, 3.0}), 0.0);
}

TEST(criteria_weights, zeros_count_and_negative_figures_are_refused_unless_said_otherwise) {
  const std::string zero = "alternative,criteria:a,criteria:b\nx,0,1\ny,1,1.5\n";
  EXPECT_NEAR(numbers(of(zero), "criteria", "divergence")[0], 1.0, 1e-15);
  const std::string below = "alternative,criteria:a,criteria:b\nx,-2,1\ny,1,2\n";
  EXPECT_NE(refusal(below).find(
                "data: decision.criteria_weights: criteria:a of x is -2, but must be >= 0 for entropy"),
            std::string::npos);
  EXPECT_EQ(refusal(below, {{"shift", "2"}}), "ok: ");
  EXPECT_EQ(refusal(below, {{"normalisation", "range"}}), "ok: ");
  EXPECT_EQ(refusal(below, {{"method", "standard_deviation"}}), "ok: ");
}

TEST(criteria_weights, constant_criteria) {
  const std::string rows = "alternative,criteria:a,criteria:same,criteria:b\nx,1,7,5\ny,2,7,1\nz,4,7,3\n";
  for (const std::string method : {"entropy", "critic", "standard_deviation"}) {
    EXPECT_NE(refusal(rows, {{"method", method}})
                  .find("data: decision.criteria_weights: criteria:same is 7 of every alternative"),
              std::string::npos);
    const result made = of(rows, {{"method", method}, {"constant", "zero_weight"}});
    EXPECT_EQ(numbers(made, "weights", "weight")[2], 0.0) << method;
    EXPECT_NEAR(numbers(made, "weights", "weight")[0] + numbers(made, "weights", "weight")[1], 1.0, 1e-15);
  }
  EXPECT_NE(refusal("alternative,criteria:a\nx,1\ny,1\n", {{"constant", "zero_weight"}})
                .find("no criterion tells alternatives apart"),
            std::string::npos);
  EXPECT_EQ(numbers(of(rows, {{"method", "equal"}}), "weights", "weight")[2], 1.0 / 3);
}

TEST(criteria_weights, those_that_say_the_same_share_their_weight) {
  // b is a in other units, c another thing.
  const std::string rows = "alternative,criteria:a,criteria:b,criteria:c\nx,1,10,5\ny,2,20,1\nz,4,40,3\n";
  const result made = of(rows, {{"method", "critic"}});
  EXPECT_EQ(cells(made, "correlations", {"correlation"})[0], "1");
  EXPECT_NEAR(numbers(made, "weights", "weight")[0], numbers(made, "weights", "weight")[1], 1e-15);
  EXPECT_NE(refusal("alternative,criteria:a,criteria:b\nx,1,10\ny,2,20\nz,4,40\n", {{"method", "critic"}})
                .find("all criteria say the same"),
            std::string::npos);
  EXPECT_EQ(cells(of("alternative,criteria:a\nx,1\ny,2\n", {{"method", "critic"}}), "weights", {"weight"}),
            texts{"1"});
}

TEST(criteria_weights, the_order_of_rows_does_not_matter) {
  const std::string turned = "criteria:delivery,alternative,criteria:quality,criteria:price\n"
                             "6,Yun,7,45\n20,Shan,9,65\n12,Hai,8,50\n9,Jiang,6,40\n";
  EXPECT_EQ(of(turned, {{"method", "critic"}}, costs).tables,
            of(suppliers, {{"method", "critic"}}, costs).tables);
}

TEST(criteria_weights, bad_input_is_refused_by_name) {
  EXPECT_NE(refusal(suppliers + "Hai,1,2,3\n").find("alternative Hai is in the table alternatives twice"),
            std::string::npos);
  EXPECT_NE(refusal(suppliers, {}, "criterion,direction\npric,cost\n")
                .find("data: decision.criteria_weights: there is no criterion pric; did you mean price?"),
            std::string::npos);
  EXPECT_NE(refusal(suppliers, {}, costs + "price,benefit\n")
                .find("criterion price is in the table criteria twice"),
            std::string::npos);
  EXPECT_NE(refusal(suppliers, {{"combination", "product"}}).find("schema: "), std::string::npos);
  EXPECT_NE(refusal(suppliers, {{"combination", "product"}}, "", "criterion,weight\nprice,1\n")
                .find("weight of criterion delivery is not in the table weights"),
            std::string::npos);
  EXPECT_NE(refusal(suppliers, {}, "", "criterion,weight\nprice,0\nquality,0\ndelivery,0\n")
                .find("sum of the weights is 0, but must be > 0"),
            std::string::npos);
  EXPECT_NE(refusal("alternative,criteria:a\nx,1\n").find("too_few: "), std::string::npos);
  EXPECT_NE(refusal("alternative,criteria:a\nx,1e101\n").find("criteria:a"), std::string::npos);
  EXPECT_NE(refusal("alternative,criteria:a,criteria:b\nx,1,\ny,2,3\n").find("b"), std::string::npos);
  EXPECT_EQ(refusal("alternative,criteria:a\n"),
            "too_few: decision.criteria_weights: the table alternatives has no rows; at least 2 are needed");
  EXPECT_EQ(refusal("alternative,criteria:a\nx,1e100\ny,-1e100\n", {{"method", "standard_deviation"}}),
            "ok: ");
}

} // namespace
} // namespace criteria_weights_test
