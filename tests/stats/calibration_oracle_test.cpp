// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numeric>
#include <vector>

#include <gtest/gtest.h>

#include <boost/math/special_functions/beta.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>

#include <emptor/stats/calibration.hpp>
#include <emptor/stats/calibration_line.hpp>
#include <emptor/stats/isotonic_calibration.hpp>

#include "support/random.hpp"

namespace emptor::stats::calibration_oracle_test {
namespace {

using big = boost::multiprecision::number<boost::multiprecision::cpp_bin_float_50::backend_type,
                                          boost::multiprecision::et_off>;

struct sample {
  std::vector<double> probability;
  std::vector<std::uint8_t> events;
  std::vector<double> weights;
  [[nodiscard]] forecast_rows rows(weight_meaning meaning = weight_meaning::sampling) const {
    return {scored_events{probability, events, weights}, meaning};
  }
};

sample drawn(std::uint64_t seed, std::uint64_t count, bool weighted) {
  test::draws draw(seed);
  sample made;
  for (std::uint64_t i = 0; i < count; ++i) {
    const std::uint64_t level = 1 + draw.below(38);
    made.probability.push_back(static_cast<double>(level) / 40.0);
    made.events.push_back(draw.below(40) < level ? 1 : 0);
    if (weighted)
      made.weights.push_back(static_cast<double>(1 + draw.below(64)) / 8.0);
  }
  return made;
}

// --- the figures of reference/credit.md 2.7 ---------------------------------------------------------------

struct five_grades {
  double rows[5] = {47, 95, 68, 53, 37};
  double events[5] = {3, 20, 17, 24, 28};
  double probability[5] = {0.0307, 0.1161, 0.2907, 0.5514, 0.7648};

  [[nodiscard]] std::vector<forecast_group> groups() const {
    std::vector<forecast_group> made;
    for (std::size_t i = 0; i < 5; ++i)
      made.push_back({.weight = rows[i], .events = events[i], .probability = probability[i]});
    return made;
  }
  [[nodiscard]] calibration_test portfolio() const {
    double said = 0.0;
    for (std::size_t i = 0; i < 5; ++i)
      said += rows[i] * probability[i];
    return portfolio_test(300.0, 92.0, said / 300.0);
  }
};

TEST(calibration, five_grades) {
  const five_grades of;
  EXPECT_NEAR(hosmer_lemeshow(of.groups(), false).p_value, 0.0271, 5e-5);
  EXPECT_EQ(hosmer_lemeshow(of.groups(), false).degrees, 5.0);
  EXPECT_EQ(hosmer_lemeshow(of.groups(), true).degrees, 3.0);
  EXPECT_NEAR(of.portfolio().p_value, 0.3889, 5e-5);
  five_grades lowered; // where more was said than came
  for (std::size_t i = 0; i < 5; ++i)
    lowered.probability[i] = std::min(of.probability[i], std::round(of.events[i] / of.rows[i] * 1e4) / 1e4);
  EXPECT_NEAR(hosmer_lemeshow(lowered.groups(), false).p_value, 0.0756, 5e-5);
  EXPECT_NEAR(lowered.portfolio().p_value, 0.0859, 5e-5);
  const double binomial[] = {0.174783, 0.005880, 0.807321, 0.942668, 0.632968};
  const double jeffreys[] = {0.101673, 0.003970, 0.767354, 0.925093, 0.559331};
  const traffic_light lights[] = {traffic_light::green, traffic_light::yellow, traffic_light::green,
                                  traffic_light::green, traffic_light::green};
  for (std::size_t i = 0; i < 5; ++i) {
    const double p = binomial_tail(of.events[i], of.rows[i], of.probability[i]);
    EXPECT_NEAR(p, binomial[i], 5e-7);
    EXPECT_NEAR(jeffreys_p(of.events[i], of.rows[i], of.probability[i]), jeffreys[i], 5e-7);
    EXPECT_EQ(light_of(p, 0.95, 0.999), lights[i]);
  }
  EXPECT_EQ(light_of(0.0009, 0.95, 0.999), traffic_light::red);
}

// --- against 50 digits ------------------------------------------------------------------------------------

TEST(calibration, tails_equal_sums_of_exact_terms) {
  for (const int n : {1, 2, 7, 40}) {
    for (const double p : {1e-4, 0.0307, 0.5, 0.99}) {
      for (int d = 0; d <= n; ++d) {
        big sum = 0;
        big term = 1; // binomial coefficient x p^k (1 - p)^(n - k)
        for (int k = 0; k <= n; ++k) {
          if (k == 0)
            term = pow(1 - big(p), n);
          else
            term *= big(n - k + 1) / k * big(p) / (1 - big(p));
          if (k >= d)
            sum += term;
        }
        const double made = binomial_tail(d, n, p);
        EXPECT_NEAR(made / static_cast<double>(sum), 1.0, 1e-13) << n << " " << p << " " << d;
        const big jeffreys = boost::math::ibeta(big(d) + 0.5, big(n - d) + 0.5, big(p));
        EXPECT_NEAR(jeffreys_p(d, n, p) / static_cast<double>(jeffreys), 1.0, 1e-13);
      }
    }
  }
  for (const double degrees : {1.0, 2.0, 9.0, 300.0}) {
    for (const double x : {0.01, 1.0, 30.0, 400.0}) {
      EXPECT_NEAR(chi_squared_tail(x, degrees) /
                      static_cast<double>(boost::math::gamma_q(big(degrees) / 2, big(x) / 2)),
                  1.0, 1e-12);
      const double tail = chi_squared_tail(x, degrees);
      if (tail > 1e-10 && tail < 0.999) {
        EXPECT_NEAR(chi_squared_limit(tail, degrees) / x, 1.0, 1e-12);
      }
    }
  }
  EXPECT_NEAR(chi_squared_limit(0.05, 1.0), 3.841458820694124, 1e-14);
  EXPECT_NEAR(normal_tail(1.6448536269514722), 0.05, 1e-16);
  EXPECT_NEAR(two_sided_normal_p(-1.959963984540054), 0.05, 1e-16);
  EXPECT_EQ(binomial_tail(0.0, 10.0, 0.0), 1.0);
  EXPECT_EQ(binomial_tail(1.0, 10.0, 0.0), 0.0);
  EXPECT_EQ(binomial_tail(10.0, 10.0, 1.0), 1.0);
  EXPECT_EQ(jeffreys_p(0.0, 10.0, 0.0), 0.0);
  EXPECT_EQ(jeffreys_p(10.0, 10.0, 1.0), 1.0);
}

TEST(calibration, scores_parts_and_tests_equal_50_digits) {
  for (std::uint64_t seed = 0; seed < 60; ++seed) {
    const bool weighted = seed % 2 == 0;
    const sample of = drawn(seed, 3 + seed, weighted);
    const weight_meaning meaning = seed % 4 == 0 ? weight_meaning::frequency : weight_meaning::sampling;
    const forecast_rows rows = of.rows(meaning);
    std::vector<big> weights;
    big sum = 0;
    big squares = 0;
    for (std::size_t i = 0; i < of.probability.size(); ++i) {
      weights.push_back(weighted ? big(of.weights[i]) : big(1));
      sum += weights.back();
      squares += weights.back() * weights.back();
    }
    const big scale = weighted && meaning == weight_meaning::sampling ? sum / squares : big(1);
    for (big& one : weights)
      one *= scale;
    sum *= scale;
    EXPECT_NEAR(rows.weight(), static_cast<double>(sum), 1e-11);
    big brier = 0;
    big loss = 0;
    big top = 0;
    big bottom = 0;
    big events = 0;
    big said = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const big p = of.probability[i];
      const big y = of.events[i];
      brier += weights[i] * (p - y) * (p - y);
      loss -= weights[i] * (of.events[i] != 0 ? log(p) : log(1 - p));
      top += weights[i] * (y - p) * (1 - 2 * p);
      bottom += weights[i] * (1 - 2 * p) * (1 - 2 * p) * p * (1 - p);
      events += weights[i] * y;
      said += weights[i] * p;
    }
    big spread = 0;
    for (std::size_t i = 0; i < weights.size(); ++i) {
      const big off =
          (of.probability[i] - big(of.events[i])) * (of.probability[i] - big(of.events[i])) - brier / sum;
      spread += weights[i] * off * off;
    }
    EXPECT_NEAR(brier_score(rows).value, static_cast<double>(brier / sum), 1e-15);
    EXPECT_NEAR(brier_score(rows).standard_error, static_cast<double>(sqrt(spread / (sum * (sum - 1)))),
                1e-14);
    EXPECT_NEAR(log_loss(rows).value, static_cast<double>(loss / sum), 1e-14);
    EXPECT_NEAR(spiegelhalter(rows).statistic, static_cast<double>(top / sqrt(bottom)), 1e-12);
    EXPECT_NEAR(rows.event_rate(), static_cast<double>(events / sum), 1e-15);
    EXPECT_NEAR(rows.mean_probability(), static_cast<double>(said / sum), 1e-15);

    // Any groups: the parts add up to the score.
    for (const std::int64_t count : {1, 3, 10, 1000}) {
      const std::vector<forecast_group> groups = equal_groups(rows, count);
      ASSERT_LE(groups.size(), static_cast<std::size_t>(count));
      const brier_parts parts = brier_split(groups);
      EXPECT_NEAR(parts.reliability - parts.resolution + parts.uncertainty + parts.within,
                  static_cast<double>(brier / sum), 2e-15);
      std::int64_t in = 0;
      for (std::size_t g = 0; g < groups.size(); ++g) {
        in += groups[g].rows;
        EXPECT_LT(g > 0 ? groups[g - 1].highest : -1.0, groups[g].lowest) << "ties are never parted";
      }
      EXPECT_EQ(in, static_cast<std::int64_t>(of.probability.size()));
      if (count == 1000 && rows.rows().size() > 30) {
        EXPECT_EQ(parts.within, 0.0);
      }
    }
    const isotonic_parts parts = isotonic_split(isotonic_curve(rows));
    EXPECT_NEAR(parts.miscalibration - parts.discrimination + parts.uncertainty,
                static_cast<double>(brier / sum), 2e-15);
  }
}

TEST(calibration, isotonic_rates_equal_the_largest_of_the_smallest_means) {
  for (std::uint64_t seed = 0; seed < 100; ++seed) {
    const sample of = drawn(seed, 2 + seed % 30, seed % 3 == 0);
    const std::vector<isotonic_block> curve = isotonic_curve(of.rows(weight_meaning::frequency));
    std::vector<double> at = of.probability;
    std::sort(at.begin(), at.end());
    at.erase(std::unique(at.begin(), at.end()), at.end());
    const auto mean = [&](double low, double high) {
      double events = 0.0;
      double all = 0.0;
      for (std::size_t i = 0; i < of.probability.size(); ++i) {
        if (of.probability[i] >= low && of.probability[i] <= high) {
          const double weight = of.weights.empty() ? 1.0 : of.weights[i];
          events += of.events[i] != 0 ? weight : 0.0;
          all += weight;
        }
      }
      return events / all;
    };
    for (const double p : at) { // max over starts of min over ends
      double best = 0.0;
      for (const double low : at) {
        double least = 1.0;
        for (const double high : at)
          least = high >= p && low <= p ? std::min(least, mean(low, high)) : least;
        best = low <= p ? std::max(best, least) : best;
      }
      const auto block = std::find_if(curve.begin(), curve.end(), [&](const isotonic_block& one) {
        return one.lowest <= p && p <= one.highest;
      });
      ASSERT_NE(block, curve.end());
      EXPECT_NEAR(block->event_rate(), best, 1e-13);
    }
    for (std::size_t i = 1; i < curve.size(); ++i)
      EXPECT_GT(curve[i].event_rate(), curve[i - 1].event_rate());
  }
}

/// Newton's method for the line in 50 digits.
struct slow_line {
  big intercept{0};
  big slope{1};
  big errors[2]{0, 0};
  big likelihood{0};
  big as_said{0};
  explicit slow_line(const sample& of) {
    for (int step = 0; step < 8; ++step) {
      big g[2] = {0, 0};
      big h[3] = {0, 0, 0};
      likelihood = 0;
      as_said = 0;
      for (std::size_t i = 0; i < of.probability.size(); ++i) {
        const big x = log(big(of.probability[i]) / (1 - big(of.probability[i])));
        const big p = 1 / (1 + exp(-(intercept + slope * x)));
        const big off = big(of.events[i]) - p;
        likelihood += of.events[i] != 0 ? log(p) : log(1 - p);
        as_said += of.events[i] != 0 ? log(big(of.probability[i])) : log(1 - big(of.probability[i]));
        g[0] += off;
        g[1] += off * x;
        h[0] += p * (1 - p);
        h[1] += p * (1 - p) * x;
        h[2] += p * (1 - p) * x * x;
      }
      const big det = h[0] * h[2] - h[1] * h[1];
      errors[0] = sqrt(h[2] / det);
      errors[1] = sqrt(h[0] / det);
      intercept += (h[2] * g[0] - h[1] * g[1]) / det;
      slope += (h[0] * g[1] - h[1] * g[0]) / det;
    }
  }
};

TEST(calibration, line_equals_newton_in_50_digits) {
  for (std::uint64_t seed = 1; seed < 4; ++seed) {
    const sample of = drawn(seed, 120, false);
    const calibration_line made = calibration_line_of(of.rows(), run{});
    const slow_line exact(of);
    ASSERT_EQ(made.state, calibration_state::computed);
    EXPECT_NEAR(made.intercept, static_cast<double>(exact.intercept), 1e-9);
    EXPECT_NEAR(made.slope, static_cast<double>(exact.slope), 1e-9);
    EXPECT_NEAR(made.intercept_error, static_cast<double>(exact.errors[0]), 1e-9);
    EXPECT_NEAR(made.slope_error, static_cast<double>(exact.errors[1]), 1e-9);
    EXPECT_NEAR(made.test.statistic, static_cast<double>(2 * (exact.likelihood - exact.as_said)), 1e-9);
    // At the level the sum of probabilities is the number of events.
    double sum = 0.0;
    double events = 0.0;
    for (std::size_t i = 0; i < of.probability.size(); ++i) {
      sum += 1.0 / (1.0 + std::exp(-made.level) * (1.0 - of.probability[i]) / of.probability[i]);
      events += of.events[i];
    }
    EXPECT_NEAR(sum, events, 1e-8);
  }
  // The rate of all by one probability.
  sample flat;
  for (int i = 0; i < 100; ++i) {
    flat.probability.push_back(0.02);
    flat.events.push_back(i < 10 ? 1 : 0);
  }
  const calibration_line made = calibration_line_of(flat.rows(), run{});
  EXPECT_EQ(made.state, calibration_state::no_spread);
  EXPECT_NEAR(made.level, std::log(0.1 / 0.9) - std::log(0.02 / 0.98), 1e-12);
  EXPECT_NEAR(made.level_error, 1.0 / std::sqrt(9.0), 1e-12);
}

// --- where there is no answer -----------------------------------------------------------------------------

TEST(calibration, certain_probabilities_one_class_and_separated) {
  const sample fine{{0.0, 0.0, 1.0}, {0, 0, 1}, {}};
  EXPECT_EQ(brier_score(fine.rows()).value, 0.0);
  EXPECT_EQ(log_loss(fine.rows()).value, 0.0);
  EXPECT_EQ(spiegelhalter(fine.rows()).state, calibration_state::no_spread);
  EXPECT_EQ(calibration_line_of(fine.rows(), run{}).state, calibration_state::certain);
  EXPECT_EQ(hosmer_lemeshow(equal_groups(fine.rows(), 10), false).p_value, 1.0);
  const sample wrong{{0.0, 0.0, 1.0}, {0, 1, 1}, {}};
  EXPECT_TRUE(std::isinf(log_loss(wrong.rows()).value));
  EXPECT_EQ(hosmer_lemeshow(equal_groups(wrong.rows(), 10), false).state, calibration_state::certain);
  EXPECT_EQ(hosmer_lemeshow(equal_groups(wrong.rows(), 10), false).p_value, 0.0);
  EXPECT_EQ(hosmer_lemeshow(equal_groups(wrong.rows(), 10), true).state, calibration_state::too_few_groups);
  const sample apart{{0.1, 0.2, 0.7, 0.9}, {0, 0, 1, 1}, {}};
  EXPECT_EQ(calibration_line_of(apart.rows(), run{}).state, calibration_state::separated);
  EXPECT_EQ(calibration_line_of(apart.rows(), run{}).level_state, calibration_state::computed);
  const sample against{{0.1, 0.2, 0.7, 0.9}, {1, 1, 0, 0}, {}};
  EXPECT_EQ(calibration_line_of(against.rows(), run{}).state, calibration_state::separated);
  const sample none{{0.1, 0.2}, {0, 0}, {}};
  EXPECT_EQ(calibration_line_of(none.rows(), run{}).state, calibration_state::no_events);
  EXPECT_EQ(calibration_line_of(sample{{0.1, 0.2}, {1, 1}, {}}.rows(), run{}).state,
            calibration_state::no_non_events);
  EXPECT_EQ(calibration_line_of(forecast_rows(), run{}).state, calibration_state::no_rows);
  EXPECT_TRUE(std::isnan(brier_score(forecast_rows()).value));
  EXPECT_TRUE(equal_groups(forecast_rows(), 10).empty());
  EXPECT_TRUE(isotonic_curve(forecast_rows()).empty());
  EXPECT_TRUE(std::isnan(brier_split({}).reliability));
  EXPECT_EQ(hosmer_lemeshow({}, false).state, calibration_state::no_rows);
  EXPECT_EQ(portfolio_test(10.0, 1.0, 0.0).state, calibration_state::no_spread);
  const sample tiny{{1e-300, 5e-324, 0.5, 1.0 - 0x1p-53}, {0, 1, 0, 1}, {}};
  const calibration_line far = calibration_line_of(tiny.rows(), run{});
  EXPECT_TRUE(far.state == calibration_state::computed ? std::isfinite(far.slope_error)
                                                       : std::isnan(far.slope));
  EXPECT_TRUE(std::isfinite(log_loss(tiny.rows()).value));
}

TEST(calibration, no_bit_depends_on_the_order_of_rows) {
  for (const bool weighted : {false, true}) {
    sample of = drawn(9, 200, weighted);
    const forecast_rows rows = of.rows();
    const calibration_line line = calibration_line_of(rows, run{});
    for (std::uint64_t seed = 1; seed < 4; ++seed) {
      std::vector<std::size_t> order(of.probability.size());
      std::iota(order.begin(), order.end(), std::size_t{0});
      test::draws(seed).shuffle(order);
      sample mixed;
      for (const std::size_t i : order) {
        mixed.probability.push_back(of.probability[i]);
        mixed.events.push_back(of.events[i]);
        if (weighted)
          mixed.weights.push_back(of.weights[i]);
      }
      const forecast_rows again = mixed.rows();
      EXPECT_EQ(brier_score(again).value, brier_score(rows).value);
      EXPECT_EQ(log_loss(again).standard_error, log_loss(rows).standard_error);
      EXPECT_EQ(spiegelhalter(again).statistic, spiegelhalter(rows).statistic);
      EXPECT_EQ(calibration_line_of(again, run{}).slope, line.slope);
      EXPECT_EQ(hosmer_lemeshow(equal_groups(again, 10), false).statistic,
                hosmer_lemeshow(equal_groups(rows, 10), false).statistic);
    }
  }
}

} // namespace
} // namespace emptor::stats::calibration_oracle_test
