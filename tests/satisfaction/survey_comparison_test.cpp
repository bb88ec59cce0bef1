// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <memory>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/satisfaction/survey_comparison.hpp>
#include <emptor/stats/survey.hpp>

#include "stats/survey_rows.hpp"

namespace emptor::satisfaction::survey_comparison_test {
namespace {

using survey_rows::answered;

struct made {
  std::unique_ptr<stats::survey> store; // the answers borrow from it
  stats::survey_answers answers;
  survey_cells cells;
  std::vector<double> values;
  std::vector<double> weights;
};

made cells_of(std::uint64_t seed, std::size_t rows, survey_by by) {
  test::draws draw(seed);
  std::vector<answered> all;
  for (std::size_t i = 0; i < rows; ++i) {
    answered one{.respondent = std::to_string(draw.below(rows)),
                 .period = draw.below(9) == 0 ? "" : "2026-0" + std::to_string(1 + draw.below(4)) + "-01",
                 .group = draw.below(9) == 0 ? "" : "G" + std::to_string(draw.below(6)),
                 .weight = 0.25 + static_cast<double>(draw.below(40)) / 8.0,
                 .revision = static_cast<std::int64_t>(i)};
    if (draw.below(7) != 0)
      one.items["q"] = static_cast<double>(draw.below(11));
    all.push_back(one);
  }
  auto store = std::make_unique<stats::survey>();
  survey_rows::push(*store, all);
  stats::survey_answers answers = store->answers();
  std::vector<std::uint32_t> every;
  for (std::uint32_t row = 0; row < answers.rows(); ++row)
    every.push_back(row);
  survey_cells cells(answers, every, by);
  std::vector<double> values = answers.answers("test", "q").answers;
  std::vector<double> weights(answers.weights().begin(), answers.weights().end());
  return {std::move(store), std::move(answers), std::move(cells), std::move(values), std::move(weights)};
}
std::vector<survey_moments> all_moments(const made& of) {
  std::vector<survey_moments> found;
  for (std::uint32_t c = 0; c < of.cells.cells().size(); ++c)
    found.push_back(moments_of(of.cells.members(c), of.values, of.weights));
  return found;
}

TEST(survey_comparison, cells_hold_the_rows_that_they_name) {
  const made of = cells_of(1, 400, survey_by::group_and_period);
  for (std::uint32_t c = 0; c < of.cells.cells().size(); ++c) {
    const survey_cells::cell cell = of.cells.cells()[c];
    std::vector<std::uint32_t> wanted;
    for (std::uint32_t i = 0; i < of.values.size(); ++i) {
      if ((cell.group == survey_cells::none || of.answers.groups()[i] == cell.group) &&
          (cell.period == survey_cells::none || of.answers.periods()[i] == cell.period))
        wanted.push_back(i);
    }
    const auto members = of.cells.members(c);
    EXPECT_EQ(std::vector<std::uint32_t>(members.begin(), members.end()), wanted) << c;
  }
  EXPECT_EQ(of.cells.groups().size(), 6U);
  EXPECT_EQ(of.cells.periods().size(), 4U);
  EXPECT_EQ(of.cells.crossed().size(), 24U);
}

TEST(survey_comparison, moments_as_the_definition) {
  const made of = cells_of(2, 300, survey_by::all);
  const survey_moments found = moments_of(of.cells.members(0), of.values, of.weights);
  long double weight = 0, squares = 0, sum = 0, deviations = 0, influence = 0;
  std::int64_t count = 0;
  for (std::size_t i = 0; i < of.values.size(); ++i) {
    if (std::isnan(of.values[i]))
      continue;
    ++count;
    weight += of.weights[i];
    squares += of.weights[i] * of.weights[i];
    sum += static_cast<long double>(of.weights[i]) * of.values[i];
  }
  for (std::size_t i = 0; i < of.values.size(); ++i) {
    if (std::isnan(of.values[i]))
      continue;
    const long double off = of.values[i] - sum / weight;
    deviations += of.weights[i] * off * off;
    influence += of.weights[i] * off * of.weights[i] * off;
  }
  EXPECT_EQ(found.answers, count);
  EXPECT_NEAR(math::value_of(found.mean), static_cast<double>(sum / weight), 1e-13);
  EXPECT_NEAR(math::value_of(found.deviations) / static_cast<double>(deviations), 1.0, 1e-13);
  EXPECT_NEAR(math::value_of(found.influence) / static_cast<double>(influence), 1.0, 1e-13);
  EXPECT_NEAR(found.effective(), static_cast<double>(weight * weight / squares), 1e-10);
}

TEST(survey_comparison, the_rest_is_what_all_other_groups_have) {
  const made of = cells_of(3, 500, survey_by::group_and_period);
  const survey_comparisons comparisons("test", of.answers, of.cells,
                                       {group_tests::rest, "", period_tests::none});
  const std::vector<survey_moments> moments = all_moments(of);
  const auto rests = comparisons.rests(moments);
  EXPECT_EQ(comparisons.pairs().size(), 6U + 24U);
  for (const survey_pair& pair : comparisons.pairs()) {
    const survey_cells::cell own = of.cells.cells()[pair.cell];
    std::vector<std::uint32_t> others;
    for (std::uint32_t i = 0; i < of.values.size(); ++i) {
      const std::uint32_t group = of.answers.groups()[i];
      if (group != survey_cells::none && group != own.group &&
          (own.period == survey_cells::none || of.answers.periods()[i] == own.period))
        others.push_back(i);
    }
    const survey_moments wanted = moments_of(others, of.values, of.weights);
    const survey_moments& found = rests[pair.family][comparisons.place(pair)];
    EXPECT_EQ(found.answers, wanted.answers);
    EXPECT_NEAR(math::value_of(found.mean), math::value_of(wanted.mean), 1e-12);
    EXPECT_NEAR(found.variance(), wanted.variance(), 1e-12);
    EXPECT_NEAR(found.effective(), wanted.effective(), 1e-10);
    EXPECT_EQ(found.low, wanted.low);
    EXPECT_EQ(found.high, wanted.high);
  }
}

TEST(survey_comparison, who_is_in_both_periods) {
  const made of = cells_of(4, 300, survey_by::group_and_period);
  const survey_comparisons comparisons("test", of.answers, of.cells,
                                       {group_tests::none, "", period_tests::pairs});
  const std::vector<survey_moments> moments = all_moments(of);
  std::int64_t shared = 0;
  for (const survey_pair& pair : comparisons.pairs()) {
    long double sum = 0;
    std::int64_t count = 0;
    for (const std::uint32_t i : of.cells.members(pair.cell)) {
      for (const std::uint32_t j : of.cells.members(pair.other)) {
        if (of.answers.respondents()[i] != of.answers.respondents()[j] || std::isnan(of.values[i]) ||
            std::isnan(of.values[j]))
          continue;
        ++count;
        sum += of.weights[i] * (of.values[i] - math::value_of(moments[pair.cell].mean)) * of.weights[j] *
               (of.values[j] - math::value_of(moments[pair.other].mean));
      }
    }
    const double size = std::sqrt(math::value_of(moments[pair.cell].influence)) *
                        std::sqrt(math::value_of(moments[pair.other].influence));
    const auto found = comparisons.overlap_of(pair, moments, of.answers, of.values, of.weights);
    EXPECT_EQ(found.respondents, count);
    EXPECT_NEAR(found.correlation, size > 0.0 ? static_cast<double>(sum) / size : 0.0, 1e-12);
    shared += count;
  }
  EXPECT_GT(shared, 50);
}

} // namespace
} // namespace emptor::satisfaction::survey_comparison_test
