# SPDX-License-Identifier: ISC
# What the tests of reset orders share, beyond note_helpers.bash: a root whose
# number was set too high by mistake, a subordinate that has accepted that CRL,
# and the root as it begins anew.
# shellcheck shell=bash
# output is what `run` of bats leaves
# shellcheck disable=SC2154

# The largest number that is ever issued, 2^159-2, in hex and decimal.
LAST_HEX=7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFE
LAST_NUMBER=730750818665451459101842416358141509827966271486
ORDER=stick/crlferry/corp/reset-one.json
ORDERS=sub/state/corp/orders.json

# In $T, beyond make_notes_pki: CRL #2^159-2 is accepted by `one`, from stick;
# the root's state was begun anew from CRL #1, and #2 is its current one, on
# stick2; `high` is the bundle of the CRL that will be given up.
make_reset_pki() {
	make_notes_pki
	fast_forward
	begin_anew
	mkdir stick2
	root ca export stick2 --allow-fixed-disk --quiet
	cp -r "stick/crlferry/corp/$LAST_NUMBER" high
}

# fast_forward: the mistake
fast_forward() {
	echo $LAST_HEX >ca/crlnumber
	root ca issue --quiet
	root ca export stick --allow-fixed-disk --quiet
	cp "$(last_crl ca corp)" high.crl
	sub import stick --quiet
}

# begin_anew: the way out that the manual describes
begin_anew() {
	mv ca/state ca/state.before
	echo 02 >ca/crlnumber
	root ca adopt corp ca/state.before/corp/archive/000001.crl --quiet
	root ca issue --quiet
	cp "$(last_crl ca corp)" low.crl
}

# order [OPTION]...: for `one`
order() {
	guarded "$ROOT_PROGRAM" reset-order stick corp one \
		--why 'crlnumber was mistyped' --allow-fixed-disk \
		--config ca/crlferry.cfg "$@"
}

# ordered: from the request to the order on the stick
ordered() {
	request && collect --quiet && order --quiet
}

# recover [OPTION]...
recover() {
	guarded "$SUB_PROGRAM" recover stick --config sub/crlferry.cfg "$@"
}

# seal_order [KEY [SUFFIX [COMMENT]]]: with the real minisign
seal_order() {
	minisign -S -q -s "${1:-ca/seal.key}" -m $ORDER \
		-x "$ORDER${2-}.minisig" \
		-t "${3-$(comment_of $ORDER)}" </dev/null
}

# edit_order JQ-FILTER: and seal it anew
edit_order() {
	jq "$1" $ORDER >edited.json && mv edited.json $ORDER && seal_order
}

# unchanged FOLDERS STATUS TOKEN TEXT COMMAND...: it is refused, and none of the
# folders has changed
unchanged() {
	local before folders status_wanted=$2 token=$3 text=$4
	read -ra folders <<<"$1"
	shift 4
	before=$(digest_of "${folders[@]}")
	refuses "$status_wanted" "$token" "$@" || return
	says "$text" || return
	[ "$before" = "$(digest_of "${folders[@]}")" ] || {
		echo "want no change, have $(find "${folders[@]}")"
		return 1
	}
	no_leftovers
}

# keeps STATUS TOKEN TEXT COMMAND...: refused, and neither the state nor the
# stores of the subordinate have changed
keeps() {
	unchanged 'sub stores' "$@"
}

# accepts NUMBER: the mark, every store, and OpenSSL's word for it
accepts() {
	local slot
	slot=stores/hash/$(openssl x509 -in ca/root.pem -noout \
		-subject_hash).r0
	[ "$(jq -r .number sub/state/corp/accepted.json)" = "$1" ] || {
		echo "want #$1 accepted, have:"
		cat sub/state/corp/accepted.json
		return 1
	}
	openssl crl -in "$slot" -outform DER | cmp - stores/one.crl &&
		openssl crl -in stores/all.pem -outform DER |
		cmp - stores/one.crl &&
		cmp stores/one.crl sub/state/corp/accepted.crl
}

# forget_all: as if nothing had ever been issued, exported, imported or sent
forget_all() {
	rm -rf ca/state ca/state.before stick stick2 sub/state stores
	mkdir -p stick stores/hash
}

# begin_at HEX [SUB]: a state of the root that begins with that number, on
# stick; SUB is revoked by it
begin_at() {
	echo 01 >ca/crlnumber
	root ca issue --first --quiet
	echo "$1" >ca/crlnumber
	[ -z "${2-}" ] || revoke_sub ca "$2"
	root ca issue --quiet
	root ca export stick --allow-fixed-disk --quiet
}
