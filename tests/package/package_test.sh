#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# package_test.sh BUILD_DIR install | pkg_config TARGET | find_package|add_subdirectory|fetch_content TARGET
# Builds one small user of emptor against the tree that `install` made, or against the sources, and runs it. Unoptimised, and
# from the sources with the kernels of one instruction set: that compiles in a third of the time, and what is tried here is
# only whether it builds, links and runs.
# 77 = skipped: what it needs is not built here.
set -eu
build=$1 from=$2 target=${3:-}
here=$(cd "$(dirname "$0")" && pwd)
prefix=$build/package/prefix
work=$build/package/$from-$target
lib() { find "$prefix" -name "$1" -print -quit; }

if [ "$from" = install ]; then
  rm -rf "$build/package"
  cmake --install "$build" --prefix "$prefix" >/dev/null
  exit 0
fi
case $target in
  emptor) [ -n "$(lib libemptor_cxx.a)" ] || { echo "skipped: no compiled library yet"; exit 77; } ;;
  c*) [ -n "$(lib libemptor.so)" ] || { echo "skipped: no C library yet"; exit 77; } ;;
esac
mkdir -p "$work"
if [ "$from" = pkg_config ]; then
  pc=$(lib emptor.pc)
  export PKG_CONFIG_PATH=${pc%/*}${PKG_CONFIG_PATH:+:$PKG_CONFIG_PATH}
  libdir=$(dirname "${pc%/*}")
  case $target in
    emptor) c++ -std=c++20 "$here/emptor.cpp" -o "$work/consumer" $(pkg-config --cflags --libs emptor) ;;
    c) cc "$here/c.c" -o "$work/consumer" $(pkg-config --cflags --libs emptor-c) -Wl,-rpath,"$libdir" ;;
    c_static) cc -static "$here/c.c" -o "$work/consumer" $(pkg-config --static --cflags --libs emptor-c) ;;
  esac
else
  cmake -S "$here" -B "$work" -G Ninja -DFROM="$from" -DLINK="$target" -DCMAKE_BUILD_TYPE=Debug \
    -DCMAKE_CXX_FLAGS_DEBUG=-O0 -DEMPTOR_WIDE_KERNELS=OFF \
    -DCMAKE_PREFIX_PATH="$prefix;${EMPTOR_PREFIX:-}" -DEMPTOR_SOURCE_DIR="$(cd "$here/../.." && pwd)" \
    $(command -v ccache >/dev/null && echo -DCMAKE_CXX_COMPILER_LAUNCHER=ccache) >"$work.log" || { cat "$work.log"; exit 1; }
  # What one of them compiled in its folder is good for the next.
  CCACHE_NOHASHDIR=1 cmake --build "$work" >"$work.log" || { cat "$work.log"; exit 1; }
fi
"$work/consumer"
