#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Notes that are not what they seem (FAULTS 49), and what may lie on the stick
# in their place (FAULTS 10-13).  Each is set aside at once, with its reason,
# and changes nothing.

load ../e2e/notes_setup

make_work() {
	make_notes_pki
	request
}

setup() {
	restore_work
	SUB_SEAL=$NOTE.minisig
}

# whole: the note as it came is taken in after all
whole() {
	run collect
	took_in "$1"
}

@test "an older one, replayed" {
	mkdir old
	cp $NOTE $SUB_SEAL old/
	request
	collect --quiet
	cp old/* stick/crlferry/corp/
	set_aside 77 rollback 'want a sequence above 2'
	request
	whole request-one-3
	cp old/* stick/crlferry/corp/
	set_aside 77 rollback 'want a sequence above 3'
}

@test "the same sequence with other content" {
	collect --quiet
	edit_note '.nonce = ("00" * 32)'
	set_aside 77 rollback 'have 1'
}

@test "sealed with another subordinate's key" {
	seal_note $NOTE two.key
	set_aside 65 seal 'want one by key'
	# Under its own name it is two's, and says that it is one's.
	mv $NOTE stick/crlferry/corp/request-two.json
	mv $SUB_SEAL stick/crlferry/corp/request-two.json.minisig
	set_aside 65 issuer 'it is of one, not of two'
}

@test "sealed with a stranger's key, with the right key id" {
	minisign -G -W -f -p x.pub -s x.key </dev/null
	# The id of one's key in front of the stranger's.
	perl -MMIME::Base64 -e '
		my @lines = map { open(my $f, "<", $_) or die; [<$f>] } @ARGV;
		my ($own, $x) = map { decode_base64($_->[1]) } @lines;
		substr($x, 54, 8) = substr($own, 54, 8);
		substr($x, 126, 32) = "\0" x 32;
		print $lines[1][0], encode_base64($x, ""), "\n"' \
		sub/note.key x.key >forged.key
	seal_note $NOTE forged.key
	set_aside 65 seal 'not a signature of this text'
}

@test "a legacy seal" {
	minisign -S -l -q -s sub/note.key -m $NOTE -t "$(comment_of $NOTE)" \
		</dev/null
	set_aside 65 seal 'legacy'
}

@test "a changed octet, wherever" {
	local at size
	cp $NOTE whole.json
	size=$(stat -c %s $NOTE)
	for ((at = 0; at < size; at += size / 24)); do
		perl -0777 -pe "substr(\$_, $at, 1) ^= \"\\x01\"" whole.json \
			>$NOTE
		set_aside 65 seal 'request-one'
	done
	perl -0777 -pe 'chop' whole.json >$NOTE
	set_aside 65 seal 'request-one'
	: >$NOTE
	set_aside 65 seal 'request-one'
	cp whole.json $NOTE
	whole request-one-1
}

@test "a changed octet of the seal" {
	local at size
	cp $SUB_SEAL whole.seal
	size=$(grep -abo RU whole.seal | head -n 1 | cut -d: -f1)
	for ((at = size; at < $(stat -c %s whole.seal); at += 17)); do
		perl -0777 -pe "substr(\$_, $at, 1) ^= \"\\x01\"" whole.seal \
			>$SUB_SEAL
		set_aside 65 seal 'request-one'
	done
	: >$SUB_SEAL
	set_aside 65 seal 'request-one'
	cp whole.seal $SUB_SEAL
	whole request-one-1
}

@test "a trusted comment of another note" {
	local comment other
	comment=$(comment_of $NOTE)
	for other in '' "${comment/sequence:1/sequence:2}" \
		"${comment/number:1/number:2}" "${comment/request/receipt}" \
		"${comment/root:corp/root:other}" "$comment "; do
		seal_note $NOTE sub/note.key "$other"
		set_aside 65 seal 'trusted comment'
	done
	seal_note $NOTE
	whole request-one-1
}

@test "of another type" {
	edit_note '.type = "crlferry-receipt"'
	set_aside 65 format 'the key sha256 is missing'
	# A whole one, renamed: tests/faults/loop.bats does the reverse.
	edit_note '.type = "crlferry-receipt" | del(.crl, .manifest, .seals) |
		.sha256 = .spki_sha256 | .this_update = .time |
		.next_update = .time | .stores = []'
	set_aside 65 format 'it is a receipt, not a request'
	edit_note '.type = "crlferry-bundle"'
	set_aside 65 format 'crlferry-bundle'
	# A bundle's manifest, sealed by the very key.
	cp stick/crlferry/corp/000001/bundle.json $NOTE
	minisign -S -q -s sub/note.key -m $NOTE </dev/null
	set_aside 65 format 'crlferry-bundle'
}

@test "of another version, with a key more, with a key less" {
	edit_note '.version = 2'
	set_aside 65 format 'version: want 1, have 2'
	edit_note '.version = 1 | .extra = 1'
	set_aside 65 format '"extra"'
	edit_note 'del(.extra, .nonce)'
	set_aside 65 format 'nonce'
}

@test "for another root" {
	edit_note '.root = "other"'
	set_aside 65 issuer 'it is for root other, not for corp'
	edit_note '.root = "corp" | .spki_sha256 = ("00" * 32)'
	set_aside 65 issuer 'another key'
}

@test "of another subordinate, by the key of this one" {
	edit_note '.subordinate = "two"'
	set_aside 65 issuer 'it is of two, not of one'
}

@test "a number that is not its CRL's" {
	edit_note '.number = "2"'
	set_aside 65 format "want its CRL's, 1, have 2"
	edit_note 'del(.number)'
	set_aside 65 format "want its CRL's, 1, have none"
}

# put_crl FILE: in the note, with the number that it has
put_crl() {
	edit_note ".crl = \"$(base64 -w0 "$1")\" | .number = \"$(($(printf \
		'0x%s' "$(crl_number "$1")")))\" | del(.manifest, .seals)"
}

@test "a CRL by another key of the same name" {
	old_root cx p256
	adopt_root cx corp
	echo 50 >cx/crlnumber
	root cx issue --first --quiet
	put_crl "$(last_crl cx corp)"
	set_aside 65 signature 'its CRL'
	[ -z "$(find ca/state -name '*80*')" ]
}

@test "a CRL of another CA" {
	old_root cx p256 'Other Root'
	adopt_root cx corp
	root cx issue --first --quiet
	put_crl "$(last_crl cx corp)"
	set_aside 65 issuer 'its CRL'
}

@test "a CRL with a changed octet, with more behind, and none at all" {
	local at size
	base64 -d <<<"$(jq -r .crl $NOTE)" >whole.crl
	size=$(stat -c %s whole.crl)
	for ((at = 0; at < size; at += size / 16)); do
		perl -0777 -pe "substr(\$_, $at, 1) ^= \"\\x01\"" whole.crl \
			>crl
		edit_note ".crl = \"$(base64 -w0 crl)\""
		run collect
		[ "$status" -eq 65 ]
		[ -z "$(kept)" ]
	done
	cat whole.crl whole.crl >crl
	edit_note ".crl = \"$(base64 -w0 crl)\""
	set_aside 65 format 'its CRL'
	edit_note '.crl = ""'
	set_aside 65 format 'crl'
	edit_note '.crl = "====" '
	set_aside 65 format 'base64'
	edit_note ".crl = \"$(base64 -w0 whole.crl)\""
	whole request-one-1
}

@test "a CRL signed with SHA-1" {
	sed -i 's/^default_md = .*/default_md = sha1/' ca/ca.cnf
	echo 50 >ca/crlnumber
	openssl ca -gencrl -config ca/ca.cnf -out weak.pem
	openssl crl -in weak.pem -outform DER -out weak.crl
	put_crl weak.crl
	set_aside 77 weak 'its CRL'
}

@test "larger than max_crl_bytes" {
	sed -i 's/^air_gap = .*/&\nmax_crl_bytes = "100 B";/' ca/crlferry.cfg
	run collect
	[ "$status" -eq 65 ]
	says 'its CRL: want at most 100 octets'
	[ -z "$(kept)" ]
}

# each_file COMMAND...: with each file of the note in turn in place of @; then
# collect sets it aside
each_file() {
	local file
	cp -r stick whole
	for file in $NOTE $SUB_SEAL; do
		"${@//@/$file}"
		set_aside 65 format "$file"
		[[ $output == *" $file"[:\ ]* ]]
		rm -rf stick
		cp -r whole stick
	done
	whole request-one-1
}

symlink() {
	mv "$1" elsewhere
	ln -s "$T/elsewhere" "$1"
}

symlink_beside() {
	mv "$1" stick/elsewhere
	ln -s ../../elsewhere "$1"
}

hard_link() {
	rm -f linked
	ln "$1" linked
}

fifo() {
	rm "$1"
	mkfifo "$1"
}

folder() {
	rm "$1"
	mkdir "$1"
}

huge() {
	truncate -s 10G "$1"
}

device() {
	rm "$1"
	mknod "$1" c 1 5
}

@test "rows 10-13: a symbolic link, away from the stick and within it" {
	each_file symlink @
	rm -rf ca/state/corp/notes
	each_file symlink_beside @
}

@test "rows 10-13: a hard link" {
	each_file hard_link @
}

@test "rows 10-13: a FIFO" {
	each_file fifo @
}

@test "rows 10-13: a folder" {
	each_file folder @
}

@test "rows 10-13: a device" {
	mknod try c 1 5 && dd if=try of=/dev/null count=1 2>/dev/null ||
		skip "devices cannot be made here"
	each_file device @
}

@test "rows 10-13: ten sparse gigabytes" {
	bounded
	each_file huge @
}

@test "rows 10-13: a link in place of the folder" {
	mv stick/crlferry/corp away
	ln -s "$T/away" stick/crlferry/corp
	set_aside 65 format 'not a folder'
	rm stick/crlferry/corp
	mv away stick/crlferry/corp
	whole request-one-1
}

@test "one bad note does not keep the others out" {
	jq '.subordinate = "two"' $NOTE >stick/crlferry/corp/request-two.json
	seal_note stick/crlferry/corp/request-two.json two.key
	fifo $NOTE
	run collect
	[ "$status" -eq 65 ]
	says "format: $NOTE is "
	says 'corp: request of two: taken in'
	[ "$(kept)" = request-two-1 ]
}

@test "a kept note that somebody changed is passed over" {
	collect --quiet
	sed -i 's/"sequence": 1/"sequence": 9/' $KEPT/request-one-1.json
	run root ca export stick --allow-fixed-disk
	[ "$status" -eq 0 ]
	says 'request-one-1.json: passed over: seal: '
	jq -e '.answers == []' stick/crlferry/corp/000001/bundle.json
}

@test "a state folder that cannot be written ends it" {
	local before
	rm -rf $KEPT
	: >$KEPT
	before=$(digest_of ca/state)
	run collect
	[ "$status" -ne 0 ]
	says notes
	[ "$before" = "$(digest_of ca/state)" ]
	rm $KEPT
	whole request-one-1
}
