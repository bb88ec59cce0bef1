// SPDX-License-Identifier: BSL-1.0
#include <memory>
#include <string>

#include <gtest/gtest.h>

#include <emptor/credit/scorecard_description.hpp>

#include "support/scored_csv.hpp"

namespace emptor::credit::scorecard_refusal_test {
namespace {

TEST(scorecard_refusal, strict_mode_names_the_characteristic_at_fault) {
  const std::shared_ptr<const model> card = test::model_from(
      scorecard_name,
      {{"bins",
        "characteristic,bin,kind,low,high,label,points\nage,1,interval,,30,,10\nage,2,interval,30,,,20\n"
        "home,1,levels,,,,5\n"},
       {"members", "characteristic,member,value,number,bin\nhome,level,own,,1\n"}},
      {{"closed", "left"}});
  const std::string head = "characteristics:age,categories:home\n40,own\n";
  EXPECT_EQ(test::strict_refusal(scorecard_name, head + ",own\n", {}, card),
            "credit.scorecard: characteristics:age[1] is missing, but must be there: the scorecard has no "
            "bin for missing values");
  EXPECT_EQ(test::strict_refusal(scorecard_name, head + "20,rent\n", {}, card),
            "credit.scorecard: categories:home[1] is \"rent\", but must be in a bin of the scorecard");
}

} // namespace
} // namespace emptor::credit::scorecard_refusal_test
