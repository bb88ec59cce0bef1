// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <emptor/math/real.hpp>

namespace emptor::math {

/// The integral of f over [from, from + length] by Gauss and Legendre's rule of 12 points.
/// \tparam T  what f gives; `X`, of from and length, is what it takes
template <class T, class X, class F>
[[nodiscard]] EMPTOR_INLINE T gauss_legendre(const X& from, const X& length, const F& f) noexcept {
  constexpr double nodes[] = {0.12523340851146891547, 0.36783149899818019375, 0.5873179542866174473,
                              0.76990267419430468704, 0.90411725637047485668, 0.98156063424671925069};
  constexpr double weights[] = {0.249147045813402785,   0.23349253653835480876, 0.20316742672306592175,
                                0.16007832854334622633, 0.10693932599531843096, 0.047175336386511827195};
  const X half = 0.5 * length;
  const X middle = from + half;
  T sum(0.0);
  for (int i = 0; i < 12; ++i)
    sum = sum + f(X(middle + half * (i % 2 == 0 ? nodes[i / 2] : -nodes[i / 2]))) * weights[i / 2];
  return sum * half;
}

} // namespace emptor::math
