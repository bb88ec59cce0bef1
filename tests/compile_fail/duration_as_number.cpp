// SPDX-License-Identifier: BSL-1.0
// A length is a number only in a unit that is named.
#include <emptor/core/units.hpp>

int main() {
  const emptor::duration length(39, emptor::time_unit::week);
  const double weeks = length.in(emptor::time_unit::week);
  (void)weeks;
#ifdef EMPTOR_MUST_FAIL
  const double count = length;
#endif
}
