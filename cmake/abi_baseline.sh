#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Writes capi/abi/libemptor.abi, which tests/abi compares every build with. Run it at a release, or while the ABI major is
# 0, and look at the difference before committing: what an old client relied on must not have changed.
set -eu
cd "$(dirname "$0")/.."
. cmake/abi.sh
cmake --preset default >/dev/null
cmake --build --preset default --target emptor_c
mkdir -p capi/abi
abi_write build/default/libemptor.so capi/include capi/abi/libemptor.abi
git diff --stat -- capi/abi
