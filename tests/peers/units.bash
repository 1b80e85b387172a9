# SPDX-License-Identifier: ISC
# The examples' units, in the folder units.
# shellcheck shell=bash
# output and status are what `run` of bats leaves
# shellcheck disable=SC2154

# verify_units: systemd reads all of them, and finds nothing to say of ours; it
# looks at those of other packages as well
verify_units() {
	run find units -maxdepth 1 -type f -exec \
		systemd-analyze verify --man=no {} +
	output=$(echo "$output" | grep -v '^/lib/systemd/system/' || :)
	[ "$status" -eq 0 ] && [ -z "$output" ] || {
		echo "systemd-analyze verify: $status: $output"
		return 1
	}
}
