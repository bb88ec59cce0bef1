// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstdint>
#include <string_view>

#include <emptor/core/describe.hpp>
#include <emptor/core/options.hpp>

/// How many days a year has where a yearly rate is taken by the day. Interest between two dates has day counts of its own
/// (late_interest.hpp), of which these are the denominators.
namespace emptor::credit {

inline constexpr std::string_view days_of_year_choices[] = {"365", "360"};
inline constexpr option_description day_count_option{
    .name = "day_count",
    .what = option_content::choice,
    .summary = "days of a year: 365, or the 360 of textbooks and bankers",
    .unit = "days",
    .default_value = "365",
    .choices = days_of_year_choices};

[[nodiscard]] inline std::int64_t days_of_year(const option_values& options) {
  return options.text(day_count_option.name) == "360" ? 360 : 365;
}

} // namespace emptor::credit
