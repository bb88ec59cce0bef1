// SPDX-License-Identifier: BSL-1.0
// A number is no amount: it has no currency.
#include <emptor/core/money.hpp>

int main() {
  emptor::money price(1205, emptor::currency("CNY"));
  price = price + price;
#ifdef EMPTOR_MUST_FAIL
  price = price + 100;
#endif
}
