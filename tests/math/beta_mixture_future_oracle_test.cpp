// SPDX-License-Identifier: BSL-1.0
#include <cmath>
#include <cstddef>
#include <cstdio>
#include <random>
#include <string>
#include <type_traits>
#include <vector>

#include <boost/math/special_functions/gamma.hpp>
#include <gtest/gtest.h>

#include <emptor/math/beta_mixture_count.hpp>
#include <emptor/math/beta_mixture_discounted.hpp>
#include <emptor/math/dual.hpp>
#include <emptor/math/pack.hpp>

#include "beta_mixture_truth.hpp"

namespace beta_mixture_future_oracle_test {
namespace {

namespace math = emptor::math;
using math::real;
using namespace emptor::testing;

/// e^x E_s(x), s > 1 and not whole: DLMF 8.19.10 and 8.19.17.
half scaled_exponential_integral(const half& s, const half& x) {
  if (x > 0.5) {
    half f = 0;
    for (int n = static_cast<int>(200 / static_cast<double>(x)) + 20; n > 0; --n)
      f = n / (x + (s + n) / (1 + f));
    return 1 / (x + s / (1 + f));
  }
  half sum = 0;
  half term = 1;
  for (int n = 0; n < s + 3 || abs(term) > 1e-40; ++n) {
    sum += term / (n - s + 1);
    term *= -x / (n + 1);
  }
  return exp(x) * (tgamma(half(1 - s)) * pow(x, half(s - 1)) - sum);
}

/// For a known p the discounted events are shape / p e^(rate/p) E_(shape+1)(rate/p); their mean over p ~ Beta(a, b).
half discounted_truth(const half& a, const half& b, const half& shape, const half& rate) {
  const half step("0.1");
  half top = 0;
  half bottom = 0;
  const auto add = [&](int k) {
    const half e = exp(half(k * step));
    const half p = e / (1 + e);
    const half weight = exp(a * log(p) - b * log1p(e));
    const half part = weight * shape / p * scaled_exponential_integral(half(shape + 1), half(rate / p));
    top += part;
    bottom += weight;
    return part < top * 1e-32 && weight < bottom * 1e-32;
  };
  for (int k = 0; !add(k) || k < 20; ++k) {
  }
  for (int k = -1; !add(k) || k > -20; --k) {
  }
  return top / bottom;
}
/// The definition, by the double exponential rule in log(1 + y (1 + shape + rate)).
wide discounted_truth(const wide& a, const wide& b, const wide& shape, const wide& rate, const wide& w) {
  const wide step("0.0625");
  const wide scale = 1 + shape + rate;
  const wide end = rate * w > 60 ? wide(60 / rate) : w;
  const wide length = log1p(wide(end * scale));
  wide sum = 0;
  for (int k = -64; k <= 64; ++k) {
    const wide t = k * step;
    const wide e = exp(wide(3 * sinh(t)));
    const wide u = length * e / (1 + e);
    const wide y = expm1(u) / scale;
    const wide survival = survival_by_series(a, b, wide(shape + 1), y);
    sum += cosh(t) * e / ((1 + e) * (1 + e)) * exp(wide(u - rate * y)) * survival;
  }
  return sum * step * 3 * length * shape / scale;
}

std::string name(const std::vector<double>& at) {
  return ::testing::PrintToString(at);
}

TEST(discounted_stop, for_ever_against_50_digits) {
  part_of_grid grid(5);
  for (const double a : {0.5, 2.5})
    for (const double b : {0.6, 40.0})
      for (const double shape : {0.243, 7.5, 40.3})
        for (const double rate : {1e-4, 0.117, 4.0, 300.0}) {
          if (!grid.has_next())
            continue;
          const double f = math::value_of(math::discounted_stop_at_beta_rate<real>(a, b, shape, rate));
          const double e = error_of(f, discounted_truth(a, b, shape, rate));
          EXPECT_LE(e, 1e-13) << name({a, b, shape, rate});
        }
}

TEST(discounted_stop, until_a_time_against_100_digits) {
  part_of_grid grid(5);
  for (const double a : {1e-3, 0.793, 2.5})
    for (const double b : {0.6, 40.0})
      for (const double shape : {0.243, 40.3})
        for (const double rate : {0.0, 30.0})
          for (const double w : {1e-9, 6.0, 40.0}) {
            if (!grid.has_next())
              continue;
            const double f = math::value_of(
                math::discounted_stop_at_beta_rate<real>(a, b, shape, a + (b - 1.0) - shape, rate, w));
            const double e = error_of(f, discounted_truth(a, b, shape, rate, w));
            EXPECT_LE(e, 1e-12) << name({a, b, shape, rate, w});
          }
}

/// Derivatives in the logs of the arguments, in units of the function, against central differences of `theirs`.
template <std::size_t N, class Ours, class Theirs>
void compare_derivatives(const double (&at)[N], double tolerance, const Ours& ours, const Theirs& theirs) {
  using number = math::dual<real, N, 1>;
  number x[N];
  for (std::size_t i = 0; i < N; ++i)
    x[i] = number::variable(at[i], i);
  const number f = ours(x);
  const auto moved = [&](std::size_t i, const char* by) {
    wide y[N];
    for (std::size_t k = 0; k < N; ++k)
      y[k] = at[k];
    y[i] *= 1 + wide(by);
    return wide(theirs(y));
  };
  for (std::size_t i = 0; i < N; ++i) {
    const double slope = static_cast<double>(wide((moved(i, "1e-8") - moved(i, "-1e-8")) / wide("2e-8")));
    EXPECT_NEAR(math::value_of(f.g[i]) * at[i], slope,
                tolerance * (std::fabs(math::value_of(f.v)) + std::fabs(slope)))
        << i;
  }
}

TEST(discounted_stop, derivatives) {
  for (const double shape : {0.243, 7.243}) {
    compare_derivatives(
        {0.793, 2.426 + shape, shape, 0.117}, 1e-12,
        [](const auto& x) { return math::discounted_stop_at_beta_rate(x[0], x[1], x[2], x[3]); },
        [](const auto& x) { return wide(discounted_truth(half(x[0]), half(x[1]), half(x[2]), half(x[3]))); });
    for (const double w : {0.3, 9.0})
      compare_derivatives(
          {0.793, 2.426 + shape, shape, 0.117, w}, 1e-12,
          [](const auto& x) {
            return math::discounted_stop_at_beta_rate(x[0], x[1], x[2], x[0] + (x[1] - 1.0) - x[2], x[3],
                                                      x[4]);
          },
          [](const auto& x) { return discounted_truth(x[0], x[1], x[2], x[3], x[4]); });
  }
}

TEST(discounted_stop, limits) {
  const real a(0.793);
  const real b(4.426);
  const real shape(2.243);
  const real excess = a + (b - 1.0) - shape;
  const real none(0.0);
  // Without discount they are the events, in a long time all of them.
  for (const double w : {0.0, 1e-6, 1.0, 30.0, 1e5})
    EXPECT_NEAR(math::value_of(math::discounted_stop_at_beta_rate(a, b, shape, excess, none, real(w))),
                math::value_of(math::stop_at_beta_rate(a, b, shape, excess, real(w))),
                1e-12 * math::value_of(math::stop_at_beta_rate(a, b, shape, excess, real(w))));
  for (const double rate : {1e-3, 0.117, 50.0}) {
    const double all = math::value_of(math::discounted_stop_at_beta_rate(a, b, shape, real(rate)));
    for (const double w : {60.0 / rate, HUGE_VAL})
      EXPECT_NEAR(
          math::value_of(math::discounted_stop_at_beta_rate(a, b, shape, excess, real(rate), real(w))) / all,
          1.0, 1e-12);
  }
  // Next to no discount and a > 1: E[1 / p].
  EXPECT_NEAR(math::value_of(math::discounted_stop_at_beta_rate<real>(2.5, 4.426, 2.243, 1e-200)),
              (2.5 + 4.426 - 1.0) / 1.5, 1e-12);
}

wide log_count_truth(const wide& a, const wide& b, const wide& shape, const wide& w, int n) {
  const wide z = w / (1 + w);
  wide probability = exp(-shape * log1p(w));
  wide below = 0;
  for (int k = 0; k < n; ++k) {
    below += probability;
    probability *= (shape + k) / (k + 1) * z;
  }
  wide all_stay = probability;
  wide leaves = a / (a + b);
  for (int k = 0; k < n; ++k)
    all_stay *= (b + k) / (a + b + k);
  for (int k = 0; k + 1 < n; ++k)
    leaves *= (b + k) / (a + b + 1 + k);
  if (n == 0)
    return log(all_stay);
  wide tail = 1 - below;
  if (tail < 1e-30) {
    tail = 0;
    for (int k = n; probability > tail * 1e-40; ++k) {
      tail += probability;
      probability *= (shape + k) / (k + 1) * z;
    }
  }
  return log(wide(all_stay + leaves * tail));
}

TEST(log_stop_count, against_100_digits) {
  part_of_grid grid(7);
  double worst = 0;
  for (const double a : {1e-3, 0.793, 50.0})
    for (const double b : {1e-3, 2.426, 400.0})
      for (const double shape : {1e-3, 0.243, 7.0, 900.0})
        for (const double w : {1e-6, 0.03, 1.0, 8.8, 1e4})
          for (const int n : {0, 1, 2, 10, 200, 3000}) {
            if (!grid.has_next())
              continue;
            const wide truth = log_count_truth(a, b, shape, w, n);
            if (truth < -667)
              continue;
            const double f =
                math::value_of(math::log_stop_count<real>(a, b, shape, w, static_cast<double>(n)));
            const double e = std::fabs(static_cast<double>(wide(f - truth)));
            EXPECT_LE(e, 1e-12) << name({a, b, shape, w, static_cast<double>(n)});
            worst = std::fmax(worst, e);
          }
  RecordProperty("worst", std::to_string(worst * 1e15) + "e-15");
  std::printf("%g\n", worst);
}

TEST(log_stop_count, is_a_distribution_with_the_mean_of_the_events) {
  for (const double w : {0.2, 3.0}) {
    double sum = 0.0;
    double mean = 0.0;
    for (int n = 0; n < 400; ++n) {
      const double p = std::exp(
          math::value_of(math::log_stop_count<real>(0.793, 2.426, 0.243, w, static_cast<double>(n))));
      sum += p;
      mean += n * p;
    }
    EXPECT_NEAR(sum, 1.0, 1e-13);
    EXPECT_NEAR(mean, math::value_of(math::stop_at_beta_rate<real>(0.793, 2.426, 0.243, 1.976, w)), 1e-13);
  }
}

TEST(log_stop_count, derivatives) {
  for (const int n : {0, 1, 5, 60})
    for (const double w : {0.1, 2.0, 30.0})
      compare_derivatives(
          {0.793, 4.426, 2.243, w}, 1e-12,
          [&](const auto& x) { return math::log_stop_count(x[0], x[1], x[2], x[3], real(n)); },
          [&](const auto& x) { return log_count_truth(x[0], x[1], x[2], x[3], n); });
}

TEST(log_stop_count, derivatives_where_formulas_meet_and_fractions_end) {
  // Whole shapes, shape + n = 10, and a count at its mean.
  for (const double shape : {1.0, 2.0, 7.0})
    for (const int n : {1, 3, 8})
      for (const double w : {0.3, 1.0, 3.0})
        compare_derivatives(
            {0.793, 4.426, shape, w}, 1e-11,
            [&](const auto& x) { return math::log_stop_count(x[0], x[1], x[2], x[3], real(n)); },
            [&](const auto& x) { return log_count_truth(x[0], x[1], x[2], x[3], n); });
}

TEST(beta_mixture_future, a_row_does_not_depend_on_its_neighbours) {
  using rows = math::pack<math::isa::baseline>;
  std::mt19937_64 random(7);
  std::uniform_real_distribution<double> unit(0.0, 1.0);
  for (int i = 0; i < 100; ++i) {
    double events[rows::lanes];
    double w[rows::lanes];
    double n[rows::lanes];
    for (int lane = 0; lane < rows::lanes; ++lane) {
      events[lane] = std::floor(std::pow(10.0, 2.0 * unit(random)) - 0.5);
      w[lane] = std::pow(10.0, 5.0 * unit(random) - 3.0);
      n[lane] = std::floor(20.0 * unit(random));
    }
    const auto figures = [](const auto& x, const auto& time, const auto& count) {
      using T = std::decay_t<decltype(x)>;
      const T a(0.793);
      const T b = 2.426 + x;
      const T shape = 0.243 + x;
      const T excess(1.976);
      struct {
        T all, some, number;
      } f{math::discounted_stop_at_beta_rate(a, b, shape, T(0.1 / time)),
          math::discounted_stop_at_beta_rate(a, b, shape, excess, T(0.1), time),
          math::log_stop_count(a, b, shape, time, count)};
      return f;
    };
    const auto packed = figures(rows::load(events), rows::load(w), rows::load(n));
    for (int lane = 0; lane < rows::lanes; ++lane) {
      const auto alone = figures(real(events[lane]), real(w[lane]), real(n[lane]));
      EXPECT_EQ(to_bits(packed.all[lane]), to_bits(alone.all));
      EXPECT_EQ(to_bits(packed.some[lane]), to_bits(alone.some));
      EXPECT_EQ(to_bits(packed.number[lane]), to_bits(alone.number));
    }
  }
}

TEST(log_stop_count, published_customer) {
  const double f = math::value_of(math::log_stop_count<real>(0.793, 2.426, 0.243, 39.0 / 4.414, 200.0));
  EXPECT_NEAR(std::exp(f) / 4.070853553e-14, 1.0, 1e-9);
}

} // namespace
} // namespace beta_mixture_future_oracle_test
