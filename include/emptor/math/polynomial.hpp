// SPDX-License-Identifier: BSL-1.0
#pragma once

#include <cstddef>

#include <emptor/math/real.hpp>

namespace emptor::math::detail {

/// c[First] + c[First + Step] x + c[First + 2 Step] x^2 + ...
template <std::size_t First, std::size_t Step, class T, std::size_t N>
[[nodiscard]] EMPTOR_INLINE T horner(T x, const double (&c)[N]) noexcept {
  if constexpr (First + Step >= N)
    return T(c[First]);
  else
    return T(c[First]) + x * horner<First + Step, Step>(x, c);
}

/// c[0] + c[1] x + c[2] x^2 + ... in a fixed order of operations: long ones as two halves side by side, because
/// one chain would wait for itself.
template <class T, std::size_t N>
[[nodiscard]] EMPTOR_INLINE T polynomial(T x, const double (&c)[N]) noexcept {
  if constexpr (N <= 4) {
    return horner<0, 1>(x, c);
  } else {
    const T square = x * x;
    return horner<0, 2>(square, c) + x * horner<1, 2>(square, c);
  }
}

} // namespace emptor::math::detail
