// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cmath>

#include <boost/math/special_functions/gamma.hpp>

#include "truth.hpp"

/// What exponential_integral.hpp computes, in many digits.
namespace emptor::testing {

/// e^z E_s(z): the asymptotic-like fraction of DLMF 8.19.17 from the tail, or the series of DLMF 8.19.10, beside
/// whole s where that has a removable singularity.
[[nodiscard]] inline wide scaled_truth(wide s, const wide& z) {
  if (z > 0.5) {
    wide f = 0;
    for (int n = static_cast<int>(1200 / std::sqrt(static_cast<double>(z < 1e6 ? z : wide(1e6)))) + 20; n > 0;
         --n)
      f = n / (z + (s + n) / (1 + f));
    return 1 / (z + s / (1 + f));
  }
  if (s == floor(s))
    s += wide("1e-45");
  wide sum = 0;
  wide term = 1;
  for (int n = 0; n < s + 3 || abs(term) > 1e-98; ++n) {
    sum += term / (n - s + 1);
    term *= -z / (n + 1);
    if (n > 150)
      break;
  }
  return exp(z) * (tgamma(wide(1 - s)) * pow(z, wide(s - 1)) - sum);
}
/// Its part up to a finite limit: see exponential_integral::partial.
[[nodiscard]] inline wide partial_truth(const wide& s, const wide& z, const wide& end) {
  const wide length = log1p(end);
  if (z * (1 + end) > 1)
    return scaled_truth(s, z) - exp(-z * end - (s - 1) * length) * scaled_truth(s, wide(z * (1 + end)));
  wide sum = 0;
  wide factor = exp(z);
  for (int n = 0; n < 70; ++n) {
    const wide rate = n + 1 - s;
    sum += factor * (rate == 0 ? length : wide(expm1(wide(rate * length)) / rate));
    factor *= -z / (n + 1);
  }
  return sum;
}

} // namespace emptor::testing
