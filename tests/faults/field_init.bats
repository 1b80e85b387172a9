#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# init admits what the other verbs admit, and keeps what it was given; what the
# configuration cannot work with is an error of every verb.

load ../e2e/field_setup

# Verbs with arguments, of which none is looked at before the configuration.
ROOT_VERBS=(status plan 'ledger verify' 'ledger show' 'collect medium'
	'revoke corp 1000 --reason superseded' 'issue --first'
	'issue --first --dry-run' 'adopt corp file' 'export medium'
	'seal medium' 'ceremony medium' 'reset-order medium corp s1 --why x')
SUB_VERBS=(status plan 'request medium' 'info medium' 'import medium'
	'recover medium')

# refused_by_all TOKEN TEXT: by every verb of both programs, with this text; the
# reminder is UNKNOWN
refused_by_all() {
	local verb
	for verb in "${ROOT_VERBS[@]}"; do
		# shellcheck disable=SC2086 # the verb and its arguments
		refused ca 78 "$1" field_ca $verb || return
		says "$2" || return
	done
	for verb in "${SUB_VERBS[@]}"; do
		# shellcheck disable=SC2086
		refused sub 78 "$1" field_issuing $verb || return
		says "$2" || return
	done
	refused sub 3 "$1" field_issuing check || return
	says "CRLFERRY UNKNOWN - $1: sub/crlferry.cfg:"
	says "$2"
}

# seal_group TEXT: what both configurations have in theirs
seal_group() {
	local file
	for file in ca/crlferry.cfg sub/crlferry.cfg; do
		WITH="seal = { $1 };" perl -0777 -pi -e \
			's/^seal = \{.*?\};/$ENV{WITH}/ms' $file
		grep -qF "seal = { $1 };" $file || return
	done
}

@test "required above the keys in trusted: an error of every verb" {
	field_root
	field_sub
	mkdir medium
	"$ROOT_PROGRAM" keygen a.key a.pub --no-passphrase --quiet
	"$ROOT_PROGRAM" keygen b.key b.pub --no-passphrase --quiet
	cp a.pub ca/
	cp a.pub sub/
	local a b
	a=$(tail -n 1 a.pub)
	b=$(tail -n 1 b.pub)
	seal_group 'required = 2;'
	refused_by_all config 'seal: want at least 2 different keys in "trusted", have 0'
	says 'lower "required"'
	for keys in "\"$a\"" "\"$a\", \"$a\"" "\"$a\", \"a.pub\"" \
		'"a.pub", "./a.pub"' '"none.pub", "none.pub"'; do
		seal_group "trusted = ( $keys ); required = 2;"
		refused_by_all config 'keys in "trusted", have 1'
	done
	seal_group "trusted = ( \"$a\", \"$b\" ); required = 3;"
	refused_by_all config 'want at least 3 different keys in "trusted", have 2'
	# As many as are wanted; one more of which nothing is known.
	for keys in "\"$a\", \"$b\"" "\"a.pub\", \"$b\"" \
		"\"none.pub\", \"$a\""; do
		seal_group "trusted = ( $keys ); required = 2;"
		field_ca status
		field_issuing status
	done
	refuses 66 missing field_issuing import medium
	# Nothing is sealed for a machine that only watches.
	seal_group 'required = 1;'
	field_ca status
	field_issuing status
}

@test "a line in trusted that is no key: an error of every verb" {
	local verb
	field_root
	field_sub
	seal_group 'trusted = ( "RWnonsense" );'
	for verb in status plan 'issue --first'; do
		# shellcheck disable=SC2086
		refused ca 65 key field_ca $verb
		says 'ca/crlferry.cfg:'
	done
	refused sub 3 key field_issuing check
	refused sub 65 key field_issuing status
	says 'seal: RWnonsense'
}
