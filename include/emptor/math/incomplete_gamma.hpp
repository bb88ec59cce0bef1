// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/math/elementary.hpp>
#include <emptor/math/two_parts.hpp>

/// The regularised incomplete Gamma functions: distribution functions of the Gamma, chi-squared and Poisson
/// distributions.
namespace emptor::math {

namespace detail {

/// Coefficients c_0 to c_3 of the uniform expansion (N. M. Temme 1979; DLMF 8.12.8 to 8.12.12) as power series.
inline constexpr double uniform_gamma_0[] = {
    -0.3333333333333333,    0.08333333333333333,    -0.014814814814814815,   0.0011574074074074073,
    0.0003527336860670194,  -0.0001787551440329218, 3.919263178522438e-05,   -2.185448510679992e-06,
    -1.85406221071516e-06,  8.296711340953087e-07,  -1.7665952736826078e-07, 6.707853543401498e-09,
    1.0261809784240309e-08, -4.382036018453353e-09, 9.14769958223679e-10,    -2.5514193994946248e-11};
inline constexpr double uniform_gamma_1[] = {
    -0.001851851851851852,   -0.003472222222222222,  0.0026455026455026454,   -0.0009902263374485596,
    0.00020576131687242798,  -4.018775720164609e-07, -1.8098550334489977e-05, 7.64916091608111e-06,
    -1.6120900894563446e-06, 4.647127802807434e-09,  1.378633446915721e-07,   -5.752545603517705e-08};
inline constexpr double uniform_gamma_2[] = {
    0.004133597883597883,   -0.0026813271604938273, 0.0007716049382716049,   2.0093878600823047e-06,
    -0.0001073665322636516, 5.2923448829120125e-05, -1.2760635188618728e-05, 3.423578734096138e-08};
inline constexpr double uniform_gamma_3[] = {0.0006494341563786008, 0.00022947209362139917,
                                             -0.0004691894943952557, 0.00026772063206283885};
inline constexpr double uniform_gamma_from = 1000.0;

inline constexpr double root_two_pi = 0x1.40d931ff62706p+1;

/// z^z exp(-z) / Gamma(z) for z > 0: close to sqrt(z / (2 pi)) for large z.
[[nodiscard]] inline real stirling_ratio(real z) noexcept {
  if (z >= stirling_from) {
    const real u = 1.0 / z;
    return sqrt(z / (2.0 * pi)) * exp(-(u * polynomial(u * u, lgamma_stirling_coefficients)));
  }
  // Gamma(z) from Gamma between 1 and 2, whose logarithm is so small that exp keeps all digits.
  real up(1.0);
  real base = z;
  for (; base >= 2.0; up = up * base)
    base = base - 1.0;
  const mask_t<real> below_1 = base < 1.0;
  const real gamma_of_base = exp(lgamma_of_1_plus(select(below_1, base, base - 1.0)));
  return (pow(z, z) * (exp(-z) * select(below_1, base, real(1.0)))) / (up * gamma_of_base);
}

/// log of x^a exp(-x) / (a^a exp(-a)) for a >= 1: with the digits to spare that its size takes.
[[nodiscard]] inline two_parts<real> gamma_exponent(real a, real x) noexcept {
  const two_parts<real> ratio = two_parts<real>{x, 0.0} / a;
  return log_in_two_parts(ratio) * a + two_parts<real>::of_sum(a, -x);
}

/// Both parts of a whole, of which the smaller one is relatively exact.
struct lower_and_upper {
  real lower;
  real upper;
};
[[nodiscard]] EMPTOR_INLINE lower_and_upper of_lower(real lower) noexcept {
  return lower > 1.0 ? lower_and_upper{1.0, 0.0} : lower_and_upper{lower, 1.0 - lower};
}
[[nodiscard]] EMPTOR_INLINE lower_and_upper of_upper(real upper) noexcept {
  return upper > 1.0 ? lower_and_upper{0.0, 1.0} : lower_and_upper{1.0 - upper, upper};
}

/// For large a and x not far from it (DLMF 8.12.3 to 8.12.7). exp(exponent) = exp(-a eta^2 / 2).
[[nodiscard]] inline lower_and_upper uniform_gamma(real a, real x, two_parts<real> exponent) noexcept {
  const real z = sqrt(max(-exponent.high, real(0.0)));
  const real eta = (x < a ? -z : z) * sqrt(2.0 / a);
  const real series = horner<0, 1>(eta, uniform_gamma_0) +
                      (horner<0, 1>(eta, uniform_gamma_1) +
                       (horner<0, 1>(eta, uniform_gamma_2) + horner<0, 1>(eta, uniform_gamma_3) / a) / a) /
                          a;
  const real gauss = exp_of_two_parts(exponent);
  const real correction = (gauss / (root_two_pi * sqrt(a))) * series;
  const real tail = 0.5 * (z < 1.0 ? erfc(z) : gauss * scaled_erfc(z));
  return x < a ? of_lower(tail - correction) : of_upper(tail + correction);
}

/// For 0 < x < infinity and 0 < a < infinity.
[[nodiscard]] inline lower_and_upper regular_gamma(real a, real x) noexcept {
  real power(0.0); // x^a exp(-x) / Gamma(a)
  if (a < 1.0) {
    const real lgamma_a_plus_1 = lgamma_of_1_plus(a);
    const real x_to_a = pow(x, a);
    if (x < 1.5) {
      // Both parts by the series of the lower one, with a / Gamma(a + 1) x^a taken out of 1 for the upper.
      real term(1.0);
      real sum(0.0);
      for (int n = 1; n < 40; ++n) {
        term = -(term * x) / static_cast<double>(n);
        const real part = term / (a + static_cast<double>(n));
        sum = sum + part;
        if (abs(part) <= 1e-18 * abs(sum))
          break;
      }
      const real lead = x_to_a * exp(-lgamma_a_plus_1);
      const real lead_minus_1 = expm1(a * log(x) - lgamma_a_plus_1);
      return {lead * (1.0 + a * sum), -(lead_minus_1 + (lead * a) * sum)};
    }
    power = (x_to_a * exp(-x)) * (a * exp(-lgamma_a_plus_1));
  } else {
    const two_parts<real> exponent = gamma_exponent(a, x);
    if (a >= uniform_gamma_from && abs(x - a) < 0.3 * a)
      return uniform_gamma(a, x, exponent);
    power = exp_of_two_parts(exponent) * stirling_ratio(a);
  }
  if (a >= 1.0 && x < a + 1.0) {
    real term(1.0);
    real sum(1.0);
    for (int n = 1; n < 2000 && term > 1e-17 * sum; ++n) {
      term = term * (x / (a + static_cast<double>(n)));
      sum = sum + term;
    }
    return of_lower((power / a) * sum);
  }
  // Legendre's continued fraction (DLMF 8.9.2), summed as W. Gautschi does.
  real b = x + 1.0 - a;
  real c(1e300);
  real d = 1.0 / b;
  real h = d;
  for (int n = 1; n < 2000; ++n) {
    const real k = static_cast<double>(n);
    const real numerator = k * (a - k);
    b = b + 2.0;
    d = 1.0 / (b + numerator * d);
    c = b + numerator / c;
    const real factor = c * d;
    h = h * factor;
    if (abs(factor - 1.0) <= 1e-15)
      break;
  }
  return of_upper(power * h);
}

[[nodiscard]] inline lower_and_upper incomplete_gamma(real a, real x) noexcept {
  if (!(a > 0.0 && x >= 0.0) || (a == infinity && x == infinity))
    return {not_a_number, not_a_number};
  if (x == 0.0 || a == infinity)
    return {0.0, 1.0};
  if (x == infinity)
    return {1.0, 0.0};
  return regular_gamma(a, x);
}

} // namespace detail

/// P(a, x): the probability that a Gamma variable of shape a and scale 1 is at most x. NaN unless a > 0, x >= 0.
[[nodiscard]] inline real gamma_p(real a, real x) noexcept {
  return detail::incomplete_gamma(a, x).lower;
}
[[nodiscard]] inline double gamma_p(double a, double x) noexcept {
  return value_of(gamma_p(real(a), real(x)));
}

/// Q(a, x) = 1 - P(a, x); keeps the digits of the upper tail.
[[nodiscard]] inline real gamma_q(real a, real x) noexcept {
  return detail::incomplete_gamma(a, x).upper;
}
[[nodiscard]] inline double gamma_q(double a, double x) noexcept {
  return value_of(gamma_q(real(a), real(x)));
}

} // namespace emptor::math
