#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A monitoring user who may not read the state folder (FAULTS 60): nobody knows
# then whether a store is behind, and check says so.

load ../e2e/pki_setup

make_work() {
	make_pki
	# a store that is behind, in a folder that this user can reach
	cp -a stores stores.before
	sub import stick2 --quiet
	rm -r stores
	mv stores.before stores
	mkdir -p bin sub/schedules
	cp "$SUB_PROGRAM" bin/crlferry-sub
	cp "$BATS_TEST_DIRNAME"/../../schedules/*.cfg sub/schedules/
}

setup() {
	restore_work
	[ "$(id -u)" -eq 0 ] || skip "only root can become another user"
	chmod 755 . "$BATS_FILE_TMPDIR" "$BATS_RUN_TMPDIR"
	MONITOR=(setpriv --reuid=65534 --regid=65534 --clear-groups)
	"${MONITOR[@]}" test -x bin/crlferry-sub ||
		skip "the tests' folder is closed"
	WAS=$(snapshot sub stores)
}

# monitor VERB [ARGUMENT]...: as that user
monitor() {
	local verb=$1
	shift
	run --separate-stderr "${MONITOR[@]}" bin/crlferry-sub "$verb" --config sub/crlferry.cfg \
		"$@"
}

# unknown FOLDER: check cannot tell, and who must be let in where
unknown() {
	local said=": permissions: $1: user 65534 may not read this folder"
	monitor check
	[ "$status" -eq 3 ] || {
		echo "want status 3, have $status: $output"
		return 1
	}
	[[ ${lines[0]} == "CRLFERRY UNKNOWN - permissions: $1: user 65534 "* ]]
	[ "${#lines[@]}" -eq 1 ]
	[[ $stderr == *"crlferry-sub$said"*"chmod go+rx $1"* ]]
	[[ $stderr == *"chgrp GROUP $1 "* ]]
	monitor check --format json
	[ "$status" -eq 3 ]
	[[ $stderr == *"$said"* ]]
	monitor check --format prometheus
	[ "$status" -eq 3 ]
	monitor status
	[ "$status" -eq 77 ]
	[[ $stderr == *"$said"* ]]
	monitor plan
	[ "$status" -eq 77 ]
}

@test "the modes that import makes are enough: behind is seen" {
	monitor check
	[ "$status" -eq 2 ]
	[[ $output == "CRLFERRY CRITICAL - test-root/live behind: "* ]]
	monitor status
	[ "$status" -eq 0 ]
	[ "$WAS" = "$(snapshot sub stores)" ]
}

@test "STATE/<root> closed: UNKNOWN, and the way out" {
	chmod 700 sub/state/test-root
	unknown sub/state/test-root
	# to list it is not enough
	chmod 744 sub/state/test-root
	unknown sub/state/test-root
	# and that is the way out
	chmod go+rx sub/state/test-root
	monitor check
	[ "$status" -eq 2 ]
}

@test "STATE closed: UNKNOWN, and the way out" {
	chmod 700 sub/state
	unknown sub/state
	chmod 744 sub/state
	unknown sub/state
	chgrp 65534 sub/state
	chmod g+rx sub/state
	monitor check
	[ "$status" -eq 2 ]
}

@test "accepted.json closed, or orders.json: UNKNOWN" {
	chmod 600 sub/state/test-root/accepted.json
	monitor check
	[ "$status" -eq 3 ]
	[[ $output == *"sub/state/test-root/accepted.json: cannot open it: "* ]]
	chmod 644 sub/state/test-root/accepted.json
	echo '{}' >sub/state/test-root/orders.json
	chmod 600 sub/state/test-root/orders.json
	monitor check
	[ "$status" -eq 3 ]
	[[ $output == *"sub/state/test-root/orders.json: cannot open it: "* ]]
}
