#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# examples/systemd: systemd and udev understand it, and what it runs runs.

load ../e2e/pki_setup
load units

setup() {
	restore_work
	units=$BATS_TEST_DIRNAME/../../examples/systemd
	mkdir units
	cp "$units"/*.service "$units"/*.timer "$units"/*.mount units/
	# systemd looks for programs where they are installed.
	sed -i "s,^ExecStart=crlferry-sub,ExecStart=$SUB_PROGRAM," \
		units/*.service
}

teardown() {
	leave_work
	[ -z "$readable" ] || rm -rf "$readable"
}

# setting UNIT KEY: its value, one line for each time that it is set
setting() {
	sed -n "s,^$2=,,p" "$units/$1"
}

CONFIG='--config sub/crlferry.cfg'

# command_of UNIT SUBSTITUTION...: its ExecStart as it stands, but for the paths,
# for the programs and for the configuration of this test
command_of() {
	setting "$1" ExecStart | sed "${@:2}" -e \
		"s,^crlferry-sub \([a-z]*\),$SUB_PROGRAM \1 $CONFIG,"
}

# without_network COMMAND...: where nothing of $T can be written but state,
# stores and out, and there is no network: as ProtectSystem=strict has it
without_network() {
	# The inner shell expands these.
	# shellcheck disable=SC2016
	guarded unshare -mn sh -c '
		for folder in sub/state stores out; do
			[ ! -d "$folder" ] ||
				mount --bind "$folder" "$folder" || exit 99
		done
		mount --rbind "$1" "$1" &&
			mount -o remount,bind,ro "$1" || exit 99
		cd "$1" || exit 99
		shift
		exec "$@"' sh "$T" "$@"
}

@test "systemd-analyze verify has nothing to say" {
	verify_units
	[ "$(find units -type f | wc -l)" -ge 8 ]
}

@test "and it would say so" {
	sed -i 's/^Requires=run-/Requires run-/' units/crlferry-import.service
	run verify_units
	[ "$status" -eq 1 ]
	cp "$units/crlferry-import.service" units/
	run verify_units
	[ "$status" -eq 1 ]
	[[ $output == *"crlferry-sub is not executable"* ]]
}

@test "each unit that another names is there, and none is active by itself" {
	local name
	for name in $(cat "$units"/*.service "$units"/*.mount \
		"$units"/*.timer "$units"/*.rules | grep -v '^#' |
		grep -ohE '(run-)?crlferry-[a-z]+@?(%n)?\.(service|mount)' |
		sed 's/%n//' | sort -u); do
		[ -f "$units/$name" ]
	done
	# Timers are enabled by the operator, the import by the rule.
	[ "$(grep -l '^\[Install\]' "$units"/* | grep -cv '\.timer$')" -eq 0 ]
	for name in "$units"/*.timer; do
		grep -q '^WantedBy=timers.target' "$name"
		[ -f "${name%.timer}.service" ]
	done
	grep -q "^SUBSYSTEM" "$units/90-crlferry.rules"
}

@test "a drop-in gives a unit the network, and nothing else" {
	local unit
	for unit in check remind import; do
		mkdir "units/crlferry-$unit.service.d"
		cp "$units/network.conf" "units/crlferry-$unit.service.d/"
	done
	verify_units
	systemd-analyze security --no-pager --offline=yes --threshold=35 \
		units/crlferry-import.service
	systemd-analyze security --no-pager --offline=yes --json=short \
		units/crlferry-import.service >with.json
	rm -r "units/crlferry-import.service.d"
	systemd-analyze security --no-pager --offline=yes --json=short \
		units/crlferry-import.service >without.json
	jq -n --slurpfile a with.json --slurpfile b without.json \
		'[$a[0], $b[0] | map({(.name // .json_field): .set}) | add] |
		[.[0] as $x | .[1] | to_entries[] |
		select(.value != $x[.key]).key] | sort' >changed
	cat changed
	[ "$(jq -r 'join(" ")' changed)" = "PrivateNetwork= \
RestrictAddressFamilies=~AF_(INET|INET6) \
RestrictAddressFamilies=~AF_NETLINK" ]
}

@test "the exposure of what reads a stick stays small" {
	local unit
	for unit in import request check; do
		systemd-analyze security --no-pager --offline=yes \
			--threshold=20 "units/crlferry-$unit.service"
	done
	# Mail may need the network.
	systemd-analyze security --no-pager --offline=yes --threshold=30 \
		units/crlferry-remind.service
	sed -i '/^Protect/d; /^Private/d; /^SystemCall/d' \
		units/crlferry-import.service
	run systemd-analyze security --no-pager --offline=yes --threshold=20 \
		units/crlferry-import.service
	[ "$status" -ne 0 ]
}

@test "the dates of the timers are those that are meant" {
	local unit
	systemd-analyze calendar --iterations=4 --base-time=2026-02-01 \
		"$(setting crlferry-request.timer OnCalendar)" >dates
	[ "$(grep -cE '202[67]-(01|04|07|10)-01 09:00' dates)" -eq 4 ]
	# Every day, and every Monday, also of a machine that was off then.
	systemd-analyze calendar --iterations=9 --base-time=2026-02-01 \
		"$(setting crlferry-check.timer OnCalendar)" >dates
	[ "$(grep -cE '2026-02-0[1-9] 07:30' dates)" -eq 9 ]
	systemd-analyze calendar --iterations=3 --base-time=2026-02-01 \
		"$(setting crlferry-remind.timer OnCalendar)" >dates
	[ "$(grep -cE 'Mon 2026-02-(02|09|16) 08:00' dates)" -eq 3 ]
	for unit in check remind; do
		[ "$(setting "crlferry-$unit.timer" Persistent)" = true ]
		[ "$(setting "crlferry-$unit.service" OnFailure)" = \
			'crlferry-failed@%n.service' ]
	done
}

@test "the mounts are read-only or not, and never executed from" {
	[ "$(setting run-crlferry-medium.mount Options)" = \
		ro,nosuid,nodev,noexec ]
	[ "$(setting run-crlferry-outgoing.mount Options)" = \
		rw,nosuid,nodev,noexec ]
	# What is imported from and written to is what is mounted.
	setting crlferry-import.service ExecStart |
		grep -q " $(setting run-crlferry-medium.mount Where)\$"
	setting crlferry-request.service ExecStart |
		grep -q " $(setting run-crlferry-outgoing.mount Where)\$"
	grep -q "ENV{ID_FS_LABEL}!=\"$(basename \
		"$(setting run-crlferry-medium.mount What)")\"" \
		"$units/90-crlferry.rules"
}

@test "import: its command line, over a stick mounted as the unit says" {
	local command
	unshare -mn true 2>/dev/null || skip "no namespaces can be made here"
	mkdir medium
	command=$(command_of crlferry-import.service \
		-e "s,/run/crlferry/medium,medium,")
	[[ $command == "$SUB_PROGRAM import --config sub/crlferry.cfg medium" ]]
	# shellcheck disable=SC2016
	run unshare -m sh -c 'mount --bind stick2 medium && mount -o \
		"remount,bind,$1" medium && shift && "$@"' sh \
		"$(setting run-crlferry-medium.mount Options)" \
		"$BASH" -c "HANG_S=$HANG_S T=$T; $(declare -f guarded without_network)
		without_network $command"
	echo "$output"
	[ "$status" -eq 0 ]
	all_hold stick2
	# A unit that fails says so.
	rm -r medium && mkdir medium
	run $command
	[ "$status" -eq 66 ]
}

@test "request: its command line, and only state and stick are written" {
	local command
	unshare -mn true 2>/dev/null || skip "no namespaces can be made here"
	"$SUB_PROGRAM" keygen sub/note.key sub/note.pub --no-passphrase --quiet
	sed -i 's|name = "live";|& note_secret = "note.key";|' \
		sub/crlferry.cfg
	mkdir out
	command=$(command_of crlferry-request.service \
		-e "s,/run/crlferry/outgoing,out,")
	[[ $command == "$SUB_PROGRAM request --config sub/crlferry.cfg out" ]]
	# A folder of this machine is no stick, and the command line says so.
	keeps 77 medium $command
	without_network $command --allow-fixed-disk
	minisign -V -q -p sub/note.pub \
		-m out/crlferry/test-root/request-live.json
}

@test "check: its command line, without any right to write" {
	local command state
	command=$(command_of crlferry-check.service)
	[[ $command == "$SUB_PROGRAM check --config sub/crlferry.cfg" ]]
	state=$(snapshot sub stores)
	$command
	# As a user that owns nothing, which DynamicUser makes.
	readable=$(mktemp -d)
	cp -a . "$readable/work"
	chmod 755 "$readable"
	sed -i "s,$T/,$readable/work/,g" "$readable/work/sub/crlferry.cfg"
	if [ "$(id -u)" -eq 0 ]; then
		(cd "$readable/work" && setpriv --reuid=65534 --regid=65534 \
			--clear-groups $command)
	fi
	run faketime '+1 year' $command
	[ "$status" -eq 2 ]
	[[ $output == "CRLFERRY CRITICAL"* ]]
	[ "$state" = "$(snapshot sub stores)" ]
}

# allowed UNIT: every system call that its filter lets through, one a line
allowed() {
	systemd-analyze syscall-filter --no-pager >groups
	# shellcheck disable=SC2046	# a list of words
	perl -e '
		my (%in, $group);
		open(my $file, "<", "groups") or die;
		while (<$file>) {
			if (/^(@\S+)/) { $group = $1; next }
			push(@{$in{$group}}, $1) if $group && /^ +([@\w]\S*)/;
			$group = "" if /^\s*$/;
		}
		sub show {
			my ($name) = @_;
			return print "$name\n" if $name !~ /^@/;
			die "no group $name" if !$in{$name};
			show($_) for @{$in{$name}};
		}
		show($_) for @ARGV;' $(setting "$1" SystemCallFilter)
}

# lets_through UNIT COMMAND...: the filter has every system call it makes
lets_through() {
	local unit=$1
	shift
	strace -f -qq -o trace "$@"
	sed -n 's/^[0-9]* *\([a-z][a-z0-9_]*\)(.*/\1/p' trace | sort -u >calls
	[ "$(wc -l <calls)" -gt 20 ]
	allowed "$unit" | sort -u >allowed
	comm -23 calls allowed >forbidden
	[ ! -s forbidden ] || {
		echo "$unit: want these in SystemCallFilter=:" \
			"$(tr '\n' ' ' <forbidden)"
		return 1
	}
}

@test "the filters of system calls let through what is needed" {
	strace -o /dev/null true 2>/dev/null || skip "strace may not trace here"
	lets_through crlferry-import.service \
		"$SUB_PROGRAM" import --config sub/crlferry.cfg stick2 --quiet
	grep -q '^landlock_restrict_self$' calls ||
		[[ $(uname -r) == [1-4].* || $(uname -r) == 5.[0-9].* ]]
	lets_through crlferry-check.service \
		"$SUB_PROGRAM" check --config sub/crlferry.cfg
	"$SUB_PROGRAM" keygen sub/note.key sub/note.pub --no-passphrase --quiet
	sed -i 's|name = "live";|& note_secret = "note.key";|' \
		sub/crlferry.cfg
	lets_through crlferry-request.service "$SUB_PROGRAM" request stick2 \
		--config sub/crlferry.cfg --allow-fixed-disk --quiet
}

@test "crlferry-failed@.service tells which unit it was" {
	local line
	line=$(setting crlferry-failed@.service ExecStart |
		sed 's/%i/crlferry-check.service/g;
			s/^logger/& --no-act --stderr --socket-errors=off/')
	run bash -c "$line"
	[ "$status" -eq 0 ]
	[[ $output == *"crlferry: crlferry-check.service has failed: \
journalctl -u crlferry-check.service" ]]
}

# plug RULE...: what udev makes of a block device that is plugged in, after
# these rules
plug() {
	local device
	device=$(find /sys/block -name 'loop[0-9]*' -o -name 'vd*' \
		-o -name 'sd*' | head -n 1)
	[ -n "$device" ] || skip "there is no block device here"
	printf '%s\n' "$@" >before.rules
	cp "$units/90-crlferry.rules" .
	# Rules and what udev remembers are this command's alone.
	# shellcheck disable=SC2016
	unshare -m sh -c 'mkdir -p /etc/udev/rules.d &&
		mount -t tmpfs none /etc/udev/rules.d &&
		mount -t tmpfs none /run &&
		mount -t tmpfs none /dev &&
		mknod "/dev/$(basename "$2")" b $(tr : " " <"$2/dev") &&
		cp 90-crlferry.rules /etc/udev/rules.d/ &&
		cp before.rules /etc/udev/rules.d/80-before.rules &&
		exec udevadm test -a "$1" "$2"' sh "${ACTION:-add}" "$device" \
		>plugged 2>&1 </dev/null || skip "udev cannot be asked here"
}

@test "the rule starts the import for the label alone" {
	local stick='ENV{ID_FS_LABEL}="CRLFERRY", ENV{ID_FS_TYPE}="vfat"'
	unshare -m true 2>/dev/null || skip "no namespaces can be made here"
	plug "$stick"
	cat plugged
	grep -q 'SYSTEMD_WANTS=crlferry-import.service' plugged
	grep -q 'UDISKS_AUTO=0' plugged
	grep -q 'TAGS=.*:systemd:' plugged
	# udev names the line of a rule that it cannot read.
	[ "$(grep -c '90-crlferry.rules:[0-9]' plugged)" -eq 0 ]
	for stick in 'ENV{ID_FS_LABEL}="OTHER", ENV{ID_FS_TYPE}="vfat"' \
		'ENV{ID_FS_LABEL}="CRLFERRY", ENV{ID_FS_TYPE}="ntfs"' \
		'ENV{ID_FS_TYPE}="vfat"'; do
		plug "$stick"
		[ "$(grep -c crlferry-import plugged)" -eq 0 ]
	done
	ACTION=remove plug 'ENV{ID_FS_LABEL}="CRLFERRY"' \
		'ENV{ID_FS_TYPE}="vfat"'
	[ "$(grep -c crlferry-import plugged)" -eq 0 ]
	mkdir broken
	sed 's/^TAG+="systemd"/TAGS+="systemd"/' "$units/90-crlferry.rules" \
		>broken/90-crlferry.rules
	units=broken plug "$stick"
	grep '90-crlferry.rules:[0-9]' plugged
}
