#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# abi_test.sh BUILD_DIR header|symbols|abidiff|canary|dependencies      77 = skipped
set -eu
build=$1 check=$2
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
header=$root/capi/include/emptor.h
library=$build/libemptor.so
work=$build/abi/$check
mkdir -p "$work"
. "$root/cmake/abi.sh"

fail() { echo "$*"; exit 1; }
skip() { echo "skipped: $*"; exit 77; }
need() { command -v "$1" >/dev/null || skip "$1 is not installed"; }
need_library() { [ -e "$library" ] || skip "no C library is built here yet"; }

case $check in

header) # every C header stands alone, twice included, in every C and C++ that clients use
  [ -e "$header" ] || skip "no emptor.h yet"
  for h in "$root"/capi/include/*.h; do
    echo "#include <${h##*/}>"
    echo "#include <${h##*/}>"
  done >"$work/twice.c"
  echo 'int main(void) { return 0; }' >>"$work/twice.c"
  cp "$work/twice.c" "$work/twice.cpp"
  strict="-fsyntax-only -Wall -Wextra -pedantic-errors -Werror -I$root/capi/include"
  for pair in gcc:g++ clang:clang++ clang-14:clang++-14; do
    command -v "${pair%:*}" >/dev/null || continue
    for standard in c90 c99 c11 c17; do
      "${pair%:*}" -std=$standard $strict "$work/twice.c" || fail "${pair%:*} -std=$standard refuses the header"
    done
    for standard in c++98 c++11 c++14 c++17 c++20; do
      "${pair#*:}" -std=$standard $strict "$work/twice.cpp" || fail "${pair#*:} -std=$standard refuses the header"
    done
    echo "${pair%:*}: C90, C99, C11, C17, C++98, C++11, C++14, C++17, C++20"
  done
  ;;

symbols) # what leaves the library is what the list says
  need_library
  sed -n 's/^\(emptor_[a-z0-9_]*\).*/\1/p' "$root/capi/symbols.txt" | LC_ALL=C sort >"$work/listed"
  nm -D --defined-only "$library" | awk '$2 != "A" { sub(/@.*/, "", $3); print $3 }' | LC_ALL=C sort >"$work/exported"
  diff "$work/listed" "$work/exported" || fail "capi/symbols.txt (<) and the exported symbols (>) differ"
  count=$(wc -l <"$work/listed")
  [ "$count" -le 64 ] || fail "$count functions, but 64 are the limit"
  echo "$count functions"
  ;;

abidiff) # old clients run on this library
  need_library
  need abidiff
  [ -e "$root/capi/abi/libemptor.abi" ] || skip "no baseline capi/abi/libemptor.abi yet (cmake/abi_baseline.sh)"
  readelf -S "$library" | grep -q '\.debug_info' || skip "built without -g, which hides changed signatures"
  abi_write "$library" "$root/capi/include" "$work/now.abi"
  abi_compare "$root/capi/abi/libemptor.abi" "$work/now.abi"
  ;;

canary) # abidiff must notice these
  need abidiff
  make_library() { # NAME HEADER SOURCE
    mkdir -p "$work/$1"
    echo "$2" >"$work/$1/canary.h"
    printf '#include "canary.h"\n%s\n' "$3" >"$work/$1/canary.c"
    cc -g -shared -fPIC -Wl,-soname,libcanary.so.1 -o "$work/$1/libcanary.so" "$work/$1/canary.c"
  }
  notices() { # NAME EXPECTED: 0 = compatible, 1 = not
    local code=0
    abi_write "$work/$1/libcanary.so" "$work/$1" "$work/$1.abi"
    abi_compare "$work/same.abi" "$work/$1.abi" >"$work/$1/report" || code=$?
    [ $code = "$2" ] || { cat "$work/$1/report"; fail "canary '$1': abidiff said $code, expected $2"; }
    echo "$1: $([ $code = 0 ] && echo compatible || echo noticed)"
  }
  types='typedef enum kind { kind_a = 0, kind_b = 1 } kind; typedef struct point { int x; int y; } point;'
  declared='int f(int a); int g(const point* p, kind k);'
  defined='int f(int a) { return a; } int g(const point* p, kind k) { return p->x + (int)k; }'
  make_library same "$types $declared" "$defined"
  make_library addition "$types $declared int h(void);" "$defined int h(void) { return 0; }"
  make_library parameter "$types ${declared/int a/long a}" "${defined/int a/long a}"
  make_library field "${types/int y/double y} $declared" "$defined"
  make_library enumerator "${types/kind_b = 1/kind_b = 2} $declared" "$defined"
  make_library removal "$types int f(int a);" "int f(int a) { return a; }"
  abi_write "$work/same/libcanary.so" "$work/same" "$work/same.abi"
  notices same 0
  notices addition 0
  for change in parameter field enumerator removal; do
    notices $change 1
  done
  ;;

dependencies) # soname, what the library loads, and the oldest system that can run it
  need_library
  major=$(sed -n 's/^ *# *define *EMPTOR_ABI_MAJOR *\([0-9]*\).*/\1/p' "$header")
  soname=$(readelf -d "$library" | sed -n 's/.*SONAME.*\[\(.*\)\]/\1/p')
  [ "$soname" = "libemptor.so.$major" ] || fail "the soname is $soname, but must be libemptor.so.$major"
  for needed in $(readelf -d "$library" | sed -n 's/.*NEEDED.*\[\(.*\)\]/\1/p'); do
    case $needed in
      libc.so.6 | libm.so.6 | libgcc_s.so.1 | libstdc++.so.6 | ld-linux-*) ;;
      *) fail "$needed is loaded, but only the C and C++ run time may be" ;;
    esac
  done
  highest() { # PREFIX
    { readelf -V "$library" | grep -o "\b$1_[0-9.]*" || true; } | sed "s/$1_//" | sort -Vu | tail -n 1
  }
  for limit in GLIBC:2.36 GLIBCXX:3.4.30 CXXABI:1.3.13; do # those of Debian 12
    found=$(highest "${limit%:*}")
    echo "${limit%:*} ${found:-none}"
    [ "$(printf '%s\n' "$found" "${limit#*:}" | sort -V | tail -n 1)" = "${limit#*:}" ] ||
      fail "${limit%:*} $found is needed, but ${limit#*:} is the limit"
  done
  echo "$soname"
  ;;

*) fail "unknown check $check" ;;
esac
