// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/math/beta_fraction.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/incomplete_gamma.hpp>
#include <emptor/math/rising.hpp>
#include <emptor/math/two_parts.hpp>

/// The regularised incomplete Beta function: distribution function of the Beta, Student's t, F and binomial
/// distributions.
namespace emptor::math {

namespace detail {

/// log of (x / m)^a (y / (1 - m))^b with m = a / (a + b), y = 1 - x: 0 at x = m, below elsewhere.
[[nodiscard]] inline two_parts<real> beta_exponent(real a, real b, real x) noexcept {
  const two_parts<real> both = two_parts<real>::of_sum(a, b);
  const two_parts<real> y = two_parts<real>::of_sum(1.0, -x);
  const two_parts<real> y_ratio = (both / b) * y.high + two_parts<real>{(both.high / b) * y.low, 0.0};
  return log_in_two_parts((both / a) * x) * a + log_in_two_parts(y_ratio) * b;
}

/// For huge a and b: the leading terms of the uniform expansion in erfc (N. M. Temme, Special Functions, 1996,
/// 11.3.3.2). Relative error about 1e-11.
[[nodiscard]] inline lower_and_upper uniform_beta(real a, real b, real above_mean,
                                                  two_parts<real> exponent) noexcept {
  const real both = a + b;
  const real mean = a / both;
  const real deviation = sqrt(mean * (b / both));
  const real z = sqrt(max(-exponent.high, real(0.0)));
  const real eta = (above_mean < 0.0 ? -z : z) * sqrt(2.0 / both);
  const real gauss = exp_of_two_parts(exponent);
  const real series =
      z < 0.07 ? (1.0 - 2.0 * mean) / (3.0 * deviation) : 1.0 / eta - deviation / (above_mean / both);
  const real correction = (gauss / (root_two_pi * sqrt(both))) * series;
  const real tail = 0.5 * (z < 1.0 ? erfc(z) : gauss * scaled_erfc(z));
  return above_mean < 0.0 ? of_lower(tail + correction) : of_upper(tail - correction);
}

/// 1 - I_x(a, b) where it is the smaller part though (a + b) x < 1, as for small a: the power series of the lower part
/// (DLMF 8.17.7 and 8.17.8) with its leading term, which is close to 1, taken out of 1.
[[nodiscard]] inline real beta_beyond_pole(real a, real b, real x) noexcept {
  real term(1.0);
  real sum(0.0);
  for (int n = 1; n < 100000; ++n) {
    const real k = static_cast<double>(n);
    term = term * (((k - b) / k) * x);
    const real part = term * (a / (k + a));
    sum = sum + part;
    if (abs(part) <= 1e-18 * abs(sum))
      break;
  }
  const real log_lead = a * log(x) + log_rising_ratio(real(1.0), b - 1.0, a);
  return -(expm1(log_lead) + exp(log_lead) * sum);
}

/// For 0 < x < 1 and finite a, b > 0.
[[nodiscard]] inline lower_and_upper regular_beta(real a, real b, real x) noexcept {
  const two_parts<real> exponent = beta_exponent(a, b, x);
  const two_parts<real> one{1.0, 0.0};
  const two_parts<real> above_mean = two_parts<real>::of_sum(a, b) * x + two_parts<real>{-a, real(0.0)};
  if (a > 1e9 && b > 1e9)
    return uniform_beta(a, b, above_mean.high, exponent);
  const real power =
      (exp_of_two_parts(exponent) * stirling_ratio(a)) * (stirling_ratio(b) / stirling_ratio(a + b));
  const real y = 1.0 - x;
  // The fraction of the smaller side is the faster one, but next to an end at which the density is infinite.
  const bool near_0 = a < 1.0 && (a + b) * x < 1.0;
  const bool near_1 = b < 1.0 && (a + b) * y < 1.0;
  const bool by_upper = near_0 == near_1 ? above_mean.high > 0.0 : near_1;
  constexpr double most = 0.75; // of which the rest still has its digits
  if (by_upper) {
    const real upper = power * incomplete_beta_fraction(b, a, y, (one + above_mean).high);
    return b < 1.0 && upper > most ? of_lower(beta_beyond_pole(b, a, y)) : of_upper(upper);
  }
  const real lower = power * incomplete_beta_fraction(a, b, x, (one + -above_mean).high);
  return a < 1.0 && lower > most ? of_upper(beta_beyond_pole(a, b, x)) : of_lower(lower);
}

[[nodiscard]] inline lower_and_upper incomplete_beta(real a, real b, real x) noexcept {
  if (!(a > 0.0 && b > 0.0 && x >= 0.0 && x <= 1.0) || (a == infinity && b == infinity))
    return {not_a_number, not_a_number};
  if (x == 0.0 || (a == infinity && x < 1.0))
    return {0.0, 1.0};
  if (x == 1.0 || b == infinity)
    return {1.0, 0.0};
  // For next to no shape the variable is 0 or 1.
  if (a + b < 1e-20)
    return {b / (a + b), a / (a + b)};
  // For huge ones it is next to constant; its mean is all that matters.
  const real unit = max(a, b) > 1e300 ? 0x1p-30 : 1.0;
  return regular_beta(max(a * unit, real(1e-280)), max(b * unit, real(1e-280)), x);
}

} // namespace detail

/// I_x(a, b): the probability that a Beta variable with the shapes a and b is at most x. NaN unless a, b > 0 and
/// 0 <= x <= 1.
[[nodiscard]] inline real ibeta(real a, real b, real x) noexcept {
  return detail::incomplete_beta(a, b, x).lower;
}
[[nodiscard]] inline double ibeta(double a, double b, double x) noexcept {
  return value_of(ibeta(real(a), real(b), real(x)));
}

/// 1 - I_x(a, b); keeps the digits of the upper tail.
[[nodiscard]] inline real ibetac(real a, real b, real x) noexcept {
  return detail::incomplete_beta(a, b, x).upper;
}
[[nodiscard]] inline double ibetac(double a, double b, double x) noexcept {
  return value_of(ibetac(real(a), real(b), real(x)));
}

} // namespace emptor::math
