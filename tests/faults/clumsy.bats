#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Stores as people have them, in folders that others can change: they work, or
# the message has a command that mends it when it is typed.

load ../e2e/pki_setup
load strangers

make_work() {
	make_pki
	open_way
}

setup() {
	need_root
	restore_work
}

# does_as_told NUMBER: type what the last message says, its first command or,
# with 2, what stands behind "or"
does_as_told() {
	local text
	text=$(sed -n 's/^crlferry-sub: permissions: //p' <<<"$output")
	text=$(grep -o "\(chown\|chgrp\|chmod\) .*" <<<"$text")
	case $1 in
	1) text=${text%%; or, *} ;;
	2) text=${text#*; or, if it can be root\'s alone, } ;;
	esac
	echo "typed: $text"
	bash -euc "$text"
}

# works_when_told NUMBER: import is refused until all that it says is done
works_when_told() {
	local i
	refuses 77 permissions import stick2
	for i in 1 2 3 4; do
		does_as_told "$1"
		run import stick2
		[ "$status" -ne 0 ] || break
	done
	echo "$output"
	[ "$status" -eq 0 ]
	all_hold stick2
}

@test "root's folder within another user's: what it says to do suffices" {
	chown www-data .
	cp -a . ../copy
	works_when_told 1
	[ "$(stat -c %U stores/hash)" = www-data ]
	cp -a ../copy/. .
	chown www-data .
	works_when_told 2
	[ "$(stat -c %U .)" = root ]
	rm -r ../copy
}

@test "a file that its folder's owner may not read" {
	local owner
	for owner in www-data:www-data root:www-data; do
		restore_work
		chown "$owner" stores stores/hash
		chmod 775 stores stores/hash
		chmod 600 stores/one.crl "$(hash_slot 0)"
		works_when_told 1
	done
	restore_work
	chown www-data stores
	chmod 600 stores/one.crl
	works_when_told 2
}

@test "check says the same" {
	chown www-data stores
	chmod 600 stores/one.crl
	run sub check
	echo "$output"
	[ "$status" -eq 3 ]
	[[ $output == *"UNKNOWN - test-root/live unreadable: "*"stores/one.\
crl: not opened: www-data can change its folder, but may not read it: chown \
www-data $T/stores/one.crl; or, if it can be root's alone, chown root "* ]]
}

@test "a mount below a folder of others" {
	cp -a stores/hash mounted
	chown www-data stores
	mount --bind mounted stores/hash
	works_when_told 1
	umount stores/hash
	holds "mounted/$(basename "$(hash_slot 0)")" stick2
}

@test "two hands on one way" {
	chown www-data stores
	chown daemon stores/hash
	works_when_told 1
}

@test "an ACL lets one user write: it is he who is looked at, not a group" {
	local file
	setfacl -m u:www-data:rwx,d:u:www-data:rwx stores stores/hash
	import stick2
	all_hold stick2
	# he follows no link, and reads what he may
	for file in $(each_type); do
		mv "$file" kept
		chmod 640 kept
		as_www ln -s "$T/kept" "$file"
		refuses 77 permissions import stick2
		[[ $output == *"$file: not followed: it is a link in a \
folder that www-data can change"* ]]
		rm "$file"
		mv kept "$file"
		setfacl -b "$file"
		refuses 77 permissions import stick2
		[[ $output == *"$file: not opened: www-data can change its"* ]]
		setfacl -m u:www-data:r "$file"
		import stick2
	done
}

@test "an ACL lets one group write, or several" {
	setfacl -m g:www-data:rwx stores stores/hash
	chmod 640 stores/one.crl
	refuses 77 permissions import stick2
	[[ $output == *"one.crl: not opened: the group www-data can "* ]]
	works_when_told 1
	setfacl -m u:daemon:rwx stores stores/hash
	works_when_told 2
}

@test "a call that is to give root's rights back fails: what root writes is his" {
	local call n
	command -v strace || skip "needs strace"
	chown -R www-data: stores
	cp -a . ../whole
	for call in setfsuid setfsgid; do
		for n in 1 3 4 5 8 34 60; do
			rm -rf sub stores
			cp -a ../whole/sub ../whole/stores .
			run strace -f -qq -o /dev/null -e trace=$call \
				-e inject=$call:retval=0:when=$n \
				"$SUB_PROGRAM" import --config \
				sub/crlferry.cfg stick2
			echo "$call $n: $status"
			[ -z "$(find sub '(' -user www-data -o \
				-group www-data ')')" ]
			import stick2
			all_hold stick2
		done
	done
	rm -r ../whole
}
