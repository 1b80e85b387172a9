#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What examples/packages.sh says where it cannot install.  Nothing is installed.

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	# A PATH of what the script needs, and no sudo in it.
	# Not below bats's own folder, which is closed to nobody.
	open=$(mktemp -d /tmp/crlferry-install.XXXXXX)
	chmod 755 "$open"
	mkdir "$open/bin"
	local tool
	for tool in sh id cat fold sed tail mktemp sleep dpkg-query grep; do
		ln -s "$(command -v "$tool")" "$open/bin/$tool"
	done
}

teardown() {
	rm -r "$open"
}

# as_nobody SCRIPT: packages.sh is sourced first
as_nobody() {
	cp examples/packages.sh "$open/packages.sh"
	chmod 644 "$open/packages.sh"
	[ "$(id -u)" -eq 0 ] || skip "only root can become nobody"
	run setpriv --reuid=nobody --regid=nogroup --clear-groups env -i \
		PATH="$open/bin" LC_ALL=C.UTF-8 \
		sh -c "cd / && . '$open/packages.sh' && $1"
	echo "$output"
}

@test "neither root nor sudo: what to type as root, and no success" {
	as_nobody 'crlferry_build_packages="crlferry-lacks-this and-this-one"
		crlferry_install build; echo "status $?"'
	[[ $output == *"only root can install them"* ]]
	[[ $output == *"apt-get update && apt-get install"* ]]
	[[ $output == *"crlferry-lacks-this"*"and-this-one"* ]]
	[[ $output == *"status 1" ]]
	[ -z "$(sed -n '/^.\{81\}/p' <<<"$output")" ]
}

@test "nothing is missing: nothing is said" {
	as_nobody 'crlferry_build_packages=dpkg; crlferry_install build'
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "apt's words are in a log, whose end is shown where it fails" {
	. examples/packages.sh
	run crlferry_apt "$BATS_TEST_TMPDIR/log" \
		apt-get install -s -y crlferry-lacks-this
	echo "$output"
	[ "$status" -eq 1 ]
	[[ $output == *"apt failed; the end of $BATS_TEST_TMPDIR/log:"* ]]
	[[ $output == *"Unable to locate package crlferry-lacks-this"* ]]
	run crlferry_apt "$BATS_TEST_TMPDIR/log" apt-get --version
	[ "$status" -eq 0 ]
	[[ $output != *Supported* ]]
	grep -q Supported "$BATS_TEST_TMPDIR/log"
}
