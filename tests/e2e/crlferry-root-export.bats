#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# crlferry-root export: the bundle on the medium.

load root_setup

setup() {
	make_folder
	old_root ca p384
	make_sub ca one
	adopt_root ca corp
	mkdir medium
	BUNDLE=medium/crlferry/corp/000001
}

export_to() {
	root ca export "$@"
}

@test "files, names and modes are those of the contract" {
	revoke_sub ca one
	root ca issue --first --quiet
	umask 0
	run export_to medium --allow-fixed-disk
	[ "$status" -eq 0 ]
	says "corp: exported #1 to $BUNDLE"
	says "$(sha256sum <"$(last_crl ca corp)" | cut -d' ' -f1)"
	find $BUNDLE -type f -printf '%m %P\n' | sort >have
	sort >want <<-FILES
		644 README.txt
		644 SHA256SUMS
		644 bundle.json
		644 bundle.json.$(key_id ca/seal.pub).minisig
		644 corp.crl
		644 corp.crl.pem
		644 corp.crt
	FILES
	diff want have
	cmp $BUNDLE/corp.crl "$(last_crl ca corp)"
	cmp <(openssl crl -inform DER -in $BUNDLE/corp.crl) \
		$BUNDLE/corp.crl.pem
	cmp <(openssl x509 -in ca/root.pem -outform DER) $BUNDLE/corp.crt
	(cd $BUNDLE && sha256sum --strict -c SHA256SUMS)
	[ "$(wc -l <$BUNDLE/SHA256SUMS)" -eq 5 ]
	minisign -V -p ca/seal.pub -m $BUNDLE/bundle.json \
		-x "$BUNDLE/bundle.json.$(key_id ca/seal.pub).minisig"
	no_leftovers
}

@test "the manifest says what was exported" {
	revoke_sub ca one
	root ca issue --first --json >issued.json
	export_to medium --allow-fixed-disk --json >exported.json
	jq -e --slurpfile i issued.json '.type == "crlferry-export" and
		(.exported | length) == 1 and
		.exported[0].number == $i[0].issued[0].number and
		.exported[0].next_update == $i[0].issued[0].next_update and
		.exported[0].sha256 == $i[0].issued[0].sha256' exported.json
	jq -e --slurpfile i issued.json '.version == 1 and .root == "corp" and
		.number == "1" and .published_as == "corp.crl" and
		.this_update == $i[0].issued[0].this_update and
		.next_update == $i[0].issued[0].next_update and
		.next_ceremony == $i[0].issued[0].next_ceremony and
		.dropped == []' $BUNDLE/bundle.json
	[ "$(jq -r '[.. | strings] | .[]' $BUNDLE/bundle.json | grep -cx \
		"$(openssl x509 -in ca/root.pem -noout -pubkey |
			openssl pkey -pubin -outform DER | sha256sum |
			cut -d' ' -f1)")" -eq 1 ]
	# Name, size and digest of every file.
	jq -r '.files[] | "\(.sha256)  \(.name)"' $BUNDLE/bundle.json |
		(cd $BUNDLE && sha256sum --strict -c -)
	jq -r '.files[] | "\(.size) \(.name)"' $BUNDLE/bundle.json | sort \
		>want
	(cd $BUNDLE && stat -c '%s %n' README.txt corp.crl corp.crl.pem \
		corp.crt) | sort | diff want -
	# The ledger's head, as it was before the export was entered.
	head -n -1 ca/state/ledger.jsonl >ca/state/shorter
	mv ca/state/shorter ca/state/ledger.jsonl
	jq -e --arg head "$(root ca ledger verify --json |
		jq -r '.ledger[0].head')" '.ledger_head == $head' \
		$BUNDLE/bundle.json
}

@test "published_as is told in manifest and README" {
	sed -i 's/.*published_as.*/published_as = "Corp Root (G1).crl";/' \
		ca/crlferry.cfg
	root ca issue --first --quiet
	export_to medium --allow-fixed-disk --quiet
	jq -e '.published_as == "Corp Root (G1).crl"' $BUNDLE/bundle.json
	grep -q 'Corp Root (G1).crl' $BUNDLE/README.txt
	find $BUNDLE -name '*[A-Z ]*' ! -name README.txt ! -name SHA256SUMS \
		>upper
	[ ! -s upper ]
}

@test "README says how it is done by hand on Windows, in CRLF" {
	root ca issue --first --quiet
	export_to medium --allow-fixed-disk --quiet
	[ "$(grep -c $'\r$' $BUNDLE/README.txt)" -eq \
		"$(wc -l <$BUNDLE/README.txt)" ]
	tr -d '\r' <$BUNDLE/README.txt | sed -n '/on Windows/,$p' >windows
	[ "$(awk 'length > 80' windows | wc -l)" -eq 0 ]
	grep -q 'Command Prompt (cmd.exe' windows
	# It is verified before it is added, and with what is not on the stick.
	[[ $(grep -n -m1 -- '-verify corp.crl ROOT.cer' windows | cut -d: -f1) -lt \
		$(grep -n -- '-addstore CA corp.crl' windows | cut -d: -f1) ]]
	grep -q 'not from this stick' windows
	grep -qx '  certutil -dspublish -f corp.crl CAHOST' windows
	grep -A1 -Fx '    without it if this shows Published CRL Locations:' \
		windows | grep -qx '      certutil corp.crl'
	grep -q 'ChainCacheResyncFiletime @now' windows
}

PAGE='medium/READ ME FIRST.txt'

@test "READ ME FIRST.txt tells whoever finds the stick whose it is" {
	root ca issue --first --quiet
	export_to medium --allow-fixed-disk --quiet
	[ "$(find medium -mindepth 1 -maxdepth 1 | sort)" = "$PAGE
medium/crlferry" ]
	[ "$(stat -c %a "$PAGE")" = 644 ]
	[ "$(grep -c $'\r$' "$PAGE")" -eq "$(wc -l <"$PAGE")" ]
	[ "$(tr -d '\r' <"$PAGE" | awk 'length > 76' | wc -l)" -eq 0 ]
	grep -q 'certificate revocation lists' "$PAGE"
	grep -q 'the people who run the PKI of' "$PAGE"
	# Without an organisation its common name stands for it.
	grep -qx $'    Test Root\r' "$PAGE"
	grep -qx $'    corp: CN=Test Root\r' "$PAGE"
	no_leftovers
	# Once it is there, it is not written again.
	before=$(stat -c '%i %Y' "$PAGE")
	export_to medium --allow-fixed-disk --quiet
	[ "$(stat -c '%i %Y' "$PAGE")" = "$before" ]
	# One that is cut short, empty even, or of another time is replaced.
	cp "$PAGE" whole
	for size in 0 200; do
		head -c "$size" whole >"$PAGE"
		run export_to medium --allow-fixed-disk
		[ "$status" -eq 0 ]
		says_not READ
		cmp "$PAGE" whole
	done
}

@test "READ ME FIRST.txt names every organisation once, in UTF-8" {
	local name
	for name in a b c; do
		old_root $name p256
		case $name in
		a) subject='/O=Müller & Söhne/CN=Root A' ;;
		b) subject='/O=Müller & Söhne/CN=Root B' ;;
		c) subject='/O=Söhne/CN=Root C' ;;
		esac
		faketime '-1 day' openssl req -config $name/ca.cnf -new -x509 \
			-utf8 -key $name/root.key -subj "$subject" -days 7300 \
			-extensions v3_root -out $name/root.pem 2>/dev/null
		adopt_root $name root-$name
	done
	# Those of the three in one configuration.
	sed '$d' ca/crlferry.cfg | sed '$s/}$/},/' >ca/all.cfg
	config_of a | sed '1,/^roots/d; $d' | sed '$s/}$/},/' >>ca/all.cfg
	config_of b | sed '1,/^roots/d; $d' | sed '$s/}$/},/' >>ca/all.cfg
	config_of c | sed '1,/^roots/d' >>ca/all.cfg
	mv ca/all.cfg ca/crlferry.cfg
	root ca issue --first --quiet
	export_to medium root-b --allow-fixed-disk --quiet
	[ "$(grep -c $'^    Test Root\r' "$PAGE")" -eq 1 ]
	[ "$(grep -c $'^    Müller & Söhne\r' "$PAGE")" -eq 1 ]
	[ "$(grep -c $'^    Söhne\r' "$PAGE")" -eq 1 ]
	[ "$(grep -c '^    root-[abc]: CN=Root [ABC],O=' "$PAGE")" -eq 3 ]
	grep -qx $'    corp: CN=Test Root\r' "$PAGE"
	cp "$PAGE" all
	# The page of all: it stays as it is with whichever root is exported.
	run export_to medium --allow-fixed-disk
	[ "$status" -eq 0 ]
	says_not READ
	cmp "$PAGE" all
	# One whose certificate is gone is named all the same.
	mv c/root.pem c/away.pem
	export_to medium corp --allow-fixed-disk --quiet
	grep -qx $'    root-c\r' "$PAGE"
}

@test "READ ME FIRST.txt has no room: the bundle is whole all the same" {
	mkdir small
	root ca issue --first --quiet
	# as many files as a bundle has, with its folders
	mount -t tmpfs -o size=4m,nr_inodes=11 none small ||
		skip "a small filesystem cannot be mounted here"
	run export_to small --allow-fixed-disk
	[ "$status" -eq 0 ]
	says 'note: the bundle is whole, but the page for whoever finds the stick is not: small/READ ME FIRST.txt: '
	says 'exported #1'
	minisign -V -p ca/seal.pub -m small/crlferry/corp/000001/bundle.json \
		-x small/crlferry/corp/000001/*.minisig
	[ "$(ls -A small)" = crlferry ]
	mount -o remount,size=4m,nr_inodes=20 small
	export_to small --allow-fixed-disk --quiet
	[ -s 'small/READ ME FIRST.txt' ]
}

@test "READ ME FIRST.txt: another's file of that name is left alone" {
	root ca issue --first --quiet
	echo "the birthday photos" >"$PAGE"
	run export_to medium --allow-fixed-disk
	[ "$status" -eq 0 ]
	says "$PAGE is not crlferry's, and is left alone"
	[ "$(cat "$PAGE")" = "the birthday photos" ]
	[ -f $BUNDLE/bundle.json ]
	rm "$PAGE"
	mkdir "$PAGE"
	run export_to medium --allow-fixed-disk
	[ "$status" -eq 0 ]
	says "$PAGE is not crlferry's"
	rmdir "$PAGE"
	# Through a link nothing is read or written.
	"$ROOT_PROGRAM" export "$(mkdir other && echo other)" --quiet \
		--allow-fixed-disk --config ca/crlferry.cfg
	mv 'other/READ ME FIRST.txt' elsewhere
	echo more >>elsewhere
	cp elsewhere kept
	ln -s "$PWD/elsewhere" "$PAGE"
	run export_to medium --allow-fixed-disk
	[ "$status" -eq 0 ]
	says "$PAGE is not crlferry's"
	cmp elsewhere kept
	[ -L "$PAGE" ]
	rm "$PAGE"
	# Larger than any of ours.
	{ cat elsewhere; head -c 70000 /dev/zero; } >"$PAGE"
	run export_to medium --allow-fixed-disk
	[ "$status" -eq 0 ]
	says "$PAGE is not crlferry's"
	[ "$(stat -c %s "$PAGE")" -gt 70000 ]
	no_leftovers
}

@test "two seal keys make two seals; each alone verifies" {
	local key
	"$ROOT_PROGRAM" keygen ca/two.key ca/two.pub --passphrase-fd 0 \
		--quiet <<<horse
	sed -i 's/secret = "seal.key"/secret = ("seal.key", "two.key")/' \
		ca/crlferry.cfg
	root ca issue --first --quiet
	export_to medium --allow-fixed-disk --quiet --passphrase-fd 0 <<<horse
	[ "$(find $BUNDLE -name '*.minisig' | wc -l)" -eq 2 ]
	for key in seal two; do
		minisign -V -p ca/$key.pub -m $BUNDLE/bundle.json \
			-x "$BUNDLE/bundle.json.$(key_id ca/$key.pub).minisig"
	done
	before=$(digest_of medium)
	refused medium 65 key export_to medium --allow-fixed-disk \
		--passphrase-fd 0 <<<donkey
	refused medium 65 key setsid --wait "$ROOT_PROGRAM" export medium \
		--allow-fixed-disk --config ca/crlferry.cfg </dev/null
	[ "$before" = "$(digest_of medium)" ]
}

@test "minisign's own key seals as well" {
	rm ca/seal.key ca/seal.pub
	minisign -G -W -p ca/seal.pub -s ca/seal.key </dev/null
	chmod 600 ca/seal.key
	root ca issue --first --quiet
	export_to medium --allow-fixed-disk --quiet
	# minisign prints the key id without its leading zeros
	minisign -V -p ca/seal.pub -m $BUNDLE/bundle.json \
		-x $BUNDLE/bundle.json.*"$(key_id ca/seal.pub).minisig"
}

@test "again replaces; a seal of a key that is gone goes as well" {
	root ca issue --first --quiet
	export_to medium --allow-fixed-disk --quiet
	echo 'left from before' >$BUNDLE/corp.crl
	touch $BUNDLE/bundle.json.0123456789abcdef.minisig
	rm ca/seal.key ca/seal.pub
	"$ROOT_PROGRAM" keygen ca/seal.key ca/seal.pub --no-passphrase --quiet
	export_to medium --allow-fixed-disk --quiet
	[ "$(find $BUNDLE -name '*.minisig')" = \
		"$BUNDLE/bundle.json.$(key_id ca/seal.pub).minisig" ]
	(cd $BUNDLE && sha256sum --strict --quiet -c SHA256SUMS)
	minisign -V -p ca/seal.pub -m $BUNDLE/bundle.json \
		-x "$BUNDLE/bundle.json.$(key_id ca/seal.pub).minisig"
	# The next number stands beside it.
	root ca issue --quiet
	export_to medium --allow-fixed-disk --quiet
	[ -e medium/crlferry/corp/000002/bundle.json ]
	(cd $BUNDLE && sha256sum --strict --quiet -c SHA256SUMS)
	root ca ledger show | grep -c ' export ' >exports
	[ "$(cat exports)" -eq 3 ]
}

@test "a fixed disk is refused without --allow-fixed-disk" {
	root ca issue --first --quiet
	refused . 77 medium export_to medium
	says --allow-fixed-disk
	refused . 77 medium export_to ca/root.pem --allow-fixed-disk
	refused . 66 missing export_to none --allow-fixed-disk
	[ -z "$(ls medium)" ]
}

@test "links on the medium lead no write elsewhere" {
	local at
	root ca issue --first --quiet
	mkdir elsewhere
	for at in crlferry crlferry/corp crlferry/corp/000001; do
		mkdir -p "medium/$(dirname $at)"
		ln -s "$T/elsewhere" medium/$at
		refused . 65 format export_to medium --allow-fixed-disk
		says "medium/$at: is not a folder"
		rm medium/$at
		# one that stays on the medium is none the less
		mkdir -p medium/beside
		ln -s "$T/medium/beside" medium/$at
		refused . 65 format export_to medium --allow-fixed-disk
		rm medium/$at
		mkdir medium/$at
		if mount -t tmpfs -o size=1m none medium/$at; then
			run export_to medium --allow-fixed-disk
			umount medium/$at
			[ "$status" -eq 65 ]
			says "medium/$at: is on another filesystem than"
		fi
	done
	[ -z "$(find elsewhere medium/beside -mindepth 1)" ]
	# a file that is a link is replaced, not written through
	echo kept >elsewhere/kept
	for at in corp.crl bundle.json SHA256SUMS .corp.crl.crlferry-new \
		bundle.json.0123456789abcdef.minisig; do
		ln -s "$T/elsewhere/kept" "$BUNDLE/$at"
	done
	export_to medium --allow-fixed-disk --quiet
	[ "$(cat elsewhere/kept)" = kept ]
	[ -z "$(find $BUNDLE -type l)" ]
	(cd $BUNDLE && sha256sum --strict --quiet -c SHA256SUMS)
}

# numbers: the folders of bundles on the medium
numbers() {
	(cd medium/crlferry/corp && echo 0*)
}

link_temporary() {
	ln -s "$T/victim" "$BUNDLE/.corp.crl.crlferry-new"
}

@test "a link that comes while a file is made leads no write elsewhere" {
	load ../faults/inject
	need_strace
	root ca issue --first --quiet
	echo precious >victim
	# the first that is removed is what may stand under that name
	meanwhile unlinkat 1 link_temporary "$ROOT_PROGRAM" export medium \
		--allow-fixed-disk --config ca/crlferry.cfg
	[ "$status" -ne 0 ]
	[ "$(cat victim)" = precious ]
	[ -z "$(find medium -name '*.minisig')" ]
	root ca export medium --allow-fixed-disk --quiet
	[ "$(cat victim)" = precious ]
}

@test "old bundles are pruned to the newest two, after the new one is whole" {
	local n
	root ca issue --first --quiet
	export_to medium --allow-fixed-disk --quiet
	for n in 2 3; do
		root ca issue --quiet
		export_to medium --allow-fixed-disk --quiet
	done
	[ "$(numbers)" = "000002 000003" ]
	# again: nothing more goes
	export_to medium --allow-fixed-disk --quiet
	[ "$(numbers)" = "000002 000003" ]
	# what is not complete does not count; higher ones are not ours to judge
	rm medium/crlferry/corp/000003/*.minisig
	cp -r medium/crlferry/corp/000002 medium/crlferry/corp/000009
	mkdir medium/crlferry/other medium/crlferry/corp/00001x \
		medium/crlferry/corp/1
	cp -r medium/crlferry/corp/000002 medium/crlferry/other/000001
	root ca issue --quiet
	export_to medium --allow-fixed-disk --quiet
	[ "$(numbers)" = "000002 000003 000004 000009 00001x" ]
	[ -e medium/crlferry/other/000001/bundle.json ]
	[ -d medium/crlferry/corp/1 ]
	root ca issue --quiet
	export_to medium --allow-fixed-disk --quiet
	[ "$(numbers)" = "000004 000005 000009 00001x" ]
}

@test "an export that fails prunes nothing" {
	root ca issue --first --quiet
	export_to medium --allow-fixed-disk --quiet
	cp -r $BUNDLE medium/crlferry/corp/000000
	root ca issue --quiet
	mkdir medium/crlferry/corp/000002
	ln -s "$T/ca" medium/crlferry/corp/000002/corp.crl.pem
	mkdir medium/crlferry/corp/000002/corp.crl
	run export_to medium --allow-fixed-disk
	[ "$status" -ne 0 ]
	[ "$(numbers)" = "000000 000001 000002" ]
	rm -r medium/crlferry/corp/000002
	export_to medium --allow-fixed-disk --quiet
	[ "$(numbers)" = "000001 000002" ]
}

@test "pruning leaves what is not a bundle's, follows no link, and says so" {
	local old=medium/crlferry/corp/000000
	root ca issue --first --quiet
	export_to medium --allow-fixed-disk --quiet
	root ca issue --quiet
	mkdir elsewhere
	cp $BUNDLE/* elsewhere/
	# a file, a folder, a link in place of a file, a link in place of all
	mkdir $old
	cp $BUNDLE/* $old/
	echo mine >$old/notes.txt
	run export_to medium --allow-fixed-disk
	[ "$status" -eq 0 ]
	says "$old: is old and stays there: notes.txt"
	cmp $old/corp.crl $BUNDLE/corp.crl
	rm $old/notes.txt
	mkdir $old/corp.crl.crlferry-new
	run export_to medium --allow-fixed-disk
	says "$old: is old and stays there: corp.crl.crlferry-new"
	rmdir $old/corp.crl.crlferry-new
	ln -sf "$T/elsewhere/corp.crl" $old/corp.crl
	run export_to medium --allow-fixed-disk
	says "$old: is old and stays there: corp.crl in it"
	rm -r $old
	ln -s "$T/elsewhere" $old
	run export_to medium --allow-fixed-disk
	[ "$status" -eq 0 ]
	says "$old: is not a folder; it stays there"
	[ "$(ls elsewhere)" = "$(ls $BUNDLE)" ]
	rm $old
	# what a killed writer left goes with the rest
	mkdir $old
	cp $BUNDLE/corp.crl $old/
	: >$old/.corp.crt.crlferry-new
	run export_to medium --allow-fixed-disk
	says_not "stays there"
	[ ! -e $old ]
}

@test "a CRL that has ended is not carried anywhere" {
	root ca issue --first --quiet
	refused medium 77 expired faketime '2 years' "$ROOT_PROGRAM" export \
		medium --allow-fixed-disk --config ca/crlferry.cfg
	says 'corp: CRL #1 expired on '
	says 'crlferry-root issue --config ca/crlferry.cfg corp'
	[ -z "$(ls medium)" ]
	# to the second: no importer takes it at its nextUpdate
	end=$(openssl crl -inform DER -in "$(last_crl ca corp)" -noout \
		-nextupdate | sed 's/.*=//')
	refused medium 77 expired env TZ=UTC faketime -f \
		"$(date -u -d "$end" '+%F %T')" "$ROOT_PROGRAM" export \
		medium --allow-fixed-disk --config ca/crlferry.cfg
	[ -z "$(ls medium)" ]
	TZ=UTC faketime -f "$(date -u -d "$end - 1 second" '+%F %T')" \
		"$ROOT_PROGRAM" export medium --allow-fixed-disk --quiet \
		--config ca/crlferry.cfg
}

@test "a bundle with a higher number is not passed over in silence" {
	cp -r ca earlier
	root ca issue --first --quiet
	root ca issue --quiet
	export_to medium --allow-fixed-disk --quiet
	rm -r ca
	mv earlier ca
	root ca issue --first --quiet
	run export_to medium --allow-fixed-disk
	[ "$status" -eq 0 ]
	says "ATTENTION: medium/crlferry/corp/000002: its number is higher"
	says 'RESTORING and RECOVERING in crlferry-root(1)'
	# without its seal it is none, and an import passes it over
	rm medium/crlferry/corp/000002/*.minisig
	run export_to medium --allow-fixed-disk
	[ "$status" -eq 0 ]
	says_not ATTENTION
}

@test "nothing issued: nothing to export" {
	refused medium 66 missing export_to medium --allow-fixed-disk
	says 'crlferry-root issue --config ca/crlferry.cfg corp'
	[ -z "$(ls medium)" ]
	root ca issue --first --quiet
	refused medium 66 missing export_to medium other --allow-fixed-disk
	export_to medium corp --allow-fixed-disk --quiet
}

@test "wrong seal keys" {
	local mode
	root ca issue --first --quiet
	cp ca/crlferry.cfg kept.cfg
	for mode in 640 604 622; do
		chmod $mode ca/seal.key
		refused . 77 permissions export_to medium --allow-fixed-disk
	done
	chmod 600 ca/seal.key
	echo garbage >ca/bad.key
	chmod 600 ca/bad.key
	sed -i 's/"seal.key"/"bad.key"/' ca/crlferry.cfg
	refused . 65 key export_to medium --allow-fixed-disk
	sed -i 's/"bad.key"/"none.key"/' ca/crlferry.cfg
	refused . 66 missing export_to medium --allow-fixed-disk
	sed '/^seal = /d' kept.cfg >ca/crlferry.cfg
	refused . 78 config export_to medium --allow-fixed-disk
	says 'ca/crlferry.cfg:1: seal'
	sed 's/^seal = .*/seal = { };/' kept.cfg >ca/crlferry.cfg
	refused . 78 config export_to medium --allow-fixed-disk
	[ -z "$(ls medium)" ]
	cp kept.cfg ca/crlferry.cfg
	export_to medium --allow-fixed-disk --quiet
}

@test "an archive that was tampered with is not exported" {
	root ca issue --first --quiet
	cp "$(last_crl ca corp)" kept
	# The last octet belongs to the signature, an early one to the list.
	for at in 60 $(($(stat -c %s kept) - 1)); do
		perl -0777 -pe "substr(\$_, $at, 1) ^= \"\\x01\"" kept \
			>"$(last_crl ca corp)"
		run export_to medium --allow-fixed-disk
		[ "$status" -eq 65 ]
		[ -z "$(ls medium)" ]
	done
	: >"$(last_crl ca corp)"
	refused . 65 format export_to medium --allow-fixed-disk
	cat kept >"$(last_crl ca corp)"
	export_to medium --allow-fixed-disk --quiet
}

@test "too little room: refused before anything is touched" {
	mkdir small
	mount -t tmpfs -o size=64k none small ||
		skip "a small filesystem cannot be mounted here"
	make_index 2000 >ca/index.txt
	root ca issue --first --quiet
	refused small 77 medium export_to small --allow-fixed-disk
	says 'KiB free'
	[ -z "$(ls small)" ]
	mount -o remount,size=4m small
	export_to small --allow-fixed-disk --quiet
	(cd small/crlferry/corp/000001 && sha256sum --strict --quiet -c \
		SHA256SUMS)
	# Full again: the bundle of before stays whole.
	dd if=/dev/zero of=small/filler bs=4k 2>/dev/null || true
	refused small 77 medium export_to small --allow-fixed-disk
	minisign -V -p ca/seal.pub -m small/crlferry/corp/000001/bundle.json \
		-x small/crlferry/corp/000001/*.minisig
	(cd small/crlferry/corp/000001 && sha256sum --strict --quiet -c \
		SHA256SUMS)
	rm small/filler
	export_to small --allow-fixed-disk --quiet
	minisign -V -p ca/seal.pub -m small/crlferry/corp/000001/bundle.json \
		-x small/crlferry/corp/000001/*.minisig
}

@test "full while it is written: no-space, no seal, a second try works" {
	local inodes left
	mkdir small
	root ca issue --first --quiet
	# room for octets, not for files: as many as that, folders and all
	for inodes in 1 2 3 4 7 9; do
		mount -t tmpfs -o size=4m,nr_inodes=$((inodes + 1)) none small ||
			skip "a small filesystem cannot be mounted here"
		refuses 74 no-space export_to small --allow-fixed-disk
		no_leftovers
		left=$(find small -name '*.minisig')
		[ -z "$left" ]
		mount -o remount,size=4m,nr_inodes=20 small
		export_to small --allow-fixed-disk --quiet
		minisign -V -p ca/seal.pub \
			-m small/crlferry/corp/000001/bundle.json \
			-x small/crlferry/corp/000001/*.minisig
		umount small
	done
}

@test "a medium that cannot be written" {
	mkdir small
	mount -t tmpfs -o size=1m none small ||
		skip "a filesystem cannot be mounted here"
	root ca issue --first --quiet
	mount -o remount,ro small
	refused . 77 medium export_to small --allow-fixed-disk
	says 'it is mounted read-only'
	says "(tmpfs) on $T/small"
	refused . 77 medium export_to small
	says 'on no disk'
	# The ledger tells of nothing that did not happen.
	[ "$(root ca ledger show | grep -c ' export ')" -eq 0 ]
	mount -o remount,rw small
	export_to small --allow-fixed-disk --quiet
}

@test "several roots go to one medium, or one by name" {
	old_root cb p256 'Root B'
	adopt_root cb beta
	sed '$d' ca/crlferry.cfg | sed '$s/}$/},/' >ca/both.cfg
	config_of cb | sed '1,/^roots/d' >>ca/both.cfg
	mv ca/both.cfg ca/crlferry.cfg
	root ca issue --first --quiet
	export_to medium beta --allow-fixed-disk --quiet
	[ ! -e medium/crlferry/corp ]
	export_to medium --allow-fixed-disk --json >exported.json
	jq -e '[.exported[].root] == ["corp", "beta"]' exported.json
	[ -e medium/crlferry/corp/000001/corp.crl ]
	[ -e medium/crlferry/beta/000001/beta.crl ]
}

# on_terminal COMMAND...: with a terminal for everything
on_terminal() {
	run script -qec "$(printf '%q ' "$@")" /dev/null </dev/null
}

@test "how far it is, on a terminal, where that takes long" {
	local command=("$ROOT_PROGRAM" export --config ca/crlferry.cfg
		--allow-fixed-disk medium)
	root ca issue --first --quiet
	on_terminal "${command[@]}"
	[ "$status" -eq 0 ]
	says_not MiB
	make_index 80000 >ca/index.txt
	root ca issue --quiet
	on_terminal "${command[@]}"
	[ "$status" -eq 0 ]
	says 'MiB written'
	says 'MiB read back'
	on_terminal "${command[@]}" --quiet
	[ "$status" -eq 0 ]
	[ -z "$output" ]
	on_terminal "${command[@]}" --json
	says_not MiB
	run "${command[@]}"
	[ "$status" -eq 0 ]
	says_not MiB
}

@test "wrong options are usage" {
	root ca issue --first --quiet
	refused . 64 usage export_to
	refused . 64 usage export_to medium --nonsense
	refused . 64 usage export_to medium --allow-fixed-disk=yes
	refused . 64 usage export_to medium --passphrase-fd 99
	[ -z "$(ls medium)" ]
}
