#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# An order is carried out once, and only by whom and for what it was sealed.

load reset_setup

# refused_order STATUS TOKEN TEXT: recover refuses what is on the stick
refused_order() {
	keeps "$1" "$2" "$3" recover
}

@test "the story: a number by mistake, a root begun anew, and the way back" {
	accepts $LAST_NUMBER
	keeps 77 rollback 'have 2' sub import stick2
	ordered
	run recover
	[ "$status" -eq 0 ]
	says 'corp: the order for one is carried out'
	says "gives up   #$LAST_NUMBER"
	says 'takes      #2, and no other'
	says 'why        crlnumber was mistyped'
	says 'Now: crlferry-sub import --config sub/crlferry.cfg stick'
	# nothing but the order's record has changed: it is import that installs
	accepts $LAST_NUMBER
	run sub check
	[ "$status" -eq 0 ]
	says 'note: corp: an order waits for the CRL of SHA-256 '
	run sub import stick2
	[ "$status" -eq 0 ]
	says 'CRL #2 is installed'
	accepts 2
	cmp low.crl stores/one.crl
	run sub check
	[ "$status" -eq 0 ]
	says 'CRLFERRY OK - corp/one fresh: CRL #2 '
	says_not 'an order waits'
	# and it goes on from there
	root ca issue --quiet
	root ca export stick2 --allow-fixed-disk --quiet
	sub import stick2 --quiet
	accepts 3
	no_leftovers
}

@test "the order stays as proof, with the seals that counted" {
	ordered
	recover --quiet
	jq -e '.type == "crlferry-orders" and .version == 1 and
		(.orders | length == 1)' $ORDERS
	jq -j '.orders[0].order' $ORDERS | cmp - $ORDER
	jq -j '.orders[0].seals[0]' $ORDERS >proof.minisig
	minisign -V -q -p ca/seal.pub -m $ORDER -x proof.minisig
}

@test "carried out twice before the import is carried out once" {
	ordered
	recover --quiet
	before=$(digest_of sub stores)
	run recover
	[ "$status" -eq 0 ]
	says 'was carried out before, and waits for its CRL'
	[ "$before" = "$(digest_of sub stores)" ]
	sub import stick2 --quiet
	accepts 2
}

@test "after the import it is used up" {
	ordered
	recover --quiet
	sub import stick2 --quiet
	refused_order 77 rollback 'it works once'
	# nor does it come back with a request that came to nothing
	request
	refused_order 77 rollback 'it works once'
	accepts 2
}

@test "an order that answers an earlier request" {
	ordered
	request
	refused_order 77 rollback 'nonce: want that of the last request of one,'
	says 'which is 2, have one of 1'
	# a number that is claimed does not help
	edit_order '.sequence = 2'
	refused_order 77 rollback 'nonce: want that of the last request'
	ordered
	recover --quiet
}

@test "an order that names the last nonce with another sequence" {
	ordered
	edit_order '.sequence = 7'
	refused_order 77 rollback 'nonce: want that of the last request'
}

@test "an order about another CRL than what is accepted now" {
	ordered
	edit_order '.accepted_sha256 |= (.[1:] + "0")'
	refused_order 77 rollback 'accepted_sha256: want that of the CRL'
}

@test "an order that came too late: something else was accepted since" {
	# the number leapt, but not to the end
	forget_all
	begin_at 0A
	sub import stick --quiet
	mkdir stick3
	root ca issue --quiet
	root ca export stick3 --allow-fixed-disk --quiet
	begin_anew
	ordered
	sub import stick3 --quiet
	refused_order 77 rollback 'accepted_sha256: want that of the CRL'
	accepts 11
}

@test "carried out again over a state that came from a backup" {
	request
	cp -a sub/state backup
	collect --quiet
	order --quiet
	recover --quiet
	cp -a stick2 before
	sub import stick2 --quiet
	root ca issue --quiet
	root ca export stick2 --allow-fixed-disk --quiet
	sub import stick2 --quiet
	accepts 3
	# the order, its request and #2 as they were; what the stores hold tells
	rm -r sub/state && cp -a backup sub/state
	recover --quiet
	keeps 77 rollback 'was this state restored from a backup?' \
		sub import before
	# the way on
	request
	collect --quiet
	order --quiet
	recover --quiet
	sub import stick2 --quiet
	accepts 3
}

@test "an order for another subordinate, another root, another key" {
	ordered
	cp $ORDER right.json
	edit_order '.subordinate = "two"'
	refused_order 65 issuer 'subordinate: want one, have two'
	cp right.json $ORDER
	edit_order '.root = "other"'
	refused_order 65 issuer 'root: want corp, have other'
	cp right.json $ORDER
	edit_order '.spki_sha256 |= (.[1:] + "0")'
	refused_order 65 issuer "spki_sha256 is not that of "
	cp right.json $ORDER
	seal_order
	recover --quiet
}

@test "any changed octet" {
	ordered
	cp $ORDER right.json
	cp $ORDER.minisig right.minisig
	size=$(stat -c %s right.json)
	step=$((CRLFERRY_LONG ? 1 : 37))
	for ((at = 0; at < size; at += step)); do
		flip $ORDER "$at"
		refused_order 65 seal 'want seals by 1 trusted key, have 0'
		cp right.json $ORDER
	done
	# of a seal: the untrusted comment counts for nothing, the rest does
	size=$(stat -c %s right.minisig)
	first=$(head -n 1 right.minisig | wc -c)
	for ((at = first; at < size - 1; at += step)); do
		flip $ORDER.minisig "$at"
		refused_order 65 seal ''
		cp right.minisig $ORDER.minisig
	done
	recover --quiet
}

@test "a legacy seal, a foreign one, and one with another comment" {
	ordered
	minisign -S -l -q -s ca/seal.key -m $ORDER \
		-t "$(comment_of $ORDER)" </dev/null
	refused_order 65 seal 'want seals by 1 trusted key, have 0'
	"$ROOT_PROGRAM" keygen other.key other.pub --no-passphrase --quiet
	seal_order other.key
	refused_order 65 seal 'want seals by 1 trusted key, have 0'
	says 'if nobody knows that key, it is forged'
	# the subordinate's own key gives no orders
	seal_order sub/note.key
	refused_order 65 seal 'want seals by 1 trusted key, have 0'
	seal_order ca/seal.key '' 'type:crlferry-reset'
	refused_order 65 seal 'trusted comment: want "type:crlferry-reset '
	seal_order ca/seal.key '' "$(comment_of $ORDER)0"
	refused_order 65 seal 'trusted comment: want "type:crlferry-reset '
	seal_order
	recover --quiet
}

@test "a request in the place of an order, sealed by the root" {
	ordered
	cp stick/crlferry/corp/request-one.json $ORDER
	seal_order
	refused_order 65 format 'order: type: want crlferry-reset, have'
}

@test "orders that are not what they should be" {
	ordered
	cp $ORDER right.json
	while read -r filter text; do
		cp right.json $ORDER
		edit_order "$filter"
		refused_order 65 format "$text"
	done <<-'END'
		.version=2 order: version: want 1, have 2
		.more=1 unknown key "more"
		del(.nonce) the key nonce is missing
		.sha256=.accepted_sha256 accepted_sha256 name the same CRL
		.why="" order: why is not 1 to
		.sequence=0 order: sequence: 0 is not 1 to
	END
}

@test "an untrusted comment that is no text does not keep an order out" {
	ordered
	perl -pi -e 's/.*/untrusted comment: \xff\xfe\e[2J/ if $. == 1' \
		$ORDER.minisig
	run recover
	[ "$status" -eq 0 ]
	sub import stick2 --quiet
	accepts 2
	jq -j '.orders[0].order' $ORDERS >kept.json
	jq -j '.orders[0].seals[0]' $ORDERS >kept.json.minisig
	minisign -V -q -p ca/seal.pub -m kept.json
}

@test "two officers: required = 2" {
	"$ROOT_PROGRAM" keygen ca/second.key ca/second.pub --no-passphrase --quiet
	two=$(sed -n 2p ca/second.pub)
	sed -i "s|trusted = ( |&\"$two\", |; s|required = 1|required = 2|" \
		sub/crlferry.cfg
	grep -q 'required = 2' sub/crlferry.cfg
	ordered
	refused_order 65 seal 'want seals by 2 trusted keys, have 1'
	# the same one again, under the second name
	cp $ORDER.minisig "$ORDER.$(key_id ca/second.pub).minisig"
	refused_order 65 seal 'want seals by 2 trusted keys, have 1'
	# the second officer seals on another machine, with minisign alone
	seal_order ca/second.key ".$(key_id ca/second.pub)"
	run recover
	[ "$status" -eq 0 ]
	jq -e '.orders[0].seals | length == 2' $ORDERS
}

@test "two officers: the second seals by crlferry-root seal" {
	mkdir officer
	"$ROOT_PROGRAM" keygen officer/seal.key officer/seal.pub \
		--no-passphrase --quiet
	cat >officer/crlferry.cfg <<-CFG
		state = "state";
		seal = { secret = "seal.key"; trusted = ( "../ca/seal.pub" ); };
		roots = ( { name = "corp"; certificate = "../ca/root.pem";
		    subordinates = ( { name = "one"; } ); } );
	CFG
	sed -i "s|trusted = ( |&\"$PWD/officer/seal.pub\", |
		s|required = 1|required = 2|" sub/crlferry.cfg
	grep -q 'required = 2' sub/crlferry.cfg
	ordered
	refused_order 65 seal 'want seals by 2 trusted keys, have 1'
	root officer seal stick --quiet
	[ -f "$ORDER.$(key_id officer/seal.pub).minisig" ]
	recover --quiet
	jq -e '.orders[0].seals | length == 2' $ORDERS
	root officer seal stick2 --quiet
	sub import stick2 --quiet
	accepts 2
}

@test "one machine seals with the keys of both officers" {
	"$ROOT_PROGRAM" keygen ca/second.key ca/second.pub --no-passphrase --quiet
	two=$(sed -n 2p ca/second.pub)
	sed -i "s|trusted = ( |&\"$two\", |; s|required = 1|required = 2|" \
		sub/crlferry.cfg
	sed -i 's|secret = "seal.key"|secret = ( "seal.key", "second.key" )|' \
		ca/crlferry.cfg
	ordered
	[ -f $ORDER.minisig ]
	[ -f "$ORDER.$(key_id ca/second.pub).minisig" ]
	recover --quiet
	# the bundle needs both as well
	keeps 65 seal 'have 1' sub import stick2
	root ca export stick2 --allow-fixed-disk --quiet
	sub import stick2 --quiet
	accepts 2
}

@test "the lowered mark lets no other CRL in" {
	ordered
	root ca issue --quiet
	mkdir stick3
	root ca export stick3 --allow-fixed-disk --quiet
	recover --quiet
	# a lower one, a higher one than the order names, the one given up
	keeps 77 rollback 'have 1 ' sub import stick/crlferry/corp/000001
	keeps 77 rollback 'have 3 ' sub import stick3
	keeps 77 rollback 'an order gave up this CRL' sub import high
	sub import stick2 --quiet
	accepts 2
	# the ordinary rules hold again
	keeps 77 rollback 'have 1 ' sub import stick/crlferry/corp/000001
	keeps 77 rollback 'an order gave up this CRL' sub import high
	sub import stick3 --quiet
	accepts 3
	keeps 77 rollback 'an order gave up this CRL' sub import high
	keeps 77 rollback 'have 2 ' sub import stick2
}

@test "a store that was away still holds what was given up" {
	ordered
	recover --quiet
	sub import stick2 --quiet
	cp high.crl stores/one.crl
	run sub check
	[ "$status" -eq 2 ]
	says 'invalid'
	says 'holds a CRL that an order gave up'
	# it is no reason to refuse what comes next
	root ca issue --quiet
	root ca export stick2 --allow-fixed-disk --quiet
	sub import stick2 --quiet
	accepts 3
	run sub check
	[ "$status" -eq 0 ]
}

@test "revocations that would be lost are asked for all the same" {
	forget_all
	begin_at 0A two
	sub import stick --quiet
	# the index is an old one, too
	sed -i 's/^R\t\([^\t]*\)\t[^\t]*\t/V\t\1\t\t/' ca/index.txt
	begin_anew
	mkdir stick2
	root ca export stick2 --allow-fixed-disk --quiet
	ordered
	recover --quiet
	keeps 77 shrunk 'revoked serial' sub import stick2
	sub import stick2 --accept-removed --quiet
	accepts 2
}

@test "while it waits, a newer order takes its place" {
	ordered
	recover --quiet
	cp $ORDER first.json
	cp $ORDER.minisig first.minisig
	root ca issue --quiet
	mkdir stick3
	root ca export stick3 --allow-fixed-disk --quiet
	request
	collect --quiet
	order --quiet
	recover --quiet
	jq -e '.orders | length == 2' $ORDERS
	keeps 77 rollback 'have 2 ' sub import stick2
	cp first.json $ORDER
	cp first.minisig $ORDER.minisig
	refused_order 77 rollback 'it works once'
	sub import stick3 --quiet
	accepts 3
}

@test "two subordinates of one machine: one order is enough for both" {
	sed -i '/two.pub/d' ca/crlferry.cfg
	make_note_key sub/note2 two
	sed -i 's/{ name = "one";/{ name = "two"; note_secret = "note2.key"; },\n&/' \
		sub/crlferry.cfg
	run request
	[ "$status" -eq 0 ]
	collect --quiet
	order --quiet
	root ca reset-order stick corp two --why 'for both' \
		--allow-fixed-disk --quiet
	run recover --json
	[ "$status" -eq 0 ]
	jq -e '[.orders[] | .subordinate + " " + .fate] ==
		["two done", "one known"]' <<<"$output"
	sub import stick2 --quiet
	accepts 2
	run recover
	[ "$status" -eq 77 ]
}

@test "nothing to carry out, nothing accepted, no medium" {
	keeps 66 missing 'no sealed order for' recover
	ordered
	rm $ORDER.minisig
	keeps 66 missing 'no sealed order for' recover
	seal_order
	keeps 66 missing '' sub recover nowhere
	cp sub/state/corp/accepted.json saved.json
	echo '{' >sub/state/corp/accepted.json
	refused_order 66 missing 'there is no accepted CRL to give up'
	rm sub/state/corp/accepted.*
	refused_order 66 missing 'there is no accepted CRL to give up'
}

@test "files that are none" {
	ordered
	cp $ORDER right.json
	cp $ORDER.minisig right.minisig
	rm $ORDER
	ln -s ../../../right.json $ORDER
	refused_order 65 format 'is a link'
	rm $ORDER
	mkfifo $ORDER
	refused_order 65 format 'not a regular file'
	rm $ORDER
	mkdir $ORDER
	refused_order 65 format 'not a regular file'
	rmdir $ORDER
	ln right.json $ORDER
	refused_order 65 format 'want one link, have 2'
	rm $ORDER
	truncate -s 10G $ORDER
	refused_order 65 format 'want at most 8192 octets'
	cp right.json $ORDER
	rm $ORDER.minisig
	truncate -s 10G $ORDER.minisig
	refused_order 65 format 'want at most 8192 octets'
	rm -rf $ORDER.minisig
	cp right.minisig $ORDER.minisig
	recover --quiet
}

@test "damaged records of orders are not forgotten in silence" {
	ordered
	recover --quiet
	sub import stick2 --quiet
	echo '{}' >$ORDERS
	keeps 65 format 'the orders that were carried out are not known' \
		sub import stick2
	run sub check
	[ "$status" -eq 3 ]
}

@test "the mark is lost: what was given up does not take its place" {
	ordered
	recover --quiet
	sub import stick2 --quiet
	cp high.crl stores/one.crl
	rm sub/state/corp/accepted.json
	root ca issue --quiet
	root ca export stick2 --allow-fixed-disk --quiet
	run sub import stick2
	[ "$status" -eq 0 ]
	accepts 3
}

@test "all else is lost: an order tells that there was something" {
	ordered
	recover --quiet
	sub import stick2 --quiet
	rm -r sub/state/corp/accepted.* sub/state/corp/previous stores
	mkdir -p stores/hash
	keeps 66 missing 'orders.json and previous in' sub import stick
	rm $ORDERS
	sub import stick2 --quiet
	accepts 2
}

@test "JSON of what is done and of what is refused" {
	ordered
	run --separate-stderr recover --json
	[ "$status" -eq 0 ]
	jq -e --arg n $LAST_NUMBER '.type == "crlferry-recover" and
		(.orders[0] | .root == "corp" and .subordinate == "one" and
		.fate == "done" and .number == "2" and
		.accepted_number == $n and .why == "crlnumber was mistyped"
		and .token == null and (.sealed_by | length == 16))' \
		<<<"$output"
	sub import stick2 --quiet
	run --separate-stderr recover --json
	[ "$status" -eq 77 ]
	jq -e '.orders[0] | .fate == "refused" and .token == "rollback" and
		.number == null' <<<"$output"
}

@test "a sandbox that is required" {
	sed -i 's/^state = /sandbox = "require";\n&/' sub/crlferry.cfg
	grep -q '^sandbox' sub/crlferry.cfg
	ordered
	recover --quiet
}

@test "the system's log gets a line" {
	[ "$(id -u)" -eq 0 ] || skip "only root may have a /dev of its own"
	mkdir dev
	mknod -m 666 dev/null c 1 3 2>/dev/null &&
		unshare -m mount --bind dev /dev 2>/dev/null ||
		skip "no devices or namespaces here"
	ordered
	perl -MSocket -e 'socket(my $log, PF_UNIX, SOCK_DGRAM, 0) or die;
		bind($log, sockaddr_un("dev/log")) or die; alarm(300);
		recv($log, my $line, 4096, 0); print $line;' >logged &
	listener=$!
	until [ -S dev/log ]; do sleep 0.1; done
	unshare -m sh -c 'mount --bind dev /dev && exec "$@"' - \
		"$SUB_PROGRAM" recover stick --quiet --config sub/crlferry.cfg
	wait $listener
	cat logged
	# facility auth, severity notice
	grep -q "^<37>.* crlferry-sub\[[0-9]*\]: root corp: accepted mark " \
		logged
	grep -q "lowered from #$LAST_NUMBER to #2 by order 1 for one, " logged
	grep -q ': crlnumber was mistyped$' logged
}
