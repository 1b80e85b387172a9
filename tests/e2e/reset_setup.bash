# SPDX-License-Identifier: ISC
# The set-up of a file whose tests each have the PKI of reset_helpers.bash.
# shellcheck shell=bash

load "$BATS_TEST_DIRNAME/../e2e/notes_setup"
load "$BATS_TEST_DIRNAME/../e2e/reset_helpers"

make_work() {
	make_reset_pki
}
