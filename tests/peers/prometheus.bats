#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# examples/prometheus, with the real Prometheus and node exporter: what check
# writes is scraped, the alerts fire, and the dashboard has something to show.

load ../e2e/pki_setup
load servers
load units

EXAMPLES=$BATS_TEST_DIRNAME/../../examples/prometheus
DASHBOARD=$EXAMPLES/crlferry-grafana.json

# The machine 127.0.0.1 checks, 127.0.0.2 checked three days ago, and 127.0.0.3
# does not answer.
setup_file() {
	T=$BATS_FILE_TMPDIR/work
	mkdir "$T" && cd "$T" || return 1
	make_pairs
	mkdir collected1 collected2
	check_into collected1
	check_into collected2 --at "$(date -u -d '-3 days' +%FT%TZ)" \
		far-root/far
	sub check --format json >check.json || [ $? -eq 2 ]
	start_peers
}

teardown_file() {
	cd /
	T=$BATS_FILE_TMPDIR/work
	end_servers
}

setup() {
	T=$BATS_FILE_TMPDIR/work
	cd "$T" || return 1
}

teardown() {
	:
}

# make_dated_sub FOLDER NAME OPENSSL-OPTION...: as make_sub, but otherwise signed
make_dated_sub() {
	local folder=$1 name=$2
	shift 2
	make_sub "$folder" "$name"
	openssl ca -config "$folder/ca.cnf" -batch -notext \
		-extensions v3_sub -in "$folder/$name.csr" \
		-out "$folder/$name.pem" "$@" 2>/dev/null
}

# bare_crl FOLDER FILE: a CRL that openssl signs and puts into a store itself
bare_crl() {
	openssl ca -config "$1/ca.cnf" -gencrl -out "$1/crl.pem" 2>/dev/null &&
		openssl crl -in "$1/crl.pem" -outform DER -out "$2"
}

# make_pairs: eight pairs on one machine, one of them retired.  test-root is
# imported; its #2 revokes bad and old, and one store is set back to #1.
make_pairs() {
	local name later
	mkdir -p stores/hash sub/schedules
	make_older_root ca p256
	for name in live bad old back; do
		make_sub ca "$name"
	done
	make_dated_sub ca soon -days 20
	make_dated_sub ca weak -md sha1
	adopt_root ca test-root
	issue_to stick1 --first
	revoke_sub ca bad
	revoke_sub ca old
	issue_to stick2
	make_older_root near p256 "Near Root"
	make_sub near near
	make_sub near gone
	bare_crl near stores/near.crl
	export -f make_root make_sub make_key bare_crl
	faketime -f -240d bash -c 'make_root far p256 "Far Root" &&
		make_sub far far && bare_crl far stores/far.crl'
	later=$(date -u -d '+40 days' +%Y-%m)
	cat >sub/schedules/near.cfg <<-CFG
		version = 1; every = "6 months"; on = "day 15"; from = "$later";
		validity = "7 months"; cushion = "10 days"; remind = "3 months";
	CFG
	write_pairs >sub/crlferry.cfg
	sub import stick1 --quiet
	cp stores/back.crl stores/older.crl
	sub import stick2 --quiet
	cp stores/older.crl stores/back.crl
}

# pair FOLDER NAME [STORE]...: its group in the configuration
pair() {
	local store comma=
	printf '{ name = "%s"; certificate = "%s"; retired = %s; stores = (' \
		"$2" "$T/$1/$2.pem" "$([ "$2" = old ] && echo true ||
			echo false)"
	for store in "${@:3}"; do
		printf '%s { type = "%s"; path = "%s"; }' "$comma" \
			"${store%%:*}" "$T/stores/${store#*:}"
		comma=,
	done
	printf ' ); }'
}

write_pairs() {
	cat <<-CFG
		version = 1;
		state = "state";
		seal = { trusted = ( "$T/ca/seal.pub" ); required = 1; };
		roots = (
		{ name = "test-root"; certificate = "$T/ca/root.pem";
		schedule = "semiannual"; subordinates = (
		$(pair ca live hashdir:hash der:one.crl),
		$(pair ca bad der:bad.crl), $(pair ca old der:old.crl),
		$(pair ca back der:back.crl),
		$(pair ca soon 'der:quo\"te \\ and {brace}.crl'),
		$(pair ca weak der:weak.crl) ); },
		{ name = "near-root"; certificate = "$T/near/root.pem";
		schedule = "near"; subordinates = (
		$(pair near near der:near.crl), $(pair near gone der:gone.crl)
		); },
		{ name = "far-root"; certificate = "$T/far/root.pem";
		schedule = "semiannual"; subordinates = (
		$(pair far far der:far.crl) ); } );
	CFG
}

# check_into FOLDER ARGUMENT...: the command of crlferry-metrics.service
check_into() {
	local folder=$1 command
	shift
	command=$(sed -n 's/^ExecStart=crlferry-sub check //p' \
		"$EXAMPLES/crlferry-metrics.service")
	# shellcheck disable=SC2086	# a list of words
	run --separate-stderr sub check \
		${command//\/var\/lib\/prometheus\/node-exporter/$folder} "$@"
	[ "$status" -eq 2 ] && [ -z "$output" ] || {
		echo "$status: $output, $stderr"
		return 1
	}
}

# The configuration and the rules that are shipped, but for the addresses, for
# a second instead of a minute, and for alerts that do not wait.
start_peers() {
	local port i
	port=$(free_port)
	echo "$port" >exporter.port
	for i in 1 2; do
		start "exporter$i" prometheus-node-exporter \
			--collector.disable-defaults --collector.textfile \
			--collector.textfile.directory="$T/collected$i" \
			--web.listen-address="127.0.0.$i:$port"
	done
	mkdir prometheus
	cp "$EXAMPLES"/*.yml prometheus/
	sed -i 's/^\( *for: \).*/\10s/' prometheus/crlferry-alerts.yml
	sed -i -e "s/\"issuing-1.example.org:9100\"/\"127.0.0.1:$port\", \
\"127.0.0.2:$port\", \"127.0.0.3:$port\"/" -e 's/: 1m$/: 1s/' \
		-e '1i global: { evaluation_interval: 1s }' \
		prometheus/prometheus.yml
	promtool check config prometheus/prometheus.yml
	port=$(free_port)
	start prometheus prometheus --config.file=prometheus/prometheus.yml \
		--storage.tsdb.path=tsdb --web.listen-address="127.0.0.1:$port"
	echo "$port" >port
	wait_for prometheus has_seen_all
}

# has_seen_all: all three are scraped, and every rule has seen it
has_seen_all() {
	[ "$(query 'count(up{job="crlferry"} + on () group_left ()
		(count(instance:crlferry_check:missing) == 1) + on ()
		group_left () (count(ALERTS{alertname="CrlferryNoReport",
		alertstate="firing"}) == 1))' | jq -r '.[0].value[1]')" = 3 ] &&
		[ "$(query 'job:crlferry_check_timestamp_seconds:count' |
			jq -r '.[0].value[1]')" = 2 ]
}

# fetch URL [KEY VALUE]...: what is there
fetch() {
	perl -MHTTP::Tiny -e 'my ($url, @query) = @ARGV;
		my $http = HTTP::Tiny->new(timeout => $ENV{HANG_S});
		my $answer = $http->get("$url?" .
		    $http->www_form_urlencode(\@query));
		print $answer->{content};
		exit(!$answer->{success})' "$@"
}
export HANG_S

# api PATH [KEY VALUE]...: what Prometheus answers
api() {
	fetch "http://127.0.0.1:$(cat port)/api/v1/$1" "${@:2}"
}

# query EXPRESSION: its result, as JSON
query() {
	api query query "$1" | jq -c '.data.result'
}

# lines FILTER: of a result, one for each sample, sorted
lines() {
	jq -r ".[] | $1" | sort
}

# same NAME: the files NAME.want and NAME.have are equal, and not empty
same() {
	[ -s "$1.want" ] && diff "$1.want" "$1.have"
}

# expressions: those of the dashboard, one a line, as Grafana would send them
expressions() {
	jq -r '.panels[].targets[].expr' "$DASHBOARD" | sed 's/\$root/.*/g'
}

@test "promtool has nothing to say of the metrics" {
	local file
	for file in collected*/crlferry.prom; do
		run promtool check metrics <"$file"
		echo "$output"
		[ "$status" -eq 0 ] && [ -z "$output" ]
		[ "$(stat -c %a "$file")" = 644 ]
	done
	# and it would: a metric without HELP
	sed '/^# HELP/d' collected1/crlferry.prom >bare.prom
	run promtool check metrics <bare.prom
	[ "$status" -ne 0 ]
}

@test "Prometheus has the states, dates and numbers of check --json" {
	local metric key
	jq -r '.pairs[] | select(.subordinate != "old") |
		"\(.root)/\(.subordinate) \(.state)"' check.json |
		sort >states.want
	query 'crlferry_pair_state{instance="127.0.0.1"} == 1' | lines '.metric |
		"\(.root)/\(.subordinate) \(.state)"' >states.have
	same states
	sort -u <(cut -d' ' -f2 states.want) >kinds.have
	printf '%s\n' behind expired fresh missing revoked upcoming >kinds.want
	same kinds
	for metric in crl_next_update_timestamp_seconds:next_update \
		crl_this_update_timestamp_seconds:this_update \
		crl_number:number; do
		key=${metric#*:}
		jq -r --arg key "$key" '.pairs[] |
			select(.subordinate != "old") | . as $pair | .stores[] |
			select(.[$key] != null) |
			"\($pair.root)/\($pair.subordinate) \(.type):\(.path) " +
			(.[$key] | if $key == "number" then . else
			fromdate | tostring end)' check.json | sort >store.want
		query "crlferry_${metric%:*}{instance=\"127.0.0.1\"}" |
			lines '"\(.metric.root)/\(.metric.subordinate) " +
			"\(.metric.store) \(.value[1])"' >store.have
		same store
		[ "$(wc -l <store.have)" -eq 8 ]
	done
	jq -r '.pairs[] | select(.subordinate != "old") |
		"\(.root)/\(.subordinate) " +
		(.next_ceremony + "T00:00:00Z" | fromdate | tostring)' \
		check.json | sort >ceremony.want
	query 'crlferry_next_ceremony_timestamp_seconds{instance="127.0.0.1"}' |
		lines '"\(.metric.root)/\(.metric.subordinate) \(.value[1])"' \
			>ceremony.have
	same ceremony
}

# not_after FILE: in seconds since 1970
not_after() {
	date -u -d "$(openssl x509 -in "$1" -noout -enddate | cut -d= -f2)" +%s
}

@test "both certificates end when OpenSSL says; what check says of them" {
	local name
	for name in live bad back soon weak; do
		echo "$name root $(not_after ca/root.pem)"
		echo "$name subordinate $(not_after "ca/$name.pem")"
	done | sort >ends.want
	query 'crlferry_certificate_not_after_timestamp_seconds{
		instance="127.0.0.1",root="test-root"}' | lines '"\(
		.metric.subordinate) \(.metric.certificate) \(.value[1])"' \
		>ends.have
	same ends
	printf '%s\n' 'soon subordinate not-after 2' \
		'weak subordinate weak-digest 1' >concerns.want
	query 'crlferry_certificate_concern{root="test-root"} > 0' |
		lines '"\(.metric.subordinate) \(.metric.certificate) \(
		.metric.concern) \(.value[1])"' >concerns.have
	same concerns
}

@test "the alerts that are loaded, and those that fire" {
	api rules | jq -r '.data.groups[].rules[] | select(.health != "ok" or
		.lastError)' >unwell
	[ ! -s unwell ]
	sed -n 's/^ *- alert: //p' "$EXAMPLES/crlferry-alerts.yml" |
		sort >loaded.want
	api rules type alert | jq -r '.data.groups[].rules[].name' |
		sort >loaded.have
	same loaded
	cat >firing.want <<-END
		CrlferryCertificateEndsSoon 127.0.0.1 soon critical
		CrlferryCheckSilent 127.0.0.2 - warning
		CrlferryCheckSilentNearEnd 127.0.0.2 far critical
		CrlferryExpired 127.0.0.1 far critical
		CrlferryExpired 127.0.0.2 far critical
		CrlferryMissing 127.0.0.1 gone critical
		CrlferryNoReport 127.0.0.3 - warning
		CrlferryRevoked 127.0.0.1 bad critical
		CrlferryRolledBack 127.0.0.1 back critical
		CrlferryUpcoming 127.0.0.1 near warning
		CrlferryWeakDigest 127.0.0.1 weak warning
	END
	query 'ALERTS{alertstate="firing"}' | lines '.metric | "\(.alertname) \(
		.instance) \(.subordinate // "-") \(.severity)"' >firing.have
	same firing
	# for a person: no template is left over, none has failed
	api rules type alert | jq -r '.data.groups[].rules[].alerts[] |
		.annotations | .summary, .description' >texts
	[ "$(wc -l <texts)" -eq 22 ]
	run ! grep -nE '[{}<>]|error|NaN|^$' texts
	grep -qxF "near-root/near: the next ceremony is on $(jq -r '.pairs[] |
		select(.subordinate == "near").next_ceremony' check.json)" texts
}

@test "promtool's rule tests pass, and can fail" {
	local name
	for name in alerts fleet; do
		guarded promtool test rules \
			"$EXAMPLES/crlferry-$name.test.yml"
	done
	promtool check rules "$EXAMPLES/crlferry-alerts.yml" \
		"$EXAMPLES/crlferry-fleet.yml"
	promtool check config "$EXAMPLES/prometheus.yml"
	promtool check config "$EXAMPLES/federate.yml"
	mkdir wrong
	cp "$EXAMPLES"/crlferry-fleet*.yml wrong/
	sed -i 's/> bool 26/> bool 27/' wrong/crlferry-fleet.yml
	run promtool test rules wrong/crlferry-fleet.test.yml
	[ "$status" -ne 0 ]
}

@test "each state of the program has one alert, and fresh has none" {
	sed -n 's/^crlferry_pair_state{.*subordinate="live",state="\(.*\)"} [01]$/\1/p' \
		collected1/crlferry.prom | grep -vx fresh | sort >states.want
	grep -o 'crlferry_pair_state{state="[a-z-]*"} == 1' \
		"$EXAMPLES/crlferry-alerts.yml" | cut -d'"' -f2 |
		sort >states.have
	same states
	[ "$(grep -c '^ *- alert: ' "$EXAMPLES/crlferry-alerts.yml")" -eq \
		"$(grep -c '^ *severity: \(warning\|critical\)$' \
			"$EXAMPLES/crlferry-alerts.yml")" ]
	# The board colours every state, and counts the critical ones.
	jq -r '[.. | objects | select(.id? == "mappings") | .value[].options |
		keys[] | select(test("^[a-z-]+$"))] | unique[]' "$DASHBOARD" |
		grep -vx fresh | sort >states.have
	same states
	jq -r '.panels[] | select(.title == "Critical").targets[0].expr' \
		"$DASHBOARD" | grep -o 'state=~"[^"]*"' | cut -d'"' -f2 |
		tr '|' '\n' | sort >critical.have
	sed -n 's/^.*X([A-Z_]*, "\(.*\)", CRITICAL).*/\1/p' \
		"$BATS_TEST_DIRNAME/../../lib/plan/standing.h" |
		sort >critical.want
	same critical
}

@test "the dashboard is well-formed: panels apart, the datasource a variable" {
	jq -e '.uid == "crlferry-fleet" and .id == null and .title != "" and
		.schemaVersion >= 36 and (.panels | length) >= 8' "$DASHBOARD"
	jq -e '[.panels[].id] | length == (unique | length)' "$DASHBOARD"
	jq -e '[.panels[] | .title, .description | select(. == "" or
		. == null)] == []' "$DASHBOARD"
	jq -e '[.panels[].type] | unique - ["stat", "bargauge", "table",
		"timeseries"] == []' "$DASHBOARD"
	jq -e '.panels | all(.targets | [.[].refId] |
		length > 0 and length == (unique | length))' "$DASHBOARD"
	# nothing beyond 24 columns, and no two panels in one place
	jq -e '.panels | map(.gridPos) | all(.x >= 0 and .y >= 0 and .w > 0 and
		.h > 0 and .x + .w <= 24)' "$DASHBOARD"
	jq -e '[.panels[] | .id as $id | .gridPos as $p |
		range($p.x; $p.x + $p.w) as $x |
		range($p.y; $p.y + $p.h) as $y | [$x, $y]] |
		length == (unique | length)' "$DASHBOARD"
	jq -e '[.. | objects | .datasource? // empty | select(.uid !=
		"-- Grafana --")] | length > 20 and
		all(. == {type: "prometheus", uid: "${datasource}"})' \
		"$DASHBOARD"
	jq -e '[.templating.list[] | "\(.name) \(.type)"] ==
		["datasource datasource", "root query"]' "$DASHBOARD"
}

@test "every expression of the dashboard has an answer from Prometheus" {
	local expression count=0
	while read -r expression; do
		run query "$expression"
		echo "$expression: $output"
		[ "$status" -eq 0 ]
		[ "$(jq length <<<"$output")" -gt 0 ]
		count=$((count + 1))
	done < <(expressions)
	[ "$count" -eq "$(jq '[.panels[].targets[]] | length' "$DASHBOARD")" ]
	[ "$count" -ge 20 ]
	# so that nothing in them is not known to Prometheus
	expressions | grep -oE '[a-z]*:?crlferry[a-z_]*(:[a-z]+)?' |
		sort -u >names.want
	api label/__name__/values | jq -r '.data[]' | sort -u |
		comm -12 names.want - >names.have
	same names
	expressions | grep -oE '[a-z_]+(=|=~|!=)"|(by|ignoring|without) \([a-z]+\)' |
		sed -E 's/[!=~]+"//; s/.*\((.*)\)/\1/' | sort -u >labels.want
	api labels | jq -r '.data[]' | sort -u |
		comm -12 labels.want - >labels.have
	same labels
}

@test "a central Prometheus gets what the board shows, and no more" {
	fetch "http://127.0.0.1:$(cat port)/federate" "match[]" \
		"$(sed -n "s/^ *match\[\]: \['\(.*\)'\]/\1/p" \
			"$EXAMPLES/federate.yml")" >federated
	expressions | grep -oE '[a-z]+:crlferry[a-z_]*:[a-z]+' |
		sort -u >names.want
	sed -n 's/^# TYPE \([^ ]*\) .*/\1/p' federated | sort -u >names.have
	same names
	run ! grep '^crlferry' federated
}

@test "the old file stays when the check itself fails" {
	cp collected1/crlferry.prom before
	run sub check --quiet --format prometheus --config /dev/null \
		--output collected1/crlferry.prom
	[ "$status" -eq 3 ]
	[[ $output == *": config: "* ]] || [[ $output == *": format: "* ]]
	cmp before collected1/crlferry.prom
	[ "$(find collected1 -type f | wc -l)" -eq 1 ]
}

@test "a file that is half written is not collected" {
	local url
	url=http://127.0.0.1:$(cat exporter.port)/metrics
	mkdir half
	strace -f -o half/trace -e trace=openat "$SUB_PROGRAM" check --quiet \
		--format prometheus --config sub/crlferry.cfg \
		--output collected1/crlferry.prom || [ $? -eq 2 ]
	sed -n 's,.*"\(collected1/.*\)".*O_CREAT.*,\1,p' half/trace >half/names
	[ "$(wc -l <half/names)" -eq 1 ]
	echo 'crlferry_half 1' >"$(cat half/names)"
	fetch "$url" >half/served
	grep -q '^crlferry_check_timestamp_seconds ' half/served
	run ! grep '^crlferry_half' half/served
	mv "$(cat half/names)" collected1/half.prom
	fetch "$url" >half/served
	grep -q '^crlferry_half' half/served
	rm collected1/half.prom
}

@test "units and cron line run the same command" {
	local file command
	command=$(sed -n 's/^ExecStart=//p' \
		"$EXAMPLES/crlferry-metrics.service")
	for file in crlferry.cron README.md; do
		echo "$file"
		grep -qF "$command" "$EXAMPLES/$file"
	done
	# cron mails what it prints: nothing of pairs, all of a check that fails
	sed -n 's/^7 [* ]* root //p' "$EXAMPLES/crlferry.cron" | sed \
		-e "s,crlferry-sub check,$SUB_PROGRAM check --config \$1," \
		-e "s,/var/lib/prometheus/node-exporter,$T/collected1," >job
	run sh job sub/crlferry.cfg
	echo "$output"
	[ -z "$output" ]
	run sh job /dev/null
	[[ $output == "crlferry-sub: "*"remedy: "* ]]
	mkdir units
	cp "$EXAMPLES"/*.service "$EXAMPLES"/*.timer units/
	sed -i "s,^ExecStart=crlferry-sub,ExecStart=$SUB_PROGRAM," \
		units/*.service
	verify_units
	systemd-analyze security --no-pager --offline=yes --threshold=20 \
		units/crlferry-metrics.service
}
