// SPDX-License-Identifier: BSL-1.0
// Whatever numbers come, a function ends and does nothing undefined: what sanitizers look at.
#include <cmath>

#include <gtest/gtest.h>

#include <emptor/math/beta_mixture.hpp>
#include <emptor/math/beta_mixture_count.hpp>
#include <emptor/math/beta_mixture_discounted.hpp>
#include <emptor/math/exponential_integral.hpp>
#include <emptor/math/hypergeometric.hpp>
#include <emptor/math/real.hpp>

namespace any_bits_test {
namespace {

namespace math = emptor::math;
using math::real;

TEST(any_bits, beta_stopping) {
  const double odd[] = {0.0, -1.0, 1e-310, 1.0, 1e100, HUGE_VAL, std::nan("")};
  double sum = 0.0;
  int point = 0;
  for (const double a : odd)
    for (const double b : odd)
      for (const double shape : odd)
        for (const double w : odd) {
          if (++point % 5 != 0)
            continue;
          const double f = math::value_of(math::stop_at_beta_rate<real>(a, b, shape, a + b - 1.0 - shape, w));
          const double g = math::value_of(math::survive_beta_rate<real>(a, b, shape, a + b - 1.0 - shape, w));
          sum += (f > 0.5 ? 1.0 : 0.0) + (g > 0.5 ? 1.0 : 0.0);
        }
  EXPECT_GT(sum, 0.0);
}

TEST(any_bits, beta_mixture_future) {
  const double odd[] = {0.0, -1.0, 1e-310, 1.0, 1e100, HUGE_VAL, std::nan("")};
  double sum = 0.0;
  int point = 0;
  for (const double a : odd)
    for (const double shape : odd)
      for (const double w : odd)
        for (const double rate : {0.1, 1e300}) {
          if (++point % 29 != 0) // some take a second
            continue;
          const real b(2.4);
          sum += math::value_of(math::discounted_stop_at_beta_rate<real>(a, b, shape, w)) > 0.5 ? 1.0 : 0.0;
          sum += math::value_of(
                     math::discounted_stop_at_beta_rate<real>(a, b, shape, a + 1.4 - shape, rate, w)) > 0.5
                     ? 1.0
                     : 0.0;
          sum += math::value_of(math::log_stop_count<real>(a, b, shape, w, rate)) > 0.5 ? 1.0 : 0.0;
        }
  EXPECT_GE(sum, 0.0);
}

TEST(any_bits, exponential_integral) {
  const double odd[] = {0.0, -1.0, 1e-310, 1e-100, 1.0, 1e100, 1e308, HUGE_VAL, std::nan("")};
  for (const double s : odd)
    for (const double z : odd) {
      const math::exponential_integral<real> at_order(s);
      const double f = math::value_of(at_order.scaled(real(z)));
      for (const double end : odd) {
        const double part = math::value_of(at_order.partial(real(z), real(end)));
        const bool inside = s > 0.0 && s <= 1e100 && z > 0.0 && z <= 1e100 && end >= 0.0;
        if (inside) {
          EXPECT_GT(f, 0.0) << s << ' ' << z;
          EXPECT_GE(part, 0.0) << s << ' ' << z << ' ' << end;
        }
      }
    }
}

TEST(any_bits, hypergeometric_1b) {
  const double odd[] = {0.0, -1.0, 1e-310, 1e-100, 1.0, 1e100, 1e308, HUGE_VAL, std::nan("")};
  for (const double b : odd)
    for (const double d : odd)
      for (const double w : odd) {
        const double f = math::value_of(math::hypergeometric_1b(real(b), real(d), real(1.0 - w), real(w)));
        const bool inside =
            b > 0.0 && b <= 1e100 && d > 0.0 && d <= 1e100 && b + d > 1.0 && w > 0.0 && w <= 1.0;
        if (inside) {
          EXPECT_GE(f, 1.0) << b << ' ' << d << ' ' << w;
        }
      }
}

} // namespace
} // namespace any_bits_test
