// SPDX-License-Identifier: BSL-1.0
// A number has no unit: days are added as days.
#include <emptor/core/date.hpp>

int main() {
  emptor::date day = emptor::date_from_days(1);
  day += std::chrono::days{30};
#ifdef EMPTOR_MUST_FAIL
  day += 30;
#endif
}
