# SPDX-License-Identifier: ISC
# What the tests of crlferry-sub share: one PKI, whose CRLs are imported.
# shellcheck shell=bash

load "$BATS_TEST_DIRNAME/../e2e/work_setup"

BUNDLE1=stick1/crlferry/test-root/000001
BUNDLE2=stick2/crlferry/test-root/000002

make_work() {
	make_pki
}

# The folder $T/ca is the root's machine, $T/sub and $T/stores are the
# subordinate's, stick1 holds CRL #1 and stick2 #2, which revokes `bad`.
# CRL #1 is imported already.
make_pki() {
	make_older_root ca p256
	make_sub ca live
	make_sub ca old
	make_sub ca bad
	adopt_root ca test-root
	revoke_sub ca old superseded
	issue_to stick1 --first
	revoke_sub ca bad
	issue_to stick2
	make_sub_config ca test-root live
	sub import stick1 --quiet
	mkdir sub/state/verdicts
}

# make_pki_of DAY: make_pki, as if it were that day
make_pki_of() {
	local -x BORN=$1
	export ROOT_PROGRAM SUB_PROGRAM
	export -f adopt_root issue_to make_key make_older_root make_pki \
		make_root make_sub make_sub_config revoke_sub root sub
	TZ=UTC faketime "$BORN 10:00:00" bash -e -c make_pki
}

# make_older_root ARGUMENT...: make_root of the day before, so that its CRLs
# begin ten minutes ago, and not in the second that they are signed in
make_older_root() {
	local day=-1d
	[ -z "${BORN:-}" ] || day=@$(date -u -d "$BORN - 1 day" '+%F %T')
	export -f make_root make_key
	faketime -f "$day" bash -c 'make_root "$@"' - "$@"
}

# issue_to STICK [ISSUE-OPTION]...: sign the next CRL and export it
issue_to() {
	local stick=$1
	shift
	mkdir -p "$stick"
	root ca issue --quiet "$@" &&
		root ca export "$stick" --allow-fixed-disk --quiet
}

# As if nothing had ever been imported: an empty state folder and no CRL.
forget() {
	rm -rf sub/state stores
	mkdir -p stores/hash sub/state/verdicts
	echo crlferry-state 1 >sub/state/version
	: >sub/state/lock
}

# import ARGUMENT...
import() {
	guarded "$SUB_PROGRAM" import --config sub/crlferry.cfg "$@"
}

# import_at TIME ARGUMENT...: as if it were that time (UTC, `date` understands)
import_at() {
	local at
	at=$(date -u -d "$1" '+%F %T')
	shift
	TZ=UTC guarded faketime "$at" "$SUB_PROGRAM" import \
		--config sub/crlferry.cfg "$@"
}

# Names, kinds, modes, owners, times and contents of all below, but for the
# verdicts that check, status and plan remember.
snapshot() {
	{
		find "$@" -printf '%p %y %m %U:%G %s %T@ %l\n'
		find "$@" -type f -exec sha256sum {} +
	} | grep -v sub/state/verdicts | sort
}

# No temporary file is left, wherever.
leaves_nothing() {
	[ -z "$(find "$T" -name '*.crlferry-new')" ]
}

# keeps STATUS TOKEN COMMAND...: refuses it, and the subordinate and its stores
# are as before
keeps() {
	local before after
	before=$(snapshot sub stores)
	refuses "$@" || return 1
	after=$(snapshot sub stores)
	[ "$before" = "$after" ] || {
		echo "changed:"
		diff <(echo "$before") <(echo "$after")
		return 1
	}
	leaves_nothing
}

# configure SED-SCRIPT: change the subordinate's configuration
configure() {
	local before
	before=$(cat sub/crlferry.cfg)
	sed -i "$1" sub/crlferry.cfg
	[ "$before" != "$(cat sub/crlferry.cfg)" ]
}

# crl_of STICK: the DER CRL on it, of the highest number
crl_of() {
	printf '%s\n' "$1"/crlferry/test-root/*/test-root.crl | tail -n 1
}

# holds FILE STICK: the first CRL in the PEM or DER file is the one of STICK
holds() {
	local form=DER
	! grep -q 'BEGIN X509 CRL' "$1" || form=PEM
	cmp <(openssl crl -in "$1" -inform $form -outform DER) \
		"$(crl_of "$2")"
}

# all_hold STICK: the three stores hold the CRL of STICK
all_hold() {
	holds "$(hash_slot 0)" "$1" && holds stores/all.pem "$1" &&
		holds stores/one.crl "$1"
}

# hash_of CERTIFICATE
hash_of() {
	openssl x509 -in "$1" -noout -subject_hash
}

# hash_slot N: the file of the root's hash in the hash directory
hash_slot() {
	echo "stores/hash/$(hash_of ca/root.pem).r$1"
}

# verifies CERTIFICATE [OPENSSL-OPTION]...: with -crl_check, over stores/hash,
# which gets the root certificate that an administrator would put there
verifies() {
	local cert=$1
	shift
	cp ca/root.pem "stores/hash/$(hash_of ca/root.pem).0"
	openssl verify -CApath stores/hash -crl_check "$@" "$cert"
}

# rejects_revoked CERTIFICATE
rejects_revoked() {
	run verifies "$1"
	[ "$status" -ne 0 ] && [[ $output == *"certificate revoked"* ]] || {
		echo "want it revoked: $output"
		return 1
	}
}

# reseal BUNDLE: SHA256SUMS and the seal anew, with the real minisign
reseal() {
	local seal comment
	seal=$(echo "$1"/bundle.json.*.minisig)
	comment=$(sed -n 's/^trusted comment: //p' "$seal")
	(
		cd "$1" || exit 1
		jq -r '.files[].name' bundle.json | while read -r name; do
			[ ! -f "$name" ] || sha256sum "$name"
		done
		sha256sum bundle.json
	) >SUMS && mv SUMS "$1/SHA256SUMS"
	minisign -S -q -s "${2:-ca/seal.key}" -m "$1/bundle.json" -x "$seal" \
		-t "${3:-$comment}" </dev/null
}

# edit_manifest BUNDLE JQ-FILTER: and seal it again
edit_manifest() {
	jq "$2" "$1/bundle.json" >edited.json && mv edited.json \
		"$1/bundle.json" && reseal "$1"
}
