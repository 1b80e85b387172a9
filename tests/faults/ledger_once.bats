#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The ledger is read once a run, whatever the number of roots and of questions;
# what the run appends it knows.

load ../e2e/notes_setup
load inject

# root_of NAME: its lines of the configuration
root_of() {
	printf '{ name = "%s"; ' "$1"
	printf 'certificate = "%s"; ' "$T/$1/root.pem"
	printf 'schedule = "semiannual"; profile = "rfc5280"; '
	printf 'signing = { key = "%s"; ' "$T/$1/root.key"
	printf 'index = "%s"; ' "$T/$1/index.txt"
	printf 'crlnumber = "%s"; }; ' "$T/$1/crlnumber"
	printf 'subordinates = (); }'
}

# Three roots, each with a CRL and something to revoke; one has notes as well.
make_work() {
	local name
	make_notes_pki
	for name in corp-2 corp-3; do
		old_root "$name" p256
		sed -i "s,^roots = (,&\n$(root_of "$name")\,," ca/crlferry.cfg
	done
	root ca issue corp-2 corp-3 --first --quiet
	request
	mkdir medium
}

# reads: how often the ledger was opened for reading in the trace
reads() {
	grep 'O_RDONLY' trace | grep -v O_PATH |
		grep -c '= [0-9]*<[^>]*/ledger\.jsonl>$'
}

# appends: how often to append to it
appends() {
	grep 'O_APPEND' trace | grep -c '= [0-9]*<[^>]*/ledger\.jsonl>$'
}

# once APPENDS COMMAND...: it is read once, and appended to that often
once() {
	local want=$1
	shift
	need_strace
	strace -f -qq -y -e trace=openat -o trace "$@"
	[ "$(reads)" -eq 1 ] && [ "$(appends)" -eq "$want" ] || {
		echo "want 1 reading and $want appends, have $(reads)" \
			"and $(appends)"
		return 1
	}
}

CA=(--config ca/crlferry.cfg)

@test "verbs that only read" {
	once 0 "$ROOT_PROGRAM" status "${CA[@]}"
	once 0 "$ROOT_PROGRAM" plan "${CA[@]}"
	once 0 "$ROOT_PROGRAM" issue --dry-run "${CA[@]}"
	once 0 "$ROOT_PROGRAM" ledger verify "${CA[@]}"
	once 0 "$ROOT_PROGRAM" ledger show "${CA[@]}"
}

@test "issue: an intent and a CRL of each root" {
	once 6 "$ROOT_PROGRAM" issue "${CA[@]}"
	# A line that a crash has cost is made up for as well.
	sed -i '$d' ca/state/ledger.jsonl
	once 7 "$ROOT_PROGRAM" issue "${CA[@]}"
}

@test "what an operator discards is in the ledger before it is judged" {
	once 9 "$ROOT_PROGRAM" issue "${CA[@]}" --discard-evidence crl-1 \
		--why "a test"
}

@test "collect, revoke, adopt" {
	once 1 "$ROOT_PROGRAM" collect stick "${CA[@]}"
	once 0 "$ROOT_PROGRAM" collect stick "${CA[@]}"
	once 1 "$ROOT_PROGRAM" revoke corp ca/one.pem --reason superseded "${CA[@]}"
	root ca issue corp --quiet
	cp ca/state/corp/archive/000002.crl taken.crl
	mv ca/state/corp/archive/000002.crl lost.crl
	once 2 "$ROOT_PROGRAM" adopt corp taken.crl "${CA[@]}"
}

@test "export and seal" {
	once 3 "$ROOT_PROGRAM" export medium --allow-fixed-disk "${CA[@]}"
	once 0 "$ROOT_PROGRAM" seal medium "${CA[@]}"
}

@test "a ceremony from its checklist to its minutes" {
	once 12 expect "$BATS_TEST_DIRNAME/../e2e/ceremony.exp" : \
		"$ROOT_PROGRAM" ceremony medium --allow-fixed-disk "${CA[@]}"
}
