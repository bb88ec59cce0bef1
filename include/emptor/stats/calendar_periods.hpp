// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include <emptor/core/check.hpp>
#include <emptor/core/date.hpp>
#include <emptor/core/describe.hpp>
#include <emptor/core/options.hpp>

/// Time cut into periods that follow each other without a gap: months, quarters or years of the calendar, or a number of days.
namespace emptor::stats {

/// Periods have numbers that grow by one; which number a period has does not matter, only how far apart two are.
class calendar_periods {
public:
  /// Periods of the calendar. \param months 1, 3 or 12
  [[nodiscard]] static calendar_periods of_months(int months) noexcept { return {months, 0, 0}; }
  /// Periods of so many days. \param last_of_one the last day of one of them \param days >= 1
  [[nodiscard]] static calendar_periods of_days(std::int32_t days, std::int32_t last_of_one) noexcept {
    return {0, days, last_of_one};
  }

  [[nodiscard]] std::int32_t number_of(std::int32_t day) const noexcept {
    if (months_ == 0)
      return floor_of(std::int64_t{day} - anchor_ - 1, days_);
    const std::chrono::year_month_day value{date_from_days(day)};
    const std::int32_t month = static_cast<int>(value.year()) * 12 +
                               static_cast<std::int32_t>(static_cast<unsigned>(value.month())) - 1;
    return floor_of(month, months_);
  }
  /// The first day of a period that can be written: 0000-01-01 of one that begins earlier, 9999-12-31 of one behind it.
  [[nodiscard]] std::int32_t first_day_of(std::int32_t number) const noexcept {
    return admissible(begin_of(number));
  }
  /// The last day of a period that can be written: 9999-12-31 of one that ends later, 0000-01-01 of one before it.
  [[nodiscard]] std::int32_t last_day_of(std::int32_t number) const noexcept {
    return admissible(begin_of(std::int64_t{number} + 1) - 1);
  }
  /// How many of them make a year: a year of the calendar, or 365.2425 days.
  [[nodiscard]] double in_a_year() const noexcept {
    return months_ != 0 ? 12.0 / months_ : days_in(time_unit::year) / days_;
  }

private:
  calendar_periods(int months, std::int32_t days, std::int32_t anchor) noexcept
      : months_(months)
      , days_(days)
      , anchor_(anchor) {}
  /// Days since 1970-01-01, of any period.
  [[nodiscard]] std::int64_t begin_of(std::int64_t number) const noexcept {
    if (months_ == 0)
      return number * days_ + anchor_ + 1;
    constexpr std::int64_t beyond = 12 * 10'001; // months, of a year that no date has
    const auto month = static_cast<std::int32_t>(std::clamp(number * months_, -beyond, beyond));
    const std::int32_t year = floor_of(month, 12);
    return days_since_epoch(
        date{std::chrono::year{year} / std::chrono::month{static_cast<unsigned>(month - 12 * year + 1)} / 1});
  }
  [[nodiscard]] static std::int32_t admissible(std::int64_t day) noexcept {
    return static_cast<std::int32_t>(std::clamp<std::int64_t>(day, first_day, last_day));
  }
  [[nodiscard]] static std::int32_t floor_of(std::int64_t number, std::int64_t by) noexcept {
    return static_cast<std::int32_t>(number / by - (number % by < 0 ? 1 : 0));
  }

  int months_;
  std::int32_t days_;
  std::int32_t anchor_;
};

/// The longest period of days that an option may ask for.
inline constexpr std::int64_t most_days_of_period = 36525;

/// "month", "quarter", "year", or a number of days. \param last_of_one the day on which periods of days end
[[nodiscard]] inline std::optional<calendar_periods> parse_periods(std::string_view text,
                                                                   std::int32_t last_of_one) noexcept {
  if (text == "month")
    return calendar_periods::of_months(1);
  if (text == "quarter")
    return calendar_periods::of_months(3);
  if (text == "year")
    return calendar_periods::of_months(12);
  const auto days = parse_integer(text);
  if (!days || *days < 1 || *days > most_days_of_period)
    return std::nullopt;
  return calendar_periods::of_days(static_cast<std::int32_t>(*days), last_of_one);
}

/// The option `period` of those who cut time so. \param by_default what it is unless given
[[nodiscard]] constexpr option_description period_option(std::string_view by_default) noexcept {
  return {
      .name = "period",
      .what = option_content::text,
      .summary =
          "length of the periods: month, quarter or year of the calendar; or a number of days, the last of "
          "them ending with until",
      .default_value = by_default};
}

/// \throws error status::option for any other text
[[nodiscard]] inline calendar_periods read_periods(std::string_view where, std::string_view text,
                                                   std::int32_t last_of_one) {
  const auto parsed = parse_periods(text, last_of_one);
  if (!parsed)
    throw error(status::option, message(where, "option period", -1, shortened(text),
                                        "month, quarter, year, or a number of days from 1 to 36525"));
  return *parsed;
}

} // namespace emptor::stats
