// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

#include <emptor/math/elementary.hpp>
#include <emptor/math/incomplete_function.hpp>
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

/// z^z exp(-z) / Gamma(z) for z > 0: close to sqrt(z / (2 pi)) for large z.
[[nodiscard]] EMPTOR_INLINE real stirling_ratio(real z) noexcept {
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
[[nodiscard]] EMPTOR_INLINE two_parts<real> gamma_exponent(real a, real x) noexcept {
  const two_parts<real> ratio = two_parts<real>{x, 0.0} / a;
  return log_in_two_parts(ratio) * a + two_parts<real>::of_sum(a, -x);
}

/// log(x) - digamma(a), the slope in a of the logarithm of x^a / Gamma(a); exact also where it is small.
[[nodiscard]] EMPTOR_INLINE real gamma_log_slope(real a, real x) noexcept {
  const real from_a = x - a;
  const real ratio = abs(from_a) < 0.5 * a ? log1p(from_a / a) : log(x) - log(a);
  return ratio - digamma_excess(a);
}

/// log Gamma(1 + a) for a in [0, 1].
[[nodiscard]] EMPTOR_INLINE real log_gamma_of_1_plus(const real& a) noexcept {
  return lgamma_of_1_plus(a);
}
template <int Order>
[[nodiscard]] EMPTOR_INLINE dual<real, 1, Order> log_gamma_of_1_plus(const dual<real, 1, Order>& a) noexcept {
  return compose(a, lgamma_of_1_plus(a.v), digamma(1.0 + a.v), trigamma(1.0 + a.v));
}

/// x^a exp(-x) / Gamma(a) for 0 < x < infinity.
template <class T>
[[nodiscard]] EMPTOR_INLINE T gamma_power(const T& a, real x) noexcept {
  if (a < 1.0)
    return (pow(x, a) * exp(-x)) * (a * exp(-log_gamma_of_1_plus(a)));
  const real at = plain(a);
  const real value = exp_of_two_parts(gamma_exponent(at, x)) * stirling_ratio(at);
  if constexpr (scalar_traits<T>::differentiates)
    return exp_with_value(compose(a, real(0.0), gamma_log_slope(at, x), -trigamma(at)), value);
  else
    return value;
}

/// For large a and x not far from it (DLMF 8.12.3 to 8.12.7).
template <class T>
[[nodiscard]] EMPTOR_INLINE lower_and_upper<T> uniform_gamma(const T& a, real x) noexcept {
  const two_parts<real> exponent = gamma_exponent(plain(a), x); // -a eta^2 / 2
  const T from_a = (x - a) / a;
  const T z = with_value(T(abs(from_a) * sqrt(a * (0.5 + from_a * log1p_rest_slope(from_a)))),
                         sqrt(max(-exponent.high, real(0.0))));
  const T eta = (x < a ? -z : z) / sqrt(0.5 * a);
  const T series = horner<0, 1>(eta, uniform_gamma_0) +
                   (horner<0, 1>(eta, uniform_gamma_1) +
                    (horner<0, 1>(eta, uniform_gamma_2) + horner<0, 1>(eta, uniform_gamma_3) / a) / a) /
                       a;
  const T gauss = exp_with_value(T(-(z * z)), exp_of_two_parts(exponent));
  const T correction = (gauss / (root_two_pi * sqrt(a))) * series;
  const T tail = 0.5 * (z < 1.0 ? erfc(z) : gauss * scaled_erfc(z));
  return x < a ? of_lower(T(tail - correction)) : of_upper(T(tail + correction));
}

/// For 0 < x < infinity and 0 < a < infinity.
template <class T>
[[nodiscard]] EMPTOR_INLINE lower_and_upper<T> regular_gamma(const T& a, real x) noexcept {
  if (a < 1.0 && x < 1.5) {
    // Both parts by the series of the lower one, with a / Gamma(a + 1) x^a taken out of 1 for the upper.
    real term(1.0);
    T sum(0.0);
    iteration<T> steps;
    for (int n = 1; n < 40 && steps.live; ++n) {
      term = -(term * x) / static_cast<double>(n);
      const T part = term / (a + static_cast<double>(n));
      sum = sum + part;
      steps.next(n, abs(part) <= 1e-18 * abs(sum));
    }
    const T log_gamma = log_gamma_of_1_plus(a);
    const T lead = pow(x, a) * exp(-log_gamma);
    const T lead_minus_1 = expm1(a * log(x) - log_gamma);
    return {lead * (1.0 + a * sum), -(lead_minus_1 + (lead * a) * sum)};
  }
  if (a >= uniform_gamma_from && abs(x - plain(a)) < 0.3 * plain(a))
    return uniform_gamma(a, x);
  const T power = gamma_power(a, x);
  if (a >= 1.0 && x < plain(a) + 1.0) {
    T term(1.0);
    T sum(1.0);
    iteration<T> steps;
    for (int n = 1; n < 2000 && steps.live; ++n) {
      term = term * (x / (a + static_cast<double>(n)));
      sum = sum + term;
      steps.next(n, term <= 1e-17 * sum);
    }
    return of_lower(T((power / a) * sum));
  }
  // Legendre's continued fraction (DLMF 8.9.2), summed as W. Gautschi does.
  T denominator = x + 1.0 - a;
  const T first = 1.0 / denominator;
  forward_fraction<T> fraction{first, first};
  for (int n = 1; n < 2000 && fraction.steps.live; ++n) {
    const double k = n;
    denominator = denominator + 2.0;
    fraction.step(n, k * (a - k), denominator);
  }
  return of_upper(T(power * fraction.value));
}

template <class T>
[[nodiscard]] EMPTOR_INLINE lower_and_upper<T> incomplete_gamma(const T& a, real x) noexcept {
  if (!(a > 0.0 && x >= 0.0) || (a == infinity && x == infinity))
    return {T(not_a_number), T(not_a_number)};
  if (x == 0.0 || a == infinity)
    return {T(0.0), T(1.0)};
  if (x == infinity)
    return {T(1.0), T(0.0)};
  return regular_gamma(a, x);
}

/// The density of the lower part.
[[nodiscard]] EMPTOR_INLINE density_in_x gamma_density(real a, real x) noexcept {
  if (a == infinity || x == infinity)
    return {0.0, 0.0};
  if (x < 1e-100)
    return density_in_x::near_zero(a, -lgamma(a), 1.0, x);
  return density_in_x::with_log_slope(gamma_power(a, x) / x, ((a - x) - 1.0) / x);
}

/// P(a, x) with its derivatives in a and x, or Q(a, x).
template <int Order>
[[nodiscard]] EMPTOR_INLINE dual<real, 2, Order> gamma_in_both(bool upper, real a, real x) noexcept {
  using result = dual<real, 2, Order>;
  using in_shape = dual<real, 1, Order>;
  const lower_and_upper<real> values = incomplete_gamma(a, x);
  if (values.lower != values.lower)
    return not_defined<result>();
  // Goes on for longer than for the value alone, whose last bits it would change.
  const in_shape lower = incomplete_gamma(in_shape::variable(a, 0), x).lower;
  const density_in_x in_x = gamma_density(a, x);
  result f;
  f.g[0] = lower.g[0];
  f.g[1] = in_x.density;
  if constexpr (Order == 2) {
    f.h[0] = lower.h[0];
    f.h[1] = in_x.density == 0.0 ? real(0.0) : in_x.density * gamma_log_slope(a, x);
    f.h[2] = in_x.slope;
  }
  return upper ? with_value(-f, values.upper) : with_value(f, values.lower);
}

} // namespace detail

/// P(a, x): the probability that a Gamma variable of shape a and scale 1 is at most x. NaN unless a > 0, x >= 0.
[[nodiscard]] EMPTOR_INLINE real gamma_p(real a, real x) noexcept {
  return detail::incomplete_gamma(a, x).lower;
}
[[nodiscard]] EMPTOR_INLINE double gamma_p(double a, double x) noexcept {
  return value_of(gamma_p(real(a), real(x)));
}
template <class Isa>
[[nodiscard]] EMPTOR_INLINE pack<Isa> gamma_p(pack<Isa> a, pack<Isa> x) noexcept {
  return lanewise(
      mask_true<pack<Isa>>(), [](real u, real v) { return gamma_p(u, v); }, a, x);
}
/// Where a derivative is infinite, as in x at 0 for a < 1, so are those of the result, or they are NaN.
template <class T, std::size_t N, int Order>
[[nodiscard]] EMPTOR_INLINE dual<T, N, Order> gamma_p(const dual<T, N, Order>& a,
                                                      const dual<T, N, Order>& x) noexcept {
  const auto both = lanewise(
      mask_true<T>(), [](real u, real v) { return detail::gamma_in_both<Order>(false, u, v); }, a.v, x.v);
  return detail::chain(both, {a, x});
}

/// Q(a, x) = 1 - P(a, x); keeps the digits of the upper tail.
[[nodiscard]] EMPTOR_INLINE real gamma_q(real a, real x) noexcept {
  return detail::incomplete_gamma(a, x).upper;
}
[[nodiscard]] EMPTOR_INLINE double gamma_q(double a, double x) noexcept {
  return value_of(gamma_q(real(a), real(x)));
}
template <class Isa>
[[nodiscard]] EMPTOR_INLINE pack<Isa> gamma_q(pack<Isa> a, pack<Isa> x) noexcept {
  return lanewise(
      mask_true<pack<Isa>>(), [](real u, real v) { return gamma_q(u, v); }, a, x);
}
template <class T, std::size_t N, int Order>
[[nodiscard]] EMPTOR_INLINE dual<T, N, Order> gamma_q(const dual<T, N, Order>& a,
                                                      const dual<T, N, Order>& x) noexcept {
  const auto both = lanewise(
      mask_true<T>(), [](real u, real v) { return detail::gamma_in_both<Order>(true, u, v); }, a.v, x.v);
  return detail::chain(both, {a, x});
}

} // namespace emptor::math
