// SPDX-License-Identifier: BSL-1.0
// A status is no number, and no truth value.
#include <emptor/core/status.hpp>

int main() {
  const emptor::status code = emptor::status::ok;
  (void)(code == emptor::status::ok);
#ifdef EMPTOR_MUST_FAIL
  const bool fine = code;
#endif
}
