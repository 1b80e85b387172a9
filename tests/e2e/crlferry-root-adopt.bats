#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-root adopt: a CRL that another program signed with the root's key.

load work_setup
load adopt_fixture

make_work() {
	export -f make_root make_key make_sub
	faketime '-300 days' bash -c 'make_root ca rsa2048 &&
		make_sub ca one && make_sub ca two && make_sub ca three'
	adopt_root ca corp
	make_other
}

@test "PEM and DER, with text around, are taken and said" {
	other_revokes one -crl_reason keyCompromise
	other_crl one.pem 30
	takes ca one.pem
	says 'corp: adopted #1 with 1 revoked'
	says "archived as    ca/state/corp/archive/000001.crl"
	verifies ca "$(last_crl ca corp)"
	jq -es '.[-2].event == "adopt-intent" and .[-1].number == "1" and
		.[-1].file == "one.pem" and .[-1].revoked == "1" and
		.[-1].merged == "1"' ca/state/ledger.jsonl
	other_crl two.pem 20
	der_of two.pem >two.crl
	takes ca two.crl
	says 'adopted #2'
	# as `openssl crl -text` and a mail client leave it
	other_crl three.pem 10
	{ openssl crl -in three.pem -text; echo 'Regards'; } >mail.txt
	takes ca mail.txt
	says 'adopted #3'
}

@test "the same CRL again: already so, and nothing changes" {
	other_crl one.pem 30
	takes ca one.pem
	der_of one.pem >one.crl
	before=$(digest_of ca)
	run root ca adopt corp one.crl
	[ "$status" -eq 0 ]
	says 'is the current CRL already'
	root ca adopt corp one.pem --json |
		jq -e '.adopted[0].outcome == "same"'
	[ "$before" = "$(digest_of ca)" ]
}

@test "a CRL that ends before the next ceremony has made up for it is noted" {
	local end
	end=$(date -u -d '5 days' +%F)
	other_crl long.pem 3 -crl_nextupdate "$(days_ago -400)"
	takes ca long.pem
	says_not 'hold one before the CRL ends'
	other_crl short.pem 2 -crl_nextupdate "$(days_ago -5)"
	takes ca short.pem
	says "short.pem: this CRL ends on $end, and the next ceremony is planned for 20"
	says ' on: hold one before the CRL ends'
	root ca plan corp | sed -z 's/\n  \+/ /g' |
		grep -q "But the CRL in use ends on $end, before 20"
}

@test "openssl without an AKI, without a number, without both" {
	CNF=other/plain.cnf other_crl plain.pem 30
	run openssl crl -in plain.pem -noout -text
	says_not 'Authority Key Identifier'
	takes ca plain.pem
	says 'aki-missing'
	says '#1'
	forget
	CNF=other/unnumbered.cnf other_crl unnumbered.pem 30
	[ "$(openssl crl -in unnumbered.pem -noout -crlnumber)" = \
		'crlNumber=<NONE>' ]
	takes ca unnumbered.pem
	says 'has no CRL number'
	says 'adopted a CRL without a number with 0 revoked'
	[ "$(last_crl ca corp)" = ca/state/corp/archive/000000.crl ]
	root ca adopt corp unnumbered.pem --json |
		jq -e '.adopted[0].number == null'
	forget
	CNF=other/bare.cnf other_crl bare.pem 30
	takes ca bare.pem
	says 'aki-missing'
	says 'number-missing'
}

@test "certtool's" {
	printf 'crl_number = 77\ncrl_next_update = 200\n' >crl.tmpl
	certtool --generate-crl --load-ca-privkey ca/root.key \
		--load-ca-certificate ca/root.pem --template crl.tmpl \
		--load-certificate ca/two.pem --outfile certtool.pem \
		2>certtool.log
	takes ca certtool.pem
	says 'adopted #77 with 1 revoked'
	is_revoked 1001
	# and the next one of issue goes on from there
	run root ca issue
	[ "$status" -eq 0 ]
	says 'issued #78 with 1 revoked'
	[ "$(cat ca/crlnumber)" = 4F ]
	lists "$(last_crl ca corp)" 1001
}

@test "signed inside a token" {
	export SOFTHSM2_CONF=$T/softhsm.conf
	mkdir tokens
	echo "directories.tokendir = $T/tokens" >softhsm.conf
	softhsm2-util --init-token --free --label corp --pin 1234 \
		--so-pin 5678 >softhsm.log
	softhsm2-util --import ca/root.key --token corp --label corp --id 01 \
		--pin 1234 >>softhsm.log
	other_revokes one
	module=$(find /usr/lib -name libsofthsm2.so -print -quit)
	PKCS11_MODULE_PATH=$module other_crl token.pem 30 -engine pkcs11 \
		-keyform engine -keyfile \
		'pkcs11:token=corp;object=corp;type=private;pin-value=1234'
	rm ca/root.key
	without_signing ca
	takes ca token.pem
	says 'adopted #1 with 1 revoked'
	says_not 'lacked'
}

@test "what the index lacks is merged into it, and said" {
	other_revokes one -crl_CA_compromise 20260301000000Z
	other_revokes two -crl_reason superseded
	other_crl one.pem 30
	# two is known already, with a date of its own
	revoke_sub ca two cessationOfOperation
	two=$(grep -P '\t1001\t' ca/index.txt)
	# a serial that this index never saw
	cp other/index.txt kept
	printf 'R\t360101000000Z\t260201000000Z,certificateHold\tC0FFEE\t%s\n' \
		$'unknown\t/CN=stranger' >>other/index.txt
	other_crl two.pem 20
	takes ca two.pem
	says 'it lacked 2 revocations: entered 1000 (CN=one), C0FFEE'
	is_revoked 1000 CAkeyTime
	is_revoked C0FFEE certificateHold
	grep -qxF "$two" ca/index.txt
	jq -es '.[-1].merged == "2" and
		.[-1].entered == "1000 (CN=one), C0FFEE"' ca/state/ledger.jsonl
	# the next issue has them all, as they were
	root ca issue --quiet
	last=$(last_crl ca corp)
	[ "$(crl_count "$last")" -eq 3 ]
	crl_text "$last" | grep -q 'Invalidity Date'
}

@test "reasons that the index cannot hold are entered as unspecified" {
	other_revokes one -crl_reason keyCompromise
	other_crl one.pem 30
	der_of one.pem >one.crl
	# keyCompromise (1) becomes privilegeWithdrawn (9), signed anew
	perl -0777 -pe 's/(\x0a\x01)\x01/$1\x09/ or die' one.crl >changed.crl
	resign changed.crl ca/root.key >nine.crl
	takes ca nine.crl
	says '1000: the index cannot hold the reason privilegeWithdrawn'
	is_revoked 1000 ''
	root ca issue --quiet
	lists "$(last_crl ca corp)" 1000
	# removeFromCRL (8) is not for complete CRLs
	forget
	perl -0777 -pe 's/(\x0a\x01)\x01/$1\x08/ or die' one.crl >changed.crl
	resign changed.crl ca/root.key >eight.crl
	refused ca 65 format root ca adopt corp eight.crl
	says removeFromCRL
}

@test "a lost revocation is refused; named one may go, and manifests say so" {
	other_revokes one
	other_revokes two
	other_crl one.pem 30
	takes ca one.pem
	cp "$SAVED/ca/index.txt" other/index.txt
	other_revokes two
	other_crl two.pem 20
	cp ca/index.txt index.kept
	refused ca 77 shrunk root ca adopt corp two.pem
	says 'lacks revocations of the last CRL: 1000 (CN=one) (1 in all)'
	refused ca 77 shrunk root ca adopt corp two.pem \
		--acknowledge-removed 1001
	refused ca 64 usage root ca adopt corp two.pem \
		--acknowledge-removed xyz
	root ca adopt corp two.pem --acknowledge-removed 1000 --json \
		>out.json 2>notes
	grep -qF 'two.pem: 1000 (CN=one) is listed no more: acknowledged' notes
	jq -e '.adopted[0].dropped == 1 and .adopted[0].merged == 0' out.json
	# our own index is not unlearned
	cmp ca/index.txt index.kept
	mkdir medium
	root ca export medium --allow-fixed-disk --quiet
	jq -e '.dropped == [{"serial": "1000", "why": "acknowledged",
		"number": "2"}]' medium/crlferry/corp/000002/bundle.json
}

@test "a certificate that has ended may leave the list" {
	sed -i '/\t1000\t/s/\t[0-9]*Z\t/\t260601000000Z\t/' ca/index.txt
	other_revokes one
	other_crl one.pem 30
	takes ca one.pem
	cp "$SAVED/ca/index.txt" other/index.txt
	other_crl two.pem 20
	takes ca two.pem
	jq -es '.[-2].dropped == [{"serial": "1000",
		"why": "certificate expired"}]' ca/state/ledger.jsonl
	# without an index nobody knows when it ended
	forget
	without_signing ca
	takes ca one.pem
	refused ca 77 shrunk root ca adopt corp two.pem
	takes ca two.pem --acknowledge-removed 1000
}

@test "numbers and dates fall for nobody" {
	other_crl one.pem 40
	other_crl two.pem 30
	echo 02 >other/crlnumber
	other_crl twin.pem 29
	other_crl early.pem 35
	takes ca two.pem
	refused ca 77 rollback root ca adopt corp one.pem
	says 'want one above 2, have 1'
	refused ca 77 rollback root ca adopt corp twin.pem
	says 'WITH OTHER CONTENT'
	refused ca 77 rollback root ca adopt corp early.pem
	says 'thisUpdate: want'
	CNF=other/unnumbered.cnf other_crl unnumbered.pem 20
	refused ca 77 rollback root ca adopt corp unnumbered.pem
	says 'CRL number is missing; the CRL seen before has 2'
}

@test "what is refused: digest, issuer, key, scope, date, damage" {
	other_crl one.pem 40
	takes ca one.pem
	# SHA-1 and MD5
	other_crl weak.pem 30 -md sha1
	refused ca 77 weak root ca adopt corp weak.pem
	# another CA, and one of the same name with another key
	export -f make_root make_key
	faketime '-300 days' bash -c 'make_root foreign p256 "Other Root" &&
		make_root twin p256'
	openssl ca -gencrl -config foreign/ca.cnf -out foreign.pem \
		2>openssl.log
	refused ca 65 issuer root ca adopt corp foreign.pem
	openssl ca -gencrl -config twin/ca.cnf -out twin.pem 2>openssl.log
	refused ca 65 issuer root ca adopt corp twin.pem
	says authorityKeyIdentifier
	sed -i 's/^authorityKeyIdentifier = keyid/issuerAltName = DNS:x/' \
		twin/ca.cnf
	openssl ca -gencrl -config twin/ca.cnf -out twin.pem 2>openssl.log
	refused ca 65 signature root ca adopt corp twin.pem
	# a delta CRL, and a part of one
	sed 's/^\[crl\]/[crl]\n2.5.29.27 = critical,DER:020101/' \
		other/ca.cnf >other/delta.cnf
	CNF=other/delta.cnf other_crl delta.pem 30
	refused ca 77 scope root ca adopt corp delta.pem
	sed 's/^\[crl\]/[crl]\nissuingDistributionPoint = critical,@idp/' \
		other/ca.cnf >other/users.cnf
	printf '[idp]\nonlyuser = TRUE\n' >>other/users.cnf
	CNF=other/users.cnf other_crl users.pem 30
	refused ca 77 scope root ca adopt corp users.pem
	# one that has ended before it began
	openssl ca -gencrl -config other/ca.cnf -out ended.pem \
		-crl_lastupdate "$(days_ago 20)" \
		-crl_nextupdate "$(days_ago 30)" 2>openssl.log
	refused ca 77 expired root ca adopt corp ended.pem
	# from the future
	other_crl future.pem -1
	refused ca 77 not-yet-valid root ca adopt corp future.pem
	# v1, cut, trailing, not there, a certificate
	sed '/^crlnumber = /d; /^crl_extensions = /d' other/ca.cnf >other/v1.cnf
	CNF=other/v1.cnf other_crl v1.pem 30
	refused ca 65 format root ca adopt corp v1.pem
	other_crl two.pem 30
	der_of two.pem | head -c -1 >cut.crl
	refused ca 65 format root ca adopt corp cut.crl
	(der_of two.pem && echo) >long.crl
	refused ca 65 format root ca adopt corp long.crl
	refused ca 65 format root ca adopt corp ca/root.pem
	says 'format: ca/root.pem is a certificate, not a CRL'
	refused ca 66 missing root ca adopt corp none.pem
	refused ca 66 missing root ca adopt nobody two.pem
	refused ca 64 usage root ca adopt corp
	refused ca 64 usage root ca adopt corp two.pem one.pem
	takes ca two.pem
}

@test "one octet changed anywhere is refused" {
	local at size
	other_revokes one
	other_crl one.pem 40
	takes ca one.pem
	other_crl two.pem 30
	der_of two.pem >two.crl
	size=$(stat -c %s two.crl)
	before=$(digest_of ca)
	for ((at = 0; at < size; at += 7)); do
		perl -0777 -pe 'BEGIN { $at = shift }
			substr($_, $at, 1) ^= "\x01"' "$at" two.crl >bad.crl
		run root ca adopt corp bad.crl
		[ "$status" -ge 65 ] && [ "$status" -le 77 ] || {
			echo "octet $at: status $status: $output"
			return 1
		}
	done
	[ "$before" = "$(digest_of ca)" ]
	no_leftovers
	takes ca two.crl
}

@test "a nextUpdate that has passed, and findings, are notes" {
	openssl ca -gencrl -config other/plain.cnf -out old.pem \
		-crl_lastupdate "$(days_ago 100)" \
		-crl_nextupdate "$(days_ago 50)" 2>openssl.log
	takes ca old.pem
	says 'note: old.pem: this CRL expired on '
	says 'note: old.pem: aki-missing'
	# more than three: counted, and no more than three shown
	forget
	sed -i 's/profile = "rfc5280"/profile = "br"/' ca/crlferry.cfg
	other_revokes one -crl_reason certificateHold
	other_revokes two -crl_reason certificateHold
	other_revokes three -crl_reason certificateHold
	CNF=other/plain.cnf other_crl held.pem 10
	takes ca held.pem
	echo "$output"
	[ "$(grep -c 'note: held.pem: .*RFC\|note: held.pem: .*BR' \
		<<<"$output")" -eq 3 ]
	says 'more findings: see crlferry-root lint --profile br held.pem'
}

@test "the clock behind what is known: refused; no date is asked for" {
	other_crl one.pem 40
	takes ca one.pem
	other_crl two.pem 30
	# before the last CRL
	refused ca 77 clock faketime '-41 days' "$ROOT_PROGRAM" adopt \
		--config ca/crlferry.cfg corp two.pem
	refused ca 77 clock faketime '1970-01-02' "$ROOT_PROGRAM" adopt \
		--config ca/crlferry.cfg corp two.pem
	# years later
	run faketime '+4 years' "$ROOT_PROGRAM" adopt --config \
		ca/crlferry.cfg corp two.pem
	[ "$status" -eq 0 ]
}

@test "a number that leaps is noted while there is a way back" {
	without_signing ca
	other_crl one.pem 40
	root ca adopt corp one.pem --quiet
	echo 0F4242 >other/crlnumber
	other_crl high.pem 20
	run root ca adopt corp high.pem
	[ "$status" -eq 0 ]
	says 'ATTENTION: high.pem: the number leaps from #1 to #1000002, and'
}

@test "wrong evidence of the date locks no root that signs elsewhere" {
	without_signing ca
	other_crl one.pem 40
	run faketime '+4 years' "$ROOT_PROGRAM" adopt --config \
		ca/crlferry.cfg corp one.pem
	[ "$status" -eq 0 ]
	other_crl two.pem 30
	refused ca 77 clock root ca adopt corp two.pem
	says 'for each ID of: ledger-1, ledger-2'
	refused ca 64 usage root ca adopt corp two.pem \
		--discard-evidence ledger-1
	refused ca 64 usage root ca adopt corp two.pem --why 'a wrong clock'
	refused ca 64 usage root ca adopt corp two.pem \
		--discard-evidence ledger-1 --why ''
	refused ca 66 missing root ca adopt corp two.pem \
		--discard-evidence ledger-7 --why 'a wrong clock'
	# One of two: entered, and refused all the same.
	refuses 77 clock root ca adopt corp two.pem \
		--discard-evidence ledger-1 --why 'a wrong clock'
	[ ! -e ca/state/corp/archive/000002.crl ]
	takes ca two.pem --discard-evidence ledger-2 --why 'a wrong clock'
	says 'adopted #2'
	jq -es 'map(select(.event == "discard-evidence")) |
		map(.id) == ["ledger-1", "ledger-2"] and
		all(.why == "a wrong clock")' ca/state/ledger.jsonl
	other_crl three.pem 20
	takes ca three.pem
}

@test "no index, no key: export, status, plan and import work all the same" {
	without_signing ca
	rm -r ca/root.key ca/index.txt ca/crlnumber
	refuses 78 config root ca issue
	run root ca status
	[ "$status" -eq 0 ]
	says missing
	refused ca 66 missing root ca export . --allow-fixed-disk
	says 'crlferry-root adopt --config ca/crlferry.cfg corp'
	other_revokes one
	other_crl one.pem 30
	takes ca one.pem
	root ca status --json | jq -e '.pairs[0].state == "fresh" and
		.pairs[0].number == "1"'
	root ca plan >/dev/null
	refused ca 78 config root ca issue corp
	says signing
	mkdir medium
	root ca export medium --allow-fixed-disk --quiet
	make_sub_config ca corp two
	sub import medium --quiet
	sub check
	der_of one.pem | cmp - stores/one.crl
	other_crl two.pem 20
	takes ca two.pem
	root ca export medium --allow-fixed-disk --quiet
	sub import medium --quiet
	der_of two.pem | cmp - stores/one.crl
	root ca ledger verify
}

@test "without numbers the trip goes by thisUpdate" {
	export CNF=other/unnumbered.cnf
	mkdir medium
	other_revokes one
	other_crl one.pem 40
	takes ca one.pem
	make_sub_config ca corp two
	root ca export medium --allow-fixed-disk --quiet
	sub import medium --quiet
	der_of one.pem | cmp - stores/one.crl
	# the next one takes its place, and the old one is kept
	other_crl early.pem 50
	other_crl two.pem 30
	refused ca 77 rollback root ca adopt corp early.pem
	takes ca two.pem
	der_of one.pem | cmp - \
		"ca/state/corp/archive/000000-$(crl_stamp one.pem).crl"
	root ca status --json | jq -e '.pairs[0].number == null'
	root ca export medium --allow-fixed-disk --quiet
	[ "$(ls medium/crlferry/corp)" = 000000 ]
	sub import medium --quiet
	der_of two.pem | cmp - stores/one.crl
	# a drop counts for the CRL that dropped it
	cp "$SAVED/ca/index.txt" other/index.txt
	other_crl three.pem 20
	takes ca three.pem --acknowledge-removed 1000
	root ca export medium --allow-fixed-disk --quiet
	jq -e '.dropped == [{"serial": "1000", "why": "acknowledged",
		"number": "0"}]' medium/crlferry/corp/000000/bundle.json
	sub import medium --quiet
	der_of three.pem | cmp - stores/one.crl
	sub check
	# and issue goes on with a number
	cp "$SAVED/ca/index.txt" ca/index.txt
	root ca issue --quiet
	[ "$(crl_number "$(last_crl ca corp)")" = 01 ]
	root ca export medium --allow-fixed-disk --quiet
	sub import medium --quiet
	cmp "$(last_crl ca corp)" stores/one.crl
	refused ca 77 rollback root ca adopt corp three.pem
}

@test "an emergency CRL taken again calls for the ceremony it called for" {
	rm -r ca other
	export TZ=UTC
	faketime '2026-05-01 10:00:00' bash -c 'make_root ca p256'
	adopt_root ca corp
	at() {
		faketime "$1" "$ROOT_PROGRAM" "${@:2}" --config ca/crlferry.cfg
	}
	at '2026-06-10 10:00:00' issue --first --quiet
	at '2026-06-24 10:00:00' issue --emergency --why 'key stolen' --json |
		jq -e '.issued[0].next_ceremony == "2026-07-07"'
	at '2026-06-24 11:00:00' adopt corp "$(last_crl ca corp)" --json |
		jq -e '.adopted[0] | .outcome == "same" and
			.next_ceremony == "2026-07-07"'
}

@test "a kill at every step: the old CRL or the new one, and it converges" {
	local call n
	other_revokes one
	other_revokes two
	other_crl one.pem 40
	takes ca one.pem
	cp "$SAVED/ca/index.txt" other/index.txt
	other_revokes two
	other_revokes three
	other_crl two.pem 30
	cp -a ca ready
	for call in write rename fsync; do
		for ((n = 1; n < 40; n++)); do
			rm -rf ca && cp -a ready ca
			run strace -qq -f -o /dev/null -e "inject=$call:signal=KILL:when=$n" \
				"$ROOT_PROGRAM" adopt --config ca/crlferry.cfg \
				corp two.pem --acknowledge-removed 1000
			[ "$status" -ne 0 ] || break
			half_done "$call $n" || return
		done
		[ "$n" -gt 2 ] && [ "$n" -lt 40 ]
	done
}

# half_done WHERE: after a kill
half_done() {
	local last
	last=$(last_crl ca corp)
	cmp -s "$last" <(der_of one.pem) || cmp -s "$last" <(der_of two.pem) || {
		echo "$1: want the old CRL or the new one, have $last"
		return 1
	}
	# what is exported now says what it dropped
	mkdir -p medium
	root ca export medium --allow-fixed-disk --quiet
	if cmp -s "$last" <(der_of two.pem); then
		jq -e '.dropped | map(.serial) == ["1000"]' \
			medium/crlferry/corp/000002/bundle.json >/dev/null
	else
		jq -e '.dropped == []' \
			medium/crlferry/corp/000001/bundle.json >/dev/null
	fi || {
		echo "$1: want the drop told with its CRL"
		return 1
	}
	rm -r medium
	run root ca adopt corp two.pem --acknowledge-removed 1000
	[ "$status" -eq 0 ] || {
		echo "$1: want it to converge, have $output"
		return 1
	}
	no_leftovers || return
	der_of two.pem | cmp - "$(last_crl ca corp)" || return
	is_revoked 1002 || return
	root ca ledger verify --quiet || return
	jq -es 'map(select(.event == "adopt" and .number == "2")) |
		length == 1' ca/state/ledger.jsonl >/dev/null || {
		echo "$1: want one line for it"
		cat ca/state/ledger.jsonl
		return 1
	}
}
