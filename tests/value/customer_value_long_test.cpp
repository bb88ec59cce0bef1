// SPDX-License-Identifier: BSL-1.0
#include <gtest/gtest.h>

#include "value/company.hpp"

namespace {

using namespace emptor::test;
using emptor::value::order_choice;

/// Of 40 companies of 2,500 customers the right model was chosen in 40 (NBD, BG/NBD, MBG/NBD) and 32 (Pareto/NBD);
/// 95 percent intervals of the total value, which take the choice for right, covered it in 38, 40, 40
/// and 34.
void expect_truth(const found_truth& found) {
  EXPECT_GE(found.right, 11);
  EXPECT_GE(found.covered, 12);
}

TEST(customer_value, finds_the_model_and_the_value_of_many_companies) {
  expect_truth(find_truth(endless, order_choice::nbd, 15, 2500, 0.95));
  expect_truth(find_truth(bg, order_choice::bg_nbd, 15, 2500, 0.95));
  expect_truth(find_truth(mbg, order_choice::mbg_nbd, 15, 2500, 0.95));
  expect_truth(find_truth(pareto, order_choice::pareto_nbd, 15, 2500, 0.95));
}

} // namespace
