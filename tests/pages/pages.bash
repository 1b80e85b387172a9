# SPDX-License-Identifier: ISC
# What the tests of the pages share: doc/*.md, README.md and the examples of
# the manual pages are run, and print what they show.
# shellcheck shell=bash

setup() {
	[ "$(id -u)" -eq 0 ] || skip "only root can make machines"
}

# runs PAGE: relative to the tree
runs() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	sh tests/forget_faketime.sh
	tests/pages/machines tests/pages/run_page "$1"
}
