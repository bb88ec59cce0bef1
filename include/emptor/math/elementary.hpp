// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>
#include <limits>

#include <boost/math/policies/policy.hpp>
#include <boost/math/special_functions/digamma.hpp>
#include <boost/math/special_functions/gamma.hpp>
#include <boost/math/special_functions/trigamma.hpp>

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

inline constexpr double infinity = std::numeric_limits<double>::infinity();
inline constexpr double not_a_number = std::numeric_limits<double>::quiet_NaN();

/// Where |x| is so large that a double has no fraction, the reflection formulas have nothing to say.
inline constexpr double largest_with_fraction = 4503599627370496.0;
} // namespace detail

[[nodiscard]] inline double exp(double x) noexcept {
  return std::exp(x);
}
[[nodiscard]] inline double log(double x) noexcept {
  return std::log(x);
}
[[nodiscard]] inline double log1p(double x) noexcept {
  return std::log1p(x);
}
[[nodiscard]] inline double expm1(double x) noexcept {
  return std::expm1(x);
}
[[nodiscard]] inline double pow(double x, double y) noexcept {
  return std::pow(x, y);
}
[[nodiscard]] inline double sqrt(double x) noexcept {
  return std::sqrt(x);
}
[[nodiscard]] inline double abs(double x) noexcept {
  return std::fabs(x);
}

/// log |Gamma(x)|; plus infinity at the poles 0, -1, -2, ...
[[nodiscard]] inline double lgamma(double x) noexcept {
  if (std::isnan(x))
    return detail::not_a_number;
  if (std::isinf(x) || (x <= 0.0 && std::floor(x) == x))
    return detail::infinity;
  return boost::math::lgamma(x, detail::silent_policy());
}
/// The derivative of log Gamma; NaN at the poles.
[[nodiscard]] inline double digamma(double x) noexcept {
  if (!(x > -detail::largest_with_fraction) || (x <= 0.0 && std::floor(x) == x))
    return detail::not_a_number;
  return std::isinf(x) ? x : boost::math::digamma(x, detail::silent_policy());
}
/// The second derivative of log Gamma; plus infinity at the poles.
[[nodiscard]] inline double trigamma(double x) noexcept {
  if (std::isnan(x))
    return detail::not_a_number;
  if (x <= -detail::largest_with_fraction || (x <= 0.0 && std::floor(x) == x))
    return detail::infinity;
  return std::isinf(x) ? 0.0 : boost::math::trigamma(x, detail::silent_policy());
}

[[nodiscard]] inline real exp(real x) noexcept {
  return exp(value_of(x));
}
[[nodiscard]] inline real log(real x) noexcept {
  return log(value_of(x));
}
[[nodiscard]] inline real log1p(real x) noexcept {
  return log1p(value_of(x));
}
[[nodiscard]] inline real expm1(real x) noexcept {
  return expm1(value_of(x));
}
[[nodiscard]] inline real pow(real x, real y) noexcept {
  return pow(value_of(x), value_of(y));
}
[[nodiscard]] inline real sqrt(real x) noexcept {
  return sqrt(value_of(x));
}
[[nodiscard]] inline real abs(real x) noexcept {
  return abs(value_of(x));
}
[[nodiscard]] inline real lgamma(real x) noexcept {
  return lgamma(value_of(x));
}
[[nodiscard]] inline real digamma(real x) noexcept {
  return digamma(value_of(x));
}
[[nodiscard]] inline real trigamma(real x) noexcept {
  return trigamma(value_of(x));
}

/// log(exp(x) + exp(y)) without overflow or underflow; minus infinity stands for a probability of zero.
[[nodiscard]] inline real log_add_exp(real x, real y) noexcept {
  const real high = x > y ? x : y;
  const real low = x > y ? y : x;
  // Equal infinities would give infinity minus infinity.
  if (high == low)
    return high + log(real(2.0));
  return high + log1p(exp(low - high));
}
[[nodiscard]] inline double log_add_exp(double x, double y) noexcept {
  return value_of(log_add_exp(real(x), real(y)));
}

} // namespace emptor::math
