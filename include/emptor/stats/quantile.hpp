// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <span>
#include <vector>

#include <emptor/math/real.hpp>

namespace emptor::stats {

namespace detail {

struct two_in_order {
  double one;
  double next; ///< the same where there is none
};

/// \param from  in any order, and changed; not empty
[[nodiscard]] inline two_in_order in_order(std::span<double> from, std::size_t place) {
  const auto at = from.begin() + static_cast<std::ptrdiff_t>(place);
  std::nth_element(from.begin(), at, from.end());
  return {*at, at + 1 == from.end() ? *at : *std::min_element(at + 1, from.end())};
}

/// The number of a place of the sorted order, and the one behind it. Of many numbers and a place near an end only those are put
/// in order that lie on its side of a number that a sample tells of.
[[nodiscard]] inline two_in_order in_order(std::span<const double> values, std::size_t place) {
  constexpr std::size_t many = 1024;
  constexpr std::size_t in_sample = 128;
  const std::size_t n = values.size();
  const std::size_t behind = n - 1 - place;
  std::vector<double> near(n);
  if (n >= many && std::min(place, behind) < n / 8) {
    const bool low = place < behind;
    double sample[in_sample];
    for (std::size_t i = 0; i < in_sample; ++i)
      sample[i] = values[i * n / in_sample];
    // Twice as far from the end as the place is: a sample hardly errs as much, and where it does all are put in order.
    const std::size_t rank = 2 * (std::min(place, behind) * in_sample / n) + 4;
    const std::size_t pivot_at = low ? rank : in_sample - 1 - rank;
    std::nth_element(sample, sample + pivot_at, sample + in_sample);
    const double pivot = sample[pivot_at];
    std::size_t count = 0;
    for (const double one : values) {
      near[count] = one;
      count += (low ? one <= pivot : one >= pivot) ? 1 : 0;
    }
    if (low ? count > place + 1 : count > behind)
      return in_order(std::span(near).first(count), low ? place : count - 1 - behind);
  }
  std::copy(values.begin(), values.end(), near.begin());
  return in_order(std::span(near), place);
}

} // namespace detail

/// The quantile of type 7 (R. J. Hyndman and Y. Fan, The American Statistician 50, 1996): linear interpolation.
/// \param values  not empty, none of them NaN \param share  in [0, 1]
[[nodiscard]] inline double quantile_type_7(std::span<const double> values, double share) {
  const math::real place = math::real(static_cast<double>(values.size() - 1)) * share;
  const double below = std::floor(math::value_of(place));
  const detail::two_in_order found = detail::in_order(values, static_cast<std::size_t>(below));
  const math::real part = place - below;
  if (!(part > math::real(0.0)))
    return found.one;
  return math::value_of(found.one + part * (math::real(found.next) - found.one));
}

} // namespace emptor::stats
