// SPDX-License-Identifier: BSL-1.0
#include <emptor/decision/value_matrix.hpp>

#include <limits>
#include <set>

#include <gtest/gtest.h>

namespace emptor::decision::value_matrix_test {
namespace {

constexpr value_matrix_cuts cuts{.current_value = 1000.0, .growth_potential = 500.0};

TEST(value_matrix, the_four_corners_have_the_names_of_the_texts) {
  EXPECT_EQ(classify(999.99, 499.99, cuts), value_class::lead);
  EXPECT_EQ(classify(999.99, 500.01, cuts), value_class::iron);
  EXPECT_EQ(classify(1000.01, 499.99, cuts), value_class::gold);
  EXPECT_EQ(classify(1000.01, 500.01, cuts), value_class::platinum);
}

TEST(value_matrix, a_value_on_its_cut_is_high) {
  EXPECT_EQ(classify(1000.0, 0.0, cuts), value_class::gold);
  EXPECT_EQ(classify(0.0, 500.0, cuts), value_class::iron);
  EXPECT_EQ(classify(1000.0, 500.0, cuts), value_class::platinum);
}

TEST(value_matrix, more_of_either_value_never_lowers_the_class) {
  for (double current = 0.0; current <= 2000.0; current += 125.0) {
    for (double growth = 0.0; growth <= 1000.0; growth += 62.5) {
      const auto here = static_cast<int>(classify(current, growth, cuts));
      const auto richer = static_cast<int>(classify(current + 125.0, growth, cuts));
      const auto brighter = static_cast<int>(classify(current, growth + 62.5, cuts));
      EXPECT_TRUE((here & richer) == here) << current << ", " << growth;
      EXPECT_TRUE((here & brighter) == here) << current << ", " << growth;
    }
  }
}

TEST(value_matrix, each_class_has_a_reason_and_a_policy_of_its_own) {
  const std::set<std::string_view> reasons(std::begin(value_matrix_reasons), std::end(value_matrix_reasons));
  const std::set<std::string_view> policies(std::begin(value_matrix_policies),
                                            std::end(value_matrix_policies));
  EXPECT_EQ(reasons.size(), std::size(value_class_levels));
  EXPECT_EQ(policies.size(), std::size(value_class_levels));
}

TEST(value_matrix, gaps_beyond_the_largest_double_are_said_so) {
  constexpr double huge = std::numeric_limits<double>::max();
  const value_matrix_scorer scores({.current_value = -huge, .growth_potential = 0.0});
  const double current[] = {huge, 1.0};
  const double growth[] = {1.0, 1.0};
  double gap[2] = {};
  row_status status[] = {row_status::ok, row_status::ok};
  const score_block::input in[] = {{.number = current}, {.number = growth}};
  const score_block::output out[] = {{}, {}, {}, {.number = gap}, {}};
  scores.score({.rows = 2, .inputs = in, .outputs = out, .status = status});
  EXPECT_TRUE(std::isnan(gap[0]));
  EXPECT_EQ(status[0], row_status::too_large);
  EXPECT_EQ(gap[1], huge);
  EXPECT_EQ(status[1], row_status::ok);
}

} // namespace
} // namespace emptor::decision::value_matrix_test
