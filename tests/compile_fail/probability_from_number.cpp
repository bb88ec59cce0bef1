// SPDX-License-Identifier: BSL-1.0
// A number becomes a probability only where somebody says so.
#include <emptor/core/units.hpp>

int main() {
  const auto twice = [](emptor::probability p) { return 2 * p.value(); };
  (void)twice(emptor::probability(0.5));
#ifdef EMPTOR_MUST_FAIL
  (void)twice(0.5);
#endif
}
