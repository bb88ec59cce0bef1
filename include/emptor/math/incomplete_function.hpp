// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

#include <emptor/math/continued_fraction.hpp>
#include <emptor/math/dual.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/pack.hpp>

/// What the incomplete Gamma and Beta functions share. Their bodies are templates over `real` and over duals in the
/// shapes; the derivatives in the argument x are closed. The chain rule makes of these what a formula needs.
namespace emptor::math::detail {

inline constexpr double root_two_pi = 0x1.40d931ff62706p+1;

/// Both parts of a whole, of which the smaller one is relatively exact.
template <class T>
struct lower_and_upper {
  T lower;
  T upper;
};
/// x, but no more than 1 by rounding: the derivatives stay.
template <class T>
[[nodiscard]] EMPTOR_INLINE T part_of_1(const T& x) noexcept {
  return x - max(plain(x) - 1.0, base_t<T>(0.0));
}
template <class T>
[[nodiscard]] EMPTOR_INLINE lower_and_upper<T> of_lower(const T& lower) noexcept {
  const T part = part_of_1(lower);
  return {part, 1.0 - part};
}
template <class T>
[[nodiscard]] EMPTOR_INLINE lower_and_upper<T> of_upper(const T& upper) noexcept {
  const T part = part_of_1(upper);
  return {1.0 - part, part};
}

/// x with a value that is known to more digits than its derivatives are.
[[nodiscard]] EMPTOR_INLINE real with_value(const real&, real value) noexcept {
  return value;
}
template <std::size_t N, int Order>
[[nodiscard]] EMPTOR_INLINE dual<real, N, Order> with_value(dual<real, N, Order> x, real value) noexcept {
  x.v = value;
  return x;
}
/// exp(x), whose value is known to more digits than x has.
[[nodiscard]] EMPTOR_INLINE real exp_with_value(const real&, real value) noexcept {
  return value;
}
template <std::size_t N, int Order>
[[nodiscard]] EMPTOR_INLINE dual<real, N, Order> exp_with_value(const dual<real, N, Order>& x,
                                                                real value) noexcept {
  return compose(x, value, value, value);
}

/// The dual of an argument outside the domain.
template <class T>
[[nodiscard]] EMPTOR_INLINE T not_defined() noexcept {
  T all(not_a_number);
  for (auto& derivative : all.g)
    derivative = not_a_number;
  if constexpr (T::packed_size > 0)
    for (auto& derivative : all.h)
      derivative = not_a_number;
  return all;
}

/// ((w - log1p(w)) / w^2 - 1/2) / w for w > -1, regular at w = 0 and exact for small w.
template <class T>
[[nodiscard]] EMPTOR_INLINE T log1p_rest_slope(const T& w) noexcept {
  // log1p(w) = 2 artanh(s); w = 2 s / (1 - s)
  const T inverse = 1.0 / (2.0 + w);
  const T s = w * inverse;
  const T square = s * s;
  T sum(1.0 / 27.0);
  for (int k = 25; k >= 3; k -= 2)
    sum = 1.0 / k + square * sum;
  const T r = 1.0 - s;
  return -0.5 * ((1.0 + (r * r) * sum) * inverse);
}

/// digamma(z) - log(z) for z > 0.
[[nodiscard]] EMPTOR_INLINE real digamma_excess(real z) noexcept {
  if (z < stirling_from)
    return digamma(z) - log(z);
  const real u = 1.0 / z;
  const real w = u * u;
  return -(0.5 * u + w * polynomial(w, digamma_stirling_coefficients));
}

/// exp(log_factor) x^exponent, where the factor may be too large for a number.
[[nodiscard]] EMPTOR_INLINE real power_near_zero(real log_factor, real exponent, real x) noexcept {
  return exp(exponent == 0.0 ? log_factor : log_factor + exponent * log(x));
}

/// A density in x and its slope.
struct density_in_x {
  real density;
  real slope;

  /// exp(log_factor) x^(shape - 1) (1 - fall x) for an x so small that the square of fall x does not count, also 0.
  [[nodiscard]] static EMPTOR_INLINE density_in_x near_zero(real shape, real log_factor, real fall,
                                                            real x) noexcept {
    const real density = power_near_zero(log_factor, shape - 1.0, x);
    if (shape == 1.0)
      return {density, -(fall * density)};
    return {density, ((shape - 1.0) - fall * x) * power_near_zero(log_factor, shape - 2.0, x)};
  }
  /// Given the slope of the logarithm of the density.
  [[nodiscard]] static EMPTOR_INLINE density_in_x with_log_slope(real density, real log_slope) noexcept {
    return {density, density == 0.0 ? real(0.0) : density * log_slope};
  }
};

/// f by the chain rule. A constant among the arguments adds nothing, also where f's derivative in it is infinite.
template <class T, std::size_t M, std::size_t N, int Order>
[[nodiscard]] EMPTOR_INLINE dual<T, N, Order> chain(dual<T, M, Order> f,
                                                    const dual<T, N, Order> (&x)[M]) noexcept {
  const T zero(0.0);
  for (std::size_t m = 0; m < M; ++m) {
    auto constant = mask_true<T>();
    for (std::size_t i = 0; i < N; ++i)
      constant = mask_and(constant, x[m].g[i] == zero);
    if constexpr (Order == 2) {
      for (std::size_t k = 0; k < dual<T, N, Order>::packed_size; ++k)
        constant = mask_and(constant, x[m].h[k] == zero);
      for (std::size_t l = 0; l < M; ++l) {
        T& second = m >= l ? f.h[m * (m + 1) / 2 + l] : f.h[l * (l + 1) / 2 + m];
        second = select(constant, zero, second);
      }
    }
    f.g[m] = select(constant, zero, f.g[m]);
  }
  return compose(f, x);
}

} // namespace emptor::math::detail
