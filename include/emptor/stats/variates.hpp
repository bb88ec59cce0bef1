// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/core/random.hpp>
#include <emptor/math/elementary.hpp>
#include <emptor/math/real.hpp>

/// Random variates from a stream: by inversion, or by rejection that is exact (not approximate) however long it
/// takes. Same stream, same bits on every machine.
namespace emptor::stats {

/// Exponential with mean 1, by inversion.
[[nodiscard]] inline double exponential_variate(random_stream& stream) noexcept {
  return -math::log(stream.uniform());
}

/// Normal with mean 0 and variance 1, by the polar method (Marsaglia and Bray 1964).
[[nodiscard]] inline double normal_variate(random_stream& stream) noexcept {
  using math::real;
  for (;;) {
    const real x = 2.0 * real(stream.uniform()) - 1.0;
    const real y = 2.0 * real(stream.uniform()) - 1.0;
    const real square = x * x + y * y;
    if (square < real(1.0))
      return math::value_of(x * sqrt(-2.0 * log(square) / square));
  }
}

/// The log of a Gamma variate with scale 1 (Marsaglia and Tsang, A simple method for generating gamma variables,
/// ACM TOMS 26, 2000): the log, because for a small shape the variate itself is often below the smallest number.
/// \param shape  > 0
[[nodiscard]] inline double log_gamma_variate(double shape, random_stream& stream) noexcept {
  using math::real;
  const bool small = shape < 1.0;
  const real boost = small ? log(real(stream.uniform())) / shape : real(0.0);
  const real d = real(small ? shape + 1.0 : shape) - 1.0 / 3.0;
  const real c = 1.0 / sqrt(9.0 * d);
  for (;;) {
    const real x(normal_variate(stream));
    const real root = 1.0 + c * x;
    if (!(root > real(0.0)))
      continue;
    const real v = root * root * root;
    if (log(real(stream.uniform())) < 0.5 * (x * x) + d * ((1.0 - v) + log(v)))
      return math::value_of(log(d * v) + boost);
  }
}

[[nodiscard]] inline double gamma_variate(double shape, random_stream& stream) noexcept {
  return math::exp(log_gamma_variate(shape, stream));
}

/// Beta variate, from two Gamma variates. \param a,b  > 0
[[nodiscard]] inline double beta_variate(double a, double b, random_stream& stream) noexcept {
  const double x = log_gamma_variate(a, stream);
  const double y = log_gamma_variate(b, stream);
  return math::value_of(1.0 / (1.0 + exp(math::real(y - x))));
}

} // namespace emptor::stats
