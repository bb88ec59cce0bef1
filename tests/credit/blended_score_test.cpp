// SPDX-License-Identifier: BSL-1.0
#include <emptor/credit/blended_score.hpp>

#include <algorithm>
#include <cmath>
#include <string>
#include <vector>

#include <boost/multiprecision/cpp_dec_float.hpp>
#include <gtest/gtest.h>

#include <emptor/core/random.hpp>

#include "support/refusal.hpp"
#include "support/scored_csv.hpp"

namespace emptor::credit::blended_score_test {
namespace {

using test::code_of;
using digits = boost::multiprecision::cpp_dec_float_50;
using lines = std::vector<std::string>;

const std::string header = "expert,statistical,experience,expert_experience,statistical_error,expert_error\n";

std::string scored(const std::string& rows, const lines& only, const test::csv_options& options) {
  return test::scored(blended_score_name, header + rows, only, options);
}
std::vector<double> numbers(const std::string& line) {
  std::vector<double> made;
  for (std::size_t first = 0; first < line.size();) {
    const std::size_t comma = std::min(line.find(',', first), line.size());
    if (const auto one = parse_number(line.substr(first, comma - first)))
      made.push_back(*one);
    first = comma + 1;
  }
  return made;
}

TEST(blended_score, weights_agree_with_50_digits_and_add_up) {
  for (std::size_t i = 0; i < 2000; ++i) {
    random_stream draw(41, 0, i);
    const double n = std::ldexp(draw.uniform(), static_cast<int>(draw.below(50)));
    const double k = std::ldexp(0.5 + draw.uniform(), static_cast<int>(draw.below(40)) - 10);
    const blend_weights of = credibility_weights(n, k);
    const digits exact = digits(n) / (digits(n) + digits(k));
    EXPECT_LE(abs(digits(of.statistical) - exact), exact * digits(3e-16));
    EXPECT_LE(abs(digits(of.expert) - (1 - exact)), (1 - exact) * digits(3e-16));
    const blend_weights sharp = precision_weights(n + 1e-9, k);
    const digits s = digits(n + 1e-9) * digits(n + 1e-9);
    const digits e = digits(k) * digits(k);
    EXPECT_LE(abs(digits(sharp.statistical) - e / (e + s)), e / (e + s) * digits(1e-15));
    EXPECT_LE(abs(digits(sharp.expert) - s / (e + s)), s / (e + s) * digits(1e-15));
    EXPECT_NEAR(sharp.statistical + sharp.expert, 1.0, 3e-16);
  }
  EXPECT_EQ(precision_weights(1e-150, 1e150).statistical, 1.0);
  EXPECT_EQ(precision_weights(1e150, 1e-150).expert, 1.0);
}

TEST(blended_score, from_the_expert_alone_to_the_statistics) {
  double last = 60.0;
  for (const double n : {0.0, 1.0, 10.0, 50.0, 1e3, 1e6, 1e15}) {
    const double blended =
        numbers(scored("60,80," + to_text(n) + ",,,\n", {"blended"}, {{"expert_experience", "50"}}))[0];
    EXPECT_GE(blended, last);
    EXPECT_LE(blended, 80.0);
    last = blended;
  }
  EXPECT_NEAR(last, 80.0, 1e-10);
  EXPECT_EQ(scored("60,80,50,,,\n", {"blended", "statistical_weight"}, {{"expert_experience", "50"}}),
            "70,0.5,ok\n");
}

// A beta distribution of 8 in 40 and 3 defaults of 20 more: 11 of 60.
TEST(blended_score, linear_credibility_is_the_posterior_mean_of_a_beta) {
  const double blended = numbers(scored("0.2,0.15,20,40,,\n", {"blended"}, {}))[0];
  EXPECT_NEAR(blended, 11.0 / 60.0, 1e-16);
}

TEST(blended_score, log_odds_are_pooled) {
  for (std::size_t i = 0; i < 100; ++i) {
    random_stream draw(42, 0, i);
    const double expert = draw.uniform();
    const double statistical = draw.uniform();
    const double n = std::floor(100.0 * draw.uniform());
    const std::string row = to_text(expert) + "," + to_text(statistical) + "," + to_text(n) + ",25,,\n";
    const auto seen = numbers(
        scored(row, {"blended", "log_odds", "statistical_part", "expert_part"}, {{"scale", "log_odds"}}));
    const auto log_odds = [](double p) { return digits(log(digits(p) / (1 - digits(p)))); };
    const digits exact = (digits(n) * log_odds(statistical) + 25 * log_odds(expert)) / (digits(n) + 25);
    EXPECT_NEAR(seen[1], static_cast<double>(exact), 2e-14);
    EXPECT_NEAR(seen[0], static_cast<double>(1 / (1 + exp(-exact))), 1e-14);
    EXPECT_EQ(seen[2] + seen[3], seen[1]);
    EXPECT_GE(seen[0], std::min(expert, statistical) * (1.0 - 1e-14));
    EXPECT_LE(seen[0], std::max(expert, statistical) * (1.0 + 1e-14));
  }
}

TEST(blended_score, precision_weighs_by_errors) {
  // 1 / 2^2 and 1 / 4^2: 0.8 and 0.2; together 1 / sqrt(0.3125).
  const auto seen = numbers(scored("60,80,,,2,4\n", {"blended", "expert_weight", "error", "difference"},
                                   {{"method", "precision"}}));
  EXPECT_NEAR(seen[0], 76.0, 1e-13);
  EXPECT_NEAR(seen[1], 0.2, 1e-16);
  EXPECT_NEAR(seen[2], 1.0 / std::sqrt(0.3125), 1e-15);
  EXPECT_EQ(seen[3], 20.0);
  EXPECT_EQ(scored("60,80,,,1e150,1e-150\n60,80,,,1e-150,1e150\n", {"blended"}, {{"method", "precision"}}),
            "60,ok\n80,ok\n");
}

TEST(blended_score, what_is_missing_is_told) {
  const test::csv_options by{{"expert_experience", "50"}};
  const lines columns{"blended", "statistical_weight", "basis"};
  EXPECT_EQ(scored(",,5,,,\n60,,,,,\n,80,,,,\n60,80,,,,\n60,80,-1,,,\n60,80,5,0,,\n", columns, by),
            ",,,missing\n60,0,expert_only,ok\n80,1,statistical_only,ok\n,,,missing\n,,,out_of_domain\n"
            ",,,out_of_domain\n");
  const test::csv_options precise{{"method", "precision"}};
  EXPECT_EQ(scored("60,80,,,1,\n60,80,,,,1\n60,,,,,\n60,80,,,0,1\n", columns, precise),
            ",,,missing\n,,,missing\n60,0,expert_only,ok\n,,,out_of_domain\n");
  const test::csv_options odds{{"scale", "log_odds"}, {"expert_experience", "50"}};
  EXPECT_EQ(scored("0,0.5,5,,,\n0.5,1,5,,,\n60,,,,,\n0.25,,,,,\n", columns, odds),
            ",,,out_of_domain\n,,,out_of_domain\n,,,out_of_domain\n0.25,0,expert_only,ok\n");
  // A kind without k of its own, and no option.
  EXPECT_EQ(scored("60,80,5,5,,\n60,80,5,,,\n", columns, {}), "70,0.5,both,ok\n,,,missing\n");
}

TEST(blended_score, strict_mode_names_the_column_at_fault) {
  const std::string head = "expert,statistical,experience,expert_experience,statistical_error,expert_error\n";
  const auto says = [&](const std::string& row, const test::csv_options& with) {
    return test::strict_refusal(blended_score_name, head + "60,80,5,5,1,1\n" + row, with);
  };
  EXPECT_EQ(says(",,5,5,1,1\n", {}),
            "credit.blended_score: statistical[1] is missing, but must be there, or the expert's score");
  EXPECT_EQ(says("60,80,,5,1,1\n", {}),
            "credit.blended_score: experience[1] is missing, but must be there where both scores are");
  EXPECT_EQ(says("60,80,5,,1,1\n", {}), "credit.blended_score: expert_experience[1] is missing, but must be "
                                        "there where both scores are, or the "
                                        "option of that name");
  EXPECT_EQ(says("60,80,5,5,1,\n", {{"method", "precision"}}),
            "credit.blended_score: expert_error[1] is missing, but must be there where both scores are");
  // What the other method reads refuses no row.
  EXPECT_EQ(scored("60,80,5,5,-1,-1\n", {"blended"}, {}), "70,ok\n");
  EXPECT_EQ(scored("60,80,-5,-5,1,1\n", {"blended"}, {{"method", "precision"}}), "70,ok\n");
  EXPECT_EQ(test::strict_refusal(blended_score_name, "expert,statistical,experience\n0.5,1,5\n",
                                 {{"scale", "log_odds"}, {"expert_experience", "50"}}),
            "credit.blended_score: statistical[0] is 1, but must be above 0 and below 1 on scale log_odds");
}

TEST(blended_score, a_method_needs_its_columns) {
  std::string text;
  const auto refused = [&](const std::string& rows, const test::csv_options& options) {
    return code_of([&] { return test::scored(blended_score_name, rows, {}, options); }, &text);
  };
  EXPECT_EQ(refused("expert,statistical\n1,1\n", {}), status::schema);
  EXPECT_EQ(text, "credit.blended_score: method credibility needs the column experience");
  EXPECT_EQ(refused("expert,statistical,experience\n1,1,1\n", {}), status::option);
  EXPECT_EQ(refused("expert,statistical,expert_error\n1,1,1\n", {{"method", "precision"}}), status::schema);
  EXPECT_EQ(text, "credit.blended_score: method precision needs the column statistical_error");
  EXPECT_EQ(refused("statistical,experience\n1,1\n", {{"expert_experience", "1"}}), status::schema);
  EXPECT_EQ(refused("expert,statistical,experience\n1,1,1\n", {{"expert_experience", "0"}}), status::option);
}

TEST(blended_score, large_numbers_do_not_run_over) {
  EXPECT_EQ(scored("-1e300,1e300,1e15,1e15,,\n", {"blended", "difference"}, {}), "0,2e+300,ok\n");
}

} // namespace
} // namespace emptor::credit::blended_score_test
