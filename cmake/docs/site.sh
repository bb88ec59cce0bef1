#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# Builds the site into OUT/html and checks its links: site.sh TOOL OUT VERSION. What Doxygen warns of is an error.
# Exit status 77: there is no Doxygen.
set -euo pipefail
command -v doxygen >/dev/null || { echo "skipped: no doxygen (cmake/setup.sh installs it: docs)"; exit 77; }
EMPTOR_SOURCE=$(cd "$(dirname "$0")/../.." && pwd)
EMPTOR_OUT=$2
EMPTOR_VERSION=$3
export EMPTOR_SOURCE EMPTOR_OUT EMPTOR_VERSION
rm -rf "$EMPTOR_OUT/pages" "$EMPTOR_OUT/html"
mkdir -p "$EMPTOR_OUT/pages"
python3 "$EMPTOR_SOURCE/cmake/docs/pages.py" "$EMPTOR_SOURCE" "$1" "$EMPTOR_OUT/pages"
(cd "$EMPTOR_OUT" && doxygen -l layout.xml)
sed -i -e '/<navindex>/,/<\/navindex>/d' -e "/<doxygenlayout/r $EMPTOR_SOURCE/cmake/docs/navindex.xml" \
  "$EMPTOR_OUT/layout.xml"
doxygen "$EMPTOR_SOURCE/cmake/docs/Doxyfile"
python3 "$EMPTOR_SOURCE/cmake/docs/search.py" "$EMPTOR_OUT/pages/words.json" "$EMPTOR_OUT/html"
python3 "$EMPTOR_SOURCE/cmake/docs/links.py" "$EMPTOR_OUT/html"
echo "$EMPTOR_OUT/html/index.html"
