#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# package_test.sh BUILD_DIR: installs the package as a user does, with pip, and looks at what came of it. It is compiled with the
# flags of the preset dev, which ccache knows. 77 = skipped: no environment of Python can be had here.
set -euo pipefail
build=$1
here=$(cd "$(dirname "$0")" && pwd)
package=$(dirname "$here")
root=$(cd "$package/../../.." && pwd)
work=$build/package_python
rm -rf "$work" "$root/build/python" && mkdir -p "$work"
grep '^numpy==' "$here/requirements.txt" >"$work/requirements.txt"
python=$(bash "$root/cmake/python_venv.sh" "$work/venv" "$work/requirements.txt")
unset EMPTOR_LIBRARY PYTHONPATH
cd "$work" # where no other package of that name is
fail() { echo "FAILED: $*"; exit 1; }

# What is missing has a name.
PATH=/nonexistent "$python" -m pip install --no-index "$package" >no_compiler.log 2>&1 && fail "it installs without CMake"
grep -q 'cmake/setup.sh' no_compiler.log || { cat no_compiler.log; fail "the message does not say what to do"; }

"$python" -m pip wheel --no-index --no-deps --config-settings=preset=dev -w wheels "$package" >wheel.log 2>&1 ||
  { cat wheel.log; fail "no wheel"; }
ls wheels/emptor-*-py3-none-linux_*.whl >/dev/null || fail "$(ls wheels) has another tag"
"$python" -m pip install --no-index --config-settings=preset=dev "$package" >install.log 2>&1 || { cat install.log; fail "pip"; }

# Nothing but what every Debian has, and no compiler: all worked examples run.
library=$(find venv -name libemptor.so)
needed=$(readelf -d "$library" | sed -n 's/.*(NEEDED).*\[\(.*\)\]/\1/p' | sort | tr '\n' ' ')
[ "$needed" = "libc.so.6 libgcc_s.so.1 libm.so.6 libstdc++.so.6 " ] || fail "it needs $needed"
[ "$(stat -c %s "$library")" -lt 20000000 ] || fail "the library holds debug information"
env -i PATH=/nonexistent "$python" - <<'PROGRAM' || fail "the installed package"
import pathlib
import emptor
from emptor import _stubs
folder = pathlib.Path(emptor.__file__).parent
assert "site-packages" in str(folder), folder
for name in emptor.entries:
    for example in emptor.entry(name).examples:
        example.run()
assert (folder / "py.typed").exists()
for name, text in _stubs.made().items():
    assert (folder / name).read_text() == text, name
print(len(emptor.entries), "entries of emptor", emptor.__version__)
PROGRAM
requires=$("$python" -m pip show emptor | sed -n 's/^Requires: //p')
[ "$requires" = numpy ] || fail "it requires $requires"

# The source distribution has every file that was read, and CMake understands it.
(cd "$package" && "$python" -B -c "import build_backend; build_backend.build_sdist('$work')")
tar xzf emptor-*.tar.gz
sources=$(echo emptor-*/library)
ninja -C "$root/build/python" -t deps | sed -n -E "s#^ *($root|\.\./\.\.)/##p" |
  sed '/^build\//d; /^\.\./d' | sort -u >read.txt # absolute, or as ccache writes it from the build folder
[ "$(wc -l <read.txt)" -gt 100 ] || fail "the build does not say what it read"
while read -r file; do [ -e "$sources/$file" ] || fail "the source distribution has no $file"; done <read.txt
(cd "$sources" && cmake --preset default -B build/python -DEMPTOR_TOOL=OFF -DEMPTOR_TESTS=OFF -DEMPTOR_INSTALL=OFF) >configure.log 2>&1 ||
  { cat configure.log; fail "the source distribution cannot be configured"; }
