#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# nightly_test.sh WORK TOOL_FOLDER C_PROGRAM: nightly.sh ends in the file that nightly.c ends in.
set -eu
script=$(cd "$(dirname "$0")" && pwd)/nightly.sh
rm -rf "$1"
mkdir -p "$1"
cd "$1"
PATH=$2:$PATH sh "$script"
"$3" c.emptor
cmp shop.emptor c.emptor
