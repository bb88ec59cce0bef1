// SPDX-License-Identifier: BSL-1.0
// Two days have a difference, never a sum.
#include <emptor/core/date.hpp>

int main() {
  const emptor::date day = emptor::date_from_days(1);
  (void)(day - day);
#ifdef EMPTOR_MUST_FAIL
  (void)(day + day);
#endif
}
