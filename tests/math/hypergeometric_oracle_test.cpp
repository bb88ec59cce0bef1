// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <limits>
#include <random>
#include <string>
#include <vector>

#include <boost/math/special_functions/gamma.hpp>
#include <boost/multiprecision/cpp_bin_float.hpp>
#include <gtest/gtest.h>

#include <emptor/math/dual.hpp>
#include <emptor/math/hypergeometric.hpp>
#include <emptor/math/pack.hpp>

#include "hypergeometric_truth.hpp"

namespace hypergeometric_oracle_test {
namespace {

namespace math = emptor::math;
using emptor::testing::error_of;
using emptor::testing::wide;
using math::real;

const double parameters[] = {1e-6, 1e-3, 0.05, 0.55, 1.0, 1.0 + 1e-10, 1.6, 2.0, 17.0, 64.6, 1e3, 1e6};

TEST(hypergeometric_1b, against_100_digits) {
  double worst = 0.0;
  for (const double w : {0.999999, 0.9, 0.4, 0.12, 0.06, 0.01, 1e-6, 1e-12}) {
    for (const double b : parameters) {
      for (const double d : parameters) {
        // Where neither oracle ends in reasonable time.
        if (b + d <= 1.0 || (w < 0.005 && d > 200.0))
          continue;
        const double f = math::value_of(math::hypergeometric_1b(real(b), real(d), real(1.0 - w), real(w)));
        const double error = error_of(f, emptor::testing::hypergeometric_1b(b, d, w));
        EXPECT_LE(error, 6e-15) << "b " << b << " d " << d << " w " << w;
        worst = std::fmax(worst, error);
      }
    }
  }
  RecordProperty("largest_relative_error", std::to_string(worst));
}

/// Gradient and Hessian in the logs of the arguments, in units of the function, against central differences of
/// the 100-digit function.
TEST(hypergeometric_1b, derivatives) {
  using own = math::dual<real, 3>;
  const wide h("1e-12");
  for (const double w : {0.9, 0.4, 0.12, 0.03, 1e-6, 1e-12}) {
    for (const double b : {1e-3, 0.55, 1.6, 17.0, 1e3}) {
      for (const double d : {1e-3, 1.0, 1.6, 2.0 - 1e-9, 17.0, 64.6}) {
        if (b + d <= 1.01)
          continue;
        const double at[] = {b, d, w};
        const own x = own::variable(w, 2);
        const own f = math::hypergeometric_1b(own::variable(b, 0), own::variable(d, 1), 1.0 - x, x);
        const auto shifted = [&](std::size_t i, int k, std::size_t j, int l) {
          wide x3[] = {b, d, w};
          x3[i] *= 1 + k * h;
          x3[j] *= 1 + l * h;
          return emptor::testing::hypergeometric_1b(x3[0], x3[1], x3[2]);
        };
        const wide middle = emptor::testing::hypergeometric_1b(b, d, w);
        for (std::size_t i = 0; i < 3; ++i) {
          const wide high = shifted(i, 1, i, 0);
          const wide low = shifted(i, -1, i, 0);
          const double slope = static_cast<double>(wide((high - low) / (2 * h * middle)));
          const double found = math::value_of(f.g[i]) * at[i] / static_cast<double>(middle);
          const double error = std::fabs(found - slope) / (1.0 + std::fabs(slope));
          EXPECT_LE(error, 1e-13) << i << " at b " << b << " d " << d << " w " << w;
          for (std::size_t j = 0; j <= i; ++j) {
            const wide second = i == j ? wide(high - 2 * middle + low)
                                       : wide((shifted(i, 1, j, 1) - shifted(i, 1, j, -1) -
                                               shifted(i, -1, j, 1) + shifted(i, -1, j, -1)) /
                                              4);
            const double curve = static_cast<double>(wide(second / (h * h * middle)));
            const double found2 =
                math::value_of(f.hessian(i, j)) * at[i] * at[j] / static_cast<double>(middle);
            const double error2 = std::fabs(found2 - curve) / (1.0 + std::fabs(curve));
            EXPECT_LE(error2, 1e-13) << i << j << " at b " << b << " d " << d << " w " << w;
          }
        }
      }
    }
  }
}

TEST(hypergeometric_1b, chain_rule) {
  using math::dual;
  // Five variables outside; the function sees three.
  const auto at = [](auto make) {
    const auto r = make(0.55, 0);
    const auto s = make(0.61, 1);
    const auto alpha = make(10.6, 2);
    const auto beta = make(11.7, 3);
    const auto t = make(3.0, 4);
    const auto w = (alpha + t) / (beta + t);
    return math::hypergeometric_1b(s + 1.0, r + 2.0, (beta - alpha) / (beta + t), w);
  };
  using five = dual<real, 5>;
  using gradient = dual<real, 5, 1>;
  const auto f = at([](double x, std::size_t i) { return five::variable(x, i); });
  const auto g = at([](double x, std::size_t i) { return gradient::variable(x, i); });
  const wide h("1e-12");
  const auto truth = [&](std::size_t i, int k, std::size_t j, int l) {
    wide x[] = {0.55, 0.61, 10.6, 11.7, 3.0};
    x[i] += k * h;
    x[j] += l * h;
    return emptor::testing::hypergeometric_series(x[1] + 1, x[0] + 2, wide((x[3] - x[2]) / (x[3] + x[4])));
  };
  for (std::size_t i = 0; i < 5; ++i) {
    const double slope = static_cast<double>(wide((truth(i, 1, i, 0) - truth(i, -1, i, 0)) / (2 * h)));
    EXPECT_NEAR(math::value_of(f.g[i]), slope, 1e-15);
    EXPECT_NEAR(math::value_of(g.g[i]), slope, 1e-15);
    for (std::size_t j = 0; j <= i; ++j) {
      const wide second = truth(i, 1, j, 1) - truth(i, 1, j, -1) - truth(i, -1, j, 1) + truth(i, -1, j, -1);
      EXPECT_NEAR(math::value_of(f.hessian(i, j)), static_cast<double>(wide(second / (4 * h * h))), 1e-15);
    }
  }
}

/// The definition, in another variable than the function uses: u = e^v.
wide power_product(const wide& p, const wide& q, const wide& a, const wide& b) {
  const wide step("0.25");
  wide sum = 0;
  for (int k = -500; k < 4000; ++k) {
    const wide u = exp(wide(k * step));
    const wide part = u * exp(-p * log1p(wide(u / a)) - q * log1p(wide(u / b)));
    sum += part;
    if (k * step > log(a) && k * step > log(b) && part < sum * 1e-32)
      break;
  }
  return sum * step;
}

TEST(power_product_integral, is_its_definition_whichever_scale_is_larger) {
  for (const double a : {0.01, 1.0, 700.0}) {
    for (const double b : {0.02, 1.0, 30.0}) {
      for (const double p : {0.4, 3.0, 40.0}) {
        const double q = 1.6;
        const double f =
            math::value_of(math::power_product_integral(real(p), real(q), real(p + 0.6), real(a), real(b)));
        EXPECT_LE(error_of(f, power_product(p, q, a, b)), 4e-15) << a << ' ' << b << ' ' << p;
        const double g =
            math::value_of(math::power_product_integral(real(q), real(p), real(p + 0.6), real(b), real(a)));
        EXPECT_DOUBLE_EQ(f, g);
      }
    }
  }
}

TEST(hypergeometric_1b, closed_forms) {
  // 2F1(1, 1; 2; z) = -log(1 - z) / z and 2F1(1, b; b; z) in the limit.
  for (const double w : {1.0, 0.7, 1e-3, 1e-100, 1e-290}) {
    const double z = 1.0 - w;
    const double f = math::value_of(math::hypergeometric_1b(real(1.0), real(1.0), real(z), real(w)));
    EXPECT_NEAR(f, w == 1.0 ? 1.0 : -std::log(w) / z, 1e-13 * f) << w;
  }
  EXPECT_EQ(math::value_of(math::hypergeometric_1b(real(3.0), real(2.0), real(0.0), real(1.0))), 1.0);
}

/// Every row of a pack, next to rows that need other numbers of steps or the other way, has the bits that it has
/// alone, also as the first of two.
TEST(hypergeometric_1b, a_row_does_not_depend_on_its_neighbours) {
  using rows = math::pack<math::isa::baseline>;
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> decades(-9.0, 0.0);
  for (int i = 0; i < 2000; ++i) {
    double b[rows::lanes];
    double d[rows::lanes];
    double w[rows::lanes];
    for (int lane = 0; lane < rows::lanes; ++lane) {
      b[lane] = std::pow(10.0, 2.0 + decades(random));
      d[lane] = 1.0 + std::pow(10.0, 2.0 + decades(random));
      w[lane] = std::pow(10.0, decades(random));
    }
    const rows one(1.0);
    const rows w_rows = rows::load(w);
    const rows found = math::hypergeometric_1b(rows::load(b), rows::load(d), one - w_rows, w_rows);
    rows two[2];
    math::hypergeometric_1b(rows::load(b), rows::load(d), {one - w_rows, rows(0.25)}, {w_rows, rows(0.75)},
                            two);
    for (int lane = 0; lane < rows::lanes; ++lane) {
      const real alone =
          math::hypergeometric_1b(real(b[lane]), real(d[lane]), real(1.0) - w[lane], real(w[lane]));
      EXPECT_EQ(to_bits(found[lane]), to_bits(alone));
      EXPECT_EQ(to_bits(two[0][lane]), to_bits(alone));
    }
  }
}

} // namespace
} // namespace hypergeometric_oracle_test
