# SPDX-License-Identifier: ISC
# The set-up of a file whose tests each have a copy, at the same place, of the
# folder that make_work fills once.  A file that wants more has a make_work, a
# setup, or a teardown of its own, with restore_work and leave_work in them.
# shellcheck shell=bash

load "$BATS_TEST_DIRNAME/../e2e/helpers"

SAVED=$BATS_FILE_TMPDIR/saved

setup_file() {
	T=$BATS_FILE_TMPDIR/work
	mkdir "$T" && cd "$T" || return 1
	make_work
	cd "$BATS_FILE_TMPDIR" && cp -a work "$SAVED"
}

setup() {
	restore_work
}

teardown() {
	leave_work
}

restore_work() {
	T=$BATS_FILE_TMPDIR/work
	rm -rf "$T"
	cp -a "$SAVED" "$T"
	cd "$T" || return 1
}

# leave_work: no process stays in a folder that goes away, and nothing mounted
leave_work() {
	cd "$BATS_FILE_TMPDIR" || return 1
	[ -z "${T:-}" ] || unmount_all
}
