// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <boost/math/special_functions/gamma.hpp>

#include "truth.hpp"

/// What hypergeometric.hpp computes, in many digits.
namespace emptor::testing {

/// The power series, where it ends in reasonable time.
[[nodiscard]] inline wide hypergeometric_series(const wide& b, const wide& d, const wide& z) {
  const wide c = b + d;
  wide sum = 1;
  wide term = 1;
  for (int n = 0; term > sum * 1e-45; ++n) {
    term *= (b + n) / (c + n) * z;
    sum += term;
  }
  return sum;
}
/// DLMF 15.8.4: the connection with series in w = 1 - z. A whole d is a removable singularity; there the
/// function is taken beside it, which costs 45 of the 100 digits.
[[nodiscard]] inline wide hypergeometric_connection(const wide& b, const wide& d, const wide& w) {
  const wide g = d - 1 + (d == floor(d) ? wide("1e-45") : wide(0));
  const wide c = b + g + 1;
  wide sum = 1;
  wide term = 1;
  for (int n = 0; n < g + 5 || abs(term) > abs(sum) * 1e-95; ++n) {
    term *= (b + n) * w / (n + 1 - g);
    sum += term;
    if (n > 500)
      break;
  }
  const wide gammas = lgamma(c) - lgamma(b);
  return (c - 1) / g * sum + exp(gammas + g * log(w) + (1 - c) * log(1 - w)) * tgamma(wide(-g));
}
/// 2F1(1, b; b + d; 1 - w). Where z is near 1 only b w (how far e^(-b w) cancels) limits the connection.
[[nodiscard]] inline wide hypergeometric_1b(const wide& b, const wide& d, const wide& w) {
  return w > 0.005 || b * w > 50 || d > 200 ? hypergeometric_series(b, d, 1 - w)
                                            : hypergeometric_connection(b, d, w);
}

} // namespace emptor::testing
