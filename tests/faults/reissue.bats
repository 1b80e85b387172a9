#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A reissue that is killed, or whose disk fails, at any step: the certificate
# that is configured is the old one or a new one that the ledger has, whole.

load ../e2e/root_setup
load ../peers/reissue_helpers
load inject

setup() {
	need_strace
	make_folder
	weak_root ca p256 sha1 300
	adopt_root ca corp
	root ca issue --first --quiet
	cp ca/root.pem old.pem
}

# sha256_of CERTIFICATE: of its DER
sha256_of() {
	openssl x509 -in "$1" -outform DER | sha256sum | cut -d' ' -f1
}

# whole: the ledger fits, and ca/root.pem is the old one, or in the ledger and
# kept; either verifies the CRL
whole() {
	local sum
	root ca ledger verify --quiet || return 1
	verifies ca "$(last_crl ca corp)" || return 1
	cmp -s old.pem ca/root.pem && return
	sum=$(sha256_of ca/root.pem)
	jq -e --arg sum "$sum" 'select(.event == "reissue" and .sha256 == $sum)' \
		ca/state/ledger.jsonl >/dev/null || {
		echo "want the new certificate in the ledger, have it not"
		return 1
	}
	[ -e "ca/state/corp/certificates/$(openssl x509 -in ca/root.pem \
		-noout -serial | sed 's/.*=//; s/.*/\L&/').crt" ]
}

# recovers: once more, and all is well
recovers() {
	reissue ca --output ca/root.pem --quiet || return 1
	run ! cmp -s old.pem ca/root.pem || return 1
	whole && no_leftovers || return 1
	cp old.pem ca/root.pem
}

# each FAULT STATUS: at the first, the second, ... of every call that changes
# something
each() {
	local fault=$1 want=$2 call n total=0
	for call in ${CHANGING//,/ }; do
		for ((n = 1; ; n++)); do
			struck "$call" "$n" "$fault" "$ROOT_PROGRAM" reissue \
				corp --config ca/crlferry.cfg \
				--output ca/root.pem --quiet || break
			if [ "$status" -ne "${want:-$status}" ]; then
				echo "want $want at $call $n, have $status"
				return 1
			fi
			whole || {
				echo "at $call $n: $output"
				return 1
			}
			recovers
			total=$((total + 1))
		done
		# As if there had been no call of the kind.
		cp old.pem ca/root.pem
	done
	echo "$fault: $total"
	[ "$total" -gt 20 ]
}

@test "killed before any call that changes something" {
	each signal=KILL 137
}

@test "EIO at any call that changes something" {
	# Some failures do no harm, and it ends well.
	each error=EIO ''
}

@test "no space at any call that changes something: nothing half-written" {
	each error=ENOSPC ''
}

@test "what the ledger could not take is not put in its place" {
	local n=0
	while :; do
		n=$((n + 1))
		struck write "$n" error=ENOSPC "$ROOT_PROGRAM" reissue corp \
			--config ca/crlferry.cfg --output ca/new.pem --quiet ||
			break
		[ "$status" -eq 0 ] || {
			[ ! -e ca/new.pem ]
			no_leftovers
		}
		rm -f ca/new.pem
	done
	[ "$n" -gt 3 ]
}
