#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# arrow_peers.sh BUILD_DIR: pyarrow, polars, nanoarrow and DuckDB send rows, and read what emptor makes   77 = skipped
set -euo pipefail
build=$(cd "$1" && pwd)
cd "$(dirname "$0")"
[ -e "$build/libemptor.so" ] || { echo "skipped: no C library is built here yet"; exit 77; }
python=$(bash ../../../cmake/python_venv.sh "$build/python/arrow_peers" requirements.txt)
EMPTOR_LIBRARY=$build/libemptor.so PYTHONDONTWRITEBYTECODE=1 exec "$python" arrow_peers_test.py
