// SPDX-License-Identifier: BSL-1.0
#include <atomic>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/stats/path_model_folds.hpp>
#include <emptor/stats/path_model_missing.hpp>

#include "support/refusal.hpp"

namespace emptor::stats::path_model_missing_test {
namespace {

using test::code_of;

/// Answers of rows that each lack another pair of items.
struct patterned_answers {
  std::vector<std::vector<double>> columns;
  answer_columns view;

  patterned_answers(std::size_t items, std::size_t rows)
      : columns(items, std::vector<double>(rows, 1.0)) {
    std::size_t r = 0;
    for (std::size_t i = 0; i < items; ++i)
      for (std::size_t k = i + 1; k < items && r < rows; ++k, ++r)
        columns[i][r] = columns[k][r] = std::numeric_limits<double>::quiet_NaN();
    for (const std::vector<double>& one : columns)
      view.items.emplace_back(one);
  }
};

TEST(path_model_missing, em_says_where_there_are_too_many_patterns) {
  const patterned_answers answers(200, 2000);
  std::string text;
  EXPECT_EQ(code_of(
                [&] {
                  const detail::normal_em em("m", answers.view, std::vector<double>(200, 1.0), run{});
                  return em.mean(0);
                },
                &text),
            status::option);
  // 2^26 numbers, of which a pattern of 198 items takes 198 x 199.
  EXPECT_NE(
      text.find("m: there are too many different patterns of missing answers (more than 1703 of 200 items)"),
      std::string::npos)
      << text;
}

TEST(path_model_missing, em_and_moments_end_when_they_are_cancelled) {
  const patterned_answers answers(6, 15);
  const std::atomic<int> cancel{1};
  run work;
  work.cancel = &cancel;
  EXPECT_EQ(code_of([&] {
              return detail::normal_em("m", answers.view, std::vector<double>(6, 1.0), work).mean(0);
            }),
            status::cancelled);
  detail::normal_em em("m", answers.view, std::vector<double>(6, 1.0), run{});
  em.start(std::vector<double>(6, 1.0));
  EXPECT_EQ(code_of([&] { return em.step(work); }), status::cancelled);
  for (const double unit : {1.0, 0.1}) { // whole and real sums
    detail::complete_columns complete{.columns = {{1.0 * unit, 2.0 * unit, 4.0 * unit}}, .weights = {}};
    path_moments made;
    EXPECT_EQ(code_of([&] {
                detail::complete_moments(complete, {}, made, work);
                return 0;
              }),
              status::cancelled);
    detail::complete_moments(complete, {}, made);
    EXPECT_NEAR(made.covariance[0], unit * unit * 7.0 / 3.0, 1e-12);
  }
}

// cov.wt of R with these weights and method "unbiased": sum of w (x - m)^2 / (1 - sum of w^2), w adding up to 1.
TEST(path_model_missing, variances_by_weights_are_unbiased) {
  const detail::complete_columns of{.columns = {{1.0, 2.0, 4.0, 8.0}, {3.0, 1.0, 2.0, 5.0}},
                                    .weights = {0.5, 1.5, 2.0, 1.0}};
  double mean = 0.0;
  double squared = 0.0;
  for (std::size_t r = 0; r < 4; ++r) {
    mean += of.weights[r] / 5.0 * of.columns[0][r];
    squared += of.weights[r] / 5.0 * of.weights[r] / 5.0;
  }
  double wanted = 0.0;
  for (std::size_t r = 0; r < 4; ++r)
    wanted += of.weights[r] / 5.0 * (of.columns[0][r] - mean) * (of.columns[0][r] - mean) / (1.0 - squared);
  path_moments made;
  detail::complete_moments(of, {}, made);
  EXPECT_NEAR(made.covariance[0], wanted, 1e-13);
  // Parts have what they have by themselves, to the last digits.
  const detail::complete_columns part{.columns = {{1.0, 2.0, 8.0}, {3.0, 1.0, 5.0}},
                                      .weights = {0.5, 1.5, 1.0}};
  path_moments alone;
  detail::complete_moments(part, {}, alone);
  const part_moments parts(of, {});
  std::vector<double> means;
  std::vector<double> covariance;
  const std::vector<std::uint32_t> left_out{2};
  parts.without(left_out, means, covariance);
  for (std::size_t k = 0; k < 4; ++k)
    EXPECT_NEAR(covariance[k], alone.covariance[k], 1e-13);
}

TEST(path_model_missing, equal_weights_have_the_bits_of_none) {
  for (const double unit : {1.0, 0.7}) { // whole and real sums
    detail::complete_columns of{.columns = {{}, {}}, .weights = {}};
    for (std::size_t r = 0; r < 49; ++r) {
      of.columns[0].push_back(unit * static_cast<double>(r * r % 11));
      of.columns[1].push_back(unit * static_cast<double>(r * 5 % 7));
    }
    path_moments none;
    detail::complete_moments(of, {}, none);
    EXPECT_EQ(none.effective_cases, 49.0);
    for (const double weight : {0.1, 3.0, 1e-9, 0x1p26}) {
      of.weights.assign(49, weight);
      path_moments made;
      detail::complete_moments(of, {}, made);
      EXPECT_EQ(made.effective_cases, 49.0) << weight;
      EXPECT_EQ(made.mean, none.mean) << weight;
      EXPECT_EQ(made.covariance, none.covariance) << weight;
      // So are those of a part whose weights are equal, which differ from the others.
      of.weights[7] = 1.0;
      const part_moments parts(of, {});
      std::vector<double> mean;
      std::vector<double> covariance;
      const std::vector<std::uint32_t> left_out{7};
      parts.without(left_out, mean, covariance);
      detail::complete_columns rest = of;
      rest.weights.erase(rest.weights.begin() + 7);
      for (std::vector<double>& column : rest.columns)
        column.erase(column.begin() + 7);
      detail::complete_moments(rest, {}, made);
      for (std::size_t k = 0; k < 4; ++k) {
        EXPECT_NEAR(covariance[k], made.covariance[k], 1e-10 * std::fabs(none.covariance[k])) << weight;
        if (unit == 1.0 && weight == 3.0) {
          EXPECT_EQ(covariance[k], made.covariance[k]);
        }
      }
    }
  }
}

TEST(path_model_missing, a_part_of_little_weight) {
  // What is left of the squares of the weights would be rounding.
  for (const double heavy : {0x1p26, 1e9 + 0.5}) {
    detail::complete_columns of{.columns = {{}, {}}, .weights = {}};
    for (std::size_t r = 0; r < 12; ++r) {
      of.columns[0].push_back(static_cast<double>(r * r % 7));
      of.columns[1].push_back(static_cast<double>(r * 5 % 3));
      of.weights.push_back(r < 3 ? heavy - static_cast<double>(r) : static_cast<double>(r % 4 + 1));
    }
    const part_moments parts(of, {});
    std::vector<double> mean;
    std::vector<double> covariance;
    const std::vector<std::uint32_t> left_out{0, 1, 2};
    parts.without(left_out, mean, covariance);
    detail::complete_columns rest = of;
    rest.weights.erase(rest.weights.begin(), rest.weights.begin() + 3);
    for (std::vector<double>& column : rest.columns)
      column.erase(column.begin(), column.begin() + 3);
    path_moments made;
    detail::complete_moments(rest, {}, made);
    EXPECT_EQ(mean, made.mean) << heavy;
    EXPECT_EQ(covariance, made.covariance) << heavy;
  }
}

TEST(path_model_missing, a_case_with_all_the_weight_has_no_variance) {
  const std::vector<std::vector<double>> items{{1.0, 2.0}, {3.0, 5.0}};
  const std::vector<double> weights{1.0, 1e-17};
  answer_columns answers{.items = {items[0], items[1]}, .weights = weights, .names = {}};
  std::string text;
  for (const missing_rule rule : {missing_rule::casewise, missing_rule::mean}) {
    EXPECT_EQ(code_of([&] { return moments_of("m", answers, {}, {.missing = rule}, run{}).used; }, &text),
              status::too_few);
    EXPECT_EQ(text, "m: the effective number of rows by their weights is 1, but must be > 1");
  }
  EXPECT_EQ(moments_of("m", answers, {}, {.denominator = variance_denominator::n}, run{}).used, 2);
  const std::vector<std::vector<double>> gaps{{1.0, 2.0, std::nan(""), 3.0}, {3.0, 5.0, 1.0, std::nan("")}};
  const std::vector<double> most{1.0, 1e-17, 1e-17, 1e-17};
  answers = {.items = {gaps[0], gaps[1]}, .weights = most, .names = {}};
  for (const missing_rule rule : {missing_rule::pairwise, missing_rule::em})
    EXPECT_EQ(code_of([&] { return moments_of("m", answers, {}, {.missing = rule}, run{}).used; }, &text),
              status::too_few)
        << text;
}

} // namespace
} // namespace emptor::stats::path_model_missing_test
