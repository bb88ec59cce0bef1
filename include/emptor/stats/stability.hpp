// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>
#include <vector>

#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>
#include <emptor/stats/intervals.hpp>
#include <emptor/stats/test_tails.hpp>

/// How far a population has moved from another one over bins (群体稳定性指标).
namespace emptor::stats {

/// What is done where a bin has rows in one sample and none in the other, of which the index knows no finite value.
enum class empty_cell : std::int32_t {
  refuse = 0,  ///< no index
  floor = 1,   ///< that share alone counts as a small one
  add_half = 2 ///< one half is added to each count of both samples
};
inline constexpr std::string_view empty_cells[] = {"refuse", "floor", "add_half"};

/// Whether an index has a value, and why not.
enum class stability_state : std::int32_t { computed = 0, no_rows, one_bin, empty_cell };
inline constexpr std::string_view stability_states[] = {"computed", "no_rows", "one_bin", "empty_cell"};

/// Two samples over the same bins: counts, or sums of weights with the number of rows of equal weight that they are worth.
struct binned_samples {
  std::span<const double> actual;
  std::span<const double> expected;
  double actual_size = 0.0;   ///< effective number of rows
  double expected_size = 0.0; ///< effective number of rows
};

/// Population stability index (nats) and its p-value.
struct stability_index {
  stability_state state = stability_state::no_rows;
  double value = std::numeric_limits<double>::quiet_NaN();
  std::vector<double> parts; ///< of each bin, in the order of the bins
  std::int64_t bins = 0;     ///< that have rows in either sample
  /// What the index is on average where nothing has changed, and what it then exceeds with the chance 1 - confidence.
  double expected_by_chance = std::numeric_limits<double>::quiet_NaN();
  double limit_by_chance = std::numeric_limits<double>::quiet_NaN();
  double p_value =
      std::numeric_limits<double>::quiet_NaN(); ///< of an index as large where nothing has changed
  double standard_error = std::numeric_limits<double>::quiet_NaN();
  interval within{}; ///< from the standard error; not below 0
};

/// Population stability index: the sum over bins of (a - e) log(a / e) with shares a and e, the symmetric divergence of H.
/// Jeffreys and of S. Kullback and R. A. Leibler (1951). Where both samples come from one population, the index over
/// (1 / n + 1 / m) is about chi-squared with bins - 1 degrees for n and m rows (B. Yurdakul, Statistical properties of
/// population stability index, Western Michigan University, 2018). Its standard error elsewhere is that of the
/// linearised index of two multinomial samples. Bins that are empty in both samples do not count.
/// Where a bin is empty in one of them, a floor in its place has no such law, and makes the index as large as one likes: its
/// p-value is then Pearson's, of homogeneity, to which that of the index comes for many rows, and there is no limit.
/// \param floor  the share that counts for none with empty_cell::floor
[[nodiscard]] inline stability_index stability_of(const binned_samples& from, empty_cell rule, double floor,
                                                  double confidence) {
  using math::real;
  stability_index made;
  const std::size_t bins = from.actual.size();
  made.parts.assign(bins, 0.0);
  const double half = rule == empty_cell::add_half ? 0.5 : 0.0;
  real totals[2] = {0.0, 0.0};
  bool both = true;
  for (std::size_t i = 0; i < bins; ++i) {
    if (!(from.actual[i] > 0.0) && !(from.expected[i] > 0.0))
      continue;
    ++made.bins;
    both = both && from.actual[i] > 0.0 && from.expected[i] > 0.0;
    totals[0] += real(from.actual[i]) + half;
    totals[1] += real(from.expected[i]) + half;
  }
  const auto counted = static_cast<double>(made.bins);
  if (!(math::value_of(totals[0]) > half * counted) || !(math::value_of(totals[1]) > half * counted))
    return made;
  if (!both && rule == empty_cell::refuse) {
    made.state = stability_state::empty_cell;
    made.parts.assign(bins, std::numeric_limits<double>::quiet_NaN());
    return made;
  }
  real sum(0.0);
  real squares[2] = {0.0, 0.0};
  real means[2] = {0.0, 0.0};
  real pearson(0.0); // of homogeneity, times unit
  const real weights[2] = {real(from.actual_size) / (real(from.actual_size) + from.expected_size),
                           real(from.expected_size) / (real(from.actual_size) + from.expected_size)};
  for (std::size_t i = 0; i < bins; ++i) {
    if (!(from.actual[i] > 0.0) && !(from.expected[i] > 0.0))
      continue;
    real a = (real(from.actual[i]) + half) / totals[0];
    real e = (real(from.expected[i]) + half) / totals[1];
    pearson += (a - e) * (a - e) / (weights[0] * a + weights[1] * e);
    if (!(math::value_of(a) > 0.0))
      a = real(floor);
    if (!(math::value_of(e) > 0.0))
      e = real(floor);
    const real ratio = math::log(a / e);
    const real part = (a - e) * ratio;
    made.parts[i] = math::value_of(part);
    sum += part;
    const real slopes[2] = {ratio + real(1.0) - e / a, real(1.0) - ratio - a / e};
    const real shares[2] = {a, e};
    for (std::size_t k = 0; k < 2; ++k) {
      means[k] += shares[k] * slopes[k];
      squares[k] += shares[k] * (slopes[k] * slopes[k]);
    }
  }
  made.value = math::value_of(sum);
  if (made.bins < 2) {
    made.state = stability_state::one_bin;
    return made;
  }
  made.state = stability_state::computed;
  const double degrees = counted - 1.0;
  const real unit = real(1.0) / from.actual_size + real(1.0) / from.expected_size;
  if (both || rule == empty_cell::add_half) {
    made.expected_by_chance = math::value_of(unit * degrees);
    made.limit_by_chance = math::value_of(unit * chi_squared_limit(1.0 - confidence, degrees));
    made.p_value = chi_squared_tail(math::value_of(sum / unit), degrees);
  } else {
    made.p_value = chi_squared_tail(math::value_of(pearson / unit), degrees);
  }
  const real variance = max(squares[0] - means[0] * means[0], real(0.0)) / from.actual_size +
                        max(squares[1] - means[1] * means[1], real(0.0)) / from.expected_size;
  made.standard_error = math::value_of(math::sqrt(variance));
  const real reach = real(two_sided_normal_quantile(confidence)) * made.standard_error;
  made.within = {std::max(0.0, math::value_of(sum - reach)), math::value_of(sum + reach)};
  return made;
}

/// What the customary bounds of 0.10 and 0.25 say. They are a convention of practice (E. M. Lewis, An Introduction to Credit
/// Scoring, 1994) and know nothing of the sizes of the samples or the number of bins.
enum class stability_verdict : std::int32_t { stable = 0, moderate = 1, shifted = 2 };
inline constexpr std::string_view stability_verdicts[] = {"stable", "moderate", "shifted"};
/// What an index says by two bounds.
[[nodiscard]] constexpr stability_verdict verdict_of(double index, double moderate, double shifted) noexcept {
  return index >= shifted    ? stability_verdict::shifted
         : index >= moderate ? stability_verdict::moderate
                             : stability_verdict::stable;
}

} // namespace emptor::stats
