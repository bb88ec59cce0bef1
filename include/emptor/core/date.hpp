// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <charconv>
#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace emptor {

/// A calendar day of the proleptic Gregorian calendar. Its difference is `std::chrono::days`, never a number.
using date = std::chrono::sys_days;

/// Days since 1970-01-01, as in Arrow's date32.
[[nodiscard]] constexpr std::int32_t days_since_epoch(date day) noexcept {
  return static_cast<std::int32_t>(day.time_since_epoch().count());
}

[[nodiscard]] constexpr date date_from_days(std::int32_t days) noexcept {
  return date{std::chrono::days{days}};
}

/// Days from 0000-01-01 to 9999-12-31: what can be written as an ISO date of four digits, and so what is
/// admitted.
inline constexpr std::int32_t first_day = -719528;
inline constexpr std::int32_t last_day = 2932896;

/// What stands for no day in a column of days.
inline constexpr std::int32_t no_day = std::numeric_limits<std::int32_t>::min();

[[nodiscard]] constexpr bool is_admissible_day(std::int64_t days) noexcept {
  return days >= first_day && days <= last_day;
}

/// The named orders of year, month and day in which dates are written.
enum class date_format { iso, year_month_day, day_month_year, month_day_year };

/// Reads a date of the form year-month-day (iso), 20261122 (year_month_day), or the two others with a point,
/// slash or hyphen between the numbers. Years have four digits. Nothing else may stand in the text.
[[nodiscard]] inline std::optional<date> parse_date(std::string_view text,
                                                    date_format format = date_format::iso) {
  int parts[3] = {0, 0, 0};
  if (format == date_format::year_month_day) {
    if (text.size() != 8)
      return std::nullopt;
    constexpr std::size_t starts[] = {0, 4, 6, 8};
    for (int i = 0; i < 3; ++i) {
      const char* first = text.data() + starts[i];
      const char* last = text.data() + starts[i + 1];
      if (*first == '-' || std::from_chars(first, last, parts[i]).ptr != last)
        return std::nullopt;
    }
  } else {
    const char* at = text.data();
    const char* const end = at + text.size();
    const int year_part = format == date_format::iso ? 0 : 2;
    char separator = '-';
    for (int i = 0; i < 3; ++i) {
      if (i == 1 && at != end)
        separator = *at;
      if (i > 0) {
        const bool known = format == date_format::iso
                               ? separator == '-'
                               : separator == '-' || separator == '/' || separator == '.';
        if (at == end || *at != separator || !known)
          return std::nullopt;
        ++at;
      }
      if (at == end || *at < '0' || *at > '9')
        return std::nullopt;
      const auto [next, failure] = std::from_chars(at, end, parts[i]);
      const auto digits = next - at;
      const bool fits = i == year_part ? digits == 4 : format == date_format::iso ? digits == 2 : digits <= 2;
      if (failure != std::errc{} || !fits)
        return std::nullopt;
      at = next;
    }
    if (at != end)
      return std::nullopt;
  }
  int year = parts[0];
  int month = parts[1];
  int day = parts[2];
  if (format == date_format::day_month_year) {
    day = parts[0];
    year = parts[2];
  } else if (format == date_format::month_day_year) {
    month = parts[0];
    day = parts[1];
    year = parts[2];
  }
  const std::chrono::year_month_day value{std::chrono::year{year},
                                          std::chrono::month{static_cast<unsigned>(month)},
                                          std::chrono::day{static_cast<unsigned>(day)}};
  if (!value.ok())
    return std::nullopt;
  return date{value};
}

/// The day `months` calendar months after `start`: the same day of the month, or the month's last where it is
/// shorter.
[[nodiscard]] constexpr date add_months(date start, int months) noexcept {
  using namespace std::chrono;
  const year_month_day from{start};
  const year_month_day to = from + std::chrono::months{months};
  return to.ok() ? date{to} : date{to.year() / to.month() / last};
}

/// The ISO form, such as 2026-11-22.
[[nodiscard]] inline std::string to_string(date day) {
  const std::chrono::year_month_day value{day};
  const auto number = [](unsigned n, int width) {
    std::string digits = std::to_string(n);
    return std::string(digits.size() < static_cast<std::size_t>(width)
                           ? static_cast<std::size_t>(width) - digits.size()
                           : 0,
                       '0') +
           digits;
  };
  const int year = static_cast<int>(value.year());
  return (year < 0 ? "-" : "") + number(static_cast<unsigned>(year < 0 ? -year : year), 4) + "-" +
         number(static_cast<unsigned>(value.month()), 2) + "-" +
         number(static_cast<unsigned>(value.day()), 2);
}

} // namespace emptor
