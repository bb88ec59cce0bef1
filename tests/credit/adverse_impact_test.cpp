// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_bin_float.hpp>

#include <emptor/credit/adverse_impact_entry.hpp>

#include "credit/outcomes_example.hpp"
#include "support/random.hpp"
#include "support/refusal.hpp"

namespace emptor::credit::adverse_impact_test {
namespace {

using options = std::vector<option>;
using texts = std::vector<std::string>;
using outcomes_example::store_of;
using test::code_of;

result tables_of(const stats::outcomes& from, const options& with) {
  return finished::of(adverse_impact_entry, from, with);
}

TEST(adverse_impact, the_worked_example) {
  EXPECT_EQ(outcomes_example::differences(adverse_impact_entry), "");
}

TEST(adverse_impact, ratio_equals_its_formula_in_50_digits_and_covers) {
  using big = boost::multiprecision::cpp_bin_float_50;
  const double z = 1.96;
  for (int n : {5, 40, 1000}) {
    for (int a = 1; a < n; a += 1 + n / 7) {
      for (int b = 1; b < 50; b += 9) {
        const double p = static_cast<double>(a) / n;
        const double q = b / 50.0;
        const share_ratio made = ratio_of_shares(p, n, q, 50, z);
        const stats::interval one = stats::wilson_interval(p, n, z);
        const stats::interval two = stats::wilson_interval(q, 50, z);
        const auto turned = [](double end, double share) {
          return big(big(end) * (2 * big(share) - big(end)));
        };
        const big product = big(p) * q;
        const big low = product - sqrt(big(product * product - turned(one.low, p) * turned(two.high, q)));
        const big high = product + sqrt(big(product * product - turned(one.high, p) * turned(two.low, q)));
        EXPECT_NEAR(made.within.low / static_cast<double>(big(low / turned(two.high, q))), 1.0, 1e-12);
        EXPECT_NEAR(made.within.high / static_cast<double>(big(high / turned(two.low, q))), 1.0, 1e-12);
        EXPECT_LE(made.within.low, made.value);
        EXPECT_GE(made.within.high, made.value);
      }
    }
  }
  // As often as said: 40 of a share of 0.3, 60 of a share of 0.5.
  test::variates draw(5);
  int covered = 0;
  for (int r = 0; r < 2000; ++r) {
    int a = 0;
    int b = 0;
    for (int i = 0; i < 40; ++i)
      a += draw.uniform() < 0.3 ? 1 : 0;
    for (int i = 0; i < 60; ++i)
      b += draw.uniform() < 0.5 ? 1 : 0;
    const share_ratio made = ratio_of_shares(a / 40.0, 40, b / 60.0, 60, 1.959963984540054);
    covered += made.within.low <= 0.6 && 0.6 <= made.within.high ? 1 : 0;
  }
  EXPECT_NEAR(covered / 2000.0, 0.95, 0.02);
  const share_ratio zero = ratio_of_shares(0.0, 10, 0.5, 10, z);
  EXPECT_EQ(zero.value, 0.0);
  EXPECT_EQ(zero.within.low, 0.0);
  EXPECT_GT(zero.within.high, 0.1);
  EXPECT_TRUE(std::isnan(ratio_of_shares(0.5, 10, 0.0, 10, z).value));
  EXPECT_EQ(ratio_of_shares(1.0, 10, 1.0, 10, z).value, 1.0);
}

TEST(adverse_impact, decisions_by_score_states_and_slices) {
  const std::string csv = "slice,characteristics:s,characteristics:group,categories:g\n"
                          "a,5,1,x\na,6,1,x\na,1,2,y\nb,9,2,y\nb,,2,y\nb,2,1,\n";
  const texts columns{"slice", "group", "rows", "rate", "ratio", "state"};
  EXPECT_EQ(finished::cells(
                tables_of(store_of(csv), {{"group", "g"}, {"score", "s"}, {"cut", "5"}, {"by", "slice"}}),
                "groups", columns),
            (texts{"- x 2 1 1 reference", "- y 2 0.5 0.5 computed", "a x 2 1 1 reference",
                   "a y 1 0 0 computed", "b y 1 1 1 reference"}));
  const result made =
      tables_of(store_of(csv), {{"group", "g"}, {"score", "s"}, {"cut", "5"}, {"by", "slice"}});
  EXPECT_EQ(finished::cells(made, "left_out", {"rows", "without_group", "without_decision"}),
            (texts{"6 1 1", "3 0 0", "3 1 1"}));
  EXPECT_EQ(finished::cells(tables_of(store_of(csv), {{"group", "group"}, {"score", "s"}, {"cut", "100"}}),
                            "groups", columns),
            (texts{"- 1 3 0 - reference", "- 2 2 0 - reference_accepts_nobody"}))
      << "numbers name groups too";
  EXPECT_EQ(finished::cells(
                tables_of(store_of(csv), {{"group", "g"}, {"score", "s"}, {"cut", "5"}, {"reference", "y"}}),
                "groups", columns),
            (texts{"- x 2 1 2 computed", "- y 2 0.5 1 reference"}));
  EXPECT_EQ(finished::table_of(tables_of(stats::outcomes(), {{"group", "g"}, {"score", "s"}, {"cut", "5"}}),
                               "groups")
                .rows(),
            0);
}

TEST(adverse_impact, refusals) {
  const stats::outcomes store = store_of("characteristics:s,categories:g\n1,a\n2,b\n");
  const auto refused = [&](const options& with, status code) {
    std::string text;
    EXPECT_EQ(code_of([&] { return tables_of(store, with); }, &text), code);
    return text;
  };
  refused({{"score", "s"}, {"cut", "1"}}, status::option);
  refused({{"group", "g"}}, status::option);
  refused({{"group", "g"}, {"score", "s"}}, status::option);
  refused({{"group", "g"}, {"score", "s"}, {"cut", "1"}, {"accepted", "s"}}, status::option);
  refused({{"group", "q"}, {"score", "s"}, {"cut", "1"}}, status::schema);
  refused({{"group", "g"}, {"score", "s"}, {"cut", "1"}, {"reference", "z"}}, status::unknown_name);
  EXPECT_EQ(refused({{"group", "g"}, {"accepted", "s"}}, status::data),
            "credit.adverse_impact: s[1] is 2, but must be 1 where accepted and 0 where not");
}

} // namespace
} // namespace emptor::credit::adverse_impact_test
