// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/stats/multiplicity.hpp>

#include "support/random.hpp"

namespace emptor::stats::multiplicity_test {
namespace {

const double nan = std::numeric_limits<double>::quiet_NaN();

void expect_near(const std::vector<double>& is, const std::vector<double>& wanted) {
  ASSERT_EQ(is.size(), wanted.size());
  for (std::size_t i = 0; i < is.size(); ++i) {
    if (std::isnan(wanted[i]))
      EXPECT_TRUE(std::isnan(is[i])) << i;
    else
      EXPECT_NEAR(is[i], wanted[i], 1e-15) << i;
  }
}

// The fifteen p-values of Benjamini and Hochberg, 1995, section 3.2 (a study of thrombolysis): at 0.05 Holm rejects three of
// them and the false discovery rate four.
TEST(multiplicity, benjamini_and_hochberg_1995) {
  const std::vector<double> p{0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                              0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000};
  const auto rejected = [](const std::vector<double>& of) {
    return std::count_if(of.begin(), of.end(), [](double one) { return one <= 0.05; });
  };
  EXPECT_EQ(rejected(holm(p)), 3);
  EXPECT_EQ(rejected(benjamini_hochberg(p)), 4);
}

TEST(multiplicity, by_hand) {
  expect_near(holm(std::vector<double>{0.03, nan, 0.01, 0.02, 0.9}), {0.06, nan, 0.04, 0.06, 0.9});
  expect_near(benjamini_hochberg(std::vector<double>{0.03, nan, 0.01, 0.02, 0.9}),
              {0.04, nan, 0.04, 0.04, 0.9});
  expect_near(holm(std::vector<double>{0.4, 0.5}), {0.8, 0.8});
  expect_near(benjamini_hochberg(std::vector<double>{0.5, 0.5, 0.0}), {0.5, 0.5, 0.0});
  expect_near(holm(std::vector<double>{0.2}), {0.2});
  expect_near(holm(std::vector<double>{nan}), {nan});
  EXPECT_TRUE(holm({}).empty() && benjamini_hochberg({}).empty());
}

// The definition of each adjusted value as an extreme over all others, in quadratic time.
TEST(multiplicity, as_the_definition) {
  test::draws draw(3);
  for (int round = 0; round < 50; ++round) {
    std::vector<double> p;
    for (std::uint64_t i = 0; i < 1 + draw.below(40); ++i)
      p.push_back(draw.below(9) == 0 ? nan : static_cast<double>(draw.below(50)) / 49.0);
    const std::vector<double> strict = holm(p);
    const std::vector<double> mild = benjamini_hochberg(p);
    std::vector<double> sorted;
    std::copy_if(p.begin(), p.end(), std::back_inserter(sorted), [](double one) { return !std::isnan(one); });
    std::sort(sorted.begin(), sorted.end());
    const auto m = static_cast<double>(sorted.size());
    for (std::size_t i = 0; i < p.size(); ++i) {
      if (std::isnan(p[i])) {
        EXPECT_TRUE(std::isnan(strict[i]) && std::isnan(mild[i]));
        continue;
      }
      double largest = 0.0;
      double smallest = 1.0;
      for (std::size_t k = 0; k < sorted.size(); ++k) {
        const auto rank = static_cast<double>(k + 1);
        if (sorted[k] <= p[i])
          largest = std::max(largest, std::min(1.0, (m - rank + 1.0) * sorted[k]));
        if (sorted[k] >= p[i])
          smallest = std::min(smallest, m / rank * sorted[k]);
      }
      // Of equal ones Holm gives each its own factor; the first of them has the largest.
      EXPECT_LE(strict[i], largest + 1e-15);
      EXPECT_NEAR(mild[i], smallest, 1e-15);
      EXPECT_GE(strict[i] + 1e-15, mild[i]);
      EXPECT_GE(mild[i] + 1e-15, p[i]);
    }
  }
}

} // namespace
} // namespace emptor::stats::multiplicity_test
