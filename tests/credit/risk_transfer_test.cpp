// SPDX-License-Identifier: BSL-1.0
#include <gtest/gtest.h>

#include <emptor/credit/risk_transfer.hpp>

namespace risk_transfer_test {
namespace {

using emptor::math::real;
using emptor::math::value_of;
using namespace emptor::credit;

transfer_terms offers() {
  return {.capital_rate = 0.08,
          .collection_rate = 0.005,
          .premium_rate = 0.003,
          .covered = 0.9,
          .factoring_rate = 0.015,
          .advance = 0.85,
          .advance_rate = 0.07,
          .collection_saved = 0.8,
          .recourse = false};
}
transfer_costs<real> costs(const transfer_terms& terms, double default_probability = 0.02) {
  return costs_of_transfer(real(1e6), real(60.0), real(default_probability), real(0.6), terms);
}

TEST(risk_transfer_test, at_its_break_even_an_offer_costs_what_keeping_costs) {
  for (const double probability : {0.0, 0.001, 0.02, 0.3, 1.0}) {
    transfer_terms terms = offers();
    const transfer_costs<real> first = costs(terms, probability);
    terms.premium_rate = value_of(first.break_even_premium);
    terms.factoring_rate = value_of(first.break_even_fee);
    const transfer_costs<real> even = costs(terms, probability);
    EXPECT_NEAR(value_of(even.insure), value_of(even.keep), 1e-6);
    EXPECT_NEAR(value_of(even.factor), value_of(even.keep), 1e-6);
  }
}

TEST(risk_transfer_test, with_recourse_the_loss_stays) {
  transfer_terms terms = offers();
  const transfer_costs<real> without = costs(terms);
  terms.recourse = true;
  EXPECT_NEAR(value_of(costs(terms).factor - without.factor), 12000.0, 1e-9);
  EXPECT_EQ(value_of(costs(terms).keep), value_of(without.keep));
}

TEST(risk_transfer_test, an_offer_of_nothing_for_nothing_costs_what_keeping_costs) {
  const transfer_terms nothing{
      .capital_rate = 0.08, .collection_rate = 0.005, .advance_rate = 0.08, .recourse = true};
  const transfer_costs<real> made = costs(nothing);
  EXPECT_EQ(value_of(made.insure), value_of(made.keep));
  EXPECT_NEAR(value_of(made.factor), value_of(made.keep), 1e-9);
}

TEST(risk_transfer_test, costs_grow_with_the_risk_that_is_kept) {
  double keep = 0.0;
  double insure = 0.0;
  for (double probability = 0.0; probability <= 1.0; probability += 0.05) {
    const transfer_costs<real> made = costs(offers(), probability);
    EXPECT_GT(value_of(made.keep), keep);
    EXPECT_GT(value_of(made.insure), insure);
    EXPECT_NEAR(value_of(made.factor), value_of(costs(offers(), 0.0).factor), 1e-9);
    keep = value_of(made.keep);
    insure = value_of(made.insure);
  }
}

} // namespace
} // namespace risk_transfer_test
