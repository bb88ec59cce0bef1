// SPDX-License-Identifier: BSL-1.0
// A number becomes a rate per year only where somebody says so.
#include <emptor/core/units.hpp>

int main() {
  const auto discount = [](emptor::yearly_rate rate) { return 1 / (1 + rate.value()); };
  (void)discount(emptor::yearly_rate(0.1));
#ifdef EMPTOR_MUST_FAIL
  (void)discount(0.1);
#endif
}
