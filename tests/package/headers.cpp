// SPDX-License-Identifier: BSL-1.0
#include <emptor/core/date.hpp>

int main() {
  return emptor::parse_date("2026-11-22") && emptor::to_string(emptor::date{}) == "1970-01-01" ? 0 : 1;
}
