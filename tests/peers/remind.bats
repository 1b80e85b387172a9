#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-sub remind, through the sendmail of a real Postfix that delivers
# into a Maildir, and read by Python's own library for mail.

load ../e2e/pki_setup
load calendar_helpers

# find_postfix: where it is.  Its own users must get there, so it is not in the
# folder of bats.
find_postfix() {
	P=$(cat "$BATS_FILE_TMPDIR/postfix") || return 1
	export MAIL_CONFIG=$P/etc
	INBOX=$P/mail/inbox/new
}

# The PKI of today, and in dated one of 2026-11-30 for the tests with dates.
make_work() {
	[ "$(id -u)" -eq 0 ] || skip "only root can start Postfix"
	make_pki_of 2026-11-30
	mkdir dated
	mv ca sub stores stick1 stick2 dated
	make_pki
	mktemp -d >"$BATS_FILE_TMPDIR/postfix"
	find_postfix
	start_postfix
}

teardown_file() {
	find_postfix 2>/dev/null || return 0
	postfix -c "$P/etc" stop 2>/dev/null
	rm -rf "$P"
}

# Postfix with one mailbox for all addresses of its one domain.
start_postfix() {
	mkdir -p "$P/etc" "$P/queue" "$P/data" "$P/mail"
	chmod 755 "$P"
	chown postfix "$P/data"
	chown nobody "$P/mail"
	cat >"$P/etc/main.cf" <<-END
		compatibility_level = 3.6
		queue_directory = $P/queue
		data_directory = $P/data
		mail_owner = postfix
		setgid_group = postdrop
		myhostname = ca1.example.test
		myorigin = example.test
		mydestination =
		inet_interfaces = loopback-only
		alias_maps =
		local_recipient_maps =
		virtual_mailbox_domains = example.test
		virtual_mailbox_base = $P/mail
		virtual_mailbox_maps = static:inbox/
		virtual_uid_maps = static:$(id -u nobody)
		virtual_gid_maps = static:$(id -g nobody)
		default_transport = error:no mail leaves this test
		maillog_file = $P/log
		maillog_file_prefixes = $P
	END
	cat >"$P/etc/master.cf" <<-END
		pickup unix n - n 1 1 pickup
		cleanup unix n - n - 0 cleanup
		qmgr unix n - n 1 1 qmgr
		rewrite unix - - n - - trivial-rewrite
		bounce unix - - n - 0 bounce
		defer unix - - n - 0 bounce
		error unix - - n - - error
		virtual unix - n n - - virtual
		postlog unix-dgram n - n - 1 postlogd
	END
	postfix -c "$P/etc" start 3>&- 4>&- >/dev/null 2>&1
}

setup() {
	restore_work
	find_postfix
	settle
	rm -rf "$P/mail/inbox" "$P/mail/last"
}

# use_dated: from here on, it is the PKI of 2026-11-30
use_dated() {
	rm -r ca sub stores stick1 stick2
	mv dated/* .
}

# is_underway: is a mail still handed over, or queued?
is_underway() {
	local pid
	for pid in $(pgrep -x sendmail) $(pgrep -x postdrop); do
		! grep -qzxF "MAIL_CONFIG=$MAIL_CONFIG" \
			"/proc/$pid/environ" 2>/dev/null || return 0
	done
	[ -n "$(find "$P"/queue/{maildrop,incoming,active,deferred} -type f)" ]
}

# settle: until all mail has arrived
settle() {
	local wait=0
	while is_underway; do
		[ $((++wait)) -lt $((HANG_S * 10)) ] || return 1
		sleep 0.1
	done
}

# mails: how many have arrived
mails() {
	settle && find "$INBOX" -type f 2>/dev/null | wc -l
}

# got COUNT: so many have arrived; they are counted anew from then on
got() {
	local count
	count=$(mails) || return 1
	[ "$count" -eq "$1" ] || {
		echo "want $1 mails, have $count"
		return 1
	}
	rm -rf "$P/mail/last"
	[ ! -e "$INBOX" ] || mv "$INBOX" "$P/mail/last"
}

# remind [OPTION]...
remind() {
	guarded "$SUB_PROGRAM" remind --config sub/crlferry.cfg \
		--to root "$@"
}

# remind_at TIME [OPTION]...
remind_at() {
	local at
	at=$(date -u -d "$1" '+%F %T')
	shift
	TZ=UTC guarded faketime "$at" "$SUB_PROGRAM" remind \
		--config sub/crlferry.cfg --to root "$@"
}

# read_mail FILE: as JSON, its calendar in mail.ics; it has a text and no more
# than a calendar beside it, and nothing is wrong with it
read_mail() {
	/usr/bin/python3 -c '
import email, email.policy, json, sys
message = email.message_from_binary_file(open(sys.argv[1], "rb"),
                                         policy=email.policy.default)
parts = [part for part in message.walk() if not part.is_multipart()]
assert not message.defects and not any(part.defects for part in parts)
assert [part.get_content_type() for part in parts[:1]] == ["text/plain"]
for part in parts[1:]:
    assert part.get_content_type() == "text/calendar", part
    assert part.get_param("method") == "PUBLISH"
    assert part.get_filename() == "crlferry.ics"
    open("mail.ics", "wb").write(part.get_payload(decode=True))
assert message["Auto-Submitted"] == "auto-generated"
text = parts[0].get_content()
assert all(len(line) <= 76 for line in text.split("\n")), text
print(json.dumps({"parts": len(parts), "text": text,
                  "subject": message["Subject"], "to": message["To"],
                  "headers": message.keys(),
                  "date": message["Date"].datetime.isoformat()}))
' "$1"
}

# mail_of: the one that arrived last, as JSON
mail_of() {
	read_mail "$P"/mail/last/*
}

@test "all is well: no mail" {
	run remind
	[ "$status" -eq 0 ]
	[ "$output" = "no mail: all is well with 1 pair" ]
	got 0
}

@test "one mail for each worsening, however often it runs" {
	local day want
	use_dated
	# day, mails that day: a week after one it is said again
	while read -r day want; do
		remind_at "$day 06:00"
		remind_at "$day 06:01"
		remind_at "$day 06:02" --quiet
		got "$want" || {
			echo "on $day"
			return 1
		}
	done <<-END
		2026-12-22 0
		2026-12-23 1
		2026-12-24 0
		2026-12-29 0
		2026-12-30 1
		2027-01-05 0
		2027-01-06 1
		2027-01-08 0
		2027-01-09 1
		2027-01-10 0
		2027-06-09 1
		2027-06-10 1
		2027-06-11 0
		2027-06-12 0
		2027-06-24 1
		2027-07-01 1
		2027-07-02 0
		2027-07-08 1
	END
	# a CRL arrives: silence, until the next one is due
	mkdir -p stick3
	TZ=UTC faketime '2027-07-09 10:00:00' "$ROOT_PROGRAM" issue --quiet \
		--config ca/crlferry.cfg --confirm-date 2027-07-09
	TZ=UTC faketime '2027-07-09 10:00:00' "$ROOT_PROGRAM" export stick3 \
		--allow-fixed-disk --quiet --config ca/crlferry.cfg
	import_at '2027-07-09 11:00' stick3 --quiet
	run remind_at '2027-07-10'
	[ "$output" = "no mail: all is well with 1 pair" ]
	remind_at '2027-12-20'
	got 0
	remind_at '2027-12-24'
	got 1
}

@test "a person is told what to do, by when, and what stops" {
	use_dated
	remind_at '2027-06-20 09:00' --to admin@example.test >said
	[ "$(cat said)" = "mail sent to root, admin@example.test: 1 of 1 pair needs \
attention" ]
	settle
	# one for each of both
	[ "$(mails)" -eq 2 ]
	rm -rf "$P/mail/last" && mkdir "$P/mail/last"
	mv "$(find "$INBOX" -type f | head -n 1)" "$P/mail/last/"
	mail_of >mail.json
	jq -r .subject mail.json | grep -x \
		'crlferry: live stops on 2027-06-30 unless a ceremony is held (expiring)'
	jq -e '.to == "root, admin@example.test" and .parts == 2 and
		.date == "2027-06-20T09:00:00+00:00"' mail.json ||
		jq -e '.to == "root@example.test, admin@example.test" and
			.parts == 2' mail.json
	jq -r .text mail.json >text
	grep -q 'Hold a ceremony of test-root now' text
	grep -q 'By:        before 2027-06-30 (in 10 days)' text
	# the whole path, for whoever reads it elsewhere
	grep -q -- "$T/sub/crlferry.cfg" text
	grep -q 'Otherwise: live stops on 2027-06-30' text
	grep -q "sent by \"crlferry-sub remind\"" text
	grep -q 'retired = true' text
}

@test "the calendar that comes with it is that of plan" {
	use_dated
	remind_at '2027-06-20 12:00'
	got 1
	mail_of >mail.json
	is_well_formed mail.ics
	sub plan --at 2027-06-20T12:00:00Z --format ics >plan.ics
	# SEQUENCE is the second in which it was written
	calendar mail.ics | jq 'map(del(.sequence))' >have.json
	calendar plan.ics | jq 'map(del(.sequence))' >want.json
	[ "$(jq length want.json)" -gt 0 ]
	diff want.json have.json
}

@test "an event that a changed rule drops is cancelled in the next one" {
	use_dated
	configure 's/"semiannual"/"quarterly"/'
	remind_at '2027-06-20 12:00'
	got 1
	mail_of >mail.json
	mv mail.ics first.ics
	configure 's/"quarterly"/"semiannual"/'
	remind_at '2027-06-28 12:00'
	got 1
	mail_of >mail.json
	mv mail.ics second.ics
	leaves_the_last first.ics second.ics
	remind_at '2027-07-06 12:00'
	got 1
	mail_of >mail.json
	leaves_the_last first.ics mail.ics
}

@test "getting milder is no news, getting worse again is" {
	rm stores/one.crl
	remind
	got 1
	cp stick1/crlferry/test-root/000001/test-root.crl stores/one.crl
	run remind
	[ "$output" = "no mail: all is well with 1 pair" ]
	got 0
	rm stores/one.crl
	remind
	got 1
}

@test "many at once: one mail" {
	local i pids=()
	rm stores/one.crl
	for i in 1 2 3 4 5 6 7 8; do
		remind --quiet 3>&- &
		pids+=($!)
	done
	for i in "${pids[@]}"; do
		wait "$i"
	done
	got 1
}

# stage CALL N: a run that is killed at the N-th such system call
stage() {
	strace -qq -o strace.log -e trace="$1" \
		-e inject="$1":signal=KILL:when="$2" \
		"$SUB_PROGRAM" remind --config sub/crlferry.cfg --to root \
		--quiet 2>/dev/null
}

@test "killed at any stage: no mail is lost, and none comes for nothing" {
	local call n status sent count seen=0 repeated=0
	rm stores/one.crl
	for call in clone,clone3,vfork memfd_create write fsync \
		rename,renameat,renameat2 wait4,waitid unlink,unlinkat; do
		n=0
		while [ $((++n)) -le 12 ]; do
			rm -f sub/state/reminded-*.json*
			settle
			rm -rf "$INBOX"
			status=0
			stage "$call" $n || status=$?
			sent=$(mails)
			# the record says that it was sent: it was
			if ls sub/state/reminded-*.json 2>/dev/null; then
				[ "$sent" -eq 1 ]
			fi
			remind --quiet
			count=$(mails)
			echo "$call $n: status $status, $sent sent, $count in all"
			[ "$count" -ge 1 ]
			if ls sub/state/reminded-*.json.* 2>/dev/null; then
				return 1
			fi
			remind --quiet
			[ "$(mails)" -eq "$count" ]
			[ "$status" -ne 0 ] || {
				[ "$count" -eq 1 ]
				break
			}
			[ "$status" -eq 137 ]
			# twice only if the first was handed over
			[ "$count" -eq 1 ] || {
				[ "$count" -eq 2 ] && [ "$sent" -eq 1 ]
				repeated=$((repeated + 1))
			}
			seen=$((seen + 1))
		done
	done
	echo "$seen killed, $repeated repeated"
	[ "$seen" -ge 10 ] && [ "$repeated" -ge 1 ]
}

@test "what cannot be sent is not recorded, and is sent next time" {
	rm stores/one.crl
	refuses 69 hook remind --sendmail /nonexistent/x
	[[ $output == *"remedy: name the program of your mail transport with "* ]]
	MAIL_CONFIG=$T/none refuses 69 hook remind
	[[ $output == *"sendmail ended with status "*"; the mail counts as not sent"* ]]
	printf '#!/bin/sh\ncat >/dev/null; echo "queue is full"; exit 75\n' >full
	chmod 755 full
	refuses 69 hook remind --sendmail "$T/full"
	[[ $output == *"ended with status 75: queue is full"* ]]
	refuses 69 hook remind --sendmail "$T/none"
	chmod 777 full
	refuses 77 permissions remind --sendmail "$T/full"
	got 0
	remind
	got 1
}

@test "sendmail is found without /usr/sbin in PATH, as cron has it" {
	rm stores/one.crl
	PATH=/usr/bin:/bin remind
	got 1
}

@test "an address is an address, and no option, header or command" {
	local address
	rm stores/one.crl
	for address in '-oQ/tmp' '-t' 'a b' '' 'a,b' 'a;touch x' '$(touch x)' \
		$'root\nBcc: you@example.test' $'root\r\nX-Evil: 1' \
		"$(printf '%300s' | tr ' ' a)" 'ä@example.test'; do
		keeps 64 usage sub remind --to "$address"
	done
	keeps 64 usage sub remind
	keeps 64 usage sub remind --to root extra
	got 0
	# a shell would make more of these
	remind --to "o'hara|x@example.test" --to 'a&b@example.test'
	[ ! -e x ]
	got 3
}

@test "awkward names neither break the mail nor its lines" {
	mkdir -p 'stores/Zertifikate für ä'
	configure "s,stores/one.crl,stores/Zertifikate für ä/.\\nBcc: x.crl,"
	remind
	got 1
	mail_of >mail.json
	jq -e '.headers | map(ascii_downcase) | index("bcc") == null' mail.json
	jq -r .text mail.json | tr -d '\n' | tr -s ' ' |
		grep -q 'Zertifikate für ä'
}

@test "the record: damaged it is said again, and other people have their own" {
	rm stores/one.crl
	remind
	got 1
	sub remind --to admin@example.test
	got 1
	sub remind --to admin@example.test --to root
	got 2
	sub remind --to root --to admin@example.test
	sub remind --to root --to admin@example.test --to root
	remind
	got 0
	[ "$(find sub/state -name 'reminded-*.json' | wc -l)" -eq 3 ]
	for damage in '{}' '' '{"type": "crlferry-reminded", "version": 2}' \
		"$(head -c 100 /dev/urandom | base64)"; do
		printf '%s' "$damage" | tee sub/state/reminded-*.json >/dev/null
		run remind
		[ "$status" -eq 0 ]
		[[ $output == *"cannot be used and is replaced, so what was said \
last is said again"* ]]
		got 1
		remind
		got 0
	done
	rm -r sub/state/reminded-*.json
	mkdir "$(find sub/state -name version | sed 's,version,reminded-000000000000.json,')"
	remind
	got 1
}

@test "a clock that went back a year does not silence it" {
	rm stores/one.crl
	remind_at '2028-01-01'
	got 1
	remind_at '2027-03-01'
	got 1
	remind_at '2027-03-02'
	got 0
}

@test "a schedule with a gap: the mail goes out, and says that" {
	rm stores/one.crl
	mkdir sub/schedules
	sed 's/^validity = .*/validity = "6 months";/' \
		"$BUILD/schedules/semiannual.cfg" >sub/schedules/semiannual.cfg
	remind
	got 1
	mail_of >mail.json
	jq -e '.parts == 1 and (.text | contains("No calendar is attached"))' \
		mail.json
}

@test "a root that cannot be looked at hides no other, and is said" {
	# the same group again, of a root whose certificate is not there
	sed -n '/^roots = (/,$ { /^roots/d; /^);/d; p }' sub/crlferry.cfg |
		sed 's/"test-root"/"lost-root"/; s/"test-root.pem"/"lost.pem"/;
			s/"live"/"issuing-9"/; s/live.pem/nine.pem/' >group
	sed -i '$d; s/^    }$/    },/' sub/crlferry.cfg
	cat group >>sub/crlferry.cfg
	echo ');' >>sub/crlferry.cfg
	refuses 66 missing remind
	got 1
	mail_of >mail.json
	jq -e '.subject == "crlferry: issuing-9 cannot be looked at (unreadable)"
		and (.text | contains("lost.pem") and
		contains("root@") and contains("No calendar is attached"))' \
		mail.json
	refuses 66 missing remind
	got 0
	# the other one is watched all the same
	rm stores/one.crl
	refuses 66 missing remind
	got 1
	mail_of >mail.json
	jq -e '.subject == "crlferry: live lacks its CRL (missing) [1 more pair]"' \
		mail.json
	# and what there is to note of it is said once
	openssl ca -config ca/ca.cnf -batch -notext -extensions v3_sub \
		-md sha1 -in ca/live.csr -out sub/live.pem 2>/dev/null
	refuses 66 missing remind
	[ "$(grep -c 'live.pem is signed with' <<<"$output")" -eq 1 ]
}

@test "a retired pair is silent" {
	rm stores/one.crl
	configure 's/name = "live";/name = "live"; retired = true;/'
	run remind
	[ "$output" = "no mail: no pair is in use (1 retired)" ]
	got 0
}

@test "--dry-run sends nothing and keeps nothing; --json says what was done" {
	rm stores/one.crl
	before=$(snapshot sub stores)
	remind --dry-run >mail
	read_mail mail >mail.json
	jq -e '.parts == 2' mail.json
	[ "$before" = "$(snapshot sub stores)" ]
	got 0
	remind --json >sent.json
	jq -e '.type == "crlferry-remind" and (.reminders[0] |
		[.to, .mail, .reason, .pairs, .open, .worse] ==
		["root", "sent", "worse", 1, 1, 1])' sent.json
	remind --json >sent.json
	jq -e '.reminders[0] | .mail == "none" and .reason == "known"' sent.json
	run remind
	[[ $output == "no mail: nothing is worse than in the mail of "* ]]
	got 1
}

# as_unit UNIT COMMAND...: where only state and the spool of Postfix can be
# written, with the capabilities of the unit, and without a way to more
as_unit() {
	local rights
	rights=$(sed -n 's/^CapabilityBoundingSet=//p' "$1" |
		tr '[:upper:]' '[:lower:]' | sed 's/cap_/+/g; s/ /,/g')
	shift
	# The inner shell expands these.
	# shellcheck disable=SC2016
	guarded unshare -m sh -c '
		for folder in "$1/sub/state" "$2/queue/maildrop"; do
			mount --bind "$folder" "$folder" || exit 99
		done
		for folder in "$1" "$2"; do
			mount --rbind "$folder" "$folder" &&
				mount -o remount,bind,ro "$folder" || exit 99
		done
		cd "$1" || exit 99
		rights=$3
		shift 3
		exec setpriv --no-new-privs --inh-caps=-all \
			--bounding-set="-all,$rights" "$@"' \
		sh "$T" "$P" "$rights" "$@"
}

@test "the unit of systemd: its command line, with the rights that it has" {
	local unit=$BATS_TEST_DIRNAME/../../examples/systemd/crlferry-remind.service
	local command
	unshare -m true 2>/dev/null || skip "no namespaces can be made here"
	grep -qx 'ReadWritePaths=-/var/spool/postfix/maildrop' "$unit"
	command=$(sed -n "s,^ExecStart=crlferry-sub remind,$SUB_PROGRAM remind \
--config sub/crlferry.cfg,p" "$unit")
	[[ $command == *" --to root" ]]
	rm stores/one.crl
	run as_unit "$unit" $command
	echo "$output"
	[ "$status" -eq 0 ]
	got 1
	# What was said is kept, so a run of the same day says nothing.
	run as_unit "$unit" $command
	[ "$status" -eq 0 ]
	got 0
}

@test "cron: the line of doc/reminder.md mails, and says nothing else" {
	local line
	line=$(sed -nE 's/^    ([0-9*]+ ){5}(crlferry-sub remind .*)/\2/p' \
		"$BATS_TEST_DIRNAME/../../doc/reminder.md")
	[ -n "$line" ]
	rm stores/one.crl
	mkdir bin
	cat >bin/crlferry-sub <<-PROGRAM
		#!/bin/sh
		exec "$SUB_PROGRAM" --config "$T/sub/crlferry.cfg" "\$@"
	PROGRAM
	chmod +x bin/crlferry-sub
	run env -i PATH="$T/bin:/usr/bin:/bin" HOME="$T" \
		MAIL_CONFIG="$MAIL_CONFIG" sh -c "${line//example.org/example.test}"
	echo "$output"
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	got 1
}
