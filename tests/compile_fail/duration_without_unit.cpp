// SPDX-License-Identifier: BSL-1.0
// A length has a unit.
#include <emptor/core/units.hpp>

int main() {
  const emptor::duration length(39, emptor::time_unit::week);
  (void)length;
#ifdef EMPTOR_MUST_FAIL
  const emptor::duration other(39);
#endif
}
