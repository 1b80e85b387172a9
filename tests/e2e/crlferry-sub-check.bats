#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-sub check: what monitoring sees, to the second.

load pki_setup

# field NAME: of the only pair, from --format json
field() {
	sub check --format json | jq -r ".pairs[0].$1"
}

# at TIME: as --at wants it; `date` understands TIME
at() {
	date -u -d "$1" +%Y-%m-%dT%H:%M:%SZ
}

# stands WANTED-STATUS SEVERITY STATE TIME: the line, the status and the JSON
# agree, and nothing is written
stands() {
	local before when
	when=$(at "$4")
	before=$(snapshot sub stores)
	run sub check --at "$when"
	echo "$when: $status: $output"
	[ "$status" -eq "$1" ] || return 1
	[[ $output == "CRLFERRY $2 - test-root/live $3: "* ]] || return 1
	[ "${#lines[@]}" -eq 1 ] || return 1
	is_plugin_line "$output" || return 1
	run sub check --at "$when" --format json
	[ "$status" -eq "$1" ] || return 1
	[ "$(jq -r '.pairs[0].state' <<<"$output")" = "$3" ] || return 1
	[ "$(jq -r '.severity' <<<"$output")" = "$2" ] || return 1
	run sub check --at "$when" --format prometheus
	[ "$status" -eq "$1" ] || return 1
	[[ $output == *",state=\"$3\"} 1"* ]] || return 1
	[ "$before" = "$(snapshot sub stores)" ]
}

# is_plugin_line LINE: text without |, then 'label'=value;warn;crit
is_plugin_line() {
	[[ $1 =~ ^CRLFERRY\ (OK|WARNING|CRITICAL)\ -\ [^|]+\ \| ]] &&
		[[ $1 =~ \|\ \'[a-z0-9/-]+\'=(U|-?[0-9]+s\;[0-9]+:\;[0-9]+:)$ ]]
}

# late_ceremonies: a schedule whose next ceremony comes after the end of the
# CRL, which is then imported bare, so that no ceremony is due before the cushion
late_ceremonies() {
	mkdir sub/schedules
	cat >sub/schedules/late.cfg <<-CFG
		version = 1; every = "24 months"; on = "day 1";
		from = "$(date -u -d '+10 months' +%Y-%m)"; at = "10:00";
		validity = "30 months"; cushion = "3 weeks";
		critical = "7 days"; early = "14 days"; grace = "3 days";
	CFG
	configure 's/schedule = "semiannual"/schedule = "late"; bare = true/'
	forget
	import "$(crl_of stick1)" --quiet
	[ "$(field next_ceremony)" = "$(date -u -d '+10 months' +%Y-%m-01)" ]
}

@test "a fresh pair: OK, number, end, next ceremony, perfdata" {
	stands 0 OK fresh now
	run sub check
	[ "$status" -eq 0 ]
	[[ $output == *"fresh: CRL #1 ends $(field next_update | cut -c1-10) \
(in "*" days), next ceremony $(field next_ceremony) | "*";1814400:;604800:" ]]
}

@test "OK to the last second before the cushion, then expiring" {
	late_ceremonies
	local end
	end=$(field next_update)
	stands 0 OK fresh "$end - 21 days - 1 second"
	stands 1 WARNING expiring "$end - 21 days"
	stands 1 WARNING expiring "$end - 7 days - 1 second"
}

@test "CRITICAL from 7 days before the end, and expired from the end on" {
	late_ceremonies
	local end
	end=$(field next_update)
	stands 1 WARNING expiring "$end - 7 days - 1 second"
	stands 2 CRITICAL critical "$end - 7 days"
	stands 2 CRITICAL critical "$end - 1 second"
	stands 2 CRITICAL expired "$end"
	stands 2 CRITICAL expired "$end + 10 years"
}

@test "upcoming before the next ceremony, overdue after its grace, to the second" {
	local deadline ceremony
	ceremony=$(field next_ceremony)
	deadline=$(field deadline)
	[ "$(at "$deadline")" = "$(at "$ceremony + 3 days")" ]
	[ "$ceremony" = "$(jq -r .next_ceremony "$BUNDLE1/bundle.json")" ]
	stands 0 OK fresh "$ceremony - 14 days - 1 second"
	stands 1 WARNING upcoming "$ceremony - 14 days"
	stands 1 WARNING upcoming "$deadline - 1 second"
	stands 1 WARNING overdue "$deadline"
	[[ $(sub check --at "$deadline") == *"$ceremony"* ]]
}

@test "the manifest's next ceremony outranks the local schedule" {
	local later
	later=$(date -u -d '+150 days' +%Y-%m-%d)
	edit_manifest "$BUNDLE2" ".next_ceremony = \"$later\""
	import stick2 --quiet
	[ "$(field next_ceremony)" = "$later" ]
	stands 0 OK fresh "$later - 14 days - 1 second"
	stands 1 WARNING upcoming "$later + 3 days - 1 second"
	stands 1 WARNING overdue "$later + 3 days"
}

@test "an emergency CRL does not put off the ceremony: overdue all the same" {
	local ceremony at
	ceremony=$(field next_ceremony)
	# On the ceremony's own date a regular CRL would fulfil it.
	at=$(date -u -d "$ceremony 12:00" '+%F %T')
	mkdir stick3
	TZ=UTC faketime "$at" "$ROOT_PROGRAM" issue --config ca/crlferry.cfg \
		--emergency --why 'key of bad stolen' --quiet
	TZ=UTC faketime "$at" "$ROOT_PROGRAM" export stick3 --quiet \
		--config ca/crlferry.cfg --allow-fixed-disk
	import_at "$at" stick3 --quiet
	[ "$(field number)" = 3 ]
	[ "$(field next_ceremony)" = "$ceremony" ]
	stands 1 WARNING upcoming "$ceremony + 3 days - 1 second"
	stands 1 WARNING overdue "$ceremony + 3 days"
	at=$(date -u -d "$ceremony + 3 days 12:00" '+%F %T')
	TZ=UTC faketime "$at" "$ROOT_PROGRAM" issue --quiet \
		--config ca/crlferry.cfg
	TZ=UTC faketime "$at" "$ROOT_PROGRAM" export stick3 --quiet \
		--config ca/crlferry.cfg --allow-fixed-disk
	import_at "$at" stick3 --quiet
	stands 0 OK fresh "$ceremony + 4 days"
}

@test "overdue, expiring, critical, expired in turn if nothing comes (row 23)" {
	local end
	end=$(field next_update)
	stands 1 WARNING overdue "$end - 21 days - 1 second"
	stands 1 WARNING expiring "$end - 21 days"
	stands 2 CRITICAL critical "$end - 7 days"
	stands 2 CRITICAL expired "$end"
	# eight months later, as the README promises
	stands 2 CRITICAL expired '+8 months'
}

@test "missing: each store in turn" {
	local file
	for file in "$(hash_slot 0)" stores/all.pem stores/one.crl; do
		mv "$file" away
		stands 2 CRITICAL missing now
		[[ $(sub check || :) == *"${file%/*}"* ]]
		mv away "$file"
	done
	stands 0 OK fresh now
}

@test "missing: before the first import, and where no store is configured" {
	rm -r sub/state stores/*
	mkdir stores/hash
	stands 2 CRITICAL missing now
	[ ! -e sub/state ]
	sed -i '/stores = (/,/^ *);$/d' sub/crlferry.cfg
	stands 2 CRITICAL missing now
	[[ $(sub check || :) == *"no store is configured"*": configure one |"* ]]
}

@test "invalid: garbage, another key's CRL, one that cannot be read" {
	echo garbage >stores/one.crl
	stands 2 CRITICAL invalid now
	make_older_root twin p256
	sed -i '/^crl_extensions/d' twin/ca.cnf
	openssl ca -config twin/ca.cnf -gencrl -out twin.pem 2>/dev/null
	openssl crl -in twin.pem -outform DER -out stores/one.crl
	stands 2 CRITICAL invalid now
	cp "$(crl_of stick1)" stores/one.crl
	stands 0 OK fresh now
	# not ours, and so nothing of ours is there
	cp twin.pem stores/all.pem
	stands 2 CRITICAL missing now
	# behind it, OpenSSL takes theirs, which is later
	cat "$BUNDLE1/test-root.crl.pem" >>stores/all.pem
	stands 2 CRITICAL invalid now
	cp "$BUNDLE1/test-root.crl.pem" stores/all.pem
	echo garbage >"$(hash_slot 0)"
	stands 2 CRITICAL invalid now
	rm -r stores/hash
	stands 2 CRITICAL invalid now
	mkdir stores/hash
	stands 2 CRITICAL missing now
}

@test "behind: a store that holds an older CRL than was accepted" {
	local file older
	for file in "$(hash_slot 0)" stores/all.pem stores/one.crl; do
		cp "$file" "$(basename "$file")"
	done
	import stick2 --quiet
	for file in "$(hash_slot 0)" stores/all.pem stores/one.crl; do
		older=$(basename "$file")
		cp "$file" newer && cp "$older" "$file"
		stands 2 CRITICAL behind now
		[[ $(sub check || :) == *"holds CRL #1, but CRL #2 was accepted already; live \
stops on "* ]]
		cp newer "$file"
	done
	stands 0 OK fresh now
}

@test "clock-suspect, and not-yet-valid: the clock before what was accepted" {
	local begin
	begin=$(field this_update)
	run --separate-stderr sub check --at "$(at "$begin - 5 minutes")"
	[ "$status" -eq 0 ]
	[[ $output == "CRLFERRY OK - test-root/live fresh: "* ]]
	[[ $stderr == *"to OpenSSL the CRL in hashdir $T/stores/hash is not \
yet valid until $begin"* ]]
	stands 2 CRITICAL clock-suspect "$begin - 5 minutes - 1 second"
	rm sub/state/test-root/accepted.*
	run --separate-stderr sub check --at "$(
		at "$begin - 5 minutes - 1 second")"
	[ "$status" -eq 2 ]
	[[ $output == "CRLFERRY CRITICAL - test-root/live not-yet-valid: "* ]]
	stands_without_mark
}

# without the mark and the CRL that was accepted, nobody knows what is behind
stands_without_mark() {
	run --separate-stderr sub check
	[ "$status" -eq 3 ]
	[[ $output == *" unreadable: "*"accepted.json is missing"* ]]
}

@test "behind is seen without accepted.json; nobody knows it without both" {
	cp -a stores before
	import stick2 --quiet
	rm -r stores
	mv before stores
	for lost in "echo {" true; do
		rm sub/state/test-root/accepted.json
		[ "$lost" = true ] || $lost >sub/state/test-root/accepted.json
		run --separate-stderr sub check
		[ "$status" -eq 2 ]
		[[ $output == *"test-root/live behind: "*"CRL #2"* ]]
		[[ $stderr == *"accepted.json is "*": accepted.crl beside it "* ]]
	done
	echo junk >sub/state/test-root/accepted.crl
	run --separate-stderr sub check
	[ "$status" -eq 3 ]
	[[ $output == *"test-root/live unreadable: "*"accepted.json is missing, so \
nobody knows"*"crlferry-sub import --config sub/crlferry.cfg MEDIUM"* ]]
	# and that is the way out
	import stick2 --quiet
	stands 0 OK fresh now
}

@test "revoked: CRITICAL with the reason, silenced by retired" {
	rm -r sub stores
	make_sub_config ca test-root bad
	import stick2 --quiet
	run sub check
	[ "$status" -eq 2 ]
	[[ $output == "CRLFERRY CRITICAL - test-root/bad revoked: "* ]]
	[[ $output == *"(keyCompromise)"* ]]
	configure 's/name = "bad";/& retired = true;/'
	run sub check
	[ "$status" -eq 0 ]
	[ "$output" = "CRLFERRY OK - test-root/bad is retired: it is not \
watched" ]
	run sub check --verbose
	[ "$status" -eq 0 ]
	[ "${lines[1]}" = "OK - test-root/bad retired" ]
}

@test "the root's own end is told from a year before on" {
	local end
	end=$(openssl x509 -in ca/root.pem -noout -enddate | cut -d= -f2)
	run sub check --at "$(at "$end - 12 months - 1 second")"
	[[ $output != *"certificate of root"* ]]
	run sub check --at "$(at "$end - 12 months")"
	[ "$status" -eq 2 ]
	[[ $output == *"the certificate of root test-root ends on 20"* ]]
}

@test "ROOT, ROOT/SUB: only those; an unknown one is UNKNOWN" {
	two_pairs
	run sub check
	[ "$status" -eq 2 ]
	[[ ${lines[0]} == "CRLFERRY CRITICAL - 1 of 2 pairs critical: \
test-root/bad revoked: "*" | 'test-root/live'="*" 'test-root/bad'="* ]]
	[ "${#lines[@]}" -eq 2 ]
	[[ ${lines[1]} == "CRITICAL - test-root/bad revoked: "* ]]
	run sub check test-root/live
	[ "$status" -eq 0 ]
	[ "${#lines[@]}" -eq 1 ]
	run sub check test-root
	[ "$status" -eq 2 ]
	[ "$(sub check --format json test-root/live test-root/bad |
		jq '.pairs | length')" -eq 2 ]
	local name
	for name in other test-root/other other/live test-root/ '' test; do
		unknown missing check "$name"
	done
}

# two_pairs: `live` and `bad` with a store each, and CRL #2
two_pairs() {
	rm -r sub stores
	mkdir -p sub stores
	"$SUB_PROGRAM" init --root test-root=ca/root.pem \
		--subordinate live=ca/live.pem --subordinate bad=ca/bad.pem \
		--store der:stores/one.crl --trust ca/seal.pub \
		--output sub/crlferry.cfg --quiet
	import stick2 --quiet
}

# unknown TOKEN VERB ARGUMENT...: status 3, the plugin's line and the failure
unknown() {
	local token=$1 before
	shift
	before=$(snapshot sub stores)
	run --separate-stderr sub "$@"
	echo "$*: $status: $output: $stderr"
	[ "$status" -eq 3 ] || return 1
	[[ $output == "CRLFERRY UNKNOWN - $token: "* ]] || return 1
	[ "${#lines[@]}" -eq 1 ] || return 1
	[[ $stderr == *"crlferry-sub: $token: "*"remedy: "* ]] || return 1
	[ "$before" = "$(snapshot sub stores)" ]
}

@test "a wrong command line or configuration: UNKNOWN, 3" {
	unknown usage check --format html
	unknown usage check --at yesterday
	unknown usage check --at 2027-02-30
	unknown usage check --frmat json
	unknown usage check --jsn
	cp sub/crlferry.cfg whole
	echo 'hello = 1;' >>sub/crlferry.cfg
	unknown config check
	[[ $output == *"sub/crlferry.cfg:$(wc -l <sub/crlferry.cfg): "* ]]
	echo '{' >sub/crlferry.cfg
	unknown config check
	rm sub/crlferry.cfg
	unknown missing check
	sed "s,test-root.pem,none.pem," whole >sub/crlferry.cfg
	unknown missing check
	cp whole sub/crlferry.cfg
	chmod o+w sub/crlferry.cfg
	unknown permissions check
}

@test "no pair configured: UNKNOWN" {
	sed -i '/subordinates = (/,/^      );$/d' sub/crlferry.cfg
	run sub check
	[ "$status" -eq 3 ]
	[[ $output == "CRLFERRY UNKNOWN - "* ]]
}

@test "a subordinate whose certificate another root issued: UNKNOWN" {
	make_older_root other p256 "Other Root"
	make_sub other foreign
	configure "s,live.pem,$T/other/foreign.pem,"
	unknown issuer check
}

# with_lost_pair: issuing-9 beside live, of the same root; no certificate yet
with_lost_pair() {
	{
		echo ,
		sed -n '/^      subordinates = ($/,/^      );$/ { /^      [^ ]/!p }' \
			sub/crlferry.cfg | sed 's/live/issuing-9/'
	} >pair
	sed -i '/^        }$/r pair' sub/crlferry.cfg
	grep -q issuing-9.pem sub/crlferry.cfg
}

# blind WHY: issuing-9 is unreadable for that, and live is judged
blind() {
	run --separate-stderr sub check
	[ "$status" -eq 3 ]
	[[ ${lines[0]} == "CRLFERRY UNKNOWN - "*"test-root/issuing-9 unreadable: \
by CRL #1, "*"$1"* ]]
	run sub check --at 2099-01-01 --format json
	[ "$status" -eq 2 ]
	[ "$(jq -r '[.pairs[].state] | join(" ")' <<<"$output")" = \
		"expired expired" ]
	rm stores/one.crl
	run sub check --format json
	[ "$(jq -r '[.pairs[].state] | join(" ")' <<<"$output")" = \
		"missing missing" ]
	cp one.crl stores/one.crl
	run sub status
	[ "$status" -eq 0 ]
	[[ $output == *"issuing-9"*"unreadable"* ]]
}

@test "a pair whose certificate is missing or damaged hides no other" {
	with_lost_pair
	cp stores/one.crl .
	blind "issuing-9.pem: cannot open it: No such file or directory: put it back, \
or correct its path in the configuration"
	echo junk >sub/issuing-9.pem
	blind "issuing-9.pem is text without a PEM block, "
	# an import takes nothing on trust
	refuses 65 format import stick2
}

@test "a root that cannot be looked at hides no other" {
	sed -n '/^roots = (/,$ { /^roots/d; /^);/d; p }' sub/crlferry.cfg |
		sed 's/"test-root"/"lost-root"/; s/"test-root.pem"/"lost.pem"/' \
			>group
	sed -i '$d; s/^    }$/    },/' sub/crlferry.cfg
	cat group >>sub/crlferry.cfg
	echo ');' >>sub/crlferry.cfg
	run sub check --at 2099-01-01
	[ "$status" -eq 2 ]
	[[ $output == *"test-root/live expired: "* ]]
	[[ $output == *"lost-root/live unreadable"* ]]
	run sub check --format prometheus
	[ "$status" -eq 3 ]
	[[ $output == *'root="lost-root",subordinate="live",state="unreadable"} 1'* ]]
	# alone it is a failure, as is a name that nobody has
	unknown missing check lost-root
	unknown missing check nobody
}

@test "--json is --format json" {
	local now
	now=$(date -u +%Y-%m-%dT%H:%M:%SZ)
	[ "$(sub check --json --at "$now")" = \
		"$(sub check --format json --at "$now")" ]
}

@test "--format json: every field, as scripts rely on it" {
	run sub check --format json
	[ "$status" -eq 0 ]
	jq -e --arg crl "$T/stores/one.crl" '
		.type == "crlferry-status" and .version == 1 and
		.severity == "OK" and
		(.now | test("^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z$")) and
		(.pairs | length) == 1 and (.pairs[0] |
		.root == "test-root" and .subordinate == "live" and
		.number == "1" and (.root_not_after | length) == 20 and
		(.stores | map(.type)) == ["hashdir", "pem", "der"] and
		(.stores | all(.valid and .present and .number == "1")) and
		.stores[2].path == $crl)' <<<"$output"
}

@test "--format prometheus: well-formed, with the names of the contract" {
	local name line
	run sub check --format prometheus
	[ "$status" -eq 0 ]
	is_prometheus <<<"$output"
	for name in crlferry_crl_next_update_timestamp_seconds \
		crlferry_crl_this_update_timestamp_seconds \
		crlferry_crl_number \
		crlferry_next_ceremony_timestamp_seconds \
		crlferry_pair_state \
		crlferry_certificate_not_after_timestamp_seconds \
		crlferry_check_timestamp_seconds; do
		echo "$name"
		[ "$(grep -c "^# TYPE $name gauge$" <<<"$output")" -eq 1 ]
		[ "$(grep -c "^# HELP $name ." <<<"$output")" -eq 1 ]
		grep -q "^${name}[{ ]" <<<"$output"
	done
	line="crlferry_crl_next_update_timestamp_seconds{root=\"test-root\""
	line+=",subordinate=\"live\",store=\"der:$T/stores/one.crl\"} "
	line+=$(date -u -d "$(field next_update)" +%s)
	grep -qxF "$line" <<<"$output"
	line="crlferry_next_ceremony_timestamp_seconds{root=\"test-root\""
	line+=",subordinate=\"live\"} $(date -u -d "$(field next_ceremony)" +%s)"
	grep -qxF "$line" <<<"$output"
	[ "$(grep -c 'crlferry_pair_state{.*} 1$' <<<"$output")" -eq 1 ]
}

# is_prometheus: the exposition format, of which promtool is not at hand: each
# series once, below its TYPE, samples of one name together
is_prometheus() {
	perl -ne '
		chomp;
		if (/^# (HELP|TYPE) ([a-zA-Z_:][a-zA-Z0-9_:]*) (.+)$/) {
			my ($what, $name, $text) = ($1, $2, $3);
			die "$_: twice\n" if $about{"$what $name"}++;
			die "$_: after samples\n" if $samples{$name};
			die "$_: no type\n" if $what eq "TYPE" &&
				$text !~ /^(counter|gauge|untyped)$/;
			$last = $name;
			next;
		}
		my $label = qr/[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\["\\n])*"/;
		my ($name, $labels) = /^([a-zA-Z_:][a-zA-Z0-9_:]*)
			((?:\{$label(?:,$label)*\})?)[ ](?:-?[0-9.e+]+|NaN)$/x
			or die "$_: no sample\n";
		die "$_: not below its TYPE\n" if $name ne $last;
		die "$_: twice\n" if $series{"$name$labels"}++;
		$samples{$name}++;
		END { die "nothing\n" unless %samples }
	'
}

@test "--output FILE: written atomically, nothing on stdout" {
	local format
	for format in nagios prometheus json; do
		run sub check --format $format --output out.prom
		[ "$status" -eq 0 ]
		[ -z "$output" ]
		[ -s out.prom ]
		leaves_nothing
	done
	jq -e . out.prom
	# replaced by renaming: who has the old one open reads it to its end
	exec 9<out.prom
	sub check --format prometheus --output out.prom
	jq -e . <&9
	exec 9<&-
	is_prometheus <out.prom
	# the status is the states' also here
	run sub check --at "$(at '+8 months')" --output out.prom
	[ "$status" -eq 2 ]
	[ "$(cut -c1-19 out.prom)" = "CRLFERRY CRITICAL -" ]
	cp out.prom before
	unknown missing check --output nowhere/out.prom
	unknown format check --output out.prom --config /dev/null
	cmp before out.prom
	ln -s out.prom link
	run --separate-stderr sub check --output link
	[ "$status" -eq 3 ]
	[[ $stderr == *"remedy: move it away, or name another file" ]]
	cmp before out.prom
}

# monitoring_user: RUN_AS is what to run a command with, as a user who may read
# and no more, and bin/crlferry-sub is where he can reach it
monitoring_user() {
	RUN_AS=()
	chmod 755 . "$BATS_FILE_TMPDIR" "$BATS_RUN_TMPDIR" 2>/dev/null || :
	if [ "$(id -u)" -eq 0 ]; then
		RUN_AS=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	fi
	mkdir -p bin sub/schedules
	cp "$SUB_PROGRAM" bin/crlferry-sub
	cp "$BATS_TEST_DIRNAME/../../schedules/semiannual.cfg" sub/schedules/
	"${RUN_AS[@]}" test -x bin/crlferry-sub ||
		skip "the tests' folder is closed"
}

@test "an unprivileged monitoring user can check, and changes nothing" {
	local before
	monitoring_user
	before=$(snapshot sub stores)
	run "${RUN_AS[@]}" bin/crlferry-sub check --config sub/crlferry.cfg
	[ "$status" -eq 0 ]
	[[ $output == "CRLFERRY OK - test-root/live fresh: "* ]]
	run "${RUN_AS[@]}" bin/crlferry-sub status --config sub/crlferry.cfg
	[ "$status" -eq 0 ]
	[ "$before" = "$(snapshot sub stores)" ]
}

@test "an unprivileged monitoring user: what he may not read is not OK" {
	[ "$(id -u)" -eq 0 ] || skip "only root may be another user"
	monitoring_user
	chmod 600 stores/one.crl
	run "${RUN_AS[@]}" bin/crlferry-sub check --config sub/crlferry.cfg
	[ "$status" -eq 2 ] || [ "$status" -eq 3 ]
	[[ $output == *"stores/one.crl"* ]]
	# and he cannot import
	run "${RUN_AS[@]}" bin/crlferry-sub import --config sub/crlferry.cfg \
		stick2
	[ "$status" -eq 77 ]
	[[ $output == *": permissions: "* ]]
	all_hold stick1
}

@test "check writes nothing, whatever --at" {
	local before
	before=$(snapshot sub stores)
	sub check >/dev/null
	sub check --at 2020-01-01 >/dev/null || :
	sub check --at 2099-01-01 --format json >/dev/null || :
	[ "$before" = "$(snapshot sub stores)" ]
}

@test "read as one stream, as Icinga does, the line comes first" {
	ln -s nowhere "$(hash_slot 1)"
	run sub check
	[ "$status" -eq 0 ]
	[[ ${lines[0]} == "CRLFERRY OK - test-root/live fresh: "* ]]
	[[ ${lines[1]} == "crlferry-sub: note: "* ]]
	rm sub/crlferry.cfg
	run sub check
	[ "$status" -eq 3 ]
	[[ ${lines[0]} == "CRLFERRY UNKNOWN - missing: "* ]]
	[[ ${lines[1]} == "crlferry-sub: missing: "* ]]
}
