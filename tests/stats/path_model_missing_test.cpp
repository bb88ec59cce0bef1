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

} // namespace
} // namespace emptor::stats::path_model_missing_test
