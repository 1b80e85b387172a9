#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A seal key was stolen, and a note key with it (FAULTS 61, 62): what a thief
# can claim stops no root, and moves no calendar.

load ../e2e/notes_setup

make_work() {
	make_notes_pki
	request
}

setup() {
	restore_work
	LEDGER=ca/state/ledger.jsonl
}

# seal_manifest FILE [KEY]: FILE.minisig, as `export` would have sealed it
seal_manifest() {
	minisign -S -q -s "${2:-ca/seal.key}" -m "$1" -t \
		"$(jq -r '"type:\(.type) root:\(.root) number:\(.number) " +
		"time:\(.created)"' "$1")" </dev/null
}

# forges MANIFEST-FILTER [NOTE-FILTER]: the request on the stick brings its
# manifest back with other claims, sealed by the root's own key
forges() {
	jq -r .manifest $NOTE | jq "$1" >forged.json
	seal_manifest forged.json
	edit_note "${2:-.} | .sequence += 1 |
		.manifest = $(jq -Rs . forged.json) |
		.seals = [$(jq -Rs . forged.json.minisig)]"
	rm forged.json*
}

# another_head: as a filter
another_head='.ledger_head |= gsub("[0-9a-f]"; "7")'

# is_only_said: the root signs in spite of it, says so loudly, and what was
# said can be ended
is_only_said() {
	run root ca ledger verify
	[ "$status" -eq 0 ] || return
	says 'ATTENTION: corp: request-one-'
	run root ca issue --dry-run
	[ "$status" -eq 0 ] || return
	says 'the ledger has not exported' && says ledger-head-7777777777777777
	run root ca issue --discard-evidence ledger-head-7777777777777777 \
		--why 'the seal key was stolen'
	[ "$status" -eq 0 ] && says_not ATTENTION || return
	run root ca issue
	[ "$status" -eq 0 ] && says_not ATTENTION
}

@test "row 62: a ledger head that the ledger never had" {
	local filter
	for filter in . '.number = "9"' '.number = "0"' \
		'.created = "2026-01-01T00:00:00Z"' 'del(.files[0])' \
		'.this_update = "2020-01-01T00:00:00Z"' '.answers = []'; do
		rm -rf ca stick
		cp -a "$BATS_FILE_TMPDIR/saved/ca" "$BATS_FILE_TMPDIR/saved/stick" .
		forges "$another_head | $filter"
		collect --quiet
		is_only_said || {
			echo "$filter: $output"
			return 1
		}
	done
}

@test "row 62: the same of a CRL that was never exported, or by openssl" {
	root ca issue --quiet
	forges "$another_head | .number = \"2\" | .files |= map(
		if .name == \"corp.crl\" then .sha256 = \"$(sha256sum \
		<"$(last_crl ca corp)" | cut -d' ' -f1)\" else . end)" \
		".number = \"2\" | .crl = \"$(base64 -w0 "$(last_crl ca corp)")\""
	collect --quiet
	is_only_said
	# one that nobody had: of a number that the archive lacks
	cp -a ca root2
	echo 0A >ca/crlnumber
	root ca issue --quiet
	openssl_crl ca "$(last_crl root2 corp)" old.der
	echo 05 >ca/peer.crlnumber
	faketime -f -1d openssl ca -gencrl -config ca/peer.cnf -out old.pem \
		2>openssl.log
	openssl crl -in old.pem -outform DER -out old.der
	forges "$another_head | .number = \"5\" | .files |= map(
		if .name == \"corp.crl\" then .sha256 = \"$(sha256sum \
		<old.der | cut -d' ' -f1)\" else . end)" \
		".number = \"5\" | .crl = \"$(base64 -w0 old.der)\""
	collect --quiet
	run root ca issue
	[ "$status" -eq 0 ]
}

@test "row 62: the manifest that was exported still tells of a new ledger" {
	collect --quiet
	root ca ledger verify --quiet
	sed -i 's/"who":"[^"]*"/"who":"nobody@nowhere"/' $LEDGER
	run root ca ledger verify
	[ "$status" -eq 65 ]
	jq -c . $LEDGER >/dev/null
	. "$BATS_TEST_DIRNAME/../e2e/ledger_helpers.bash"
	rechain '.who = "nobody@nowhere"' <$LEDGER >new && cp new $LEDGER
	refused ca 77 regressed root ca ledger verify
	refused ca 77 regressed root ca issue
	says 'cut or rewritten'
}

@test "row 62: every export is entered with its manifest" {
	jq -es --arg want "$(sha256sum \
		<stick/crlferry/corp/000001/bundle.json | cut -d' ' -f1)" \
		'map(select(.event == "export")) | .[0].manifest == $want' \
		$LEDGER
}

# bundle: the newest on the stick
bundle() {
	find stick/crlferry/corp -mindepth 1 -type d | sort | tail -n 1
}

# claims MANIFEST-FILTER: the newest bundle says something else, sealed by a
# key that the subordinate trusts
claims() {
	local folder
	folder=$(bundle)
	jq "$1" "$folder/bundle.json" >claimed.json &&
		mv claimed.json "$folder/bundle.json" &&
		seal_manifest "$folder/bundle.json" || return
	mv "$folder/bundle.json.minisig" "$(echo "$folder"/bundle.json.?*.minisig)"
	(
		cd "$folder" || exit 1
		jq -r '.files[].name' bundle.json | while read -r name; do
			[ ! -f "$name" ] || sha256sum "$name"
		done
		sha256sum bundle.json
	) >sums && mv sums "$folder/SHA256SUMS"
}

# day FILTER DAYS: a time of the newest manifest, so many days on, as a date
day() {
	date -u +%F -d "$(jq -r "$1" "$(bundle)/bundle.json") $2 days"
}

# new_crl: one more on the stick
new_crl() {
	root ca issue --quiet && root ca export stick --allow-fixed-disk --quiet
}

@test "row 61: a next ceremony beyond the cushion of its CRL is no calendar" {
	local at before
	new_crl
	cp -a stick stick.saved
	before=$(digest_of sub stores)
	for at in 2126-01-01 9999-12-31 "$(day .next_update 1)" \
		"$(day .next_update 0)" "$(day .next_update -20)" \
		"$(day .this_update 0)" 1970-01-01; do
		rm -rf stick
		cp -a stick.saved stick
		claims ".next_ceremony = \"$at\""
		refuses 65 format sub import stick || {
			echo "$at: $output"
			return 1
		}
		says next_ceremony
		refuses 65 format sub info stick
		[ "$before" = "$(digest_of sub stores)" ]
	done
	# the last day before the cushion, and the claim left out
	for at in '= "'"$(day .next_update -21)"'"' '|= empty'; do
		rm -rf stick
		cp -a stick.saved stick
		claims ".next_ceremony $at"
		sub import stick --quiet
	done
}

@test "row 61: what was accepted before counts up to the cushion only" {
	local local_day
	new_crl
	sub import stick --quiet
	local_day=$(sub check --format json | jq -r '.pairs[0].next_ceremony')
	for at in 2126-01-01 "$(day .next_update -20)" ; do
		jq ".next_ceremony = \"$at\"" sub/state/corp/accepted.json \
			>claimed.json
		mv claimed.json sub/state/corp/accepted.json
		[ "$(sub check --format json |
			jq -r '.pairs[0].next_ceremony')" = "$local_day" ]
		sub check --format json --at "$(date -u +%FT%TZ \
			-d "$local_day 4 days")" >checked.json || true
		[ "$(jq -r '.pairs[0].state' checked.json)" = overdue ]
	done
	# an earlier one, of an emergency CRL say, still outranks the schedule
	jq ".next_ceremony = \"$(day .this_update 1)\"" \
		sub/state/corp/accepted.json >claimed.json
	mv claimed.json sub/state/corp/accepted.json
	[ "$(sub check --format json | jq -r '.pairs[0].next_ceremony')" = \
		"$(day .this_update 1)" ]
}

@test "row 61: no true bundle is refused, whatever schedule the sides have" {
	local theirs ours
	for theirs in semiannual quarterly monthly annual annual-br; do
		sed -i "s/schedule = \"[a-z-]*\"/schedule = \"$theirs\"/" \
			ca/crlferry.cfg
		new_crl
		for ours in semiannual quarterly monthly annual annual-br; do
			sed -i "s/schedule = \"[a-z-]*\"/schedule = \"$ours\"/" \
				sub/crlferry.cfg
			sub import stick --quiet || {
				echo "$theirs at the root, $ours here"
				return 1
			}
		done
	done
}

# at TIME PROGRAM VERB [OPTION]...: as if it were then
at() {
	local at=$1 program=$2 verb=$3 folder=sub
	shift 3
	[ "$program" = "$SUB_PROGRAM" ] || folder=ca
	TZ=UTC faketime "$at" "$program" "$verb" --config $folder/crlferry.cfg \
		--quiet "$@"
}

@test "row 61: nor one that was signed early, or is the root's last" {
	local ceremony early end
	ceremony=$(root ca plan --json | jq -r '.roots[0].ceremonies[2].ceremony')
	early=$(date -u -d "$ceremony -13 days 12:00" '+%F %T')
	at "$early" "$ROOT_PROGRAM" issue --confirm-date "${early% *}"
	at "$early" "$ROOT_PROGRAM" export stick --allow-fixed-disk
	jq -e '.next_ceremony == null' "$(bundle)/bundle.json"
	at "$early" "$SUB_PROGRAM" import stick
	# The schedule here knows the date all the same.
	sub check --at "$(date -u -d "$early" +%FT%TZ)" --format json |
		jq -e --arg day "$ceremony" '.pairs[0].next_ceremony > $day'
	# near the end of the root there is no ceremony to come
	end=$(date -u -d "$(openssl x509 -in ca/root.pem -noout -enddate |
		cut -d= -f2) -100 days" '+%F %T')
	at "$end" "$ROOT_PROGRAM" issue --confirm-date "${end% *}"
	at "$end" "$ROOT_PROGRAM" export stick --allow-fixed-disk
	jq -e '.next_ceremony == null or .next_ceremony < .next_update' \
		"$(bundle)/bundle.json"
	at "$end" "$SUB_PROGRAM" import stick
}

# Every field of a manifest: what is made of it, and what becomes of a claim
# that is no blunder of form.  `taken` means that it does no harm.
manifest_claims() {
	cat <<-'ROWS'
		.type = "crlferry-request"                        | format
		.version = 2                                      | format
		.root = "other"                                   | issuer
		.spki_sha256 |= (.[1:] + .[:1])                   | issuer
		.number = "3"                                     | format
		.number = "1"                                     | format
		.created = "9999-12-31T23:59:59Z"                 | taken
		.created = "1970-01-01T00:00:00Z"                 | taken
		.this_update = "2020-01-01T00:00:00Z"             | format
		.next_update = "9999-12-31T23:59:59Z"             | format
		.next_ceremony = "2126-01-01"                     | format
		.emergency = true | .why = "as the thief says"    | taken
		.emergency = true | .why = "\u001b[2J"            | format
		.why = "no emergency"                             | format
		.published_as = "../../etc/passwd"                | format
		.published_as = "\u009b2J"                        | format
		.revoked_count = 7                                | format
		.ledger_head |= (.[1:] + .[:1])                   | taken
		.ledger_head = ""                                 | taken
		.files[0].sha256 |= (.[1:] + .[:1])               | digest
		.files[0].size += 1                               | digest
		.files[0].name = "other.crl"                      | format
		.files[0].name = "../x"                           | format
		.files = []                                       | format
		.dropped = [{"number": "2", "serial": "1000", "why": "acknowledged"}] | taken
		.dropped = [{"number": "3", "serial": "1000", "why": "acknowledged"}] | format
		.dropped = [{"number": "2", "serial": "1000", "why": "\u0007"}] | format
		.answers = []                                     | taken
		.answers = ["\("0" * 64)"]                        | taken
	ROWS
}

@test "row 61: every field of a manifest" {
	local filter want before
	new_crl
	cp -a stick stick.saved
	cp -a sub sub.saved
	cp -a stores stores.saved
	before=$(digest_of sub stores)
	while IFS= read -r row; do
		want=${row##*| }
		filter=$(sed 's/ *| [a-z]*$//' <<<"$row")
		rm -rf stick sub stores
		cp -a stick.saved stick
		cp -a sub.saved sub
		cp -a stores.saved stores
		if ! claims "$filter" 2>claims.log; then
			echo "$row: $(cat claims.log)"
			return 1
		fi
		run sub import stick --json
		echo "$row: $status: $output"
		if [ "$want" = taken ]; then
			[ "$status" -eq 0 ]
			# the CRL is the root's, and the calendar our own
			cmp "$(last_crl ca corp)" stores/one.crl
			[ "$(sub check --format json |
				jq -r '.pairs[0].state')" = fresh ]
		else
			[[ $status =~ ^(65|66|77)$ ]]
			[[ $output == *"crlferry-sub: $want: "* ]]
			[ "$before" = "$(digest_of sub stores)" ]
		fi
	done < <(manifest_claims)
}

@test "row 61: what was dropped is no way back to an older CRL" {
	revoke_sub ca two
	new_crl
	sub import stick --quiet
	sed -i '/^R\t/d' ca/index.txt
	before=$(digest_of sub/state stores)
	# An old bundle with every serial dropped is old all the same.
	rm -r "$(bundle)"
	claims '.dropped = [{"number": "1", "serial": "1001", "why": "x"}]'
	refuses 77 rollback sub import stick
	[ "$before" = "$(digest_of sub/state stores)" ]
}

# Every field of a request, by whoever has the note key.  `aside`: collect does
# not take it; else issue goes on, says a refusal's option, or gives notice.
request_claims() {
	cat <<-'ROWS'
		.type = "crlferry-receipt"                        | aside
		.version = 2                                      | aside
		.root = "other"                                   | aside
		.spki_sha256 |= (.[1:] + .[:1])                   | aside
		.subordinate = "two"                              | aside
		.sequence = 0                                     | aside
		.sequence = 9007199254740991                   | goes on
		.time = "2126-01-01T00:00:00Z"                    | clock
		.time = "1970-01-01T00:00:00Z"                    | goes on
		.nonce |= (.[1:] + .[:1])                         | goes on
		.number = "99"                                    | aside
		del(.number)                                      | aside
		.number = "730750818665451459101842416358141509827966271487" | aside
		.crl |= .[:400]                                   | aside
		.crl = ("A" * 4000)                               | aside
		del(.crl, .manifest, .seals)                      | goes on
		.manifest = "{}"                                  | goes on
		.manifest |= sub("\"ledger_head\": \"."; "\"ledger_head\": \"") | goes on
		.seals = ["untrusted comment: x"]                 | goes on
		del(.manifest, .seals)                            | goes on
	ROWS
}

@test "row 61: every field of a request stops no root" {
	local filter want
	cp -a ca ca.saved
	cp -a stick stick.saved
	while IFS= read -r row; do
		want=${row##*| }
		filter=$(sed 's/ *| [a-z ]*$//' <<<"$row")
		rm -rf ca stick
		cp -a ca.saved ca
		cp -a stick.saved stick
		edit_note "$filter"
		run collect
		echo "$row: $status: $output"
		[[ $status =~ ^(0|65|66|77)$ ]]
		if [ "$want" = aside ]; then
			[ "$status" -ne 0 ] && [ -z "$(kept)" ]
		fi
		run root ca issue
		echo "$row: $status: $output"
		if [ "$want" = clock ]; then
			[ "$status" -eq 77 ]
			says '--discard-evidence ID --why TEXT for each ID of: request-one-'
			run root ca issue --discard-evidence request-one-1 \
				--why 'their clock is wrong'
		fi
		[ "$status" -eq 0 ]
	done < <(request_claims)
}

@test "row 61: a sequence far ahead locks out that one key only" {
	edit_note '.sequence = 9007199254740991'
	collect --quiet
	request
	refuses 77 rollback collect
	says 'new note key'
	# which is the way on, and was so before: the old one was stolen
	unset_subordinate sub/crlferry.cfg note_secret
	sed -i '/note_key = .*note.pub/d' ca/crlferry.cfg
	make_note_key sub/new one
	set_subordinate sub/crlferry.cfg one 'note_secret = "new.key";'
	request
	collect --quiet
	root ca issue --quiet
}

# Every field of a receipt.
receipt_claims() {
	cat <<-'ROWS'
		.type = "crlferry-request"
		.root = "other"
		.subordinate = "two"
		.spki_sha256 |= (.[1:] + .[:1])
		.number = "730750818665451459101842416358141509827966271487"
		.number = "99" | .sha256 |= (.[1:] + .[:1])
		.sha256 |= (.[1:] + .[:1])
		.this_update = "9999-12-31T23:59:59Z"
		.next_update = "0000-01-01T00:00:00Z"
		.nonce |= (.[1:] + .[:1])
		.sequence = 9007199254740991
		.stores = []
		.stores[0].path = "\u001b[2J"
		.stores[0].path = "../../etc/passwd"
		.stores[0].type = "../x"
		.stores[0].outcome = "failed"
		.stores[0].outcome = "other"
	ROWS
}

@test "row 61: every field of a receipt stops no root, and moves no number" {
	local row
	new_crl
	sub import stick --quiet
	NOTE=stick/crlferry/corp/receipt-one.json
	cp -a ca ca.saved
	cp -a stick stick.saved
	while IFS= read -r row; do
		rm -rf ca stick
		cp -a ca.saved ca
		cp -a stick.saved stick
		edit_note "$row"
		run collect
		echo "$row: $status: $output"
		[[ $status =~ ^(0|65|66|77)$ ]]
		says_not $'\033'
		root ca status >status.out || true
		[ "$(grep -c $'\033' status.out)" -eq 0 ]
		run root ca issue
		echo "$row: $status: $output"
		[ "$status" -eq 0 ]
		says 'issued #3 '
	done < <(receipt_claims)
}
