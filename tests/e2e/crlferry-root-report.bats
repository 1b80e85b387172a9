#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-root report: one page, of what the archive and the ledger prove.

load root_setup

setup() {
	make_folder
	old_root ca p256
	make_sub ca one
	adopt_root ca corp --subordinate one=ca/one.pem
	root ca issue --first --quiet
}

# known: the CRLs that the page knows of, the newest first
known() {
	sed -n '/id="crls"/,/id="ends"/p' page |
		grep -oE '<td>CRL [0-9]+(, an emergency)?' | cut -c 5-
}

@test "the archive's CRLs, an emergency called one" {
	root ca issue --emergency --why '<b>leak</b>' --quiet
	root ca issue --quiet
	before=$(digest_of ca)
	root ca report >page
	[ "$before" = "$(digest_of ca)" ]
	[ "$(known)" = $'CRL 3\nCRL 2, an emergency\nCRL 1' ]
	grep -q "ca/state/corp/archive/000001.crl" page
	grep -q 'the root&#39;s archive' page
	tail -n 1 page | grep -qx '</html>'
}

@test "older ones than are shown, damaged ones and a damaged ledger are told" {
	for _ in {2..14}; do
		root ca issue --quiet
	done
	root ca report >page
	[ "$(known | wc -l)" -eq 12 ]
	grep -q 'Older CRLs are in the archive and are not shown' page
	flip ca/state/corp/archive/000013.crl 40
	root ca report >page
	[[ $(known) != *'CRL 13'* ]]
	grep -q 'Not all of the archive can be shown: .*000013.crl' page
	sed -i '1s/issue/essue/' ca/state/ledger.jsonl
	root ca report >page 2>said
	[ "$(known | wc -l)" -eq 12 ]
	grep -q 'whether the last CRL was an emergency is not known' page
}

@test "what it is asked for is checked as by plan" {
	refused ca 66 missing root ca report nobody
	refused ca 64 usage root ca report --years 0
	refused ca 66 missing root ca report --output none/page.html
	sed -i 's/"semiannual"/"gap"/' ca/crlferry.cfg
	cat >ca/gap.cfg <<-'END'
		every = "6 months"; from = "2026-01"; validity = "5 months";
		cushion = "3 weeks";
	END
	refused ca 78 config root ca report --output page.html
	[ ! -e page.html ]
}
