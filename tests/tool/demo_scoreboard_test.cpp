// SPDX-License-Identifier: BSL-1.0
// The figures of the scoreboard, on files small enough to check by hand.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <filesystem>
#include <map>

#include "shell.hpp"
#include "tool/demo/scoreboard.hpp"
#include "tool/failure.hpp"

namespace emptor::test::demo_scoreboard_test {
namespace {

using ::testing::HasSubstr;
using namespace tool::demo;

constexpr column_description made_columns[] = {{.name = "customer", .what = content::id},
                                               {.name = "orders", .unit = "orders"},
                                               {.name = "alive", .unit = "probability"}};
constexpr table_description outputs[] = {{.name = "made", .columns = made_columns}};
constexpr demo_shown shown[] = {{"made", "alive", "P(ALIVE)"}, {"made", "orders", "ORDERS", true}};

class DemoScoreboard : public ToolTest {
protected:
  void SetUp() override {
    std::filesystem::create_directories(path("results/a.run"));
    write("results/a.run/made.csv",
          "customer,orders,low,high,alive,balance\n"
          "A,2,1,3,0.9,10.00\nB,4,3,3.5,0.2,5.00\nC,6,5,7,0.6,0.10\nD,,,,,\nE,1,1,1,0.5,1.00\n");
    write("truth.csv",
          "customer,kind,orders,alive,balance\n"
          "A,good,1,true,10.00\nB,bad,4,false,5.01\nC,good,7,false,0.10\nD,good,9,true,\nF,bad,1,,2.00\n");
    write("results/a.run/parameters.csv", "parameter,value,standard_error\nr,1.5,0.25\nalpha,8,2\n");
    write("truth_orders.csv", "parameter,value\nr,1\nalpha,9\n");
  }
  std::vector<figure> figures_of(const demo_comparison& with, bool ranking = false) {
    feed_ = {.shown = ranking ? std::span<const demo_shown>(shown) : std::span<const demo_shown>{},
             .compared = {&with, 1}};
    described_ = {.name = "a.run", .what = verb::reduce, .outputs = outputs};
    step_ = {&described_, &feed_, "a.run"};
    const step* const steps[] = {&step_};
    result_files files(path("").string());
    top_ = top_customers_text(steps, files, 2);
    return compare_with_truth(steps, files);
  }
  static std::map<std::string, double> by_name(const std::vector<figure>& figures) {
    std::map<std::string, double> values;
    for (const figure& one : figures)
      values[one.estimate + " " + one.name] = one.value;
    return values;
  }
  std::string top_;

private:
  demo_feed feed_;
  entry_description described_;
  step step_;
};

TEST_F(DemoScoreboard, NumbersAreComparedWhereBothAreKnown) {
  const demo_comparison with{.how = demo_measure::number,
                             .table = "made",
                             .estimate = "orders",
                             .truth_table = "truth",
                             .truth = "orders",
                             .key = "customer",
                             .low = "low",
                             .high = "high"};
  auto values = by_name(figures_of(with));
  EXPECT_EQ(values["orders rows"], 3.0); // D has no estimate, E no truth, F no estimate
  EXPECT_EQ(values["orders sum"], 12.0);
  EXPECT_EQ(values["orders true_sum"], 12.0);
  EXPECT_EQ(values["orders ratio"], 1.0);
  EXPECT_TRUE(std::isnan(values["orders correlation"])) << "three rows say nothing of it";
  EXPECT_NEAR(values["orders in_interval"], 2.0 / 3.0, 1e-15);
  EXPECT_EQ(values.count("orders, good sum"), 0U);
  EXPECT_EQ(top_, "") << "nothing ranks";

  values = by_name(figures_of(with, true));
  EXPECT_EQ(values["orders, good sum"], 8.0);
  EXPECT_EQ(values["orders, bad rows"], 1.0);
  EXPECT_THAT(top_, HasSubstr("CUSTOMER  P(ALIVE)  ORDERS  TRUE KIND  STILL A CUSTOMER\n"));
  EXPECT_THAT(top_, HasSubstr("C         0.600     6.00    good       false\n"));
  EXPECT_THAT(top_, HasSubstr("B         0.200     4.00    bad        false\n"));
  EXPECT_EQ(top_.find("A      "), std::string::npos) << "only two were asked for";
}

TEST_F(DemoScoreboard, ACorrelationNeedsTenRows) {
  const demo_comparison with{demo_measure::number, "made", "orders", "truth", "orders", "customer"};
  const auto correlation = [&](int rows) {
    std::string estimates = "customer,orders\n";
    std::string truths = "customer,kind,orders,alive\n";
    for (int i = 0; i < rows; ++i) { // 0, 1, 0, 1, ... against 0, 1, 2, 3, ...
      estimates += "c" + std::to_string(i) + "," + std::to_string(i % 2) + "\n";
      truths += "c" + std::to_string(i) + ",good," + std::to_string(i) + ",true\n";
    }
    write("results/a.run/made.csv", estimates);
    write("truth.csv", truths);
    const std::vector<figure> figures = figures_of(with);
    EXPECT_EQ(figures_text(figures).find("nan"), std::string::npos);
    return by_name(figures)["orders correlation"];
  };
  // Sum of products of the deviations 5/2, of squares 5/2 and 165/2.
  EXPECT_NEAR(correlation(10), 2.5 / std::sqrt(2.5 * 82.5), 1e-15);
  EXPECT_TRUE(std::isnan(correlation(9)));
}

TEST_F(DemoScoreboard, ProbabilitiesAreHeldAgainstWhatCameTrue) {
  const demo_comparison with{demo_measure::probability, "made", "alive", "truth", "alive", "customer"};
  auto values = by_name(figures_of(with));
  EXPECT_EQ(values["alive rows"], 3.0);
  EXPECT_NEAR(values["alive mean"], 1.7 / 3.0, 1e-15);
  EXPECT_NEAR(values["alive true_share"], 1.0 / 3.0, 1e-15);
  EXPECT_EQ(values["alive above_half"], 2.0);
  EXPECT_EQ(values["alive above_half_true"], 0.5);
  EXPECT_NEAR(values["alive brier_score"], (0.01 + 0.04 + 0.36) / 3.0, 1e-15);
}

TEST_F(DemoScoreboard, ParametersAreSoManyStandardErrorsOff) {
  const demo_comparison with{.how = demo_measure::parameter,
                             .table = "parameters",
                             .estimate = "value",
                             .truth_table = "truth_orders",
                             .truth = "value",
                             .key = "parameter",
                             .standard_error = "standard_error"};
  const std::vector<figure> figures = figures_of(with);
  auto values = by_name(figures);
  EXPECT_EQ(values["r standard_errors_off"], 2.0);
  EXPECT_EQ(values["alpha standard_errors_off"], -0.5);
  const std::string text = figures_text(figures);
  EXPECT_THAT(text, HasSubstr("a.run  r         truth_orders.value  1.5000  1.0000      2.0\n"));
  EXPECT_THAT(text, HasSubstr("a.run  alpha     truth_orders.value  8.0000  9.0000      -0.5\n"));
}

TEST_F(DemoScoreboard, WhatMustBeEqualIsNotWhereACentOrARowIsMissing) {
  demo_comparison with{demo_measure::exact, "made", "balance", "truth", "balance", "customer"};
  std::vector<figure> figures = figures_of(with);
  auto values = by_name(figures);
  EXPECT_EQ(values["balance rows"], 5.0); // A, B, C, and E and F, which stand alone
  EXPECT_EQ(values["balance equal"], 2.0);
  EXPECT_FALSE(all_equal(figures));
  const table saved = figures_table(figures);
  EXPECT_EQ(saved.rows(), 2);

  write("results/a.run/made.csv", "customer,balance,orders,alive\nA,10.00,,\nB,5.01,,\nC,0.10,,\nF,2.00,,\n");
  figures = figures_of(with);
  EXPECT_EQ(by_name(figures)["balance equal"], 4.0);
  EXPECT_TRUE(all_equal(figures));
  // A customer who is there twice hides none who is not there.
  write("results/a.run/made.csv",
        "customer,balance,orders,alive\nA,10.00,,\nA,10.00,,\nC,0.10,,\nF,2.00,,\n");
  EXPECT_FALSE(all_equal(figures_of(with)));
  // Who owes nothing need not be there.
  write("results/a.run/made.csv", "customer,balance,orders,alive\nA,10.00,,\n");
  write("truth.csv", "customer,kind,balance\nA,good,10.00\nB,bad,0.00\n");
  figures = figures_of(with);
  EXPECT_EQ(by_name(figures)["balance rows"], 2.0);
  EXPECT_TRUE(all_equal(figures));
  with.truth = "sum";
  EXPECT_THROW((void)figures_of(with), tool::failure);
}

} // namespace
} // namespace emptor::test::demo_scoreboard_test
