// SPDX-License-Identifier: BSL-1.0
#include <gtest/gtest.h>

#include <emptor/core/date.hpp>

namespace emptor::date_test {
namespace {

using namespace std::chrono_literals;

TEST(date, every_format) {
  const date day{2026y / 11 / 22};
  EXPECT_EQ(parse_date("2026-11-22"), day);
  EXPECT_EQ(parse_date("20261122", date_format::year_month_day), day);
  for (const char* text : {"22.11.2026", "22/11/2026", "22-11-2026"})
    EXPECT_EQ(parse_date(text, date_format::day_month_year), day) << text;
  for (const char* text : {"11.22.2026", "11/22/2026", "11-22-2026"})
    EXPECT_EQ(parse_date(text, date_format::month_day_year), day) << text;
  EXPECT_EQ(parse_date("1/2/2026", date_format::day_month_year), date{2026y / 2 / 1});
  EXPECT_EQ(parse_date("1/2/2026", date_format::month_day_year), date{2026y / 1 / 2});
}

TEST(date, leap_years) {
  EXPECT_TRUE(parse_date("2024-02-29"));
  EXPECT_TRUE(parse_date("2000-02-29"));
  EXPECT_FALSE(parse_date("1900-02-29"));
  EXPECT_FALSE(parse_date("2023-02-29"));
  EXPECT_EQ(*parse_date("2024-03-01") - *parse_date("2024-02-28"), std::chrono::days{2});
  EXPECT_EQ(*parse_date("1900-03-01") - *parse_date("1900-02-28"), std::chrono::days{1});
}

TEST(date, what_is_refused) {
  for (const char* text :
       {"",           "2026",        "2026-1-22",   "2026-11-2",         "26-11-22",     "2026/11/22",
        "2026.11.22", "2026-11-22 ", " 2026-11-22", "2026-11-22T00:00",  "2026-13-01",   "2026-00-10",
        "2026-11-00", "2026-11-31",  "-026-11-22",  "+026-11-22",        "2026-+1-22",   "2026--1-22",
        "20261122",   "2026-11-",    "2026-11",     "99999999999-01-01", "2026-11-22-01"})
    EXPECT_FALSE(parse_date(text)) << text;
  for (const char* text :
       {"2026112", "202611222", "2026-1-2", "+0261122", "2026-122", "20261322", "2026 122"})
    EXPECT_FALSE(parse_date(text, date_format::year_month_day)) << text;
  for (const char* text : {"22.11/2026", "22 11 2026", "22.11.26", "022.11.2026", "31.11.2026", "11.22.2026",
                           "22.11.2026.", "22.11.", "22..2026", "221.1.2026", "22.11.20266"})
    EXPECT_FALSE(parse_date(text, date_format::day_month_year)) << text;
}

TEST(date, the_range_is_that_of_four_digits) {
  EXPECT_EQ(days_since_epoch(*parse_date("1970-01-01")), 0);
  EXPECT_EQ(days_since_epoch(*parse_date("0000-01-01")), first_day);
  EXPECT_EQ(days_since_epoch(*parse_date("9999-12-31")), last_day);
  EXPECT_TRUE(is_admissible_day(first_day) && is_admissible_day(last_day));
  EXPECT_FALSE(is_admissible_day(first_day - 1) || is_admissible_day(std::int64_t{last_day} + 1));
}

TEST(date, every_day_of_the_range_survives_its_text) {
  for (std::int32_t day = first_day; day <= last_day; day += 97) {
    const std::string text = to_string(date_from_days(day));
    ASSERT_EQ(text.size(), 10U);
    ASSERT_EQ(parse_date(text), date_from_days(day)) << text;
  }
}

} // namespace
} // namespace emptor::date_test
