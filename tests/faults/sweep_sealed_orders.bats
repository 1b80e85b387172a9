#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Another officer's seal on an order that is killed, or to which the disk says
# no, at any call that changes anything (FAULTS 1, 3-7): the order and the seal
# before it stay as they were; a rerun adds the seal, once.

load ../e2e/reset_setup
load inject
load pulled
load shortly

# An order for `one` is on the stick, beside no bundle; it wants two seals.
make_work() {
	make_reset_pki
	mkdir officer
	"$ROOT_PROGRAM" keygen second.key second.pub --no-passphrase --quiet
	cat >officer/crlferry.cfg <<-CFG
		state = "state";
		seal = { secret = "../second.key"; trusted = ( "../ca/seal.pub" ); };
		roots = ( { name = "corp"; certificate = "../ca/root.pem";
		    subordinates = ( { name = "one"; } ); } );
	CFG
	sed -i "s|trusted = ( |&\"$PWD/second.pub\", |
		s|required = 1|required = 2|" sub/crlferry.cfg
	ordered
	rm -r stick/crlferry/corp/0* stick/crlferry/corp/7*
	build_short_write
	mkdir before
	cp -a stick officer sub stores before/
}

setup() {
	need_strace
	restore_work
	SEAL=("$ROOT_PROGRAM" seal stick --config officer/crlferry.cfg --quiet)
	SECOND=reset-one.json.$(key_id second.pub).minisig
}

begin() {
	rm -rf stick officer
	cp -a before/stick before/officer .
}

leaves_nothing() {
	no_leftovers
}

# is_whole STICK: nothing is lost or changed; of the second seal there is all
# or nothing, and the subordinate agrees
is_whole() {
	local file seals=1 folder=$1/crlferry/corp
	while read -r file; do
		cmp "before/stick/$file" "$1/$file" || return
	done < <(cd before/stick && find . -type f)
	if [ -e "$folder/$SECOND" ]; then
		minisign -V -q -p second.pub -m "$folder/reset-one.json" \
			-x "$folder/$SECOND" || return
		seals=2
	fi
	rm -rf sub stores
	cp -a before/sub before/stores .
	run "$SUB_PROGRAM" recover "$1" --quiet --config sub/crlferry.cfg
	if [ $seals -eq 2 ]; then
		[ "$status" -eq 0 ]
	else
		[ "$status" -eq 65 ] && [[ $output == *" seal: "* ]]
	fi || return
	echo $seals >>had
}

# is_sealed: by both, and once in the officer's ledger
is_sealed() {
	[ "$status" -eq 0 ] && leaves_nothing && is_whole stick &&
		[ "$(tail -n 1 had)" -eq 2 ] &&
		[ "$(grep -c '"event":"seal"' officer/state/ledger.jsonl)" \
			-eq 1 ] && root officer ledger verify --quiet
}

judge() {
	case $3 in
	signal=KILL) [ "$status" -eq 137 ] ;;
	*) disk_fails "$1" && leaves_nothing ;;
	esac && is_whole stick || return
	run "${SEAL[@]}"
	is_sealed || return
	# and once more there is nothing to do
	run "${SEAL[@]}"
	is_sealed
}

# had_both: before the second seal, and after
had_both() {
	grep -qx 1 had && grep -qx 2 had
}

@test "killed: order and first seal hold, and a rerun adds the second" {
	untraced sweep 12 signal=KILL "${SEAL[@]}"
	had_both
}

@test "an error of the disk, or no space: said, and the first seal holds" {
	untraced sweep 6 error=EIO "${SEAL[@]}"
	untraced sweep 6 error=ENOSPC "${SEAL[@]}"
	had_both
}

@test "pulled while it is sealed" {
	begin
	record "${SEAL[@]}"
	untraced replayed 40 is_whole
	had_both
}

seal_shortly() {
	run shortly "${SEAL[@]}"
	is_sealed
}

@test "short writes and interruptions" {
	untraced each_seed seal_shortly
}
