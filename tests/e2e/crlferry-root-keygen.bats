#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-root keygen: key pairs in minisign's formats, both ways.

load root_setup

keygen() {
	"$ROOT_PROGRAM" keygen "$@"
}

@test "minisign signs with our key, and verifies with it" {
	umask 0
	keygen seal.key seal.pub --no-passphrase
	[ "$(stat -c %a seal.key)" = 600 ]
	[ "$(stat -c %a seal.pub)" = 644 ]
	echo text >file
	minisign -S -W -s seal.key -m file </dev/null
	minisign -V -p seal.pub -m file
	minisign -V -P "$(tail -n 1 seal.pub)" -m file
	echo more >>file
	run minisign -V -p seal.pub -m file
	[ "$status" -ne 0 ]
	no_leftovers
}

@test "with a passphrase: minisign asks for it, and takes no other" {
	keygen seal.key seal.pub --passphrase-fd 0 <<<horse
	echo text >file
	minisign -S -s seal.key -m file <<<horse
	minisign -V -p seal.pub -m file
	rm file.minisig
	run minisign -S -s seal.key -m file <<<donkey
	[ "$status" -ne 0 ]
	[ ! -e file.minisig ]
}

@test "the text tells the key for the other side, JSON as well" {
	run keygen seal.key seal.pub --no-passphrase
	[ "$status" -eq 0 ]
	says "$(tail -n 1 seal.pub)"
	keygen two.key two.pub --no-passphrase --json >keys.json
	jq -e '.keys[0].secret == "two.key" and
		.keys[0].public == "two.pub"' keys.json
	[ "$(jq -r '.keys[0].key' keys.json)" = "$(tail -n 1 two.pub)" ]
	head -n 1 two.pub | grep -qF "$(jq -r '.keys[0].key_id' keys.json)"
	keygen three.key three.pub --no-passphrase --quiet >out 2>&1
	[ ! -s out ]
	# Each is another key.
	[ "$(cat ./*.pub | grep -c '^RW')" -eq 3 ]
	[ "$(cat ./*.pub | grep '^RW' | sort -u | wc -l)" -eq 3 ]
}

@test "a file that exists is never written over" {
	echo precious >old.key
	refused . 64 usage keygen old.key new.pub --no-passphrase
	[ ! -e new.pub ]
	refused . 64 usage keygen new.key old.key --no-passphrase
	[ ! -e new.key ]
	ln -s nowhere link.key
	refused . 64 usage keygen link.key new.pub --no-passphrase
	[ ! -e nowhere ]
	refused . 64 usage keygen same.key same.key --no-passphrase
	[ ! -e same.key ]
}

@test "no passphrase, no key" {
	refused . 65 key keygen new.key new.pub --passphrase-fd 0 </dev/null
	refused . 65 key keygen new.key new.pub --passphrase-fd 0 <<<''
	refused . 65 key setsid --wait "$ROOT_PROGRAM" keygen new.key \
		new.pub </dev/null
	says '--passphrase-fd'
	[ ! -e new.key ]
	[ ! -e new.pub ]
}

@test "wrong arguments and folders" {
	refused . 64 usage keygen
	refused . 64 usage keygen one.key --no-passphrase
	refused . 64 usage keygen one.key two.pub three --no-passphrase
	refused . 64 usage keygen one.key two.pub --nonsense
	refused . 66 missing keygen none/one.key two.pub --no-passphrase
	[ ! -e two.pub ]
	# Where the public key cannot go, no secret one is left alone.
	refused . 66 missing keygen one.key none/two.pub --no-passphrase
	[ ! -e one.key ]
}
