// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <array>
#include <compare>
#include <concepts>
#include <cstddef>
#include <type_traits>

#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>

namespace emptor::math {

/// A number with its first and second derivatives in `N` variables (forward mode), so that the template of a
/// formula also gives its exact gradient and Hessian. Comparisons act on the value.
template <class T, std::size_t N>
struct dual {
  static constexpr std::size_t packed_size = N * (N + 1) / 2;

  T v{};                          ///< value
  std::array<T, N> g{};           ///< gradient
  std::array<T, packed_size> h{}; ///< lower triangle of the Hessian by rows: (0,0) (1,0) (1,1) (2,0) ...

  constexpr dual() noexcept = default;
  constexpr dual(T constant) noexcept
      : v(constant) {}
  template <class S>
  requires(std::is_arithmetic_v<S> && !std::same_as<S, T>) constexpr dual(S constant) noexcept
      : v(static_cast<double>(constant)) {}

  /// The variable number `i` at `at`.
  [[nodiscard]] static constexpr dual variable(T at, std::size_t i) noexcept {
    dual x(at);
    x.g[i] = T(1.0);
    return x;
  }
  [[nodiscard]] constexpr T hessian(std::size_t i, std::size_t j) const noexcept {
    return i >= j ? h[i * (i + 1) / 2 + j] : h[j * (j + 1) / 2 + i];
  }

  friend constexpr dual operator+(const dual& x) noexcept { return x; }
  friend constexpr dual operator-(const dual& x) noexcept {
    dual y;
    y.v = -x.v;
    for (std::size_t i = 0; i < N; ++i)
      y.g[i] = -x.g[i];
    for (std::size_t k = 0; k < packed_size; ++k)
      y.h[k] = -x.h[k];
    return y;
  }
  friend constexpr dual operator+(const dual& x, const dual& y) noexcept {
    dual z;
    z.v = x.v + y.v;
    for (std::size_t i = 0; i < N; ++i)
      z.g[i] = x.g[i] + y.g[i];
    for (std::size_t k = 0; k < packed_size; ++k)
      z.h[k] = x.h[k] + y.h[k];
    return z;
  }
  friend constexpr dual operator-(const dual& x, const dual& y) noexcept {
    dual z;
    z.v = x.v - y.v;
    for (std::size_t i = 0; i < N; ++i)
      z.g[i] = x.g[i] - y.g[i];
    for (std::size_t k = 0; k < packed_size; ++k)
      z.h[k] = x.h[k] - y.h[k];
    return z;
  }
  friend constexpr dual operator*(const dual& x, const dual& y) noexcept {
    dual z;
    z.v = x.v * y.v;
    for (std::size_t i = 0; i < N; ++i)
      z.g[i] = x.v * y.g[i] + x.g[i] * y.v;
    for (std::size_t i = 0, k = 0; i < N; ++i)
      for (std::size_t j = 0; j <= i; ++j, ++k)
        z.h[k] = (x.v * y.h[k] + x.h[k] * y.v) + (x.g[i] * y.g[j] + x.g[j] * y.g[i]);
    return z;
  }
  friend constexpr dual operator/(const dual& x, const dual& y) noexcept {
    dual z;
    z.v = x.v / y.v;
    for (std::size_t i = 0; i < N; ++i)
      z.g[i] = (x.g[i] - z.v * y.g[i]) / y.v;
    for (std::size_t i = 0, k = 0; i < N; ++i)
      for (std::size_t j = 0; j <= i; ++j, ++k)
        z.h[k] = ((x.h[k] - z.v * y.h[k]) - (z.g[i] * y.g[j] + z.g[j] * y.g[i])) / y.v;
    return z;
  }

  // Constants have overloads of their own because multiplying by known zeros is most of the work.
  template <class S>
  static constexpr bool is_constant = std::is_arithmetic_v<S> || std::same_as<S, T>;

  template <class S>
  requires is_constant<S>
  friend constexpr dual operator+(dual x, S c) noexcept {
    x.v = x.v + T(c);
    return x;
  }
  template <class S>
  requires is_constant<S>
  friend constexpr dual operator+(S c, const dual& x) noexcept { return x + c; }
  template <class S>
  requires is_constant<S>
  friend constexpr dual operator-(dual x, S c) noexcept {
    x.v = x.v - T(c);
    return x;
  }
  template <class S>
  requires is_constant<S>
  friend constexpr dual operator-(S c, const dual& x) noexcept { return -x + c; }
  template <class S>
  requires is_constant<S>
  friend constexpr dual operator*(dual x, S c) noexcept {
    x.v = x.v * T(c);
    for (T& d : x.g)
      d = d * T(c);
    for (T& d : x.h)
      d = d * T(c);
    return x;
  }
  template <class S>
  requires is_constant<S>
  friend constexpr dual operator*(S c, const dual& x) noexcept { return x * c; }
  template <class S>
  requires is_constant<S>
  friend constexpr dual operator/(dual x, S c) noexcept {
    x.v = x.v / T(c);
    for (T& d : x.g)
      d = d / T(c);
    for (T& d : x.h)
      d = d / T(c);
    return x;
  }
  template <class S>
  requires is_constant<S>
  friend constexpr dual operator/(S c, const dual& x) noexcept { return dual(c) / x; }

  template <class S>
  constexpr dual& operator+=(const S& y) noexcept {
    return *this = *this + y;
  }
  template <class S>
  constexpr dual& operator-=(const S& y) noexcept {
    return *this = *this - y;
  }
  template <class S>
  constexpr dual& operator*=(const S& y) noexcept {
    return *this = *this * y;
  }
  template <class S>
  constexpr dual& operator/=(const S& y) noexcept {
    return *this = *this / y;
  }

  friend constexpr bool operator==(const dual& x, const dual& y) noexcept { return x.v == y.v; }
  friend constexpr std::partial_ordering operator<=>(const dual& x, const dual& y) noexcept {
    return x.v <=> y.v;
  }
};

template <class T, std::size_t N>
[[nodiscard]] constexpr double value_of(const dual<T, N>& x) noexcept {
  return value_of(x.v);
}

template <class T, std::size_t N>
struct scalar_traits<dual<T, N>> {
  using base = T;
  static constexpr bool differentiates = true;
};

/// f(x) by the chain rule, given f, f' and f'' at the value of `x`.
template <class T, std::size_t N>
[[nodiscard]] constexpr dual<T, N> compose(const dual<T, N>& x, T f, T f1, T f2) noexcept {
  dual<T, N> y(f);
  for (std::size_t i = 0; i < N; ++i)
    y.g[i] = f1 * x.g[i];
  for (std::size_t i = 0, k = 0; i < N; ++i)
    for (std::size_t j = 0; j <= i; ++j, ++k)
      y.h[k] = f1 * x.h[k] + f2 * (x.g[i] * x.g[j]);
  return y;
}

template <class T, std::size_t N>
[[nodiscard]] dual<T, N> exp(const dual<T, N>& x) noexcept {
  const T e = exp(x.v);
  return compose(x, e, e, e);
}
template <class T, std::size_t N>
[[nodiscard]] dual<T, N> expm1(const dual<T, N>& x) noexcept {
  const T e = exp(x.v);
  return compose(x, T(expm1(x.v)), e, e);
}
template <class T, std::size_t N>
[[nodiscard]] dual<T, N> log(const dual<T, N>& x) noexcept {
  const T u = T(1.0) / x.v;
  return compose(x, T(log(x.v)), u, -(u * u));
}
template <class T, std::size_t N>
[[nodiscard]] dual<T, N> log1p(const dual<T, N>& x) noexcept {
  const T u = T(1.0) / (T(1.0) + x.v);
  return compose(x, T(log1p(x.v)), u, -(u * u));
}
template <class T, std::size_t N>
[[nodiscard]] dual<T, N> sqrt(const dual<T, N>& x) noexcept {
  const T s = sqrt(x.v);
  const T d = T(0.5) / s;
  return compose(x, s, d, T(-0.5) * (d / x.v));
}
template <class T, std::size_t N>
[[nodiscard]] dual<T, N> abs(const dual<T, N>& x) noexcept {
  return x.v < T(0.0) ? -x : x;
}
template <class T, std::size_t N>
[[nodiscard]] dual<T, N> lgamma(const dual<T, N>& x) noexcept {
  return compose(x, T(lgamma(x.v)), T(digamma(x.v)), T(trigamma(x.v)));
}

/// x to the power of a constant; also right where x is negative and the exponent whole.
template <class T, std::size_t N, class S>
requires(dual<T, N>::template is_constant<S>)
    [[nodiscard]] dual<T, N> pow(const dual<T, N>& x, S exponent) noexcept {
  const T n(exponent);
  const T f1 = n == T(0.0) ? T(0.0) : n * pow(x.v, n - T(1.0));
  const T f2 = n == T(0.0) || n == T(1.0) ? T(0.0) : n * ((n - T(1.0)) * pow(x.v, n - T(2.0)));
  return compose(x, T(pow(x.v, n)), f1, f2);
}
/// x to the power y for x > 0.
template <class T, std::size_t N>
[[nodiscard]] dual<T, N> pow(const dual<T, N>& x, const dual<T, N>& y) noexcept {
  const T p = pow(x.v, y.v);
  return compose(y * log(x), p, p, p);
}
template <class T, std::size_t N, class S>
requires(dual<T, N>::template is_constant<S>)
    [[nodiscard]] dual<T, N> pow(S base, const dual<T, N>& y) noexcept {
  const T p = pow(T(base), y.v);
  return compose(y * T(log(T(base))), p, p, p);
}

/// log(exp(x) + exp(y)). A term that is minus infinity adds nothing to the derivatives.
template <class T, std::size_t N>
[[nodiscard]] dual<T, N> log_add_exp(const dual<T, N>& x, const dual<T, N>& y) noexcept {
  const dual<T, N>& high = x.v > y.v ? x : y;
  const dual<T, N>& low = x.v > y.v ? y : x;
  const T e = high.v == low.v ? T(1.0) : exp(low.v - high.v);
  if (e == T(0.0))
    return high;
  const T share = T(1.0) / (T(1.0) + e); // of the larger term
  dual<T, N> z = high + compose(low - high, T(0.0), e * share, (e * share) * share);
  z.v = log_add_exp(x.v, y.v);
  return z;
}
template <class T, std::size_t N, class S>
requires(dual<T, N>::template is_constant<S>)
    [[nodiscard]] dual<T, N> log_add_exp(const dual<T, N>& x, S y) noexcept {
  return log_add_exp(x, dual<T, N>(y));
}
template <class T, std::size_t N, class S>
requires(dual<T, N>::template is_constant<S>)
    [[nodiscard]] dual<T, N> log_add_exp(S x, const dual<T, N>& y) noexcept {
  return log_add_exp(dual<T, N>(x), y);
}

namespace detail {
/// The second (else the third) derivative of digamma for x > 0, by recurrence and Stirling's series: needed
/// only for duals of digamma and trigamma.
template <class T>
[[nodiscard]] T digamma_derivative(bool second, T x) noexcept {
  T sum(0.0);
  for (int k = 0; k < 20 && value_of(x) < 16.0; ++k) {
    const T u = T(1.0) / x;
    const T u3 = (u * u) * u;
    sum = sum + (second ? T(-2.0) * u3 : T(6.0) * (u3 * u));
    x = x + T(1.0);
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
template <class T, std::size_t N>
[[nodiscard]] dual<T, N> digamma(const dual<T, N>& x) noexcept {
  return compose(x, T(digamma(x.v)), T(trigamma(x.v)), detail::digamma_derivative(true, x.v));
}
/// For x > 0.
template <class T, std::size_t N>
[[nodiscard]] dual<T, N> trigamma(const dual<T, N>& x) noexcept {
  return compose(x, T(trigamma(x.v)), detail::digamma_derivative(true, x.v),
                 detail::digamma_derivative(false, x.v));
}

} // namespace emptor::math
