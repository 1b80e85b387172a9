#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-root revoke: what is entered in OpenSSL's index, and what is refused.

load root_setup

setup() {
	make_folder
	old_root ca p256
}

# adopt_with SUB...: certified by the root, configured, and a first CRL
adopt_with() {
	local sub options=()
	for sub; do
		make_sub ca "$sub"
		options+=(--subordinate "$sub=ca/$sub.pem")
	done
	adopt_root ca corp "${options[@]}"
	root ca issue --first --quiet
}

# revokes WHAT [OPTION]...: for root corp, with status 0
revokes() {
	run root ca revoke corp "$@"
	[ "$status" -eq 0 ] || {
		echo "$output"
		return 1
	}
}

# not_revoked STATUS TOKEN WHAT [OPTION]...: refused, and nothing changed
not_revoked() {
	local status_want=$1 token=$2
	shift 2
	refused ca "$status_want" "$token" root ca revoke corp "$@"
}

# index_has SERIAL PATTERN: the whole revocation field of that serial's line
index_has() {
	awk -F '\t' -v serial="$1" '$4 == serial { print $3 }' \
		ca/index.txt >field
	[ "$(wc -l <field)" -eq 1 ] && grep -qxE "$2" field || {
		echo "want $1 $2, have: $(cat ca/index.txt)"
		return 1
	}
}

# crl_entry SERIAL: what openssl prints of it in the last CRL
crl_entry() {
	crl_text "$(last_crl ca corp)" | awk -v serial="$1" '
		/^    Serial Number: / { on = $3 == serial }
		/^    Signature/ { on = 0 }
		on { print }'
}

# at TIME...: run at that instant of UTC, at which the clock stands still
at() {
	local when=$1
	shift
	TZ=UTC faketime -f "$when" "$@"
}

# same_line OPTIONS OPENSSL-OPTION...: our index is to the octet the one that
# `openssl ca -revoke` leaves, and openssl finds the serial in it
same_line() {
	local ours=$1 now
	shift
	cp good ca/index.txt
	now=$(date -u -d '+1 hour' '+%F %T')
	# shellcheck disable=SC2086
	at "$now" "$ROOT_PROGRAM" revoke corp ca/one.pem $ours --quiet \
		--config ca/crlferry.cfg || return
	cp ca/index.txt ours.txt
	cp good ca/index.txt
	at "$now" openssl ca -config ca/ca.cnf -revoke ca/one.pem "$@" \
		2>openssl.log || {
		cat openssl.log
		return 1
	}
	diff ca/index.txt ours.txt || return
	cp ours.txt ca/index.txt
	run openssl ca -config ca/ca.cnf -status 1000
	says '1000=Revoked (R)'
}

@test "every reason: the line is the one that openssl ca -revoke writes" {
	local reason
	adopt_with one two
	cp ca/index.txt good
	for reason in unspecified keyCompromise CACompromise \
		affiliationChanged superseded cessationOfOperation \
		certificateHold; do
		same_line "--reason $reason" -crl_reason "$reason"
		same_line "--reason ${reason^^}" -crl_reason "$reason"
	done
	same_line '--reason keyTime,20260102030405Z' \
		-crl_compromise 20260102030405Z
	same_line '--reason keycompromise --at 2026-01-02T03:04:05Z' \
		-crl_compromise 20260102030405Z
	same_line '--reason keytime --at 2026-01-02' \
		-crl_compromise 20260102000000Z
	same_line '--reason CAkeyTime,20260102030405Z' \
		-crl_CA_compromise 20260102030405Z
	same_line '--reason CACompromise --at 2026-01-02T03:04:05Z' \
		-crl_CA_compromise 20260102030405Z
	same_line '--reason holdInstruction,holdInstructionReject' \
		-crl_hold holdInstructionReject
	same_line '--reason HoldInstruction,1.2.840.10040.2.3' \
		-crl_hold holdInstructionReject
	same_line '--reason holdInstruction,1.3.6.1.4.1.99999.7' \
		-crl_hold 1.3.6.1.4.1.99999.7
	# The comparison can fail.
	run same_line '--reason superseded' -crl_reason keyCompromise
	[ "$status" -ne 0 ]
}

@test "every reason reaches the CRL, with its invalidity date" {
	local i=0 sub reason text rest
	adopt_root ca corp
	while IFS='|' read -r reason text rest; do
		sub=$(printf 'sub%X' $i)
		make_sub ca "$sub"
		i=$((i + 1))
		# shellcheck disable=SC2086
		revokes "ca/$sub.pem" --reason $reason
	done >/dev/null <<-'REASONS'
		unspecified||
		keyCompromise|Key Compromise|
		CACompromise|CA Compromise|
		affiliationChanged|Affiliation Changed|
		superseded|Superseded|
		cessationOfOperation|Cessation Of Operation|
		certificateHold|Certificate Hold|
		holdInstruction,holdInstructionReject|Certificate Hold|
		keyCompromise --at 2025-12-31T23:59:59Z|Key Compromise|
		CAkeyTime,19991231235959Z|CA Compromise|
	REASONS
	root ca issue --first --quiet
	verifies ca "$(last_crl ca corp)"
	[ "$(crl_count "$(last_crl ca corp)")" -eq 10 ]
	[ "$(crl_entry 1000 | grep -c Reason)" -eq 0 ]
	crl_entry 1001 | grep -q 'Key Compromise'
	[ "$(crl_entry 1001 | grep -c Invalidity)" -eq 0 ]
	crl_entry 1002 | grep -q 'CA Compromise'
	crl_entry 1003 | grep -q 'Affiliation Changed'
	crl_entry 1004 | grep -q Superseded
	crl_entry 1005 | grep -q 'Cessation Of Operation'
	crl_entry 1006 | grep -q 'Certificate Hold'
	[ "$(crl_entry 1006 | grep -c Instruction)" -eq 0 ]
	crl_entry 1007 | grep -q 'Certificate Hold'
	crl_entry 1007 | grep -q 'Hold Instruction Reject'
	crl_entry 1008 | grep -q 'Key Compromise'
	crl_entry 1008 | grep -q 'Dec 31 23:59:59 2025 GMT'
	crl_entry 1009 | grep -q 'CA Compromise'
	crl_entry 1009 | grep -q 'Dec 31 23:59:59 1999 GMT'
}

@test "text says what was entered; status is unpublished until the next issue" {
	adopt_with one two
	cp ca/index.txt before
	revokes 1001 --reason superseded
	says 'corp: revoked 1001, reason superseded'
	says 'subject        CN=two'
	jq -es '.[-1].subject == "CN=two"' ca/state/ledger.jsonl
	says 'crlferry-root issue --config ca/crlferry.cfg corp'
	says_not 'invalid since'
	# The other line, and openssl's own files beside it, are untouched.
	[ "$(head -n 1 ca/index.txt)" = "$(head -n 1 before)" ]
	[ "$(wc -l <ca/index.txt)" -eq 2 ]
	index_has 1001 '[0-9]{12}Z,superseded'
	root ca status --json | jq -e \
		'[.pairs[].state] == ["unpublished", "unpublished"]'
	run root ca status
	says 'is on no CRL yet'
	root ca issue --quiet
	lists "$(last_crl ca corp)" 1001
	lists_not "$(last_crl ca corp)" 1000
	root ca status --json | jq -e \
		'[.pairs[].state] == ["fresh", "revoked"]'
	root ca ledger verify
	jq -se 'map(select(.event == "revoke")) | length == 1 and (.[0] |
		.serial == "1001" and .reason == "superseded" and
		.root == "corp" and has("invalidity") == false and
		has("unknown") == false)' ca/state/ledger.jsonl
	no_leftovers
}

@test "commands that are named can be copied, the configuration with them" {
	adopt_with one
	cp ca/crlferry.cfg "ca/it's mine.cfg"
	run "$ROOT_PROGRAM" revoke --config "ca/it's mine.cfg" corp 1000 \
		--reason superseded
	[ "$status" -eq 0 ]
	says "crlferry-root issue --config 'ca/it'\\''s mine.cfg' corp"
	eval "'$ROOT_PROGRAM' $(sed -n 's/.*publish it *crlferry-root//p' \
		<<<"$output") --dry-run"
}

@test "--json and --quiet" {
	adopt_with one two
	root ca revoke corp 1000 --reason keyCompromise --at 2026-02-03 \
		--json 2>notes | jq -e '.type == "crlferry-revoke" and
		.version == 1 and (.revoked | length) == 1 and (.revoked[0] |
		.root == "corp" and .serial == "1000" and
		.reason == "keyTime,20260203000000Z" and
		.invalidity == "2026-02-03T00:00:00Z" and
		.subject == "/CN=one" and .subordinate == "one" and
		.unknown == false and .already == false)'
	grep -q 'one stops when the next CRL is installed' notes
	root ca revoke corp 1000 --reason keyCompromise --json 2>/dev/null |
		jq -e '.revoked[0] | .already and
		.invalidity == "2026-02-03T00:00:00Z"'
	revokes 1001 --reason superseded --quiet
	[ -z "$output" ]
	revokes ABCD --reason superseded --unknown --json
	jq -e '.revoked[0] | .unknown and .subject == null and
		.subordinate == null and .invalidity == null' <<<"$output"
	run root ca revoke corp 77 --reason superseded --json
	[ "$status" -eq 66 ]
	says '"token": "missing"'
}

@test "mode and owner of the index, and index.txt.attr, are kept" {
	adopt_with one
	chmod 640 ca/index.txt
	if [ "$(id -u)" -eq 0 ]; then
		chown 12345:23456 ca/index.txt
	fi
	before=$(stat -c '%a %u %g' ca/index.txt)
	cp -p ca/index.txt.attr attr
	revokes 1000 --reason superseded
	[ "$(stat -c '%a %u %g' ca/index.txt)" = "$before" ]
	cmp ca/index.txt.attr attr
	[ "$(stat -c %Y ca/index.txt.attr)" = "$(stat -c %Y attr)" ]
}

@test "serials in any spelling" {
	local serial
	old_root long p256
	echo 0A1B2C3D4E5F >long/serial
	mv ca short
	mv long ca
	sed -i 's,/long$,/ca,' ca/ca.cnf
	adopt_with one
	cp ca/index.txt good
	for serial in 0A1B2C3D4E5F 0a1b2c3d4e5f A1B2C3D4E5F 0x0a1b2c3d4e5f \
		0XA1B2C3D4E5F 0A:1B:2C:3D:4E:5F a:1b:2c:3d:4e:5f \
		000000000a1B2c3D4e5F 00:0A:1b:2c:3d:4e:5f; do
		cp good ca/index.txt
		revokes "$serial" --reason superseded
		index_has 0A1B2C3D4E5F '[0-9]{12}Z,superseded'
	done
	cp good ca/index.txt
	for serial in 0x '' : 0A: :0A 0A::1B 0x0x0A '10 00' 1000h 0A1B2C3G \
		10,00; do
		not_revoked 66 missing "$serial" --reason superseded
		says 'is neither a serial in hex nor the file of a certificate'
	done
	not_revoked 64 usage "$(printf 'AB%.0s' {1..64})" --reason superseded
	says 'has more than 63 octets'
	not_revoked 64 usage "$(printf 'AB%.0s' {1..4000})" --reason superseded
	not_revoked 66 missing "$(printf 'AB%.0s' {1..63})" \
		--reason superseded
	not_revoked 66 missing 4096 --reason superseded
	says '4096 (hex)'
}

@test "a certificate file, PEM or DER, with text or by link" {
	adopt_with one two
	cp ca/index.txt good
	openssl x509 -in ca/two.pem -outform DER -out two.der
	openssl x509 -in ca/two.pem -text -out two.text
	ln -s two.text two.link
	# Whose file it is makes no difference: its signature counts.
	chmod 666 two.der
	for file in ca/two.pem two.der two.text two.link "$T/ca/two.pem"; do
		cp good ca/index.txt
		revokes "$file" --reason superseded
		index_has 1001 '[0-9]{12}Z,superseded'
		index_has 1000 ''
	done
}

@test "a file that is named like a serial" {
	adopt_with one two
	# The first says the second's certificate, its name the first.
	cp ca/two.pem 1000
	cp ca/index.txt good
	revokes 1000 --reason superseded
	says '1000: taken as a serial; ./1000 is the file'
	index_has 1000 '[0-9]{12}Z,superseded'
	index_has 1001 ''
	cp good ca/index.txt
	revokes ./1000 --reason superseded
	says_not 'taken as a serial'
	index_has 1001 '[0-9]{12}Z,superseded'
	index_has 1000 ''
	# With colons or 0x a file comes first.
	cp good ca/index.txt
	mv 1000 10:00
	revokes 10:00 --reason superseded
	index_has 1001 '[0-9]{12}Z,superseded'
	cp good ca/index.txt
	rm 10:00
	revokes 10:00 --reason superseded
	index_has 1000 '[0-9]{12}Z,superseded'
}

@test "another CA's certificate: issuer, or signature" {
	adopt_with one
	old_root other p256 'Other Root'
	old_root twin p256
	make_sub other one
	make_sub twin one
	not_revoked 65 issuer other/one.pem --reason superseded
	not_revoked 65 signature twin/one.pem --reason superseded
	not_revoked 65 issuer other/root.pem --reason superseded
	not_revoked 65 signature twin/root.pem --reason superseded
}

@test "what is no certificate" {
	adopt_with one
	not_revoked 65 format ca/crlnumber --reason superseded
	not_revoked 65 format "$(last_crl ca corp)" --reason superseded
	not_revoked 65 format ./ca --reason superseded
	mkfifo pipe
	not_revoked 65 format ./pipe --reason superseded
	truncate -s 10G huge
	not_revoked 65 format ./huge --reason superseded
	not_revoked 66 missing ./none --reason superseded
	not_revoked 66 missing one.pem --reason superseded
}

@test "the root's own certificate is not revoked by its CRL" {
	local serial
	adopt_with one
	not_revoked 64 usage ca/root.pem --reason superseded --unknown
	says 'take the root out of the stores that trust it'
	serial=$(openssl x509 -in ca/root.pem -noout -serial)
	not_revoked 64 usage "${serial#serial=}" --reason superseded --unknown
	# Renewed with its key, it is the same root.
	openssl req -config ca/ca.cnf -new -x509 -key ca/root.key \
		-subj '/CN=Test Root' -days 7300 -extensions v3_root \
		-out renewed.pem
	not_revoked 64 usage ./renewed.pem --reason superseded --unknown
}

@test "the index must agree with the certificate" {
	adopt_with one two
	cp ca/index.txt good
	sed -i 's,/CN=one,/CN=uno,' ca/index.txt
	not_revoked 65 format ca/one.pem --reason superseded
	says 'ca/index.txt:1: want the subject of ca/one.pem, /CN=one, have /CN=uno'
	cp good ca/index.txt
	sed -i '1s/Z\t/Z\t/;1s/^V\t../V\t49/' ca/index.txt
	not_revoked 65 format ca/one.pem --reason superseded
	says 'ca/index.txt:1: want the notAfter of ca/one.pem'
	# By its serial it can be.
	revokes 1000 --reason superseded
	# The serial twice: openssl does not read such an index.
	sed 's,^V\(.*\)1001\t,V\11000\t,' good >ca/index.txt
	not_revoked 65 format ca/one.pem --reason superseded
	says 'ca/index.txt:2: the serial is that of line 1 again'
	not_revoked 65 format 1000 --reason superseded
	run openssl ca -config ca/ca.cnf -status 1000
	[ "$status" -ne 0 ]
}

@test "reasons that are none, and times that are missing or twice" {
	local reason
	adopt_with one
	not_revoked 64 usage 1000
	says '--reason is required'
	for reason in bored '' ',' ',x' key 'superseded ' superseded,x 1 \
		keyTime,x 'keyTime,' keyTime,260102030405Z keyTime,2026 \
		keyTime,20261302030405Z holdInstruction 'holdInstruction,' \
		holdInstruction,x 'keyCompromise,20260102030405Z'; do
		not_revoked 64 usage 1000 --reason "$reason"
	done
	not_revoked 64 usage 1000 --reason bored
	says unspecified
	says CAkeyTime
	not_revoked 64 usage 1000 --reason removeFromCRL
	says 'a complete CRL cannot hold removeFromCRL'
	for reason in privilegeWithdrawn aACompromise AACOMPROMISE; do
		not_revoked 64 usage 1000 --reason "$reason"
		says "OpenSSL's index cannot hold"
	done
	for reason in keyTime CAkeyTime; do
		not_revoked 64 usage 1000 --reason "$reason"
		says 'needs --at TIME'
	done
	not_revoked 64 usage 1000 --reason keyTime,20260102030405Z \
		--at 2026-01-02
	says 'give it once'
	not_revoked 64 usage 1000 --reason superseded --at yesterday
	not_revoked 64 usage 1000 --reason superseded --at 2026-02-30
}

@test "--at: a revocation date, neither in the future nor too early" {
	local tomorrow yesterday text
	adopt_with one two
	tomorrow=$(date -u -d tomorrow +%F)
	yesterday=$(date -u -d '12 hours ago' +%FT%TZ)
	not_revoked 64 usage 1000 --reason superseded --at "$tomorrow"
	says 'want a time up to now'
	not_revoked 64 usage 1000 --reason keyCompromise --at "$tomorrow"
	not_revoked 64 usage 1000 --reason keyTime,20991231235959Z
	says 'want a time up to now'
	# The root is two days old, the certificate of today.
	not_revoked 64 usage 1000 --reason superseded --at 2020-01-01
	says 'notBefore'
	not_revoked 64 usage ca/one.pem --reason superseded --at "$yesterday"
	says 'notBefore'
	# When the key was lost may lie before.
	revokes ca/one.pem --reason CACompromise --at 2020-01-01
	says 'invalid since  2020-01-01T00:00:00Z'
	revokes 1001 --reason superseded --at "$yesterday"
	text=$(date -u -d "$yesterday" +%y%m%d%H%M%SZ)
	index_has 1001 "$text,superseded"
	root ca issue --quiet
	crl_entry 1001 | grep -q "$(date -u -d "$yesterday" +%T)"
}

@test "unknown to the index: refused, and taken with --unknown" {
	adopt_with one two
	cp ca/index.txt good
	not_revoked 66 missing 10FF --reason superseded
	says '--unknown'
	revokes 10ff --reason keyCompromise --at 2026-01-01 --unknown
	tail -n 1 ca/index.txt | grep -qP '^R\t99991231235959Z\t[0-9]{12}Z,keyTime,20260101000000Z\t10FF\tunknown\t/CN=unknown$'
	head -n 2 ca/index.txt | cmp - good
	run openssl ca -config ca/ca.cnf -status 10FF
	says '10FF=Revoked (R)'
	# Lost there, and the certificate at hand: as openssl enters it.
	sed '/\t1001\t/d' good >ca/index.txt
	not_revoked 66 missing ca/two.pem --reason superseded
	now=$(date -u '+%F %T')
	at "$now" "$ROOT_PROGRAM" revoke corp ca/two.pem --unknown \
		--reason superseded --config ca/crlferry.cfg
	cp ca/index.txt ours.txt
	sed '/\t1001\t/d' good >ca/index.txt
	at "$now" openssl ca -config ca/ca.cnf -revoke ca/two.pem \
		-crl_reason superseded 2>/dev/null
	diff ours.txt ca/index.txt
	jq -se 'map(select(.event == "revoke")) | map(.unknown) ==
		["yes", "yes"]' ca/state/ledger.jsonl
	# Known after all: said, and revoked as any other.
	revokes 1000 --reason superseded --unknown
	says 'ca/index.txt:1 knows 1000 (CN=one): --unknown has no effect'
	index_has 1000 '[0-9]{12}Z,superseded'
	# openssl still makes CRLs of this index, and certificates.
	openssl ca -config ca/ca.cnf -updatedb
	make_sub ca three
	# Above the index was set back, and 10FF with it: the ledger knows.
	refused ca 77 shrunk root ca issue
	says 10FF
	root ca issue --quiet --acknowledge-removed 10FF
	openssl_crl ca "$(last_crl ca corp)" peer.crl
	cmp <(tbs_of "$(last_crl ca corp)") <(tbs_of peer.crl)
}

@test "twice: the same is a note, another reason is refused" {
	adopt_with one two
	revokes 1000 --reason CACompromise --at 2026-01-02
	before=$(digest_of ca)
	for options in '--reason CACompromise' \
		'--reason cakeytime,20260102000000Z' \
		'--reason CACompromise --at 2026-01-02'; do
		# shellcheck disable=SC2086
		revokes 1000 $options
		says '1000 (CN=one) is revoked already, on 2'
		says 'reason CAkeyTime,20260102000000Z'
		says_not 'corp: revoked 1000'
	done
	revokes ca/one.pem --reason CACompromise --unknown
	[ "$before" = "$(digest_of ca)" ]
	not_revoked 64 usage 1000 --reason superseded
	says '(CN=one) was revoked on 2'
	says 'which cannot be changed'
	not_revoked 64 usage 1000 --reason CACompromise --at 2026-01-03
	not_revoked 64 usage 1000 --reason unspecified
	# Without a reason is unspecified.
	openssl ca -config ca/ca.cnf -revoke ca/two.pem 2>/dev/null
	revokes 1001 --reason unspecified
	says 'reason unspecified'
	not_revoked 64 usage 1001 --reason superseded
}

@test "revoked with openssl, or cut off before the ledger: entered once" {
	adopt_with one two
	revoke_sub ca one superseded
	cp ca/index.txt kept
	revokes 1000 --reason superseded
	says 'the ledger lacked the revocation of 1000 (CN=one): entered now'
	tail -n 1 ca/state/ledger.jsonl | jq -e '.event == "revoke" and
		.serial == "1000" and .recorded == "late, the index had it already"'
	cmp ca/index.txt kept
	before=$(digest_of ca)
	revokes 1000 --reason superseded
	says_not lacked
	[ "$before" = "$(digest_of ca)" ]
	# What a power cut right after the index was replaced leaves.
	cp ca/state/ledger.jsonl ledger
	revokes 1001 --reason superseded
	cp ledger ca/state/ledger.jsonl
	revokes 1001 --reason superseded
	says 'the ledger lacked the revocation of 1001'
	root ca ledger verify
	[ "$(jq -s 'map(select(.event == "revoke")) | length' \
		ca/state/ledger.jsonl)" -eq 2 ]
}

@test "an expired certificate is refused, by date and by mark" {
	export -f make_sub make_key
	faketime '-1 day' bash -c 'sed "s/default_days.*/default_days = 1/" \
		ca/ca.cnf >ca/short.cnf && mv ca/ca.cnf ca/kept.cnf &&
		mv ca/short.cnf ca/ca.cnf && make_sub ca old'
	mv ca/kept.cnf ca/ca.cnf
	sleep 2
	adopt_with one
	not_revoked 77 expired 1000 --reason keyCompromise
	says 'expired on 20'
	says "a CRL need not list it (this machine's clock: 20"
	says 'if the clock is right'
	not_revoked 77 expired ca/old.pem --reason superseded
	openssl ca -config ca/ca.cnf -updatedb
	grep -q '^E' ca/index.txt
	not_revoked 77 expired 1000 --reason superseded
	# Lost in the index as well.
	sed -i '/^E/d' ca/index.txt
	not_revoked 77 expired ca/old.pem --reason superseded --unknown
	revokes 1001 --reason superseded
}

@test "profile br: no hold, and no revocation of a CA without a reason" {
	adopt_with one
	sed -i 's/profile = .*/profile = "br";/' ca/crlferry.cfg
	grep -q '"br"' ca/crlferry.cfg
	for reason in certificateHold unspecified \
		holdInstruction,holdInstructionReject; do
		not_revoked 64 usage 1000 --reason "$reason"
		says 'profile br'
		says 'BR 7.2.2'
		not_revoked 64 usage ca/one.pem --reason "$reason"
	done
	revokes 1000 --reason cessationOfOperation
	root ca issue --quiet
	"$ROOT_PROGRAM" lint --profile br "$(last_crl ca corp)"
}

@test "a clock that lies before the root's notBefore" {
	adopt_with one
	refused ca 77 clock faketime '1970-01-02 00:00:00' "$ROOT_PROGRAM" \
		revoke corp 1000 --reason superseded --config ca/crlferry.cfg
	says 'notBefore'
	refused ca 77 clock faketime '-3 days' "$ROOT_PROGRAM" \
		revoke corp 1000 --reason superseded --config ca/crlferry.cfg
}

@test "roots: not configured, and without a signing group" {
	adopt_with one
	refused ca 66 missing root ca revoke other 1000 --reason superseded
	sed -i '/signing = {/,/};/d' ca/crlferry.cfg
	not_revoked 78 config 1000 --reason superseded
	says 'corp has no group "signing"'
}

@test "arguments: too few, too many" {
	adopt_with one
	refused ca 64 usage root ca revoke
	refused ca 64 usage root ca revoke corp
	refused ca 64 usage root ca revoke corp 1000 1001 --reason superseded
	refused ca 64 usage root ca revoke corp 1000 --why superseded
}

@test "a configured subordinate is named loudly" {
	adopt_with one two
	revokes 1001 --reason superseded
	says 'corp/two: THIS IS ITS CERTIFICATE: two stops when the next CRL is installed'
	says_not 'corp/one'
	# One that cannot be read hinders nobody.
	echo x >ca/two.pem
	make_sub ca three
	revokes 1002 --reason superseded
	says 'cannot tell whether this revokes the certificate of two: '
}

@test "the index and the ledger must be sound before anything is changed" {
	adopt_with one two
	cp ca/index.txt good
	printf 'V\t351231235959Z\t\t2000\tunknown\t/CN=cut' >>ca/index.txt
	not_revoked 65 format 1000 --reason superseded
	says 'ca/index.txt:3: '
	cp good ca/index.txt
	chmod 666 ca/index.txt
	not_revoked 77 permissions 1000 --reason superseded
	chmod 644 ca/index.txt
	cp ca/state/ledger.jsonl ledger
	sed -i '1s/root@/toor@/;1s/"who":"[^"]*"/"who":"other"/' \
		ca/state/ledger.jsonl
	not_revoked 65 format 1000 --reason superseded
	cp ledger ca/state/ledger.jsonl
	rm ca/index.txt
	not_revoked 66 missing 1000 --reason superseded --unknown
	cp good ca/index.txt
	revokes 1000 --reason superseded
}

@test "CRLF, comments and other people's octets stay in the index" {
	adopt_with one two
	(echo '# by hand' && sed 's/$/\r/' ca/index.txt &&
		printf 'V\t351231235959Z\t\t2000\tunknown\t/CN=tab \\\tin \x80\n' &&
		echo '# end') >made
	cp made ca/index.txt
	revokes 1001 --reason superseded
	sed -E '3s/^V(\t[^\t]*\t)/R\1'"$(awk -F '\t' '$4 == "1001" {
		print $3 }' ca/index.txt)/" made >want
	cmp ca/index.txt want
	openssl ca -config ca/ca.cnf -status 1001 2>&1 | grep -q Revoked
}

@test "10,000 revocations: one more costs no line" {
	adopt_root ca corp
	make_index 10000 >ca/index.txt
	root ca issue --first --quiet
	printf 'V\t351231235959Z\t\tBB01\tunknown\t/CN=last\n' >>ca/index.txt
	cp ca/index.txt before
	revokes BB01 --reason superseded
	[ "$(diff before ca/index.txt | grep -c '^[<>]')" -eq 2 ]
	root ca issue --quiet
	[ "$(crl_count "$(last_crl ca corp)")" -eq 10001 ]
}

@test "the lock: another crlferry at work" {
	local holder
	adopt_with one
	flock --no-fork ca/state/lock sleep 60 3>&- &
	holder=$!
	while flock --nonblock ca/state/lock true; do sleep 0.05; done
	not_revoked 75 locked 1000 --reason superseded
	kill -KILL "$holder"
	wait "$holder" 2>/dev/null || true
	revokes 1000 --reason superseded
}

easyrsa() {
	EASYRSA_PKI=$T/pki EASYRSA_BATCH=1 \
		/usr/share/easy-rsa/easyrsa --batch "$@" >easyrsa.log 2>&1 || {
		cat easyrsa.log
		return 1
	}
}

@test "easyrsa goes on with the index that revoke leaves" {
	local one two
	[ -x /usr/share/easy-rsa/easyrsa ] ||
		skip "the package easy-rsa is not installed"
	easyrsa init-pki
	easyrsa --use-algo=ec --req-cn=Easy build-ca nopass
	for name in one two three; do
		easyrsa --use-algo=ec "--req-cn=$name" gen-req "$name" nopass
		easyrsa sign-req ca "$name"
	done
	one=$(openssl x509 -in pki/issued/one.crt -noout -serial)
	two=$(openssl x509 -in pki/issued/two.crt -noout -serial)
	adopt=(init --name corp --certificate pki/ca.crt --key
		pki/private/ca.key --index pki/index.txt --output
		pki/crlferry.cfg)
	"$ROOT_PROGRAM" "${adopt[@]}" >/dev/null
	sed -i 's/^air_gap = .*/air_gap = "off";/' pki/crlferry.cfg
	cp -p pki/index.txt.attr attr
	root pki revoke corp pki/issued/one.crt --reason cessationOfOperation
	root pki revoke corp 4711 --reason superseded --unknown
	easyrsa show-revoke
	grep -q "${one#serial=} .*Reason: cessationOfOperation" easyrsa.log
	grep -q '4711 .*Reason: superseded' easyrsa.log
	# Its list of revocations knows no reason with a time, whoever writes
	# it; all else does.
	root pki revoke corp "${two#serial=}" --reason CACompromise \
		--at 2026-01-01
	cmp pki/index.txt.attr attr
	[ "$(stat -c %Y pki/index.txt.attr)" = "$(stat -c %Y attr)" ]
	easyrsa gen-crl
	openssl crl -in pki/crl.pem -outform DER -out easy.crl
	[ "$(crl_count easy.crl)" -eq 3 ]
	lists easy.crl "${one#serial=}"
	crl_text easy.crl | grep -q 'Cessation Of Operation'
	crl_text easy.crl | grep -q 'Jan  1 00:00:00 2026 GMT'
	lists easy.crl 4711
	easyrsa show-expire
	easyrsa revoke three superseded
	easyrsa gen-crl
	openssl crl -in pki/crl.pem -outform DER -out easy.crl
	[ "$(crl_count easy.crl)" -eq 4 ]
	root pki issue --first --quiet
	[ "$(crl_count "$(last_crl pki corp)")" -eq 4 ]
}
