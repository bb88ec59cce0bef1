// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <emptor/core/check.hpp>
#include <emptor/core/status.hpp>
#include <emptor/core/text.hpp>
#include <emptor/math/real.hpp>

namespace emptor::credit {

/// The scale of a payment index (付款指数): points from 0 to 100 by the days beyond terms, linear between its knots, the
/// outermost points beyond them.
///
/// The usual scale has 100 for 30 days before the due date, 90 for 20 before, 80 on terms, 70 for 15 days late, 60 for 22,
/// 50 for 30, 40 for 60, 30 for 90 and 20 for 120, as credit bureaus print it; from there on ours goes on at the same
/// slope to 0 at 180 days.
///
/// Points are whole multiples of 10^-12, so that sums of them times money are exact and a mean shows no binary digits.
class payment_scale {
public:
  static constexpr double whole_point = 1e12;

  /// \param days whole and increasing  \param points in [0, 100], one a day, never rising
  /// \throws error status::option
  payment_scale(std::string_view where, const std::vector<double>& days, const std::vector<double>& points) {
    const auto refuse = [&](std::string_view option, const std::string& is, std::string_view must_be) {
      throw error(status::option, message(where, option, -1, is, must_be));
    };
    if (days.size() < 2)
      refuse("option index_days", std::to_string(days.size()) + " days", "at least two");
    if (points.size() != days.size())
      refuse("option index_points", std::to_string(points.size()) + " points", "one for each of index_days");
    for (std::size_t i = 0; i < days.size(); ++i) {
      if (days[i] != std::floor(days[i]) || (i > 0 && !(days[i] > days[i - 1])))
        refuse("option index_days", to_text(days[i]), "whole days, each larger than the one before");
      if (i > 0 && !(points[i] <= points[i - 1]))
        refuse("option index_points", to_text(points[i]), "no more than the points before");
    }
    first_ = static_cast<std::int32_t>(days.front());
    using math::real;
    for (std::size_t i = 1; i < days.size(); ++i) {
      const real slope = (real(points[i]) - points[i - 1]) / (real(days[i]) - days[i - 1]);
      const auto length = static_cast<std::int32_t>(days[i] - days[i - 1]);
      for (std::int32_t day = 0; day < length; ++day)
        points_.push_back(fixed(math::value_of(real(points[i - 1]) + slope * day)));
    }
    points_.push_back(fixed(points.back()));
  }

  /// In units of 10^-12 points.
  [[nodiscard]] std::int64_t of(std::int32_t days_late) const noexcept {
    const std::int64_t place = std::int64_t{days_late} - first_;
    const auto last = static_cast<std::int64_t>(points_.size()) - 1;
    return points_[static_cast<std::size_t>(std::clamp<std::int64_t>(place, 0, last))];
  }
  [[nodiscard]] double points(std::int32_t days_late) const noexcept {
    return static_cast<double>(of(days_late)) / whole_point;
  }

private:
  [[nodiscard]] static std::int64_t fixed(double points) noexcept {
    return static_cast<std::int64_t>(std::floor(points * whole_point + 0.5));
  }

  std::int32_t first_ = 0;
  std::vector<std::int64_t> points_; ///< by days from the first knot to the last
};

inline constexpr std::string_view usual_index_days = "-30,-20,0,15,22,23,30,180";
inline constexpr std::string_view usual_index_points = "100,90,80,70,60,59,50,0";

} // namespace emptor::credit
