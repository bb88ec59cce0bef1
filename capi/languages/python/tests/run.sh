#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# run.sh BUILD_DIR FILE DATA_DIR: runs a file of tests over the library and the tool of a build tree, in an environment of Python that is
# made for all builds once. 77 = skipped: it cannot be had here.
set -euo pipefail
build=$1 file=$2
export EMPTOR_DATA_DIR=${EMPTOR_DATA_DIR:-$3}
here=$(cd "$(dirname "$0")" && pwd)
root=$here/../../../..
python=$(bash "$root/cmake/python_venv.sh" "$root/build/venv/python" "$here/requirements.txt")
export EMPTOR_LIBRARY=$build/libemptor.so PYTHONDONTWRITEBYTECODE=1
[ ! -x "$build/emptor" ] || export EMPTOR_TOOL=$build/emptor
exec "$python" -m pytest -q -rs -p no:cacheprovider "$file"
