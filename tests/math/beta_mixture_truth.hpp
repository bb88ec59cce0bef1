// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>

#include "truth.hpp"

/// What beta_mixture.hpp computes, in many digits: with the oracles of its tests.
namespace emptor::testing {

/// Euler's transform of the definitions, whose cancellation 100 digits bear.
inline wide events_by_series(const wide& a, const wide& b, const wide& shape, const wide& w) {
  const wide z = w / (1 + w);
  const wide excess = a + b - 1 - shape;
  const wide length = log1p(w);
  wide term = excess * z;
  wide sum = term;
  for (int n = 1; abs(term) > abs(sum) * 1e-60 || n < 2 - excess; ++n) {
    term *= (a + n - 1) * (excess + n) * z / ((a + b + n - 1) * (n + 1));
    sum += term;
  }
  const wide one_minus_a = 1 - a;
  const wide head = one_minus_a == 0 ? length : wide(expm1(wide(one_minus_a * length)) / one_minus_a);
  return (a + b - 1) * head - exp(one_minus_a * length) * sum;
}
inline wide survival_by_series(const wide& a, const wide& b, const wide& shape, const wide& w) {
  const wide z = w / (1 + w);
  const wide B = a + b - shape;
  wide term = 1;
  wide sum = 1;
  for (int n = 0; abs(term) > abs(sum) * 1e-60 || n < 2 - B; ++n) {
    term *= (a + n) * (B + n) * z / ((a + b + n) * (n + 1));
    sum += term;
  }
  return exp(-a * log1p(w)) * sum;
}

/// The definitions by the trapezoid rule in log(p / (1 - p)), after an integration by parts that makes both ends
/// fall. For points where the series would be too long.
template <class F>
half beta_mean(const half& a, const half& b, double shape, double w, const F& f) {
  const half at_one = f(half(1), half(0));
  const double curvature = static_cast<double>(half((a + 1) * (b + 1) / (a + b + 2)));
  const double step = std::fmin(0.12, 0.35 / std::sqrt(curvature));
  const double mode = std::log(static_cast<double>(half((a + 1) / (b + 1))));
  const double edge = -std::log(w * std::fmax(shape, 1.0)) - 3.0;
  half top = 0;
  half bottom = 0;
  const auto add = [&](int k) {
    const half e = exp(half(mode + k * step));
    const half q = 1 / (1 + e);
    const half p = e * q;
    const half weight = exp((a + 1) * log(p) + b * log(q));
    const half t = weight * (f(p, q) - at_one);
    top += t;
    bottom += weight * q;
    return t < top * 1e-22 && weight * q < bottom * 1e-22;
  };
  for (int k = 0; !add(k); ++k) {
  }
  for (int k = -1; !add(k) || mode + k * step > edge; --k) {
  }
  return at_one + b / (a + b + 1) * top / bottom;
}
inline half events_by_quadrature(const half& a, const half& b, const half& shape, const half& w) {
  return beta_mean(
      a, b, static_cast<double>(shape), static_cast<double>(w), [&](const half& p, const half& q) {
        const half u = p * w;
        const half stay = exp(-shape * log1p(u));
        return half((1 - stay) / p + q / (a + b) * (1 - stay * (1 + (shape + 1) * u) / (1 + u)) / (p * p));
      });
}
inline half survival_by_quadrature(const half& a, const half& b, const half& shape, const half& w) {
  return beta_mean(a, b, static_cast<double>(shape), static_cast<double>(w),
                   [&](const half& p, const half& q) {
                     const half u = p * w;
                     return half(exp(-shape * log1p(u)) * (1 + q / (a + b) * shape * w / (1 + u)));
                   });
}

} // namespace emptor::testing
