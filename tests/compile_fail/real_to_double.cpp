// SPDX-License-Identifier: BSL-1.0
// A real turns into a double only by value_of, so that no product can be fused on the way.
#include <emptor/math/real.hpp>

int main() {
  const emptor::math::real x(0.5);
  const double plain = emptor::math::value_of(x);
  (void)plain;
#ifdef EMPTOR_MUST_FAIL
  const double other = x;
#endif
}
