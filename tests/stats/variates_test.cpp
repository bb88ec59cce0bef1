// SPDX-License-Identifier: BSL-1.0
#include <algorithm>
#include <cmath>
#include <functional>
#include <vector>

#include <boost/math/distributions/beta.hpp>
#include <boost/math/distributions/exponential.hpp>
#include <boost/math/distributions/gamma.hpp>
#include <boost/math/distributions/normal.hpp>
#include <gtest/gtest.h>

#include <emptor/stats/variates.hpp>

namespace variates_test {
namespace {

using namespace emptor::stats;
using emptor::random_stream;

/// Kolmogorov's distance of draws to their distribution, times the root of their number: above 1.95 once in a
/// thousand seeds, and the seed is fixed.
double distance(const std::function<double(random_stream&)>& draw, const std::function<double(double)>& cdf) {
  constexpr int count = 20000;
  std::vector<double> drawn;
  for (int i = 0; i < count; ++i) {
    random_stream stream(7, 1, static_cast<std::uint64_t>(i));
    drawn.push_back(draw(stream));
  }
  std::sort(drawn.begin(), drawn.end());
  double largest = 0.0;
  for (int i = 0; i < count; ++i) {
    const double share = cdf(drawn[static_cast<std::size_t>(i)]);
    largest = std::max({largest, (i + 1.0) / count - share, share - i / (count + 0.0)});
  }
  return largest * std::sqrt(count);
}

TEST(variates, have_their_distributions) {
  using namespace boost::math;
  EXPECT_LT(distance(exponential_variate, [](double x) { return cdf(exponential_distribution<>(), x); }),
            1.95);
  EXPECT_LT(distance(normal_variate, [](double x) { return cdf(normal_distribution<>(), x); }), 1.95);
  for (const double shape : {0.05, 0.55, 1.0, 3.7, 400.0}) {
    EXPECT_LT(distance([&](random_stream& s) { return gamma_variate(shape, s); },
                       [&](double x) { return cdf(gamma_distribution<>(shape), x); }),
              1.95)
        << shape;
  }
  const double shapes[][2] = {{0.79, 2.4}, {0.05, 0.2}, {30, 4}};
  for (const auto& [a, b] : shapes) {
    EXPECT_LT(distance([&, a = a, b = b](random_stream& s) { return beta_variate(a, b, s); },
                       [&, a = a, b = b](double x) { return cdf(beta_distribution<>(a, b), x); }),
              1.95)
        << a;
  }
}

TEST(variates, of_tiny_shapes_are_told_by_their_logs) {
  double sum = 0.0;
  constexpr int count = 4000;
  for (int i = 0; i < count; ++i) {
    random_stream stream(7, 2, static_cast<std::uint64_t>(i));
    sum += log_gamma_variate(1e-6, stream);
  }
  // E[log X] = digamma(shape), about -1e6, with a standard deviation of 1e6.
  EXPECT_NEAR(sum / count, -1e6, 5e6 / std::sqrt(count));
  random_stream stream(7, 3, 0);
  const double share = beta_variate(1e-6, 1e-6, stream);
  EXPECT_TRUE(share == 0.0 || share == 1.0);
}

} // namespace
} // namespace variates_test
