// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/math/real.hpp>

/// Importance-performance analysis (重要性-绩效分析): what is important and done badly comes first.
/// Source: J. A. Martilla and J. C. James, Importance-performance analysis, Journal of Marketing 41, 1977.
namespace emptor::satisfaction {

/// Where a line lies: importance and performance, each above or below the crossing of the axes (重要性-绩效分析).
enum class quadrant : std::int32_t {
  concentrate_here = 0, ///< important, done badly
  keep_up = 1,          ///< important, done well
  low_priority = 2,     ///< not important, done badly
  possible_overkill = 3 ///< not important, done well
};
inline constexpr std::string_view quadrant_names[] = {"concentrate_here", "keep_up", "low_priority",
                                                      "possible_overkill"};

/// Where the axes cross.
enum class quadrant_axes : std::int32_t { grand_means = 0, scale_midpoints = 1 };
inline constexpr std::string_view quadrant_axes_names[] = {"grand_means", "scale_midpoints"};

inline constexpr option_description axes_option{
    .name = "axes",
    .what = option_content::choice,
    .summary =
        "where the axes of importance and performance cross: at the means of what is shown (grand_means), or "
        "in the middle of the scale (scale_midpoints)",
    .default_value = "grand_means",
    .choices = quadrant_axes_names};

/// Where the axes cross, in the units of importance and performance.
struct axes_crossing {
  double importance = std::numeric_limits<double>::quiet_NaN();
  double performance = std::numeric_limits<double>::quiet_NaN();
};

/// The mean over what has both figures; NaN where nothing has.
[[nodiscard]] inline axes_crossing grand_means_of(std::span<const double> importance,
                                                  std::span<const double> performance) noexcept {
  math::real sums[2] = {0.0, 0.0};
  double count = 0.0;
  for (std::size_t i = 0; i < importance.size(); ++i) {
    if (std::isnan(importance[i]) || std::isnan(performance[i]))
      continue;
    sums[0] = sums[0] + importance[i];
    sums[1] = sums[1] + performance[i];
    count += 1.0;
  }
  return count > 0.0 ? axes_crossing{math::value_of(sums[0] / count), math::value_of(sums[1] / count)}
                     : axes_crossing{};
}

/// -1 where a figure is NaN. What lies on an axis, or as near to it as rounding, counts as high.
[[nodiscard]] inline std::int32_t quadrant_of(double importance, double performance,
                                              const axes_crossing& axes) noexcept {
  if (std::isnan(importance) || std::isnan(performance) || std::isnan(axes.importance) ||
      std::isnan(axes.performance))
    return -1;
  const auto high = [](double value, double axis) { return value >= axis - 1e-12 * std::fabs(axis); };
  const quadrant found =
      high(importance, axes.importance)
          ? (high(performance, axes.performance) ? quadrant::keep_up : quadrant::concentrate_here)
          : (high(performance, axes.performance) ? quadrant::possible_overkill : quadrant::low_priority);
  return static_cast<std::int32_t>(found);
}

} // namespace emptor::satisfaction
