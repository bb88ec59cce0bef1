// SPDX-License-Identifier: BSL-1.0
// [readme]
#include <emptor/value/bg_nbd.hpp>
#include <iostream>

int main() {
  // The model as fitted to the orders of an online shop, in weeks.
  const emptor::value::bg_nbd_parameters<> shop{.r = 0.2426, .alpha = 4.4136, .a = 0.7929, .b = 2.4259};
  // A customer with 2 repeat orders; first to last order 30.43 weeks, first order 38.86 weeks ago.
  std::cout << "P(alive): " << emptor::value::probability_alive(shop, 2, 30.43, 38.86) << '\n';
  std::cout << "orders in the next 39 weeks: " << emptor::value::expected_orders(shop, 2, 30.43, 38.86, 39)
            << '\n';
}
// [readme]
