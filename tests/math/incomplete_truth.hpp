// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <cmath>
#include <cstddef>

#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>

#include "truth.hpp"

/// The incomplete Gamma and Beta functions and their derivatives with thirty digits and more: moments of what lies
/// beyond x, by double exponential quadrature of the density in 50 digits. None of the series, fractions and
/// expansions of the library.
namespace emptor::testing {

/// The integral of f from 0 to infinity, where f falls exponentially, over `width` or later.
/// \param steps  per unit of t, where s = width exp(t - exp(-t)); more where f falls at once after a long time
template <class F>
[[nodiscard]] auto half_line_integral(const half& width, int steps, const F& f) {
  decltype(f(width)) sum{};
  half largest = 0;
  for (int i = -5 * steps; i < 200 * steps; ++i) {
    const half t = half(i) / steps;
    const half fall = exp(half(-t));
    const half s = width * exp(half(t - fall));
    const half weight = s * (1 + fall) / steps;
    const auto at = f(s);
    half size = 0;
    for (std::size_t k = 0; k < sum.size(); ++k) {
      const half term = weight * at[k];
      sum[k] += term;
      size += abs(term);
    }
    if (size > largest)
      largest = size;
    else if (t > 1 && size < half("1e-45") * largest)
      break;
  }
  return sum;
}

/// For a density that rises by the power `rise` from x on until it falls at once at about 1.
[[nodiscard]] inline int steps_for(double rise, double x) {
  return rise < 1.0 ? 30 - static_cast<int>(8.0 * std::fmin(0.0, std::log(x))) : 12;
}

/// The smaller part of P(a, x) and Q(a, x), and its derivatives.
struct incomplete_gamma_truth {
  bool upper;
  half value;
  std::array<half, 2> gradient; ///< in a and x
  std::array<half, 3> hessian;  ///< as that of a dual

  incomplete_gamma_truth(double shape, double at)
      : upper(at > shape) {
    const half a = shape;
    const half x = at;
    const half side = upper ? 1 : -1;
    const half log_power = a * log(x) - x - boost::math::lgamma(a);
    const half width = 1 / (abs(half(a - x)) + sqrt(a) + 1);
    // u = log(t / x) away from x
    const auto moment = half_line_integral(width, upper ? steps_for(shape, at) : 12, [&](const half& s) {
      const half u = side * s;
      const half f = exp(half(log_power + a * u - x * expm1(u)));
      return std::array<half, 3>{f, half(f * u), half(f * u * u)};
    });
    const half l = log(x) - boost::math::digamma(a);
    const half density = -side * exp(log_power) / x;
    value = moment[0];
    gradient = {moment[1] + l * value, density};
    hessian = {moment[2] + 2 * l * moment[1] + (l * l - boost::math::trigamma(a)) * value, density * l,
               density * ((a - 1) / x - 1)};
  }
};

/// The smaller part of I_x(a, b) and its complement, and its derivatives.
struct incomplete_beta_truth {
  bool upper;
  half value;
  std::array<half, 3> gradient; ///< in a, b and x
  std::array<half, 6> hessian;  ///< as that of a dual

  incomplete_beta_truth(double first, double second, double at)
      : upper(half(at) * (half(first) + second) > first) {
    const half a = first;
    const half b = second;
    const half x = at;
    const half y = 1 - x;
    const half side = upper ? 1 : -1;
    const half log_beta = boost::math::lgamma(a) + boost::math::lgamma(b) - boost::math::lgamma(half(a + b));
    const half log_power = a * log(x) + b * log(y) - log_beta;
    const half width = 1 / (abs(half(a * y - b * x)) + sqrt(half(a * b / (a + b))) + 1);
    const int steps = upper ? steps_for(first, at) : steps_for(second, 1.0 - at);
    // v = logit(t) - logit(x) away from x
    const auto moment = half_line_integral(width, steps, [&](const half& s) {
      const half v = side * s;
      // of (1 - t) / (1 - x) and t / x
      const half log_y =
          v > 0 ? half(-v - log1p(half(y * expm1(half(-v))))) : half(-log1p(half(x * expm1(v))));
      const half log_x = v + log_y;
      const half f = exp(half(log_power + a * log_x + b * log_y));
      const half p = f * log_x;
      const half q = f * log_y;
      return std::array<half, 6>{f, p, q, half(p * log_x), half(p * log_y), half(q * log_y)};
    });
    const half both = boost::math::digamma(half(a + b));
    const half l = log(x) - boost::math::digamma(a) + both;
    const half m = log(y) - boost::math::digamma(b) + both;
    const half curve = boost::math::trigamma(half(a + b));
    const half density = -side * exp(log_power) / (x * y);
    value = moment[0];
    gradient = {moment[1] + l * value, moment[2] + m * value, density};
    hessian = {moment[3] + 2 * l * moment[1] + (l * l - boost::math::trigamma(a) + curve) * value,
               moment[4] + l * moment[2] + m * moment[1] + (l * m + curve) * value,
               moment[5] + 2 * m * moment[2] + (m * m - boost::math::trigamma(b) + curve) * value,
               density * l,
               density * m,
               density * ((a - 1) / x - (b - 1) / y)};
  }
};

} // namespace emptor::testing
