// SPDX-License-Identifier: BSL-1.0
// The currency of an amount cannot be forgotten.
#include <emptor/core/money.hpp>

int main() {
  emptor::money price(1205, emptor::currency("CNY"));
  (void)price;
#ifdef EMPTOR_MUST_FAIL
  emptor::money other(1205);
#endif
}
