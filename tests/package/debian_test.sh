#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# debian_test.sh BUILD_DIR: builds the Debian packages beside BUILD_DIR, looks at what they say of themselves and hold, and
# uses them, unpacked, as an installation. cmake/fresh_machine.sh does the same on a machine that has nothing else.
# 77 = skipped: this is no Debian.
set -eu
here=$(cd "$(dirname "$0")" && pwd)
source=$(cd "$here/../.." && pwd)
packages=$(dirname "$1")/packages # as deep as BUILD_DIR, so that the compiler's cache knows the files
command -v dpkg-shlibdeps >/dev/null || { echo "skipped: no dpkg-dev"; exit 77; }

quietly() { "$@" >"$packages.log" 2>&1 || { tail -n 60 "$packages.log"; exit 1; }; }
werror=$(sed -n 's/^EMPTOR_WERROR:BOOL=//p' "$1/CMakeCache.txt") # one flag less in common, and all compiles again
quietly cmake -S "$source" --preset packages -B "$packages" -DEMPTOR_WERROR="$werror"
quietly cmake --build "$packages"
rm -rf "$packages"/*.deb "$packages/control"
(cd "$packages" && quietly cpack)

failed=0
fail() { echo "FAILED: $*"; failed=1; }
field() { dpkg-deb -f "$deb" "$1"; }
root=$packages/root
rm -rf "$root"
abi=$(sed -n 's/^#define EMPTOR_ABI_MAJOR *//p' "$source/capi/include/emptor.h")
version=$(dpkg-deb -f "$packages"/emptor_*.deb Version)
arch=$(dpkg --print-architecture)
lib=usr/lib/$(dpkg-architecture -qDEB_HOST_MULTIARCH)
declare -A holds=( # of each package the files, all others are too much
  [libemptor$abi]="^$lib/libemptor[.]so[.]$abi([.][0-9]+)?$"
  [libemptor-dev]="^(usr/include/emptor|$lib/(libemptor(_cxx)?[.]a|libemptor[.]so|cmake/emptor/.*|pkgconfig/emptor(-c)?[.]pc)$)"
  [emptor]='^usr/(bin/emptor|share/man/man1/emptor[.]1[.]gz)$'
  [python3-emptor]='^usr/lib/python3/dist-packages/emptor(-.*[.]dist-info)?/.*'
)
for name in "${!holds[@]}"; do
  deb=$(find "$packages" -maxdepth 1 -name "${name}_${version}_*.deb")
  [ -n "$deb" ] || { fail "there is no package $name"; continue; }
  echo "$(basename "$deb"): $(stat -c %s "$deb") bytes; Depends: $(field Depends)"
  [ "$(field Maintainer)" = "emptor maintainers" ] || fail "$name: maintainer $(field Maintainer)"
  [ -n "$(field Section)" ] && [ -n "$(field Description)" ] || fail "$name: no section or description"
  wanted=$arch
  [ "$name" != python3-emptor ] || wanted=all
  [ "$(field Architecture)" = "$wanted" ] || fail "$name: architecture $(field Architecture)"
  files=$(dpkg-deb --fsys-tarfile "$deb" | tar -t | sed -n 's#^[.]/##; /[^/]$/p')
  strange=$(grep -Ev "${holds[$name]}|^usr/share/doc/$name/(copyright|changelog[.]gz)$" <<<"$files" || :)
  [ -z "$strange" ] || fail "$name holds $strange"
  grep -qE "${holds[$name]}" <<<"$files" || fail "$name holds nothing of its own"
  for file in copyright changelog.gz; do
    grep -qx "usr/share/doc/$name/$file" <<<"$files" || fail "$name has no $file"
  done
  odd=$(dpkg-deb -c "$deb" | grep -vE '^(drwxr-xr-x|-rw-r--r--|-rwxr-xr-x|lrwxrwxrwx) (root/root|0/0) ' || :)
  [ -z "$odd" ] || fail "$name: owner or mode of $odd"
  dpkg-deb -x "$deb" "$root"
done
[ $failed = 0 ] || exit 1

deb=$(echo "$packages/libemptor${abi}"_*.deb)
field Depends | grep -q 'libstdc++6 (>= ' || fail "the runtime does not say which libstdc++ it needs"
dpkg-deb -e "$deb" "$packages/control"
grep -qx "libemptor $abi libemptor$abi (>= $version)" "$packages/control/shlibs" || fail "shlibs: $(cat "$packages/control/shlibs")"
grep -qx "activate-noawait ldconfig" "$packages/control/triggers" || fail "ldconfig is not told"
deb=$(echo "$packages"/libemptor-dev_*.deb)
field Depends | grep -q "libemptor$abi (= $version)" || fail "libemptor-dev: $(field Depends)"
for file in "$root/$lib/libemptor.so.$abi" "$root/usr/bin/emptor" "$root/$lib/libemptor.a"; do
  ! readelf -S "$file" | grep -q '[.]debug_info' || fail "$file has debug information"
  ! readelf -d "$file" | grep -qE 'R(UN)?PATH' || fail "$file looks for libraries in folders of this machine"
done
for file in "$root/$lib/cmake/emptor"/*.cmake "$root/$lib/pkgconfig"/*.pc; do
  ! grep -qF "$source" "$file" || fail "$file names folders of this machine"
done
[ $failed = 0 ] || exit 1

# Whether apt would find all that they need; it only looks.
if [ -n "$(find /var/lib/apt/lists -name '*_Packages*' -print -quit 2>/dev/null)" ]; then
  apt-get install -s "$packages"/*.deb >"$packages/apt" 2>&1 || { cat "$packages/apt"; fail "apt would not install them"; }
  [ "$(grep -cE '^Inst (lib|python3-)?emptor' "$packages/apt")" = 4 ] || fail "apt would not install all four"
  [ $failed = 0 ] || exit 1
fi

mkdir -p "$packages/smoke"
cp "$source/tests/examples/score.c" "$here/emptor.cpp" "$packages/smoke"
grep '^numpy==' "$source/capi/languages/python/tests/requirements.txt" >"$packages/smoke/requirements.txt"
python=$(bash "$source/cmake/python_venv.sh" "$packages/venv" "$packages/smoke/requirements.txt") # python3-numpy otherwise
export PATH=$root/usr/bin:${python%/*}:$PATH PYTHONPATH=$root/usr/lib/python3/dist-packages PYTHONDONTWRITEBYTECODE=1
export LD_LIBRARY_PATH=$root/$lib PKG_CONFIG_PATH=$root/$lib/pkgconfig
boost=$(sed -n 's#^Boost_DIR:PATH=\(.*\)/lib.*#\1#p' "$packages/CMakeCache.txt")
if [ "$boost" != /usr ]; then # setup.sh has unpacked it
  export CPATH=$boost/include LD_LIBRARY_PATH=$LD_LIBRARY_PATH:$(dirname "$(find "$boost" -name 'libboost_program_options.so' -print -quit)")
fi
sh "$here/smoke_test.sh" "$packages/smoke"
