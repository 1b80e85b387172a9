# SPDX-License-Identifier: ISC
# The set-up of a file whose tests of crlferry-root each have a new folder.  A
# file that wants more has a setup of its own, which begins with make_folder.
# shellcheck shell=bash

load "$BATS_TEST_DIRNAME/../e2e/helpers"
load "$BATS_TEST_DIRNAME/../e2e/root_helpers"

setup() {
	make_folder
}

teardown() {
	remove_folder
}
