// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstring>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/core/column.hpp>

namespace emptor::column_test {
namespace {

template <class T>
column_view view_of(const std::vector<T>& values, dtype type, std::int32_t unit = 0) {
  column_view seen;
  seen.data = values.data();
  seen.stride_bytes = static_cast<std::int64_t>(sizeof(T));
  seen.type = type;
  seen.unit = unit;
  return seen;
}

double number(const column_view& column, std::int64_t row = 0) {
  double value = -99.0;
  EXPECT_EQ(read_number(column, row, value), row_status::ok);
  return value;
}

row_status number_status(const column_view& column, std::int64_t row = 0) {
  double value = 0.0;
  const row_status status = read_number(column, row, value);
  EXPECT_EQ(status != row_status::ok, std::isnan(value));
  return status;
}

// Three values of a dtype, read back to back, at a stride with garbage between them, backwards, and repeated.
template <class T>
void at_every_stride(dtype type, T first, T second, T third) {
  SCOPED_TRACE(name(type));
  EXPECT_EQ(width_of(type), static_cast<std::int64_t>(sizeof(T)));
  const std::vector<T> packed{first, second, third};
  column_view column = view_of(packed, type);
  const std::vector<double> expected{static_cast<double>(first), static_cast<double>(second),
                                     static_cast<double>(third)};
  for (std::int64_t row = 0; row < 3; ++row)
    EXPECT_EQ(number(column, row), expected[static_cast<std::size_t>(row)]);

  constexpr std::size_t stride = sizeof(T) + 3; // unaligned on purpose
  std::vector<unsigned char> spread(3 * stride, 0xA5);
  for (std::size_t i = 0; i < 3; ++i)
    std::memcpy(spread.data() + i * stride, &packed[i], sizeof(T));
  column.data = spread.data();
  column.stride_bytes = stride;
  for (std::int64_t row = 0; row < 3; ++row)
    EXPECT_EQ(number(column, row), expected[static_cast<std::size_t>(row)]);

  column = view_of(packed, type);
  column.data = packed.data() + 2;
  column.stride_bytes = -static_cast<std::int64_t>(sizeof(T));
  for (std::int64_t row = 0; row < 3; ++row)
    EXPECT_EQ(number(column, row), expected[static_cast<std::size_t>(2 - row)]);

  column = view_of(packed, type);
  column.stride_bytes = 0;
  for (const std::int64_t row : {0, 1, 1000000})
    EXPECT_EQ(number(column, row), expected[0]);
}

TEST(column, numbers_of_every_dtype_at_every_stride) {
  at_every_stride<std::int8_t>(dtype::int8, -128, 0, 127);
  at_every_stride<std::int16_t>(dtype::int16, -32768, 1, 32767);
  at_every_stride<std::int32_t>(dtype::int32, std::numeric_limits<std::int32_t>::min(), 7, 2147483647);
  at_every_stride<std::int64_t>(dtype::int64, -9007199254740992, 3, 9007199254740992);
  at_every_stride<std::uint8_t>(dtype::uint8, 0, 128, 255);
  at_every_stride<float>(dtype::float32, -1.5F, 0.1F, std::numeric_limits<float>::denorm_min());
  at_every_stride<double>(dtype::float64, -0.1, 1e308, std::numeric_limits<double>::denorm_min());
}

TEST(column, what_is_no_number_says_why) {
  const double nan = std::numeric_limits<double>::quiet_NaN();
  const double infinity = std::numeric_limits<double>::infinity();
  const std::vector<double> doubles{nan, infinity, -infinity};
  EXPECT_EQ(number_status(view_of(doubles, dtype::float64), 0), row_status::not_a_number);
  EXPECT_EQ(number_status(view_of(doubles, dtype::float64), 1), row_status::infinite);
  EXPECT_EQ(number_status(view_of(doubles, dtype::float64), 2), row_status::infinite);
  const std::vector<float> floats{std::numeric_limits<float>::signaling_NaN(),
                                  std::numeric_limits<float>::infinity()};
  EXPECT_EQ(number_status(view_of(floats, dtype::float32), 0), row_status::not_a_number);
  EXPECT_EQ(number_status(view_of(floats, dtype::float32), 1), row_status::infinite);
  const std::vector<std::int64_t> wholes{9007199254740993, -9007199254740993,
                                         std::numeric_limits<std::int64_t>::min()};
  for (std::int64_t row = 0; row < 3; ++row)
    EXPECT_EQ(number_status(view_of(wholes, dtype::int64), row), row_status::too_large);
  EXPECT_EQ(number_status(view_of(wholes, dtype::date32)), row_status::missing); // not readable as a number
}

TEST(column, decimals_as_numbers) {
  const std::vector<wide_integer> values{-12345, wide_integer{1} << 53, (wide_integer{1} << 53) + 1,
                                         -((wide_integer{1} << 100))};
  EXPECT_EQ(number(view_of(values, dtype::decimal128, 2), 0), -123.45);
  EXPECT_EQ(number(view_of(values, dtype::decimal128, 0), 1), 9007199254740992.0);
  EXPECT_EQ(number_status(view_of(values, dtype::decimal128, 0), 2), row_status::too_large);
  EXPECT_EQ(number_status(view_of(values, dtype::decimal128, 2), 3), row_status::too_large);
  EXPECT_EQ(number_status(view_of(values, dtype::decimal128, 19), 0), row_status::too_large);
}

TEST(column, booleans_as_bytes_and_as_bits) {
  const std::vector<std::uint8_t> bytes{0, 1, 200};
  EXPECT_EQ(number(view_of(bytes, dtype::boolean), 0), 0.0);
  EXPECT_EQ(number(view_of(bytes, dtype::boolean), 1), 1.0);
  EXPECT_EQ(number(view_of(bytes, dtype::boolean), 2), 1.0);
  const std::vector<std::uint8_t> bits{0b0110'1000, 0b0000'0001};
  column_view packed = view_of(bits, dtype::boolean);
  packed.flags = column_flag_bits;
  packed.aux_length = 3; // the first value is bit 3
  const std::vector<double> expected{1, 0, 1, 1, 0, 1};
  for (std::int64_t row = 0; row < 6; ++row)
    EXPECT_EQ(number(packed, row), expected[static_cast<std::size_t>(row)]) << row;
  packed.stride_bytes = 0;
  EXPECT_EQ(number(packed, 5), 1.0);
  EXPECT_EQ(number(packed, 1), 1.0);
}

TEST(column, validity_begins_at_its_offset) {
  const std::vector<double> values(10, 1.0);
  const std::vector<std::uint8_t> bits{0b1110'0000, 0b0000'0101};
  column_view column = view_of(values, dtype::float64);
  column.validity = bits.data();
  column.validity_offset = 5;
  const std::vector<bool> there{true, true, true, true, false, true, false};
  for (std::int64_t row = 0; row < 7; ++row) {
    EXPECT_EQ(column.is_valid(row), there[static_cast<std::size_t>(row)]) << row;
    double value = 0.0;
    EXPECT_EQ(read_number(column, row, value),
              there[static_cast<std::size_t>(row)] ? row_status::ok : row_status::missing);
  }
  column.stride_bytes = 0; // one value for all rows has one bit
  EXPECT_TRUE(column.is_valid(4));
  column.validity_offset = 0;
  EXPECT_FALSE(column.is_valid(5));
}

TEST(column, whole_numbers) {
  std::int64_t value = 0;
  const std::vector<double> doubles{3.0, 2.5, 1e300, -9007199254740992.0};
  EXPECT_EQ(read_integer(view_of(doubles, dtype::float64), 0, value), row_status::ok);
  EXPECT_EQ(value, 3);
  EXPECT_EQ(read_integer(view_of(doubles, dtype::float64), 1, value), row_status::not_integer);
  EXPECT_EQ(read_integer(view_of(doubles, dtype::float64), 2, value), row_status::too_large);
  EXPECT_EQ(read_integer(view_of(doubles, dtype::float64), 3, value), row_status::ok);
  EXPECT_EQ(value, -9007199254740992);
  const std::vector<std::int64_t> wholes{std::numeric_limits<std::int64_t>::min()};
  EXPECT_EQ(read_integer(view_of(wholes, dtype::int64), 0, value), row_status::ok); // all 64 bits
  EXPECT_EQ(value, std::numeric_limits<std::int64_t>::min());
}

std::int32_t day_of(const column_view& column, std::int64_t row, std::int32_t zone = 0) {
  std::int32_t day = -1;
  EXPECT_EQ(read_day(column, row, zone, day), row_status::ok);
  return day;
}

TEST(column, days_and_timestamps) {
  const std::vector<std::int32_t> days{first_day, 0, last_day, last_day + 1, first_day - 1};
  EXPECT_EQ(day_of(view_of(days, dtype::date32), 0), first_day);
  EXPECT_EQ(day_of(view_of(days, dtype::date32), 2), last_day);
  std::int32_t day = 0;
  EXPECT_EQ(read_day(view_of(days, dtype::date32), 3, 0, day), row_status::out_of_domain);
  EXPECT_EQ(read_day(view_of(days, dtype::date32), 4, 0, day), row_status::out_of_domain);
  EXPECT_EQ(read_day(view_of(days, dtype::int32), 0, 0, day), row_status::missing);

  for (const std::int32_t unit : {0, 3, 6, 9}) {
    const std::int64_t second = power_of_ten(unit);
    const std::vector<std::int64_t> ticks{0, -1, 86400 * second - 1, 86400 * second, -86400 * second};
    const column_view stamps = view_of(ticks, dtype::timestamp, unit);
    EXPECT_EQ(day_of(stamps, 0), 0) << unit;
    EXPECT_EQ(day_of(stamps, 1), -1) << unit; // one tick before the epoch is the day before
    EXPECT_EQ(day_of(stamps, 2), 0) << unit;
    EXPECT_EQ(day_of(stamps, 3), 1) << unit;
    EXPECT_EQ(day_of(stamps, 4), -1) << unit;
    EXPECT_EQ(day_of(stamps, 1, 3600), 0) << unit; // an hour east it is already the next day
    EXPECT_EQ(day_of(stamps, 0, -1), -1) << unit;
  }
  const std::vector<std::int64_t> far{std::numeric_limits<std::int64_t>::max(),
                                      std::numeric_limits<std::int64_t>::min(),
                                      std::numeric_limits<std::int64_t>::max() / 2};
  for (std::int64_t row = 0; row < 3; ++row)
    EXPECT_EQ(read_day(view_of(far, dtype::timestamp), row, 50400, day), row_status::out_of_domain);
}

TEST(column, texts_of_all_dtypes) {
  const std::string bytes = "Anné客";
  const std::vector<std::int32_t> small{0, 0, 2, 5, 8};
  const std::vector<std::int64_t> large{0, 0, 2, 5, 8};
  column_view column;
  column.data = bytes.data();
  column.aux = small.data();
  column.aux_length = 5;
  column.stride_bytes = 4;
  column.type = dtype::utf8;
  const auto expect_texts = [](const column_view& texts) {
    const std::vector<std::string_view> expected{"", "An", "né", "客"};
    ASSERT_EQ(fault_of(texts, 4), nullptr);
    for (std::int64_t row = 0; row < 4; ++row) {
      std::string_view text = "?";
      EXPECT_EQ(read_text(texts, row, text), row_status::ok);
      EXPECT_EQ(text, expected[static_cast<std::size_t>(row)]);
    }
  };
  expect_texts(column);
  column.type = dtype::large_utf8;
  column.aux = large.data();
  column.stride_bytes = 8;
  expect_texts(column);

  const std::vector<std::int32_t> indices{3, 0, -1, 4, 1};
  column_view coded = view_of(indices, dtype::dictionary);
  coded.aux = &column;
  coded.aux_length = 4;
  ASSERT_EQ(fault_of(coded, 5), nullptr);
  std::string_view text;
  EXPECT_EQ(read_text(coded, 0, text), row_status::ok);
  EXPECT_EQ(text, "客");
  EXPECT_EQ(read_text(coded, 1, text), row_status::ok);
  EXPECT_EQ(text, "");
  EXPECT_EQ(read_text(coded, 2, text), row_status::unknown_level);
  EXPECT_EQ(read_text(coded, 3, text), row_status::unknown_level);
  const std::uint8_t only_first = 0b0001;
  column.validity = &only_first;
  EXPECT_EQ(read_text(coded, 4, text), row_status::missing); // a null among the dictionary's values

  const std::vector<const char*> pointers{"Wang", nullptr, "\xFF"};
  const column_view strings = view_of(pointers, dtype::cstring);
  EXPECT_EQ(read_text(strings, 0, text), row_status::ok);
  EXPECT_EQ(text, "Wang");
  EXPECT_EQ(read_text(strings, 1, text), row_status::missing);
  EXPECT_EQ(read_text(strings, 2, text), row_status::invalid_text);
}

TEST(column, one_text_for_all_rows) {
  const std::string bytes = "CNY";
  const std::vector<std::int32_t> offsets{0, 3};
  column_view column;
  column.data = bytes.data();
  column.aux = offsets.data();
  column.aux_length = 2;
  column.type = dtype::utf8;
  ASSERT_EQ(fault_of(column, 1000), nullptr);
  std::string_view text;
  EXPECT_EQ(read_text(column, 999, text), row_status::ok);
  EXPECT_EQ(text, "CNY");
}

TEST(column, offsets_that_run_wrong_are_refused_by_row) {
  const std::string bytes = "abcdef";
  const std::vector<std::int64_t> offsets{-1, 2, 1, 6};
  column_view column;
  column.data = bytes.data();
  column.aux = offsets.data();
  column.stride_bytes = 8;
  column.type = dtype::large_utf8;
  std::string_view text;
  EXPECT_EQ(read_text(column, 0, text), row_status::invalid_text);
  EXPECT_EQ(read_text(column, 1, text), row_status::invalid_text);
  EXPECT_EQ(read_text(column, 2, text), row_status::ok);
  column.data = nullptr;
  EXPECT_EQ(read_text(column, 2, text), row_status::invalid_text);
}

TEST(column, utf8_is_what_the_standard_says) {
  for (const char* good : {"", "A", "\x7F", "\xC2\x80", "\xDF\xBF", "\xE0\xA0\x80", "\xED\x9F\xBF",
                           "\xEE\x80\x80", "\xEF\xBF\xBF", "\xF0\x90\x80\x80", "\xF4\x8F\xBF\xBF"})
    EXPECT_TRUE(is_utf8(good)) << good;
  for (const char* bad : {"\x80", "\xBF", "\xC0\x80", "\xC1\xBF", "\xC2", "\xC2\x41", "\xE0\x9F\xBF",
                          "\xE0\xA0", "\xED\xA0\x80", "\xF0\x8F\xBF\xBF", "\xF4\x90\x80\x80",
                          "\xF5\x80\x80\x80", "\xFE", "A\xE2\x82", "\xE2\x28\xA1"})
    EXPECT_FALSE(is_utf8(bad));
  EXPECT_TRUE(is_utf8(std::string_view("a\0b", 3)));
}

TEST(column, of_nulls_is_missing_as_whatever_it_is_read) {
  column_view nulls;
  nulls.type = dtype::null;
  ASSERT_EQ(fault_of(nulls, 1000), nullptr);
  double number = 0.0;
  std::int64_t whole = 0;
  std::int32_t day = 0;
  std::string_view text;
  EXPECT_EQ(read_number(nulls, 999, number), row_status::missing);
  EXPECT_EQ(read_integer(nulls, 999, whole), row_status::missing);
  EXPECT_EQ(read_minor_units(nulls, 999, 2, whole), row_status::missing);
  EXPECT_EQ(read_day(nulls, 999, 0, day), row_status::missing);
  EXPECT_EQ(read_text(nulls, 999, text), row_status::missing);
}

TEST(column, columns_that_cannot_be_read_at_all) {
  const std::vector<double> values{1.0, 2.0};
  column_view good = view_of(values, dtype::float64);
  EXPECT_EQ(fault_of(good, 2), nullptr);
  const auto fault = [&](auto change, std::int64_t rows = 2) {
    column_view bad = good;
    change(bad);
    const char* why = fault_of(bad, rows);
    return std::string(why == nullptr ? "" : why);
  };
  EXPECT_EQ(fault([](column_view& c) { c.type = dtype::none; }), "has an unknown dtype");
  EXPECT_EQ(fault([](column_view& c) { c.type = static_cast<dtype>(18); }), "has an unknown dtype");
  EXPECT_EQ(fault([](column_view& c) { c.type = static_cast<dtype>(-1); }, 0), "has an unknown dtype");
  EXPECT_EQ(fault([](column_view& c) { c.data = nullptr; }), "has no data");
  EXPECT_EQ(fault([](column_view& c) { c.data = nullptr; }, 0), "");
  EXPECT_NE(fault([](column_view& c) {
              c.type = dtype::timestamp;
              c.unit = 1;
            }),
            "");
  EXPECT_NE(fault([](column_view& c) {
              c.type = dtype::decimal128;
              c.unit = 39;
            }),
            "");
  EXPECT_EQ(fault([](column_view& c) { c.type = dtype::utf8; }), "has no offsets");
  EXPECT_EQ(fault([](column_view& c) { c.type = dtype::dictionary; }), "has no dictionary");
  const std::vector<std::int32_t> offsets{0, 0, 0};
  EXPECT_NE(fault([&](column_view& c) {
              c.type = dtype::utf8;
              c.aux = offsets.data();
              c.stride_bytes = 8;
            }),
            "");
  EXPECT_NE(fault([&](column_view& c) {
              c.type = dtype::utf8;
              c.aux = offsets.data();
              c.stride_bytes = 4;
              c.aux_length = 2;
            }),
            "");
  EXPECT_EQ(fault([&](column_view& c) {
              c.type = dtype::dictionary;
              c.aux = &good;
            }),
            "has a dictionary that is no text column");
  try {
    column_view bad = good;
    bad.data = nullptr;
    check_column(bad, 2, "value.bg_nbd: frequency", 3);
    FAIL();
  } catch (const error& refused) {
    EXPECT_STREQ(refused.what(), "value.bg_nbd: frequency has no data");
    EXPECT_EQ(refused.code(), status::schema);
    EXPECT_EQ(refused.column(), 3);
  }
}

TEST(column, names_of_dtypes_end_where_the_numbers_do) {
  EXPECT_EQ(name(dtype::none), "none");
  EXPECT_EQ(name(dtype::cstring), "cstring");
  EXPECT_EQ(name(static_cast<dtype>(18)), "unknown");
  EXPECT_EQ(name(static_cast<dtype>(-1)), "unknown");
}

} // namespace
} // namespace emptor::column_test
