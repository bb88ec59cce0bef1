// SPDX-License-Identifier: BSL-1.0
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/value/consumption_value.hpp>

#include "support/refusal.hpp"
#include "value/survey_rows.hpp"

namespace emptor::value::consumption_value_test {
namespace {

using finished::cells;
using test::survey_rows::numbers;
using test::survey_rows::texts;

const std::string items = "item,dimension,weight\nworks,functional,5\nnew,epistemic,1\nfriends,social,1\n"
                          "joy,emotional,2\ngift,conditional,1\n";
const std::string head = "respondent,supplier,items:works,items:new,items:friends,items:joy,items:gift\n";

result finished_of(const std::string& rows, test::survey_rows::options with = {}) {
  return test::survey_rows::finished_of(consumption_value_name, head + rows, items, std::move(with));
}

TEST(consumption_value, is_the_weighted_sum_of_its_five_values) {
  // 0.5 x 80 + 0.1 x (60 + 40) + 0.2 x 70 + 0.1 x 50.
  const result made = finished_of("A,X,8,6,4,7,5\nB,X,8,,4,7,5\n");
  EXPECT_NEAR(numbers(made, "suppliers", "value")[0], 69.0, 1e-12);
  EXPECT_EQ(cells(made, "suppliers", {"respondents", "incomplete"}), texts{"1 1"})
      << "B leaves one value out";
  EXPECT_EQ(cells(made, "respondents", {"respondent", "functional", "epistemic", "conditional"}),
            (texts{"A 80 60 50", "B - - -"}));
  EXPECT_EQ(made.tables[0].find("cost"), nullptr);
  EXPECT_EQ(made.tables[5].find("delivered_value"), nullptr);
}

// Figures of the worked example to fifteen digits by an independent program (mpmath).
TEST(consumption_value, suppliers_whom_others_rated_are_compared_by_welch) {
  const std::string equal = "item,dimension\nworks,functional\nnew,epistemic\nfriends,social\njoy,emotional\n"
                            "gift,conditional\n";
  const result made =
      test::survey_rows::finished_of(consumption_value_name,
                                     head + "Ann,North,8,6,4,8,4\nBob,North,8,4,6,6,6\nCai,North,6,8,8,7,7\n"
                                            "Dan,South,4,8,4,5,4\nEve,South,6,6,6,8,3\n",
                                     equal, {{"own_supplier", "North"}});
  const std::size_t last = 5;
  EXPECT_EQ(cells(made, "comparison", {"measure", "method"}).at(last), "value independent");
  EXPECT_NEAR(numbers(made, "comparison", "difference")[last], 10.0, 1e-12);
  EXPECT_NEAR(numbers(made, "comparison", "difference_low")[last], -9.34513870097261, 1e-9);
  EXPECT_NEAR(numbers(made, "comparison", "difference_high")[last], 29.34513870097261, 1e-9);
  EXPECT_NEAR(numbers(made, "comparison", "degrees")[last], 8.0 / 3.0, 1e-12);
  EXPECT_NEAR(numbers(made, "comparison", "p_value")[last], 0.186607143001192618, 1e-12);
  EXPECT_NEAR(numbers(made, "comparison", "p_value")[0], 0.198437766467421824, 1e-12);
  EXPECT_NEAR(numbers(made, "comparison", "difference_high")[0], 77.7755450671589348, 1e-8);
}

TEST(consumption_value, knows_its_own_dimensions_only) {
  EXPECT_NE(test::code_of([&] {
              return test::survey_rows::finished_of(consumption_value_name, head + "A,X,1,1,1,1,1\n",
                                                    "item,dimension\nworks,money\n");
            }),
            status::ok);
}

} // namespace
} // namespace emptor::value::consumption_value_test
