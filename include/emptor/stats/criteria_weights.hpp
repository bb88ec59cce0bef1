// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <utility>
#include <vector>

#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>

/// Objective weights of criteria (客观赋权法): from how the figures of alternatives differ, and from nobody's opinion. A criterion in
/// which all are alike tells nothing apart and has no weight.
///
/// - entropy (熵权法): p_ij = x_ij / sum_i x_ij, e_j = -1/ln m sum_i p_ij ln p_ij with 0 ln 0 = 0, weight 1 - e_j over their sum;
/// - standard deviation: that of the figures on a scale from their worst, 0, to their best, 1;
/// - CRITIC: the standard deviation times the sum over the other criteria of 1 - correlation, so that two which say the same share
///   their weight (D. Diakoulaki, G. Mavrotas and L. Papayannakis 1995).
namespace emptor::stats {

/// A figure of each alternative.
struct criterion_spread {
  double least = 0.0;
  double greatest = 0.0;
  double mean = 0.0;

  [[nodiscard]] bool is_constant() const noexcept { return least == greatest; }
};
/// Least, greatest and mean of the figures of a criterion, in their units.
[[nodiscard]] inline criterion_spread spread_of(std::span<const double> figures) noexcept {
  criterion_spread made;
  const auto [least, greatest] = std::minmax_element(figures.begin(), figures.end());
  if (least == figures.end())
    return made;
  made.least = *least + 0.0;
  made.greatest = *greatest + 0.0;
  math::real sum(0.0);
  for (const double one : figures)
    sum += one;
  made.mean = math::value_of(sum / static_cast<double>(figures.size()));
  return made;
}

/// Figures on a scale from their worst, 0, to their best, 1 (极差标准化). \param figures  not all the same, and not so far apart
/// that their difference is no double
[[nodiscard]] inline std::vector<double> scaled_to_range(std::span<const double> figures, bool is_cost) {
  const criterion_spread spread = spread_of(figures);
  const math::real width = math::real(spread.greatest) - spread.least;
  std::vector<double> made;
  for (const double one : figures) {
    const math::real from_worst =
        is_cost ? math::real(spread.greatest) - one : math::real(one) - spread.least;
    made.push_back(math::value_of(from_worst / width));
  }
  return made;
}

/// 1 - entropy of shares, at least 0: 1/ln m sum of (q ln q - q + 1)/m with q = m p, in which no term is below 0, so that figures
/// which are almost alike keep their digits.
/// \param figures  at least two, none below 0, one above
[[nodiscard]] inline double entropy_divergence(std::span<const double> figures) noexcept {
  const auto m = static_cast<double>(figures.size());
  math::real all(0.0);
  const double greatest = *std::max_element(figures.begin(), figures.end());
  for (const double one : figures)
    all += math::real(one) / greatest;
  math::real sum(0.0);
  for (const double one : figures) {
    const math::real q = math::real(one) / greatest * m / all;
    const math::real more = (math::real(one) / greatest * m - all) / all; // q - 1
    if (q < math::real(0.5))
      sum += (math::value_of(q) > 0.0 ? q * math::log(q) : math::real(0.0)) + (1.0 - q);
    else
      sum += q * math::log1p(more) - more;
  }
  return math::value_of(max(sum, math::real(0.0)) / m / math::log(math::real(m)));
}

/// Around their mean, divided by m - 1. \param figures  at least two
[[nodiscard]] inline double sample_deviation(std::span<const double> figures) noexcept {
  math::real sum(0.0);
  for (const double one : figures)
    sum += one;
  const math::real mean = sum / static_cast<double>(figures.size());
  math::real squares(0.0);
  for (const double one : figures) {
    const math::real off = math::real(one) - mean;
    squares += off * off;
  }
  return math::value_of(sqrt(squares / (static_cast<double>(figures.size()) - 1.0)));
}

/// In [-1, 1]; within rounding of an end it is the end. \param x  and y: not all the same, on scales from 0 to 1
[[nodiscard]] inline double correlation(std::span<const double> x, std::span<const double> y) noexcept {
  const auto m = static_cast<double>(x.size());
  math::real sum_x(0.0);
  math::real sum_y(0.0);
  for (std::size_t i = 0; i < x.size(); ++i) {
    sum_x += x[i];
    sum_y += y[i];
  }
  math::real xx(0.0);
  math::real yy(0.0);
  math::real xy(0.0);
  for (std::size_t i = 0; i < x.size(); ++i) {
    const math::real off_x = math::real(x[i]) - sum_x / m;
    const math::real off_y = math::real(y[i]) - sum_y / m;
    xx += off_x * off_x;
    yy += off_y * off_y;
    xy += off_x * off_y;
  }
  const double made = math::value_of(xy / (sqrt(xx) * sqrt(yy)));
  constexpr double end = 1.0 - 1e-14;
  return made > end ? 1.0 : made < -end ? -1.0 : made;
}

/// Figures made to add up to 1. \param figures  none below 0, one above
[[nodiscard]] inline std::vector<double> shares_of(std::span<const double> figures) {
  math::real sum(0.0);
  for (const double one : figures)
    sum += one;
  std::vector<double> made;
  for (const double one : figures)
    made.push_back(math::value_of(one / sum));
  return made;
}

} // namespace emptor::stats
