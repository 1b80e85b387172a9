#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What a hostile or broken stick may hold (FAULTS 10-14, 16, 17).  Every import
# runs under a time limit: a hang is a failure as well.

load ../e2e/pki_setup
load inject

MEMBERS="bundle.json test-root.crl test-root.crl.pem test-root.crt
	SHA256SUMS README.txt"

# each_member COMMAND...: with the name of each file of the bundle in turn in
# place of @; then import refuses, and says the file
each_member() {
	local member seal
	seal=$(basename "$BUNDLE2"/bundle.json.*.minisig)
	cp -r stick2 whole
	for member in $MEMBERS "$seal"; do
		"${@//@/$member}"
		echo "$member:"
		keeps 65 format import stick2 || return 1
		refuses 65 format guarded "$SUB_PROGRAM" info stick2 \
			--config sub/crlferry.cfg || return 1
		[[ $output == *" $BUNDLE2/$member"[:\ ]* ]] || {
			echo "want $member in: $output"
			return 1
		}
		rm -rf stick2
		cp -r whole stick2
	done
	import stick2
	all_hold stick2
}

symlink() {
	mv "$BUNDLE2/$1" "elsewhere-$1"
	ln -s "$T/elsewhere-$1" "$BUNDLE2/$1"
}

symlink_beside() {
	mkdir -p stick2/beside
	mv "$BUNDLE2/$1" "stick2/beside/$1"
	ln -s "../../../beside/$1" "$BUNDLE2/$1"
}

hard_link() {
	ln "$BUNDLE2/$1" "linked-$1"
}

fifo() {
	rm "$BUNDLE2/$1"
	mkfifo "$BUNDLE2/$1"
}

folder() {
	rm "$BUNDLE2/$1"
	mkdir "$BUNDLE2/$1"
}

huge() {
	truncate -s 10G "$BUNDLE2/$1"
}

unix_socket_at() {
	perl -MSocket -e 'socket(my $s, AF_UNIX, SOCK_STREAM, 0) or die;
		bind($s, pack_sockaddr_un($ARGV[0])) or die' "$1"
}

unix_socket() {
	rm "$BUNDLE2/$1"
	unix_socket_at "$BUNDLE2/$1"
}

device() {
	rm "$BUNDLE2/$1"
	mknod "$BUNDLE2/$1" c 1 5
}

@test "row 10: a symbolic link in place of each file" {
	each_member symlink @
}

@test "row 10: a symbolic link that stays on the stick" {
	each_member symlink_beside @
}

@test "row 10: a symbolic link in place of a folder" {
	mkdir real
	mv stick2/crlferry/test-root/000002 real/
	ln -s "$T/real/000002" stick2/crlferry/test-root/000002
	keeps 65 format import stick2
	rm stick2/crlferry/test-root/000002
	mv real/000002 stick2/crlferry/test-root/
	mv stick2/crlferry/test-root real/
	ln -s "$T/real/test-root" stick2/crlferry/test-root
	keeps 65 format import stick2
	rm stick2/crlferry/test-root
	mv real/test-root stick2/crlferry/
	mv stick2/crlferry real/
	ln -s "$T/real/crlferry" stick2/crlferry
	keeps 65 format import stick2
}

@test "row 11: a hard link in place of each file" {
	each_member hard_link @
}

@test "row 12: a FIFO in place of each file" {
	each_member fifo @
}

@test "row 12: a folder in place of each file" {
	each_member folder @
}

@test "row 12: a socket in place of each file" {
	each_member unix_socket @
}

@test "row 12: a device in place of each file" {
	mknod probe c 1 5 2>/dev/null || skip "may not make devices here"
	each_member device @
}

@test "row 12: a FIFO, a socket or a device as the source itself" {
	mkfifo pipe
	keeps 65 format import pipe
	keeps 65 format import /dev/zero
	keeps 65 format import /dev/null
	unix_socket_at socket
	keeps 65 format import socket
	configure 's/ *schedule = /bare = true;\n&/'
	keeps 65 format import pipe
	keeps 65 format import /dev/zero
}

@test "row 13: each file in turn of 10 GiB" {
	bounded
	each_member huge @
}

@test "row 13: a bare CRL of 10 GiB" {
	configure 's/ *schedule = /bare = true;\n&/'
	truncate -s 10G huge.crl
	bounded
	keeps 65 format import huge.crl
}

@test "row 16: one file more in the bundle" {
	local name
	for name in evil.txt test-root.CRL TEST-ROOT.crl .hidden \
		bundle.json.minisig bundle.json.d9aa80a16ddae8c.minisig \
		bundle.json.D9AA80A16DDAE8CF.minisig autorun.inf; do
		echo hello >"$BUNDLE2/$name"
		keeps 65 format import stick2
		[[ $output == *"$BUNDLE2/$name: is not a file of a bundle"* ]]
		rm "$BUNDLE2/$name"
	done
	mkdir "$BUNDLE2/more"
	keeps 65 format import stick2
}

@test "row 16: one file less in the bundle" {
	local member
	cp -r stick2 whole
	for member in $MEMBERS; do
		[ "$member" != bundle.json ] || continue
		rm "$BUNDLE2/$member"
		keeps 66 missing import stick2
		[[ $output == *"$BUNDLE2/$member: "*"export it again"* ]]
		cp "whole/${BUNDLE2#stick2/}/$member" "$BUNDLE2/"
	done
	# without manifest, or seal, there is no bundle
	rm "$BUNDLE2/bundle.json"
	keeps 66 missing import stick2
	keeps 66 missing import "$BUNDLE2"
}

@test "row 16: a dozen seals too many" {
	local i
	for i in $(seq 10 99); do
		cp "$BUNDLE2"/bundle.json.????????????????.minisig \
			"bundle.json.00000000000000$i.minisig"
	done
	mv bundle.json.* "$BUNDLE2/"
	keeps 65 format import stick2
}

@test "row 17: names that lead elsewhere, in a sealed manifest" {
	local name
	cp -r stick2 whole
	for name in ../x ../../../sub/crlferry.cfg /etc/x /etc/passwd . .. '' \
		./test-root.crl sub/test-root.crl 'test-root.crl\u0000' \
		'\u0000' 'a\\b' 'C:\\x' other-root.crl TEST-ROOT.CRL \
		'test-root.crl ' 'x\n' bundle.json SHA256SUMS \
		"$(printf '%0300d' 0)"; do
		rm -r stick2 && cp -r whole stick2
		jq --argjson name "\"$name\"" '.files[0].name = $name' \
			"whole/${BUNDLE2#stick2/}/bundle.json" \
			>"$BUNDLE2/bundle.json"
		reseal "$BUNDLE2"
		keeps 65 format import stick2 || {
			echo "with the name $name"
			return 1
		}
	done
	rm -r stick2 && cp -r whole stick2
	edit_manifest "$BUNDLE2" '.files[0].name = "test-root.crl"'
	import stick2
}

@test "row 17: such names are never opened" {
	need_strace
	echo secret >secret
	edit_manifest "$BUNDLE2" ".files[0].name = \"../../../../secret\""
	run strace -f -o trace -e trace=file "$SUB_PROGRAM" import \
		--config sub/crlferry.cfg stick2
	[ "$status" -eq 65 ]
	grep -q test-root.crl trace
	run ! grep -q secret trace
}

@test "row 17: a root's folder of a name that is none" {
	mkdir -p "stick2/crlferry/test-root/../TEST-ROOT/000009"
	mkdir -p stick2/crlferry/test-root/9 stick2/crlferry/test-root/00000x \
		stick2/crlferry/test-root/0000003
	echo hello >stick2/crlferry/test-root/hello
	import stick2
	all_hold stick2
}

@test "the folder of a number that is a file" {
	echo hello >stick2/crlferry/test-root/000003
	keeps 65 format import stick2
}

@test "row 8: more folders on the stick than anybody has" {
	local i
	mkdir -p many/crlferry/test-root
	seq -f "many/crlferry/test-root/%06g" 1 4097 | xargs mkdir
	keeps 65 format import many
	[[ $output == *"holds more than 4096 bundles"*"move old ones away"* ]]
	rmdir many/crlferry/test-root/00[0-3]*
	cp -r "$BUNDLE2" many/crlferry/test-root/000002
	import many --quiet
	all_hold stick2
}

@test "row 14: exchanged after the verification: the verified is installed" {
	# a hook of the first store runs between verification and the others
	cat >hook <<-HOOK
		#!/bin/sh
		for file in $T/$BUNDLE2/*; do echo garbage >"\$file"; done
	HOOK
	chmod +x hook
	cp "$(crl_of stick2)" wanted
	configure "0,/path = .*hash\";/s//& reload = [ \"${T//\//\\/}\/hook\" ];/"
	import stick2 --quiet
	[ "$(cat "$BUNDLE2/test-root.crl")" = garbage ]
	cmp stores/one.crl wanted
	cmp sub/state/test-root/accepted.crl wanted
	cmp <(openssl crl -in stores/all.pem -outform DER) wanted
	rejects_revoked ca/bad.pem
}

# rewrite FILE: what is right and what is not, in place and by renaming, until
# there is a file `enough`; what is not is each of the files in `forged` in turn
rewrite() {
	local forged
	while [ -d forged ] && [ ! -e enough ]; do
		for forged in forged/*; do
			cat "$forged" >"$1"
			cat wanted >"$1"
			cp "$forged" next && mv next "$1"
			cp wanted next && mv next "$1"
		done
	done
}

# forge: CRLs and what is none, of which the manifest says nothing
forge() {
	mkdir forged
	issue_to stick3
	cp "$(crl_of stick1)" forged/older
	cp "$(crl_of stick3)" forged/newer
	head -c 700 /dev/urandom >forged/garbage
	head -c 200 wanted >forged/cut
	cat wanted wanted >forged/twice
	# of the right size, and not signed by anybody
	cp wanted forged/flipped
	flip forged/flipped $(($(stat -c %s wanted) / 2))
}

@test "row 14: rewritten all the time: never unverified octets" {
	local count=50 done=0 taken=0 writer
	[ -z "${CRLFERRY_LONG:-}" ] || count=1000
	cp "$(crl_of stick2)" wanted
	forge
	rewrite "$BUNDLE2/test-root.crl" 3>&- &
	writer=$!
	while [ "$done" -lt "$count" ]; do
		rm -rf sub/state stores
		mkdir -p stores/hash
		run import stick2
		done=$((done + 1))
		if [ "$status" -eq 0 ]; then
			taken=$((taken + 1))
			cmp stores/one.crl wanted
			cmp sub/state/test-root/accepted.crl wanted
			holds_wanted stores/all.pem
			holds_wanted "$(hash_slot 0)"
			continue
		fi
		[ "$status" -eq 65 ] || [ "$status" -eq 66 ]
		[ "$(find stores -type f | wc -l)" -eq 0 ]
	done
	touch enough
	wait "$writer"
	tried "$taken of $count imports were taken"
	cp wanted next && mv next "$BUNDLE2/test-root.crl"
	import stick2
	cmp stores/one.crl wanted
	leaves_nothing
}

holds_wanted() {
	cmp <(openssl crl -in "$1" -outform DER) wanted
}
