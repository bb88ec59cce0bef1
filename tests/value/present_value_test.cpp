// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <initializer_list>
#include <limits>
#include <string>

#include <gtest/gtest.h>

#include <boost/multiprecision/cpp_bin_float.hpp>

#include <emptor/value/present_value.hpp>

#include "support/random.hpp"
#include "support/refusal.hpp"
#include "support/scored_csv.hpp"

namespace emptor::value::present_value_test {
namespace {

using math::real;
using digits = boost::multiprecision::cpp_bin_float_50;
using test::csv_options;

std::string scored(const std::string& rows, const std::vector<std::string>& only,
                   const csv_options& options) {
  return test::scored(present_value_name, rows, only, options);
}

/// Payment after payment.
digits added_up(double rate, double growth, int periods, rate_kind how, payment_timing when) {
  using boost::multiprecision::exp;
  using boost::multiprecision::log;
  const digits force = how == rate_kind::continuous ? digits(rate) : digits(log(digits(1) + rate));
  const digits grows = how == rate_kind::continuous ? digits(growth) : digits(log(digits(1) + growth));
  digits sum = 0;
  for (int t = 0; t < periods; ++t) {
    const digits at_start = exp(grows * t - force * t);
    switch (when) {
    case payment_timing::end:
      sum += at_start * exp(-force);
      break;
    case payment_timing::start:
      sum += at_start;
      break;
    case payment_timing::middle:
      sum += at_start * exp(-force / 2);
      break;
    case payment_timing::spread:
      sum += force == 0 ? at_start : digits(at_start * (1 - exp(-force)) / force);
      break;
    }
  }
  return sum;
}
double factor(double rate, double growth, double periods, rate_kind how, payment_timing when) {
  const double given[] = {rate, periods, static_cast<double>(how), static_cast<double>(when), 0.0};
  const present_value_scores<real> of(given);
  const double none = std::numeric_limits<double>::quiet_NaN();
  const real in[] = {1.0, none, none, none, growth, none};
  real out[5];
  const bool wanted[] = {true, true, true, true, true};
  of.row(in, out, wanted);
  return math::value_of(out[0]);
}

TEST(present_value, factors_are_the_sums_of_their_payments) {
  double worst = 0.0;
  for (const rate_kind how : {rate_kind::effective, rate_kind::continuous})
    for (const payment_timing when :
         {payment_timing::end, payment_timing::start, payment_timing::middle, payment_timing::spread})
      for (const double rate : {-0.5, -0.02, 0.0, 1e-12, 0.005, 0.08, 0.3, 2.0})
        for (const double growth : {-0.9, -0.05, 0.0, 1e-13, 0.005, 0.08, 0.0800000001, 0.5})
          for (const int periods : {0, 1, 2, 10, 120, 600}) {
            const digits expected = added_up(rate, growth, periods, how, when);
            const double found = factor(rate, growth, periods, how, when);
            if (periods == 0) {
              ASSERT_EQ(found, 0.0);
              continue;
            }
            // The power of the last payment is as sensitive to the rounding of its logarithm as the payments are many.
            const double sensitive = 1.0 + std::abs(std::log(found / periods));
            worst = std::max(worst, std::abs(static_cast<double>(digits(found) / expected - 1)) / sensitive);
          }
  EXPECT_LT(worst, 1e-15);
}

TEST(present_value, for_ever_is_the_limit_of_many_periods) {
  for (const rate_kind how : {rate_kind::effective, rate_kind::continuous})
    for (const double rate : {0.01, 0.08, 0.5})
      for (const double growth : {-0.3, 0.0, 0.005})
        EXPECT_NEAR(
            factor(rate, growth, std::numeric_limits<double>::infinity(), how, payment_timing::middle) /
                factor(rate, growth, 1e6, how, payment_timing::middle),
            1.0, 1e-14);
  // 1 / (rate - growth), with nothing lost where the two are close.
  EXPECT_NEAR(factor(0.05, std::nextafter(0.05, 0.0), std::numeric_limits<double>::infinity(),
                     rate_kind::effective, payment_timing::end) *
                  (0.05 - std::nextafter(0.05, 0.0)),
              1.0, 1e-14);
}

// The power behind the last one is beyond all numbers where the sum is not.
TEST(present_value, the_largest_sums_are_numbers) {
  EXPECT_NEAR(factor(0.0, 9.0, 308.0, rate_kind::effective, payment_timing::start) / 1.1111111111111112e307,
              1.0, 1e-12);
  EXPECT_NEAR(factor(0.0, 9.0, 309.0, rate_kind::effective, payment_timing::start) / 1.1111111111111112e308,
              1.0, 1e-12);
  EXPECT_EQ(factor(0.0, 9.0, 310.0, rate_kind::effective, payment_timing::start),
            std::numeric_limits<double>::infinity());
  EXPECT_NEAR(factor(0.0, 999999.0, 52.0, rate_kind::effective, payment_timing::start) / 1.000001000001e306,
              1.0, 1e-12);
}

// Y. Zhou and the like: model one counts income alone, model three every part.
TEST(present_value, the_two_models_of_the_textbooks_rank_customers_differently) {
  EXPECT_EQ(scored("income,cost_to_serve\n500,200\n550,300\n", {"income_value", "value"},
                   {{"rate", "0.08"}, {"periods", "10"}}),
            "3355.040699470722,2013.024419682433,ok\n3690.544769417794,1677.520349735361,ok\n");
}

TEST(present_value, parts_add_up_to_the_last_bit_and_scale_with_money) {
  test::variates draw(7);
  for (int i = 0; i < 2000; ++i) {
    const auto uniform = [&](double low, double high) { return low + (high - low) * draw.uniform(); };
    const double given[] = {uniform(-0.2, 0.5), uniform(0, 50), 0.0, std::floor(4.0 * draw.uniform()), 0.0};
    const present_value_scores<real> of(given);
    real in[] = {uniform(-100, 1000), uniform(0, 500),    uniform(0, 5000),
                 uniform(0, 900),     uniform(-0.3, 0.3), uniform(0, 30)};
    real out[5];
    const bool wanted[] = {true, true, true, true, true};
    of.row(in, out, wanted);
    EXPECT_EQ(math::value_of(out[4]), math::value_of(in[2] + (out[1] - out[2])));
    EXPECT_EQ(math::value_of(out[3]), math::value_of(out[4] - in[3]));
    real twice[5];
    for (int money = 0; money < 4; ++money)
      in[money] = in[money] * 2.0;
    of.row(in, twice, wanted);
    EXPECT_EQ(math::value_of(twice[3]), 2.0 * math::value_of(out[3]));
    EXPECT_EQ(math::value_of(twice[0]), math::value_of(out[0]));
  }
}

TEST(present_value, what_the_rows_leave_out_is_in_the_options) {
  const std::string usual = scored("income\n100\n", {"value"}, {{"rate", "0.1"}, {"periods", "3"}});
  EXPECT_EQ(scored("income,periods,growth\n100,3,0\n100,,\n", {"value"}, {{"rate", "0.1"}, {"periods", "3"}}),
            usual + usual);
  EXPECT_EQ(scored("income,periods\n100,3\n100,\n", {"value"}, {{"rate", "0.1"}}),
            usual + scored("income\n100\n", {"value"}, {{"rate", "0.1"}}));
  EXPECT_EQ(scored("income\n100\n", {"value", "annuity_factor"}, {{"rate", "0.1"}}), "1000,10,ok\n");
}

TEST(present_value, rows_and_options_without_an_answer_have_a_status) {
  EXPECT_EQ(scored("income,growth,periods\n100,0.2,\n100,0.2,5\n100,-1,5\n100,0,-1\n,,\n1e308,5,900\n",
                   {"annuity_factor"}, {{"rate", "0.1"}}),
            ",undefined\n5.4505094659455695,ok\n,out_of_domain\n,out_of_domain\n,missing\n,too_large\n");
  EXPECT_EQ(scored("income,periods\n1,\n", {"value"}, {{"rate", "0"}}), ",undefined\n")
      << "nothing discounts it";
  EXPECT_EQ(scored("income\n1\n", {"value"}, {{"rate", "0"}, {"periods", "12"}}), "12,ok\n");
  EXPECT_EQ(scored("income,cost_to_serve\n1e308,-1e308\n", {"value"}, {{"rate", "0"}, {"periods", "1"}}),
            ",too_large\n");
  EXPECT_EQ(scored("income,cost_to_serve\n1e308,1e308\n", {"value"}, {{"rate", "0.08"}, {"periods", "10"}}),
            ",too_large\n");
  EXPECT_EQ(scored("income,growth,periods\n1,800,1\n1,-0.5,3\n1,0,2.5\n", {"annuity_factor"},
                   {{"rate", "0.05"}, {"rate_kind", "continuous"}}),
            "0.951229424500714,ok\n1.8166778299737936,ok\n,not_integer\n");
  for (const csv_options& wrong :
       {csv_options{}, csv_options{{"rate", "-1"}}, csv_options{{"rate", "0"}}, csv_options{{"rate", "-0.1"}},
        csv_options{{"rate", "0.1"}, {"periods", "-2"}}})
    EXPECT_EQ(test::code_of([&] { return scored("income\n1\n", {"value"}, wrong); }), status::option);
}

} // namespace
} // namespace emptor::value::present_value_test
