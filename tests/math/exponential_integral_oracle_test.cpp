// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstddef>
#include <random>

#include <boost/math/special_functions/gamma.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <gtest/gtest.h>

#include <emptor/math/dual.hpp>
#include <emptor/math/exponential_integral.hpp>
#include <emptor/math/pack.hpp>

#include "exponential_integral_truth.hpp"

namespace exponential_integral_oracle_test {
namespace {

namespace math = emptor::math;
using math::real;
using namespace emptor::testing;

const double orders[] = {1e-3, 0.5, 1.0 - 1e-9, 1.0, 1.0 + 1e-10, 1.5, 2.0, 2.6, 7.0, 64.0, 1e4};

TEST(exponential_integral, scaled_against_100_digits) {
  for (const double s : orders) {
    const math::exponential_integral<real> at_order(s);
    for (const double z :
         {1e-20, 1e-6, 0.01, 0.13, 0.5, 0.9, 1.0 - 1e-12, 1.0, 1.3, 4.0, 20.0, 1e3, 1e12, 1e300}) {
      const double f = math::value_of(at_order.scaled(real(z)));
      const double error = error_of(f, scaled_truth(s, z));
      EXPECT_LE(error, z < 1e-10 ? 1e-14 : 5e-15) << "s " << s << " z " << z;
      EXPECT_EQ(f, math::value_of(math::scaled_exponential_integral(real(s), real(z))));
    }
    EXPECT_LE(error_of(math::value_of(at_order.scaled(real(1e-300))), scaled_truth(s, 1e-300)), 1e-13) << s;
  }
}

TEST(exponential_integral, partial_against_100_digits) {
  for (const double s : orders) {
    const math::exponential_integral<real> at_order(s);
    for (const double z : {0.0, 1e-12, 1e-3, 0.13, 0.6, 0.999, 1.0, 1.3, 4.0, 1e3, 1e9}) {
      for (const double end : {1e-15, 1e-4, 0.02, 0.4, 0.999, 1.01, 4.0, 30.0, 1e4, 1e12}) {
        const double f = math::value_of(at_order.partial(real(z), real(end)));
        const double error = error_of(f, partial_truth(s, z, end));
        EXPECT_LE(error, 2e-14) << "s " << s << " z " << z << " end " << end;
      }
    }
  }
}

/// Gradient and Hessian in the logs of order, argument and end, in units of the function, against central
/// differences in 100 digits.
template <class Ours, class Theirs>
void compare_derivatives(const double (&at)[3], const Ours& ours, const Theirs& theirs) {
  using own = math::dual<real, 3>;
  const own f = ours(own::variable(at[0], 0), own::variable(at[1], 1), own::variable(at[2], 2));
  const wide h("1e-12");
  const auto shifted = [&](std::size_t i, int k, std::size_t j, int l) {
    wide x[] = {at[0], at[1], at[2]};
    x[i] *= 1 + k * h;
    x[j] *= 1 + l * h;
    return wide(theirs(x[0], x[1], x[2]));
  };
  const wide middle = theirs(at[0], at[1], at[2]);
  const double size = static_cast<double>(middle);
  EXPECT_NEAR(math::value_of(f.v) / size, 1.0, 1e-14);
  for (std::size_t i = 0; i < 3; ++i) {
    const double slope =
        static_cast<double>(wide((shifted(i, 1, i, 0) - shifted(i, -1, i, 0)) / (2 * h * middle)));
    EXPECT_NEAR(math::value_of(f.g[i]) * at[i] / size, slope, 4e-14 * (1.0 + std::fabs(slope))) << i;
    for (std::size_t j = 0; j <= i; ++j) {
      const wide second = i == j ? wide(shifted(i, 1, i, 0) - 2 * middle + shifted(i, -1, i, 0))
                                 : wide((shifted(i, 1, j, 1) - shifted(i, 1, j, -1) - shifted(i, -1, j, 1) +
                                         shifted(i, -1, j, -1)) /
                                        4);
      const double curve = static_cast<double>(wide(second / (h * h * middle)));
      EXPECT_NEAR(math::value_of(f.hessian(i, j)) * at[i] * at[j] / size, curve,
                  2e-13 * (1.0 + std::fabs(curve)))
          << i << j;
    }
  }
}

TEST(exponential_integral, derivatives) {
  for (const double s : {0.3, 0.9999999, 1.6, 2.0 + 1e-9, 64.6}) {
    for (const double z : {1e-4, 0.13, 0.95, 1.2}) {
      SCOPED_TRACE(testing::Message() << "s " << s << " z " << z);
      compare_derivatives(
          {s, z, 1.0}, [](auto order, auto x, auto) { return math::scaled_exponential_integral(order, x); },
          [](const wide& order, const wide& x, const wide&) { return scaled_truth(order, x); });
      for (const double end : {1e-6, 0.3, 100.0})
        compare_derivatives(
            {s, z, end},
            [](auto order, auto x, auto to) {
              return math::exponential_integral<decltype(order)>(order).partial(x, to);
            },
            [](const wide& order, const wide& x, const wide& to) { return partial_truth(order, x, to); });
    }
  }
}

TEST(exponential_integral, limits) {
  for (const double s : {0.4, 1.0, 3.0}) {
    const math::exponential_integral<real> at_order(s);
    for (const double z : {1e-5, 0.4, 7.0})
      EXPECT_EQ(math::value_of(at_order.partial(real(z), real(HUGE_VAL))),
                math::value_of(at_order.scaled(z)));
    EXPECT_EQ(math::value_of(at_order.partial(real(0.7), real(0.0))), 0.0);
    EXPECT_DOUBLE_EQ(math::value_of(at_order.partial(real(0.0), real(1.0))),
                     s == 1.0 ? std::log(2.0) : (std::pow(2.0, 1.0 - s) - 1.0) / (1.0 - s));
  }
  // Without discount the integral up to infinity is 1 / (s - 1).
  EXPECT_DOUBLE_EQ(math::value_of(math::exponential_integral<real>(3.5).partial(0.0, HUGE_VAL)), 0.4);
}

TEST(exponential_integral, a_row_does_not_depend_on_its_neighbours) {
  using rows = math::pack<math::isa::baseline>;
  const math::exponential_integral<rows> packed(rows(0.61));
  const math::exponential_integral<real> single(0.61);
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> decades(-6.0, 3.0);
  for (int i = 0; i < 2000; ++i) {
    double z[rows::lanes];
    double end[rows::lanes];
    for (int lane = 0; lane < rows::lanes; ++lane) {
      z[lane] = std::pow(10.0, decades(random));
      end[lane] = std::pow(10.0, decades(random));
    }
    const rows whole = packed.scaled(rows::load(z));
    const rows part = packed.partial(rows::load(z), rows::load(end));
    for (int lane = 0; lane < rows::lanes; ++lane) {
      EXPECT_EQ(to_bits(whole[lane]), to_bits(single.scaled(real(z[lane]))));
      EXPECT_EQ(to_bits(part[lane]), to_bits(single.partial(real(z[lane]), real(end[lane]))));
    }
  }
}

} // namespace
} // namespace exponential_integral_oracle_test
