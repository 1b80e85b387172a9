#!/usr/bin/env bats
# SPDX-License-Identifier: ISC
# Notes that are killed, or to which the disk says no, at any call that changes
# anything, and sticks that are pulled meanwhile (FAULTS 1, 3-7): a note is
# there whole or not there, no two have one sequence, and a rerun ends it.

load noted
load inject
load pulled
load shortly

make_work() {
	make_noted_pki
	build_short_write
}

setup() {
	need_strace
	restore_work
	keep_before
}

# kept_apart: no sequence was given out twice
kept_apart() {
	see stick && see sub/state/corp/outbox
}

# ended FAULT STATUS...: killed, or with one of STATUS and nothing left
ended() {
	local fault=$1
	shift
	if [ "$fault" = signal=KILL ]; then
		[ "$status" -eq 137 ]
	else
		[[ " $* " == *" $status "* ]] && leaves_nothing
	fi
}

# asked: run again, undisturbed
asked() {
	run "${ASK[@]}"
	[ "$status" -eq 0 ] && leaves_nothing && kept_apart &&
		[ "$(sealed stick "$REQUEST")" -ge 2 ] && collects stick &&
		[ ! -e "$WAITS" ]
}

judge_request() {
	local now
	now=$(sealed stick "$REQUEST") && echo "$now" >>had &&
		[[ $now =~ ^(1|2|none)$ ]] && kept_apart && collects stick &&
		asked
}

@test "a request that is disturbed: the one before, the new one, or none" {
	judge() {
		if [ "$3" = signal=KILL ]; then
			[ "$status" -eq 137 ]
		else
			failed crlferry-sub "$1" && leaves_nothing
		fi && judge_request
	}
	untraced sweep 14 signal=KILL "${ASK[@]}"
	untraced sweep 6 error=EIO "${ASK[@]}"
	untraced sweep 6 error=ENOSPC "${ASK[@]}"
	had 1 2 none
}

@test "a stick that is pulled while a request is written" {
	judge_stick() {
		local now
		now=$(sealed "$1" "$REQUEST") && echo "$now" >>had &&
			[[ $now =~ ^(1|2|none)$ ]] && collects "$1"
	}
	begin
	record "${ASK[@]}"
	untraced replayed 60 judge_stick
	had 1 2 none
}

@test "a request by short writes and interruptions" {
	ask_shortly() {
		run shortly "${ASK[@]}"
		[ "$status" -eq 0 ] && kept_apart && collects stick &&
			[ "$(sealed stick "$REQUEST")" -eq 2 ]
	}
	untraced each_seed ask_shortly
}

# installed: all stores have #2, and so does what is accepted
installed() {
	[ "$(jq -r .number sub/state/corp/accepted.json)" = 2 ] &&
		sub status --json | jq -e '[.pairs[0].stores[].number] ==
			["2", "2", "2"]' >/dev/null
}

# delivered: run again, undisturbed, with the receipt of #2 in the end; or with
# none, where it was said that there is none
delivered() {
	local said=$output have
	run "${IMPORT[@]}"
	[ "$status" -eq 0 ] && leaves_nothing && kept_apart && installed &&
		[ ! -e "$WAITS" ] && [ ! -e "$WAITS.minisig" ] &&
		collects stick && have=$(sealed stick "$RECEIPT") &&
		if [ "$have" = none ]; then
			[[ $said == *'no receipt of one: '* ]]
		else
			[ "$(jq -r .number "stick/$RECEIPT")" = 2 ]
		fi || {
		find sub/state stick -type f
		return 1
	}
}

judge_receipt() {
	local now
	local said=$output
	now=$(sealed stick "$RECEIPT") && echo "$now" >>had &&
		kept_apart && installed && collects stick || return
	output=$said
	delivered
}

@test "a receipt that is disturbed: the import is done, and it comes in the end" {
	# what comes after the stores; whatever fails there does no harm
	of_interest() {
		since outbox
	}
	judge() {
		ended "$3" 0 74 && judge_receipt
	}
	untraced sweep 14 signal=KILL "${IMPORT[@]}"
	untraced sweep 6 error=EIO "${IMPORT[@]}"
	untraced sweep 6 error=ENOSPC "${IMPORT[@]}"
	had 1 none
}

@test "a receipt that waits, and is disturbed when it is put away" {
	local bundle=stick/crlferry/corp/000002
	of_interest() {
		since outbox
	}
	judge() {
		ended "$3" 0 74 && judge_receipt
	}
	IMPORT_ONE=("$SUB_PROGRAM" import $bundle --config sub/crlferry.cfg)
	untraced sweep 8 signal=KILL "${IMPORT_ONE[@]}"
	untraced sweep 5 error=EIO "${IMPORT_ONE[@]}"
	untraced sweep 5 error=ENOSPC "${IMPORT_ONE[@]}"
	[ "$(sort -u had)" = none ]
}

# wait_for_stick: #2 is installed, and its receipt in the outbox
wait_for_stick() {
	sub import stick/crlferry/corp/000002 --quiet
	[ -e "$WAITS" ]
	keep_before
}

@test "a receipt that waited, disturbed on its way with the next import" {
	wait_for_stick
	judge() {
		ended "$3" 0 74 && judge_receipt
	}
	untraced sweep 14 signal=KILL "${IMPORT[@]}"
	untraced sweep 6 error=EIO "${IMPORT[@]}"
	untraced sweep 6 error=ENOSPC "${IMPORT[@]}"
	had 1 none
}

@test "a receipt that waited, disturbed on its way with a request" {
	wait_for_stick
	judge() {
		local now
		now=$(sealed stick "$RECEIPT") && echo "$now" >>had &&
			ended "$3" 0 74 && kept_apart && collects stick &&
			asked && [ "$(sealed stick "$RECEIPT")" -eq 1 ]
	}
	of_interest() {
		since receipt-one
	}
	untraced sweep 8 signal=KILL "${ASK[@]}"
	untraced sweep 5 error=EIO "${ASK[@]}"
	untraced sweep 5 error=ENOSPC "${ASK[@]}"
	had 1 none
}

@test "a stick that is pulled while a receipt is written" {
	judge_stick() {
		local now
		now=$(sealed "$1" "$RECEIPT") && echo "$now" >>had &&
			[[ $now =~ ^(1|none)$ ]] && collects "$1"
	}
	begin
	record "${IMPORT[@]}"
	untraced replayed 60 judge_stick
	had 1 none
}

@test "a receipt by short writes and interruptions" {
	import_shortly() {
		run shortly "${IMPORT[@]}"
		[ "$status" -eq 0 ] && kept_apart && installed && [ "$(sealed stick "$RECEIPT")" -eq 1 ] &&
			collects stick
	}
	untraced each_seed import_shortly
}

# entered ID: into the ledger, once
entered() {
	[ "$(grep -c "\"event\":\"collect\",\"id\":\"$1\"" \
		ca/state/ledger.jsonl)" -eq 1 ] || {
		echo "want $1 once, have: $(cat ca/state/ledger.jsonl)"
		return 1
	}
}

@test "collect that is disturbed: the notes before or the new ones, each once" {
	request
	sub import stick --quiet
	[ "$(sealed stick "$REQUEST") $(sealed stick "$RECEIPT")" = "2 1" ]
	keep_before
	judge() {
		if [ "$3" = signal=KILL ]; then
			[ "$status" -eq 137 ]
		else
			failed crlferry-root "$1" && leaves_nothing
		fi && root ca ledger verify --quiet &&
			root ca status --quiet >/dev/null || return
		kept >>had
		# the old request goes when the new one is there
		[[ $(kept) =~ request-one-[12] ]] || {
			echo "want a request kept, have: $(kept)"
			return 1
		}
		run "${COLLECT[@]}"
		[ "$status" -eq 0 ] && leaves_nothing &&
			[ "$(kept)" = "receipt-one-1 request-one-2" ] &&
			entered request-one-1 && entered request-one-2 &&
			entered receipt-one-1 &&
			root ca ledger verify --quiet
	}
	untraced sweep 14 signal=KILL "${COLLECT[@]}"
	untraced sweep 6 error=EIO "${COLLECT[@]}"
	untraced sweep 6 error=ENOSPC "${COLLECT[@]}"
	had request-one-1 "receipt-one-1 request-one-2"
	# where what is kept changes its names, at each of them
	of_interest() {
		grep -E '^(rename|unlink)'
	}
	LEAST=6 untraced sweep 99 signal=KILL "${COLLECT[@]}"
}
