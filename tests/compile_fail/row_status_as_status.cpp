// SPDX-License-Identifier: BSL-1.0
// Why a row has no number is not how a call ended.
#include <emptor/core/status.hpp>

int main() {
  const emptor::row_status why = emptor::row_status::missing;
  (void)(why == emptor::row_status::ok);
#ifdef EMPTOR_MUST_FAIL
  (void)(why == emptor::status::ok);
#endif
}
