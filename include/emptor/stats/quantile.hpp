// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <emptor/math/real.hpp>

namespace emptor::stats {

namespace detail {

/// Puts the number of a place of the sorted order there, none greater before it and none less behind it. Of many numbers and a
/// place near an end most lie on the other side of a number that a sample tells of, and one look each parts them.
/// \return the end of those behind the place of which one is the next in order
inline std::vector<double>::iterator put_in_order(std::vector<double>& values, std::size_t place) {
  constexpr std::size_t many = 1024;
  constexpr std::size_t in_sample = 128;
  const std::size_t n = values.size();
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(place);
  const bool low = place < n / 8;
  if (n < many || (!low && place < n - n / 8)) {
    std::nth_element(values.begin(), at, values.end());
    return values.end();
  }
  double sample[in_sample];
  for (std::size_t i = 0; i < in_sample; ++i)
    sample[i] = values[i * n / in_sample];
  // Twice as far from the end as the place is: a sample hardly errs as much, and where it does more are put in order.
  const std::size_t rank = 2 * ((low ? place : n - 1 - place) * in_sample / n) + 4;
  const std::size_t pivot_at = low ? rank : in_sample - 1 - rank;
  std::nth_element(sample, sample + pivot_at, sample + in_sample);
  const double pivot = sample[pivot_at];
  const auto middle = low ? std::partition(values.begin(), values.end(), [&](double x) { return x <= pivot; })
                          : std::partition(values.begin(), values.end(), [&](double x) { return x < pivot; });
  if (at >= middle) {
    std::nth_element(middle, at, values.end());
    return values.end();
  }
  std::nth_element(values.begin(), at, middle);
  return at + 1 < middle ? middle : values.end();
}

} // namespace detail

/// The quantile of type 7 (R. J. Hyndman and Y. Fan, The American Statistician 50, 1996): linear interpolation. \param values  not empty; come out in another order \param share  in [0, 1]
[[nodiscard]] inline double quantile_type_7(std::vector<double>& values, double share) {
  const math::real place = math::real(static_cast<double>(values.size() - 1)) * share;
  const double below = std::floor(math::value_of(place));
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(below);
  const auto end = detail::put_in_order(values, static_cast<std::size_t>(below));
  const double low = *at;
  const math::real part = place - below;
  if (!(part > math::real(0.0)))
    return low;
  return math::value_of(low + part * (math::real(*std::min_element(at + 1, end)) - low));
}

} // namespace emptor::stats
