#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-sub import: what is taken, how it is said, and what is refused.

load pki_setup

@test "the first import fills every kind of store, and programs use it" {
	forget
	run import stick2
	[ "$status" -eq 0 ]
	[[ $output == *"test-root: CRL #2 is installed"* ]]
	[[ $output == *"stores         3 of 3 changed"* ]]
	all_hold stick2
	[ "$(grep -c BEGIN "$(hash_slot 0)")" -eq 1 ]
	cmp stores/one.crl "$(crl_of stick2)"
	cmp sub/state/test-root/accepted.crl stores/one.crl
	run verifies ca/live.pem
	[ "$status" -eq 0 ]
	rejects_revoked ca/bad.pem
	openssl verify -CAfile ca/root.pem -CRLfile stores/all.pem -crl_check \
		ca/live.pem
	run openssl verify -CAfile ca/root.pem -CRLfile stores/all.pem \
		-crl_check ca/bad.pem
	[ "$status" -ne 0 ]
	[[ $output == *"certificate revoked"* ]]
	leaves_nothing
}

@test "a newer CRL takes the place of the older, which is kept in the state" {
	verifies ca/bad.pem
	cp -a stores stores-before
	import stick2
	all_hold stick2
	rejects_revoked ca/bad.pem
	[ "$(find stores/hash -name '*.r*' | wc -l)" -eq 1 ]
	[ "$(find stores -type f ! -name '*.0' | wc -l)" -eq 3 ]
	cmp sub/state/test-root/previous/der-*/one.crl stores-before/one.crl
	cmp sub/state/test-root/previous/pem-*/all.pem stores-before/all.pem
	cmp "sub/state/test-root/previous/hashdir-"*"/$(
		basename "$(hash_slot 0)")" "stores-before/hash/$(
		basename "$(hash_slot 0)")"
}

@test "importing again changes no byte and no time, and exits 0" {
	local before
	before=$(snapshot sub stores)
	run import stick1
	[ "$status" -eq 0 ]
	[[ $output == *"nothing changed"* ]]
	[[ $output == *"stores         0 of 3 changed"* ]]
	[ "$before" = "$(snapshot sub stores)" ]
	run import stick1 --json
	[ "$status" -eq 0 ]
	[ "$(jq -r '.imported[0].outcome' <<<"$output")" = same ]
	[ "$before" = "$(snapshot sub stores)" ]
}

@test "the bundle before is a rollback, whatever the file names say" {
	import stick2 --quiet
	keeps 77 rollback import stick1
	[[ $output == *"want one above 2, have 1"* ]]
	keeps 77 rollback import "$BUNDLE1"
	all_hold stick2
	cp -r "$BUNDLE1" stick2/crlferry/test-root/000009
	keeps 77 rollback import stick2
}

@test "a medium, a bundle's folder, and the highest of several numbers" {
	cp -r "$BUNDLE1" stick2/crlferry/test-root/
	[ "$(cd stick2/crlferry/test-root && echo *)" = "000001 000002" ]
	import stick2 --quiet
	all_hold stick2
	forget
	import "$BUNDLE2" --quiet
	all_hold stick2
	# compared as a number, not as text
	forget
	mkdir -p many/crlferry/test-root
	cp -r "$BUNDLE1" many/crlferry/test-root/999999
	cp -r "$BUNDLE2" many/crlferry/test-root/1000000
	run import many
	[ "$status" -eq 65 ]
	[[ $output == *"want number 1000000, as its folder says, have 2"* ]]
}

@test "a bundle under another number than its own: format" {
	# an old bundle would hide the others, as if there were nothing new
	cp -r "$BUNDLE1" stick2/crlferry/test-root/000009
	keeps 65 format import stick2
	[[ $output == *"want number 9, as its folder says, have 1"* ]]
	keeps 65 format sub info stick2
	# a copy of the folder alone may have any name
	import stick2/crlferry/test-root/000009 --quiet
	rm -r stick2/crlferry/test-root/000009
	import stick2 --quiet
	all_hold stick2
}

@test "a bundle without seal is none: the one below it is taken" {
	cp -r "$BUNDLE2" stick1/crlferry/test-root/
	rm stick1/crlferry/test-root/000002/*.minisig
	run import stick1
	[ "$status" -eq 0 ]
	[[ $output == *"has no seal"*"passed over"* ]]
	cmp stores/one.crl "$BUNDLE1/test-root.crl"
	rm "$BUNDLE2"/*.minisig
	keeps 66 missing import stick2
	keeps 65 seal import "$BUNDLE2"
}

@test "nothing of a configured root: missing" {
	mkdir empty
	keeps 66 missing import empty
	keeps 66 missing import nowhere
	keeps 66 missing import stick2 --root other
	mv stick2/crlferry/test-root stick2/crlferry/another
	keeps 66 missing import stick2
}

@test "a wrong command line: usage" {
	keeps 64 usage import
	keeps 64 usage import stick1 stick2
	keeps 64 usage import --force stick2
	keeps 64 usage import --root
	keeps 64 usage "$SUB_PROGRAM" imprt stick2
}

@test "--dry-run judges and changes nothing" {
	local before
	before=$(snapshot sub stores)
	run import --dry-run stick2
	[ "$status" -eq 0 ]
	[[ $output == *"CRL #2 is authentic and would be accepted"* ]]
	[ "$before" = "$(snapshot sub stores)" ]
	run import --dry-run --json stick2
	[ "$(jq -r '.imported[0].outcome' <<<"$output")" = acceptable ]
	[ "$before" = "$(snapshot sub stores)" ]
	import stick2 --quiet
	keeps 77 rollback import --dry-run stick1
	rm -r sub/state stores
	mkdir -p stores/hash
	before=$(snapshot sub stores)
	import --dry-run stick1
	[ "$before" = "$(snapshot sub stores)" ]
}

@test "--json tells what was done, and what was refused" {
	run import --json stick2
	[ "$status" -eq 0 ]
	jq -e --arg sha "$(sha256sum "$(crl_of stick2)" | cut -d' ' -f1)" '
		.type == "crlferry-import" and .version == 1 and
		(.imported | length) == 1 and
		(.imported[0] | .root == "test-root" and .number == "2" and
		.outcome == "installed" and .revoked == 2 and
		.stores_changed == 3 and .sha256 == $sha)' <<<"$output"
	run --separate-stderr import --json stick1
	[ "$status" -eq 77 ]
	jq -e '.type == "crlferry-error" and .token == "rollback" and
		.status == 77 and (.remedy | length) > 0' <<<"$output"
}

@test "--quiet says nothing of success" {
	run import --quiet stick2
	[ "$status" -eq 0 ]
	[ -z "$output" ]
}

@test "drift is repaired and said" {
	local mark
	rm stores/one.crl
	mark=$(cat sub/state/test-root/accepted.json)
	run import stick1
	[ "$status" -eq 0 ]
	[[ $output == *"the stores that lacked it have it now"* ]]
	[[ $output == *"stores         1 of 3 changed"* ]]
	all_hold stick1
	echo garbage >"$(hash_slot 0)"
	run --separate-stderr import stick1 --json
	[ "$(jq -r '.imported[0].outcome' <<<"$output")" = repaired ]
	[[ $stderr == *"something else, and no CRL of this root; a copy of "* ]]
	all_hold stick1
	: >stores/all.pem
	import stick1
	all_hold stick1
	[ "$mark" = "$(cat sub/state/test-root/accepted.json)" ]
}

@test "a store that was set back to an older CRL is brought forward" {
	cp stores/one.crl one.crl
	import stick2 --quiet
	cp one.crl stores/one.crl
	run import stick2
	[ "$status" -eq 0 ]
	[[ $output == *"have it now"*"1 of 3 changed"* ]]
	all_hold stick2
}

@test "an expired CRL: expired" {
	forget
	keeps 77 expired import_at '+8 months' stick1
	keeps 77 expired import_at '+8 months' stick2
	# the very second of nextUpdate is too late
	local end
	end=$(openssl crl -in "$(crl_of stick2)" -noout -nextupdate)
	keeps 77 expired import_at "${end#*=}" stick2
	import_at "${end#*=} - 1 minute" stick2
	all_hold stick2
}

@test "a CRL from the future: not-yet-valid" {
	forget
	keeps 77 not-yet-valid import_at '-1 day' stick1
	local begin
	begin=$(openssl crl -in "$(crl_of stick1)" -noout -lastupdate)
	keeps 77 not-yet-valid import_at "${begin#*=} - 6 minutes" stick1
	# clocks may differ by five minutes
	import_at "${begin#*=} - 4 minutes" stick1
	all_hold stick1
}

@test "max_number_jump: one step too far is a jump" {
	printf '06\n' >ca/crlnumber
	issue_to stick6
	configure 's/ *schedule = /max_number_jump = "4";\n&/'
	keeps 77 jump import stick6
	[[ $output == *"want at most 4 above 1, have 6"* ]]
	configure 's/max_number_jump = "4"/max_number_jump = "5"/'
	import stick6
	all_hold stick6
}

@test "0 is no limit to jumps, to the largest number there is" {
	printf '7FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFE\n' >ca/crlnumber
	issue_to stickmax
	run import stickmax
	[ "$status" -eq 0 ]
	# 2^159-2
	[[ $output == *"#730750818665451459101842416358141509827966271486 "* ]]
	all_hold stickmax
}

@test "a revocation lost without a word: shrunk; --accept-removed takes it" {
	sed -i '/^R.*superseded/d' ca/index.txt
	issue_to stick3 --acknowledge-removed "$(openssl x509 -in ca/old.pem \
		-noout -serial | cut -d= -f2)"
	cp -r stick3 stick3-silent
	edit_manifest stick3-silent/crlferry/test-root/000003 '.dropped = []'
	keeps 77 shrunk import stick3-silent
	run import --accept-removed stick3-silent
	[ "$status" -eq 0 ]
	all_hold stick3
	verifies ca/old.pem
}

@test "a revocation that the manifest lists as dropped is taken off" {
	sed -i '/^R.*superseded/d' ca/index.txt
	issue_to stick3 --acknowledge-removed "$(openssl x509 -in ca/old.pem \
		-noout -serial | cut -d= -f2)"
	import stick3
	all_hold stick3
}

@test "shrunk is judged by the stores where the accepted CRL is lost" {
	sed -i '/^R.*superseded/d' ca/index.txt
	issue_to stick3 --acknowledge-removed "$(openssl x509 -in ca/old.pem \
		-noout -serial | cut -d= -f2)"
	edit_manifest stick3/crlferry/test-root/000003 '.dropped = []'
	rm sub/state/test-root/accepted.crl
	keeps 77 shrunk import stick3
	rm -r sub/state/*
	echo crlferry-state 1 >sub/state/version
	: >sub/state/lock
	keeps 77 shrunk import stick3
}

# bare_crl FILE DER|PEM MINUTES: the next CRL, as openssl signs it, so long ago
bare_crl() {
	openssl ca -config ca/ca.cnf -gencrl -out bare.pem -crl_lastupdate \
		"$(date -u -d "-$3 minutes" +%Y%m%d%H%M%SZ)" 2>/dev/null &&
		openssl crl -in bare.pem -outform "$2" -out "$1"
}

@test "bare = true: one file of another CA program, in DER and in PEM" {
	configure 's/ *schedule = /bare = true;\n&/'
	bare_crl bare.crl DER 3
	run import bare.crl
	[ "$status" -eq 0 ]
	[[ $output == *"CRL #3 is installed"*"sealed by      nobody"* ]]
	cmp stores/one.crl bare.crl
	rejects_revoked ca/bad.pem
	bare_crl bare.crl PEM 2
	import bare.crl --quiet
	cmp stores/one.crl <(openssl crl -in bare.crl -outform DER)
	cmp stores/one.crl <(openssl crl -in "$(hash_slot 0)" -outform DER)
	run import bare.crl
	[[ $output == *"nothing changed"* ]]
	# and it counts as what was accepted
	keeps 77 rollback import stick2
	bare_crl other.crl DER 1
	flip other.crl 100
	keeps 65 signature import other.crl
}

@test "a bare CRL where bare is not allowed: seal" {
	keeps 65 seal import "$(crl_of stick2)"
	[[ $output == *"bare = true"* ]]
	keeps 65 seal import "$BUNDLE2/test-root.crl.pem"
}

@test "bare: of another root, empty, and no CRL at all" {
	configure 's/ *schedule = /bare = true;\n&/'
	make_root other p256 "Other Root"
	openssl ca -config other/ca.cnf -gencrl -out other.pem 2>/dev/null
	keeps 65 issuer import other.pem
	make_root twin p256
	openssl ca -config twin/ca.cnf -gencrl -out twin.pem 2>/dev/null
	keeps 65 issuer import twin.pem
	sed -i '/^crl_extensions/d' twin/ca.cnf
	openssl ca -config twin/ca.cnf -gencrl -out twin.pem 2>/dev/null
	keeps 65 signature import twin.pem
	: >empty.crl
	keeps 65 format import empty.crl
	keeps 65 format import ca/root.pem
	head -c 200 "$(crl_of stick2)" >cut.crl
	keeps 65 format import cut.crl
	{ cat "$(crl_of stick2)"; echo; } >long.crl
	keeps 65 format import long.crl
}

@test "bare: signed with SHA-1 or MD5: weak" {
	local digest
	configure 's/ *schedule = /bare = true;\n&/'
	for digest in sha1 md5; do
		openssl ca -config ca/ca.cnf -gencrl -md $digest \
			-out weak.pem 2>/dev/null || continue
		keeps 77 weak import weak.pem
	done
	[ -s weak.pem ]
}

# share_pem: another subordinate, `good`, reads the PEM file of the first too
share_pem() {
	make_sub ca good
	sed -i '0,/^ *subordinates = (/s//&\n{ name = "good"; certificate = "'\
"${T//\//\\/}"'\/ca\/good.pem"; stores = ( { type = "pem"; path = "'\
"${T//\//\\/}"'\/stores\/all.pem"; } ); },/' sub/crlferry.cfg
}

@test "a store that two subordinates share counts once" {
	share_pem
	run import stick2
	[ "$status" -eq 0 ]
	[[ $output == *"stores         3 of 3 changed"* ]]
	run import stick2
	[[ $output == *"stores         0 of 3 changed"* ]]
	rm stores/all.pem
	run import stick2 --json
	jq -e '.imported[0].stores_changed == 1' <<<"$output"
	# It fails once, whoever reads it.
	rm stores/all.pem
	mkdir stores/all.pem
	refuses 69 store import stick2
	[ "$(grep -c 'not installed' <<<"$output")" -eq 1 ]
	[ "$(grep -c "^  pem .*/all.pem: " <<<"$output")" -eq 1 ]
}

@test "a shared store is one, however its path is spelt" {
	local path
	ln -s . stores/link
	share_pem
	for path in stores/./all.pem stores//all.pem stores/link/all.pem; do
		echo "$path"
		import stick1 --quiet || :
		rm -rf sub/state
		cp "$(crl_of stick1)" stores/one.crl
		openssl crl -in "$(crl_of stick1)" -inform DER -out stores/all.pem
		# the second one's path, and a hook that only it has
		sed "0,/stores.all.pem/s,$T/stores/all.pem\";,$T/$path\"; \
			verify = [ \"/bin/false\" ];," sub/crlferry.cfg >sub/two.cfg
		grep -qF "$path" sub/two.cfg
		cp stores/all.pem before.pem
		run guarded "$SUB_PROGRAM" import --config sub/two.cfg stick2
		[ "$status" -eq 69 ]
		[[ $output == *"verify /bin/false"* ]]
		cmp stores/all.pem before.pem
		[ "$(grep -c '^  pem ' <<<"$output")" -eq 1 ]
	done
}

@test "every store that fails is said, whatever is silenced" {
	configure 's/type = "pem";/& reload = [ "\/bin\/false" ];/'
	configure 's/type = "der";/& reload = [ "\/bin\/false" ];/'
	run --separate-stderr import stick2 --quiet
	[ "$status" -eq 69 ]
	[ -z "$output" ]
	[ "$(grep -c 'not installed' <<<"$stderr")" -eq 2 ]
	run --separate-stderr import stick2 --json
	[ "$(grep -c 'not installed' <<<"$stderr")" -ge 1 ]
}

@test "a first import that fails in every store: nothing was ever accepted" {
	rm -rf sub/state
	configure 's/type = "[a-z]*";/& verify = [ "\/bin\/false" ];/'
	refuses 69 hook import stick2
	all_hold stick1
	run --separate-stderr sub check
	[ "$status" -eq 0 ]
	[[ $output != *"accepted.json"* ]]
	[[ $stderr == *"test-root: the first import did not finish: run it again"* ]]
	configure 's/ verify = [^;]*;//'
	run --separate-stderr import stick2
	[ "$status" -eq 0 ]
	[[ $stderr != *"accepted.json"* ]]
	run --separate-stderr sub check
	[ "$status" -eq 0 ]
	[ -z "$stderr" ]
}

@test "a store that fails: each is told, with the number that it has now" {
	local refuse=' reload = [ "\/bin\/false" ];'
	import stick1 --quiet
	sed -i "s/type = \"pem\";/&$refuse/" sub/crlferry.cfg
	run --separate-stderr import stick2
	[ "$status" -eq 69 ]
	[[ $stderr == *"crlferry-sub: hook: pem "*"not installed"* ]]
	[ "$output" = "test-root: CRL #2 is not in every store
  hashdir $T/stores/hash: #2
  pem $T/stores/all.pem: still #1
  der $T/stores/one.crl: #2" ]
	run --separate-stderr import stick2
	[ "$status" -eq 69 ]
	[[ $output == *"hashdir $T/stores/hash: #2, which it had"* ]]
	[[ $output == *"pem $T/stores/all.pem: still #1"* ]]
	run import stick2 --quiet
	[[ $output != *"still #1"* ]]
	rm stores/all.pem
	run --separate-stderr import stick2
	[[ $output == *"pem $T/stores/all.pem: still no valid CRL of this root"* ]]
	sed -i 's, reload = .*false" .;,,' sub/crlferry.cfg
	run --separate-stderr import stick2
	[ "$status" -eq 0 ]
	[[ $output != *"still"* ]]
	all_hold stick2
}

@test "a revoked subordinate and a store that fails: both are said" {
	rm -r sub stores
	make_sub_config ca test-root bad
	sed -i 's/type = "pem";/& reload = [ "\/bin\/false" ];/' sub/crlferry.cfg
	run --separate-stderr import stick2
	[ "$status" -eq 69 ]
	[[ $stderr == *"ATTENTION: subordinate bad is REVOKED"* ]]
	[[ $output == *"hashdir "*": #2"* ]]
}

@test "max_crl_bytes: a larger one is refused before it is read" {
	configure 's/^state = /max_crl_bytes = "200";\n&/'
	[ "$(stat -c %s "$(crl_of stick2)")" -gt 200 ]
	keeps 65 format import stick2
	[[ $output == *"want at most 200 octets"* ]]
}

# second_root: a second root `b-root` with a bundle on stick2, into its own
# stores and into the PEM file of the first
second_root() {
	mkdir b-stores
	make_older_root b p256 "B Root"
	make_sub b b-live
	adopt_root b b-root
	root b issue --first --quiet
	root b export stick2 --allow-fixed-disk --quiet
	sed -i '$d' sub/crlferry.cfg
	cat >>sub/crlferry.cfg <<-CFG
		, { name = "b-root"; certificate = "$T/b/root.pem";
		    subordinates = ( { name = "b-live";
			certificate = "$T/b/b-live.pem"; stores = (
			{ type = "der"; path = "$T/b-stores/b.crl"; },
			{ type = "pem"; path = "$T/stores/all.pem"; } ); } );
		} );
	CFG
	trust b/seal.pub
}

# trust FILE: one more key that may seal
trust() {
	sed -i "s,trusted = ( ,&\"$(tail -n 1 "$1")\"\\, ," sub/crlferry.cfg
}

@test "a medium with two roots: both are done" {
	second_root
	run import stick2
	[ "$status" -eq 0 ]
	[[ $output == *"test-root: CRL #2 is installed"* ]]
	[[ $output == *"b-root: CRL #1 is installed"* ]]
	all_hold stick2
	cmp b-stores/b.crl stick2/crlferry/b-root/000001/b-root.crl
	[ "$(grep -c BEGIN stores/all.pem)" -eq 2 ]
	run import stick2 --json
	[ "$(jq '.imported | length' <<<"$output")" -eq 2 ]
}

@test "a medium with two roots, one of them bad: the other is done" {
	second_root
	flip stick2/crlferry/b-root/000001/b-root.crl 50
	refuses 65 digest import stick2
	[[ $output == *"test-root: CRL #2 is installed"* ]]
	all_hold stick2
	[ ! -e b-stores/b.crl ]
	leaves_nothing
}

@test "two roots, both bad: each is said, the worst status is returned" {
	second_root
	import stick2 --quiet
	cp -r stick1 both
	cp -r stick2/crlferry/b-root both/crlferry/
	flip both/crlferry/b-root/000001/b-root.crl 50
	keeps 77 rollback import both
	[[ $output == *"crlferry-sub: digest: both/crlferry/b-root"* ]]
	[ "$(grep -c ': rollback: ' <<<"$output")" -eq 1 ]
}

@test "--root takes only that one" {
	second_root
	import stick2 --root b-root --quiet
	cmp b-stores/b.crl stick2/crlferry/b-root/000001/b-root.crl
	holds stores/one.crl stick1
	import stick2 --root test-root --quiet
	holds stores/one.crl stick2
	configure 's/ *schedule = /bare = true;\n&/'
	keeps 64 usage import "$(crl_of stick2)"
}

@test "a root that is not configured is ignored" {
	cp -r stick2/crlferry/test-root stick2/crlferry/unknown
	echo hello >stick2/crlferry/unknown/000002/hello
	import stick2
	all_hold stick2
}

@test "the subordinate itself revoked: installed, and said loudest" {
	rm -r sub stores
	make_sub_config ca test-root bad
	run --separate-stderr import stick2
	[ "$status" -eq 0 ]
	[[ $stderr == *"ATTENTION: subordinate bad is REVOKED"* ]]
	[[ $stderr == *keyCompromise* ]]
	line=$(grep -n '"bad"' sub/crlferry.cfg | cut -d: -f1)
	[[ $stderr == *'set "retired = true;" in subordinate bad of root '"test-root (sub/crlferry.cfg:$line)"* ]]
	all_hold stick2
	run --separate-stderr import --quiet stick2
	[ "$status" -eq 0 ]
	[[ $stderr == *ATTENTION* ]]
	run sub check
	[ "$status" -eq 2 ]
	[[ $output == "CRLFERRY CRITICAL - test-root/bad revoked: "* ]]
	configure 's/name = "bad";/& retired = true;/'
	run --separate-stderr import stick2
	[ "$status" -eq 0 ]
	[[ $stderr != *ATTENTION* ]]
	run sub check
	[ "$status" -eq 0 ]
}

@test "state folder of another version, or that others may write" {
	echo crlferry-state 2 >sub/state/version
	keeps 65 format import stick2
	echo crlferry-state 1 >sub/state/version
	chmod o+w sub/state
	keeps 77 permissions import stick2
	chmod o-w sub/state
	chmod g+w sub/crlferry.cfg
	keeps 77 permissions import stick2
	chmod g-w sub/crlferry.cfg
	import stick2
}

@test "a state folder that is at work: locked, after a wait" {
	strace -o /dev/null true 2>/dev/null || skip "strace may not trace here"
	exec 9>>sub/state/lock
	flock 9
	# each pause between two tries ends at once
	keeps 75 locked strace -qq -o trace -e trace=clock_nanosleep \
		-e inject=clock_nanosleep:retval=0 "$SUB_PROGRAM" import \
		--config sub/crlferry.cfg stick2
	[ "$(grep -c 'tv_nsec=50000000}.*INJECTED' trace)" -ge 100 ]
	exec 9>&-
	import stick2
}
