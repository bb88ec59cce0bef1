#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# bash cmake/fresh_machine.sh [MIRROR]: builds the Debian packages, makes a Debian 12 that has nothing else (debootstrap in
# build/fresh_machine; as root, some minutes), installs them there and uses them: the tool alone, then C, C++
# and Python. tests/package/debian_test.sh looks at the packages without such a machine.
mirror=${1:-http://deb.debian.org/debian}
set --
. "$(dirname "$0")/setup.sh" build test
command -v debootstrap >/dev/null || step "Installing debootstrap" install debootstrap
root=build/fresh_machine
fresh() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
fresh_install() { fresh apt-get install -y --no-install-recommends "$@"; }
said() { echo "$ $*"; "$@"; }

step "Configuring build/packages" cmake --preset packages
step "Building what the packages hold" cmake --build --preset packages
rm -f build/packages/*.deb
step "Making the packages" cpack --preset packages
rm -rf "$root"
step "Making a Debian 12 in $root" debootstrap --variant=minbase bookworm "$root" "$mirror"
mkdir "$root/emptor"
cp build/packages/*.deb tests/package/smoke_test.sh tests/package/emptor.cpp tests/examples/score.c "$root/emptor"
step "Reading the package lists there" fresh apt-get update
files() { (cd "$root" && printf '/%s\n' emptor/$1); }
step "Installing the tool there" fresh_install $(files 'emptor_*.deb')
said fresh sh /emptor/smoke_test.sh /emptor tool
step "Installing all packages there, with compilers" fresh_install g++ pkg-config $(files '*.deb')
said fresh sh /emptor/smoke_test.sh /emptor all
step "Removing them there" fresh apt-get purge -y emptor 'libemptor*' python3-emptor
left=$(find "$root/usr" -name '*emptor*')
[ -z "$left" ] || { echo "they left $left"; exit 1; }
echo "The packages install, work and leave on a fresh machine."
