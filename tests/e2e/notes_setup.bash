# SPDX-License-Identifier: ISC
# The set-up of a file whose tests each have the PKI of note_helpers.bash.
# shellcheck shell=bash

load "$BATS_TEST_DIRNAME/../e2e/work_setup"
load "$BATS_TEST_DIRNAME/../e2e/root_helpers"
load "$BATS_TEST_DIRNAME/../e2e/note_helpers"

make_work() {
	make_notes_pki
}
