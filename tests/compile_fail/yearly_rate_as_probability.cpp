// SPDX-License-Identifier: BSL-1.0
// A rate per year is no probability.
#include <emptor/core/units.hpp>

int main() {
  const auto certain = [](emptor::probability p) { return p.value() == 1.0; };
  (void)certain(emptor::probability(0.5));
#ifdef EMPTOR_MUST_FAIL
  (void)certain(emptor::yearly_rate(0.5));
#endif
}
