// SPDX-License-Identifier: BSL-1.0
// A number becomes a date only through date_from_days.
#include <emptor/core/date.hpp>

int main() {
  emptor::date day = emptor::date_from_days(1);
  (void)day;
#ifdef EMPTOR_MUST_FAIL
  day = 20000;
#endif
}
