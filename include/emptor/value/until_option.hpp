// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <optional>
#include <utility>

#include <emptor/core/described_table.hpp>
#include <emptor/core/options.hpp>
#include <emptor/core/table.hpp>
#include <emptor/stats/lines_by_customer.hpp>
#include <emptor/stats/order_history.hpp>
#include <emptor/value/summary_entry.hpp>

/// The option until of reports over an order history, and the warning that belongs to its default: one line with a wrong year
/// would else end the period behind all that was ever sold, and leave the report empty without a word.
namespace emptor::value {

/// The last day that counts.
struct counted_until {
  date day{};
  std::optional<stats::far_lines> far; ///< where the day is that of such lines, because no option set it
};

/// By default the latest day of the history; of one without lines the first day that counts, so that no message names a day
/// that nobody did.
[[nodiscard]] inline counted_until read_until(const option_values& given, const stats::order_history& from) {
  if (const std::optional<date> day = given.day("until"))
    return {*day, std::nullopt};
  return {stats::last_day_of(from).value_or(given.day("since").value_or(date{})), stats::far_lines_of(from)};
}

inline constexpr table_description until_warning_output{.name = "warnings",
                                                        .summary = "what to know before using the figures",
                                                        .columns = summary_warning_columns};

/// The table of `until_warning_output`: a row where the last day lies far behind all others.
[[nodiscard]] inline table until_warnings(const counted_until& of) {
  described_table made(until_warning_output, 0);
  if (of.far)
    made.level(summary_warning::far_until).text(detail::far_text(*of.far, of.day));
  return std::move(made).made();
}

} // namespace emptor::value
