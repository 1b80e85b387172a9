#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Stores as they are found in the wild: shared with others, full of rubbish,
# linked, missing, and with hooks that fail (FAULTS 47).

load ../e2e/pki_setup

# crl_by FOLDER FILE [DER]: what openssl signs for the root in that folder
crl_by() {
	openssl ca -config "$1/ca.cnf" -gencrl -out crl.pem 2>/dev/null &&
		openssl crl -in crl.pem -outform "${3:-PEM}" -out "$2"
}

# without_aki FOLDER: its CRLs do not say by which key
without_aki() {
	sed -i '/^authorityKeyIdentifier = keyid$/{x;s/^/x/;/^x$/{x;d};x}' \
		"$1/ca.cnf"
	sed -i '/^crl_extensions/d' "$1/ca.cnf"
}

# earlier_crl_by FOLDER FILE [DER]: the same of 30 days ago
earlier_crl_by() {
	openssl ca -config "$1/ca.cnf" -gencrl -out crl.pem -crl_lastupdate \
		"$(date -u -d '-30 days' +%Y%m%d%H%M%SZ)" 2>/dev/null &&
		openssl crl -in crl.pem -outform "${3:-PEM}" -out "$2"
}

# says_store ARGUMENT...: import says `store`, 69, and leaves no temporary
says_store() {
	refuses 69 store import "$@" && leaves_nothing
}

# A pem file that others use as well.

@test "pem: another issuer's CRL, certificates and text stay in place" {
	make_older_root other p256 "Other Root"
	crl_by other other.pem
	openssl crl -in other.pem -text -out other-text.pem
	{
		echo "# Revocations for the web server"
		cat other-text.pem ca/live.pem
		printf 'ours, with\ttext before it\r\n'
		cat "$BUNDLE1/test-root.crl.pem"
		printf '\nand behind it:\n'
		cat other.pem
		printf 'no newline at the end'
	} >stores/all.pem
	cp stores/all.pem before
	import stick2
	holds_block 2 stick2
	# with our block taken out, both are the same to the octet
	cmp <(without_block 3 before) <(without_block 3 stores/all.pem)
	openssl verify -CAfile ca/root.pem -CRLfile stores/all.pem -crl_check \
		ca/live.pem
	run openssl verify -CAfile ca/root.pem -CRLfile stores/all.pem \
		-crl_check ca/bad.pem
	[[ $output == *"certificate revoked"* ]]
}

# without_block N FILE: without its N-th PEM block
without_block() {
	perl -0777 -pe 'my $n = 0; s/-----BEGIN (.*?)-----\n.*?-----END \1-----\n/
		++$n == '"$1"' ? "" : $&/gse' "$2"
}

# holds_block N STICK: the N-th CRL of the PEM file is the one of STICK
holds_block() {
	perl -0777 -ne 'my $n = 0; print grep { ++$n == '"$1"' }
		/-----BEGIN X509 CRL-----\n.*?-----END X509 CRL-----\n/gs' \
		stores/all.pem >block
	[ -s block ] && cmp <(openssl crl -in block -outform DER) \
		"$(crl_of "$2")"
}

@test "pem: a file with others only gets ours at the end" {
	make_older_root other p256 "Other Root"
	crl_by other stores/all.pem
	truncate -s -1 stores/all.pem
	cp stores/all.pem before
	import stick2
	cmp -n "$(stat -c %s before)" before stores/all.pem
	[ "$(grep -c BEGIN stores/all.pem)" -eq 2 ]
	holds_block 2 stick2
}

@test "pem: several of ours become one" {
	cat "$BUNDLE1/test-root.crl.pem" ca/live.pem \
		"$BUNDLE1/test-root.crl.pem" >stores/all.pem
	import stick2
	[ "$(grep -c 'BEGIN X509' stores/all.pem)" -eq 1 ]
	[ "$(grep -c 'BEGIN CERT' stores/all.pem)" -eq 1 ]
	holds_block 1 stick2
}

@test "pem: rubbish between blocks, and another key's CRL, stay" {
	make_older_root twin p256
	without_aki twin
	earlier_crl_by twin twin.pem
	openssl crl -in twin.pem -noout -text | grep -q Authority && false
	{
		cat twin.pem
		# A line that begins with NUL is the end of all to OpenSSL.
		head -c 3000 /dev/urandom | tr -d '\0'
		printf '\n-----BEGIN nothing\n'
	} >stores/all.pem
	cp stores/all.pem before
	import stick2
	# of another key with this root's name: not ours to take out
	cmp -n "$(stat -c %s before)" before stores/all.pem
	holds_block_of stick2
	run sub check
	[ "$status" -eq 0 ]
}

# holds_block_of STICK: our CRL is somewhere in the PEM file, as it was made
holds_block_of() {
	perl -0777 -e '
		sub slurp { open(my $f, "<", $_[0]) or die; <$f> }
		exit(index(slurp($ARGV[0]), slurp($ARGV[1])) < 0);
	' stores/all.pem "$(dirname "$(crl_of "$1")")/test-root.crl.pem"
}

# A hash directory.

@test "hashdir: a re-keyed root of the same name: gapless, both kept" {
	make_older_root rekeyed p256
	make_sub rekeyed next
	make_sub rekeyed next-bad
	revoke_sub rekeyed next-bad
	crl_by rekeyed rekeyed.pem
	[ "$(hash_of rekeyed/root.pem)" = "$(hash_of ca/root.pem)" ]
	rm "$(hash_slot 0)"
	cp rekeyed.pem "$(hash_slot 0)"
	import stick2
	cmp rekeyed.pem "$(hash_slot 0)"
	holds "$(hash_slot 1)" stick2
	[ "$(find stores/hash -name '*.r*' | wc -l)" -eq 2 ]
	both_work
	# the other order: ours first, theirs behind it
	import stick2
	mv "$(hash_slot 1)" one && mv "$(hash_slot 0)" "$(hash_slot 1)" &&
		mv one "$(hash_slot 0)"
	run import stick2
	[[ $output == *"nothing changed"* ]]
	both_work
}

# both_work: openssl checks the certificates of both keys by the hash directory
both_work() {
	local name
	cp rekeyed/root.pem "stores/hash/$(hash_of ca/root.pem).1"
	verifies ca/live.pem
	verifies rekeyed/next.pem
	for name in ca/bad rekeyed/next-bad; do
		rejects_revoked "$name.pem"
	done
}

@test "hashdir: both keys' roots configured and carried on one stick" {
	local slots
	make_older_root rekeyed p256
	make_sub rekeyed next
	make_sub rekeyed next-bad
	adopt_root rekeyed rekeyed-root
	revoke_sub rekeyed next-bad
	root rekeyed issue --first --quiet
	root rekeyed export stick2 --allow-fixed-disk --quiet
	sed -i '$d' sub/crlferry.cfg
	cat >>sub/crlferry.cfg <<-CFG
		, { name = "rekeyed-root";
		    certificate = "$T/rekeyed/root.pem";
		    subordinates = ( { name = "next";
			certificate = "$T/rekeyed/next.pem";
			stores = ( { type = "hashdir";
			path = "$T/stores/hash"; } ); } ); } );
	CFG
	configure "s,trusted = ( ,&\"$(tail -n 1 rekeyed/seal.pub)\"\, ,"
	import stick2
	slots=$(cd stores/hash && echo *)
	[ "$slots" = "$(hash_of ca/root.pem).r0 $(hash_of ca/root.pem).r1" ]
	both_work
	run sub check
	[ "$status" -eq 0 ]
	run import stick2
	[ "$(grep -c 'nothing changed' <<<"$output")" -eq 2 ]
}

@test "hashdir: garbage in our slot is what openssl would stop at: replaced" {
	local garbage
	for garbage in 'hello' '' "$(cat ca/root.pem)"; do
		echo "$garbage" >"$(hash_slot 0)"
		cp "$BUNDLE1/test-root.crl.pem" "$(hash_slot 1)"
		import stick2
		[ "$(find stores/hash -name '*.r*' | wc -l)" -eq 1 ]
		holds "$(hash_slot 0)" stick2
		verifies ca/live.pem
		rejects_revoked ca/bad.pem
	done
}

@test "hashdir: DER in a slot, which openssl does not read there" {
	cp "$BUNDLE2/test-root.crl" "$(hash_slot 0)"
	import stick2
	grep -q BEGIN "$(hash_slot 0)"
	rejects_revoked ca/bad.pem
}

@test "hashdir: another key's CRL without AKI is kept" {
	make_older_root twin p256
	without_aki twin
	earlier_crl_by twin "$(hash_slot 0)"
	cp "$(hash_slot 0)" twin.pem
	cp "$BUNDLE1/test-root.crl.pem" "$(hash_slot 1)"
	import stick2
	[ "$(find stores/hash -name '*.r*' | wc -l)" -eq 2 ]
	cmp "$(hash_slot 0)" twin.pem
	verifies ca/live.pem
	rejects_revoked ca/bad.pem
}

@test "hashdir: a free slot before others is filled, strangers left alone" {
	local hash
	hash=$(hash_of ca/root.pem)
	make_older_root rekeyed p256
	rm "$(hash_slot 0)"
	crl_by rekeyed "$(hash_slot 1)"
	cp "$(hash_slot 1)" rekeyed.pem
	# behind a gap, where openssl does not look, and names that are none
	echo keep | tee "$(hash_slot 7)" "stores/hash/$hash.r" \
		"stores/hash/$hash.r01" "stores/hash/$hash.r1x" \
		"stores/hash/${hash}0.r0" stores/hash/00000000.r0 >/dev/null
	import stick2
	holds "$(hash_slot 0)" stick2
	cmp "$(hash_slot 1)" rekeyed.pem
	[ "$(grep -lx keep stores/hash/* | wc -l)" -eq 6 ]
	[ "$(find stores/hash -type f | wc -l)" -eq 8 ]
	verifies ca/live.pem
	rejects_revoked ca/bad.pem
}

@test "hashdir: what a filled gap brings into view goes, no new gap stays" {
	local slot found=0
	make_older_root rekeyed p256
	make_older_root third p256
	mv "$(hash_slot 0)" "$(hash_slot 1)"
	echo garbage >"$(hash_slot 2)"
	crl_by rekeyed "$(hash_slot 3)"
	cp "$BUNDLE1/test-root.crl.pem" "$(hash_slot 4)"
	crl_by third "$(hash_slot 5)"
	cp "$(hash_slot 3)" rekeyed.pem
	cp "$(hash_slot 5)" third.pem
	import stick2
	# garbage that does not stand where ours stood is not ours to remove
	[ "$(cat "$(hash_slot 2)")" = garbage ]
	mv "$(hash_slot 3)" "$(hash_slot 2)"
	[ "$(find stores/hash -type f | wc -l)" -eq 3 ]
	for slot in "$(hash_slot 0)" "$(hash_slot 1)" "$(hash_slot 2)"; do
		if holds "$slot" stick2 2>/dev/null >&2 ||
		    cmp -s "$slot" rekeyed.pem || cmp -s "$slot" third.pem
		then
			found=$((found + 1))
		fi
	done
	[ "$found" -eq 3 ]
	[ "$(cat stores/hash/*.r? | sort -u | grep -vc '^-----')" -eq \
		"$(cat "$BUNDLE2/test-root.crl.pem" rekeyed.pem third.pem |
		sort -u | grep -vc '^-----')" ]
	verifies ca/live.pem
	rejects_revoked ca/bad.pem
}

@test "hashdir: a linked slot, as openssl rehash makes it, stays a link" {
	rm "$(hash_slot 0)"
	cp "$BUNDLE1/test-root.crl.pem" stores/hash/corp.pem
	cp ca/root.pem stores/hash/root.pem
	openssl rehash stores/hash
	[ -L "$(hash_slot 0)" ]
	import stick2
	[ "$(readlink "$(hash_slot 0)")" = corp.pem ]
	holds stores/hash/corp.pem stick2
	openssl verify -CApath stores/hash -crl_check ca/live.pem
	run openssl verify -CApath stores/hash -crl_check ca/bad.pem
	[[ $output == *"certificate revoked"* ]]
	openssl rehash stores/hash
	run import stick2
	[[ $output == *"nothing changed"* ]]
}

@test "pem and der: a link at the end of the path stays a link" {
	mkdir real
	mv stores/all.pem stores/one.crl real/
	ln -s ../real/all.pem stores/all.pem
	ln -s ../real/one.crl stores/one.crl
	import stick2
	[ -L stores/all.pem ]
	[ -L stores/one.crl ]
	all_hold stick2
	cmp real/one.crl "$(crl_of stick2)"
}

@test "a link that leads nowhere: store, and the others are done" {
	ln -sf nowhere/at/all stores/one.crl
	says_store stick2
	[ "$(readlink stores/one.crl)" = nowhere/at/all ]
	holds stores/all.pem stick2
	holds "$(hash_slot 0)" stick2
}

# A DER file.

@test "der: garbage and an empty file are replaced where ours stood" {
	local file
	head -c 999 /dev/urandom >random
	: >empty
	head -c 100 "$(crl_of stick1)" >short
	for file in random empty short; do
		rm -rf sub stores
		cp -a ../saved/sub ../saved/stores .
		cp "$file" stores/one.crl
		import stick2
		all_hold stick2
		cmp sub/state/test-root/previous/der-*/one.crl* "$file"
	done
}

@test "der: a CRL of another key with this root's name is not replaced" {
	make_older_root twin p256
	without_aki twin
	crl_by twin twin.crl DER
	cp twin.crl stores/one.crl
	says_store stick2
	cmp twin.crl stores/one.crl
	holds stores/all.pem stick2
	run sub check
	[ "$status" -eq 2 ]
	[[ $output == *"another key with this root's name"* ]]
}

@test "der: another CA's CRL is not replaced; after mending it converges" {
	make_older_root other p256 "Other Root"
	crl_by other other.crl DER
	cp other.crl stores/one.crl
	says_store stick2
	[[ $output == *"stores/one.crl: not replaced: it holds another CA's CRL, \
and none of CN=Test Root"* ]]
	[[ $output == *"der $T/stores/one.crl: not installed"* ]]
	cmp other.crl stores/one.crl
	holds stores/all.pem stick2
	holds "$(hash_slot 0)" stick2
	jq -e '.number == "2"' sub/state/test-root/accepted.json
	# as long as nobody mends it
	says_store stick2
	cmp other.crl stores/one.crl
	run sub check
	[ "$status" -eq 2 ]
	[[ $output == *" invalid: "*"another CA's CRL"* ]]
	rm stores/one.crl
	run import stick2
	[ "$status" -eq 0 ]
	all_hold stick2
	run sub check
	[ "$status" -eq 0 ]
	run import stick2
	[[ $output == *"nothing changed"* ]]
}

# Files, folders and their modes.

@test "mode and owner of a replaced file are kept" {
	local file
	for file in "$(hash_slot 0)" stores/all.pem stores/one.crl; do
		chmod 640 "$file"
		[ "$(id -u)" -ne 0 ] || chown 12:34 "$file"
	done
	import stick2
	all_hold stick2
	for file in "$(hash_slot 0)" stores/all.pem stores/one.crl; do
		[ "$(stat -c %a "$file")" = 640 ]
		[ "$(id -u)" -ne 0 ] || [ "$(stat -c %u:%g "$file")" = 12:34 ]
	done
}

@test "new files can be read by all, whatever the umask" {
	forget
	(umask 077 && import stick2)
	[ "$(stat -c %a "$(hash_slot 0)" stores/all.pem stores/one.crl |
		sort -u)" = 644 ]
}

@test "row 47: a store whose folder is missing: store, the others are done" {
	local store
	for store in one.crl all.pem hash; do
		forget
		configure "s,$T/stores/$store\",$T/gone/$store\","
		says_store stick2
		[ ! -e gone ]
		[ "$store" = one.crl ] || holds stores/one.crl stick2
		[ "$store" = all.pem ] || holds stores/all.pem stick2
		[ "$store" = hash ] || holds "$(hash_slot 0)" stick2
		jq -e '.number == "2"' sub/state/test-root/accepted.json
		says_store stick2
		mkdir -p gone/hash
		[ "$store" = hash ] || rmdir gone/hash
		import stick2
		run import stick2
		[[ $output == *"nothing changed"* ]]
		rm -r gone
		configure "s,$T/gone/$store\",$T/stores/$store\","
	done
}

@test "row 47: every store missing at the first import, then mended" {
	forget
	mv stores away
	says_store stick2
	[ ! -e sub/state/test-root/accepted.json ]
	[ ! -e sub/state/test-root/accepted.crl ]
	says_store stick2
	mv away stores
	run import stick2
	[ "$status" -eq 0 ]
	all_hold stick2
	[ ! -e sub/state/test-root/importing ]
	# from then on a lost mark is a lost mark
	rm sub/state/test-root/accepted.* stores/one.crl stores/all.pem \
		stores/hash/*.r0
	keeps 66 missing import stick2
}

@test "row 47: a mark that is lost after a store failed stays lost" {
	forget
	mv stores/hash away
	says_store stick2
	[ -e sub/state/test-root/importing ]
	rm sub/state/test-root/accepted.* stores/one.crl stores/all.pem
	mv away stores/hash
	keeps 66 missing import stick2
}

@test "row 47: a store on a read-only mount" {
	[ "$(id -u)" -eq 0 ] || skip "needs root to mount"
	unshare -m true 2>/dev/null || skip "may not mount here"
	mkdir ro
	cp stores/one.crl ro/
	configure "s,$T/stores/one.crl\",$T/ro/one.crl\","
	refuses 69 store unshare -m sh -c "mount --bind ro ro &&
		mount -o remount,ro,bind ro &&
		'$SUB_PROGRAM' import --config sub/crlferry.cfg stick2"
	cmp ro/one.crl "$(crl_of stick1)"
	holds stores/all.pem stick2
	holds "$(hash_slot 0)" stick2
	leaves_nothing
	import stick2
	cmp ro/one.crl "$(crl_of stick2)"
}

@test "a folder, a FIFO in place of a store's file: store, no hang" {
	rm stores/one.crl stores/all.pem
	mkdir stores/one.crl
	mkfifo stores/all.pem
	says_store stick2
	[ -d stores/one.crl ]
	[ -p stores/all.pem ]
	holds "$(hash_slot 0)" stick2
	rm -r stores/one.crl stores/all.pem
	import stick2
	all_hold stick2
}

# Hooks.

# hook STORE NAME BODY: a script as reload and verify of a store (hash, all or
# one); it writes NAME and which of them it is to the file `ran`
hook() {
	printf '#!/bin/sh\necho "%s $1" >>"%s/ran"\n%s\n' "$2" "$T" "$3" \
		>"hook-$2"
	chmod +x "hook-$2"
	configure "s,path = .*/$1[.a-z]*\";,& reload = [ \"$T/hook-$2\"\, \
\"reload\" ]; verify = [ \"$T/hook-$2\"\, \"verify\" ];,"
	: >ran
}

@test "imported again: a store that cannot be read is none that holds it" {
	local store
	import stick2 --quiet
	for store in one.crl all.pem; do
		mv stores/$store aside
		mkdir stores/$store
		says_store stick2
		[[ $output == *"stores/$store"* ]]
		# as often as it is tried
		says_store stick2
		rmdir stores/$store
		mv aside stores/$store
	done
	import stick2 --quiet
	all_hold stick2
}

@test "hooks: reload, then verify, once for each store that changed" {
	hook hash h ''
	hook all a ''
	cp "$(crl_of stick2)" stores/one.crl
	import stick2
	[ "$(cat ran)" = "$(printf 'h reload\nh verify\na reload\na verify')" ]
	: >ran
	import stick2
	[ ! -s ran ]
	rm stores/all.pem
	import stick2
	[ "$(cat ran)" = "$(printf 'a reload\na verify')" ]
}

@test "hooks: they see the new content, and no shell reads their words" {
	hook all a "cp '$T/stores/all.pem' '$T/seen'"
	configure 's/"reload" ];/"; echo > pwned" ];/'
	import stick2
	cmp seen stores/all.pem
	grep -qx 'a ; echo > pwned' ran
	[ ! -e pwned ]
}

@test "hooks: a failing reload: hook, the previous content back" {
	cp -a stores before
	hook all a '[ "$1" != reload ] || exit 3'
	refuses 69 hook import stick2
	[[ $output == *"hook-a: ended with status 3"* ]]
	cmp stores/all.pem before/all.pem
	holds stores/one.crl stick2
	holds "$(hash_slot 0)" stick2
	# reload for the new content, and again for the old; never verify
	[ "$(cat ran)" = "$(printf 'a reload\na reload')" ]
	leaves_nothing
	run sub check
	[ "$status" -eq 2 ]
	[[ $output == *" behind: pem "* ]]
	hook_mended
}

# hook_mended: with hooks that work, the same command again converges
hook_mended() {
	printf '#!/bin/sh\n' | tee hook-* >/dev/null
	run import stick2
	[ "$status" -eq 0 ]
	all_hold stick2
	run import stick2
	[[ $output == *"nothing changed"* ]]
	run sub check
	[ "$status" -eq 0 ]
}

@test "hooks: a failing verify: hook, the previous content back" {
	cp -a stores before
	hook one o '[ "$1" != verify ] || { echo bad syntax; exit 1; }'
	refuses 69 hook import stick2
	[[ $output == *"ended with status 1: bad syntax"* ]]
	cmp stores/one.crl before/one.crl
	holds stores/all.pem stick2
	leaves_nothing
	hook_mended
}

@test "hooks: a failing reload of a new file removes it again" {
	forget
	hook one o 'exit 1'
	refuses 69 hook import stick2
	[ ! -e stores/one.crl ]
	holds stores/all.pem stick2
	hook_mended
}

@test "hooks: a failing reload of a hash directory restores every slot" {
	make_older_root rekeyed p256
	crl_by rekeyed "$(hash_slot 2)"
	echo garbage >"$(hash_slot 1)"
	chmod 600 "$(hash_slot 1)"
	local before
	before=$(find stores/hash -printf '%p %m %U:%G\n' | sort; \
		digest_of stores/hash)
	hook hash h 'exit 1'
	refuses 69 hook import stick2
	[ "$before" = "$(find stores/hash -printf '%p %m %U:%G\n' | sort; \
		digest_of stores/hash)" ]
	leaves_nothing
}

@test "hooks: a parent that ignores SIGCHLD is no hindrance" {
	hook hash h ''
	guarded perl -e '$SIG{CHLD} = "IGNORE"; exec @ARGV' \
		"$SUB_PROGRAM" import --config sub/crlferry.cfg stick2
	[ "$(cat ran)" = "$(printf 'h reload\nh verify')" ]
	all_hold stick2
}

@test "hooks: a program that is not there: hook" {
	cp -a stores before
	configure 's,path = .*/one.crl";,& reload = [ "/nowhere/at/all" ];,'
	refuses 69 hook import stick2
	cmp stores/one.crl before/one.crl
	holds stores/all.pem stick2
}

@test "hooks: a hook that breaks the store: not confirmed, put back" {
	cp -a stores before
	hook one o "echo broken >'$T/stores/one.crl'"
	says_store stick2
	holds stores/all.pem stick2
	# the hook runs for the previous content too, and breaks that as well:
	# what cannot be put back is said
	run sub check
	[ "$status" -eq 2 ]
	hook_mended
}

@test "hooks: killed between two stores, the next import reloads them all" {
	hook hash h ''
	hook all a ''
	hook one o 'kill -KILL $PPID; sleep 1'
	run import stick2
	[ "$status" -ne 0 ]
	[ -e sub/state/test-root/importing ]
	jq -e '.number == "1"' sub/state/test-root/accepted.json
	# the first stores hold it already, but who knows what was reloaded
	hook_again o
	run import stick2
	[ "$status" -eq 0 ]
	all_hold stick2
	[ "$(cat ran)" = "$(printf '%s reload\n%s verify\n' h h a a o o)" ]
	[ ! -e sub/state/test-root/importing ]
	leaves_nothing
}

# hook_again NAME: without what it did but writing its name
hook_again() {
	sed -i '3,$d' "hook-$1"
	: >ran
}
