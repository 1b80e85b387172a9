#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Another officer's seal that is killed, or to which the disk says no, at any
# call that changes anything (FAULTS 1, 3-7): the seals before it stay valid,
# and so does the bundle; a rerun adds the seal, once.

load ../e2e/pki_setup
load inject
load pulled
load shortly

make_work() {
	make_pki
	"$ROOT_PROGRAM" keygen two.key two.pub --no-passphrase --quiet
	mkdir officer
	cat >officer/crlferry.cfg <<-CFG
		state = "state";
		seal = { secret = "../two.key"; trusted = ( "../ca/seal.pub" ); };
		roots = ( { name = "test-root"; certificate = "../ca/root.pem"; } );
	CFG
	build_short_write
	mkdir before
	cp -a stick2 before/stick
	cp -a officer sub stores before/
}

setup() {
	need_strace
	restore_work
	SEAL=("$ROOT_PROGRAM" seal stick --config officer/crlferry.cfg --quiet)
	BUNDLE=crlferry/test-root/000002
	FIRST=$(cd before/stick && echo $BUNDLE/bundle.json.*.minisig)
}

begin() {
	rm -rf stick officer
	cp -a before/stick stick
	cp -a before/officer officer
}

# imports STICK: the subordinate, whose bundles one officer seals, takes it;
# and where two must, it does if two have
imports() {
	local seals required
	seals=$(find "$1" -name '*.minisig' | wc -l)
	for required in 1 2; do
		rm -rf sub stores
		cp -a before/sub sub
		cp -a before/stores stores
		configure "s,\(trusted = (\) .*,\1 \"$T/ca/seal.pub\"\, \"$T/two.pub\" );,
			s,required = 1;,required = $required;,"
		run import "$1" --quiet
		if [ "$seals" -ge "$required" ]; then
			[ "$status" -eq 0 ] && all_hold stick2
		else
			[ "$status" -eq 65 ] && [[ $output == *" seal: "* ]] &&
				all_hold stick1
		fi || return
	done
	echo "$seals" >>had
}

# is_whole STICK: nothing is lost or changed, and the first seal holds; of the
# second there is all or nothing
is_whole() {
	local file key
	while read -r file; do
		cmp "before/stick/$file" "$1/$file" || return
	done < <(cd before/stick && find . -type f)
	for file in "$1/$BUNDLE"/*.minisig; do
		case $file in
		*/"${FIRST##*/}") key=ca/seal.pub ;;
		*) key=two.pub ;;
		esac
		minisign -V -q -p $key -m "$1/$BUNDLE/bundle.json" \
			-x "$file" || return
	done
}

# is_entered COUNT: so often in the officer's ledger
is_entered() {
	local have
	have=$(grep -c '"event":"seal"' officer/state/ledger.jsonl) || :
	[ "${have:-0}" -eq "$1" ] && root officer ledger verify --quiet
}

judge() {
	case $3 in
	signal=KILL) [ "$status" -eq 137 ] ;;
	*) disk_fails "$1" && leaves_nothing ;;
	esac && is_whole stick && imports stick || return
	run "${SEAL[@]}"
	[ "$status" -eq 0 ] && leaves_nothing && is_whole stick &&
		[ "$(find stick -name '*.minisig' | wc -l)" -eq 2 ] &&
		is_entered 1 || return
	# and once more there is nothing to do
	run "${SEAL[@]}"
	[ "$status" -eq 0 ] && is_entered 1
}

# had_both: before the second seal, and after
had_both() {
	grep -qx 1 had && grep -qx 2 had
}

@test "killed: the first seal holds, and a rerun adds the second" {
	untraced sweep 14 signal=KILL "${SEAL[@]}"
	had_both
}

@test "an error of the disk: said, and the first seal holds" {
	untraced sweep 8 error=EIO "${SEAL[@]}"
	had_both
}

@test "no space: said, and the first seal holds" {
	untraced sweep 8 error=ENOSPC "${SEAL[@]}"
	had_both
}

@test "pulled while it is sealed" {
	begin
	record "${SEAL[@]}"
	untraced replayed 60 is_sealed
	had_both
}

# is_sealed STICK
is_sealed() {
	is_whole "$1" && imports "$1"
}

seal_shortly() {
	run shortly "${SEAL[@]}"
	[ "$status" -eq 0 ] && is_whole stick && is_entered 1 &&
		[ "$(find stick -name '*.minisig' | wc -l)" -eq 2 ]
}

@test "short writes and interruptions" {
	untraced each_seed seal_shortly
}
