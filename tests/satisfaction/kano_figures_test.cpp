// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <string>

#include <boost/multiprecision/cpp_int.hpp>
#include <gtest/gtest.h>

#include <emptor/satisfaction/importance_performance.hpp>
#include <emptor/satisfaction/kano.hpp>

namespace kano_figures_test {
namespace {

using namespace emptor::satisfaction;

constexpr double z95 = 1.959963984540054;

kano_counts counts(std::initializer_list<std::pair<kano_category, int>> of, double weight = 1.0) {
  kano_counts made;
  for (const auto& [category, count] : of) {
    for (int i = 0; i < count; ++i)
      made.add(category, weight);
  }
  return made;
}

/// Row by row as in Berger et al. 1993; Pouliot's variant doubts who answers must-be or live-with twice.
TEST(kano_figures, both_tables) {
  const std::string letters = "MOAIRQ";
  const auto row = [&](kano_table table, std::size_t functional) {
    std::string made;
    for (std::size_t dysfunctional = 0; dysfunctional < 5; ++dysfunctional)
      made += letters[static_cast<std::size_t>(kano_category_of(table, functional, dysfunctional))];
    return made;
  };
  const std::string standard[] = {"QAAAO", "RIIIM", "RIIIM", "RIIIM", "RRRRQ"};
  const std::string pouliot[] = {"QAAAO", "RQIIM", "RIIIM", "RIIQM", "RRRRQ"};
  for (std::size_t i = 0; i < 5; ++i) {
    EXPECT_EQ(row(kano_table::standard, i), standard[i]);
    EXPECT_EQ(row(kano_table::pouliot, i), pouliot[i]);
  }
}

TEST(kano_figures, better_and_worse_of_the_reference) {
  using enum kano_category;
  const kano_figures made = kano_figures_of(
      counts({{attractive, 40}, {one_dimensional, 30}, {must_be, 20}, {indifferent, 10}}), z95);
  EXPECT_DOUBLE_EQ(made.better.value, 0.7);
  EXPECT_DOUBLE_EQ(made.worse.value, -0.5);
  // Wilson's intervals of 70 and of 50 in 100, with mpmath.
  EXPECT_NEAR(made.better.within.low, 0.60415145366653333, 1e-14);
  EXPECT_NEAR(made.better.within.high, 0.7810511470506724, 1e-14);
  EXPECT_NEAR(made.worse.within.low, -0.59616846963400437, 1e-14);
  EXPECT_NEAR(made.worse.within.high, -0.40383153036599563, 1e-14);
  EXPECT_EQ(made.category, static_cast<std::int32_t>(attractive));
  EXPECT_EQ(made.runner_up, static_cast<std::int32_t>(one_dimensional));
  EXPECT_DOUBLE_EQ(made.category_strength, 0.1);
  EXPECT_DOUBLE_EQ(made.total_strength, 0.9);
  EXPECT_EQ(made.coefficient_category, static_cast<std::int32_t>(one_dimensional));
  EXPECT_EQ(made.effective_respondents, 100.0);
  // 10 < 1.65 sqrt(70 x 130 / 200) = 11.13: undecided.
  EXPECT_NEAR(made.fong_statistic, 10.0 / std::sqrt(70.0 * 130.0 / 200.0), 1e-14);
  EXPECT_LT(made.fong_statistic, fong_critical);
}

TEST(kano_figures, reverse_and_questionable_stay_out_of_better_and_worse) {
  using enum kano_category;
  const kano_figures made =
      kano_figures_of(counts({{attractive, 3}, {must_be, 1}, {reverse, 4}, {questionable, 2}}), z95);
  EXPECT_DOUBLE_EQ(made.better.value, 0.75);
  EXPECT_DOUBLE_EQ(made.worse.value, -0.25);
  EXPECT_DOUBLE_EQ(made.shares[5].value, 0.2);
  EXPECT_EQ(made.category, static_cast<std::int32_t>(reverse));
  const kano_figures none = kano_figures_of(counts({{reverse, 4}, {questionable, 2}}), z95);
  EXPECT_TRUE(std::isnan(none.better.value));
  EXPECT_TRUE(std::isnan(none.worse.value));
  EXPECT_TRUE(std::isnan(none.worse.within.low));
  EXPECT_EQ(none.coefficient_category, -1);
}

TEST(kano_figures, ties_go_to_what_does_most_harm) {
  using enum kano_category;
  const auto category = [](const kano_counts& of) {
    return kano_category(kano_figures_of(of, z95).category);
  };
  EXPECT_EQ(category(counts({{indifferent, 2}, {attractive, 2}, {one_dimensional, 2}, {must_be, 2}})),
            must_be);
  EXPECT_EQ(category(counts({{indifferent, 2}, {attractive, 2}, {one_dimensional, 2}})), one_dimensional);
  EXPECT_EQ(category(counts({{indifferent, 2}, {attractive, 2}})), attractive);
  EXPECT_EQ(category(counts({{indifferent, 2}, {reverse, 2}, {questionable, 2}})), indifferent);
  const kano_figures tied = kano_figures_of(counts({{indifferent, 3}, {attractive, 3}}), z95);
  EXPECT_TRUE(tied.tied);
  EXPECT_EQ(tied.runner_up, static_cast<std::int32_t>(indifferent));
  EXPECT_EQ(tied.p_value, 1.0);
  EXPECT_EQ(tied.fong_statistic, 0.0);
  // Weights that add up to the same but for rounding.
  kano_counts rounded;
  for (const double weight : {0.1, 0.2})
    rounded.add(indifferent, weight);
  rounded.add(must_be, 0.3);
  EXPECT_EQ(category(rounded), must_be);
}

/// The sign test from the binomial coefficients themselves.
TEST(kano_figures, exact_test_is_that_of_whole_numbers) {
  using boost::multiprecision::cpp_int;
  for (const auto& [larger, smaller] : {std::pair{1, 0}, {3, 1}, {10, 4}, {40, 30}, {200, 150}, {7, 6}}) {
    const int n = larger + smaller;
    cpp_int above = 0;
    cpp_int binomial = 1; // of n over k, from k = n down
    for (int k = n; k >= larger; --k) {
      above += binomial;
      binomial = binomial * k / (n - k + 1);
    }
    const cpp_int scaled = (above << 1) * (cpp_int(1) << 80) >> n;
    const double p = std::min(1.0, std::ldexp(scaled.convert_to<double>(), -80));
    EXPECT_NEAR(kano_exact_p_value(larger, smaller), p, 1e-13 * p) << larger << ' ' << smaller;
  }
  EXPECT_EQ(kano_exact_p_value(4, 4), 1.0);
  EXPECT_TRUE(std::isnan(kano_exact_p_value(0, 0)));
}

TEST(kano_figures, weights_count_only_in_relation) {
  using enum kano_category;
  const auto plain = kano_figures_of(counts({{attractive, 4}, {must_be, 9}}), z95);
  const auto scaled = kano_figures_of(counts({{attractive, 4}, {must_be, 9}}, 1e-9), z95);
  EXPECT_EQ(plain.p_value, scaled.p_value);
  EXPECT_EQ(plain.better.within.low, scaled.better.within.low);
  EXPECT_EQ(plain.test, kano_test::exact);
  kano_counts mixed;
  for (int i = 0; i < 4; ++i)
    mixed.add(attractive, 2.0);
  for (int i = 0; i < 9; ++i)
    mixed.add(must_be, i == 0 ? 3.0 : 1.0);
  const auto weighted = kano_figures_of(mixed, z95);
  EXPECT_EQ(weighted.test, kano_test::asymptotic);
  EXPECT_DOUBLE_EQ(weighted.better.value, 8.0 / 19.0);
  EXPECT_DOUBLE_EQ(weighted.effective_respondents, 19.0 * 19.0 / 33.0);
  EXPECT_NEAR(weighted.p_value, std::erfc(3.0 / std::sqrt(33.0) / std::sqrt(2.0)), 1e-14);
  const auto asymptotic =
      kano_figures_of(counts({{attractive, 4}, {must_be, 9}}), z95, kano_test_choice::asymptotic);
  EXPECT_NEAR(asymptotic.p_value, std::erfc(5.0 / std::sqrt(13.0) / std::sqrt(2.0)), 1e-14);
}

TEST(kano_figures, of_nobody_and_of_one) {
  const kano_figures nobody = kano_figures_of(kano_counts(), z95);
  EXPECT_EQ(nobody.category, -1);
  EXPECT_TRUE(std::isnan(nobody.p_value));
  const kano_figures one = kano_figures_of(counts({{kano_category::attractive, 1}}), z95);
  EXPECT_EQ(one.category, 2);
  EXPECT_EQ(one.runner_up, -1);
  EXPECT_EQ(one.p_value, 1.0);
  EXPECT_EQ(one.better.value, 1.0);
  EXPECT_EQ(one.worse.value, 0.0);
  EXPECT_LT(one.better.within.low, 0.3);
}

TEST(importance_performance, quadrants) {
  const std::vector<double> importance{1, 3, 1, 3, std::nan("")};
  const std::vector<double> performance{10, 10, 30, 30, 5};
  const axes_crossing means = grand_means_of(importance, performance);
  EXPECT_EQ(means.importance, 2.0);
  EXPECT_EQ(means.performance, 20.0);
  const quadrant wanted[] = {quadrant::low_priority, quadrant::concentrate_here, quadrant::possible_overkill,
                             quadrant::keep_up};
  for (std::size_t i = 0; i < 4; ++i)
    EXPECT_EQ(quadrant_of(importance[i], performance[i], means), static_cast<std::int32_t>(wanted[i]));
  EXPECT_EQ(quadrant_of(importance[4], performance[4], means), -1);
  EXPECT_EQ(quadrant_of(2.0, 20.0, means), static_cast<std::int32_t>(quadrant::keep_up));
  EXPECT_TRUE(std::isnan(grand_means_of({}, {}).importance));
}

} // namespace
} // namespace kano_figures_test
