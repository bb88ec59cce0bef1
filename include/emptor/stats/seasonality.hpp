// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <numeric>
#include <span>
#include <vector>

#include <emptor/math/elementary.hpp>
#include <emptor/math/incomplete_gamma.hpp>
#include <emptor/stats/intervals.hpp>

namespace emptor::stats {

/// A value in a month, 0 to 11.
struct monthly_value {
  std::uint32_t month = 0;
  double value = 0.0;

  friend bool operator<(const monthly_value& left, const monthly_value& right) noexcept {
    return left.value != right.value ? left.value < right.value : left.month < right.month;
  }
};

struct month_effect {
  std::int64_t count = 0;
  double effect = std::numeric_limits<double>::quiet_NaN(); ///< mean of the month less the mean of all values
  double shrunk = std::numeric_limits<double>::quiet_NaN(); ///< what of it is expected to come again
  interval within;                                          ///< of that
};

struct seasonality {
  double p_value = std::numeric_limits<double>::quiet_NaN();
  double effect_size = std::numeric_limits<double>::quiet_NaN(); ///< epsilon squared, 0 to 1
  std::array<month_effect, 12> months{};
};

/// Whether months differ, and by how much.
///
/// Test: Kruskal and Wallis, corrected for ties, against chi squared with one degree of freedom less than there are months
/// with values; effect size H / (n - 1) (Kelley's epsilon squared in ranks, Tomczak and Tomczak 2014). Effects are shrunk
/// by empirical Bayes: variance between the months by the method of moments of the one-way analysis of variance with
/// unlike counts (W. G. Cochran 1939), each month's effect times between / (between + within / n), its interval that of
/// the normal posterior.
/// \param values  in any order; they are sorted
/// \return NaN where there are not two months, or no month with two values
[[nodiscard]] inline seasonality seasonality_of(std::vector<monthly_value>& values, double z) {
  using math::real;
  using math::value_of;
  seasonality found;
  std::sort(values.begin(), values.end()); // sums of reals are of one order
  std::array<real, 12> ranks{};
  std::array<real, 12> sums{};
  real all(0.0);
  const auto n = static_cast<double>(values.size());
  real tied(0.0);
  for (std::size_t first = 0; first < values.size();) {
    std::size_t last = first + 1;
    while (last < values.size() && values[last].value == values[first].value)
      ++last;
    const auto t = static_cast<double>(last - first);
    tied += real(t) * t * t - t;
    for (std::size_t i = first; i < last; ++i)
      ranks[values[i].month] += real(static_cast<double>(first + last + 1)) * 0.5;
    first = last;
  }
  for (const monthly_value& one : values) {
    ++found.months[one.month].count;
    sums[one.month] += one.value;
    all += one.value;
  }
  const auto months = static_cast<double>(std::count_if(
      found.months.begin(), found.months.end(), [](const month_effect& one) { return one.count > 0; }));
  if (months < 2.0 || n <= months)
    return found;

  const real mean = all / n;
  real h(0.0);
  real between_squares(0.0);
  real counts_squared(0.0);
  for (std::size_t month = 0; month < 12; ++month) {
    if (found.months[month].count == 0)
      continue;
    const auto count = static_cast<double>(found.months[month].count);
    const real above = ranks[month] / count - (n + 1.0) * 0.5;
    h += real(count) * (above * above);
    const real effect = sums[month] / count - mean;
    found.months[month].effect = value_of(effect);
    between_squares += real(count) * (effect * effect);
    counts_squared += real(count) * count;
  }
  const real untied = real(1.0) - tied / (real(n) * n * n - n);
  if (untied > real(0.0)) {
    h = real(12.0) / (real(n) * (n + 1.0)) * h / untied;
    found.p_value = math::gamma_q((months - 1.0) / 2.0, value_of(h) / 2.0);
    found.effect_size = value_of(h / (n - 1.0));
  }
  real within_squares(0.0);
  for (const monthly_value& one : values) {
    const real rest = real(one.value) - mean - found.months[one.month].effect;
    within_squares += rest * rest;
  }
  const real within = within_squares / (n - months);
  const real between =
      max(real(0.0), (between_squares - (months - 1.0) * within) / (real(n) - counts_squared / n));
  for (month_effect& one : found.months) {
    if (one.count == 0)
      continue;
    const real noise = within / static_cast<double>(one.count);
    const real kept = between > real(0.0) ? between / (between + noise) : real(0.0);
    one.shrunk = value_of(kept * one.effect);
    const real half = z * sqrt(kept * noise);
    one.within = {value_of(real(one.shrunk) - half), value_of(real(one.shrunk) + half)};
  }
  return found;
}

} // namespace emptor::stats
