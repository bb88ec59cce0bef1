// SPDX-License-Identifier: BSL-1.0
// A rate per year is a number only together with its compounding.
#include <emptor/core/units.hpp>

int main() {
  const emptor::yearly_rate rate(0.1);
  const double value = rate.value();
  (void)value;
#ifdef EMPTOR_MUST_FAIL
  const double other = rate;
#endif
}
