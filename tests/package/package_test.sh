#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# package_test.sh BUILD_DIR install | source | versions | pkg_config TARGET | find_package|add_subdirectory|fetch_content TARGET
# Builds one small user of emptor against the tree that `install` made, or against the sources that `source` packed, and
# runs it. A user of the sources compiles them with the flags of BUILD_DIR, two folders below them as BUILD_DIR is, so that a
# compiler's cache that takes paths as relative (.ci/run) knows all files.
# 77 = skipped: what it needs is not built here.
set -eu
build=$1 from=$2 target=${3:-}
here=$(cd "$(dirname "$0")" && pwd)
prefix=$build/package/prefix
work=$build/package/$from-$target
lib() { find "$prefix" -name "$1" -print -quit; }

case $from in
  install)
    rm -rf "$prefix"
    cmake --install "$build" --prefix "$prefix" >/dev/null
    exit 0
    ;;
  source)
    rm -rf "$build/package/source"
    cpack --config "$build/CPackSourceConfig.cmake" -B "$build/package/source" >/dev/null
    exit 0
    ;;
esac
tarball=$(find "$build/package/source" -maxdepth 1 -name 'emptor-*.tar.gz' -print -quit 2>/dev/null || :)
unpacked=$build/package/source/$from-$target
export GIT_DIR=/nonexistent # whoever unpacked a tarball has none
case $target in
  emptor) [ -n "$(lib libemptor_cxx.a)" ] || { echo "skipped: no compiled library yet"; exit 77; } ;;
  c*) [ -n "$(lib libemptor.so)" ] || { echo "skipped: no C library yet"; exit 77; } ;;
esac

if [ "$from" = versions ]; then
  version=$(sed -n 's/^set(PACKAGE_VERSION "\(.*\)")$/\1/p' "$(lib emptorConfigVersion.cmake)")
  minor=${version%.*} # compatible are the versions of one minor version
  failed=0
  check() { # EXPECTED WANTED: what cmake must say, as a regular expression, to these words of find_package
    rm -rf "$work"
    local said
    said=$(cmake -S "$here/versions" -B "$work" -G Ninja "-DWANTED=$2" \
      -DCMAKE_PREFIX_PATH="$prefix;${EMPTOR_PREFIX:-}" 2>&1 | tr -s ' \n' '  ') || :
    if [[ $said =~ $1 ]]; then
      echo "find_package(emptor $2): ${BASH_REMATCH[0]}"
    else
      echo "find_package(emptor $2) must say '$1', but says: $said"
      failed=1
    fi
  }
  later=${version%%.*}.$((${minor#*.} + 1))
  refused='that is compatible with requested version "[0-9.]+"\. .*version: [0-9.]+'
  check "found emptor $version" ""
  check "found emptor $version" "$minor REQUIRED"
  check "found emptor $version" "$version EXACT REQUIRED COMPONENTS headers emptor c"
  check "found emptor $version" "$minor...<$later REQUIRED COMPONENTS c"
  check "$refused" "$later REQUIRED"
  check "$refused" "$((${version%%.*} + 1)) REQUIRED"
  check "$refused" "$version.1 REQUIRED"
  check 'that exactly matches requested version "[0-9.]+"\. .*version: [0-9.]+' "$version.1 EXACT REQUIRED"
  check "emptor has no component fortran here; there are headers, emptor, c" "$minor REQUIRED COMPONENTS c fortran"
  check "not found: emptor has no component fortran here" "$minor COMPONENTS fortran"
  check "found emptor $version" "$minor REQUIRED COMPONENTS c OPTIONAL_COMPONENTS fortran"
  export PKG_CONFIG_PATH=$(dirname "$(lib emptor-c.pc)"):${PKG_CONFIG_PATH:-}
  for package in emptor-c emptor; do
    pkg-config --exists --print-errors "$package = $version" || failed=1
    ! pkg-config --exists "$package >= $later" || { echo "$package is taken for version $later"; failed=1; }
  done
  exit $failed
fi

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
  if [ "$from" = add_subdirectory ]; then
    rm -rf "$unpacked"
    mkdir -p "$unpacked"
    tar -xzf "$tarball" -C "$unpacked" --strip-components=1
    work=$unpacked/build/user
  fi
  flags=()
  for name in CMAKE_BUILD_TYPE CMAKE_CXX_COMPILER CMAKE_CXX_FLAGS EMPTOR_WERROR \
    EMPTOR_WIDE_KERNELS EMPTOR_VECTOR_PACKS; do
    value=$(sed -n "s/^$name:[A-Z]*=//p" "$build/CMakeCache.txt")
    [ -z "$value" ] || flags+=("-D$name=$value")
  done
  ! command -v ccache >/dev/null || flags+=(-DCMAKE_CXX_COMPILER_LAUNCHER=ccache)
  quietly() { "$@" >"$build/package/$from-$target.log" 2>&1 || { cat "$build/package/$from-$target.log"; exit 1; }; }
  quietly cmake -S "$here" -B "$work" -G Ninja -DFROM="$from" -DLINK="$target" "${flags[@]}" -DEMPTOR_WARNINGS=ON \
    -DCMAKE_PREFIX_PATH="$prefix;${EMPTOR_PREFIX:-}" -DEMPTOR_SOURCES="$unpacked" -DEMPTOR_TARBALL="$tarball"
  quietly cmake --build "$work" --target consumer
fi
"$work/consumer"
