// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstdint>

#include <boost/multiprecision/cpp_int.hpp>
#include <gtest/gtest.h>

#include <emptor/credit/risk_transfer.hpp>

#include "support/random.hpp"

namespace risk_transfer_test {
namespace {

using boost::multiprecision::cpp_int;
using boost::multiprecision::cpp_rational;
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
constexpr std::int64_t million = 100'000'000; // in cents
transfer_costs costs(const transfer_terms& terms, double default_probability = 0.02) {
  return costs_of_transfer({million, 60.0, default_probability, 0.6}, terms);
}

TEST(risk_transfer_test, at_its_break_even_an_offer_costs_what_keeping_costs) {
  for (const double probability : {0.0, 0.001, 0.02, 0.3, 1.0}) {
    transfer_terms terms = offers();
    const auto even = break_evens_of(real(60.0), real(probability), real(0.6), terms);
    terms.premium_rate = value_of(even.premium);
    terms.factoring_rate = value_of(even.fee);
    const transfer_costs made = costs(terms, probability);
    // Each of up to five parts is rounded.
    EXPECT_NEAR(static_cast<double>(made.insure - made.keep), 0.0, 2.0);
    EXPECT_NEAR(static_cast<double>(made.factor - made.keep), 0.0, 3.0);
  }
}

TEST(risk_transfer_test, with_recourse_the_loss_stays) {
  transfer_terms terms = offers();
  const transfer_costs without = costs(terms);
  terms.recourse = true;
  EXPECT_TRUE(costs(terms).factor - without.factor == 1'200'000);
  EXPECT_TRUE(costs(terms).keep == without.keep);
}

TEST(risk_transfer_test, an_offer_of_nothing_for_nothing_costs_what_keeping_costs) {
  const transfer_terms nothing{
      .capital_rate = 0.08, .collection_rate = 0.005, .advance_rate = 0.08, .recourse = true};
  const transfer_costs made = costs(nothing);
  EXPECT_TRUE(made.insure == made.keep);
  EXPECT_TRUE(made.factor == made.keep);
}

TEST(risk_transfer_test, costs_grow_with_the_risk_that_is_kept) {
  transfer_costs before;
  for (double probability = 0.0; probability <= 1.0; probability += 0.05) {
    const transfer_costs made = costs(offers(), probability);
    EXPECT_TRUE(made.keep > before.keep);
    EXPECT_TRUE(made.insure > before.insure);
    EXPECT_TRUE(made.factor == costs(offers(), 0.0).factor);
    before = made;
  }
}

TEST(risk_transfer_test, a_year_of_360_days_is_a_convention) {
  transfer_terms terms{.capital_rate = 0.365};
  EXPECT_TRUE(costs_of_transfer({100'000, 30.0, 0.0, 0.0}, terms).keep == 3000); // 1,000 x 30 / 365 x 36.5 %
  terms.days_of_year = 360;
  EXPECT_TRUE(costs_of_transfer({100'000, 30.0, 0.0, 0.0}, terms).keep == 3042); // 30.4166...
}

/// In rational numbers, a rounding half away from 0 at the end of each part; sales up to the limit of 64 bits.
TEST(risk_transfer_test, amounts_agree_with_rational_numbers_to_the_minor_unit) {
  emptor::test::variates draw(17);
  const auto rounded = [](const cpp_rational& x) {
    const cpp_rational twice = 2 * x + 1;
    return cpp_int(numerator(twice) / (2 * denominator(twice)));
  };
  const auto thousandths = [&](std::int64_t most) {
    return static_cast<std::int64_t>(draw.uniform() * static_cast<double>(most + 1));
  };
  for (int round = 0; round < 2000; ++round) {
    const auto sales = static_cast<std::int64_t>(std::exp(draw.uniform() * 43.0));
    const std::int64_t days = thousandths(200), pd = thousandths(1000), lgd = thousandths(1000);
    const std::int64_t capital = thousandths(300), collect = thousandths(50), covered = thousandths(1000);
    const std::int64_t advance = thousandths(1000), rate = thousandths(200), saved = thousandths(1000);
    const auto part = [](std::int64_t of) { return static_cast<double>(of) / 1000.0; };
    const auto exact = [](std::int64_t of) { return cpp_rational(of, 1000); };
    const transfer_terms terms{.capital_rate = part(capital),
                               .collection_rate = part(collect),
                               .covered = part(covered),
                               .advance = part(advance),
                               .advance_rate = part(rate),
                               .collection_saved = part(saved)};
    const transfer_costs made =
        costs_of_transfer({sales, static_cast<double>(days), part(pd), part(lgd)}, terms);
    ASSERT_TRUE(made.fits);
    const cpp_rational loss = cpp_rational(sales) * exact(pd) * exact(lgd);
    const cpp_rational tied = cpp_rational(sales) * days / 365;
    const cpp_int work = rounded(cpp_rational(sales) * exact(collect));
    ASSERT_EQ(cpp_int(made.loss), rounded(loss));
    ASSERT_EQ(cpp_int(made.keep), rounded(loss) + rounded(tied * exact(capital)) + work);
    ASSERT_EQ(cpp_int(made.insure),
              rounded(loss * exact(1000 - covered)) + rounded(tied * exact(capital)) + work);
    ASSERT_EQ(cpp_int(made.factor), rounded(tied * exact(advance) * exact(rate)) +
                                        rounded(tied * exact(1000 - advance) * exact(capital)) +
                                        rounded(cpp_rational(sales) * exact(collect) * exact(1000 - saved)));
  }
}

TEST(risk_transfer_test, what_does_not_fit_is_told) {
  const transfer_terms dear{.capital_rate = 10.0};
  EXPECT_FALSE(costs_of_transfer({9'000'000'000'000'000'000, 3650.0, 0.0, 0.0}, dear).fits);
}

} // namespace
} // namespace risk_transfer_test
