#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# What AD CS adds to its CRLs: Next CRL Publish, CA Version, Published CRL
# Locations.  OpenSSL knows none of them, and shows the octets.

load ../e2e/field_setup

CRL=$FIELD/18-adcs.crl
PUBLISH=1.3.6.1.4.1.311.21.4
VERSION=1.3.6.1.4.1.311.21.1
LOCATIONS=1.3.6.1.4.1.311.21.14
SAID='Next CRL Publish: the CA means to publish again on'

machines() {
	field_root
	mkdir -p stores/hash
	field_sub hashdir:stores/hash pem:stores/all.pem der:stores/one.crl
}

# made NUMBER [EXTENSION]...: made.crl, which openssl signed as that root, with
# these extensions more, on 2026-12-01, so many seconds after midnight, until
# 2027-06-01
made() {
	local number=$1
	shift
	mkdir -p made
	: >made/index.txt
	echo "$number" >made/crlnumber
	{
		printf '[ca]\ndefault_ca = root\n[root]\n'
		printf 'database = made/index.txt\ndefault_md = sha256\n'
		printf 'crlnumber = made/crlnumber\ncrl_extensions = crl\n'
		printf '[crl]\nauthorityKeyIdentifier = keyid\n'
		printf '%s\n' "$@"
	} >made/ca.cnf
	openssl ca -gencrl -config made/ca.cnf -cert "$FIELD/root/root.pem" \
		-keyfile "$FIELD/root/root.key" \
		-crl_lastupdate "202612010000${number}Z" \
		-crl_nextupdate 20270601000000Z -out made.pem 2>openssl.log &&
		openssl crl -in made.pem -outform DER -out made.crl
}

# openssl_publish CRL: the Time in it, as openssl's parser has it, in RFC 3339
openssl_publish() {
	local offset
	offset=$(openssl asn1parse -inform DER -in "$1" |
		sed -n "/:$PUBLISH\$/{n;s/:.*//p}")
	openssl asn1parse -inform DER -in "$1" -strparse "${offset// /}" |
		sed -E -n 's/.*:(20)?([0-9]{2})(..)(..)(..)(..)(..)Z$/20\2-\3-\4T\5:\6:\7Z/p'
}

# openssl_takes CRL: for the subordinate's certificate
openssl_takes() {
	openssl crl -inform DER -in "$1" -out taken.pem
	on_day openssl verify -crl_check -CAfile "$FIELD/root/root.pem" \
		-CRLfile taken.pem "$FIELD/root/s1.pem"
}

# shown CRL DATE: by info, import, lint and status there, by adopt's status here
shown() {
	local crl=$1 at=$2 json
	run field_issuing info "$crl"
	[ "$status" -eq 0 ]
	says "  next publish   $at"
	field_issuing info "$crl" --json | jq -e --arg at "$at" \
		'.bundles[0].next_publish == $at'
	run field_issuing import "$crl"
	[ "$status" -eq 0 ]
	says "  next publish   $at"
	run field_issuing lint "$crl"
	[ "$status" -eq 0 ]
	says ": notice: next-publish: $SAID $at (AD CS)"
	run field_issuing status
	says "corp/s1: $SAID ${at%T*} ("
	for json in 'status --json' 'check --format json'; do
		# shellcheck disable=SC2086
		field_issuing $json | jq -e --arg at "$at" '.pairs[0] |
			.next_publish == $at and
			([.stores[].next_publish] == [$at, $at, $at])'
	done
	field_ca adopt corp "$crl" --quiet
	run field_ca status
	says "corp: $SAID ${at%T*} ("
	field_ca status --json | jq -e --arg at "$at" '.pairs[0] |
		.next_publish == $at and .stores[0].next_publish == $at'
	field_ca lint "$crl" --json | jq -e --arg at "$at" \
		'.findings[] | select(.id == "next-publish") |
		.severity == "notice" and (.text | endswith($at))'
}

# silent CRL: taken on both sides, and no date of that kind is shown anywhere
silent() {
	local crl=$1 side
	run field_issuing info "$crl"
	[ "$status" -eq 0 ]
	says_not publish
	run field_issuing import "$crl"
	[ "$status" -eq 0 ]
	says_not publish
	field_ca adopt corp "$crl" --quiet
	for side in field_issuing field_ca; do
		run $side status
		[ "$status" -eq 0 ]
		says_not ublish
		$side status --json | jq -e '.pairs[0].next_publish == null and
			all(.pairs[0].stores[]; .next_publish == null)'
	done
}

@test "the CRL of AD CS: taken, and the date is the one that openssl finds" {
	local at
	machines
	at=$(openssl_publish "$CRL")
	[ "$at" = 2027-05-29T08:06:03Z ]
	crl_text "$CRL" | grep -A1 -F "$PUBLISH:" | grep -F 270529080603Z
	openssl_takes "$CRL"
	shown "$CRL" "$at"
	run field_issuing lint "$CRL"
	says ': notice: ca-version: CA Version: V0.0'
	# three CRLs for the stores, of the same octets
	cmp stores/one.crl "$CRL"
}

@test "as openssl signs it, UTCTime or GeneralizedTime, and on the last day" {
	local -a forms=(UTCTIME:270501101112Z GENTIME:20270502101112Z
		UTCTIME:270601000000Z)
	local -a dates=(2027-05-01T10:11:12Z 2027-05-02T10:11:12Z
		2027-06-01T00:00:00Z)
	local i
	machines
	for i in 0 1 2; do
		made "2$i" "$PUBLISH = ASN1:${forms[i]}" \
			"$VERSION = ASN1:INTEGER:0x20003" \
			"$LOCATIONS = DER:30:00"
		[ "$(openssl_publish made.crl)" = "${dates[i]}" ]
		openssl_takes made.crl
		shown made.crl "${dates[i]}"
		run field_issuing lint made.crl
		says 'CA Version: V3.2'
		says_not "$LOCATIONS"
	done
}

@test "what is no date of a next CRL is not shown, and lint warns" {
	local wrong number=30
	machines
	for wrong in UTCTIME:270601000001Z UTCTIME:261201000000Z \
		UTCTIME:200101000000Z INTEGER:5 UTF8:tomorrow NULL \
		FORMAT:BITLIST,BITSTRING:1,5 SEQUENCE:nothing; do
		number=$((number + 1))
		echo "$wrong"
		made $number "$PUBLISH = ASN1:$wrong" '[nothing]'
		openssl_takes made.crl
		silent made.crl
		run field_issuing lint made.crl
		[ "$status" -eq 0 ]
		says 'made.crl: warning: next-publish-wrong: Next CRL Publish'
	done
	# Times that only BER has: with a fraction, without seconds or Z, no day
	for wrong in 18:11:32:30:32:37:30:35:30:31:30:30:30:30:2e:35:5a \
		17:0b:32:37:30:35:30:31:30:30:30:30:5a \
		17:11:32:37:30:35:30:31:30:30:30:30:30:30:2b:30:30:30:30 \
		17:0d:32:37:30:32:33:30:30:30:30:30:30:30:5a \
		17:0d:32:37:30:35 17:00 00 ff:ff:ff:ff:ff:ff \
		17:0d:32:37:30:35:30:31:30:30:30:30:30:30:5a:05:00; do
		number=$((number + 1))
		echo "$wrong"
		made $number "$PUBLISH = DER:$wrong"
		openssl_takes made.crl
		silent made.crl
		run field_issuing lint made.crl
		[ "$status" -eq 0 ]
		says 'made.crl: warning: next-publish-wrong: Next CRL Publish'
	done
}

@test "a critical one is not understood, as any other" {
	local value before
	machines
	field_issuing import "$CRL" --quiet
	field_ca adopt corp "$CRL" --quiet
	for value in ASN1:UTCTIME:270501000000Z DER:00; do
		made 40 "$PUBLISH = critical,$value"
		run openssl_takes made.crl
		[ "$status" -ne 0 ]
		says 'unhandled critical CRL extension'
		before=$(digest_of sub stores)
		refuses 77 scope field_issuing import made.crl
		says "$PUBLISH"
		[ "$before" = "$(digest_of sub stores)" ]
		refused ca 77 scope field_ca adopt corp made.crl
		run field_issuing lint made.crl
		[ "$status" -eq 65 ]
		says 'error: unknown-critical:'
		says_not 'next-publish'
	done
}

@test "the store's CRL says it: another without one, none, the past" {
	local at='2027-05-30T00:00:00Z'
	machines
	field_issuing import "$CRL" --quiet
	field_issuing status --at $at | grep -F "${SAID/means/meant} 2027-05-29 (-1 d)"
	# as wide as a terminal is
	COLUMNS=80 run field_issuing status
	says 'Next CRL Publish: '
	[ -z "$(awk '/publish|cushion|CRLOverlap/ && length > 80' \
		<<<"$output")" ]
	made 50
	field_issuing import made.crl --accept-removed --quiet
	run field_issuing status
	says_not ublish
	rm -r stores/*
	mkdir stores/hash
	run field_issuing status
	says_not ublish
}

@test "in a bundle, from a root that another program signs for" {
	field_root
	field_ca keygen ca/seal.key ca/seal.pub --no-passphrase --quiet
	field_ca adopt corp "$CRL" --quiet
	mkdir stick stores sub
	field_ca export stick --allow-fixed-disk --quiet
	cp "$FIELD/root/root.pem" "$FIELD/root/s1.pem" sub/
	on_day "$SUB_PROGRAM" init --root corp=sub/root.pem \
		--subordinate s1=sub/s1.pem --store der:stores/one.crl \
		--trust ca/seal.pub --output sub/crlferry.cfg
	run field_issuing info stick
	[ "$status" -eq 0 ]
	says '  next publish   2027-05-29T08:06:03Z'
	run field_issuing import stick
	[ "$status" -eq 0 ]
	says '  next publish   2027-05-29T08:06:03Z'
	field_issuing status | grep -F "corp/s1: $SAID 2027-05-29 (175 d)"
	cmp stores/one.crl "$CRL"
}
