// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <limits>
#include <type_traits>

#include <gtest/gtest.h>

#include <emptor/core/column.hpp>
#include <emptor/core/money.hpp>

namespace emptor::money_test {
namespace {

constexpr std::int64_t largest = std::numeric_limits<std::int64_t>::max();

template <class Amount>
std::int64_t minor(Amount amount, int decimals) {
  std::int64_t made = 0;
  EXPECT_EQ(minor_units_of(amount, decimals, made), row_status::ok);
  return made;
}
template <class Amount>
row_status refused(Amount amount, int decimals) {
  std::int64_t made = 0;
  return minor_units_of(amount, decimals, made);
}
std::int64_t text_minor(std::string_view text, int decimals) {
  return minor(text, decimals);
}
row_status text_refused(std::string_view text, int decimals) {
  return refused(text, decimals);
}

TEST(money, decimals_of_currencies) {
  EXPECT_EQ(currency("CNY").decimals(), 2);
  EXPECT_EQ(currency("JPY").decimals(), 0);
  EXPECT_EQ(currency("KWD").decimals(), 3);
  EXPECT_EQ(currency("CLF").decimals(), 4);
  EXPECT_EQ(currency("PYG").decimals(), 0);
  EXPECT_EQ(currency("TND").decimals(), 3);
  EXPECT_EQ(currency().decimals(), 2);
  EXPECT_EQ(currency("BIF").decimals(), 0);
  EXPECT_EQ(currency("IFC").decimals(), 2); // its letters stand in the list, but across two codes
  EXPECT_FALSE(currency().named());
  EXPECT_EQ(currency("EUR").code(), "EUR");
  EXPECT_EQ(currency().code(), "");
}

TEST(money, what_is_no_currency) {
  for (const char* code : {"eur", "EU", "EURO", "E R", "1EU", "€"}) {
    EXPECT_FALSE(currency::parse(code)) << code;
    try {
      currency made{std::string_view(code)};
      FAIL() << code;
    } catch (const error& no) {
      EXPECT_EQ(no.code(), status::currency);
    }
  }
}

TEST(money, sums_are_exact_or_an_error) {
  const currency euro("EUR");
  EXPECT_EQ(money(1005, euro) + money(-5, euro), money(1000, euro));
  EXPECT_EQ(money(1005, euro) - money(5, euro), money(1000, euro));
  const auto code_of = [](auto compute) {
    try {
      (void)compute();
    } catch (const error& no) {
      return no.code();
    }
    return status::ok;
  };
  EXPECT_EQ(code_of([&] { return money(1, euro) + money(1, currency("USD")); }), status::currency);
  EXPECT_EQ(code_of([&] { return money(1, euro) - money(1, currency()); }), status::currency);
  EXPECT_EQ(code_of([&] { return money(largest, euro) + money(1, euro); }), status::overflow);
  EXPECT_EQ(code_of([&] { return money(-largest, euro) - money(2, euro); }), status::overflow);
  EXPECT_EQ(money(largest - 1, euro) + money(1, euro), money(largest, euro));
}

TEST(money, doubles_count_if_they_are_the_amount) {
  EXPECT_EQ(minor(12.05, 2), 1205);
  EXPECT_EQ(minor(-12.05, 2), -1205);
  EXPECT_EQ(minor(0.1 + 0.2, 2), 30); // off by less than a millionth of a cent
  EXPECT_EQ(minor(-0.0, 2), 0);
  EXPECT_EQ(minor(1.0, 0), 1);
  EXPECT_EQ(minor(44999999999999.99, 2), 4499999999999999);
  EXPECT_EQ(minor(44999999999999.98, 2), 4499999999999998);
  EXPECT_EQ(minor(1e-9, 9), 1);
  EXPECT_EQ(refused(12.005, 2), row_status::not_exact);
  EXPECT_EQ(refused(0.5, 0), row_status::not_exact);
  EXPECT_EQ(refused(0.010002, 2), row_status::not_exact);
  // From 2^52 minor units on, neighbouring cents share a double.
  EXPECT_EQ(refused(75000000000000.37, 2), row_status::too_large);
  EXPECT_EQ(refused(80000000000000.01, 2), row_status::too_large);
  EXPECT_EQ(refused(-1e300, 2), row_status::too_large);
  EXPECT_EQ(refused(std::nan(""), 2), row_status::not_a_number);
  EXPECT_EQ(refused(std::numeric_limits<double>::infinity(), 2), row_status::infinite);
}

TEST(money, every_cent_survives_being_a_double) {
  for (std::int64_t cents = 0; cents < 3000000; cents += 7)
    ASSERT_EQ(minor(static_cast<double>(cents) / 100.0, 2), cents);
}

TEST(money, floats_of_32_bits_count_where_they_are_exact) {
  const float quarter = 0.25F;
  const float tenth = 0.1F; // 0.10000000149: 1.5e-7 cents beside 10
  std::int64_t made = 0;
  column_view column{.data = &quarter, .type = dtype::float32};
  EXPECT_EQ(read_minor_units(column, 0, 2, made), row_status::ok);
  EXPECT_EQ(made, 25);
  column.data = &tenth;
  made = 0;
  EXPECT_EQ(read_minor_units(column, 0, 2, made), row_status::ok);
  EXPECT_EQ(made, 10);
  const float large = 1234567.1F; // 1234567.125
  column.data = &large;
  EXPECT_EQ(read_minor_units(column, 0, 2, made), row_status::not_exact);
}

TEST(money, decimals_of_128_bits_are_rescaled_exactly) {
  const auto rescaled = [](wide_integer amount, int scale, int decimals, std::int64_t& made) {
    return minor_units_of(amount, scale, decimals, made);
  };
  std::int64_t made = 0;
  EXPECT_EQ(rescaled(120500, 4, 2, made), row_status::ok);
  EXPECT_EQ(made, 1205);
  EXPECT_EQ(rescaled(-7, 0, 2, made), row_status::ok);
  EXPECT_EQ(made, -700);
  EXPECT_EQ(rescaled(120501, 4, 2, made), row_status::not_exact);
  EXPECT_EQ(rescaled(largest, 2, 2, made), row_status::ok);
  EXPECT_EQ(made, largest);
  EXPECT_EQ(rescaled(-wide_integer{largest}, 2, 2, made), row_status::ok);
  EXPECT_EQ(rescaled(wide_integer{largest} + 1, 2, 2, made), row_status::too_large);
  EXPECT_EQ(rescaled(-wide_integer{largest} - 1, 2, 2, made), row_status::too_large);
  EXPECT_EQ(rescaled(largest, 0, 9, made), row_status::too_large);
  EXPECT_EQ(rescaled(-(wide_integer{1} << 126), 0, 9, made), row_status::too_large);
  EXPECT_EQ(rescaled(0, 38, 0, made), row_status::ok);
  EXPECT_EQ(made, 0);
  EXPECT_EQ(rescaled(1, 38, 9, made), row_status::not_exact);
}

TEST(money, decimal_text) {
  EXPECT_EQ(text_minor("12.05", 2), 1205);
  EXPECT_EQ(text_minor("-12.05", 2), -1205);
  EXPECT_EQ(text_minor("+.5", 2), 50);
  EXPECT_EQ(text_minor("5.", 2), 500);
  EXPECT_EQ(text_minor("-0", 2), 0);
  EXPECT_EQ(text_minor("1.500000000000000000000000000", 2), 150);
  EXPECT_EQ(text_minor("007", 0), 7);
  EXPECT_EQ(text_minor("92233720368547758.07", 2), largest);
  EXPECT_EQ(text_refused("92233720368547758.08", 2), row_status::too_large);
  EXPECT_EQ(text_refused("9223372036854775808", 0), row_status::too_large);
  EXPECT_EQ(text_refused("92233720368547759", 2), row_status::too_large);
  EXPECT_EQ(text_refused(std::string(1000, '9'), 2), row_status::too_large);
  EXPECT_EQ(text_refused("1.005", 2), row_status::not_exact);
  for (const char* text :
       {"", "-", "+", ".", "-.", "1,5", "1e3", " 1", "1 ", "--1", "+-1", "1.2.3", "0x10", "NaN"})
    EXPECT_EQ(text_refused(text, 2), row_status::not_a_number) << text;
}

TEST(money, text_and_back) {
  EXPECT_EQ(decimal_text(-1205, 2), "-12.05");
  EXPECT_EQ(decimal_text(5, 2), "0.05");
  EXPECT_EQ(decimal_text(-5, 3), "-0.005");
  EXPECT_EQ(decimal_text(0, 2), "0.00");
  EXPECT_EQ(decimal_text(7, 0), "7");
  EXPECT_EQ(decimal_text(std::numeric_limits<std::int64_t>::min(), 0), "-9223372036854775808");
  EXPECT_EQ(decimal_text(wide_integer{largest} * 1000, 2), "92233720368547758070.00");
  for (const std::int64_t amount : {largest, -largest, std::int64_t{0}, std::int64_t{1}, std::int64_t{-99}}) {
    for (int decimals = 0; decimals <= max_decimals; ++decimals)
      EXPECT_EQ(text_minor(decimal_text(amount, decimals), decimals), amount);
  }
}

TEST(money, columns_of_amounts) {
  const auto read = [](auto value, dtype type, std::int32_t unit, int decimals, std::int64_t& made) {
    return read_minor_units({.data = &value, .type = type, .unit = unit}, 0, decimals, made);
  };
  std::int64_t made = 0;
  EXPECT_EQ(read(std::int64_t{-1205}, dtype::money, 0, 2, made), row_status::ok);
  EXPECT_EQ(made, -1205);
  EXPECT_EQ(read(std::numeric_limits<std::int64_t>::min(), dtype::money, 0, 2, made), row_status::too_large);
  EXPECT_EQ(read(std::int64_t{12}, dtype::int64, 0, 2, made), row_status::ok); // whole units
  EXPECT_EQ(made, 1200);
  EXPECT_EQ(read(largest / 100 + 1, dtype::int64, 0, 2, made), row_status::too_large);
  EXPECT_EQ(read(std::int8_t{-3}, dtype::int8, 0, 3, made), row_status::ok);
  EXPECT_EQ(made, -3000);
  EXPECT_EQ(read(wide_integer{1250}, dtype::decimal128, 3, 2, made), row_status::ok);
  EXPECT_EQ(made, 125);
  EXPECT_EQ(read(wide_integer{1251}, dtype::decimal128, 3, 2, made), row_status::not_exact);
  EXPECT_EQ(read(12.345, dtype::float64, 0, 2, made), row_status::not_exact);
}

} // namespace
} // namespace emptor::money_test
