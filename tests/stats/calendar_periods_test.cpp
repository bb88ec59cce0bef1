// SPDX-License-Identifier: BSL-1.0
#include <cstdint>
#include <limits>

#include <gtest/gtest.h>

#include <emptor/core/date.hpp>
#include <emptor/stats/calendar_periods.hpp>

namespace emptor::test::calendar_periods_test {
namespace {

std::int32_t day(const char* text) {
  return days_since_epoch(*parse_date(text));
}

TEST(calendar_periods, follow_each_other_without_a_gap) {
  const stats::calendar_periods all[] = {
      stats::calendar_periods::of_months(1), stats::calendar_periods::of_months(3),
      stats::calendar_periods::of_months(12), stats::calendar_periods::of_days(1, day("2024-06-30")),
      stats::calendar_periods::of_days(7, day("2024-06-30"))};
  for (const stats::calendar_periods& periods : all) {
    for (std::int32_t at = day("1999-01-01"); at < day("2001-03-01"); ++at) {
      const std::int32_t number = periods.number_of(at);
      EXPECT_LE(periods.first_day_of(number), at);
      EXPECT_GE(periods.last_day_of(number), at);
      EXPECT_EQ(periods.last_day_of(number) + 1, periods.first_day_of(number + 1));
      EXPECT_EQ(periods.number_of(periods.first_day_of(number)), number);
      EXPECT_EQ(periods.number_of(periods.last_day_of(number)), number);
    }
  }
  EXPECT_EQ(all[1].first_day_of(all[1].number_of(day("2024-06-15"))), day("2024-04-01"));
  EXPECT_EQ(all[4].last_day_of(all[4].number_of(day("2024-06-24"))), day("2024-06-30"));
}

TEST(calendar_periods, begin_and_end_on_days_that_can_be_written) {
  const stats::calendar_periods centuries = stats::calendar_periods::of_days(36525, day("2024-06-30"));
  const std::int32_t early = centuries.number_of(day("0001-05-05"));
  EXPECT_EQ(centuries.first_day_of(early), first_day) << "it begins in the year -97";
  EXPECT_LT(centuries.last_day_of(early), day("0100-01-01"));
  const std::int32_t late = centuries.number_of(last_day);
  EXPECT_EQ(centuries.last_day_of(late), last_day);
  EXPECT_GT(centuries.first_day_of(late), day("9900-01-01"));
  const stats::calendar_periods years = stats::calendar_periods::of_months(12);
  EXPECT_EQ(years.first_day_of(years.number_of(first_day)), first_day);
  EXPECT_EQ(years.last_day_of(years.number_of(last_day)), last_day);
  // Numbers of no period.
  for (const stats::calendar_periods& periods : {centuries, years}) {
    EXPECT_EQ(periods.first_day_of(std::numeric_limits<std::int32_t>::min()), first_day);
    EXPECT_EQ(periods.last_day_of(std::numeric_limits<std::int32_t>::min()), first_day);
    EXPECT_EQ(periods.first_day_of(std::numeric_limits<std::int32_t>::max()), last_day);
    EXPECT_EQ(periods.last_day_of(std::numeric_limits<std::int32_t>::max()), last_day);
  }
}

} // namespace
} // namespace emptor::test::calendar_periods_test
