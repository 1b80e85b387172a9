#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# The guides around a ceremony: doc/*.md, as their readers follow them.

load pages

@test "first-ceremony.md: from the rehearsal to the reminder" {
	runs doc/first-ceremony.md
}

@test "adopting-a-root.md: openssl ca and easy-rsa, and the CRL in nginx" {
	runs doc/adopting-a-root.md
}

@test "expired-crl.md: from the fright to the end of it" {
	runs doc/expired-crl.md
}

@test "missed-ceremony.md: late, early and in an emergency" {
	runs doc/missed-ceremony.md
}

@test "hsm.md: a key in SoftHSM, its PIN and its neighbours" {
	[ -e /usr/lib/softhsm/libsofthsm2.so ] || skip "SoftHSM is not installed"
	runs doc/hsm.md
}

@test "lost-or-forged-stick.md: what shows it, and new seal keys" {
	runs doc/lost-or-forged-stick.md
}
