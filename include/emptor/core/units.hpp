// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <string_view>

#include <emptor/core/status.hpp>

namespace emptor {

/// The unit in which a model counts time. `none` says that the caller's numbers have no known unit; then
/// dates, durations with a unit and yearly rates are refused.
enum class time_unit : std::int32_t { none = 0, day = 1, week = 2, month = 3, year = 4 };

/// Mean length in days: a month is a twelfth of the Gregorian year of 365.2425 days.
[[nodiscard]] constexpr double days_in(time_unit unit) noexcept {
  switch (unit) {
  case time_unit::day:
    return 1.0;
  case time_unit::week:
    return 7.0;
  case time_unit::month:
    return 30.436875;
  case time_unit::year:
    return 365.2425;
  case time_unit::none:
    break;
  }
  return 0.0;
}

[[nodiscard]] constexpr std::string_view name(time_unit unit) noexcept {
  constexpr std::string_view names[] = {"none", "day", "week", "month", "year"};
  return names[static_cast<std::int32_t>(unit)];
}

/// A length of time with its unit. It is no number: it turns into one only in a named unit.
class duration {
public:
  constexpr duration(double count, time_unit unit) noexcept
      : count_(count)
      , unit_(unit) {}
  constexpr explicit duration(std::chrono::days length) noexcept
      : count_(static_cast<double>(length.count()))
      , unit_(time_unit::day) {}

  [[nodiscard]] constexpr time_unit unit() const noexcept { return unit_; }
  [[nodiscard]] constexpr double count() const noexcept { return count_; }
  /// The same length counted in `unit`. Neither unit may be `none` unless both are.
  [[nodiscard]] constexpr double in(time_unit unit) const noexcept {
    return unit == unit_ ? count_ : count_ * days_in(unit_) / days_in(unit);
  }

private:
  double count_;
  time_unit unit_;
};

/// How a yearly rate grows: once a year (1 + rate)^t, or continuously exp(rate t).
enum class compounding : std::int32_t { yearly = 0, continuous = 1 };

/// A rate per year, with its compounding. 0.1 is ten percent.
class yearly_rate {
public:
  constexpr explicit yearly_rate(double value, compounding how = compounding::yearly) noexcept
      : value_(value)
      , how_(how) {}
  [[nodiscard]] constexpr double value() const noexcept { return value_; }
  [[nodiscard]] constexpr compounding how() const noexcept { return how_; }

private:
  double value_;
  compounding how_;
};

/// A number in [0, 1].
class probability {
public:
  /// \throws error status::invalid_argument outside [0, 1].
  constexpr explicit probability(double value)
      : value_(value) {
    if (!(value >= 0.0 && value <= 1.0))
      throw error(status::invalid_argument, "a probability must be in [0, 1]");
  }
  [[nodiscard]] constexpr double value() const noexcept { return value_; }
  friend constexpr auto operator<=>(probability, probability) noexcept = default;

private:
  double value_;
};

} // namespace emptor
