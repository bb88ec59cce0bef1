#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# python_venv.sh FOLDER REQUIREMENTS: an environment of Python with the packages of a file of pinned versions, made where it is
# missing or was made from other lines. Prints the path of its python; all else goes to standard error.
# Exit status: 0 done, 77 it cannot be had here (why is printed): a test that needs it is skipped, 2 wrong usage.
set -euo pipefail
[ $# = 2 ] && [ -f "$2" ] || { echo "usage: python_venv.sh FOLDER REQUIREMENTS" >&2; exit 2; }
folder=$1 requirements=$2
python=$folder/bin/python stamp=$folder/requirements.txt

skip() { echo "skipped: $*" >&2; exit 77; }
command -v python3 >/dev/null || skip "python3 is not installed"
python3 -c 'import ensurepip, venv' 2>/dev/null || skip "python3-venv is not installed"

mkdir -p "$(dirname "$folder")"
exec 9>"$folder.lock"
flock 9 # tests that run at the same time make it once
if ! cmp -s "$requirements" "$stamp" || ! "$python" -c '' 2>/dev/null; then
  rm -rf "$folder"
  { python3 -m venv "$folder" &&
    "$python" -m pip install --quiet --disable-pip-version-check --requirement "$requirements"; } >&2 ||
    skip "the packages of $requirements cannot be installed"
  cp "$requirements" "$stamp" # last: what was broken off is made again
fi
cd "$folder/bin" && echo "$PWD/python"
