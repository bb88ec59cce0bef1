// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <numeric>
#include <random>
#include <vector>

#include <boost/multiprecision/cpp_dec_float.hpp>
#include <gtest/gtest.h>

#include <emptor/stats/relative_importance.hpp>

namespace relative_importance_test {
namespace {

using emptor::stats::correlations;
using emptor::stats::relative_weights;
using emptor::stats::shapley_r_squared;
using emptor::stats::standardised_regression;
using digits = boost::multiprecision::cpp_dec_float_50;

/// Fuel consumption of 32 cars (Henderson and Velleman 1981) by cylinders, displacement, power and weight.
correlations cars() {
  return {4,
          {1.0,
           0.90203287214699882,
           0.83244745272181943,
           0.78249579446324081,
           -0.85216195942661314,
           0.90203287214699882,
           1.0,
           0.79094858636980641,
           0.88797992205813802,
           -0.84755137926247865,
           0.83244745272181943,
           0.79094858636980641,
           1.0,
           0.65874788734475913,
           -0.77616837182658636,
           0.78249579446324081,
           0.88797992205813802,
           0.65874788734475913,
           1.0,
           -0.86765937651722787,
           -0.85216195942661314,
           -0.84755137926247865,
           -0.77616837182658636,
           -0.86765937651722787,
           1.0}};
}

/// The R package rwa shows seven digits of these relative weights (its article on regression methods); all digits, and the
/// Shapley values over the 24 orders, in 40 digits with mpmath.
TEST(relative_importance, the_cars_of_the_package_rwa) {
  relative_weights weights;
  const double published[] = {0.2096904, 0.1883043, 0.1799590, 0.2706812};
  const double all_digits[] = {0.20969035757358506, 0.18830426937006578, 0.17995898042575807,
                               0.27068118605182460};
  const std::vector<double>& found = weights.of(cars());
  for (std::size_t j = 0; j < 4; ++j) {
    EXPECT_NEAR(found[j], published[j], 5e-8);
    EXPECT_NEAR(found[j], all_digits[j], 1e-14);
  }
  shapley_r_squared shapley;
  const std::size_t blocks[] = {0, 1, 2, 3};
  const double shares[] = {0.21570938609525567, 0.20069837473893896, 0.17007694580081591,
                           0.26215008678622297};
  const std::vector<double>& split = shapley.of(cars(), blocks, 4);
  for (std::size_t j = 0; j < 4; ++j)
    EXPECT_NEAR(split[j], shares[j], 1e-14);
  standardised_regression fit;
  EXPECT_FALSE(fit.fit(cars()));
  EXPECT_NEAR(fit.r_squared(), 0.84863479342123351, 1e-14);
  EXPECT_NEAR(std::accumulate(split.begin(), split.end(), 0.0), fit.r_squared(), 1e-14);
  EXPECT_NEAR(std::accumulate(found.begin(), found.end(), 0.0), fit.r_squared(), 1e-14);
}

/// The R package relaimpo, calc.relimp(lm(Fertility ~ ., swiss), type = "lmg"): the 47 provinces of Switzerland about 1888
/// (Mosteller and Tukey 1977), by their correlations.
TEST(relative_importance, the_swiss_provinces_of_the_package_relaimpo) {
  const double r[6][6] = {
      {1.0, -0.68654220861713646, -0.63952251894832014, 0.40109505304873989, -0.060858608416581638,
       0.35307918361997476},
      {0.0, 1.0, 0.69841529628848285, -0.57274180606416662, -0.11402159648203352, -0.64588270645728756},
      {0.0, 0.0, 1.0, -0.1538589170909148, -0.09932184582134563, -0.66378885703506917},
      {0.0, 0.0, 0.0, 1.0, 0.17549590759662291, 0.46368470065179397},
      {0.0, 0.0, 0.0, 0.0, 1.0, 0.41655603143498263},
      {0.0, 0.0, 0.0, 0.0, 0.0, 1.0}};
  correlations given{5, std::vector<double>(36)};
  for (std::size_t i = 0; i < 6; ++i) {
    for (std::size_t j = 0; j < 6; ++j)
      given.matrix[i * 6 + j] = i <= j ? r[i][j] : r[j][i];
  }
  const double published[] = {0.0570912207681, 0.1711730289002, 0.2601346786244, 0.1055701503735,
                              0.1127659229265};
  const std::size_t each[] = {0, 1, 2, 3, 4};
  shapley_r_squared shapley;
  const std::vector<double>& shares = shapley.of(given, each, 5);
  for (std::size_t j = 0; j < 5; ++j)
    EXPECT_NEAR(shares[j], published[j], 6e-14);
  standardised_regression fit;
  ASSERT_FALSE(fit.fit(given));
  EXPECT_NEAR(fit.r_squared(), 0.706735001593, 6e-13);
}

/// Correlations of draws, so that they belong to data.
correlations drawn(std::size_t p, unsigned seed, double common) {
  std::mt19937_64 bits(seed);
  std::normal_distribution<double> normal;
  const std::size_t n = 40 + p;
  std::vector<std::vector<double>> columns(p + 1, std::vector<double>(n));
  for (std::size_t i = 0; i < n; ++i) {
    const double shared = normal(bits);
    double outcome = normal(bits);
    for (std::size_t j = 0; j < p; ++j) {
      columns[j][i] = common * shared + normal(bits);
      outcome += columns[j][i] * (j % 3 == 0 ? 0.5 : j % 3 == 1 ? -0.2 : 0.1);
    }
    columns[p][i] = outcome;
  }
  correlations made{p, std::vector<double>((p + 1) * (p + 1))};
  for (std::size_t a = 0; a <= p; ++a) {
    for (std::size_t b = 0; b <= p; ++b) {
      const double mean_a = std::accumulate(columns[a].begin(), columns[a].end(), 0.0) / double(n);
      const double mean_b = std::accumulate(columns[b].begin(), columns[b].end(), 0.0) / double(n);
      double ab = 0.0;
      double aa = 0.0;
      double bb = 0.0;
      for (std::size_t i = 0; i < n; ++i) {
        ab += (columns[a][i] - mean_a) * (columns[b][i] - mean_b);
        aa += (columns[a][i] - mean_a) * (columns[a][i] - mean_a);
        bb += (columns[b][i] - mean_b) * (columns[b][i] - mean_b);
      }
      made.matrix[a * (p + 1) + b] = a == b ? 1.0 : ab / std::sqrt(aa * bb);
    }
  }
  return made;
}

/// R2 of the outcome on some predictors, by elimination in 50 digits.
digits r_squared(const correlations& of, const std::vector<std::size_t>& some) {
  const std::size_t k = some.size();
  std::vector<std::vector<digits>> a(k, std::vector<digits>(k + 1));
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t j = 0; j < k; ++j)
      a[i][j] = of.between(some[i], some[j]);
    a[i][k] = of.with_outcome(some[i]);
  }
  for (std::size_t i = 0; i < k; ++i) {
    for (std::size_t r = 0; r < k; ++r) {
      if (r == i)
        continue;
      const digits factor = a[r][i] / a[i][i];
      for (std::size_t c = i; c <= k; ++c)
        a[r][c] -= factor * a[i][c];
    }
  }
  digits explained = 0;
  for (std::size_t i = 0; i < k; ++i)
    explained += a[i][k] / a[i][i] * of.with_outcome(some[i]);
  return explained;
}

/// From the definition: the mean over all orders, which are grouped by the set that stands before.
std::vector<digits> shapley_by_definition(const correlations& of, const std::vector<std::size_t>& block_of,
                                          std::size_t blocks) {
  std::vector<digits> value(std::size_t{1} << blocks);
  for (std::size_t set = 0; set < value.size(); ++set) {
    std::vector<std::size_t> some;
    for (std::size_t i = 0; i < of.predictors; ++i) {
      if ((set >> block_of[i] & 1U) != 0)
        some.push_back(i);
    }
    value[set] = r_squared(of, some);
  }
  const auto factorial = [](std::size_t n) {
    digits product = 1;
    for (std::size_t i = 2; i <= n; ++i)
      product *= i;
    return product;
  };
  std::vector<digits> made(blocks, digits(0));
  for (std::size_t b = 0; b < blocks; ++b) {
    for (std::size_t set = 0; set < value.size(); ++set) {
      if ((set >> b & 1U) != 0)
        continue;
      const auto before = static_cast<std::size_t>(std::popcount(set));
      made[b] += factorial(before) * factorial(blocks - before - 1) / factorial(blocks) *
                 (value[set | std::size_t{1} << b] - value[set]);
    }
  }
  return made;
}

/// Relative weights in 50 digits; the root of the correlations by Newton's iteration (Denman and Beavers), not by
/// eigenvectors.
std::vector<digits> weights_by_roots(const correlations& of) {
  const std::size_t p = of.predictors;
  using matrix = std::vector<std::vector<digits>>;
  const auto inverse = [p](matrix a) {
    matrix made(p, std::vector<digits>(p, digits(0)));
    for (std::size_t i = 0; i < p; ++i)
      made[i][i] = 1;
    for (std::size_t i = 0; i < p; ++i) {
      const digits pivot = a[i][i];
      for (std::size_t c = 0; c < p; ++c) {
        a[i][c] /= pivot;
        made[i][c] /= pivot;
      }
      for (std::size_t r = 0; r < p; ++r) {
        const digits factor = a[r][i];
        if (r == i)
          continue;
        for (std::size_t c = 0; c < p; ++c) {
          a[r][c] -= factor * a[i][c];
          made[r][c] -= factor * made[i][c];
        }
      }
    }
    return made;
  };
  matrix root(p, std::vector<digits>(p));
  matrix back(p, std::vector<digits>(p, digits(0)));
  for (std::size_t i = 0; i < p; ++i) {
    back[i][i] = 1;
    for (std::size_t j = 0; j < p; ++j)
      root[i][j] = of.between(i, j);
  }
  for (int step = 0; step < 40; ++step) {
    const matrix root_inverse = inverse(root);
    const matrix back_inverse = inverse(back);
    for (std::size_t i = 0; i < p; ++i) {
      for (std::size_t j = 0; j < p; ++j) {
        root[i][j] = (root[i][j] + back_inverse[i][j]) / 2;
        back[i][j] = (back[i][j] + root_inverse[i][j]) / 2;
      }
    }
  }
  std::vector<digits> made(p, digits(0));
  for (std::size_t k = 0; k < p; ++k) {
    digits beta = 0;
    for (std::size_t i = 0; i < p; ++i)
      beta += back[k][i] * of.with_outcome(i);
    for (std::size_t j = 0; j < p; ++j)
      made[j] += root[j][k] * root[j][k] * beta * beta;
  }
  return made;
}

TEST(relative_importance, agrees_with_fifty_digits) {
  for (const std::size_t p : {1U, 2U, 3U, 5U, 7U}) {
    for (const double common : {0.0, 1.0, 4.0}) {
      const correlations given = drawn(p, static_cast<unsigned>(p), common);
      std::vector<std::size_t> each(p);
      std::iota(each.begin(), each.end(), std::size_t{0});
      shapley_r_squared shapley;
      relative_weights weights;
      const std::vector<digits> true_shares = shapley_by_definition(given, each, p);
      const std::vector<digits> true_weights = weights_by_roots(given);
      const std::vector<double>& shares = shapley.of(given, each, p);
      const std::vector<double>& found = weights.of(given);
      for (std::size_t j = 0; j < p; ++j) {
        EXPECT_NEAR(shares[j], static_cast<double>(true_shares[j]), 1e-13) << p << ' ' << common << ' ' << j;
        EXPECT_NEAR(found[j], static_cast<double>(true_weights[j]), 1e-13) << p << ' ' << common << ' ' << j;
      }
    }
  }
}

TEST(relative_importance, blocks_are_players_of_their_own) {
  const correlations given = drawn(7, 5, 1.0);
  const std::vector<std::size_t> blocks{0, 0, 1, 2, 2, 2, 3};
  shapley_r_squared shapley;
  const std::vector<double>& shares = shapley.of(given, blocks, 4);
  const std::vector<digits> truth = shapley_by_definition(given, blocks, 4);
  for (std::size_t b = 0; b < 4; ++b)
    EXPECT_NEAR(shares[b], static_cast<double>(truth[b]), 1e-13);
}

TEST(relative_importance, fifteen_drivers_add_up) {
  const correlations given = drawn(15, 9, 2.0);
  std::vector<std::size_t> each(15);
  std::iota(each.begin(), each.end(), std::size_t{0});
  shapley_r_squared shapley;
  relative_weights weights;
  standardised_regression fit;
  ASSERT_FALSE(fit.fit(given));
  const std::vector<double>& shares = shapley.of(given, each, 15);
  const std::vector<double>& found = weights.of(given);
  EXPECT_NEAR(std::accumulate(shares.begin(), shares.end(), 0.0), fit.r_squared(), 1e-12);
  EXPECT_NEAR(std::accumulate(found.begin(), found.end(), 0.0), fit.r_squared(), 1e-12);
  EXPECT_TRUE(std::all_of(found.begin(), found.end(), [](double one) { return one >= 0.0; }));
  EXPECT_TRUE(std::all_of(shares.begin(), shares.end(), [](double one) { return one >= 0.0; }));
}

TEST(relative_importance, without_correlation_all_shares_are_squared_correlations) {
  const correlations given{3, {1, 0, 0, 0.5, 0, 1, 0, -0.3, 0, 0, 1, 0, 0.5, -0.3, 0, 1}};
  shapley_r_squared shapley;
  relative_weights weights;
  const std::size_t each[] = {0, 1, 2};
  EXPECT_EQ(weights.of(given), (std::vector<double>{0.25, 0.09, 0.0}));
  const std::vector<double>& shares = shapley.of(given, each, 3);
  EXPECT_NEAR(shares[0], 0.25, 1e-15);
  EXPECT_NEAR(shares[1], 0.09, 1e-15);
  EXPECT_EQ(shares[2], 0.0);
}

TEST(relative_importance, a_combination_is_named) {
  const correlations given{3, {1, 0, 0.6, 0.5, 0, 1, 0.8, 0.1, 0.6, 0.8, 1, 0.38, 0.5, 0.1, 0.38, 1}};
  standardised_regression fit;
  EXPECT_EQ(fit.fit(given), std::size_t{2});
  relative_weights weights; // the split is still one of all that is explained
  const std::vector<double>& found = weights.of(given);
  EXPECT_NEAR(std::accumulate(found.begin(), found.end(), 0.0), 0.26, 1e-14);
}

} // namespace
} // namespace relative_importance_test
