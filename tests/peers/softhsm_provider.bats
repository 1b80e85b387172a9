#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Every case of softhsm.bats once more as on a machine without libp11's engine.

load token_helpers

@test "all of softhsm.bats through pkcs11-provider" {
	local log=$BATS_TEST_TMPDIR/log
	has_engine || skip "softhsm.bats itself has gone through the provider"
	[ -e "$(modules_folder)/pkcs11.so" ] ||
		skip "pkcs11-provider is not there: Debian has it from 13 on"
	unshare -m true 2>/dev/null ||
		skip "a mount namespace of its own cannot be made here"
	# Without what the outer bats has told its children.
	# shellcheck disable=SC2016	# the inner shell expands these
	env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME="$HOME" BUILD="$BUILD" \
		LC_ALL="${LC_ALL-C.UTF-8}" unshare -m \
		sh -c 'mount -t tmpfs none "$1" && exec bats --tap "$2"' sh \
		"$(engines_folder)" "$BATS_TEST_DIRNAME/softhsm.bats" \
		>"$log" 2>&1 || { cat "$log"; false; }
	cat "$log"
	[ "$(grep -c '^ok ' "$log")" -eq \
		"$(grep -c '^@test' "$BATS_TEST_DIRNAME/softhsm.bats")" ]
	run grep '# skip' "$log"
	[ "$status" -eq 1 ]
}
