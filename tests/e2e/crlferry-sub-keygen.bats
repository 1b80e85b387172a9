#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-sub keygen: keys in minisign's formats, for notes.

load root_setup

keygen() {
	"$SUB_PROGRAM" keygen "$@"
}

@test "without a passphrase: minisign signs with it and verifies" {
	run keygen note.key note.pub --no-passphrase
	[ "$status" -eq 0 ]
	[[ $output == *"\"$(tail -n 1 note.pub)\""* ]]
	[ "$(stat -c %a note.key)" = 600 ]
	[ "$(stat -c %a note.pub)" = 644 ]
	echo hello >file
	minisign -S -q -s note.key -m file </dev/null
	minisign -V -q -p note.pub -m file
	echo hullo >file
	run minisign -V -q -p note.pub -m file
	[ "$status" -ne 0 ]
}

@test "with a passphrase from a descriptor: minisign asks for it" {
	keygen note.key note.pub --passphrase-fd 3 3<<<"correct horse"
	echo hello >file
	echo "correct horse" | minisign -S -q -s note.key -m file
	minisign -V -q -p note.pub -m file
	rm file.minisig
	run minisign -S -q -s note.key -m file <<<"wrong"
	[ "$status" -ne 0 ]
	[ ! -e file.minisig ]
}

@test "a loose umask does not loosen the secret key" {
	(umask 0 && keygen note.key note.pub --no-passphrase)
	[ "$(stat -c %a note.key)" = 600 ]
	[ "$(stat -c %a note.pub)" = 644 ]
}

@test "two key pairs differ" {
	keygen one.key one.pub --no-passphrase
	keygen two.key two.pub --no-passphrase
	run ! cmp -s one.pub two.pub
	run ! cmp -s one.key two.key
}

@test "--json gives the key for scripts, --quiet nothing" {
	run keygen note.key note.pub --no-passphrase --json
	[ "$status" -eq 0 ]
	jq -e --arg key "$(tail -n 1 note.pub)" '.type == "crlferry-keygen" and
		.keys[0].key == $key and .keys[0].secret == "note.key" and
		(.keys[0].key_id | test("^[0-9A-F]{16}$"))' <<<"$output"
	run keygen two.key two.pub --no-passphrase --quiet
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

# makes_nothing STATUS TOKEN COMMAND...: refused, and the folder is as before
makes_nothing() {
	local before
	before=$(find . -printf '%p %m %T@\n' | sort; digest_of .)
	refuses "$@" || return 1
	[ "$before" = "$(find . -printf '%p %m %T@\n' | sort; digest_of .)" ]
}

@test "a file that is there is not overwritten: usage" {
	: >note.key
	makes_nothing 64 usage keygen note.key note.pub --no-passphrase
	mv note.key note.pub
	makes_nothing 64 usage keygen note.key note.pub --no-passphrase
	ln -s nowhere linked
	makes_nothing 64 usage keygen linked other.pub --no-passphrase
	# the same file by two names
	refuses 64 usage keygen same ./same --no-passphrase
	[ ! -e same ]
}

@test "a wrong command line: usage" {
	makes_nothing 64 usage keygen
	makes_nothing 64 usage keygen note.key
	makes_nothing 64 usage keygen a b c --no-passphrase
	makes_nothing 64 usage keygen note.key note.pub --passphrase secret
	makes_nothing 64 usage keygen note.key note.pub --passphrase-fd x
	makes_nothing 64 usage keygen note.key note.pub --passphrase-fd 77
}

@test "an empty passphrase, or no terminal to ask on: key" {
	makes_nothing 65 key keygen note.key note.pub --passphrase-fd 3 3<<<""
	makes_nothing 65 key keygen note.key note.pub --passphrase-fd 3 \
		3</dev/null
	makes_nothing 65 key setsid -w "$SUB_PROGRAM" keygen note.key note.pub \
		</dev/null
}

@test "a folder that is not there: missing" {
	makes_nothing 66 missing keygen no/note.key note.pub --no-passphrase
	# and no secret key is left without its public one
	refuses 66 missing keygen note.key no/note.pub --no-passphrase
	[ -z "$(ls -A)" ]
}
