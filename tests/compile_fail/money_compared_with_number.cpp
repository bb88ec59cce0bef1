// SPDX-License-Identifier: BSL-1.0
// An amount is compared with amounts only.
#include <emptor/core/money.hpp>

int main() {
  const emptor::money price(1205, emptor::currency("CNY"));
  (void)(price == price);
#ifdef EMPTOR_MUST_FAIL
  (void)(price == 1205);
#endif
}
