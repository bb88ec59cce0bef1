// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <concepts>
#include <cstddef>
#include <type_traits>

#include <emptor/math/elementary.hpp>
#include <emptor/math/pack.hpp>
#include <emptor/math/real.hpp>

namespace emptor::math {

namespace detail {
template <class T, std::size_t N, int Order>
struct second_derivatives {};
template <class T, std::size_t N>
struct second_derivatives<T, N, 2> {
  T h[N * (N + 1) / 2]; ///< lower triangle of the Hessian by rows: (0,0) (1,0) (1,1) (2,0) ...
};
} // namespace detail

/// A number with its first and, if `Order` is 2, second derivatives in `N` variables (forward mode), so that
/// the template of a formula also gives its exact gradient and Hessian. `T` is real or a pack. Comparisons act
/// on the value.
template <class T, std::size_t N, int Order = 2>
struct dual : detail::second_derivatives<T, N, Order> {
  static_assert(N > 0 && (Order == 1 || Order == 2));
  static constexpr std::size_t variables = N;
  static constexpr int order = Order;
  static constexpr std::size_t packed_size = Order == 2 ? N * (N + 1) / 2 : 0;
  using mask = mask_t<T>;

  T v;    ///< value
  T g[N]; ///< gradient

  EMPTOR_INLINE constexpr dual() noexcept
      : dual(T(0.0)) {}
  EMPTOR_INLINE constexpr dual(T constant) noexcept
      : detail::second_derivatives<T, N, Order>{}
      , v(constant)
      , g{} {}
  template <class S>
  requires(std::is_convertible_v<S, T> && !std::same_as<S, T>) EMPTOR_INLINE
      constexpr dual(S constant) noexcept
      : dual(T(constant)) {}

  /// The variable number `i` at `at`.
  [[nodiscard]] static EMPTOR_INLINE constexpr dual variable(T at, std::size_t i) noexcept {
    dual x(at);
    x.g[i] = T(1.0);
    return x;
  }
  [[nodiscard]] EMPTOR_INLINE constexpr T hessian(std::size_t i, std::size_t j) const noexcept
      requires(Order == 2) {
    return i >= j ? this->h[i * (i + 1) / 2 + j] : this->h[j * (j + 1) / 2 + i];
  }

  friend EMPTOR_INLINE constexpr dual operator+(const dual& x) noexcept { return x; }
  friend EMPTOR_INLINE constexpr dual operator-(const dual& x) noexcept {
    dual z;
    z.v = -x.v;
    for (std::size_t i = 0; i < N; ++i)
      z.g[i] = -x.g[i];
    if constexpr (Order == 2)
      for (std::size_t k = 0; k < packed_size; ++k)
        z.h[k] = -x.h[k];
    return z;
  }
  friend EMPTOR_INLINE constexpr dual operator+(const dual& x, const dual& y) noexcept {
    dual z;
    z.v = x.v + y.v;
    for (std::size_t i = 0; i < N; ++i)
      z.g[i] = x.g[i] + y.g[i];
    if constexpr (Order == 2)
      for (std::size_t k = 0; k < packed_size; ++k)
        z.h[k] = x.h[k] + y.h[k];
    return z;
  }
  friend EMPTOR_INLINE constexpr dual operator-(const dual& x, const dual& y) noexcept {
    dual z;
    z.v = x.v - y.v;
    for (std::size_t i = 0; i < N; ++i)
      z.g[i] = x.g[i] - y.g[i];
    if constexpr (Order == 2)
      for (std::size_t k = 0; k < packed_size; ++k)
        z.h[k] = x.h[k] - y.h[k];
    return z;
  }
  friend EMPTOR_INLINE constexpr dual operator*(const dual& x, const dual& y) noexcept {
    dual z;
    z.v = x.v * y.v;
    for (std::size_t i = 0; i < N; ++i)
      z.g[i] = x.v * y.g[i] + x.g[i] * y.v;
    if constexpr (Order == 2)
      for (std::size_t i = 0, k = 0; i < N; ++i)
        for (std::size_t j = 0; j <= i; ++j, ++k)
          z.h[k] = (x.v * y.h[k] + x.h[k] * y.v) + (x.g[i] * y.g[j] + x.g[j] * y.g[i]);
    return z;
  }
  friend EMPTOR_INLINE constexpr dual operator/(const dual& x, const dual& y) noexcept {
    const T u = T(1.0) / y.v;
    dual z;
    z.v = x.v / y.v;
    for (std::size_t i = 0; i < N; ++i)
      z.g[i] = (x.g[i] - z.v * y.g[i]) * u;
    if constexpr (Order == 2)
      for (std::size_t i = 0, k = 0; i < N; ++i)
        for (std::size_t j = 0; j <= i; ++j, ++k)
          z.h[k] = ((x.h[k] - z.v * y.h[k]) - (z.g[i] * y.g[j] + z.g[j] * y.g[i])) * u;
    return z;
  }

  // Constants have overloads of their own because multiplying by known zeros is most of the work.
  template <class S>
  static constexpr bool is_constant = std::is_convertible_v<S, T>;

  template <class S>
  requires is_constant<S>
  friend EMPTOR_INLINE constexpr dual operator+(dual x, S c) noexcept {
    x.v = x.v + T(c);
    return x;
  }
  template <class S>
  requires is_constant<S>
  friend EMPTOR_INLINE constexpr dual operator+(S c, const dual& x) noexcept { return x + c; }
  template <class S>
  requires is_constant<S>
  friend EMPTOR_INLINE constexpr dual operator-(dual x, S c) noexcept {
    x.v = x.v - T(c);
    return x;
  }
  template <class S>
  requires is_constant<S>
  friend EMPTOR_INLINE constexpr dual operator-(S c, const dual& x) noexcept {
    dual z = -x;
    z.v = T(c) - x.v;
    return z;
  }
  template <class S>
  requires is_constant<S>
  friend EMPTOR_INLINE constexpr dual operator*(dual x, S c) noexcept {
    const T factor(c);
    x.v = x.v * factor;
    for (std::size_t i = 0; i < N; ++i)
      x.g[i] = x.g[i] * factor;
    if constexpr (Order == 2)
      for (std::size_t k = 0; k < packed_size; ++k)
        x.h[k] = x.h[k] * factor;
    return x;
  }
  template <class S>
  requires is_constant<S>
  friend EMPTOR_INLINE constexpr dual operator*(S c, const dual& x) noexcept { return x * c; }
  template <class S>
  requires is_constant<S>
  friend EMPTOR_INLINE constexpr dual operator/(dual x, S c) noexcept {
    const T factor(c);
    x.v = x.v / factor;
    for (std::size_t i = 0; i < N; ++i)
      x.g[i] = x.g[i] / factor;
    if constexpr (Order == 2)
      for (std::size_t k = 0; k < packed_size; ++k)
        x.h[k] = x.h[k] / factor;
    return x;
  }
  template <class S>
  requires is_constant<S>
  friend EMPTOR_INLINE constexpr dual operator/(S c, const dual& x) noexcept { return dual(c) / x; }

  template <class S>
  EMPTOR_INLINE constexpr dual& operator+=(const S& y) noexcept {
    return *this = *this + y;
  }
  template <class S>
  EMPTOR_INLINE constexpr dual& operator-=(const S& y) noexcept {
    return *this = *this - y;
  }
  template <class S>
  EMPTOR_INLINE constexpr dual& operator*=(const S& y) noexcept {
    return *this = *this * y;
  }
  template <class S>
  EMPTOR_INLINE constexpr dual& operator/=(const S& y) noexcept {
    return *this = *this / y;
  }

  friend EMPTOR_INLINE constexpr mask operator==(const dual& x, const dual& y) noexcept { return x.v == y.v; }
  friend EMPTOR_INLINE constexpr mask operator!=(const dual& x, const dual& y) noexcept { return x.v != y.v; }
  friend EMPTOR_INLINE constexpr mask operator<(const dual& x, const dual& y) noexcept { return x.v < y.v; }
  friend EMPTOR_INLINE constexpr mask operator<=(const dual& x, const dual& y) noexcept { return x.v <= y.v; }
  friend EMPTOR_INLINE constexpr mask operator>(const dual& x, const dual& y) noexcept { return x.v > y.v; }
  friend EMPTOR_INLINE constexpr mask operator>=(const dual& x, const dual& y) noexcept { return x.v >= y.v; }

  friend EMPTOR_INLINE constexpr dual select(mask m, const dual& x, const dual& y) noexcept {
    dual z;
    z.v = select(m, x.v, y.v);
    for (std::size_t i = 0; i < N; ++i)
      z.g[i] = select(m, x.g[i], y.g[i]);
    if constexpr (Order == 2)
      for (std::size_t k = 0; k < packed_size; ++k)
        z.h[k] = select(m, x.h[k], y.h[k]);
    return z;
  }
  friend EMPTOR_INLINE constexpr dual min(const dual& x, const dual& y) noexcept {
    return select(x < y, x, y);
  }
  friend EMPTOR_INLINE constexpr dual max(const dual& x, const dual& y) noexcept {
    return select(x > y, x, y);
  }
  friend EMPTOR_INLINE constexpr dual abs(const dual& x) noexcept { return select(x.v < T(0.0), -x, x); }
  /// Constant between the steps, so without derivatives.
  friend EMPTOR_INLINE dual floor(const dual& x) noexcept { return dual(floor(x.v)); }
};

template <class T, std::size_t N, int Order>
[[nodiscard]] EMPTOR_INLINE constexpr double value_of(const dual<T, N, Order>& x) noexcept {
  return value_of(x.v);
}

template <class T, std::size_t N, int Order>
struct scalar_traits<dual<T, N, Order>> {
  using base = T;
  using mask = mask_t<T>;
  static constexpr bool differentiates = true;
};

namespace detail {
template <class Isa, std::size_t N, int Order>
struct lane_access<dual<pack<Isa>, N, Order>> {
  using rows = dual<pack<Isa>, N, Order>;
  using row = dual<real, N, Order>;
  static EMPTOR_INLINE row get(const rows& x, int lane) noexcept {
    row y(x.v[lane]);
    for (std::size_t i = 0; i < N; ++i)
      y.g[i] = x.g[i][lane];
    if constexpr (Order == 2)
      for (std::size_t k = 0; k < rows::packed_size; ++k)
        y.h[k] = x.h[k][lane];
    return y;
  }
  static EMPTOR_INLINE void set(rows& x, int lane, const row& y) noexcept {
    x.v.set(lane, y.v);
    for (std::size_t i = 0; i < N; ++i)
      x.g[i].set(lane, y.g[i]);
    if constexpr (Order == 2)
      for (std::size_t k = 0; k < rows::packed_size; ++k)
        x.h[k].set(lane, y.h[k]);
  }
};
template <std::size_t N, int Order, class Isa>
struct pack_of<dual<real, N, Order>, Isa> {
  using type = dual<pack<Isa>, N, Order>;
};
} // namespace detail

/// f(x) by the chain rule, given f, f' and f'' at the value of `x`.
template <class T, std::size_t N, int Order>
[[nodiscard]] EMPTOR_INLINE constexpr dual<T, N, Order> compose(const dual<T, N, Order>& x, T f, T f1,
                                                                T f2) noexcept {
  dual<T, N, Order> y(f);
  for (std::size_t i = 0; i < N; ++i)
    y.g[i] = f1 * x.g[i];
  if constexpr (Order == 2)
    for (std::size_t i = 0, k = 0; i < N; ++i)
      for (std::size_t j = 0; j <= i; ++j, ++k)
        y.h[k] = f1 * x.h[k] + f2 * (x.g[i] * x.g[j]);
  return y;
}

/// f(x[0], ..., x[M - 1]) by the chain rule, given f with its derivatives in these M variables: for a function
/// that is costly and has fewer arguments than the formula has variables.
template <class T, std::size_t M, std::size_t N, int Order>
[[nodiscard]] EMPTOR_INLINE constexpr dual<T, N, Order> compose(const dual<T, M, Order>& f,
                                                                const dual<T, N, Order> (&x)[M]) noexcept {
  dual<T, N, Order> y(f.v);
  for (std::size_t m = 0; m < M; ++m) {
    dual<T, N, Order> slope(f.g[m]); // in the variable m
    if constexpr (Order == 2)
      for (std::size_t l = 0; l < M; ++l)
        for (std::size_t i = 0; i < N; ++i)
          slope.g[i] = slope.g[i] + f.hessian(m, l) * x[l].g[i];
    for (std::size_t i = 0; i < N; ++i)
      y.g[i] = y.g[i] + slope.v * x[m].g[i];
    if constexpr (Order == 2)
      for (std::size_t i = 0, k = 0; i < N; ++i)
        for (std::size_t j = 0; j <= i; ++j, ++k)
          y.h[k] = y.h[k] + (slope.v * x[m].h[k] + slope.g[i] * x[m].g[j]);
  }
  return y;
}

template <class T, std::size_t N, int Order>
[[nodiscard]] EMPTOR_INLINE dual<T, N, Order> exp(const dual<T, N, Order>& x) noexcept {
  const T e = exp(x.v);
  return compose(x, e, e, e);
}
template <class T, std::size_t N, int Order>
[[nodiscard]] EMPTOR_INLINE dual<T, N, Order> expm1(const dual<T, N, Order>& x) noexcept {
  const T e = exp(x.v);
  return compose(x, expm1(x.v), e, e);
}
template <class T, std::size_t N, int Order>
[[nodiscard]] EMPTOR_INLINE dual<T, N, Order> log(const dual<T, N, Order>& x) noexcept {
  const T u = T(1.0) / x.v;
  return compose(x, log(x.v), u, -(u * u));
}
template <class T, std::size_t N, int Order>
[[nodiscard]] EMPTOR_INLINE dual<T, N, Order> log1p(const dual<T, N, Order>& x) noexcept {
  const T u = T(1.0) / (T(1.0) + x.v);
  return compose(x, log1p(x.v), u, -(u * u));
}
template <class T, std::size_t N, int Order>
[[nodiscard]] EMPTOR_INLINE dual<T, N, Order> log1p_quotient(const dual<T, N, Order>& n,
                                                             const dual<T, N, Order>& d) noexcept {
  const dual<T, N, Order> x = n / d;
  const T u = T(1.0) / (T(1.0) + x.v);
  return compose(x, log1p_quotient(n.v, d.v), u, -(u * u));
}
template <class T, std::size_t N, int Order>
[[nodiscard]] EMPTOR_INLINE dual<T, N, Order> sqrt(const dual<T, N, Order>& x) noexcept {
  const T s = sqrt(x.v);
  const T d = T(0.5) / s;
  return compose(x, s, d, T(-0.5) * (d / x.v));
}
template <class T, std::size_t N, int Order>
[[nodiscard]] EMPTOR_INLINE dual<T, N, Order> lgamma(const dual<T, N, Order>& x) noexcept {
  return compose(x, lgamma(x.v), digamma(x.v), trigamma(x.v));
}
template <class T, std::size_t N, int Order>
[[nodiscard]] EMPTOR_INLINE dual<T, N, Order> erf(const dual<T, N, Order>& x) noexcept {
  const T slope = detail::two_over_root_pi * exp(-(x.v * x.v));
  return compose(x, erf(x.v), slope, T(-2.0) * (x.v * slope));
}
template <class T, std::size_t N, int Order>
[[nodiscard]] EMPTOR_INLINE dual<T, N, Order> erfc(const dual<T, N, Order>& x) noexcept {
  const T slope = detail::two_over_root_pi * exp(-(x.v * x.v));
  return compose(x, erfc(x.v), -slope, T(2.0) * (x.v * slope));
}

/// x to the power of a constant; also right where x is negative and the exponent whole.
template <class T, std::size_t N, int Order, class S>
requires(std::is_convertible_v<S, T>)
    [[nodiscard]] EMPTOR_INLINE dual<T, N, Order> pow(const dual<T, N, Order>& x, S exponent) noexcept {
  const T n(exponent);
  const T zero(0.0);
  const T f1 = select(n == zero, zero, n * pow(x.v, n - T(1.0)));
  const T f2 = select(mask_or(n == zero, n == T(1.0)), zero, n * ((n - T(1.0)) * pow(x.v, n - T(2.0))));
  return compose(x, pow(x.v, n), f1, f2);
}
/// x to the power y for x > 0.
template <class T, std::size_t N, int Order>
[[nodiscard]] EMPTOR_INLINE dual<T, N, Order> pow(const dual<T, N, Order>& x,
                                                  const dual<T, N, Order>& y) noexcept {
  const T p = pow(x.v, y.v);
  return compose(y * log(x), p, p, p);
}
template <class T, std::size_t N, int Order, class S>
requires(std::is_convertible_v<S, T>)
    [[nodiscard]] EMPTOR_INLINE dual<T, N, Order> pow(S base, const dual<T, N, Order>& y) noexcept {
  const T p = pow(T(base), y.v);
  return compose(y * log(T(base)), p, p, p);
}

/// log(exp(x) + exp(y)). A term that is minus infinity adds nothing to the derivatives.
template <class T, std::size_t N, int Order>
[[nodiscard]] EMPTOR_INLINE dual<T, N, Order> log_add_exp(const dual<T, N, Order>& x,
                                                          const dual<T, N, Order>& y) noexcept {
  const mask_t<T> first = x.v > y.v;
  const dual<T, N, Order> high = select(first, x, y);
  const dual<T, N, Order> low = select(first, y, x);
  const T e = select(high.v == low.v, T(1.0), exp(low.v - high.v));
  const T share = T(1.0) / (T(1.0) + e); // of the larger term
  const dual<T, N, Order> sum = high + compose(low - high, T(0.0), e * share, (e * share) * share);
  dual<T, N, Order> z = select(e == T(0.0), high, sum);
  z.v = log_add_exp(x.v, y.v);
  return z;
}
template <class T, std::size_t N, int Order, class S>
requires(std::is_convertible_v<S, T>)
    [[nodiscard]] EMPTOR_INLINE dual<T, N, Order> log_add_exp(const dual<T, N, Order>& x, S y) noexcept {
  return log_add_exp(x, dual<T, N, Order>(y));
}
template <class T, std::size_t N, int Order, class S>
requires(std::is_convertible_v<S, T>)
    [[nodiscard]] EMPTOR_INLINE dual<T, N, Order> log_add_exp(S x, const dual<T, N, Order>& y) noexcept {
  return log_add_exp(dual<T, N, Order>(x), y);
}

namespace detail {
/// The second (else the third) derivative of digamma for x > 0, by recurrence and Stirling's series: needed
/// only for duals of digamma and trigamma.
template <class T>
[[nodiscard]] EMPTOR_INLINE T digamma_derivative(bool second, T x) noexcept {
  T sum(0.0);
  for (int k = 0; k < 20 && any(x < 16.0); ++k) {
    const mask_t<T> low = x < 16.0;
    const T u = T(1.0) / x;
    const T u3 = (u * u) * u;
    sum = select(low, sum + (second ? T(-2.0) * u3 : T(6.0) * (u3 * u)), sum);
    x = select(low, x + T(1.0), x);
  }
  const T u = T(1.0) / x;
  const T w = u * u;
  // Derivatives of 1/x + 1/(2x^2) + sum B_2k / x^(2k+1).
  if (second)
    return sum -
           w * (T(1.0) +
                u * (T(1.0) +
                     u * (T(0.5) + w * (T(-1.0 / 6.0) +
                                        w * (T(1.0 / 6.0) +
                                             w * (T(-0.3) + w * (T(5.0 / 6.0) + w * T(-691.0 / 210.0))))))));
  return sum +
         (w * u) *
             (T(2.0) +
              u * (T(3.0) + u * (T(2.0) + w * (T(-1.0) +
                                               w * (T(4.0 / 3.0) +
                                                    w * (T(-3.0) + w * (T(10.0) + w * T(-691.0 / 15.0))))))));
}
} // namespace detail

/// For x > 0.
template <class T, std::size_t N, int Order>
[[nodiscard]] EMPTOR_INLINE dual<T, N, Order> digamma(const dual<T, N, Order>& x) noexcept {
  return compose(x, digamma(x.v), trigamma(x.v), detail::digamma_derivative(true, x.v));
}
/// For x > 0.
template <class T, std::size_t N, int Order>
[[nodiscard]] EMPTOR_INLINE dual<T, N, Order> trigamma(const dual<T, N, Order>& x) noexcept {
  return compose(x, trigamma(x.v), detail::digamma_derivative(true, x.v),
                 detail::digamma_derivative(false, x.v));
}

} // namespace emptor::math
