#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What an order says, who may give it, and what it leaves behind on the root.

load reset_setup

# no_order STATUS TOKEN TEXT COMMAND...: refused, and neither the root nor the
# stick has changed
no_order() {
	unchanged 'ca stick' "$@"
}

sha256_of() {
	sha256sum "$1" | cut -d ' ' -f 1
}

@test "an order names both CRLs, the request, and why" {
	request
	collect --quiet
	run order
	[ "$status" -eq 0 ]
	says "corp: order for one written to $ORDER"
	says "gives up  #$LAST_NUMBER"
	says 'takes     #2'
	says 'why       crlnumber was mistyped'
	says 'The medium has no bundle of that CRL yet: crlferry-root export --config ca/crlferry.cfg '
	says 'crlferry-sub recover MEDIUM, then crlferry-sub import MEDIUM'
	[ "${lines[-1]}" = \
		"All is written and was read back: the stick may be removed." ]
	jq -e --arg given_up "$(sha256_of high.crl)" \
		--arg new "$(sha256_of low.crl)" \
		--argjson request "$(cat $NOTE)" '
		keys == ["accepted_sha256", "nonce", "number", "root",
			"sequence", "sha256", "spki_sha256", "subordinate",
			"time", "type", "version", "why"] and
		.type == "crlferry-reset" and .version == 1 and
		.root == "corp" and .subordinate == "one" and
		.number == "2" and .sha256 == $new and
		.accepted_sha256 == $given_up and
		.nonce == $request.nonce and
		.sequence == $request.sequence and
		.spki_sha256 == $request.spki_sha256 and
		.why == "crlnumber was mistyped"' $ORDER
	minisign -V -q -p ca/seal.pub -m $ORDER
	grep -qx "trusted comment: $(comment_of $ORDER)" $ORDER.minisig
	no_leftovers
}

@test "the ledger has it before it can travel" {
	ordered
	jq -es --argjson order "$(cat $ORDER)" --arg last $LAST_NUMBER \
		'.[-1] | .event == "reset-order" and .root == "corp" and
		.number == "2" and .subordinate == "one" and
		.accepted_sha256 == $order.accepted_sha256 and
		.accepted_number == $last and .sha256 == $order.sha256 and
		.nonce == $order.nonce and .why == "crlnumber was mistyped"' \
		ca/state/ledger.jsonl
	root ca ledger verify --quiet
	# a medium that fails leaves an entered order that was never sealed
	rm $ORDER*
	rm -rf stick/crlferry/corp
	mkdir elsewhere
	ln -s ../../elsewhere stick/crlferry/corp
	before=$(wc -l <ca/state/ledger.jsonl)
	refuses 65 format order
	[ -z "$(ls elsewhere)" ]
	[ "$(wc -l <ca/state/ledger.jsonl)" -eq $((before + 1)) ]
}

@test "lines that the ledger has lost are owned up to aloud" {
	request
	collect --quiet
	head=$(jq -r '.manifest | fromjson | .ledger_head' $NOTE | cut -c1-16)
	refuses 77 regressed root ca ledger verify
	says "line of digest $head"
	run order
	[ "$status" -eq 0 ]
	says "has lost lines whose digests notes bring back, $head"
	root ca ledger verify --quiet
}

@test "and once each, though several notes bring them back" {
	local other=stick/crlferry/corp/request-two.json
	request
	jq '.subordinate = "two"' $NOTE >$other
	minisign -S -q -s two.key -m $other -t "type:crlferry-request root:corp \
subordinate:two sequence:1 time:$(jq -r .time $other) number:$LAST_NUMBER" \
		</dev/null
	collect --quiet
	head=$(jq -r '.manifest | fromjson | .ledger_head' $NOTE | cut -c1-16)
	order --quiet
	[ "$(jq -r 'select(.event == "reset-order").ledger_lost' \
		ca/state/ledger.jsonl)" = "$head" ]
}

@test "the bundle of what is given up has no seal any more" {
	ls "stick/crlferry/corp/$LAST_NUMBER"/*.minisig
	mkdir -p other/crlferry/corp
	cp -r high "other/crlferry/corp/$LAST_NUMBER"
	request
	collect --quiet
	run order
	says 'the medium has a bundle of the CRL that is given up'
	[ -z "$(find "stick/crlferry/corp/$LAST_NUMBER" -name '*.minisig')" ]
	[ -n "$(find stick/crlferry/corp/000001 -name '*.minisig')" ]
	# where the same number is another CRL's, it stays
	rm -r "stick/crlferry/corp/$LAST_NUMBER"
	cp -r high "stick/crlferry/corp/$LAST_NUMBER"
	cp low.crl "stick/crlferry/corp/$LAST_NUMBER/corp.crl"
	run order
	[ "$status" -eq 0 ]
	says_not 'the medium has a bundle of the CRL that is given up'
	[ -n "$(find "stick/crlferry/corp/$LAST_NUMBER" -name '*.minisig')" ]
}

@test "the same stick brings everything" {
	request
	collect --quiet
	order --quiet
	root ca export stick --allow-fixed-disk --quiet
	run order
	says_not 'has no bundle of that CRL'
	recover --quiet
	sub import stick --quiet
	accepts 2
}

@test "JSON" {
	request
	collect --quiet
	run --separate-stderr order --json
	[ "$status" -eq 0 ]
	jq -e --arg path $ORDER --arg last $LAST_NUMBER \
		'.type == "crlferry-reset-order" and (.ordered | length == 1 and
		(.[0] | .root == "corp" and .subordinate == "one" and
		.number == "2" and .accepted_number == $last and
		.sequence == 1 and .bundle == false and .path == $path))' \
		<<<"$output"
}

@test "a reason is wanted, and one that can be shown" {
	request
	collect --quiet
	no_order 64 usage '--why is required' root ca reset-order stick corp \
		one --allow-fixed-disk
	no_order 64 usage '--why takes 1 to 200 octets of text, not ' order --why ''
	no_order 64 usage 'printable' order --why $'two\nlines'
	no_order 64 usage 'octets of text, not 201' order --why "$(printf '%201s' x)"
	no_order 64 usage 'reset-order takes the arguments MEDIUM ROOT SUB; ' root ca reset-order \
		stick corp --why x
}

@test "no request, one without a CRL, one that a stranger sealed" {
	no_order 66 missing 'crlferry-sub request MEDIUM; then here: crlferry-root collect MEDIUM' \
		order
	# a request that lies on the stick counts once it was taken in
	request
	no_order 66 missing 'crlferry-root collect' order
	collect --quiet
	# its key was replaced: nobody can say any more whose it is
	cp ca/crlferry.cfg saved.cfg
	"$SUB_PROGRAM" keygen new.key new.pub --no-passphrase --quiet
	sed -i "s|/sub/note.pub|/new.pub|" ca/crlferry.cfg
	no_order 66 missing 'crlferry-root collect' order
	cp saved.cfg ca/crlferry.cfg
	order --quiet
	# it has nothing to lower
	rm -rf sub/state/corp/accepted.*
	request
	collect --quiet
	no_order 66 missing 'there is nothing to lower' order
}

@test "names that are not configured" {
	request
	collect --quiet
	no_order 66 missing \
		'root corp has no subordinate "three"; configured: one, two' root ca \
		reset-order stick corp three --why x --allow-fixed-disk
	no_order 66 missing 'no root "cor" in ' root ca reset-order stick cor \
		one --why x --allow-fixed-disk
	no_order 66 missing 'no request of two was collected' root ca \
		reset-order stick corp two --why x --allow-fixed-disk
	no_order 66 missing '' root ca reset-order nowhere corp one --why x
	no_order 77 medium 'is on the root filesystem, but must be on a' root ca reset-order stick \
		corp one --why x
}

@test "without need there is no order" {
	ordered
	recover --quiet
	sub import stick2 --quiet
	request
	collect --quiet
	no_order 64 usage 'has accepted the current CRL: no order is needed' order
	root ca issue --quiet
	no_order 64 usage \
		'will accept the current CRL as it is: no order is needed' order
}

@test "a key that seals has no other role, and wants its passphrase" {
	request
	collect --quiet
	cp ca/crlferry.cfg saved.cfg
	sed -i 's|secret = "seal.key"|secret = "../sub/note.key"|' \
		ca/crlferry.cfg
	no_order 78 config 'note_key is not a key of its own' order
	cp saved.cfg ca/crlferry.cfg
	chmod 644 ca/seal.key
	no_order 77 permissions 'seal.key' order
	chmod 600 ca/seal.key
	rm ca/seal.key ca/seal.pub
	"$ROOT_PROGRAM" keygen ca/seal.key ca/seal.pub --passphrase-fd 3 \
		--quiet 3<<<'correct horse'
	exec 4<<<'wrong horse'
	no_order 65 key 'seal.key' order --passphrase-fd 4
	order --quiet --passphrase-fd 3 3<<<'correct horse'
	minisign -V -q -p ca/seal.pub -m $ORDER
}

@test "an earlier order's seals do not stay" {
	"$ROOT_PROGRAM" keygen ca/second.key ca/second.pub --no-passphrase \
		--quiet
	cp ca/crlferry.cfg saved.cfg
	sed -i 's|secret = "seal.key"|secret = ( "seal.key", "second.key" )|' \
		ca/crlferry.cfg
	ordered
	minisign -V -q -p ca/seal.pub -m $ORDER
	minisign -V -q -p ca/second.pub -m $ORDER \
		-x "$ORDER.$(key_id ca/second.pub).minisig"
	cp saved.cfg ca/crlferry.cfg
	order --quiet
	[ "$(find stick -name 'reset-one.json*' | wc -l)" -eq 2 ]
	minisign -V -q -p ca/seal.pub -m $ORDER
}

@test "what was given up does not bar what comes next" {
	request
	collect --quiet
	# until then, the note proves a CRL that this root does not know
	refuses 77 regressed root ca issue
	says 'reset-order'
	[ -f "$KEPT/$LAST_NUMBER.crl" ]
	order --quiet
	[ ! -e "$KEPT/$LAST_NUMBER.crl" ]
	run root ca issue
	[ "$status" -eq 0 ]
	says 'corp: issued #3 '
	says 'none of its revocations is lost'
	root ca ledger verify --quiet
	# the same again from the subordinate is no alarm any more
	request
	run collect
	[ "$status" -eq 0 ]
	says_not ATTENTION
	run root ca issue
	[ "$status" -eq 0 ]
	says 'corp: issued #4 '
}

@test "the number of what was given up is not used again" {
	forget_all
	begin_at 0A
	sub import stick --quiet
	mv ca/state ca/state.before
	echo 09 >ca/crlnumber
	root ca adopt corp ca/state.before/corp/archive/000001.crl --quiet
	root ca issue --quiet
	ordered
	# machines without an order have another #10, which the file asks for
	[ "$(cat ca/crlnumber)" = 0A ]
	run root ca issue --dry-run
	[ "$status" -eq 0 ]
	says '#11'
	run root ca issue
	[ "$status" -eq 0 ]
	says 'corp: issued #11 '
	[ "$(cat ca/crlnumber)" = 0C ]
	[ "$(find ca/state/corp/archive -name '*.crl' | wc -l)" -eq 3 ]
	root ca export stick --allow-fixed-disk --quiet
	sub import stick --quiet
	accepts 11
}

@test "two numbers in a row that were given up are both passed over" {
	forget_all
	begin_at 0A
	cp "$(last_crl ca corp)" ten.crl
	root ca issue --quiet
	root ca export stick --allow-fixed-disk --quiet
	sub import stick --quiet
	mv ca/state ca/state.before
	echo 09 >ca/crlnumber
	root ca adopt corp ca/state.before/corp/archive/000001.crl --quiet
	root ca issue --quiet
	ordered
	# #11 is given up; another machine still had #10
	request
	edit_note ".number = \"10\" | del(.manifest, .seals) |
		.crl = \"$(base64 -w0 ten.crl)\""
	collect --quiet
	order --quiet
	[ "$(jq -r 'select(.event == "reset-order") | .accepted_number' \
		ca/state/ledger.jsonl | paste -sd ' ')" = '11 10' ]
	[ "$(cat ca/crlnumber)" = 0A ]
	run root ca issue
	[ "$status" -eq 0 ]
	says 'corp: issued #12 '
	[ "$(cat ca/crlnumber)" = 0D ]
}

@test "a revocation on what was given up must not be lost" {
	forget_all
	begin_at 0A two
	sub import stick --quiet
	cp ca/index.txt index.right
	sed -i 's/^R\t\([^\t]*\)\t[^\t]*\t/V\t\1\t\t/' ca/index.txt
	begin_anew
	ordered
	refuses 77 regressed root ca issue
	says 'crlferry-root revoke --config ca/crlferry.cfg corp '
	serial=$(openssl x509 -in ca/two.pem -noout -serial)
	root ca revoke corp "${serial#serial=}" --reason keyCompromise --quiet
	root ca issue --quiet
	lists "$(last_crl ca corp)" "${serial#serial=}"
}

@test "a current CRL that has ended is said to be of no use" {
	request
	collect --quiet
	run faketime -f +400d "$ROOT_PROGRAM" reset-order stick corp one \
		--why late --allow-fixed-disk --config ca/crlferry.cfg
	[ "$status" -eq 0 ]
	says 'its current CRL has expired'
}

@test "a medium that is full" {
	[ "$(id -u)" -eq 0 ] || skip "only root may mount"
	unshare -m true 2>/dev/null || skip "no namespaces here"
	request
	collect --quiet
	before=$(digest_of ca)
	# shellcheck disable=SC2016
	refuses 77 medium unshare -m sh -c 'mkdir full &&
		mount -t tmpfs -o size=4k none full && shift &&
		exec "$@"' - - "$ROOT_PROGRAM" reset-order full corp one \
		--why full --allow-fixed-disk --config ca/crlferry.cfg
	says 'want room for'
	[ "$before" = "$(digest_of ca)" ]
	no_leftovers
}
