#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Compares emptor with other packages on the same rows and prints Markdown; bench/README.md tells what it
# shows. Everything it makes is in build/peers: the library, an environment with the peers in the versions of
# requirements.txt, the rows.
# Use: bash bench/peers/run.sh [MOST_ROWS]     (default 10000000; fewer for a quick look)
# Exit status: 0 done, 1 a peer is missing or the results differ.
most_rows=${1:-10000000}
. "$(dirname "${BASH_SOURCE[0]}")/../../cmake/setup.sh" build bench >&2

library=build/peers/library
python=build/peers/environment/bin/python
prepare() {
  cmake --preset release -B $library -DEMPTOR_TESTS=OFF -DEMPTOR_TOOL=OFF
  cmake --build $library --target emptor_c bench_value bench_peer_data
}
environment() { [ -x $python ] || python3 -m venv build/peers/environment; }
# Each on its own, so that one that does not install leaves the others; compare.py tells of it.
install_peer() { $python -m pip install --quiet --constraint bench/peers/requirements.txt "$@"; }

step "Building the library in $library" prepare >&2
step "Making an environment for the peers" environment >&2
for names in "numpy pandas" lifetimes polars duckdb; do
  install_peer $names >&2 || echo "bench/peers: $names cannot be installed" >&2
done
step "Writing up to $most_rows rows" $library/bench/peer_data build/peers/data "$most_rows" >&2
export POLARS_MAX_THREADS=1 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1
EMPTOR_LIBRARY=$library/libemptor.so EMPTOR_BENCH=$library/bench/value $python bench/peers/compare.py build/peers/data "$most_rows"
