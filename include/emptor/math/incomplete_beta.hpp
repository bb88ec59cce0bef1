// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

#include <emptor/math/beta_fraction.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/incomplete_function.hpp>
#include <emptor/math/incomplete_gamma.hpp>
#include <emptor/math/rising.hpp>
#include <emptor/math/two_parts.hpp>

/// The regularised incomplete Beta function: distribution function of the Beta, Student's t, F and binomial
/// distributions.
namespace emptor::math {

namespace detail {

/// log of (x / m)^a (y / (1 - m))^b with m = a / (a + b), y = 1 - x: 0 at x = m, below elsewhere.
[[nodiscard]] EMPTOR_INLINE two_parts<real> beta_exponent(real a, real b, real x) noexcept {
  const two_parts<real> both = two_parts<real>::of_sum(a, b);
  const two_parts<real> y = two_parts<real>::of_sum(1.0, -x);
  const two_parts<real> y_ratio = (both / b) * y.high + two_parts<real>{(both.high / b) * y.low, 0.0};
  return log_in_two_parts((both / a) * x) * a + log_in_two_parts(y_ratio) * b;
}

/// (a + b) x - a
[[nodiscard]] EMPTOR_INLINE two_parts<real> beta_above_mean(real a, real b, real x) noexcept {
  return two_parts<real>::of_sum(a, b) * x + two_parts<real>{-a, real(0.0)};
}

/// digamma(z + n) - digamma(z) with its derivative in z, relatively exact for small n.
[[nodiscard]] EMPTOR_INLINE dual<real, 1, 1> digamma_difference(real z, real n) noexcept {
  using in_z = dual<real, 1, 1>;
  return log_rising_ratio_over(in_z::variable(z, 0), in_z(0.0), n);
}

/// The slope of beta_log_power in `shape`, given the distance (a + b) x - a of x above the mean, or below it for b, and
/// log(x), or log(1 - x) for b.
[[nodiscard]] EMPTOR_INLINE real beta_log_slope(real shape, real sum, real above_mean,
                                                real log_side) noexcept {
  if (shape < 1.0)
    return log_side - digamma(1.0 + shape) + digamma(sum < 1.0 ? 1.0 + sum : sum);
  const real ratio =
      abs(above_mean) < 0.5 * shape ? log1p(above_mean / shape) : log_side - (log(shape) - log(sum));
  return ratio - (digamma_excess(shape) - digamma_excess(sum));
}
/// Its second derivative in `shape`, given that in both.
[[nodiscard]] EMPTOR_INLINE real beta_log_curvature(real shape, real other, real in_both) noexcept {
  return shape < 1.0 ? in_both - trigamma(1.0 + shape) : digamma_difference(shape, other).g[0];
}
/// The derivatives in a and b of log(x^a (1 - x)^b / B(a, b)), also where they are small, but without the pole
/// that a, b or a + b has at 0, if it is below 1; and nothing for the value.
template <int Order>
[[nodiscard]] EMPTOR_INLINE dual<real, 2, Order> beta_log_power(real a, real b, real x) noexcept {
  const real sum = a + b;
  const real above_mean = beta_above_mean(a, b, x).high;
  dual<real, 2, Order> f;
  f.g[0] = beta_log_slope(a, sum, above_mean, log(x));
  f.g[1] = beta_log_slope(b, sum, -above_mean, log1p(-x));
  if constexpr (Order == 2) {
    f.h[1] = trigamma(sum < 1.0 ? 1.0 + sum : sum);
    f.h[0] = beta_log_curvature(a, b, f.h[1]);
    f.h[2] = beta_log_curvature(b, a, f.h[1]);
  }
  return f;
}
/// What the slope in `shape` there lacks.
[[nodiscard]] EMPTOR_INLINE real beta_pole_slope(real shape, real other) noexcept {
  const real sum = shape + other;
  if (sum < 1.0)
    return other / sum / shape;
  return shape < 1.0 ? 1.0 / shape : real(0.0);
}

/// x^a (1 - x)^b / B(a, b) for 0 < x < 1.
template <class T>
[[nodiscard]] EMPTOR_INLINE T beta_power(const T& a, const T& b, real x) noexcept {
  const real u = plain(a);
  const real v = plain(b);
  const real value = (exp_of_two_parts(beta_exponent(u, v, x)) * stirling_ratio(u)) *
                     (stirling_ratio(v) / stirling_ratio(u + v));
  if constexpr (scalar_traits<T>::differentiates) {
    T poles(1.0);
    if (u < 1.0)
      poles = a;
    if (u + v < 1.0)
      poles = poles / (a + b);
    if (v < 1.0)
      poles = poles * b;
    const T logarithm = compose(beta_log_power<T::order>(u, v, x), {a, b});
    return poles * exp_with_value(logarithm, value / poles.v);
  } else {
    return value;
  }
}

/// For huge a and b: the leading terms of the uniform expansion in erfc (N. M. Temme, Special Functions, 1996,
/// 11.3.3.2). Relative error about 1e-13.
template <class T>
[[nodiscard]] EMPTOR_INLINE lower_and_upper<T> uniform_beta(const T& a, const T& b,
                                                            const T& above_mean) noexcept {
  const T both = a + b;
  const T in_a = log1p_rest_slope(above_mean / a);
  const T in_b = log1p_rest_slope(-above_mean / b);
  const T over_a = both / a;
  const T over_b = both / b;
  const T square = over_a * (0.5 + (above_mean / a) * in_a) + over_b * (0.5 - (above_mean / b) * in_b);
  const T z = (abs(above_mean) / sqrt(both)) * sqrt(square); // sqrt(both / 2) |eta|
  if (z > 40.0)
    return above_mean < 0.0 ? of_lower(T(0.0)) : of_upper(T(0.0));
  // 1 / eta - deviation / (x - mean), regular at the mean; root = eta deviation / (x - mean)
  const T deviation = 1.0 / sqrt(over_a * over_b);
  const T root = deviation * sqrt(2.0 * square);
  const T series = (-2.0 * deviation * (deviation * deviation)) *
                   ((in_a * (over_a * over_a) - in_b * (over_b * over_b)) / (root * (1.0 + root)));
  const T gauss = exp(-(z * z));
  const T correction = (gauss / (root_two_pi * sqrt(both))) * series;
  const T tail = 0.5 * (z < 1.0 ? erfc(z) : gauss * scaled_erfc(z));
  return above_mean < 0.0 ? of_lower(T(tail + correction)) : of_upper(T(tail - correction));
}

/// log(x^a Gamma(a + b) / (Gamma(a + 1) Gamma(b))), relatively exact for small a.
[[nodiscard]] EMPTOR_INLINE real beta_log_lead(real a, real b, real x) noexcept {
  return a * log(x) + log_rising_ratio(real(1.0), b - 1.0, a);
}
template <int Order>
[[nodiscard]] EMPTOR_INLINE dual<real, 2, Order>
beta_log_lead(const dual<real, 2, Order>& a, const dual<real, 2, Order>& b, real x) noexcept {
  const real sum = a.v + b.v;
  const dual<real, 1, 1> slope_in_b = digamma_difference(b.v, a.v);
  dual<real, 2, Order> f(beta_log_lead(a.v, b.v, x));
  f.g[0] = log(x) + (digamma(sum) - digamma(a.v + 1.0));
  f.g[1] = slope_in_b.v;
  if constexpr (Order == 2) {
    f.h[1] = trigamma(sum);
    f.h[0] = f.h[1] - trigamma(a.v + 1.0);
    f.h[2] = slope_in_b.g[0];
  }
  return compose(f, {a, b});
}

/// 1 - I_x(a, b) where it is the smaller part though (a + b) x < 1, as for small a: the power series of the lower part
/// (DLMF 8.17.7 and 8.17.8) with its leading term, which is close to 1, taken out of 1.
template <class T>
[[nodiscard]] EMPTOR_INLINE T beta_beyond_pole(const T& a, const T& b, real x) noexcept {
  T term(1.0);
  T sum(0.0);
  iteration<T> steps;
  for (int n = 1; n < 100000 && steps.live; ++n) {
    const real k = static_cast<double>(n);
    term = term * (((k - b) / k) * x);
    const T part = term * (a / (k + a));
    sum = sum + part;
    bool converged = abs(part) <= 1e-18 * abs(sum);
    if constexpr (scalar_traits<T>::differentiates) {
      // The value ends where b is whole.
      for (std::size_t i = 0; i < T::variables; ++i)
        converged = converged && abs(part.g[i]) <= 1e-17 * abs(sum.g[i]);
    }
    steps.next(n, converged);
  }
  const T log_lead = beta_log_lead(a, b, x);
  return -(expm1(log_lead) + exp(log_lead) * sum);
}

/// For 0 < x < 1 and finite a, b > 0.
template <class T>
[[nodiscard]] EMPTOR_INLINE lower_and_upper<T> regular_beta(const T& a, const T& b, real x) noexcept {
  const two_parts<real> one{1.0, 0.0};
  const two_parts<real> exactly = beta_above_mean(plain(a), plain(b), x);
  const T above_mean = with_value(T((a + b) * x - a), exactly.high);
  if (a > 1e9 && b > 1e9)
    return uniform_beta(a, b, above_mean);
  const T power = beta_power(a, b, x);
  const real y = 1.0 - x;
  // The fraction of the smaller side is the faster one, but next to an end at which the density is infinite.
  const bool near_0 = a < 1.0 && (a + b) * x < 1.0 && (b < 1.0 || x < 0.9);
  const bool near_1 = b < 1.0 && (a + b) * y < 1.0 && (a < 1.0 || y < 0.9);
  const bool by_upper = near_0 == near_1 ? above_mean > 0.0 : near_1;
  if (power == 0.0)
    return by_upper ? of_upper(T(0.0)) : of_lower(T(0.0));
  constexpr double most = 0.75; // of which the rest still has its digits
  if (by_upper) {
    const T off_mode = with_value(T(1.0 + above_mean), (one + exactly).high);
    const T upper = power * incomplete_beta_fraction(b, a, y, off_mode);
    return b < 1.0 && upper > most ? of_lower(beta_beyond_pole(b, a, y)) : of_upper(upper);
  }
  const T off_mode = with_value(T(1.0 - above_mean), (one + -exactly).high);
  const T lower = power * incomplete_beta_fraction(a, b, x, off_mode);
  return a < 1.0 && lower > most ? of_upper(beta_beyond_pole(a, b, x)) : of_lower(lower);
}

/// Shapes whose sums and ratios are numbers.
template <class T>
struct beta_shapes {
  T a;
  T b;

  [[nodiscard]] static EMPTOR_INLINE beta_shapes at(const T& a, const T& b) noexcept {
    // For huge ones the variable is next to constant; its mean is all that matters.
    const double unit = max(plain(a), plain(b)) > 1e300 ? 0x1p-30 : 1.0;
    return {usable(a * unit, plain(b) * unit), usable(b * unit, plain(a) * unit)};
  }

private:
  [[nodiscard]] static EMPTOR_INLINE T usable(const T& shape, base_t<T> other) noexcept {
    // Derivatives have the third power of a shape in them. They change no more below 1e-90, but in the other shape,
    // where they are next to nothing.
    constexpr double smallest = scalar_traits<T>::differentiates ? 1e-90 : 1e-280;
    const base_t<T> least = max(base_t<T>(smallest), 1e-307 * other);
    return shape + max(least - plain(shape), base_t<T>(0.0));
  }
};

template <class T>
[[nodiscard]] EMPTOR_INLINE lower_and_upper<T> incomplete_beta(const T& a, const T& b, real x) noexcept {
  if (!(a > 0.0 && b > 0.0 && x >= 0.0 && x <= 1.0) || (a == infinity && b == infinity))
    return {T(not_a_number), T(not_a_number)};
  if (x == 0.0 || (a == infinity && x < 1.0))
    return {T(0.0), T(1.0)};
  if (x == 1.0 || b == infinity)
    return {T(1.0), T(0.0)};
  // For next to no shape the variable is 0 or 1.
  if (a + b < 1e-20)
    return {b / (a + b), a / (a + b)};
  const beta_shapes<T> shapes = beta_shapes<T>::at(a, b);
  return regular_beta(shapes.a, shapes.b, x);
}

/// The density of the lower part, for an x next to 0.
[[nodiscard]] EMPTOR_INLINE density_in_x beta_density_near_zero(real a, real b, real x) noexcept {
  return density_in_x::near_zero(a, log_gamma_ratio(b, a) - lgamma(a), b - 1.0, x);
}
/// The density of the lower part.
[[nodiscard]] EMPTOR_INLINE density_in_x beta_density(real a, real b, real x) noexcept {
  if (a == infinity || b == infinity)
    return {0.0, 0.0};
  if (x < 1e-100 && b * x < 1e-20)
    return beta_density_near_zero(a, b, x);
  if (x == 1.0) {
    const density_in_x mirrored = beta_density_near_zero(b, a, 0.0);
    return {mirrored.density, -mirrored.slope};
  }
  const real y = 1.0 - x;
  const real above_mode = beta_above_mean(a, b, x).high + (1.0 - 2.0 * x);
  return density_in_x::with_log_slope(beta_power(a, b, x) / x / y, -above_mode / x / y);
}

/// I_x(a, b) with its derivatives in a, b and x, or 1 - I_x(a, b).
template <int Order>
[[nodiscard]] EMPTOR_INLINE dual<real, 3, Order> beta_in_all(bool upper, real a, real b, real x) noexcept {
  using result = dual<real, 3, Order>;
  using in_shapes = dual<real, 2, Order>;
  const lower_and_upper<real> values = incomplete_beta(a, b, x);
  if (values.lower != values.lower)
    return not_defined<result>();
  // Goes on for longer than for the values alone, whose last bits it would change.
  const in_shapes lower = incomplete_beta(in_shapes::variable(a, 0), in_shapes::variable(b, 1), x).lower;
  const beta_shapes<real> shapes = beta_shapes<real>::at(a, b);
  const density_in_x in_x = beta_density(shapes.a, shapes.b, x);
  result f;
  f.g[0] = lower.g[0];
  f.g[1] = lower.g[1];
  f.g[2] = in_x.density;
  if constexpr (Order == 2) {
    f.h[0] = lower.h[0];
    f.h[1] = lower.h[1];
    f.h[2] = lower.h[2];
    if (in_x.density != 0.0) {
      const auto slopes = beta_log_power<1>(shapes.a, shapes.b, x);
      f.h[3] = in_x.density * (slopes.g[0] + beta_pole_slope(shapes.a, shapes.b));
      f.h[4] = in_x.density * (slopes.g[1] + beta_pole_slope(shapes.b, shapes.a));
    }
    f.h[5] = in_x.slope;
  }
  return upper ? with_value(-f, values.upper) : with_value(f, values.lower);
}

} // namespace detail

/// I_x(a, b): the probability that a Beta variable with the shapes a and b is at most x. NaN unless a, b > 0 and
/// 0 <= x <= 1.
[[nodiscard]] EMPTOR_INLINE real ibeta(real a, real b, real x) noexcept {
  return detail::incomplete_beta(a, b, x).lower;
}
[[nodiscard]] EMPTOR_INLINE double ibeta(double a, double b, double x) noexcept {
  return value_of(ibeta(real(a), real(b), real(x)));
}
template <class Isa>
[[nodiscard]] EMPTOR_INLINE pack<Isa> ibeta(pack<Isa> a, pack<Isa> b, pack<Isa> x) noexcept {
  return lanewise(
      mask_true<pack<Isa>>(), [](real u, real v, real w) { return ibeta(u, v, w); }, a, b, x);
}
/// Where a derivative is infinite, as in x at 0 for a < 1, so are those of the result, or they are NaN.
template <class T, std::size_t N, int Order>
[[nodiscard]] EMPTOR_INLINE dual<T, N, Order> ibeta(const dual<T, N, Order>& a, const dual<T, N, Order>& b,
                                                    const dual<T, N, Order>& x) noexcept {
  const auto all = lanewise(
      mask_true<T>(), [](real u, real v, real w) { return detail::beta_in_all<Order>(false, u, v, w); }, a.v,
      b.v, x.v);
  return detail::chain(all, {a, b, x});
}

/// 1 - I_x(a, b); keeps the digits of the upper tail.
[[nodiscard]] EMPTOR_INLINE real ibetac(real a, real b, real x) noexcept {
  return detail::incomplete_beta(a, b, x).upper;
}
[[nodiscard]] EMPTOR_INLINE double ibetac(double a, double b, double x) noexcept {
  return value_of(ibetac(real(a), real(b), real(x)));
}
template <class Isa>
[[nodiscard]] EMPTOR_INLINE pack<Isa> ibetac(pack<Isa> a, pack<Isa> b, pack<Isa> x) noexcept {
  return lanewise(
      mask_true<pack<Isa>>(), [](real u, real v, real w) { return ibetac(u, v, w); }, a, b, x);
}
template <class T, std::size_t N, int Order>
[[nodiscard]] EMPTOR_INLINE dual<T, N, Order> ibetac(const dual<T, N, Order>& a, const dual<T, N, Order>& b,
                                                     const dual<T, N, Order>& x) noexcept {
  const auto all = lanewise(
      mask_true<T>(), [](real u, real v, real w) { return detail::beta_in_all<Order>(true, u, v, w); }, a.v,
      b.v, x.v);
  return detail::chain(all, {a, b, x});
}

} // namespace emptor::math
