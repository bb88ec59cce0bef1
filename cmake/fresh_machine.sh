#!/usr/bin/env bash
# SPDX-License-Identifier: BSL-1.0
# bash cmake/fresh_machine.sh [FOLDER]: makes a Debian 12 that has nothing else (debootstrap in build/fresh_machine; as root,
# some minutes), installs the Debian packages of the folder there, and uses them: the tool alone, then C, C++ and Python.
# Without a folder it builds the packages first. EMPTOR_MIRROR: where Debian comes from, if not
# from where this machine has it.
# tests/package/debian_test.sh looks at the packages without such a machine.
folder=${1:-}
mirror=${EMPTOR_MIRROR:-$(apt-get indextargets --format '$(REPO_URI) $(CODENAME)' | sed -n 's/ bookworm$//p' | head -n 1)}
needed="build test"
[ -z "$folder" ] || { folder=$(cd "$folder" && pwd); needed=""; }
set --
. "$(dirname "$0")/setup.sh" $needed
[ "$(id -u)" = 0 ] || { echo "A machine within this one needs root."; exit 1; }
command -v debootstrap >/dev/null || step "Installing debootstrap" install debootstrap
root=build/fresh_machine
fresh() { chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive "$@"; }
fresh_install() { fresh apt-get install -y --no-install-recommends "$@"; }

if [ -z "$folder" ]; then
  folder=build/packages
  step "Configuring $folder" cmake --preset packages
  step "Building what the packages hold" cmake --build --preset packages
  rm -f $folder/*.deb
  step "Making the packages" cpack --preset packages
fi
rm -rf "$root"
step "Making a Debian 12 in $root" debootstrap --variant=minbase bookworm "$root" "$mirror"
mkdir "$root/emptor"
cp "$folder"/*.deb tests/package/smoke_test.sh tests/package/emptor.cpp tests/examples/score.c "$root/emptor"
packages() { (cd "$root" && printf '/%s\n' emptor/$1); }
step "Reading the package lists there" fresh apt-get update
step "Installing the tool there" fresh_install $(packages 'emptor_*.deb')
fresh sh /emptor/smoke_test.sh /emptor tool
step "Installing all packages there, and compilers" fresh_install g++ pkg-config $(packages '*.deb')
fresh sh /emptor/smoke_test.sh /emptor all
names=$(for package in "$folder"/*.deb; do dpkg-deb -f "$package" Package; done)
step "Removing the packages there" fresh apt-get purge -y $names
left=$(find "$root/usr" "$root/var/lib/dpkg/info" -name '*emptor*')
[ -z "$left" ] || { echo "They left $left"; exit 1; }
echo "The packages install, work and leave on a fresh machine."
