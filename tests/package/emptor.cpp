// SPDX-License-Identifier: BSL-1.0
#include <emptor/catalogue.hpp>

int main() {
  return emptor::catalogue().empty() ? 1 : 0;
}
