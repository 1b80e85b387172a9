#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# An import that is killed, or to which the disk says no, at any call that
# changes anything, and a stick that is pulled while it is read (FAULTS 2-6).

load ../e2e/pki_setup
load inject

setup() {
	need_strace
	restore_work
	IMPORT=("$SUB_PROGRAM" import stick2 --config sub/crlferry.cfg --quiet)
	OLD=$(crl_of stick1)
	NEW=$(crl_of stick2)
}

# prepare: keep what every import begins with, and what it comes to
prepare() {
	mkdir before
	cp -a sub before/sub
	cp -a stores before/stores
	cp -a stick2 before/stick2
	begin
	"${IMPORT[@]}"
	undisturbed=$(come_to)
}

begin() {
	rm -rf sub stores stick2
	cp -a before/sub sub
	cp -a before/stores stores
	cp -a before/stick2 stick2
}

# come_to: the octets of stores and state, but for the time
come_to() {
	find stores sub/state -type f -not -name accepted.json \
		-not -path '*/outbox/*' -exec sha256sum {} + | sort -k 2
	jq -S 'del(.accepted_at)' sub/state/test-root/accepted.json
}

# place_has FILE PEM|DER: old, new or none; nothing else is either
place_has() {
	if [ ! -e "$1" ]; then
		[ "$OLD" = none ] && echo none
	elif openssl crl -in "$1" -inform "$2" -outform DER -out der; then
		if cmp -s der "$NEW"; then
			echo new
		elif cmp -s der "$OLD"; then
			echo old
		fi
	fi
}

# stores_are_whole: each by itself, and said in `has`
stores_are_whole() {
	has="$(place_has "$(hash_slot 0)" PEM) $(place_has stores/all.pem PEM
		) $(place_has stores/one.crl DER)"
	[[ $has =~ ^(old|new|none)\ (old|new|none)\ (old|new|none)$ ]] || {
		echo "want each store old or new, have: $has"
		return 1
	}
	echo "$has" >>had
}

# converges: run again, undisturbed
converges() {
	run "${IMPORT[@]}"
	[ "$status" -eq 0 ] || return
	[ "$(come_to)" = "$undisturbed" ] || {
		diff <(echo "$undisturbed") <(come_to)
		return 1
	}
	leaves_nothing
}

judge() {
	case $3 in
	signal=KILL) [ "$status" -eq 137 ] ;;
	*) fails "$1" && leaves_nothing ;;
	esac && stores_are_whole && converges
}

# fails CALL: as an error of the disk is told, or that of a store.  A folder
# that could not be made may have been there.
fails() {
	[ "$1" != mkdir ] || [ "$status" -ne 0 ] || return 0
	case $status in
	74) [[ $output =~ crlferry-sub:\ (io|no-space): ]] ;;
	69) [[ $output == *"crlferry-sub: store: "* ]] ;;
	*) return 1 ;;
	esac
}

# had_both: it was struck before the first store was changed and after the last
had_both() {
	grep -qxE '(old|none) (old|none) (old|none)' had &&
		grep -qx 'new new new' had
}

@test "killed: each store holds the old CRL or the new one, a rerun ends it" {
	prepare
	untraced sweep 24 signal=KILL "${IMPORT[@]}"
	had_both
}

# remembers_what_is_there: the mark never speaks of a CRL that accepted.crl is
# older than; both are those of NEW or of OLD
remembers_what_is_there() {
	local mark=sub/state/test-root/accepted.json kept
	kept=$(place_has sub/state/test-root/accepted.crl DER)
	[ -e $mark ] || {
		echo "none $kept" >>remembered
		[ "$OLD" = none ]
		return
	}
	case $(jq -r .sha256 $mark) in
	"$(sha256sum <"$NEW" | cut -d' ' -f1)") echo "new $kept" ;;
	"$(sha256sum <"$OLD" | cut -d' ' -f1)") echo "old $kept" ;;
	*) echo other ;;
	esac >>remembered
	[[ $(tail -n 1 remembered) =~ ^(old\ old|old\ new|new\ new)$ ]] || {
		echo "want the CRL of the mark, have: $(tail -n 1 remembered)"
		return 1
	}
}

# killed_at_renames: at each, which is where what is written becomes visible
killed_at_renames() {
	of_interest() {
		grep '^rename'
	}
	judge() {
		[ "$status" -eq 137 ] && remembers_what_is_there && converges
	}
	prepare
	LEAST=6 untraced sweep 99 signal=KILL "${IMPORT[@]}"
}

@test "killed: what is remembered is there" {
	killed_at_renames
	grep -qx 'old old' remembered
	grep -qx 'old new' remembered
	restore_work
	forget
	OLD=none
	killed_at_renames
	grep -qx 'none none' remembered
	grep -qx 'none new' remembered
}

@test "killed at the first import: each store holds the CRL or none" {
	forget
	OLD=none
	prepare
	untraced sweep 20 signal=KILL "${IMPORT[@]}"
	had_both
}

@test "an error of the disk: said, and each store old or new" {
	prepare
	untraced sweep 20 error=EIO "${IMPORT[@]}"
	had_both
}

@test "no space: said, and each store old or new" {
	prepare
	untraced sweep 20 error=ENOSPC "${IMPORT[@]}"
	had_both
}

@test "an error of the disk at the first import" {
	forget
	OLD=none
	prepare
	untraced sweep 16 error=EIO "${IMPORT[@]}"
	had_both
}

@test "killed where a hash directory has strangers and garbage" {
	make_older_root rekeyed p256
	echo 01 >rekeyed/crlnumber
	openssl ca -gencrl -config rekeyed/ca.cnf -out "$(hash_slot 1)" \
		2>/dev/null
	cp "$(hash_slot 0)" "$(hash_slot 2)"
	echo garbage >"$(hash_slot 3)"
	prepare
	# the older one goes, and what stood behind it closes the gap
	[ "$(cat "$(hash_slot 2)")" = garbage ]
	[ ! -e "$(hash_slot 3)" ]
	untraced sweep 24 signal=KILL "${IMPORT[@]}"
	had_both
}

@test "the stick is pulled while it is read: nothing is changed" {
	local file paths=()
	prepare
	begin
	for file in "$BUNDLE2" "$BUNDLE2"/*; do
		paths+=(-P "$file" -P "$T/$file")
	done
	untraced pull
}

# pull: an error at each call on a file of the bundle
pull() {
	local call n tries=0
	for call in openat2 fstat newfstatat pread64 getdents64; do
		n=0
		while :; do
			n=$((n + 1))
			begin
			struck_on_stick "$call" "$n" || break
			tries=$((tries + 1))
			[ "$status" -eq 74 ] &&
				[[ $output == *"crlferry-sub: io: "* ]] &&
				[ "$before" = "$(snapshot sub stores)" ] || {
				echo "$call $n: status $status: $output"
				return 1
			}
		done
	done
	[ "$tries" -ge 20 ] || return
	tried "error=EIO at $tries calls that read the stick"
}

# struck_on_stick CALL N: among the calls on the bundle's files
struck_on_stick() {
	before=$(snapshot sub stores)
	strike "$1" "$2" error=EIO
	run "${STRIKE[@]}" "${paths[@]}" "${IMPORT[@]}"
	was_struck
}

@test "no room for the stores, or for the state: no-space, nothing by halves" {
	prepare
	mount -t tmpfs -o size=4k none stores 2>/dev/null ||
		skip "no tmpfs to be had here"
	umount stores
	untraced fill stores 96
	untraced fill sub/state 96
}

# fill FOLDER KIB: on a filesystem of that size, of which ever more is free
fill() {
	local free=0 tries=0 code
	while :; do
		begin
		mount -t tmpfs -o "size=$2k,mode=755" none "$1" &&
			cp -a "before/$1/." "$1/" || return
		dd if=/dev/zero of="$1/filler" bs=1k 2>/dev/null || :
		truncate -s "-${free}k" "$1/filler"
		run "${IMPORT[@]}"
		code=$status
		rm "$1/filler"
		[ "$code" -ne 0 ] || break
		tries=$((tries + 1))
		[ "$code" -eq 74 ] && [[ $output == *": no-space: "* ]] &&
			leaves_nothing && stores_are_whole && converges || {
			echo "$1 with $free KiB: status $code: $output"
			return 1
		}
		umount "$1"
		free=$((free + 4))
	done
	[ "$(come_to)" = "$undisturbed" ] && [ "$tries" -ge 1 ] || return
	umount "$1"
	tried "$1 with too little room $tries times, up to $((free - 4)) KiB"
}
