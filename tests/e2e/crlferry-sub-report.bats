#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-sub report: one page, of what this machine can prove.

load pki_setup

# page [OPTION]...: into `page`
page() {
	sub report "$@" >page 2>said
}

# known: the CRLs that the page knows of, the newest first
known() {
	sed -n '/id="crls"/,/id="ends"/p' page |
		grep -oE '<td>(CRL [0-9]+|a CRL without a number)' | cut -c 5-
}

@test "the page goes to stdout, or whole into a file" {
	local before
	before=$(snapshot sub stores)
	page
	[ "$before" = "$(snapshot sub stores)" ]
	head -n 1 page | grep -qx '<!DOCTYPE html>'
	tail -n 1 page | grep -qx '</html>'
	sub report --output out.html >said
	[ ! -s said ]
	[ "$(stat -c %a out.html)" = 644 ]
	diff <(sed '/Made at/d' page) <(sed '/Made at/d' out.html)
	# A file that cannot be made leaves the old one.
	chattr +i out.html 2>/dev/null || skip "no immutable files here"
	run sub report --output out.html
	chattr -i out.html
	[ "$status" -eq 74 ] || [ "$status" -eq 77 ]
	tail -n 1 out.html | grep -qx '</html>'
	leaves_nothing
}

@test "what it is asked for is checked as by plan" {
	keeps 66 missing sub report nobody
	keeps 64 usage sub report --years 0
	keeps 64 usage sub report --years 51
	keeps 64 usage sub report --at tomorrow
	keeps 64 usage sub report --json
	keeps 66 missing sub report --output none/page.html
	page test-root --years 1 --at 2026-01-01
	[ "$(grep -c '<caption>[A-Z][a-z]* 202[67]</caption>' page)" -eq 13 ]
}

@test "of the past it shows what it still has, and only that" {
	page
	[ "$(known)" = "CRL 1" ]
	import stick2 --quiet
	page
	# The first is in `previous`, beside what is no CRL of this root.
	[ "$(known)" = $'CRL 2\nCRL 1' ]
	rm -r sub/state/test-root/previous
	page
	[ "$(known)" = "CRL 2" ]
	# A CRL that another key signed under that name is none.
	mkdir -p sub/state/test-root/previous/pem-00000000
	make_root evil p256
	openssl ca -config evil/ca.cnf -gencrl \
		-out sub/state/test-root/previous/pem-00000000/a.pem 2>/dev/null
	echo rubbish >sub/state/test-root/previous/pem-00000000/b.pem
	page
	[ "$(known)" = "CRL 2" ]
	# One that cannot be looked at is told.
	chmod 666 sub/state/test-root/previous/pem-00000000/a.pem
	page
	grep -q 'Not all that imports have replaced can be shown: .*mode' page
}

@test "every state has its word, and what is noticed is on the page" {
	page --at 2090-01-01
	grep -q 'class="state s2">expired<' page
	rm stores/one.crl
	page
	grep -q 'class="state s2">missing<' page
	grep -q 'no CRL of this root' page
	import stick1 --quiet
	cp "$(crl_of stick2)" stores/one.crl
	page
	grep -q '<h2 id="noticed">' page
	grep -q 'is newer than what was accepted' page
	grep -q 'is newer than what was accepted' said
}

@test "a user who may only read can make it" {
	chmod -R a+rX . sub/state
	chmod a+rx "$BATS_RUN_TMPDIR" "$BATS_FILE_TMPDIR"
	setpriv --reuid=65534 --regid=65534 --clear-groups "$SUB_PROGRAM" \
		report --config sub/crlferry.cfg >page
	[ "$(known)" = "CRL 1" ]
	chmod 700 stores/hash
	setpriv --reuid=65534 --regid=65534 --clear-groups "$SUB_PROGRAM" \
		report --config sub/crlferry.cfg >page
	grep -q 'class="state s3">unreadable<' page
	grep -q '</code></td><td>not known</td>' page
}
