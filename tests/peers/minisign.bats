#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Seals and keys both ways with the real minisign, over real bundles, and who
# of several officers is counted.

load ../e2e/pki_setup

make_work() {
	make_pki
	# Each scrypt takes a gigabyte and seconds: these are made once.
	minisign -G -f -p theirs.pub -s theirs.key <<<$'horse\nhorse' >/dev/null
	"$ROOT_PROGRAM" keygen ours.key ours.pub --passphrase-fd 0 --quiet \
		<<<stable
	minisign -G -f -W -p bare.pub -s bare.key >/dev/null
	chmod 600 ./*.key
}

# seal_with KEY...: these seal what is exported
seal_with() {
	local list
	list=$(printf '"%s", ' "$@")
	sed -i "s|secret = [^;]*;|secret = ( ${list%, } );|" ca/crlferry.cfg
}

# trust REQUIRED PUBLIC...
trust() {
	local list required=$1
	shift
	list=$(printf "\"$T/%s\", " "$@")
	sed -i "s|trusted = [^;]*;|trusted = ( ${list%, } );|
		s|required = .*|required = $required;|" sub/crlferry.cfg
}

key_id() {
	head -n 1 "$1" | sed 's/.* //'
}

# seal_of STICK PUBLIC: its seal, of which minisign's comment may lack zeros
seal_of() {
	echo "$1"/crlferry/test-root/000002/bundle.json.*"$(key_id "$2" |
		tr A-F a-f).minisig"
}

export_to() {
	root ca export "$1" --allow-fixed-disk --quiet "${@:2}"
}

# sealed_by_hand KEY PUBLIC [OPTION]...: minisign seals what is on stick2 in
# place of the seals there
sealed_by_hand() {
	local comment seal
	seal=$(echo "$BUNDLE2"/bundle.json.*.minisig)
	comment=$(sed -n 's/^trusted comment: //p' "$seal")
	rm "$seal"
	minisign -S -q -s "$1" -m "$BUNDLE2/bundle.json" -t "$comment" \
		-x "$BUNDLE2/bundle.json.0123456789abcdef.minisig" "${@:3}"
	minisign -V -q -p "$2" -m "$BUNDLE2/bundle.json" \
		-x "$BUNDLE2/bundle.json.0123456789abcdef.minisig"
}

@test "keys with a passphrase, minisign's and ours, seal one bundle" {
	local key
	seal_with ../theirs.key ../ours.key
	export_to stick2 --passphrase-fd 7 7<<<$'horse\nstable'
	for key in theirs ours; do
		run -0 minisign -V -p $key.pub -m "$BUNDLE2/bundle.json" \
			-x "$(seal_of stick2 $key.pub)"
		[[ $output == *"type:crlferry-bundle root:test-root number:2"* ]]
	done
	trust 2 theirs.pub ours.pub
	import stick2 --quiet
	all_hold stick2
}

@test "the passphrases in another order, or one too few: key" {
	seal_with ../theirs.key ../ours.key
	refuses 65 key export_to stick2 --passphrase-fd 7 \
		7<<<$'stable\nhorse'
	[[ $output == *theirs.key* ]]
	refuses 65 key export_to stick2 --passphrase-fd 7 7<<<horse
	[[ $output == *ours.key* ]]
	minisign -V -q -p ca/seal.pub -m "$BUNDLE2/bundle.json" \
		-x "$BUNDLE2"/bundle.json.*.minisig
}

@test "minisign's key with a passphrase seals on another machine" {
	mkdir officer
	cat >officer/crlferry.cfg <<-CFG
		state = "state";
		seal = { secret = "../theirs.key"; trusted = ( "../ca/seal.pub" ); };
		roots = ( { name = "test-root"; certificate = "../ca/root.pem"; } );
	CFG
	root officer seal stick2 --quiet --passphrase-fd 7 7<<<horse
	minisign -V -q -p theirs.pub -m "$BUNDLE2/bundle.json" \
		-x "$(seal_of stick2 theirs.pub)"
	trust 2 theirs.pub ca/seal.pub
	import stick2 --quiet
	all_hold stick2
}

@test "minisign asks on a terminal for the passphrase of our key" {
	local comment
	comment=$(sed -n 's/^trusted comment: //p' \
		"$BUNDLE2"/bundle.json.*.minisig)
	rm "$BUNDLE2"/bundle.json.*.minisig
	cat >sign.exp <<-EXP
		set timeout 300
		spawn minisign -S -s ours.key -m $BUNDLE2/bundle.json \\
		    -x $BUNDLE2/bundle.json.0123456789abcdef.minisig \\
		    -t "$comment"
		expect {
			timeout { exit 3 }
			"Password: "
		}
		sleep 1
		send "stable\r"
		expect {
			timeout { exit 4 }
			eof
		}
		exit [lindex [wait] 3]
	EXP
	expect sign.exp
	trust 1 ours.pub
	import stick2 --quiet
	all_hold stick2
}

@test "what minisign seals is taken where its comment is right" {
	trust 1 bare.pub
	sealed_by_hand bare.key bare.pub
	import stick2 --quiet
	all_hold stick2
}

@test "what minisign seals in the legacy form, or as it likes: seal" {
	trust 1 bare.pub
	sealed_by_hand bare.key bare.pub -l
	keeps 65 seal import stick2
	sealed_by_hand bare.key bare.pub -t 'timestamp:1 file:bundle.json'
	keeps 65 seal import stick2
}

@test "rotation: old and new are trusted side by side, then the new alone" {
	trust 1 ca/seal.pub bare.pub
	import stick2 --quiet
	issue_to stick3
	seal_with ../bare.key
	issue_to stick4
	import stick3 --quiet
	import stick4 --quiet
	all_hold stick4
	seal_with seal.key
	issue_to stick5
	trust 1 bare.pub
	keeps 65 seal import stick5
	seal_with seal.key ../bare.key
	export_to stick5
	import stick5 --quiet
	all_hold stick5
}

# twin KEY PUBLIC: the same public key under another id, as "$T/twin.pub"
twin() {
	perl -MMIME::Base64 -ne 'if ($. == 2) {
		my $raw = decode_base64($_);
		substr($raw, 2, 8) = "twinkey!";
		$_ = encode_base64($raw, "") . "\n" } print' "$1" >twin.pub
}

@test "required = 2: different keys count, not ids, files or seals" {
	trust 2 ca/seal.pub bare.pub
	keeps 65 seal import stick2
	cp "$BUNDLE2"/bundle.json.*.minisig "$T/seal"
	cp "$T/seal" "$BUNDLE2/bundle.json.0123456789abcdef.minisig"
	keeps 65 seal import stick2
	# One key under two ids is one key, in the configuration as well.
	rm "$BUNDLE2/bundle.json.0123456789abcdef.minisig"
	twin ca/seal.pub
	trust 2 ca/seal.pub twin.pub
	keeps 78 config import stick2
	[[ $output == *"want at least 2 different keys"* ]]
	trust 2 ca/seal.pub twin.pub bare.pub
	keeps 65 seal import stick2
	[[ $output == *"want seals by 2 trusted keys, have 1"* ]]
	seal_with seal.key ../bare.key
	export_to stick2
	import stick2 --quiet
	all_hold stick2
}

@test "three officers of whom any two will do" {
	trust 2 ca/seal.pub bare.pub ours.pub
	seal_with seal.key ../bare.key
	export_to stick2
	import stick2 --json >imported.json
	[ "$(jq -r '.imported[0].sealed_by' imported.json | wc -w)" -eq 2 ]
	all_hold stick2
}

@test "a key file that wants more than a gigabyte is refused at once" {
	# Offsets in the record: memlimit at 46, opslimit at 38.
	perl -MMIME::Base64 -e 'for my $row (["memory", 46, 1 << 40],
	    ["forever", 38, 1 << 50]) {
		open(my $from, "<", "theirs.key") or die;
		my @lines = <$from>;
		my $raw = decode_base64($lines[1]);
		substr($raw, $row->[1], 8) = pack("Q<", $row->[2]);
		open(my $to, ">", "$row->[0].key") or die;
		print $to $lines[0], encode_base64($raw, ""), "\n";
	}'
	chmod 600 memory.key forever.key
	for key in memory forever; do
		seal_with ../$key.key
		run guarded prlimit --as=1000000000 "$ROOT_PROGRAM" export \
			stick2 --allow-fixed-disk --config ca/crlferry.cfg \
			--passphrase-fd 7 7<<<horse
		echo "$output"
		[ "$status" -eq 65 ]
		[[ $output == *": key: "*"$key.key"*"limits"* ]] ||
			[[ $output == *": key: "*"$key.key"*"want at most"* ]]
	done
}

@test "a key file that others may read is refused, whoever made it" {
	local mode
	seal_with ../bare.key
	for mode in 640 604; do
		chmod $mode bare.key
		refuses 77 permissions export_to stick2
	done
	chmod 600 bare.key
	export_to stick2
}
