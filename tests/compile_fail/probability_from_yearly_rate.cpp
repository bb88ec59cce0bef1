// SPDX-License-Identifier: BSL-1.0
// A probability is not made from a rate.
#include <emptor/core/units.hpp>

int main() {
  const emptor::yearly_rate rate(0.1);
  const emptor::probability half(0.5);
  (void)rate, (void)half;
#ifdef EMPTOR_MUST_FAIL
  const emptor::probability other(rate);
#endif
}
