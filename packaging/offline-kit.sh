#!/bin/sh
# SPDX-License-Identifier: ISC
# Collect on a connected machine all that one without a network needs to install
# crlferry, for the same release of Debian and the same architecture:
#
#   sh packaging/offline-kit.sh [--key FILE] [--packages FOLDER] root|sub STICK
#
# Writes STICK/crlferry-root-kit or STICK/crlferry-sub-kit: our packages with
# all that they depend on, SHA256SUMS with its minisign seal, and install.sh.
# FILE is minisign's secret key, FOLDER has packages of build-deb.sh; without
# it they are built.  See doc/air-gap.md.
set -eu
umask 022

usage()
{
	echo "usage: sh packaging/offline-kit.sh [--key FILE] [--packages" \
	    "FOLDER] root|sub STICK" >&2
	exit 64
}

key=$HOME/.minisign/minisign.key
packages=
while [ $# -gt 2 ]; do
	case $1 in
	--key) key=$2 ;;
	--packages) packages=$2 ;;
	*) usage ;;
	esac
	shift 2
done
case $#-${1:-} in
2-root) wanted= ;;
2-sub) wanted=curl ;;
*) usage ;;
esac
role=$1
if [ ! -d "$2" ]; then
	echo "$2: no such folder; it is the folder of the mounted stick" >&2
	exit 66
fi
kit=$(cd "$2" && pwd)/crlferry-$role-kit
if [ -e "$kit" ]; then
	echo "$kit is there already: remove it first" >&2
	exit 77
fi
tree=$(cd "$(dirname "$0")/.." && pwd)
. "$tree/examples/packages.sh"
crlferry_install kit
if [ ! -f "$key" ]; then
	echo "a new key to seal the kit: $key (minisign asks for a passphrase)"
	mkdir -p "$(dirname "$key")"
	minisign -G -s "$key" -p "${key%.key}.pub"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
trap 'exit 1' HUP INT TERM
chmod 755 "$work"	# apt reads there as a user of its own
if [ -z "$packages" ]; then
	echo "building the packages"
	packages=$work/built
	sh "$tree/packaging/build-deb.sh" "$packages" >/dev/null
fi

# apt as on a machine where nothing is installed, so that nothing is left out.
mkdir -p "$work/state/lists/partial" "$work/cache/archives/partial" \
    "$work/kit/packages"
: >"$work/state/status"
apt_for_kit()
{
	apt-get -q -o "Dir::State=$work/state" \
	    -o "Dir::State::status=$work/state/status" \
	    -o "Dir::Cache=$work/cache" "$@" >>"$work/apt.log" 2>&1 || {
		tail -n 15 "$work/apt.log" >&2
		echo "apt cannot collect the packages" >&2
		exit 1
	}
}
for name in common "$role" doc; do
	cp "$packages/crlferry-${name}_"*.deb "$work/kit/packages"
done
echo "collecting what they depend on"
apt_for_kit update
# shellcheck disable=SC2086	# none or one word
apt_for_kit install -y --download-only --no-install-recommends \
    "$work"/kit/packages/*.deb openssl minisign $wanted
cp "$work"/cache/archives/*.deb "$work/kit/packages"
(cd "$work/kit/packages" && dpkg-scanpackages -m . >Packages 2>/dev/null)

{
	. /etc/os-release
	sed -e "s/@ROLE@/$role/" -e "s/@RELEASE@/$VERSION_CODENAME/" \
	    -e "s/@ARCHITECTURE@/$(dpkg --print-architecture)/" \
	    "$tree/packaging/install.sh.in"
} >"$work/kit/install.sh"
(
	cd "$work/kit"
	find . -type f ! -name 'SHA256SUMS*' -print | LC_ALL=C sort |
	    xargs -d '\n' sha256sum >"$work/SHA256SUMS"
	mv "$work/SHA256SUMS" .
	minisign -S -s "$key" -m SHA256SUMS \
	    -t "crlferry-$role-kit $(date -u +%Y-%m-%dT%H:%M:%SZ)" >/dev/null
)
cp -r "$work/kit" "$kit.part"
mv "$kit.part" "$kit"
sync -f "$kit"
digest=$(sha256sum <"$kit/SHA256SUMS" | cut -d ' ' -f 1)
cat <<END
wrote $kit: $(find "$kit/packages" -name '*.deb' | wc -l) packages, \
$(du -sh "$kit" | cut -f 1)
Write this down, on paper and not on the stick, the SHA-256 of SHA256SUMS:
$(echo "$digest" | sed 's/..../& /g; s/ $//' | fold -w 40 | sed 's/^/  /')
On the other machine, as root, in the folder of the kit:
  sha256sum SHA256SUMS install.sh
  sh install.sh $digest
END
