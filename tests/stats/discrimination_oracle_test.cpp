// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_bin_float.hpp>

#include <emptor/stats/auc_comparison.hpp>
#include <emptor/stats/discrimination.hpp>
#include <emptor/stats/gains.hpp>

#include "support/random.hpp"

namespace emptor::stats::discrimination_oracle_test {
namespace {

using big = boost::multiprecision::number<boost::multiprecision::cpp_bin_float_50::backend_type,
                                          boost::multiprecision::et_off>;
constexpr double z95 = 1.959963984540054;

struct sample {
  std::vector<double> risk;
  std::vector<double> other;
  std::vector<std::uint8_t> events;
  std::vector<double> weights;

  [[nodiscard]] scored_events rows() const { return {risk, events, weights}; }
  [[nodiscard]] std::size_t size() const { return risk.size(); }
  void shuffle(std::uint64_t seed) {
    std::vector<std::size_t> order(size());
    std::iota(order.begin(), order.end(), std::size_t{0});
    test::draws(seed).shuffle(order);
    const sample old = *this;
    for (std::size_t i = 0; i < order.size(); ++i) {
      risk[i] = old.risk[order[i]];
      other[i] = old.other[order[i]];
      events[i] = old.events[order[i]];
      if (!weights.empty())
        weights[i] = old.weights[order[i]];
    }
  }
};

/// Rows with many ties.
sample drawn(std::uint64_t seed, bool weighted, bool whole_weights = false) {
  test::draws draw(seed);
  sample made;
  const std::uint64_t count = 4 + draw.below(40);
  const std::uint64_t levels = 1 + draw.below(12);
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t level = draw.below(levels);
    made.risk.push_back(static_cast<double>(level) * 0.37 - 1.0);
    made.other.push_back(static_cast<double>(draw.below(5) + level));
    made.events.push_back(draw.below(levels + 2) <= level ? 1 : 0);
    if (weighted)
      made.weights.push_back(whole_weights ? static_cast<double>(1 + draw.below(4))
                                           : static_cast<double>(1 + draw.below(1000)) / 256.0);
  }
  return made;
}

struct truth {
  big area{0};
  big variance{0};
};

/// Every pair for itself. \param risks  the area is of the first; with two, the variance is of the difference of both
truth slow(const sample& of, const std::vector<const std::vector<double>*>& risks, weight_meaning meaning) {
  const auto weight = [&](std::size_t i) { return of.weights.empty() ? big(1) : big(of.weights[i]); };
  std::vector<big> places(of.size(), big(0)); // signed sum over the risks
  big totals[2] = {0, 0};
  std::size_t rows[2] = {0, 0};
  for (std::size_t i = 0; i < of.size(); ++i) {
    totals[of.events[i]] += weight(i);
    ++rows[of.events[i]];
  }
  big area = 0;
  for (std::size_t k = 0; k < risks.size(); ++k) {
    const std::vector<double>& risk = *risks[k];
    for (std::size_t i = 0; i < of.size(); ++i) {
      for (std::size_t j = 0; j < of.size(); ++j) {
        if (of.events[i] == of.events[j])
          continue;
        const double ahead = of.events[i] == 1 ? risk[i] - risk[j] : risk[j] - risk[i];
        const big won = ahead > 0 ? big(1) : ahead == 0 ? big(0.5) : big(0);
        places[i] += (k == 0 ? big(1) : big(-1)) * won * weight(j) / totals[of.events[j]];
        if (of.events[i] == 1)
          area += (k == 0 ? big(1) : big(-1)) * won * weight(i) * weight(j) / (totals[0] * totals[1]);
      }
    }
  }
  truth made;
  made.area = area;
  for (int c = 0; c < 2; ++c) {
    big sum = 0;
    for (std::size_t i = 0; i < of.size(); ++i) {
      if (of.events[i] != c)
        continue;
      const big off = places[i] - area;
      sum += off * off * weight(i) * (meaning == weight_meaning::sampling ? weight(i) : big(1));
    }
    const big n = static_cast<double>(rows[c]);
    made.variance += meaning == weight_meaning::sampling ? n / (n - 1) * sum / (totals[c] * totals[c])
                                                         : sum / ((totals[c] - 1) * totals[c]);
  }
  return made;
}

bool two_of_each(const sample& of) {
  const auto events = std::count(of.events.begin(), of.events.end(), 1);
  return events >= 2 && of.size() - static_cast<std::size_t>(events) >= 2;
}

TEST(discrimination, area_and_delong_variance_equal_all_pairs) {
  int compared = 0;
  for (std::uint64_t seed = 0; seed < 90; ++seed) {
    for (const bool weighted : {false, true}) {
      const sample of = drawn(seed, weighted);
      if (!two_of_each(of))
        continue;
      for (const weight_meaning meaning : {weight_meaning::sampling, weight_meaning::frequency}) {
        if (meaning == weight_meaning::frequency && weighted)
          continue; // whole weights below
        const truth exact = slow(of, {&of.risk}, meaning);
        const ranked_events ranked(of.rows());
        const area_under_curve made = auc_of(ranked, meaning, z95);
        EXPECT_NEAR(made.value, static_cast<double>(exact.area), 1e-15) << seed;
        EXPECT_NEAR(made.variance, static_cast<double>(exact.variance), 1e-16) << seed;
        EXPECT_NEAR(made.gini(), accuracy_ratio(ranked), 2e-15) << seed;
        const truth apart = slow(of, {&of.risk, &of.other}, meaning);
        const auc_comparison both = compare_auc(of.rows(), of.other, meaning, z95);
        EXPECT_NEAR(both.first.value, made.value, 1e-15);
        EXPECT_NEAR(both.first.variance, made.variance, 1e-16);
        EXPECT_NEAR(both.difference, static_cast<double>(apart.area), 1e-15);
        EXPECT_NEAR(both.variance, static_cast<double>(apart.variance), 1e-16);
        if (both.variance > 1e-12) {
          EXPECT_NEAR(both.z, static_cast<double>(apart.area / sqrt(apart.variance)), 1e-10);
          EXPECT_NEAR(both.p_value, std::erfc(std::abs(both.z) / std::sqrt(2.0)), 1e-14);
          EXPECT_NEAR(both.within.high - both.within.low, 2 * z95 * std::sqrt(both.variance), 1e-12);
        }
        ++compared;
      }
    }
  }
  EXPECT_GT(compared, 150);
}

TEST(discrimination, a_frequency_is_so_many_rows) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const sample of = drawn(seed, true, true);
    if (!two_of_each(of))
      continue;
    sample rows;
    for (std::size_t i = 0; i < of.size(); ++i) {
      for (int k = 0; k < static_cast<int>(of.weights[i]); ++k) {
        rows.risk.push_back(of.risk[i]);
        rows.other.push_back(of.other[i]);
        rows.events.push_back(of.events[i]);
      }
    }
    const area_under_curve by_weight = auc_of(ranked_events(of.rows()), weight_meaning::frequency, z95);
    const area_under_curve by_row = auc_of(ranked_events(rows.rows()), weight_meaning::sampling, z95);
    EXPECT_NEAR(by_weight.value, by_row.value, 1e-15);
    EXPECT_NEAR(by_weight.variance, by_row.variance, 1e-16);
    EXPECT_NEAR(by_weight.variance > 0 ? by_weight.within.low : 0,
                by_row.variance > 0 ? by_row.within.low : 0, 1e-13);
    const auc_comparison first = compare_auc(of.rows(), of.other, weight_meaning::frequency, z95);
    const auc_comparison second = compare_auc(rows.rows(), rows.other, weight_meaning::sampling, z95);
    EXPECT_NEAR(first.variance, second.variance, 1e-16);
    const std::vector<gains_group> some = gains_of(ranked_events(of.rows()), 7);
    const std::vector<gains_group> same = gains_of(ranked_events(rows.rows()), 7);
    for (std::size_t i = 0; i < 7; ++i) {
      EXPECT_NEAR(some[i].events, same[i].events, 1e-12);
    }
  }
}

TEST(discrimination, no_bit_depends_on_the_order_of_rows) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    sample of = drawn(seed, true);
    if (!two_of_each(of))
      continue;
    const ranked_events ranked(of.rows());
    const area_under_curve area = auc_of(ranked, weight_meaning::sampling, z95);
    const auc_comparison both = compare_auc(of.rows(), of.other, weight_meaning::sampling, z95);
    const kolmogorov_smirnov ks = ks_of(ranked);
    const std::vector<gains_group> gains = gains_of(ranked, 10);
    for (std::uint64_t again = 1; again < 5; ++again) {
      of.shuffle(again);
      const ranked_events other(of.rows());
      EXPECT_EQ(auc_of(other, weight_meaning::sampling, z95).value, area.value);
      EXPECT_EQ(auc_of(other, weight_meaning::sampling, z95).variance, area.variance);
      EXPECT_EQ(compare_auc(of.rows(), of.other, weight_meaning::sampling, z95).variance, both.variance);
      EXPECT_EQ(ks_of(other).signed_statistic, ks.signed_statistic);
      EXPECT_EQ(ks_of(other).risk, ks.risk);
      const std::vector<gains_group> now = gains_of(other, 10);
      for (std::size_t i = 0; i < gains.size(); ++i) {
        EXPECT_EQ(now[i].events, gains[i].events);
        EXPECT_EQ(now[i].lift, gains[i].lift);
      }
    }
  }
}

TEST(discrimination, ks_gains_and_curve_equal_their_definitions) {
  for (std::uint64_t seed = 0; seed < 300; ++seed) {
    const sample of = drawn(seed, seed % 2 == 0);
    const ranked_events ranked(of.rows());
    const auto weight = [&](std::size_t i) { return of.weights.empty() ? 1.0 : of.weights[i]; };
    double totals[2] = {0.0, 0.0};
    for (std::size_t i = 0; i < of.size(); ++i)
      totals[of.events[i]] += weight(i);
    if (totals[0] == 0.0 || totals[1] == 0.0)
      continue;
    const auto distance = [&](double at) {
      double above[2] = {0.0, 0.0};
      for (std::size_t i = 0; i < of.size(); ++i)
        above[of.events[i]] += of.risk[i] >= at ? weight(i) : 0.0;
      return above[1] / totals[1] - above[0] / totals[0];
    };
    double largest = 0.0;
    for (const double at : of.risk)
      largest = std::max(largest, std::abs(distance(at)));
    const kolmogorov_smirnov ks = ks_of(ranked);
    EXPECT_NEAR(ks.statistic, largest, 1e-14);
    EXPECT_NEAR(ks.signed_statistic, ks.statistic > 1e-13 ? distance(ks.risk) : 0.0, 1e-13);

    // The mean over orders of tied rows: each of a tie is spread evenly over the places of the tie.
    const auto count = static_cast<std::int64_t>(1 + seed % 13);
    const std::vector<gains_group> gains = gains_of(ranked, count);
    ASSERT_EQ(gains.size(), static_cast<std::size_t>(count));
    const double all = totals[0] + totals[1];
    double captured = 0.0;
    double weights = 0.0;
    for (std::size_t k = 0; k < gains.size(); ++k) {
      const double low = all * static_cast<double>(k) / static_cast<double>(count);
      const double high = all * static_cast<double>(k + 1) / static_cast<double>(count);
      double events = 0.0;
      for (std::size_t i = 0; i < of.size(); ++i) {
        double before = 0.0;
        double tie = 0.0;
        for (std::size_t j = 0; j < of.size(); ++j) {
          before += of.risk[j] > of.risk[i] ? weight(j) : 0.0;
          tie += of.risk[j] == of.risk[i] ? weight(j) : 0.0;
        }
        const double inside = std::max(0.0, std::min(high, before + tie) - std::max(low, before));
        events += of.events[i] != 0 ? weight(i) * inside / tie : 0.0;
      }
      captured += events;
      weights += gains[k].weight;
      EXPECT_NEAR(gains[k].events, events, 1e-10) << seed << " " << k;
      EXPECT_NEAR(gains[k].captured, captured / totals[1], 1e-12);
      EXPECT_NEAR(gains[k].cumulative_lift, captured / weights * all / totals[1], 1e-11);
      EXPECT_GE(gains[k].highest, gains[k].lowest);
      EXPECT_LE(gains[k].highest, k > 0 ? gains[k - 1].lowest : gains[k].highest);
    }
    EXPECT_NEAR(captured, totals[1], 1e-10);
    EXPECT_NEAR(weights, all, 1e-10);

    // The area under all points is the area of the pairs.
    const std::vector<curve_point> curve = curve_of(ranked, 0);
    ASSERT_EQ(curve.size(), ranked.groups().size() + 1);
    double area = 0.0;
    for (std::size_t i = 1; i < curve.size(); ++i)
      area += (curve[i].non_events - curve[i - 1].non_events) * (curve[i].events + curve[i - 1].events) / 2.0;
    EXPECT_NEAR(area, auc_of(ranked, weight_meaning::sampling, z95).value, 1e-13);
    const std::vector<curve_point> thin = curve_of(ranked, 3);
    EXPECT_LE(thin.size(), 6U);
    EXPECT_EQ(thin.back().rows, 1.0);
  }
}

TEST(discrimination, perfect_wrong_and_tied) {
  sample of{{1, 2, 3, 4}, {}, {0, 0, 1, 1}, {}};
  area_under_curve made = auc_of(ranked_events(of.rows()), weight_meaning::sampling, z95);
  EXPECT_EQ(made.value, 1.0);
  EXPECT_EQ(ranked_events(of.rows()).state(), discrimination_state::separated);
  EXPECT_EQ(made.variance, 0.0);
  EXPECT_EQ(made.within.high, 1.0);
  // Newcombe's equation at its solution: (1 - t)^2 = z^2 t (1 - t) (1 + 1 x ((1 - t) / (2 - t) + t / (1 + t))) / 4.
  const double t = made.within.low;
  EXPECT_NEAR((1 - t) * (1 - t), z95 * z95 * t * (1 - t) * (1 + (1 - t) / (2 - t) + t / (1 + t)) / 4, 1e-14);
  EXPECT_LT(t, 0.7);
  EXPECT_EQ(ks_of(ranked_events(of.rows())).signed_statistic, 1.0);
  EXPECT_EQ(ks_of(ranked_events(of.rows())).risk, 3.0);
  of.events = {1, 1, 0, 0};
  made = auc_of(ranked_events(of.rows()), weight_meaning::sampling, z95);
  EXPECT_EQ(made.value, 0.0);
  EXPECT_EQ(ranked_events(of.rows()).state(), discrimination_state::separated) << "the wrong way round";
  EXPECT_EQ(made.within.low, 0.0);
  EXPECT_NEAR(made.within.high, 1.0 - t, 1e-12) << "the mirror image";
  EXPECT_EQ(ks_of(ranked_events(of.rows())).statistic, 1.0);
  EXPECT_EQ(ks_of(ranked_events(of.rows())).signed_statistic, -1.0);
  of.risk = {7, 7, 7, 7};
  const ranked_events tied(of.rows());
  EXPECT_EQ(tied.state(), discrimination_state::all_tied);
  EXPECT_EQ(auc_of(tied, weight_meaning::sampling, z95).value, 0.5);
  EXPECT_TRUE(std::isnan(auc_of(tied, weight_meaning::sampling, z95).within.low));
  EXPECT_EQ(ks_of(tied).statistic, 0.0);
  EXPECT_EQ(accuracy_ratio(tied), 0.0);
  for (const gains_group& one : gains_of(tied, 10))
    EXPECT_NEAR(one.lift, 1.0, 1e-14);
  EXPECT_EQ(ranked_events(scored_events{}).state(), discrimination_state::no_rows);
  EXPECT_TRUE(gains_of(ranked_events(scored_events{}), 10).empty());
  EXPECT_TRUE(curve_of(ranked_events(scored_events{}), 10).empty());
  of.events = {1, 1, 1, 1};
  const ranked_events bad(of.rows());
  EXPECT_EQ(bad.state(), discrimination_state::no_non_events);
  EXPECT_TRUE(std::isnan(auc_of(bad, weight_meaning::sampling, z95).value));
  EXPECT_TRUE(std::isnan(ks_of(bad).statistic));
  EXPECT_TRUE(std::isnan(accuracy_ratio(bad)));
  EXPECT_TRUE(
      std::isnan(compare_auc({of.risk, of.events, {}}, of.risk, weight_meaning::sampling, z95).difference));
  EXPECT_EQ(gains_of(bad, 2)[1].lift, 1.0);
  // Weights whose sum over groups is no multiple of a double: no rest of rounding is divided by none.
  const std::vector<double> weights{0.7, 0.1, 0.7, 0.3};
  for (const gains_group& one : gains_of(ranked_events({of.risk, of.events, weights}), 3))
    EXPECT_TRUE(std::isnan(one.distance));
  of.events = {0, 0, 0, 0};
  EXPECT_EQ(ranked_events(of.rows()).state(), discrimination_state::no_events);
  EXPECT_TRUE(std::isnan(gains_of(ranked_events(of.rows()), 2)[0].lift));
}

TEST(discrimination, infinite_risks_and_both_zeros) {
  constexpr double inf = std::numeric_limits<double>::infinity();
  const sample of{{-inf, -0.0, 0.0, 5.0, inf}, {}, {0, 0, 1, 0, 1}, {}};
  const ranked_events ranked(of.rows());
  EXPECT_EQ(ranked.groups().size(), 4U) << "both zeros are one";
  EXPECT_NEAR(auc_of(ranked, weight_meaning::sampling, z95).value, (3 + 1.5) / 6.0, 1e-15);
}

TEST(discrimination, the_same_score_twice_and_many_rows) {
  test::draws draw(4);
  sample of;
  for (int i = 0; i < 300000; ++i) {
    const double x = static_cast<double>(draw.below(1U << 30));
    of.risk.push_back(x);
    of.other.push_back(x + static_cast<double>(draw.below(1U << 29)));
    of.events.push_back(draw.below(1U << 30) < static_cast<std::uint64_t>(x) / 4 ? 1 : 0);
  }
  const ranked_events ranked(of.rows());
  const area_under_curve made = auc_of(ranked, weight_meaning::sampling, z95);
  EXPECT_GT(made.value, 0.6);
  EXPECT_NEAR(made.gini(), accuracy_ratio(ranked), 1e-12);
  const auc_comparison same = compare_auc(of.rows(), of.risk, weight_meaning::sampling, z95);
  EXPECT_EQ(same.difference, 0.0);
  EXPECT_EQ(same.variance, 0.0);
  EXPECT_TRUE(std::isnan(same.z));
  const auc_comparison less = compare_auc(of.rows(), of.other, weight_meaning::sampling, z95);
  EXPECT_NEAR(less.first.value, made.value, 1e-12);
  EXPECT_GT(less.z, 10.0);
}

} // namespace
} // namespace emptor::stats::discrimination_oracle_test
