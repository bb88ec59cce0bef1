// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <string_view>
#include <vector>

#include <emptor/math/real.hpp>

/// Many tests at once: p-values that say how surprising one of them is among all of them.
namespace emptor::stats {

/// What is kept below the level: the chance of any false alarm (bonferroni, holm), or the expected share of false ones among
/// the alarms (false_discovery_rate).
enum class multiplicity : std::int32_t { none = 0, bonferroni = 1, holm = 2, false_discovery_rate = 3 };
inline constexpr std::string_view multiplicity_names[] = {"none", "bonferroni", "holm", "false_discovery_rate"};

/// p-values adjusted for their number: a test is significant at a level if its adjusted p-value is at most that. Those that
/// are NaN are no tests: they stay NaN and do not count.
/// Source: S. Holm, A simple sequentially rejective multiple test procedure, Scandinavian Journal of Statistics 6, 1979; Y.
/// Benjamini and Y. Hochberg, Controlling the false discovery rate, Journal of the Royal Statistical Society B 57, 1995.
[[nodiscard]] inline std::vector<double> adjusted_p_values(std::span<const double> p, multiplicity how) {
  std::vector<double> made(p.begin(), p.end());
  if (how == multiplicity::none)
    return made;
  std::vector<std::size_t> order(p.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::erase_if(order, [&](std::size_t i) { return std::isnan(p[i]); });
  std::stable_sort(order.begin(), order.end(), [&](std::size_t i, std::size_t j) { return p[i] < p[j]; });
  const std::size_t tests = order.size();
  const auto times = [&](std::size_t at, std::size_t over, std::size_t under) {
    return std::min(1.0, math::value_of(math::real(p[order[at]]) * static_cast<double>(over) /
                                        static_cast<double>(under)));
  };
  double bound = 0.0;
  switch (how) {
  case multiplicity::bonferroni:
    for (std::size_t at = 0; at < tests; ++at)
      made[order[at]] = times(at, tests, 1);
    break;
  case multiplicity::holm: // from the smallest one, never falling
    for (std::size_t at = 0; at < tests; ++at)
      made[order[at]] = bound = std::max(bound, times(at, tests - at, 1));
    break;
  case multiplicity::false_discovery_rate: // from the largest one, never rising
    bound = 1.0;
    for (std::size_t at = tests; at-- > 0;)
      made[order[at]] = bound = std::min(bound, times(at, tests, at + 1));
    break;
  case multiplicity::none:
    break;
  }
  return made;
}

} // namespace emptor::stats
