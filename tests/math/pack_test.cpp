// SPDX-License-Identifier: BSL-1.0
// Every lane of a pack has the bits that `real` has for its row, whatever stands in the other lanes.
#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>
#include <vector>

#include <gtest/gtest.h>

#include <emptor/math/dual.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/incomplete_beta.hpp>
#include <emptor/math/incomplete_gamma.hpp>
#include <emptor/math/pack.hpp>

#include "support/random.hpp"

namespace pack_test {
namespace {

namespace math = emptor::math;
using math::any;
using math::mask_and;
using math::mask_not;
using math::mask_or;
using math::pack;
using math::real;

std::uint64_t bits(real x) {
  return to_bits(x);
}

/// Rows of all kinds in a mixed order, so that the lanes of a pack are unlike.
std::vector<double> mixed_rows() {
  std::vector<double> rows{0.0,   -0.0,   1.0,   -1.0,   2.0,   -2.0,   0.5,     1.5,   2.5,
                           3.0,   7.5,    8.0,   -0.5,   -7.25, 5e-324, -1e-310, 1e-20, 1e-8,
                           -1e-8, 0.35,   700.0, -700.0, 710.0, -746.0, 1e10,    -1e10, 1e100,
                           1e300, -1e300, 1e308, 27.0,   -27.0, 1.4616, 0.999,   1.001, 4503599627370495.5};
  for (const double special :
       {std::numeric_limits<double>::infinity(), std::numeric_limits<double>::quiet_NaN()})
    rows.insert(rows.end(), {special, -special});
  emptor::test::draws from(7);
  for (int i = 0; i < 2000; ++i) {
    const auto x = static_cast<double>(from.below(1U << 30)) * 0x1p-30;
    switch (from.below(6)) {
    case 0:
      rows.push_back(x);
      break;
    case 1:
      rows.push_back(x * 4.0 - 1.0);
      break;
    case 2:
      rows.push_back(x * 40.0 - 20.0);
      break;
    case 3:
      rows.push_back(x * 1500.0 - 750.0);
      break;
    case 4:
      rows.push_back(std::ldexp(1.0 + x, static_cast<int>(from.below(2000)) - 1000));
      break;
    default:
      rows.push_back(1.0 + (x - 0.5) * 1e-6);
    }
  }
  from.shuffle(rows);
  rows.resize(rows.size() / 16 * 16); // whole packs of any width
  return rows;
}

template <class Isa>
class packs : public testing::Test {};
using instruction_sets = testing::Types<math::isa::scalar, math::isa::twice<math::isa::scalar>
#if EMPTOR_VECTOR_PACKS
                                        ,
                                        math::isa::sse2, math::isa::twice<math::isa::sse2>
#endif
#if EMPTOR_VECTOR_PACKS && defined(__AVX2__)
                                        ,
                                        math::isa::avx2, math::isa::twice<math::isa::avx2>
#endif
#if EMPTOR_VECTOR_PACKS && defined(__AVX512F__) && defined(__AVX512DQ__)
                                        ,
                                        math::isa::avx512, math::isa::twice<math::isa::avx512>
#endif
                                        >;
TYPED_TEST_SUITE(packs, instruction_sets);

/// f(x) and f(x, y) by packs and by rows.
template <class Isa, class F>
void same_bits(const char* what, const F& f) {
  const std::vector<double> rows = mixed_rows();
  constexpr std::size_t lanes = Isa::lanes;
  for (std::size_t i = 0; i < rows.size(); i += lanes) {
    const auto y = f(pack<Isa>::load(&rows[i]));
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      const real expected = f(real(rows[i + lane]));
      ASSERT_EQ(bits(y[static_cast<int>(lane)]), bits(expected)) << what << "(" << rows[i + lane] << ")";
    }
  }
}
template <class Isa, class F>
void same_bits_2(const char* what, const F& f) {
  const std::vector<double> rows = mixed_rows();
  constexpr std::size_t lanes = Isa::lanes;
  for (const std::size_t shift : {16U, 48U, 160U, 512U}) {
    for (std::size_t i = 0; i + shift < rows.size(); i += lanes) {
      const auto y = f(pack<Isa>::load(&rows[i]), pack<Isa>::load(&rows[i + shift]));
      for (std::size_t lane = 0; lane < lanes; ++lane) {
        const double u = rows[i + lane];
        const double v = rows[i + shift + lane];
        ASSERT_EQ(bits(y[static_cast<int>(lane)]), bits(f(real(u), real(v))))
            << what << "(" << u << ", " << v << ")";
      }
    }
  }
}

TYPED_TEST(packs, arithmetic_and_choice) {
  using isa = TypeParam;
  // The sign of a NaN that arithmetic makes is no promise of arithmetic.
  const auto clean = [](auto x) { return select(x == x, x, decltype(x)(math::detail::not_a_number)); };
  same_bits_2<isa>("+", [&](auto x, auto y) { return clean(x + y); });
  same_bits_2<isa>("-", [&](auto x, auto y) { return clean(x - y); });
  same_bits_2<isa>("*", [&](auto x, auto y) { return clean(x * y); });
  same_bits_2<isa>("/", [&](auto x, auto y) { return clean(x / y); });
  same_bits_2<isa>("fused", [&](auto x, auto y) { return clean(x * y + x); });
  same_bits_2<isa>("fused", [&](auto x, auto y) { return clean(y - x * y); });
  same_bits_2<isa>("with numbers", [&](auto x, auto y) {
    x += 2;
    x *= 0.75;
    x -= y;
    x /= 3;
    return clean(1 - (2.0 * x + real(3.0)));
  });
  same_bits_2<isa>("min", [](auto x, auto y) { return min(x, y); });
  same_bits_2<isa>("max", [](auto x, auto y) { return max(x, y); });
  same_bits<isa>("negation", [](auto x) { return -x; });
  same_bits<isa>("abs", [](auto x) { return abs(x); });
  same_bits<isa>("sqrt", [](auto x) { return sqrt(x); });
  same_bits<isa>("floor", [](auto x) { return floor(x); });
  // Bit by bit, which comparisons hold.
  same_bits_2<isa>("comparisons", [](auto x, auto y) {
    using T = decltype(x);
    const auto flag = [](auto mask, double weight) { return select(mask, T(weight), T(0.0)); };
    return ((flag(x < y, 1.0) + flag(x <= y, 2.0)) + (flag(x > y, 4.0) + flag(x >= y, 8.0))) +
           ((flag(x == y, 16.0) + flag(x != y, 32.0)) +
            (flag(mask_and(x < y, mask_not(y > 1.0)), 64.0) + flag(mask_or(x < 0.0, y < 0.0), 128.0)));
  });
}

TYPED_TEST(packs, elementary_functions) {
  using isa = TypeParam;
  same_bits<isa>("exp", [](auto x) { return exp(x); });
  same_bits<isa>("expm1", [](auto x) { return expm1(x); });
  same_bits<isa>("log", [](auto x) { return log(x); });
  same_bits<isa>("log1p", [](auto x) { return log1p(x); });
  same_bits_2<isa>("log1p_quotient", [](auto x, auto y) { return log1p_quotient(x, y); });
  same_bits_2<isa>("log1p_quotient of sizes", [](auto x, auto y) { return log1p_quotient(abs(x), abs(y)); });
  same_bits<isa>("erf", [](auto x) { return erf(x); });
  same_bits<isa>("erfc", [](auto x) { return erfc(x); });
  same_bits_2<isa>("pow", [](auto x, auto y) { return pow(x, y); });
  same_bits<isa>("pow of a number", [](auto x) { return pow(1.5, x); });
  same_bits<isa>("pow to a number", [](auto x) { return pow(x, 3); });
  same_bits_2<isa>("log_add_exp", [](auto x, auto y) { return log_add_exp(x, y); });
}

TYPED_TEST(packs, gamma_functions) {
  using isa = TypeParam;
  same_bits<isa>("lgamma", [](auto x) { return lgamma(x); });
  same_bits<isa>("digamma", [](auto x) { return digamma(x); });
  same_bits<isa>("trigamma", [](auto x) { return trigamma(x); });
  // Packs whose lanes are all of one kind take other branches.
  same_bits<isa>("lgamma above 8", [](auto x) { return lgamma(8.0 + abs(x)); });
  same_bits<isa>("digamma above 8", [](auto x) { return digamma(8.0 + abs(x)); });
  same_bits<isa>("trigamma above 8", [](auto x) { return trigamma(8.0 + abs(x)); });
  same_bits<isa>("lgamma below 8", [](auto x) { return lgamma(min(abs(x), decltype(x)(7.0))); });
  same_bits<isa>("digamma below 8", [](auto x) { return digamma(min(abs(x), decltype(x)(7.0))); });
}

/// f(x, y) with its derivatives, for arguments between 0 and 50.
template <class Isa, class F>
void same_bits_of_duals(const F& f) {
  const std::vector<double> rows = mixed_rows();
  constexpr std::size_t lanes = Isa::lanes;
  const auto inside = [](double x) { return std::fmod(std::fabs(x) + 0.1, 50.0); };
  for (std::size_t i = 0; i + 16 < rows.size(); i += lanes) {
    pack<Isa> u;
    pack<Isa> v;
    for (std::size_t lane = 0; lane < lanes; ++lane) {
      u.set(static_cast<int>(lane), std::isfinite(rows[i + lane]) ? inside(rows[i + lane]) : 1.0);
      v.set(static_cast<int>(lane), std::isfinite(rows[i + 16 + lane]) ? inside(rows[i + 16 + lane]) : 2.0);
    }
    const auto check = [&]<int Order>() {
      using many = math::dual<pack<Isa>, 2, Order>;
      using one = math::dual<real, 2, Order>;
      const many found = f(many::variable(u, 0), many::variable(v, 1));
      for (int lane = 0; lane < Isa::lanes; ++lane) {
        const one expected = f(one::variable(u[lane], 0), one::variable(v[lane], 1));
        ASSERT_EQ(bits(found.v[lane]), bits(expected.v));
        for (std::size_t k = 0; k < 2; ++k)
          ASSERT_EQ(bits(found.g[k][lane]), bits(expected.g[k]));
        if constexpr (Order == 2) {
          for (std::size_t k = 0; k < 3; ++k)
            ASSERT_EQ(bits(found.h[k][lane]), bits(expected.h[k]));
        }
      }
    };
    check.template operator()<1>();
    check.template operator()<2>();
  }
}

TYPED_TEST(packs, duals_of_packs) {
  same_bits_of_duals<TypeParam>([](auto x, auto y) {
    auto z = lgamma(x + y) - log1p(x / y) * pow(y, 1.5) + exp(-x) / 3.0;
    z = select(x < y, z * erf(x), z + digamma(y)) - sqrt(y) * log_add_exp(x, log(y));
    return max(z, x - 2.0) + lanewise(
                                 x > 1.0, [](const auto& u) { return u * trigamma(u); }, x);
  });
}

TYPED_TEST(packs, incomplete_gamma_and_beta) {
  using isa = TypeParam;
  same_bits_2<isa>("gamma_p", [](auto x, auto y) { return gamma_p(x, y); });
  same_bits_2<isa>("gamma_q", [](auto x, auto y) { return gamma_q(abs(x), abs(y)); });
  // Shapes for which the continued fraction is short.
  const auto shape = [](auto x) { return min(abs(x), decltype(x)(50.0)); };
  same_bits_2<isa>("ibeta", [&](auto x, auto y) { return ibeta(shape(x), shape(y), x); });
  same_bits_2<isa>("ibetac",
                   [&](auto x, auto y) { return ibetac(shape(x), shape(y), 1.0 / (1.0 + abs(y))); });
  same_bits_of_duals<isa>([](auto u, auto v) {
    const auto x = u + 0.01;
    const auto y = v + 0.01;
    return gamma_p(x, y) * ibeta(y, x, decltype(u)(0.3)) + gamma_q(y, x) * ibetac(x, y, x / (x + y));
  });
}

TYPED_TEST(packs, masks_lanes_and_memory) {
  using isa = TypeParam;
  using T = pack<isa>;
  constexpr int lanes = isa::lanes;
  EXPECT_TRUE(all(math::mask_true<T>()));
  EXPECT_FALSE(any(mask_not(math::mask_true<T>())));
  for (int lane = 0; lane < lanes; ++lane) {
    T x(0.0);
    x.set(lane, 1.0);
    const auto mask = x > 0.5;
    EXPECT_TRUE(any(mask));
    EXPECT_EQ(all(mask), lanes == 1);
    EXPECT_FALSE(all(mask_not(mask)));
    for (int other = 0; other < lanes; ++other) {
      EXPECT_EQ(mask[other], other == lane);
      EXPECT_EQ(math::value_of(x[other]), other == lane ? 1.0 : 0.0);
    }
    // A slow path sees the rows of the mask only.
    int calls = 0;
    const T y = lanewise(
        mask,
        [&](real u, double v) {
          ++calls;
          return u + v;
        },
        x, 2.0);
    EXPECT_EQ(calls, 1);
    EXPECT_EQ(math::value_of(y[lane]), 3.0);
  }
  // Columns are aligned as doubles are.
  double column[17] = {};
  for (int i = 0; i < 17; ++i)
    column[i] = i;
  double copy[17] = {};
  for (int offset = 1; offset + lanes <= 17; ++offset) {
    T::load(column + offset).store(copy + offset);
    EXPECT_EQ(copy[offset + lanes - 1], column[offset + lanes - 1]);
  }
}

TYPED_TEST(packs, each_row_ends_by_its_own_convergence) {
  using isa = TypeParam;
  // Newton's method for the cube root, which takes unlike numbers of steps.
  const auto cube_root = [](auto a) {
    using T = decltype(a);
    T x(1.0);
    auto live = math::mask_true<T>();
    for (int n = 1; n <= 100 && any(live); ++n) {
      const T next = (2.0 * x + a / (x * x)) / 3.0;
      const auto open = abs(next - x) > 1e-10 * x;
      x = select(live, next, x);
      live = mask_and(live, open);
    }
    return x;
  };
  same_bits<isa>("cube root",
                 [&](auto x) { return cube_root(1.0 + abs(select(abs(x) < 1e12, x, decltype(x)(3.0)))); });
}

} // namespace
} // namespace pack_test
