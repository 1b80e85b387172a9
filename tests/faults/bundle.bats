#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Bundles that are damaged, forged, replayed or mixed (FAULTS 15-19, 21, 22).

load ../e2e/pki_setup

# flips_are_refused FILE TOKEN [FIRST]: with one octet of it changed, 40 spread
# over it in turn with both ends, or all from FIRST on where tests may take
# long, each in another bit.  In perl, since bats is slow at many small steps.
flips_are_refused() {
	local before
	before=$(snapshot sub stores)
	cp "$1" whole
	LONG=${CRLFERRY_LONG:-} IMPORT="timeout $HANG_S '$SUB_PROGRAM' import \
		--config sub/crlferry.cfg stick2" perl -e '
		my ($path, $token, $first) = @ARGV;
		open(my $file, "<:raw", $path) or die;
		my $whole = do { local $/; <$file> };
		my $size = length($whole) - $first;
		my $count = $ENV{LONG} || $size < 40 ? $size : 40;
		die "want 40 octets, have less\n" if $count < 40;
		for my $i (0 .. $count - 1) {
			my $at = $first + int($i * ($size - 1) / ($count - 1));
			my $flipped = $whole;
			substr($flipped, $at, 1) ^= chr(1 << $at % 8);
			put($flipped);
			my $said = `$ENV{IMPORT} 2>&1`;
			next if $? == 65 << 8 && $said =~ /: remedy: / &&
				$said =~ /^crlferry-sub: $token: /m;
			die "$path: octet $at: status ", $? >> 8, ": $said";
		}
		put($whole);
		sub put {
			open(my $out, ">:raw", $path) or die;
			print $out $_[0] or die;
			close($out) or die;
		}
	' "$1" "$2" "${3:-0}"
	cmp "$1" whole
	[ "$before" = "$(snapshot sub stores)" ]
	leaves_nothing
}

@test "row 15: a flipped octet in the manifest: seal" {
	flips_are_refused "$BUNDLE2/bundle.json" seal
}

@test "row 15: a flipped octet in the seal: seal" {
	local seal
	seal=$(echo "$BUNDLE2"/bundle.json.*.minisig)
	# the first line is no signed content, says minisign itself
	flips_are_refused "$seal" seal "$(head -n 1 "$seal" | wc -c)"
}

@test "row 16: a flipped octet in the CRL: digest" {
	flips_are_refused "$BUNDLE2/test-root.crl" digest
}

@test "row 16: a flipped octet in the CRL's PEM: digest" {
	flips_are_refused "$BUNDLE2/test-root.crl.pem" digest
}

@test "row 16: a flipped octet in the certificate: digest" {
	flips_are_refused "$BUNDLE2/test-root.crt" digest
}

@test "row 16: a flipped octet in the README: digest" {
	flips_are_refused "$BUNDLE2/README.txt" digest
}

@test "row 16: a flipped octet in SHA256SUMS: digest" {
	flips_are_refused "$BUNDLE2/SHA256SUMS" digest
}

@test "and the bundle that none of this was done to is taken" {
	import stick2
	all_hold stick2
}

@test "row 15: cut short and grown, octet by octet at the ends" {
	local file
	for file in bundle.json test-root.crl SHA256SUMS README.txt; do
		cp "$BUNDLE2/$file" whole
		truncate -s -1 "$BUNDLE2/$file"
		run import stick2
		[ "$status" -eq 65 ]
		cp whole "$BUNDLE2/$file"
		echo >>"$BUNDLE2/$file"
		run import stick2
		[ "$status" -eq 65 ]
		: >"$BUNDLE2/$file"
		run import stick2
		[ "$status" -eq 65 ]
		cp whole "$BUNDLE2/$file"
	done
	all_hold stick1
	leaves_nothing
}

@test "row 15: sealed by a key that nobody trusts: seal" {
	"$ROOT_PROGRAM" keygen mallory.key mallory.pub --no-passphrase
	reseal "$BUNDLE2" mallory.key
	keeps 65 seal import stick2
	cp -r "$BUNDLE2" mallorys
	# nor does a good seal of another manifest help
	cp "$BUNDLE1"/*.minisig "$BUNDLE2/"
	keeps 65 seal import stick2
	rm -r "$BUNDLE2" && mv mallorys "$BUNDLE2"
	configure "s,trusted = ( .*,trusted = ( \"$(tail -n 1 mallory.pub)\" );,"
	keeps 65 seal import stick1
	import stick2
}

@test "seals: minisign makes them and verifies ours" {
	minisign -V -q -p ca/seal.pub -m "$BUNDLE2/bundle.json" \
		-x "$BUNDLE2"/bundle.json.*.minisig
	(cd "$BUNDLE2" && sha256sum -c SHA256SUMS)
	reseal "$BUNDLE2"
	import stick2
	all_hold stick2
}

@test "a seal in the legacy form, not prehashed: seal" {
	local seal comment
	seal=$(echo "$BUNDLE2"/bundle.json.*.minisig)
	comment=$(sed -n 's/^trusted comment: //p' "$seal")
	minisign -S -l -q -s ca/seal.key -m "$BUNDLE2/bundle.json" \
		-x "$seal" -t "$comment"
	minisign -V -q -p ca/seal.pub -m "$BUNDLE2/bundle.json" -x "$seal"
	keeps 65 seal import stick2
}

@test "a trusted comment of another type, root, number or time" {
	local seal comment edit
	seal=$(echo "$BUNDLE2"/bundle.json.*.minisig)
	comment=$(sed -n 's/^trusted comment: //p' "$seal")
	for edit in s/type:crlferry-bundle/type:crlferry-note/ \
		s/root:test-root/root:tost-root/ s/number:2/number:3/ \
		s/time:2/time:3/ 's/.*/hello/'; do
		[ "$comment" != "$(sed "$edit" <<<"$comment")" ]
		reseal "$BUNDLE2" ca/seal.key "$(sed "$edit" <<<"$comment")"
		run import stick2
		echo "$edit: $output"
		[ "$status" -eq 65 ]
		all_hold stick1
	done
	leaves_nothing
}

# kept_seals: that of the trusted key alone, and minisign verifies it
kept_seals() {
	local kept=sub/state/test-root/accepted.sealed.json
	[ "$(jq '.seals | length' $kept)" -eq 1 ] || return
	jq -j .manifest $kept >kept.json
	jq -j '.seals[0]' $kept >kept.json.minisig
	minisign -V -q -p ca/seal.pub -m kept.json
}

@test "seals that nobody trusts are neither kept nor in the way" {
	printf 'no \377 text\0' \
		>"$BUNDLE2/bundle.json.ffffffffffffffff.minisig"
	: >"$BUNDLE2/bundle.json.0000000000000000.minisig"
	run import stick2
	[ "$status" -eq 0 ]
	all_hold stick2
	[ ! -e sub/state/test-root/importing ]
	kept_seals
}

@test "an untrusted comment that is no text" {
	seal=$(echo "$BUNDLE2"/*.minisig)
	perl -pi -e 's/.*/untrusted comment: \xff\xfe\e[2J/ if $. == 1' "$seal"
	minisign -V -q -p ca/seal.pub -m "$BUNDLE2/bundle.json" -x "$seal"
	run import stick2
	[ "$status" -eq 0 ]
	all_hold stick2
	kept_seals
}

@test "required = 2: one seal is not enough, twice the same neither" {
	local seal
	seal=$(echo "$BUNDLE2"/bundle.json.*.minisig)
	"$ROOT_PROGRAM" keygen two.key two.pub --no-passphrase
	configure 's/required = 1/required = 2/'
	keeps 78 config import stick2
	configure "s,trusted = ( ,&\"$(tail -n 1 two.pub)\"\, ,"
	keeps 65 seal import stick2
	[[ $output == *"want seals by 2 trusted keys, have 1"* ]]
	cp "$seal" "$BUNDLE2/bundle.json.0123456789abcdef.minisig"
	keeps 65 seal import stick2
	rm "$BUNDLE2/bundle.json.0123456789abcdef.minisig"
	minisign -S -q -s two.key -m "$BUNDLE2/bundle.json" \
		-x "$BUNDLE2/bundle.json.fedcba9876543210.minisig" \
		-t "$(sed -n 's/^trusted comment: //p' "$seal")"
	run import stick2
	[ "$status" -eq 0 ]
	[[ $output == *"sealed by      "*" "* ]]
	all_hold stick2
}

@test "the same key twice in trusted does not count twice" {
	configure "s,trusted = ( ,&\"$(tail -n 1 ca/seal.pub)\"\, ,"
	configure 's/required = 1/required = 2/'
	keeps 78 config import stick2
	[[ $output == *"want at least 2 different keys"* ]]
}

@test "row 22: another root's bundle, sealed by its own key: seal" {
	make_older_root other p256 "Other Root"
	adopt_root other test-root
	mkdir stick9
	root other issue --first --quiet
	root other export stick9 --allow-fixed-disk --quiet
	keeps 65 seal import stick9
}

@test "row 22: another root's bundle, sealed by the trusted key: issuer" {
	make_older_root other p256 "Other Root"
	adopt_root other test-root
	cp ca/seal.key other/seal.key
	mkdir stick9
	root other issue --first --quiet
	root other export stick9 --allow-fixed-disk --quiet
	keeps 65 issuer import stick9
	# the same name with another key is another root as well
	make_older_root twin p256
	adopt_root twin test-root
	cp ca/seal.key twin/seal.key
	root twin issue --first --quiet
	mkdir stick8
	root twin export stick8 --allow-fixed-disk --quiet
	keeps 65 issuer import stick8
}

@test "a bundle of another root under this root's name" {
	make_older_root other p256 "Other Root"
	adopt_root other b-root
	cp ca/seal.key other/seal.key
	mkdir stick9
	root other issue --first --quiet
	root other export stick9 --allow-fixed-disk --quiet
	mv stick9/crlferry/b-root stick9/crlferry/test-root
	(
		cd stick9/crlferry/test-root/000001
		for file in b-root.*; do
			mv "$file" "test-root.${file#b-root.}"
		done
	)
	keeps 65 issuer import stick9
}

@test "row 18: the bundle before, replayed: rollback" {
	import stick2 --quiet
	keeps 77 rollback import stick1
}

@test "row 19: the same number with other content: rollback, said loudly" {
	cp -a ca ca-before
	issue_to stick3
	rm -r ca
	mv ca-before ca
	issue_to twin3
	run ! cmp -s "$(crl_of stick3)" "$(crl_of twin3)"
	import stick3 --quiet
	keeps 77 rollback import twin3
	[[ $output == *"WITH OTHER CONTENT"* ]]
	all_hold stick3
}

@test "row 16: members of two bundles mixed" {
	local file
	cp -r stick2 mixed
	for file in test-root.crl test-root.crl.pem SHA256SUMS; do
		cp "$BUNDLE1/$file" "mixed/crlferry/test-root/000002/$file"
		keeps 65 digest import mixed
		cp "$BUNDLE2/$file" "mixed/crlferry/test-root/000002/$file"
	done
	cp "$BUNDLE1/bundle.json" mixed/crlferry/test-root/000002/
	keeps 65 seal import mixed
	# the manifest and its seal of one, the rest of the other
	cp "$BUNDLE1"/*.minisig mixed/crlferry/test-root/000002/
	keeps 65 digest import mixed
	# the whole of the one under the other's number
	cp "$BUNDLE1"/* mixed/crlferry/test-root/000002/
	keeps 65 format import mixed
	import mixed/crlferry/test-root/000002
	all_hold stick1
}

@test "row 16: a manifest, sealed anew, that does not tell of this CRL" {
	local edit
	cp -r stick2 whole
	for edit in '.number = "7"' '.this_update = "2020-01-01T00:00:00Z"' \
		'.next_update = "2099-01-01T00:00:00Z"' '.revoked_count = 1' \
		'.root = "another"' '.version = 2' '.type = "crlferry-note"' \
		'.spki_sha256 = (.spki_sha256 | ascii_upcase)' \
		'.spki_sha256 = ("0" * 64)' '.hello = 1' 'del(.files)' \
		'del(.number)' '.files = []' '.files[0].size = 1' \
		'.files = .files[0:3]' '.files += [.files[0]]' \
		'.files += [.files[0] | .name = "more.crl"]' \
		'.files[0].sha256 = ("0" * 64)' '.number = 2' '.number = "-2"' \
		'.number = "02"' '.why = "\u001b[31m"' '[.]' 'null'; do
		rm -r stick2 && cp -r whole stick2
		edit_manifest "$BUNDLE2" "$edit"
		run import stick2
		echo "$edit: $output"
		[ "$status" -eq 65 ]
		[[ $output == *": remedy: "* ]]
		all_hold stick1
	done
	leaves_nothing
	rm -r stick2 && cp -r whole stick2
	edit_manifest "$BUNDLE2" .
	import stick2
	all_hold stick2
}

@test "row 16: a manifest that is no JSON, or has a key twice" {
	echo '{' >"$BUNDLE2/bundle.json"
	minisign_again
	keeps 65 format import stick2
	sed 's/"number": "1"/"number": "9", &/' "$BUNDLE1/bundle.json" \
		>"$BUNDLE2/bundle.json"
	minisign_again
	keeps 65 format import stick2
	head -c 70000000 /dev/zero >"$BUNDLE2/bundle.json"
	keeps 65 format import stick2
}

# minisign_again: BUNDLE2's manifest, whatever it is
minisign_again() {
	local seal
	seal=$(echo "$BUNDLE2"/bundle.json.*.minisig)
	minisign -S -q -s ca/seal.key -m "$BUNDLE2/bundle.json" -x "$seal" \
		-t "$(sed -n 's/^trusted comment: //p' "$seal")"
}

@test "row 16: a CRL that the root never signed, in a sealed bundle" {
	# whoever has the seal key still cannot make a CRL
	flip "$BUNDLE2/test-root.crl" 60
	edit_manifest "$BUNDLE2" ".files[0].sha256 = \"$(
		sha256sum "$BUNDLE2/test-root.crl" | cut -d' ' -f1)\""
	run import stick2
	echo "$output"
	[ "$status" -eq 65 ]
	[[ $output != *": seal: "* ]]
	[[ $output != *": digest: "* ]]
	all_hold stick1
	leaves_nothing
}

# The mark: accepted.json, the CRL beside it, and what the stores hold.

@test "row 21: accepted.json deleted: rebuilt, and a rollback is refused" {
	import stick2 --quiet
	rm sub/state/test-root/accepted.json
	keeps 77 rollback import stick1
	run import stick2
	[ "$status" -eq 0 ]
	[[ $output == *"accepted.json is missing: taken from what"* ]]
	jq -e '.number == "2"' sub/state/test-root/accepted.json
	keeps 77 rollback import stick1
	run import stick2
	[[ $output == *"nothing changed"* ]]
}

@test "row 21: accepted.json garbled, in every way: the same" {
	local garble
	import stick2 --quiet
	cp sub/state/test-root/accepted.json whole
	for garble in s/crlferry-accepted/something/ \
		'/sha256/d' /next_update/d \
		's/"number": "2"/"number": "two"/' 's/./x/g' '3,$d' '$d' 's/,//' \
		'1,$d' '1s/^/[/' '$s/$/}/'; do
		sed "$garble" whole >sub/state/test-root/accepted.json
		echo "$garble"
		run ! cmp -s whole sub/state/test-root/accepted.json
		keeps 77 rollback import stick1
		run import stick2
		[ "$status" -eq 0 ]
		[[ $output == *"is damaged: taken from what"* ]]
		jq -e '.number == "2"' sub/state/test-root/accepted.json
	done
}

@test "accepted.json of another version: format, and nothing is done" {
	import stick2 --quiet
	sed -i 's/"version": 1/"version": 2/' sub/state/test-root/accepted.json
	keeps 65 format import stick2
}

@test "row 21: accepted.json of 100,000 octets of nothing: the same" {
	import stick2 --quiet
	head -c 100000 /dev/zero >sub/state/test-root/accepted.json
	keeps 77 rollback import stick1
	import stick2
	jq -e '.number == "2"' sub/state/test-root/accepted.json
}

@test "row 21: accepted.json of another root's key is none" {
	import stick2 --quiet
	sed -i 's/"spki_sha256": "..../"spki_sha256": "0000/' \
		sub/state/test-root/accepted.json
	keeps 77 rollback import stick1
	import stick2
}

@test "row 21: stores emptied, or set back: the mark still holds" {
	import stick2 --quiet
	cp -a stores/one.crl ours
	rm stores/one.crl stores/all.pem stores/hash/*
	keeps 77 rollback import stick1
	rm sub/state/test-root/accepted.json
	keeps 77 rollback import stick1
	rm sub/state/test-root/accepted.crl
	cp -a ours stores/one.crl
	keeps 77 rollback import stick1
	run import stick2
	[ "$status" -eq 0 ]
	all_hold stick2
}

@test "row 21: a higher mark than any CRL there is: rollback" {
	sed -i 's/"number": "1"/"number": "5"/' sub/state/test-root/accepted.json
	keeps 77 rollback import stick2
}

@test "row 21: all lost: refused with a way out, which works" {
	rm sub/state/test-root/accepted.* stores/one.crl stores/all.pem \
		stores/hash/*
	keeps 66 missing import stick2
	[[ $output == *"put the last CRL back into a store"* ]]
	[[ $output == *"or remove "*"sub/state/test-root to start anew"* ]]
	cp -a sub stores "$BATS_TEST_TMPDIR/"
	cp "$(crl_of stick1)" stores/one.crl
	import stick2
	all_hold stick2
	rm -r sub stores
	cp -a "$BATS_TEST_TMPDIR/sub" "$BATS_TEST_TMPDIR/stores" .
	rm -r sub/state/test-root
	import stick2
	all_hold stick2
}

@test "row 21: the whole state lost: the stores still tell" {
	import stick2 --quiet
	rm -r sub/state/*
	echo crlferry-state 1 >sub/state/version
	: >sub/state/lock
	keeps 77 rollback import stick1
	import stick2
	jq -e '.number == "2"' sub/state/test-root/accepted.json
}
