// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <limits>
#include <span>
#include <vector>

#include <emptor/math/real.hpp>

/// What p-values of several tests become so that their number does no harm (多重比较校正). NaN is a test that has none; it
/// is no member of the family.
namespace emptor::stats {

namespace detail {
/// The tests that have a p-value, by it; equal ones in their order.
[[nodiscard]] inline std::vector<std::size_t> by_p_value(std::span<const double> p) {
  std::vector<std::size_t> order;
  for (std::size_t i = 0; i < p.size(); ++i) {
    if (!std::isnan(p[i]))
      order.push_back(i);
  }
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t left, std::size_t right) { return p[left] < p[right]; });
  return order;
}
} // namespace detail

/// Whoever rejects what is at most alpha here rejects one true hypothesis or more with a chance of at most alpha, whatever
/// the tests have to do with each other: of m the k-th smallest times m - k + 1, and never less than one before.
/// Source: S. Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6, 1979.
/// \param p each in [0, 1] or NaN
[[nodiscard]] inline std::vector<double> holm(std::span<const double> p) {
  std::vector<double> made(p.size(), std::numeric_limits<double>::quiet_NaN());
  const std::vector<std::size_t> order = detail::by_p_value(p);
  double least = 0.0;
  for (std::size_t k = 0; k < order.size(); ++k) {
    const double scaled = math::value_of(math::real(p[order[k]]) * static_cast<double>(order.size() - k));
    least = std::max(least, std::min(1.0, scaled));
    made[order[k]] = least;
  }
  return made;
}

/// Of what is at most alpha here a share of at most alpha is expected to be rejected wrongly (false discovery rate), where
/// the tests are independent or hang together positively: of m the k-th smallest times m / k, and never more than one
/// behind. Source: Y. Benjamini and Y. Hochberg, Controlling the false discovery rate, Journal of the Royal Statistical
/// Society B 57, 1995.
/// \param p each in [0, 1] or NaN
[[nodiscard]] inline std::vector<double> benjamini_hochberg(std::span<const double> p) {
  std::vector<double> made(p.size(), std::numeric_limits<double>::quiet_NaN());
  const std::vector<std::size_t> order = detail::by_p_value(p);
  double most = 1.0;
  for (std::size_t k = order.size(); k-- > 0;) {
    const double scaled = math::value_of(math::real(p[order[k]]) * static_cast<double>(order.size()) /
                                         static_cast<double>(k + 1));
    most = std::min(most, scaled);
    made[order[k]] = most;
  }
  return made;
}

} // namespace emptor::stats
