#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What can be wrong with the configuration: each told by file and line.

load ../e2e/root_setup

setup() {
	make_folder
	old_root ca p256
	make_sub ca one
	adopt_root ca corp --subordinate one=ca/one.pem
	cp ca/crlferry.cfg good.cfg
}

# wrong PATTERN REPLACEMENT [TEXT]: the line that matches is exchanged, and
# refused by its number
wrong() {
	local line
	line=$(grep -n -m 1 -- "$1" good.cfg | cut -d: -f1)
	[ -n "$line" ] || {
		echo "want a line with $1, have none"
		return 1
	}
	PATTERN=$1 REPLACEMENT=$2 perl -pe \
		's/^.*$/$ENV{REPLACEMENT}/ if /$ENV{PATTERN}/ && !$done++' \
		good.cfg >ca/crlferry.cfg
	refused_alone ca 78 config root ca issue --first || return
	says "config: ca/crlferry.cfg:$line: " || return
	[ -z "${3-}" ] || says "$3"
}

# works PATTERN REPLACEMENT: the same exchange is no fault
works() {
	PATTERN=$1 REPLACEMENT=$2 perl -pe \
		's/^.*$/$ENV{REPLACEMENT}/ if /$ENV{PATTERN}/ && !$done++' \
		good.cfg >ca/crlferry.cfg
	run cmp good.cfg ca/crlferry.cfg
	[ "$status" -eq 1 ] || return
	root ca status --quiet >/dev/null
}

@test "every verb refuses, and makes nothing" {
	local verb
	mkdir medium
	sed 's/^air_gap = .*/colour = "red";/' good.cfg >ca/crlferry.cfg
	for verb in 'issue --first' status plan 'ledger verify' \
		'ledger show' 'export medium --allow-fixed-disk'; do
		# The verb and its options are words.
		# shellcheck disable=SC2086
		refused_alone ca 78 config root ca $verb
		says colour
	done
	[ -z "$(ls medium)" ]
}

@test "unknown keys, on every level" {
	wrong '^version' 'colour = "red";' 'unknown key "colour"'
	wrong '^seal' 'seal = { secret = "seal.key"; colour = "red"; };' colour
	wrong '  schedule' 'shedule = "semiannual";' shedule
	wrong ' backdate' 'back_date = "10 min";' back_date
	wrong '{ name = "one"' '{ name = "one"; colour = 1;' colour
}

@test "repeated keys" {
	wrong '^air_gap' 'version = 1;' 'duplicate setting'
	wrong '  profile' 'schedule = "semiannual";' 'duplicate setting'
	wrong ' backdate' 'key = "other.key";' 'duplicate setting'
}

@test "wrong types" {
	wrong '^version' 'version = "1";'
	wrong '^state' 'state = 1;' 'state must be a string'
	wrong '^state' 'state = "";' 'state must be some text'
	wrong '^seal' 'seal = "seal.key";'
	wrong '^seal' 'seal = { secret = 7; };'
	wrong '^seal' 'seal = { secret = ( 7 ); };'
	wrong '  profile' 'profile = true;'
	wrong '  profile' 'profile = "strict";' 'must be rfc5280 or br, not "strict"'
	wrong '^air_gap' 'air_gap = true;'
	wrong '^air_gap' 'air_gap = "maybe";' 'must be require, warn or off, not "maybe"'
	wrong '{ name = "one"' '{ name = "one"; retired = "yes";' retired
	wrong '{ name = "one"' '{ name = "One";' 'must be 1 to 32 of a-z, 0-9 and -, not'
	wrong ' backdate' 'backdate = "10";' 'a duration'
	wrong ' backdate' 'backdate = 10;' 'a string'
	wrong '^air_gap' 'max_crl_bytes = "many";' 'a size'
	wrong '^air_gap' 'max_crl_bytes = "0";' 'a size'
	wrong '  profile' 'max_number_jump = "-1";' 'a decimal number'
	wrong '^air_gap' 'air_gap_allow = "eth0"; sandbox = "maybe";' sandbox
}

@test "@include, integers that libconfig would wrap, unknown versions" {
	echo 'version = 1;' >ca/more.cfg
	wrong '^version' '@include "more.cfg"' '@include'
	wrong '^version' 'version = 4294967297;' 'at most 9 digits'
	wrong '^version' 'version = 18446744073709551617;' 'at most 9 digits'
	wrong '^version' 'version = 2;' 'version: want 1, have 2'
	wrong '^version' 'version = 0;' 'version: want 1, have 0'
	wrong '^version' 'version = -1;' 'version: want 1, have -1'
	# In comments and strings they are text.
	works '^version' '# @include "more.cfg" 4294967297'
	works '# published_as' 'published_as = "4294967297.crl";'
}

@test "syntax" {
	wrong '^state' 'state = "state"; }'
	for line in 'state' 'profile = "rfc5280' '('; do
		(cat good.cfg && echo "$line") >ca/crlferry.cfg
		refused_alone ca 78 config root ca status
		says 'not in libconfig syntax'
	done
	# libconfig would pass over the rest without a word.
	wrong '^# What this machine' '/* What this machine' 'the comment'
	works '^# What this machine' '/* What " this */ // machine /*'
	wrong '^seal' 'seal = { secret = "seal.key" ;; };'
	printf 'version = 1;\0\n' >ca/crlferry.cfg
	refused_alone ca 78 config root ca status
	says 'ca/crlferry.cfg:1: is not text: it holds a NUL octet'
	echo garbage >ca/crlferry.cfg
	refused_alone ca 78 config root ca status
	says 'ca/crlferry.cfg:'
	: >ca/crlferry.cfg
	refused_alone ca 78 config root ca status
	says '"state"'
	head -c 2000000 /dev/zero | tr '\0' '#' >ca/crlferry.cfg
	refuses 65 format root ca status
}

@test "required keys" {
	local key
	for key in '^state' ' certificate' ' key' ' index' ' crlnumber'; do
		key=${key/^/}
		grep -v "^ *${key# } = " good.cfg >ca/crlferry.cfg
		[ "$key" != ' certificate' ] ||
			sed '0,/^ *certificate = /{/^ *certificate = /d}' \
				good.cfg >ca/crlferry.cfg
		refused_alone ca 78 config root ca status
		says "the key \"${key# }\" is missing"
		says 'ca/crlferry.cfg:'
	done
}

@test "names twice, and file names that are none" {
	wrong '# published_as' 'published_as = 1;'
	local name
	for name in ../x.crl .hidden a/b.crl; do
		sed "s,^ *# published_as.*,published_as = \"$name\";," \
			good.cfg >ca/crlferry.cfg
		refused_alone ca 78 config root ca status
		says published_as
	done
	sed 's/^);$/, { name = "corp"; certificate = "root.pem"; } );/' \
		good.cfg >ca/crlferry.cfg
	refused_alone ca 78 config root ca status
	says 'roots: two of them are called corp'
}

@test "a schedule that is missing" {
	sed 's/"semiannual"/"never"/' good.cfg >ca/crlferry.cfg
	refused_alone ca 78 config root ca status
	says "ca/crlferry.cfg:$(grep -n ' schedule = ' ca/crlferry.cfg |
		cut -d: -f1): no schedule \"never\"; installed: annual, annual-br"
	says 'schedules/never.cfg'
	wrong '  schedule' 'schedule = "../index";' 'must be 1 to 32 of a-z, 0-9 and -, not'
}

@test "missing, a folder, loose modes" {
	local mode
	for mode in 664 646 666 622; do
		chmod $mode ca/crlferry.cfg
		refused_alone ca 77 permissions root ca issue --first
		refused_alone ca 77 permissions root ca status
	done
	rm ca/crlferry.cfg
	refused_alone ca 66 missing root ca status
	mkdir ca/crlferry.cfg
	refused_alone ca 65 format root ca status
}
