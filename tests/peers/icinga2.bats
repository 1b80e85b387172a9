#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# examples/icinga2, with the real Icinga 2: a host for each state of a pair, and
# what Icinga makes of it (state, text, performance data, graph) is what check
# prints.  --at makes the states.

load ../e2e/pki_setup
load servers

CONF=$BATS_TEST_DIRNAME/../../examples/icinga2/crlferry.conf

setup_file() {
	T=$BATS_FILE_TMPDIR/work
	mkdir "$T" && cd "$T" || return 1
	make_pki
	make_states
	start_graph
	start_icinga
	wait_for icinga all_are_checked
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

# at DATE-EXPRESSION: as --at has it
at() {
	date -u -d "$1" +%FT%TZ
}

# as_icinga COMMAND...: as the user that Icinga runs its checks as
as_icinga() {
	if [ "$(id -u)" -eq 0 ]; then
		setpriv --reuid=nagios --regid=nagios --clear-groups "$@"
	else
		"$@"
	fi
}

# state NAME STATUS TIME [CONFIG]: a line of the table of hosts
state() {
	echo "$1 $2 $3 ${4:-$T/sub/crlferry.cfg}" >>states
}

# config NAME SED-SCRIPT: sub/NAME.cfg
config() {
	sed "$2" sub/crlferry.cfg >"sub/$1.cfg"
}

# stores NAME: a copy of them, for the configuration sub/NAME.cfg
stores() {
	cp -a stores "$1"
	config "$1" "s,/stores/,/$1/,"
}

# What the programs need where Icinga's user can reach it, and the hosts.
make_states() {
	local ceremony end now
	mkdir bin sub/schedules
	cp "$SUB_PROGRAM" bin/crlferry-sub
	cp "$BATS_TEST_DIRNAME/../../schedules/semiannual.cfg" sub/schedules/
	sub check --format json >fresh.json
	ceremony=$(jq -r '.pairs[0].next_ceremony' fresh.json)
	end=$(jq -r '.pairs[0].next_update' fresh.json)
	now=$(at now)
	stores gone
	rm -r gone/hash/* gone/all.pem gone/one.crl
	stores closed
	chmod 000 closed/one.crl
	stores noted
	ln -s nowhere "noted/hash/$(hash_of ca/root.pem).r1"
	stores damaged
	echo garbage >damaged/one.crl
	state fresh 0 "$now"
	state noted 0 "$now" "$T/sub/noted.cfg"
	state upcoming 1 "$(at "$ceremony - 1 day")"
	state overdue 1 "$(at "$ceremony + 5 days")"
	state expiring 1 "$(at "$end - 10 days")"
	state critical 2 "$(at "$end - 2 days")"
	state expired 2 "$(at "$end + 1 day")"
	state missing 2 "$now" "$T/sub/gone.cfg"
	state invalid 2 "$now" "$T/sub/damaged.cfg"
	state unreadable 3 "$now" "$T/sub/closed.cfg"
	state unconfigured 3 "$now" "$T/sub/none.cfg"
}

# What a graph is drawn of, as Icinga sends it: Graphite's lines, in graph.log.
start_graph() {
	GRAPH=$(free_port)
	start graph perl -MIO::Socket::INET -e '
		$| = 1;
		my $listener = IO::Socket::INET->new(Listen => 1, ReuseAddr => 1,
		    LocalAddr => "127.0.0.1", LocalPort => $ARGV[0]) or die;
		while (my $peer = $listener->accept) {
			print "connected\n";
			print while <$peer>;
		}' "$GRAPH"
}

# The configuration of a small Icinga, with the example as it is shipped.
write_icinga() {
	local name at config
	cat <<-CFG
		const NodeName = "localhost"
		const ZoneName = NodeName
		const CrlferrySub = "$T/bin/crlferry-sub"
		include <itl>
		include "$CONF"
		object Endpoint NodeName { }
		object Zone ZoneName { endpoints = [ NodeName ] }
		object CheckerComponent "checker" { }
		object ApiListener "api" {
			bind_host = "127.0.0.1"
			bind_port = $PORT
		}
		object ApiUser "test" {
			password = "only on loopback"
			permissions = [ "objects/query/Service", "actions/*" ]
		}
		object GraphiteWriter "graph" { port = $GRAPH }
		object PerfdataWriter "perfdata" {
			service_perfdata_path = "$T/icinga/perfdata"
			service_temp_path = "$T/icinga/perfdata.new"
			host_perfdata_path = "$T/icinga/hosts"
			host_temp_path = "$T/icinga/hosts.new"
			rotation_interval = 1s
		}
	CFG
	while read -r name _ at config; do
		cat <<-CFG
			object Host "$name" {
				check_command = "dummy"
				vars.crlferry = true
				vars.crlferry_config = "$config"
				vars.crlferry_at = "$at"
			}
		CFG
	done <states
	cat <<-CFG
		object Host "each" {
			check_command = "dummy"
			vars.crlferry_each = [ "test-root/live", "test-root" ]
			vars.crlferry_config = "$T/sub/crlferry.cfg"
			vars.crlferry_verbose = true
		}
	CFG
}

start_icinga() {
	local define=() one
	PORT=$(free_port)
	mkdir -p icinga/{config,data/certs,log,cache,spool,run/icinga2}
	openssl req -x509 -newkey rsa:2048 -noenc -subj /CN=localhost \
		-addext subjectAltName=DNS:localhost -days 2 \
		-keyout icinga/data/certs/localhost.key \
		-out icinga/data/certs/localhost.crt 2>/dev/null
	cp icinga/data/certs/localhost.crt icinga/data/certs/ca.crt
	write_icinga >icinga.conf
	for one in Config Data Log Cache Spool InitRun; do
		define+=(-D "${one}Dir=$T/icinga/$(tr '[:upper:]' '[:lower:]' \
			<<<"${one#Init}")")
	done
	chmod 755 . "$BATS_FILE_TMPDIR" "$BATS_RUN_TMPDIR"
	if [ "$(id -u)" -eq 0 ]; then
		chown -R nagios:nagios icinga
	else
		define+=(-D "RunAsUser=$(id -un)" -D "RunAsGroup=$(id -gn)")
	fi
	icinga2 daemon -C -c icinga.conf "${define[@]}" >validated 2>&1 || {
		cat validated
		return 1
	}
	start icinga icinga2 daemon -c icinga.conf "${define[@]}"
	echo "$PORT" >port
}

# api METHOD PATH [JSON]: what Icinga's API answers
api() {
	python3 -c '
import base64, ssl, sys, urllib.request
port, method, path, body = sys.argv[1:]
trust = ssl.create_default_context(cafile="icinga/data/certs/ca.crt")
word = base64.b64encode(b"test:only on loopback").decode()
request = urllib.request.Request(f"https://localhost:{port}/v1/{path}",
    method=method, data=body.encode() or None, headers={
    "Authorization": "Basic " + word, "Accept": "application/json"})
with urllib.request.urlopen(request, context=trust, timeout=60) as answer:
    sys.stdout.write(answer.read().decode())' \
		"$(cat port)" "$1" "$2" "${3:-}"
}

# all_are_checked: every service, by our asking, once the graph is connected
all_are_checked() {
	if [ ! -e asked ]; then
		grep -q connected graph.log &&
			api POST actions/reschedule-check '{"type": "Service",
			"filter": "true", "force": true}' >/dev/null 2>&1 ||
			return 1
		: >asked
	fi
	api GET objects/services >services.json
	jq -e '.results | length > 0 and
		all(.attrs.last_check_result != null)' services.json
}

# of HOST SERVICE JQ-FILTER: of its attributes
of() {
	jq -r --arg host "$1" --arg service "$2" ".results[].attrs |
		select(.host_name == \$host and .name == \$service) | $3" \
		services.json
}

# printed NAME: by the very command, as Icinga's user, with its status
printed() {
	local at config
	read -r _ _ at config < <(grep "^$1 " states)
	run --separate-stderr as_icinga bin/crlferry-sub check --config "$config" --at "$at"
}

# data TEXT: what stands behind the bar, without quotes
data() {
	sed -n "1s/.*| //p" <<<"$1" | tr -d "'"
}

@test "state and text: Icinga has what check prints, in every state" {
	local name want
	while read -r name want _; do
		printed "$name"
		echo "$name: $status: $output"
		[ "$status" -eq "$want" ]
		[ "$(of "$name" crlferry .state)" -eq "$want" ]
		[ "$(of "$name" crlferry .last_check_result.exit_status)" \
			-eq "$want" ]
		# and behind it what is on standard error
		[ "$(of "$name" crlferry .last_check_result.output |
			sed 's/ *$//')" = "$(sed 's/ *|.*//' <<<"$output
$stderr" | sed '$ { /^$/d }')" ]
	done <states
}

@test "the text names the state, what stops, and who may not read" {
	local name
	for name in fresh upcoming overdue expiring expired missing invalid; do
		[[ $(of "$name" crlferry .last_check_result.output) == \
			*"test-root/live"*"$name"* ]]
	done
	[[ $(of critical crlferry .last_check_result.output) == \
		"CRLFERRY CRITICAL - test-root/live"* ]]
	[ "$(id -u)" -ne 0 ] ||
		[[ $(of unreadable crlferry .last_check_result.output) == \
			*"closed/one.crl as nagios: Permission denied"* ]]
	[[ $(of unconfigured crlferry .last_check_result.output) == \
		"CRLFERRY UNKNOWN - "*"none.cfg"* ]]
}

@test "performance data: the same, U where there is no CRL" {
	local name
	while read -r name _; do
		printed "$name"
		echo "$name: $(data "$output")"
		[ "$(of "$name" crlferry \
			'.last_check_result.performance_data | join(" ")')" = \
			"$(data "$output")" ]
	done <states
	[ "$(of missing crlferry '.last_check_result.performance_data[0]')" = \
		test-root/live=U ]
	# as the files have it that PNP and the like read
	find icinga -name 'perfdata*' -exec cat {} + >perfdata
	grep -F 'HOSTNAME::missing' perfdata |
		grep -qF 'SERVICEPERFDATA::test-root/live=U'
	printed expired
	grep -F 'HOSTNAME::expired' perfdata |
		grep -qF "SERVICEPERFDATA::$(data "$output")"
}

# drawn HOST: the value that is sent to Graphite
drawn() {
	sed -n "s/^icinga2\.$1\.services\.crlferry\.crlferry\.perfdata\.[^ ]*\
\.value \([^ ]*\) .*/\1/p" graph.log | sort -u
}

is_drawn() {
	[ -n "$(drawn "$1")" ]
}

@test "the graph: seconds until the end, below zero behind it, no dot for U" {
	local name
	for name in fresh upcoming overdue expiring critical expired; do
		wait_for icinga is_drawn "$name"
		printed "$name"
		echo "$name: $(drawn "$name"), $output"
		[ "$(drawn "$name")" = "$(data "$output" |
			sed 's/.*=\(-*[0-9]*\)s;.*/\1/')" ]
	done
	[ "$(drawn expired)" = -86400 ]
	[ -z "$(drawn missing)" ]
	[ -z "$(drawn unconfigured)" ]
}

@test "a service for each pair, and verbose: the command is as it should be" {
	local each
	each=$(of each "crlferry test-root/live" .last_check_result.command)
	jq -e --arg config "$T/sub/crlferry.cfg" --arg program \
		"$T/bin/crlferry-sub" '. == [$program, "check", "--config",
		$config, "--verbose", "test-root/live"]' <<<"$each"
	[ "$(of each "crlferry test-root/live" .state)" -eq 0 ]
	[[ $(of each "crlferry test-root" .last_check_result.output) == \
		"CRLFERRY OK - "*$'\n'*"stores/one.crl"* ]]
}

@test "Icinga took the configuration without a warning" {
	run ! grep -iE 'warning|critical' validated
}
