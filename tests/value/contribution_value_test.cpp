// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <string>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/value/contribution_value.hpp>

#include "support/random.hpp"
#include "support/refusal.hpp"
#include "support/scored_csv.hpp"
#include "value/planned_oracle.hpp"

namespace emptor::value::contribution_value_test {
namespace {

using namespace planned_oracle;
using row = std::vector<double>;

const std::vector<double> all_grow{1.0, 1.0, 1.0, 1.0};

std::vector<double> figures_of(const conventions& by, const row& values) {
  return figures<contribution_value_scores>(by, values, all_grow);
}
std::string scored(const std::string& rows, const std::vector<std::string>& only,
                   const test::csv_options& options) {
  return test::scored(contribution_value_name, rows, only, options);
}
/// A customer of whom something is not said.
row drawn_row(test::variates& draw) {
  return {between(draw, -100, 1000),
          maybe(draw, between(draw, -50, 500)),
          maybe(draw, between(draw, -0.3, 0.3)),
          maybe(draw, between(draw, 0, 300)),
          maybe(draw, between(draw, -0.3, 0.3)),
          maybe(draw, between(draw, -20, 100)),
          maybe(draw, between(draw, -0.3, 0.3)),
          maybe(draw, between(draw, 0, 3)),
          between(draw, 0, 800),
          maybe(draw, between(draw, -0.3, 0.3)),
          between(draw, 0, 5000),
          maybe(draw, between(draw, -0.1, 0.2)),
          maybe(draw, between(draw, 0, 900)),
          maybe(draw, draw.uniform()),
          maybe(draw, std::floor(between(draw, 0, 30)))};
}

TEST(contribution_value, each_part_is_its_payments_in_fifty_digits) {
  test::variates draw(31);
  for (int i = 0; i < 400; ++i) {
    const conventions by = drawn(draw);
    const row in = drawn_row(draw);
    const std::vector<double> found = figures_of(by, in);
    const auto worth = [&](double growth) { return annuity(by, growth, in[13], in[14]); };
    const digits wallet = worth(in[2]);
    const digits expected[] = {or_zero(in[1]),
                               in[0] * worth(0.0),
                               in[0] * (wallet - worth(0.0)),
                               or_zero(in[3]) * worth(in[4]),
                               or_zero(in[5]) * worth(in[6]),
                               or_zero(in[7]) * in[8] * worth(in[9]),
                               or_zero(in[11]) * in[10] * wallet};
    digits sum = 0;
    digits size = 0;
    for (std::size_t part = 0; part < 7; ++part) {
      // What the growth adds is the difference of two sums.
      const digits scale = abs(expected[part]) + (part == 2 ? digits(abs(expected[1])) : digits(0));
      EXPECT_NEAR(found[part], static_cast<double>(expected[part]), 2e-14 * static_cast<double>(scale))
          << i << ' ' << part;
      sum += expected[part];
      size += scale;
    }
    EXPECT_NEAR(found[7], static_cast<double>(sum), 2e-14 * static_cast<double>(size));
    EXPECT_NEAR(found[8], static_cast<double>(sum - or_zero(in[12])),
                2e-14 * static_cast<double>(size + 900));
  }
}

TEST(contribution_value, the_parts_add_up_to_the_last_bit_and_scale_with_money) {
  test::variates draw(32);
  for (int i = 0; i < 400; ++i) {
    const conventions by = drawn(draw);
    row in = drawn_row(draw);
    const std::vector<double> found = figures_of(by, in);
    math::real sum(0.0);
    for (std::size_t part = 0; part < 7; ++part)
      sum = sum + found[part];
    EXPECT_EQ(found[7], math::value_of(sum));
    EXPECT_EQ(found[8], math::value_of(sum - (std::isnan(in[12]) ? 0.0 : in[12])));
    for (const std::size_t money : {0U, 1U, 3U, 5U, 8U, 10U, 12U})
      in[money] *= 2.0;
    EXPECT_EQ(figures_of(by, in)[8], 2.0 * found[8]);
  }
}

TEST(contribution_value, its_limits_are_what_one_expects) {
  const conventions by{.rate = 0.1, .periods = 1.0};
  const auto of = [&](double growth, double retention, double periods, conventions with) {
    return figures_of(with, {110, none, growth, none, none, none, none, none, none, none, none, none, none,
                             retention, periods});
  };
  // One period: neither growth nor retention matter.
  EXPECT_DOUBLE_EQ(of(0.5, 0.2, none, by)[8], 100.0);
  EXPECT_EQ(of(0.5, 0.0, none, by)[8], of(none, none, none, by)[8]);
  EXPECT_EQ(of(0.5, 0.9, 0.0, by)[8], 0.0) << "no period";
  // Growth of 0 adds nothing at all, and who never leaves has a retention of 1.
  for (const double periods : {1.0, 7.0, 400.0})
    for (const double retention : {0.3, 1.0}) {
      EXPECT_EQ(of(0.0, retention, periods, by)[2], 0.0);
      EXPECT_EQ(of(none, 1.0, periods, by)[8], of(none, none, periods, by)[8]);
    }
  // At no rate the money adds up as it is; for ever is the limit of many periods.
  EXPECT_EQ(of(none, none, 12.0, {.rate = 0.0})[8], 1320.0);
  EXPECT_NEAR(of(0.02, 0.9, none, {.rate = 0.1})[8], of(0.02, 0.9, 2000.0, {.rate = 0.1})[8], 1e-10);
  EXPECT_NEAR(of(none, 0.55, none, {.rate = 0.1})[8], 200.0, 1e-12);
  // Longer, more faithful, faster growing: never worth less.
  double before = 0.0;
  for (const double periods : {1.0, 2.0, 5.0, 30.0, 300.0}) {
    const double now = of(0.03, 0.8, periods, by)[8];
    EXPECT_GT(now, before);
    before = now;
  }
  for (double retention = 0.0; retention < 1.0; retention += 0.125)
    EXPECT_LT(of(0.03, retention, 9.0, by)[8], of(0.03, retention + 0.125, 9.0, by)[8]);
  for (double growth = -0.9; growth < 0.5; growth += 0.1)
    EXPECT_LT(of(growth, 0.8, 9.0, by)[8], of(growth + 0.1, 0.8, 9.0, by)[8]);
}

TEST(contribution_value, who_leaves_after_a_period_brings_one_payment_however_fast_it_would_grow) {
  for (const rate_kind how : {rate_kind::effective, rate_kind::continuous})
    for (const double rate : {-0.5, 0.0, 0.1})
      for (const double periods : {1.0, 5.0, 30.0, for_ever})
        for (const double growth : {0.0, 0.3, 0.9, 1.0, 1.2, 2.0, 3.3, 7.0, 13.9, 20.0})
          for (const double retention : {0.0, 1e-300, 1e-17}) {
            const conventions by{.rate = rate, .periods = periods, .how = how};
            const auto of = [&](double with) {
              return figures_of(by,
                                {110, none, with, 1, with, 1, with, 1, 1, with, 1, 1, none, retention, none});
            };
            const std::vector<double> grown = of(growth);
            const std::vector<double> level = of(none);
            for (std::size_t i = 0; i < grown.size(); ++i) // next to nothing of e^21 of them
              EXPECT_NEAR(grown[i], level[i], 1000.0 * retention * std::exp(21.0))
                  << "growth " << growth << ", retention " << retention << ", figure " << i;
          }
}

TEST(contribution_value, what_growth_adds_is_right_to_1e_15_of_what_it_adds_to) {
  for (const double rate : {0.0, 1e-9, 0.01, 0.1, 0.3})
    for (const double periods : {1.0, 2.0, 5.0, 40.0})
      for (const double retention : {0.2, 0.9, 1.0})
        for (const double growth : {-0.3, -1e-9, 1e-300, 1e-16, 1e-13, 1e-9, 1e-4, 0.3}) {
          const conventions by{.rate = rate, .periods = periods};
          const digits grown = annuity(by, growth, retention, none);
          const digits level = annuity(by, none, retention, none);
          const double found = figures_of(by, {1, none, growth, none, none, none, none, none, none, none,
                                               none, none, none, retention, none})[2];
          EXPECT_LE(abs(found - (grown - level)),
                    1e-15 * (1.0 + periods * std::abs(growth)) * (grown > level ? grown : level))
              << rate << " " << periods << " " << retention << " " << growth;
        }
}

TEST(contribution_value, growth_beyond_all_numbers) {
  const auto cross_selling = [](double retention, double periods) {
    return figures_of(
        {.rate = 0.0, .periods = periods, .how = rate_kind::continuous},
        {0, none, none, 1, 800, none, none, none, none, none, none, none, none, retention, none})[3];
  };
  for (const double retention : {1e-300, 0.3, 0.7, 1.0, none}) {
    EXPECT_EQ(cross_selling(retention, 0.0), 0.0);
    EXPECT_EQ(cross_selling(retention, 1.0), 1.0);
    EXPECT_EQ(cross_selling(retention, 2.0), for_ever) << "too large, not undefined: " << retention;
  }
  EXPECT_EQ(cross_selling(0.0, 5.0), 1.0);
}

TEST(contribution_value, what_ends_is_a_number_whatever_stays_and_grows) {
  test::variates draw(77);
  const auto below_1 = [&] { return std::pow(draw.uniform(), 1.0 + std::floor(30.0 * draw.uniform())); };
  for (int i = 0; i < 100'000; ++i) {
    const conventions by{.rate = draw.uniform() < 0.2 ? 0.0 : 3.0 * below_1() - 0.9,
                         .periods = std::floor(30.0 * draw.uniform()),
                         .how = draw.uniform() < 0.5 ? rate_kind::effective : rate_kind::continuous};
    const double growth = draw.uniform() < 0.5 ? 20.0 * below_1() : 0.999 - below_1();
    const double retention = draw.uniform() < 0.2 ? 0.0 : below_1();
    for (const double one :
         figures_of(by, {110, none, growth, 1, growth, 1, growth, 1, 1, growth, 1, 1, none, retention, none}))
      ASSERT_TRUE(std::isfinite(one)) << by.rate << " " << by.periods << " " << growth << " " << retention;
  }
}

TEST(contribution_value, few_who_stay_and_much_growth_lose_no_digits) {
  for (const double retention : {1e-6, 3e-5, 0.01, 0.3, 0.49, 0.5, 0.7, 1.0 - 1e-12})
    for (const double ratio : {1e-9, 0.5, 0.999, 1.0, 1.0 + 1e-9, 3.0})
      for (const double periods : {1.0, 2.0, 9.0, 60.0}) {
        const double growth = ratio / retention - 1.0;
        const conventions by{.rate = 0.0, .periods = periods};
        const digits expected = annuity(by, growth, retention, none);
        const double found = figures_of(by, {0, none, none, 1, growth, none, none, none, none, none, none,
                                             none, none, retention, none})[3];
        EXPECT_LE(abs(found / expected - 1), 4e-16 * (4.0 + periods)) << retention << " " << ratio;
      }
}

TEST(contribution_value, a_part_that_is_not_said_counts_0_and_half_a_part_is_missing) {
  const test::csv_options years{{"rate", "0.1"}, {"periods", "2"}};
  const std::vector<std::string> some{"referral_value", "price_premium_value", "value"};
  EXPECT_EQ(scored("margin\n121\n", some, years), "0,0,210,ok\n");
  EXPECT_EQ(scored("margin,referrals,referred_customer_value,revenue,price_premium\n"
                   "0,1,,,\n0,,500,,\n0,,,100,\n0,,,,0.1\n0,0,,,\n,1,121,,\n0,2,60.5,,\n",
                   some, years),
            ",,,missing\n0,0,0,ok\n0,0,0,ok\n,,,missing\n,,,missing\n,,,missing\n210,0,210,ok\n");
  EXPECT_EQ(test::strict_refusal(contribution_value_name, "margin,referrals\n1,\n1,3\n", years),
            "value.contribution_value: referred_customer_value[1] is missing, but must be given where "
            "referrals are");
}

TEST(contribution_value, rows_and_options_without_an_answer_have_a_status) {
  EXPECT_EQ(scored("margin,growth,retention,periods,referrals,referred_customer_value\n"
                   "100,0.2,,,,\n100,0.2,0.5,,,\n100,-1,,5,,\n100,,1.5,5,,\n100,,,-1,,\n100,,,2.5,,\n"
                   "1e308,5,,900,,\n100,,,5,-1,3\n0,0.2,,,,\n",
                   {"value"}, {{"rate", "0.1"}}),
            ",undefined\n200,ok\n,out_of_domain\n,out_of_domain\n,out_of_domain\n,not_integer\n,too_large\n"
            ",out_of_domain\n0,ok\n");
  EXPECT_EQ(scored("margin,first_purchase,acquisition_cost\n1e308,-1e308,1e308\n-1e308,1e308,1e308\n",
                   {"value"}, {{"rate", "0"}, {"periods", "9"}}),
            ",too_large\n,too_large\n");
  EXPECT_EQ(
      test::strict_refusal(contribution_value_name, "margin\n1\n1e308\n", {{"rate", "0"}, {"periods", "9"}}),
      "value.contribution_value: repeat_purchase_value[1] has no number (too_large)");
  for (const test::csv_options& wrong :
       {test::csv_options{}, test::csv_options{{"rate", "-1"}}, test::csv_options{{"rate", "0"}},
        test::csv_options{{"rate", "0.1"}, {"periods", "-2"}}})
    EXPECT_EQ(test::code_of([&] { return scored("margin\n1\n", {"value"}, wrong); }), status::option);
  EXPECT_EQ(scored("margin,retention\n1,0.5\n1,\n", {"value"}, {{"rate", "0"}}), "2,ok\n,undefined\n");
}

} // namespace
} // namespace emptor::value::contribution_value_test
