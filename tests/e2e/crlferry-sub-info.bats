#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-sub info: shows and verifies, installs nothing.

load pki_setup

info() {
	guarded "$SUB_PROGRAM" info --config sub/crlferry.cfg "$@"
}

# shows ARGUMENT...: exit 0, and nothing changed
shows() {
	local before
	before=$(snapshot sub stores)
	run --separate-stderr info "$@"
	[ "$status" -eq 0 ] && [ "$before" = "$(snapshot sub stores)" ]
}

@test "a medium, a bundle's folder: every fact, nothing installed" {
	local source
	for source in stick2 "$BUNDLE2"; do
		shows "$source"
		[[ $output == *"test-root: CRL #2 is authentic"* ]]
		[[ $output == *"revoked        2"* ]]
		[[ $output == *"sealed by      $(sed -n 's/.* //p;q' \
			ca/seal.pub)"* ]]
		# In groups to be read aloud, in two lines.
		[[ $output == *"SHA-256        $(sha256sum "$(crl_of stick2)" |
			cut -c 1-64 | sed 's/..../& /g; s/ $//
				s/\(.\{39\}\) /\1\n                 /')"* ]]
	done
	all_hold stick1
}

@test "--json: the same for scripts" {
	shows stick2 --json
	jq -e --arg sha "$(sha256sum "$(crl_of stick2)" | cut -d' ' -f1)" \
		--slurpfile manifest "$BUNDLE2/bundle.json" '
		.type == "crlferry-info" and .version == 1 and
		(.bundles | length) == 1 and (.bundles[0] |
		.outcome == "verified" and .number == "2" and
		.sha256 == $sha and .revoked == 2 and
		.next_update == $manifest[0].next_update and
		.this_update == $manifest[0].this_update and
		.next_ceremony == $manifest[0].next_ceremony)' <<<"$output"
}

@test "an older bundle than was accepted is authentic still" {
	import stick2 --quiet
	shows stick1
	[[ $output == *"CRL #1 is authentic"* ]]
	all_hold stick2
}

@test "without any state: it makes none" {
	rm -r sub/state stores
	run info stick2
	[ "$status" -eq 0 ]
	[ ! -e sub/state ]
	[ ! -e stores ]
}

@test "it says loudly that the subordinate is revoked" {
	rm -r sub stores
	make_sub_config ca test-root bad
	shows stick2
	[[ $stderr == *"ATTENTION: subordinate bad is REVOKED"* ]]
}

@test "what import refuses for its content, info refuses as well" {
	flip "$BUNDLE2/bundle.json" 200
	keeps 65 seal info stick2
	flip "$BUNDLE2/bundle.json" 200
	shows stick2
	flip "$BUNDLE2/test-root.crl" 80
	keeps 65 digest info stick2
	flip "$BUNDLE2/test-root.crl" 80
	: >"$BUNDLE2/more"
	keeps 65 format info stick2
	rm "$BUNDLE2/more"
	configure "s/trusted = ( \"RW/trusted = ( \"$(
		"$SUB_PROGRAM" keygen x.key x.pub --no-passphrase --json |
		jq -r '.keys[0].key' | sed 's,/,\\/,g')\" ); # &/"
	keeps 65 seal info stick2
}

@test "a bare CRL: where the root allows it" {
	keeps 65 seal info "$(crl_of stick2)"
	configure 's/ *schedule = /bare = true;\n&/'
	shows "$(crl_of stick2)"
	[[ $output == *"sealed by      nobody"* ]]
	shows "$BUNDLE2/test-root.crl.pem"
}

@test "a bare CRL: of whichever of several roots it is" {
	configure 's/ *schedule = /bare = true;\n&/'
	make_root other p256 "Other Root"
	openssl ca -config other/ca.cnf -gencrl -out other.pem 2>/dev/null
	configure "s,^roots = (,&{ name = \"other\"; certificate = \"$PWD/other/\
root.pem\"; schedule = \"semiannual\"; bare = true; }\,,"
	shows "$(crl_of stick2)"
	[[ $output == *"test-root: CRL #2 is authentic"* ]]
	shows other.pem
	[[ $output == *"other: CRL #1 is authentic"* ]]
	make_root third p256 "Third Root"
	openssl ca -config third/ca.cnf -gencrl -out third.pem 2>/dev/null
	keeps 65 issuer info third.pem
}

@test "nothing there: missing; a wrong command line: usage" {
	mkdir empty
	keeps 66 missing info empty
	keeps 66 missing info nowhere
	keeps 64 usage info
	keeps 64 usage info stick1 stick2
	keeps 64 usage info --dry-run stick1
}
