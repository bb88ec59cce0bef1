// SPDX-License-Identifier: BSL-1.0
// A text becomes a currency only where somebody says so.
#include <emptor/core/money.hpp>

int main() {
  const emptor::money price(1, emptor::currency("CNY"));
  (void)price;
#ifdef EMPTOR_MUST_FAIL
  const emptor::money other(1, "CNY");
#endif
}
