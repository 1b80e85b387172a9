#!/bin/sh
# SPDX-License-Identifier: ISC
# Build the Debian packages of this tree:
#
#   sh packaging/build-deb.sh [--version VERSION] [FOLDER]
#
# Installs what is missing, and puts the packages into FOLDER (default:
# crlferry-packages in the present one).  The same tree gives the same octets,
# wherever and whenever it is built on the same release of Debian.  VERSION
# (default: that of packaging/debian/changelog) is for whoever builds his own.
set -eu
umask 022

usage="usage: sh packaging/build-deb.sh [--version VERSION] [FOLDER]"
version=
if [ "${1:-}" = --version ] && [ $# -ge 2 ]; then
	version=$2
	shift 2
fi
case $#${1:-} in
0 | 1[!-]*) ;;
*) echo "$usage" >&2; exit 64 ;;
esac
tree=$(cd "$(dirname "$0")/.." && pwd)
. "$tree/examples/packages.sh"
crlferry_install package
mkdir -p "${1:-crlferry-packages}"
output=$(cd "${1:-crlferry-packages}" && pwd)

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
mkdir "$work/crlferry"
cd "$tree"
# The files of the tree, without builds that stand in it.
if git rev-parse --git-dir >/dev/null 2>&1; then
	git ls-files -z
else
	find . -type f ! -path './build*' -print0
fi >"$work/names"
tar -cf - --null -T "$work/names" | tar -C "$work/crlferry" -xf -
cd "$work/crlferry"
mv packaging/debian debian
if [ -n "$version" ]; then
	sed -i "1s/(.*)/($version)/" debian/changelog
fi
log=$work/log
export LC_ALL=C.UTF-8 TZ=UTC DEB_BUILD_OPTIONS=noautodbgsym
if ! dpkg-buildpackage -b -us -uc --no-check-builddeps >"$log" 2>&1; then
	tail -n 40 "$log" >&2
	echo "the packages could not be built" >&2
	exit 1
fi
cp "$work"/*.deb "$output"
cd "$output"
ls ./*.deb
