#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# bash cmake/test.sh [--all]: builds everything with warnings as errors into build/dev and runs the quick tests, or all.
tests=dev long=OFF
case ${1:-} in
  --all) tests=dev-all long=ON ;;
  "") ;;
  *) echo "usage: test.sh [--all]" >&2; exit 2 ;;
esac
set --
. "$(dirname "$0")/setup.sh" build test
step "Configuring build/dev" cmake --preset dev -DEMPTOR_LONG_TESTS=$long
step "Building build/dev (several minutes the first time)" cmake --build --preset dev
ctest --preset "$tests" -j "$(nproc)"
