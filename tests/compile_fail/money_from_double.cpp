// SPDX-License-Identifier: BSL-1.0
// An amount is whole minor units of a named currency, never a bare number.
#include <emptor/core/money.hpp>

int main() {
  emptor::money price(1205, emptor::currency());
  price = emptor::money(1, price.of());
#ifdef EMPTOR_MUST_FAIL
  price = 12.05;
#endif
}
