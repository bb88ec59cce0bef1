#!/bin/sh
# SPDX-License-Identifier: BSL-1.0
# smoke_test.sh DIR [tool|all]: uses emptor as a machine has it that installed the packages. DIR holds score.c and emptor.cpp.
set -eu
dir=$1
emptor version
list=$(emptor list)
echo "$(printf '%s\n' "$list" | wc -l) entries"
example=$(emptor describe value.bg_nbd --example)
printf '%s\n' "$example" | tail -n 1
[ "${2:-all}" = all ] || exit 0

cc "$dir/score.c" -o "$dir/score" $(pkg-config --cflags --libs emptor-c)
said=$("$dir/score")
[ "$said" = "3 1" ] || { echo "the C example says $said, but must say 3 1"; exit 1; }
echo "C through pkg-config: 3 1, as the README says"
c++ -std=c++20 "$dir/emptor.cpp" -o "$dir/catalogue" $(pkg-config --cflags --libs emptor)
"$dir/catalogue"
echo "C++ through pkg-config: the catalogue is there"
python3 -c '
import emptor
print("Python:", emptor.__version__, emptor.value.pareto_nbd.__doc__.strip().splitlines()[0])'
