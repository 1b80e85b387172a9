#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The examples of the manual pages on files and stores.

load pages

@test "crlferry.cfg(5): the examples" {
	runs doc/crlferry.cfg.5
}

@test "crlferry-schedule(5): the examples" {
	runs doc/crlferry-schedule.5
}

@test "crlferry-bundle(5): the examples" {
	runs doc/crlferry-bundle.5
}

@test "crlferry-stores(7): the examples" {
	runs doc/crlferry-stores.7
}
