// SPDX-License-Identifier: BSL-1.0
#include <gtest/gtest.h>

#include <emptor/core/check.hpp>

namespace emptor::check_test {
namespace {

TEST(check, the_one_shape_of_messages) {
  EXPECT_EQ(message("value.bg_nbd", "frequency", 12, "-1", to_text(at_least_zero)),
            "value.bg_nbd: frequency[12] is -1, but must be >= 0");
  EXPECT_EQ(message("value.bg_nbd", "alpha", -1, "0", "> 0"), "value.bg_nbd: alpha is 0, but must be > 0");
}

TEST(check, domains_in_words) {
  EXPECT_EQ(to_text(any_number), "a finite number");
  EXPECT_EQ(to_text(above_zero), "> 0");
  EXPECT_EQ(to_text(zero_to_one), "in [0, 1]");
  EXPECT_EQ(to_text(domain{.low = 0, .high = 1, .low_open = true, .high_open = true}), "in (0, 1)");
  EXPECT_EQ(to_text(domain{.high = 5}), "<= 5");
  EXPECT_EQ(to_text(domain{.high = 5, .high_open = true}), "< 5");
  EXPECT_FALSE(any_number.contains(std::numeric_limits<double>::quiet_NaN()));
}

TEST(check, numbers_in_their_shortest_form) {
  EXPECT_EQ(to_text(0.1), "0.1");
  EXPECT_EQ(to_text(-0.0), "-0");
  EXPECT_EQ(to_text(1e300), "1e+300");
  EXPECT_EQ(to_text(-std::numeric_limits<double>::quiet_NaN()), "NaN");
}

TEST(check, the_nearest_name) {
  const std::vector<std::string_view> known{"frequency", "recency", "age"};
  EXPECT_EQ(nearest("frequncy", known), "frequency");
  EXPECT_EQ(nearest("agee", known), "age");
  EXPECT_EQ(nearest("zzzzzzzz", known), "");
  EXPECT_EQ(nearest(std::string(1000, 'a'), known), "");
  const std::vector<std::string_view> entries{"credit.ageing", "value.mbg_nbd", "value.bg_nbd", "value.nbd"};
  EXPECT_EQ(nearest("bg_nbd", entries), "value.bg_nbd") << "without its room";
  EXPECT_EQ(nearest("bg_nbdd", entries), "value.bg_nbd");
  EXPECT_EQ(nearest("ageing", entries), "credit.ageing");
  EXPECT_EQ(nearest("value.ageing", entries), "") << "of another room";
  EXPECT_STREQ(unknown_name("m", "column", "zzzzzzzz", known).what(),
               "m: there is no column zzzzzzzz; there is frequency, recency, age");
  EXPECT_STREQ(unknown_name("", "entry", "agee", known).what(), "there is no entry agee; did you mean age?");
  EXPECT_EQ(unknown_name("", "entry", "agee", known).code(), status::unknown_name);
}

TEST(check, names_of_any_length_and_number_are_named_in_few_words) {
  const std::vector<std::string> many(1000, std::string(1000, 'z'));
  const std::vector<std::string_view> known(many.begin(), many.end());
  const std::string told = unknown_name("m", "column", std::string(100000, 'x'), known).what();
  EXPECT_LT(told.size(), 1000U) << told;
  EXPECT_NE(told.find(" and 988 more"), std::string::npos) << told;
  EXPECT_STREQ(unknown_name("m", "column", "a\nb", {}).what(), "m: there is no column a\\x0Ab");
}

TEST(check, every_status_has_a_name_and_every_refusal_a_reason) {
  for (std::int32_t code = 0; code <= static_cast<std::int32_t>(status::internal); ++code)
    EXPECT_NE(name(static_cast<status>(code)), "unknown");
  EXPECT_EQ(name(static_cast<status>(18)), "unknown");
  EXPECT_EQ(name(static_cast<status>(-1)), "unknown");
  for (int code = 0; code <= static_cast<int>(row_status::no_number); ++code) {
    EXPECT_NE(name(static_cast<row_status>(code)), "unknown");
    EXPECT_FALSE(must_be(static_cast<row_status>(code)).empty());
  }
  EXPECT_EQ(name(static_cast<row_status>(18)), "unknown");
}

} // namespace
} // namespace emptor::check_test
