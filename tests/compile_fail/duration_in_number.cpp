// SPDX-License-Identifier: BSL-1.0
// The unit of a length is a time_unit, never a number of days.
#include <emptor/core/units.hpp>

int main() {
  const emptor::duration length(39, emptor::time_unit::week);
  (void)length;
#ifdef EMPTOR_MUST_FAIL
  const emptor::duration other(39, 7);
#endif
}
