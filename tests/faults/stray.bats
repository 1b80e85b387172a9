#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Genuine CRLs of this root that a note brings and the archive lacks (FAULTS
# 54): none of them blocks `issue` for good, and none loses a revocation.

load ../e2e/notes_setup
load ../e2e/ceremony_fixture

# Of the root `corp`: #10 is its last CRL.  OpenSSL has signed #5 before, when
# the certificate of `two` was on hold; the hold was released since.
make_work() {
	make_notes_pki
	signs 05 old.der two certificateHold
	echo 0A >ca/crlnumber
	root ca issue --quiet
	request
}

setup() {
	restore_work
	LEDGER=ca/state/ledger.jsonl
}

# signs NUMBER FILE [SUB REASON [OPTION]...]: openssl signs a CRL, of the index
# with this revocation, which is not in the index afterwards
signs() {
	local number=$1 file=$2 sub=${3-} reason=${4-}
	shift $(($# < 4 ? $# : 4))
	mkdir -p signing
	cp ca/index.txt signing/index.txt
	cp ca/index.txt.attr signing/ 2>/dev/null || true
	echo "$number" >signing/crlnumber
	sed "s,^database = .*,database = $PWD/signing/index.txt,
		s,^crlnumber = .*,crlnumber = $PWD/signing/crlnumber," \
		ca/ca.cnf >signing/ca.cnf
	[ -z "$sub" ] || openssl ca -config signing/ca.cnf -revoke \
		"ca/$sub.pem" -crl_reason "$reason" 2>/dev/null
	faketime -f -1d openssl ca -gencrl -config signing/ca.cnf \
		-out signing/crl.pem "$@" 2>signing/log || return
	openssl crl -in signing/crl.pem -outform DER -out "$file"
}

# brings FILE NUMBER: the request holds this CRL, and comes to the root
brings() {
	edit_note ".sequence += 1 | .number = \"$2\" | del(.manifest, .seals) |
		.crl = \"$(base64 -w0 "$1")\"" && collect --quiet
}

# command_in PATTERN: the command of the last message that has it, as it stands
command_in() {
	output=$(grep -o "crlferry-root [^;:()]*$1[^;:(),]*" <<<"$output" |
		head -n 1)
	[ -n "$output" ]
}

# follows COMMAND: what a message has told to do
follows() {
	local words
	read -ra words <<<"$1"
	[ "${words[0]}" = crlferry-root ]
	"$ROOT_PROGRAM" "${words[@]:1}"
}

serial_of() {
	openssl x509 -in "ca/$1.pem" -noout -serial | sed 's/.*=//' |
		tr A-F a-f
}

@test "row 54: a hold that was released: the message's command gets on" {
	brings old.der 5
	refused ca 77 shrunk root ca issue
	says "holds CRL #5"
	says "the index has lost $(serial_of two) (CN=two) of its revocations (1 in all)"
	command_in --acknowledge-removed
	run follows "$output"
	[ "$status" -eq 0 ]
	says 'issued #11 with 0 revoked'
	says "$(serial_of two) (CN=two), which CRL #5 in request-one-2 lists, is left out: acknowledged"
	# It is said once: the ledger has it, and so have the manifests.
	run root ca issue
	[ "$status" -eq 0 ]
	says 'none of its revocations is lost'
	jq -es --arg serial "$(serial_of two)" 'map(select(.event ==
		"issue-intent" and .number == "11")) | .[0].dropped ==
		[{"serial": $serial, "why": "acknowledged"}]' $LEDGER
	root ca export stick --allow-fixed-disk --quiet
	jq -e --arg serial "$(serial_of two)" '.dropped == [{"number": "11",
		"serial": $serial, "why": "acknowledged"}]' \
		stick/crlferry/corp/000012/bundle.json
	# whoever has the old one takes the new one
	cp old.der stores/one.crl
	sub import stick --quiet
	cmp "$(last_crl ca corp)" stores/one.crl
}

@test "row 54: plain issue --acknowledge-removed in whatever spelling" {
	local serial
	serial=$(serial_of two)
	brings old.der 5
	refused ca 77 shrunk root ca issue --acknowledge-removed 0a
	root ca issue --acknowledge-removed "00${serial^^}" --quiet
	root ca issue --quiet
}

@test "row 54: an acknowledgement counts with the CRL that it was for" {
	brings old.der 5
	# its intent is entered, and no CRL comes of it
	mkdir ca/state/corp/unverified.crl
	run root ca issue --acknowledge-removed "$(serial_of two)"
	[ "$status" -ne 0 ]
	[ "$(jq -s 'map(select(.event == "issue-intent" and .dropped)) |
		length' $LEDGER)" -eq 1 ]
	rmdir ca/state/corp/unverified.crl
	refused ca 77 shrunk root ca issue
	root ca issue --acknowledge-removed "$(serial_of two)" --quiet
	root ca issue --quiet
}

@test "row 54: or the certificate is revoked: the other command gets on" {
	brings old.der 5
	refused ca 77 shrunk root ca issue
	command_in 'revoke '
	follows "${output/REASON/keyCompromise}" --quiet
	root ca issue --quiet
	lists "$(last_crl ca corp)" "$(serial_of two)"
}

@test "row 54: a serial whose first bit is set has its line in the index" {
	echo C001 >ca/serial
	make_sub ca high
	signs 06 high.der high keyCompromise
	brings high.der 6
	refused ca 77 shrunk root ca issue
	says 'revoke --config ca/crlferry.cfg corp C001 --reason REASON;'
	root ca revoke corp C001 --reason keyCompromise --quiet
	root ca issue --quiet
}

@test "row 54: a serial that the last CRL lists too is entered once" {
	revoke_sub ca one keyCompromise
	root ca issue --quiet
	signs 05 both.der two certificateHold
	sed -i 's/^R\(\t[^\t]*\t\)[^\t]*/V\1/' ca/index.txt
	brings both.der 5
	refused ca 77 shrunk root ca issue \
		--acknowledge-removed "$(serial_of one)"
	root ca issue --acknowledge-removed "$(serial_of one)" \
		--acknowledge-removed "$(serial_of two)" --quiet
	jq -es 'map(select(.event == "issue-intent")) | .[-1].dropped |
		map(.serial) | length == 2 and (unique | length == 2)' $LEDGER
	# what it shows is what the last CRL had
	root ca issue --quiet
}

@test "row 54: a ceremony gets on with the same option" {
	mv stick medium
	ln -s medium stick
	TODAY=$(date -u +%F)
	brings old.der 5
	ends 77 shrunk
	says --acknowledge-removed
	holds : --acknowledge-removed "$(serial_of two)"
	[ "$(crl_number "$(last_crl ca corp)")" = 0B ]
}

# A CRL that is ahead of the archive and that `adopt` does not take.
@test "ahead and not to be adopted: a delta CRL, one from the future" {
	local kind
	printf '\n[delta]\nauthorityKeyIdentifier = keyid\n%s\n' \
		'2.5.29.27 = critical,ASN1:INTEGER:1' >>ca/ca.cnf
	signs 32 delta.der '' '' -crlexts delta
	signs 32 future.der '' '' -crl_lastupdate 20400101000000Z \
		-crl_nextupdate 20410101000000Z
	cp -a ca ca.saved
	cp $NOTE note.saved
	for kind in delta future; do
		rm -rf ca
		cp -a ca.saved ca
		cp note.saved $NOTE
		brings $kind.der 50
		refused ca 77 regressed root ca issue
		says 'CRL #50'
		run root ca adopt corp $KEPT/000050.crl
		[ "$status" -eq 77 ]
		run root ca issue
		command_in --discard-evidence
		run follows "${output/TEXT/tried}"
		[ "$status" -eq 0 ]
		# its number is used up all the same
		says 'issued #51 '
		root ca issue --quiet
		jq -es 'map(select(.event == "discard-evidence")) |
			length == 1' $LEDGER
		root ca ledger verify --quiet
	done
}

@test "ahead and discarded: its revocations are not lost with it" {
	signs 32 ahead.der two keyCompromise
	brings ahead.der 50
	run root ca issue
	command_in --discard-evidence
	discard=$output
	refuses 77 regressed follows "${discard/TEXT/tried}"
	says "has lost $(serial_of two)"
	# discarded it is once and for all, also without its note
	edit_note '.sequence += 1 | del(.crl, .number)'
	collect --quiet
	root ca issue --quiet
	[ "$(crl_number "$(last_crl ca corp)")" = 33 ]
}

@test "ahead, its note gone: what was laid out can be discarded as well" {
	signs 32 ahead.der
	brings ahead.der 50
	edit_note '.sequence += 1 | del(.crl, .number)'
	collect --quiet
	refused ca 66 missing root ca issue --why x \
		--discard-evidence note-crl-0123456789abcdef
	refused ca 77 regressed root ca issue
	command_in --discard-evidence
	run follows "${output/TEXT/tried}"
	[ "$status" -eq 0 ]
	says 'issued #51 '
	root ca issue --quiet
}

@test "with an empty archive there is nothing to go on from: adopt" {
	rm -r ca/state/corp/archive
	brings old.der 5
	refused ca 77 regressed root ca issue --first
	says_not --discard-evidence
	root ca adopt corp $KEPT/000005.crl --quiet
	# the ledger has #10, which nobody brings back
	refused ca 77 regressed root ca issue
	says 'CRL #10 of'
	command_in --discard-evidence
	run follows "${output/TEXT/tried}"
	[ "$status" -eq 0 ]
	root ca issue --quiet
}
