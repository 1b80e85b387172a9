#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-root issue: what is signed, and what is refused.

load root_setup

# equals_openssl FOLDER [OPTION]...: a fresh issue equals `openssl ca -gencrl`
# to the last octet of what is signed
equals_openssl() {
	local folder=$1 ours
	shift
	rm -rf "$folder/state"
	root "$folder" issue --first --quiet || return
	ours=$(last_crl "$folder" corp) || return
	openssl_crl "$folder" "$ours" peer.crl "$@" || {
		cat openssl.log
		return 1
	}
	tbs_of "$ours" >ours.tbs
	tbs_of peer.crl >peer.tbs
	[ -s peer.tbs ] && cmp ours.tbs peer.tbs || return
	verifies "$folder" "$ours"
}

# equals_openssl_always KEYTYPE [OPTION]...: with none, with each reason alone,
# with three, and with 10,000 revocations
equals_openssl_always() {
	local type=$1 i
	shift
	old_root ca "$type"
	adopt_root ca corp
	equals_openssl ca "$@" || return
	[ "$(crl_count peer.crl)" -eq 0 ] || return
	for ((i = 0; i < REASON_COUNT; i++)); do
		make_index 1 "$i" >ca/index.txt
		equals_openssl ca "$@" || return
	done
	for ((i = 0; i < REASON_COUNT; i += 3)); do
		make_index 3 "$i" >ca/index.txt
		equals_openssl ca "$@" || return
		[ "$(crl_count peer.crl)" -eq 3 ] || return
	done
	make_index 10000 >ca/index.txt
	equals_openssl ca "$@" || return
	[ "$(crl_count peer.crl)" -eq 10000 ]
}

@test "RSA-4096: equals openssl ca -gencrl, signature and all" {
	equals_openssl_always rsa4096 -md sha256
	# PKCS#1 v1.5 signatures are the same each time.
	cmp "$(last_crl ca corp)" peer.crl
}

@test "P-384: equals openssl ca -gencrl but for the signature" {
	equals_openssl_always p384 -md sha384
}

@test "Ed25519: equals openssl ca -gencrl, signature and all" {
	equals_openssl_always ed25519
	cmp "$(last_crl ca corp)" peer.crl
}

@test "the comparison with openssl can fail" {
	make_corp
	make_index 3 >ca/index.txt
	equals_openssl ca -md sha256
	run equals_openssl ca -md sha384
	[ "$status" -ne 0 ]
	make_index 4 >ca/index.txt
	openssl_crl ca "$(last_crl ca corp)" peer.crl -md sha256
	tbs_of peer.crl >peer.tbs
	run cmp ours.tbs peer.tbs
	[ "$status" -eq 1 ]
}

@test "an explicit unspecified is left out, as RFC 5280 wants" {
	make_corp
	printf 'R\t350101000000Z\t240102030405Z,unspecified\t%s\t%s\t%s\n' \
		0A unknown /CN=a >ca/index.txt
	root ca issue --first
	# openssl would write it.
	openssl_crl ca "$(last_crl ca corp)" peer.crl
	crl_text peer.crl | grep -q Unspecified
	sed -i 's/,unspecified//' ca/index.txt
	openssl_crl ca "$(last_crl ca corp)" peer.crl
	cmp <(tbs_of "$(last_crl ca corp)") <(tbs_of peer.crl)
}

@test "every kind of key: OpenSSL and GnuTLS verify the CRL" {
	local type want
	while read -r type want; do
		old_root "$type" "$type"
		make_sub "$type" one
		revoke_sub "$type" one
		adopt_root "$type" corp
		root "$type" issue --first --quiet
		verifies "$type" "$(last_crl "$type" corp)"
		crl_text "$(last_crl "$type" corp)" |
			grep -q "Signature Algorithm: $want"
		lists "$(last_crl "$type" corp)" 1000
	done <<-TYPES
		rsa2048 sha256WithRSAEncryption
		p256 ecdsa-with-SHA256
		p384 ecdsa-with-SHA384
		p521 ecdsa-with-SHA512
		ed25519 ED25519
	TYPES
	# Another root's certificate does not verify it.
	run verifies p256 "$(last_crl p384 corp)"
	[ "$status" -ne 0 ]
}

@test "the configured digest is used, for RSA and for EC" {
	local type digest
	for type in rsa2048 p256; do
		old_root "$type" "$type"
		adopt_root "$type" corp
		for digest in sha256 sha384 sha512; do
			sed -i "s/.* digest = .*/ digest = \"$digest\";/" \
				"$type/crlferry.cfg"
			root "$type" issue --first --quiet
			verifies "$type" "$(last_crl "$type" corp)"
			crl_text "$(last_crl "$type" corp)" |
				grep -qi "Signature Algorithm: .*$digest"
		done
	done
}

@test "MD5 and SHA-1 are no digest to sign with" {
	old_root ca rsa2048
	adopt_root ca corp
	for digest in sha1 md5 SHA1; do
		sed -i "s/.* digest = .*/ digest = \"$digest\";/" \
			ca/crlferry.cfg
		refused_alone ca 78 config root ca issue --first
		says "ca/crlferry.cfg:$(grep -n digest ca/crlferry.cfg |
			cut -d: -f1): digest must be sha256, sha384 or sha512, not "
	done
}

@test "text says number, dates and digest; the second issue follows" {
	make_corp
	run root ca issue --first
	[ "$status" -eq 0 ]
	says 'corp: issued #1 with 0 revoked'
	says "$(sha256sum <"$(last_crl ca corp)" | cut -d' ' -f1)"
	says "archived as    $(last_crl ca corp)"
	[ "$(cat ca/crlnumber)" = 02 ]
	first=$(crl_time "$(last_crl ca corp)" lastupdate)
	run root ca issue
	[ "$status" -eq 0 ]
	says 'corp: issued #2 with 0 revoked'
	[ "$(cat ca/crlnumber)" = 03 ]
	[[ $(crl_time "$(last_crl ca corp)" lastupdate) > $first ]]
	[ "$(crl_number "$(last_crl ca corp)")" = 02 ]
	no_leftovers
}

@test "thisUpdate is backdated, nextUpdate follows the schedule" {
	# thisUpdate is not put before the root's own notBefore.
	faketime '2026-01-31 12:00:00' bash -c "
		. '$BATS_TEST_DIRNAME/helpers.bash'
		make_root ca p256 && adopt_root ca corp &&
		root ca issue --first --quiet"
	[ "$(crl_time "$(last_crl ca corp)" lastupdate)" = 20260131120000Z ] ||
		[[ $(crl_time "$(last_crl ca corp)" lastupdate) == \
			2026013112000?Z ]]
	faketime '2026-03-31 12:00:00' "$ROOT_PROGRAM" issue --quiet \
		--config ca/crlferry.cfg
	[[ $(crl_time "$(last_crl ca corp)" lastupdate) == 2026033111500?Z ]]
	# Seven months from 31 March: October has 31 days.
	[[ $(crl_time "$(last_crl ca corp)" nextupdate) == 2026103111500?Z ]]
	# A changed backdate, and a month that is too short: clamped.
	sed -i 's/backdate = .*/backdate = "1 hour";/' ca/crlferry.cfg
	faketime '2026-07-31 12:00:00' "$ROOT_PROGRAM" issue --quiet \
		--config ca/crlferry.cfg
	[[ $(crl_time "$(last_crl ca corp)" lastupdate) == 2026073111000?Z ]]
	[[ $(crl_time "$(last_crl ca corp)" nextupdate) == 2027022811000?Z ]]
}

# dates_by_openssl CRL SERIAL: thisUpdate and that revocation's date, as openssl
# reads them
dates_by_openssl() {
	crl_text "$1" | sed -n "s/^ *Last Update: //p
		/^    Serial Number: $2\$/{n;s/^ *Revocation Date: //p}"
}

# same_second CRL SERIAL: thisUpdate is the very second of it
same_second() {
	dates_by_openssl "$1" "$2" >dates
	[ "$(wc -l <dates)" -eq 2 ] && [ "$(uniq dates | wc -l)" -eq 1 ]
}

@test "thisUpdate does not precede what the CRL lists, and that is said" {
	make_corp one two
	# Two days ago: nothing is said.
	faketime '-1 day' bash -c '. "$1" && revoke_sub ca one' bash \
		"$BATS_TEST_DIRNAME/helpers.bash"
	run root ca issue --first
	[ "$status" -eq 0 ]
	says_not backdated
	first=$(last_crl ca corp)
	[[ $(crl_time "$first" lastupdate) > \
		$(date -u -d '-15 min' +%Y%m%d%H%M%SZ) ]]
	# A minute ago; the CRL before it is older than that.
	root ca revoke corp 1001 --reason superseded --at \
		"$(date -u -d '-1 min' +%Y-%m-%dT%H:%M:%SZ)"
	run root ca issue --dry-run
	[ "$status" -eq 0 ]
	says 'note: corp: thisUpdate is backdated only to '
	said=$output
	root ca issue --dry-run --json 2>/dev/null >preview.json
	run root ca issue
	[ "$status" -eq 0 ]
	says 'when serial 1001 (CN=two) was revoked'
	crl=$(last_crl ca corp)
	same_second "$crl" 1001
	verifies ca "$crl"
	at=$(openssl crl -inform DER -in "$crl" -noout -lastupdate \
		-dateopt iso_8601 | sed 's/.*=//; s/ /T/')
	says "only to $at, when"
	[[ $said == *"only to $at, when"* ]]
	[ "$(jq -r '.roots[0].this_update' preview.json)" = "$at" ]
}

@test "revoked and issued in one second: thisUpdate is that second" {
	make_corp one
	printf 'R\t350101000000Z\t%s,superseded\t1000\tunknown\t/CN=one\n' \
		301130101000Z >ca/index.txt
	run faketime -f '2030-11-30 10:10:00' "$ROOT_PROGRAM" issue --first \
		--confirm-date 2030-11-30 --config ca/crlferry.cfg
	[ "$status" -eq 0 ]
	says 'only to 2030-11-30T10:10:00Z, when serial 1000 (CN=one) was revoked'
	same_second "$(last_crl ca corp)" 1000
	# With another that lies in the future: listed, and nothing moves for it.
	printf 'R\t350101000000Z\t%s,superseded\t1001\tunknown\t/CN=two\n' \
		301231101000Z >>ca/index.txt
	run faketime -f '2030-11-30 10:20:00' "$ROOT_PROGRAM" issue \
		--confirm-date 2030-11-30 --config ca/crlferry.cfg
	[ "$status" -eq 0 ]
	says_not backdated
	[ "$(crl_time "$(last_crl ca corp)" lastupdate)" = 20301130101001Z ]
	lists "$(last_crl ca corp)" 1001
}

@test "--json is JSON, --quiet is silent" {
	old_root ca p256
	make_sub ca one
	revoke_sub ca one
	adopt_root ca corp
	root ca issue --first --json >issued.json
	jq -e '.type == "crlferry-issue" and .version == 1 and
		(.issued | length) == 1 and .issued[0].root == "corp" and
		.issued[0].number == "1" and .issued[0].revoked == 1 and
		.issued[0].dropped == 0' issued.json
	[ "$(jq -r '.issued[0].sha256' issued.json)" = \
		"$(sha256sum <"$(last_crl ca corp)" | cut -d' ' -f1)" ]
	[ "$(jq -r '.issued[0].path' issued.json)" = "$(last_crl ca corp)" ]
	[ "$(jq -r '.issued[0].next_update' issued.json | tr -d 'T:-')" = \
		"$(crl_time "$(last_crl ca corp)" nextupdate)" ]
	run root ca issue --quiet
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	# A refusal as JSON, on stdout; --quiet does not hide it.
	: >ca/index.txt
	run bash -c "'$ROOT_PROGRAM' issue --json --config ca/crlferry.cfg \
		2>/dev/null"
	[ "$status" -eq 77 ]
	jq -e '[.. | strings] | any(. == "shrunk")' <<<"$output"
	refused ca 77 shrunk root ca issue --quiet
}

@test "without a last CRL, --first says so on purpose" {
	make_corp
	refuses 66 missing root ca issue
	says '--first'
	[ "$(cat ca/crlnumber)" = 01 ]
	[ ! -e ca/state/corp ]
	no_leftovers
	root ca issue --first
	run root ca issue --first
	[ "$status" -eq 0 ]
	says 'note: corp: --first has no effect'
}

@test "a lost revocation is refused, and named one may go" {
	old_root ca p256
	make_sub ca one
	make_sub ca two
	revoke_sub ca one
	revoke_sub ca two
	adopt_root ca corp
	root ca issue --first --quiet
	# As if restored from a backup of before.
	sed -i 's/^R\(.*\t\)[0-9]*Z,keyCompromise\t1001/V\1\t1001/' \
		ca/index.txt
	refused ca 77 shrunk root ca issue
	says 1001
	says --acknowledge-removed
	refused ca 77 shrunk root ca issue --acknowledge-removed 1000
	root ca issue --acknowledge-removed 1001 --json >issued.json
	jq -e '.issued[0].dropped == 1 and .issued[0].revoked == 1' issued.json
	lists_not "$(last_crl ca corp)" 1001
	lists "$(last_crl ca corp)" 1000
	mkdir medium
	root ca export medium --allow-fixed-disk --quiet
	jq -e '.dropped == [{"serial": "1001", "why": "acknowledged",
		"number": "2"}]' medium/crlferry/corp/000002/bundle.json
	# It stays told in every later manifest, and needs no telling again.
	root ca issue --quiet
	root ca export medium --allow-fixed-disk --quiet
	jq -e '.dropped[0].serial == "1001" and (.dropped | length) == 1' \
		medium/crlferry/corp/000003/bundle.json
}

@test "a revocation that only the ledger still has is not forgotten" {
	make_corp one two
	# before the first CRL, and after it; another revocation is kept
	cp -p ca/index.txt before
	root ca revoke corp 1000 --reason keyCompromise --quiet
	cp -p before ca/index.txt
	refused ca 77 shrunk root ca issue --first
	says "index.txt has lost 1000 (CN=one), which the ledger has revoked"
	root ca revoke corp 1000 --reason keyCompromise --quiet
	root ca issue --first --quiet
	cp -p ca/index.txt before
	root ca revoke corp 1001 --reason superseded --quiet
	root ca revoke corp AA55 --unknown --reason superseded --quiet
	cp -p before ca/index.txt
	refused ca 77 shrunk root ca issue
	says "has lost 1001"
	refused ca 77 shrunk root ca issue --dry-run
	refused ca 77 shrunk root ca issue --acknowledge-removed 1001
	says "has lost AA55"
	root ca revoke corp 1001 --reason superseded --quiet
	root ca issue --acknowledge-removed 00aa55 --quiet
	[ "$(crl_count "$(last_crl ca corp)")" -eq 2 ]
	# what was let go is not asked for again
	root ca issue --quiet
}

@test "serials are acknowledged in any spelling; what is no serial is usage" {
	make_corp
	make_index 2 2 >ca/index.txt
	root ca issue --first --quiet
	serial=$(awk -F '\t' '$1 == "R" { print $4; exit }' ca/index.txt)
	cp ca/index.txt before
	awk -F '\t' '$1 != "R"' before >ca/index.txt
	refused ca 64 usage root ca issue --acknowledge-removed "$serial" \
		--acknowledge-removed 'xyz'
	refused ca 64 usage root ca issue --acknowledge-removed ''
	refused ca 77 shrunk root ca issue --acknowledge-removed "$serial"
	other=$(awk -F '\t' '$1 == "R" { s = $4 } END { print s }' before)
	root ca issue --quiet --acknowledge-removed "00${serial^^}" \
		--acknowledge-removed "${other,,}"
	[ "$(crl_count "$(last_crl ca corp)")" -eq 0 ]
}

@test "an expired certificate may leave the list, one that is not may not" {
	make_corp
	printf 'R\t%s\t200102030405Z\t%s\tunknown\t/CN=%s\n' \
		210101000000Z 0A old 491231235959Z 0B young >ca/index.txt
	root ca issue --first --quiet
	# openssl ca -updatedb does as much to what was never revoked.
	sed -i 's/^R\(.*\)\t200102030405Z\t0A/E\1\t\t0A/' ca/index.txt
	run root ca issue --json
	[ "$status" -eq 0 ]
	jq -e '.issued[0].dropped == 1 and .issued[0].revoked == 1' \
		<<<"$output"
	sed -i 's/^R\(.*\)\t200102030405Z\t0B/V\1\t\t0B/' ca/index.txt
	refused ca 77 shrunk root ca issue
	mkdir medium
	root ca export medium --allow-fixed-disk --quiet
	jq -e '.dropped == [{"serial": "0a", "why": "certificate expired",
		"number": "2"}]' medium/crlferry/corp/000002/bundle.json
}

@test "the key must be the root's" {
	old_root ca p384
	old_root other p384
	adopt_root ca corp
	root ca issue --first --quiet
	cp ca/root.key good.key
	cat other/root.key >ca/root.key
	refused ca 65 key root ca issue
	echo garbage >ca/root.key
	refused ca 65 key root ca issue
	: >ca/root.key
	refused ca 65 key root ca issue
	openssl pkey -in good.key -pubout -out ca/root.key
	refused ca 65 key root ca issue
	rm ca/root.key
	refused ca 66 missing root ca issue
	cat good.key >ca/root.key
	chmod 644 ca/root.key
	refused ca 77 permissions root ca issue
	chmod 600 ca/root.key
	root ca issue --quiet
	[ "$(crl_number "$(last_crl ca corp)")" = 02 ]
}

@test "an encrypted key: the passphrase comes from a descriptor alone" {
	local type
	for type in rsa2048 p256 ed25519; do
		old_root "$type" "$type"
		openssl pkey -in "$type/root.key" -aes256 -passout pass:horse \
			-out "$type/encrypted.key"
		mv "$type/encrypted.key" "$type/root.key"
		chmod 600 "$type/root.key"
		adopt_root "$type" corp
		root "$type" issue --first --quiet --passphrase-fd 7 \
			7<<<horse
		refused "$type" 65 key root "$type" issue --passphrase-fd 7 \
			7<<<donkey
		says 'wrong passphrase'
		refused "$type" 65 key root "$type" issue --passphrase-fd 7 \
			7</dev/null
		# Neither a descriptor nor a terminal.
		refused "$type" 65 key setsid --wait "$ROOT_PROGRAM" issue \
			--config "$type/crlferry.cfg" </dev/null
		says '--passphrase-fd'
		root "$type" issue --quiet --passphrase-fd 0 <<<horse
		# No number was used up by what was refused.
		[ "$(crl_number "$(last_crl "$type" corp)")" = 02 ]
		verifies "$type" "$(last_crl "$type" corp)"
	done
	# The older PEM encryption as well.
	openssl ec -in p256/root.key -passin pass:horse -aes256 \
		-passout pass:cart -out p256/old.key 2>/dev/null
	grep -q 'Proc-Type: 4,ENCRYPTED' p256/old.key
	cat p256/old.key >p256/root.key
	refused p256 65 key root p256 issue --passphrase-fd 7 7<<<horse
	root p256 issue --quiet --passphrase-fd 7 7<<<cart
}

@test "several roots: one passphrase line each, in configured order" {
	local name
	old_root ca p256 'Root A'
	old_root cb p256 'Root B'
	for name in ca cb; do
		openssl pkey -in $name/root.key -aes256 -passout pass:$name \
			-out $name/encrypted.key
		cat $name/encrypted.key >$name/root.key
	done
	adopt_root ca alpha
	adopt_root cb beta
	# Both in one file.
	config_of ca | sed '$d' | sed '$s/}$/},/' >both.cfg
	config_of cb | sed '1,/^roots/d' >>both.cfg
	printf 'ca\ncb\n' | "$ROOT_PROGRAM" issue --first --config both.cfg \
		--json --passphrase-fd 0 >issued.json
	jq -e '[.issued[].root] == ["alpha", "beta"]' issued.json
	verifies ca state/alpha/archive/000001.crl
	verifies cb state/beta/archive/000001.crl
	# One by name, and the order of arguments is no order.
	"$ROOT_PROGRAM" issue beta --config both.cfg --passphrase-fd 0 \
		--quiet <<<cb
	[ -e state/beta/archive/000002.crl ]
	[ ! -e state/alpha/archive/000002.crl ]
	printf 'ca\ncb\n' | "$ROOT_PROGRAM" issue beta alpha --quiet \
		--config both.cfg --passphrase-fd 0
	[ -e state/beta/archive/000003.crl ]
	[ -e state/alpha/archive/000002.crl ]
	refused . 66 missing "$ROOT_PROGRAM" issue gamma --config both.cfg
}

@test "a root without cRLSign is refused before anything is asked" {
	make_corp
	root ca issue --first --quiet
	sed -i 's/^keyUsage = .*/keyUsage = critical,keyCertSign/' ca/ca.cnf
	openssl req -config ca/ca.cnf -new -x509 -key ca/root.key \
		-subj '/CN=Test Root' -days 7300 -extensions v3_root \
		-out ca/root.pem
	refused ca 65 issuer root ca issue
	# nor where there is no last CRL, and no key to sign with
	rm -r ca/state/corp ca/state/ledger.jsonl
	mv ca/root.key .
	refused ca 65 issuer root ca issue --first
	mv root.key ca/
	echo garbage >ca/root.pem
	refused ca 65 format root ca issue
	rm ca/root.pem
	refused ca 66 missing root ca issue
}

@test "another root's certificate in place of ours" {
	old_root ca p256
	old_root other p256
	adopt_root ca corp
	root ca issue --first --quiet
	cat other/root.pem >ca/root.pem
	refused ca 65 signature root ca issue
}

@test "a root that another program signs for is passed over, or refused" {
	make_corp
	root ca issue --first --quiet
	# Without its signing group.
	sed -i '/signing = {/,/^      };/d' ca/crlferry.cfg
	refused ca 78 config root ca issue
	says 'no root has a group "signing"'
	says 'crlferry-root adopt --config ca/crlferry.cfg ROOT FILE'
	refused ca 78 config root ca issue --dry-run
	refused ca 78 config root ca issue corp
	says signing
	[ "$(crl_number "$(last_crl ca corp)")" = 01 ]
	old_root other p256
	adopt_root other also
	{
		sed '/^);/d' ca/crlferry.cfg
		echo ,
		config_of other | sed -n '/^roots = (/,$p' | sed 1d
	} >both.cfg
	mv both.cfg ca/crlferry.cfg
	root ca issue --first --quiet
	[ "$(crl_number "$(last_crl ca corp)")" = 01 ]
	[ "$(crl_number "$(last_crl ca also)")" = 01 ]
}

@test "profile br refuses certificateHold, rfc5280 signs it" {
	make_corp one
	root ca issue --first --quiet
	revoke_sub ca one certificateHold
	sed -i 's/profile = "rfc5280"/profile = "br"/' ca/crlferry.cfg
	refused ca 65 format root ca issue
	says br-reason-hold
	sed -i 's/profile = "br"/profile = "rfc5280"/' ca/crlferry.cfg
	root ca issue --quiet
	lists "$(last_crl ca corp)" 1000
}

@test "profile br refuses Ed25519" {
	old_root ca ed25519
	adopt_root ca corp
	root ca issue --first --quiet
	sed -i 's/profile = "rfc5280"/profile = "br"/' ca/crlferry.cfg
	refused ca 65 format root ca issue
	says br-algorithm
	sed -i 's/.* digest = .*/ digest = "sha256";/' ca/crlferry.cfg
	refused ca 65 algorithm root ca issue
	says 'Ed25519 has its own digest'
	says "remedy: remove or correct the line \"digest\" of root corp ("
}

@test "a network that is up is refused, warned of, or allowed by name" {
	local up
	unshare -n true 2>/dev/null ||
		skip "a network namespace of its own cannot be made here"
	make_corp
	sed -i 's/^air_gap = .*/air_gap = "require";/' ca/crlferry.cfg
	# A namespace of its own has a loopback that is down, and nothing else.
	unshare -n "$ROOT_PROGRAM" issue --config ca/crlferry.cfg --first
	up='ip link add plug0 type bridge && ip link set plug0 up || exit 99'
	unshare -n sh -c "$up" || skip "a bridge cannot be made here"
	refused ca 77 network unshare -n sh -c "$up
		'$ROOT_PROGRAM' issue --config ca/crlferry.cfg"
	says plug0
	# The loopback alone is no network.
	run unshare -n sh -c "ip link set lo up || exit 99
		'$ROOT_PROGRAM' issue --config ca/crlferry.cfg"
	[ "$status" -eq 0 ]
	# One that is there but down is none either.
	run unshare -n sh -c "ip link add plug0 type bridge || exit 99
		'$ROOT_PROGRAM' issue --config ca/crlferry.cfg"
	[ "$status" -eq 0 ]
	sed -i 's/^air_gap = .*/air_gap = "warn";/' ca/crlferry.cfg
	run unshare -n sh -c "$up
		'$ROOT_PROGRAM' issue --config ca/crlferry.cfg"
	[ "$status" -eq 0 ]
	says 'note: network interface plug0 is up'
	sed -i 's/^air_gap = .*/air_gap = "require"; air_gap_allow = ("plug0");/' \
		ca/crlferry.cfg
	run unshare -n sh -c "$up
		'$ROOT_PROGRAM' issue --config ca/crlferry.cfg"
	[ "$status" -eq 0 ]
	says_not plug0
	refused ca 77 network unshare -n sh -c "$up
		ip link add plug1 type bridge && ip link set plug1 up || exit 99
		'$ROOT_PROGRAM' issue --config ca/crlferry.cfg"
	says plug1
}

@test "a network without a carrier is one all the same" {
	local pair tap
	pair='ip link add cable0 type veth peer name cable1 &&
		ip link set cable0 up || exit 99
		until ip link show cable0 | grep -q NO-CARRIER; do :; done'
	tap='ip tuntap add dev tap0 mode tap && ip link set tap0 up || exit 99
		until ip link show tap0 | grep -q NO-CARRIER; do :; done'
	make_corp
	root ca issue --first --quiet
	sed -i 's/^air_gap = .*/air_gap = "require";/' ca/crlferry.cfg
	timeout 20 unshare -n sh -c "$pair" || skip "a pair of cables cannot be made here"
	refused ca 77 network unshare -n sh -c "$pair
		'$ROOT_PROGRAM' issue --config ca/crlferry.cfg"
	says cable0
	timeout 20 unshare -n sh -c "$tap" || skip "a tap cannot be made here"
	refused ca 77 network unshare -n sh -c "$tap
		'$ROOT_PROGRAM' issue --config ca/crlferry.cfg"
	says tap0
}

@test "two at once: each number is used once" {
	local i
	make_corp
	root ca issue --first --quiet
	for i in 1 2 3 4 5 6 7 8; do
		root ca issue --quiet &
	done
	for i in $(jobs -p); do
		wait "$i"
	done
	for i in 1 2 3 4 5 6 7 8 9; do
		[ "$(crl_number "ca/state/corp/archive/00000$i.crl")" = "0$i" ]
		verifies ca "ca/state/corp/archive/00000$i.crl"
	done
	[ "$(cat ca/crlnumber)" = 0A ]
	root ca ledger verify
	no_leftovers
}

@test "wrong options and arguments are usage, and nothing is made" {
	make_corp
	refused_alone ca 64 usage root ca issue --nonsense
	refused_alone ca 64 usage root ca issue --confirm-date
	refused_alone ca 64 usage root ca issue --first=yes
	refused_alone ca 64 usage root ca issue --passphrase-fd 99
	refused_alone ca 64 usage root ca issue --passphrase-fd none
	for date in tomorrow 2026-13-01 2026-02-30 26-01-01 ''; do
		refuses 64 usage root ca issue --first --confirm-date "$date"
		[ ! -e ca/state/corp ]
	done
	refuses 64 usage "$ROOT_PROGRAM" isue
	refuses 64 usage "$ROOT_PROGRAM"
	refuses 66 missing "$ROOT_PROGRAM" issue --config "$T/none.cfg"
}

@test "a previous CRL under SHA-1 counts, and is reported" {
	old_root ca rsa2048
	make_sub ca one
	revoke_sub ca one
	openssl ca -gencrl -config ca/ca.cnf -md sha1 -out last.pem
	# No verb takes it any more; earlier versions of init did.
	adopt_root ca corp
	mkdir -p ca/state/corp/archive
	echo 'crlferry-state 1' >ca/state/version
	install -m 600 /dev/null ca/state/lock
	openssl crl -in last.pem -outform DER \
		-out ca/state/corp/archive/000001.crl
	cp ca/index.txt kept
	: >ca/index.txt
	refused ca 77 shrunk root ca issue
	cp kept ca/index.txt
	run root ca issue
	[ "$status" -eq 0 ]
	says 'is signed with MD5 or SHA-1'
	[ "$(crl_number "$(last_crl ca corp)")" = 02 ]
	run root ca issue
	says_not SHA-1
}

@test "--dry-run shows the list and how it differs, and leaves no trace" {
	old_root ca p256
	make_sub ca one
	make_sub ca two
	revoke_sub ca one superseded
	adopt_root ca corp
	# no state folder, no key, nothing is asked
	mv ca/root.key kept.key
	refused_alone ca 66 missing root ca issue --dry-run
	before=$(digest_of ca)
	run root ca issue --dry-run --first </dev/null
	[ "$status" -eq 0 ]
	says 'corp: CRL #1, not signed'
	says '  issuer         CN=Test Root'
	says '  signature      ecdsa-with-SHA256'
	says '  last CRL       none'
	says '  revoked        1 (1 added, 0 removed)'
	[[ $output =~ \+\ 1000\ \ 20..-.*Z\ \ superseded\ \ CN=one ]]
	[ ! -e ca/state ]
	[ "$before" = "$(digest_of ca)" ]
	mv kept.key ca/root.key
	root ca issue --first --quiet
	# one comes, one stays, one goes
	revoke_sub ca two
	printf 'R\t200101000000Z\t190101000000Z\t0A\tunknown\t/CN=old\n' \
		>>ca/index.txt
	root ca issue --quiet
	sed -i '/\t0A\t/s/^R\(.*\)\t190101000000Z/E\1\t/; /\t1001\t/d' \
		ca/index.txt
	before=$(digest_of ca)
	refused ca 77 shrunk root ca issue --dry-run
	run root ca issue --dry-run --acknowledge-removed 1001
	[ "$status" -eq 0 ]
	says 'corp: CRL #3, not signed'
	says '  last CRL       #2, '
	says '  revoked        1 (0 added, 2 removed)'
	[[ $output =~ $'\n'\ \ 1000\ .*superseded\ \ CN=one$'\n'- ]]
	[[ $output =~ -\ 0A\ .*\(certificate\ expired\)\ \ CN=old ]]
	# the index has no line of it any more
	[[ $output =~ -\ 1001\ .*keyCompromise\ \ \(acknowledged\) ]]
	says_not CN=two
	[ "$before" = "$(digest_of ca)" ]
	# and what it said is what is signed
	root ca issue --dry-run --acknowledge-removed 1001 --json >preview.json
	root ca issue --acknowledge-removed 1001 --json >issued.json
	jq -es '.[0].roots[0] as $p | .[1].issued[0] as $i |
		$p.number == $i.number and $p.revoked == $i.revoked and
		($p.removed | length) == $i.dropped and
		$p.next_ceremony == $i.next_ceremony' preview.json issued.json
	jq -e '.type == "crlferry-preview" and .version == 1 and
		(.roots | length) == 1 and (.roots[0] | .root == "corp" and
		.added == [] and [.removed[].serial] == ["0A", "1001"] and
		[.removed[].subject] == ["CN=old", null] and
		.last.number == "2" and .emergency == false and
		.why == null)' preview.json
}

@test "serials have their names: of the index, else of the configuration" {
	old_root ca p256
	make_sub ca one
	make_sub ca two
	adopt_root ca corp --subordinate "issuing-1=ca/one.pem" \
		--subordinate "issuing-2=ca/two.pem"
	root ca revoke corp 1000 --reason superseded --quiet
	# a line that lost its subject, as `adopt` writes one
	sed -i '/\t1000\t/s,/CN=.*,/CN=unknown,' ca/index.txt
	root ca revoke corp 1001 --reason keyCompromise --quiet
	run root ca issue --first --dry-run
	[[ $output =~ \+\ 1000\ .*superseded\ \ issuing-1\ \(CN=one\) ]]
	[[ $output =~ \+\ 1001\ .*keyCompromise\ \ CN=two ]]
	root ca issue --first --dry-run --json | jq -e '.roots[0].added |
		[.[].subject] == ["issuing-1 (CN=one)", "CN=two"]'
	# a certificate that cannot be read is no reason to stop
	echo damaged >ca/one.pem
	run root ca issue --first --dry-run
	[ "$status" -eq 0 ]
	[[ $output =~ \+\ 1000\ .*superseded$'\n' ]]
	root ca issue --first --quiet
	# refusals name what is lost
	sed -i '/\t1001\t/d; /\t1000\t/s/^R\(\t[^\t]*\t\)[^\t]*/V\1/' ca/index.txt
	sed -i '/\t1000\t/s,/CN=.*,/CN=Mail Gateway,' ca/index.txt
	refused ca 77 shrunk root ca issue
	says 'lacks revocations of the last CRL: 1000 (CN=Mail Gateway), 1001 (issuing-2 (CN=two)) (2 in all)'
}

@test "what the ledger has revoked and the index has lost is named" {
	make_corp one
	root ca issue --first --quiet
	root ca revoke corp 1000 --reason superseded --quiet
	sed -i '/\t1000\t/s/^R\(\t[^\t]*\t\)[^\t]*/V\1/' ca/index.txt
	refused ca 77 shrunk root ca issue
	says 'index.txt has lost 1000 (CN=one), which the ledger has revoked'
}

@test "--dry-run spells serials as revoke and openssl do" {
	make_corp
	root ca revoke corp d5c6e9ae --unknown --reason superseded >revoked
	grep -q 'revoked D5C6E9AE,' revoked
	run root ca issue --dry-run --first
	[ "$status" -eq 0 ]
	says '+ D5C6E9AE  '
	root ca issue --first --quiet
	crl_text "$(last_crl ca corp)" | grep -q 'Serial Number: D5C6E9AE$'
}

@test "the profile br: a subordinate that openssl revoked without a reason" {
	old_root ca p256
	make_sub ca one
	make_sub ca two
	adopt_root ca corp --subordinate "one=ca/one.pem" \
		--subordinate "two=ca/two.pem"
	openssl ca -config ca/ca.cnf -revoke ca/one.pem 2>/dev/null
	revoke_sub ca two
	run root ca issue --first --dry-run
	[ "$status" -eq 0 ]
	says_not 'profile br wants'
	sed -i 's/profile = "rfc5280"/profile = "br"/' ca/crlferry.cfg
	for option in --first --dry-run; do
		run root ca issue $option
		[ "$status" -eq 0 ]
		says 'note: corp/one: profile br wants the revocation of a CA'
		says_not 'corp/two: profile br'
	done
}

@test "what lint warns of is said before it is signed" {
	make_corp one
	# revoked by a clock that was years ahead
	at=$(date -u -d '+3 years' +%y%m%d%H%M%SZ)
	sed -i "s/^V\t\([0-9]*Z\)\t/R\t\1\t$at/" ca/index.txt
	for option in --dry-run --quiet; do
		run root ca issue --first $option
		[ "$status" -eq 0 ]
		[ "$option" = --quiet ] || {
			says 'note: corp: entry-date-late: entry 0 '
			says 'serial 1000'
		}
	done
	run root ca issue
	says 'note: corp: entry-date-late: entry 0 '
}

@test "--dry-run judges by every rule" {
	make_corp one
	root ca issue --first --quiet
	revoke_sub ca one certificateHold
	sed -i 's/profile = "rfc5280"/profile = "br"/' ca/crlferry.cfg
	refused ca 65 format root ca issue --dry-run
	says br-reason-hold
	sed -i 's/profile = "br"/profile = "rfc5280"/' ca/crlferry.cfg
	refused ca 77 clock faketime '-10 days' "$ROOT_PROGRAM" issue \
		--config ca/crlferry.cfg --dry-run
	run bash -c "'$ROOT_PROGRAM' issue --dry-run --json --confirm-date \
		2020-01-01 --config ca/crlferry.cfg 2>/dev/null"
	[ "$status" -eq 77 ]
	jq -e '.type == "crlferry-error" and .token == "clock"' <<<"$output"
	echo 8000000000000000000000000000000000000000 >ca/crlnumber
	refused ca 65 format root ca issue --dry-run
}

@test "an emergency is marked, and calls for the same ceremony" {
	export TZ=UTC ROOT_PROGRAM
	export -f make_root make_key adopt_root
	faketime '2026-05-01 10:00:00' bash -c \
		'make_root ca p256 && adopt_root ca corp'
	at() {
		faketime "$1" "$ROOT_PROGRAM" "${@:2}" --config ca/crlferry.cfg
	}
	mkdir medium
	at '2026-06-10 10:00:00' issue --first --quiet
	# two weeks before the ceremony of 7 July: a regular one fulfils it
	run at '2026-06-24 10:00:00' issue --dry-run
	says 'next ceremony  2027-01-06'
	run at '2026-06-24 10:00:00' issue --emergency --why 'key stolen' \
		--dry-run
	says 'next ceremony  2026-07-07'
	says 'emergency      key stolen'
	at '2026-06-24 10:00:00' issue --emergency --why 'key stolen' --json \
		>issued.json
	jq -e '.issued[0] | .emergency and .why == "key stolen" and
		.next_ceremony == "2026-07-07"' issued.json
	jq -es 'map(select(.number == "2")) | length == 2 and
		all(.emergency == "yes" and .why == "key stolen")' \
		ca/state/ledger.jsonl
	at '2026-06-24 11:00:00' export medium --allow-fixed-disk --quiet
	jq -e '.emergency and .why == "key stolen" and
		.next_ceremony == "2026-07-07"' \
		medium/crlferry/corp/000002/bundle.json
	at '2026-07-12 10:00:00' status --json | jq -e \
		'.pairs[0] | .state == "overdue" and .next_ceremony == "2026-07-07"'
	# A regular one fulfils it, and is not marked.
	run at '2026-07-12 10:00:00' issue
	says 'issued #3 with 0 revoked'
	says_not emergency
	says 'next ceremony  2027-01-06'
	at '2026-07-12 11:00:00' export medium --allow-fixed-disk --quiet
	jq -e '(.emergency | not) and .why == "" and
		.next_ceremony == "2027-01-06"' \
		medium/crlferry/corp/000003/bundle.json
	at '2026-07-13 10:00:00' status --json | jq -e \
		'.pairs[0].state == "fresh"'
}

@test "an emergency wants a reason" {
	make_corp
	refuses 64 usage root ca issue --first --emergency
	says '--why'
	for why in '' $'a\tb' $'\xff' $'\u202e'; do
		refuses 64 usage root ca issue --first --emergency \
			--why "$why"
	done
	[ ! -e ca/state/corp ]
	root ca issue --first --emergency --why 'Schlüssel gestohlen' --quiet
	mkdir medium
	root ca export medium --allow-fixed-disk --quiet
	jq -e '.why == "Schlüssel gestohlen"' \
		medium/crlferry/corp/000001/bundle.json
}
