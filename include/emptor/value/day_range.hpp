// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <algorithm>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>

#include <emptor/core/date.hpp>
#include <emptor/stats/order_history.hpp>

namespace emptor::value {

/// A period, both days included.
struct day_range {
  std::int32_t first = 0;
  std::int32_t last = -1;
  [[nodiscard]] bool has(std::int32_t day) const noexcept { return first <= day && day <= last; }
  [[nodiscard]] std::int64_t days() const noexcept { return std::int64_t{last} - first + 1; }
};

/// As many days right before a period.
[[nodiscard]] inline day_range period_before(const day_range& of) noexcept {
  return {static_cast<std::int32_t>(of.first - of.days()), of.first - 1};
}

/// The same days of the year before; the end of a month is that of the other, however long they are.
[[nodiscard]] inline day_range year_before(const day_range& of) {
  const date end = date_from_days(of.last) + std::chrono::days{1};
  const bool month_ends = std::chrono::year_month_day{end}.day() == std::chrono::day{1};
  const date last =
      month_ends ? add_months(end, -12) - std::chrono::days{1} : add_months(end - std::chrono::days{1}, -12);
  return {days_since_epoch(add_months(date_from_days(of.first), -12)), days_since_epoch(last)};
}

/// Twelve months of the calendar, the last of them up to a day: no thirteenth, of which there is a part only.
[[nodiscard]] inline day_range year_up_to(date last) {
  const std::chrono::year_month_day end{last};
  const date month{end.year() / end.month() / 1};
  return {days_since_epoch(add_months(month, -11)), days_since_epoch(last)};
}

/// The day of the earliest line of a history, of all customers.
[[nodiscard]] inline std::optional<std::int32_t> first_day_of(const stats::order_history& from) {
  const stats::order_history::lines lines = from.order_lines();
  std::optional<std::int32_t> first;
  for (std::size_t row = 0; row < lines.rows; ++row) {
    if (from.is_live(row))
      first = std::min(first.value_or(lines.day[row]), lines.day[row]);
  }
  return first;
}

} // namespace emptor::value
