#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-root ceremony, on a real pseudo-terminal.

load root_setup
load ceremony_fixture

setup() {
	make_folder
	make_room
}

# require_gap: the configuration that a real root has
require_gap() {
	unshare -n true 2>/dev/null || skip "no network of its own here"
	sed -i 's/^air_gap = .*/air_gap = "require";/' ca/crlferry.cfg
	WITHIN=(unshare -n)
}

# lock_key: the root's key wants a passphrase from now on
lock_key() {
	openssl pkcs8 -topk8 -in ca/root.key -passout 'pass:open sesame' \
		-out ca/locked.key
	chmod 600 ca/locked.key
	mv ca/locked.key ca/root.key
}

# let_notes_pass: a subordinate "two" whose notes the root knows
let_notes_pass() {
	make_sub_config ca corp two
	"$SUB_PROGRAM" keygen sub/note.key sub/note.pub --no-passphrase \
		>/dev/null
	sed -i 's,^          certificate = .*,&\n          note_secret = "note.key";,' \
		sub/crlferry.cfg
	sed -i "s,^      subordinates = (,&\n{ name = \"two\"; note_key = \"$T/sub/note.pub\"; }," \
		ca/crlferry.cfg
}

@test "from the stick to the minutes, with no network, and on to a subordinate" {
	local number=000002 crl
	require_gap
	lock_key
	make_sub_config ca corp two
	holds witness2="Zoë Straße"
	crl=ca/state/corp/archive/$number.crl
	[ "${lines[-1]}" = "All is written and was read back: the stick may be removed." ]
	says "Step 13 of 13: The end"
	one_crl_more
	minutes_of $number
	no_leftovers
	[ ! -e ca/state/ceremony.json ]
	# the digest as it was read aloud
	printf '%s' "$output" | tr -d ' \n' |
		grep -q "$(sha256sum <$crl | cut -d' ' -f1)"
	grep -q 'Ada Lovelace' ca/state/corp/minutes/$number.txt
	grep -q 'Zoë Straße' ca/state/corp/minutes/$number.html
	[ "$(stat -c %a ca/state/corp/minutes/$number.txt)" = 644 ]
	jq -e '.operator == "Ada Lovelace" and .witnesses == "Bob, Zoë Straße"
		and .rehearsal == "no" and .number == "2" and .root == "corp"' \
		<(tail -n 1 ca/state/ledger.jsonl)
	# nothing went out of the ordinary
	says_not "  ! "
	sub import medium
	cmp $crl stores/one.crl
}

@test "no line is wider than 80 columns, and no colour is used" {
	holds witness1="$(printf 'x%.0s' {1..120})"
	grep -v 'Witness 1: ' <<<"$output" >said
	[ "$(wc -L <said)" -lt 80 ]
	[[ $output != *$'\e'* ]]
}

@test "the CRL's changes are shown before anybody agrees" {
	run hold consent=INT
	says "+ 1001"
	says_not "+ 1000"
}

@test "the names of what is agreed to outlast an interruption, into the minutes" {
	ends 77 declined reading=INT
	[[ $output =~ \+\ 1001\ .*keyCompromise\ \ CN=two ]]
	jq -e '.roots[0].entries | any(.serial == "1001" and
		.subject == "CN=two")' ca/state/ceremony.json
	holds
	grep -q '+ 1001 .*keyCompromise  CN=two$' ca/state/corp/minutes/000002.txt
	grep -q '>CN=two<' ca/state/corp/minutes/000002.html
	# who agreed, and to what
	tr -s ' \n' ' ' <ca/state/corp/minutes/000002.txt |
		grep -q 'Ada Lovelace (operator).* agreed that CRL 2 of corp be signed: '
}

@test "a date that is not today's is asked for again, with nothing changed" {
	local date
	for date in 2020-01-01 2099-12-31 \
		"$(date -u -d '2 days ago' +%F)" "$(date -u -d '2 days' +%F)"
	do
		no_trace ends 77 clock date="$date"
		says_not "Step 4"
		# both dates, each time
		[ "$(grep -c "^No: the date typed, $date, and this machine's" \
			<<<"$output")" -eq 2 ]
	done
	holds date=2020-01-01 date="$(date -u +%F)"
	one_crl_more
}

@test "what is no date is asked for three times" {
	no_trace ends 77 clock date=tomorrow
	[ "$(grep -c "^Today's date, YYYY-MM-DD: tomorrow" <<<"$output")" -eq 3 ]
	no_trace ends 77 clock date=2026-02-30
	no_trace ends 77 clock date="$(date -u +%F)T00:00:00Z"
}

@test "--confirm-date must be the date that is typed" {
	holds : --confirm-date "$(date -u +%F)"
	no_trace ends 77 clock : --confirm-date 2020-01-01
}

@test "a clock that is behind what has happened is refused" {
	WITHIN=(faketime '-3 days')
	no_trace ends 77 clock date="$(date -u -d '3 days ago' +%F)"
	WITHIN=(faketime '1970-01-02 00:00:00')
	no_trace ends 77 clock date=1970-01-02
}

@test "anything but Yes means no, and nothing has changed" {
	local answer
	for answer in no Nein Yess 'Yes, but' $'Yes\x16\x01'; do
		no_trace ends 77 declined consent="$answer"
		says "Nothing was signed."
		says_not "Step 9"
	done
	# what is nearly Yes is asked again, yet not for ever
	for answer in yes YES Y ''; do
		no_trace ends 77 declined consent="$answer"
		[ "$(grep -c '^Only Yes, with a capital Y, signs' \
			<<<"$output")" -eq 4 ]
	done
	holds consent=yes consent= consent=' Yes '
	one_crl_more
}

@test "an interface that is up is refused" {
	require_gap
	WITHIN=(unshare -n sh -c 'ip link add name up0 type bridge &&
		ip link set up0 up && exec "$@"' sh)
	"${WITHIN[@]}" true 2>/dev/null || skip "no interface to be had here"
	no_trace ends 77 network
	says "up0"
	says_not "Step 5"
	sed -i 's/^air_gap = .*/air_gap = "warn";/' ca/crlferry.cfg
	holds
	says "! Network interface up0 is up."
	grep -q 'Network interface up0 is up' \
		ca/state/corp/minutes/000002.txt
}

@test "a note on the medium is taken in, and one that is not good set aside" {
	let_notes_pass
	sub request medium --allow-fixed-disk
	holds
	says "corp/two: request 1 of "
	says ": taken in"
	[ -e ca/state/corp/notes/request-two-1.json ]
	grep -q 'corp/two: request 1 of' ca/state/corp/minutes/000002.txt
	sub import medium
	sub request medium --allow-fixed-disk
	sed -i 's/"sequence": 2/"sequence": 9/' \
		medium/crlferry/corp/request-two.json
	holds
	says "! corp/two: its request was set aside"
	grep -q 'set aside' ca/state/corp/minutes/000003.txt
}

@test "an authentic note from the future stops it" {
	let_notes_pass
	faketime '+2 days' "$SUB_PROGRAM" request medium \
		--config sub/crlferry.cfg --allow-fixed-disk
	ends 77 clock
	says "request-two-1"
	says_not "Step 6"
	[ ! -e ca/state/ceremony.json ]
	# the id that was named is the way out
	holds : --discard-evidence request-two-1 --why 'its clock was wrong'
	grep -q 'discarded: request-two-1' ca/state/corp/minutes/000002.txt
}

@test "a root that was restored from a backup is found before anybody agrees" {
	let_notes_pass
	cp -a ca backup
	holds
	sub import medium
	sub request medium --allow-fixed-disk
	rm -r ca
	mv backup ca
	ends 77 regressed
	says_not "Step 8"
	[ ! -e ca/state/corp/archive/000002.crl ]
}

@test "no witness is a deviation" {
	holds witness1=
	says "! No witness is present."
	grep -q 'No witness is present' ca/state/corp/minutes/000002.txt
}

@test "what is found while it signs is said, and kept" {
	printf '{"cut' >>ca/state/ledger.jsonl
	holds
	says 'ledger.jsonl: the last line was cut short'
	grep -q 'the last line was cut short' \
		ca/state/corp/minutes/000002.txt
	root ca ledger verify --quiet
}

@test "a remark at the reading is kept" {
	holds reading="Carol left at noon"
	grep -q 'At the reading: Carol left at noon' \
		ca/state/corp/minutes/000002.txt
}

@test "killed at any question, it goes on there, with one CRL" {
	local question
	lock_key
	cp -a ca ca.before
	for question in checklist operator witness2 date consent passphrase \
		reading
	do
		rm -rf ca medium
		cp -a ca.before ca
		mkdir medium
		killed "$question=KILL"
		holds
		one_crl_more
		minutes_of 000002
		no_leftovers
		[ "$question" = checklist ] || {
			says "A ceremony was interrupted."
			grep -q 'Interrupted after' \
				ca/state/corp/minutes/000002.txt
		}
	done
}

@test "Ctrl-C and the end of input leave nothing half done" {
	local key question
	for key in INT EOF; do
		for question in checklist operator witness1 date consent; do
			no_trace ends 77 declined "$question=$key"
			says "Nothing was signed."
		done
	done
}

@test "Ctrl-C at the passphrase signs nothing; the same command goes on" {
	lock_key
	ends 77 declined passphrase=INT
	[ "$(grep -o 'passphrase of [^:]*: *' <<<"$output" | wc -l)" -eq 2 ]
	says "Nothing was signed."
	says "The same command goes on at step 9."
	[ ! -e ca/state/corp/archive/000002.crl ]
	holds
	one_crl_more
	minutes_of 000002
}

@test "Ctrl-C after the issue says what stands; the same command goes on" {
	ends 77 declined reading=INT
	says "CRL #2 of corp is issued."
	says "The same command goes on at step 10."
	holds
	says_not "Step 9"
	one_crl_more
	minutes_of 000002
}

@test "an interrupt while it signs waits for the next question" {
	# the journal is written seven times before; then comes crlnumber
	WITHIN=(strace -o /dev/null -e trace=rename
		-e inject=rename:signal=INT:when=8)
	"${WITHIN[@]}" true 2>/dev/null || skip "strace may not trace here"
	ends 77 declined
	says "CRL #2 of corp is issued."
	WITHIN=()
	holds
	one_crl_more
	minutes_of 000002
}

@test "a wrong passphrase keeps the consent" {
	lock_key
	ends 65 key passphrase=wrong
	[ ! -e ca/state/corp/archive/000002.crl ]
	holds
	says_not "Step 8"
	one_crl_more
	minutes_of 000002
	grep -q 'Signing failed: key: ' ca/state/corp/minutes/000002.txt
	[ "$(tr -s ' \n' ' ' <ca/state/corp/minutes/000002.txt |
		grep -o 'A wrong passphrase of' | wc -l)" -eq 3 ]
}

@test "a wrong date after the consent is in the minutes, and costs nothing" {
	killed reading=KILL
	ends 77 clock date=2020-01-01
	says "look at the calendar"
	holds
	one_crl_more
	grep -q 'The date failed: clock: ' ca/state/corp/minutes/000002.txt
}

@test "a subordinate that the CRL stops is named before anybody agrees" {
	sed -i "s,subordinates = (,&{ name = \"sub\"; certificate = \"$T/ca/two.pem\"; }," \
		ca/crlferry.cfg
	run hold consent=no
	says "! corp/sub: ITS CERTIFICATE IS REVOKED: sub stops when this"
	run hold consent=no : --rehearse
	says "! corp/sub: ITS CERTIFICATE IS REVOKED: sub stops when this"
	holds
	grep -q 'ITS CERTIFICATE IS REVOKED' ca/state/corp/minutes/000002.txt
	run root ca issue
	[ "$status" -eq 0 ]
	says_not REVOKED
}

@test "a stick that is gone when it is to be written to" {
	killed reading=KILL
	mv medium gone
	ends 66 missing
	says "CRL #2 of corp is issued."
	mv gone medium
	holds
	one_crl_more
	minutes_of 000002
}

@test "an index that was changed after the consent is shown again" {
	make_sub ca three
	cp ca/root.key open.key
	lock_key
	killed passphrase=KILL
	openssl ca -config ca/ca.cnf -keyfile open.key \
		-revoke ca/three.pem 2>/dev/null
	ends 77 declined
	says "the revocations have changed since they were agreed to"
	[ ! -e ca/state/corp/archive/000002.crl ]
	# whoever does not agree now ends it
	cp -a ca ca.before
	ends 77 declined consent=no
	says "Nothing was signed."
	[ ! -e ca/state/ceremony.json ]
	rm -r ca
	mv ca.before ca
	holds
	# nobody types a name again, and the first consent is not forgotten
	says_not "Operator: "
	tr -s ' \n' ' ' <ca/state/corp/minutes/000002.txt >said
	grep -q 'have changed since they were agreed to' said
	says "+ 1002"
	one_crl_more
	lists ca/state/corp/archive/000002.crl 1002
}

@test "answers from before the consent: other options, another day" {
	killed consent=KILL
	killed consent=KILL : --emergency --why 'a key was lost'
	says "It is put aside"
	says "Step 1 of 13"
	WITHIN=(faketime '+13 hours')
	killed date=KILL : --emergency --why 'a key was lost'
	says "It is put aside"
}

@test "an answer from after the consent is kept for good, with its options" {
	killed reading=KILL : --emergency --why 'a key was lost'
	WITHIN=(faketime '+3 days')
	holds date="$(date -u -d '3 days' +%F)"
	says_not "Step 8"
	grep -q 'Emergency, outside the calendar: a key was lost' \
		ca/state/corp/minutes/000002.txt
}

@test "a CRL that was issued meanwhile is not the one that was agreed to" {
	local how
	for how in '' '--emergency --why lost'; do
		rm -rf ca medium
		make_room
		lock_key
		ends 77 declined passphrase=INT
		[ -n "$how" ] || root ca revoke corp 1010 --unknown \
			--reason superseded --quiet
		# shellcheck disable=SC2086 # its words
		root ca issue --quiet --passphrase-fd 0 $how <<<'open sesame'
		ends 77 declined
		says "CRL #2, which was issued outside this ceremony, is not the one"
		[ ! -e medium/crlferry ]
		# everybody is asked anew, and agrees to what there is now
		holds
		says "Step 8"
		grep -q 'corp #3: ' ca/state/corp/minutes/000003.txt
	done
	# after the signing as well
	rm -rf ca medium
	make_room
	killed reading=KILL
	root ca issue --quiet --emergency --why lost
	ends 77 declined
	says "CRL #3, which was issued outside this ceremony, is not the one"
	holds
	says "Step 8"
}

@test "a CRL that has ended before it was carried is followed by another" {
	killed reading=KILL
	WITHIN=(faketime '+500 days')
	# neither a wrong clock nor a no to the next one counts as an end
	ends 77 clock date="$(date -u +%F)"
	says_not "expired on"
	holds date="$(date -u -d '500 days' +%F)"
	says "corp: CRL #2, which this ceremony has signed, expired on"
	says "Step 8"
	[ "$(ls ca/state/corp/archive | tail -n 1)" = 000003.crl ]
	[ ! -e medium/crlferry/corp/000002 ]
	cmp medium/crlferry/corp/000003/corp.crl \
		ca/state/corp/archive/000003.crl
	minutes_of 000003
	grep -q 'CRL #2, which this ceremony' ca/state/corp/minutes/000003.txt
	no_leftovers
}

@test "a journal that is damaged is refused" {
	killed consent=KILL
	for text in '' '{}' '{"type":"crlferry-ceremony","version":2}'; do
		printf '%s' "$text" >ca/state/ceremony.json
		no_trace ends 65 format
	done
}

@test "--dry-run leaves no trace" {
	rm ca/state/lock
	no_trace holds : --dry-run
	says "+ 1001"
	says "This was a dry run"
	says_not "Step 8"
	[ ! -e ca/state/lock ]
}

@test "--rehearse leaves the root alone, but for its minutes, and the bundles" {
	local before key minutes
	minutes=ca/state/corp/minutes/rehearsal-$(date -u +%F)
	key=$(sha256sum <ca/root.key)
	rm ca/state/lock
	before=$(digest_of ca medium)
	# the real key is not needed, and not there
	mv ca/root.key key
	holds : --rehearse
	mv key ca/root.key
	[ "$key" = "$(sha256sum <ca/root.key)" ]
	[ "$(grep -c 'REHEARSAL - nothing here is real' <<<"$output")" -eq 13 ]
	says "+ 1001"
	says_not "may be removed"
	grep -qi 'rehearsal' "$minutes.txt"
	grep -qi 'rehearsal' "$minutes.html"
	[ "$(ls medium)" = crlferry-rehearsal ]
	# signed by another key than the root's
	run verifies ca medium/crlferry-rehearsal/crlferry/corp/000002/corp.crl
	[ "$status" -ne 0 ]
	holds : --rehearse
	[ -e "$minutes-2.txt" ]
	rm -r ca/state/corp/minutes medium/crlferry-rehearsal
	[ "$before" = "$(digest_of ca medium)" ]
	[ ! -e ca/state/lock ]
}

@test "a rehearsal practises what goes wrong" {
	holds passphrase='open sesame' passphrase=wrong passphrase='open sesame' \
		operator=Bbo right=1 right= operator=Ada \
		date=2020-01-01 date="$(date -u +%F)" consent=yes consent=Yes \
		: --rehearse
	says "Practise: misspell a name"
	says "Wrong passphrase of "
	says "; 2 tries are left."
	tr -s ' \n' ' ' <ca/state/corp/minutes/rehearsal-*.txt >said
	grep -q 'The name "Bbo" was corrected to "Ada"' said
	grep -q 'A wrong passphrase of .* was typed' said
}

@test "a rehearsal looks at the notes on the stick, and leaves them there" {
	let_notes_pass
	sub request medium --allow-fixed-disk
	cp -a ca before
	holds : --rehearse
	says "corp/two: request 1 of "
	says ": looked at, and left there"
	rm -r ca/state/corp/minutes
	diff -r ca before
	no_trace holds : --dry-run
	says ": looked at, and left there"
	sed -i 's/"sequence": 1/"sequence": 9/' \
		medium/crlferry/corp/request-two.json
	holds : --rehearse
	says "! corp/two: its request was set aside"
}

@test "what a rehearsal leaves on the stick is imported by nobody" {
	make_sub_config ca corp two
	holds : --rehearse
	run sub import medium
	[ "$status" -eq 66 ]
	says "crlferry-sub: missing: "
	run sub import medium/crlferry-rehearsal
	[ "$status" -eq 65 ]
	says "crlferry-sub: seal: "
	[ ! -e stores/one.crl ]
	holds
	sub import medium
	cmp ca/state/corp/archive/000002.crl stores/one.crl
}

@test "a rehearsal that is interrupted leaves nothing behind" {
	local question
	mkdir tmp
	export TMPDIR=$T/tmp
	for question in passphrase operator consent reading; do
		no_trace ends 77 declined $question=INT : --rehearse
		[ -z "$(ls -A tmp)" ]
	done
	no_trace holds : --rehearse --dry-run
	[ -z "$(ls -A tmp)" ]
}

# add_roots: before corp there is lab, which signs here, and far, which is
# signed elsewhere
add_roots() {
	old_root lab p256 "Lab Root"
	old_root far p256 "Far Root"
	sed -i "/^roots = (/r /dev/stdin" ca/crlferry.cfg <<-CFG
		{ name = "lab"; certificate = "$T/lab/root.pem";
		  schedule = "quarterly";
		  signing = { key = "$T/lab/root.key";
		              index = "$T/lab/index.txt";
		              crlnumber = "$T/lab/crlnumber"; }; },
		{ name = "far"; certificate = "$T/far/root.pem";
		  schedule = "quarterly"; },
	CFG
}

@test "several roots: each has its bundle, those that sign here minutes" {
	add_roots
	openssl ca -gencrl -config far/ca.cnf -out far.pem 2>/dev/null
	root ca adopt far far.pem
	holds : --first
	for bundle in corp/000002 lab/000001 far/000001; do
		[ -e medium/crlferry/$bundle/bundle.json ]
	done
	[ -e medium/crlferry/corp/minutes-000002.html ]
	[ -e medium/crlferry/lab/minutes-000001.html ]
	[ ! -e ca/state/far/minutes ]
	root ca ledger verify
	# what another program has let run out keeps nobody else waiting
	rm -r medium/crlferry
	WITHIN=(faketime '+500 days')
	holds date="$(date -u -d '500 days' +%F)"
	says "far: CRL #1 has expired and is not exported"
	[ -e medium/crlferry/corp/000003/bundle.json ]
	[ ! -e medium/crlferry/far ]
}

@test "several roots: one whose CRL no subordinate takes keeps nobody waiting" {
	add_roots
	openssl ca -gencrl -config far/ca.cnf -md sha1 -out far.pem
	mkdir -p ca/state/far/archive
	openssl crl -in far.pem -outform DER \
		-out ca/state/far/archive/000001.crl
	holds : --first
	says "far: CRL #1 is refused by importers (weak) and is not exported"
	[ -e medium/crlferry/corp/000002/bundle.json ]
	[ -e medium/crlferry/lab/000001/bundle.json ]
	[ ! -e medium/crlferry/far ]
}

@test "killed between two roots, the first is not signed again" {
	add_roots
	lock_key
	killed passphrase=KILL : --first
	[ -e ca/state/lab/archive/000001.crl ]
	[ ! -e ca/state/corp/archive/000002.crl ]
	holds : --first
	[ "$(ls ca/state/lab/archive)" = 000001.crl ]
	[ "$(ls ca/state/corp/archive)" = $'000001.crl\n000002.crl' ]
	grep -q 'Interrupted after' ca/state/lab/minutes/000001.txt
	root ca ledger verify
}

@test "without a terminal: usage" {
	no_trace refuses 64 usage root ca ceremony medium --allow-fixed-disk \
		</dev/null
	says "collect, issue and export"
	no_trace refuses 64 usage root ca ceremony
}

@test "a folder of the root's own disk is no stick" {
	run on_terminal : "$ROOT_PROGRAM" ceremony medium \
		--config ca/crlferry.cfg
	[ "$status" -eq 77 ]
	says "crlferry-root: medium: "
}

# weaken_root: the root's certificate is signed with SHA-1, and ends in spring
weaken_root() {
	faketime '-3650 days' openssl x509 -in ca/root.pem -sha1 -days 3800 \
		-signkey ca/root.key -out ca/weak.pem 2>/dev/null
	mv ca/weak.pem ca/root.pem
}

@test "a new certificate is offered, agreed to, and made with the CRL" {
	local old kept
	weaken_root
	lock_key
	old=$(openssl x509 -in ca/root.pem -noout -serial)
	holds renew=what renew=y
	says "it is signed with "
	says "- corp: with the CRL a new certificate for the same key is made"
	printf '%s' "$output" | tr -d ' \n' | grep -q "$(openssl x509 \
		-in ca/root.pem -outform DER | sha256sum | cut -d' ' -f1)"
	# one key, one passphrase
	[ "$(grep -o 'passphrase of [^:]*: *' <<<"$output" | wc -l)" -eq 1 ]
	one_crl_more
	openssl verify -CAfile ca/root.pem -check_ss_sig ca/two.pem
	openssl x509 -in ca/root.pem -noout -text | grep -q ecdsa-with-SHA384
	kept=(ca/state/corp/certificates/*.crt)
	[ ${#kept[@]} -eq 2 ]
	[ "$old" != "$(openssl x509 -in ca/root.pem -noout -serial)" ]
	root ca lint ca/root.pem --quiet
	# the CRL outlives the old certificate, as was shown
	says_not "nextUpdate is cut"
	[[ $(crl_time ca/state/corp/archive/000002.crl nextupdate) > \
		$(date -u -d '180 days' +%Y%m%d) ]]
	cmp <(openssl x509 -in ca/root.pem -outform DER) \
		medium/crlferry/corp/000002/corp.crt
	grep -q 'The root has a new certificate' \
		medium/crlferry/corp/000002/README.txt
	tr -s ' \n' ' ' <ca/state/corp/minutes/000002.txt >said
	grep -q 'a new certificate was made, signed with ecdsa-with-SHA384' said
	grep -q 'with the CRL a new certificate for the same key is made' said
	minutes_of 000002
	# there is no need for another one
	holds
	says "No new certificate is called for."
}

@test "a new certificate that nobody wants is not made, and that is noted" {
	local old
	weaken_root
	old=$(sha256sum <ca/root.pem)
	holds
	[ "$old" = "$(sha256sum <ca/root.pem)" ]
	[ ! -e ca/state/corp/certificates ]
	tr -s ' \n' ' ' <ca/state/corp/minutes/000002.txt |
		grep -q 'corp: the certificate stays as it is, although it is'
}

@test "killed before the CRL that follows a new certificate: one of each" {
	weaken_root
	cp -a ca ca.before
	# the journal is written eight times before; then come the old one, the
	# new one, twice, and the place of the old one
	for when in 9 10 11 12 13 14; do
		rm -rf ca medium
		cp -a ca.before ca
		mkdir medium
		WITHIN=(strace -o /dev/null -e trace=rename
			-e inject=rename:signal=KILL:when=$when)
		"${WITHIN[@]}" true 2>/dev/null ||
			skip "strace may not trace here"
		killed renew=y
		WITHIN=()
		[ "$(ls ca/state/corp/archive)" = 000001.crl ]
		holds renew=y
		one_crl_more
		is_renewed
	done
}

# is_renewed: there is one new certificate, in its place, and it is the one
# that was read aloud, that the stick carries and that the minutes tell of
is_renewed() {
	local serial number
	number=$(basename "$(last_crl ca corp)" .crl)
	[ "$(grep -c '"event":"reissue"' ca/state/ledger.jsonl)" -eq 1 ] ||
		return
	root ca ledger verify --quiet || return
	openssl x509 -in ca/root.pem -outform DER >new.crt
	cmp new.crt medium/crlferry/corp/$number/corp.crt || return
	serial=$(openssl x509 -in ca/root.pem -noout -serial)
	printf '%s' "$output" | tr -d ' \n' |
		grep -q "$(sha256sum <new.crt | cut -d' ' -f1)" || return
	tr -d ' \n' <ca/state/corp/minutes/$number.txt |
		grep -qi "serial${serial#serial=}" || return
	[[ $(crl_time ca/state/corp/archive/$number.crl nextupdate) > \
		$(date -u -d '180 days' +%Y%m%d) ]]
}

@test "the CRL does not wait for a new certificate that cannot be made" {
	# no basicConstraints: lint would not pass it
	openssl req -config ca/ca.cnf -new -key ca/root.key \
		-subj '/CN=Test Root' -out ca/root.csr
	printf 'subjectKeyIdentifier = hash\nkeyUsage = cRLSign, keyCertSign\n' \
		>ext
	openssl x509 -req -in ca/root.csr -signkey ca/root.key -sha1 \
		-days 3650 -extfile ext -out ca/root.pem 2>/dev/null
	holds
	says "! corp: its certificate should be renewed"
	says "cannot be done here"
	says_not "[y/N]"
	[ -e medium/crlferry/corp/000002/bundle.json ]
	[ ! -e ca/state/corp/certificates ]
}

@test "one line of --passphrase-fd for the certificate and the CRL" {
	weaken_root
	lock_key
	holds renew=y : --passphrase-fd 7 7<<<'open sesame'
	one_crl_more
	is_renewed
}

@test "the revocations changed behind a new certificate: that is not forgotten" {
	weaken_root
	lock_key
	WITHIN=(strace -o /dev/null -e trace=rename
		-e inject=rename:signal=KILL:when=13)
	"${WITHIN[@]}" true 2>/dev/null || skip "strace may not trace here"
	killed renew=y
	WITHIN=()
	root ca revoke corp 2000 --unknown --reason superseded --quiet
	ends 77 declined
	says "A new certificate of corp, serial "
	says_not "Nothing was signed"
	holds
	one_crl_more
	is_renewed
}

@test "an interrupted ceremony of 0.1.0 goes on as it was agreed to" {
	weaken_root
	killed reading=KILL
	jq '.steps |= map(select(.name != "certificate") |
			del(.void, .repetition)) |
		del(.changes, .notices, .remarks) |
		.roots |= map(del(.reissue_until, .reissued) |
			.entries |= map(del(.subject)))' \
		ca/state/ceremony.json >old.json
	cp old.json ca/state/ceremony.json
	holds
	says "goes on at step 10"
	says_not "[y/N]"
	one_crl_more
	minutes_of 000002
	grep -q 'began with an older' ca/state/corp/minutes/000002.txt
}

@test "every mistake once, in one run: a CRL, and minutes that tell each once" {
	local text
	lock_key
	holds operator= operator=Adda operator='Ada Lovelace' \
		witness1=Adda witness1=Bob right=9 right=1 right= \
		date=tomorrow date=2020-01-01 date="$(date -u +%F)" \
		consent=yes consent= consent=Yes \
		passphrase=wrong passphrase='open sesame'
	one_crl_more
	minutes_of 000002
	tr -s ' \n' ' ' <ca/state/corp/minutes/000002.txt >said
	for text in 'The name "Adda" was corrected to "Ada Lovelace".' \
		'was asked for again: what was typed was none.' \
		'was asked for again: the date typed, 2020-01-01, and' \
		'It was asked again: "yes" is not yet Yes.' \
		'It was asked again: "" is not yet Yes.' \
		'A wrong passphrase of'
	do
		[ "$(grep -oF "$text" said | wc -l)" -eq 1 ] || {
			echo "want once \"$text\", have: $(cat said)"
			return 1
		}
	done
	# they are no deviations, and no steps of their own
	grep -q 'Deviations -* 1 Network interface\|Deviations -* None' said
	[ "$(grep -c '^  \[    \]' ca/state/corp/minutes/000002.txt)" -eq 12 ]
}

@test "a passphrase that is typed at another question is not in the minutes" {
	holds date='open sesame' date="$(date -u +%F)"
	[ "$(cat ca/state/corp/minutes/* medium/crlferry/corp/minutes* |
		grep -c sesame)" -eq 0 ]
	no_trace ends 77 declined consent='open sesame'
	[ "$(grep -c 'crlferry-root.*sesame' <<<"$output")" -eq 0 ]
}
