// SPDX-License-Identifier: BSL-1.0
#include <cmath>

#include <gtest/gtest.h>

#include <emptor/core/table.hpp>

namespace emptor::table_test {
namespace {

const double nan_number = std::nan("");

TEST(table, equality_is_that_of_the_bytes) {
  const auto made = [](double value) { return column::numbers("x", {1.0, value}); };
  EXPECT_EQ(made(nan_number), made(nan_number));
  EXPECT_NE(made(0.0), made(-0.0));
  EXPECT_NE(made(1.0), made(2.0));
  EXPECT_NE(column::numbers("x", {1.0}), column::numbers("y", {1.0}));
  EXPECT_NE(column::numbers("x", {1.0}), column::numbers("x", {1.0}, "week"));
  EXPECT_NE(column::numbers("x", {1.0}), column::numbers("x", {1.0, 1.0}));
  EXPECT_NE(column::integers("x", {1}), column::amounts("x", {1}, 2));
  EXPECT_NE(column::amounts("x", {1}, 3), column::amounts("x", {1}, 2));
  constexpr std::string_view low[] = {"low"};
  constexpr std::string_view high[] = {"high"};
  EXPECT_NE(column::codes("x", {0}, low), column::codes("x", {0}, high));
  EXPECT_EQ(column::numbers("x", {}), column::numbers("x", {}));
}

TEST(table, decimals_are_those_of_the_column_or_of_the_currency_of_the_row) {
  text_buffer codes;
  for (const char* code : {"EUR", "JPY", "JPY", "", "KWD", "no code", "EUR"})
    codes.push_back(code);
  const std::vector<std::int64_t> minor{1, 2, 3, 4, 5, 6, 7};
  table held("mixed", {column::texts("currency", codes), column::amounts("by_row", minor, decimals_of_row),
                       column::amounts("fixed", minor, 1)});
  row_decimals by_row = held.decimals_of(held.at("by_row"));
  EXPECT_TRUE(by_row.by_row());
  const std::vector<int> expected{2, 0, 0, 2, 3, 2, 2};
  for (std::int64_t row = 0; row < held.rows(); ++row)
    EXPECT_EQ(by_row[row], expected[static_cast<std::size_t>(row)]) << row;
  for (const std::int64_t row : {4, 1, 6, 0}) // in any order
    EXPECT_EQ(by_row[row], expected[static_cast<std::size_t>(row)]) << row;
  row_decimals fixed = held.decimals_of(held.at("fixed"));
  EXPECT_FALSE(fixed.by_row());
  EXPECT_EQ(fixed[1], 1);

  table without("unnamed", {column::amounts("by_row", minor, decimals_of_row)});
  row_decimals unnamed = without.decimals_of(without.at("by_row"));
  EXPECT_FALSE(unnamed.by_row());
  EXPECT_EQ(unnamed[5], 2);
}

TEST(table, missing_values) {
  column held = column::numbers("x", {1, 2, nan_number, 4, 5, 6, 7, 8, 9});
  EXPECT_TRUE(held.is_valid(2));
  EXPECT_TRUE(held.validity().empty());
  held.set_missing(2);
  held.set_missing(8);
  for (std::int64_t row = 0; row < 9; ++row)
    EXPECT_EQ(held.is_valid(row), row != 2 && row != 8);
  EXPECT_EQ(held.validity(), (std::vector<std::uint8_t>{0b1111'1011, 0})); // no bits behind the last row
  EXPECT_NE(held, column::numbers("x", {1, 2, nan_number, 4, 5, 6, 7, 8, 9}));
}

TEST(table, missing_values_hold_what_the_c_header_says) {
  const std::vector<std::uint8_t> second_is_missing{0b01};
  constexpr std::string_view levels[] = {"low", "high"};
  std::vector<column> columns{column::numbers("n", {1, 2}),       column::integers("i", {1, 2}),
                              column::amounts("m", {1, 2}, 2),    column::days("d", {1, 2}),
                              column::codes("c", {1, 1}, levels), column::booleans("b", {1, 1})};
  std::vector<column> at_once = columns;
  for (std::size_t i = 0; i < columns.size(); ++i) {
    columns[i].set_missing(1);
    at_once[i].set_validity(second_is_missing);
    EXPECT_EQ(columns[i], at_once[i]) << columns[i].name();
  }
  EXPECT_TRUE(std::isnan(columns[0].as<double>()[1]));
  EXPECT_EQ(columns[1].as<std::int64_t>(), (std::vector<std::int64_t>{1, INT64_MIN}));
  EXPECT_EQ(columns[2].as<std::int64_t>(), (std::vector<std::int64_t>{1, INT64_MIN}));
  EXPECT_EQ(columns[3].as<std::int32_t>(), (std::vector<std::int32_t>{1, INT32_MIN}));
  EXPECT_EQ(columns[4].as<std::int32_t>(), (std::vector<std::int32_t>{1, -1}));
  EXPECT_EQ(columns[5].as<std::uint8_t>(), (std::vector<std::uint8_t>{1, 0}));
}

TEST(table, views_lend_the_values) {
  text_buffer texts;
  texts.push_back("a");
  texts.push_back("客户");
  const table held("t", {column::numbers("n", {1, 2}), column::texts("s", texts),
                         column::amounts("m", {5, -7}, 3), column::days("d", {0, 1})});
  EXPECT_EQ(held.rows(), 2);
  const std::vector<named_column> views = held.views();
  double number = 0.0;
  EXPECT_EQ(read_number(views[0].values, 1, number), row_status::ok);
  EXPECT_EQ(number, 2.0);
  std::string_view text;
  EXPECT_EQ(read_text(views[1].values, 1, text), row_status::ok);
  EXPECT_EQ(text, "客户");
  EXPECT_EQ(views[2].values.unit, 3);
  for (const named_column& one : views)
    EXPECT_EQ(fault_of(one.values, 2), nullptr) << one.name;
  EXPECT_EQ(held.find("z"), nullptr);
  try {
    (void)held.at("z");
    FAIL();
  } catch (const error& refused) {
    EXPECT_EQ(refused.code(), status::schema);
    EXPECT_STREQ(refused.what(), "table t has no column z");
  }
}

TEST(table, texts_can_be_cut_off) {
  text_buffer texts;
  for (const char* one : {"one", "", "three"})
    texts.push_back(one);
  EXPECT_EQ(texts.size(), 3);
  EXPECT_EQ(texts[1], "");
  texts.truncate(1);
  text_buffer one;
  one.push_back("one");
  EXPECT_EQ(texts, one);
  texts.clear();
  EXPECT_EQ(texts, text_buffer{});
}

} // namespace
} // namespace emptor::table_test
