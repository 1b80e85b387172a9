#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Orders that are killed, or to which the disk says no, at any call that
# changes anything, and sticks that are pulled meanwhile (FAULTS 1, 3-7).

load ../e2e/reset_setup
load inject
load pulled
load shortly

# An order is on the stick that answers the request before the last.
make_work() {
	make_reset_pki
	ordered
	cp -r high/. stick/crlferry/corp/$LAST_NUMBER/
	request
	collect --quiet
	build_short_write
}

setup() {
	need_strace
	restore_work
	GIVEN_UP=crlferry/corp/$LAST_NUMBER
	ORDER_ONE=("$ROOT_PROGRAM" reset-order stick corp one
		--why 'crlnumber was mistyped' --allow-fixed-disk --quiet
		--config ca/crlferry.cfg)
	RECOVER=("$SUB_PROGRAM" recover stick --quiet
		--config sub/crlferry.cfg)
	IMPORT=("$SUB_PROGRAM" import stick2 --quiet
		--config sub/crlferry.cfg)
	keep_before
}

keep_before() {
	rm -rf before
	mkdir before
	cp -a ca sub stores stick stick2 before/
}

begin() {
	rm -rf ca sub stores stick stick2
	cp -a before/ca before/sub before/stores before/stick before/stick2 .
}

leaves_nothing() {
	no_leftovers
}

# ended CALL FAULT STATUS...: killed, or with one of STATUS and nothing left.  A
# folder that could not be made may have been there.
ended() {
	local call=$1 fault=$2
	shift 2
	if [ "$fault" = signal=KILL ]; then
		[ "$status" -eq 137 ]
	else
		[ "$call" != mkdir ] || set -- "$@" 0
		[[ " $* " == *" $status "* ]] && leaves_nothing
	fi
}

# has_order STICK: old, new or none, and the subordinate agrees.  The bundle of
# what is given up is not beside the new one.
has_order() {
	local order=$1/crlferry/corp/reset-one.json has=none
	rm -rf sub stores
	cp -a before/sub before/stores .
	run "$SUB_PROGRAM" recover "$1" --quiet --config sub/crlferry.cfg
	if [ -e "$order.minisig" ]; then
		minisign -V -q -p ca/seal.pub -m "$order" || return
		case $(jq .sequence "$order") in
		1) has=old && [ "$status" -eq 77 ] ;;
		2) has=new && [ "$status" -eq 0 ] &&
			[ -z "$(find "$1/$GIVEN_UP" -name '*.minisig')" ] ;;
		esac || return
	else
		[ "$status" -eq 66 ] || return
	fi
	echo $has >>had
}

# is_ordered: and the way back is open, to its end
is_ordered() {
	has_order stick && [ "$(tail -n 1 had)" = new ] &&
		root ca ledger verify --quiet &&
		sub import stick2 --quiet && accepts 2
}

had_all() {
	[ "$(sort -u had | paste -sd ' ')" = "new none old" ] || {
		echo "want old, new and none, have: $(sort -u had)"
		return 1
	}
}

@test "reset-order: the order before, the new one or none, and a rerun ends it" {
	judge() {
		ended "$1" "$3" 74 && has_order stick && root ca ledger verify --quiet || return
		run "${ORDER_ONE[@]}"
		[ "$status" -eq 0 ] && leaves_nothing && is_ordered
	}
	untraced sweep 14 signal=KILL "${ORDER_ONE[@]}"
	had_all
	untraced sweep 7 error=EIO "${ORDER_ONE[@]}"
	untraced sweep 7 error=ENOSPC "${ORDER_ONE[@]}"
}

@test "the bundle of what is given up cannot be read: said, and no order" {
	local call tries=0
	for call in openat2 fstat pread64; do
		begin
		strike $call 1 error=EIO
		run "${STRIKE[@]}" -P "$GIVEN_UP/corp.crl" \
			-P "$T/stick/$GIVEN_UP/corp.crl" "${ORDER_ONE[@]}"
		was_struck || continue
		tries=$((tries + 1))
		[ "$status" -eq 74 ]
		[[ $output == *"crlferry-root: io: "*"/corp.crl: "* ]]
		has_order stick
		# the order before, to the request before
		[ "$(tail -n 1 had)" = old ]
		"${ORDER_ONE[@]}"
		is_ordered
	done
	[ "$tries" -ge 1 ]
}

@test "a stick that is pulled while an order is written" {
	begin
	record "${ORDER_ONE[@]}"
	untraced replayed 60 has_order
	had_all
}

@test "an order by short writes and interruptions" {
	order_shortly() {
		run shortly "${ORDER_ONE[@]}"
		[ "$status" -eq 0 ] && [ -z "$(grep -v ' note: ' \
			<<<"$output")" ] && is_ordered
	}
	untraced each_seed order_shortly
}

# whole: every store and the accepted CRL hold one of the two, and of the order
# there is one or none
whole() {
	local file
	for file in stores/one.crl sub/state/corp/accepted.crl; do
		cmp -s "$file" high.crl || cmp "$file" low.crl || return
	done
	for file in stores/all.pem stores/hash/*.r0; do
		openssl crl -in "$file" -outform DER -out der
		cmp -s der high.crl || cmp der low.crl || return
	done
	[ ! -e $ORDERS ] || jq -e '.orders | length == 1' $ORDERS >/dev/null
}

# converges: from wherever it is; then the order is used up
converges() {
	if [ "$1" = recover ] || [ ! -e $ORDERS ]; then
		recover --quiet || return
	fi
	"${IMPORT[@]}" && accepts 2 && leaves_nothing &&
		jq -e '.orders | length == 1' $ORDERS >/dev/null &&
		refuses 77 rollback recover
}

@test "recover: the order is carried out once or not at all" {
	"${ORDER_ONE[@]}"
	keep_before
	judge() {
		ended "$1" "$3" 74 && whole && converges recover
	}
	LEAST=4
	untraced sweep 30 signal=KILL "${RECOVER[@]}"
	untraced sweep 30 error=EIO "${RECOVER[@]}"
	untraced sweep 30 error=ENOSPC "${RECOVER[@]}"
}

@test "the import after recover: each store the one or the other" {
	"${ORDER_ONE[@]}"
	recover --quiet
	keep_before
	judge() {
		ended "$1" "$3" 0 69 74 && whole && converges import
	}
	untraced sweep 12 signal=KILL "${IMPORT[@]}"
	untraced sweep 6 error=EIO "${IMPORT[@]}"
	untraced sweep 6 error=ENOSPC "${IMPORT[@]}"
}

@test "recover and its import by short writes and interruptions" {
	"${ORDER_ONE[@]}"
	keep_before
	recover_shortly() {
		run shortly "${RECOVER[@]}"
		[ "$status" -eq 0 ] || return
		run shortly "${IMPORT[@]}"
		[ "$status" -eq 0 ] && accepts 2
	}
	untraced each_seed recover_shortly
}
