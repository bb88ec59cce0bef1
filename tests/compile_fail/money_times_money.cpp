// SPDX-License-Identifier: BSL-1.0
// Two amounts have no product.
#include <emptor/core/money.hpp>

int main() {
  emptor::money price(1205, emptor::currency("CNY"));
  price = price - price;
#ifdef EMPTOR_MUST_FAIL
  price = price * price;
#endif
}
