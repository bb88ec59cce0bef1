// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>

#include <boost/math/policies/policy.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>

#include <emptor/math/pack.hpp>
#include <emptor/math/real.hpp>

/// The only place from which a result of the library may take an elementary function: the C library's give
/// other bits on other machines, so all bodies below can be exchanged here at once.
namespace emptor::math {

namespace detail {
namespace bmp = boost::math::policies;
using silent_policy =
    bmp::policy<bmp::domain_error<bmp::ignore_error>, bmp::pole_error<bmp::ignore_error>,
                bmp::overflow_error<bmp::ignore_error>, bmp::underflow_error<bmp::ignore_error>,
                bmp::denorm_error<bmp::ignore_error>, bmp::evaluation_error<bmp::ignore_error>,
                bmp::rounding_error<bmp::ignore_error>, bmp::indeterminate_result_error<bmp::ignore_error>,
                bmp::promote_double<false>, bmp::promote_float<false>>;

/// Where |x| is so large that a double has no fraction, the reflection formulas have nothing to say.
inline constexpr double largest_with_fraction = 4503599627370496.0;
} // namespace detail

[[nodiscard]] EMPTOR_INLINE double exp(double x) noexcept {
  return std::exp(x);
}
[[nodiscard]] EMPTOR_INLINE double log(double x) noexcept {
  return std::log(x);
}
[[nodiscard]] EMPTOR_INLINE double log1p(double x) noexcept {
  return std::log1p(x);
}
[[nodiscard]] EMPTOR_INLINE double expm1(double x) noexcept {
  return std::expm1(x);
}
[[nodiscard]] EMPTOR_INLINE double pow(double x, double y) noexcept {
  return std::pow(x, y);
}

/// log |Gamma(x)|; plus infinity at the poles 0, -1, -2, ...
[[nodiscard]] EMPTOR_INLINE double lgamma(double x) noexcept {
  if (std::isnan(x))
    return detail::not_a_number;
  if (std::isinf(x) || (x <= 0.0 && std::floor(x) == x))
    return detail::infinity;
  return boost::math::lgamma(x, detail::silent_policy());
}
/// The derivative of log Gamma; NaN at the poles.
[[nodiscard]] EMPTOR_INLINE double digamma(double x) noexcept {
  if (!(x > -detail::largest_with_fraction) || (x <= 0.0 && std::floor(x) == x))
    return detail::not_a_number;
  return std::isinf(x) ? x : boost::math::digamma(x, detail::silent_policy());
}
/// The second derivative of log Gamma; plus infinity at the poles.
[[nodiscard]] EMPTOR_INLINE double trigamma(double x) noexcept {
  if (std::isnan(x))
    return detail::not_a_number;
  if (x <= -detail::largest_with_fraction || (x <= 0.0 && std::floor(x) == x))
    return detail::infinity;
  return std::isinf(x) ? 0.0 : boost::math::trigamma(x, detail::silent_policy());
}

[[nodiscard]] EMPTOR_INLINE real exp(real x) noexcept {
  return exp(value_of(x));
}
template <class Isa>
[[nodiscard]] EMPTOR_INLINE pack<Isa> exp(const pack<Isa>& x) noexcept {
  return lanewise(
      mask_true<pack<Isa>>(), [](real y) { return exp(y); }, x);
}
[[nodiscard]] EMPTOR_INLINE real log(real x) noexcept {
  return log(value_of(x));
}
template <class Isa>
[[nodiscard]] EMPTOR_INLINE pack<Isa> log(const pack<Isa>& x) noexcept {
  return lanewise(
      mask_true<pack<Isa>>(), [](real y) { return log(y); }, x);
}
[[nodiscard]] EMPTOR_INLINE real log1p(real x) noexcept {
  return log1p(value_of(x));
}
template <class Isa>
[[nodiscard]] EMPTOR_INLINE pack<Isa> log1p(const pack<Isa>& x) noexcept {
  return lanewise(
      mask_true<pack<Isa>>(), [](real y) { return log1p(y); }, x);
}
[[nodiscard]] EMPTOR_INLINE real expm1(real x) noexcept {
  return expm1(value_of(x));
}
template <class Isa>
[[nodiscard]] EMPTOR_INLINE pack<Isa> expm1(const pack<Isa>& x) noexcept {
  return lanewise(
      mask_true<pack<Isa>>(), [](real y) { return expm1(y); }, x);
}
[[nodiscard]] EMPTOR_INLINE real lgamma(real x) noexcept {
  return lgamma(value_of(x));
}
template <class Isa>
[[nodiscard]] EMPTOR_INLINE pack<Isa> lgamma(const pack<Isa>& x) noexcept {
  return lanewise(
      mask_true<pack<Isa>>(), [](real y) { return lgamma(y); }, x);
}
[[nodiscard]] EMPTOR_INLINE real digamma(real x) noexcept {
  return digamma(value_of(x));
}
template <class Isa>
[[nodiscard]] EMPTOR_INLINE pack<Isa> digamma(const pack<Isa>& x) noexcept {
  return lanewise(
      mask_true<pack<Isa>>(), [](real y) { return digamma(y); }, x);
}
[[nodiscard]] EMPTOR_INLINE real trigamma(real x) noexcept {
  return trigamma(value_of(x));
}
template <class Isa>
[[nodiscard]] EMPTOR_INLINE pack<Isa> trigamma(const pack<Isa>& x) noexcept {
  return lanewise(
      mask_true<pack<Isa>>(), [](real y) { return trigamma(y); }, x);
}

namespace detail {
/// The scalar of a function of two plain scalars, one of which may be a number.
template <class X, class Y>
struct common {};
template <class X, class Y>
requires(plain_scalar<X>&& std::is_convertible_v<Y, X>) struct common<X, Y> {
  using type = X;
};
template <class X, class Y>
requires(plain_scalar<Y>&& std::is_convertible_v<X, Y> && !std::is_convertible_v<Y, X>) struct common<X, Y> {
  using type = Y;
};
} // namespace detail
template <class X, class Y>
using common_t = typename detail::common<X, Y>::type;

[[nodiscard]] EMPTOR_INLINE real pow_of(real x, real y) noexcept {
  return pow(value_of(x), value_of(y));
}
template <class Isa>
[[nodiscard]] EMPTOR_INLINE pack<Isa> pow_of(pack<Isa> x, pack<Isa> y) noexcept {
  return lanewise(
      mask_true<pack<Isa>>(), [](real u, real v) { return pow_of(u, v); }, x, y);
}
template <class X, class Y>
[[nodiscard]] EMPTOR_INLINE common_t<X, Y> pow(X x, Y y) noexcept {
  return pow_of(common_t<X, Y>(x), common_t<X, Y>(y));
}

/// log(exp(x) + exp(y)) without overflow or underflow; minus infinity stands for a probability of zero.
template <class X, class Y>
[[nodiscard]] EMPTOR_INLINE common_t<X, Y> log_add_exp(X x, Y y) noexcept {
  using T = common_t<X, Y>;
  const T first(x);
  const T second(y);
  const T high = max(first, second);
  const T low = select(first > second, second, first);
  // Equal infinities would give infinity minus infinity.
  const T difference = select(high == low, T(0.0), low - high);
  return high + log1p(exp(difference));
}
[[nodiscard]] EMPTOR_INLINE double log_add_exp(double x, double y) noexcept {
  return value_of(log_add_exp(real(x), real(y)));
}

} // namespace emptor::math
