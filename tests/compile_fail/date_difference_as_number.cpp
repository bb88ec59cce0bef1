// SPDX-License-Identifier: BSL-1.0
// The difference of two days is a length, never a number.
#include <emptor/core/date.hpp>

int main() {
  const emptor::date day = emptor::date_from_days(1);
  const std::chrono::days length = day - day;
  (void)length;
#ifdef EMPTOR_MUST_FAIL
  const double count = day - day;
#endif
}
