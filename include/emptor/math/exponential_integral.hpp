// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/math/continued_fraction.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/expm1_over.hpp>
#include <emptor/math/gauss_legendre.hpp>
#include <emptor/math/real.hpp>

namespace emptor::math {

namespace detail {

/// e^z E_s(z) for z >= 1 by the continued fraction 1/(z + s/(1 + 1/(z + (s+1)/(1 + 2/(z + ...))))), DLMF 8.19.17.
template <class T>
[[nodiscard]] EMPTOR_INLINE T exponential_integral_fraction(const T& s, const T& z) noexcept {
  fraction<T> f;
  f.low_top = T(1.0);
  f.low_bottom = z;
  f.high_top = T(1.0);
  f.high_bottom = z + s;
  // Keeps the convergents near 1 where z or s is huge.
  const base_t<T> scale = scale_of(plain(z) + plain(s));
  const T weight = z * scale;
  for (int m = 1; m <= 400 && any(f.steps.live); ++m) {
    const double n = m;
    f.two_steps(m, T(n * scale), weight, (s + n) * scale, T(1.0));
  }
  return f.top / f.bottom;
}

} // namespace detail

/// The generalised exponential integral E_s(z), scaled, and its part up to a finite limit, for one order s and many
/// z: what depends on s alone is worked out once.
///
/// With 1 + y = e^t the integrals are int e^(-(s-1) t) e^(-z (e^t - 1)) dt. Up to z e^t = 1 the inner exponential
/// is taken as its power series, in which a whole s needs care but no formula of its own; behind it there is the
/// continued fraction. Nothing has a pole in s, and nothing is larger than the result.
template <class T>
class exponential_integral {
public:
  /// \param s  order, > 0
  explicit EMPTOR_INLINE exponential_integral(const T& s) noexcept
      : s_(s)
      , g_(s - 1.0) {
    const base_t<T> nearest = floor(detail::plain(g_) + 0.5);
    resonance_ = min(max(nearest, base_t<T>(0.0)), base_t<T>(terms - 1));
    double factor = 1.0; // (-1)^n / n!
    for (int n = 0; n < terms; ++n) {
      const auto resonant = resonance_ == base_t<T>(n);
      coefficients_[n] = select(resonant, T(0.0), factor / (static_cast<double>(n) - g_));
      resonant_factor_ = select(resonant, base_t<T>(factor), resonant_factor_);
      factor = -factor / (n + 1);
    }
    all_ = powers(T(1.0));
    at_one_ = exp(base_t<T>(-1.0)) * detail::exponential_integral_fraction(s, T(1.0));
  }

  /// e^z E_s(z) = int_0^inf e^(-z y) (1 + y)^-s dy, for z > 0.
  ///
  /// Relative error about 3e-15; towards z = 1e-300 it grows to 1e-13 where s < 1.
  [[nodiscard]] EMPTOR_INLINE T scaled(const T& z) const noexcept {
    const auto small = z < 1.0;
    T result(0.0);
    if (any(mask_not(small))) // in the other rows an argument at which it is fast
      result = detail::exponential_integral_fraction(s_, T(select(small, T(64.0), min(z, T(1e300)))));
    if (!any(small))
      return result;
    const T at = max(select(small, z, T(1.0)), T(1e-300));
    const T length = -log(at);
    const T rest = exp(-(g_ * length)); // e^(-g t) where z e^t = 1
    return select(small, exp(at) * (series(at, all_, length, rest) + rest * at_one_), result);
  }

  /// int_0^end e^(-z y) (1 + y)^-s dy, for z >= 0 and end >= 0, infinity allowed.
  [[nodiscard]] EMPTOR_INLINE T partial(const T& z, const T& end) const noexcept {
    const T eta = min(end, T(1e300));
    const T length = log1p(eta);
    const T last = z * (1.0 + eta);
    const auto close = mask_and(eta <= 1.0, z * eta + s_ * length <= 1.0);
    const auto small = last <= 1.0;
    T result(0.0);
    if (any(mask_not(mask_or(small, close)))) {
      const T tail = exp(-(z * eta + g_ * length));
      result = scaled(z) - tail * scaled(last);
    }
    if (any(small)) {
      const T rest = exp(-(g_ * length));
      result = select(small, exp(z) * series(z, powers(last), length, rest), result);
    }
    if (any(close)) {
      const T short_one =
          gauss_legendre<T>(T(0.0), eta, [&](const T& y) noexcept { return exp(-(z * y + s_ * log1p(y))); });
      result = select(close, short_one, result);
    }
    return result;
  }

private:
  static constexpr int terms = 21; // the rest of the series of e^-1 is below 1e-19

  /// The power series with these coefficients.
  [[nodiscard]] EMPTOR_INLINE T powers(const T& z) const noexcept {
    // Two chains side by side, because one would wait for itself.
    static_assert(terms % 2 == 1);
    const T square = z * z;
    T even = coefficients_[terms - 1];
    T odd = coefficients_[terms - 2];
    for (int n = terms - 3; n > 0; n -= 2) {
      even = coefficients_[n] + square * even;
      odd = coefficients_[n - 1] + square * odd;
    }
    return (coefficients_[0] + square * even) + z * odd;
  }

  /// int_0^length e^(-g t) e^(-z e^t) dt, where rest = e^(-g length) and at_end = powers(z e^length), z e^length <= 1.
  [[nodiscard]] EMPTOR_INLINE T series(const T& z, const T& at_end, const T& length,
                                       const T& rest) const noexcept {
    // The term with n next to g, where the quotient of the others would be 0/0.
    T power = resonant_factor_;
    for (int n = 1; n < terms && any(base_t<T>(n) <= resonance_); ++n)
      power = select(base_t<T>(n) <= resonance_, power * z, power);
    return (rest * at_end - powers(z)) + power * (length * expm1_over((resonance_ - g_) * length));
  }

  T s_;
  T g_;                   // s - 1
  T coefficients_[terms]; // of z^n: (-1)^n / (n! (n - g)), but 0 for the n next to g
  T all_;                 // powers(1)
  T at_one_;              // E_s(1)
  base_t<T> resonance_;   // the n next to g
  base_t<T> resonant_factor_ = base_t<T>(1.0);
};

/// e^z E_s(z), where the order differs from row to row.
template <class T>
[[nodiscard]] EMPTOR_INLINE T scaled_exponential_integral(const T& s, const T& z) noexcept {
  return exponential_integral<T>(s).scaled(z);
}

} // namespace emptor::math
