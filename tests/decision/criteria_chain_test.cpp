// SPDX-License-Identifier: BSL-1.0
// What one entry about criteria gives goes as it is into another.
#include <string>
#include <string_view>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/decision/analytic_hierarchy_entry.hpp>
#include <emptor/decision/criteria_weights_entry.hpp>
#include <emptor/decision/fuzzy_evaluation_entry.hpp>
#include <emptor/decision/topsis_entry.hpp>

#include "decision/criteria_rows.hpp"

namespace criteria_chain_test {
namespace {

using namespace emptor;
using criteria_rows::numbers;

/// Some columns of a table, as somebody would write them to a file and read them again.
std::string csv_of(const result& from, std::string_view table, const std::vector<std::string>& columns) {
  std::string made;
  for (const std::string& one : columns)
    made += (made.empty() ? "" : ",") + one;
  made += "\n";
  const emptor::table& held = finished::table_of(from, table);
  for (std::int64_t row = 0; row < held.rows(); ++row) {
    for (std::size_t i = 0; i < columns.size(); ++i) {
      const std::string cell = finished::shown(held.at(columns[i]), row);
      made += (i > 0 ? "," : "") + (cell == "-" ? std::string() : cell);
    }
    made += "\n";
  }
  return made;
}

const result hierarchy = criteria_rows::finished(
    decision::analytic_hierarchy_entry,
    {{"judgements",
      "parent,left,right,preference\n,product,terms,3\nproduct,quality,design,2\nterms,price,delivery,4\n"}});
const std::string weights = csv_of(hierarchy, "weights", {"criterion", "weight"});
constexpr const char* alternatives =
    "alternative,criteria:quality,criteria:design,criteria:price,criteria:delivery\n"
    "x,8,7,50,12\ny,6,9,40,9\nz,9,5,65,20\n";
constexpr const char* costs = "criterion,direction\nprice,cost\ndelivery,cost\n";

TEST(criteria_chain, weights_of_a_hierarchy_rank_alternatives) {
  const result made = criteria_rows::finished(
      decision::topsis_entry, {{"alternatives", alternatives}, {"criteria", costs}, {"weights", weights}});
  const std::vector<double> wanted{0.05, 0.25, 0.2, 0.5}; // delivery, design, price, quality
  const std::vector<double> is = numbers(made, "ideals", "weight");
  for (std::size_t i = 0; i < wanted.size(); ++i)
    EXPECT_NEAR(is[i], wanted[i], 1e-15);
  const result combined =
      criteria_rows::finished(decision::criteria_weights_entry,
                              {{"alternatives", alternatives}, {"criteria", costs}, {"weights", weights}},
                              {{"combination", "product"}});
  EXPECT_EQ(criteria_rows::finished(decision::topsis_entry,
                                    {{"alternatives", alternatives},
                                     {"criteria", costs},
                                     {"weights", csv_of(combined, "weights", {"criterion", "weight"})}})
                .tables[0]
                .rows(),
            3);
}

TEST(criteria_chain, weights_of_a_hierarchy_evaluate) {
  const criteria_rows::pushed grades{"grades", "grade,score\ngood,1\npoor,0\n"};
  const criteria_rows::pushed memberships{"memberships",
                                          "criterion,grade,membership\nquality,good,1\ndesign,good,0.5\n"
                                          "design,poor,0.5\nprice,poor,1\ndelivery,good,1\n"};
  const auto score = [&](const std::string& csv) {
    return numbers(
        criteria_rows::finished(decision::fuzzy_evaluation_entry, {{"weights", csv}, grades, memberships}),
        "results", "score")[0];
  };
  EXPECT_NEAR(score(weights), 0.5 + 0.125 + 0.05, 1e-15);
  EXPECT_NEAR(score(csv_of(hierarchy, "priorities", {"parent", "criterion", "weight"})), 0.5 + 0.125 + 0.05,
              1e-15);
}

} // namespace
} // namespace criteria_chain_test
