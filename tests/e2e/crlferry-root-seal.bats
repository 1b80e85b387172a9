#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-root seal: another officer's seal on a bundle.  (On an order: in
# tests/faults/sealed_orders.bats.)

load work_setup
load root_helpers

# The root's machine is ca, where #1 is exported to stick; officer is another
# machine, which has the root's certificate, a seal key, and nothing else.
make_work() {
	make_corp one two
	revoke_sub ca two
	mkdir stick
	root ca issue --first --quiet
	root ca export stick --allow-fixed-disk --quiet
	make_officer officer ca/seal.pub
}

setup() {
	restore_work
	BUNDLE=stick/crlferry/corp/000001
}

seal() {
	root officer seal "$@"
}

key_id() {
	head -n 1 "$1" | sed 's/.* //'
}

# seal_name PUBLIC: the file that its seal is
seal_name() {
	echo "$BUNDLE/bundle.json.$(key_id "$1" | tr A-F a-f).minisig"
}

seal_count() {
	find $BUNDLE -name '*.minisig' | wc -l
}

# untouched STATUS TOKEN ARGUMENT...: refused, and the stick is as it was
untouched() {
	local before after
	before=$(digest_of stick)
	refuses "$1" "$2" seal "${@:3}" || return
	after=$(digest_of stick)
	[ "$before" = "$after" ] || {
		echo "want the stick unchanged, have: $(find stick)"
		return 1
	}
	no_leftovers
}

# edit_manifest JQ-FILTER: sums and the first officer's seal follow
edit_manifest() {
	local comment
	jq "$1" $BUNDLE/bundle.json >edited && mv edited $BUNDLE/bundle.json
	(cd $BUNDLE && {
		jq -r '.files[].name' bundle.json | while read -r name; do
			sha256sum "$name"
		done
		sha256sum bundle.json
	} >SUMS && mv SUMS SHA256SUMS)
	comment=$(jq -r '"type:\(.type) root:\(.root) number:\(.number) " +
		"time:\(.created)"' $BUNDLE/bundle.json)
	minisign -S -q -s ca/seal.key -m $BUNDLE/bundle.json \
		-x "$(seal_name ca/seal.pub)" -t "${2-$comment}" </dev/null
}

# exchange NAME: what the manifest says of a file follows its contents
exchange() {
	edit_manifest "(.files[] | select(.name == \"$1\")) |=
		(.sha256 = \"$(sha256sum <"$BUNDLE/$1" | cut -d' ' -f1)\" |
		.size = $(stat -c %s "$BUNDLE/$1"))"
}

@test "what only the manifest says is shown to whoever seals it" {
	run seal stick
	[ "$status" -eq 0 ]
	says "  next        $(jq -r .next_ceremony $BUNDLE/bundle.json)"
	says '  dropped     0 by this CRL, 0 in all'
	says_not emergency
	rm "$(seal_name officer/seal.pub)"
	# the first officer's key in other hands: nobody would miss a CRL for
	# years
	edit_manifest '.next_ceremony = "9999-01-01"'
	run seal stick
	[ "$status" -eq 65 ]
	says 'next_ceremony'
	# nobody would miss one as long as it is valid, and entries could go
	edit_manifest '.next_ceremony = .next_update[:10] | .emergency = true |
		.why = "nothing" | .dropped = [
		{ serial: "1000", why: "acknowledged", number: "1" },
		{ serial: "1001", why: "acknowledged", number: "1" },
		{ serial: "1002", why: "certificate expired", number: "0" }]'
	run seal stick
	[ "$status" -eq 0 ]
	says "  next        $(jq -r '.next_update[:10]' $BUNDLE/bundle.json)"
	says '  dropped     2 by this CRL, 3 in all'
	says '  emergency   nothing'
}

@test "another machine adds its seal, and minisign verifies both" {
	local key digest
	(cd $BUNDLE && sha256sum ./*) >before
	run seal stick
	[ "$status" -eq 0 ]
	says "corp: #1 in $BUNDLE is signed by the root"
	says "sealed by   $(key_id ca/seal.pub)"
	says "corp: sealed by $(key_id officer/seal.pub)"
	says 'the stick may be removed'
	# The digest in groups of four, as it stands in the minutes.
	digest=$(sha256sum <$BUNDLE/corp.crl | cut -d' ' -f1)
	[ "$(grep -A1 'SHA-256' <<<"$output" | sed 's/SHA-256//' |
		tr -d ' \n')" = "$digest" ]
	says "$(sed 's/\(....\)\(....\).*/\1 \2/' <<<"$digest")"
	# One file more, and no other has changed.
	sha256sum --quiet -c <(sed "s, \./, $BUNDLE/," before)
	[ "$(find $BUNDLE -type f | wc -l)" -eq 8 ]
	(cd $BUNDLE && sha256sum --quiet --strict -c SHA256SUMS)
	for key in ca officer; do
		run minisign -V -p $key/seal.pub -m $BUNDLE/bundle.json \
			-x "$(seal_name $key/seal.pub)"
		[ "$status" -eq 0 ]
		says 'type:crlferry-bundle root:corp number:1 time:2'
	done
	no_leftovers
}

@test "required = 2: the second officer's seal is what is missing" {
	make_sub_config ca corp one
	sed -i "s,trusted = (,&\"$PWD/officer/seal.pub\"\, ,
		s/required = 1/required = 2/" sub/crlferry.cfg
	refuses 65 seal sub import stick
	says 'want seals by 2 trusted keys, have 1'
	says 'let another officer add a seal: crlferry-root seal MEDIUM'
	# By the same key once more, and under another name: still one.
	root ca seal stick --quiet
	cp "$(seal_name ca/seal.pub)" \
		$BUNDLE/bundle.json.0123456789abcdef.minisig
	refuses 65 seal sub import stick
	rm $BUNDLE/bundle.json.0123456789abcdef.minisig
	seal stick --quiet
	sub import stick --json >imported.json
	jq -e --arg a "$(key_id ca/seal.pub)" \
		--arg b "$(key_id officer/seal.pub)" '.imported[0] |
		.outcome == "installed" and
		(.sealed_by | split(" ") | sort) == ([$a, $b] | sort)' \
		imported.json
}

@test "again: already so, and nothing is written" {
	local before
	seal stick --quiet
	before=$(find stick officer -printf '%p %T@\n' -type f \
		-exec sha256sum {} + | grep -v lock)
	run seal stick
	[ "$status" -eq 0 ]
	says "was sealed by $(key_id officer/seal.pub) before: nothing changed"
	[ "$before" = "$(find stick officer -printf '%p %T@\n' -type f \
		-exec sha256sum {} + | grep -v lock)" ]
	# The root's own key has sealed it with the export.
	root ca seal stick --json | jq -e '.sealed[0].outcome == "same"'
	[ "$(root ca ledger show --json | jq '.lines | length')" -eq \
		"$(wc -l <ca/state/ledger.jsonl)" ]
	jq -e 'select(.event == "seal")' ca/state/ledger.jsonl >lines || true
	[ ! -s lines ]
}

@test "this machine's ledger tells of it, once, whatever was interrupted" {
	seal stick --quiet
	root officer ledger verify --quiet
	jq -e --arg key "$(tail -n 1 officer/seal.pub)" --arg crl \
		"$(sha256sum <$BUNDLE/corp.crl | cut -d' ' -f1)" \
		'.event == "seal" and .root == "corp" and .number == "1" and
		.sealed_by == $key and .sha256 == $crl and
		(.path | endswith("crlferry/corp/000001"))' \
		officer/state/ledger.jsonl
	seal stick --quiet
	[ "$(wc -l <officer/state/ledger.jsonl)" -eq 1 ]
	# As if it had stopped between the seal and the ledger.
	rm officer/state/ledger.jsonl
	seal stick --quiet
	[ "$(wc -l <officer/state/ledger.jsonl)" -eq 1 ]
	# Exported anew, the seal is gone; sealed anew, the ledger says so.
	root ca export stick --allow-fixed-disk --quiet
	[ "$(seal_count)" -eq 1 ]
	seal stick --quiet
	[ "$(wc -l <officer/state/ledger.jsonl)" -eq 2 ]
}

@test "JSON tells what was sealed" {
	seal stick --json >sealed.json 2>notes
	jq -e --arg id "$(key_id officer/seal.pub)" --arg crl \
		"$(sha256sum <$BUNDLE/corp.crl | cut -d' ' -f1)" \
		--slurpfile m $BUNDLE/bundle.json '.type == "crlferry-seal" and
		(.sealed | length) == 1 and (.sealed[0] |
		.root == "corp" and .outcome == "sealed" and .number == "1" and
		.this_update == $m[0].this_update and
		.next_update == $m[0].next_update and .sha256 == $crl and
		.sealed_by == $id and .token == null and
		(.path | endswith("/corp/000001")))' sealed.json
	[ ! -s notes ]
	rm "$(seal_name officer/seal.pub)"
	seal stick --quiet >out 2>&1
	[ ! -s out ]
	[ "$(seal_count)" -eq 2 ]
}

@test "no key of another officer is known: it says so, and seals" {
	make_officer stranger
	run root stranger seal stick
	[ "$status" -eq 0 ]
	says 'note: '
	says 'cannot tell who sealed it'
	says 'sealed by   cannot tell'
	[ "$(seal_count)" -eq 2 ]
}

@test "the bundle is shown before the passphrase is asked for" {
	rm officer/seal.key officer/seal.pub
	"$ROOT_PROGRAM" keygen officer/seal.key officer/seal.pub --quiet \
		--passphrase-fd 0 <<<horse
	untouched 65 key stick --passphrase-fd 0 <<<donkey
	says 'is signed by the root'
	refuses 65 key setsid --wait "$ROOT_PROGRAM" seal stick \
		--config officer/crlferry.cfg </dev/null
	[ "$(seal_count)" -eq 1 ]
	cat >ask.exp <<-EXP
		set timeout 300
		spawn $ROOT_PROGRAM seal stick --config officer/crlferry.cfg
		expect {
			timeout { exit 3 }
			-re "is signed by.*SHA-256 .*passphrase of .*: "
		}
		send "horse\r"
		expect {
			timeout { exit 4 }
			"corp: sealed by"
		}
		expect {
			timeout { exit 5 }
			eof
		}
		exit [lindex [wait] 3]
	EXP
	expect ask.exp
	minisign -V -q -p officer/seal.pub -m $BUNDLE/bundle.json \
		-x "$(seal_name officer/seal.pub)"
}

@test "several keys of one machine, in their order" {
	"$ROOT_PROGRAM" keygen officer/two.key officer/two.pub --quiet \
		--no-passphrase
	sed -i 's/secret = "seal.key"/secret = ("two.key", "seal.key")/' \
		officer/crlferry.cfg
	seal stick --json >sealed.json
	[ "$(jq -r '.sealed[0].sealed_by' sealed.json)" = \
		"$(key_id officer/two.pub) $(key_id officer/seal.pub)" ]
	[ "$(seal_count)" -eq 3 ]
	# One of them is gone: that one is written again.
	rm "$(seal_name officer/two.pub)"
	seal stick --json | jq -e '.sealed[0].outcome == "sealed"'
	[ "$(seal_count)" -eq 3 ]
	# The same key twice is no second officer.
	cp officer/seal.key officer/two.key
	untouched 78 config stick
	says 'two keys in "secret" have the key id'
}

@test "not sealed by a trusted key: seal" {
	make_officer mallory
	sed -i "s,ca/seal.pub,mallory/seal.pub," officer/crlferry.cfg
	untouched 65 seal stick
	says 'no key of seal.trusted has sealed it'
	sed -i "s,mallory/seal.pub,ca/seal.pub," officer/crlferry.cfg
	# Nor by one that has sealed something else.
	edit_manifest . 'type:crlferry-bundle root:corp number:2 time:x'
	untouched 65 seal stick
	minisign -S -l -q -s ca/seal.key -m $BUNDLE/bundle.json \
		-x "$(seal_name ca/seal.pub)"
	untouched 65 seal stick
	says prehash
	edit_manifest .
	flip $BUNDLE/bundle.json 30
	untouched 65 seal stick
}

@test "a file that is not what the manifest says: digest" {
	local file
	for file in corp.crl corp.crl.pem corp.crt README.txt; do
		cp $BUNDLE/$file kept
		flip $BUNDLE/$file 40
		untouched 65 digest stick
		says "$file: "
		printf x >>$BUNDLE/$file
		untouched 65 digest stick
		cp kept $BUNDLE/$file
	done
	cp $BUNDLE/SHA256SUMS kept
	flip $BUNDLE/SHA256SUMS 3
	untouched 65 digest stick
	cp kept $BUNDLE/SHA256SUMS
	seal stick --quiet
}

@test "a stranger's file, a link, a missing file" {
	touch $BUNDLE/more.txt
	untouched 65 format stick
	rm $BUNDLE/more.txt
	mv $BUNDLE/README.txt kept
	untouched 66 missing stick
	ln -s "$PWD/kept" $BUNDLE/README.txt
	untouched 65 format stick
	rm $BUNDLE/README.txt
	mv kept $BUNDLE/README.txt
	mv $BUNDLE elsewhere
	ln -s "$PWD/elsewhere" $BUNDLE
	untouched 65 format stick
}

@test "a bundle under another number than its own: format" {
	cp -r $BUNDLE stick/crlferry/corp/000009
	untouched 65 format stick
	says 'want number 9, as its folder says, have 1'
}

@test "a sealed lie about the CRL is not sealed twice" {
	edit_manifest '.revoked_count = 0'
	untouched 65 format stick
	says revoked_count
	edit_manifest '.revoked_count = 1 | .number = "2"'
	untouched 65 format stick
	edit_manifest '.number = "1" | .next_update = "2099-01-01T00:00:00Z"'
	untouched 65 format stick
	says next_update
	edit_manifest '.root = "other"'
	untouched 65 issuer stick
	edit_manifest '.root = "corp" | .spki_sha256 |= (.[1:] + "0")'
	untouched 65 issuer stick
}

@test "another root's CRL or certificate, though sealed" {
	old_root cb p256
	cp $BUNDLE/corp.crt kept
	openssl x509 -in cb/root.pem -outform DER -out $BUNDLE/corp.crt
	exchange corp.crt
	untouched 65 issuer stick
	says 'corp.crt: not the certificate of'
	cp kept $BUNDLE/corp.crt
	exchange corp.crt
	# The CRL of a twin: the same name, another key.
	cp $BUNDLE/corp.crl kept
	adopt_root cb corp
	root cb issue --first --quiet
	cp "$(last_crl cb corp)" $BUNDLE/corp.crl
	exchange corp.crl
	untouched 65 issuer stick
	# In PEM alone, where only people look.
	cp kept $BUNDLE/corp.crl
	exchange corp.crl
	cp $BUNDLE/corp.crl.pem kept
	openssl crl -inform DER -in "$(last_crl cb corp)" \
		-out $BUNDLE/corp.crl.pem
	exchange corp.crl.pem
	untouched 65 digest stick
	says 'corp.crl.pem: not the same CRL as in DER'
	echo garbage >$BUNDLE/corp.crl.pem
	exchange corp.crl.pem
	untouched 65 format stick
	cp kept $BUNDLE/corp.crl.pem
	exchange corp.crl.pem
	seal stick --quiet
}

@test "this machine knows another root" {
	old_root cb p256 Other
	cp cb/root.pem officer/root.pem
	untouched 65 issuer stick
	rm officer/root.pem
	untouched 66 missing stick
}

@test "more than sixteen seals: refused" {
	local n
	for n in $(seq 10 24); do
		cp "$(seal_name ca/seal.pub)" \
			"$BUNDLE/bundle.json.00000000000000$n.minisig"
	done
	[ "$(seal_count)" -eq 16 ]
	untouched 65 seal stick
	says 'want at most 16 seals, have 17'
	rm "$BUNDLE/bundle.json.0000000000000024.minisig"
	seal stick --quiet
	[ "$(seal_count)" -eq 16 ]
}

@test "what stands under our name and is no seal is replaced" {
	echo cut >"$(seal_name officer/seal.pub)"
	seal stick --quiet
	[ "$(seal_count)" -eq 2 ]
	minisign -V -q -p officer/seal.pub -m $BUNDLE/bundle.json \
		-x "$(seal_name officer/seal.pub)"
}

@test "a key id is no identity: a trusted seal of the same id stays" {
	# The other officer's key, under the id of the first one's.
	perl -MMIME::Base64 -e '
		my @file = map { local @ARGV = $_; [<>] } @ARGV;
		my @raw = map { decode_base64($_->[1]) } @file;
		substr($raw[0], 54, 8) = substr($raw[1], 2, 8);
		print $file[0][0], encode_base64($raw[0], ""), "\n";' \
		officer/seal.key ca/seal.pub >twin.key
	chmod 600 twin.key
	mv twin.key officer/seal.key
	untouched 65 key stick
	says 'a trusted key that has the same id'
}

@test "no key, a loose one, and one that seals notes" {
	local note
	chmod 640 officer/seal.key
	untouched 77 permissions stick
	chmod 600 officer/seal.key
	cp officer/crlferry.cfg kept.cfg
	sed -i 's/secret = "seal.key";//' officer/crlferry.cfg
	untouched 78 config stick
	says 'make one with crlferry-root keygen'
	cp kept.cfg officer/crlferry.cfg
	note='subordinates = ( { name = "one"; note_key = "seal.pub"; } );'
	sed -i "s,root.pem\";,& $note," officer/crlferry.cfg
	untouched 78 config stick
	says note_key
	[ "$(seal_count)" -eq 1 ]
}

@test "several roots: one bad bundle does not keep the other back" {
	local beta
	old_root cb p256 'Root B'
	adopt_root cb beta
	cp ca/seal.key ca/seal.pub cb/
	root cb issue --first --quiet
	root cb export stick --allow-fixed-disk --quiet
	beta='{ name = "beta"; certificate = "../cb/root.pem"; }'
	sed -i "s|root.pem\"; }|&, $beta|" officer/crlferry.cfg
	flip $BUNDLE/corp.crl 40
	run seal stick
	[ "$status" -eq 65 ]
	says 'crlferry-root: digest: '
	says "beta: sealed by $(key_id officer/seal.pub)"
	[ "$(seal_count)" -eq 1 ]
	[ "$(find stick/crlferry/beta -name '*.minisig' | wc -l)" -eq 2 ]
	seal stick --json >sealed.json || [ $? -eq 65 ]
	jq -e '[.sealed[] | .outcome] == ["failed", "same"] and
		.sealed[0].token == "digest"' sealed.json
	# By name.
	seal stick beta --quiet
	untouched 65 digest stick corp
	untouched 66 missing stick gamma
	flip $BUNDLE/corp.crl 40
	rm -r stick/crlferry/beta
	seal stick --quiet
	[ "$(seal_count)" -eq 2 ]
	untouched 66 missing stick beta
}

@test "nothing to seal" {
	mkdir empty
	untouched 66 missing empty
	untouched 66 missing none
	untouched 77 medium $BUNDLE/corp.crl
	untouched 64 usage
	# An export that was interrupted is no bundle.
	rm $BUNDLE/*.minisig
	untouched 66 missing stick
	says 'has no seal'
}

# remade EXTENSION [OPTION]...: the CRL in the bundle as `openssl ca` makes it
# with that extension, of the same number and dates; the manifest follows
remade() {
	local crl=$BUNDLE/corp.crl extension=$1
	shift
	cp ca/ca.cnf kept.cnf
	sed -i "/^\[crl\]/a $extension" ca/ca.cnf
	openssl_crl ca "$crl" other.crl "$@" && mv other.crl "$crl" &&
		openssl crl -inform DER -in "$crl" -out "$crl.pem" || return
	mv kept.cnf ca/ca.cnf
	exchange corp.crl
	exchange corp.crl.pem
}

@test "a CRL that no subordinate takes gets no other officer's seal" {
	local extension
	cp -r stick kept
	for extension in 2.5.29.27=critical,DER:020101 \
		issuingDistributionPoint=critical,onlyuser:TRUE \
		1.2.3.4=critical,DER:0500; do
		remade "$extension"
		untouched 77 scope stick
		rm -r stick && cp -r kept stick
	done
	remade issuerAltName=DNS:x -md sha1
	untouched 77 weak stick
	rm -r stick && cp -r kept stick
	# an extension that is not critical, and a part whose distribution
	# point this machine cannot know
	remade 1.2.3.4=DER:0500
	seal stick --quiet
	rm -r stick && cp -r kept stick
	remade issuingDistributionPoint=critical,fullname:URI:http://pki.example/0
	seal stick --quiet
}

@test "a CRL that has ended is said, and a bundle's folder will do" {
	run faketime '+3 years' "$ROOT_PROGRAM" seal $BUNDLE \
		--config officer/crlferry.cfg
	[ "$status" -eq 0 ]
	says 'the CRL has expired'
	[ "$(seal_count)" -eq 2 ]
}

@test "killed at any write: the bundle stays whole, and a rerun seals it" {
	local call n
	strace -o /dev/null true 2>/dev/null || skip "strace may not trace here"
	make_sub_config ca corp one
	for call in write fsync rename openat close; do
		n=0
		while :; do
			n=$((n + 1))
			rm -f "$(seal_name officer/seal.pub)"
			rm -rf sub/state stores officer/state
			mkdir -p stores/hash
			run strace -f -qq -o trace -P "$PWD/$BUNDLE" \
				-P "$(realpath $BUNDLE)/.$(basename \
				"$(seal_name officer/seal.pub)").crlferry-new" \
				-e "inject=$call:signal=KILL:when=$n" \
				"$ROOT_PROGRAM" seal "$PWD/stick" --quiet \
				--config officer/crlferry.cfg
			[ "$status" -eq 137 ] || break
			sub import stick --quiet
			seal stick --quiet
			[ "$(seal_count)" -eq 2 ]
			no_leftovers
		done
		[ "$status" -eq 0 ]
		echo "$call: $n"
		[ "$n" -gt 1 ] || [ "$call" = rename ]
	done
}

@test "a full and a read-only stick" {
	mkdir small
	mount -t tmpfs -o size=64k none small ||
		skip "a filesystem cannot be mounted here"
	cp -a stick/crlferry small/
	dd if=/dev/zero of=small/filler bs=4k 2>/dev/null || true
	refuses 74 no-space seal small
	no_leftovers
	[ "$(find small -name '*.minisig' | wc -l)" -eq 1 ]
	rm small/filler
	mount -o remount,ro small
	run seal small
	[ "$status" -eq 74 ] || [ "$status" -eq 77 ]
	says 'Read-only' || says 'read-only'
	mount -o remount,rw small
	seal small --quiet
	[ "$(find small -name '*.minisig' | wc -l)" -eq 2 ]
}
