#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# smoke_test.sh DIR [tool|all]: uses emptor as a machine has it that installed the packages. DIR holds score.c and emptor.cpp.
set -eu
dir=$1
emptor version
emptor list | grep -c . | sed 's/$/ entries/'
emptor describe value.bg_nbd --example | tail -n 1
[ "${2:-all}" = all ] || exit 0

cc "$dir/score.c" -o "$dir/score" $(pkg-config --cflags --libs emptor-c)
[ "$("$dir/score")" = "3 1" ] && echo "C through pkg-config: 3 1, as the README says"
c++ -std=c++20 "$dir/emptor.cpp" -o "$dir/catalogue" $(pkg-config --cflags --libs emptor)
"$dir/catalogue" && echo "C++ through pkg-config: the catalogue is there"
python3 -c '
import emptor
print("Python:", emptor.__version__, emptor.value.pareto_nbd.__doc__.strip().splitlines()[0])'
