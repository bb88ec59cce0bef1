// SPDX-License-Identifier: BSL-1.0
// What a command tells on standard error of the tables that it wrote.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <emptor/value/customer_value_example.hpp>

#include "shell.hpp"
#include "tool/results.hpp"

namespace emptor::test::told_test {
namespace {

using ::testing::ElementsAre;
using ::testing::HasSubstr;

class ToolTells : public ToolTest {
protected:
  /// Values the customers of the worked example, one of whom has no order.
  [[nodiscard]] outcome customer_value(const std::string& out) const {
    write("orders.csv", std::string(value::customer_value_orders[0].csv));
    std::vector<std::string> words{"reduce", "value.customer_value", "--in", "orders.csv", "--out", out,
                                   "--set",  "default_currency=EUR"};
    for (const example_option& one : value::customer_value_example_options)
      words.push_back(std::string(one.name) + "=" + std::string(one.value));
    return emptor(words);
  }
};

TEST_F(ToolTells, OfWarningsAndOfRowsWithoutFigures) {
  const outcome ended = customer_value("v/");
  ASSERT_EQ(ended.exit_status, 0) << ended.err;
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err,
              HasSubstr("emptor: v/customers.csv: status of 1 of 17 rows is not ok: 1 no_order\n"));
  EXPECT_THAT(ended.err,
              HasSubstr("emptor: v/warnings.csv: 3 warnings\nemptor:   spend_ridge: gamma_gamma: "));
  EXPECT_THAT(ended.err, HasSubstr("\nemptor:   long_horizon: the horizon of "));
  EXPECT_THAT(ended.err,
              HasSubstr("\nemptor:   later_lines: 1 lines are dated after 2024-07-31 and do not count\n"));
}

TEST_F(ToolTells, WhereTheWarningsWouldBeThatAreNotWritten) {
  const outcome ended = customer_value("v.csv");
  ASSERT_EQ(ended.exit_status, 0) << ended.err;
  EXPECT_EQ(ended.out, "");
  EXPECT_THAT(ended.err, HasSubstr("emptor: v.csv: status of 1 of 17 rows is not ok: 1 no_order\n"));
  EXPECT_THAT(ended.err, HasSubstr("emptor: table warnings (--out FOLDER/): 3 warnings\n"));
}

/// What is told of a table with so many warnings.
std::vector<std::string> told_of(int warnings, bool every_row) {
  text_buffer texts;
  std::vector<std::int32_t> codes;
  constexpr std::string_view names[] = {"odd"};
  for (int i = 0; i < warnings; ++i) {
    codes.push_back(0);
    texts.push_back("row " + std::to_string(i));
  }
  std::vector<std::string> told;
  tool::tell_of({table("warnings", {column::codes("warning", codes, names), column::texts("text", texts)})},
                "--tables DIR", {.mappings = {}, .csv = {}, .every_row = every_row, .warnings = &told});
  return told;
}

TEST_F(ToolTells, TheFirstFewOfManyWarnings) {
  EXPECT_THAT(told_of(0, false), ElementsAre());
  EXPECT_THAT(told_of(1, false), ElementsAre("table warnings (--tables DIR): 1 warning", "  odd: row 0"));
  EXPECT_THAT(told_of(6, false),
              ElementsAre("table warnings (--tables DIR): 6 warnings", "  odd: row 0", "  odd: row 1",
                          "  odd: row 2", "  and 3 more, which table warnings (--tables DIR) has"));
  EXPECT_EQ(told_of(6, true).size(), 7U) << "--row-status names every row";
}

} // namespace
} // namespace emptor::test::told_test
