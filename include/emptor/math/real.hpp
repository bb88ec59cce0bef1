// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <compare>
#include <concepts>
#include <type_traits>

#if defined(__FAST_MATH__)
#error "emptor promises the same bits everywhere; -ffast-math breaks that promise"
#endif

namespace emptor::math {

/// One double whose arithmetic no compiler flag can change: a product is rounded before it meets a sum, also
/// where the target has fused multiply-add and the flags ask for it.
class real {
public:
  constexpr real() noexcept = default;
  constexpr real(double v) noexcept
      : v_(v) {}
  template <std::integral I>
  requires(!std::same_as<I, bool>) constexpr real(I v) noexcept
      : v_(static_cast<double>(v)) {}

  [[nodiscard]] constexpr explicit operator double() const noexcept { return v_; }

  friend constexpr real operator+(real x) noexcept { return x; }
  friend constexpr real operator-(real x) noexcept { return real(-x.v_); }
  friend constexpr real operator+(real x, real y) noexcept { return real(x.v_ + y.v_); }
  friend constexpr real operator-(real x, real y) noexcept { return real(x.v_ - y.v_); }
  friend constexpr real operator*(real x, real y) noexcept { return real(product(x.v_, y.v_)); }
  friend constexpr real operator/(real x, real y) noexcept { return real(x.v_ / y.v_); }

  constexpr real& operator+=(real y) noexcept { return *this = *this + y; }
  constexpr real& operator-=(real y) noexcept { return *this = *this - y; }
  constexpr real& operator*=(real y) noexcept { return *this = *this * y; }
  constexpr real& operator/=(real y) noexcept { return *this = *this / y; }

  friend constexpr bool operator==(real x, real y) noexcept { return x.v_ == y.v_; }
  friend constexpr std::partial_ordering operator<=>(real x, real y) noexcept { return x.v_ <=> y.v_; }

private:
  static constexpr double product(double x, double y) noexcept {
#if defined(__clang__)
#pragma STDC FP_CONTRACT OFF
    return x * y;
#elif defined(__GNUC__) && __GNUC__ >= 12
    // GCC ignores the standard pragma; the barrier is what keeps it from fusing the product with a later sum.
    if (std::is_constant_evaluated())
      return x * y;
    return __builtin_assoc_barrier(x * y);
#else
    return x * y;
#endif
  }

  double v_ = 0.0;
};

/// The number itself, without its derivatives: what decisions are taken on.
[[nodiscard]] constexpr double value_of(double x) noexcept {
  return x;
}
[[nodiscard]] constexpr double value_of(real x) noexcept {
  return static_cast<double>(x);
}

/// What a formula over the scalar `T` takes as plain data: `T` itself, but for a dual number its component.
template <class T>
struct scalar_traits {
  using base = T;
  static constexpr bool differentiates = false;
};
template <class T>
using base_t = typename scalar_traits<T>::base;

} // namespace emptor::math
