#!/usr/bin/env bats
# SPDX-License-Identifier: ISC

load pages

@test "README.md: five minutes, from the CA's folder to openssl's own word" {
	runs README.md
}
