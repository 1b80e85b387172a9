# SPDX-License-Identifier: ISC
# Reads and writes that move fewer octets than asked for, or are interrupted.
# shellcheck shell=bash
# output is what `run` of bats leaves
# shellcheck disable=SC2154

SEEDS=10
[ -z "${CRLFERRY_LONG:-}" ] || SEEDS=200

# build_short_write: the shim, once for a file of tests
build_short_write() {
	cc -D_GNU_SOURCE -D_FILE_OFFSET_BITS=64 -O2 -Wall -Wextra -Werror \
		-fPIC -shared -o "$BATS_FILE_TMPDIR/short_write.so" \
		"$BATS_TEST_DIRNAME/short_write.c" -ldl
}

# shortly COMMAND...: under the shim; how often it did something is added up
shortly() {
	SHORT_SEED=$seed SHORT_REPORT=9 LD_PRELOAD=$BATS_FILE_TMPDIR/short_write.so \
		"$@" 9>>report
}

# each_seed COMMAND...: with every seed, after `begin`, and nothing is left
each_seed() {
	for seed in $(seq "$SEEDS"); do
		begin
		"$@" && leaves_nothing || {
			echo "with SHORT_SEED=$seed: $output"
			return 1
		}
	done
	# of each kind, and in each run
	awk '{ short += $1; interrupted += $2 }
		END { print short, "short and", interrupted, "interrupted",
			"calls in", NR, "runs"
			exit !(short > 20 * NR && interrupted > 5 * NR) }' \
		report >sums || {
		cat sums
		return 1
	}
	tried "$(cat sums)"
}
