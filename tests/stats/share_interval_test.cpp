// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <utility>
#include <vector>

#include <boost/math/distributions/students_t.hpp>
#include <gtest/gtest.h>

#include <emptor/stats/share_interval.hpp>

#include "support/random.hpp"

namespace share_interval_test {
namespace {

using namespace emptor::stats;

// Closed forms; those of Student's t are in his tables as 12.706, 4.303, 2.571 and 2.042.
TEST(share_interval_test, quantiles_of_beta_and_student_are_those_of_the_tables) {
  EXPECT_NEAR(beta_quantile(1.0, 1.0, 0.25), 0.25, 1e-15);
  EXPECT_NEAR(beta_quantile(2.0, 1.0, 0.49), 0.7, 1e-15);
  EXPECT_NEAR(beta_quantile(1.0, 3.0, 0.875), 0.5, 1e-15);             // 1 - (1 - x)^3
  EXPECT_NEAR(student_quantile(1.0, 0.95), 12.706204736174698, 1e-10); // tan(0.475 pi)
  EXPECT_NEAR(student_quantile(2.0, 0.95), 4.302652729749464, 1e-12);  // 0.95 sqrt(2 / (1 - 0.95^2))
  EXPECT_NEAR(student_quantile(5.0, 0.95), 2.5705818356363, 1e-11);
  EXPECT_NEAR(student_quantile(30.0, 0.95), 2.0422724563012, 1e-11);
  EXPECT_NEAR(student_quantile(1e7, 0.95), 1.959964, 1e-6);
}

TEST(share_interval_test, a_beta_quantile_is_the_least_number_that_reaches_the_probability) {
  for (const double a : {0.5, 1.0, 7.5, 400.0}) {
    for (const double p : {0.001, 0.025, 0.5, 0.975}) {
      const double x = beta_quantile(a, 2.5, p);
      EXPECT_GE(emptor::math::ibeta(a, 2.5, x), p);
      EXPECT_LT(emptor::math::ibeta(a, 2.5, std::nextafter(x, 0.0)), p);
    }
  }
}

struct cluster {
  std::int64_t before;
  std::int64_t after;
};
ratio_of_sums ratio_over(const std::vector<cluster>& all) {
  ratio_of_sums made;
  for (const cluster& one : all)
    made.add(one.before, one.after);
  return made;
}

/// Cochran's (6.13) from variances and covariance about the means, Kish's trials from weights, and the ends of Wilson's
/// interval as the roots of |share - p| = t sqrt(p (1 - p) / n), found by halving.
struct slow_oracle {
  long double ratio = 0.0L;
  long double variance = 0.0L;
  long double trials = 0.0L;

  explicit slow_oracle(const std::vector<cluster>& all) {
    const auto m = static_cast<long double>(all.size());
    long double x = 0.0L;
    long double y = 0.0L;
    for (const cluster& one : all) {
      x += static_cast<long double>(one.before) / m;
      y += static_cast<long double>(one.after) / m;
    }
    long double xx = 0.0L;
    long double yy = 0.0L;
    long double xy = 0.0L;
    long double weights = 0.0L;
    for (const cluster& one : all) {
      const long double dx = static_cast<long double>(one.before) - x;
      const long double dy = static_cast<long double>(one.after) - y;
      xx += dx * dx / (m - 1.0L);
      yy += dy * dy / (m - 1.0L);
      xy += dx * dy / (m - 1.0L);
      const long double weight = static_cast<long double>(one.before) / (m * x);
      weights += weight * weight;
    }
    ratio = y / x;
    variance = (yy + ratio * ratio * xx - 2.0L * ratio * xy) / (m * x * x);
    trials = std::min(1.0L / weights, ratio * (1.0L - ratio) / variance);
  }
  [[nodiscard]] double end(double t, int side) const {
    long double inside = ratio;
    long double outside = side < 0 ? 0.0L : 1.0L;
    for (int i = 0; i < 200; ++i) {
      const long double p = (inside + outside) / 2.0L;
      (std::fabs(ratio - p) <= t * std::sqrt(p * (1.0L - p) / trials) ? inside : outside) = p;
    }
    return static_cast<double>(inside);
  }
};

TEST(share_interval_test, a_ratio_of_sums_has_the_variance_of_its_residuals) {
  ratio_of_sums ratio;
  student_quantiles t(0.95);
  EXPECT_TRUE(std::isnan(ratio.value()));
  ratio.add(100, 30);
  EXPECT_TRUE(std::isnan(ratio.share_interval_of(t).low)); // one cluster does not know how clusters differ
  ratio.add(300, 60);
  ratio.add(100, 35);
  EXPECT_DOUBLE_EQ(ratio.value(), 0.25);
  // Residuals 5, -15, 10: 3 / 2 x 350 / 500^2
  EXPECT_NEAR(ratio.variance(), 0.0021, 1e-15);
  // 0.1875 / 0.0021 = 89.3 trials, but three customers weigh 500^2 / 110,000
  EXPECT_NEAR(ratio.effective_trials(), 25.0 / 11.0, 1e-14);
  const interval plain = ratio.plain_interval(t); // 4.3027 x 0.045826 = 0.19717
  EXPECT_NEAR(plain.low, 0.05283, 1e-5);
  EXPECT_NEAR(plain.high, 0.44717, 1e-5);
}

TEST(share_interval_test, agrees_with_a_slow_oracle) {
  emptor::test::variates draw(11);
  for (const double confidence : {0.8, 0.95, 0.999}) {
    student_quantiles t(confidence);
    for (int round = 0; round < 60; ++round) {
      std::vector<cluster> all(2 + static_cast<std::size_t>(draw.uniform() * 40.0));
      for (cluster& one : all) {
        one.before = 1 + static_cast<std::int64_t>(draw.uniform() * 1e6);
        const double come = draw.uniform();
        one.after = round % 2 == 0 ? (come < 0.3 ? one.before : 0)
                                   : static_cast<std::int64_t>(come * static_cast<double>(one.before));
      }
      all[0].after = all[0].before; // neither nothing nor all of it came
      all[1].after = 0;
      const ratio_of_sums ratio = ratio_over(all);
      const slow_oracle slow(all);
      const boost::math::students_t student(static_cast<double>(all.size()) - 1.0);
      const double quantile =
          boost::math::quantile(boost::math::complement(student, (1.0 - confidence) / 2.0));
      ASSERT_NEAR(t.of(all.size()) / quantile, 1.0, 1e-12);
      ASSERT_NEAR(ratio.variance() / static_cast<double>(slow.variance), 1.0, 1e-12);
      ASSERT_NEAR(ratio.effective_trials() / static_cast<double>(slow.trials), 1.0, 1e-12);
      const interval inside = ratio.share_interval_of(t);
      ASSERT_NEAR(inside.low, slow.end(quantile, -1), 1e-12);
      ASSERT_NEAR(inside.high, slow.end(quantile, 1), 1e-12);
      const interval plain = ratio.plain_interval(t);
      ASSERT_NEAR(plain.high - plain.low, 2.0 * quantile * std::sqrt(static_cast<double>(slow.variance)),
                  1e-10);
    }
  }
}

/// Sums of squares of such amounts differ in their last digits alone: residuals of 3 minor units in 10^15 are there.
TEST(share_interval_test, small_residuals_of_large_amounts_do_not_cancel) {
  constexpr std::int64_t large = 1'000'000'000'000'000;
  const ratio_of_sums ratio =
      ratio_over({{large, large / 2 + 3}, {large, large / 2 - 3}, {large, large / 2}});
  EXPECT_NEAR(ratio.variance() / (1.5 * 18.0 / (9e30)), 1.0, 1e-12);
}

TEST(share_interval_test, any_order_of_clusters_has_the_same_bits) {
  emptor::test::variates draw(3);
  std::vector<cluster> all(200);
  for (cluster& one : all) {
    one.before = static_cast<std::int64_t>(std::exp(40.0 * draw.uniform()));
    one.after = static_cast<std::int64_t>(draw.uniform() * static_cast<double>(one.before));
  }
  student_quantiles t(0.9);
  const interval expected = ratio_over(all).share_interval_of(t);
  for (int round = 0; round < 20; ++round) {
    for (std::size_t i = all.size() - 1; i > 0; --i)
      std::swap(all[i], all[static_cast<std::size_t>(draw.uniform() * static_cast<double>(i + 1))]);
    const interval found = ratio_over(all).share_interval_of(t);
    ASSERT_EQ(found.low, expected.low);
    ASSERT_EQ(found.high, expected.high);
  }
}

/// Clusters that grow more alike come to their weight and stay there: nothing jumps where their shares are equal.
TEST(share_interval_test, the_effective_trials_do_not_jump) {
  double before = 0.0;
  for (std::int64_t apart = 1'000'000; apart > 0; apart = apart * 9 / 10) {
    const double trials =
        ratio_over({{2'000'000, 1'000'000 + apart}, {2'000'000, 1'000'000 - apart}}).effective_trials();
    EXPECT_GE(trials, before);
    EXPECT_LE(trials, 2.0);
    before = trials;
  }
  EXPECT_EQ(before, 2.0);
  EXPECT_EQ(ratio_over({{2'000'000, 1'000'000}, {2'000'000, 1'000'000}}).effective_trials(), 2.0);
  // Almost nothing, and nothing.
  EXPECT_EQ(ratio_over({{1'000'000, 1}, {1'000'000, 0}, {1'000'000, 0}}).effective_trials(), 3.0);
  EXPECT_EQ(ratio_over({{1'000'000, 0}, {1'000'000, 0}, {1'000'000, 0}}).effective_trials(), 3.0);
}

TEST(share_interval_test, equal_clusters_count_as_trials_and_not_as_certainty) {
  std::vector<cluster> some;
  for (std::int64_t i = 0; i < 10; ++i)
    some.push_back({100, 0});
  student_quantiles t(0.95);
  const interval low = ratio_over(some).share_interval_of(t);
  EXPECT_EQ(low.low, 0.0);
  EXPECT_NEAR(low.high, 0.33851, 1e-5); // 2.2622^2 / (10 + 2.2622^2)
  for (cluster& one : some)
    one.after = one.before;
  const interval high = ratio_over(some).share_interval_of(t);
  EXPECT_EQ(high.high, 1.0);
  EXPECT_NEAR(high.low, 1.0 - low.high, 1e-12);
  // One that has nearly all of the money knows little of others.
  some.assign(10, {100, 0});
  some[0].before = 1'000'000;
  EXPECT_GT(ratio_over(some).share_interval_of(t).high, 0.8);
}

/// 2,000 draws of customers whose documents come together to a degree: the interval holds the truth in about 95 of 100,
/// and in more where documents are independent, since then a customer knows more than one trial.
TEST(share_interval_test, intervals_hold_the_truth_as_often_as_they_say) {
  emptor::test::variates draw(29);
  student_quantiles t(0.95);
  for (const int customers : {12, 40}) {
    for (const double truth : {0.05, 0.3}) {
      for (const double alike : {1.0, 0.5, 0.0}) {
        int held = 0;
        constexpr int rounds = 2000;
        for (int round = 0; round < rounds; ++round) {
          ratio_of_sums ratio;
          for (int customer = 0; customer < customers; ++customer) {
            const bool together = draw.uniform() < alike;
            const bool comes = draw.uniform() < truth;
            cluster one{0, 0};
            for (int document = 0; document < 6; ++document) {
              const auto amount = static_cast<std::int64_t>(1000.0 + 3000.0 * draw.uniform());
              one.before += amount;
              one.after += (together ? comes : draw.uniform() < truth) ? amount : 0;
            }
            ratio.add(one.before, one.after);
          }
          const interval found = ratio.share_interval_of(t);
          held += found.low <= truth && truth <= found.high ? 1 : 0;
        }
        EXPECT_GE(held, rounds * 93 / 100) << customers << ' ' << truth << ' ' << alike;
      }
    }
  }
}

} // namespace
} // namespace share_interval_test
