# SPDX-License-Identifier: BSL-1.0
# For demo.sh, test.sh, .ci/run and bench/peers/run.sh: stands in the project's folder, installs what is missing on
# Debian 12, and offers `step`. Source it with the names of what is needed: build, test, bench, docs, ci.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
mkdir -p build/log

# watch LOG: says every half minute how far ninja is, or else what was said last
watch() {
  local start=$SECONDS said
  while sleep 30 >/dev/null 2>&1 && kill -0 $$ 2>/dev/null; do
    said=$(grep -aoE '^\[[0-9]+/[0-9]+\]' "$1" | tail -n 1) || said=$(tail -n 1 "$1" | cut -c 1-80)
    printf '\n  %s s: %s ... ' "$((SECONDS - start))" "$said"
  done
}

# step TEXT COMMAND...: says what runs, how far it is and how long it took; its output goes to build/log and is shown if it
# fails
step() {
  local text=$1 log start=$SECONDS watcher ended=0
  shift
  log=build/log/${text//[^A-Za-z0-9]/_}.log
  printf '%s ... ' "$text"
  : >"$log"
  watch "$log" &
  watcher=$!
  "$@" >"$log" 2>&1 || ended=$?
  kill $watcher 2>/dev/null || true
  wait $watcher 2>/dev/null || true
  if [ $ended = 0 ]; then
    echo "$((SECONDS - start)) s"
  else
    echo "FAILED after $((SECONDS - start)) s"
    tail -n 60 "$log"
    if [ $ended -gt 128 ] || grep -q "interrupted by user" "$log"; then
      echo "A signal ended it: nothing is wrong with the sources. Run this again, it goes on from there."
    fi
    echo "All of its output: $log"
    exit 1
  fi
}

boost="libboost1.81-dev libboost-program-options1.81-dev libboost-program-options1.81.0"
needed=""
for part in "$@"; do
  case $part in
    build) needed+=" g++ cmake ninja-build ccache libeigen3-dev librandom123-dev libcsv-dev" ;;
    test) needed+=" libgtest-dev libgmock-dev librapidcheck-dev libsqlite3-dev pkg-config binutils abigail-tools dpkg-dev python3-venv" ;;
    bench) needed+=" libbenchmark-dev python3-venv" ;;
    docs) needed+=" doxygen python3" ;;
    ci) needed+=" clang-14 clang-format-14 clang-tidy-14 libclang-rt-14-dev libbenchmark-dev" ;;
  esac
done

missing_of() {
  local name
  for name in "$@"; do
    [ "$(dpkg-query -W -f '${db:Status-Status}' "$name" 2>/dev/null)" = installed ] || printf '%s ' "$name"
  done
}
apt() {
  local sudo=
  [ "$(id -u)" = 0 ] || sudo=sudo
  $sudo env DEBIAN_FRONTEND=noninteractive apt-get "$@"
}
install() { apt install -y --no-remove --no-install-recommends "$@"; }

# Debian's Boost 1.81 cannot stand beside the headers of its default Boost. Where those are installed they stay, and ours
# is unpacked into build/boost.
unpack_boost() {
  rm -rf build/boost && mkdir -p build/boost/packages
  (cd build/boost/packages && apt-get download $boost && for package in *.deb; do dpkg -x "$package" ..; done)
}

if ! command -v apt-get >/dev/null; then
  echo "This is no Debian: install$needed and Boost 1.81 or newer yourself if CMake misses them."
else
  missing=$(missing_of $needed)
  missing_boost=$(missing_of $boost)
  [ ! -d build/boost/usr ] || missing_boost=""
  if [ -z "$missing$missing_boost" ]; then
    echo "Nothing to install."
  else
    step "Reading the package lists" apt update
    [ -z "$missing" ] || step "Installing $missing" install $missing
    if [ -n "$missing_boost" ]; then
      if apt install -s --no-remove $missing_boost >/dev/null 2>&1; then
        step "Installing $missing_boost" install $missing_boost
      else
        step "Unpacking Boost 1.81 into build/boost, beside another Boost" unpack_boost
      fi
    fi
  fi
  if [ -d build/boost/usr ]; then
    export CMAKE_PREFIX_PATH=$PWD/build/boost/usr${CMAKE_PREFIX_PATH:+:$CMAKE_PREFIX_PATH}
  fi
fi
