/* SPDX-License-Identifier: BSL-1.0 */
#include <emptor.h>
#include <stdio.h>

int main(void) {
  return printf("emptor %s\n", emptor_version()) > 7 ? 0 : 1;
}
