// SPDX-License-Identifier: BSL-1.0
// A sum of probabilities need not be one.
#include <emptor/core/units.hpp>

int main() {
  const emptor::probability half(0.5);
  (void)(half < half);
#ifdef EMPTOR_MUST_FAIL
  (void)(half + half);
#endif
}
