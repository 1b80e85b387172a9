#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# A CA of which nothing is left but its certificate, its key and a CRL: begun
# anew by the commands of crlferry-root(1), RECOVERING, as they stand there.

load ../e2e/root_setup
load ../e2e/note_helpers

PAGE=$BATS_TEST_DIRNAME/../../doc/crlferry-root.1
ROOT_NAME=corp-root-g1

# In $T: the root in ca with three revocations, two of them with all that an
# entry can have; #1 and #2 were imported by issuing-1, whose machine is sub.
# Its PEM file has another root's CRL too, before and behind.
make_ca() {
	local type=${1:-p256} name
	old_root ca "$type"
	for name in issuing-1 two three; do
		make_sub ca $name
	done
	adopt_root ca $ROOT_NAME --subordinate issuing-1=ca/issuing-1.pem
	make_sub_config ca $ROOT_NAME issuing-1
	make_note_key sub/note issuing-1
	set_subordinate sub/crlferry.cfg issuing-1 'note_secret = "note.key";'
	make_root other p256 Other
	openssl ca -gencrl -config other/ca.cnf -out stores/all.pem 2>/dev/null
	mkdir stick
	revoke_sub ca two
	root ca issue --first --quiet
	root ca export stick --allow-fixed-disk --quiet
	sub import stick --quiet
	printf 'R\t350101000000Z\t%s\t%s\tunknown\t/CN=%s\n' \
		240101000000Z,keyTime,20231231235959Z 0ABC a \
		240101000001Z,holdInstruction,holdInstructionReject 0ABD b \
		>>ca/index.txt
	root ca issue --quiet
	root ca export stick --allow-fixed-disk --quiet
	sub import stick --quiet
	openssl ca -gencrl -config other/ca.cnf 2>/dev/null >>stores/all.pem
}

# pass COMMAND...: with the key's passphrase, if the test has one
PASSPHRASE=
pass() {
	if [ -n "$PASSPHRASE" ]; then
		"$@" --passphrase-fd 0 <<<"$PASSPHRASE"
	else
		"$@"
	fi
}

# lose: but for certificate, key and the certificate of the subordinate
lose() {
	mkdir left
	cp -a ca/root.pem ca/root.key ca/issuing-1.pem left
	mv ca lost
	mv left ca
	rm -rf stick/crlferry
}

# The programs of the page, as this machine has them: they stand elsewhere, and
# nobody is there to be asked.
crlferry-root() {
	local verb=$1
	shift
	case $verb in
	export) set -- "$@" --allow-fixed-disk ;;
	keygen) set -- "$@" --no-passphrase ;;
	esac
	if [ "$verb" = issue ]; then
		pass "$ROOT_PROGRAM" "$verb" "$@" --config "$T/ca/etc/crlferry.cfg"
	else
		"$ROOT_PROGRAM" "$verb" "$@" --config "$T/ca/etc/crlferry.cfg"
	fi || return
	[ "$verb" != init ] || sed -i 's/^air_gap = .*/air_gap = "off";/' \
		"$T/ca/etc/crlferry.cfg"
}

crlferry-sub() {
	[ "$1" != request ] || set -- "$@" --allow-fixed-disk
	(cd "$T" && "$SUB_PROGRAM" "$@" --config sub/crlferry.cfg)
}

# commands N: those of the page's N-th step, as they stand there, but for where
# its folders are
commands() {
	awk -v step="$1" '
		/^[.]Ss / { is_here = /A lost CA folder/ }
		/^[.]Sh / { is_here = 0 }
		!is_here { next }
		/^[.]It/ { at++ }
		at != step { next }
		/^[.]Bd -literal/ { is_literal = 1; next }
		/^[.]Ed/ { is_literal = 0 }
		is_literal { print }
		sub(/^[.]Dl /, "") { print }' "$PAGE" |
		sed "s,\\\\e\$,\\\\,; s,/var/lib/crlferry,$T/sub/state,
			s,/media/stick,$T/stick,; s,/etc/crlferry,$T/ca/etc,g"
}

# step N: run them in the CA's folder
step() {
	local lines
	lines=$(commands "$1")
	[ -n "$lines" ] || {
		echo "the page has no step $1"
		return 1
	}
	cd ca && eval "$lines" && cd "$T" || return
}

# trust_new: as the page says in its sixth step
trust_new() {
	sed -i "s,trusted = .*,trusted = ( \"$(tail -n 1 ca/etc/seal.pub)\" );," \
		sub/crlferry.cfg
}

# entries CRL: as openssl shows them
entries() {
	crl_text "$1" | sed -n '/^Revoked Cert/,/^    Signature Alg/p'
}

# same_entries: the CRL that was begun with, and the one that is signed now
same_entries() {
	entries lost/state/$ROOT_NAME/archive/000002.crl >want.entries
	entries "$(current)" >have.entries
	[ "$(grep -c 'Serial Number' want.entries)" -eq 3 ] &&
		diff want.entries have.entries
}

# current: the root's CRL
current() {
	local all=("$T/ca/etc/state/$ROOT_NAME/archive"/*.crl)
	echo "${all[-1]}"
}

# taken NUMBER: the subordinate has the new CRL in every store
taken() {
	[ "$(crl_number "$(current)")" = "$1" ] &&
		verifies ca "$(current)" &&
		cmp "$(current)" stores/one.crl &&
		cmp "$(current)" sub/state/$ROOT_NAME/accepted.crl &&
		sub check
}

# begin_anew: steps 2, 5 and 6, with whatever CRL is on the stick
begin_anew() {
	step 2 && step 5 && trust_new && step 6
}

@test "begun anew from what the subordinate accepted, by every step of the page" {
	make_ca
	lose
	step 1
	run step 2
	[ "$status" -eq 0 ]
	says "$T/ca/index.txt was not there: it is made anew; it lists the 3 revocations of $T/stick/last.crl"
	says "adopted $T/stick/last.crl as the last CRL, #2"
	[ "$(cat ca/crlnumber)" = 03 ]
	[ "$(stat -c %a ca/index.txt)" = 644 ]
	sed -i "s,# note_key = .*,note_key = \"$T/sub/note.pub\";," \
		ca/etc/crlferry.cfg
	step 3
	crlferry-root status | grep -q "issuing-1"
	# Nothing newer comes back; of what is not lost nothing need be recorded.
	step 5
	same_entries
	# The old key's trust does not reach the new bundle.
	refuses 65 seal sub import stick
	trust_new
	run step 6
	[ "$status" -eq 0 ]
	says "$ROOT_NAME: CRL #3 is installed"
	taken 03
	# openssl goes on with these files.
	cp lost/ca.cnf ca/ca.cnf
	sed -i "s,$T/lost,$T/ca," ca/ca.cnf
	openssl ca -gencrl -config ca/ca.cnf -out next.pem 2>/dev/null
	openssl crl -in next.pem -outform DER -out next.crl
	[ "$(crl_number next.crl)" = 04 ]
	diff <(entries next.crl) <(entries "$(current)")
}

@test "begun anew from each store, from a bundle, from what the CDP has" {
	local source
	make_ca
	cp -r stick/crlferry/$ROOT_NAME/000002 bundle
	lose
	cp -a ca left
	cp -a sub sub.before
	cp -a stores stores.before
	for source in stores/hash/*.r0 stores/all.pem stores/one.crl \
		bundle/$ROOT_NAME.crl bundle/$ROOT_NAME.crl.pem \
		lost/state/$ROOT_NAME/archive/000002.crl; do
		rm -rf ca sub stores stick
		cp -a left ca
		cp -a sub.before sub
		cp -a stores.before stores
		mkdir stick
		cp "$source" stick/last.crl
		begin_anew >out 2>&1 || {
			echo "$source"
			cat out
			false
		}
		same_entries
		taken 03
	done
	# Of the file that others have their CRLs in, that is said.
	rm -rf ca stick/*
	cp -a left ca
	cp stores.before/all.pem stick/last.crl
	run step 2
	says "$T/stick/last.crl holds 3 CRLs: the one of $ROOT_NAME is taken"
}

@test "a key under a passphrase, RSA: the same" {
	make_ca rsa2048
	PASSPHRASE=horse
	openssl rsa -aes256 -passout pass:$PASSPHRASE -in ca/root.key \
		-out locked.key 2>/dev/null
	chmod 600 locked.key
	mv locked.key ca/root.key
	grep -q ENCRYPTED ca/root.key
	lose
	step 1
	begin_anew
	same_entries
	taken 03
}

@test "a newer CRL comes back with a request: regressed, adopted, followed" {
	make_ca
	cp ca/state/$ROOT_NAME/archive/000001.crl old.crl
	lose
	cp old.crl stick/last.crl
	step 2
	sed -i "s,# note_key = .*,note_key = \"$T/sub/note.pub\";," \
		ca/etc/crlferry.cfg
	step 3
	cd ca
	run crlferry-root issue $ROOT_NAME
	cd "$T"
	[ "$status" -eq 77 ]
	says 'crlferry-root: regressed: '
	says "crlferry-root adopt --config $T/ca/etc/crlferry.cfg $ROOT_NAME"
	crlferry-root adopt $ROOT_NAME ca/etc/state/$ROOT_NAME/notes/000002.crl
	step 5
	same_entries
	trust_new
	step 6
	taken 03
}

@test "what was revoked since, and a number that is not used again" {
	make_ca
	lose
	step 1
	step 2
	step 4
	step 5
	trust_new
	step 6
	taken 2A
	lists "$(current)" 1002
	[ "$(crl_count "$(current)")" -eq 4 ]
}

@test "an older CRL than was accepted, and no request: nothing is harmed" {
	make_ca
	cp ca/state/$ROOT_NAME/archive/000001.crl old.crl
	lose
	cp old.crl stick/last.crl
	before=$(digest_of stores)
	step 2
	step 5
	trust_new
	cd ca
	refuses 77 rollback crlferry-sub import "$T/stick"
	cd "$T"
	[ "$before" = "$(digest_of stores)" ]
}

# not_begun STATUS TOKEN [OPTION]...: nothing of a new beginning is left
not_begun() {
	local status=$1 token=$2
	shift 2
	refused ca "$status" "$token" "$ROOT_PROGRAM" init --name corp \
		--certificate ca/root.pem --key ca/root.key \
		--output ca/etc/crlferry.cfg "$@" &&
		[ "$(ls ca)" = "issuing-1.pem
root.key
root.pem" ]
}

@test "without the last CRL, or with another's: nothing is made" {
	make_ca
	cp stores/all.pem all.pem
	openssl crl -inform DER -in stores/one.crl -out two.pem
	openssl crl -inform DER -in ca/state/$ROOT_NAME/archive/000001.crl \
		>>two.pem
	awk '/BEGIN/ { n++ } n != 2' all.pem >others.pem
	flip stores/one.crl 150
	lose
	not_begun 66 missing --index ca/index.txt
	says 'add the last CRL, --last-crl FILE'
	openssl ca -gencrl -config other/ca.cnf -out other.pem 2>/dev/null
	not_begun 65 issuer --index ca/index.txt --last-crl other.pem
	not_begun 65 signature --index ca/index.txt --last-crl stores/one.crl
	# Several, and none of them, or two of them, are this root's.
	not_begun 65 format --index ca/index.txt --last-crl others.pem
	says 'holds 2 CRLs, not one'
	not_begun 65 format --index ca/index.txt --last-crl two.pem
	says '#2 of CN=Test Root; #1 of CN=Test Root'
	not_begun 66 missing --index ca/index.txt --last-crl none.crl
	# No folder is made for what is lost.
	not_begun 66 missing --last-crl all.pem --index ca/gone/index.txt
	says 'ca/gone'
	not_begun 66 missing --index ca/index.txt --last-crl all.pem --crlnumber gone/crlnumber
	[ ! -e gone ]
}

@test "an index that is there is not touched, whatever the CRL lists" {
	make_ca
	lose
	: >ca/index.txt
	cp stores/one.crl stick/last.crl
	run step 2
	cd "$T"
	[ "$status" -eq 0 ]
	says 'lacks revocations that'
	[ ! -s ca/index.txt ]
	cd ca
	refuses 77 shrunk crlferry-root issue $ROOT_NAME
}
