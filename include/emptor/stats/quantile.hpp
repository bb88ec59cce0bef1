// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

#include <emptor/math/real.hpp>

namespace emptor::stats {

/// The quantile of type 7 (R. J. Hyndman and Y. Fan, The American Statistician 50, 1996): linear interpolation. \param values  not empty; come out in another order \param share  in [0, 1]
[[nodiscard]] inline double quantile_type_7(std::vector<double>& values, double share) {
  const math::real place = math::real(static_cast<double>(values.size() - 1)) * share;
  const double below = std::floor(math::value_of(place));
  const auto at = values.begin() + static_cast<std::ptrdiff_t>(below);
  std::nth_element(values.begin(), at, values.end());
  const double low = *at;
  const math::real part = place - below;
  if (!(part > math::real(0.0)))
    return low;
  return math::value_of(low + part * (math::real(*std::min_element(at + 1, values.end())) - low));
}

} // namespace emptor::stats
