#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Files as people have them: a crlnumber that was edited, a CRL or certificate
# as an editor or a browser left it, and the wrong file altogether.

load ../e2e/field_setup
load ../e2e/ceremony_fixture

# peer_ca: openssl's view of the CA in the folder ca
peer_ca() {
	cat >peer.cnf <<-CNF
		[ca]
		default_ca = root
		[root]
		database = ca/index.txt
		crlnumber = ca/crlnumber
		certificate = ca/root.pem
		private_key = ca/root.key
		default_md = sha256
		default_crl_days = 30
	CNF
}

# openssl_takes: `openssl ca` signs with the number in the file, which ends up
# in $peer, and its next one in $peer_next; the file is put back
openssl_takes() {
	local status=0
	cp ca/crlnumber crlnumber.before
	openssl ca -gencrl -config peer.cnf -out peer.pem 2>peer.log ||
		status=1
	peer_next=$(cat ca/crlnumber)
	cat crlnumber.before >ca/crlnumber
	rm -f ca/crlnumber.old ca/crlnumber.new ca/crlnumber.attr
	[ "$status" -eq 0 ] || return 1
	peer=$(openssl crl -in peer.pem -noout -crlnumber)
	peer=${peer#crlNumber=0x}
}

@test "crlnumber: a second line, and whatever else openssl passes over" {
	local text
	field_root
	peer_ca
	cp "$FIELD/51-crlnumber-two-lines" ca/crlnumber
	openssl_takes || {
		cat peer.log
		return 1
	}
	run field_ca issue --first
	[ "$status" -eq 0 ]
	says "note: $T/ca/crlnumber has more than a number in it, which is left out"
	[ "$peer" = 1001 ]
	[ "$(crl_number "$(last_crl ca corp)")" = 1001 ]
	[ "$(cat ca/crlnumber)" = 1002 ] && [ "$peer_next" = 1002 ]
	for text in '1100 # at the next ceremony\n' '1200\r\n' '1300  \t\n' \
		'14ab' '1500\n1600\n' '1601\r1700' '18:00\n' '1901\00002\n' \
		'200\\\n0100\n' '00210\\\r\n00\n' '22 00' 'aaffzz\n'; do
		printf '%b' "$text" >ca/crlnumber
		openssl_takes
		run field_ca issue
		[ "$status" -eq 0 ]
		# one that lies behind the archive is moved forward
		[[ $output == *'lies behind the archive'* ]] ||
			[ "$(crl_number "$(last_crl ca corp)")" = "$peer" ] || {
			echo "$text: want $peer, have $output"
			return 1
		}
		[[ $output == *'lies behind the archive'* ]] ||
			[ "$(cat ca/crlnumber)" = "$peer_next" ]
	done
	# and openssl goes on from ours
	next=$(cat ca/crlnumber)
	openssl_takes
	[ "$peer" = "$next" ]
}

@test "crlnumber: what openssl does not read either is refused, and stays" {
	local text remedy
	field_root
	peer_ca
	field_ca issue --first --quiet
	while IFS='|' read -r text remedy; do
		printf '%b' "$text" >ca/crlnumber
		! openssl_takes || {
			echo "openssl reads $text as $peer"
			return 1
		}
		refused ca 65 format field_ca issue
		says "$T/ca/crlnumber "
		says "$remedy" || {
			echo "of $text"
			return 1
		}
		refused ca 65 format field_ca issue --dry-run
		says "$remedy"
	done <<-'ROWS'
		\n1001\n|echo 1001 >
		\r\n1001\r\n|echo 1001 >
		 1001\n|echo 1001 >
		\t1001\n|echo 1001 >
		1001a\n|echo 01001a >
		7\n|echo 07 >
		0x1001\n|echo 1001 >
		+1001\n|does not begin with two hexadecimal digits
		-1001\n|does not begin with two hexadecimal digits
		# next: 1001\n|does not begin with two hexadecimal digits
		\0357\0273\02771001\n|sed -i '1s/^\xEF\xBB\xBF//'
		\0357\0273\0277\n1001\n|byte order mark
		\0377\0376\061\0\060\0\n\0|UTF-16
		\0376\0377\0\061\0\060\0\n|UTF-16
		\n|an empty line in place of the number
		|is empty
		\00001001\n|an empty line in place of the number
		1001\\\n02\n|odd number of digits
		100\\\n|an empty line in place of the number
	ROWS
	[ "$(find ca/state/corp/archive -name '*.crl' | wc -l)" -eq 1 ]
	# more than a CRL number may have, though openssl would go on
	echo 010000000000000000000000000000000000000000 >ca/crlnumber
	openssl_takes
	refused ca 65 format field_ca issue
	says '2^159-1'
}

@test "crlnumber: the remedies mend it; rehearsal and init look at it too" {
	field_root
	field_ca issue --first --quiet
	printf '\xef\xbb\xbf1001\n' >ca/crlnumber
	refused ca 65 format field_ca issue
	remedy=$(grep -o "sed -i .*" <<<"$output")
	bash -c "$remedy"
	field_ca issue --quiet
	[ "$(crl_number "$(last_crl ca corp)")" = 1001 ]
	mkdir medium
	echo ' 20A' >ca/crlnumber
	export TZ=UTC
	WITHIN=(faketime "$FIELD_DAY")
	ends 65 format : --rehearse
	says "$T/ca/crlnumber does not begin with two hexadecimal digits"
	refused ca 65 format field_ca issue
	remedy=$(grep -o "echo .*" <<<"$output")
	bash -c "$remedy"
	[ "$(cat ca/crlnumber)" = 020A ]
	mkdir again
	cp ca/root.* ca/index.txt again
	printf 'next 1001\n' >again/crlnumber
	refused again 65 format on_day "$ROOT_PROGRAM" init --name corp \
		--certificate again/root.pem --key again/root.key \
		--index again/index.txt --output again/crlferry.cfg
	says 'does not begin with two hexadecimal digits'
	[ ! -e again/crlferry.cfg ]
}
