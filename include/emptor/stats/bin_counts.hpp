// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

#include <emptor/core/money.hpp>

/// Counts of bins as whole numbers, so that rates of events are compared exactly: a / b < c / d where a d < c b. With
/// rounded rates two bins of equal rate may look different, and a trend hold or not by the last bit.
namespace emptor::stats {

/// No total of counts is larger, so that the products of three of them fit.
inline constexpr std::int64_t most_count_units = std::int64_t{1} << 40;

/// How many rows fell into a cell or bin, in units of weight, and how many of them are events. For a continuous target
/// `events` is the sum of the target in units of its own, of either sign.
struct bin_count {
  std::int64_t events = 0;
  std::int64_t rows = 0;

  [[nodiscard]] std::int64_t non_events() const noexcept { return rows - events; }
  bin_count& operator+=(const bin_count& other) noexcept {
    events += other.events;
    rows += other.rows;
    return *this;
  }
  friend bin_count operator+(bin_count left, const bin_count& right) noexcept { return left += right; }
  friend bin_count operator-(const bin_count& left, const bin_count& right) noexcept {
    return {left.events - right.events, left.rows - right.rows};
  }
  friend bool operator==(const bin_count&, const bin_count&) = default;
};

/// Share of events as the nearest number; NaN of an empty bin.
[[nodiscard]] inline double rate_of(const bin_count& bin) noexcept {
  return static_cast<double>(bin.events) / static_cast<double>(bin.rows);
}

/// -1, 0 or 1 as the rate of the left bin is below, equal to or above that of the right one; an empty bin equals all.
[[nodiscard]] inline int compare_rates(const bin_count& left, const bin_count& right) noexcept {
  const wide_integer a = static_cast<wide_integer>(left.events) * right.rows;
  const wide_integer b = static_cast<wide_integer>(right.events) * left.rows;
  return a < b ? -1 : a > b ? 1 : 0;
}

/// Whether the rate of `high` is that of `low` and at least so many billionths more; exact.
[[nodiscard]] inline bool exceeds_by(const bin_count& high, const bin_count& low,
                                     std::int64_t billionths) noexcept {
  const wide_integer more =
      static_cast<wide_integer>(high.events) * low.rows - static_cast<wide_integer>(low.events) * high.rows;
  if (billionths == 0)
    return more >= 0;
  return more * 1'000'000'000 >= static_cast<wide_integer>(billionths) * high.rows * low.rows;
}

/// Sign of 2 r(middle) - r(left) - r(right): not negative where three rates in a row bend downwards (concave); exact.
[[nodiscard]] inline int bend_of(const bin_count& left, const bin_count& middle,
                                 const bin_count& right) noexcept {
  const auto product = [](std::int64_t a, std::int64_t b, std::int64_t c) {
    return static_cast<wide_integer>(a) * b * c;
  };
  const wide_integer bend = 2 * product(middle.events, left.rows, right.rows) -
                            product(left.events, middle.rows, right.rows) -
                            product(right.events, left.rows, middle.rows);
  return bend < 0 ? -1 : bend > 0 ? 1 : 0;
}

/// What one unit of a whole number stands for: 1 / divisor.
struct count_unit {
  double divisor = 1.0;

  [[nodiscard]] double value(std::int64_t units) const noexcept {
    return static_cast<double>(units) / divisor;
  }
  [[nodiscard]] std::int64_t units(double value) const noexcept { return std::llround(value * divisor); }
};

/// The unit in which all values are whole: of up to six decimals, where they have no more; otherwise the power of two with
/// which their sum has 40 bits, so that each is held to a 10^-12th of the sum.
/// \param values  finite  \return none where even one unit per whole number is too fine for the sum
[[nodiscard]] inline count_unit unit_of(std::span<const double> values) noexcept {
  double sum = 0.0;
  double largest = 0.0;
  for (const double value : values) {
    sum += std::fabs(value);
    largest = std::max(largest, std::fabs(value));
  }
  const auto limit = static_cast<double>(most_count_units);
  double divisor = 1.0;
  for (int decimals = 0; decimals <= 6 && sum * divisor < limit; ++decimals, divisor *= 10.0) {
    const bool whole = std::all_of(values.begin(), values.end(), [&](double value) {
      const double units = value * divisor;
      return std::fabs(units - std::nearbyint(units)) <= 1e-9 * std::min(1.0, std::fabs(units));
    });
    if (whole)
      return {divisor};
  }
  if (!(sum > 0.0) || !std::isfinite(sum))
    return {};
  // Half of the limit leaves room for the rounding of each value.
  int exponent = 0;
  std::frexp(sum, &exponent);
  return {std::ldexp(1.0, std::clamp(39 - exponent, -1000, 1000))};
}

/// The ordered cells between which a binning may cut, each with its count in every time slice. With one slice it is the
/// usual problem.
class binning_cells {
public:
  binning_cells() = default;
  explicit binning_cells(std::size_t slices)
      : sums_(slices, std::vector<bin_count>(1)) {}
  explicit binning_cells(std::span<const bin_count> cells)
      : binning_cells(std::size_t{1}) {
    for (const bin_count& cell : cells)
      add(std::span(&cell, 1));
  }

  /// \param cell  one count for each slice
  void add(std::span<const bin_count> cell) {
    for (std::size_t slice = 0; slice < sums_.size(); ++slice)
      sums_[slice].push_back(sums_[slice].back() + cell[slice]);
  }
  [[nodiscard]] std::size_t size() const noexcept { return sums_.empty() ? 0 : sums_.front().size() - 1; }
  [[nodiscard]] std::size_t slices() const noexcept { return sums_.size(); }
  /// The cells first, first + 1, ... end - 1 in one slice.
  [[nodiscard]] bin_count bin(std::size_t first, std::size_t end, std::size_t slice) const noexcept {
    return sums_[slice][end] - sums_[slice][first];
  }
  /// The same over all slices.
  [[nodiscard]] bin_count bin(std::size_t first, std::size_t end) const noexcept {
    bin_count sum;
    for (std::size_t slice = 0; slice < sums_.size(); ++slice)
      sum += bin(first, end, slice);
    return sum;
  }
  [[nodiscard]] bin_count total(std::size_t slice) const noexcept { return sums_[slice].back(); }
  [[nodiscard]] bin_count total() const noexcept { return bin(0, size()); }

private:
  std::vector<std::vector<bin_count>> sums_; ///< of each slice: of the first 0, 1, 2, ... cells
};

} // namespace emptor::stats
