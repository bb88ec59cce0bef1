// SPDX-License-Identifier: BSL-1.0
// How often value.customer_value finds the model and the value of simulated companies. The lines of the table in
// include/emptor/value/README.md are what these tests print.
#include <cstdint>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <string>

#include <gtest/gtest.h>

#include "support/places.hpp"
#include "value/company.hpp"

namespace customer_value_long_test {
namespace {

using namespace emptor::test;
using emptor::value::order_choice;

constexpr int companies = 40;

/// Of 40 intervals that cover 19 times in 20, fewer than 34 cover in one study of 300.
constexpr int fewest_of_40 = 34;

/// \param fewest_right  companies whose model is to be found: between models with drop-out the likelihood alone decides,
///                       and it can be higher under a wrong one as long as the two say nearly the same
template <class P>
void expect_truth(const P& p, order_choice which, int fewest_right) {
  const found_truth found = find_truth(p, which, companies, 2500, 0.95);
  EXPECT_GE(found.right, fewest_right);
  EXPECT_GE(companies * found.covered_if_right, fewest_of_40 * found.right);
  const std::string line =
      "| `" + std::string(emptor::value::order_choice_names[static_cast<std::size_t>(which)]) + "` | " +
      std::to_string(found.right) + " | " + std::to_string(found.covered_if_right) + " | " +
      std::to_string(found.covered) + " |";
  std::printf("%s\n", line.c_str());
  std::ifstream file(source_folder() + "/include/emptor/value/README.md");
  const std::string readme{std::istreambuf_iterator<char>(file), {}};
  EXPECT_NE(readme.find(line + "\n"), std::string::npos) << "stale in include/emptor/value/README.md:\n"
                                                         << line;
}

TEST(customer_value_truth, nbd) {
  expect_truth(endless, order_choice::nbd,
               companies); // BIC asks of two more parameters that they are worth 15.6
}
TEST(customer_value_truth, bg_nbd) {
  expect_truth(bg, order_choice::bg_nbd, 36);
}
TEST(customer_value_truth, mbg_nbd) {
  expect_truth(mbg, order_choice::mbg_nbd, 36);
}
TEST(customer_value_truth, pareto_nbd) {
  expect_truth(pareto, order_choice::pareto_nbd, 24);
}

/// The total of customers who go on spending what they spent: their own means are unbiased, and their errors add up.
TEST(customer_value_truth, totals_of_own_means) {
  int covered = 0;
  for (std::uint64_t seed = 1; seed <= companies; ++seed) {
    const emptor::value::customer_values found = with_own_means(500, seed);
    double truth = 0.0;
    for (const double one : true_own_values(found.customers, 500, seed))
      truth += one;
    covered += found.totals.value_low < truth && truth < found.totals.value_high ? 1 : 0;
  }
  EXPECT_GE(covered, fewest_of_40);
}

} // namespace
} // namespace customer_value_long_test
