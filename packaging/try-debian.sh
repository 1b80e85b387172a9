#!/bin/sh
# SPDX-License-Identifier: ISC
# Try the tree on a Debian that has nothing but its smallest system:
#
#   sh packaging/try-debian.sh bookworm|trixie [--only PART] [--keep DIR]
#
# --only PART  quickstart, tests or packages; default: all, in this order
# --keep DIR   where the chroot is made, and stays: a second run uses it again.
#              Default: a temporary folder, which is removed
#
# Needs root, debootstrap, git and network.  Nothing is mounted afterwards.  The
# last line says what passed; the exit status is 0 if all of it did.
set -u

usage="usage: sh packaging/try-debian.sh bookworm|trixie \
[--only quickstart|tests|packages] [--keep DIR]"
mirror=http://deb.debian.org/debian

wrong()
{
	echo "$usage" >&2
	exit 64
}

# fail TEXT...
fail()
{
	printf '%s\n' "$@" >&2
	exit 1
}

release=
only=
keep=
while [ $# -gt 0 ]; do
	case $1 in
	bookworm|trixie) release=$1 ;;
	--only) only=${2-}; shift ;;
	--keep) keep=${2-}; [ -n "$keep" ] || wrong; shift ;;
	--help) echo "$usage"; exit 0 ;;
	*) wrong ;;
	esac
	[ $# -gt 0 ] && shift
done
[ -n "$release" ] || wrong
case $only in
''|quickstart|tests|packages) ;;
*) wrong ;;
esac

[ "$(id -u)" -eq 0 ] ||
    fail "a chroot needs root: sudo sh packaging/try-debian.sh $release"
for tool in debootstrap git; do
	command -v "$tool" >/dev/null ||
	    fail "$tool is missing: apt-get install $tool"
done
tree=$(cd "$(dirname "$0")/.." && pwd) || exit 1
if [ -n "$keep" ]; then
	mkdir -p "$keep" || exit 1
	root=$(cd "$keep" && pwd) || exit 1
else
	root=$(mktemp -d /var/tmp/crlferry-try.XXXXXX) || exit 1
fi

# leave: what was mounted last goes first; only then may anything be removed.
# shellcheck disable=SC2317	# called by the trap
leave()
{
	for at in dev/pts dev sys proc ''; do
		mountpoint -q "$root/$at" || continue
		umount "$root/$at" || umount -l "$root/$at" || {
			echo "$root/$at is still mounted: umount it" >&2
			return
		}
	done
	[ -n "$keep" ] || rm -rf --one-file-system "$root" "$root.bare"
}
trap leave EXIT
trap 'exit 130' INT TERM HUP

if [ ! -e "$root/etc/debian_version" ]; then
	echo "== debootstrap: $release in $root"
	debootstrap --variant=minbase "$release" "$root" "$mirror" \
	    >"$root.log" 2>&1 || {
		tail -n 15 "$root.log" >&2
		fail "debootstrap failed; its log is $root.log"
	}
	rm -f "$root.log"
	cp -a "$root" "$root.bare" || exit 1
fi
cp /etc/resolv.conf "$root/etc/resolv.conf"
# Onto itself: tests that make a mount namespace want a root that is a mount.
{ mount --bind "$root" "$root" && mount --make-private "$root" &&
    mount -t proc proc "$root/proc" && mount -t sysfs sysfs "$root/sys" &&
    mount --bind /dev "$root/dev" &&
    mount -t devpts -o newinstance,ptmxmode=0666,mode=0620 devpts \
    "$root/dev/pts"; } || fail "cannot mount what a chroot needs"

# What git knows, as it stands in the folder: what is not yet committed, too.
copy=$root/root/crlferry
rm -rf "$copy"
mkdir -p "$copy"
{ cd "$tree" && git ls-files -z --cached --others --exclude-standard |
    tar -c --null -T - | tar -x --no-same-owner -C "$copy"; } || exit 1
chmod -R go-w "$copy"

# inside COMMAND...: in the tree, in the chroot
inside()
{
	chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root \
	    LC_ALL=C.UTF-8 sh -c 'cd /root/crlferry && exec "$@"' sh "$@"
}

try_quickstart()
{
	inside sh examples/quickstart.sh
}

try_tests()
{
	inside sh tests/run.sh
}

# try_kits: on a second bare system, whose mounts end with it.
try_kits()
{
	inside rm -rf /root/kits
	# shellcheck disable=SC2016	# and these
	inside sh -c '. examples/packages.sh && crlferry_install kit &&
	    mkdir /root/kits && cd /root/kits &&
	    minisign -G -W -f -s /root/kit.key -p kit.pub &&
	    for role in root sub; do
		sh /root/crlferry/packaging/offline-kit.sh --key /root/kit.key \
		    --packages /root/new "$role" . || exit
	    done' || return
	rm -rf "$root.bare/root/kits"
	cp -r "$root/root/kits" "$tree/tests/packages/kit_in_chroot" \
	    "$root.bare/root" || return
	# shellcheck disable=SC2016	# the inner shell expands these
	unshare --mount sh -c 'mount --bind "$1" "$1" &&
	    mount -t proc proc "$1/proc" && mount --rbind /dev "$1/dev" &&
	    cd "$1/root/kits" &&
	    sum=$(sha256sum <crlferry-root-kit/SHA256SUMS) &&
	    exec chroot "$1" /root/kit_in_chroot /root/kits/crlferry-root-kit \
		/root/kits/crlferry-sub-kit /root/kits/kit.pub "${sum%% *}"' \
	    sh "$root.bare"
}

# Built twice: once as the version before, to upgrade from.
try_packages()
{
	inside rm -rf /root/old /root/new &&
	    inside sh packaging/build-deb.sh --version 0.0.9 \
	    /root/old &&
	    inside sh packaging/build-deb.sh /root/new &&
	    inside bash tests/packages/in_chroot /root/old /root/new &&
	    try_kits
}

passed=
failed=
for part in ${only:-quickstart tests packages}; do
	echo "== $part on $release"
	if "try_$part"; then
		passed="$passed $part"
	else
		failed="$failed $part"
	fi
done
echo "$release: passed:${passed:- nothing}; failed:${failed:- nothing}"
[ -z "$failed" ]
